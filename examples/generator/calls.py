"""Calls: the hotline's queue, with those who hung up while they waited."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from generator import people, story
from generator.draw import between, long_tail, lots, pick
from generator.story import Month
from generator.tickets import PEAK_HOURS, service_moment

QUEUES = {"咨询热线": 52, "技术热线": 30, "售后热线": 18}
QUEUE_TEAMS = {
    "咨询热线": ("热线一组", "热线二组"),
    "技术热线": ("技术支持组",),
    "售后热线": ("售后组",),
}


@dataclass(slots=True, eq=False)
class Call:
    """One inbound call; times of talking are blank where nobody answered."""

    enqueued_at: datetime
    queue: str
    customer_id: str
    wait: timedelta
    call_id: str = ""
    answered_at: datetime | None = None
    abandoned: bool = False
    callback_requested: bool = False
    talk: timedelta | None = None
    hold: timedelta | None = None
    acw: timedelta | None = None
    transferred: bool | None = None
    agent_id: str | None = None


def make_calls(month: Month, agents: Sequence[people.Agent]) -> list[Call]:
    """The month's calls in the order they came in."""
    rng = lots("calls", month.label)
    strained = max(0.0, month.abandoned / month.calls - 0.055)
    calls = sorted(
        (_enqueue(rng, month, strained) for _ in range(month.calls)), key=lambda c: c.enqueued_at
    )
    for number, call in enumerate(calls, start=1):
        call.call_id = f"H{call.enqueued_at:%y%m%d}-{number:04d}"
    for call in pick(rng, calls, month.abandoned, lambda call: call.wait.total_seconds() + 6):
        call.abandoned = True
    members: dict[str, list[str]] = {}
    for agent in agents:
        members.setdefault(agent.team, []).append(agent.agent_id)
    for call in calls:
        if not call.abandoned:
            team = rng.choice(QUEUE_TEAMS[call.queue])
            _converse(rng, call, rng.choice(members[team]))
    return calls


def _enqueue(rng: random.Random, month: Month, strained: float) -> Call:
    moment = service_moment(rng, month)
    customer = people.customer_id(rng.randrange(1, people.CUSTOMERS))
    queue = rng.choices(list(QUEUES), list(QUEUES.values()))[0]
    return Call(moment, queue, customer, timedelta(seconds=_wait(rng, moment, strained)))


def _wait(rng: random.Random, moment: datetime, strained: float) -> int:
    """Mostly answered at once, at peak hours later, now and then after minutes."""
    if story.MAINTENANCE[0] <= moment < story.MAINTENANCE[1]:
        return between(rng, 10, 240, 45)
    lot = rng.random()
    if lot < 0.015 + strained / 2:
        return between(rng, 90, 420, 150)
    if lot < 0.65 - 3 * strained:
        return between(rng, 1, 13, 4)
    return long_tail(rng, 5, 15 if moment.hour in PEAK_HOURS else 9, 90)


def _converse(rng: random.Random, call: Call, agent_id: str) -> None:
    if call.wait > timedelta(seconds=60) and rng.random() < 0.2:
        call.callback_requested = True
        return
    technical = call.queue == "技术热线"
    call.agent_id = agent_id
    call.answered_at = call.enqueued_at + call.wait
    call.talk = timedelta(seconds=long_tail(rng, 25, 260 if technical else 160, 2400))
    call.hold = timedelta(seconds=between(rng, 5, 120, 20) if rng.random() < 0.22 else 0)
    call.acw = timedelta(seconds=between(rng, 5, 90, 20))
    call.transferred = rng.random() < (0.11 if technical else 0.06)
