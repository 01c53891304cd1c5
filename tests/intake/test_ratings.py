"""What words are worth: proven by the data, declared, or not read."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.conftest import Desk, books, find_total

HEADER = "评价编号,评价时间,满意度"
FIVE = ("非常满意", "满意", "一般", "不满意", "非常不满意")


def put(desk: Desk, *scores: str, name: str = "八月.csv") -> None:
    rows = [[f"{name}{n}", "2025-08-01", score] for n, score in enumerate(scores)]
    desk.put_rows(name, HEADER, rows)
    desk.indicator("AVERAGE(surveys, csat)", "score")


def kept(desk: Desk) -> int:
    return sum(each[1] for each in books(desk.score("2025-08")).values())


def notices(desk: Desk) -> list[str]:
    return [
        problem.line("zh") + "\n" + problem.line("en")
        for problem in desk.score("2025-08").problems
        if problem.code == "decided-ratings"
    ]


def test_all_five_words_prove_their_scale(desk: Desk) -> None:
    put(desk, *FIVE, "满意", "3")
    assert desk.value("2025-08") == Fraction(5 + 4 + 3 + 2 + 1 + 4 + 3, 7)
    assert notices(desk) == [
        "八月.csv:满意度: decided-ratings: 「满意度」的文字按五级量表换算成分数："
        "非常不满意 1、不满意 2、一般 3、满意 4、非常满意 5"
        " → 若不对，在 sources: 的 values: 里写明每个词是几分\n"
        "八月.csv:满意度: decided-ratings: the words of “CSAT” are read on a scale of five:"
        " 非常不满意 1, 不满意 2, 一般 3, 满意 4, 非常满意 5"
        " → if that is wrong, write what each word is worth under values: in sources:"
    ]


def test_english_words_prove_it_too(desk: Desk) -> None:
    words = ("Very satisfied", "SATISFIED", "Neutral", "Dissatisfied", "very dissatisfied")
    put(desk, *words)
    assert desk.value("2025-08") == 3


@pytest.mark.parametrize("pair", ["4 - 满意", "满意（4分）", "5：非常满意", "2-不满意"])
def test_one_word_with_its_number_proves_it(desk: Desk, pair: str) -> None:
    put(desk, "满意", "一般", pair)
    assert kept(desk) == 3


@pytest.mark.parametrize("scores", [
    ("满意", "一般", "不满意"),  # a scale of three
    ("非常满意", "满意", "不满意", "非常不满意"),  # a scale of four
    ("1 - 非常不满意", "满意"),  # the worst is 1 on every scale
    ("5 - 满意", "满意"),
    (*FIVE, "比较满意"),  # two words would be worth 4
])  # fmt: skip
def test_without_proof_no_word_is_worth_anything(desk: Desk, scores: tuple[str, ...]) -> None:
    put(desk, *scores, "3")
    assert kept(desk) == 1 + sum(score[0].isdigit() for score in scores)
    assert notices(desk) == []


def test_the_files_of_a_source_prove_it_together(desk: Desk) -> None:
    put(desk, "满意", "一般", name="a.csv")
    put(desk, *FIVE, name="b.csv")
    assert kept(desk) == 7
    assert [line.partition(":")[0] for line in notices(desk)] == ["a.csv", "b.csv"]


def test_declared_values_go_before_any_proof(desk: Desk) -> None:
    put(desk, *FIVE, "好评")
    text = desk.metrics.read_text("utf-8").removeprefix("version: 1\n")
    desk.define(f"sources: {{ surveys: {{ values: {{ csat: {{ 5: [满意, 好评] }} }} }} }}\n{text}")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 5
    assert [each[1] for each in books(scorecard).values()] == [2]


def test_the_scale_of_an_own_field_is_declared(desk: Desk) -> None:
    desk.put_rows("八月.csv", "工单编号,创建时间,打分", [["T1", "2025-08-01", "满意"]])
    desk.indicator("AVERAGE(tickets, 打分)", "score")
    text = desk.metrics.read_text("utf-8").removeprefix("version: 1\n")
    own = "{ type: number, scale: [1, 5] }"
    desk.define(f"sources: {{ tickets: {{ fields: {{ 打分: {own} }} }} }}\n{text}")
    assert desk.value("2025-08") == 4
