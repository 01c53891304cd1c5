"""What is asked of an indicator: units, comparisons, targets."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from csq.definition.base import BilingualNote, Model, refuse, written_like
from csq.errors import UsageError
from csq.period import Period, parse_period
from csq.quantity import (
    FULL_WIDTH,
    QUANTITY,
    Quantity,
    QuantityKind,
    parse_quantity,
    quantity_of,
    split_unit,
)
from csq.wording import Wording


class Unit(StrEnum):
    PERCENT = "percent"
    DURATION = "duration"
    COUNT = "count"
    SCORE = "score"
    POINTS = "points"
    RATIO = "ratio"

    @property
    def quantity(self) -> QuantityKind:
        """What a target for this unit is written in."""
        known = {Unit.PERCENT: QuantityKind.PERCENT, Unit.DURATION: QuantityKind.DURATION}
        return known.get(self, QuantityKind.NUMBER)

    @property
    def decimals(self) -> int:
        """How many decimals a value is shown with, unless its indicator says so."""
        return {Unit.COUNT: 0, Unit.SCORE: 2, Unit.RATIO: 2}.get(self, 1)

    @property
    def ends(self) -> tuple[int, ...]:
        """The values beside zero that nothing is rounded to."""
        return (1,) if self is Unit.PERCENT else ()

    def step(self, value: Fraction, decimals: int | None = None) -> Fraction:
        """The smallest difference that is shown between values of about this size.

        A duration is shown in the largest unit of which there are at least two.
        """
        scale = Fraction(1, 100) if self is Unit.PERCENT else Fraction(1)
        if self is Unit.DURATION:
            scale = Fraction(next((n for n in DURATION_SCALES if abs(value) >= 2 * n), 1))
        return scale / int(10 ** (self.decimals if decimals is None else decimals))


DURATION_SCALES = (86_400, 3_600, 60, 1)
"""The units in which durations are shown, in seconds: days, hours, minutes, seconds."""


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"
    BAND = "band"


class Level(StrEnum):
    """How much a target asks for: the least that is bearable, the goal, more than the goal."""

    FLOOR = "floor"
    TARGET = "target"
    STRETCH = "stretch"

    @property
    def wording(self) -> Wording:
        """What people call it."""
        return _LEVEL_TITLES[self]


_LEVEL_TITLES = {
    Level.FLOOR: Wording("底线", "floor"),
    Level.TARGET: Wording("目标", "target"),
    Level.STRETCH: Wording("挑战值", "stretch"),
}

_MORE_DECIMALS = 9
_EXACT_DIGITS = 12

COMPARISONS = {">=": ">=", "≥": ">=", "<=": "<=", "≤": "<=", ">": ">", "<": "<", "=": "="}


class Comparison(Model):
    """What is asked of a value: `>= 85%`, the band `240s .. 420s`, or a change such as `-20%`.

    A band reaches from `quantity` to `upper`, both counted in. A change (operator `+`) is judged
    once its baseline is known; `by_points` adds it, otherwise it is a share of the baseline. What
    it then comes to is `worked_out`, and no number that anybody wrote.
    """

    operator: Literal[">=", "<=", ">", "<", "=", "..", "+"]
    quantity: Quantity
    upper: Quantity | None = None
    by_points: bool = False
    worked_out: bool = False

    @property
    def is_change(self) -> bool:
        return self.operator == "+"

    def holds(self, value: Fraction) -> bool:
        """Compared exactly, never in floats."""
        assert not self.is_change, self
        wanted = self.quantity.value
        return {
            ">=": value >= wanted,
            "<=": value <= wanted,
            ">": value > wanted,
            "<": value < wanted,
            "=": value == wanted,
            "..": self.upper is not None and wanted <= value <= self.upper.value,
        }[self.operator]

    def distance(self, value: Fraction) -> Fraction:
        """The value less what is asked; less the nearest end of a band, 0 inside of it."""
        if self.upper is None:
            return value - self.quantity.value
        return value - min(max(value, self.quantity.value), self.upper.value)

    def after(self, baseline: Fraction, direction: Direction, unit: Unit) -> Comparison:
        """What a change asks, given the value it is a change from.

        A share is one of its size: 10 % more than −10 is −9.
        """
        changed = self.quantity.value
        wanted = baseline + (changed if self.by_points else abs(baseline) * changed)
        operator: Literal[">=", "<="] = "<=" if direction is Direction.DOWN else ">="
        limit = quantity_of(wanted, unit.quantity, digits=_EXACT_DIGITS)
        return Comparison(operator=operator, quantity=limit, worked_out=True)

    def rounded(self, value: Fraction | None, unit: Unit, decimals: int | None) -> Comparison:
        """A limit that was worked out, as it is shown: on the side of the value it is really on.

        It has more decimals where it takes them, and never becomes a zero or a hundred percent
        that it is not. One that somebody wrote stays as it was written.
        """
        if not self.worked_out:
            return self
        exact, step = self.quantity.value, unit.step(self.quantity.value, decimals)

        def with_limit(limit: Fraction) -> Comparison:
            shown = quantity_of(limit, self.quantity.kind, digits=_EXACT_DIGITS)
            return self.model_copy(update={"quantity": shown})

        for finer in (step / 10**n for n in range(_MORE_DECIMALS)):
            below = math.floor(exact / finer) * finer
            near, far = sorted((below, below + finer), key=lambda it: (abs(it - exact), -it))
            for limit in (exact,) if near == exact else (near, far):
                shown = with_limit(limit)
                if any((limit == end) != (exact == end) for end in (0, *unit.ends)):
                    continue
                if value is None or shown.holds(value) == self.holds(value):
                    return shown
        return self

    def __str__(self) -> str:
        if self.upper is not None:
            return f"{self.quantity.text} .. {self.upper.text}"
        return self.quantity.text if self.is_change else f"{self.operator} {self.quantity.text}"


def _read_comparison(value: object) -> object:
    if isinstance(value, Comparison):
        return value
    if isinstance(value, str):
        value = value.translate(FULL_WIDTH)
        match = re.fullmatch(r"\s*(>=|<=|≥|≤|>|<|=)\s*(.+?)\s*", value)
        quantity = parse_quantity(match[2]) if match else None
        if match and quantity:
            return {"operator": COMPARISONS[match[1]], "quantity": quantity}
        low, dots, high = value.partition("..")
        ends = parse_quantity(low), parse_quantity(high)
        if dots and ends[0] and ends[1] and ends[0].kind is ends[1].kind:
            if ends[0].value < ends[1].value:
                return {"operator": "..", "quantity": ends[0], "upper": ends[1]}
        elif re.fullmatch(r"\s*[+-].*", value):
            points = value.strip().removesuffix("pp")
            by_points = points != value.strip()
            changed = parse_quantity(f"{points}%" if by_points else points)
            if changed:
                changed = replace(changed, text=value.strip())
                absolute = by_points or changed.kind is not QuantityKind.PERCENT
                return {"operator": "+", "quantity": changed, "by_points": absolute}
    raise PydanticCustomError("expected", "{expected}", {"expected": _suggest(str(value))})


_AT_LEAST = re.compile(r"=>|不低于|不少于|不小于|至少|大于等于|(?:及|或)?以上|at least")
_AT_MOST = re.compile(r"=<|不高于|不超过|不大于|至多|小于等于|(?:及|或)?以[内下]|at most")
_JOINED = re.compile(r"\s*(?:\.{2,}|[-~–—至到]|to)\s*")
_COLONS = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})")


def _suggest(text: str) -> str:
    """What somebody may have meant by a comparison that is none, or else how one is written."""
    text = re.sub(r"([<>])\s+=", r"\1=", text)
    operators = [*re.findall(r"[<>≤≥]=?", text), ""]
    operator = COMPARISONS.get(operators[0], "")
    for words, meant in ((_AT_LEAST, ">="), (_AT_MOST, "<=")):
        if words.search(text):
            operator, text = meant, words.sub("", text)
    plain = text.strip(" <>=≤≥“”‘’\"'")
    if both := _COLONS.fullmatch(plain):
        hours, minutes, seconds = (int(each or 0) for each in both.groups())
        plain = f"{hours * 3600 + minutes * 60 + seconds}s"
    elif spelt := re.fullmatch(r"(\d+) ?(?:分钟?|min) ?(\d+) ?(?:秒|s)", plain):
        plain = f"{int(spelt[1]) * 60 + int(spelt[2])}s"
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", plain)
    if parse_quantity(plain) and plain[:1] not in "+-":
        told = [f'"{each} {plain}"' for each in ([operator] if operator else _EITHER)]
        return ", ".join([*told, f'">= {plain}%"'] if plain.isdecimal() else told)
    low, high, *more = (*_JOINED.split(plain), "", "")
    ends = parse_quantity(low), parse_quantity(high)
    if ends[0] and ends[1] and not any(more):
        if ends[0].kind is not ends[1].kind:
            low += split_unit(high)[1]
        first, last = sorted((low, high), key=lambda it: _amount(it))
        return f'"{first} .. {last}"'
    return '">= 85%", "<= 3min", "240s .. 420s", "-20%"'


def _amount(text: str) -> Fraction:
    quantity = parse_quantity(text)
    return quantity.value if quantity else Fraction(0)


_EITHER = (">=", "<=")
_SIGN = "[+＋－-]"
_WRITTEN = (
    rf"^\s*(([<>＜＞][=＝]?|[≤≥=＝])\s*{_SIGN}?{QUANTITY}"
    rf"|{_SIGN}?{QUANTITY}\s*[.．]{{2}}\s*{_SIGN}?{QUANTITY}|{_SIGN}{QUANTITY})\s*$"
)
ComparisonText = Annotated[
    Comparison,
    BeforeValidator(
        _read_comparison, json_schema_input_type=Annotated[str, written_like(_WRITTEN)]
    ),
]


def _read_scope(value: object) -> object:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, str | int) and text.strip():
        return text
    raise PydanticCustomError("string_type", "a text")


ScopeText = Annotated[str, BeforeValidator(_read_scope, json_schema_input_type=str | int | bool)]


def _read_period(value: object) -> object:
    if isinstance(value, Period):
        return value
    try:
        return parse_period(str(value))
    except UsageError:
        raise PydanticCustomError(
            "expected", "{expected}", {"expected": "2025-08, 2025Q3, 2025H1, 2025"}
        ) from None


PeriodText = Annotated[Period, BeforeValidator(_read_period, json_schema_input_type=str | int)]


class Target(Model):
    """One row of an indicator's targets: what is asked, of which groups, and who says so.

    It counts for periods that end within `from` and `to`. A change is one from `baseline`. With a
    `profile` it counts only where the definition chooses that profile.
    """

    value: ComparisonText
    level: Level = Level.TARGET
    where: dict[str, ScopeText] = Field(default_factory=dict)
    """The group it is for: what each of these fields holds, in any known spelling."""
    from_: PeriodText | None = Field(default=None, alias="from")
    to: PeriodText | None = None
    baseline: PeriodText | None = None
    profile: str | None = None
    provenance: BilingualNote | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        refuse(self._faults())
        return self

    def _faults(self) -> Iterator[PydanticCustomError]:
        if self.value.is_change != (self.baseline is not None):
            yield PydanticCustomError("baseline", "baseline")
        if self.from_ and self.to and self.to.end <= self.from_.start:
            told = {"start": self.from_.label, "to": self.to.label}
            yield PydanticCustomError("reversed", "reversed", told)

    @property
    def is_dated(self) -> bool:
        return self.from_ is not None or self.to is not None

    def is_in_force(self, day: date) -> bool:
        """Whether it counts for a period that ends with that day."""
        begun = self.from_ is None or self.from_.start <= day
        return begun and (self.to is None or day < self.to.end)
