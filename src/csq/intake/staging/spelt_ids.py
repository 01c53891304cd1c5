"""Ids that are spelt in two ways, or that a spreadsheet has made the same: told, not mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlglot import exp

from csq.engines.base import Engine
from csq.errors import Problem
from csq.intake.staging.incoming import FILE, ROW
from csq.intake.staging.tables import table_of
from csq.problems.rows import ALIKE_KEYS, FLATTENED_REFERENCE
from csq.records.notation import FLATTENED_ID
from csq.records.reading import FieldType
from csq.records.schema import Field, Schema

_WIDE_DIGITS = "０１２３４５６７８９"
_SAME_NUMBER = r"^0*([0-9]+)(\.0+)?$"
"""A number that is spelt with zeros in front, or as a fraction, in some exports."""
_LOOKED_AT = 2_000
"""Rows of each file in which the ids of others show how they are spelt: a program writes a whole
column in one way."""


def find_alike_keys(engine: Engine, schema: Schema) -> Iterator[Problem]:
    """A warning where keys that count as different are one number: 7, 007, 7.0 or full-width.

    The rows of each key must be one by now.
    """
    key = schema.field(schema.key) if schema.key else None
    if key and _is_any(engine, schema, _is_odd(_column(key))):
        yield from _tell_alike(engine, schema, key, table_of(schema))


def find_odd_references(engine: Engine, schema: Schema, kept: Iterable[Field]) -> Iterator[Problem]:
    """The same of the ids of agents, customers and others, and where Excel has flattened them."""
    references = [field for field in kept if field.name != schema.key and _is_reference(field)]
    asked = {f: (_is_odd(_column(f)), _is_flattened(_column(f))) for f in references}
    if not asked:
        return
    found = exp.Select(
        expressions=[exp.LogicalOr(this=each.copy()) for both in asked.values() for each in both]
    )
    first_rows = exp.LTE(this=exp.column(ROW), expression=exp.Literal.number(_LOOKED_AT))
    found.from_(table_of(schema), copy=False).where(first_rows, copy=False)
    (answers,) = engine.fetch(found)
    for field, is_odd, is_flattened in zip(asked, answers[::2], answers[1::2], strict=True):
        if is_odd:
            values = exp.Select(expressions=[_column(field)]).distinct(copy=False)
            values = values.from_(table_of(schema), copy=False)
            yield from _tell_alike(engine, schema, field, values.subquery("spelt"))
        if is_flattened:
            yield from _tell_flattened(engine, schema, field)


def _is_reference(field: Field) -> bool:
    is_id = field.name.endswith("_id") or field.column.refers_to is not None
    return field.type is FieldType.TEXT and is_id


def _column(field: Field) -> exp.Expr:
    return exp.column(field.name, quoted=True)


def _call(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[each.copy() for each in arguments])


def _is_odd(column: exp.Expr) -> exp.Expr:
    """Whether an id may be a number that others spell otherwise; most ids are not."""
    return exp.or_(
        _call("STARTS_WITH", column, exp.Literal.string("0")),
        _call("ENDS_WITH", column, exp.Literal.string(".0")),
        exp.NEQ(this=_call("STRLEN", column), expression=_call("LENGTH", column)),
    )


def _is_flattened(column: exp.Expr) -> exp.Expr:
    return _call("REGEXP_FULL_MATCH", column, exp.Literal.string(FLATTENED_ID))


def _is_any(engine: Engine, schema: Schema, condition: exp.Expr) -> bool:
    file = exp.Select(expressions=[exp.column(FILE)]).from_(table_of(schema), copy=False)
    return bool(engine.fetch(file.where(condition, copy=False).limit(1, copy=False)))


def _tell_alike(
    engine: Engine, schema: Schema, field: Field, ids: exp.Table | exp.Subquery
) -> Iterator[Problem]:
    """How many ids are one number spelt in several ways; `ids` holds each of them once."""
    column = _column(field)
    wide, plain = (exp.Literal.string(digits) for digits in (_WIDE_DIGITS, "0123456789"))
    number = _call(
        "REGEXP_EXTRACT",
        _call("TRANSLATE", column, wide, plain),
        exp.Literal.string(_SAME_NUMBER),
        exp.Literal.number(1),
    )
    alike = (
        exp.select(
            exp.alias_(exp.Min(this=column.copy()), "_first"),
            exp.alias_(exp.Max(this=column.copy()), "_last"),
        )
        .from_(ids).where(exp.NEQ(this=number, expression=exp.Literal.string("")))
        .group_by(number.copy())
        .having(exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1)))
    )  # fmt: skip
    examples = (
        exp.select("_first", "_last", exp.Window(this=exp.Count(this=exp.Star())))
        .from_(alike.subquery("alike")).order_by("_first").limit(1)
    )  # fmt: skip
    for first, last, count in engine.fetch(examples):
        yield ALIKE_KEYS.at(
            value=f"{first}, {last}", count=count, field=field.title, source=schema.title
        )


def _tell_flattened(engine: Engine, schema: Schema, field: Field) -> Iterator[Problem]:
    column = _column(field)
    counted = exp.Select(expressions=[exp.Min(this=column.copy()), exp.Count(this=exp.Star())])
    counted.from_(table_of(schema), copy=False).where(_is_flattened(column), copy=False)
    for example, count in engine.fetch(counted):
        yield FLATTENED_REFERENCE.at(
            value=example, count=count, field=field.title, source=schema.title
        )
