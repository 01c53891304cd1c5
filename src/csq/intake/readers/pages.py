"""The tables of a web page that a system has named “.xls”, so that Excel opens it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

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

_BLOCK = 1 << 20
_HEAD = 1 << 14
_LONGEST_ROW = 1 << 26
_BEGINS = re.compile(
    rb"(?:<!--.*?-->|<\?xml.*?\?>|\s)*"
    rb"<(?:!doctype html|(?:html|head|meta|style|body|div|table|center)\b)",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I
)
_UNSEEN = frozenset({"style", "script", "title", "template"})
_BREAKS = frozenset({"br", "p", "div", "li"})


def is_page(head: bytes) -> bool:
    """Whether a file that begins so is a web page."""
    return bool(_BEGINS.match(_as_ascii(head)))


def _as_ascii(head: bytes) -> bytes:
    """The beginning of a text in ASCII, whatever its mark says of its encoding."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace").encode("ascii", "replace")
    return head.removeprefix(codecs.BOM_UTF8)


def open_page(path: Path) -> tuple[Sheet, ...]:
    """The tables of a page in their order, each as a sheet; raises `BrokenWorkbook`."""
    found = _Tables(None, None)
    for _ in _read(path, found):
        pass
    return tuple(
        sheet_of_rows(
            f"table {position + 1}", False, partial(_rows, path, position), knows_dates=False
        )
        for position in range(found.count)
    )


def _rows(path: Path, position: int, width: int | None, day_mark: str = "") -> Iterator[SheetRow]:
    # A page holds text alone: there is no date to mark.
    return _read(path, _Tables(position, width))


def _read(path: Path, tables: _Tables) -> Iterator[SheetRow]:
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        stream.seek(0)
        decoder = codecs.getincrementaldecoder(_encoding_of(head, path))()
        try:
            while block := stream.read(_BLOCK):
                tables.feed(decoder.decode(block))
                yield from tables.taken()
            tables.feed(decoder.decode(b"", final=True))
        except (UnicodeError, AssertionError):
            raise BrokenWorkbook from None
    tables.close()
    yield from tables.taken()
    if tables.is_open:
        raise BrokenWorkbook


def _encoding_of(head: bytes, path: Path) -> str:
    """What the page says itself, else UTF-8 where it is that throughout, else GB18030."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    declared = _CHARSET.search(head)
    name = declared[1].decode("ascii", "replace").lower() if declared else "utf-8"
    # A page that says GB2312 or GBK holds characters beyond them as soon as somebody is called 喆.
    wanted = "gb18030" if name in {"gb2312", "gbk", "x-gbk", "gb_2312-80"} else name
    for encoding in (wanted, "utf-8-sig", "gb18030"):
        if _decodes(path, "utf-8-sig" if encoding in {"utf-8", "utf8"} else encoding):
            return "utf-8-sig" if encoding in {"utf-8", "utf8"} else encoding
    raise BrokenWorkbook


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as text:
            while text.read(_BLOCK):
                pass
    except (UnicodeError, LookupError):
        return False
    return True


class _Tables(HTMLParser):
    """What is taken from a page as it is parsed: how many tables it has, and the rows of one.

    A cell that spans several holds its text in the first of them, as merged cells of Excel do. A
    table in a cell of another is a table of its own.
    """

    def __init__(self, wanted: int | None, width: int | None) -> None:
        super().__init__(convert_charrefs=True)
        self.count = 0
        self._wanted, self._width = wanted, width
        self._open: list[int] = []
        self._rows: list[SheetRow] = []
        self._number = 0
        self._spans: dict[int, int] = {}
        self._texts: dict[int, str] | None = None
        self._column = 0
        self._cell: list[str] | None = None
        self._size = (1, 1)
        self._length = 0
        self._unseen = 0

    @property
    def is_open(self) -> bool:
        """Whether a table has not ended: the page is not whole."""
        return bool(self._open)

    def taken(self) -> Iterator[SheetRow]:
        """The rows that are whole; each is given once."""
        yield from self._rows
        self._rows.clear()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._open.append(self.count)
            self.count += 1
        elif tag in _UNSEEN:
            self._unseen += 1
        elif self._is_wanted():
            if tag == "tr":
                self._end_row()
                self._texts, self._column = {}, 0
            elif tag in {"td", "th"}:
                self._begin_cell(dict(attrs))
            elif tag in _BREAKS and self._cell is not None:
                self._cell.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in {"td", "th", "tr", "table"} or tag in _UNSEEN:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "table" and self._open:
            if self._is_wanted():
                self._end_row()
            self._open.pop()
        elif self._is_wanted():
            if tag in {"td", "th"}:
                self._end_cell()
            elif tag == "tr":
                self._end_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and self._is_wanted() and not self._unseen:
            self._cell.append(" ".join(re.split(r"[ \t\r\n\f]+", data)))
            self._length += len(data)
            if self._length > _LONGEST_ROW:
                raise OversizedRow

    def _is_wanted(self) -> bool:
        return bool(self._open) and self._open[-1] == self._wanted

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        self._end_cell()
        if self._texts is None:
            self._texts, self._column = {}, 0
        while self._spans.get(self._column, 0) > 0:
            self._column += 1
        self._cell = []
        self._size = _span(attributes.get("colspan")), _span(attributes.get("rowspan"))
        if self._column + self._size[0] > LAST_COLUMN:
            raise BrokenWorkbook

    def _end_cell(self) -> None:
        if self._cell is None or self._texts is None:
            return
        lines = (" ".join(line.split(" ")) for line in "".join(self._cell).split("\n"))
        text = "\n".join(line.strip(" ") for line in lines).strip("\n ")
        columns, rows = self._size
        self._texts[self._column] = re.sub(r" {2,}", " ", text)
        # A span counts its own row, which ends with it.
        self._spans |= dict.fromkeys(range(self._column, self._column + columns), rows)
        self._column += columns
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._texts is None:
            return
        self._number += 1
        if self._number > LAST_ROW:
            raise BrokenWorkbook
        self._rows.append(lay_out(self._number, self._texts, self._width))
        self._spans = {column: rows - 1 for column, rows in self._spans.items() if rows > 1}
        self._texts, self._length = None, 0


def _span(attribute: str | None) -> int:
    """How many columns or rows a cell takes; what is no number takes one."""
    text = (attribute or "").strip()
    return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1
