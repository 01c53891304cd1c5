"""Whether a scorecard passes: which misses count, and the exit codes that say so. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from csq.definition.models import Level
from csq.errors import ExitCode, Problem
from csq.problems import NO_VALID_ROW, NO_VERDICT, TOO_MANY_REFUSED
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


def judge_gate(scorecard: Scorecard, fail_on: FailOn) -> Gate:
    """Every missed target at or above `fail_on`, and every target without a verdict.

    An indicator that has a target must get a verdict: missing data is not a pass. With `never`
    nothing is required.
    """
    failed = tuple(s for s in scorecard.scores if s.missed_levels & _FAILING[fail_on])
    undecided = tuple(
        score
        for score in scorecard.asked_for
        if fail_on != "never"
        and (score.target is not None)
        and score.verdict in {Verdict.NO_DATA, Verdict.NOT_ENOUGH_EVIDENCE}
    )
    codes = [*exit_codes_of_data(scorecard)]
    problems = []
    if failed:
        codes.append(ExitCode.MISSED)
    if undecided:
        codes.append(ExitCode.NO_VERDICT)
        names = join([_name(score) for score in undecided])
        problems.append(NO_VERDICT.at(count=len(undecided), names=names))
    return Gate(failed, undecided, tuple(codes), tuple(problems))


def _name(score: Score) -> Wording:
    name = score.indicator.name
    if not score.group:
        return name
    return Wording("{name}（{group}）", "{name} ({group})").fill(name=name, group=score.group_name)


def exit_codes_of_data(scorecard: Scorecard) -> tuple[ExitCode, ...]:
    """What the exports themselves call for, whatever the indicators say."""
    invalid = {TOO_MANY_REFUSED.code, NO_VALID_ROW.code}
    found = any(problem.code in invalid for problem in scorecard.problems)
    return (ExitCode.INVALID_DATA,) if found else ()
