"""Complaints: what the complaint system holds about the tickets that are complaints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from generator import story
from generator.draw import between, lots, pick
from generator.story import Month
from generator.tickets import Ticket


@dataclass(slots=True, eq=False)
class Complaint:
    """One complaint; it is worked on as the ticket it belongs to."""

    ticket: Ticket
    complaint_id: str
    cause: str = story.OTHER
    closed_at: datetime | None = None
    repeat_of: str | None = None


def make_complaints(
    month: Month, tickets: Sequence[Ticket], before: Sequence[Complaint]
) -> list[Complaint]:
    """The month's complaints, with as many of each cause as planned."""
    rng = lots("complaints", month.label)
    complaints = [
        Complaint(ticket, f"P{ticket.ticket_id[1:7]}-{ticket.ticket_id[-3:]}")
        for ticket in tickets
        if ticket.counts and ticket.problem_type == story.COMPLAINT
    ]
    left = list(complaints)
    for cause, count in month.causes.items():
        if cause != story.OTHER:
            chosen = pick(rng, left, count, lambda one: _likeliness(one, cause))  # noqa: B023
            for complaint in chosen:
                complaint.cause = cause
            left = [one for one in left if one.cause == story.OTHER]
    by_ticket = {one.ticket.ticket_id: one.complaint_id for one in (*before, *complaints)}
    for complaint in complaints:
        if complaint.ticket.repeat_of:
            complaint.repeat_of = by_ticket[complaint.ticket.repeat_of]
        if complaint.ticket.resolved_at is not None:
            pause = timedelta(minutes=between(rng, 5, 240, 20))
            complaint.closed_at = complaint.ticket.resolved_at + pause
    return complaints


def _likeliness(complaint: Complaint, cause: str) -> float:
    """The evening of the maintenance was about waiting."""
    return 40 if cause == story.SLOW_ANSWER and complaint.ticket.in_maintenance else 1
