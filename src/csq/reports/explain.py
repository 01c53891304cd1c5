"""An explanation in a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from csq.definition.targets import Target, Unit
from csq.errors import clean, cut, mask
from csq.explanation.facts import Explanation, Role, Step, StepKind, Telling, Trace
from csq.formula.compile import MICROSECONDS
from csq.formula.ratio import as_ratio
from csq.formula.tree import Term, Type
from csq.formula.words import say_rows, say_term
from csq.reports.json import dump, number, problem_row, receipt_row, score_rows
from csq.reports.layout import width_of
from csq.reports.numbers import show_target, show_value
from csq.reports.parts import show_amount, show_parts
from csq.reports.view import NO_DATA, show_period
from csq.scorecard import BLANK, Score
from csq.wording import Language, Wording, join

_HOW = Wording("怎么算", "How it is worked out")
_WHENCE = Wording("从哪里来", "Where its fields come from")
_AMOUNTS = Wording("公式里的各个数", "What the parts of the formula come to")
_STEPS = Wording("每一步留下多少行", "How many rows each step kept")
_TELLING = Wording("最说明问题的行：{reason}", "The most telling rows: {reason}")
_SQL = Wording("引擎执行的 SQL", "The SQL the engine runs")
_FORMULA = Wording("公式", "Formula")
_WORDS = Wording("即", "That is")
_PART_OF = Wording("{part} ÷ {whole}", "{part} ÷ {whole}")
_LIMIT = Wording("{level} {limit}", "{level} {limit}")
_PROVENANCE = Wording("出自 {it}", "from {it}")
_SCOPE = Wording("限 {it}", "for {it}")
_FILES = Wording("{header}（{n} 个文件）", "{header} (files: {n})")
_ABSENT = Wording("导出里没有这一列", "no export has this column")
_FROM_EVENTS = Wording("按 events: 由同一案的各行得出", "told by the rows of a case, by events:")
_ROWS_OF = Wording("{role}的行：{rows}", "rows of the {role}: {rows}")
_READ = Wording("导入", "read")
_REFUSED = Wording("拒收后", "without refused rows")
_DEDUPLICATED = Wording("去重后", "without duplicates")
_COLUMNS = (
    Wording("步骤", "Step"),
    Wording("留下", "Kept"),
    Wording("去掉", "Left out"),
    Wording("其中空白", "of these blank"),
)
_ROLES = {
    Role.PART: Wording("分子", "part"),
    Role.OFF_PART: Wording("分子的减项", "deduction from the part"),
    Role.WHOLE: Wording("分母", "whole"),
    Role.OFF_WHOLE: Wording("分母的减项", "deduction from the whole"),
    Role.VALUE: Wording("数值", "value"),
    Role.OFF_VALUE: Wording("减项", "deduction"),
}
_NO_ROW = Wording("没有一行可以作分母或求值", "no row is there to divide by or to sum up")
_NO_TARGET = Wording("没有目标", "no target")
_PLACE_TITLES = (Wording("文件", "File"), Wording("表", "Sheet"), Wording("行", "Row"))
_TIME = Wording("时间", "Time")


def show_role(roles: Sequence[Role]) -> Wording:
    return join([_ROLES[role] for role in roles], "、", " and ")


def print_explanation(
    explanation: Explanation, language: Language, console: Console, *, sql: bool
) -> None:
    """The value and its target, the formula, its sources, every step, the telling rows."""
    for line in _lines(explanation, language, limit=width_of(console), sql=sql):
        console.print(line, soft_wrap=True)


def _lines(
    explanation: Explanation, language: Language, *, limit: int | None, sql: bool
) -> Iterator[Text | Table]:
    yield _title(explanation, language)
    yield Text(_verdict(explanation, language))
    for reason in explanation.score.lacking:
        yield Text(f"{NO_DATA.say(language)}: {reason.say(language)}", style="yellow")
    if explanation.score.value is None and not explanation.score.lacking:
        yield Text(f"{NO_DATA.say(language)}: {_NO_ROW.say(language)}", style="yellow")
    for reason in explanation.score.unjudged.values():
        yield Text(reason.say(language), style="yellow")
    yield from _headed(_HOW.say(language), [_grid(_formula_rows(explanation, language))])
    if explanation.amounts:
        yield from _headed(_AMOUNTS.say(language), [_grid(_amount_rows(explanation, language))])
    if explanation.origins:
        yield from _headed(_WHENCE.say(language), [_grid(_origin_rows(explanation, language))])
    if explanation.traces:
        drawn: list[Text | Table] = []
        for trace in explanation.traces:
            rows = say_rows(trace.aggregate)
            drawn += [Text(_ROWS_OF.fill(role=show_role(trace.roles), rows=rows).say(language))]
            drawn += [_trace_table(trace, language, limit)]
        yield from _headed(_STEPS.say(language), drawn)
    if explanation.telling and explanation.telling.rows:
        title = _TELLING.fill(reason=explanation.telling.reason).say(language)
        yield from _headed(title, [_telling_table(explanation.telling, language)])
    if sql:
        yield from _headed(_SQL.say(language), [Text(each) for each in explanation.statements])


def _headed(title: str, drawn: Sequence[Text | Table]) -> Iterator[Text | Table]:
    yield Text("")
    yield Text(title, style="bold")
    yield from drawn


def _title(explanation: Explanation, language: Language) -> Text:
    score = explanation.score
    parts = [score.indicator.name.say(language), score.indicator.id]
    parts.append(show_period(explanation.scorecard.period).say(language))
    parts += [cut(score.group_name.say(language))] if score.group else []
    condition = explanation.scorecard.condition
    parts += [clean(condition)] if condition else []
    return Text(" · ".join(parts), style="bold")


def _verdict(explanation: Explanation, language: Language) -> str:
    score, unit = explanation.score, explanation.score.indicator.unit
    target = score.target.value if score.target else None
    parts = [f"{score.verdict.sign} {NO_DATA.say(language)}"]
    if score.value is not None:
        decimals = score.indicator.decimals
        value = show_value(score.value, unit, language, decimals=decimals, target=target)
        parts = [f"{score.verdict.sign} {value}", score.verdict.wording.say(language)]
    measured = score.measurement
    amounts = show_parts(measured, language)
    parts += [_PART_OF.fill(part=amounts[0], whole=amounts[1]).say(language)] if amounts else []
    parts.append(f"n = {measured.n:,}")
    if score.target is not None:
        parts.append(_say_target(score, score.target).say(language))
    elif score.value is None:
        parts.append(_NO_TARGET.say(language))
    return "  ".join(parts)


def _say_target(score: Score, target: Target) -> Wording:
    """The target row that judged the value: level, limit, scope, provenance."""
    unit = score.indicator.unit
    shown = Wording(*(show_target(target.value, unit, each) for each in ("zh", "en")))
    parts = [_LIMIT.fill(level=target.level.wording, limit=shown)]
    parts += [_SCOPE.fill(it=score.target_scope)] if target.where else []
    parts += [_PROVENANCE.fill(it=target.provenance)] if target.provenance else []
    return join(parts, "，", ", ")


def _formula_rows(explanation: Explanation, language: Language) -> Iterator[tuple[str, ...]]:
    yield _FORMULA.say(language), " ".join(explanation.score.indicator.formula.split())
    yield _WORDS.say(language), explanation.words.say(language)
    for part in explanation.parts:
        yield part.name, " ".join(part.written.split())
        yield "", part.words.say(language)


def _amount_rows(explanation: Explanation, language: Language) -> Iterator[tuple[str, ...]]:
    """What each of several values in the formula comes to."""
    for amount in explanation.amounts:
        value = NO_DATA.say(language)
        if amount.value is not None:
            value = show_amount(amount.value, _kind_of(explanation, amount.term), language)
        yield value, say_term(amount.term).say(language)


def _kind_of(explanation: Explanation, term: Term) -> Type:
    """What a part of the formula reads as: the shares in a percentage are percents."""
    is_share = as_ratio(term) is not None and term.type is Type.NUMBER
    in_percent = explanation.score.indicator.unit is Unit.PERCENT
    return Type.PERCENT if is_share and in_percent else term.type


def _origin_rows(explanation: Explanation, language: Language) -> Iterator[tuple[str, ...]]:
    for origin in explanation.origins:
        title = f"{origin.source.say(language)} · {origin.field.say(language)}"
        headers = [
            _FILES.fill(header=clean(header), n=n).say(language) for header, n in origin.headers
        ]
        missing = _FROM_EVENTS if origin.from_events else _ABSENT
        yield title, "  ".join(headers) or missing.say(language)


def _grid(rows: Iterator[tuple[str, ...]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 2), pad_edge=True, show_header=False)
    found = list(rows)
    table.add_column(no_wrap=True, min_width=max((cell_len(row[0]) for row in found), default=0))
    table.add_column(overflow="fold")
    for row in found:
        table.add_row(*map(Text, row))
    return table


@dataclass(frozen=True, slots=True)
class _StepLine:
    """One line of the steps: what was asked, and the rows before and behind it."""

    text: Wording
    kept: int
    left_out: int | None = None
    blank: int | None = None


def _step_lines(trace: Trace) -> Iterator[_StepLine]:
    yield _StepLine(_READ, trace.read)
    yield _StepLine(_REFUSED, trace.read - trace.rejected, trace.rejected)
    yield _StepLine(_DEDUPLICATED, trace.kept, trace.duplicates)
    for step in trace.steps:
        yield _StepLine(say_step(step), step.kept, step.refused + step.blank, step.blank)


_STEP_WORDS = {
    StepKind.ROW_SET: Wording("{row_set}：{demand}", "{row_set}: {demand}"),
    StepKind.PERIOD: Wording("时段内：{demand}", "in the period: {demand}"),
    StepKind.NARROWED: Wording("限定：{demand}", "narrowed: {demand}"),
    StepKind.CONDITION: Wording("条件：{demand}", "condition: {demand}"),
    StepKind.FILLED: Wording("{demand}", "{demand}"),
    StepKind.LARGEST: Wording("最多的一类：{demand}", "the largest class: {demand}"),
}


def say_step(step: Step) -> Wording:
    return _STEP_WORDS[step.kind].fill(row_set=step.row_set_title, demand=step.demand)


def _trace_table(trace: Trace, language: Language, limit: int | None) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 2), pad_edge=True, header_style="dim")
    lines = list(_step_lines(trace))
    texts = [line.text.say(language) for line in lines]
    counts = [
        tuple("" if n is None else f"{n:,}" for n in (line.kept, line.left_out, line.blank))
        for line in lines
    ]
    # A terminal that is too narrow folds the words, never cuts a number.
    widest = None if limit else max(map(cell_len, texts))
    table.add_column(_COLUMNS[0].say(language), min_width=widest, overflow="fold")
    for title, numbers in zip(_COLUMNS[1:], zip(*counts, strict=True), strict=True):
        needed = max(map(cell_len, (title.say(language), *numbers)))
        table.add_column(title.say(language), justify="right", no_wrap=True, min_width=needed)
    for text, numbers in zip(texts, counts, strict=True):
        table.add_row(Text(text), *map(Text, numbers))
    return table


def _telling_table(telling: Telling, language: Language) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 2), pad_edge=True, header_style="dim")
    with_sheet = any(row.place.sheet for row in telling.rows)
    titles = [title.say(language) for title in _PLACE_TITLES]
    titles += [telling.key.say(language) if telling.key else "", _TIME.say(language)]
    titles.append(telling.value.say(language) if telling.value else "")
    with_time = any(row.moment for row in telling.rows)
    wanted = [0, *([1] if with_sheet else []), 2, 3, *([4] if with_time else []), 5]
    for position in wanted:
        if titles[position]:
            is_number = position in {2, 5}
            table.add_column(titles[position], justify="right" if is_number else "left")
    for row in telling.rows:
        cells = [
            cut(row.place.file or ""),
            cut(row.place.sheet or ""),
            str(row.place.row),
            cut(row.key or ""),
            "" if row.moment is None else row.moment.isoformat(" "),
            show_cell(row.value, telling.type, language),
        ]
        table.add_row(*(Text(cells[position]) for position in wanted if titles[position]))
    return table


def show_cell(value: object, kind: Type | None, language: Language) -> str:
    """A row's value as people read it."""
    match value:
        case None:
            return BLANK.say(language)
        case bool():
            return (Wording("是", "yes") if value else Wording("否", "no")).say(language)
        case datetime():
            return value.isoformat(" ")
        case int() if kind is Type.DURATION:
            return show_value(Fraction(value, MICROSECONDS), Unit.DURATION, language)
        case Decimal():
            return f"{value.normalize():f}"
        case _:
            return cut(str(value))


