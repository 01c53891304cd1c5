"""The queries a run needs, as trees and as few as possible.

One query answers every additive value of one source at one level of grouping over all periods;
percentiles and distinct counts have queries of their own, since they cannot share a pass cheaply.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from csq.formula.compile import compile_aggregate, compile_row
from csq.formula.tree import Aggregate, RowTerm
from csq.intake.tables import moment_of, table_of
from csq.period import Period
from csq.records.schema import Schema

Level = tuple[str, ...]
"""The fields a breakdown groups by; `()` is the total."""

TOTAL: Level = ()


@dataclass(frozen=True, slots=True)
class Demand:
    """One aggregate, wanted with rows dated by `time` (`None`: the source's own time)."""

    aggregate: Aggregate
    time: str | None = None

    @property
    def schema(self) -> Schema:
        return self.aggregate.population.schema


@dataclass(frozen=True, slots=True)
class Query:
    """One query, and how to read its rows.

    Each row is the position of its period, then the value of each field of `level`, then the
    value of each demand.
    """

    periods: tuple[Period, ...]
    level: Level
    demands: tuple[Demand, ...]
    select: exp.Select


@dataclass(frozen=True, slots=True)
class Plan:
    """Every query of a run."""

    queries: tuple[Query, ...]


def make_plan(
    demands: Iterable[Demand],
    periods: Sequence[Period],
    levels: Iterable[Level],
    conditions: Mapping[str, RowTerm],
) -> Plan:
    """The queries that answer the demands for consecutive `periods` at every level.

    `conditions` narrow the rows of a source, by its name.
    """
    groups: dict[tuple[Schema, str | None, bool], list[Demand]] = {}
    for demand in dict.fromkeys(demands):
        additive = demand.aggregate.summary.is_additive
        groups.setdefault((demand.schema, demand.time, additive), []).append(demand)
    queries = []
    for level in levels:
        for (schema, time, _), wanted in groups.items():
            if all(schema.field(name) for name in level):
                condition = conditions.get(schema.source)
                select = _select(schema, time, wanted, periods, level, condition)
                queries.append(Query(tuple(periods), level, tuple(wanted), select))
    return Plan(tuple(queries))


def _select(
    schema: Schema,
    time: str | None,
    demands: Sequence[Demand],
    periods: Sequence[Period],
    level: Level,
    condition: RowTerm | None,
) -> exp.Select:
    fields = [exp.column(name, quoted=True) for name in level]
    moment = moment_of(schema, time)
    bucket = _bucket(moment, periods)
    values = [
        exp.alias_(compile_aggregate(demand.aggregate), f"a{position}", copy=False)
        for position, demand in enumerate(demands)
    ]
    select = exp.Select(expressions=[exp.alias_(bucket, "_period", copy=False), *fields, *values])
    select.from_(table_of(schema), copy=False)
    narrowed = [compile_row(condition)] if condition is not None else []
    within = within_period(schema, time, periods)
    select.where(*([] if within is None else [within]), *narrowed, copy=False)
    return select.group_by(exp.column("_period"), *(field.copy() for field in fields), copy=False)


def _bucket(moment: exp.Expr | None, periods: Sequence[Period]) -> exp.Expr:
    """The position of the period a row falls into; a source without time is in the last one."""
    last = exp.Literal.number(len(periods) - 1)
    if moment is None or len(periods) == 1:
        return last
    earlier = [
        exp.If(
            this=exp.LT(this=moment.copy(), expression=_midnight(period.end)),
            true=exp.Literal.number(position),
        )
        for position, period in enumerate(periods[:-1])
    ]
    return exp.Case(ifs=earlier, default=last)


def within_period(schema: Schema, time: str | None, periods: Sequence[Period]) -> exp.Expr | None:
    """Whether a row falls into consecutive periods; `None` for a source that knows no time."""
    moment = moment_of(schema, time)
    if moment is None:
        return None
    return exp.and_(
        exp.GTE(this=moment, expression=_midnight(periods[0].start)),
        exp.LT(this=moment.copy(), expression=_midnight(periods[-1].end)),
        copy=False,
    )


def _midnight(day: date) -> exp.Expr:
    return exp.cast(exp.Literal.string(day.isoformat()), "TIMESTAMP")
