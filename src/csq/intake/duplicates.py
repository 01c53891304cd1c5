"""Rows that name the same thing twice: one of them counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from sqlglot import exp

from csq.definition.sources import Duplicates
from csq.engines.base import Engine
from csq.errors import IntakeError, Problem
from csq.intake.export import Export
from csq.intake.incoming import FILE, ROW
from csq.intake.tables import named_table, table_of
from csq.problems.rows import (
    DUPLICATE_KEY,
    FORBIDDEN_DUPLICATE,
    ROWS_OF_CASES,
)
from csq.records.schema import Field, Schema
from csq.wording import Wording


def drop_duplicates(
    engine: Engine, schema: Schema, policy: Duplicates, exports: Sequence[Export]
) -> tuple[dict[int, int], tuple[Problem, ...]]:
    """Keep one row of each key; how many rows went, by export."""
    key = schema.field(schema.key) if schema.key else None
    if key is None:
        return {}, ()
    repeated = _find_repeated(schema, key)
    if not engine.fetch(repeated.limit(1)):
        return {}, ()
    ranked = _rank(schema, key, repeated, policy)
    engine.execute(exp.Create(this=_RANKED.copy(), kind="TABLE", expression=ranked))
    surplus = exp.select(FILE, ROW).from_(_RANKED).where(_IS_SURPLUS)
    counted = exp.select(FILE, exp.Count(this=exp.Star())).from_(_RANKED).where(_IS_SURPLUS)
    duplicates: dict[int, int] = dict(engine.fetch(counted.group_by(FILE)))
    problems = _duplicate_problems(duplicates, key, policy, exports)
    if policy is Duplicates.ERROR:
        raise IntakeError(*problems)
    problems += _rows_of_cases(engine, schema, key, policy, exports)
    both = exp.Tuple(expressions=[exp.column(FILE), exp.column(ROW)])
    gone = exp.In(this=both, query=surplus.subquery())
    engine.execute(exp.Delete(this=table_of(schema), where=exp.Where(this=gone)))
    engine.execute(exp.Drop(tables=[_RANKED.copy()], kind="TABLE"))
    return duplicates, problems


_RANKED = named_table("_ranked")
"""The rows whose key stands more than once, the one that counts first."""

_IS_SURPLUS = exp.column("_rank") > 1


def _find_repeated(schema: Schema, key: Field) -> exp.Select:
    column = exp.column(key.name, quoted=True)
    return (
        exp.Select(expressions=[column]).from_(table_of(schema), copy=False)
        .group_by(column.copy(), copy=False)
        .having(exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1)))
    )  # fmt: skip


def _rank(schema: Schema, key: Field, repeated: exp.Select, policy: Duplicates) -> exp.Select:
    column = exp.column(key.name, quoted=True)
    latest_first = policy is Duplicates.LAST
    order = [exp.Ordered(this=exp.column(name), desc=latest_first) for name in (FILE, ROW)]
    rank = exp.Window(
        this=exp.RowNumber(),
        partition_by=[column.copy()],
        order=exp.Order(expressions=order),
    )
    return (
        exp.select(FILE, ROW, column.copy(), exp.alias_(rank, "_rank")).from_(table_of(schema))
        .where(exp.In(this=column.copy(), query=repeated.subquery()))
    )  # fmt: skip


_MANY = Fraction(1, 5)
_FEWEST = 10
"""From which share and number of its rows that repeat a key of their file it may be a log."""


def _rows_of_cases(
    engine: Engine, schema: Schema, key: Field, policy: Duplicates, exports: Sequence[Export]
) -> tuple[Problem, ...]:
    """A warning for each export that seems to hold several rows of a case, not one."""
    column = exp.column(key.name, quoted=True)
    again = exp.Sub(
        this=exp.Count(this=exp.Star()),
        expression=exp.Count(this=exp.Distinct(expressions=[column])),
    )
    repeats: dict[int, int] = dict(
        engine.fetch(exp.select(FILE, again).from_(_RANKED).group_by(FILE))
    )
    sizes = exp.select(FILE, exp.Count(this=exp.Star())).from_(table_of(schema)).group_by(FILE)
    return tuple(
        ROWS_OF_CASES.at(
            exports[number].place,
            count=count,
            field=key.title,
            share=f"{round(100 * count / rows)} %",
            kept=_KEPT[policy],
        )
        for number, rows in sorted(engine.fetch(sizes))
        if (count := repeats.get(number, 0)) >= max(_FEWEST, _MANY * rows)
    )


_KEPT = {
    Duplicates.FIRST: Wording("第", "first"),
    Duplicates.LAST: Wording("最后", "last"),
    Duplicates.ERROR: Wording("", ""),
}


def _duplicate_problems(
    duplicates: Mapping[int, int], key: Field, policy: Duplicates, exports: Sequence[Export]
) -> tuple[Problem, ...]:
    kind = FORBIDDEN_DUPLICATE if policy is Duplicates.ERROR else DUPLICATE_KEY
    return tuple(
        kind.at(exports[number].place, count=count, field=key.title, kept=_KEPT[policy])
        for number, count in sorted(duplicates.items())
    )
