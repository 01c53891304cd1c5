"""One recognised export: its text, what its columns are, and how each of them is spelt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from csq.definition.models import SourceSettings
from csq.errors import Place, Problem
from csq.intake.dates import decide_order
from csq.intake.decimals import find_decimal_commas
from csq.intake.headers import Matching
from csq.intake.readers.base import RawTable, TornRow
from csq.problems import COUNTED_TIME, RECOGNISED_SYSTEM
from csq.records.notation import fold
from csq.records.reading import FieldType, Reading


@dataclass(frozen=True, slots=True)
class Export:
    """One recognised export: its text, what its columns are, and how they are spelt."""

    table: RawTable
    matching: Matching
    readings: Mapping[str, Reading]
    problems: tuple[Problem, ...] = ()

    @property
    def place(self) -> Place:
        return self.table.place


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was read and not kept, as the file spells it."""

    export: int
    row: int
    cells: tuple[str, ...]
    torn: TornRow | None = None


def read_export(table: RawTable, matching: Matching, settings: SourceSettings, zone: str) -> Export:
    """How each column of an export is spelt; raises `IntakeError` where that is undecided."""
    times = tuple(
        column.positions[0]
        for column in matching.columns
        if column.field.type is FieldType.TIMESTAMP and not column.since
    )
    order, notices = decide_order(table, times, settings.date_order)
    numbers = [
        column.positions[0]
        for column in matching.columns
        if column.field.type is FieldType.NUMBER and len(column.positions) == 1
    ]
    with_comma, decimal_notices = find_decimal_commas(table, numbers)
    readings = {
        column.field.name: Reading(
            order=order,
            has_decimal_comma=column.positions[0] in with_comma,
            zone=zone,
            nulls=frozenset(settings.nulls),
            unit=column.unit,
            since=column.since,
            spellings=tuple(
                (fold(spelling), value)
                for value, spellings in settings.values.get(column.field.name, {}).items()
                for spelling in (value, *spellings)
            ),
        )
        for column in matching.columns
    }
    notices = (*_notices(table, matching), *notices, *decimal_notices)
    return Export(table, matching, readings, (*table.problems, *notices))


def _notices(table: RawTable, matching: Matching) -> Iterator[Problem]:
    """What is taken from a system's documentation and not from the headers themselves."""
    if matching.layout:
        yield RECOGNISED_SYSTEM.at(table.place, value=matching.layout.system)
    for column in matching.columns:
        start = matching.schema.field(column.since) if column.since else None
        if start:
            spelt = table.header[column.positions[0]]
            place = replace(table.place, column=spelt)
            yield COUNTED_TIME.at(place, value=spelt, field=column.field.title, start=start.title)
