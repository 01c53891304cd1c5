"""Rows: each is counted once or refused and counted as refused, and holds what its file says."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from fractions import Fraction

import openpyxl
import pytest
from tests.conftest import Desk, books, codes, find_total

from csq.errors import IntakeError
from csq.intake.receipt import Receipt
from csq.wording import Wording

TICKETS = "工单编号,创建时间,坐席工号"
DAY = "2025-08-31 10:00:00"


def ids(*names: str) -> Iterable[tuple[str, str, str]]:
    return [(name, DAY, "A1") for name in names]


# The same thing twice --------------------------------------------------------------------------


def test_overlapping_exports_count_each_ticket_once(desk: Desk) -> None:
    # July's export was taken on 5 August, August's holds everything since 1 July.
    desk.put_rows("a.csv", TICKETS, ids("1", "2", "3"))
    desk.put_rows("b.csv", TICKETS, ids("3", "4"))
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 4
    assert books(scorecard) == {"a.csv": (3, 2, 0, 1, 0), "b.csv": (2, 2, 0, 0, 0)}


def test_the_latest_row_of_a_ticket_counts(desk: Desk) -> None:
    # The ticket was still open in the first export and in the first of its two rows.
    desk.put_rows("a.csv", "工单编号,创建时间,状态", [("1", DAY, "新建"), ("1", DAY, "处理中")])
    desk.put_rows("b.csv", "工单编号,创建时间,状态", [("1", DAY, "已关闭")])
    desk.indicator('COUNTIF(tickets, status = "已关闭")', "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 1
    assert books(scorecard) == {"a.csv": (2, 0, 0, 2, 0), "b.csv": (1, 1, 0, 0, 0)}


def test_an_id_that_a_workbook_shows_with_zeros_is_the_one_of_the_csv(desk: Desk) -> None:
    # Excel holds the number 7 and shows 0007; saved as CSV the same sheet says 0007.
    desk.put_rows("a.csv", TICKETS, ids("0007", "0008"))
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(TICKETS.split(","))
    for number in (8, 9):
        sheet.append([number, DAY, "A1"])
        sheet.cell(sheet.max_row, 1).number_format = "0000"
    workbook.save(desk.exports / "b.xlsx")
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 3
    assert books(scorecard) == {"a.csv": (2, 1, 0, 1, 0), "b.xlsx": (2, 2, 0, 0, 0)}


@pytest.mark.parametrize("again", ["7", "0007", "7.0", "００７"])
def test_ids_that_are_one_number_are_told(desk: Desk, again: str) -> None:
    desk.put_rows("a.csv", TICKETS, ids("007", "8", "T09"))
    desk.put_rows("b.csv", TICKETS, ids(again, "T9", "80"))
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 6
    [problem] = scorecard.problems
    # Messages are in plain digits.
    first, last = sorted(("007", {"００７": "007"}.get(again, again)))
    assert problem.line("en") == (
        "alike-ids: Tickets: 1 of “Ticket ID” differ only in zeros in front, a .0 behind or"
        f" full-width digits, and count as different: {first}, {last}"
        " → export the ids alike everywhere, as text"
    )
    assert problem.line("zh") == (
        "alike-ids: 工单有 1 个「工单编号」只差前面的 0、末尾的 .0 或全角数字，按不同的编号计："
        f"{first}, {last} → 让各份导出的编号写法一致"
    )


@pytest.mark.parametrize("others", [("07", "70"), ("8", "9"), ("甲1", "甲01"), ("1.10", "1.1")])
def test_ids_that_are_not_one_number_are_not_told(desk: Desk, others: tuple[str, str]) -> None:
    desk.put_rows("a.csv", TICKETS, ids(*others))
    desk.indicator("COUNT(tickets)", "count")
    assert not codes(desk.score("2025-08"))


def test_two_things_with_one_id_are_told(desk: Desk) -> None:
    # Two platforms that both count from 1; the third row is one of the first file, saved by Excel.
    header = "通话编号,进入队列时间"
    desk.put_rows("a.csv", header, [("1", DAY), ("2", DAY), ("3", "2025-08-31 11:00:27")])
    rows = [("1", "2025-08-30 09:00:00"), ("2", "2025-08-31 10:01:00"), ("3", "2025/8/31 11:00")]
    desk.put_rows("b.csv", header, rows)
    desk.indicator("COUNT(calls)", "count")
    scorecard = desk.score("2025-08")
    assert books(scorecard) == {"a.csv": (3, 0, 0, 3, 0), "b.csv": (3, 3, 0, 0, 0)}
    problem = next(each for each in scorecard.problems if each.code == "shared-id")
    assert problem.count == 2
    assert problem.line("en") == (
        "a.csv: shared-id: 2 rows repeat a “Call ID” with another “Enqueued at”: two records may"
        " share an id, of which only the last row counts → where they are not the same, make ids"
        " that differ with join: under columns: in sources:, such as call_id: { join: [System, ID] }"
    )
    assert problem.line("zh") == (
        "a.csv: shared-id: 2 行的「通话编号」重复，「进入队列时间」却不同：可能是两条记录用了同一个"
        "编号，只算了最后一行 → 不是同一条记录的，在 sources: 的 columns: 里用 join: 合成不重复的"
        "编号，例如 call_id: { join: [系统, 编号] }"
    )


def test_agents_that_are_one_number_are_told(desk: Desk) -> None:
    # Where one cell of a column is blank, pandas makes fractions of all its numbers.
    desk.put_rows("a.csv", TICKETS, [("1", DAY, "1001"), ("2", DAY, "1002")])
    desk.put_rows("b.csv", TICKETS, [("3", DAY, "1001.0"), ("4", DAY, "1002.0"), ("5", DAY, "")])
    desk.indicator("DISTINCT(tickets, agent_id)", "count")
    [problem] = desk.score("2025-08").problems
    assert problem.line("en") == (
        "alike-ids: Tickets: 2 of “Agent ID” differ only in zeros in front, a .0 behind or"
        " full-width digits, and count as different: 1001, 1001.0"
        " → export the ids alike everywhere, as text"
    )


@pytest.mark.parametrize(("spellings", "shown"), [
    (("138 0000 1111", "+8613800001111", "86-138-0000-1111"), "+86138****1111 = 86-138-****-1111"),
    (("138-0000 1111", "138 0000-1111"), "138 ****-1111 = 138-**** 1111"),
    (("010-12345678", "(010)12345678"), "(010)****5678 = 010-****5678"),
    (("4008001234", "400-800-1234"), "40*-***-1234 = 40****1234"),
    (("A017", "a017", "A-017", "a 017"), "A-017 = a017"),
    (("A017-王芳", "a017-王芳"), "A017-王* = a017-王*"),
    (("王芳", "王 芳"), "王** = 王*"),
    (("WANG Fang", "Wang  fang"), "W*** F*** = W*** f***"),
])  # fmt: skip
def test_people_who_are_spelt_in_several_ways_are_told(
    desk: Desk, spellings: tuple[str, ...], shown: str
) -> None:
    # Nothing is put together: each counts as another, and the report says so.
    rows = [(str(n), DAY, each) for n, each in enumerate((*spellings, "x1", "x2"))]
    desk.put_rows("t.csv", TICKETS, rows)
    desk.indicator("DISTINCT(tickets, agent_id)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == len(spellings) + 2
    [problem] = scorecard.problems
    assert (problem.code, problem.count) == ("several-spellings", 1)
    assert problem.line("en") == (
        "several-spellings: Tickets: 1 of “Agent ID” seem to be spelt in several ways (capitals,"
        f" blanks, hyphens, +86), each counted as another: {shown} → export them alike; a few can"
        " be made one with values: under sources:, such as agent_id: { A017: [A-017] }"
    )
    assert problem.line("zh") == (
        "several-spellings: 工单有 1 个「坐席工号」疑似有多种写法（大小写、空格、连字符、+86），按不同的"
        f"计：{shown} → 让导出统一写法；只有几个的，在 sources: 里用 values: 归为一个，例如 agent_id:"
        " { A017: [A-017] }"
    )


@pytest.mark.parametrize("others", [
    ("0015000000Gv7qJ", "0015000000Gv7qj", "A"), ("100-1234567", "1001-234567", "1"), ("1-12", "11-2", "112"), ("A1-12", "A11-2"),
    ("王芳", "王 方"), ("a017", "a17"), ("+8613800001111", "+8613800001112"), ("1.10", "110"), ("o6_bmjrPT", "o6_bmjrpt"),
])  # fmt: skip
def test_people_who_only_look_alike_are_not_told(desk: Desk, others: tuple[str, ...]) -> None:
    desk.put_rows("t.csv", TICKETS, [(str(n), DAY, each) for n, each in enumerate(others)])
    desk.indicator("DISTINCT(tickets, agent_id)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == len(others)
    assert "several-spellings" not in codes(scorecard)


@pytest.mark.parametrize(
    "word", ["未知", "-", "匿名用户", "anonymous", "Unknown number", "?", "(空)", "无号码"]
)
def test_unknown_callers_are_not_silently_one_who_calls_again(desk: Desk, word: str) -> None:
    rows = [("1", DAY, word), ("2", DAY, word), ("3", DAY, "C1"), ("4", DAY, "-"), ("5", DAY, "")]
    desk.put_rows("t.csv", "工单编号,创建时间,客户编号", rows)
    desk.indicator("DISTINCT(tickets, customer_id)", "count")
    [problem] = desk.score("2025-08").problems
    assert (problem.code, problem.count) == ("nobodys-rows", 3)
    assert problem.line("en") == (
        f"nobodys-rows: Tickets: the “Customer ID” of 3 rows is a word for nobody, such as {word},"
        f" and counts as one → write nulls: {{ customer_id: ['{word}'] }} under sources:"
    )
    assert problem.line("zh") == (
        f"nobodys-rows: 工单有 3 行的「客户编号」是表示没有的词（例如 {word}），被当作同一个"
        f" → 在 sources: 里写 nulls: {{ customer_id: ['{word}'] }}"
    )
    desk.define(f"""
