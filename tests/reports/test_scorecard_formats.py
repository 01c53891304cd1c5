"""One scorecard in every format, compared with what a person has read and found right."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell

from csq.files import resource_path
from csq.gate import judge_gate
from csq.protection import ShownScorecard
from csq.reports import excel
from csq.reports.csv import draw_csv
from csq.reports.excel import draw_workbook
from csq.reports.html import draw_page
from csq.reports.junit import draw_junit
from csq.reports.markdown import draw_markdown
from csq.reports.view import ColumnKey, View, blank_note, make_view
from csq.wording import Language, Wording

Compare = Callable[[str, str], None]


@pytest.fixture
def view(scorecard: ShownScorecard) -> View:
    return make_view(scorecard, "zh")


def dump_workbook(content: bytes) -> str:
    """A workbook as text: each filled cell with its value, number format and fill."""
    return "\n".join(_dumped_lines(content)) + "\n"


def _dumped_lines(content: bytes) -> Iterator[str]:
    for sheet in load_workbook(io.BytesIO(content)):
        yield f"# {sheet.title} · frozen at {sheet.freeze_panes} · filter {sheet.auto_filter.ref}"
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell, Cell) and cell.value is not None:
                    fill = cell.fill.fgColor.rgb if cell.fill.fill_type else "-"
                    kind = "text" if cell.data_type == "s" else cell.number_format
                    yield f"{cell.coordinate:4} {cell.value!r} | {kind} | {fill}"


def without_style(page: str) -> str:
    """The page without its style sheet and the hash of it."""
    return re.sub(
        r"sha256-[^ &;]+", "sha256-…", re.sub(r"<style>.*?</style>", "", page, flags=re.S)
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_csv(scorecard: ShownScorecard, compare: Compare, language: Language) -> None:
    content = draw_csv(make_view(scorecard, language))
    assert content.startswith(b"\xef\xbb\xbf")
    compare(f"scorecard.{language}.csv", content.decode("utf-8-sig"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_markdown(scorecard: ShownScorecard, compare: Compare, language: Language) -> None:
    compare(f"scorecard.{language}.md", draw_markdown(make_view(scorecard, language)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_workbook(scorecard: ShownScorecard, compare: Compare, language: Language) -> None:
    content = draw_workbook(make_view(scorecard, language))
    compare(f"scorecard.{language}.xlsx.txt", dump_workbook(content))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_page(scorecard: ShownScorecard, compare: Compare, language: Language) -> None:
    page = draw_page(make_view(scorecard, language))
    compare(f"scorecard.{language}.html", without_style(page))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_junit(scorecard: ShownScorecard, compare: Compare, language: Language) -> None:
    content = draw_junit(scorecard, judge_gate(scorecard, "target"), language)
    compare(f"junit.{language}.xml", content.decode())


def test_what_the_gate_lets_pass_is_no_failure(scorecard: ShownScorecard) -> None:
    lenient = draw_junit(scorecard, judge_gate(scorecard, "never"), "zh").decode()
    assert "<failure" not in lenient
    assert "<error" not in lenient
    floor = draw_junit(scorecard, judge_gate(scorecard, "floor"), "zh").decode()
    assert floor.count("<failure") == 2


def test_cases_keep_their_names_in_every_language(scorecard: ShownScorecard) -> None:
    gate = judge_gate(scorecard, "target")
    zh, en = (draw_junit(scorecard, gate, language).decode() for language in ("zh", "en"))
    names = re.compile(r'<testcase name="[^"]*" classname="[^"]*"')
    assert names.findall(zh) == names.findall(en)


def test_the_same_view_gives_the_same_bytes(view: View) -> None:
    assert draw_csv(view) == draw_csv(view)
    assert draw_markdown(view) == draw_markdown(view)
    assert draw_page(view) == draw_page(view)
    assert draw_workbook(view) == draw_workbook(view)


def test_a_workbook_holds_no_time_and_no_machine(view: View) -> None:
    with ZipFile(io.BytesIO(draw_workbook(view))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        properties = archive.read("docProps/core.xml").decode()
    assert properties.count("2000-01-01T00:00:00Z") == 2
    assert str(date.today().year) not in properties


# The page -----------------------------------------------------------------------------------


class Tags(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_policy_allows_this_style_and_nothing_else(view: View) -> None:
    page = draw_page(view)
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policies = [
        attributes["content"]
        for tag, attributes in Tags(page).found
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policies == [
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    ]


def test_the_page_reaches_nothing_outside_itself(view: View) -> None:
    page = draw_page(view)
    tags = Tags(page).found
    assert not {tag for tag, _ in tags} & {"script", "link", "img", "iframe", "object", "base"}
    reaching = {"src", "href", "srcset", "action", "style", "background"}
    assert not {name for _, attributes in tags for name in attributes} & reaching
    assert "url(" not in page
    assert "@import" not in page


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-Hans"), ("en", "en")])
def test_the_page_can_be_read_aloud(
    scorecard: ShownScorecard, language: Language, tag: str
) -> None:
    tags = Tags(draw_page(make_view(scorecard, language))).found
    assert ("html", {"lang": tag}) in tags
    assert {attributes.get("scope") for name, attributes in tags if name == "th"} == {"col", "row"}
    names = [name for name, _ in tags]
    assert names.count("caption") == names.count("table") == 3
    assert names.count("h1") == 1


# The template -------------------------------------------------------------------------------


def test_columns_follow_the_template(
    view: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who moves, removes or repaints cells of the template finds that again in the report."""
    book = load_workbook(resource_path("templates") / "scorecard.xlsx")
    sheet = book.worksheets[0]
    sheet.delete_cols(9)
    sheet["A6"], sheet["B6"] = "{name}", "{dimension}"
    sheet.insert_rows(1, 2)
    book.save(tmp_path / "scorecard.xlsx")
    monkeypatch.setattr(excel, "resource_path", lambda name: tmp_path)
    drawn = load_workbook(io.BytesIO(draw_workbook(view))).worksheets[0]
    header = [cell.value for cell in drawn[7]]
    assert header[:4] == ["指标", "维度", "分组", "结论"]
    assert header[-4:] == ["较上期", "n", "责任", "说明"]
    assert [cell.value for cell in drawn[8]][:2] == ["一次性解决率", "质量"]


def test_a_number_that_hangs_on_blanks_says_so_beside_it(scorecard: ShownScorecard) -> None:
    """From a hundredth of the rows on; fewer are told below the table alone."""
    fcr = next(score for score in scorecard.totals if score.indicator.id == "fcr")
    rows = replace(fcr.measurement, n=300)
    few, many = (replace(fcr, measurement=rows, blanks=blanks) for blanks in (2, 3))
    assert blank_note(few) is None
    assert blank_note(many) == Wording(
        "3 行空白，按不符合计", "3 blank rows count as not fulfilled"
    )
    scores = tuple(many if score is fcr else score for score in scorecard.scores)
    shown = ShownScorecard(replace(scorecard, scores=scores))
    notes = [
        row.cells[ColumnKey.NOTE].text for s in make_view(shown, "zh").sections for row in s.rows
    ]
    assert any(note.endswith("3 行空白，按不符合计") for note in notes)
