"""What one kind of export says of another: tickets that surveys name, agents that calls name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from csq.engines.base import Engine
from csq.errors import Problem
from csq.intake.export import Export
from csq.intake.incoming import FILE, ROW
from csq.intake.stage import StagedSource
from csq.intake.tables import table_of
from csq.problems import UNKNOWN_REFERENCE
from csq.records.schema import Field


@dataclass(frozen=True, slots=True)
class Reference:
    """A field whose values another source, that was exported too, should know."""

    source: str
    field: Field
    target: str
    key: str


def find_references(exports: Mapping[str, Sequence[Export]]) -> tuple[Reference, ...]:
    """The references between exports of which both sides have the field."""
    carried = {
        source: frozenset().union(*(export.matching.fields for export in parts))
        for source, parts in exports.items()
    }
    found = []
    for source, parts in exports.items():
        for field in parts[0].matching.schema.fields:
            target, _, key = (field.column.refers_to or "").partition(".")
            if field.name in carried[source] and key in carried.get(target, frozenset()):
                found.append(Reference(source, field, target, key))
    return tuple(found)


def reconcile(
    engine: Engine, sources: Mapping[str, StagedSource], references: Iterable[Reference]
) -> Iterator[Problem]:
    """For each field and export, how many rows name what the other source does not know.

    The place and the value are those of the first such row. No row is refused for it.
    """
    for reference in references:
        staged, target = sources[reference.source], sources[reference.target]
        column = exp.column(reference.field.name, quoted=True)
        key = exp.column(reference.key, quoted=True)
        known = exp.select(key).from_(table_of(target.schema)).where(key.is_(exp.null()).not_())
        if not engine.fetch(known.limit(1)):
            continue
        missing = exp.not_(exp.In(this=column.copy(), query=known.subquery()))
        filled = exp.Count(this=column.copy())
        counted = (
            exp.select(FILE, filled)
            .select(exp.Filter(this=filled.copy(), expression=exp.Where(this=missing)))
            .from_(table_of(staged.schema))
            .group_by(FILE)
            .order_by(FILE)
        )
        for file, whole, count in engine.fetch(counted):
            if not count:
                continue
            here = exp.and_(exp.column(FILE).eq(file), missing.copy())
            rows = exp.select(ROW, column.copy()).from_(table_of(staged.schema)).where(here)
            [(row, value)] = engine.fetch(rows.order_by(ROW).limit(1))
            yield UNKNOWN_REFERENCE.at(
                replace(staged.exports[file].place, row=row),
                count=count,
                whole=whole,
                value=value,
                field=reference.field.title,
                target=target.schema.title,
            )
