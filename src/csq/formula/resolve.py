"""From a syntax tree to an understood formula: names looked up, rows summed up, types checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeVar

from csq.definition.indicators import Indicator, RowSet
from csq.definition.models import Definition
from csq.formula.checks import (
    QUANTITY_TYPES,
    TO_BE_DEFINED,
    check_count,
    expect,
    expect_same,
    refuse_conversion,
    type_of_calculation,
    unknown_function,
    unknown_name,
)
from csq.formula.clock import by_calendar
from csq.formula.faults import BrokenName, FormulaFault
from csq.formula.functions import AGGREGATES, CHOICES, ROW_FUNCTIONS
from csq.formula.parse import parse_formula
from csq.formula.ripeness import matured
from csq.formula.rows import folded, resolve_row
from csq.formula.syntax import (
    CallNode,
    IndicatorNode,
    NameNode,
    Node,
    OperatorNode,
    QuantityNode,
    Span,
    renamed,
)
from csq.formula.tree import (
    Aggregate,
    Constant,
    Operation,
    Population,
    RowOperation,
    RowTerm,
    Summary,
    Term,
    Type,
    credited,
    retimed,
)
from csq.problems.formulas import FORMULA_TYPE, NAME_CIRCLE
from csq.records.schema import Schema
from csq.wording import Wording

Found = TypeVar("Found")


@dataclass(frozen=True)
class Scope:
    """Every name a definition's formulas may use."""

    definition: Definition
    schemas: Mapping[str, Schema]
    within: Population | None = None
    """The rows of its source that an indicator counts among."""
    _open: list[str] = field(default_factory=list)
    """The names being looked up, to notice a circle."""
    _populations: dict[str, Population] = field(default_factory=dict)
    _measures: dict[str, Term] = field(default_factory=dict)
    """What was looked up before."""

    def population(self, name: str, span: Span) -> Population:
        """The row set of this name: a source by its id or title, or one of `rows:`."""
        if name not in self._populations:
            self._populations[name] = self._find_population(name, span)
        return self._populations[name]

    def _find_population(self, name: str, span: Span) -> Population:
        rows = self.definition.rows.get(name)
        if rows is None:
            for schema in self.schemas.values():
                titles = {schema.source, schema.title.zh, schema.title.en.casefold()}
                if name in titles or name.casefold() in titles:
                    if self.within is not None and self.within.schema is schema:
                        return replace(self.within, name=name, title=None, within=self.within)
                    return Population(name, schema)
            known = [*self.schemas, *(schema.title.zh for schema in self.schemas.values())]
            raise unknown_name(name, [*self.definition.rows, *known], span)
        base = self._guarded(name, span, lambda: self.population(rows.from_, span))
        named = replace(
            base,
            name=name,
            title=rows.name,
            time=rows.time or base.time,
            stock=rows.stock or base.stock,
        )
        if rows.where is None:
            return named
        condition = self._guarded(
            name, span, lambda: resolve_condition(rows.where or "", base, self)
        )
        return named.where(condition, name)

    def among(self, rows: RowSet) -> Scope:
        """The same names, for a formula that counts among these rows."""
        span = Span(0, len(rows.from_))
        found = self.population(rows.from_, span)
        if rows.where is not None:
            found = found.where(resolve_condition(rows.where, found, self))
        found = replace(found, time=rows.time or found.time, stock=rows.stock or found.stock)
        return Scope(self.definition, self.schemas, found, self._open)

    def measure(self, name: str, span: Span) -> Term:
        """What a named measure stands for."""
        if name not in self._measures:
            self._measures[name] = self._find_measure(name, span)
        return self._measures[name]

    def _find_measure(self, name: str, span: Span) -> Term:
        formula = self.definition.measures.get(name)
        if formula is None:
            raise unknown_name(name, [*self.definition.measures, *AGGREGATES], span, TO_BE_DEFINED)
        return self._guarded(name, span, lambda: resolve_formula(formula, self))

    def indicator(self, name: str, span: Span) -> Term:
        """What another indicator works out, its rows dated, credited and ripe as it says."""
        known = {each.id: each for each in self.definition.indicators}
        if name not in known:
            raise unknown_name(f"@{name}", [f"@{each}" for each in known], span)
        found = known[name]
        term = self._guarded(f"@{name}", span, lambda: resolve_indicator(found, self))
        term = retimed(term, found.time) if found.time else term
        term = credited(term, found.attribution) if found.says("attribution") else term
        return matured(term, found)

    def _guarded(self, name: str, span: Span, find: Callable[[], Found]) -> Found:
        """Look inside a name; a fault in there is that name's own and told where it stands."""
        if name in self._open:
            circle = " → ".join([*self._open[self._open.index(name) :], name])
            raise FormulaFault(NAME_CIRCLE, span, value=circle)
        self._open.append(name)
        try:
            return find()
        except FormulaFault as fault:
            raise fault if fault.kind is NAME_CIRCLE else BrokenName(span) from None
        finally:
            self._open.pop()

    def folded(self, schema: Schema, field_name: str, text: str) -> str:
        """The spelling the data holds for a value that a formula names in any known spelling."""
        return folded(self.definition, schema, field_name, text)


