"""A review as a workbook: native charts, live checks, links from numbers to their rows.

Sheets are laid out first, so that links know where they lead, and then written row after row:
sixty thousand rows need no more memory than one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as ExcelCell
from openpyxl.cell.cell import WriteOnlyCell
from openpyxl.formatting import rule as rules
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break

from csq.files import spilled_temporaries
from csq.reports.csv import inert, printable
from csq.reports.excel import put_text, save_workbook, sheet_title
from csq.reports.json import number
from csq.reports.review.blocks import DataSheet, Document, Tone
from csq.reports.review.charts_in_excel import anchor_at, native_chart
from csq.reports.review.layout_in_excel import Layout
from csq.reports.review.looks_in_excel import GROUNDS, HEADER, HEAT, Styles
from csq.reports.review.rows_in_excel import make_styles, write_rows
from csq.reports.review.sheets_in_excel import (
    CHART_WIDTH,
    LaidOutSheet,
    Put,
    fits_one_page,
    height_of,
    page_breaks,
)


@spilled_temporaries()
def draw_review_workbook(document: Document) -> bytes:
    """Every chapter as a sheet; the same document gives the same bytes."""
    book = Workbook(write_only=True)
    layout = Layout(document)
    for sheet in layout.sheets:
        _write_sheet(book, sheet, layout)
    _write_chart_data(book, layout)
    rows = {title: part for data in document.sheets for title, part in _write_data(book, data)}
    return save_workbook(book, rows)


def _write_sheet(book: Workbook, sheet: LaidOutSheet, layout: Layout) -> None:
    target: Any = book.create_sheet(sheet.title)
    make_scale: Any = rules.ColorScaleRule
    make_rule: Any = rules.CellIsRule
    _set_up_page(target, sheet.header_row, one_page=fits_one_page(sheet))
    for position, width in sheet.widths.items():
        target.column_dimensions[get_column_letter(position)].width = width + 1
    for number_of_row, height in sheet.heights.items():
        target.row_dimensions[number_of_row].height = min(height, 400)
    if sheet.printed:
        target.print_area = f"A1:{get_column_letter(max(sheet.widths))}{sheet.printed}"
    target.freeze_panes = sheet.freeze
    if sheet.filter:
        target.auto_filter.ref = sheet.filter
    for merged, first, last in sheet.merged:
        start, end = get_column_letter(first), get_column_letter(last)
        target.merged_cells.add(f"{start}{merged}:{end}{merged}")
    styles = Styles()
    for at, row in enumerate(sheet.rows, 1):
        target.append(
            [_excel_cell(target, put, styles, layout, at, i) for i, put in enumerate(row, 1)]
        )
    for reference in sheet.heats:
        low, middle, high = HEAT
        rule = make_scale(
            start_type="min", start_color=low, mid_type="percentile", mid_value=60,
            mid_color=middle, end_type="max", end_color=high,
        )  # fmt: skip
        target.conditional_formatting.add(reference, rule)
    for reference in sheet.checks:
        red = PatternFill(bgColor=GROUNDS[Tone.MISSED])
        target.conditional_formatting.add(
            reference, make_rule(operator="notEqual", formula=["0"], fill=red)
        )
    for reference, choices in sheet.choices:
        listed = ",".join(choices)
        validation = DataValidation("list", formula1=f'"{listed}"', allow_blank=True)
        validation.add(reference)
        target.data_validations.append(validation)
    for ended in page_breaks(sheet):
        target.row_breaks.append(Break(id=ended))
    stored = {position: width + 1 for position, width in sheet.widths.items()}
    for left, row_of_chart, data in sheet.charts:
        anchor = anchor_at(left, row_of_chart, stored, CHART_WIDTH)
        target.add_chart(native_chart(data, CHART_WIDTH), anchor)


def _excel_cell(
    sheet: Any, put: Put | None, styles: Styles, layout: Layout, row: int, column: int
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


def _set_up_page(sheet: Any, header_row: int | None, *, one_page: bool = False) -> None:
    """A4 across, as wide as the page, with the header on every page and the page's number."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, int(one_page)
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for side in ("left", "right"):
        setattr(sheet.page_margins, side, 0.4)
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.75
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    sheet.oddFooter.center.text, sheet.oddFooter.center.size = "&A · &P / &N", 8
    sheet.sheet_view.showGridLines = False
    if header_row:
        sheet.print_title_rows = f"{header_row}:{header_row}"


_CHART_LABELS, _CHART_NUMBERS = 42, 18
"""How wide the columns of the charts' numbers are."""


def _write_chart_data(book: Workbook, layout: Layout) -> None:
    """The numbers behind the charts, in the order of the charts."""
    if not layout.chart_data:
        return
    sheet: Any = book.create_sheet(layout.chart_title)
    _set_up_page(sheet, None)
    sheet.column_dimensions["A"].width = _CHART_LABELS
    for column in range(2, 2 + max(len(data.series) for data in layout.chart_data)):
        sheet.column_dimensions[get_column_letter(column)].width = _CHART_NUMBERS
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
    if data.fits:
        heights = (height_of(column.title, column.width, HEADER.size) for column in data.columns)
        sheet.row_dimensions[1].height = max(heights)
    sheet.freeze_panes = "B2"
    if not data.fits:
        for text in data.lines:
            sheet.append([_safe(sheet, text)])
        return
    styles = Styles()
    header: list[ExcelCell] = []
    for column in data.columns:
        cell = WriteOnlyCell(sheet)
        assert isinstance(cell, ExcelCell)
        styles.put_on(cell, HEADER)
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
