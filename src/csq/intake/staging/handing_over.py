"""Typed tables out of the engine they were made in, into the one that answers questions."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from csq.engines.base import Engine, StagingEngine
from csq.intake.staging.incoming import FILE, ROW
from csq.intake.staging.stage import StagedSource
from csq.intake.staging.tables import table_of


def hand_over(staging: StagingEngine, sources: Iterable[StagedSource], engine: Engine) -> None:
    """Put the kept rows of every source into another engine, each under its source's name."""
    for source in sources:
        stored = (field.name for field in source.schema.fields if field.name in source.stored)
        columns = [exp.column(name, quoted=True) for name in (FILE, ROW, *stored)]
        rows = exp.select(*columns).from_(table_of(source.schema))
        engine.put(source.schema.source, staging.take(rows))
