"""When a row happened: the edges of a period, offsets, orders of day and month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction

import openpyxl
import pytest
from tests.cli.driver import Csq
from tests.conftest import Desk, books, codes, find_total

from csq.errors import IntakeError, NoDataError
from csq.scorecard import Verdict

HEADER = "工单编号,创建时间"


def rows(*times: str) -> Iterator[tuple[str, str]]:
    yield from ((f"T{number}", time) for number, time in enumerate(times))


def test_a_period_holds_its_first_moment_and_not_the_next_ones(desk: Desk) -> None:
    # BETWEEN '08-01' AND '08-31' loses the whole of the 31st behind midnight.
    edges = rows(
        "2025-07-31 23:59:59.999999",
        "2025-08-01 00:00:00",
        "2025-08-31 00:00:00",
        "2025-08-31 23:59:59",
        "2025-08-31T23:59:59.999999",
        "2025-09-01 00:00:00",
    )
    desk.put_rows("t.csv", HEADER, edges)
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 4
    assert books(scorecard) == {"t.csv": (6, 4, 0, 0, 2)}


@pytest.mark.parametrize(("period", "inside"), [
    ("2025-08", 2), ("2025Q3", 3), ("2025H2", 4), ("2025", 4), ("2025-08..2025-09", 3), ("2025-W31", 1),
    ("2025-08-01..2025-08-31", 2), ("2025-08-31", 1),
])  # fmt: skip
def test_every_row_is_in_or_outside_of_the_period(desk: Desk, period: str, inside: int) -> None:
    # 2025-W31 is 28 July to 3 August: weeks do not end with months.
    times = (
        "2024-12-31 23:59:59",
        "2025-08-01",
        "2025-08-31 23:59:59.9",
        "2025-09-30",
        "2025-12-31",
    )
    desk.put_rows("t.csv", HEADER, rows(*times))
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score(period)
    assert find_total(scorecard).value == inside
    assert books(scorecard) == {"t.csv": (5, inside, 0, 0, 5 - inside)}


def test_months_add_up_to_their_quarter(desk: Desk) -> None:
    # A row at midnight must be in one month, not in two and not in none.
    days = [f"2025-{month:02d}-{day:02d} 00:00:00" for month in (7, 8, 9) for day in range(1, 31)]
    desk.put_rows("t.csv", HEADER, rows(*days))
    desk.indicator("COUNT(tickets)", "count")
    months = [desk.value(month) or 0 for month in ("2025-07", "2025-08", "2025-09")]
    assert sum(months) == desk.value("2025Q3") == 90


def test_a_time_with_an_offset_counts_in_the_zone_of_the_business(desk: Desk) -> None:
    # 16:30 UTC on 31 July is already August in Shanghai; dropping the Z moves it to July.
    times = ("2025-07-31T16:30:00Z", "2025-07-31 17:30:00+01:00", "2025-08-01T00:30:00+0800")
    desk.put_rows("t.csv", HEADER, rows(*times, "2025-08-01 00:30:00"))
    desk.indicator("COUNTIF(tickets, created_at = 2025-08-01 00:30:00)", "count")
    assert desk.value("2025-08") == 4


def test_a_time_with_an_offset_follows_the_declared_zone(desk: Desk) -> None:
    desk.put_rows("t.csv", HEADER, rows("2025-07-31T23:30:00Z"))
    desk.indicator("COUNT(tickets)", "count")
    desk.metrics.write_text(
        desk.metrics.read_text(encoding="utf-8") + "timezone: Europe/London\n", encoding="utf-8"
    )
    # London keeps summer time: half past midnight on 1 August.
    assert desk.value("2025-08") == 1


def test_a_duration_between_an_offset_and_a_plain_time_is_right(desk: Desk) -> None:
    # The two systems write the same moment differently; eight hours of difference are none.
    desk.put_rows(
        "t.csv",
        "工单编号,创建时间,首次响应时间",
        [("1", "2025-08-01T01:00:00Z", "2025-08-01 09:00:30")],
    )
    desk.indicator("AVERAGE(tickets, first_response_at - created_at)", "duration")
    assert desk.value("2025-08") == 30


ZONES = ("Asia/Shanghai", "UTC", "America/New_York", "Asia/Kolkata", "Nowhere/Land")


def test_the_zone_of_the_machine_changes_nothing(desk: Desk) -> None:
    # The cron job runs in UTC, the analyst's laptop in Shanghai.
    times = ("2025-07-31 23:59:59", "2025-08-01 00:00:00", "2025-07-31T16:00:00Z", "2025-09-01")
    desk.put_rows("t.csv", HEADER, rows(*times))
    desk.indicator("COUNT(tickets)", "count")
    csq = Csq(desk.folder, desk.folder)
    arguments = ("score", "exports", "--period", "2025-08", "--format", "json")
    printed = {csq.apart(*arguments, TZ=zone).out for zone in ZONES}
    assert len(printed) == 1
    assert '"value": 2' in printed.pop()


def test_dates_that_may_be_read_both_ways_are_refused(desk: Desk) -> None:
    # 03/08/2025 is in March or in August. A guess that is right in most months is the worst.
    desk.put_rows("t.csv", HEADER, rows("03/08/2025", "12/08/2025"))
    desk.indicator("COUNT(tickets)", "count")
    with pytest.raises(IntakeError) as refused:
        desk.score("2025-08")
    assert [problem.code for problem in refused.value.problems] == ["ambiguous-dates"]


def test_one_date_at_the_end_decides_the_order_of_the_whole_column(desk: Desk) -> None:
    # 40,000 rows allow both orders, and the last one only day first: a sample would guess.
    times = [f"{1 + i % 12:02d}/08/2025 10:00" for i in range(40_000)]
    desk.put_rows("t.csv", HEADER, rows(*times, "31/08/2025 10:00"))
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 40_001
    assert "decided-dates" in codes(scorecard)


def test_one_date_in_another_column_decides_for_the_file(desk: Desk) -> None:
    # One export writes all its dates alike.
    table = [("1", "03/08/2025 10:00", "25/08/2025 10:00")]
    desk.put_rows("t.csv", "工单编号,创建时间,解决时间", table)
    desk.indicator("AVERAGE(tickets, resolved_at - created_at)", "duration")
    assert desk.value("2025-08") == 22 * 86_400


def test_dates_of_both_orders_in_one_file_are_refused(desk: Desk) -> None:
    # Somebody edited half of it in another Excel: no order reads all rows.
    desk.put_rows("t.csv", HEADER, rows("13/08/2025", "08/14/2025"))
    desk.indicator("COUNT(tickets)", "count")
    with pytest.raises(IntakeError) as refused:
        desk.score("2025-08")
    assert [problem.code for problem in refused.value.problems] == ["ambiguous-dates"]


@pytest.mark.parametrize(("order", "month"), [("dmy", "2025-08"), ("mdy", "2025-03")])
def test_a_declared_order_is_followed(desk: Desk, order: str, month: str) -> None:
    desk.put_rows("t.csv", HEADER, rows("03/08/2025"))
    desk.indicator("COUNT(tickets)", "count")
    text = desk.metrics.read_text(encoding="utf-8")
    desk.define(
        text.partition("\n")[2] + f"sources:\n  tickets:\n    date_order: {order}\n",
    )
    assert desk.value(month) == 1


@pytest.mark.parametrize(
    "spelt", ["25-08-{:02d} 09:15", "25/8/{} 9:15", "25.8.{}", "25/8/{} 9:15:00 AM"]
)
def test_years_of_two_digits_in_front_are_asked_about_and_then_read(desk: Desk, spelt: str) -> None:
    # 25-08-01 is also 25 August 2001, and no date of the column says otherwise.
    desk.put_rows("t.csv", HEADER, rows(*(spelt.format(day) for day in range(1, 32))))
    desk.indicator("COUNT(tickets)", "count")
    with pytest.raises(IntakeError) as refused:
        desk.score("2025-08")
    assert {problem.code for problem in refused.value.problems} == {
        "no-valid-row",
        "undecided-date",
    }
    text = desk.metrics.read_text(encoding="utf-8")
    desk.define(text.partition("\n")[2] + "sources: { tickets: { date_order: ymd } }\n")
    assert desk.value("2025-08") == 31


def test_each_file_has_its_own_order(desk: Desk) -> None:
    # January came from one system, February from another.
    desk.put_rows("a.csv", HEADER, [("A", "31/08/2025"), ("B", "02/08/2025")])
    desk.put_rows("b.csv", HEADER, [("C", "08/31/2025"), ("D", "08/02/2025")])
    desk.indicator("COUNT(tickets)", "count")
    assert desk.value("2025-08") == 4


def test_days_that_are_not_in_the_calendar_are_refused(desk: Desk) -> None:
    # 2025-02-29 is no 1 March, and 24:00 no midnight of any day.
    times = ("2024-02-29", "2025-02-29", "2025-02-28 24:00:00", "2025-02-30", "2025-02-28")
    desk.put_rows("t.csv", HEADER, rows(*times))
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-02")
    assert books(scorecard) == {"t.csv": (5, 1, 3, 0, 1)}
    assert codes(scorecard)["unreadable-timestamp"] == 3


def test_a_period_without_a_row_is_no_number(desk: Desk) -> None:
    # An empty month neither meets nor misses a target: it is exit code 5.
    desk.put_rows("t.csv", HEADER, rows("2025-08-31"))
    desk.indicator("COUNT(tickets)", "count")
    with pytest.raises(NoDataError):
        desk.score("2025-09")


def test_an_indicator_may_count_by_another_time(desk: Desk) -> None:
    # Solved in August counts for August where the indicator says `time: resolved_at`.
    table = [
        ("1", "2025-07-20", "2025-08-02"),
        ("2", "2025-08-20", "2025-09-02"),
        ("3", "2025-08-30", ""),
    ]
    desk.put_rows("t.csv", "工单编号,创建时间,解决时间", table)
    desk.indicator("COUNT(tickets)", "count", time="resolved_at")
    assert desk.value("2025-08") == 1


def test_the_month_before_is_not_compared_where_it_is_only_half_there(desk: Desk) -> None:
    # Data from 20 July on: July is a third of a month, and +180 % would be nonsense.
    times = [f"2025-07-{day}" for day in range(20, 32)] + [
        f"2025-08-{day:02d}" for day in range(1, 32)
    ]
    desk.put_rows("t.csv", HEADER, rows(*times))
    desk.indicator("COUNT(tickets)", "count")
    score = desk.total("2025-08")
    assert score.value == 31
    assert (score.previous, score.change) == (None, None)


def test_a_month_that_is_not_over_is_marked(desk: Desk) -> None:
    desk.put_rows("t.csv", HEADER, rows(*(f"2025-08-{day:02d}" for day in range(1, 21))))
    desk.indicator("COUNT(tickets)", "count")
    assert not desk.score("2025-08").complete


def test_changes_are_exact_between_months_of_unequal_length(desk: Desk) -> None:
    july = [(f"J{i}", f"2025-07-{1 + i % 31:02d}", "是" if i < 20 else "否") for i in range(31)]
    august = [(f"A{i}", f"2025-08-{1 + i % 31:02d}", "是" if i < 21 else "否") for i in range(31)]
    desk.put_rows("t.csv", "工单编号,创建时间,首次解决", [*july, *august])
    desk.indicator("COUNTIF(tickets, first_contact_resolved) / COUNT(tickets)")
    score = desk.total("2025-08")
    assert (score.previous, score.change) == (Fraction(20, 31), Fraction(1, 31))
    assert score.verdict is Verdict.NO_TARGET


@pytest.mark.parametrize(("slip", "told"), [("解决时间", 1), ("创建时间", 2), (None, 0)])
def test_one_mistyped_year_does_not_make_every_row_look_old(
    desk: Desk, slip: str | None, told: int
) -> None:
    # Customers who may still come back would be counted as those who did not.
    header = ["工单编号", "创建时间", "解决时间", "客户编号"]
    found = [
        {
            "工单编号": f"T{day}",
            "创建时间": f"2025-08-{day:02d} 09:00",
            "解决时间": f"2025-08-{day:02d} 10:00",
            "客户编号": f"C{day}",
        }
        for day in range(1, 32)
    ]
    odd = dict(found[4], 工单编号="X", 客户编号="X")
    odd |= {} if slip is None else {slip: "2035-08-05 10:00", "解决时间": "2035-08-05 10:00"}
    desk.put_rows(
        "t.csv", ",".join(header), [[row[name] for name in header] for row in [*found, odd]]
    )
    desk.indicator("SHARE(tickets, AGAIN_WITHIN(customer_id, 7d))", mature_after="7d")
    scorecard = desk.score("2025-08")
    # From 25 August, 09:00 on a ticket is not seven days old at the end of the data.
    assert find_total(scorecard).unripe == 7
    assert codes(scorecard).get("stray-dates", 0) == told


SLIPS = {
    "the month after": ("解决时间", ["2025-09-30 10:00"], 1, 28),
    "the month after, created and resolved": ("创建时间", ["2025-09-30 09:00"], 2, 28),
    "three rows": ("解决时间", ["2025-09-20 10:00", "2025-09-21 10:00", "2025-09-30 10:00"], 3, 28),
    # What may have happened moves the end of the data, and no row is then younger than seven days.
    "four rows": ("解决时间", [f"2025-09-{day} 10:00" for day in (20, 21, 22, 23)], 0, 0),
    "within a week": ("解决时间", ["2025-09-07 10:00"], 0, 0),
    "nothing": ("解决时间", [], 0, 28),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_one_date_in_the_next_month_does_not_make_every_row_look_old(desk: Desk, slip: str) -> None:
    header, moments, told, unripe = SLIPS[slip]
    titles = ["工单编号", "创建时间", "解决时间", "客户编号"]
    rows = [
        [f"T{day}-{n}", f"2025-08-{day:02d} 09:00", f"2025-08-{day:02d} 10:00", f"C{day}-{n}"]
        for day in range(1, 32)
        for n in range(4)
    ]
    for number, moment in enumerate(moments):
        odd = [f"X{number}", "2025-08-02 09:00", "2025-08-02 10:00", f"X{number}"]
        odd[titles.index(header)] = moment
        odd[2] = moment if header == "创建时间" else odd[2]
        rows.append(odd)
    desk.put_rows("t.csv", ",".join(titles), rows)
    desk.indicator("SHARE(tickets, AGAIN_WITHIN(customer_id, 7d))", mature_after="7d")
    scorecard = desk.score("2025-08")
    # The data end on the 31st, 10:00: what came after the 24th, 10:00 is not seven days old.
    assert find_total(scorecard).unripe == unripe
    assert codes(scorecard).get("stray-dates", 0) == told
    # Where the odd dates count, the report says that the end of the data rests on them.
    assert codes(scorecard).get("thin-data-end", 0) == (1 if moments and not told else 0)


def test_the_row_that_moves_the_end_of_the_data_is_named(desk: Desk) -> None:
    days = [date(2025, 8, day) for day in range(1, 30) if date(2025, 8, day).weekday() < 5]
    rows = [[f"T{day:%d}-{n}", f"{day} 09:00", f"{day} 1{n}:00"] for day in days for n in range(5)]
    rows.insert(40, ["X", "2025-08-05 09:00", "2025-09-03 09:30"])
    desk.put_rows("t.csv", "工单编号,创建时间,解决时间", rows)
    desk.indicator("COUNT(tickets)", "count", mature_after="7d")
    told = [p for p in desk.score("2025-08").problems if p.code == "thin-data-end"]
    assert [problem.line("en") for problem in told] == [
        "t.csv:42: thin-data-end: the end of the data is 2025-09-03 09:30, by a few rows"
        " (1) after a gap (4 days) in “Resolved at” of Tickets → if it is a slip, mend it and"
        " export again: the later the end, the older the rows look"
    ]
    # A Monday after a weekend is no gap, however few rows it has.
    rows[40][2] = "2025-09-01 09:30"
    desk.put_rows("t.csv", "工单编号,创建时间,解决时间", rows)
    assert "thin-data-end" not in codes(desk.score("2025-08"))


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        # A Tuesday behind a Monday without a row, where the longest gap is a holiday of nine days.
        ("2025-12-02 09:30", 3),
        ("2025-12-04 09:30", 5),
        # A Monday behind the weekend, and the day after the last one, are what comes next.
        ("2025-12-01 09:30", None),
        ("2025-11-29 09:30", None),
    ],
)
def test_a_slip_shorter_than_the_longest_gap_is_told(
    desk: Desk, slip: str, told: int | None
) -> None:
    days = [date(2025, 9, 1) + timedelta(days=n) for n in range(89)]
    holiday = [date(2025, 10, day) for day in range(1, 9)]
    worked = [day for day in days if day.weekday() < 5 and day not in holiday]
    assert worked[-1] == date(2025, 11, 28)
    rows = [
        [f"T{day:%m%d}-{n}", f"{day} 09:00", f"{day} 1{n}:00"] for day in worked for n in range(5)
    ]
    rows.append(["X", "2025-11-05 09:00", slip])
    desk.put_rows("t.csv", "工单编号,创建时间,解决时间", rows)
    desk.indicator("COUNT(tickets)", "count", mature_after="7d")
    found = [p.line("en") for p in desk.score("2025-11").problems if p.code == "thin-data-end"]
    assert found == (
        []
        if told is None
        else [
            f"t.csv:{len(rows) + 1}: thin-data-end: the end of the data is {slip}, by a few rows"
            f" (1) after a gap ({told} days) in “Resolved at” of Tickets → if it is a slip, mend it"
            " and export again: the later the end, the older the rows look"
        ]
    )


def test_what_is_done_now_and_then_is_no_slip(desk: Desk) -> None:
    """An export that has gaps of weeks itself may end with one more."""
    desk.put_rows(
        "t.csv",
        "工单编号,创建时间,客户编号",
        [
            [f"T{day}-{n}", f"2025-08-{day:02d} 09:00", f"C{day}-{n}"]
            for day in range(1, 32)
            for n in range(4)
        ],
    )
    days = [date(2025, 1, 1) + timedelta(weeks=2 * week) for week in range(20)]
    items = [[f"G{n}", day.isoformat(), day.isoformat()] for n, day in enumerate(days)]
    desk.put_rows("plan.csv", "改进项编号,计划完成时间,实际完成时间", items)
    desk.indicator("SHARE(tickets, AGAIN_WITHIN(customer_id, 7d))", mature_after="7d")
    scorecard = desk.score("2025-08")
    assert days[-1] == date(2025, 9, 24)
    assert (find_total(scorecard).unripe, codes(scorecard).get("stray-dates", 0)) == (0, 0)


def test_a_year_without_its_makeup_days_is_told(desk: Desk) -> None:
    desk.put_rows(
        "t.csv", "工单编号,创建时间,解决时间", [("1", "2049-08-05 10:00", "2049-08-05 11:00")]
    )
    desk.define(
        'calendars:\n  office: { hours: { mon-fri: "09:00-18:00" }, holidays: CN, off_hours_reply: zero }\n'
        "indicators:\n  - { id: it, name: 它, unit: duration, direction: down,"
        " formula: 'AVERAGE(tickets, DURATION(created_at, resolved_at, \"office\"))' }\n"
    )
    told = [p for p in desk.score("2049-08").problems if p.code == "unknown-makeup-days"]
    assert [p.message.en.split(", but")[0] for p in told] == [
        "the calendar “office” is needed for 2049"
    ]


@pytest.mark.parametrize("formula", [
    "AVERAGE(tickets, resolved_at - created_at)", "COUNTIF(tickets, resolved_at > created_at + 1d)",
])  # fmt: skip
@pytest.mark.parametrize(("moment", "told"), [("2099-12-31 23:59:59", 5), ("2025-09-30 10:00", 0)])
def test_a_date_for_not_yet_that_a_formula_reads_is_told(
    desk: Desk, formula: str, moment: str, told: int
) -> None:
    # Some systems write 2099-12-31 where nothing has happened yet: a mean of four years.
    found = [
        (
            f"T{day}",
            f"2025-08-{day:02d} 09:00",
            moment if day % 6 == 0 else f"2025-08-{day:02d} 10:00",
        )
        for day in range(1, 32)
    ]
    desk.put_rows("t.csv", f"{HEADER},解决时间", found)
    desk.indicator(formula, "duration" if "AVERAGE" in formula else "count")
    scorecard = desk.score("2025-08")
    assert codes(scorecard) == ({"stray-dates": told} if told else {})
    assert [problem.line("en") for problem in scorecard.problems][:told] == [
        "stray-dates: “Resolved at” of Tickets: dates far from all others: 2099-12-31 → most likely a"
        " slip: mend them and export again; a date that stands for “not yet” goes under nulls: in"
        " sources:"
    ][:told]


def test_a_date_before_all_others_that_a_formula_reads_is_told(desk: Desk) -> None:
    # Nothing sent is 1970-01-01 08:00 in Shanghai, where a system writes its zero as a time.
    found = [
        (
            f"S{day}",
            "1970-01-01 08:00" if day % 6 == 0 else f"2025-08-{day:02d} 09:00",
            f"2025-08-{day:02d} 10:00",
            "5",
        )
        for day in range(1, 32)
    ]
    desk.put_rows("s.csv", "评价编号,发送时间,评价时间,满意度评分", found)
    desk.indicator("AVERAGE(surveys, responded_at - sent_at)", "duration")
    assert codes(desk.score("2025-08")) == {"stray-dates": 5}
    desk.indicator("COUNT(surveys)", "count")
    assert not codes(desk.score("2025-08"))


# The zone of a header --------------------------------------------------------------------------


@pytest.mark.parametrize(("header", "hours"), [
    ("Created at (UTC)", 0), ("created_at_utc", 0), ("Created at GMT", 0), ("创建时间（UTC时间）", 0), ("创建时间（时区：UTC）", 0),
    ("创建时间（格林威治时间）", 0), ("Created at (UTC-05:00)", -5), ("Created at [GMT+0530]", 5.5), ("创建时间（北京时间）", 8),
    ("Created at (GMT+8)", 8), ("Created at (Asia/Shanghai)", 8), ("创建时间（本地时间）", 8), ("Created at", 8),
])  # fmt: skip
def test_the_zone_that_a_header_names_is_that_of_its_times(
    desk: Desk, header: str, hours: float
) -> None:
    # Intercom and Zendesk Explore write "Created at (UTC)" above times without an offset.
    begin, end = datetime(2025, 8, 1), datetime(2025, 9, 1)
    ahead = timedelta(hours=hours - 8)
    edges = [begin, begin - timedelta(seconds=1), end, end - timedelta(seconds=1)]
    times = [str(edge + ahead) for edge in edges]
    # One with an offset of its own needs nobody to say where it is.
    desk.put_rows("t.csv", f"工单编号,{header}", rows(*times, "2025-08-31T23:59:59+08:00"))
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 3
    told = [problem.line("en") for problem in scorecard.problems]
    assert told == (
        []
        if hours == 8
        else [
            f"t.csv:{header}: moved-times: “{header}” names the zone of its times: those without"
            " an offset are moved to Asia/Shanghai"
            " → if they are local times already, take the zone out of the header"
        ]
    )


@pytest.mark.parametrize("count", [4, 5_000])
@pytest.mark.parametrize(("header", "moved"), [
    ("Created at (UTC)", 8), ("Created at (UTC+1)", 7), ("Created at (GMT+8)", 0), ("Created at", 0),
])  # fmt: skip
def test_the_zone_of_a_header_moves_plain_times_of_however_many_rows(
    desk: Desk, header: str, moved: int, count: int
) -> None:
    # A column of plain times is read as a whole; it was not moved where it was of UTC.
    times = ("2025-08-01 00:00:00", "2025-08-31 15:30:00", "2025-08-31 17:30:00")
    before = ["2025-07-31 12:00:00"] * count
    desk.put_rows("t.csv", f"工单编号,{header}", rows(*before, *times))
    desk.indicator("COUNT(tickets)", "count")
    begin, end = datetime(2025, 8, 1), datetime(2025, 9, 1)
    found = [datetime.fromisoformat(time) + timedelta(hours=moved) for time in times]
    expected = sum(begin <= each < end for each in found)
    assert find_total(desk.score("2025-08")).value == expected


ABOVE = """工单编号,创建时间
1,2025-07-31 20:00:00
2,2025-08-10 10:00:00
3,2025-08-31 10:00:00
4,2025-08-31 20:00:00
"""


@pytest.mark.parametrize(
    "line", ["时区：UTC", "Time zone,GMT+00:00", "All times are in UTC", "以下时间均为UTC时间"]
)
def test_the_zone_that_stands_above_the_header_is_that_of_its_times(desk: Desk, line: str) -> None:
    # 20:00 in UTC is 4:00 of the next day in Shanghai: one row comes from July, one goes.
    desk.put("t.csv", f"8月工单\n{line}\n\n{ABOVE}")
    desk.indicator("COUNTIF(tickets, HOUR(created_at) = 4)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 1
    assert books(scorecard) == {"t.csv": (4, 3, 0, 0, 1)}
    [problem] = scorecard.problems
    said = line.replace(",", " ")
    assert problem.line("en") == (
        f"t.csv: zone-above: “{said}” stands above the header: times without an offset are moved"
        " to Asia/Shanghai → if they are local times already, delete that line"
    )
    assert problem.line("zh") == (
        f"t.csv: zone-above: 表头上面写着「{said}」：没有时差的时间都换算到 Asia/Shanghai"
        " → 若这些时间已是本地时间，删去那一行"
    )


def test_a_zone_above_the_header_of_a_sheet_is_that_of_its_times(desk: Desk) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cells in (("8月工单",), ("时区", "UTC"), (), ("工单编号", "创建时间")):
        sheet.append(cells)
    for number, (day, hour) in enumerate([(10, 10), (31, 10), (31, 20)]):
        sheet.append((str(number), datetime(2025, 8, day, hour)))
    desk.exports.mkdir()
    book.save(desk.exports / "t.xlsx")
    desk.indicator("COUNTIF(tickets, HOUR(created_at) = 18)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 2
    assert books(scorecard) == {"t.xlsx": (3, 2, 0, 0, 1)}
    assert codes(scorecard) == {"zone-above": 1}


@pytest.mark.parametrize(
    "line",
    [
        "统计时间：2025-08 (UTC)",
        "Times shown in America/New_York",
        "Time zone: (GMT-05:00) Eastern",
    ],
)
def test_a_zone_above_the_header_that_may_be_of_something_else_is_told(
    desk: Desk, line: str
) -> None:
    desk.put("t.csv", f"{line}\n\n{ABOVE}")
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert books(scorecard) == {"t.csv": (4, 3, 0, 0, 1)}
    [problem] = scorecard.problems
    assert problem.line("en") == (
        f"t.csv: doubtful-zone-above: “{line}” stands above the header, while times without an"
        " offset are read as those of Asia/Shanghai → if they are of another zone, export them in"
        " UTC under a header such as “Created at (UTC)”, or change timezone: in metrics.yaml"
    )
    assert problem.line("zh") == (
        f"t.csv: doubtful-zone-above: 表头上面写着「{line}」，而没有时差的时间按 Asia/Shanghai"
        " 的本地时间读取 → 若是另一个时区的时间，按 UTC 导出并把列名写成“创建时间 (UTC)”，"
        "或改 metrics.yaml 的 timezone:"
    )


@pytest.mark.parametrize(
    ("line", "header"),
    [("时区：UTC+8", "创建时间"), ("导出时间：9:00 (北京时间)", "创建时间"), ("8月工单", "创建时间"), ("时区：UTC", "创建时间（北京时间）")],
)  # fmt: skip
def test_nothing_is_told_of_a_zone_that_changes_nothing(desk: Desk, line: str, header: str) -> None:
    desk.put("t.csv", f"{line}\n\n{ABOVE}".replace("创建时间", header))
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert books(scorecard) == {"t.csv": (4, 3, 0, 0, 1)}
    assert not scorecard.problems


def test_times_that_are_joined_are_moved_too(desk: Desk) -> None:
    desk.put_rows("t.csv", "工单编号,日期,时刻(UTC)", [("1", "2025-07-31", "16:00:00")])
    desk.define("""
