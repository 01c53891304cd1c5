"""The figures that expected.json names, counted over the rows the oracle has read.

Those that are indicators are taken from there; the others are counted here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction

from .exports import Row
from .indicators import INDICATORS, rated, resolution_time, response_time
from .window import Window

Figure = tuple[int | Fraction, int | None]
"""A part and its whole, or a count and `None`."""

MAINTENANCE = (datetime(2025, 8, 12, 20), datetime(2025, 8, 12, 22))
PRINTER_CASE = datetime(2025, 7, 15, 10, 12, 40)


def indicator(name: str) -> Callable[[Window], Figure]:
    """An indicator as its two parts."""

    def figure(w: Window) -> Figure:
        answer = INDICATORS[name].work_out(w)
        assert answer.part is not None
        assert answer.whole is not None
        return answer.part, int(answer.whole)

    return figure


def answered(w: Window) -> list[Row]:
    return [t for t in w.tickets if t["first_response_at"] is not None]


def slowly_answered(w: Window) -> list[Row]:
    return [t for t in answered(w) if response_time(t) > timedelta(seconds=30)]


def tech_of_slow(w: Window) -> Figure:
    late = slowly_answered(w)
    return sum(t["problem_type"] == "技术支持" for t in late), len(late)


def cause(name: str) -> Callable[[Window], Figure]:
    return lambda w: (sum(c["cause"] == name for c in w.complaints), len(w.complaints))


def in_maintenance(row: Row) -> bool:
    return bool(MAINTENANCE[0] <= row["created_at"] < MAINTENANCE[1])


def maintenance_response(w: Window) -> Figure:
    tickets = [t for t in answered(w) if in_maintenance(t)]
    total = sum((response_time(t) for t in tickets), timedelta())
    return total // timedelta(seconds=1), len(tickets)


def basic_skill_in_the_tech_team(w: Window) -> Figure:
    team = [a for a in w.agents if a["team"] == "技术支持组"]
    return sum(a["skill_level"] == "基础" for a in team), len(team)


def printer_case(w: Window) -> Figure:
    cases = [t for t in w.tickets if t["created_at"] == PRINTER_CASE]
    total = sum((resolution_time(t) for t in cases), timedelta())
    return total // timedelta(seconds=1), len(cases)


FIGURES: dict[str, Callable[[Window], Figure]] = {
    "volume": lambda w: (len(w.tickets), None),
    "slow_of_answered": lambda w: (len(slowly_answered(w)), len(answered(w))),
    "tech_of_slow": tech_of_slow,
    "ratings": lambda w: (len(rated(w)), None),
    "complaints": lambda w: (len(w.complaints), None),
    "cause_slow_answer": cause("响应缓慢"),
    "cause_half_solved": cause("解决不彻底"),
    "cause_attitude": cause("服务态度"),
    "cause_unclear": cause("信息不透明"),
    "cause_other": cause("其他"),
    "maintenance_frt_avg": maintenance_response,
    "maintenance_complaints": lambda w: (
        sum(in_maintenance(c) for c in w.complaints),
        len(w.complaints),
    ),
    "calls": lambda w: (len(w.calls), None),
    "agents": lambda w: (len(w.agents), None),
    "skill_basic_of_tech_team": basic_skill_in_the_tech_team,
    "printer_case": printer_case,
} | {
    name: indicator(name)
    for name in (
        "frt_avg", "tech_share", "fcr", "multi_dept_share", "outsourced_rate", "tech_resolve_avg",
        "tech_over_30min", "tech_repeat_contact", "csat", "csat_consult", "csat_aftersales",
        "csat_complaint", "survey_rate", "complaint_timely", "contacts_per_case", "abandon_rate",
        "kb_accuracy",
    )
}  # fmt: skip

MONTHLY = {
    name: FIGURES[name]
    for name in (
        "volume", "frt_avg", "fcr", "csat", "calls", "abandon_rate", "complaints", "kb_accuracy"
    )
}  # fmt: skip
