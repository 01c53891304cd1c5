"""What one part of a definition says of another: keys that must hold wherever they are read."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from tests.conftest import Desk, codes, find_total

from csq.api import Run, explain, score
from csq.errors import DefinitionError
from csq.explanation.facts import Role
from csq.protection import protect
from csq.reports.view import assumption_lines
from csq.request import Request

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
        "它: 3 rows were younger than 7 d at the end of the data and left out",
    )


def test_a_row_too_young_is_told_once_however_many_of_its_fields_are_read(desk: Desk) -> None:
    # The report said that 4 rows were too young where there was one.
    rows = [("S1", "2025-08-01 10:00", "4", "5"), ("S2", "2025-08-31 10:00", "3", "2")]
    desk.put_rows("s.csv", "survey_id,responded_at,d_attitude,d_process", rows)
    formula = "GREATEST(AVERAGE(surveys, d_attitude), AVERAGE(surveys, d_process))"
    desk.indicator(formula, "score", mature_after="7d")
    score = desk.total("2025-08")
    assert (score.value, score.measurement.n, score.unripe) == (Fraction(5), 1, 1)


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
    assert score.value == value
    assert not score.lacking


OFFICE = """
calendars:
  班次: { hours: { mon-fri: ["09:00-12:00", "13:00-18:00"] }, off_hours_reply: %s }
indicators:
  - { id: it, name: 它, unit: duration, direction: down, formula: '%s' }
