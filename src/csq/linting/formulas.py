"""Formulas and conditions that are allowed and hardly meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from csq.definition.load import LoadedDefinition
from csq.errors import Problem
from csq.formula.clock import mixed_fields
from csq.formula.midnight import day_bounds_in
from csq.formula.ratio import as_ratio
from csq.formula.resolve import Scope
from csq.formula.tree import (
    Aggregate,
    Constant,
    Operation,
    RowOperation,
    Summary,
    Term,
    Type,
    aggregates_in,
)
from csq.formula.understand import UnderstoodIndicator
from csq.linting.parts import parts_of_definition
from csq.measure import evaluate
from csq.problems.definition import MIDNIGHT_BOUND, MIXED_CLOCKS, WRONG_WEIGHTS


def midnight_bounds(loaded: LoadedDefinition, scope: Scope) -> Iterator[Problem]:
    """Comparisons of times with a day that leave most of that very day on the other side."""
    told: set[RowOperation] = set()
    for part in parts_of_definition(loaded, scope):
        for operation, bound in (each for term in part.terms for each in day_bounds_in(term)):
            if operation not in told:
                told.add(operation)
                yield MIDNIGHT_BOUND.at(part.place, value=bound.value, next=bound.next_day)


def wrong_weights(
    indicator: UnderstoodIndicator, loaded: LoadedDefinition, position: int
) -> Iterator[Problem]:
    """A sum of several values, each times its weight, of which the weights are not 100 %."""
    scale, total = _scaled(indicator.term)
    weights = [_weight_of(part) for part in _summands(total)]
    known = [weight for weight in weights if weight is not None]
    if len(weights) < 2 or len(known) < len(weights):
        return
    is_percent = any(weight.is_percent for weight in known)
    if not is_percent and not all(_is_level(weight.value) for weight in known):
        return
    written = sum((weight.factor for weight in known), Fraction(0))
    right = {1} if is_percent else {1, _full_marks(known)}
    found = written if is_percent else written * scale
    if written != 1 and found not in right:
        text = f"{float(found * 100):g}%" if is_percent else f"{float(found):g}"
        yield WRONG_WEIGHTS.at(loaded.place("indicators", position, "formula"), value=text)


def mixed_clocks(
    indicator: UnderstoodIndicator, loaded: LoadedDefinition, position: int
) -> Iterator[Problem]:
    """Lengths of time around the clock in a sum with working time."""
    for field in mixed_fields(indicator.term):
        yield MIXED_CLOCKS.at(loaded.place("indicators", position, "formula"), field=field.title)


def _summands(term: Term) -> Iterator[Term]:
    if isinstance(term, Operation) and term.name == "+":
        for operand in term.operands:
            yield from _summands(operand)
    else:
        yield term


@dataclass(frozen=True, slots=True)
class _Weight:
    """What a value is multiplied by in a sum."""

    factor: Fraction
    is_percent: bool
    value: Term


def _weight_of(term: Term) -> _Weight | None:
    match term:
        case Operation("*", (Constant(Fraction() as factor, kind), value)) if not _is_fixed(value):
            return _Weight(factor, kind is Type.PERCENT, value)
        case Operation("*", (value, Constant(Fraction() as factor, kind))) if not _is_fixed(value):
            return _Weight(factor, kind is Type.PERCENT, value)
    return None


def _scaled(term: Term) -> tuple[Fraction, Term]:
    """A term without the constants around it, and by how much these multiply it."""
    match term:
        case Operation("/", (inner, by)) if _is_fixed(by) and (divisor := _fixed(by)):
            scale, total = _scaled(inner)
            return scale / divisor, total
        case Operation("*", (Operation("+") as inner, by)) if _is_fixed(by):
            return _fixed(by), inner
        case Operation("*", (by, Operation("+") as inner)) if _is_fixed(by):
            return _fixed(by), inner
    return Fraction(1), term


def _is_fixed(term: Term) -> bool:
    return not any(aggregates_in(term))


def _fixed(term: Term) -> Fraction:
    return evaluate(term, lambda _: None) or Fraction(0)


def _is_level(term: Term) -> bool:
    """Whether a value stays what it is when there are more rows alike: a mean, a share."""
    match term:
        case Aggregate(summary):
            return summary in {Summary.PERCENTILE, Summary.MIN, Summary.MAX}
        case Operation("/", (_, whole)):
            return not _is_fixed(whole)
        case Operation(_, operands):
            return all(_is_level(each) for each in operands if not _is_fixed(each))
    return False


def _full_marks(weights: Iterable[_Weight]) -> int:
    """What plain weights also sum to: they make a hundred points of shares or of five stars."""
    return 100 if all(_is_share(weight.value) for weight in weights) else 20


def _is_share(term: Term) -> bool:
    ratio = as_ratio(term)
    return ratio is not None and all(
        each.summary.is_count for part in (ratio.part, ratio.whole) for each in aggregates_in(part)
    )
