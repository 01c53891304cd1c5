"""What is allowed in a definition and hardly meant; with exports, what the data does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from sqlglot import exp

from csq.coverage import create_calendars, find_data_end
from csq.definition.load import LoadedDefinition
from csq.definition.models import Definition
from csq.definition.targets import Direction, Target
from csq.engines.base import Engine
from csq.errors import Place, Problem
from csq.formula.clock import mixed_fields
from csq.formula.compile import compile_row
from csq.formula.mentions import Mention, mentions_in
from csq.formula.parse import parse_formula
from csq.formula.resolve import Scope, resolve_condition, resolve_formula
from csq.formula.syntax import CallNode, NameNode, Node, OperatorNode, Span
from csq.formula.targets import UnderstoodTarget
from csq.formula.tree import (
    Aggregate,
    Constant,
    FieldTerm,
    Operation,
    RowOperation,
    RowTerm,
    Summary,
    Term,
    Type,
    aggregates_in,
    as_ratio,
    derived_in,
    fields_in,
    terms_of,
)
from csq.formula.understand import Understood, UnderstoodIndicator
from csq.formula.words import say_row
from csq.intake.intake import Intake
from csq.intake.stage import StagedSource
from csq.occurrence import (
    counted_where,
    describe_values,
    known_values,
    name_some,
)
from csq.period import Period
from csq.plan import rows_of
from csq.problems.definition import (
    ALWAYS_MET,
    DOUBLE_NAME,
    MIDNIGHT_BOUND,
    MIXED_CLOCKS,
    NEVER_MET,
    NEVER_TRUE,
    UNFILLED_FIELD,
    UNREACHABLE_TARGET,
    UNUSED_NAME,
    WRONG_WEIGHTS,
)
from csq.problems.run import UNKNOWN_TEXT
from csq.records.schema import Field, Schema
from csq.request import Request, events_of, needed_fields
from csq.wording import Wording, verbatim

# Without data ---------------------------------------------------------------------------------


def lint_definition(loaded: LoadedDefinition, understood: Understood) -> tuple[Problem, ...]:
    """What the definition says and hardly means, in the order of its lines."""
    found = [
        *_double_names(loaded),
        *_unused_names(loaded),
        *_midnight_bounds(loaded, understood.scope),
        *(
            problem
            for position, indicator in enumerate(understood.indicators)
            for problem in (
                *_wrong_weights(indicator, loaded, position),
                *_mixed_clocks(indicator, loaded, position),
                *_lint_targets(indicator, loaded, position),
            )
        ),
    ]
    return tuple(sorted(found, key=lambda each: (each.place.file or "", each.place.row or 0)))


def _double_names(loaded: LoadedDefinition) -> Iterator[Problem]:
    """Indicators that a report could not tell apart."""
    first: dict[str, int] = {}
    for position, indicator in enumerate(loaded.definition.indicators):
        for name in dict.fromkeys((indicator.name.zh, indicator.name.en)):
            if name in first and first[name] != position:
                other = loaded.definition.indicators[first[name]].id
                place = loaded.place("indicators", position, "name")
                yield DOUBLE_NAME.at(place, value=name, other=other)
                break
            first.setdefault(name, position)


def _unused_names(loaded: LoadedDefinition) -> Iterator[Problem]:
    """Row sets and measures of the file itself that nothing uses."""
    definition = loaded.definition
    used = {name for text in _formulas(definition) for name in _names_in(parse_formula(text))}
    used |= {rows.from_ for rows in definition.rows.values()}
    used |= {each.population.from_ for each in definition.indicators if each.population}
    own = loaded.place("version").file
    for key, parts in (("rows", definition.rows), ("measures", definition.measures)):
        for name in parts:
            place = loaded.place(key, name)
            if name not in used and place.file == own:
                yield UNUSED_NAME.at(place, value=name)


def _formulas(definition: Definition) -> Iterator[str]:
    yield from definition.measures.values()
    for indicator in definition.indicators:
        yield indicator.formula
        yield from (variant.formula for variant in indicator.variants.values())


def _names_in(node: Node) -> Iterator[str]:
    match node:
        case NameNode(name):
            yield name
        case CallNode(_, parts) | OperatorNode(_, parts):
            for part in parts:
                yield from _names_in(part)


def _midnight_bounds(loaded: LoadedDefinition, scope: Scope) -> Iterator[Problem]:
    """Comparisons of times with a day that leave most of that very day on the other side."""
    told: set[RowOperation] = set()
    for part in _parts(loaded, scope):
        for operation in (each for term in part.terms for each in _operations_in(term)):
            found = _bounding_day(operation)
            if found and operation not in told:
                told.add(operation)
                sign, day = found
                tomorrow = day + timedelta(days=1)
                yield MIDNIGHT_BOUND.at(part.place, value=f"{sign} {day}", next=tomorrow)


def _operations_in(term: RowTerm) -> Iterator[RowOperation]:
    if isinstance(term, RowOperation):
        yield term
        for operand in term.operands:
            yield from _operations_in(operand)


_TURNED = {"<": ">", ">=": "<=", "=": "=", "<>": "<>"}
"""What a comparison is called from its other side, where that splits a day at its midnight."""


def _bounding_day(operation: RowOperation) -> tuple[str, date] | None:
    """The day at whose midnight a comparison parts rows of that day, and by which sign."""
    match operation:
        case RowOperation("<=" | ">" | "=" | "<>" as sign, (_, Constant(datetime() as moment))):
            pass
        case RowOperation(sign, (Constant(datetime() as moment), _)) if sign in _TURNED:
            sign = _TURNED[sign]
        case RowOperation("between", (_, _, Constant(datetime() as moment))):
            sign = "<="
        case _:
            return None
    return (sign, moment.date()) if moment.time() == time.min else None


def _wrong_weights(
    indicator: UnderstoodIndicator, loaded: LoadedDefinition, position: int
) -> Iterator[Problem]:
    """A sum of several values, each times a percentage, of which the percentages are not 100 %."""
    weights = [_weight_of(part) for part in _summands(indicator.term)]
    known = [weight for weight in weights if weight is not None]
    if len(weights) > 1 and len(known) == len(weights) and sum(known) != 1:
        place = loaded.place("indicators", position, "formula")
        total = f"{float(sum(known) * 100):g}%"
        yield WRONG_WEIGHTS.at(place, value=total)


def _mixed_clocks(
    indicator: UnderstoodIndicator, loaded: LoadedDefinition, position: int
) -> Iterator[Problem]:
    """Lengths of time around the clock in a sum with working time."""
    for field in mixed_fields(indicator.term):
        yield MIXED_CLOCKS.at(loaded.place("indicators", position, "formula"), field=field.title)


def _summands(term: Term) -> Iterator[Term]:
    if isinstance(term, Operation) and term.name == "+":
        for operand in term.operands:
            yield from _summands(operand)
    else:
        yield term


def _weight_of(term: Term) -> Fraction | None:
    """The percentage a value is multiplied by."""
    if isinstance(term, Operation) and term.name == "*":
        constants = [part for part in term.operands if isinstance(part, Constant)]
        if len(constants) == 1 and constants[0].type is Type.PERCENT:
            value = constants[0].value
            assert isinstance(value, Fraction)
            return value
    return None


def _lint_targets(
    indicator: UnderstoodIndicator, loaded: LoadedDefinition, position: int
) -> Iterator[Problem]:
    lowest, highest = _bounds_of(indicator.term)
    for number, target in enumerate(indicator.definition.all_targets):
        place = loaded.place_of_target(position, number)
        if target.from_ and target.to and target.to.end <= target.from_.start:
            yield UNREACHABLE_TARGET.at(place, value=str(target.value), reason=_NO_TIME)
        elif _is_shadowed(target, indicator.targets):
            yield UNREACHABLE_TARGET.at(place, value=str(target.value), reason=_SHADOWED)
        bounds = {"lowest": _shown(lowest, target), "highest": _shown(highest, target)}
        if not target.value.is_change:
            ends = [end for end in (lowest, highest) if end is not None]
            wanted = target.value.quantity.value
            is_up = indicator.definition.direction is Direction.UP
            is_down = indicator.definition.direction is Direction.DOWN
            met = [target.value.holds(end) for end in ends]
            if len(ends) == 2 and all(met) and target.value.operator != "..":
                yield ALWAYS_MET.at(place, value=str(target.value), **bounds)
            elif (is_up and highest is not None and wanted > highest) or (
                is_down and lowest is not None and wanted < lowest
            ):
                yield NEVER_MET.at(place, value=str(target.value), **bounds)


_NO_TIME = Wording("to 早于 from", "to is before from")
_SHADOWED = Wording(
    "同一范围内更具体的目标已占满它的全部时间",
    "more specific ones of the same scope take all of its time",
)


def _shown(bound: Fraction | None, target: Target) -> str:
    if bound is None:
        return "–"
    return f"{float(bound * 100):g}%" if target.value.quantity.text.endswith("%") else f"{bound}"


def _is_shadowed(target: Target, others: Sequence[UnderstoodTarget]) -> bool:
    """Whether at every time a more specific target of the same groups and profile is in force."""
    own = next((each for each in others if each.definition is target), None)
    if own is None:
        return False
    above = [
        _time_of(each.definition)
        for each in others
        if each.level is own.level
        and each.scope == own.scope
        and each.definition.profile == target.profile
        and each.specificity > own.specificity
    ]
    begin, end = _time_of(target)
    for first, last in sorted(above):
        if first > begin:
            return False
        begin = max(begin, last)
    return begin >= end


def _time_of(target: Target) -> tuple[date, date]:
    """When a target is in force: from the first day up to, not including, the other."""
    begin = target.from_.start if target.from_ else date.min
    return begin, target.to.end if target.to else date.max


def _bounds_of(term: Term) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest value that a term can have, where that is known."""
    ratio = as_ratio(term)
    if ratio and isinstance(ratio.part, Aggregate) and isinstance(ratio.whole, Aggregate):
        part, whole = ratio.part, ratio.whole
        if part.summary is Summary.COUNT and whole.summary is Summary.COUNT:
            return Fraction(0), Fraction(1) if _is_part_of(part, whole) else None
        if part.summary is Summary.SUM and part.counting() == whole:
            return _scale_of(part)
    if isinstance(term, Aggregate):
        if term.summary.is_count:
            return Fraction(0), None
        if term.summary is not Summary.SUM:
            return _scale_of(term)
    return None, None


