"""The figures that must come out, counted from the truth by plain loops."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from generator import story
from generator.complaints import Complaint
from generator.story import AUGUST, JULY, MONTHS, REPORT_MONTHS, label_of
from generator.surveys import Survey
from generator.tickets import Ticket
from generator.truth import Truth

REPORT = "2025-07..2025-08"
HALF_YEAR = "2025H1"
HALF_YEAR_MONTHS = tuple(month.label for month in MONTHS if month.label < REPORT_MONTHS[0])

Parts = tuple[int, int]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the report: what it prints, and what it is made of.

    `whole` is `None` for a count; then `part` is the number.
    """

    id: str
    shown: str
    part: int
    whole: int | None = None
    period: str = REPORT

    def checked(self) -> Figure:
        """This figure, unless its parts do not print what the story says."""
        printed = self._printed()
        if printed != self.shown:
            raise AssertionError(f"{self.id}: {printed}, not {self.shown}")
        return self

    def _printed(self) -> str:
        if self.whole is None:
            return f"{self.part:,}"
        value = self.part / self.whole
        number, _, unit = self.shown.partition(" ")
        scale = {"%": 100.0, "min": 1 / 60}.get(unit, 1.0)
        decimals = len(number.partition(".")[2])
        return f"{value * scale:.{decimals}f} {unit}".strip()


class Sight:
    """The records of some months as the default row sets have them."""

    def __init__(self, truth: Truth, labels: Sequence[str]) -> None:
        self.tickets = [t for label in labels for t in truth.tickets[label] if t.counts]
        self.answered = [t for t in self.tickets if t.response_seconds is not None]
        self.slow = [t for t in self.answered if t.is_slow]
        self.unsettled = [t for t in self.tickets if not t.first_contact_resolved]
        self.tech = [t for t in self.tickets if t.problem_type == story.TECH]
        self.tech_resolved = [t for t in self.tech if t.resolved_at is not None]
        self.complex = [t for t in self.tickets if t.complex]
        self.evening = [t for t in self.tickets if t.in_maintenance]
        self.rated = [
            s for s in truth.surveys if s.responded_at and label_of(s.responded_at) in labels
        ]
        self.sent = [s for s in truth.surveys if label_of(s.sent_at) in labels]
        self.complaints = [c for label in labels for c in truth.complaints[label]]
        self.calls = [c for label in labels for c in truth.calls[label]]
        self.checks = [c for label in labels for c in truth.checks[label]]

    def response(self) -> Parts:
        """Seconds to the first response, and how many there were."""
        return sum(t.response_seconds or 0 for t in self.answered), len(self.answered)

    def resolution_of_tech(self) -> Parts:
        """Seconds to the resolution of technical support, and how many there were."""
        return sum(t.resolution_seconds or 0 for t in self.tech_resolved), len(self.tech_resolved)

    def csat(self, kind: str | None = None) -> Parts:
        """Satisfied and all ratings, of one problem type or of all."""
        rated = [s for s in self.rated if kind in {None, s.ticket.problem_type}]
        return share(rated, lambda survey: survey.is_satisfied)

    def contacts(self) -> Parts:
        """Contacts it took to resolve complaints, and how many were resolved."""
        resolved = [c for c in self.complaints if c.ticket.resolved_at is not None]
        return sum(c.ticket.contacts or 0 for c in resolved), len(resolved)


def share(items: Iterable[T], holds: Callable[[T], bool]) -> Parts:
    """How many of the items it holds for, and how many there are."""
    answers = [holds(item) for item in items]
    return sum(answers), len(answers)


def figures(truth: Truth) -> list[Figure]:
    """Every figure of the report that the examples reproduce."""
    sight, before = Sight(truth, REPORT_MONTHS), Sight(truth, HALF_YEAR_MONTHS)
    found = [
        *_ticket_figures(sight),
        *_tech_figures(sight),
        *_survey_figures(sight),
        Figure("csat", "87.1 %", *before.csat(), period=HALF_YEAR),
        *_complaint_figures(sight),
        *_maintenance_figures(sight, Sight(truth, [AUGUST.label])),
        *_other_figures(truth, sight),
    ]
    return [figure.checked() for figure in found]


def _ticket_figures(sight: Sight) -> list[Figure]:
    by_tech = share(sight.slow, lambda t: t.problem_type == story.TECH)
    first_time = share(sight.tickets, lambda t: t.first_contact_resolved)
    several = share(sight.unsettled, lambda t: t.departments > 1)
    return [
        Figure("volume", "12,458", len(sight.tickets)),
        Figure("frt_avg", "15.8 s", *sight.response()),
        Figure("slow_of_answered", "25.0 %", *share(sight.answered, lambda t: t.is_slow)),
        Figure("tech_of_slow", "31.2 %", *by_tech),
        Figure("tech_share", "28.5 %", *share(sight.tickets, _is_tech)),
        Figure("fcr", "78.6 %", *first_time),
        Figure("multi_dept_share", "22.5 %", *several),
        Figure("outsourced_rate", "41.7 %", *share(sight.complex, lambda t: t.outsourced)),
    ]


