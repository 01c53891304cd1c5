"""The story the examples tell: every number that must come out, and nothing about how.

A service centre in its first eight months of 2025. July and August are the two months of the
report, given as exact counts. The half year before is given as rates that grow slowly better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

SEED = "customer-service-2025"

TECH = "技术支持"
PRODUCT = "产品咨询"
AFTER_SALES = "售后服务"
COMPLAINT = "投诉处理"
DELIVERY = "物流配送"
ACCOUNT = "账户问题"
OTHER = "其他"

SLOW_ANSWER = "响应缓慢"
HALF_SOLVED = "解决不彻底"
ATTITUDE = "服务态度"
UNCLEAR = "信息不透明"

REPORT_MONTHS = ("2025-07", "2025-08")

MAINTENANCE = (datetime(2025, 8, 12, 20), datetime(2025, 8, 12, 22))
"""One evening without the ticket system: slow answers, many complaints."""
MAINTENANCE_TICKETS = {
    COMPLAINT: 23,
    TECH: 11,
    PRODUCT: 12,
    AFTER_SALES: 7,
    DELIVERY: 4,
    ACCOUNT: 3,
}
MAINTENANCE_MEAN_RESPONSE = 45
MAINTENANCE_SLOW = 47
MAINTENANCE_SLOW_TECH = 9

PRINTER_CASE = datetime(2025, 7, 15, 10, 12, 40)
"""A printer driver: a makeshift after 18 minutes, then an engineer, then a low score."""
PRINTER_CASE_SECONDS = 18 * 60
PRINTER_CASE_SCORE = 3
PRINTER_CASE_COMMENT = "当时只是临时方案，第二天工程师上门更新驱动后才正常"

SLOW_SECONDS = 30
LONG_TECH_SECONDS = 30 * 60
COMPLAINT_LIMIT = timedelta(hours=24)


@dataclass(frozen=True)
class Month:
    """What the exports of one month must add up to, counted over tickets that are not spam."""

    label: str
    kinds: Mapping[str, int]
    """Tickets of each problem type; those of `COMPLAINT` are the month's complaints."""
    spam: int
    merged: int
    unanswered: int
    unanswered_tech: int
    slow: int
    """First answered after `SLOW_SECONDS`."""
    slow_tech: int
    response_seconds: int
    """All first response times together."""
    first_time: int
    """Resolved at first contact."""
    departments: int
    """Not resolved at first contact, and more than one department needed."""
    complex: int
    outsourced: int
    tech_open: int
    tech_seconds: int
    """All resolution times of technical support together."""
    tech_long: int
    """Resolved after `LONG_TECH_SECONDS`."""
    tech_repeats: int
    other_repeats: int
    complaints_open: int
    complaints_late: int
    """Answered after `COMPLAINT_LIMIT`."""
    complaint_repeats: int
    contacts: int
    """Contacts it took to resolve the complaints that are resolved."""
    causes: Mapping[str, int]
    ratings: Mapping[str, tuple[int, int]]
    """Rated and, among them, satisfied answers of each problem type."""
    silent: int
    """Survey invitations that were never answered."""
    calls: int
    abandoned: int
    checks: int
    """Knowledge-base entries inspected."""
    right: int

    @cached_property
    def start(self) -> date:
        return date.fromisoformat(f"{self.label}-01")

    @cached_property
    def end(self) -> date:
        """The first day after the month."""
        return (self.start + timedelta(days=31)).replace(day=1)

    @cached_property
    def exported_at(self) -> datetime:
        """When the month's files were exported: early on the day after."""
        return datetime(self.end.year, self.end.month, 1, 8)

    @property
    def tickets(self) -> int:
        return sum(self.kinds.values())


JULY = Month(
    label="2025-07",
    kinds={
        TECH: 1769,
        PRODUCT: 2290,
        AFTER_SALES: 1010,
        DELIVERY: 540,
        ACCOUNT: 393,
        COMPLAINT: 188,
    },
    spam=61,
    merged=8,
    unanswered=6,
    unanswered_tech=2,
    slow=1568,
    slow_tech=489,
    response_seconds=100_804,
    first_time=4852,
    departments=304,
    complex=742,
    outsourced=310,
    tech_open=20,
    tech_seconds=2_371_644,
    tech_long=605,
    tech_repeats=356,
    other_repeats=265,
    complaints_open=4,
    complaints_late=8,
    complaint_repeats=8,
    contacts=592,
    causes={SLOW_ANSWER: 34, HALF_SOLVED: 24, ATTITUDE: 17, UNCLEAR: 14, OTHER: 99},
    ratings={
        PRODUCT: (690, 650),
        AFTER_SALES: (248, 218),
        COMPLAINT: (51, 43),
        TECH: (385, 348),
        DELIVERY: (118, 110),
        ACCOUNT: (88, 83),
    },
    silent=2578,
    calls=4620,
    abandoned=283,
    checks=116,
    right=110,
)

