"""Times that stand in two columns, the day in one and the time of day in the other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from csq.errors import IntakeError, Place, Problem
from csq.intake.readers.base import RawTable
from csq.problems.headers import SPLIT_TIME
from csq.records.moments import is_time_of_day
from csq.records.notation import BLANKS, narrow
from csq.records.schema import Field, Schema

_DAY = re.compile(r"(.*)(?:日期|date)")
_TIME_OF_DAY = re.compile(r"(.*)(?:时间|時間|时刻|時刻|time)")
_WEIGHED = 50


def find_pairs(keys: Sequence[str]) -> dict[int, int]:
    """The columns that are named like times, each with the one named like its days.

    `keys` are the headers without blanks, in small letters.
    """
    days = {found[1]: n for n, key in enumerate(keys) if (found := _DAY.fullmatch(key))}
    times = {n: found[1] for n, key in enumerate(keys) if (found := _TIME_OF_DAY.fullmatch(key))}
    return {n: days[stem] for n, stem in times.items() if stem in days}


def refuse_split_times(
    table: RawTable, schema: Schema, fields: Mapping[int, Field], pairs: Mapping[int, int]
) -> None:
    """Raise `IntakeError` where a column that is a time of the schema holds times of day alone.

    `fields` are those of the columns of times; `pairs` says where the days stand.
    """
    asked = fields.keys() & pairs.keys()
    rows = first_rows(table) if asked else ()
    found = [
        tell_split_time(table.place, table.header, schema, field, (pairs[position], position))
        for position, field in fields.items()
        if position in asked and _are_times_of_day([row[position] for row in rows])
    ]
    if found:
        raise IntakeError(*found)


def tell_split_time(
    place: Place, header: Sequence[str], schema: Schema, field: Field, pair: tuple[int, int]
) -> Problem:
    day, time = (header[position].strip(BLANKS) for position in pair)
    return SPLIT_TIME.at(
        replace(place, column=time),
        field=field.title,
        source=schema.source,
        name=field.name,
        day=day,
        time=time,
    )


def first_rows(table: RawTable) -> tuple[tuple[str, ...], ...]:
    """A few rows below the header; none where the table cannot be read."""
    if table.first_rows:
        return table.first_rows
    try:
        first = next(table.batches(), None)
    except IntakeError:
        first = None
    columns = first.cells.slice(0, _WEIGHED).columns if first else []
    return tuple(zip(*(map(str, column.to_pylist()) for column in columns), strict=True))


def _are_times_of_day(cells: Sequence[str]) -> bool:
    """Whether every filled cell is a time of day."""
    filled = [cell for each in cells if (cell := narrow(each.strip(BLANKS)))]
    return bool(filled) and all(map(is_time_of_day, filled))
