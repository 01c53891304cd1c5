"""Flags without a column of their own, which the column of another field tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pyarrow.compute as pc

from csq.definition.sources import SourceSettings
from csq.errors import Problem
from csq.intake.headers.columns import MatchedColumn
from csq.intake.headers.recognition import Matching
from csq.intake.readers.base import RawTable
from csq.intake.spelling.cells import clean_cells
from csq.problems.columns import FILLED_FLAG, TOLD_FLAG
from csq.records.notation import BLANK_WORDS, NO_WORDS, YES_WORDS, fold, narrow
from csq.records.reading import FieldType

_YES, _NO = YES_WORDS[0], NO_WORDS[0]


def drop_silent(matching: Matching, table: RawTable, settings: SourceSettings) -> Matching:
    """Without the flags whose opposite is only ever marked where it holds, and blank elsewhere.

    Whether a blank means no, or that nobody knows, such a column does not say.
    """
    told = [column for column in matching.columns if tells_opposite(column)]
    first = next(table.batches(), None) if told else None
    if first is None:
        return matching
    silent = set()
    for column in told:
        [cells] = (clean_cells([first.cells.column(n)], FieldType.FLAG) for n in column.positions)
        known = {fold(cell) for cell in pc.unique(cells).to_pylist()}
        blank = {"", *BLANK_WORDS, *map(fold, nulls_of(column, settings))}
        turned = opposite_spellings(column, settings)
        says_so = any(turned.get(word) == _YES for word in known - blank)
        if known & blank and not says_so:
            silent.add(column)
    return replace(matching, columns=tuple(c for c in matching.columns if c not in silent))


def tells_opposite(column: MatchedColumn) -> bool:
    """Whether a column is read for a flag that holds where its own field does not."""
    return column.told_by is not None and not column.is_filled


def nulls_of(column: MatchedColumn, settings: SourceSettings) -> frozenset[str]:
    """The words for nothing, as cells of the column are compared with them."""
    words = settings.nulls_of((column.told_by or column.field).name)
    is_text = column.field.type is FieldType.TEXT
    return frozenset(word if is_text else narrow(word) for word in words)


def opposite_spellings(column: MatchedColumn, settings: SourceSettings) -> Mapping[str, str]:
    """The spellings of the flag whose column it is, each with what its opposite holds there."""
    assert column.told_by
    spelt = {
        **dict.fromkeys(YES_WORDS, _YES),
        **dict.fromkeys(NO_WORDS, _NO),
        **column.told_by.column.values,
        **{narrow(word): value for word, value in settings.spellings(column.told_by)},
    }
    turned = {**dict.fromkeys(YES_WORDS, _NO), **dict.fromkeys(NO_WORDS, _YES)}
    return {word: turned.get(value, value) for word, value in spelt.items()}


def tell_flags(table: RawTable, matching: Matching) -> Iterator[Problem]:
    """A notice for each flag that is not what its column says, but follows from it."""
    for column in matching.columns:
        spelt = table.header[column.positions[0]]
        place = replace(table.place, column=spelt)
        if tells_opposite(column):
            yield TOLD_FLAG.at(place, value=spelt, field=column.field.title)
        elif column.is_filled and not column.told_by:
            yield FILLED_FLAG.at(place, value=spelt, field=column.field.title)
