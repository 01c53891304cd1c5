"""CSV and TSV files: encoding, dialect and header decided by csq itself, every row with its number."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from csq.errors import IntakeError
from csq.intake.readers import encodings
from csq.intake.readers.base import Batch, ExportFile, Layout, RawTable, find_header
from csq.intake.readers.delimited import read_delimited

KNOWN = {"编号", "时间", "渠道"}


def recognise(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip() in KNOWN)


def opened(folder: Path, content: bytes | str, name: str = "t.csv") -> RawTable:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_delimited(ExportFile(path, name), recognise)


def read_in_blocks(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(encodings, "BLOCK", size)


def rows_of(table: RawTable) -> dict[int, tuple[str, ...]]:
    """Every good row by its number."""
    found: dict[int, tuple[str, ...]] = {}
    for batch in table.batches():
        cells = [column.to_pylist() for column in batch.cells.columns]
        found |= dict(zip(batch.rows.to_pylist(), zip(*cells, strict=True), strict=True))
    return found


def torn_of(table: RawTable) -> list[tuple[int, int | None, int]]:
    """Every row that does not fit: its number, its cells, and how many lines it spans."""
    batches: list[Batch] = list(table.batches())
    return [(torn.row, torn.cells, torn.rows) for batch in batches for torn in batch.torn]


def code_of(folder: Path, content: bytes | str, name: str = "t.csv") -> str:
    with pytest.raises(IntakeError) as refused:
        rows_of(opened(folder, content, name))
    [problem] = refused.value.problems
    assert problem.place.file == name
    return problem.code


# Dialects --------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_the_one_that_yields_known_headers(tmp_path: Path, delimiter: str) -> None:
    lines = [["编号", "时间", "渠道"], ["1", "2025-08-01, 10:00", "a;b"], ["2", "x|y", "c\td"]]
    quoted = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    table = opened(tmp_path, quoted)
    assert table.header == ("编号", "时间", "渠道")
    assert rows_of(table) == {2: tuple(lines[1]), 3: tuple(lines[2])}


def test_a_declared_delimiter_is_followed(tmp_path: Path) -> None:
    # What Excel writes into the first line where the machine's language separates by ;
    table = opened(tmp_path, "sep=;\n编号;时间\n1;2\n")
    assert (table.header, rows_of(table)) == (("编号", "时间"), {3: ("1", "2")})


def test_what_was_declared_in_the_file_yields_to_what_fits_it(tmp_path: Path) -> None:
    table = opened(tmp_path, "sep=;\n编号,时间\n1,2\n")
    assert (table.header, rows_of(table)) == (("编号", "时间"), {3: ("1", "2")})


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", ["，", "；", "^", "~", "\x01"])
def test_a_rarer_delimiter_that_alone_yields_known_headers(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    lines = [["编号", "时间", "渠道"], ["1", f"a{delimiter}b", "\x1f,c;d"], ["2", 'x|"y', "c\td，"]]
    quoted = [
        delimiter.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines
    ]
    torn = delimiter.join(["3", "x", "y", "\x1f"])
    table = opened(tmp_path, "\n".join([*quoted, torn]).encode(encoding))
    assert table.header == ("编号", "时间", "渠道")
    assert rows_of(table) == {2: tuple(lines[1]), 3: tuple(lines[2])}
    [row] = [torn for batch in table.batches() for torn in batch.torn]
    assert (row.row, row.cells, row.text) == (4, 4, torn)


@pytest.mark.parametrize("block", [29, 30, 31, 32])
def test_a_full_width_comma_over_the_edge_of_a_block_is_one(
    tmp_path: Path, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_in_blocks(monkeypatch, block)
    table = opened(tmp_path, '编号，时间，渠道\n1，2，3\n4，5，"6，"\n')
    assert rows_of(table) == {2: ("1", "2", "3"), 3: ("4", "5", "6，")}


def test_a_full_width_comma_is_text_where_another_delimiter_fits(tmp_path: Path) -> None:
    table = opened(tmp_path, "编号，时间,渠道\n1，2,3\n")
    assert table.header == ("编号，时间", "渠道")
    assert opened(tmp_path, "编号，x\n1，2\n").header == ("编号，x",)


@pytest.mark.parametrize("delimiter", ["，", "、", "é"])
def test_any_declared_sign_is_a_delimiter(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"甲{delimiter}乙\n1{delimiter}2\n", encoding="utf-8")
    layout = Layout(delimiter=delimiter)
    table = read_delimited(ExportFile(path, "t.csv"), recognise, layout)
    assert (table.header, rows_of(table)) == (("甲", "乙"), {2: ("1", "2")})


def test_a_comma_within_text_is_no_delimiter_where_tabs_are(tmp_path: Path) -> None:
    table = opened(tmp_path, "编号\t时间\t渠道\n1\ta,b,c,d\te\n")
    assert rows_of(table) == {2: ("1", "a,b,c,d", "e")}


def test_a_file_of_unknown_headers_keeps_its_widest_dialect(tmp_path: Path) -> None:
    assert opened(tmp_path, "a;b;c\n1;2;3\n").header == ("a", "b", "c")


# Delimiters behind every row -------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "，"])
@pytest.mark.parametrize("extra", [1, 2])
def test_rows_that_all_end_in_delimiters_are_read(
    tmp_path: Path, delimiter: str, extra: int
) -> None:
    lines = [["编号", "时间"], ["1", "a"], [""], ["2", ""], ['"3"', ' "b" '], ["4", " ", "x", "y"]]
    behind = delimiter * extra
    text = "\n".join(delimiter.join(line) + (behind if n else "") for n, line in enumerate(lines))
    table = opened(tmp_path, text + "\n5" + delimiter + "c" + behind[1:] + f"{delimiter} \n")
    assert table.header[:2] == ("编号", "时间")
    cells = {row: found[:2] for row, found in rows_of(table).items()}
    assert cells == {2: ("1", "a"), 4: ("2", ""), 5: ("3", ' "b" '), 7: ("5", "c")}
    [row] = [torn for batch in table.batches() for torn in batch.torn]
    assert (row.row, row.cells) == (6, 4 + extra)


@pytest.mark.parametrize("odd", ["3,c", "3,c,x", "3,c,,"])
def test_rows_of_which_only_some_end_in_a_delimiter_are_torn(tmp_path: Path, odd: str) -> None:
    text = "编号,时间\n1,a,\n2,b,\n" + odd + "\n"
    table = opened(tmp_path, text)
    torn = [row.row for batch in table.batches() for row in batch.torn]
    if odd == "3,c,,":  # wrong either way
        assert (table.header, torn) == (("编号", "时间", ""), [4])
        assert rows_of(table) == {2: ("1", "a", ""), 3: ("2", "b", "")}
    else:
        assert table.header == ("编号", "时间")
        assert torn == ([2, 3] if odd == "3,c" else [2, 3, 4])


# Headers ---------------------------------------------------------------------------------------


def test_banner_lines_and_blank_lines_above_the_header_are_passed(tmp_path: Path) -> None:
    content = '客服中心 8 月导出\n\n"两行的\n说明",x\n编号,时间\n1,a\n\n2,b\n'
    table = opened(tmp_path, content)
    # Row numbers are those of the table's rows: a cell with a line break is one row.
    assert (table.header, rows_of(table)) == (("编号", "时间"), {5: ("1", "a"), 7: ("2", "b")})


def test_a_header_with_line_breaks_in_its_cells_is_one_row(tmp_path: Path) -> None:
    table = opened(tmp_path, '编号,时间,"备\n注"\n1,a,x\n')
    assert (table.header, rows_of(table)) == (("编号", "时间", "备\n注"), {2: ("1", "a", "x")})


@pytest.mark.parametrize("text", [
    '"编号,时间,渠道\n1,2,3\n4,5,6\n', '编号,"时间,渠道\n1,2,3\n4,5,6\n', '标题\n"编号,时间,渠道\r\n1,2,3\r\n', '"a,b\n1,2',
])  # fmt: skip
def test_a_header_whose_quote_is_open_is_called_so(tmp_path: Path, text: str) -> None:
    assert code_of(tmp_path, text) == "broken-quotes"


def test_a_header_whose_quote_swallows_more_than_a_cell_can_hold(tmp_path: Path) -> None:
    assert code_of(tmp_path, '"编号,时间\n' + "1,2\n" * 50_000) == "oversized-field"


def test_a_header_alone_may_have_line_breaks(tmp_path: Path) -> None:
    assert opened(tmp_path, '编号,时间,"渠道\n（来源）"\n').header == (
        "编号",
        "时间",
        "渠道\n（来源）",
    )


def test_a_row_that_holds_a_known_word_is_no_header(tmp_path: Path) -> None:
    table = opened(tmp_path, "编号,时间,渠道\n编号,1,2\n")
    assert rows_of(table) == {2: ("编号", "1", "2")}


def test_without_a_known_header_it_is_the_first_row_of_two_cells() -> None:
    assert find_header([["title"], ["", ""], ["a", "b"], ["1", "2"]], recognise) == 2
    assert find_header([["a"], ["b"]], recognise) == 0


# Rows ------------------------------------------------------------------------------------------


def test_rows_that_do_not_fit_are_torn_with_their_number(tmp_path: Path) -> None:
    table = opened(tmp_path, "编号,时间,渠道\n1,a,b\n2,a\n3,a,b\n4,a,b,c,d\n\n5,a,b\n6\n")
    assert rows_of(table) == {2: ("1", "a", "b"), 4: ("3", "a", "b"), 7: ("5", "a", "b")}
    assert torn_of(table) == [(3, 2, 1), (5, 5, 1), (8, 1, 1)]


@pytest.mark.parametrize("commas", [1, 2, 3, 9])
def test_thousands_of_lines_of_bare_commas_are_no_rows(tmp_path: Path, commas: int) -> None:
    # A sheet saved as CSV after its cells were cleared; the commas may be more than the header's.
    blank = ("," * commas + "\n") * 22_000
    table = opened(tmp_path, f"编号,时间,渠道\n1,a,b\n{blank}2,a,b\n3,a\n{blank}")
    assert rows_of(table) == {2: ("1", "a", "b"), 22_003: ("2", "a", "b")}
    assert torn_of(table) == [(22_004, 2, 1)]
    assert sum(batch.blank for batch in table.batches()) == 44_000


def test_a_file_of_torn_rows_only_yields_them(tmp_path: Path) -> None:
    table = opened(tmp_path, "编号,时间,渠道\n1,a\n2,a\n")
    assert (rows_of(table), torn_of(table)) == ({}, [(2, 2, 1), (3, 2, 1)])


def test_the_number_of_a_row_is_right_over_many_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_in_blocks(monkeypatch, 300)
    lines = [f"{i},a,b" for i in range(2, 500)]
    for at in (3, 40, 41, 200, 497):
        lines[at] = f"{at + 2},torn"
    table = opened(tmp_path, "编号,时间,渠道\n" + "\n".join(lines))
    found = rows_of(table)
    assert {row: int(cells[0]) for row, cells in found.items()} == {row: row for row in found}
    assert [row for row, *_ in torn_of(table)] == [5, 42, 43, 202, 499]
    assert len(found) == 498 - 5


def test_a_table_can_be_read_twice(tmp_path: Path) -> None:
    table = opened(tmp_path, "编号,时间,渠道\n1,a,b\n")
    assert rows_of(table) == rows_of(table)


def test_blanks_are_kept_for_whoever_shows_the_row(tmp_path: Path) -> None:
    assert rows_of(opened(tmp_path, "编号,时间\n 1 ,\u3000a\n")) == {2: (" 1 ", "\u3000a")}


# Encodings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("content", "encoding"), [
    ("编号,时间\n1,电话\n".encode(), "utf-8"), ("编号,时间\n1,电话\n".encode("utf-8-sig"), "utf-8"),
    ("编号,时间\n1,电话\n".encode("gbk"), "gb18030"), ("编号,时间\n1,电话\n".encode("utf-16"), "utf-16"),
    (b"\xfe\xff" + "编号,时间\n1,电话\n".encode("utf-16-be"), "utf-16"),
])  # fmt: skip
def test_the_encoding_is_told(tmp_path: Path, content: bytes, encoding: str) -> None:
    table = opened(tmp_path, content)
    assert (table.encoding, table.header, rows_of(table)) == (
        encoding,
        ("编号", "时间"),
        {2: ("1", "电话")},
    )


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_a_character_over_the_edge_of_a_block_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    read_in_blocks(monkeypatch, 64)
    table = opened(tmp_path, "a,b\n" + "x" * (58 + length) + ",电话\n" + "话" * 60 + ",y\n")
    assert table.encoding == "utf-8"


@pytest.mark.parametrize("at", [0, 55, 56, 57, 119, 200, 391])
def test_one_wrong_byte_anywhere_is_no_utf8(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    # 0xFF is in no text of UTF-8 or GB18030, wherever it stands between the blocks; alone among
    # letters it is a letter of Western Europe, and the reader is told.
    read_in_blocks(monkeypatch, 64)
    content = bytearray(b"abc,efg\n" * 50)
    content[at] = 0xFF
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\n" + content)
    table = read_delimited(ExportFile(path, "t.csv"), recognise)
    assert table.encoding == "cp1252"
    assert [problem.code for problem in table.problems] == ["guessed-encoding"]


def test_what_is_neither_utf8_nor_gb18030_is_refused(tmp_path: Path) -> None:
    assert code_of(tmp_path, "编号,时间\n1,".encode() + b"\xff\xfe\xfd\n") == "unknown-encoding"
    # The wrong byte may stand behind everything that was looked at to find the header.
    late = "编号,时间\n".encode("gbk") + "1,电话\n".encode("gbk") * 60_000 + b"2,\xff\n"
    assert code_of(tmp_path, late) == "unknown-encoding"


# What is no table ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"", b"\n", b" \n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n", b"\xff\xfe"]
)
def test_an_empty_file_is_called_empty(tmp_path: Path, content: bytes) -> None:
    assert code_of(tmp_path, content) == "empty-file"


@pytest.mark.parametrize("content", [
    b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n", b"PK\x03\x04abc", b"\x1f\x8b\x08\x00", b"\x7fELF\x02", b"\xd0\xcf\x11\xe0abc",
    b"PAR1abc", b"<!DOCTYPE html><table>", b"\n <html><body>", b"<?xml version='1.0'?>",
])  # fmt: skip
def test_another_format_under_this_name_is_refused(tmp_path: Path, content: bytes) -> None:
    # A login page saved as tickets.csv is what a failed download leaves.
    assert code_of(tmp_path, content) == "not-a-table"


def test_a_cell_of_five_megabytes_is_refused_in_few_words(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("编号,时间\n1," + "x" * 9_000_000 + "\n", encoding="utf-8")
    with pytest.raises(IntakeError) as refused:
        rows_of(read_delimited(ExportFile(path, "t.csv"), recognise))
    [problem] = refused.value.problems
    assert (problem.code, len(problem.line("zh")) < 300) == ("oversized-field", True)


@pytest.mark.parametrize("head", ["编号,时间,渠道", "a", ""])
def test_a_header_wider_than_any_spreadsheet_is_refused_at_once(tmp_path: Path, head: str) -> None:
    wide = head + "," * 250_000
    begun = time.process_time()
    assert code_of(tmp_path, f"{wide}\n1{wide}\n") == "too-wide"
    assert time.process_time() - begun < 5


def test_a_row_wider_than_any_spreadsheet_is_one_row_that_does_not_fit(tmp_path: Path) -> None:
    table = opened(tmp_path, "编号,时间\n1,2\n3" + ",x" * 20_000 + "\n4,5\n")
    assert rows_of(table) == {2: ("1", "2"), 4: ("4", "5")}
    assert torn_of(table) == [(3, 20_001, 1)]


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    table = opened(tmp_path, "编号,时间,渠道\n")
    assert (table.header, rows_of(table), torn_of(table)) == (("编号", "时间", "渠道"), {}, [])


@pytest.mark.parametrize("order", ["le", "be"])
def test_utf32_with_its_mark_is_read(tmp_path: Path, order: str) -> None:
    content = "\ufeff编号,时间\n1,电话😀\n".encode(f"utf-32-{order}")
    table = opened(tmp_path, content)
    assert (table.encoding, table.header) == ("utf-32", ("编号", "时间"))
    assert rows_of(table) == {2: ("1", "电话😀")}


@pytest.mark.parametrize(("encoding", "cut"), [
    ("utf-8", 1), ("utf-8", 2), ("utf-8-sig", 1), ("gb18030", 1), ("utf-16", 1), ("utf-32", 2),
])  # fmt: skip
def test_a_file_that_ends_inside_a_character_was_cut_off(
    tmp_path: Path, encoding: str, cut: int
) -> None:
    # Its last row may be torn and may look whole, and how many are missing nobody knows.
    content = ("编号,渠道\n" + "1,电话\n" * 3 + "2,电话").encode(encoding)
    assert rows_of(opened(tmp_path, content))[5] == ("2", "电话")
    with pytest.raises(IntakeError) as refused:
        rows_of(opened(tmp_path, content[:-cut]))
    [problem] = refused.value.problems
    assert problem.line("en") == (
        "t.csv: cut-off: it ends in the middle of a character: it was not saved or downloaded to"
        " its end → export or download it again"
    )
    assert problem.line("zh") == (
        "t.csv: cut-off: 文件在一个字的中间就结束了：没有保存或下载完 → 重新导出或下载"
    )
