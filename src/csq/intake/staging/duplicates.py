"""Rows that name the same thing twice: one of them counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlglot import exp

from csq.definition.sources import Duplicates
from csq.engines.base import StagingEngine
from csq.errors import IntakeError, Problem
from csq.intake.export import Export
from csq.intake.staging.incoming import FILE, ROW
from csq.intake.staging.tables import named_table, table_of
from csq.intake.typing.trees import cast
from csq.problems.rows import (
    DUPLICATE_KEY,
    FORBIDDEN_DUPLICATE,
    ROWS_OF_CASES,
    SHARED_ID,
)
from csq.records.schema import Field, Schema
from csq.wording import Wording


def drop_duplicates(
    engine: StagingEngine, schema: Schema, policy: Duplicates, exports: Sequence[Export]
) -> tuple[dict[int, int], tuple[Problem, ...]]:
    """Keep one row of each key; how many rows went, by export."""
    key = schema.field(schema.key) if schema.key else None
    if key is None:
        return {}, ()
    repeated = exp.Create(this=_REPEATED.copy(), kind="TABLE", expression=_repeat(schema, key))
    if not engine.execute(repeated):
        engine.execute(exp.Drop(tables=[_REPEATED.copy()], kind="TABLE"))
        return {}, ()
    ranked = _rank(schema, key, policy)
    engine.execute(exp.Create(this=_RANKED.copy(), kind="TABLE", expression=ranked))
    found = {number: _Repeats(*counts) for number, *counts in engine.fetch(_count(key))}
    problems = _tell(engine, schema, key, policy, exports, found)
    duplicates = {number: each.surplus for number, each in found.items() if each.surplus}
    if duplicates:
        place = [exp.column(FILE), exp.column(ROW)]
        surplus = exp.Select(expressions=[each.copy() for each in place])
        surplus.from_(_RANKED.copy(), copy=False).where(_IS_SURPLUS.copy(), copy=False)
        gone = exp.In(this=exp.Tuple(expressions=place), query=surplus.subquery(copy=False))
        engine.execute(exp.Delete(this=table_of(schema), where=exp.Where(this=gone)))
    for table in (_RANKED, _REPEATED):
        engine.execute(exp.Drop(tables=[table.copy()], kind="TABLE"))
    return duplicates, problems


@dataclass(frozen=True, slots=True)
class _Repeats:
    """Of the rows of an export whose key stands more than once, in whatever export."""

    surplus: int
    """How many do not count."""
    others: int
    """How many of these began at another time than the row that counts."""
    again: int
    """How many repeat a key of this export."""


_REPEATED = named_table("_repeated")
"""The keys that stand more than once: in most exports none, and then nothing else is asked."""

_RANKED = named_table("_ranked")
"""The rows whose key stands more than once: of each which one counts, 1, and whether it began at
another time than that one."""

_IS_SURPLUS = exp.GT(this=exp.column("_rank"), expression=exp.Literal.number(1))


def _count(key: Field) -> exp.Select:
    """`_Repeats` of each export."""
    rows, column = exp.Count(this=exp.Star()), exp.column(key.name, quoted=True)
    is_other = exp.and_(_IS_SURPLUS, exp.column("_is_other"))
    surplus, others = (
        exp.Filter(this=rows.copy(), expression=exp.Where(this=each.copy()))
        for each in (_IS_SURPLUS, is_other)
    )
    keys = exp.Count(this=exp.Distinct(expressions=[column]))
    again = exp.Sub(this=rows, expression=keys)
    file = exp.column(FILE)
    counted = exp.Select(expressions=[file, surplus, others, again])
    counted.from_(_RANKED.copy(), copy=False).group_by(file.copy(), copy=False)
    return counted.order_by(file.copy(), copy=False)


def _repeat(schema: Schema, key: Field) -> exp.Select:
    column = exp.column(key.name, quoted=True)
    many = exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1))
    repeated = exp.Select(expressions=[column]).from_(table_of(schema), copy=False)
    return repeated.group_by(column.copy(), copy=False).having(many, copy=False)


def _rank(schema: Schema, key: Field, policy: Duplicates) -> exp.Select:
    column = exp.column(key.name, quoted=True)
    latest_first = policy is Duplicates.LAST

    def over_key(what: exp.Expr) -> exp.Window:
        """Something over the rows of one key, the one that is kept first."""
        order = [exp.Ordered(this=exp.column(name), desc=latest_first) for name in (FILE, ROW)]
        return exp.Window(
            this=what, partition_by=[column.copy()], order=exp.Order(expressions=order)
        )

    minute = _minute_of(schema)
    is_other = exp.NEQ(this=minute, expression=over_key(exp.FirstValue(this=minute.copy())))
    rank = exp.alias_(over_key(exp.RowNumber()), "_rank", copy=False)
    ranked = exp.Select(
        expressions=[
            *(exp.column(FILE), exp.column(ROW), column),
            *(rank, exp.alias_(is_other, "_is_other", copy=False)),
        ]
    )
    repeated = exp.Select(expressions=[column.copy()]).from_(_REPEATED.copy(), copy=False)
    same = exp.In(this=column.copy(), query=repeated.subquery(copy=False))
    return ranked.from_(table_of(schema), copy=False).where(same, copy=False)


def _minute_of(schema: Schema) -> exp.Expr:
    """When a record began, as far as every export of it says the same; NULL where it may change.

    What was saved by Excel has lost its seconds.
    """
    time = schema.field(schema.time[0]) if len(schema.time) == 1 else None
    if time is None or not time.required:
        return cast(exp.null(), "TIMESTAMP")
    unit = exp.Literal.string("minute")
    return exp.Anonymous(this="DATE_TRUNC", expressions=[unit, exp.column(time.name, quoted=True)])


def _title_of(schema: Schema, name: str) -> Wording | None:
    field = schema.field(name)
    return field.title if field else None


_MANY = Fraction(1, 5)
_FEWEST = 10
"""From which share and number of its rows that repeat a key of their file it may be a log."""


def _tell(
    engine: StagingEngine,
    schema: Schema,
    key: Field,
    policy: Duplicates,
    exports: Sequence[Export],
    found: Mapping[int, _Repeats],
) -> tuple[Problem, ...]:
    """What is told of rows that repeat a key; raises `IntakeError` where none may."""
    kind = FORBIDDEN_DUPLICATE if policy is Duplicates.ERROR else DUPLICATE_KEY
    kept = _KEPT[policy]
    problems = [
        kind.at(exports[number].place, count=each.surplus, field=key.title, kept=kept)
        for number, each in found.items()
        if each.surplus
    ]
    if problems and policy is Duplicates.ERROR:
        raise IntakeError(*problems)
    problems += [
        SHARED_ID.at(
            exports[number].place,
            count=each.others,
            field=key.title,
            other=_title_of(schema, schema.time[0]),
            name=key.name,
            kept=kept,
        )
        for number, each in found.items()
        if each.others
    ]
    return (*problems, *_rows_of_cases(engine, schema, key, policy, exports, found))


def _rows_of_cases(
    engine: StagingEngine,
    schema: Schema,
    key: Field,
    policy: Duplicates,
    exports: Sequence[Export],
    found: Mapping[int, _Repeats],
) -> tuple[Problem, ...]:
    """A warning for each export that seems to hold several rows of a case, not one."""
    if not any(each.again >= _FEWEST for each in found.values()):
        return ()
    sizes = exp.select(FILE, exp.Count(this=exp.Star())).from_(table_of(schema)).group_by(FILE)
    return tuple(
        ROWS_OF_CASES.at(
            exports[number].place,
            count=found[number].again,
            field=key.title,
            share=f"{round(100 * found[number].again / rows)} %",
            kept=_KEPT[policy],
        )
        for number, rows in sorted(engine.fetch(sizes))
        if number in found and found[number].again >= max(_FEWEST, _MANY * rows)
    )


_KEPT = {
    Duplicates.FIRST: Wording("第", "first"),
    Duplicates.LAST: Wording("最后", "last"),
    Duplicates.ERROR: Wording("", ""),
}
