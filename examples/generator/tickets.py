"""Tickets as they come in: when, about what, from whom; `handling` says what became of them."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache

from generator import people, story
from generator.draw import NEVER, lots, pick
from generator.story import Month

WEEKDAYS = (11, 10.5, 10, 10, 10.5, 7.5, 6.5)
"""How busy Monday to Sunday are."""
HOURS = {8: 3, 9: 8, 10: 11, 11: 9, 12: 5, 13: 6, 14: 10, 15: 10, 16: 8, 17: 6, 18: 5, 19: 5} | {
    20: 7,
    21: 5,
}
PEAK_HOURS = (10, 11, 14, 15, 20, 21)

CHANNELS = {"电话": 58, "在线": 30, "微信": 12}
TECH_CHANNELS = {"电话": 64, "在线": 28, "微信": 8}

PRODUCTS = {"打印机": 26, "路由器": 22, "智能门锁": 18, "扫地机器人": 16, "摄像头": 12, "显示器": 6}
TECH_PRODUCTS = {
    "打印机": 38,
    "路由器": 30,
    "智能门锁": 14,
    "扫地机器人": 6,
    "摄像头": 10,
    "显示器": 2,
}

NO_PRODUCT = 0.02
"""The share of tickets in which nobody filled in the product."""

RETURN_WINDOW = (timedelta(hours=5), timedelta(days=6.5))
COMPLAINT_RETURN_WINDOW = (timedelta(days=1, hours=6), timedelta(days=29))
"""How long after a ticket the same customer comes back about the same matter."""
QUIET_DAYS = timedelta(days=8)
"""Otherwise a customer stays away from the same kind of problem for this long."""


@dataclass(slots=True, eq=False)
class Ticket:
    """One ticket, as true as it gets; an export shows what of it was known by then."""

    created_at: datetime
    problem_type: str
    ticket_id: str = ""
    channel: str = ""
    customer_id: str = ""
    product: str = ""
    team: str = ""
    agent_id: str | None = None
    assigned_at: datetime | None = None
    first_response_at: datetime | None = None
    resolved_at: datetime | None = None
    transfers: int = 0
    transfer_info_complete: bool | None = None
    transferred_to_tech: bool | None = None
    first_plan_at: datetime | None = None
    departments: int = 1
    complex: bool = False
    first_contact_resolved: bool = False
    resolved_in_session: bool = False
    reopen_count: int = 0
    outsourced: bool = False
    complaint_response_at: datetime | None = None
    repeat_of: str | None = None
    progress_note_at: datetime | None = None
    paused: timedelta | None = None
    contacts: int | None = None
    spam: bool = False
    merged_into: str | None = None
    came_back: bool = False
    """The customer had to come back about it."""
    original: Ticket | None = field(default=None, repr=False)

    @property
    def counts(self) -> bool:
        """Whether it is a ticket of the default row set: neither spam nor merged."""
        return not self.spam and self.merged_into is None

    @property
    def is_printer_case(self) -> bool:
        return self.created_at == story.PRINTER_CASE

    @property
    def in_maintenance(self) -> bool:
        start, end = story.MAINTENANCE
        return start <= self.created_at < end

    @property
    def customer_type(self) -> str:
        return people.customer_type(self.customer_id)

    @property
    def response_seconds(self) -> int | None:
        if self.first_response_at is None:
            return None
        return int((self.first_response_at - self.created_at).total_seconds())

    @property
    def resolution_seconds(self) -> int | None:
        if self.resolved_at is None:
            return None
        return int((self.resolved_at - self.created_at).total_seconds())

    @property
    def is_slow(self) -> bool:
        return (self.response_seconds or 0) > story.SLOW_SECONDS


def open_tickets(month: Month, before: Sequence[Ticket]) -> list[Ticket]:
    """The month's tickets in the order they came in, spam and merged ones among them."""
    rng = lots("tickets", month.label)
    tickets = [Ticket(moment, kind) for moment, kind in _openings(rng, month)]
    tickets += [
        Ticket(_ordinary_moment(rng, month), story.OTHER, spam=True) for _ in range(month.spam)
    ]
    tickets.sort(key=lambda ticket: ticket.created_at)
    for ticket in tickets:
        ticket.channel = _choose(
            rng, TECH_CHANNELS if ticket.problem_type == story.TECH else CHANNELS
        )
        ticket.product = _choose(
            rng, TECH_PRODUCTS if ticket.problem_type == story.TECH else PRODUCTS
        )
        if rng.random() < NO_PRODUCT:
            ticket.product = ""
        if ticket.is_printer_case:
            ticket.product, ticket.channel = "打印机", "电话"
    tickets = _with_merged(rng, month, tickets)
    _number(tickets)
    _name_customers(rng, month, tickets, before)
    return tickets


def _choose(rng: random.Random, shares: dict[str, int]) -> str:
    return rng.choices(list(shares), list(shares.values()))[0]


def _openings(rng: random.Random, month: Month) -> list[tuple[datetime, str]]:
    left = dict(month.kinds)
    openings: list[tuple[datetime, str]] = []
    start, end = story.MAINTENANCE
    if start.strftime("%Y-%m") == month.label:
        span = int((end - start).total_seconds())
        for kind, count in story.MAINTENANCE_TICKETS.items():
            left[kind] -= count
            openings += [
                (start + timedelta(seconds=rng.randrange(span)), kind) for _ in range(count)
            ]
    if story.PRINTER_CASE.strftime("%Y-%m") == month.label:
        left[story.TECH] -= 1
        openings.append((story.PRINTER_CASE, story.TECH))
    kinds = [kind for kind, count in left.items() for _ in range(count)]
    return openings + [(_ordinary_moment(rng, month), kind) for kind in kinds]


