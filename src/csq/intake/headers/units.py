"""What a header says of the unit of its numbers, in brackets or behind its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from csq.records.notation import Clock

_UNITS = {
    Decimal("0.001"): ("ms", "msec", "msecs", "millis", "millisecond", "milliseconds", "毫秒"),
    Decimal(1): ("s", "sec", "secs", "second", "seconds", "秒", "秒钟", "秒鐘", "秒数", "秒數"),
    Decimal(60): ("m", "min", "mins", "minute", "minutes", "分", "分钟", "分鐘", "分钟数"),
    Decimal(3_600): ("h", "hr", "hrs", "hour", "hours", "时", "小时", "小時", "小时数"),
    Decimal(86_400): ("d", "day", "days", "天", "日", "天数"),
}
"""Seconds in one of each unit that a header may name."""
CLOCKS = {
    "mm:ss": Clock.MINUTES, "m:ss": Clock.MINUTES, "min:sec": Clock.MINUTES,
    "分:秒": Clock.MINUTES, "分钟:秒": Clock.MINUTES,
    "hh:mm": Clock.HOURS, "h:mm": Clock.HOURS, "时:分": Clock.HOURS, "小时:分钟": Clock.HOURS,
}  # fmt: skip
"""What a header may say of durations of two numbers."""
_PART = "(?:天|日|小时|小時|时|時|分钟|分鐘|分|秒钟|秒鐘|秒)"
_PARTS = re.compile(
    rf"{_PART}(?:[:、,.·/'′_-]?{_PART})+"
    r"|(?:days?|dd?|hours?|hrs?|hh?|min(?:ute)?s?|mm?)"
    r"(?:[:./'](?:hours?|hrs?|hh?|min(?:ute)?s?|mm?|sec(?:ond)?s?|ss?|f{1,3}))+"
)
SECONDS = {word: each for each, words in _UNITS.items() for word in words}
FOREIGN_UNITS = frozenset({
    "us", "μs", "microseconds", "微秒", "ns", "nanoseconds", "纳秒", "w", "week", "weeks", "周",
    "星期", "month", "months", "月", "个月", "year", "years", "年", "workingdays", "businessdays",
    "工作日", "个工作日", "businesshours", "workinghours", "工作小时", "工时", "刻", "刻钟",
})  # fmt: skip
"""Units of time that are no fixed number of seconds, or too fine or too coarse to be meant."""
_OF_MANY = re.compile(
    r"(?:1/)?\d+(?:ms|sec|s|min|m|h|毫秒|秒钟?|分钟?|小时)|[十百千万]+(?:毫秒|秒钟?|分钟?|小时|天)"
    r"|人(?:天|日|时|小时|分钟)|man(?:days?|hours?)|h?hmm|m?mss|h?hmmss|minsec|sms|hrmin"
)
"""Units that are several of one, or two of them run together: `100ms`, `人天`, `mm.ss`."""
_OF_OTHERS = frozenset({
    "%", "‰", "百分比", "percent", "次", "个", "個", "件", "单", "單", "条", "條", "通", "人", "元",
    "星", "-", "/", "—", "无",
})  # fmt: skip
"""What stands in a row of units above numbers that are no time, or above no number."""
_OF_SHARES = frozenset({"%", "‰", "百分比", "percent"})
_OF_TIME = frozenset({*SECONDS, *FOREIGN_UNITS, *CLOCKS})

_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]$")
_ABOUT = re.compile(r"^(?:单位|單位|units?)?[:：]?(?:以|按|in)?(.+?)(?:为单位|計|计)?$")
_SEPARATED = sorted(set(SECONDS) | FOREIGN_UNITS, key=len, reverse=True)
_ATTACHED = sorted(
    (word for word in SECONDS if (len(word) > 1 and not word.isascii()) or word == "秒"),
    key=len,
    reverse=True,
)
"""Units that need no sign before them: a single 分, 时, 天 or 日 may be the end of another word."""
_ENDINGS = tuple({*_SEPARATED, *_ATTACHED})
_BEHIND = (
    re.compile(
        r"(.*?)(?:[\s_\-./\\·:：,，|]+|\s+in\s+)(?:单位|單位|units?|in|以)?[\s:：]*"
        rf"({'|'.join(map(re.escape, _SEPARATED))})\.?"
    ),
    re.compile(rf"(.+?)({'|'.join(map(re.escape, _ATTACHED))})"),
)


_BETWEEN = " _-./\\·:：,，|"
"""What stands between the words of a header."""
_IN = re.compile(rf"[{re.escape(_BETWEEN)}\s]+in$")
"""The word before a unit: `speed_of_answer_in_seconds`."""

_CAPITAL_WITHIN = re.compile("(?<=[a-z0-9])(?=[A-Z][a-z])")
"""Where a word begins in a name such as `talkTimeMs`."""

_LONGEST_NAME = 500
"""A longer one is a line of another delimiter, in which a unit is looked for in squared time."""


def is_unknown_unit(unit: str) -> bool:
    """Whether a unit is one of time by which numbers cannot be turned into seconds.

    >>> is_unknown_unit("工作日"), is_unknown_unit("1/1000s"), is_unknown_unit("ms")
    (True, True, False)
    """
    return unit in FOREIGN_UNITS or bool(_OF_MANY.fullmatch(unit))


def has_parts(unit: str) -> bool:
    """Whether a header's unit is several of them, each with a number of its own in a cell.

    >>> has_parts("分秒"), has_parts("hh:mm:ss"), has_parts("分钟"), has_parts("ms")
    (True, True, False, False)
    """
    return bool(_PARTS.fullmatch(unit))


def strip_brackets(key: str) -> str:
    """A header's key without a bracket at its end.

    >>> strip_brackets("talk(min)")
    'talk'
    """
    return _BRACKETS.sub("", key)


_BETWEEN_YES_NO = r"[\s_\-/]*"
_YES_NO = re.compile(
    rf"(?i)(?:[\s_\-./:]+|[\s_\-]*[(\[【])(?:y{_BETWEEN_YES_NO}n|yes{_BETWEEN_YES_NO}no"
    rf"|是{_BETWEEN_YES_NO}否)[)\]】]?\s*$"
)


def strip_yes_no(header: str) -> str:
    """A header without the words for yes and no behind it, with which a flag is headed.

    >>> strip_yes_no("answered_y_n"), strip_yes_no("Resolved (Yes/No)"), strip_yes_no("Evelyn")
    ('answered', 'Resolved', 'Evelyn')
    """
    return _YES_NO.sub("", unicodedata.normalize("NFKC", header))


def says_yes_no(header: str) -> bool:
    """Whether the cells of a column are yes or no, as its header says."""
    return bool(_YES_NO.search(unicodedata.normalize("NFKC", header)))


def unit_in_brackets(key: str) -> str:
    """What stands in brackets at the end of a header's key, without the words around a unit.

    >>> unit_in_brackets("等待时长(单位:秒)"), unit_in_brackets("talk(inminutes)")
    ('秒', 'minutes')
    """
    bracket = _BRACKETS.search(key)
    if not bracket:
        return ""
    about = _ABOUT.fullmatch(bracket[1])
    is_unit = about and (about[1] in SECONDS or has_parts(about[1]))
    return about[1] if about and is_unit else bracket[1]


@lru_cache(maxsize=8192)
def split_unit(header: str) -> tuple[str, str]:
    """A header without the unit of time behind it, and that unit; nothing where it names none.

    >>> split_unit("Speed of answer in seconds"), split_unit("通话时长_秒"), split_unit("Channel")
    (('speed of answer', 'seconds'), ('通话时长', '秒'), ('', ''))
    >>> split_unit("speed_of_answer_in_seconds"), split_unit("waitTimeInSec")
    (('speed_of_answer', 'seconds'), ('wait time', 'sec'))
    """
    if len(header) > _LONGEST_NAME:
        return "", ""
    spaced = _CAPITAL_WITHIN.sub(" ", unicodedata.normalize("NFKC", header))
    plain = spaced.casefold().strip()
    if not plain.removesuffix(".").endswith(_ENDINGS):
        return "", ""
    for behind in _BEHIND:
        if found := behind.fullmatch(plain):
            name = _IN.sub("", found[1].strip(_BETWEEN))
            if name:
                return name, found[2]
    return "", ""


def is_row_of_units(cells: Sequence[str]) -> bool:
    """Whether a row under a header holds nothing but units, at least one of time or per cent."""
    words = set(map(_unit_of, cells)) - {""}
    of_time = set(filter(_is_of_time, words))
    return bool(of_time or words & _OF_SHARES) and words - of_time <= _OF_OTHERS


def name_units(header: Sequence[str], units: Sequence[str]) -> tuple[str, ...]:
    """A header with the units of time in the row under it, in brackets where it names none."""
    below = (*map(_unit_of, units), *[""] * len(header))
    return tuple(
        f"{name}({unit})" if name.strip() and _is_of_time(unit) and not _names_unit(name) else name
        for name, unit in zip(header, below, strict=False)
    )


def _names_unit(header: str) -> bool:
    return bool(unit_in_brackets(_plain(header)) or split_unit(header)[1])


def _unit_of(cell: str) -> str:
    plain = _plain(cell)
    about = _ABOUT.fullmatch(plain)
    return unit_in_brackets(plain) or (about[1] if about and _is_of_time(about[1]) else plain)


def _is_of_time(word: str) -> bool:
    return word in _OF_TIME or has_parts(word)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
