"""The chapters that trace a number: which rows miss a target, and what was read."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from csq.definition.targets import Unit
from csq.records.reading import FieldType
from csq.records.schema import Field
from csq.reports.findings import sum_up
from csq.reports.numbers import show_value
from csq.reports.review import wordings as words
from csq.reports.review.blocks import EMPTY, Cell, Chapter, Column, Row, Table, Tone
from csq.reports.review.cells import (
    count_cell,
    duration_cell,
    field_title,
    label,
    text_cell,
)
from csq.reports.review.shown import shown_scores
from csq.review.facts import LABELS, Misses, Review, Value
from csq.scorecard import Score
from csq.wording import Language, Wording

# Which rows -----------------------------------------------------------------------------------


def detail_chapter(review: Review, language: Language) -> Chapter:
    """The rows behind each missed target; the workbook's numbers link here."""
    title = words.CHAPTERS["details"].say(language)
    found = [
        (score, misses)
        for score in shown_scores(review)
        if (misses := review.misses.get(score.indicator.id)) and misses.rows
    ]
    # All with the same columns, so that a sheet can repeat one header for all of them.
    timed = any(row.amount is not None for _, misses in found for row in misses.rows)
    tables = [_miss_table(review, *each, language, timed=timed) for each in found]
    lines = (
        Wording(
            "未达标指标背后的行；个人信息：{mode}。“文件”和“行”指向导出文件里的原行。",
            "The rows behind the missed targets; personal data: {mode}. File and row lead to the"
            " row in the export.",
        )
        .fill(mode=words.PRIVACY[review.privacy.mode.value])
        .say(language),
    )
    return Chapter("details", title, lines, tuple(tables))


def _miss_table(
    review: Review, score: Score, misses: Misses, language: Language, *, timed: bool
) -> Table:
    schema = score.measurement.indicator.aggregates[0].population.schema
    columns = [
        Column(Wording("编号", "Key").say(language), 18),
        Column(Wording("时间", "Time").say(language), 17),
        *(Column(field_title(review.understood.schemas, name, language), 13) for name in LABELS),
    ]
    if timed:
        columns.append(Column(Wording("数值", "Amount").say(language), 11, is_number=True))
    columns += [
        Column(Wording("依据", "Why").say(language), 46),
        Column(Wording("文件", "File").say(language), 24),
        Column(Wording("行", "Row").say(language), 8, is_number=True),
    ]
    rows = []
    for each in misses.rows:
        labels = [
            "" if value is None
            else label(review.understood.schemas, name, review.shield.show(name, str(value)), language)
            for name, value in zip(LABELS, each.labels, strict=True)
        ]  # fmt: skip
        cells = [
            text_cell(review.shield.show(schema.key or "", each.key)),
            _moment_cell(each.moment),
            *map(text_cell, labels),
        ]
        if timed:
            is_time = score.indicator.unit is Unit.DURATION
            cells.append(
                duration_cell(each.amount, language) if is_time else _amount_cell(each.amount)
            )
        cells += [
            text_cell(_evidence(review, each.evidence, language), Tone.SOFT),
            text_cell(each.file),
            Cell(str(each.row), each.row, "0"),
        ]
        rows.append(Row(tuple(cells)))
    shown = (
        Wording("共 {n} 行", "{n} rows").fill(n=f"{misses.count:,}")
        if misses.count == len(misses.rows)
        else Wording("共 {n} 行，列出 {shown} 行", "{n} rows, the first {shown} of them").fill(
            n=f"{misses.count:,}", shown=len(misses.rows)
        )
    )
    title = f"{score.indicator.name.say(language)} · {schema.title.say(language)} · "
    key = f"miss-{score.indicator.id}"
    return Table(key, title + shown.say(language), tuple(columns), tuple(rows))


def _moment_cell(moment: datetime | None) -> Cell:
    if moment is None:
        return EMPTY
    return Cell(f"{moment:%Y-%m-%d %H:%M}", moment, "yyyy-mm-dd hh:mm")


def _amount_cell(amount: Fraction | None) -> Cell:
    return EMPTY if amount is None else Cell(f"{float(amount):g}", amount, "General")


