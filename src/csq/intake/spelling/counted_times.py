"""Times whose cells are lengths of time, under a header that may mean either.

A “response time” or 首次响应时间 is the moment of the response in one system and how long it took
in another. 00:03:25 may also be a time of day. What the cells prove is read, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import compress
from typing import Any

from csq.definition.sources import SourceSettings
from csq.intake.headers.columns import MatchedColumn, find_open_times
from csq.intake.headers.recognition import Matching
from csq.intake.readers.base import RawTable
from csq.intake.spelling.cells import clean_cells
from csq.intake.spelling.told_flags import nulls_of
from csq.records.column import Column
from csq.records.moments import is_time_of_day
from csq.records.notation import BLANK_WORDS, DateOrder, fold
from csq.records.reading import FieldType, Reading, UnreadableCell, read_cell

_LOOKED_AT = 200
"""Rows whose cells are looked at: what they are they are in all rows, or rows are refused."""
_FEWEST = 3
"""Rows that show by their beginnings that a clock in them is no time of day."""
_MOSTLY = 0.9
_SAYS_NOTHING = frozenset({"", "-", "--", "—", "——", "/", "无"})
_NUMBER = re.compile(r"[\d.,\s]+")
"""A plain number may be seconds or minutes, or a time that a program counts."""
_PLAIN = Column("", "")
_MIDNIGHT = time()


def count_times(matching: Matching, table: RawTable, settings: SourceSettings) -> Matching:
    """With the times that the cells show to be counted from another, and those they show not to be.

    A header that csq knows for a moment stays one unless no cell can be.
    """
    open_times = find_open_times(matching.schema, table.header, matching.columns)
    asked = [*filter(_may_be_counted, matching.columns), *open_times]
    starts = {column.field.name: column for column in matching.columns}
    first = next(table.batches(), None) if asked else None
    if first is None:
        return matching

    def cells(column: MatchedColumn, kind: FieldType) -> list[str]:
        parts = [first.cells.column(n).slice(0, _LOOKED_AT) for n in column.positions]
        return [str(cell) for cell in clean_cells(parts, kind).to_pylist()]

    found = {}
    for column in asked:
        start = starts.get(column.field.column.since or "")
        if start is None or start.since:
            continue
        spelt = cells(column, FieldType.DURATION)
        nothing = nulls_of(column, settings) | _SAYS_NOTHING
        is_filled = [not (cell in nothing or fold(cell) in BLANK_WORDS) for cell in spelt]
        lengths = list(compress(spelt, is_filled))
        if not lengths or _NUMBER.fullmatch(lengths[0]):
            continue
        if _are_lengths(lengths):
            begun = list(compress(cells(start, FieldType.TIMESTAMP), is_filled))
            if not _may_be_times_of_day(lengths) or _are_no_times_of_day(lengths, begun):
                found[column.field.name] = replace(column, since=start.field.name)
        elif column in open_times and _are_moments(lengths):
            found[column.field.name] = column
    known = {**starts, **found}
    order = (field.name for field in matching.schema.fields)
    return replace(matching, columns=tuple(known[name] for name in order if name in known))


def _may_be_counted(column: MatchedColumn) -> bool:
    is_moment = column.field.type is FieldType.TIMESTAMP and not (column.since or column.zone)
    return is_moment and bool(column.field.column.since) and len(column.positions) == 1


def _are_lengths(cells: Sequence[str]) -> bool:
    """Whether each is a length of time and none could be a moment, but for a time of day."""
    lengths = zip(cells, _read(cells, timedelta), strict=True)
    return all(length is not None and not _NUMBER.fullmatch(cell) for cell, length in lengths)


def _may_be_times_of_day(cells: Sequence[str]) -> bool:
    is_within = (each < timedelta(days=1) for each in _read(cells, timedelta))
    return all(is_within) and all(map(is_time_of_day, cells))


def _are_moments(cells: Sequence[str]) -> bool:
    """Whether nearly all are: a row is refused for another, as in a column known for moments."""
    read = (sum(each is not None for each in _read(cells, datetime, order)) for order in DateOrder)
    return max(read) >= _MOSTLY * len(cells)


def _are_no_times_of_day(cells: Sequence[str], begun: Sequence[str]) -> bool:
    """Whether the clocks are earlier than the times of day at which their rows began.

    Then they would all be of another day, which a clock without a date does not say. A row that
    began at midnight proves nothing: its beginning may be a mere date.
    """
    read = max(
        (list(_read(begun, datetime, order)) for order in DateOrder),
        key=lambda moments: sum(moment is not None for moment in moments),
    )
    pairs = [
        (length, timedelta(hours=at.hour, minutes=at.minute, seconds=at.second))
        for length, at in zip(_read(cells, timedelta), read, strict=True)
        if at is not None and at.time() != _MIDNIGHT
    ]
    earlier = sum(length < of_day for length, of_day in pairs)
    return len(pairs) >= _FEWEST and earlier >= _MOSTLY * len(pairs)


def _read(cells: Sequence[str], kind: type, order: DateOrder | None = None) -> Iterator[Any]:
    for cell in cells:
        try:
            yield read_cell(cell, kind, _PLAIN, Reading(order=order))
        except UnreadableCell:
            yield None
