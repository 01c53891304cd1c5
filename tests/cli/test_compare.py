"""`csq compare --definitions`: the published meanings of one name on the same rows."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from .driver import Csq


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
