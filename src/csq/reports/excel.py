"""The scorecard as a workbook, drawn into templates/scorecard.xlsx, which can be edited in Excel.

The template says where things go by words in braces. The row that holds `{name}` is a row of the
table: its cells say which columns there are, in which order and look. The row above it is the
header, the row below is how a group looks; `{met}`, `{missed}`, … are the looks of the verdicts.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import chain, islice
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter
from rich.cells import cell_len

from csq.definition.targets import Unit
from csq.files import resource_path, spilled_temporaries
from csq.imprint import CREATOR
from csq.reports.amounts import Scale, rounded_as_excel, scale_of, side_of
from csq.reports.csv import DIMENSION, GROUP, VERDICT, inert, named_rows, printable
from csq.reports.json import number
from csq.reports.markdown import note_blocks
from csq.reports.numbers import format_decimal
from csq.reports.view import ColumnKey, Row, View
from csq.wording import Language, Wording

_MARK = re.compile(r"\{(\w+)\}")
_OWN_TITLES = {"dimension": DIMENSION, "group": GROUP, "verdict": VERDICT}
_POINTS = Wording(
    "百分比指标的差距和较上期以百分点计。",
    "The gap and the change of a percentage are percentage points.",
)


def draw_workbook(view: View) -> bytes:
    """One sheet with one table that can be filtered; the same view gives the same bytes."""
    book = load_workbook(resource_path("templates") / "scorecard.xlsx")
    sheet = book.worksheets[0]
    sheet.title = sheet_title(view.title)
    template = _read_template(sheet)
    for name in ("title", "subtitle", "summary"):
        if name in template.marks:
            row, column = template.marks[name]
            _put_line(sheet, row, column, getattr(view, name), template)
    _put_header(sheet, template, view)
    end = _put_rows(sheet, template, view)
    first, last = min(template.columns.values()), max(template.columns.values())
    corner = f"{get_column_letter(first)}{template.first_row - 1}"
    sheet.auto_filter.ref = f"{corner}:{get_column_letter(last)}{max(end - 1, template.first_row)}"
    _put_notes(sheet, template, view, end + 1)
    return save_workbook(book)


# The template -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Look:
    """How a cell of the template looks."""

    parts: Mapping[str, Any]

    @classmethod
    def of(cls, cell: Cell) -> _Look:
        names = ("font", "fill", "border", "alignment")
        return cls({name: copy(getattr(cell, name)) for name in names})

    def put_on(self, cell: Cell) -> None:
        for name, part in self.parts.items():
            setattr(cell, name, part)


@dataclass(frozen=True, slots=True)
class _Template:
    """What the template's words in braces say; `first_row` is where the table's rows begin."""

    first_row: int
    columns: Mapping[str, int]
    marks: Mapping[str, tuple[int, int]]
    looks: Mapping[str, _Look]
    group_looks: Mapping[str, _Look]


def _read_template(sheet: Worksheet) -> _Template:
    """Read the marks and their looks, and leave only what stands above the table's rows."""
    marked = {
        match[1]: cell
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell, Cell)
        and isinstance(cell.value, str)
        and (match := _MARK.fullmatch(cell.value))
    }
    first_row = marked["name"].row
    columns = {name: cell.column for name, cell in marked.items() if cell.row == first_row}
    template = _Template(
        first_row=first_row,
        columns=columns,
        marks={name: (cell.row, cell.column) for name, cell in marked.items()},
        looks={name: _Look.of(cell) for name, cell in marked.items()},
        group_looks={
            name: _Look.of(_cell(sheet, first_row + 1, column)) for name, column in columns.items()
        },
    )
    sheet.delete_rows(first_row, sheet.max_row - first_row + 1)
    for row in [row for row in sheet.row_dimensions if row >= first_row]:
        del sheet.row_dimensions[row]
    _part_columns(sheet)
    return template


