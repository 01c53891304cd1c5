"""The XML of a sheet of an xlsx, taken apart a piece at a time, all cells of a piece at once.

Nearly all cells of all programs are written alike, so Arrow and numpy find them and take them
apart; the few that hold more than a value, or are written in another way, are looked at by
themselves. Of both comes the same: a place, a kind, and a spelling of a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csq.intake.readers.base import Positions, gather, number_array, numbers_in, text_array
from csq.intake.readers.formats import Format
from csq.intake.readers.grid import Grid
from csq.intake.readers.markup import (
    Bytes,
    as_texts,
    decode,
    find_tags,
    spans_from,
    texts_in,
    without_asides,
)
from csq.intake.readers.sheets import (
    LAST_COLUMN,
    LAST_ROW,
    BrokenWorkbook,
    OversizedRow,
    column_number,
)
from csq.records.notation import UNCALCULATED

_LONGEST_ROW = 1 << 26
"""Far more than 16,384 cells of text take."""

_PADDING = b" " * 16
"""What stands behind a piece, so that a place can be looked for without asking for its end."""
_ROW_NUMBER = re.compile(r"""(?<![\w:])r\s*=\s*["'](\d+)["']""")
_CELL_NUMBER = re.compile(r"""(?<![\w:])r\s*=\s*["'][A-Za-z]+(\d+)["']""")


class Type(Enum):
    """What the type of a cell says of its value."""

    NUMBER = auto()
    SHARED = auto()
    FLAG = auto()
    TEXT = auto()
    INLINE = auto()
    SPELT = auto()
    """A text that was put together already."""


Kind = Type | Format
"""What a cell holds: a type, or of a number what it is shown as."""

SpellColumn = Callable[[Kind, pa.Array], pa.Array]
"""What the values of many cells of one kind say, from their spellings in XML."""

_TYPES = {"n": Type.NUMBER, "s": Type.SHARED, "inlineStr": Type.INLINE, "b": Type.FLAG}


def read_cells(
    blocks: Iterator[bytes], formats: Sequence[Format], spell: SpellColumn
) -> Iterator[Grid]:
    """The rows of a sheet that are there, from the pieces of its XML; raises `UnreadableWorkbook`.

    `formats` are what each style of a cell makes of a number.
    """
    prefix, behind, is_empty = _find_cells(blocks)
    taker = _Taker(prefix, _Heads(formats))
    before = 0
    for xml in () if is_empty else _whole_rows(blocks, behind, prefix):
        cells = taker.take_apart(xml, before)
        if len(cells.numbers):
            before = int(cells.numbers[-1])
            yield cells.spelt(spell)
    for _ in blocks:  # the checksum of a part is compared at its end
        pass


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


def _whole_rows(blocks: Iterator[bytes], behind: bytes, prefix: str) -> Iterator[bytes]:
    """The XML from the first row to the end of the last, cut between rows."""
    row_mark, end_mark = f"<{prefix}row".encode(), f"</{prefix}sheetData".encode()
    data = behind
    while True:
        unfinished = data.find(b"<!")
        if unfinished >= 0:
            data = without_asides(data)
            unfinished = data.find(b"<!")
        known = unfinished if unfinished >= 0 else len(data)
        end = data.find(end_mark, 0, known)
        cut = end if end >= 0 else max(data.rfind(row_mark, 0, known), 0)
        yield data[:cut]
        if end >= 0:
            return
        data = data[cut:]
        if len(data) > _LONGEST_ROW:
            raise OversizedRow
        block = next(blocks, None)
        if block is None:
            raise BrokenWorkbook
        data += block


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of some rows, as a `Grid` has them, with what their values are spelt as in XML.

    `kind` is the position of each cell's kind among `kinds`.
    """

    numbers: Positions
    row: Positions
    column: Positions
    kind: Positions
    kinds: Sequence[Kind]
    values: pa.Array

    def spelt(self, spell: SpellColumn) -> Grid:
        """The same with the texts that the cells show."""
        alike = [np.flatnonzero(self.kind == each) for each in range(len(self.kinds))]
        texts = gather(
            [
                (cells, spell(kind, self.values.take(number_array(cells))))
                for kind, cells in zip(self.kinds, alike, strict=True)
                if len(cells)
            ]
        )
        return Grid(self.numbers, self.row, self.column, texts)


class _Heads:
    """What the attributes of cells say of them; the same stand in many."""

    TEXT, SPELT = 0, 1

    def __init__(self, formats: Sequence[Format]) -> None:
        self.kinds: list[Kind] = [Type.TEXT, Type.SPELT]
        self._formats = formats
        self._without_place: dict[str, tuple[int, int]] = {}

    def read(self, head: str) -> tuple[int, int]:
        """The column from 0 or, where they name none, -1; and the position of the kind."""
        if head in self._without_place:
            return self._without_place[head]
        found = re.findall(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""", head)
        spelt = {name: double or single for name, double, single in found}
        kind: Kind = _TYPES.get(spelt.get("t", "n"), Type.TEXT)
        if kind is Type.NUMBER:
            style = spelt.get("s", "")
            known = style.isdecimal() and int(style) < len(self._formats)
            kind = self._formats[int(style)] if known else None
        if kind not in self.kinds:
            self.kinds.append(kind)
        position = self.kinds.index(kind)
        if "r" in spelt:
            return _column_of(spelt["r"]), position
        self._without_place[head] = -1, position
        return -1, position


