"""Day first or month first, decided on all dates of a column and never on a sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from csq.errors import IntakeError, Problem
from csq.intake.readers.base import RawTable
from csq.intake.spelling.cells import are_year_first, clean_cells
from csq.problems.columns import AMBIGUOUS_DATES, BORROWED_ORDER, DECIDED_DATES
from csq.records.notation import BEFORE_TIME, ORDERED_DATE, DateOrder
from csq.records.reading import FieldType
from csq.wording import Wording

_PATTERN = "^" + ORDERED_DATE.replace(r"(\d{1,2})", r"(?P<first>\d{1,2})", 1).replace(
    r"](\d{1,2})", r"](?P<second>\d{1,2})", 1
)
_SHORT = rf"^(?P<first>\d{{1,2}})[-/.](?P<second>\d{{1,2}})[-/.]\d{{2}}{BEFORE_TIME}$"
_YEAR_FIRST = r"^\d{4}[-/.年]\d"
ORDER_NAMES = {
    DateOrder.DAY_FIRST: Wording("“日/月/年”", "day/month/year"),
    DateOrder.MONTH_FIRST: Wording("“月/日/年”", "month/day/year"),
    DateOrder.YEAR_FIRST: Wording("“年/月/日”", "year/month/day"),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many dates do not begin with a year, how many of them allow only one order.

    `year_first`: how many begin with it. `short`: how many have a year of two digits. With a
    second number over 12 such a date begins with its month (`short_month_first`); with a first one
    it may begin with its day or its year (`short_other`), and only the definition can tell.
    """

    dates: int = 0
    only_day_first: int = 0
    only_month_first: int = 0
    year_first: int = 0
    short: int = 0
    short_month_first: int = 0
    short_other: int = 0

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(
            self.dates + other.dates,
            self.only_day_first + other.only_day_first,
            self.only_month_first + other.only_month_first,
            self.year_first + other.year_first,
            self.short + other.short,
            self.short_month_first + other.short_month_first,
            self.short_other + other.short_other,
        )

    @property
    def order(self) -> DateOrder | None:
        """The order, where the evidence speaks for one and not against it."""
        if self.is_short and self.short_month_first and not self.short_other:
            return DateOrder.MONTH_FIRST
        if bool(self.only_day_first) is bool(self.only_month_first):
            return None
        return DateOrder.DAY_FIRST if self.only_day_first else DateOrder.MONTH_FIRST

    @property
    def is_short(self) -> bool:
        """Whether the year of every date has two digits."""
        return bool(self.short and not self.dates and not self.year_first)

    @property
    def is_silent(self) -> bool:
        """Whether every date allows several orders."""
        if self.is_short:
            return not (self.short_month_first or self.short_other)
        return not (self.only_day_first or self.only_month_first)


@dataclass(frozen=True, slots=True)
class Decision:
    """The order of the dates of each column that needs one, and what is to be told of it."""

    orders: Mapping[int, DateOrder] = field(default_factory=dict)
    notices: tuple[Problem, ...] = ()


def decide_orders(table: RawTable, columns: Sequence[int]) -> Decision:
    """The order of the dates in each of these columns.

    The whole file is read for it when its first rows hold a date that does not begin with its
    year. A column whose dates all allow both orders has that of the other columns of its file.
    Raises `IntakeError` where a column's dates allow both or contradict each other, unless most of
    the column begins with the year: then its other dates are refused row by row.
    """
    first = next(table.batches(), None) if columns else None
    if first is None or not any(_holds_dates(first.cells.column(each)) for each in columns):
        return Decision()
    evidence = _weigh(table, columns)
    decision = _decide(table, evidence)
    open_columns = [
        column
        for column, found in evidence.items()
        if found.dates > found.year_first and column not in decision.orders
    ]
    if open_columns:
        raise IntakeError(
            *(
                AMBIGUOUS_DATES.at(
                    replace(table.place, column=table.header[column]),
                    field=table.header[column],
                    count=evidence[column].dates,
                    day_first=evidence[column].only_day_first,
                    month_first=evidence[column].only_month_first,
                )
                for column in open_columns
            )
        )
    return decision


