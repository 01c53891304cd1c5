"""Times in words: what they are, and what is left as it is."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest
from tests.conftest import Desk

from csq.intake.spelling.cells import clean_cells
from csq.records.column import Column
from csq.records.moments import spell_out
from csq.records.notation import DateOrder
from csq.records.reading import FieldType, Reading, UnreadableCell, read_cell

MOMENT = datetime(2025, 8, 1, 15, 5, 6)
SPELT = (
    "2025年8月1日 下午3:05:06", "2025/8/1 下午 3:05:06", "2025-08-01 下午15:05:06", "2025年8月1日15时5分6秒", "2025年8月1日15點05分06秒",
    "2025年8月1日 星期五 15:05:06", "2025-08-01 周五 15:05:06", "2025-08-01(周五) 15:05:06", "Aug 1, 2025 3:05:06 PM", "August 01 2025 15:05:06",
    "1 August 2025 15:05:06", "01/Aug/25 3:05:06 PM", "01-Aug-2025 15:05:06", "August 1st, 2025 at 3:05:06 p.m.", "Fri, 1 Aug 2025 15:05:06",
    "Friday, August 1, 2025 3:05:06 PM", "2025-08-01 07:05:06 UTC", "2025-08-01 15:05:06+08", "2025-08-01 15:05:06 +0800", "2025-08-01 15:05:06 GMT+8",
    "2025-08-01T07:05:06.000000000Z", "Fri Aug 01 2025 15:05:06 GMT+0800 (中国标准时间)", "Fri Aug 01 07:05:06 UTC 2025", "Fri Aug 01 15:05:06 +0800 2025",
    "2025年08月01日15:05:06", "20250801T150506", "20250801 150506", "20250801T070506Z", "20250801T150506+0800", "01-AUG-25 03.05.06.000000000 PM",
    "01-AUG-2025 03.05.06 PM +08:00", "01AUG2025:15:05:06", "2025-08-01 07:05:06 +0000 UTC", "2025-08-01 15:05:06.000 +0800 CST", "1754031906.0",
    "2025-08-01T15:05:06+08:00[Asia/Shanghai]", "2025-08-01T07:05:06Z[Etc/UTC]", "2025-08-01T07:05:06Z[UTC]",
    "20250801 15:05:06", "20250801T07:05:06Z", "01-8月 -25 03.05.06.000000000 下午", "01-8月-25 03.05.06 下午 +08:00", "1754031906.0000000",
    "1754031906", "1754031906000", "2025-08-01, 15:05:06", "2025年8月1日　下午３：０５：０６", "2025/8/1 下午3:05:06",
    "2025/8/1 3:05:06 下午", "2025/8/1下午3:05:06", "2025-08-01 PM 3:05:06", "2025/8/1 15时05分06秒", "2025.8.1 15点05分06秒", "2025/8/1 下午3点05分06秒",
)  # fmt: skip


def read(text: str) -> datetime | str:
    try:
        return read_cell(text, datetime, Column("x", "x"), Reading())  # type: ignore[no-any-return]
    except UnreadableCell as unreadable:
        return unreadable.code


@pytest.mark.parametrize("text", SPELT)
def test_one_time_in_many_words(text: str) -> None:
    assert read(text) == MOMENT


@pytest.mark.parametrize(("text", "hour"), [
    ("上午12:05", 0), ("上午11:05", 11), ("下午12:05", 12), ("凌晨12:05", 0), ("凌晨3:05", 3), ("中午12:05", 12), ("中午1:05", 13),
    ("中午11:05", 11), ("晚上8:05", 20), ("早上8:05", 8),
    ("清晨5:05", 5), ("傍晚6:05", 18), ("9点05分", 9), ("09时05分", 9), ("下午9点05分", 21),
])  # fmt: skip
def test_halves_of_the_day(text: str, hour: int) -> None:
    assert read(f"2025年8月1日 {text}") == datetime(2025, 8, 1, hour, 5)


@pytest.mark.parametrize("text", [
    "Fri Aug 01 15:05:06 CST 2025", "2025年8月1日 晚上12:30", "2025年8月1日 晚上3:30", "2025-08-01 上午15:05", "2025年13月1日 下午3:05", "31 Feb 2025 10:00",
    "Foo 1, 2025", "2025-08-01 25:00:00 UTC", "下午3:05", "2025-08-01 上午3:05 PM", "01/08/2025 15:05 UTC", "3754006400", "17540064001", "Aug 2025",
    "2025-08-01 15:05 (一)(二)", "09时05分", "9点05分", "上午9点05分", "2025-08-01 上午9:05下午", "2025-08-01上午15:05",
    "2025-08-01 傍晚3:05", "2025/8/115:05:06", "2025-08-01 9点65分", "2025-08-01 09:05分", "2025-08-01 15:05:06 PST",
    "20250801T1505", "20251301T150506", "20250801 250506", "01-AUG-25 03.05.06", "2025-08-01T15:05:06[Asia/Shanghai]", "1754031906.1234567890", "20250801 1505:06", "01-8月 -25 15.05", "01-13月-25",
    "2025-08-01 15:05:06 CST +0800 x", "175403190.5", "2025年08月015:05:06",
])  # fmt: skip
def test_what_may_be_another_time_is_not_read(text: str) -> None:
    assert read(text) in {"unreadable-timestamp", "undecided-date"}


@pytest.mark.parametrize("text", [
    "2025-08-01 15:05:06", "2025-08-01T15:05:06+08:00", "01/08/2025", "", "x", "2025年8月1日", "8/1/2025 3:05 PM", "合计",
])  # fmt: skip
def test_what_is_plain_stays_as_it_is(text: str) -> None:
    assert spell_out(text) == text


@pytest.mark.parametrize("beside", ["", "2025-08-01 09:00:00", "2025年8月1日 下午3:05", "x"])
def test_a_column_is_spelt_out_as_each_of_its_cells_is(beside: str) -> None:
    for text in (*SPELT, "01/08/2025, 3:05 PM", "2025-8-1 9:05-05", "Abcd-08-01 09:15:ab"):
        cells = clean_cells([pa.array(["", text, beside][1:])], FieldType.TIMESTAMP).to_pylist()
        alone = clean_cells([pa.array([text])], FieldType.TIMESTAMP).to_pylist()
        assert cells[0] == alone[0]
        assert read(cells[0]) == read(text)


@pytest.mark.parametrize(
    "text", ["8/1/25 下午3:05:06", "8/1/2025下午3:05:06", "8/1/25 15时05分06秒"]
)
def test_a_half_of_the_day_behind_a_date_in_its_declared_order(text: str) -> None:
    american = Reading(order=DateOrder.MONTH_FIRST)
    assert read_cell(text, datetime, Column("x", "x"), american) == MOMENT
    assert read(text) == "undecided-date"


def test_times_in_words_count_in_their_month(desk: Desk) -> None:
    rows = [(f"T{n}", text) for n, text in enumerate(SPELT)]
    desk.put_rows("t.csv", "工单编号,创建时间", rows)
    desk.indicator("COUNTIF(tickets, HOUR(created_at) = 15)", "count")
    assert desk.value("2025-08") == len(SPELT)
