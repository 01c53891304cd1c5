"""Numbers and percentages, and on a scale ratings that say more than their number."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from csq.intake.typing.trees import (
    SQL_TYPES,
    cast,
    choose,
    fits,
    found_in,
    look_up,
    replaced,
    try_cast,
)
from csq.records import notation
from csq.records.reading import FieldType
from csq.records.schema import Field


def ungrouped(number: exp.Expr) -> exp.Expr:
    """A number without the marks between its thousands."""
    marks, nothing = exp.Literal.string(notation.THOUSANDS), exp.Literal.string("")
    return exp.Anonymous(this="TRANSLATE", expressions=[number.copy(), marks, nothing])


def read_integer(cell: exp.Expr) -> exp.Expr:
    return choose((fits(cell, notation.INTEGER), try_cast(ungrouped(cell), "BIGINT")))


def read_number(cell: exp.Expr, scale: tuple[int, int] | None) -> exp.Expr:
    """A number, or a percentage: on a scale that begins at 0, of its largest number."""
    if scale and scale[0]:
        return choose((fits(cell, notation.NUMBER), read_plain_number(cell)))
    number = SQL_TYPES[FieldType.NUMBER]
    bare = exp.Trim(this=ungrouped(cell), expression=exp.Literal.string("%"), position="TRAILING")
    hundredth = exp.Mul(
        this=try_cast(bare, number),
        expression=cast(exp.Literal.string("0.01"), "DECIMAL(3, 2)"),
    )
    if scale:
        wide = cast(hundredth, "DECIMAL(38, 8)")
        part = try_cast(exp.Mul(this=wide, expression=exp.Literal.number(scale[1])), number)
    else:
        part = cast(hundredth, number)
    return choose(
        (fits(cell, notation.NUMBER), read_plain_number(cell)),
        (fits(cell, notation.PERCENT), part),
    )


def read_plain_number(cell: exp.Expr) -> exp.Expr:
    """The number in a cell that is known to fit `notation.NUMBER`."""
    return try_cast(ungrouped(cell), SQL_TYPES[FieldType.NUMBER])


def read_rating(
    field: Field,
    cell: exp.Expr,
    number: Callable[[exp.Expr], exp.Expr],
    bare_number: Callable[[exp.Expr], exp.Expr],
) -> exp.Expr:
    """A number; on a scale also one with its unit, its scale's end or its meaning, or stars."""
    if field.column.scale is None:
        return number(cell)
    bare = _bare_rating(exp.Lower(this=cell.copy()), field.column.scale)
    return exp.Coalesce(this=number(cell), expressions=[bare_number(bare)])


def _bare_rating(cell: exp.Expr, scale: tuple[int, int]) -> exp.Expr:
    """The number in a rating that says more, NULL where its meaning contradicts it."""
    top = scale[1]
    rating = found_in(cell, notation.NUMBER_OF_RATING, 0)
    has_unit = fits(cell, f"{notation.rating_of(top)}|{notation.RATING_WITH_UNIT}")
    labelled = f"{notation.LABELLED_RATING}|{notation.RATED_LABEL}"
    label = replaced(cell, f"^(?:{labelled})$", r"\2\3")
    agrees = exp.not_(_contradicts(label, rating, scale), copy=False)
    has_label = exp.and_(fits(cell, labelled), agrees, copy=False)
    number = (exp.or_(has_unit, has_label, copy=False), rating)
    return choose(_stars(cell, top), number) if top <= notation.MOST_STARS else choose(number)


def _stars(cell: exp.Expr, top: int) -> tuple[exp.Expr, exp.Expr]:
    """Whether a rating is drawn in stars, the missing ones hollow or left out; how many it has."""
    stars = _trimmed(cell, notation.HOLLOW_STAR, "TRAILING")
    length, most = exp.Length(this=cell.copy()), exp.Literal.number(top)
    is_whole = exp.or_(
        length.eq(most), exp.and_(stars.eq(cell), exp.LT(this=length.copy(), expression=most))
    )
    nothing_else = _trimmed(stars, notation.STAR, "LEADING").eq(exp.Literal.string(""))
    is_drawn = exp.and_(stars.neq(exp.Literal.string("")), is_whole, nothing_else)
    return is_drawn, cast(exp.Length(this=stars.copy()), "VARCHAR")


def _trimmed(text: exp.Expr, sign: str, side: str) -> exp.Expr:
    return exp.Trim(this=text.copy(), expression=exp.Literal.string(sign), position=side)


def _contradicts(label: exp.Expr, rating: exp.Expr, scale: tuple[int, int]) -> exp.Expr:
    """Whether a word leans to the one end of a scale and the number to the other."""
    leanings = {word: str(leaning) for word, leaning in notation.LEANINGS.items()}
    leaning = look_up(leanings, label, "BIGINT")
    twice = exp.Mul(
        this=try_cast(ungrouped(rating), "DECIMAL(38, 15)"), expression=exp.Literal.number(2)
    )
    from_middle = exp.paren(exp.Sub(this=twice, expression=exp.Literal.number(sum(scale))))
    apart = exp.LT(
        this=exp.Mul(this=leaning, expression=cast(exp.Sign(this=from_middle), "BIGINT")),
        expression=exp.Literal.number(0),
    )
    return exp.Coalesce(this=apart, expressions=[exp.false()])
