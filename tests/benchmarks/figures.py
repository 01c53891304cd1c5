"""What every script must answer: the shipped ticket indicators the generated columns can carry.

A script sums up rows by month and group; the divisions, the same for all, are done here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

MONTHS = ("2025-02", "2025-03", "2025-04", "2025-05", "2025-06", "2025-07", "2025-08")
"""The month that is scored and those of its trend, oldest first."""

BREAKDOWNS = ("channel", "problem_type")

QUOTIENTS = {
    "frt_avg": ("response_seconds", "answered"),
    "frt_in_time": ("in_time", "phone_or_chat"),
    "frt_over_30s": ("slow", "tickets"),
    "frt_over_30s_tech_share": ("slow_tech", "slow"),
    "answer_24h": ("within_24h", "tickets"),
    "resolve_avg": ("resolution_seconds", "resolved"),
    "resolve_over_24h": ("resolved_late", "resolved"),
    "tech_resolve_avg": ("tech_seconds", "tech_resolved"),
    "tech_over_30min": ("tech_long", "tech_resolved"),
    "fcr": ("first_contact", "tickets"),
    "resolve_rate": ("resolved", "tickets"),
    "repeat_contact": ("repeats", "tickets"),
    "outsourced_rate": ("complex_outsourced", "complex"),
    "multi_dept_share": ("not_first_departments", "not_first"),
    "reopen_rate": ("reopened", "ever_resolved"),
    "tech_repeat_contact": ("tech_repeats", "tech"),
    "tech_share": ("tech", "tickets"),
}
"""Indicators that are a quotient of two sums."""

PERCENTILES = {"frt_p50": "response_p50", "frt_p90": "response_p90"}
"""Indicators that are a percentile, in seconds, of the answered tickets."""

Sums = Mapping[str, float | None]
"""The sums of one month and group, by the names above; `None` where there was nothing to sum."""

Group = tuple[str | None, str | None]
"""A field of `BREAKDOWNS` and its value, `None` for a blank one; the total has no field."""

TOTAL: Group = (None, None)

Trend = tuple[float | None, ...]


@dataclass(slots=True)
class Answer:
    """The rows of the file accounted for, and the sums by group and month."""

    read: int
    rejected: int
    duplicates: int
    sums: dict[tuple[Group, str], dict[str, float | None]] = field(default_factory=dict)

    def add(self, group: Group, month: str, sums: Sums) -> None:
        """Some sums, or further ones, of a group and month."""
        self.sums.setdefault((group, month), {}).update(sums)

    def figures(self) -> Iterator[dict[str, object]]:
        """Every indicator of every group that has rows in the month scored, with its trend."""
        for group in [group for group, month in self.sums if month == MONTHS[-1]]:
            field, value = group
            for name, n, trend in self._indicators(group):
                if n or field is None:
                    yield {
                        "id": name, "group": {field: value} if field else {}, "n": n, "trend": trend
                    }  # fmt: skip

    def _indicators(self, group: Group) -> Iterator[tuple[str, int, Trend]]:
        months = [self.sums.get((group, month), {}) for month in MONTHS]
        now = months[-1]
        yield "volume", _count(now, "tickets"), tuple(_count(m, "tickets") for m in months)
        for name, (part, whole) in QUOTIENTS.items():
            yield name, _count(now, whole), tuple(_quotient(m, part, whole) for m in months)
        for name, value in PERCENTILES.items():
            yield name, _count(now, "answered"), tuple(m.get(value) for m in months)

    def print(self) -> None:
        rows = {"read": self.read, "rejected": self.rejected, "duplicates": self.duplicates}
        print(json.dumps({"rows": rows, "figures": [*self.figures()]}, ensure_ascii=False))


def _count(sums: Sums, name: str) -> int:
    return int(sums.get(name) or 0)


def _quotient(sums: Sums, part: str, whole: str) -> float | None:
    below = _count(sums, whole)
    return float(sums.get(part) or 0) / below if below else None
