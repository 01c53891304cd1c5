"""What the engine is told before its first statement, and what one run leaves to the next."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from sqlglot import exp, parse_one

from csq.engines.duckdb import DuckDBEngine
from csq.errors import CsqError

SETTINGS = {
    # `python -c` counts as a conversation: there a query of two seconds drew a bar on stdout.
    "enable_progress_bar": False,
    "enable_external_access": False,
    "lock_configuration": True,
    "TimeZone": "UTC",
    "disabled_optimizers": "in_clause",
    "memory_limit": "953.6 MiB",
}
NUMBERS = pa.schema([("n", pa.int64())])


def tree(text: str) -> exp.Query:
    statement = parse_one(text, dialect="duckdb")
    assert isinstance(statement, exp.Query)
    return statement


def table_of(query: str) -> exp.Create:
    return exp.Create(kind="TABLE", this=exp.to_table("tickets"), expression=tree(query))


def settings_of(engine: DuckDBEngine) -> dict[str, object]:
    asked = ", ".join(f"current_setting('{name}')" for name in SETTINGS)
    (values,) = engine.connection.execute(f"SELECT {asked}").fetchall()
    return dict(zip(SETTINGS, values, strict=True))


def test_every_run_has_the_same_settings(tmp_path: Path) -> None:
    for _ in range(2):
        engine = DuckDBEngine(tmp_path, "1GB")
        assert settings_of(engine) == SETTINGS
        engine.close()


def test_where_python_runs_no_file_nothing_is_drawn_on_stdout(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from csq.engines.duckdb import DuckDBEngine;"
        f"engine = DuckDBEngine(Path({str(tmp_path)!r}), '1GB');"
        "print(engine.connection.execute("
        "\"SELECT current_setting('enable_progress_bar')\").fetchall()); engine.close()"
    )
    zone = os.environ | {"TZ": "Asia/Tokyo"}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=zone, check=True
    )
    assert (done.stdout, done.stderr) == ("[(False,)]\n", "")


def test_a_run_finds_nothing_of_the_one_before(tmp_path: Path) -> None:
    """Neither its tables, nor what it attached and never let go; but DuckDB, which is slow to open."""
    first = DuckDBEngine(tmp_path, "1GB")
    first.execute(table_of("SELECT 1 AS n"))
    first.attach("incoming", NUMBERS, [pa.record_batch([pa.array([1])], NUMBERS)])
    first.close()
    second = DuckDBEngine(tmp_path, "1GB")
    assert second.instance is first.instance
    names = "SELECT table_name FROM information_schema.tables"
    assert second.connection.execute(names).fetchall() == []
    second.execute(table_of("SELECT 2 AS n"))
    assert second.fetch(tree("SELECT n FROM tickets")) == [(2,)]
    second.close()


def test_runs_beside_each_other_see_nothing_of_each_other(tmp_path: Path) -> None:
    one, other = (DuckDBEngine(tmp_path, "1GB") for _ in range(2))
    for number, engine in enumerate((one, other)):
        engine.execute(table_of(f"SELECT {number} AS n"))
    assert [each.fetch(tree("SELECT n FROM tickets")) for each in (one, other)] == [[(0,)], [(1,)]]
    one.close()
    assert other.fetch(tree("SELECT n FROM tickets")) == [(1,)]
    other.close()


def test_what_is_small_is_asked_of_one_thread(tmp_path: Path) -> None:
    """An instance at rest is taken over only where it has as many."""
    asked = "SELECT current_setting('threads')"
    small = DuckDBEngine(tmp_path, "1GB", 4_000_000)
    assert small.connection.execute(asked).fetchall() == [(1,)]
    small.close()
    again = DuckDBEngine(tmp_path, "1GB", 0)
    assert again.instance is small.instance
    again.close()
    with duckdb.connect() as plain:
        usual = plain.execute(asked).fetchall()
    for size in (4_000_001, None):
        large = DuckDBEngine(tmp_path, "1GB", size)
        assert large.instance is not small.instance
        assert large.connection.execute(asked).fetchall() == usual
        large.close()


@pytest.mark.parametrize("change", ["the folder", "the limit"])
def test_another_folder_or_limit_is_obeyed(tmp_path: Path, change: str) -> None:
    first = DuckDBEngine(tmp_path, "1GB")
    first.close()
    (tmp_path / "other").mkdir()
    folder = tmp_path / "other" if change == "the folder" else tmp_path
    second = DuckDBEngine(folder, "1GB" if change == "the folder" else "2GB")
    asked = "SELECT current_setting('temp_directory'), current_setting('memory_limit')"
    limit = "953.6 MiB" if change == "the folder" else "1.8 GiB"
    assert second.connection.execute(asked).fetchall() == [(str(folder), limit)]
    second.close()


def test_after_a_failure_the_next_run_begins_anew(tmp_path: Path) -> None:
    first = DuckDBEngine(tmp_path, "1GB")
    with pytest.raises(CsqError):
        first.fetch(tree("SELECT CAST(9e18 AS BIGINT) * 9"))
    first.close()
    second = DuckDBEngine(tmp_path, "1GB")
    assert second.instance is not first.instance
    assert second.fetch(tree("SELECT 1")) == [(1,)]
    second.close()


def test_the_memory_of_a_large_run_is_given_back(tmp_path: Path) -> None:
    """DuckDB lets go of it when it is closed, and not before."""
    numbers = pa.record_batch([pa.array(range(2_100_000))], NUMBERS)
    first = DuckDBEngine(tmp_path, "1GB")
    with first.attached("incoming", NUMBERS, [numbers]):
        first.execute(table_of("SELECT n FROM incoming"))
    first.close()
    second = DuckDBEngine(tmp_path, "1GB")
    assert second.instance is not first.instance
    second.close()


def test_every_run_can_spill(tmp_path: Path) -> None:
    """What the first one spilt is gone with it, and the second has the same folder."""
    many = "SELECT n, REPEAT(CAST(n AS TEXT), 9) AS t FROM RANGE(1500000) AS r(n)"
    for _ in range(2):
        engine = DuckDBEngine(tmp_path, "40MB")
        engine.execute(table_of(many))
        assert os.listdir(tmp_path) != []
        assert engine.fetch(tree("SELECT COUNT(DISTINCT n) FROM tickets")) == [(1_500_000,)]
        engine.close()
        assert os.listdir(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_process_can_run_too(tmp_path: Path) -> None:
    """DuckDB's threads stay behind: a child that took over its parent's would wait for ever."""
    script = """
import os, sys
from csq.api import open_engine
from sqlglot import exp

def count():
    with open_engine("1GB") as engine:
        engine.execute(exp.Create(kind="TABLE", this=exp.to_table("t"), expression=exp.select("1")))
        return engine.fetch(exp.select("COUNT(*)").from_("t")) == [(1,)]

assert count()
child = os.fork()
if not child:
    sys.exit(0 if count() else 1)
assert count()
assert os.waitpid(child, 0)[1] == 0
assert count()
"""
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", script], env=environment, timeout=60, check=True)
    assert [path for path in tmp_path.rglob("*") if not path.is_dir()] == []
