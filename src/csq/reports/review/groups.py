"""The groups of each breakdown, beside the total."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from csq.formula.targets import GroupValue
from csq.privacy import PEOPLE
from csq.reports.review import wordings as words
from csq.reports.review.blocks import EMPTY, Cell, Chapter, Column, Row, Table, Tone
from csq.reports.review.cells import (
    TONES,
    count_cell,
    difference_cell,
    field_title,
    indicator_scale,
    label,
    target_text,
    text_cell,
    unsure_cell,
    value_cell,
)
from csq.reports.review.shown import shown_scores, weighed_scores
from csq.review.facts import Review
from csq.scorecard import Score
from csq.wording import Language, Wording

_MOST_ACROSS = 8
"""Indicators beside each other in a table of groups: more cannot be read on a page."""


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
            "每个数旁边是样本量 n；样本少于指标要求的显示“证据不足”（工作簿里带“?”），人员分组少于 {k} 行的不显示。各组的比率由行重新计算，合计不是各组的平均。",
            "n stands beside each value; too few rows for an indicator read “not enough evidence”"
            " (“?” in the workbook), and groups of people with fewer than {k} rows are not shown. Ratios are recomputed"
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
    name = " × ".join(field_title(review.understood.schemas, each, language) for each in level)
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
    said = (
        unsure_cell(cell, language) if score.is_thin else replace(cell, tone=TONES[score.verdict])
    )
    return said, replace(count_cell(score.measurement.n), tone=Tone.SOFT)
