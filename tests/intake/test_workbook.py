"""Workbooks: the right sheet, the cells as Excel shows them, and nothing that exhausts the machine."""

from __future__ import annotations

import datetime
import re
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from tests.cli.driver import Csq

from csq.errors import IntakeError
from csq.intake.readers.base import ExportFile, Layout, RawTable, cell_text
from csq.intake.readers.delimited import read_delimited
from csq.intake.readers.workbook import read_workbook

KNOWN = {"编号", "时间", "渠道"}
Cells = Sequence[Sequence[object]]


def recognise(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip() in KNOWN)


def save(folder: Path, **sheets: Cells) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    path = folder / "t.xlsx"
    book.save(path)
    return path


def opened(path: Path, sheet: str | None = None) -> RawTable:
    layout = Layout(sheets=(sheet,) if sheet else ())
    [table] = read_workbook(ExportFile(path, path.name), recognise, layout)
    return table


def rows_of(table: RawTable) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for batch in table.batches():
        cells = [column.to_pylist() for column in batch.cells.columns]
        found |= dict(zip(batch.rows.to_pylist(), zip(*cells, strict=True), strict=True))
    return found


def code_of(path: Path, sheet: str | None = None) -> str:
    with pytest.raises(IntakeError) as refused:
        opened(path, sheet)
    [problem] = refused.value.problems
    assert problem.place.file == path.name
    return problem.code


def test_a_sheet_asked_for_is_read(tmp_path: Path) -> None:
    one: Cells = [["编号", "时间"], ["1", "a"]]
    two: Cells = [["编号"], ["2"]]
    path = save(tmp_path, 一=one, 二=two)
    assert rows_of(opened(path, "二")) == {2: ("2",)}
    assert code_of(path, "三") == "unknown-sheet"


def test_banner_rows_and_blank_rows_keep_the_numbers_of_excel(tmp_path: Path) -> None:
    data: Cells = [["客服中心"], [], ["编号", "时间"], ["1", "a"], [], [None, "  "], ["2", "b"]]
    table = opened(save(tmp_path, 数据=data))
    assert rows_of(table) == {4: ("1", "a"), 7: ("2", "b")}


def test_a_table_that_does_not_begin_in_a1_keeps_the_numbers_of_excel(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row, cells in ((5, ("编号", "时间")), (6, ("1", "a")), (9, ("2", "b"))):
        for column, cell in enumerate(cells, 3):
            book.active.cell(row, column, cell)
    book.save(tmp_path / "t.xlsx")
    table = opened(tmp_path / "t.xlsx")
    assert table.header[-2:] == ("编号", "时间")
    assert {row: cells[-2:] for row, cells in rows_of(table).items()} == {
        6: ("1", "a"),
        9: ("2", "b"),
    }


def test_cells_are_spelt_as_the_text_readers_know_them(tmp_path: Path) -> None:
    moment = datetime.datetime(2025, 8, 31, 9, 5, 7)
    values: list[object] = [
        1, 2.5, "007", True, moment, datetime.datetime(2025, 8, 31), datetime.time(0, 2, 23),
        datetime.timedelta(hours=30, seconds=1), None, 2.675, 123456789012345,
    ]  # fmt: skip
    data: Cells = [["编号", *["x"] * (len(values) - 1)], values]
    [cells] = rows_of(opened(save(tmp_path, 数据=data))).values()
    assert cells == (
        "1", "2.5", "007", "true", "2025-08-31 09:05:07", cells[5], "00:02:23", "30:00:01", "",
        "2.675", "123456789012345",
    )  # fmt: skip
    assert cells[5] in {"2025-08-31", "2025-08-31 00:00:00"}


def test_the_leap_day_that_never_was_and_the_epoch_of_the_mac(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    assert book.active is not None
    book.active.append(["编号", "时间"])
    book.active.append(["1", datetime.datetime(2024, 2, 29, 12)])
    book.save(tmp_path / "t.xlsx")
    assert rows_of(opened(tmp_path / "t.xlsx")) == {2: ("1", "2024-02-29 12:00:00")}


def test_the_extent_a_sheet_claims_is_not_believed(tmp_path: Path) -> None:
    # A sheet of 102 rows that says A1:B2 gave two rows to a reader that believed it.
    data: Cells = [["编号", "时间"], *([str(i), "a"] for i in range(101))]
    path = save(tmp_path, 数据=data)
    lying = rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"A1:B102", b"A1:B2"))
    assert len(rows_of(opened(lying))) == 101


def rewrite(path: Path, member: str, change: object) -> Path:
    """The workbook with one member changed."""
    assert callable(change)
    changed = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == member else content)
    return changed


