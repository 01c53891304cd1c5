"""优势 / 不足 / 改进方向, by rules over the scorecard; every sentence carries its evidence.

A sentence is a wording with gaps. A number can only stand in a gap, as a `Figure`, and
`refuse_unheld` lets no figure pass that the review does not hold.
"""

from __future__ import annotations

from dataclasses import dataclass

from csq.narrative.directions import say_directions
from csq.narrative.figures import Sentence
from csq.narrative.held import refuse_unheld
from csq.narrative.pattern import say_pattern
from csq.narrative.strengths import say_strengths
from csq.narrative.weaknesses import say_weaknesses
from csq.review.facts import Review

_MOST = {"strengths": 5, "weaknesses": 9, "directions": 7}


@dataclass(frozen=True, slots=True)
class Story:
    """What is good, what is not, what to do, and all of it in one line."""

    pattern: Sentence | None
    strengths: tuple[Sentence, ...]
    weaknesses: tuple[Sentence, ...]
    directions: tuple[Sentence, ...]

    def sentences(self) -> tuple[Sentence, ...]:
        first = (self.pattern,) if self.pattern else ()
        return (*first, *self.strengths, *self.weaknesses, *self.directions)


def tell(review: Review) -> Story:
    """The story of a review; raises `UnheldFigure` rather than say a number that is not its own."""
    story = Story(
        say_pattern(review),
        tuple(say_strengths(review))[: _MOST["strengths"]],
        tuple(say_weaknesses(review, _MOST["weaknesses"]))[: _MOST["weaknesses"]],
        tuple(say_directions(review))[: _MOST["directions"]],
    )
    refuse_unheld(story.sentences(), review)
    return story
