"""Columns of times that a spreadsheet shows as what it holds: days counted from its first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from csq.errors import Problem
from csq.intake.readers.base import RawTable, numbers_in, text_array
from csq.intake.spelling.cells import are_year_first, clean_cells
from csq.problems.columns import SERIAL_DATES
from csq.records.column import Column
from csq.records.moments import SERIAL
from csq.records.notation import DateOrder
from csq.records.reading import FieldType, Reading, UnreadableCell, read_cell

_PLAIN = Column("", "")
_DIGIT = r"\d"
_LETTER = r"\p{L}"
_SHORTENED = r"^[+-]?[\d.,]+[eE][+-]?\d+$"
_FEW = 20
"""Of so many numbers of days one cell may be a note: more are dates that nobody could read."""
_NO_DAY_YET = r"^0+(?:[.,]0+)?$"
"""What some systems write where nothing has happened: a slip in one row, and no evidence."""
_SERIAL = rf"^(?:{SERIAL})$"
_SINCE, _BEFORE = date(2000, 1, 1), date(2050, 1, 1)
"""Between which days every number must lie: those of a duration in seconds do not."""


@dataclass(frozen=True, slots=True)
class _Numbers:
    """How many cells of a column are numbers, and whether each is a day; the first of them."""

    count: int = 0
    are_days: bool = True
    example: str = ""
    row: int = 0
    notes: int = 0
    """Cells of words in which a number stands, such as a footnote."""

    @property
    def are_read(self) -> bool:
        return self.are_days and self.notes < self.count and self.notes <= 1 + self.count // _FEW

    def __add__(self, other: _Numbers) -> _Numbers:
        first = self if self.count else other
        return _Numbers(
            self.count + other.count,
            self.are_days and other.are_days,
            first.example,
            first.row,
            self.notes + other.notes,
        )


def find_serials(table: RawTable, columns: Mapping[int, Reading]) -> dict[int, Problem]:
    """Those of the columns of times that hold nothing but numbers of days, each with a notice.

    A few notes among them cost their own rows; among dates a number may be anything, and its row
    is refused. The whole file is read for it where its first rows hold such a number.
    """
    first = next(table.batches(), None) if columns else None
    if first is None:
        return {}
    suspects = [n for n in columns if _holds_serials(first.cells.column(n))]
    found = dict.fromkeys(suspects, _Numbers())
    for batch in table.batches() if suspects else ():
        for column in suspects:
            if found[column].are_days:
                cells = batch.cells.column(column)
                found[column] += _weigh(cells, batch.rows, columns[column].nulls, table.first_day)
    return {
        column: _tell(table, column, numbers, columns[column])
        for column, numbers in found.items()
        if numbers.are_read
    }


def _tell(table: RawTable, column: int, found: _Numbers, reading: Reading) -> Problem:
    name = table.header[column]
    counted = replace(reading, first_day=table.first_day)
    moment: datetime = read_cell(found.example, datetime, _PLAIN, counted)
    return SERIAL_DATES.at(
        replace(table.place, column=name, row=found.row),
        field=name,
        count=found.count,
        value=found.example,
        moment=moment.isoformat(sep=" ", timespec="milliseconds").removesuffix(".000"),
    )


def _holds_serials(cells: pa.Array) -> bool:
    if are_year_first(cells):
        return False
    cleaned = clean_cells([cells], FieldType.TIMESTAMP)
    return bool(pc.any(pc.match_substring_regex(cleaned, _SERIAL)).as_py())


def _weigh(cells: pa.Array, rows: pa.Array, nulls: frozenset[str], first_day: date) -> _Numbers:
    cleaned = clean_cells([cells], FieldType.TIMESTAMP, nulls)
    is_empty = pc.is_in(cleaned, text_array(list(nulls)))
    cleaned = pc.if_else(is_empty, "", cleaned)
    is_filled = pc.and_not(
        pc.match_substring_regex(cleaned, _DIGIT), pc.match_substring_regex(cleaned, _NO_DAY_YET)
    )
    is_worded = pc.and_not(
        pc.match_substring_regex(cleaned, _LETTER), pc.match_substring_regex(cleaned, _SHORTENED)
    )
    is_note = pc.and_(is_filled, is_worded)
    notes = cleaned.filter(is_note)
    if any(map(_is_time, notes.to_pylist())):
        return _Numbers(are_days=False)
    is_number = pc.and_not(is_filled, is_note)
    numbers = cleaned.filter(is_number)
    if not len(numbers):
        return _Numbers(notes=len(notes))
    row = rows.filter(is_number)[0].as_py()
    are_days = _are_days(numbers, first_day)
    return _Numbers(len(numbers), are_days, numbers[0].as_py(), row, len(notes))


def _is_time(text: str) -> bool:
    for order in (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST):
        try:
            return bool(read_cell(text, datetime, _PLAIN, Reading(order=order)))
        except UnreadableCell:
            continue
    return False


def _are_days(cells: pa.Array, first_day: date) -> bool:
    if not pc.all(pc.match_substring_regex(cells, _SERIAL)).as_py():
        return False
    numbers = numbers_in(pc.replace_substring(cells, ",", ".").cast(pa.float64()))
    ends = (first_day + timedelta(int(number)) for number in (numbers.min(), numbers.max()))
    return all(_SINCE <= day < _BEFORE for day in ends)
