"""The indicator table, and the headline numbers as tiles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from csq.formula.excel import NoExcelForm, excel_formula
from csq.formula.words import say_term
from csq.reports.numbers import draw_trend
from csq.reports.review import wordings as words
from csq.reports.review.blocks import (
    EMPTY,
    Cell,
    Chapter,
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
    target_text,
    text_cell,
    value_cell,
)
from csq.reports.review.sheets import Sheets
from csq.reports.review.shown import shown_scores, weighed_scores
from csq.reports.review.trends import make_chart
from csq.reports.view import blank_note, say_dimension, thin_note
from csq.review.facts import Review
from csq.scorecard import Score
from csq.wording import Language, Wording


def indicator_chapter(review: Review, sheets: Sheets, language: Language) -> Chapter:
    columns = (
        Column(words.DIMENSION.say(language), 11),
        Column(words.INDICATOR.say(language), 24 if language == "zh" else 30),
        Column(words.CALCULATION.say(language), 46),
        Column(words.TARGET.say(language), 11, is_number=True),
        Column(words.VALUE.say(language), 11, is_number=True, is_checked=True),
        Column(words.GAP.say(language), 11, is_number=True),
        Column(words.PREVIOUS.say(language), 11, is_number=True, compares=True),
        Column(words.CHANGE.say(language), 11, is_number=True, compares=True),
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
        lines.append(
            Wording(
                "没有数据：{names}（缺少{reasons}）。", "No data: {names} (missing: {reasons})."
            )
            .fill(
                names=words.COMMA.say(language).join(
                    s.indicator.name.say(language) for s in lacking
                ),
                reasons=words.COMMA.say(language).join(
                    dict.fromkeys(r.say(language) for s in lacking for r in s.lacking)
                ),
            )
            .say(language)
        )
    lines.append(
        Wording(
            "pp 是百分点；工作簿里的“公式复算”由“数据”表的行重新算出，差异应为 0。",
            "pp are percentage points; in the workbook “Recomputed” works from the rows on the"
            " data sheets and should differ by 0.",
        ).say(language)
    )
    lines += _doubt_lines(review, language)
    title = words.CHAPTERS["indicators"].say(language)
    table = Table("indicators", title, columns, rows)
    if table.idle:
        lines.insert(
            0,
            Wording(
                "没有一项指标有上期的值，因此不作比较。",
                "No indicator has a value of the period before, so nothing is compared with it.",
            ).say(language),
        )
    table = replace(table, lines=tuple(lines))
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
    if doubts := _doubts(score, language):
        value = _marked(value, doubts)
    if score.indicator.id in review.misses:
        value = replace(value, link=f"miss-{indicator.id}")
    words_of = say_term(score.measurement.indicator.term).say(language)
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
            text_cell(
                words.COMMA.say(language).join(owner.say(language) for owner in indicator.owner)
            ),
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


def _doubts(score: Score, language: Language) -> str:
    """What a reader must know of a number before leaning on it."""
    doubts = (thin_note(score), blank_note(score), *score.unjudged.values())
    notes = [note.say(language) for note in doubts if note]
    return Wording("；", "; ").say(language).join(notes)


def _doubt_lines(review: Review, language: Language) -> Iterator[str]:
    """What the mark beside a number means, below the table."""
    noted = Wording(_MARK + " {name}：{note}。", _MARK + " {name}: {note}.")
    for score in shown_scores(review):
        if note := _doubts(score, language):
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
    if doubts := _doubts(score, language):
        value += _MARK
        definition += f" {_MARK} " + doubts
    versus = Wording("较上期 {change}", "{change} vs. previous").fill(change=change).say(language)
    return Tile(
        title=indicator.name.say(language),
        value=value,
        target=target_text(score, language),
        verdict=f"{score.verdict.sign} {score.verdict.wording.say(language)}",
        change=change,
        compared=versus if change else "",
        tone=TONES[score.verdict],
        spark=make_chart(review, score, language, ChartKind.SPARK),
        definition=definition,
        anchor=f"indicator-{indicator.id}",
    )
