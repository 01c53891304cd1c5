"""Numbers of a workbook as the text that their number format shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, auto

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from csq.intake.readers.base import Positions, gather, number_array, number_text, text_array


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


_DAY = 86_400_000
_FIRST_YEAR, _YEAR_BEYOND = -719_162 * _DAY, 2_932_897 * _DAY
"""The beginnings of the years 1 and 10,000, in thousandths of seconds since 1970."""
_FIRST_MOMENT = 10_000
"""From which number on a time of day stands on a day: before, it is a length of time."""

Format = Shown | Padded | None
"""What a number format makes of a number; `None`: a number."""


class Speller:
    """Numbers as the text that their format shows: a day, a length of time, an id with zeros.

    `day_mark` is put behind every day.
    """

    def __init__(self, first_day: date, day_mark: str = "") -> None:
        self._first_day = (first_day - date(1970, 1, 1)).days * _DAY
        self._day_mark = day_mark

    def spell_column(self, numbers: npt.NDArray[np.float64], shown: Format) -> pa.Array:
        """Many numbers of one format."""
        is_day = (numbers > -1e6) & (numbers < 3e6) & (shown in {Shown.DATE, Shown.CLOCK})
        if shown is Shown.CLOCK:
            is_day &= numbers >= _FIRST_MOMENT
        moments = np.rint(np.where(is_day, numbers, 0) * _DAY).astype(np.int64) + self._first_day
        is_day &= (moments >= _FIRST_YEAR) & (moments < _YEAR_BEYOND)
        days, others = np.flatnonzero(is_day), np.flatnonzero(~is_day)
        spelt = [self.spell(number, shown) for number in numbers[others].tolist()]
        return gather([(days, self._spell_days(moments[days])), (others, text_array(spelt))])

    def _spell_days(self, moments: Positions) -> pa.Array:
        """Thousandths of seconds since 1970 as days, with the time of day where it is not 0."""
        rest = moments % _DAY
        days = np.flatnonzero(rest == 0)
        seconds = np.flatnonzero((rest != 0) & (rest % 1_000 == 0))
        fractions = np.flatnonzero(rest % 1_000 != 0)
        spelt = gather([
            (days, _texts(moments[days] // _DAY, np.int32, pa.date32())),
            (seconds, _texts(moments[seconds] // 1_000, np.int64, pa.timestamp("s"))),
            (fractions, _texts(moments[fractions], np.int64, pa.timestamp("ms"))),
        ])  # fmt: skip
        if not self._day_mark:
            return spelt
        marks = text_array([self._day_mark, ""])
        first, last = (marks.take(number_array(np.full(len(moments), i))) for i in (0, 1))
        return pc.binary_join_element_wise(spelt, first, last)

    def spell(self, number: float, shown: Format) -> str:
        """One number that is no day."""
        if isinstance(shown, Padded):
            text = number_text(number)
            return text.zfill(shown.digits) if text.isdecimal() else text
        if shown is Shown.PERCENT:
            return percent_text(number)
        is_clock = shown is Shown.CLOCK and number < _FIRST_MOMENT
        if (is_clock or shown is Shown.ELAPSED) and -1e6 < number < 3e6:
            thousandths = round(number * _DAY)
            return ("-" if thousandths < 0 else "") + clock_text(abs(thousandths))
        return number_text(number)


def _texts(numbers: Positions, width: type[np.integer], kind: pa.DataType) -> pa.Array:
    """Numbers of Arrow's days or moments as it spells them."""
    return number_array(numbers.astype(width)).view(kind).cast(pa.string())


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
