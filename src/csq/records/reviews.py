"""Reviews: one row a rating of an agent by a rater."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, ClassVar

from csq.records import vocabulary
from csq.records.base import Record
from csq.records.column import Column
from csq.wording import Wording


class Review(Record):
    """One rater's score for one agent."""

    source: ClassVar[str] = "reviews"
    title: ClassVar[Wording] = Wording("三方评议", "Reviews")
    key: ClassVar[str | None] = "review_id"
    time: ClassVar[tuple[str, ...]] = ("reviewed_at",)

    review_id: Annotated[
        str,
        Column(
            "评议编号",
            "Review ID",
            aliases=("评议记录编号",),
            example="P2025Q3-001",
        ),
    ]
    agent_id: Annotated[str, vocabulary.AGENT_ID.also("被评人工号", stand_ins=("Reviewed agent",))]
    rater: Annotated[
        str,
        Column(
            "评议方",
            "Rater",
            aliases=("评价方", "评议人类型"),
            example="上级",
        ),
    ]
    reviewed_at: Annotated[
        datetime,
        Column(
            "评议时间",
            "Reviewed on",
            aliases=("评议日期", "Review date"),
            example="2025-09-30",
        ),
    ]
    score: Annotated[
        Decimal | None,
        Column(
            "评议得分",
            "Review score",
            aliases=("评议分数",),
            scale=(0, 100),
            example="88",
        ),
    ] = None
