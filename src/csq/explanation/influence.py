"""How much each row moves a value that is put together from several quotients."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sqlglot import exp

from csq.explanation.trail import Trail
from csq.formula.compile import MICROSECONDS, compile_row
from csq.formula.ratio import as_ratio
from csq.formula.tree import Aggregate, Constant, Operation, Summary, Term, Type, aggregates_in
from csq.measure import Value, evaluate

Slopes = Mapping[Aggregate, Fraction]
"""By how much a value grows with each of the aggregates that it is worked out from."""


def slopes_of(term: Term, value_of: Value) -> Slopes | None:
    """The slopes of what is put together from quotients of counts and totals.

    They say what one row does as long as that is little of the whole. `None` for other formulas,
    and for a single mean, whose own values say it.
    """
    is_mean = as_ratio(term) is not None and any(
        each.summary is Summary.SUM for each in aggregates_in(term)
    )
    return _slopes(term, value_of) if _has_quotient(term) and not is_mean else None


def _has_quotient(term: Term) -> bool:
    match term:
        case Operation("/", (_, whole)) if not isinstance(whole, Constant):
            return True
        case Operation(_, operands):
            return any(map(_has_quotient, operands))
    return False


def _slopes(term: Term, value_of: Value) -> Slopes | None:
    match term:
        case Constant():
            return {}
        case Aggregate(summary):
            return {term: Fraction(1)} if summary in {Summary.COUNT, Summary.SUM} else None
        case Operation("minus", (operand,)):
            inner = _slopes(operand, value_of)
            return None if inner is None else _added((inner, Fraction(-1)))
        case Operation(name, (left_term, right_term)):
            left, right = _slopes(left_term, value_of), _slopes(right_term, value_of)
            a, b = evaluate(left_term, value_of), evaluate(right_term, value_of)
            if left is None or right is None or a is None or b is None:
                return None
            match name:
                case "+":
                    return _added((left, Fraction(1)), (right, Fraction(1)))
                case "-":
                    return _added((left, Fraction(1)), (right, Fraction(-1)))
                case "*":
                    return _added((left, b), (right, a))
                case "/" if b:
                    return _added((left, 1 / b), (right, -a / b**2))
    return None


def _added(*parts: tuple[Slopes, Fraction]) -> Slopes:
    """Slopes, each of them so many times, together."""
    found: dict[Aggregate, Fraction] = {}
    for slopes, times in parts:
        for aggregate, slope in slopes.items():
            found[aggregate] = found.get(aggregate, Fraction(0)) + slope * times
    return found


def influence_of(trail: Trail, slopes: Slopes) -> exp.Expr:
    """What each row of one source adds to the value; seconds where it is a duration."""
    terms = [
        exp.Case(
            ifs=[exp.If(this=trail.predicate(aggregate), true=_times(aggregate, slope))],
            default=_double(Fraction(0)),
        )
        for aggregate, slope in slopes.items()
    ]
    total: exp.Expr = terms[0]
    for each in terms[1:]:
        total = exp.Add(this=total, expression=each)
    return exp.paren(total)


def _times(aggregate: Aggregate, slope: Fraction) -> exp.Expr:
    """What a row that counts adds: the slope itself, or so many times its value."""
    if aggregate.summary is Summary.COUNT:
        return _double(slope)
    assert aggregate.operand is not None
    in_seconds = MICROSECONDS if aggregate.type is Type.DURATION else 1
    return exp.Mul(
        this=exp.paren(compile_row(aggregate.operand)), expression=_double(slope / in_seconds)
    )


def _double(value: Fraction) -> exp.Expr:
    return exp.cast(exp.Literal.string(repr(float(value))), "DOUBLE")
