"""A scorecard as a report: numbers, wording and order settled once; formats only draw it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from csq.definition.indicators import Unripe
from csq.definition.targets import Direction, Level
from csq.errors import mask, one_line
from csq.imprint import TITLE
from csq.intake.receipt import Receipt
from csq.period import Period
from csq.protection import ShownScorecard
from csq.reports.findings import finding_lines
from csq.reports.numbers import (
    draw_trend,
    excel_format,
    show_difference,
    show_duration,
    show_needed,
    show_target,
    show_value,
)
from csq.scorecard import Score, Scorecard, Shortfall, Verdict
from csq.wording import Language, Wording

NO_DATA = Wording("无数据", "no data")
_ASSUMED = Wording("假设：{it}", "Assumed: {it}")


class ColumnKey(StrEnum):
    """The columns of the scorecard table, in their order."""

    SIGN = "sign"
    NAME = "name"
    VALUE = "value"
    TARGET = "target"
    GAP = "gap"
    CHANGE = "change"
    TREND = "trend"
    N = "n"
    OWNER = "owner"
    NOTE = "note"

    @property
    def wording(self) -> Wording:
        return _COLUMN_TITLES[self]

    @property
    def is_numeric(self) -> bool:
        return self in {
            ColumnKey.VALUE,
            ColumnKey.TARGET,
            ColumnKey.GAP,
            ColumnKey.CHANGE,
            ColumnKey.N,
        }


_COLUMN_TITLES = {
    ColumnKey.SIGN: Wording("", ""),
    ColumnKey.NAME: Wording("指标", "Indicator"),
    ColumnKey.VALUE: Wording("本期", "Value"),
    ColumnKey.TARGET: Wording("目标", "Target"),
    ColumnKey.GAP: Wording("差距", "Gap"),
    ColumnKey.CHANGE: Wording("较上期", "Change"),
    ColumnKey.TREND: Wording("趋势", "Trend"),
    ColumnKey.N: Wording("n", "n"),
    ColumnKey.OWNER: Wording("责任", "Owner"),
    ColumnKey.NOTE: Wording("说明", "Note"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A value two ways: the number or text itself, and what a person reads.

    `number_format` is how a workbook shows the number.
    """

    text: str
    value: Fraction | int | str | None = None
    number_format: str = "General"


EMPTY = Cell("")


@dataclass(frozen=True, slots=True)
class Row:
    """One score; `is_group` marks a part of the row above that is the total."""

    verdict: Verdict
    verdict_text: str
    is_group: bool
    cells: dict[ColumnKey, Cell]


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one dimension."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A report before it is drawn: no text in it is a person's own or acts on a terminal."""

    language: Language
    title: str
    subtitle: str
    columns: tuple[tuple[ColumnKey, str], ...]
    sections: tuple[Section, ...]
    summary: str
    lacking: str
    receipts: tuple[str, ...]
    assumptions: tuple[str, ...]
    problems: tuple[str, ...]

    def labelled_notes(self) -> tuple[str, ...]:
        """Everything below the table, one line each, in its order."""
        return (
            *filter(None, (self.summary, self.lacking)),
            *self.receipts,
            *(_ASSUMED.fill(it=it).say(self.language) for it in self.assumptions),
            *self.problems,
        )


def make_view(scorecard: ShownScorecard, language: Language) -> View:
    """The scorecard in words of one language."""
    shown = [score for score in scorecard.scores if not score.lacking]
    dimensions = dict.fromkeys(score.indicator.dimension for score in shown)
    sections = tuple(
        Section(
            title=mask(say_dimension(dimension).say(language)),
            rows=tuple(
                _row(score, language) for score in shown if score.indicator.dimension == dimension
            ),
        )
        for dimension in dimensions
    )
    return View(
        language=language,
        title=TITLE.say(language),
        subtitle=_subtitle(scorecard, language),
        columns=tuple((key, key.wording.say(language)) for key in ColumnKey),
        sections=sections,
        summary=_summary(scorecard, language),
        lacking=_lacking(scorecard, language),
        receipts=tuple(_receipt_lines(scorecard.receipts, language)),
        assumptions=assumption_lines(scorecard, language),
        problems=finding_lines(scorecard.problems, language),
    )


