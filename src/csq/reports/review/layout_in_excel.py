"""A review as sheets before they are written: which cell stands where, and what lies over it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from openpyxl.utils import get_column_letter

from csq.reports.excel import sheet_title
from csq.reports.review import wordings as words
from csq.reports.review.blocks import Cell, Chapter, ChartKind, Column, Document, Row, Table
from csq.reports.review.charts_in_excel import ChartData
from csq.reports.review.columns_in_excel import (
    SPANNED,
    columns_within,
    make_room,
    span_of,
    spans,
    spread_of,
)
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
from csq.reports.review.paper import PAPER_HEIGHT, PAPER_WIDTH
from csq.reports.review.parts_in_excel import is_long, parts_of
from csq.reports.review.sheets_in_excel import (
    CHART_WIDTH,
    POINTS_IN_CHARACTER,
    ROW_HEIGHT,
    LaidOutSheet,
    Put,
    height_of,
)
from csq.wording import Wording

_CHARTS_ACROSS, _CHART_ROWS, _CHART_GAP = 3, 14, 0.5
_WIDEST_LINE = 150


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
            for part in parts_of(chapter, document.language):
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
        if not any(tile.change for tile in document.tiles):
            columns = columns[:-1]
            rows = tuple(replace(row, cells=row.cells[:-1]) for row in rows)
        headline = Wording("重点指标", "Headline indicators").say(language)
        sheet.breaks.append(sheet.next_row - 1)
        self._table(sheet, Table("headline", headline, columns, rows), titled=True)
        sheet.blank()
        sheet.printed = sheet.next_row - 1
        sheet.line(Wording("目录", "Contents").say(language), HEADING, across)
        for chapter in document.chapters:
            for part in parts_of(chapter, language):
                sheet.rows.append([Put(Cell(part.title, link=f"chapter-{part.key}"), Look())])
        return sheet

    # The others ---------------------------------------------------------------------------

    def _chapter(self, chapter: Chapter) -> LaidOutSheet:
        sheet = LaidOutSheet(sheet_title(chapter.title, [each.title for each in self.sheets]))
        self.anchors[f"chapter-{chapter.key}"] = (sheet.title, 1)
        lone = len(chapter.tables) == 1
        for table in chapter.tables:
            for position, column in enumerate(spread_of(table), 1):
                if lone or not spans(table, position):
                    known = sheet.widths.get(position, 0)
                    sheet.widths[position] = max(known, column.width)
        if not lone:
            for table in chapter.tables:
                make_room(sheet.widths, table)
        if not chapter.tables:
            # What is said above charts alone has columns to lie over, too.
            sheet.widths = dict.fromkeys(range(1, _WIDEST_LINE // SPANNED + 1), float(SPANNED))
        across = max(1, columns_within(sheet.widths, _WIDEST_LINE))
        sheet.line(chapter.title, TITLE, across)
        for text in chapter.lines:
            sheet.line(text, LINE, across)
        # Charts before the table: a header is repeated on every page that comes after it.
        if lone:
            self._place_charts(sheet, chapter)
        alike = len({table.columns for table in chapter.tables}) == 1
        held = alike and not lone and is_long(chapter.tables)
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
            if not held and not sheet.charts and is_long(chapter.tables[-1:]):
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
            last = get_column_letter(len(spread_of(lone)))
            sheet.filter = f"A{header}:{last}{header + max(len(lone.rows), 1)}"

    def _head(
        self,
        sheet: LaidOutSheet,
        table: Table,
        spread: tuple[int, int] | None,
        widths: Mapping[int, float],
    ) -> None:
        """The titles of the columns, in a row high enough for them."""
        columns = spread_of(table)
        sheet.rows.append([Put(Cell(column.title), HEADER) for column in columns])
        if spread:
            self._merge(sheet, spread, HEADER)
        for position, column in enumerate(columns, 1):
            sheet.heighten(sheet.next_row - 1, column.title, widths[position], 10)

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
        columns = spread_of(table)
        for position, column in enumerate(columns, 1):
            sheet.widths.setdefault(position, column.width)
        spread = None if lone else span_of(sheet.widths, table)
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
                    sheet.heighten(at, put.cell.text, widths[position], put.look.size)
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
        across = max(1, columns_within(sheet.widths, _WIDEST_LINE))
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


def _wide_enough(document: Document) -> float:
    """How wide the cover's last column must be, so that the story stands on one page of paper."""
    first = 30 + 4 * 16
    for last in range(40, 100, 10):
        wide = (first + last + 6) * POINTS_IN_CHARACTER
        high = sum(
            3 * ROW_HEIGHT
            + sum(height_of("· " + line, (first + last) / 0.93, STORY.size) for line in block.lines)
            for block in document.story
        )
        if high + 6 * ROW_HEIGHT <= PAPER_HEIGHT * max(1.0, wide / PAPER_WIDTH):
            break
    return last


def _first_header(sheet: LaidOutSheet) -> int:
    return next(
        at for at, row in enumerate(sheet.rows, 1) if row and row[0] and row[0].look is HEADER
    )


def _centred(put: Put | None, column: Column, width: float) -> Put | None:
    """A number under its title, where another table makes the column much wider than it needs."""
    if put is None or not put.look.right or width < 2 * column.width:
        return put
    return replace(put, look=replace(put.look, right=False, center=True))
