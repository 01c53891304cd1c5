"""Whether the row sets and measures that a definition names can be understood."""

from __future__ import annotations

from collections.abc import Iterator

from csq.definition.check import nearest_field
from csq.definition.load import LoadedDefinition
from csq.errors import Place, Problem
from csq.formula.faults import BrokenName, FormulaFault
from csq.formula.resolve import Scope, resolve_condition, resolve_formula
from csq.formula.syntax import Span
from csq.problems.definition import NO_TIME_FIELD, UNKNOWN_FIELD
from csq.records.reading import FieldType
from csq.records.schema import Schema


def check_rows(loaded: LoadedDefinition, scope: Scope) -> Iterator[Problem]:
    """The faults of row sets, each told where it is and not where a name leads to it."""
    for name, rows in loaded.definition.rows.items():
        try:
            scope.population(name, Span(0, 0))
        except BrokenName:
            problem = _find_row_fault(name, loaded, scope)
            if problem:
                yield problem
        except FormulaFault as fault:
            yield fault.at(loaded.place("rows", name), rows.where or name)


def check_row_times(loaded: LoadedDefinition, scope: Scope) -> Iterator[Problem]:
    """Times that row sets name for their rows."""
    for name, rows in loaded.definition.rows.items():
        if rows.time is not None:
            try:
                schema = scope.population(name, Span(0, 0)).schema
            except FormulaFault:
                continue
            yield from check_dating(rows.time, schema, loaded.place("rows", name, "time"))


def check_dating(time: str, schema: Schema, place: Place) -> Iterator[Problem]:
    """Whether a field that is to date the rows of a source is a time of theirs."""
    known = schema.field(time)
    if known is None or known.type is not FieldType.TIMESTAMP:
        times = [field.name for field in schema.fields if field.type is FieldType.TIMESTAMP]
        kind = UNKNOWN_FIELD if known is None else NO_TIME_FIELD
        nearest = nearest_field(time, schema, times)
        yield kind.at(place, value=time, source=schema.title, nearest=nearest)


def _find_row_fault(name: str, loaded: LoadedDefinition, scope: Scope) -> Problem | None:
    """The fault of a row set itself, if it is not one of the row set it builds on."""
    rows = loaded.definition.rows[name]
    base_place = loaded.place("rows", name, "from")
    try:
        base = scope.population(rows.from_, Span(0, len(rows.from_)))
    except BrokenName:
        return None
    except FormulaFault as fault:
        return fault.at(base_place, rows.from_)
    try:
        resolve_condition(rows.where or "", base, scope)
    except FormulaFault as fault:
        return fault.at(loaded.place("rows", name, "where"), rows.where or "")
    return None


def check_measures(loaded: LoadedDefinition, scope: Scope) -> Iterator[Problem]:
    """The faults of measures."""
    for name, formula in loaded.definition.measures.items():
        try:
            resolve_formula(formula, scope)
        except BrokenName:
            continue
        except FormulaFault as fault:
            yield fault.at(loaded.place("measures", name), formula)