def _part_columns(sheet: Worksheet) -> None:
    """Give each column a width of its own: Excel saves neighbours of equal width as one."""
    for dimension in list(sheet.column_dimensions.values()):
        first, last = dimension.min, dimension.max
        if first and last:
            dimension.min = dimension.max = first
            for column in range(first + 1, last + 1):
                sheet.column_dimensions[get_column_letter(column)].width = dimension.width


def _put(cell: Cell, text: str) -> None:
    """Put text of the view, on one line."""
    put_text(cell, printable(text))


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


# The table ----------------------------------------------------------------------------------


def _put_header(sheet: Worksheet, template: _Template, view: View) -> None:
    titles = {key.value: title for key, title in view.columns}
    titles |= {name: wording.say(view.language) for name, wording in _OWN_TITLES.items()}
    for name, column in template.columns.items():
        _put(_cell(sheet, template.first_row - 1, column), titles[name])
    grouped = any(row.is_group for section in view.sections for row in section.rows)
    if "group" in template.columns and not grouped:
        letter = get_column_letter(template.columns["group"])
        sheet.column_dimensions[letter].hidden = True


def _put_rows(sheet: Worksheet, template: _Template, view: View) -> int:
    """The rows of the table; returns the number of the row below them."""
    at, unit = template.first_row, None
    for dimension, name, row in named_rows(view):
        own = _unit_of(row, view.language)
        unit = (unit or own) if row.is_group else own
        texts = {
            "dimension": dimension,
            "name": name,
            "group": row.cells[ColumnKey.NAME].text if row.is_group else "",
            "verdict": f"{row.cells[ColumnKey.SIGN].text} {row.verdict_text}",
        }
        looks = template.group_looks if row.is_group else template.looks
        for key, column in template.columns.items():
            cell = _cell(sheet, at, column)
            looks[key].put_on(cell)
            if key in texts:
                _put(cell, texts[key])
            else:
                _put_cell(cell, row, ColumnKey(key), unit)
        if "verdict" in template.columns and row.verdict.value in template.looks:
            _paint(_cell(sheet, at, template.columns["verdict"]), template, row)
        if row.is_group:
            sheet.row_dimensions[at].outlineLevel = 1
        _fit_row(sheet, at, template.columns.values())
        at += 1
    return at


def _fit_row(sheet: Worksheet, at: int, columns: Iterable[int]) -> None:
    """Make a row as high as its longest wrapped text; not every program does so by itself."""
    for column in columns:
        cell = _cell(sheet, at, column)
        if cell.alignment.wrap_text and isinstance(cell.value, str):
            _heighten(sheet, cell, sheet.column_dimensions[get_column_letter(column)].width)


def _heighten(sheet: Worksheet, cell: Cell, width: float) -> None:
    size = cell.font.size or 11
    lines = math.ceil(cell_len(str(cell.value or "")) * size / 10 / width)
    row = sheet.row_dimensions[cell.row]
    row.height = max(row.height or 0, lines * size * 1.45 + 3)


def _paint(cell: Cell, template: _Template, row: Row) -> None:
    """The look of a verdict over that of its row, whose ground shows where the verdict has none."""
    look = template.looks[row.verdict.value]
    cell.font = look.parts["font"]
    if look.parts["fill"].fill_type:
        cell.fill = look.parts["fill"]


# The numbers --------------------------------------------------------------------------------

_IN_UNIT = {ColumnKey.VALUE, ColumnKey.GAP, ColumnKey.CHANGE}
_MOST_DECIMALS = 9


def _unit_of(row: Row, language: Language) -> Scale | None:
    """The scale a row's value reads in; `None` where it is no duration."""
    scale = scale_of(Unit.DURATION, row.cells[ColumnKey.VALUE].text, language)
    return scale if scale.name else None


