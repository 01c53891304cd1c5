"""The parts of an xlsx file, read as they are written: no cell is laid out that is not there.

calamine lays out the whole grid up to a sheet's farthest cell, which ends the process where memory
ends, and shows a cell in error or a formula without a value as a blank. Here a row is what the
file holds of it, and such a cell is spelt as what it is.
"""

from __future__ import annotations

import posixpath
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from functools import cached_property, partial
from pathlib import Path

from csq.intake.readers.archive import part_sizes, read_part
from csq.intake.readers.formats import Format, Speller, shown_as
from csq.intake.readers.sheets import (
    LAST_COLUMN,
    LAST_ROW,
    BrokenWorkbook,
    MergedRows,
    OversizedRow,
    Sheet,
    SheetRow,
)
from csq.records.notation import UNCALCULATED

_LAID_OUT_BY_HAND = 1 << 24
"""Bytes of a sheet up to which it is looked through for merged cells."""
_LONGEST_ROW = 1 << 26
_LARGEST_TREE = 1 << 25
"""Bytes of a part that is held as a tree, many times as large: styles, and the list of sheets."""
"""Far more than 16,384 cells of text take."""


@dataclass(frozen=True, slots=True)
class _SheetPart:
    name: str
    member: str
    hidden: bool


class _Type(Enum):
    """What the type of a cell says of its value."""

    NUMBER = auto()
    SHARED = auto()
    INLINE = auto()
    FLAG = auto()
    TEXT = auto()


_Kind = _Type | Format
"""What a cell holds: a type, or of a number what it is shown as."""

_TYPES = {"n": _Type.NUMBER, "s": _Type.SHARED, "inlineStr": _Type.INLINE, "b": _Type.FLAG}


def open_xlsx(path: Path) -> tuple[Sheet, ...]:
    """The sheets that hold cells, in the order of their tabs; raises `BrokenWorkbook`."""
    workbook = _XlsxWorkbook(path)
    return tuple(
        Sheet(
            part.name,
            part.hidden,
            partial(workbook.rows, part),
            merged=partial(workbook.merged_rows, part),
        )
        for part in workbook.sheets
    )


