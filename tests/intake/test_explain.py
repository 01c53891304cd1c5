"""Why a row was refused: every kind of problem, said whole in both languages."""

from __future__ import annotations

import pytest
from tests.conftest import Desk, books

from csq.errors import Problem
from csq.intake.explain import summarise
from csq.intake.receipt import make_receipts
from csq.period import parse_period
from csq.problems.rows import BLANK_CELL, UNREADABLE_FLAG
from csq.wording import Wording

TICKETS = "工单编号,创建时间,首次响应时间,是否首次解决,重开次数,暂停时长（分钟）"
GOOD = ["T1", "2025-08-01 10:00", "2025-08-01 10:01", "是", "0", "5"]


def problems_of(desk: Desk, header: str, *rows: list[str], definition: str = "") -> list[Problem]:
    """Every fault of the rows of one file, one by one."""
    from csq.api import Run, validated

    desk.put_rows("八月.csv", header, rows)
    desk.define(f"""{definition}
indicators:
  - {{id: it, name: it, formula: COUNT(tickets), unit: count, direction: up}}
""")
    with validated(Run((desk.exports,), desk.metrics)) as (_, _, intake):
        return list(intake.row_problems)


def with_cell(position: int, text: str) -> list[str]:
    return [text if i == position else cell for i, cell in enumerate(GOOD)]


def said(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.line("zh"), problem.line("en")) for problem in problems]


@pytest.mark.parametrize(("position", "text", "zh", "en"), [
    (0, " ",
     "八月.csv:3:工单编号: blank-cell: 必填的「工单编号」为空 → 补上，或删去这一行（合计行可忽略）",
     "八月.csv:3:工单编号: blank-cell: the required “Ticket ID” is blank"
     " → fill it in, or delete the row (a totals row is fine)"),
    (1, "",
     "八月.csv:3:创建时间: blank-cell: 必填的「创建时间」为空 → 补上，或删去这一行（合计行可忽略）",
     "八月.csv:3:创建时间: blank-cell: the required “Created at” is blank"
     " → fill it in, or delete the row (a totals row is fine)"),
    (1, "8月1日",
     "八月.csv:3:创建时间: unreadable-timestamp: 「创建时间」不是时间：8月1日 → 写成 2025-08-01 09:15:00",
     "八月.csv:3:创建时间: unreadable-timestamp: “Created at” is not a time: 8月1日 → write 2025-08-01 09:15:00"),
    (5, "五分钟",
     "八月.csv:3:暂停时长（分钟）: unreadable-duration: 「暂停时长」不是时长：五分钟 → 写成秒数、00:03:25 或 3分25秒",
     "八月.csv:3:暂停时长（分钟）: unreadable-duration: “Paused” is not a duration: 五分钟"
     " → write seconds, 00:03:25 or 3min 25s"),
    (3, "部分",
     "八月.csv:3:是否首次解决: unreadable-flag: 「首次解决」不是是/否：部分 → 写成 是/否、Y/N、true/false 或 1/0",
     "八月.csv:3:是否首次解决: unreadable-flag: “Resolved at first contact” is not yes or no: 部分"
     " → write yes/no, Y/N, true/false or 1/0"),
    (4, "1.5",
     "八月.csv:3:重开次数: unreadable-integer: 「重开次数」不是整数：1.5 → 写成例如 3",
     "八月.csv:3:重开次数: unreadable-integer: “Reopen count” is not a whole number: 1.5 → write for example 3"),
    (2, "2025-07-31 23:59",
     "八月.csv:3: time-order: 「首次响应时间」早于「创建时间」 → 改正其中一个时间",
     "八月.csv:3: time-order: “First response at” is before “Created at” → mend one of the two"),
])  # fmt: skip
def test_a_cell_that_cannot_be_read(desk: Desk, position: int, text: str, zh: str, en: str) -> None:
    assert said(problems_of(desk, TICKETS, GOOD, with_cell(position, text))) == [(zh, en)]


