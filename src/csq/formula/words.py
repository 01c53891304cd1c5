"""A formula in plain words, for whoever doubts a number.

The words of the functions are those of `csq.formula.functions`; a field is called by its title, a
row set and a text by the name a person gave it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from csq.formula.tree import (
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
)
from csq.wording import Wording as W
from csq.wording import join, verbatim

_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_RANKS = {"or": 1, "and": 2, "not": 3, "+": 5, "-": 5, "*": 6, "/": 6, "minus": 7}
"""How tightly an operator holds its parts; what is not listed holds them in words or brackets."""
_COMPARED, _LEAF = 4, 9

_COMPARISONS = {
    "=": W("{left}为{right}", "{left} is {right}"),
    "<>": W("{left}不为{right}", "{left} is not {right}"),
    "<": W("{left}小于 {right}", "{left} is less than {right}"),
    "<=": W("{left}不超过 {right}", "{left} is at most {right}"),
    ">": W("{left}大于 {right}", "{left} is more than {right}"),
    ">=": W("{left}不小于 {right}", "{left} is at least {right}"),
}
_COMPARISONS_IN_TIME = {
    "=": W("{left}正是 {right}", "{left} is {right}"),
    "<>": W("{left}不是 {right}", "{left} is not {right}"),
    "<": W("{left}早于 {right}", "{left} is before {right}"),
    "<=": W("{left}不晚于 {right}", "{left} is not after {right}"),
    ">": W("{left}晚于 {right}", "{left} is after {right}"),
    ">=": W("{left}不早于 {right}", "{left} is not before {right}"),
}
_FUNCTIONS = {
    "isblank": W("{0}为空", "{0} is blank"),
    "if": W("若{0}则取{1}，否则取{2}", "{1} if {0}, else {2}"),
    "hour": W("{0}的钟点", "the hour of {0}"),
    "weekday": W("{0}的星期", "the weekday of {0}"),
    "contains": W("{0}中含有{1}", "{0} holds {1}"),
    "between": W("{0}在 {1} 到 {2} 之间", "{0} is from {1} to {2}"),
}
_SUMMARIES = {
    Summary.COUNT: W("{rows}的行数", "rows of {rows}"),
    Summary.DISTINCT: W("{rows}的{what}不同取值的个数", "different values of {what} in {rows}"),
    Summary.SUM: W("{rows}的{what}合计", "total of {what} in {rows}"),
    Summary.MIN: W("{rows}的{what}最小值", "smallest {what} in {rows}"),
    Summary.MAX: W("{rows}的{what}最大值", "largest {what} in {rows}"),
    Summary.PERCENTILE: W("{rows}的{what}{share}分位数", "{share} percentile of {what} in {rows}"),
}
_MEAN = W("{rows}的{what}平均值", "mean of {what} in {rows}")
_MEDIAN = W("{rows}的{what}中位数", "median of {what} in {rows}")
_COUNT_IF = W("{rows}中{what}的行数", "rows of {rows} in which {what}")


def say_term(term: Term) -> W:
    """What a formula works out: `rows of Tickets in which Spam holds ÷ rows of Tickets`."""
    match term:
        case Constant():
            return _say_constant(term)
        case Aggregate():
            return _say_aggregate(term)
        case Operation("/", (Aggregate(summary=Summary.SUM) as total, count), _) if (
            count == total.counting()
        ):
            return _summed(_MEAN, total)
        case Operation("minus", (operand,), _):
            return W("−{0}", "−{0}").fill(**{"0": _bracketed_term(operand, _RANKS["minus"])})
        case Operation(name, (left, right), _):
            rank = _RANKS[name]
            behind = rank + 1 if name in {"-", "/"} else rank
            return _calculated(name, _bracketed_term(left, rank), _bracketed_term(right, behind))
    raise AssertionError(term)


def say_row(term: RowTerm) -> W:
    """What is worked out for each row; a condition is said as a condition."""
    if isinstance(term, FieldTerm) and term.type is Type.FLAG:
        return W("{it}为是", "{it} holds").fill(it=_say_field(term))
    return _say_value(term)


def _bracketed_term(term: Term, rank: int) -> W:
    own = _RANKS[term.name] if isinstance(term, Operation) else _LEAF
    said = say_term(term)
    is_mean = isinstance(term, Operation) and said.zh.endswith(_MEAN.zh.rpartition("}")[2])
    return said if own >= rank or is_mean else _in_brackets(said)


def _calculated(name: str, left: W, right: W) -> W:
    sign = _SIGNS[name]
    return W(f"{{left}} {sign} {{right}}", f"{{left}} {sign} {{right}}").fill(
        left=left, right=right
    )


def _in_brackets(said: W) -> W:
    return W("（{it}）", "({it})").fill(it=said)


# Aggregates -----------------------------------------------------------------------------------


def _say_aggregate(aggregate: Aggregate) -> W:
    if aggregate.summary is Summary.COUNT:
        return _say_count(aggregate)
    if aggregate.quantile is not None and aggregate.quantile * 2 == 1:
        return _summed(_MEDIAN, aggregate)
    return _summed(_SUMMARIES[aggregate.summary], aggregate)


def _say_count(aggregate: Aggregate) -> W:
    """Rows are counted where the condition holds and the operand, if there is one, is filled."""
    conditions = []
    if aggregate.condition is not None:
        conditions.append(aggregate.condition)
    if aggregate.operand is not None:
        blank = RowOperation("isblank", (aggregate.operand,), Type.FLAG)
        conditions.append(RowOperation("not", (blank,), Type.FLAG))
    rows = _say_population(aggregate.population)
    if not conditions:
        return _SUMMARIES[Summary.COUNT].fill(rows=rows)
    both = RowOperation("and", tuple(conditions), Type.FLAG)
    return _COUNT_IF.fill(rows=rows, what=say_row(both if len(conditions) > 1 else conditions[0]))


def _summed(wording: W, aggregate: Aggregate) -> W:
    assert aggregate.operand is not None
    rows = _say_population(aggregate.population)
    if aggregate.condition is not None:
        narrowed = W("{rows}中{cond}的行", "the rows of {rows} in which {cond}")
        rows = narrowed.fill(rows=rows, cond=say_row(aggregate.condition))
    share = f"{float((aggregate.quantile or 0) * 100):g}%"
    what = _bracketed(aggregate.operand, _LEAF)
    return wording.fill(rows=rows, what=what, share=verbatim(share))


def _say_population(population: Population) -> W:
    """A row set by its name; a source, however it is written, by its title."""
    schema = population.schema
    known = {schema.source, schema.title.zh, schema.title.en.casefold()}
    whole = not population.conditions and population.name.casefold() in known
    return schema.title if whole else verbatim(population.name)


# Rows -----------------------------------------------------------------------------------------


def _say_value(term: RowTerm) -> W:
    match term:
        case Constant():
            return _say_constant(term)
        case FieldTerm():
            return _say_field(term)
        case RowOperation("and" | "or" as name, operands, _):
            parts = [_bracketed(operand, _RANKS[name]) for operand in operands]
            return join(parts, "，且" if name == "and" else "，或", f" {name} ")
        case RowOperation("not", (operand,), _):
            return _say_not(operand)
        case RowOperation("minus", (operand,), _):
            return W("−{it}", "−{it}").fill(it=_bracketed(operand, _RANKS["minus"]))
        case RowOperation("in", (operand, *listed), _):
            words = join(_constants(operand, listed), "、", ", ")
            return W("{left}为{it}之一", "{left} is one of {it}").fill(
                left=_bracketed(operand, _COMPARED + 1), it=words
            )
        case RowOperation("coalesce", (first, *others), _):
            otherwise = join([_bracketed(other, _COMPARED + 1) for other in others], "，再", ", then ")
            return W("{it}（为空则取{other}）", "{it} (where blank {other})").fill(
                it=_bracketed(first, _COMPARED + 1), other=otherwise
            )
        case RowOperation(name, (left, right), _) if name in _SIGNS:
            behind = _RANKS[name] + 1 if name in {"-", "/"} else _RANKS[name]
            return _calculated(name, _bracketed(left, _RANKS[name]), _bracketed(right, behind))
        case RowOperation(name, operands, _) if name in _COMPARISONS:
            return _say_comparison(name, operands)
        case RowOperation(name, operands, _):
            return _say_function(name, operands)


def _say_function(name: str, operands: Sequence[RowTerm]) -> W:
    conditions = 1 if name == "if" else 0
    said = [say_row(operand) for operand in operands[:conditions]]
    said += [_bracketed(operand, _COMPARED + 1) for operand in operands[conditions:]]
    slots = {str(position): part for position, part in enumerate(said)}
    zh, en = _FUNCTIONS[name].zh, _FUNCTIONS[name].en
    for position in slots:
        zh, en = (text.replace(f"{{{position}}}", f"{{p{position}}}") for text in (zh, en))
    return W(zh, en).fill(**{f"p{position}": part for position, part in slots.items()})
