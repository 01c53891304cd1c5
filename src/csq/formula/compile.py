"""Understood formulas as query trees.

A duration is whole microseconds; a division inside a row is rounded to six decimals, so that
sums stay exact and the same on every number of threads.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from sqlglot import exp

from csq.engines.base import rows_of_commonest
from csq.formula.tree import (
    DERIVED,
    Aggregate,
    Constant,
    FieldTerm,
    RowOperation,
    RowTerm,
    Summary,
    Type,
)
from csq.intake.typing.trees import cast
from csq.records.notation import BETWEEN_VALUES

MICROSECONDS = 1_000_000

_OPERATORS: dict[str, type[exp.Binary]] = {
    "+": exp.Add,
    "-": exp.Sub,
    "*": exp.Mul,
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}
_SUMMARIES: dict[Summary, type[exp.AggFunc]] = {
    Summary.SUM: exp.Sum,
    Summary.MIN: exp.Min,
    Summary.MAX: exp.Max,
}


def compile_aggregate(aggregate: Aggregate) -> exp.Expr:
    """One value of a group of rows; a row that does not count is a blank to the function.

    Not a `FILTER`: conditions that aggregates share are worked out once only inside arguments.
    """
    conditions = [compile_row(condition) for condition in aggregate.conditions]
    condition = exp.and_(*conditions, copy=False) if conditions else None
    if aggregate.operand is None:
        assert aggregate.summary is Summary.COUNT
        return exp.CountIf(this=condition) if condition else exp.Count(this=exp.Star())
    operand = compile_row(aggregate.operand)
    if condition:
        operand = exp.Case(ifs=[exp.If(this=condition, true=operand)])
    match aggregate.summary:
        case Summary.COUNT:
            return exp.Count(this=operand)
        case Summary.DISTINCT:
            return exp.Count(this=exp.Distinct(expressions=[operand]))
        case Summary.PERCENTILE:
            assert aggregate.quantile is not None
            share = exp.Literal.number(str(float(aggregate.quantile)))
            # Of decimals DuckDB's would be a decimal too, and cut where it should be rounded.
            return exp.PercentileCont(this=cast(operand, "DOUBLE"), expression=share)
        case Summary.TOP:
            return rows_of_commonest(operand)
        case summary:
            return _SUMMARIES[summary](this=operand)


def compile_row(term: RowTerm) -> exp.Expr:
    """One value of a row; a condition that meets a blank is NULL."""
    match term:
        case Constant():
            return _constant(term)
        case FieldTerm(field):
            return exp.column(field.name, quoted=True)
        case RowOperation(name) if name in DERIVED:
            return exp.column(derived_name(term), quoted=True)
        case RowOperation("and", (), _):
            return exp.true()
        case RowOperation(name, operands, _) if name in {"and", "or"}:
            join = exp.and_ if name == "and" else exp.or_
            return exp.paren(join(*map(compile_row, operands), copy=False), copy=False)
        case RowOperation():
            return _operation(term)


def select_rows(source: exp.Expr) -> exp.Select:
    """Rows with all their columns and no other's, ready to be joined with what is derived."""
    rows = exp.to_identifier("_rows")
    return exp.select(exp.Column(this=exp.Star(), table=rows)).from_(
        exp.alias_(source, "_rows", table=True)
        if isinstance(source, exp.Table)
        else source.this.subquery("_rows")
    )


def derived_name(term: RowOperation) -> str:
    """What the column is called in which rows come with the value of an operation of `DERIVED`."""
    if not term.operands:
        return f"_{term.name}"
    spelt = "|".join(compile_row(operand).sql() for operand in term.operands)
    return f"_{term.name}_{hashlib.sha256(spelt.encode()).hexdigest()[:12]}"


def _operation(term: RowOperation) -> exp.Expr:
    parts = [compile_row(operand) for operand in term.operands]
    match term.name:
        case "not":
            return exp.paren(exp.not_(exp.paren(parts[0], copy=False), copy=False), copy=False)
        case "minus":
            return exp.paren(exp.Neg(this=exp.paren(parts[0], copy=False)), copy=False)
        case "between":
            return exp.paren(exp.Between(this=parts[0], low=parts[1], high=parts[2]), copy=False)
        case "in":
            return exp.paren(exp.In(this=parts[0], expressions=parts[1:]), copy=False)
        case "isblank":
            return exp.paren(exp.Is(this=parts[0], expression=exp.null()), copy=False)
        case "if":
            return exp.Case(ifs=[exp.If(this=parts[0], true=parts[1])], default=parts[2])
        case "coalesce":
            return exp.Coalesce(this=parts[0], expressions=parts[1:])
        case "hour":
            return exp.Extract(this=exp.var("HOUR"), expression=parts[0])
        case "weekday":
            return exp.DayOfWeekIso(this=parts[0])
        case "contains":
            return exp.Contains(this=parts[0], expression=parts[1])
        case "includes":
            mark = exp.Literal.string(BETWEEN_VALUES)
            values = exp.Split(this=parts[0], expression=mark)
            return exp.ArrayContains(this=values, expression=parts[1])
        case "/":
            return _division(term, parts)
    return _arithmetic(term, parts)


def _arithmetic(term: RowOperation, parts: list[exp.Expr]) -> exp.Expr:
    types = [operand.type for operand in term.operands]
    if term.name == "-" and types == [Type.MOMENT, Type.MOMENT]:
        parts = [exp.UnixMicros(this=part) for part in parts]
    elif types == [Type.MOMENT, Type.DURATION] and term.type is Type.MOMENT:
        step = exp.Interval(this=exp.paren(parts[1]), unit=exp.var("MICROSECOND"))
        parts = [parts[0], step]
    operator = _OPERATORS[term.name]
    combined = exp.paren(operator(this=parts[0], expression=parts[1]), copy=False)
    if term.type is Type.DURATION and term.name == "*":
        return cast(exp.Round(this=combined), "BIGINT")
    return combined


def _division(term: RowOperation, parts: list[exp.Expr]) -> exp.Expr:
    divided = exp.Div(this=parts[0], expression=parts[1], typed=False, safe=True)
    if term.type is Type.DURATION:
        return cast(exp.Round(this=divided), "BIGINT")
    return cast(divided, "DECIMAL(18, 6)")


def _constant(constant: Constant) -> exp.Expr:
    value = constant.value
    if isinstance(value, str):
        return exp.Literal.string(value)
    if isinstance(value, datetime):
        return cast(exp.Literal.string(constant.text), "TIMESTAMP")
    if constant.type is Type.DURATION:
        return exp.Literal.number(round(value * MICROSECONDS))
    return _number(value)


def _number(value: Fraction) -> exp.Expr:
    if value.denominator == 1:
        return exp.Literal.number(int(value))
    millionths = Decimal(int(value * 1_000_000)).scaleb(-6)
    return cast(exp.Literal.string(f"{millionths:f}".rstrip("0")), "DECIMAL(18, 6)")