def _is_part_of(part: Aggregate, whole: Aggregate) -> bool:
    """Whether every row that one counts is counted by the other too."""
    fitting = whole.operand is None or whole.operand == part.operand
    return (
        fitting
        and part.population.schema is whole.population.schema
        and part.population.time == whole.population.time
        and set(whole.conditions) <= set(part.conditions)
    )


def _scale_of(aggregate: Aggregate) -> tuple[Fraction | None, Fraction | None]:
    operand = aggregate.operand
    if isinstance(operand, FieldTerm) and operand.field.column.scale:
        lowest, highest = operand.field.column.scale
        return Fraction(lowest), Fraction(highest)
    return None, None


# With data ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    """Something that the definition asks of the rows of a source, and where it stands.

    `condition` is asked of the rows that fulfil `base`; `operand` is worked out for them.
    """

    place: Place
    name: Wording
    schema: Schema
    base: tuple[RowTerm, ...] = ()
    condition: RowTerm | None = None
    operand: RowTerm | None = None

    @property
    def terms(self) -> tuple[RowTerm, ...]:
        return tuple(each for each in (self.condition, self.operand) if each is not None)


def _parts(loaded: LoadedDefinition, scope: Scope) -> Iterator[_Part]:
    """Everything that the definition asks of rows, where it is written first."""
    definition = loaded.definition
    for name, rows in definition.rows.items():
        population = scope.population(name, Span(0, 0))
        if rows.where is not None:
            *base, condition = population.conditions
            place = loaded.place("rows", name, "where")
            yield _Part(place, verbatim(name), population.schema, tuple(base), condition)
    for name in definition.measures:
        place = loaded.place("measures", name)
        yield from _parts_of(scope.measure(name, Span(0, 0)), place, verbatim(name))
    for position, indicator in enumerate(definition.indicators):
        among = indicator.population
        if among is not None and among.where is not None:
            place = loaded.place("indicators", position, "population", "where")
            found = scope.population(among.from_, Span(0, 0))
            asked = resolve_condition(among.where, found, scope)
            yield _Part(place, indicator.name, found.schema, found.conditions, asked)
        place = loaded.place("indicators", position, "formula")
        yield from _parts_of(resolve_formula(indicator.formula, scope), place, indicator.name)
        for name, variant in indicator.variants.items():
            place = loaded.place("indicators", position, "variants", name, "formula")
            yield from _parts_of(resolve_formula(variant.formula, scope), place, variant.name)


def _scopes(loaded: LoadedDefinition, understood: Understood) -> Iterator[_Part]:
    """The groups that targets are for, as far as texts name them."""
    for position, indicator in enumerate(understood.indicators):
        sources = dict.fromkeys(each.population.schema for each in indicator.aggregates)
        for target in indicator.targets:
            number = indicator.definition.all_targets.index(target.definition)
            for name, value in target.scope.items():
                place = loaded.place("indicators", position, "targets", number, "where", name)
                for schema in sources:
                    field = schema.field(name)
                    if field and isinstance(value, str):
                        known = Constant(value, Type.TEXT, value)
                        parts = (FieldTerm(field, Type.TEXT), known)
                        condition = RowOperation("=", parts, Type.FLAG)
                        yield _Part(place, indicator.definition.name, schema, (), condition)


def _parts_of(term: Term, place: Place, name: Wording) -> Iterator[_Part]:
    for aggregate in aggregates_in(term):
        # The condition of the largest class is csq's own.
        is_own = aggregate.summary is not Summary.TOP
        condition = aggregate.condition if is_own else None
        population = aggregate.population
        yield _Part(
            place, name, population.schema, population.conditions, condition, aggregate.operand
        )


def fields_to_lint(loaded: LoadedDefinition, understood: Understood) -> dict[str, frozenset[str]]:
    """The fields each source must keep so that `lint_data` can look at them, by source."""
    needed = {name: set(fields) for name, fields in needed_fields(understood, Request()).items()}
    for part in _parts(loaded, understood.scope):
        names = {field.name for term in part.terms for field in fields_in(term)}
        needed[part.schema.source] |= names
    for source, schema in understood.schemas.items():
        needed[source] |= {field.name for field in events_of(schema)}
    return {name: frozenset(fields) for name, fields in needed.items()}


def lint_data(
    engine: Engine, intake: Intake, loaded: LoadedDefinition, understood: Understood
) -> tuple[Problem, ...]:
    """What the definition looks for and the exports do not hold, in the order of its lines.

    Texts that no row has, fields that no row fills, and conditions that no row fulfils for
    neither of these reasons. Sources without an export are passed over.
    """
    by_source: dict[str, list[_Part]] = {}
    for part in (*_parts(loaded, understood.scope), *_scopes(loaded, understood)):
        by_source.setdefault(part.schema.source, []).append(part)
    known = {name: parts for name, parts in by_source.items() if name in intake.sources}
    data_end = find_data_end(engine, intake)
    derived = [
        each
        for parts in known.values()
        for part in parts
        for term in (*part.base, *part.terms)
        for each in derived_in(term)
    ]
    create_calendars(engine, intake, understood, derived, data_end, [_whole_time(intake)])
    found: list[Problem] = []
    for name, parts in known.items():
        source = intake.sources[name]
        counted = _count(engine, source, parts, intake)
        users = _users_of(understood, source.schema)
        found += _unfilled(source, parts, counted, users)
        found += _unknown(engine, source, parts, counted, understood)
        found += _never_true(parts, counted)
    return tuple(sorted(found, key=lambda each: (each.place.file or "", each.place.row or 0)))


@dataclass(frozen=True, slots=True)
class _Counts:
    """How many rows of a source fill each field, have each text, and fulfil each condition."""

    rows: int
    filled: Mapping[Field, int]
    having: Mapping[Mention, int]
    before: Mapping[_Part, int]
    held: Mapping[_Part, int]

    def is_unfilled(self, field: Field) -> bool:
        return not self.filled.get(field)


def _count(engine: Engine, source: StagedSource, parts: Sequence[_Part], intake: Intake) -> _Counts:
    """One query for everything that is asked of a source."""
    fields = [
        field
        for field in dict.fromkeys(f for part in parts for t in part.terms for f in fields_in(t))
        if field.name in source.fields
    ]
    mentions = list(dict.fromkeys(m for part in parts for t in part.terms for m in mentions_in(t)))
    mentions = [each for each in mentions if each.is_carried(source.fields)]
    tested = [part for part in parts if part.condition is not None]
    asked: list[exp.Expr] = [exp.Count(this=exp.Star())]
    asked += [exp.Count(this=exp.column(field.name, quoted=True)) for field in fields]
    asked += [counted_where(compile_row(each.as_condition())) for each in mentions]
    for part in tested:
        assert part.condition is not None
        for conditions in (part.base, (*part.base, part.condition)):
            compiled = [compile_row(each) for each in conditions]
            asked.append(counted_where(exp.and_(*compiled, copy=False) if compiled else exp.true()))
    terms = [term for part in tested for term in (*part.base, *part.terms)]
    schema, data_end = source.schema, find_data_end(engine, intake)
    rows = rows_of(schema, None, [_whole_time(intake)], terms, data_end=data_end)
    select = exp.select(*(exp.alias_(each, f"a{n}") for n, each in enumerate(asked)))
    (answers,) = engine.fetch(select.from_(rows.source))
    every, *rest = answers
    of_fields, rest = rest[: len(fields)], rest[len(fields) :]
    of_mentions, of_parts = rest[: len(mentions)], rest[len(mentions) :]
    return _Counts(
        every,
        dict(zip(fields, of_fields, strict=True)),
        dict(zip(mentions, of_mentions, strict=True)),
        dict(zip(tested, of_parts[::2], strict=True)),
        dict(zip(tested, of_parts[1::2], strict=True)),
    )


def _whole_time(intake: Intake) -> Period:
    """From the first to the last day of all exports."""
    days = [day for source in intake.sources.values() for day in source.days_with_rows]
    first, last = (min(days), max(days)) if days else (date.min, date.min)
    return Period("", first, last + timedelta(days=1))


def _users_of(understood: Understood, schema: Schema) -> dict[Field, list[Wording]]:
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


def _unfilled(
    source: StagedSource,
    parts: Iterable[_Part],
    counted: _Counts,
    users: Mapping[Field, list[Wording]],
) -> Iterator[Problem]:
    """Fields that no row fills, where the definition asks for each first."""
    first: dict[Field, _Part] = {}
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


def _unknown(
    engine: Engine,
    source: StagedSource,
    parts: Iterable[_Part],
    counted: _Counts,
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


def _never_true(parts: Iterable[_Part], counted: _Counts) -> Iterator[Problem]:
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
