"""优势: the targets that are met."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from csq.definition.targets import Comparison, Unit
from csq.narrative.figures import Figure, Kind, Sentence, difference_figure, value_figure
from csq.narrative.judged import find_met, goodness, relative_size
from csq.review.facts import Review
from csq.scorecard import Score, Verdict
from csq.wording import Wording, verbatim


def say_strengths(review: Review) -> Iterator[Sentence]:
    """Targets that are met: first what got better, the farthest beyond its target first."""
    for score in find_met(review):
        yield _strength(review, score)
    for score in _improved(review):
        yield Sentence(
            score.indicator.id,
            Wording("{name}改善到 {value}，较上期 {change}。",
                    "“{name}” improved to {value}, {change} against the period before."),
            {"value": value_figure(score), "change": difference_figure(score, score.change)},
            {"name": score.indicator.name},
        )  # fmt: skip


def _improved(review: Review) -> list[Score]:
    found = [
        s
        for s in review.scorecard.totals
        if s.verdict is Verdict.NO_TARGET
        and s.indicator.unit is not Unit.COUNT
        and not s.is_thin
        and goodness(s, s.change) > 0
        and relative_size(s, s.change) >= Fraction(1, 10)
    ]
    return sorted(found, key=lambda s: -relative_size(s, s.change))[:2]


def _strength(review: Review, score: Score) -> Sentence:
    figures = {"value": value_figure(score)}
    names: dict[str, Wording | Comparison | date] = {"name": score.indicator.name}
    assert score.target is not None
    names["target"] = score.target.value
    units = {"target": score.indicator.unit}
    base = score.reference
    zh, en = (
        "{name} {value}，达到目标（{target}）",
        "“{name}” is {value} and meets its target ({target})",
    )
    if base and base.value is not None and score.value is not None:
        figures |= {
            "base": Figure(Kind.VALUE, base.value, score.indicator.unit, score.indicator),
            "since": difference_figure(score, score.value - base.value),
        }
        names["period"] = verbatim(base.period.label)
        zh += "，{period} 为 {base}（{since}）"
        en += "; {period} was {base} ({since})"
    if score.change is not None:
        figures["change"] = difference_figure(score, score.change)
        zh += "，较上期 {change}"
        en += "; {change} against the period before"
    words = Wording(zh + "。", en + ".")
    return Sentence(score.indicator.id, words, figures, names, units)