"""
WORKED = [
    ("T1", "2025-08-01 10:00", "2025-08-01 10:10", "2025-08-01 16:00"),
    ("T2", "2025-08-08 17:30", "2025-08-11 09:20", "2025-08-12 12:30"),
    ("T3", "2025-08-16 10:00", "2025-08-16 11:00", "2025-08-18 10:00"),
    ("T4", "2025-08-31 20:00", "2025-08-31 21:00", "2025-08-31 22:00"),
]
"""T3 is of a Saturday, T4 of a Sunday evening; 1 August is a Friday."""


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M")


def minutes_worked(begin: datetime, end: datetime) -> int:
    """Every minute between two moments asked by itself."""
    total = (end - begin) // timedelta(minutes=1)
    return sum(
        moment.weekday() < 5 and (9 <= moment.hour < 12 or 13 <= moment.hour < 18)
        for moment in (begin + timedelta(minutes=n) for n in range(total))
    )


def moments(row: tuple[str, ...]) -> list[datetime]:
    return [at(text) for text in row[1:]]


D = 'DURATION(created_at, resolved_at, "班次")'


@pytest.mark.parametrize(
    ("formula", "judge"),
    [
        # Moments beyond all days of the data: the calendar did not reach so far, and the rows
        # were left out without a word.
        (
            'SUM(tickets, DURATION(created_at, created_at + 100d, "班次"))',
            lambda c, f, r: minutes_worked(c, c + timedelta(days=100)),
        ),
        (
            'SUM(tickets, DURATION(created_at - 40d, resolved_at, "班次"))',
            lambda c, f, r: minutes_worked(c - timedelta(days=40), r),
        ),
        (
            'SUM(tickets, DURATION(created_at, PERIOD_END() + 40d, "班次"))',
            lambda c, f, r: minutes_worked(c, datetime(2025, 10, 11)),
        ),
        (
            "SUM(tickets, DURATION(created_at, IF(HOUR(created_at) < 12, resolved_at + 60d,"
            ' resolved_at), "班次"))',
            lambda c, f, r: minutes_worked(c, r + timedelta(days=60) if c.hour < 12 else r),
        ),
        # Times by a calendar inside of what else there is.
        (
            f"SUM(tickets, IF({D} > 1h, {D}, 30min))",
            lambda c, f, r: worked if (worked := minutes_worked(c, r)) > 60 else 30,
        ),
        (f"SUM(tickets, {D} × 2 - 5min)", lambda c, f, r: minutes_worked(c, r) * 2 - 5),
        (
            f'SUM(tickets, {D} - DURATION(created_at, first_response_at, "班次"))',
            lambda c, f, r: minutes_worked(c, r) - minutes_worked(c, f),
        ),
        (
            f"SUMIF(tickets, HOUR(created_at + {D}) < 12, resolved_at - created_at)",
            lambda c, f, r: (
                (r - c).total_seconds() / 60
                if (c + timedelta(minutes=minutes_worked(c, r))).hour < 12
                else 0
            ),
        ),
    ],
)
def test_working_time_is_what_the_minutes_say_wherever_it_stands(
    desk: Desk, formula: str, judge: Callable[[datetime, datetime, datetime], float]
) -> None:
    desk.put_rows("t.csv", "ticket_id,created_at,first_response_at,resolved_at", WORKED)
    desk.define(OFFICE % ("zero", formula))
    assert desk.value("2025-08") == sum(judge(*moments(row)) for row in WORKED) * 60


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (f"MEDIAN(tickets, {D})", statistics.median),
        (f"MIN(tickets, {D})", min),
        (f"MAX(tickets, {D})", max),
        (f"AVERAGE(tickets, {D})", statistics.fmean),
        (f"SUM(tickets, {D}) / COUNT(tickets, {D})", statistics.fmean),
        (f"SUM(tickets, {D}) / COUNTIF(tickets, {D} >= 0s)", statistics.fmean),
        (f"SUM(tickets, {D}) / COUNTIF(tickets, NOT ISBLANK({D}))", statistics.fmean),
    ],
)
def test_rows_off_hours_are_left_out_of_part_and_whole(
    desk: Desk, formula: str, expected: Callable[[list[int]], float]
) -> None:
    desk.put_rows("t.csv", "ticket_id,created_at,first_response_at,resolved_at", WORKED)
    desk.define(OFFICE % ("exclude", formula))
    worked = [minutes_worked(created, resolved) for created, _, resolved in map(moments, WORKED)]
    counted = [each for each in worked if each > 0]
    assert len(counted) == 3
    assert float(desk.value("2025-08") or 0) == pytest.approx(expected(counted) * 60)


@pytest.mark.parametrize(
    "formula",
    [
        f"SUM(tickets, {D}) / COUNT(tickets)",
        f"SUM(tickets, {D}) / COUNT(tickets, resolved_at)",
        f"SUM(tickets, {D}) / SUM(tickets, resolved_at - created_at) × 1h",
        f"SUM(tickets, {D}) - SUM(tickets, resolved_at - created_at)",
        f"COUNTIF(tickets, {D} > 1h) / COUNT(tickets) × 1h",
        f"COUNTIF(tickets, NOT {D} > 1h) / COUNT(tickets) × 1h",
    ],
)
def test_rows_off_hours_are_never_left_out_of_one_side_alone(desk: Desk, formula: str) -> None:
    # 1,000 tickets of which 600 came at night: the mean over the 400 was divided by 1,000.
    desk.put_rows("t.csv", "ticket_id,created_at,first_response_at,resolved_at", WORKED)
    desk.define(OFFICE % ("exclude", formula))
    with pytest.raises(DefinitionError) as refused:
        desk.score("2025-08")
    assert [problem.line("en") for problem in refused.value.problems] == [
        "metrics.yaml:6:57: calendar-clash: the formula's times cannot be counted by the calendar"
        " “班次”: the calendar leaves out rows off hours (exclude), and the formula does so in one"
        " part alone → count the same rows on both sides: write AVERAGE, or COUNT(rows, the time)"
        " as the whole; or off_hours_reply: zero or calendar"
    ]
    desk.define(OFFICE % ("zero", formula))
    assert desk.value("2025-08") is not None


def test_a_return_after_the_end_of_a_stock_is_one(desk: Desk) -> None:
    # Each row is in every later period, and the score looked for returns inside of each alone,
    # so that explain counted other rows than the score.
    rows = [("T1", "2025-07-30", "A"), ("T2", "2025-08-02", "A"), ("T3", "2025-08-31", "B")]
    desk.put_rows("t.csv", "ticket_id,created_at,customer_id", rows)
    desk.define(
        """
rows:
  回头: { from: tickets, where: 'AGAIN_WITHIN(customer_id, 7d)', stock: true }
