"""The sheets of an old xls file, read by xlrd: it tells errors from blanks and knows the epoch."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import xlrd
from xlrd.biffh import XLRDError
from xlrd.compdoc import CompDocError

from csq.intake.readers.base import Batch, Positions, gather, text_array
from csq.intake.readers.formats import Format, Speller, shown_as
from csq.intake.readers.grid import Grid
from csq.intake.readers.sheets import (
    BrokenWorkbook,
    EncryptedWorkbook,
    Sheet,
    SheetRow,
)
from csq.records.moments import FIRST_DAY, FIRST_DAY_OF_MACS
from csq.records.notation import UNCALCULATED

_LOCKED = "EncryptedPackage".encode("utf-16-le")
"""The stream in which Office puts a newer workbook that has a password."""

_SAVED_BY_A_PERSON = "\x05SummaryInformation".encode("utf-16-le")
"""The stream that Excel and LibreOffice put into what they save. A program that writes a workbook
without it has calculated nothing: its formulas stand there with an empty text for a result."""

_ROWS_AT_ONCE = 10_000

_DAMAGE = (
    ArithmeticError, AssertionError, AttributeError, CompDocError, LookupError, RecursionError,
    TypeError, ValueError, struct.error, XLRDError,
)  # fmt: skip
"""What xlrd raises where the bytes of a file are not what they should be."""


def open_xls(path: Path) -> tuple[Sheet, ...]:
    """The sheets in the order of their tabs.

    Raises `EncryptedWorkbook` and `BrokenWorkbook`.
    """
    if _LOCKED in path.read_bytes():
        raise EncryptedWorkbook
    sheets = []
    with _opened(path) as book:
        for position, name in enumerate(book.sheet_names()):
            hidden = book.sheet_by_index(position).visibility != 0
            rows, batches = partial(_rows, path, position), partial(_batches, path, position)
            sheets.append(Sheet(name, hidden, rows, batches, first_day=_first_day(book)))
            book.unload_sheet(position)
    if not sheets:
        raise BrokenWorkbook
    return tuple(sheets)


def _first_day(book: xlrd.Book) -> date:
    return FIRST_DAY_OF_MACS if book.datemode else FIRST_DAY


@contextmanager
def _opened(path: Path) -> Iterator[xlrd.Book]:
    """The workbook while it is read; one sheet at a time is in memory."""
    try:
        # Without its formats a length of time over a day would be a day of 1900.
        with xlrd.open_workbook(
            str(path), logfile=io.StringIO(), formatting_info=True, on_demand=True, ragged_rows=True
        ) as book:
            yield book
    except _DAMAGE as error:
        if isinstance(error, XLRDError) and "encrypted" in str(error):
            raise EncryptedWorkbook from None
        raise BrokenWorkbook from None


def _rows(path: Path, position: int) -> Iterator[SheetRow]:
    for grid in _grids(path, position):
        yield from grid.rows()


def _batches(path: Path, position: int, width: int, day_mark: str = "") -> Iterator[Batch]:
    for grid in _grids(path, position, day_mark):
        yield from grid.batches(width)


def _grids(path: Path, position: int, day_mark: str = "") -> Iterator[Grid]:
    """The rows of a sheet, so many at a time."""
    empty_text = "" if _SAVED_BY_A_PERSON in path.read_bytes() else UNCALCULATED
    with _opened(path) as book:
        sheet = book.sheet_by_index(position)
        speller = Speller(_first_day(book), day_mark)
        formats = [_shown(book, style) for style in book.xf_list]
        for first in range(0, sheet.nrows, _ROWS_AT_ONCE):
            numbers = range(first, min(first + _ROWS_AT_ONCE, sheet.nrows))
            yield _grid(sheet, numbers, formats, speller, empty_text)


def _grid(
    sheet: xlrd.sheet.Sheet,
    numbers: range,
    formats: Sequence[Format],
    speller: Speller,
    empty_text: str,
) -> Grid:
    """Some rows of a sheet; `empty_text` is what a text without a character says."""
    places: list[tuple[int, int]] = []
    texts: list[tuple[int, str]] = []
    values: dict[Format, list[tuple[int, float]]] = {}
    for row, number in enumerate(numbers):
        for column in range(sheet.row_len(number)):
            kind, value = sheet.cell_type(number, column), sheet.cell_value(number, column)
            if kind in {xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE}:
                shown = formats[sheet.cell_xf_index(number, column)]
                values.setdefault(shown, []).append((len(places), float(value)))
            elif kind not in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}:
                texts.append((len(places), _text_of(kind, value) or empty_text))
            else:
                continue
            places.append((row, column))
    at = np.array(places, np.int64).reshape(-1, 2)
    spelt = gather(
        [
            (_positions(texts), text_array([text for _, text in texts])),
            *(
                (_positions(own), speller.spell_column(np.array([v for _, v in own]), shown))
                for shown, own in values.items()
            ),
        ]
    )
    return Grid(np.array(numbers) + 1, at[:, 0], at[:, 1], spelt)


def _positions(cells: Sequence[tuple[int, object]]) -> Positions:
    return np.array([position for position, _ in cells], np.int64)


def _text_of(kind: int, value: float | str) -> str:
    """The text of a cell that is no number."""
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "true" if value else "false"
    if kind == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(int(value), UNCALCULATED)
    return str(value)


def _shown(book: xlrd.Book, style: xlrd.formatting.XF) -> Format:
    code = book.format_map[style.format_key].format_str
    return shown_as(str(style.format_key), code or None)
