"""Durations that are a share of a day or an hour where csq would take them for seconds.

Excel holds 00:03:25 as 0.00237268518518519 and saves that, once the column has lost its format;
other programs export hours. Nobody measures a service in millionths of a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from csq.errors import Problem
from csq.intake.readers.base import RawTable
from csq.intake.spelling.cells import clean_cells, may_hold
from csq.problems.columns import SHARES_OF_TIME
from csq.records.notation import PLAIN_AMOUNT
from csq.records.reading import FieldType

_AMOUNT = f"^{PLAIN_AMOUNT}$"
_NOTHING = r"^0+(?:[.,]0*)?$"
_SHARE = r"^0[.,]\d+$"
_FINE_SHARE = r"^0[.,]\d{5,}$"


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many plain numbers but 0 there are, how many below 1, and with five decimals or more.

    `example` is the first of the latter.
    """

    amounts: int = 0
    shares: int = 0
    fine: int = 0
    example: str = ""

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(
            self.amounts + other.amounts,
            self.shares + other.shares,
            self.fine + other.fine,
            self.example or other.example,
        )

    @property
    def is_of_shares(self) -> bool:
        """Whether all numbers are below 1, and most of them as fine as a division leaves them."""
        return self.amounts == self.shares and 2 * self.fine > self.amounts


def find_day_shares(table: RawTable, columns: Sequence[int]) -> tuple[Problem, ...]:
    """The columns of plain durations that can be no seconds, by their positions.

    The whole file is read for it only when its first rows hold nothing else.
    """
    batches = iter(table.batches())
    first = next(batches, None) if columns else None
    if first is None:
        return ()
    pointed = [column for column in columns if may_hold(first.cells.column(column), ".,")]
    evidence = {column: _weigh(first.cells.column(column)) for column in pointed}
    asked = [column for column, found in evidence.items() if found.is_of_shares]
    for batch in batches if asked else ():
        for column in asked:
            evidence[column] += _weigh(batch.cells.column(column))
    return tuple(
        SHARES_OF_TIME.at(
            replace(table.place, column=table.header[column]),
            field=table.header[column],
            value=evidence[column].example,
            whole=evidence[column].amounts,
        )
        for column in asked
        if evidence[column].is_of_shares
    )


def _weigh(cells: pa.Array) -> Evidence:
    cleaned = clean_cells([cells], FieldType.DURATION)
    if not pc.any(pc.match_substring_regex(cleaned, _SHARE)).as_py():
        # Whatever else there is, none of it speaks for shares; one amount speaks against them.
        return Evidence(_count(pc.match_substring_regex(cleaned, "[1-9]")))
    shares = cleaned.filter(
        pc.and_not(
            pc.match_substring_regex(cleaned, _SHARE), pc.match_substring_regex(cleaned, _NOTHING)
        )
    )
    fine = shares.filter(pc.match_substring_regex(shares, _FINE_SHARE))
    others = pc.and_not(
        pc.match_substring_regex(cleaned, _AMOUNT),
        pc.or_(
            pc.match_substring_regex(cleaned, _SHARE), pc.match_substring_regex(cleaned, _NOTHING)
        ),
    )
    return Evidence(
        _count(others) + len(shares), len(shares), len(fine), str(fine[0]) if len(fine) else ""
    )


def _count(found: pa.Array) -> int:
    return int(pc.sum(found).as_py() or 0)
