"""The queries of a run: as few as possible, each with every value it can answer."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.conftest import load_text

from csq.definition.check import schemas_of
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
    (query,) = make_plan(wanted, AUGUST, (TOTAL,), {}).queries
    assert len(query.demands) == 6


def test_what_is_asked_twice_is_answered_once(scope: Scope) -> None:
    wanted = demands(scope, "COUNT(tickets)", "COUNT(tickets) / COUNT(tickets)")
    (query,) = make_plan(wanted, AUGUST, (TOTAL,), {}).queries
    assert len(query.demands) == 1


def test_the_same_row_set_under_two_names_is_answered_once_each(scope: Scope) -> None:
    wanted = demands(scope, "COUNT(tickets)", "COUNT(工单)")
    (query,) = make_plan(wanted, AUGUST, (TOTAL,), {}).queries
    assert len(query.demands) in {1, 2}


def test_percentiles_and_distinct_counts_are_asked_apart(scope: Scope) -> None:
    wanted = demands(
        scope, "COUNT(tickets)", "DISTINCT(tickets, customer_id)", "MEDIAN(tickets, paused_s)"
    )
    plan = make_plan(wanted, AUGUST, (TOTAL,), {})
    assert [len(query.demands) for query in plan.queries] == [1, 2]


def test_each_source_has_a_query_of_its_own(scope: Scope) -> None:
    wanted = demands(scope, "COUNT(tickets)", "COUNT(calls)", "COUNT(surveys)")
    assert len(make_plan(wanted, AUGUST, (TOTAL,), {}).queries) == 3


def test_each_time_has_a_query_of_its_own(scope: Scope) -> None:
    wanted = demands(scope, "COUNT(tickets)") + demands(scope, "COUNT(tickets)", time="resolved_at")
    first, second = spelt(make_plan(wanted, AUGUST, (TOTAL,), {}))
    assert '"created_at" >= CAST' in first
    assert '"resolved_at" >= CAST' in second


def test_a_period_is_half_open(scope: Scope) -> None:
    (sql,) = spelt(make_plan(demands(scope, "COUNT(tickets)"), AUGUST, (TOTAL,), {}))
    assert sql == (
        'SELECT 0 AS _period, COUNT(*) AS a0 FROM tickets WHERE "created_at" >='
        " CAST('2025-08-01' AS TIMESTAMP) AND \"created_at\" < CAST('2025-09-01' AS TIMESTAMP)"
        " GROUP BY _period"
    )


def test_several_periods_are_answered_at_once(scope: Scope) -> None:
    series = parse_period("2025-08").series(3)
    (sql,) = spelt(make_plan(demands(scope, "COUNT(tickets)"), series, (TOTAL,), {}))
    assert sql == (
        "SELECT CASE WHEN \"created_at\" < CAST('2025-07-01' AS TIMESTAMP) THEN 0"
        " WHEN \"created_at\" < CAST('2025-08-01' AS TIMESTAMP) THEN 1 ELSE 2 END AS _period,"
        " COUNT(*) AS a0 FROM tickets"
        " WHERE \"created_at\" >= CAST('2025-06-01' AS TIMESTAMP)"
        " AND \"created_at\" < CAST('2025-09-01' AS TIMESTAMP) GROUP BY _period"
    )


def test_a_row_counts_at_the_first_of_its_times_that_is_filled(scope: Scope) -> None:
    (sql,) = spelt(make_plan(demands(scope, "COUNT(surveys)"), AUGUST, (TOTAL,), {}))
    assert 'COALESCE("responded_at", "sent_at", "service_end_at") >= CAST' in sql


def test_a_source_without_time_belongs_to_the_last_period(scope: Scope) -> None:
    series = parse_period("2025-08").series(3)
    (sql,) = spelt(make_plan(demands(scope, "COUNT(agents)"), series, (TOTAL,), {}))
    assert sql == "SELECT 2 AS _period, COUNT(*) AS a0 FROM agents GROUP BY _period"


def test_each_level_is_a_query_with_its_fields(scope: Scope) -> None:
    levels = (TOTAL, ("channel",), ("channel", "customer_type"))
    plan = make_plan(demands(scope, "COUNT(tickets)"), AUGUST, levels, {})
    assert [query.level for query in plan.queries] == list(levels)
    assert spelt(plan)[2].endswith('GROUP BY _period, "channel", "customer_type"')


def test_a_source_without_the_field_is_not_asked_at_that_level(scope: Scope) -> None:
    wanted = demands(scope, "COUNT(tickets)", "COUNT(calls)")
    plan = make_plan(wanted, AUGUST, (("queue",),), {})
    assert [query.demands[0].schema.source for query in plan.queries] == ["calls"]


def test_a_condition_narrows_its_own_source_only(scope: Scope) -> None:
    condition = resolve_condition(
        'channel = "phone"', scope.population("tickets", Span(0, 0)), scope
    )
    wanted = demands(scope, "COUNT(tickets)", "COUNT(surveys)")
    first, second = spelt(make_plan(wanted, AUGUST, (TOTAL,), {"tickets": condition}))
    assert first.count("\"channel\" = '电话'") == 1
    assert "channel" not in second


def test_nothing_is_asked_where_nothing_is_wanted() -> None:
    assert make_plan([], AUGUST, (TOTAL,), {}).queries == ()


def test_the_shipped_definition_needs_few_queries() -> None:
    """All 70 indicators, as total: each of 12 sources once, and once more for what goes alone.

    That are percentiles and largest classes, stocks, and what is dated by another time.
    """
    from csq.definition.load import load_definition

    understood = understand(load_definition(None))
    wanted = [demand for each in understood.indicators for demand in demands_of(each)]
    periods = parse_period("2025-08").series(7)
    plan = make_plan(wanted, periods, (TOTAL,), {}, datetime(2025, 8, 31))
    assert len(plan.queries) <= 18
