"""What each of several values in a formula comes to."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from csq.explanation.facts import Amount
from csq.explanation.trail import Trail
from csq.formula.ratio import as_ratio
from csq.formula.tree import Aggregate, Operation, Summary, Term
from csq.measure import Answers, Value, evaluate, run_plan
from csq.plan import Demand


def find_values(trail: Trail) -> Value:
    """The value of every aggregate of the indicator, over the rows that are explained."""
    answers = Answers()
    run_plan(trail.engine, trail.plan(), answers)
    time = trail.indicator.definition.time

    def value_of(aggregate: Aggregate) -> Fraction | None:
        return answers.value(Demand(aggregate, time), trail.period, (), covered=True)

    return value_of


def find_amounts(trail: Trail, value_of: Value) -> tuple[Amount, ...]:
    """The values that a formula puts together, where the steps do not count them anyway."""
    terms = tuple(dict.fromkeys(_put_together(trail.indicator.term)))
    if len(terms) < 2 or all(map(_is_count, terms)):
        return ()
    return tuple(Amount(term, evaluate(term, value_of)) for term in terms)


def decisive(term: Term, value_of: Value) -> Term:
    """A term without what a smallest or a largest of several leaves aside."""
    match term:
        case Operation("least" | "greatest", operands):
            value = evaluate(term, value_of)
            chosen = (each for each in operands if evaluate(each, value_of) == value)
            return decisive(next(chosen), value_of)
        case Operation(name, operands, kind):
            return Operation(name, tuple(decisive(each, value_of) for each in operands), kind)
    return term


def _put_together(term: Term) -> Iterator[Term]:
    """The aggregates and quotients of aggregates of a term, from left to right."""
    match term:
        case Aggregate():
            yield term
        case Operation("/") if as_ratio(term) is not None:
            yield term
        case Operation(_, operands):
            for operand in operands:
                yield from _put_together(operand)


def _is_count(term: Term) -> bool:
    return isinstance(term, Aggregate) and term.summary is Summary.COUNT