_DIMENSIONS = {
    "效率": "Efficiency",
    "质量": "Quality",
    "体验": "Experience",
    "负荷": "Workload",
    "成长": "Growth",
}


def say_dimension(name: str) -> Wording:
    return Wording(name, _DIMENSIONS.get(name, name))


def show_period(period: Period) -> Wording:
    return Wording(period.label.replace("..", " 至 "), period.label.replace("..", " to "))


def _subtitle(scorecard: Scorecard, language: Language) -> str:
    parts = [show_period(scorecard.period).say(language)]
    if not scorecard.complete:
        parts[0] += Wording("（数据未满整个时段）", " (the data does not cover all of it)").say(
            language
        )
    for source in dict.fromkeys(receipt.source for receipt in scorecard.receipts):
        own = [receipt for receipt in scorecard.receipts if receipt.source == source]
        parts.append(f"{own[0].title.say(language)} {sum(receipt.kept for receipt in own):,}")
    if scorecard.condition:
        parts.append(mask(scorecard.condition))
    rejected = sum(receipt.rejected for receipt in scorecard.receipts)
    if not rejected:
        return " · ".join(parts)
    refused = Wording(
        "（拒收 {n:,} 行，见 csq validate）",
        " ({n:,} rows refused: see csq validate)",
    )
    return " · ".join(parts) + refused.fill(n=rejected).say(language)


def _row(score: Score, language: Language) -> Row:
    indicator, unit, decimals = score.indicator, score.indicator.unit, score.indicator.decimals
    target = score.target.value if score.target else None
    number_format = excel_format(unit, decimals)

    def difference(value: Fraction | None) -> Cell:
        if value is None:
            return EMPTY
        return Cell(show_difference(value, unit, language, decimals), value, number_format)

    value = Cell(NO_DATA.say(language))
    if score.value is not None:
        text = show_value(score.value, unit, language, decimals=decimals, target=target)
        value = Cell(text, score.value, number_format)
    note, comma = ("；", "、") if language == "zh" else ("; ", ", ")
    owners = "" if score.group else comma.join(each.say(language) for each in indicator.owner)
    return Row(
        verdict=score.verdict,
        verdict_text=score.verdict.wording.say(language),
        is_group=bool(score.group),
        cells={
            ColumnKey.SIGN: Cell(score.verdict.sign),
            ColumnKey.NAME: _name(score, language),
            ColumnKey.VALUE: value,
            ColumnKey.TARGET: _text(show_target(target, unit, language) if target else ""),
            ColumnKey.GAP: difference(score.gap),
            ColumnKey.CHANGE: difference(score.change),
            ColumnKey.TREND: _text(draw_trend(score.trend)),
            ColumnKey.N: Cell(f"{score.measurement.n:,}", score.measurement.n, "#,##0"),
            ColumnKey.OWNER: _text(owners),
            ColumnKey.NOTE: _text(note.join(w.say(language) for w in _notes(score, language))),
        },
    )


def _text(text: str) -> Cell:
    shown = mask(text)
    return Cell(shown, shown or None)


def _name(score: Score, language: Language) -> Cell:
    """What the row is of: the group, which is protected already, else the indicator."""
    if not score.group:
        return _text(score.indicator.name.say(language))
    shown = one_line(score.group_name.say(language))
    return Cell(shown, shown or None)


_FEWER = Wording("减少 {n} 件即可达标", "{n} fewer would reach the target")
_MORE = Wording("再有 {n} 件即可达标", "{n} more would reach the target")
_SHORTER = Wording("总时长再缩短 {time}即可达标", "{time} less in total would reach the target")
_LONGER = Wording("总时长再增加 {time}即可达标", "{time} more in total would reach the target")


