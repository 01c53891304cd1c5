"""`csq explain`: one number, down to its rows."""

from __future__ import annotations

import json

from openpyxl import load_workbook

from .driver import Csq

PERIOD = ("--period", "2025-08")

WHOLE = """\
一次性解决率 · fcr · 2025-08
✘ 75.0 %  未达标  3 ÷ 4  n = 4  目标 ≥ 85 %，出自 guide

怎么算
  公式        COUNTIF(有效工单, first_contact_resolved) / COUNT(有效工单) × 100%
  即          有效工单中「首次解决」为是的行数 ÷ 有效工单的行数 × 100%
  有效工单    tickets: NOT spam
              工单中「垃圾工单」为否的行

从哪里来
  工单 · 创建时间    创建时间（1 个文件）
  工单 · 首次解决    首次解决（1 个文件）
  工单 · 垃圾工单    导出里没有这一列

每一步留下多少行
分子的行：有效工单中「首次解决」为是的行
  步骤                              留下    去掉    其中空白
  导入                                 5
  拒收后                               5       0
  去重后                               5       0
  有效工单：「垃圾工单」为否           5       0           0
  时段内：「创建时间」在 2025-08       4       1           0
  条件：「首次解决」为是               3       1           0
分母的行：有效工单
  步骤                              留下    去掉    其中空白
  导入                                 5
  拒收后                               5       0
  去重后                               5       0
  有效工单：「垃圾工单」为否           5       0           0
  时段内：「创建时间」在 2025-08       4       1           0

最说明问题的行：在分母里而没有计入分子的行，最近的在前
  文件           行    工单编号    时间
  tickets.csv     4    T3          2025-08-15 09:00:00
"""


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]


def test_a_number_is_explained_down_to_its_rows(csq: Csq) -> None:
    answer = csq.run("explain", "fcr", *PERIOD)
    assert (answer.code, answer.err) == (0, "")
    assert lines(answer.out) == lines(WHOLE)


def test_it_can_be_said_in_english_and_of_one_group(csq: Csq) -> None:
    answer = csq.run("explain", "frt", *PERIOD, "--group", "channel=phone", "--lang", "en")
    assert answer.code == 0
    assert lines(answer.out)[:2] == [
        "Average first response time · frt · 2025-08 · Phone",
        "✔ 10.0 s  met  10.0 s ÷ 1  n = 1  target ≤ 30 s",
    ]
    assert "  narrowed: Channel is “Phone”" in answer.out


def test_the_rows_name_file_and_row(csq: Csq) -> None:
    answer = csq.run("explain", "fcr", *PERIOD, "--rows", "rows.csv")
    assert answer.code == 0
    assert lines((csq.folder / "rows.csv").read_text("utf-8-sig")) == [
        "数据源,文件,表,行,计入分子,计入分母,工单编号,创建时间,首次解决,垃圾工单",
        "工单,tickets.csv,,3,是,是,T2,2025-08-01 09:00:00,是,否",
        "工单,tickets.csv,,4,否,是,T3,2025-08-15 09:00:00,否,否",
        "工单,tickets.csv,,5,是,是,T4,2025-08-30 09:00:00,是,否",
        "工单,tickets.csv,,6,是,是,T5,2025-08-31 09:00:00,是,否",
    ]


def test_the_rows_of_a_workbook_are_texts(csq: Csq) -> None:
    assert csq.run("explain", "frt", *PERIOD, "--rows", "rows.xlsx").code == 0
    sheet = load_workbook(csq.folder / "rows.xlsx").active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.value for cell in cells if cell.row == 2][:4] == ["工单", "tickets.csv", "3", "是"]
    assert {cell.data_type for cell in cells} == {"s"}


