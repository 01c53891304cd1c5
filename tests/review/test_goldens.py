"""A small review as text: every cell of its workbook, and the parts of its page.

Accept what you have looked at with `cp tests/actual/review/* tests/review/golden/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from csq.reports.review.blocks import Document
from csq.reports.review.page import draw_review_page
from csq.reports.review.workbook import draw_review_workbook


def test_the_workbook(small_document: Document, compare: Callable[[str, str], None]) -> None:
    book = load_workbook(BytesIO(draw_review_workbook(small_document)))
    compare("workbook.txt", "\n".join(line for sheet in book.worksheets for line in _dump(sheet)))


def _dump(sheet: Worksheet) -> Iterator[str]:
    """A sheet as lines: its set-up, then each cell with its content, number format and fill."""
    yield f"== {sheet.title}"
    setup = {
        "freeze": sheet.freeze_panes,
        "filter": sheet.auto_filter.ref,
        "repeat": sheet.print_title_rows,
    }
    yield "   " + ", ".join(f"{name} {value}" for name, value in setup.items() if value)
    # Of many rows that are alike the first few say all.
    last = 4 if sheet.title.startswith(("数据·", "图表")) else None
    for row in sheet.iter_rows(max_row=last):
        for cell in row:
            if cell.value is not None:
                assert isinstance(cell, Cell)
                yield _line(cell)
    yield ""


def _line(cell: Cell) -> str:
    text = getattr(cell.value, "text", cell.value)
    parts = [
        f"{cell.coordinate:5}{text!r}" if isinstance(text, str) else f"{cell.coordinate:5}{text}"
    ]
    if cell.number_format != "General":
        parts.append(f"[{cell.number_format}]")
    if cell.fill.fill_type:
        parts.append(f"fill {cell.fill.fgColor.rgb[2:]}")
    if cell.hyperlink:
        parts.append(f"→ {cell.hyperlink.location}")
    return "  ".join(parts)


PARTS = {
    "story": r'<section class="story".*?</section>',
    "tiles": r'<section aria-labelledby="title-tiles">.*?</section>',
    "indicators": r'<section id="chapter-indicators".*?</section>',
    "groups": r'<section id="chapter-groups".*?</section>',
    "tracking": r'<section id="chapter-tracking".*?</section>',
}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_the_page(compare: Callable[[str, str], None], part: str, page_text: str) -> None:
    found = re.search(PARTS[part], page_text, re.DOTALL)
    assert found
    # The drawing itself is Vega's; what it says is csq's.
    shown = re.sub(r'<svg[^>]*aria-label="([^"]*)".*?</svg>', r"[\1]", found[0], flags=re.DOTALL)
    compare(f"{part}.html", re.sub(r"\n\s*\n+", "\n", shown) + "\n")


@pytest.fixture(scope="module")
def page_text(small_document: Document) -> str:
    return draw_review_page(small_document)


def test_only_a_note_on_marked_values_has_their_mark(small_document: Document) -> None:
    trends = small_document.chapter("trends")
    chart = replace(trends.charts[0], note="持续变化", names={"value": "各期值"})
    for names, mark in (
        ({}, ""),
        ({"breach": "超限值"}, '<span class="mark" aria-hidden="true">◇</span> '),
    ):
        drawn = replace(chart, names={**chart.names, **names})
        page = draw_review_page(
            replace(small_document, chapters=(replace(trends, charts=(drawn,)),))
        )
        assert f'<p class="note">{mark}持续变化</p>' in page
