"""Numbers as a workbook shows them: never on the other side of a mark than the number itself."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from csq.definition.targets import Unit
from csq.reports.numbers import DAY, HOUR, MINUTE, SECOND
from csq.wording import Language

_DURATIONS = ((86_400, DAY), (3_600, HOUR), (60, MINUTE), (1, SECOND))
_READING = re.compile(r"([+−]?[\d,]+(?:\.(\d+))?)(?: (\S+))?")
_MOST_DECIMALS = 9


@dataclass(frozen=True, slots=True)
class Scale:
    """The unit that the numbers of one indicator are shown in: one for all its rows."""

    unit: Unit
    seconds: int = 1
    name: str = ""

    @property
    def factor(self) -> Fraction:
        return Fraction(1, self.seconds)

    def number_format(self, decimals: int, *, signed: bool = False) -> str:
        suffix = "%" if self.unit is Unit.PERCENT else f'" {self.name}"' if self.name else ""
        whole = "0" if self.unit is Unit.PERCENT else "#,##0"
        digits = f"{whole}{'.' if decimals else ''}{'0' * decimals}{suffix}"
        return f"+{digits};-{digits};{digits}" if signed else digits

    def decimals(self, value: Fraction, text: str, marks: Iterable[Fraction]) -> int:
        """As many as the text shows; more where Excel's rounding would cross a mark."""
        scale = self.factor * (100 if self.unit is Unit.PERCENT else 1)
        reading = _READING.fullmatch(text)
        decimals = len(reading[2] or "") if reading else 1
        exact = value * scale
        sides = [mark * scale for mark in (Fraction(0), *marks)]
        while decimals < _MOST_DECIMALS and any(
            side_of(rounded_as_excel(exact, decimals) - mark) != side_of(exact - mark)
            for mark in sides
        ):
            decimals += 1
        return decimals


def scale_of(unit: Unit, text: str, language: Language) -> Scale:
    """The scale that a shown value of an indicator reads in."""
    if unit is Unit.DURATION:
        for seconds, wording in _DURATIONS:
            name = wording.say(language)
            if text.endswith(f" {name}"):
                return Scale(unit, seconds, name)
    return Scale(unit)


def rounded_as_excel(value: Fraction, decimals: int) -> Fraction:
    """As Excel rounds: half away from zero."""
    steps = math.floor(abs(value) * 10**decimals + Fraction(1, 2))
    return Fraction(steps * side_of(value), 10**decimals)


def side_of(difference: Fraction) -> int:
    return (difference > 0) - (difference < 0)
