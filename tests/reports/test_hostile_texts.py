"""Whatever stands in a name, a report shows it and does nothing else with it."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from csq.gate import judge_gate
from csq.protection import ShownScorecard
from csq.reports.csv import draw_csv, inert, printable
from csq.reports.excel import draw_workbook, sheet_title
from csq.reports.html import draw_page
from csq.reports.junit import draw_junit
from csq.reports.markdown import draw_markdown
from csq.reports.view import Cell, ColumnKey, Section, View, make_view

HOSTILE = [
    "=1+1",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1)",
    "＝1+1",
    "{=1+1}",
    "#N/A",
    "[/b][red]x",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'",
    "{{ 7*7 }}{% raw %}",
    "a|b|c",
    "`*_~# [x](http://evil.test) www.evil.test",
    ":smile: &amp; $x$",
    "\x1b[31mred\x00\x07",
    "abc\u202edef\u2066",
    "two\nlines\tand a tab",
    "_x0041_",
    "a\ufffe\uffff\ud800b",
    "http://evil.test",
    "长" * 40_000,
]


@pytest.fixture(params=HOSTILE, ids=[repr(text[:20]) for text in HOSTILE])
def text(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def view(scorecard: ShownScorecard, text: str) -> View:
    """A view in which the hostile text stands wherever a user's text can stand."""
    plain = make_view(scorecard, "zh")
    first = plain.sections[0].rows[0]
    named = {key: Cell(text, text) for key in (ColumnKey.NAME, ColumnKey.OWNER, ColumnKey.NOTE)}
    rows = (
        replace(first, cells=first.cells | named),
        replace(first, cells=first.cells | named, is_group=True),
    )
    return replace(
        plain,
        subtitle=text,
        sections=(Section(text, rows),),
        lacking=text,
        receipts=(text,),
        assumptions=(text,),
        problems=(text,),
    )


def test_csv_runs_no_formula(view: View, text: str) -> None:
    rows = list(csv.reader(io.StringIO(draw_csv(view).decode("utf-8-sig"))))
    assert {len(row) for row in rows} == {16}
    assert rows[1][2] == inert(printable(text))
    assert not rows[1][2].startswith(tuple("=+@\t\r＝"))


def test_markdown_keeps_its_tables(view: View) -> None:
    drawn = draw_markdown(view)
    lines = drawn.split("\n")
    unescaped = [re.sub(r"\\.", "", line) for line in lines if line.startswith("| ")]
    assert {line.count("|") for line in unescaped} == {11}
    assert not re.search(r"(?<!\\)[<>`]", drawn)
    assert not re.search(r"(?<!\\)\[|http://|www\.evil|:smile:(?<!\\:smile:)", drawn)
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", drawn)


class Page(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_shows_it_as_text(view: View, text: str) -> None:
    page = Page(draw_page(view))
    assert not page.tags & {"script", "img"}
    assert page.texts.count(printable(text)) >= 7
    assert "49" not in page.texts


def test_the_workbook_holds_it_as_text(view: View, text: str) -> None:
    content = draw_workbook(view)
    cells = [c for row in load_workbook(io.BytesIO(content)).worksheets[0] for c in row]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "inlineStr", "n"}
    assert not [cell for cell in cells if cell.hyperlink]
    shown = printable(text)
    shown = shown if len(shown) <= 32_767 else shown[:32_766] + "…"
    assert sum(1 for cell in cells if (cell.value or "") == shown) >= 6
    with ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    ElementTree.fromstring(sheet)  # noqa: S314 - written a moment ago
    assert b"<f>" not in sheet


def test_text_that_looks_like_a_formula_stays_text_when_it_is_edited(
    scorecard: ShownScorecard,
) -> None:
    view = make_view(scorecard, "zh")
    sheet = load_workbook(io.BytesIO(draw_workbook(view))).worksheets[0]
    assert sheet["C7"].value == "=1+1"
    assert sheet["C7"].quotePrefix
    assert not sheet["B7"].quotePrefix


def test_junit_stays_valid(scorecard: ShownScorecard, text: str) -> None:
    score = next(each for each in scorecard.scores if each.group and each.missed_levels)
    measured = replace(score.measurement, group=(("channel", text),))
    hostile = replace(scorecard, scores=(replace(score, measurement=measured),))
    content = draw_junit(hostile, judge_gate(hostile, "target"), "zh")
    suite = ElementTree.fromstring(content)  # noqa: S314 - written a moment ago
    assert len(suite.findall(".//failure")) == 1


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("-6.4", "-6.4"),
        ("−6.4", "−6.4"),
        ("+4.2 pp", "+4.2 pp"),
        ("-1,234.5", "-1,234.5"),
        ("−2 分 44 秒", "−2 分 44 秒"),
        ("-12%", "-12%"),
        ("=6.4", "'=6.4"),
        ("-6.4-1", "'-6.4-1"),
        ("-A1", "'-A1"),
        ("+A1", "'+A1"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("@x", "'@x"),
        ("x=1", "x=1"),
        ("", ""),
    ],
)
def test_only_amounts_may_begin_like_a_formula(cell: str, shown: str) -> None:
    assert inert(cell) == shown


@pytest.mark.parametrize(
    ("text", "taken", "title"),
    [
        ("工单", [], "工单"),
        ("a[b]:c*d?e/f\\g", [], "a b  c d e f g"),
        ("x" * 40, [], "x" * 31),
        ("x" * 40, ["x" * 31], "x" * 27 + " (2)"),
        ("工单", ["工单", "工单 (2)"], "工单 (3)"),
        ("'", [], "csq"),
        ("\x00", [], "csq"),
    ],
)
def test_sheet_titles_are_ones_that_excel_accepts(text: str, taken: list[str], title: str) -> None:
    assert sheet_title(text, taken) == title