@dataclass(frozen=True)
class _XlsxWorkbook:
    """An xlsx file; every method raises `BrokenWorkbook`."""

    path: Path

    @cached_property
    def sheets(self) -> tuple[_SheetPart, ...]:
        """The sheets that hold cells, in the order of their tabs."""
        folder = posixpath.dirname(self._main)
        targets = {}
        for relation in self._parse(f"{folder}/_rels/{posixpath.basename(self._main)}.rels"):
            if relation.get("Type", "").endswith("/worksheet"):
                target = relation.get("Target", "").replace("\\", "/")
                member = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                targets[relation.get("Id")] = member
        found = []
        for element in self._workbook.iter():
            if _local(element.tag) == "sheet":
                part = targets.get(_attribute(element, "id"))
                if part:
                    hidden = element.get("state", "visible") != "visible"
                    found.append(_SheetPart(element.get("name", ""), part, hidden))
        if not found:
            raise BrokenWorkbook
        return tuple(found)

    @cached_property
    def _main(self) -> str:
        """The part that names the sheets."""
        for relation in self._parse("_rels/.rels"):
            if relation.get("Type", "").endswith("/officeDocument"):
                return relation.get("Target", "").lstrip("/")
        raise BrokenWorkbook

    @cached_property
    def _workbook(self) -> ET.Element:
        return self._parse(self._main)

    @cached_property
    def _first_day(self) -> date:
        """The day that is number 0."""
        for element in self._workbook.iter():
            if _local(element.tag) == "workbookPr" and element.get("date1904") in {"1", "true"}:
                return date(1904, 1, 1)
        return date(1899, 12, 30)

    @cached_property
    def _strings(self) -> list[str]:
        """The texts that cells refer to by number."""
        member = posixpath.join(posixpath.dirname(self._main), "sharedStrings.xml")
        text = _decode(self._read(member))
        opened = re.search(r"<(\w+:)?sst\b", text)
        if not opened or not re.search(
            r"</(?:\w+:)?sst\s*>\s*$|<(?:\w+:)?sst[^>]*/>", text[-4096:]
        ):
            raise BrokenWorkbook
        p = opened[1] or ""
        strings = re.compile(
            rf'<{p}si(?:\s[^>]*?)?(?:/>|>(?:<{p}t(?: xml:space="preserve")?>([^<]*)</{p}t></{p}si>'
            rf"|(.*?)</{p}si\s*>))",
            re.DOTALL,
        )
        texts = _texts_in(p)
        return [texts(rich) if rich else _plain(simple) for simple, rich in strings.findall(text)]

    def _string(self, number: str) -> str:
        try:
            return self._strings[int(number)]
        except (IndexError, ValueError):
            raise BrokenWorkbook from None

    @cached_property
    def _formats(self) -> list[Format]:
        """What each style of a cell makes of a number."""
        member = posixpath.join(posixpath.dirname(self._main), "styles.xml")
        codes: dict[str, str] = {}
        styles: list[Format] = []
        for element in self._parse(member).iter():
            if _local(element.tag) == "numFmt":
                codes[element.get("numFmtId", "")] = element.get("formatCode", "")
            elif _local(element.tag) == "cellXfs":
                numbers = [style.get("numFmtId", "0") for style in element]
                styles = [shown_as(number, codes.get(number)) for number in numbers]
        return styles

    def _read(self, member: str) -> bytes:
        return b"".join(read_part(self.path, member))

    def _parse(self, member: str) -> ET.Element:
        content = bytearray()
        for block in read_part(self.path, member):
            content += block
            if len(content) > _LARGEST_TREE:
                raise OversizedRow
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise BrokenWorkbook
        try:
            return ET.fromstring(content)  # noqa: S314 - without a DTD nothing expands
        except (ET.ParseError, ValueError, LookupError):
            raise BrokenWorkbook from None

    def rows(self, sheet: _SheetPart, width: int | None, day_mark: str = "") -> Iterator[SheetRow]:
        """The rows of a sheet that are there, each with its first `width` cells as text.

        `None`: each as wide as it is. `day_mark` stands behind each date.
        """
        blocks = read_part(self.path, sheet.member)
        prefix, data, is_empty = _find_cells(blocks)
        read_row = self._row_reader(prefix, width, day_mark)
        rows_in = re.compile(rf"<{prefix}row(?=[\s/>])([^>]*)>").split
        row_mark, end_mark = f"<{prefix}row".encode(), f"</{prefix}sheetData".encode()
        number, searched = 0, 0
        while not is_empty:
            end = data.find(end_mark, searched)
            cut = end if end >= 0 else max(data.rfind(row_mark), 0)
            _, *parts = rows_in(_decode(data[:cut]))
            for attributes, content in zip(parts[::2], parts[1::2], strict=True):
                row = read_row(attributes, content, number)
                number = row.number
                yield row
            if end >= 0:
                break
            data = data[cut:]
            searched = max(0, len(data) - len(end_mark))
            if len(data) > _LONGEST_ROW:
                raise OversizedRow
            block = next(blocks, None)
            if block is None:
                raise BrokenWorkbook
            data += block
        for _ in blocks:  # the checksum of a part is compared at its end
            pass

    def merged_rows(self, sheet: _SheetPart) -> tuple[MergedRows, ...]:
        """The cells that are merged over several rows; they are named behind all cells.

        Only of sheets that a person may have laid out: those of systems are larger, and plain.
        """
        if part_sizes(self.path).get(sheet.member, 0) > _LAID_OUT_BY_HAND:
            return ()
        merged = re.findall(
            rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})["']""",
            self._read(sheet.member).rpartition(b"sheetData>")[2],
        )
        columns = _Columns()
        return tuple(
            MergedRows(int(first), int(last), columns[letters.decode()])
            for letters, first, last in merged
            if first != last
        )

    def _row_reader(
        self, prefix: str, width: int | None, day_mark: str
    ) -> Callable[[str, str, int], SheetRow]:
        """What reads one row from its XML; its names begin with `prefix`."""
        p = prefix
        # A cell: its place and its other attributes; then a bare value, a bare text, or more.
        cells_in = re.compile(
            rf'<{p}c(?=[\s/>])(?: r="([A-Z]{{1,3}})\d{{1,7}}")?([^>]*?)(?:/>|>'
            rf"(?:<{p}v>([^<]*)</{p}v></{p}c>"
            rf'|<{p}is><{p}t(?: xml:space="preserve")?>([^<]*)</{p}t></{p}is></{p}c>'
            rf"|(.*?)</{p}c\s*>))",
            re.DOTALL,
        ).findall
        number_in = re.compile(r"""(?<![\w:])r\s*=\s*["'](\d+)["']""").search
        cell_number_in = re.compile(r"""(?<![\w:])r\s*=\s*["'][A-Za-z]+(\d+)["']""").search
        value_in = re.compile(rf"<{p}v(?:\s[^>]*?)?>(.*?)</{p}v\s*>", re.DOTALL).search
        formula_in = re.compile(rf"<{p}f[\s/>]").search
        texts = _texts_in(p)
        columns = _Columns()
        kinds = _Kinds(self._formats)
        spell = Speller(self._first_day, day_mark).spell

        def read_more(content: str, kind: _Kind) -> str:
            """The text of a cell that holds more than a bare value or text."""
            if kind is _Type.INLINE:
                return texts(content)
            found = value_in(content)
            value = found[1] if found else ""
            if formula_in(content) and kind is not _Type.TEXT and not value.strip():
                return UNCALCULATED
            return read_value(value, kind) if value else ""

        def read_value(value: str, kind: _Kind) -> str:
            if kind is _Type.SHARED:
                return self._string(value)
            if not isinstance(kind, _Type):
                try:
                    return spell(float(value), kind)
                except ValueError:
                    return _plain(value)
            if kind is _Type.FLAG:
                return "true" if value.strip() == "1" else "false"
            return _plain(value)

        def read_row(attributes: str, content: str, before: int) -> SheetRow:
            numbered = number_in(attributes) or cell_number_in(content)
            number = int(numbered[1]) if numbered else before + 1
            cells = [""] * (width or 0)
            beyond: list[str] = []
            column = -1
            if attributes.endswith("/"):
                content = ""
            for letters, others, value, inline, more in cells_in(content):
                if letters:
                    column = columns[letters]
                elif "r" in others and (place := _read_place(others)):
                    column = columns[place]
                else:
                    column += 1
                kind = kinds[others]
                if value:
                    is_plain = kind is None and value.isdecimal() and len(value) < 15
                    text = value if is_plain else read_value(value, kind)
                elif inline:
                    text = _plain(inline)
                elif more:
                    text = read_more(more, kind)
                else:
                    continue
                if width is None and column >= len(cells):
                    cells += [""] * (column + 1 - len(cells))
                if column < len(cells):
                    cells[column] = text
                elif text:
                    beyond.append(text)
            if number > LAST_ROW or column >= LAST_COLUMN:
                raise BrokenWorkbook
            return SheetRow(number, cells, beyond)

        return read_row


