"""What the cells mean that stand again and again in a column, asked once before its rows come.

The engine reads them by the trees it reads all cells by; only it does not do so for every row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.lib import StringBuilder

from csq.engines.base import StagingEngine
from csq.intake.readers.base import bytes_of, number_array, row_numbers
from csq.intake.spelling.cells import clean_cells
from csq.intake.spelling.plain_times import read_plain_times
from csq.intake.staging.incoming import ARROW_TYPES, INCOMING, ROW, Counts, Incoming
from csq.intake.staging.known import Known, KnownCells, PlainTimes
from csq.intake.staging.tables import read_known
from csq.records.reading import FieldType, Reading
from csq.records.schema import Field

_ENOUGH = 4096
"""From how many rows on it is worth a query of its own."""
_SAMPLE = 2048
_MOST = 512
_ROWS_OF_EACH = 8
"""How many different cells are few: these, and each in so many rows on average."""
_FEW = 0.1
"""Which share of other cells is little."""


def learn_cells(engine: StagingEngine, incoming: Incoming) -> Incoming:
    """The same exports, with the cells known that stand in many of their first rows.

    A cell that cannot be read, or whose row is refused for it, is never among them.
    """
    export = next(iter(incoming.exports.values()))
    first = next(export.table.batches(), None)
    if first is None:
        return incoming
    is_worth_asking = len(first.rows) >= _ENOUGH
    known: dict[str, Known] = {}
    distinct: dict[Field, pa.Array] = {}
    for column in export.matching.columns:
        field = column.field
        if len(column.positions) > 1 or not incoming.may_know(field):
            continue
        cells = first.cells.column(column.positions[0])
        if field.type is FieldType.TIMESTAMP:
            if _are_as_spelt(incoming.reading(field)) and _are_mostly_plain(cells):
                known[field.name] = PlainTimes()
        elif is_worth_asking and (different := _few_different(cells)) is not None:
            distinct[field] = different
    if distinct:
        known |= _read_once(engine, incoming, distinct)
    return replace(incoming, known=known)


def look_ahead(incoming: Incoming, counts: Counts) -> tuple[Incoming, Iterable[pa.RecordBatch]]:
    """The rows of exports for the engine; what none of them holds is known before where all are
    in memory: there nothing has to be read, and a tree that no cell needs costs milliseconds.
    """
    batches = incoming.batches(counts)
    if not incoming.is_held:
        return incoming, batches
    rows = list(batches)
    blank = (
        field.name
        for field in incoming.fields
        if field.name in incoming.known or incoming.may_be_blank(field)
        if all(_is_blank(batch.column(f"t_{field.name}")) for batch in rows)
    )
    return replace(incoming, blank=frozenset(blank)), rows


def _is_blank(cells: pa.Array) -> bool:
    """Whether no trimmed cell of a column holds anything."""
    return not bytes_of(cells)[2].any()


def _read_once(
    engine: StagingEngine, incoming: Incoming, distinct: Mapping[Field, pa.Array]
) -> dict[str, KnownCells]:
    """The different cells of some fields, and what the engine reads each of them as."""
    rows = max(map(len, distinct.values()))
    names = [ROW, *(f"t_{field.name}" for field in distinct)]
    cells = [_padded(_cleaned(incoming, *each), rows) for each in distinct.items()]
    batch = pa.RecordBatch.from_arrays([row_numbers(0, rows), *cells], names=names)
    with engine.attached(INCOMING, batch.schema, [batch]):
        read = engine.fetch(read_known(incoming, list(distinct)))
    known: dict[str, KnownCells] = {}
    for number, (field, different) in enumerate(distinct.items()):
        found = {
            row: values[2 * number]
            for row, *values in read
            if row < len(different) and not values[2 * number + 1]
        }
        texts = different.take(number_array(np.array(list(found), np.int64)))
        values = _texts_or_nulls(list(found.values()))
        known[field.name] = KnownCells(texts, values.cast(ARROW_TYPES[field.type]))
    return known


def _few_different(cells: pa.Array) -> pa.Array | None:
    """The different cells of a column, where they are few."""
    for part in (cells.slice(0, _SAMPLE), cells):
        different = pc.unique(part)
        if len(different) > min(_MOST, len(part) // _ROWS_OF_EACH) or different.null_count:
            return None
    return different


def _are_mostly_plain(cells: pa.Array) -> bool:
    """Whether few cells of a column are anything but a plain time or blank."""
    part = cells.slice(0, _SAMPLE)
    unknown = None if part.null_count else read_plain_times(part)[1]
    return not part.null_count and (unknown is None or pc.mean(unknown).as_py() < _FEW)


def _are_as_spelt(reading: Reading) -> bool:
    """Whether a plain time of a column means what it says."""
    is_moved = reading.ahead is not None
    return not (reading.nulls or reading.spellings or is_moved or reading.first_day)


def _cleaned(incoming: Incoming, field: Field, cells: pa.Array) -> pa.Array:
    reading = incoming.reading(field)
    return clean_cells([cells], field.type, reading.nulls, reading.first_day)


def _padded(cells: pa.Array, rows: int) -> pa.Array:
    return pa.concat_arrays([cells, pa.nulls(rows - len(cells), pa.string())])


def _texts_or_nulls(texts: list[str | None]) -> pa.Array:
    """Texts as a column; `pa.array` would import all of pandas."""
    builder = StringBuilder()
    builder.append_values(texts)
    return builder.finish()
