"""Which types and names a formula may put together, and what is said where it may not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from csq.definition.load import close_names, nearest
from csq.formula.faults import FormulaFault
from csq.formula.functions import EXCEL_NAMES, EXCEL_VALUES, Signature
from csq.formula.syntax import CallNode, Node, OperatorNode, QuantityNode, Span, TextNode
from csq.formula.tree import Constant, RowTerm, Type, values_in
from csq.problems.formulas import FORMULA_NAME, FORMULA_TYPE
from csq.quantity import Quantity, QuantityKind
from csq.wording import Wording, join

QUANTITY_TYPES = {
    QuantityKind.NUMBER: Type.NUMBER,
    QuantityKind.PERCENT: Type.PERCENT,
    QuantityKind.DURATION: Type.DURATION,
}
"""What a value that is written down is, by how it is written."""

TYPE_NAMES = {
    Type.NUMBER: Wording("数字", "a number"),
    Type.PERCENT: Wording("百分数", "a percent"),
    Type.DURATION: Wording("时长", "a duration"),
    Type.MOMENT: Wording("时间", "a time"),
    Type.TEXT: Wording("文字", "a text"),
    Type.TEXTS: Wording("多个值", "several values"),
    Type.FLAG: Wording("是/否", "yes or no"),
}
"""What a type is called in a message."""
_NUMBERS = {Type.NUMBER, Type.PERCENT, Type.DURATION}


def type_of_calculation(operator: str, types: list[Type], span: Span) -> Type:
    """The type of a calculation; raises `FormulaFault` where there is none."""
    if operator == "minus":
        if types[0] in _NUMBERS:
            return types[0]
    else:
        left, right = types
        numeric = left.is_numeric and right.is_numeric
        both_durations = left is right is Type.DURATION
        match operator:
            case "+" | "-":
                if numeric:
                    return left if left is right else Type.NUMBER
                if both_durations:
                    return Type.DURATION
                if left is Type.MOMENT and right is Type.DURATION:
                    return Type.MOMENT
                if operator == "-" and left is right is Type.MOMENT:
                    return Type.DURATION
            case "*":
                if numeric:
                    return Type.NUMBER
                if {left, right} in ({Type.DURATION, Type.NUMBER}, {Type.DURATION, Type.PERCENT}):
                    return Type.DURATION
            case "/":
                if numeric or both_durations:
                    return Type.NUMBER
                if left is Type.DURATION and right.is_numeric:
                    return Type.DURATION
    names = [TYPE_NAMES[each] for each in types]
    shown = Wording(
        f" {operator} ".join(n.zh for n in names), f" {operator} ".join(n.en for n in names)
    )
    reason = Wording(f"不能计算 {shown.zh}", f"{shown.en} cannot be calculated")
    advice = Wording("时长写成 30s、2min、24h", "write durations as 30s, 2min, 24h")
    raise FormulaFault(FORMULA_TYPE, span, reason=reason, advice=advice)


_CONVERSIONS = {"*": {24, 1_440, 86_400}, "/": {60, 3_600, 1_440, 86_400}}


def refuse_conversion(node: OperatorNode, types: Sequence[Type]) -> None:
    """Refuse to multiply or divide a duration as Excel needs it, where a day is 1 or a second is.

    A duration knows its unit, and would become that many times too long or short; raises
    `FormulaFault`.
    """
    wanted = _CONVERSIONS.get(node.operator, set())
    for part, other in zip(node.operands, reversed(types), strict=True):
        if other is Type.DURATION and _number_of(part) in wanted:
            raise FormulaFault(FORMULA_TYPE, part.span, reason=_NO_CONVERSION, advice=_BY_UNIT)


def _number_of(node: Node) -> Fraction | None:
    """The number that is written, if need be as a product: 24 × 60."""
    match node:
        case QuantityNode(Quantity(kind=QuantityKind.NUMBER, value=value)):
            return value
        case OperatorNode("*", (first, second)):
            one, other = _number_of(first), _number_of(second)
            return None if one is None or other is None else one * other
    return None


_NO_CONVERSION = Wording("时长自带单位，不用换算", "a duration knows its unit and is not converted")
_BY_UNIT = Wording(
    "删去它，显示时自动选单位；要小时数就除以 1h",
    "leave it out; for a number of hours divide by 1h",
)


def refuse_percent_of_scale(node: OperatorNode, operands: Sequence[RowTerm]) -> None:
    """Refuse to compare points with a percent: 90% is 0.9, and no 90 points.

    Raises `FormulaFault`.
    """
    scaled = (f for each in operands for f in values_in(each) if f.column.scale)
    field = next(scaled, None)
    if field is None or field.column.scale is None:
        return
    for operand, part in zip(operands, node.operands, strict=True):
        if isinstance(operand, Constant) and operand.type is Type.PERCENT:
            lowest, highest = field.column.scale
            reason = _POINTS.fill(field=field.title, lowest=lowest, highest=highest)
            raise FormulaFault(FORMULA_TYPE, part.span, reason=reason, advice=_AS_POINTS)


_POINTS = Wording(
    "「{field}」是 {lowest} 到 {highest} 分，不能与百分数比较",
    "“{field}” is {lowest} to {highest} points and is not compared with a percent",
)
_AS_POINTS = Wording("写分数，不写 %", "write points, without %")


def refuse_two_texts(node: OperatorNode) -> None:
    """Refuse to compare a text with a text: the name of a field in quotes is no field.

    The condition would hold for every row or for none; raises `FormulaFault`.
    """
    if all(isinstance(part, TextNode) for part in node.operands):
        raise FormulaFault(
            FORMULA_TYPE, node.operands[0].span, reason=_TWO_TEXTS, advice=_WITHOUT_QUOTES
        )


_TWO_TEXTS = Wording("这里比较的都是文字，没有字段", "a text is compared with a text, and no field")
_WITHOUT_QUOTES = Wording(
    '字段名不加引号，例如 channel = "电话"', 'write a field without quotes, as in channel = "Phone"'
)


def expect(term: RowTerm, wanted: frozenset[Type] | set[Type], span: Span) -> RowTerm:
    """The term, if it is of a wanted type; raises `FormulaFault`."""
    if term.type in wanted:
        return term
    names = [TYPE_NAMES[each] for each in sorted(wanted)]
    reason = Wording(
        f"这里需要{'或'.join(n.zh for n in names)}，不是{TYPE_NAMES[term.type].zh}",
        f"{' or '.join(n.en for n in names)} is needed here, not {TYPE_NAMES[term.type].en}",
    )
    advice = Wording("检查字段和括号", "check the field and the brackets")
    if Type.FLAG in wanted:
        advice = Wording("写成比较，例如 csat >= 4", "write a comparison such as csat >= 4")
    raise FormulaFault(FORMULA_TYPE, span, reason=reason, advice=advice)


def expect_same(left: Type, right: Type, span: Span) -> None:
    """Refuse to compare values of different types; raises `FormulaFault`."""
    if left is right or (left.is_numeric and right.is_numeric):
        return
    reason = Wording(
        f"{TYPE_NAMES[left].zh}不能与{TYPE_NAMES[right].zh}比较",
        f"{TYPE_NAMES[left].en} cannot be compared with {TYPE_NAMES[right].en}",
    )
    raise FormulaFault(FORMULA_TYPE, span, reason=reason, advice=ADVICE.get(left, _PLAIN_ADVICE))


_PLAIN_ADVICE = Wording("改成同一类型的值", "compare it with a value of its own type")
ADVICE = {
    Type.DURATION: Wording(
        "时长要写单位，例如 30s、2min、24h", "write the unit, for example 30s, 2min, 24h"
    ),
    Type.NUMBER: Wording("数字不写单位，例如 4", "write a plain number, for example 4"),
    Type.TEXTS: Wording('用 CONTAINS(字段, "电话")', 'use CONTAINS(field, "Phone")'),
    Type.TEXT: Wording('文字要加引号，例如 "电话"', 'put texts in quotes, for example "Phone"'),
    Type.MOMENT: Wording("时间写成 2025-08-01", "write a time as 2025-08-01"),
    Type.FLAG: Wording(
        "是/否字段直接写字段名，或 NOT 字段名", "write the field itself, or NOT and the field"
    ),
}
"""How to write a value of each type, told where it is compared with another."""


def check_count(call: CallNode, signature: Signature) -> None:
    """Refuse a call with too few or too many arguments; raises `FormulaFault`."""
    given = len(call.arguments)
    if signature.fewest <= given <= signature.most:
        return
    reason = Wording(
        f"{call.name} 不能有 {given} 个参数", f"{call.name} does not take {given} arguments"
    )
    advice = Wording(f"写成 {signature.example}", f"write {signature.example}")
    raise FormulaFault(FORMULA_TYPE, call.span, reason=reason, advice=advice)


def unknown_name(
    name: str, known: Iterable[str], span: Span, otherwise: Wording | None = None
) -> FormulaFault:
    """The fault of a name that is not known, with the known ones that are nearest to it.

    `otherwise` is what else may be meant.
    """
    advice = EXCEL_VALUES.get(name.upper())
    if advice is None:
        names = list(dict.fromkeys(known))
        wording = _NEAREST if close_names(name, names) else _KNOWN
        advice = wording.fill(names=nearest(name, names))
        advice = join([advice, otherwise], "；", "; ") if otherwise else advice
    return FormulaFault(FORMULA_NAME, span, value=name, advice=advice)


def refuse_unquoted(name: str, known: Iterable[str], span: Span) -> None:
    """Refuse a name in a value's place that is like no known one: a text without its quotes.

    Raises `FormulaFault`.
    """
    names = list(dict.fromkeys(known))
    if name.upper() not in EXCEL_VALUES and not close_names(name, names):
        listed = _KNOWN.fill(names=nearest(name, names))
        advice = join([IN_QUOTES, listed], "；", "; ")
        raise FormulaFault(FORMULA_NAME, span, value=name, advice=advice)


def unknown_function(call: CallNode, known: Iterable[str]) -> FormulaFault:
    """The fault of a function that is not known; one of Excel is told by what stands for it."""
    advice = EXCEL_NAMES.get(call.name)
    if advice is None:
        return unknown_name(call.name, known, call.span)
    return FormulaFault(FORMULA_NAME, call.span, value=call.name, advice=advice)


_NEAREST = Wording("最接近的是：{names}", "the nearest are: {names}")
_KNOWN = Wording("已知的有：{names}", "known names are: {names}")
IN_QUOTES = Wording("若是文字，要加双引号", "a text goes in quotes")
TO_BE_DEFINED = Wording("或在 measures: 下给它写公式", "or give it a formula under measures:")