AUGUST = Month(
    label="2025-08",
    kinds={
        TECH: 1782,
        PRODUCT: 2330,
        AFTER_SALES: 1015,
        DELIVERY: 552,
        ACCOUNT: 402,
        COMPLAINT: 187,
    },
    spam=64,
    merged=7,
    unanswered=8,
    unanswered_tech=2,
    slow=1537,
    slow_tech=480,
    response_seconds=95_811,
    first_time=4940,
    departments=296,
    complex=748,
    outsourced=311,
    tech_open=22,
    tech_seconds=2_323_398,
    tech_long=595,
    tech_repeats=347,
    other_repeats=258,
    complaints_open=11,
    complaints_late=5,
    complaint_repeats=7,
    contacts=560,
    causes={SLOW_ANSWER: 36, HALF_SOLVED: 22, ATTITUDE: 15, UNCLEAR: 13, OTHER: 101},
    ratings={
        PRODUCT: (710, 673),
        AFTER_SALES: (252, 223),
        COMPLAINT: (54, 47),
        TECH: (395, 361),
        DELIVERY: (122, 115),
        ACCOUNT: (91, 86),
    },
    silent=2649,
    calls=4690,
    abandoned=276,
    checks=120,
    right=115,
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A month before the report, as rates; counts follow from them."""

    label: str
    tickets: int
    mean_response: float
    slow: float
    first_time: float
    tech_minutes: float
    tech_long: float
    ratings: tuple[int, int]
    abandoned: float
    checks: tuple[int, int]


EARLIER = (
    Earlier("2025-01", 1430, 24.0, 0.330, 0.720, 26.4, 0.410, (240, 203), 0.095, (110, 101)),
    Earlier("2025-02", 1340, 22.1, 0.315, 0.734, 25.7, 0.398, (230, 197), 0.088, (104, 96)),
    Earlier("2025-03", 1500, 20.2, 0.302, 0.749, 25.1, 0.387, (258, 223), 0.081, (112, 104)),
    Earlier("2025-04", 1520, 18.4, 0.288, 0.762, 24.3, 0.375, (266, 232), 0.075, (115, 107)),
    Earlier("2025-05", 1540, 17.2, 0.276, 0.773, 23.6, 0.364, (274, 242), 0.070, (108, 102)),
    Earlier("2025-06", 1560, 16.6, 0.264, 0.781, 23.0, 0.353, (282, 253), 0.066, (118, 111)),
)

EARLIER_KINDS = {
    TECH: 275,
    PRODUCT: 372,
    AFTER_SALES: 168,
    DELIVERY: 88,
    ACCOUNT: 64,
    COMPLAINT: 33,
}
EARLIER_CAUSES = {SLOW_ANSWER: 24, HALF_SOLVED: 14, ATTITUDE: 10, UNCLEAR: 8, OTHER: 44}
EARLIER_RATED = {
    PRODUCT: 440,
    AFTER_SALES: 155,
    COMPLAINT: 35,
    TECH: 245,
    DELIVERY: 70,
    ACCOUNT: 55,
}
EARLIER_UNHAPPY = {PRODUCT: 30, AFTER_SALES: 25, COMPLAINT: 7, TECH: 28, DELIVERY: 6, ACCOUNT: 4}


def label_of(moment: datetime) -> str:
    """The label of the month in which a moment lies."""
    return moment.isoformat()[: len("2025-07")]


def share_out(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """`total` in whole parts as near to the weights as can be; the parts add up.

    >>> share_out(10, {"a": 1, "b": 2})
    {'a': 3, 'b': 7}
    """
    whole = sum(weights.values())
    parts = {name: total * weight // whole for name, weight in weights.items()}
    by_rest = sorted(weights, key=lambda name: (-(total * weights[name] % whole), name))
    for name in by_rest[: total - sum(parts.values())]:
        parts[name] += 1
    return parts


def _ratings(rated: int, satisfied: int) -> dict[str, tuple[int, int]]:
    by_kind = share_out(rated, EARLIER_RATED)
    unhappy = share_out(rated - satisfied, EARLIER_UNHAPPY)
    return {kind: (count, count - unhappy[kind]) for kind, count in by_kind.items()}


def _earlier_month(rates: Earlier) -> Month:
    kinds = share_out(rates.tickets, EARLIER_KINDS)
    tech, complaints = kinds[TECH], kinds[COMPLAINT]
    answered, resolved_tech, resolved_complaints = rates.tickets - 4, tech - 6, complaints - 2
    slow = round(answered * rates.slow)
    first_time = round(rates.tickets * rates.first_time)
    rated, satisfied = rates.ratings
    calls = rates.tickets * 2 // 5
    return Month(
        label=rates.label,
        kinds=kinds,
        spam=rates.tickets // 90,
        merged=2,
        unanswered=4,
        unanswered_tech=1,
        slow=slow,
        slow_tech=round(slow * 0.32),
        response_seconds=round(answered * rates.mean_response),
        first_time=first_time,
        departments=round((rates.tickets - first_time) * 0.24),
        complex=round(rates.tickets * 0.125),
        outsourced=round(rates.tickets * 0.125 * 0.44),
        tech_open=6,
        tech_seconds=round(resolved_tech * rates.tech_minutes * 60),
        tech_long=round(resolved_tech * rates.tech_long),
        tech_repeats=round(tech * 0.215),
        other_repeats=round((rates.tickets - tech - complaints) * 0.07),
        complaints_open=2,
        complaints_late=round(complaints * 0.07),
        complaint_repeats=round(complaints * 0.06),
        contacts=round(resolved_complaints * 3.4),
        causes=share_out(complaints, EARLIER_CAUSES),
        ratings=_ratings(rated, satisfied),
        silent=round(rated * 1.6),
        calls=calls,
        abandoned=round(calls * rates.abandoned),
        checks=rates.checks[0],
        right=rates.checks[1],
    )


MONTHS = (*(_earlier_month(rates) for rates in EARLIER), JULY, AUGUST)
