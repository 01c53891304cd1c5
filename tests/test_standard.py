"""The whole catalogue, `extends: csq:standard`: complete, sayable, and right on a few rows."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from csq.api import Run, score
from csq.definition.load import load_definition
from csq.files import shipped_definition
from csq.formula.understand import Understood, understand
from csq.formula.words import say_term
from csq.request import Request

ROWS = """
1 frt_avg
2 frt_p50 frt_p90
3 frt_in_time
4 frt_over_30s
5 reply_avg
6 answer_24h
7 speed_ratio
8 resolve_avg
9 resolve_p90
10 resolve_over_24h
11 sla_resolve
12 backlog_open
13 backlog_flow
14 backlog_age_p90
15 progress_24h
16 xdept_2h
17 dispatch_time
18 sl_20
19 asa
20 connect_rate
21 abandon_rate
22 long_wait
23 aht
24 transfer_rate
25 peak_gap
26 fcr
27 instant_resolve
28 resolve_rate
29 one_touch
30 repeat_contact
31 contacts_per_case
32 recontact_after_transfer
33 first_owner
34 outsourced_rate
35 escalation_rate
36 multi_dept_share
37 reopen_rate
38 kb_accuracy
39 qa_score
40 qa_fatal
41 script_compliance
42 qa_coverage
43 routing_hit
44 csat
45 csat_mean
46 good_rate
47 csat_weighted
48 dim_low
49 nps
50 ces
51 survey_rate
52 survey_timely
53 complaint_rate
54 complaint_timely
55 complaint_close
56 repeat_complaint
57 uninformed_share
58 top_issue_share
59 tickets_per_day
60 talk_util
61 occupancy
62 adherence
63 volume
64 tech_share
65 training_pass
66 case_share
67 skill_basic_share
68 efficiency_gain
69 bot_resolve
70 improve_done
"""
CATALOGUE = {int(line.split()[0]): line.split()[1:] for line in ROWS.strip().splitlines()}
"""The 70 rows of the catalogue, by their number."""

BEYOND = (9, 13, 14, 29, 50, 61, 62, 69)
"""The rows that no document names: `csq:standard` brings them, the other 62 are the default set."""

FIGURES = {
    "frt_over_30s_tech_share", "tech_resolve_avg", "tech_over_30min", "tech_repeat_contact",
    "csat_consult", "csat_aftersales", "csat_complaint",
}  # fmt: skip
"""Rows 4, 8, 10, 30 and 44 once more, of a single problem type: the report states them so."""

EXPORTS = {
    "tickets.csv": """\
工单编号,创建时间,解决时间,客户编号,首次响应方,首次响应时间,坐席工号
T1,2025-07-30 09:00:00,2025-08-02 09:00:00,C1,人工,2025-07-30 09:01:00,A1
T2,2025-08-01 09:00:00,2025-08-01 10:00:00,C2,机器人,2025-08-01 09:00:01,
T3,2025-08-02 09:00:00,,C3,机器人,2025-08-02 09:00:01,
T4,2025-08-02 12:00:00,2025-09-01 00:00:00,C3,人工,2025-08-02 12:01:00,A1
T5,2025-08-31 09:00:00,2025-08-31 10:00:00,C2,机器人,2025-08-31 09:00:01,
""",
    "replies.csv": """\
回复编号,工单编号,客户消息时间,坐席回复时间
R1,T1,2025-08-01 09:00:00,2025-08-01 09:00:10
R2,T1,2025-08-31 09:00:00,2025-08-31 09:00:40
""",
    "qa.csv": """\
质检编号,质检时间,质检得分,致命差错,禁语,抽检计划编号
Q1,2025-08-01,100,否,否,P1
Q2,2025-08-31,90,是,是,P1
Q3,2025-08-31,,,,P1
""",
    "time.csv": """\
工时记录编号,坐席工号,工作日期,在线时长,空闲时长,处理时长,有效沟通时长,会话时长,排班时长,遵从时长
W1,A1,2025-08-01,28800,3600,3600,700,1000,100,90
W2,A1,2025-08-31,28800,0,7200,700,1000,100,100
""",
    "training.csv": "考核编号,坐席工号,课程,考核时间,考核通过\nK1,A1,新品,2025-08-01,是\nK2,A2,新品,2025-08-31,否\n",
    "cases.csv": "案例编号,坐席工号,案例提交时间,案例采纳\nL1,A1,2025-08-01,是\nL2,A1,2025-08-31,否\n",
    "agents.csv": "坐席工号,姓名,状态\nA1,甲,在职\nA2,乙,在职\nA3,丙,离职\n",
    "plan.csv": """\