def moved(path: Path, names: dict[str, str]) -> Path:
    """The workbook with its parts called otherwise, and what refers to them as well."""
    changed = path.with_name("moved.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/_rels/workbook.xml.rels":
                for before, after in names.items():
                    target = f'Target="[^"]*{Path(before).name}"'
                    content = re.sub(target.encode(), f'Target="/{after}"'.encode(), content)
            new.writestr(names.get(name, name), content)
    return changed


def test_parts_are_where_the_workbook_says(tmp_path: Path) -> None:
    day = datetime.datetime(2025, 8, 1, 9, 15)
    path = save(tmp_path, 数据=[["编号", "时间"], ["0007", day]])
    parts = {
        "xl/sharedStrings.xml": "xl/texts/sst.xml",
        "xl/styles.xml": "xl/looks.xml",
        "xl/worksheets/sheet1.xml": "tables/1.xml",
    }
    assert rows_of(opened(moved(path, parts))) == {2: ("0007", "2025-08-01 09:15:00")}


@pytest.mark.parametrize(
    "spell", [str.upper, lambda name: "/" + name, lambda name: name.replace("/", "\\")]
)
def test_names_of_parts_may_be_spelt_in_another_way(
    tmp_path: Path, spell: Callable[[str], str]
) -> None:
    path = save(tmp_path, 数据=[["编号", "时间"], ["0007", datetime.datetime(2025, 8, 1, 9, 15)]])
    changed = tmp_path / "spelt.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(spell(name), old.read(name))
    assert rows_of(opened(changed)) == {2: ("0007", "2025-08-01 09:15:00")}


@pytest.mark.parametrize("target", ["xl\\workbook.xml", "/xl/workbook.xml", "XL/Workbook.xml"])
def test_what_refers_to_the_list_of_sheets_may_be_spelt_so_too(tmp_path: Path, target: str) -> None:
    path = save(tmp_path, 数据=[["编号", "时间"], ["0007", datetime.datetime(2025, 8, 1, 9, 15)]])
    changed = tmp_path / "spelt.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "_rels/.rels":
                content = re.sub(rb'"/?xl/workbook.xml"', lambda _: f'"{target}"'.encode(), content)
            new.writestr(name, content)
    assert rows_of(opened(changed)) == {2: ("0007", "2025-08-01 09:15:00")}


FAR = {
    "the last cell of the grid": '<row r="1048576"><c r="XFD1048576">',
    "far beyond the grid": '<row r="1048576000"><c r="A1048576000">',
    "beyond the columns": '<row r="99999999"><c r="ZZZ99999999">',
    "single quotes": "<row r='1048576'><c r='XFD1048576'>",
    "attributes in another order": '<row spans="1:1" r="1048576"><c s="0" r="XFD1048576">',
    "a row without its number": '<row><c r="XFD1048576">',
    "line breaks between attributes": '<row\n r="1048576"\n><c\n r="XFD1048576"\n>',
    "blanks around the sign": '<row r = "1048576"><c r = "XFD1048576">',
    "small letters": '<row r="1048576"><c r="xfd1048576">',
}


@pytest.mark.parametrize("far", FAR.values(), ids=FAR)
def test_one_cell_at_the_end_of_the_grid_does_not_end_the_process(tmp_path: Path, far: str) -> None:
    # calamine lays out the whole grid, and aborts where memory ends: no `except` catches that.
    data: Cells = [["工单编号", "创建时间"], ["1", "2025-08-31"]]
    cell = f"{far}<is><t>x</t></is></c></row></sheetData>".replace("><is>", ' t="inlineStr"><is>')
    path = rewrite(
        save(tmp_path, 数据=data), "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", cell.encode()),
    )  # fmt: skip
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))"
    answer = Csq(tmp_path, tmp_path).forked("score", path, "--period", "2025-08", after=limit)
    assert answer.code in {0, 3}, answer.err[-500:]


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            blanks = b" " * (1 << 24)
            for _ in range(96):
                member.write(blanks)
    assert path.stat().st_size < 20_000_000
    assert code_of(path) == "oversized-workbook"


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/workbook.xml"])
def test_styles_that_unpack_to_too_much_are_refused(tmp_path: Path, part: str) -> None:
    # Eight million styles in 1 MB: two minutes, and 3 GB of memory.
    path = tmp_path / "t.xlsx"
    book = openpyxl.Workbook()
    book.worksheets[0].append(["编号", "时间"])
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = parts[part].replace(b"<cellXfs", b"<!--" + b"x" * (1 << 25) + b"--><cellXfs", 1)
    parts[part] = parts[part].replace(b"<sheets>", b"<!--" + b"x" * (1 << 25) + b"--><sheets>", 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert code_of(path) == "oversized-workbook"


@pytest.mark.parametrize(("content", "code"), [
    (b"", "empty-file"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "broken-workbook"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "encrypted-workbook"),
    (b"<html><table>", "not-a-table"), ("编号,时间\n1,2\n".encode(), "not-a-table"),
    (b"PK\x03\x04 and nothing more", "broken-workbook"),
])  # fmt: skip
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(content)
    assert code_of(path) == code


def test_a_workbook_cut_short_is_refused(tmp_path: Path) -> None:
    data: Cells = [["编号", "时间"], *([str(i), "a"] for i in range(500))]
    whole = save(tmp_path, 数据=data).read_bytes()
    cut = tmp_path / "cut.xlsx"
    for share in (0.3, 0.6, 0.9, 0.99):
        cut.write_bytes(whole[: int(len(whole) * share)])
        assert code_of(cut) == "broken-workbook"


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_workbook_with_broken_xml_is_refused_or_read_whole(tmp_path: Path, member: str) -> None:
    data: Cells = [["编号", "时间"], *([str(i), "a"] for i in range(50))]
    path = rewrite(save(tmp_path, 数据=data), member, lambda xml: xml[: len(xml) * 2 // 3])
    try:
        assert len(rows_of(opened(path))) == 50
    except IntakeError as error:
        assert error.problems[0].code in {"broken-workbook", "empty-file"}


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert code_of(path) == "broken-workbook"


@pytest.mark.parametrize("rows", [[], [[]], [[None, None]], [["", " "]]])
def test_a_sheet_of_blanks_is_called_empty(tmp_path: Path, rows: Cells) -> None:
    assert code_of(save(tmp_path, 数据=rows)) == "empty-file"


def test_what_a_sign_of_xml_stands_for_is_no_sign_again(tmp_path: Path) -> None:
    spelt = "&#38;lt; &amp;lt; &lt;b&gt; &quot;&apos;&#x4f60;&#22909; &copy;"
    data: Cells = [["编号", "时间"], ["1", "a"]]
    path = rewrite(
        save(tmp_path, 数据=data), "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", b"<row r='3'><c r='A3' t='inlineStr'><is><t>"
        + spelt.encode() + b"</t></is></c></row></sheetData>"),
    )  # fmt: skip
    assert rows_of(opened(path))[3][0] == "&lt; &lt; <b> \"'你好 &copy;"


def test_entities_of_xml_are_not_expanded(tmp_path: Path) -> None:
    # “Billion laughs”: ten entities of ten, nine levels deep.
    laughs = b"".join(
        b'<!ENTITY l%d "%s">' % (i, b"&l%d;" % (i - 1) * 10 if i else b"ha") for i in range(9)
    )
    data: Cells = [["编号", "时间"], ["1", "a"]]
    path = rewrite(
        save(tmp_path, 数据=data), "xl/worksheets/sheet1.xml",
        lambda xml: b"<!DOCTYPE w [" + laughs + b"]>" + xml.replace(b"</sheetData>", b"<row r='3'><c r='A3' "
        b"t='inlineStr'><is><t>&l8;</t></is></c></row></sheetData>"),
    )  # fmt: skip
    started = time.monotonic()
    try:
        found = rows_of(opened(path))
    except IntakeError as error:
        assert error.problems
    else:
        assert all(len(cell) < 1_000 for cells in found.values() for cell in cells)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(("value", "text"), [
    (3.0, "3"), (-0.5, "-0.5"), (1e300, "1.00000000000000E+300"), (10**15 + 0.0, "1.00000000000000E+15"), (0.00001, "0.00001"), (0.1 + 0.2, "0.3"), (datetime.timedelta(0), "00:00:00"),
    (datetime.timedelta(milliseconds=1500), "00:00:01.500000"), (datetime.time(9, 5), "09:05:00"), (False, "false"),
    (datetime.date(2025, 8, 1), "2025-08-01"), (None, ""), ("", ""), (7, "7"),
])  # fmt: skip
def test_a_value_as_text(value: object, text: str) -> None:
    assert cell_text(value) == text


@pytest.mark.parametrize("filled", [1, 2, 4])
def test_a_column_without_a_name_is_no_slip_where_most_rows_fill_it(
    tmp_path: Path, filled: int
) -> None:
    rows: Cells = [[str(i), "a", None, "more" if i < filled else None] for i in range(4)]
    table = opened(save(tmp_path, 数据=[["编号", "时间"], *rows]))
    torn = [row.row for batch in table.batches() for row in batch.torn]
    assert (len(table.header), torn) == ((4, []) if filled > 2 else (2, [2, 3][:filled]))


MERGED: dict[str, tuple[Cells, int, tuple[str, ...]]] = {
    "groups above": ([["基本", None, "其他"], ["编号", "时间", "渠道"]], 3, ("编号", "时间", "渠道")),
    "the first is merged downwards": ([["编号", "时效", None], [None, "时间", "渠道"]], 3, ("编号", "时间", "渠道")),
    "the last is merged downwards": ([["明细", None, "渠道"], ["编号", "时间", None]], 3, ("编号", "时间", "渠道")),
    "a row of units below": ([["编号", "时间", "渠道"], ["渠道", "秒", None]], 2, ("编号", "时间", "渠道")),
    "a banner above": ([["渠道报表"], ["编号", "时间", "渠道"]], 3, ("编号", "时间", "渠道")),
}  # fmt: skip


@pytest.mark.parametrize(("top", "first", "header"), MERGED.values(), ids=MERGED)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_header_over_two_rows(
    tmp_path: Path, top: Cells, first: int, header: tuple[str, ...], kind: str
) -> None:
    rows: Cells = [*top, ["1", "a", "b"]]
    if kind == "xlsx":
        table = opened(save(tmp_path, 数据=rows))
    else:
        text = "\n".join(",".join(str(cell or "") for cell in row) for row in rows)
        (tmp_path / "t.csv").write_text(text, encoding="utf-8")
        table = read_delimited(ExportFile(tmp_path / "t.csv", "t.csv"), recognise)
    assert table.header == header
    assert min(rows_of(table)) == first
    assert rows_of(table)[len(rows)] == ("1", "a", "b")


def with_rows(folder: Path, rows: str) -> Path:
    """A workbook whose only sheet has these rows of XML below its header."""
    data: Cells = [["编号", "时间"]]
    return rewrite(
        save(folder, 数据=data), "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", f"{rows}</sheetData>".encode()),
    )  # fmt: skip


def test_what_stands_in_a_remark_or_literally_is_no_cell(tmp_path: Path) -> None:
    text = '</t></is></c></row><row r="3"><c r="A3"><v>1</v></c>'
    rows = (
        f'<!-- <row r="8"><c r="A8"><v>8</v></c></row></sheetData> --><row r="2"><c r="A2"><v>7</v></c>'
        f'<c r="B2" t="inlineStr"><is><t>a &amp; <![CDATA[{text}]]></t></is></c></row>'
    )
    assert rows_of(opened(with_rows(tmp_path, rows))) == {2: ("7", "a & " + text)}


def test_a_remark_that_does_not_end_is_refused(tmp_path: Path) -> None:
    path = with_rows(tmp_path, '<row r="2"><c r="A2"><v>7</v></c></row><!-- ')
    with pytest.raises(IntakeError) as refused:
        rows_of(opened(path))
    assert [problem.line("en") for problem in refused.value.problems] == [
        "changed.xlsx: broken-workbook: the workbook is damaged: no sheet can be read"
        " → open and save it in Excel, or export it again"
    ]


def test_a_cell_without_a_place_stands_behind_the_one_before(tmp_path: Path) -> None:
    rows = (
        "<row><c><v>1</v></c><c><v>2</v></c></row><row><c/><c><v>3</v></c></row>"
        '<row r="7"><c r="B7"><v>4</v></c></row><row><c><v>5</v></c></row>'
        '<row><c r="A12"><v>6</v></c></row>'
    )
    assert rows_of(opened(with_rows(tmp_path, rows))) == {
        2: ("1", "2"), 3: ("", "3"), 7: ("", "4"), 8: ("5", ""), 12: ("6", ""),
    }  # fmt: skip


def test_the_cells_behind_the_header_are_told_with_their_row(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{i}"><c r="A{i}"><v>{i}</v></c><c r="C{i}" s="0"/>'
        + f'<c r="D{i}" t="str"><v>x</v></c></row>' * (i % 3 == 0)
        + "</row>" * (i % 3 != 0)
        for i in range(2, 200)
    )
    [batch] = opened(with_rows(tmp_path, rows)).batches()
    torn = [i for i in range(2, 200) if i % 3 == 0]
    assert [(row.row, row.text, row.cells) for row in batch.torn] == [
        (i, f"{i} |  | x", 3) for i in torn
    ]
    assert batch.rows.to_pylist() == [i for i in range(2, 200) if i % 3]


def test_rows_of_one_cell_below_a_wide_header_are_laid_out_a_few_at_a_time(tmp_path: Path) -> None:
    columns, rows = 4_000, 3_000
    header: Cells = [["编号", "时间", *(f"x{i}" for i in range(columns - 2))]]
    table = opened(save(tmp_path, 数据=[*header, *([str(i)] for i in range(rows))]))
    sizes = [len(batch.rows) for batch in table.batches()]
    assert sum(sizes) == rows
    assert max(sizes) * columns <= 1 << 22
