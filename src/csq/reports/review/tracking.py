"""The chapter on what is done about missed targets."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from csq.period import Period
from csq.reports.review import wordings as words
from csq.reports.review.blocks import EMPTY, Cell, Chapter, Column, Row, Table
from csq.reports.review.cells import (
    indicator_scale,
    label,
    target_text,
    text_cell,
    value_cell,
)
from csq.reports.review.shown import shown_scores
from csq.review.facts import Effect, Improvement, Review
from csq.scorecard import Score, Verdict
from csq.wording import Language, Wording


def tracking_chapter(review: Review, language: Language) -> Chapter:
    """The guide's tracking table: the plan where there is one, and what it lacks.

    Each missed target that no item of the plan names gets a row with what the definition proposes.
    """
    title = words.CHAPTERS["tracking"].say(language)
    done = tuple(word.say(language) for word in words.DONE)
    columns = tuple(
        Column(wording.say(language), width)
        for wording, width in (
            (Wording("优化项", "Item"), 24),
            (Wording("措施", "Measure"), 44),
            (Wording("部门", "Department"), 18),
            (Wording("责任人", "Person"), 12),
            (Wording("计划完成", "Planned"), 12),
            (Wording("实际完成", "Done on"), 12),
            (Wording("完成情况", "Done"), 10),
            (Wording("延期原因", "Reason for delay"), 20),
            (Wording("验收标准", "Accepted when"), 26),
            (Wording("效果", "Effect"), 26),
        )
    )
    named = {i.effect.score.indicator.id for i in review.improvements if i.effect}
    rows = [_planned_row(review, each, language) for each in review.improvements]
    rows += [
        _proposed_row(score, language)
        for score in shown_scores(review)
        if score.verdict is Verdict.MISSED and score.indicator.id not in named
    ]
    lines = [_PROPOSED.say(language)]
    if review.improvements:
        lines.insert(0, _PLANNED.say(language))
    table = Table("tracking", title, columns, tuple(rows), tuple(lines), choices={6: done})
    return Chapter("tracking", title, tables=(table,))


_PROPOSED = Wording(
    "没有对应改进项的未达标指标各列一行；责任人、日期、完成情况由会议填写。",
    "Each missed target without an item of its own has a row; people, dates and outcome are filled"
    " in at the meeting.",
)
_PLANNED = Wording(
    "改进项来自导出，本期之前完成的不再列出。效果是完成之前最后一期和最近一期的数：只是先后对比，没有对照组，不能说明因果。",
    "Items come from the exports; those done before the period are left out. The effect compares"
    " the last period before an item was done with the latest: before and after, without a"
    " comparison group, so it shows no cause.",
)


def _planned_row(review: Review, item: Improvement, language: Language) -> Row:
    """A row of the plan; where its outcome is not written the dates tell it."""

    def shown(name: str) -> Cell:
        value = item.texts[name]
        said = "" if value is None else review.shield.show(name, value)
        return text_cell(label(review.understood.schemas, name, said, language))

    late = item.done_at is None and item.planned_at.date() < review.scorecard.period.end
    told = words.DONE[0 if item.done_at else 2 if late else 1].say(language)
    return Row(
        (
            shown("item") if item.texts["item"] else text_cell(review.shield.text(item.key)),
            shown("measure"),
            shown("owner"),
            shown("person"),
            _day_cell(item.planned_at),
            _day_cell(item.done_at),
            shown("outcome") if item.texts["outcome"] else text_cell(told),
            shown("delay_reason"),
            shown("criterion"),
            _effect_cell(item.effect, language),
        ),
        key=item.key,
    )


def _day_cell(moment: datetime | None) -> Cell:
    return EMPTY if moment is None else Cell(f"{moment:%Y-%m-%d}", moment, "yyyy-mm-dd")


def _effect_cell(effect: Effect | None, language: Language) -> Cell:
    if effect is None:
        return EMPTY
    score, scale = effect.score, indicator_scale(effect.score, language)
    target = score.target.value if score.target else None

    def said(at: tuple[Period, Fraction]) -> str:
        value = value_cell(at[1], score.indicator, scale, language, target)
        return Wording("{value}（{period}）", "{value} ({period})").fill(
            value=value.text, period=at[0].label
        ).say(language)  # fmt: skip

    parts = [said(each) for each in (effect.before, effect.now) if each]
    name = score.indicator.name.say(language)
    return text_cell(f"{name} " + " → ".join(parts))


def _proposed_row(score: Score, language: Language) -> Row:
    indicator = score.indicator
    target = score.target.value if score.target else None
    name = indicator.name.say(language)
    value = value_cell(
        score.value, indicator, indicator_scale(score, language), language, target
    ).text
    return Row(
        (
            text_cell(name),
            text_cell(indicator.playbook.say(language) if indicator.playbook else ""),
            text_cell(
                words.COMMA.say(language).join(owner.say(language) for owner in indicator.owner)
            ),
            *(EMPTY for _ in range(5)),
            text_cell(f"{name} {target_text(score, language)}"),
            text_cell(Wording("本期 {it}", "now {it}").fill(it=value).say(language)),
        ),
        key=indicator.id,
    )
