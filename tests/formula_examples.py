"""What every part of the formula language comes to, over the rows that docs/formulas.md shows.

The rows and the definition are taken from the document itself, and csq computes every example.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from csq.api import Run, score
from csq.definition.check import schemas_of
from csq.definition.load import load_definition
from csq.definition.targets import Unit
from csq.errors import Place
from csq.formula.faults import FormulaFault
from csq.formula.functions import Signature
from csq.formula.resolve import Scope, resolve_formula
from csq.formula.tree import Type
from csq.reports.numbers import show_value
from csq.request import Request
from csq.wording import Wording

DOCUMENT = Path(__file__).parents[1] / "docs" / "formulas.md"
METRICS = "公式.yaml"

FUNCTIONS: Mapping[str, tuple[str, ...]] = {
    "COUNT": ("COUNT(tickets)", "COUNT(tickets, resolved_at)"),
    "COUNTIF": ('COUNTIF(tickets, channel = "电话")', "COUNTIF(电话工单, 首次解决)"),
    "DISTINCT": ("DISTINCT(tickets, customer_id)",),
    "SUM": ("SUM(calls, talk_s)",),
    "SUMIF": ("SUMIF(calls, NOT abandoned, wait_s)",),
    "AVERAGE": ("AVERAGE(tickets, first_response_at - created_at)", "AVERAGE(surveys, csat)"),
    "AVERAGEIF": ('AVERAGEIF(tickets, channel = "电话", first_response_at - created_at)',),
    "MEDIAN": ("MEDIAN(calls, wait_s)",),
    "PERCENTILE": ("PERCENTILE(calls, wait_s, 90%)",),
    "MIN": ("MIN(calls, wait_s)",),
    "MAX": ("MAX(calls, wait_s)",),
    "SHARE": ("SHARE(surveys, csat >= 4)",),
    "TOPSHARE": ("TOPSHARE(complaints, cause)",),
    "LEAST": ("LEAST(AVERAGE(surveys, d_attitude), AVERAGE(surveys, d_process))",),
    "GREATEST": ("GREATEST(AVERAGE(surveys, d_attitude), AVERAGE(surveys, d_process))",),
    "ISBLANK": ("COUNTIF(tickets, ISBLANK(resolved_at))",),
    "IF": ("SUM(calls, IF(abandoned, 0s, wait_s))",),
    "COALESCE": ("SUM(tickets, resolved_at - created_at - COALESCE(paused_s, 0s))",),
    "HOUR": ("COUNTIF(calls, HOUR(enqueued_at) >= 20)",),
    "WEEKDAY": ("COUNTIF(tickets, WEEKDAY(created_at) IN {6, 7})",),
    "CONTAINS": ('COUNTIF(surveys, CONTAINS(comment, "慢"))',),
    "DURATION": (
        "AVERAGE(tickets, DURATION(created_at, first_response_at))",
        'AVERAGE(tickets, DURATION(created_at, first_response_at, "工作时间"))',
    ),
    "AGAIN_WITHIN": ("COUNTIF(tickets, AGAIN_WITHIN(customer_id, 7d))",),
    "BEFORE_WITHIN": ("COUNTIF(tickets, NOT BEFORE_WITHIN(customer_id, 7d))",),
    "PERIOD_END": ("COUNTIF(tickets, PERIOD_END() - created_at <= 24h)",),
    "DATA_END": ("COUNTIF(tickets, DATA_END() - created_at < 7d)",),
}
"""Examples of every function."""

VALUES: Mapping[str, tuple[Wording, tuple[str, ...]]] = {
    "`20` `0.5`": (Wording("数", "numbers"), ("COUNTIF(surveys, csat >= 4)",)),
    "`85%`": (Wording("百分数：85% 就是 0.85", "percents: 85% is 0.85"), ("COUNT(tickets) × 20%",)),
    "`500ms` `30s` `2min` `24h` `7d`": (
        Wording("时长，也可写 30秒、2分钟、24小时、7天", "durations, also 30秒, 2分钟, 24小时, 7天"),
        ("COUNTIF(calls, wait_s <= 45s)", "COUNTIF(calls, wait_s < 1分钟)"),
    ),
    "`2025-08-05` `2025-08-05 09:30`": (
        Wording("时刻；只写日期是当天零点", "moments; a day alone is its midnight"),
        ("COUNTIF(tickets, created_at >= 2025-08-06)",),
    ),
    '`"电话"`': (
        Wording('文字，加 "" 或 “”', 'texts, in "" or “”'),
        ("COUNTIF(tickets, 渠道 = “电话”)",),
    ),
    "`首次解决` `[首次响应时间]`": (
        Wording("字段，按名字或标题；[ ] 里可以有空格", "fields, by name or title; blanks may stand in [ ]"),
        ("COUNTIF(tickets, 首次解决)", "COUNT(tickets, [首次响应时间])"),
    ),
    "`工单总数`": (Wording("汇总项的名字", "the name of a measure"), ("工单总数",)),
    "`@fcr`": (Wording("另一个指标的值", "the value of another indicator"), ("100% - @fcr",)),
}  # fmt: skip
"""Examples of everything that is no function and no operator."""

OPERATORS: Mapping[str, tuple[Wording, tuple[str, ...]]] = {
    "`−`": (Wording("取负", "the opposite"), ("-COUNT(tickets)",)),
    "`×` `*`": (
        Wording("乘；时长可以乘一个数", "times; a duration may be multiplied by a number"),
        ("SUM(calls, wait_s × 2)",),
    ),
    "`÷` `/`": (
        Wording(
            "除；两个时长相除是数；除以 0 没有值",
            "divided by; a duration by a duration is a number; by 0 there is no value",
        ),
        ("SUM(calls, talk_s) / COUNT(calls)", "COUNT(tickets) / (COUNT(tickets) - 5)"),
    ),
    "`+` `−`": (
        Wording(
            "加减；两个时刻相减是时长，时刻可以加减时长",
            "plus and minus; a moment less a moment is a duration, a moment may be moved by one",
        ),
        (
            "COUNTIF(tickets, resolved_at - created_at > 1h)",
            "COUNTIF(tickets, created_at + 24h < resolved_at)",
        ),
    ),
    "`=` `<>` `≠` `!=`": (
        Wording("等于，不等于", "equal, not equal"),
        ('COUNTIF(tickets, channel <> "电话")',),
    ),
    "`<` `<=` `≤` `>` `>=` `≥`": (
        Wording("大小；文字没有大小", "smaller and larger; texts are neither"),
        ("COUNTIF(surveys, csat ≥ 4)",),
    ),
    "`BETWEEN … AND …`": (
        Wording("在两者之间，含两端", "between two values, both counted in"),
        ("COUNTIF(calls, wait_s BETWEEN 12s AND 45s)",),
    ),
    "`IN {…, …}`": (
        Wording("是其中之一", "one of a list"),
        ('COUNTIF(tickets, channel IN {"电话", "在线"})',),
    ),
    "`NOT` `非`": (
        Wording("否定；空白的否定还是空白", "not; of a blank it is a blank"),
        ("COUNTIF(tickets, NOT 首次解决)", "COUNTIF(tickets, ISBLANK(首次解决) OR NOT 首次解决)"),
    ),
    "`AND` `且`": (
        Wording("都成立", "both hold"),
        ('COUNTIF(tickets, channel = "电话" 且 首次解决)',),
    ),
    "`OR` `或`": (
        Wording("至少一个成立", "at least one holds"),
        ("COUNTIF(calls, abandoned OR wait_s > 30s)",),
    ),
}  # fmt: skip
"""Examples of every operator."""

FAULTS = (
    "COUNT(tickets",
    "COUNT(tickets) COUNT(calls)",
    "COUNT(tickets); DROP TABLE tickets",
    "COUNT(ticket)",
    "COUNTIF(tickets, chanel = \"电话\")",
    "MEDAIN(calls, wait_s)",
    "COUNTIF(tickets, channel = 电话)",
    "COUNTIF(calls, wait_s <= 30)",
    "COUNTIF(surveys, csat >= 4s)",
    "COUNTIF(tickets, created_at + 1 < resolved_at)",
    "COUNTIF(tickets, first_contact_resolved = 1)",
    "COUNTIF(surveys, csat)",
    "COUNTIF(tickets, channel > \"电话\")",
    "SUM(tickets, channel)",
    "SUM(calls, wait_s) + COUNT(calls)",
    "PERCENTILE(calls, wait_s, 90)",
    "SHARE(surveys)",
    "csat >= 4",
    "COUNTIF(tickets, @fcr > 1)",
    "@fcr + @nps",
    'AVERAGE(tickets, DURATION(created_at, resolved_at, "夜班"))',
    "COUNTIF(tickets, AGAIN_WITHIN(customer_id, 7))",
)  # fmt: skip
"""One formula for every way to go wrong that a person meets."""


def read_files() -> dict[str, str]:
    """The files that the document shows, by their names."""
    text = DOCUMENT.read_text(encoding="utf-8")
    blocks = re.findall(r"^<!-- file: (\S+) -->\n```\w*\n(.*?)^```$", text, re.M | re.S)
    return dict(blocks)


def all_formulas() -> tuple[str, ...]:
    found = [formula for each in FUNCTIONS.values() for formula in each]
    found += [f for _, each in (*VALUES.values(), *OPERATORS.values()) for f in each]
    return tuple(dict.fromkeys(found))


_UNITS = {Type.DURATION: Unit.DURATION, Type.PERCENT: Unit.PERCENT, Type.NUMBER: Unit.SCORE}


@cache
def work_out_examples() -> dict[str, str]:
    """What csq shows for each formula; a number that is whole without its decimals."""
    formulas = all_formulas()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in read_files().items():
            (folder / file).write_text(text, encoding="utf-8")
        metrics = folder / METRICS
        scope = _scope(metrics)
        units = [_UNITS[resolve_formula(each, scope).type] for each in formulas]
        extra = "".join(
            f"  - {{ id: x{n}, name: x{n}, unit: {unit}, direction: band, formula: '{formula}' }}\n"
            for n, (formula, unit) in enumerate(zip(formulas, units, strict=True))
        )
        metrics.write_text(metrics.read_text(encoding="utf-8") + extra, encoding="utf-8")
        card = score(Run((folder,), metrics, Request("2025-08")))
    values = {each.indicator.id: each.value for each in card.totals}
    shown = {}
    for n, (formula, unit) in enumerate(zip(formulas, units, strict=True)):
        value = values[f"x{n}"]
        decimals = (
            0 if value is not None and unit is Unit.SCORE and value.denominator == 1 else None
        )
        shown[formula] = "–" if value is None else show_value(value, unit, "en", decimals=decimals)
    return shown


def _scope(metrics: Path) -> Scope:
    loaded = load_definition(metrics)
    return Scope(loaded.definition, schemas_of(loaded.definition))


def render_functions(functions: Mapping[str, Signature]) -> str:
    rows = [(f"`{name}`", each.about, FUNCTIONS[name]) for name, each in functions.items()]
    return _table("function", rows)


def render_values() -> str:
    return _table("value", [(name, about, each) for name, (about, each) in VALUES.items()])


def render_operators() -> str:
    return _table("operator", [(name, about, each) for name, (about, each) in OPERATORS.items()])


def _table(kind: str, rows: list[tuple[str, Wording, tuple[str, ...]]]) -> str:
    shown = work_out_examples()
    lines = [
        f"| {kind} | what it gives | 含义 | example | result |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, about, formulas in rows:
        for position, formula in enumerate(formulas):
            first = (name, about.en, about.zh) if position == 0 else ("", "", "")
            cells = (*first, f"`{formula}`", shown[formula])
            lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines)


def render_faults() -> str:
    """The faults of some formulas as csq tells them."""
    with tempfile.TemporaryDirectory() as name:
        metrics = Path(name) / METRICS
        metrics.write_text(read_files()[METRICS], encoding="utf-8")
        scope = _scope(metrics)
    lines = ["| formula | what csq says | 提示 |", "| --- | --- | --- |"]
    for formula in FAULTS:
        try:
            resolve_formula(formula, scope)
        except FormulaFault as fault:
            problem = fault.at(Place(), formula)
            lines.append(f"| `{formula}` | {problem.line('en')} | {problem.line('zh')} |")
        else:
            raise AssertionError(f"no fault: {formula}")
    return "\n".join(lines)
