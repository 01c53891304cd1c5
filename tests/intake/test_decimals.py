"""The decimal mark: decided on the whole column, or left at the point."""

from __future__ import annotations

from fractions import Fraction

import pyarrow as pa
import pytest
from tests.conftest import Desk, books, find_total

from csq.errors import IntakeError
from csq.intake.spelling.decimals import Decision, Evidence, decide_commas, weigh_numbers

HEADER = "评价编号;评价时间;满意度"


def put(desk: Desk, *scores: str) -> None:
    rows = [f"S{n};2025-08-01;{score}" for n, score in enumerate(scores)]
    desk.put("八月.csv", "\n".join([HEADER, *rows]))
    desk.indicator("AVERAGE(surveys, csat)", "score")


@pytest.mark.parametrize(("cells", "found"), [
    (["81,20", "1", ""], (1, 0, 1)), (["1,234", "1.234"], (1, 0, 0)), (["0,611"], (1, 0, 1)), (["3.5", "1,234.5"], (1, 2, 0)),
    (["1.234,5", " 95,5 % "], (2, 0, 2)), (["甲,乙"], (1, 0, 0)),
])  # fmt: skip
def test_what_a_column_says(cells: list[str], found: tuple[int, int, int]) -> None:
    evidence = weigh_numbers(pa.array(cells))
    assert (evidence.signed, evidence.only_point, evidence.only_comma) == found


def test_a_column_that_allows_nothing_else_is_read_with_the_comma_and_told(desk: Desk) -> None:
    put(desk, "4,5", "3,25", "5")
    scorecard = desk.score("2025-08")
    assert desk.value("2025-08") == Fraction(1275, 300)
    [notice] = [p for p in scorecard.problems if p.code == "decided-decimals"]
    assert notice.line("zh") == (
        "八月.csv:满意度: decided-decimals: 列「满意度」的逗号按小数点读取：2 个带逗号的数中有 2 个只能这样读"
        " → 若不对，在导出前去掉千分位分隔符"
    )
    assert notice.line("en") == (
        "八月.csv:满意度: decided-decimals: commas in “满意度” are read as decimal marks:"
        " 2 of 2 numbers with one allow nothing else"
        " → if that is wrong, export it without separators of thousands"
    )


def test_a_column_of_both_marks_keeps_the_point_and_refuses_the_commas(desk: Desk) -> None:
    put(desk, "4,5", "3.5", "5")
    [(read, kept, rejected, _, _)] = books(desk.score("2025-08")).values()
    assert (read, kept, rejected) == (3, 2, 1)


def test_one_comma_among_whole_numbers_is_a_slip(desk: Desk) -> None:
    put(desk, "4", "12,7", "5")
    [(read, kept, rejected, _, _)] = books(desk.score("2025-08")).values()
    assert (read, kept, rejected) == (3, 2, 1)


def test_a_zero_before_three_digits_is_never_thousands(desk: Desk) -> None:
    # Read as 611 it would be a wrong number without a word.
    put(desk, "0,611", "3.5")
    [(read, kept, rejected, _, _)] = books(desk.score("2025-08")).values()
    assert (read, kept, rejected) == (2, 1, 1)


TWO = "评价编号;评价时间;满意度;得分"


def put_two(desk: Desk, *pairs: tuple[str, str], decimal: str = "") -> None:
    rows = [f"S{n};2025-08-01;{score};{mark}" for n, (score, mark) in enumerate(pairs)]
    desk.put("八月.csv", "\n".join([TWO, *rows]))
    desk.define(f"""
sources:
  surveys: {{fields: {{mark: {{type: number, columns: [得分]}}}}{decimal}}}
indicators:
  - {{id: it, name: it, formula: "SUM(surveys, mark)", unit: score, direction: up}}
""")


