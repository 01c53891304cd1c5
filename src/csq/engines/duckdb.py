"""DuckDB, in this process: the default engine."""

from __future__ import annotations

import atexit
import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypeVar

import duckdb
import pyarrow as pa
from sqlglot import exp

from csq.engines.base import Row, StagingEngine
from csq.errors import BudgetError, DefinitionError, UsageError
from csq.problems.formulas import NUMBER_RANGE
from csq.problems.run import CANNOT_SPILL, OUT_OF_MEMORY, WRONG_MEMORY

Answer = TypeVar("Answer")


class DuckDBEngine(StagingEngine):
    """A private in-memory database with bounded memory that spills into `temp_folder`.

    It cannot read or write files, load extensions or reach the network, and its settings are
    locked before the first statement. With `close` everything put into it is gone.
    """

    dialect: ClassVar = "duckdb"

    def __init__(self, temp_folder: Path, memory_limit: str, size: int | None = None) -> None:
        """An engine for exports of about so many bytes; of any size, where that is not known."""
        if not re.fullmatch(r"\d+(?:\.\d+)? ?[KMGT]i?B", memory_limit, re.IGNORECASE | re.ASCII):
            raise UsageError(WRONG_MEMORY.at(value=memory_limit))
        self.memory_limit = memory_limit
        self.failed_reading: Exception | None = None
        self.is_reusable = True
        self.bytes_read = 0
        self.instance = _take_instance(_Terms(temp_folder, memory_limit, _is_small(size)))
        self.connection = self.instance.connection.cursor()
        self.connection.execute(f"ATTACH ':memory:' AS {_DATABASE}")
        self.connection.execute(f"USE {_DATABASE}")

    def put(self, name: str, table: pa.Table) -> None:
        with self._told():
            self.connection.register(name, table)

    def attach(self, name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
        self.failed_reading = None
        reader = pa.RecordBatchReader.from_batches(schema, self._watched(batches))
        with self._told():
            self.connection.register(name, reader)

    def _watched(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Count bytes, and keep the exception of a reader: DuckDB passes on only its text."""
        try:
            for batch in batches:
                self.bytes_read += batch.nbytes
                yield batch
        except Exception as failure:
            self.failed_reading = failure
            raise

    def detach(self, name: str) -> None:
        with self._told():
            self.connection.unregister(name)

    def execute(self, statement: exp.Expr) -> int:
        changed = self._run(statement, lambda cursor: cursor.fetchall())
        return sum(count for (count,) in changed)

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
        has_ended_well = False
        try:
            yield
            has_ended_well = True
        except duckdb.OutOfMemoryException:
            raise BudgetError(OUT_OF_MEMORY.at(value=self.memory_limit)) from None
        except duckdb.Error as error:
            if self.failed_reading is not None:
                raise self.failed_reading from None
            if isinstance(error, duckdb.IOException):
                # The only files it may touch are those it spills into.
                raise BudgetError(CANNOT_SPILL.at(reason="I/O")) from None
            raise
        finally:
            self.is_reusable &= has_ended_well

    def close(self) -> None:
        self.connection.close()
        if self.is_reusable and self.bytes_read <= _SMALL:
            _keep(self.instance)
        else:
            self.instance.connection.close()


# Instances -------------------------------------------------------------------------------------

_DATABASE = "run"


@dataclass(frozen=True, slots=True)
class _Terms:
    """What may differ between instances; their settings are locked."""

    temp_folder: Path
    memory_limit: str
    has_one_thread: bool


@dataclass(frozen=True, slots=True)
class _Instance:
    """DuckDB with its settings locked: one run at a time has a database of its own in it."""

    terms: _Terms
    connection: duckdb.DuckDBPyConnection


_ONE_THREAD = 4_000_000
"""Bytes of exports up to which one thread is enough.

DuckDB shares out a table by 120,000 rows, so others have nothing to do there and yet are woken for
every statement: on two cores two of them cost a run of a few rows a tenth more processor time, and
one over a megabyte as much. At 4 MB it is level, and beyond it they save time on the clock.
"""


def _is_small(size: int | None) -> bool:
    return size is not None and size <= _ONE_THREAD


_SMALL = 16_000_000
"""Bytes that a run reads at most for its instance to be kept: its allocator gives nothing back."""

_resting: list[_Instance] = []
"""An instance without a run, for the next one: to open one takes 30 times what a database takes."""


def _take_instance(terms: _Terms) -> _Instance:
    """The instance at rest where it was opened on these terms, else a new one."""
    with contextlib.suppress(IndexError):
        resting = _resting.pop()
        if resting.terms == terms:
            return resting
        resting.connection.close()
    return _Instance(terms, _open_instance(terms))


def _keep(instance: _Instance) -> None:
    """Let an instance rest, unless one does already or something of the run is left in it."""
    try:
        instance.connection.execute(f"DETACH {_DATABASE}")
        is_clean = _is_empty(instance.terms.temp_folder)
    except duckdb.Error:
        is_clean = False
    if is_clean and not _resting:
        _resting.append(instance)
    else:
        instance.connection.close()


def _is_empty(folder: Path) -> bool:
    try:
        return not os.listdir(folder)
    except OSError:
        return False


def _close_resting() -> None:
    while _resting:
        _resting.pop().connection.close()


atexit.register(_close_resting)
if hasattr(os, "register_at_fork"):
    # Its threads do not go along into a forked process, where it would wait for them for ever.
    os.register_at_fork(before=_close_resting)


def _open_instance(terms: _Terms) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": terms.memory_limit,
            "temp_directory": str(terms.temp_folder),
            **({"threads": "1"} if terms.has_one_thread else {}),
            # Threads for files alone, started and stopped with every instance; it reads none.
            "async_threads": "0",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            # It joins every row with the words of an `IN`, even where a CASE asks it of few.
            "disabled_optimizers": "in_clause",
            "ieee_floating_point_ops": "false",
            "error_on_division_by_zero": "false",
        },
    )
    # Known only once the database stands, and in this order. A run's own connection has them too;
    # the bar, which Python draws on stdout where it runs no file, only the first one would have.
    for name, value in (
        ("TimeZone", "UTC"),
        ("enable_external_access", "false"),
        ("lock_configuration", "true"),
    ):
        setting = exp.SetItem(this=exp.column(name).eq(value), kind="GLOBAL")
        connection.execute(exp.Set(expressions=[setting]).sql(DuckDBEngine.dialect))
    return connection
