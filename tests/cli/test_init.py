"""`csq init`: what it writes loads, can be scored with, and leaves what is there alone."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import load_text

from csq.definition.yaml import read_yaml
from csq.draft.draft import draft_definition
from csq.reports.draft import draw_draft, quote
from csq.wording import Language

from .driver import Csq

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "real"

TICKETS = (
    "工单编号,创建时间,渠道,满意程度\nT1,2025-08-01 09:00,电话,5\nT2,2025-08-31 09:00,在线,4\n"
)
CALLS = "通话编号,进线时间,等待时长,是否接通\n" + "".join(
    f"C{day},2025-08-{day:02d} 09:00,{day},{'否' if day > 25 else '是'}\n" for day in range(1, 32)
)
STRANGE = "case_enquiry_id,open_dt,closed_dt,weather\n" + "".join(
    f"{1000 + i},2025-08-{i:02d} 09:00,2025-08-{i:02d} 10:00,sun\n" for i in range(1, 32)
)


def draw(folder: Path, language: Language = "en") -> str:
    return draw_draft(draft_definition([folder], lambda step: None), language)


def uncommented(text: str) -> str:
    """The draft with every suggestion below `sources:` taken."""
    head, mark, rest = text.partition("sources:\n")
    section, gap, tail = rest.partition("\n\n")
    return head.removesuffix("# ") + mark + re.sub(r"(?m)^( +)# ", r"\1", section) + gap + tail


# What it writes --------------------------------------------------------------------------------


def test_the_whole_draft_of_a_small_export(bare: Csq) -> None:
    bare.put("工单.csv", TICKETS)
    answer = bare.run("init", "工单.csv")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == (
        "已写入 metrics.yaml：工单，可算 1 个指标，69 个还缺数据\n"
        "请打开它核对：0 处猜测已生效，1 条建议在注释里，0 个文件认不出\n"
        "下一步：csq score 工单.csv\n"
    )
    written = (bare.folder / "metrics.yaml").read_text("utf-8")
    head, tail = re.split(r"(?m)(?:^  - (?!frt_avg ).*\n)+", written)
    assert (
        head
        == """\
# 由 csq init 按下面这些导出写成的定义初稿。
# 已经生效的猜测都标着“请核对”；建议都在注释里，去掉行首的“# ”（连同它后面的一个空格）才生效。
# 改完运行 csq lint 检查，再运行 csq score。

version: 1
extends: csq                # csq 自带的指标都在，下面写的优先
language: zh
timezone: Asia/Shanghai     # 带时区的时间换算到这里，请核对

# ── 读到的导出
#
# 工单（tickets）：1 个文件，2 行
#   "工单.csv"：2 行
#   认出的列:
#     ticket_id: "工单编号"
#     created_at: "创建时间"
#     channel: "渠道"
#   没有放进字段的列，和最像的字段:
#     "满意程度" (整数) → priority 优先级
#     要用自己的列，加在 fields: 下，例如 my_field: { type: integer, columns: "满意程度" }

# sources:
  # tickets:
  #   fields:
  #     rating: { type: number, columns: "满意程度", scale: [1, 5] }   # 满意度，指标在文件末尾；请核对 5 分最好

# ── 这些数据能算的指标（1 个）
#   volume

# ── 还不能算的指标（69 个）和缺什么
# 报表不列出，csq check 也不要求；有了数据，删去它那一行
omit:
  - frt_avg                    # 平均首次响应时长: 字段 首次响应时间（工单）
"""
    )
    assert (
        tail
        == """
