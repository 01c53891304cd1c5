"""A question put to the data: what it asks of which sources, in the words of the definition."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from csq.definition.load import close_names, nearest
from csq.errors import NOWHERE, UsageError, list_names
from csq.formula.credit import AGENT, fields_for
from csq.formula.faults import FormulaFault
from csq.formula.resolve import resolve_condition
from csq.formula.targets import GROUPABLE
from csq.formula.tree import (
    DERIVED,
    Population,
    RowOperation,
    RowTerm,
    derived_in,
    fields_in,
    fields_of,
    terms_of,
)
from csq.formula.understand import Understood, UnderstoodIndicator
from csq.period import Period, parse_period
from csq.plan import Level
from csq.problems.command_line import UNKNOWN_GROUP, UNKNOWN_INDICATOR, WRONG_CONDITION
from csq.problems.definition import UNGROUPABLE_FIELD
from csq.problems.formulas import FORMULA_NAME
from csq.records.reading import FieldType
from csq.records.schema import Field, Schema
from csq.wording import Wording, join

TREND_LENGTH = 7


@dataclass(frozen=True, slots=True)
class Request:
    """The question put to the data."""

    period: str | None = None
    by: tuple[Level, ...] = ()
    where: str | None = None
    indicators: tuple[str, ...] = ()
    today: date | None = None
    """Only for `last-month`: no number depends on the day of the run."""
    trend_length: int = TREND_LENGTH
    """How many periods the trend reaches over, the asked one included."""


def asked_period(request: Request) -> Period | None:
    """The period that is asked for by name, if one is; raises `UsageError`."""
    return None if request.period is None else parse_period(request.period, request.today)


def levels_of(by: Iterable[str]) -> tuple[Level, ...]:
    """What `--by` asks for: a breakdown each, the fields of a crossed one joined by commas."""
    return tuple(
        tuple(name.strip() for name in each.replace("，", ",").split(",") if name.strip())
        for each in by
    )


def choose_indicators(
    understood: Understood, wanted: tuple[str, ...]
) -> tuple[UnderstoodIndicator, ...]:
    """The indicators asked for by id or name, or all; what is asked for is not optional."""
    ids = {each: _id_meant(understood, each) for each in wanted}
    unknown = [
        UNKNOWN_INDICATOR.at(value=each, nearest=_nearest_indicators(understood, each))
        for each, meant in ids.items()
        if meant is None
    ]
    if unknown:
        raise UsageError(*unknown)
    if not wanted:
        return understood.indicators
    return tuple(_required(each) for each in understood.indicators if each.id in ids.values())


def _id_meant(understood: Understood, wanted: str) -> str | None:
    """The one indicator that has this id or, in either language, this name."""
    ids = [each.id for each in understood.indicators]
    named = [known for name, known in _names(understood) if name.casefold() == wanted.casefold()]
    if wanted in ids:
        return wanted
    return named[0] if len(set(named)) == 1 else None


def _names(understood: Understood) -> Iterator[tuple[str, str]]:
    """What every indicator is called in either language, with its id."""
    for each in understood.indicators:
        yield from ((name, each.id) for name in (each.definition.name.zh, each.definition.name.en))


def _nearest_indicators(understood: Understood, wanted: str) -> str:
    named = dict(_names(understood))
    close = difflib.get_close_matches(wanted, named, n=3, cutoff=0.5)
    ids = [each.id for each in understood.indicators]
    return list_names(f"{named[name]} {name}" for name in close) or nearest(wanted, ids)


def _required(indicator: UnderstoodIndicator) -> UnderstoodIndicator:
    if not indicator.definition.optional:
        return indicator
    definition = indicator.definition.model_copy(update={"optional": False})
    return replace(indicator, definition=definition)


def resolve_where(understood: Understood, where: str | None) -> dict[str, RowTerm]:
    """The condition as each source understands it; a source without its fields has none.

    A person may name a field by its title or by the header of its column.
    """
    if where is None:
        return {}
    found: dict[str, RowTerm] = {}
    faults: list[tuple[FormulaFault, Schema]] = []
    for source, schema in understood.schemas.items():
        rows = Population(source, schema)
        named = partial(_field_named, understood, schema)
        try:
            found[source] = resolve_condition(where, rows, understood.scope, named)
        except FormulaFault as failure:
            faults.append((failure, schema))
    if not found and faults:
        # The source that understands the most of it is the one that was meant.
        fault, _ = max(faults, key=lambda each: _understanding(*each))
        told = fault.at(place=NOWHERE, formula=where)
        raise UsageError(WRONG_CONDITION.at(value=where, reason=told.message, advice=told.hint))
    return found


def _understanding(fault: FormulaFault, schema: Schema) -> tuple[int, bool, float]:
    """How much of a condition a source understands, whose fault it is."""
    unknown = str(fault.slots.get("value", ""))
    names = (name for field in schema.fields for name in (field.name, field.column.zh))
    likeness = (difflib.SequenceMatcher(None, unknown, name).ratio() for name in names)
    return fault.span.start, fault.kind is not FORMULA_NAME, max(likeness, default=0)


def _field_named(understood: Understood, schema: Schema, name: str) -> str:
    """A field of a source by what a person calls it: its own name, else the header it is under."""
    if schema.find(name):
        return name
    headed = _headed(understood, name)
    return headed[0] if headed else name


def resolve_levels(understood: Understood, by: tuple[Level, ...]) -> tuple[Level, ...]:
    """The breakdowns by canonical field names; a person may name a field by a title or a header."""
    groupable = {
        field.name: field
        for schema in understood.schemas.values()
        for field in schema.fields
        if field.type in GROUPABLE
    }
    levels = []
    for level in by:
        if not level:
            raise UsageError(UNKNOWN_GROUP.at(value="", known=nearest("", groupable)))
        names: list[str] = []
        for spelling in level:
            found = [schema.find(spelling) for schema in understood.schemas.values()]
            fitting = [field.name for field in found if field and field.name in groupable]
            headed = _headed(understood, spelling) or _stood_in_for(understood, spelling)
            fitting = fitting or [each for each in headed if each in groupable]
            if not fitting and any(found):
                titles = [s.title for s in understood.schemas.values() if s.find(spelling)]
                raise UsageError(UNGROUPABLE_FIELD.at(value=spelling, source=join(titles)))
            if not fitting:
                names = [*groupable, *(f.column.zh for f in groupable.values())]
                known: Wording | str = nearest(spelling, names)
                if not close_names(spelling, names):
                    known = _OWN_COLUMN.fill(known=known)
                raise UsageError(UNKNOWN_GROUP.at(value=spelling, known=known))
            names.append(fitting[0])
        levels.append(tuple(dict.fromkeys(names)))
    return tuple(dict.fromkeys(levels))


_OWN_COLUMN = Wording(
    "{known}；自己的列先在 metrics.yaml 的 sources: 里用 fields: 声明",
    "{known}; declare a column of your own with fields: under sources: in metrics.yaml",
)


def _headed(understood: Understood, header: str) -> tuple[str, ...]:
    """The one field that a column of an export is read as, by its header."""
    wanted = header.casefold()
    found = {
        field.name
        for source, schema in understood.schemas.items()
        for field in schema.fields
        for known in (*field.own_headers, *_declared(understood, source, field.name))
        if known.casefold() == wanted
    }
    return tuple(found) if len(found) == 1 else ()


def is_stand_in(understood: Understood, name: str) -> bool:
    """Whether a field is called by a header that is only read where it has no column of its own."""
    named = any(schema.find(name) for schema in understood.schemas.values())
    return not (named or _headed(understood, name)) and bool(_stood_in_for(understood, name))


def _stood_in_for(understood: Understood, header: str) -> tuple[str, ...]:
    """The one field that a header stands in for."""
    wanted = header.casefold()
    found = {
        field.name
        for schema in understood.schemas.values()
        for field in schema.fields
        if wanted in map(str.casefold, field.column.stand_ins)
    }
    return tuple(found) if len(found) == 1 else ()


def _declared(understood: Understood, source: str, field: str) -> tuple[str, ...]:
    settings = understood.definition.sources.get(source)
    columns = settings.columns.get(field) if settings else None
    return columns.headers if columns else ()


def needed_fields(understood: Understood, request: Request) -> dict[str, frozenset[str]]:
    """The fields each source must keep for a request, by source.

    Raises `UsageError` for whatever in a request no exports could answer.
    """
    asked_period(request)
    needed: dict[str, set[str]] = {source: set() for source in understood.schemas}
    chosen = choose_indicators(understood, request.indicators)
    narrowed = resolve_where(understood, request.where)
    for indicator in chosen:
        scoped = {name for target in indicator.targets for name in target.scope}
        for aggregate in indicator.aggregates:
            names = {field.name for field in fields_of(aggregate)} | scoped
            time = aggregate.population.time or indicator.definition.time
            needed[aggregate.population.schema.source] |= names | ({time} if time else set())
    for source, condition in narrowed.items():
        needed[source] |= {field.name for field in fields_in(condition)}
    if asks_for_data_end(chosen, narrowed):
        for source, schema in understood.schemas.items():
            needed[source] |= {field.name for field in events_of(schema)}
    for level in resolve_levels(understood, request.by):
        for schema in understood.schemas.values():
            needed[schema.source] |= {name for name in level if schema.field(name)}
        for indicator in chosen if AGENT in level else ():
            for source, fields in _credited_by(indicator):
                needed[source] |= fields
    return {source: frozenset(names) for source, names in needed.items()}


def fields_to_check(understood: Understood, request: Request) -> dict[str, frozenset[str]]:
    """The fields each source must keep so that checking it tells what any score would tell."""
    needed = needed_fields(understood, request)
    return {
        source: names | {field.name for field in understood.schemas[source].fields if field.is_id}
        for source, names in needed.items()
    }


def _credited_by(indicator: UnderstoodIndicator) -> Iterator[tuple[str, frozenset[str]]]:
    """The fields of each source by which the rows of an indicator are credited to agents."""
    for schema in dict.fromkeys(each.population.schema for each in indicator.aggregates):
        yield from fields_for(schema, indicator.definition.attribution).items()


def asks_for_data_end(
    indicators: Iterable[UnderstoodIndicator], conditions: Mapping[str, RowTerm]
) -> bool:
    """Whether anything depends on how far the exports reach."""
    return any(term.name == "data_end" for term in derived_terms(indicators, conditions))


def derived_terms(
    indicators: Iterable[UnderstoodIndicator], conditions: Mapping[str, RowTerm]
) -> Iterator[RowOperation]:
    """Everything that is asked for and cannot be worked out from one row."""
    for condition in conditions.values():
        yield from derived_in(condition)
    for indicator in indicators:
        young = (each for rows in indicator.unripe for each in rows.aggregates)
        for aggregate in (*indicator.aggregates, *young):
            for term in terms_of(aggregate):
                yield from derived_in(term)


def times_asked_for(
    indicators: Iterable[UnderstoodIndicator],
    conditions: Mapping[str, RowTerm],
    fields: Callable[[RowTerm], Iterable[Field]] = fields_in,
) -> dict[str, frozenset[str]]:
    """The times among the fields that formulas and conditions read, by source."""
    read = list(conditions.items())
    for indicator in indicators:
        for aggregate in indicator.aggregates:
            source = aggregate.population.schema.source
            read += [(source, term) for term in terms_of(aggregate)]
    found: dict[str, frozenset[str]] = {}
    for source, term in read:
        times = {each.name for each in fields(term) if each.type is FieldType.TIMESTAMP}
        found[source] = found.get(source, frozenset()) | times
    return found


def fields_by_the_clock(term: RowTerm) -> Iterator[Field]:
    """The fields that a term reads otherwise than by a calendar, or for a return."""
    if isinstance(term, RowOperation) and term.name not in DERIVED:
        for operand in term.operands:
            yield from fields_by_the_clock(operand)
    elif not isinstance(term, RowOperation):
        yield from fields_in(term)


def events_of(schema: Schema) -> tuple[Field, ...]:
    """The fields that say when something happened, not when it is due."""
    return tuple(
        field
        for field in schema.fields
        if field.type is FieldType.TIMESTAMP and not field.column.planned
    )
