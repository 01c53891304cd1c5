"""A workbook with several sheets: the parts of one source are read together, the others named."""

from __future__ import annotations

from collections.abc import Sequence

import openpyxl
import pytest
from tests.conftest import Desk

from csq.errors import IntakeError
from csq.scorecard import Scorecard

Rows = Sequence[Sequence[object]]

TICKETS = ["工单编号", "创建时间", "渠道"]
SURVEYS = ["评价编号", "评价时间"]
JULY: Rows = [TICKETS, ["T1", "2025-07-01", "电话"], ["T2", "2025-07-02", "邮件"]]
AUGUST: Rows = [["8 月"], TICKETS, ["T2", "2025-07-02", "邮件"], ["T3", "2025-08-01", "电话"]]
RATINGS: Rows = [SURVEYS, ["S1", "2025-08-02"]]
NOTES: Rows = [["口径"], ["工单编号", "由系统生成"]]


def save(desk: Desk, hidden: str = "", **sheets: Rows) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name == hidden else "visible"
        for row in rows:
            sheet.append(list(row))
    desk.exports.mkdir(exist_ok=True)
    book.save(desk.exports / "t.xlsx")


def score(desk: Desk, sources: str = "") -> Scorecard:
    desk.indicator("COUNT(tickets)", "count")
    desk.metrics.write_text(desk.metrics.read_text() + sources)
    return desk.score("2025-07..2025-08")


def books(scorecard: Scorecard) -> dict[str | None, tuple[str, int, int, int, int, int]]:
    """By sheet: the source, and rows read, kept, rejected, duplicates, outside the period."""
    found = {
        each.place.sheet: (
            each.source, each.read, each.kept, each.rejected, each.duplicates, each.outside_period,
        )
        for each in scorecard.receipts
    }  # fmt: skip
    assert len(found) == len(scorecard.receipts)
    return found


def notices(scorecard: Scorecard) -> list[str]:
    return [problem.line("en") for problem in scorecard.problems if problem.code == "other-sheet"]


def test_a_sheet_a_month_is_read_whole_and_its_overlap_counted_once(desk: Desk) -> None:
    save(desk, 七月=JULY, 八月=AUGUST, 说明=NOTES)
    scorecard = score(desk)
    assert books(scorecard) == {
        "七月": ("tickets", 2, 1, 0, 1, 0),
        "八月": ("tickets", 2, 2, 0, 0, 0),
    }
    assert notices(scorecard) == [
        "t.xlsx: other-sheet: other sheets were not read: 说明"
        " → if one holds data, name it with sheet: under sources:"
    ]


def test_a_sheet_that_goes_on_without_a_header_is_not_left_out(desk: Desk) -> None:
    # So a program writes that has come to the last row of an old sheet.
    save(desk, 七月=JULY, 七月续=[["T4", "2025-07-09 10:00:00", "电话"]])
    with pytest.raises(IntakeError) as raised:
        score(desk)
    [problem] = raised.value.problems
    assert problem.line("en") == (
        "t.xlsx:七月续: headless-sheet: the sheet has no header, but the columns of the sheet"
        " “七月”, which it seems to go on → put the header into its first row; if it is no data,"
        " name the others with sheet: under sources:"
    )
    assert problem.line("zh") == (
        "t.xlsx:七月续: headless-sheet: 这张工作表没有表头，但列数和工作表「七月」一样，像是它的续表"
        " → 在第一行补上表头；若不是数据，在 sources: 里用 sheet: 写明要读的工作表"
    )
    assert set(books(score(desk, "sources: {tickets: {sheet: 七月}}"))) == {"七月"}


def test_a_part_that_lacks_a_required_column_is_not_left_out(desk: Desk) -> None:
    save(desk, 七月=JULY, 八月=[["单据", *TICKETS[1:]], *AUGUST[2:]])
    with pytest.raises(IntakeError) as raised:
        score(desk)
    [problem] = raised.value.problems
    assert problem.line("en") == (
        "t.xlsx:八月: missing-id: the column of ids “Ticket ID” is missing"
        " (present: 单据, 创建时间, 渠道) → name its header with columns: under sources:,"
        " csq init drafts that; where there is none, join columns that make one, such as columns:"
        " { ticket_id: { join: [Date, Agent] } }"
    )


@pytest.mark.parametrize("other", [
    [["渠道", "数量", "占比"], ["电话", 3, 0.5]], [["2025-07", 3], ["2025-08", 4]], [["创建时间", "数量"], ["2025-07-01", 3]],
])  # fmt: skip
def test_a_sheet_of_sums_is_only_named(desk: Desk, other: Rows) -> None:
    save(desk, 七月=[[*JULY[0], "状态", "产品"], *JULY[1:]], 汇总=other)
    scorecard = score(desk)
    assert set(books(scorecard)) == {"七月"}
    assert len(notices(scorecard)) == 1