# For scripts --------------------------------------------------------------------------------


def explanation_json(explanation: Explanation, language: Language, version: str) -> str:
    """The same for scripts, in the manner of the scorecard's JSON."""
    scorecard = explanation.for_programs
    (row,) = score_rows(scorecard, language)
    target = explanation.score.target
    if target is not None:
        row["target"].setdefault("where", {})
    return dump(
        {
            "csq": version,
            "definition": scorecard.digest,
            "indicator": row,
            "where": scorecard.condition and mask(scorecard.condition),
            "formula": {
                "written": explanation.score.indicator.formula,
                "words": explanation.words.say(language),
                "sql": list(explanation.statements),
                "parts": [
                    {"name": p.name, "written": p.written, "words": p.words.say(language)}
                    for p in explanation.parts
                ],
                "amounts": [
                    {"words": say_term(each.term).say(language), "value": number(each.value)}
                    for each in explanation.amounts
                ],
            },
            "fields": [
                {
                    "source": origin.source.say(language),
                    "field": origin.field.say(language),
                    "headers": dict(origin.headers),
                }
                for origin in explanation.origins
            ],
            "traces": [_trace_row(trace, language) for trace in explanation.traces],
            "telling_rows": _telling_row(explanation.telling, language),
            "receipts": [receipt_row(receipt) for receipt in scorecard.receipts],
            "assumptions": [each.say(language) for each in scorecard.assumptions],
            "problems": [problem_row(each, language) for each in scorecard.problems],
        }
    )


