"""Periods: how they are written, what lies before them, which one the data calls for."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csq.errors import UsageError
from csq.period import Period, is_complete, latest_whole_month, parse_period


def days(first: str, last: str, *, without: frozenset[int] = frozenset()) -> set[date]:
    """Every day from the first to the last, but for some days of the week (Monday is 0)."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    found = (begin + timedelta(days=n) for n in range((end - begin).days + 1))
    return {day for day in found if day.weekday() not in without}


WEEKEND = frozenset({5, 6})


@pytest.mark.parametrize(
    ("text", "label", "first", "last", "months"),
    [
        ("2025-08", "2025-08", "2025-08-01", "2025-08-31", 1),
        ("2024-02", "2024-02", "2024-02-01", "2024-02-29", 1),
        ("2025-12", "2025-12", "2025-12-01", "2025-12-31", 1),
        ("2025Q1", "2025Q1", "2025-01-01", "2025-03-31", 3),
        ("2025-Q3", "2025Q3", "2025-07-01", "2025-09-30", 3),
        ("2025q4", "2025Q4", "2025-10-01", "2025-12-31", 3),
        ("2025H1", "2025H1", "2025-01-01", "2025-06-30", 6),
        ("2025-h2", "2025H2", "2025-07-01", "2025-12-31", 6),
        ("2025", "2025", "2025-01-01", "2025-12-31", 12),
        ("2025-W31", "2025-W31", "2025-07-28", "2025-08-03", 0),
        ("2025W01", "2025-W01", "2024-12-30", "2025-01-05", 0),
        ("2026-W53", "2026-W53", "2026-12-28", "2027-01-03", 0),
        ("2025-08-15", "2025-08-15", "2025-08-15", "2025-08-15", 0),
        ("2024-02-29", "2024-02-29", "2024-02-29", "2024-02-29", 0),
        ("2025-07..2025-08", "2025-07..2025-08", "2025-07-01", "2025-08-31", 2),
        ("2024-11..2025-02", "2024-11..2025-02", "2024-11-01", "2025-02-28", 4),
        ("2025-08..2025-08", "2025-08..2025-08", "2025-08-01", "2025-08-31", 1),
        ("2025Q3..2025Q4", "2025Q3..2025Q4", "2025-07-01", "2025-12-31", 6),
        ("2024..2025", "2024..2025", "2024-01-01", "2025-12-31", 24),
        ("2025-08-04..2025-08-17", "2025-08-04..2025-08-17", "2025-08-04", "2025-08-17", 0),
        ("2025-07..2025-08-15", "2025-07..2025-08-15", "2025-07-01", "2025-08-15", 0),
        ("2025-W31..2025-W34", "2025-W31..2025-W34", "2025-07-28", "2025-08-24", 0),
        (" 2025-08 ", "2025-08", "2025-08-01", "2025-08-31", 1),
    ],
)
def test_a_period_is_whole_days(text: str, label: str, first: str, last: str, months: int) -> None:
    period = parse_period(text)
    assert period.label == label
    assert (period.start.isoformat(), period.last_day.isoformat()) == (first, last)
    assert period.months == months
    assert period.days == (date.fromisoformat(last) - date.fromisoformat(first)).days + 1


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "..", "2025-08..", "..2025-08", "2025-8", "25-08", "2025-13", "2025-00", "2025Q5",
        "2025Q0", "2025H3", "2025-W00", "2025-W54", "2025-W53", "2025-02-30", "2025-02-29",
        "2025-08-32", "2025/08", "202508", "2025-08-01T00:00", "2025-08 2025-09", "1899-08",
        "2100-01", "9999", "last month", "last-month", "today", "2025-08..2025-07",
        "2025-08..2025-08..2025-09", "2025-08...2025-09", "２０２５-08", "٢٠٢٥-08", "2025-08\n",
        "2025-08-", "-2025-08", "2025-08; DROP TABLE tickets", "2025年8月", "a" * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_period_is_refused_and_told(text: str) -> None:
    if text.strip() == "2025-08":
        assert parse_period(text).label == "2025-08"
        return
    with pytest.raises(UsageError) as raised:
        parse_period(text)
    (problem,) = raised.value.problems
    assert problem.code == "unknown-period"
    assert problem.hint.en == "write 2025-08, 2025Q3, 2025H1, 2025-W31 or 2025-07..2025-08"
    assert len(problem.line("en")) < 250