改进项编号,计划完成时间,实际完成时间,验收通过
G1,2025-08-01,2025-08-01,是
G2,2025-08-02,2025-08-03,是
G3,2025-08-31,2025-08-30,
""",
}

VALUES = {
    "reply_avg": Fraction(25),
    "qa_score": Fraction(50),
    "qa_fatal": Fraction(1, 2),
    "script_compliance": Fraction(1, 2),
    "qa_coverage": Fraction(2, 3),
    "tickets_per_day": Fraction(3, 2),
    "efficiency_gain": Fraction(3, 2),
    "talk_util": Fraction(7, 10),
    "occupancy": Fraction(3, 4),
    "adherence": Fraction(95, 100),
    "training_pass": Fraction(1, 2),
    "case_share": Fraction(1, 2),
    "improve_done": Fraction(1, 3),
    "backlog_open": Fraction(2),
    "backlog_flow": Fraction(1),
    "resolve_rate": Fraction(1, 2),
    "bot_resolve": Fraction(1, 2),
}
"""August, worked out by hand.

At its end T3 and T4 are open: T4 is resolved as the period ends. T1, T2 and T5 are resolved in it
and four tickets created. Of the bot's T2, T3 and T5 the last is too young to tell, for the data
ends with T4's resolution, and T3's customer comes again within three hours.
"""


@pytest.fixture(scope="module")
def standard(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Understood]:
    folder = tmp_path_factory.mktemp("standard")
    (folder / "metrics.yaml").write_text("version: 1\nextends: csq:standard\n", encoding="utf-8")
    for name, text in EXPORTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder, understand(load_definition(folder / "metrics.yaml"))


def test_the_default_set_holds_62_rows_and_the_library_eight_more(
    standard: tuple[Path, Understood],
) -> None:
    beyond = {name for row in BEYOND for name in CATALOGUE[row]}
    named = {name for names in CATALOGUE.values() for name in names} - beyond
    default = [each.id for each in load_definition(None).definition.indicators]
    assert (len(CATALOGUE), len(CATALOGUE) - len(BEYOND)) == (70, 62)
    assert (len(default), set(default)) == (len(named | FIGURES), named | FIGURES)
    whole = [each.id for each in standard[1].indicators]
    assert (whole[: len(default)], set(whole) - set(default)) == (default, beyond)


def test_a_copy_of_the_default_set_needs_nothing_else(tmp_path: Path) -> None:
    copy = tmp_path / "metrics.yaml"
    copy.write_bytes(shipped_definition())
    own, shipped = understand(load_definition(copy)), understand(load_definition(None))
    assert [each.term for each in own.indicators] == [each.term for each in shipped.indicators]


def test_only_what_further_exports_tell_is_optional() -> None:
    """Without those exports `csq check` asks for no verdict; with the others it always does."""
    optional = {
        each.id: {a.population.schema.source for a in each.aggregates}
        for each in understand(load_definition(None)).indicators
        if each.definition.optional
    }
    assert optional == {
        "reply_avg": {"replies"},
        "qa_score": {"qa"},
        "tickets_per_day": {"tickets", "agent_time"},
        "talk_util": {"agent_time"},
        "training_pass": {"training"},
        "case_share": {"cases", "agents"},
    }


def test_every_indicator_is_named_and_explained_in_both_languages(
    standard: tuple[Path, Understood],
) -> None:
    for each in standard[1].indicators:
        indicator = each.definition
        assert indicator.name.zh != indicator.name.en, each.id
        assert indicator.description is not None, each.id
        assert indicator.description.zh != indicator.description.en, each.id
        said = say_term(each.term)
        assert not any(sign in text for text in (said.zh, said.en) for sign in "_{}"), each.id


def test_what_the_further_records_are_for(standard: tuple[Path, Understood]) -> None:
    folder, _ = standard
    found = score(Run((folder,), folder / "metrics.yaml", Request("2025-08")))
    told = {each.indicator.id: each.value for each in found.totals}
    assert {name: told[name] for name in VALUES} == VALUES
