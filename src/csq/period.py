"""Periods of time: how they are written, what lies before them, which one the data calls for.

    2025-08 · 2025Q3 · 2025H1 · 2025 · 2025-W31 · 2025-08-15
    2025-07..2025-08 · 2025-08-04..2025-08-17 · last-month

A period is half open: it holds `start` and not `end`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from csq.errors import UsageError
from csq.problems.command_line import UNKNOWN_PERIOD


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days from `start` up to, not including, `end`.

    `months` is how many calendar months it covers when it is made of whole months, else 0: it
    decides what "the period before" means, since months differ in length.
    """

    label: str
    start: date
    end: date
    months: int = 0

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def previous(self) -> Period:
        """The period of the same length directly before.

        >>> parse_period("2025-07..2025-08").previous().label
        '2025-05..2025-06'
        """
        if self.months:
            return _whole_months(_add_months(self.start, -self.months), self.months, self.label)
        start = self.start - (self.end - self.start)
        return Period(_day_label(start, self.start, self.label), start, self.start)

    def series(self, length: int) -> tuple[Period, ...]:
        """The `length` periods that end with this one, oldest first."""
        found = [self]
        while len(found) < length and found[0].start.year > 1:
            found.insert(0, found[0].previous())
        return tuple(found)

    def last_half_year(self) -> Period:
        """The last calendar half year that was over when this period began."""
        first = date(self.start.year, 1 if self.start.month <= 6 else 7, 1)
        return _whole_months(_add_months(first, -6), 6, "H")


def parse_period(text: str, today: date | None = None) -> Period:
    """A period as a person writes it; raises `UsageError`.

    `last-month` is the calendar month before `today`, and needs it.
    """
    written = text.strip()
    if written == "last-month" and today is not None:
        return _whole_months(_add_months(today.replace(day=1), -1), 1, written)
    first, dots, last = written.partition("..")
    start = _parse_simple(first)
    end = _parse_simple(last) if dots else start
    if start is None or end is None or end.end <= start.start:
        raise UsageError(UNKNOWN_PERIOD.at(value=text))
    if not dots:
        return start
    months = start.months and end.months and _months_between(start.start, end.end)
    label = f"{start.label}..{end.label}"
    return Period(label, start.start, end.end, months)


def month_of(day: date) -> Period:
    """The calendar month that holds a day."""
    return _whole_months(day.replace(day=1), 1, "")


def latest_whole_month(days: Iterable[date]) -> Period | None:
    """The latest calendar month that lies wholly within the data and has rows in both its halves.

    One row of a mistyped date neither makes a month whole nor chooses it. Where no month is whole
    it is the one with the most days with rows, the later of two. `None` without a day.
    """
    with_data = set(days)
    months = {day.replace(day=1) for day in with_data}
    for first in sorted(months, reverse=True):
        month = _whole_months(first, 1, "")
        halves = {day.day <= 15 for day in with_data if month.start <= day < month.end}
        if len(halves) == 2 and is_complete(month, with_data):
            return month
    fullest = max(
        months,
        key=lambda first: (sum(1 for day in with_data if day.replace(day=1) == first), first),
        default=None,
    )
    return _whole_months(fullest, 1, "") if fullest else None


def is_complete(period: Period, days: Collection[date]) -> bool:
    """Whether the days with data reach from the beginning of the period to its end.

    The days missing at either end do not count when the team rests on such days of the week: an
    export of a team that rests on weekends ends on a Friday. Stray days reach nothing.
    """
    with_data = set(days) - stray_days(days)
    if not with_data:
        return False
    before = _days_between(period.start, min(with_data))
    return _rests(before, with_data) and reaches_end(period, with_data)


def reaches_end(period: Period, with_data: Collection[date]) -> bool:
    """Whether the days with data, of which there is one, reach the end of the period."""
    return _rests(_days_between(max(with_data) + timedelta(days=1), period.end), with_data)


def _rests(missing: Sequence[date], with_data: Collection[date]) -> bool:
    """Whether days without a row are days of rest, by the days with rows."""
    working = _working_weekdays(with_data)
    return len(missing) <= 7 and not any(day.weekday() in working for day in missing)