def _trace_row(trace: Trace, language: Language) -> dict[str, Any]:
    return {
        "counts_as": [role.value for role in trace.roles],
        "source": trace.aggregate.population.schema.source,
        "words": say_term(trace.aggregate).say(language),
        "read": trace.read,
        "rejected": trace.rejected,
        "duplicates": trace.duplicates,
        "steps": [
            {
                "kind": step.kind.value,
                "row_set": step.row_set or None,
                "demand": step.demand.say(language),
                "kept": step.kept,
                "refused": step.refused,
                "blank": step.blank,
            }
            for step in trace.steps
        ],
        "counted": trace.counted,
    }


def _telling_row(telling: Telling | None, language: Language) -> dict[str, Any] | None:
    if telling is None:
        return None
    return {
        "reason": telling.reason.say(language),
        "value": telling.value.say(language) if telling.value else None,
        "rows": [
            {
                "file": row.place.file,
                "sheet": row.place.sheet,
                "row": row.place.row,
                "key": None if row.key is None else cut(row.key),
                "time": None if row.moment is None else row.moment.isoformat(" "),
                "value": _plain(row.value, telling.type),
            }
            for row in telling.rows
        ],
    }


def _plain(value: object, kind: Type | None) -> str | int | float | bool | None:
    match value:
        case int() if kind is Type.DURATION:
            return number(Fraction(value, MICROSECONDS))
        case Decimal():
            return number(Fraction(value))
        case datetime():
            return value.isoformat(" ")
        case None | bool() | int():
            return value
        case _:
            return cut(str(value))
