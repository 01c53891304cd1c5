"""Text columns to typed columns, as query trees.

The twin of `records.reading`, which reads one cell; a property test holds the two together.
In the engine a time is a TIMESTAMP of the business's zone, a duration is whole microseconds
(BIGINT), a number is DECIMAL(18, 6).
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from sqlglot import exp

from csq.intake.typing.durations import read_duration
from csq.intake.typing.numbers import read_integer, read_number, read_plain_number, read_rating
from csq.intake.typing.times import read_time
from csq.intake.typing.trees import fits, is_equal, look_up
from csq.intake.typing.words import (
    is_blank_word,
    known_spellings,
    read_flag,
    read_several,
    read_text,
)
from csq.records.notation import UNCALCULATED
from csq.records.reading import DECIMAL_TYPES, FieldType, Reading
from csq.records.schema import Field


def typed(field: Field, cell: exp.Expr, reading: Reading) -> exp.Expr:
    """The value of a column whose cells are `cell`: trimmed text, NULL where blank.

    NULL where the cell cannot be read; `typing.checks` tells that from a blank.
    """
    match field.type:
        case FieldType.FLAG if reading.is_filled:
            is_word = exp.Coalesce(this=is_blank_word(cell.copy()), expressions=[exp.true()])
            has_none = is_equal(cell, exp.Literal.string(UNCALCULATED))
            filled = exp.not_(is_word, copy=False)
            return exp.Case(ifs=[exp.If(this=has_none, true=exp.null())], default=filled)
        case FieldType.TEXT:
            several = field.column.separators
            return (
                read_several(field, cell, reading) if several else read_text(field, cell, reading)
            )
        case FieldType.TIMESTAMP:
            return read_time(cell, reading)
        case FieldType.DURATION:
            return read_duration(cell, reading, Decimal(field.column.unit))
        case FieldType.FLAG:
            return read_flag(cell)
        case FieldType.INTEGER:
            return read_rating(field, cell, read_integer, read_integer)
        case FieldType.NUMBER:
            return read_rating(
                field, cell, partial(read_number, scale=field.column.scale), read_plain_number
            )


def spelt_out(field: Field, cell: exp.Expr, reading: Reading) -> exp.Expr:
    """A cell of no text as its column's reading has it: what declared spellings stand for.

    Its decimal commas, where the column has some, become points.
    """
    if field.type is FieldType.TEXT:
        return cell
    kind = FieldType.DURATION if reading.since else field.type
    if spelt := known_spellings(field, reading):
        cell = exp.Coalesce(this=look_up(spelt, cell), expressions=[cell])
    if reading.has_decimal_comma and kind in DECIMAL_TYPES:
        swapped = exp.Anonymous(
            this="TRANSLATE",
            expressions=[cell.copy(), exp.Literal.string(",."), exp.Literal.string(".,")],
        )
        cell = exp.Case(ifs=[exp.If(this=fits(cell, r"(?s).*[,.].*"), true=swapped)], default=cell)
    return cell
