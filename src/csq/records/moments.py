"""Times that people and systems write in words, as the plain ones that csq reads.

Both ways of reading a cell take their times from here: what is no such time is left as it is.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_NUMBERS = {
    **{name: n for n, name in enumerate(_MONTHS, 1)},
    **{name: n for n, name in enumerate(_LONG, 1)},
    "sept": 9,
}
_NAME = f"({'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_DAY_OF_WEEK = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
    r"|(?:周|週|星期|礼拜|禮拜)[一二三四五六日天])"
)
_YEAR = r"(\d{4}|\d{2})"
_DATES = (
    ("ymd", r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"),
    ("ymd", r"(\d{4})(年) ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号號]"),
    ("dmy", rf"(\d{{1,2}})(?:st|nd|rd|th)?[-/ .]{{1,2}}{_NAME}[-/ .,]{{1,2}}{_YEAR}"),
    ("mdy", rf"{_NAME}\.? (\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}"),
    ("as is", r"(\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))"),
)
_HALF = r"(上午|下午|凌晨|清晨|早上|中午|傍晚|晚上|am|pm|a\.m\.|p\.m\.)"
_CLOCK = (
    rf"(?:{_HALF} ?)?(\d{{1,2}})(?::(\d{{1,2}})(?::(\d{{1,2}})(?:[.,](\d{{1,9}}))?)?|"
    rf"[时時点點](?:(\d{{1,2}})分?(?:(\d{{1,2}})秒?)?)?)(?: ?{_HALF})?"
)
_ZONE = r"(z|utc|gmt)?([+-]\d{1,2}(?::?\d{2})?)?(?: ?\([^()]{1,40}\))?"


_TIME = rf"(?:, ?|[ t]| at |(?<=[日号號])|(?=[上下凌清早中傍晚])){_CLOCK}(?: ?{_ZONE})?"


@cache
def _whole() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Days with their times, as people write them, each with the order of its parts."""
    behind_day = rf"(?: ?[(]?{_DAY_OF_WEEK}[)]?)?(?:{_TIME})?"
    return tuple(
        (order, re.compile(rf"(?:{_DAY_OF_WEEK},? )?{date}{behind_day}", re.ASCII))
        for order, date in _DATES
    )


# Fri Aug 01 15:05:06 +0800 2025: what `date` and Java write, the year behind the time.
_YEAR_LAST = re.compile(
    rf"{_DAY_OF_WEEK},? {_NAME} (\d{{1,2}}) (\d{{1,2}}:\d{{2}}:\d{{2}}) "
    r"(?:((?:utc|gmt)(?:[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{4}) )?(\d{4})",
    re.ASCII,
)
_OF_DAY = re.compile(_CLOCK, re.ASCII)
_OTHERWISE = tuple(
    (re.compile(pattern, re.ASCII), plain)
    for pattern, plain in (
        # 20250801T150506Z, ISO 8601 without signs, and 20250801 15:05:06 of mainframes.
        (r"(\d{4})(\d\d)(\d\d)[t ](\d\d)(:?)(\d\d)\5(\d\d)(.*)", r"\1-\2-\3 \4:\6:\7\8"),
        # 01-8月 -25 03.05.06.000000000 下午, as Oracle writes it in Chinese.
        (
            r"(\d{1,2})-(\d{1,2})月 ?-(\d\d) (\d{1,2})\.(\d\d)\.(\d\d(?:\.\d{1,9})? ?[上下]午.*)",
            r"20\3-\2-\1 \4:\5:\6",
        ),
        (r"(\d{1,2})-(\d{1,2})月 ?-(\d\d)", r"20\3-\2-\1"),
        # 01-AUG-25 03.05.06.000000000 PM, as Oracle writes it.
        (
            rf"(\d{{1,2}}-{_NAME}-\d{{2,4}} \d{{1,2}})\.(\d\d)\.(\d\d(?:\.\d{{1,9}})? [ap]m.*)",
            r"\1:\3:\4",
        ),
        # 01AUG2025:15:05:06, as SAS writes it.
        (rf"(\d{{1,2}}){_NAME}(\d{{4}}):(.*)", r"\1 \2 \3 \4"),
        # 2025-08-01 15:05:06 +0800 CST of Go, 2025-08-01T15:05:06+08:00[Asia/Shanghai] of Java.
        (
            r"(.*:\d\d(?:\.\d+)? ?(?:z|[+-]\d\d:?\d\d))(?: [a-z]{3,4}|\[[a-z_]+(?:/[a-z_]+)*\])",
            r"\1",
        ),
    )
)
"""What programs write otherwise than people do, and how people write it."""
EPOCH = r"1\d{9}(?:\d{3}|\.\d{1,9})?"
"""Seconds or thousandths since 1970, from 2001 to 2033: no other time has as many digits."""

FIRST_DAY = date(1899, 12, 30)
"""Day number 0 of spreadsheets."""
FIRST_DAY_OF_MACS = date(1904, 1, 1)
"""The same in workbooks that are made in the manner of old Macs."""
SERIAL = r"\d{5}(?:[.,]\d{1,15})?"
"""Days since the first of a spreadsheet, with the time of day as a fraction."""

