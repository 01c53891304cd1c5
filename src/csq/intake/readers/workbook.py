"""Workbooks: the right sheet of them, its header, and its rows as text."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from csq.errors import IntakeError, Place
from csq.intake.readers.base import (
    HEADER_WITHIN,
    Batch,
    ExportFile,
    Layout,
    RawTable,
    Recognise,
    TornRow,
    batch_of,
    find_header,
    without_blank_rows,
)
from csq.intake.readers.xlsx import BrokenWorkbook, OversizedRow, SheetRow, XlsxWorkbook
from csq.problems import (
    BLANK_HEADER_ROW,
    BROKEN_WORKBOOK,
    EMPTY_FILE,
    ENCRYPTED_WORKBOOK,
    NOT_A_TABLE,
    OTHER_SHEET,
    OVERSIZED_WORKBOOK,
    UNKNOWN_SHEET,
)
from csq.wording import Wording

SUFFIXES = (".xlsx", ".xlsm")

_OLE = b"\xd0\xcf\x11\xe0"
_LARGEST = 1_500_000_000
_ROWS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet of a workbook: `rows` reads it anew, each row with so many cells, or its own."""

    name: str
    hidden: bool
    rows: Callable[[int | None], Iterator[SheetRow]]


def read_workbook(
    file: ExportFile,
    recognise: Recognise,
    layout: Layout = Layout(),  # noqa: B008
) -> RawTable:
    """The table in a workbook's sheet: the one asked for, or that with the most known headers.

    Raises `IntakeError`.
    """
    place, sheet = Place(file.name), layout.sheet
    _guard(file.path, place)
    with _faults_told(place):
        sheets = _open_sheets(file.path)
        known = ", ".join(each.name for each in sheets)
        if sheet is not None and sheet not in {each.name for each in sheets}:
            raise IntakeError(UNKNOWN_SHEET.at(place, value=sheet, known=known))
        heads = {
            each.name: (each, _first_rows(each, layout))
            for each in sheets
            if sheet in {None, each.name}
        }
    filled = {
        name: (each, rows)
        for name, (each, rows) in heads.items()
        if any(cell.strip() for row in rows for cell in row.cells)
    }
    if not filled:
        raise IntakeError(EMPTY_FILE.at(place))

    def rank(name: str) -> tuple[int, bool]:
        chosen, rows = filled[name]
        return recognise(_header_in(rows, recognise, layout).cells), not chosen.hidden

    name = max(filled, key=rank)
    chosen, head = filled[name]
    top = _header_in(head, recognise, layout)
    others = [each for each in filled if each != name]
    place = Place(file.name, sheet=name)
    header = _trim_header(top.cells)
    if layout.header_row and not header:
        raise IntakeError(BLANK_HEADER_ROW.at(place, value=layout.header_row))
    return RawTable(
        place=place,
        encoding=None,
        header=header,
        batches=partial(_batches, chosen, top.number + layout.skip_rows, len(header), place),
        problems=(OTHER_SHEET.at(place, value=", ".join(others)),) if others else (),
    )


def _open_sheets(path: Path) -> list[_Sheet]:
    workbook = XlsxWorkbook(path)
    return [
        _Sheet(part.name, part.hidden, partial(workbook.rows, part)) for part in workbook.sheets
    ]


def _first_rows(sheet: _Sheet, layout: Layout) -> list[SheetRow]:
    """The rows among which the header is."""
    if layout.header_row:
        return [row for row in islice(sheet.rows(None), layout.header_row) if row.cells]
    return list(islice(sheet.rows(None), HEADER_WITHIN))


def _header_in(rows: Sequence[SheetRow], recognise: Recognise, layout: Layout) -> SheetRow:
    """The header: the row that was declared, or the one with the most known headers."""
    if layout.header_row:
        declared = [row for row in rows if row.number == layout.header_row]
        return declared[0] if declared else SheetRow(layout.header_row, [], [])
    return rows[find_header([row.cells for row in rows], recognise)]


def _trim_header(row: Sequence[str]) -> tuple[str, ...]:
    """The header without the blank cells behind its last name."""
    width = max((i + 1 for i, cell in enumerate(row) if cell.strip()), default=0)
    return tuple(row[:width])


def _batches(sheet: _Sheet, header_row: int, width: int, place: Place) -> Iterator[Batch]:
    with _faults_told(place):
        rows = (row for row in sheet.rows(width) if row.number > header_row)
        while chunk := list(islice(rows, _ROWS_AT_ONCE)):
            kept = [row for row in chunk if not row.beyond]
            torn = tuple(
                TornRow(row.number, " | ".join((*row.cells, *row.beyond)), width + len(row.beyond))
                for row in chunk
                if row.beyond
            )
            cells, numbers = [row.cells for row in kept], [row.number for row in kept]
            yield without_blank_rows(batch_of(cells, width, numbers, torn))


@contextmanager
def _faults_told(place: Place) -> Iterator[None]:
    """Turn what a damaged workbook raises into a problem of its place."""
    try:
        yield
    except BrokenWorkbook:
        raise IntakeError(BROKEN_WORKBOOK.at(place)) from None
    except OversizedRow:
        raise IntakeError(OVERSIZED_WORKBOOK.at(place, value="64 MB")) from None


def _guard(path: Path, place: Place) -> None:
    """Refuse what is no workbook, is encrypted, or unpacks to more than the machine can hold."""
    with path.open("rb") as stream:
        start = stream.read(8)
    if not start:
        raise IntakeError(EMPTY_FILE.at(place))
    if start.startswith(_OLE):
        raise IntakeError(ENCRYPTED_WORKBOOK.at(place))
    if not start.startswith(b"PK"):
        raise IntakeError(NOT_A_TABLE.at(place, kind=Wording("工作簿", "a workbook")))
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, EOFError, ValueError):
        raise IntakeError(BROKEN_WORKBOOK.at(place)) from None
    if unpacked > _LARGEST:
        raise IntakeError(OVERSIZED_WORKBOOK.at(place, value=f"{unpacked // 1_000_000} MB"))
