"""The engine's table of a source: its columns, and how a row of an export becomes a row of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlglot import exp

from csq.intake.staging.incoming import FILE, INCOMING, RAW, ROW, Incoming
from csq.intake.typing.checks import is_cell_refused, is_refused
from csq.intake.typing.columns import spelt_out, typed
from csq.intake.typing.durations import count_from, read_duration
from csq.intake.typing.trees import SQL_TYPES, build_type, cast, is_one_of
from csq.records.notation import UNCALCULATED
from csq.records.reading import Reading
from csq.records.schema import Field, Schema


def table_of(schema: Schema) -> exp.Table:
    return named_table(schema.source)


def named_table(name: str) -> exp.Table:
    """A table of the engine, whose name is csq's own."""
    return exp.Table(this=exp.to_identifier(name))


def moment_of(schema: Schema, time: str | None = None) -> exp.Expr | None:
    """When a row happened: the field asked for, or the first of the source's own that is filled."""
    columns = [exp.column(name, quoted=True) for name in ((time,) if time else schema.time)]
    if not columns:
        return None
    first, *others = columns
    return exp.Coalesce(this=first, expressions=others) if others else first


def create_table(schema: Schema, carried: Iterable[Field], absent: Iterable[Field]) -> exp.Create:
    """A table for the fields that exports carry; those that none does are constants of it.

    A constant takes no room, and what is asked of it is known before a row is looked at.
    """
    columns = [(FILE, "SMALLINT"), (ROW, "BIGINT")]
    columns += [(field.name, SQL_TYPES[field.type]) for field in carried]
    columns += [(RAW, "VARCHAR[]")]
    definitions = [_defined(name, kind) for name, kind in columns]
    definitions += [
        _defined(field.name, SQL_TYPES[field.type], _stored(field, None)) for field in absent
    ]
    return exp.Create(this=exp.Schema(this=table_of(schema), expressions=definitions), kind="TABLE")


def _defined(name: str, kind: str, constant: exp.Expr | None = None) -> exp.ColumnDef:
    always = exp.GeneratedAsIdentityColumnConstraint(this=True, expression=constant)
    return exp.ColumnDef(
        this=exp.to_identifier(name, quoted=True),
        kind=build_type(kind).copy(),
        constraints=[exp.ColumnConstraint(kind=always)] if constant else [],
    )


def insert_rows(incoming: Incoming, carried: Iterable[Field]) -> exp.Insert:
    """Cells to values to a verdict on the row, one level of query each.

    A value that neither the table nor the verdict asks for, such as a text that is only checked, is
    not read: the engine would pass over it, but only once it has prepared it.
    """
    fields = incoming.filled
    cells, values = _columns("x", fields), _columns("v", fields)
    raw = exp.Array(expressions=[exp.column(f"c{i}") for i in range(incoming.width)])
    unread = {name: cell for name, cell in cells.items() if name not in incoming.blank}
    refused = is_refused(incoming.schema, unread, values)
    final = exp.Select(
        expressions=[
            exp.column(FILE),
            exp.column(ROW),
            *(_stored(field, values.get(field.name)) for field in carried),
            exp.Case(ifs=[exp.If(this=refused, true=raw)]),
        ]
    )
    asked = {column.name for column in final.find_all(exp.Column)}
    valued = [field for field in fields if values[field.name].name in asked]
    final.from_(_read_values(incoming, fields, valued), copy=False)
    return exp.Insert(this=table_of(incoming.schema), expression=final)


def read_known(incoming: Incoming, fields: Sequence[Field]) -> exp.Select:
    """Of cells, each by itself: what it is read as, spelt out, and whether its row is refused."""
    cells, values = _columns("x", fields), _columns("v", fields)
    told: list[exp.Expr] = []
    for field in fields:
        cell, value = cells[field.name], values[field.name]
        told += [cast(value.copy(), "VARCHAR"), is_cell_refused(field, cell, value)]
    return exp.Select(expressions=[exp.column(ROW), *told]).from_(
        _read_values(incoming, fields, fields), copy=False
    )


def _read_values(
    incoming: Incoming, fields: Sequence[Field], valued: Sequence[Field]
) -> exp.Subquery:
    """The rows of the stream with the cells of fields, and what those `valued` are read as."""
    cells = _columns("x", fields)
    read_cells = exp.Select(
        expressions=[
            exp.Star(),
            *(
                _named(f"x_{field.name}", _cell(field, incoming.reading(field)))
                for field in fields
                if field.name not in incoming.blank
            ),
        ]
    ).from_(named_table(INCOMING), copy=False)
    read_values = exp.Select(
        expressions=[
            exp.Star(),
            *(_named(f"v_{field.name}", _value(field, cells, incoming)) for field in valued),
        ]
    ).from_(read_cells.subquery("cells", copy=False), copy=False)
    return read_values.subquery("row_values", copy=False)


def _columns(prefix: str, fields: Iterable[Field]) -> dict[str, exp.Expr]:
    return {field.name: exp.column(f"{prefix}_{field.name}", quoted=True) for field in fields}


def _named(name: str, value: exp.Expr) -> exp.Expr:
    return exp.alias_(value, name, quoted=True, copy=False)


def _value(field: Field, cells: Mapping[str, exp.Expr], incoming: Incoming) -> exp.Expr:
    reading = incoming.reading(field)
    known = exp.column(f"k_{field.name}", quoted=True)
    if field.name in incoming.blank:
        return known
    if reading.since is None:
        value = typed(field, cells[field.name], reading)
        if field.name not in incoming.known:
            return value
        unknown = exp.column(f"t_{field.name}", quoted=True)
        is_known = exp.Is(this=unknown, expression=exp.null())
        return exp.Case(ifs=[exp.If(this=is_known, true=known)], default=value)
    start = incoming.schema.field(reading.since)
    assert start
    passed = read_duration(cells[field.name], reading)
    return count_from(typed(start, cells[start.name], incoming.reading(start)), passed)


def _cell(field: Field, reading: Reading) -> exp.Expr:
    """The text of a field's cell as its column means it, NULL where it is blank."""
    trimmed = exp.column(f"t_{field.name}", quoted=True)
    cell: exp.Expr = exp.Nullif(this=trimmed, expression=exp.Literal.string(""))
    nulls = reading.nulls | {UNCALCULATED} if field.column.prose else reading.nulls
    if nulls:
        known = exp.If(this=is_one_of(cell, sorted(nulls)), true=exp.null())
        cell = exp.Case(ifs=[known], default=cell.copy())
    return spelt_out(field, cell, reading)


def _stored(field: Field, value: exp.Expr | None) -> exp.Expr:
    if field.default is not None:
        default = exp.Boolean(this=field.default)
        return exp.Coalesce(this=value.copy(), expressions=[default]) if value else default
    if value is None:
        return cast(exp.null(), SQL_TYPES[field.type])
    return value.copy()
