"""The sheets of an ods file, read as its XML goes by: what is repeated is not laid out."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NoReturn

from csq.intake.readers.archive import read_part
from csq.intake.readers.base import number_text
from csq.intake.readers.formats import clock_text, percent_text
from csq.intake.readers.sheets import (
    LAST_COLUMN,
    LAST_ROW,
    BrokenWorkbook,
    EncryptedWorkbook,
    OversizedRow,
    Sheet,
    SheetRow,
    lay_out,
    sheet_of_rows,
)
from csq.records.notation import CELL_ERROR, UNCALCULATED

_MOST_BLANKS = 1 << 18
_LONGEST_ROW = 1 << 26
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CELLS = {_TABLE + "table-cell", _TABLE + "covered-table-cell"}
_NOT_SAID = {_TEXT + "note", _TEXT + "ruby-text"}
"""Texts in a cell that are not its own. A comment or a drawing is not in this namespace."""
_CONTROLS = {_TEXT + "tab": "\t", _TEXT + "line-break": "\n"}
_CACHED = "ta_extref"
"""The style of tables that only keep what formulas have seen in other files."""
_DURATION = re.compile(r"(-?)P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")


def open_ods(path: Path) -> tuple[Sheet, ...]:
    """The sheets in the order of their tabs.

    Raises `EncryptedWorkbook`, `BrokenWorkbook` and `OversizedRow`.
    """
    if b"encryption-data" in b"".join(read_part(path, "META-INF/manifest.xml")):
        raise EncryptedWorkbook
    found = _Content(None, None)
    for _ in _read(path, found):
        pass
    sheets = tuple(
        sheet_of_rows(name, style in found.hidden_styles, partial(_rows, path, position))
        for position, (name, style) in enumerate(found.sheets)
        if style != _CACHED
    )
    if not sheets:
        raise BrokenWorkbook
    return sheets


def _rows(path: Path, position: int, width: int | None, day_mark: str = "") -> Iterator[SheetRow]:
    return _read(path, _Content(position, width, day_mark))


def _read(path: Path, content: _Content) -> Iterator[SheetRow]:
    """The rows that `content` takes from the file."""
    parser = ET.XMLParser(target=content)  # noqa: S314 - without a DTD nothing expands
    try:
        for block in read_part(path, "content.xml"):
            parser.feed(block)
            yield from content.taken()
        parser.close()
    except (ET.ParseError, ValueError, LookupError):
        raise BrokenWorkbook from None


class _Content:
    """What is taken from the XML of an ods as it is parsed: the sheets, and the rows of one."""

    def __init__(self, wanted: int | None, width: int | None, day_mark: str = "") -> None:
        self.sheets: list[tuple[str, str]] = []
        """Each by its name and its style."""
        self.hidden_styles: set[str] = set()
        self._wanted, self._width, self._day_mark = wanted, width, day_mark
        self._style = ""
        self._rows: list[tuple[int, int, dict[int, str]]] = []
        self._next_row = 1
        self._times = 1
        self._texts: dict[int, str] = {}
        self._length = 0
        self._column = 0
        self._cell: dict[str, str] | None = None
        self._paragraphs: list[str] = []
        self._depth = self._aside = 0

    def taken(self) -> Iterator[SheetRow]:
        """The rows that are whole; each is given once."""
        for first, times, texts in self._rows:
            for number in range(first, first + times):
                yield lay_out(number, texts, self._width)
        self._rows.clear()

    def doctype(self, *_: object) -> NoReturn:
        raise BrokenWorkbook

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._cell is not None:
            self._start_inside(tag, attributes)
        elif tag == _TABLE + "table":
            style = attributes.get(_TABLE + "style-name", "")
            self.sheets.append((attributes.get(_TABLE + "name", ""), style))
        elif tag == _STYLE + "style":
            self._style = attributes.get(_STYLE + "name", "")
        elif tag == _STYLE + "table-properties":
            if attributes.get(_TABLE + "display") == "false":
                self.hidden_styles.add(self._style)
        elif len(self.sheets) - 1 != self._wanted:
            return
        elif tag == _TABLE + "table-row":
            self._times = _repeated(attributes, "rows")
            self._texts, self._length, self._column = {}, 0, 0
        elif tag in _CELLS:
            self._cell, self._paragraphs, self._depth = attributes, [], 0

    def _start_inside(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._aside or not tag.startswith(_TEXT) or tag in _NOT_SAID:
            self._aside += 1
        elif tag == _TEXT + "p":
            self._paragraphs.append("")
        elif tag == _TEXT + "s":
            self.data(" " * min(int(attributes.get(_TEXT + "c", "1")), _MOST_BLANKS))
        elif tag in _CONTROLS:
            self.data(_CONTROLS[tag])

    def data(self, text: str) -> None:
        if self._cell is not None and self._depth and not self._aside and self._paragraphs:
            self._paragraphs[-1] += text
            self._length += len(text)
            if self._length > _LONGEST_ROW:
                raise OversizedRow

    def end(self, tag: str) -> None:
        if self._depth:
            self._depth -= 1
            self._aside = max(0, self._aside - 1)
        elif self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif tag == _TABLE + "table-row" and len(self.sheets) - 1 == self._wanted:
            if self._texts:
                if self._next_row + self._times > LAST_ROW + 1:
                    raise BrokenWorkbook
                self._rows.append((self._next_row, self._times, self._texts))
            self._next_row += self._times

    def _end_cell(self, cell: dict[str, str]) -> None:
        text = _spell(cell, "\n".join(self._paragraphs))
        times = _repeated(cell, "columns")
        if cell.get(_OFFICE + "value-type") == "date":
            text += self._day_mark
        if text:
            if self._column + times > LAST_COLUMN:
                raise BrokenWorkbook
            self._texts |= dict.fromkeys(range(self._column, self._column + times), text)
        self._column += times


def _repeated(attributes: dict[str, str], what: str) -> int:
    return max(1, int(attributes.get(f"{_TABLE}number-{what}-repeated", "1")))


def _spell(cell: dict[str, str], text: str) -> str:
    """The text of a cell by its type; `text` is what its paragraphs say."""
    kind = cell.get(_OFFICE + "value-type")
    if cell.get(_CALC + "value-type") == "error":
        return text if re.fullmatch(CELL_ERROR, text) else UNCALCULATED
    if kind == "percentage":
        return percent_text(float(cell[_OFFICE + "value"]))
    if kind in {"float", "currency"}:
        number = number_text(float(cell[_OFFICE + "value"]))
        return text if _is_padded(text, number) else number
    if kind == "date":
        return _spell_date(cell[_OFFICE + "date-value"])
    if kind == "time":
        return _spell_duration(cell[_OFFICE + "time-value"])
    if kind == "boolean":
        return cell[_OFFICE + "boolean-value"]
    if kind is None and not text and _TABLE + "formula" in cell:
        return UNCALCULATED
    return text or cell.get(_OFFICE + "string-value", "")


def _is_padded(text: str, number: str) -> bool:
    """Whether a cell shows its number with zeros before it, as an id has them."""
    return text.isascii() and text.isdecimal() and text.lstrip("0") == number.lstrip("0")


def _spell_date(value: str) -> str:
    """A date as the other readers spell it: without a time of midnight, and whole thousandths.

    >>> _spell_date("2025-08-31T09:05:07.5"), _spell_date("2025-08-31T00:00:00")
    ('2025-08-31 09:05:07.500', '2025-08-31')
    """
    day, _, clock = value.partition("T")
    whole, _, fraction = clock.partition(".")
    thousandths = fraction[:3].ljust(3, "0") if fraction.strip("0") else ""
    if not (thousandths or whole.strip("0:")):
        return day
    return f"{day} {whole}.{thousandths}" if thousandths else f"{day} {whole}"


def _spell_duration(value: str) -> str:
    """A length of time, or a time of day.

    >>> _spell_duration("PT30H00M01S"), _spell_duration("-P1DT00H00M30.5S")
    ('30:00:01', '-24:00:30.500')
    """
    found = _DURATION.fullmatch(value)
    if not found:
        raise BrokenWorkbook
    days, hours, minutes = (int(found[i] or 0) for i in (2, 3, 4))
    seconds = round(float(found[5] or 0) * 1_000)
    thousandths = ((days * 24 + hours) * 60 + minutes) * 60_000 + seconds
    return found[1] + clock_text(thousandths)
