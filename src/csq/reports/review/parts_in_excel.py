"""Which tables and charts of a chapter stand on a sheet of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from csq.reports.review import wordings as words
from csq.reports.review.blocks import Chapter, Column, Row, Table
from csq.reports.review.columns_in_excel import spread_of, without_idle
from csq.reports.review.paper import PAPER_HEIGHT, PAPER_WIDTH
from csq.reports.review.sheets_in_excel import POINTS_IN_CHARACTER, ROW_HEIGHT, height_of
from csq.wording import Language

_LONG = 0.8
"""Of a page: what is higher is a long table."""


def parts_of(chapter: Chapter, language: Language) -> Iterator[Chapter]:
    """What stands on a sheet of its own.

    Excel repeats one header and keeps one in sight, so a long table is the last of its sheet, and
    charts stand before it on another.
    """
    tables = tuple(map(without_idle, chapter.tables))
    chapter = replace(chapter, tables=tables)
    if len(tables) == 1 and chapter.charts and is_long(tables):
        yield replace(chapter, tables=())
        title = f"{chapter.title} · {words.VALUES.say(language)}"
        yield Chapter(f"{chapter.key}-values", title, tables=(replace(tables[0], title=title),))
        return
    if len({table.columns for table in tables}) == 1:
        yield chapter
        return
    runs: list[list[Table]] = [[]]
    for table in tables:
        if runs[-1] and is_long(runs[-1][-1:]):
            runs.append([])
        runs[-1].append(table)
    yield replace(chapter, tables=tuple(runs[0]))
    for run in runs[1:]:
        title = f"{chapter.title} · {run[0].title}"
        first = replace(run[0], title=title)
        yield Chapter(f"{chapter.key}-{first.key}", title, tables=(first, *run[1:]))


def is_long(tables: Iterable[Table]) -> bool:
    """Whether one of them is about as long as a page of paper, or longer."""
    return any(_is_high(table) for table in tables)


def _is_high(table: Table) -> bool:
    columns = table.columns
    wide = sum(column.width + 1 for column in spread_of(table)) * POINTS_IN_CHARACTER
    high = sum(max([ROW_HEIGHT, *_text_heights(row, columns)]) for row in table.rows)
    return high > _LONG * PAPER_HEIGHT * max(1.0, wide / PAPER_WIDTH)


def _text_heights(row: Row, columns: tuple[Column, ...]) -> Iterator[float]:
    for cell, column in zip(row.cells, columns, strict=True):
        if cell.text and not column.is_number:
            yield height_of(cell.text, column.width, 10)
