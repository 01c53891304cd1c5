"""The seam between csq and whatever runs its queries."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pyarrow as pa
from sqlglot import ErrorLevel, exp

Row = tuple[Any, ...]


class Engine(ABC):
    """Somewhere rows can be put and query trees can be run.

    Statements come as sqlglot trees, never as text; `spell` shows them in the engine's dialect.
    """

    dialect: ClassVar[str]

    def spell(self, statement: exp.Expr) -> str:
        """The statement as this engine's SQL; raises where the dialect cannot say it."""
        return statement.sql(dialect=self.dialect, unsupported_level=ErrorLevel.RAISE, copy=False)

    @abstractmethod
    def attach(self, name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
        """Make a stream of batches readable once, under `name`, by the next statement."""

    @abstractmethod
    def detach(self, name: str) -> None: ...

    @abstractmethod
    def execute(self, statement: exp.Expr) -> None:
        """Run a statement that answers nothing; raises `BudgetError`."""

    @abstractmethod
    def fetch(self, query: exp.Query) -> list[Row]:
        """The rows a query answers, as plain Python values.

        Raises `BudgetError`, and `DefinitionError` where a number leaves the computable range.
        """

    @abstractmethod
    def close(self) -> None: ...

    @contextmanager
    def attached(
        self, name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]
    ) -> Iterator[None]:
        self.attach(name, schema, batches)
        try:
            yield
        finally:
            self.detach(name)
