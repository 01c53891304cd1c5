"""A review as sheets before they are written: which cell stands where, and what lies over it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from openpyxl.utils import get_column_letter
from rich.cells import cell_len

from csq.reports.excel import sheet_title
from csq.reports.review import wordings as words
from csq.reports.review.blocks import (
    Cell,
    Chapter,
    ChartKind,
    Column,
    Document,
    Row,
    Table,
)
from csq.reports.review.charts_in_excel import ChartData
from csq.reports.review.looks_in_excel import (
    CHECK,
    HEADER,
    HEADING,
    LINE,
    STORY,
    TITLE,
    Look,
    look_of,
)
from csq.reports.review.paper import PAPER_HEIGHT, PAPER_WIDTH, end_pages
from csq.wording import Language, Wording

_CHARTS_ACROSS, _CHART_ROWS, _CHART_GAP = 3, 14, 0.5
CHART_WIDTH = 11.6
"""In centimetres."""
_WIDEST_LINE = 150
_ROW_HEIGHT, _POINTS_IN_CHARACTER, _POINTS_IN_CM = 15.0, 5.25, 72 / 2.54

_SMALLEST = 0.62
"""Smaller than this no sheet is printed to stand on one page."""
_LONG = 0.8
"""Of a page: what is higher is a long table."""
_SPANNED = 13
"""How wide columns are made that a long text lies over."""


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
            self._heighten(self.next_row - 1, text, width / 0.93, look.size)
        else:
            self.heights[self.next_row - 1] = look.size * 1.45 + 4

    def _heighten(self, row: int, text: str, width: float, size: float) -> None:
        self.heights[row] = max(self.heights.get(row, 0), height_of(text, width, size))

    def blank(self) -> None:
        self.rows.append([])


class Layout:
    """Where everything of a document stands in the workbook."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.anchors: dict[str, tuple[str, int]] = {}
        self.chart_data: list[ChartData] = []
        self.chart_title = sheet_title(Wording("图表数据", "Chart data").say(document.language), ())
        self.chart_row = 1
        self.sheets: list[LaidOutSheet] = []
        for chapter in document.chapters:
            for part in _parts(chapter, document.language):
                self.sheets.append(self._chapter(part))
        self.sheets.insert(0, self._cover())

    # The first sheet ----------------------------------------------------------------------

    def _cover(self) -> LaidOutSheet:
        document, language = self.document, self.document.language
        sheet = LaidOutSheet(words.CHAPTERS["cover"].say(language))
        sheet.widths = dict(enumerate((30, 16, 16, 16, 16, _wide_enough(document)), 1))
        across = 6
        sheet.line(document.title, TITLE, across)
        sheet.line(document.subtitle, LINE, across)
        sheet.line(
            "    ".join(f"{text} {number}" for _, number, text in document.counts),
            Look(size=11, bold=True), across,
        )  # fmt: skip
        sheet.blank()
        for block in document.story:
            if block.title:
                sheet.line(block.title, HEADING, across)
            for text in block.lines:
                mark = "" if block.key == "pattern" else "· "
                look = Look(size=12, bold=True, wrap=True) if not block.title else STORY
                sheet.line(mark + text, look, across)
            sheet.blank()
        titles = (words.INDICATOR, words.VALUE, words.TARGET, words.VERDICT, words.CHANGE)
        numbers = (words.VALUE, words.TARGET, words.CHANGE)
        columns = tuple(Column(t.say(language), 12, is_number=t in numbers) for t in titles)
        rows = tuple(
            Row(
                (
                    Cell(tile.title, link=tile.anchor),
                    Cell(tile.value, tone=tile.tone),
                    Cell(tile.target),
                    Cell(tile.verdict, tone=tile.tone),
                    Cell(tile.change),
                )
            )
            for tile in document.tiles
        )
        headline = Wording("重点指标", "Headline indicators").say(language)
        sheet.breaks.append(sheet.next_row - 1)
        self._table(sheet, Table("headline", headline, columns, rows), titled=True)
        sheet.blank()
        sheet.printed = sheet.next_row - 1
        sheet.line(Wording("目录", "Contents").say(language), HEADING, across)
        for chapter in document.chapters:
            for part in _parts(chapter, language):
                sheet.rows.append([Put(Cell(part.title, link=f"chapter-{part.key}"), Look())])
        return sheet

    # The others ---------------------------------------------------------------------------

    def _chapter(self, chapter: Chapter) -> LaidOutSheet:
        sheet = LaidOutSheet(sheet_title(chapter.title, [each.title for each in self.sheets]))
        self.anchors[f"chapter-{chapter.key}"] = (sheet.title, 1)
        lone = len(chapter.tables) == 1
        for table in chapter.tables:
            for position, column in enumerate(_spread(table), 1):
                if lone or not _spans(table, position):
                    known = sheet.widths.get(position, 0)
                    sheet.widths[position] = max(known, column.width)
        if not lone:
            for table in chapter.tables:
                _make_room(sheet.widths, table)
        if not chapter.tables:
            # What is said above charts alone has columns to lie over, too.
            sheet.widths = dict.fromkeys(range(1, _WIDEST_LINE // _SPANNED + 1), float(_SPANNED))
        across = max(1, _columns_within(sheet.widths, _WIDEST_LINE))
        sheet.line(chapter.title, TITLE, across)
        for text in chapter.lines:
            sheet.line(text, LINE, across)
        # Charts before the table: a header is repeated on every page that comes after it.
        if lone:
            self._place_charts(sheet, chapter)
        alike = len({table.columns for table in chapter.tables}) == 1
        held = alike and not lone and _is_long(chapter.tables)
        if held:
            sheet.blank()
            self._head(sheet, chapter.tables[0], None, sheet.widths)
            self._hold_header(sheet)
        for table in chapter.tables:
            if not lone:
                sheet.blank()
            titled = table.title != chapter.title
            self._table(sheet, table, titled=titled, lone=lone, headed=not held)
            for text in table.lines:
                sheet.line(text, LINE, across)
        if lone:
            self._hold_header(sheet, chapter.tables[0])
        else:
            self._place_charts(sheet, chapter)
            if not held and not sheet.charts and _is_long(chapter.tables[-1:]):
                sheet.header_row = sheet.together[-1][0] + 1
        return sheet

    def _hold_header(self, sheet: LaidOutSheet, lone: Table | None = None) -> None:
        """Repeat the header on paper, and keep it in sight where no chart stands above it.

        That of a sheet's only table filters its rows.
        """
        header = sheet.header_row = _first_header(sheet)
        if not sheet.charts:
            held = 3 if lone and lone.key == "indicators" else 2
            sheet.freeze = f"{get_column_letter(held)}{header + 1}"
        if lone:
            last = get_column_letter(len(_spread(lone)))
            sheet.filter = f"A{header}:{last}{header + max(len(lone.rows), 1)}"

    def _head(
        self,
        sheet: LaidOutSheet,
        table: Table,
        spread: tuple[int, int] | None,
        widths: Mapping[int, float],
    ) -> None:
        """The titles of the columns, in a row high enough for them."""
        columns = _spread(table)
        sheet.rows.append([Put(Cell(column.title), HEADER) for column in columns])
        if spread:
            self._merge(sheet, spread, HEADER)
        for position, column in enumerate(columns, 1):
            sheet._heighten(sheet.next_row - 1, column.title, widths[position], 10)

    def _table(
        self,
        sheet: LaidOutSheet,
        table: Table,
        *,
        titled: bool,
        lone: bool = True,
        headed: bool = True,
    ) -> None:
        begun = sheet.next_row
        if titled:
            sheet.line(table.title, HEADING)
            self.anchors[table.key] = (sheet.title, sheet.next_row - 1)
        columns = _spread(table)
        for position, column in enumerate(columns, 1):
            sheet.widths.setdefault(position, column.width)
        spread = None if lone else _span(sheet.widths, table)
        widths = dict(sheet.widths)
        if spread:
            first, last = spread
            widths[first] = sum(sheet.widths[at] for at in range(first, last + 1))
        if headed:
            self._head(sheet, table, spread, widths)
        first = sheet.next_row
        for row in table.rows:
            at = sheet.next_row
            if row.anchor:
                self.anchors[row.anchor] = (sheet.title, at)
            puts = [
                _centred(put, columns[position - 1], widths[position])
                for position, put in enumerate(self._cells(table, row, at), 1)
            ]
            for position, put in enumerate(puts, 1):
                if put and put.look.wrap and put.cell.text:
                    sheet._heighten(at, put.cell.text, widths[position], put.look.size)
            sheet.rows.append(puts)
            if spread:
                self._merge(sheet, spread, Look(border=True))
        last = sheet.next_row - 1
        if not lone:
            sheet.together.append((begun, last))
        if table.key.startswith("heat-") and table.rows:
            sheet.heats.append(f"B{first}:{get_column_letter(len(columns))}{last}")
        for position, choices in table.choices.items():
            letter = get_column_letter(position + 1)
            sheet.choices.append((f"{letter}{first}:{letter}{max(last, first)}", choices))
        for position, column in enumerate(columns, 1):
            if column.is_checked and table.rows:
                letter = get_column_letter(position + 2)
                sheet.checks.append(f"{letter}{first}:{letter}{last}")

    def _merge(self, sheet: LaidOutSheet, spread: tuple[int, int], look: Look) -> None:
        """The last row's last cell over the columns that it spans."""
        first, last = spread
        sheet.merged.append((sheet.next_row - 1, first, last))
        sheet.rows[-1] += [Put(Cell(""), look)] * (last - first)

    def _cells(self, table: Table, row: Row, at: int) -> Iterator[Put | None]:
        position = 0
        for column, cell in zip(table.columns, row.cells, strict=True):
            position += 1
            look = look_of(cell, column, row)
            yield Put(cell, look)
            if not column.is_checked:
                continue
            if not cell.formula:
                yield Put(Cell(cell.unchecked or "–"), replace(CHECK, wrap=True))
                yield Put(Cell(""), CHECK)
            else:
                value, checked = (get_column_letter(position + step) for step in (0, 1))
                yield Put(Cell(""), CHECK, cell.formula, cell.is_array, cell.number_format)
                yield Put(Cell(""), CHECK, f"ROUND({value}{at}-{checked}{at},6)",
                           number_format="0.######")  # fmt: skip
            position += 2

    def _place_charts(self, sheet: LaidOutSheet, chapter: Chapter) -> None:
        drawn = [c for c in chapter.charts if c.kind in {ChartKind.TREND, ChartKind.PARETO}]
        if not drawn:
            return
        sheet.blank()
        across = max(1, _columns_within(sheet.widths, _WIDEST_LINE))
        for chart in drawn:
            if chart.note:
                sheet.line(f"{chart.title} · {chart.note}", LINE, across)
        if any(chart.note for chart in drawn):
            sheet.blank()
        first = sheet.next_row
        for position, chart in enumerate(drawn):
            data = ChartData(chart, self.chart_title, self.chart_row, self.document.language)
            self.chart_row += data.height + 1
            self.chart_data.append(data)
            down, across = divmod(position, _CHARTS_ACROSS)
            left = across * (CHART_WIDTH + _CHART_GAP)
            sheet.charts.append((left, first + down * _CHART_ROWS, data))
        for _ in range(math.ceil(len(drawn) / _CHARTS_ACROSS)):
            sheet.together.append((sheet.next_row, sheet.next_row + _CHART_ROWS - 1))
            for _ in range(_CHART_ROWS):
                sheet.blank()
        if len(chapter.tables) == 1:
            sheet.breaks.append(sheet.next_row - 1)


def height_of(text: str, width: float, size: float) -> float:
    """How high a row must be for a text, in points."""
    lines = sum(
        max(1, math.ceil(cell_len(part) * size / 10 / max(width - 1, 1)))
        for part in text.split("\n")
    )
    return lines * size * 1.45 + 4


def _wide_enough(document: Document) -> float:
    """How wide the cover's last column must be, so that the story stands on one page of paper."""
    first = 30 + 4 * 16
    for last in range(40, 100, 10):
        wide = (first + last + 6) * _POINTS_IN_CHARACTER
        high = sum(
            3 * _ROW_HEIGHT
            + sum(height_of("· " + line, (first + last) / 0.93, STORY.size) for line in block.lines)
            for block in document.story
        )
        if high + 6 * _ROW_HEIGHT <= PAPER_HEIGHT * max(1.0, wide / PAPER_WIDTH):
            break
    return last


def _parts(chapter: Chapter, language: Language) -> Iterator[Chapter]:
    """What stands on a sheet of its own.

    Excel repeats one header and keeps one in sight, so a long table is the last of its sheet, and
    charts stand before it on another.
    """
    tables = chapter.tables
    if len(tables) == 1 and chapter.charts and _is_long(tables):
        yield replace(chapter, tables=())
        title = f"{chapter.title} · {words.VALUES.say(language)}"
        yield Chapter(f"{chapter.key}-values", title, tables=(replace(tables[0], title=title),))
        return
    if len({table.columns for table in tables}) == 1:
        yield chapter
        return
    runs: list[list[Table]] = [[]]
    for table in tables:
        if runs[-1] and _is_long(runs[-1][-1:]):
            runs.append([])
        runs[-1].append(table)
    yield replace(chapter, tables=tuple(runs[0]))
    for run in runs[1:]:
        title = f"{chapter.title} · {run[0].title}"
        first = replace(run[0], title=title)
        yield Chapter(f"{chapter.key}-{first.key}", title, tables=(first, *run[1:]))


def _spread(table: Table) -> tuple[Column, ...]:
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


def _columns_within(widths: Mapping[int, float], most: float) -> int:
    """How many columns together are at most so wide."""
    total, count = 0.0, 0
    for position in sorted(widths):
        total += widths[position]
        if total > most and count:
            break
        count += 1
    return count


def _spans(table: Table, position: int) -> bool:
    """Whether a column is a table's last and of long texts, so that it may lie over several."""
    last = table.columns[-1]
    return position == len(_spread(table)) and last.width > 2 * _SPANNED and not last.is_number


def _make_room(widths: dict[int, float], table: Table) -> None:
    """Columns enough for a table's last one, beside narrower ones of other tables."""
    position = len(_spread(table))
    if _spans(table, position):
        wanted = table.columns[-1].width
        widths.setdefault(position, _SPANNED)
        while sum(width for at, width in widths.items() if at >= position) < wanted:
            widths[max(widths) + 1] = _SPANNED


def _span(widths: Mapping[int, float], table: Table) -> tuple[int, int] | None:
    """The columns over which a table's last one lies; `None` where that is one."""
    first = len(_spread(table))
    if not _spans(table, first):
        return None
    last, reached = first, widths[first]
    while reached < table.columns[-1].width:
        last += 1
        reached += widths[last]
    return (first, last) if last > first else None


def _is_long(tables: Iterable[Table]) -> bool:
    """Whether one of them is about as long as a page of paper, or longer."""
    return any(_is_high(table) for table in tables)


def _is_high(table: Table) -> bool:
    columns = table.columns
    wide = sum(column.width + 1 for column in _spread(table)) * _POINTS_IN_CHARACTER
    high = sum(max([_ROW_HEIGHT, *_text_heights(row, columns)]) for row in table.rows)
    return high > _LONG * PAPER_HEIGHT * max(1.0, wide / PAPER_WIDTH)


def _text_heights(row: Row, columns: tuple[Column, ...]) -> Iterator[float]:
    for cell, column in zip(row.cells, columns, strict=True):
        if cell.text and not column.is_number:
            yield height_of(cell.text, column.width, 10)


def _first_header(sheet: LaidOutSheet) -> int:
    return next(
        at for at, row in enumerate(sheet.rows, 1) if row and row[0] and row[0].look is HEADER
    )


def _centred(put: Put | None, column: Column, width: float) -> Put | None:
    """A number under its title, where another table makes the column much wider than it needs."""
    if put is None or not put.look.right or width < 2 * column.width:
        return put
    return replace(put, look=replace(put.look, right=False, center=True))


def fits_one_page(sheet: LaidOutSheet) -> bool:
    """Whether all of it is still to be read when it is made to stand on one page of paper."""
    return not sheet.breaks and sum(_heights(sheet)) <= PAPER_HEIGHT / _SMALLEST


def _width(sheet: LaidOutSheet) -> float:
    """How wide it is on paper, in points."""
    wide = sum(width + 1 for width in sheet.widths.values()) * _POINTS_IN_CHARACTER
    return max([wide, *((left + CHART_WIDTH) * _POINTS_IN_CM for left, _, _ in sheet.charts)])


def _heights(sheet: LaidOutSheet) -> list[float]:
    return [sheet.heights.get(row, _ROW_HEIGHT) for row in range(1, sheet.next_row)]


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
