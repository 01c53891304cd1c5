"""`csq compare --definitions`: the published meanings of one name on the same rows."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from .driver import METRICS, Csq
from .test_validate import BAD


def calls() -> Iterator[str]:
    """1,000 offered: 800 answered within 20 s, 100 later; 60 abandoned within 20 s, 20 of them
    within 5 s, and 40 later."""
    yield "通话编号,进线时间,接听时间,等待时长,是否放弃"
    groups = ((800, "是", 10), (100, "是", 60), (20, "", 5), (40, "", 20), (40, "", 90))
    number = 0
    for count, answered, wait in groups:
        for _ in range(count):
            number += 1
            begun = f"2025-08-{number % 31 + 1:02d} 09:00:00"
            yield f"K{number},{begun},{begun if answered else ''},{wait},{'否' if answered else '是'}"


@pytest.fixture
def centre(bare: Csq) -> Csq:
    bare.put("calls.csv", "\n".join(calls()) + "\n")
    return bare


def test_one_service_level_is_five_figures(centre: Csq) -> None:
    answer = centre.run("compare", "--definitions", "sl_20", "--format", "json", "--lang", "en")
    assert (answer.code, answer.err) == (0, "")
    told = json.loads(answer.out)
    assert {row["variant"]: round(100 * row["value"], 1) for row in told["variants"]} == {
        None: 80.0,
        "of_answered": 88.9,
        "abandons_positive": 86.0,
        "abandons_ignored": 85.1,
        "short_ignored": 81.6,
    }


def test_each_meaning_names_its_source_and_its_parts(centre: Csq) -> None:
    answer = centre.run("compare", "--definitions", "sl_20", "--lang", "en")
    lines = answer.out.splitlines()
    assert lines[0] == "Service level within 20 s · sl_20 · 2025-08"
    assert lines[2] == "    80.0 %  Service level within 20 s · this definition  = 800 ÷ 1,000"
    assert lines[10].startswith("    81.6 %  abandoned within 5 s left out · Talkdesk")
    assert lines[10].endswith("= 800 ÷ 980")


def test_an_indicator_of_one_meaning_is_told(centre: Csq) -> None:
    answer = centre.run("compare", "--definitions", "asa", "--lang", "en")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "no-variants: “asa” has no other published meaning → there are some for: "
        "frt_avg, resolve_avg, sl_20, abandon_rate, fcr, reopen_rate, csat, backlog_open\n"
    )


def test_sources_are_named_in_the_language_of_the_reader(bare: Csq) -> None:
    bare.put("calls.csv", "\n".join(calls()) + "\n")
    for indicator in ("sl_20", "abandon_rate"):
        answer = bare.run("compare", "--definitions", indicator, "--lang", "en")
        assert answer.code == 0
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in answer.out), answer.out
    answer = bare.run("compare", "--definitions", "sl_20", "--lang", "zh")
    assert "51callcenter 公式 2；Genesys 关闭 Include Abandons" in answer.out


def test_values_stand_in_one_column_and_totals_of_time_read_as_time(bare: Csq) -> None:
    bare.put(
        "tickets.csv",
        "工单编号,创建时间,首次响应时间\n"
        "T1,2025-08-01 09:00:00,2025-08-01 10:00:00\n"
        "T2,2025-08-30 09:00:00,2025-08-30 11:00:00\n",
    )
    lines = bare.run("compare", "--definitions", "frt_avg", "--lang", "zh").out.splitlines()
    assert lines[2] == " 90.0 分钟  平均首次响应时长 · 本定义  = 10,800 秒（3 小时） ÷ 2"
    assert lines[6] == " 90.0 分钟  中位数 · Zendesk、Intercom 的默认"
    assert "    无数据  从分派起算 · QuickCEP" in lines


def test_the_suffix_says_the_format(centre: Csq) -> None:
    assert centre.run("compare", "--definitions", "sl_20", "-o", "out.json").code == 0
    assert json.loads((centre.folder / "out.json").read_text("utf-8"))["id"] == "sl_20"
    answer = centre.run("compare", "--definitions", "sl_20", "-o", "out.docx")
    assert (answer.code, answer.out, answer.err) == (
        2,
        "",
        "out.docx: unknown-suffix: 写不出扩展名为「.docx」的文件 → 让文件名以 .txt / .json 结尾\n",
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "too-many-refused: 工单有 2 / 8 行被拒收，超过容许的 5%"),
        ("en", "too-many-refused: 2 of 8 rows of Tickets were refused, more than the 5% allowed"),
    ],
)
def test_rows_that_are_lost_are_told_and_are_invalid_data(
    csq: Csq, language: str, said: str
) -> None:
    csq.put("tickets.csv", BAD)
    meanings = "    variants: { all: { name: 全部, formula: 'SHARE(tickets, first_contact_resolved)', source: 某处 } }\n"
    csq.put(
        "metrics.yaml", METRICS.replace("    owner: [客服部]\n", f"    owner: [客服部]\n{meanings}")
    )
    answer = csq.run("compare", "--definitions", "fcr", "--lang", language)
    assert answer.code == 3
    assert answer.err.startswith(said)
    assert answer.out != ""
