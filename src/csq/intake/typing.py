"""Text columns to typed columns, as query trees.

The twin of `records.reading`, which reads one cell; a property test holds the two together.
In the engine a time is a TIMESTAMP of the business's zone, a duration is whole microseconds
(BIGINT), a number is DECIMAL(18, 6).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cache, partial

from sqlglot import exp

from csq.records import notation
from csq.records.notation import DateOrder
from csq.records.reading import DECIMAL_TYPES, FieldType, Reading
from csq.records.schema import Field

SQL_TYPES = {
    FieldType.TEXT: "VARCHAR",
    FieldType.TIMESTAMP: "TIMESTAMP",
    FieldType.DURATION: "BIGINT",
    FieldType.FLAG: "BOOLEAN",
    FieldType.INTEGER: "BIGINT",
    FieldType.NUMBER: "DECIMAL(18, 6)",
}


def typed(field: Field, cell: exp.Expr, reading: Reading) -> exp.Expr:
    """The value of a column whose cells are `cell`: trimmed text, NULL where blank.

    NULL where the cell cannot be read; `intake.checks` tells that from a blank.
    """
    match field.type:
        case FieldType.FLAG if reading.is_filled:
            is_word = exp.Coalesce(this=is_blank_word(cell.copy()), expressions=[exp.true()])
            return exp.not_(is_word, copy=False)
        case FieldType.TEXT:
            several = field.column.separators
            return _several(field, cell, reading) if several else _text(field, cell, reading)
        case FieldType.TIMESTAMP:
            return _timestamp(cell, reading)
        case FieldType.DURATION:
            return duration(cell, reading, Decimal(field.column.unit))
        case FieldType.FLAG:
            return _flag(cell)
        case FieldType.INTEGER:
            return _rated(field, cell, _integer, _integer)
        case FieldType.NUMBER:
            return _rated(field, cell, partial(_number, scale=field.column.scale), _plain_number)


def spelt_out(field: Field, cell: exp.Expr, reading: Reading) -> exp.Expr:
    """A cell of no text as its column's reading has it: what declared spellings stand for.

    Its decimal commas, where the column has some, become points.
    """
    if field.type is FieldType.TEXT:
        return cell
    kind = FieldType.DURATION if reading.since else field.type
    if spelt := _spellings(field, reading):
        cell = exp.Coalesce(this=_look_up(spelt, cell), expressions=[cell])
    if reading.has_decimal_comma and kind in DECIMAL_TYPES:
        swapped = exp.Anonymous(
            this="TRANSLATE",
            expressions=[cell.copy(), exp.Literal.string(",."), exp.Literal.string(".,")],
        )
        cell = exp.Case(ifs=[exp.If(this=_fits(cell, r"(?s).*[,.].*"), true=swapped)], default=cell)
    return cell


def is_blank_word(cell: exp.Expr) -> exp.Expr:
    """Whether a cell of a column that holds no text is a word for nothing."""
    return is_one_of(exp.Lower(this=cell), notation.BLANK_WORDS)


def has_cell_error(cells: Iterable[exp.Expr]) -> exp.Expr:
    """Whether one of several cells of text has no value, as `intake.cells` spells that.

    Comparing whole texts costs the engine next to nothing; a function or a list costs much.
    """
    nothing = exp.Literal.string(notation.UNCALCULATED)
    return exp.or_(*(_equal(cell, nothing.copy()) for cell in cells), copy=False)


def is_one_of(cell: exp.Expr, words: Iterable[str]) -> exp.Expr:
    return exp.In(this=cell, expressions=[exp.Literal.string(word) for word in words])


def _equal(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.EQ(this=left.copy(), expression=right)


def _fits(cell: exp.Expr, pattern: str) -> exp.Expr:
    return exp.Anonymous(
        this="REGEXP_FULL_MATCH", expressions=[cell.copy(), exp.Literal.string(pattern)]
    )


def _group(cell: exp.Expr, pattern: str, group: int) -> exp.Expr:
    return _found(cell, f"^(?:{pattern})$", group)


def _found(cell: exp.Expr, pattern: str, group: int) -> exp.Expr:
    """What a pattern finds in a cell; every mention of one costs the engine its preparation."""
    return exp.Anonymous(
        this="REGEXP_EXTRACT",
        expressions=[cell.copy(), exp.Literal.string(pattern), exp.Literal.number(group)],
    )


def data_type(field_type: FieldType) -> exp.DataType:
    """How the engine holds a field of this type."""
    return build_type(SQL_TYPES[field_type]).copy()


@cache
def build_type(name: str) -> exp.DataType:
    """A type of the engine by its name; a tree takes a copy of it."""
    return exp.DataType.build(name, dialect="duckdb")


def _cast(value: exp.Expr, to: str) -> exp.Expr:
    return exp.TryCast(this=value, to=build_type(to).copy())


def _case(*branches: tuple[exp.Expr, exp.Expr]) -> exp.Case:
    return exp.Case(ifs=[exp.If(this=when, true=then) for when, then in branches])


def _text(field: Field, cell: exp.Expr, reading: Reading) -> exp.Expr:
    spelt = _spellings(field, reading)
    return exp.Coalesce(this=_look_up(spelt, cell), expressions=[cell]) if spelt else cell


def _several(field: Field, cell: exp.Expr, reading: Reading) -> exp.Expr:
    """The values of a text that holds several, each spelt out; NULL where there is none."""
    between = "|".join(map(re.escape, field.column.separators))
    parts = exp.Anonymous(
        this="STRING_SPLIT_REGEX", expressions=[cell.copy(), exp.Literal.string(between)]
    )
    value = exp.Trim(this=exp.column("part"), expression=exp.Literal.string(notation.BLANKS))
    values = exp.Comprehension(
        this=_text(field, value, reading),
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


def _spellings(field: Field, reading: Reading) -> dict[str, exp.Expr]:
    """What each known spelling stands for; what is declared goes before what csq knows."""
    spelt = {**field.column.values, **dict(reading.spellings)}
    return {word: exp.Literal.string(value) for word, value in spelt.items()}


def _look_up(values: Mapping[str, exp.Expr], cell: exp.Expr) -> exp.Expr:
    """The value of a word, whatever its case; NULL for every other.

    A map is looked up once a row; a CASE would compare every word with every row.
    """
    known = exp.Map(keys=_texts(values), values=exp.Array(expressions=list(values.values())))
    return exp.Anonymous(this="MAP_EXTRACT_VALUE", expressions=[known, exp.Lower(this=cell.copy())])


def _texts(words: Iterable[str]) -> exp.Array:
    return exp.Array(expressions=[exp.Literal.string(word) for word in words])


def _flag(cell: exp.Expr) -> exp.Expr:
    yes: dict[str, exp.Expr] = {word: exp.true() for word in sorted(notation.YES_WORDS)}
    no: dict[str, exp.Expr] = {word: exp.false() for word in sorted(notation.NO_WORDS)}
    return _look_up(yes | no, cell)


def _ungrouped(number: exp.Expr) -> exp.Expr:
    """A number without the marks between its thousands."""
    bare = number.copy()
    for mark in notation.THOUSANDS:
        bare = exp.Replace(
            this=bare, expression=exp.Literal.string(mark), replacement=exp.Literal.string("")
        )
    return bare


def _integer(cell: exp.Expr) -> exp.Expr:
    return _case((_fits(cell, notation.INTEGER), _cast(_ungrouped(cell), "BIGINT")))


def _number(cell: exp.Expr, scale: tuple[int, int] | None) -> exp.Expr:
    """A number, or a percentage: on a scale that begins at 0, of its largest number."""
    if scale and scale[0]:
        return _case((_fits(cell, notation.NUMBER), _plain_number(cell)))
    number = SQL_TYPES[FieldType.NUMBER]
    bare = exp.Trim(this=_ungrouped(cell), expression=exp.Literal.string("%"), position="TRAILING")
    hundredth = exp.Mul(
        this=_cast(bare, number), expression=exp.cast(exp.Literal.string("0.01"), "DECIMAL(3, 2)")
    )
    if scale:
        wide = exp.cast(hundredth, "DECIMAL(38, 8)")
        part = _cast(exp.Mul(this=wide, expression=exp.Literal.number(scale[1])), number)
    else:
        part = exp.cast(hundredth, number)
    return _case(
        (_fits(cell, notation.NUMBER), _plain_number(cell)),
        (_fits(cell, notation.PERCENT), part),
    )


def _plain_number(cell: exp.Expr) -> exp.Expr:
    """The number in a cell that is known to fit `notation.NUMBER`."""
    return _cast(_ungrouped(cell), SQL_TYPES[FieldType.NUMBER])


def _rated(
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
    rating = _found(cell, notation.NUMBER_OF_RATING, 0)
    first = (notation.rating_of(top), notation.RATING_WITH_UNIT)
    branches = [(_fits(cell, pattern), rating.copy()) for pattern in first]
    if top <= notation.MOST_STARS:
        branches.append(_stars(cell, top))
    for pattern, label in ((notation.LABELLED_RATING, 2), (notation.RATED_LABEL, 1)):
        agrees = exp.not_(_contradicts(_group(cell, pattern, label), rating, scale), copy=False)
        branches.append((_fits(cell, pattern), _case((agrees, rating.copy()))))
    return _case(*branches)


def _stars(cell: exp.Expr, top: int) -> tuple[exp.Expr, exp.Expr]:
    """Whether a rating is drawn in stars, the missing ones hollow or left out; how many it has."""
    stars = _trimmed(cell, notation.HOLLOW_STAR, "TRAILING")
    length, most = exp.Length(this=cell.copy()), exp.Literal.number(top)
    is_whole = exp.or_(
        length.eq(most), exp.and_(stars.eq(cell), exp.LT(this=length.copy(), expression=most))
    )
    nothing_else = _trimmed(stars, notation.STAR, "LEADING").eq(exp.Literal.string(""))
    is_drawn = exp.and_(stars.neq(exp.Literal.string("")), is_whole, nothing_else)
    return is_drawn, exp.cast(exp.Length(this=stars.copy()), "VARCHAR")


def _trimmed(text: exp.Expr, sign: str, side: str) -> exp.Expr:
    return exp.Trim(this=text.copy(), expression=exp.Literal.string(sign), position=side)


def _contradicts(label: exp.Expr, rating: exp.Expr, scale: tuple[int, int]) -> exp.Expr:
    """Whether a word leans to the one end of a scale and the number to the other."""
    leanings: dict[str, exp.Expr] = {
        word: exp.Literal.number(leaning) for word, leaning in notation.LEANINGS.items()
    }
    known = exp.Map(keys=_texts(leanings), values=exp.Array(expressions=list(leanings.values())))
    leaning = exp.Anonymous(this="MAP_EXTRACT_VALUE", expressions=[known, label])
    twice = exp.Mul(
        this=_cast(_ungrouped(rating), "DECIMAL(38, 15)"), expression=exp.Literal.number(2)
    )
    from_middle = exp.paren(exp.Sub(this=twice, expression=exp.Literal.number(sum(scale))))
    apart = exp.LT(
        this=exp.Mul(this=leaning, expression=exp.cast(exp.Sign(this=from_middle), "BIGINT")),
        expression=exp.Literal.number(0),
    )
    return exp.Coalesce(this=apart, expressions=[exp.false()])


def count_from(start: exp.Expr, passed: exp.Expr) -> exp.Expr:
    """The time that lies a duration, in microseconds, after another."""
    return exp.Add(
        this=start, expression=exp.Anonymous(this="TO_MICROSECONDS", expressions=[passed])
    )


def duration(cell: exp.Expr, reading: Reading, unit: Decimal = Decimal(1)) -> exp.Expr:
    """The microseconds a cell says; `unit` is seconds in one plain number without its own unit."""
    cell, clock = exp.Lower(this=cell), reading.clock

    def microseconds(amount: exp.Expr, seconds: Decimal | int) -> exp.Expr:
        exact = exp.Mul(
            this=_cast(_ungrouped(amount), "DECIMAL(38, 18)"),
            expression=exp.Literal.number(int(seconds * 1_000_000)),
        )
        return exp.cast(exact, "BIGINT")

    def total(amounts: Iterable[exp.Expr], weights: Iterable[int]) -> exp.Expr:
        parts: list[exp.Expr] = [
            exp.Coalesce(this=microseconds(amount, seconds), expressions=[exp.Literal.number(0)])
            for amount, seconds in zip(amounts, weights, strict=True)
        ]
        return exp.paren(_sum(parts))

    def clocked(pattern: str, weights: tuple[int, ...]) -> exp.Expr:
        return total((_group(cell, pattern, n) for n in range(1, len(weights) + 1)), weights)

    before = [notation.AMOUNT_BEFORE.format(unit=unit) for unit in notation.UNIT_BEGINNINGS]
    named = total((_found(cell, pattern, 1) for pattern in before), notation.WORDED_SECONDS)
    is_iso = exp.and_(_fits(cell, notation.ISO_DURATION_END), _fits(cell, notation.ISO_DURATION))
    short = notation.SHORT_CLOCK_DURATION
    plain: exp.Expr = microseconds(cell.copy(), reading.unit or unit)
    if reading.has_parts:
        nothing = exp.Literal.number(0)
        plain = _case((_equal(microseconds(cell.copy(), 1), nothing), nothing.copy()))
    return _case(
        (_fits(cell, notation.PLAIN_AMOUNT), plain),
        (_fits(cell, notation.CLOCK_DURATION), clocked(notation.CLOCK_DURATION, (3600, 60, 1))),
        (exp.or_(_fits(cell, notation.WORDED_DURATION), is_iso), named),
        (
            _fits(cell, notation.DAY_CLOCK_DURATION),
            clocked(notation.DAY_CLOCK_DURATION, notation.WORDED_SECONDS),
        ),
        (
            _fits(cell, notation.DAYS_AND_CLOCK_DURATION),
            clocked(notation.DAYS_AND_CLOCK_DURATION, notation.WORDED_SECONDS),
        ),
        *([(_fits(cell, short), clocked(short, clock.seconds))] if clock else []),
    )


def _sum(parts: list[exp.Expr]) -> exp.Expr:
    total = parts[0]
    for part in parts[1:]:
        total = exp.Add(this=total, expression=part)
    return total


def _parse_time(cell: exp.Expr, formats: Iterable[str]) -> exp.Expr:
    return exp.Anonymous(this="TRY_STRPTIME", expressions=[cell.copy(), _texts(formats)])


def _timestamp(cell: exp.Expr, reading: Reading) -> exp.Expr:
    """A time of any year; `is_plausible_year` is what `intake.checks` asks of it.

    A format that does not fit costs far more than one that does, so the commonest is tried
    first, and of the others only those with the same sign behind the year.
    """
    fifth = exp.Substring(
        this=cell.copy(), start=exp.Literal.number(5), length=exp.Literal.number(1)
    )
    by_sign = [
        (_equal(fifth, exp.Literal.string(sign)), _parse_time(cell, _with_times(date)))
        for sign, date in notation.YEAR_FIRST_DATES.items()
    ]
    attempts = [_case(*by_sign), _compact_or_offset(cell, reading.zone), _named_month(cell)]
    ordered = notation.ORDERED_DATES[reading.order] if reading.order else ()
    if ordered:
        attempts.insert(0, _parse_all(cell, ordered))
    found: exp.Expr = exp.Coalesce(
        this=_parse_time(cell, [notation.COMMONEST_FORMAT]), expressions=attempts
    )
    if reading.order:
        short = _parse_all(cell, notation.SHORT_DATES[reading.order])
        is_short = _fits(cell, _SHORT_DATES.get(reading.order, notation.SHORT_DATE))
        found = exp.Case(ifs=[exp.If(this=is_short, true=short)], default=found)
    if reading.ahead is not None:
        minutes = exp.Literal.number(-int(reading.ahead.total_seconds()) // 60)
        moved = _moved(found.copy(), minutes, reading.zone)
        found = exp.Case(
            ifs=[exp.If(this=_fits(cell, notation.OFFSET_TIME), true=found)], default=moved
        )
    return found


_SHORT_DATES = {DateOrder.YEAR_FIRST: notation.SHORT_YEAR_FIRST}


def _named_month(cell: exp.Expr) -> exp.Expr:
    return _case(
        (_fits(cell, notation.NAMED_DATE), _parse_all(cell, notation.NAMED_DATES)),
        (_fits(cell, notation.SHORT_NAMED_DATE), _parse_all(cell, notation.SHORT_NAMED_DATES)),
    )


def _parse_all(cell: exp.Expr, dates: Iterable[str]) -> exp.Expr:
    """A date of one of these formats, with or without a time of day."""
    return _parse_time(cell, [each for date in dates for each in _with_times(date)])


def _with_times(date: str) -> list[str]:
    return [date + time for time in notation.TIMES]


def _compact_or_offset(cell: exp.Expr, zone: str) -> exp.Expr:
    length = exp.Length(this=cell.copy())
    compact = [
        (_equal(length, exp.Literal.number(digits)), _parse_time(cell, [spelt]))
        for digits, spelt in notation.COMPACT_FORMATS.items()
    ]
    return _case(
        (_fits(cell, notation.COMPACT_TIME), _case(*compact)),
        (_fits(cell, notation.OFFSET_TIME), _in_zone(cell, zone)),
    )


def is_plausible_year(moment: exp.Expr) -> exp.Expr:
    earliest, latest = notation.EARLIEST_YEAR, notation.LATEST_YEAR
    return exp.Between(
        this=moment.copy(),
        low=_moment(f"{earliest}-01-01"),
        high=_moment(f"{latest - 1}-12-31 23:59:59.999999"),
    )


def _moment(spelt: str) -> exp.Expr:
    return exp.Cast(this=exp.Literal.string(spelt), to=build_type("TIMESTAMP").copy())


def _in_zone(cell: exp.Expr, zone: str) -> exp.Expr:
    """A time with an offset, moved to the business's zone."""
    local = _parse_time(_group(cell, notation.OFFSET_TIME, 1), notation.OFFSET_FORMATS)

    def number(group: int) -> exp.Expr:
        digits = _cast(_found(cell, notation.OFFSET, group), "BIGINT")
        return exp.Coalesce(this=digits, expressions=[exp.Literal.number(0)])

    minutes = exp.Add(
        this=exp.Mul(this=number(2), expression=exp.Literal.number(60)), expression=number(3)
    )
    behind = _equal(_found(cell, notation.OFFSET, 1), exp.Literal.string("-"))
    ahead = _case((behind, exp.Literal.number(1)))
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