def _put_cell(cell: Cell, row: Row, key: ColumnKey, unit: Scale | None) -> None:
    """A number that can be computed with where the view has one, else its text."""
    shown = row.cells[key]
    if not isinstance(shown.value, Fraction | int):
        _put(cell, shown.text)
        return
    value = Fraction(shown.value)
    if key not in _IN_UNIT:
        cell.value, cell.number_format = number(value), shown.number_format
        return
    scale = Fraction(1, unit.seconds) if unit else Fraction(1)
    percent = shown.number_format.endswith("%")
    decimals = _decimals(row, key, unit, scale * 100 if percent else scale)
    suffix = "%" if percent else f'" {unit.name}"' if unit else ""
    whole = "0" if percent else "#,##0"
    digits = f"{whole}{'.' if decimals else ''}{'0' * decimals}{suffix}"
    cell.value = number(value * scale)
    cell.number_format = digits if key is ColumnKey.VALUE else f"+{digits};-{digits};{digits}"


_READING = re.compile(r"([+−]?[\d,]+(?:\.(\d+))?)(?: (\S+))?")


def _decimals(row: Row, key: ColumnKey, unit: Scale | None, scale: Fraction) -> int:
    """How many decimals make Excel's rounding say the same as the view's text.

    Where the two round to different sides of the target, of zero or of 100 %, the workbook shows
    more decimals, so that a number never contradicts its verdict.
    """
    shown = row.cells[key]
    assert isinstance(shown.value, Fraction | int)
    value = shown.value * scale
    reading = _READING.fullmatch(shown.text)
    if reading and (unit is None or reading[3] == unit.name):
        decimals = len(reading[2] or "")
    else:
        decimals = shown.number_format.rpartition(".")[2].count("0")
    marks = [Fraction(0)]
    if key is ColumnKey.VALUE:
        if reading and reading[1] == format_decimal(rounded_as_excel(value, decimals), decimals):
            return decimals
        gap = row.cells[ColumnKey.GAP].value
        marks += [value - gap * scale] if isinstance(gap, Fraction | int) else []
        marks += [scale] if shown.number_format.endswith("%") else []
    while decimals < _MOST_DECIMALS and any(
        side_of(rounded_as_excel(value, decimals) - mark) != side_of(value - mark) for mark in marks
    ):
        decimals += 1
    return decimals


# The lines around the table -----------------------------------------------------------------


def _put_notes(sheet: Worksheet, template: _Template, view: View, at: int) -> None:
    column = min(template.columns.values())
    rows = [row for section in view.sections for row in section.rows]
    if any(row.cells[ColumnKey.GAP].number_format.endswith("%") for row in rows):
        _put_line(sheet, at, column, _POINTS.say(view.language), template, "line")
        at += 2
    for heading, lines in note_blocks(view):
        _put_line(sheet, at, column, heading, template, "heading")
        for line in lines:
            at += 1
            _put_line(sheet, at, column, line, template, "line")
        at += 2


def _put_line(
    sheet: Worksheet, at: int, column: int, text: str, template: _Template, look: str | None = None
) -> None:
    """A text across the whole table, in a row high enough for it."""
    cell = _cell(sheet, at, column)
    if look and look in template.looks:
        template.looks[look].put_on(cell)
    _put(cell, text)
    last = max(template.columns.values())
    if column < last:
        sheet.merge_cells(start_row=at, end_row=at, start_column=column, end_column=last)
    shown = [sheet.column_dimensions[get_column_letter(i)] for i in range(column, last + 1)]
    _heighten(sheet, cell, sum(dimension.width for dimension in shown if not dimension.hidden))


