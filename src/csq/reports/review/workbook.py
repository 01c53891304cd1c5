"""A review as a workbook: native charts, live checks, links from numbers to their rows.

Sheets are laid out first, so that links know where they lead, and then written row after row:
sixty thousand rows need no more memory than one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as ExcelCell
from openpyxl.cell.cell import WriteOnlyCell
from openpyxl.formatting import rule as rules
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from rich.cells import cell_len

from csq.files import spilled_temporaries
from csq.reports.csv import inert, printable
from csq.reports.excel import put_text, save_workbook, sheet_title
from csq.reports.json import number
from csq.reports.review import wordings as words
from csq.reports.review.blocks import (
    Cell,
    Chapter,
    ChartKind,
    Column,
    DataSheet,
    Document,
    Row,
    Table,
    Tone,
)
from csq.reports.review.charts_in_excel import ChartData, anchor_at, native_chart
from csq.reports.review.paper import end_pages
from csq.reports.review.rows_in_excel import make_styles, write_rows
from csq.wording import Wording

_FACE = "Microsoft YaHei"
_INK, _SOFT_INK, _LINE = "FF1B2430", "FF566270", "FFD9DEE5"
_HEAD_GROUND, _HEAD_INK = "FF1F3A5F", "FFFFFFFF"
_BAND = "FFF1F4F7"
_GROUNDS = {Tone.MET: "FFDEF1E2", Tone.MISSED: "FFFBDFDF", Tone.UNSURE: "FFFFEFC7"}
_INKS = {
    Tone.MET: "FF14602A",
    Tone.MISSED: "FF93161C",
    Tone.UNSURE: "FF714C00",
    Tone.SOFT: _SOFT_INK,
}
_LINK_INK = "FF0B5CAD"
_HEAT = ("FFFFFFFF", "FFF2B6A0", "FFC0392B")
_SIDE = Side(style="thin", color=_LINE)
_BORDER = Border(bottom=_SIDE)
_CHARTS_ACROSS, _CHART_ROWS, _CHART_WIDTH, _CHART_GAP = 3, 14, 11.6, 0.5
_WIDEST_LINE = 150
_ROW_HEIGHT, _POINTS_IN_CHARACTER, _POINTS_IN_CM = 15.0, 5.25, 72 / 2.54

_ROWS_OF_A_PAGE = 25
_SPANNED = 13
"""How wide columns are made that a long text lies over."""


@spilled_temporaries()
def draw_review_workbook(document: Document) -> bytes:
    """Every chapter as a sheet; the same document gives the same bytes."""
    book = Workbook(write_only=True)
    layout = _Layout(document)
    for sheet in layout.sheets:
        _write_sheet(book, sheet, layout)
    _write_chart_data(book, layout)
    rows = {title: part for data in document.sheets for title, part in _write_data(book, data)}
    return save_workbook(book, rows)


# Laying out -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Look:
    """How a cell looks; equal looks share one style in the file."""

    size: float = 10
    bold: bool = False
    ink: str = _INK
    ground: str | None = None
    wrap: bool = False
    right: bool = False
    center: bool = False
    border: bool = False
    underline: bool = False


_TITLE = _Look(size=18, bold=True, ink=_HEAD_GROUND)
_HEADING = _Look(size=12, bold=True, ink=_HEAD_GROUND)
_LINE_LOOK = _Look(wrap=True, ink=_SOFT_INK)
_STORY_LOOK = _Look(size=11, wrap=True)
_HEADER = _Look(bold=True, ink=_HEAD_INK, ground=_HEAD_GROUND, wrap=True, center=True)


@dataclass(frozen=True, slots=True)
class _Put:
    """A cell to be written: its content and look."""

    cell: Cell
    look: _Look
    formula: str = ""
    is_array: bool = False
    number_format: str = ""


@dataclass(slots=True)
class _Sheet:
    """A sheet before it is written: rows of cells, and what lies over them."""

    title: str
    rows: list[list[_Put | None]] = field(default_factory=list)
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

    @property
    def next_row(self) -> int:
        return len(self.rows) + 1

    def line(self, text: str, look: _Look = _LINE_LOOK, across: int = 1) -> None:
        """A text over the whole width, in a row high enough for it."""
        self.rows.append([_Put(Cell(text), look)])
        if across > 1:
            self.merged.append((self.next_row - 1, 1, across))
            width = min(_WIDEST_LINE, sum(self.widths.get(c, 9) for c in range(1, across + 1)))
            # Letters are narrower than the digits that widths count in.
            self._heighten(self.next_row - 1, text, width / 0.93, look.size)
        else:
            self.heights[self.next_row - 1] = look.size * 1.45 + 4

    def _heighten(self, row: int, text: str, width: float, size: float) -> None:
        lines = sum(
            max(1, math.ceil(cell_len(part) * size / 10 / max(width - 1, 1)))
            for part in text.split("\n")
        )
        self.heights[row] = max(self.heights.get(row, 0), lines * size * 1.45 + 4)

    def blank(self) -> None:
        self.rows.append([])


class _Layout:
    """Where everything of a document stands in the workbook."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.anchors: dict[str, tuple[str, int]] = {}
        self.chart_data: list[ChartData] = []
        self.chart_title = sheet_title(Wording("图表数据", "Chart data").say(document.language), ())
        self.chart_row = 1
        self.sheets = [self._chapter(chapter) for chapter in document.chapters]
        self.sheets.insert(0, self._cover())

    # The first sheet ----------------------------------------------------------------------

    def _cover(self) -> _Sheet:
        document, language = self.document, self.document.language
        sheet = _Sheet(words.CHAPTERS["cover"].say(language))
        sheet.widths = {1: 30, 2: 16, 3: 16, 4: 16, 5: 22, 6: 40}
        across = 6
        sheet.line(document.title, _TITLE, across)
        sheet.line(document.subtitle, _LINE_LOOK, across)
        sheet.line(
            "    ".join(f"{text} {number}" for _, number, text in document.counts),
            _Look(size=11, bold=True), across,
        )  # fmt: skip
        sheet.blank()
        for block in document.story:
            if block.title:
                sheet.line(block.title, _HEADING, across)
            for text in block.lines:
                mark = "" if block.key == "pattern" else "· "
                look = _Look(size=12, bold=True, wrap=True) if not block.title else _STORY_LOOK
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
        sheet.line(Wording("目录", "Contents").say(language), _HEADING, across)
        for chapter in document.chapters:
            sheet.rows.append([_Put(Cell(chapter.title, link=f"chapter-{chapter.key}"), _Look())])
        return sheet

    # The others ---------------------------------------------------------------------------

    def _chapter(self, chapter: Chapter) -> _Sheet:
        sheet = _Sheet(sheet_title(chapter.title))
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
        across = max(sheet.widths, default=8)
        across = max(1, min(across, _columns_within(sheet.widths, _WIDEST_LINE)))
        sheet.line(chapter.title, _TITLE, across)
        for text in chapter.lines:
            sheet.line(text, _LINE_LOOK, across)
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
                sheet.line(text, _LINE_LOOK, across)
        if lone:
            self._hold_header(sheet, chapter.tables[0])
        else:
            self._place_charts(sheet, chapter)
            if not held and not sheet.charts and _is_long(chapter.tables[-1:]):
                sheet.header_row = sheet.together[-1][0] + 1
        return sheet

    def _hold_header(self, sheet: _Sheet, lone: Table | None = None) -> None:
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
        sheet: _Sheet,
        table: Table,
        spread: tuple[int, int] | None,
        widths: Mapping[int, float],
    ) -> None:
        """The titles of the columns, in a row high enough for them."""
        columns = _spread(table)
        sheet.rows.append([_Put(Cell(column.title), _HEADER) for column in columns])
        if spread:
            self._merge(sheet, spread, _HEADER)
        for position, column in enumerate(columns, 1):
            sheet._heighten(sheet.next_row - 1, column.title, widths[position], 10)

    def _table(
        self, sheet: _Sheet, table: Table, *, titled: bool, lone: bool = True, headed: bool = True
    ) -> None:
        begun = sheet.next_row
        if titled:
            sheet.line(table.title, _HEADING)
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
                self._merge(sheet, spread, _Look(border=True))
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

    def _merge(self, sheet: _Sheet, spread: tuple[int, int], look: _Look) -> None:
        """The last row's last cell over the columns that it spans."""
        first, last = spread
        sheet.merged.append((sheet.next_row - 1, first, last))
        sheet.rows[-1] += [_Put(Cell(""), look)] * (last - first)

    def _cells(self, table: Table, row: Row, at: int) -> Iterator[_Put | None]:
        position = 0
        for column, cell in zip(table.columns, row.cells, strict=True):
            position += 1
            look = _look_of(cell, column, row)
            yield _Put(cell, look)
            if not column.is_checked:
                continue
            soft = _Look(ink=_SOFT_INK, right=True, border=True)
            if not cell.formula:
                yield _Put(Cell(cell.unchecked or "–"), replace(soft, wrap=True))
                yield _Put(Cell(""), soft)
            else:
                value, checked = (get_column_letter(position + step) for step in (0, 1))
                yield _Put(Cell(""), soft, cell.formula, cell.is_array, cell.number_format)
                yield _Put(Cell(""), soft, f"ROUND({value}{at}-{checked}{at},6)",
                           number_format="0.######")  # fmt: skip
            position += 2

    def _place_charts(self, sheet: _Sheet, chapter: Chapter) -> None:
        drawn = [c for c in chapter.charts if c.kind in {ChartKind.TREND, ChartKind.PARETO}]
        if not drawn:
            return
        sheet.blank()
        across = max(1, _columns_within(sheet.widths, _WIDEST_LINE))
        for chart in drawn:
            if chart.note:
                sheet.line(f"{chart.title} · {chart.note}", _LINE_LOOK, across)
        if any(chart.note for chart in drawn):
            sheet.blank()
        first = sheet.next_row
        for position, chart in enumerate(drawn):
            data = ChartData(chart, self.chart_title, self.chart_row, self.document.language)
            self.chart_row += data.height + 1
            self.chart_data.append(data)
            down, across = divmod(position, _CHARTS_ACROSS)
            left = across * (_CHART_WIDTH + _CHART_GAP)
            sheet.charts.append((left, first + down * _CHART_ROWS, data))
        for _ in range(math.ceil(len(drawn) / _CHARTS_ACROSS)):
            sheet.together.append((sheet.next_row, sheet.next_row + _CHART_ROWS - 1))
            for _ in range(_CHART_ROWS):
                sheet.blank()
        if len(chapter.tables) == 1:
            sheet.breaks.append(sheet.next_row - 1)


