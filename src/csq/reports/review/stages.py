"""The stages of service: how long each took, and the guide's table of stages filled from data."""

from __future__ import annotations

from fractions import Fraction

from csq.formula.tree import fields_of
from csq.reports.review import wordings as words
from csq.reports.review.blocks import Chapter, Column, Row, Table, Tone
from csq.reports.review.cells import (
    count_cell,
    duration_cell,
    indicator_scale,
    share_cell,
    target_text,
    text_cell,
    value_cell,
)
from csq.reports.review.shown import shown_scores
from csq.review.facts import Review
from csq.scorecard import Score, Verdict
from csq.wording import Language, Wording


def stage_chapter(review: Review, language: Language) -> Chapter | None:
    tables = [
        table
        for table in (_stage_table(review, language), _process_table(review, language))
        if table is not None
    ]
    if not tables:
        return None
    return Chapter("stages", words.CHAPTERS["stages"].say(language), (), tuple(tables))


def _stage_table(review: Review, language: Language) -> Table | None:
    if not review.stages:
        return None
    columns = (
        Column(Wording("环节", "Stage").say(language), 24),
        Column("n", 9, is_number=True),
        Column(Wording("平均", "Mean").say(language), 12, is_number=True),
        Column(Wording("中位数", "Median").say(language), 12, is_number=True),
        Column("P90", 12, is_number=True),
        Column(Wording("占全程", "Share of all").say(language), 10, is_number=True),
    )
    names = [(stage.start.name, stage.end.name) for stage in review.stages]
    whole = review.stages[-1] if len(names) > 2 and names[-1][0] == names[0][0] else None
    parts = sum((s.mean * s.n for s in review.stages if s is not whole and s.mean), Fraction(0))
    rows = []
    for stage, pair in zip(review.stages, names, strict=True):
        known = words.STAGES.get(pair)
        name = known.say(language) if known else " → ".join(
            field.title.say(language) for field in (stage.start, stage.end)
        )  # fmt: skip
        share = None
        if stage is not whole and parts and stage.mean is not None:
            share = stage.mean * stage.n / parts
        rows.append(
            Row(
                (
                    text_cell(name),
                    count_cell(stage.n),
                    duration_cell(stage.mean, language),
                    duration_cell(stage.median, language),
                    duration_cell(stage.p90, language),
                    share_cell(share, language),
                ),
                tone=Tone.TOTAL if stage is whole else Tone.PLAIN,
            )
        )
    title = Wording("各环节用时", "Time by stage").say(language)
    return Table("stages", title, columns, tuple(rows))


def _process_table(review: Review, language: Language) -> Table | None:
    """The guide's table of stages, pain points and evidence, filled from the scorecard."""
    columns = (
        Column(Wording("环节", "Stage").say(language), 12),
        Column(Wording("现有操作", "What is done").say(language), 26),
        Column(Wording("痛点", "Pain point").say(language), 26),
        Column(Wording("影响", "Impact").say(language), 8),
        Column(Wording("数据支撑", "Evidence").say(language), 46),
        Column(Wording("改进方向", "First idea").say(language), 40),
    )
    rows = []
    seen: set[str] = set()
    for stage, done, fields in words.PROCESS:
        own = [s for s in shown_scores(review) if s.indicator.id not in seen and _reads(s, fields)]
        seen |= {score.indicator.id for score in own}
        missed = [score for score in own if score.verdict is Verdict.MISSED]
        judged = [score for score in own if score.target is not None]
        if not own:
            continue
        missed.sort(key=lambda score: -_lacking_rows(score))
        evidence = missed or judged or own[:1]
        semicolon = Wording("；", "; ").say(language)
        impact = _impact(missed)
        tone = (Tone.MISSED, Tone.UNSURE, Tone.PLAIN)[impact]
        rows.append(
            Row(
                (
                    text_cell(stage.say(language)),
                    text_cell(done.say(language)),
                    text_cell(semicolon.join(s.indicator.name.say(language) for s in missed)
                              or Wording("无未达标指标", "no target missed").say(language)),
                    text_cell(words.IMPACTS[impact].say(language), tone),
                    text_cell(semicolon.join(_evidence(score, language) for score in evidence[:4])),
                    text_cell(semicolon.join(dict.fromkeys(s.indicator.playbook.say(language) for s in missed
                                                       if s.indicator.playbook))),
                )
            )
        )  # fmt: skip
    if not rows:
        return None
    title = Wording("环节痛点", "Stages and pain points").say(language)
    line = Wording(
        "影响：差 500 件以上，或差距超过目标的两成，为高；其他未达标为中；没有未达标为低。",
        "Impact: high where a target is missed by 500 cases or more, or by over a fifth of itself;"
        " medium where one is missed by less; low where none is.",
    ).say(language)
    return Table("process", title, columns, tuple(rows), (line,))


def _reads(score: Score, fields: frozenset[str]) -> bool:
    names = {f.name for a in score.measurement.indicator.aggregates for f in fields_of(a)}
    return bool(names & fields)


def _lacking_rows(score: Score) -> int:
    return score.shortfall.rows or 0 if score.shortfall else 0


def _impact(missed: list[Score]) -> int:
    """0 high, 1 medium, 2 low: by how much is missing."""
    if not missed:
        return 2
    heavy = any(
        _lacking_rows(score) >= 500
        or (score.gap is not None and score.target is not None
            and abs(score.gap) > abs(score.target.value.quantity.value) / 5)
        for score in missed
    )  # fmt: skip
    return 0 if heavy else 1


def _evidence(score: Score, language: Language) -> str:
    target = score.target.value if score.target else None
    scale = indicator_scale(score, language)
    text = value_cell(score.value, score.indicator, scale, language, target).text
    return f"{score.indicator.name.say(language)} {text}" + (
        f"（{target_text(score, language)}）" if target and language == "zh"
        else f" ({target_text(score, language)})" if target else ""
    )  # fmt: skip
