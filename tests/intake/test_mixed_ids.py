"""Ids that stand by number in one export and by name in another: people who count as two."""

from __future__ import annotations

import pytest
from tests.conftest import Desk, codes

AGENTS = "DISTINCT(tickets, agent_id)"


def put(desk: Desk, file: str, header: str, agents: list[str]) -> None:
    rows = [[f"{file}{n}", f"2025-08-0{n + 1} 09:00:00", each] for n, each in enumerate(agents)]
    desk.put_rows(f"{file}.csv", f"工单编号,创建时间,{header}", rows)


@pytest.mark.parametrize(("first", "second"), [("a", "b"), ("b", "a")])
def test_numbers_in_one_file_and_names_in_another_are_told(
    desk: Desk, first: str, second: str
) -> None:
    put(desk, first, "坐席工号", ["A1", "A2", "A3", "A1", "A2"])
    put(desk, second, "坐席", ["张三", "李四", "王五", "张三", "李四"])
    desk.indicator(AGENTS, "count")
    scorecard = desk.score("2025-08")
    [warning] = [p for p in scorecard.problems if p.code == "mixed-ids"]
    assert warning.line("en") == (
        "mixed-ids: Tickets: “Agent ID” is read from “坐席工号” in some files and from “坐席” in"
        " others, which have no value in common → where one holds numbers and the other names,"
        " export the same of both, or choose such columns with columns: under sources:; where they"
        " are different people all is well"
    )
    assert warning.line("zh") == (
        "mixed-ids: 工单的「坐席工号」在有的文件里读自「坐席工号」，在有的文件里读自「坐席」，两者没有一个相同的值"
        " → 若一列是工号、一列是姓名，导出同一种，或在 sources: 的 columns: 里指定同一种的列；本来就是不同的人就不用改"
    )
    assert scorecard.totals[0].value == 6


@pytest.mark.parametrize(("header", "agents"), [
    ("坐席", ["A1", "A4", "A5", "A6", "A7"]),  # the same sort in both
    ("坐席", ["张三", "李四", "王五", "", ""]),  # too few to say
    ("客服工号", ["B1", "B2", "B3", "B4", "B5"]),  # a column of its own in both
])  # fmt: skip
def test_what_may_well_be_of_one_sort_is_not(desk: Desk, header: str, agents: list[str]) -> None:
    put(desk, "a", "坐席工号", ["A1", "A2", "A3", "A1", "A2"])
    put(desk, "b", header, agents)
    desk.indicator(AGENTS, "count")
    assert "mixed-ids" not in codes(desk.score("2025-08"))