@pytest.mark.parametrize(
    ("today", "label"),
    [("2025-09-15", "2025-08"), ("2025-09-01", "2025-08"), ("2025-01-31", "2024-12")],
)
def test_last_month_is_the_calendar_month_before_today(today: str, label: str) -> None:
    assert parse_period("last-month", date.fromisoformat(today)).label == label


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("2025-08", "2025-07"),
        ("2025-01", "2024-12"),
        ("2024-03", "2024-02"),
        ("2025Q1", "2024Q4"),
        ("2025H1", "2024H2"),
        ("2025", "2024"),
        ("2025-W01", "2024-W52"),
        ("2021-W01", "2020-W53"),
        ("2025-08-01", "2025-07-31"),
        ("2025-07..2025-08", "2025-05..2025-06"),
        ("2025-01..2025-03", "2024-10..2024-12"),
        ("2025-08-04..2025-08-17", "2025-07-21..2025-08-03"),
        ("2025-W31..2025-W34", "2025-06-30..2025-07-27"),
    ],
)
def test_the_period_before(text: str, before: str) -> None:
    period = parse_period(text)
    previous = period.previous()
    assert previous.label == before
    assert previous.end == period.start
    assert parse_period(before) == previous


WRITTEN = st.one_of(
    st.dates(date(1990, 1, 1), date(2090, 1, 1)).map(lambda day: f"{day:%Y-%m}"),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)).map(date.isoformat),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)).map(lambda day: f"{day:%G-W%V}"),
    st.tuples(st.integers(1990, 2090), st.integers(1, 4)).map(lambda it: f"{it[0]}Q{it[1]}"),
    st.tuples(st.integers(1990, 2090), st.integers(1, 2)).map(lambda it: f"{it[0]}H{it[1]}"),
)


@given(WRITTEN)
def test_a_label_is_a_way_to_write_its_period(text: str) -> None:
    period = parse_period(text)
    assert parse_period(period.label) == period
    assert parse_period(period.previous().label) == period.previous()


@given(WRITTEN, st.integers(1, 9))
def test_a_series_has_no_gap_and_ends_with_its_period(text: str, length: int) -> None:
    period = parse_period(text)
    series = period.series(length)
    assert len(series) == length
    assert series[-1] is period
    assert all(one.end == other.start for one, other in pairwise(series))
    assert {each.months for each in series} == {period.months}


def test_a_series_stops_at_the_beginning_of_time() -> None:
    first = Period("0001-02", date(1, 2, 1), date(1, 3, 1), 1)
    assert len(first.series(7)) <= 2


@pytest.mark.parametrize(
    ("text", "half"),
    [
        ("2025-08", "2025H1"),
        ("2025-07", "2025H1"),
        ("2025-06", "2024H2"),
        ("2025Q3", "2025H1"),
        ("2025-01", "2024H2"),
        ("2025H1", "2024H2"),
        ("2025", "2024H2"),
    ],
)
def test_the_last_half_year_was_over_before_the_period(text: str, half: str) -> None:
    period = parse_period(text)
    assert period.last_half_year().label == half
    assert period.last_half_year().end <= period.start


