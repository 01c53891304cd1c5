"""Ratios, means and their verdicts: where a number goes wrong without anybody noticing."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import pytest
from tests.conftest import Desk, codes, find_total

from csq.definition.targets import Comparison, Unit
from csq.errors import DefinitionError
from csq.protection import protect
from csq.reports.numbers import show_value
from csq.reports.view import ColumnKey, make_view
from csq.scorecard import Verdict

TICKETS = "工单编号,创建时间,渠道,首次解决"
FCR = "COUNTIF(tickets, first_contact_resolved) / COUNT(tickets)"


def tickets(
    yes: int, total: int, *, channel: str = "电话", day: str = "2025-08-31", prefix: str = "T"
) -> Iterable[tuple[str, ...]]:
    """`total` tickets of one day of which `yes` were resolved at first contact."""
    for number in range(total):
        yield (
            f"{prefix}{number}",
            f"{day} 10:00:00",
            channel,
            "是" if number < yes else "否",
        )


def test_total_of_a_ratio_is_worked_out_from_its_parts(desk: Desk) -> None:
    # The mean of the two channels' rates, 95 %, would hide that most customers came by phone.
    rows = [*tickets(90, 100), *tickets(1, 1, channel="邮件", prefix="M")]
    desk.put_rows("t.csv", TICKETS, rows)
    desk.indicator(FCR)
    scorecard = desk.score("2025-08", by=(("channel",),))
    total, *groups = scorecard.scores
    assert total.value == Fraction(91, 101)
    assert {score.group[0][1]: score.value for score in groups} == {
        "电话": Fraction(9, 10),
        "邮件": Fraction(1),
    }


def test_total_of_a_mean_is_no_mean_of_means(desk: Desk) -> None:
    # One long call of a quiet agent would weigh as much as a hundred short ones of a busy agent.
    rows = [(f"K{i}", "2025-08-31 10:00", "A1", "10") for i in range(9)]
    rows += [("L", "2025-08-31 10:00", "A2", "110")]
    desk.put_rows("calls.csv", "通话编号,进入队列时间,坐席工号,等待时长", rows)
    desk.indicator("AVERAGE(calls, wait_s)", "duration", direction="down")
    total, first, second = desk.score("2025-08", by=(("agent_id",),)).scores
    assert total.value == 20
    assert first.value == 10
    assert second.value == 110


def test_blank_is_left_out_of_a_mean_and_not_counted_as_zero(desk: Desk) -> None:
    # Unanswered calls have no speed of answer; as 0 s they would make the queue look fast.
    rows = [("1", "2025-08-31", "60"), ("2", "2025-08-31", ""), ("3", "2025-08-31", " ")]
    desk.put_rows("calls.csv", "通话编号,进入队列时间,等待时长", rows)
    desk.indicator("AVERAGE(calls, wait_s)", "duration", direction="down")
    score = desk.total("2025-08")
    assert score.value == 60
    assert score.measurement.n == 1


def test_blank_in_a_condition_is_no_yes_and_is_counted(desk: Desk) -> None:
    # A blank counts as not resolved, and the report says how many there were.
    rows = [("1", "2025-08-31", "", "是"), ("2", "2025-08-31", "", "")]
    desk.put_rows("t.csv", TICKETS, rows)
    desk.indicator(FCR)
    score = desk.total("2025-08")
    assert (score.value, score.blanks) == (Fraction(1, 2), 1)


def test_nothing_of_nothing_is_no_data_and_never_met(desk: Desk) -> None:
    # 0/0 is NaN to a database, NaN is larger than any target, and an empty month would be met.
    rows = [("1", "2025-07-01", "电话", "是"), ("2", "2025-08-31", "邮件", "是")]
    desk.put_rows("t.csv", TICKETS, rows)
    phone = """COUNTIF(tickets, channel = "电话" AND first_contact_resolved)"""
    desk.indicator(f'{phone} / COUNTIF(tickets, channel = "电话")', target='">= 0%"')
    score = desk.total("2025-08")
    assert (score.value, score.verdict, score.gap) == (None, Verdict.NO_DATA, None)
    assert score.previous == 1


@pytest.mark.parametrize("formula", [
    "AVERAGE(calls, wait_s)", "MEDIAN(calls, wait_s)", "PERCENTILE(calls, wait_s, 90%)", "MIN(calls, wait_s)",
    "MAX(calls, wait_s)", "SUM(calls, wait_s)",
])  # fmt: skip
def test_summing_up_only_blanks_is_no_data(desk: Desk, formula: str) -> None:
    # Nobody was measured: 0 s would be the best value there can be.
    desk.put_rows("c.csv", "通话编号,进入队列时间,等待时长", [("1", "2025-08-31", "")])
    desk.indicator(formula, "duration", direction="down", target='"<= 20s"')
    score = desk.total("2025-08")
    assert (score.value, score.verdict) == (None, Verdict.NO_DATA)


@pytest.mark.parametrize(("scores", "percentile"), [
    ("1 2 2 2.4 4.2", "3.84"), ("1.1 2.8 3.5 4.9", "4.69"), ("1.4 2.1 2.1 4.2", "3.885"),
])  # fmt: skip
def test_a_percentile_of_decimals_exactly_on_target_is_met(
    desk: Desk, scores: str, percentile: str
) -> None:
    # The engine interpolates decimals to one millionth too few, which would miss the target.
    rows = [(str(n), "2025-08-31", score) for n, score in enumerate(scores.split())]
    desk.put_rows("s.csv", "评价编号,评价时间,满意度", rows)
    desk.indicator("PERCENTILE(surveys, csat, 95%)", "score", target=f'">= {percentile}"')
    score = desk.total("2025-08")
    assert (score.value, score.verdict) == (Fraction(percentile), Verdict.MET)


def test_no_agent_is_no_data_for_a_load(desk: Desk) -> None:
    # Tickets per agent without any agent is no load, and no infinite one either.
    desk.put_rows("t.csv", "工单编号,创建时间,坐席工号", [("1", "2025-08-31", "")])
    desk.indicator("COUNT(tickets) / DISTINCT(tickets, agent_id)", "ratio")
    score = desk.total("2025-08")
    assert (score.value, score.verdict) == (None, Verdict.NO_TARGET) or score.value is None
    assert score.verdict is Verdict.NO_DATA


@pytest.mark.parametrize(("share", "target"), [(29, 29), (57, 57), (58, 58), (85, 85), (7, 7)])
def test_a_share_exactly_on_target_is_met(desk: Desk, share: int, target: int) -> None:
    # In floats 29/100 × 100 is 28.999999999999996, which misses 29 %.
    desk.put_rows("t.csv", TICKETS, tickets(share, 100))
    desk.indicator(FCR + " × 100%", target=f'">= {target}%"')
    assert desk.total("2025-08").verdict is Verdict.MET


@pytest.mark.parametrize("share", [1, 15, 30, 42, 43, 70, 85])
def test_one_less_a_share_exactly_on_target_is_met(desk: Desk, share: int) -> None:
    # In floats 1 - 85/100 is 0.15000000000000002, which misses ≤ 15 %; 20 of 99 percents do that.
    desk.put_rows("t.csv", TICKETS, tickets(share, 100))
    desk.indicator(f"1 - {FCR}", direction="down", target=f'"<= {100 - share}%"')
    score = desk.total("2025-08")
    assert (score.value, score.verdict) == (Fraction(100 - share, 100), Verdict.MET)
    assert score.measurement.part == 100 - share
    assert score.measurement.whole == 100


@pytest.mark.parametrize(("yes", "total", "target", "shown"), [
    (7996, 10_000, ">= 80%", "79.9 %"),
    (84_996, 100_000, ">= 85%", "84.9 %"),
    (849_999, 1_000_000, ">= 85%", "84.9 %"),
])  # fmt: skip
def test_rounding_never_decides(yes: int, total: int, target: str, shown: str) -> None:
    # 79.96 shown as 80.0 under a ✘ makes the reader doubt every other verdict.
    comparison = _comparison(target)
    value = Fraction(yes, total)
    assert not comparison.holds(value)
    assert show_value(value, Unit.PERCENT, "en", target=comparison) == shown


def test_a_value_just_under_its_target_is_missed_and_shown_under_it(desk: Desk) -> None:
    # From the file to the line of the report: 2,499 of 3,125 is 79.968 %.
    desk.put_rows("t.csv", TICKETS, tickets(2_499, 3_125))
    desk.indicator(FCR, target='">= 80%"')
    scorecard = desk.score("2025-08")
    row = make_view(protect(scorecard), "en").sections[0].rows[0]
    assert find_total(scorecard).verdict is Verdict.MISSED
    assert row.cells[ColumnKey.VALUE].text == "79.9 %"
    assert row.cells[ColumnKey.SIGN].text == "✘"


def test_almost_all_is_not_shown_as_all(desk: Desk) -> None:
    # “= 100 %” missed by one ticket in 4,000 must not read 100.0 %.
    desk.put_rows("t.csv", TICKETS, tickets(3_999, 4_000))
    desk.indicator(FCR, target='"= 100%"')
    row = make_view(protect(desk.score("2025-08")), "zh").sections[0].rows[0]
    assert row.cells[ColumnKey.VALUE].text == "99.9 %"


def test_parts_of_two_sources_are_not_multiplied(desk: Desk) -> None:
    # Joining 3 complaints to 4 tickets of one day makes 12 rows, and a rate over 100 %.
    desk.put_rows(
        "t.csv", "工单编号,创建时间,坐席工号", [(f"T{i}", "2025-08-31", "A1") for i in range(4)]
    )
    desk.put_rows(
        "p.csv", "投诉编号,投诉时间,坐席工号", [(f"P{i}", "2025-08-31", "A1") for i in range(3)]
    )
    desk.indicator("COUNT(complaints) / COUNT(tickets)", direction="down")
    total, group = desk.score("2025-08", by=(("agent_id",),)).scores
    for score in (total, group):
        assert score.value == Fraction(3, 4)
        assert score.measurement.part == 3
        assert score.measurement.whole == 4


def test_a_source_that_is_not_there_is_no_data(desk: Desk) -> None:
    # No complaints export is not “no complaints”: 0 % would be the best rate there is.
    desk.put_rows("t.csv", TICKETS, tickets(1, 4))
    desk.indicator("COUNT(complaints) / COUNT(tickets)", direction="down", target='"<= 5%"')
    score = desk.total("2025-08")
    assert (score.value, score.verdict) == (None, Verdict.NO_DATA)
    assert [reason.en for reason in score.lacking] == ["the source Complaints"]


def test_a_source_that_ends_before_the_period_is_no_data(desk: Desk) -> None:
    # The complaints export stops in June: August has no data, not no complaints.
    desk.put_rows("t.csv", TICKETS, tickets(1, 4))
    desk.put_rows("p.csv", "投诉编号,投诉时间", [("P1", "2025-05-01"), ("P2", "2025-06-30")])
    desk.indicator("COUNT(complaints) / COUNT(tickets)", direction="down", target='"<= 5%"')
    score = desk.total("2025-08")
    assert (score.value, score.verdict) == (None, Verdict.NO_DATA)


def test_a_source_that_begins_after_the_period_is_no_data(desk: Desk) -> None:
    # The same at the other end: the complaint system was introduced in September.
    desk.put_rows("t.csv", TICKETS, tickets(1, 4))
    desk.put_rows("p.csv", "投诉编号,投诉时间", [("P1", "2025-09-01"), ("P2", "2025-09-30")])
    desk.indicator("COUNT(complaints) / COUNT(tickets)", direction="down", target='"<= 5%"')
    assert desk.total("2025-08").verdict is Verdict.NO_DATA


def test_a_source_around_the_period_without_a_row_in_it_is_zero(desk: Desk) -> None:
    # Complaints in July and September and none in August: that is what 0 % means.
    desk.put_rows("t.csv", TICKETS, tickets(1, 4))
    desk.put_rows("p.csv", "投诉编号,投诉时间", [("P1", "2025-07-01"), ("P2", "2025-09-01")])
    desk.indicator("COUNT(complaints) / COUNT(tickets)", direction="down", target='"<= 5%"')
    score = desk.total("2025-08")
    assert score.value == 0
    assert score.verdict is Verdict.MET


def test_a_column_only_last_month_had_is_no_data_this_month(desk: Desk) -> None:
    # August's export lost the column “first contact resolved”. Its blanks are not 10 noes: 0 %
    # would be a miss that never happened, and in a “lower is better” indicator a false pass.
    desk.put_rows("2025-07.csv", TICKETS, tickets(9, 10, day="2025-07-31", prefix="J"))
    rows = [(f"A{i}", "2025-08-31 10:00:00", "电话") for i in range(10)]
    desk.put_rows("2025-08.csv", "工单编号,创建时间,渠道", rows)
    desk.indicator(FCR, target='">= 85%"')
    scorecard = desk.score("2025-08")
    score = find_total(scorecard)
    assert score.value is None or set(codes(scorecard)) & {"missing-column"}
    assert score.verdict is Verdict.NO_DATA


def test_a_column_that_half_of_the_files_lack_is_told(desk: Desk) -> None:
    # Two exports of one month, one with the column and one without: 9 of 20 is nobody's rate.
    desk.put_rows("a.csv", TICKETS, tickets(9, 10))
    rows = [(f"B{i}", "2025-08-31 10:00:00", "电话") for i in range(10)]
    desk.put_rows("b.csv", "工单编号,创建时间,渠道", rows)
    desk.indicator(FCR)
    scorecard = desk.score("2025-08")
    told = [p for p in scorecard.problems if p.place.file == "b.csv"]
    assert told, "b.csv lacks 首次解决, and nobody says so"


def test_a_condition_nobody_fulfils_sums_up_to_nothing_and_not_to_no_data(desk: Desk) -> None:
    # Excel's SUMIF over no matching row is 0: ten calls of which none was put on hold wait 0 s.
    rows = [(f"K{i}", "2025-08-31", "否", "30") for i in range(10)]
    desk.put_rows("calls.csv", "通话编号,进入队列时间,放弃,等待时长", rows)
    desk.indicator("SUMIF(calls, abandoned, wait_s) / COUNT(calls)", "duration", direction="down")
    assert desk.value("2025-08") == 0


def test_too_few_rows_are_no_evidence(desk: Desk) -> None:
    # 2 of 2 is 100 %, and says nothing.
    desk.put_rows("t.csv", TICKETS, tickets(2, 2))
    desk.indicator(FCR, target='">= 85%"', min_n="30")
    score = desk.total("2025-08")
    assert score.verdict is Verdict.NOT_ENOUGH_EVIDENCE
    assert score.value == 1
    assert not score.missed_levels


@pytest.mark.parametrize("scope", ["电话", "phone", "热线", "PHONE"])
def test_a_scoped_target_means_the_value_however_it_is_spelt(desk: Desk, scope: str) -> None:
    # “Phone” is how the English report calls 电话: a target for it must not silently vanish.
    desk.put_rows("t.csv", TICKETS, tickets(8, 10))
    desk.indicator(
        FCR, targets=f'[{{value: ">= 50%"}}, {{value: ">= 90%", where: {{channel: {scope}}}}}]'
    )
    total, phone = desk.score("2025-08", by=(("channel",),)).scores
    assert (total.verdict, phone.verdict) == (Verdict.MET, Verdict.MISSED)


def test_a_target_scoped_by_a_flag_applies(desk: Desk) -> None:
    # where: {spam: 是} is how a person writes it; python's “True” is not.
    rows = [(f"{i}", "2025-08-31", "是", "是" if i < 6 else "否") for i in range(10)]
    desk.put_rows(
        "t.csv", "工单编号,创建时间,是否投诉,首次解决", [*rows, ("N", "2025-08-31", "否", "是")]
    )
    desk.indicator(FCR, targets='[{value: ">= 50%"}, {value: ">= 90%", where: {is_complaint: 是}}]')
    total, no, yes = desk.score("2025-08", by=(("is_complaint",),)).scores
    assert [score.group for score in (no, yes)] == [
        (("is_complaint", False),),
        (("is_complaint", True),),
    ]
    assert (total.verdict, no.verdict, yes.verdict) == (Verdict.MET, Verdict.MET, Verdict.MISSED)


def test_a_group_with_a_part_but_no_whole_is_not_dropped(desk: Desk) -> None:
    # Two complaints by mail and no ticket by mail: without a line for mail the groups' parts no
    # longer add up to the total's, and the worst channel is the one that cannot be seen.
    desk.put_rows("t.csv", TICKETS, tickets(1, 4))
    rows = [
        ("P1", "2025-08-31", "电话"),
        ("P2", "2025-08-31", "邮件"),
        ("P3", "2025-08-31", "邮件"),
    ]
    desk.put_rows("p.csv", "投诉编号,投诉时间,渠道", rows)
    desk.indicator("COUNT(complaints) / COUNT(tickets)", direction="down")
    total, *groups = desk.score("2025-08", by=(("channel",),)).scores
    parts = [score.measurement.part or 0 for score in groups]
    assert sum(parts) == total.measurement.part == 3


def _comparison(text: str) -> Comparison:
    from csq.definition.targets import Target

    return Target.model_validate({"value": text}).value


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        ("*".join(["COUNT(tickets)", *["999999999999"] * 2]), "count"),
        ("*".join(["COUNT(tickets)", *["999999999999"] * 30]) + " / (COUNT(tickets) * 7)", "ratio"),
        ("COUNT(tickets) / (COUNT(tickets) / 999999999999 / 999999999999)", "ratio"),
    ],
)
def test_a_number_that_no_report_can_show_is_a_fault_of_its_formula(
    desk: Desk, formula: str, unit: str
) -> None:
    # Beyond 10^308 a workbook crashed; beyond 2^53 a program that reads the JSON rounds.
    desk.put_rows("t.csv", TICKETS, tickets(1, 2))
    desk.indicator(formula, unit)
    with pytest.raises(DefinitionError) as raised:
        desk.total("2025-08")
    assert [problem.line("en") for problem in raised.value.problems] == [
        "it: number-range: a formula yields numbers beyond what can be computed"
        " → look at its factors and divisors"
    ]


def test_a_long_number_in_a_formula_is_compared_to_its_last_digit(desk: Desk) -> None:
    # Through a float 99999999999.123457 became 99999999999.123459, and no row was as large.
    rows = [("1", "2025-08-31", "99999999999.123457"), ("2", "2025-08-31", "99999999999.123456")]
    desk.put_rows("t.csv", "工单编号,创建时间,金额", rows)
    for condition, count in ((">= 99999999999.123457", 1), ("= 99999999999.123456", 1)):
        desk.define(
            "sources: {tickets: {fields: {金额: {type: number, columns: [金额]}}}}\n"
            "indicators:\n  - id: it\n    name: 它\n    unit: count\n    direction: up\n"
            f"    formula: COUNTIF(tickets, 金额 {condition})\n"
        )
        assert desk.value("2025-08") == count


def test_agents_of_a_whole_that_is_no_set_of_rows_are_not_added_up(desk: Desk) -> None:
    # One ticket of nobody less one call of an agent is a whole of 0 rows, and 1 of them nobody's.
    desk.put_rows("t.csv", "工单编号,创建时间,坐席工号,升级", [("1", "2025-08-31 10:00", "", "否")])
    desk.put_rows(
        "c.csv", "通话编号,进线时间,等待时长,坐席工号", [("1", "2025-08-31 10:00", "30", "A1")]
    )
    desk.indicator("COUNT(tickets) / (COUNT(tickets) - COUNT(calls))", "ratio")
    scorecard = desk.score("2025-08", by=(("agent_id",),))
    assert [(dict(s.group), s.value) for s in scorecard.scores] == [
        ({}, None),
        ({"agent_id": "A1"}, Fraction(0)),
        ({"agent_id": None}, Fraction(1)),
    ]
    assert scorecard.assumptions == ()


def test_nothing_is_said_of_repliers_where_rows_are_their_owners(desk: Desk) -> None:
    # The rows of two means are those of the field that fewest fill, of another field by agent.
    rows = [
        ("1", "A1", "5", ""),
        ("2", "A1", "4", "4"),
        ("3", "A2", "", "3"),
        ("4", "A2", "5", "2"),
    ]
    rows += [("5", "A1", "3", "")]
    lines = [(name, "2025-08-31", *rest) for name, *rest in rows]
    desk.put_rows("s.csv", "评价编号,评价时间,坐席工号,服务态度,流程便捷", lines)
    desk.indicator("LEAST(AVERAGE(surveys, d_attitude), AVERAGE(surveys, d_process))", "score")
    scorecard = desk.score("2025-08", by=(("agent_id",),))
    assert [score.measurement.n for score in scorecard.scores] == [3, 1, 1]
    assert scorecard.assumptions == ()
