"""Every row behind a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlglot import exp

from csq.explanation.facts import Role, RowBehind, RowsBehind
from csq.explanation.trail import Trail
from csq.formula.tree import Aggregate, fields_in, fields_of
from csq.intake.staging.incoming import FILE, ROW
from csq.records.schema import Field, Schema


def find_behind(trail: Trail) -> Iterator[RowsBehind]:
    """Every row that counts, by source, in the order of the files."""
    by_source: dict[Schema, list[tuple[Aggregate, tuple[Role, ...]]]] = {}
    for aggregate, roles in trail.roles().items():
        by_source.setdefault(aggregate.population.schema, []).append((aggregate, roles))
    for schema, aggregates in by_source.items():
        fields = _shown_fields(trail, schema, [aggregate for aggregate, _ in aggregates])
        flags = [trail.predicate(aggregate) for aggregate, _ in aggregates]
        source = trail.rows(*(aggregate for aggregate, _ in aggregates)).source
        query = (
            exp.select(FILE, ROW)
            .select(*flags, *(exp.column(field.name, quoted=True) for field in fields))
            .from_(source)
            .where(exp.or_(*flags))
            .order_by(FILE, ROW)
        )
        rows = []
        for number, row, *rest in trail.engine.fetch(query):
            counts = frozenset(
                role
                for flag, (_, roles) in zip(rest[: len(flags)], aggregates, strict=True)
                if flag
                for role in roles
            )
            place = replace(trail.staged(schema).exports[number].place, row=row)
            cells = zip(fields, rest[len(flags) :], strict=True)
            shown = tuple(trail.shown(field.name, value) for field, value in cells)
            rows.append(RowBehind(place, counts, shown))
        all_roles = {role for _, roles in aggregates for role in roles}
        ordered = tuple(role for role in Role if role in all_roles)
        yield RowsBehind(schema.title, fields, ordered, tuple(rows))


def _shown_fields(
    trail: Trail, schema: Schema, aggregates: Iterable[Aggregate]
) -> tuple[Field, ...]:
    """The key, the time and whatever the formula and the narrowing look at."""
    wanted = {schema.key, *schema.time}
    for aggregate in aggregates:
        wanted |= {field.name for field in fields_of(aggregate)} | {trail.dated(aggregate)}
    for source, condition, _ in trail.narrowings:
        if source == schema.source:
            wanted |= {field.name for field in fields_in(condition)}
    return tuple(field for field in schema.fields if field.name in wanted)
