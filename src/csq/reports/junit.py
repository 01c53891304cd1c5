"""The gate as JUnit XML, which every CI system shows: one test case an indicator and group."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from csq.errors import ExitCode, cut, mask
from csq.gate import Gate
from csq.measure import Group
from csq.problems.rows import NO_VALID_ROW, TOO_MANY_OF_RULE, TOO_MANY_REFUSED
from csq.protection import ShownScorecard
from csq.reports.csv import printable
from csq.reports.numbers import show_difference, show_target, show_value
from csq.reports.view import ColumnKey, make_view
from csq.scorecard import Score, Verdict
from csq.wording import Language, Wording, join, verbatim

_EXPORTS = "exports"
"""The class and the name of the case that stands for the exports themselves."""

_MISSED = Wording("{name} {value}，未达{levels}", "{name} {value}, missed {levels}")
_LEVEL = Wording("{level} {target}（差距 {gap}）", "{level} {target} (gap {gap})")
_OWNER = Wording("责任：{owner}", "Owner: {owner}")
_LACKING = Wording("缺少{reasons}", "missing {reasons}")
_UNDECIDED_VERDICTS = {Verdict.NO_DATA, Verdict.NOT_ENOUGH_EVIDENCE}
_UNDECIDED = Wording("{name}：{why}", "{name}: {why}")
_UNFIT = {TOO_MANY_REFUSED.code, TOO_MANY_OF_RULE.code, NO_VALID_ROW.code}


def draw_junit(scorecard: ShownScorecard, gate: Gate, language: Language) -> bytes:
    """Failed as the gate says; an error is a target without a verdict, or unfit exports.

    Names do not depend on the language, so that a CI system knows a case again. No time, no host.
    """
    suite: Any = TestSuite(f"csq {scorecard.period.label}")
    suite.add_testcase(_exports_case(scorecard, gate, language))
    failed, undecided = set(map(_identity, gate.failed)), set(map(_identity, gate.undecided))
    for score in scorecard.scores:
        case = TestCase(_case_name(score), _short(mask(score.indicator.dimension)) or "csq")
        if _identity(score) in failed:
            lines = _missed_lines(scorecard, score, language)
            case.result = [_result(Failure, Verdict.MISSED.value, *lines)]
        elif _identity(score) in undecided or score.verdict in _UNDECIDED_VERDICTS:
            kind = Error if _identity(score) in undecided else Skipped
            line = _undecided_line(scorecard, score, language)
            case.result = [_result(kind, score.verdict.value, line)]
        suite.add_testcase(case)
    report: Any = JUnitXml("csq")
    report.add_testsuite(suite)
    report.update_statistics()
    content = io.BytesIO()
    report.write(content, pretty=True)
    return content.getvalue()


def _identity(score: Score) -> tuple[str, Group]:
    return score.indicator.id, score.group


def _case_name(score: Score) -> str:
    group = ",".join(
        f"{name}={'' if value is None else _short(str(value))}" for name, value in score.group
    )
    return f"{score.indicator.id}[{group}]" if group else score.indicator.id


def _short(text: str) -> str:
    """A part of a name, which stays in the logs of a CI system: nothing long."""
    return printable(cut(text))


def _result(kind: type[Any], type_: str, *lines: str) -> Any:
    """A result whose message is its first line; its text, which other systems show, is all."""
    result = kind(printable(lines[0]), type_)
    result.text = "\n".join(map(printable, lines))
    return result


def _exports_case(scorecard: ShownScorecard, gate: Gate, language: Language) -> Any:
    """Whether the exports can be relied on: an error where too many rows were refused."""
    case = TestCase(_EXPORTS, _EXPORTS)
    if ExitCode.INVALID_DATA in gate.codes:
        unfit = [each for each in scorecard.problems if each.code in _UNFIT]
        case.result = [_result(Error, unfit[0].code, *(each.line(language) for each in unfit))]
    return case


def _missed_lines(scorecard: ShownScorecard, score: Score, language: Language) -> list[str]:
    """What was missed by how much, then who owns it and what would reach the target."""
    indicator, value = score.indicator, score.value
    assert value is not None
    targets = score.missed
    shown = show_value(
        value,
        indicator.unit,
        language,
        decimals=indicator.decimals,
        target=next(iter(targets.values())).target.value,
    )
    levels = [
        _LEVEL.fill(
            level=level.wording,
            target=show_target(each.target.value, indicator.unit, language),
            gap=show_difference(each.gap, indicator.unit, language, indicator.decimals),
        )
        for level, each in targets.items()
    ]
    heading = _MISSED.fill(
        name=_name(score, language), value=shown, levels=join(levels, "；", "; ")
    )
    lines = [heading.say(language)]
    if indicator.owner:
        lines.append(_OWNER.fill(owner=join(indicator.owner)).say(language))
    return [*lines, *filter(None, [_note(scorecard, score, language)])]


def _name(score: Score, language: Language) -> str:
    group = score.group_name.say(language)
    name = score.indicator.name.say(language)
    return f"{name} · {group}" if group else name


def _note(scorecard: ShownScorecard, score: Score, language: Language) -> str:
    """What every report notes on a score."""
    view = make_view(replace(scorecard, scores=(score,), receipts=(), problems=()), language)
    return view.sections[0].rows[0].cells[ColumnKey.NOTE].text


def _undecided_line(scorecard: ShownScorecard, score: Score, language: Language) -> str:
    if score.lacking:
        why = _LACKING.fill(reasons=join(score.lacking))
    else:
        note = _note(scorecard, score, language)
        why = verbatim(note) if note else score.verdict.wording
    return _UNDECIDED.fill(name=_name(score, language), why=why).say(language)
