"""Exports that are spelt alike as one stream into the engine, counted as it passes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csq.intake.export import Export, RefusedRow
from csq.intake.readers.base import Batch, number_array, text_array
from csq.intake.spelling.cells import clean_cells
from csq.intake.staging.known import Known
from csq.records.notation import BLANKS, UNCALCULATED
from csq.records.reading import FieldType, Reading
from csq.records.schema import Field, Schema

FILE, ROW, RAW = "_file", "_row", "_raw"
"""Columns of every staged table beside its fields: which file, which row of it, and the text of
a refused row."""

INCOMING = "incoming"
"""What the stream is called in statements."""

ARROW_TYPES = {
    FieldType.TEXT: pa.string(),
    FieldType.TIMESTAMP: pa.timestamp("us"),
    FieldType.DURATION: pa.int64(),
    FieldType.FLAG: pa.bool_(),
    FieldType.INTEGER: pa.int64(),
    FieldType.NUMBER: pa.decimal128(18, 6),
}
"""How a stream holds the values of each type of field, as the engine's table does."""


@dataclass(frozen=True, slots=True)
class LostRemarks:
    """The cells of a column of prose that have no value: the first of them, and how many."""

    row: int
    value: str
    count: int


@dataclass(slots=True)
class Counts:
    """What is counted while rows pass by on their way into the engine."""

    read: dict[int, int] = field(default_factory=dict)
    torn: list[RefusedRow] = field(default_factory=list)
    blank: dict[int, int] = field(default_factory=dict)
    lost: dict[tuple[int, str], LostRemarks] = field(default_factory=dict)
    """By export and field."""


def group_alike(exports: Sequence[Export]) -> list[list[int]]:
    """The positions of exports that spell every common field alike: one query reads them all."""
    groups: list[tuple[dict[str, Reading], list[int]]] = []
    for number, export in enumerate(exports):
        for readings, members in groups:
            if all(readings.get(name, own) == own for name, own in export.readings.items()):
                readings |= export.readings
                members.append(number)
                break
        else:
            groups.append((dict(export.readings), [number]))
    return [members for _, members in groups]


