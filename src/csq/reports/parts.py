"""The values inside a formula as people read them: part and whole, and what it puts together."""

from __future__ import annotations

from fractions import Fraction

from csq.definition.targets import Unit
from csq.formula.tree import Type
from csq.measure import Measurement
from csq.reports.numbers import MINUS, show_duration, show_value
from csq.wording import Language, Wording

_MINUTE = 60
_DIGITS = 6


def show_parts(measured: Measurement, language: Language) -> tuple[str, str] | None:
    """The part and the whole of a quotient; a total of time reads as one."""
    ratio = measured.indicator.ratio
    if ratio is None or measured.part is None or measured.whole is None:
        return None
    return (
        _show_total(measured.part, ratio.part.type, language),
        _show_total(measured.whole, ratio.whole.type, language),
    )


def _show_total(total: Fraction, kind: Type, language: Language) -> str:
    """The exact number, so that what is shown can be divided; of time also in larger units."""
    exact = f"{MINUS if total < 0 else ''}{float(abs(total)):,.12g}"
    if kind is not Type.DURATION:
        return exact
    if abs(total) < _MINUTE:
        return show_value(total, Unit.DURATION, language)
    return _TIME.fill(exact=exact, it=show_duration(abs(total), language)).say(language)


_TIME = Wording("{exact} 秒（{it}）", "{exact} s ({it})")


def show_amount(value: Fraction, kind: Type, language: Language) -> str:
    """One value of several in a formula."""
    match kind:
        case Type.DURATION:
            return show_value(value, Unit.DURATION, language)
        case Type.PERCENT:
            return show_value(value, Unit.PERCENT, language)
    return f"{float(value):,.{_DIGITS}g}"
