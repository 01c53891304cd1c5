"""An export: rows under headers, with the faults of its file, and the account of its lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from generator.draw import lots
from generator.faults import TOTALS_ROW, Fault
from generator.files import write_csv, write_xlsx
from generator.spelling import Cell, Row, Spelling, Value

TOTALS_WORD = "合计"


@dataclass(frozen=True, slots=True)
class Container:
    """What kind of file it is; without an `encoding` it is a workbook."""

    encoding: str | None = None
    line_end: str = "\r\n"
    banner: str | None = None
    """A line above the header, with an empty one below it."""


GB18030 = Container("gb18030")
UTF8 = Container("utf-8", "\n")
UTF8_BOM = Container("utf-8-sig")
XLSX = Container()

PLAIN = Spelling()
"""ISO times, seconds, 是/否."""


@dataclass(frozen=True, slots=True)
class Export:
    """Everything about one file before it is written."""

    name: str
    """Without the suffix, which follows from the container."""
    source: str
    headers: Mapping[str, str]
    """Which fields it has, the key first, and how it heads them."""
    rows: Sequence[Row]
    container: Container
    spelling: Spelling = PLAIN
    faults: tuple[Fault, ...] = ()
    repeated: int = 0
    """Rows that stand in it twice."""
    totals: str | None = None
    """The field it adds up in a last line, if it has such a line."""
    empty_end: int = 0
    """Empty lines at the end; they are no rows."""

    @property
    def file(self) -> str:
        return f"{self.name}.{'csv' if self.container.encoding else 'xlsx'}"

    @property
    def key(self) -> str:
        return next(iter(self.headers))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: its cells, and its key or why it must be refused."""

    cells: tuple[Cell, ...]
    key: str | None = None
    refused: str | None = None


def lines_of(export: Export) -> list[Line]:
    """The lines below the header in their order."""
    rng = lots("lines", export.name)
    lines = [Line(_cells(export, row), str(row[export.key])) for row in export.rows]
    for place in sorted(rng.sample(range(len(lines)), export.repeated), reverse=True):
        lines.insert(place, lines[place])
    for number, fault in enumerate(export.faults, start=1):
        row = rng.choice([row for row in export.rows if fault.fits(row)])
        lines.insert(rng.randrange(1, len(lines)), _spoilt(export, row, fault, number))
    if export.totals:
        lines.append(_totals_line(export, export.totals))
    return lines


def _cells(export: Export, row: Row) -> tuple[Cell, ...]:
    return tuple(export.spelling.cell(row[field]) for field in export.headers)


def _spoilt(export: Export, row: Row, fault: Fault, number: int) -> Line:
    name, digits = str(row[export.key]).rsplit("-", 1)
    fresh = row | {export.key: f"{name}-{9 * 10 ** (len(digits) - 1) + number}"}
    cells = _cells(export, fault.spoil(fresh))
    cells = cells[: len(cells) - fault.cut] + fault.extra
    return Line(cells, refused=fault.code)


def _totals_line(export: Export, field: str) -> Line:
    values = [value for row in export.rows if (value := row[field]) is not None]
    total: Value = sum(value for value in values if isinstance(value, int))
    if isinstance(values[0], timedelta):
        total = sum((value for value in values if isinstance(value, timedelta)), timedelta())
    blank: Row = dict.fromkeys(export.headers)
    cells = _cells(export, blank | {export.key: TOTALS_WORD, field: total})
    return Line(cells, refused=TOTALS_ROW)


def first_row(export: Export) -> int:
    """The number of the first line below the header, counted from 1."""
    return 4 if export.container.banner else 2


def write(folder: Path, export: Export, lines: Sequence[Line]) -> None:
    """Write the file into the folder."""
    container = export.container
    top: list[Sequence[Cell]] = [[container.banner], []] if container.banner else []
    page: list[Sequence[Cell]] = [
        *top,
        tuple(export.headers.values()),
        *(line.cells for line in lines),
    ]
    page += [()] * export.empty_end
    if container.encoding:
        write_csv(folder / export.file, page, container.encoding, container.line_end)
    else:
        write_xlsx(folder / export.file, export.name, page)


def account(exports: Mapping[str, tuple[Export, Sequence[Line]]]) -> dict[str, object]:
    """What intake must say of every file: read, refused and why, dropped as duplicates."""
    last: dict[tuple[str, str], tuple[str, int]] = {}
    for file in sorted(exports):
        export, lines = exports[file]
        for place, line in enumerate(lines):
            if line.key is not None:
                last[export.source, line.key] = (file, place)
    return {file: _account_of(file, *exports[file], last) for file in sorted(exports)}


def _account_of(
    file: str,
    export: Export,
    lines: Sequence[Line],
    last: Mapping[tuple[str, str], tuple[str, int]],
) -> dict[str, object]:
    refused = [
        {"row": place + first_row(export), "code": line.refused}
        for place, line in enumerate(lines)
        if line.refused
    ]
    keyed = [(place, line.key) for place, line in enumerate(lines) if line.key is not None]
    kept = sum(last[export.source, key] == (file, place) for place, key in keyed)
    return {
        "source": export.source,
        "encoding": export.container.encoding or "xlsx",
        "read": len(lines),
        "refused": len(refused),
        "duplicates": len(keyed) - kept,
        "kept": kept,
        "refused_rows": refused,
        "refused_by_code": dict(sorted(Counter(str(one["code"]) for one in refused).items())),
    }
