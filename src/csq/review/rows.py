"""The rows that the numbers stand on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from sqlglot import exp

from csq.formula.compile import compile_row
from csq.formula.excel import COLUMNS
from csq.formula.tree import Population, Type, derived_in, fields_of, terms_of
from csq.formula.understand import UnderstoodIndicator
from csq.intake.staging.incoming import FILE, ROW
from csq.intake.staging.tables import moment_of
from csq.plan import Demand
from csq.records.reading import FieldType
from csq.records.schema import Schema
from csq.review.desk import Desk, exact_cell, in_period, literal
from csq.review.facts import LABELS, Data, Value


def ask_rows(desk: Desk) -> Iterator[Data]:
    """The rows of every source, with the fields that the indicators read."""
    for staged in desk.intake.sources.values():
        schema = staged.schema
        used = [i for i in desk.measurable() if _reads(i, schema)]
        if not used:
            continue
        names = {f.name for i in used for a in i.aggregates for f in fields_of(a)
                 if a.population.schema is schema}  # fmt: skip
        times = {time for i in used for a in i.aggregates if a.population.schema is schema
                 if (time := Demand(a, i.definition.time).dated)}  # fmt: skip
        names |= times | {n for n in LABELS if desk.carries(schema, n)}
        names |= {schema.key} if schema.key else set()
        fields = tuple(field for field in schema.fields if field.name in names)
        asked = [a for i in used for a in i.aggregates if a.population.schema is schema]
        derived = tuple(
            dict.fromkeys(
                each
                for aggregate in asked
                for term in terms_of(aggregate)
                for each in derived_in(term)
                if each.name in COLUMNS
            )
        )
        stocks = dict.fromkeys(a.population for a in asked if a.population.stock)
        select = _dated(desk, schema, times, stocks)
        count = desk.engine.fetch(select([exp.Count(this=exp.Star())]))[0][0]
        rows: list[tuple[Value, ...]] = []
        if count:
            own = moment_of(schema)
            columns = [
                exp.column(FILE),
                exp.column(ROW),
                own if own is not None else exp.null(),
                *(exp.column(field.name, quoted=True) for field in fields),
                *map(compile_row, derived),
            ]
            query = select(columns).order_by(exp.column(FILE), exp.column(ROW))
            timed = [field.type is FieldType.DURATION for field in fields]
            timed += [term.type is Type.DURATION for term in derived]
            for file, row, moment, *values in desk.engine.fetch(query):
                cells = map(exact_cell, timed, values)
                rows.append((staged.exports[file].place.file or "", row, moment, *cells))
        yield Data(schema, fields, derived, count, bool(times or stocks), rows)


def _reads(indicator: UnderstoodIndicator, schema: Schema) -> bool:
    return any(a.population.schema is schema for a in indicator.aggregates)


def _dated(
    desk: Desk, schema: Schema, times: Iterable[str], stocks: Iterable[Population]
) -> Callable[[Sequence[exp.Expr]], exp.Select]:
    """Selects the rows that any of the times puts into the period, or a stock still holds."""
    moments = [m for t in (None, *sorted(times)) if (m := moment_of(schema, t)) is not None]
    held = [in_period(moment, desk.period) for moment in moments]
    for stock in stocks:
        moment = moment_of(schema, stock.time)
        if moment is not None:
            ended = exp.LT(this=moment, expression=literal(desk.period.end))
            held.append(exp.and_(ended, *map(compile_row, stock.conditions)))
    condition = desk.conditions.get(schema.source)
    source = desk.source(schema, None, desk.period)

    def select(columns: Sequence[exp.Expr]) -> exp.Select:
        query = exp.select(*columns).from_(source.copy())
        if held:
            query = query.where(exp.or_(*(each.copy() for each in held)))
        return query.where(compile_row(condition)) if condition is not None else query

    return select
