"""What a user who got something wrong sees.

The exit code, nothing on stdout, and every line of stderr, in both languages.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from .driver import METRICS, TICKETS, Csq

TOO_LONG = "x" * 300
HEADER = "工单编号,创建时间,首次响应时间,渠道,首次解决\n"


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something a user got wrong: what lies in the folder, what was typed, what comes of it."""

    what: str
    typed: str
    code: int
    zh: tuple[str, ...]
    en: tuple[str, ...]
    files: Mapping[str, str | bytes] = field(default_factory=dict)


FILES = (
    Mistake(
        "a file that is not there", "score nothing.csv", 3,
        ("nothing.csv: missing-path: 没有这个文件或文件夹 → 检查路径的拼写",),
        ("nothing.csv: missing-path: there is no such file or folder → check the spelling of the path",),
    ),
    Mistake(
        "two files that are not there, and one that is", "score nothing.csv tickets.csv neither.csv", 3,
        ("nothing.csv: missing-path: 没有这个文件或文件夹 → 检查路径的拼写",
         "neither.csv: missing-path: 没有这个文件或文件夹 → 检查路径的拼写"),
        ("nothing.csv: missing-path: there is no such file or folder → check the spelling of the path",
         "neither.csv: missing-path: there is no such file or folder → check the spelling of the path"),
    ),
    Mistake(
        "an empty file", "score x.csv", 3,
        ("x.csv: empty-file: 文件是空的 → 重新导出，或把它移走",),
        ("x.csv: empty-file: the file is empty → export it again, or move it away",),
        {"x.csv": ""},
    ),
    Mistake(
        "a file of a byte order mark", "score x.csv", 3,
        ("x.csv: empty-file: 文件是空的 → 重新导出，或把它移走",),
        ("x.csv: empty-file: the file is empty → export it again, or move it away",),
        {"x.csv": b"\xef\xbb\xbf"},
    ),
    Mistake(
        "a file of blank lines", "score x.csv", 3,
        ("x.csv: empty-file: 文件是空的 → 重新导出，或把它移走",),
        ("x.csv: empty-file: the file is empty → export it again, or move it away",),
        {"x.csv": "\n \n\n"},
    ),
    Mistake(
        "a header without a row", "score x.csv", 5,
        ("no-rows: 导出里没有一行数据 → 检查导出时选的时段和条件",),
        ("no-rows: the exports hold no row → check the dates and filters the export was made with",),
        {"x.csv": HEADER},
    ),
    Mistake(
        "a roster alone", "score x.csv", 5,
        ("no-times: 认出的导出只有坐席名册，它们的行都没有时间，没有可以统计的时段 → 放进工单、通话或评价的导出；"
         "认错了类别的，在 sources: 里用 files: 说明",),
        ("no-times: the only exports that were recognised are Agent roster, whose rows have no time,"
         " so there is no period to score → add the export of tickets, calls or surveys; where a file"
         " was taken for the wrong kind, say what it is with files: under sources:",),
        {"x.csv": "agent_id,video_url\nA1,x\nA2,y\n"},
    ),
    Mistake(
        "no row that can be used", "score x.csv", 3,
        ("no-valid-row: 工单没有一行可用（读入 2 行） → 用 csq validate 查看原因",
         "x.csv:2:创建时间: unreadable-timestamp: 「创建时间」不是时间：待定 → 写成 2025-08-01 09:15:00 (×2)"),
        ("no-valid-row: no row of Tickets can be used (2 were read) → see why with csq validate",
         "x.csv:2:创建时间: unreadable-timestamp: “Created at” is not a time: 待定 → write 2025-08-01 09:15:00 (×2)"),
        {"x.csv": HEADER + "T1,待定,,电话,是\nT2,以后,,电话,是\n"},
    ),
    Mistake(
        "a file of another kind", "score x.csv", 3,
        ("x.csv: unrecognised-export: 认不出这是哪一类数据（表头：甲, 乙） → 在 metrics.yaml 的 sources: 里用 files: 和 columns: 说明它；csq init 会写出初稿",),
        ("x.csv: unrecognised-export: it is no kind of export csq knows (header: 甲, 乙) → say what it is with files: and columns: under sources: in metrics.yaml; csq init drafts that",),
        {"x.csv": "甲,乙\n1,2\n"},
    ),
    Mistake(
        "a folder without exports", "score empty", 3,
        ("empty: no-exports: 这里没有可读的导出文件 → 写上导出所在的文件夹，例如 csq score exports；或放入 csv、tsv、xlsx、xls、ods、parquet 文件",),
        ("empty: no-exports: no export that can be read is here → name the folder of the exports, as in csq score exports; or put csv, tsv, xlsx, xls, ods or parquet files here",),
        {"empty/readme.txt~": "x"},
    ),
    Mistake(
        "a picture named csv", "score x.csv", 3,
        ("x.csv: not-a-table: 内容不是文本表格 → 从系统里重新导出为 csv 或 xlsx",),
        ("x.csv: not-a-table: its content is not a text table → export it again as csv or xlsx",),
        {"x.csv": b"\x89PNG\r\n\x1a\n0000"},
    ),
    Mistake(
        "an encoding that is neither UTF-8 nor GB18030", "score x.csv", 3,
        ("x.csv: unknown-encoding: 既不是 UTF-8 也不是 GB18030 编码 → 在 Excel 里另存为“CSV UTF-8”，或在 sources: 里写 encoding:",),
        ("x.csv: unknown-encoding: it is neither UTF-8 nor GB18030 → save it as “CSV UTF-8” in Excel, or write encoding: under sources:",),
        {"x.csv": HEADER.encode() + b"T1,2025-08-01,\xff\xff\xff,\x81\x20,\n"},
    ),
    Mistake(
        "a workbook with a password", "score x.xlsx", 3,
        ("x.xlsx: encrypted-workbook: 工作簿有密码 → 去掉密码后另存",),
        ("x.xlsx: encrypted-workbook: the workbook has a password → remove the password and save it",),
        {"x.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")},
    ),
    Mistake(
        "a workbook cut off", "score x.xlsx", 3,
        ("x.xlsx: broken-workbook: 工作簿已损坏，读不出表格 → 用 Excel 打开并另存，或重新导出",),
        ("x.xlsx: broken-workbook: the workbook is damaged: no sheet can be read → open and save it in Excel, or export it again",),
        {"x.xlsx": b"PK\x03\x04" + b"\0" * 600},
    ),
    Mistake(
        "text named xlsx", "score x.xlsx", 3,
        ("x.xlsx: not-a-table: 内容不是工作簿 → 从系统里重新导出为 csv 或 xlsx",),
        ("x.xlsx: not-a-table: its content is not a workbook → export it again as csv or xlsx",),
        {"x.xlsx": "工单编号,创建时间\n"},
    ),
    Mistake(
        "a required column that is missing", "score x.csv", 3,
        ("x.csv: missing-column: 缺少必需的列「创建时间」（现有：工单编号, 渠道, 首次解决） → 在 metrics.yaml 的 sources: 的 columns: 里写出它的表头；csq init 会写出初稿",),
        ("x.csv: missing-column: the column “Created at” is missing (present: 工单编号, 渠道, 首次解决) → name its header with columns: under sources: in metrics.yaml; csq init drafts that",),
        {"x.csv": "工单编号,渠道,首次解决\nT1,电话,是\n"},
    ),
    Mistake(
        "a column in both languages", "score x.csv", 3,
        ("x.csv: double-column: 「创建时间」有多列：创建时间, Created at → 删去多余的列，或用 columns: 指定其中一列，csq init 会写出初稿",),
        ("x.csv: double-column: “Created at” stands in several columns: 创建时间, Created at → delete all but one, or choose with columns: as csq init drafts it",),
        {"x.csv": "工单编号,创建时间,Created at\nT1,2025-08-01,2025-08-01\n"},
    ),
)  # fmt: skip

