"""What every reader turns a file into: `RawTable`, text cells in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.lib import StringBuilder

from csq.errors import Place, Problem
from csq.intake.headers.units import is_row_of_units, name_units
from csq.records.moments import FIRST_DAY

Positions = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.integer]
Recognise = Callable[[Sequence[str]], int]
"""How many cells of a row are headers csq knows: what tells a header from a banner."""

DAY_MARK = "\x1f"
"""What stands behind a date where dates are to be told from texts."""

HEADER_WITHIN = 30
"""How far down a header is looked for."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file to read: where it is, and what reports call it (never a path of the machine)."""

    path: Path
    name: str
    asked_for: bool = False
    """Whether it was named itself, and not found in a folder."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out, as far as the definition says so; what is not said is found out."""

    sheets: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    skip_rows: int = 0
    """Rows directly under the header that are no data: units, a second header."""


@dataclass(frozen=True, slots=True)
class TornRow:
    """A row whose cells do not fit the header, or (`cells` is `None`) whose quotes do not pair.

    `rows` is how many rows of the file it spans.
    """

    row: int
    text: str
    cells: int | None
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows as text: columns `c0`, `c1`, … and the true row number of each."""

    cells: pa.RecordBatch
    rows: pa.Array
    torn: tuple[TornRow, ...] = ()
    blank: int = 0
    """How many rows beside them hold nothing but blanks and separators: no rows of the table."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """An export as its file spells it: original headers, text cells, true row numbers.

    `batches` reads the file anew each time it is called; it raises `IntakeError`.
    """

    place: Place
    encoding: str | None
    header: tuple[str, ...]
    batches: Callable[[], Iterator[Batch]]
    problems: tuple[Problem, ...] = ()
    is_hidden: bool = False
    """Whether it is a sheet that Excel does not show."""
    marked: Callable[[], Iterator[Batch]] | None = None
    """The same with `DAY_MARK` behind each cell that is a date and no text, of a workbook."""
    first_rows: tuple[tuple[str, ...], ...] = ()
    """A few rows below the header where the format was found out by them: read already."""
    above: tuple[tuple[str, ...], ...] = ()
    """The rows above the header: a title, a period, a zone."""
    first_day: date = FIRST_DAY
    """Day number 0, should a column of times hold numbers."""
    added_cells: int = 0
    """How many blank cells the header was given, because every row ends in as many more."""
    has_semicolons: bool = False
    """Whether semicolons stand between its cells, as where the comma is the decimal mark."""
    has_named_columns: bool = False
    """Whether the format names the columns itself, so that no row can be taken for their names."""
    held: int | None = None
    """How many bytes it takes in memory, where all of it is held there."""


def keep_first(table: RawTable) -> RawTable:
    """The table with its first batch in memory, for questions that it mostly answers alone."""
    first = tuple(islice(table.batches(), 2))
    if len(first) < 2:
        size = sum(batch.cells.nbytes for batch in first)
        return replace(table, batches=lambda: iter(first), held=size)

    def batches() -> Iterator[Batch]:
        yield first[0]
        yield from islice(table.batches(), 1, None)

    return replace(table, batches=batches)


def column_names(width: int) -> list[str]:
    return [f"c{index}" for index in range(width)]


def text_array(cells: Sequence[str]) -> pa.Array:
    """Cells as a column. By way of a builder: `pa.array` would import all of pandas."""
    builder = StringBuilder()
    builder.append_values(cells)
    return builder.finish()


def by_distinct(cells: pa.Array, spell: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Texts spelt anew, each that is there but once however often it stands."""
    encoded = cells.dictionary_encode()
    return spell(encoded.dictionary).take(encoded.indices)


def gather(parts: Sequence[tuple[Positions, pa.Array]]) -> pa.Array:
    """Texts as one column, each part at its positions; together these are all there are."""
    positions = np.concatenate([np.empty(0, np.int64), *(each for each, _ in parts)])
    origin = np.empty(len(positions), np.int64)
    origin[positions] = np.arange(len(positions))
    texts = pa.concat_arrays([text_array([]), *(each for _, each in parts)])
    return texts.take(number_array(origin))