sources: {{tickets: {{nulls: {{customer_id: ['{word}', '-']}}}}}}
indicators:
  - {{id: it, name: it, formula: "DISTINCT(tickets, customer_id)", unit: count, direction: up}}
""")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 1
    assert not scorecard.problems


def test_keys_that_are_spelt_in_several_ways_are_told(desk: Desk) -> None:
    desk.put_rows("a.csv", TICKETS, ids("T-1", "T-2"))
    desk.put_rows("b.csv", TICKETS, ids("t1", "T3"))
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 4
    assert codes(scorecard) == {"several-spellings": 1}


def test_customers_that_excel_made_one_are_told(desk: Desk) -> None:
    rows = [(str(n), DAY, "1.38E+10") for n in range(3)]
    desk.put_rows(
        "t.csv", "工单编号,创建时间,客户编号", [*rows, ("4", DAY, "C1E+1"), ("5", DAY, "C2")]
    )
    desk.indicator("COUNTIF(tickets, AGAIN_WITHIN(customer_id, 7d))", "count")
    [problem] = desk.score("2025-08").problems
    assert (problem.code, problem.count) == ("flattened-reference", 3)
    assert problem.line("en") == (
        "flattened-reference: Excel has flattened the “Customer ID” of 3 rows of Tickets, such as"
        " 1.38E+10 → export it again with this column as text"
    )
    assert problem.line("zh") == (
        "flattened-reference: 工单有 3 行的「客户编号」被 Excel 压成了科学计数，例如 1.38E+10"
        " → 重新导出，把这一列设为文本"
    )


GROUPED = """\
渠道,工单编号,创建时间
电话,T1,2025-08-01
,T2,2025-08-31
小计,2,
在线,T3,2025-08-15
小计,1,
总计,3,
"""


def test_a_report_in_groups_is_told(desk: Desk) -> None:
    # Of T2 no channel is known: by channel it would silently be of none.
    desk.put("t.csv", GROUPED)
    desk.indicator('COUNTIF(tickets, channel = "电话")', "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 1
    [problem] = (p for p in scorecard.problems if p.code == "grouped-rows")
    assert problem.line("zh") == (
        "t.csv:渠道: grouped-rows: 「渠道」只在每组的第一行填写：有 1 行为空"
        " → 导出不分组的明细，或在 Excel 里把空白处向下填满"
    )
    assert problem.line("en") == (
        "t.csv:渠道: grouped-rows: “Channel” is only filled in the first row of each group: 1 rows are"
        " blank there → export the details without groups, or fill the blanks down in Excel"
    )


LEADING = """\
渠道,工单编号,创建时间
电话,T1,2025-08-01
,T2,2025-08-31
,T3,2025-08-02
在线,T4,2025-08-15
,T5,2025-08-16
"""


def test_a_report_in_groups_without_totals_is_told(desk: Desk) -> None:
    desk.put("t.csv", LEADING)
    desk.indicator('COUNTIF(tickets, channel = "电话")', "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 1
    [problem] = (p for p in scorecard.problems if p.code == "grouped-rows")
    assert problem.line("zh") == (
        "t.csv:渠道: grouped-rows: 「渠道」只在每组的第一行填写：有 3 行为空"
        " → 导出不分组的明细，或在 Excel 里把空白处向下填满"
    )


@pytest.mark.parametrize("cells", [
    "电话\n,T2,2025-08-31\n在线,T3,2025-08-31\n,T4,2025-08-31\n电话,T5,2025-08-31",  # comes again
    "\n,T2,2025-08-31\n在线,T3,2025-08-31\n,T4,2025-08-31\n电话,T5,2025-08-31",  # not in the first row
    "电话\n,T2,2025-08-31\n在线,T3,2025-08-31\n微信,T4,2025-08-31\n邮件,T5,2025-08-31",  # mostly filled
    "电话\n,T2,2025-08-31\n,T3,2025-08-31\n,T4,2025-08-31\n,T5,2025-08-31",  # one group
])  # fmt: skip
def test_a_first_column_with_blanks_is_not_always_one_of_groups(desk: Desk, cells: str) -> None:
    first, *rest = cells.split("\n", 1)
    desk.put("t.csv", "\n".join(["渠道,工单编号,创建时间", f"{first},T1,2025-08-01", *rest, ""]))
    desk.indicator('COUNTIF(tickets, channel = "电话")', "count")
    scorecard = desk.score("2025-08")
    assert sum(each.kept for each in scorecard.receipts) == 5
    assert "grouped-rows" not in codes(scorecard)


@pytest.mark.parametrize("total", ["{} 汇总", "{} 小计", "{}小计", "{} Total", "{} 计数"])
def test_totals_with_the_name_of_their_group_are_no_records(desk: Desk, total: str) -> None:
    # Excel writes them so; each was an error of a blank id, and the groups were not seen.
    first, second, last = (total.format(name) for name in ("电话", "在线", "总计"))
    named = GROUPED.replace("小计,2", f"{first},2").replace("小计,1", f"{second},1")
    desk.put("t.csv", named.replace("总计,3", f"{last},3"))
    desk.indicator('COUNTIF(tickets, channel = "电话")', "count")
    found = codes(desk.score("2025-08"))
    assert found["grouped-rows"] == 1
    assert not found.keys() & {"blank-cell", "ragged-row"}


def test_a_row_that_only_begins_like_a_total_is_told_with_its_fault(desk: Desk) -> None:
    good = "".join(f"电话,T{n},2025-08-01,A\n" for n in range(30))
    desk.put("t.csv", f"渠道,工单编号,创建时间,团队\n{good}投诉汇总,,2025-08-02,B\n")
    desk.indicator("COUNT(tickets)", "count")
    assert codes(desk.score("2025-08"))["blank-cell"] == 1


def test_blanks_beside_totals_are_no_groups(desk: Desk) -> None:
    rows = "".join(f"电话,T{n},2025-08-31\n" for n in range(4, 9))
    desk.put("t.csv", GROUPED + rows)
    desk.indicator('COUNTIF(tickets, channel = "电话")', "count")
    assert "grouped-rows" not in codes(desk.score("2025-08"))
    desk.put("t.csv", GROUPED.replace("\n,T2", "\n电话,T2"))
    assert "grouped-rows" not in codes(desk.score("2025-08"))


ROUNDED = [f"{123456789012345 + n}000" for n in (1, 1, 2)]


def test_customers_whose_last_digits_excel_lost_are_told(desk: Desk) -> None:
    rows = [(str(n), DAY, each) for n, each in enumerate([*ROUNDED, "C1", "1000"])]
    desk.put_rows("t.csv", "工单编号,创建时间,客户编号", rows)
    desk.indicator("DISTINCT(tickets, customer_id)", "count")
    [problem] = desk.score("2025-08").problems
    assert problem.line("en") == (
        "t.csv:客户编号: rounded-ids: Tickets: all “Customer ID” of over 15 digits (2) end in zeros"
        " behind the 15th, as Excel leaves them: 123****00 → export it again with this column as"
        " text; nothing to do where the system numbers so"
    )
    assert problem.line("zh") == (
        "t.csv:客户编号: rounded-ids: 工单的「客户编号」超过 15 位的（2 个）第 15 位之后全是 0，疑似被 Excel 截断："
        "123****00 → 重新导出，把这一列设为文本；系统本来就这样编号的，不需要处理"
    )


def test_one_month_of_which_excel_lost_the_last_digits_is_told(desk: Desk) -> None:
    # The other month came as the system wrote it.
    rows = [(str(n), DAY, each) for n, each in enumerate(ROUNDED)]
    desk.put_rows("july.csv", "工单编号,创建时间,客户编号", rows)
    others = [(f"T{n}", DAY, str(123456789012345678 + n)) for n in range(5)]
    desk.put_rows("august.csv", "工单编号,创建时间,客户编号", others)
    desk.indicator("DISTINCT(tickets, customer_id)", "count")
    [problem] = (p for p in desk.score("2025-08").problems if p.code == "rounded-ids")
    assert problem.line("en").startswith(
        "july.csv:客户编号: rounded-ids: Tickets: all “Customer ID”"
    )


def test_keys_whose_last_digits_excel_lost_are_told(desk: Desk) -> None:
    desk.put_rows("t.csv", TICKETS, ids(*ROUNDED))
    desk.indicator("COUNT(tickets)", "count")
    assert codes(desk.score("2025-08"))["rounded-ids"] == 2


@pytest.mark.parametrize("others", [
    [*ROUNDED, "123456789012345678"], ["1234567890123450", "1234567890123460"], ["100000", "200000"], ["123456789012345"],
])  # fmt: skip
def test_long_ids_that_may_end_in_zeros_by_chance_are_not_told(
    desk: Desk, others: list[str]
) -> None:
    desk.put_rows("t.csv", TICKETS, [(f"T{n}", DAY, each) for n, each in enumerate(others)])
    desk.indicator("DISTINCT(tickets, agent_id)", "count")
    assert "rounded-ids" not in codes(desk.score("2025-08"))


def test_the_later_month_holds_the_latest_row_however_months_are_written(desk: Desk) -> None:
    header = "工单编号,创建时间,状态"
    desk.put_rows("工单2025-10.csv", header, [("1", DAY, "已关闭")])
    desk.put_rows("工单2025-9.csv", header, [("1", DAY, "新建")])
    desk.indicator('COUNTIF(tickets, status = "已关闭")', "count")
    assert desk.value("2025-08") == 1


@pytest.mark.parametrize(("policy", "expected"), [("last", 90), ("first", 30)])
def test_which_row_counts_can_be_declared(desk: Desk, policy: str, expected: int) -> None:
    desk.put_rows("c.csv", "通话编号,进入队列时间,等待时长", [("1", DAY, "30"), ("1", DAY, "90")])
    desk.define(f"""
