"""What is asked of csq and of the oracle alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from csq.request import Request
from csq.scorecard import Scorecard

from .exports import Row
from .window import Span, months


@dataclass(frozen=True)
class Question:
    """A period, the periods before it, the oldest first, and which rows count."""

    period: str
    span: Span
    earlier: tuple[Span, ...] = ()
    where: str | None = None
    asks_for: str = ""
    """The field that `where` asks for, and what it must be."""
    is_value: str = ""

    def keeps(self, row: Row) -> bool:
        return not self.asks_for or row.get(self.asks_for) == self.is_value

    @property
    def fixed(self) -> dict[str, str | None]:
        """What every row that counts holds: the group that a target must be for."""
        return {self.asks_for: self.is_value} if self.asks_for else {}

    @property
    def request(self) -> Request:
        """The question as csq is asked it."""
        return Request(self.period, by=tuple((name,) for name in GROUPED_BY), where=self.where)

    def __str__(self) -> str:
        return f"{self.period} {self.where or ''}".strip()


REPORT = Question(
    "2025-07..2025-08", months(7, 8), earlier=(months(1, 2), months(3, 4), months(5, 6))
)
QUESTIONS = (
    REPORT,
    Question("2025-03", months(3, 3), earlier=(months(1, 1), months(2, 2))),
    Question("2025Q2", months(4, 6), earlier=(months(1, 3),)),
    Question(
        "2025-07..2025-08", months(7, 8), REPORT.earlier, 'channel = "电话"', "channel", "电话"
    ),
)
GROUPED_BY = ("channel", "problem_type")

AskCsq = Callable[[Question], Scorecard]