@dataclass(frozen=True, slots=True)
class Incoming:
    """Exports that are spelt alike as one stream for the engine.

    Its columns are `_file` and `_row`, the raw cells `c0`, `c1`, … as wide as the widest of the
    files, and the trimmed cell of each field, `t_<field>`, NULL where a file has no such column.
    A field of `known` cells has the values of these as `k_<field>`, and a trimmed cell only where
    that is none of them.
    """

    schema: Schema
    exports: Mapping[int, Export]
    known: Mapping[str, Known] = field(default_factory=dict)
    """Of fields whose cells are mostly known: these."""
    blank: frozenset[str] = frozenset()
    """Fields of which no trimmed cell holds anything: their values are known, or there is none."""

    @property
    def width(self) -> int:
        return max(len(export.table.header) for export in self.exports.values())

    @property
    def fields(self) -> tuple[Field, ...]:
        found = {name for export in self.exports.values() for name in export.matching.fields}
        return tuple(field for field in self.schema.fields if field.name in found)

    @property
    def filled(self) -> tuple[Field, ...]:
        """The fields that have values in these rows, as far as that is seen."""
        return tuple(f for f in self.fields if f.name in self.known or f.name not in self.blank)

    @property
    def is_held(self) -> bool:
        """Whether all its rows are in memory."""
        return all(export.table.held is not None for export in self.exports.values())

    def reading(self, field: Field) -> Reading:
        return next(
            e.readings[field.name] for e in self.exports.values() if field.name in e.readings
        )

    def may_know(self, field: Field) -> bool:
        """Whether a value of the field is all that its cells are asked for."""
        is_count = self.reading(field).since is not None
        is_asked_for = field.column.prose or is_count or field.name == self.schema.key
        return not (is_asked_for or self.is_counted_from(field))

    def may_be_blank(self, field: Field) -> bool:
        """Whether a blank cell of the field is as good as a file without it."""
        return not (field.required or self.reading(field).is_filled or self.is_counted_from(field))

    def is_counted_from(self, field: Field) -> bool:
        """Whether another field is a time that counts from this one."""
        return any(
            reading.since == field.name
            for export in self.exports.values()
            for reading in export.readings.values()
        )

    @property
    def arrow_schema(self) -> pa.Schema:
        texts = [f"c{i}" for i in range(self.width)] + [f"t_{f.name}" for f in self.fields]
        return pa.schema(
            [
                (FILE, pa.int16()),
                (ROW, pa.int64()),
                *((name, pa.string()) for name in texts),
                *(
                    (f"k_{f.name}", self.known[f.name].type)
                    for f in self.fields
                    if f.name in self.known
                ),
            ]
        )

    def batches(self, counts: Counts) -> Iterator[pa.RecordBatch]:
        schema = self.arrow_schema
        counts.read |= dict.fromkeys(self.exports, 0)
        counts.blank |= dict.fromkeys(self.exports, 0)
        for number, batch in read_ahead(self._read()):
            export = self.exports[number]
            counts.blank[number] += batch.blank
            counts.read[number] += len(batch.rows) + sum(torn.rows for torn in batch.torn)
            counts.torn += [RefusedRow(number, torn.row, (torn.text,), torn) for torn in batch.torn]
            arrays = self._arrays(number, export, batch)
            whole = pa.RecordBatch.from_arrays(arrays, schema=schema)
            _count_lost(counts, export, number, whole)
            yield whole

    def _read(self) -> Iterator[tuple[int, Batch]]:
        for number, export in self.exports.items():
            for batch in export.table.batches():
                yield number, batch

    def _arrays(self, number: int, export: Export, batch: Batch) -> list[pa.Array]:
        nothing = pa.nulls(len(batch.rows), pa.string())
        raw = batch.cells.columns
        padding = [nothing] * (self.width - len(raw))
        positions = {column.field.name: column.positions for column in export.matching.columns}
        cells, values = [], []
        for each in self.fields:
            parts = [raw[position] for position in positions.get(each.name, ())]
            known = self.known.get(each.name)
            if known is None:
                cells.append(self._cleaned(each, parts) if parts else nothing)
                continue
            cell, value = nothing, pa.nulls(len(batch.rows), known.type)
            if len(parts) == 1 and not parts[0].null_count:
                value, unknown = known.look_up(parts[0])
                if unknown is not None:
                    others = self._cleaned(each, [parts[0].filter(unknown)])
                    cell = pc.replace_with_mask(nothing, unknown, others)
            elif parts:
                cell = self._cleaned(each, parts)
            cells.append(cell)
            values.append(value)
        file = number_array(np.full(len(batch.rows), number, np.int16))
        return [file, batch.rows, *raw, *padding, *cells, *values]

    def _cleaned(self, field: Field, parts: Sequence[pa.Array]) -> pa.Array:
        reading = self.reading(field)
        return clean_cells(parts, field.type, reading.nulls, reading.first_day)


def read_ahead(batches: Iterator[tuple[int, Batch]]) -> Iterator[tuple[int, Batch]]:
    """The same, each read in a thread of its own while the one before it is worked on."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = reader.submit(next, batches, None)
            yield batch


def _count_lost(counts: Counts, export: Export, number: int, rows: pa.RecordBatch) -> None:
    """Count the cells of prose that have no value, as `clean_cells` spells that."""
    for column in export.matching.columns:
        if not column.field.column.prose:
            continue
        cells = rows.column(f"t_{column.field.name}")
        lost = rows.filter(pc.is_in(cells, text_array([UNCALCULATED])))
        if not lost.num_rows:
            continue
        key = (number, column.field.name)
        if key in counts.lost:
            seen = counts.lost[key]
            counts.lost[key] = replace(seen, count=seen.count + lost.num_rows)
        else:
            parts = [lost.column(f"c{position}")[0].as_py() for position in column.positions]
            text = " ".join(filter(None, parts)).strip(BLANKS)
            counts.lost[key] = LostRemarks(lost.column(ROW)[0].as_py(), text, lost.num_rows)
