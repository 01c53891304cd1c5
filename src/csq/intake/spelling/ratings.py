"""What words such as 满意 are worth, decided on all exports of a source or not at all.

The same word is the best of three and the second of five. A scale of five is proven by all its
words, or by a cell that says both word and number; that of an own field is declared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from csq.definition.sources import SourceSettings
from csq.errors import Problem
from csq.intake.export import Export
from csq.intake.spelling.cells import clean_cells
from csq.problems.columns import DECIDED_RATINGS
from csq.records.notation import FIVE_RATINGS, LABELLED_RATING, RATED_LABEL
from csq.records.reading import DECIMAL_TYPES
from csq.records.schema import Field
from csq.wording import join, verbatim

_WORTH = {word: n for n, words in enumerate(FIVE_RATINGS, 1) for word in words}
_SCALE = (1, len(FIVE_RATINGS))
_MAYBE = "|".join(map(re.escape, sorted(_WORTH, key=len, reverse=True)))
"""A pattern of every cell that may hold such a word."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many cells hold each word by itself, and how many prove what a word is worth.

    A cell that pairs the worst word with 1 proves nothing: that is so on every scale.
    """

    words: Mapping[str, int]
    paired: int = 0

    def __add__(self, other: Evidence) -> Evidence:
        words = Counter(self.words) + Counter(other.words)
        return Evidence(words, self.paired + other.paired)

    @property
    def has_any(self) -> bool:
        """Whether a cell says a word."""
        return bool(self.words or self.paired)

    @property
    def is_clear(self) -> bool:
        """Whether no two words of a language would be worth the same."""
        worths = Counter((_WORTH[word], word.isascii()) for word in self.words)
        return max(worths.values(), default=0) == 1

    @property
    def is_of_five(self) -> bool:
        """Whether the cells prove a scale of five."""
        return self.paired > 0 or {_WORTH[word] for word in self.words} == set(_WORTH.values())


def spell_ratings(exports: Sequence[Export], settings: SourceSettings) -> list[Export]:
    """The exports of a source with the words of their ratings worth a number, where proven.

    A field with declared `values` is left to them. A file is read for it when its first rows hold
    such a word.
    """
    found = list(exports)
    fields = [
        field
        for field in exports[0].matching.schema.fields
        if field.type in DECIMAL_TYPES
        and field.column.scale == _SCALE
        and not settings.values.get(field.name)
    ]
    weighed = [_weigh(export, fields) for export in exports]
    for field in fields:
        said = ((number, each.get(field.name)) for number, each in enumerate(weighed))
        worded = {number: evidence for number, evidence in said if evidence and evidence.words}
        words: Counter[str] = Counter()
        for evidence in worded.values():
            words.update(evidence.words)
        whole = Evidence(words, sum(evidence.paired for evidence in worded.values()))
        is_known = whole.is_of_five or field.name in settings.fields
        if not (whole.is_clear and is_known):
            continue
        spelt = tuple((word, str(_WORTH[word])) for word in sorted(words, key=_WORTH.__getitem__))
        for number, evidence in worded.items():
            found[number] = _spelling(found[number], field, spelt, evidence)
    return found


def _spelling(
    export: Export, field: Field, spelt: tuple[tuple[str, str], ...], evidence: Evidence
) -> Export:
    reading = replace(export.readings[field.name], spellings=spelt)
    notice = _notice(export, field, spelt, evidence)
    return replace(
        export,
        readings={**export.readings, field.name: reading},
        problems=(*export.problems, notice),
    )


def _notice(
    export: Export, field: Field, spelt: Iterable[tuple[str, str]], evidence: Evidence
) -> Problem:
    told = join([verbatim(f"{word} {worth}") for word, worth in spelt], "、", ", ")
    return DECIDED_RATINGS.at(
        replace(export.place, column=_header(export, field)),
        field=field.title,
        value=told,
        count=sum(evidence.words.values()),
    )


def _header(export: Export, field: Field) -> str:
    return export.table.header[_position(export, field) or 0]


def _position(export: Export, field: Field) -> int | None:
    for column in export.matching.columns:
        if column.field.name == field.name and len(column.positions) == 1:
            return column.positions[0]
    return None


def _weigh(export: Export, fields: Iterable[Field]) -> dict[str, Evidence]:
    """What an export says of those fields that it has."""
    positions = {field: _position(export, field) for field in fields}
    columns = {field: position for field, position in positions.items() if position is not None}
    found = dict.fromkeys((field.name for field in columns), Evidence({}))
    for batch in export.table.batches() if columns else ():
        for field, position in columns.items():
            found[field.name] += weigh_words(batch.cells.column(position), field)
        columns = {field: n for field, n in columns.items() if found[field.name].has_any}
        if not columns:
            break
    return found


def weigh_words(cells: pa.Array, field: Field) -> Evidence:
    """What a column of text says of the words in it."""
    cleaned = pc.utf8_lower(clean_cells([cells], field.type))
    counted = Counter(cleaned.filter(pc.match_substring_regex(cleaned, _MAYBE)).to_pylist())
    words = {cell: count for cell, count in counted.items() if cell in _WORTH}
    paired = sum(count for cell, count in counted.items() if _is_proof(cell))
    return Evidence(words, paired)


def _is_proof(cell: str) -> bool:
    """Whether a cell says a word and the number that it is worth on a scale of five."""
    labelled = re.fullmatch(LABELLED_RATING, cell, re.ASCII)
    rated = re.fullmatch(RATED_LABEL, cell, re.ASCII)
    number, label = labelled.groups() if labelled else rated.groups()[::-1] if rated else ("", "")
    worth = _WORTH.get(label, 1)
    return worth > 1 and number == str(worth)