def resolve_formula(text: str, scope: Scope) -> Term:
    """What an indicator's or a measure's formula means; raises `FormulaFault`."""
    return _resolve_term(parse_formula(text), scope)


def resolve_indicator(indicator: Indicator, scope: Scope) -> Term:
    """What an indicator's formula means over the rows and by the calendar that it names."""
    among = indicator.population
    if among is not None:
        try:
            scope = scope.among(among)
        except FormulaFault as fault:
            raise BrokenName(fault.span) from None
    term = resolve_formula(indicator.formula, scope)
    calendar = scope.definition.calendars.get(indicator.calendar or "")
    if indicator.calendar is None or calendar is None:
        return term
    return by_calendar(term, indicator.calendar, calendar.off_hours_reply.value)


def resolve_condition(
    text: str,
    population: Population,
    scope: Scope,
    field_named: Callable[[str], str] = lambda name: name,
) -> RowTerm:
    """What a condition on the rows of a population means; raises `FormulaFault`.

    `field_named` says which field is meant by a name that may be none of the source's own.
    """
    node = renamed(parse_formula(text), field_named)
    return expect(resolve_row(node, population, scope.definition), {Type.FLAG}, node.span)


def _resolve_term(node: Node, scope: Scope) -> Term:
    match node:
        case QuantityNode(quantity):
            return Constant(quantity.value, QUANTITY_TYPES[quantity.kind], quantity.text)
        case NameNode(name, span):
            return scope.measure(name, span)
        case CallNode(name, arguments, span) if name in CHOICES:
            check_count(node, CHOICES[name])
            choices = tuple(_resolve_term(argument, scope) for argument in arguments)
            for choice, argument in zip(choices[1:], arguments[1:], strict=True):
                expect_same(choices[0].type, choice.type, argument.span)
            return Operation(name.lower(), choices, choices[0].type)
        case CallNode(name, _, span):
            if name in ROW_FUNCTIONS:
                advice = _NO_GUARD if name == "IF" else _WITHIN_A_SUM
                raise FormulaFault(FORMULA_TYPE, span, reason=_OF_A_ROW, advice=advice)
            if name not in AGGREGATES:
                raise unknown_function(node, [*AGGREGATES, *CHOICES])
            return _resolve_aggregate(node, scope)
        case OperatorNode(operator, operands, span) if operator in {"+", "-", "*", "/", "minus"}:
            resolved = tuple(_resolve_term(operand, scope) for operand in operands)
            types = [operand.type for operand in resolved]
            refuse_conversion(node, types)
            return Operation(operator, resolved, type_of_calculation(operator, types, span))
        case IndicatorNode(name, span):
            return scope.indicator(name, span)
    advice = Wording(
        "条件写在 COUNTIF(口径, 条件) 里", "write a condition inside COUNTIF(rows, condition)"
    )
    reason = Wording("这里需要一个汇总值", "a summed-up value is needed here")
    raise FormulaFault(FORMULA_TYPE, node.span, reason=reason, advice=advice)


_OF_A_ROW = Wording("这个函数逐行计算", "this function works on one row")
_WITHIN_A_SUM = Wording(
    "写在汇总函数里面，例如 COUNTIF(calls, HOUR(enqueued_at) >= 20)",
    "write it inside of a sum, such as COUNTIF(calls, HOUR(enqueued_at) >= 20)",
)
_NO_GUARD = Wording(
    "写在汇总函数里面，例如 SUM(calls, IF(abandoned, 0s, wait_s))；除以 0 不会出错，不用防",
    "write it inside of a sum, such as SUM(calls, IF(abandoned, 0s, wait_s)); dividing by 0 is no"
    " error and needs no guard",
)


