"""Headers that may mean a moment or how long it took until then: the cells say which."""

from __future__ import annotations

import pytest
from tests.conftest import Desk, codes

from csq.errors import IntakeError

FRT = "SUM(tickets, first_response_at - created_at) / COUNT(tickets, first_response_at)"
BEGUN = ["2025-08-01 09:15:00", "2025-08-01 14:00:30", "2025-08-02 10:59:59", "2025-08-03 20:00:00"]


def put(desk: Desk, header: str, cells: list[str], begun: list[str] = BEGUN) -> None:
    rows = [[f"T{n}", *pair] for n, pair in enumerate(zip(begun, cells, strict=True))]
    desk.put_rows("tickets.csv", f"工单编号,创建时间,{header}", rows)


@pytest.mark.parametrize(
    "header", ["首次响应时间", "First response time", "首次回复时间", "First reply time"]
)
@pytest.mark.parametrize(("cells", "mean"), [
    (["00:00:12", "00:03:25", "00:00:00", "00:10:03"], (12 + 205 + 603) / 4),
    (["00:00:12", "00:00:13", "-", "00:10:02"], 209),
    (["12s", "3m 25s", "0s", "2h 5m"], (12 + 205 + 7_500) / 4),
    (["12秒", "3分25秒", "0秒", "1天2小时"], (12 + 205 + 93_600) / 4),
    (["00:00:12", "27:00:00", "00:00:00", "00:10:03"], (12 + 97_200 + 603) / 4),
    (["00:00:12", "00:00:13", "NULL", "00:10:02"], 209),
    (["N/A", "12s", "nan", "14s"], 13),
])  # fmt: skip
def test_lengths_of_time_are_counted_from_the_beginning(
    desk: Desk, header: str, cells: list[str], mean: float
) -> None:
    put(desk, header, cells)
    settings = "sources: { tickets: { nulls: ['-'] } }\n"
    desk.indicator(FRT, "duration")
    desk.metrics.write_text(desk.metrics.read_text("utf-8") + settings, "utf-8")
    scorecard = desk.score("2025-08")
    [notice] = [p for p in scorecard.problems if p.code == "counted-time"]
    assert notice.line("en") == (
        f"tickets.csv:{header}: counted-time: “First response at” is counted from “{header}”:"
        " Created at plus that duration → it is as exact as the unit of that duration; export the"
        " time itself for more"
    )
    [total] = scorecard.totals
    assert total.value == mean


@pytest.mark.parametrize("header", ["首次响应时间", "First response time"])
def test_moments_stay_moments(desk: Desk, header: str) -> None:
    put(
        desk,
        header,
        [f"{moment[:-2]}45" for moment in BEGUN[:2]],
        [f"{m[:-2]}00" for m in BEGUN[:2]],
    )
    desk.indicator(FRT, "duration")
    assert desk.value("2025-08") == 45


@pytest.mark.parametrize("cells", [
    ["09:15:30", "14:01:00", "11:02:00", "20:00:05"],  # what the clock showed at the response
    ["09:15:30", "14:01:00", "00:02:00", "20:00:05"],
])  # fmt: skip
def test_a_time_of_day_is_no_length_of_time(desk: Desk, cells: list[str]) -> None:
    put(desk, "首次响应时间", cells)
    desk.indicator(FRT, "duration")
    with pytest.raises(IntakeError) as error:
        desk.score("2025-08")
    assert error.value.problems[1].line("en") == (
        "tickets.csv:2:首次响应时间: unreadable-timestamp: “First response at” is not a time: 09:15:30"
        " → write 2025-08-01 09:15:00"
    )


@pytest.mark.parametrize(("cells", "begun"), [
    (["00:00:12", "00:03:25"], BEGUN[:2]),
    (["00:00:12", "00:03:25", "00:00:00", "00:10:03"], [moment[:10] for moment in BEGUN]),
    (["12", "205", "0", "603"], BEGUN),
])  # fmt: skip
def test_what_proves_nothing_is_no_length_of_time(
    desk: Desk, cells: list[str], begun: list[str]
) -> None:
    put(desk, "First response time", cells, begun)
    desk.indicator("COUNT(tickets, first_response_at)", "count")
    scorecard = desk.score("2025-08")
    assert "counted-time" not in codes(scorecard)
    assert not scorecard.totals[0].value


def test_an_odd_cell_among_moments_costs_its_row_and_not_the_column(desk: Desk) -> None:
    begun = [f"2025-08-{day:02d} 09:00:00" for day in range(1, 13)]
    responded = [*(f"{moment[:-2]}45" for moment in begun[:-1]), "2025-08-0a 09:00:45"]
    put(desk, "First response time", responded, begun)
    desk.indicator(FRT, "duration")
    desk.metrics.write_text(f"{desk.metrics.read_text('utf-8')}tolerance: 10%\n", "utf-8")
    scorecard = desk.score("2025-08")
    assert scorecard.totals[0].value == 45
    assert "unreadable-timestamp" in codes(scorecard)
    [receipt] = scorecard.receipts
    assert (receipt.read, receipt.kept, receipt.rejected) == (12, 11, 1)
