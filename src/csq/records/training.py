"""Training: one row an agent and an examination."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from csq.records import vocabulary
from csq.records.base import Record
from csq.records.column import Column
from csq.wording import Wording


class Examination(Record):
    """One agent sat one examination of a course."""

    source: ClassVar[str] = "training"
    title: ClassVar[Wording] = Wording("培训考核", "Training")
    key: ClassVar[str | None] = "exam_id"
    time: ClassVar[tuple[str, ...]] = ("sat_at",)

    exam_id: Annotated[
        str,
        Column(
            "考核编号",
            "Examination ID",
            aliases=("考试编号",),
            example="K202508-001",
        ),
    ]
    agent_id: Annotated[str, vocabulary.AGENT_ID.also("学员工号", stand_ins=vocabulary.AGENTS)]
    course: Annotated[
        str,
        Column(
            "课程",
            "Course",
            aliases=("课程名称", "培训课程", "Course name"),
            example="新品知识",
        ),
    ]
    sat_at: Annotated[
        datetime,
        Column(
            "考核时间",
            "Examined at",
            aliases=("考核日期", "考试时间", "Exam date"),
            example="2025-08-20",
        ),
    ]
    passed: Annotated[
        bool | None,
        Column(
            "考核通过",
            "Passed",
            aliases=("是否通过", "是否合格", "考核结果"),
            example="是",
        ),
    ] = None
