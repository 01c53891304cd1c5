"""CSV and TSV: encoding decided on the whole file, dialect explicit, every row accounted for."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING
from weakref import finalize

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from csq.errors import IntakeError, Place
from csq.intake.readers.base import (
    Batch,
    ExportFile,
    Layout,
    RawTable,
    Recognise,
    TornRow,
    column_names,
    is_blank,
    number_array,
    row_numbers,
    text_array,
    without_blank_rows,
    without_first_rows,
)
from csq.intake.readers.dialects import Detected, detect, widened
from csq.intake.readers.encodings import BLOCK, decoded, ends_within_character
from csq.intake.readers.quoting import EndlessRow, QuoteCheck
from csq.intake.readers.sheets import LAST_COLUMN
from csq.problems.files import (
    BLANK_HEADER_ROW,
    CUT_OFF,
    EMPTY_FILE,
    GUESSED_ENCODING,
    NOT_A_TABLE,
    OVERSIZED_FIELD,
    TOO_WIDE,
    UNKNOWN_ENCODING,
)
from csq.problems.headers import UNITS_ROW
from csq.wording import Wording

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


_HEAD = 1 << 18
_PATIENCE = 10
"""Seconds; a piece of text is read in some hundredths of one."""
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
    found = detect(file.path, head, place, recognise, layout)
    if layout.header_row and not any(cell.strip() for cell in found.dialect.header):
        raise IntakeError(BLANK_HEADER_ROW.at(place, value=layout.header_row))
    if fault := found.dialect.fault:
        lines = len(head.splitlines())
        limit = str(LAST_COLUMN) if fault is TOO_WIDE else "128 KB"
        raise IntakeError(fault.at(place, count=lines, value=limit))
    if not found.dialect.header:
        raise IntakeError(EMPTY_FILE.at(place))
    added = 0
    if found.dialect.extra and _are_all_wider(file.path, found, place):
        added = found.dialect.extra
        found = replace(found, dialect=widened(found.dialect))
    last = found.dialect.header_row
    first = last + 1 + layout.skip_rows
    units = (UNITS_ROW.at(replace(place, row=last)),) if found.dialect.has_units else ()
    guessed = (GUESSED_ENCODING.at(place, value=found.encoding),) if found.is_guessed else ()
    return RawTable(
        place=place,
        encoding="utf-8" if found.encoding == "utf-8-sig" else found.encoding,
        header=found.dialect.header,
        batches=lambda: without_first_rows(_read(file.path, found, place), first),
        problems=(*guessed, *units),
        first_rows=found.dialect.first_rows,
        above=found.dialect.above,
        added_cells=added,
        has_semicolons=found.dialect.delimiter == ";",
    )


def _are_all_wider(path: Path, found: Detected, place: Place) -> bool:
    """Whether every row ends in delimiters that the header lacks, and nothing stands between them.

    A row as wide as the header, or with a cell behind it, leaves open which of the two is right.
    """
    width = len(found.dialect.header)
    for batch in _read(path, replace(found, dialect=widened(found.dialect)), place):
        behind = batch.cells.columns[width:]
        if any(row.cells == width for row in batch.torn) or not all(map(is_blank, behind)):
            return False
    return True


def _read(path: Path, found: Detected, place: Place) -> Iterator[Batch]:
    is_ascii = found.dialect.delimiter.isascii()
    return (_read_batches if is_ascii else _read_in_ascii)(path, found, place)


def _read_in_ascii(path: Path, found: Detected, place: Place) -> Iterator[Batch]:
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
    found: Detected,
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
        body = spell(_without_lines(decoded(path, found.encoding), dialect.lines_above))
        text = _Stream(check.passed(body))
        stream = io.BufferedReader(text, BLOCK)
        if not stream.peek(1):
            return
        reader = pacsv.open_csv(
            stream,
            # One thread: only then does Arrow say which row is torn. It costs nothing, since
            # line breaks in quotes keep it from splitting a file anyway.
            read_options=pacsv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=names),
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
        is_cut = ends_within_character(path, found.encoding)
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
