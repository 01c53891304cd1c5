"""Files without a header, whose first row must not be shown as if it were one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from csq.errors import IntakeError
from csq.intake.headers.keys import header_key
from csq.intake.headers.recognition import LIKE_DATA, Matching, Recognition
from csq.intake.headers.row_names import refuse_row_names
from csq.intake.headers.split_times import find_pairs, first_rows, refuse_split_times
from csq.intake.readers.base import RawTable
from csq.problems.headers import MISSING_COLUMN, MISSING_HEADER, MISSING_ID, UNRECOGNISED
from csq.records.notation import BLANKS
from csq.records.reading import FieldType

_KNOWN_ENOUGH = 2
"""Known headers that no row of data has by chance."""

_IN_NO_NAME = re.compile(r"[{\[]\s*\"|[。！]")
_SHOW_HEADER = {UNRECOGNISED.code, MISSING_COLUMN.code, MISSING_ID.code}


def match_table(table: RawTable, recognition: Recognition, named: str | None = None) -> Matching:
    """What the header of a table means; raises `IntakeError`, which shows no row of data."""
    try:
        matching = recognition.match(table.header, table.place, named)
    except IntakeError as error:
        shows = any(problem.code in _SHOW_HEADER for problem in error.problems)
        if shows and not has_header(table, recognition):
            width = len(table.header)
            raise IntakeError(MISSING_HEADER.at(table.place, width=width)) from None
        raise
    settings = recognition.settings_of(matching.schema.source)
    refuse_row_names(table, matching.columns, settings)
    pairs = find_pairs([header_key(cell) for cell in table.header])
    times = {
        column.positions[0]: column.field
        for column in matching.columns
        if column.field.type is FieldType.TIMESTAMP and len(column.positions) == 1
    }
    refuse_split_times(table, matching.schema, times, pairs)
    return matching


def has_header(table: RawTable, recognition: Recognition) -> bool:
    """Whether the first row names the columns, as far as it and the rows below it show.

    It does where csq knows several of its names. Else a name without a digit above cells that
    all have one speaks for it, and against it what comes again below or stands in no name.
    """
    names = [cell.strip(BLANKS) for cell in table.header]
    if table.has_named_columns or recognition.known_headers(names) >= _KNOWN_ENOUGH:
        return True
    pairs = [(name, cells) for name, cells in zip(names, _columns(table), strict=True) if name]
    against = [name for name, cells in pairs if name in cells or _is_no_name(name)]
    speaking = [
        name
        for name, cells in pairs
        if name not in against and not _has_digit(name) and cells and all(map(_has_digit, cells))
    ]
    return len(speaking) > len(against)


def _is_no_name(text: str) -> bool:
    return bool(LIKE_DATA.search(text) or _IN_NO_NAME.search(text))


def _columns(table: RawTable) -> Iterator[Sequence[str]]:
    """The filled cells of each column in the first rows; the header once more is no row."""
    header = tuple(cell.strip(BLANKS) for cell in table.header)
    rows = [tuple(cell.strip(BLANKS) for cell in row) for row in first_rows(table)]
    for position in range(len(header)):
        yield [row[position] for row in rows if row != header and row[position]]


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))
