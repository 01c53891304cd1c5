"""Targets as rows: dated, from a baseline, as a band, of a profile; and rows too young to tell."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from tests.conftest import load_text

from csq.api import Run, score
from csq.definition.targets import Level
from csq.errors import DefinitionError, ExitCode
from csq.formula.understand import understand
from csq.gate import FailOn, judge_gate
from csq.request import Request
from csq.scorecard import Score, Scorecard, Verdict
from csq.wording import Wording, verbatim

METRICS = """
version: 1
{profile}
indicators:
  - id: it
    name: 它
    formula: COUNTIF(tickets, first_contact_resolved) / COUNT(tickets) × 100%
    unit: percent
    direction: up
    {more}
"""

TICKETS = """\
工单编号,创建时间,首次响应时间,解决时间,渠道,首次解决
T1,2025-07-01 09:00:00,2025-07-01 09:00:20,2025-07-01 10:00:00,电话,是
T2,2025-07-31 09:00:00,2025-07-31 09:00:20,2025-07-31 10:00:00,在线,否
T3,2025-08-01 09:00:00,2025-08-01 09:00:10,2025-08-01 10:00:00,电话,是
T4,2025-08-15 09:00:00,2025-08-15 09:00:40,2025-08-15 10:00:00,在线,否
T5,2025-08-30 09:00:00,,2025-08-31 10:00:00,电话,是
T6,2025-08-31 09:00:00,,,电话,否
"""
"""July: 1/2. August: 2/4, of which the last day has 0/1. The data ends on 31 August, 10:00."""


def ask(folder: Path, more: str, profile: str = "", period: str = "2025-08") -> Score:
    """The total of the one indicator, with more keys to it."""
    return ask_all(folder, more, profile, period).totals[0]


def ask_all(folder: Path, more: str, profile: str = "", period: str = "2025-08") -> Scorecard:
    """The scorecard of the one indicator, with more keys to it."""
    (folder / "tickets.csv").write_text(TICKETS, encoding="utf-8")
    text = METRICS.format(more=more, profile=profile)
    (folder / "metrics.yaml").write_text(text, encoding="utf-8")
    run = Run((folder / "tickets.csv",), folder / "metrics.yaml", Request(period))
    return score(run)


DATED = """targets:
      - { value: ">= 40%", to: 2025-07 }
      - { value: ">= 60%", from: 2025-08, to: 2025-08, provenance: 新制度 }
      - { value: ">= 90%" }
