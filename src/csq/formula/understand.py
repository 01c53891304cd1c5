"""A whole definition understood: every formula, every row set, every target, or every fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from csq.definition.check import schemas_of
from csq.definition.load import LoadedDefinition, nearest
from csq.definition.models import Definition, Indicator, Unit
from csq.errors import DefinitionError, Place, Problem
from csq.formula.faults import BrokenName, FormulaFault
from csq.formula.parse import parse_formula
from csq.formula.resolve import TYPE_NAMES, Scope, resolve_condition, resolve_formula
from csq.formula.syntax import OperatorNode, QuantityNode, Span
from csq.formula.tree import Aggregate, Ratio, Term, Type, aggregates_in, as_ratio
from csq.problems import FORMULA_TYPE, UNKNOWN_FIELD
from csq.quantity import QuantityKind
from csq.records.reading import FieldType
from csq.records.schema import Schema
from csq.wording import Wording


@dataclass(frozen=True, slots=True, eq=False)
class UnderstoodIndicator:
    """An indicator with its formula understood."""

    definition: Indicator
    term: Term

    @property
    def id(self) -> str:
        return self.definition.id

    @property
    def ratio(self) -> Ratio | None:
        return as_ratio(self.term)

    @property
    def aggregates(self) -> tuple[Aggregate, ...]:
        return tuple(aggregates_in(self.term))

    @property
    def counted(self) -> tuple[Aggregate, ...]:
        """The aggregates whose rows are the indicator's n: those of its whole."""
        ratio = self.ratio
        return tuple(aggregates_in(ratio.whole)) if ratio else self.aggregates


@dataclass(frozen=True, slots=True)
class Understood:
    """A definition ready to be planned."""

    definition: Definition
    digest: str
    schemas: Mapping[str, Schema]
    indicators: tuple[UnderstoodIndicator, ...]

    @property
    def scope(self) -> Scope:
        return Scope(self.definition, self.schemas)


def understand(loaded: LoadedDefinition) -> Understood:
    """Every formula of a definition understood; raises `DefinitionError` with every fault."""
    schemas = schemas_of(loaded.definition)
    scope = Scope(loaded.definition, schemas)
    problems = [*_check_rows(loaded, scope), *_check_measures(loaded, scope)]
    indicators = []
    for position, indicator in enumerate(loaded.definition.indicators):
        place = loaded.place("indicators", position, "formula")
        term = _try(indicator, scope, place, problems)
        if term is not None:
            understood = UnderstoodIndicator(indicator, term)
            indicators.append(understood)
            problems += _check_fields(understood, loaded, position)
    if problems:
        raise DefinitionError(*problems)
    return Understood(loaded.definition, loaded.digest, schemas, tuple(indicators))


def _try(indicator: Indicator, scope: Scope, place: Place, problems: list[Problem]) -> Term | None:
    try:
        return _resolve(indicator, scope)
    except BrokenName:
        return None
    except FormulaFault as fault:
        problems.append(fault.at(place, indicator.formula))
        return None


def _check_rows(loaded: LoadedDefinition, scope: Scope) -> Iterator[Problem]:
    for name, rows in loaded.definition.rows.items():
        try:
            scope.population(name, Span(0, 0))
        except BrokenName:
            problem = _find_row_fault(name, loaded, scope)
            if problem:
                yield problem
        except FormulaFault as fault:
            yield fault.at(loaded.place("rows", name), rows.where or name)


def _find_row_fault(name: str, loaded: LoadedDefinition, scope: Scope) -> Problem | None:
    """The fault of a row set itself, if it is not one of the row set it builds on."""
    rows = loaded.definition.rows[name]
    base_place = loaded.place("rows", name, "from")
    try:
        base = scope.population(rows.from_, Span(0, len(rows.from_)))
    except BrokenName:
        return None
    except FormulaFault as fault:
        return fault.at(base_place, rows.from_)
    try:
        resolve_condition(rows.where or "", base.schema, scope)
    except FormulaFault as fault:
        return fault.at(loaded.place("rows", name, "where"), rows.where or "")
    return None


def _check_measures(loaded: LoadedDefinition, scope: Scope) -> Iterator[Problem]:
    for name, formula in loaded.definition.measures.items():
        try:
            resolve_formula(formula, scope)
        except BrokenName:
            continue
        except FormulaFault as fault:
            yield fault.at(loaded.place("measures", name), formula)


_UNIT_TYPES = {
    Unit.PERCENT: {Type.NUMBER, Type.PERCENT},
    Unit.DURATION: {Type.DURATION},
    Unit.COUNT: {Type.NUMBER},
    Unit.SCORE: {Type.NUMBER},
    Unit.POINTS: {Type.NUMBER, Type.PERCENT},
    Unit.RATIO: {Type.NUMBER, Type.PERCENT},
}


def _resolve(indicator: Indicator, scope: Scope) -> Term:
    term = resolve_formula(indicator.formula, scope)
    node = parse_formula(indicator.formula)
    if indicator.unit is Unit.PERCENT and isinstance(node, OperatorNode) and node.operator == "*":
        for operand in node.operands:
            if isinstance(operand, QuantityNode) and operand.quantity.kind is QuantityKind.NUMBER:
                reason = Wording("百分数指标不用再乘 100", "a percent is not multiplied by 100")
                advice = Wording("写成 × 100%，或删去", "write × 100%, or leave it out")
                raise FormulaFault(FORMULA_TYPE, operand.span, reason=reason, advice=advice)
    if term.type not in _UNIT_TYPES[indicator.unit]:
        found = TYPE_NAMES[term.type]
        reason = Wording(
            f"单位是 {indicator.unit.value}，公式得到的是{found.zh}",
            f"the unit is {indicator.unit.value}, the formula gives {found.en}",
        )
        advice = Wording("改 unit，或改公式", "change the unit or the formula")
        raise FormulaFault(FORMULA_TYPE, node.span, reason=reason, advice=advice)
    return term


def _check_fields(
    indicator: UnderstoodIndicator, loaded: LoadedDefinition, position: int
) -> Iterator[Problem]:
    """Fields that the indicator names outside of its formula."""
    schemas = {aggregate.population.schema for aggregate in indicator.aggregates}
    time = indicator.definition.time
    for schema in schemas:
        known = schema.field(time) if time else None
        if time and (known is None or known.type is not FieldType.TIMESTAMP):
            times = [field.name for field in schema.fields if field.type is FieldType.TIMESTAMP]
            yield UNKNOWN_FIELD.at(
                loaded.place("indicators", position, "time"),
                value=time,
                source=schema.title,
                nearest=nearest(time, times),
            )
    for number, target in enumerate(indicator.definition.targets):
        for name in target.where:
            lacking = [schema for schema in schemas if not schema.field(name)]
            for schema in lacking:
                names = [field.name for field in schema.fields]
                yield UNKNOWN_FIELD.at(
                    loaded.place("indicators", position, "targets", number, "where", name),
                    value=name,
                    source=schema.title,
                    nearest=nearest(name, names),
                )
