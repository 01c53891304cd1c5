"""How a text table is laid out: its encoding, what separates its cells, where its header is."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from csq.errors import IntakeError, Place, ProblemKind
from csq.intake.readers.base import (
    HEADER_WITHIN,
    Header,
    Layout,
    Recognise,
    find_units,
    read_header,
)
from csq.intake.readers.encodings import (
    CHINESE,
    WESTERN,
    decode_head,
    detect_encoding,
    ends_within_character,
    is_decodable,
    is_western,
)
from csq.intake.readers.sheets import LAST_COLUMN
from csq.problems.files import CUT_OFF, OVERSIZED_FIELD, TOO_WIDE, UNKNOWN_ENCODING, WRONG_ENCODING
from csq.problems.rows import BROKEN_QUOTES

_DELIMITERS = (",", "\t", ";", "|")
_RARE_DELIMITERS = ("，", "；", "^", "~", "\x01")
"""Signs that also stand in texts: one separates where it alone yields headers that are known."""
_ENOUGH_KNOWN = 2
_LINE_END = re.compile(r"[\r\n]")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What separates the cells of a table, and its header with the place where it ends."""

    delimiter: str
    header: tuple[str, ...]
    lines_above: int
    """Physical lines up to and including the header."""
    header_row: int
    has_units: bool = False
    """Whether the last row of the header is one of units."""
    first_rows: tuple[tuple[str, ...], ...] = ()
    above: tuple[tuple[str, ...], ...] = ()
    fault: ProblemKind | None = None
    """What keeps the header from being told apart from the rows below it."""
    extra: int = 0
    """How many blank cells the first row below has behind those of the header."""


@dataclass(frozen=True, slots=True)
class Detected:
    """How a file is encoded and laid out."""

    encoding: str
    dialect: Dialect
    is_guessed: bool = False


def detect(path: Path, head: bytes, place: Place, recognise: Recognise, layout: Layout) -> Detected:
    """The encoding and the dialect of a file; raises `IntakeError`."""

    def in_encoding(encoding: str) -> Detected:
        text = decode_head(head, encoding, place)
        return Detected(encoding, _detect_dialect(text, recognise, layout))

    if layout.encoding and not is_decodable(path, layout.encoding):
        raise IntakeError(WRONG_ENCODING.at(place, value=layout.encoding))
    encoding = layout.encoding or detect_encoding(path, head, place)
    if encoding:
        return in_encoding(encoding)
    # Western letters stand alone, Chinese characters are pairs of bytes; of several encodings
    # that can spell these bytes the one is right in which the header has a meaning.
    guesses = (*WESTERN, *CHINESE) if is_western(path) else CHINESE
    tried = [in_encoding(each) for each in guesses if is_decodable(path, each)]
    if not tried:
        is_cut = any(ends_within_character(path, each) for each in guesses)
        raise IntakeError((CUT_OFF if is_cut else UNKNOWN_ENCODING).at(place))
    best = max(tried, key=lambda each: recognise(each.dialect.header))
    return replace(best, is_guessed=best.encoding != "gb18030")


def _detect_dialect(head: str, recognise: Recognise, layout: Layout) -> Dialect:
    """The delimiter that yields the most known headers, or else the widest even rows."""
    if layout.delimiter:
        return _dialect_with(head, layout.delimiter, recognise, layout)

    def known(dialect: Dialect) -> int:
        return recognise(dialect.header)

    if head[:4].lower() == "sep=" and head[4:5] not in {"", "\r", "\n"}:
        declared = _dialect_with(head, head[4], recognise, layout)
        if known(declared):
            return declared
    usual, *others = _DELIMITERS
    present = [usual, *(delimiter for delimiter in others if delimiter in head)]
    found = [_dialect_with(head, delimiter, recognise, layout) for delimiter in present]
    best = max(found, key=lambda dialect: (known(dialect), len(dialect.header)))
    if known(best):
        return best
    rare = (each for each in _RARE_DELIMITERS if each in head)
    tried = (_dialect_with(head, delimiter, recognise, layout) for delimiter in rare)
    fitting = (dialect for dialect in tried if known(dialect) >= _ENOUGH_KNOWN)
    too_wide = (dialect for dialect in found if dialect.fault is TOO_WIDE)
    return next(chain(fitting, too_wide), best)


def _dialect_with(head: str, delimiter: str, recognise: Recognise, layout: Layout) -> Dialect:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    ends: list[int] = []
    is_cut = too_wide = False
    try:
        for row in reader:
            if too_wide := len(row) > LAST_COLUMN:
                break
            rows.append(row)
            ends.append(reader.line_num)
            if len(rows) >= max(HEADER_WITHIN, (layout.header_row or 0) + 1):
                break
    except csv.Error:
        is_cut = True
    last = layout.header_row - 1 if layout.header_row else 0
    if too_wide and (last >= len(rows) or not any(map(recognise, rows))):
        return Dialect(delimiter, (), 0, 0, fault=TOO_WIDE)
    if last >= len(rows):
        return Dialect(delimiter, (), 0, 0, fault=OVERSIZED_FIELD if is_cut else None)
    if not layout.header_row:
        header = read_header(rows, recognise)
    elif layout.skip_rows:
        header = Header(tuple(rows[last]), last)
    else:
        header = find_units(rows[last], last, rows)
    last = header.last
    # A quote that is never closed makes one cell of all that follows.
    ending = "".join(rows[-1][-1:])
    is_open = _LINE_END.search(ending) and not head.rstrip("\r\n").endswith('"')
    fault = BROKEN_QUOTES if is_open and recognise(header.cells) < _ENOUGH_KNOWN else None
    below = tuple(tuple(row) for row in rows[last + 1 :] if len(row) == len(header.cells))
    above = tuple(map(tuple, rows[: last - header.has_units]))
    return Dialect(
        delimiter,
        header.cells,
        ends[last],
        last + 1,
        header.has_units,
        below,
        above,
        fault,
        _count_extra(header.cells, rows[last + 1 :]),
    )


def _count_extra(header: Sequence[str], below: Iterable[Sequence[str]]) -> int:
    """How many cells the first filled row has more than a header, where they are all blank."""
    first = next((row for row in below if any(cell.strip() for cell in row)), ())
    extra = first[len(header) :]
    return 0 if any(cell.strip() for cell in extra) else len(extra)


def widened(dialect: Dialect) -> Dialect:
    """The dialect of a table whose header lacks the delimiters that its rows end with."""
    header = (*dialect.header, *[""] * dialect.extra)
    return replace(dialect, header=header, first_rows=(), extra=0)
