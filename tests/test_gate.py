"""Whether a scorecard passes: which misses count, and the exit codes that say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from tests.conftest import load_text

from csq.errors import NOWHERE, ExitCode, Problem, choose_exit_code
from csq.formula.understand import UnderstoodIndicator, understand
from csq.gate import FailOn, exit_codes_of_data, judge_gate
from csq.intake.receipt import Receipt
from csq.measure import Group, Measurement
from csq.period import parse_period
from csq.problems.rows import DUPLICATE_KEY, NO_VALID_ROW, TOO_MANY_REFUSED
from csq.scorecard import Score, Scorecard, choose_targets, judge
from csq.wording import verbatim

PERIOD = parse_period("2025-08")
TEXT = """
version: 1
indicators:
  - id: {id}
    name: {{ zh: 甲, en: A }}
    formula: COUNTIF(tickets, spam) / COUNT(tickets)
    unit: percent
    direction: up
    min_n: 10
    targets: [{targets}]
    {further}
"""
LEVELS = (
    '{ value: ">= 50%", level: floor }',
    '{ value: ">= 70%" }',
    '{ value: ">= 90%", level: stretch }',
)


def indicator(*targets: str, name: str = "it", further: str = "") -> UnderstoodIndicator:
    text = TEXT.format(id=name, targets=", ".join(targets), further=further)
    return understand(load_text(text)).indicators[0]


def scored(it: UnderstoodIndicator, part: int, whole: int = 100, group: Group = ()) -> Score:
    value = Fraction(part, whole) if whole else None
    measurement = Measurement(it, PERIOD, group, value, whole, Fraction(part), Fraction(whole))
    return judge(measurement, choose_targets(it, {}, date(2025, 8, 31)))


def card(*scores: Score, problems: tuple[Problem, ...] = ()) -> Scorecard:
    return Scorecard(PERIOD, True, "0" * 64, "zh", (), scores, problems=problems)


@pytest.mark.parametrize("part", [95, 80, 60, 40])
@pytest.mark.parametrize("fail_on", ["stretch", "target", "floor", "never"])
def test_a_missed_level_at_or_above_what_is_asked_fails(part: int, fail_on: FailOn) -> None:
    least = {"stretch": 90, "target": 70, "floor": 50, "never": 0}[fail_on]
    gate = judge_gate(card(scored(indicator(*LEVELS), part)), fail_on)
    assert bool(gate.failed) is (part < least)
    assert gate.codes == ((ExitCode.MISSED,) if part < least else ())
    assert (gate.undecided, gate.problems) == ((), ())


def test_a_group_that_misses_fails_the_gate() -> None:
    it = indicator(LEVELS[1])
    group = scored(it, 60, group=(("channel", "电话"),))
    gate = judge_gate(card(scored(it, 80), group), "target")
    assert gate.failed == (group,)
    assert gate.codes == (ExitCode.MISSED,)


@pytest.mark.parametrize(("part", "whole"), [(0, 0), (9, 9), (0, 9)])
def test_a_target_without_a_verdict_is_undecided(part: int, whole: int) -> None:
    score = scored(indicator(LEVELS[1]), part, whole)
    gate = judge_gate(card(score), "target")
    assert (gate.failed, gate.undecided, gate.codes) == ((), (score,), (ExitCode.NO_VERDICT,))
    (problem,) = gate.problems
    assert problem.line("zh") == (
        "no-verdict: 1 项有目标的指标没有结论：甲 → 补上数据，或用 --indicator 只检查需要的指标"
    )
    assert problem.line("en") == (
        "no-verdict: indicators with a target but without a verdict (1): A"
        " → add the data, or check only some with --indicator"
    )


def test_an_indicator_without_a_target_needs_no_verdict() -> None:
    assert judge_gate(card(scored(indicator(), 0, 0)), "target").codes == ()


def test_an_optional_indicator_needs_a_verdict_once_its_exports_are_kept() -> None:
    it = indicator(LEVELS[1], further="optional: true")
    score = scored(it, 0, 0)
    calls, tickets = (
        Receipt(source, verbatim(source), NOWHERE, None, 9, 9, 0, 0, 0)
        for source in ("calls", "tickets")
    )
    assert judge_gate(replace(card(score), receipts=(calls,)), "target").codes == ()
    gate = judge_gate(replace(card(score), receipts=(calls, tickets)), "target")
    assert (gate.undecided, gate.codes) == ((score,), (ExitCode.NO_VERDICT,))


def test_a_group_without_data_needs_no_verdict() -> None:
    it = indicator(LEVELS[1])
    empty = scored(it, 0, 0, group=(("channel", "电话"),))
    assert judge_gate(card(scored(it, 80), empty), "target").codes == ()


def test_never_needs_no_verdict() -> None:
    gate = judge_gate(card(scored(indicator(LEVELS[1]), 0, 0)), "never")
    assert (gate.undecided, gate.codes, gate.problems) == ((), (), ())


def test_misses_and_missing_verdicts_both_count() -> None:
    missed = scored(indicator(LEVELS[1], name="a"), 60)
    empty = scored(indicator(LEVELS[1], name="b"), 0, 0)
    gate = judge_gate(card(missed, empty), "target")
    assert set(gate.codes) == {ExitCode.MISSED, ExitCode.NO_VERDICT}
    assert choose_exit_code(gate.codes) is ExitCode.NO_VERDICT


REFUSED = TOO_MANY_REFUSED.at(source=verbatim("x"), rejected=1, read=2, tolerance="5%")
NOTHING_VALID = NO_VALID_ROW.at(source=verbatim("x"), read=2)
NOTICE = DUPLICATE_KEY.at(field=verbatim("x"), kept=verbatim("last"), count=1)


@pytest.mark.parametrize("problem", [REFUSED, NOTHING_VALID], ids=lambda each: str(each.code))
def test_unfit_exports_are_invalid_whatever_the_indicators_say(problem: Problem) -> None:
    for fail_on in ("target", "never"):
        gate = judge_gate(card(scored(indicator(LEVELS[1]), 60), problems=(problem,)), fail_on)
        assert choose_exit_code(gate.codes) is ExitCode.INVALID_DATA
    assert exit_codes_of_data(card(problems=(problem,))) == (ExitCode.INVALID_DATA,)


def test_a_notice_is_no_failure() -> None:
    scorecard = card(scored(indicator(LEVELS[1]), 80), problems=(NOTICE,))
    assert exit_codes_of_data(scorecard) == ()
    assert judge_gate(scorecard, "stretch").codes == ()


def test_the_gate_says_nothing_of_an_empty_scorecard() -> None:
    gate = judge_gate(card(), "target")
    assert (gate.failed, gate.undecided, gate.codes, gate.problems) == ((), (), (), ())


def test_a_score_of_a_total_and_its_lacks_are_told_apart() -> None:
    lacking = replace(scored(indicator(LEVELS[1]), 0, 0), lacking=(verbatim("x"),))
    assert card(lacking).lacking_data() == (lacking,)
    assert judge_gate(card(lacking), "target").undecided == (lacking,)
