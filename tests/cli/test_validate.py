"""`csq validate`: what is wrong with the exports, for people, for scripts, and row by row."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest

from .contract import read_validation
from .driver import METRICS, TICKETS, Csq

BAD = (
    TICKETS
    + "T9,待定,,电话,是\n"
    + "T2,2025-08-01 09:00:00,2025-08-01 09:00:10,电话,是\n"
    + "T10,2025-08-02,2025-08-02,电话,maybe\n"
)

CLEAN_ZH = """\
数据源  文件         编码   读入  保留  拒收  重复
工单    tickets.csv  utf-8     5     5     0     0

1 个文件，读入 5 行 = 保留 5 + 拒收 0 + 重复 0
可以计算。下一步：csq score
"""
BAD_ZH = """\
数据源  文件         编码   读入  保留  拒收  重复
工单    tickets.csv  utf-8     8     5     2     1

✘ 工单有 2 / 8 行被拒收，超过容许的 5%
  → 用 csq validate --rejects 拒收.xlsx 写出并修正 [too-many-refused]
✘ 「创建时间」不是时间：待定
  tickets.csv:7:创建时间
  → 写成 2025-08-01 09:15:00 [unreadable-timestamp]
✘ 「首次解决」不是是/否：maybe
  tickets.csv:9:首次解决
  → 写成 是/否、Y/N、true/false 或 1/0 [unreadable-flag]
· 「工单编号」重复，保留最后一行
  tickets.csv
  → 正常情况（月度导出重叠）无需处理；否则在 sources: 里改 duplicates: [duplicate-key]

1 个文件，读入 8 行 = 保留 5 + 拒收 2 + 重复 1
拒收超过容许。下一步：csq validate --rejects 拒收.xlsx，按原因改正后重新导出
"""
BAD_EN = """\
Source   File         Encoding  Read  Kept  Refused  Duplicates
Tickets  tickets.csv  utf-8        8     5        2           1

✘ 2 of 8 rows of Tickets were refused, more than the 5% allowed
  → write them by csq validate --rejects refused.xlsx and mend them [too-many-refused]
✘ “Created at” is not a time: 待定
  tickets.csv:7:创建时间
  → write 2025-08-01 09:15:00 [unreadable-timestamp]
✘ “Resolved at first contact” is not yes or no: maybe
  tickets.csv:9:首次解决
  → write yes/no, Y/N, true/false or 1/0 [unreadable-flag]
· repeated “Ticket ID”: the last row is kept
  tickets.csv
  → nothing to do where monthly exports overlap; else change duplicates: under sources: [duplicate-key]

