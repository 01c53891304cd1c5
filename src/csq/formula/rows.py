"""What a formula works out for each row: fields, functions and operators, with their types."""

from __future__ import annotations

from collections.abc import Iterable

from csq.definition.models import Definition
from csq.formula.checks import (
    ADVICE,
    IN_QUOTES,
    QUANTITY_TYPES,
    check_count,
    expect,
    expect_same,
    refuse_conversion,
    refuse_percent_of_scale,
    refuse_two_texts,
    refuse_unquoted,
    type_of_calculation,
    unknown_function,
    unknown_name,
)
from csq.formula.clock import worked_between
from csq.formula.faults import FormulaFault
from csq.formula.functions import ROW_FUNCTIONS
from csq.formula.syntax import (
    CallNode,
    IndicatorNode,
    MomentNode,
    NameNode,
    Node,
    OperatorNode,
    QuantityNode,
    TextNode,
)
from csq.formula.targets import read_spelling
from csq.formula.tree import (
    RETURNS,
    Constant,
    FieldTerm,
    Population,
    RowOperation,
    RowTerm,
    Type,
    derived_in,
    moment_of_row,
    type_of,
    values_in,
)
from csq.problems.formulas import FORMULA_SYNTAX, FORMULA_TYPE
from csq.records.schema import Schema
from csq.wording import Wording


def resolve_row(node: Node, population: Population, definition: Definition) -> RowTerm:
    """What is worked out for each row of a population; raises `FormulaFault`."""
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
                raise unknown_name(name, _field_names(schema), span, IN_QUOTES)
            return FieldTerm(found, type_of(found))
        case IndicatorNode(name, span):
            reason = Wording("一行里没有指标的值", "a row has no value of an indicator")
            advice = Wording(
                f"把 @{name} 写在汇总函数之外", f"write @{name} outside of the summing function"
            )
            raise FormulaFault(FORMULA_TYPE, span, reason=reason, advice=advice)
        case CallNode():
            return _resolve_function(node, population, definition)
        case OperatorNode():
            return _resolve_operator(node, population, definition)


_FINEST = 1_000_000
_TOO_FINE = Wording(
    "逐行计算精确到百万分之一（时长到微秒）：写短一些，或把系数移到汇总函数之外",
    "a row is worked out to a millionth (a time to a microsecond): write it shorter, or put the"
    " factor outside of the summing function",
)


def _field_names(schema: Schema) -> list[str]:
    return [name for known in schema.fields for name in (known.name, known.column.zh)]


def _resolve_function(call: CallNode, population: Population, definition: Definition) -> RowTerm:
    signature = ROW_FUNCTIONS.get(call.name)
    if signature is None:
        raise unknown_function(call, ROW_FUNCTIONS)
    check_count(call, signature)
    operands = []
    for position, node in enumerate(call.arguments):
        role = signature.roles[min(position, len(signature.roles) - 1)]
        resolved = resolve_row(node, population, definition)
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
            folded = _fold_texts(operands, population.schema, definition)
            return RowOperation("includes", folded, Type.FLAG)
        case "DURATION":
            return _duration(call, operands, definition)
        case "AGAIN_WITHIN" | "BEFORE_WITHIN":
            return _again(call, operands, population)
    assert signature.result is not None
    return RowOperation(call.name.lower(), tuple(operands), signature.result)


def _duration(call: CallNode, operands: list[RowTerm], definition: Definition) -> RowTerm:
    """From the first moment to the second, in all or in working time."""
    begin, end = operands[:2]
    if len(operands) == 2:
        return RowOperation("-", (end, begin), Type.DURATION)
    calendar, span = operands[2], call.arguments[2].span
    if not isinstance(calendar, Constant):
        reason = Wording("日历的名字是写定的文字", "the calendar is a name in quotes")
        advice = Wording('写成例如 "工作时间"', 'write for example "office hours"')
        raise FormulaFault(FORMULA_TYPE, span, reason=reason, advice=advice)
    if calendar.text not in definition.calendars:
        raise unknown_name(calendar.text, definition.calendars, span)
    _expect_plain(operands[:2], call, {"worked", *RETURNS}, _MOMENTS)
    policy = definition.calendars[calendar.text].off_hours_reply.value
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


