"""Levels of grouping summed up from one finer one: sums of sums, and not the rows once more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import inf, prod

from sqlglot import exp

from csq.formula.compile import compile_row
from csq.formula.tree import FieldTerm, RowTerm, Summary
from csq.intake.staging.tables import table_of
from csq.records.schema import Schema

PERIOD = "_period"
"""The column of a row's period."""

Sizes = Mapping[tuple[str, str], int]
"""About how many different values the fields of sources have, by source and field."""


def count_values(schema: Schema, fields: Iterable[str]) -> exp.Select:
    """About how many different values each of these fields has."""
    counted = [exp.ApproxDistinct(this=exp.column(name, quoted=True)) for name in fields]
    return exp.Select(expressions=counted).from_(table_of(schema), copy=False)


def count_groups(schema: Schema, fields: Iterable[RowTerm], sizes: Sizes) -> float:
    """About how many groups rows fall into at most, by fields of which each may be blank.

    Endless where a row may stand in several of them, so that they are no parts of a whole.
    """
    known = (
        sizes.get((schema.source, term.field.name), inf) if isinstance(term, FieldTerm) else inf
        for term in fields
    )
    return prod(size + 1 for size in known)


def sum_up(
    fine: exp.Select,
    sets: Iterable[Sequence[RowTerm]],
    fields: Iterable[RowTerm],
    summaries: Iterable[Summary],
) -> exp.Select:
    """The values `_a0`, `_a1`, … of the groups by all `fields`, summed up to groups by each set.

    Before them stand the period, of each field whether it is summed up over, and its value.
    """
    columns = [compile_row(field) for field in fields]
    is_summed = [exp.Anonymous(this="GROUPING", expressions=[each.copy()]) for each in columns]
    values = [
        _SUMMED_UP[summary](this=exp.column(f"_a{position}"))
        for position, summary in enumerate(summaries)
    ]
    grouped = [
        exp.Tuple(expressions=[exp.column(PERIOD), *map(compile_row, chosen)])
        for chosen in {frozenset(each): each for each in sets}.values()
    ]
    select = exp.Select(expressions=[exp.column(PERIOD), *is_summed, *columns, *values])
    select.from_(fine.subquery("fine", copy=False), copy=False)
    select.set("group", exp.Group(grouping_sets=[exp.GroupingSets(expressions=grouped)]))
    return select


_SUMMED_UP: Mapping[Summary, type[exp.AggFunc]] = {
    Summary.COUNT: exp.Sum,
    Summary.SUM: exp.Sum,
    Summary.MIN: exp.Min,
    Summary.MAX: exp.Max,
}
