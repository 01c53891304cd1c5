"""Reports in groups: their rows have totals between them, and the group in the first row alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlglot import exp

from csq.engines.base import StagingEngine
from csq.errors import Problem
from csq.intake.export import RefusedRow
from csq.intake.staging.incoming import FILE
from csq.intake.staging.stage import StagedSource
from csq.intake.staging.tables import table_of
from csq.problems.rows import GROUPED_ROWS
from csq.records.notation import BLANKS, is_total

_FEWEST = 2


def find_grouped(
    engine: StagingEngine, source: StagedSource, refused: Iterable[RefusedRow]
) -> Iterator[Problem]:
    """A warning of each column that has totals in it, and a value in no more rows than these."""
    totals = Counter((row.export, n) for row in refused if (n := _place_of_total(row)) is not None)
    for (number, position), count in sorted(totals.items()):
        export = source.exports[number]
        column = next((c for c in export.matching.columns if c.positions == (position,)), None)
        if count < _FEWEST or column is None or column.field.name not in source.stored:
            continue
        value = exp.column(column.field.name, quoted=True)
        counted = exp.select(exp.Count(this=exp.Star()), exp.Count(this=value))
        of_export = exp.column(FILE).eq(number)
        ((rows, filled),) = engine.fetch(counted.from_(table_of(source.schema)).where(of_export))
        if filled <= count and filled < rows:
            place = replace(export.place, column=export.table.header[position])
            yield GROUPED_ROWS.at(place, field=column.field.title, count=rows - filled)


def _place_of_total(row: RefusedRow) -> int | None:
    """In which cell a row says that it is a total, where that is its first one that is filled."""
    cells = () if row.torn else row.cells
    filled = {n: cell for n, each in enumerate(cells) if (cell := each.strip(BLANKS))}
    return next(iter(filled)) if is_total([*filled.values()]) else None
