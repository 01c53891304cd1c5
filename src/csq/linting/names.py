"""Names that a report could not tell apart, and names that nothing uses."""

from __future__ import annotations

from collections.abc import Iterator

from csq.definition.load import LoadedDefinition
from csq.definition.models import Definition
from csq.errors import Problem
from csq.formula.parse import parse_formula
from csq.formula.syntax import CallNode, NameNode, Node, OperatorNode
from csq.problems.definition import DOUBLE_NAME, UNUSED_NAME


def double_names(loaded: LoadedDefinition) -> Iterator[Problem]:
    """Indicators that a report could not tell apart."""
    first: dict[str, int] = {}
    for position, indicator in enumerate(loaded.definition.indicators):
        for name in dict.fromkeys((indicator.name.zh, indicator.name.en)):
            if name in first and first[name] != position:
                other = loaded.definition.indicators[first[name]].id
                place = loaded.place("indicators", position, "name")
                yield DOUBLE_NAME.at(place, value=name, other=other)
                break
            first.setdefault(name, position)


def unused_names(loaded: LoadedDefinition) -> Iterator[Problem]:
    """Row sets and measures of the file itself that nothing uses."""
    definition = loaded.definition
    used = {name for text in _formulas(definition) for name in _names_in(parse_formula(text))}
    used |= {rows.from_ for rows in definition.rows.values()}
    used |= {each.population.from_ for each in definition.indicators if each.population}
    own = loaded.place("version").file
    for key, parts in (("rows", definition.rows), ("measures", definition.measures)):
        for name in parts:
            place = loaded.place(key, name)
            if name not in used and place.file == own:
                yield UNUSED_NAME.at(place, value=name)


def _formulas(definition: Definition) -> Iterator[str]:
    yield from definition.measures.values()
    for indicator in definition.indicators:
        yield indicator.formula
        yield from (variant.formula for variant in indicator.variants.values())


def _names_in(node: Node) -> Iterator[str]:
    match node:
        case NameNode(name):
            yield name
        case CallNode(_, parts) | OperatorNode(_, parts):
            for part in parts:
                yield from _names_in(part)
