"""Every indicator period by period, as a table and as charts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from csq.definition.targets import Unit
from csq.reports.json import number
from csq.reports.numbers import show_value
from csq.reports.review import wordings as words
from csq.reports.review.blocks import EMPTY, Chapter, Chart, ChartKind, Column, Row, Table, Tone
from csq.reports.review.cells import (
    TONES,
    indicator_scale,
    say_breach,
    say_drift,
    target_text,
    text_cell,
    unsure_cell,
    value_cell,
)
from csq.reports.review.shown import headline_scores, shown_scores
from csq.reports.view import show_period
from csq.review.facts import Review
from csq.scorecard import Score
from csq.wording import Language, Wording


def trend_chapter(review: Review, language: Language) -> Chapter:
    """Every indicator period by period, and a chart for each that has a target."""
    title = words.CHAPTERS["trends"].say(language)
    periods = review.trend.periods
    columns = (
        Column(words.INDICATOR.say(language), 24 if language == "zh" else 34),
        Column(words.TARGET.say(language), 11, is_number=True),
        *(Column(show_period(each).say(language), 13, is_number=True) for each in periods),
    )
    rows = []
    for score in shown_scores(review):
        series = review.trend.series(score.indicator.id)
        scale = indicator_scale(score, language)
        target = score.target.value if score.target else None
        thin = review.trend.thin(score.indicator.id)
        cells = [
            unsure_cell(value_cell(thin[at], score.indicator, scale, language, target), language)
            if at in thin
            else replace(
                value_cell(value, score.indicator, scale, language, target),
                tone=_tone_of(value, score),
            )
            for at, value in enumerate(series)
        ]
        if thin or any(value is not None for value in series):
            cells += [EMPTY] * (len(periods) - len(cells))
            name = text_cell(score.indicator.name.say(language))
            rows.append(Row((name, text_cell(target_text(score, language)), *cells)))
    charts = (
        make_chart(review, score, language, ChartKind.TREND) for score in headline_scores(review)
    )
    lines = tuple(line.say(language) for line in _trend_lines(review))
    table = Table("trends", title, columns, tuple(rows))
    return Chapter("trends", title, lines, (table,), tuple(c for c in charts if c))


def _trend_lines(review: Review) -> Iterator[Wording]:
    """How the charts of the trends are read; of limits only where one of them has some."""
    shown = [score.indicator.id for score in headline_scores(review)]
    yield Wording(
        "每一格都由当期的行重新计算，不是各期的平均。虚线是目标。",
        "Every value is recomputed from the rows of its period, never averaged. Dashed: the target.",
    )
    if any(review.trend.drift(each) for each in shown):
        yield Wording(
            "“持续变化”：连续 6 期一直上升或下降，或者高于上限、低于下限的都有；变化本身就是要看的，不再逐点标记。",
            "“Keeps changing”: six periods in a row rise or fall, or values lie beyond both"
            " limits; the change is what there is to see, so single values are not marked.",
        )
    if not any(review.trend.limits(each) for each in shown):
        return
    yield Wording(
        "点线是自然波动的上下限（均值 ± 2.66 × 平均移动极差），超出上下限的值带菱形。",
        "Dotted: the natural limits (mean ± 2.66 × mean moving range); a value beyond them"
        " carries a diamond.",
    )
    if not review.trend.complete:
        yield Wording(
            "最后一期未完：不计入上下限，也不判断是否超出。",
            "The last period is not over: it is neither in the limits nor judged by them.",
        )
    if len(review.trend.periods) < 12:
        yield Wording(
            "不足 12 期，上下限只供参考。", "Fewer than 12 periods: take the limits as provisional."
        )


def _tone_of(value: Fraction | None, score: Score) -> Tone:
    if value is None:
        return Tone.SOFT
    if score.target is None:
        return Tone.PLAIN
    return Tone.MET if score.target.value.holds(value) else Tone.MISSED


def make_chart(review: Review, score: Score, language: Language, kind: ChartKind) -> Chart | None:
    indicator = score.indicator
    series = review.trend.series(indicator.id)
    known = [value for value in series if value is not None]
    if len(known) < 2:
        return None
    scale = indicator_scale(score, language)
    factor = scale.factor
    target = score.target.value.quantity.value if score.target else None
    limits = review.trend.limits(indicator.id)
    breaches = {each.period: each for each in review.trend.breaches(indicator.id)}
    beyond = {at: say_breach(each, indicator, language) for at, each in breaches.items()}
    periods = review.trend.periods

    final = [p for p, v in zip(periods, series, strict=True) if v is not None][-1]

    def scaled(value: Fraction | None) -> int | float | None:
        return None if value is None else number(value * factor)

    points = tuple(
        {
            "period": period.label,
            "last": period == final,
            "value": scaled(value),
            "target": scaled(target),
            "lower": scaled(_floor(limits.lower, indicator.unit)) if limits else None,
            "upper": scaled(_ceiling(limits.upper, indicator.unit)) if limits else None,
            "breach": scaled(value) if period in breaches else None,
            "beyond": beyond.get(period),
            "text": f"{indicator.name.say(language)} · {period.label}："
            + value_cell(value, indicator, scale, language).text,
            "good": _tone_of(value, score).value,
        }
        for period, value in zip(periods, series, strict=True)
    )
    shown = [show_value(v, indicator.unit, language, decimals=indicator.decimals) for v in known]
    alt = Wording(
        "{name}从 {first} 的 {a} 到 {last} 的 {b}，最低 {low}，最高 {high}",
        "{name} from {a} in {first} to {b} in {last}, lowest {low}, highest {high}",
    ).fill(
        name=indicator.name,
        first=next(p.label for p, v in zip(periods, series, strict=True) if v is not None),
        last=next(
            p.label for p, v in reversed(list(zip(periods, series, strict=True))) if v is not None
        ),
        a=shown[0],
        b=shown[-1],
        low=shown[known.index(min(known))],
        high=shown[known.index(max(known))],
    ).say(language)  # fmt: skip
    if score.target:
        alt += Wording("，目标 {target}", ", target {target}").fill(
            target=target_text(score, language)
        ).say(language)  # fmt: skip
    note = ""
    drift = review.trend.drift(indicator.id)
    if drift and kind is ChartKind.TREND:
        note = say_drift(drift, indicator, language)
    elif beyond and kind is ChartKind.TREND:
        note = words.BEYOND.fill(
            those=Wording("；", "; ").say(language).join(beyond.values())
        ).say(language)  # fmt: skip
    named = {
        "value": words.EACH_VALUE,
        "target": words.TARGET if target is not None else None,
        "lower": words.LOWER_LIMIT if limits else None,
        "upper": words.UPPER_LIMIT if limits else None,
        "breach": words.BREACH if breaches else None,
    }
    axis = _axis_format(indicator.unit, [*known, *([target] if target is not None else [])])
    return Chart(
        kind=kind,
        key=indicator.id,
        title=_with_unit(indicator.name.say(language), scale.name, language),
        alt=alt,
        points=points,
        names={name: each.say(language) for name, each in named.items() if each},
        number_format=scale.number_format(0 if indicator.unit is Unit.COUNT else 1),
        axis_format=axis,
        tone=TONES[score.verdict],
        note=note,
    )


def _with_unit(name: str, unit: str, language: Language) -> str:
    return name + Wording("（{it}）", " ({it})").fill(it=unit).say(language) if unit else name


def _axis_format(unit: Unit, shown: list[Fraction]) -> str:
    """How the axis is labelled: with decimals where its labels would else all be the same."""
    if unit is not Unit.PERCENT:
        return "~g"
    return ".1%" if max(shown) - min(shown) < Fraction(4, 100) else ".0%"


def _floor(value: Fraction, unit: Unit) -> Fraction:
    return value if unit in {Unit.SCORE, Unit.POINTS, Unit.RATIO} else max(value, Fraction(0))


def _ceiling(value: Fraction, unit: Unit) -> Fraction:
    return min(value, Fraction(1)) if unit is Unit.PERCENT else value
