"""Columns that stand twice in a file under one header, with the same in every row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from csq.errors import IntakeError
from csq.intake.headers.keys import header_key
from csq.intake.headers.recognition import Recognition
from csq.intake.readers.base import RawTable
from csq.problems.headers import REPEATED_COLUMN
from csq.records.notation import BLANKS


def read_once(table: RawTable, recognition: Recognition) -> RawTable:
    """The table with the name of each known column once, where its repeats hold the same.

    One that differs from the first in any row keeps its name. The file is only read for it where
    a known header stands twice.
    """
    header = list(table.header)
    told = []
    for first, again in _repeats(table, recognition):
        if _hold_the_same(table, first, again):
            place = replace(table.place, column=header[again].strip(BLANKS))
            told.append(REPEATED_COLUMN.at(place, value=header[again].strip(BLANKS)))
            header[again] = ""
    if not told:
        return table
    return replace(table, header=tuple(header), problems=(*table.problems, *told))


def _repeats(table: RawTable, recognition: Recognition) -> Iterator[tuple[int, int]]:
    """The positions of each known header that stood before, with that of its first."""
    seen: dict[str, int] = {}
    for position, name in enumerate(table.header):
        key = header_key(name)
        first = seen.setdefault(key, position)
        if key and first != position and recognition.known_headers([name]):
            yield first, position


def _hold_the_same(table: RawTable, first: int, again: int) -> bool:
    try:
        return all(
            pc.all(pc.equal(*_texts(batch.cells, first, again)), min_count=0).as_py()
            for batch in table.batches()
        )
    except IntakeError:
        return False


def _texts(cells: pa.RecordBatch, *positions: int) -> tuple[pa.Array, ...]:
    return tuple(pc.utf8_trim(cells.column(n), characters=BLANKS) for n in positions)
