"""Rows with one cell more than the header: a delimiter at their end, or a name in front."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Desk, books

from csq.draft.draft import draft_definition
from csq.errors import IntakeError

TICKETS = [
    ["ticket_id", "created_at", "channel", "resolved_at"],
    ["T1", "2025-08-01 09:00", "phone", "2025-08-01 10:00"],
    ["T2", "2025-08-02 09:00", "在线", ""],
    ["T3", "2025-08-31 09:00", "在线", "2025-08-31 10:00"],
]


def text_of(rows: list[list[str]], names: list[str] | None = None, behind: str = "") -> str:
    """A table whose rows have a name in front, or a delimiter behind, and whose header has none."""
    head, *below = [",".join(row) for row in rows]
    front = [f'"{name}",' for name in names] if names else [""] * len(below)
    lines = [first + row + behind for first, row in zip(front, below, strict=True)]
    return "\n".join([head, *lines]) + "\n"


def without_last(rows: list[list[str]]) -> list[list[str]]:
    return [rows[0], *([*row[:-1], ""] for row in rows[1:])]


def refusal(desk: Desk) -> str:
    with pytest.raises(IntakeError) as error:
        desk.score("2025-08")
    [problem] = error.value.problems
    return problem.line("zh") + "\n" + problem.line("en")


@pytest.mark.parametrize(
    "names", [["1", "2", "3"], ["7", "19", "20"], ["3", "1", "2"], list("abc")]
)
def test_the_names_of_rows_are_never_read_as_the_first_column(desk: Desk, names: list[str]) -> None:
    desk.put("t.csv", text_of(without_last(TICKETS), names))
    desk.indicator("COUNT(tickets)", "count")
    assert refusal(desk) == (
        "t.csv: row-names: 每一行都比表头（4 列）多一格：不知道「ticket_id」是第 1 列还是第 2 列的表头"
        " → 第 1 列是行号（例如 R 的 write.table）的，在表头最前面补一个名称和分隔符；"
        "行尾只是多了分隔符的，在表头末尾也补一个\n"
        "t.csv: row-names: every row has one cell more than the header (columns: 4): “ticket_id” may"
        " be the header of the first column or of the second → where the first column holds the"
        " names of the rows, as R’s write.table puts them there, put a name and a separator in"
        " front of the header; where rows only end in a separator, put one behind the header too"
    )


def test_the_header_that_is_mended_as_the_refusal_says_is_read(desk: Desk) -> None:
    text = text_of(without_last(TICKETS), ["1", "2", "3"])
    desk.put("t.csv", "row," + text)
    desk.indicator('COUNTIF(tickets, channel = "在线")', "count")
    assert desk.value("2025-08") == 2


@pytest.mark.parametrize("first", ["T", "", "10"])
def test_where_the_cells_fit_the_header_as_it_stands_a_delimiter_ends_the_rows(
    desk: Desk, first: str
) -> None:
    rows = [TICKETS[0], *([row[0].replace("T", first), *row[1:]] for row in TICKETS[1:])]
    desk.put("t.csv", text_of(rows, behind=","))
    desk.indicator('COUNTIF(tickets, channel = "在线")', "count")
    assert desk.value("2025-08") == 2


def test_times_that_fit_either_way_leave_numbered_rows_open(desk: Desk) -> None:
    rows = [["created_at", "first_response_at", "ticket_id", "resolved_at"]]
    rows += [[f"2025-08-0{n} 09:00", f"2025-08-0{n} 09:05", f"T{n}", ""] for n in (1, 2, 3)]
    desk.put("t.csv", text_of(rows, ["1", "2", "3"]))
    desk.indicator("COUNT(tickets)", "count")
    assert "t.csv: row-names: " in refusal(desk)


ROSTER = [["agent_id", "name", "team"], ["A1", "Wang", "North"], ["A2", "Li", "South"]]


def roster(desk: Desk, text: str) -> None:
    owned = [[*row, "A1" if number else "agent_id"] for number, row in enumerate(TICKETS)]
    desk.put("tickets.csv", text_of(owned))
    desk.put("agents.csv", text)


@pytest.mark.parametrize("names", [["1", "2"], ["2", "1"], ["4", "9"]])
def test_a_roster_is_not_read_one_column_off(desk: Desk, names: list[str]) -> None:
    roster(desk, text_of(without_last(ROSTER), names))
    desk.indicator("COUNT(tickets)", "count")
    assert "agents.csv: row-names: " in refusal(desk)


@pytest.mark.parametrize(
    ("column", "values"), [("状态", ["在职", "离职"]), ("带教期", ["是", "否"])]
)
def test_words_in_front_of_a_roster_are_known_by_a_column_of_few_values(
    desk: Desk, column: str, values: list[str]
) -> None:
    head = ["agent_id", "name", column, "team"]
    rows = [[f"A{n}", "Wang", value, ""] for n, value in enumerate(values)]
    roster(desk, text_of([head, *rows], ["王芳", "李雷"]))
    desk.define("""