def _spread(table: Table) -> tuple[Column, ...]:
    """The columns as the workbook has them: a checked one is followed by its check."""
    language_free = []
    for column in table.columns:
        language_free.append(column)
        if column.is_checked:
            language_free.append(Column(_CHECK_TITLES[0](column), 12, is_number=True))
            language_free.append(Column(_CHECK_TITLES[1](column), 8, is_number=True))
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
    """Whether one of them is longer than a page of paper."""
    return any(len(table.rows) > _ROWS_OF_A_PAGE for table in tables)


def _first_header(sheet: _Sheet) -> int:
    return next(
        at for at, row in enumerate(sheet.rows, 1) if row and row[0] and row[0].look is _HEADER
    )


def _centred(put: _Put | None, column: Column, width: float) -> _Put | None:
    """A number under its title, where another table makes the column much wider than it needs."""
    if put is None or not put.look.right or width < 2 * column.width:
        return put
    return replace(put, look=replace(put.look, right=False, center=True))


def _page_breaks(sheet: _Sheet) -> list[int]:
    """The rows with which a page of paper ends."""
    wide = sum(width + 1 for width in sheet.widths.values()) * _POINTS_IN_CHARACTER
    for left, _, _ in sheet.charts:
        wide = max(wide, (left + _CHART_WIDTH) * _POINTS_IN_CM)
    heights = [sheet.heights.get(row, _ROW_HEIGHT) for row in range(1, sheet.next_row)]
    return end_pages(
        heights,
        dict(sheet.together),
        wide=wide,
        empty={row for row, puts in enumerate(sheet.rows, 1) if not puts},
        ended=sheet.breaks,
        repeated=heights[sheet.header_row - 1] if sheet.header_row else 0.0,
    )