sources: {{calls: {{duplicates: {policy}}}}}
indicators:
  - {{id: it, name: it, formula: "SUM(calls, wait_s)", unit: duration, direction: down}}
""")
    assert desk.value("2025-08") == expected


def test_duplicates_can_be_forbidden(desk: Desk) -> None:
    desk.put_rows("t.csv", TICKETS, ids("1", "1"))
    desk.define("""
sources: {tickets: {duplicates: error}}
indicators:
  - {id: it, name: it, formula: COUNT(tickets), unit: count, direction: up}
""")
    with pytest.raises(IntakeError) as refused:
        desk.score("2025-08")
    assert [problem.code for problem in refused.value.problems] == ["forbidden-duplicate"]


def test_a_copy_of_a_file_and_a_link_to_it_count_once(desk: Desk) -> None:
    # “t - 副本.csv” is what a double click in the file manager leaves behind.
    original = desk.put_rows("t.csv", TICKETS, ids("1", "2"))
    desk.put("t - 副本.csv", original.read_bytes())
    (desk.exports / "link.csv").symlink_to(original)
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 2
    assert sum(receipt.kept for receipt in scorecard.receipts) == 2


def test_a_later_row_that_is_refused_does_not_remove_the_earlier_one(desk: Desk) -> None:
    # The second row of ticket 1 has no readable time; the first is all there is.
    desk.put_rows("t.csv", TICKETS, [("1", DAY, "A1"), ("1", "yesterday", "A1")])
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert books(scorecard) == {"t.csv": (2, 1, 1, 0, 0)}


def test_a_duplicate_outside_the_period_is_a_duplicate(desk: Desk) -> None:
    # A row has one fate: the books would not add up if it were in two of them.
    desk.put_rows("t.csv", TICKETS, [("1", "2025-07-01", ""), ("1", "2025-07-02", ""), *ids("2")])
    desk.indicator("COUNT(tickets)", "count")
    assert books(desk.score("2025-08")) == {"t.csv": (3, 1, 0, 1, 1)}


# Ids and names are text ------------------------------------------------------------------------


def test_ids_that_look_like_numbers_stay_as_they_are(desk: Desk) -> None:
    # 007 is not 7, and the last digits of a long id tell two tickets apart.
    long = "123456789012345678"
    desk.put_rows("t.csv", TICKETS, ids("007", "7", "7.0", "7e0", long + "1", long + "2"))
    desk.indicator("DISTINCT(tickets, ticket_id)", "count")
    assert desk.value("2025-08") == 6


def test_ids_that_excel_flattened_are_not_thrown_away_as_duplicates(desk: Desk) -> None:
    # Two tickets whose ids Excel rounded to 1.23457E+17 are two tickets; which, nobody knows.
    # (Without the third row no row at all would be left, which is refused as a whole.)
    ids_ = ("1.23457E+17", "1.23457E+17", "T3")
    desk.put_rows("t.csv", TICKETS, ids(*ids_))
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert books(scorecard) == {"t.csv": (3, 1, 2, 0, 0)}
    assert codes(scorecard)["flattened-id"] == 2


@pytest.mark.parametrize(
    "name", ["NA", "None", "null", "NULL", "nan", "N/A", "nil", "0", "否", "-"]
)
def test_an_agent_may_be_called_anything(desk: Desk, name: str) -> None:
    # pandas would make Ms Na, and Mr Null, disappear from their own rate.
    desk.put_rows("t.csv", TICKETS, [("1", DAY, name), ("2", DAY, "")])
    desk.indicator("COUNT(tickets, agent_id)", "count")
    total, group = desk.score("2025-08", by=(("agent_id",),)).scores
    assert group.group == (("agent_id", name),)
    assert total.value == group.value == 1


@pytest.mark.parametrize(
    "error",
    ["#N/A", "#DIV/0!", "#NV", "#WERT!", "#VALEUR!", "#¡REF!", "#ERROR!", "Err:502", "=SUM(A1:A9)"],
)
def test_a_failed_formula_is_no_name(desk: Desk, error: str) -> None:
    # As Excel in German, French and Spanish, Google and LibreOffice save it into a CSV file.
    desk.put_rows("t.csv", TICKETS, [*ids("1", "2"), ("3", DAY, error)])
    desk.indicator("DISTINCT(tickets, agent_id)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 1
    assert books(scorecard) == {"t.csv": (3, 2, 1, 0, 0)}
    assert codes(scorecard)["cell-error"] == 1


@pytest.mark.parametrize("name", ["#7", "#VIP", "Erna", '=HYPERLINK("u","T1")', "= B ="])
def test_what_only_begins_like_an_error_is_a_name(desk: Desk, name: str) -> None:
    desk.put_rows("t.csv", TICKETS, [*ids("1"), ("2", DAY, name)])
    desk.indicator("DISTINCT(tickets, agent_id)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 2
    assert books(scorecard) == {"t.csv": (2, 2, 0, 0, 0)}


def test_an_error_that_is_declared_as_nothing_is_a_blank(desk: Desk) -> None:
    desk.put_rows("t.csv", TICKETS, [*ids("1"), ("2", DAY, "#N/A"), ("3", DAY, "#REF!")])
    desk.define("""
sources: {tickets: {nulls: ["#N/A"]}}
indicators:
  - {id: it, name: it, formula: "COUNTIF(tickets, ISBLANK(agent_id))", unit: count, direction: up}
