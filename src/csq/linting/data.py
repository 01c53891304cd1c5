"""What a definition looks for and the exports do not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from csq.engines.base import Engine
from csq.errors import Place, Problem
from csq.formula.mentions import mentions_in
from csq.formula.row_words import say_row
from csq.formula.tree import RowTerm, fields_in, terms_of
from csq.formula.understand import Understood, UnderstoodIndicator
from csq.intake.intake import Intake
from csq.intake.staging.stage import StagedSource
from csq.linting.counts import Counts
from csq.linting.parts import Part
from csq.occurrence import describe_values, known_values, name_some
from csq.problems.definition import NEVER_TRUE, OMITTED_CARRIED, UNFILLED_FIELD
from csq.problems.run import UNKNOWN_TEXT
from csq.question import lacking_data
from csq.records.schema import Field, Schema
from csq.wording import Wording


def users_of(understood: Understood, schema: Schema) -> dict[Field, list[Wording]]:
    """The indicators that need each field of a source."""
    found: dict[Field, list[Wording]] = {}
    for indicator in understood.indicators:
        fields = {
            field: None
            for aggregate in indicator.aggregates
            if aggregate.population.schema is schema
            for term in terms_of(aggregate)
            for field in fields_in(term)
        }
        for field in fields:
            found.setdefault(field, []).append(indicator.definition.name)
    return found


def omitted_carried(
    intake: Intake, omitted: Iterable[UnderstoodIndicator], places: Mapping[str, Place]
) -> Iterator[Problem]:
    """What is left out of the definition and could be worked out from the exports."""
    present = {name: staged.fields for name, staged in intake.sources.items()}
    for indicator in omitted:
        if not lacking_data(indicator, present):
            name, place = indicator.definition.name, places[indicator.id]
            yield OMITTED_CARRIED.at(place, value=indicator.id, name=name)


def unfilled_fields(
    source: StagedSource,
    parts: Iterable[Part],
    counted: Counts,
    users: Mapping[Field, list[Wording]],
) -> Iterator[Problem]:
    """Fields that no row fills, where the definition asks for each first."""
    first: dict[Field, Part] = {}
    for part in parts:
        for term in part.terms:
            for field in fields_in(term):
                first.setdefault(field, part)
    for field, part in first.items():
        if counted.is_unfilled(field):
            names = users.get(field) or [part.name]
            yield UNFILLED_FIELD.at(
                part.place,
                source=source.schema.title,
                value=field.name,
                field=field.title,
                users=name_some(names),
            )


def unknown_texts(
    engine: Engine,
    source: StagedSource,
    parts: Iterable[Part],
    counted: Counts,
    understood: Understood,
) -> Iterator[Problem]:
    """Texts that no row has, each where it is written first."""
    told = set[tuple[Field, str]]()
    values: dict[Field, list[str]] = {}
    for part in parts:
        for mention in (m for term in part.terms for m in mentions_in(term)):
            field, key = mention.field, (mention.field, mention.value)
            if key in told or counted.is_unfilled(field) or counted.having[mention]:
                continue
            told.add(key)
            if field not in values:
                values[field] = known_values(engine, source.schema, field)
            yield UNKNOWN_TEXT.at(
                part.place,
                source=source.schema.title,
                field=field.title,
                value=mention.constant.text,
                users=part.name,
                nearest=describe_values(
                    field, [mention.constant.text], values[field], is_free=mention.is_free
                ),
            )


def never_true(parts: Iterable[Part], counted: Counts) -> Iterator[Problem]:
    """Conditions that no row fulfils though every field is filled and every text occurs."""
    told = set[tuple[RowTerm, ...]]()
    for part in parts:
        condition = part.condition
        if condition is None or counted.held[part] or not counted.before[part]:
            continue
        if any(counted.is_unfilled(field) for field in fields_in(condition)):
            continue
        if any(not counted.having[m] for m in mentions_in(condition) if m.test != "<>"):
            continue
        if (*part.base, condition) not in told:
            told.add((*part.base, condition))
            yield NEVER_TRUE.at(
                part.place,
                name=part.name,
                source=part.schema.title,
                rows=counted.before[part],
                condition=say_row(condition),
            )