# ── 改指标：只写 id 和要改的键，其余照旧；新的指标写全，公式的写法见 docs/formulas.md
# indicators:
#   - id: answer_24h
#     target: ">= 100%"
#     owner: [一线客服部]
#   - id: csat_tickets
#     name: "客户满意度（工单）"
#     formula: COUNTIF(tickets, rating >= 4) / COUNT(tickets, rating) × 100%
#     unit: percent
#     direction: up
"""
    )
    assert bare.run("lint").out == "定义没有错误：1 个指标，0 个目标\n"
    assert bare.run("score", "工单.csv").code == 0


def test_a_draft_asks_for_what_the_exports_carry_and_for_nothing_else(bare: Csq) -> None:
    """So `csq check` of it gives a verdict; whatever is omitted comes back line by line."""
    bare.put("通话.csv", CALLS)
    assert bare.run("init").code == 0
    assert bare.run("check").code == 1
    found = json.loads(bare.run("score", "--format", "json").out)["indicators"]
    assert {each["id"] for each in found} == {
        "sl_20", "asa", "connect_rate", "abandon_rate", "long_wait",
    }  # fmt: skip
    assert all(each["verdict"] != "no_data" for each in found)
    written = (bare.folder / "metrics.yaml").read_text("utf-8")
    bare.put("metrics.yaml", re.sub("  - volume .*\n", "", written))
    assert bare.run("score", "--indicator", "volume").code == 0


def test_a_question_is_suggested_for_what_it_asks_and_a_touched_record_for_nothing(
    bare: Csq,
) -> None:
    bare.put(
        "我的 问卷.csv",
        "评价编号,评价时间,客服人员的服务态度满意吗\nS1,2025-08-01 09:00,5\nS2,2025-08-02 09:00,4\n",
    )
    bare.put(
        "tickets.csv",
        "ticket_id,created_at,updated_at\n"
        "T1,2025-08-01 09:00,2025-08-03 09:00\nT2,2025-08-02 09:00,2025-08-03 09:00\n",
    )
    answer = bare.run("init", "我的 问卷.csv", "tickets.csv")
    assert answer.out.splitlines()[1:] == [
        "请打开它核对：0 处猜测已生效，1 条建议在注释里，0 个文件认不出",
        '下一步：csq score "我的 问卷.csv" tickets.csv',
    ]
    written = (bare.folder / "metrics.yaml").read_text("utf-8")
    assert '  #     d_attitude: "客服人员的服务态度满意吗"\n' in written
    assert written.count("updated_at") == written.count('"updated_at"') == 2


def test_the_example_of_a_change_takes_effect_where_its_mark_is_removed(bare: Csq) -> None:
    bare.put("通话.csv", CALLS)
    bare.run("init")
    written = (bare.folder / "metrics.yaml").read_text("utf-8")
    asked, mark, example = written.partition("# indicators:\n")
    bare.put("metrics.yaml", asked + re.sub("(?m)^# ", "", mark + example))
    assert bare.run("lint").out == "定义没有错误：5 个指标，3 个目标\n"
    (found,) = json.loads(bare.run("score", "--format", "json", "--indicator", "sl_20").out)[
        "indicators"
    ]
    assert found["owner"] == ["一线客服部"]


def test_a_key_that_is_known_says_what_an_export_is(bare: Csq) -> None:
    """Others of its columns are in many exports; `q_time` is no time of day."""
    bare.put(
        "queue.csv",
        "call_id,customer_id,priority,date,q_time\n"
        "33116,9664491,2,1999-01-01,153\n33117,1,0,1999-01-01,0\n",
    )
    assert bare.run("init", "queue.csv").out.startswith("已写入 metrics.yaml：通话，")


def test_what_one_column_tells_of_another_can_be_computed_from_a_guessed_export(bare: Csq) -> None:
    """Whoever was not answered had hung up: `score` computes it, so the draft says so too."""
    bare.put(
        "calls.csv", "Call Id,Agent,Day,Answered (Y/N)\nC1,A1,2025-08-01,Y\nC2,A2,2025-08-02,N\n"
    )
    bare.run("init", "calls.csv", "--lang", "en")
    written = (bare.folder / "metrics.yaml").read_text("utf-8")
    carried = written[written.index("can carry") : written.index("cannot carry")]
    assert "abandon_rate" in carried
    shown = bare.run("score", "calls.csv", "--format", "json").out
    assert '"id": "abandon_rate"' in shown


def test_a_column_whose_cells_are_something_else_is_not_taken_by_its_header(bare: Csq) -> None:
    bare.put(
        "calls.csv",
        "id,csat_score,call_timestamp,channel,response_time\n"
        "D1,7,10/29/2020,Chatbot,Within SLA\nD2,,10/30/2020,Chatbot,Above SLA\n",
    )
    bare.run("init", "calls.csv")
    written = (bare.folder / "metrics.yaml").read_text("utf-8")
    assert re.findall("responded_at: ([^ ]+)", written) == ['"call_timestamp"']


def test_an_export_csq_does_not_know_is_guessed_and_marked(bare: Csq) -> None:
    bare.put("weird [1].csv", STRANGE)
    answer = bare.run("init", "--lang", "en", "-o", "draft.yaml")
    assert answer.code == 0
    assert answer.out == (
        "draft.yaml written: Tickets; 1 indicators can be computed, 69 lack data\n"
        "open it to check: guesses in effect: 2, suggestions in comments: 2, unknown files: 0\n"
        "next: csq score --metrics draft.yaml\n"
    )
    written = (bare.folder / "draft.yaml").read_text("utf-8")
    assert (
        """\
