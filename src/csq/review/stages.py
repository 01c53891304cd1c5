"""The time that tickets spend between two moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from csq.formula.compile import compile_aggregate
from csq.formula.tree import FieldTerm, RowOperation, Summary, Type
from csq.measure import exact_value
from csq.review.desk import Desk
from csq.review.facts import Stage

STAGES = ("created_at", "assigned_at", "first_response_at", "resolved_at", "closed_at")
"""The moments of a ticket, in their order."""


def ask_stages(desk: Desk) -> Iterator[Stage]:
    """The time from each moment that the exports carry to the next one."""
    counted, schema = desk.counted("tickets"), desk.schema("tickets")
    if counted is None or schema is None:
        return
    names = [name for name in STAGES if desk.carries(schema, name)]
    moments = [field for name in names if (field := schema.field(name))]
    pairs = list(pairwise(moments))
    if len(moments) > 2:
        pairs.append((moments[0], moments[-1]))
    for start, end in pairs:
        span = RowOperation(
            "-", (FieldTerm(end, Type.MOMENT), FieldTerm(start, Type.MOMENT)), Type.DURATION
        )
        own = replace(counted[0], type=Type.DURATION, operand=span)
        asked = [
            own.counting(),
            replace(own, summary=Summary.SUM),
            replace(own, summary=Summary.PERCENTILE, quantile=Fraction(1, 2)),
            replace(own, summary=Summary.PERCENTILE, quantile=Fraction(9, 10)),
        ]
        query = desk.select(schema, [*map(compile_aggregate, asked)], time=counted[1])
        n, total, median, p90 = (
            exact_value(a, v) for a, v in zip(asked, desk.engine.fetch(query)[0], strict=True)
        )
        mean = total / n if total is not None and n else None
        if n:
            yield Stage(start, end, int(n), mean, median, p90)