def test_a_number_that_cannot_be_read(desk: Desk) -> None:
    rows = [["S1", "2025-08-01", "5"], ["S2", "2025-08-01", "很好"], ["S3", "2025-08-01", "6"]]
    assert said(problems_of(desk, "评价编号,评价时间,满意度", *rows)) == [
        (
            "八月.csv:3:满意度: unreadable-rating: 「满意度」不是 1 到 5 的分数：很好"
            " → 写成数字；用文字评分的，在 sources: 的 values: 里写明每个词是几分",
            "八月.csv:3:满意度: unreadable-rating: “CSAT” is not a rating from 1 to 5: 很好"
            " → write a number; what a word is worth goes under values: in sources:",
        ),
        (
            "八月.csv:4:满意度: out-of-scale: 「满意度」超出范围：6 → 应在 1 到 5 之间",
            "八月.csv:4:满意度: out-of-scale: “CSAT” is out of its scale: 6 → it goes from 1 to 5",
        ),
    ]


def test_a_rating_whose_word_and_number_contradict_each_other(desk: Desk) -> None:
    rows = [["S1", "2025-08-01", "5 - 满意"], ["S2", "2025-08-01", "1 - 非常满意"]]
    assert said(problems_of(desk, "评价编号,评价时间,满意度", *rows)) == [
        (
            "八月.csv:3:满意度: contradictory-rating:"
            " 「满意度」的数字和文字相反（1 到 5，越大越好）：1 - 非常满意"
            " → 分数是反的，就在 sources: 的 values: 里写明每个值是几分",
            "八月.csv:3:满意度: contradictory-rating: the number and the word of “CSAT” contradict"
            " each other (1 to 5, more is better): 1 - 非常满意"
            " → where less is better, write what each value is worth under values: in sources:",
        )
    ]


def test_a_duration_of_two_numbers(desk: Desk) -> None:
    rows = [["C1", "2025-08-01", "00:03:25"], ["C2", "2025-08-01", "03:25"]]
    assert said(problems_of(desk, "通话编号,进入队列时间,通话时长", *rows)) == [
        (
            "八月.csv:3:通话时长: ambiguous-duration: 「通话时长」可能是“分:秒”，也可能是“时:分”：03:25"
            " → 在 sources: 里写 clock: mm:ss（分:秒）或 clock: hh:mm（时:分）",
            "八月.csv:3:通话时长: ambiguous-duration: “Talk” may be minutes:seconds or hours:minutes: 03:25"
            " → write clock: mm:ss or clock: hh:mm under sources:",
        )
    ]


def test_a_row_without_any_of_its_times(desk: Desk) -> None:
    rows = [["S1", "2025-08-01", "", "5"], ["S2", "", "", "5"]]
    assert said(problems_of(desk, "评价编号,评价时间,发送时间,满意度", *rows)) == [
        (
            "八月.csv:3: all-blank: 评价时间、发送时间、服务结束时间全部为空 → 至少填一个",
            "八月.csv:3: all-blank: Responded at, Sent at, Service ended at are all blank → fill in at least one",
        )
    ]


def test_a_row_that_does_not_fit_the_header(desk: Desk) -> None:
    desk.put("八月.csv", "工单编号,创建时间\nT1,2025-08-01\nT2,2025-08-01,x\n")
    desk.indicator("COUNT(tickets)", "count")
    [problem] = [p for p in desk.score("2025-08").problems if p.code == "ragged-row"]
    assert said([problem]) == [
        (
            "八月.csv:3: ragged-row: 有 3 个单元格，表头有 2 个 → 检查多余或缺少的分隔符和引号",
            "八月.csv:3: ragged-row: 3 cells where the header has 2"
            " → look for a missing or extra separator or quote",
        )
    ]


def test_rows_that_repeat_a_key(desk: Desk) -> None:
    rows = [("T1", "2025-08-01")] * 3
    desk.put_rows("八月.csv", "工单编号,创建时间", rows)
    desk.indicator("COUNT(tickets)", "count")
    [problem] = desk.score("2025-08").problems
    assert said([problem]) == [
        (
            "八月.csv: duplicate-key: 「工单编号」重复，保留最后一行"
            " → 正常情况（月度导出重叠）无需处理；否则在 sources: 里改 duplicates:",
            "八月.csv: duplicate-key: repeated “Ticket ID”: the last row is kept"
            " → nothing to do where monthly exports overlap; else change duplicates: under sources:",
        )
    ]


def test_all_faults_of_a_row_are_told(desk: Desk) -> None:
    row = ["", "never", "2025-08-01 10:01", "maybe", "x", "y"]
    found = problems_of(desk, TICKETS, GOOD, row)
    assert [problem.code for problem in found] == [
        "blank-cell", "unreadable-timestamp", "unreadable-flag", "unreadable-integer", "unreadable-duration",
    ]  # fmt: skip
    assert {problem.place.row for problem in found} == {3}


