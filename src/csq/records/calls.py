"""Calls: one row a call, as call platforms export them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from csq.records import vocabulary
from csq.records.base import NotBefore, Record, Rule
from csq.records.column import Column
from csq.wording import Wording


class Call(Record):
    """One call, from entering the queue to hanging up."""

    source: ClassVar[str] = "calls"
    title: ClassVar[Wording] = Wording("通话", "Calls")
    key: ClassVar[str | None] = "call_id"
    time: ClassVar[tuple[str, ...]] = ("enqueued_at",)
    rules: ClassVar[tuple[Rule, ...]] = (
        NotBefore("answered_at", "enqueued_at"),
        NotBefore("ended_at", "enqueued_at"),
        NotBefore("ended_at", "answered_at"),
    )

    call_id: Annotated[
        str,
        Column(
            "通话编号",
            "Call ID",
            aliases=("通话ID", "呼叫编号", "呼叫ID", "来电编号", "录音编号", "话单编号", "话单号")
            + ("唯一标识", "通话唯一标识", "通话标识", "呼叫唯一标识")
            + ("通話編號", "Call number", "Call no"),
            stand_ins=("流水号", "通话流水号", "呼叫流水号", "Call UUID", "Call SID"),
            example="K20250801-00001",
        ),
    ]
    enqueued_at: Annotated[
        datetime,
        Column(
            "进入队列时间",
            "Enqueued at",
            aliases=("进线时间", "呼入时间", "来电时间", "入队时间", "排队开始时间")
            + ("进入排队时间", "呼叫时间", "進線時間", "Enqueue time", "Queued at")
            + ("Queue start", "Queue start time", "Call start")
            + ("Call start time", "Arrived at"),
            stand_ins=("开始时间", "呼叫开始时间", "通话开始时间", "開始時間", "Start time")
            + ("Start at", "Started at"),
            example="2025-08-01 09:15:00",
        ),
    ]
    direction: Annotated[
        str | None,
        Column(
            "呼叫方向",
            "Direction",
            aliases=("通话方向", "呼入呼出", "Call direction"),
            stand_ins=("呼叫类型", "通话类型", "Call type"),
            terms=vocabulary.CALL_DIRECTIONS,
            assumed=True,
            example="呼入",
            about=Wording("为空按呼入计", "a blank counts as inbound"),
        ),
    ] = None
    queue: Annotated[
        str | None,
        Column(
            "队列",
            "Queue",
            aliases=("技能组", "排队队列", "队列名称", "呼入队列", "业务队列", "Queue name")
            + ("Skill", "Skill group", "Split"),
            example="售后热线",
        ),
    ] = None
    customer_id: Annotated[
        str | None,
        vocabulary.CUSTOMER_ID.also(
            stand_ins=("主叫号码", "来电号码", "客户号码", "客户电话", "Caller number", "ANI")
        ),
    ] = None
    answered_at: Annotated[
        datetime | None,
        Column(
            "接听时间",
            "Answered at",
            aliases=("应答时间", "接通时间", "坐席接听时间", "接起时间", "接聽時間")
            + ("Answer time", "Answered time", "Connected at")
            + ("Connect time", "Connected to agent at"),
            example="2025-08-01 09:15:12",
            about=Wording("为空表示无人接听", "blank where nobody answered"),
        ),
    ] = None
    answered: Annotated[
        bool | None,
        Column(
            "接通",
            "Answered",
            aliases=("是否接通", "是否接听", "是否应答", "接通状态", "接听状态", "已接通")
            + ("Is answered", "Call answered", "Answered call"),
            terms=vocabulary.ANSWERS,
            filled_by="answered_at",
            opposite_of="abandoned",
            unless=("flow_out", "callback_requested"),
            example="是",
            about=Wording(
                "没有这一列时，有接听时间的算接通；只有放弃列的，没有放弃的算接通",
                "without it: whether there is a time; where there is only a column of abandoned"
                " calls, all others",
            ),
        ),
    ] = None
    ended_at: Annotated[
        datetime | None,
        Column(
            "结束时间",
            "Ended at",
            aliases=("挂断时间", "挂机时间", "通话结束时间", "呼叫结束时间", "結束時間")
            + ("End time", "Ended time", "Hung up at", "Hangup time", "Call end")
            + ("Call end time", "Disconnected at", "Disconnect time"),
            example="2025-08-01 09:19:00",
        ),
    ] = None
    abandoned: Annotated[
        bool | None,
        Column(
            "放弃",
            "Abandoned",
            aliases=("是否放弃", "呼损", "是否呼损", "排队放弃", "是否排队放弃", "Is abandoned")
            + ("Abandon", "Abandoned call"),
            opposite_of="answered",
            example="否",
        ),
    ] = None
    callback_requested: Annotated[
        bool,
        Column(
            "预约回拨",
            "Callback requested",
            aliases=("是否预约回拨", "请求回拨", "是否回拨", "预约回呼", "Callback")
            + ("Callback request", "Requested callback"),
            assumed=True,
            example="否",
            about=Wording(
                "排队时改为等回电的通话，不算放弃",
                "chose to be called back while waiting: not an abandoned call",
            ),
        ),
    ] = False
    flow_out: Annotated[
        bool | None,
        Column(
            "溢出",
            "Flow out",
            aliases=("是否溢出", "溢出转出", "转出队列", "是否转出队列", "Overflow")
            + ("Overflowed", "Flowed out"),
            example="否",
        ),
    ] = None
    wait_s: Annotated[
        timedelta | None,
        Column(
            "等待时长",
            "Wait",
            aliases=("排队时长", "排队等待时长", "客户等待时长", "等候时长", "Wait time")
            + ("Waiting time", "Queue wait", "Queue duration")
            + ("Time in queue", "Speed of answer"),
            stand_ins=("Queue wait time",),
            between=("enqueued_at", "answered_at"),
            example="12",
            about=Wording(
                "从进入队列到接听或放弃", "from entering the queue to the answer or the hang-up"
            ),
        ),
    ] = None
    talk_s: Annotated[
        timedelta | None,
        Column(
            "通话时长",
            "Talk",
            aliases=("交谈时长", "接听时长", "通話時長", "Talk time")
            + ("Talk duration", "Talking time", "Conversation time"),
            between=("answered_at", "ended_at"),
            example="00:03:25",
            about=Wording("不含保持时长", "without the time on hold"),
        ),
    ] = None
    hold_s: Annotated[
        timedelta | None,
        Column(
            "保持时长",
            "Hold",
            aliases=("通话保持时长", "静音保持时长", "Hold time", "Holding time")
            + ("Hold duration", "Time on hold"),
            example="15",
        ),
    ] = None
    acw_s: Annotated[
        timedelta | None,
        Column(
            "话后时长",
            "After-call work",
            aliases=("话后处理时长", "话后整理时长", "事后处理时长", "ACW", "ACW time", "Wrap-up")
            + ("Wrap-up time", "After call work time", "After contact work time"),
            example="30",
        ),
    ] = None
    transferred: Annotated[
        bool | None,
        Column(
            "转接",
            "Transferred",
            aliases=("是否转接", "已转接", "转接通话", "Is transferred", "Is transfer")
            + ("Transfer",),
            example="否",
        ),
    ] = None
    disconnect_by: Annotated[
        str | None,
        Column(
            "挂断方",
            "Disconnected by",
            aliases=("挂机方", "释放方", "先挂断方", "Disconnect initiator", "Hung up by")
            + ("Hangup by", "Released by"),
            terms=vocabulary.CALL_ENDS,
            example="客户",
        ),
    ] = None
    agent_id: Annotated[
        str | None,
        vocabulary.AGENT_ID.also(
            stand_ins=("接听坐席", "接听人", "Answered by", *vocabulary.AGENTS_BY_NAME),
            refers_to="agents.agent_id",
        ),
    ] = None