def _look_of(cell: Cell, column: Column, row: Row) -> _Look:
    is_total, is_quiet = row.tone is Tone.TOTAL, row.tone is Tone.SOFT
    ink = _INKS.get(cell.tone, _SOFT_INK if is_quiet else _INK)
    return _Look(
        ink=_LINK_INK if cell.link else ink,
        ground=_GROUNDS.get(cell.tone, _BAND if is_total else None),
        wrap=not column.is_number,
        right=column.is_number,
        border=True,
        bold=is_total and cell.tone is Tone.PLAIN,
        underline=bool(cell.link),
    )


# Writing --------------------------------------------------------------------------------------


class _Styles:
    """Style objects by look, made once."""

    def __init__(self) -> None:
        self.known: dict[_Look, tuple[Font, PatternFill | None, Alignment, Border | None]] = {}

    def put_on(self, cell: ExcelCell, look: _Look) -> None:
        if look not in self.known:
            self.known[look] = (
                Font(name=_FACE, size=look.size, bold=look.bold, color=look.ink,
                     underline="single" if look.underline else None),
                PatternFill("solid", fgColor=look.ground) if look.ground else None,
                Alignment(
                    horizontal="right" if look.right else "center" if look.center else "left",
                    vertical="center" if look.ground == _HEAD_GROUND else "top",
                    wrap_text=look.wrap,
                    # Or it would touch a number on its left.
                    indent=1 if look.border and not (look.right or look.center) else 0,
                ),
                _BORDER if look.border else None,
            )  # fmt: skip
        font, fill, alignment, border = self.known[look]
        cell.font, cell.alignment = font, alignment
        if fill:
            cell.fill = fill
        if border:
            cell.border = border


