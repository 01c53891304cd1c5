"""What became of the tickets: answered, resolved, judged, so that the month adds up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

from generator import people, story
from generator.draw import CERTAIN, NEVER, between, long_tail, lots, pick, settle
from generator.story import Month
from generator.tickets import PEAK_HOURS, Ticket

MINUTE, HOUR = 60, 3600

FAST_BOUNDS = (2, story.SLOW_SECONDS)
SLOW_BOUNDS = (story.SLOW_SECONDS + 1, 150)
SHORT_TECH_BOUNDS = (155, story.LONG_TECH_SECONDS)
LONG_TECH_BOUNDS = (story.LONG_TECH_SECONDS + 1, 4 * HOUR)

FIRST_TIME_WEIGHTS = {
    story.PRODUCT: 3.0,
    story.DELIVERY: 2.0,
    story.ACCOUNT: 2.4,
    story.TECH: 1.5,
    story.AFTER_SALES: 0.9,
    story.COMPLAINT: 0.15,
}


def handle_tickets(month: Month, tickets: Sequence[Ticket], agents: Sequence[people.Agent]) -> None:
    """Fill in everything that happened to the month's tickets after they came in."""
    rng = lots("handling", month.label)
    counted = [ticket for ticket in tickets if ticket.counts]
    _assign(rng, tickets, agents)
    _answer(rng, month, counted)
    _mark_complex(rng, month, counted)
    _answer_complaints(rng, month, counted)
    _resolve(rng, month, counted)
    _resolve_tech(rng, month, counted)
    _judge(rng, month, counted)
    _count_contacts(rng, month, counted)
    for ticket in counted:
        _transfer(rng, ticket)
        _follow_up(rng, month, ticket)
    for ticket in tickets:
        if not ticket.counts:
            _dismiss(rng, ticket)


# Who, and how quickly ------------------------------------------------------------------------


def _assign(rng: random.Random, tickets: Sequence[Ticket], agents: Sequence[people.Agent]) -> None:
    members: dict[str, list[str]] = {}
    for agent in agents:
        members.setdefault(agent.team, []).append(agent.agent_id)
    for ticket in tickets:
        ticket.team = people.choose_team(rng, ticket.problem_type, ticket.channel)
        ticket.agent_id = rng.choice(members[ticket.team])


def _answer(rng: random.Random, month: Month, tickets: Sequence[Ticket]) -> None:
    """First responses: the evening of the maintenance by itself, then everything else."""
    evening = [t for t in tickets if t.in_maintenance]
    rest = [t for t in tickets if not t.in_maintenance]
    slow, slow_tech, seconds = month.slow, month.slow_tech, month.response_seconds
    if evening:
        total = len(evening) * story.MAINTENANCE_MEAN_RESPONSE
        _answer_group(rng, evening, story.MAINTENANCE_SLOW, story.MAINTENANCE_SLOW_TECH, total)
        slow -= story.MAINTENANCE_SLOW
        slow_tech -= story.MAINTENANCE_SLOW_TECH
        seconds -= total
    silent = _choose_unanswered(rng, month, rest)
    _answer_group(rng, [t for t in rest if t not in silent], slow, slow_tech, seconds)
    for ticket in tickets:
        if ticket.response_seconds is not None:
            soonest = min(ticket.response_seconds, between(rng, 1, 9, 2))
            ticket.assigned_at = ticket.created_at + timedelta(seconds=soonest)


def _choose_unanswered(rng: random.Random, month: Month, tickets: Sequence[Ticket]) -> set[Ticket]:
    def weight(ticket: Ticket) -> float:
        busy = ticket.came_back or ticket.is_printer_case or ticket.problem_type == story.COMPLAINT
        return NEVER if busy else 1

    tech = [t for t in tickets if t.problem_type == story.TECH]
    rest = [t for t in tickets if t.problem_type != story.TECH]
    chosen = pick(rng, tech, month.unanswered_tech, weight)
    return set(chosen + pick(rng, rest, month.unanswered - month.unanswered_tech, weight))


