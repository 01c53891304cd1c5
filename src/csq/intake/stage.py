"""Exports into typed, checked tables of the engine, with every row accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from csq.definition.models import Duplicates, SourceSettings
from csq.engines.base import Engine
from csq.errors import IntakeError, Place, Problem
from csq.intake.checks import is_refused
from csq.intake.dates import decide_order
from csq.intake.headers import Matching
from csq.intake.readers.base import Batch, RawTable, TornRow
from csq.intake.typing import SQL_TYPES, data_type, typed
from csq.problems import DUPLICATE_KEY, FORBIDDEN_DUPLICATE
from csq.records.notation import BLANKS
from csq.records.reading import FieldType, Reading
from csq.records.schema import Field, Schema
from csq.wording import Wording

FILE, ROW, RAW = "_file", "_row", "_raw"
"""Columns of every staged table beside its fields: which file, which row of it, and the text of
a refused row."""

_INCOMING = "incoming"


@dataclass(frozen=True, slots=True)
class Export:
    """One recognised export: its text, what its columns are, and how they are spelt."""

    table: RawTable
    matching: Matching
    readings: Mapping[str, Reading]
    problems: tuple[Problem, ...] = ()

    @property
    def place(self) -> Place:
        return self.table.place


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was read and not kept, as the file spells it."""

    export: int
    row: int
    cells: tuple[str, ...]
    torn: TornRow | None = None


