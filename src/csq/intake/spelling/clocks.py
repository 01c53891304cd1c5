"""What the two numbers of `03:25` are, decided on all durations of a column or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from csq.errors import Problem
from csq.intake.readers.base import RawTable
from csq.intake.spelling.cells import clean_cells, may_hold
from csq.problems.columns import DECIDED_CLOCK
from csq.records.notation import CLOCK_DURATION, SHORT_CLOCK_DURATION
from csq.records.reading import FieldType

_SHORT = f"^{SHORT_CLOCK_DURATION}$"
_UNDER_SIXTY = r"^[0-5]?\d:"
_LONG = f"^{CLOCK_DURATION}$"
_NO_HOURS = r"^0+:"
_WHOLE_MINUTES = r":0?0(?:\.0*)?$"


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many durations have two numbers, and how those with three speak of them.

    `over`: those of two whose first is 60 or more. `exact`: those of three that have hours, and
    seconds too; `hourless`: those of three that begin with a 0.
    """

    short: int = 0
    over: int = 0
    exact: int = 0
    hourless: int = 0

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(
            self.short + other.short,
            self.over + other.over,
            self.exact + other.exact,
            self.hourless + other.hourless,
        )

    @property
    def is_minutes(self) -> bool:
        """Whether the column leaves the hours out where there are none, and only then."""
        return bool(self.exact) and not self.hourless and not self.over


def find_clocks(
    table: RawTable, columns: Sequence[int]
) -> tuple[frozenset[int], tuple[Problem, ...]]:
    """The columns of durations in which `03:25` can only be minutes and seconds, with notices.

    That is so where the same column has `1:02:03` for what is longer, and no `0:02:03`. The whole
    file is read for it when its first rows hold a duration of two numbers.
    """
    batches = iter(table.batches())
    first = next(batches, None) if columns else None
    if first is None:
        return frozenset(), ()
    asked = [column for column in columns if _holds_short(first.cells.column(column))]
    evidence = dict.fromkeys(asked, Evidence())
    for batch in chain((first,), batches) if asked else ():
        for column in asked:
            evidence[column] += weigh_clocks(batch.cells.column(column))
    decided = [column for column in asked if evidence[column].is_minutes]
    notices = (
        DECIDED_CLOCK.at(
            replace(table.place, column=table.header[column]),
            field=table.header[column],
            count=evidence[column].short,
            proof=evidence[column].exact,
        )
        for column in decided
    )
    return frozenset(decided), tuple(notices)


def _holds_short(cells: pa.Array) -> bool:
    """Whether a column holds a duration of two numbers."""
    if not may_hold(cells, ":"):
        return False
    cleaned = clean_cells([cells], FieldType.DURATION)
    return _count(pc.match_substring_regex(cleaned, _SHORT)) > 0


def weigh_clocks(cells: pa.Array) -> Evidence:
    """What a column of text says of its durations of two numbers."""
    cleaned = clean_cells([cells], FieldType.DURATION)
    short = cleaned.filter(pc.match_substring_regex(cleaned, _SHORT))
    long = cleaned.filter(pc.match_substring_regex(cleaned, _LONG))
    hourless = pc.match_substring_regex(long, _NO_HOURS)
    whole = pc.match_substring_regex(long, _WHOLE_MINUTES)
    return Evidence(
        len(short),
        len(short) - _count(pc.match_substring_regex(short, _UNDER_SIXTY)),
        _count(pc.invert(pc.or_(hourless, whole))),
        _count(hourless),
    )


def _count(found: pa.Array) -> int:
    return int(pc.sum(found).as_py() or 0)