QUESTIONS = (
    Mistake(
        "no such period", "score --period 2025-13", 2,
        ("unknown-period: 看不懂的时段「2025-13」 → 写成 2025-08、2025Q3、2025H1、2025-W31 或 2025-07..2025-08",),
        ("unknown-period: “2025-13” is not a period → write 2025-08, 2025Q3, 2025H1, 2025-W31 or 2025-07..2025-08",),
    ),
    Mistake(
        "a period backwards", "score --period 2025-08..2025-07", 2,
        ("unknown-period: 看不懂的时段「2025-08..2025-07」 → 写成 2025-08、2025Q3、2025H1、2025-W31 或 2025-07..2025-08",),
        ("unknown-period: “2025-08..2025-07” is not a period → write 2025-08, 2025Q3, 2025H1, 2025-W31 or 2025-07..2025-08",),
    ),
    Mistake(
        "a period without a word", "score --period=", 2,
        ("unknown-period: 看不懂的时段「」 → 写成 2025-08、2025Q3、2025H1、2025-W31 或 2025-07..2025-08",),
        ("unknown-period: “” is not a period → write 2025-08, 2025Q3, 2025H1, 2025-W31 or 2025-07..2025-08",),
    ),
    Mistake(
        "a period without data", "score --period 2024-01", 5,
        ("empty-period: 2024-01 内没有任何数据（数据从 2025-07-01 到 2025-08-31） → 用 --period 指定数据所在的时段",),
        ("empty-period: there is no data in 2024-01 (the data goes from 2025-07-01 to 2025-08-31) → choose a period that holds data with --period",),
    ),
    Mistake(
        "two indicators that are not there", "score --indicator fcrr --indicator abc --indicator fcr", 2,
        ("unknown-indicator: 没有编号或名称是「fcrr」的指标 → 最接近的是：fcr, frt",
         "unknown-indicator: 没有编号或名称是「abc」的指标 → 最接近的是：fcr, frt"),
        ("unknown-indicator: there is no indicator with the id or name “fcrr” → the nearest are: fcr, frt",
         "unknown-indicator: there is no indicator with the id or name “abc” → the nearest are: fcr, frt"),
    ),
    Mistake(
        "a field that is not there to group by", "score --by chanel", 2,
        ("unknown-group: 没有任何数据带有分组字段「chanel」 → 可用于分组的字段：channel, cause",),
        ("unknown-group: no data has the field “chanel” to group by → fields to group by: channel, cause",),
    ),
    Mistake(
        "a field to group by that no export has", "score --by team", 2,
        ("unknown-group: 没有任何数据带有分组字段「team」 → 可用于分组的字段：channel, first_contact_resolved, ticket_id",),
        ("unknown-group: no data has the field “team” to group by → fields to group by: channel, first_contact_resolved, ticket_id",),
    ),
    Mistake(
        "a condition on a field that is not there", "score --where chanel='电话'", 2,
        ("wrong-condition: --where 的条件「chanel='电话'」不能用：公式里的「chanel」没有定义：⟦chanel⟧='电话' → 最接近的是：channel, cause；若是文字，要加双引号；整个条件例如 channel = \"电话\"",),
        ("wrong-condition: --where “chanel='电话'” cannot be used: “chanel” in the formula is not defined: ⟦chanel⟧='电话' → the nearest are: channel, cause; a text goes in quotes; a whole condition is for example channel = \"Phone\"",),
    ),
    Mistake(
        "a condition that is none", "score --where channel", 2,
        ("wrong-condition: --where 的条件「channel」不能用：公式里的类型不合：这里需要是/否，不是文字：⟦channel⟧ → 写成比较，例如 csat >= 4；整个条件例如 channel = \"电话\"",),
        ("wrong-condition: --where “channel” cannot be used: the types in the formula do not fit: yes or no is needed here, not a text: ⟦channel⟧ → write a comparison such as csat >= 4; a whole condition is for example channel = \"Phone\"",),
    ),
    Mistake(
        "a workbook in a terminal", "score --format xlsx", 2,
        ("needs-output: xlsx 格式不能显示在终端上 → 用 --output FILE 指定文件",),
        ("needs-output: xlsx cannot be shown in a terminal → name a file with --output FILE",),
    ),
    Mistake(
        "a field to group by that is a time", "score --by created_at", 2,
        ("ungroupable-field: 不能按投诉、工单的字段「created_at」分组 → 用文字、是/否或整数字段",),
        ("ungroupable-field: Complaints, Tickets cannot be grouped by “created_at” → use a field of texts, yes or no, or whole numbers",),
    ),
    Mistake(
        "a file of a kind that csq does not write", "score -o out.docx", 2,
        ("out.docx: unknown-suffix: 写不出扩展名为「.docx」的文件 → 让文件名以 .txt / .json / .csv / .md / .xlsx / .html / .htm 结尾",),
        ("out.docx: unknown-suffix: a file that ends in “.docx” cannot be written → end its name in .txt / .json / .csv / .md / .xlsx / .html / .htm",),
    ),
    Mistake(
        "a list of findings as a workbook", "validate -o out.xlsx", 2,
        ("out.xlsx: unknown-suffix: 写不出扩展名为「.xlsx」的文件 → 让文件名以 .txt / .json / .csv 结尾",),
        ("out.xlsx: unknown-suffix: a file that ends in “.xlsx” cannot be written → end its name in .txt / .json / .csv",),
    ),
    Mistake(
        "an explanation as a page", "explain fcr -o out.html", 2,
        ("out.html: unknown-suffix: 写不出扩展名为「.html」的文件 → 让文件名以 .txt / .json 结尾",),
        ("out.html: unknown-suffix: a file that ends in “.html” cannot be written → end its name in .txt / .json",),
    ),
    Mistake(
        "a memory limit that is too small", "score --memory 1KB", 7,
        ("out-of-memory: 内存用到了上限 1KB → 用 --memory 提高上限，或分月计算",),
        ("out-of-memory: the memory limit of 1KB was reached → raise it with --memory, or compute month by month",),
    ),
    Mistake(
        "a schema of no source", "schema ticket", 2,
        ("unknown-source: 没有名为「ticket」的数据源 → 可用的有：tickets",),
        ("unknown-source: there is no source “ticket” → there are: tickets",),
    ),
)  # fmt: skip

