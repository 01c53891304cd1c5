"""The chapters that come from the scorecard: the indicator table, the trends, the groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from csq.definition.targets import Unit
from csq.formula.excel import NoExcelForm, excel_formula
from csq.formula.targets import GroupValue
from csq.formula.words import say_term
from csq.privacy import PEOPLE
from csq.reports.json import number
from csq.reports.numbers import draw_trend, show_value
from csq.reports.review import wordings as words
from csq.reports.review.blocks import (
    EMPTY,
    Cell,
    Chapter,
    Chart,
    ChartKind,
    Column,
    Row,
    Table,
    Tile,
    Tone,
)
from csq.reports.review.cells import (
    TONES,
    count_cell,
    difference_cell,
    indicator_scale,
    label,
    say_breach,
    say_drift,
    target_text,
    text_cell,
    value_cell,
)
from csq.reports.review.sheets import Sheets
from csq.reports.view import blank_note, say_dimension, show_period
from csq.review.facts import Review
from csq.scorecard import Score, Verdict
from csq.wording import Language, Wording


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
_MOST_ACROSS = 8
"""Indicators beside each other in a table of groups: more cannot be read on a page."""


# The indicator table --------------------------------------------------------------------------


def indicator_chapter(review: Review, sheets: Sheets, language: Language) -> Chapter:
    columns = (
        Column(words.DIMENSION.say(language), 11),
        Column(words.INDICATOR.say(language), 24 if language == "zh" else 30),
        Column(words.CALCULATION.say(language), 46),
        Column(words.TARGET.say(language), 11, is_number=True),
        Column(words.VALUE.say(language), 11, is_number=True, is_checked=True),
        Column(words.GAP.say(language), 11, is_number=True),
        Column(words.PREVIOUS.say(language), 11, is_number=True),
        Column(words.CHANGE.say(language), 11, is_number=True),
        Column(words.TREND.say(language), max(12, 2 * len(review.trend.periods) + 2)),
        Column(words.VERDICT.say(language), 11),
        Column(words.ROWS.say(language), 9, is_number=True),
        Column(words.SOURCE.say(language), 16),
        Column(words.OWNER.say(language), 16),
    )
    rows = tuple(_indicator_row(review, sheets, score, language) for score in shown_scores(review))
    lines = []
    lacking = review.scorecard.lacking_data()
    if lacking:
        comma = "、" if language == "zh" else ", "
        lines.append(
            Wording(
                "没有数据：{names}（缺少{reasons}）。", "No data: {names} (missing: {reasons})."
            )
            .fill(
                names=comma.join(s.indicator.name.say(language) for s in lacking),
                reasons=comma.join(
                    dict.fromkeys(r.say(language) for s in lacking for r in s.lacking)
                ),
            )
            .say(language)
        )
    lines.append(
        Wording(
            "pp 是百分点；“公式复算”由“数据”表的行重新算出，差异应为 0。",
            "pp are percentage points; “Recomputed” works from the rows on the"
            " data sheets and should differ by 0.",
        ).say(language)
    )
    lines += _blank_lines(review, language)
    title = words.CHAPTERS["indicators"].say(language)
    table = Table("indicators", title, columns, rows, tuple(lines))
    return Chapter("indicators", title, tables=(replace(table, head=1),))


def _indicator_row(review: Review, sheets: Sheets, score: Score, language: Language) -> Row:
    indicator = score.indicator
    scale = indicator_scale(score, language)
    target = score.target.value if score.target else None
    value = value_cell(score.value, indicator, scale, language, target)
    if score.value is not None:
        try:
            formula = excel_formula(score.measurement.indicator.term, indicator.time, sheets.naming)
            text = formula.text if scale.seconds == 1 else f"({formula.text})/{scale.seconds}"
            value = replace(value, formula=text, is_array=formula.is_array)
        except NoExcelForm as missing:
            value = replace(value, unchecked=missing.reason.say(language))
    tone = TONES[score.verdict]
    if blanks := blank_note(score):
        value = _marked(value, blanks.say(language))
    if score.indicator.id in review.misses:
        value = replace(value, link=f"miss-{indicator.id}")
    words_of = say_term(score.measurement.indicator.term).say(language)
    comma = "、" if language == "zh" else ", "
    return Row(
        cells=(
            text_cell(say_dimension(indicator.dimension).say(language)),
            replace(
                text_cell(indicator.name.say(language)),
                link=f"define-{indicator.id}",
                hint=words_of,
            ),
            text_cell(words_of, Tone.SOFT),
            text_cell(target_text(score, language)),
            replace(value, tone=tone),
            difference_cell(score.gap, indicator, scale, language),
            value_cell(score.previous, indicator, scale, language)
            if score.previous is not None
            else EMPTY,
            difference_cell(score.change, indicator, scale, language),
            text_cell(draw_trend(review.trend.series(indicator.id) or score.trend), Tone.SOFT),
            text_cell(f"{score.verdict.sign} {score.verdict.wording.say(language)}", tone),
            count_cell(score.measurement.n),
            text_cell(indicator.data_source.say(language) if indicator.data_source else ""),
            text_cell(comma.join(owner.say(language) for owner in indicator.owner)),
        ),
        tone=tone,
        key=indicator.id,
        anchor=f"indicator-{indicator.id}",
    )


_MARK = "※"


def _marked(cell: Cell, note: str) -> Cell:
    """A number with a mark beside it, which a workbook's number format carries."""
    number_format = f'{cell.number_format}"{_MARK}"'
    return replace(cell, text=cell.text + _MARK, number_format=number_format, note=note)


