"""Numbers with a unit as people write them in definitions: `85%`, `30s`, `2 min`, `24 小时`.

Values are exact fractions; a percent is a share of one, a duration is seconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class QuantityKind(StrEnum):
    NUMBER = "number"
    PERCENT = "percent"
    DURATION = "duration"


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact amount and what it is an amount of; `text` is how it was written."""

    value: Fraction
    kind: QuantityKind
    text: str


SECONDS = {
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "sec": Fraction(1),
    "秒": Fraction(1),
    "min": Fraction(60),
    "分": Fraction(60),
    "分钟": Fraction(60),
    "h": Fraction(3600),
    "hour": Fraction(3600),
    "hours": Fraction(3600),
    "小时": Fraction(3600),
    "d": Fraction(86400),
    "day": Fraction(86400),
    "days": Fraction(86400),
    "天": Fraction(86400),
    "日": Fraction(86400),
}

FULL_WIDTH = str.maketrans(
    "（），＜＞＝＋－＊／％｛｝［］＠．０１２３４５６７８９\u3000\u00a0\u2009\u202f–",
    "(),<>=+-*/%{}[]@.0123456789    -",
)
"""The signs of a Chinese keyboard, and the blanks and dashes of a word processor, as plain ones."""

_UNITS = "|".join(SECONDS)
_WRITTEN = re.compile(
    r"(?P<amount>[+-]?\d+(?:\.\d+)?)\s*(?P<unit>%|％|pp|" + _UNITS + r")?", re.ASCII
)
QUANTITY = rf"[0-9０-９]+([.．][0-9０-９]+)?\s*(%|％|pp|{_UNITS})?"
"""How a quantity without a sign is written, as a pattern for editors: never narrower than csq."""


def parse_quantity(text: str) -> Quantity | None:
    """The quantity a text spells, or `None`.

    >>> parse_quantity("85%").value, parse_quantity("2 min").value
    (Fraction(17, 20), Fraction(120, 1))
    """
    match = _WRITTEN.fullmatch(text.strip())
    if not match or match["unit"] == "pp":
        return None
    amount, unit = Fraction(match["amount"]), match["unit"]
    if unit is None:
        return Quantity(amount, QuantityKind.NUMBER, text.strip())
    if unit in "%％":
        return Quantity(amount / 100, QuantityKind.PERCENT, f"{match['amount']}%")
    return Quantity(amount * SECONDS[unit], QuantityKind.DURATION, text.strip())


def split_unit(text: str) -> tuple[str, str]:
    """The amount and the unit of a quantity that has one.

    >>> split_unit("30 min")
    ('30', 'min')
    """
    match = _WRITTEN.fullmatch(text.strip())
    assert match is not None, text
    return match["amount"], match["unit"]


def quantity_of(value: Fraction, kind: QuantityKind, *, digits: int = 6) -> Quantity:
    """An exact amount with the text that spells it to so many digits.

    >>> quantity_of(Fraction(1, 3), QuantityKind.PERCENT).text
    '33.3333%'
    """
    match kind:
        case QuantityKind.PERCENT:
            text = f"{float(value * 100):.{digits}g}%"
        case QuantityKind.DURATION:
            text = f"{float(value):.{digits}g}s"
        case QuantityKind.NUMBER:
            text = f"{float(value):.{digits}g}"
    return Quantity(value, kind, text)