def test_a_row_refused_on_a_second_sheet_is_told_with_its_sheet(desk: Desk) -> None:
    save(desk, 七月=JULY, 八月=[*AUGUST, ["T4", "soon", "电话"]])
    desk.indicator("COUNT(tickets)", "count")
    desk.metrics.write_text(desk.metrics.read_text() + "tolerance: 50%\n")
    scorecard = desk.score("2025-07..2025-08")
    assert books(scorecard)["八月"] == ("tickets", 3, 2, 1, 0, 0)
    [told] = [each for each in scorecard.problems if each.code == "unreadable-timestamp"]
    assert str(told.place) == "t.xlsx:八月:5:创建时间"


def test_a_sheet_of_another_source_is_named(desk: Desk) -> None:
    save(desk, 工单=JULY, 评价=RATINGS)
    scorecard = score(desk)
    assert list(books(scorecard)) == ["工单"]
    assert [line.split(" → ")[0] for line in notices(scorecard)] == [
        "t.xlsx: other-sheet: other sheets were not read: 评价"
    ]


def test_a_hidden_sheet_is_named_where_one_is_shown(desk: Desk) -> None:
    save(desk, hidden="七月", 七月=JULY, 八月=AUGUST)
    scorecard = score(desk)
    assert list(books(scorecard)) == ["八月"]
    assert "not read: 七月 →" in notices(scorecard)[0]


def test_a_hidden_sheet_that_alone_holds_data_is_read(desk: Desk) -> None:
    save(desk, hidden="七月", 七月=JULY, 说明=NOTES)
    assert list(books(score(desk))) == ["七月"]


@pytest.mark.parametrize(("named", "read"), [
    ("八月", ["八月"]), ("[八月]", ["八月"]), ("[八月, 七月]", ["七月", "八月"]),
])  # fmt: skip
def test_sheets_that_are_named_are_read_and_no_others(
    desk: Desk, named: str, read: list[str]
) -> None:
    save(desk, hidden="八月", 七月=JULY, 八月=AUGUST)
    scorecard = score(desk, f"sources:\n  tickets: {{ sheet: {named} }}\n")
    assert sorted(books(scorecard), key=str) == sorted(read)
    assert notices(scorecard) == []


@pytest.mark.parametrize("files", ["", "files: '*.xlsx', "])
def test_sheets_of_several_sources_are_read_where_each_is_named(desk: Desk, files: str) -> None:
    save(desk, 工单=JULY, 评价=RATINGS, 说明=NOTES)
    scorecard = score(
        desk,
        f"sources:\n  tickets: {{ {files}sheet: 工单 }}\n  surveys: {{ {files}sheet: 评价 }}\n",
    )
    assert {sheet: each[0] for sheet, each in books(scorecard).items()} == {
        "工单": "tickets",
        "评价": "surveys",
    }


def test_a_sheet_named_for_one_source_leaves_the_declared_one_the_others(desk: Desk) -> None:
    save(desk, 七月=JULY, 八月=AUGUST, 评价=RATINGS)
    scorecard = score(
        desk, "sources:\n  tickets: { files: 't.xlsx' }\n  surveys: { sheet: 评价 }\n"
    )
    assert {sheet: each[0] for sheet, each in books(scorecard).items()} == {
        "七月": "tickets",
        "八月": "tickets",
        "评价": "surveys",
    }


def test_a_named_sheet_is_what_its_source_says(desk: Desk) -> None:
    save(desk, 甲=[["单号", "时间"], ["T1", "2025-08-01"]], 乙=JULY)
    columns = "columns: { ticket_id: 单号, created_at: 时间 }"
    scorecard = score(desk, f"sources:\n  tickets: {{ sheet: 甲, {columns} }}\n")
    assert books(scorecard) == {"甲": ("tickets", 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(("sheets", "told"), [
    ("九月", ["t.xlsx: unknown-sheet: there is no sheet “九月” (present: 七月, 空) → mend sheet:"]),
    ("空", ["t.xlsx:空: empty-file: the file is empty → export it again, or move it away"]),
])  # fmt: skip
def test_a_named_sheet_that_is_not_there_or_blank_is_told(
    desk: Desk, sheets: str, told: list[str]
) -> None:
    save(desk, 七月=JULY, 空=[[None]])
    with pytest.raises(IntakeError) as refused:
        score(desk, f"sources:\n  tickets: {{ files: 't.xlsx', sheet: {sheets} }}\n")
    assert [problem.line("en") for problem in refused.value.problems] == told
