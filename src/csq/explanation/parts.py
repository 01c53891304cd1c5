"""What a value is made of, in words: its formula, and the measures and row sets in it."""

from __future__ import annotations

from collections.abc import Iterator

from csq.definition.indicators import Indicator
from csq.definition.models import Definition
from csq.explanation.facts import NamedPart
from csq.formula.parse import parse_formula
from csq.formula.resolve import Scope
from csq.formula.syntax import CallNode, IndicatorNode, NameNode, Node, OperatorNode, Span
from csq.formula.understand import Understood, UnderstoodIndicator
from csq.formula.words import say_row, say_term
from csq.wording import Wording, verbatim


def say_formula(indicator: UnderstoodIndicator) -> Wording:
    """What the formula works out; its calendar also counts the times of its row sets."""
    words, calendar = say_term(indicator.term), indicator.definition.calendar
    if calendar is None:
        return words
    return _BY_CALENDAR.fill(words=words, calendar=calendar)


_BY_CALENDAR = Wording(
    "{words}（所有时长按「{calendar}」计，包括口径里的）",
    "{words} (all times are counted by “{calendar}”, those in its row sets too)",
)


def find_named_parts(understood: Understood, indicator: Indicator) -> Iterator[NamedPart]:
    """Indicators, measures and row sets on the way from an indicator to its fields, each once."""
    definition, scope = understood.definition, understood.scope
    waiting = list(_names_in(parse_formula(indicator.formula)))
    seen = set[str]()
    if indicator.population is not None:
        waiting.append(NameNode(indicator.population.from_, Span(0, 0)))
    while waiting:
        node = waiting.pop(0)
        name = f"@{node.name}" if isinstance(node, IndicatorNode) else node.name
        if name in seen:
            continue
        seen.add(name)
        if isinstance(node, IndicatorNode):
            named = next(each for each in understood.indicators if each.id == node.name)
            waiting += _names_in(parse_formula(named.definition.formula))
            yield NamedPart(name, named.definition.formula, say_formula(named))
            continue
        if name in definition.measures:
            written = definition.measures[name]
            waiting += _names_in(parse_formula(written))
            yield NamedPart(name, written, say_term(scope.measure(name, node.span)))
        elif name in definition.rows:
            rows = definition.rows[name]
            waiting.append(NameNode(rows.from_, node.span))
            written = rows.from_ if rows.where is None else f"{rows.from_}: {rows.where}"
            yield NamedPart(name, written, _say_row_set(definition, scope, node))


def _names_in(node: Node) -> Iterator[NameNode | IndicatorNode]:
    match node:
        case NameNode() | IndicatorNode():
            yield node
        case CallNode(_, arguments):
            for argument in arguments:
                yield from _names_in(argument)
        case OperatorNode(_, operands):
            for operand in operands:
                yield from _names_in(operand)


def _say_row_set(definition: Definition, scope: Scope, node: NameNode) -> Wording:
    population = scope.population(node.name, node.span)
    rows = definition.rows[node.name]
    base = scope.population(rows.from_, node.span)
    title = base.schema.title if rows.from_ not in definition.rows else verbatim(rows.from_)
    if rows.where is None:
        return title
    return Wording("{base}中{demand}的行", "the rows of {base} in which {demand}").fill(
        base=title, demand=say_row(population.conditions[-1])
    )
