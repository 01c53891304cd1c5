"""The story is told by rules, and says no number that the review does not hold."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from tests.conftest import Desk

from csq.api import Run, exports_of, load, shield_of
from csq.definition.targets import Unit
from csq.narrative import directions, pattern, strengths, weaknesses
from csq.narrative.figures import Figure, Kind, Sentence
from csq.narrative.focus import focus_of
from csq.narrative.held import UnheldFigure, refuse_unheld
from csq.narrative.judged import find_missed
from csq.narrative.slow_hours import find_slowest
from csq.narrative.tell import tell
from csq.reports.review.cells import say_sentence
from csq.request import Request
from csq.review.ask import review_fields, review_intake
from csq.review.facts import Contribution, HourCell, Review, find_contributions
from csq.scorecard import Verdict
from csq.wording import Wording

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def review_examples() -> Iterator[Callable[[str], Review]]:
    """The examples, read once, reviewed as `api.review` does for whichever period is asked."""
    run = Run((EXAMPLES,))
    understood = load(run)
    needed = review_fields(understood, run.request)
    with exports_of(run, understood.definition, needed) as (engine, intake):

        @cache
        def review_of(period: str) -> Review:
            request, shield = Request(period=period), shield_of(understood)
            return review_intake(engine, intake, understood, request, shield)

        yield review_of


@pytest.fixture
def report(review_examples: Callable[[str], Review]) -> Review:
    """The two months of the report that the examples reproduce."""
    return review_examples("2025-07..2025-08")


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
    assert say_sentence(story.pattern, "zh").startswith("双高双低：强在「客户满意度」92.3 %")


@pytest.mark.parametrize(
    ("bad", "rows", "by_chance"),
    [
        # Six of 21 late complaints on a channel with 13 of 76: four would be expected.
        ((6, 21), (13, 76), True),
        ((5, 19), (14, 73), True),
        ((50, 200), (240, 1550), False),
        ((1400, 3604), (2445, 8890), False),
        ((2, 10), (2, 10), True),
    ],
)
def test_a_few_cases_more_than_expected_point_at_no_group(
    report: Review, bad: tuple[int, int], rows: tuple[int, int], by_chance: bool
) -> None:
    """A group was blamed for six cases of 21, where four lie there by its size alone."""
    found = Contribution(
        report.scorecard.totals[0], Fraction(*bad), Fraction(*rows), Fraction(bad[1])
    )
    expected = bad[1] * rows[0] / rows[1]
    spread = math.sqrt(expected * (1 - rows[0] / rows[1]))
    assert found.is_by_chance is by_chance is (bad[0] <= expected + 3 * spread)


def test_a_share_of_minutes_is_no_count_of_them(desk: Desk) -> None:
    """900 s are no 900 cases: what rows of other lengths do by chance nobody knows."""
    rows = [(f"A{n}", "2025-08-31 10:00", "渠道甲", "100", "100") for n in range(9)]
    rows += [(f"B{n}", "2025-08-31 10:00", "渠道乙", "0", "100") for n in range(21)]
    desk.put_rows("c.csv", "通话编号,进线时间,线路,等待时长,通话时长", rows)
    own = "sources: { calls: { fields: { line: { type: text, columns: [线路] } } } }\n"
    for formula, direction, may_be_chance in (
        ("SUM(calls, wait_s) / SUM(calls, talk_s)", "down", True),
        ("SHARE(calls, wait_s > 50s)", "down", False),
    ):
        desk.define(
            f"{own}indicators:\n  - {{ id: it, name: 它, formula: '{formula}', unit: percent,"
            f" direction: {direction}, target: '<= 10%' }}\n"
        )
        scores = [s for s in desk.score("2025-08", (("line",),)).scores if s.group]
        worst = max(find_contributions(scores, rises=False), key=lambda each: each.bad_share)
        assert (worst.bad_share, worst.row_share) == (Fraction(1), Fraction(3, 10))
        assert worst.may_be_chance is may_be_chance


def test_no_sentence_blames_a_group_for_what_may_be_chance(report: Review) -> None:
    missed = [s for s in report.scorecard.totals if s.verdict is Verdict.MISSED]
    blamed = {s.indicator.id: each for s in missed if (each := focus_of(report, s))}
    assert blamed
    for name, focus in blamed.items():
        if focus.score.indicator.unit is Unit.PERCENT:
            assert not focus.contribution.is_by_chance, name


def test_a_share_of_the_misses_is_said_of_the_misses(report: Review) -> None:
    """It was said of the rows that a target lacks, which are others and fewer."""
    totals = {score.indicator.id: score for score in report.scorecard.totals}
    missed = totals["fcr"].measurement
    groups = report.groups_of("fcr", "problem_type")
    own = next(g.measurement for g in groups if g.group[0][1] == "技术支持")
    assert missed.part is not None
    assert missed.whole is not None
    assert own.part is not None
    assert own.whole is not None
    share = (own.whole - own.part) / (missed.whole - missed.part)
    size = own.whole / missed.whole
    sentence = next(s for s in tell(report).weaknesses if s.about == "fcr")
    assert f"{float(share):.1%}" == "43.1%"
    assert f"{float(size):.1%}" == "28.5%"
    assert say_sentence(sentence, "zh").endswith(
        "；不合要求的件中 43.1 % 出在「技术支持」，而它只占总量的 28.5 %。"
    )
    assert say_sentence(sentence, "en").endswith(
        "; “Technical support” has 43.1 % of the cases that miss it and only 28.5 % of the volume."
    )


def test_those_that_are_told_are_not_taken_for_all_that_are_missed(report: Review) -> None:
    missed = [s for s in report.scorecard.totals if s.verdict is Verdict.MISSED]
    farthest = min(
        (s for s in missed if s.indicator.unit is Unit.PERCENT), key=lambda s: s.gap or 0
    )
    (sentence,) = [s for s in tell(report).weaknesses if "n" in s.figures and "gap" in s.figures]
    assert say_sentence(sentence, "zh").startswith(f"未达标共 {len(missed)} 项，见指标总表；")
    assert farthest.indicator.name.zh == "投诉 24 小时办结率"
    assert "差得最远的是投诉 24 小时办结率 69.3 %（目标 ≥ 100 %，差 30.7 pp）" in say_sentence(
        sentence, "zh"
    )


@pytest.mark.parametrize("period", ["2025-01", "2025Q2", "2025-07..2025-08"])
def test_the_misses_are_told_together_and_before_all_else(
    review_examples: Callable[[str], Review], period: str
) -> None:
    """A fifth miss stood below the slowest hours, after the sentence that ends the misses."""
    found = review_examples(period)
    missed = [score.indicator.id for score in find_missed(found)]
    told = tell(found).weaknesses
    misses = [at for at, each in enumerate(told) if "gap" in each.figures]
    (how_many,) = [at for at, each in enumerate(told) if {"n", "gap"} <= set(each.figures)]
    assert misses == list(range(len(misses)))
    assert how_many == misses[-1] >= 4
    assert [each.about for each in told[:how_many]] == missed[:how_many]
    assert told[how_many].about in missed[how_many:]
    assert len(told) == 9


@pytest.mark.parametrize(("most", "told"), [(40, None), (9, 4), (1, 4)])
def test_as_many_misses_are_told_as_there_is_room_for(
    report: Review, most: int, told: int | None
) -> None:
    missed = sum(s.verdict is Verdict.MISSED for s in report.scorecard.totals)
    said = [each for each in weaknesses.say_weaknesses(report, most) if "gap" in each.figures]
    alone = [each for each in said if "n" not in each.figures]
    assert len(alone) == (missed if told is None else told)
    assert len(said) - len(alone) == (told is not None)


def test_what_is_met_because_most_causes_are_unnamed_is_no_strength(report: Review) -> None:
    """The largest named cause is 18.7 %, below its 20 %, while “other” is 53.3 % and grew."""
    met = {s.indicator.id for s in report.scorecard.totals if s.verdict is Verdict.MET}
    assert "top_issue_share" in met
    assert "top_issue_share" not in {s.about for s in tell(report).strengths}
    assert {"csat", "repeat_complaint", "frt_avg"} <= {s.about for s in tell(report).strengths}


def test_only_contacts_are_told_as_repeated_contacts(small: Review) -> None:
    """A score of another kind, the lower the better, was told as how often customers came."""
    transfers = next(s for s in small.scorecard.totals if s.indicator.id == "transfers")
    measured = replace(transfers.measurement, value=Fraction(3), n=9)
    high = replace(transfers, measurement=measured, verdict=Verdict.NO_TARGET, lacking=())
    scores = tuple(high if s is transfers else s for s in small.scorecard.scores)
    other = replace(small, scorecard=replace(small.scorecard, scores=scores))
    assert [s for s in other.scorecard.totals if s.value == 3] == [high]
    assert "Repeated" not in " ".join(say_sentence(s, "en") for s in tell(other).sentences())


def test_highs_and_lows_are_of_different_dimensions(report: Review) -> None:
    """One indicator, and the same for one group, were counted as two lows."""
    story = tell(report)
    assert story.pattern is not None
    told = {
        name: str(figure.indicator and figure.indicator.dimension)
        for name, figure in story.pattern.figures.items()
    }
    assert told["high_a_value"] != told["high_b_value"]
    assert told["low_a_value"] != told["low_b_value"]


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
        HourCell(1, hour, 120, Fraction(100 * response), 100, 0)
        for hour, response in seconds.items()
    )
    slow = find_slowest(cells)
    assert slow is not None
    assert [cell.hour for cell in slow] == [12, 13, 14]