def _write_sheet(book: Workbook, sheet: _Sheet, layout: _Layout) -> None:
    target: Any = book.create_sheet(sheet.title)
    make_scale: Any = rules.ColorScaleRule
    make_rule: Any = rules.CellIsRule
    _set_up_page(target, sheet.header_row)
    for position, width in sheet.widths.items():
        target.column_dimensions[get_column_letter(position)].width = width + 1
    for number_of_row, height in sheet.heights.items():
        target.row_dimensions[number_of_row].height = min(height, 400)
    target.freeze_panes = sheet.freeze
    if sheet.filter:
        target.auto_filter.ref = sheet.filter
    for merged, first, last in sheet.merged:
        start, end = get_column_letter(first), get_column_letter(last)
        target.merged_cells.add(f"{start}{merged}:{end}{merged}")
    styles = _Styles()
    for at, row in enumerate(sheet.rows, 1):
        target.append(
            [_excel_cell(target, put, styles, layout, at, i) for i, put in enumerate(row, 1)]
        )
    for reference in sheet.heats:
        low, middle, high = _HEAT
        rule = make_scale(
            start_type="min", start_color=low, mid_type="percentile", mid_value=60,
            mid_color=middle, end_type="max", end_color=high,
        )  # fmt: skip
        target.conditional_formatting.add(reference, rule)
    for reference in sheet.checks:
        red = PatternFill(bgColor=_GROUNDS[Tone.MISSED])
        target.conditional_formatting.add(
            reference, make_rule(operator="notEqual", formula=["0"], fill=red)
        )
    for reference, choices in sheet.choices:
        listed = ",".join(choices)
        validation = DataValidation("list", formula1=f'"{listed}"', allow_blank=True)
        validation.add(reference)
        target.data_validations.append(validation)
    for ended in _page_breaks(sheet):
        target.row_breaks.append(Break(id=ended))
    stored = {position: width + 1 for position, width in sheet.widths.items()}
    for left, row_of_chart, data in sheet.charts:
        anchor = anchor_at(left, row_of_chart, stored, _CHART_WIDTH)
        target.add_chart(native_chart(data, _CHART_WIDTH), anchor)


