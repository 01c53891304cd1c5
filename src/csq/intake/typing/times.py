"""Times of every notation, as the business has them on its clocks."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from csq.intake.typing.trees import (
    cast,
    choose,
    fits,
    group_in,
    is_one_of,
    list_texts,
    replaced,
    try_cast,
)
from csq.records import notation
from csq.records.notation import DateOrder
from csq.records.reading import Reading


def read_time(cell: exp.Expr, reading: Reading) -> exp.Expr:
    """A time of any year; `is_plausible_year` is what `typing.checks` asks of it.

    A format that does not fit costs far more than one that does: of a cell whose fifth sign is no
    mark behind a year none of those is tried that begin with one.
    """
    attempts = [_compact_or_offset(cell, reading.zone), _named_month(cell)]
    ordered = notation.ORDERED_DATES[reading.order] if reading.order else ()
    if ordered:
        attempts.insert(0, _parse_all(cell, ordered))
    found: exp.Expr = exp.Coalesce(this=_year_first(cell), expressions=attempts)
    if reading.order:
        short = _parse_all(cell, notation.SHORT_DATES[reading.order])
        is_short = fits(cell, _SHORT_DATES.get(reading.order, notation.SHORT_DATE))
        found = exp.Case(ifs=[exp.If(this=is_short, true=short)], default=found)
    if reading.ahead is not None:
        behind = exp.Neg(this=exp.Literal.number(int(reading.ahead.total_seconds()) // 60))
        ahead = exp.Anonymous(this="TO_MINUTES", expressions=[exp.paren(behind, copy=False)])
        moved = _moved(exp.Add(this=found.copy(), expression=ahead), reading.zone)
        found = exp.Case(
            ifs=[exp.If(this=fits(cell, notation.OFFSET_TIME), true=found)], default=moved
        )
    return found


def _year_first(cell: exp.Expr) -> exp.Expr:
    fifth = exp.Substring(
        this=cell.copy(), start=exp.Literal.number(5), length=exp.Literal.number(1)
    )
    is_dashed = exp.Like(this=cell.copy(), expression=exp.Literal.string("____-%"))
    dashed = replaced(cell, _YEAR_FIRST, _WITH_DASHES)
    return choose(
        (is_dashed, _parse_all(cell, [_DASHED_DATE])),
        (is_one_of(fifth, notation.YEAR_FIRST_DATES), _parse_all(dashed, [_DASHED_DATE])),
    )


_YEAR_FIRST = (
    r"^(\d{4})(?:/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日(\D|$))"
)
_DASHED_DATE = notation.YEAR_FIRST_DATES["-"]
_WITH_DASHES = r"\1-\2\4\6-\3\5\7\8"
"""A date that begins with its year, and how it is spelt with dashes: one of three marks fits."""
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
    compact = _parse_time(cell, notation.COMPACT_FORMATS.values())
    return choose(
        (fits(cell, notation.COMPACT_TIME), compact),
        (fits(cell, notation.OFFSET_TIME), _in_zone(cell, zone)),
    )


def _in_zone(cell: exp.Expr, zone: str) -> exp.Expr:
    """A time with an offset, moved to the business's zone; behind a Z there is none to take off."""
    local = _parse_time(group_in(cell, notation.OFFSET_TIME, 1), notation.OFFSET_FORMATS)
    offset = replaced(cell, _OFFSET, r"\1\2 hours \1\3 minutes")
    none = cast(exp.Literal.string("0 hours"), "INTERVAL")
    ahead = exp.Coalesce(this=try_cast(offset, "INTERVAL"), expressions=[none])
    return _moved(exp.Sub(this=local, expression=ahead), zone)


_OFFSET = r"^.*(?:\+|(-))(\d{2}):?(\d{2})$"
"""The minus, hours and minutes at the end of such a time; none in one that ends with Z."""


def _moved(utc: exp.Expr, zone: str) -> exp.Expr:
    """A time of UTC as a zone has it."""
    known = exp.AtTimeZone(this=exp.paren(utc, copy=False), zone=exp.Literal.string("UTC"))
    return exp.AtTimeZone(this=known, zone=exp.Literal.string(zone))


def is_plausible_year(moment: exp.Expr) -> exp.Expr:
    earliest, latest = notation.EARLIEST_YEAR, notation.LATEST_YEAR
    return exp.Between(
        this=moment.copy(),
        low=_moment(f"{earliest}-01-01"),
        high=_moment(f"{latest - 1}-12-31 23:59:59.999999"),
    )


def _moment(spelt: str) -> exp.Expr:
    return cast(exp.Literal.string(spelt), "TIMESTAMP")
