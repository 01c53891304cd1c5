"""Working hours: several spans a day, holidays, days worked instead, and the user's own days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

MOST_SPANS = 4
"""How many spans of work one day may have."""

Spans = tuple[tuple[int, int], ...]
"""Working time of a day: from and up to, not including, minutes from midnight, in order."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ZH_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_NUMBERS = {name: i for names in (WEEKDAYS, _ZH_WEEKDAYS) for i, name in enumerate(names)}


@dataclass(frozen=True, slots=True)
class WorkDay:
    """One day of a calendar, and the working minutes of all days of it before."""

    day: date
    before: int
    spans: Spans


@dataclass(frozen=True, slots=True)
class Calendar:
    """When work is done: by weekday, but not on holidays, and as `days` says where it does.

    A weekend day that is worked instead of a day off (调休) has the hours of `makeup`.
    """

    hours: Mapping[int, Spans]
    makeup: Spans = ()
    country: str | None = None
    subdivision: str | None = None
    days: Mapping[date, Spans] = field(default_factory=dict)

    def work_days(self, first: date, last: date) -> Iterator[WorkDay]:
        """Every day from the first to the last, both counted in."""
        off, instead = self._holidays(range(first.year, last.year + 1))
        worked = 0
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
            if day in self.days:
                spans = self.days[day]
            elif day in instead:
                spans = self.makeup
            elif day in off:
                spans = ()
            else:
                spans = self.hours.get(day.weekday(), ())
            yield WorkDay(day, worked, spans)
            worked += sum(end - begin for begin, end in spans)

    def _holidays(self, years: range) -> tuple[frozenset[date], frozenset[date]]:
        """The days off, and the weekend days that are worked instead."""
        if self.country is None:
            return frozenset(), frozenset()
        from holidays import country_holidays

        known = country_holidays(self.country, subdiv=self.subdivision, years=years)
        off = frozenset(known)
        # A weekend inside a run of holidays is not listed by itself, and is a part of it.
        inside = {
            friday + timedelta(days=days)
            for friday in off
            if friday.weekday() == 4 and friday + timedelta(days=3) in off
            for days in (1, 2)
        }
        return off | inside, frozenset(known.weekend_workdays)

    def last_year_of_makeup_days(self) -> int | None:
        """The last year of which the country has said which weekend days are worked.

        `None` for a country that has no such days.
        """
        if self.country is None:
            return None
        from holidays import country_holidays

        years = range(_FIRST_YEAR, _LAST_YEAR)
        known = country_holidays(self.country, subdiv=self.subdivision, years=years)
        return max((day.year for day in known.weekend_workdays), default=None)

    def years_without_makeup_days(self, years: Iterable[int]) -> frozenset[int]:
        """The years that lie beyond what is known and of which the user's own days say nothing."""
        last = self.last_year_of_makeup_days()
        own = {day.year for day in self.days}
        return frozenset(year for year in years if last and year > last and year not in own)


_FIRST_YEAR, _LAST_YEAR = 2020, 2050
"""Where the last year with days worked instead is looked for."""


def knows_holidays(country: str, subdivision: str | None) -> bool:
    """Whether the holidays of a country, or of a part of it, are known."""
    from holidays import list_supported_countries

    supported = list_supported_countries(include_aliases=True)
    return country in supported and (subdivision is None or subdivision in supported[country])


def parse_weekdays(text: str) -> tuple[int, ...] | None:
    """The weekdays that `mon`, `mon-fri` or `周一-周五` stand for, Monday being 0; or `None`."""
    names = [part.strip().lower() for part in re.split(r"[-~至到]", text)]
    if len(names) > 2 or not all(name in _NUMBERS for name in names):
        return None
    first, last = _NUMBERS[names[0]], _NUMBERS[names[-1]]
    return tuple(range(first, last + 1)) if first <= last else None


_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-~至到]\s*(\d{1,2})[:：](\d{2})")


def parse_spans(texts: tuple[str, ...]) -> Spans | None:
    """Spans as a person writes them, `09:00-12:00`; `None` where one is none or two overlap.

    >>> parse_spans(("13:30-18:00", "09:00-12:00"))
    ((540, 720), (810, 1080))
    """
    found = []
    for text in texts:
        match = _SPAN.fullmatch(text.strip())
        if not match:
            return None
        hour, minute, end_hour, end_minute = map(int, match.groups())
        begin, end = hour * 60 + minute, end_hour * 60 + end_minute
        if minute > 59 or end_minute > 59 or not begin < end <= 24 * 60:
            return None
        found.append((begin, end))
    found.sort()
    apart = all(one[1] <= other[0] for one, other in pairwise(found))
    return tuple(found) if apart and len(found) <= MOST_SPANS else None
