"""Why a row was refused, said by the record model of its kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from csq.errors import Place, Problem, clean
from csq.intake.export import Export, RefusedRow
from csq.intake.staging.second_headers import is_header
from csq.intake.staging.stage import StagedSource
from csq.problems import rows as problems
from csq.records.notation import (
    BLANKS,
    FOOTNOTE_ROW,
    INVISIBLE,
    NO_TIME,
    PLACEHOLDER_ID,
    RULED_LINE,
    is_total,
)
from csq.records.schema import Field, Schema
from csq.wording import join

_KINDS = {
    kind.code: kind
    for kind in (
        problems.BLANK_CELL,
        problems.FLATTENED_ID,
        problems.PLACEHOLDER_ID,
        problems.UNREADABLE_TIMESTAMP,
        problems.UNDECIDED_DATE,
        problems.UNREADABLE_DURATION,
        problems.AMBIGUOUS_DURATION,
        problems.ONE_NUMBER,
        problems.UNREADABLE_FLAG,
        problems.UNREADABLE_INTEGER,
        problems.NEGATIVE_COUNT,
        problems.UNREADABLE_NUMBER,
        problems.UNREADABLE_RATING,
        problems.CONTRADICTORY_RATING,
        problems.OUT_OF_SCALE,
        problems.CELL_ERROR,
        problems.HIDDEN_CELL,
        problems.INVISIBLE_ID,
        *problems.OF_NO_RECORD,
        problems.TIME_ORDER,
        problems.LONGER_THAN_WHOLE,
        problems.ALL_BLANK,
    )
}


def explain_refused(source: StagedSource, rows: Iterable[RefusedRow]) -> Iterator[Problem]:
    """Every fault of every refused row, in the order of the files."""
    for row in rows:
        yield from explain_row(source.exports[row.export], row)


def explain_row(export: Export, row: RefusedRow) -> tuple[Problem, ...]:
    """What is wrong with one row: at least one problem for a row that was refused."""
    place = replace(export.place, row=row.row)
    no_record = _no_record(export, row, place)
    if row.torn and no_record:
        return (no_record,)
    if row.torn:
        if row.torn.cells is None:
            return (problems.BROKEN_QUOTES.at(place, count=row.torn.rows),)
        width = len(export.table.header) - export.table.added_cells
        return (problems.RAGGED_ROW.at(place, actual=row.torn.cells, expected=width),)
    cells = cells_by_field(export, row.cells)
    filled = {name: cell for name, cell in cells.items() if cell}
    try:
        export.matching.schema.model.model_validate(filled, context=export.readings)
    except ValidationError as error:
        told = {column.field.name for column in export.matching.columns if column.told_by}
        faults = [
            _explain(details, export, cells, place)
            for details in error.errors(include_url=False, include_input=False)
            if not told.intersection(details["loc"])
        ]
        known = {kind.code for kind in problems.OF_NO_RECORD}
        by_id = [fault for fault in faults if fault.code in known]
        if no_record and not by_id:
            return (no_record,)
        return tuple(by_id or faults)
    return ()


_BETWEEN_CELLS = re.compile(r"[,;\t|]")


def _no_record(export: Export, row: RefusedRow, place: Place) -> Problem | None:
    """What a refused row is that is no record at all, wherever its id may stand."""
    if row.torn and row.torn.cells is None:
        return None
    cells = _BETWEEN_CELLS.split(row.torn.text) if row.torn else row.cells
    filled = _filled(tuple(cells))
    if filled == _filled(export.table.header) or (not row.torn and is_header(export, row)):
        return problems.REPEATED_HEADER.at(place, value=filled[0])
    if is_total(filled):
        return problems.TOTALS_ROW.at(place, value=filled[0])
    if filled and (
        re.fullmatch(FOOTNOTE_ROW, filled[0], re.ASCII)
        or all(re.fullmatch(RULED_LINE, cell) for cell in filled)
    ):
        return problems.FOOTNOTE_ROW.at(place, value=filled[0])
    return None


@lru_cache(maxsize=64)
def _filled(cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(cell for each in cells if (cell := each.strip(BLANKS + '"')))


def cells_by_field(export: Export, cells: tuple[str, ...]) -> dict[str, str]:
    """A row's text by field, as the record models take it."""
    found = {}
    for column in export.matching.columns:
        parts = [cells[position].strip(BLANKS) for position in column.positions]
        found[column.field.name] = " ".join(part for part in parts if part)
    return found


