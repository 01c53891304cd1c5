"""Ratings on another scale than csq knows: its low numbers would pass for those of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sqlglot import exp

from csq.engines.base import StagingEngine
from csq.errors import Problem
from csq.intake.export import Export
from csq.intake.staging.incoming import FILE, RAW
from csq.intake.staging.stage import StagedSource, refused_table
from csq.intake.staging.tables import table_of
from csq.problems.rows import FOREIGN_SCALE, LOW_RATINGS, OUT_OF_SCALE, STANDS_FOR_NOTHING
from csq.records.notation import BLANKS, FOOTNOTE_ROW, TOTALS_ROW
from csq.records.reading import Reading, UnreadableCell, python_type, read_cell
from csq.records.schema import Field

_FOREIGN = Fraction(1, 10)
_FEWEST = 5
"""From which share of a column's ratings, and how many, numbers beyond its scale are no slips."""


def find_foreign_scales(engine: StagingEngine, source: StagedSource) -> Iterator[Problem]:
    """Each column with so many ratings beyond its scale that it must have another one.

    Every refused row counts, however many there are. Rows without a rating say nothing of the
    scale, and neither do totals and notes.
    """
    fields = [f for f in source.schema.fields if f.column.scale and f.name in source.stored]
    if not fields or not source.refused:
        return
    within = _ask(engine, source, fields, (exp.Count,))
    for number, export in enumerate(source.exports):
        filled = within.get(number, [(0,)] * len(fields))
        for field, (count,) in zip(fields, filled, strict=True):
            position = _position_of(export, field)
            if position is None or source.refused.get(number, 0) < _FEWEST:
                continue
            beyond = _count_beyond(engine, source, number, field, position)
            high = sum(beyond.values())
            share = Fraction(high, high + count) if high else Fraction(0)
            if high >= _FEWEST and share >= _FOREIGN and field.column.scale:
                lowest, highest = field.column.scale
                found = FOREIGN_SCALE.at(
                    replace(export.place, column=export.table.header[position]),
                    field=field.title,
                    name=field.name,
                    share=f"{round(100 * share)} %",
                    lowest=lowest,
                    highest=highest,
                )
                # -3 or 99 alone is a code for “no answer”, as systems for surveys have them.
                code = STANDS_FOR_NOTHING.fill(value=next(iter(beyond)))
                yield replace(found, hint=code) if len(beyond) == 1 else found


_ENDS_OF_SMALLER = {5: 3, 10: 5, 100: 1}
"""By where a scale ends: where another one ends that is taken for it. 0.95 is of a hundred."""
_ENOUGH = 30
"""So many ratings are hardly all bad."""


def find_low_ratings(engine: StagingEngine, source: StagedSource) -> Iterator[Problem]:
    """A warning for each column with no rating beyond the end of a usual smaller scale."""
    fields = [
        field
        for field in source.schema.fields
        if field.name in source.stored & source.fields
        and (field.column.scale or (0, 0))[1] in _ENDS_OF_SMALLER
    ]
    if not fields:
        return
    found = _ask(engine, source, fields, (exp.Count, exp.Max))
    for number, export in enumerate(source.exports):
        for n, field in enumerate(fields):
            position = _position_of(export, field)
            count, highest = found.get(number, [(0, None)] * len(fields))[n]
            if position is None or count < _ENOUGH or not field.column.scale:
                continue
            end = field.column.scale[1]
            if Fraction(highest) <= _ENDS_OF_SMALLER[end]:
                yield LOW_RATINGS.at(
                    replace(export.place, column=export.table.header[position]),
                    field=field.title,
                    whole=count,
                    lowest=_ENDS_OF_SMALLER[end],
                    highest=end,
                )


def _count_beyond(
    engine: StagingEngine, source: StagedSource, number: int, field: Field, position: int
) -> dict[str, int]:
    """The ratings beyond the scale in this column of an export's refused rows, and how many."""
    reading = source.exports[number].readings[field.name]
    return {
        cell: count
        for cell, count in _count_refused_cells(engine, source, number, position)
        if _is_beyond(cell, field, reading)
    }


def _is_beyond(cell: str, field: Field, reading: Reading) -> bool:
    try:
        read_cell(cell, python_type(field.type), field.column, reading)
    except UnreadableCell as unreadable:
        return unreadable.code == OUT_OF_SCALE.code
    return False


def _count_refused_cells(
    engine: StagingEngine, source: StagedSource, number: int, position: int
) -> list[tuple[str, int]]:
    """What stands in a column of an export's refused rows, but for totals and notes, how often."""
    cells = exp.column(RAW)
    filled = exp.Comprehension(
        this=exp.column("cell"),
        expression=exp.to_identifier("cell"),
        iterator=cells.copy(),
        condition=exp.NEQ(this=_trimmed(exp.column("cell")), expression=exp.Literal.string("")),
    )
    is_no_record = exp.Anonymous(
        this="REGEXP_FULL_MATCH",
        expressions=[
            _trimmed(_item(exp.Array(expressions=[filled]), 1)),
            exp.Literal.string(f"(?:{TOTALS_ROW})|(?:{FOOTNOTE_ROW})"),
        ],
    )
    is_record = exp.not_(exp.Coalesce(this=is_no_record, expressions=[exp.false()]), copy=False)
    query = exp.Select(
        expressions=[
            exp.alias_(_trimmed(_item(cells, position + 1)), "cell"),
            exp.Count(this=exp.Star()),
        ]
    )
    query.from_(refused_table(source.schema), copy=False).group_by("cell", copy=False)
    return engine.fetch(query.where(exp.column(FILE).eq(number), is_record, copy=False))


def _item(cells: exp.Expr, number: int) -> exp.Expr:
    return exp.Anonymous(
        this="LIST_EXTRACT", expressions=[cells.copy(), exp.Literal.number(number)]
    )


def _trimmed(cell: exp.Expr) -> exp.Expr:
    return exp.Trim(this=cell, expression=exp.Literal.string(BLANKS + '"'))


def _ask(
    engine: StagingEngine,
    source: StagedSource,
    fields: Iterable[Field],
    what: Sequence[type[exp.AggFunc]],
) -> dict[int, list[tuple[Any, ...]]]:
    """Something about the kept rows of each export, of each field all of it."""
    asked = [each(this=exp.column(f.name, quoted=True)) for f in fields for each in what]
    query = exp.Select(expressions=[exp.column(FILE), *asked])
    query.from_(table_of(source.schema), copy=False).group_by(exp.column(FILE), copy=False)
    return {
        number: list(zip(*[iter(found)] * len(what), strict=True))
        for number, *found in engine.fetch(query)
    }


def _position_of(export: Export, field: Field) -> int | None:
    """The one column in which a field of an export stands."""
    for column in export.matching.columns:
        if column.field.name == field.name and len(column.positions) == 1:
            return column.positions[0]
    return None
