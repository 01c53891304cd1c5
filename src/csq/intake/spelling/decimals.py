"""Decimal point or decimal comma, decided on all numbers of a column and never on a sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from csq.errors import IntakeError, Problem
from csq.intake.readers.base import Batch, RawTable
from csq.intake.spelling.cells import clean_cells, may_hold
from csq.problems.columns import (
    AMBIGUOUS_DECIMALS,
    BORROWED_DECIMALS,
    DECIDED_DECIMALS,
    POINT_OR_THOUSANDS,
    THOUSANDS_OR_DECIMALS,
)
from csq.records import notation
from csq.records.reading import FieldType

_SPELLINGS = {
    FieldType.NUMBER: f"^(?:{notation.NUMBER}|{notation.PERCENT})$",
    FieldType.DURATION: f"^(?:{notation.PLAIN_AMOUNT}|{notation.WORDED_DURATION}"
    f"|{notation.CLOCK_DURATION}|{notation.DAY_CLOCK_DURATION}|{notation.DAYS_AND_CLOCK_DURATION}"
    f"|{notation.ISO_DURATION})$",
}
"""What a number looks like with a decimal point, by the type of its column; in small letters."""

DECIDED_TYPES = frozenset(_SPELLINGS)

_NO_SIGN = "\x00"


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many cells are filled or hold a comma, and how many numbers allow only one mark.

    `open_comma`, `open_point`: how many with a comma or a point are another number by each mark.
    """

    filled: int = 0
    signed: int = 0
    only_point: int = 0
    only_comma: int = 0
    open_comma: int = 0
    open_point: int = 0

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(
            self.filled + other.filled,
            self.signed + other.signed,
            self.only_point + other.only_point,
            self.only_comma + other.only_comma,
            self.open_comma + other.open_comma,
            self.open_point + other.open_point,
        )

    @property
    def is_comma(self) -> bool:
        """Whether most cells allow only the comma, and none only the point: one may be a slip."""
        return self.only_comma * 2 > self.filled and not self.only_point


@dataclass(frozen=True, slots=True)
class Decision:
    """What the numbers of a file say of their decimal marks, by column."""

    proven: frozenset[int] = frozenset()
    """The columns that can only have decimal commas."""
    borrowed: frozenset[int] = frozenset()
    """Those that allow both marks, in a file in which others are proven."""
    undecided: frozenset[int] = frozenset()
    """Those in which a number may be a thousand times another, and nothing tells which."""


def find_decimal_commas(
    table: RawTable, columns: Mapping[int, FieldType]
) -> tuple[frozenset[int], tuple[Problem, ...]]:
    """The columns with a decimal comma, and a notice of each.

    Most of their numbers allow nothing else, or all allow both marks and another column of the
    file is proven so. `columns` are the positions of numbers and durations. The whole file is read
    for it when its first rows hold a comma in such a column. A column that also holds what only a
    decimal point explains stays with the point, and its commas are refused. Raises `IntakeError`
    for a column in which commas are proven too rarely to tell what the others are.
    """
    batches = iter(table.batches())
    first = next(batches, None) if columns else None
    if first is None:
        return frozenset(), ()
    # A workbook holds numbers as numbers, and they are spelt with a point here.
    has_numbers = table.encoding is None
    doubtful = {} if has_numbers else dict(_tell_thousands(table, first, columns))
    if not any(may_hold(first.cells.column(column), ",") for column in columns):
        return frozenset(), tuple(doubtful.values())
    evidence = dict.fromkeys(columns, Evidence())
    for batch in chain((first,), batches):
        for column, kind in columns.items():
            evidence[column] += weigh_numbers(batch.cells.column(column), kind)
    decision = decide_commas(evidence, has_numbers=has_numbers)
    if decision.undecided:
        raise IntakeError(
            *(
                AMBIGUOUS_DECIMALS.at(
                    replace(table.place, column=table.header[column]),
                    field=table.header[column],
                    count=evidence[column].open_comma + evidence[column].open_point,
                    proof=evidence[column].only_comma,
                )
                for column in sorted(decision.undecided)
            )
        )
    notices = tuple(_notices(table, evidence, decision))
    decided = decision.proven | decision.borrowed
    still_open = (told for column, told in doubtful.items() if column not in decided)
    return decided, (*notices, *still_open)