def _resolve_operator(
    node: OperatorNode, population: Population, definition: Definition
) -> RowTerm:
    first = resolve_row(node.operands[0], population, definition)
    if node.operator in {"=", "<>", "in"}:
        for part in node.operands[1:]:
            if isinstance(part, NameNode) and not population.schema.find(part.name):
                refuse_unquoted(part.name, _field_names(population.schema), part.span)
    rest = (resolve_row(operand, population, definition) for operand in node.operands[1:])
    operands = [first, *rest]
    types = [operand.type for operand in operands]
    if any(isinstance(part, TextNode) and not part.text.strip() for part in node.operands):
        _refuse_empty_text(operands, node)
    if node.operator in {"and", "or", "not"}:
        for operand, part in zip(operands, node.operands, strict=True):
            expect(operand, {Type.FLAG}, part.span)
        return RowOperation(node.operator, tuple(operands), Type.FLAG)
    if node.operator in {"+", "-", "*", "/", "minus"}:
        refuse_conversion(node, types)
        return RowOperation(
            node.operator, tuple(operands), type_of_calculation(node.operator, types, node.span)
        )
    for other, part in zip(types[1:], node.operands[1:], strict=True):
        expect_same(types[0], other, part.span)
    refuse_percent_of_scale(node, operands)
    refuse_two_texts(node)
    if types[0] is Type.TEXTS:
        reason = Wording("多个值不能整体比较", "several values cannot be compared as one")
        raise FormulaFault(FORMULA_TYPE, node.span, reason=reason, advice=ADVICE[Type.TEXTS])
    if types[0] in _NOT_ORDERED and node.operator not in {"=", "<>", "in"}:
        advice = Wording("用 =、<> 或 IN {…}", "use =, <> or IN {…}")
        raise FormulaFault(FORMULA_TYPE, node.span, reason=_NOT_ORDERED[types[0]], advice=advice)
    return RowOperation(
        node.operator, _fold_texts(operands, population.schema, definition), Type.FLAG
    )


_NOT_ORDERED = {
    Type.TEXT: Wording("文字没有大小之分", "texts are not larger or smaller"),
    Type.FLAG: Wording("是/否没有大小之分", "yes is not larger than no"),
}


def _refuse_empty_text(operands: Iterable[RowTerm], node: OperatorNode) -> None:
    """Refuse to compare a field with a text of nothing, which no cell holds: it is a blank."""
    field = next((each.field for each in operands if isinstance(each, FieldTerm)), None)
    if field is not None:
        name = field.column.zh
        advice = Wording(
            f"为空写 ISBLANK({name})，不为空写 NOT ISBLANK({name})",
            f"write ISBLANK({field.name}) for blank, NOT ISBLANK({field.name}) for filled",
        )
        raise FormulaFault(FORMULA_TYPE, node.span, reason=_NO_TEXT, advice=advice)


_NO_TEXT = Wording('空白不等于 ""', 'a blank is not equal to ""')


def folded(definition: Definition, schema: Schema, field_name: str, text: str) -> str:
    """The spelling the data holds for a value that a formula names in any known spelling."""
    known = schema.field(field_name)
    found = known and read_spelling(definition, schema, known, text)
    return found if isinstance(found, str) else text


def _fold_texts(
    operands: Iterable[RowTerm], schema: Schema, definition: Definition
) -> tuple[RowTerm, ...]:
    """Texts compared with a field of a fixed vocabulary, in the spelling the data holds."""
    operands = tuple(operands)
    compared = dict.fromkeys(
        f for o in operands for f in values_in(o) if type_of(f) in {Type.TEXT, Type.TEXTS}
    )

    def fold(term: RowTerm) -> RowTerm:
        match term:
            case Constant(value=str(text)):
                spellings = (folded(definition, schema, field.name, text) for field in compared)
                known = next((each for each in spellings if each != text), text)
                return Constant(known, Type.TEXT, text)
            case RowOperation("if" | "coalesce" as name, parts, kind) if kind is Type.TEXT:
                return RowOperation(name, tuple(map(fold, parts)), kind)
        return term

    return tuple(map(fold, operands))
