"""Columns and values that several kinds of export share, and how systems spell them.

Spellings of a single system are those of the documentation its table in `records/systems/` names:
`1 - Critical` of ServiceNow, `solving` of Udesk, `dialout` of 容联七陌. A bare code, such as the 1
that is low here and critical there, is no spelling.
"""

from __future__ import annotations

from csq.records.column import Column, Term

CHANNELS = (
    Term("电话", "Phone", ("call", "voice", "热线", "呼入", "telephone", "语音", "电话热线")),
    Term(
        "在线",
        "Chat",
        ("在线客服", "在线聊天", "在线会话", "网页会话", "線上", "im", "live chat", "livechat")
        + ("web chat", "webchat", "messaging", "online", "web widget", "即时聊天"),
    ),
    Term("邮件", "E-mail", ("email", "mail", "邮箱", "电子邮件", "郵件", "outbound email")),
    Term("微信", "WeChat", ("公众号", "微信公众号", "企业微信", "wecom")),
    Term("短信", "SMS", ("text message", "text", "手机短信")),
    Term(
        "自助",
        "Portal",
        ("web", "web form", "表单", "自助服务", "self-service", "工单门户", "feedback widget")
        + ("反馈标签", "帮助中心"),
    ),
    Term(
        "社交媒体",
        "Social",
        ("social media", "微博", "weibo", "抖音", "小红书", "twitter", "facebook"),
    ),
    Term("现场", "In person", ("walk-in", "门店", "柜台", "onsite", "on-site")),
)

CUSTOMER_TYPES = (
    Term("新客户", "New", ("新", "新用户", "new customer", "首次客户")),
    Term(
        "老客户",
        "Returning",
        ("老", "老用户", "existing", "existing customer", "returning customer"),
    ),
    Term("VIP", "VIP", ("vip客户", "贵宾", "贵宾客户", "vip customer")),
)

NEED_TYPES = (
    Term("咨询", "Inquiry", ("业务咨询", "enquiry", "question", "咨询类")),
    Term("投诉", "Complaint", ("客户投诉", "complaints", "投诉类")),
    Term("售后", "After-sales", ("售后类", "after sales", "aftersales")),
    Term("回访", "Follow-up", ("客户回访", "follow up", "callback", "回访类")),
)

PROBLEM_TYPES = (
    Term(
        "技术支持",
        "Technical support",
        ("技术问题", "技术故障", "技术类", "tech support", "technical"),
    ),
    Term(
        "产品咨询",
        "Product inquiry",
        ("产品问题咨询", "product enquiry", "product question", "presales"),
    ),
    Term(
        "售后服务",
        "After-sales service",
        ("售后", "售后问题", "after-sales", "after sales service"),
    ),
    Term("投诉处理", "Complaint handling", ("投诉", "投诉建议", "complaint", "complaints")),
    Term("账户问题", "Account", ("账号问题", "账户", "账号", "account issue", "account problem")),
    Term("物流配送", "Delivery", ("物流", "配送", "物流问题", "logistics", "shipping")),
    Term("其他", "Other", ("其它", "others", "其他问题", "misc")),
)

COMPLAINT_CAUSES = (
    Term("响应缓慢", "Slow response", ("响应慢", "回复慢", "等待时间长", "slow reply")),
    Term("解决不彻底", "Incomplete resolution", ("未彻底解决", "问题未解决", "not fully resolved")),
    Term(
        "服务态度",
        "Attitude",
        ("态度差", "服务态度差", "态度问题", "service attitude", "poor attitude"),
    ),
    Term("信息不透明", "Lack of transparency", ("不透明", "信息不一致", "unclear information")),
    Term("未明确告知", "Not told clearly", ("告知不清", "未告知", "未说明", "not informed")),
    Term("其他", "Other", ("其它", "others", "其他原因")),
)

PRIORITIES = (
    Term("紧急", "Urgent", ("特急", "加急", "critical", "p1", "1 - critical", "urgency")),
    Term("高", "High", ("重要", "p2", "2 - high")),
    Term("中", "Normal", ("普通", "一般", "标准", "medium", "moderate", "p3", "3 - moderate")),
    Term("低", "Low", ("p4", "4 - low", "5 - planning")),
)

TICKET_STATUSES = (
    Term("新建", "New", ("待处理", "待受理", "未处理", "待分配", "未分配", "尚未受理")),
    Term(
        "处理中",
        "Open",
        ("受理中", "进行中", "in progress", "active", "已受理", "开启", "解决中", "solving"),
    ),
    Term(
        "待客户回复",
        "Pending",
        ("等待客户", "待客户反馈", "等待回复", "awaiting customer", "waiting on customer"),
    ),
    Term("已暂停", "On hold", ("挂起", "已挂起", "暂停", "on-hold")),
    Term("已解决", "Resolved", ("solved", "已完成", "处理完成", "done")),
    Term("已关闭", "Closed", ("关闭", "已结单", "已办结", "办结", "已完结", "完结")),
)

RESPONDERS = (
    Term("人工", "Human", ("坐席", "客服", "agent", "人工客服")),
    Term("机器人", "Bot", ("智能客服", "robot", "chatbot", "ai")),
    Term("自动回复", "Auto", ("自动", "auto reply", "auto-reply", "automatic", "系统", "system")),
)

