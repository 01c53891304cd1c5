"""A workbook is read as openpyxl reads it cell by cell, however its XML is written.

What a cell says is told here by plain rules from what openpyxl finds in it; csq sees the same cells
in the ways in which the programs that write workbooks differ.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch
from xml.sax.saxutils import unescape

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell import Cell
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from csq.intake.readers import xlsx
from csq.intake.readers.base import ExportFile, Layout, number_text
from csq.intake.readers.formats import Shown, Speller
from csq.intake.readers.workbook import read_workbook

HEADER = ("编号", "时间", "渠道", "时长")
Content = tuple[Any, str]
"""The value of a cell and its number format."""

_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=9
).filter(lambda text: not text.startswith("="))
_SECONDS = st.integers(0, 200_000).map(lambda seconds: timedelta(seconds=seconds))
_MOMENTS = st.datetimes(datetime(1905, 1, 1), datetime(2100, 1, 1)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 500_000 * 500_000)
)
_NUMBERS = st.one_of(
    st.integers(-(10**9), 10**9),
    st.decimals(-10_000, 10_000, places=3).map(float),
    st.floats(-1e9, 1e9).map(lambda number: round(number, 6)),
)
CONTENTS: st.SearchStrategy[Content] = st.one_of(
    st.tuples(_TEXT, st.just("General")),
    st.tuples(st.sampled_from((" a", "a ", "a\nb", "&amp;", "<c r=", "agent_xu", "0045", "1")), st.just("@")),
    st.tuples(st.sampled_from(("#N/A", "#DIV/0!", "=A1+1")), st.just("General")),
    st.tuples(st.booleans(), st.just("General")),
    st.tuples(_NUMBERS, st.sampled_from(("General", "0.00", "#,##0"))),
    st.tuples(st.integers(0, 99_999), st.just("0000")),
    st.tuples(st.integers(-2_000, 2_000).map(lambda n: n / 1_000), st.sampled_from(("0%", "0.0%"))),
    st.tuples(_MOMENTS, st.sampled_from(("yyyy-mm-dd hh:mm", "d/m/yy", "m/d/yy h:mm"))),
    st.tuples(_MOMENTS.map(datetime.date), st.just("yyyy/m/d")),
    st.tuples(_SECONDS, st.just("[h]:mm:ss")),
    st.tuples(_MOMENTS.map(datetime.time), st.just("h:mm:ss")),
    st.tuples(st.none(), st.sampled_from(("General", "0%", "yyyy-mm-dd"))),
)  # fmt: skip


def said_by(cell: Cell) -> str:
    """What a cell says, from what openpyxl takes it for."""
    value: Any = cell.value
    if cell.data_type == "f":
        return "#FORMULA!"
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        if cell.number_format == "0000":
            return f"{value:04d}"
        if "%" in cell.number_format:
            return f"{(number * 100).normalize():f}%"
        return f"{number.normalize():f}" if number else "0"
    if isinstance(value, datetime):
        clock = clock_of(value.time())
        return f"{value.date()} {clock}" if value.time() != time() else str(value.date())
    if isinstance(value, date):
        return str(value)
    return clock_of(value) if isinstance(value, time | timedelta) else str(value)


def clock_of(value: time | timedelta) -> str:
    if isinstance(value, time):
        value = datetime.combine(date(2025, 1, 1), value) - datetime(2025, 1, 1)
    thousandths = round(value.total_seconds() * 1_000)
    seconds, rest = divmod(thousandths, 1_000)
    whole = f"{seconds // 3_600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{whole}.{rest:03d}" if rest else whole


# How programs write the same cells ----------------------------------------------------------------


def _places_last(xml: str) -> str:
    return re.sub(r'<c( r="\w+")([^>/]*)(/?)>', r"<c\2\1\3>", xml)


def _literal(xml: str) -> str:
    def spell(found: re.Match[str]) -> str:
        return f"<t><![CDATA[{unescape(found[1])}]]></t>"

    return re.sub(r"<t>([^<]*)</t>", spell, xml)


def _prefixed(xml: str) -> str:
    return re.sub(r"<(/?)(?=\w)", r"<\1x:", xml).replace("xmlns=", "xmlns:x=")


WAYS: dict[str, Callable[[str], str]] = {
    "as openpyxl does": str,
    "with a prefix": _prefixed,
    "single quotes": lambda xml: re.sub(r'(?<=\s)(\w+)="([^"\']*)"', r"\1='\2'", xml),
    "places behind styles": _places_last,
    "literal texts": _literal,
    "remarks": lambda xml: xml.replace("<row ", '<!-- <row r="9"><c r="A9"><v>7</v></c></row> --><row '),
    "line breaks": lambda xml: xml.replace("<c ", "<c\n ").replace("</row>", "</row>\r\n"),
    "rows without a number": lambda xml: re.sub(r'<row r="\d+"', "<row", xml),
}  # fmt: skip


def _rewritten(book: bytes, rewrite: Callable[[str], str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            is_sheet = name.endswith("sheet1.xml")
            new.writestr(name, rewrite(part.decode()).encode() if is_sheet else part)
    return content.getvalue()


def _shared(book: bytes) -> bytes:
    """The workbook with its texts apart from its cells, as Excel has them."""
    texts: list[str] = []

    def share(found: re.Match[str]) -> str:
        texts.append(f"<si>{found[2]}</si>")
        return f'<c{found[1]} t="s"><v>{len(texts) - 1}</v></c>'

    pattern = re.compile(r'<c([^>]*?) t="inlineStr"[^>]*><is>(.*?)</is></c>', re.DOTALL)
    whole = _rewritten(book, lambda xml: pattern.sub(share, xml))
    content = io.BytesIO(whole)
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst>{''.join(texts)}</sst>")
    return content.getvalue()


def _written(rows: Sequence[Sequence[Content]], *, is_mac: bool) -> bytes:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904 if is_mac else CALENDAR_WINDOWS_1900
    sheet = book.worksheets[0]
    sheet.append(HEADER)
    for number, row in enumerate(rows, 2):
        for column, (value, shown) in enumerate(row, 1):
            sheet.cell(number, column, value).number_format = shown
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _read(book: bytes, at_once: int) -> dict[int, tuple[str, ...]]:
    """The rows of the only sheet, taken apart so many bytes at a time."""
    found: dict[int, tuple[str, ...]] = {}
    with tempfile.TemporaryDirectory() as folder, patch.object(xlsx, "_AT_ONCE", at_once):
        path = Path(folder) / "t.xlsx"
        path.write_bytes(book)
        [table] = read_workbook(
            ExportFile(path, path.name), lambda row: len(set(row) & set(HEADER)), Layout()
        )
        assert table.header == HEADER
        for batch in table.batches():
            assert not batch.torn
            cells = [column.to_pylist() for column in batch.cells.columns]
            found |= dict(zip(batch.rows.to_pylist(), zip(*cells, strict=True), strict=True))
    return found


@settings(max_examples=40)
@given(
    rows=st.lists(st.tuples(*[CONTENTS] * len(HEADER)), min_size=1, max_size=12),
    is_mac=st.booleans(),
    way=st.sampled_from(sorted(WAYS)),
    is_shared=st.booleans(),
    at_once=st.sampled_from((97, 1_000, 1 << 22)),
)
def test_a_workbook_is_read_as_openpyxl_reads_it(
    rows: list[tuple[Content, ...]], is_mac: bool, way: str, is_shared: bool, at_once: int
) -> None:
    book = _written(rows, is_mac=is_mac)
    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    said = {
        number: tuple(said_by(cell) for cell in row)  # type: ignore[arg-type]
        for number, row in enumerate(sheet.iter_rows(min_row=2, max_col=len(HEADER)), 2)
    }
    meant = {number: row for number, row in said.items() if any(cell.strip() for cell in row)}
    spelt = _rewritten(_shared(book) if is_shared else book, WAYS[way])
    assert _read(spelt, at_once) == meant


@pytest.mark.parametrize("first_day", [date(1899, 12, 30), date(1904, 1, 1)])
@given(
    numbers=st.lists(
        st.one_of(
            st.floats(-1_100_000, 3_100_000),
            st.integers(-694_000, 3_000_000).map(float),
            st.integers(0, 10**9).map(lambda seconds: seconds / 86_400),
            st.sampled_from((2_958_465.999999, 2_958_466.0, -693_593.0, -693_594.0, 10_000.0)),
        )
    ),
    shown=st.sampled_from((Shown.DATE, Shown.CLOCK)),
)
def test_numbers_are_the_days_that_they_count(
    first_day: date, numbers: list[float], shown: Shown
) -> None:
    def told(number: float) -> str:
        passed = timedelta(milliseconds=round(number * 86_400_000))
        if shown is Shown.CLOCK and number < 10_000 and number > -1e6:
            sign = "-" if passed < timedelta() else ""
            return sign + clock_of(abs(passed))
        try:
            moment = datetime.combine(first_day, time()) + passed
        except OverflowError:
            return number_text(number)
        if not -1e6 < number < 3e6:
            return number_text(number)
        clock = clock_of(moment.time())
        return f"{moment.date()} {clock}" if clock != "00:00:00" else str(moment.date())

    marked = Speller(first_day, "!").spell_column(np.array(numbers, np.float64), shown).to_pylist()
    plain = Speller(first_day).spell_column(np.array(numbers, np.float64), shown).to_pylist()
    assert plain == [told(number) for number in numbers]
    assert marked == [text + "!" * ("-" in text[1:]) for text in plain]
