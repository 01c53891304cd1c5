"""What a review counts, against slow and obvious counting."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from csq.api import Run, review
from csq.reports.review.peak_hours import peak_chapter
from csq.request import Request
from csq.review.facts import Hours, Review, Trend, find_limits


@pytest.fixture(scope="module")
def tickets(exports: Path) -> list[dict[str, str]]:
    with (exports / "工单.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    quarter = [row for row in rows if "2025-07-01" <= row["创建时间"] < "2025-10-01"]
    return [row for row in quarter if row["垃圾工单"] == "否"]


def test_the_heat_map_counts_every_ticket_once(
    found: Review, tickets: list[dict[str, str]]
) -> None:
    times = [datetime.fromisoformat(row["创建时间"]) for row in tickets]
    wanted = Counter((time.isoweekday(), time.hour) for time in times)
    assert found.hours is not None
    cells = {(c.weekday, c.hour): c.volume for c in found.hours.cells if c.volume}
    assert cells == wanted


def _hours_of(folder: Path, tickets: str, complaints: str = "") -> Hours:
    (folder / "工单.csv").write_text(tickets, encoding="utf-8")
    if complaints:
        (folder / "投诉.csv").write_text(complaints, encoding="utf-8")
    hours = review(Run((folder,), request=Request(period="2025-08"))).hours
    assert hours is not None
    return hours


def test_the_mean_of_an_hour_is_of_its_answered_rows(tmp_path: Path) -> None:
    """It was the mean of the weekdays' means, weighed by rows with and without an answer."""
    waits = ["10", "10", "100", *[""] * 7]
    days = ["04", "04", "05", *["05"] * 7]  # A Monday and a Tuesday.
    rows = [
        f"T{n},2025-08-{day} 09:00:00,{f'2025-08-{day} 09:{int(wait) // 60:02}:{int(wait) % 60:02}' if wait else ''},电话"
        for n, (day, wait) in enumerate(zip(days, waits, strict=True))
    ]
    hours = _hours_of(tmp_path, "\n".join(["工单编号,创建时间,首次响应时间,渠道", *rows]) + "\n")
    (nine,) = hours.by_hour()
    assert (nine.volume, nine.answered) == (10, 3)
    assert nine.response == Fraction(10 + 10 + 100, 3)


def test_a_complaint_in_an_hour_without_a_ticket_is_counted(tmp_path: Path) -> None:
    """It was in no map: only the hours of tickets were gone through."""
    hours = _hours_of(
        tmp_path,
        "工单编号,创建时间,首次响应时间,渠道\nT1,2025-08-04 09:00:00,2025-08-04 09:00:10,电话\n"
        "T2,2025-08-05 10:00:00,2025-08-05 10:00:10,电话\n",
        "投诉编号,投诉时间,渠道,投诉原因\nP1,2025-08-04 09:30:00,电话,其他\n"
        "P2,2025-08-06 22:30:00,电话,其他\n",
    )
    assert {(c.weekday, c.hour): (c.volume, c.complaints) for c in hours.cells} == {
        (1, 9): (1, 1), (2, 10): (1, 0), (3, 22): (0, 1),
    }  # fmt: skip
    # An hour without a ticket does not make the others peaks.
    assert hours.peaks() == ()


def test_a_period_with_more_of_one_weekday_says_so(found: Review) -> None:
    """Five Fridays against four Mondays look like busy Fridays."""
    days = [date(2025, 7, 1) + timedelta(days=n) for n in range(92)]
    assert found.hours is not None
    assert found.hours.days == Counter(day.isoweekday() for day in days)
    chapter = peak_chapter(found, "en")
    assert chapter is not None
    assert chapter.lines[-1] == (
        "Days with data: Mon 13, Tue 14, Wed 13, Thu 13, Fri 13, Sat 13, Sun 13;"
        " more of them make a row's sums larger."
    )


def test_a_share_of_waiting_is_no_mean_response(few: Path, tmp_path: Path) -> None:
    """It divides the same waits, but by another time: not by how many waited."""
    metrics = tmp_path / "metrics.yaml"
    metrics.write_text(
        "version: 1\nindicators:\n"
        "  - { id: n, name: 甲, formula: COUNT(tickets), unit: count, direction: up }\n"
        "  - { id: wait, name: 乙, unit: ratio, direction: down, formula: 'SUM(tickets,"
        " first_response_at - created_at) / SUM(tickets, DATA_END() - created_at)' }\n",
        encoding="utf-8",
    )
    asked = Run((few / "工单.csv",), metrics, Request(period="2025-08"))
    hours = review(asked).hours
    assert hours is not None
    assert {cell.response for cell in hours.cells} == {None}


def test_shares_add_up_to_the_scorecard(found: Review, tickets: list[dict[str, str]]) -> None:
    types = next(each for each in found.shares if each.field.name == "problem_type")
    assert dict(types.counts) == Counter(row["问题类型"] for row in tickets)
    volume = next(s for s in found.scorecard.totals if s.indicator.id == "volume")
    assert types.total == volume.value == len(tickets)


def test_a_quarter_is_recomputed_from_rows_and_not_averaged_from_months(
    found: Review, tickets: list[dict[str, str]]
) -> None:
    score = next(s for s in found.scorecard.totals if s.indicator.id == "fcr")
    part = sum(row["首次解决"] == "是" for row in tickets)
    assert score.value == Fraction(part, len(tickets))
    months = found.trend.series("fcr")[-3:]
    for month, value in zip(("2025-07", "2025-08", "2025-09"), months, strict=True):
        own = [row for row in tickets if row["创建时间"].startswith(month)]
        assert value == Fraction(sum(row["首次解决"] == "是" for row in own), len(own))