Files: 1. Rows: read 8 = kept 5 + refused 2 + duplicates 1
More was refused than is tolerated. Next: csq validate --rejects refused.xlsx, then mend the exports
"""


def test_exports_without_a_fault(csq: Csq) -> None:
    answer = csq.run("validate")
    assert (answer.code, answer.out, answer.err) == (0, CLEAN_ZH, "")


@pytest.mark.parametrize(("language", "said"), [("zh", BAD_ZH), ("en", BAD_EN)])
def test_faults_are_summed_up_with_their_places(csq: Csq, language: str, said: str) -> None:
    csq.put("tickets.csv", BAD)
    answer = csq.run("validate", "--lang", language)
    assert (answer.code, answer.out, answer.err) == (3, said, "")


def test_the_json_keeps_its_contract(csq: Csq) -> None:
    csq.put("tickets.csv", BAD)
    answer = csq.run("validate", "--format", "json")
    assert (answer.code, answer.err) == (3, "")
    content = read_validation(answer.out)
    assert content["receipts"][0]["rejected"] == 2
    found = [(each["code"], each["row"], each["column"]) for each in content["problems"]]
    assert found == [
        ("too-many-refused", None, None),
        ("duplicate-key", None, None),
        ("unreadable-timestamp", 7, "创建时间"),
        ("unreadable-flag", 9, "首次解决"),
    ]


def test_the_answer_is_the_same_in_the_terminal_and_in_a_file(csq: Csq) -> None:
    csq.put("tickets.csv", BAD)
    for name in ("json", "csv", "table"):
        printed = csq.run("validate", "tickets.csv", "--format", name)
        written = csq.run("validate", "tickets.csv", "--format", name, "-o", "out")
        assert (written.code, written.out) == (3, "")
        assert (csq.folder / "out").read_text(encoding="utf-8") == printed.out


def test_a_refused_row_is_written_down_as_the_file_spells_it(csq: Csq) -> None:
    csq.put("tickets.csv", BAD)
    answer = csq.run("validate", "--rejects", "rejects.csv")
    assert answer.code == 3
    text = (csq.folder / "rejects.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["行"], row["字段"], row["工单编号"], row["创建时间"]) for row in rows] == [
        ("7", "创建时间", "T9", "待定"),
        ("9", "首次解决", "T10", "2025-08-02"),
    ]
    assert [row["原因"] for row in rows] == [
        "「创建时间」不是时间：待定",
        "「首次解决」不是是/否：maybe",
    ]


def test_a_cell_that_would_be_a_formula_is_text_in_the_refused_rows(csq: Csq) -> None:
    csq.put("tickets.csv", TICKETS + "=1+1,@SUM(A1),,-2+cmd,＝1\n")
    csq.run("validate", "--rejects", "rejects.csv")
    text = (csq.folder / "rejects.csv").read_text(encoding="utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert [cell for cell in row.values() if cell[:1] in tuple("=+-@＝")] == []


def test_a_row_of_another_width_is_refused_with_its_widths(csq: Csq) -> None:
    csq.put("tickets.csv", TICKETS + "T9,2025-08-01,,电话,是,多余\n")
    content = read_validation(csq.run("validate", "--format", "json").out)
    problem = content["problems"][1]
    assert (problem["code"], problem["row"]) == ("ragged-row", 7)
    assert problem["message"] == "有 6 个单元格，表头有 5 个"


def test_rejects_of_an_unknown_kind_are_wrong_usage(csq: Csq) -> None:
    answer = csq.run("validate", "--rejects", "rejects.pdf")
    assert (answer.code, answer.out) == (2, "")
    assert not (csq.folder / "rejects.pdf").exists()


def test_rejects_without_a_refused_row(csq: Csq) -> None:
    assert csq.run("validate", "--rejects", "rejects.csv").code == 0
    assert (csq.folder / "rejects.csv").exists()


@pytest.mark.parametrize("option", ["--rejects", "-o"])
@pytest.mark.parametrize("paths", [("tickets.csv",), ()], ids=["named", "found in the folder"])
def test_no_output_overwrites_an_export(csq: Csq, option: str, paths: tuple[str, ...]) -> None:
    csq.put("tickets.csv", BAD)
    answer = csq.run("validate", *paths, option, "tickets.csv")
    assert (answer.code, answer.out) == (2, "")
    assert (csq.folder / "tickets.csv").read_text(encoding="utf-8") == BAD


@pytest.mark.parametrize("option", ["--rejects", "-o"])
def test_invalid_data_outranks_not_delivered(csq: Csq, option: str) -> None:
    csq.put("tickets.csv", BAD)
    assert csq.run("validate", option, "missing/out.csv").code == 3


@pytest.mark.parametrize("option", ["--rejects", "-o"])
def test_what_is_not_delivered_is_six(csq: Csq, option: str) -> None:
    answer = csq.run("validate", option, "missing/out.csv")
    assert answer.code == 6
    assert answer.err.startswith("missing/out.csv: cannot-write: ")


def test_the_refused_rows_are_no_export(csq: Csq) -> None:
    """The report lies in the folder and has the headers of tickets, but is not read as such."""
    csq.put("tickets.csv", BAD)
    before = read_validation(csq.run("validate", "--format", "json").out)["receipts"]
    csq.run("validate", "--rejects", "rejects.csv")
    after = read_validation(csq.run("validate", "--format", "json").out)["receipts"]
    assert after == before


def test_no_row_at_all_is_told(csq: Csq) -> None:
    csq.put("tickets.csv", TICKETS.splitlines()[0] + "\n")
    answer = csq.run("validate")
    assert (answer.code, answer.err) == (5, "")
    assert answer.out.splitlines()[-5:] == [
        "✘ 导出里没有一行数据",
        "  → 检查导出时选的时段和条件 [no-rows]",
        "",
        "1 个文件，读入 0 行 = 保留 0 + 拒收 0 + 重复 0",
        "没有可以计算的行。下一步：重新导出",
    ]


ROSTER = "agent_id,video_url\nA1,x\nA2,y\n"


@pytest.mark.parametrize("period", [(), ("--period", "2025-08")], ids=["no period", "a period"])
@pytest.mark.parametrize(
    ("tickets", "code"),
    [
        pytest.param(None, "no-times", id="a roster alone"),
        pytest.param(TICKETS.splitlines()[0] + "\n", "no-rows", id="and a header"),
    ],
)
def test_what_has_no_time_is_not_fit_to_be_scored(
    csq: Csq, tickets: str | None, code: str, period: tuple[str, ...]
) -> None:
    (csq.folder / "tickets.csv").unlink()
    csq.put("agents.csv", ROSTER)
    if tickets is not None:
        csq.put("tickets.csv", tickets)
    asked = (*period, "--lang", "en")
    answer = csq.run("validate", *asked)
    score = csq.run("score", *asked)
    assert (answer.code, answer.err, score.code) == (5, "", 5)
    told = read_validation(csq.run("validate", *asked, "--format", "json").out)["problems"]
    assert [f"{each['code']}: {each['message']} → {each['hint']}\n" for each in told] == [score.err]
    assert told[0]["code"] == code
    assert answer.out.splitlines()[-1] == "No row to be scored. Next: export the data again"


def test_rows_that_are_all_refused_are_not_said_to_be_none(csq: Csq) -> None:
    csq.put("tickets.csv", "工单编号,创建时间\nT1,待定\n")
    answer = csq.run("validate", "--period", "2025-08", "--format", "json")
    codes = [each["code"] for each in read_validation(answer.out)["problems"]]
    assert (answer.code, codes) == (3, ["no-valid-row", "unreadable-timestamp"])


def test_the_workbook_of_refused_rows_opens(csq: Csq, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    csq.put("tickets.csv", BAD)
    csq.run("validate", "--rejects", "rejects.xlsx")
    book = openpyxl.load_workbook(csq.folder / "rejects.xlsx")
    cells = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert "T9" in cells[1]
    assert 7 in cells[1]


ODD_PEOPLE = """\
工单编号,创建时间,首次响应时间,首次解决,坐席工号,首问坐席,客户编号
T1,2025-08-01 09:00:00,2025-08-01 09:00:10,是,A-017,007,匿名
T2,2025-08-02 09:00:00,2025-08-02 09:00:10,是,a017,7,匿名
T3,2025-08-31 09:00:00,2025-08-31 09:00:10,否,B2,8,1.38E+10
"""
OF_PEOPLE = ["several-spellings", "alike-ids", "nobodys-rows", "flattened-reference"]


def test_whoever_validates_sees_what_any_score_would_tell_of_people(csq: Csq) -> None:
    csq.put("tickets.csv", ODD_PEOPLE)
    csq.put("七月.csv", "工单编号,创建时间,首次解决\nT4,2025-07-01 09:00:00,是\n")
    asked = "AGAIN_WITHIN(customer_id, 7d) AND first_agent_id = agent_id"
    csq.put(
        "people.yaml", METRICS.replace("有效工单, first_contact_resolved", f"有效工单, {asked}")
    )
    checked = read_validation(csq.run("validate", "--format", "json").out)["problems"]
    # The indicators of the folder need nobody's id: whoever breaks them down by agent does.
    assert sorted(each["code"] for each in checked) == sorted([*OF_PEOPLE, "drifting-header"])
    answer = csq.run("score", "--metrics", "people.yaml", "--format", "json")
    told = {each["message"] for each in json.loads(answer.out)["problems"]}
    assert {each["message"] for each in checked if each["code"] in OF_PEOPLE} <= told


@pytest.mark.parametrize(
    ("typed", "code"), [(("validate",), 3), (("lint", "broken.yaml"), 4)], ids=["exports", "lint"]
)
def test_what_is_wrong_outranks_that_nobody_got_the_list_of_it(
    csq: Csq, typed: tuple[str, ...], code: int
) -> None:
    csq.put("tickets.csv", b"\x00\x01\x02")
    csq.put("broken.yaml", METRICS.replace("COUNT(有效工单)", "COUNT(nowhere)"))
    answer = csq.run(*typed, "--format", "json", "-o", "no/such/folder.json")
    assert (answer.code, answer.out) == (code, "")
    undelivered, *found = answer.err.splitlines()
    assert undelivered == (
        "no/such/folder.json: cannot-write: 文件写不出：没有这个文件或文件夹"
        " → 换一个文件名，或检查文件夹是否存在、可写、未满"
    )
    assert len(found) == 1


# The question that a score after it asks -----------------------------------------------------

OF_AUGUST = {
    "zh": """\
