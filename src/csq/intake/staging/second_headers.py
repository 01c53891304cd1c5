"""Headers below the first one, where exports were pasted under each other.

A header never passes for a row, since no id is called what ids are called and no time is a word:
it is among the refused rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from sqlglot import exp

from csq.engines.base import StagingEngine
from csq.errors import IntakeError, Problem
from csq.intake.export import Export, RefusedRow
from csq.intake.headers.keys import header_key
from csq.intake.staging.incoming import FILE, RAW, ROW
from csq.intake.typing.trees import list_texts
from csq.problems.headers import SECOND_HEADER
from csq.records.notation import BLANKS
from csq.records.schema import Schema

_FEWEST = 2
"""So many cells that are names of columns make a header."""


def refuse_second_headers(
    engine: StagingEngine, schema: Schema, exports: Sequence[Export], refused: exp.Table
) -> None:
    """Raise `IntakeError` where a row heads the rows below it otherwise than their header does."""
    known = sorted({name for export in exports for name in _names(schema, export.table.header)})
    shared = exp.Anonymous(this="LIST_INTERSECT", expressions=[exp.column(RAW), list_texts(known)])
    count = exp.Anonymous(this="LEN", expressions=[shared])
    file, row, raw = map(exp.column, (FILE, ROW, RAW))
    query = (
        exp.Select(expressions=[file, row, raw]).from_(refused, copy=False)
        .where(exp.GTE(this=count, expression=exp.Literal.number(_FEWEST)), copy=False)
        .order_by(file.copy(), row.copy(), copy=False)
    )  # fmt: skip
    others = list(_others(exports, engine.fetch(query)))
    if others:
        raise IntakeError(*others)


def _others(
    exports: Sequence[Export], rows: Sequence[tuple[int, int, Sequence[str]]]
) -> Iterator[Problem]:
    """The first other header of each export."""
    told: set[int] = set()
    for number, row, raw in rows:
        export = exports[number]
        cells = tuple(raw[: len(export.table.header)])
        found = RefusedRow(number, row, cells)
        if number not in told and is_header(export, found) and not _means_the_same(export, cells):
            told.add(number)
            shown = ", ".join(cell for cell in cells if cell.strip())
            yield SECOND_HEADER.at(replace(export.place, row=row), value=shown)


def is_header(export: Export, row: RefusedRow) -> bool:
    """Whether a row holds names of columns and not values: half of its cells, and all required."""
    schema = export.matching.schema
    names = _names(schema, export.table.header)
    filled = [cell.strip(BLANKS) for cell in row.cells if cell.strip(BLANKS)]
    known = sum(1 for cell in filled if cell in names)
    required = {
        position
        for column in export.matching.columns
        if column.field.required
        for position in column.positions
    }
    return (
        known >= _FEWEST
        and known * 2 >= len(filled)
        and all(_is_name(row.cells[position], names) for position in required)
    )


def _is_name(cell: str, names: frozenset[str]) -> bool:
    """Whether a cell that should hold an id or a time holds a name: nothing else has no digit."""
    return cell.strip(BLANKS) in names or not any(map(str.isdigit, cell))


def _means_the_same(export: Export, cells: Sequence[str]) -> bool:
    """Whether a row names each column as the header does, or by another name of its field."""
    header = [header_key(cell) for cell in export.table.header]
    again = [header_key(cell) for cell in cells]
    spellings = {
        position: {header_key(name) for name in column.field.own_headers}
        for column in export.matching.columns
        for position in column.positions
    }
    return all(
        first == second or second in spellings.get(position, ())
        for position, (first, second) in enumerate(zip(header, again, strict=True))
    )


@lru_cache(maxsize=64)
def _names(schema: Schema, header: tuple[str, ...]) -> frozenset[str]:
    """What a header of this kind of record may name its columns."""
    of_fields = (n for field in schema.fields for n in (*field.headers, *field.column.elapsed))
    return frozenset(filter(None, (*of_fields, *(cell.strip(BLANKS) for cell in header))))