def _column_of(place: str) -> int:
    """The column, from 0, of a place such as “AB12”."""
    letters = re.fullmatch(r"([A-Za-z]{1,3})\d{1,7}", place)
    if not letters:
        raise BrokenWorkbook
    return column_number(letters[1].upper())


class _Taker:
    """Takes apart the XML of whole rows; the names in it begin with `prefix`."""

    def __init__(self, prefix: str, heads: _Heads) -> None:
        p = prefix
        self._heads = heads
        self._row_tag, self._cell_tag = f"{p}row".encode(), f"{p}c".encode()
        # What stands behind the place of nearly every cell: attributes, then nothing, or a bare
        # value or text. RE2 need not look at any sign twice for it, which halves its time; hence
        # the odd nesting. A blank first sign is left out, since a formula may have no value.
        self._usual = (
            rf"^(?P<head>[^/>]*)(?:/>|>(?:</{p}c>|(?:<(?:{p}f[^>]*>[^<]*<(?:/{p}f><)?)?{p}v>"
            rf'|<(?P<inline>{p}is)><{p}t(?: xml:space="preserve")?>)'
            rf"(?P<value>[^\s<][^<]*)(?:</{p}v></{p}c>|</{p}t></{p}is></{p}c>)))"
        )
        self._cell = re.compile(rf"([^>]*?)(?:/>|>(.*?)</{p}c\s*>)", re.DOTALL)
        self._value = re.compile(rf"<{p}v(?:\s[^>]*?)?>(.*?)</{p}v\s*>", re.DOTALL)
        self._formula = re.compile(rf"<{p}f[\s/>]")
        self._texts = texts_in(p)

    def take_apart(self, xml: bytes, before: int) -> _Cells:
        """The cells in the rows of a piece; `before` is the number of the row above them."""
        padded = xml + _PADDING
        data = np.frombuffer(padded, np.uint8)
        tags = np.flatnonzero(data == ord("<"))
        rows = find_tags(data, tags, self._row_tag)
        cells = find_tags(data, tags, self._cell_tag)
        cells = cells[np.searchsorted(cells, rows[0] if len(rows) else len(data)) :]
        row = np.searchsorted(rows, cells, side="right") - 1
        numbers = _number_rows(spans_from(padded, rows + len(self._row_tag) + 1), before)
        column, behind = _read_places(data, cells + len(self._cell_tag) + 1)
        named, kind, values = self._read(spans_from(padded, behind))
        column = _follow(np.where(column < 0, named, column), row)
        if numbers.max(initial=0) > LAST_ROW or column.max(initial=0) >= LAST_COLUMN:
            raise BrokenWorkbook
        filled = np.flatnonzero(numbers_in(pc.binary_length(values)))
        values = values.take(number_array(filled))
        return _Cells(numbers, row[filled], column[filled], kind[filled], self._heads.kinds, values)

    def _read(self, spans: pa.Array) -> tuple[Positions, Positions, pa.Array]:
        """Of each cell its column or -1, its kind, and its value as XML spells it.

        Each begins behind its place, if that stands first in it.
        """
        usual = pc.extract_regex(spans, self._usual)
        is_odd = usual.is_null()
        heads, inline, values = (as_texts(usual.field(i)) for i in range(3))
        odd = numbers_in(pc.indices_nonzero(is_odd)).astype(np.int64)
        looked_at = [self._look_at(span) for span in spans.filter(is_odd).to_pylist()]
        if looked_at:
            odd_heads = text_array([head for head, _, _ in looked_at])
            odd_values = text_array([value for _, value, _ in looked_at])
            heads = pc.replace_with_mask(heads, is_odd, odd_heads)
            values = pc.replace_with_mask(values, is_odd, odd_values)
        encoded = heads.dictionary_encode()
        read = [self._heads.read(head) for head in encoded.dictionary.to_pylist()]
        named, kinds = np.array(read, np.int64).reshape(-1, 2).T
        which = numbers_in(encoded.indices)
        kind = kinds[which]
        kind[numbers_in(pc.binary_length(inline)) > 0] = _Heads.TEXT
        kind[odd] = np.where([each[2] for each in looked_at], _Heads.SPELT, kinds[which[odd]])
        return named[which], kind, values

    def _look_at(self, span: bytes) -> tuple[str, str, bool]:
        """The attributes and the value of any cell, and whether that is spelt out already."""
        found = self._cell.match(decode(span))
        if not found:
            raise BrokenWorkbook
        head, content = found[1], found[2] or ""
        kind = self._heads.kinds[self._heads.read(head)[1]]
        if kind is Type.INLINE:
            return head, self._texts(content), True
        value = self._value.search(content)
        spelt = value[1] if value else ""
        if self._formula.search(content) and kind is not Type.TEXT and not spelt.strip():
            return head, UNCALCULATED, True
        return head, spelt, False


