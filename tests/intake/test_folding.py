"""Event logs fold to one row a case: against a loop over the rows, whatever their order and files."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import Desk, books, codes, find_total

from csq.api import Run, score
from csq.errors import DefinitionError
from csq.scorecard import Scorecard

SOURCES = """
sources:
  tickets:
    files: ["log*"]
    columns: { ticket_id: case }
    fields:
      moved_at: { type: timestamp, columns: [time] }
      step: { type: text, columns: [step] }
      worked: { type: duration }
      reopenings: { type: integer }
      moves: { type: integer }
    values: { step: { 处理: [work, working] } }
    grain: { key: case, keep: last, time: time, activity: step }
    events:
      created_at: { first: "*" }
      first_response_at: { first: Working }
      resolved_at: { last: done }
      worked: { spent: work }
      reopenings: { count: [work, wait], after: [done] }
      moves: { count: "*" }
indicators:
  - { id: n, name: n, formula: COUNT(tickets), unit: count, direction: up }
  - { id: agent, name: a, formula: 'COUNTIF(tickets, agent_id = "A1")', unit: count, direction: up }
  - { id: first, name: f, formula: "SUM(tickets, first_response_at - created_at)", unit: duration, direction: down }
  - { id: solved, name: s, formula: "SUM(tickets, resolved_at - created_at)", unit: duration, direction: down }
  - { id: worked, name: w, formula: "SUM(tickets, worked)", unit: duration, direction: down }
  - { id: stages, name: w, formula: "COUNT(tickets, worked)", unit: count, direction: down }
  - { id: again, name: r, formula: "SUM(tickets, reopenings)", unit: count, direction: down }
  - { id: moves, name: m, formula: "SUM(tickets, moves)", unit: count, direction: down }
