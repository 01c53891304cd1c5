"""The sheets of an XML Spreadsheet 2003, which systems also name “.xls”."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NoReturn

from csq.intake.readers.base import number_text
from csq.intake.readers.formats import clock_text
from csq.intake.readers.sheets import (
    LAST_COLUMN,
    LAST_ROW,
    BrokenWorkbook,
    OversizedRow,
    Sheet,
    SheetRow,
    lay_out,
    sheet_of_rows,
)
from csq.records.notation import UNCALCULATED

_BLOCK = 1 << 20
_LONGEST_ROW = 1 << 26
_SPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_SS = f"{{{_SPACE}}}"
_VISIBLE = "{urn:schemas-microsoft-com:office:excel}Visible"
_MIDNIGHT = datetime(1899, 12, 31)
"""The day on which the times of day and the lengths of time of this format lie."""
_FIRST_DATE = datetime(1900, 3, 1)


def is_xml2003(head: bytes) -> bool:
    """Whether a file that begins so is a workbook of this format."""
    return _SPACE.encode() in head.replace(b"\0", b"")


def open_xml2003(path: Path) -> tuple[Sheet, ...]:
    """The sheets in the order of their tabs; raises `BrokenWorkbook` and `OversizedRow`."""
    found = _Content(None, None, "")
    for _ in _read(path, found):
        pass
    if not found.sheets:
        raise BrokenWorkbook
    return tuple(
        sheet_of_rows(name, position in found.hidden, partial(_rows, path, position))
        for position, name in enumerate(found.sheets)
    )


def _rows(path: Path, position: int, width: int | None, day_mark: str = "") -> Iterator[SheetRow]:
    return _read(path, _Content(position, width, day_mark))


def _read(path: Path, content: _Content) -> Iterator[SheetRow]:
    parser = ET.XMLParser(target=content)  # noqa: S314 - without a DTD nothing expands
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                parser.feed(block)
                yield from content.taken()
        parser.close()
    except (ET.ParseError, ValueError, LookupError):
        raise BrokenWorkbook from None


class _Content:
    """What is taken from the XML as it is parsed: the sheets, and the rows of one."""

    def __init__(self, wanted: int | None, width: int | None, day_mark: str) -> None:
        self.sheets: list[str] = []
        self.hidden: set[int] = set()
        self._wanted, self._width, self._day_mark = wanted, width, day_mark
        self._rows: list[SheetRow] = []
        self._row = self._column = self._across = self._length = 0
        self._texts: dict[int, str] = {}
        self._formula = False
        self._kind: str | None = None
        self._text: list[str] = []
        self._tag = ""

    def taken(self) -> Iterator[SheetRow]:
        """The rows that are whole; each is given once."""
        yield from self._rows
        self._rows.clear()

    def doctype(self, *_: object) -> NoReturn:
        raise BrokenWorkbook

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _SS + "Worksheet":
            self.sheets.append(attributes.get(_SS + "Name", ""))
            self._row = 0
        elif tag == _VISIBLE:
            self._kind, self._text = "visible", []
        elif len(self.sheets) - 1 != self._wanted:
            return
        elif tag == _SS + "Row":
            self._row = int(attributes.get(_SS + "Index", self._row + 1))
            self._texts, self._column, self._length = {}, -1, 0
        elif tag == _SS + "Cell":
            self._column = int(attributes.get(_SS + "Index", self._column + 2)) - 1
            self._across = int(attributes.get(_SS + "MergeAcross", 0))
            self._formula = _SS + "Formula" in attributes
            if self._row > LAST_ROW or not 0 <= self._column + self._across < LAST_COLUMN:
                raise BrokenWorkbook
        elif tag == _SS + "Data":
            self._kind, self._text = attributes.get(_SS + "Type", "String"), []

    def data(self, text: str) -> None:
        if self._kind:
            self._text.append(text)
            self._length += len(text)
            if self._length > _LONGEST_ROW:
                raise OversizedRow

    def end(self, tag: str) -> None:
        if tag == _VISIBLE:
            if "".join(self._text).strip() != "SheetVisible":
                self.hidden.add(len(self.sheets) - 1)
            self._kind = None
        elif len(self.sheets) - 1 != self._wanted:
            return
        elif tag == _SS + "Data" and self._kind:
            self._texts[self._column] = self._spell(self._kind, "".join(self._text))
            self._kind = None
        elif tag == _SS + "Cell":
            if self._formula and not self._texts.get(self._column):
                self._texts[self._column] = UNCALCULATED
            self._column += self._across
        elif tag == _SS + "Row":
            self._rows.append(lay_out(self._row, self._texts, self._width))

    def _spell(self, kind: str, text: str) -> str:
        if kind == "Number":
            return number_text(float(text))
        if kind == "Boolean":
            return "true" if text.strip() == "1" else "false"
        return self._spell_date(text) if kind == "DateTime" else text

    def _spell_date(self, text: str) -> str:
        """A date, or what lies before all dates: a time of day, or a length of time."""
        moment = datetime.fromisoformat(text.strip())
        passed = (moment - _MIDNIGHT) // timedelta(milliseconds=1)
        if moment < _FIRST_DATE:
            return clock_text(max(passed, 0))
        clock = clock_text(passed % 86_400_000) if passed % 86_400_000 else ""
        return f"{moment.date().isoformat()} {clock}".strip() + self._day_mark