sources:
  tickets:
    files: ["weird [[]1].csv"]
    columns:
      ticket_id: "case_enquiry_id"   # a guess, please check
      created_at: "open_dt"   # a guess, please check
      # closed_at: "closed_dt"
""".replace("      # closed_at", "    #   closed_at")
        in written
    )
    assert '#     "weather" (text) → ' in written
    scored = bare.run(
        "score", "--metrics", "draft.yaml", "--format", "json", "--indicator", "volume"
    )
    assert (scored.code, '"value": 31' in scored.out) == (0, True)
    assert bare.run("lint", "draft.yaml").code == 0


def test_what_stands_for_nothing_is_put_into_effect(bare: Csq) -> None:
    rows = "".join(f"T{i},2025-08-{i:02d} 09:00,{'?' if i % 3 else ''}\n" for i in range(1, 31))
    bare.put(
        "t.csv", "工单编号,创建时间,解决时间\n" + rows + "T31,2025-08-31 09:00,2025-08-31 10:00\n"
    )
    assert bare.run("init").code == 0
    written = (bare.folder / "metrics.yaml").read_text("utf-8")
    assert re.search(r'\n    nulls:   # [^\n]+\n      resolved_at: \["\?"\]\n', written)
    assert '"rejected": 0' in bare.run("score", "--format", "json").out


def test_what_stands_for_no_length_of_time_is_put_into_effect(bare: Csq) -> None:
    rows = "".join(
        f"S{i},2025-08-{i:02d} 09:00:00,{'-' if i % 15 == 0 else f'00:00:{i:02d}'}\n"
        for i in range(1, 32)
    )
    bare.put("会话.csv", f"会话编号,创建时间,首次响应时长\n{rows}")
    assert bare.run("init").code == 0
    written = (bare.folder / "metrics.yaml").read_text("utf-8")
    assert '      first_response_at: ["-"]\n' in written
    assert bare.run("score", "--indicator", "frt_avg").code == 0


def test_dates_in_two_orders_are_asked_for(bare: Csq) -> None:
    bare.put("t.csv", "工单编号,创建时间\nT1,01/08/2025 09:00\nT2,02/08/2025 09:00\n")
    assert bare.run("init").code == 0
    text = (bare.folder / "metrics.yaml").read_text("utf-8")
    assert "  # tickets:\n  #   date_order: dmy   # dmy | mdy: " in text
    assert bare.run("lint").code == 0
    assert "ambiguous-dates" in bare.run("score").err
    bare.put("metrics.yaml", uncommented(text))
    assert bare.run("score").code == 0


EVENTS = "Case ID,Activity,Who,Complete Timestamp\n" + "".join(
    f"C{case},{name},R{step},2025/{7 + (case + step) // 31:02d}/{(case + step) % 31 + 1:02d} 09:00\n"
    for case in range(1, 31)
    for step, name in enumerate(("Open", "Take in charge", "Resolve"))
)


def test_an_event_log_is_folded_where_the_time_of_a_case_is_guessed_from_its_events(
    bare: Csq,
) -> None:
    """Unfolded, a case began when its last event was: some of them in another month."""
    bare.put("log.csv", EVENTS)
    assert bare.run("init", "--lang", "en").code == 0
    written = (bare.folder / "metrics.yaml").read_text("utf-8")
    assert """
sources:
  tickets:
    files: ["log.csv"]
    columns:
      ticket_id: "Case ID"
    fields:
      event_at: { type: timestamp, columns: "Complete Timestamp" }
      activity: { type: text, columns: "Activity" }
    grain: { key: ticket_id, keep: last, time: event_at, activity: activity }   # a guess, please check
    events:
      created_at: { first: "*" }
    #   resolved_at: { last: "…" }   # name the event that resolves a case