DEFINITIONS = (
    Mistake(
        "a key that is not known, in two places", "lint m.yaml", 4,
        ("m.yaml:12:5: unknown-key: 未知的键「targt」 → 最接近的是：target, targets",
         "m.yaml:20:5: unknown-key: 未知的键「targt」 → 最接近的是：target, targets"),
        ("m.yaml:12:5: unknown-key: the key “targt” is unknown → the nearest are: target, targets",
         "m.yaml:20:5: unknown-key: the key “targt” is unknown → the nearest are: target, targets"),
        {"m.yaml": METRICS.replace("targets:", "targt:")},
    ),
    Mistake(
        "the same when scoring", "score --metrics m.yaml", 4,
        ("m.yaml:12:5: unknown-key: 未知的键「targt」 → 最接近的是：target, targets",
         "m.yaml:20:5: unknown-key: 未知的键「targt」 → 最接近的是：target, targets"),
        ("m.yaml:12:5: unknown-key: the key “targt” is unknown → the nearest are: target, targets",
         "m.yaml:20:5: unknown-key: the key “targt” is unknown → the nearest are: target, targets"),
        {"m.yaml": METRICS.replace("targets:", "targt:")},
    ),
    Mistake(
        "a field in a formula that is not known", "lint m.yaml", 4,
        ("m.yaml:8:5: formula-name: 公式里的「first_contact_resolvd」没有定义：COUNTIF(有效工单, ⟦first_contact_resolvd⟧) / COUNT(有效工单) × 100% → 最接近的是：first_contact_resolved, contacts_to_resolve, first_agent_id；若是文字，要加双引号",),
        ("m.yaml:8:5: formula-name: “first_contact_resolvd” in the formula is not defined: COUNTIF(有效工单, ⟦first_contact_resolvd⟧) / COUNT(有效工单) × 100% → the nearest are: first_contact_resolved, contacts_to_resolve, first_agent_id; a text goes in quotes",),
        {"m.yaml": METRICS.replace("first_contact_resolved", "first_contact_resolvd")},
    ),
    Mistake(
        "a definition that is not there", "lint no.yaml", 4,
        ("no.yaml: unreadable-definition: 指标定义读不出来：没有这个文件或文件夹 → 检查路径和编码（UTF-8），或用 --metrics 指定另一个文件；csq init 能写出初稿",),
        ("no.yaml: unreadable-definition: the definition cannot be read: there is no such file or folder → check path and encoding (UTF-8), or name another with --metrics; csq init drafts one",),
    ),
    Mistake(
        "an export in the place of the definition", "score --metrics tickets.csv", 4,
        ("tickets.csv:1:1: wrong-shape: 整个文件是一段文字，不是“键: 值” → 以 version: 1 和 indicators: 开头，参见 csq schema",),
        ("tickets.csv:1:1: wrong-shape: the whole file is a text, not “key: value” → begin with version: 1 and indicators:, as csq schema describes",),
    ),
    Mistake(
        "a folder for a salt", "score", 2,
        (".: unreadable-file: 文件打不开：不是普通文件 → 检查文件权限，或重新导出",),
        (".: unreadable-file: the file cannot be opened: it is no regular file → check its permissions, or export it again",),
        {"metrics.yaml": METRICS + "privacy: { mode: hash, salt: . }\n"},
    ),
    Mistake(
        "a count that is called a share", "lint m.yaml", 4,
        ("m.yaml:8:5: formula-type: 公式里的类型不合：单位是 percent，公式得到的却是数量：⟦COUNTIF(有效工单, first_contact_resolved)⟧ → 除以总量，或写 unit: count",),
        ("m.yaml:8:5: formula-type: the types in the formula do not fit: the unit is percent, but the formula gives a count: ⟦COUNTIF(有效工单, first_contact_resolved)⟧ → divide it by the whole, or write unit: count",),
        {"m.yaml": METRICS.replace(" / COUNT(有效工单) × 100%", "")},
    ),
    Mistake(
        "the path of a name too long", f"score {TOO_LONG}", 3,
        (f"{TOO_LONG}: unreadable-file: 文件打不开：名字太长 → 检查文件权限，或重新导出",),
        (f"{TOO_LONG}: unreadable-file: the file cannot be opened: the name is too long → check its permissions, or export it again",),
    ),
    Mistake(
        "the definition of a name too long", f"lint {TOO_LONG}", 4,
        (f"{TOO_LONG}: unreadable-definition: 指标定义读不出来：名字太长 → 检查路径和编码（UTF-8），或用 --metrics 指定另一个文件；csq init 能写出初稿",),
        (f"{TOO_LONG}: unreadable-definition: the definition cannot be read: the name is too long → check path and encoding (UTF-8), or name another with --metrics; csq init drafts one",),
    ),
    Mistake(
        "an output of a name too long", f"init tickets.csv -o {TOO_LONG}", 6,
        (f"{TOO_LONG}: cannot-write: 文件写不出：名字太长 → 换一个文件名，或检查文件夹是否存在、可写、未满",),
        (f"{TOO_LONG}: cannot-write: the file cannot be written: the name is too long → choose another name, or check that the folder exists, can be written and has room",),
    ),
    Mistake(
        "a formula without data", "lint m.yaml", 4,
        ("m.yaml:8:5: formula-type: 公式里的类型不合：公式里没有任何数据：⟦1 / (1 - 1)⟧ → 写成例如 COUNT(tickets)",),
        ("m.yaml:8:5: formula-type: the types in the formula do not fit: nothing in the formula counts any data: ⟦1 / (1 - 1)⟧ → write for example COUNT(tickets)",),
        {"m.yaml": METRICS.replace(
            "COUNTIF(有效工单, first_contact_resolved) / COUNT(有效工单) × 100%", "1 / (1 - 1)")},
    ),
    Mistake(
        "an open bracket in a formula", "lint m.yaml", 4,
        ("m.yaml:8:5: formula-syntax: 公式在此处看不懂：COUNT(有效工单⟦⟧ → 公式没有写完：检查括号是否成对",),
        ("m.yaml:8:5: formula-syntax: the formula cannot be read here: COUNT(有效工单⟦⟧ → it is not finished: look for an open bracket",),
        {"m.yaml": METRICS.replace(
            "COUNTIF(有效工单, first_contact_resolved) / COUNT(有效工单) × 100%", "COUNT(有效工单")},
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    "mistake", [pytest.param(each, id=each.what) for each in (*FILES, *QUESTIONS, *DEFINITIONS)]
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_mistake_is_told_in_words(csq: Csq, mistake: Mistake, language: str) -> None:
    for name, content in mistake.files.items():
        csq.put(name, content)
    answer = csq.run(*mistake.typed.split(), "--lang", language)
    if mistake.typed.startswith("schema"):
        answer = csq.run(*mistake.typed.split())
        language = "zh"
    expected = mistake.zh if language == "zh" else mistake.en
    assert (answer.code, answer.err.splitlines()) == (mistake.code, list(expected))
    assert answer.out == ""
    assert csq.left_behind() == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("score --format pdf", "Invalid value for '--format'"),
        ("score --engine polars", "Invalid value for '--engine'"),
        ("score --lang fr", "Invalid value for '--lang'"),
        ("review --templates nothere", "Invalid value for '--templates'"),
        ("score --frobnicate", "No such option: --frobnicate"),
        ("frobnicate", "No such command 'frobnicate'."),
        ("check --fail-on nothing", "Invalid value for '--fail-on'"),
        ("validate --format xlsx", "Invalid value for '--format'"),
        ("score --period", "Option '--period' requires an argument."),
    ],
)
def test_a_slip_on_the_command_line_is_wrong_usage(csq: Csq, typed: str, said: str) -> None:
    answer = csq.run(*typed.split())
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert "Traceback" not in answer.err


