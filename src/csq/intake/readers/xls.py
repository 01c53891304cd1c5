"""The sheets of an old xls file, read by xlrd: it tells errors from blanks and knows the epoch."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

import xlrd
from xlrd.biffh import XLRDError
from xlrd.compdoc import CompDocError

from csq.intake.readers.formats import Format, Speller, shown_as
from csq.intake.readers.sheets import (
    BrokenWorkbook,
    EncryptedWorkbook,
    Sheet,
    SheetRow,
    lay_out,
)
from csq.records.notation import UNCALCULATED

_LOCKED = "EncryptedPackage".encode("utf-16-le")
"""The stream in which Office puts a newer workbook that has a password."""

_SAVED_BY_A_PERSON = "\x05SummaryInformation".encode("utf-16-le")
"""The stream that Excel and LibreOffice put into what they save. A program that writes a workbook
without it has calculated nothing: its formulas stand there with an empty text for a result."""

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
            sheets.append(Sheet(name, hidden, partial(_rows, path, position)))
            book.unload_sheet(position)
    if not sheets:
        raise BrokenWorkbook
    return tuple(sheets)


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


def _rows(path: Path, position: int, width: int | None, day_mark: str = "") -> Iterator[SheetRow]:
    empty_text = "" if _SAVED_BY_A_PERSON in path.read_bytes() else UNCALCULATED
    with _opened(path) as book:
        sheet = book.sheet_by_index(position)
        first_day = date(1904, 1, 1) if book.datemode else date(1899, 12, 30)
        spell = Speller(first_day, day_mark).spell
        formats = [_shown(book, style) for style in book.xf_list]

        def read(row: int, column: int) -> str:
            kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
            if kind == xlrd.XL_CELL_TEXT:
                return str(value) or empty_text
            if kind in {xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE}:
                return spell(float(value), formats[sheet.cell_xf_index(row, column)])
            if kind == xlrd.XL_CELL_BOOLEAN:
                return "true" if value else "false"
            if kind == xlrd.XL_CELL_ERROR:
                return xlrd.error_text_from_code.get(int(value), UNCALCULATED)
            return ""

        for row in range(sheet.nrows):
            texts = {column: read(row, column) for column in range(sheet.row_len(row))}
            yield lay_out(row + 1, texts, width)


def _shown(book: xlrd.Book, style: xlrd.formatting.XF) -> Format:
    code = book.format_map[style.format_key].format_str
    return shown_as(str(style.format_key), code or None)