"""
HEADER = "case,time,step,agent_id"
START = datetime(2025, 8, 1)
Event = tuple[str, datetime, str, str]


def make_log(rng: random.Random, cases: int) -> list[Event]:
    """Events in no order; within a case no two happen at the same time."""
    log = [
        (f"T{case}", START + timedelta(minutes=minute), rng.choice(STEPS), rng.choice(("A1", "A2")))
        for case in range(cases)
        for minute in rng.sample(range(30 * 24 * 60), rng.randrange(1, 8))
    ]
    rng.shuffle(log)
    return log


STEPS = ("new", "work", "wait", "done", "closed")


def put_log(desk: Desk, name: str, log: Sequence[Event]) -> None:
    desk.put_rows(name, HEADER, [(c, t.isoformat(" "), s, a) for c, t, s, a in log])


def fold_slowly(log: Sequence[Event], *, keeps_last: bool = True) -> dict[str, Fraction | None]:
    """The numbers of the indicators, case by case and event by event."""
    totals: dict[str, list[Fraction]] = {name: [] for name in ("first", "solved", "worked")}
    agents = again = moves = 0
    cases = sorted({case for case, *_ in log})
    for case in cases:
        events = sorted({event for event in log if event[0] == case}, key=lambda event: event[1])
        created = events[0][1]
        agents += events[-1 if keeps_last else 0][3] == "A1"
        moves += len(events)
        replies = [at for _, at, step, _ in events if step == "work"]
        solutions = [at for _, at, step, _ in events if step == "done"]
        totals["first"] += [seconds(replies[0] - created)] if replies else []
        totals["solved"] += [seconds(solutions[-1] - created)] if solutions else []
        spans = [
            seconds(after[1] - event[1])
            for event, after in itertools.pairwise(events)
            if event[2] == "work"
        ]
        totals["worked"] += [sum(spans, Fraction(0))] if spans else []
        again += sum(
            before[2] == "done" and event[2] in {"work", "wait"}
            for before, event in itertools.pairwise(events)
        )
    sums = {name: sum(found, Fraction(0)) if found else None for name, found in totals.items()}
    counts = {"n": len(cases), "agent": agents, "again": again, "moves": moves}
    counts["stages"] = len(totals["worked"])
    return sums | {name: Fraction(count) for name, count in counts.items()}


def seconds(span: timedelta) -> Fraction:
    return Fraction(span // timedelta(microseconds=1), 1_000_000)


def numbers(scorecard: Scorecard) -> dict[str, Fraction | None]:
    return {each.indicator.id: each.value for each in scorecard.totals}


@pytest.mark.parametrize("keep", ["first", "last"])
def test_a_log_is_folded_as_a_loop_over_it_says(desk: Desk, keep: str) -> None:
    log = make_log(random.Random(7), 300)
    put_log(desk, "log.csv", log)
    desk.define(SOURCES.replace("keep: last", f"keep: {keep}"))
    found = desk.score("2025-08")
    assert numbers(found) == fold_slowly(log, keeps_last=keep == "last")
    assert books(found) == {"log.csv": (len(log), 300, 0, len(log) - 300, 0)}
    assert codes(found) == {"folded-rows": len(log) - 300}


@settings(max_examples=12)
@given(seed=st.integers(0, 2**32), cut=st.integers(0, 100), overlap=st.integers(0, 40))
def test_order_and_files_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, seed: int, cut: int, overlap: int
) -> None:
    desk = Desk(tmp_path_factory.mktemp("log"))
    rng = random.Random(seed)
    log = make_log(rng, 20)
    expected = fold_slowly(log)
    middle = len(log) * cut // 100
    put_log(desk, "log1.csv", log[: middle + overlap])
    put_log(desk, "log2.csv", log[middle:])
    desk.define(SOURCES)
    found = desk.score("2025-08")
    assert numbers(found) == expected
    assert sum(read for read, *_ in books(found).values()) == len(log[: middle + overlap]) + len(
        log[middle:]
    )
    assert sum(kept for _, kept, *_ in books(found).values()) == 20


def test_events_of_one_file_at_one_time_all_happened(desk: Desk) -> None:
    steps = ("new", "done", "work", "done", "work")
    put_log(desk, "log.csv", [("T1", START, step, "A1") for step in steps])
    desk.define(SOURCES)
    found = numbers(desk.score("2025-08"))
    assert [found["again"], found["moves"]] == [2, 5]


def test_a_row_without_its_time_is_refused(desk: Desk) -> None:
    desk.put("log.csv", f"{HEADER}\nT1,2025-08-01,new,A1\nT1,,done,A1\n")
    desk.define("tolerance: 100%" + SOURCES)
    found = desk.score("2025-08")
    assert books(found) == {"log.csv": (2, 1, 1, 0, 0)}
    assert find_total(found, "solved").value is None


def test_without_a_time_the_order_of_the_rows_counts(desk: Desk) -> None:
    desk.put("t.csv", "工单编号,创建时间,坐席工号\nT1,2025-08-01,A1\nT1,2025-08-01,A2\n")
    desk.define(
        "sources: { tickets: { grain: { key: 工单编号, keep: first } } }\nindicators:\n"
        "  - { id: it, name: it, formula: 'COUNTIF(tickets, agent_id = \"A1\")', unit: count, direction: up }\n"
    )
    found = desk.score("2025-08")
    assert find_total(found).value == 1
    assert books(found) == {"t.csv": (2, 1, 0, 1, 0)}


def test_an_activity_that_no_row_has_is_told(desk: Desk) -> None:
    put_log(desk, "log.csv", [("T1", START, "new", "A1"), ("T1", START, "work", "A1")])
    desk.define(SOURCES)
    found = [p for p in desk.score("2025-08").problems if p.code == "unknown-activity"]
    assert [p.line("en") for p in found] == [
        f"log.csv: unknown-activity: no row has “{name}” as its “step” → the data has: {known}"
        for name, known in (("done", "new"), ("wait", "new, 处理"))
    ]


def test_a_time_that_would_be_negative_is_left_blank_and_told(desk: Desk) -> None:
    desk.put(
        "log.csv",
        "case,created_at,time,step\nT1,2025-08-02,2025-08-01,done\nT2,2025-08-02,2025-08-03,done\n",
    )
    desk.define(
        "sources:\n  tickets:\n    files: ['log*']\n    columns: { ticket_id: case }\n"
        "    fields: { moved_at: { type: timestamp, columns: [time] }, step: { type: text } }\n"
        "    grain: { key: case, time: time, activity: step }\n"
        "    events: { resolved_at: { first: done } }\n"
        "indicators:\n  - { id: it, name: it, formula: 'AVERAGE(tickets, resolved_at - created_at)',"
        " unit: duration, direction: down }\n"
    )
    found = desk.score("2025-08")
    assert find_total(found).value == 24 * 3600
    assert books(found) == {"log.csv": (2, 2, 0, 0, 0)}
    [problem] = [p for p in found.problems if p.code == "event-order"]
    assert problem.line("zh") == (
        "log.csv:2: event-order: 由事件得出：「解决时间」早于「创建时间」，留空 → 检查 events: 里写的活动"
    )


def refusals(desk: Desk, settings: str) -> list[str]:
    desk.define(
        "sources:\n  tickets:\n    fields: { spent: { type: duration }, at: { type: timestamp } }\n"
        f"{settings}indicators:\n  - {{ id: it, name: it, formula: COUNT(tickets), unit: count, direction: up }}\n"
    )
    with pytest.raises(DefinitionError) as caught:
        score(Run((desk.exports,), desk.metrics))
    return [problem.line("en") for problem in caught.value.problems]


def test_what_contradicts_itself_is_told_with_its_line(desk: Desk) -> None:
    settings = (
        "    grain: { key: tiket_id, time: status, activity: status }\n"
        "    events:\n"
        "      spend: { spent: open }\n"
        "      spent: { first: open }\n"
        "      created_at: { first: open }\n"
        "      resolved_at: { first: open, last: open }\n"
    )
    # A name that is not known may have stood in what cannot be read.
    assert [line.partition(" → ")[0] for line in refusals(desk, settings)] == [
        "metrics.yaml:5:29: wrong-grain-field: time “status” of grain is not a time",
        "metrics.yaml:8:7: wrong-event-field: “spent” cannot come from events: it takes a time,"
        " the field is a duration",
        "metrics.yaml:9:7: wrong-event-field: “created_at” cannot come from events: every"
        ' case needs it: only first: "*" or last: "*" will do',
        "metrics.yaml:10:7: wrong-value: “{…}” is no value for “resolved_at”",
    ]
    found = refusals(desk, settings.replace(", last: open", ""))
    assert [line.partition(" → ")[0] for line in found] == [
        "metrics.yaml:5:14: unknown-field: Tickets have no field “tiket_id”",
        "metrics.yaml:5:29: wrong-grain-field: time “status” of grain is not a time",
        "metrics.yaml:7:7: unknown-field: Tickets have no field “spend”",
        "metrics.yaml:8:7: wrong-event-field: “spent” cannot come from events: it takes a time,"
        " the field is a duration",
        "metrics.yaml:9:7: wrong-event-field: “created_at” cannot come from events: every"
        ' case needs it: only first: "*" or last: "*" will do',
    ]


def test_events_need_to_know_what_happened_when(desk: Desk) -> None:
    found = refusals(
        desk, "    grain: { key: ticket_id }\n    events: { resolved_at: { last: done } }\n"
    )
    assert found == [
        "metrics.yaml:6:5: events-without-grain: events: needs grain: with its time and its"
        " activity → write grain: { key: ticket_id, time: updated_at, activity: status }"
    ]
