"""CSV and TSV: encoding decided on the whole file, dialect explicit, every row accounted for."""

from __future__ import annotations

import codecs
import csv
import io
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from csq.errors import IntakeError, Place, Problem
from csq.intake.readers.base import (
    HEADER_WITHIN,
    Batch,
    ExportFile,
    RawTable,
    Recognise,
    TornRow,
    column_names,
    find_header,
    number_array,
    row_numbers,
    text_array,
    without_blank_rows,
)
from csq.problems import BROKEN_ENCODING, EMPTY_FILE, NOT_A_TABLE, OVERSIZED_FIELD, UNKNOWN_ENCODING
from csq.wording import Wording

SUFFIXES = (".csv", ".tsv", ".txt")

_HEAD = 1 << 18
_BLOCK = 1 << 22
_LINES_WEIGHED = 10_000
_DELIMITERS = (",", "\t", ";", "|")
_FOREIGN = (
    b"\x89PNG",
    b"%PDF",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
    b"PAR1",
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
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


def read_delimited(file: ExportFile, recognise: Recognise) -> RawTable:
    """The table in a CSV or TSV file; raises `IntakeError`."""
    place = Place(file.name)
    with file.path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head.strip():
        raise IntakeError(EMPTY_FILE.at(place))
    if head.startswith(_FOREIGN) or head.lstrip()[:5].lower() in {b"<html", b"<!doc", b"<?xml"}:
        kind = Wording("文本表格", "a text table")
        raise IntakeError(NOT_A_TABLE.at(place, kind=kind))
    encoding = detect_encoding(file.path, head, place)
    dialect = _detect_dialect(_decode_head(head, encoding, place), recognise)
    if not dialect.header:
        raise IntakeError(EMPTY_FILE.at(place))
    return RawTable(
        place=place,
        encoding="utf-8" if encoding == "utf-8-sig" else encoding,
        header=dialect.header,
        batches=lambda: _read_batches(file.path, encoding, dialect, place),
    )


def detect_encoding(path: Path, head: bytes, place: Place) -> str:
    """The encoding by its mark, else UTF-8 if the whole file is valid, else GB18030.

    A sample cannot decide: one row of Chinese may stand behind megabytes of ASCII.
    """
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    if _is_utf8(path):
        return "utf-8"
    if _is_mostly_utf8(path):
        raise IntakeError(BROKEN_ENCODING.at(place))
    return "gb18030"


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
        return decoder.decode(head, final=False)
    except UnicodeDecodeError:
        raise IntakeError(UNKNOWN_ENCODING.at(place)) from None


def _detect_dialect(head: str, recognise: Recognise) -> _Dialect:
    """The delimiter that yields the most known headers, or else the widest even rows."""
    declared = head[:6].lower()
    if declared.startswith("sep=") and len(head) > 4:
        return _dialect_with(head, head[4], recognise)
    found = [_dialect_with(head, delimiter, recognise) for delimiter in _DELIMITERS]
    return max(found, key=lambda dialect: (recognise(dialect.header), len(dialect.header)))


def _dialect_with(head: str, delimiter: str, recognise: Recognise) -> _Dialect:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    ends: list[int] = []
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
            if len(rows) >= HEADER_WITHIN:
                break
    except csv.Error:
        pass
    position = find_header(rows, recognise)
    header = tuple(rows[position]) if rows else ()
    return _Dialect(delimiter, header, ends[position] if rows else 0, position + 1)


def _read_batches(path: Path, encoding: str, dialect: _Dialect, place: Place) -> Iterator[Batch]:
    torn: list[TornRow] = []
    shift = dialect.header_row - dialect.lines_above

    def keep_torn(row: pacsv.InvalidRow) -> str:
        spans = row.text.count("\n") + 1 if row.text.count('"') % 2 else 1
        torn.append(TornRow(row.number + shift, row.text, row.actual_columns, spans))
        return "skip"

    names = column_names(len(dialect.header))
    next_row = dialect.header_row + 1
    done = 0
    try:
        reader = pacsv.open_csv(
            # By its bytes: the name may be no text.
            pa.OSFile(os.fsencode(path)),
            # One thread: only then does Arrow say which row is torn. It costs nothing, since
            # line breaks in quotes keep it from splitting a file anyway.
            read_options=pacsv.ReadOptions(
                use_threads=False,
                block_size=_BLOCK,
                skip_rows=dialect.lines_above,
                column_names=names,
                encoding="utf-8" if encoding == "utf-8-sig" else encoding,
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
        for cells in reader:
            fresh = torn[done:]
            rows, taken = _number_rows(next_row, cells.num_rows, fresh)
            done += taken
            next_row = (rows[-1].as_py() if len(rows) else next_row - 1) + 1
            yield without_blank_rows(Batch(cells, rows, tuple(fresh[:taken])))
    except pa.ArrowInvalid as error:
        raise IntakeError(_explain_failure(error, place)) from None
    except UnicodeDecodeError:
        raise IntakeError(UNKNOWN_ENCODING.at(place)) from None
    if torn[done:]:
        nothing = pa.RecordBatch.from_arrays([text_array([])] * len(names), names=names)
        yield Batch(nothing, row_numbers(0, 0), tuple(torn[done:]))


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


def _explain_failure(error: pa.ArrowInvalid, place: Place) -> Problem:
    if "UTF8" in str(error):
        return UNKNOWN_ENCODING.at(place)
    return OVERSIZED_FIELD.at(place, value="4 MB")
