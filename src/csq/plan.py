"""The queries a run needs, as trees and as few as possible.

One query answers every additive value of one source over all periods, and at all levels of grouping
whose groups are few together; percentiles and distinct counts have queries of their own for each
level, since they cannot share a pass cheaply.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlglot import exp

from csq.definition.indicators import Attribution
from csq.formula.compile import compile_aggregate, compile_row, derived_name
from csq.formula.credit import AGENT, credited_to, join_replies
from csq.formula.tree import (
    DERIVED,
    Aggregate,
    FieldTerm,
    RowOperation,
    RowTerm,
    derived_in,
    terms_of,
    type_of,
)
from csq.formula.working_time import join_calendars
from csq.intake.staging.incoming import FILE, ROW
from csq.intake.staging.tables import moment_of, table_of
from csq.intake.typing.trees import cast
from csq.period import Period
from csq.records.schema import Schema
from csq.rollup import PERIOD, Sizes, count_groups, sum_up

Level = tuple[str, ...]
"""The fields a breakdown groups by; `()` is the total."""

TOTAL: Level = ()


@dataclass(frozen=True, slots=True)
class Demand:
    """One aggregate, wanted with rows dated by `time` (`None`: the source's own time).

    A row set that names a time of its own keeps it.
    """

    aggregate: Aggregate
    time: str | None = None

    @property
    def schema(self) -> Schema:
        return self.aggregate.population.schema

    @property
    def dated(self) -> str | None:
        return self.aggregate.population.time or self.time


@dataclass(frozen=True, slots=True)
class Cut:
    """What is wanted of the rows at one level: the terms they are grouped by, and the demands."""

    level: Level
    fields: tuple[RowTerm, ...]
    demands: tuple[Demand, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """One query for one or several cuts through the same rows, and how to read its rows.

    Each row is the position of its period, then of every field of `fields` whether the row is
    summed up over it (only where there are several cuts), then the value of each field of
    `fields`, then the value of each demand.
    """

    periods: tuple[Period, ...]
    cuts: tuple[Cut, ...]
    fields: tuple[RowTerm, ...]
    demands: tuple[Demand, ...]
    select: exp.Select

    def read(
        self, row: Sequence[Any]
    ) -> Iterator[tuple[Period, Cut, tuple[Any, ...], dict[Demand, Any]]]:
        """The cuts that a row answers: its period, the values of their fields, and its values."""
        position, *rest = row
        width = len(self.fields)
        summed: Sequence[Any] = [0] * width
        if len(self.cuts) > 1:
            summed, rest = rest[:width], rest[width:]
        group = {
            field: value
            for field, value, over in zip(self.fields, rest, summed, strict=False)
            if not over
        }
        values = dict(zip(self.demands, rest[width:], strict=True))
        for cut in self.cuts:
            if group.keys() == set(cut.fields):
                named = tuple(group[field] for field in cut.fields)
                yield self.periods[position], cut, named, values


@dataclass(frozen=True, slots=True)
class Plan:
    """Every query of a run."""

    queries: tuple[Query, ...]


Asked = Mapping[Level, Iterable[Demand]]
"""The demands of each level."""

_MOST_GROUPS = 4096
"""As many groups of a period cost next to nothing, in time and in memory."""


def make_plan(
    asked: Asked,
    periods: Sequence[Period],
    conditions: Mapping[str, RowTerm],
    data_end: datetime | None = None,
    sizes: Sizes = MappingProxyType({}),
) -> Plan:
    """The queries that answer the demands of every level for consecutive `periods`.

    `conditions` narrow the rows of a source, by its name. `data_end` is what `DATA_END()` says.
    Levels whose fields have few values by `sizes` are answered from one pass over the rows.
    """
    groups: dict[tuple[Schema, str | None, bool, bool], list[Cut]] = {}
    for level, demands in asked.items():
        alike: dict[tuple[Schema, str | None, bool, bool], list[Demand]] = {}
        for demand in dict.fromkeys(demands):
            additive = demand.aggregate.summary.is_additive
            stock = demand.aggregate.population.stock
            if all(demand.schema.field(name) for name in level):
                key = (demand.schema, demand.dated, stock, additive)
                alike.setdefault(key, []).append(demand)
        for key, wanted in alike.items():
            for fields, own in _by_fields(key[0], level, wanted).items():
                groups.setdefault(key, []).append(Cut(level, fields, tuple(own)))
    queries = []
    for (schema, time, stock, additive), cuts in groups.items():
        bundles = _bundle(schema, cuts, sizes) if additive else [[cut] for cut in cuts]
        for bundle in bundles:
            fields = tuple(dict.fromkeys(field for cut in bundle for field in cut.fields))
            wanted = list(dict.fromkeys(demand for cut in bundle for demand in cut.demands))
            condition = conditions.get(schema.source)
            terms = [term for each in wanted for term in terms_of(each.aggregate)]
            terms += [*fields, *([] if condition is None else [condition])]
            rows = rows_of(schema, time, periods, terms, stock=stock, data_end=data_end)
            select = _select(rows, wanted, fields, condition)
            if len(bundle) > 1:
                sets = [cut.fields for cut in bundle]
                select = sum_up(select, sets, fields, [each.aggregate.summary for each in wanted])
            queries.append(Query(tuple(periods), tuple(bundle), fields, tuple(wanted), select))
    return Plan(tuple(queries))


def _bundle(schema: Schema, cuts: Iterable[Cut], sizes: Sizes) -> list[list[Cut]]:
    """Cuts that one pass over the rows answers: as finely grouped as all need, its groups are few.

    A row that is credited to several agents stands there several times, so nothing else is summed
    up from its groups.
    """
    bundles: list[list[Cut]] = []
    for cut in cuts:
        for bundle in bundles:
            fields = {field for each in (*bundle, cut) for field in each.fields}
            if count_groups(schema, fields, sizes) <= _MOST_GROUPS:
                bundle.append(cut)
                break
        else:
            bundles.append([cut])
    return bundles


def fields_grouped_by(asked: Asked) -> dict[Schema, tuple[str, ...]]:
    """The fields of each source by which rows of several levels are grouped: `Sizes` of these."""
    found: dict[Schema, dict[str, None]] = {}
    for level, demands in asked.items() if len(asked) > 1 else ():
        for demand in demands if level else ():
            credit = demand.aggregate.population.credit
            if all(demand.schema.field(name) for name in level):
                terms = (group_term(demand.schema, name, credit) for name in level)
                names = (term.field.name for term in terms if isinstance(term, FieldTerm))
                found.setdefault(demand.schema, {}).update(dict.fromkeys(names))
    return {schema: tuple(names) for schema, names in found.items() if names}


def _by_fields(
    schema: Schema, level: Level, demands: Iterable[Demand]
) -> dict[tuple[RowTerm, ...], list[Demand]]:
    """Demands by what their rows are grouped by: some credit rows to other agents than others."""
    found: dict[tuple[RowTerm, ...], list[Demand]] = {}
    for demand in demands:
        credit = demand.aggregate.population.credit
        fields = tuple(group_term(schema, name, credit) for name in level)
        found.setdefault(fields, []).append(demand)
    return found


def group_term(schema: Schema, name: str, credit: Attribution) -> RowTerm:
    """What the rows of a source are grouped by for a field of a breakdown."""
    if name == AGENT:
        return credited_to(schema, credit)
    field = schema.field(name)
    assert field is not None, name
    return FieldTerm(field, type_of(field))


def _select(
    rows: DatedRows,
    demands: Sequence[Demand],
    grouped_by: Iterable[RowTerm],
    condition: RowTerm | None,
) -> exp.Select:
    fields = [compile_row(term) for term in grouped_by]
    values = [
        exp.alias_(compile_aggregate(demand.aggregate), f"_a{position}", copy=False)
        for position, demand in enumerate(demands)
    ]
    bucket = exp.alias_(rows.bucket, PERIOD, copy=False)
    select = exp.Select(expressions=[bucket, *fields, *values])
    select.from_(rows.source, copy=False)
    narrowed = [compile_row(condition)] if condition is not None else []
    select.where(*([] if rows.within is None else [rows.within]), *narrowed, copy=False)
    return select.group_by(exp.column(PERIOD), *(field.copy() for field in fields), copy=False)


@dataclass(frozen=True, slots=True)
class DatedRows:
    """The rows of a source over some periods, with every derived value that is asked for.

    `bucket` is the position of a row's period, `within` whether it is in any (`None`: all are).
    """

    source: exp.Expr
    bucket: exp.Expr
    within: exp.Expr | None


def rows_of(
    schema: Schema,
    time: str | None,
    periods: Sequence[Period],
    terms: Iterable[RowTerm],
    *,
    stock: bool = False,
    data_end: datetime | None = None,
) -> DatedRows:
    """Where the rows of consecutive periods come from; a stock's rows are in every later one."""
    moment = moment_of(schema, time)
    derived = {name: dict[RowOperation, None]() for name in DERIVED}
    for term in terms:
        for each in derived_in(term):
            derived[each.name][each] = None
    source: exp.Expr = table_of(schema)
    added: list[exp.Expr] = []
    if derived["data_end"]:
        assert data_end is not None
        added.append(exp.alias_(_moment(data_end), _DATA_END))
    returns = [*derived["again"], *derived["before"]]
    if returns:
        # Before any row is put into a period: the next row may be in a later one.
        source = _with(source, added, schema) if added else source
        added = []
        early = dict.fromkeys(
            inner for each in returns for inner in derived_in(each) if inner.name == "worked"
        )
        source = join_calendars(source, early, schema.source) if early else source
        source = _with(source, [_is_return(term, schema) for term in returns], schema)
        derived["worked"] = {each: None for each in derived["worked"] if each not in early}
    bucket: exp.Expr
    if stock and moment is not None:
        source = _in_every_later_period(source, moment, periods, schema)
        bucket, within = exp.column(_BUCKET), None
    else:
        bucket, within = _bucket(moment, periods), within_period(schema, time, periods)
        if derived["period_end"]:
            ends = [_midnight(period.end) for period in periods]
            added.append(exp.alias_(_by_period(moment, periods, ends), _PERIOD_END))
    if added:
        source = _with(source, added, schema)
    if derived["worked"]:
        source = join_calendars(source, derived["worked"], schema.source)
    if derived["credited"] or derived["replied"]:
        # Last of all: a row with several agents stands there several times from here on.
        source = join_replies(source, [*derived["credited"], *derived["replied"]], schema.source)
    return DatedRows(source, bucket, within)


_BUCKET, _PERIOD_END, _DATA_END = "_bucket", "_period_end", "_data_end"


def _with(source: exp.Expr, added: Sequence[exp.Expr], schema: Schema) -> exp.Expr:
    """Rows with further columns, under the name of their source."""
    rows = exp.Select(expressions=[exp.Star(), *added]).from_(source, copy=False)
    return rows.subquery(schema.source, copy=False)


def _in_every_later_period(
    source: exp.Expr, moment: exp.Expr, periods: Sequence[Period], schema: Schema
) -> exp.Expr:
    """Each row once for every period that ends after its moment."""
    ends = [
        exp.Tuple(expressions=[exp.Literal.number(position), _midnight(period.end)])
        for position, period in enumerate(periods)
    ]
    columns = [exp.to_identifier(_BUCKET), exp.to_identifier(_PERIOD_END)]
    alias = exp.TableAlias(this=exp.to_identifier("_periods"), columns=columns)
    later = exp.LT(this=moment.copy(), expression=exp.column(_PERIOD_END, "_periods"))
    joined = exp.select(exp.Star()).from_(source)
    return joined.join(exp.Values(expressions=ends, alias=alias), on=later).subquery(schema.source)


def _is_return(term: RowOperation, schema: Schema) -> exp.Expr:
    """Whether the next row of the same keys that counts, or the last, is within a time.

    NULL without a key; and where the rows do not reach back so far that no row before means none.
    """
    moment, span, counts, *keys = (compile_row(operand) for operand in term.operands)
    counted = exp.Coalesce(this=counts, expressions=[exp.false()])
    order = [exp.Ordered(this=moment.copy())]
    place = (FILE, ROW) if schema.key is None else (schema.key,)
    order += [exp.Ordered(this=exp.column(name, quoted=True)) for name in place]
    is_next = term.name == "again"
    other = exp.Window(
        this=(exp.Lead if is_next else exp.Lag)(this=moment.copy()),
        partition_by=[*(key.copy() for key in keys), counted],
        order=exp.Order(expressions=order),
    )
    near = _passed(moment, other, span) if is_next else _passed(other, moment, span)
    found = exp.Coalesce(this=near, expressions=[exp.false()])
    known = exp.and_(*(exp.not_(exp.Is(this=key, expression=exp.null())) for key in keys))
    if is_next:
        return _named(term, exp.Case(ifs=[exp.If(this=known, true=found)]))
    first = exp.Window(this=exp.Min(this=moment.copy()))
    is_early = _passed(first, moment, span, exp.LT)
    cases = [(exp.not_(known), exp.null()), (found, exp.true()), (is_early, exp.null())]
    ifs = [exp.If(this=condition, true=value) for condition, value in cases]
    return _named(term, exp.Case(ifs=ifs, default=exp.false()))


def _passed(
    begin: exp.Expr, end: exp.Expr, span: exp.Expr, comparison: type[exp.Binary] = exp.LTE
) -> exp.Expr:
    """Whether the time from one moment to another is at most, or less than, a time."""
    sides = (exp.UnixMicros(this=each.copy()) for each in (end, begin))
    between = exp.paren(exp.Sub(this=next(sides), expression=next(sides)))
    return comparison(this=between, expression=span.copy())


def _named(term: RowOperation, value: exp.Expr) -> exp.Expr:
    return exp.alias_(value, derived_name(term), quoted=True, copy=False)


def _bucket(moment: exp.Expr | None, periods: Sequence[Period]) -> exp.Expr:
    """The position of the period a row falls into; a source without time is in the last one."""
    positions = [exp.Literal.number(position) for position in range(len(periods))]
    return _by_period(moment, periods, positions)


def _by_period(
    moment: exp.Expr | None, periods: Sequence[Period], values: Sequence[exp.Expr]
) -> exp.Expr:
    """What a row's period stands for."""
    if moment is None or len(periods) == 1:
        return values[-1]
    earlier = [
        exp.If(this=exp.LT(this=moment.copy(), expression=_midnight(period.end)), true=value)
        for period, value in zip(periods[:-1], values[:-1], strict=True)
    ]
    return exp.Case(ifs=earlier, default=values[-1])


def within_period(
    schema: Schema, time: str | None, periods: Sequence[Period], stock: bool = False
) -> exp.Expr | None:
    """Whether a row falls into consecutive periods; `None` for a source that knows no time.

    A stock has no beginning: every row from before the end of the last one.
    """
    moment = moment_of(schema, time)
    if moment is None:
        return None
    ended = exp.LT(this=moment, expression=_midnight(periods[-1].end))
    if stock:
        return ended
    begun = exp.GTE(this=moment.copy(), expression=_midnight(periods[0].start))
    return exp.and_(begun, ended, copy=False)


def _midnight(day: date) -> exp.Expr:
    return cast(exp.Literal.string(day.isoformat()), "TIMESTAMP")


def _moment(moment: datetime) -> exp.Expr:
    return cast(exp.Literal.string(moment.isoformat(" ")), "TIMESTAMP")
