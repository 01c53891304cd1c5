"""Numbers as people read them. What is shown never contradicts the verdict.

A value is rounded half up; where that would move it across its target, across zero or up to
100 %, it is shown on the side it is really on; what is not zero has as many decimals as say so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

from csq.definition.targets import DURATION_SCALES, Comparison, Unit
from csq.wording import Language, Wording

MINUS = "−"
_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "="}
_SPARKS, _NO_BLOCK = "▁▂▃▄▅▆▇█", "·"
_MOST_DECIMALS = 6
_FINEST_DECIMALS = 9
"""What a value may need that is next to its target; beyond, nothing is measured."""

SECOND = Wording("秒", "s")
MINUTE = Wording("分钟", "min")
HOUR = Wording("小时", "h")
DAY = Wording("天", "d")
_SHORT_MINUTE = Wording("分", "min")
_SCALES = tuple(zip(DURATION_SCALES, (DAY, HOUR, MINUTE, SECOND), strict=True))


def show_value(
    value: Fraction,
    unit: Unit,
    language: Language,
    *,
    decimals: int | None = None,
    target: Comparison | None = None,
) -> str:
    """A value with its unit, on the right side of its target.

    >>> from csq.definition.targets import Target
    >>> target = Target.model_validate({"value": ">= 80%"}).value
    >>> show_value(Fraction(7996, 10000), Unit.PERCENT, "en", target=target)
    '79.9 %'
    """
    wanted = unit.decimals if decimals is None else decimals
    if unit is Unit.COUNT and decimals is None and value.denominator != 1:
        wanted = 1

    def misleads(shown: Fraction) -> bool:
        """Whether a rounded value says something else than the true one."""
        if (shown == 0) != (value == 0):
            return True
        if unit is Unit.PERCENT and (shown == 1) != (value == 1):
            return True
        return target is not None and target.holds(shown) != target.holds(value)

    *coarse, (finest, last_suffix) = _scales_of(value, unit, language)
    for scale, suffix in coarse:
        text = _round(value, scale, range(wanted, _MOST_DECIMALS + 1), misleads)
        if text is not None:
            return f"{text}{suffix}"
    text = _round(value, finest, range(wanted, _FINEST_DECIMALS + 1), misleads)
    if text is None:
        text = format_decimal(value * finest, _FINEST_DECIMALS)
    return f"{text}{last_suffix}"


def _scales_of(value: Fraction, unit: Unit, language: Language) -> list[tuple[Fraction, str]]:
    """How many of the shown unit make one and how that unit is written, the best first.

    A duration is shown in the largest unit of which there are at least two, since 67.5 s says
    more than 1.1 min; a smaller one is for what that cannot say exactly enough.
    """
    if unit is Unit.PERCENT:
        return [(Fraction(100), " %")]
    if unit is Unit.DURATION:
        fitting = [scale for scale in _SCALES if abs(value) >= 2 * scale[0]] or _SCALES[-1:]
        return [(Fraction(1, seconds), f" {name.say(language)}") for seconds, name in fitting]
    return [(Fraction(1), "")]


def _round(
    value: Fraction,
    scale: Fraction,
    precisions: Sequence[int],
    misleads: Callable[[Fraction], bool],
) -> str | None:
    """The value rounded half up, or to its other neighbour, or to more decimals: whatever first
    does not mislead.

    Beside zero the other neighbour is many times the value: only more decimals say it.
    """
    for decimals in precisions:
        exact = value * scale * 10**decimals
        half_up = math.floor(exact + Fraction(1, 2))
        other = math.floor(exact) if half_up > exact else math.ceil(exact)
        neighbours = (half_up, other) if half_up or decimals == precisions[-1] else (half_up,)
        for steps in neighbours:
            shown = Fraction(steps, 10**decimals)
            if not misleads(shown / scale):
                return format_decimal(shown, decimals)
    return None


def format_decimal(value: Fraction, decimals: int) -> str:
    """A fraction that has that many decimals, with separators and a true minus sign."""
    steps = round(abs(value) * 10**decimals)
    whole, rest = divmod(steps, 10**decimals)
    text = f"{whole:,}" + (f".{rest:0{decimals}d}" if decimals else "")
    return f"{MINUS}{text}" if value < 0 else text


def show_difference(
    difference: Fraction, unit: Unit, language: Language, decimals: int | None = None
) -> str:
    """A gap or a change, signed: percents in points, durations in two units."""
    if unit is Unit.DURATION and abs(difference) >= 60:
        return _signed(difference, _compound(abs(difference), language))
    wanted = unit.decimals if decimals is None else decimals
    scale = Fraction(100) if unit is Unit.PERCENT else Fraction(1)
    suffix = {Unit.PERCENT: " pp", Unit.DURATION: f" {SECOND.say(language)}"}.get(unit, "")
    size = abs(difference) * scale
    while wanted < _MOST_DECIMALS and size and size < Fraction(1, 2 * 10**wanted):
        wanted += 1
    steps = Fraction(math.floor(size * 10**wanted + Fraction(1, 2)), 10**wanted)
    return _signed(difference, f"{format_decimal(steps, wanted)}{suffix}")


def _signed(difference: Fraction, text: str) -> str:
    if difference == 0:
        return text
    return f"{MINUS if difference < 0 else '+'}{text}"


_PAIRS = (
    (86_400, DAY, 3_600, HOUR),
    (3_600, HOUR, 60, _SHORT_MINUTE),
    (60, _SHORT_MINUTE, 1, SECOND),
)
"""Two units that stand together, the larger first, with their seconds."""


def _compound(seconds: Fraction, language: Language) -> str:
    """A duration of a minute or more in its two largest units."""
    whole = math.floor(seconds + Fraction(1, 2))
    for large, large_name, small, small_name in _PAIRS:
        if whole >= large:
            count = whole % large // small
            first = f"{whole // large:,} {large_name.say(language)}"
            return f"{first} {count} {small_name.say(language)}" if count else first
    return f"{whole} {SECOND.say(language)}"


def show_duration(seconds: Fraction, language: Language) -> str:
    """A total of time, without a sign."""
    return _compound(seconds, language)


def show_needed(seconds: Fraction, language: Language) -> str:
    """A time that is enough, without a sign: in its two largest units it is not below the true one.

    >>> show_needed(Fraction(86_460), "en")
    '1 d 1 h'
    """
    whole = math.ceil(seconds)
    finest = next((small for large, _, small, _ in _PAIRS if whole >= large), 1)
    return _compound(Fraction(math.ceil(Fraction(whole, finest)) * finest), language)


def show_target(target: Comparison, unit: Unit, language: Language) -> str:
    """A target as it is compared: `≥ 85 %`, `≤ 3 min`, `4 min – 7 min`.

    A limit that was worked out is shown in the unit that values of its size are shown in.
    """
    show = _show_worked_out if target.worked_out else _show_limit
    if target.upper is not None:
        ends = (target.quantity.value, target.upper.value)
        return " – ".join(show(end, unit, language) for end in ends)
    return f"{_SIGNS[target.operator]} {show(target.quantity.value, unit, language)}"


def _show_limit(value: Fraction, unit: Unit, language: Language) -> str:
    if unit is Unit.DURATION:
        seconds, name = next(
            (scale for scale in _SCALES if value >= scale[0] and value % scale[0] == 0), _SCALES[-1]
        )
        if seconds == 86_400 and value < 172_800:
            seconds, name = 3_600, HOUR
        return f"{_shortest(value / seconds)} {name.say(language)}"
    if unit is Unit.PERCENT:
        return f"{_shortest(value * 100)} %"
    return _shortest(value)


def _show_worked_out(value: Fraction, unit: Unit, language: Language) -> str:
    *coarse, last = _scales_of(value, unit, language)
    scale, suffix = next((s for s in coarse if _is_short(value * s[0])), last)
    return f"{_shortest(value * scale)}{suffix}"


def _is_short(value: Fraction) -> bool:
    return (value * int(10**_MOST_DECIMALS)).denominator == 1


def _shortest(value: Fraction) -> str:
    precisions = range(_FINEST_DECIMALS)
    decimals = next((d for d in precisions if (value * 10**d).denominator == 1), _FINEST_DECIMALS)
    return format_decimal(value, decimals)


def draw_trend(values: tuple[Fraction | None, ...]) -> str:
    """A line of blocks, the oldest first; empty where there is nothing to compare.

    A missing period has a dot in its place: blanks at an end are lost in some formats.
    """
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)

    def block(value: Fraction | None) -> str:
        if value is None:
            return _NO_BLOCK
        share = (value - low) / (high - low) if high > low else Fraction(1, 2)
        return _SPARKS[min(7, int(share * 8))]

    return "".join(map(block, values))


def excel_format(unit: Unit, decimals: int | None = None) -> str:
    """The number format a workbook shows this unit with; a duration is in seconds."""
    wanted = unit.decimals if decimals is None else decimals
    digits = "0" + ("." + "0" * wanted if wanted else "")
    return f"{digits}%" if unit is Unit.PERCENT else f"#,##{digits}"
