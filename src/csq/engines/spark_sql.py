"""csq's trees in Spark's SQL, where they mean to Spark what they mean to DuckDB."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp
from sqlglot.dialects.spark import Spark
from sqlglot.generators.spark import SparkGenerator

from csq.engines.base import RowsOfCommonest


def _divide(self: SparkGenerator, tree: exp.Div) -> str:
    """As DuckDB divides: always as doubles, and by zero to NULL."""
    part, whole = (exp.cast(exp.paren(each), "DOUBLE") for each in (tree.this, tree.expression))
    zero = exp.Literal.number(0)
    return f"{self.sql(part)} / {self.sql(exp.Nullif(this=whole, expression=zero))}"


def _count_if(self: SparkGenerator, tree: exp.CountIf) -> str:
    """As DuckDB counts: of nothing but blanks NULL, not 0."""
    condition = self.sql(tree, "this")
    return f"CASE WHEN COUNT({condition}) > 0 THEN COUNT_IF({condition}) END"


def _extreme(self: SparkGenerator, tree: exp.Least | exp.Greatest) -> str:
    """As DuckDB's trees mean it: NULL where one of them is, not passed over."""
    values = [tree.this, *tree.expressions]
    is_blank = exp.or_(*(exp.Is(this=each.copy(), expression=exp.null()) for each in values))
    chosen = self.func(type(tree).__name__.upper(), *values)
    return f"CASE WHEN {self.sql(is_blank)} THEN NULL ELSE {chosen} END"


def _span(self: SparkGenerator, tree: exp.Interval) -> str:
    """Microseconds that a column holds; an interval of Spark's own takes only a literal."""
    micros = exp.cast(exp.paren(tree.this), "DECIMAL(24, 6)")
    nought = exp.Literal.number(0)
    seconds = exp.cast(
        exp.Mul(this=micros, expression=exp.Literal.number("0.000001")), "DECIMAL(18, 6)"
    )
    return self.func("MAKE_DT_INTERVAL", nought, nought, nought, seconds)


def _rows_of_commonest(self: SparkGenerator, tree: RowsOfCommonest) -> str:
    """The values in order, and the longest run of one of them."""
    values = self.sql(tree.this)
    return (
        f"NULLIF(AGGREGATE(ARRAY_SORT(COLLECT_LIST({values})), "
        f"STRUCT(MAX({values}) AS last, 0L AS run, 0L AS longest), (found, each) -> STRUCT("
        "each AS last, IF(each = found.last, found.run + 1L, 1L) AS run, "
        "GREATEST(found.longest, IF(each = found.last, found.run + 1L, 1L)) AS longest), "
        "found -> found.longest), 0L)"
    )


class _Generator(SparkGenerator):
    TRANSFORMS: ClassVar = {
        **SparkGenerator.TRANSFORMS,
        RowsOfCommonest: _rows_of_commonest,
        exp.CountIf: _count_if,
        exp.DayOfWeekIso: lambda self, tree: f"({self.func('WEEKDAY', tree.this)} + 1)",
        exp.Div: _divide,
        exp.Greatest: _extreme,
        exp.Interval: _span,
        exp.Least: _extreme,
        exp.PercentileCont: lambda self, tree: (
            f"{self.func('PERCENTILE_CONT', tree.expression)} "
            f"WITHIN GROUP (ORDER BY {self.sql(tree, 'this')})"
        ),
    }


class SparkSql(Spark):
    """Spark's SQL, in which every tree of csq means what it means to DuckDB."""

    Generator = _Generator