def _answer_group(
    rng: random.Random, tickets: Sequence[Ticket], slow: int, slow_tech: int, total: int
) -> None:
    """Answer every ticket: `slow` of them late, and `total` seconds altogether."""
    tech = [t for t in tickets if t.problem_type == story.TECH]
    rest = [t for t in tickets if t.problem_type != story.TECH]
    late = set(pick(rng, tech, slow_tech, _slowness) + pick(rng, rest, slow - slow_tech, _slowness))
    drawn = [_draw_response(rng, ticket, ticket in late) for ticket in tickets]
    bounds = [SLOW_BOUNDS if ticket in late else FAST_BOUNDS for ticket in tickets]
    for ticket, seconds in zip(tickets, settle(rng, drawn, bounds, total), strict=True):
        ticket.first_response_at = ticket.created_at + timedelta(seconds=seconds)


def _slowness(ticket: Ticket) -> float:
    if ticket.is_printer_case:
        return NEVER
    peak = 2.2 if ticket.created_at.hour in PEAK_HOURS else 1.0
    return peak * (0.6 if ticket.channel == "电话" else 1.3)


def _draw_response(rng: random.Random, ticket: Ticket, late: bool) -> int:
    if late:
        return long_tail(rng, SLOW_BOUNDS[0], 8, SLOW_BOUNDS[1])
    return between(rng, 2, 18, 5) if ticket.channel == "电话" else between(rng, 3, 28, 7)


# How long it took ----------------------------------------------------------------------------


def _mark_complex(rng: random.Random, month: Month, tickets: Sequence[Ticket]) -> None:
    def weight(ticket: Ticket) -> float:
        if ticket.is_printer_case:
            return CERTAIN
        return {story.TECH: 4.0, story.AFTER_SALES: 2.0}.get(ticket.problem_type, 0.5)

    for ticket in pick(rng, tickets, month.complex, weight):
        ticket.complex = True


def _answer_complaints(rng: random.Random, month: Month, tickets: Sequence[Ticket]) -> None:
    complaints = [t for t in tickets if t.problem_type == story.COMPLAINT]
    last_day = month.exported_at - timedelta(days=2)

    def weight(ticket: Ticket) -> float:
        return NEVER if ticket.came_back or ticket.created_at > last_day else 1

    late = set(pick(rng, complaints, month.complaints_late, weight))
    for ticket in complaints:
        minutes = between(rng, 24.5 * 60, 40 * 60, 26 * 60) if ticket in late else 0
        if ticket not in late:
            latest = 90 if ticket.created_at > last_day or ticket.came_back else 22 * 60
            minutes = between(rng, 10, latest, min(latest, 160))
        ticket.complaint_response_at = ticket.created_at + timedelta(minutes=minutes)


def _draw_resolution(rng: random.Random, ticket: Ticket) -> int:
    """Seconds from creation to resolution of anything but technical support."""
    kind, quickly = ticket.problem_type, ticket.came_back
    if kind == story.COMPLAINT:
        assert ticket.complaint_response_at is not None
        answer = int((ticket.complaint_response_at - ticket.created_at).total_seconds())
        return answer + between(rng, 0.5 * HOUR, (5 if quickly else 26) * HOUR, 2 * HOUR)
    if kind == story.AFTER_SALES and not quickly and rng.random() < 0.45:
        return between(rng, 3 * HOUR, 68 * HOUR, 7 * HOUR)
    if kind == story.DELIVERY and not quickly and rng.random() < 0.12:
        return between(rng, 4 * HOUR, 30 * HOUR, 6 * HOUR)
    mean = {story.PRODUCT: 5, story.ACCOUNT: 9, story.DELIVERY: 20, story.AFTER_SALES: 16}[kind]
    return long_tail(rng, 170, mean * MINUTE, 2 * HOUR)


