"""Whose a ticket is: the owner's, the first agent's, the last replier's, everybody's who replied."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from tests.conftest import Desk

from csq.api import Run, explain
from csq.request import Request

Ticket = dict[str, str]
Reply = tuple[str, str, str, str]

AGENTS = ("A1", "A2", "A3")


def make_tickets(rng: random.Random) -> list[Ticket]:
    return [
        {
            "工单编号": f"T{number}",
            "创建时间": f"2025-08-{1 + number % 31:02d} 09:00",
            "坐席工号": rng.choice(("", *AGENTS)),
            "首问坐席工号": rng.choice(("", *AGENTS)),
            "首次解决": rng.choice(("是", "否")),
        }
        for number in range(120)
    ]


def make_replies(rng: random.Random, tickets: Iterable[Ticket]) -> list[Reply]:
    """None to four replies a ticket, some of them at one moment, some by nobody known."""
    found: list[Reply] = []
    for ticket in tickets:
        for _ in range(rng.randrange(5)):
            said = datetime(2025, 8, 20, 10) + timedelta(minutes=rng.randrange(3))
            agent = rng.choice(("", *AGENTS))
            found.append((f"R{len(found):03d}", ticket["工单编号"], agent, f"{said:%F %T}"))
    return found


def replies_to(ticket: Ticket, replies: Iterable[Reply]) -> list[Reply]:
    """Those of known agents, in their order."""
    known = [each for each in replies if each[1] == ticket["工单编号"] and each[2]]
    return sorted(known, key=lambda each: (each[3], each[0]))


CREDITS: dict[str, Callable[[Ticket, list[Reply]], set[str]]] = {
    "owner": lambda ticket, replies: {ticket["坐席工号"]},
    "first": lambda ticket, replies: {ticket["首问坐席工号"]},
    "last": lambda ticket, replies: {replies[-1][2] if replies else ""},
    "all": lambda ticket, replies: {each[2] for each in replies} or {""},
}


@pytest.fixture
def filled(desk: Desk) -> tuple[Desk, list[Ticket], list[Reply]]:
    rng = random.Random("credit")
    tickets = make_tickets(rng)
    replies = make_replies(rng, tickets)
    desk.put_rows("工单.csv", ",".join(tickets[0]), [list(each.values()) for each in tickets])
    lines = [(*each[:3], "2025-08-20 09:00", each[3]) for each in replies]
    desk.put_rows("回复.csv", "回复编号,工单编号,坐席工号,客户消息时间,坐席回复时间", lines)
    return desk, tickets, replies


Filled = tuple[Desk, list[Ticket], list[Reply]]


@pytest.mark.parametrize("attribution", CREDITS)
def test_a_ticket_is_its_agents(filled: Filled, attribution: str) -> None:
    desk, tickets, replies = filled
    desk.indicator("SHARE(tickets, first_contact_resolved)", attribution=attribution)
    desk.metrics.write_text(desk.metrics.read_text("utf-8") + "privacy: none\n", encoding="utf-8")
    whose = [(t, CREDITS[attribution](t, replies_to(t, replies))) for t in tickets]
    expected: dict[str | None, tuple[Fraction | None, int]] = {}
    for agent in ("", *AGENTS):
        own = [ticket for ticket, agents in whose if agent in agents]
        yes = sum(ticket["首次解决"] == "是" for ticket in own)
        expected[agent or None] = (Fraction(yes), len(own))
    card = desk.score("2025-08", by=(("agent_id",),))
    total, *groups = card.scores
    assert total.value == Fraction(sum(t["首次解决"] == "是" for t in tickets), len(tickets))
    told_of = {each.group[0][1]: (each.measurement.part, each.measurement.n) for each in groups}
    for name, counts in expected.items():
        assert told_of.pop(name) == counts
    assert not told_of
    nobody = expected[None][1]
    told = [f"120 行中有 {nobody} 行（{nobody / 120:.1%}）没有可归的坐席：它"]
    sum_of_groups = sum(n for _, n in expected.values())
    if attribution == "all":
        told.append(
            f"各坐席相加是 {sum_of_groups} 行，总数是 120 行，因为一行计给每个回复过的坐席：它"
        )
    else:
        assert sum_of_groups == 120
    assert [each.zh for each in card.assumptions] == told


@pytest.mark.parametrize("attribution", CREDITS)
@pytest.mark.parametrize("agent", ["A1", ""])
def test_explain_counts_the_same_rows(filled: Filled, attribution: str, agent: str) -> None:
    desk, tickets, replies = filled
    desk.indicator("SHARE(tickets, first_contact_resolved)", attribution=attribution)
    run = Run((desk.exports,), desk.metrics, Request("2025-08", indicators=("it",)))
    found = explain(run, (("agent_id", agent),), with_rows=True)
    own = [t for t in tickets if agent in CREDITS[attribution](t, replies_to(t, replies))]
    assert found.score.measurement.n == len(own)
    assert [trace.counted for trace in found.traces] == [
        sum(t["首次解决"] == "是" for t in own),
        len(own),
    ]
    assert [len(behind.rows) for behind in found.behind] == [len(own)]
    assert {trace.read for trace in found.traces} == {120}


def test_without_replies_a_breakdown_says_what_is_missing(desk: Desk, tmp_path: Path) -> None:
    desk.put_rows("t.csv", "工单编号,创建时间,坐席工号", [("1", "2025-08-05", "A1")])
    desk.indicator("COUNT(tickets)", "count", attribution="last")
    total, *groups = desk.score("2025-08", by=(("agent_id",),)).scores
    assert total.value == 1
    assert groups == []
