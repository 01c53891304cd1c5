"""Decimal point or decimal comma, decided on all numbers of a column and never on a sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from csq.errors import Problem
from csq.intake.readers.base import RawTable
from csq.problems import DECIDED_DECIMALS
from csq.records.notation import COMMA_NUMBER, NUMBER

_POINT = f"^{NUMBER} ?[%％]?$"
_COMMA = f"^{COMMA_NUMBER}$"


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
    table: RawTable, columns: Sequence[int]
) -> tuple[frozenset[int], tuple[Problem, ...]]:
    """The columns most of whose numbers allow only a decimal comma, and a notice of each.

    The whole file is read for it when its first rows hold a comma in such a column. A column that
    also holds what only a decimal point explains stays with the point, and its commas are refused.
    """
    batches = iter(table.batches())
    first = next(batches, None) if columns else None
    if first is None:
        return frozenset(), ()
    evidence = {column: weigh_numbers(first.cells.column(column)) for column in columns}
    asked = [column for column, found in evidence.items() if found.signed]
    if not asked:
        return frozenset(), ()
    for batch in batches:
        for column in asked:
            evidence[column] += weigh_numbers(batch.cells.column(column))
    decided = [c for c in asked if evidence[c].is_comma]
    notices = (
        DECIDED_DECIMALS.at(
            table.place,
            value=table.header[column],
            count=evidence[column].signed,
            proof=evidence[column].only_comma,
        )
        for column in decided
    )
    return frozenset(decided), tuple(notices)


def weigh_numbers(cells: pa.Array) -> Evidence:
    """What a column of text says of its decimal mark."""
    trimmed = pc.utf8_trim_whitespace(cells)
    signed = trimmed.filter(pc.match_substring(trimmed, ","))
    both = pc.match_substring_regex(trimmed, _POINT), pc.match_substring_regex(trimmed, _COMMA)
    only_point, only_comma = (
        int(pc.sum(pc.and_not(one, other)).as_py() or 0) for one, other in (both, both[::-1])
    )
    filled = int(pc.sum(pc.match_substring_regex(trimmed, ".")).as_py() or 0)
    return Evidence(filled, len(signed), only_point, only_comma)