@pytest.mark.parametrize(
    ("with_data", "month"),
    [
        pytest.param(days("2025-07-01", "2025-08-31"), "2025-08", id="to the last day"),
        pytest.param(days("2025-07-01", "2025-08-30"), "2025-07", id="but for the last day"),
        pytest.param(
            days("2025-07-01", "2025-08-29", without=WEEKEND), "2025-08",
            id="to the last Friday of a team that rests on weekends",
        ),
        pytest.param(
            days("2025-07-01", "2025-08-28", without=WEEKEND), "2025-07",
            id="to the last Thursday of such a team",
        ),
        pytest.param(days("2025-07-01", "2025-08-05"), "2025-07", id="a month that has begun"),
        pytest.param(days("2025-07-10", "2025-08-31"), "2025-08", id="a first month cut off"),
        pytest.param(days("2025-08-05", "2025-08-20"), "2025-08", id="one month, cut off"),
        pytest.param({date(2025, 8, 31)}, "2025-08", id="one day, the last"),
        pytest.param({date(2025, 8, 1)}, "2025-08", id="one day, the first"),
        pytest.param(days("2024-12-01", "2025-01-15"), "2024-12", id="over the year"),
        *(
            pytest.param(days("2025-01-01", "2025-08-31") | {date.fromisoformat(slip)}, "2025-08",
                         id=f"a slip: {slip}")
            for slip in ("2052-08-31", "2026-08-31", "2025-11-30", "2025-10-08", "2025-09-30", "1925-08-31")
        ),
        pytest.param(days("2025-01-01", "2025-06-30") | days("2025-09-01", "2025-10-31"), "2025-10",
                     id="two months of rest"),
        pytest.param(days("2024-12-01", "2025-01-31") - days("2025-01-01", "2025-01-03"), "2025-01",
                     id="a holiday at the beginning"),
        pytest.param(days("2025-01-01", "2025-02-20") - days("2025-01-28", "2025-02-04"), "2025-01",
                     id="a holiday at the end"),
        pytest.param(days("2025-07-01", "2025-08-29", without=WEEKEND) | {date(2025, 7, 5)},
                     "2025-08", id="one Saturday of such a team"),
        pytest.param({date(2025, 6, 5), date(2025, 6, 6), date(2025, 9, 30)}, "2025-06",
                     id="no month whole: the fullest"),
        pytest.param({date(2025, 6, 2), date(2025, 6, 9), date(2025, 6, 16)}, "2025-06",
                     id="Mondays only, a week and more short"),
    ],
)  # fmt: skip
def test_the_latest_whole_month_of_data(with_data: set[date], month: str) -> None:
    found = latest_whole_month(with_data)
    assert found is not None
    assert found.label == month


def test_no_day_is_no_month() -> None:
    assert latest_whole_month([]) is None


@pytest.mark.parametrize(
    ("with_data", "complete"),
    [
        pytest.param(set[date](), False, id="nothing"),
        pytest.param(days("2025-08-01", "2025-08-31"), True, id="to the last day"),
        pytest.param(days("2025-08-01", "2025-08-30"), False, id="but for the last day"),
        pytest.param(days("2025-08-01", "2025-08-29", without=WEEKEND), True, id="to Friday"),
        pytest.param({date(2025, 9, 1)}, False, id="beyond the end"),
        pytest.param(days("2025-08-02", "2025-08-31"), False, id="but for the first day"),
        pytest.param(days("2025-07-31", "2025-09-01"), True, id="from before to behind"),
        pytest.param(
            days("2025-07-01", "2025-08-20") | {date(2052, 8, 31)},
            False,
            id="a slip beyond the end",
        ),
        pytest.param(
            days("2025-08-05", "2025-08-31") | {date(1925, 8, 5)},
            False,
            id="a slip before the beginning",
        ),
        pytest.param({date(2025, 8, 4)}, False, id="one Monday, four weeks before the end"),
        pytest.param({date(2025, 8, 25)}, False, id="one Monday, in the last week"),
    ],
)
def test_a_period_is_complete_when_the_data_reaches_its_end(
    with_data: set[date], complete: bool
) -> None:
    assert is_complete(parse_period("2025-08"), with_data) is complete


@given(st.sets(st.dates(date(2024, 1, 1), date(2025, 12, 31)), min_size=1, max_size=80))
def test_the_month_chosen_is_never_after_the_data_and_holds_or_follows_a_day(
    with_data: set[date],
) -> None:
    month = latest_whole_month(with_data)
    assert month is not None
    assert month.months == 1
    assert month.start <= max(with_data)
    assert month.end > min(with_data)
