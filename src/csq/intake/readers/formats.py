"""Numbers of a workbook as the text that their number format shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum, auto

from csq.intake.readers.base import number_text


class Shown(Enum):
    """What a number format makes of a number."""

    DATE = auto()
    CLOCK = auto()
    ELAPSED = auto()
    PERCENT = auto()


@dataclass(frozen=True, slots=True)
class Padded:
    """A number format of zeros alone shows at least so many digits: 0007 is an id and not 7."""

    digits: int


Format = Shown | Padded | None
"""What a number format makes of a number; `None`: a number."""


class Speller:
    """Numbers as the text that their format shows: a day, a length of time, an id with zeros.

    `day_mark` is put behind every day.
    """

    def __init__(self, first_day: date, day_mark: str = "") -> None:
        self.first_day = first_day
        self.day_mark = day_mark
        self.days: dict[int, str] = {}

    def spell(self, number: float, shown: Format) -> str:
        if isinstance(shown, Padded):
            text = number_text(number)
            return text.zfill(shown.digits) if text.isdecimal() else text
        if shown is Shown.PERCENT:
            return percent_text(number)
        if shown is None or not -1e6 < number < 3e6:
            return number_text(number)
        thousandths = round(number * 86_400_000)
        if shown is Shown.ELAPSED or (shown is Shown.CLOCK and number < 10_000):
            sign = "-" if thousandths < 0 else ""
            return sign + clock_text(abs(thousandths))
        days, rest = divmod(thousandths, 86_400_000)
        day = self.days.get(days)
        if day is None:
            try:
                day = self.days[days] = (self.first_day + timedelta(days)).isoformat()
            except OverflowError:
                return number_text(number)
        return (f"{day} {clock_text(rest)}" if rest else day) + self.day_mark


def percent_text(number: float) -> str:
    """A number as a percentage; on a scale of a hundred that is not the number itself.

    >>> percent_text(0.95), percent_text(1.0), percent_text(0.0725)
    ('95%', '100%', '7.25%')
    """
    text = number_text(number)
    return f"{text}%" if "E" in text else f"{Decimal(text).scaleb(2).normalize():f}%"


def clock_text(thousandths: int) -> str:
    """A length of time in thousandths of a second.

    >>> clock_text(108_001_500)
    '30:00:01.500'
    """
    minutes, rest = divmod(thousandths, 60_000)
    hours, minute = divmod(minutes, 60)
    second, fraction = divmod(rest, 1_000)
    text = f"{hours:02d}:{minute:02d}:{second:02d}"
    return f"{text}.{fraction:03d}" if fraction else text


_DATE_FORMATS = frozenset(
    map(str, (14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58))
)
_CLOCK_FORMATS = frozenset(map(str, (18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56)))
_ELAPSED_FORMAT = "46"
_PERCENT_FORMATS = frozenset({"9", "10"})


def shown_as(number: str, code: str | None) -> Format:
    """What the number format of this number makes of a number; `code` where it is spelt out.

    The numbers are those of ECMA-376, part 1, section 18.8.30, with those of East Asia.
    """
    if code is None:
        if number in _DATE_FORMATS:
            return Shown.DATE
        if number in _CLOCK_FORMATS:
            return Shown.CLOCK
        if number in _PERCENT_FORMATS:
            return Shown.PERCENT
        return Shown.ELAPSED if number == _ELAPSED_FORMAT else None
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.', "", code).split(";")[0]
    if re.search(r"\[(?:h+|m+|s+)\]", bare, re.IGNORECASE):
        return Shown.ELAPSED
    if re.fullmatch(r"(?:\[[^\]]*\])*0{2,}", bare):
        return Padded(bare.count("0"))
    if "%" in bare:
        return Shown.PERCENT
    letters = set(re.sub(r"\[[^\]]*\]|general|am/pm|a/p", "", bare.lower()))
    if letters & set("yd") or ("m" in letters and not letters & set("hs")):
        return Shown.DATE
    return Shown.CLOCK if letters & set("hs") else None
