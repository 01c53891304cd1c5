"""A sheet before it is written: rows of cells, what lies over them, and its pages on paper."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from rich.cells import cell_len

from csq.reports.review.blocks import Cell
from csq.reports.review.charts_in_excel import ChartData
from csq.reports.review.looks_in_excel import LINE, Look
from csq.reports.review.paper import PAPER_HEIGHT, end_pages

CHART_WIDTH = 11.6
"""In centimetres."""
ROW_HEIGHT, POINTS_IN_CHARACTER, _POINTS_IN_CM = 15.0, 5.25, 72 / 2.54

_SMALLEST = 0.62
"""Smaller than this no sheet is printed to stand on one page."""


@dataclass(frozen=True, slots=True)
class Put:
    """A cell to be written: its content and look."""

    cell: Cell
    look: Look
    formula: str = ""
    is_array: bool = False
    number_format: str = ""


@dataclass(slots=True)
class LaidOutSheet:
    """A sheet before it is written: rows of cells, and what lies over them."""

    title: str
    rows: list[list[Put | None]] = field(default_factory=list)
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    """A row, and its first and last column that are one cell."""
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    freeze: str | None = None
    filter: str | None = None
    header_row: int | None = None
    heats: list[str] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)
    choices: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    charts: list[tuple[float, int, ChartData]] = field(default_factory=list)
    """How many centimetres from the left and in which row each chart begins."""
    together: list[tuple[int, int]] = field(default_factory=list)
    """The first and the last row of what should stand on one page of paper."""
    breaks: list[int] = field(default_factory=list)
    """The rows with which a page of paper ends."""
    printed: int | None = None
    """The last row that is printed, where that is not the last."""

    @property
    def next_row(self) -> int:
        return len(self.rows) + 1

    def line(self, text: str, look: Look = LINE, across: int = 1) -> None:
        """A text over the whole width, in a row high enough for it."""
        self.rows.append([Put(Cell(text), look)])
        if across > 1:
            self.merged.append((self.next_row - 1, 1, across))
            width = sum(self.widths.get(c, 9) for c in range(1, across + 1))
            # Letters are narrower than the digits that widths count in.
            self.heighten(self.next_row - 1, text, width / 0.93, look.size)
        else:
            self.heights[self.next_row - 1] = look.size * 1.45 + 4

    def heighten(self, row: int, text: str, width: float, size: float) -> None:
        self.heights[row] = max(self.heights.get(row, 0), height_of(text, width, size))

    def blank(self) -> None:
        self.rows.append([])


def height_of(text: str, width: float, size: float) -> float:
    """How high a row must be for a text, in points."""
    lines = sum(
        max(1, math.ceil(cell_len(part) * size / 10 / max(width - 1, 1)))
        for part in text.split("\n")
    )
    return lines * size * 1.45 + 4


def fits_one_page(sheet: LaidOutSheet) -> bool:
    """Whether all of it is still to be read when it is made to stand on one page of paper."""
    return not sheet.breaks and sum(_heights(sheet)) <= PAPER_HEIGHT / _SMALLEST


def _width(sheet: LaidOutSheet) -> float:
    """How wide it is on paper, in points."""
    wide = sum(width + 1 for width in sheet.widths.values()) * POINTS_IN_CHARACTER
    return max([wide, *((left + CHART_WIDTH) * _POINTS_IN_CM for left, _, _ in sheet.charts)])


def _heights(sheet: LaidOutSheet) -> list[float]:
    return [sheet.heights.get(row, ROW_HEIGHT) for row in range(1, sheet.next_row)]


def page_breaks(sheet: LaidOutSheet) -> list[int]:
    """The rows with which a page of paper ends."""
    if fits_one_page(sheet):
        return []
    heights = _heights(sheet)
    return end_pages(
        heights,
        dict(sheet.together),
        wide=_width(sheet),
        empty={row for row, puts in enumerate(sheet.rows, 1) if not puts},
        ended=sheet.breaks,
        repeated=heights[sheet.header_row - 1] if sheet.header_row else 0.0,
        header=sheet.header_row or 0,
    )