def test_without_a_command_the_commands_are_listed(csq: Csq) -> None:
    answer = csq.run()
    assert answer.code == 2
    lines = answer.err.split("Commands:\n")[1].splitlines()
    assert [line.split()[0] for line in lines if line[:3].strip()] == [
        "init", "score", "check", "explain", "compare", "review", "validate", "lint", "schema"
    ]  # fmt: skip


def test_a_slip_in_how_much_memory_is_wrong_usage(csq: Csq) -> None:
    for typed in ("banana", "", "-1GB", "4 GB; DROP"):
        answer = csq.run("score", "--memory", typed)
        assert (answer.code, answer.out) == (2, ""), typed
        assert "Traceback" not in answer.err


def test_a_column_that_is_no_field_is_to_be_declared(csq: Csq) -> None:
    answer = csq.run("score", "--by", "Zzqx")
    assert (answer.code, answer.out) == (2, "")
    assert re.fullmatch(
        r"unknown-group: 没有任何数据带有分组字段「Zzqx」 → 可用于分组的字段：[\w, ]+, …；"
        r"自己的列先在 metrics.yaml 的 sources: 里用 fields: 声明\n",
        answer.err,
    )


@pytest.mark.parametrize("by", ["", ",", " , "])
def test_no_field_to_group_by_is_wrong_usage(csq: Csq, by: str) -> None:
    answer = csq.run("score", "--by", by)
    assert (answer.code, answer.out) == (2, "")


