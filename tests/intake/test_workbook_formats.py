"""Workbooks in the old xls and in ods are read as if they were xlsx.

The files in `workbooks/` were made once: openpyxl wrote `desk.xlsx` with what `SHEETS` says (a
banner, errors from formulas, styled blanks below, a comment, a hidden sheet) and `mac.xlsx`, the
same with the epoch of 1904; LibreOffice 7.4 converted both (`soffice --convert-to xls desk.xlsx`).
`uncalculated.xls` was written by xlwt, which leaves formulas to Excel: C2 waits `=10+20`, C3 a blank.
The files with a password (“geheim”) were stored from LibreOffice by its filters `MS Excel 97` and
`calc8`.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from tests.conftest import Desk, books, codes

from csq.errors import IntakeError
from csq.intake.readers.base import ExportFile, Layout, RawTable
from csq.intake.readers.formats import Speller, shown_as
from csq.intake.readers.workbook import read_workbook

FILES = Path(__file__).parent / "workbooks"
HEADER = ("工单编号", "创建时间", "首次响应时间", "渠道", "首次解决", "处理时长", "客户备注")
SHEETS: dict[str, dict[int, tuple[str, ...]]] = {
    "工单": {
        4: ("0000045", "2025-08-01 09:00:00", "2025-08-01 09:00:20", "电话", "true", "30:00:01", "好\n谢谢"),
        5: ("46", "2025-08-02", "2025-08-02 10:30:05", "在线", "否", "00:02:23", "a  b"),
        6: ("T3", "#DIV/0!", "", "邮件", "", "", ""),
        7: ("T4", "2025-08-04 12:00:00", "#N/A", "phone", "Y", "205", "文本"),
        8: ("T5", "2025-08-05 08:00:00", "2025-08-05 08:00:05.500", "", "no", "00:00:00", ""),
        9: ("合计", "", "", "", "", "5", ""),
    },
    "9月": {2: ("T9", "2025-09-01 09:00:00", "2025-09-01 09:00:20", "电话")},
    "旧": {2: ("T10", "2024-09-01 09:00:00", "2024-09-01 09:00:20", "电话")},
}  # fmt: skip


def recognise(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell in HEADER)


def opened(path: Path) -> tuple[RawTable, ...]:
    return read_workbook(ExportFile(path, path.name), recognise, Layout())


def rows_of(table: RawTable) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for batch in table.batches():
        assert not batch.torn
        cells = [column.to_pylist() for column in batch.cells.columns]
        found |= dict(zip(batch.rows.to_pylist(), zip(*cells, strict=True), strict=True))
    return found


def test_a_formula_that_no_spreadsheet_has_calculated_is_no_blank(desk: Desk) -> None:
    desk.put("c.xls", (FILES / "uncalculated.xls").read_bytes())
    desk.indicator("AVERAGE(calls, wait_s)", "duration", direction="down")
    scorecard = desk.score("2025-08")
    assert books(scorecard) == {"c.xls": (3, 2, 1, 0, 0)}
    assert codes(scorecard)["cell-error"] == 1


@pytest.mark.parametrize("name", ["desk.xls", "mac.xls", "desk.ods", "mac.ods"])
def test_every_cell_is_spelt_as_in_an_xlsx(name: str) -> None:
    tables = {table.place.sheet: table for table in opened(FILES / name)}
    assert list(tables) == ["工单", "9月", "说明", "旧"]
    assert tables["工单"].header == HEADER
    assert {sheet for sheet, table in tables.items() if table.is_hidden} == {"旧"}
    found = {sheet: rows_of(tables[sheet]) for sheet in SHEETS}
    if name.endswith(".ods"):  # LibreOffice keeps TRUE as 1 where the cell's format is no boolean
        assert found["工单"][4][4] == "1"
        found["工单"][4] = SHEETS["工单"][4]
    assert found == SHEETS


def code_of(path: Path) -> str:
    with pytest.raises(IntakeError) as refused:
        [rows_of(table) for table in opened(path)]
    [problem] = refused.value.problems
    assert problem.place.file == path.name
    return problem.code


@pytest.mark.parametrize("name", ["password.xls", "password.ods"])
def test_a_workbook_with_a_password_is_refused(name: str) -> None:
    assert code_of(FILES / name) == "encrypted-workbook"


@pytest.mark.parametrize("name", ["desk.xls", "desk.ods"])
@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.9])
def test_a_workbook_cut_short_is_refused(tmp_path: Path, name: str, share: float) -> None:
    whole = (FILES / name).read_bytes()
    cut = tmp_path / name
    cut.write_bytes(whole[: int(len(whole) * share)])
    assert code_of(cut) == "broken-workbook"


def test_a_workbook_whose_directory_goes_in_a_circle_is_refused(tmp_path: Path) -> None:
    content = bytearray((FILES / "desk.xls").read_bytes())
    (first,) = struct.unpack_from("<i", content, 48)
    entries = range(512 * (first + 1), 512 * (first + 2), 128)
    for entry in entries[1:]:
        # The entry to the left of each is the first behind the root.
        struct.pack_into("<i", content, entry + 68, 1)
    path = tmp_path / "t.xls"
    path.write_bytes(content)
    assert code_of(path) == "broken-workbook"


def test_what_a_workbook_is_and_not_its_name_decides(tmp_path: Path) -> None:
    # Systems call an xlsx “.xls”; an xls behind the name of an xlsx is as common.
    for name, content in (("a.xlsx", "desk.xls"), ("b.xls", "desk.ods")):
        (tmp_path / name).write_bytes((FILES / content).read_bytes())
        assert rows_of(opened(tmp_path / name)[1]) == SHEETS["9月"]
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["工单编号", "创建时间"])
    book.save(tmp_path / "c.xlsx")
    (tmp_path / "c.xlsx").rename(tmp_path / "c.xls")
    assert opened(tmp_path / "c.xls")[0].header == ("工单编号", "创建时间")


def test_an_xlsb_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsb"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", b"\x83\x01\x00")
    with pytest.raises(IntakeError) as refused:
        opened(path)
    assert [problem.line("en") for problem in refused.value.problems] == [
        "t.xlsb: binary-workbook: workbooks in the xlsb format are not read"
        " → open it in Excel and save it as xlsx"
    ]


# The XML of an ods --------------------------------------------------------------------------------


def spelt(folder: Path, rows: str, before: str = "") -> dict[int, tuple[str, ...]]:
    """The rows of an ods with this XML in its only table, below the header."""
    names = ["office", "table", "text", "style", "draw"]
    spaces = [f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in names]
    spaces[-1] = 'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    header = "".join(cell(name) for name in HEADER[:3])
    path = folder / "t.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"{before}<office:document-content {' '.join(spaces)} {calc}><office:body><office:spreadsheet>"
            f'<table:table table:name="数据"><table:table-row>{header}</table:table-row>{rows}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    [table] = opened(path)
    return rows_of(table)


def cell(text: str, attributes: str = 'office:value-type="string"') -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def test_what_is_repeated_in_an_ods_is_there_as_often(tmp_path: Path) -> None:
    twice = 'office:value-type="float" office:value="7" table:number-columns-repeated="2"'
    blank = '<table:table-cell table:number-columns-repeated="16381"/>'
    rows = (
        row(cell("7", twice), cell("x"), attributes='table:number-rows-repeated="2"'),
        row(blank, attributes='table:number-rows-repeated="1000"'),
        row(cell("a"), blank),
        row(blank, attributes='table:number-rows-repeated="1047573"'),
    )
    assert spelt(tmp_path, "".join(rows)) == {
        2: ("7", "7", "x"), 3: ("7", "7", "x"), 1004: ("a", "", ""),
    }  # fmt: skip


def test_a_row_beyond_the_grid_is_no_row(tmp_path: Path) -> None:
    far = row(cell("a"), attributes='table:number-rows-repeated="1048577"')
    with pytest.raises(IntakeError):
        spelt(tmp_path, far)


def test_only_the_text_of_a_cell_counts(tmp_path: Path) -> None:
    note = "<office:annotation><text:p>remark</text:p></office:annotation>"
    shape = "<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame>"
    mixed = (
        '<table:table-cell office:value-type="string">' + note
        + '<text:p>a<text:s text:c="2"/>b<text:tab/><text:span>c</text:span></text:p>' + shape
        + "<text:p>d<text:line-break/>e</text:p></table:table-cell>"
    )  # fmt: skip
    assert spelt(tmp_path, row(mixed)) == {2: ("a  b\tc\nd\ne", "", "")}


@pytest.mark.parametrize(("attributes", "text", "found"), [
    ('office:value-type="percentage" office:value="0.855"', "85.5 %", "85.5%"),
    ('office:value-type="currency" office:value="12"', "12,00 €", "12"),
    ('office:value-type="float" office:value="7"', "0007", "0007"),
    ('office:value-type="float" office:value="7.04"', "0007", "7.04"),
    ('office:value-type="float" office:value="0"', "000", "000"),
    ('office:value-type="boolean" office:boolean-value="true"', "WAHR", "true"),
    ('office:value-type="date" office:date-value="2025-08-31T09:05:07.500000000"', "31.08.", "2025-08-31 09:05:07.500"),
    ('office:value-type="time" office:time-value="PT30H00M01S"', "30:00", "30:00:01"),
    ('table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"', "#DIV/0!", "#DIV/0!"),
    ('table:formula="of:=x" office:value-type="string" calcext:value-type="error"', "#WERT!", "#WERT!"),
    ('table:formula="of:=A1"', "", "#FORMULA!"),
    ('table:formula="of:=A1" office:value-type="string" office:string-value=""', "", ""),
])  # fmt: skip
def test_a_cell_of_an_ods_by_its_type(
    tmp_path: Path, attributes: str, text: str, found: str
) -> None:
    assert spelt(tmp_path, row(cell("1"), cell(text, attributes))) == {2: ("1", found, "")}


@pytest.mark.parametrize(("code", "number", "found"), [
    ("0000", 7.0, "0007"), ("0000", 12345.0, "12345"), ("0000", -7.0, "-7"), ("0000", 0.5, "0.5"), ("[Red]000;-0", 7.0, "007"), ("00_ ", 7.0, "07"),
    ("0%", 0.95, "95%"), ("0.00%", 0.07, "7%"), ("0.0%;[Red]-0.0%", -0.125, "-12.5%"), ('0"%"', 95.0, "95"), ("0%", 1e20, "1.00000000000000E+20%"),
    ("0", 7.0, "7"), ("0.00", 7.0, "7"), ("#,##0", 7.0, "7"), ("000", 1e20, "1.00000000000000E+20"),
])  # fmt: skip
def test_what_a_number_format_shows(code: str, number: float, found: str) -> None:
    assert Speller(date(1899, 12, 30)).spell(number, shown_as("164", code)) == found


SPOILT: tuple[Callable[[str], str], ...] = (
    lambda xml: xml.replace('office:value="7"', ""),
    lambda xml: xml.replace('"7"', '"seven"'),
    lambda xml: xml.replace("</table:table-row>", ""),
)


@pytest.mark.parametrize("spoil", SPOILT)
def test_an_ods_with_a_damaged_part_is_refused(tmp_path: Path, spoil: Callable[[str], str]) -> None:
    whole = row(cell("7", 'office:value-type="float" office:value="7"'))
    assert spelt(tmp_path, whole) == {2: ("7", "", "")}
    with pytest.raises(IntakeError) as refused:
        spelt(tmp_path, spoil(whole))
    assert [problem.code for problem in refused.value.problems] == ["broken-workbook"]


def test_an_ods_with_entities_is_refused(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY l "ha"><!ENTITY m "&l;&l;&l;">]>'
    with pytest.raises(IntakeError) as refused:
        spelt(tmp_path, row(cell("&m;")), laughs)
    assert [problem.code for problem in refused.value.problems] == ["broken-workbook"]
