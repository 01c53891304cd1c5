"""The targets of an indicator understood: which group each is for, and whether they agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from csq.definition.load import LoadedDefinition, nearest
from csq.definition.models import Definition
from csq.definition.sources import SourceSettings
from csq.definition.targets import Direction, Level, Target
from csq.errors import Place, Problem
from csq.problems.definition import (
    LEVEL_ORDER,
    TARGET_TIE,
    UNGROUPABLE_FIELD,
    UNKNOWN_FIELD,
    WRONG_VALUE,
)
from csq.records.reading import FieldType, Reading, UnreadableCell, python_type, read_cell
from csq.records.schema import Field, Schema
from csq.wording import Wording

GroupValue = str | int | bool | None
"""What a field holds in a group of rows; a blank is `None`."""

Scope = Mapping[str, GroupValue]
"""A group by the canonical names of its fields, as the data holds their values."""

GROUPABLE = frozenset({FieldType.TEXT, FieldType.FLAG, FieldType.INTEGER})
"""The types of fields by which rows can be put into groups."""


@dataclass(frozen=True, slots=True)
class UnderstoodTarget:
    """A target and the group it is for; an empty scope is the total."""

    definition: Target
    scope: Scope

    @property
    def level(self) -> Level:
        return self.definition.level

    def applies_to(self, group: Scope) -> bool:
        """Whether a group lies within the scope."""
        return all(name in group and group[name] == value for name, value in self.scope.items())

    @property
    def specificity(self) -> tuple[int, bool, bool]:
        """The most specific target wins: by its scope, then its profile, then its dates."""
        target = self.definition
        return (len(self.scope), target.profile is not None, target.is_dated)


def read_spelling(definition: Definition, schema: Schema, field: Field, text: str) -> GroupValue:
    """The value the data holds for one that a person names in any known spelling.

    Read as the cells of the exports are; raises `UnreadableCell`.
    """
    settings = definition.sources.get(schema.source, SourceSettings())
    reading = Reading(spellings=settings.spellings(field))
    value: GroupValue = read_cell(text, python_type(field.type), field.column, reading)
    return value


def understand_targets(
    loaded: LoadedDefinition, position: int, schemas: Iterable[Schema], problems: list[Problem]
) -> tuple[UnderstoodTarget, ...]:
    """The targets of the indicator in this position, whose formula is over these schemas.

    What is wrong with them is added to `problems`.
    """
    indicator = loaded.definition.indicators[position]
    understood: list[tuple[UnderstoodTarget, Place]] = []
    for number, target in enumerate(indicator.all_targets):
        place = loaded.place_of_target(position, number)
        faults: list[Problem] = []
        scope: dict[str, GroupValue] = {}
        for name, text in target.where.items():
            at = loaded.place("indicators", position, "targets", number, "where", name)
            faults += _add_to_scope(scope, name, text, at, schemas, loaded.definition)
        problems += faults
        if not faults and target.profile in {None, loaded.definition.profile}:
            new = UnderstoodTarget(target, scope)
            problems += _compare(new, place, understood, indicator.direction)
            understood.append((new, place))
    return tuple(target for target, _ in understood)


def _add_to_scope(
    scope: dict[str, GroupValue],
    name: str,
    text: str,
    place: Place,
    schemas: Iterable[Schema],
    definition: Definition,
) -> Iterator[Problem]:
    """One field of a scope as every source of the formula holds it, or what is wrong with it."""
    for schema in schemas:
        field = schema.find(name)
        if field is None:
            known = nearest(name, [field.name for field in schema.fields])
            yield UNKNOWN_FIELD.at(place, value=name, source=schema.title, nearest=known)
        elif field.type not in GROUPABLE:
            yield UNGROUPABLE_FIELD.at(place, value=name, source=schema.title)
        else:
            try:
                value = read_spelling(definition, schema, field, text)
            except UnreadableCell:
                expected = _EXPECTED[field.type]
                yield WRONG_VALUE.at(place, key=name, value=text, expected=expected)
                return
            if scope.setdefault(field.name, value) != value:
                yield WRONG_VALUE.at(place, key=name, value=text, expected=_ONE_VALUE)
                return


def _compare(
    target: UnderstoodTarget,
    place: Place,
    earlier: Iterable[tuple[UnderstoodTarget, Place]],
    direction: Direction,
) -> Iterator[Problem]:
    """What contradicts the targets that stand before this one."""
    for other, first in earlier:
        if _tie(target, other):
            value = str(target.definition.value)
            yield TARGET_TIE.at(place, value=value, first=first.row)
        elif _is_out_of_order(target, other, direction):
            yield LEVEL_ORDER.at(place, **_compare_levels(target, other))


_EXPECTED = {
    FieldType.FLAG: Wording("是或否", "yes or no (in quotes)"),
    FieldType.INTEGER: Wording("一个整数", "a whole number"),
}
_ONE_VALUE = Wording("同一字段只有一个值", "one value of one field")


def _tie(one: UnderstoodTarget, other: UnderstoodTarget) -> bool:
    """Whether some group could fall under both with neither being the more specific."""
    if one.level is not other.level or one.specificity != other.specificity:
        return False
    if not _meet(one.definition, other.definition):
        return False
    return all(other.scope.get(name, value) == value for name, value in one.scope.items())


def _meet(one: Target, other: Target) -> bool:
    """Whether some period falls under both."""

    def ended(first: Target, second: Target) -> bool:
        return bool(first.to and second.from_ and first.to.end <= second.from_.start)

    return not ended(one, other) and not ended(other, one)


_RANKS = {Level.FLOOR: 0, Level.TARGET: 1, Level.STRETCH: 2}
_STRICTER = Wording("更严", "more")
_LAXER = Wording("更宽松", "less")


def _is_out_of_order(one: UnderstoodTarget, other: UnderstoodTarget, direction: Direction) -> bool:
    """Whether a floor asks more, or a stretch less, than the target of the same groups."""
    values = one.definition.value, other.definition.value
    plain = all(value.upper is None and not value.is_change for value in values)
    alike = one.scope == other.scope and one.specificity == other.specificity
    if not plain or not alike or direction is Direction.BAND:
        return False
    if not _meet(one.definition, other.definition):
        return False
    easy, hard = sorted((one, other), key=lambda target: _RANKS[target.level])
    lowest = easy.definition.value.quantity.value
    highest = hard.definition.value.quantity.value
    return lowest > highest if direction is Direction.UP else lowest < highest


def _compare_levels(one: UnderstoodTarget, other: UnderstoodTarget) -> dict[str, Wording | str]:
    """Two levels in the wrong order, told of the one that is not the target itself."""
    first, second = sorted((one, other), key=lambda target: _RANKS[target.level])
    stretched = first.level is Level.TARGET
    subject, object_ = (second, first) if stretched else (first, second)
    return {
        "level": subject.level.wording,
        "value": str(subject.definition.value),
        "other": object_.level.wording,
        "other_value": str(object_.definition.value),
        "compared": _LAXER if stretched else _STRICTER,
    }
