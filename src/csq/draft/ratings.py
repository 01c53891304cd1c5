"""Ratings of customers that stand in an export of something else, such as a list of tickets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from csq.draft.cells import MOSTLY, SampledColumn
from csq.draft.likeness import SUGGESTED, measure_question
from csq.records.notation import FIVE_RATINGS, PLACEHOLDER_ID
from csq.records.reading import Reading, UnreadableCell, read_cell
from csq.records.schema import Field, Schema, known_schemas

_WORDS = tuple((word, str(n)) for n, words in enumerate(FIVE_RATINGS, 1) for word in words)


@dataclass(frozen=True, slots=True)
class RatingColumn:
    """A column that holds ratings from 1 to 5, and what stands in it for none."""

    header: str
    nulls: tuple[str, ...]


def find_rating(schema: Schema, columns: Iterable[SampledColumn]) -> RatingColumn | None:
    """The first column that is called and filled like ratings, where the records have none.

    It must reach the end of its scale: what never passes 3 may be one of three.
    """
    csat = known_schemas()["surveys"].field("csat")
    if csat is None or schema.field(csat.name):
        return None
    for column in columns:
        if measure_question(column.header, csat) < SUGGESTED:
            continue
        nulls = tuple(
            cell for cell in dict.fromkeys(column.filled) if re.fullmatch(PLACEHOLDER_ID, cell)
        )
        ratings = [_rate(cell, csat) for cell in column.filled if cell not in nulls]
        known = [rating for rating in ratings if rating is not None]
        if len(known) >= MOSTLY * len(ratings) and max(known, default=0) == len(FIVE_RATINGS):
            return RatingColumn(column.header, nulls)
    return None


def _rate(cell: str, csat: Field) -> Decimal | None:
    try:
        rating = read_cell(cell, Decimal, csat.column, Reading(spellings=_WORDS))
    except UnreadableCell:
        return None
    return rating if isinstance(rating, Decimal) else None