def _is_tech(ticket: Ticket) -> bool:
    return ticket.problem_type == story.TECH


def _tech_figures(sight: Sight) -> list[Figure]:
    long = share(sight.tech_resolved, _takes_long)
    repeated = share(sight.tech, lambda t: t.repeat_of is not None)
    return [
        Figure("tech_resolve_avg", "22.3 min", *sight.resolution_of_tech()),
        Figure("tech_over_30min", "34.2 %", *long),
        Figure("tech_repeat_contact", "19.8 %", *repeated),
    ]


def _takes_long(ticket: Ticket) -> bool:
    return (ticket.resolution_seconds or 0) > story.LONG_TECH_SECONDS


def _survey_figures(sight: Sight) -> list[Figure]:
    return [
        Figure("ratings", "3,204", len(sight.rated)),
        Figure("csat", "92.3 %", *sight.csat()),
        Figure("csat_consult", "94.5 %", *sight.csat(story.PRODUCT)),
        Figure("csat_aftersales", "88.2 %", *sight.csat(story.AFTER_SALES)),
        Figure("csat_complaint", "85.7 %", *sight.csat(story.COMPLAINT)),
        Figure("survey_rate", "38 %", *share(sight.sent, _was_answered)),
    ]


def _was_answered(survey: Survey) -> bool:
    return survey.answered


def _complaint_figures(sight: Sight) -> list[Figure]:
    def cause(name: str) -> Parts:
        return share(sight.complaints, lambda c: c.cause == name)

    return [
        Figure("complaints", "375", len(sight.complaints)),
        Figure("cause_slow_answer", "18.7 %", *cause(story.SLOW_ANSWER)),
        Figure("cause_half_solved", "12.3 %", *cause(story.HALF_SOLVED)),
        Figure("cause_attitude", "8.5 %", *cause(story.ATTITUDE)),
        Figure("cause_unclear", "7.2 %", *cause(story.UNCLEAR)),
        Figure("cause_other", "53.3 %", *cause(story.OTHER)),
        Figure("complaint_timely", "96.5 %", *share(sight.complaints, _is_timely)),
        Figure("contacts_per_case", "3.2", *sight.contacts()),
    ]


def _is_timely(complaint: Complaint) -> bool:
    answer = complaint.ticket.complaint_response_at
    created = complaint.ticket.created_at
    return answer is not None and answer - created <= story.COMPLAINT_LIMIT


def _maintenance_figures(sight: Sight, august: Sight) -> list[Figure]:
    answered = [t for t in sight.evening if t.response_seconds is not None]
    seconds = sum(t.response_seconds or 0 for t in answered)
    in_evening = share(august.complaints, lambda c: c.ticket.in_maintenance)
    return [
        Figure("maintenance_frt_avg", "45.0 s", seconds, len(answered), AUGUST.label),
        Figure("maintenance_complaints", "12.3 %", *in_evening, period=AUGUST.label),
        Figure("complaints", "187", len(august.complaints), period=AUGUST.label),
    ]


def _other_figures(truth: Truth, sight: Sight) -> list[Figure]:
    team = [agent for agent in truth.agents if agent.team == "技术支持组"]
    case = [t for t in sight.tickets if t.is_printer_case]
    return [
        Figure("calls", "9,310", len(sight.calls)),
        Figure("abandon_rate", "6.0 %", *share(sight.calls, lambda c: c.abandoned)),
        Figure("kb_accuracy", "95.3 %", *share(sight.checks, lambda c: c.correct)),
        Figure("agents", "48", len(truth.agents)),
        Figure(
            "skill_basic_of_tech_team", "33.3 %", *share(team, lambda a: a.skill_level == "基础")
        ),
        Figure(
            "printer_case",
            "18.0 min",
            sum(t.resolution_seconds or 0 for t in case),
            len(case),
            JULY.label,
        ),
    ]


def in_period(truth: Truth) -> dict[str, int]:
    """Rows of each source that belong to the two months of the report, spam among them."""
    sight = Sight(truth, REPORT_MONTHS)
    moments = [survey.responded_at or survey.sent_at for survey in truth.surveys]
    return {
        "tickets": sum(len(truth.tickets[label]) for label in REPORT_MONTHS),
        "calls": len(sight.calls),
        "surveys": sum(label_of(moment) in REPORT_MONTHS for moment in moments),
        "complaints": len(sight.complaints),
        "kb_checks": len(sight.checks),
    }


def by_month(truth: Truth) -> dict[str, dict[str, int | Parts]]:
    """The same for every month, so that a trend can be compared."""
    months: dict[str, dict[str, int | Parts]] = {}
    for month in MONTHS:
        sight = Sight(truth, [month.label])
        months[month.label] = {
            "volume": len(sight.tickets),
            "frt_avg": sight.response(),
            "fcr": share(sight.tickets, lambda t: t.first_contact_resolved),
            "csat": sight.csat(),
            "calls": len(sight.calls),
            "abandon_rate": share(sight.calls, lambda c: c.abandoned),
            "complaints": len(sight.complaints),
            "kb_accuracy": share(sight.checks, lambda c: c.correct),
        }
    return months
