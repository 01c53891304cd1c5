"""Times of every notation, as the business has them on its clocks."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from csq.intake.typing.trees import (
    build_type,
    choose,
    fits,
    found_in,
    group_in,
    is_equal,
    list_texts,
    try_cast,
)
from csq.records import notation
from csq.records.notation import DateOrder
from csq.records.reading import Reading


def read_time(cell: exp.Expr, reading: Reading) -> exp.Expr:
    """A time of any year; `is_plausible_year` is what `typing.checks` asks of it.

    A format that does not fit costs far more than one that does, so the commonest is tried
    first, and of the others only those with the same sign behind the year.
    """
    fifth = exp.Substring(
        this=cell.copy(), start=exp.Literal.number(5), length=exp.Literal.number(1)
    )
    by_sign = [
        (is_equal(fifth, exp.Literal.string(sign)), _parse_time(cell, _with_times(date)))
        for sign, date in notation.YEAR_FIRST_DATES.items()
    ]
    attempts = [choose(*by_sign), _compact_or_offset(cell, reading.zone), _named_month(cell)]
    ordered = notation.ORDERED_DATES[reading.order] if reading.order else ()
    if ordered:
        attempts.insert(0, _parse_all(cell, ordered))
    found: exp.Expr = exp.Coalesce(
        this=_parse_time(cell, [notation.COMMONEST_FORMAT]), expressions=attempts
    )
    if reading.order:
        short = _parse_all(cell, notation.SHORT_DATES[reading.order])
        is_short = fits(cell, _SHORT_DATES.get(reading.order, notation.SHORT_DATE))
        found = exp.Case(ifs=[exp.If(this=is_short, true=short)], default=found)
    if reading.ahead is not None:
        minutes = exp.Literal.number(-int(reading.ahead.total_seconds()) // 60)
        moved = _moved(found.copy(), minutes, reading.zone)
        found = exp.Case(
            ifs=[exp.If(this=fits(cell, notation.OFFSET_TIME), true=found)], default=moved
        )
    return found


_SHORT_DATES = {DateOrder.YEAR_FIRST: notation.SHORT_YEAR_FIRST}


def _named_month(cell: exp.Expr) -> exp.Expr:
    return choose(
        (fits(cell, notation.NAMED_DATE), _parse_all(cell, notation.NAMED_DATES)),
        (fits(cell, notation.SHORT_NAMED_DATE), _parse_all(cell, notation.SHORT_NAMED_DATES)),
    )


def _parse_all(cell: exp.Expr, dates: Iterable[str]) -> exp.Expr:
    """A date of one of these formats, with or without a time of day."""
    return _parse_time(cell, [each for date in dates for each in _with_times(date)])


def _with_times(date: str) -> list[str]:
    return [date + time for time in notation.TIMES]


def _parse_time(cell: exp.Expr, formats: Iterable[str]) -> exp.Expr:
    return exp.Anonymous(this="TRY_STRPTIME", expressions=[cell.copy(), list_texts(formats)])


def _compact_or_offset(cell: exp.Expr, zone: str) -> exp.Expr:
    length = exp.Length(this=cell.copy())
    compact = [
        (is_equal(length, exp.Literal.number(digits)), _parse_time(cell, [spelt]))
        for digits, spelt in notation.COMPACT_FORMATS.items()
    ]
    return choose(
        (fits(cell, notation.COMPACT_TIME), choose(*compact)),
        (fits(cell, notation.OFFSET_TIME), _in_zone(cell, zone)),
    )


def _in_zone(cell: exp.Expr, zone: str) -> exp.Expr:
    """A time with an offset, moved to the business's zone."""
    local = _parse_time(group_in(cell, notation.OFFSET_TIME, 1), notation.OFFSET_FORMATS)

    def number(group: int) -> exp.Expr:
        digits = try_cast(found_in(cell, notation.OFFSET, group), "BIGINT")
        return exp.Coalesce(this=digits, expressions=[exp.Literal.number(0)])

    minutes = exp.Add(
        this=exp.Mul(this=number(2), expression=exp.Literal.number(60)), expression=number(3)
    )
    behind = is_equal(found_in(cell, notation.OFFSET, 1), exp.Literal.string("-"))
    ahead = choose((behind, exp.Literal.number(1)))
    ahead.set("default", exp.Literal.number(-1))
    shift = exp.Mul(this=exp.Paren(this=minutes), expression=exp.Paren(this=ahead))
    return _moved(local, shift, zone)


def _moved(local: exp.Expr, minutes: exp.Expr, zone: str) -> exp.Expr:
    """A time to which so many minutes are added for UTC, as a zone has it."""
    shift = exp.Anonymous(this="TO_MINUTES", expressions=[minutes])
    utc = exp.AtTimeZone(
        this=exp.Paren(this=exp.Add(this=local, expression=shift)),
        zone=exp.Literal.string("UTC"),
    )
    return exp.AtTimeZone(this=utc, zone=exp.Literal.string(zone))


def is_plausible_year(moment: exp.Expr) -> exp.Expr:
    earliest, latest = notation.EARLIEST_YEAR, notation.LATEST_YEAR
    return exp.Between(
        this=moment.copy(),
        low=_moment(f"{earliest}-01-01"),
        high=_moment(f"{latest - 1}-12-31 23:59:59.999999"),
    )


def _moment(spelt: str) -> exp.Expr:
    return exp.Cast(this=exp.Literal.string(spelt), to=build_type("TIMESTAMP").copy())
