"""csq's trees as each engine is told them: one tree, two spellings of the same meaning."""

from __future__ import annotations

import pytest
from sqlglot import exp

from csq.engines.base import rows_of_commonest
from csq.engines.duckdb import DuckDBEngine
from csq.engines.spark_sql import tree_in_spark

LONGEST_RUN = (
    "NULLIF(AGGREGATE(ARRAY_SORT(COLLECT_LIST(`a`)), STRUCT(MAX(`a`) AS last, CAST(0 AS BIGINT) AS"
    " run, CAST(0 AS BIGINT) AS longest), (found, each) -> STRUCT(each AS last, IF(each ="
    " found.last, found.run + CAST(1 AS BIGINT), CAST(1 AS BIGINT)) AS run,"
    " GREATEST(found.longest, IF(each = found.last, found.run + CAST(1 AS BIGINT),"
    " CAST(1 AS BIGINT))) AS longest), found -> found.longest), CAST(0 AS BIGINT))"
)


def col(name: str) -> exp.Column:
    return exp.column(name, quoted=True)


SPELLINGS: dict[str, tuple[exp.Expr, str, str]] = {
    "the rows of the commonest value": (
        rows_of_commonest(col("a")),
        'LIST_MAX(MAP_VALUES(HISTOGRAM("a")))',
        LONGEST_RUN,
    ),
    "a share of a share": (
        exp.Div(this=exp.Div(this=col("a"), expression=col("b")), expression=exp.Literal.number(3)),
        '"a" / "b" / 3',
        "CAST((CAST((`a`) AS DOUBLE) / NULLIF(CAST((`b`) AS DOUBLE), 0)) AS DOUBLE)"
        " / NULLIF(CAST((3) AS DOUBLE), 0)",
    ),
    "a count of what is fulfilled": (
        exp.CountIf(this=col("a").eq(1)),
        'COUNT_IF("a" = 1)',
        "SUM(CAST(`a` = 1 AS BIGINT))",
    ),
    "the least of the greatest": (
        exp.Least(this=col("a"), expressions=[exp.Greatest(this=col("b"), expressions=[col("c")])]),
        'CASE WHEN "a" IS NULL OR CASE WHEN "b" IS NULL OR "c" IS NULL THEN NULL'
        ' ELSE GREATEST("b", "c") END IS NULL THEN NULL ELSE LEAST("a", CASE WHEN "b" IS NULL'
        ' OR "c" IS NULL THEN NULL ELSE GREATEST("b", "c") END) END',
        "CASE WHEN `a` IS NULL OR CASE WHEN `b` IS NULL OR `c` IS NULL THEN NULL"
        " ELSE GREATEST(`b`, `c`) END IS NULL THEN NULL ELSE LEAST(`a`, CASE WHEN `b` IS NULL"
        " OR `c` IS NULL THEN NULL ELSE GREATEST(`b`, `c`) END) END",
    ),
    "the least of what is there": (
        exp.Least(this=col("a"), expressions=[col("b")], ignore_nulls=True),
        'LEAST("a", "b")',
        "LEAST(`a`, `b`)",
    ),
    "a day of the week": (exp.DayOfWeekIso(this=col("a")), 'ISODOW("a")', "(WEEKDAY(`a`) + 1)"),
    "a span of time": (
        exp.Interval(this=col("a"), unit=exp.var("MICROSECOND")),
        'INTERVAL ("a") MICROSECOND',
        "MAKE_DT_INTERVAL(0, 0, 0, CAST(CAST((`a`) AS DECIMAL(24, 6)) * 0.000001"
        " AS DECIMAL(18, 6)))",
    ),
    "a percentile": (
        exp.PercentileCont(this=col("a"), expression=exp.Literal.number("0.9")),
        'QUANTILE_CONT("a", 0.9)',
        "PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY `a`)",
    ),
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_each_engine_is_told_the_same_in_its_own_words(name: str) -> None:
    tree, in_duckdb, in_spark = SPELLINGS[name]
    query = exp.select(tree.copy())
    assert query.copy().sql(DuckDBEngine.dialect) == f"SELECT {in_duckdb}"
    assert tree_in_spark(query).sql("spark") == f"SELECT {in_spark}"
    assert query == exp.select(tree), "what Spark is told must not change the tree"
