"""The seam between csq and whatever runs its queries."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pyarrow as pa
from sqlglot import ErrorLevel, exp

Row = tuple[Any, ...]


def rows_of_commonest(value: exp.Expr) -> exp.Expr:
    """How many rows have the value that most of them have; NULL where all are blank.

    No dialect has it as one function. A class of its own for it could not be made where sqlglot is
    compiled (`sqlglot[c]`), so the tree is what DuckDB calls it.
    """
    for name in reversed(_OF_COMMONEST):
        value = exp.Anonymous(this=name, expressions=[value])
    return value


def counted_of_commonest(tree: exp.Expr) -> exp.Expr | None:
    """The value of which a tree is `rows_of_commonest`; `None` where it is another tree."""
    for name in _OF_COMMONEST:
        if not isinstance(tree, exp.Anonymous) or tree.this != name:
            return None
        (tree,) = tree.expressions
    return tree


_OF_COMMONEST = ("LIST_MAX", "MAP_VALUES", "HISTOGRAM")


class Engine(ABC):
    """Somewhere tables stand and questions to them are answered.

    Statements come as sqlglot trees, never as text; `spell` shows them in the engine's dialect.
    """

    dialect: ClassVar[str]

    def spell(self, statement: exp.Expr, *, pretty: bool = False) -> str:
        """The statement as this engine's SQL; raises where the dialect cannot say it."""
        return statement.sql(
            dialect=self.dialect, pretty=pretty, unsupported_level=ErrorLevel.RAISE, copy=False
        )

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
    def execute(self, statement: exp.Expr) -> int:
        """Run a statement that changes tables; how many rows it put in or took out.

        Raises `BudgetError`.
        """

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
