"""Event logs: the rows of a case become one row, which takes times and counts from all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sqlglot import exp

from csq.definition.folding import Folding, Taken
from csq.definition.load import nearest
from csq.definition.sources import EVERY_ACTIVITY
from csq.engines.base import StagingEngine
from csq.errors import Problem
from csq.intake.export import Export
from csq.intake.staging.incoming import FILE, RAW, ROW
from csq.intake.staging.tables import table_of
from csq.intake.typing.trees import is_one_of
from csq.problems.rows import EVENT_ORDER, FOLDED_ROWS, UNKNOWN_ACTIVITY
from csq.records.base import NotBefore
from csq.records.reading import FieldType
from csq.records.schema import Field, Schema

_AGAIN, _SEEN, _BEFORE, _NEXT, _RANK = "_again", "_seen", "_before", "_next", "_rank"
_CASES = "cases"


def fold_cases(
    engine: StagingEngine,
    schema: Schema,
    folding: Folding | None,
    carried: Sequence[Field],
    exports: Sequence[Export],
) -> tuple[dict[int, int], tuple[Problem, ...]]:
    """Put one row in the place of each case's rows; how many rows went, by export.

    What the events give does not depend on the order of rows or files where no two rows of a case
    have the same time. Events that a later file repeats happened once. A time that would be
    before one it cannot precede is left blank and told.
    """
    if folding is None:
        return {}, ()
    before = _count_rows(engine, schema)
    problems = list(_unknown_activities(engine, schema, folding, exports))
    engine.execute(_cases_table(schema, folding, carried))
    engine.execute(exp.Delete(this=table_of(schema)))
    columns = [exp.column(name, quoted=True) for name in (FILE, ROW, *_names(carried), RAW)]
    rows = exp.select(*columns).from_(_CASES).order_by(FILE, ROW)
    engine.execute(exp.Insert(this=table_of(schema), expression=rows))
    engine.execute(exp.Drop(tables=[exp.to_table(_CASES)], kind="TABLE"))
    problems += _blank_what_is_too_early(engine, schema, carried, exports)
    after = _count_rows(engine, schema)
    gone = {file: count - after.get(file, 0) for file, count in before.items()}
    told = [
        FOLDED_ROWS.at(exports[file].place, count=count, field=folding.key.title)
        for file, count in sorted(gone.items())
        if count
    ]
    return gone, (*told, *problems)


def _names(fields: Iterable[Field]) -> list[str]:
    return [field.name for field in fields]


def _column(field: Field) -> exp.Column:
    return exp.column(field.name, quoted=True)


def _count_rows(engine: StagingEngine, schema: Schema) -> dict[int, int]:
    counted = exp.select(FILE, exp.Count(this=exp.Star())).from_(table_of(schema))
    return dict(engine.fetch(counted.group_by(FILE)))


def _over(
    function: exp.Expr, partition: Iterable[str], order: Iterable[str], *, last_first: bool = False
) -> exp.Window:
    return exp.Window(
        this=function,
        partition_by=[exp.column(name, quoted=True) for name in partition],
        order=exp.Order(
            expressions=[
                exp.Ordered(this=exp.column(name, quoted=True), desc=last_first) for name in order
            ]
        ),
    )


def _order_of(folding: Folding) -> list[str]:
    return [*_names([folding.time] if folding.time else []), FILE, ROW]


def _cases_table(schema: Schema, folding: Folding, carried: Sequence[Field]) -> exp.Create:
    """The kept row of each case, with what its events give in the place of their fields."""
    rank = _over(
        exp.RowNumber(), [folding.key.name], _order_of(folding), last_first=folding.keeps_last
    )
    ranked = exp.select(exp.Star(), exp.alias_(rank, _RANK)).from_(table_of(schema))
    taken = {each.field.name for each in folding.taken}
    values = [
        exp.column(name, table="given" if name in taken else "ranked", quoted=True)
        for name in (FILE, ROW, *_names(carried), RAW)
    ]
    rows = exp.select(*values).from_(ranked.subquery("ranked")).where(exp.column(_RANK).eq(1))
    if taken:
        same_case = exp.EQ(
            this=exp.column(folding.key.name, table="given", quoted=True),
            expression=exp.column(folding.key.name, table="ranked", quoted=True),
        )
        rows = rows.join(_events(schema, folding).subquery("given"), on=same_case)
    return exp.Create(this=exp.to_table(_CASES), kind="TABLE", expression=rows)


def _events(schema: Schema, folding: Folding) -> exp.Select:
    """A row a case: what it takes from the steps it went through."""
    assert folding.time
    assert folding.activity
    key, time, activity = folding.key.name, folding.time.name, folding.activity.name
    event = [key, time, activity]
    again = _over(exp.RowNumber(), [FILE, *event], [ROW])
    numbered = exp.select(FILE, ROW, *map(_column, (folding.key, folding.time, folding.activity)))
    numbered = numbered.select(exp.alias_(again, _AGAIN)).from_(table_of(schema))
    seen = _over(exp.RowNumber(), [*event, _AGAIN], [FILE])
    every = exp.select(exp.Star(), exp.alias_(seen, _SEEN)).from_(numbered.subquery("numbered"))
    order = _order_of(folding)
    steps = (
        exp.select(exp.Star())
        .select(exp.alias_(_over(exp.Lag(this=_column(folding.activity)), [key], order), _BEFORE))
        .select(exp.alias_(_over(exp.Lead(this=_column(folding.time)), [key], order), _NEXT))
        .from_(every.subquery("every_row"))
        .where(exp.column(_SEEN).eq(1))
    )
    given = [
        exp.alias_(_given(each, folding.time, folding.activity), each.field.name, quoted=True)
        for each in folding.taken
    ]
    return (
        exp.select(_column(folding.key), *given)
        .from_(steps.subquery("steps"))
        .group_by(_column(folding.key))
    )


def _given(taken: Taken, time: Field, activity: Field) -> exp.Expr:
    conditions: list[exp.Expr] = []
    if EVERY_ACTIVITY not in taken.activities:
        conditions.append(is_one_of(_column(activity), taken.activities))
    if taken.after:
        conditions.append(is_one_of(exp.column(_BEFORE), taken.after))
    value: exp.Expr
    match taken.event.takes:
        case FieldType.INTEGER:
            value = exp.Count(this=exp.Star())
        case FieldType.DURATION:
            left, came = exp.UnixMicros(this=exp.column(_NEXT)), exp.UnixMicros(this=_column(time))
            value = exp.Sum(this=exp.Sub(this=left, expression=came))
        case _:
            value = (exp.Min if taken.event.first else exp.Max)(this=_column(time))
    if not conditions:
        return value
    where = exp.Where(this=exp.and_(*conditions, copy=False))
    return exp.Filter(this=value, expression=where)


def _unknown_activities(
    engine: StagingEngine, schema: Schema, folding: Folding, exports: Sequence[Export]
) -> Iterator[Problem]:
    """Activities that the definition names and no row has."""
    named = {name for each in folding.taken for name in (*each.activities, *each.after)} - {
        EVERY_ACTIVITY
    }
    if not named or not folding.activity:
        return
    distinct = exp.select(_column(folding.activity)).distinct().from_(table_of(schema))
    known = [name for (name,) in engine.fetch(distinct)]
    for name in sorted(named.difference(known)):
        yield UNKNOWN_ACTIVITY.at(
            exports[0].place,
            value=name,
            field=folding.activity.title,
            nearest=nearest(name, sorted(known)),
        )


def _blank_what_is_too_early(
    engine: StagingEngine, schema: Schema, carried: Sequence[Field], exports: Sequence[Export]
) -> Iterator[Problem]:
    """Times that came from events, or stand beside such, and lie before what they must follow."""
    known = {field.name: field for field in carried}
    for rule in schema.case_rules:
        later = known.get(rule.later) if isinstance(rule, NotBefore) else None
        earlier = known.get(rule.earlier) if isinstance(rule, NotBefore) else None
        if later is None or earlier is None:
            continue
        broken = exp.LT(this=_column(later), expression=_column(earlier))
        found = exp.select(FILE, exp.Min(this=exp.column(ROW)), exp.Count(this=exp.Star()))
        found = found.from_(table_of(schema)).where(broken).group_by(FILE).order_by(FILE)
        for file, row, count in engine.fetch(found):
            place = replace(exports[file].place, row=row)
            yield EVENT_ORDER.at(place, count=count, later=later.title, earlier=earlier.title)
        blank = exp.EQ(this=_column(later), expression=exp.null())
        where = exp.Where(this=broken.copy())
        engine.execute(exp.Update(this=table_of(schema), expressions=[blank], where=where))
