"""CSV and TSV: encoding decided on the whole file, dialect explicit, every row accounted for."""

from __future__ import annotations

import codecs
import csv
import io
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING
from weakref import finalize

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from csq.errors import IntakeError, Place, ProblemKind
from csq.intake.readers.base import (
    HEADER_WITHIN,
    Batch,
    ExportFile,
    Header,
    Layout,
    RawTable,
    Recognise,
    TornRow,
    column_names,
    find_units,
    number_array,
    read_header,
    row_numbers,
    text_array,
    without_blank_rows,
    without_first_rows,
)
from csq.intake.readers.quoting import EndlessRow, QuoteCheck
from csq.intake.readers.sheets import LAST_COLUMN
from csq.problems.files import (
    BLANK_HEADER_ROW,
    BROKEN_ENCODING,
    CUT_OFF,
    EMPTY_FILE,
    GUESSED_ENCODING,
    NOT_A_TABLE,
    OVERSIZED_FIELD,
    TOO_WIDE,
    UNKNOWN_ENCODING,
    WRONG_ENCODING,
)
from csq.problems.headers import UNITS_ROW
from csq.problems.rows import BROKEN_QUOTES
from csq.wording import Wording

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


_HEAD = 1 << 18
_BLOCK = 1 << 22
_LINES_WEIGHED = 10_000
_PATIENCE = 10
"""Seconds; a piece of text is read in some hundredths of one."""
_DELIMITERS = (",", "\t", ";", "|")
_RARE_DELIMITERS = ("，", "；", "^", "~", "\x01")
"""Signs that also stand in texts: one separates where it alone yields headers that are known."""
_ENOUGH_KNOWN = 2
_LINE_END = re.compile(r"[\r\n]")
_STAND_IN = "\x1f"
"""What a delimiter beyond ASCII is for Arrow, which takes no other; the two change places."""
_FOREIGN = (
    b"\x89PNG",
    b"%PDF",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
    b"PAR1",
)
_CHINESE, _WESTERN = ("gb18030", "big5hkscs"), ("cp1252",)
"""Encodings without a mark, the likeliest first."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # The mark of UTF-16 is the first half of this one.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class _Dialect:
    delimiter: str
    header: tuple[str, ...]
    lines_above: int
    """Physical lines up to and including the header."""
    header_row: int
    has_units: bool = False
    """Whether the last row of the header is one of units."""
    first_rows: tuple[tuple[str, ...], ...] = ()
    fault: ProblemKind | None = None
    """What keeps the header from being told apart from the rows below it."""


def read_delimited(
    file: ExportFile,
    recognise: Recognise,
    layout: Layout = Layout(),  # noqa: B008
) -> RawTable:
    """The table in a CSV or TSV file; raises `IntakeError`."""
    place = Place(file.name)
    with file.path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head.strip():
        raise IntakeError(EMPTY_FILE.at(place))
    if head.startswith(_FOREIGN) or head.lstrip()[:5].lower() in {b"<html", b"<!doc", b"<?xml"}:
        kind = Wording("文本表格", "a text table")
        raise IntakeError(NOT_A_TABLE.at(place, kind=kind))
    found = _detect(file.path, head, place, recognise, layout)
    if layout.header_row and not any(cell.strip() for cell in found.dialect.header):
        raise IntakeError(BLANK_HEADER_ROW.at(place, value=layout.header_row))
    if fault := found.dialect.fault:
        lines = len(head.splitlines())
        limit = str(LAST_COLUMN) if fault is TOO_WIDE else "128 KB"
        raise IntakeError(fault.at(place, count=lines, value=limit))
    if not found.dialect.header:
        raise IntakeError(EMPTY_FILE.at(place))
    last = found.dialect.header_row
    first = last + 1 + layout.skip_rows
    read_batches = _read_batches if found.dialect.delimiter.isascii() else _read_in_ascii
    units = (UNITS_ROW.at(replace(place, row=last)),) if found.dialect.has_units else ()
    guessed = (GUESSED_ENCODING.at(place, value=found.encoding),) if found.is_guessed else ()
    return RawTable(
        place=place,
        encoding="utf-8" if found.encoding == "utf-8-sig" else found.encoding,
        header=found.dialect.header,
        batches=lambda: without_first_rows(read_batches(file.path, found, place), first),
        problems=(*guessed, *units),
        first_rows=found.dialect.first_rows,
    )


@dataclass(frozen=True, slots=True)
class _Detected:
    """How a file is encoded and laid out."""

    encoding: str
    dialect: _Dialect
    is_guessed: bool = False


def _detect(
    path: Path, head: bytes, place: Place, recognise: Recognise, layout: Layout
) -> _Detected:
    """The encoding and the dialect of a file; raises `IntakeError`."""

    def in_encoding(encoding: str) -> _Detected:
        text = _decode_head(head, encoding, place)
        return _Detected(encoding, _detect_dialect(text, recognise, layout))

    if layout.encoding and not _is_decodable(path, layout.encoding):
        raise IntakeError(WRONG_ENCODING.at(place, value=layout.encoding))
    encoding = layout.encoding or detect_encoding(path, head, place)
    if encoding:
        return in_encoding(encoding)
    # Western letters stand alone, Chinese characters are pairs of bytes; of several encodings
    # that can spell these bytes the one is right in which the header has a meaning.
    guesses = (*_WESTERN, *_CHINESE) if _is_western(path) else _CHINESE
    tried = [in_encoding(each) for each in guesses if _is_decodable(path, each)]
    if not tried:
        is_cut = any(_ends_within_character(path, each) for each in guesses)
        raise IntakeError((CUT_OFF if is_cut else UNKNOWN_ENCODING).at(place))
    best = max(tried, key=lambda each: recognise(each.dialect.header))
    return replace(best, is_guessed=best.encoding != "gb18030")


def detect_encoding(path: Path, head: bytes, place: Place) -> str | None:
    """The encoding by its mark, or UTF-8 if the whole file is valid; `None` where it is neither.

    A sample cannot decide: one row of Chinese may stand behind megabytes of ASCII.
    """
    for mark, encoding in _BOMS:
        if head.startswith(mark) and (encoding != "utf-8-sig" or _is_utf8(path)):
            return encoding
    if b"\0" in head:
        odd, even = head[1::2].count(0), head[::2].count(0)
        if max(odd, even) * 5 > len(head) // 2 and not min(odd, even):
            return "utf-16-le" if odd else "utf-16-be"
    if _is_utf8(path):
        return "utf-8"
    if _is_mostly_utf8(path):
        is_cut = _ends_within_character(path, "utf-8")
        raise IntakeError((CUT_OFF if is_cut else BROKEN_ENCODING).at(place))
    return None


def _is_decodable(path: Path, encoding: str) -> bool:
    if encoding in {"utf-8", "utf-8-sig"}:
        return _is_utf8(path)
    try:
        for _ in _decoded(path, encoding):
            pass
    except UnicodeError:
        return False
    return True


def _ends_within_character(path: Path, encoding: str) -> bool:
    """Whether all of a file is in an encoding but for its end, in the middle of a character."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                decoder.decode(block)
    except UnicodeError:
        return False
    return bool(decoder.getstate()[0])