def _explain(
    details: ErrorDetails, export: Export, cells: Mapping[str, str], place: Place
) -> Problem:
    schema = export.matching.schema
    code = details["type"]
    if code == "missing":
        code = problems.BLANK_CELL.code
    kind = _KINDS[code]
    if kind in {problems.TIME_ORDER, problems.LONGER_THAN_WHOLE, problems.ALL_BLANK}:
        return _explain_rule(kind.code, details["ctx"]["fields"], schema, cells, place)
    field = schema.field(str(details["loc"][0]))
    assert field is not None
    fault = _tell(code, field, cells.get(field.name, ""))
    return replace(fault, place=replace(place, column=_header(export, field)))


@lru_cache(maxsize=4096)
def _tell(code: str, field: Field, value: str) -> Problem:
    """What is wrong with a cell, wherever it stands: most faults stand in many rows."""
    lowest, highest = field.column.scale or (None, None)
    fault = _KINDS[code].at(
        value=value, field=field.title, lowest=lowest, highest=highest, signs=_unseen(value)
    )
    return _ask_for_nulls(fault, value) if code.startswith("unreadable") else fault


def _unseen(text: str) -> str:
    """The signs in a text that nobody sees, as Unicode numbers them."""
    found = dict.fromkeys(re.findall(INVISIBLE, text))
    return ", ".join(f"U+{ord(sign):04X}" for sign in found)


def _explain_rule(
    code: str, names: list[str], schema: Schema, cells: Mapping[str, str], place: Place
) -> Problem:
    titles = [field.title for name in names if (field := schema.field(name))]
    if code == problems.ALL_BLANK.code:
        return problems.ALL_BLANK.at(place, fields=join(titles))
    if code == problems.LONGER_THAN_WHOLE.code:
        part, earlier, later = titles
        return problems.LONGER_THAN_WHOLE.at(
            place, value=cells.get(names[0], ""), part=part, earlier=earlier, later=later
        )
    later, earlier = titles
    value = " < ".join(cells.get(name, "") for name in names)
    fault = problems.TIME_ORDER.at(place, value=value, later=later, earlier=earlier)
    return _ask_for_nulls(fault, cells.get(names[0], ""))


def _ask_for_nulls(fault: Problem, value: str) -> Problem:
    """The problem with another hint where the cell may be a sign for nothing."""
    is_sign = re.fullmatch(PLACEHOLDER_ID, value, re.ASCII)
    if is_sign or re.fullmatch(NO_TIME, value.replace("/", "-"), re.ASCII):
        return replace(fault, hint=problems.STANDS_FOR_NOTHING.fill(value=clean(value)))
    return fault


def _header(export: Export, field: Field) -> str | None:
    for column in export.matching.columns:
        if column.field.name == field.name:
            return " + ".join(export.table.header[position] for position in column.positions)
    return None


def summarise(found: Iterable[Problem]) -> tuple[Problem, ...]:
    """One problem for each kind, file and column: the first of its sort, with the count."""
    first: dict[tuple[str, str | None, str | None, str], Problem] = {}
    for problem in found:
        key = (problem.code, problem.place.file, problem.place.column, problem.hint.en)
        seen = first.get(key)
        first[key] = replace(seen, count=seen.count + problem.count) if seen else problem
    return tuple(first.values())