def _find_cells(blocks: Iterator[bytes]) -> tuple[str, bytes, bool]:
    """The prefix of a sheet's names, what is read behind its opening, and whether it is closed."""
    head = b""
    for block in blocks:
        head += block
        opened = re.search(rb"<(\w+:)?sheetData\s*(/?)>", head)
        declared = re.match(
            rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding\s*=\s*["']([^"']*)""", head
        )
        foreign = declared and declared[1].lower() not in {b"utf-8", b"us-ascii", b"ascii"}
        if foreign or b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise BrokenWorkbook
        if opened:
            return (opened[1] or b"").decode(), head[opened.end() :], bool(opened[2])
        if len(head) > _LONGEST_ROW:
            raise OversizedRow
    raise BrokenWorkbook


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BrokenWorkbook from None


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _attribute(element: ET.Element, name: str) -> str:
    """An attribute by its name, whatever its namespace; the namespaced one first."""
    spelt = [value for key, value in element.items() if key.endswith("}" + name)]
    return spelt[0] if spelt else element.get(name, "")


def _read_place(attributes: str) -> str:
    """The letters of a cell's column, where its place does not stand first among them."""
    for name, value in _attributes(attributes):
        if name == "r":
            place = re.fullmatch(r"([A-Za-z]{1,3})\d{1,7}", value)
            if not place:
                raise BrokenWorkbook
            return place[1].upper()
    return ""


def _attributes(text: str) -> Iterator[tuple[str, str]]:
    found = re.findall(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""", text)
    return ((name, double or single) for name, double, single in found)


class _Kinds(dict[str, _Kind]):
    """What the attributes of a cell say of its value; the same stand in many cells."""

    def __init__(self, formats: Sequence[Format]) -> None:
        super().__init__()
        self.formats = formats

    def __missing__(self, attributes: str) -> _Kind:
        spelt = dict(_attributes(attributes))
        kind: _Kind = _TYPES.get(spelt.get("t", "n"), _Type.TEXT)
        if kind is _Type.NUMBER:
            style = spelt.get("s", "")
            known = style.isdecimal() and int(style) < len(self.formats)
            kind = self.formats[int(style)] if known else None
        if "r" not in spelt:
            self[attributes] = kind
        return kind


class _Columns(dict[str, int]):
    """The position of each column by its letters, from 0."""

    def __missing__(self, letters: str) -> int:
        number = 0
        for letter in letters:
            number = number * 26 + ord(letter) - 64
        self[letters] = number - 1
        return number - 1


def _texts_in(prefix: str) -> Callable[[str], str]:
    """What joins the texts of a cell or a shared string, its furigana left out."""
    p = prefix
    phonetic = re.compile(rf"<{p}rPh\b.*?</{p}rPh\s*>", re.DOTALL)
    texts = re.compile(rf"<{p}t(?:\s[^>]*)?>(.*?)</{p}t\s*>", re.DOTALL)
    return lambda content: "".join(map(_plain, texts.findall(phonetic.sub("", content))))


def _plain(text: str) -> str:
    """The characters that a text of XML, and Excel's own escapes in it, stand for."""
    if "<![CDATA[" in text:
        outside, literal, behind = re.split(
            r"<!\[CDATA\[(.*?)\]\]>", text, maxsplit=1, flags=re.DOTALL
        )
        return _plain(outside) + literal + _plain(behind)
    if "&" in text:
        text = re.sub(r"&(?:#(x[0-9A-Fa-f]{1,6}|\d{1,7})|(lt|gt|amp|quot|apos));", _character, text)
    if "_x" in text:
        text = re.sub(r"_(x[0-9A-Fa-f]{4})_", _character, text)
    return text


_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


def _character(escape: re.Match[str]) -> str:
    spelt = escape[1]
    if spelt is None:
        return _NAMED[escape[2]]
    code = int(spelt[1:], 16) if spelt[0] == "x" else int(spelt)
    return "" if code > 0x10FFFF or 0xD800 <= code < 0xE000 else chr(code)