sources: {agents: {fields: {is_new: {type: flag, columns: [带教期]}}}}
indicators: [{id: it, name: it, formula: COUNT(tickets), unit: count, direction: up}]
""")
    assert "agents.csv: row-names: " in refusal(desk)
    (desk.exports / "agents.csv").unlink()
    roster(desk, text_of([head, *rows], behind=","))
    assert books(desk.score("2025-08"))["agents.csv"] == (2, 2, 0, 0, 0)


def test_a_value_of_ones_own_fits_its_column(desk: Desk) -> None:
    # By its words alone the next column would be the one of the status.
    head = ["agent_id", "name", "status", "note"]
    rows = [[f"A{n}", "Wang", value, "在职"] for n, value in enumerate(["编内", "编外"])]
    text = text_of([head, *rows], behind=",")
    roster(desk, text)
    desk.indicator("COUNT(tickets)", "count")
    assert "agents.csv: row-names: " in refusal(desk)
    desk.define("""
sources: {agents: {values: {status: {在职: [编内], 离职: [编外]}}}}
indicators: [{id: it, name: it, formula: COUNT(tickets), unit: count, direction: up}]
""")
    assert books(desk.score("2025-08"))["agents.csv"] == (2, 2, 0, 0, 0)


@pytest.mark.parametrize(
    "rows", [ROSTER, [["序号", *ROSTER[0]], *([str(n), *row] for n, row in enumerate(ROSTER[1:]))]]
)
def test_a_roster_whose_rows_end_in_a_delimiter_is_read(desk: Desk, rows: list[list[str]]) -> None:
    roster(desk, text_of(rows, behind=","))
    desk.indicator("COUNT(tickets)", "count")
    assert books(desk.score("2025-08"))["agents.csv"] == (2, 2, 0, 0, 0)


def test_no_definition_is_drafted_from_columns_that_may_be_shifted(tmp_path: Path) -> None:
    for number, header in enumerate((TICKETS[0], ["case_no", "opened", "way", "done"])):
        path = tmp_path / f"{number}.csv"
        rows = without_last([header, *TICKETS[1:]])
        path.write_text(text_of(rows, ["1", "2", "3"]), "utf-8")
        with pytest.raises(IntakeError) as error:
            draft_definition([path], lambda step: None)
        assert [problem.code for problem in error.value.problems] == ["row-names"]


def test_a_torn_row_is_told_the_columns_of_the_header_as_it_is_written(desk: Desk) -> None:
    desk.put("t.csv", text_of(TICKETS, behind=",") + "T4,2025-08-05 09:00,chat,,,x,y\n")
    desk.indicator("COUNT(tickets)", "count")
    lines = [p.line("en") for p in desk.score("2025-08").problems if p.code == "ragged-row"]
    assert lines == [
        "t.csv:5: ragged-row: 7 cells where the header has 4"
        " → look for a missing or extra separator or quote"
    ]
