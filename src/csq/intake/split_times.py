"""Times that stand in two columns, the day in one and the time of day in the other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from csq.errors import IntakeError, Place, Problem
from csq.intake.readers.base import RawTable
from csq.problems import SPLIT_TIME
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
    first = next(table.batches(), None) if fields.keys() & pairs.keys() else None
    if first is None:
        return
    found = [
        tell_split_time(table.place, table.header, schema, field, (pairs[position], position))
        for position, field in fields.items()
        if position in pairs and _are_times_of_day(first.cells.column(position).slice(0, _WEIGHED))
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


def _are_times_of_day(cells: Sequence[object]) -> bool:
    """Whether every filled cell is a time of day."""
    filled = [cell for each in cells if (cell := narrow(str(each).strip(BLANKS)))]
    return bool(filled) and all(map(is_time_of_day, filled))