def _decoded(path: Path, encoding: str) -> Iterator[bytes]:
    """The file as UTF-8, a piece at a time, without its mark; raises `UnicodeError`."""
    with path.open("rb") as stream:
        if encoding in {"utf-8", "utf-8-sig"}:
            # Files that were joined or saved twice begin with more than one mark.
            block = re.sub(rb"^(?:\xef\xbb\xbf)+", b"", stream.read(_BLOCK))
            while block:
                yield block
                block = stream.read(_BLOCK)
            return
        decoder = codecs.getincrementaldecoder(encoding)()
        while block := stream.read(_BLOCK):
            yield decoder.decode(block).encode()
        yield decoder.decode(b"", final=True).encode()


def _is_western(path: Path) -> bool:
    """Whether most bytes beyond ASCII stand alone among letters, as they do in Western text."""
    alone = runs = 0
    with path.open("rb") as stream:
        while runs < _LINES_WEIGHED and (block := stream.read(_BLOCK)):
            found = re.findall(rb"[\x80-\xff]+", block)
            runs += len(found)
            alone += sum(1 for run in found if len(run) == 1)
    return alone * 2 > runs


def _is_mostly_utf8(path: Path) -> bool:
    """Whether a file that is not valid UTF-8 is nevertheless no other encoding: damaged, or mixed.

    In a file of another encoding hardly a line beyond ASCII is UTF-8 by chance.
    """
    fitting = others = 0
    with path.open("rb") as stream:
        for line in stream:
            if not line.isascii():
                try:
                    line.decode()
                    fitting += 1
                except UnicodeDecodeError:
                    others += 1
            if fitting + others >= _LINES_WEIGHED:
                break
    return fitting > others