数据源  文件         编码   读入  保留  拒收  重复  时段外
工单    tickets.csv  utf-8     5     4     0     0       1

1 个文件，读入 5 行 = 保留 4 + 拒收 0 + 重复 0 + 时段外 1（时段 2025-08）
可以计算。下一步：csq score
""",
    "en": """\
Source   File         Encoding  Read  Kept  Refused  Duplicates  Outside
Tickets  tickets.csv  utf-8        5     4        0           0        1

Files: 1. Rows: read 5 = kept 4 + refused 0 + duplicates 0 + outside the period 1 (period 2025-08)
Fit to be scored. Next: csq score
""",
}
OF_MAY = {
    "zh": """\
数据源  文件         编码   读入  保留  拒收  重复  时段外
工单    tickets.csv  utf-8     5     0     0     0       5

✘ 2025-05 内没有任何数据（数据从 2025-07-01 到 2025-08-31）
  → 用 --period 指定数据所在的时段 [empty-period]

1 个文件，读入 5 行 = 保留 0 + 拒收 0 + 重复 0 + 时段外 5（时段 2025-05）
时段内没有可以计算的行。下一步：改 --period，或补上那个时段的导出
""",
    "en": """\
Source   File         Encoding  Read  Kept  Refused  Duplicates  Outside
Tickets  tickets.csv  utf-8        5     0        0           0        5

