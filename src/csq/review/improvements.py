"""What was done about it: the plan, and what became of the indicators it names."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from csq.intake.staging.incoming import FILE, ROW
from csq.intake.staging.tables import table_of
from csq.records.reading import FieldType
from csq.review.desk import Desk, literal
from csq.review.facts import Improvement, Trend, find_effect


def ask_improvements(desk: Desk, trend: Trend) -> Iterator[Improvement]:
    """The items of the plan that were not done before the period, in the order of the plan."""
    schema = desk.schema("improvements")
    if schema is None:
        return
    texts = [f.name for f in schema.fields if f.type is FieldType.TEXT and f.name != schema.key]
    done = exp.column("done_at", quoted=True)
    started = exp.GTE(this=done.copy(), expression=literal(desk.period.start))
    query = (
        exp.select(*(exp.column(n, quoted=True) for n in ("item_id", "planned_at")), done)
        .select(*(exp.column(name, quoted=True) for name in texts))
        .from_(table_of(schema))
        .where(exp.or_(exp.Is(this=done.copy(), expression=exp.null()), started))
        .order_by(exp.column("planned_at", quoted=True), exp.column(FILE), exp.column(ROW))
    )
    for key, planned_at, done_at, *values in desk.engine.fetch(query):
        told = dict(zip(texts, values, strict=True))
        effect = find_effect(told["indicator"], done_at, trend)
        yield Improvement(key, planned_at, done_at, told, effect)