""" in written  # fmt: skip
    assert (
        '#     several rows share one "Case ID", each seems an event:'
        " where they are not folded, the last counts\n" in written
    )
    began = sum(1 for case in range(1, 31) if case // 31 == 0)
    shown = bare.run(
        "score", "--period", "2025-07", "--format", "json", "--indicator", "volume"
    ).out
    assert f'"value": {began},' in shown
    resolving = written.replace("    #   resolved_at", "      resolved_at").replace(
        '"…"', "Resolve"
    )
    bare.put("metrics.yaml", resolving)
    shown = bare.run("score", "--format", "json", "--indicator", "resolve_avg").out
    assert '"value": 172800,' in shown


ROWS_OF_CASES = {
    "zh": (
        "67 % 的行在本文件里重复了「工单编号」，每个只算最后一行",
        "每行若是一个事件，在 sources: 里用 grain: 把它们合并（csq init 会写初稿）；同一行导出了两次则无需处理",
    ),
    "en": (
        "67 % of the rows repeat a “Ticket ID” of their own file: only the last row of each counts",
        "if each row is an event, fold them with grain: under sources: (csq init drafts it); nothing"
        " to do where rows were exported twice",
    ),
}


def test_of_an_event_log_that_is_recognised_the_fold_is_suggested(bare: Csq) -> None:
    rows = EVENTS.replace("Case ID,Activity,", "工单编号,状态,").replace(
        "Complete Timestamp", "更新时间"
    )
    header, *lines = rows.splitlines()
    bare.put("log.csv", f"{header},创建时间\n" + "".join(f"{line},2025-07-01\n" for line in lines))
    assert bare.run("init").code == 0
    written = (bare.folder / "metrics.yaml").read_text("utf-8")
    assert """
  # tickets:
  #   fields:
  #     event_at: { type: timestamp, columns: "更新时间" }
  #   grain: { key: ticket_id, keep: last, time: event_at, activity: status }   # 一个个案的几行合成一行
  #   events:
  #     resolved_at: { last: "…" }   # 写上表示解决的事件
""" in written  # fmt: skip
    assert bare.run("lint").code == 0
    for language, message in ROWS_OF_CASES.items():
        printed = bare.run("score", "--format", "json", "--lang", language).out
        told = [each for each in json.loads(printed)["problems"] if each["code"] == "rows-of-cases"]
        assert [(p["message"], p["hint"], p["severity"], p["count"]) for p in told] == [
            (*message, "warning", 60)
        ]
    bare.put("metrics.yaml", uncommented(written))
    assert "rows-of-cases" not in bare.run("score", "--format", "json").out


def test_closing_may_stand_for_resolving_where_nothing_else_tells_it(bare: Csq) -> None:
    bare.put("t.csv", "工单编号,创建时间,关闭时间\nT1,2025-08-01 09:00,2025-08-02 09:00\n")
    assert bare.run("init").code == 0
    written = (bare.folder / "metrics.yaml").read_text("utf-8")
    line = '  #     resolved_at: "关闭时间"   # 没有解决时间的导出，可以把关闭当作解决\n'
    assert f"# sources:\n  # tickets:\n  #   columns:\n{line}" in written
    bare.put("metrics.yaml", uncommented(written))
    shown = bare.run("score", "--format", "json", "--indicator", "resolve_avg").out
    assert '"value": 86400,' in shown


def test_an_id_is_no_time_and_the_likest_pair_is_suggested(bare: Csq) -> None:
    """`issue_responded` is more like “survey ID” than “Unique id” is."""
    header = (
        "Unique id,channel_name,Customer Remarks,Issue_reported at,issue_responded,"
        "Survey_response_Date,Agent Shift,Agent_name,CSAT Score"
    )
    rows = "".join(
        f"u-{i},Inbound,fine,{i:02d}/08/2025 11:13,{i:02d}/08/2025 11:47,{i:02d}-Aug-25,Day,Ann,{i % 5 + 1}\n"
        for i in range(1, 32)
    )
    bare.put("survey.csv", f"{header}\n{rows}")
    assert bare.run("init", "--lang", "en").code == 0
    assert (
        settings_in(bare.folder)
        == """\
    columns:
      csat: "CSAT Score"
      agent_id: "Agent_name"
      channel: "channel_name"
      survey_id: "Unique id"   # a guess, please check
      responded_at: "Survey_response_Date"   # a guess, please check
"""
    )
    assert bare.run("score", "--indicator", "csat").code == 0


def settings_in(folder: Path) -> str:
    """What stands under the columns of a drafted source."""
    written = (folder / "metrics.yaml").read_text("utf-8")
    begin = written.index("    columns:\n")
    return written[begin : written.index("\n# ── ", begin)]


def test_what_counts_from_a_guessed_time_is_found_too(bare: Csq) -> None:
    rows = "".join(f"S{i},小美,2025-08-{i:02d} 09:00:00,{i}\n" for i in range(1, 32))
    bare.put("会话.csv", f"会话编号,接待客服,进线时间,首次响应时长(秒)\n{rows}")
    assert bare.run("init").out.startswith("已写入 metrics.yaml：工单，可算 7 个指标，")
    assert settings_in(bare.folder) == """\
    columns:
      ticket_id: "会话编号"
      agent_id: "接待客服"
      first_response_at: "首次响应时长(秒)"
      created_at: "进线时间"   # 猜的，请核对
