"""Rows too young to tell: what happens to them may still change what they say.

`matured` writes what an indicator asks on every aggregate of its formula, so that an indicator
built on it by `@id` leaves out the same rows; `ripen` makes conditions of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from csq.definition.indicators import Indicator, Unripe
from csq.formula.tree import (
    Aggregate,
    Constant,
    FieldTerm,
    Maturity,
    RowOperation,
    RowTerm,
    Term,
    Type,
    moment_of_row,
    with_aggregates,
)


@dataclass(frozen=True, slots=True)
class YoungRows:
    """The rows that are too young by one maturity; the aggregates count them."""

    maturity: Maturity
    aggregates: tuple[Aggregate, ...]


def matured(term: Term, indicator: Indicator) -> Term:
    """A term of whose rows an age is asked, besides what was asked of them before."""
    if indicator.mature_after is None:
        return term
    maturity = Maturity(indicator.mature_after, indicator.unripe)
    return with_aggregates(
        term, lambda each: replace(each, maturities=_asked_too(each.maturities, maturity))
    )


def _asked_too(known: tuple[Maturity, ...], new: Maturity) -> tuple[Maturity, ...]:
    """Without those that ask nothing more, since the rows they are about are left out already."""
    if any(_leaves_to(each, new) for each in known):
        return known
    return (*(each for each in known if not _leaves_to(new, each)), new)


def _leaves_to(one: Maturity, other: Maturity) -> bool:
    """Whether one maturity leaves out or holds all the rows that another is about."""
    same = one.unripe is other.unripe or one.unripe is Unripe.EXCLUDE
    return same and one.age.value >= other.age.value


def ripen(term: Term, time: str | None) -> Term:
    """A formula without the rows that are too young, where they are left out.

    `time` is the field that dates the rows of the indicator, where their row sets name none.
    """
    return with_aggregates(
        term, lambda each: replace(_ripe(each, each.maturities, time), maturities=())
    )


def count_unripe(counted: Iterable[Aggregate], time: str | None) -> Iterator[YoungRows]:
    """The rows among those counted, before they ripen, that are too young by each maturity."""
    found: dict[Maturity, list[Aggregate]] = {}
    for aggregate in counted:
        for maturity in aggregate.maturities:
            ripe = _is_ripe(aggregate, maturity, time)
            if ripe is not None:
                others = tuple(each for each in aggregate.maturities if each != maturity)
                young = RowOperation("not", (ripe,), Type.FLAG)
                rows = _narrowed(_ripe(aggregate.counting(), others, time), young)
                found.setdefault(maturity, []).append(replace(rows, maturities=()))
    for maturity, aggregates in found.items():
        yield YoungRows(maturity, tuple(aggregates))


def _ripe(aggregate: Aggregate, maturities: Iterable[Maturity], time: str | None) -> Aggregate:
    """Without the rows that are too young by those maturities that leave rows out."""
    for maturity in maturities:
        ripe = _is_ripe(aggregate, maturity, time)
        if ripe is not None and maturity.unripe is Unripe.EXCLUDE:
            aggregate = _narrowed(aggregate, ripe)
    return aggregate


def _narrowed(aggregate: Aggregate, further: RowTerm) -> Aggregate:
    """Those of its rows that fulfil one condition more."""
    own = () if aggregate.condition is None else (aggregate.condition,)
    both = RowOperation("and", (*own, further), Type.FLAG) if own else further
    return replace(aggregate, condition=both)


def _is_ripe(aggregate: Aggregate, maturity: Maturity, time: str | None) -> RowTerm | None:
    """Whether a row is old enough at the end of the data; `None` for rows that know no time."""
    population = aggregate.population
    dated = population.time or time
    named = population.schema.field(dated) if dated else None
    moment = FieldTerm(named, Type.MOMENT) if named else moment_of_row(population.schema)
    if moment is None:
        return None
    end = RowOperation("data_end", (), Type.MOMENT)
    passed = RowOperation("-", (end, moment), Type.DURATION)
    limit = Constant(maturity.age.value, Type.DURATION, maturity.age.text)
    return RowOperation(">=", (passed, limit), Type.FLAG)