""")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 1
    assert books(scorecard) == {"t.csv": (3, 2, 1, 0, 0)}


REMARKS = [
    ("S1", DAY, "5", "很好"),
    ("S2", DAY, "4", "########"),
    ("S3", DAY, "3", "#N/A"),
    ("S4", "########", "3", "ok"),
    ("S5", DAY, "#REF!", "ok"),
]


@pytest.mark.parametrize(
    ("formula", "value", "severity"),
    [("AVERAGE(surveys, csat)", 4, "notice"), ("COUNT(surveys, comment)", 1, "warning")],
)
def test_no_row_is_lost_for_a_remark_without_a_value(
    desk: Desk, formula: str, value: int, severity: str
) -> None:
    # Its rating counts; whoever counts the remarks is warned that two of them are blank.
    desk.put_rows("s.csv", "评价编号,评价时间,满意度,评价内容", REMARKS)
    desk.indicator(formula, "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == value
    assert books(scorecard) == {"s.csv": (5, 3, 2, 0, 0)}
    (problem,) = [each for each in scorecard.problems if each.code == "lost-remark"]
    assert (problem.count, problem.severity) == (2, severity)
    assert problem.line("en") == (
        "s.csv:3:评价内容: lost-remark: “Comment” has no value, such as ########: it is blank, and"
        " no row is refused for it → to see those texts mend the formula or widen the column in"
        " Excel; else nothing to do"
    )
    assert problem.line("zh") == (
        "s.csv:3:评价内容: lost-remark: 「评价内容」没有值（例如 ########），按空白读入，"
        "不因此拒收这一行 → 要看这些文字，在 Excel 里改正公式、加宽这一列，再导出；否则不需要处理"
    )


def test_ids_that_a_narrow_column_hid_are_not_one_ticket(desk: Desk) -> None:
    # Excel saves into CSV what it shows: of a number or a date that does not fit, hash signs.
    desk.put_rows("t.csv", TICKETS, ids("1", "########", "########"))
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 1
    assert books(scorecard) == {"t.csv": (3, 1, 2, 0, 0)}
    problem = next(each for each in scorecard.problems if each.code == "hidden-cell")
    assert problem.count == 2
    assert problem.line("en") == (
        "t.csv:3:工单编号: hidden-cell: “Ticket ID” is only ########: its column was too narrow to"
        " show the value → widen the column in Excel and save it as csv again"
    )
    assert problem.line("zh") == (
        "t.csv:3:工单编号: hidden-cell: 「工单编号」只剩 ########：列宽不够，保存的不是值"
        " → 在 Excel 里加宽这一列，再另存为 csv"
    )


def test_blank_ids_are_refused_and_not_taken_for_one_ticket(desk: Desk) -> None:
    # Three rows without an id are no three copies of the ticket “”.
    desk.put_rows("t.csv", TICKETS, ids("", " ", "\u3000", "1"))
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert books(scorecard) == {"t.csv": (4, 1, 3, 0, 0)}
    assert codes(scorecard)["blank-cell"] == 3


@pytest.mark.parametrize("word", [
    "-", "--", "—", "/", "?", "*", "N/A", "null", "NULL", "None", "nan", "\\N", "无", "未知", "（空）", "<blank>", "---",
])  # fmt: skip
def test_what_stands_where_there_is_no_id_is_not_one_ticket(desk: Desk, word: str) -> None:
    # Three tickets without an id, where the system writes a dash: two would go as duplicates.
    desk.put_rows("t.csv", TICKETS, ids(*(str(n) for n in range(100)), word, word, word))
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert books(scorecard) == {"t.csv": (103, 100, 3, 0, 0)}
    [problem] = scorecard.problems
    assert (problem.code, problem.count) == ("placeholder-id", 3)
    assert problem.line("en") == (
        f"t.csv:102:工单编号: placeholder-id: “Ticket ID” is {word}, which is no id → fill in the id;"
        " in an export without ids make one with join: under columns: in sources:"
    )


@pytest.mark.parametrize(
    "word", ["0", "A-1", "-1", "no", "无名", "空调01", "NA", "none1", "#17", "Nan"]
)
def test_an_id_that_only_looks_like_nothing_is_one(desk: Desk, word: str) -> None:
    desk.put_rows("t.csv", TICKETS, ids("x", word))
    desk.indicator("COUNT(tickets)", "count")
    assert desk.value("2025-08") == 2


# Rows that do not fit --------------------------------------------------------------------------


def test_ragged_rows_are_refused_and_counted(desk: Desk) -> None:
    # A comma too many shifts every cell behind it; one too few leaves the last column blank.
    lines = [TICKETS, f"1,{DAY},A1", f"2,{DAY}", f"3,{DAY},A1,x", f"4,{DAY},A1", f"5,{DAY},A,1,2,3"]
    desk.put("t.csv", "\n".join(lines) + "\n")
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert books(scorecard) == {"t.csv": (5, 2, 3, 0, 0)}
    ragged = [problem for problem in scorecard.problems if problem.code == "ragged-row"]
    assert [(problem.place.row, problem.count) for problem in ragged] == [(3, 3)]


def test_a_ragged_last_row_does_not_take_the_others_with_it(desk: Desk) -> None:
    # DuckDB's sniffer returned 1 of 200 rows here, without an error.
    lines = [TICKETS, *(f"{i},{DAY},A1" for i in range(200)), f"200,{DAY},A1,x,y"]
    desk.put("t.csv", "\n".join(lines))
    desk.indicator("COUNT(tickets)", "count")
    assert books(desk.score("2025-08")) == {"t.csv": (201, 200, 1, 0, 0)}


def test_a_ragged_row_behind_any_sample_is_found(desk: Desk) -> None:
    # 6 MB further down than anything a sample would read.
    lines = [TICKETS, *(f"{i:06d},{DAY},agent of a long name {i}" for i in range(120_000))]
    lines.insert(110_000, f"x,{DAY},A1,x")
    desk.put("t.csv", "\n".join(lines) + "\n")
    desk.indicator("COUNT(tickets)", "count")
    assert books(desk.score("2025-08")) == {"t.csv": (120_001, 120_000, 1, 0, 0)}


@pytest.mark.parametrize("at", [0, 1, 5, 9])
def test_every_line_behind_an_unclosed_quote_is_accounted_for(desk: Desk, at: int) -> None:
    # One open quote swallows the rest of the file: 10 lines were written, 10 must be accounted for.
    lines = [f"{i},{DAY},A{i}" for i in range(10)]
    lines[at] = f'{at},{DAY},"A{at}'
    desk.put("t.csv", "\n".join([TICKETS, *lines]) + "\n")
    desk.indicator("COUNT(tickets)", "count")
    try:
        scorecard = desk.score("2025-08")
    except IntakeError as error:
        assert error.problems
    else:
        [(read, kept, rejected, _, _)] = books(scorecard).values()
        assert (read, kept, rejected) == (10, at, 10 - at)


def test_quotes_that_swallow_two_lines_are_accounted_for(desk: Desk) -> None:
    # An open quote in row 3 is closed by the one opened in row 5: rows 3 to 5 become one.
    lines = [f"{i},{DAY},A{i}" for i in range(10)]
    lines[3] = f'3,{DAY},"A3'
    lines[5] = f'5,{DAY},"A5'
    desk.put("t.csv", "\n".join([TICKETS, *lines]) + "\n")
    desk.indicator("COUNT(tickets)", "count")
    try:
        scorecard = desk.score("2025-08")
    except IntakeError as error:
        assert error.problems
    else:
        [(read, kept, rejected, _, _)] = books(scorecard).values()
        assert (read, kept + rejected) == (10, 10)
        assert kept <= 7


def test_a_quote_inside_of_a_cell_changes_nothing_in_silence(desk: Desk) -> None:
    # Somebody's name is 王"小"芳: she is neither two agents nor another one.
    desk.put("t.csv", f'{TICKETS}\n1,{DAY},王"小"芳\n2,{DAY},"王""小""芳"\n')
    desk.indicator("DISTINCT(tickets, agent_id)", "count")
    _, *groups = desk.score("2025-08", by=(("agent_id",),)).scores
    assert [group.group for group in groups] == [(("agent_id", '王"小"芳'),)]


def test_a_quoted_cell_with_text_behind_it_changes_nothing_in_silence(desk: Desk) -> None:
    # `"a"b` is no cell of any CSV; read as `ab` it would be another agent.
    desk.put("t.csv", f'{TICKETS}\n1,{DAY},"a"b\n2,{DAY},A1\n')
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08", by=(("agent_id",),))
    names = [score.group[0][1] for score in scorecard.scores if score.group]
    assert "ab" not in names


def test_line_breaks_and_separators_inside_of_quotes_are_text(desk: Desk) -> None:
    table = [("1", DAY, "a\nb"), ("2", DAY, "a\r\nb"), ("3", DAY, "a,b"), ("4", DAY, 'a"b')]
    desk.put_rows("t.csv", TICKETS, table)
    desk.indicator("DISTINCT(tickets, agent_id)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 4
    assert books(scorecard) == {"t.csv": (4, 4, 0, 0, 0)}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("final", [True, False])
def test_every_kind_of_line_end_is_read(desk: Desk, end: str, final: bool) -> None:
    # With another line end than sniffed, DuckDB answered 0 rows without an error.
    lines = ["客服中心导出", "", TICKETS, *(f"{i},{DAY},A1" for i in range(3)), "", f"3,{DAY},A1"]
    desk.put("t.csv", end.join(lines) + (end if final else ""))
    desk.indicator("COUNT(tickets)", "count")
    assert books(desk.score("2025-08")) == {"t.csv": (4, 4, 0, 0, 0)}


def test_line_ends_of_all_kinds_in_one_file_are_read(desk: Desk) -> None:
    # Files joined from a Mac, a Windows and a Linux machine.
    desk.put("t.csv", f"{TICKETS}\r\n1,{DAY},A1\n2,{DAY},A1\r3,{DAY},A1\r\n4,{DAY},A1")
    desk.indicator("COUNT(tickets)", "count")
    assert books(desk.score("2025-08")) == {"t.csv": (4, 4, 0, 0, 0)}


@pytest.mark.parametrize("word", ["合计", "总计", "Total", "合计：3"])
def test_a_totals_row_is_refused_and_counted(desk: Desk, word: str) -> None:
    # Counted as a ticket it would make 4 of 3.
    desk.put_rows("t.csv", TICKETS, [*ids("1", "2", "3"), (word, "", "3")])
    desk.indicator("COUNT(tickets)", "count")
    assert books(desk.score("2025-08")) == {"t.csv": (4, 3, 1, 0, 0)}


@pytest.mark.parametrize("word", [
    "合计", "合计 2", "合计(2人)", "总计2人", "共计", "合计人数", "人数", "总人数：2", "平均值", "平均", "Average", "Count", "Total agents",
    "Grand Total", "Subtotal: 2", "Summe", "End of report", "--- End ---", "以上共 2 人", "第1页", "第 1 页 / 共 2 页",
])  # fmt: skip
def test_a_totals_row_of_a_roster_is_no_agent(desk: Desk, word: str) -> None:
    # A roster has no time that a totals row could lack: “合计, 2” must not become a third agent.
    desk.put_rows(
        "agents.csv",
        "坐席工号,姓名,团队",
        [("A1", "王芳", "一组"), ("A2", "李工", "一组"), (word, "2", "")],
    )
    desk.put_rows("t.csv", TICKETS, ids("1"))
    desk.indicator("COUNT(agents)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 2
    assert books(scorecard)["agents.csv"] == (3, 2, 1, 0, 0)


def test_a_second_header_in_the_middle_is_refused_once(desk: Desk) -> None:
    # `cat july.csv august.csv` keeps the header and the byte order mark of the second file.
    half = f"{TICKETS}\n1,{DAY},A1\n".encode("utf-8-sig")
    desk.put("t.csv", half + half.replace(b"\n1,", b"\n2,"))
    desk.indicator("COUNT(tickets)", "count")
    assert books(desk.score("2025-08")) == {"t.csv": (3, 2, 1, 0, 0)}


@pytest.mark.parametrize("row", [
    ("制表人：王芳", "", ""), ("审核：", "李工", ""), ("打印时间: 2025-09-01 10:00", "", ""), ("", "合计", "3"),
    ("Copyright (c) 2000-2025 salesforce.com, inc. All rights reserved.", "", ""), ("---", "---", ":---:"),
    ("Confidential Information - Do Not Distribute", "", ""), ("Applied filters:\nChannel is Phone", "", ""),
    ("Prepared by: Wang", "", ""), ("共 3 条记录", "", ""), ("备注：以上数据来自系统", "", ""), ("", "审核人", "李工"),
])  # fmt: skip
def test_a_note_below_the_table_is_no_record_and_no_slip(desk: Desk, row: tuple[str, ...]) -> None:
    # One of 4 rows would be far beyond the tolerance of 5 %.
    desk.put_rows("t.csv", TICKETS, [*ids("1", "2", "3"), row])
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert books(scorecard) == {"t.csv": (4, 3, 1, 0, 0)}
    assert [p.severity for p in scorecard.problems if p.code in {"totals-row", "footnote-row"}] == [
        "notice"
    ]


@pytest.mark.parametrize("line", [
    "制表人：王芳", "合计,3", "Page 1 of 1", '"Applied filters:\nCreated is on or after 2025-08-01\nChannel is Phone, Chat"',
    "+----+-----+", "------", "3 rows in set (0.00 sec)", "(3 rows)", "(2 rows affected)", "3 rows selected.",
    "已选择 3 行。", "(3 行受影响)", "应用的筛选器：月份 是 8", "机密信息 - 请勿分发", "版权所有 (c) 2000-2025 salesforce.com",
])  # fmt: skip
def test_a_note_of_fewer_cells_is_no_slip_either(desk: Desk, line: str) -> None:
    desk.put("t.csv", f"{TICKETS}\n1,{DAY},A1\n2,{DAY},A1\n{line}\n")
    desk.indicator("COUNT(tickets)", "count")
    assert books(desk.score("2025-08")) == {"t.csv": (3, 2, 1, 0, 0)}


@pytest.mark.parametrize(
    "row", [("审核人：李工", "", ""), ("坐席工号", "姓名", "团队"), ("agent id", "", "")]
)
def test_a_note_or_a_second_header_in_a_roster_is_no_agent(
    desk: Desk, row: tuple[str, ...]
) -> None:
    roster = [("A1", "王芳", "一组"), ("A2", "李工", "一组"), row]
    desk.put_rows("agents.csv", "坐席工号,姓名,团队", roster)
    desk.put_rows("t.csv", TICKETS, ids("1"))
    desk.indicator("COUNT(agents)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 2
    assert books(scorecard)["agents.csv"] == (3, 2, 1, 0, 0)


@pytest.mark.parametrize("sign", ["\0", "\u200b", "\ufeff", "\x7f", "\u00ad", "\u200e"])
def test_ids_that_only_differ_in_what_nobody_sees_are_refused(desk: Desk, sign: str) -> None:
    rows = [*ids(*(str(n) for n in range(100, 200))), *ids(f"1{sign}50")]
    desk.put_rows("t.csv", TICKETS, rows)
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert books(scorecard) == {"t.csv": (101, 100, 1, 0, 0)}
    [problem] = [p for p in scorecard.problems if p.code == "invisible-id"]
    assert problem.line("zh") == (
        f"t.csv:102:工单编号: invisible-id: 「工单编号」里有看不见的字符（U+{ord(sign):04X}）：150"
        " → 删去这些字符，或从系统重新导出"
    )
    assert problem.line("en") == (
        f"t.csv:102:工单编号: invisible-id: “Ticket ID” holds what nobody sees (U+{ord(sign):04X}): 150"
        " → delete those characters, or export it again"
    )


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
def test_a_line_end_of_another_kind_makes_no_other_id(desk: Desk, sign: str) -> None:
    # Around an id it is cut off like a blank; within one it is refused, since nobody sees it.
    desk.put_rows("t.csv", TICKETS, ids("1", f"1{sign}", f"{sign}1", f"1{sign}2"))
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 1
    assert books(scorecard) == {"t.csv": (4, 1, 1, 2, 0)}
    assert codes(scorecard)["invisible-id"] == 1


def test_what_nobody_sees_around_an_id_does_not_count(desk: Desk) -> None:
    desk.put_rows("t.csv", TICKETS, ids("1", "\u200e1\u202c", "\ufeff1\u2060"))
    desk.indicator("COUNT(tickets)", "count")
    assert books(desk.score("2025-08")) == {"t.csv": (3, 1, 0, 2, 0)}


def test_more_than_one_byte_order_mark_is_no_part_of_the_header(desk: Desk) -> None:
    desk.put("t.csv", b"\xef\xbb\xbf" * 2 + f'"工单编号","创建时间"\n"1","{DAY}"\n'.encode())
    desk.indicator("COUNT(tickets)", "count")
    assert books(desk.score("2025-08")) == {"t.csv": (1, 1, 0, 0, 0)}


def test_blank_lines_are_no_rows(desk: Desk) -> None:
    desk.put("t.csv", f"{TICKETS}\n\n1,{DAY},A1\n,,\n \n\u3000,\u3000,\n2,{DAY},A1\n\n\n")
    desk.indicator("COUNT(tickets)", "count")
    [(read, kept, *_)] = books(desk.score("2025-08")).values()
    assert kept == 2
    assert read in {2, 3}  # a line of one blank is a ragged row, or no row


# What a cell may be worth ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["NaN", "nan", "inf", "-Infinity", "1e400", "1e3", "0x10", "1_000", "12,7", "4²", "④"]
)
def test_what_is_no_plain_number_is_refused(desk: Desk, text: str) -> None:
    # NaN in one row makes the mean of a million rows NaN; 1e400 is infinite; 0x10 is no 16.
    header = "通话编号,进入队列时间,等待时长,满意度"
    desk.put_rows("c.csv", header, [("1", DAY, "10", "3"), ("2", DAY, "10", text)])
    desk.define("""
