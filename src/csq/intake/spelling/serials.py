"""Columns of times that a spreadsheet shows as what it holds: days counted from its first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from csq.errors import Problem
from csq.intake.readers.base import RawTable, numbers_in
from csq.intake.spelling.cells import are_year_first, clean_cells
from csq.problems.columns import SERIAL_DATES
from csq.records.moments import SERIAL, spell_serial
from csq.records.reading import FieldType

_DIGIT = r"\d"
_NO_DAY_YET = r"^0+(?:[.,]0+)?$"
"""What some systems write where nothing has happened: a slip in one row, and no evidence."""
_SERIAL = rf"^(?:{SERIAL})$"
_SINCE, _BEFORE = date(2000, 1, 1), date(2050, 1, 1)
"""Between which days every number must lie: those of a duration in seconds do not."""


@dataclass(frozen=True, slots=True)
class _Numbers:
    """How many cells of a column hold digits, and whether each is a day; the first of them."""

    count: int = 0
    are_days: bool = True
    example: str = ""
    row: int = 0

    def __add__(self, other: _Numbers) -> _Numbers:
        first = self if self.count else other
        return _Numbers(
            self.count + other.count, self.are_days and other.are_days, first.example, first.row
        )


def find_serials(
    table: RawTable, columns: Sequence[int]
) -> tuple[frozenset[int], tuple[Problem, ...]]:
    """Those of the columns of times that hold nothing but numbers of days, each with a notice.

    Among dates a number may be anything, and its row is refused. The whole file is read for it
    where its first rows hold such a number.
    """
    first = next(table.batches(), None) if columns else None
    if first is None:
        return frozenset(), ()
    suspects = [n for n in columns if _holds_serials(first.cells.column(n))]
    found = dict.fromkeys(suspects, _Numbers())
    for batch in table.batches() if suspects else ():
        for column in suspects:
            found[column] += _weigh(batch.cells.column(column), batch.rows, table.first_day)
    decided = [column for column in suspects if found[column].are_days]
    return frozenset(decided), tuple(_tell(table, column, found[column]) for column in decided)


def _tell(table: RawTable, column: int, found: _Numbers) -> Problem:
    name = table.header[column]
    return SERIAL_DATES.at(
        replace(table.place, column=name, row=found.row),
        field=name,
        count=found.count,
        value=found.example,
        moment=spell_serial(found.example, table.first_day),
    )


def _holds_serials(cells: pa.Array) -> bool:
    if are_year_first(cells):
        return False
    cleaned = clean_cells([cells], FieldType.TIMESTAMP)
    return bool(pc.any(pc.match_substring_regex(cleaned, _SERIAL)).as_py())


def _weigh(cells: pa.Array, rows: pa.Array, first_day: date) -> _Numbers:
    cleaned = clean_cells([cells], FieldType.TIMESTAMP)
    is_filled = pc.and_not(
        pc.match_substring_regex(cleaned, _DIGIT), pc.match_substring_regex(cleaned, _NO_DAY_YET)
    )
    filled = cleaned.filter(is_filled)
    if not len(filled):
        return _Numbers()
    row = rows.filter(is_filled)[0].as_py()
    return _Numbers(len(filled), _are_days(filled, first_day), filled[0].as_py(), row)


def _are_days(cells: pa.Array, first_day: date) -> bool:
    if not pc.all(pc.match_substring_regex(cells, _SERIAL)).as_py():
        return False
    numbers = numbers_in(pc.replace_substring(cells, ",", ".").cast(pa.float64()))
    ends = (first_day + timedelta(int(number)) for number in (numbers.min(), numbers.max()))
    return all(_SINCE <= day < _BEFORE for day in ends)