sources: {tickets: {columns: {created_at: {join: [日期, 时刻]}}}}
indicators: [{id: it, name: it, formula: COUNT(tickets), unit: count, direction: up}]
""")
    assert desk.value("2025-08") == 1


@pytest.mark.parametrize("zone", ["EST", "PT", "America/New_York", "纽约时间", "CET", "UTC+25"])
def test_a_zone_without_one_offset_is_not_guessed(desk: Desk, zone: str) -> None:
    desk.put_rows("t.csv", f"Ticket ID,Created at ({zone})", rows("2025-08-01 10:00:00"))
    desk.indicator("COUNT(tickets)", "count")
    with pytest.raises(IntakeError) as refused:
        desk.score("2025-08")
    [problem] = refused.value.problems
    assert problem.line("en") == (
        f"t.csv:Created at ({zone}): unknown-zone: the zone that “Created at ({zone})” names has"
        " no one offset by which to move its times to Asia/Shanghai → export it in UTC or with"
        " offsets; or make timezone: in metrics.yaml that zone; if they are local times, take the"
        " zone out of the header"
    )


@pytest.mark.parametrize(("header", "zone"), [
    ("Created at (EST)", "America/New_York"), ("Created at (ET)", "America/New_York"), ("Created at (CET)", "Europe/Berlin"),
    ("Created at (Europe/Berlin)", "Europe/Berlin"), ("Created at (CST)", "Asia/Shanghai"),
])  # fmt: skip
def test_the_zone_of_the_business_itself_moves_nothing(desk: Desk, header: str, zone: str) -> None:
    desk.put_rows(
        "t.csv", f"Ticket ID,{header}", rows("2025-08-01 00:00:00", "2025-07-31 23:59:59")
    )
    desk.define(f"""
