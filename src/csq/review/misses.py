"""The rows that keep an indicator from its target."""

from __future__ import annotations

from sqlglot import exp

from csq.definition.targets import Direction
from csq.formula.compile import compile_row
from csq.formula.tree import Aggregate, Summary, fields_in, fields_of, terms_of
from csq.intake.staging.incoming import FILE, ROW
from csq.intake.staging.tables import moment_of
from csq.measure import exact_value
from csq.plan import Demand
from csq.records.reading import FieldType
from csq.records.schema import Field
from csq.review.desk import Desk, exact_cell
from csq.review.facts import LABELS, MissedRow, Misses
from csq.scorecard import Score

_MOST_MISSED = 100


def ask_misses(desk: Desk, score: Score) -> Misses | None:
    """The rows that keep an indicator from its target; `None` where no rows do."""
    indicator = score.measurement.indicator
    ratio = indicator.ratio
    if ratio is None:
        return None
    part, whole = ratio.part, ratio.whole
    if not isinstance(part, Aggregate) or not isinstance(whole, Aggregate):
        return None
    if part.population.schema is not whole.population.schema or whole.population.stock:
        return None
    schema = whole.population.schema
    time = Demand(whole, indicator.definition.time).dated
    fulfilled = _holds(part)
    if part.summary is Summary.COUNT:
        rises = indicator.definition.direction is Direction.UP
        against = [_holds(whole), exp.not_(exp.paren(fulfilled))] if rises else [fulfilled]
        order: list[exp.Expr] = []
    elif part.summary is Summary.SUM and part.operand is not None:
        against, rises = [fulfilled], indicator.definition.direction is Direction.UP
        amount = compile_row(part.operand)
        order = [exp.Ordered(this=amount, desc=not rises, nulls_first=False)]
    else:
        return None
    condition = exp.and_(*against)
    count = desk.engine.fetch(
        desk.select(schema, [exp.Count(this=exp.Star())], time=time).where(condition)
    )[0][0]
    staged = desk.intake.sources[schema.source]
    telling = _telling(part, whole)
    fields = [
        field
        for field in schema.fields
        if field in telling
        and field.name in staged.fields
        and field.name not in {*LABELS, schema.key}
    ]
    labels = [
        exp.column(name, quoted=True) if desk.carries(schema, name) else exp.null()
        for name in LABELS
    ]
    columns = [
        exp.column(FILE),
        exp.column(ROW),
        exp.column(schema.key, quoted=True) if schema.key else exp.null(),
        moment_of(schema, time) or exp.null(),
        compile_row(part.operand) if part.operand else exp.null(),
        *labels,
        *(exp.column(field.name, quoted=True) for field in fields),
    ]
    query = desk.select(schema, columns, time=time).where(condition.copy())
    query = query.order_by(*order, exp.column(FILE), exp.column(ROW)).limit(_MOST_MISSED)
    rows = []
    for file, row, key, moment, amount_value, *rest in desk.engine.fetch(query):
        rows.append(
            MissedRow(
                key="" if key is None else str(key),
                moment=moment,
                labels=tuple(rest[: len(LABELS)]),
                amount=exact_value(part, amount_value) if part.operand else None,
                evidence=tuple(
                    (field, exact_cell(field.type is FieldType.DURATION, value))
                    for field, value in zip(fields, rest[len(LABELS) :], strict=True)
                ),
                file=staged.exports[file].place.file or "",
                row=row,
            )
        )
    return Misses(count, tuple(rows))


def _telling(part: Aggregate, whole: Aggregate) -> frozenset[Field]:
    """The fields that tell why a row is among the part or not; the whole's own hold for all."""
    terms = [term for term in terms_of(part) if term not in whole.conditions]
    return frozenset(field for term in terms for field in fields_in(term)) or fields_of(part)


def _holds(aggregate: Aggregate) -> exp.Expr:
    """Whether a row is among those an aggregate counts; never blank."""
    conditions: list[exp.Expr] = [compile_row(each) for each in aggregate.conditions]
    if aggregate.operand is not None:
        conditions.append(compile_row(aggregate.operand).is_(exp.null()).not_())
    if not conditions:
        return exp.true()
    return exp.Coalesce(this=exp.and_(*conditions), expressions=[exp.false()])