def decide_late(table: RawTable, columns: Sequence[int]) -> Decision:
    """The order in columns whose first rows asked for none; those still undecided have none."""
    return _decide(table, _weigh(table, columns))


def _decide(table: RawTable, evidence: Mapping[int, Evidence]) -> Decision:
    own = {column: order for column, found in evidence.items() if (order := found.order)}
    borrowed = {
        column: common
        for column, found in evidence.items()
        if (found.dates or found.short) and found.is_silent
        if (common := _common_order(own, evidence, is_short=found.is_short))
    }
    orders = {**own, **borrowed}
    notices = (
        notice
        for column, order in sorted(orders.items())
        for notice in _tell(table, column, order, evidence, own)
    )
    return Decision(orders, tuple(notices))


def _common_order(
    own: Mapping[int, DateOrder], evidence: Mapping[int, Evidence], *, is_short: bool
) -> DateOrder | None:
    """The one order that the columns with as long years show, `None` where they show several."""
    if is_short and any(found.is_short and found.short_other for found in evidence.values()):
        return None
    known = {order for column, order in own.items() if evidence[column].is_short is is_short}
    return known.pop() if len(known) == 1 else None


def _tell(
    table: RawTable,
    column: int,
    order: DateOrder,
    evidence: Mapping[int, Evidence],
    own: Mapping[int, DateOrder],
) -> Iterator[Problem]:
    found, name = evidence[column], table.header[column]
    told, place = ORDER_NAMES[order], replace(table.place, column=name)
    if column in own:
        proof = found.only_day_first or found.only_month_first or found.short_month_first
        count = found.dates or found.short
        yield DECIDED_DATES.at(place, field=name, order=told, count=count, proof=proof)
    else:
        alike = (other for other in sorted(own) if evidence[other].is_short is found.is_short)
        others = ", ".join(table.header[other] for other in alike)
        count = found.dates or found.short
        yield BORROWED_ORDER.at(place, field=name, order=told, count=count, known=others)


def _holds_dates(cells: pa.Array) -> bool:
    """Whether a column holds a date that does not begin with its year."""
    if are_year_first(cells):
        return False
    cleaned = clean_cells([cells], FieldType.TIMESTAMP)
    return _count(pc.match_substring_regex(cleaned, f"{_PATTERN}|{_SHORT}")) > 0


def _weigh(table: RawTable, columns: Sequence[int]) -> dict[int, Evidence]:
    evidence = dict.fromkeys(columns, Evidence())
    for batch in table.batches() if columns else ():
        for column in columns:
            evidence[column] += weigh_dates(batch.cells.column(column))
    return evidence


def weigh_dates(cells: pa.Array) -> Evidence:
    """What a column of text says of the order of its dates."""
    cleaned = clean_cells([cells], FieldType.TIMESTAMP)
    year_first = _count(pc.match_substring_regex(cleaned, _YEAR_FIRST))
    dates, only_day_first, only_month_first = _count_orders(cleaned, _PATTERN)
    short, short_other, short_month_first = _count_orders(cleaned, _SHORT)
    return Evidence(
        dates, only_day_first, only_month_first, year_first, short, short_month_first, short_other
    )


def _count_orders(cells: pa.Array, pattern: str) -> tuple[int, int, int]:
    """How many dates fit a pattern, and in how many of them each of the two numbers is over 12."""
    ordered = cells.filter(pc.match_substring_regex(cells, pattern))
    if not len(ordered):
        return 0, 0, 0
    parts = pc.extract_regex(ordered, pattern)

    def over_twelve(name: str) -> int:
        numbers = pc.struct_field(parts, name).cast(pa.int64())
        return _count(pc.greater(numbers, 12))

    return len(parts), over_twelve("first"), over_twelve("second")


def _count(found: pa.Array) -> int:
    return int(pc.sum(found).as_py() or 0)