def _days_between(start: date, end: date) -> list[date]:
    """The days from `start` up to, not including, `end`."""
    return [start + timedelta(days=n) for n in range((end - start).days)]


def _working_weekdays(days: Iterable[date]) -> set[int]:
    """The days of the week with rows: on at least a quarter as many days as the busiest of them."""
    counts = Counter(day.weekday() for day in days)
    return {weekday for weekday, count in counts.items() if count * 4 >= max(counts.values())}


def stray_days(days: Iterable[date]) -> frozenset[date]:
    """Days of mistyped dates: few, and over a quarter of a year from all others.

    Few is less than a quarter of the days of the longest stretch without such a gap.
    """
    stretches: list[list[date]] = []
    for day in sorted(set(days)):
        if stretches and day - stretches[-1][-1] <= WIDEST_GAP:
            stretches[-1].append(day)
        else:
            stretches.append([day])
    longest = max(map(len, stretches), default=0)
    return frozenset(day for each in stretches if len(each) * 4 < longest for day in each)


WIDEST_GAP = timedelta(days=92)
"""The longest time without a row within one stretch of data: a quarter of a year."""


MOST_SLIPS = 3
"""How many rows at the end of the data may be slips: more of them are something that happened."""

_SHORTEST_GAP = timedelta(days=7)
_DAYS_TO_KNOW = 28


def firm_until(rows_by_day: Mapping[date, int]) -> date | None:
    """The last day that, with all after it, has more rows than may be slips."""
    found = 0
    for day in sorted(rows_by_day, reverse=True):
        found += rows_by_day[day]
        if found > MOST_SLIPS:
            return day
    return None


def slipped_days(
    usual: Mapping[str, Mapping[date, int]], late: Mapping[str, Mapping[date, int]], firm: date
) -> frozenset[date]:
    """The last days of the data, where they are so odd that their dates must be mistyped.

    `usual` are the rows of each source by day up to `firm`, `late` those after it. The odd ones are
    few, they lie behind over a week without any row, which is more than twice the longest gap that
    their source has, and a usual day of their source has more rows.
    """
    days = sorted({firm, *(day for rows in late.values() for day in rows)})
    for before, first in pairwise(days):
        counts = {
            source: sum(count for day, count in rows.items() if day >= first)
            for source, rows in late.items()
        }
        odd = {source: count for source, count in counts.items() if count}
        if sum(odd.values()) <= MOST_SLIPS and all(
            _is_odd(first - before, count, usual[source]) for source, count in odd.items()
        ):
            return frozenset(day for day in days if day >= first)
    return frozenset()