def test_a_column_that_allows_both_is_read_like_the_others_of_its_file(desk: Desk) -> None:
    # By itself 2,125 is two thousand; a file whose ratings are 4,5 writes no thousands so.
    put_two(desk, ("4,5", "2,125"), ("3,5", "1,250"))
    scorecard = desk.score("2025-08")
    assert desk.value("2025-08") == Fraction(3375, 1000)
    [notice] = [p for p in scorecard.problems if p.code == "borrowed-decimals"]
    assert notice.line("zh") == (
        "八月.csv:得分: borrowed-decimals: 列「得分」的 2 个数里逗号可作小数点也可作千分位，"
        "和同一文件的「满意度」一样按小数点读取 → 若不对，在 sources: 里写 decimal:"
    )
    assert notice.line("en") == (
        "八月.csv:得分: borrowed-decimals: 2 numbers of “得分” allow a decimal comma and thousands:"
        " read with a decimal comma like “满意度” in the same file"
        " → if that is wrong, write decimal: under sources:"
    )


def test_a_few_decimal_commas_beside_what_may_be_thousands_are_asked_about(desk: Desk) -> None:
    # 2,125 would be read as 2125, and only the row with 1,5 refused.
    put_two(desk, *[("5", "7")] * 50, ("5", "2,125"), ("5", "1,5"))
    with pytest.raises(IntakeError) as raised:
        desk.score("2025-08")
    [problem] = raised.value.problems
    assert problem.line("en") == (
        "八月.csv:得分: ambiguous-decimals: the decimal mark of “得分” is not plain: 1 numbers may"
        " have decimals or thousands, 1 can only have a decimal comma"
        ' → write decimal: "," or decimal: "." under sources:'
    )
    assert problem.line("zh") == (
        "八月.csv:得分: ambiguous-decimals: 列「得分」的小数点无法判断：1 个数可作小数也可作千分位，"
        '只能是小数逗号的 1 个 → 在 sources: 里写 decimal: ","（逗号是小数点）'
        '或 decimal: "."（点是小数点）'
    )
    put_two(desk, *[("5", "7")] * 50, ("5", "2,125"), ("5", "1,5"), decimal=', decimal: ","')
    assert desk.value("2025-08") == 350 + Fraction(3625, 1000)


COMMA = Evidence(filled=2, signed=2, only_comma=2)
"""`4,5`, `3,5`"""


@pytest.mark.parametrize(("other", "has_numbers", "expected"), [
    (Evidence(2, open_point=2), False, Decision(frozenset({0}), undecided=frozenset({1}))),
    (Evidence(2, open_point=2), True, Decision(frozenset({0}))),
    (Evidence(2, 1, open_comma=1, open_point=1), True, Decision(frozenset({0}), undecided=frozenset({1}))),
    (Evidence(2, 1, open_comma=1, open_point=1), False, Decision(frozenset({0}), frozenset({1}))),
    (Evidence(2, 1, only_point=1, open_comma=1), False, Decision(frozenset({0}))),
    (Evidence(2, only_point=2), False, Decision(frozenset({0}))),
    (Evidence(2), False, Decision(frozenset({0}))),
    (Evidence(9, 2, only_comma=1, open_comma=1), False, Decision(frozenset({0}), undecided=frozenset({1}))),
])  # fmt: skip
def test_what_a_proven_column_says_of_another(
    other: Evidence, has_numbers: bool, expected: Decision
) -> None:
    # In a workbook 1.250 may be a number that was shown as 1,250: its point is one.
    assert decide_commas({0: COMMA, 1: other}, has_numbers=has_numbers) == expected


def test_numbers_of_a_workbook_do_not_become_thousands_by_the_texts_beside_them() -> None:
    mixed = Evidence(filled=3, signed=2, only_comma=2, open_point=1)
    assert decide_commas({0: mixed}, has_numbers=True) == Decision(undecided=frozenset({0}))
    assert decide_commas({0: mixed}, has_numbers=False) == Decision(frozenset({0}))


