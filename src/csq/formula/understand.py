"""A whole definition understood: every formula, every row set, every target, or every fault."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from csq.calendar import Calendar
from csq.definition.check import check_definition, schemas_of
from csq.definition.indicators import Indicator
from csq.definition.load import LoadedDefinition, load_definition
from csq.definition.models import Definition
from csq.definition.salvage import ANY_NAME
from csq.errors import DefinitionError, Place, Problem, list_names
from csq.formula.clock import names_a_calendar
from csq.formula.faults import BrokenName, FormulaFault
from csq.formula.fitting import credits_named, resolve_fitting
from csq.formula.names import check_dating, check_measures, check_row_times, check_rows
from csq.formula.ratio import Ratio, as_ratio
from csq.formula.resolve import Scope, resolve_condition, resolve_indicator
from csq.formula.ripeness import YoungRows, count_unripe, matured, ripen
from csq.formula.syntax import Span
from csq.formula.targets import UnderstoodTarget, understand_targets
from csq.formula.tree import Aggregate, Term, aggregates_in, credited, row_sets
from csq.problems.definition import NO_INDICATORS, OMITTED_USE, UNKNOWN_FIELD, YAML_TRAP
from csq.problems.formulas import FORMULA_NAME, IDLE_KEY
from csq.records.schema import Schema
from csq.wording import Wording


@dataclass(frozen=True, eq=False)
class UnderstoodIndicator:
    """An indicator with its formula understood."""

    definition: Indicator
    term: Term
    targets: tuple[UnderstoodTarget, ...] = ()
    unripe: tuple[YoungRows, ...] = ()
    """The rows of its whole that are too young to tell, to be counted and shown."""

    @property
    def id(self) -> str:
        return self.definition.id

    @cached_property
    def ratio(self) -> Ratio | None:
        return as_ratio(self.term)

    @cached_property
    def aggregates(self) -> tuple[Aggregate, ...]:
        return tuple(aggregates_in(self.term))

    @cached_property
    def counted(self) -> tuple[Aggregate, ...]:
        """The aggregates whose rows are the indicator's n: those of its whole."""
        return _counted(self.term)

    @cached_property
    def row_sets(self) -> tuple[tuple[Aggregate, ...], ...]:
        """What its n is added up from."""
        return row_sets(self.counted)


def _counted(term: Term) -> tuple[Aggregate, ...]:
    ratio = as_ratio(term)
    return tuple(aggregates_in(ratio.whole if ratio else term))


@dataclass(frozen=True, slots=True)
class Understood:
    """A definition ready to be planned."""

    definition: Definition
    digest: str
    schemas: Mapping[str, Schema]
    indicators: tuple[UnderstoodIndicator, ...]
    calendars: Mapping[str, Calendar] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        return Scope(self.definition, self.schemas)


def understand(loaded: LoadedDefinition) -> Understood:
    """Every formula of a definition understood; raises `DefinitionError` with every fault."""
    schemas = schemas_of(loaded.definition)
    scope = Scope(loaded.definition, schemas)
    problems = [
        *check_definition(loaded),
        *check_rows(loaded, scope),
        *check_row_times(loaded, scope),
        *check_measures(loaded, scope),
    ]
    indicators = []
    for position, indicator in enumerate(loaded.definition.indicators):
        place = loaded.place("indicators", position, "formula")
        problems += _check_population(indicator, scope, loaded, position)
        has_unit = loaded.says(position, "unit")
        term = _try(indicator, scope, place, problems, has_unit=has_unit)
        if term is not None:
            used = [aggregate.population.schema for aggregate in aggregates_in(term)]
            sources = tuple(dict.fromkeys(used))
            dated = {
                a.population.schema: None for a in aggregates_in(term) if a.population.time is None
            }
            problems += _check_idle(indicator, term, scope, loaded, position)
            problems += _check_time(indicator, dated, loaded, position)
            targets = understand_targets(loaded, position, sources, problems)
            problems += _check_variants(indicator, scope, loaded, position)
            indicators.append(_understood(indicator, term, targets))
    if problems or loaded.faults:
        raise DefinitionError(*_with_faults(loaded, _tell_omitted(loaded, problems)))
    return Understood(
        loaded.definition, loaded.digest, schemas, tuple(indicators), loaded.calendars
    )