def _is_utf8(path: Path) -> bool:
    """Validated in blocks that end with a line: no character of UTF-8 spans a line end."""
    rest = b""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            first, last = block.find(b"\n") + 1, block.rfind(b"\n") + 1
            if not first:
                rest += block
            elif _is_valid(rest + block[:first]) and _is_valid(block[first:last]):
                rest = block[last:]
            else:
                return False
    return _is_valid(rest)


def _is_valid(content: bytes) -> bool:
    """Whether bytes are UTF-8; Arrow checks them in place, several times faster than decoding."""
    ends = (0).to_bytes(4, sys.byteorder) + len(content).to_bytes(4, sys.byteorder)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(content)]
    try:
        pa.Array.from_buffers(pa.binary(), 1, buffers).cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True


def _decode_head(head: bytes, encoding: str, place: Place) -> str:
    """As much of the head as decodes; a fault at its cut end does not count."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        return decoder.decode(head, final=False).lstrip("\ufeff")
    except UnicodeDecodeError:
        raise IntakeError(UNKNOWN_ENCODING.at(place)) from None


def _detect_dialect(head: str, recognise: Recognise, layout: Layout) -> _Dialect:
    """The delimiter that yields the most known headers, or else the widest even rows."""
    if layout.delimiter:
        return _dialect_with(head, layout.delimiter, recognise, layout)

    def known(dialect: _Dialect) -> int:
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


def _dialect_with(head: str, delimiter: str, recognise: Recognise, layout: Layout) -> _Dialect:
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
        return _Dialect(delimiter, (), 0, 0, fault=TOO_WIDE)
    if last >= len(rows):
        return _Dialect(delimiter, (), 0, 0, fault=OVERSIZED_FIELD if is_cut else None)
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
    return _Dialect(delimiter, header.cells, ends[last], last + 1, header.has_units, below, fault)


def _read_in_ascii(path: Path, found: _Detected, place: Place) -> Iterator[Batch]:
    """The batches of a table whose delimiter is no ASCII, by way of one that is."""
    delimiter = found.dialect.delimiter
    exchange = str.maketrans(delimiter + _STAND_IN, _STAND_IN + delimiter)
    dialect = replace(found.dialect, delimiter=_STAND_IN)

    def exchanged(pieces: Iterator[bytes]) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder("utf-8")()
        for piece in pieces:
            yield decoder.decode(piece).translate(exchange).encode()

    for batch in _read_batches(path, replace(found, dialect=dialect), place, exchanged):
        columns = [
            text_array([str(cell).translate(exchange) for cell in column.to_pylist()])
            for column in batch.cells.columns
        ]
        cells = pa.RecordBatch.from_arrays(columns, names=batch.cells.schema.names)
        torn = tuple(replace(row, text=row.text.translate(exchange)) for row in batch.torn)
        yield replace(batch, cells=cells, torn=torn)


def _read_batches(
    path: Path,
    found: _Detected,
    place: Place,
    spell: Callable[[Iterator[bytes]], Iterator[bytes]] = iter,
) -> Iterator[Batch]:
    """The rows below the header; `spell` is what the text goes through, as UTF-8, before that."""
    dialect = found.dialect
    names = column_names(len(dialect.header))
    # No row of a table has so many cells of nothing, so it cannot be taken for one.
    placeholder = dialect.delimiter * (len(names) + 1) + "\0"
    check = QuoteCheck(dialect.delimiter, placeholder)
    unpaired = 0
    torn: list[TornRow] = []

    def keep_torn(row: pacsv.InvalidRow) -> str:
        nonlocal unpaired
        number = row.number + dialect.header_row
        if row.text == placeholder:
            cut = check.cut_out[unpaired]
            unpaired += 1
            torn.append(TornRow(number, cut.text, None, cut.lines))
        else:
            torn.append(TornRow(number, row.text, row.actual_columns))
        return "skip"

    next_row = dialect.header_row + 1
    done = 0
    try:
        body = spell(_without_lines(_decoded(path, found.encoding), dialect.lines_above))
        text = _Stream(check.passed(body))
        stream = io.BufferedReader(text, _BLOCK)
        if not stream.peek(1):
            return
        reader = pacsv.open_csv(
            stream,
            # One thread: only then does Arrow say which row is torn. It costs nothing, since
            # line breaks in quotes keep it from splitting a file anyway.
            read_options=pacsv.ReadOptions(
                use_threads=False, block_size=_BLOCK, column_names=names
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=dialect.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=keep_torn,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
        try:
            for cells in reader:
                fresh = torn[done:]
                rows, taken = _number_rows(next_row, cells.num_rows, fresh)
                done += taken
                next_row = (rows[-1].as_py() if len(rows) else next_row - 1) + 1
                filled, blank = _filled(fresh[:taken], dialect.delimiter)
                yield without_blank_rows(Batch(cells, rows, filled, blank))
        finally:
            # Arrow reads ahead in a thread of its own; where Python ends before that thread has
            # let go of what is Python's, the process aborts. It does so when the text ends.
            text.stop()
            held = [Event(), Event()]
            finalize(stream, held[0].set)
            finalize(keep_torn, held[1].set)
            del reader, stream, keep_torn
            for each in held:
                each.wait(_PATIENCE)
    except (pa.ArrowInvalid, EndlessRow):
        raise IntakeError(OVERSIZED_FIELD.at(place, value="4 MB")) from None
    except UnicodeError:
        is_cut = _ends_within_character(path, found.encoding)
        raise IntakeError((CUT_OFF if is_cut else UNKNOWN_ENCODING).at(place)) from None
    if torn[done:]:
        nothing = pa.RecordBatch.from_arrays([text_array([])] * len(names), names=names)
        yield Batch(nothing, row_numbers(0, 0), *_filled(torn[done:], dialect.delimiter))


def _filled(torn: list[TornRow], delimiter: str) -> tuple[tuple[TornRow, ...], int]:
    """The rows that hold anything, and how many are bare delimiters, however many of them."""
    filled = tuple(row for row in torn if row.text.replace(delimiter, "").strip())
    return filled, len(torn) - len(filled)


def _without_lines(blocks: Iterator[bytes], lines: int) -> Iterator[bytes]:
    """The text behind its first lines, which stand in the first piece."""
    first = next(blocks, b"")
    ends = [0, *(end.end() for end in islice(re.finditer(rb"\r\n?|\n", first), lines))]
    yield first[ends[-1] if len(ends) > lines else len(first) :]
    yield from blocks


class _Stream(io.RawIOBase):
    """Pieces of text as a file that can be read once."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        target = memoryview(buffer).cast("B")
        count = min(len(target), len(self._rest))
        target[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def stop(self) -> None:
        """End here, whatever would follow."""
        self._pieces = iter(())


def _number_rows(first: int, count: int, torn: list[TornRow]) -> tuple[pa.Array, int]:
    """The row numbers of `count` good rows from `first` on, and how many torn ones lie between."""
    if not torn or torn[0].row >= first + count:
        return row_numbers(first, first + count), 0
    numbers: list[int] = []
    taken = 0
    row = first
    while len(numbers) < count:
        if taken < len(torn) and torn[taken].row == row:
            taken += 1
        else:
            numbers.append(row)
        row += 1
    return number_array(np.array(numbers, dtype=np.int64)), taken
