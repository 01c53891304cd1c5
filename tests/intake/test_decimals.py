"""The decimal mark: decided on the whole column, or left at the point."""

from __future__ import annotations

from fractions import Fraction

import pyarrow as pa
import pytest
from tests.conftest import Desk, books

from csq.intake.decimals import weigh_numbers

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
