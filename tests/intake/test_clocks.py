"""Durations such as `03:25`: decided on the whole column, told by the header, or declared."""

from __future__ import annotations

from fractions import Fraction

import pyarrow as pa
import pytest
from tests.conftest import Desk, books

from csq.intake.spelling.clocks import Evidence, weigh_clocks


def put(desk: Desk, *talks: str, header: str = "通话时长", source: str = "") -> None:
    rows = [[f"C{n}", "2025-08-01 09:00:00", talk] for n, talk in enumerate(talks)]
    desk.put_rows("八月.csv", f"通话编号,进入队列时间,{header}", rows)
    desk.indicator("SUM(calls, talk_s)", "duration")
    text = desk.metrics.read_text("utf-8").removeprefix("version: 1\n")
    desk.define(f"sources: {{ calls: {{ {source} }} }}\n{text}")


@pytest.mark.parametrize(("cells", "found"), [
    (["03:25", "1:02:03"], (1, 0, 1, 0)), (["75:25", " ０３：２５ "], (2, 1, 0, 0)), (["00:03:25", "3:25"], (1, 0, 0, 1)),
    (["03:25:00", "3:25"], (1, 0, 0, 0)), (["205", "", "3分"], (0, 0, 0, 0)),
])  # fmt: skip
def test_what_a_column_says(cells: list[str], found: tuple[int, int, int, int]) -> None:
    assert weigh_clocks(pa.array(cells)) == Evidence(*found)


def test_hours_in_front_of_the_longer_ones_prove_minutes(desk: Desk) -> None:
    put(desk, "03:25", "00:35", "1:02:03")
    scorecard = desk.score("2025-08")
    assert desk.value("2025-08") == 205 + 35 + 3_723
    [notice] = [p for p in scorecard.problems if p.code == "decided-clock"]
    assert notice.line("zh") == (
        "八月.csv:通话时长: decided-clock: 列「通话时长」里 2 个 03:25 这样的时长按“分:秒”读取："
        "更长的写成了“时:分:秒”（1 个） → 若不对，在 sources: 里写 clock: hh:mm"
    )
    assert notice.line("en") == (
        "八月.csv:通话时长: decided-clock: 2 durations of “通话时长” such as 03:25 are read as minutes:seconds:"
        " longer ones have their hours in front (1) → if that is wrong, write clock: hh:mm under sources:"
    )


@pytest.mark.parametrize("other", ["205", "00:03:25", "03:25:00", "75:20"])
def test_without_proof_such_a_duration_is_refused(desk: Desk, other: str) -> None:
    put(desk, "03:25", other, "90s")
    scorecard = desk.score("2025-08")
    refused = sum(p.count for p in scorecard.problems if p.code == "ambiguous-duration")
    [(_, kept, rejected, _, _)] = books(scorecard).values()
    assert (kept, rejected) == (3 - refused, refused) == ((1, 2) if other == "75:20" else (2, 1))


@pytest.mark.parametrize(("clock", "seconds"), [("mm:ss", 205), ("hh:mm", 3 * 3_600 + 25 * 60)])
def test_a_declared_clock_needs_no_evidence(desk: Desk, clock: str, seconds: int) -> None:
    put(desk, "03:25", source=f"clock: '{clock}'")
    assert desk.value("2025-08") == Fraction(seconds)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("通话时长(mm:ss)", 205), ("通话时长（分：秒）", 205), ("Talk time (hh:mm)", 12_300)],
)
def test_the_header_may_say_it(desk: Desk, header: str, seconds: int) -> None:
    put(desk, "03:25", header=header)
    assert desk.value("2025-08") == Fraction(seconds)
