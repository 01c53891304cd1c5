"""csq's trees as Spark's, in which they mean to Spark what they mean to DuckDB.

They are exchanged before sqlglot spells them, and no class of sqlglot's is inherited from: where
`sqlglot[c]` is installed its classes are compiled and cannot be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlglot import exp, parse_one

from csq.engines.base import counted_of_commonest


def tree_in_spark(tree: exp.Expr) -> exp.Expr:
    """A statement of Spark's own that means what DuckDB makes of `tree`, which is left as it is."""
    meant = tree.copy()
    # What a part is made of comes after it, and is exchanged before it.
    for part in reversed(list(meant.walk())):
        if exchange := _MEANT.get(type(part)):
            part.replace(exchange(part))
    return meant


def _divide(tree: exp.Expr) -> exp.Expr:
    """As DuckDB divides: always as doubles, and by zero to NULL."""
    part, whole = (exp.cast(exp.paren(each), "DOUBLE") for each in (tree.this, tree.expression))
    zero = exp.Literal.number(0)
    return exp.Div(this=part, expression=exp.Nullif(this=whole, expression=zero))


def _count_if(tree: exp.Expr) -> exp.Expr:
    """As DuckDB counts: of nothing but blanks NULL, not 0."""
    return exp.Sum(this=exp.cast(tree.this, "BIGINT"))


def _extreme(tree: exp.Expr) -> exp.Expr:
    """As DuckDB's trees mean it: NULL where one of them is, unless they say to pass over it."""
    values = [tree.this, *tree.expressions]
    if tree.args.get("ignore_nulls"):
        return _call(type(tree).__name__.upper(), *values)
    is_blank = exp.or_(*(exp.Is(this=each.copy(), expression=exp.null()) for each in values))
    chosen = _call(type(tree).__name__.upper(), *values)
    return exp.case().when(is_blank, exp.null()).else_(chosen)


def _span(tree: exp.Expr) -> exp.Expr:
    """Microseconds that a column holds; an interval of Spark's own takes only a literal."""
    micros = exp.cast(exp.paren(tree.this), "DECIMAL(24, 6)")
    seconds = exp.cast(
        exp.Mul(this=micros, expression=exp.Literal.number("0.000001")), "DECIMAL(18, 6)"
    )
    return _call("MAKE_DT_INTERVAL", *(exp.Literal.number(0) for _ in range(3)), seconds)


def _weekday(tree: exp.Expr) -> exp.Expr:
    """Monday is 1; sqlglot's own spelling is a day off."""
    from_nought = _call("WEEKDAY", tree.this)
    return exp.paren(exp.Add(this=from_nought, expression=exp.Literal.number(1)))


def _percentile(tree: exp.Expr) -> exp.Expr:
    share = _call("PERCENTILE_CONT", tree.expression)
    return exp.WithinGroup(this=share, expression=exp.Order(expressions=[tree.this]))


def _rows_of_commonest(tree: exp.Expr) -> exp.Expr:
    """The values in order, and the longest run of one of them; another function stays itself."""
    values = counted_of_commonest(tree)
    if values is None:
        return tree
    counted = parse_one(_LONGEST_RUN, dialect="spark")
    for place in list(counted.find_all(exp.Placeholder)):
        place.replace(values.copy())
    return counted


_LONGEST_RUN = (
    "NULLIF(AGGREGATE(ARRAY_SORT(COLLECT_LIST(:value)), "
    "STRUCT(MAX(:value) AS last, 0L AS run, 0L AS longest), (found, each) -> STRUCT("
    "each AS last, IF(each = found.last, found.run + 1L, 1L) AS run, "
    "GREATEST(found.longest, IF(each = found.last, found.run + 1L, 1L)) AS longest), "
    "found -> found.longest), 0L)"
)


def _call(name: str, *arguments: exp.Expr) -> exp.Expr:
    """A function of Spark's by its name, of which sqlglot thinks nothing."""
    return exp.Anonymous(this=name, expressions=list(arguments))


_MEANT: Mapping[type[exp.Expr], Callable[[Any], exp.Expr]] = {
    exp.Anonymous: _rows_of_commonest,
    exp.CountIf: _count_if,
    exp.DayOfWeekIso: _weekday,
    exp.Div: _divide,
    exp.Greatest: _extreme,
    exp.Interval: _span,
    exp.Least: _extreme,
    exp.PercentileCont: _percentile,
}
