"""Decimal point or decimal comma, decided on all numbers of a column and never on a sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from csq.errors import Problem
from csq.intake.cells import clean_cells
from csq.intake.readers.base import RawTable
from csq.problems import DECIDED_DECIMALS
from csq.records import notation
from csq.records.reading import FieldType

_SPELLINGS = {
    FieldType.NUMBER: f"^(?:{notation.NUMBER}|{notation.PERCENT})$",
    FieldType.DURATION: f"^(?:{notation.PLAIN_AMOUNT}|{notation.WORDED_DURATION}"
    f"|{notation.CLOCK_DURATION}|{notation.DAY_CLOCK_DURATION}|{notation.ISO_DURATION})$",
}
"""What a number looks like with a decimal point, by the type of its column; in small letters."""

DECIDED_TYPES = frozenset(_SPELLINGS)

_NO_SIGN = "\x00"


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many cells are filled or hold a comma, and how many numbers allow only one mark."""

    filled: int = 0
    signed: int = 0
    only_point: int = 0
    only_comma: int = 0

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(
            self.filled + other.filled,
            self.signed + other.signed,
            self.only_point + other.only_point,
            self.only_comma + other.only_comma,
        )

    @property
    def is_comma(self) -> bool:
        """Whether most cells allow only the comma, and none only the point: one may be a slip."""
        return self.only_comma * 2 > self.filled and not self.only_point


def find_decimal_commas(
    table: RawTable, columns: Mapping[int, FieldType]
) -> tuple[frozenset[int], tuple[Problem, ...]]:
    """The columns most of whose numbers allow only a decimal comma, and a notice of each.

    `columns` are the positions of numbers and durations. The whole file is read for it when its
    first rows hold a comma in such a column. A column that also holds what only a decimal point
    explains stays with the point, and its commas are refused.
    """
    batches = iter(table.batches())
    first = next(batches, None) if columns else None
    if first is None:
        return frozenset(), ()
    evidence = {
        column: weigh_numbers(first.cells.column(column), kind) for column, kind in columns.items()
    }
    asked = [column for column, found in evidence.items() if found.signed]
    if not asked:
        return frozenset(), ()
    for batch in batches:
        for column in asked:
            evidence[column] += weigh_numbers(batch.cells.column(column), columns[column])
    decided = [c for c in asked if evidence[c].is_comma]
    notices = (
        DECIDED_DECIMALS.at(
            replace(table.place, column=table.header[column]),
            field=table.header[column],
            count=evidence[column].signed,
            proof=evidence[column].only_comma,
        )
        for column in decided
    )
    return frozenset(decided), tuple(notices)


def weigh_numbers(cells: pa.Array, kind: FieldType = FieldType.NUMBER) -> Evidence:
    """What a column of text says of its decimal mark."""
    cleaned = pc.utf8_lower(clean_cells([cells], kind))
    signed = cleaned.filter(pc.match_substring(cleaned, ","))
    swapped = cleaned
    for old, new in ((",", _NO_SIGN), (".", ","), (_NO_SIGN, ".")):
        swapped = pc.replace_substring(swapped, old, new)
    spelling = _SPELLINGS[kind]
    both = pc.match_substring_regex(cleaned, spelling), pc.match_substring_regex(swapped, spelling)
    only_point, only_comma = (
        int(pc.sum(pc.and_not(one, other)).as_py() or 0) for one, other in (both, both[::-1])
    )
    filled = int(pc.sum(pc.match_substring_regex(cleaned, ".")).as_py() or 0)
    return Evidence(filled, len(signed), only_point, only_comma)
