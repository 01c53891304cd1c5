"""Whether what a formula gives is what its indicator says that it is."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import chain

from csq.definition.indicators import Attribution, Indicator
from csq.definition.targets import Unit
from csq.formula.checks import TYPE_NAMES
from csq.formula.faults import FormulaFault
from csq.formula.functions import AGGREGATES
from csq.formula.off_hours import thinned_in_part
from csq.formula.parse import parse_formula
from csq.formula.resolve import Scope, resolve_indicator
from csq.formula.syntax import CallNode, NameNode, Node, OperatorNode, QuantityNode, Span
from csq.formula.tree import Aggregate, Constant, Operation, Summary, Term, Type, aggregates_in
from csq.problems.formulas import CALENDAR_CLASH, CREDIT_CLASH, FORMULA_TYPE
from csq.quantity import QuantityKind
from csq.wording import Wording


def credits_named(term: Term) -> list[Attribution]:
    """The ways in which the indicators that a formula names credit rows, where not to the owner."""
    named = (aggregate.population.credit for aggregate in aggregates_in(term))
    return [each for each in dict.fromkeys(named) if each is not Attribution.OWNER]


_UNIT_TYPES = {
    Unit.PERCENT: {Type.NUMBER, Type.PERCENT},
    Unit.DURATION: {Type.DURATION},
    Unit.COUNT: {Type.NUMBER},
    Unit.SCORE: {Type.NUMBER},
    Unit.POINTS: {Type.NUMBER, Type.PERCENT},
    Unit.RATIO: {Type.NUMBER, Type.PERCENT},
}


def resolve_fitting(indicator: Indicator, scope: Scope, *, has_unit: bool = True) -> Term:
    """What the formula of an indicator means, where it fits what the indicator says of itself.

    Without a unit of its own it may give anything. Raises `FormulaFault`.
    """
    term = resolve_indicator(indicator, scope)
    node = parse_formula(indicator.formula)
    if not any(aggregates_in(term)):
        reason = Wording("公式里没有任何数据", "nothing in the formula counts any data")
        advice = Wording("写成例如 COUNT(tickets)", "write for example COUNT(tickets)")
        raise FormulaFault(FORMULA_TYPE, node.span, reason=reason, advice=advice)
    ways = [] if indicator.says("attribution") else credits_named(term)
    if len(ways) > 1:
        raise FormulaFault(CREDIT_CLASH, node.span, value=", ".join(ways))
    calendar = thinned_in_part(term)
    if calendar is not None:
        raise FormulaFault(
            CALENDAR_CLASH, node.span, value=calendar, reason=_THINNED, advice=_THINNED_ADVICE
        )
    if has_unit:
        _expect_unit(indicator.unit, term, node, scope)
    return term


def _expect_unit(unit: Unit, term: Term, node: Node, scope: Scope) -> None:
    """Refuse a formula that gives something else than its unit says; raises `FormulaFault`."""
    measures = scope.definition.measures
    hundred = _find_hundredfold(node, measures) if unit is Unit.PERCENT else None
    if hundred:
        reason = Wording("百分数指标不用再乘 100", "a percent is not multiplied by 100")
        advice = Wording("写成 × 100%，或删去", "write × 100%, or leave it out")
        raise FormulaFault(FORMULA_TYPE, hundred, reason=reason, advice=advice)
    if term.type not in _UNIT_TYPES[unit]:
        found = TYPE_NAMES[term.type]
        reason = Wording(
            f"单位是 {unit.value}，公式得到的是{found.zh}",
            f"the unit is {unit.value}, the formula gives {found.en}",
        )
        advice = Wording("改 unit，或改公式", "change the unit or the formula")
        raise FormulaFault(FORMULA_TYPE, node.span, reason=reason, advice=advice)
    if unit in {Unit.PERCENT, Unit.RATIO} and _is_count(term):
        reason = Wording(
            f"单位是 {unit.value}，公式得到的却是数量",
            f"the unit is {unit.value}, but the formula gives a count",
        )
        advice = Wording(
            "除以总量，或写 unit: count", "divide it by the whole, or write unit: count"
        )
        raise FormulaFault(FORMULA_TYPE, node.span, reason=reason, advice=advice)


_THINNED = Wording(
    "日历不计非工作时间的行（exclude），公式却只从一部分里去掉它们",
    "the calendar leaves out rows off hours (exclude), and the formula does so in one part alone",
)
_THINNED_ADVICE = Wording(
    "两边数同样的行：写成 AVERAGE，或以 COUNT(口径, 时长) 为分母；"
    "也可以把 off_hours_reply 改成 zero 或 calendar",
    "count the same rows on both sides: write AVERAGE, or COUNT(rows, the time) as the whole; or"
    " off_hours_reply: zero or calendar",
)


def _is_count(term: Term) -> bool:
    """Whether a value is a number of rows: never a share, whatever it is multiplied by."""
    match term:
        case Aggregate():
            return term.summary in {Summary.COUNT, Summary.DISTINCT}
        case Operation("/", (part, whole)):
            return _is_count(part) and isinstance(whole, Constant)
        case Operation(_, operands):
            return any(map(_is_count, operands))
    return False


def _find_hundredfold(node: Node, measures: Mapping[str, str]) -> Span | None:
    """The part of a formula by which a share becomes a number of percents, or nothing.

    A name stands for its measure. Conditions are no part of the value.
    """
    match node:
        case NameNode(name, span) if name in measures:
            inner = parse_formula(measures[name])
            return span if _find_hundredfold(inner, measures) else None
        case CallNode(name, (_, *arguments)) if name in AGGREGATES:
            roles = zip(AGGREGATES[name].roles[1:], arguments, strict=False)
            values = [argument for role, argument in roles if role == "value"]
            return next(filter(None, (_find_hundredfold(value, {}) for value in values)), None)
        case OperatorNode("+" | "-" | "*" | "/" | "minus" as operator, operands):
            scaling = (part.span for part in operands if _scales_up(operator, part))
            inside = (_find_hundredfold(part, measures) for part in operands)
            return next(chain(scaling, filter(None, inside)), None)
    return None


def _scales_up(operator: str, part: Node) -> bool:
    """Whether a part is a plain number that makes its product or quotient a hundredfold."""
    if not isinstance(part, QuantityNode) or part.quantity.kind is not QuantityKind.NUMBER:
        return False
    value = part.quantity.value
    return value >= 100 if operator == "*" else operator == "/" and 0 < value <= Fraction(1, 100)
