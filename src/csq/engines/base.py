"""The seam between csq and whatever runs its queries."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pyarrow as pa
from sqlglot import ErrorLevel, exp
from sqlglot.dialects.dialect import DialectType

Row = tuple[Any, ...]


class RowsOfCommonest(exp.Expression, exp.AggFunc):
    """How many rows have the value that most of them have; NULL where all are blank.

    No dialect has it as one function: each engine spells it in its own way.
    """


class Engine(ABC):
    """Somewhere tables stand and questions to them are answered.

    Statements come as sqlglot trees, never as text; `spell` shows them in the engine's dialect.
    """

    dialect: ClassVar[DialectType]

    def spell(self, statement: exp.Expr) -> str:
        """The statement as this engine's SQL; raises where the dialect cannot say it."""
        return statement.sql(dialect=self.dialect, unsupported_level=ErrorLevel.RAISE, copy=False)

    @abstractmethod
    def put(self, name: str, table: pa.Table) -> None:
        """Make a table readable under `name`, instead of any of that name before."""

    @abstractmethod
    def fetch(self, query: exp.Query) -> list[Row]:
        """The rows a query answers, as plain Python values.

        Raises `BudgetError`, and `DefinitionError` where a number leaves the computable range.
        """

    @abstractmethod
    def close(self) -> None: ...


class StagingEngine(Engine):
    """An engine in which exports become tables: rows are put in, changed and taken out again."""

    @abstractmethod
    def attach(self, name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
        """Make a stream of batches readable once, under `name`, by the next statement."""

    @abstractmethod
    def detach(self, name: str) -> None: ...

    @abstractmethod
    def execute(self, statement: exp.Expr) -> None:
        """Run a statement that answers nothing; raises `BudgetError`."""

    @abstractmethod
    def take(self, query: exp.Query) -> pa.Table:
        """The rows a query answers, as a table; raises `BudgetError`."""

    @contextmanager
    def attached(
        self, name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]
    ) -> Iterator[None]:
        self.attach(name, schema, batches)
        try:
            yield
        finally:
            self.detach(name)
