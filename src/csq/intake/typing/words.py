"""Texts and flags: what each known spelling stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlglot import exp

from csq.intake.typing.trees import is_equal, list_texts, look_up
from csq.records import notation
from csq.records.reading import Reading
from csq.records.schema import Field


def read_text(field: Field, cell: exp.Expr, reading: Reading) -> exp.Expr:
    spelt = known_spellings(field, reading)
    return exp.Coalesce(this=look_up(spelt, cell), expressions=[cell]) if spelt else cell


def read_several(field: Field, cell: exp.Expr, reading: Reading) -> exp.Expr:
    """The values of a text that holds several, each spelt out; NULL where there is none."""
    between = "|".join(map(re.escape, field.column.separators))
    parts = exp.Anonymous(
        this="STRING_SPLIT_REGEX", expressions=[cell.copy(), exp.Literal.string(between)]
    )
    value = exp.Trim(this=exp.column("part"), expression=exp.Literal.string(notation.BLANKS))
    values = exp.Comprehension(
        this=read_text(field, value, reading),
        expression=exp.to_identifier("part"),
        iterator=parts,
        condition=exp.NEQ(this=value.copy(), expression=exp.Literal.string("")),
    )
    joined = exp.Anonymous(
        this="ARRAY_TO_STRING",
        expressions=[
            exp.Array(expressions=[values]),
            exp.Literal.string(notation.BETWEEN_VALUES),
        ],
    )
    return exp.Nullif(this=joined, expression=exp.Literal.string(""))


def known_spellings(field: Field, reading: Reading) -> dict[str, str]:
    """What each known spelling stands for; what is declared goes before what csq knows."""
    return {**field.column.values, **dict(reading.spellings)}


def read_flag(cell: exp.Expr) -> exp.Expr:
    said = dict.fromkeys(notation.YES_WORDS, "true") | dict.fromkeys(notation.NO_WORDS, "false")
    return look_up(said, cell, "BOOLEAN")


def is_blank_word(cell: exp.Expr) -> exp.Expr:
    """Whether a cell of a column that holds no text is a word for nothing."""
    words = list_texts(notation.BLANK_WORDS)
    return exp.ArrayContains(this=words, expression=exp.Lower(this=cell))


def has_cell_error(cells: Iterable[exp.Expr]) -> exp.Expr:
    """Whether one of several cells of text has no value, as `spelling.cells` spells that.

    Comparing whole texts costs the engine next to nothing; a function or a list costs much.
    """
    nothing = exp.Literal.string(notation.UNCALCULATED)
    return exp.or_(*(is_equal(cell, nothing.copy()) for cell in cells), copy=False)