indicators:
  - { id: it, name: 它, unit: count, direction: down, formula: COUNT(回头) }
"""
    )
    assert [desk.value(period) for period in ("2025-07", "2025-08")] == [1, 1]
    run = Run((desk.exports,), desk.metrics, Request("2025-07", indicators=("it",)))
    explained = explain(run, with_rows=True)
    assert explained.traces[0].counted == len(explained.behind[0].rows) == 1


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        # 100% − @inner was the owner's, while @inner was the first agent's.
        ("", {"张三": Fraction(1, 2), "李四": Fraction(0)}),
        (", attribution: first", {"张三": Fraction(1, 2), "李四": Fraction(0)}),
        (", attribution: owner", {"张三": Fraction(0), "李四": Fraction(1, 2)}),
    ],
)
def test_whose_a_row_is_goes_with_the_name_of_an_indicator(
    desk: Desk, keys: str, expected: dict[str, Fraction]
) -> None:
    rows = [
        ("T1", "2025-08-01", "张三", "张三", "是"),
        ("T2", "2025-08-02", "李四", "张三", "否"),
        ("T3", "2025-08-31", "李四", "李四", "是"),
    ]
    header = "ticket_id,created_at,agent_id,first_agent_id,first_contact_resolved"
    desk.put_rows("t.csv", header, rows)
    desk.define(
        f"""
privacy: {{ mode: none, k: 1 }}
indicators:
  - {{ id: inner, name: 内, unit: percent, direction: up, attribution: first, formula: "{FCR}" }}
  - {{ id: it, name: 它, unit: percent, direction: up, formula: "1 - @inner"{keys} }}
"""
    )
    scores = desk.score("2025-08", by=(("agent_id",),), indicators=("it",)).scores
    assert {str(s.group[0][1]): s.value for s in scores if s.group} == expected
    for agent, value in expected.items():
        run = Run((desk.exports,), desk.metrics, Request("2025-08", indicators=("it",)))
        explained = explain(run, (("agent_id", agent),), with_rows=True)
        assert explained.score.value == value
        counted = {role: trace.counted for trace in explained.traces for role in trace.roles}
        measured = explained.score.measurement
        assert counted == {Role.PART: measured.part, Role.WHOLE: measured.whole}


@pytest.mark.parametrize(
    ("formula", "keys", "part", "whole"),
    [
        ("1 - @inner", "", ["T2", "T3"], ["T1", "T2", "T3", "T4"]),
        (
            "100% - SHARE(tickets, first_contact_resolved)",
            "",
            ["T2", "T3"],
            ["T1", "T2", "T3", "T4"],
        ),
        ("1 - @inner", ", mature_after: 7d", ["T2"], ["T1", "T2"]),
        (
            "1 - COUNTIF(tickets, NOT first_contact_resolved) / COUNT(tickets)",
            "",
            ["T1", "T3", "T4"],
            ["T1", "T2", "T3", "T4"],
        ),
    ],
)
def test_the_rows_behind_one_less_a_share_are_those_it_counts(
    desk: Desk, formula: str, keys: str, part: list[str], whole: list[str]
) -> None:
    # All rows of the whole were said to count in the part: 4 rows behind a part of 2.
    rows = [
        ("T1", "2025-08-01", "是"),
        ("T2", "2025-08-20", "否"),
        ("T3", "2025-08-30", ""),
        ("T4", "2025-08-31", "是"),
    ]
    desk.put_rows("t.csv", "ticket_id,created_at,first_contact_resolved", rows)
    desk.define(
        f"""
indicators:
  - {{ id: inner, name: 内, unit: percent, direction: up, formula: "{FCR}"{keys} }}
  - {{ id: it, name: 它, unit: percent, direction: up, formula: "{formula}" }}
