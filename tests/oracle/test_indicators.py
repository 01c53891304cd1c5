"""csq and the oracle agree on every indicator, exactly, over the example exports.

Each question is put to both. All they disagree about is collected, so that one failure shows the
whole extent of a fault.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from csq.api import Run, score
from csq.protection import protect_for_programs
from csq.reports.json import draw_json
from csq.scorecard import Score, Scorecard

from .exports import HEADERS, Row
from .indicators import INDICATORS, Answer, answered_by_a_person, due
from .judging import Group, Rules
from .questions import GROUPED_BY, QUESTIONS, REPORT, AskCsq, Question
from .window import Ledger, Window, months

ROOT = Path(__file__).parents[2]

INTERPOLATED = {"frt_p50", "frt_p90", "resolve_p90", "backlog_age_p90"}
"""Percentiles come from the engine as floats, rounded to a millionth of a second."""


@dataclass(frozen=True)
class Expected:
    """What the oracle says of one indicator and group."""

    answer: Answer
    earlier: tuple[Answer, ...]
    group: Group
    judged_as: Group
    """The group with what `--where` says of all rows: what a scoped target must be for."""


def ask_oracle(
    question: Question, ledger: Ledger, names: Collection[str]
) -> Iterator[tuple[str, Expected]]:
    """What the oracle says of these indicators, in total and group by group."""
    spans = (*question.earlier, question.span)
    windows = [ledger.window(span).only(question.keeps) for span in spans]
    fields = ledger.ticket_fields(question.span)
    asked = [name for name in names if has_data(name, ledger, fields)]
    for name in names:
        if name in asked and carries(name, question.asks_for):
            yield name, expect(name, windows, {}, question.fixed)
        else:
            yield name, Expected(Answer(None, 0), (), {}, question.fixed)
    for field in GROUPED_BY:
        for value in windows[-1].groups(field):
            parts = [window.only(has(field, value)) for window in windows]
            for name in asked:
                if carries(name, field) and carries(name, question.asks_for):
                    found = expect(name, parts, {field: value}, question.fixed)
                    if found.answer.n:
                        yield name, found


def has_data(indicator: str, ledger: Ledger, fields: frozenset[str]) -> bool:
    """Whether the exports have all sources an indicator needs, and those of a period all fields."""
    known = INDICATORS[indicator]
    sources = {account.source for account in ledger.accounts}
    return sources >= set(known.sources) and fields >= set(known.needs)


def carries(indicator: str, field: str) -> bool:
    """Whether all exports an indicator needs have a field, so that it can be split by it."""
    sources = INDICATORS[indicator].sources
    return not field or all(field in HEADERS[source].values() for source in sources)


def has(field: str, value: str | None) -> Callable[[Row], bool]:
    return lambda row: field in row and row[field] == value


def expect(indicator: str, windows: list[Window], group: Group, fixed: Group) -> Expected:
    """The indicator in each window, the last being the period asked for."""
    known = INDICATORS[indicator]
    answers = [known.work_out(window) for window in windows]
    *earlier, answer = answers
    if "agents" in known.sources:  # a roster is of one day, and has no earlier values
        earlier = [Answer(None, 0) for _ in earlier]
    return Expected(answer, tuple(earlier), group, {**fixed, **group})


def differences(score: Score, expected: Expected, rules: Rules) -> Iterator[str]:
    """Everything that csq says otherwise than the oracle."""
    answer, group = expected.answer, expected.judged_as
    target = rules.judging(group)
    gap = None if answer.value is None or target is None else answer.value - target.limit
    earlier = [rules.comparable(each) for each in expected.earlier]
    shortfall = score.shortfall
    said: dict[str, tuple[object, object]] = {
        "part": (score.measurement.part, answer.part),
        "whole": (score.measurement.whole, answer.whole),
        "n": (score.measurement.n, answer.n),
        "target": (score.target and str(score.target.value), target and target.text),
        "verdict": (score.verdict.value, rules.verdict(answer, group)),
        "missed levels": (set(score.missed_levels), rules.missed_levels(answer, group)),
        "rows missing": (shortfall and shortfall.rows, rules.rows_missing(answer, group)),
        "seconds": (shortfall and shortfall.seconds, rules.seconds_too_many(answer, group)),
    }
    exact = {
        "value": (score.value, answer.value),
        "gap": (score.gap, gap),
        "trend": (score.trend, (*earlier, rules.comparable(answer))),
        "previous": (score.previous, earlier[-1] if earlier else None),
    }
    if score.indicator.id in INTERPOLATED:
        for name, pair in exact.items():
            if not near(*pair):
                yield f"{name}: csq {pair[0]}, oracle {pair[1]}"
    else:
        said |= exact
    for name, (csq, oracle) in said.items():
        if csq != oracle:
            yield f"{name}: csq {csq}, oracle {oracle}"


def near(csq: Any, oracle: Any) -> bool:
    """Whether two values, or two rows of values, are the same to a millionth."""
    if isinstance(csq, tuple) and isinstance(oracle, tuple):
        return len(csq) == len(oracle) and all(map(near, csq, oracle))
    if csq is None or oracle is None:
        return csq is oracle
    return bool(abs(csq - oracle) <= Fraction(1, 1_000_000))


def test_oracle_knows_every_indicator_and_no_other(all_rules: dict[str, Rules]) -> None:
    assert set(INDICATORS) == set(all_rules)


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_csq_and_oracle_agree(
    question: Question, ask_csq: AskCsq, ledger: Ledger, rules: dict[str, Rules]
) -> None:
    assert disagreements(ask_csq(question), question, ledger, rules) == []


def test_they_agree_in_every_corner(
    corners: Path, corners_ledger: Ledger, all_rules: dict[str, Rules]
) -> None:
    """All indicators of the catalogue, over every kind of export."""
    earlier = tuple(months(month, month) for month in (5, 6, 7))
    question = Question("2025-08", months(8, 8), earlier)
    metrics = ROOT / "src/csq/resources/standard.yaml"
    scorecard = score(Run((corners,), metrics, question.request))
    assert disagreements(scorecard, question, corners_ledger, all_rules) == []


def disagreements(
    scorecard: Scorecard, question: Question, ledger: Ledger, rules: dict[str, Rules]
) -> list[str]:
    told = {(each.indicator.id, tuple(each.group)): each for each in scorecard.scores}
    expected = {
        (name, tuple(each.group.items())): each
        for name, each in ask_oracle(question, ledger, rules)
    }
    assert set(told) == set(expected)
    return [
        f"{name} {dict(group)}: {difference}"
        for (name, group), each in expected.items()
        for difference in differences(told[name, group], each, rules[name])
    ]


def test_json_says_what_the_scorecard_holds(ask_csq: AskCsq) -> None:
    """The contract for scripts: twelve digits of the same numbers, durations in seconds."""
    scorecard = ask_csq(REPORT)
    rows = json.loads(draw_json(protect_for_programs(scorecard), "zh", "0"))["indicators"]
    for row, each in zip(rows, scorecard.scores, strict=True):
        measured = each.measurement
        assert (row["id"], row["group"]) == (each.indicator.id, dict(each.group))
        assert (row["n"], row["verdict"]) == (measured.n, each.verdict.value)
        for name, number in {
            "value": each.value,
            "part": measured.part,
            "whole": measured.whole,
            "gap": each.gap,
            "previous": each.previous,
            "change": each.change,
        }.items():
            assert row[name] == (None if number is None else pytest.approx(float(number), 1e-11))


def test_csat_is_shown_beside_the_half_year_before(ledger: Ledger, ask_csq: AskCsq) -> None:
    half_year = INDICATORS["csat"].work_out(ledger.window(months(1, 6)))
    shown = {each.indicator.id: each.reference for each in ask_csq(REPORT).totals}
    assert {name for name, reference in shown.items() if reference} == {"csat"}
    assert shown["csat"] is not None
    assert (shown["csat"].period.label, shown["csat"].value) == ("2025H1", half_year.value)
    assert half_year.value == Fraction(1350, 1550)


def test_rows_whose_condition_met_a_blank_are_counted(ledger: Ledger, ask_csq: AskCsq) -> None:
    """What the report says was taken as not fulfilled because a cell is blank."""
    w = ledger.window(REPORT.span)
    day, half_minute = timedelta(hours=24), timedelta(seconds=30)
    unresolved = [t for t in w.tickets if t["resolved_at"] is None]
    expected = {
        "frt_in_time": sum(
            t["channel"] in {"电话", "在线"}
            for t in due(w.tickets, w, half_minute, answered_by_a_person)
            if t["first_response_at"] is None
        ),
        "answer_24h": sum(
            t["first_response_at"] is None for t in due(w.tickets, w, day, answered_by_a_person)
        ),
        "progress_24h": without_a_note(w),
        "resolve_rate": len(unresolved),
        "complaint_close": sum(
            c["closed_at"] is None and ledger.data_end - c["created_at"] > day for c in w.complaints
        ),
    }
    told = {each.indicator.id: each.blanks for each in ask_csq(REPORT).totals if each.blanks}
    assert told == expected


def without_a_note(w: Window) -> int:
    """Tickets open for more than a day whose customer was never told anything."""
    return sum(
        t["progress_note_at"] is None
        and (t["resolved_at"] or w.ledger.data_end) - t["created_at"] > timedelta(hours=24)
        for t in w.tickets
    )
