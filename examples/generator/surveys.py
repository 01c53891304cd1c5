"""Surveys: who was asked after a ticket was resolved, who answered, and what."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from generator import story
from generator.draw import CERTAIN, between, lots, pick
from generator.story import Month, label_of
from generator.tickets import Ticket

HOUR = 3600
WAKING_HOUR = 7
SATISFIED = 4
DIMENSIONS = ("d_attitude", "d_response", "d_expertise", "d_process", "d_outcome")

HAPPY_COMMENTS = ("回复很快", "讲得很清楚", "问题解决了，谢谢", "态度很好", "一次就说明白了")
UNHAPPY_COMMENTS = ("等了很久才有人接", "同样的问题说了三遍", "转来转去没人负责") + (
    "没有真正解决，过几天又坏了",
    '客服说"已处理", 但没有任何变化',
)


@dataclass(slots=True, eq=False)
class Survey:
    """One invitation, and the answer if there was one."""

    ticket: Ticket
    sent_at: datetime
    would_respond_at: datetime
    survey_id: str = ""
    answered: bool = False
    csat: int | None = None
    nps: int | None = None
    ces: int | None = None
    dimensions: tuple[int | None, ...] = (None,) * len(DIMENSIONS)
    resolved_self_report: bool | None = None
    comment: str | None = None
    fill_time: timedelta | None = None

    @property
    def responded_at(self) -> datetime | None:
        return self.would_respond_at if self.answered else None

    @property
    def mode(self) -> str:
        return {"电话": "电话", "在线": "在线"}.get(self.ticket.channel, "短信邮件")

    @property
    def is_satisfied(self) -> bool:
        return self.csat is not None and self.csat >= SATISFIED


def make_surveys(months: Sequence[Month], tickets: Iterable[Ticket]) -> list[Survey]:
    """All invitations in the order they were sent; answers count in the month they came in."""
    rng = lots("surveys")
    offers = [_offer(rng, ticket) for ticket in tickets if ticket.counts and ticket.resolved_at]
    by_answer = _by_month(offers, lambda one: one.would_respond_at)
    by_offer = _by_month(offers, lambda one: one.sent_at)
    sent: list[Survey] = []
    for month in months:
        due = by_answer[month.label]
        for kind, (rated, satisfied) in month.ratings.items():
            answers = pick(rng, [o for o in due if o.ticket.problem_type == kind], rated, _keenness)
            unhappy = set(pick(rng, answers, rated - satisfied, _unhappiness))
            for survey in answers:
                _fill_in(rng, survey, survey in unhappy)
            sent += answers
    for month in months:
        open_offers = [one for one in by_offer[month.label] if not one.answered]
        sent += pick(rng, open_offers, month.silent, lambda _: 1)
    sent.sort(key=lambda survey: (survey.sent_at, survey.ticket.ticket_id))
    _number(sent)
    return sent


def _by_month(
    offers: Iterable[Survey], moment: Callable[[Survey], datetime]
) -> dict[str, list[Survey]]:
    found: dict[str, list[Survey]] = {}
    for one in offers:
        found.setdefault(label_of(moment(one)), []).append(one)
    return found


def _offer(rng: random.Random, ticket: Ticket) -> Survey:
    assert ticket.resolved_at is not None
    earlier = label_of(ticket.created_at) not in story.REPORT_MONTHS
    in_time = rng.random() < (0.74 if earlier else 0.9)
    hours = between(rng, 24.2, 47.5, 26) if in_time else rng.choice((2, 6, 20, 50, 60, 71))
    sent = ticket.resolved_at + timedelta(hours=hours, minutes=rng.randrange(1, 29))
    answered = sent + timedelta(seconds=round(min(60 * HOUR, 90 + rng.expovariate(1 / (5 * HOUR)))))
    if answered.hour < WAKING_HOUR:
        answered += timedelta(hours=WAKING_HOUR)
    return Survey(ticket, sent, answered)


def _keenness(survey: Survey) -> float:
    return CERTAIN if survey.ticket.is_printer_case else 1


def _unhappiness(survey: Survey) -> float:
    """Slow answers and matters that were not settled at once make people unhappy."""
    ticket = survey.ticket
    if ticket.is_printer_case:
        return CERTAIN
    return (1 + 1.5 * ticket.is_slow) * (1 if ticket.first_contact_resolved else 2.5)


def _fill_in(rng: random.Random, survey: Survey, unhappy: bool) -> None:
    survey.answered = True
    survey.csat = (
        rng.choices((3, 2, 1), (55, 28, 17))[0] if unhappy else rng.choices((5, 4), (78, 22))[0]
    )
    if survey.ticket.is_printer_case:
        survey.csat, survey.comment = story.PRINTER_CASE_SCORE, story.PRINTER_CASE_COMMENT
    elif rng.random() < 0.12:
        survey.comment = rng.choice(UNHAPPY_COMMENTS if unhappy else HAPPY_COMMENTS)
    if rng.random() < 0.7:
        survey.nps = between(rng, 0, 7, 5) if unhappy else between(rng, 6, 10, 9.5)
    if rng.random() < 0.6:
        survey.ces = between(rng, 3, 7, 5) if unhappy else between(rng, 1, 4, 1.6)
    survey.dimensions = tuple(_dimension(rng, survey, name) for name in DIMENSIONS)
    if rng.random() < 0.8:
        survey.resolved_self_report = rng.random() < (0.45 if unhappy else 0.96)
    if survey.ticket.is_printer_case:
        survey.resolved_self_report = False
    survey.fill_time = timedelta(seconds=between(rng, 8, 140, 30))


def _dimension(rng: random.Random, survey: Survey, name: str) -> int | None:
    if rng.random() < 0.04:
        return None
    assert survey.csat is not None
    drift = {"d_response": -0.35, "d_outcome": -0.25, "d_attitude": 0.2}.get(name, 0.0)
    return max(1, min(5, round(survey.csat + drift + rng.uniform(-0.8, 0.6))))


def _number(surveys: Sequence[Survey]) -> None:
    day, number = "", 0
    for survey in surveys:
        today = f"{survey.sent_at:%y%m%d}"
        number = number + 1 if today == day else 1
        day = today
        survey.survey_id = f"S{today}-{number:04d}"
