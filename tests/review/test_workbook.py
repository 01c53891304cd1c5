"""The workbook: what it holds, where its links lead, and that its numbers can be recomputed."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from tests.conftest import needs

from csq.api import Run, review
from csq.definition.load import load_definition
from csq.formula.excel import NoExcelForm, Sheet, excel_formula
from csq.formula.understand import understand
from csq.reports.review import sheets
from csq.reports.review.blocks import Document
from csq.reports.review.files import draw_files
from csq.reports.review.view import make_document
from csq.reports.review.workbook import draw_review_workbook
from csq.request import Request
from csq.review.facts import Review

from .conftest import HOSTILE, SECRETS

STANDARD = Path(__file__).parents[2] / "src/csq/resources/standard.yaml"
SHEETS = [
    "封面与摘要", "指标总表", "趋势", "趋势 · 各期数值", "分组", "高峰", "问题类型", "满意度", "流程环节", "改进跟踪",
    "明细", "数据质量", "口径", "口径 · 本报告采用的假设", "图表数据", "数据·投诉", "数据·评价", "数据·工单",
]  # fmt: skip


SEVERAL_PAGES = {"封面与摘要", "指标总表", "明细", "口径"}


@pytest.fixture(scope="module")
def book(workbook: Path) -> Workbook:
    return load_workbook(workbook)


@pytest.fixture(scope="module")
def english_book(english_workbook: Path) -> Workbook:
    return load_workbook(english_workbook)


def test_every_chapter_is_a_sheet(book: Workbook) -> None:
    assert book.sheetnames == SHEETS


def test_the_same_document_gives_the_same_bytes(document: Document, workbook: Path) -> None:
    assert draw_review_workbook(document) == workbook.read_bytes()


def _checks(book: Workbook) -> Iterator[tuple[str, object, object, object]]:
    """Indicator, value, what the formula gives, and their difference."""
    for row in book.worksheets[1].iter_rows(min_row=3, values_only=True):
        if isinstance(row[4], int | float):
            yield str(row[1]), row[4], row[5], row[6]


Checks = dict[str, tuple[object, object, object]]
"""By indicator the value, what LibreOffice makes of its formula, and the difference."""


@pytest.fixture(scope="module")
def recomputed(
    workbook: Path, english_workbook: Path, exports: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Checks]:
    """By name the workbooks that LibreOffice computes anew: started once, as it starts slowly."""
    office, folder = needs("soffice"), tmp_path_factory.mktemp("recomputed")
    changed, own = folder / "changed.xlsx", folder / "own.xlsx"
    _change_rows(workbook, changed)
    _draw_own_formulas(exports, folder / "metrics.yaml", own)
    workbooks = [workbook, english_workbook, changed, own]
    done = subprocess.run(
        [office, f"-env:UserInstallation={(folder / 'office').as_uri()}", "--headless",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", folder / "out", *workbooks],
        capture_output=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return {path.stem: _read_checks(folder / "out" / path.name) for path in workbooks}


def _read_checks(workbook: Path) -> Checks:
    found = _checks(load_workbook(workbook, data_only=True))
    return {name: (value, formula, left) for name, value, formula, left in found}


def test_recomputed_by_libreoffice_every_number_differs_by_nothing(
    recomputed: dict[str, Checks],
) -> None:
    checks = [(name, *each) for name, each in recomputed["review"].items()]
    # Named one by one, so that an error value is seen with its indicator.
    assert {name: left for name, _, _, left in checks if left != 0} == dict.fromkeys(UNCHECKED)
    checks = [each for each in checks if each[0] not in UNCHECKED]
    asked = {"二次咨询率", "期末未解决量", "工作时间内解决时长", "分派正确率"}
    assert {name for name, value, _, _ in checks if value} >= asked
    assert len(checks) > 20
    assert all(abs(float(str(a)) - float(str(b))) < 1e-6 for _, a, b, _ in checks)


def test_an_english_workbook_spells_its_rows_in_english_and_recomputes_them(
    english_book: Workbook, recomputed: dict[str, Checks]
) -> None:
    """Flags, and words that csq knows, stood there in Chinese; what others wrote stays."""
    sheet: Any = english_book["Data · Tickets"]
    header, *rows = sheet.iter_rows(values_only=True)
    columns = {name: {row[at] for row in rows} for at, name in enumerate(header)}
    assert columns["Resolved at first contact"] == {"yes", "no"}
    assert columns["Channel"] <= {"Phone", "Chat", "WeChat", "E-mail", "Web", None}
    assert "打印机" in columns["Product"]
    checks = recomputed["english"]
    assert {name: left for name, (_, _, left) in checks.items() if left} == {}
    assert len(checks) > 20


@pytest.mark.parametrize(
    ("formula", "english"),
    [
        ('COUNTIF(tickets, channel = "电话")', 'EXACT(tickets_channel,"Phone")'),
        ('COUNTIF(tickets, channel <> "电话")', '(1-EXACT(tickets_channel,"Phone"))'),
        ('COUNTIF(tickets, channel IN {"电话", "无人机"})', 'EXACT(tickets_channel,"无人机")'),
        ('COUNTIF(tickets, product = "电话")', 'EXACT(tickets_product,"电话")'),
        ("COUNTIF(tickets, spam)", '(tickets_spam="yes")'),
        ("COUNTIF(tickets, NOT spam)", '(tickets_spam="no")'),
        ('COUNTIF(tickets, CONTAINS(channel, "电"))', "words are translated"),
        ("COUNTIF(tickets, channel = product)", "words are translated"),
    ],
)
def test_a_formula_names_words_as_its_sheet_spells_them(
    formula: str, english: str, tmp_path: Path
) -> None:
    definition = tmp_path / "metrics.yaml"
    definition.write_text(
        "version: 1\nindicators:\n  - { id: own, name: own, unit: count, direction: up,"
        f" formula: '{formula}' }}\n",
        encoding="utf-8",
    )
    (indicator,) = understand(load_definition(definition)).indicators
    sheet = Sheet(
        lambda schema, column: f"{schema.source}_{column}", lambda rows, time: (), {}, "en"
    )
    try:
        said = excel_formula(indicator.term, None, sheet).text
    except NoExcelForm as missing:
        said = missing.reason.en
    assert english in said


def _change_rows(workbook: Path, changed: Path) -> None:
    book = load_workbook(workbook)
    header, *rows = book["数据·工单"].iter_rows()
    column = [cell.value for cell in header].index("首次解决")
    # The last ones are in the period; the sheet also has rows from before.
    for row in rows[-30:]:
        row[column].value = "否"
    book.save(changed)


def test_a_row_that_is_changed_shows_as_a_difference(recomputed: dict[str, Checks]) -> None:
    checks = dict(recomputed["changed"])
    value, formula, left = checks.pop("一次性解决率")
    assert float(str(formula)) < float(str(value))
    assert float(str(left)) > 0
    assert checks["平均首次响应时长"][2] == 0


OWN = {
    "LEAST(AVERAGE(surveys, d_attitude), AVERAGE(surveys, d_response))": "score",
    "GREATEST(SHARE(tickets, spam), 20%) - LEAST(SHARE(tickets, spam), 1%, 2%)": "percent",
    "COUNTIF(tickets, created_at + 10s >= first_response_at)": "count",
    "COUNTIF(tickets, created_at + 12s = first_response_at)": "count",
    "COUNTIF(tickets, first_response_at BETWEEN created_at + 10s AND created_at + 12s)": "count",
    "SUM(tickets, HOUR(created_at) × 2 - IF(spam, 1, 0))": "count",
    "COUNTIF(tickets, WEEKDAY(resolved_at - 1d) IN {6, 7})": "count",
    'COUNTIF(tickets, NOT (first_contact_resolved AND channel = "电话"))': "count",
    "COUNTIF(tickets, IF(ISBLANK(first_contact_resolved), spam, NOT spam))": "count",
    "-COUNTIF(tickets, spam) × 1.5 + 3": "count",
    "PERCENTILE(surveys, COALESCE(csat, nps, 0), 37.5%)": "score",
    "SUM(surveys, COALESCE(csat, nps, 0))": "score",
    "MIN(surveys, COALESCE(nps, 11))": "score",
    "MAX(tickets, (resolved_at - created_at) × 1.25 + COALESCE(paused_s, 0s))": "duration",
    "COUNTIF(tickets, BEFORE_WITHIN(customer_id, 7d) AND NOT AGAIN_WITHIN(customer_id, 7d))": "count",
    "(COUNTIF(surveys, nps >= 9) - COUNTIF(surveys, nps <= 6)) × 100 / COUNT(surveys, nps)": "points",
}
"""Formulas such as nobody has shipped, and their units."""


def _draw_own_formulas(exports: Path, definition: Path, workbook: Path) -> None:
    lines = [
        f"  - {{ id: own{n}, name: own{n}, unit: {unit}, direction: up, formula: '{formula}' }}"
        for n, (formula, unit) in enumerate(OWN.items())
    ]
    definition.write_text("version: 1\nindicators:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    found = review(Run((exports,), definition, Request(period="2025Q3")))
    workbook.write_bytes(draw_review_workbook(make_document(found, "zh")))


def test_formulas_of_ones_own_are_recomputed_too(recomputed: dict[str, Checks]) -> None:
    """LEAST of two values was written as “AleastB”, which no program can read."""
    assert {name: left for name, (_, _, left) in recomputed["own"].items()} == {
        f"own{n}": 0 for n in range(len(OWN))
    }


UNCHECKED = ("高频问题占比", "团队数")
"""Numbers of different values, and of the rows of the commonest one."""


def test_every_value_has_its_live_formula_or_says_why_not(book: Workbook) -> None:
    unchecked = {}
    for name, _, formula, difference in _checks(book):
        text = str(getattr(formula, "text", formula))
        if not text.startswith("="):
            unchecked[name] = (text, difference)
            continue
        assert re.fullmatch(r"=ROUND\(E\d+-F\d+,6\)", str(difference)), name
    assert unchecked == dict.fromkeys(UNCHECKED, ("不同值的个数", None))


def test_no_other_shipped_indicator_lacks_a_live_formula() -> None:
    found, moments = {}, {name: datetime(2025, 9, 30) for name in ("data_end", "period_end")}
    sheet = Sheet(
        lambda schema, column: f"{schema.source}_{column}", lambda rows, time: (), moments
    )
    for indicator in understand(load_definition(STANDARD)).indicators:
        try:
            excel_formula(indicator.term, indicator.definition.time, sheet)
        except NoExcelForm as missing:
            found[indicator.id] = missing.reason.en
    assert found == {"top_issue_share": "counts different values"}


def test_no_text_of_an_export_is_a_formula(book: Workbook) -> None:
    formulas = [
        cell.value
        for sheet in book.worksheets
        if sheet.title != "指标总表"
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert formulas == []
    products = {cell.value for row in book["数据·工单"].iter_rows() for cell in row}
    assert {text for text in HOSTILE if text.startswith(("=", "+", "@"))} <= products


def test_nothing_personal_is_in_the_file(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as parts:
        text = "".join(parts.read(name).decode("utf-8", "ignore") for name in parts.namelist())
    assert [secret for secret in SECRETS if secret in text] == []
    assert "138****5678" in text


def test_every_link_leads_to_something(book: Workbook) -> None:
    locations = []
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            locations += [cell.hyperlink.location for cell in row if cell.hyperlink]
    assert len(locations) > 30
    for location in locations:
        title, cell = re.fullmatch(r"'(.+)'!(A\d+)", str(location)).groups()  # type: ignore[union-attr]
        where: Any = book[title][cell]
        assert where.value, location


def test_a_number_leads_to_the_rows_behind_it(book: Workbook) -> None:
    row = next(r for r in book["指标总表"].iter_rows() if r[1].value == "一次性解决率")
    link = row[4].hyperlink
    assert link is not None
    title, cell = str(link.location).replace("'", "").split("!")
    assert title == "明细"
    assert str(book[title][cell].value).startswith("一次性解决率 · 工单 · 共 ")


def test_sheets_are_set_up_for_paper_and_for_reading(book: Workbook) -> None:
    for sheet in book.worksheets[:14]:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.page_setup.fitToWidth == 1
        # What fits a page and is still to be read there is one page.
        assert sheet.page_setup.fitToHeight == (sheet.title not in SEVERAL_PAGES), sheet.title
    table = book["指标总表"]
    assert table.freeze_panes == "C3"
    assert table.auto_filter.ref.startswith("A2:O")
    assert table.print_title_rows == "$2:$2"


def test_every_sheet_is_as_wide_as_the_paper(book: Workbook) -> None:
    """The numbers of the charts ran on over ten pages, some of them with half a word."""
    assert {sheet.page_setup.fitToWidth for sheet in book.worksheets} == {1}


def test_no_english_title_of_a_sheet_or_column_is_cut_off(english_book: Workbook) -> None:
    assert [title for title in english_book.sheetnames if len(title) > 30] == []
    rows: list[Any] = [s for s in english_book.worksheets if s.title.startswith("Data · ")]
    for sheet in rows:
        for cell in sheet[1]:
            longest = max(map(len, str(cell.value).split()))
            assert longest < sheet.column_dimensions[cell.column_letter].width, cell.value
    # In some a title takes two lines.
    assert max(sheet.row_dimensions[1].height for sheet in rows) > 30


def test_the_list_of_the_sheets_is_not_printed(book: Workbook) -> None:
    cover: Any = book["封面与摘要"]
    rows = {str(cell.value): cell.row for (cell,) in cover.iter_rows(max_col=1) if cell.value}
    last = int(cover.print_area.split("$")[-1])
    assert rows["重点指标"] < last < rows["目录"]
    assert [name for name in SHEETS[1:14] if name not in rows] == []


def test_what_was_found_in_the_data_says_where_what_and_what_to_do(book: Workbook) -> None:
    rows = [[cell.value for cell in row] for row in book["数据质量"].iter_rows(max_col=5)]
    head = rows.index(["代码", "处数", "第一处", "是什么", "建议"])
    assert all(row[0] and row[1] and row[3] for row in rows[head + 1 :])


def test_a_header_is_repeated_only_where_its_table_stands(book: Workbook) -> None:
    """Excel repeats rows on the pages after them: a long table has a sheet of its own."""
    assert book["趋势"].print_title_rows is None
    trends: Any = book["趋势 · 各期数值"]
    assert trends._charts == []
    assert (trends.print_title_rows, trends.freeze_panes) == ("$2:$2", "B3")
    assert (trends["A2"].value, trends.auto_filter.ref[:2]) == ("指标", "A2")
    details: Any = book["明细"]
    heads = [cell.row for (cell,) in details.iter_rows(max_col=1) if cell.value == "编号"]
    assert details.print_title_rows == f"${heads[0]}:${heads[0]}"
    assert details.freeze_panes == f"B{heads[0] + 1}"
    assert len(heads) == 1


def test_the_header_of_a_long_last_table_is_repeated(document: Document) -> None:
    groups = document.chapter("groups")
    longest = replace(groups.tables[-1], rows=groups.tables[-1].rows * 40)
    longer = replace(groups, tables=(*groups.tables[:-1], longest))
    book = load_workbook(BytesIO(draw_review_workbook(replace(document, chapters=(longer,)))))
    sheet: Any = book["分组"]
    header = int(sheet.print_title_rows.split(":")[0].strip("$"))
    assert sheet.cell(header, 1).value == longest.columns[0].title
    assert sheet.cell(header - 1, 1).value == longest.title


def test_what_is_said_above_charts_alone_lies_over_columns(document: Document) -> None:
    """In the first column alone it was cut off behind four letters."""
    trend = replace(document.chapter("trends"), tables=(), lines=("每一格都由那一期的行重新计算",))
    book = load_workbook(BytesIO(draw_review_workbook(replace(document, chapters=(trend,)))))
    sheet: Any = book["趋势"]
    said = next(cell for (cell, *_) in sheet.iter_rows() if cell.value == trend.lines[0])
    [spread] = [each for each in sheet.merged_cells.ranges if said.coordinate in each]
    letters = (get_column_letter(at) for at in range(1, spread.max_col + 1))
    assert sum(sheet.column_dimensions[letter].width for letter in letters) > 100


def test_charts_are_native(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as parts:
        charts = [parts.read(n).decode() for n in parts.namelist() if "charts/chart" in n]
    assert sum("<lineChart>" in chart and "目标" not in chart for chart in charts) >= 10
    assert sum("<barChart>" in chart for chart in charts) == 2


def test_a_value_beyond_its_limits_is_a_mark_of_its_own(book: Workbook, found: Review) -> None:
    """A series without a line that has only those values; in words they stand above the charts."""
    rows = [list(row) for row in book["图表数据"].iter_rows(values_only=True)]
    marked = {}
    for at, row in enumerate(rows):
        if "超限值" in row:
            column = row.index("超限值")
            below = rows[at + 1 : at + 1 + len(found.trend.periods)]
            marked[str(row[0])] = {r[0]: (r[1], r[column]) for r in below if r[column] is not None}
    judged = [s for s in found.trend.scores.values() if s.target]
    wanted = {s.indicator.name.zh: found.trend.breaches(s.indicator.id) for s in judged}
    assert {title.split("（")[0]: set(points) for title, points in marked.items()} == {
        name: {breach.period.label for breach in those} for name, those in wanted.items() if those
    }
    assert all(value == mark for points in marked.values() for value, mark in points.values())
    assert marked
    sheet: Any = book["趋势"]
    said = [
        str(row[0]) for row in sheet.iter_rows(values_only=True) if "超出自然波动：" in str(row[0])
    ]
    assert [text.split(" · ")[0] for text in said] == list(marked)
    series = [s for chart in sheet._charts for s in chart.series if s.marker.symbol == "diamond"]
    assert len(series) == len(marked)
    assert all(each.graphicalProperties.line.noFill for each in series)


def test_numbers_are_formatted_by_their_unit(book: Workbook) -> None:
    formats = {r[1].value: r[4].number_format for r in book["指标总表"].iter_rows(min_row=3)}
    assert formats["一次性解决率"] == "0.0%"
    assert formats["平均首次响应时长"] == '#,##0.0" 秒"'
    assert formats["咨询总量"] == "#,##0"


def test_the_outcome_of_an_item_is_chosen_from_a_list(book: Workbook) -> None:
    (choice,) = book["改进跟踪"].data_validations.dataValidation
    assert choice.formula1 == '"是,否,延期"'
    assert str(choice.sqref).startswith("G3:G")


def test_the_plan_stands_before_the_targets_that_no_item_names(book: Workbook) -> None:
    rows = [
        ["" if v is None else str(v) for v in r]
        for r in book["改进跟踪"].iter_rows(min_row=3, values_only=True)
    ]
    assert [row[:10] for row in rows[:3]] == [
        ["一次性解决率", "补充知识库", "客服部", "王**", "2025-08-15 00:00:00", "2025-08-20 00:00:00",
         "是", "", "一次性解决率 ≥ 85 %", "一次性解决率 83.6 %（2025-07） → 83.3 %（2025-09）"],
        ["响应时长", "=1+1", "客服部", "M*** L***", "2025-09-10 00:00:00", "",
         "延期", "等 138****5678 上线", "", "平均首次响应时长 38.7 秒（2025-09）"],
        ["接通率", "加班次", "运营部", "", "2025-12-01 00:00:00", "", "否", "", "", ""],
    ]  # fmt: skip
    proposed = [row[0] for row in rows[3:] if row[8]]
    assert "一次性解决率" not in proposed
    assert "客户满意度" in proposed


def test_rows_too_many_for_a_workbook_stand_in_a_file_beside_it(
    small: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "ROWS_LIMIT", 5)
    files = draw_files(small, "zh", None, ("html", "xlsx"))
    assert sorted(files) == [
        "csq-review-2025-08-tickets.csv", "csq-review-2025-08.html", "csq-review-2025-08.xlsx",
    ]  # fmt: skip
    lines = files["csq-review-2025-08-tickets.csv"].decode("utf-8-sig").splitlines()
    (tickets,) = small.data
    assert len(lines) == tickets.count + 1
    assert lines[0].startswith("数据源,文件,行,计入时间,工单编号")
    book = load_workbook(BytesIO(files["csq-review-2025-08.xlsx"]))
    assert book["数据·工单"]["A1"].value == (
        "共 12 行，超过工作簿的上限 5 行：见同一文件夹的 csq-review-2025-08-tickets.csv；这些指标没有公式复算。"
    )
    checks = {row[1]: row[5] for row in book["指标总表"].iter_rows(min_row=3, values_only=True)}
    assert checks["一次性解决率"] == "这些行不在工作簿里"
