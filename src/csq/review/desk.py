"""How a question of a review is put to the engine: over the rows of its period.

Whatever is counted is counted over the row sets of the definition's own indicators, so that a
heat map or a share table never disagrees with the scorecard.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from sqlglot import exp

from csq.engines.base import Engine
from csq.formula.compile import MICROSECONDS, compile_row
from csq.formula.tree import Aggregate, RowTerm, Summary, Type, fields_in, fields_of, terms_of
from csq.formula.understand import Understood, UnderstoodIndicator
from csq.intake.intake import Intake
from csq.intake.staging.tables import moment_of
from csq.period import Period
from csq.plan import Demand, rows_of
from csq.records.schema import Schema
from csq.review.facts import Value


@dataclass(frozen=True, slots=True)
class Desk:
    """One period's questions to the engine."""

    engine: Engine
    intake: Intake
    understood: Understood
    period: Period
    conditions: Mapping[str, RowTerm]
    data_end: datetime | None

    # What stands in the exports ---------------------------------------------------------------

    def schema(self, source: str) -> Schema | None:
        staged = self.intake.sources.get(source)
        return staged.schema if staged else None

    def carries(self, schema: Schema, *names: str) -> bool:
        staged = self.intake.sources.get(schema.source)
        return staged is not None and set(names) <= staged.fields

    def measurable(self) -> Iterator[UnderstoodIndicator]:
        """The indicators whose sources and fields the exports have, those assumed included."""
        for indicator in self.understood.indicators:
            if all(
                a.population.schema.source in self.intake.sources
                and all(
                    field.column.assumed or self.carries(a.population.schema, field.name)
                    for field in fields_of(a)
                )
                for a in indicator.aggregates
            ):
                yield indicator

    def counted(self, source: str) -> tuple[Aggregate, str | None] | None:
        """How the definition counts the rows of a source: by its widest row set."""
        found = [
            (aggregate, Demand(aggregate, indicator.definition.time).dated)
            for indicator in self.measurable()
            for aggregate in indicator.aggregates
            if aggregate.summary is Summary.COUNT
            and aggregate.operand is None
            and aggregate.condition is None
            and not aggregate.population.stock
            and aggregate.population.schema.source == source
        ]
        return min(found, key=lambda each: len(each[0].population.conditions), default=None)

    def response(self) -> UnderstoodIndicator | None:
        """The indicator that is the mean time to the first response."""
        for indicator in self.measurable():
            ratio = indicator.ratio
            part, whole = (ratio.part, ratio.whole) if ratio else (None, None)
            if (
                isinstance(part, Aggregate)
                and isinstance(whole, Aggregate)
                and whole.summary is Summary.COUNT
                and part.summary is Summary.SUM
                and part.type is Type.DURATION
                and part.condition is None
                and part.operand is not None
                and {field.name for field in fields_in(part.operand)}
                == {"first_response_at", "created_at"}
            ):
                return indicator
        return None

    # How a question is put --------------------------------------------------------------------

    def select(
        self,
        schema: Schema,
        columns: Sequence[exp.Expr],
        period: Period | None = None,
        time: str | None = None,
    ) -> exp.Select:
        """Columns of the rows that a period (the review's own) holds and `--where` lets through."""
        within = period or self.period
        select = exp.select(*columns).from_(self.source(schema, time, within))
        moment = moment_of(schema, time)
        if moment is not None:
            select = select.where(in_period(moment, within))
        condition = self.conditions.get(schema.source)
        return select.where(compile_row(condition)) if condition is not None else select

    def source(self, schema: Schema, time: str | None, period: Period) -> exp.Expr:
        """A source with everything that the indicators derive of its rows."""
        terms = [
            term
            for indicator in self.measurable()
            for aggregate in indicator.aggregates
            if aggregate.population.schema is schema
            for term in terms_of(aggregate)
        ]
        condition = self.conditions.get(schema.source)
        terms += [condition] if condition is not None else []
        return rows_of(schema, time, (period,), terms, data_end=self.data_end).source


def hour_of(moment: exp.Expr) -> exp.Expr:
    """The hour of the day of a moment."""
    return exp.Extract(this=exp.var("HOUR"), expression=moment.copy())


def literal(moment: date | datetime) -> exp.Expr:
    """A moment written out."""
    return exp.cast(exp.Literal.string(moment.isoformat()), "TIMESTAMP")


def in_period(moment: exp.Expr, period: Period) -> exp.Expr:
    """Whether a moment lies within a period."""
    return exp.and_(
        exp.GTE(this=moment.copy(), expression=literal(period.start)),
        exp.LT(this=moment.copy(), expression=literal(period.end)),
    )


def exact_cell(is_duration: bool, value: object) -> Value:
    """What the engine holds as csq means it: a duration in seconds."""
    # By its very type, as it is asked of every cell of every row.
    if type(value) is int:
        if not is_duration:
            return value
        seconds, rest = divmod(value, MICROSECONDS)
        return Fraction(value, MICROSECONDS) if rest else seconds
    if type(value) is Decimal:
        return Fraction(value)
    assert value is None or isinstance(value, bool | str | datetime), value
    return value
