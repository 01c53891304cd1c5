"""The story is told by rules, and says no number that the review does not hold."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from csq.api import Run, review
from csq.definition.targets import Unit
from csq.narrative import directions, pattern, strengths, weaknesses
from csq.narrative.figures import Figure, Kind, Sentence
from csq.narrative.held import UnheldFigure, refuse_unheld
from csq.narrative.slow_hours import find_slowest
from csq.narrative.tell import tell
from csq.reports.review.cells import say_sentence
from csq.request import Request
from csq.review.facts import HourCell, Review
from csq.wording import Wording

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def report() -> Review:
    """The two months of the report that the examples reproduce."""
    return review(Run((EXAMPLES,), request=Request(period="2025-07..2025-08")))


def test_the_examples_tell_the_story_of_the_report(report: Review) -> None:
    story = tell(report)
    good, bad, to_do = (
        " ".join(say_sentence(each, "zh") for each in part)
        for part in (story.strengths, story.weaknesses, story.directions)
    )
    assert "客户满意度 92.3 %" in good
    assert "2025H1 为 87.1 %（+5.2 pp）" in good
    assert "平均首次响应时长 15.8 秒" in good
    assert "一次性解决率 78.6 %，未达目标（≥ 85 %），差 6.4 pp" in bad
    assert "相当于 798 件" in bad
    for figure in ("31.2 %", "22.3 分钟", "34.2 %", "19.8 %"):
        assert figure in bad
    assert "单件投诉沟通次数平均 3.2 次" in bad
    assert (
        "2025-08-12 20:00 至 22:00 异常：投诉 23 件，占当月投诉 12.3 %，平均首次响应 45.0 秒" in bad
    )
    assert "把「技术支持」列为培训和复盘重点" in to_do
    assert "按高峰排班" in to_do
    assert "统一处理模板：响应缓慢 18.7 %、解决不彻底 12.3 %" in to_do
    assert story.pattern is not None
    assert say_sentence(story.pattern, "zh").startswith("双高双低：强在客户满意度 92.3 %")


def test_both_languages_say_the_same_figures(report: Review) -> None:
    for sentence in tell(report).sentences():
        chinese, english = (
            sorted(re.findall(r"[−+]?[\d,]+\.\d+", say_sentence(sentence, language)))
            for language in ("zh", "en")
        )
        assert [text.strip("+−") for text in chinese] == [text.strip("+−") for text in english]


def test_a_sentence_carries_its_evidence(report: Review) -> None:
    assert all(sentence.figures for sentence in tell(report).sentences())


def test_a_figure_that_the_review_lacks_is_refused(found: Review) -> None:
    sentence = tell(found).sentences()[0]
    name, figure = next(iter(sentence.figures.items()))
    wrong = replace(figure, value=figure.value + Fraction(1, 1000))
    with pytest.raises(UnheldFigure):
        refuse_unheld([replace(sentence, figures={**sentence.figures, name: wrong})], found)


@pytest.mark.parametrize("part", ["value", "difference", "gap", "share", "count", "clock"])
def test_a_rule_that_says_a_wrong_figure_is_found_out(
    found: Review, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """Each kind of figure, a thousandth beside the truth: nothing is told."""
    maker = f"{part}_figure"
    speakers = [m for m in (strengths, weaknesses, directions, pattern) if hasattr(m, maker)]
    assert speakers
    right = getattr(speakers[0], maker)

    def wrong(*given: object) -> Figure:
        figure: Figure = right(*given)
        return replace(figure, value=figure.value + Fraction(1, 1000))

    for speaker in speakers:
        monkeypatch.setattr(speaker, maker, wrong)
    with pytest.raises(UnheldFigure):
        tell(found)


def test_a_figure_of_another_indicator_is_refused(found: Review) -> None:
    other = next(s for s in found.scorecard.totals if s.indicator.id == "nps").indicator
    sentence = next(s for s in tell(found).sentences() if "value" in s.figures)
    wrong = replace(sentence.figures["value"], indicator=other)
    with pytest.raises(UnheldFigure):
        refuse_unheld([replace(sentence, figures={**sentence.figures, "value": wrong})], found)


def test_a_number_written_into_the_words_is_refused(found: Review) -> None:
    figure = Figure(Kind.COUNT, Fraction(1), Unit.COUNT)
    sentence = Sentence("x", Wording("有 3 件", "3 of them"), {"n": figure})
    with pytest.raises(UnheldFigure):
        refuse_unheld([sentence], found)


def test_the_slowest_hour_may_lie_between_the_ends_of_the_slow_ones() -> None:
    seconds = {9: 10, 10: 10, 11: 10, 12: 40, 13: 90, 14: 40, 15: 10}
    cells = tuple(
        HourCell(1, hour, 100, Fraction(response), 0) for hour, response in seconds.items()
    )
    slow = find_slowest(cells)
    assert slow is not None
    assert [cell.hour for cell in slow] == [12, 13, 14]