"""  # fmt: skip
    shown = bare.run("score", "--format", "json", "--indicator", "frt_avg").out
    assert '"value": 16,' in shown  # the mean of 1 to 31 seconds


def test_of_two_columns_for_one_field_the_draft_names_one(bare: Csq) -> None:
    rows = "".join(f"T{i},2025-08-{i:02d} 09:00,电话,phone,王芳,李强\n" for i in range(1, 32))
    bare.put("工单.csv", f"工单编号,创建时间,渠道,Channel,处理人,受理人\n{rows}")
    refused = bare.run("score", "--by", "channel")
    assert refused.code == 3
    assert refused.err == (
        "工单.csv: double-column: 「渠道」有多列：渠道, Channel"
        " → 删去多余的列，或用 columns: 指定其中一列，csq init 会写出初稿\n"
    )
    assert bare.run("init").code == 0
    assert settings_in(bare.folder) == """\
    columns:
      ticket_id: "工单编号"
      created_at: "创建时间"
      channel: "渠道"   # 猜的，请核对
    #   agent_id: "处理人"
    #   first_agent_id: "受理人"
"""  # fmt: skip
    assert bare.run("score", "--by", "channel").code == 0


def test_of_two_lengths_of_time_for_one_end_the_draft_names_one(bare: Csq) -> None:
    rows = "".join(f"T{i},2025-08-{i:02d} 09:00,60,1\n" for i in range(1, 32))
    bare.put("t.csv", f"Ticket ID,Created at,Resolution minutes,Resolution hours\n{rows}")
    assert bare.run("score").code == 3
    assert bare.run("init").code == 0
    assert '      resolved_at: "Resolution minutes"   # 猜的，请核对\n' in settings_in(bare.folder)
    answer = bare.run("score", "--indicator", "resolve_avg", "--format", "json")
    assert json.loads(answer.out)["indicators"][0]["value"] == 3600


def test_ratings_in_another_export_become_a_field_and_an_indicator(bare: Csq) -> None:
    ratings = ["非常满意", "满意", "一般", "不满意", "非常不满意", "未评价", ""]
    rows = "".join(f"T{i},2025-08-{i:02d} 09:00,{ratings[i % 7]}\n" for i in range(1, 29))
    bare.put("工单.csv", f"工单编号,创建时间,满意度评价\n{rows}")
    assert bare.run("init").out.splitlines()[1] == (
        "请打开它核对：0 处猜测已生效，1 条建议在注释里，0 个文件认不出"
    )
    written = (bare.folder / "metrics.yaml").read_text("utf-8")
    suggested = """\
# sources:
  # tickets:
  #   fields:
  #     rating: { type: number, columns: "满意度评价", scale: [1, 5] }   # 满意度，指标在文件末尾；请核对 5 分最好
  #   nulls:
  #     rating: ["未评价"]
"""  # fmt: skip
    indicators = """\
#   - id: csat_tickets
#     name: "客户满意度（工单）"
#     formula: COUNTIF(tickets, rating >= 4) / COUNT(tickets, rating) × 100%
#     unit: percent
#     direction: up
"""
    assert suggested in written
    assert written.endswith(indicators)
    # As somebody takes the suggestion: of 28 rows 4 are of each word, and 8 are not rated.
    taken = written.replace(suggested, re.sub(r"(?m)^( *)# ", r"\1", suggested))
    taken = taken.replace(indicators, "indicators:\n" + re.sub("(?m)^# ", "", indicators))
    bare.put("metrics.yaml", taken)
    answer = bare.run("score", "--indicator", "csat_tickets", "--format", "json")
    [score] = json.loads(answer.out)["indicators"]
    assert (score["part"], score["whole"]) == (8, 20)


@pytest.mark.parametrize("cells", ["123", "12345678", "是否"])
def test_what_is_no_rating_of_five_is_not_suggested(bare: Csq, cells: str) -> None:
    rows = "".join(f"T{i},2025-08-{i:02d} 09:00,{cells[i % len(cells)]}\n" for i in range(1, 29))
    bare.put("工单.csv", f"工单编号,创建时间,满意度评价\n{rows}")
    assert bare.run("init").code == 0
    assert "rating" not in (bare.folder / "metrics.yaml").read_text("utf-8")


def test_a_record_began_at_the_earliest_of_its_times(bare: Csq) -> None:
    """A hot line for citizens: what comes before all else is the call; a birthday is no call."""
    rows = "".join(
        f"R{i},1980-01-01,2025/8/{i} 9:00,2025/8/{i} 9:{10 + i},{'' if i % 6 else f'2025/8/{i} 18:00'}\n"
        for i in range(1, 32)
    )
    bare.put("热线.csv", f"工单编号,出生日期,来电时间,派单时间,办结时间\n{rows}")
    assert bare.run("init").code == 0
    assert settings_in(bare.folder) == """\
    columns:
      ticket_id: "工单编号"
      assigned_at: "派单时间"
      closed_at: "办结时间"
      created_at: "来电时间"   # 猜的，请核对
    #   resolved_at: "办结时间"   # 没有解决时间的导出，可以把关闭当作解决
