"""Workbooks: the tables in their sheets, each with its header and its rows as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

from csq.errors import IntakeError, Place, Problem
from csq.intake.readers.archive import part_sizes
from csq.intake.readers.base import (
    DAY_MARK,
    HEADER_WITHIN,
    Batch,
    ExportFile,
    Layout,
    RawTable,
    Recognise,
    find_units,
    read_header,
    without_blank_rows,
    without_first_rows,
)
from csq.intake.readers.sheets import (
    BinaryWorkbook,
    EncryptedWorkbook,
    OversizedRow,
    Sheet,
    SheetRow,
    UnreadableWorkbook,
)
from csq.intake.readers.xlsx import open_xlsx
from csq.problems.files import (
    BINARY_WORKBOOK,
    BLANK_HEADER_ROW,
    BROKEN_WORKBOOK,
    EMPTY_FILE,
    ENCRYPTED_WORKBOOK,
    NOT_A_TABLE,
    OVERSIZED_WORKBOOK,
    PAGE_WITHOUT_TABLE,
)
from csq.problems.headers import MERGED_CELLS, UNITS_ROW, UNKNOWN_SHEET
from csq.wording import Wording

_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK"
SIGNATURES = (_OLE, _ZIP)
"""With what the bytes of every workbook begin."""
_HEAD = 4096
_LARGEST = 1_500_000_000


def read_workbook(
    file: ExportFile,
    recognise: Recognise,
    layout: Layout = Layout(),  # noqa: B008
) -> tuple[RawTable, ...]:
    """The tables in a workbook's sheets in the order of their tabs: those asked for, or all.

    A sheet that holds nothing is left out. Raises `IntakeError`.
    """
    place = Place(file.name)
    with _faults_told(place):
        sheets = _open_sheets(file.path, place)
        known = {sheet.name: sheet for sheet in sheets}
        unknown = [name for name in layout.sheets if name not in known]
        if unknown:
            shown = ", ".join(known)
            raise IntakeError(
                *(UNKNOWN_SHEET.at(place, value=name, known=shown) for name in unknown)
            )
        wanted = [known[name] for name in layout.sheets] or sheets
        heads = [(sheet, _first_rows(sheet, layout)) for sheet in wanted]
    filled = [(sheet, rows) for sheet, rows in heads if _is_filled(rows)]
    tables = [_table_in(sheet, rows, file, recognise, layout) for sheet, rows in filled]
    if not tables or (layout.sheets and len(tables) < len(wanted)):
        empty = [replace(place, sheet=sheet.name) for sheet, rows in heads if not _is_filled(rows)]
        raise IntakeError(*(EMPTY_FILE.at(each) for each in (empty if layout.sheets else [place])))
    headed = tuple(table for table in tables if table.header or not layout.header_row)
    if not headed or (layout.sheets and len(headed) < len(tables)):
        row = layout.header_row
        raise IntakeError(
            *(BLANK_HEADER_ROW.at(each.place, value=row) for each in tables if each not in headed)
        )
    return headed


def _open_sheets(path: Path, place: Place) -> tuple[Sheet, ...]:
    """The sheets of a workbook by what it is, whatever its name says; raises `UnreadableWorkbook`.

    Raises `IntakeError` for what is none, or unpacks to more than the machine can hold.
    """
    with path.open("rb") as stream:
        start = stream.read(_HEAD)
    if not start:
        raise IntakeError(EMPTY_FILE.at(place))
    if is_markup(path, start):
        from csq.intake.readers.pages import open_page
        from csq.intake.readers.xml2003 import is_xml2003, open_xml2003

        sheets = open_xml2003(path) if is_xml2003(start) else open_page(path)
        if not sheets:
            raise IntakeError(PAGE_WITHOUT_TABLE.at(place))
        return sheets
    if start.startswith(_OLE):
        from csq.intake.readers.xls import open_xls

        return open_xls(path)
    if not start.startswith(_ZIP):
        raise IntakeError(NOT_A_TABLE.at(place, kind=Wording("工作簿", "a workbook")))
    sizes = part_sizes(path)
    unpacked = sum(sizes.values())
    if unpacked > _LARGEST:
        raise IntakeError(OVERSIZED_WORKBOOK.at(place, value=f"{unpacked // 1_000_000} MB"))
    if "xl/workbook.bin" in sizes:
        raise BinaryWorkbook
    if "content.xml" in sizes:
        from csq.intake.readers.ods import open_ods

        return open_ods(path)
    return open_xlsx(path)


def is_markup(path: Path, head: bytes) -> bool:
    """Whether it is a page or an XML that a system calls “.xls” so that Excel opens it."""
    if path.suffix.lower() != ".xls":
        return False
    from csq.intake.readers.pages import is_page
    from csq.intake.readers.xml2003 import is_xml2003

    return is_xml2003(head) or is_page(head)


def _is_filled(rows: Sequence[SheetRow]) -> bool:
    return any(cell.strip() for row in rows for cell in row.cells)


def _table_in(
    sheet: Sheet,
    first_rows: Sequence[SheetRow],
    file: ExportFile,
    recognise: Recognise,
    layout: Layout,
) -> RawTable:
    """The table in a sheet of which the first rows are known."""
    top, has_units = _header_in(first_rows, recognise, layout)
    place = Place(file.name, sheet=sheet.name)
    below = [row.cells for row in first_rows if row.number > top.number + layout.skip_rows]
    header = _fit_header(top.cells, below)
    batches = partial(_batches, sheet, top.number + layout.skip_rows, len(header), place)
    return RawTable(
        place=place,
        encoding=None,
        header=header,
        batches=batches,
        problems=(
            *((UNITS_ROW.at(replace(place, row=top.number)),) if has_units else ()),
            *_tell_merged(sheet, top.number, header, place),
        ),
        is_hidden=sheet.hidden,
        above=tuple(tuple(row.cells) for row in first_rows if row.number < top.number),
        marked=partial(batches, DAY_MARK) if sheet.knows_dates else None,
        first_day=sheet.first_day,
    )


def _tell_merged(
    sheet: Sheet, header_row: int, header: Sequence[str], place: Place
) -> Iterator[Problem]:
    """A warning of each column in which cells below the header are merged over several rows."""
    with _faults_told(place):
        found = [m for m in sheet.merged() if m.first > header_row and m.column < len(header)]
    for column in sorted({merged.column for merged in found}):
        own = [merged for merged in found if merged.column == column]
        first = min(merged.first for merged in own)
        where = replace(place, row=first, column=header[column])
        blank = sum(merged.last - merged.first for merged in own)
        yield MERGED_CELLS.at(where, field=header[column], cells=len(own), count=blank)


def _first_rows(sheet: Sheet, layout: Layout) -> list[SheetRow]:
    """The rows among which the header is."""
    if layout.header_row:
        rows = islice(sheet.rows(), layout.header_row + HEADER_WITHIN)
        return [row for row in rows if row.cells]
    return list(islice(sheet.rows(), HEADER_WITHIN))


def _header_in(
    rows: Sequence[SheetRow], recognise: Recognise, layout: Layout
) -> tuple[SheetRow, bool]:
    """The header, numbered by its last row, and whether that is one of units.

    It is the row that was declared, or what `read_header` finds.
    """
    cells = [row.cells for row in rows]
    if layout.header_row:
        declared = [i for i, row in enumerate(rows) if row.number == layout.header_row]
        if not declared:
            return SheetRow(layout.header_row, [], []), False
        position = declared[0]
        if layout.skip_rows:
            return rows[position], False
        header = find_units(cells[position], position, cells)
    else:
        header = read_header(cells, recognise)
    return SheetRow(rows[header.last].number, list(header.cells), []), header.has_units


def _fit_header(header: Sequence[str], below: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The header up to its last name, and on to the last column that most rows below it fill.

    A column without a name is no slip where most rows have it; in a single row it is one.
    """
    last = max((i for i, cell in enumerate(header) if cell.strip()), default=-1)
    filled = Counter(i for row in below for i, cell in enumerate(row) if cell.strip())
    usual = [i for i, times in filled.items() if times * 2 > len(below)]
    width = max(last, *usual, -1) + 1 if last >= 0 else 0
    return (*header, *[""] * (width - len(header)))[:width]


def _batches(
    sheet: Sheet, header_row: int, width: int, place: Place, day_mark: str = ""
) -> Iterator[Batch]:
    with _faults_told(place):
        for batch in without_first_rows(sheet.batches(width, day_mark), header_row + 1):
            yield without_blank_rows(batch)


@contextmanager
def _faults_told(place: Place) -> Iterator[None]:
    """Turn what an unreadable workbook raises into a problem of its place."""
    try:
        yield
    except OversizedRow:
        raise IntakeError(OVERSIZED_WORKBOOK.at(place, value="64 MB")) from None
    except EncryptedWorkbook:
        raise IntakeError(ENCRYPTED_WORKBOOK.at(place)) from None
    except BinaryWorkbook:
        raise IntakeError(BINARY_WORKBOOK.at(place)) from None
    except UnreadableWorkbook:
        raise IntakeError(BROKEN_WORKBOOK.at(place)) from None
