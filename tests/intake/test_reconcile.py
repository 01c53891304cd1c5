"""What one export names and another does not know is told with counts, and refuses no row."""

from __future__ import annotations

import random

import pytest
from tests.conftest import Desk, books

from csq.records.schema import Schema, known_schemas

COUNT = (
    "indicators:\n  - { id: it, name: it, formula: COUNT(surveys), unit: count, direction: up }\n"
)


def put_tickets(desk: Desk, name: str, ids: list[str]) -> None:
    desk.put_rows(name, "工单编号,创建时间", [(each, "2025-08-01") for each in ids])


def unknown(desk: Desk) -> list[tuple[str, int]]:
    found = [p for p in desk.score("2025-08").problems if p.code == "unknown-reference"]
    return [(str(problem.place), problem.count) for problem in found]


def test_a_survey_of_an_unknown_ticket_is_told_and_counted(desk: Desk) -> None:
    put_tickets(desk, "t.csv", ["T1", "T2"])
    rows = [(f"S{n}", ticket, "2025-08-02") for n, ticket in enumerate(["T1", "T9", "", "T8"])]
    desk.put_rows("s.csv", "评价编号,工单编号,评价时间", rows)
    desk.define(COUNT)
    card = desk.score("2025-08")
    [problem] = [p for p in card.problems if p.code == "unknown-reference"]
    assert problem.line("en") == (
        "s.csv:3: unknown-reference: the “Ticket ID” of 2 of 3 rows is not among the Tickets → see"
        " whether the export of Tickets lacks months or people, or spells them otherwise"
    )
    assert (problem.value, problem.count, problem.severity) == ("T9", 2, "notice")
    assert books(card)["s.csv"] == (4, 4, 0, 0, 0)


def test_without_the_other_export_nothing_is_told(desk: Desk) -> None:
    desk.put_rows("s.csv", "评价编号,工单编号,评价时间", [("S1", "T9", "2025-08-02")])
    desk.define(COUNT)
    assert unknown(desk) == []


def test_counts_are_those_of_a_loop_over_the_rows(desk: Desk) -> None:
    rng = random.Random(5)
    tickets = [f"T{n}" for n in rng.sample(range(200), 120)]
    put_tickets(desk, "t1.csv", tickets[:50])
    put_tickets(desk, "t2.csv", tickets[50:])
    expected = []
    for file in ("s1.csv", "s2.csv"):
        named = [rng.choice(("", f"T{rng.randrange(200)}")) for _ in range(80)]
        desk.put_rows(
            file,
            "评价编号,工单编号,评价时间",
            [(f"{file}{n}", ticket, "2025-08-02") for n, ticket in enumerate(named)],
        )
        lost = [n for n, ticket in enumerate(named) if ticket and ticket not in tickets]
        expected.append((f"{file}:{lost[0] + 2}", len(lost)))
    desk.define(COUNT)
    assert unknown(desk) == expected


@pytest.mark.parametrize("schema", known_schemas().values(), ids=known_schemas())
def test_every_reference_leads_to_a_key(schema: Schema) -> None:
    for field in schema.fields:
        if field.column.refers_to:
            target, _, key = field.column.refers_to.partition(".")
            assert known_schemas()[target].key == key


TIME = "工时记录编号,坐席工号,工作日期,有效沟通时长,会话时长,遵从时长,排班时长(小时)"


def test_a_part_that_is_more_than_its_whole_is_told_and_counted(desk: Desk) -> None:
    rows = [
        ("W1", "A1", "2025-08-01", "100", "200", "3600", "8"),
        ("W2", "A2", "2025-08-01", "201", "200", "28800", "8"),
        ("W3", "A3", "2025-08-01", "200", "200", "", "8"),
        ("W4", "A4", "2025-08-01", "300", "", "28801", "8"),
        ("W5", "A5", "2025-08-01", "9", "1", "8", "8"),
    ]
    desk.put_rows("w.csv", TIME, rows)
    desk.define(COUNT.replace("surveys", "agent_time"))
    card = desk.score("2025-08")
    first, second = (p for p in card.problems if p.code == "part-over-whole")
    assert first.line("zh") == (
        "w.csv:3: part-over-whole: 4 行中有 2 行的「有效沟通时长」超过「会话时长」，而它是其中的一部分"
        " → 检查两列的单位和统计口径"
    )
    assert first.line("en") == (
        "w.csv:3: part-over-whole: the “Effective talk time” of 2 of 4 rows is more than the"
        " “Session time” it is a part of"
        " → look at the units of both columns, and at what each of them counts"
    )
    assert (str(second.place), second.count, second.severity) == ("w.csv:5", 1, "notice")
    assert books(card)["w.csv"] == (5, 5, 0, 0, 0)


@pytest.mark.parametrize("schema", known_schemas().values(), ids=known_schemas())
def test_every_part_is_of_the_type_of_its_whole(schema: Schema) -> None:
    for field in schema.fields:
        if field.column.part_of:
            whole = schema.field(field.column.part_of)
            assert whole
            assert whole.type is field.type