timezone: {zone}
indicators: [{{id: it, name: it, formula: COUNT(tickets), unit: count, direction: up}}]
""")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 1
    assert not codes(scorecard)


# The night the clocks change -------------------------------------------------------------------


@pytest.mark.parametrize(("zone", "day", "told"), [
    ("Europe/Berlin", "2025-03-30", 2), ("Europe/Berlin", "2025-10-26", 2), ("Europe/Berlin", "2025-06-15", 0),
    ("Asia/Shanghai", "2025-03-30", 0), ("America/New_York", "2025-03-30", 0), ("America/New_York", "2025-03-09", 2),
])  # fmt: skip
def test_durations_over_the_night_the_clocks_change_are_told(
    desk: Desk, zone: str, day: str, told: int
) -> None:
    moments = [
        (f"{day} 01:30:00", f"{day} 03:30:00"), (f"{day} 00:00:00", f"{day} 23:00:00"),
        (f"{day} 00:10:00", f"{day} 00:50:00"), (f"{day} 04:00:00", f"{day} 05:00:00"), (f"{day} 04:00:00", ""),
    ]  # fmt: skip
    found = [(f"T{n}", created, resolved) for n, (created, resolved) in enumerate(moments)]
    desk.put_rows("t.csv", f"{HEADER},解决时间", found)
    desk.define(f"""
timezone: {zone}
indicators:
  - {{id: it, name: it, formula: "SUM(tickets, resolved_at - created_at)", unit: duration, direction: down}}
  - {{id: n, name: n, formula: COUNT(tickets), unit: count, direction: up}}
""")
    scorecard = desk.score(day[:7])
    assert [problem.line("en") for problem in scorecard.problems] == (
        [
            f"clock-change: {told} rows of Tickets have times on both sides of the change of the"
            f" clocks on {day} ({zone}): durations between them are those of the clock → they are"
            " an hour off what passed; export the duration itself where that matters"
        ]
        if told
        else []
    )
    # No formula subtracts times: nothing to tell.
    assert not codes(desk.score(day[:7], indicators=("n",)))
