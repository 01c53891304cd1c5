"""What the cells mean that stand again and again in a column, asked once before its rows come.

The engine reads them by the trees it reads all cells by; only it does not do so for every row.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.lib import StringBuilder

from csq.engines.base import Engine
from csq.intake.readers.base import Batch, row_numbers
from csq.intake.spelling.cells import clean_cells
from csq.intake.staging.incoming import ARROW_TYPES, INCOMING, ROW, Incoming
from csq.intake.staging.known import KnownCells
from csq.intake.staging.tables import read_known
from csq.records.schema import Field

_ENOUGH = 4096
"""From how many rows on it is worth a query of its own."""
_SAMPLE = 2048
_ROWS_OF_EACH = 16
"""In how many rows of a batch each of its different cells stands, on average."""


def learn_cells(engine: Engine, incoming: Incoming) -> Incoming:
    """The same exports, with the cells known that stand in many of their first rows.

    A cell that cannot be read, or whose row is refused for it, is never among them.
    """
    export = next(iter(incoming.exports.values()))
    first = next(export.table.batches(), None)
    if first is None or len(first.rows) < _ENOUGH:
        return incoming
    distinct = {
        column.field: different
        for column in export.matching.columns
        if len(column.positions) == 1 and incoming.may_know(column.field)
        if (different := _few_different(first, column.positions[0])) is not None
    }
    if not distinct:
        return incoming
    rows = max(map(len, distinct.values()))
    names = [ROW, *(f"t_{field.name}" for field in distinct)]
    cells = [_padded(_cleaned(incoming, *each), rows) for each in distinct.items()]
    batch = pa.RecordBatch.from_arrays([row_numbers(0, rows), *cells], names=names)
    with engine.attached(INCOMING, batch.schema, [batch]):
        read = engine.fetch(read_known(incoming, list(distinct)))
    known = {}
    for number, (field, different) in enumerate(distinct.items()):
        texts = different.to_pylist()
        found = [
            (texts[row], values[2 * number])
            for row, *values in read
            if row < len(texts) and not values[2 * number + 1]
        ]
        positions = {text: position for position, (text, _) in enumerate(found)}
        values = _texts_or_nulls([value for _, value in found] + [None])
        known[field.name] = KnownCells(positions, values.cast(ARROW_TYPES[field.type]))
    return replace(incoming, known=known)


def _few_different(batch: Batch, position: int) -> pa.Array | None:
    """The different cells of a column, where they are few."""
    cells = batch.cells.column(position)
    for part in (cells.slice(0, _SAMPLE), cells):
        different = pc.unique(part)
        if len(different) * _ROWS_OF_EACH > len(part) or different.null_count:
            return None
    return different


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