def test_a_field_named_twice_groups_once(csq: Csq) -> None:
    assert csq.run("score", "--by", "channel,channel") == csq.run("score", "--by", "channel")


def test_a_definition_that_is_not_there(csq: Csq) -> None:
    answer = csq.run("score", "--metrics", "no.yaml")
    assert answer.code == 4
    assert answer.err.startswith("no.yaml: unreadable-definition: ")


def test_a_definition_that_is_a_folder_is_named(csq: Csq) -> None:
    (csq.folder / "metrics").mkdir()
    answer = csq.run("score", "--metrics", "metrics")
    assert answer.code == 4
    assert answer.err.startswith("metrics: unreadable-definition: ")


def test_the_message_is_in_the_language_of_the_definition(csq: Csq) -> None:
    """Where nobody asks for a language, that of metrics.yaml holds, for faults as for tables."""
    csq.put("metrics.yaml", METRICS.replace("version: 1", "version: 1\nlanguage: en"))
    said = "nothing.csv: missing-path: there is no such file or folder"
    assert csq.run("score", "nothing.csv").err.startswith(said)


def test_an_unknown_file_in_a_folder_is_told_and_the_rest_is_computed(csq: Csq) -> None:
    csq.put("other.csv", "甲,乙\n1,2\n")
    answer = csq.run("score", ".", "--format", "json")
    assert answer.code == 0
    assert answer.err.startswith("other.csv: unrecognised-export: ")


