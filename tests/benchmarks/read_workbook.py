"""csq's reading of a workbook beside python-calamine's: `python read_workbook.py [ROWS]`.

A sheet of 13 columns, three of them times, 200,000 rows unless told, with its texts shared as Excel
has them and in its cells as others do. Processor time of one process each; the rounds are
interleaved, the best of three counts. Only the ratios of one run mean anything.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

import write_tickets

ROUNDS = 3
_DAY_ZERO = datetime(1899, 12, 30)
_COUNTS = {8, 9}
_TIMES = {3, 4, 5}
_PARTS = {
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="工单" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/styles.xml": '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>',
}
_CALAMINE = """
import sys, time
from python_calamine import CalamineWorkbook
begun = time.process_time()
rows = CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()
print(time.process_time() - begun)
"""
_CSQ = """
import sys, time
from pathlib import Path
from csq.intake.readers.base import ExportFile
from csq.intake.readers.workbook import read_workbook
begun = time.process_time()
path = Path(sys.argv[1])
[table] = read_workbook(ExportFile(path, path.name), len)
for batch in table.batches():
    pass
print(time.process_time() - begun)
"""


class _Texts:
    """How the texts of a sheet are written: each in its cell or, shared, apart."""

    def __init__(self, *, shared: bool) -> None:
        self.known: dict[str, int] = {}
        self._shared = shared

    def write(self, place: str, text: str) -> str:
        if not self._shared:
            return f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        return f'<c r="{place}" t="s"><v>{self.known.setdefault(text, len(self.known))}</v></c>'


def _write_cell(column: int, row: int, text: str, texts: _Texts) -> str:
    place = f"{chr(ord('A') + column)}{row}"
    if column in _COUNTS and text.isdecimal():
        return f'<c r="{place}"><v>{text}</v></c>'
    if column in _TIMES and row > 1:
        try:
            passed = datetime.fromisoformat(text) - _DAY_ZERO
        except ValueError:
            return texts.write(place, text)
        return f'<c r="{place}" s="1"><v>{passed.total_seconds() / 86_400!r}</v></c>'
    return texts.write(place, text)


def _write_rows(table: Path, texts: _Texts) -> Iterator[str]:
    with table.open(encoding="utf-8", newline="") as lines:
        for row, cells in enumerate(csv.reader(lines), 1):
            filled = (_write_cell(i, row, text, texts) for i, text in enumerate(cells) if text)
            yield f'<row r="{row}">{"".join(filled)}</row>'


def write_workbook(table: Path, path: Path, *, shared: bool) -> None:
    """The rows of a table of tickets as a workbook."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    texts = _Texts(shared=shared)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in _PARTS.items():
            archive.writestr(name, part)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f"<worksheet {space}><sheetData>".encode())
            for row in _write_rows(table, texts):
                sheet.write(row.encode())
            sheet.write(b"</sheetData></worksheet>")
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts.known)
        archive.writestr("xl/sharedStrings.xml", f"<sst {space}>{items}</sst>")


def measure(program: str, path: Path) -> float:
    """The seconds of processor time that a program says it took."""
    ran = subprocess.run([sys.executable, "-c", program, path], check=True, capture_output=True)
    return float(ran.stdout)


def main() -> None:
    """Generate, measure, print the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as name:
        table, path = Path(name) / "tickets.csv", Path(name) / "tickets.xlsx"
        write_tickets.generate(rows, table)
        for shared in (True, False):
            write_workbook(table, path, shared=shared)
            rounds = [(measure(_CSQ, path), measure(_CALAMINE, path)) for _ in range(ROUNDS)]
            csq, calamine = map(min, zip(*rounds, strict=True))
            print(
                f"{rows:,} rows, texts {'shared' if shared else 'in the cells'}: "
                f"csq {csq:.2f} s, calamine {calamine:.2f} s, {csq / calamine:.2f} x"
            )


if __name__ == "__main__":
    main()
