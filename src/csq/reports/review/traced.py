"""The chapters that trace a number: what to do, which rows, what was read, what is meant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction

from csq.definition.targets import Level, Unit
from csq.formula.words import say_term
from csq.period import Period
from csq.records.reading import FieldType
from csq.records.schema import Field
from csq.reports.findings import sum_up
from csq.reports.numbers import show_target, show_value
from csq.reports.review import wordings as words
from csq.reports.review.blocks import EMPTY, Cell, Chapter, Column, Row, Table, Tone
from csq.reports.review.cells import (
    count_cell,
    duration_cell,
    field_title,
    indicator_scale,
    label,
    target_text,
    text_cell,
    value_cell,
)
from csq.reports.review.shown import shown_scores
from csq.reports.view import assumption_lines
from csq.review.facts import LABELS, Effect, Improvement, Misses, Review, Value
from csq.scorecard import Score, Verdict
from csq.wording import Language, Wording

# What to do -----------------------------------------------------------------------------------


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
        .fill(mode=_MODES[review.privacy.mode.value])
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


# What is meant --------------------------------------------------------------------------------


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
        .fill(k=review.privacy.k, mode=_MODES[review.privacy.mode.value])
        .say(language),
    )
    return Chapter("definitions", title, lines, tuple(tables))


_MODES = {
    "mask": Wording("已脱敏", "masked"),
    "hash": Wording("已用本地盐值编码", "replaced by codes with a local salt"),
    "none": Wording("未处理", "shown as it is"),
}
_LEVELS = {
    Level.FLOOR: Wording("底线", "floor"),
    Level.TARGET: Wording("目标", "target"),
    Level.STRETCH: Wording("挑战", "stretch"),
}


def _targets(review: Review, score: Score, language: Language) -> Iterator[str]:
    for target in score.indicator.all_targets:
        text = show_target(target.value, score.indicator.unit, language)
        parts = [_LEVELS[target.level].say(language), text]
        shown = ((name, review.shield.show(name, str(it))) for name, it in target.where.items())
        parts += [
            f"{field_title(review.understood.schemas, name, language)}"
            f" = {label(review.understood.schemas, name, value, language)}"
            for name, value in shown
        ]
        if target.provenance:
            parts.append(f"({target.provenance.say(language)})")
        yield " ".join(parts)