"""  # fmt: skip
    written = (bare.folder / "metrics.yaml").read_text("utf-8")
    assert """
# ── 采纳上面注释里的建议后还能算的指标（4 个）
#   resolve_avg, resolve_over_24h, resolve_rate, backlog_open
""" in written  # fmt: skip
    shown = bare.run("score", "--format", "json", "--indicator", "dispatch_time").out
    assert '"value": 1560,' in shown  # the mean of 11 to 41 minutes


@pytest.mark.parametrize("begin", ["data_abertura", "launched"])
def test_an_end_that_is_named_like_a_beginning_is_none_beside_one(bare: Csq, begin: str) -> None:
    """`data_fechamento` is more like “date created” than `data_abertura`, and is the closing."""
    rows = "".join(
        f"T{i},2025-08-{i:02d} 10:{i:02d}:00,2025-08-{i:02d} 09:00:00,Fechado\n"
        for i in range(1, 32)
    )
    bare.put("chamados.csv", f"id_ticket,data_fechamento,{begin},status\n{rows}")
    assert bare.run("init", "--lang", "en").code == 0
    assert (
        settings_in(bare.folder)
        == f"""\
    columns:
      status: "status"
      ticket_id: "id_ticket"   # a guess, please check
      created_at: "{begin}"   # a guess, please check