def test_an_explanation_saved_among_the_exports_is_no_export(csq: Csq) -> None:
    for language in ("zh", "en"):
        asked = csq.run("explain", "fcr", ".", "--lang", language, "-o", f"{language}.txt")
        assert (asked.code, asked.err) == (0, "")
    assert csq.run("score", ".", "--format", "json").err == ""


def test_the_suffix_says_the_format_of_every_command(csq: Csq) -> None:
    for command in (["score"], ["validate"], ["explain", "fcr"]):
        csq.run(*command, "tickets.csv", "-o", "out.json")
        written = (csq.folder / "out.json").read_text(encoding="utf-8")
        assert written == csq.run(*command, "tickets.csv", "--format", "json").out


def test_what_narrows_a_run_is_said_in_its_json(csq: Csq) -> None:
    narrowed = csq.run("score", "--where", 'channel = "电话"', "--format", "json", "--lang", "en")
    assumed = json.loads(narrowed.out)["assumptions"]
    assert assumed[0] == 'only rows that fulfil: channel = "电话"'
    assert (
        assumed[1:]
        == json.loads(csq.run("score", "--format", "json", "--lang", "en").out)["assumptions"]
    )


def test_a_fault_of_a_row_that_is_tolerated_is_told(csq: Csq) -> None:
    many = "".join(f"M{n},2025-08-02 09:00:00,,电话,是\n" for n in range(30))
    csq.put("tickets.csv", TICKETS + many + "T9,2025-02-30 09:00:00,,电话,是\n")
    answer = csq.run("score", "tickets.csv", "--format", "json")
    assert (answer.code, answer.err) == (
        0,
        "tickets.csv:37:创建时间: unreadable-timestamp: 「创建时间」不是时间：2025-02-30 09:00:00"
        " → 写成 2025-08-01 09:15:00\n",
    )


