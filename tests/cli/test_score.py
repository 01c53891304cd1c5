"""`csq score`: the table for people, the JSON by contract, groups, conditions, periods."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from .contract import read_scorecard
from .driver import METRICS, TICKETS, Csq

TABLE_ZH = """\
客户服务质量 · 2025-08 · 工单 4

   指标                 本期     目标      差距    较上期  趋势  n  责任    说明
   质量
✘  一次性解决率       75.0 %   ≥ 85 %  −10.0 pp  −25.0 pp  █▁    4  客服部  再有 1 件即可达标
   效率
✔  平均首次响应时长  20.0 秒  ≤ 30 秒  −10.0 秒    0.0 秒  ▅▅    3

✔ 达标 1  ✘ 未达标 1
工单：读入 5 = 保留 4 + 拒收 0 + 重复 0 + 时段外 1（1 个文件）
假设：工单的导出没有「垃圾工单」列，全部按否计算
"""
TABLE_EN = """\
Customer service quality · 2025-08 · Tickets 4

   Indicator                     Value  Target       Gap    Change  Trend  n  Owner   Note
   Quality
✘  First contact resolution     75.0 %  ≥ 85 %  −10.0 pp  −25.0 pp  █▁     4  客服部  1 more would reach the target
✘    └ Chat                     50.0 %  ≥ 85 %  −35.0 pp                   2          1 more would reach the target
✔    └ Phone                   100.0 %  ≥ 85 %  +15.0 pp    0.0 pp  ▅▅     2
   Efficiency
✔  Average first response time  20.0 s  ≤ 30 s   −10.0 s     0.0 s  ▅▅     3
✔    └ Chat                     25.0 s  ≤ 30 s    −5.0 s                   2
✔    └ Phone                    10.0 s  ≤ 30 s   −20.0 s   −10.0 s  █▁     1

