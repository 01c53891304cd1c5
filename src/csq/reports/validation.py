"""What was read, what is wrong with it and what to do: the answer of `csq validate`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Literal

from rich.console import Console
from rich.text import Text

from csq.errors import Problem, Severity, clean, one_line
from csq.fitness import Fitness
from csq.imprint import BOOKS, FINDINGS
from csq.intake.intake import Intake
from csq.intake.receipt import Receipt
from csq.period import Period
from csq.problems.run import EMPTY_PERIOD
from csq.reports.csv import write_csv
from csq.reports.findings import Finding, sum_up
from csq.reports.json import dump, problem_row, receipt_row
from csq.reports.layout import (
    TableLine,
    TextColumn,
    draw_text,
    natural_width,
    print_line,
    print_table,
    width_of,
)
from csq.wording import Language, Wording

ValidationFormat = Literal["table", "json", "csv"]

_SIGNS = {Severity.ERROR: "✘", Severity.WARNING: "!", Severity.NOTICE: "·"}
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTICE: "dim"}
_SEVERITIES = {
    Severity.ERROR: Wording("错误", "error"),
    Severity.WARNING: Wording("警告", "warning"),
    Severity.NOTICE: Wording("提示", "notice"),
}
_RECEIPT_TITLES = (
    *BOOKS,
    Wording("表", "Sheet"),
    Wording("编码", "Encoding"),
    Wording("读入", "Read"),
    Wording("保留", "Kept"),
    Wording("拒收", "Refused"),
    Wording("重复", "Duplicates"),
    Wording("时段外", "Outside"),
)
_NUMBERS = 5
_DROPPED_FIRST = (2, 3)
"""The columns that a narrow terminal does without: the sheet and the encoding."""
_PROBLEM_TITLES = (
    *FINDINGS,
    Wording("文件", "File"),
    Wording("表", "Sheet"),
    Wording("行", "Row"),
    Wording("列", "Column"),
    Wording("值", "Value"),
    Wording("问题", "Problem"),
    Wording("建议", "Hint"),
    Wording("次数", "Count"),
)


def draw_validation(
    intake: Intake, fitness: Fitness, language: Language, chosen: ValidationFormat
) -> bytes:
    """The answer as a file's content: for scripts, for a spreadsheet, or as people read it."""
    if chosen == "table":
        return draw_text(partial(print_validation, intake, fitness, language)).encode()
    receipts = intake.receipts(fitness.period)
    return _list_problems(receipts, _all_of(intake, fitness), language, chosen)


def draw_refusal(
    problems: Sequence[Problem], language: Language, chosen: Literal["json", "csv"]
) -> bytes:
    """The answer where the exports cannot be used at all: every problem and no receipt."""
    return _list_problems((), problems, language, chosen)


def _list_problems(
    receipts: Sequence[Receipt],
    problems: Sequence[Problem],
    language: Language,
    chosen: Literal["json", "csv"],
) -> bytes:
    if chosen == "json":
        content = {
            "receipts": [receipt_row(receipt) for receipt in receipts],
            "problems": [problem_row(each, language) for each in problems],
        }
        return dump(content).encode()
    return write_csv(
        [title.say(language) for title in _PROBLEM_TITLES],
        [_problem_cells(each, language) for each in problems],
    )


def _all_of(intake: Intake, fitness: Fitness) -> tuple[Problem, ...]:
    """Every problem, those of rows one by one."""
    return (*fitness.unfit, *fitness.noticed, *intake.problems, *intake.row_problems)


def _problem_cells(problem: Problem, language: Language) -> list[object]:
    place = problem.place
    return [
        _SEVERITIES[problem.severity].say(language),
        problem.code,
        *(place.file, place.sheet, place.row, place.column and clean(place.column)),
        problem.value,
        problem.message.say(language),
        problem.hint.say(language),
        problem.count,
    ]


def print_validation(
    intake: Intake, fitness: Fitness, language: Language, console: Console
) -> None:
    """The receipts, the problems summed up with the gravest first, and what to do next."""
    receipts = intake.receipts(fitness.period)
    _print_receipts(console, receipts, fitness.period, language)
    console.print()
    rest = sum_up((*fitness.noticed, *intake.problems, *intake.row_problems))
    findings = [*sum_up(fitness.unfit), *rest]
    for found in findings:
        for line in _finding_lines(found, language):
            print_line(console, line)
    if findings:
        console.print()
    print_line(console, _summary(receipts, fitness.period, language))
    print_line(console, Text(_next_step(receipts, fitness).say(language)))


