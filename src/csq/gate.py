"""Whether a scorecard passes: which misses count, and the exit codes that say so. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from csq.definition.targets import Level
from csq.errors import ExitCode, Problem
from csq.problems.rows import NO_VALID_ROW, TOO_MANY_OF_RULE, TOO_MANY_REFUSED
from csq.problems.run import NO_VERDICT
from csq.scorecard import Score, Scorecard, Verdict
from csq.wording import Wording, join

FailOn = Literal["stretch", "target", "floor", "never"]

_FAILING: dict[FailOn, frozenset[Level]] = {
    "stretch": frozenset({Level.STRETCH, Level.TARGET, Level.FLOOR}),
    "target": frozenset({Level.TARGET, Level.FLOOR}),
    "floor": frozenset({Level.FLOOR}),
    "never": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Gate:
    """What the gate found: the scores that fail, those without a verdict, and the exit codes."""

    failed: tuple[Score, ...]
    undecided: tuple[Score, ...]
    codes: tuple[ExitCode, ...]
    problems: tuple[Problem, ...]
    fail_on: FailOn = "target"


def judge_gate(scorecard: Scorecard, fail_on: FailOn) -> Gate:
    """Every missed target at or above `fail_on`, and every target without a verdict.

    An indicator that has a target must get a verdict: missing data is not a pass, nor is a target
    that is a change from a baseline without data. Only of an `optional` one whose kind of export
    is not kept at all none is required; with `never` of none.
    """
    kept = {receipt.source for receipt in scorecard.receipts}
    failed = tuple(s for s in scorecard.scores if s.missed_levels & _FAILING[fail_on])
    undecided = tuple(
        score
        for score in scorecard.asked_for
        if fail_on != "never"
        and _is_undecided(score, fail_on)
        and not (score.indicator.optional and not score.sources <= kept)
    )
    codes = [*exit_codes_of_data(scorecard)]
    problems = []
    if failed:
        codes.append(ExitCode.MISSED)
    if undecided:
        codes.append(ExitCode.NO_VERDICT)
        names = join([_name(score) for score in undecided])
        advice = dict.fromkeys(each for score in undecided for each in _advice(score, fail_on))
        said = join(tuple(advice), "；", "; ")
        problems.append(NO_VERDICT.at(count=len(undecided), names=names, advice=said))
    return Gate(failed, undecided, tuple(codes), tuple(problems), fail_on)


def _is_undecided(score: Score, fail_on: FailOn) -> bool:
    if score.missed_levels & _FAILING[fail_on]:
        return False
    if score.unjudged.keys() & _FAILING[fail_on]:
        return True
    no_verdict = {Verdict.NO_DATA, Verdict.NOT_ENOUGH_EVIDENCE}
    return score.target is not None and score.verdict in no_verdict


def _advice(score: Score, fail_on: FailOn) -> Iterator[Wording]:
    """All that it takes to bring about a verdict."""
    unjudged = score.unjudged.keys() & _FAILING[fail_on]
    if score.value is None or not unjudged or unjudged - score.unequal:
        yield _ADD_DATA
    if unjudged & score.unequal:
        yield _OTHER_BASELINE


_ADD_DATA = Wording("补上数据", "add the data")
_OTHER_BASELINE = Wording(
    "把 baseline: 换成与本期一样长的时段", "choose a baseline: that is as long as the period"
)
_PASSED = Wording("✔ 检查通过（--fail-on {level}）", "✔ Check passed (--fail-on {level})")
_FAILED = Wording(
    "✘ 检查未通过（--fail-on {level}）：{reasons}", "✘ Check failed (--fail-on {level}): {reasons}"
)


def say_gate(gate: Gate) -> Wording:
    """Whether the check passed, and if not, why, in one line."""
    reasons = []
    if ExitCode.INVALID_DATA in gate.codes:
        reasons.append(Wording("数据未通过校验", "the exports are not valid"))
    if gate.failed:
        reasons.append(Wording("未达标 {n}", "missed {n}").fill(n=len(gate.failed)))
    if gate.undecided:
        reasons.append(Wording("没有结论 {n}", "no verdict {n}").fill(n=len(gate.undecided)))
    wording = _FAILED if reasons else _PASSED
    return wording.fill(level=gate.fail_on, reasons=join(reasons, "，"))


def _name(score: Score) -> Wording:
    name = score.indicator.name
    if not score.group:
        return name
    return Wording("{name}（{group}）", "{name} ({group})").fill(name=name, group=score.group_name)


def exit_codes_of_data(scorecard: Scorecard) -> tuple[ExitCode, ...]:
    """What the exports themselves call for, whatever the indicators say."""
    invalid = {TOO_MANY_REFUSED.code, TOO_MANY_OF_RULE.code, NO_VALID_ROW.code}
    found = any(problem.code in invalid for problem in scorecard.problems)
    return (ExitCode.INVALID_DATA,) if found else ()