sources: {calls: {fields: {rating: {type: number, columns: 满意度}}}}
indicators:
  - {id: it, name: it, formula: "AVERAGE(calls, rating)", unit: score, direction: up}
""")
    scorecard = desk.score("2025-08")
    if text.lower() == "nan":
        # A word for nothing: blank, and so neither a number nor in the mean.
        assert books(scorecard) == {"c.csv": (2, 2, 0, 0, 0)}
    else:
        assert books(scorecard) == {"c.csv": (2, 1, 1, 0, 0)}
    assert find_total(scorecard).value == 3


@pytest.mark.parametrize("text", ["４", "＋４", "４．０"])
def test_full_width_digits_are_the_number_they_say(desk: Desk, text: str) -> None:
    # An input method left in full width is no reason to lose a row, and 4 is not 四 or ④.
    desk.put_rows("s.csv", "评价编号,评价时间,满意度", [("1", DAY, text), ("2", DAY, "3")])
    desk.indicator("AVERAGE(surveys, csat)", "score")
    assert desk.value("2025-08") == Fraction(7, 2)


@pytest.mark.parametrize("text", ["-5", "-00:00:05", "inf", "3:25", "5 people", "1:2:3:4", "五秒"])
def test_what_is_no_duration_is_refused(desk: Desk, text: str) -> None:
    # A negative wait pulls the mean down, and 3:25 is minutes in one system and hours in another.
    desk.put_rows("c.csv", "通话编号,进入队列时间,等待时长", [("1", DAY, "10"), ("2", DAY, text)])
    desk.indicator("AVERAGE(calls, wait_s)", "duration", direction="down")
    scorecard = desk.score("2025-08")
    assert books(scorecard) == {"c.csv": (2, 1, 1, 0, 0)}
    assert find_total(scorecard).value == 10


def test_a_duration_below_zero_between_two_times_is_refused(desk: Desk) -> None:
    # Answered before it was asked: a clock was wrong, or the columns are swapped.
    header = "工单编号,创建时间,首次响应时间"
    table = [("1", DAY, "2025-08-31 10:00:30"), ("2", DAY, "2025-08-31 09:59:59"), ("3", DAY, DAY)]
    desk.put_rows("t.csv", header, table)
    desk.indicator("AVERAGE(tickets, first_response_at - created_at)", "duration")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 15
    assert codes(scorecard)["time-order"] == 1


@pytest.mark.parametrize(("header", "text", "seconds"), [
    ("等待时长", "90", 90), ("等待时长(秒)", "90", 90), ("等待时长（分钟）", "1.5", 90), ("Wait (min)", "1.5", 90),
    ("等待时长（小时）", "0.025", 90), ("Wait time (h)", "2", 7_200), ("等待时长（分钟）", "00:01:30", 90),
    ("等待时长（分钟）", "90秒", 90), ("等待时长", "1分30秒", 90), ("等待时长", "1min 30s", 90), ("等待时长", "00:01:30.5", 90.5),
    ("等待时长", "30:00:00", 108_000), ("等待时长", "1天2小时", 93_600), ("等待时长（分钟）", "59361", 3_561_660),
    ("等待时长", "1000001", 1_000_001), ("等待时长", "300小时", 1_080_000), ("等待时长", "12天", 1_036_800),
])  # fmt: skip
def test_a_duration_is_worth_what_its_header_and_its_words_say(
    desk: Desk, header: str, text: str, seconds: float
) -> None:
    # A column of minutes read as seconds makes every target green.
    desk.put_rows("c.csv", f"通话编号,进入队列时间,{header}", [("1", DAY, text)])
    desk.indicator("SUM(calls, wait_s)", "duration", direction="down")
    assert desk.value("2025-08") == Fraction(seconds)


@pytest.mark.parametrize("unit", ["分.秒", "单位：分、秒", "M:S", "时:分:秒", "hh:mm:ss", "分秒"])
def test_one_number_under_several_units_is_not_taken_for_seconds(desk: Desk, unit: str) -> None:
    # 3.25 is 3 min 25 s; what says its units itself, or is nothing, is plain.
    rows = [("1", DAY, "3.25"), ("2", DAY, "3分25秒"), ("3", DAY, "0"), ("4", DAY, "00:01:00")]
    desk.put_rows("c.csv", f"通话编号,进入队列时间,通话时长（{unit}）", rows)
    desk.indicator("SUM(calls, talk_s)", "duration", direction="down")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 265
    assert books(scorecard) == {"c.csv": (4, 3, 1, 0, 0)}
    [problem] = [each for each in scorecard.problems if each.code == "one-number"]
    place = f"c.csv:2:通话时长（{unit}）"
    assert problem.line("en") == (
        f"{place}: one-number: the header of “Talk” names several units, and this is one number:"
        " 3.25 → write 00:03:25 or 3min 25s; where one number is meant, name its unit in the"
        " header: (s)"
    )
    assert problem.line("zh") == (
        f"{place}: one-number: 「通话时长」的表头写明由几个单位组成，这里只有一个数：3.25 → 写成"
        " 00:03:25 或 3分25秒；本来就是一个数的，在表头写明它的单位，例如（秒）"
    )


def test_several_units_under_the_header_count_as_in_it(desk: Desk) -> None:
    rows = [("", "", "分.秒"), ("1", DAY, "3.25"), ("2", DAY, "3分25秒")]
    desk.put_rows("c.csv", "通话编号,进入队列时间,通话时长", rows)
    desk.indicator("SUM(calls, talk_s)", "duration", direction="down")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 205
    assert books(scorecard) == {"c.csv": (2, 1, 1, 0, 0)}


def test_shares_of_a_day_are_not_taken_for_seconds(desk: Desk) -> None:
    # How Excel holds 00:03:25, 00:01:30 and 06:00:00, saved after the column lost its format.
    shares = ("0.00237268518518519", "0.00104166666666667", "0.25", "0")
    rows = [(str(n), DAY, share) for n, share in enumerate(shares)]
    desk.put_rows("c.csv", "通话编号,进入队列时间,通话时长", rows)
    desk.indicator("SUM(calls, talk_s)", "duration", direction="down")
    with pytest.raises(IntakeError) as refused:
        desk.score("2025-08")
    [problem] = refused.value.problems
    assert problem.line("en") == (
        "c.csv:通话时长: shares-of-time: all 3 numbers of “通话时长” are below 1, such as"
        " 0.00237268518518519: no seconds, but shares of a day or an hour → format the column as"
        " [h]:mm:ss in Excel and save it, or name the unit in its header: (days) for times of"
        " Excel, (hours) for hours"
    )
    assert problem.line("zh") == (
        "c.csv:通话时长: shares-of-time: 列「通话时长」的 3 个数都小于 1，例如"
        " 0.00237268518518519：不是秒，是一天或一小时的几分之几 → 在 Excel 里把这一列设为"
        " [h]:mm:ss 再保存，或在表头写明单位：Excel 的时间写（天），小时写（小时）"
    )
    desk.put_rows("c.csv", "通话编号,进入队列时间,通话时长（天）", rows)
    assert round(float(desk.value("2025-08") or 0), 3) == 205 + 90 + 21_600


@pytest.mark.parametrize(
    "numbers", [("0.00237", "205"), ("0.5", "0.75"), ("0", "0.0"), ("12.3333333", "0.3333333")]
)
def test_seconds_are_seconds_however_small(desk: Desk, numbers: tuple[str, str]) -> None:
    rows = [(str(n), DAY, number) for n, number in enumerate(numbers)]
    desk.put_rows("c.csv", "通话编号,进入队列时间,通话时长", rows)
    desk.indicator("SUM(calls, talk_s)", "duration", direction="down")
    assert desk.value("2025-08") == sum(Fraction(round(float(n) * 10**6), 10**6) for n in numbers)


@pytest.mark.parametrize("unit", ["毫秒", "ms", "天", "days"])
def test_a_unit_that_csq_does_not_know_is_not_taken_for_seconds(desk: Desk, unit: str) -> None:
    # 12000 ms are 12 s and not 3 hours 20 minutes; 2 days are not 2 s.
    desk.put_rows("c.csv", f"通话编号,进入队列时间,等待时长（{unit}）", [("1", DAY, "12000")])
    desk.indicator("SUM(calls, wait_s)", "duration", direction="down")
    try:
        found = desk.value("2025-08")
    except IntakeError as error:
        assert error.problems
    else:
        right = {"毫秒": 12, "ms": 12, "天": 12_000 * 86_400, "days": 12_000 * 86_400}
        assert found is None or found == right.get(unit), f"{unit}: {found} s"


@pytest.mark.parametrize(
    ("text", "kept"),
    [("0", 0), ("5", 1), ("5.0", 1), ("5.01", 0), ("6", 0), ("-1", 0)]
    + [("4分", 1), ("6分", 0), ("4%", 0), ("4/10", 0), ("好", 0), ("1 - 满意", 0)],
)
def test_a_rating_off_its_scale_is_refused(desk: Desk, text: str, kept: int) -> None:
    # One 10 on a scale of 5 lifts the mean of many.
    desk.put_rows("s.csv", "评价编号,评价时间,满意度", [("1", DAY, text), ("2", DAY, "3")])
    desk.indicator("COUNT(surveys, csat)", "count")
    assert books(desk.score("2025-08")) == {"s.csv": (2, 1 + kept, 1 - kept, 0, 0)}


@pytest.mark.parametrize("word", ["是", "Y", "yes", "TRUE", "1", "√", "有"])
@pytest.mark.parametrize("other", ["否", "N", "no", "False", "0", "×", "无"])
def test_yes_and_no_in_every_spelling(desk: Desk, word: str, other: str) -> None:
    desk.put_rows("t.csv", "工单编号,创建时间,首次解决", [("1", DAY, word), ("2", DAY, other)])
    desk.indicator("COUNTIF(tickets, first_contact_resolved) / COUNT(tickets)")
    assert desk.value("2025-08") == Fraction(1, 2)


def test_a_word_that_is_neither_yes_nor_no_is_no_no(desk: Desk) -> None:
    # “部分解决” counted as a no would be a silent choice.
    desk.put_rows("t.csv", "工单编号,创建时间,首次解决", [("1", DAY, "是"), ("2", DAY, "部分解决")])
    desk.indicator("COUNTIF(tickets, first_contact_resolved) / COUNT(tickets)")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 1
    assert codes(scorecard)["unreadable-flag"] == 1


def test_spellings_of_one_value_are_one_group(desk: Desk) -> None:
    spelt = ["电话", "phone", "PHONE", " 热线 ", "Voice"]
    table = [(f"{i}", DAY, text) for i, text in enumerate([*spelt, "邮件"])]
    desk.put_rows("t.csv", "工单编号,创建时间,渠道", table)
    desk.indicator("COUNT(tickets)", "count")
    _, *groups = desk.score("2025-08", by=(("channel",),)).scores
    assert {score.group[0][1]: score.value for score in groups} == {"电话": 5, "邮件": 1}


# The books -------------------------------------------------------------------------------------


def test_a_receipt_that_does_not_add_up_cannot_be_made() -> None:
    from csq.errors import Place

    with pytest.raises(AssertionError):
        Receipt("tickets", Wording("", ""), Place("t.csv"), None, 10, 5, 3, 1, 0)


def test_the_books_balance_over_every_fate_at_once(desk: Desk) -> None:
    # read = kept + rejected + duplicates + outside, per file, with every fate in every file.
    for name, first in (("a.csv", 0), ("b.csv", 4), ("c.csv", 8)):
        lines = [TICKETS]
        lines += [f"{first + i},{DAY},A" for i in range(6)]
        lines += [f"{name}{i},2025-07-0{1 + i},A" for i in range(3)]
        lines += ["x,never,A", f",{DAY},A", f"y,{DAY}", f"{first},{DAY},A", "合计,,13"]
        desk.put(name, "\n".join(lines) + "\n")
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 14
    assert books(scorecard) == {
        "a.csv": (14, 4, 4, 3, 3),
        "b.csv": (14, 4, 4, 3, 3),
        "c.csv": (14, 6, 4, 1, 3),
    }


def test_the_order_of_the_paths_changes_no_sum(desk: Desk) -> None:
    # Which of two equal ids counts may depend on the order of the files, the books never.
    desk.put_rows("a.csv", TICKETS, ids("1", "2"))
    desk.put_rows("b.csv", TICKETS, ids("2", "3"))
    desk.indicator("COUNT(tickets)", "count")
    found = set()
    for names in itertools.permutations(["a.csv", "b.csv"]):
        from csq.api import Run, score
        from csq.request import Request

        paths = tuple(desk.exports / name for name in names)
        found.add(find_total(score(Run(paths, desk.metrics, Request("2025-08")))).value)
    assert found == {3}


# Exports under each other ----------------------------------------------------------------------

FLAGS = "工单编号,创建时间,首次解决,升级"


def test_a_second_header_in_another_order_is_no_row_among_others(desk: Desk) -> None:
    # Read by the first header, the two flags of the rows below would change places.
    first = "\n".join((FLAGS, *(f"{n},{DAY},是,否" for n in range(1, 101))))
    desk.put("t.csv", f"{first}\n工单编号,创建时间,升级,首次解决\n101,{DAY},否,是")
    desk.indicator("SHARE(tickets, first_contact_resolved)")
    with pytest.raises(IntakeError) as raised:
        desk.score("2025-08")
    [problem] = raised.value.problems
    assert problem.line("en") == (
        "t.csv:102: second-header: this row is a second header, with other columns than the"
        " first: 工单编号, 创建时间, 升级, 首次解决 → put the two exports into files of their own"
    )
    assert problem.line("zh") == (
        "t.csv:102: second-header: 这一行是另一份表头，列和第一份不同："
        "工单编号, 创建时间, 升级, 首次解决 → 把两份导出拆成两个文件"
    )


@pytest.mark.parametrize("again", [FLAGS, "工单号,提单时间,是否首次解决,是否升级"])
def test_the_header_once_more_is_refused_once_and_said_to_be_one(desk: Desk, again: str) -> None:
    first = "\n".join((FLAGS, *(f"{n},{DAY},是,否" for n in range(1, 101))))
    desk.put("t.csv", f"{first}\n{again}\n101,{DAY},否,是")
    desk.indicator("COUNTIF(tickets, first_contact_resolved)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 100
    assert books(scorecard) == {"t.csv": (102, 101, 1, 0, 0)}
    assert codes(scorecard) == {"repeated-header": 1}


def test_a_repeated_header_is_no_agent(desk: Desk) -> None:
    # A roster has no time that would give the header away.
    desk.put("a.csv", "坐席工号,姓名\nA1,甲\nA2,乙\n坐席工号,姓名\nA3,丙")
    desk.put_rows("t.csv", TICKETS, ids("1"))
    desk.indicator("COUNT(agents) / COUNT(tickets)", "ratio")
    desk.metrics.write_text(desk.metrics.read_text() + "tolerance: 50%\n")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 3
    assert books(scorecard)["a.csv"] == (4, 3, 1, 0, 0)
    assert codes(scorecard)["repeated-header"] == 1


def test_a_second_header_of_a_roster_in_another_order_is_told(desk: Desk) -> None:
    desk.put("a.csv", "坐席工号,姓名,团队\nA1,甲,一组\n坐席工号,团队,姓名\nA3,一组,丙")
    desk.indicator("COUNT(agents)", "count")
    with pytest.raises(IntakeError) as raised:
        desk.score("2025-08")
    assert [problem.code for problem in raised.value.problems] == ["second-header"]


# Percentages as ratings ------------------------------------------------------------------------


def test_a_score_of_ninety_five_percent_is_ninety_five_of_a_hundred(desk: Desk) -> None:
    # As the number 0.95 it would lie on the scale, at its very end.
    scores = [("1", DAY, "95%"), ("2", DAY, "90.5 %"), ("3", DAY, "88")]
    desk.put_rows("q.csv", "质检编号,质检时间,质检得分", scores)
    desk.indicator("AVERAGE(qa, score)", "score")
    assert desk.value("2025-08") == Fraction("273.5") / 3


def test_a_score_that_a_workbook_shows_in_percent_is_one(desk: Desk) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["质检编号", "质检时间", "质检得分"])
    for number, (score, shown) in enumerate([(0.95, "0%"), (0.905, "0.0%"), (88, "0")]):
        sheet.append([f"Q{number}", DAY, score])
        sheet.cell(sheet.max_row, 3).number_format = shown
    desk.exports.mkdir(exist_ok=True)
    workbook.save(desk.exports / "q.xlsx")
    desk.indicator("AVERAGE(qa, score)", "score")
    assert desk.value("2025-08") == Fraction("273.5") / 3


def test_on_a_scale_of_five_a_percentage_is_no_rating(desk: Desk) -> None:
    # 100% is not the worst of five.
    rows = [(str(n), DAY, "5") for n in range(30)]
    desk.put_rows("s.csv", "评价编号,评价时间,满意度", [*rows, ("99", DAY, "100%")])
    desk.indicator("AVERAGE(surveys, csat)", "score")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 5
    assert books(scorecard) == {"s.csv": (31, 30, 1, 0, 0)}
    assert codes(scorecard) == {"unreadable-rating": 1}


def test_a_share_on_a_scale_of_its_own_is_a_fraction(desk: Desk) -> None:
    desk.put_rows("t.csv", "工单编号,创建时间,把握", [("1", DAY, "95%"), ("2", DAY, "0.85")])
    desk.define("""
