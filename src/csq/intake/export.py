"""One recognised export: its text, what its columns are, and how each of them is spelt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from csq.definition.sources import SourceSettings
from csq.errors import IntakeError, Place, Problem
from csq.intake.headers.columns import MatchedColumn
from csq.intake.headers.recognition import Matching
from csq.intake.headers.zones import ZoneAbove, find_zone_above, is_that_of, offset_of
from csq.intake.readers.base import RawTable, TornRow, keep_first
from csq.intake.spelling.clocks import find_clocks
from csq.intake.spelling.counted_times import count_times
from csq.intake.spelling.dates import decide_late, decide_orders
from csq.intake.spelling.day_shares import find_day_shares
from csq.intake.spelling.decimals import DECIDED_TYPES, find_decimal_commas
from csq.intake.spelling.mixtures import find_mixtures, weigh_mixtures
from csq.intake.spelling.serials import find_serials
from csq.intake.spelling.told_flags import (
    drop_silent,
    nulls_of,
    opposite_spellings,
    tell_flags,
    tells_opposite,
)
from csq.problems.columns import (
    COUNTED_TIME,
    DOUBTFUL_ZONE_ABOVE,
    MOVED_TIMES,
    RECOGNISED_SYSTEM,
    UNKNOWN_ZONE,
    ZONE_ABOVE,
)
from csq.problems.headers import UNCLEAR_COLUMN
from csq.records.notation import Clock, narrow
from csq.records.reading import FieldType, Reading
from csq.records.schema import Field


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
    """How each column of an export is spelt; raises `IntakeError` where that is undecided.

    The first rows of its table are in memory.
    """
    if unknown := [
        UNKNOWN_ZONE.at(
            replace(table.place, column=table.header[column.positions[0]]),
            value=table.header[column.positions[0]],
            zone=zone,
        )
        for column in matching.columns
        if _is_moved(column, zone) and offset_of(column.zone) is None
    ]:
        raise IntakeError(*unknown)
    begun = keep_first(table)
    matching = count_times(drop_silent(matching, begun, settings), begun, settings)
    times = tuple(
        column.positions[0]
        for column in matching.columns
        if column.spelt_type is FieldType.TIMESTAMP
    )
    declared = {
        column.positions[0]: settings.order_of((column.told_by or column.field).name)
        for column in matching.columns
    }
    asked = tuple(column for column in times if not declared[column])
    decision = decide_orders(begun, asked)
    orders = {column: declared[column] or decision.orders.get(column) for column in times}
    mixtures = find_mixtures(begun, times, orders)
    single = {
        column.positions[0]: column.spelt_type
        for column in matching.columns
        if len(column.positions) == 1 and not column.told_by
    }
    above = _zone_above(begun, matching, zone)
    serials = find_serials(
        begun,
        {
            column.positions[0]: Reading(
                zone=zone,
                ahead=_ahead(column, zone, above),
                nulls=nulls_of(column, settings),
            )
            for column in matching.columns
            if single.get(column.positions[0]) is FieldType.TIMESTAMP
        },
    )
    decimals = {n: kind for n, kind in single.items() if kind in DECIDED_TYPES}
    commas, decimal_notices = find_decimal_commas(begun, {} if settings.decimal else decimals)
    clocks = [
        column.positions[0]
        for column in matching.columns
        if single.get(column.positions[0]) is FieldType.DURATION and not column.clock
    ]
    if shares := find_day_shares(
        begun,
        [
            column.positions[0]
            for column in matching.columns
            if single.get(column.positions[0]) is FieldType.DURATION
            and not (column.unit or column.clock or column.has_parts)
            and column.field.column.unit == 1
        ],
    ):
        raise IntakeError(*shares)
    minutes, clock_notices = find_clocks(begun, [] if settings.clock else clocks)
    readings = {}
    for column in matching.columns:
        first = column.positions[0]
        decided = Clock.MINUTES if first in minutes else None
        readings[column.field.name] = Reading(
            order=orders.get(first) or declared[first],
            has_decimal_comma=settings.decimal == "," or first in commas,
            clock=column.clock or settings.clock or decided,
            has_parts=column.has_parts,
            zone=zone,
            ahead=_ahead(column, zone, above),
            first_day=table.first_day if first in serials else None,
            nulls=nulls_of(column, settings),
            is_filled=column.is_filled,
            unit=column.unit,
            since=column.since,
            spellings=tuple(opposite_spellings(column, settings).items())
            if tells_opposite(column)
            else _spellings(column.field, settings),
        )
    notices = (
        *_notices(table, matching, zone),
        *tell_flags(table, matching),
        *_tell_zone_above(table, above, zone),
        *decision.notices,
        *mixtures,
        *serials.values(),
        *decimal_notices,
        *clock_notices,
    )
    return Export(begun, matching, readings, (*table.problems, *notices))


def undecided_times(export: Export) -> tuple[int, ...]:
    """The columns of times in which the order of day and month is not known."""
    return tuple(
        column.positions[0]
        for column in export.matching.columns
        if column.spelt_type is FieldType.TIMESTAMP and not export.readings[column.field.name].order
    )


def decide_again(export: Export) -> Export:
    """An export whose later rows spell times otherwise than its first: the same where undecided."""
    undecided = undecided_times(export)
    decision = decide_late(export.table, undecided)
    mixtures = weigh_mixtures(export.table, undecided, decision.orders)
    readings = {
        column.field.name: replace(export.readings[column.field.name], order=order)
        for column in export.matching.columns
        if (order := decision.orders.get(column.positions[0]))
        and column.spelt_type is FieldType.TIMESTAMP
    }
    return replace(
        export,
        readings={**export.readings, **readings},
        problems=(
            *export.problems,
            *decision.notices,
            *(problem for problem in mixtures if problem not in export.problems),
        ),
    )


def _spellings(field: Field, settings: SourceSettings) -> tuple[tuple[str, str], ...]:
    declared = settings.spellings(field)
    if field.type is FieldType.TEXT:
        return declared
    return tuple((narrow(spelling), value) for spelling, value in declared)


def _is_moved(column: MatchedColumn, zone: str) -> bool:
    """Whether a column's header names another zone than that of the business."""
    return bool(column.zone) and not is_that_of(column.zone, zone)