"""
    )
    run = Run((desk.exports,), desk.metrics, Request("2025-08", indicators=("it",)))
    explained = explain(run, with_rows=True)
    measured = explained.score.measurement
    assert (measured.part, measured.whole) == (Fraction(len(part)), Fraction(len(whole)))
    for role, expected in ((Role.PART, part), (Role.WHOLE, whole)):
        (behind,) = explained.behind
        assert [row.cells[0] for row in behind.rows if role in row.counts] == expected
        assert [t.counted for t in explained.traces if role in t.roles] == [len(expected)]


@pytest.mark.parametrize(
    ("formula", "unit", "counted", "n"),
    [
        (
            "(COUNTIF(surveys, nps >= 9) - COUNTIF(surveys, nps <= 6)) / COUNT(surveys, nps)",
            "ratio",
            {Role.PART: ["S1"], Role.OFF_PART: ["S3", "S4"], Role.WHOLE: ["S1", "S2", "S3", "S4"]},
            4,
        ),
        (
            "COUNTIF(surveys, nps >= 9) / (COUNT(surveys) - COUNTIF(surveys, nps <= 6))",
            "ratio",
            {
                Role.PART: ["S1"],
                Role.WHOLE: ["S1", "S2", "S3", "S4", "S5"],
                Role.OFF_WHOLE: ["S3", "S4"],
            },
            3,
        ),
        (
            "COUNT(surveys) - COUNTIF(surveys, nps <= 6)",
            "count",
            {Role.VALUE: ["S1", "S2", "S3", "S4", "S5"], Role.OFF_VALUE: ["S3", "S4"]},
            5,
        ),
        (
            "-COUNTIF(surveys, nps <= 6) × 2",
            "count",
            {Role.OFF_VALUE: ["S3", "S4"]},
            2,
        ),
    ],
)
def test_rows_that_are_taken_off_are_no_part(
    desk: Desk, formula: str, unit: str, counted: dict[Role, list[str]], n: int
) -> None:
    # Detractors were said to count in the part of an NPS; each row in n stood there twice.
    rows = [("S1", "10"), ("S2", "8"), ("S3", "6"), ("S4", "0"), ("S5", "")]
    answers = [(key, "2025-08-31 10:00", nps) for key, nps in rows]
    desk.put_rows("s.csv", "survey_id,responded_at,nps", answers)
    desk.indicator(formula, unit=unit)
    explained = explain(Run((desk.exports,), desk.metrics, Request("2025-08")), with_rows=True)
    (behind,) = explained.behind
    found = {
        role: [row.cells[0] for row in behind.rows if role in row.counts] for role in behind.roles
    }
    assert found == counted
    assert explained.score.measurement.n == n


def test_the_most_telling_rows_are_those_that_pull_the_value_down(desk: Desk) -> None:
    rows = [("S1", "10"), ("S2", "8"), ("S3", "6"), ("S4", "0"), ("S5", "")]
    desk.put_rows(
        "s.csv", "survey_id,responded_at,nps", [(key, "2025-08-31 10:00", n) for key, n in rows]
    )
    desk.indicator(
        "(COUNTIF(surveys, nps >= 9) - COUNTIF(surveys, nps <= 6)) / COUNT(surveys, nps)",
        unit="ratio",
    )
    telling = explain(Run((desk.exports,), desk.metrics, Request("2025-08"))).telling
    assert telling is not None
    assert telling.reason.zh == "从分子里减去的行，数值最小的在前"
    assert [(row.key, row.value) for row in telling.rows] == [("S4", 0), ("S3", 6)]


@pytest.mark.parametrize(
    ("begin", "end", "said"),
    [
        ("created_at", "created_at + 2990000d", "2199 年以后"),
        ("created_at - 800000d", "created_at", "1900 年以前"),
        ("created_at", "2300-01-01", "2199 年以后"),
        ("created_at", "created_at + COALESCE(paused_s, 0s)", "2199 年以后"),
    ],
)
def test_working_time_beyond_all_calendars_is_no_missing_data(
    desk: Desk, begin: str, end: str, said: str
) -> None:
    # It was no data behind the year 9999, and a crash before the year 1.
    desk.put_rows(
        "t.csv",
        "ticket_id,created_at,暂停时长(天)",
        [("T1", "2025-08-31 10:00", "90000")],
    )
    desk.define(
        f"""