@cache
def understand_shipped() -> Understood:
    """The default set of indicators that csq ships."""
    return understand(load_definition(None))


def _tell_omitted(loaded: LoadedDefinition, problems: Iterable[Problem]) -> list[Problem]:
    """The problems, with what was omitted and is needed told where it is omitted, once."""
    users: dict[str, list[str]] = {}
    others = []
    for each in problems:
        name = (each.value or "").removeprefix("@")
        if each.code == FORMULA_NAME.code and name != each.value and name in loaded.omitted:
            users.setdefault(name, []).append(_name_at(loaded, each.place))
        else:
            others.append(each)
    told = [
        OMITTED_USE.at(loaded.omitted[name], value=name, users=list_names(dict.fromkeys(found)))
        for name, found in users.items()
    ]
    return [*told, *others]


def _name_at(loaded: LoadedDefinition, place: Place) -> str:
    """The indicator or the measure whose formula stands there."""
    for position, each in enumerate(loaded.definition.indicators):
        own = [("formula",), *(("variants", name, "formula") for name in each.variants)]
        if place in {loaded.place("indicators", position, *path) for path in own}:
            return each.id
    return next(n for n in loaded.definition.measures if place == loaded.place("measures", n))


def _with_faults(loaded: LoadedDefinition, problems: Iterable[Problem]) -> list[Problem]:
    """The faults of keys and values, and of the rest what does not only follow from them."""
    if not loaded.faults:
        return list(problems)
    told = {each.place for each in loaded.faults}
    misread = {each.place.row for each in loaded.faults if each.code == YAML_TRAP.code}
    further = [
        each
        for each in problems
        if each.place not in told
        and each.place.row not in misread
        and (each.value or "").removeprefix("@") not in loaded.left_out
        and not (ANY_NAME in loaded.left_out and each.code in _OF_NAMES)
        and each.code != NO_INDICATORS.code
    ]
    return sorted((*loaded.faults, *further), key=lambda each: each.place.row or 0)


_OF_NAMES = {FORMULA_NAME.code, UNKNOWN_FIELD.code}
"""What says that a name is unknown: it may have stood in what was left out."""


def _understood(
    indicator: Indicator, term: Term, targets: tuple[UnderstoodTarget, ...] = ()
) -> UnderstoodIndicator:
    """An indicator whose formula means `term`, over ripe rows, each credited to whom it says."""
    asked = matured(term, indicator)
    unripe = tuple(count_unripe(_counted(asked), indicator.time))
    whose = indicator.attribution
    if not indicator.says("attribution"):
        whose = next(iter(credits_named(term)), whose)
    ripe = credited(ripen(asked, indicator.time), whose)
    return UnderstoodIndicator(
        indicator.model_copy(update={"attribution": whose}), ripe, targets, unripe
    )


def _try(
    indicator: Indicator,
    scope: Scope,
    place: Place,
    problems: list[Problem],
    *,
    has_unit: bool = True,
) -> Term | None:
    try:
        return resolve_fitting(indicator, scope, has_unit=has_unit)
    except BrokenName:
        return None
    except FormulaFault as fault:
        problems.append(fault.at(place, indicator.formula))
        return None


def _check_population(
    indicator: Indicator, scope: Scope, loaded: LoadedDefinition, position: int
) -> Iterator[Problem]:
    """Whether the rows an indicator counts among can be understood."""
    among = indicator.population
    if among is None:
        return
    place = loaded.place("indicators", position, "population")
    where, time = (
        loaded.place("indicators", position, "population", key) for key in ("where", "time")
    )
    try:
        base = scope.population(among.from_, Span(0, len(among.from_)))
    except BrokenName:
        return
    except FormulaFault as fault:
        yield fault.at(place, among.from_)
        return
    if among.time is not None:
        yield from check_dating(among.time, base.schema, time)
    if among.where is not None:
        try:
            resolve_condition(among.where, base, scope)
        except FormulaFault as fault:
            yield fault.at(where, among.where)