def decide_commas(evidence: Mapping[int, Evidence], *, has_numbers: bool) -> Decision:
    """Which columns have a decimal comma; `has_numbers`: a point may be that of a true number."""
    proven = frozenset(
        column
        for column, found in evidence.items()
        if found.is_comma and not (has_numbers and found.open_point)
    )
    has_points = any(found.only_point for found in evidence.values())
    borrowed: set[int] = set()
    undecided: set[int] = set()
    for column, found in evidence.items():
        if column in proven or found.only_point:
            continue
        if found.only_comma:
            if found.open_comma or found.open_point:
                undecided.add(column)
        elif proven and found.open_comma:
            fits = not has_points and not (has_numbers and found.open_point)
            (borrowed if fits else undecided).add(column)
        elif proven and found.open_point and not has_numbers:
            undecided.add(column)
    return Decision(proven, frozenset(borrowed), frozenset(undecided))


def _notices(
    table: RawTable, evidence: Mapping[int, Evidence], decision: Decision
) -> Iterator[Problem]:
    known = ", ".join(table.header[column] for column in sorted(decision.proven))
    for column in sorted(decision.proven | decision.borrowed):
        found, name = evidence[column], table.header[column]
        place = replace(table.place, column=name)
        if column in decision.proven:
            count, proof = found.signed, found.only_comma
            yield DECIDED_DECIMALS.at(place, field=name, count=count, proof=proof)
        else:
            yield BORROWED_DECIMALS.at(place, field=name, count=found.open_comma, known=known)


_POINT = r"\d\.\d"
_LIKE_THOUSANDS = r"^[1-9]\d{0,2}\.\d{3}$"
_LIKE_DECIMALS = r"^[1-9]\d{0,2},\d{3}$"
_ENOUGH_TO_DOUBT = 5


def _tell_thousands(
    table: RawTable, first: Batch, columns: Mapping[int, FieldType]
) -> Iterator[tuple[int, Problem]]:
    """A warning of each column whose points may stand between thousands, by its first rows.

    A system that writes three decimals writes some that begin with a zero, or has whole numbers
    in front; one that groups thousands has no comma and no other number of digits behind a point.
    Commas may be decimal marks where semicolons part the cells and no number is without one: a
    system that groups thousands has numbers below.
    """
    for column, kind in columns.items():
        raw = first.cells.column(column)
        if not may_hold(raw, ".,"):
            continue
        cells = clean_cells([raw], kind)
        pointed = cells.filter(pc.match_substring_regex(cells, _POINT))
        alike = pointed.filter(pc.match_substring_regex(pointed, _LIKE_THOUSANDS))
        if len(alike) == len(pointed) >= _ENOUGH_TO_DOUBT:
            name = table.header[column]
            place = replace(table.place, column=name)
            value = alike[0].as_py()
            told = POINT_OR_THOUSANDS.at(place, field=name, count=len(alike), value=value)
            yield column, told
        filled = cells.filter(pc.match_substring_regex(cells, "."))
        grouped = filled.filter(pc.match_substring_regex(filled, _LIKE_DECIMALS))
        if table.has_semicolons and len(grouped) == len(filled) >= _ENOUGH_TO_DOUBT:
            name = table.header[column]
            place = replace(table.place, column=name)
            value = grouped[0].as_py()
            told = THOUSANDS_OR_DECIMALS.at(place, field=name, count=len(grouped), value=value)
            yield column, told


def weigh_numbers(cells: pa.Array, kind: FieldType = FieldType.NUMBER) -> Evidence:
    """What a column of text says of its decimal mark."""
    cleaned = pc.utf8_lower(clean_cells([cells], kind))
    comma = pc.match_substring(cleaned, ",")
    swapped = cleaned
    for old, new in ((",", _NO_SIGN), (".", ","), (_NO_SIGN, ".")):
        swapped = pc.replace_substring(swapped, old, new)
    spelling = _SPELLINGS[kind]
    both = pc.match_substring_regex(cleaned, spelling), pc.match_substring_regex(swapped, spelling)
    only_point, only_comma = (_count(pc.and_not(one, other)) for one, other in (both, both[::-1]))
    either = pc.and_(*both)
    return Evidence(
        filled=_count(pc.match_substring_regex(cleaned, ".")),
        signed=_count(comma),
        only_point=only_point,
        only_comma=only_comma,
        open_comma=_count(pc.and_(either, comma)),
        open_point=_count(pc.and_(either, pc.match_substring(cleaned, "."))),
    )


def _count(found: pa.Array) -> int:
    return int(pc.sum(found).as_py() or 0)