✘ there is no data in 2025-05 (the data goes from 2025-07-01 to 2025-08-31)
  → choose a period that holds data with --period [empty-period]

Files: 1. Rows: read 5 = kept 0 + refused 0 + duplicates 0 + outside the period 5 (period 2025-05)
No row of the period to be scored. Next: change --period, or add the exports of that time
""",
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_rows_outside_the_period_are_counted(csq: Csq, language: str) -> None:
    answer = csq.run("validate", "--period", "2025-08", "--lang", language)
    assert (answer.code, answer.out, answer.err) == (0, OF_AUGUST[language], "")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_period_without_rows_is_no_verdict(csq: Csq, language: str) -> None:
    answer = csq.run("validate", "--period", "2025-05", "--lang", language)
    assert (answer.code, answer.out, answer.err) == (5, OF_MAY[language], "")


@pytest.mark.parametrize(
    ("period", "outside"), [("2025-07", 4), ("2025-08", 1), ("2025Q3", 0), ("2025-08..2025-09", 1)]
)
def test_the_books_are_those_of_the_score_that_follows(csq: Csq, period: str, outside: int) -> None:
    csq.put("tickets.csv", BAD)
    asked = ("--period", period, "--format", "json")
    validation = read_validation(csq.run("validate", *asked).out)
    assert validation["receipts"] == json.loads(csq.run("score", *asked).out)["receipts"]
    assert [each["outside_period"] for each in validation["receipts"]] == [outside]


WRONG_QUESTIONS = {
    "a misspelt field": ("--by", "chanel"),
    "a field that no export carries": ("--by", "team"),
    "a field that cannot be grouped by": ("--by", "created_at"),
    "a condition that is none": ("--where", "channel = "),
    "a condition on nothing known": ("--where", 'channell = "电话"'),
    "a period that is none": ("--period", "2025-13"),
}


@pytest.mark.parametrize("question", WRONG_QUESTIONS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_wrong_question_is_told_as_a_score_tells_it(
    csq: Csq, question: str, language: str
) -> None:
    asked = (*WRONG_QUESTIONS[question], "--lang", language)
    answer = csq.run("validate", *asked)
    assert answer == csq.run("score", *asked)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err != ""


def test_a_wrong_question_is_told_before_a_file_is_read(csq: Csq) -> None:
    csq.put("tickets.csv", b"\x00\x01\x02")
    answer = csq.run("score", "--period", "2025-13")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "unknown-period: 看不懂的时段「2025-13」"
        " → 写成 2025-08、2025Q3、2025H1、2025-W31 或 2025-07..2025-08\n"
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_text_of_the_condition_that_no_row_has_is_told_as_a_score_tells_it(
    csq: Csq, language: str
) -> None:
    asked = ("--where", 'channel = "电话机"', "--lang", language, "--format", "json")
    told = read_validation(csq.run("validate", *asked).out)["problems"]
    assert [each["message"] for each in told] == [
        {
            "zh": "工单没有一行的「渠道」是「电话机」（用于一次性解决率、平均首次响应时长）",
            "en": "no row of Tickets has “电话机” as its “Channel”"
            " (asked for by First contact resolution, Average first response time)",
        }[language]
    ]
    assert told == [
        each
        for each in json.loads(csq.run("score", *asked).out)["problems"]
        if each["code"] == "unknown-text"
    ]


@pytest.mark.parametrize(
    ("condition", "code", "message"),
    [
        (
            "ticket_id = channel",
            "unlike-fields",
            "Tickets: “Ticket ID” and “Channel” have no value in common (rows with both: 5), and"
            " never equal (compared by First contact resolution, Average first response time)",
        ),
        (
            "created_at <= 2025-08-31",
            "cut-day",
            "“Created at <= 2025-08-31” means the midnight at which the day begins, and rows lie"
            " after it on that day: 1 (asked for by First contact resolution,"
            " Average first response time)",
        ),
    ],
)
def test_a_condition_that_hardly_means_what_it_says_is_told_as_a_score_tells_it(
    csq: Csq, condition: str, code: str, message: str
) -> None:
    asked = ("--where", condition, "--lang", "en", "--format", "json")
    told = read_validation(csq.run("validate", *asked).out)["problems"]
    assert [(each["code"], each["message"]) for each in told] == [(code, message)]
    assert told[0] in json.loads(csq.run("score", *asked).out)["problems"]


def test_a_source_that_ends_before_the_period_is_told_as_a_score_tells_it(csq: Csq) -> None:
    calls = "通话编号,进线时间\n" + "".join(f"C{d},2025-08-{d:02} 09:00:00\n" for d in range(1, 11))
    csq.put("calls.csv", calls)
    asked = ("--period", "2025-08", "--format", "json")
    told = read_validation(csq.run("validate", *asked).out)["problems"]
    assert [(each["code"], each["message"]) for each in told] == [
        ("short-source", "通话的数据只到 2025-08-10，没有覆盖整个时段")
    ]
    assert told[0] in json.loads(csq.run("score", *asked).out)["problems"]


def test_unusable_exports_are_told_before_what_is_asked_of_them(csq: Csq) -> None:
    csq.put("tickets.csv", "工单编号,创建时间,首次响应时间\nT1,待定,\nT2,待定,\n")
    answer = csq.run("validate", "--by", "channel", "--format", "json")
    codes = [each["code"] for each in read_validation(answer.out)["problems"]]
    assert (answer.code, codes[0]) == (3, "no-valid-row")


@pytest.mark.parametrize(
    "typed",
    [("validate",), ("lint", "--data", "."), ("compare", "--definitions", "fcr")],
    ids=lambda typed: typed[0],
)
def test_an_engine_that_is_not_there_is_told_as_a_score_tells_it(
    csq: Csq, monkeypatch: pytest.MonkeyPatch, typed: tuple[str, ...]
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    meanings = "    variants: { all: { name: 全部, formula: 'SHARE(tickets, first_contact_resolved)', source: 某处 } }\n"
    csq.put("metrics.yaml", METRICS.replace("    owner: [客服部]\n", meanings))
    answer = csq.run(*typed, "--engine", "spark", "--lang", "en")
    assert answer == csq.run("score", "--engine", "spark", "--lang", "en")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "no-spark: Spark does not start: No module named 'pyspark.logger'; 'pyspark' is not a package"
        " → install csq[spark] and Java 17 or later, or leave out --engine spark\n"
    )
