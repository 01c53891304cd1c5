"""Complaints: what the complaint system holds about the tickets that are complaints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from generator import story
from generator.draw import between, lots, pick
from generator.story import Month
from generator.tickets import Ticket

CONTENTS = {
    story.SLOW_ANSWER: (
        "排队十几分钟没人接",
        "在线问了三遍, 一直显示“正在转接”",
        "说好当天回电，第二天才打来",
    ),
    story.HALF_SOLVED: ("修好两天又坏了", "只给了临时办法, 根本没有解决", "换了新机还是同样的故障"),
    story.ATTITUDE: ("客服不耐烦", '客服回了一句"你自己看说明书", 就挂了'),
    story.UNCLEAR: ("两位客服说的收费标准不一样", "下单时没有写明不含安装"),
    story.OTHER: ("发票抬头开错", "配件颜色不对", "要求更换送货时间\n并补发说明书", "希望延长保修"),
}
"""What people wrote; commas, quotes and a line break among it, as in any free text."""


@dataclass(slots=True, eq=False)
class Complaint:
    """One complaint; it is worked on as the ticket it belongs to."""

    ticket: Ticket
    complaint_id: str
    cause: str = story.OTHER
    content: str = ""
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
        complaint.content = rng.choice(CONTENTS[complaint.cause])
        if complaint.ticket.repeat_of:
            complaint.repeat_of = by_ticket[complaint.ticket.repeat_of]
        if complaint.ticket.resolved_at is not None:
            pause = timedelta(minutes=between(rng, 5, 240, 20))
            complaint.closed_at = complaint.ticket.resolved_at + pause
    return complaints


def _likeliness(complaint: Complaint, cause: str) -> float:
    """The evening of the maintenance was about waiting."""
    return 40 if cause == story.SLOW_ANSWER and complaint.ticket.in_maintenance else 1
