"""Reports in groups: a group stands in its first row alone, and perhaps its total below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sqlglot import exp

from csq.engines.base import StagingEngine
from csq.errors import Problem
from csq.intake.export import RefusedRow
from csq.intake.staging.incoming import FILE, ROW
from csq.intake.staging.stage import StagedSource
from csq.intake.staging.tables import table_of
from csq.problems.rows import GROUPED_ROWS
from csq.records.notation import BLANKS, is_total
from csq.records.reading import FieldType
from csq.records.schema import Field

_FEWEST = 2
"""Totals, or groups, that make a report in groups."""


def find_grouped(
    engine: StagingEngine, source: StagedSource, refused: Iterable[RefusedRow]
) -> Iterator[Problem]:
    """A warning of each column that is only filled in the first row of each group.

    It has totals in it, and a value in no more rows than these; or it stands before all others,
    is filled in the first row and blank in most, and no value comes again.
    """
    totals = Counter((row.export, n) for row in refused if (n := _place_of_total(row)) is not None)
    leading = dict.fromkeys((number, 0) for number in range(len(source.exports)))
    for number, position in sorted({**totals, **leading}):
        export = source.exports[number]
        column = next((c for c in export.matching.columns if c.positions == (position,)), None)
        if column is None or not _may_be_blank(source, column.field):
            continue
        found = _count(engine, source, number, column.field)
        has_totals = _FEWEST <= totals[number, position] >= found.filled
        if found.filled < found.rows and (has_totals or (position == 0 and found.leads_groups)):
            place = replace(export.place, column=export.table.header[position])
            blank = found.rows - found.filled
            yield GROUPED_ROWS.at(place, field=column.field.title, count=blank)


@dataclass(frozen=True, slots=True)
class _Filled:
    """How often a column of an export is filled, in the rows that count."""

    rows: int
    filled: int
    values: int
    """How many different ones there are."""
    begins: bool
    """Whether it is filled in the first row."""

    @property
    def leads_groups(self) -> bool:
        return self.begins and _FEWEST <= self.values == self.filled < self.rows / 2


def _may_be_blank(source: StagedSource, field: Field) -> bool:
    is_text = field.type is FieldType.TEXT and not field.required
    return is_text and field.name in source.stored


def _count(engine: StagingEngine, source: StagedSource, export: int, field: Field) -> _Filled:
    value, row = exp.column(field.name, quoted=True), exp.column(ROW)
    is_filled = exp.Where(this=value.is_(exp.null()).not_())
    first = exp.Filter(this=exp.Min(this=row.copy()), expression=is_filled)
    counted = exp.select(
        exp.Count(this=exp.Star()),
        exp.Count(this=value.copy()),
        exp.Count(this=exp.Distinct(expressions=[value.copy()])),
        exp.func("COALESCE", first.eq(exp.Min(this=row)), exp.false()),
    )
    of_export = exp.column(FILE).eq(export)
    ((rows, filled, values, begins),) = engine.fetch(
        counted.from_(table_of(source.schema)).where(of_export)
    )
    return _Filled(rows, filled, values, begins)


def _place_of_total(row: RefusedRow) -> int | None:
    """In which cell a row says that it is a total, where that is its first one that is filled."""
    cells = () if row.torn else row.cells
    filled = {n: cell for n, each in enumerate(cells) if (cell := each.strip(BLANKS))}
    return next(iter(filled)) if is_total([*filled.values()]) else None