def _number_rows(spans: pa.Array, before: int) -> Positions:
    """The number of each row, by its own, or its first cell's, or that of the row above.

    Each begins with its attributes.
    """
    spelt = pc.extract_regex(spans, r'^ r="(?P<number>\d{1,7})"')
    if not spelt.null_count:
        return numbers_in(as_texts(spelt.field(0)).cast(pa.int64()))
    numbers = []
    for span in spans.to_pylist():
        own, _, content = decode(span).partition(">")
        numbered = _ROW_NUMBER.search(own) or _CELL_NUMBER.search(content)
        before = min(int(numbered[1]), LAST_ROW + 1) if numbered else before + 1
        numbers.append(before)
    return np.array(numbers, np.int64)


def _read_places(data: Bytes, at: Positions) -> tuple[Positions, Positions]:
    """The column, from 0, of cells whose attributes begin here, and what stands behind the place.

    Where that does not stand first, or is spelt in another way, -1 and the beginning.
    """
    start, spelt = at, np.ones(len(at), bool)
    for sign in b' r="':
        spelt &= data[at] == sign
        at = at + 1
    column = np.zeros(len(at), np.int64)
    for _ in range(3):
        letter = data[at] - np.uint8(ord("A"))
        is_letter = letter < 26
        if not is_letter.any():
            break
        column = np.where(is_letter, column * 26 + letter + 1, column)
        at = at + is_letter
    digits = at
    for _ in range(7):
        is_digit = data[at] - np.uint8(ord("0")) < 10
        if not is_digit.any():
            break
        at = at + is_digit
    spelt &= (column > 0) & (at > digits) & (data[at] == ord('"'))
    return np.where(spelt, column - 1, -1), np.where(spelt, at + 1, start)


def _follow(column: Positions, row: Positions) -> Positions:
    """The columns, with those that are not known, -1: one behind the cell before in the row."""
    each = np.arange(len(column))
    begins = np.append(True, row[1:] != row[:-1])[: len(row)]
    known = np.maximum.accumulate(np.where((column >= 0) | begins, each, 0))
    return np.maximum(column, 0)[known] + each - known
