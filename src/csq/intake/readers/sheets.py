"""What every format of workbook is to the readers: sheets, and the rows that they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from itertools import islice
from typing import Protocol

from csq.intake.readers.base import Batch, TornRow, batch_of
from csq.records.moments import FIRST_DAY

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""The grid of a sheet; what lies beyond it no program has written."""
_ROWS_AT_ONCE = 20_000


class UnreadableWorkbook(Exception):
    """Why a workbook cannot be read."""


class BrokenWorkbook(UnreadableWorkbook):
    """The file is no workbook, or a part of it is missing or damaged."""


class OversizedRow(UnreadableWorkbook):
    """A row of a sheet is longer than any that a person has made."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that a sheet holds: its number in Excel, its first cells, and the filled ones behind.

    `cells` are as many as were asked for.
    """

    number: int
    cells: list[str]
    beyond: list[str]


class EncryptedWorkbook(UnreadableWorkbook):
    """The workbook has a password."""


class BinaryWorkbook(UnreadableWorkbook):
    """The workbook is an xlsb, which is not read."""


class ReadRows(Protocol):
    """Reads a sheet anew, each row with `width` cells or, for `None`, as many as it has.

    `day_mark` is put behind the text of each cell that is a date. Raises `UnreadableWorkbook`.
    """

    def __call__(self, width: int | None, day_mark: str = "") -> Iterator[SheetRow]: ...


class ReadBatches(Protocol):
    """Reads a sheet anew, each row with `width` cells; torn are those with a filled cell behind.

    `day_mark` is put behind the text of each cell that is a date. Raises `UnreadableWorkbook`.
    """

    def __call__(self, width: int, day_mark: str = "") -> Iterator[Batch]: ...


@dataclass(frozen=True, slots=True)
class MergedRows:
    """A cell that is merged over several rows: its first and its last row, its column from 0."""

    first: int
    last: int
    column: int


def _none_merged() -> tuple[MergedRows, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook."""

    name: str
    hidden: bool
    rows: Callable[[], Iterator[SheetRow]]
    """Reads it anew, each row as wide as it is; raises `UnreadableWorkbook`."""
    batches: ReadBatches
    knows_dates: bool = True
    """Whether it tells cells that are dates from texts."""
    first_day: date = FIRST_DAY
    """Day number 0 of its workbook."""
    merged: Callable[[], tuple[MergedRows, ...]] = _none_merged
    """The cells over several rows, as far as the format says so."""


def sheet_of_rows(name: str, hidden: bool, rows: ReadRows, *, knows_dates: bool = True) -> Sheet:
    """A sheet of a format that is read row by row."""
    return Sheet(name, hidden, partial(rows, None), partial(_batches, rows), knows_dates)


def _batches(read: ReadRows, width: int, day_mark: str = "") -> Iterator[Batch]:
    rows = read(width, day_mark)
    while chunk := list(islice(rows, _ROWS_AT_ONCE)):
        kept = [row for row in chunk if not row.beyond]
        torn = tuple(
            TornRow(row.number, " | ".join((*row.cells, *row.beyond)), width + len(row.beyond))
            for row in chunk
            if row.beyond
        )
        yield batch_of([row.cells for row in kept], width, [row.number for row in kept], torn)


@cache
def column_number(letters: str) -> int:
    """The position of a column by its letters, from 0.

    >>> column_number("A"), column_number("AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def lay_out(number: int, texts: dict[int, str], width: int | None) -> SheetRow:
    """A row of the cells that are there, by their column."""
    last = max((column for column, text in texts.items() if text), default=-1)
    inside = last + 1 if width is None else width
    beyond = [text for column, text in texts.items() if column >= inside and text]
    return SheetRow(number, [texts.get(column, "") for column in range(inside)], beyond)
