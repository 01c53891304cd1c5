"""How a file spells its cells: times, durations, yes and no, words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

Value = str | int | bool | date | datetime | timedelta | None
"""What a row knows."""
Cell = str | int | date | datetime | None
"""What a file holds; only workbooks hold dates as such."""
Row = dict[str, Value]


class Times(StrEnum):
    """Ways to write a time."""

    ISO = "2025-08-01 09:05:00"
    SLASHES = "2025/8/1 9:05:00"
    SLASHES_TO_THE_MINUTE = "2025/8/1 9:05"
    CHINESE = "2025年8月1日 09:05:00"
    CHINESE_TO_THE_MINUTE = "2025年8月1日 09:05"
    NATIVE = "a date cell of a workbook"


class Durations(StrEnum):
    """Ways to write how long something took."""

    SECONDS = "205"
    CLOCK = "00:03:25"
    WORDS = "3分25秒"


@dataclass(frozen=True, slots=True)
class Spelling:
    """The habits of one file."""

    times: Times = Times.ISO
    durations: Durations = Durations.SECONDS
    yes_no: tuple[str, str] = ("是", "否")
    words: Mapping[str, str] = field(default_factory=dict)
    """Other words for the usual ones, such as 热线 for 电话."""

    def cell(self, value: Value) -> Cell:
        """A value as this file spells it."""
        match value:
            case None | "":
                return None
            case bool():
                return self.yes_no[0] if value else self.yes_no[1]
            case datetime():
                return spell_time(self.times, value)
            case date():
                return value if self.times is Times.NATIVE else value.isoformat()
            case timedelta():
                return spell_duration(self.durations, value)
            case str():
                return self.words.get(value, value)
            case _:
                return value


def spell_time(times: Times, moment: datetime) -> str | datetime:
    """A time in one of the usual ways; `NATIVE` leaves it as it is."""
    match times:
        case Times.NATIVE:
            return moment
        case Times.ISO:
            return moment.isoformat(" ", "seconds")
        case Times.SLASHES:
            return f"{_slashes(moment)}:{moment.second:02d}"
        case Times.SLASHES_TO_THE_MINUTE:
            return _slashes(moment)
        case Times.CHINESE:
            return f"{_chinese(moment)}:{moment.second:02d}"
        case Times.CHINESE_TO_THE_MINUTE:
            return _chinese(moment)


def _slashes(moment: datetime) -> str:
    return f"{moment.year}/{moment.month}/{moment.day} {moment.hour}:{moment.minute:02d}"


def _chinese(moment: datetime) -> str:
    clock = f"{moment.hour:02d}:{moment.minute:02d}"
    return f"{moment.year}年{moment.month}月{moment.day}日 {clock}"


def spell_duration(durations: Durations, amount: timedelta) -> str | int:
    """A duration in one of the usual ways."""
    total = int(amount.total_seconds())
    hours, minutes, seconds = total // 3600, total // 60 % 60, total % 60
    match durations:
        case Durations.SECONDS:
            return total
        case Durations.CLOCK:
            return f"{hours:02d}:{minutes:02d}:{seconds:02d}"
        case Durations.WORDS:
            head = f"{hours}小时" if hours else ""
            return f"{head}{minutes}分{seconds}秒" if head or minutes else f"{seconds}秒"
