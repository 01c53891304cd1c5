"""Small query trees that all typing is made of, and how the engine holds each type of field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from sqlglot import exp

from csq.records.reading import FieldType

SQL_TYPES = {
    FieldType.TEXT: "VARCHAR",
    FieldType.TIMESTAMP: "TIMESTAMP",
    FieldType.DURATION: "BIGINT",
    FieldType.FLAG: "BOOLEAN",
    FieldType.INTEGER: "BIGINT",
    FieldType.NUMBER: "DECIMAL(18, 6)",
}


@cache
def build_type(name: str) -> exp.DataType:
    """A type of the engine by its name; a tree takes a copy of it."""
    return exp.DataType.build(name)


def cast(value: exp.Expr, to: str) -> exp.Expr:
    return exp.Cast(this=value, to=build_type(to).copy())


def try_cast(value: exp.Expr, to: str) -> exp.Expr:
    return exp.TryCast(this=value, to=build_type(to).copy())


def choose(*branches: tuple[exp.Expr, exp.Expr]) -> exp.Case:
    return exp.Case(ifs=[exp.If(this=when, true=then) for when, then in branches])


def is_one_of(cell: exp.Expr, words: Iterable[str]) -> exp.Expr:
    return exp.In(this=cell, expressions=[exp.Literal.string(word) for word in words])


def is_equal(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.EQ(this=left.copy(), expression=right)


def fits(cell: exp.Expr, pattern: str) -> exp.Expr:
    return exp.Anonymous(
        this="REGEXP_FULL_MATCH", expressions=[cell.copy(), exp.Literal.string(pattern)]
    )


def group_in(cell: exp.Expr, pattern: str, group: int) -> exp.Expr:
    return found_in(cell, f"^(?:{pattern})$", group)


def replaced(cell: exp.Expr, pattern: str, by: str) -> exp.Expr:
    """A cell with what a pattern finds spelt otherwise; where it finds nothing, as it was."""
    return exp.Anonymous(
        this="REGEXP_REPLACE",
        expressions=[cell.copy(), exp.Literal.string(pattern), exp.Literal.string(by)],
    )


def found_in(cell: exp.Expr, pattern: str, group: int) -> exp.Expr:
    """What a pattern finds in a cell; every mention of one costs the engine its preparation."""
    return exp.Anonymous(
        this="REGEXP_EXTRACT",
        expressions=[cell.copy(), exp.Literal.string(pattern), exp.Literal.number(group)],
    )


def list_texts(words: Iterable[str]) -> exp.Expr:
    """Texts as a list; one text to the engine until it runs, which then has few words to parse."""
    texts = list(words)
    if not texts:
        return exp.Array()
    between = next(mark for mark in map(chr, range(1, 32)) if not any(mark in t for t in texts))
    joined = [exp.Literal.string(text) for text in (between.join(texts), between)]
    return exp.Anonymous(this="STRING_SPLIT", expressions=joined)


def look_up(values: Mapping[str, str], cell: exp.Expr, to: str = "VARCHAR") -> exp.Expr:
    """The value of a word, whatever its case; NULL for every other.

    A map is looked up once a row; a CASE would compare every word with every row.
    """
    found = cast(list_texts(values.values()), f"{to}[]")
    known = exp.Map(keys=list_texts(values), values=found)
    return exp.Anonymous(this="MAP_EXTRACT_VALUE", expressions=[known, exp.Lower(this=cell.copy())])
