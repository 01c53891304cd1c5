"""Day first or month first, decided on all dates of a file and never on a sample."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from csq.errors import IntakeError, Problem
from csq.intake.cells import clean_cells
from csq.intake.readers.base import Batch, RawTable
from csq.problems import AMBIGUOUS_DATES, DECIDED_DATES
from csq.records.notation import ORDERED_DATE, DateOrder
from csq.records.reading import FieldType
from csq.wording import Wording

_PATTERN = "^" + ORDERED_DATE.replace(r"(\d{1,2})", r"(?P<first>\d{1,2})", 1).replace(
    r"](\d{1,2})", r"](?P<second>\d{1,2})", 1
)
_ORDERS = {
    DateOrder.DAY_FIRST: Wording("“日/月/年”", "day/month/year"),
    DateOrder.MONTH_FIRST: Wording("“月/日/年”", "month/day/year"),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many dates do not begin with a year, and how many of them allow only one order."""

    dates: int = 0
    only_day_first: int = 0
    only_month_first: int = 0

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(
            self.dates + other.dates,
            self.only_day_first + other.only_day_first,
            self.only_month_first + other.only_month_first,
        )

    @property
    def order(self) -> DateOrder | None:
        """The order, where the evidence speaks for one and not against it."""
        if bool(self.only_day_first) is bool(self.only_month_first):
            return None
        return DateOrder.DAY_FIRST if self.only_day_first else DateOrder.MONTH_FIRST


def decide_order(
    table: RawTable, columns: tuple[int, ...], declared: DateOrder | None
) -> tuple[DateOrder | None, tuple[Problem, ...]]:
    """The order of the dates in these columns, and the notice that says why.

    The whole file is read for it when its first rows hold such a date; a file whose dates begin
    with the year costs nothing. Raises `IntakeError` where both orders are possible.
    """
    if declared or not columns:
        return declared, ()
    batches = iter(table.batches())
    evidence = _weigh(next(batches, None), columns)
    if not evidence.dates:
        return None, ()
    for batch in batches:
        evidence += _weigh(batch, columns)
    names = ", ".join(table.header[column] for column in columns)
    if evidence.order is None:
        raise IntakeError(AMBIGUOUS_DATES.at(table.place, value=names))
    proof = evidence.only_day_first or evidence.only_month_first
    order = _ORDERS[evidence.order]
    notice = DECIDED_DATES.at(
        table.place, value=names, count=evidence.dates, order=order, proof=proof
    )
    return evidence.order, (notice,)


def _weigh(batch: Batch | None, columns: Iterable[int]) -> Evidence:
    evidence = Evidence()
    if batch is not None:
        for column in columns:
            evidence += weigh_dates(batch.cells.column(column))
    return evidence


def weigh_dates(cells: pa.Array) -> Evidence:
    """What a column of text says of the order of its dates."""
    trimmed = clean_cells([cells], FieldType.TIMESTAMP)
    ordered = trimmed.filter(pc.match_substring_regex(trimmed, _PATTERN))
    if not len(ordered):
        return Evidence()
    parts = pc.extract_regex(ordered, _PATTERN)

    def over_twelve(name: str) -> int:
        numbers = pc.struct_field(parts, name).cast(pa.int64())
        return int(pc.sum(pc.greater(numbers, 12)).as_py() or 0)

    return Evidence(len(parts), over_twelve("first"), over_twelve("second"))
