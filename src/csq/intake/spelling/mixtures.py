"""Columns in which a spreadsheet has made dates of some texts and left the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from csq.errors import Problem
from csq.intake.readers.base import DAY_MARK, RawTable
from csq.intake.spelling.cells import are_year_first, clean_cells
from csq.intake.spelling.dates import ORDER_NAMES
from csq.intake.spelling.plain_times import read_plain_times
from csq.problems.columns import MIXED_DATES, SWAPPED_DATES, TEXT_DATES
from csq.records.notation import DateOrder
from csq.records.reading import FieldType

_YEAR_FIRST = r"^\d{4}[-/.年]\d"
_YEAR_LAST = r"^(?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.](?:\d{4}|\d{2})(?:\D|$)"
_DATE = rf"{_YEAR_FIRST}|{_YEAR_LAST}"
_AS_READERS_SPELL = r"^\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d{3})?)?$"
_EARLY_DAY = r"^\d{4}[-/.年]\d{1,2}[-/.月](?:0?[1-9]|1[0-2])(?:\D|$)"


@dataclass(frozen=True, slots=True)
class Mixture:
    """How many cells of a column are dates of a spreadsheet, and how many dates are texts.

    `early`: the dates of days up to 12. `year_last`: the texts that do not begin with a year, of
    which `only_day_first` and `only_month_first` have a number over 12 in front or behind.
    `example` is the first text, in row `row`.
    """

    dates: int = 0
    early: int = 0
    texts: int = 0
    year_last: int = 0
    only_day_first: int = 0
    only_month_first: int = 0
    example: str = ""
    row: int = 0

    def __add__(self, other: Mixture) -> Mixture:
        first = self if self.texts else other
        return Mixture(
            self.dates + other.dates,
            self.early + other.early,
            self.texts + other.texts,
            self.year_last + other.year_last,
            self.only_day_first + other.only_day_first,
            self.only_month_first + other.only_month_first,
            first.example,
            first.row,
        )

    @property
    def is_mixed(self) -> bool:
        return bool(self.dates and self.texts)

    @property
    def is_swapped(self) -> bool:
        """Whether the texts are all of the dates, and only those, whose day is no month."""
        over_twelve = max(self.only_day_first, self.only_month_first)
        return self.is_mixed and self.texts == over_twelve and self.dates == self.early


def find_mixtures(
    table: RawTable, columns: Sequence[int], orders: Mapping[int, DateOrder | None]
) -> tuple[Problem, ...]:
    """Warnings of the columns of times that mix dates and texts, by what their first rows hold.

    The whole file is read for it where these are mixed.
    """
    first = next(table.batches(), None) if columns else None
    if first is None:
        return ()
    suspects = [n for n in columns if _may_be_mixed(first.cells.column(n), table)]
    return weigh_mixtures(table, suspects, orders)


def weigh_mixtures(
    table: RawTable, columns: Sequence[int], orders: Mapping[int, DateOrder | None]
) -> tuple[Problem, ...]:
    """Warnings of those of the columns that mix dates and texts, decided on the whole file."""
    found = dict.fromkeys(columns, Mixture())
    read = table.marked or table.batches
    for batch in read() if columns else ():
        for column in columns:
            found[column] += weigh_mixture(
                batch.cells.column(column), batch.rows, is_marked=bool(table.marked)
            )
    return tuple(
        problem
        for column in columns
        for problem in _tell(table, column, found[column], orders.get(column))
    )


def _tell(
    table: RawTable, column: int, found: Mixture, order: DateOrder | None
) -> Iterator[Problem]:
    if not found.is_mixed:
        return
    name = table.header[column]
    place = replace(table.place, column=name)
    counts = {"count": found.texts, "rest": found.dates}
    if found.is_swapped:
        place = replace(place, row=found.row)
        yield SWAPPED_DATES.at(place, field=name, value=found.example, **counts)
    elif table.marked:
        place = replace(place, row=found.row)
        yield TEXT_DATES.at(place, field=name, value=found.example, **counts)
    elif order:
        yield MIXED_DATES.at(place, field=name, order=ORDER_NAMES[order], **counts)


def _may_be_mixed(cells: pa.Array, table: RawTable) -> bool:
    """Whether a column holds dates as readers spell those of workbooks, and others."""
    if read_plain_times(cells)[1] is None if table.marked else are_year_first(cells):
        return False
    cleaned = clean_cells([cells], FieldType.TIMESTAMP)
    made = _count(cleaned, _AS_READERS_SPELL if table.marked else _YEAR_FIRST)
    return 0 < made < _count(cleaned, _DATE)


def weigh_mixture(cells: pa.Array, rows: pa.Array, *, is_marked: bool) -> Mixture:
    """What a column of text holds; without marks every date that begins with its year is one."""
    cleaned = clean_cells([cells], FieldType.TIMESTAMP)
    is_date = pc.match_substring_regex(cleaned, _DATE)
    made = pc.match_substring_regex(cleaned, DAY_MARK if is_marked else _YEAR_FIRST)
    is_text = pc.and_(is_date, pc.invert(made))
    texts = cleaned.filter(is_text)
    dates = cleaned.filter(pc.and_(is_date, made))
    year_last = [(int(f), int(s)) for f, s in _pairs(texts)]
    return Mixture(
        len(dates),
        _count(dates, _EARLY_DAY),
        len(texts),
        len(year_last),
        sum(1 for first, second in year_last if first > 12 >= second),
        sum(1 for first, second in year_last if second > 12 >= first),
        texts[0].as_py() if len(texts) else "",
        rows.filter(is_text)[0].as_py() if len(texts) else 0,
    )


def _pairs(texts: pa.Array) -> Iterator[tuple[str, str]]:
    for text in texts.to_pylist():
        if found := re.match(_YEAR_LAST, text, re.ASCII):
            yield found["first"], found["second"]


def _count(cells: pa.Array, pattern: str) -> int:
    return int(pc.sum(pc.match_substring_regex(cells, pattern)).as_py() or 0)
