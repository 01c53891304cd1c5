"""Cases: one row a solution that an agent shared."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from csq.records import vocabulary
from csq.records.base import Record
from csq.records.column import Column
from csq.wording import Wording


class SharedCase(Record):
    """One case an agent wrote up for the others."""

    source: ClassVar[str] = "cases"
    title: ClassVar[Wording] = Wording("案例", "Cases")
    key: ClassVar[str | None] = "case_id"
    time: ClassVar[tuple[str, ...]] = ("submitted_at",)

    case_id: Annotated[
        str,
        Column(
            "案例编号",
            "Shared case ID",
            aliases=("案例ID",),
            example="AL202508-01",
        ),
    ]
    agent_id: Annotated[
        str | None, vocabulary.AGENT_ID.also("提交人工号", stand_ins=("提交坐席",))
    ] = None
    submitted_at: Annotated[
        datetime,
        Column(
            "案例提交时间",
            "Case submitted at",
            aliases=("案例提交日期",),
            example="2025-08-20",
        ),
    ]
    accepted: Annotated[
        bool | None,
        Column(
            "案例采纳",
            "Case accepted",
            aliases=("是否采纳", "已采纳"),
            example="是",
        ),
    ] = None
