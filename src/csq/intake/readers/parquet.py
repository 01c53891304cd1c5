"""Parquet files, their typed values spelt as text like every other export's."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from csq.errors import IntakeError, Place
from csq.intake.readers.base import (
    Batch,
    ExportFile,
    RawTable,
    cell_text,
    column_names,
    row_numbers,
    text_array,
    without_blank_rows,
)
from csq.intake.readers.sheets import LAST_COLUMN
from csq.problems.files import BROKEN_PARQUET, NOT_A_TABLE, TOO_WIDE
from csq.wording import Wording

_TEXTS = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_string_view,
    pa.types.is_binary,
    pa.types.is_large_binary,
    pa.types.is_binary_view,
)


def read_parquet(file: ExportFile) -> RawTable:
    """The table in a Parquet file; raises `IntakeError`."""
    place = Place(file.name)
    try:
        header = tuple(pq.read_schema(file.path).names)
    except pa.ArrowInvalid:
        kind = Wording("Parquet 文件", "a Parquet file")
        raise IntakeError(NOT_A_TABLE.at(place, kind=kind)) from None
    if len(header) > LAST_COLUMN:
        raise IntakeError(TOO_WIDE.at(place, value=LAST_COLUMN))
    return RawTable(place, None, header, lambda: _batches(file), has_named_columns=True)


def _batches(file: ExportFile) -> Iterator[Batch]:
    first = 2
    try:
        with pq.ParquetFile(file.path) as parquet:
            for batch in parquet.iter_batches():
                columns = [_spell(column) for column in batch.columns]
                cells = pa.RecordBatch.from_arrays(columns, names=column_names(len(columns)))
                yield without_blank_rows(Batch(cells, row_numbers(first, first + batch.num_rows)))
                first += batch.num_rows
    except (pa.ArrowException, OSError):
        raise IntakeError(BROKEN_PARQUET.at(Place(file.name))) from None


def _spell(column: pa.Array) -> pa.Array:
    if isinstance(column, pa.DictionaryArray):
        column = column.dictionary_decode()
    if any(is_kind(column.type) for is_kind in _TEXTS):
        # Old writers leave out that bytes are text; what is not UTF-8 makes the cast fail.
        spelt = column.cast(pa.string())
        # What is declared as text is not looked at by the cast.
        spelt.validate(full=True)
    elif pa.types.is_timestamp(column.type):
        # Of billionths the rest is left out; coarser units can be too large for millionths.
        in_micros = column.cast(pa.timestamp("us", column.type.tz), safe=column.type.unit != "ns")
        spelt = in_micros.cast(pa.string())
    else:
        spelt = text_array([cell_text(value) for value in column.to_pylist()])
    return pc.fill_null(spelt, "")