def _is_side(direction: Direction, shortfall: Shortfall) -> bool:
    """Whether what is missing lies on the side that the indicator's own sentence is about."""
    return direction is (Direction.UP if shortfall.is_more else Direction.DOWN)


def _notes(score: Score, language: Language) -> Iterable[Wording]:
    shortfall, indicator = score.shortfall, score.indicator
    if shortfall and shortfall.rows is not None:
        own = indicator.reach if _is_side(indicator.direction, shortfall) else None
        sentence = own or (_MORE if shortfall.is_more else _FEWER)
        count = f"{shortfall.rows:,}"
        # The sentence may be the user's: only {n} is a gap in it, other braces are braces.
        yield Wording(sentence.zh.replace("{n}", count), sentence.en.replace("{n}", count))
    elif shortfall and shortfall.seconds is not None:
        time = show_needed(shortfall.seconds, language)
        yield (_LONGER if shortfall.is_more else _SHORTER).fill(time=time)
    if few := thin_note(score):
        yield few
    elif score.is_thin_before and score.value is not None:
        yield Wording(
            "上期样本少于 {n}，不作比较", "fewer than {n} rows before: not compared"
        ).fill(n=indicator.min_n)
    blanks = blank_note(score)
    if blanks:
        yield blanks
    if score.target and score.target.level is Level.TARGET and Level.FLOOR in score.missed_levels:
        yield Wording("未达底线", "below the floor")
    yield from score.unjudged.values()
    yield from _target_notes(score)
    if score.reference and score.reference.value is not None and score.value is not None:
        yield _reference_note(score, score.reference.period, score.reference.value, language)


def _target_notes(score: Score) -> Iterable[Wording]:
    """Which of several targets it is, where the row itself does not say so."""
    target = score.target
    if target is None:
        return
    if target.where and not score.has_target_of_its_own:
        scope = score.target_scope
        yield Wording("目标限 {scope}", "the target is for {scope}").fill(scope=scope)
    if target.value.worked_out:
        yield Wording("目标由 {it} 得出", "the target comes from {it}").fill(
            it=target.provenance or ""
        )


_TELLING_SHARE = Fraction(1, 100)


def blank_note(score: Score) -> Wording | None:
    """What must stand beside a number that hangs on blanks: in a hundredth of its rows or more."""
    n = score.measurement.n
    if score.value is None or not score.blanks or score.blanks < n * _TELLING_SHARE:
        return None
    return Wording("{n:,} 行空白，按不符合计", "{n:,} blank rows count as not fulfilled").fill(
        n=score.blanks
    )


def thin_note(score: Score) -> Wording | None:
    """What must stand beside a number of fewer rows than its indicator asks for."""
    if not score.is_thin:
        return None
    return Wording("样本少于 {n}", "fewer than {n} rows").fill(n=score.indicator.min_n)


def _reference_note(score: Score, base: Period, value: Fraction, language: Language) -> Wording:
    unit, decimals = score.indicator.unit, score.indicator.decimals
    assert score.value is not None
    return Wording(
        "{period} 为 {value}（{change}，时段长短不同）",
        "{period}: {value} ({change}; periods of unequal length)",
    ).fill(
        period=show_period(base),
        value=show_value(value, unit, language, decimals=decimals),
        change=show_difference(score.value - value, unit, language, decimals),
    )


def _summary(scorecard: Scorecard, language: Language) -> str:
    counted = dict.fromkeys(Verdict, 0)
    for score in scorecard.asked_for:
        if not score.lacking:
            counted[score.verdict] += 1
    parts = [
        f"{verdict.sign} {verdict.wording.say(language)} {count}"
        for verdict, count in counted.items()
        if count
    ]
    return "  ".join(parts)


