"""Knowledge-base checks: one row an inspected entry."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from csq.records import vocabulary
from csq.records.base import Record
from csq.records.column import Column
from csq.wording import Wording


class KnowledgeBaseCheck(Record):
    """One entry of the knowledge base, looked at once."""

    source: ClassVar[str] = "kb_checks"
    title: ClassVar[Wording] = Wording("知识库抽检", "Knowledge-base checks")
    key: ClassVar[str | None] = "check_id"
    time: ClassVar[tuple[str, ...]] = ("checked_at",)

    check_id: Annotated[
        str,
        Column(
            "抽检编号",
            "Check ID",
            aliases=("抽查编号", "抽检ID", "抽检单号", "检查编号", "核查编号", "抽檢編號")
            + ("Check number", "Inspection ID", "Audit ID", "Review ID"),
            example="Z202508-001",
        ),
    ]
    item_id: Annotated[
        str,
        Column(
            "条目编号",
            "Item ID",
            aliases=("知识编号", "知识条目编号", "知识条目ID", "知识ID", "知识点编号", "文章编号")
            + ("Article ID", "Article number", "Entry ID", "KB ID", "Knowledge ID"),
            example="KB-0231",
        ),
    ]
    checked_at: Annotated[
        datetime,
        Column(
            "抽检时间",
            "Checked at",
            aliases=("抽检日期", "抽查时间", "抽查日期", "检查时间", "检查日期", "核查时间")
            + ("抽檢時間", "Check date", "Checked on", "Inspected at")
            + ("Audit date", "Reviewed at"),
            example="2025-08-12",
        ),
    ]
    correct: Annotated[
        bool | None,
        Column(
            "正确",
            "Correct",
            aliases=("是否正确", "是否准确", "准确", "抽检结果", "是否合格", "內容正確")
            + ("内容正确", "Is correct", "Accurate", "Is accurate", "Check result"),
            example="是",
            about=Wording("为空表示抽到但未判定", "blank where drawn but not yet judged"),
        ),
    ] = None
    checker: Annotated[
        str | None,
        Column(
            "抽检人",
            "Checker",
            aliases=("抽查人", "检查人", "核查人", "质检员", "Checked by", "Inspector", "Reviewer"),
            example="产品部 李工",
        ),
    ] = None
    problem_type: Annotated[
        str | None,
        vocabulary.PROBLEM_TYPE.also(
            "知识分类", "知识类别", "条目分类", "Article category", example="产品咨询"
        ),
    ] = None
