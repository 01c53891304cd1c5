"""How the rows of a source spread over the values of a field."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from csq.formula.compile import compile_aggregate
from csq.formula.tree import Aggregate
from csq.period import Period
from csq.review.desk import Desk
from csq.review.facts import Shares

SHARED = (("tickets", "problem_type"), ("complaints", "cause"))
"""The sources and fields whose values are counted."""


def ask_shares(desk: Desk) -> Iterator[Shares]:
    """The shares of problem types and of causes of complaints, beside those before."""
    for source, name in SHARED:
        counted = desk.counted(source)
        schema = desk.schema(source)
        if counted is None or schema is None or not desk.carries(schema, name):
            continue
        field = schema.field(name)
        assert field is not None
        counts = _spread(desk, *counted, name, desk.period)
        before = dict(_spread(desk, *counted, name, desk.period.previous()))
        if counts:
            yield Shares(schema, field, counts, before)


def _spread(
    desk: Desk, aggregate: Aggregate, time: str | None, name: str, period: Period
) -> tuple[tuple[str | None, int], ...]:
    column = exp.column(name, quoted=True)
    query = desk.select(
        aggregate.population.schema, [column, compile_aggregate(aggregate)], period, time
    ).group_by(column.copy())
    rows = [(value, count) for value, count in desk.engine.fetch(query) if count]
    return tuple(sorted(rows, key=lambda row: (-row[1], row[0] is None, row[0] or "")))
