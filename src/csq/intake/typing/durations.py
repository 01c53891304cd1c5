"""Durations of every notation, in microseconds."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from sqlglot import exp

from csq.intake.typing.numbers import ungrouped
from csq.intake.typing.trees import cast, choose, fits, found_in, is_equal, try_cast
from csq.records import notation
from csq.records.reading import Reading


def read_duration(cell: exp.Expr, reading: Reading, unit: Decimal = Decimal(1)) -> exp.Expr:
    """The microseconds a cell says; `unit` is seconds in one plain number without its own unit."""
    cell, clock = exp.Lower(this=cell), reading.clock

    def microseconds(amount: exp.Expr, seconds: Decimal | int) -> exp.Expr:
        exact = exp.Mul(
            this=try_cast(amount, "DECIMAL(38, 18)"),
            expression=exp.Literal.number(int(seconds * 1_000_000)),
        )
        return cast(exact, "BIGINT")

    def total(amounts: Iterable[exp.Expr], weights: Iterable[int]) -> exp.Expr:
        parts: list[exp.Expr] = [
            exp.Coalesce(this=microseconds(amount, seconds), expressions=[exp.Literal.number(0)])
            for amount, seconds in zip(amounts, weights, strict=True)
        ]
        return exp.paren(_sum(parts), copy=False)

    def clocked(pattern: str, weights: tuple[int, ...]) -> exp.Expr:
        return total((found_in(cell, pattern, n + 1) for n in range(len(weights))), weights)

    before = [notation.AMOUNT_BEFORE.format(unit=unit) for unit in notation.UNIT_BEGINNINGS]
    named = total(
        (ungrouped(found_in(cell, pattern, 1)) for pattern in before), notation.WORDED_SECONDS
    )
    is_iso = exp.and_(fits(cell, notation.ISO_DURATION_END), fits(cell, notation.ISO_DURATION))
    short = notation.SHORT_CLOCK_DURATION
    plain: exp.Expr = microseconds(ungrouped(cell), reading.unit or unit)
    if reading.has_parts:
        nothing = exp.Literal.number(0)
        plain = choose((is_equal(microseconds(ungrouped(cell), 1), nothing), nothing.copy()))
    return choose(
        (fits(cell, notation.PLAIN_AMOUNT), plain),
        (exp.or_(fits(cell, notation.WORDED_DURATION), is_iso), named),
        (fits(cell, "|".join(_CLOCKS)), clocked(_CLOCK, notation.WORDED_SECONDS)),
        *([(fits(cell, short), clocked(short, clock.seconds))] if clock else []),
    )


_CLOCKS = (
    notation.CLOCK_DURATION,
    notation.DAY_CLOCK_DURATION,
    notation.DAYS_AND_CLOCK_DURATION,
)
_CLOCK = r"^(?:(\d{1,5})(?:[:.]| ?(?:days?|d|天|日)[,.]? ?))?(\d{1,5}):(\d{1,2}):([\d.]+)$"
"""One of these clocks, its days, hours, minutes and seconds grouped."""


def _sum(parts: list[exp.Expr]) -> exp.Expr:
    total = parts[0]
    for part in parts[1:]:
        total = exp.Add(this=total, expression=part)
    return total


def count_from(start: exp.Expr, passed: exp.Expr) -> exp.Expr:
    """The time that lies a duration, in microseconds, after another."""
    return exp.Add(
        this=start, expression=exp.Anonymous(this="TO_MICROSECONDS", expressions=[passed])
    )
