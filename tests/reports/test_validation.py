"""`csq validate` says what was read, what is wrong, where first, and what to do next."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import pytest

from csq.api import Run, validated
from csq.fitness import Fitness
from csq.intake.intake import Intake, judge_refusals
from csq.reports.validation import ValidationFormat, draw_validation
from csq.wording import Language

Compare = Callable[[str, str], None]
Found = tuple[Intake, Fitness]

JULY = """\
工单编号,创建时间,解决时间,渠道
A1,2025-07-01 09:00:00,2025-07-01 10:00:00,电话
A2,2025-07-02 09:00:00,2025-07-01 09:00:00,电话
A3,待定,,在线
A4,13812345678,,在线
A5,2025-07-05 09:00:00
A6,2025-07-06 09:00:00,,[/b] 渠道
"""
AUGUST = """\
工单编号,提单时间,渠道
A6,2025-07-06 09:00:00,电话
B2,下周,电话
B3,,电话
"""


@pytest.fixture
def found(tmp_path: Path) -> Iterator[Found]:
    (tmp_path / "七月.csv").write_text(JULY, encoding="utf-8")
    (tmp_path / "八月.csv").write_text(AUGUST, encoding="gb18030")
    with validated(Run((tmp_path,))) as (understood, _, intake):
        refusals = judge_refusals(intake, understood.definition.tolerance)
        yield intake, Fitness(refusals=refusals)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_table(found: Found, compare: Compare, language: Language) -> None:
    text = draw_validation(*found, language, "table").decode()
    compare(f"validation.{language}.txt", "\n".join(map(str.rstrip, text.split("\n"))))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_csv(found: Found, compare: Compare, language: Language) -> None:
    content = draw_validation(*found, language, "csv")
    compare(f"validation.{language}.csv", content.decode("utf-8-sig"))


def test_json(found: Found, compare: Compare) -> None:
    compare("validation.zh.json", draw_validation(*found, "zh", "json").decode())


def test_json_keeps_its_contract(found: Found) -> None:
    answer = json.loads(draw_validation(*found, "en", "json"))
    assert list(answer) == ["receipts", "problems"]
    wanted = ["code", "severity", "file", "sheet", "row", "column", "value", "message", "hint"]
    assert all(list(problem)[:9] == wanted for problem in answer["problems"])
    assert all(
        each["read"] == each["kept"] + each["rejected"] + each["duplicates"]
        for each in answer["receipts"]
    )


def test_every_format_tells_of_every_row(found: Found) -> None:
    """None of the six refused rows is lost on the way to a format that lists them."""
    intake, _ = found
    rows = {(problem.place.file, problem.place.row) for problem in intake.row_problems}
    assert len(rows) == sum(receipt.rejected for receipt in intake.receipts(None)) == 6
    told = json.loads(draw_validation(*found, "zh", "json"))["problems"]
    assert {(each["file"], each["row"]) for each in told if each["row"]} == rows
    lines = csv.reader(io.StringIO(draw_validation(*found, "zh", "csv").decode("utf-8-sig")))
    assert {(line[2], int(line[4])) for line in list(lines)[1:] if line[4]} == rows


def test_nothing_personal_is_shown(found: Found) -> None:
    for chosen in get_args(ValidationFormat):
        assert b"13812345678" not in draw_validation(*found, "zh", chosen)


def test_what_is_not_explained_row_by_row_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("csq.intake.intake.EXPLAINED", 5)
    rows = "".join(f"{n},待定\n" for n in range(8))
    (tmp_path / "工单.csv").write_text(f"工单编号,创建时间\nT,2025-08-01\n{rows}", encoding="utf-8")
    with validated(Run((tmp_path,))) as (_, _, intake):
        text = " ".join(draw_validation(intake, Fitness(), "en", "table").decode().split())
    assert "of 8 refused rows of Tickets the first 5 are explained" in text


def test_a_file_has_no_colours_whatever_the_terminal_wants(
    found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = draw_validation(*found, "zh", "table")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert b"\x1b" not in plain
    assert draw_validation(*found, "zh", "table") == plain


def test_exports_without_a_fault_lead_to_scoring(tmp_path: Path) -> None:
    (tmp_path / "工单.csv").write_text("\n".join(JULY.splitlines()[:2]) + "\n", encoding="utf-8")
    with validated(Run((tmp_path,))) as (_, _, intake):
        lines = draw_validation(intake, Fitness(), "en", "table").decode().splitlines()
    assert lines[-2:] == [
        "Files: 1. Rows: read 1 = kept 1 + refused 0 + duplicates 0",
        "Fit to be scored. Next: csq score",
    ]
