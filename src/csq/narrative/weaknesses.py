"""不足: the targets that are missed, and what else went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from csq.definition.targets import Comparison, Direction, Unit
from csq.formula.tree import Constant, FieldTerm, RowOperation, RowTerm, fields_of
from csq.narrative.figures import (
    Figure,
    Kind,
    Sentence,
    clock_figure,
    count_figure,
    gap_figure,
    share_figure,
    value_figure,
)
from csq.narrative.focus import Focus, find_focus, focus_of, label_of
from csq.narrative.judged import farthest, find_missed
from csq.narrative.slow_hours import find_slowest
from csq.review.facts import Review
from csq.scorecard import Score, Verdict
from csq.wording import Wording


def say_weaknesses(review: Review, most: int) -> Iterator[Sentence]:
    """Missed targets by the rows they lack, then how many there are, then what else went wrong.

    As many are told one by one as there is room for in `most` sentences, and no fewer than four.
    """
    focus = find_focus(review)
    besides = [
        *(_focus_sentences(review, focus) if focus else ()),
        *_repeats(review),
        *_incidents(review),
        *_peaks(review),
    ]
    missed = find_missed(review)
    room = max(_TOLD, most - len(besides))
    if len(missed) > room:
        room = max(_TOLD, room - 1)  # The sentence of how many there are takes a place.
    told, rest = missed[:room], missed[room:]
    for score in told:
        yield _weakness(review, score)
    if len(rest) > 1:
        yield _others(missed, farthest(rest))
    elif rest:
        yield _weakness(review, rest[0])
    yield from besides


_TOLD = 4
"""The misses that are told one by one, whatever else there is to tell."""


def _others(missed: list[Score], worst: Score) -> Sentence:
    """How many there are, so that nobody takes those that are told for all."""
    assert worst.target is not None
    return Sentence(
        worst.indicator.id,
        Wording("未达标共 {n} 项，见指标总表；以上之外差得最远的是{name} {value}"
                "（目标 {target}，差 {gap}）。",
                "{n} targets are missed in all, see the indicators; farthest off besides these is"
                " “{name}”: {value} (target {target}, {gap} off)."),
        {"n": count_figure(len(missed)), "value": value_figure(worst), "gap": gap_figure(worst)},
        {"name": worst.indicator.name, "target": worst.target.value},
        {"target": worst.indicator.unit},
    )  # fmt: skip


def _weakness(review: Review, score: Score) -> Sentence:
    assert score.target is not None
    figures = {"value": value_figure(score), "gap": gap_figure(score)}
    names: dict[str, Wording | Comparison | date] = {
        "name": score.indicator.name,
        "target": score.target.value,
    }
    zh = "{name} {value}，未达目标（{target}），差 {gap}"
    en = "“{name}” is {value} and misses its target ({target}) by {gap}"
    if score.shortfall and score.shortfall.rows is not None:
        figures["rows"] = Figure(Kind.COUNT, Fraction(score.shortfall.rows), Unit.COUNT)
        zh += "，相当于 {rows} 件"
        en += ", or {rows} cases"
    focus = focus_of(review, score)
    if focus:
        figures |= {
            "bad": share_figure(focus.contribution.bad_share),
            "all": share_figure(focus.contribution.row_share),
        }
        names |= {"group": label_of(review, focus.field, focus.label), "against": focus.against}
        zh += "；{against}中 {bad} 出在「{group}」，而它只占总量的 {all}"
        en += "; “{group}” has {bad} of {against} and only {all} of the volume"
    return Sentence(
        score.indicator.id,
        Wording(zh + "。", en + "."),
        figures,
        names,
        {"target": score.indicator.unit},
    )


def _focus_sentences(review: Review, focus: Focus) -> Iterator[Sentence]:
    """What the definition measures of that very group and sets no target for."""
    own = [
        score
        for score in review.scorecard.totals
        if score.value is not None
        and not score.is_thin
        and score.verdict is Verdict.NO_TARGET
        and score.indicator.direction is Direction.DOWN
        and _speaks_of(score, focus.field, focus.label)
    ]
    if not own:
        return
    zh, en = [], []
    figures: dict[str, Figure] = {}
    names: dict[str, Wording | Comparison | date] = {
        "group": label_of(review, focus.field, focus.label)
    }
    for position, score in enumerate(own[:4]):
        mark = "abcd"[position]
        figures[f"{mark}_value"], names[f"{mark}_name"] = value_figure(score), score.indicator.name
        zh.append(f"{{{mark}_name}} {{{mark}_value}}")
        en.append(f"“{{{mark}_name}}” {{{mark}_value}}")
    yield Sentence(
        own[0].indicator.id,
        Wording("「{group}」是短板，专门统计它的还有：" + "、".join(zh) + "。",
                "“{group}” is the weak spot; what else is measured of it: " + ", ".join(en) + "."),
        figures, names,
    )  # fmt: skip


def _repeats(review: Review) -> Iterator[Sentence]:
    for score in review.scorecard.totals:
        if (
            score.verdict is Verdict.NO_TARGET
            and score.indicator.unit in {Unit.SCORE, Unit.RATIO}
            and _counts_contacts(score)
            and score.indicator.direction is Direction.DOWN
            and score.value is not None
            and not score.is_thin
            and score.value >= 2
        ):
            yield Sentence(
                score.indicator.id,
                Wording("重复沟通：{name}平均 {value} 次，基于 {n} 件。",
                        "Repeated contacts: “{name}” averages {value} over {n} cases."),
                {"value": value_figure(score), "n": count_figure(score.measurement.n)},
                {"name": score.indicator.name},
            )  # fmt: skip


def _counts_contacts(score: Score) -> bool:
    """Whether an indicator is about how often a customer had to come."""
    aggregates = score.measurement.indicator.aggregates
    return any(field.name == "contacts_to_resolve" for a in aggregates for field in fields_of(a))


def _incidents(review: Review) -> Iterator[Sentence]:
    hours = review.hours
    for incident in (hours.incidents if hours else ())[:3]:
        figures = {
            "from": clock_figure(incident.start.hour),
            "to": clock_figure(incident.end.hour or 24),
            "complaints": count_figure(incident.complaints),
            "share": share_figure(Fraction(incident.complaints, incident.of_month)),
        }
        zh = "{day} {from} 至 {to} 异常：投诉 {complaints} 件，占当月投诉 {share}"
        en = "Incident on {day} from {from} to {to}: {complaints} complaints"
        en += ", {share} of that month's"
        if incident.response is not None:
            figures["response"] = Figure(Kind.VALUE, incident.response, Unit.DURATION)
            zh += "，平均首次响应 {response}"
            en += ", first response {response} on average"
        yield Sentence(
            "hours", Wording(zh + "。", en + "."), figures, {"day": incident.start.date()}
        )


def _peaks(review: Review) -> Iterator[Sentence]:
    """The hours of the day with the slowest answers."""
    hours = review.hours
    slow = find_slowest(hours.by_hour()) if hours else None
    if slow:
        first, worst, last = slow
        assert worst.response is not None
        yield Sentence(
            "hours",
            _SLOWEST if first is last else _SLOW,
            {
                "from": clock_figure(first.hour),
                "to": clock_figure(last.hour + 1),
                "response": Figure(Kind.VALUE, worst.response, Unit.DURATION),
            },
        )  # fmt: skip


_SLOWEST = Wording(
    "{from} 至 {to} 首次响应最慢，平均 {response}。",
    "First response is slowest from {from} to {to}: {response} on average.",
)
_SLOW = Wording(
    "{from} 至 {to} 首次响应最慢，其中最慢的一个小时平均 {response}。",
    "First response is slowest from {from} to {to}: {response} on average in its slowest hour.",
)


def _speaks_of(score: Score, name: str, value: str) -> bool:
    """Whether an indicator's formula itself singles out one value of a field."""
    return any(
        _names(condition, name, value)
        for aggregate in score.measurement.indicator.aggregates
        for condition in aggregate.conditions
    )


def _names(term: RowTerm, name: str, value: str) -> bool:
    match term:
        case RowOperation("=", (FieldTerm(known), Constant(constant))):
            return known.name == name and constant == value
        case RowOperation("and" | "or", operands):
            return any(_names(operand, name, value) for operand in operands)
    return False
