"""The rows behind `1 - a / b`: those of the whole that are not taken off."""

from __future__ import annotations

from dataclasses import replace

from csq.formula.ratio import Ratio
from csq.formula.tree import (
    Aggregate,
    Constant,
    Operation,
    RowOperation,
    RowTerm,
    Summary,
    Type,
    conjuncts,
)


def rest_of(ratio: Ratio) -> Aggregate | None:
    """What the part counts, where it is the whole less some of its rows; else nothing.

    A row counts unless it fulfils what is taken off, and a blank does not fulfil it.
    """
    match ratio:
        case Ratio(
            Operation("-", (Operation("*", (of, Constant(value=1))), Aggregate() as taken)),
            Aggregate() as whole,
        ) if of == whole and _is_some_of(taken, whole):
            known = set(_conditions_of(whole))
            further = tuple(each for each in _conditions_of(taken) if each not in known)
            fulfilled = RowOperation("and", further, Type.FLAG) if further[1:] else further[0]
            fates = (
                RowOperation("not", (fulfilled,), Type.FLAG),
                RowOperation("isblank", (fulfilled,), Type.FLAG),
            )
            left = RowOperation("or", fates, Type.FLAG)
            own = () if whole.condition is None else tuple(conjuncts(whole.condition))
            condition = RowOperation("and", (*own, left), Type.FLAG) if own else left
            return replace(whole, condition=condition)
    return None


def _is_some_of(taken: Aggregate, whole: Aggregate) -> bool:
    """Whether one counts some of the rows that the other counts, and not all of them."""
    one, other = taken.population, whole.population
    counts_rows = all(a.summary is Summary.COUNT and a.operand is None for a in (taken, whole))
    same = (one.schema, one.time, one.stock) == (other.schema, other.time, other.stock)
    return counts_rows and same and set(_conditions_of(whole)) < set(_conditions_of(taken))


def _conditions_of(aggregate: Aggregate) -> list[RowTerm]:
    return [part for each in aggregate.conditions for part in conjuncts(each)]