"""
    )


def test_what_numbers_other_things_may_number_the_rows_where_nothing_else_does(bare: Csq) -> None:
    """Recordings have the id of a call, but most of the columns are of a quality check."""
    rows = "".join(f"2025-08-{i:02d},一组,8{i % 5:03d},R{i},{60 + i}\n" for i in range(1, 32))
    bare.put("质检.csv", f"质检日期,质检员,坐席工号,录音编号,质检得分\n{rows}")
    assert bare.run("init").out.startswith("已写入 metrics.yaml：质检，")
    assert '      qa_id: "录音编号"   # 猜的，请核对\n' in settings_in(bare.folder)


def test_numbered_rows_without_a_telling_name_are_no_kind_of_record(bare: Csq) -> None:
    """Figures of days, summed up by another program, hold no records to count."""
    rows = "".join(f"{i},{200 + i},190,95.0%,0:00:17\n" for i in range(1, 31))
    bare.put(
        "days.csv", f"Index,Incoming Calls,Answered Calls,Answer Rate,Answer Speed (AVG)\n{rows}"
    )
    assert bare.run("init", "--lang", "en").out.startswith(
        "metrics.yaml written: no kind of data was recognised\n"
    )


DAILY = "日期,客服,接待量,首次响应时间(秒),满意度,评价率\n" + "".join(
    f"2025-08-{day:02d},小美,{40 + day},12.5,9{day % 10}.25%,{60 + day}.{day:02d}%\n"
    for day in range(1, 31)
)
LOG = "流水,客户号码,热线号码,起,接听时间,座席工号,结束时间,排队时长\n" + "".join(
    f"x,13800000{n:03d},4008,2025-08-01 09:00:{n:02d},,{n % 3},2025-08-01 09:01:{n:02d},9\n"
    for n in range(40)
)


@pytest.mark.parametrize("export", [DAILY, LOG])
def test_what_only_has_an_agent_or_a_share_a_row_is_not_guessed(bare: Csq, export: str) -> None:
    # Sums by day have no id, and a rate is none; a log of calls that names agents is no roster.
    bare.put("a.csv", export)
    assert bare.run("init", "a.csv", "--lang", "en").out.startswith(
        "metrics.yaml written: no kind of data was recognised\n"
    )


KAGGLE = (
    "Ticket ID,Customer Name,Date of Purchase,Ticket Type,Ticket Priority,Ticket Channel,"
    "First Response Time,Time to Resolution\n"
    + "".join(
        f"{n},Ann,2021-03-{n:02d},Refund,Low,Chat,"
        f"2023-06-01 12:{n:02d}:36,2023-06-01 {10 + n % 2 * 4}:{n:02d}:38\n"
        for n in range(1, 29)
    )
)
PURCHASES = "Ticket ID,Ticket Type,Date of Purchase\n1,Refund,2021-03-22\n2,Setup,2020-03-22\n"
INDEXED = "Index,Incoming Calls,Answered Calls,Answer Rate\n1,200,190,95.0%\n2,210,190,90.5%\n"
SHOP = "日期,咨询人数,平均响应时间\n2025-08-01,120,32.5\n2025-08-02,98,30.1\n"
OF_SUMS = (
    '"{}.csv"：像是汇总好的统计表。csq 要一行一条记录：请在系统里导出工单、会话或通话的明细\n',
    '"{}.csv": seems a table of totals and averages. csq counts single cases: export the list of'
    " tickets, chats or calls itself, one a row\n",
)


def nearest(known_zh: str, known_en: str) -> tuple[str, str]:
    return (
        f'"{{}}.csv"：最像工单（认出：{known_zh}），但没有可用的列：创建时间。导出时加上，'
        "或在 sources: 的 columns: 里写出它的表头\n",
        f'"{{}}.csv": nearest to Tickets (recognised: {known_en}), but no usable column for: Created'
        " at; export it too, or name its header with columns: under sources:\n",
    )


@pytest.mark.parametrize(
    ("export", "told"),
    [
        (DAILY, OF_SUMS),
        (INDEXED, OF_SUMS),
        (SHOP, OF_SUMS),
        (KAGGLE, nearest("工单编号、需求类型、优先级", "Ticket ID, Need type, Priority")),
        (PURCHASES, nearest("工单编号、需求类型", "Ticket ID, Need type")),
        ("apples,created on\n1,2\n", ("", "")),
        ("msg_count,avg_len,Ticket ID\n3,2.5,T1\n4,1.5,T2\n", ("", "")),
    ],
)
@pytest.mark.parametrize("name", ["x", "{lacking}"])
def test_an_export_of_no_kind_is_told_what_it_is_nearest_to(
    bare: Csq, export: str, told: tuple[str, str], name: str
) -> None:
    bare.put(f"{name}.csv", export)
    for language, why in zip(("zh", "en"), told, strict=True):
        answer = bare.run("init", "--lang", language, "-o", f"{language}.yaml")
        assert (answer.code, answer.err) == (0, "")
        said = "".join(answer.out.splitlines(keepends=True)[2:])
        assert said == why.replace("{}", name)
        reason = re.split("：|: ", why.strip(), maxsplit=1)[-1]
        assert reason in (bare.folder / f"{language}.yaml").read_text("utf-8")


def test_a_joined_date_and_time(bare: Csq) -> None:
    bare.put("c.csv", "Call Id,Agent,Date,Time\n" + "".join(
        f"c{i},a,2025-08-{i:02d},09:{i:02d}:00\n" for i in range(1, 32)
    ))  # fmt: skip
    assert bare.run("init").code == 0
    text = (bare.folder / "metrics.yaml").read_text("utf-8")
    assert '      enqueued_at: { join: ["Date", "Time"] }   # ' in text
    assert bare.run("score").code == 0


def test_a_file_of_no_kind_is_listed_with_guesses(bare: Csq) -> None:
    bare.put("x.csv", "apples,created on\n1,2\n")
    answer = bare.run("init", "--lang", "en")
    assert answer.code == 0
    assert answer.out.startswith("metrics.yaml written: no kind of data was recognised\n")
    text = (bare.folder / "metrics.yaml").read_text("utf-8")
    assert '#   "x.csv": 1 rows\n' in text
    assert bare.run("lint").code == 0


def test_no_cell_of_the_data_is_in_the_draft(bare: Csq) -> None:
    bare.put(
        "t.csv", "工单编号,创建时间,手机\nT1,2025-08-01,13800138000\nT2,2025-08-31,13900139000\n"
    )
    assert bare.run("init").code == 0
    text = (bare.folder / "metrics.yaml").read_text("utf-8")
    assert "13800138000" not in text
    assert "138" not in text


# What it leaves alone --------------------------------------------------------------------------


@pytest.mark.parametrize("there", ["file", "folder", "broken link"])
def test_nothing_is_ever_overwritten(bare: Csq, there: str) -> None:
    bare.put("t.csv", TICKETS)
    target = bare.folder / "metrics.yaml"
    if there == "file":
        target.write_bytes(b"mine")
    elif there == "folder":
        target.mkdir()
    else:
        target.symlink_to(bare.folder / "nowhere.yaml")
    answer = bare.run("init")
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err == (
        "metrics.yaml: already-there: 文件已存在，没有改动 → 用 -o 另写一个文件名，或先把它改名\n"
    )
    assert not (bare.folder / "nowhere.yaml").exists()
    assert there != "file" or target.read_bytes() == b"mine"
    assert bare.run("init", "--lang", "en").err == (
        "metrics.yaml: already-there: the file is already there and was left untouched"
        " → name another file with -o, or rename this one first\n"
    )


def test_where_nothing_can_be_written(bare: Csq) -> None:
    bare.put("t.csv", TICKETS)
    answer = bare.run("init", "-o", "no/such/folder.yaml", "--lang", "en")
    assert answer.code == 6
    assert answer.err.startswith("no/such/folder.yaml: cannot-write: ")
    assert not list(bare.folder.glob(".csq-*"))


def test_without_exports_nothing_is_written(bare: Csq) -> None:
    assert bare.run("init").code == 3
    assert not (bare.folder / "metrics.yaml").exists()


# Texts of strangers ----------------------------------------------------------------------------

HOSTILE = (
    'a"b', "a\\b", "a: b", "# c", "- d", "{x: 1}", "[1, 2]", "*a", "&a", "!!python/object", "%TAG", "@x",
    "`", "a\u2028b", "a\x85b", "a\x07b", "\ufeffbom", "no", "12:30", "'", "''", "|", ">", "---", "...", "😀", "\u202eabc",
    "{name}", "{0}", "${HOME}", "{{ x }}", "<script>", "=1+1", "a\tb", "sources:", "columns",
)  # fmt: skip


@pytest.mark.parametrize("header", HOSTILE)
def test_a_hostile_header_stays_a_text(tmp_path: Path, header: str) -> None:
    cell = '"' + header.replace('"', '""') + '"'
    text = f"case_enquiry_id,open_dt,{cell}\n" + "".join(
        f"{1000 + i},2025-08-{i:02d},x\n" for i in range(1, 32)
    )
    (tmp_path / "e.csv").write_text(text, encoding="utf-8")
    drawn = draw(tmp_path)
    assert load_text(
        drawn.replace(
            "extends: csq",
            "indicators: [{id: a, name: a, formula: COUNT(tickets), unit: count, direction: up}]",
        )
    ).definition.sources["tickets"]
    assert read_yaml(uncommented(drawn), "m.yaml")[1] == ()


@pytest.mark.parametrize(
    "header", ["open_dt\nx: 1", "open_dt: # x", 'open_dt"', "open_dt\\", "{open_dt}"]
)
def test_a_hostile_header_that_is_guessed_round_trips(tmp_path: Path, header: str) -> None:
    cell = '"' + header.replace('"', '""') + '"'
    text = f"case_enquiry_id,{cell}\n" + "".join(
        f"{1000 + i},2025-08-{i:02d}\n" for i in range(1, 32)
    )
    (tmp_path / "e.csv").write_text(text, encoding="utf-8")
    content, problems = read_yaml(draw(tmp_path), "m.yaml")
    assert problems == ()
    assert content.content["sources"]["tickets"]["columns"]["created_at"] == header


@given(st.text(st.characters(exclude_categories=["Cs"])))
@settings(max_examples=300)
def test_any_text_in_quotes_is_read_back_as_it_was(text: str) -> None:
    quoted = quote(text)
    assert "\n" not in quoted
    assert len(quoted.splitlines()) == 1
    document, problems = read_yaml(f"key: {quoted}\n# {quoted}\n", "m.yaml")
    assert problems == ()
    assert document.content == {"key": text}


# The examples, and exports nobody here wrote -----------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_examples_need_nothing(bare: Csq, language: str) -> None:
    for name in (
        "工单_2025-08.csv",
        "通话_2025-08.csv",
        "投诉_2025-07至08.csv",
        "知识库抽检_2025-01至08.xlsx",
    ):
        shutil.copy(ROOT / "examples" / name, bare.folder)
    assert bare.run("init", "--lang", language).code == 0
    text = (bare.folder / "metrics.yaml").read_text("utf-8")
    assert "\nsources:" not in text
    assert f"\nlanguage: {language}\n" in text
    assert bare.run("lint").code == 0
    assert bare.run("score", "--period", "2025-08").code == 0


@pytest.mark.skipif(not REAL.is_dir(), reason="the real exports do not lie beside the repository")
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("folder", ["pwc_callcentre", "servicenow", "boston311"])
def test_real_exports_can_be_scored_with_their_draft(bare: Csq, folder: str, language: str) -> None:
    data = str(REAL / folder)
    assert bare.run("init", data, "--lang", language).code == 0
    assert bare.run("lint").code == 0
    assert bare.run("score", data).code == 0