def _ahead(column: MatchedColumn, zone: str, above: ZoneAbove | None) -> timedelta | None:
    if above and above.is_declared and not column.zone:
        return offset_of(above.zone)
    return offset_of(column.zone) if _is_moved(column, zone) else None


def _zone_above(table: RawTable, matching: Matching, zone: str) -> ZoneAbove | None:
    """Another zone than that of the business, named above times that say no zone themselves."""
    above = find_zone_above(table.above)
    if above is None or not above.is_other_than(zone):
        return None
    bare = [
        column.positions[-1]
        for column in matching.columns
        if column.spelt_type is FieldType.TIMESTAMP and not column.zone
    ]
    first = next(table.batches(), None) if bare else None
    texts = (cell for n in bare for cell in (first.cells.column(n).to_pylist() if first else ()))
    is_bare = any(text and not re.search(_SAYS_ITS_ZONE, text) for text in texts)
    return above if is_bare else None


_SAYS_ITS_ZONE = r"(?i)(?:z|utc|gmt|[+-]\d{2}:?\d{2})\s*$"


def _tell_zone_above(table: RawTable, above: ZoneAbove | None, zone: str) -> Iterator[Problem]:
    if above:
        kind = ZONE_ABOVE if above.is_declared else DOUBTFUL_ZONE_ABOVE
        yield kind.at(table.place, value=above.said, zone=zone)


def tell_unclear(table: RawTable, matching: Matching) -> Iterator[Problem]:
    """What is not read as several columns stand in for it, a notice for each field."""
    for column in matching.unclear:
        headers = [table.header[position] for position in column.positions]
        yield UNCLEAR_COLUMN.at(
            table.place,
            field=column.field.title,
            known=", ".join(headers),
            source=matching.schema.source,
            name=column.field.name,
            first=headers[0],
        )


def _notices(table: RawTable, matching: Matching, zone: str) -> Iterator[Problem]:
    """What is not said by the headers themselves, or by several of them."""
    if matching.layout:
        yield RECOGNISED_SYSTEM.at(table.place, value=matching.layout.system)
    yield from tell_unclear(table, matching)
    for column in matching.columns:
        if _is_moved(column, zone):
            spelt = table.header[column.positions[0]]
            yield MOVED_TIMES.at(replace(table.place, column=spelt), value=spelt, zone=zone)
        start = matching.schema.field(column.since) if column.since else None
        if start:
            spelt = table.header[column.positions[0]]
            place = replace(table.place, column=spelt)
            yield COUNTED_TIME.at(place, value=spelt, field=column.field.title, start=start.title)