def _blank_lines(review: Review, language: Language) -> Iterator[str]:
    """What the mark beside a number means, below the table."""
    noted = Wording(_MARK + " {name}：{note}。", _MARK + " {name}: {note}.")
    for score in shown_scores(review):
        if note := blank_note(score):
            yield noted.fill(name=score.indicator.name, note=note).say(language)


# Tiles ----------------------------------------------------------------------------------------


def make_tiles(review: Review, language: Language) -> tuple[Tile, ...]:
    """The headline numbers, the missed ones first."""
    return tuple(_tile(review, score, language) for score in weighed_scores(review))


def _tile(review: Review, score: Score, language: Language) -> Tile:
    indicator = score.indicator
    scale = indicator_scale(score, language)
    target = score.target.value if score.target else None
    change = difference_cell(score.change, indicator, scale, language).text
    value = value_cell(score.value, indicator, scale, language, target).text
    definition = say_term(score.measurement.indicator.term).say(language)
    if blanks := blank_note(score):
        value += _MARK
        definition += f" {_MARK} " + blanks.say(language)
    versus = Wording("较上期 {change}", "{change} vs. previous").fill(change=change).say(language)
    return Tile(
        title=indicator.name.say(language),
        value=value,
        target=target_text(score, language),
        verdict=f"{score.verdict.sign} {score.verdict.wording.say(language)}",
        change=change,
        compared=versus if change else "",
        tone=TONES[score.verdict],
        spark=_chart(review, score, language, ChartKind.SPARK),
        definition=definition,
        anchor=f"indicator-{indicator.id}",
    )


# Trends ---------------------------------------------------------------------------------------


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
        cells = [
            replace(
                value_cell(value, score.indicator, scale, language, target),
                tone=_tone_of(value, score),
            )
            for value in series
        ]
        if any(value is not None for value in series):
            cells += [EMPTY] * (len(periods) - len(cells))
            name = text_cell(score.indicator.name.say(language))
            rows.append(Row((name, text_cell(target_text(score, language)), *cells)))
    charts = (_chart(review, score, language, ChartKind.TREND) for score in headline_scores(review))
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
    if value is None or score.target is None:
        return Tone.PLAIN
    return Tone.MET if score.target.value.holds(value) else Tone.MISSED


def _chart(review: Review, score: Score, language: Language, kind: ChartKind) -> Chart | None:
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


# Groups ---------------------------------------------------------------------------------------


def group_chapter(review: Review, language: Language) -> Chapter:
    """A table for each field: its groups down, the judged indicators across."""
    title = words.CHAPTERS["groups"].say(language)
    levels = dict.fromkeys(
        tuple(name for name, _ in score.group) for score in review.scorecard.scores if score.group
    )
    tables = tuple(
        table for level in levels if (table := _group_table(review, level, language)) is not None
    )
    lines = (
        Wording(
            "每个数旁边是样本量 n；样本少于指标要求的显示“证据不足”，人员分组少于 {k} 行的不显示。各组的比率由行重新计算，合计不是各组的平均。",
            "n stands beside each value; too few rows for an indicator read “not enough evidence”,"
            " and groups of people with fewer than {k} rows are not shown. Ratios are recomputed"
            " from rows; the total is no mean of groups.",
        ).fill(k=review.privacy.k).say(language),
    )  # fmt: skip
    return Chapter("groups", title, lines, tables)


