"""What `sources:` says of a file's layout: its encoding, its delimiter, its header, the rows below."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from tests.conftest import Desk, books

from csq.definition.load import load_definition
from csq.errors import CsqError, IntakeError, Problem
from csq.formula.understand import understand

HEADER = "工单编号,创建时间,客户备注"
ROWS = "T1,2025-08-01,甲\nT2,2025-08-02,乙\n"
COUNT = "indicators:\n  - {id: it, name: it, formula: COUNT(tickets), unit: count, direction: up}\n"


def declare(desk: Desk, *keys: str) -> None:
    lines = "".join(f"    {key}\n" for key in ("files: ['*']", *keys))
    desk.define(f"sources:\n  tickets:\n{lines}{COUNT}")


def counted(desk: Desk) -> tuple[int, int, int]:
    """Read, kept and rejected rows of the one file."""
    [(read, kept, rejected, _, _)] = books(desk.score("2025-08")).values()
    return read, kept, rejected


def encodings(desk: Desk) -> list[str | None]:
    return [receipt.encoding for receipt in desk.score("2025-08").receipts]


def notices(desk: Desk) -> list[tuple[str, str]]:
    found = [p for p in desk.score("2025-08").problems if p.code == "guessed-encoding"]
    return [(problem.line("zh"), problem.line("en")) for problem in found]


def refusal(desk: Desk) -> Problem:
    with pytest.raises(IntakeError) as refused:
        desk.score("2025-08")
    [problem] = refused.value.problems
    return problem


# Encodings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("encoding", "header", "cell"), [
    ("big5", "工單編號,創建時間,處理組", "電話"), ("cp1254", "Ticket ID,Created at,Team", "Müşteri"),
    ("cp1251", "Ticket ID,Created at,Team", "Почта"), ("shift_jis", "Ticket ID,Created at,Team", "電話"),
    ("utf-16-le", "Ticket ID,Created at,Team", "电话"),
])  # fmt: skip
def test_a_declared_encoding_is_followed_and_told(
    desk: Desk, encoding: str, header: str, cell: str
) -> None:
    desk.put("t.csv", f"{header}\nT1,2025-08-01,{cell}\nT2,2025-08-02,{cell}\n".encode(encoding))
    desk.define(
        f"sources:\n  tickets:\n    files: ['*']\n    encoding: {encoding}\n"
        f"indicators:\n  - {{id: it, name: it, formula: 'COUNTIF(tickets, team = \"{cell}\")',"
        " unit: count, direction: up}\n"
    )
    assert desk.value("2025-08") == 2
    assert notices(desk) == []


def test_a_file_that_is_not_in_its_declared_encoding_is_refused(desk: Desk) -> None:
    desk.put("t.csv", f"{HEADER}\n{ROWS}".encode("gb18030"))
    declare(desk, "encoding: utf-8")
    problem = refusal(desk)
    assert problem.line("zh") == (
        "t.csv: wrong-encoding: 不能按 sources: 里写的 encoding: utf-8 读取"
        " → 改成它真正的编码，或删去 encoding:"
    )
    assert problem.line("en") == (
        "t.csv: wrong-encoding: it cannot be read in the encoding: utf-8 written under sources:"
        " → write the one it is in, or leave encoding: out"
    )


def test_traditional_chinese_is_known_by_its_header(desk: Desk) -> None:
    desk.put("t.csv", "工單編號,創建時間,渠道\nT1,2025-08-01,電話\n".encode("big5"))
    desk.define(COUNT)
    assert encodings(desk) == ["big5hkscs"]
    assert notices(desk) == [(
        "t.csv: guessed-encoding: 不是 UTF-8，也没有编码标记，按 big5hkscs 读取"
        " → 若文字有乱码，在 sources: 里写 encoding:",
        "t.csv: guessed-encoding: no UTF-8, and no mark that says what else: read as big5hkscs"
        " → if text is garbled, write encoding: under sources:",
    )]  # fmt: skip


def test_western_letters_that_stand_alone_are_western(desk: Desk) -> None:
    rows = "T1,2025-08-01,Café\nT2,2025-08-02,Müller\n"
    desk.put("t.csv", ("Ticket ID;Created at;Team\n" + rows.replace(",", ";")).encode("cp1252"))
    desk.define(COUNT.replace("COUNT(tickets)", "'COUNTIF(tickets, team = \"Müller\")'"))
    assert encodings(desk) == ["cp1252"]
    assert desk.value("2025-08") == 1
    assert notices(desk) == [(
        "t.csv: guessed-encoding: 不是 UTF-8，也没有编码标记，按 cp1252 读取"
        " → 若文字有乱码，在 sources: 里写 encoding:",
        "t.csv: guessed-encoding: no UTF-8, and no mark that says what else: read as cp1252"
        " → if text is garbled, write encoding: under sources:",
    )]  # fmt: skip


def test_simplified_chinese_without_a_mark_needs_no_word(desk: Desk) -> None:
    desk.put("t.csv", f"{HEADER}\n{ROWS}".encode("gbk"))
    desk.define(COUNT)
    assert (encodings(desk), notices(desk)) == (["gb18030"], [])


# Delimiters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "sign"), [("'^'", "^"), ("'~'", "~"), ('"\\t"', "\t"), ("':'", ":")]
)
def test_a_declared_delimiter_is_followed(desk: Desk, key: str, sign: str) -> None:
    desk.put("t.csv", f"{HEADER}\n{ROWS}".replace(",", sign))
    declare(desk, f"delimiter: {key}")
    assert counted(desk) == (2, 2, 0)


def test_a_declared_delimiter_overrules_what_would_be_found(desk: Desk) -> None:
    desk.put("t.csv", "工单编号;创建时间,x\nT1;2025-08-01\n")
    declare(desk, "delimiter: ';'", "columns: {created_at: '创建时间,x'}")
    assert counted(desk) == (1, 1, 0)


# Where the table begins ------------------------------------------------------------------------

BANNER = "工单编号,创建时间,说明的示例\n另一行,x,y\n"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_declared_header_row_is_the_header(desk: Desk, kind: str) -> None:
    # The first line looks like a header as well, and would be taken for it.
    put_table(desk, kind, f"{BANNER}{HEADER}\n{ROWS}")
    declare(desk)
    with pytest.raises(IntakeError) as raised:
        counted(desk)
    assert [problem.code for problem in raised.value.problems] == ["second-header"]
    declare(desk, "header_row: 3")
    assert counted(desk) == (2, 2, 0)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_rows_below_the_header_that_are_no_data_are_skipped(desk: Desk, kind: str) -> None:
    put_table(desk, kind, f"{HEADER}\n编号,年月日,文字\n文本,日期,文本\n{ROWS}")
    declare(desk)
    assert counted(desk) == (4, 2, 2)
    declare(desk, "skip_rows: 2")
    assert counted(desk) == (2, 2, 0)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_both_together_and_the_row_numbers_stay_those_of_the_file(desk: Desk, kind: str) -> None:
    put_table(desk, kind, f"{BANNER}{HEADER}\n编号,年月日,文字\n{ROWS}T3,nonsense,丙\n")
    declare(desk, "header_row: 3", "skip_rows: 1")
    scorecard = desk.score("2025-08")
    [problem] = [p for p in scorecard.problems if p.code == "unreadable-timestamp"]
    assert problem.place.row == 7


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_header_row_below_the_table_leaves_nothing(desk: Desk, kind: str) -> None:
    put_table(desk, kind, f"{HEADER}\n{ROWS}")
    declare(desk, "header_row: 9")
    place = "t.csv" if kind == "csv" else "t.xlsx:Sheet"
    problem = refusal(desk)
    assert problem.line("zh") == (
        f"{place}: blank-header-row: sources: 里写的 header_row: 9 是空行，或文件没有这么多行"
        " → 改成表头所在的行，或删去 header_row:"
    )
    assert problem.line("en") == (
        f"{place}: blank-header-row: row 9, written as header_row: under sources:,"
        " is blank or not there → write the header's row, or leave header_row: out"
    )


def put_table(desk: Desk, kind: str, text: str) -> Path:
    if kind == "csv":
        return desk.put("t.csv", text)
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in text.splitlines():
        book.active.append(line.split(","))
    path = desk.put("t.xlsx", b"")
    book.save(path)
    return path


# What can be written there ---------------------------------------------------------------------


@pytest.mark.parametrize(("key", "said"), [
    ("encoding: klingon", "klingon"), ("encoding: base64", "base64"), ("delimiter: ';;'", "delimiter"),
    ("delimiter: ''", "delimiter"), ("header_row: 0", "header_row"), ("skip_rows: -1", "skip_rows"),
    ("header_row: two", "header_row"),
])  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_its_line(desk: Desk, key: str, said: str) -> None:
    declare(desk, key)
    with pytest.raises(CsqError) as refused:
        understand(load_definition(desk.metrics))
    [problem] = refused.value.problems
    assert problem.place.row == 5
    assert said in problem.line("en")


# Blank rows ------------------------------------------------------------------------------------


def test_blank_rows_are_told_once_for_each_file(desk: Desk) -> None:
    desk.put(
        "a.csv", HEADER + "\nT1,2025-08-01,甲\n" + ",,\n" * 22_000 + "T2,2025-08-02,乙\n,,,,\n"
    )
    desk.put("b.csv", HEADER + "\nT3,2025-08-01,甲\n")
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "数据"
    for cells in (
        HEADER.split(","),
        ["T4", "2025-08-01", "甲"],
        ["", " ", ""],
        ["T5", "2025-08-02"],
    ):
        book.active.append(cells)
    book.save(desk.exports / "c.xlsx")
    desk.define(COUNT)
    scorecard = desk.score("2025-08")
    assert books(scorecard) == {
        "a.csv": (2, 2, 0, 0, 0), "b.csv": (1, 1, 0, 0, 0), "c.xlsx": (2, 2, 0, 0, 0),
    }  # fmt: skip
    told = [(p.line("en"), p.count) for p in scorecard.problems if p.code == "blank-rows"]
    assert told == [
        ("a.csv: blank-rows: rows of blanks and separators alone are not read → nothing to do", 22_001),
        ("c.xlsx:数据: blank-rows: rows of blanks and separators alone are not read → nothing to do", 1),
    ]  # fmt: skip


# A row of units under the header ---------------------------------------------------------------

TALKS = (
    ("通话编号", "进入队列时间", "通话时长", "等待时长"),
    ("", "", "(分钟)", "秒"),
    ("C1", "2025-08-01 09:00", "2", "30"),
    ("C2", "2025-08-01 10:00", "4", "10"),
)


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
@pytest.mark.parametrize("keys", [(), ("header_row: 1",)])
def test_a_row_of_units_is_a_part_of_the_header(
    desk: Desk, name: str, keys: tuple[str, ...]
) -> None:
    # Read as seconds, calls of three minutes would be of three seconds.
    if name == "t.csv":
        desk.put(name, "".join(",".join(row) + "\n" for row in TALKS))
    else:
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in TALKS:
            book.active.append(row)
        desk.exports.mkdir()
        book.save(desk.exports / name)
    lines = "".join(f"    {key}\n" for key in ("files: ['*']", *keys))
    desk.define(
        f"sources:\n  calls:\n{lines}indicators:\n"
        "  - {id: it, name: it, formula: 'AVERAGE(calls, talk_s + wait_s)', unit: duration, direction: up}\n"
    )
    scorecard = desk.score("2025-08")
    assert desk.value("2025-08") == 200
    [(read, kept, *_)] = books(scorecard).values()
    assert (read, kept) == (2, 2)
    [notice] = [p for p in scorecard.problems if p.code == "units-row"]
    place = "t.csv:2" if name == "t.csv" else "t.xlsx:Sheet:2"
    assert (
        notice.line("zh") == f"{place}: units-row: 表头下面的这一行是单位，已并入表头 → 不需要处理"
    )
    assert notice.line("en") == (
        f"{place}: units-row: the row under the header holds units: it is a part of it → nothing to do"
    )


def test_a_row_of_units_that_is_skipped_is_not_read(desk: Desk) -> None:
    desk.put("t.csv", "".join(",".join(row) + "\n" for row in TALKS))
    desk.define(
        "sources: { calls: { files: ['*'], header_row: 1, skip_rows: 1 } }\nindicators:\n"
        "  - {id: it, name: it, formula: 'AVERAGE(calls, talk_s)', unit: duration, direction: up}\n"
    )
    assert desk.value("2025-08") == 3


# Merged cells ----------------------------------------------------------------------------------


def test_cells_merged_over_rows_are_told_by_count(desk: Desk) -> None:
    # Only the first of the three has a channel: by channel the others would be missing silently.
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["八月", None, None],
        ["渠道", "工单编号", "创建时间"],
        ["电话", "T1", "2025-08-01"],
        [None, "T2", "2025-08-02"],
        [None, "T3", "2025-08-03"],
        ["在线", "T4", "2025-08-04"],
        [None, "T5", "2025-08-05"],
    ):
        sheet.append(row)
    for cells in ("A1:C1", "A3:A5", "A6:A7"):
        sheet.merge_cells(cells)
    desk.exports.mkdir()
    book.save(desk.exports / "t.xlsx")
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert desk.value("2025-08") == 5
    [warning] = [problem for problem in scorecard.problems if problem.code == "merged-cells"]
    assert warning.line("zh") == (
        "t.xlsx:Sheet:3:渠道: merged-cells: 列「渠道」有 2 个单元格跨多行合并，只有第一行有值，其余 3 行为空"
        " → 在 Excel 里取消合并，用“定位条件-空值”向下填充，再导出"
    )
    assert warning.line("en") == (
        "t.xlsx:Sheet:3:渠道: merged-cells: “渠道” has cells merged over several rows (2):"
        " only the first row of each has the value, 3 rows are blank there"
        " → unmerge them in Excel, fill the blanks down, and save it"
    )
