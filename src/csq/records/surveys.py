"""Surveys: one row an invitation or an answer, as satisfaction surveys export them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, ClassVar

from csq.records import vocabulary
from csq.records.base import AnyOf, NotBefore, Record, Rule
from csq.records.column import Column
from csq.wording import Wording


class Survey(Record):
    """One customer asked for an opinion, and the answer if there was one."""

    source: ClassVar[str] = "surveys"
    title: ClassVar[Wording] = Wording("评价", "Surveys")
    key: ClassVar[str | None] = "survey_id"
    time: ClassVar[tuple[str, ...]] = ("responded_at", "sent_at", "service_end_at")
    rules: ClassVar[tuple[Rule, ...]] = (
        AnyOf(("responded_at", "sent_at", "service_end_at")),
        NotBefore("responded_at", "sent_at"),
    )

    survey_id: Annotated[
        str,
        Column(
            "评价编号",
            "Survey ID",
            aliases=("评价ID", "问卷编号", "问卷ID", "调研编号", "调查编号", "答卷编号")
            + ("评分编号", "評價編號", "Response ID", "Rating ID")
            + ("Feedback ID", "Survey response ID"),
            example="S20250801-0001",
        ),
    ]
    ticket_id: Annotated[
        str | None,
        Column(
            "工单编号",
            "Ticket ID",
            aliases=("工单号", "工单ID", "关联工单", "关联工单编号", "会话编号", "会话ID")
            + ("工單編號", "Ticket number", "Ticket", "Case number")
            + ("Case ID", "Conversation ID"),
            refers_to="tickets.ticket_id",
            example="T20250801-0001",
        ),
    ] = None
    agent_id: Annotated[
        str | None,
        vocabulary.AGENT_ID.also(
            stand_ins=("被评价坐席", "被评价客服", "处理人", "Assignee", "Rated agent")
            + vocabulary.AGENTS_BY_NAME,
            refers_to="agents.agent_id",
        ),
    ] = None
    customer_type: Annotated[str | None, vocabulary.CUSTOMER_TYPE] = None
    channel: Annotated[
        str | None,
        vocabulary.CHANNEL.also(
            "服务渠道",
            "咨询渠道",
            "接入渠道",
            "Service channel",
            "Ticket channel",
            stand_ins=("Channel name",),
            example="在线",
        ),
    ] = None
    problem_type: Annotated[
        str | None,
        vocabulary.PROBLEM_TYPE.also(
            stand_ins=("服务类别", "工单分类", "Ticket category"), example="产品咨询"
        ),
    ] = None
    product: Annotated[str | None, vocabulary.PRODUCT] = None
    mode: Annotated[
        str | None,
        Column(
            "调研方式",
            "Survey mode",
            aliases=("评价方式", "调查方式", "问卷方式", "发送方式", "邀评方式", "Survey channel")
            + ("Survey method", "Sent via", "Delivery method"),
            terms=vocabulary.SURVEY_MODES,
            example="短信邮件",
        ),
    ] = None
    service_end_at: Annotated[
        datetime | None,
        Column(
            "服务结束时间",
            "Service ended at",
            aliases=("服务完成时间", "会话结束时间", "工单关闭时间", "工单完成时间")
            + ("Service end", "Service end time")
            + ("Conversation ended at", "Ticket closed at"),
            example="2025-08-01 09:40:00",
        ),
    ] = None
    sent_at: Annotated[
        datetime | None,
        Column(
            "发送时间",
            "Sent at",
            aliases=("问卷发送时间", "邀评时间", "邀请时间", "评价邀请时间", "调研发送时间")
            + ("發送時間", "Sent time", "Send time", "Survey sent at")
            + ("Invited at", "Offered at"),
            example="2025-08-02 10:00:00",
        ),
    ] = None
    responded_at: Annotated[
        datetime | None,
        Column(
            "评价时间",
            "Responded at",
            aliases=("答复时间", "回复时间", "提交时间", "填写时间", "作答时间", "评分时间")
            + ("問卷提交時間", "問卷回收時間", "問卷答覆時間", "評價時間", "问卷提交时间")
            + ("提交答卷时间", "Response time", "Response date", "Rated at", "Answered at")
            + ("Submitted at", "Survey responded at", "Completed at", "Completion time"),
            example="2025-08-02 10:20:00",
            about=Wording("为空表示没有作答", "blank where nobody answered"),
        ),
    ] = None
    csat: Annotated[
        Decimal | None,
        Column(
            "满意度",
            "CSAT",
            aliases=("满意度评分", "满意度得分", "满意度分值", "满意度星级", "评分", "星级")
            + ("评价星级", "总体满意度", "滿意度", "CSAT score", "Satisfaction")
            + ("Satisfaction rating", "Satisfaction score", "Overall satisfaction")
            + ("Star rating", "Rating"),
            scale=(1, 5),
            example="5",
            about=Wording("1 至 5 分，4 分和 5 分为满意", "1 to 5; 4 and 5 are satisfied"),
        ),
    ] = None
    nps: Annotated[
        Decimal | None,
        Column(
            "推荐意愿",
            "NPS",
            aliases=("推荐意愿评分", "推荐可能性", "推荐分", "NPS评分", "NPS得分", "NPS score")
            + ("NPS rating", "Likelihood to recommend", "Recommendation score"),
            scale=(0, 10),
            example="9",
            about=Wording("一位客户的 0 至 10 分，不是汇总的净推荐值", "one customer's 0 to 10"),
        ),
    ] = None
    ces: Annotated[
        Decimal | None,
        Column(
            "费力度",
            "CES",
            aliases=("客户费力度", "费力程度", "CES评分", "CES得分", "CES score", "Effort")
            + ("Effort score", "Customer effort", "Customer effort score"),
            scale=(1, 7),
            example="2",
        ),
    ] = None
    d_attitude: Annotated[
        Decimal | None,
        Column(
            "服务态度",
            "Attitude",
            aliases=("服务态度评分", "服务态度得分", "态度评分", "Attitude score")
            + ("Courtesy", "Service attitude"),
            scale=(1, 5),
            example="5",
        ),
    ] = None
    d_response: Annotated[
        Decimal | None,
        Column(
            "响应速度",
            "Responsiveness",
            aliases=("响应效率", "响应速度评分", "响应速度得分", "响应及时性")
            + ("Response speed", "Responsiveness score"),
            scale=(1, 5),
            example="4",
        ),
    ] = None
    d_expertise: Annotated[
        Decimal | None,
        Column(
            "专业能力",
            "Expertise",
            aliases=("专业度", "专业水平", "专业性", "专业能力评分", "专业能力得分")
            + ("Expertise score", "Knowledge", "Professionalism"),
            scale=(1, 5),
            example="4",
        ),
    ] = None
    d_process: Annotated[
        Decimal | None,
        Column(
            "流程便捷",
            "Process",
            aliases=("流程便捷性", "流程体验", "服务流程", "流程评分", "便捷性", "Process score")
            + ("Ease of process", "Convenience"),
            scale=(1, 5),
            example="4",
        ),
    ] = None
    d_outcome: Annotated[
        Decimal | None,
        Column(
            "解决效果",
            "Outcome",
            aliases=("问题解决效果", "解决结果", "解决效果评分", "解决结果评分", "结果满意度")
            + ("Outcome score", "Resolution quality"),
            scale=(1, 5),
            example="5",
        ),
    ] = None
    resolved_self_report: Annotated[
        bool | None,
        Column(
            "客户自述已解决",
            "Customer says resolved",
            aliases=("问题是否解决", "是否解决", "客户确认解决", "您的问题是否解决")
            + ("Problem resolved", "Was your issue resolved")
            + ("Self-reported resolved", "Issue resolved"),
            terms=vocabulary.RESOLUTIONS,
            example="是",
        ),
    ] = None
    comment: Annotated[
        str | None,
        Column(
            "评价内容",
            "Comment",
            aliases=("留言", "意见", "意见建议", "评价留言", "评语", "反馈内容", "Comments")
            + ("Feedback", "Feedback text", "CSAT comment"),
            example="回复很快",
            prose=True,
        ),
    ] = None
    fill_seconds: Annotated[
        timedelta | None,
        Column(
            "填写时长",
            "Fill time",
            aliases=("答题时长", "作答时长", "填答时长", "所用时间", "Fill duration", "Time taken"),
            example="45",
        ),
    ] = None
