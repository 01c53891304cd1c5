"""`population:` and `calendar:` of an indicator: its formula as if it had been written with them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from csq.formula.tree import RowOperation
from csq.formula.understand import Understood, understand, understand_variants
from csq.formula.words import say_term
from csq.measure import demands_of
from csq.wording import Wording

from .conftest import Desk, load_text

HEAD = """
version: 1
calendars:
  班次:
    hours: { mon-fri: ["09:00-12:00", "13:00-18:00"] }
    off_hours_reply: zero
rows:
  有效工单: { from: tickets, where: 'NOT spam' }
  VIP工单: { from: 有效工单, where: 'customer_type = "VIP"' }
  本期解决: { from: tickets, time: resolved_at }
  再来: { from: tickets, where: 'AGAIN_WITHIN(customer_id, 7d)' }
  VIP再来: { from: VIP工单, where: 'AGAIN_WITHIN(customer_id, 7d)' }
  慢工单: { from: 有效工单, where: 'first_response_at - created_at > 30s' }
  慢工单上班时间:
    from: 有效工单
    where: 'DURATION(created_at, first_response_at, "班次") > 30s'
indicators:
"""


def understood(*indicators: str, unit: str = "count") -> Understood:
    rows = [
        f"  - {{ id: i{n}, name: 甲, unit: {unit}, direction: up, {keys} }}"
        for n, keys in enumerate(indicators)
    ]
    return understand(load_text(HEAD + "\n".join(rows)))


def asked(indicators: Understood) -> list[list[tuple[object, ...]]]:
    """What each indicator asks of the rows, whatever its row sets are called."""
    return [
        [
            (d.aggregate.summary, d.aggregate.conditions, d.aggregate.operand, d.dated)
            for d in demands_of(each)
        ]
        for each in indicators.indicators
    ]


@pytest.mark.parametrize(
    ("short", "written"),
    [
        ("formula: COUNT(tickets), population: VIP工单", "formula: COUNT(VIP工单)"),
        ("formula: COUNT(VIP工单), population: VIP工单", "formula: COUNT(VIP工单)"),
        ("formula: COUNT(VIP工单), population: 有效工单", "formula: COUNT(VIP工单)"),
        ("formula: COUNT(VIP工单), population: tickets", "formula: COUNT(VIP工单)"),
        ("formula: COUNT(tickets), population: 本期解决", "formula: COUNT(本期解决)"),
        ("formula: COUNT(再来), population: VIP工单", "formula: COUNT(VIP再来)"),
        (
            "formula: COUNT(有效工单), population: { from: tickets, where: escalated }",
            "formula: 'COUNTIF(tickets, escalated AND NOT spam)'",
        ),
        (
            "formula: COUNT(tickets) - COUNT(calls), population: VIP工单",
            "formula: COUNT(VIP工单) - COUNT(calls)",
        ),
    ],
)
def test_a_population_is_as_if_the_row_sets_were_taken_from_it(short: str, written: str) -> None:
    one, other = asked(understood(short, written))
    flat = [
        [(*each[:1], _parts(each[1]), *each[2:]) for each in demands] for demands in (one, other)
    ]
    assert flat[0] == flat[1]


def _parts(conditions: object) -> list[object]:
    """Conditions that must all hold, however they are joined."""
    assert isinstance(conditions, tuple)
    found: list[object] = []
    for each in conditions:
        joined = isinstance(each, RowOperation) and each.name == "and"
        found += each.operands if joined else [each]
    return found


@pytest.mark.parametrize(
    ("short", "written"),
    [
        (
            "formula: 'AVERAGE(tickets, resolved_at - created_at)', calendar: 班次",
            "formula: 'AVERAGE(tickets, DURATION(created_at, resolved_at, \"班次\"))'",
        ),
        (
            "formula: 'AVERAGE(tickets, DURATION(created_at, resolved_at))', calendar: 班次",
            "formula: 'AVERAGE(tickets, DURATION(created_at, resolved_at, \"班次\"))'",
        ),
        ("formula: COUNT(慢工单), calendar: 班次", "formula: COUNT(慢工单上班时间)"),
        (
            "formula: 'COUNTIF(tickets, IF(escalated, DATA_END() - created_at > 1h, spam))',"
            " calendar: 班次",
            'formula: \'COUNTIF(tickets, IF(escalated, DURATION(created_at, DATA_END(), "班次") > 1h,'
            " spam))'",
        ),
    ],
)
def test_a_calendar_is_as_if_every_duration_named_it(short: str, written: str) -> None:
    unit = "duration" if "AVERAGE" in short else "count"
    one, other = asked(understood(short, written, unit=unit))
    assert one == other


def test_what_is_said_of_them() -> None:
    found = understood(
        "formula: COUNT(tickets), population: VIP工单",
        "formula: COUNT(再来), population: VIP工单",
        "formula: COUNT(tickets), population: { from: 有效工单, where: escalated }",
        "formula: COUNT(再来), population: { from: tickets, where: escalated }",
        "formula: COUNT(慢工单), calendar: 班次",
        "formula: 'COUNTIF(tickets, resolved_at - created_at > 1h)', calendar: 班次",
        "formula: '@i0', population: 有效工单",
    )
    assert [say_term(each.term) for each in found.indicators] == [
        Wording("VIP工单的行数", "rows of VIP工单"),
        Wording("VIP工单里的再来的行数", "rows of 再来 among VIP工单"),
        Wording(
            "有效工单中「升级」为是的行数",
            "rows of 有效工单 in which Escalated is yes",
        ),
        Wording(
            "工单中「升级」为是的行里的再来的行数",
            "rows of 再来 among the rows of Tickets in which Escalated is yes",
        ),
        Wording("慢工单的行数", "rows of 慢工单"),
        Wording(
            "工单中「创建时间」到「解决时间」的班次时长大于1小时的行数",
            "rows of Tickets in which the time from Created at to Resolved at by 班次 is more than 1 h",
        ),
        Wording("有效工单里的VIP工单的行数", "rows of VIP工单 among 有效工单"),
    ]


def test_variants_are_of_the_same_rows_and_by_the_same_clock() -> None:
    found = understood(
        "formula: 'COUNTIF(tickets, resolved_at - created_at > 1h)', population: VIP工单,"
        " calendar: 班次, variants: { of_calls: { formula: COUNT(calls), name: 甲, source: 乙 },"
        " slow: { formula: COUNT(慢工单), name: 甲, source: 乙 } }",
        "formula: 'COUNTIF(慢工单上班时间, customer_type = \"VIP\")'",
    )
    _, of_calls, slow = understand_variants(found, "i0")
    assert say_term(of_calls.term).en == "rows of Calls"
    assert say_term(slow.term).en == "rows of 慢工单 among VIP工单"
    written = found.indicators[1].aggregates[0]
    assert set(slow.aggregates[0].conditions) == set(written.conditions)


TICKETS = """\
工单编号,创建时间,首次响应时间,解决时间,客户类型,升级
T1,2025-08-01 17:00:00,2025-08-01 17:00:20,2025-08-04 10:00:00,VIP,是
T2,2025-08-04 11:00:00,2025-08-04 11:00:20,2025-08-04 14:00:00,新客户,否
T3,2025-08-05 09:00:00,2025-08-05 09:00:10,2025-08-05 10:00:00,VIP,否
T4,2025-08-29 17:00:00,,,VIP,否
"""
"""In working hours T1 takes 2 h (Friday evening to Monday morning), T2 2 h and T3 1 h."""


def test_the_same_formula_over_other_rows_and_by_another_clock(desk: Desk) -> None:
    desk.put("tickets.csv", TICKETS)
    formula = "formula: 'AVERAGE(tickets, resolved_at - created_at)'"
    keys = (
        formula,
        f"{formula}, calendar: 班次",
        f"{formula}, calendar: 班次, population: VIP工单",
        f"{formula}, population: {{ from: VIP工单, where: escalated }}",
        "formula: '@i2'",
        "formula: 'PERCENTILE(tickets, PERIOD_END() - created_at, 0%)', calendar: 班次",
    )
    rows = [
        f"  - {{ id: i{n}, name: 甲, unit: duration, direction: up, {each} }}"
        for n, each in enumerate(keys)
    ]
    desk.define((HEAD + "\n".join(rows)).replace("\nversion: 1\n", ""))
    told = {each.indicator.id: each.value for each in desk.score("2025-08").totals}
    hour = Fraction(3600)
    assert told == {
        "i0": (65 + 3 + 1) * hour / 3,
        "i1": Fraction(5, 3) * hour,
        "i2": Fraction(3, 2) * hour,
        "i3": 65 * hour,
        "i4": Fraction(3, 2) * hour,
        "i5": hour,  # T4, of Friday the 29th, with a weekend before the end of the period
    }
