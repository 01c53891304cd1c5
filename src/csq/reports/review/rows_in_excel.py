"""Rows of plain values as the XML of a sheet, where there are too many for cells one by one.

openpyxl needs about 35 µs for a cell; a sheet of sixty thousand rows would take a minute.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from openpyxl.cell.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from csq.reports.csv import inert
from csq.reports.excel import legal_text

_DAY_ZERO = datetime(1899, 12, 30)
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Styles:
    """The numbers that a workbook gives to the looks of plain cells."""

    by_format: dict[str, int]
    guarded: int
    """Of texts that look like formulas: Excel shows a quotation mark before them."""


def make_styles(sheet: Any, formats: Iterable[str]) -> Styles:
    """The styles for some number formats, added to the workbook of a sheet."""

    def style_of(**attributes: object) -> int:
        cell: Any = WriteOnlyCell(sheet)
        for name, value in attributes.items():
            setattr(cell, name, value)
        return int(cell.style_id)

    by_format = {each: style_of(number_format=each) for each in formats}
    return Styles(by_format, style_of(quotePrefix=True))


def write_rows(
    rows: Iterable[tuple[object, ...]], formats: list[str], styles: Styles, first: int
) -> Iterator[bytes]:
    """The rows as XML, the first of them in row `first`; every text is a text."""
    letters = [get_column_letter(position) for position in range(1, len(formats) + 1)]
    numbers = [f' s="{styles.by_format[each]}"' for each in formats]
    known: dict[str, str] = {}
    batch: list[str] = []
    for at, row in enumerate(rows, first):
        cells = []
        for letter, style, value in zip(letters, numbers, row, strict=True):
            if value is None or value == "":
                continue
            if type(value) is str:
                if value not in known:
                    if len(known) > 100_000:
                        known.clear()
                    known[value] = _text(value, styles)
                cells.append(f'<c r="{letter}{at}"{known[value]}')
            else:
                plain = _days(value) if type(value) is datetime else value
                cells.append(f'<c r="{letter}{at}"{style}><v>{plain}</v></c>')
        batch.append(f'<row r="{at}">{"".join(cells)}</row>')
        if len(batch) == _BATCH:
            yield "".join(batch).encode()
            batch.clear()
    yield "".join(batch).encode()


def _text(value: str, styles: Styles) -> str:
    """The rest of a cell that holds a text."""
    text = legal_text(value)
    style = f' s="{styles.guarded}"' if inert(text) != text else ""
    space = ' xml:space="preserve"' if re.search(r"^\s|\s$|\n", text) else ""
    return f'{style} t="inlineStr"><is><t{space}>{escape(text)}</t></is></c>'


def _days(moment: datetime) -> float:
    """A moment as Excel counts: days since the last day but one of 1899."""
    passed = moment - _DAY_ZERO
    return passed.days + (passed.seconds + passed.microseconds / 1e6) / 86_400
