"""From a syntax tree to an understood formula: names looked up, types checked, faults collected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeVar

from csq.definition.indicators import Indicator, RowSet
from csq.definition.models import Definition
from csq.formula.checks import (
    ADVICE,
    QUANTITY_TYPES,
    check_count,
    expect,
    expect_same,
    type_of_calculation,
    unknown_name,
)
from csq.formula.clock import by_calendar, worked_between
from csq.formula.faults import BrokenName, FormulaFault
from csq.formula.functions import AGGREGATES, CHOICES, ROW_FUNCTIONS
from csq.formula.parse import parse_formula
from csq.formula.ripeness import matured
from csq.formula.syntax import (
    CallNode,
    IndicatorNode,
    MomentNode,
    NameNode,
    Node,
    OperatorNode,
    QuantityNode,
    Span,
    TextNode,
)
from csq.formula.targets import read_spelling
from csq.formula.tree import (
    RETURNS,
    Aggregate,
    Constant,
    FieldTerm,
    Operation,
    Population,
    RowOperation,
    RowTerm,
    Summary,
    Term,
    Type,
    credited,
    derived_in,
    moment_of_row,
    retimed,
    type_of,
    values_in,
)
from csq.problems.formulas import FORMULA_SYNTAX, FORMULA_TYPE, NAME_CIRCLE
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
            known = [*self.definition.rows, *self.schemas]
            raise unknown_name(name, known, span)
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
            raise unknown_name(name, [*self.definition.measures, *AGGREGATES], span)
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
        known = schema.field(field_name)
        found = known and read_spelling(self.definition, schema, known, text)
        return found if isinstance(found, str) else text


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


def resolve_condition(text: str, population: Population, scope: Scope) -> RowTerm:
    """What a condition on the rows of a population means; raises `FormulaFault`."""
    node = parse_formula(text)
    return expect(_resolve_row(node, population, scope), {Type.FLAG}, node.span)


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
            if name not in AGGREGATES:
                raise unknown_name(name, [*AGGREGATES, *CHOICES], span)
            return _resolve_aggregate(node, scope)
        case OperatorNode(operator, operands, span) if operator in {"+", "-", "*", "/", "minus"}:
            resolved = tuple(_resolve_term(operand, scope) for operand in operands)
            types = [operand.type for operand in resolved]
            return Operation(operator, resolved, type_of_calculation(operator, types, span))
        case IndicatorNode(name, span):
            return scope.indicator(name, span)
    advice = Wording(
        "条件写在 COUNTIF(口径, 条件) 里", "write a condition inside COUNTIF(rows, condition)"
    )
    reason = Wording("这里需要一个汇总值", "a summed-up value is needed here")
    raise FormulaFault(FORMULA_TYPE, node.span, reason=reason, advice=advice)


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
        resolved = _resolve_row(node, population, scope)
        arguments[role] = expect(resolved, signature.types[role], node.span)
    return _build_aggregate(call, population, arguments)


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


def _resolve_row(node: Node, population: Population, scope: Scope) -> RowTerm:
    schema = population.schema
    match node:
        case QuantityNode(quantity, span):
            if (quantity.value * _FINEST).denominator != 1:
                raise FormulaFault(FORMULA_SYNTAX, span, advice=_TOO_FINE)
            return Constant(quantity.value, QUANTITY_TYPES[quantity.kind], quantity.text)
        case TextNode(text):
            return Constant(text, Type.TEXT, text)
        case MomentNode(moment):
            return Constant(moment, Type.MOMENT, moment.isoformat(" "))
        case NameNode(name, span):
            found = schema.find(name)
            if found is None:
                raise unknown_name(name, _field_names(schema), span)
            return FieldTerm(found, type_of(found))
        case IndicatorNode(name, span):
            reason = Wording("一行里没有指标的值", "a row has no value of an indicator")
            advice = Wording(
                f"把 @{name} 写在汇总函数之外", f"write @{name} outside of the summing function"
            )
            raise FormulaFault(FORMULA_TYPE, span, reason=reason, advice=advice)
        case CallNode():
            return _resolve_function(node, population, scope)
        case OperatorNode():
            return _resolve_operator(node, population, scope)


_FINEST = 1_000_000
_TOO_FINE = Wording(
    "逐行计算精确到百万分之一（时长到微秒）：写短一些，或把系数移到汇总函数之外",
    "a row is worked out to a millionth (a time to a microsecond): write it shorter, or put the"
    " factor outside of the summing function",
)


def _field_names(schema: Schema) -> list[str]:
    return [name for known in schema.fields for name in (known.name, known.column.zh)]


def _resolve_function(call: CallNode, population: Population, scope: Scope) -> RowTerm:
    signature = ROW_FUNCTIONS.get(call.name)
    if signature is None:
        raise unknown_name(call.name, ROW_FUNCTIONS, call.span)
    check_count(call, signature)
    operands = []
    for position, node in enumerate(call.arguments):
        role = signature.roles[min(position, len(signature.roles) - 1)]
        resolved = _resolve_row(node, population, scope)
        operands.append(expect(resolved, signature.types[role], node.span))
    match call.name:
        case "IF" | "COALESCE":
            branches = operands[1:] if call.name == "IF" else operands
            for branch, node in zip(
                branches[1:], call.arguments[-len(branches) + 1 :], strict=True
            ):
                expect_same(branches[0].type, branch.type, node.span)
            return RowOperation(call.name.lower(), tuple(operands), branches[0].type)
        case "CONTAINS" if operands[0].type is Type.TEXTS:
            folded = _fold_texts(operands, population.schema, scope)
            return RowOperation("includes", folded, Type.FLAG)
        case "DURATION":
            return _duration(call, operands, scope)
        case "AGAIN_WITHIN" | "BEFORE_WITHIN":
            return _again(call, operands, population)
    assert signature.result is not None
    return RowOperation(call.name.lower(), tuple(operands), signature.result)


def _duration(call: CallNode, operands: list[RowTerm], scope: Scope) -> RowTerm:
    """From the first moment to the second, in all or in working time."""
    begin, end = operands[:2]
    if len(operands) == 2:
        return RowOperation("-", (end, begin), Type.DURATION)
    calendar, span = operands[2], call.arguments[2].span
    if not isinstance(calendar, Constant):
        reason = Wording("日历的名字是写定的文字", "the calendar is a name in quotes")
        advice = Wording('写成例如 "工作时间"', 'write for example "office hours"')
        raise FormulaFault(FORMULA_TYPE, span, reason=reason, advice=advice)
    if calendar.text not in scope.definition.calendars:
        raise unknown_name(calendar.text, scope.definition.calendars, span)
    _expect_plain(operands[:2], call, {"worked", *RETURNS}, _MOMENTS)
    policy = scope.definition.calendars[calendar.text].off_hours_reply.value
    return worked_between(begin, end, calendar.text, policy)


def _again(call: CallNode, operands: list[RowTerm], population: Population) -> RowTerm:
    """Whether the next row of the population with the same keys, or the last, is near enough."""
    *keys, span = operands
    if not isinstance(span, Constant) or span.type is not Type.DURATION:
        reason = Wording("最后一项是写定的时长", "the last argument is a fixed time")
        advice = Wording("写成例如 7d", "write for example 7d")
        raise FormulaFault(FORMULA_TYPE, call.arguments[-1].span, reason=reason, advice=advice)
    _expect_plain(keys, call, {"period_end", *RETURNS}, _KEYS)
    moment = moment_of_row(population.schema)
    if moment is None:
        reason = Wording(
            f"{population.schema.title.zh}没有时间", f"{population.schema.title.en} know no time"
        )
        advice = Wording("换一个有时间的数据源", "use a source whose rows have a time")
        raise FormulaFault(FORMULA_TYPE, call.span, reason=reason, advice=advice)
    over_runs = {each.name for c in population.conditions for each in derived_in(c)}
    if over_runs & {*RETURNS, "period_end"}:
        reason = Wording(
            "这个口径本身已用到 AGAIN_WITHIN、BEFORE_WITHIN 或 PERIOD_END",
            "its row set already uses AGAIN_WITHIN, BEFORE_WITHIN or PERIOD_END",
        )
        advice = Wording("从更基本的口径算起", "start from a simpler row set")
        raise FormulaFault(FORMULA_TYPE, call.span, reason=reason, advice=advice)
    counts: RowTerm = RowOperation("and", population.conditions, Type.FLAG)
    name = "again" if call.name == "AGAIN_WITHIN" else "before"
    return RowOperation(name, (moment, span, counts, *keys), Type.FLAG)


def _expect_plain(
    operands: Iterable[RowTerm],
    call: CallNode,
    refused: Iterable[str],
    refusal: tuple[Wording, Wording],
) -> None:
    """Refuse operands that can only be known after what they are to be operands of."""
    for operand, node in zip(operands, call.arguments, strict=False):
        if {each.name for each in derived_in(operand)} & set(refused):
            reason, advice = refusal
            raise FormulaFault(FORMULA_TYPE, node.span, reason=reason, advice=advice)


_MOMENTS = (
    Wording(
        "按日历计时的起止时刻，不能再由工作时间、AGAIN_WITHIN 或 BEFORE_WITHIN 算出",
        "the moments of a time by a calendar cannot depend on working time, AGAIN_WITHIN or"
        " BEFORE_WITHIN",
    ),
    Wording(
        "把条件放在外面：IF(条件, DURATION(…), DURATION(…))",
        "put the condition outside: IF(condition, DURATION(…), DURATION(…))",
    ),
)
_KEYS = (
    Wording(
        "键不能再由 AGAIN_WITHIN、BEFORE_WITHIN 或 PERIOD_END 算出",
        "a key cannot depend on AGAIN_WITHIN, BEFORE_WITHIN or PERIOD_END",
    ),
    Wording("键直接写字段，例如 customer_id", "write fields as keys, for example customer_id"),
)


def _resolve_operator(node: OperatorNode, population: Population, scope: Scope) -> RowTerm:
    operands = [_resolve_row(operand, population, scope) for operand in node.operands]
    types = [operand.type for operand in operands]
    if node.operator in {"and", "or", "not"}:
        for operand, part in zip(operands, node.operands, strict=True):
            expect(operand, {Type.FLAG}, part.span)
        return RowOperation(node.operator, tuple(operands), Type.FLAG)
    if node.operator in {"+", "-", "*", "/", "minus"}:
        return RowOperation(
            node.operator, tuple(operands), type_of_calculation(node.operator, types, node.span)
        )
    for other, part in zip(types[1:], node.operands[1:], strict=True):
        expect_same(types[0], other, part.span)
    if types[0] is Type.TEXTS:
        reason = Wording("多个值不能整体比较", "several values cannot be compared as one")
        raise FormulaFault(FORMULA_TYPE, node.span, reason=reason, advice=ADVICE[Type.TEXTS])
    if types[0] is Type.TEXT and node.operator not in {"=", "<>", "in"}:
        reason = Wording("文字没有大小之分", "texts are not larger or smaller")
        advice = Wording("用 =、<> 或 IN {…}", "use =, <> or IN {…}")
        raise FormulaFault(FORMULA_TYPE, node.span, reason=reason, advice=advice)
    return RowOperation(node.operator, _fold_texts(operands, population.schema, scope), Type.FLAG)


def _fold_texts(operands: Iterable[RowTerm], schema: Schema, scope: Scope) -> tuple[RowTerm, ...]:
    """Texts compared with a field of a fixed vocabulary, in the spelling the data holds."""
    operands = tuple(operands)
    compared = dict.fromkeys(
        f for o in operands for f in values_in(o) if type_of(f) in {Type.TEXT, Type.TEXTS}
    )

    def fold(term: RowTerm) -> RowTerm:
        match term:
            case Constant(value=str(text)):
                spellings = (scope.folded(schema, field.name, text) for field in compared)
                known = next((each for each in spellings if each != text), text)
                return Constant(known, Type.TEXT, text)
            case RowOperation("if" | "coalesce" as name, parts, kind) if kind is Type.TEXT:
                return RowOperation(name, tuple(map(fold, parts)), kind)
        return term

    return tuple(map(fold, operands))
