"""What a column's cells hold: blanks by column, several values, words for yes and no, what tells a flag."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.conftest import Desk, books, codes, find_total

from csq.errors import IntakeError
from csq.wording import Wording


def define(desk: Desk, source: str, formula: str, unit: str = "count") -> None:
    desk.define(
        f"sources: {{ {source} }}\n"
        f"indicators: [{{ id: it, name: 它, formula: '{formula}', unit: {unit}, direction: up }}]\n"
    )


# What stands for nothing -----------------------------------------------------------------------

REMARKS = [
    ["S1", "2025-08-01", "5", "NA"],
    ["S2", "2025-08-01", "-", "No"],
    ["S3", "2025-08-01", "－", "-"],
    ["S4", "2025-08-01", "(跳过)", "null"],
    ["S5", "2025-08-01", " ", " "],
]


@pytest.mark.parametrize(("nulls", "remarks"), [
    ("{ csat: ['-', (跳过)] }", 4), ("{ csat: ['-', (跳过)], comment: NA }", 3), ("['-', （跳过）]", 3),
    ("{ '*': '-', csat: （跳过） }", 3),
])  # fmt: skip
def test_what_stands_for_nothing_is_said_by_column(desk: Desk, nulls: str, remarks: int) -> None:
    desk.put_rows("八月.csv", "评价编号,评价时间,满意度,评价内容", REMARKS)
    define(desk, f"surveys: {{ nulls: {nulls} }}", "COUNT(surveys, comment)")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == remarks
    assert [each[1:3] for each in books(scorecard).values()] == [(5, 0)]


def test_a_dash_that_nobody_declared_is_no_number(desk: Desk) -> None:
    desk.put_rows("八月.csv", "评价编号,评价时间,满意度,评价内容", REMARKS)
    define(desk, "", "COUNT(surveys, comment)")
    assert codes(desk.score("2025-08"))["unreadable-rating"] == 3


# Several values --------------------------------------------------------------------------------


@pytest.mark.parametrize(("separator", "cells"), [
    ('"┋"', ("电话┋在线", " 电话回访 ┋", "邮件 ┋ 热线", "┋┋", "")),
    ('[";", "；"]', ("电话;在线", "电话回访；", "邮件；热线;", ";", " ")),
    ('" | "', ("电话 | 在线", "电话回访", "邮件 | HOTLINE", "", "")),
])  # fmt: skip
def test_one_of_several_values(desk: Desk, separator: str, cells: tuple[str, ...]) -> None:
    rows = [[f"T{n}", "2025-08-01", cell] for n, cell in enumerate(cells)]
    desk.put_rows("八月.csv", "工单编号,创建时间,渠道（多选）", rows)
    own = f"ways: {{ type: text, columns: 渠道（多选）, separator: {separator} }}"
    source = f"tickets: {{ fields: {{ {own} }}, values: {{ ways: {{ 电话: [热线, hotline] }} }} }}"
    for formula, value in (
        ('COUNTIF(tickets, CONTAINS(ways, "电话"))', 2),
        ('COUNTIF(tickets, CONTAINS(ways, "电话回访"))', 1),
        ("COUNT(tickets, ways)", 3),
    ):
        define(desk, source, formula)
        assert desk.value("2025-08") == value


def test_without_a_separator_it_stays_a_search(desk: Desk) -> None:
    rows = [[f"T{n}", "2025-08-01", cell] for n, cell in enumerate(("电话┋在线", "电话回访"))]
    desk.put_rows("八月.csv", "工单编号,创建时间,渠道（多选）", rows)
    source = "tickets: { fields: { ways: { type: text, columns: 渠道（多选） } } }"
    define(desk, source, 'COUNTIF(tickets, CONTAINS(ways, "电话"))')
    assert desk.value("2025-08") == 2


# Yes and no ------------------------------------------------------------------------------------

CALLS = "Call ID,Call start,Answered (Y/N)"


def put_calls(desk: Desk, *answers: str, header: str = CALLS) -> None:
    rows = [[f"C{n}", "2025-08-01 09:00:00", answer] for n, answer in enumerate(answers)]
    desk.put_rows("calls.csv", header, rows)


def test_a_column_of_answers_tells_what_was_abandoned(desk: Desk) -> None:
    put_calls(desk, "Y", "N", "已接", "未接", "未接通", "")
    define(desk, "", "COUNTIF(calls, abandoned) / COUNT(calls)", "percent")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == Fraction(3, 6)
    [notice] = [p for p in scorecard.problems if p.code == "told-flag"]
    assert notice.line("zh") == (
        "calls.csv:Answered (Y/N): told-flag: 没有「放弃」列：「Answered (Y/N)」为否的都算「放弃」"
        " → 两者之外还有别的情况（如转出、语音导航里挂断）时，导出「放弃」列"
    )
    assert notice.line("en") == (
        "calls.csv:Answered (Y/N): told-flag: there is no “Abandoned”: taken as yes wherever"
        " “Answered (Y/N)” is no"
        " → export “Abandoned” itself where there are other cases, such as calls that flowed out"
    )
    [assumed] = (each for each in scorecard.assumptions if "放弃" in each.zh)
    assert assumed == Wording(
        "通话没有「放弃」列的导出，凡「接通」为否的都算「放弃」",
        "exports of Calls without “Abandoned”: taken as yes wherever “Answered” is no",
    )
    define(desk, "", "COUNTIF(calls, answered) / COUNT(calls)", "percent")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == Fraction(2, 6)
    assert not any("放弃" in each.zh for each in scorecard.assumptions), "nobody asked for it"


def test_words_of_its_own_for_a_flag_turn_over_too(desk: Desk) -> None:
    put_calls(desk, "OK", "busy", "Y")
    source = "calls: { values: { answered: { 是: ok, 否: [busy, failed] } } }"
    define(desk, source, "COUNTIF(calls, abandoned)")
    assert desk.value("2025-08") == 1


def test_a_time_of_answer_tells_what_was_answered_and_not_what_was_abandoned(desk: Desk) -> None:
    header = "通话编号,进入队列时间,接听时间"
    put_calls(desk, "2025-08-01 09:00:10", "", "-", " n/a ", header=header)
    source = "calls: { nulls: { answered_at: '-' } }"
    define(desk, source, "COUNTIF(calls, NOT answered)")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 3
    assert "told-flag" not in codes(scorecard)
    define(desk, source, "COUNTIF(calls, abandoned)")
    assert desk.value("2025-08") is None


ABANDONED = "Call ID,Call start,Abandoned"


def test_a_column_of_what_was_abandoned_tells_what_was_answered(desk: Desk) -> None:
    put_calls(desk, "No", "YES", "否", "no", "", header=ABANDONED)
    define(desk, "", "COUNTIF(calls, answered) / COUNT(calls)", "percent")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == Fraction(3, 5)
    [notice] = [p for p in scorecard.problems if p.code == "told-flag"]
    assert notice.line("zh") == (
        "calls.csv:Abandoned: told-flag: 没有「接通」列：「Abandoned」为否的都算「接通」"
        " → 两者之外还有别的情况（如转出、语音导航里挂断）时，导出「接通」列"
    )
    assert notice.line("en") == (
        "calls.csv:Abandoned: told-flag: there is no “Answered”: taken as yes wherever “Abandoned”"
        " is no"
        " → export “Answered” itself where there are other cases, such as calls that flowed out"
    )


@pytest.mark.parametrize("other", ["Flow out", "Callback requested"])
def test_where_calls_may_be_neither_nothing_is_told(desk: Desk, other: str) -> None:
    rows = [["C1", "2025-08-01", "No", "No"], ["C2", "2025-08-01", "No", "Yes"]]
    desk.put_rows("calls.csv", f"{ABANDONED},{other}", rows)
    define(desk, "", "COUNTIF(calls, answered) / COUNT(calls)", "percent")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value is None
    assert "told-flag" not in codes(scorecard)


@pytest.mark.parametrize(("header", "flag"), [(ABANDONED, "answered"), (CALLS, "abandoned")])
def test_what_is_only_ever_marked_tells_nothing_of_the_rest(
    desk: Desk, header: str, flag: str
) -> None:
    # Whether the blank calls were abandoned or nobody noted it, nobody knows: never 0 %.
    put_calls(desk, "Yes", "", "n/a", "yes", header=header)
    define(desk, "", f"COUNTIF(calls, {flag}) / COUNT(calls)", "percent")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value is None
    assert "told-flag" not in codes(scorecard)
    put_calls(desk, "Yes", "Yes", header=header)
    assert desk.value("2025-08") == 0


def test_a_time_of_answer_goes_before_what_was_abandoned(desk: Desk) -> None:
    rows = [["C1", "2025-08-01", "No", ""], ["C2", "2025-08-01", "No", "2025-08-01 00:01:00"]]
    desk.put_rows("calls.csv", f"{ABANDONED},Answer time", rows)
    define(desk, "", "COUNTIF(calls, answered)")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 1
    assert "told-flag" not in codes(scorecard)


def test_a_column_of_its_own_goes_before_what_tells_it(desk: Desk) -> None:
    rows = [["C1", "2025-08-01", "N", "否"], ["C2", "2025-08-01", "N", "是"]]
    desk.put_rows("calls.csv", f"{CALLS},是否放弃", rows)
    define(desk, "", "COUNTIF(calls, abandoned)")
    assert desk.value("2025-08") == 1


def test_an_answer_that_is_neither_is_refused_once_for_what_it_is(desk: Desk) -> None:
    put_calls(desk, "maybe")
    define(desk, "", "COUNTIF(calls, abandoned)")
    with pytest.raises(IntakeError) as refused:
        desk.score("2025-08")
    told = [p.code for p in refused.value.problems]
    assert sorted(told) == ["no-valid-row", "told-flag", "unreadable-flag"]


@pytest.mark.parametrize(("scale", "text", "value"), [
    ("[0, 100]", "85%", 85), ("[0, 100]", "85.5 %", Fraction(171, 2)), ("[0, 1]", "85%", Fraction(17, 20)), ("[0, 5]", "80%", 4),
    ("[0, 100]", "85", 85), ("[0, 100]", "85分", 85), ("[1, 5]", "80%", None), ("[0, 100]", "120%", None),
])  # fmt: skip
def test_a_percentage_of_a_scale_is_a_part_of_it(
    desk: Desk, scale: str, text: str, value: Fraction | None
) -> None:
    # Read as 0.85 it would pull a score of 100 points down among others, and never be refused.
    desk.put_rows(
        "s.csv", "质检编号,质检时间,打分", [("Q1", "2025-08-01", text), ("Q2", "2025-08-02", "")]
    )
    desk.define(
        f"sources: {{ qa: {{ fields: {{ mark: {{ type: number, columns: 打分, scale: {scale} }} }} }} }}\n"
        "tolerance: 100%\nindicators:\n"
        "  - {id: it, name: it, formula: 'AVERAGE(qa, mark)', unit: score, direction: up}\n"
    )
    assert desk.value("2025-08") == value


@pytest.mark.parametrize("wrap", ['="{}"', "'{}", ' ="{}" ', "{}"])
def test_what_keeps_excel_from_flattening_an_id_is_no_part_of_it(desk: Desk, wrap: str) -> None:
    # A ticket of the one export is the ticket of the other, however each was kept from Excel.
    tickets = [(wrap.format(f"00{n}"), wrap.format(f"2025-08-0{n}")) for n in range(1, 6)]
    surveys = [(f"S{n}", f"00{n}", f"2025-08-0{n}", wrap.format(4)) for n in range(1, 6)]
    desk.put_rows("t.csv", "工单编号,创建时间", tickets)
    desk.put_rows("s.csv", "评价编号,工单编号,评价时间,满意度", surveys)
    desk.indicator("SUM(surveys, csat) + COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 25
    assert "unknown-reference" not in codes(scorecard)


@pytest.mark.parametrize("text", ["=SUM", "= (1)", "'t is", "'"])
def test_other_texts_that_begin_so_stay(desk: Desk, text: str) -> None:
    desk.put_rows("t.csv", "工单编号,创建时间,处理组", [("T1", "2025-08-01", text)])
    desk.define(
        f"indicators:\n  - {{id: it, name: it, unit: count, direction: up, formula: '{_count_of(text)}'}}\n"
    )
    assert desk.value("2025-08") == 1


def _count_of(text: str) -> str:
    return 'COUNTIF(tickets, team = "{}")'.format(text.replace("'", "''"))