def number_array(numbers: npt.NDArray[np.integer]) -> pa.Array:
    """Whole numbers as a column of the same width, for the same reason without `pa.array`."""
    kind = pa.from_numpy_dtype(numbers.dtype)
    return pa.Array.from_buffers(kind, len(numbers), [None, pa.py_buffer(numbers)])


def numbers_in(array: pa.Array) -> npt.NDArray[Any]:
    """A column of numbers, none missing, without a copy."""
    kind = array.type.to_pandas_dtype()
    return np.frombuffer(array.buffers()[1], kind)[array.offset : array.offset + len(array)]


def mask_array(chosen: npt.NDArray[np.bool_]) -> pa.Array:
    """Which rows are chosen, as a column."""
    bits = np.packbits(chosen, bitorder="little")
    return pa.Array.from_buffers(pa.bool_(), len(chosen), [None, pa.py_buffer(bits)])


def flags_in(mask: pa.Array) -> npt.NDArray[np.bool_]:
    """What a column of yes and no says, none missing."""
    bits = np.unpackbits(np.frombuffer(mask.buffers()[1], np.uint8), bitorder="little")
    return bits[mask.offset : mask.offset + len(mask)].astype(bool)


def bytes_of(cells: pa.Array) -> tuple[npt.NDArray[np.uint8], Numbers, Numbers]:
    """The bytes of a column's text, where in them each cell begins, and how many it has."""
    if not len(cells):
        nothing = np.zeros(0, np.int32)
        return np.zeros(0, np.uint8), nothing, nothing
    _, offsets, data = cells.buffers()
    ends = np.frombuffer(offsets, np.int32)[cells.offset : cells.offset + len(cells) + 1]
    text = np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8)
    return text, ends[:-1], np.diff(ends)


def row_numbers(first: int, end: int) -> pa.Array:
    """The row numbers from `first` up to, not including, `end`."""
    return number_array(np.arange(first, end, dtype=np.int64))


def find_header(rows: Sequence[Sequence[str]], recognise: Recognise) -> int:
    """The position of the header among the first rows: the one with the most known headers.

    Where no header is known, it is the first row with at least two cells.
    """
    first = rows[:HEADER_WITHIN]
    known = [recognise(row) for row in first]
    if max(known, default=0) > 0:
        return known.index(max(known))
    filled = (i for i, row in enumerate(first) if sum(1 for cell in row if cell.strip()) > 1)
    return next(filled, 0)


@dataclass(frozen=True, slots=True)
class Header:
    """A header among the first rows: its cells, and the position of its last row.

    Where that is a row of units, `has_units`, and the cells name them.
    """

    cells: tuple[str, ...]
    last: int
    has_units: bool = False


def find_units(header: Sequence[str], last: int, rows: Sequence[Sequence[str]]) -> Header:
    """A header, its last row at position `last`, with the row of units under it if there is one."""
    below = rows[last + 1] if last + 1 < len(rows) else ()
    if is_row_of_units(below):
        return Header(name_units(header, below), last + 1, has_units=True)
    return Header(tuple(header), last)


def read_header(rows: Sequence[Sequence[str]], recognise: Recognise) -> Header:
    """The header, with the row of units under it.

    It is the row with the most known headers, together with the one above or below it where that
    fills its gaps with further ones: so it is under headers that are merged over several columns.
    """
    return find_units(*_join_header(rows, recognise), rows)


def _join_header(
    rows: Sequence[Sequence[str]], recognise: Recognise
) -> tuple[tuple[str, ...], int]:
    position = find_header(rows, recognise)
    header = tuple(rows[position])
    for upper, lower in ((position, position + 1), (position - 1, position)):
        if upper >= 0 and lower < min(len(rows), HEADER_WITHIN):
            joined = _join_headers(rows[upper], rows[lower], recognise)
            if recognise(joined) > recognise(header):
                return joined, lower
    return header, position