def _resolve_aggregate(call: CallNode, scope: Scope) -> Term:
    signature = AGGREGATES[call.name]
    check_count(call, signature)
    first = call.arguments[0]
    if not isinstance(first, NameNode):
        reason = Wording(
            "第一项应是数据源或口径的名字", "the first argument names a source or row set"
        )
        advice = Wording(f"写成 {signature.example}", f"write {signature.example}")
        raise FormulaFault(FORMULA_TYPE, first.span, reason=reason, advice=advice)
    population = scope.population(first.name, first.span)
    arguments: dict[str, RowTerm] = {}
    for role, node in zip(signature.roles[1:], call.arguments[1:], strict=False):
        resolved = resolve_row(node, population, scope.definition)
        arguments[role] = expect(resolved, signature.types[role], node.span)
        if role == "value" and _is_condition(resolved):
            raise FormulaFault(FORMULA_TYPE, node.span, reason=_NOT_COUNTED, advice=_COUNT_IF)
    return _build_aggregate(call, population, arguments)


def _is_condition(term: RowTerm) -> bool:
    """Whether a value is what holds of a row or not, and no yes or no that the export has."""
    is_taken = isinstance(term, RowOperation) and term.name in {"if", "coalesce"}
    return term.type is Type.FLAG and isinstance(term, RowOperation) and not is_taken


_NOT_COUNTED = Wording(
    "这里数有值的行，条件不成立的也有值",
    "what has a value is counted here, and a condition that does not hold has one",
)
_COUNT_IF = Wording(
    "数符合条件的行用 COUNTIF(口径, 条件)",
    "write COUNTIF(rows, condition) for the rows that fulfil it",
)


def _build_aggregate(
    call: CallNode, population: Population, arguments: Mapping[str, RowTerm]
) -> Term:
    operand, condition = arguments.get("value"), arguments.get("condition")
    kind = operand.type if operand else Type.NUMBER

    def make(summary: Summary, result: Type, quantile: Fraction | None = None) -> Aggregate:
        return Aggregate(summary, population, result, operand, condition, quantile)

    match call.name:
        case "COUNT" | "COUNTIF":
            return make(Summary.COUNT, Type.NUMBER)
        case "DISTINCT":
            return make(Summary.DISTINCT, Type.NUMBER)
        case "SUM" | "SUMIF":
            return make(Summary.SUM, kind)
        case "MIN" | "MAX":
            return make(Summary(call.name.lower()), kind)
        case "AVERAGE" | "AVERAGEIF":
            total = make(Summary.SUM, kind)
            return Operation("/", (total, total.counting()), kind)
        case "SHARE":
            whole = Aggregate(Summary.COUNT, population, Type.NUMBER)
            return Operation("/", (make(Summary.COUNT, Type.NUMBER), whole), Type.PERCENT)
        case "TOPSHARE":
            whole = Aggregate(Summary.COUNT, population, Type.NUMBER)
            return Operation(
                "/", (_largest_class(make(Summary.TOP, Type.NUMBER)), whole), Type.PERCENT
            )
        case "MEDIAN":
            return make(Summary.PERCENTILE, kind, Fraction(1, 2))
    return make(Summary.PERCENTILE, kind, _quantile(call, arguments["quantile"]))


_OTHER = "其他"


def _largest_class(top: Aggregate) -> Aggregate:
    """The class of all that fits no class is never the largest."""
    assert top.operand is not None
    other = Constant(_OTHER, Type.TEXT, _OTHER)
    return replace(top, condition=RowOperation("<>", (top.operand, other), Type.FLAG))


def _quantile(call: CallNode, term: RowTerm) -> Fraction:
    share = term.value if isinstance(term, Constant) else None
    if not isinstance(share, Fraction) or not 0 <= share <= 1:
        reason = Wording(
            "分位应是 0% 到 100% 之间的常数", "the percentile is a constant from 0% to 100%"
        )
        advice = Wording("写成例如 90%", "write for example 90%")
        raise FormulaFault(FORMULA_TYPE, call.arguments[2].span, reason=reason, advice=advice)
    return share