@pytest.mark.parametrize(("cells", "told"), [
    (["106.394", "5.000", "1.234", "99.999", "12.345"], True), (["106.394", "5.000", "1.234", "99.999", "12.345", "7"], True),
    (["0.394", "5.000", "1.234", "99.999", "12.345"], False), (["106.394", "5.00", "1.234", "99.999", "12.345"], False),
    (["106.394", "5.000", "1.234", "99.999"], False), (["1", "2", "3", "4", "5"], False),
])  # fmt: skip
def test_points_that_may_stand_between_thousands_are_warned_about(
    desk: Desk, cells: list[str], told: bool
) -> None:
    rows = [(f"C{n}", "2025-08-01", cell) for n, cell in enumerate(cells)]
    desk.put_rows("c.csv", "通话编号,进入队列时间,通话时长(毫秒)", rows)
    desk.indicator("AVERAGE(calls, talk_s)", "duration")
    found = [p for p in desk.score("2025-08").problems if p.code == "point-or-thousands"]
    assert len(found) == told
    if told:
        assert found[0].line("zh") == (
            "c.csv:通话时长(毫秒): point-or-thousands: 列「通话时长(毫秒)」带点的数都恰好有三位（5 个，例如「106.394」），"
            '按小数读取，也可能是千分位 → 是千分位的，在 sources: 里写 decimal: ","；是小数的，写 decimal: "."'
        )
        assert found[0].line("en") == (
            "c.csv:通话时长(毫秒): point-or-thousands: all numbers of “通话时长(毫秒)” with a point have three digits"
            " behind it (5, such as “106.394”): they are read as decimals, and may be thousands"
            ' → write decimal: "," under sources: if they are thousands, decimal: "." if not'
        )


@pytest.mark.parametrize(("cells", "between", "told"), [
    (["12,345", "1,200", "3,271", "8,004", "7,100"], ";", True), (["12,345", "1,200", "3,271", "8,004", "7,100", ""], ";", True),
    (["12,345", "1,200", "3,271", "8,004", "7,100"], "\t", False), (["12,345", "1,200", "3,271", "8,004", "7,100", "900"], ";", False),
    (["12,345", "1,200", "3,271", "8,004"], ";", False), (["12,345", "1,200", "3,271", "8,004", "7,1", "2,5", "3,5", "1,5", "4,5"], ";", None),
])  # fmt: skip
def test_commas_that_may_be_decimal_marks_between_semicolons_are_warned_about(
    desk: Desk, cells: list[str], between: str, told: bool | None
) -> None:
    lines = [("通话编号", "进入队列时间", "通话时长(秒)")]
    lines += [(f"C{n}", "2025-08-31", cell) for n, cell in enumerate(cells)]
    desk.put("c.csv", "\n".join(between.join(line) for line in lines) + "\n")
    desk.indicator("SUM(calls, talk_s)", "duration")
    if told is None:
        # A column that can only have decimal commas is read with them, and nothing is open.
        assert {p.code for p in desk.score("2025-08").problems} == {"decided-decimals"}
        return
    found = [p for p in desk.score("2025-08").problems if p.code == "thousands-or-decimals"]
    assert len(found) == told
    if told:
        assert found[0].line("zh") == (
            "c.csv:通话时长(秒): thousands-or-decimals: 文件用分号分隔，列「通话时长(秒)」的数却都带逗号且恰好有三位"
            "（5 个，例如「12,345」），按千分位读取，也可能是小数"
            ' → 是小数的，在 sources: 里写 decimal: ","；是千分位的，写 decimal: "."'
        )
        assert found[0].line("en") == (
            "c.csv:通话时长(秒): thousands-or-decimals: semicolons part the cells, and all numbers of"
            " “通话时长(秒)” have a comma with three digits behind it (5, such as “12,345”): they are read"
            ' as thousands, and may be decimals → write decimal: "," under sources: if they are'
            ' decimals, decimal: "." if not'
        )
        desk.define("""
sources: { calls: { decimal: "," } }
indicators:
  - { id: it, name: it, formula: "SUM(calls, talk_s)", unit: duration, direction: up }
""")
        scorecard = desk.score("2025-08")
        assert find_total(scorecard).value == Fraction(31920, 1000)
        assert not [p for p in scorecard.problems if p.code == "thousands-or-decimals"]