def test_too_many_refused_rows_are_invalid_data_with_their_numbers(csq: Csq) -> None:
    csq.put("tickets.csv", TICKETS + "T9,待定,,电话,是\n")
    answer = csq.run("score", "tickets.csv", "--format", "json")
    assert answer.code == 3
    assert answer.err.splitlines() == [
        "too-many-refused: 工单有 1 / 6 行被拒收，超过容许的 5% → 用 csq validate --rejects 拒收.xlsx 写出并修正",
        "tickets.csv:7:创建时间: unreadable-timestamp: 「创建时间」不是时间：待定"
        " → 写成 2025-08-01 09:15:00",
    ]


def test_a_bug_is_no_mistake_of_the_user(csq: Csq, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("csq.api.score_intake", break_down)
    answer = csq.run("score", "tickets.csv", "-o", "out.json")
    assert (answer.code, answer.out) == (70, "")
    assert answer.err.startswith("Traceback (most recent call last):")
    assert answer.err.endswith("ZeroDivisionError: planted\n")
    assert not (csq.folder / "out.json").exists()
    assert csq.left_behind() == []


def test_a_bug_while_csq_is_loaded_is_told_from_a_missed_target(
    bare: Csq, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("csq.cli.streams.prepare_streams", None)
    assert bare.run("--version").code == 70


def test_memory_that_runs_out_is_a_budget(csq: Csq, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("csq.api.score_intake", break_down)
    answer = csq.run("score", "tickets.csv")
    assert (answer.code, answer.out) == (7, "")
    assert answer.err.startswith("out-of-memory: ")


def test_a_fault_names_files_as_they_were_named(csq: Csq, tmp_path: Path) -> None:
    """A report never says where on a machine a folder lies."""
    csq.put("2025/august.csv", "")
    answer = csq.run("score", str(csq.folder / "2025"))
    assert answer.code == 3
    assert answer.err.startswith("august.csv: empty-file: ")
    assert str(tmp_path) not in answer.err


@pytest.mark.parametrize(
    "typed",
    [
        "score tickets.csv --metrics metrics.yaml -o old.json",
        "check --fail-on never --json old.json --junit old.xml",
        "validate --rejects old.csv",
        "explain fcr --rows old.csv",
        "lint metrics.yaml --data tickets.csv",
        "review tickets.csv -o . --templates .",
    ],
)
def test_only_csq_says_what_cannot_be_read(
    csq: Csq, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the exit code of an export or a definition; typer would call it wrong usage."""
    for name in ("old.json", "old.xml", "old.csv", "review.css"):
        csq.put(name, "x")
    monkeypatch.setattr("os.access", lambda path, mode, **_: mode != os.R_OK)
    answer = csq.run(*typed.split())
    assert (answer.code, "not readable" in answer.err) == (0, False)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_for_a_salt_is_not_waited_for(csq: Csq) -> None:
    os.mkfifo(csq.folder / "pipe")
    csq.put("metrics.yaml", METRICS + "privacy: { mode: hash, salt: pipe }\n")
    answer = csq.forked("score", "tickets.csv")
    assert (answer.code, answer.err) == (
        2,
        "pipe: unreadable-file: 文件打不开：不是普通文件 → 检查文件权限，或重新导出\n",
    )


def test_a_definition_behind_links_in_a_circle_is_told(csq: Csq) -> None:
    (csq.folder / "a.yaml").symlink_to("b.yaml")
    (csq.folder / "b.yaml").symlink_to("a.yaml")
    answer = csq.run("lint", "a.yaml")
    assert (answer.code, answer.err.partition(" →")[0]) == (
        4,
        "a.yaml: unreadable-definition: 指标定义读不出来：链接绕成了圈",
    )
