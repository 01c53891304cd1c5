"""Tickets: one row a ticket, as helpdesk systems export them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from csq.records import vocabulary
from csq.records.base import NotBefore, NotLonger, Record, Rule
from csq.records.column import Column
from csq.wording import Wording


class Ticket(Record):
    """One service request, from its creation to its closing."""

    source: ClassVar[str] = "tickets"
    title: ClassVar[Wording] = Wording("工单", "Tickets")
    key: ClassVar[str | None] = "ticket_id"
    time: ClassVar[tuple[str, ...]] = ("created_at",)
    rules: ClassVar[tuple[Rule, ...]] = (
        NotBefore("assigned_at", "created_at"),
        NotBefore("first_response_at", "created_at"),
        NotBefore("resolved_at", "created_at"),
        NotBefore("closed_at", "created_at"),
        NotBefore("complaint_response_at", "created_at"),
        NotBefore("progress_note_at", "created_at"),
        NotBefore("first_plan_at", "created_at"),
        NotLonger("paused_s", "created_at", "resolved_at"),
    )

    ticket_id: Annotated[
        str,
        Column(
            "工单编号",
            "Ticket ID",
            aliases=("工单号", "工单ID", "工單編號", "工單號", "会话编号", "会话ID", "咨询编号")
            + ("Ticket number", "Ticket no", "Ticket", "Case number", "Case ID")
            + ("Incident number", "Issue key", "Conversation ID"),
            stand_ins=("流水号", "工单流水号", "Conversation number"),
            example="T20250801-0001",
        ),
    ]
    created_at: Annotated[
        datetime,
        Column(
            "创建时间",
            "Created at",
            aliases=("提单时间", "建单时间", "工单创建时间", "創建時間", "建立時間")
            + ("Created", "Created time", "Create time", "Created date", "Creation date")
            + ("Created on", "Date created", "Opened at", "Opened", "Date opened", "Open date"),
            stand_ins=("受理时间", "登记时间", "提交时间", "咨询时间", "创建日期", "Submitted at"),
            example="2025-08-01 09:15:00",
        ),
    ]
    channel: Annotated[
        str | None,
        vocabulary.CHANNEL.also(
            "咨询渠道",
            "服务渠道",
            "接入渠道",
            stand_ins=("渠道来源", "渠道类型", "工单来源", "Contact type", "Ticket source", "Via")
            + ("Channel name",),
        ),
    ] = None
    customer_id: Annotated[
        str | None, vocabulary.CUSTOMER_ID.also("Requester ID", "Caller ID", "Contact ID")
    ] = None
    customer_type: Annotated[str | None, vocabulary.CUSTOMER_TYPE] = None
    need_type: Annotated[
        str | None,
        Column(
            "需求类型",
            "Need type",
            aliases=("诉求类型", "服务类型", "工单类型", "业务类型", "请求类型", "Request type")
            + ("Ticket type", "Service type", "Case type"),
            terms=vocabulary.NEED_TYPES,
            example="咨询",
        ),
    ] = None
    problem_type: Annotated[
        str | None,
        vocabulary.PROBLEM_TYPE.also(
            stand_ins=("一级分类", "问题一级分类", "工单分类", "Ticket category")
        ),
    ] = None
    product: Annotated[str | None, vocabulary.PRODUCT] = None
    priority: Annotated[
        str | None,
        Column(
            "优先级",
            "Priority",
            aliases=("紧急程度", "紧急度", "优先等级", "優先級")
            + ("Ticket priority", "Priority level"),
            terms=vocabulary.PRIORITIES,
            example="中",
        ),
    ] = None
    assigned_at: Annotated[
        datetime | None,
        Column(
            "分派时间",
            "Assigned at",
            aliases=("派单时间", "分配时间", "指派时间", "分派時間", "Assigned time")
            + ("Assigned on", "Assignment time"),
            example="2025-08-01 09:15:05",
        ),
    ] = None
    first_response_at: Annotated[
        datetime | None,
        Column(
            "首次响应时间",
            "First response at",
            aliases=("首响时间", "首次回复时间", "首次应答时间", "首次回应时间", "首次響應時間")
            + ("首次回應時間", "First responded at", "First reply at", "First replied at")
            + ("Initial response time", "First response date"),
            since="created_at",
            elapsed=("首次响应时长", "首响时长", "首次响应用时", "首次回复时长", "首次響應時長")
            + ("First response time", "First reply time", "First response duration")
            + ("First response sec", "First response seconds", "First response min")
            + ("First response mins", "First response minutes", "First response hours"),
            example="2025-08-01 09:15:12",
            about=Wording(
                "首次回复的时刻，不是时长；为空表示尚未回复",
                "the moment of the first reply, not a duration; blank while nobody replied",
            ),
        ),
    ] = None
    first_response_by: Annotated[
        str | None,
        Column(
            "首次响应方",
            "First response by",
            aliases=("首响方", "首次回复方", "首次应答方", "首次响应者", "First responder")
            + ("First responder type", "First reply by"),
            terms=vocabulary.RESPONDERS,
            assumed=True,
            example="人工",
            about=Wording(
                "人工、机器人还是自动回复；为空按人工计",
                "a person, a bot or an automatic reply; a blank counts as a person",
            ),
        ),
    ] = None
    resolved_at: Annotated[
        datetime | None,
        Column(
            "解决时间",
            "Resolved at",
            aliases=("完成时间", "处理完成时间", "工单解决时间", "解決時間", "Solved at")
            + ("Resolved time", "Resolved on", "Resolved date")
            + ("Resolution date", "Completed at"),
            stand_ins=("解决日期",),
            since="created_at",
            elapsed=("解决时长", "工单解决时长", "解决用时", "解決時長", "Resolution time")
            + ("Full resolution time", "Resolution duration")
            + ("Resolution min", "Resolution mins", "Resolution minutes", "Resolution hrs")
            + ("Resolution hours", "Resolution days"),
            example="2025-08-01 09:40:00",
            about=Wording(
                "解决的时刻，不是时长；为空表示尚未解决",
                "the moment of the resolution, not a duration; blank while open",
            ),
        ),
    ] = None
    closed_at: Annotated[
        datetime | None,
        Column(
            "关闭时间",
            "Closed at",
            aliases=("结单时间", "办结时间", "完结时间", "工单关闭时间", "關閉時間")
            + ("Closed time", "Closed on", "Closed date", "Close date", "Date closed"),
            stand_ins=("关闭日期", "Ticket closed at", "Ticket closed time"),
            example="2025-08-01 10:00:00",
        ),
    ] = None
    status: Annotated[
        str | None,
        Column(
            "状态",
            "Status",
            aliases=("工单状态", "处理状态", "狀態", "工單狀態", "Ticket status", "Ticket state")
            + ("Case status", "Incident state"),
            terms=vocabulary.TICKET_STATUSES,
            example="已解决",
        ),
    ] = None
    agent_id: Annotated[
        str | None,
        vocabulary.AGENT_ID.also(
            stand_ins=(
                "处理人",
                "受理人",
                "处理客服",
                "处理坐席",
                "受理坐席",
                "受理客服",
                "接待客服",
                "处理人员",
                "受理人员",
                "负责人",
                "经办人",
                "跟进人",
                "Assignee",
                "Assigned to",
                "Assigned agent",
                "Handled by",
                *vocabulary.AGENTS_BY_NAME,
            ),
            refers_to="agents.agent_id",
        ),
    ] = None
    first_agent_id: Annotated[
        str | None,
        Column(
            "首问坐席工号",
            "First agent ID",
            aliases=("首问坐席", "首问责任人", "首位处理人", "首次处理人", "首次受理人")
            + ("首接坐席", "First agent", "First assignee", "First assigned to"),
            refers_to="agents.agent_id",
            example="A017",
        ),
    ] = None
    team: Annotated[
        str | None,
        vocabulary.TEAM.also(
            "处理组",
            "受理组",
            "Assigned group",
            "Assignment group",
            stand_ins=("技能组", "处理部门"),
            example="技术一组",
        ),
    ] = None
    agent_replies: Annotated[
        int | None,
        Column(
            "客服回复次数",
            "Agent replies",
            aliases=("客服回复数", "坐席回复次数", "坐席回复数", "Agent interactions")
            + ("Agent reply count", "Public agent replies"),
            example="2",
            counts=True,
        ),
    ] = None
    customer_replies: Annotated[
        int | None,
        Column(
            "客户回复次数",
            "Customer replies",
            aliases=("客户回复数", "用户回复次数", "用户回复数", "Customer interactions")
            + ("Customer reply count", "Requester replies"),
            example="1",
            counts=True,
        ),
    ] = None
    transfers: Annotated[
        int | None,
        Column(
            "转派次数",
            "Transfers",
            aliases=("转接次数", "流转次数", "转单次数", "转办次数", "轉派次數", "Transfer count")
            + ("Number of transfers", "Reassignment count", "Reassignments"),
            example="0",
            counts=True,
        ),
    ] = None
    transfer_info_complete: Annotated[
        bool | None,
        Column(
            "转接信息完整",
            "Transfer info complete",
            aliases=("是否转接信息完整", "转接信息是否完整", "转派信息完整", "交接信息完整")
            + ("Handover complete", "Handoff info complete"),
            example="是",
            about=Wording(
                "为“否”表示转接后客户需要重新说明；没有转接则留空",
                "“no” where the customer had to explain again; blank without a transfer",
            ),
        ),
    ] = None
    transferred_to_tech: Annotated[
        bool | None,
        Column(
            "转技术",
            "Transferred to tech",
            aliases=("是否转技术", "转技术部", "是否转技术部", "转技术支持", "转二线")
            + ("是否转二线", "Sent to tech")
            + ("Escalated to tech", "Transferred to second line"),
            example="否",
        ),
    ] = None
    first_plan_at: Annotated[
        datetime | None,
        Column(
            "技术初步方案时间",
            "First plan at",
            aliases=("初步方案时间", "首次方案时间", "方案反馈时间", "技术方案时间")
            + ("First plan time", "Initial plan at"),
            example="2025-08-01 10:40:00",
        ),
    ] = None
    departments: Annotated[
        int | None,
        Column(
            "涉及部门数",
            "Departments involved",
            aliases=("参与部门数", "协作部门数", "部门数", "涉及部门数量")
            + ("Department count", "Number of departments"),
            example="1",
            counts=True,
        ),
    ] = None
    complex: Annotated[
        bool | None,
        Column(
            "复杂问题",
            "Complex",
            aliases=("是否复杂", "是否复杂问题", "复杂工单", "是否复杂工单")
            + ("Complex case", "Is complex"),
            example="否",
        ),
    ] = None
    first_contact_resolved: Annotated[
        bool | None,
        Column(
            "首次解决",
            "Resolved at first contact",
            aliases=("是否首次解决", "一次解决", "是否一次解决", "一次性解决", "是否一次性解决")
            + ("首次接触解决", "首次联系解决", "首解", "是否首解", "FCR")
            + ("First call resolved", "First contact resolution", "Is FCR"),
            example="是",
        ),
    ] = None
    resolved_in_session: Annotated[
        bool | None,
        Column(
            "即时解决",
            "Resolved in session",
            aliases=("是否即时解决", "当场解决", "是否当场解决", "会话内解决", "本次会话解决")
            + ("Resolved immediately", "Instantly resolved", "Solved in session"),
            example="是",
        ),
    ] = None
    reopen_count: Annotated[
        int | None,
        Column(
            "重开次数",
            "Reopen count",
            aliases=("重新打开次数", "重启次数", "返单次数", "重開次數", "Reopens")
            + ("Number of reopens", "Number of reopen", "Times reopened"),
            example="0",
            counts=True,
        ),
    ] = None
    escalated: Annotated[
        bool | None,
        Column(
            "升级",
            "Escalated",
            aliases=("是否升级", "已升级", "升级工单", "是否升级处理")
            + ("Is escalated", "Was escalated", "Escalation"),
            example="否",
        ),
    ] = None
    outsourced: Annotated[
        bool | None,
        Column(
            "外派",
            "Outsourced",
            aliases=("是否外派", "已外派", "外派工单", "转外部", "是否转外部", "Is outsourced")
            + ("Dispatched out", "Sent to vendor"),
            example="否",
        ),
    ] = None
    is_complaint: Annotated[
        bool | None,
        Column(
            "是否投诉",
            "Is complaint",
            aliases=("投诉标记", "投诉工单", "是否投诉工单", "Complaint", "Complaint flag"),
            example="否",
        ),
    ] = None
    complaint_response_at: Annotated[
        datetime | None,
        Column(
            "投诉响应时间",
            "Complaint response at",
            aliases=("投诉回复时间", "投诉答复时间", "投诉首次响应时间", "Complaint responded at"),
            example="2025-08-01 11:00:00",
        ),
    ] = None
    repeat_of: Annotated[
        str | None,
        Column(
            "前次工单编号",
            "Repeat of",
            aliases=("前次工单号", "上次工单编号", "上次工单号", "原工单编号", "原工单号")
            + ("首次工单编号", "重复来源工单", "Repeat of ticket")
            + ("Original ticket ID", "Previous ticket ID"),
            example="T20250729-0412",
            about=Wording(
                "同一客户为同一问题再次咨询时，前一张工单的编号；为空表示不是再次咨询",
                "the earlier ticket of the same customer about the same matter; blank if none",
            ),
        ),
    ] = None
    progress_note_at: Annotated[
        datetime | None,
        Column(
            "进度反馈时间",
            "Progress note at",
            aliases=("进度同步时间", "进展反馈时间", "首次进度反馈时间", "Progress update at")
            + ("Progress feedback at", "First progress note at"),
            example="2025-08-02 09:00:00",
            about=Wording(
                "第一次向客户反馈进度的时刻", "when the customer was first told of progress"
            ),
        ),
    ] = None
    sla_first_due: Annotated[
        datetime | None,
        Column(
            "首次响应截止时间",
            "First response due",
            aliases=("首响截止时间", "应首次响应时间", "要求首响时间", "First response due at")
            + ("Response due", "Response due date"),
            example="2025-08-01 09:18:00",
            planned=True,
        ),
    ] = None
    sla_resolve_due: Annotated[
        datetime | None,
        Column(
            "解决截止时间",
            "Resolution due",
            aliases=("应解决时间", "要求解决时间", "要求完成时间", "处理截止时间", "Due by time")
            + ("Due date", "Due by", "Resolution due date", "Resolve due at"),
            example="2025-08-02 09:15:00",
            planned=True,
        ),
    ] = None
    paused_s: Annotated[
        timedelta | None,
        Column(
            "暂停时长",
            "Paused",
            aliases=("挂起时长", "暂停总时长", "等待客户时长", "冻结时长", "暫停時長")
            + ("Paused time", "Pause duration", "On hold time", "Pending time"),
            assumed=True,
            example="120",
            about=Wording(
                "等待客户等不计入处理时长的时间；为空按没有暂停计",
                "time that does not count, such as waiting for the customer; a blank is no pause",
            ),
        ),
    ] = None
    contacts_to_resolve: Annotated[
        int | None,
        Column(
            "沟通次数",
            "Contacts to resolve",
            aliases=("联系次数", "往来次数", "解决所需沟通次数")
            + ("Contact count", "Number of contacts"),
            example="1",
            counts=True,
        ),
    ] = None
    pilot_group: Annotated[
        str | None,
        Column(
            "试点分组",
            "Pilot group",
            aliases=("试点组", "实验分组", "试验组", "Experiment group", "Test group"),
            example="对照组",
        ),
    ] = None
    spam: Annotated[
        bool,
        Column(
            "垃圾工单",
            "Spam",
            aliases=("是否垃圾工单", "无效工单", "是否无效工单", "是否无效", "Is spam", "Invalid"),
            assumed=True,
            example="否",
        ),
    ] = False
    merged_into: Annotated[
        str | None,
        Column(
            "合并至工单",
            "Merged into",
            aliases=("合并至", "合并到", "合并到工单", "并入工单", "主工单编号", "主工单号")
            + ("Merged into ticket", "Merged to", "Master ticket ID"),
            assumed=True,
            example="T20250801-0003",
        ),
    ] = None
