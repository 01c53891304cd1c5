"""What one part of a definition says of another: keys that must hold wherever they are read."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.conftest import Desk, find_total

from csq.protection import protect
from csq.reports.view import assumption_lines

TICKETS = "工单编号,创建时间,首次解决"
AGES = [
    ("T1", "2025-08-01 10:00", "是"),
    ("T2", "2025-08-10 10:00", "否"),
    ("T3", "2025-08-20 10:00", "是"),
    ("T4", "2025-08-26 10:00", "是"),
    ("T5", "2025-08-30 10:00", "是"),
    ("T6", "2025-08-31 10:00", "否"),
]
"""On 31 August, 10:00, they are 30, 21, 11, 5, 1 and 0 days old."""

FCR = "COUNTIF(tickets, first_contact_resolved) / COUNT(tickets)"


def define_two(desk: Desk, inner: str, outer: str, formula: str = '"@inner"') -> None:
    """An indicator, `it`, whose formula names another one, `inner`."""
    desk.put_rows("t.csv", TICKETS, AGES)
    desk.define(
        f"""
indicators:
  - {{ id: inner, name: 内, unit: percent, direction: up, formula: "{FCR}"{inner} }}
  - {{ id: it, name: 它, unit: percent, direction: up, formula: {formula}{outer} }}
"""
    )


@pytest.mark.parametrize(
    ("inner", "outer", "value", "young"),
    [
        (", mature_after: 7d", "", Fraction(2, 3), {"7d": 3}),
        ("", ", mature_after: 7d", Fraction(2, 3), {"7d": 3}),
        # The stricter of two counts, whoever asks for it.
        (", mature_after: 7d", ", mature_after: 15d", Fraction(1, 2), {"15d": 4}),
        (", mature_after: 15d", ", mature_after: 7d", Fraction(1, 2), {"15d": 4}),
        # What the other one leaves out stays left out, and each row is told once.
        (
            ", mature_after: 7d",
            ", mature_after: 15d, unripe: include",
            Fraction(2, 3),
            {"7d": 3, "15d": 1},
        ),
        (", mature_after: 7d, unripe: include", "", Fraction(4, 6), {"7d": 3}),
        (", mature_after: 7d, unripe: include", ", mature_after: 15d", Fraction(1, 2), {"15d": 4}),
    ],
)
def test_rows_too_young_for_an_indicator_are_so_where_it_is_named(
    desk: Desk, inner: str, outer: str, value: Fraction, young: dict[str, int]
) -> None:
    # 100% − @repeat_rate must not count the tickets of yesterday that @repeat_rate leaves out.
    define_two(desk, inner, outer)
    score = find_total(desk.score("2025-08"))
    assert score.value == value
    assert {each.maturity.age.text: each.rows for each in score.young} == young


def test_rows_too_young_for_another_indicator_are_told(desk: Desk) -> None:
    define_two(desk, ", mature_after: 7d", "", '"100% - @inner"')
    scorecard = desk.score("2025-08", indicators=("it",))
    assert scorecard.totals[0].value == Fraction(1, 3)
    assert assumption_lines(protect(scorecard), "en") == (
        "它: 3 rows were younger than 7d at the end of the data and left out",
    )


def test_a_row_too_young_is_told_once_however_many_of_its_fields_are_read(desk: Desk) -> None:
    # The report said that 4 rows were too young where there was one.
    rows = [("S1", "2025-08-01 10:00", "4", "5"), ("S2", "2025-08-31 10:00", "3", "2")]
    desk.put_rows("s.csv", "survey_id,responded_at,d_attitude,d_process", rows)
    formula = "GREATEST(AVERAGE(surveys, d_attitude), AVERAGE(surveys, d_process))"
    desk.indicator(formula, "score", mature_after="7d")
    score = desk.total("2025-08")
    assert (score.value, score.measurement.n, score.unripe) == (5, 1, 1)


@pytest.mark.parametrize(
    ("formula", "more", "value"),
    [
        ("COUNT(surveys)", {"mature_after": "7d"}, 2),
        ("COUNTIF(surveys, AGAIN_WITHIN(ticket_id, 7d))", {}, 1),
    ],
)
def test_one_of_the_times_of_a_row_will_do(
    desk: Desk, formula: str, more: dict[str, str], value: int
) -> None:
    # Surveys have three times, and few exports have all of them: that was “no data”.
    rows = [("S1", "2025-08-01", "T1"), ("S2", "2025-08-02", "T1"), ("S3", "2025-08-31", "T1")]
    desk.put_rows("s.csv", "survey_id,responded_at,ticket_id", rows)
    desk.indicator(formula, "count", **more)
    score = desk.total("2025-08")
    assert (score.value, score.lacking) == (value, ())
