"""What csq prints for the examples, to the letter: stdout, stderr and exit code.

To accept a changed output, read what changed and copy it: a case that fails leaves its text in
tests/actual/examples/, and `cp tests/actual/examples/* tests/examples/expected/` takes it over.
"""

from __future__ import annotations

import difflib
import re
import tempfile
from functools import cache
from pathlib import Path

import pytest
from tests.cli.driver import Answer, Csq

ROOT = Path(__file__).parents[2]
EXPECTED = Path(__file__).parent / "expected"
ACTUAL = ROOT / "tests" / "actual" / "examples"

REPORT = ("examples", "--period", "2025-07..2025-08")
CASES = {
    "score": ("score", *REPORT),
    "score-en": ("score", *REPORT, "--lang", "en"),
    "half-year": ("score", "examples", "--period", "2025H1"),
    "fcr-by-channel": ("score", "examples", "--by", "channel", "--indicator", "fcr"),
    "phone-only": ("score", *REPORT, "--where", 'channel = "电话"'),
    "validate": ("validate", "examples"),
    "validate-en": ("validate", "examples", "--lang", "en"),
    "check": ("check", *REPORT),
    "json": ("score", *REPORT, "--by", "channel", "--indicator", "fcr", "--indicator", "frt_avg")
    + ("--indicator", "csat", "--indicator", "skill_basic_share", "--format", "json"),
}
"""The arguments of each case by its name, which is also that of its file in expected/."""

OF_TERMINALS = {"COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"}


@cache
def run(name: str) -> Answer:
    """csq in the folder of the repository, whatever the terminal of the caller is set to."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in OF_TERMINALS:
            patch.delenv(variable, raising=False)
        return Csq(ROOT, Path(tempfile.gettempdir())).run(*CASES[name])


def transcript(name: str) -> str:
    """A run as text: the command, stdout, stderr, and the exit code."""
    done = run(name)
    words = (f"'{word}'" if " " in word else word for word in CASES[name])
    return (
        f"$ csq {' '.join(words)}\n{scrub(done.out)}"
        f"--- stderr\n{done.err}"
        f"--- exit code {done.code}\n"
    )


def scrub(text: str) -> str:
    """The text without csq's version and the digest of the definition."""
    text = re.sub(r'"csq": "[^"]*"', '"csq": "…"', text)
    return re.sub(r'"definition": "[^"]*"', '"definition": "…"', text)


@pytest.mark.parametrize("name", CASES)
def test_output_is_as_expected(name: str) -> None:
    path = EXPECTED / f"{name}.txt"
    expected = path.read_text("utf-8") if path.exists() else ""
    found = transcript(name)
    if found != expected:
        ACTUAL.mkdir(parents=True, exist_ok=True)
        (ACTUAL / path.name).write_text(found, "utf-8", newline="\n")
        lines = difflib.unified_diff(
            expected.splitlines(), found.splitlines(), "expected", "actual", n=0, lineterm=""
        )
        pytest.fail("\n".join(lines), pytrace=False)


def test_every_expected_output_has_its_case() -> None:
    assert {path.stem for path in EXPECTED.iterdir()} == set(CASES)


FIGURES = {
    "咨询总量": "12,458",
    "客户满意度": "92.3 %",
    "平均首次响应时长": "15.8 秒",
    "响应超 30 秒占比": "25.0 %",
    "超 30 秒工单中技术支持占比": "31.2 %",
    "一次性解决率": "78.6 %",
    "跨部门协作占比": "22.5 %",
    "技术支持占比": "28.5 %",
    "产品咨询满意度": "94.5 %",
    "售后服务满意度": "88.2 %",
    "投诉处理满意度": "85.7 %",
    "技术支持平均解决时长": "22.3 分钟",
    "技术支持超 30 分钟占比": "34.2 %",
    "技术支持二次咨询率": "19.8 %",
    "单件投诉沟通次数": "3.2",
}
"""The report's figures as it prints them, by what csq calls the indicator."""


def shown_values(name: str) -> dict[str, str]:
    """The values in a printed scorecard by the indicator's name."""
    rows = (re.split(r"\s{2,}", line) for line in run(name).out.splitlines())
    return {row[1]: row[2] for row in rows if len(row) > 2 and row[0] in set("✔✘·–?")}


def test_every_figure_of_the_report_is_printed() -> None:
    shown = shown_values("score")
    assert {indicator: shown.get(indicator) for indicator in FIGURES} == FIGURES


def test_the_half_year_before_is_printed() -> None:
    assert shown_values("half-year")["客户满意度"] == "87.1 %"
    line = next(line for line in run("score").out.splitlines() if "客户满意度" in line)
    assert "2025H1 为 87.1 %（+5.2 pp" in line