def _evidence(review: Review, evidence: tuple[tuple[Field, Value], ...], language: Language) -> str:
    comma, colon = ("；", "：") if language == "zh" else ("; ", ": ")
    return comma.join(
        f"{field.title.say(language)}{colon}{_plain(review, field, value, language)}"
        for field, value in evidence
    )


def _plain(review: Review, field: Field, value: Value, language: Language) -> str:
    if value is None:
        return Wording("（空白）", "(blank)").say(language)
    if isinstance(value, bool):
        return label(review.understood.schemas, field.name, value, language)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, str):
        shown = review.shield.show(field.name, value)
        return label(review.understood.schemas, field.name, shown, language)
    if field.type is FieldType.DURATION:
        return show_value(Fraction(value), Unit.DURATION, language)
    return f"{float(value):g}"


# What was read --------------------------------------------------------------------------------


def quality_chapter(review: Review, language: Language) -> Chapter:
    title = words.CHAPTERS["quality"].say(language)
    tables = (_receipt_table(review, language), _problem_table(review, language))
    lines = []
    if not review.scorecard.complete:
        lines.append(
            Wording(
                "本期未完：数据没有覆盖整个时段，与整期相比要小心。",
                "The period is not over: the data does not reach its end.",
            ).say(language)
        )
    return Chapter("quality", title, tuple(lines), tuple(t for t in tables if t is not None))


def _receipt_table(review: Review, language: Language) -> Table:
    columns = tuple(
        Column(wording.say(language), width, is_number=is_number)
        for wording, width, is_number in (
            (Wording("数据源", "Source"), 12, False),
            (Wording("文件", "File"), 40, False),
            (Wording("编码", "Encoding"), 11, False),
            (Wording("读入", "Read"), 10, True),
            (Wording("保留", "Kept"), 10, True),
            (Wording("拒收", "Refused"), 10, True),
            (Wording("重复", "Duplicates"), 10, True),
            (Wording("时段外", "Outside"), 10, True),
        )
    )
    receipts = review.scorecard.receipts
    rows = [
        Row(
            (
                text_cell(receipt.title.say(language)),
                text_cell(str(receipt.place)),
                text_cell(receipt.encoding or ""),
                *(
                    count_cell(number)
                    for number in (receipt.read, receipt.kept, receipt.rejected,
                                   receipt.duplicates, receipt.outside_period)
                ),
            )
        )
        for receipt in receipts
    ]  # fmt: skip
    rows.append(
        Row(
            (
                text_cell(words.TOTAL.say(language)),
                EMPTY,
                EMPTY,
                count_cell(sum(r.read for r in receipts)),
                count_cell(sum(r.kept for r in receipts)),
                count_cell(sum(r.rejected for r in receipts)),
                count_cell(sum(r.duplicates for r in receipts)),
                count_cell(sum(r.outside_period for r in receipts)),
            ),
            tone=Tone.TOTAL,
        )
    )
    line = Wording(
        "读入 = 保留 + 拒收 + 重复 + 时段外，逐个文件相等。",
        "Read = kept + refused + duplicates + outside, file by file.",
    ).say(language)
    title = Wording("数据的去向", "Where the rows went").say(language)
    return Table("receipts", title, columns, tuple(rows), (line,))


def _problem_table(review: Review, language: Language) -> Table | None:
    problems = review.scorecard.problems
    if not problems:
        return None
    columns = (
        Column(Wording("代码", "Code").say(language), 22),
        Column(Wording("处数", "Count").say(language), 9, is_number=True),
        Column(Wording("第一处", "First place").say(language), 34),
        Column(Wording("是什么", "What").say(language), 50),
        Column(Wording("建议", "Advice").say(language), 50),
    )
    rows = tuple(
        Row(
            (
                text_cell(finding.first.code),
                count_cell(finding.count),
                text_cell(str(finding.first.place)),
                text_cell(finding.first.message.say(language)),
                text_cell(finding.first.hint.say(language) if finding.first.hint else ""),
            )
        )
        for finding in sum_up(problems)
    )
    title = Wording("数据中发现的问题", "Findings").say(language)
    return Table("problems", title, columns, rows)
