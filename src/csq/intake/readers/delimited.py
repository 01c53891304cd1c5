"""CSV and TSV: encoding decided on the whole file, dialect explicit, every row accounted for."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

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
    text_array,
    without_blank_rows,
    without_first_rows,
)
from csq.intake.readers.dialects import Detected, detect, widened
from csq.intake.readers.encodings import decoded, ends_within_character, is_valid
from csq.intake.readers.quoting import EndlessRow, QuoteCheck, WholeRows
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

_HEAD = 1 << 18
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
    delimiter, width = found.dialect.delimiter, len(found.dialect.header)
    # No row of a table has so many cells of nothing, so it cannot be taken for one.
    check = QuoteCheck(delimiter, placeholder=delimiter * (width + 1) + "\0")
    first = found.dialect.header_row + 1
    try:
        body = spell(_without_lines(decoded(path, found.encoding), found.dialect.lines_above))
        for rows in check.passed(body):
            if not is_valid(rows.text):
                raise UnicodeError
            cells, torn = _parse(rows, first, check, width)
            numbers = np.arange(first, first + cells.num_rows + len(torn))
            first += len(numbers)
            if torn:
                numbers = np.setdiff1d(numbers, [row.row for row in torn], assume_unique=True)
            filled = tuple(row for row in torn if row.text.replace(delimiter, "").strip())
            blank = len(torn) - len(filled)
            yield without_blank_rows(Batch(cells, number_array(numbers), filled, blank))
    except (pa.ArrowInvalid, EndlessRow):
        raise IntakeError(OVERSIZED_FIELD.at(place, value="4 MB")) from None
    except UnicodeError:
        is_cut = ends_within_character(path, found.encoding)
        raise IntakeError((CUT_OFF if is_cut else UNKNOWN_ENCODING).at(place)) from None


def _parse(
    rows: WholeRows, first: int, check: QuoteCheck, width: int
) -> tuple[pa.RecordBatch, list[TornRow]]:
    """The cells of the rows with `width` of them, and the other rows; they count from `first`."""
    cut_out = iter(rows.cut_out)
    torn: list[TornRow] = []

    def keep_torn(row: pacsv.InvalidRow) -> str:
        number = first + row.number - 1
        if row.text == check.placeholder:
            cut = next(cut_out)
            torn.append(TornRow(number, cut.text, None, cut.lines))
        else:
            torn.append(TornRow(number, row.text, row.actual_columns))
        return "skip"

    names = column_names(width)
    # Arrow passes over a mark of UTF-8 at the beginning; before a row of a table it is text.
    mark = codecs.BOM_UTF8 if rows.text.startswith(codecs.BOM_UTF8) else b""
    text = mark + rows.text
    table = pacsv.read_csv(
        pa.BufferReader(text),
        # One thread and one block: only then does Arrow say which row is torn.
        read_options=pacsv.ReadOptions(
            use_threads=False, block_size=len(text) + 1, column_names=names
        ),
        parse_options=pacsv.ParseOptions(
            delimiter=check.delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=keep_torn,
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=False,
            check_utf8=False,  # it was, all cells at once
        ),
    )
    columns = [column.chunk(0) for column in table.columns]
    return pa.RecordBatch.from_arrays(columns, names=names), torn


def _without_lines(blocks: Iterator[bytes], lines: int) -> Iterator[bytes]:
    """The text behind its first lines, which stand in the first piece."""
    first = next(blocks, b"")
    ends = [0, *(end.end() for end in islice(re.finditer(rb"\r\n?|\n", first), lines))]
    yield first[ends[-1] if len(ends) > lines else len(first) :]
    yield from blocks
