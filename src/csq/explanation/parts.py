"""What a value is made of, in words: its formula, and the measures and row sets in it."""

from __future__ import annotations

from collections.abc import Iterator

from csq.definition.indicators import Indicator, RowSet
from csq.explanation.facts import NamedPart
from csq.explanation.trail import say_moment, title_of
from csq.formula.parse import parse_formula
from csq.formula.row_words import say_row
from csq.formula.syntax import CallNode, IndicatorNode, NameNode, Node, OperatorNode, Span
from csq.formula.understand import Understood, UnderstoodIndicator
from csq.formula.words import say_term
from csq.wording import Wording


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
            yield NamedPart(name, _write_row_set(rows), _say_row_set(understood, node))


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


def _write_row_set(rows: RowSet) -> str:
    """A row set as the definition writes it."""
    further = [f"time: {rows.time}"] if rows.time else []
    further += ["stock: true"] if rows.stock else []
    written = rows.from_ if rows.where is None else f"{rows.from_}: {rows.where}"
    return ", ".join((written, *further))


def _say_row_set(understood: Understood, node: NameNode) -> Wording:
    """What a row set holds, and what puts its rows into a period where it says so itself."""
    definition, scope = understood.definition, understood.scope
    population = scope.population(node.name, node.span)
    rows = definition.rows[node.name]
    base = scope.population(rows.from_, node.span)
    is_named = rows.from_ in definition.rows
    title = title_of(understood, rows.from_) if is_named else base.schema.title
    words = _ALL.fill(base=title)
    if rows.where is not None:
        words = _SOME.fill(base=title, demand=say_row(population.conditions[-1]))
    if rows.time is not None:
        words = _DATED.fill(words=words, moment=say_moment(population.schema, rows.time))
    if rows.stock:
        words = _STOCK.fill(words=words)
    named = title_of(understood, node.name)
    return Wording(words.zh, words.en if named.en == node.name else f"{named.en}: {words.en}")


_ALL = Wording("{base}的所有行", "all rows of {base}")
_SOME = Wording("{base}中{demand}的行", "the rows of {base} in which {demand}")
_DATED = Wording("{words}，按{moment}归入时段", "{words}, put into periods by {moment}")
_STOCK = Wording("{words}，时段结束之前的都算", "{words}, all from before the end of the period")
