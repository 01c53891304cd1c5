"""Quality checks: one row an inspected contact."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, ClassVar

from csq.records import vocabulary
from csq.records.base import Record
from csq.records.column import Column
from csq.wording import Wording


class QualityCheck(Record):
    """One contact that was listened to or read, and what it scored."""

    source: ClassVar[str] = "qa"
    title: ClassVar[Wording] = Wording("质检", "Quality checks")
    key: ClassVar[str | None] = "qa_id"
    time: ClassVar[tuple[str, ...]] = ("checked_at",)

    qa_id: Annotated[
        str,
        Column(
            "质检编号",
            "QA ID",
            aliases=("质检单号", "质检ID", "Evaluation ID"),
            example="Q202508-001",
        ),
    ]
    contact_id: Annotated[
        str | None,
        Column(
            "被检编号",
            "Contact ID",
            aliases=("被检会话编号", "被检工单编号", "被检通话编号"),
            example="T20250801-0001",
        ),
    ] = None
    agent_id: Annotated[
        str | None,
        vocabulary.AGENT_ID.also(stand_ins=("被检坐席", "被检人", *vocabulary.AGENTS_BY_NAME)),
    ] = None
    checked_at: Annotated[
        datetime,
        Column(
            "质检时间",
            "Checked at",
            aliases=("质检日期", "QA date", "Evaluated at"),
            example="2025-08-12",
        ),
    ]
    checker: Annotated[
        str | None,
        Column(
            "质检人",
            "Checker",
            aliases=("质检员", "Evaluator"),
            example="质检一组",
        ),
    ] = None
    score: Annotated[
        Decimal | None,
        Column(
            "质检得分",
            "QA score",
            aliases=("质检分", "质检总分", "Evaluation score"),
            scale=(0, 100),
            example="92",
        ),
    ] = None
    s_script: Annotated[
        Decimal | None,
        Column(
            "话术得分",
            "Script score",
            aliases=("合规得分", "Compliance score"),
            scale=(0, 100),
            example="30",
        ),
    ] = None
    s_efficiency: Annotated[
        Decimal | None,
        Column(
            "效率得分",
            "Efficiency score",
            aliases=(),
            scale=(0, 100),
            example="30",
        ),
    ] = None
    s_soothing: Annotated[
        Decimal | None,
        Column(
            "安抚得分",
            "Soothing score",
            aliases=(),
            scale=(0, 100),
            example="30",
        ),
    ] = None
    banned_word: Annotated[
        bool | None,
        Column(
            "使用禁语",
            "Banned word",
            aliases=("是否使用禁语", "禁语"),
            example="否",
        ),
    ] = None
    auto_fail: Annotated[
        bool | None,
        Column(
            "致命差错",
            "Auto-fail",
            aliases=("是否致命差错", "一票否决", "Automatic fail"),
            example="否",
        ),
    ] = None
    plan_id: Annotated[
        str | None,
        Column(
            "质检计划编号",
            "QA plan ID",
            aliases=("抽检计划编号",),
            example="P202508",
        ),
    ] = None
