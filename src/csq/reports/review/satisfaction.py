"""What customers say: ratings by dimension and by group, and the comments of the dissatisfied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from csq.definition.targets import Unit
from csq.formula.tree import fields_of
from csq.reports.review import wordings as words
from csq.reports.review.blocks import EMPTY, Cell, Chapter, Column, Row, Table, Tone
from csq.reports.review.cells import (
    TONES,
    count_cell,
    difference_cell,
    field_title,
    indicator_scale,
    label,
    score_cell,
    target_text,
    text_cell,
    value_cell,
)
from csq.reports.review.shown import shown_scores
from csq.review.facts import Review
from csq.wording import Language, Wording


def satisfaction_chapter(review: Review, language: Language) -> Chapter | None:
    tables = [
        table
        for table in (
            _rating_table(review, language),
            *_survey_groups(review, language),
            _comment_table(review, language),
        )
        if table is not None
    ]
    if not tables:
        return None
    return Chapter("satisfaction", words.CHAPTERS["satisfaction"].say(language), (), tuple(tables))


def _rating_table(review: Review, language: Language) -> Table | None:
    rated = [rating for rating in review.ratings if rating.mean is not None]
    if not rated:
        return None
    columns = (
        Column(words.DIMENSION.say(language), 18),
        Column(Wording("均分", "Mean").say(language), 10, is_number=True),
        Column(words.PREVIOUS.say(language), 10, is_number=True, compares=True),
        Column(words.CHANGE.say(language), 10, is_number=True, compares=True),
        Column("n", 9, is_number=True),
    )
    worst = min(rated, key=lambda rating: rating.mean or 0)
    rows = []
    for rating in rated:
        assert rating.mean is not None
        change = EMPTY
        if rating.previous is not None:
            step = rating.mean - rating.previous
            text = f"{float(step):+.2f}".replace("-", "−")
            change = Cell(text, step, "+0.00;-0.00;0.00")
        rows.append(
            Row(
                (
                    text_cell(rating.field.title.say(language)),
                    replace(
                        score_cell(rating.mean, Unit.SCORE, language),
                        tone=Tone.MISSED if rating is worst else Tone.PLAIN,
                        note=Wording("最低", "lowest").say(language) if rating is worst else "",
                    ),
                    score_cell(rating.previous, Unit.SCORE, language),
                    change,
                    count_cell(rating.n),
                )
            )
        )
    title = Wording("各维度均分（1 到 5）", "Dimensions (1 to 5)").say(language)
    return Table("ratings", title, columns, tuple(rows))


def _survey_groups(review: Review, language: Language) -> Iterator[Table]:
    """The first indicator of satisfaction by channel and by type, the worst first."""
    score = next(
        (
            s
            for s in shown_scores(review)
            if s.indicator.unit is Unit.PERCENT
            and any("csat" in {f.name for f in fields_of(a)} for a in s.measurement.indicator.aggregates)
        ),
        None,
    )  # fmt: skip
    if score is None:
        return
    scale = indicator_scale(score, language)
    for name in ("channel", "problem_type", "customer_type"):
        groups = review.groups_of(score.indicator.id, name)
        if not groups:
            continue
        title = field_title(review.understood.schemas, name, language)
        columns = (
            Column(title, 18),
            Column(score.indicator.name.say(language), 13, is_number=True),
            Column(words.TARGET.say(language), 10, is_number=True),
            Column(words.GAP.say(language), 10, is_number=True),
            Column("n", 9, is_number=True),
        )
        rows = tuple(
            Row(
                (
                    text_cell(label(review.understood.schemas, name, each.group[0][1], language)),
                    replace(
                        value_cell(
                            each.value,
                            each.indicator,
                            scale,
                            language,
                            each.target.value if each.target else None,
                        ),
                        tone=TONES[each.verdict],
                    ),
                    text_cell(target_text(each, language)),
                    difference_cell(each.gap, each.indicator, scale, language),
                    count_cell(each.measurement.n),
                )
            )
            for each in sorted(groups, key=lambda each: (each.value is None, each.value or 0))
        )
        heading = f"{score.indicator.name.say(language)} · {title}"
        yield Table(f"satisfaction-{name}", heading, columns, rows)


def _comment_table(review: Review, language: Language) -> Table | None:
    if not review.comments:
        return None
    schema = review.understood.schemas["surveys"]
    columns = tuple(
        Column(title.say(language), width, is_number=is_number)
        for title, width, is_number in (
            (schema.field("survey_id").title, 18, False),  # type: ignore[union-attr]
            (Wording("渠道", "Channel"), 10, False),
            (Wording("问题类型", "Problem type"), 14, False),
            (Wording("评分", "Rating"), 8, True),
            (Wording("评价内容", "Comment"), 60, False),
        )
    )
    rows = tuple(
        Row(
            (
                text_cell(review.shield.text(comment.key)),
                text_cell(_or_blank(review, "channel", comment.channel, language)),
                text_cell(_or_blank(review, "problem_type", comment.problem_type, language)),
                Cell(f"{float(comment.rating):g}", comment.rating, "0"),
                text_cell(review.shield.text(comment.text)),
            )
        )
        for comment in review.comments
    )
    title = Wording("低分评价", "Low ratings with a comment").say(language)
    return Table("comments", title, columns, rows)


def _or_blank(review: Review, name: str, value: str | None, language: Language) -> str:
    if value is None:
        return ""
    return label(review.understood.schemas, name, review.shield.show(name, value), language)
