"""Writing csv and xlsx files so that the same rows always give the same bytes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

from generator.spelling import Cell

FIXED_TIME = datetime(2025, 9, 1, 8)


def write_csv(path: Path, lines: Sequence[Sequence[Cell]], encoding: str, line_end: str) -> None:
    """Write lines as csv; an empty line stays an empty line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=line_end)
    for line in lines:
        if line:
            writer.writerow(["" if cell is None else cell for cell in line])
        else:
            text.write(line_end)
    path.write_bytes(text.getvalue().encode(encoding))


def write_xlsx(path: Path, sheet: str, lines: Sequence[Sequence[Cell]]) -> None:
    """Write lines as the only sheet of a workbook."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for line in lines:
        page.append(list(line))
    book.properties.created = FIXED_TIME
    book.properties.creator = "客服系统"
    written = io.BytesIO()
    book.save(written)
    path.write_bytes(_without_clock(written.getvalue()))


def _without_clock(workbook: bytes) -> bytes:
    """The workbook with every time of writing replaced by `FIXED_TIME`."""
    stamp = f"{FIXED_TIME:%Y-%m-%dT%H:%M:%SZ}".encode()
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, content)
            member = zipfile.ZipInfo(name, FIXED_TIME.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            target.writestr(member, content, compresslevel=9)
    return packed.getvalue()
