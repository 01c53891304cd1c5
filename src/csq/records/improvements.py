"""Improvements: one row an item of the improvement plan."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from csq.records import vocabulary
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
            aliases=("部门", "负责部门", "Department"),
            example="客服部",
        ),
    ] = None
    person: Annotated[
        str | None,
        Column(
            "责任人",
            "Person",
            aliases=("改进责任人", "负责人", "Person in charge"),
            example="王芳",
        ),
    ] = None
    item: Annotated[
        str | None,
        Column(
            "优化项",
            "Item",
            aliases=("改进内容", "优化内容", "改进事项"),
            example="技术支持一次性解决率",
            prose=True,
        ),
    ] = None
    measure: Annotated[
        str | None,
        Column(
            "措施",
            "Measure",
            aliases=("改进措施", "优化措施", "具体措施"),
            example="补充知识库条目并开展专项培训",
            prose=True,
        ),
    ] = None
    indicator: Annotated[
        str | None,
        Column(
            "对应指标",
            "Indicator",
            aliases=("关联指标", "衡量指标", "指标编号"),
            example="fcr",
            about=Wording(
                "指标的编号或名称，报告据此给出改进前后的数",
                "an indicator's id or name: a report then shows it before and after",
            ),
        ),
    ] = None
    outcome: Annotated[
        str | None,
        Column(
            "完成情况",
            "Outcome",
            aliases=("是否完成", "完成状态"),
            terms=vocabulary.OUTCOMES,
            example="是",
        ),
    ] = None
    delay_reason: Annotated[
        str | None,
        Column(
            "延期原因",
            "Reason for delay",
            aliases=("未完成原因", "延期说明"),
            example="等待系统升级",
            prose=True,
        ),
    ] = None
    criterion: Annotated[
        str | None,
        Column(
            "验收标准",
            "Acceptance criterion",
            aliases=("验收条件", "Accepted when"),
            example="一次性解决率 ≥ 85 %",
            prose=True,
        ),
    ] = None
