"""Faults between the parts of a definition, which no single key shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from csq.definition.models import (
    Definition,
    Direction,
    Indicator,
    Level,
    SourceSettings,
    Target,
    Unit,
)
from csq.definition.yaml import Document, Path
from csq.errors import Problem
from csq.problems import (
    DOUBLE_ID,
    LEVEL_ORDER,
    NO_INDICATORS,
    TARGET_TIE,
    UNKNOWN_FIELD,
    UNKNOWN_SOURCE,
    WRONG_TARGET_DIRECTION,
    WRONG_TARGET_UNIT,
)
from csq.records.column import Column
from csq.records.schema import Schema, known_schemas

_EXAMPLES = {Unit.PERCENT: ">= 85%", Unit.DURATION: "<= 3min"}
_UNIT_SECONDS = {"s": 1, "min": 60, "h": 3600}


def check_definition(definition: Definition, document: Document) -> tuple[Problem, ...]:
    """What contradicts itself in a definition whose keys and values are all well formed."""
    return (
        *_check_sources(definition, document),
        *_check_ids(definition, document),
        *(
            problem
            for position, indicator in enumerate(definition.indicators)
            for problem in _check_targets(indicator, ("indicators", position), document)
        ),
    )


def schemas_of(definition: Definition) -> Mapping[str, Schema]:
    """Every kind of record with the fields that the definition adds to it."""
    return {
        source: extend_schema(schema, definition.sources.get(source, SourceSettings()))
        for source, schema in known_schemas().items()
    }


def extend_schema(schema: Schema, settings: SourceSettings) -> Schema:
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
            ),
        )
        for name, own in settings.fields.items()
    )


def _check_sources(definition: Definition, document: Document) -> Iterator[Problem]:
    schemas = schemas_of(definition)
    for source, settings in definition.sources.items():
        path: Path = ("sources", source)
        if source not in schemas:
            yield UNKNOWN_SOURCE.at(document.place(path), value=source, known=", ".join(schemas))
            continue
        known = {field.name for field in schemas[source].fields}
        for key in ("columns", "values"):
            for name in getattr(settings, key):
                if name not in known:
                    yield UNKNOWN_FIELD.at(
                        document.place((*path, key, name)),
                        value=name,
                        source=schemas[source].title,
                        nearest=", ".join(sorted(known)),
                    )


def _check_ids(definition: Definition, document: Document) -> Iterator[Problem]:
    if not definition.indicators:
        yield NO_INDICATORS.at(document.place(("indicators",)))
    first: dict[str, int] = {}
    for position, indicator in enumerate(definition.indicators):
        if indicator.id in first:
            yield DOUBLE_ID.at(
                document.place(("indicators", position, "id")),
                value=indicator.id,
                first=document.place(("indicators", first[indicator.id], "id")).row,
            )
        first.setdefault(indicator.id, position)


def _check_targets(indicator: Indicator, path: Path, document: Document) -> Iterator[Problem]:
    def place_of(position: int) -> Path:
        return (*path, "target") if indicator.target else (*path, "targets", position)

    targets = indicator.all_targets
    for position, target in enumerate(targets):
        place = document.place(place_of(position))
        if target.value.quantity.kind is not indicator.unit.quantity:
            yield WRONG_TARGET_UNIT.at(
                place,
                value=str(target.value),
                unit=indicator.unit.value,
                example=_EXAMPLES.get(indicator.unit, ">= 20"),
            )
        elif _is_against(indicator.direction, target):
            yield WRONG_TARGET_DIRECTION.at(
                place, value=str(target.value), direction=indicator.direction.value
            )
        for other in range(position):
            if _tie(target, targets[other]):
                first = document.place(place_of(other)).row
                yield TARGET_TIE.at(place, value=str(target.value), first=first)
            elif _is_out_of_order(target, targets[other], indicator.direction):
                level, goal = sorted(
                    (target, targets[other]), key=lambda each: each.level is Level.TARGET
                )
                yield LEVEL_ORDER.at(
                    place, level=level.level.value, value=str(level.value), target=str(goal.value)
                )


def _is_against(direction: Direction, target: Target) -> bool:
    wrong = {Direction.UP: "<", Direction.DOWN: ">"}.get(direction)
    return wrong is not None and target.value.operator.startswith(wrong)


def _tie(one: Target, other: Target) -> bool:
    """Whether some group could fall under both with neither being the more specific."""
    if one.level is not other.level or len(one.where) != len(other.where):
        return False
    return all(other.where.get(field, value) == value for field, value in one.where.items())


def _is_out_of_order(one: Target, other: Target, direction: Direction) -> bool:
    """Whether a floor asks more, or a stretch less, than the target of the same groups."""
    if one.where != other.where or direction is Direction.BAND:
        return False
    ranks = {Level.FLOOR: 0, Level.TARGET: 1, Level.STRETCH: 2}
    easy, hard = sorted((one, other), key=lambda target: ranks[target.level])
    lowest, highest = easy.value.quantity.value, hard.value.quantity.value
    return lowest > highest if direction is Direction.UP else lowest < highest