def service_moment(rng: random.Random, month: Month) -> datetime:
    """A moment of the month within service hours, as busy as its weekday and its hour are."""
    days = _days(month.start, month.end)
    day = rng.choices(list(days), list(days.values()))[0]
    hour = rng.choices(list(HOURS), list(HOURS.values()))[0]
    return datetime(day.year, day.month, day.day, hour, rng.randrange(60), rng.randrange(60))


@cache
def _days(start: date, end: date) -> dict[date, float]:
    """The days from `start` until before `end`, and how busy each is."""
    days = [start + timedelta(days=n) for n in range((end - start).days)]
    return {day: WEEKDAYS[day.weekday()] for day in days}


def _ordinary_moment(rng: random.Random, month: Month) -> datetime:
    """A moment that belongs neither to the maintenance nor to the printer case."""
    start, end = story.MAINTENANCE
    while True:
        moment = service_moment(rng, month)
        if not start <= moment <= end and moment != story.PRINTER_CASE:
            return moment


def _with_merged(rng: random.Random, month: Month, tickets: list[Ticket]) -> list[Ticket]:
    """The tickets and, minutes behind a few of them, the same once more, to be merged."""
    evening = story.MAINTENANCE[0].date()
    sources = [t for t in tickets if t.counts and t.created_at.date() != evening]
    for source in pick(rng, sources, month.merged, lambda _: 1):
        again = Ticket(
            source.created_at + timedelta(seconds=rng.randrange(40, 500)),
            source.problem_type,
            channel=source.channel,
            product=source.product,
            merged_into="later",
            original=source,
        )
        tickets.append(again)
    return sorted(tickets, key=lambda ticket: ticket.created_at)


def _number(tickets: list[Ticket]) -> None:
    day, number = date.min, 0
    for ticket in tickets:
        number = number + 1 if ticket.created_at.date() == day else 1
        day = ticket.created_at.date()
        ticket.ticket_id = f"T{day:%y%m%d}-{number:05d}"
    for ticket in tickets:
        if ticket.original:
            ticket.merged_into = ticket.original.ticket_id


def _name_customers(
    rng: random.Random, month: Month, tickets: list[Ticket], before: Sequence[Ticket]
) -> None:
    """Who wrote: strangers for the most part, and as many as planned who come back."""
    returning = _choose_returning(rng, month, tickets)
    seen: dict[str, list[Ticket]] = {kind: [] for kind in month.kinds}
    last: dict[tuple[str, str], datetime] = {}
    for ticket in before:
        if ticket.counts:
            seen[ticket.problem_type].append(ticket)
            last[ticket.customer_id, ticket.problem_type] = ticket.created_at
    for ticket in tickets:
        if ticket.original:
            ticket.customer_id = ticket.original.customer_id
            continue
        if ticket in returning:
            original = _original(rng, ticket, seen[ticket.problem_type])
            original.came_back = True
            ticket.repeat_of, ticket.customer_id = original.ticket_id, original.customer_id
            ticket.product = original.product
        else:
            ticket.customer_id = _stranger(rng, ticket, last)
        last[ticket.customer_id, ticket.problem_type] = ticket.created_at
        if ticket.counts:
            seen[ticket.problem_type].append(ticket)


def _choose_returning(rng: random.Random, month: Month, tickets: list[Ticket]) -> set[Ticket]:
    early = timedelta(days=2) if month is story.MONTHS[0] else timedelta(0)
    first = datetime(month.start.year, month.start.month, 1)
    counted = [t for t in tickets if t.counts and not t.is_printer_case]
    groups = {
        story.TECH: (month.tech_repeats, early),
        story.COMPLAINT: (month.complaint_repeats, 5 * early),
        "": (month.other_repeats, early),
    }
    returning: set[Ticket] = set()
    for kind, (count, wait) in groups.items():
        members = [t for t in counted if _group(t) == kind and t.created_at >= first + wait]
        returning.update(pick(rng, members, count, lambda _: 1))
    return returning


def _group(ticket: Ticket) -> str:
    return ticket.problem_type if ticket.problem_type in {story.TECH, story.COMPLAINT} else ""


def _opened(ticket: Ticket) -> datetime:
    return ticket.created_at


def _original(rng: random.Random, ticket: Ticket, seen: list[Ticket]) -> Ticket:
    """Which of the tickets so far, the oldest first, the customer comes back about.

    It is seldom one that seemed settled.
    """
    complains = ticket.problem_type == story.COMPLAINT
    shortest, longest = COMPLAINT_RETURN_WINDOW if complains else RETURN_WINDOW
    begin = bisect_left(seen, ticket.created_at - longest, key=_opened)
    end = bisect_right(seen, ticket.created_at - shortest, key=_opened)

    def weight(earlier: Ticket) -> float:
        if earlier.is_printer_case or earlier.came_back:
            return NEVER
        is_known = earlier.created_at.month != ticket.created_at.month
        if is_known and (earlier.resolved_at or datetime.max) > ticket.created_at:
            return NEVER
        return 0.02 if earlier.first_contact_resolved else 1

    return pick(rng, seen[begin:end], 1, weight)[0]


def _stranger(rng: random.Random, ticket: Ticket, last: dict[tuple[str, str], datetime]) -> str:
    while True:
        customer = people.customer_id(rng.randrange(1, people.CUSTOMERS))
        previous = last.get((customer, ticket.problem_type))
        if previous is None or ticket.created_at - previous > QUIET_DAYS:
            return customer
