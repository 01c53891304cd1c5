"""Web pages and XML that systems name “.xls”, because Excel opens them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Desk, books, codes

from csq.errors import IntakeError
from csq.intake.readers.base import ExportFile, Layout, RawTable
from csq.intake.readers.workbook import read_workbook

KNOWN = {"编号", "时间", "渠道"}


def tables_in(
    folder: Path, content: str | bytes, layout: Layout = Layout()
) -> tuple[RawTable, ...]:
    path = folder / "t.xls"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    file = ExportFile(path, path.name)
    return read_workbook(file, lambda row: sum(cell in KNOWN for cell in row), layout)


def rows_of(table: RawTable) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for batch in table.batches():
        cells = [column.to_pylist() for column in batch.cells.columns]
        found |= dict(zip(batch.rows.to_pylist(), zip(*cells, strict=True), strict=True))
    return found


def code_of(folder: Path, content: str | bytes) -> str:
    with pytest.raises(IntakeError) as refused:
        tables_in(folder, content)
    [problem] = refused.value.problems
    return problem.code


PLAIN = "<table><tr><th>编号<th>时间</tr><tr><td>001<td>2025-08-01 09:00</tr></table>"


@pytest.mark.parametrize("content", [
    PLAIN, f"<html><body>{PLAIN}</body></html>", f"\ufeff<html>{PLAIN}", f'<?xml version="1.0"?>\n<!-- x --> <HTML>{PLAIN}',
    f"<!DOCTYPE html><style>td {{}}</style>{PLAIN}", PLAIN.replace("</tr>", "").upper().replace("编号", "编号"),
    f'<html><meta charset=gb2312>{PLAIN}'.encode("gb18030"), f"<html>{PLAIN}".encode("gb18030"), f"<html>{PLAIN}".encode("utf-16"),
    f'<html><meta http-equiv=Content-Type content="text/html; charset=utf-8">{PLAIN}'.encode("gb18030"),
    f'<meta charset="big5">{PLAIN}'.replace("编号", "編號").replace("时间", "時間").encode("big5").replace("編號".encode("big5"), b"&#32534;&#21495;").replace("時間".encode("big5"), b"&#x65f6;&#x95f4;"),
])  # fmt: skip
def test_a_page_with_a_table_is_read_in_its_encoding(tmp_path: Path, content: str | bytes) -> None:
    [table] = tables_in(tmp_path, content)
    assert table.header == ("编号", "时间")
    assert rows_of(table) == {2: ("001", "2025-08-01 09:00")}


def test_cells_hold_what_a_browser_shows(tmp_path: Path) -> None:
    cells = (
        "<td>\n  a &amp; b <b>c</b>\t d<br>e </td><td x:num='1'>1,234<!-- no --></td>"
        "<td>&lt;p&gt;&nbsp;<script>f()</script></td>"
    )
    [table] = tables_in(
        tmp_path, f"<table><tr><td>编号<td>时间<td>渠道</tr><tr>{cells}</tr></table>"
    )
    assert rows_of(table) == {2: ("a & b c d\ne", "1,234", "<p>\xa0")}


def test_merged_headers_of_two_rows_are_joined(tmp_path: Path) -> None:
    head = (
        "<tr><th rowspan=2>编号</th><th colspan=2>其他</th></tr><tr><th>时间</th><th>渠道</th></tr>"
    )
    [table] = tables_in(tmp_path, f"<table>{head}<tr><td>1<td>a<td>b</tr></table>")
    assert table.header == ("编号", "时间", "渠道")
    assert rows_of(table) == {3: ("1", "a", "b")}


def test_a_cell_over_several_rows_moves_the_cells_below_it(tmp_path: Path) -> None:
    body = "<tr><td>1<td rowspan=3>a<td>x</tr><tr><td>2<td>y</tr><tr><td>3<td>z</tr><tr><td>4<td>b<td>w</tr>"
    [table] = tables_in(tmp_path, f"<table><tr><td>编号<td>时间<td>渠道</tr>{body}</table>")
    assert rows_of(table) == {
        2: ("1", "a", "x"),
        3: ("2", "", "y"),
        4: ("3", "", "z"),
        5: ("4", "b", "w"),
    }


def test_each_table_is_a_sheet_also_one_within_another(tmp_path: Path) -> None:
    outer = f"<table><tr><td>banner</td></tr><tr><td>{PLAIN}</td></tr></table>"
    tables = tables_in(tmp_path, outer + PLAIN)
    assert [table.place.sheet for table in tables] == ["table 1", "table 2", "table 3"]
    assert rows_of(tables[1]) == rows_of(tables[2]) == {2: ("001", "2025-08-01 09:00")}
    [table] = tables_in(tmp_path, outer, Layout(sheets=("table 2",)))
    assert table.header == ("编号", "时间")


@pytest.mark.parametrize(("content", "code"), [
    ("<html><body><form>请登录</form></body></html>", "page-without-table"), (PLAIN.replace("</table>", ""), "broken-workbook"),
    (f"<html>{PLAIN[:40]}", "broken-workbook"), ("<table></table>", "empty-file"), ("<!DOCTYPE html>", "page-without-table"),
    (f"<table><tr><td colspan=99999>{PLAIN}", "broken-workbook"), (b"<html>\xff\xff" + PLAIN.encode(), "broken-workbook"),
])  # fmt: skip
def test_a_page_that_is_not_whole_or_has_no_table_is_refused(
    tmp_path: Path, content: str | bytes, code: str
) -> None:
    assert code_of(tmp_path, content) == code


def test_a_page_counts_like_any_export(desk: Desk) -> None:
    rows = "".join(
        f"<tr><td>T{n}</td><td>2025年8月{n}日 09:00</td><td>电话</td></tr>" for n in range(1, 6)
    )
    head = "<tr><td>工单编号</td><td>创建时间</td><td>渠道</td></tr>"
    page = f"<html><meta charset=gbk><table border=1>{head}{rows}<tr><td>合计</td><td>5</td></tr></table>"
    desk.put("工单.xls", page.encode("gbk"))
    desk.indicator("COUNT(tickets)", "count")
    assert desk.value("2025-08") == 5
    assert books(desk.score("2025-08")) == {"工单.xls": (6, 5, 1, 0, 0)}


# XML Spreadsheet 2003 --------------------------------------------------------------------------

HEAD = (
    '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"'
    ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
)


def cell(text: str, kind: str = "String", more: str = "") -> str:
    return f'<Cell{more}><Data ss:Type="{kind}">{text}</Data></Cell>'


def sheet(name: str, *rows: str, hidden: bool = False) -> str:
    visible = "<x:Visible>SheetHidden</x:Visible>" if hidden else ""
    return (
        f'<Worksheet ss:Name="{name}"><Table>{"".join(rows)}</Table>'
        f"<x:WorksheetOptions>{visible}</x:WorksheetOptions></Worksheet>"
    )


THIRD, MERGED = ' ss:Index="3"', ' ss:MergeAcross="1"'
FAR = f'<Row ss:Index="9999999">{cell("1")}</Row>'
TITLES = f"<Row>{cell('编号')}{cell('时间')}{cell('渠道')}</Row>"


def test_an_xml_spreadsheet_is_read_as_excel_shows_it(tmp_path: Path) -> None:
    rows = (
        f"<Row>{cell('007')}{cell('2025-08-01T09:05:00.000', 'DateTime')}{cell('1.50', 'Number')}</Row>",
        f'<Row ss:Index="5">{cell("8")}{cell("1899-12-31T00:03:25.000", "DateTime", THIRD)}</Row>',
        f"<Row>{cell('9')}{cell('2025-08-02T00:00:00.000', 'DateTime')}{cell('1', 'Boolean')}</Row>",
        f'<Row>{cell("10")}{cell("1900-01-01T06:00:00.000", "DateTime")}<Cell ss:Formula="=1+1"/></Row>',
        f"<Row>{cell('a', more=MERGED)}{cell('#REF!', 'Error')}</Row>",
    )
    [table] = tables_in(tmp_path, f"{HEAD}{sheet('甲', TITLES, *rows)}</Workbook>")
    assert rows_of(table) == {
        2: ("007", "2025-08-01 09:05:00", "1.5"), 5: ("8", "", "00:03:25"), 6: ("9", "2025-08-02", "true"),
        7: ("10", "30:00:00", "#FORMULA!"), 8: ("a", "", "#REF!"),
    }  # fmt: skip


def test_sheets_of_an_xml_spreadsheet_have_names_and_may_be_hidden(tmp_path: Path) -> None:
    row = f"<Row>{cell('1')}{cell('a')}</Row>"
    book = f"{HEAD}{sheet('甲', TITLES, row)}{sheet('乙', TITLES, row, hidden=True)}</Workbook>"
    assert [(t.place.sheet, t.is_hidden) for t in tables_in(tmp_path, book)] == [
        ("甲", False),
        ("乙", True),
    ]


@pytest.mark.parametrize("content", [
    f"{HEAD}{sheet('甲', TITLES)}", f"{HEAD}</Workbook>", HEAD.replace("<Workbook", "<!DOCTYPE a [<!ENTITY b 'c'>]><Workbook") + "</Workbook>",
    f"{HEAD}{sheet('甲', FAR)}</Workbook>", f"{HEAD}{sheet('甲', '<Row>' + cell('x', 'Number') + '</Row>')}</Workbook>",
])  # fmt: skip
def test_an_xml_spreadsheet_that_is_not_whole_is_refused(tmp_path: Path, content: str) -> None:
    assert code_of(tmp_path, content) == "broken-workbook"


def test_dates_of_an_xml_spreadsheet_are_told_from_texts(desk: Desk) -> None:
    titles = f"<Row>{cell('工单编号')}{cell('创建时间')}</Row>"
    rows = (
        f"<Row>{cell('1')}{cell('2025-05-08T00:00:00.000', 'DateTime')}</Row>",
        f"<Row>{cell('2')}{cell('25/08/2025')}</Row>",
    )
    desk.put("t.xls", f"{HEAD}{sheet('甲', titles, *rows)}</Workbook>")
    desk.indicator("COUNT(tickets)", "count")
    assert codes(desk.score("2025"))["swapped-dates"] == 1