sources: {tickets: {fields: {sure: {type: number, columns: [把握], scale: [0, 1]}}}}
indicators:
  - {id: it, name: it, formula: "AVERAGE(tickets, sure)", unit: score, direction: up}
""")
    assert desk.value("2025-08") == Fraction(9, 10)


# A scale that is another one --------------------------------------------------------------------


def ratings(*numbers: int) -> Iterable[tuple[str, str, str]]:
    return [(f"S{n}", DAY, str(number)) for n, number in enumerate(numbers)]


TENS = (*range(1, 11), *range(1, 11))
"""Ratings from 1 to 10: half of them lie beyond a scale of five."""


def test_low_numbers_of_a_scale_of_ten_are_no_ratings_of_five(desk: Desk) -> None:
    # 1 to 5 of 10 stayed, and the satisfied share was 40 % where half of all gave 6 or more.
    desk.put_rows("s.csv", "评价编号,评价时间,满意度", ratings(*TENS))
    desk.indicator("COUNTIF(surveys, csat >= 4) / COUNT(surveys, csat)", "percent")
    with pytest.raises(IntakeError) as refused:
        desk.score("2025-08")
    scale = next(p for p in refused.value.problems if p.code == "foreign-scale")
    assert scale.line("zh") == (
        "s.csv:满意度: foreign-scale: 「满意度」有 50 % 的数超出 1 到 5：这一列用的是另一种量表 → 在 sources:"
        " 的 values: 里写明怎样换算，例如 values: { csat: { 5: ['9', '10'], 3: ['5', '6'] } }"
    )
    assert scale.line("en") == (
        "s.csv:满意度: foreign-scale: 50 % of “CSAT” lie beyond 1 to 5: the column has another scale"
        " → say with values: under sources: what they are worth, for example"
        " values: { csat: { 5: ['9', '10'], 3: ['5', '6'] } }"
    )


def test_those_who_gave_no_rating_hide_no_scale_of_ten(desk: Desk) -> None:
    # One customer in ten answers: of all rows but one in twenty lay beyond the scale of five.
    rows = [*ratings(*TENS), *((f"N{n}", DAY, "") for n in range(200))]
    desk.put_rows("s.csv", "评价编号,评价时间,满意度", rows)
    desk.indicator("COUNTIF(surveys, csat >= 4) / COUNT(surveys, csat)", "percent")
    with pytest.raises(IntakeError) as refused:
        desk.score("2025-08")
    scale = next(p for p in refused.value.problems if p.code == "foreign-scale")
    assert scale.message.en == "50 % of “CSAT” lie beyond 1 to 5: the column has another scale"


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("评价编号,评价时间,满意度", [(f"S{n}", DAY, str(n % 3 + 1)) for n in range(30)]),
        ("评价编号,评价时间,推荐意愿", [(f"S{n}", DAY, str(n % 6)) for n in range(30)]),
        ("质检编号,质检时间,质检得分", [(f"Q{n}", DAY, f"0.{n + 10}") for n in range(30)]),
    ],
)
def test_ratings_of_a_smaller_scale_are_told(
    desk: Desk, header: str, rows: list[tuple[str, str, str]]
) -> None:
    desk.put_rows("s.csv", header, rows)
    desk.indicator("COUNT(surveys)" if "评价" in header else "COUNT(qa)", "count")
    assert codes(desk.score("2025-08")) == {"low-ratings": 1}
    desk.put_rows("s.csv", header, rows[:-1])
    assert not codes(desk.score("2025-08"))


def test_what_is_said_of_a_smaller_scale(desk: Desk) -> None:
    rows = [(f"S{n}", DAY, "3") for n in range(30)]
    desk.put_rows("s.csv", "评价编号,评价时间,满意度", rows)
    desk.indicator("AVERAGE(surveys, csat)", "score")
    [problem] = desk.score("2025-08").problems
    assert problem.line("en") == (
        "s.csv:满意度: low-ratings: none of 30 values of “CSAT” is above 3, though its scale ends at"
        " 5: it may be another scale → if it is, write what each value is worth under values: in"
        " sources:"
    )
    assert problem.line("zh") == (
        "s.csv:满意度: low-ratings: 「满意度」的 30 个分数都不超过 3，而量表到 5 为止：可能是另一种"
        "量表 → 如果是，在 sources: 的 values: 里写明每个值是几分"
    )


@pytest.mark.parametrize(
    ("talk", "share"), [(300, ""), (270, ""), (5, "0.017"), (300_000, "1,000")]
)
def test_talk_in_another_unit_than_its_times_is_told(desk: Desk, talk: int, share: str) -> None:
    # Five minutes between the answer and the end: 5 is in minutes, 300000 in milliseconds.
    header = "通话编号,进入队列时间,接听时间,结束时间,通话时长"
    rows = [(f"K{n}", DAY, DAY, DAY.replace(":00:", ":05:"), str(talk)) for n in range(10)]
    desk.put_rows("c.csv", header, rows)
    desk.indicator("AVERAGE(calls, talk_s)", "duration", direction="down")
    problems = desk.score("2025-08").problems
    assert [problem.line("en") for problem in problems] == [
        f"c.csv: doubtful-unit: “Talk” adds up to {share} times what lies between “Answered at” and"
        " “Ended at” (10 rows): it may be in another unit → name the unit in the header, such as"
        " (min) or (ms)"
        for _ in range(bool(share))
    ]


@pytest.mark.parametrize("code", ["-3", "99"])
def test_a_code_for_no_answer_is_no_scale(desk: Desk, code: str) -> None:
    rows = [(f"S{n}", DAY, code if n % 3 else "5") for n in range(30)]
    desk.put_rows("s.csv", "评价编号,评价时间,满意度", rows)
    desk.indicator("AVERAGE(surveys, csat)", "score")
    with pytest.raises(IntakeError) as refused:
        desk.score("2025-08")
    [problem] = [each for each in refused.value.problems if each.code == "foreign-scale"]
    assert problem.hint.en == f"where it stands for nothing, write nulls: ['{code}'] under sources:"
    assert problem.hint.zh == f"表示没有的，在 sources: 里写 nulls: ['{code}']"


@pytest.mark.parametrize(
    "never", ["1970-01-01 08:00:00", "0000-00-00 00:00:00", "1900/1/0 0:00", "1899-12-30"]
)
def test_the_first_moment_of_a_system_is_asked_for(desk: Desk, never: str) -> None:
    header = "通话编号,进入队列时间,接听时间"
    desk.put_rows("c.csv", header, [("1", DAY, DAY), ("2", DAY, never)])
    desk.indicator("COUNTIF(calls, answered)", "count")
    scorecard = desk.score("2025-08")
    assert books(scorecard) == {"c.csv": (2, 1, 1, 0, 0)}
    [problem] = [p for p in scorecard.problems if p.place.row]
    assert problem.hint.en == (
        f"where it stands for nothing, write nulls: ['{never}'] under sources:"
    )
    text = desk.indicator("COUNTIF(calls, answered)", "count").read_text(encoding="utf-8")
    desk.metrics.write_text(f"{text}sources: {{calls: {{nulls: ['{never}']}}}}\n", encoding="utf-8")
    scorecard = desk.score("2025-08")
    assert books(scorecard) == {"c.csv": (2, 2, 0, 0, 0)}
    assert find_total(scorecard).value == 1


def test_a_sign_for_nothing_in_a_column_of_durations_is_asked_for(desk: Desk) -> None:
    desk.put_rows("c.csv", "通话编号,进入队列时间,通话时长", [("1", DAY, "30"), ("2", DAY, "--")])
    desk.indicator("AVERAGE(calls, talk_s)", "duration", direction="down")
    [problem] = [p for p in desk.score("2025-08").problems if p.code == "unreadable-duration"]
    assert problem.line("en") == (
        "c.csv:3:通话时长: unreadable-duration: “Talk” is not a duration: --"
        " → where it stands for nothing, write nulls: ['--'] under sources:"
    )


def test_a_scale_of_ten_hides_behind_no_number_of_other_faults(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The rows that are explained one by one end before the file with the other scale begins.
    monkeypatch.setattr("csq.intake.intake.EXPLAINED", 5)
    header = "评价编号,评价时间,满意度"
    desk.put_rows("a.csv", header, [(f"A{n}", "待定", "5") for n in range(8)])
    ratings = [(f"B{n}", DAY, str(n % 10 + 1)) for n in range(20)]
    totals = [("合计", "", "110")] * 9
    desk.put_rows("b.csv", header, [*ratings, *totals])
    desk.put_rows("c.csv", header, [(f"C{n}", DAY, "5") for n in range(20)] + totals)
    desk.define("""