# Safe text and reproducible files -----------------------------------------------------------

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold."""

_LONGEST_CELL = 32_767
_LONGEST_SHEET_TITLE = 31
_EPOCH = datetime(2000, 1, 1)
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def put_text(cell: Cell, text: str) -> None:
    """Put text that stays text: never a formula, an error value, a link or a broken file."""
    legal = legal_text(text)
    cell.value = legal
    cell.data_type = "s"
    if inert(legal) != legal:
        cell.quotePrefix = True


def legal_text(text: str) -> str:
    """What a cell can hold of a text; what is too long for it ends in an ellipsis."""
    legal = _ILLEGAL.sub("", text)
    if len(legal.encode("utf-16-le")) > 2 * _LONGEST_CELL:
        units = legal.encode("utf-16-le")[: 2 * (_LONGEST_CELL - 1)]
        legal = units.decode("utf-16-le", errors="ignore") + "…"
    return legal


ROWS_OF_A_SHEET = 1_048_576


@dataclass(frozen=True, slots=True)
class Listing:
    """A plain table for a sheet of its own; `widths` are those of its first columns."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[str | int]]
    widths: Sequence[int] = ()


@spilled_temporaries()
def draw_listings(listings: Iterable[Listing]) -> bytes:
    """A workbook of plain tables, row after row; one too long for a sheet goes on in the next."""
    book = Workbook(write_only=True)
    for listing in listings:
        for rows in _by_sheet(listing.rows):
            sheet = book.create_sheet(sheet_title(listing.title, book.sheetnames))
            sheet.freeze_panes = "A2"
            for column, width in enumerate(listing.widths, 1):
                sheet.column_dimensions[get_column_letter(column)].width = width
            sheet.append([_listed(sheet, title, _BOLD) for title in listing.header])
            for row in rows:
                sheet.append([_listed(sheet, value) for value in row])
    return save_workbook(book)


def _by_sheet(rows: Iterable[Sequence[str | int]]) -> Iterator[Iterable[Sequence[str | int]]]:
    """The rows in parts that fit below a header: at least one part, and no empty one after it."""
    left = iter(rows)
    yield islice(left, ROWS_OF_A_SHEET - 1)
    for row in left:
        yield chain([row], islice(left, ROWS_OF_A_SHEET - 2))


_BOLD = Font(bold=True)


def _listed(sheet: Worksheet, value: str | int, font: Font | None = None) -> Cell | None:
    if value == "":
        return None
    cell = WriteOnlyCell(sheet)
    if isinstance(value, int):
        cell.value = value
    else:
        put_text(cell, value)
    if font:
        cell.font = font
    return cell


def sheet_title(text: str, taken: Iterable[str] = ()) -> str:
    """A title that Excel accepts for a sheet, unlike those already taken.

    >>> sheet_title("a/b: c"), sheet_title("x", ["X"])
    ('a b  c', 'x (2)')
    """
    plain = re.sub(r"[\[\]:*?/\\]", " ", printable(text)).strip(" '") or "csq"
    known = {title.lower() for title in taken}
    for count in range(1, len(known) + 2):
        suffix = f" ({count})" if count > 1 else ""
        title = plain[: _LONGEST_SHEET_TITLE - len(suffix)].rstrip() + suffix
        if title.lower() not in known:
            break
    return title


@spilled_temporaries()
def save_workbook(book: Workbook, rows: Mapping[str, Iterable[bytes]] | None = None) -> bytes:
    """The workbook as a file's content, without the time or the machine it was made on.

    `rows` are further rows of some sheets by their titles, as XML: they go below the others.
    """
    more = {
        f"xl/worksheets/sheet{number}.xml": rows[title]
        for number, title in enumerate(book.sheetnames, 1)
        if rows and title in rows
    }
    book.properties = DocumentProperties(creator=CREATOR, created=_EPOCH, modified=_EPOCH)
    written, fixed = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, ZipFile(written, "w", ZIP_DEFLATED)).save()
    with ZipFile(written) as source, ZipFile(fixed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, _ZIP_EPOCH)
            entry.compress_type, entry.create_system = ZIP_DEFLATED, 0
            content = source.read(name)
            if name not in more:
                target.writestr(entry, content)
                continue
            above, end, below = content.rpartition(b"</sheetData>")
            with target.open(entry, "w") as part:
                part.write(above)
                part.writelines(more[name])
                part.write(end + below)
    return fixed.getvalue()
