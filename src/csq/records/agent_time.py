"""Agent time: one row an agent and a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from csq.records import vocabulary
from csq.records.base import Record
from csq.records.column import Column
from csq.wording import Wording


class AgentDay(Record):
    """How one agent spent one day."""

    source: ClassVar[str] = "agent_time"
    title: ClassVar[Wording] = Wording("坐席工时", "Agent time")
    key: ClassVar[str | None] = "record_id"
    time: ClassVar[tuple[str, ...]] = ("date",)

    record_id: Annotated[
        str,
        Column(
            "工时记录编号",
            "Time record ID",
            aliases=("工时编号",),
            example="W20250801-A017",
        ),
    ]
    agent_id: Annotated[str, vocabulary.AGENT_ID.also(stand_ins=vocabulary.AGENTS)]
    date: Annotated[
        datetime,
        Column(
            "工作日期",
            "Work date",
            aliases=("出勤日期", "Shift date"),
            stand_ins=("日期", "Date"),
            example="2025-08-01",
        ),
    ]
    login_s: Annotated[
        timedelta | None,
        Column(
            "在线时长",
            "Login time",
            aliases=("登录时长", "签入时长"),
            example="28800",
        ),
    ] = None
    idle_s: Annotated[
        timedelta | None,
        Column(
            "空闲时长",
            "Idle time",
            aliases=("等待时长合计",),
            example="3600",
        ),
    ] = None
    handle_s: Annotated[
        timedelta | None,
        Column(
            "处理时长",
            "Handle time",
            aliases=("总处理时长",),
            example="21600",
        ),
    ] = None
    effective_talk_s: Annotated[
        timedelta | None,
        Column(
            "有效沟通时长",
            "Effective talk time",
            aliases=("有效通话时长",),
            part_of="session_s",
            example="18000",
        ),
    ] = None
    session_s: Annotated[
        timedelta | None,
        Column(
            "会话时长",
            "Session time",
            aliases=("会话总时长",),
            example="24000",
        ),
    ] = None
    scheduled_s: Annotated[
        timedelta | None,
        Column(
            "排班时长",
            "Scheduled time",
            aliases=("计划工时",),
            example="28800",
        ),
    ] = None
    adherent_s: Annotated[
        timedelta | None,
        Column(
            "遵从时长",
            "Adherent time",
            aliases=("按班在岗时长",),
            part_of="scheduled_s",
            example="27000",
        ),
    ] = None