IN_WORDS = (
    r"[A-Za-z]{3}|[时時点點号號上下周星礼禮凌清早晚中傍]|日\d|, ?\d|\d [+-]\d|:\d\d ?[+-]\d\d?$"
    rf"|\.\d{{7}}|[ap]\.m|[AaPp][Mm] ?\d|[(]|[Zz]$|^{EPOCH}$|^\d{{8}}[T ]\d\d:?\d\d|月 ?-"
)
"""What a time holds that may be in words, as a pattern of RE2; `spell_out` decides."""


def spell_out(text: str) -> str:
    """A time in words as a plain one; any other text as it is.

    >>> spell_out("2025年8月1日 下午3:05"), spell_out("Aug 1, 2025 03:05 PM")
    ('2025-08-01 15:05:00', '2025-08-01 15:05:00')
    >>> spell_out("01/08/2025, 3:05 p.m."), spell_out("tomorrow")
    ('01/08/2025 15:05:00', 'tomorrow')
    """
    if not re.search(IN_WORDS, text, re.ASCII):
        return text
    if re.fullmatch(EPOCH, text, re.ASCII):
        seconds = Decimal(text) if "." in text else Decimal(text.ljust(13, "0")) / 1000
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(seconds * 1_000_000))
        precision = "microseconds" if moment.microsecond % 1000 else "milliseconds"
        return moment.replace(tzinfo=None).isoformat(sep=" ", timespec=precision) + "Z"
    plain = " ".join(text.casefold().split())
    for pattern, as_people_do in _OTHERWISE:
        plain = pattern.sub(as_people_do, plain) if pattern.fullmatch(plain) else plain
    if found := _YEAR_LAST.fullmatch(plain):
        name, day, clock, zone, year = found.groups()
        plain = f"{day} {name} {year} {clock} {zone or ''}".strip()
    for order, pattern in _whole():
        if found := pattern.fullmatch(plain):
            *date, first, hour, minute, second, fraction, minute_zh, second_zh, last, utc, shift = (
                found.groups()
            )
            day = _date(order, date)
            if hour is None:
                return day
            clock = _clock(hour, minute or minute_zh, second or second_zh, fraction, first, last)
            zone = _zone(utc, shift)
            is_shown = clock and zone is not None and not (zone and order == "as is")
            return f"{day} {clock}{zone}" if is_shown else text
    return text


def spell_serial(text: str, first_day: date) -> str:
    """Days since day number 0 as a time, to a thousandth of a second; any other text as it is.

    >>> spell_serial("45870.4166666667", FIRST_DAY), spell_serial("45870", date(1904, 1, 1))
    ('2025-08-01 10:00:00', '2029-08-02 00:00:00')
    """
    if not re.fullmatch(SERIAL, text, re.ASCII):
        return text
    thousandths = round(Decimal(text.replace(",", ".")) * 86_400_000)
    moment = datetime.combine(first_day, time()) + timedelta(milliseconds=thousandths)
    is_whole = thousandths % 1000 == 0
    return moment.isoformat(sep=" ", timespec="seconds" if is_whole else "milliseconds")


def is_time_of_day(text: str) -> bool:
    """Whether a text is a time of day without its day.

    >>> is_time_of_day("上午9:05"), is_time_of_day("9时05分"), is_time_of_day("9")
    (True, True, False)
    """
    return bool(_OF_DAY.fullmatch(" ".join(text.casefold().split())))


def _date(order: str, parts: list[str]) -> str:
    if order == "as is":
        return parts[0]
    if order == "ymd":
        year, _, month, day = parts
        return f"{year}-{int(month):02d}-{int(day):02d}"
    day, name, year = parts if order == "dmy" else (parts[1], parts[0], parts[2])
    if len(year) == 2:
        # As POSIX reads years of two digits.
        year = str(int(year) + (2000 if int(year) <= 68 else 1900))
    return f"{year}-{_NUMBERS[name]:02d}-{int(day):02d}"


def _clock(
    hour: str,
    minute: str | None,
    second: str | None,
    fraction: str | None,
    before: str | None,
    behind: str | None,
) -> str | None:
    """A time of day of 24 hours; `None` where it contradicts itself or may be one of two."""
    number, half = int(hour), before or behind
    if before and behind:
        return None
    if half in {"am", "a.m.", "上午", "凌晨", "清晨", "早上"}:
        if number > 12:
            return None
        number %= 12
    elif half in {"pm", "p.m.", "下午", "中午", "傍晚", "晚上"}:
        if half in {"傍晚", "晚上"} and (number == 12 or number < 5):
            return None
        if half == "中午" and number in {10, 11}:
            number -= 12
        number = number + 12 if number < 12 else number
    rest = f".{fraction[:6]}" if fraction else ""
    return f"{number:02d}:{int(minute or 0):02d}:{int(second or 0):02d}{rest}"


def _zone(utc: str | None, shift: str | None) -> str | None:
    """The offset from UTC as ISO 8601 has it; `None` where it is none."""
    if not shift:
        return "Z" if utc else ""
    if utc == "z":
        return None
    sign, digits = shift[0], shift[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "00")
    return f"{sign}{int(hours):02d}:{minutes}"