def test_a_value_without_data_has_no_rows_in_either_format(csq: Csq) -> None:
    csq.put("tickets.csv", "工单编号,创建时间,渠道\nT1,2025-08-01 09:00:00,电话\n")
    for name in ("rows.xlsx", "rows.csv"):
        answer = csq.run("explain", "fcr", *PERIOD, "--rows", name, "--lang", "en")
        assert (answer.code, answer.err) == (0, "")
    book = load_workbook(csq.folder / "rows.xlsx")
    assert book.sheetnames == ["No rows"]
    assert [[cell.value for cell in row] for row in book["No rows"].iter_rows()] == [
        ["Source", "File", "Sheet", "Row"]
    ]
    assert lines((csq.folder / "rows.csv").read_text("utf-8-sig")) == ["Source,File,Sheet,Row"]


def test_scripts_get_the_same(csq: Csq) -> None:
    answer = csq.run("explain", "fcr", *PERIOD, "--format", "json")
    told = json.loads(answer.out)
    assert told["indicator"]["value"] == 0.75
    assert [trace["counted"] for trace in told["traces"]] == [3, 4]
    assert told["telling_rows"]["rows"] == [
        {
            "file": "tickets.csv",
            "sheet": None,
            "row": 4,
            "key": "T3",
            "time": "2025-08-15 09:00:00",
            "value": None,
        }
    ]


def test_sql_is_shown_on_request(csq: Csq) -> None:
    assert "SELECT" not in csq.run("explain", "fcr", *PERIOD).out
    assert "FROM tickets" in csq.run("explain", "fcr", *PERIOD, "--sql").out


def test_a_group_that_is_not_there_is_told(csq: Csq) -> None:
    answer = csq.run("explain", "fcr", *PERIOD, "--group", "channel=邮件")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "unknown-group-value: 这个时段里没有「channel=邮件」这一组 → 有的组是：在线, 电话\n"
    )


def test_a_group_without_a_value_is_told(csq: Csq) -> None:
    answer = csq.run("explain", "fcr", "--group", "channel", "--lang", "en")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "wrong-group: “channel” is no group → write FIELD=VALUE, for example channel=Phone\n"
    )


def test_an_unknown_indicator_is_told(csq: Csq) -> None:
    answer = csq.run("explain", "fcrr")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "unknown-indicator: 没有编号或名称是「fcrr」的指标 → 最接近的是：fcr, frt\n"
    )


def test_a_suffix_it_cannot_write_is_told_before_anything_is_read(csq: Csq) -> None:
    answer = csq.run("explain", "fcr", "nowhere", "--rows", "rows.txt", "--lang", "en")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "unknown-suffix: a file that ends in “.txt” cannot be written → end its name in .csv / .xlsx\n"
    )


def test_what_is_lacking_is_said_instead_of_a_number(csq: Csq) -> None:
    csq.put("tickets.csv", "工单编号,创建时间\nT1,2025-08-01 09:00:00\n")
    answer = csq.run("explain", "fcr", "--lang", "en")
    assert lines(answer.out)[1:3] == [
        "– no data  n = 0  target ≥ 85 %, from guide",
        "no data: the field Resolved at first contact (Tickets)",
    ]


def test_no_number_of_a_person_is_shown(csq: Csq) -> None:
    csq.put(
        "tickets.csv",
        "工单编号,创建时间,首次响应时间,渠道,首次解决\n"
        "13812345678,2025-08-01 09:00:00,2025-08-01 09:00:20,电话 13812345678,否\n",
    )
    for arguments in ((), ("--format", "json"), ("--group", "channel=电话 13812345678")):
        answer = csq.run("explain", "fcr", *PERIOD, *arguments)
        assert "13812345678" not in answer.err
        assert arguments[:1] == ("--format",) or "13812345678" not in answer.out, arguments


