"""The lint of the story: no number that the review does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from csq.narrative.figures import Kind, Sentence
from csq.narrative.focus import FOCUS_FIELDS, contributions_of
from csq.narrative.judged import find_missed
from csq.review.facts import Review


class UnheldFigure(AssertionError):
    """A sentence says a number that the review does not hold: a bug in a rule."""


def refuse_unheld(sentences: Iterable[Sentence], review: Review) -> None:
    """Raise `UnheldFigure` for a digit outside of the gaps, or a figure the review lacks."""
    held = frozenset(_held(review))
    for sentence in sentences:
        for text in (sentence.words.zh, sentence.words.en):
            if re.search(r"\d", re.sub(r"\{\w+\}", "", text)):
                raise UnheldFigure(f"{sentence.about}: a number written out in {text!r}")
        for name, figure in sentence.figures.items():
            of = figure.indicator.id if figure.indicator else None
            if (figure.kind, figure.value, of) not in held:
                raise UnheldFigure(f"{sentence.about}: {name} is {figure.value}")


def _held(review: Review) -> Iterator[tuple[Kind, Fraction, str | None]]:
    """Every number that a sentence may say, and the indicator it is of, if it is of one."""
    for score in review.scorecard.scores:
        of = score.indicator.id
        if score.value is not None:
            yield Kind.VALUE, score.value, of
        if score.reference and score.reference.value is not None:
            yield Kind.VALUE, score.reference.value, of
            if score.value is not None:
                yield Kind.DIFFERENCE, score.value - score.reference.value, of
        for difference in (score.gap, score.change):
            if difference is not None:
                yield Kind.DIFFERENCE, difference, of
        if score.gap is not None:
            yield Kind.GAP, abs(score.gap), of
        if score.shortfall and score.shortfall.rows is not None:
            yield Kind.COUNT, Fraction(score.shortfall.rows), None
        yield Kind.COUNT, Fraction(score.measurement.n), None
    yield Kind.COUNT, Fraction(len(find_missed(review))), None
    for score in review.scorecard.totals:
        for name in FOCUS_FIELDS:
            for each in contributions_of(review, score, name):
                yield Kind.SHARE, each.bad_share, None
                yield Kind.SHARE, each.row_share, None
    for shares in review.shares:
        for _, count in shares.counts:
            yield Kind.COUNT, Fraction(count), None
            yield Kind.SHARE, Fraction(count, shares.total), None
    if review.hours:
        for cell in (*review.hours.cells, *review.hours.by_hour()):
            yield Kind.CLOCK, Fraction(cell.hour), None
            yield Kind.CLOCK, Fraction(cell.hour + 1), None
            yield Kind.COUNT, Fraction(cell.volume), None
            if cell.response is not None:
                yield Kind.VALUE, cell.response, None
        for each_incident in review.hours.incidents:
            yield Kind.CLOCK, Fraction(each_incident.start.hour), None
            yield Kind.CLOCK, Fraction(each_incident.end.hour or 24), None
            yield Kind.COUNT, Fraction(each_incident.complaints), None
            yield Kind.SHARE, Fraction(each_incident.complaints, each_incident.of_month), None
            if each_incident.response is not None:
                yield Kind.VALUE, each_incident.response, None
