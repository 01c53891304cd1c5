"""A formula that is one quotient, as its part and its whole."""

from __future__ import annotations

from dataclasses import dataclass

from csq.formula.tree import Constant, Operation, Term


@dataclass(frozen=True, slots=True)
class Ratio:
    """A quotient kept as its two parts, so that totals are never means of means."""

    part: Term
    whole: Term


def as_ratio(term: Term) -> Ratio | None:
    """The part and the whole of a term that is a quotient, whatever constants stand around it.

    `1 - a / b` has the part `1 × b - a` and the whole `b`; `None` for anything that is no single
    quotient.
    """
    if not isinstance(term, Operation):
        return None
    if term.name == "/":
        part, whole = term.operands
        if as_ratio(part) or as_ratio(whole) or isinstance(whole, Constant):
            return None
        return Ratio(part, whole)
    if term.name == "minus":
        inner = as_ratio(term.operands[0])
        return inner and Ratio(Operation("minus", (inner.part,), term.type), inner.whole)
    if term.name not in {"+", "-", "*"}:
        return None
    left, right = term.operands
    if isinstance(right, Constant) and (inner := as_ratio(left)):
        return _fold(term, inner, right, constant_first=False)
    if isinstance(left, Constant) and (inner := as_ratio(right)):
        return _fold(term, inner, left, constant_first=True)
    return None


def _fold(
    term: Operation, ratio: Ratio, constant: Constant, *, constant_first: bool
) -> Ratio | None:
    """A quotient and a constant as one quotient."""
    if term.name == "*":
        if constant.value == 1:
            return ratio
        return Ratio(Operation("*", (ratio.part, constant), term.type), ratio.whole)
    if term.name in {"+", "-"}:
        scaled = Operation("*", (ratio.whole, constant), term.type)
        operands = (scaled, ratio.part) if constant_first else (ratio.part, scaled)
        return Ratio(Operation(term.name, operands, term.type), ratio.whole)
    return None
