"""What a message shows of the data: never a phone number, a whole row, or page after page."""

from __future__ import annotations

import json

import pytest

from csq.errors import clean

from .driver import METRICS, TICKETS, Csq

SECRETS = ("13812345678", "110101199003071234", "wang.fang@example.com", "6222020012345678901")
HEADER = TICKETS.splitlines()[0] + "\n"


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "around",
    ["{}", " {} ", "请拨打{}", "电话:{}", "（{}）", "{}，王芳", "{}号", "+86{}", "{0} {0}"]
    + ["a" * 75 + " {}", "一" * 75 + "{}"],
)
def test_a_number_of_a_person_is_masked_wherever_it_stands(secret: str, around: str) -> None:
    assert secret not in clean(around.format(secret))
    digits = "".join(filter(str.isdigit, secret))
    shown = "".join(filter(str.isdigit, clean(around.format(secret))))
    assert not digits or digits[:8] not in shown


@pytest.mark.parametrize(
    "spelt", ["138 1234 5678", "138-1234-5678", "+86 138 1234 5678", "１３８１２３４５６７８"]
)
def test_a_phone_number_in_groups_is_masked(spelt: str) -> None:
    assert clean(spelt) != spelt


@pytest.mark.parametrize(
    "harmless",
    ["2025-08-01 09:15:00", "T20250801-0001", "1,234.56", "2025年8月1日", "12345", "20250801"],
)
def test_what_is_no_number_of_a_person_is_shown(harmless: str) -> None:
    assert clean(harmless) == harmless


def test_what_cannot_be_printed_is_not() -> None:
    assert clean("a\x1b[31mb\x00\u202ec\ud800d\ue000e\tf\ng") == "a[31mbcde f g"


def test_what_is_endless_is_cut() -> None:
    assert clean("字" * 10_000) == "字" * 79 + "…"


ROWS = {
    "a time": "T9,13812345678,,电话,是\n",
    "a time in a sentence": "T9,客户13812345678说明天,,电话,是\n",
    "a flag": "T9,2025-08-01 09:00:00,,电话,请打13812345678找王芳\n",
    "a row that is too long": "T9,2025-08-01 09:00:00,,电话,是,13812345678,王芳,北京市海淀区1号\n",
    "a row that is too short": "13812345678,王芳\n",
    "an open quote": 'T9,"13812345678,王芳,北京市海淀区1号\nT10,2025-08-01,,,\n',
}


@pytest.mark.parametrize("row", tuple(ROWS.values()), ids=tuple(ROWS))
@pytest.mark.parametrize(
    "typed", ["score", "score --format json", "check", "validate", "validate --format json"]
)
def test_no_message_shows_a_phone_number_or_a_row(csq: Csq, row: str, typed: str) -> None:
    csq.put("tickets.csv", TICKETS + row)
    answer = csq.run(*typed.split())
    assert answer.code == 3
    for said in (answer.out, answer.err):
        assert "13812345678" not in said
        assert "北京市海淀区1号" not in said


def test_a_file_without_a_header_is_not_printed(csq: Csq) -> None:
    """Its first row is taken for a header, and is a row of somebody's data."""
    csq.put("x.csv", "王芳,13812345678,北京市海淀区1号,女\n李四,13912345678,上海市浦东新区2号,男\n")
    answer = csq.run("score", "x.csv")
    assert answer.code == 3
    assert "北京市海淀区1号" not in answer.err
    assert "13812345678" not in answer.err


def test_a_table_of_a_report_shows_no_phone_number(csq: Csq) -> None:
    csq.put("tickets.csv", TICKETS.replace("在线", "13812345678"))
    for typed in ("score --by channel", "score --by channel --format markdown"):
        assert "13812345678" not in csq.run(*typed.split()).out


def test_stderr_is_at_most_two_kilobytes(csq: Csq) -> None:
    """Whatever goes wrong, however often and with names however long."""
    for number in range(40):
        csq.put(f"{number:02}" + "文" * 50 + ".csv", "甲" * 200 + ",乙\n1,2\n")
    paths = sorted(path.name for path in csq.folder.glob("*文.csv"))
    answer = csq.run("score", *paths)
    assert answer.code == 3
    *told, rest = answer.err.splitlines()
    assert len(told) > 1
    assert rest == f"……还有 {40 - len(told)} 项：csq validate --format json 全部列出"
    assert len(answer.err.encode()) <= 2_048
    listed = csq.run("validate", *paths, "--format", "json")
    assert (listed.code, listed.err) == (3, answer.err)
    content = json.loads(listed.out)
    assert content["receipts"] == []
    assert [problem["file"] for problem in content["problems"]] == paths
    written = csq.run("validate", *paths, "-o", "all.csv")
    assert (written.code, written.out) == (3, "")
    assert (csq.folder / "all.csv").read_text("utf-8-sig").count("unrecognised-export") == 40


def test_a_header_of_many_columns_is_cut(csq: Csq) -> None:
    columns = ",".join(f"c{n}" for n in range(4_000))
    csq.put("x.csv", f"{columns}\n{columns}\n")
    answer = csq.run("score", "x.csv")
    assert answer.code == 3
    assert len(answer.err.encode()) <= 2_048


def test_a_definition_with_many_faults_tells_a_dozen(csq: Csq) -> None:
    fault = "\n".join(f"    unknown_{n}: 1" for n in range(30))
    csq.put("metrics.yaml", METRICS.replace("    dimension: 效率", fault))
    answer = csq.run("lint")
    assert answer.code == 4
    lines = answer.err.splitlines()
    assert len(lines) == 13
    assert lines[-1] == "……还有 18 项"
    assert len(answer.err.encode()) <= 2_048


def test_the_text_of_a_foreign_exception_is_not_shown(csq: Csq) -> None:
    """Neither a row nor a query, nor where csq is installed."""
    csq.put("tickets.csv", HEADER + "T1,2025-08-01 09:00:00,,电话," + "x" * 5_000_000 + "\n")
    answer = csq.run("score", "tickets.csv")
    assert answer.code == 3
    assert "xxxx" * 30 not in answer.err
    assert len(answer.err) < 500
