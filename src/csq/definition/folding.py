"""How several rows become one case: what `grain:` and `events:` mean by the fields of a source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from csq.definition.load import LoadedDefinition, nearest
from csq.definition.sources import EVERY_ACTIVITY, Event, SourceSettings
from csq.errors import Problem
from csq.problems.definition import (
    EVENTS_WITHOUT_GRAIN,
    UNKNOWN_FIELD,
    WRONG_EVENT_FIELD,
    WRONG_GRAIN_FIELD,
)
from csq.records.reading import FieldType, Reading, read_cell
from csq.records.schema import Field, Schema
from csq.wording import Wording


@dataclass(frozen=True, slots=True)
class Taken:
    """What one field takes from the events of a case; activities as the data holds them."""

    field: Field
    event: Event
    activities: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Folding:
    """How the rows of a source become cases."""

    key: Field
    keeps_last: bool
    time: Field | None
    activity: Field | None
    taken: tuple[Taken, ...]

    @property
    def fields(self) -> frozenset[str]:
        """Everything that is read or written by it."""
        read = (self.key, self.time, self.activity, *(each.field for each in self.taken))
        return frozenset(field.name for field in read if field)


def find_folding(schema: Schema, settings: SourceSettings) -> Folding | None:
    """How a source is folded; `None` where every row is a case, or the definition is faulty."""
    grain = settings.grain
    key = find_field(schema, settings, grain.key) if grain else None
    if grain is None or key is None:
        return None
    activity = find_field(schema, settings, grain.activity)
    return Folding(
        key=key,
        keeps_last=grain.keep == "last",
        time=find_field(schema, settings, grain.time),
        activity=activity,
        taken=tuple(
            Taken(
                field,
                event,
                _as_held(event.activities, activity, settings),
                _as_held(event.after, activity, settings),
            )
            for name, event in settings.events.items()
            if activity and (field := schema.field(name))
        ),
    )


def fold_schema(schema: Schema, settings: SourceSettings) -> Schema:
    """The schema as its rows stand in the exports: what comes from events is in none of them."""
    folding = find_folding(schema, settings)
    if folding is None:
        return schema
    read = (folding.key, folding.time, folding.activity)
    return schema.folded(
        required=(field.name for field in read if field),
        from_events=(each.field.name for each in folding.taken),
    )


def find_field(schema: Schema, settings: SourceSettings, spelling: str | None) -> Field | None:
    """The field a person means by its name, its title, or the header it stands under."""
    if spelling is None:
        return None
    by_name = schema.find(spelling)
    if by_name:
        return by_name
    wanted = spelling.casefold()
    for headers_of in (
        lambda field: (
            settings.columns[field.name].headers if field.name in settings.columns else ()
        ),
        lambda field: field.headers,
    ):
        for field in schema.fields:
            if wanted in {header.casefold() for header in headers_of(field)}:
                return field
    return None


def _as_held(
    activities: tuple[str, ...], field: Field, settings: SourceSettings
) -> tuple[str, ...]:
    """Activities in any known spelling as the data holds them after intake."""
    reading = Reading(spellings=settings.spellings(field))
    return tuple(str(read_cell(each, str, field.column, reading)) for each in activities)


def check_folding(
    loaded: LoadedDefinition, source: str, schema: Schema, settings: SourceSettings
) -> Iterator[Problem]:
    """What contradicts itself in `grain:` and `events:`; `schema` is that of a whole case."""
    grain = settings.grain
    if settings.events and not (grain and grain.time and grain.activity):
        yield EVENTS_WITHOUT_GRAIN.at(loaded.place("sources", source, "events"))
    wanted = {"key": None, "time": FieldType.TIMESTAMP, "activity": FieldType.TEXT}
    read = set()
    for name, type_ in wanted.items() if grain else ():
        spelling = getattr(grain, name)
        place = loaded.place("sources", source, "grain", name)
        field = find_field(schema, settings, spelling)
        if field is None and spelling is not None:
            known = nearest(spelling, [each.name for each in schema.fields])
            yield UNKNOWN_FIELD.at(place, value=spelling, source=schema.title, nearest=known)
        elif field and type_ and field.type is not type_:
            yield WRONG_GRAIN_FIELD.at(place, value=spelling, key=name, expected=_TYPES[type_])
        read |= {field.name} if field else set()
    for name, event in settings.events.items():
        place = loaded.place("sources", source, "events", name)
        field = schema.field(name)
        if field is None:
            known = nearest(name, [each.name for each in schema.fields])
            yield UNKNOWN_FIELD.at(place, value=name, source=schema.title, nearest=known)
        elif name in read:
            yield WRONG_EVENT_FIELD.at(place, value=name, reason=_READ)
        elif field.type is not event.takes:
            reason = _TYPE.fill(expected=_TYPES[event.takes], actual=_TYPES[field.type])
            yield WRONG_EVENT_FIELD.at(place, value=name, reason=reason)
        elif (field.required or name in schema.time) and not event.is_in_every_case:
            yield WRONG_EVENT_FIELD.at(place, value=name, reason=_NEEDED)


_TYPES = {
    FieldType.TEXT: Wording("文字", "a text"),
    FieldType.TIMESTAMP: Wording("时间", "a time"),
    FieldType.DURATION: Wording("时长", "a duration"),
    FieldType.FLAG: Wording("是/否", "yes or no"),
    FieldType.INTEGER: Wording("整数", "a whole number"),
    FieldType.NUMBER: Wording("数", "a number"),
}
_READ = Wording("grain 自己要读它", "grain itself reads it")
_TYPE = Wording("得到的是{expected}，字段是{actual}", "it takes {expected}, the field is {actual}")
_NEEDED = Wording(
    f'每个案都要有它，只能写 first: "{EVERY_ACTIVITY}" 或 last: "{EVERY_ACTIVITY}"',
    f'every case needs it: only first: "{EVERY_ACTIVITY}" or last: "{EVERY_ACTIVITY}" will do',
)