@dataclass(frozen=True, slots=True)
class StagedSource:
    """One source in the engine: its rows are typed, checked and counted once.

    `read`, `refused` and `duplicates` are rows by the position of their export in `exports`;
    `days` counts the kept rows of each export by the day on which they happened (`None`: a
    source whose rows belong to no time).
    """

    schema: Schema
    exports: tuple[Export, ...]
    fields: frozenset[str]
    """The fields that at least one export carries."""
    read: Mapping[int, int]
    refused: Mapping[int, int]
    duplicates: Mapping[int, int]
    days: Mapping[tuple[int, date | None], int]
    torn: tuple[RefusedRow, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def table(self) -> exp.Table:
        return table_of(self.schema)

    def days_with_rows(self) -> frozenset[date]:
        return frozenset(day for _, day in self.days if day)


def table_of(schema: Schema) -> exp.Table:
    return exp.to_table(schema.source)


def time_of(schema: Schema, field: str | None = None) -> exp.Expr | None:
    """When a row happened: one field, or the first of the schema's that is filled."""
    names = (field,) if field else schema.time
    columns = [exp.column(name, quoted=True) for name in names]
    if not columns:
        return None
    return (
        columns[0] if len(columns) == 1 else exp.Coalesce(this=columns[0], expressions=columns[1:])
    )


def read_export(table: RawTable, matching: Matching, settings: SourceSettings, zone: str) -> Export:
    """How each column of an export is spelt; raises `IntakeError` where that is undecided."""
    times = tuple(
        column.positions[0]
        for column in matching.columns
        if column.field.type is FieldType.TIMESTAMP
    )
    order, notices = decide_order(table, times, settings.date_order)
    readings = {
        column.field.name: Reading(
            order=order,
            zone=zone,
            nulls=frozenset(settings.nulls),
            unit=column.unit,
            spellings=tuple(
                (spelling.lower(), value)
                for value, spellings in settings.values.get(column.field.name, {}).items()
                for spelling in (value, *spellings)
            ),
        )
        for column in matching.columns
    }
    return Export(table, matching, readings, (*table.problems, *notices))


def stage_source(
    engine: Engine,
    exports: Sequence[Export],
    needed: frozenset[str],
    settings: SourceSettings,
) -> StagedSource:
    """Put the exports of one source into the engine and keep the books.

    Only the fields in `needed` are kept; all are checked. Raises `IntakeError` for duplicates
    that the definition forbids.
    """
    schema = exports[0].matching.schema
    wanted = needed | set(schema.time) | ({schema.key} if schema.key else set())
    kept = tuple(field for field in schema.fields if field.name in wanted)
    engine.execute(_create(schema, kept))
    counts = _Counts()
    for alike in group_alike(exports):
        incoming = _Incoming(schema, {number: exports[number] for number in alike})
        with engine.attached(_INCOMING, incoming.arrow_schema, incoming.batches(counts)):
            engine.execute(_insert(incoming, kept))
    refused = _count_by_file(engine, schema, exp.column(RAW).is_(exp.null()).not_())
    engine.execute(_keep_refused_apart(schema))
    engine.execute(_drop_refused(schema))
    for row in counts.torn:
        refused[row.export] = refused.get(row.export, 0) + (row.torn.rows if row.torn else 1)
    duplicates, problems = _drop_duplicates(engine, schema, settings.duplicates, exports)
    return StagedSource(
        schema=schema,
        exports=tuple(exports),
        fields=frozenset().union(*(export.matching.fields for export in exports)),
        read=counts.read,
        refused=refused,
        duplicates=duplicates,
        days=_count_days(engine, schema),
        torn=tuple(counts.torn),
        problems=problems,
    )


def fetch_refused(engine: Engine, source: StagedSource, limit: int | None) -> list[RefusedRow]:
    """The refused rows in the order of the files, torn ones included; at most `limit`."""
    query = exp.select(FILE, ROW, RAW).from_(_refused_table(source.schema)).order_by(FILE, ROW)
    rows = engine.fetch(query.limit(limit) if limit is not None else query)
    found = [
        RefusedRow(number, row, tuple(cells[: len(source.exports[number].table.header)]))
        for number, row, cells in rows
    ]
    merged = sorted([*found, *source.torn], key=lambda refused: (refused.export, refused.row))
    return merged if limit is None else merged[:limit]


@dataclass(slots=True)
class _Counts:
    """What is counted while rows pass by on their way into the engine."""

    read: dict[int, int] = field(default_factory=dict)
    torn: list[RefusedRow] = field(default_factory=list)


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
class _Incoming:
    """Exports that are spelt alike as one stream for the engine.

    Its columns are `_file` and `_row`, the raw cells `c0`, `c1`, … as wide as the widest of the
    files, and the trimmed cell of each field, `t_<field>`, NULL where a file has no such column.
    """

    schema: Schema
    exports: Mapping[int, Export]

    @property
    def width(self) -> int:
        return max(len(export.table.header) for export in self.exports.values())

    @property
    def fields(self) -> tuple[Field, ...]:
        found = {name for export in self.exports.values() for name in export.matching.fields}
        return tuple(field for field in self.schema.fields if field.name in found)

    def reading(self, field: Field) -> Reading:
        return next(
            e.readings[field.name] for e in self.exports.values() if field.name in e.readings
        )

    @property
    def arrow_schema(self) -> pa.Schema:
        texts = [f"c{i}" for i in range(self.width)] + [f"t_{f.name}" for f in self.fields]
        return pa.schema(
            [(FILE, pa.int16()), (ROW, pa.int64()), *((name, pa.string()) for name in texts)]
        )

    def batches(self, counts: _Counts) -> Iterator[pa.RecordBatch]:
        schema = self.arrow_schema
        for number, export in self.exports.items():
            counts.read[number] = 0
            for batch in export.table.batches():
                counts.read[number] += len(batch.rows) + sum(torn.rows for torn in batch.torn)
                counts.torn += [
                    RefusedRow(number, torn.row, (torn.text,), torn) for torn in batch.torn
                ]
                arrays = self._arrays(number, export, batch)
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    def _arrays(self, number: int, export: Export, batch: Batch) -> list[pa.Array]:
        nothing = pa.nulls(len(batch.rows), pa.string())
        raw = batch.cells.columns
        padding = [nothing] * (self.width - len(raw))
        positions = {column.field.name: column.positions for column in export.matching.columns}
        cells = [
            _trimmed([raw[position] for position in positions[field.name]])
            if field.name in positions
            else nothing
            for field in self.fields
        ]
        file = pa.array(np.full(len(batch.rows), number, np.int16))
        return [file, batch.rows, *raw, *padding, *cells]


def _trimmed(parts: Sequence[pa.Array]) -> pa.Array:
    """The trimmed text of a cell; several columns become one with a blank between."""
    trimmed = [pc.utf8_trim(part, characters=BLANKS) for part in parts]
    if len(trimmed) == 1:
        return trimmed[0]
    filled = [pc.if_else(pc.equal(part, ""), None, part) for part in trimmed]
    return pc.binary_join_element_wise(*filled, " ", null_handling="skip")


def _create(schema: Schema, kept: Iterable[Field]) -> exp.Create:
    columns = [(FILE, "SMALLINT"), (ROW, "BIGINT")]
    columns += [(field.name, SQL_TYPES[field.type]) for field in kept]
    columns += [(RAW, "VARCHAR[]")]
    definitions = [
        exp.ColumnDef(
            this=exp.to_identifier(name, quoted=True),
            kind=exp.DataType.build(kind, dialect="duckdb"),
        )
        for name, kind in columns
    ]
    return exp.Create(this=exp.Schema(this=table_of(schema), expressions=definitions), kind="TABLE")


def _insert(incoming: _Incoming, kept: Iterable[Field]) -> exp.Insert:
    """Cells to values to a verdict on the row, one level of query each."""
    fields = incoming.fields
    cells = {field.name: exp.column(f"x_{field.name}", quoted=True) for field in fields}
    values = {field.name: exp.column(f"v_{field.name}", quoted=True) for field in fields}
    read_cells = exp.Select(
        expressions=[
            exp.Star(),
            *(
                exp.alias_(_cell(field, incoming.reading(field)), f"x_{field.name}", quoted=True)
                for field in fields
            ),
        ]
    ).from_(exp.to_table(_INCOMING), copy=False)
    read_values = exp.Select(
        expressions=[
            exp.Star(),
            *(
                exp.alias_(
                    typed(field, cells[field.name], incoming.reading(field)),
                    f"v_{field.name}",
                    quoted=True,
                )
                for field in fields
            ),
        ]
    ).from_(read_cells.subquery("cells", copy=False), copy=False)
    raw = exp.Array(expressions=[exp.column(f"c{i}") for i in range(incoming.width)])
    refused = is_refused(incoming.schema, cells, values)
    final = exp.Select(
        expressions=[
            exp.column(FILE),
            exp.column(ROW),
            *(_stored(field, values.get(field.name)) for field in kept),
            exp.Case(ifs=[exp.If(this=refused, true=raw)]),
        ]
    ).from_(read_values.subquery("row_values", copy=False), copy=False)
    return exp.Insert(this=table_of(incoming.schema), expression=final)


def _cell(field: Field, reading: Reading) -> exp.Expr:
    """The text of a field's cell, NULL where it is blank."""
    trimmed = exp.column(f"t_{field.name}", quoted=True)
    cell: exp.Expr = exp.Nullif(this=trimmed, expression=exp.Literal.string(""))
    if reading.nulls:
        words = [exp.Literal.string(word) for word in sorted(reading.nulls)]
        known = exp.If(this=exp.In(this=cell, expressions=words), true=exp.null())
        cell = exp.Case(ifs=[known], default=cell.copy())
    return cell


def _stored(field: Field, value: exp.Expr | None) -> exp.Expr:
    if field.default is not None:
        default = exp.Boolean(this=field.default)
        return exp.Coalesce(this=value.copy(), expressions=[default]) if value else default
    if value is None:
        return exp.cast(exp.null(), data_type(field.type))
    return value.copy()


def _count_by_file(engine: Engine, schema: Schema, where: exp.Expr) -> dict[int, int]:
    query = (
        exp.select(FILE, exp.Count(this=exp.Star())).from_(table_of(schema)).where(where)
    ).group_by(FILE)
    return dict(engine.fetch(query))


def _refused_table(schema: Schema) -> exp.Table:
    return exp.to_table(f"{schema.source}_refused")


def _keep_refused_apart(schema: Schema) -> exp.Create:
    refused = exp.column(RAW).is_(exp.null()).not_()
    rows = exp.select(FILE, ROW, RAW).from_(table_of(schema)).where(refused)
    return exp.Create(this=_refused_table(schema), kind="TABLE", expression=rows)


def _drop_refused(schema: Schema) -> exp.Delete:
    return exp.Delete(
        this=table_of(schema), where=exp.Where(this=exp.column(RAW).is_(exp.null()).not_())
    )


def _drop_duplicates(
    engine: Engine, schema: Schema, policy: Duplicates, exports: Sequence[Export]
) -> tuple[dict[int, int], tuple[Problem, ...]]:
    """Keep one row of each key; how many rows went, by export."""
    key = schema.field(schema.key) if schema.key else None
    if key is None:
        return {}, ()
    column = exp.column(key.name, quoted=True)
    repeated = (
        exp.select(column).from_(table_of(schema)).group_by(column.copy())
        .having(exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1)))
    )  # fmt: skip
    if not engine.fetch(repeated.limit(1)):
        return {}, ()
    latest_first = policy is Duplicates.LAST
    rank = exp.Window(
        this=exp.RowNumber(),
        partition_by=[column.copy()],
        order=exp.Order(
            expressions=[
                exp.Ordered(this=exp.column(name), desc=latest_first) for name in (FILE, ROW)
            ]
        ),
    )
    ranked = (
        exp.select(FILE, ROW, exp.alias_(rank, "_rank")).from_(table_of(schema))
        .where(exp.In(this=column.copy(), query=repeated.subquery()))
    )  # fmt: skip
    surplus = exp.select(FILE, ROW).from_(ranked.subquery("ranked")).where("_rank > 1")
    counted = exp.select(FILE, exp.Count(this=exp.Star())).from_(surplus.subquery("surplus"))
    duplicates: dict[int, int] = dict(engine.fetch(counted.group_by(FILE)))
    problems = _duplicate_problems(duplicates, key, policy, exports)
    if policy is Duplicates.ERROR:
        raise IntakeError(*problems)
    both = exp.Tuple(expressions=[exp.column(FILE), exp.column(ROW)])
    engine.execute(
        exp.Delete(
            this=table_of(schema), where=exp.Where(this=exp.In(this=both, query=surplus.subquery()))
        )
    )
    return duplicates, problems


def _duplicate_problems(
    duplicates: Mapping[int, int], key: Field, policy: Duplicates, exports: Sequence[Export]
) -> tuple[Problem, ...]:
    kind = FORBIDDEN_DUPLICATE if policy is Duplicates.ERROR else DUPLICATE_KEY
    kept = {
        Duplicates.FIRST: Wording("第", "first"),
        Duplicates.LAST: Wording("最后", "last"),
        Duplicates.ERROR: Wording("", ""),
    }[policy]
    return tuple(
        replace(
            kind.at(exports[number].place, count=count, field=key.title, kept=kept), count=count
        )
        for number, count in sorted(duplicates.items())
    )


def _count_days(engine: Engine, schema: Schema) -> dict[tuple[int, date | None], int]:
    moment = time_of(schema)
    day = exp.cast(moment, "DATE") if moment else exp.null()
    query = (
        exp.select(FILE, exp.alias_(day, "_day"), exp.Count(this=exp.Star()))
        .from_(table_of(schema))
        .group_by(FILE, exp.column("_day"))
    )
    return {(number, day): count for number, day, count in engine.fetch(query)}
