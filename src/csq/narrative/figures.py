"""Sentences as they are told: words with gaps, and the exact figures that fill them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from csq.definition.indicators import Indicator
from csq.definition.targets import Comparison, Unit
from csq.review.facts import Review, Shares
from csq.scorecard import BLANK, Score
from csq.wording import Wording, verbatim

OTHER = "其他"
"""The class that says nothing."""


class Kind(StrEnum):
    """How a figure is said."""

    VALUE = "value"
    DIFFERENCE = "difference"
    GAP = "gap"
    """How far something is from its target; the words say on which side."""
    SHARE = "share"
    COUNT = "count"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a sentence: what it is and how it is said; exact."""

    kind: Kind
    value: Fraction
    unit: Unit
    indicator: Indicator | None = None
    target: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement: its words with gaps, the figures and names that fill them."""

    about: str
    """The indicator's id, or what else it speaks of."""
    words: Wording
    figures: Mapping[str, Figure] = field(default_factory=dict)
    names: Mapping[str, Wording | Comparison | date] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    """The units of the targets among the names."""


def say_value(review: Review, shares: Shares, value: str | None) -> Wording:
    """A value of a field in both languages, as it may be shown."""
    if value is None:
        return BLANK
    terms = shares.field.column.terms
    term = next((term for term in terms if term.zh == value), None)
    return Wording(term.zh, term.en) if term else verbatim(review.shield.text(value))


def value_figure(score: Score) -> Figure:
    """A score's value, said on the right side of its target."""
    assert score.value is not None
    target = score.target.value if score.target else None
    return Figure(Kind.VALUE, score.value, score.indicator.unit, score.indicator, target)


def difference_figure(score: Score, difference: Fraction | None) -> Figure:
    """A gap or a change of a score."""
    assert difference is not None
    return Figure(Kind.DIFFERENCE, difference, score.indicator.unit, score.indicator)


def gap_figure(score: Score) -> Figure:
    """How far a score is from its target."""
    assert score.gap is not None
    return Figure(Kind.GAP, abs(score.gap), score.indicator.unit, score.indicator)


def share_figure(value: Fraction) -> Figure:
    """A part of a whole."""
    return Figure(Kind.SHARE, value, Unit.PERCENT)


def count_figure(number: int) -> Figure:
    """How many."""
    return Figure(Kind.COUNT, Fraction(number), Unit.COUNT)


def clock_figure(hour: int) -> Figure:
    """An hour of the day."""
    return Figure(Kind.CLOCK, Fraction(hour), Unit.COUNT)
