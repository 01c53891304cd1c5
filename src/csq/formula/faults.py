"""A fault inside a formula, with the part of the formula it is about."""

from __future__ import annotations

from csq.errors import Place, Problem, ProblemKind, Slot
from csq.formula.syntax import Span
from csq.problems.formulas import FORMULA_NAME


class FormulaFault(Exception):
    """Raised while one formula is read; becomes a `Problem` where the formula's place is known."""

    def __init__(self, kind: ProblemKind, span: Span, **slots: Slot) -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.span = span
        self.slots = slots

    def at(self, place: Place, formula: str) -> Problem:
        excerpt = mark(formula, self.span)
        return self.kind.at(place, excerpt=excerpt, **self.slots)


class BrokenName(FormulaFault):
    """A formula uses a name whose own definition is wrong; that fault is told at its own place."""

    def __init__(self, span: Span) -> None:
        super().__init__(FORMULA_NAME, span, value="", advice="")


def mark(formula: str, span: Span) -> str:
    """The formula on one line with the part in question between brackets.

    >>> mark("a <= 30", Span(5, 7))
    'a <= ⟦30⟧'
    """
    before = formula[max(0, span.start - 24) : span.start]
    after = formula[span.end : span.end + 24]
    return " ".join(f"{before}⟦{formula[span.start : span.end]}⟧{after}".split())
