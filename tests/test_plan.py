"""The queries of a run: as few as possible, each with every value it can answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from tests.conftest import load_text

from csq.definition.check import schemas_of
from csq.definition.indicators import Attribution
from csq.formula.resolve import Scope, resolve_condition, resolve_formula
from csq.formula.syntax import Span
from csq.formula.tree import aggregates_in
from csq.formula.understand import understand
from csq.measure import demands_of
from csq.period import parse_period
from csq.plan import TOTAL, Demand, Plan, make_plan

DEFINITION = """
version: 1
indicators:
  - { id: a, name: A, formula: 'SHARE(tickets, spam)', unit: percent, direction: up }
"""


@pytest.fixture(scope="module")
def scope() -> Scope:
    definition = load_text(DEFINITION).definition
    return Scope(definition, schemas_of(definition))


def demands(scope: Scope, *formulas: str, time: str | None = None) -> list[Demand]:
    terms = [resolve_formula(formula, scope) for formula in formulas]
    return [Demand(aggregate, time) for term in terms for aggregate in aggregates_in(term)]


def spelt(plan: Plan) -> list[str]:
    return [query.select.sql(dialect="duckdb") for query in plan.queries]


AUGUST = (parse_period("2025-08"),)


def test_one_query_answers_everything_additive_of_a_source(scope: Scope) -> None:
    wanted = demands(
        scope,
        "COUNT(tickets)",
        "SUM(tickets, paused_s)",
        "MIN(tickets, paused_s)",
        "MAX(tickets, paused_s)",
        "AVERAGE(tickets, resolved_at - created_at)",
    )
    (query,) = make_plan({TOTAL: wanted}, AUGUST, {}).queries
    assert len(query.demands) == 6


def test_what_is_asked_twice_is_answered_once(scope: Scope) -> None:
    wanted = demands(scope, "COUNT(tickets)", "COUNT(tickets) / COUNT(tickets)")
    (query,) = make_plan({TOTAL: wanted}, AUGUST, {}).queries
    assert len(query.demands) == 1


def test_the_same_row_set_under_two_names_is_answered_once_each(scope: Scope) -> None:
    wanted = demands(scope, "COUNT(tickets)", "COUNT(工单)")
    (query,) = make_plan({TOTAL: wanted}, AUGUST, {}).queries
    assert len(query.demands) in {1, 2}


def test_percentiles_and_distinct_counts_are_asked_apart(scope: Scope) -> None:
    wanted = demands(
        scope, "COUNT(tickets)", "DISTINCT(tickets, customer_id)", "MEDIAN(tickets, paused_s)"
    )
    plan = make_plan({TOTAL: wanted}, AUGUST, {})
    assert [len(query.demands) for query in plan.queries] == [1, 2]


def test_each_source_has_a_query_of_its_own(scope: Scope) -> None:
    wanted = demands(scope, "COUNT(tickets)", "COUNT(calls)", "COUNT(surveys)")
    assert len(make_plan({TOTAL: wanted}, AUGUST, {}).queries) == 3


def test_each_time_has_a_query_of_its_own(scope: Scope) -> None:
    wanted = demands(scope, "COUNT(tickets)") + demands(scope, "COUNT(tickets)", time="resolved_at")
    first, second = spelt(make_plan({TOTAL: wanted}, AUGUST, {}))
    assert '"created_at" >= CAST' in first
    assert '"resolved_at" >= CAST' in second


def test_a_period_is_half_open(scope: Scope) -> None:
    (sql,) = spelt(make_plan({TOTAL: demands(scope, "COUNT(tickets)")}, AUGUST, {}))
    assert sql == (
        'SELECT 0 AS _period, COUNT(*) AS _a0 FROM tickets WHERE "created_at" >='
        " CAST('2025-08-01' AS TIMESTAMP) AND \"created_at\" < CAST('2025-09-01' AS TIMESTAMP)"
        " GROUP BY _period"
    )


def test_several_periods_are_answered_at_once(scope: Scope) -> None:
    series = parse_period("2025-08").series(3)
    (sql,) = spelt(make_plan({TOTAL: demands(scope, "COUNT(tickets)")}, series, {}))
    assert sql == (
        "SELECT CASE WHEN \"created_at\" < CAST('2025-07-01' AS TIMESTAMP) THEN 0"
        " WHEN \"created_at\" < CAST('2025-08-01' AS TIMESTAMP) THEN 1 ELSE 2 END AS _period,"
        " COUNT(*) AS _a0 FROM tickets"
        " WHERE \"created_at\" >= CAST('2025-06-01' AS TIMESTAMP)"
        " AND \"created_at\" < CAST('2025-09-01' AS TIMESTAMP) GROUP BY _period"
    )


def test_a_row_counts_at_the_first_of_its_times_that_is_filled(scope: Scope) -> None:
    (sql,) = spelt(make_plan({TOTAL: demands(scope, "COUNT(surveys)")}, AUGUST, {}))
    assert 'COALESCE("responded_at", "sent_at", "service_end_at") >= CAST' in sql


def test_a_source_without_time_belongs_to_the_last_period(scope: Scope) -> None:
    series = parse_period("2025-08").series(3)
    (sql,) = spelt(make_plan({TOTAL: demands(scope, "COUNT(agents)")}, series, {}))
    assert sql == "SELECT 2 AS _period, COUNT(*) AS _a0 FROM agents GROUP BY _period"


def test_each_level_is_a_query_with_its_fields(scope: Scope) -> None:
    levels = (TOTAL, ("channel",), ("channel", "customer_type"))
    wanted = demands(scope, "COUNT(tickets)")
    plan = make_plan(dict.fromkeys(levels, wanted), AUGUST, {})
    assert [cut.level for query in plan.queries for cut in query.cuts] == list(levels)
    assert spelt(plan)[2].endswith('GROUP BY _period, "channel", "customer_type"')


def test_levels_with_few_groups_are_summed_up_from_one_pass(scope: Scope) -> None:
    levels = (TOTAL, ("channel",), ("problem_type", "channel"), ("customer_id",))
    wanted = demands(scope, "COUNT(tickets)", "MIN(tickets, paused_s)", "MEDIAN(tickets, paused_s)")
    sizes = {("tickets", "channel"): 5, ("tickets", "problem_type"): 9}
    plan = make_plan(dict.fromkeys(levels, wanted), AUGUST, {}, sizes=sizes)
    assert [[cut.level for cut in query.cuts] for query in plan.queries] == [
        list(levels[:3]),
        [("customer_id",)],
        *([level] for level in levels),
    ]
    summed = spelt(plan)[0]
    assert summed.startswith(
        'SELECT _period, GROUPING("channel"), GROUPING("problem_type"), "channel", "problem_type", '
        "SUM(_a0), MIN(_a1) FROM (SELECT 0 AS _period, "
    )
    assert summed.endswith(
        'GROUP BY _period, "channel", "problem_type") AS fine GROUP BY GROUPING SETS '
        '((_period), (_period, "channel"), (_period, "problem_type", "channel"))'
    )


def test_a_row_of_a_sum_belongs_to_the_level_it_is_not_summed_over(scope: Scope) -> None:
    wanted = demands(scope, "COUNT(tickets)")
    levels = (TOTAL, ("channel",), ("problem_type", "channel"))
    sizes = {("tickets", "channel"): 5, ("tickets", "problem_type"): 9}
    (query,) = make_plan(dict.fromkeys(levels, wanted), AUGUST, {}, sizes=sizes).queries
    period, counted = AUGUST[0], wanted[0]

    def read(*row: object) -> list[tuple[object, ...]]:
        return [
            (day, cut.level, named, values[counted]) for day, cut, named, values in query.read(row)
        ]

    assert read(0, 1, 1, None, None, 7) == [(period, TOTAL, (), 7)]
    assert read(0, 0, 1, None, None, 2) == [(period, ("channel",), (None,), 2)]
    both = (period, ("problem_type", "channel"), (None, "电话"), 1)
    assert read(0, 0, 0, "电话", None, 1) == [both]


def test_rows_that_stand_for_several_agents_are_never_summed_up(scope: Scope) -> None:
    (counted,) = demands(scope, "COUNT(tickets)")
    population = replace(counted.aggregate.population, credit=Attribution.ALL)
    wanted = [Demand(replace(counted.aggregate, population=population))]
    asked = {TOTAL: wanted, ("channel",): wanted, ("agent_id",): wanted}
    sizes = {("tickets", name): 3 for name in ("channel", "agent_id", "first_agent_id")}
    plan = make_plan(asked, AUGUST, {}, sizes=sizes)
    assert [[cut.level for cut in query.cuts] for query in plan.queries] == [
        [TOTAL, ("channel",)],
        [("agent_id",)],
    ]


def test_a_source_without_the_field_is_not_asked_at_that_level(scope: Scope) -> None:
    wanted = demands(scope, "COUNT(tickets)", "COUNT(calls)")
    plan = make_plan({("queue",): wanted}, AUGUST, {})
    assert [query.demands[0].schema.source for query in plan.queries] == ["calls"]


def test_a_condition_narrows_its_own_source_only(scope: Scope) -> None:
    condition = resolve_condition(
        'channel = "phone"', scope.population("tickets", Span(0, 0)), scope
    )
    wanted = demands(scope, "COUNT(tickets)", "COUNT(surveys)")
    first, second = spelt(make_plan({TOTAL: wanted}, AUGUST, {"tickets": condition}))
    assert first.count("\"channel\" = '电话'") == 1
    assert "channel" not in second


def test_nothing_is_asked_where_nothing_is_wanted() -> None:
    assert make_plan({TOTAL: []}, AUGUST, {}).queries == ()


def test_the_shipped_definition_needs_few_queries() -> None:
    """All 70 indicators, as total: each of 12 sources once, and once more for what goes alone.

    That are percentiles and largest classes, stocks, and what is dated by another time.
    """
    from csq.definition.load import load_definition

    understood = understand(load_definition(None))
    wanted = [demand for each in understood.indicators for demand in demands_of(each)]
    periods = parse_period("2025-08").series(7)
    plan = make_plan({TOTAL: wanted}, periods, {}, datetime(2025, 8, 31))
    assert len(plan.queries) <= 18
