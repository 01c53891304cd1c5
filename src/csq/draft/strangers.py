"""What an export of no known kind is nearest to, and what keeps it from being that."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from csq.draft.cells import SampledColumn
from csq.draft.guesses import required_fields
from csq.intake.headers.columns import MatchedColumn
from csq.records.reading import FieldType
from csq.records.schema import Field, Schema

_ENOUGH = 2
"""Columns, of a kind of record or of sums, that say more than chance."""
_OF_SUMS = re.compile(
    r"(?i)人数|次数|件数|[量数]$|总|合计|\b(?:calls|count|total|sum|number)\b|"
    r"(?P<share>率|占比|均|%|\b(?:avg|average|mean|rate|ratio)\b)"
)
"""What a figure over many cases is called; a `share` is a mean or a rate, which no case has."""
_AMOUNTS = frozenset({FieldType.INTEGER, FieldType.NUMBER, FieldType.DURATION})


@dataclass(frozen=True, slots=True)
class Nearest:
    """The kind of record that an export has the most columns of, and what it lacks of it."""

    schema: Schema
    placed: tuple[Field, ...]
    lacking: tuple[Field, ...]


def find_nearest(
    schemas: Iterable[Schema], placed: Mapping[str, Mapping[str, MatchedColumn]]
) -> Nearest | None:
    """The kind with the most columns here, if one has more than any other.

    `placed` are the columns of each kind by source. Of kinds with as many, the one whose key is
    here is nearer.
    """
    found: list[tuple[tuple[int, bool], Nearest]] = []
    for schema in schemas:
        here = placed[schema.source]
        lacking = tuple(each for group in required_fields(schema, here) for each in group[:1])
        fields = tuple(each for each in schema.fields if each.name in here)
        if lacking and len(fields) >= _ENOUGH:
            found.append(((len(fields), schema.key in here), Nearest(schema, fields, lacking)))
    most = max((rank for rank, _ in found), default=None)
    best = [nearest for rank, nearest in found if rank == most]
    return best[0] if len(best) == 1 else None


def holds_sums(columns: Sequence[SampledColumn], keys: Collection[str]) -> bool:
    """Whether each row seems to sum up many cases: amounts that are named so, and no id.

    `keys` are the headers under which a kind of record has its id. One amount must be a mean or
    a rate: a single case has counts too, such as its messages.
    """
    if any(each.header in keys for each in columns):
        return False
    amounts = [each for each in columns if each.filled and _AMOUNTS & each.kinds]
    named = [found for each in amounts if (found := _OF_SUMS.search(each.header.strip()))]
    return len(named) >= _ENOUGH and any(found["share"] for found in named)