def _join_headers(
    upper: Sequence[str], lower: Sequence[str], recognise: Recognise
) -> tuple[str, ...]:
    """Two rows as one header, the lower one first; none where both fill a column of known header.

    A row of data fills the columns of the header above it, and so does a row of units.
    """
    pairs = list(zip_longest(upper, lower, fillvalue=""))
    if any(top.strip() and below.strip() and recognise([top]) for top, below in pairs):
        return ()
    return tuple(below if below.strip() else top for top, below in pairs)


_BLANK = r"^[\s\p{Z}]*$"
"""A cell of blanks in any script, as a pattern of RE2."""


def is_blank(column: pa.Array) -> bool:
    """Whether every cell of a column is blank."""
    return bool(pc.all(pc.match_substring_regex(column, _BLANK), min_count=0).as_py())


def _may_hold_blanks(cells: pa.Array) -> bool:
    """Whether a cell is empty, or begins with no sign that is seen: few are and do."""
    text, starts, lengths = bytes_of(cells)
    is_filled = lengths > 0
    first = text[starts[is_filled]]
    return not is_filled.all() or bool(((first <= ord(" ")) | (first > ord("~"))).any())


def without_blank_rows(batch: Batch) -> Batch:
    """The batch without rows in which every cell is blank; they are only counted."""
    if not _may_hold_blanks(batch.cells.column(0)):
        return batch
    blank: pa.Array | None = None
    for column in batch.cells.columns:
        # By a pattern, not `equal`: for a scalar to compare with, Arrow would import pandas.
        empty = pc.match_substring_regex(column, _BLANK)
        blank = empty if blank is None else pc.and_(blank, empty)
        if not pc.any(blank).as_py():
            return batch
    keep = pc.invert(blank)
    rows = batch.rows.filter(keep)
    count = batch.blank + len(batch.rows) - len(rows)
    return Batch(batch.cells.filter(keep), rows, batch.torn, count)


def without_first_rows(batches: Iterator[Batch], first: int) -> Iterator[Batch]:
    """The batches without the rows above the one with the number `first`."""
    for batch in batches:
        if len(batch.rows) and batch.rows[0].as_py() < first:
            keep = mask_array(numbers_in(batch.rows) >= first)
            cells, rows = batch.cells.filter(keep), batch.rows.filter(keep)
            batch = Batch(cells, rows, batch.torn, batch.blank)
        torn = tuple(row for row in batch.torn if row.row >= first)
        yield Batch(batch.cells, batch.rows, torn, batch.blank)


def batch_of(
    rows: Sequence[Sequence[str]], width: int, numbers: Sequence[int], torn: tuple[TornRow, ...]
) -> Batch:
    """A batch of rows already in memory, each `width` wide."""
    columns = [text_array([row[i] for row in rows]) for i in range(width)]
    cells = pa.RecordBatch.from_arrays(columns, names=column_names(width))
    return Batch(cells, number_array(np.array(numbers, dtype=np.int64)), torn)


def number_text(value: float) -> str:
    """A number as a person writes it, except where digits are lost: then in powers of ten.

    >>> number_text(3.0), number_text(0.00001), number_text(1234567890123456781)
    ('3', '0.00001', '1.23456789012346E+18')
    """
    if abs(value) >= 1e15:
        return f"{value:.14E}"
    if value.is_integer():
        return str(int(value))
    text = repr(value)
    if "e" in text or len(text.partition(".")[2]) > 15:
        return f"{value:.15f}".rstrip("0").rstrip(".")
    return text


def cell_text(value: object) -> str:
    """A value of a workbook or a Parquet file in the spelling the text readers know.

    >>> cell_text(3.0), cell_text(datetime(2025, 8, 1, 9, 5)), cell_text(timedelta(hours=30))
    ('3', '2025-08-01 09:05:00', '30:00:00')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(value // timedelta(microseconds=1), 60_000_000)
        whole = f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds // 1_000_000:02d}"
        fraction = seconds % 1_000_000
        return f"{whole}.{fraction:06d}" if fraction else whole
    return str(value)