def _lacking(scorecard: Scorecard, language: Language) -> str:
    """One line for all indicators that the exports cannot carry."""
    scores = scorecard.lacking_data()
    if not scores:
        return ""
    reasons = dict.fromkeys(reason for score in scores for reason in score.lacking)
    comma = "、" if language == "zh" else ", "
    return Wording(
        "无数据 {n} 项：{names}（缺少{reasons}）",
        "No data for {n}: {names} (missing: {reasons})",
    ).fill(
        n=len(scores),
        names=comma.join(mask(_full_name(score).say(language)) for score in scores),
        reasons=comma.join(reason.say(language) for reason in reasons),
    ).say(language)  # fmt: skip


def _full_name(score: Score) -> Wording:
    """An indicator's name, with the group where the score is of one."""
    if not score.group:
        return score.indicator.name
    name, group = score.indicator.name, score.group_name
    return Wording("{name}（{group}）", "{name} ({group})").fill(name=name, group=group)


def _receipt_lines(receipts: Iterable[Receipt], language: Language) -> Iterable[str]:
    """One line a source: the sums of its files' receipts."""
    receipts = tuple(receipts)
    for source in dict.fromkeys(receipt.source for receipt in receipts):
        own = [receipt for receipt in receipts if receipt.source == source]
        yield (
            Wording(
                "{title}：读入 {read:,} = 保留 {kept:,} + 拒收 {rejected:,} + 重复 {duplicates:,}"
                " + 时段外 {outside:,}（{files} 个文件）",
                "{title}: read {read:,} = kept {kept:,} + refused {rejected:,}"
                " + duplicates {duplicates:,} + outside the period {outside:,} (files: {files})",
            )
            .fill(
                title=own[0].title,
                read=sum(receipt.read for receipt in own),
                kept=sum(receipt.kept for receipt in own),
                rejected=sum(receipt.rejected for receipt in own),
                duplicates=sum(receipt.duplicates for receipt in own),
                outside=sum(receipt.outside_period for receipt in own),
                files=len({receipt.place.file for receipt in own}),
            )
            .say(language)
        )


_UNRIPE = {
    Unripe.EXCLUDE: Wording(
        "{name}：{n:,} 行到数据截止时还不满 {age}，没有计入",
        "{name}: {n:,} rows were younger than {age} at the end of the data and left out",
    ),
    Unripe.INCLUDE: Wording(
        "{name}：{n:,} 行到数据截止时还不满 {age}，照常计入",
        "{name}: {n:,} rows were younger than {age} at the end of the data and counted",
    ),
    Unripe.PROVISIONAL: Wording(
        "{name}：{n:,} 行到数据截止时还不满 {age}，结论是暂时的",
        "{name}: {n:,} rows were younger than {age} at the end of the data: it is provisional",
    ),
}


def _unripe_notes(scorecard: Scorecard) -> Iterable[Wording]:
    """How many rows were too young to tell, and what was done with them."""
    for score in scorecard.totals:
        for each in score.young:
            seconds = each.maturity.age.value
            age = Wording(show_duration(seconds, "zh"), show_duration(seconds, "en"))
            form = _UNRIPE[each.maturity.unripe]
            yield form.fill(name=score.indicator.name, n=each.rows, age=age)


def assumption_lines(scorecard: Scorecard, language: Language) -> tuple[str, ...]:
    """What was taken for granted, where blanks decided, and which rows were too young."""
    return tuple(
        mask(it.say(language))
        for it in (*scorecard.assumptions, *_blank_notes(scorecard), *_unripe_notes(scorecard))
    )


def _blank_notes(scorecard: Scorecard) -> Iterable[Wording]:
    for score in scorecard.totals:
        if score.blanks:
            yield Wording(
                "{name}：{n:,} 行的条件遇到空白，按不符合计",
                "{name}: the condition met a blank, which counts as not fulfilled (rows: {n:,})",
            ).fill(name=score.indicator.name, n=score.blanks)