"""


@pytest.mark.parametrize(
    ("period", "target", "verdict"),
    [
        ("2025-07", ">= 40%", Verdict.MET),
        ("2025-08", ">= 60%", Verdict.MISSED),
        ("2025-07..2025-08", ">= 60%", Verdict.MISSED),
    ],
)
def test_old_periods_keep_their_targets(
    tmp_path: Path, period: str, target: str, verdict: Verdict
) -> None:
    told = ask(tmp_path, DATED, period=period)
    assert told.target is not None
    assert (str(told.target.value), told.verdict) == (target, verdict)


def test_a_change_in_points_is_judged_against_its_baseline(tmp_path: Path) -> None:
    more = 'targets: [{ value: "+5pp", baseline: 2025-07, provenance: guide }]'
    told = ask(tmp_path, more)
    assert told.target is not None
    assert told.target.value.quantity.value == Fraction(55, 100)
    assert str(told.target.value) == ">= 55%"
    assert told.target.provenance == verbatim("guide · 2025-07: 50% · +5pp")
    assert (told.verdict, told.gap) == (Verdict.MISSED, Fraction(-5, 100))


def test_a_change_in_percent_is_a_share_of_the_baseline(tmp_path: Path) -> None:
    told = ask(tmp_path, 'targets: [{ value: "-20%", baseline: 2025-07 }]')
    assert told.target is not None
    assert (str(told.target.value), told.verdict) == (">= 40%", Verdict.MET)


def test_a_baseline_without_data_leaves_a_value_without_a_verdict(tmp_path: Path) -> None:
    told = ask(tmp_path, 'targets: [{ value: "-20%", baseline: 2024H1 }]')
    assert (told.value, told.verdict, told.target, told.gap) == (
        Fraction(1, 2),
        Verdict.NO_TARGET,
        None,
        None,
    )
    assert told.unjudged == {
        Level.TARGET: Wording(
            "目标 -20% 无法判定：缺少基期 2024H1 的数据",
            "target -20% cannot be judged: no data of the baseline 2024H1",
        )
    }


FLOORED = 'targets: [{{ value: "+5pp", baseline: 2024H1 }}, {{ value: "{}", level: floor }}]'


@pytest.mark.parametrize(
    ("floor", "verdict", "codes"),
    [
        # Above the floor nobody knows whether the target is met; below it something is missed.
        (">= 40%", Verdict.NO_TARGET, (ExitCode.NO_VERDICT,)),
        (">= 60%", Verdict.MISSED, (ExitCode.MISSED,)),
    ],
)
def test_a_floor_does_not_stand_in_for_a_target_that_nobody_knows(
    tmp_path: Path, floor: str, verdict: Verdict, codes: tuple[ExitCode, ...]
) -> None:
    card = ask_all(tmp_path, FLOORED.format(floor))
    assert card.totals[0].verdict is verdict
    assert judge_gate(card, "target").codes == codes
    # Whoever asks for the floors alone gets their verdicts.
    asked = (ExitCode.MISSED,) if verdict is Verdict.MISSED else ()
    assert judge_gate(card, "floor").codes == asked


def test_a_gate_is_not_green_where_no_baseline_says_what_was_asked(tmp_path: Path) -> None:
    gate = judge_gate(ask_all(tmp_path, 'targets: [{ value: "-20%", baseline: 2024H1 }]'), "target")
    assert gate.codes == (ExitCode.NO_VERDICT,)
    assert [each.line("en") for each in gate.problems] == [
        "no-verdict: indicators with a target but without a verdict (1): 它 → "
        "add the data, or check only some with --indicator"
    ]


@pytest.mark.parametrize(("fail_on", "codes"), [("target", ()), ("stretch", (5,))])
def test_a_stretch_that_nobody_knows_is_asked_of_those_who_ask_for_it(
    tmp_path: Path, fail_on: FailOn, codes: tuple[int, ...]
) -> None:
    more = 'targets: [{ value: "+5pp", baseline: 2024H1, level: stretch }, { value: ">= 40%" }]'
    card = ask_all(tmp_path, more)
    assert card.totals[0].verdict is Verdict.MET
    assert judge_gate(card, fail_on).codes == codes


@pytest.mark.parametrize(
    ("band", "verdict", "gap"),
    [
        ("40% .. 60%", Verdict.MET, Fraction(0)),
        ("50% .. 60%", Verdict.MET, Fraction(0)),
        ("60% .. 70%", Verdict.MISSED, Fraction(-1, 10)),
        ("10% .. 45%", Verdict.MISSED, Fraction(5, 100)),
    ],
)
def test_a_band_has_two_ends(tmp_path: Path, band: str, verdict: Verdict, gap: Fraction) -> None:
    told = ask(tmp_path, f'target: "{band}"')
    assert (told.verdict, told.gap) == (verdict, gap)


PROFILES = """targets:
      - { value: ">= 40%" }
      - { value: ">= 70%", profile: scheme }
      - { value: ">= 90%", profile: premium }
"""


@pytest.mark.parametrize(
    ("profile", "target"),
    [("", ">= 40%"), ("profile: scheme", ">= 70%"), ("profile: premium", ">= 90%")],
)
def test_a_profile_chooses_its_targets(tmp_path: Path, profile: str, target: str) -> None:
    told = ask(tmp_path, PROFILES, profile)
    assert told.target is not None
    assert str(told.target.value) == target


def test_a_profile_that_no_target_has_is_told() -> None:
    text = METRICS.format(more=PROFILES, profile="profile: schema")
    with pytest.raises(DefinitionError) as raised:
        understand(load_text(text))
    assert [problem.line("en") for problem in raised.value.problems] == [
        "metrics.yaml:3:1: unknown-profile: no target belongs to “schema” → "
        "the targets use: premium, scheme"
    ]


def test_targets_that_meet_in_time_tie_and_others_do_not() -> None:
    apart = 'targets: [{ value: ">= 1%", to: 2025H1 }, { value: ">= 2%", from: 2025H2 }]'
    understand(load_text(METRICS.format(more=apart, profile="")))
    meeting = 'targets: [{ value: ">= 1%", to: 2025H1 }, { value: ">= 2%", from: 2025Q2 }]'
    with pytest.raises(DefinitionError) as raised:
        understand(load_text(METRICS.format(more=meeting, profile="")))
    assert [problem.code for problem in raised.value.problems] == ["target-tie"]


@pytest.mark.parametrize(
    ("policy", "value", "n"),
    [
        ("exclude", Fraction(2, 3), 3),
        ("include", Fraction(1, 2), 4),
        ("provisional", Fraction(1, 2), 4),
    ],
)
def test_rows_too_young_are_counted_and_treated_as_declared(
    tmp_path: Path, policy: str, value: Fraction, n: int
) -> None:
    """Ticket 6 is an hour old when the data ends; ticket 5 is 25 hours old."""
    told = ask(tmp_path, f"mature_after: 24h\n    unripe: {policy}")
    assert (told.value, told.measurement.n, told.unripe) == (value, n, 1)


def test_without_an_age_nothing_is_too_young(tmp_path: Path) -> None:
    told = ask(tmp_path, "")
    assert (told.value, told.unripe) == (Fraction(1, 2), 0)
