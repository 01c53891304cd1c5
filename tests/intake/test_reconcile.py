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
