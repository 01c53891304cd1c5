"""What is met and what is missed, the weightiest first."""

from __future__ import annotations

from fractions import Fraction

from csq.definition.targets import Direction
from csq.review.facts import Review
from csq.scorecard import Score, Verdict


def find_met(review: Review) -> list[Score]:
    """What got better first, then what stands farthest beyond its target."""

    def order(score: Score) -> tuple[bool, bool, Fraction, str]:
        better = goodness(score, score.change) > 0
        step = score.change if better else score.gap
        # A comparison with a named base is what the definition itself holds up as progress.
        return not better, score.reference is None, -relative_size(score, step), score.indicator.id

    met = [s for s in review.scorecard.totals if s.verdict is Verdict.MET]
    return sorted(met, key=order)


def find_missed(review: Review) -> list[Score]:
    """What lacks most rows first, then what stands farthest from its target."""
    missed = [s for s in review.scorecard.totals if s.verdict is Verdict.MISSED]

    def weight(score: Score) -> tuple[int, Fraction]:
        rows = score.shortfall.rows if score.shortfall and score.shortfall.rows else 0
        return -rows, -relative_size(score, score.gap)

    return sorted(missed, key=weight)


def goodness(score: Score, difference: Fraction | None) -> Fraction:
    """A difference, positive where it is for the better; a band knows no better."""
    if difference is None or score.indicator.direction is Direction.BAND:
        return Fraction(0)
    return difference if score.indicator.direction is Direction.UP else -difference


def relative_size(score: Score, difference: Fraction | None) -> Fraction:
    """The size of a difference, in parts of the value before it."""
    base = score.value - difference if score.value is not None and difference is not None else None
    return abs(difference / base) if difference is not None and base else Fraction(0)