LOG = """\
number,opened_at,updated,state
INC1,2025-08-01 09:00,2025-08-01 09:00,New
INC1,2025-08-01 09:00,2025-08-01 09:05,Active
INC2,2025-08-02 09:00,2025-08-02 09:30,Active
"""
FOLDED = """\
version: 1
sources:
  tickets:
    files: [log.csv]
    columns: { ticket_id: number, created_at: opened_at, status: state }
    fields: { updated: { type: timestamp, columns: updated } }
    grain: { key: number, keep: last, time: updated, activity: status }
    events: { first_response_at: { first: Active } }
indicators:
  - { id: frt, name: frt, formula: 'AVERAGE(tickets, first_response_at - created_at)', unit: duration, direction: down }
"""


def test_a_folded_source_is_explained_down_to_the_row_that_each_case_keeps(csq: Csq) -> None:
    csq.put("log/log.csv", LOG)
    csq.put("log/metrics.yaml", FOLDED)
    asked = ("explain", "frt", "log", "--metrics", "log/metrics.yaml", *PERIOD)
    answer = csq.run(*asked, "--rows", "rows.csv")
    assert (answer.code, answer.err) == (0, "")
    assert "  工单 · 首次响应时间    按 events: 由同一案的各行得出" in lines(answer.out)
    rows = (csq.folder / "rows.csv").read_text(encoding="utf-8-sig")
    assert rows.splitlines() == [
        "数据源,文件,表,行,计入分子,计入分母,工单编号,创建时间,首次响应时间",
        "工单,log.csv,,3,是,是,INC1,2025-08-01 09:00:00,2025-08-01 09:05:00",
        "工单,log.csv,,4,是,是,INC2,2025-08-02 09:00:00,2025-08-02 09:30:00",
    ]


COMPOSITE = """\
version: 1
indicators:
  - { id: mix, name: 组合, unit: percent, direction: up,
      formula: '50% × SHARE(tickets, first_contact_resolved) + 50% × COUNTIF(tickets, spam) / COUNT(tickets)' }
  - { id: gap, name: 差, unit: duration, direction: down,
      formula: 'MAX(tickets, first_response_at - created_at) - MIN(tickets, first_response_at - created_at)' }
"""


def test_the_parts_of_a_composite_are_told_with_their_values(bare: Csq) -> None:
    bare.put(
        "tickets.csv",
        "工单编号,创建时间,首次响应时间,首次解决,垃圾工单\n"
        "T1,2025-08-01 09:00:00,2025-08-01 09:00:10,是,否\n"
        "T2,2025-08-15 09:00:00,2025-08-15 09:01:40,是,否\n"
        "T3,2025-08-16 09:00:00,,否,是\n"
        "T4,2025-08-31 09:00:00,,是,否\n",
    )
    bare.put("metrics.yaml", COMPOSITE)
    shown = lines(bare.run("explain", "mix", *PERIOD).out)
    begin = shown.index("公式里的各个数")
    assert shown[begin + 1 : begin + 3] == [
        "  75.0 %    工单中「首次解决」为是的行数 ÷ 工单的行数",
        "  12.5 %    50% × 工单中「垃圾工单」为是的行数 ÷ 工单的行数",
    ]
    told = json.loads(bare.run("explain", "gap", *PERIOD, "--format", "json", "--lang", "en").out)
    assert told["indicator"]["value"] == 90
    assert told["formula"]["amounts"] == [
        {"words": "largest (First response at − Created at) in Tickets", "value": 100},
        {"words": "smallest (First response at − Created at) in Tickets", "value": 10},
    ]


def test_why_there_is_no_number_is_said_where_no_row_counts(bare: Csq) -> None:
    bare.put(
        "tickets.csv",
        "工单编号,创建时间,首次响应时间\nT1,2025-08-01 09:00:00,\nT2,2025-08-30 09:00:00,\n",
    )
    bare.put("metrics.yaml", COMPOSITE)
    shown = lines(bare.run("explain", "gap", *PERIOD).out)
    assert shown[1:3] == ["– 无数据  n = 0  没有目标", "无数据: 没有一行可以作分母或求值"]