def _check_idle(
    indicator: Indicator, term: Term, scope: Scope, loaded: LoadedDefinition, position: int
) -> Iterator[Problem]:
    """Keys that change nothing in the formula, which their writer believes they do."""
    among = indicator.population
    if among is not None:
        schema = scope.population(among.from_, Span(0, 0)).schema
        if all(each.population.schema is not schema for each in aggregates_in(term)):
            place = loaded.place("indicators", position, "population")
            yield IDLE_KEY.at(place, key="population", reason=_NOT_OF.fill(source=schema.title))
    if indicator.says("unripe") and indicator.mature_after is None:
        place = loaded.place("indicators", position, "unripe")
        yield IDLE_KEY.at(place, key="unripe", reason=_NO_AGE)
    used = [each.population for each in aggregates_in(term)]
    if indicator.mature_after and not any(p.time or p.schema.time for p in used):
        place = loaded.place("indicators", position, "mature_after")
        yield IDLE_KEY.at(place, key="mature_after", reason=_TIMELESS)
    if indicator.calendar in scope.definition.calendars and not names_a_calendar(term):
        place = loaded.place("indicators", position, "calendar")
        yield IDLE_KEY.at(place, key="calendar", reason=_NO_TIMES)


_NOT_OF = Wording("公式没有用到{source}", "the formula counts no rows of {source}")
_NO_AGE = Wording("没有写 mature_after", "there is no mature_after")
_TIMELESS = Wording("公式所用的数据源没有时间", "the sources of the formula know no time")
_NO_TIMES = Wording("公式里没有两个时刻之间的时长", "the formula has no time between two moments")


def _check_variants(
    indicator: Indicator, scope: Scope, loaded: LoadedDefinition, position: int
) -> Iterator[Problem]:
    for name in indicator.variants:
        found: list[Problem] = []
        place = loaded.place("indicators", position, "variants", name, "formula")
        has_unit = loaded.says(position, "unit")
        _try(as_variant(indicator, name), scope, place, found, has_unit=has_unit)
        yield from found


def as_variant(indicator: Indicator, name: str) -> Indicator:
    """An indicator as another source understands its name; it has no target of its own."""
    variant = indicator.variants[name]
    changed = {"id": f"{indicator.id}_{name}", "name": variant.name, "formula": variant.formula}
    bare: dict[str, object] = {
        "target": None,
        "targets": (),
        "variants": {},
        "reference": None,
        "reach": None,
    }
    return indicator.model_copy(update=changed | bare)


def understand_omitted(whole: LoadedDefinition) -> tuple[UnderstoodIndicator, ...]:
    """What stands under `omit:` of a definition that was loaded with it, where it fits the rest.

    What is under `omit:` and written anew is not left out.
    """
    scope = Scope(whole.definition, schemas_of(whole.definition))
    found = []
    for position, indicator in enumerate(whole.definition.indicators):
        if indicator.id in whole.omitted:
            problems: list[Problem] = []
            place = whole.place("indicators", position, "formula")
            if term := _try(indicator, scope, place, problems):
                found.append(_understood(indicator, term))
    return tuple(found)


def understand_variants(understood: Understood, identifier: str) -> tuple[UnderstoodIndicator, ...]:
    """An indicator and all its variants, each as an indicator of its own."""
    own = next(each for each in understood.indicators if each.id == identifier)
    found = [own]
    for name in own.definition.variants:
        indicator = as_variant(own.definition, name)
        term = resolve_indicator(indicator, understood.scope)
        found.append(_understood(indicator, term))
    return tuple(found)


def _check_time(
    indicator: Indicator, schemas: Iterable[Schema], loaded: LoadedDefinition, position: int
) -> Iterator[Problem]:
    """Whether the field that dates the rows is a time of every source of the formula."""
    if indicator.time is not None:
        for schema in schemas:
            place = loaded.place("indicators", position, "time")
            yield from check_dating(indicator.time, schema, place)