CALL_DIRECTIONS = (
    Term(
        "呼入",
        "Inbound",
        ("in", "来电", "普通来电", "incoming", "呼入电话", "inbound call", "normal"),
    ),
    Term(
        "呼出",
        "Outbound",
        ("out", "外呼", "去电", "outgoing", "呼出电话", "outbound call", "external_outbound")
        + ("dialout", "dialtransfer"),
    ),
    Term("内部", "Internal", ("内线", "内部通话")),
)

CALL_ENDS = (
    Term(
        "客户",
        "Customer",
        ("用户", "客户挂机", "客户挂断", "用户挂机", "caller", "visitor", "customer_disconnect"),
    ),
    Term("坐席", "Agent", ("客服", "坐席挂机", "坐席挂断", "客服挂机", "agent_disconnect")),
    Term("系统", "System", ("系统挂机", "系统挂断", "platform")),
)

ANSWERS = (
    Term("是", "Yes", ("接通", "已接通", "已接", "已接听", "接听", "answered", "connected")),
    Term(
        "否",
        "No",
        ("未接通", "未接", "未接听", "未应答", "漏接", "missed", "unanswered", "abandoned")
        + ("放弃", "已放弃", "排队放弃", "振铃放弃", "坐席未接", "客户放弃", "无人接听"),
    ),
)

RESOLUTIONS = (
    Term("是", "Yes", ("已解决", "解决了", "解决", "resolved", "solved")),
    Term("否", "No", ("未解决", "没解决", "没有解决", "unresolved", "not resolved", "not solved")),
)

SURVEY_MODES = (
    Term("电话", "Phone", ("电话回访", "语音", "语音评价", "ivr", "call")),
    Term("在线", "Online", ("在线评价", "会话评价", "im", "chat", "in-app", "web")),
    Term("短信邮件", "SMS or e-mail", ("短信", "邮件", "短信/邮件", "sms", "email", "e-mail")),
    Term("第三方", "Third party", ("第三方调研", "第三方平台", "third-party")),
)

SKILL_LEVELS = (
    Term("基础", "Basic", ("初级", "基础级", "入门", "junior", "l1", "beginner")),
    Term("中级", "Intermediate", ("中等", "进阶", "l2", "mid")),
    Term("高级", "Advanced", ("资深", "senior", "l3")),
    Term("专家", "Expert", ("专家级", "l4")),
)

AGENT_LEVELS = (
    Term("专员", "Agent", ("客服专员", "坐席", "客服", "representative")),
    Term("组长", "Team leader", ("客服组长", "班长", "組長", "客服組長", "team lead", "leader")),
    Term("主管", "Supervisor", ("客服主管", "经理", "manager")),
)

AGENT_STATUSES = (
    Term("在职", "Active", ("在岗", "正常", "启用", "employed", "enabled")),
    Term("试用", "Probation", ("试用期", "实习", "on probation", "trainee")),
    Term("休假", "On leave", ("请假", "长假", "产假", "leave")),
    Term("离职", "Left", ("已离职", "停用", "inactive", "resigned", "disabled", "terminated")),
)

OUTCOMES = (
    Term("是", "Done", ("已完成", "完成", "按期完成", "yes", "y", "completed", "closed")),
    Term("否", "Not done", ("未完成", "进行中", "no", "n", "open", "in progress")),
    Term("延期", "Postponed", ("已延期", "逾期", "推迟", "delayed", "late", "overdue")),
)

AGENT_ID = Column(
    "坐席工号",
    "Agent ID",
    aliases=(
        "客服工号",
        "坐席ID",
        "坐席编号",
        "座席工号",
        "坐席工號",
        "工号",
        "员工编号",
        "员工工号",
    )
    + ("员工ID", "Employee ID", "Employee number", "Staff ID"),
    example="A017",
)
"""The number of an agent, in exports of whatever kind."""

AGENTS = ("坐席", "座席", "客服", "客服人员", "坐席号", "座席号", "客服ID", "Agent")
"""Headers of agents that only stand in for their number, in exports of whatever kind."""

AGENTS_BY_NAME = (*AGENTS, "坐席姓名", "座席姓名", "客服姓名", "坐席名称", "Agent name")
"""The same where a name tells agents apart, as it is not needed to find them in a roster."""

TEAM = Column(
    "团队",
    "Team",
    aliases=("班组", "小组", "组别", "客服组", "所属团队", "所属班组")
    + ("Group", "Agent group", "Team name"),
    example="技术支持组",
)
CUSTOMER_ID = Column(
    "客户编号",
    "Customer ID",
    aliases=("客户ID", "客户号", "会员号", "会员ID", "用户ID", "用户编号", "客戶編號")
    + ("Customer number", "User ID"),
    example="C10086",
)
CUSTOMER_TYPE = Column(
    "客户类型",
    "Customer type",
    aliases=("客户类别", "客户等级", "客户级别", "会员等级", "用户类型", "客戶類型")
    + ("Customer segment", "Customer tier", "Customer category"),
    terms=CUSTOMER_TYPES,
    example="老客户",
)
CHANNEL = Column(
    "渠道",
    "Channel",
    aliases=("来源渠道", "Contact channel"),
    terms=CHANNELS,
    example="电话",
)
PRODUCT = Column(
    "产品",
    "Product",
    aliases=("产品名称", "产品型号", "商品", "商品名称", "產品", "Product name"),
    example="打印机",
)
PROBLEM_TYPE = Column(
    "问题类型",
    "Problem type",
    aliases=("问题分类", "问题类别", "問題類型")
    + ("Category", "Issue type", "Problem category", "Issue category"),
    terms=PROBLEM_TYPES,
    example="技术支持",
)