def thin_days(usual: Mapping[date, int], late: Mapping[date, int], firm: date) -> tuple[date, ...]:
    """The last days of a source, where they may be mistyped and may be not.

    Each has fewer rows than half a usual day. They lie behind a longer time without any row than
    there was before; or they are few rows in all, behind a day on which there are rows as a rule.
    """
    counts, before = sorted(usual.values()), sorted(usual)
    longest = max((after - day for day, after in pairwise(before)), default=None)
    if longest is None:
        return ()
    days = sorted({firm, *late})
    for number, (last, first) in enumerate(pairwise(days), 1):
        rest = days[number:]
        if not all(late[day] * 2 < counts[len(counts) // 2] for day in rest):
            continue
        few = sum(late[day] for day in rest) <= MOST_SLIPS
        if first - last > longest or (few and _lacks_a_usual_day(last, first, usual)):
            return (last, *rest)
    return ()


def _lacks_a_usual_day(last: date, first: date, usual: Mapping[date, int]) -> bool:
    """Whether between two days lies a day of the week that has rows in nine weeks of ten."""
    if len(usual) < _DAYS_TO_KNOW:
        return False
    all_days = Counter(d.weekday() for d in _days_between(min(usual), max(usual)))
    with_rows = Counter(day.weekday() for day in usual)
    return any(
        with_rows[day.weekday()] * 10 >= all_days[day.weekday()] * 9
        for day in _days_between(last + timedelta(days=1), first)
    )


def _is_odd(gap: timedelta, count: int, usual: Mapping[date, int]) -> bool:
    """Whether so few rows after so long a gap are unlike what a source usually has."""
    days, counts = sorted(usual), sorted(usual.values())
    if len(days) < _DAYS_TO_KNOW:
        return False
    longest = max(after - before for before, after in pairwise(days))
    return gap > max(_SHORTEST_GAP, 2 * longest) and count < counts[len(counts) // 2]


@cache
def clock_changes(zone: str, first: date, last: date) -> tuple[tuple[datetime, datetime], ...]:
    """Each hour, or other span, that the clocks of a zone pass over or show twice between two days.

    >>> [(f"{start:%d %H:%M}", f"{end:%H:%M}") for start, end in clock_changes(
    ...     "Europe/Berlin", date(2025, 3, 1), date(2025, 11, 1))]
    [('30 02:00', '03:00'), ('26 02:00', '03:00')]
    """
    place = ZoneInfo(zone)

    def ahead(moment: datetime) -> timedelta:
        return moment.replace(tzinfo=UTC).astimezone(place).utcoffset() or timedelta()

    found = []
    days = range((last - first).days + 2)
    midnights = [datetime.combine(first, time()) + timedelta(days=day - 1) for day in days]
    for before, after in pairwise(midnights):
        old, new = ahead(before), ahead(after)
        if old != new:
            minutes = [before + timedelta(minutes=minute) for minute in range(24 * 60 + 1)]
            change = next(minute for minute in minutes if ahead(minute) != old)
            found.append((change + min(old, new), change + max(old, new)))
    return tuple(found)


_YEAR = r"(?P<year>(?:19|20)\d\d)"


_SIMPLE: tuple[tuple[str, Callable[[re.Match[str]], Period]], ...] = (
    (_YEAR, lambda m: _whole_months(date(int(m["year"]), 1, 1), 12, "Y")),
    (rf"{_YEAR}-(?P<month>\d\d)", lambda m: _month(int(m["year"]), int(m["month"]))),
    (rf"{_YEAR}-?Q(?P<quarter>[1-4])", lambda m: _part(m["year"], 3, int(m["quarter"]), "Q")),
    (rf"{_YEAR}-?H(?P<half>[12])", lambda m: _part(m["year"], 6, int(m["half"]), "H")),
    (rf"{_YEAR}-?W(?P<week>\d\d)", lambda m: _week(int(m["year"]), int(m["week"]))),
    (rf"{_YEAR}-\d\d-\d\d", lambda m: _day(date.fromisoformat(m[0]))),
)


def _parse_simple(text: str) -> Period | None:
    for pattern, read in _SIMPLE:
        match = re.fullmatch(pattern, text, re.ASCII | re.IGNORECASE)
        if match:
            try:
                return read(match)
            except ValueError:
                return None
    return None


def _part(year: str, months: int, number: int, like: str) -> Period:
    """The quarter or half year of that number."""
    return _whole_months(date(int(year), (number - 1) * months + 1, 1), months, like)


def _month(year: int, month: int) -> Period:
    return _whole_months(date(year, month, 1), 1, "")


def _week(year: int, week: int) -> Period:
    start = date.fromisocalendar(year, week, 1)
    return Period(f"{year}-W{week:02d}", start, start + timedelta(days=7))


def _day(day: date) -> Period:
    return Period(day.isoformat(), day, day + timedelta(days=1))


def _whole_months(start: date, months: int, like: str) -> Period:
    """Whole months from `start`, labelled in the manner of the label `like` where that fits."""
    end = _add_months(start, months)
    label = start.strftime("%Y-%m")
    if months == 3 and "Q" in like.upper():
        label = f"{start.year}Q{(start.month + 2) // 3}"
    elif months == 6 and "H" in like.upper():
        label = f"{start.year}H{(start.month + 5) // 6}"
    elif months == 12 and start.month == 1 and ".." not in like:
        label = str(start.year)
    elif months > 1:
        label = f"{label}..{_add_months(end, -1):%Y-%m}"
    return Period(label, start, end, months)


def _day_label(start: date, end: date, like: str) -> str:
    if "W" in like.upper() and ".." not in like:
        year, week, _ = start.isocalendar()
        return f"{year}-W{week:02d}"
    last = end - timedelta(days=1)
    return start.isoformat() if start == last else f"{start.isoformat()}..{last.isoformat()}"


def _add_months(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _months_between(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month
