"""The group that carries most of a miss."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from csq.definition.targets import Direction
from csq.narrative.judged import find_missed
from csq.review.facts import Contribution, Review, find_contributions
from csq.scorecard import Score
from csq.wording import Wording, verbatim

FOCUS_FIELDS = ("problem_type", "channel", "team")
"""The breakdowns in which a cause is looked for, the most telling first."""

_CASES = Wording("不合要求的件", "the cases that miss it")
_AMOUNT = Wording("合计", "the total")
_HEAVY_SHARE = Fraction(1, 4)
_HEAVY_EXCESS = Fraction(13, 10)


@dataclass(frozen=True, slots=True)
class Focus:
    """The group that carries most of a miss."""

    score: Score
    field: str
    contribution: Contribution

    @property
    def label(self) -> str:
        return str(self.contribution.score.group[0][1])

    @property
    def against(self) -> Wording:
        """What the group's share is a share of: that speaks against the indicator."""
        return _CASES if self.contribution.is_of_rows else _AMOUNT


def find_focus(review: Review) -> Focus | None:
    """The group that the heaviest explained miss points at."""
    return next((f for score in find_missed(review) if (f := focus_of(review, score))), None)


def focus_of(review: Review, score: Score) -> Focus | None:
    """The group with the largest excess, among those that carry a fair part of the miss."""
    for name in FOCUS_FIELDS:
        found = [
            each
            for each in contributions_of(review, score, name)
            if each.score.group[0][1] is not None
            and each.bad_share >= _HEAVY_SHARE
            and each.excess >= _HEAVY_EXCESS
            and each.row_share < 1
            and not each.may_be_chance
        ]
        if found:
            return Focus(score, name, max(found, key=lambda each: each.bad_share))
    return None


def label_of(review: Review, name: str, value: str) -> Wording:
    """A value of a field in both languages, wherever the field is."""
    for schema in review.understood.schemas.values():
        known = schema.field(name)
        for term in known.column.terms if known else ():
            if term.zh == value:
                return Wording(term.zh, term.en)
    return verbatim(value)


def contributions_of(review: Review, score: Score, name: str) -> tuple[Contribution, ...]:
    """What each group by one field has in a miss."""
    rises = score.indicator.direction is Direction.UP
    return tuple(find_contributions(review.groups_of(score.indicator.id, name), rises=rises))
