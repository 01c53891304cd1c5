"""What the engine is told before its first statement, where no result would show it."""

from __future__ import annotations

from pathlib import Path

from csq.engines.duckdb import DuckDBEngine


def test_the_engine_draws_nothing_on_stdout(tmp_path: Path) -> None:
    """`python -c` counts as a conversation: there a query of two seconds drew a bar on stdout."""
    engine = DuckDBEngine(tmp_path, "1GB")
    asked = "SELECT current_setting('enable_progress_bar'), current_setting('lock_configuration')"
    assert engine.connection.execute(asked).fetchone() == (False, True)
