"""Whether the data holds what a definition looks for: a value no row has is a silent 0."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches

from sqlglot import exp

from csq.engines.base import Engine
from csq.errors import Problem, clean
from csq.formula.compile import compile_row
from csq.formula.mentions import Mention, compared_fields, mentions_in
from csq.formula.midnight import DayBound, day_bounds_in
from csq.formula.tree import RowTerm, terms_of
from csq.formula.understand import UnderstoodIndicator
from csq.intake.staging.stage import StagedSource
from csq.intake.staging.tables import table_of
from csq.privacy import PEOPLE
from csq.problems.run import CUT_DAY, UNKNOWN_TEXT, UNLIKE_FIELDS
from csq.records.schema import Field, Schema
from csq.wording import Wording, join

AskedTerm = tuple[UnderstoodIndicator, Schema, RowTerm]
"""What is asked of every row of a source, and the indicator for which it is."""

_SHOWN = 5
"""How many of the values that do occur are named."""
_COMPARED = 5
"""In how many rows two fields are filled at least that ought to have a value in common."""
_LOOKED_AT = 2_000
"""Among how many of the commonest values the similar ones are looked for."""


def unknown_texts(
    engine: Engine,
    sources: Mapping[str, StagedSource],
    asked: Iterable[AskedTerm],
) -> Iterator[Problem]:
    """Fields in which texts are looked for that no row has, in whatever period.

    A list counts as found once one of its texts occurs; `<>` leaves nothing out and is no fault.
    A field that is blank throughout is not told of here.
    """
    looking: dict[Schema, dict[Mention, dict[UnderstoodIndicator, None]]] = {}
    for indicator, schema, term in asked:
        for mention in mentions_in(term):
            if mention.test != "<>":
                looking.setdefault(schema, {}).setdefault(mention, {})[indicator] = None
    for schema, mentions in looking.items():
        if schema.source in sources:
            yield from _of_source(engine, sources[schema.source], mentions)


def unlike_fields(
    engine: Engine,
    sources: Mapping[str, StagedSource],
    asked: Iterable[AskedTerm],
) -> Iterator[Problem]:
    """Two fields that are compared though no value stands in both, in whatever period.

    One may hold numbers of people and the other their names.
    """
    compared: dict[tuple[Schema, Field, Field], dict[Wording, None]] = {}
    for indicator, schema, term in asked:
        for pair in compared_fields(term):
            compared.setdefault((schema, *pair), {})[indicator.definition.name] = None
    for (schema, one, other), names in compared.items():
        source = sources.get(schema.source)
        if source is None or not {one.name, other.name} <= source.fields & source.stored:
            continue
        column, opposite = (exp.column(each.name, quoted=True) for each in (one, other))
        are_filled = exp.and_(*(each.is_(exp.null()).not_() for each in (column, opposite)))
        value = exp.column("_value")
        values = exp.select(exp.alias_(opposite.copy(), "_value")).distinct()
        counted = exp.select(exp.Count(this=exp.Star()), exp.Count(this=value))
        counted = counted.from_(table_of(schema)).join(
            values.from_(table_of(schema)).subquery("_values"),
            on=exp.EQ(this=column.copy(), expression=value.copy()),
            join_type="left",
        )
        ((rows, shared),) = engine.fetch(counted.where(are_filled))
        if rows >= _COMPARED and not shared:
            yield UNLIKE_FIELDS.at(
                source=schema.title,
                field=one.title,
                other=other.title,
                rows=rows,
                users=name_some(list(names)),
            )


def cut_days(
    engine: Engine,
    sources: Mapping[str, StagedSource],
    asked: Iterable[AskedTerm],
) -> Iterator[Problem]:
    """Days that a condition cuts at their midnight though rows have times on them."""
    cut: dict[tuple[Schema, DayBound], dict[Wording, None]] = {}
    for indicator, schema, term in asked:
        for _, bound in day_bounds_in(term):
            cut.setdefault((schema, bound), {})[indicator.definition.name] = None
    for (schema, bound), names in cut.items():
        source, field = sources.get(schema.source), bound.field
        if source is None or field is None or field.name not in source.stored:
            continue
        column = exp.column(field.name, quoted=True)
        is_later = exp.GT(this=column, expression=_moment(bound.day))
        is_before = exp.LT(this=column.copy(), expression=_moment(bound.next_day))
        counted = exp.select(exp.Count(this=exp.Star())).from_(table_of(schema))
        ((rows,),) = engine.fetch(counted.where(is_later, is_before))
        if rows:
            yield CUT_DAY.at(
                field=field.title,
                value=bound.value,
                next=bound.next_day,
                rows=rows,
                users=name_some(list(names)),
            )


def terms_asked(
    indicators: Iterable[UnderstoodIndicator], conditions: Mapping[str, RowTerm]
) -> Iterator[AskedTerm]:
    """Everything that indicators and the conditions of a run ask of a row of a source."""
    for indicator in indicators:
        for aggregate in indicator.aggregates:
            schema = aggregate.population.schema
            for term in terms_of(aggregate):
                yield indicator, schema, term
            if schema.source in conditions:
                yield indicator, schema, conditions[schema.source]


def terms_narrowed(
    indicators: Iterable[UnderstoodIndicator], conditions: Mapping[str, RowTerm]
) -> Iterator[AskedTerm]:
    """Of `terms_asked` what the conditions of a run ask, whatever the indicators themselves do."""
    for indicator in indicators:
        for schema in dict.fromkeys(each.population.schema for each in indicator.aggregates):
            if schema.source in conditions:
                yield indicator, schema, conditions[schema.source]


def _moment(day: date) -> exp.Expr:
    return exp.cast(exp.Literal.string(day.isoformat()), "TIMESTAMP")


def _of_source(
    engine: Engine,
    source: StagedSource,
    mentions: Mapping[Mention, Iterable[UnderstoodIndicator]],
) -> Iterator[Problem]:
    carried = [each for each in mentions if each.is_carried(source.fields)]
    counts = count_rows(engine, source, carried)
    met = {(each.field, each.together) for each in carried if counts[each]}
    absent = [each for each in carried if (each.field, each.together) not in met]
    for field in dict.fromkeys(each.field for each in absent):
        of_field = [each for each in absent if each.field is field]
        texts = list(dict.fromkeys(each.constant.text for each in of_field))
        is_free = any(each.is_free for each in of_field)
        known = known_values(engine, source.schema, field)
        if known:
            names = {i.definition.name: None for each in of_field for i in mentions[each]}
            yield UNKNOWN_TEXT.at(
                source=source.schema.title,
                field=field.title,
                value=", ".join(texts),
                users=name_some(list(names)),
                nearest=describe_values(field, texts, known, is_free=is_free),
            )


def count_rows(
    engine: Engine, source: StagedSource, mentions: Sequence[Mention]
) -> dict[Mention, int]:
    """How many rows of a source have each text, in one query."""
    if not mentions:
        return {}
    counts = [
        exp.alias_(counted_where(compile_row(each.as_condition())), f"m{position}")
        for position, each in enumerate(mentions)
    ]
    (row,) = engine.fetch(exp.select(*counts).from_(table_of(source.schema)))
    return dict(zip(mentions, row, strict=True))


def counted_where(condition: exp.Expr) -> exp.Expr:
    """The number of rows that fulfil a condition."""
    return exp.Filter(
        this=exp.Count(this=exp.Star()), expression=exp.Where(this=condition, copy=False)
    )


def known_values(engine: Engine, schema: Schema, field: Field) -> list[str]:
    """The values of a field, the commonest first."""
    column = exp.column(field.name, quoted=True)
    query = (
        exp.select(column)
        .from_(table_of(schema))
        .where(exp.not_(exp.Is(this=column.copy(), expression=exp.null())))
        .group_by(column.copy())
        .order_by(exp.Ordered(this=exp.Count(this=exp.Star()), desc=True), column.copy())
        .limit(_LOOKED_AT)
    )
    return [value for (value,) in engine.fetch(query)]


def describe_values(
    field: Field, texts: Sequence[str], known: Sequence[str], *, is_free: bool
) -> Wording:
    """The values most like what was looked for, then the commonest.

    People, and what people write freely, are not shown.
    """
    if field.name in PEOPLE:
        return _OF_PEOPLE
    if is_free:
        return _FREE
    similar = [name for text in texts for name in get_close_matches(text, known, _SHOWN, 0.5)]
    shown = list(dict.fromkeys([*similar, *known]))[:_SHOWN]
    return Wording("、".join(map(_short, shown)), ", ".join(map(_short, shown)))


_OF_PEOPLE = Wording("（人员信息不列出）", "(people are not listed)")
_FREE = Wording("（自由填写的文字不列出）", "(free text is not listed)")
_LONGEST = 24


def _short(text: str) -> str:
    plain = clean(text)
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def name_some(names: Sequence[Wording], most: int = 3) -> Wording:
    """The first few names, and how many there are in all."""
    if len(names) <= most:
        return join(tuple(names))
    return _AND_OTHERS.fill(names=join(tuple(names[:most])), count=len(names))


_AND_OTHERS = Wording("{names}等 {count} 项", "{names} and others, {count} in all")
