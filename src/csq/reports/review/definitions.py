"""The chapter on what each indicator means, and what was taken for granted."""

from __future__ import annotations

from collections.abc import Iterator

from csq.formula.words import say_term
from csq.reports.numbers import show_target
from csq.reports.review import wordings as words
from csq.reports.review.blocks import Chapter, Column, Row, Table
from csq.reports.review.cells import (
    field_title,
    label,
    text_cell,
)
from csq.reports.view import assumption_lines
from csq.review.facts import Review
from csq.scorecard import Score
from csq.wording import Language, Wording


def definition_chapter(review: Review, language: Language) -> Chapter:
    title = words.CHAPTERS["definitions"].say(language)
    columns = (
        Column(words.INDICATOR.say(language), 24),
        Column("ID", 22),
        Column(words.CALCULATION.say(language), 50),
        Column(words.TARGET.say(language), 24),
        Column(Wording("说明", "Meaning").say(language), 60),
        Column(words.SOURCE.say(language), 16),
        Column(words.OWNER.say(language), 16),
    )
    rows = tuple(
        Row(
            (
                text_cell(score.indicator.name.say(language)),
                text_cell(score.indicator.id),
                text_cell(say_term(score.measurement.indicator.term).say(language)),
                text_cell("\n".join(_targets(review, score, language))),
                text_cell(
                    score.indicator.description.say(language) if score.indicator.description else ""
                ),
                text_cell(
                    score.indicator.data_source.say(language) if score.indicator.data_source else ""
                ),
                text_cell(
                    words.COMMA.say(language).join(
                        owner.say(language) for owner in score.indicator.owner
                    )
                ),
            ),
            anchor=f"define-{score.indicator.id}",
            key=score.indicator.id,
        )
        for score in review.scorecard.totals
    )
    tables = [Table("definitions", title, columns, rows)]
    assumed = assumption_lines(review.scorecard, language)
    if assumed:
        heading = Wording("本报告采用的假设", "Assumptions").say(language)
        tables.append(
            Table(
                "assumptions",
                heading,
                (Column(heading, 90),),
                tuple(Row((text_cell(line),)) for line in assumed),
            )
        )
    lines = (
        Wording("指标定义的摘要：{it}", "Digest of the definition: {it}")
        .fill(it=review.scorecard.digest[:16])
        .say(language),
        Wording(
            "人员分组样本少于 {k} 行的不显示；个人信息：{mode}。",
            "Groups of people with fewer than {k} rows are hidden; personal data: {mode}.",
        )
        .fill(k=review.privacy.k, mode=words.PRIVACY[review.privacy.mode.value])
        .say(language),
    )
    return Chapter("definitions", title, lines, tuple(tables))


_CHANGE = Wording("较 {baseline} {change}", "{change} from {baseline}")


def _targets(review: Review, score: Score, language: Language) -> Iterator[str]:
    for target in score.indicator.all_targets:
        if target.baseline is None:
            text = show_target(target.value, score.indicator.unit, language)
        else:
            change = {"change": str(target.value), "baseline": target.baseline.label}
            text = _CHANGE.fill(**change).say(language)
        parts = [target.level.wording.say(language), text]
        shown = ((name, review.shield.show(name, str(it))) for name, it in target.where.items())
        parts += [
            f"{field_title(review.understood.schemas, name, language)}"
            f" = {label(review.understood.schemas, name, value, language)}"
            for name, value in shown
        ]
        if target.provenance:
            parts.append(f"({target.provenance.say(language)})")
        yield " ".join(parts)
