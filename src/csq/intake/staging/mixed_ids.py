"""Ids that exports of one kind take from columns of two sorts, such as numbers and names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from csq.engines.base import StagingEngine
from csq.errors import Problem
from csq.intake.staging.incoming import FILE
from csq.intake.staging.stage import StagedSource
from csq.intake.staging.tables import table_of
from csq.problems.rows import MIXED_IDS
from csq.records.schema import Field

_FEWEST = 5
"""Rows of each sort that ought to have a value in common."""


def find_mixed_ids(engine: StagingEngine, source: StagedSource) -> Iterator[Problem]:
    """A warning of each id that has its own column in some exports and a stand-in in others.

    No value stands in both: the same people may be there by number and by name.
    """
    for field in source.schema.fields:
        if not field.is_id or field.name not in source.stored - {source.schema.key}:
            continue
        own, other = _headers(source, field, stands_in=False), _headers(source, field, True)
        if own and other and _are_unlike(engine, source, field, sorted(other)):
            yield MIXED_IDS.at(
                source=source.schema.title,
                field=field.title,
                own=next(iter(own.values())),
                other=next(iter(other.values())),
            )


def _headers(source: StagedSource, field: Field, stands_in: bool) -> dict[int, str]:
    """The header of the field in each export where it is of its own, or stands in for it."""
    return {
        number: export.table.header[column.positions[0]]
        for number, export in enumerate(source.exports)
        for column in export.matching.columns
        if column.field == field and column.stands_in == stands_in
    }


def _are_unlike(
    engine: StagingEngine, source: StagedSource, field: Field, other: Sequence[int]
) -> bool:
    """Whether the field is filled in these exports and in the others, and no value is in both."""
    value = exp.column(field.name, quoted=True)
    is_other = exp.In(
        this=exp.column(FILE), expressions=[exp.Literal.number(number) for number in other]
    )
    is_filled = value.is_(exp.null()).not_()
    rows = exp.select(
        exp.alias_(exp.Count(this=exp.Star()), "_all"),
        exp.alias_(exp.CountIf(this=is_other), "_other"),
    )
    rows = rows.from_(table_of(source.schema)).where(is_filled).group_by(value.copy())
    every, there = exp.column("_all"), exp.column("_other")
    is_shared = exp.and_(exp.GT(this=there, expression=exp.Literal.number(0)), there < every)
    counted = exp.select(
        exp.func("COALESCE", exp.Sum(this=every), exp.Literal.number(0)),
        exp.func("COALESCE", exp.Sum(this=there), exp.Literal.number(0)),
        exp.CountIf(this=is_shared),
    )
    ((filled, stood_in, shared),) = engine.fetch(counted.from_(rows.subquery("_values")))
    return min(filled - stood_in, stood_in) >= _FEWEST and not shared
