"""改进方向: whom to train, when to staff, what to answer alike."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from csq.narrative.figures import (
    OTHER,
    Sentence,
    clock_figure,
    count_figure,
    say_value,
    share_figure,
    value_figure,
)
from csq.narrative.focus import Focus, find_focus, label_of
from csq.narrative.judged import find_missed
from csq.narrative.slow_hours import find_slowest, joins
from csq.review.facts import Review
from csq.wording import Wording


def say_directions(review: Review) -> Iterator[Sentence]:
    """Whom to train, when to staff, what to answer alike, then the playbooks of the missed."""
    focus = find_focus(review)
    if focus:
        yield _train(review, focus)
    yield from _staff(review)
    yield from _causes(review)
    for score in find_missed(review):
        playbook = score.indicator.playbook
        if playbook:
            assert score.target is not None
            yield Sentence(
                score.indicator.id,
                Wording("{playbook}（{name} {value}，目标 {target}）。",
                        "“{name}” ({value}, target {target}): {playbook}."),
                {"value": value_figure(score)},
                {
                    "playbook": Wording(playbook.zh.rstrip("。."), playbook.en.rstrip("。.")),
                    "name": score.indicator.name,
                    "target": score.target.value,
                },
                {"target": score.indicator.unit},
            )  # fmt: skip


def _train(review: Review, focus: Focus) -> Sentence:
    own = focus.contribution.score
    return Sentence(
        focus.score.indicator.id,
        Wording(
            "把「{group}」列为培训和复盘重点：其{name}为 {value}，{against}中 {bad} 出在这里。",
            "Train and review “{group}” first: its “{name}” is {value},"
            " and it has {bad} of {against}.",
        ),
        {"value": value_figure(own), "bad": share_figure(focus.contribution.bad_share)},
        {
            "group": label_of(review, focus.field, focus.label),
            "name": focus.score.indicator.name,
            "against": focus.against,
        },
    )


def _staff(review: Review) -> Iterator[Sentence]:
    hours = review.hours
    peaks = hours.peaks() if hours else ()
    if not peaks:
        return
    top = sorted(peaks, key=lambda cell: (-cell.volume, cell.hour))[0]
    run = [cell for cell in peaks if joins(cell, top, peaks)]
    figures = {
        "from": clock_figure(run[0].hour),
        "to": clock_figure(run[-1].hour + 1),
        "volume": count_figure(top.volume),
    }
    zh, en = (
        "按高峰排班：{from} 至 {to} 量最大，",
        "Staff the peak: {from} to {to} is busiest, with ",
    )
    zh += "{peak} 起的一小时" if len(run) > 1 else ""
    zh, en = zh + "本期共 {volume} 件", en + "{volume} contacts over the period"
    if len(run) > 1:
        figures["peak"] = clock_figure(top.hour)
        en += " in the hour from {peak}"
    slow = find_slowest(hours.by_hour()) if hours else None
    if slow and not {slow[0].hour, slow[-1].hour} <= {cell.hour for cell in run}:
        figures |= {"slow": clock_figure(slow[0].hour), "until": clock_figure(slow[2].hour + 1)}
        zh += "；{slow} 至 {until} 响应最慢，也要看排班"
        en += "; {slow} to {until} answers slowest, so look at its shifts too"
    yield Sentence("hours", Wording(zh + "。", en + "."), figures)


def _causes(review: Review) -> Iterator[Sentence]:
    """The named causes of complaints, so that each gets a common answer."""
    for shares in review.shares:
        if shares.schema.source != "complaints":
            continue
        named = [(v, c) for v, c in shares.counts if v not in {None, OTHER}][:2]
        if len(named) == 2:
            (first, a), (second, b) = named
            yield Sentence(
                "complaints",
                Wording("为主要投诉原因准备统一处理模板：{first} {a}、{second} {b}。",
                        "Prepare common answers to the main causes of complaints:"
                        " “{first}” {a}, “{second}” {b}."),
                {
                    "a": share_figure(Fraction(a, shares.total)),
                    "b": share_figure(Fraction(b, shares.total)),
                },
                {
                    "first": say_value(review, shares, first),
                    "second": say_value(review, shares, second),
                },
            )  # fmt: skip
        other = next((c for v, c in shares.counts[:1] if v == OTHER), None)
        if other is not None:
            yield Sentence(
                "complaints",
                Wording("细化投诉原因的分类：「{other}」占 {share}，是最大的一类，看不出原因。",
                        "Refine the causes of complaints: “{other}” is the largest with {share}"
                        " and tells no cause."),
                {"share": share_figure(Fraction(other, shares.total))},
                {"other": say_value(review, shares, OTHER)},
            )  # fmt: skip