✔ met 1  ✘ missed 1
Tickets: read 5 = kept 4 + refused 0 + duplicates 0 + outside the period 1 (files: 1)
Assumed: no export of Tickets has “Spam”: taken as no
"""


def _trimmed(table: str) -> str:
    """Without the blanks that fill a table up to its right edge."""
    return "".join(f"{line.rstrip()}\n" for line in table.splitlines())


def test_the_table(csq: Csq) -> None:
    answer = csq.run("score", "tickets.csv")
    assert (answer.code, answer.err) == (0, "")
    assert _trimmed(answer.out) == TABLE_ZH


def test_the_table_of_the_first_period_has_no_columns_to_compare(csq: Csq) -> None:
    answer = csq.run("score", "tickets.csv", "--period", "2025-07", "--lang", "en")
    heads = answer.out.splitlines()[2].split()
    assert heads == ["Indicator", "Value", "Target", "Gap", "n", "Owner", "Note"]


def test_a_table_without_a_row_still_has_its_heads(csq: Csq) -> None:
    csq.put("calls.csv", "通话编号,开始时间,是否接通\nC1,2025-08-01 09:00:00,是\n")
    answer = csq.run("score", "calls.csv", "--period", "2025-08", "--lang", "en")
    assert "Traceback" not in answer.err
    heads = answer.out.splitlines()[2].split()
    assert heads == ["Indicator", "Value", "Target", "Gap", "n", "Owner", "Note"]


@pytest.mark.parametrize(
    "name", ["一次性解决率", "First contact resolution", "first CONTACT resolution"]
)
def test_an_indicator_may_be_asked_for_by_its_name(csq: Csq, name: str) -> None:
    wanted = csq.run("score", "--indicator", "fcr")
    assert wanted.code == 0
    assert csq.run("score", "--indicator", name) == wanted
    assert csq.run("explain", name) == csq.run("explain", "fcr")
    answer = csq.run("score", "--indicator", "一次解决率")
    assert (answer.code, answer.err) == (
        2,
        "unknown-indicator: 没有编号或名称是「一次解决率」的指标 → 最接近的是：fcr 一次性解决率\n",
    )


def test_a_name_that_two_indicators_share_is_not_guessed_at(csq: Csq) -> None:
    csq.put("metrics.yaml", METRICS.replace("zh: 平均首次响应时长", "zh: 一次性解决率"))
    answer = csq.run("score", "--indicator", "一次性解决率")
    assert (answer.code, answer.out) == (2, "")


@pytest.mark.parametrize("value", ["电话", "Phone", "phone"])
def test_a_known_value_is_declared_by_its_name_in_either_language(csq: Csq, value: str) -> None:
    wanted = csq.run("score", "--by", "channel", "--where", 'channel = "电话"', "--lang", "en")
    assert wanted.code == 0
    csq.put("tickets.csv", TICKETS.replace("电话", "Call (inbound)"))
    told = f'sources: {{ tickets: {{ values: {{ channel: {{ {value}: "Call (inbound)" }} }} }} }}\n'
    csq.put("metrics.yaml", METRICS + told)
    found = csq.run("score", "--by", "channel", "--where", 'channel = "phone"', "--lang", "en")
    assert found.out == wanted.out.replace("电话", "phone")


def test_a_field_to_group_by_may_be_named_as_the_export_heads_it(csq: Csq) -> None:
    csq.put("tickets.csv", TICKETS.replace("渠道", "来源渠道", 1))
    wanted = csq.run("score", "--by", "channel")
    assert wanted.code == 0
    assert csq.run("score", "--by", "来源渠道") == wanted
    csq.put("tickets.csv", TICKETS.replace("渠道", "哪里来的", 1))
    told = "sources: { tickets: { columns: { channel: 哪里来的 } } }\n"
    csq.put("metrics.yaml", METRICS + told)
    assert csq.run("score", "--by", "哪里来的").out == wanted.out


def put_agents(bare: Csq, headers: str, cells: str) -> None:
    rows = "".join(f"T{i},2025-08-{i:02d} 09:00,{cells}\n" for i in range(1, 32))
    bare.put("工单.csv", f"工单编号,创建时间,{headers}\n{rows}")


def test_a_group_is_named_by_the_header_that_stands_in_for_its_field(bare: Csq) -> None:
    put_agents(bare, "处理人", "王芳")
    answer = bare.run("score", "--indicator", "volume", "--by", "处理人", "--format", "json")
    scores = json.loads(answer.out)["indicators"]
    assert [(each["group"], each["value"]) for each in scores] == [
        ({}, 31),
        ({"agent_id": "王*"}, 31),
    ]


def test_a_header_that_is_not_read_groups_nothing(bare: Csq) -> None:
    """The numbers are of another column: who was asked for is not who would be shown."""
    put_agents(bare, "处理人,坐席工号", "王芳,A1")
    assert bare.run("score", "--by", "坐席工号").code == 0
    refused = bare.run("score", "--by", "处理人")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == (
        "unknown-group: 没有任何数据带有分组字段「处理人」 → 可用于分组的字段：agent_id, ticket_id\n"
    )


def test_what_is_unclear_is_told_and_no_group(bare: Csq) -> None:
    put_agents(bare, "处理人,受理人", "王芳,李强")
    told = (
        "工单.csv: unclear-column: 「坐席工号」可能是这些列中的任何一列：处理人, 受理人，所以一列也没有读"
        ' → 要用到它，就在 metrics.yaml 里写 sources: { tickets: { columns: { agent_id: "处理人" } } }，'
        "或写其中另一列\n"
    )
    score = bare.run("score", "--indicator", "volume", "--format", "json")
    assert score.code == 0
    assert [each["code"] for each in json.loads(score.out)["problems"]] == ["unclear-column"]
    for asked in ("agent_id", "受理人"):
        refused = bare.run("score", "--by", asked)
        assert (refused.code, refused.out) == (2, "")
        assert refused.err == (
            f"unknown-group: 没有任何数据带有分组字段「{asked}」 → 可用于分组的字段：ticket_id\n{told}"
        )
    bare.put(
        "metrics.yaml",
        'extends: csq\nversion: 1\nsources: { tickets: { columns: { agent_id: "处理人" } } }\n',
    )
    assert bare.run("score", "--by", "处理人").code == 0


def test_the_table_in_english_and_in_groups(csq: Csq) -> None:
    answer = csq.run("score", "tickets.csv", "--lang", "en", "--by", "channel")
    assert (answer.code, answer.err) == (0, "")
    assert _same_columns(_trimmed(answer.out), TABLE_EN)


def _same_columns(left: str, right: str) -> bool:
    """Whether two tables say the same, however wide their columns are."""
    return [line.split() for line in left.splitlines()] == [
        line.split() for line in right.splitlines()
    ]


def test_without_a_path_the_current_folder_is_read(csq: Csq) -> None:
    assert csq.run("score").out == csq.run("score", "tickets.csv").out


def test_the_json_is_kept_to_the_letter(csq: Csq) -> None:
    answer = csq.run("score", "tickets.csv", "--format", "json")
    assert (answer.code, answer.err) == (0, "")
    content = read_scorecard(answer.out)
    digest = content.pop("definition")
    assert digest == read_scorecard(csq.run("score", "--format", "json").out)["definition"]
    assert content == {
        "csq": "0.1.0",
        "period": {
            "label": "2025-08",
            "start": "2025-08-01",
            "end": "2025-08-31",
            "complete": True,
        },
        "receipts": [
            {
                "source": "tickets",
                "file": "tickets.csv",
                "sheet": None,
                "encoding": "utf-8",
                "read": 5,
                "kept": 4,
                "rejected": 0,
                "duplicates": 0,
                "outside_period": 1,
            }
        ],
        "indicators": [
            {
                "id": "fcr",
                "name": "一次性解决率",
                "dimension": "质量",
                "group": {},
                "period": "2025-08",
                "value": 0.75,
                "part": 3,
                "whole": 4,
                "n": 4,
                "unit": "percent",
                "target": {"value": ">= 85%", "level": "target", "provenance": "guide"},
                "verdict": "missed",
                "gap": -0.1,
                "previous": 1,
                "change": -0.25,
                "owner": ["客服部"],
                "missing_to_target": 1,
                "missed_levels": ["target"],
            },
            {
                "id": "frt",
                "name": "平均首次响应时长",
                "dimension": "效率",
                "group": {},
                "period": "2025-08",
                "value": 20,
                "part": 60,
                "whole": 3,
                "n": 3,
                "unit": "duration",
                "target": {"value": "<= 30s", "level": "target", "provenance": None},
                "verdict": "met",
                "gap": -10,
                "previous": 20,
                "change": 0,
                "owner": [],
            },
        ],
        "assumptions": ["工单的导出没有「垃圾工单」列，全部按否计算"],
        "problems": [],
    }


def test_the_json_is_the_same_in_the_terminal_and_in_a_file(csq: Csq) -> None:
    printed = csq.run("score", "tickets.csv", "--format", "json").out
    answer = csq.run("score", "tickets.csv", "-o", "out.json")
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    assert (csq.folder / "out.json").read_bytes() == printed.encode()


def test_a_group_is_named_by_its_field(csq: Csq) -> None:
    answer = csq.run("score", "--by", "渠道", "--indicator", "fcr", "--format", "json")
    rows = read_scorecard(answer.out)["indicators"]
    assert [(row["group"], row["value"]) for row in rows] == [
        ({}, 0.75),
        ({"channel": "在线"}, 0.5),
        ({"channel": "电话"}, 1),
    ]


def test_two_levels_of_groups_and_both_together(csq: Csq) -> None:
    first = TICKETS.splitlines()[2]
    csq.put("tickets.csv", TICKETS.replace(first, first.replace("电话", "")))
    by = ("--by", "channel", "--by", "channel,first_contact_resolved")
    answer = csq.run("score", *by, "--indicator", "fcr", "--format", "json")
    rows = read_scorecard(answer.out)["indicators"]
    assert [row["group"] for row in rows] == [
        {},
        {"channel": "在线"},
        {"channel": "电话"},
        {"channel": None},
        {"channel": "在线", "first_contact_resolved": False},
        {"channel": "在线", "first_contact_resolved": True},
        {"channel": "电话", "first_contact_resolved": True},
        {"channel": None, "first_contact_resolved": True},
    ]


@pytest.mark.parametrize(
    ("header", "told"),
    [("来源渠道", ""), ("哪里来的", "sources: { tickets: { columns: { channel: 哪里来的 } } }\n")],
)
def test_a_condition_may_name_a_field_as_the_export_heads_it(
    csq: Csq, header: str, told: str
) -> None:
    csq.put("metrics.yaml", METRICS + told)
    csq.put("tickets.csv", TICKETS.replace("渠道", header, 1))
    wanted = csq.run("score", "--where", '渠道 = "phone" AND NOT ISBLANK(渠道)')
    assert wanted.code == 0
    asked = f'[{header}] = "phone" AND NOT ISBLANK({header})'
    found = csq.run("score", "--where", asked)
    assert found.out == wanted.out.replace('渠道 = "phone" AND NOT ISBLANK(渠道)', asked)
    explained = csq.run("explain", "fcr", "--where", f'{header} = "phone"')
    assert "限定：「渠道」为“电话”" in explained.out


def test_a_condition_narrows_and_is_shown(csq: Csq) -> None:
    answer = csq.run("score", "--where", 'channel = "phone"', "--indicator", "fcr")
    assert answer.code == 0
    assert answer.out.splitlines()[0] == '客户服务质量 · 2025-08 · 工单 4 · channel = "phone"'
    assert "100.0 %" in answer.out


def test_no_row_is_no_data_and_never_a_number(csq: Csq) -> None:
    answer = csq.run("score", "--where", 'channel = "邮件"', "--format", "json")
    assert answer.code == 0
    for row in read_scorecard(answer.out)["indicators"]:
        assert (row["value"], row["verdict"], row["n"]) == (None, "no_data", 0)


def test_a_period_that_is_not_over_is_marked(csq: Csq) -> None:
    csq.put("tickets.csv", TICKETS.replace("2025-08-3", "2025-08-1"))
    content = read_scorecard(csq.run("score", "--period", "2025-08", "--format", "json").out)
    assert content["period"]["complete"] is False
    assert "2025-08（数据未满整个时段）" in csq.run("score", "--period", "2025-08").out


def test_an_indicator_the_exports_cannot_carry_is_named_with_what_it_lacks(csq: Csq) -> None:
    csq.put("tickets.csv", TICKETS.replace("首次响应时间", "备注"))
    answer = csq.run("score", "--format", "json")
    row = read_scorecard(answer.out)["indicators"][1]
    assert (row["id"], row["value"], row["verdict"]) == ("frt", None, "no_data")
    assert row["lacking"] == ["字段 首次响应时间（工单）"]


def test_the_shipped_definition_scores_too(bare: Csq) -> None:
    bare.put("tickets.csv", TICKETS)
    content = read_scorecard(bare.run("score", "--format", "json").out)
    totals = [row for row in content["indicators"] if not row["group"]]
    assert len(totals) == 70
    groups = [(row["id"], row["group"]) for row in content["indicators"] if row["group"]]
    assert groups == [("frt_avg", {"channel": "电话"}), ("frt_avg", {"channel": "在线"})]
    assert {row["id"]: row["value"] for row in content["indicators"]}["fcr"] == 0.75


def test_the_csv_holds_text_for_people_and_numbers_for_machines(csq: Csq) -> None:
    answer = csq.run("score", "--format", "csv")
    assert answer.out.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(answer.out.removeprefix("\ufeff"))))
    assert [(row["指标"], row["本期"], row["本期（数值）"]) for row in rows] == [
        ("一次性解决率", "75.0 %", "0.75"),
        ("平均首次响应时长", "20.0 秒", "20"),
    ]


def test_the_markdown_is_a_table(csq: Csq) -> None:
    out = csq.run("score", "--format", "markdown").out
    row = "| ✘ 未达标 | 一次性解决率 | 75.0 % | ≥ 85 % | −10.0 pp | −25.0 pp | █▁ | 4 | 客服部 |"
    assert row in out


@pytest.mark.parametrize("name", ["out.json", "out.csv", "out.md", "out.xlsx", "out.html"])
def test_the_format_is_told_by_the_name_of_the_output(csq: Csq, name: str) -> None:
    beginnings = {"json": b"{", "csv": b"\xef\xbb\xbf", "md": b"# ", "xlsx": b"PK", "html": b"<!"}
    answer = csq.run("score", "-o", name)
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    assert (csq.folder / name).read_bytes().startswith(beginnings[name.split(".")[1]])


@pytest.mark.parametrize("name", ["out.json", "out.csv", "out.md", "out.xlsx", "out.html"])
def test_the_same_input_gives_the_same_bytes(csq: Csq, name: str) -> None:
    written = []
    for _ in range(2):
        assert csq.run("score", "tickets.csv", "-o", name).code == 0
        written.append((csq.folder / name).read_bytes())
    assert written[0] == written[1]
    assert str(csq.folder).encode() not in written[0]


def test_markup_in_names_is_only_text(csq: Csq) -> None:
    csq.put("tickets.csv", TICKETS.replace("在线", "[/b] :smile: [red]"))
    answer = csq.run("score", "--by", "channel")
    assert answer.code == 0
    assert "[/b] :smile: [red]" in answer.out


def test_the_version(bare: Csq) -> None:
    answer = bare.run("--version")
    assert (answer.code, answer.out, answer.err) == (0, "csq 0.1.0\n", "")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "定义没有错误：2 个指标，2 个目标\n"),
        ("en", "the definition is right: 2 indicators, 2 targets\n"),
    ],
)
def test_a_definition_without_a_fault(csq: Csq, language: str, said: str) -> None:
    answer = csq.run("lint", "--lang", language)
    assert (answer.code, answer.out, answer.err) == (0, said, "")


def test_the_schemas_are_json(bare: Csq) -> None:
    for arguments in (("schema",), ("schema", "tickets"), ("schema", "calls")):
        answer = bare.run(*arguments)
        assert (answer.code, answer.err) == (0, "")
        assert json.loads(answer.out)["$schema"].startswith("https://json-schema.org/")


def test_a_short_target_is_a_target(csq: Csq) -> None:
    csq.put("metrics.yaml", METRICS.replace('targets: [{ value: "<= 30s" }]', 'target: "<= 30s"'))
    answer = csq.run("score", "--format", "json")
    assert answer.code == 0
    row = read_scorecard(answer.out)["indicators"][1]
    assert row["target"] == {"value": "<= 30s", "level": "target", "provenance": None}
    assert row["verdict"] == "met"


@pytest.mark.parametrize("reach", ["再有 {x} 单", "再有 { 单", "再有 {0} 单", "{n.__class__}"])
def test_a_sentence_of_the_user_with_braces_is_told_or_printed(csq: Csq, reach: str) -> None:
    csq.put(
        "metrics.yaml", METRICS.replace("unit: percent", f'unit: percent\n    reach: "{reach}"')
    )
    answer = csq.run("score")
    assert answer.code in {0, 4}
    assert "Traceback" not in answer.err
    assert "class" not in answer.out or "__class__" in answer.out


def test_one_slip_of_the_keyboard_does_not_choose_the_period(csq: Csq) -> None:
    """A row dated 2052 must not make a report of one row out of a month of four."""
    csq.put("tickets.csv", TICKETS + "T8,2052-08-31 09:00:00,,电话,是\n")
    content = read_scorecard(csq.run("score", "--format", "json").out)
    assert content["period"]["label"] == "2025-08" or content["problems"]


def test_a_month_whose_beginning_is_not_in_the_data_is_not_complete(csq: Csq) -> None:
    csq.put("tickets.csv", TICKETS.replace("2025-07-01", "2025-07-20"))
    answer = csq.run("score", "--period", "2025-07", "--format", "json")
    assert read_scorecard(answer.out)["period"]["complete"] is False


BAND = """\
version: 1
language: zh
indicators:
  - id: share
    name: 电话占比
    formula: COUNTIF(tickets, channel = "电话") / COUNT(tickets) × 100%
    unit: percent
    direction: band
    target: "60% .. 80%"
    reach: "再多 {n} 件电话即可"
  - id: wait
    name: 平均响应
    formula: AVERAGE(tickets, first_response_at - created_at)
    unit: duration
    direction: band
    target: "4min .. 5min"
"""


@pytest.mark.parametrize(
    ("phone", "minutes", "notes"),
    [
        (3, 1, ["再有 3 件即可达标", "总时长再增加 30 分即可达标"]),
        (10, 7, ["减少 2 件即可达标", "总时长再缩短 20 分即可达标"]),
        (7, 4, []),
    ],
)
def test_what_is_missing_to_a_band_is_said_of_its_nearer_end(
    bare: Csq, phone: int, minutes: int, notes: list[str]
) -> None:
    rows = [
        f"T{n},2025-08-{n + 1:02d} 09:00:00,2025-08-{n + 1:02d} 09:{minutes:02d}:00,"
        f"{'电话' if n < phone else '邮件'}\n"
        for n in range(10)
    ]
    bare.put("tickets.csv", "工单编号,创建时间,首次响应时间,渠道\n" + "".join(rows))
    bare.put("metrics.yaml", BAND)
    answer = bare.run("score", "tickets.csv", "--format", "markdown", "--period", "2025-08")
    assert re.findall(r"[^| ]+ [^|]*即可达标", answer.out) == notes