def test_the_rows_behind_a_miss_are_all_that_speak_against_it(
    found: Review, tickets: list[dict[str, str]]
) -> None:
    against = [row["工单编号"] for row in tickets if row["首次解决"] != "是"]
    misses = found.misses["fcr"]
    assert misses.count == len(against)
    assert [row.key for row in misses.rows] == against[: len(misses.rows)]


def test_an_evening_of_complaints_is_found(found: Review) -> None:
    assert found.hours is not None
    (incident,) = found.hours.incidents
    assert (incident.start, incident.end) == (datetime(2025, 8, 12, 20), datetime(2025, 8, 12, 21))
    assert incident.complaints == 40


def test_natural_limits_are_those_of_an_xmr_chart() -> None:
    values = [Fraction(each) for each in (10, 12, 11, 13, 14)]
    limits = find_limits(values)
    assert limits is not None
    mean_range = Fraction(2 + 1 + 2 + 1, 4)
    assert limits.mean == 12
    assert limits.upper == 12 + Fraction(266, 100) * mean_range
    assert limits.lower == 12 - Fraction(266, 100) * mean_range
    assert find_limits(values[:4]) is None


def beyond_limits(values: list[Fraction | None]) -> dict[int, Fraction]:
    """By position: how far a value lies outside mean ± 2.66 × the mean moving range."""
    known = [value for value in values if value is not None]
    if len(known) < 5:
        return {}
    mean = sum(known) / Fraction(len(known))
    steps = [
        max(known[at], known[at - 1]) - min(known[at], known[at - 1]) for at in range(1, len(known))
    ]
    reach = Fraction("2.66") * sum(steps) / len(steps)
    found = {}
    for at, value in enumerate(values):
        if value is not None and value > mean + reach:
            found[at] = value - (mean + reach)
        if value is not None and value < mean - reach:
            found[at] = value - (mean - reach)
    return found


def test_a_value_beyond_its_limits_is_found_with_how_far(found: Review) -> None:
    trend, breached = found.trend, 0
    assert trend.complete
    for name in trend.scores:
        wanted = {} if trend.drift(name) else beyond_limits(list(trend.series(name)))
        assert [(b.period, b.excess) for b in trend.breaches(name)] == [
            (trend.periods[at], excess) for at, excess in wanted.items()
        ], name
        breached += len(wanted)
    assert breached >= 3


@pytest.mark.parametrize(
    ("values", "drifts"),
    [
        ([10, 11, 12, 13, 14, 15, 16, 17], True),
        ([20, 10, 11, 12, 13, 14, 15, 12], True),
        ([12, 15, 14, 13, 12, None, 11, 10], True),
        ([10, 11, 12, 13, 14, 13, 14, 15], False),
        ([15, 12, 13, 14, 14, 15, 16, 12], False),
        # Two levels with a little noise: beyond both limits, though nothing rises six times.
        ([10, 11, 10, 11, 10, 50, 51, 50, 51, 50], True),
        ([10, 11, 10, 11, 10, 11, 10, 90], False),
        ([10, 20, 30, 40], False),
        ([10, 10, 10, 10, 10, 10], False),
    ],
)
def test_a_series_that_keeps_changing_has_no_limits_but_a_beginning_and_an_end(
    found: Review, values: list[int | None], drifts: bool
) -> None:
    trend = trend_of(found, values, complete=True)
    drift = trend.drift("fcr")
    assert (drift is not None) == drifts
    if drift is None:
        return
    known = [
        (period, Fraction(value))
        for period, value in zip(trend.periods, values, strict=True)
        if value is not None
    ]
    assert (drift.begun, drift.ended) == (known[0], known[-1])
    assert trend.limits("fcr") is None
    assert trend.breaches("fcr") == ()


def trend_of(found: Review, values: list[int | None], *, complete: bool) -> Trend:
    """Months of nothing but these values of one indicator."""
    periods = found.trend.periods[-1].series(len(values))
    exact = tuple(None if value is None else Fraction(value) for value in values)
    score = replace(found.trend.scores["fcr"], trend=exact)
    return Trend(periods, {"fcr": score}, complete)


@pytest.mark.parametrize(
    ("values", "complete", "beyond"),
    [
        ([10, 10, 10, 90], True, []),
        ([10, 10, None, 10, 90], True, []),
        ([10, 10, 10, 10, 10, 10, 10, 90], True, [90]),
        ([10, 11, 10, None, 11, 10, 11, 10, 11, 1], True, [1]),
        ([10, 11, 10, 11, 10, 11, 10, 1], False, []),
        ([10, 11, 10, 11, 1], False, []),
        ([11, 90, 10, 11, 10, 11, 10, 11, 10, 11, 1], False, [90]),
        ([7, 7, 7, 7, 7], True, []),
        ([], False, []),
    ],
)
def test_too_few_periods_and_one_that_is_not_over_are_not_judged(
    found: Review, values: list[int | None], complete: bool, beyond: list[int]
) -> None:
    trend = trend_of(found, values, complete=complete)
    assert [breach.value for breach in trend.breaches("fcr")] == beyond
    if len([value for value in values if value is not None]) < 5:
        assert trend.limits("fcr") is None
