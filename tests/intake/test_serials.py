"""Times as the days that a spreadsheet counts: read where every number of the column is one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from tests.conftest import Desk, books, codes

DELAY = "AVERAGE(tickets, resolved_at - created_at)"


def put(desk: Desk, times: Sequence[tuple[str, str]]) -> None:
    rows = [(f"T{i}", *pair) for i, pair in enumerate(times)]
    desk.put_rows("t.csv", "工单编号,创建时间,解决时间", rows)


def test_numbers_of_days_are_read_and_told(desk: Desk) -> None:
    put(desk, [("45870.375", "45870.4166666667"), ("45871", "45871.5"), ("待定", "")])
    desk.indicator(DELAY, "duration")
    scorecard = desk.score("2025-08")
    assert books(scorecard)["t.csv"][:3] == (3, 2, 1)
    # One hour and half a day.
    assert desk.value("2025-08") == Fraction(6 * 3600 + 1800)
    told = [each.line("zh") for each in scorecard.problems if each.code == "serial-dates"]
    assert told == [
        "t.csv:2:创建时间: serial-dates: 列「创建时间」的数字是表格软件的日期序号："
        "45870.375 读作 2025-08-01 09:00:00 → 若不对，先在表格软件里把这一列设成日期格式，再导出",
        "t.csv:2:解决时间: serial-dates: 列「解决时间」的数字是表格软件的日期序号："
        "45870.4166666667 读作 2025-08-01 10:00:00 → 若不对，先在表格软件里把这一列设成日期格式，再导出",
    ]
    (notice, _) = (each for each in scorecard.problems if each.code == "serial-dates")
    assert notice.line("en") == (
        "t.csv:2:创建时间: serial-dates: the numbers of “创建时间” are days as a spreadsheet counts"
        " them: 45870.375 is read as 2025-08-01 09:00:00"
        " → if that is wrong, format the column as dates in the spreadsheet and export it again"
    )


@pytest.mark.parametrize(
    "other", ["2025-08-02", "20250802", "3600", "91800", "36525", "54789", "-45870", "4587.5"]
)
def test_what_is_no_day_of_this_age_leaves_all_numbers_refused(desk: Desk, other: str) -> None:
    put(desk, [("2025-08-01", "45870.5")] * 3 + [("2025-08-01", other), ("2025-08-01", "")])
    desk.indicator(DELAY, "duration")
    scorecard = desk.score("2025-08")
    is_time = other.startswith("2025")
    assert codes(scorecard)["unreadable-timestamp"] == (3 if is_time else 4)
    assert "serial-dates" not in codes(scorecard)


@pytest.mark.parametrize("note", ["共 312 条", "数据截至 2025-08-31", "Total: 45870", "31-Aug"])
def test_a_note_among_numbers_of_days_costs_its_own_row(desk: Desk, note: str) -> None:
    put(desk, [("45870", "45871.5"), ("45871", note), ("45870", "45870.5")])
    desk.indicator(DELAY, "duration")
    scorecard = desk.score("2025-08")
    assert books(scorecard)["t.csv"][:3] == (3, 2, 1)
    assert desk.value("2025-08") == 86400
    [problem] = (each for each in scorecard.problems if each.code == "unreadable-timestamp")
    assert (problem.place.row, problem.value) == (3, note)


@pytest.mark.parametrize("others", [
    # Dates in words, and what may be dates in a spelling that nobody can read.
    ["Aug 2, 2025"], ["2025年8月2日 上午9:05"], ["1 août 2025", "2 août 2025"], ["4.5871E+04"],
])  # fmt: skip
def test_among_dates_and_what_may_be_dates_no_number_is_read(desk: Desk, others: list[str]) -> None:
    rows = [*[("2025-08-01", "45870.5")] * 3, *[("2025-08-01", other) for other in others]]
    put(desk, [("2025-08-01", "")] + rows)
    desk.indicator(DELAY, "duration")
    scorecard = desk.score("2025-08")
    assert codes(scorecard)["unreadable-timestamp"] >= 3
    assert "serial-dates" not in codes(scorecard)


def test_one_note_in_twenty_is_still_a_note(desk: Desk) -> None:
    desk.indicator(DELAY, "duration")
    for notes, kept in ((2, 40), (3, 1)):
        days = [("45870", "45871")] * 39 + [("45870", "第 1 页")] * notes
        put(desk, [*days, ("45870", "")])
        assert books(desk.score("2025-08"))["t.csv"][:3] == (40 + notes, kept, 40 + notes - kept)


@pytest.mark.parametrize("never", ["99999", "9999年12月31日"])
def test_a_declared_word_for_nothing_is_no_time(desk: Desk, never: str) -> None:
    put(desk, [("45870", "45871"), ("45870", never)])
    desk.define(f"""