calendars: {{ 班: {{ hours: {{ mon-fri: "09:00-18:00" }}, off_hours_reply: zero }} }}
indicators:
  - {{ id: it, name: 它, unit: duration, direction: down,
      formula: 'AVERAGE(tickets, DURATION({begin}, {end}, "班"))' }}
"""
    )
    with pytest.raises(DefinitionError) as caught:
        desk.score("2025-08")
    assert [each.line("zh") for each in caught.value.problems] == [
        f"calendar-range: 日历「班」被要求算到 {said}，而它只到 1900 至 2199 年"
        " → 检查公式里写定的时间，以及加减的时长（包括数据里的）"
    ]


def test_calendar_time_beyond_the_year_9999_is_worked_out(desk: Desk) -> None:
    desk.put_rows("t.csv", "ticket_id,created_at", [("T1", "2025-08-31 10:00")])
    desk.indicator("COUNTIF(tickets, created_at + 2990000d > created_at)", unit="count")
    assert desk.value("2025-08") == 1


@pytest.mark.parametrize(
    ("condition", "rows", "unknown"),
    [
        # What the condition of IF looks at is not what comes out of it.
        ('IF(channel = "热线", customer_type, problem_type) = "vip"', ["T1"], 0),
        ('IF(escalated, channel, customer_type) IN {"老客户", "phone"}', ["T2"], 0),
        ('IF(escalated, "phone", "chat") = channel', ["T2"], 0),
        ('COALESCE(channel, customer_type) = "phone"', ["T1", "T2"], 0),
        ('COALESCE(channel, customer_type) = "vip"', ["T4"], 0),
        ('COALESCE(channel, customer_type) = "fone"', [], 1),
    ],
)
def test_a_text_is_compared_with_what_comes_out_of_a_choice(
    desk: Desk, condition: str, rows: list[str], unknown: int
) -> None:
    # It was read in the vocabulary of the first field at all, or compared with a flag.
    table = [
        ("T1", "2025-08-01", "电话", "VIP", "技术支持", "否"),
        ("T2", "2025-08-20", "电话", "老客户", "技术支持", "是"),
        ("T3", "2025-08-30", "邮件", "VIP", "技术支持", "否"),
        ("T4", "2025-08-31", "", "VIP", "售后服务", ""),
    ]
    header = "ticket_id,created_at,channel,customer_type,problem_type,escalated"
    desk.put_rows("t.csv", header, table)
    desk.indicator(f"COUNTIF(tickets, {condition})", unit="count")
    explained = explain(Run((desk.exports,), desk.metrics, Request("2025-08")), with_rows=True)
    assert [row.cells[0] for each in explained.behind for row in each.rows] == rows
    assert codes(explained.scorecard).get("unknown-text", 0) == unknown


def test_a_mean_of_blanks_alone_is_explained_too(desk: Desk) -> None:
    # An engine's count of rows of which none is known is no number; it was a crash.
    header = "ticket_id,created_at,first_response_at"
    desk.put_rows("t.csv", header, [("T1", "2025-08-01 09:00", ""), ("T2", "2025-08-31 09:00", "")])
    desk.indicator(
        "AVERAGE(tickets, first_response_at - created_at)", unit="duration", direction="down"
    )
    found = explain(Run((desk.exports,), desk.metrics, Request("2025-08")))
    assert found.score.value is None
    for trace in found.traces:
        assert [(s.kept, s.refused, s.blank) for s in trace.steps] == [(2, 0, 0), (0, 0, 2)]


OR_TEAM = "COUNTIF(tickets, CONTAINS(team, '投诉') OR CONTAINS(team, 'omplaint'))"


@pytest.mark.parametrize(("team", "told"), [("投诉组", 0), ("Complaints", 0), ("Escalations", 1)])
def test_of_texts_of_which_one_will_do_none_is_told_where_one_occurs(
    desk: Desk, team: str, told: int
) -> None:
    desk.put_rows("t.csv", "工单编号,创建时间,团队", [("1", "2025-08-31", team)])
    desk.define(
        f'indicators: [{{id: it, name: it, unit: count, direction: up, formula: "{OR_TEAM}"}}]\n'
    )
    scorecard = desk.score("2025-08")
    assert codes(scorecard).get("unknown-text", 0) == told
    assert find_total(scorecard).value == 1 - told


def test_texts_of_two_conditions_are_told_each(desk: Desk) -> None:
    desk.put_rows("t.csv", "工单编号,创建时间,团队", [("1", "2025-08-31", "投诉组")])
    both = "CONTAINS(team, '投诉') OR CONTAINS(team, 'VIP') AND NOT ISBLANK(team)"
    desk.define(
        "indicators: [{id: it, name: it, unit: count, direction: up, formula: "
        f'"COUNTIF(tickets, {both})"'
        "}]\n"
    )
    [problem] = (p for p in desk.score("2025-08").problems if p.code == "unknown-text")
    assert problem.value == "VIP"


STANDARD = Path(__file__).parents[2] / "metrics.yaml"
ROUTED = "工单编号,创建时间,需求类型,团队"


@pytest.mark.parametrize(("complaints", "others"), [
    ("投诉组", "技术组"), ("客诉专席", "售前"), ("Complaint handling", "Billing"), ("EU complaints", "Billing"),
])  # fmt: skip
def test_complaints_go_to_the_team_of_complaints_in_either_language(
    desk: Desk, complaints: str, others: str
) -> None:
    rows = [("1", "投诉", complaints), ("2", "Complaint", others), ("3", "咨询", others)]
    rows += [("4", "售后", complaints), ("5", "咨询", others)]
    desk.put_rows("t.csv", ROUTED, [(n, "2025-08-31", need, team) for n, need, team in rows])
    request = Request("2025-08", indicators=("routing_hit",))
    scorecard = score(Run((desk.exports,), STANDARD, request))
    assert find_total(scorecard, "routing_hit").value == Fraction(3, 5)
    assert "unknown-text" not in codes(scorecard)


def test_where_no_team_is_named_for_complaints_it_is_told(desk: Desk) -> None:
    desk.put_rows("t.csv", ROUTED, [("1", "2025-08-31", "投诉", "Escalations")])
    request = Request("2025-08", indicators=("routing_hit",))
    scorecard = score(Run((desk.exports,), STANDARD, request))
    [problem] = (p for p in scorecard.problems if p.code == "unknown-text")
    assert problem.value == "投诉, 客诉, Complaint, complaint"


@pytest.mark.parametrize(
    ("condition", "clock", "told"),
    [
        ("created_at <= 2025-08-31", " 10:00", "<= 2025-08-31"),
        ("created_at BETWEEN 2025-08-01 AND 2025-08-31", " 10:00", "<= 2025-08-31"),
        ("2025-08-31 >= created_at", " 10:00", "<= 2025-08-31"),
        ("created_at < 2025-09-01", " 10:00", None),
        # Where days have no time nothing is cut, and nothing is said.
        ("created_at <= 2025-08-31", "", None),
        ("created_at <= 2025-08-30", " 10:00", None),
    ],
)
def test_a_day_that_is_cut_at_its_midnight_is_told(
    desk: Desk, condition: str, clock: str, told: str | None
) -> None:
    """The last day of the month was left out, and nothing said so."""
    days = ["2025-08-01", "2025-08-31", "2025-08-31"]
    rows = [(f"T{n}", f"{day}{clock}", "电话") for n, day in enumerate(days)]
    desk.put_rows("t.csv", "工单编号,创建时间,渠道", rows)
    desk.indicator(f"COUNTIF(tickets, {condition})", "count")
    line = (
        f"cut-day: “Created at {told}” means the midnight at which the day begins, and rows lie"
        " after it on that day: 2 (asked for by 它)"
        " → write < 2025-09-01 to include the day, >= that date to begin after it"
    )
    found = [each.line("en") for each in desk.score("2025-08").problems]
    assert found == ([line] if told else [])
    # What is asked for on the command line is no other matter.
    desk.indicator("COUNT(tickets)", "count")
    found = [each.line("en") for each in desk.score("2025-08", where=condition).problems]
    assert found == ([line] if told else [])
