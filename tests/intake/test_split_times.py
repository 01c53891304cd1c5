"""A day and a time of day in columns of their own: what to write is said, and works."""

from __future__ import annotations

import re

import pytest
from tests.conftest import Desk

from csq.draft.draft import draft_definition
from csq.errors import IntakeError

HEADERS = {
    "工单编号,日期,时间,渠道,首次解决": ("日期", "时间"),
    "工单编号,创建日期,创建时间,渠道,首次解决": ("创建日期", "创建时间"),
    "Ticket ID,Date,Time,Channel,FCR": ("Date", "Time"),
    "Ticket ID,Created date,Created time,Channel,FCR": ("Created date", "Created time"),
}
ROWS = {
    "plain": [
        (f"T{n}", f"2025-08-{n + 1:02d}", f"{n + 9:02d}:05:00", "电话", "是") for n in range(9)
    ],
    "halves": [(f"T{n}", f"2025/8/{n + 1}", f"上午{n + 1}:05", "电话", "是") for n in range(9)],
    "words": [(f"T{n}", f"2025年8月{n + 1}日", f"{n + 9}时05分", "电话", "是") for n in range(9)],
}


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
@pytest.mark.parametrize("header", HEADERS)
def test_the_lines_that_join_them_are_said_and_read_every_row(
    desk: Desk, header: str, rows: list[tuple[str, ...]]
) -> None:
    desk.put_rows("t.csv", header, rows)
    written = desk.indicator("COUNTIF(tickets, HOUR(created_at) >= 1)", "count")
    with pytest.raises(IntakeError) as error:
        desk.score("2025-08")
    [problem] = error.value.problems
    day, time = HEADERS[header]
    assert problem.line("en") == (
        f"t.csv:{time}: split-time: “Created at” seems to stand in two columns, the day in one and"
        " the time of day in the other → write into metrics.yaml: sources: { tickets: { columns: { created_at: { join:"
        f' ["{day}", "{time}"] }} }} }} }}'
    )
    assert problem.line("zh") == (
        f"t.csv:{time}: split-time: 「创建时间」像是分在两列，一列是日期，一列是时刻"
        " → 在 metrics.yaml 里写 sources: { tickets: { columns: { created_at: { join:"
        f' ["{day}", "{time}"] }} }} }} }}'
    )
    said = re.search(r"sources: .*", problem.hint.en)
    assert said
    written.write_text(f"{written.read_text('utf-8')}{said[0]}\n", encoding="utf-8")
    assert desk.value("2025-08") == len(rows)


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
@pytest.mark.parametrize("header", HEADERS)
def test_a_draft_joins_them(desk: Desk, header: str, rows: list[tuple[str, ...]]) -> None:
    desk.put_rows("t.csv", header, rows)
    draft = draft_definition([desk.exports], lambda _: None)
    [source] = draft.sources
    assert source.files[0].guessed["created_at"] == HEADERS[header]


def test_whole_times_beside_days_are_no_split_times(desk: Desk) -> None:
    rows = [(f"T{n}", "2025-08-01", f"2025-08-01 09:0{n}:00") for n in range(5)]
    desk.put_rows("t.csv", "工单编号,创建日,创建时间", rows)
    desk.indicator("COUNTIF(tickets, HOUR(created_at) = 9)", "count")
    assert desk.value("2025-08") == 5
