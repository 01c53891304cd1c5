"""The columns of a sheet: those of each table, and which of them a long text lies over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from csq.reports.review import wordings as words
from csq.reports.review.blocks import Column, Table

SPANNED = 13
"""How wide columns are made that a long text lies over."""


def without_idle(table: Table) -> Table:
    """A table without the columns that have nothing to compare with."""
    busy = [at for at in range(len(table.columns)) if at not in table.idle]
    rows = tuple(replace(row, cells=tuple(row.cells[at] for at in busy)) for row in table.rows)
    return replace(table, columns=tuple(table.columns[at] for at in busy), rows=rows)


def spread_of(table: Table) -> tuple[Column, ...]:
    """The columns as the workbook has them: a checked one is followed by its check."""
    language_free = []
    for column in table.columns:
        language_free.append(column)
        if column.is_checked:
            language_free.append(Column(_CHECK_TITLES[0](column), 12, is_number=True))
            language_free.append(Column(_CHECK_TITLES[1](column), 10, is_number=True))
    return tuple(language_free)


_CHECK_TITLES = (
    lambda column: words.RECOMPUTED.zh if column.title == words.VALUE.zh else words.RECOMPUTED.en,
    lambda column: words.DIFFERENCE.zh if column.title == words.VALUE.zh else words.DIFFERENCE.en,
)


def columns_within(widths: Mapping[int, float], most: float) -> int:
    """How many columns together are at most so wide."""
    total, count = 0.0, 0
    for position in sorted(widths):
        total += widths[position]
        if total > most and count:
            break
        count += 1
    return count


def spans(table: Table, position: int) -> bool:
    """Whether a column is a table's last and of long texts, so that it may lie over several."""
    last = table.columns[-1]
    return position == len(spread_of(table)) and last.width > 2 * SPANNED and not last.is_number


def make_room(widths: dict[int, float], table: Table) -> None:
    """Columns enough for a table's last one, beside narrower ones of other tables."""
    position = len(spread_of(table))
    if spans(table, position):
        wanted = table.columns[-1].width
        widths.setdefault(position, SPANNED)
        while sum(width for at, width in widths.items() if at >= position) < wanted:
            widths[max(widths) + 1] = SPANNED


def span_of(widths: Mapping[int, float], table: Table) -> tuple[int, int] | None:
    """The columns over which a table's last one lies; `None` where that is one."""
    first = len(spread_of(table))
    if not spans(table, first):
        return None
    last, reached = first, widths[first]
    while reached < table.columns[-1].width:
        last += 1
        reached += widths[last]
    return (first, last) if last > first else None