def test_a_joined_value_is_shown_as_it_was_joined(desk: Desk) -> None:
    definition = "sources: {calls: {columns: {enqueued_at: {join: [日期, 时刻]}}}}"
    rows = [["K1", "2025-08-01", "10:00"], ["K2", "2025-08-01", "25:00"]]
    [problem] = problems_of(desk, "通话编号,日期,时刻", *rows, definition=definition)
    assert problem.line("en") == (
        "八月.csv:3:日期 + 时刻: unreadable-timestamp: “Enqueued at” is not a time: 2025-08-01 25:00"
        " → write 2025-08-01 09:15:00"
    )


def test_a_cell_of_a_customer_is_masked(desk: Desk) -> None:
    # Messages end in logs and mails; a telephone number does not belong there.
    [problem] = problems_of(desk, TICKETS, GOOD, with_cell(1, "13812345678 王先生 a.b@example.com"))
    assert problem.value == "138****67 王先生 ***@***"[
        : len(problem.value or "")
    ] or "1381234" not in str(problem)
    assert "13812345678" not in problem.line("zh") + problem.line("en")
    assert "a.b@example.com" not in problem.line("zh") + problem.line("en")


def test_a_long_cell_is_cut_and_control_characters_are_gone(desk: Desk) -> None:
    [problem] = problems_of(desk, TICKETS, GOOD, with_cell(1, "\x1b[31m" + "长" * 5_000))
    assert "\x1b" not in problem.line("zh")
    assert len(problem.line("zh")) < 250


def test_many_faults_of_a_kind_are_one_line_with_their_number() -> None:
    field = Wording("字段", "field")
    found = [BLANK_CELL.at(field=field), UNREADABLE_FLAG.at(value="x", field=field)] * 3
    assert [(p.code, p.count) for p in summarise(found)] == [
        ("blank-cell", 3),
        ("unreadable-flag", 3),
    ]


def test_every_refused_row_is_explained(desk: Desk) -> None:
    # The engine refuses and the models explain: none may be refused without a word.
    from csq.api import Run, validated
    from csq.intake.explain import explain_row
    from csq.intake.staging.stage import fetch_refused

    rows = [with_cell(position, "?") for position in range(1, 6)] + [with_cell(0, "")] + [GOOD]
    desk.put_rows("八月.csv", TICKETS, rows)
    desk.indicator("COUNT(tickets)", "count")
    with validated(Run((desk.exports,), desk.metrics)) as (_, engine, intake):
        [source] = intake.sources.values()
        refused = fetch_refused(engine, source, None)
        assert len(refused) == 6
        assert all(explain_row(source.exports[0], row) for row in refused)


# Receipts --------------------------------------------------------------------------------------


def test_receipts_count_by_file_and_by_period(desk: Desk) -> None:
    from csq.api import Run, validated

    days = ["2025-07-31 23:59", "2025-08-01", "2025-08-31", "2025-09-01"]
    desk.put_rows("a.csv", "工单编号,创建时间", [(f"A{i}", day) for i, day in enumerate(days)])
    desk.put_rows("b.csv", "工单编号,创建时间", [("A0", "2025-08-05"), ("B", "never")])
    desk.indicator("COUNT(tickets)", "count")
    with validated(Run((desk.exports,), desk.metrics)) as (_, _, intake):
        [source] = intake.sources.values()
        august = make_receipts(source, parse_period("2025-08"))
        always = make_receipts(source, None)
    assert [(r.read, r.kept, r.rejected, r.duplicates, r.outside_period) for r in august] == [
        (4, 2, 0, 1, 1), (2, 1, 1, 0, 0),
    ]  # fmt: skip
    assert [(r.read, r.kept, r.rejected, r.duplicates, r.outside_period) for r in always] == [
        (4, 3, 0, 1, 0), (2, 1, 1, 0, 0),
    ]  # fmt: skip


def test_a_roster_belongs_to_every_period(desk: Desk) -> None:
    desk.put_rows("a.csv", "坐席工号,姓名", [("A1", "王芳"), ("A2", "李工")])
    desk.put_rows("t.csv", "工单编号,创建时间", [("T1", "2025-08-01")])
    desk.indicator("COUNT(agents)", "count")
    scorecard = desk.score("2025-08")
    assert books(scorecard)["a.csv"] == (2, 2, 0, 0, 0)
