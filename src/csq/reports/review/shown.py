"""Which scores a review shows, and in what order."""

from __future__ import annotations

from csq.review.facts import Review
from csq.scorecard import Score, Verdict


def shown_scores(review: Review) -> tuple[Score, ...]:
    """The totals that the exports can carry, in the definition's order."""
    return tuple(score for score in review.scorecard.totals if not score.lacking)


def judged_scores(review: Review) -> tuple[Score, ...]:
    """The totals that have a target."""
    return tuple(score for score in shown_scores(review) if score.target is not None)


def headline_scores(review: Review) -> tuple[Score, ...]:
    """What the tiles and the charts show: the judged ones, or all where none has a target."""
    return judged_scores(review) or shown_scores(review)[:12]


def weighed_scores(review: Review) -> list[Score]:
    """The headline scores, the missed ones first."""
    return sorted(headline_scores(review), key=lambda s: _ORDER.get(s.verdict, 3))


_ORDER = {Verdict.MISSED: 0, Verdict.NOT_ENOUGH_EVIDENCE: 1, Verdict.MET: 2}
