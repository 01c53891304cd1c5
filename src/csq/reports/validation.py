"""What was read, what is wrong with it and what to do: the answer of `csq validate`."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from csq.errors import Problem, Severity, clean
from csq.intake.intake import EXPLAINED, Intake
from csq.intake.receipt import Receipt
from csq.reports.csv import write_csv
from csq.reports.json import dump, problem_row, receipt_row
from csq.wording import Language, Wording

ValidationFormat = Literal["table", "json", "csv"]

_FILE_WIDTH = 2_000
"""The width of a table in a file, where nothing is wrapped or cut."""

_FIRST_PLACES = 3
_SIGNS = {Severity.ERROR: "✘", Severity.WARNING: "!", Severity.NOTICE: "·"}
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTICE: "dim"}
_SEVERITIES = {
    Severity.ERROR: Wording("错误", "error"),
    Severity.WARNING: Wording("警告", "warning"),
    Severity.NOTICE: Wording("提示", "notice"),
}
_RECEIPT_TITLES = (
    Wording("数据源", "Source"),
    Wording("文件", "File"),
    Wording("表", "Sheet"),
    Wording("编码", "Encoding"),
    Wording("读入", "Read"),
    Wording("保留", "Kept"),
    Wording("拒收", "Refused"),
    Wording("重复", "Duplicates"),
)
_NUMBERS = 4
_PROBLEM_TITLES = (
    Wording("严重程度", "Severity"),
    Wording("代码", "Code"),
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
    intake: Intake, too_many: Sequence[Problem], language: Language, chosen: ValidationFormat
) -> bytes:
    """The answer as a file's content: for scripts, for a spreadsheet, or as people read it."""
    match chosen:
        case "json":
            content = {
                "receipts": [receipt_row(receipt) for receipt in intake.receipts(None)],
                "problems": [problem_row(each, language) for each in _all_of(intake, too_many)],
            }
            return dump(content).encode()
        case "csv":
            return write_csv(
                [title.say(language) for title in _PROBLEM_TITLES],
                [_problem_cells(each, language) for each in _all_of(intake, too_many)],
            )
        case "table":
            console = Console(
                file=io.StringIO(),
                width=_FILE_WIDTH,
                color_system=None,
                force_terminal=False,
                highlight=False,
                markup=False,
                emoji=False,
            )
            with console.capture() as captured:
                print_validation(intake, too_many, language, console)
            return captured.get().encode()


def _all_of(intake: Intake, too_many: Sequence[Problem]) -> tuple[Problem, ...]:
    """Every problem, those of rows one by one."""
    return (*too_many, *intake.problems, *intake.row_problems)


def _problem_cells(problem: Problem, language: Language) -> list[object]:
    place = problem.place
    return [
        _SEVERITIES[problem.severity].say(language),
        problem.code,
        *(place.file, place.sheet, place.row, place.column, problem.value),
        problem.message.say(language),
        problem.hint.say(language),
        problem.count,
    ]


def print_validation(
    intake: Intake, too_many: Sequence[Problem], language: Language, console: Console
) -> None:
    """The receipts, the problems summed up with the gravest first, and what to do next."""
    receipts = intake.receipts(None)
    console.print(_receipt_table(receipts, language))
    console.print()
    rest = _sum_up((*intake.problems, *intake.row_problems))
    summed_up = [*_sum_up(too_many), *rest]
    for found in summed_up:
        for line in _found_lines(found, language):
            console.print(line, soft_wrap=True)
    cut = [s for s in intake.sources.values() if sum(s.refused.values()) > EXPLAINED]
    if cut:
        console.print(Text(_CUT.fill(n=f"{EXPLAINED:,}").say(language), style="dim"))
    if summed_up:
        console.print()
    console.print(_summary(receipts, language), soft_wrap=True)
    refused = any(receipt.rejected for receipt in receipts)
    step = _MEND if too_many else _LOOK if refused else _SCORE
    console.print(Text(step.say(language)), soft_wrap=True)


_CUT = Wording(
    "每个数据源只逐行解释前 {n} 个拒收的行；全部见 --rejects",
    "Only the first {n} refused rows of a source are explained; --rejects has all of them",
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


def _summary(receipts: Iterable[Receipt], language: Language) -> Text:
    receipts = tuple(receipts)
    text = _SUMMARY.fill(
        files=len({(receipt.place.file, receipt.place.sheet) for receipt in receipts}),
        read=sum(receipt.read for receipt in receipts),
        kept=sum(receipt.kept for receipt in receipts),
        rejected=sum(receipt.rejected for receipt in receipts),
        duplicates=sum(receipt.duplicates for receipt in receipts),
    )
    return Text(text.say(language), style="bold")


# The receipts -------------------------------------------------------------------------------


def _receipt_table(receipts: Iterable[Receipt], language: Language) -> Table:
    rows = [_receipt_cells(receipt, language) for receipt in receipts]
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for position, title in enumerate(_RECEIPT_TITLES):
        is_number = position >= len(_RECEIPT_TITLES) - _NUMBERS
        cells = [title.say(language), *(row[position] for row in rows)]
        if position in {2, 3} and not any(cells[1:]):
            cells[0] = ""
        table.add_column(
            Text(cells[0]),
            justify="right" if is_number else "left",
            no_wrap=is_number,
            min_width=max(map(cell_len, cells)) if is_number else None,
        )
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _receipt_cells(receipt: Receipt, language: Language) -> list[str]:
    counts = (receipt.read, receipt.kept, receipt.rejected, receipt.duplicates)
    return [
        receipt.title.say(language),
        clean(receipt.place.file or ""),
        clean(receipt.place.sheet or ""),
        receipt.encoding or "",
        *(f"{count:,}" for count in counts),
    ]


# The problems -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    """One thing wrong: the first time it was met, how often, in which files, and where first."""

    first: Problem
    count: int = 0
    files: frozenset[str | None] = frozenset()
    places: tuple[str, ...] = ()

    def with_another(self, problem: Problem) -> _Found:
        where = str(problem.place)
        known = len(self.places) > _FIRST_PLACES or not where
        return _Found(
            first=self.first,
            count=self.count + problem.count,
            files=self.files | {problem.place.file},
            places=self.places if known else (*self.places, where),
        )


def _sum_up(problems: Iterable[Problem]) -> list[_Found]:
    """Problems that say the same, whatever the value, as one; grave and frequent ones first."""
    alike: dict[tuple[str, str], _Found] = {}
    for problem in problems:
        said = problem.message.en.replace(problem.value or "\0", "")
        key = (problem.code, re.sub(r"\d+", "", said))
        alike[key] = alike.get(key, _Found(problem)).with_another(problem)
    order = list(Severity)
    return sorted(alike.values(), key=lambda each: (order.index(each.first.severity), -each.count))


_TIMES = Wording("（共 {n:,} 处，{files} 个文件）", " ({n:,} in all, files: {files})")


def _found_lines(found: _Found, language: Language) -> Iterable[Text]:
    """What and how often; where; what to do."""
    problem = found.first
    what = f"{_SIGNS[problem.severity]} {problem.message.say(language)}"
    if found.count > problem.count:
        what += _TIMES.fill(n=found.count, files=len(found.files)).say(language)
    yield Text(what, style=_STYLES[problem.severity])
    if found.places:
        more = "  …" if len(found.places) > _FIRST_PLACES else ""
        yield Text(f"  {'  '.join(found.places[:_FIRST_PLACES])}{more}")
    yield Text(f"  → {problem.hint.say(language)} [{problem.code}]", style="dim")