sources: {{tickets: {{nulls: {{resolved_at: ['{never}']}}}}}}
indicators:
  - {{id: it, name: it, formula: "{DELAY}", unit: duration, direction: up}}
""")
    scorecard = desk.score("2025-08")
    assert books(scorecard)["t.csv"][:3] == (2, 2, 0)
    assert desk.value("2025-08") == 86400


def test_the_notice_names_the_time_as_it_counts(desk: Desk) -> None:
    # Under a header that names another zone the numbers are moved like any time.
    header = "工单编号,创建时间（UTC）"
    desk.put_rows("t.csv", header, [("1", "45869.875"), ("2", "45870.5")])
    desk.indicator("COUNTIF(tickets, HOUR(created_at) = 5)", "count")
    scorecard = desk.score("2025-08")
    [notice] = (each for each in scorecard.problems if each.code == "serial-dates")
    assert notice.line("en") == (
        "t.csv:2:创建时间（UTC）: serial-dates: the numbers of “创建时间（UTC）” are days as a"
        " spreadsheet counts them: 45869.875 is read as 2025-08-01 05:00:00"
        " → if that is wrong, format the column as dates in the spreadsheet and export it again"
    )
    assert desk.value("2025-08") == 1


def test_a_zero_is_a_slip_of_its_row(desk: Desk) -> None:
    put(desk, [("45870", "45871"), ("45870", "0"), ("45870", "0.0")])
    desk.indicator(DELAY, "duration")
    scorecard = desk.score("2025-08")
    assert books(scorecard)["t.csv"][:3] == (3, 1, 2)
    assert desk.value("2025-08") == 86400


def test_a_workbook_says_from_when_it_counts(tmp_path: Path, desk: Desk) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    assert book.active is not None
    for row in (["工单编号", "创建时间", "解决时间"], ["T1", 44408.375, "44408,5"]):
        book.active.append(row)
    book.save(tmp_path / "made.xlsx")
    desk.put("t.xlsx", (tmp_path / "made.xlsx").read_bytes())
    desk.indicator(DELAY, "duration")
    assert desk.value("2025-08") == Fraction(3 * 3600)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    moments=st.lists(
        st.tuples(
            st.datetimes(datetime(2025, 8, 1), datetime(2025, 8, 31)),
            st.timedeltas(timedelta(0), timedelta(days=30)),
        ),
        min_size=1,
        max_size=8,
    ),
    comma=st.booleans(),
)
def test_every_number_is_the_moment_it_stands_for(
    desk: Desk, moments: list[tuple[datetime, timedelta]], comma: bool
) -> None:
    """To a thousandth of a second, as workbooks are read."""

    def day(moment: datetime) -> str:
        spelt = f"{(moment - datetime(1899, 12, 30)) / timedelta(days=1):.11f}"
        return spelt.replace(".", ",") if comma else spelt

    desk.put_rows(
        "t.csv",
        "工单编号,创建时间,解决时间",
        [(f"T{i}", day(start), day(start + took)) for i, (start, took) in enumerate(moments)],
    )
    desk.indicator(DELAY, "duration")
    found = desk.value("2025-08")
    assert found is not None
    expected = sum((took for _, took in moments), timedelta()) / len(moments)
    assert abs(found - Fraction(expected / timedelta(seconds=1))) <= Fraction(2, 1000)
