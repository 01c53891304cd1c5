"""DuckDB, in this process: the default engine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, TypeVar

import duckdb
import pyarrow as pa
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.generators.duckdb import DuckDBGenerator

from csq.engines.base import Row, RowsOfCommonest, StagingEngine
from csq.errors import BudgetError, DefinitionError, UsageError
from csq.problems.formulas import NUMBER_RANGE
from csq.problems.run import CANNOT_SPILL, OUT_OF_MEMORY, WRONG_MEMORY

Answer = TypeVar("Answer")


class _Generator(DuckDBGenerator):
    TRANSFORMS: ClassVar = {
        **DuckDBGenerator.TRANSFORMS,
        RowsOfCommonest: lambda self, tree: self.func(
            "LIST_MAX", self.func("MAP_VALUES", self.func("HISTOGRAM", tree.this))
        ),
    }


class _Dialect(DuckDB):
    Generator = _Generator


class DuckDBEngine(StagingEngine):
    """A private in-memory database with bounded memory that spills into `temp_folder`.

    It cannot read or write files, load extensions or reach the network, and its settings are
    locked before the first statement.
    """

    dialect: ClassVar = _Dialect

    def __init__(self, temp_folder: Path, memory_limit: str) -> None:
        if not re.fullmatch(r"\d+(?:\.\d+)? ?[KMGT]i?B", memory_limit, re.IGNORECASE | re.ASCII):
            raise UsageError(WRONG_MEMORY.at(value=memory_limit))
        self.memory_limit = memory_limit
        self.failed_reading: Exception | None = None
        self.connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": memory_limit,
                "temp_directory": str(temp_folder),
                # Threads for files alone, started and stopped with every engine; it reads none.
                "async_threads": "0",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                # It joins every row with the words of an `IN`, even where a CASE asks it of few.
                "disabled_optimizers": "in_clause",
                "ieee_floating_point_ops": "false",
                "error_on_division_by_zero": "false",
            },
        )
        # Known only once the database stands, and in this order.
        for name, value in (
            ("TimeZone", "UTC"),
            # Where Python runs no file it draws one on stdout, beside what csq says there.
            ("enable_progress_bar", "false"),
            ("enable_external_access", "false"),
            ("lock_configuration", "true"),
        ):
            setting = exp.Set(expressions=[exp.SetItem(this=exp.column(name).eq(value))])
            self.connection.execute(self.spell(setting))

    def put(self, name: str, table: pa.Table) -> None:
        with self._told():
            self.connection.register(name, table)

    def attach(self, name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
        self.failed_reading = None
        reader = pa.RecordBatchReader.from_batches(schema, self._watched(batches))
        with self._told():
            self.connection.register(name, reader)

    def _watched(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Keep the exception of a reader: DuckDB passes on only its text."""
        try:
            yield from batches
        except Exception as failure:
            self.failed_reading = failure
            raise

    def detach(self, name: str) -> None:
        with self._told():
            self.connection.unregister(name)

    def execute(self, statement: exp.Expr) -> None:
        self._run(statement, lambda cursor: None)

    def fetch(self, query: exp.Query) -> list[Row]:
        try:
            return self._run(query, lambda cursor: cursor.fetchall())
        except duckdb.DataError:
            raise DefinitionError(NUMBER_RANGE.at()) from None

    def take(self, query: exp.Query) -> pa.Table:
        with self._told():
            return self.connection.sql(self.spell(query)).to_arrow_table()

    def _run(
        self, statement: exp.Expr, take: Callable[[duckdb.DuckDBPyConnection], Answer]
    ) -> Answer:
        with self._told():
            return take(self.connection.execute(self.spell(statement)))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Memory or disk that is used up, and the failure of a reader, as what they are."""
        try:
            yield
        except duckdb.OutOfMemoryException:
            raise BudgetError(OUT_OF_MEMORY.at(value=self.memory_limit)) from None
        except duckdb.Error as error:
            if self.failed_reading is not None:
                raise self.failed_reading from None
            if isinstance(error, duckdb.IOException):
                # The only files it may touch are those it spills into.
                raise BudgetError(CANNOT_SPILL.at(reason="I/O")) from None
            raise

    def close(self) -> None:
        self.connection.close()