def _next_step(receipts: Sequence[Receipt], fitness: Fitness) -> Wording:
    if fitness.refusals:
        return _MEND
    if fitness.lacking:
        of_period = all(problem.code == EMPTY_PERIOD.code for problem in fitness.lacking)
        return _OTHER_PERIOD if of_period else _EXPORT
    return _LOOK if any(receipt.rejected for receipt in receipts) else _SCORE


_EXPORT = Wording(
    "没有可以计算的行。下一步：重新导出", "No row to be scored. Next: export the data again"
)
_OTHER_PERIOD = Wording(
    "时段内没有可以计算的行。下一步：改 --period，或补上那个时段的导出",
    "No row of the period to be scored. Next: change --period, or add the exports of that time",
)
_MEND = Wording(
    "拒收超过容许。下一步：csq validate --rejects 拒收.xlsx，按原因改正后重新导出",
    "More was refused than is tolerated. Next: csq validate --rejects refused.xlsx,"
    " then mend the exports",
)
_LOOK = Wording(
    "可以计算。下一步：csq score；逐行看拒收的原因：csq validate --rejects 拒收.xlsx",
    "Fit to be scored. Next: csq score; for the refused rows one by one:"
    " csq validate --rejects refused.xlsx",
)
_SCORE = Wording("可以计算。下一步：csq score", "Fit to be scored. Next: csq score")
_SUMMARY = Wording(
    "{files} 个文件，读入 {read:,} 行 = 保留 {kept:,} + 拒收 {rejected:,} + 重复 {duplicates:,}",
    "Files: {files}. Rows: read {read:,} = kept {kept:,} + refused {rejected:,}"
    " + duplicates {duplicates:,}",
)
_SUMMARY_OF_PERIOD = Wording(
    "{files} 个文件，读入 {read:,} 行 = 保留 {kept:,} + 拒收 {rejected:,} + 重复 {duplicates:,}"
    " + 时段外 {outside:,}（时段 {period}）",
    "Files: {files}. Rows: read {read:,} = kept {kept:,} + refused {rejected:,}"
    " + duplicates {duplicates:,} + outside the period {outside:,} (period {period})",
)


def _summary(receipts: Iterable[Receipt], period: Period | None, language: Language) -> Text:
    receipts = tuple(receipts)
    text = (_SUMMARY_OF_PERIOD if period else _SUMMARY).fill(
        files=len({receipt.place.file for receipt in receipts}),
        read=sum(receipt.read for receipt in receipts),
        kept=sum(receipt.kept for receipt in receipts),
        rejected=sum(receipt.rejected for receipt in receipts),
        duplicates=sum(receipt.duplicates for receipt in receipts),
        outside=sum(receipt.outside_period for receipt in receipts),
        period=period.label if period else "",
    )
    return Text(text.say(language), style="bold")


# The receipts -------------------------------------------------------------------------------


def _print_receipts(
    console: Console, receipts: Iterable[Receipt], period: Period | None, language: Language
) -> None:
    """A table of the books, without the columns in which nothing stands."""
    rows = [_receipt_cells(receipt, period, language) for receipt in receipts]
    numbers = len(_RECEIPT_TITLES) - _NUMBERS
    shown = [i for i in range(len(_RECEIPT_TITLES)) if any(row[i] for row in rows)]

    def columns() -> list[TextColumn]:
        titles = [_RECEIPT_TITLES[i].say(language) for i in shown]
        return [
            TextColumn(title, is_numeric=i >= numbers, wraps=i < numbers)
            for i, title in zip(shown, titles, strict=True)
        ]

    def lines() -> list[TableLine]:
        return [[Text(row[i]) for i in shown] for row in rows]

    limit = width_of(console)
    for dropped in _DROPPED_FIRST:
        if limit and dropped in shown and natural_width(columns(), lines()) > limit:
            shown.remove(dropped)
    print_table(console, columns(), lines())


def _receipt_cells(receipt: Receipt, period: Period | None, language: Language) -> list[str]:
    counts = (receipt.read, receipt.kept, receipt.rejected, receipt.duplicates)
    return [
        receipt.title.say(language),
        one_line(receipt.place.file or ""),
        clean(receipt.place.sheet or ""),
        receipt.encoding or "",
        *(f"{count:,}" for count in counts),
        f"{receipt.outside_period:,}" if period else "",
    ]


# The problems -------------------------------------------------------------------------------


def _finding_lines(found: Finding, language: Language) -> Iterable[Text]:
    """What and how often; where; what to do."""
    problem = found.first
    what = f"{_SIGNS[problem.severity]} {problem.message.say(language)}"
    yield Text(what + found.times(language), style=_STYLES[problem.severity])
    if found.places:
        more = "  …" if found.more_places else ""
        yield Text(f"  {'  '.join(found.places)}{more}")
    yield Text(f"  → {problem.hint.say(language)} [{problem.code}]", style="dim")
