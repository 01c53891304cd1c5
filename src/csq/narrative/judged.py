"""What is met and what is missed, the weightiest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from csq.definition.targets import Direction
from csq.formula.tree import Constant, FieldTerm, RowOperation, RowTerm
from csq.narrative.figures import OTHER
from csq.records.schema import Field
from csq.review.facts import Review
from csq.scorecard import Score, Verdict


def find_met(review: Review) -> list[Score]:
    """What got better first, then what stands farthest beyond its target.

    What is met because most rows are left out as “other” says nothing good.
    """

    def order(score: Score) -> tuple[bool, bool, Fraction, str]:
        better = goodness(score, score.change) > 0
        step = score.change if better else score.gap
        # A comparison with a named base is what the definition itself holds up as progress.
        return not better, score.reference is None, -relative_size(score, step), score.indicator.id

    met = [
        s
        for s in review.scorecard.totals
        if s.verdict is Verdict.MET and not _leaves_out_the_largest(review, s)
    ]
    return sorted(met, key=order)


def _leaves_out_the_largest(review: Review, score: Score) -> bool:
    """Whether a formula passes over “other” where that is the largest class."""
    largest = {
        each.field.name for each in review.shares if each.counts[:1] and each.counts[0][0] == OTHER
    }
    return any(
        field.name in largest
        for aggregate in score.measurement.indicator.aggregates
        for condition in aggregate.conditions
        for field in _passed_over(condition)
    )


def _passed_over(condition: RowTerm) -> Iterator[Field]:
    """The fields of which a condition leaves out “other”."""
    match condition:
        case RowOperation("<>", (FieldTerm(field), Constant(value))) if value == OTHER:
            yield field
        case RowOperation("and", operands):
            for operand in operands:
                yield from _passed_over(operand)


def find_missed(review: Review) -> list[Score]:
    """What lacks most rows first, then what stands farthest from its target."""
    missed = [s for s in review.scorecard.totals if s.verdict is Verdict.MISSED]

    def weight(score: Score) -> tuple[int, Fraction]:
        rows = score.shortfall.rows if score.shortfall and score.shortfall.rows else 0
        return -rows, -relative_size(score, score.gap)

    return sorted(missed, key=weight)


def farthest(scores: Sequence[Score]) -> Score:
    """What stands farthest from its target, in parts of it."""
    return max(scores, key=lambda score: relative_size(score, score.gap))


def goodness(score: Score, difference: Fraction | None) -> Fraction:
    """A difference, positive where it is for the better; a band knows no better."""
    if difference is None or score.indicator.direction is Direction.BAND:
        return Fraction(0)
    return difference if score.indicator.direction is Direction.UP else -difference


def relative_size(score: Score, difference: Fraction | None) -> Fraction:
    """The size of a difference, in parts of the value before it."""
    base = score.value - difference if score.value is not None and difference is not None else None
    return abs(difference / base) if difference is not None and base else Fraction(0)
