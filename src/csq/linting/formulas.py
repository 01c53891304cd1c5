"""Formulas and conditions that are allowed and hardly meant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from csq.definition.load import LoadedDefinition
from csq.errors import Problem
from csq.formula.clock import mixed_fields
from csq.formula.resolve import Scope
from csq.formula.tree import Constant, Operation, RowOperation, RowTerm, Term, Type
from csq.formula.understand import UnderstoodIndicator
from csq.linting.parts import parts_of_definition
from csq.problems.definition import MIDNIGHT_BOUND, MIXED_CLOCKS, WRONG_WEIGHTS


def midnight_bounds(loaded: LoadedDefinition, scope: Scope) -> Iterator[Problem]:
    """Comparisons of times with a day that leave most of that very day on the other side."""
    told: set[RowOperation] = set()
    for part in parts_of_definition(loaded, scope):
        for operation in (each for term in part.terms for each in _operations_in(term)):
            found = _bounding_day(operation)
            if found and operation not in told:
                told.add(operation)
                sign, day = found
                tomorrow = day + timedelta(days=1)
                yield MIDNIGHT_BOUND.at(part.place, value=f"{sign} {day}", next=tomorrow)


def _operations_in(term: RowTerm) -> Iterator[RowOperation]:
    if isinstance(term, RowOperation):
        yield term
        for operand in term.operands:
            yield from _operations_in(operand)


_TURNED = {"<": ">", ">=": "<=", "=": "=", "<>": "<>"}
"""What a comparison is called from its other side, where that splits a day at its midnight."""


def _bounding_day(operation: RowOperation) -> tuple[str, date] | None:
    """The day at whose midnight a comparison parts rows of that day, and by which sign."""
    match operation:
        case RowOperation("<=" | ">" | "=" | "<>" as sign, (_, Constant(datetime() as moment))):
            pass
        case RowOperation(sign, (Constant(datetime() as moment), _)) if sign in _TURNED:
            sign = _TURNED[sign]
        case RowOperation("between", (_, _, Constant(datetime() as moment))):
            sign = "<="
        case _:
            return None
    return (sign, moment.date()) if moment.time() == time.min else None


def wrong_weights(
    indicator: UnderstoodIndicator, loaded: LoadedDefinition, position: int
) -> Iterator[Problem]:
    """A sum of several values, each times a percentage, of which the percentages are not 100 %."""
    weights = [_weight_of(part) for part in _summands(indicator.term)]
    known = [weight for weight in weights if weight is not None]
    if len(weights) > 1 and len(known) == len(weights) and sum(known) != 1:
        place = loaded.place("indicators", position, "formula")
        total = f"{float(sum(known) * 100):g}%"
        yield WRONG_WEIGHTS.at(place, value=total)


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


def _weight_of(term: Term) -> Fraction | None:
    """The percentage a value is multiplied by."""
    if isinstance(term, Operation) and term.name == "*":
        constants = [part for part in term.operands if isinstance(part, Constant)]
        if len(constants) == 1 and constants[0].type is Type.PERCENT:
            value = constants[0].value
            assert isinstance(value, Fraction)
            return value
    return None
