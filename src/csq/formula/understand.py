"""A whole definition understood: every formula, every row set, every target, or every fault."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import chain

from csq.calendar import Calendar
from csq.definition.check import check_definition, schemas_of
from csq.definition.indicators import Attribution, Indicator
from csq.definition.load import LoadedDefinition, nearest
from csq.definition.models import Definition
from csq.definition.salvage import ANY_NAME
from csq.definition.targets import Unit
from csq.errors import DefinitionError, Place, Problem
from csq.formula.checks import TYPE_NAMES
from csq.formula.clock import names_a_calendar
from csq.formula.faults import BrokenName, FormulaFault
from csq.formula.functions import AGGREGATES
from csq.formula.off_hours import thinned_in_part
from csq.formula.parse import parse_formula
from csq.formula.resolve import Scope, resolve_condition, resolve_formula, resolve_indicator
from csq.formula.ripeness import YoungRows, count_unripe, matured, ripen
from csq.formula.syntax import (
    CallNode,
    NameNode,
    Node,
    OperatorNode,
    QuantityNode,
    Span,
)
from csq.formula.targets import UnderstoodTarget, understand_targets
from csq.formula.tree import (
    Aggregate,
    Constant,
    Operation,
    Ratio,
    Summary,
    Term,
    Type,
    aggregates_in,
    as_ratio,
    credited,
    row_sets,
)
from csq.problems.definition import NO_INDICATORS, NO_TIME_FIELD, UNKNOWN_FIELD, YAML_TRAP
from csq.problems.formulas import CALENDAR_CLASH, CREDIT_CLASH, FORMULA_NAME, FORMULA_TYPE, IDLE_KEY
from csq.quantity import QuantityKind
from csq.records.reading import FieldType
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
        *_check_rows(loaded, scope),
        *_check_row_times(loaded, scope),
        *_check_measures(loaded, scope),
    ]
    indicators = []
    for position, indicator in enumerate(loaded.definition.indicators):
        place = loaded.place("indicators", position, "formula")
        problems += _check_population(indicator, scope, loaded, position)
        term = _try(indicator, scope, place, problems)
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
        raise DefinitionError(*_with_faults(loaded, problems))
    return Understood(
        loaded.definition, loaded.digest, schemas, tuple(indicators), loaded.calendars
    )


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
        whose = next(iter(_credits_named(term)), whose)
    ripe = credited(ripen(asked, indicator.time), whose)
    return UnderstoodIndicator(
        indicator.model_copy(update={"attribution": whose}), ripe, targets, unripe
    )


def _credits_named(term: Term) -> list[Attribution]:
    """The ways in which the indicators that a formula names credit rows, where not to the owner."""
    named = (aggregate.population.credit for aggregate in aggregates_in(term))
    return [each for each in dict.fromkeys(named) if each is not Attribution.OWNER]


def _try(indicator: Indicator, scope: Scope, place: Place, problems: list[Problem]) -> Term | None:
    try:
        return _resolve(indicator, scope)
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
        yield from _check_dating(among.time, base.schema, time)
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
        _try(as_variant(indicator, name), scope, place, found)
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


def understand_variants(understood: Understood, identifier: str) -> tuple[UnderstoodIndicator, ...]:
    """An indicator and all its variants, each as an indicator of its own."""
    own = next(each for each in understood.indicators if each.id == identifier)
    found = [own]
    for name in own.definition.variants:
        indicator = as_variant(own.definition, name)
        term = resolve_indicator(indicator, understood.scope)
        found.append(_understood(indicator, term))
    return tuple(found)


def _check_rows(loaded: LoadedDefinition, scope: Scope) -> Iterator[Problem]:
    for name, rows in loaded.definition.rows.items():
        try:
            scope.population(name, Span(0, 0))
        except BrokenName:
            problem = _find_row_fault(name, loaded, scope)
            if problem:
                yield problem
        except FormulaFault as fault:
            yield fault.at(loaded.place("rows", name), rows.where or name)


def _check_row_times(loaded: LoadedDefinition, scope: Scope) -> Iterator[Problem]:
    """Times that row sets name for their rows."""
    for name, rows in loaded.definition.rows.items():
        if rows.time is not None:
            try:
                schema = scope.population(name, Span(0, 0)).schema
            except FormulaFault:
                continue
            yield from _check_dating(rows.time, schema, loaded.place("rows", name, "time"))


def _check_dating(time: str, schema: Schema, place: Place) -> Iterator[Problem]:
    known = schema.field(time)
    if known is None or known.type is not FieldType.TIMESTAMP:
        times = [field.name for field in schema.fields if field.type is FieldType.TIMESTAMP]
        kind = UNKNOWN_FIELD if known is None else NO_TIME_FIELD
        yield kind.at(place, value=time, source=schema.title, nearest=nearest(time, times))


def _find_row_fault(name: str, loaded: LoadedDefinition, scope: Scope) -> Problem | None:
    """The fault of a row set itself, if it is not one of the row set it builds on."""
    rows = loaded.definition.rows[name]
    base_place = loaded.place("rows", name, "from")
    try:
        base = scope.population(rows.from_, Span(0, len(rows.from_)))
    except BrokenName:
        return None
    except FormulaFault as fault:
        return fault.at(base_place, rows.from_)
    try:
        resolve_condition(rows.where or "", base, scope)
    except FormulaFault as fault:
        return fault.at(loaded.place("rows", name, "where"), rows.where or "")
    return None


def _check_measures(loaded: LoadedDefinition, scope: Scope) -> Iterator[Problem]:
    for name, formula in loaded.definition.measures.items():
        try:
            resolve_formula(formula, scope)
        except BrokenName:
            continue
        except FormulaFault as fault:
            yield fault.at(loaded.place("measures", name), formula)


_UNIT_TYPES = {
    Unit.PERCENT: {Type.NUMBER, Type.PERCENT},
    Unit.DURATION: {Type.DURATION},
    Unit.COUNT: {Type.NUMBER},
    Unit.SCORE: {Type.NUMBER},
    Unit.POINTS: {Type.NUMBER, Type.PERCENT},
    Unit.RATIO: {Type.NUMBER, Type.PERCENT},
}


def _resolve(indicator: Indicator, scope: Scope) -> Term:
    term = resolve_indicator(indicator, scope)
    node = parse_formula(indicator.formula)
    hundred = (
        _find_hundredfold(node, scope.definition.measures)
        if indicator.unit is Unit.PERCENT
        else None
    )
    if hundred:
        reason = Wording("百分数指标不用再乘 100", "a percent is not multiplied by 100")
        advice = Wording("写成 × 100%，或删去", "write × 100%, or leave it out")
        raise FormulaFault(FORMULA_TYPE, hundred, reason=reason, advice=advice)
    if not any(aggregates_in(term)):
        reason = Wording("公式里没有任何数据", "nothing in the formula counts any data")
        advice = Wording("写成例如 COUNT(tickets)", "write for example COUNT(tickets)")
        raise FormulaFault(FORMULA_TYPE, node.span, reason=reason, advice=advice)
    ways = [] if indicator.says("attribution") else _credits_named(term)
    if len(ways) > 1:
        raise FormulaFault(CREDIT_CLASH, node.span, value=", ".join(ways))
    calendar = thinned_in_part(term)
    if calendar is not None:
        raise FormulaFault(
            CALENDAR_CLASH, node.span, value=calendar, reason=_THINNED, advice=_THINNED_ADVICE
        )
    if term.type not in _UNIT_TYPES[indicator.unit]:
        found = TYPE_NAMES[term.type]
        reason = Wording(
            f"单位是 {indicator.unit.value}，公式得到的是{found.zh}",
            f"the unit is {indicator.unit.value}, the formula gives {found.en}",
        )
        advice = Wording("改 unit，或改公式", "change the unit or the formula")
        raise FormulaFault(FORMULA_TYPE, node.span, reason=reason, advice=advice)
    if indicator.unit in {Unit.PERCENT, Unit.RATIO} and _is_count(term):
        reason = Wording(
            f"单位是 {indicator.unit.value}，公式得到的却是数量",
            f"the unit is {indicator.unit.value}, but the formula gives a count",
        )
        advice = Wording(
            "除以总量，或写 unit: count", "divide it by the whole, or write unit: count"
        )
        raise FormulaFault(FORMULA_TYPE, node.span, reason=reason, advice=advice)
    return term


_THINNED = Wording(
    "日历不计非工作时间的行（exclude），公式却只从一部分里去掉它们",
    "the calendar leaves out rows off hours (exclude), and the formula does so in one part alone",
)
_THINNED_ADVICE = Wording(
    "两边数同样的行：写成 AVERAGE，或以 COUNT(口径, 时长) 为分母；"
    "也可以把 off_hours_reply 改成 zero 或 calendar",
    "count the same rows on both sides: write AVERAGE, or COUNT(rows, the time) as the whole; or"
    " off_hours_reply: zero or calendar",
)


def _is_count(term: Term) -> bool:
    """Whether a value is a number of rows: never a share, whatever it is multiplied by."""
    match term:
        case Aggregate():
            return term.summary in {Summary.COUNT, Summary.DISTINCT}
        case Operation("/", (part, whole)):
            return _is_count(part) and isinstance(whole, Constant)
        case Operation(_, operands):
            return any(map(_is_count, operands))
    return False


def _find_hundredfold(node: Node, measures: Mapping[str, str]) -> Span | None:
    """The part of a formula by which a share becomes a number of percents, or nothing.

    A name stands for its measure. Conditions are no part of the value.
    """
    match node:
        case NameNode(name, span) if name in measures:
            inner = parse_formula(measures[name])
            return span if _find_hundredfold(inner, measures) else None
        case CallNode(name, (_, *arguments)) if name in AGGREGATES:
            roles = zip(AGGREGATES[name].roles[1:], arguments, strict=False)
            values = [argument for role, argument in roles if role == "value"]
            return next(filter(None, (_find_hundredfold(value, {}) for value in values)), None)
        case OperatorNode("+" | "-" | "*" | "/" | "minus" as operator, operands):
            scaling = (part.span for part in operands if _scales_up(operator, part))
            inside = (_find_hundredfold(part, measures) for part in operands)
            return next(chain(scaling, filter(None, inside)), None)
    return None


def _scales_up(operator: str, part: Node) -> bool:
    """Whether a part is a plain number that makes its product or quotient a hundredfold."""
    if not isinstance(part, QuantityNode) or part.quantity.kind is not QuantityKind.NUMBER:
        return False
    value = part.quantity.value
    return value >= 100 if operator == "*" else operator == "/" and 0 < value <= Fraction(1, 100)


def _check_time(
    indicator: Indicator, schemas: Iterable[Schema], loaded: LoadedDefinition, position: int
) -> Iterator[Problem]:
    """Whether the field that dates the rows is a time of every source of the formula."""
    if indicator.time is not None:
        for schema in schemas:
            place = loaded.place("indicators", position, "time")
            yield from _check_dating(indicator.time, schema, place)
