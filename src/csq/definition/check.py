"""Faults between the parts of a definition, which no single key shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from csq.definition.folding import check_folding, fold_schema
from csq.definition.indicators import Indicator
from csq.definition.load import LoadedDefinition, nearest
from csq.definition.models import Definition
from csq.definition.sources import EVERY_COLUMN, SourceSettings
from csq.definition.targets import Direction, Target, Unit
from csq.errors import Problem, list_names
from csq.problems.definition import (
    BUILT_IN_FIELD,
    DOUBLE_ID,
    DOUBLE_KEY,
    DOUBLE_SPELLING,
    NO_INDICATORS,
    RESERVED_FIELD,
    UNKNOWN_FIELD,
    UNKNOWN_PROFILE,
    UNKNOWN_SOURCE,
    UNTOLERABLE,
    WRONG_TARGET_DIRECTION,
    WRONG_TARGET_UNIT,
    WRONG_VALUE,
)
from csq.problems.rows import OF_ROWS
from csq.records.column import Column
from csq.records.reading import FieldType, Reading, UnreadableCell, python_type, read_cell
from csq.records.schema import Field, Schema, is_reserved, known_schemas
from csq.wording import Wording

_EXAMPLES = {Unit.PERCENT: ">= 85%", Unit.DURATION: "<= 3min"}
_UNIT_SECONDS = {"s": 1, "min": 60, "h": 3600}


def check_definition(loaded: LoadedDefinition) -> tuple[Problem, ...]:
    """What contradicts itself in a definition whose keys and values are all well formed."""
    return (
        *_check_sources(loaded),
        *_check_tolerance(loaded),
        *_check_ids(loaded),
        *_check_profile(loaded),
        *_check_calendars(loaded),
        *(
            problem
            for position, indicator in enumerate(loaded.definition.indicators)
            for problem in _check_targets(indicator, position, loaded)
        ),
    )


def schemas_of(definition: Definition) -> Mapping[str, Schema]:
    """Every kind of record with the fields that the definition adds to it."""
    return {
        source: fold_schema(extend_schema(schema, settings), settings)
        for source, schema in known_schemas().items()
        for settings in [definition.sources.get(source, SourceSettings())]
    }


def extend_schema(schema: Schema, settings: SourceSettings) -> Schema:
    """A kind of record with the fields of the user's own: what a whole case consists of."""
    return schema.extended(
        (
            name,
            own.type,
            Column(
                zh=own.title.zh if own.title else name,
                en=own.title.en if own.title else name,
                aliases=own.columns,
                scale=own.scale,
                unit=_UNIT_SECONDS[own.unit],
                separators=own.separator,
            ),
        )
        for name, own in settings.fields.items()
    )


def _check_sources(loaded: LoadedDefinition) -> Iterator[Problem]:
    schemas = schemas_of(loaded.definition)
    for source, settings in loaded.definition.sources.items():
        if source not in schemas:
            place = loaded.place("sources", source)
            titled = [each.source for each in schemas.values() if source == each.title.zh]
            yield UNKNOWN_SOURCE.at(place, value=source, known=nearest(source, titled or schemas))
            continue
        known = {field.name for field in schemas[source].fields}
        for key in ("columns", "values", "nulls", "date_order"):
            every = {EVERY_COLUMN} if key in {"nulls", "date_order"} else set()
            for name in getattr(settings, key):
                if name not in known | every:
                    yield UNKNOWN_FIELD.at(
                        loaded.place("sources", source, key, name),
                        value=name,
                        source=schemas[source].title,
                        nearest=nearest_field(name, schemas[source], sorted(known)),
                    )
        yield from _check_own_fields(loaded, known_schemas()[source], settings)
        yield from _check_values(loaded, schemas[source], settings)
        yield from _check_spellings(loaded, schemas[source], settings)
        whole = extend_schema(known_schemas()[source], settings)
        yield from check_folding(loaded, source, whole, settings)


def nearest_field(wanted: str, schema: Schema, names: Sequence[str]) -> str:
    """The fields a name may mean: the one that it is a title or a header of, or the nearest."""
    titled = [
        field.name
        for field in schema.fields
        if field.name in names and wanted in {field.column.zh, *field.headers}
    ]
    return nearest(wanted, titled or names)


def _check_own_fields(
    loaded: LoadedDefinition, schema: Schema, settings: SourceSettings
) -> Iterator[Problem]:
    """Fields of the user's own whose name means another one already, or that csq needs."""
    first: dict[str, int | None] = {}
    for name in settings.fields:
        place = loaded.place("sources", schema.source, "fields", name)
        if is_reserved(name):
            yield RESERVED_FIELD.at(place, value=name)
        elif field := schema.find(name):
            yield BUILT_IN_FIELD.at(place, value=name, source=schema.title, title=field.title)
        elif name.casefold() in first:
            yield DOUBLE_KEY.at(place, value=name, first=first[name.casefold()])
        first.setdefault(name.casefold(), place.row)


