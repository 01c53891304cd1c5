"""Ids that are spelt in two ways, or that a spreadsheet has made the same: told, not mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import Enum
from functools import reduce

from sqlglot import exp

from csq.engines.base import StagingEngine
from csq.errors import Problem
from csq.intake.export import Export
from csq.intake.staging.incoming import FILE, ROW
from csq.intake.staging.tables import table_of
from csq.intake.typing.trees import cast
from csq.privacy import MASKED
from csq.problems.rows import (
    ALIKE_KEYS,
    FLATTENED_REFERENCE,
    NOBODYS_ROWS,
    ROUNDED_IDS,
    SEVERAL_SPELLINGS,
)
from csq.records.notation import FLATTENED_ID, NOBODY
from csq.records.schema import Field, Schema

_WIDE_DIGITS = "０１２３４５６７８９"
_SAME_NUMBER = r"^0*([0-9]+)(\.0+)?$"
"""A number that is spelt with zeros in front, or as a fraction, in some exports."""
_LOOKED_AT = 2_000
"""Rows of each file in which the ids of others show how they are spelt: a program writes a whole
column in one way."""


_ROUNDED = "[1-9][0-9]{14}0+"
"""A number of which Excel, as it does, may have kept 15 digits."""
_SURE_ZEROS = 6
"""So many zeros behind the 15th digit are no chance: one set of ids in a million has them."""


def find_odd_ids(
    engine: StagingEngine, schema: Schema, exports: Sequence[Export], kept: Iterable[Field]
) -> Iterator[Problem]:
    """A warning where ids that count as different are one, or where Excel has changed some.

    Keys and the ids of agents, customers and others; the rows of each key must be one by now.
    """
    key = schema.field(schema.key) if schema.key else None
    references = [field for field in kept if field.name != schema.key and field.is_id]
    of_all = [*([(key, _Sign.ODD)] if key else []), *((each, _Sign.SPELT) for each in references)]
    of_first = [
        *([(key, _Sign.ROUNDED), (key, _Sign.SPELT)] if key else []),
        *((field, sign) for field in references for sign in _Sign if sign is not _Sign.SPELT),
    ]
    found = set(_look_for(engine, schema, of_all, of_first))
    if key and (key, _Sign.ODD) in found:
        yield from _tell_alike(engine, schema, key, table_of(schema))
    if key and (key, _Sign.ROUNDED) in found:
        yield from _tell_rounded(engine, schema, exports, key)
    if key and (key, _Sign.SPELT) in found:
        yield from _tell_spellings(engine, schema, key)
    for field in references:
        if (field, _Sign.ODD) in found:
            values = exp.Select(expressions=[_column(field)]).distinct(copy=False)
            values = values.from_(table_of(schema), copy=False)
            yield from _tell_alike(engine, schema, field, values.subquery("spelt"))
        if (field, _Sign.FLATTENED) in found:
            yield from _tell_flattened(engine, schema, field)
        if (field, _Sign.NOBODY) in found:
            yield from _tell_nobody(engine, schema, field)
        if (field, _Sign.ROUNDED) in found:
            yield from _tell_rounded(engine, schema, exports, field)
    for field in references:
        if (field, _Sign.SPELT) in found:
            yield from _tell_spellings(engine, schema, field)


class _Sign(Enum):
    """What shows that the ids of a field are worth a closer look."""

    ODD = "may be a number that others spell otherwise"
    FLATTENED = "a number in powers of ten"
    NOBODY = "a word for nobody"
    ROUNDED = "a number of which Excel may have kept 15 digits"
    SPELT = "some have a sign between their parts, or capitals, and others have not"


_PATTERNS = {
    _Sign.FLATTENED: FLATTENED_ID,
    _Sign.NOBODY: NOBODY,
    _Sign.ROUNDED: _ROUNDED,
}


def _look_for(
    engine: StagingEngine,
    schema: Schema,
    of_all: Sequence[tuple[Field, _Sign]],
    of_first: Sequence[tuple[Field, _Sign]],
) -> Iterator[tuple[Field, _Sign]]:
    """Which of these signs ids of a field have, in all rows or in the first ones of each file."""
    signs = [*of_all, *of_first]
    if not signs:
        return
    columns = [exp.column(f"_{number}") for number in range(len(signs))]
    looks = [_look_at(_column(field), sign) for field, sign in of_all]
    # A CASE, so that of the rows behind the first ones nothing else is asked.
    is_first = exp.LTE(this=exp.column(ROW), expression=exp.Literal.number(_LOOKED_AT))
    looks += [
        exp.Case(ifs=[exp.If(this=is_first.copy(), true=_look_at(_column(field), sign))])
        for field, sign in of_first
    ]
    rows = exp.Select(
        expressions=[
            exp.alias_(look, column.this.copy(), copy=False)
            for look, column in zip(looks, columns, strict=True)
        ]
    ).from_(table_of(schema), copy=False)
    extremes = [kind(this=column.copy()) for column in columns for kind in (exp.Min, exp.Max)]
    query = exp.Select(expressions=extremes).from_(rows.subquery("ids", copy=False), copy=False)
    (answers,) = engine.fetch(query)
    for each, least, most in zip(signs, answers[::2], answers[1::2], strict=True):
        if (least != most) if each[1] is _Sign.SPELT else most:
            yield each


def _look_at(column: exp.Expr, sign: _Sign) -> exp.Expr:
    """Whether an id has a sign; of its spelling, a number that others spelt alike have too."""
    if sign is _Sign.SPELT:
        return _shape_of(column)
    return _is_odd(column) if sign is _Sign.ODD else _fits(column, _PATTERNS[sign])


def _column(field: Field) -> exp.Expr:
    return exp.column(field.name, quoted=True)


def _call(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[each.copy() for each in arguments])


def _is_odd(column: exp.Expr) -> exp.Expr:
    """Whether an id may be a number that others spell otherwise; most ids are not."""
    return exp.or_(
        _call("STARTS_WITH", column, exp.Literal.string("0")),
        _call("ENDS_WITH", column, exp.Literal.string(".0")),
        exp.NEQ(this=_call("STRLEN", column), expression=_call("LENGTH", column)),
    )


def _tell_alike(
    engine: StagingEngine, schema: Schema, field: Field, ids: exp.Table | exp.Subquery
) -> Iterator[Problem]:
    """How many ids are one number spelt in several ways; `ids` holds each of them once."""
    column = _column(field)
    wide, plain = (exp.Literal.string(digits) for digits in (_WIDE_DIGITS, "0123456789"))
    number = _call(
        "REGEXP_EXTRACT",
        _call("TRANSLATE", column, wide, plain),
        exp.Literal.string(_SAME_NUMBER),
        exp.Literal.number(1),
    )
    alike = (
        exp.select(
            exp.alias_(exp.Min(this=column.copy()), "_first"),
            exp.alias_(exp.Max(this=column.copy()), "_last"),
        )
        .from_(ids).where(exp.NEQ(this=number, expression=exp.Literal.string("")))
        .group_by(number.copy())
        .having(exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1)))
    )  # fmt: skip
    examples = (
        exp.select("_first", "_last", exp.Window(this=exp.Count(this=exp.Star())))
        .from_(alike.subquery("alike")).order_by("_first").limit(1)
    )  # fmt: skip
    for first, last, count in engine.fetch(examples):
        yield ALIKE_KEYS.at(
            value=f"{first}, {last}", count=count, field=field.title, source=schema.title
        )


def _tell_flattened(engine: StagingEngine, schema: Schema, field: Field) -> Iterator[Problem]:
    column = _column(field)
    counted = exp.Select(expressions=[exp.Min(this=column.copy()), exp.Count(this=exp.Star())])
    counted.from_(table_of(schema), copy=False).where(_fits(column, FLATTENED_ID), copy=False)
    for example, count in engine.fetch(counted):
        yield FLATTENED_REFERENCE.at(
            value=example, count=count, field=field.title, source=schema.title
        )


def _tell_nobody(engine: StagingEngine, schema: Schema, field: Field) -> Iterator[Problem]:
    """How many rows have a word for nobody, and which of the words most of them have."""
    column, rows = _column(field), exp.Count(this=exp.Star())
    counted = exp.Select(expressions=[column.copy(), exp.alias_(rows, "_rows")])
    counted.from_(table_of(schema), copy=False).where(_fits(column, NOBODY), copy=False)
    words = counted.group_by(column.copy(), copy=False).subquery("words")
    total = exp.Window(this=exp.Sum(this=exp.column("_rows")))
    most = exp.select(column.copy(), total).from_(words)
    most = most.order_by(exp.Ordered(this=exp.column("_rows"), desc=True), column.copy()).limit(1)
    for word, count in engine.fetch(most):
        yield NOBODYS_ROWS.at(
            value=word, count=int(count), field=field.title, source=schema.title, name=field.name
        )


def _tell_rounded(
    engine: StagingEngine, schema: Schema, exports: Sequence[Export], field: Field
) -> Iterator[Problem]:
    """The exports of which all ids of over 15 digits end in zeros, as Excel leaves them.

    Of a folder of months one may have been opened and saved, and the others not.
    """
    column = _column(field)
    ids = exp.select(FILE, exp.alias_(column.copy(), "_id")).distinct()
    ids = ids.from_(table_of(schema)).where(_fits(column, "[1-9][0-9]{15,}"))
    spelt = exp.column("_id")
    zeros = exp.Sub(this=_call("LENGTH", spelt), expression=exp.Literal.number(15))
    are_sure = exp.GTE(this=exp.Sum(this=zeros), expression=exp.Literal.number(_SURE_ZEROS))
    found = (
        exp.select(FILE, exp.Min(this=spelt.copy()), exp.Count(this=exp.Star()))
        .from_(ids.subquery("ids")).group_by(FILE)
        .having(exp.and_(exp.LogicalAnd(this=_fits(spelt, _ROUNDED)), are_sure)).order_by(FILE)
    )  # fmt: skip
    for number, example, count in engine.fetch(found):
        export = exports[number]
        positions = next(
            (c.positions for c in export.matching.columns if c.field.name == field.name), ()
        )
        headers = [export.table.header[position] for position in positions]
        place = replace(export.place, column=headers[0] if headers else None)
        yield ROUNDED_IDS.at(
            place, value=example, count=count, field=field.title, source=schema.title
        )


_SIGNS = (" ", "-", "(", "_", "+")
"""What people put between the parts of an id, or leave out."""
_BETWEEN = "[ ()_+-]+"
_MOBILE = "1[3-9][0-9]{9}"
_SPELT_WITHOUT = (
    (r"\s+", " "),
    (r"(\p{Han}) ", r"\1"),
    ("([a-z])[-_ ]+([0-9])", r"\1\2"),
)
"""What is left of an id that is no number where nothing but its spelling is taken away."""
_CAPITAL_WITHIN = "[a-z0-9][A-Z]|[A-Z]{2}[a-z]"
_FEWEST_DIGITS = 7
"""Fewer are no number of a telephone, and 1-12 is not 11-2."""
_EXAMPLES = 3


def _shape_of(column: exp.Expr) -> exp.Expr:
    """Which of the signs an id has that spellings differ in, as a number of a bit for each."""
    signs = [
        *(_call("CONTAINS", column, exp.Literal.string(sign)) for sign in _SIGNS),
        _call("STARTS_WITH", column, exp.Literal.string("86")),
        _call("STARTS_WITH", column, exp.Literal.string("0086")),
        exp.NEQ(this=exp.Upper(this=column.copy()), expression=column.copy()),
        exp.NEQ(this=exp.Lower(this=column.copy()), expression=column.copy()),
    ]
    bits: list[exp.Expr] = [
        exp.Mul(this=cast(sign, "INT"), expression=exp.Literal.number(1 << place))
        for place, sign in enumerate(signs)
    ]
    return reduce(lambda shape, bit: exp.Add(this=shape, expression=bit), bits)


def _tell_spellings(engine: StagingEngine, schema: Schema, field: Field) -> Iterator[Problem]:
    column = _column(field)
    ids = exp.Select(expressions=[exp.alias_(column.copy(), "_id")]).distinct(copy=False)
    ids.from_(table_of(schema), copy=False).where(_is_filled(column), copy=False)
    spelt = exp.column("_id")
    digits = _without(spelt, (_BETWEEN, ""))
    is_number = _fits(digits, f"[0-9]{{{_FEWEST_DIGITS},}}")
    number = _without(digits, (f"^(?:00)?86({_MOBILE})$", r"\1"))
    words = _without(exp.Lower(this=spelt.copy()), *_SPELT_WITHOUT)
    key = exp.Case(ifs=[exp.If(this=is_number, true=number)], default=words)
    keyed = exp.select(spelt.copy(), exp.alias_(key, "_key")).from_(ids.subquery("ids"))
    many = exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1))
    shared = exp.select("_key").from_("keyed").group_by("_key").having(many)
    parts = _without(exp.Lower(this=spelt.copy()), (f"^{_BETWEEN}", ""), (_BETWEEN, "-"))
    # Nearly all ids share their key with no other: only of the rest more is asked.
    few = exp.select(spelt.copy(), "_key", exp.alias_(parts, "_parts")).from_("keyed")
    few = few.where(exp.In(this=exp.column("_key"), query=shared.subquery()))
    several = exp.Count(this=exp.Distinct(expressions=[exp.column("_parts")]))
    how_many = exp.Count(this=exp.Star())
    is_alike = exp.and_(
        exp.LogicalAnd(this=_is_plainly_cased(spelt)),
        # 138-0000 and 1380-000 may be two; 138 0000 and 138-0000, or with 1380000 beside, are one.
        exp.or_(
            exp.LT(this=several, expression=how_many.copy()),
            exp.LogicalOr(this=exp.not_(_matches(spelt, _BETWEEN))),
            _fits(exp.column("_key"), _MOBILE),
        ),
    )
    alike = (
        exp.select(
            exp.alias_(exp.Min(this=spelt.copy()), "_first"),
            exp.alias_(exp.Max(this=spelt.copy()), "_last"),
        )
        .from_(few.subquery("few")).group_by("_key").having(is_alike)
    )  # fmt: skip
    examples = (
        exp.select("_first", "_last", exp.Window(this=exp.Count(this=exp.Star())))
        .from_(alike.subquery("alike")).order_by("_first").limit(_EXAMPLES)
        .with_("keyed", as_=keyed, materialized=True)
    )  # fmt: skip
    if found := engine.fetch(examples):
        pairs = ((_hidden(field, first), _hidden(field, last)) for first, last, _ in found)
        shown = "; ".join(f"{first} = {last}" for first, last in pairs)
        yield SEVERAL_SPELLINGS.at(
            value=shown,
            count=found[0][-1],
            field=field.title,
            source=schema.title,
            name=field.name,
        )


def _hidden(field: Field, spelt: str) -> str:
    """An id with a name masked, without four of its digits where it may be someone's number."""
    places = [place for place, sign in enumerate(spelt) if sign.isdigit()]
    hidden = places[-8:-4] if len(places) >= _FEWEST_DIGITS else ()
    starred = "".join("*" if place in hidden else sign for place, sign in enumerate(spelt))
    return MASKED.show(field.name, starred)


def _is_filled(column: exp.Expr) -> exp.Expr:
    return exp.not_(exp.Is(this=column.copy(), expression=exp.null()))


def _is_plainly_cased(column: exp.Expr) -> exp.Expr:
    """Whether capitals are no part of an id: none, all of it, or only at the head of its words.

    Ids of Salesforce and WeChat differ in nothing else.
    """
    is_upper = exp.EQ(this=exp.Upper(this=column.copy()), expression=column.copy())
    return exp.or_(is_upper, exp.not_(_matches(column, _CAPITAL_WITHIN)))


def _fits(column: exp.Expr, pattern: str) -> exp.Expr:
    return _call("REGEXP_FULL_MATCH", column, exp.Literal.string(pattern))


def _matches(column: exp.Expr, pattern: str) -> exp.Expr:
    return _call("REGEXP_MATCHES", column, exp.Literal.string(pattern))


def _without(text: exp.Expr, *replaced: tuple[str, str]) -> exp.Expr:
    """A text in which each pattern is replaced wherever it stands."""
    for pattern, by in replaced:
        text = _call(
            "REGEXP_REPLACE",
            text,
            *(exp.Literal.string(each) for each in (pattern, by, "g")),
        )
    return text
