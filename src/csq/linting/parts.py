"""What a definition asks of the rows of each source, with the place where it says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from csq.definition.load import LoadedDefinition
from csq.errors import Place
from csq.formula.resolve import Scope, resolve_condition, resolve_formula
from csq.formula.syntax import Span
from csq.formula.tree import (
    Constant,
    FieldTerm,
    RowOperation,
    RowTerm,
    Summary,
    Term,
    Type,
    aggregates_in,
)
from csq.formula.understand import Understood
from csq.records.schema import Schema
from csq.wording import Wording, verbatim


@dataclass(frozen=True, slots=True)
class Part:
    """Something that the definition asks of the rows of a source, and where it stands.

    `condition` is asked of the rows that fulfil `base`; `operand` is worked out for them.
    """

    place: Place
    name: Wording
    schema: Schema
    base: tuple[RowTerm, ...] = ()
    condition: RowTerm | None = None
    operand: RowTerm | None = None

    @property
    def terms(self) -> tuple[RowTerm, ...]:
        """What is asked here, without what came before it."""
        return tuple(each for each in (self.condition, self.operand) if each is not None)


def parts_of_definition(loaded: LoadedDefinition, scope: Scope) -> Iterator[Part]:
    """Everything that the definition asks of rows, where it is written first."""
    definition = loaded.definition
    for name, rows in definition.rows.items():
        population = scope.population(name, Span(0, 0))
        if rows.where is not None:
            *base, condition = population.conditions
            place = loaded.place("rows", name, "where")
            yield Part(place, verbatim(name), population.schema, tuple(base), condition)
    for name in definition.measures:
        place = loaded.place("measures", name)
        yield from _parts_of(scope.measure(name, Span(0, 0)), place, verbatim(name))
    for position, indicator in enumerate(definition.indicators):
        among = indicator.population
        if among is not None and among.where is not None:
            place = loaded.place("indicators", position, "population", "where")
            found = scope.population(among.from_, Span(0, 0))
            asked = resolve_condition(among.where, found, scope)
            yield Part(place, indicator.name, found.schema, found.conditions, asked)
        place = loaded.place("indicators", position, "formula")
        yield from _parts_of(resolve_formula(indicator.formula, scope), place, indicator.name)
        for name, variant in indicator.variants.items():
            place = loaded.place("indicators", position, "variants", name, "formula")
            yield from _parts_of(resolve_formula(variant.formula, scope), place, variant.name)


def parts_of_targets(loaded: LoadedDefinition, understood: Understood) -> Iterator[Part]:
    """The groups that targets are for, as far as texts name them."""
    for position, indicator in enumerate(understood.indicators):
        sources = dict.fromkeys(each.population.schema for each in indicator.aggregates)
        for target in indicator.targets:
            number = indicator.definition.all_targets.index(target.definition)
            for name, value in target.scope.items():
                place = loaded.place("indicators", position, "targets", number, "where", name)
                for schema in sources:
                    field = schema.field(name)
                    if field and isinstance(value, str):
                        known = Constant(value, Type.TEXT, value)
                        parts = (FieldTerm(field, Type.TEXT), known)
                        condition = RowOperation("=", parts, Type.FLAG)
                        yield Part(place, indicator.definition.name, schema, (), condition)


def _parts_of(term: Term, place: Place, name: Wording) -> Iterator[Part]:
    for aggregate in aggregates_in(term):
        # The condition of the largest class is csq's own.
        is_own = aggregate.summary is not Summary.TOP
        condition = aggregate.condition if is_own else None
        population = aggregate.population
        yield Part(
            place, name, population.schema, population.conditions, condition, aggregate.operand
        )