def _check_values(
    loaded: LoadedDefinition, schema: Schema, settings: SourceSettings
) -> Iterator[Problem]:
    """The values that spellings are said to stand for, and that their field cannot hold."""
    for name, values in settings.values.items():
        field = schema.field(name)
        if field is None or field.type is FieldType.TEXT:
            continue
        for value in values:
            try:
                read_cell(value, python_type(field.type), field.column, Reading())
            except UnreadableCell:
                place = loaded.place("sources", schema.source, "values", name, value)
                expected = _expected(field)
                yield WRONG_VALUE.at(place, key=name, value=value, expected=expected)


def _check_spellings(
    loaded: LoadedDefinition, schema: Schema, settings: SourceSettings
) -> Iterator[Problem]:
    """The spellings that are said to stand for two values."""
    for field in filter(None, map(schema.field, settings.values)):
        place = loaded.place("sources", schema.source, "values", field.name)
        meant: dict[str, str] = {}
        for spelling, value in settings.spellings(field):
            first = meant.setdefault(spelling, value)
            if first != value:
                yield DOUBLE_SPELLING.at(
                    place, value=spelling, field=field.name, first=first, second=value
                )


def _expected(field: Field) -> str:
    """Values that a field of no text can hold."""
    if field.column.scale:
        lowest, highest = field.column.scale
        return f"{lowest} .. {highest}"
    return {
        FieldType.FLAG: "是, 否",
        FieldType.DURATION: "90s, 00:03:25",
        FieldType.TIMESTAMP: "2025-08-01 09:15:00",
    }.get(field.type, "3")


def _check_tolerance(loaded: LoadedDefinition) -> Iterator[Problem]:
    known = sorted(kind.code for kind in OF_ROWS)
    for code in loaded.definition.tolerance.rules:
        if code not in known:
            place = loaded.place("tolerance", "rules", code)
            yield UNTOLERABLE.at(place, value=code, known=nearest(code, known))


def _check_ids(loaded: LoadedDefinition) -> Iterator[Problem]:
    if not loaded.definition.indicators:
        yield NO_INDICATORS.at(loaded.place("indicators"))
    first: dict[str, int] = {}
    for position, indicator in enumerate(loaded.definition.indicators):
        if indicator.id in first:
            yield DOUBLE_ID.at(
                loaded.place("indicators", position, "id"),
                value=indicator.id,
                first=loaded.place("indicators", first[indicator.id], "id").row,
            )
        first.setdefault(indicator.id, position)


def _check_profile(loaded: LoadedDefinition) -> Iterator[Problem]:
    chosen = loaded.definition.profile
    indicators = loaded.definition.indicators
    known = {target.profile for each in indicators for target in each.all_targets} - {None}
    if chosen is not None and chosen not in known:
        place = loaded.place("profile")
        names = list_names(sorted(filter(None, known))) or "–"
        yield UNKNOWN_PROFILE.at(place, value=chosen, known=names)


def _check_calendars(loaded: LoadedDefinition) -> Iterator[Problem]:
    """Calendars that indicators name and nobody describes."""
    known = loaded.definition.calendars
    for position, indicator in enumerate(loaded.definition.indicators):
        name = indicator.calendar
        if name is not None and name not in known:
            place = loaded.place("indicators", position, "calendar")
            expected = nearest(name, known) if known else _A_CALENDAR
            yield WRONG_VALUE.at(place, key="calendar", value=name, expected=expected)


_A_CALENDAR = Wording("calendars: 下的一个名字", "a name under calendars:")


def _check_targets(
    indicator: Indicator, position: int, loaded: LoadedDefinition
) -> Iterator[Problem]:
    for number, target in enumerate(indicator.all_targets):
        place = loaded.place_of_target(position, number)
        if not loaded.says(position, "unit"):
            continue
        if not _fits(target, indicator.unit):
            yield WRONG_TARGET_UNIT.at(
                place,
                value=str(target.value),
                unit=indicator.unit.value,
                example=_EXAMPLES.get(indicator.unit, ">= 20"),
            )
        elif loaded.says(position, "direction") and _is_against(indicator.direction, target):
            yield WRONG_TARGET_DIRECTION.at(
                place, value=str(target.value), direction=indicator.direction.value
            )


def _fits(target: Target, unit: Unit) -> bool:
    """Whether a target is in an indicator's unit; a share of a baseline is in any."""
    kind = target.value.quantity.kind
    is_share = target.value.is_change and not target.value.by_points
    return is_share or kind is unit.quantity


def _is_against(direction: Direction, target: Target) -> bool:
    """Whether a target asks for the other side; between two ends no change says which side."""
    wrong = {Direction.UP: "<", Direction.DOWN: ">", Direction.BAND: "+"}[direction]
    return target.value.operator.startswith(wrong)
