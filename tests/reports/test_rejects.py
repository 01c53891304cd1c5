"""Every refused row comes back as its file spelt it, with the reason, and runs nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from csq.api import Run, validated
from csq.engines.base import StagingEngine
from csq.errors import UsageError
from csq.intake.intake import Intake
from csq.reports import excel
from csq.reports.rejects import choose_writer, draw_rejects
from csq.wording import Language

Compare = Callable[[str, str], None]
Read = tuple[StagingEngine, Intake]

JULY = """\
工单编号,创建时间,解决时间,渠道,备注
A1,2025-07-01 09:00:00,2025-07-01 10:00:00,电话,
A2,2025-07-02 09:00:00,2025-07-01 09:00:00,电话,=1+1
,2025-13-45,,在线,-6.4
A4,2025-07-04 09:00:00,待定,"两
行","a,b"
A5,2025-07-05 09:00:00
"""
AUGUST = """\
工单编号,提单时间,=cmd,渠道
B1,2025-08-01 09:00:00,-2+3,电话
B2,很久以前,-2+3,@SUM(1)
"""
CALLS = """\
通话编号,进入队列时间,等待时长
C1,2025-08-01 09:00:00,00:00:05
C2,2025-08-01 09:00:00,很久
"""


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    for name, content in (("七月.csv", JULY), ("八月.csv", AUGUST), ("通话.csv", CALLS)):
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


@pytest.fixture
def read(exports: Path) -> Iterator[Read]:
    with validated(Run((exports,))) as (_, engine, intake):
        yield engine, intake


@pytest.mark.parametrize("language", ["zh", "en"])
def test_csv(read: Read, compare: Compare, language: Language) -> None:
    content = draw_rejects(*read, ".csv", language)
    assert content.startswith(b"\xef\xbb\xbf")
    compare(f"rejects.{language}.csv", content.decode("utf-8-sig"))


def dump(content: bytes) -> str:
    lines = []
    for sheet in load_workbook(io.BytesIO(content)):
        lines.append(f"# {sheet.title} · frozen at {sheet.freeze_panes}")
        lines += [" | ".join(map(repr, row)) for row in sheet.iter_rows(values_only=True)]
    return "\n".join(lines) + "\n"


def test_workbook(read: Read, compare: Compare) -> None:
    compare("rejects.zh.xlsx.txt", dump(draw_rejects(*read, ".xlsx", "zh")))


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_same_rows_give_the_same_bytes(read: Read, suffix: str) -> None:
    assert draw_rejects(*read, suffix, "zh") == draw_rejects(*read, suffix, "zh")


@pytest.mark.parametrize("suffix", [".CSV", ".Xlsx"])
def test_the_case_of_a_suffix_does_not_matter(suffix: str) -> None:
    assert choose_writer(suffix) is choose_writer(suffix.lower())


@pytest.mark.parametrize("suffix", [".xls", ".txt", ""])
def test_another_suffix_is_refused(suffix: str) -> None:
    with pytest.raises(UsageError) as refused:
        choose_writer(suffix)
    assert [problem.line("zh") for problem in refused.value.problems] == [
        f"unknown-suffix: 写不出扩展名为「{suffix}」的文件 → 让文件名以 .csv / .xlsx 结尾"
    ]


def test_every_refused_row_is_there_once(read: Read) -> None:
    _, intake = read
    refused = sum(receipt.rejected for receipt in intake.receipts(None))
    lines = list(csv.reader(io.StringIO(draw_rejects(*read, ".csv", "zh").decode("utf-8-sig"))))
    assert len(lines) - 1 == refused == 6


def test_no_cell_of_a_workbook_is_a_formula(read: Read) -> None:
    book = load_workbook(io.BytesIO(draw_rejects(*read, ".xlsx", "zh")))
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert {cell.quotePrefix for cell in cells if cell.value in {"=1+1", "=cmd", "-2+3"}} == {True}


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "ROWS_OF_A_SHEET", 3)
    book = load_workbook(io.BytesIO(draw_rejects(*read, ".xlsx", "zh")))
    assert [(sheet.title, sheet.max_row) for sheet in book] == [
        ("通话", 2),
        ("工单", 3),
        ("工单 (2)", 3),
        ("工单 (3)", 2),
    ]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_nothing_refused_is_a_table_of_no_rows(tmp_path: Path, suffix: str) -> None:
    good = "\n".join(JULY.splitlines()[:2]) + "\n"
    (tmp_path / "工单.csv").write_text(good, encoding="utf-8")
    with validated(Run((tmp_path,))) as (_, engine, intake):
        content = draw_rejects(engine, intake, suffix, "en")
    if suffix == ".csv":
        assert content.decode("utf-8-sig") == "File,Sheet,Row,Field,Reason,Hint\n"
    else:
        assert dump(content) == (
            "# No refused rows · frozen at A2\n"
            "'File' | 'Sheet' | 'Row' | 'Field' | 'Reason' | 'Hint'\n"
        )
