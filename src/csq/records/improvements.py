"""Improvements: one row an item of the improvement plan."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from csq.records.base import Record
from csq.records.column import Column
from csq.wording import Wording


class Improvement(Record):
    """One thing to be improved, when it was due and when it was done."""

    source: ClassVar[str] = "improvements"
    title: ClassVar[Wording] = Wording("改进项", "Improvements")
    key: ClassVar[str | None] = "item_id"
    time: ClassVar[tuple[str, ...]] = ("planned_at",)

    item_id: Annotated[
        str,
        Column(
            "改进项编号",
            "Improvement ID",
            aliases=("改进编号", "改进措施编号"),
            example="G202508-01",
        ),
    ]
    planned_at: Annotated[
        datetime,
        Column(
            "计划完成时间",
            "Planned for",
            aliases=("计划完成日期", "Planned date"),
            planned=True,
            example="2025-08-31",
        ),
    ]
    done_at: Annotated[
        datetime | None,
        Column(
            "实际完成时间",
            "Done at",
            aliases=("实际完成日期", "Done date"),
            example="2025-08-28",
        ),
    ] = None
    accepted: Annotated[
        bool | None,
        Column(
            "验收通过",
            "Accepted",
            aliases=("是否验收", "验收结果"),
            example="是",
        ),
    ] = None
    owner: Annotated[
        str | None,
        Column(
            "责任部门",
            "Responsible",
            aliases=("责任人", "改进责任人"),
            example="客服部",
        ),
    ] = None
