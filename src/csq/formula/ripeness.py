"""Rows too young to tell: what happens to them may still change what they say."""

from __future__ import annotations

from collections.abc import Iterator

from csq.definition.indicators import Indicator, Unripe
from csq.formula.tree import (
    Aggregate,
    Constant,
    FieldTerm,
    RowOperation,
    RowTerm,
    Summary,
    Term,
    Type,
    narrowed,
)
from csq.quantity import Quantity


def ripen(term: Term, indicator: Indicator) -> Term:
    """An indicator's formula without the rows that are too young, where they are left out."""
    age = indicator.mature_after
    if age is None or indicator.unripe is not Unripe.EXCLUDE:
        return term
    return narrowed(term, lambda aggregate: _is_ripe(aggregate, indicator, age))


def count_unripe(indicator: Indicator, counted: tuple[Aggregate, ...]) -> Iterator[Aggregate]:
    """The rows among those counted, as they are written, that are too young."""
    age = indicator.mature_after
    for aggregate in counted if age is not None else ():
        assert age is not None
        ripe = _is_ripe(aggregate, indicator, age)
        if ripe is not None:
            own = () if aggregate.condition is None else (aggregate.condition,)
            young: RowTerm = RowOperation("not", (ripe,), Type.FLAG)
            both = RowOperation("and", (*own, young), Type.FLAG) if own else young
            yield Aggregate(
                Summary.COUNT, aggregate.population, Type.NUMBER, aggregate.operand, both
            )


def _is_ripe(aggregate: Aggregate, indicator: Indicator, age: Quantity) -> RowTerm | None:
    """Whether a row is old enough at the end of the data; `None` for rows that know no time."""
    population = aggregate.population
    time = population.time or indicator.time
    names = (time,) if time else population.schema.time
    fields = [field for name in names if (field := population.schema.field(name))]
    moments = tuple(FieldTerm(field, Type.MOMENT) for field in fields)
    if not moments:
        return None
    moment: RowTerm = (
        moments[0] if len(moments) == 1 else RowOperation("coalesce", moments, Type.MOMENT)
    )
    end = RowOperation("data_end", (), Type.MOMENT)
    passed = RowOperation("-", (end, moment), Type.DURATION)
    limit = Constant(age.value, Type.DURATION, age.text)
    return RowOperation(">=", (passed, limit), Type.FLAG)