def _group_table(review: Review, level: tuple[str, ...], language: Language) -> Table | None:
    scores = [s for s in review.scorecard.scores if tuple(n for n, _ in s.group) == level]
    total_by_id = {score.indicator.id: score for score in shown_scores(review)}
    carried = {score.indicator.id for score in scores}
    wanted = [s for s in weighed_scores(review) if s.indicator.id in carried][:_MOST_ACROSS]
    sized = _sizes(scores)
    if not wanted or not sized:
        return None
    by_group = {(score.indicator.id, score.group): score for score in scores}
    personal = bool(PEOPLE & set(level))
    withheld = {g for _, g in review.scorecard.withheld if tuple(n for n, _ in g) == level}
    name = " × ".join(_field_title(review, each, language) for each in level)
    columns = [Column(name, 16), Column(words.ROWS.say(language), 8, is_number=True)]
    for score in wanted:
        columns.append(Column(score.indicator.name.say(language), 13, is_number=True))
        columns.append(Column("n", 7, is_number=True))
    total_cells = _total_cells(wanted, total_by_id, language)
    rows = [Row((text_cell(words.TOTAL.say(language)), *total_cells), tone=Tone.TOTAL)]
    for group in sorted(sized, key=lambda g: -sized[g]):
        own = {
            score.indicator.id: by_group[score.indicator.id, group]
            for score in wanted
            if (score.indicator.id, group) in by_group
        }
        row = _group_row(group, wanted, own, sized[group], language, review)
        mine = [by_group[key] for key in by_group if key[1] == group]
        more = _group_details(review, mine, total_by_id, language, personal=personal)
        rows.append(replace(row, details=(more,) if more.rows else ()))
    lines = []
    if withheld - sized.keys():
        lines.append(
            Wording("{n} 组样本过少，未显示。", "{n} groups are too small and not shown.")
            .fill(n=len(withheld - sized.keys()))
            .say(language)
        )
    return Table("group-" + "-".join(level), name, tuple(columns), tuple(rows), tuple(lines))


def _group_details(
    review: Review,
    scores: list[Score],
    totals: dict[str, Score],
    language: Language,
    *,
    personal: bool,
) -> Table:
    """Everything measured of one group, beside the total."""
    columns = (
        Column(words.INDICATOR.say(language), 24),
        Column(words.VALUE.say(language), 12, is_number=True),
        Column(words.TOTAL.say(language), 12, is_number=True),
        Column(words.TARGET.say(language), 12, is_number=True),
        Column(words.GAP.say(language), 12, is_number=True),
        Column(words.ROWS.say(language), 9, is_number=True),
    )
    rows = []
    for score in scores:
        total = totals.get(score.indicator.id)
        if total is None or (personal and score.target is None):
            continue
        scale = indicator_scale(total, language)
        value, n = _value_and_n(score, total, language)
        rows.append(
            Row(
                (
                    text_cell(score.indicator.name.say(language)),
                    value,
                    value_cell(total.value, score.indicator, scale, language),
                    text_cell(target_text(score, language)),
                    difference_cell(score.gap, score.indicator, scale, language),
                    n,
                )
            )
        )
    title = Wording("全部 {n} 项指标", "All {n} indicators").fill(n=len(rows)).say(language)
    return Table("details", title, columns, tuple(rows))


def _sizes(scores: list[Score]) -> dict[tuple[tuple[str, GroupValue], ...], int]:
    """The largest n of each group over the indicators."""
    sizes: dict[tuple[tuple[str, GroupValue], ...], int] = {}
    for score in scores:
        sizes[score.group] = max(sizes.get(score.group, 0), score.measurement.n)
    return sizes


def _total_cells(
    wanted: list[Score], totals: dict[str, Score], language: Language
) -> Iterator[Cell]:
    yield count_cell(max(score.measurement.n for score in wanted))
    for score in wanted:
        yield from _value_and_n(totals[score.indicator.id], score, language)


def _group_row(
    group: tuple[tuple[str, GroupValue], ...],
    wanted: list[Score],
    own: dict[str, Score],
    size: int,
    language: Language,
    review: Review,
) -> Row:
    schemas = review.understood.schemas
    texts = [label(schemas, field, value, language) for field, value in group]
    cells: list[Cell] = [text_cell(" / ".join(texts)), count_cell(size)]
    for total in wanted:
        score = own.get(total.indicator.id)
        if (total.indicator.id, group) in review.scorecard.withheld:
            text = Wording("样本过少", "too few").say(language)
            cells += [Cell(text, tone=Tone.SOFT), EMPTY]
        elif score is None:
            cells += [EMPTY, EMPTY]
        else:
            cells += _value_and_n(score, total, language)
    return Row(tuple(cells), key=" / ".join(texts))


def _value_and_n(score: Score, total: Score, language: Language) -> tuple[Cell, Cell]:
    scale = indicator_scale(total, language)
    target = score.target.value if score.target else None
    cell = value_cell(score.value, score.indicator, scale, language, target)
    note = ""
    if score.verdict is Verdict.NOT_ENOUGH_EVIDENCE:
        note = score.verdict.wording.say(language)
    tone = TONES[score.verdict]
    return replace(cell, tone=tone, note=note), replace(
        count_cell(score.measurement.n), tone=Tone.SOFT
    )


def _field_title(review: Review, name: str, language: Language) -> str:
    for schema in review.understood.schemas.values():
        known = schema.field(name)
        if known:
            return known.title.say(language)
    return name