tolerance: 100%
indicators:
  - {id: it, name: it, formula: "AVERAGE(surveys, csat)", unit: score, direction: up}
""")
    with pytest.raises(IntakeError) as refused:
        desk.score("2025-08")
    problems = refused.value.problems
    told = {problem.code: problem for problem in problems}
    foreign = [problem for problem in problems if problem.code == "foreign-scale"]
    assert [problem.place.file for problem in foreign] == ["b.csv"]
    assert foreign[0].message.en.startswith("50 % of “CSAT” lie beyond 1 to 5:")
    assert told["unexplained-rows"].line("en") == (
        "unexplained-rows: of 36 refused rows of Surveys the first 5 are explained: what is counted"
        " by its cause holds these alone → mend these first; csq validate --rejects refused.xlsx"
        " writes all that were refused"
    )
    assert told["unexplained-rows"].line("zh") == (
        "unexplained-rows: 评价拒收了 36 行，只逐行解释了前 5 行，各种原因的条数只含这些"
        " → 先改正这些；全部被拒收的行用 csq validate --rejects 拒收.xlsx 写出"
    )


@pytest.mark.parametrize("worth", [
    "{ 5: ['9', '10'], 4: ['7', '8'], 3: ['5', '6'], 2: ['3', '4'], 1: ['1', '2'] }",
    "{ 1: ['1', '2'], 2: ['3', '4'], 3: ['5', '6'], 4: ['7', '8'], 5: ['9', '10'] }",
])  # fmt: skip
def test_a_scale_of_ten_counts_as_the_definition_says(desk: Desk, worth: str) -> None:
    # In any order: a 5 is worth 3, though 5 is a value too.
    desk.put_rows("s.csv", "评价编号,评价时间,满意度", ratings(*TENS))
    desk.define(
        f"sources: {{ surveys: {{ values: {{ csat: {worth} }} }} }}\n"
        "indicators:\n  - { id: it, name: 它, unit: percent, direction: up,"
        " formula: 'COUNTIF(surveys, csat >= 4) / COUNT(surveys, csat)' }\n"
    )
    assert find_total(desk.score("2025-08")).value == Fraction(8, 20)


def test_slips_beyond_a_scale_are_refused_one_by_one(desk: Desk) -> None:
    desk.put_rows("s.csv", "评价编号,评价时间,满意度", ratings(*[5] * 200, *[6] * 9, *[4] * 10))
    desk.indicator("COUNTIF(surveys, csat >= 4) / COUNT(surveys, csat)", "percent")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 1
    assert codes(scorecard)["out-of-scale"] == 9


# Counts -----------------------------------------------------------------------------------------


def test_a_negative_count_takes_nothing_away_from_others(desk: Desk) -> None:
    # -1 stood for “unknown” in one system, and two tickets were reopened one time together.
    rows = [("T1", DAY, "2"), ("T2", DAY, "-1"), ("T3", DAY, "0")]
    desk.put_rows("t.csv", "工单编号,创建时间,重开次数", rows)
    desk.indicator("SUM(tickets, reopen_count)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 2
    assert books(scorecard) == {"t.csv": (3, 2, 1, 0, 0)}
    told = next(p for p in scorecard.problems if p.code == "negative-count")
    assert told.line("zh") == (
        "t.csv:3:重开次数: negative-count: 「重开次数」是次数或个数，不会小于 0：-1 → 改成 0 或更大的整数；"
        "-1 表示“没有”时写进 nulls:"
    )
    assert told.line("en") == (
        "t.csv:3:重开次数: negative-count: “Reopen count” is a count and never below 0: -1 → write 0 or"
        " more; where -1 means none, name it under nulls:"
    )


def test_a_minus_one_that_stands_for_nothing_is_declared(desk: Desk) -> None:
    rows = [("T1", DAY, "2"), ("T2", DAY, "-1"), ("T3", DAY, "0")]
    desk.put_rows("t.csv", "工单编号,创建时间,重开次数", rows)
    desk.define(
        "sources: { tickets: { nulls: { reopen_count: ['-1'] } } }\n"
        "indicators:\n  - { id: it, name: 它, unit: count, direction: down,"
        " formula: 'SUM(tickets, reopen_count)' }\n"
    )
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 2
    assert books(scorecard) == {"t.csv": (3, 3, 0, 0, 0)}


@pytest.mark.parametrize("name", ["rules", "source", "key", "time", "title", "model_name", "a0"])
def test_a_field_of_ones_own_takes_the_place_of_nothing(desk: Desk, name: str) -> None:
    desk.put_rows(
        "t.csv",
        "工单编号,创建时间,解决时间,来源",
        [("T1", "2025-08-02", "2025-08-01", "a"), ("T2", "2025-08-02", "2025-08-03", "b")],
    )
    own = f"sources: {{ tickets: {{ fields: {{ {name}: {{ type: text, columns: 来源 }} }} }} }}\n"
    counted = f"formula: 'COUNTIF(tickets, {name} = \"b\")', unit: count, direction: up"
    desk.define(f"tolerance: 50%\n{own}indicators:\n  - {{ id: it, name: it, {counted} }}\n")
    scorecard = desk.score("2025-08")
    assert codes(scorecard) == {"time-order": 1}
    assert find_total(scorecard).value == 1
    grouped = desk.score("2025-08", by=((name,),)).scores
    assert [score.value for score in grouped if score.group] == [1]


# Fields that are compared -----------------------------------------------------------------------

OWNERS = "工单编号,创建时间,坐席,首问坐席工号\n" + "".join(
    f"T{day},2025-08-{day:02d},{'甲乙丙'[day % 3]},A{day % 3}\n" for day in range(1, 6)
)


@pytest.mark.parametrize("test", ["agent_id = first_agent_id", "first_agent_id <> agent_id"])
def test_names_compared_with_numbers_are_told(desk: Desk, test: str) -> None:
    desk.put("t.csv", OWNERS)
    desk.indicator(f"SHARE(tickets, {test})", "percent")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == ("<>" in test)
    [problem] = (p for p in scorecard.problems if p.code == "unlike-fields")
    one, other = ("坐席工号", "首问坐席工号") if "=" in test else ("首问坐席工号", "坐席工号")
    assert problem.line("zh") == (
        f"unlike-fields: 工单的「{one}」和「{other}」没有一个相同的值（5 行两列都有），"
        "比较总是不等（用于它） → 若一列是工号、一列是姓名，在 sources: 的 columns: 里指定同一种的列"
    )


@pytest.mark.parametrize("export", [
    OWNERS.replace(",A1", ",丙"),  # one value in both, though never in the same row
    OWNERS.replace("T1,2025-08-01,乙,A1", "T1,2025-08-01,,A1"),  # too few rows to say
    OWNERS.replace(",坐席,", ",别的,"),
])  # fmt: skip
def test_fields_that_may_be_the_same_are_not_told_of(desk: Desk, export: str) -> None:
    desk.put("t.csv", export)
    desk.indicator("SHARE(tickets, agent_id = first_agent_id)", "percent")
    assert "unlike-fields" not in codes(desk.score("2025-08"))