def _resolve(rng: random.Random, month: Month, tickets: Sequence[Ticket]) -> None:
    """Resolve everything but technical support; what would end too late stays open."""
    complaints = [t for t in tickets if t.problem_type == story.COMPLAINT]
    others = [t for t in tickets if t.problem_type not in {story.COMPLAINT, story.TECH}]
    for group, open_count in ((complaints, month.complaints_open), (others, len(others) // 250)):
        for ticket in group:
            seconds = _draw_resolution(rng, ticket)
            ticket.resolved_at = ticket.created_at + timedelta(seconds=seconds)
        too_late = [t for t in group if _ends_too_late(t)]
        stay_open = pick(rng, group, max(open_count, len(too_late)), _openness)
        for ticket in stay_open:
            ticket.resolved_at = None


def _ends_too_late(ticket: Ticket) -> bool:
    end = story.AUGUST.exported_at
    return ticket.first_response_at is None or (
        ticket.resolved_at is not None and ticket.resolved_at >= end
    )


def _openness(ticket: Ticket) -> float:
    if _ends_too_late(ticket):
        return CERTAIN
    return NEVER if ticket.came_back or ticket.is_printer_case else _recentness(ticket)


def _recentness(ticket: Ticket) -> float:
    return (ticket.created_at.day / 31) ** 12 + 0.01


def _resolve_tech(rng: random.Random, month: Month, tickets: Sequence[Ticket]) -> None:
    """Resolve technical support: `tech_long` of it late, `tech_seconds` altogether."""
    tech = [t for t in tickets if t.problem_type == story.TECH]
    still_open = set(pick(rng, tech, month.tech_open, _openness))
    resolved = [t for t in tech if t not in still_open]
    late = set(pick(rng, resolved, month.tech_long, _lateness))
    drawn, bounds = [], []
    for ticket in resolved:
        if ticket.is_printer_case:
            drawn.append(story.PRINTER_CASE_SECONDS)
            bounds.append((story.PRINTER_CASE_SECONDS, story.PRINTER_CASE_SECONDS))
        elif ticket in late:
            drawn.append(long_tail(rng, LONG_TECH_BOUNDS[0], 8 * MINUTE, LONG_TECH_BOUNDS[1]))
            bounds.append(LONG_TECH_BOUNDS)
        else:
            drawn.append(between(rng, 160, LONG_TECH_BOUNDS[0] - 30, 11 * MINUTE))
            bounds.append(SHORT_TECH_BOUNDS)
    for ticket, seconds in zip(
        resolved, settle(rng, drawn, bounds, month.tech_seconds), strict=True
    ):
        ticket.resolved_at = ticket.created_at + timedelta(seconds=seconds)


def _lateness(ticket: Ticket) -> float:
    if ticket.is_printer_case:
        return NEVER
    return (3 if ticket.complex else 1) * (1.6 if ticket.is_slow else 1)


# How well it went ----------------------------------------------------------------------------


def _judge(rng: random.Random, month: Month, tickets: Sequence[Ticket]) -> None:
    for ticket in pick(rng, tickets, month.first_time, _first_time_chance):
        ticket.first_contact_resolved = True
        ticket.resolved_in_session = _is_short(ticket) and rng.random() < 0.94
    unsettled = [t for t in tickets if not t.first_contact_resolved]
    for ticket in pick(rng, unsettled, month.departments, _department_chance):
        ticket.departments = 3 if rng.random() < 0.15 else 2
    complex_ones = [t for t in tickets if t.complex]
    for ticket in pick(rng, complex_ones, month.outsourced, _outsourcing_chance):
        ticket.outsourced = True


def _is_short(ticket: Ticket) -> bool:
    return (ticket.resolution_seconds or HOUR) <= 30 * MINUTE


def _first_time_chance(ticket: Ticket) -> float:
    if ticket.resolved_at is None or ticket.came_back or ticket.is_printer_case:
        return NEVER
    chance = FIRST_TIME_WEIGHTS[ticket.problem_type]
    return chance * (1 if _is_short(ticket) else 0.35) * (0.4 if ticket.complex else 1)


def _department_chance(ticket: Ticket) -> float:
    if ticket.is_printer_case:
        return CERTAIN
    if ticket.first_response_at is None:
        return NEVER
    return (3 if ticket.complex else 1) * (2 if ticket.problem_type == story.COMPLAINT else 1)


def _outsourcing_chance(ticket: Ticket) -> float:
    if ticket.is_printer_case:
        return CERTAIN
    return 1 if ticket.first_contact_resolved else 2


def _count_contacts(rng: random.Random, month: Month, tickets: Sequence[Ticket]) -> None:
    resolved = [t for t in tickets if t.resolved_at is not None]
    for ticket in resolved:
        ticket.contacts = (
            1 if ticket.first_contact_resolved else 2 + min(4, int(rng.expovariate(1)))
        )
    complaints = [t for t in resolved if t.problem_type == story.COMPLAINT]
    drawn = [ticket.contacts or 1 for ticket in complaints]
    bounds = [(1, 1) if t.first_contact_resolved else (2, 8) for t in complaints]
    for ticket, contacts in zip(
        complaints, settle(rng, drawn, bounds, month.contacts), strict=True
    ):
        ticket.contacts = contacts


def _transfer(rng: random.Random, ticket: Ticket) -> None:
    """Transfers, and what the technical department did with what it was passed."""
    if ticket.first_response_at is None:
        return
    chance = 0.03 if ticket.first_contact_resolved else 0.3
    if ticket.departments > 1 or rng.random() < chance:
        ticket.transfers = max(ticket.departments - 1, 2 if rng.random() < 0.15 else 1)
        ticket.transfer_info_complete = rng.random() < 0.62
        ticket.transferred_to_tech = ticket.problem_type in {story.TECH, story.AFTER_SALES}
    if ticket.transferred_to_tech:
        seconds = ticket.resolution_seconds or 6 * HOUR
        share = rng.uniform(0.2, 0.7) * (1 if rng.random() < 0.8 else 1.3)
        plan = min(int(seconds * share), between(rng, 0.5 * HOUR, 3 * HOUR, HOUR))
        ticket.first_plan_at = ticket.first_response_at + timedelta(seconds=plan)


def _follow_up(rng: random.Random, month: Month, ticket: Ticket) -> None:
    """What comes later: reopenings, pauses, news for those who wait."""
    if ticket.resolved_at is not None and not ticket.first_contact_resolved:
        ticket.reopen_count = rng.choices((0, 1, 2), (84, 13, 3))[0]
    seconds = ticket.resolution_seconds
    takes_long = seconds is not None and seconds > 3 * HOUR
    if seconds and takes_long and ticket.problem_type == story.AFTER_SALES and rng.random() < 0.4:
        pause = between(rng, 0.05 * seconds, 0.5 * seconds, 0.2 * seconds)
        ticket.paused = timedelta(seconds=pause // MINUTE * MINUTE)
    _tell_progress(rng, month, ticket)


def _tell_progress(rng: random.Random, month: Month, ticket: Ticket) -> None:
    """Whoever waits for more than a day is told how things stand, mostly within the day."""
    ends = ticket.resolved_at or month.exported_at
    if ticket.first_response_at is None or ends - ticket.created_at <= timedelta(hours=24):
        return
    hours = between(rng, 2, 23, 12) if rng.random() < 0.86 else between(rng, 25, 50, 27)
    note = ticket.created_at + timedelta(hours=hours, minutes=rng.randrange(59))
    if note < ends and rng.random() < 0.95:
        ticket.progress_note_at = note


def _dismiss(rng: random.Random, ticket: Ticket) -> None:
    """Spam is closed unread for the most part; a merged ticket is closed at once."""
    if ticket.spam and rng.random() < 0.8:
        ticket.agent_id = None
        return
    ticket.assigned_at = ticket.created_at + timedelta(seconds=3)
    ticket.first_response_at = ticket.created_at + timedelta(seconds=between(rng, 5, 40, 12))
    ticket.resolved_at = ticket.created_at + timedelta(seconds=between(rng, 60, 400, 120))
