"""Excel workbooks, through calamine and behind a guard against workbooks that exhaust it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, load_workbook

from csq.errors import IntakeError, Place
from csq.intake.readers.base import (
    Batch,
    ExportFile,
    RawTable,
    Recognise,
    TornRow,
    batch_of,
    cell_text,
    find_header,
    without_blank_rows,
)
from csq.problems import (
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
_LARGEST_GRID = 60_000_000
"""Cells of the dense grid that calamine lays out: it aborts the process where memory ends."""
_ROWS_AT_ONCE = 20_000

Grid = Sequence[Sequence[str]]


def read_workbook(file: ExportFile, recognise: Recognise, sheet: str | None) -> RawTable:
    """The table in a workbook's sheet: the one asked for, or that with the most known headers.

    Raises `IntakeError`.
    """
    place = Place(file.name)
    _guard(file.path, place)
    try:
        workbook = load_workbook(str(file.path))
        grids = _read_sheets(workbook, sheet, place)
    except (CalamineError, OSError, ValueError):
        raise IntakeError(BROKEN_WORKBOOK.at(place)) from None
    filled = {name: grid for name, grid in grids.items() if any(any(row) for row in grid)}
    if not filled:
        raise IntakeError(EMPTY_FILE.at(place))
    positions = {name: find_header(grid, recognise) for name, grid in filled.items()}
    chosen = max(filled, key=lambda name: recognise(filled[name][positions[name]]))
    others = [name for name in filled if name != chosen]
    grid, position = filled[chosen], positions[chosen]
    place = Place(file.name, sheet=chosen)
    header = _trim_header(grid[position])
    batches = tuple(_batches(grid[position + 1 :], len(header), position + 2))
    return RawTable(
        place=place,
        encoding=None,
        header=header,
        batches=lambda: iter(batches),
        problems=(OTHER_SHEET.at(place, value=", ".join(others)),) if others else (),
    )


def _read_sheets(workbook: CalamineWorkbook, sheet: str | None, place: Place) -> dict[str, Grid]:
    names = workbook.sheet_names
    if sheet is not None and sheet not in names:
        raise IntakeError(UNKNOWN_SHEET.at(place, value=sheet, known=", ".join(names)))
    return {
        name: [
            [cell if cell.__class__ is str else cell_text(cell) for cell in row]
            for row in workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        ]
        for name in ([sheet] if sheet else names)
    }


def _trim_header(row: Sequence[str]) -> tuple[str, ...]:
    """The header without the blank cells behind its last name."""
    width = max((i + 1 for i, cell in enumerate(row) if cell.strip()), default=0)
    return tuple(row[:width])


def _batches(rows: Grid, width: int, first_row: int) -> Iterator[Batch]:
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        kept: list[Sequence[str]] = []
        numbers: list[int] = []
        torn: list[TornRow] = []
        for number, row in enumerate(rows[start : start + _ROWS_AT_ONCE], first_row + start):
            if any(row[width:]):
                torn.append(TornRow(number, " | ".join(row), len(row)))
            else:
                kept.append(row[:width])
                numbers.append(number)
        yield without_blank_rows(batch_of(kept, width, numbers, tuple(torn)))


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
            if unpacked > _LARGEST:
                size = f"{unpacked // 1_000_000} MB"
                raise IntakeError(OVERSIZED_WORKBOOK.at(place, value=size))
            for member in archive.namelist():
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", member):
                    _guard_extent(archive, member, place)
    except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError):
        raise IntakeError(BROKEN_WORKBOOK.at(place)) from None


def _guard_extent(archive: zipfile.ZipFile, member: str, place: Place) -> None:
    """Refuse a sheet whose farthest cell spans a grid too large to lay out.

    Columns of three letters and the last row number are looked for in the XML itself: what the
    sheet says of its own dimension may be wrong.
    """
    widest, last_row, rest = 702, 0, b""
    with archive.open(member) as stream:
        while block := stream.read(1 << 20):
            block = rest + block
            for letters in set(re.findall(rb'<c r="([A-Z]{3})\d', block)):
                widest = max(widest, _column_number(letters))
            rows = re.findall(rb'<row [^>]*?\br="(\d{1,9})"', block)
            last_row = max([last_row, *map(int, rows[-1:])])
            rest = block[-200:]
    width = widest if widest > 702 else 60
    if width * last_row > _LARGEST_GRID:
        value = f"{width} x {last_row}"
        raise IntakeError(OVERSIZED_WORKBOOK.at(place, value=value))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
