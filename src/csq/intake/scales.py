"""Ratings on another scale than csq knows: its low numbers would pass for those of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from sqlglot import exp

from csq.engines.base import Engine
from csq.errors import Problem
from csq.intake.export import Export
from csq.intake.incoming import FILE
from csq.intake.stage import StagedSource
from csq.intake.tables import table_of
from csq.problems.rows import FOREIGN_SCALE, OUT_OF_SCALE
from csq.records.schema import Field

_FOREIGN = Fraction(1, 10)
_FEWEST = 5
"""From which share of a column's ratings, and how many, numbers beyond its scale are no slips."""


def find_foreign_scales(
    engine: Engine, source: StagedSource, found: Iterable[Problem]
) -> Iterator[Problem]:
    """Each column with so many ratings beyond its scale that it must have another one.

    `found` are the faults of the refused rows. Rows without a rating say nothing of the scale.
    """
    beyond = Counter(
        (problem.place.file, problem.place.sheet, problem.place.column)
        for problem in found
        if problem.code == OUT_OF_SCALE.code
    )
    fields = [f for f in source.schema.fields if f.column.scale and f.name in source.stored]
    if not fields or max(beyond.values(), default=0) < _FEWEST:
        return
    within = _count_filled(engine, source, fields)
    for number, export in enumerate(source.exports):
        for field, count in zip(fields, within.get(number, (0,) * len(fields)), strict=True):
            header = _header_of(export, field)
            high = beyond[export.place.file, export.place.sheet, header]
            share = Fraction(high, high + count) if high else Fraction(0)
            if high >= _FEWEST and share >= _FOREIGN and field.column.scale:
                lowest, highest = field.column.scale
                yield FOREIGN_SCALE.at(
                    replace(export.place, column=header),
                    field=field.title,
                    name=field.name,
                    share=f"{round(100 * share)} %",
                    lowest=lowest,
                    highest=highest,
                )


def _count_filled(
    engine: Engine, source: StagedSource, fields: Iterable[Field]
) -> dict[int, tuple[int, ...]]:
    """How many kept rows of each export have a rating, by field."""
    counts = [exp.Count(this=exp.column(field.name, quoted=True)) for field in fields]
    query = exp.Select(expressions=[exp.column(FILE), *counts])
    query.from_(table_of(source.schema), copy=False).group_by(exp.column(FILE), copy=False)
    return {number: tuple(filled) for number, *filled in engine.fetch(query)}


def _header_of(export: Export, field: Field) -> str:
    positions = (c.positions for c in export.matching.columns if c.field.name == field.name)
    return " + ".join(export.table.header[position] for position in next(positions, ()))
