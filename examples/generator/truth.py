"""Everything that happened, before any export looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from generator.calls import Call, make_calls
from generator.checks import Check, make_checks
from generator.complaints import Complaint, make_complaints
from generator.handling import handle_tickets
from generator.people import Agent, make_agents
from generator.story import MONTHS, Month
from generator.surveys import Survey, make_surveys
from generator.tickets import Ticket, open_tickets


@dataclass(slots=True)
class Truth:
    """All records; by month where a month makes them."""

    agents: list[Agent]
    tickets: dict[str, list[Ticket]] = field(default_factory=dict)
    calls: dict[str, list[Call]] = field(default_factory=dict)
    complaints: dict[str, list[Complaint]] = field(default_factory=dict)
    checks: dict[str, list[Check]] = field(default_factory=dict)
    surveys: list[Survey] = field(default_factory=list)

    def all_tickets(self) -> Iterator[Ticket]:
        """The tickets of every month, in the order they came in."""
        for tickets in self.tickets.values():
            yield from tickets


def make_truth() -> Truth:
    """Live through all months."""
    truth = Truth(make_agents())
    before: Month | None = None
    for month in MONTHS:
        earlier = truth.tickets[before.label] if before else []
        tickets = open_tickets(month, earlier)
        handle_tickets(month, tickets, truth.agents)
        known = [one for complaints in truth.complaints.values() for one in complaints]
        truth.tickets[month.label] = tickets
        truth.complaints[month.label] = make_complaints(month, tickets, known)
        truth.calls[month.label] = make_calls(month, truth.agents)
        truth.checks[month.label] = make_checks(month)
        before = month
    truth.surveys = make_surveys(MONTHS, truth.all_tickets())
    return truth
