"""Measurements judged against targets: exactly, by level and scope, and never without data."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.conftest import load_text

from csq.definition.targets import Level
from csq.formula.understand import UnderstoodIndicator, understand
from csq.measure import Measurement
from csq.period import parse_period
from csq.scorecard import Score, Verdict, choose_targets, find_shortfall, judge

PERIOD = parse_period("2025-08")
COUNTED = "COUNTIF(tickets, spam) / COUNT(tickets) × 100%"


def indicator(
    *targets: str,
    formula: str = COUNTED,
    unit: str = "percent",
    direction: str = "up",
    min_n: int = 1,
) -> UnderstoodIndicator:
    """An indicator with targets, each as a line of YAML."""
    text = (
        "version: 1\nindicators:\n  - id: it\n    name: 它\n"
        f"    formula: '{formula}'\n    unit: {unit}\n    direction: {direction}\n"
        f"    min_n: {min_n}\n    targets: [{', '.join(targets)}]\n"
    )
    (understood,) = understand(load_text(text)).indicators
    return understood


def measured(
    it: UnderstoodIndicator, part: Fraction | int, whole: Fraction | int, n: int | None = None
) -> Measurement:
    """A quotient of two numbers, over as many rows as its whole."""
    value = Fraction(part) / Fraction(whole) if whole else None
    rows = int(whole) if n is None else n
    return Measurement(it, PERIOD, (), value, rows, Fraction(part), Fraction(whole))


def judged(it: UnderstoodIndicator, measurement: Measurement, **group: str) -> Score:
    return judge(measurement, choose_targets(it, group, date(2025, 8, 31)))


@pytest.mark.parametrize("percent", range(1, 100))
def test_a_ratio_exactly_at_its_target_has_met_it(percent: int) -> None:
    """Also those at which floats go astray: 29/100, 57/100, 58/100."""
    it = indicator(f'{{ value: ">= {percent}%" }}')
    assert judged(it, measured(it, percent, 100)).verdict is Verdict.MET
    assert judged(it, measured(it, percent * 7, 700)).verdict is Verdict.MET
    assert judged(it, measured(it, percent * 7 - 1, 700)).verdict is Verdict.MISSED


@pytest.mark.parametrize("percent", range(1, 100))
def test_one_less_a_ratio_exactly_at_its_target_has_met_it(percent: int) -> None:
    """1 - 85/100 is more than 15 % in floats, as are nineteen others."""
    formula = "1 - COUNTIF(tickets, spam) / COUNT(tickets)"
    it = indicator(f'{{ value: "<= {percent}%" }}', formula=formula, direction="down")
    ratio = it.ratio
    assert ratio is not None
    value = 1 - Fraction(100 - percent, 100)
    measurement = Measurement(it, PERIOD, (), value, 100, Fraction(percent), Fraction(100))
    assert judged(it, measurement).verdict is Verdict.MET


@pytest.mark.parametrize(
    ("target", "direction", "part", "verdict"),
    [
        (">= 85%", "up", 8_500, Verdict.MET),
        (">= 85%", "up", 8_499, Verdict.MISSED),
        ("> 85%", "up", 8_500, Verdict.MISSED),
        ("> 85%", "up", 8_501, Verdict.MET),
        ("<= 15%", "down", 1_500, Verdict.MET),
        ("<= 15%", "down", 1_501, Verdict.MISSED),
        ("< 15%", "down", 1_500, Verdict.MISSED),
        ("= 100%", "up", 10_000, Verdict.MET),
        ("= 100%", "up", 9_999, Verdict.MISSED),
        ("≥ 85%", "up", 8_500, Verdict.MET),
    ],
)
def test_a_verdict_is_the_comparison(
    target: str, direction: str, part: int, verdict: Verdict
) -> None:
    it = indicator(f'{{ value: "{target}" }}', direction=direction)
    assert judged(it, measured(it, part, 10_000)).verdict is verdict


def test_almost_is_missed() -> None:
    it = indicator('{ value: ">= 85%" }')
    score = judged(it, measured(it, 84_996, 100_000))
    assert (score.verdict, score.gap) == (Verdict.MISSED, Fraction(-4, 100_000))


def test_nothing_by_nothing_is_neither_met_nor_missed() -> None:
    for target, direction in ((">= 0%", "up"), ("<= 100%", "down")):
        it = indicator(f'{{ value: "{target}" }}', direction=direction)
        score = judged(it, measured(it, 0, 0))
        assert score.verdict is Verdict.NO_DATA
        assert (score.value, score.gap, score.missed_levels) == (None, None, frozenset())
        assert score.shortfall is None


def test_without_a_target_there_is_no_verdict() -> None:
    it = indicator()
    score = judged(it, measured(it, 1, 2))
    assert (score.verdict, score.target, score.gap) == (Verdict.NO_TARGET, None, None)


def test_too_few_rows_are_not_enough_evidence_whatever_they_say() -> None:
    it = indicator('{ value: ">= 85%" }', '{ value: ">= 50%", level: floor }', min_n=30)
    for part in (0, 29):
        score = judged(it, measured(it, part, 29))
        assert score.verdict is Verdict.NOT_ENOUGH_EVIDENCE
        assert (score.missed_levels, score.shortfall) == (frozenset(), None)
    assert judged(it, measured(it, 30, 30)).verdict is Verdict.MET


LEVELS = (
    '{ value: ">= 50%", level: floor }',
    '{ value: ">= 70%" }',
    '{ value: ">= 90%", level: stretch }',
)


@pytest.mark.parametrize(
    ("part", "verdict", "missed"),
    [
        (95, Verdict.MET, set()),
        (80, Verdict.MET, {Level.STRETCH}),
        (60, Verdict.MISSED, {Level.STRETCH, Level.TARGET}),
        (40, Verdict.MISSED, {Level.STRETCH, Level.TARGET, Level.FLOOR}),
    ],
)
def test_each_level_is_missed_or_not(part: int, verdict: Verdict, missed: set[Level]) -> None:
    it = indicator(*LEVELS)
    score = judged(it, measured(it, part, 100))
    assert (score.verdict, set(score.missed_levels)) == (verdict, missed)
    assert str(score.target and score.target.value) == ">= 70%"


def test_a_floor_alone_is_the_target() -> None:
    it = indicator(LEVELS[0])
    assert judged(it, measured(it, 40, 100)).verdict is Verdict.MISSED
    assert judged(it, measured(it, 50, 100)).verdict is Verdict.MET


def test_a_stretch_alone_is_no_target() -> None:
    it = indicator(LEVELS[2])
    score = judged(it, measured(it, 40, 100))
    assert score.verdict is Verdict.NO_TARGET
    assert score.missed_levels == {Level.STRETCH}


SCOPES = (
    '{ value: ">= 50%" }',
    '{ value: ">= 60%", where: { channel: 电话 } }',
    '{ value: ">= 70%", where: { channel: 电话, customer_type: VIP } }',
    '{ value: ">= 80%", where: { channel: 在线 } }',
)


@pytest.mark.parametrize(
    ("group", "target"),
    [
        ({}, ">= 50%"),
        ({"channel": "邮件"}, ">= 50%"),
        ({"channel": "电话"}, ">= 60%"),
        ({"channel": "在线"}, ">= 80%"),
        ({"customer_type": "VIP"}, ">= 50%"),
        ({"channel": "电话", "customer_type": "VIP"}, ">= 70%"),
        ({"channel": "电话", "customer_type": "新客户"}, ">= 60%"),
        ({"channel": "电话", "team": "一组"}, ">= 60%"),
        ({"channel": None}, ">= 50%"),
    ],
)
def test_the_most_specific_target_counts(group: dict[str, str | None], target: str) -> None:
    chosen = choose_targets(indicator(*SCOPES), group, date(2025, 8, 31))
    assert str(chosen[Level.TARGET].value) == target


@pytest.mark.parametrize("spelling", ["phone", "Phone", "热线", "电话"])
def test_a_scope_may_be_in_any_known_spelling(spelling: str) -> None:
    """The data holds 电话; a target for Phone that never applied would be a target dropped."""
    it = indicator(
        '{ value: ">= 50%" }', f'{{ value: ">= 60%", where: {{ channel: {spelling} }} }}'
    )
    chosen = choose_targets(it, {"channel": "电话"}, date(2025, 8, 31))
    assert str(chosen[Level.TARGET].value) == ">= 60%"


def test_only_scoped_targets_leave_the_total_without_one() -> None:
    it = indicator(SCOPES[1])
    assert choose_targets(it, {}, date(2025, 8, 31)) == {}
    assert judged(it, measured(it, 1, 2)).verdict is Verdict.NO_TARGET


def test_the_change_is_against_the_period_before() -> None:
    it = indicator('{ value: ">= 85%" }')
    earlier = [measured(it, 60, 100), measured(it, 0, 0), measured(it, 70, 100)]
    score = judge(measured(it, 75, 100), {}, earlier)
    assert (score.previous, score.change) == (Fraction(7, 10), Fraction(1, 20))
    assert score.trend == (Fraction(3, 5), None, Fraction(7, 10), Fraction(3, 4))


def test_a_few_rows_before_are_no_value_to_compare_with() -> None:
    it = indicator('{ value: ">= 85%" }', min_n=30)
    score = judge(measured(it, 75, 100), {}, [measured(it, 20, 30), measured(it, 2, 2)])
    assert (score.previous, score.change, score.is_thin_before) == (None, None, True)
    assert score.trend == (Fraction(2, 3), None, Fraction(3, 4))
    assert (score.thin, score.is_thin) == ({1: Fraction(1)}, False)
    for last in (measured(it, 20, 30), measured(it, 0, 0)):
        assert not judge(measured(it, 75, 100), {}, [last]).is_thin_before


def test_a_value_of_few_rows_is_no_point_of_the_trend() -> None:
    it = indicator('{ value: ">= 85%" }', min_n=30)
    score = judge(measured(it, 8, 10), {}, [measured(it, 20, 30), measured(it, 0, 0)])
    assert (score.value, score.is_thin, score.previous) == (Fraction(4, 5), True, None)
    assert score.trend == (Fraction(2, 3), None, None)
    assert score.thin == {2: Fraction(4, 5)}


def test_no_data_before_is_no_change() -> None:
    it = indicator()
    score = judge(measured(it, 75, 100), {}, [measured(it, 60, 100), measured(it, 0, 0)])
    assert (score.previous, score.change) == (None, None)


@pytest.mark.parametrize(
    ("target", "direction", "part", "whole", "rows"),
    [
        (">= 85%", "up", 75, 100, 10),
        (">= 85%", "up", 3, 4, 1),
        (">= 85%", "up", 9_792, 12_458, 798),
        ("> 85%", "up", 85, 100, 1),
        ("> 85%", "up", 75, 100, 11),
        ("<= 15%", "down", 20, 100, 5),
        ("<= 15%", "down", 2, 4, 2),
        ("< 15%", "down", 15, 100, 1),
        ("= 100%", "up", 97, 100, 3),
    ],
)
def test_how_many_rows_are_missing(
    target: str, direction: str, part: int, whole: int, rows: int
) -> None:
    it = indicator(f'{{ value: "{target}" }}', direction=direction)
    shortfall = judged(it, measured(it, part, whole)).shortfall
    assert shortfall is not None
    assert (shortfall.rows, shortfall.seconds) == (rows, None)


@given(st.integers(1, 100), st.sampled_from([">=", ">"]), st.integers(0, 500), st.integers(1, 500))
def test_the_missing_rows_reach_the_target_and_one_fewer_does_not(
    percent: int, operator: str, part: int, whole: int
) -> None:
    it = indicator(f'{{ value: "{operator} {percent}%" }}')
    part = min(part, whole)
    shortfall = judged(it, measured(it, part, whole)).shortfall
    if shortfall is None:
        return
    assert shortfall.rows is not None
    target = choose_targets(it, {}, date(2025, 8, 31))[Level.TARGET].value
    assert target.holds(Fraction(part + shortfall.rows, whole))
    assert not target.holds(Fraction(part + shortfall.rows - 1, whole))


NPS = "(COUNTIF(surveys, nps >= 9) - COUNTIF(surveys, nps <= 6))"


@pytest.mark.parametrize(
    ("formula", "unit", "target", "parts", "rows"),
    [
        # 20 promoters more than detractors of 100; one more moves the score by 1, not by 0.01.
        (f"{NPS} × 100 / COUNT(surveys, nps)", "points", ">= 30", (2_000, 100), 10),
        (f"{NPS} / COUNT(surveys, nps) × 100", "points", "> 30", (2_000, 100), 11),
        (f"100 × {NPS} / COUNT(surveys)", "points", ">= 20.5", (2_000, 100), 1),
        ("COUNTIF(tickets, spam) / 2 / COUNT(tickets)", "ratio", ">= 0.3", (20, 100), 20),
        ("1 - COUNTIF(tickets, spam) / COUNT(tickets)", "percent", ">= 85%", (75, 100), 10),
        ("COUNTIF(tickets, spam) / COUNT(tickets) + 5%", "percent", ">= 85%", (75, 100), 10),
        ("200% - 2 × COUNTIF(tickets, spam) / COUNT(tickets)", "ratio", ">= 1", (70, 100), 15),
        ("(COUNTIF(tickets, spam) + COUNTIF(tickets, escalated)) / COUNT(tickets)",
         "ratio", ">= 0.5", (40, 100), 10),
        # Which of two counts it is decides how far one row reaches.
        ("(2 × COUNTIF(tickets, spam) + COUNTIF(tickets, escalated)) / COUNT(tickets)",
         "ratio", ">= 0.5", (40, 100), None),
    ],
)  # fmt: skip
def test_a_row_reaches_as_far_as_the_formula_lets_it(
    formula: str, unit: str, target: str, parts: tuple[int, int], rows: int | None
) -> None:
    it = indicator(f'{{ value: "{target}" }}', formula=formula, unit=unit)
    shortfall = judged(it, measured(it, *parts)).shortfall
    assert (shortfall and shortfall.rows) == rows


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 200), st.integers(1, 200))
def test_the_missing_rows_bring_a_share_into_its_band(
    one: int, other: int, part: int, whole: int
) -> None:
    lower, upper = sorted((one, other))
    assume(lower < upper)
    it = indicator(f'{{ value: "{lower}% .. {upper}%" }}', direction="band")
    part = min(part, whole)
    shortfall = judged(it, measured(it, part, whole)).shortfall
    within = [rows for rows in range(whole + 1) if lower * whole <= 100 * rows <= upper * whole]
    nearest = min(within, key=lambda rows: abs(rows - part), default=part)
    if nearest == part:
        assert shortfall is None
        return
    assert shortfall is not None
    assert (shortfall.rows, shortfall.is_more) == (abs(nearest - part), nearest > part)


@pytest.mark.parametrize(
    ("total", "seconds", "is_more"),
    [(2_000, 400, True), (4_800, 600, False), (3_000, None, False)],
)
def test_how_much_time_is_missing_to_a_band(total: int, seconds: int | None, is_more: bool) -> None:
    it = indicator(
        '{ value: "240s .. 420s" }',
        formula="AVERAGE(calls, talk_s)",
        unit="duration",
        direction="band",
    )
    shortfall = judged(it, measured(it, total, 10)).shortfall
    assert (shortfall and shortfall.seconds) == seconds
    assert (shortfall is not None and shortfall.is_more) is is_more


def test_of_a_mean_that_should_be_long_no_time_is_missing() -> None:
    it = indicator(
        '{ value: ">= 30s" }', formula="AVERAGE(calls, wait_s)", unit="duration", direction="up"
    )
    assert judged(it, measured(it, 200, 10)).shortfall is None


def test_how_much_time_is_missing_to_a_mean() -> None:
    it = indicator(
        '{ value: "<= 30s" }', formula="AVERAGE(calls, wait_s)", unit="duration", direction="down"
    )
    shortfall = judged(it, measured(it, 400, 10)).shortfall
    assert shortfall is not None
    assert (shortfall.rows, shortfall.seconds) == (None, Fraction(100))


def test_of_a_mean_of_scores_no_rows_are_missing() -> None:
    it = indicator('{ value: ">= 4" }', formula="AVERAGE(surveys, csat)", unit="score")
    assert judged(it, measured(it, 30, 10)).shortfall is None


def test_of_what_is_no_quotient_nothing_is_missing() -> None:
    it = indicator('{ value: ">= 40" }', formula="COUNT(tickets)", unit="count")
    measurement = Measurement(it, PERIOD, (), Fraction(30), 30)
    score = judged(it, measurement)
    assert (score.verdict, score.gap, score.shortfall) == (Verdict.MISSED, Fraction(-10), None)


def test_a_met_target_lacks_nothing() -> None:
    it = indicator('{ value: ">= 85%" }')
    assert judged(it, measured(it, 90, 100)).shortfall is None


def test_without_parts_nothing_is_missing() -> None:
    it = indicator('{ value: ">= 85%" }')
    bare = Measurement(it, PERIOD, (), Fraction(1, 2), 2)
    assert find_shortfall(bare, choose_targets(it, {}, date(2025, 8, 31))[Level.TARGET]) is None
    assert find_shortfall(measured(it, 1, 2), None) is None