def _excel_cell(
    sheet: Any, put: _Put | None, styles: _Styles, layout: _Layout, row: int, column: int
) -> ExcelCell | None:
    if put is None:
        return None
    cell = WriteOnlyCell(sheet)
    assert isinstance(cell, ExcelCell)
    styles.put_on(cell, put.look)
    value = put.cell.value
    if put.formula:
        cell.number_format = put.number_format
        reference = f"{get_column_letter(column)}{row}"
        formula = f"={put.formula}"
        cell.value = ArrayFormula(reference, formula) if put.is_array else formula
    elif isinstance(value, Fraction | int):
        cell.value = number(Fraction(value))
        cell.number_format = put.cell.number_format
    elif isinstance(value, datetime):
        cell.value = value
        cell.number_format = put.cell.number_format
    else:
        lines = [printable(line) for line in put.cell.text.split("\n")]
        note = f"（{put.cell.note}）" if put.cell.note else ""
        put_text(cell, "\n".join(lines) + note)
    if put.cell.link in layout.anchors:
        title, at = layout.anchors[put.cell.link]
        quoted = title.replace("'", "''")
        cell.hyperlink = Hyperlink(ref="", location=f"'{quoted}'!A{at}")
    return cell


def _set_up_page(sheet: Any, header_row: int | None) -> None:
    """A4 across, as wide as the page, with the header on every page and the page's number."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for side in ("left", "right"):
        setattr(sheet.page_margins, side, 0.4)
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.6
    sheet.page_margins.header = sheet.page_margins.footer = 0.25
    sheet.oddFooter.center.text = "&A · &P / &N"
    sheet.sheet_view.showGridLines = False
    if header_row:
        sheet.print_title_rows = f"{header_row}:{header_row}"


def _write_chart_data(book: Workbook, layout: _Layout) -> None:
    """The numbers behind the charts, in the order of the charts."""
    if not layout.chart_data:
        return
    sheet: Any = book.create_sheet(layout.chart_title)
    sheet.column_dimensions["A"].width = 30
    for data in layout.chart_data:
        for row in data.rows():
            sheet.append([_plain(sheet, value, data.number_format(at)) for at, value in row])
        sheet.append([])


def _plain(sheet: Any, value: object, number_format: str) -> object:
    if isinstance(value, str):
        return _safe(sheet, value)
    if value is None:
        return None
    cell = WriteOnlyCell(sheet, value)  # type: ignore[arg-type]
    assert isinstance(cell, ExcelCell)
    cell.number_format = number_format
    return cell


_MEANT_BY_EXCEL = frozenset("=+-@#\t\r\n＝＋－＠")


def _safe(sheet: Any, text: str) -> object:
    """Text as it is where Excel takes it for text, else as a cell that says so."""
    if text and text[0] not in _MEANT_BY_EXCEL and text.isprintable():
        return text
    if not text:
        return None
    cell = WriteOnlyCell(sheet)
    assert isinstance(cell, ExcelCell)
    put_text(cell, text)
    if inert(text) != text:
        cell.quotePrefix = True
    return cell


def _write_data(book: Workbook, data: DataSheet) -> Iterator[tuple[str, Iterable[bytes]]]:
    """A sheet for the rows that the numbers stand on, with a name for each column that formulas
    read; yields its title and the rows, which are written when the workbook is saved."""
    sheet: Any = book.create_sheet(sheet_title(data.title, book.sheetnames))
    _set_up_page(sheet, 1)
    for position, column in enumerate(data.columns, 1):
        sheet.column_dimensions[get_column_letter(position)].width = column.width
    sheet.freeze_panes = "B2"
    if not data.fits:
        for text in data.lines:
            sheet.append([_safe(sheet, text)])
        return
    styles = _Styles()
    header: list[ExcelCell] = []
    for column in data.columns:
        cell = WriteOnlyCell(sheet)
        assert isinstance(cell, ExcelCell)
        styles.put_on(cell, _HEADER)
        put_text(cell, column.title)
        header.append(cell)
    sheet.append(header)
    last_row = data.count + 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(data.columns))}{last_row}"
    quoted = sheet.title.replace("'", "''")
    for position, column in enumerate(data.columns, 1):
        if column.name:
            letter = get_column_letter(position)
            book.defined_names[column.name] = DefinedName(
                column.name, attr_text=f"'{quoted}'!${letter}$2:${letter}${last_row}"
            )
    formats = [column.number_format for column in data.columns]
    yield sheet.title, write_rows(data.rows, formats, make_styles(sheet, formats), 2)
