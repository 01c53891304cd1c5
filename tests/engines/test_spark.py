"""Spark answers what DuckDB answers: values, rows, reports; and says in words when it cannot."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlglot import exp
from tests.cli.driver import METRICS, TICKETS, Answer, Csq
from tests.conftest import import_needed, needs
from tests.formulas.cases import read_case_file
from tests.formulas.tables import DATA_END, make_scope, put_tables

from csq.api import Run, score
from csq.engines.base import Engine, rows_of_commonest
from csq.engines.choice import EngineName
from csq.engines.duckdb import DuckDBEngine
from csq.engines.spark import SparkEngine
from csq.errors import DefinitionError
from csq.formula.compile import compile_aggregate
from csq.formula.resolve import Scope, resolve_formula
from csq.formula.tree import aggregates_in
from csq.measure import Answers, Group, demands_for, run_plan
from csq.period import parse_period
from csq.plan import TOTAL, Demand, Level, make_plan
from csq.protection import protect_for_programs
from csq.reports.json import draw_json
from csq.request import Request

PROJECT = Path(__file__).parents[2]
AUGUST = parse_period("2025-08")
CHANNEL: Level = ("channel",)


QUICK = """
spark.master local[1]
spark.driver.host 127.0.0.1
spark.driver.bindAddress 127.0.0.1
spark.driver.defaultJavaOptions -Xms512m -Xmn256m
spark.sql.shuffle.partitions 1
spark.sql.adaptive.enabled false
"""
"""Nothing runs so long here that it would pay to plan it well or to compile it."""

QUICK_JAVA = (
    "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    " -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
)
"""Few optimizations; and nobody doubts the bytecode of Spark."""


@dataclass(frozen=True, slots=True)
class Engines:
    """Both engines, open side by side."""

    duckdb: DuckDBEngine
    spark: SparkEngine

    def put(self, name: str, table: pa.Table) -> None:
        for engine in (self.duckdb, self.spark):
            engine.put(name, table)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    needs("java")
    import_needed("pyspark")
    settings = tmp_path_factory.mktemp("conf")
    (settings / "spark-defaults.conf").write_text(QUICK, encoding="ascii")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_CONF_DIR", str(settings))
        patch.setenv("JAVA_TOOL_OPTIONS", QUICK_JAVA)
        yield from _open_both(tmp_path_factory)


def _open_both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    with (
        closing(DuckDBEngine(tmp_path_factory.mktemp("duckdb"), "2GB")) as duckdb,
        closing(SparkEngine(tmp_path_factory.mktemp("spark"), "2GB")) as spark,
    ):
        yield Engines(duckdb, spark)


@pytest.fixture
def csq(tmp_path: Path) -> Csq:
    """csq in a folder with two indicators and five tickets."""
    folder, temporary = tmp_path / "work", tmp_path / "tmp"
    folder.mkdir()
    temporary.mkdir()
    csq = Csq(folder, temporary)
    csq.put("metrics.yaml", METRICS)
    csq.put("tickets.csv", TICKETS)
    return csq


# Formulas ------------------------------------------------------------------------------------


def demands_of_cases(scope: Scope) -> Iterator[Demand]:
    """Everything that the formulas of the case files ask of an engine."""
    for path in sorted((PROJECT / "tests" / "formulas").glob("*.txt")):
        for case in read_case_file(path).cases:
            if "value" in case.sections:
                for aggregate in aggregates_in(resolve_formula(case.formula, scope)):
                    yield from demands_for(aggregate)


def answers_of(
    engine: Engine, asked: Mapping[Level, Iterable[Demand]]
) -> dict[tuple[str, Group], object]:
    answers = Answers()
    sizes = {(source, "channel"): 3 for source in ("tickets", "calls", "surveys")}
    run_plan(engine, make_plan(asked, [AUGUST], {}, DATA_END, sizes), answers)
    return {
        (compile_aggregate(demand.aggregate).sql(), group): value
        for (demand, _, group), value in answers.values.items()
    }


def test_formulas_have_the_same_values(engines: Engines) -> None:
    scope = make_scope()
    demands = list(demands_of_cases(scope))
    asked = {TOTAL: demands, CHANNEL: [d for d in demands if d.schema.field("channel")]}
    for engine in (engines.duckdb, engines.spark):
        put_tables(engine, scope)
    expected = answers_of(engines.duckdb, asked)
    assert {len(group) for _, group in expected} == {0, 1}
    assert answers_of(engines.spark, asked) == expected


# Rows ----------------------------------------------------------------------------------------

TEXTS = (
    None, "", "a", "A", " a", "a ", "电话", "电话┋在线", "┋", "a┋┋b", "\\Q", "\\E", "\\", "'", '"',
    "é", "e\u0301", "ß", "😀", "${x}", "{x}", ":x", "\n", "%", "_", "--", "/*",
)  # fmt: skip


def some_rows() -> pa.Table:
    """Rows with the values at which engines differ: ties, zeros, blanks, texts that are syntax."""
    rng = random.Random(1)
    names = range(400)

    def column(kind: pa.DataType, *values: Any) -> pa.Array:
        return pa.array([rng.choice(values)() for _ in names], kind)

    def none() -> None:
        return None

    def moment() -> datetime:
        return datetime(2024, 12, 30) + timedelta(microseconds=rng.randrange(10**13))

    decimals = pa.decimal128(18, 6)
    return pa.Table.from_pydict(
        {
            "row": pa.array(names, pa.int64()),
            "whole": column(
                pa.int64(), none, lambda: rng.choice((0, 1, 3, 7)), lambda: rng.randrange(-(10**9), 10**9)
            ),
            "part": column(
                pa.int64(), none, lambda: rng.choice((0, 1, 64, 128)), lambda: rng.randrange(10**6)
            ),
            "amount": column(
                decimals,
                none,
                lambda: rng.choice((Decimal("0.5"), Decimal("2.675"), Decimal(0))),
                lambda: Decimal(rng.randrange(-(10**9), 10**9)).scaleb(-6),
            ),
            "moment": column(
                pa.timestamp("us"),
                none,
                moment,
                lambda: datetime(1969, 12, 31, 23, 59, 59, 999_999),
                lambda: datetime(2025, 3, 30, 2, 30),
            ),
            "text": pa.array([rng.choice(TEXTS) for _ in names], pa.string()),
            "flag": pa.array([rng.choice((None, True, False)) for _ in names], pa.bool_()),
        }
    )  # fmt: skip


def col(name: str) -> exp.Column:
    return exp.column(name, quoted=True)


def divided(part: str, whole: str) -> exp.Div:
    return exp.Div(this=col(part), expression=col(whole), typed=False, safe=True)


def values_of_rows() -> dict[str, exp.Expr]:
    """Every shape of tree that formulas make of the values of a row."""
    found: dict[str, exp.Expr] = {}
    for part, whole in (("whole", "part"), ("amount", "whole"), ("part", "amount")):
        found[f"{part}/{whole}"] = exp.cast(divided(part, whole), "DECIMAL(18, 6)")
        found[f"{part}/{whole} rounded"] = exp.cast(exp.Round(this=divided(part, whole)), "BIGINT")
    later = exp.Interval(this=exp.paren(col("part")), unit=exp.var("MICROSECOND"))
    found |= {
        "later": exp.Add(this=col("moment"), expression=later),
        "micros": exp.UnixMicros(this=col("moment")),
        "day": exp.cast(col("moment"), "DATE"),
        "hour": exp.Extract(this=exp.var("HOUR"), expression=col("moment")),
        "weekday": exp.DayOfWeekIso(this=col("moment")),
        "product": exp.Mul(this=col("amount"), expression=col("part")),
        "difference": exp.Sub(this=col("amount"), expression=col("whole")),
        "least": exp.Least(this=col("amount"), expressions=[col("whole")]),
        "either": exp.Coalesce(this=col("whole"), expressions=[col("part")]),
        "and": exp.and_(col("flag"), exp.GT(this=col("whole"), expression=col("amount"))),
        "or": exp.or_(col("flag"), exp.GT(this=col("whole"), expression=col("amount"))),
        "not": exp.not_(col("flag")),
        "after": exp.LT(this=exp.Literal.string("a"), expression=col("text")),
    }
    for text in filter(None, TEXTS):
        said = exp.Literal.string(text)
        values = exp.Split(this=col("text"), expression=exp.Literal.string("┋"))
        found |= {
            f"is {text}": exp.EQ(this=col("text"), expression=said),
            f"contains {text}": exp.Contains(this=col("text"), expression=said.copy()),
            f"has {text}": exp.ArrayContains(this=values, expression=said.copy()),
        }
    return found


def test_values_of_rows_are_the_same(engines: Engines) -> None:
    engines.put("some", some_rows())
    trees = values_of_rows()
    query = exp.select(*(exp.alias_(tree, f"v{at}") for at, tree in enumerate(trees.values())))
    query = query.from_("some").order_by(col("row"))
    expected, found = (
        list(zip(*e.fetch(query.copy()), strict=True)) for e in (engines.duckdb, engines.spark)
    )
    for name, duckdb, spark in zip(trees, expected, found, strict=True):
        assert spark == duckdb, name
    assert all(any(value is not None for value in column) for column in expected)


def test_values_of_groups_are_the_same(engines: Engines) -> None:
    engines.put("some", some_rows())
    trees: dict[str, exp.Expr] = {"if": exp.CountIf(this=col("flag"))}
    none = exp.Case(
        ifs=[
            exp.If(
                this=exp.LT(this=col("row"), expression=exp.Literal.number(0)), true=col("whole")
            )
        ]
    )
    for name in ("whole", "amount", "moment", "text", "flag", "none"):
        value = none if name == "none" else col(name)
        trees |= {
            f"count {name}": exp.Count(this=value.copy()),
            f"distinct {name}": exp.Count(this=exp.Distinct(expressions=[value.copy()])),
            f"min {name}": exp.Min(this=value.copy()),
            f"max {name}": exp.Max(this=value.copy()),
            f"commonest {name}": rows_of_commonest(value.copy()),
        }
        if name in {"whole", "amount", "none"}:
            trees[f"sum {name}"] = exp.Sum(this=value.copy())
            for share in ("0.5", "0.9", "0.95"):
                trees[f"{share} of {name}"] = exp.Round(
                    this=exp.PercentileCont(
                        this=exp.cast(value.copy(), "DOUBLE"), expression=exp.Literal.number(share)
                    ),
                    decimals=exp.Literal.number(6),
                )
    group = exp.Mod(this=col("row"), expression=exp.Literal.number(3))
    query = exp.select(
        exp.alias_(group, "_group"),
        *(exp.alias_(t, f"v{at}") for at, t in enumerate(trees.values())),
    )
    query = query.from_("some").group_by("_group").order_by("_group")
    expected, found = (
        list(zip(*e.fetch(query.copy()), strict=True)) for e in (engines.duckdb, engines.spark)
    )
    for name, duckdb, spark in zip(["group", *trees], expected, found, strict=True):
        assert spark == duckdb, name


def test_rows_come_in_the_same_order(engines: Engines) -> None:
    engines.put("some", some_rows())
    for name in ("whole", "amount", "moment", "text", "flag"):
        for desc in (False, True):
            order = [exp.Ordered(this=col(name), desc=desc), exp.Ordered(this=col("row"))]
            query = exp.select(col("row")).from_("some").order_by(*order)
            assert engines.spark.fetch(query.copy()) == engines.duckdb.fetch(query.copy()), name


# Whole runs ----------------------------------------------------------------------------------


def test_what_is_shipped_has_the_same_scorecard(engines: Engines, tmp_path: Path) -> None:
    """Every indicator that csq ships, on the first rows of the example exports."""
    for path in (PROJECT / "examples").rglob("*.csv"):
        rows = path.read_bytes().splitlines(keepends=True)[:150]
        (tmp_path / path.name).write_bytes(b"".join(rows))

    def drawn(engine: EngineName) -> str:
        run = Run((tmp_path,), PROJECT / "metrics.yaml", Request(period="2025H1"), engine)
        return draw_json(protect_for_programs(score(run)), "zh", "0")

    expected = drawn(EngineName.DUCKDB)
    assert expected.count('"verdict": "met"') > 5
    assert drawn(EngineName.SPARK) == expected


ASKED = (
    ("score", "--by", "channel"),
    ("score", "--where", 'channel = "电话"', "--format", "json"),
    ("check", "--lang", "en"),
    ("explain", "fcr", "--rows", "rows.csv"),
)


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_a_command_says_the_same(engines: Engines, csq: Csq, asked: tuple[str, ...]) -> None:
    answers = []
    for engine in EngineName:
        answers.append((csq.run(*asked, "--engine", engine), csq.folder.joinpath("rows.csv")))
    assert answers[0] == answers[1]


def test_explain_shows_the_statement_of_its_engine(engines: Engines, csq: Csq) -> None:
    shown = csq.run("explain", "fcr", "--sql", "--engine", "spark").out
    assert "`first_contact_resolved`" in shown
    assert '"first_contact_resolved"' not in shown


# What is shared, and what is not -------------------------------------------------------------


def test_another_context_is_shared_and_left_as_it_is(engines: Engines, tmp_path: Path) -> None:
    zone = engines.spark.session.conf.get("spark.sql.session.timeZone")
    context = engines.spark.session.sparkContext
    with closing(SparkEngine(tmp_path, "1GB")) as another:
        another.put("only_here", pa.table({"a": [1]}))
        assert another.session.sparkContext is context
        assert another.fetch(exp.select("a").from_("only_here")) == [(1,)]
    assert not engines.spark.session.catalog.tableExists("only_here")
    assert engines.spark.session.conf.get("spark.sql.session.timeZone") == zone
    assert engines.spark.fetch(exp.select(exp.Literal.number(1))) == [(1,)]


# What goes wrong -----------------------------------------------------------------------------


def test_a_number_out_of_range_is_told_and_its_texts_are_not(
    engines: Engines, capfd: pytest.CaptureFixture[str]
) -> None:
    engines.put("large", pa.table({"a": [2**62, 2**62]}))
    total = exp.select(exp.Sum(this=col("a"))).from_("large")
    with pytest.raises(DefinitionError) as failure:
        engines.spark.fetch(total)
    assert [problem.code for problem in failure.value.problems] == ["number-range"]
    assert capfd.readouterr() == ("", "")


def test_without_pyspark_it_says_what_to_install(csq: Csq, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    answer = csq.run("score", "--engine", "spark")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "no-spark: Spark 启动不了：import of pyspark.errors halted; None in sys.modules"
        " → 装好 csq[spark] 和 Java 17 以上，或不写 --engine spark\n"
    )


def test_without_java_it_says_what_to_install(csq: Csq) -> None:
    import_needed("pyspark")
    answer = csq.apart("score", "--engine", "spark", "--lang", "en", JAVA_HOME="/nowhere")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "no-spark: Spark does not start: Java gateway process exited before sending its port"
        " number. → install csq[spark] and Java 17 or later, or leave out --engine spark\n"
    )


def test_a_limit_in_which_spark_does_not_start_is_told(
    csq: Csq, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_needed("pyspark")
    monkeypatch.setattr("pyspark.sql.SparkSession.getActiveSession", lambda: None)
    answer = csq.run("score", "--engine", "spark", "--memory", "300MB")
    assert answer == Answer(
        7, "", "out-of-memory: 内存用到了上限 300MB → 用 --memory 提高上限，或分月计算\n"
    )


def test_a_cluster_is_asked_only_with_what_it_takes(csq: Csq) -> None:
    """Spark Connect needs packages of its own; where they are, nobody answers at that address.

    It is tried again for some twenty seconds, here without the waiting: they were twice as many,
    as the end of a session that never began was tried again just so.
    """
    import_needed("pyspark")
    answer = csq.forked("score", "--engine", "spark", after=ASKS_A_CLUSTER)
    assert (answer.code, answer.out) == (2, "")
    assert re.fullmatch(
        r"no-spark: Spark 启动不了：(grpcio >= [\d.]+ must be installed; however, it was not found\.|"
        r"failed to connect .+) → 装好 csq\[spark\] 和 Java 17 以上，或不写 --engine spark\n",
        answer.err,
    )
    waits = [float(line) for line in (csq.folder / "waits").read_text("ascii").split()]
    assert len(waits) == (0 if "grpcio" in answer.err else 5)
    assert sum(waits) < 20


# Where no file is the main module Spark believes that its own doctests run, and ends the process.
ASKS_A_CLUSTER = """
import time
sys.modules["__main__"].__file__ = "csq"
os.environ["SPARK_REMOTE"] = "sc://127.0.0.1:1"
waits = open("waits", "w", buffering=1)
time.sleep = lambda seconds: print(seconds, file=waits)
"""


def test_a_lost_cluster_is_no_number(csq: Csq) -> None:
    """In a process of its own, with csq's own settings: what is lost does not come back."""
    needs("java")
    import_needed("pyspark")
    answer = csq.shell(f"{sys.executable} -c '{LOSES_JAVA}'", JAVA_TOOL_OPTIONS=QUICK_JAVA)
    assert (answer.code, answer.out, answer.err) == (0, "7 ['engine-lost']\n", "")


LOSES_JAVA = """
import pyarrow as pa
from pathlib import Path
from sqlglot import parse_one
from pyspark import SparkContext
from csq.engines.spark import SparkEngine
from csq.errors import BudgetError

engine = SparkEngine(Path(), "1GB")
engine.put("small", pa.table({"a": [1]}))
SparkContext._gateway.proc.kill()
try:
    engine.fetch(parse_one("SELECT a FROM small"))
except BudgetError as lost:
    print(int(lost.exit_code), [problem.code for problem in lost.problems])
engine.close()
"""
