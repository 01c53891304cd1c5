"""From typed tables and an understood definition to a scorecard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from types import MappingProxyType

from sqlglot import exp

from csq.definition.load import nearest
from csq.definition.models import Attribution, Target
from csq.definition.models import Level as TargetLevel
from csq.engines.base import Engine
from csq.errors import NOWHERE, IntakeError, NoDataError, Problem, UsageError
from csq.formula.credit import AGENT, fields_for
from csq.formula.faults import FormulaFault
from csq.formula.narrowing import fixed_by, rules_out
from csq.formula.resolve import resolve_condition
from csq.formula.targets import GROUPABLE, GroupValue
from csq.formula.tree import (
    Aggregate,
    Constant,
    Population,
    RowOperation,
    RowTerm,
    Summary,
    Type,
    derived_in,
    fields_in,
    fields_of,
    terms_of,
)
from csq.formula.understand import Understood, UnderstoodIndicator
from csq.formula.working_time import create_calendar
from csq.intake.intake import Intake, judge_refusals
from csq.intake.stage import StagedSource
from csq.intake.tables import table_of
from csq.measure import Answers, Group, Measurement, demands_of, measure, run_plan
from csq.occurrence import name_some, unknown_texts
from csq.period import (
    WIDEST_GAP,
    Period,
    firm_until,
    is_complete,
    latest_whole_month,
    parse_period,
    reaches_end,
    slipped_days,
    stray_days,
)
from csq.plan import TOTAL, Demand, Level, make_plan
from csq.problems import (
    EMPTY_PERIOD,
    FORMULA_NAME,
    NO_ROWS,
    NO_VALID_ROW,
    SHORT_SOURCE,
    STRAY_DATES,
    UNGROUPABLE_FIELD,
    UNKNOWN_GROUP,
    UNKNOWN_INDICATOR,
    UNKNOWN_MAKEUP_DAYS,
    WRONG_CONDITION,
)
from csq.quantity import quantity_of
from csq.records.reading import FieldType
from csq.records.schema import Field, Schema
from csq.scorecard import Comparison, Score, Scorecard, choose_targets, judge
from csq.wording import Wording, join, verbatim

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


def needed_fields(understood: Understood, request: Request) -> dict[str, frozenset[str]]:
    """The fields each source must keep for a request, by source."""
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


def _credited_by(indicator: UnderstoodIndicator) -> Iterator[tuple[str, frozenset[str]]]:
    """The fields of each source by which the rows of an indicator are credited to agents."""
    for schema in dict.fromkeys(each.population.schema for each in indicator.aggregates):
        yield from fields_for(schema, indicator.definition.attribution).items()


def asks_for_data_end(
    indicators: Iterable[UnderstoodIndicator], conditions: Mapping[str, RowTerm]
) -> bool:
    """Whether anything depends on how far the exports reach."""
    return any(term.name == "data_end" for term in _derived(indicators, conditions))


def _derived(
    indicators: Iterable[UnderstoodIndicator], conditions: Mapping[str, RowTerm]
) -> Iterator[RowOperation]:
    """Everything that is asked for and cannot be worked out from one row."""
    for condition in conditions.values():
        yield from derived_in(condition)
    for indicator in indicators:
        for aggregate in (*indicator.aggregates, *indicator.unripe):
            for term in terms_of(aggregate):
                yield from derived_in(term)


def events_of(schema: Schema) -> tuple[Field, ...]:
    """The fields that say when something happened, not when it is due."""
    return tuple(
        field
        for field in schema.fields
        if field.type is FieldType.TIMESTAMP and not field.column.planned
    )


@dataclass(frozen=True, slots=True)
class _LatestEvent:
    """The latest moment that a field tells of, and the days after it of mistyped dates."""

    schema: Schema
    field: Field
    moment: datetime | None
    stray: Mapping[date, int]
    """How many rows have each such day."""


def find_data_end(engine: Engine, intake: Intake) -> datetime | None:
    """The latest moment at which anything in the exports happened, but for mistyped dates."""
    moments = [each.moment for each in _latest_events(engine, intake) if each.moment is not None]
    return max(moments, default=None)


def _latest_events(engine: Engine, intake: Intake) -> tuple[_LatestEvent, ...]:
    """The latest moment of every field that says when something happened, but for mistyped dates.

    One row dated 2035, or in the month after all others, must not make all others look old.
    """
    return tuple(_without_slips(engine, intake, list(_without_strays(engine, intake))))


def _without_strays(engine: Engine, intake: Intake) -> Iterator[_LatestEvent]:
    """The latest moments, but for dates far from all others.

    A field is looked at day by day where it reaches farther beyond the days with rows than any gap
    within data.
    """
    known = frozenset[date]().union(*map(_days_of, intake.sources.values()))
    for source in intake.sources.values():
        fields = [field for field in events_of(source.schema) if field.name in source.stored]
        columns = [exp.column(field.name, quoted=True) for field in fields]
        if not columns:
            continue
        latest = exp.select(*(exp.Max(this=column) for column in columns))
        (row,) = engine.fetch(latest.from_(table_of(source.schema)))
        for field, column, moment in zip(fields, columns, row, strict=True):
            if moment is None or not known or moment.date() - max(known) <= WIDEST_GAP:
                yield _LatestEvent(source.schema, field, moment, {})
                continue
            found = _by_day(engine, source.schema, column)
            stray = {day for day in stray_days(known | found.keys()) if day > max(known)}
            usual = [last for day, (_, last) in found.items() if day not in stray]
            counts = {day: count for day, (count, _) in found.items() if day in stray}
            yield _LatestEvent(source.schema, field, max(usual, default=None), counts)


def _without_slips(
    engine: Engine, intake: Intake, events: Sequence[_LatestEvent]
) -> Iterator[_LatestEvent]:
    """The latest moments, but for the few dates behind a gap that is none of the data's own."""
    usual = {name: _rows_by_day(source) for name, source in intake.sources.items()}
    firm = firm_until(sum(map(Counter, usual.values()), Counter[date]()))
    ends = {n: e.moment for n, e in enumerate(events) if e.moment is not None}
    if firm is None or max(ends.values(), default=datetime.min).date() <= firm:
        yield from events
        return
    after = _midnight_after(firm)
    found: dict[int, dict[date, tuple[int, datetime]]] = {}
    late: dict[str, dict[date, int]] = {}
    for number in (n for n, moment in ends.items() if moment.date() > firm):
        schema, column = events[number].schema, exp.column(events[number].field.name, quoted=True)
        by_day = _by_day(engine, schema, column, exp.GTE(this=column.copy(), expression=after))
        found[number] = {d: each for d, each in by_day.items() if d not in events[number].stray}
        rows = late.setdefault(schema.source, {})
        for day, (count, _) in found[number].items():
            rows[day] = max(count, rows.get(day, 0))
    before = {name: {d: n for d, n in rows.items() if d <= firm} for name, rows in usual.items()}
    slipped = slipped_days(before, late, firm)
    for number, event in enumerate(events):
        odd = {day: n for day, (n, _) in found.get(number, {}).items() if day in slipped}
        if not odd:
            yield event
            continue
        column = exp.column(event.field.name, quoted=True)
        earlier = exp.LT(this=column.copy(), expression=_midnight_of(min(slipped)))
        latest = exp.select(exp.Max(this=column)).from_(table_of(event.schema)).where(earlier)
        ((moment,),) = engine.fetch(latest)
        yield replace(event, moment=moment, stray={**event.stray, **odd})


def _by_day(
    engine: Engine, schema: Schema, column: exp.Column, condition: exp.Expr | None = None
) -> dict[date, tuple[int, datetime]]:
    """How many rows have each day in a column, and the latest moment of it."""
    day = exp.cast(column.copy(), "DATE")
    select = exp.select(
        exp.alias_(day, "_day"), exp.Count(this=exp.Star()), exp.Max(this=column.copy())
    )
    select = select.from_(table_of(schema)).group_by("_day")
    answers = engine.fetch(select if condition is None else select.where(condition))
    return {day: (count, last) for day, count, last in answers if day is not None}


def _rows_by_day(source: StagedSource) -> dict[date, int]:
    """How many rows a source has on each day, but for mistyped dates."""
    days = _days_of(source)
    found: Counter[date] = Counter()
    for (_, day), count in source.days.items():
        if day in days:
            found[day] += count
    return dict(found)


def _midnight_of(day: date) -> exp.Expr:
    return exp.cast(exp.Literal.string(day.isoformat()), "TIMESTAMP")


def _midnight_after(day: date) -> exp.Expr:
    return _midnight_of(day + timedelta(days=1))


def create_calendars(
    engine: Engine,
    intake: Intake,
    understood: Understood,
    terms: Sequence[RowOperation],
    data_end: datetime | None,
    periods: Sequence[Period] = (),
) -> None:
    """Put every calendar that is asked for into the engine, over all days that may be asked of it.

    Those are the days of the data, the ends of the periods, and moments that a formula names.
    """
    names = _calendars_in(terms)
    if not names:
        return
    days: list[date] = [data_end.date()] if data_end else []
    days += [each.end for each in periods] + [day for term in terms for day in _days_in(term)]
    for source in intake.sources.values():
        for field in source.schema.fields:
            if field.type is FieldType.TIMESTAMP and field.name in source.stored:
                column = exp.column(field.name, quoted=True)
                ends = [exp.Min(this=column), exp.Max(this=column.copy())]
                (row,) = engine.fetch(exp.select(*ends).from_(table_of(source.schema)))
                days += [moment.date() for moment in row if moment is not None]
    for name in sorted(names):
        known = understood.calendars[name]
        create_calendar(engine, name, known.work_days(min(days), max(days)) if days else ())


def _calendars_in(terms: Iterable[RowOperation]) -> set[str]:
    """The calendars by which any of the terms counts working time."""
    return {
        calendar.text
        for term in terms
        if term.name == "worked" and isinstance(calendar := term.operands[2], Constant)
    }


def _days_in(term: RowTerm) -> Iterator[date]:
    """The days of the moments that a term names."""
    if isinstance(term, Constant) and isinstance(term.value, datetime):
        yield term.value.date()
    elif isinstance(term, RowOperation):
        for operand in term.operands:
            yield from _days_in(operand)


def _unknown_makeup_days(
    understood: Understood, terms: Iterable[RowOperation], first: Period, days: Iterable[date]
) -> Iterator[Problem]:
    """Calendars in use for years of which nobody has said yet which weekends are worked."""
    years = {day.year for day in set(days) - stray_days(days) if day >= first.start}
    for name in sorted(_calendars_in(terms)):
        calendar = understood.calendars[name]
        doubtful = sorted(calendar.years_without_makeup_days(years))
        if doubtful:
            known = calendar.last_year_of_makeup_days()
            told = ", ".join(map(str, doubtful))
            yield UNKNOWN_MAKEUP_DAYS.at(value=name, years=told, last=known)


def choose_indicators(
    understood: Understood, wanted: tuple[str, ...]
) -> tuple[UnderstoodIndicator, ...]:
    """The indicators asked for, or all; one that is asked for by name is not optional."""
    known = {indicator.id: indicator for indicator in understood.indicators}
    unknown = [
        UNKNOWN_INDICATOR.at(value=each, nearest=nearest(each, known))
        for each in wanted
        if each not in known
    ]
    if unknown:
        raise UsageError(*unknown)
    if not wanted:
        return understood.indicators
    return tuple(_required(each) for each in understood.indicators if each.id in wanted)


def _required(indicator: UnderstoodIndicator) -> UnderstoodIndicator:
    if not indicator.definition.optional:
        return indicator
    definition = indicator.definition.model_copy(update={"optional": False})
    return replace(indicator, definition=definition)


def resolve_where(understood: Understood, where: str | None) -> dict[str, RowTerm]:
    """The condition as each source understands it; a source without its fields has none."""
    if where is None:
        return {}
    found: dict[str, RowTerm] = {}
    faults: list[FormulaFault] = []
    for source, schema in understood.schemas.items():
        try:
            found[source] = resolve_condition(where, Population(source, schema), understood.scope)
        except FormulaFault as failure:
            faults.append(failure)
    if not found and faults:
        # The source that understands the most of it is the one that was meant.
        fault = max(faults, key=lambda each: (each.span.start, each.kind is not FORMULA_NAME))
        reason = fault.at(place=NOWHERE, formula=where).message
        raise UsageError(WRONG_CONDITION.at(value=where, reason=reason))
    return found


def resolve_levels(understood: Understood, by: tuple[Level, ...]) -> tuple[Level, ...]:
    """The breakdowns by canonical field names; a person may name a field by its title."""
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
            if not fitting and any(found):
                titles = [s.title for s in understood.schemas.values() if s.find(spelling)]
                raise UsageError(UNGROUPABLE_FIELD.at(value=spelling, source=join(titles)))
            if not fitting:
                known = nearest(spelling, [*groupable, *(f.column.zh for f in groupable.values())])
                raise UsageError(UNKNOWN_GROUP.at(value=spelling, known=known))
            names.append(fitting[0])
        levels.append(tuple(dict.fromkeys(names)))
    return tuple(dict.fromkeys(levels))


def choose_period(intake: Intake, request: Request) -> Period:
    """The period asked for, else the latest whole month; raises where it holds no row."""
    days = [day for source in intake.sources.values() for day in source.days_with_rows]
    if not days:
        raise NoDataError(NO_ROWS.at())
    period = (
        latest_whole_month(days)
        if request.period is None
        else parse_period(request.period, request.today)
    )
    if period is None or not any(period.start <= day < period.end for day in days):
        raise NoDataError(
            EMPTY_PERIOD.at(value=period.label if period else "", first=min(days), last=max(days))
        )
    return period


def score_intake(
    engine: Engine, intake: Intake, understood: Understood, request: Request
) -> Scorecard:
    """Measure and judge every indicator asked for, in total and at every level of grouping."""
    indicators = choose_indicators(understood, request.indicators)
    asked = _asked_about(intake, indicators) if request.indicators else intake
    refusals = judge_refusals(asked, understood.definition.tolerance)
    if any(problem.code == NO_VALID_ROW.code for problem in refusals):
        raise IntakeError(*refusals, *asked.all_problems())
    period = choose_period(intake, request)
    conditions = resolve_where(understood, request.where)
    has_end = asks_for_data_end(indicators, conditions)
    events = _latest_events(engine, intake) if has_end else ()
    data_end = max((each.moment for each in events if each.moment is not None), default=None)
    terms = tuple(_derived(indicators, conditions))
    series = _series(period, intake, request.trend_length)
    create_calendars(engine, intake, understood, terms, data_end, series)
    question = _Question(
        understood=understood,
        intake=intake,
        indicators=indicators,
        levels=_present_levels(intake, resolve_levels(understood, request.by)),
        series=series,
        conditions=conditions,
        narrowed=request.where is not None,
        data_end=data_end,
    )
    answers = question.ask(engine)
    days = frozenset().union(*(s.days_with_rows for s in intake.sources.values()))
    return Scorecard(
        period=period,
        complete=is_complete(period, days),
        digest=understood.digest,
        language=understood.definition.language,
        receipts=asked.receipts(period),
        scores=tuple(question.scores(answers)),
        assumptions=(*question.assumptions(answers), *question.credits(answers)),
        problems=(
            *refusals,
            *_short_sources(asked, intake, period),
            *_stray_dates(asked, events),
            *_unknown_makeup_days(understood, terms, question.series[0], days),
            *unknown_texts(engine, intake.sources, question.measurable, conditions),
            *asked.all_problems(),
        ),
        condition=request.where,
    )


def _asked_about(intake: Intake, indicators: Sequence[UnderstoodIndicator]) -> Intake:
    """Of everything that was read, only the sources that the indicators measure."""
    wanted = {a.population.schema.source for each in indicators for a in each.aggregates}
    sources = {name: source for name, source in intake.sources.items() if name in wanted}
    others = {
        export.place.file
        for name, source in intake.sources.items()
        for export in source.exports
        if name not in wanted
    }
    return replace(
        intake,
        sources=sources,
        problems=tuple(p for p in intake.problems if p.place.file not in others),
        row_problems=tuple(p for p in intake.row_problems if p.place.file not in others),
    )


def _days_of(source: StagedSource) -> frozenset[date]:
    """The days with rows, but for mistyped dates."""
    days = source.days_with_rows
    return days - stray_days(days)


def _stray_dates(intake: Intake, events: Iterable[_LatestEvent]) -> Iterator[Problem]:
    """Sources in which some rows have a date far from all others."""
    told: dict[str, frozenset[date]] = {}
    for name, source in intake.sources.items():
        told[name] = stray_days(source.days_with_rows)
        count = sum(rows for (_, day), rows in source.days.items() if day in told[name])
        if count:
            yield _tell_stray(source.schema.title, told[name], count)
    for event in events:
        known = told.get(event.schema.source, event.stray)
        is_told = event.field.name in event.schema.time
        stray = {d: n for d, n in event.stray.items() if not is_told or d not in known}
        if stray:
            title = _FIELD_OF.fill(source=event.schema.title, field=event.field.title)
            yield _tell_stray(title, stray, sum(stray.values()))


def _tell_stray(title: Wording, days: Iterable[date], count: int) -> Problem:
    value = ", ".join(day.isoformat() for day in sorted(days)[:_STRAY_SHOWN])
    return STRAY_DATES.at(source=title, count=count, value=value)


_FIELD_OF = Wording("{source}的「{field}」", "“{field}” of {source}")
_STRAY_SHOWN = 3


def _series(period: Period, intake: Intake, length: int) -> tuple[Period, ...]:
    """The period and those before it that the data holds from their first days on."""
    days = [day for source in intake.sources.values() for day in _days_of(source)]
    first = min(days, default=period.start) - timedelta(days=3)
    return tuple(each for each in period.series(length) if each is period or each.start >= first)


def _present_levels(intake: Intake, levels: tuple[Level, ...]) -> tuple[Level, ...]:
    """The levels, once it is sure that some export carries all fields of each."""
    for level in levels:
        if not any(set(level) <= source.fields for source in intake.sources.values()):
            known = sorted(
                {
                    field.name
                    for source in intake.sources.values()
                    for field in source.schema.fields
                    if field.name in source.fields and field.type in GROUPABLE
                }
            )
            raise UsageError(UNKNOWN_GROUP.at(value=", ".join(level), known=", ".join(known)))
    return levels


def _short_sources(asked: Intake, intake: Intake, period: Period) -> Iterator[Problem]:
    """Sources whose rows end well before the period does, while another source's do not."""
    latest = max((day for each in intake.sources.values() for day in _days_of(each)), default=None)
    for source in asked.sources.values():
        days = _days_of(source)
        if not days or latest is None or reaches_end(period, days):
            continue
        if latest - max(days) > timedelta(days=7):
            yield SHORT_SOURCE.at(source=source.schema.title, value=max(days).isoformat())


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of the engine, and how its answers become scores."""

    understood: Understood
    intake: Intake
    indicators: tuple[UnderstoodIndicator, ...]
    levels: tuple[Level, ...]
    series: tuple[Period, ...]
    conditions: Mapping[str, RowTerm]
    narrowed: bool
    data_end: datetime | None

    @property
    def period(self) -> Period:
        return self.series[-1]

    @property
    def measurable(self) -> tuple[UnderstoodIndicator, ...]:
        """The indicators for which the exports have everything."""
        return tuple(i for i in self.indicators if not self.lacking(i))

    def ask(self, engine: Engine) -> Answers:
        measurable = self.measurable
        demands = [demand for indicator in measurable for demand in demands_of(indicator)]
        blanks = [demand for i in measurable for demand in self.blank_demands(i)]
        unripe = [demand for i in measurable for demand in _unripe_demands(i)]
        answers = Answers()

        def run(demands: Iterable[Demand], periods: Sequence[Period], level: Level) -> None:
            plan = make_plan(demands, periods, (level,), self.conditions, self.data_end)
            run_plan(engine, plan, answers)

        run([*demands, *blanks, *unripe], self.series, TOTAL)
        for level, wanted in self._grouped_demands(measurable).items():
            run((d for d in wanted if self.carries(d, level)), self.series, level)
        for indicator in measurable:
            self._ask_baselines(indicator, run)
            if indicator.definition.reference:
                run(demands_of(indicator), [self.period.last_half_year()], TOTAL)
        return answers

    def _ask_baselines(
        self,
        indicator: UnderstoodIndicator,
        run: Callable[[Iterable[Demand], Sequence[Period], Level], None],
    ) -> None:
        """The periods that targets of the indicator are changes from."""
        found = {target.definition.baseline for target in indicator.targets}
        own = {tuple(name for name, _ in group) for group in self._own_groups(indicator)}
        for baseline in (each for each in found if each is not None):
            for level in {TOTAL, *self.levels, *own}:
                carried = [d for d in demands_of(indicator) if self.carries(d, level)]
                run(carried, [baseline], level)

    def _grouped_demands(
        self, indicators: Iterable[UnderstoodIndicator]
    ) -> dict[Level, list[Demand]]:
        """What to ask at each level: everything at those asked for, the rest for its targets."""
        found: dict[Level, list[Demand]] = {level: [] for level in self.levels}
        for indicator in indicators:
            demands = list(demands_of(indicator))
            own = {tuple(name for name, _ in group) for group in self._own_groups(indicator)}
            for level in {*self.levels, *own}:
                found.setdefault(level, []).extend(demands)
                if level in own:
                    found[level] += _presence_of(indicator)
        return found

    def _own_groups(self, indicator: UnderstoodIndicator) -> tuple[Group, ...]:
        """The groups that the indicator's targets are for and that no `--where` rules out.

        A target for exactly what `--where` leaves over is a target for the total.
        """
        spelt = {frozenset(level): level for level in self.levels}
        conditions = [
            self.conditions[source]
            for source in {each.population.schema.source for each in indicator.aggregates}
            if source in self.conditions
        ]
        fixed = self._fixed(indicator).items()
        groups: dict[Group, None] = {}
        for target in indicator.targets:
            ruled_out = any(rules_out(condition, target.scope) for condition in conditions)
            if not ruled_out and not target.scope.items() <= fixed:
                level = spelt.setdefault(frozenset(target.scope), tuple(sorted(target.scope)))
                groups[tuple((name, target.scope[name]) for name in level)] = None
        return tuple(groups)

    def _fixed(self, indicator: UnderstoodIndicator) -> dict[str, GroupValue]:
        """The fields of which `--where` leaves one value over in every source of an indicator."""
        sources = {each.population.schema.source for each in indicator.aggregates}
        found = [fixed_by(self.conditions[s]).items() for s in sources if s in self.conditions]
        return dict(set.intersection(*map(set, found))) if len(found) == len(sources) else {}

    def carries(self, demand: Demand, level: Level) -> bool:
        """Whether the exports have everything to group the rows of a demand."""
        credit = demand.aggregate.population.credit
        return not any(self._lacking_field(demand.schema, name, credit) for name in level)

    def _lacking_field(self, schema: Schema, name: str, credit: Attribution) -> tuple[Wording, ...]:
        """What the exports do not have to group the rows of a source by a field."""
        needed = fields_for(schema, credit) if name == AGENT else {schema.source: {name}}
        known = self.understood.schemas
        found: list[Wording] = []
        for source, names in needed.items():
            if source not in self.intake.sources:
                title = known[source].title
                found.append(Wording(f"数据源 {title.zh}", f"the source {title.en}"))
                continue
            present = self.fields_of(known[source])
            found += [_name_field(known[source], each) for each in sorted(names - present)]
        return tuple(found)

    def fields_of(self, schema: Schema) -> frozenset[str]:
        staged = self.intake.sources.get(schema.source)
        return staged.fields if staged else frozenset()

    def lacking(self, indicator: UnderstoodIndicator) -> tuple[Wording, ...]:
        """Which sources and fields the exports do not have for an indicator."""
        present = {
            source: staged.fields_in(self.period) for source, staged in self.intake.sources.items()
        }
        found = dict.fromkeys(lacking_data(indicator, present, self.conditions))
        for aggregate in indicator.aggregates:
            schema = aggregate.population.schema
            if self.narrowed and schema.source in present and schema.source not in self.conditions:
                found |= dict.fromkeys(self._not_of_condition(schema))
        return tuple(found)

    def _not_of_condition(self, schema: Schema) -> Iterator[Wording]:
        """The fields of the condition that a source does not have, or else the condition."""
        fields = {f.name: f for each in self.conditions.values() for f in fields_in(each)}
        missing = [fields[name] for name in sorted(fields) if schema.field(name) is None]
        for field in missing:
            yield _LACKING_FIELD.fill(title=field.title, source=schema.title)
        if not missing:
            yield Wording(
                f"--where 的条件（{schema.title.zh}）", f"what --where asks of {schema.title.en}"
            )

    def blank_demands(self, indicator: UnderstoodIndicator) -> Iterator[Demand]:
        """The number of rows whose condition meets a blank, for each condition of a count."""
        for aggregate in indicator.aggregates:
            condition = aggregate.condition
            if condition is None or aggregate.summary is not Summary.COUNT:
                continue
            if any(field.default is None for field in fields_in(condition)):
                blank = RowOperation("isblank", (condition,), Type.FLAG)
                rows = Aggregate(Summary.COUNT, aggregate.population, Type.NUMBER, None, blank)
                yield Demand(rows, indicator.definition.time)

    def covers(self, schema: Schema, period: Period) -> bool:
        """Whether no row in a period means that nothing happened, not that nothing was exported."""
        days = self.intake.sources[schema.source].days_with_rows
        if not schema.time:
            return period == self.period
        within = any(period.start <= day < period.end for day in days)
        return within or (bool(days) and min(days) < period.start and max(days) >= period.end)

    def measured(
        self, indicator: UnderstoodIndicator, period: Period, group: Group, answers: Answers
    ) -> Measurement:
        def value_of(aggregate: Aggregate) -> Fraction | None:
            demand = Demand(aggregate, indicator.definition.time)
            covered = self.covers(demand.schema, period) and self._occurs(indicator, group, answers)
            return answers.value(demand, period, group, covered=covered)

        return measure(indicator, period, group, value_of)

    def _occurs(self, indicator: UnderstoodIndicator, group: Group, answers: Answers) -> bool:
        """Whether a group is known to the data at all: a misspelt one has not a count of 0."""
        level = tuple(name for name, _ in group)
        demands = [*_presence_of(indicator), *demands_of(indicator)]
        return not group or any(
            group in answers.groups.get((demand, period, level), {})
            for demand in demands
            for period in self.series
        )

    def scores(self, answers: Answers) -> Iterator[Score]:
        for indicator in self.indicators:
            lacking = self.lacking(indicator)
            yield self._score(indicator, (), answers, lacking)
            found = () if lacking else self._found_groups(indicator, answers)
            for group in dict.fromkeys((*found, *self._own_groups(indicator))):
                missing = lacking or self._lacking_fields(indicator, dict(group))
                yield self._score(indicator, group, answers, missing)

    def _found_groups(self, indicator: UnderstoodIndicator, answers: Answers) -> Iterator[Group]:
        """The groups of every level asked for in which some row counts for the indicator."""
        time = indicator.definition.time
        counted = [aggregate.counting() for aggregate in indicator.counted]
        demands = [Demand(each, time) for each in (*indicator.aggregates, *counted)]
        for level in self.levels:
            if not self._lacking_fields(indicator, level):
                yield from answers.groups_of(demands, self.period, level)

    def _lacking_fields(
        self, indicator: UnderstoodIndicator, names: Iterable[str]
    ) -> tuple[Wording, ...]:
        """The fields to group by that the exports of one of the indicator's sources do not have."""
        schemas = dict.fromkeys(each.population.schema for each in indicator.aggregates)
        credit = indicator.definition.attribution
        return tuple(
            lacking
            for schema in schemas
            for name in names
            for lacking in self._lacking_field(schema, name, credit)
        )

    def _score(
        self,
        indicator: UnderstoodIndicator,
        group: Group,
        answers: Answers,
        lacking: tuple[Wording, ...],
    ) -> Score:
        scope = self._fixed(indicator) | dict(group)
        targets = choose_targets(indicator, scope, self.period.last_day)
        if not lacking:
            targets, lacking = self._with_baselines(indicator, targets, group, answers)
        if lacking:
            nothing = Measurement(indicator, self.period, group, None, 0)
            return judge(nothing, targets, lacking=lacking)
        earlier = [self.measured(indicator, p, group, answers) for p in self.series[:-1]]
        reference = None
        if indicator.definition.reference and not group:
            base = self.period.last_half_year()
            reference = Comparison(base, self.measured(indicator, base, (), answers).value)
        return judge(
            self.measured(indicator, self.period, group, answers),
            targets,
            earlier,
            reference=reference,
            blanks=0 if group else self._blanks(indicator, answers),
            unripe=0 if group else self._total(_unripe_demands(indicator), answers),
        )

    def _with_baselines(
        self,
        indicator: UnderstoodIndicator,
        targets: Mapping[TargetLevel, Target],
        group: Group,
        answers: Answers,
    ) -> tuple[dict[TargetLevel, Target], tuple[Wording, ...]]:
        """The targets with every change worked out, and the baselines that have no data."""
        known: dict[TargetLevel, Target] = {}
        lacking: dict[Wording, None] = {}
        for level, target in targets.items():
            if target.baseline is None:
                known[level] = target
                continue
            before = self.measured(indicator, target.baseline, group, answers).value
            label = target.baseline.label
            if before is None:
                lacking[Wording(f"基期 {label} 的数据", f"data of the baseline {label}")] = None
                continue
            wanted = target.value.after(before, indicator.definition.direction)
            said = (target.provenance, f"{label}: {quantity_of(before, wanted.quantity.kind).text}")
            provenance = " · ".join(filter(None, (*said, str(target.value))))
            known[level] = target.model_copy(
                update={"value": wanted, "baseline": None, "provenance": provenance}
            )
        return known, tuple(lacking)

    def _total(self, demands: Iterable[Demand], answers: Answers) -> int:
        counts = [answers.value(each, self.period, (), covered=True) for each in demands]
        return int(sum((count for count in counts if count), Fraction(0)))

    def _blanks(self, indicator: UnderstoodIndicator, answers: Answers) -> int:
        return self._total(self.blank_demands(indicator), answers)

    def credits(self, answers: Answers) -> Iterator[Wording]:
        """How the rows of breakdowns by agent add up to the total: who has none, who shares one."""
        level = (AGENT,)
        told: dict[tuple[int, int, int], list[Wording]] = {}
        for indicator in self.measurable if level in self.levels else ():
            if not self._lacking_fields(indicator, level):
                total = self.measured(indicator, self.period, (), answers).n
                groups = {
                    group: self.measured(indicator, self.period, group, answers).n
                    for group in self._found_groups(indicator, answers)
                    if tuple(name for name, _ in group) == level
                }
                nobody = groups.get(((AGENT, None),), 0)
                counts = (total, sum(groups.values()), nobody)
                told.setdefault(counts, []).append(indicator.definition.name)
        for (total, parts, nobody), names in told.items():
            slots = {"names": name_some(names), "total": total, "parts": parts, "n": nobody}
            if nobody:
                yield _UNATTRIBUTED.fill(share=f"{nobody / total:.1%}", **slots)
            if parts != total:
                yield _SHARED.fill(**slots)

    def assumptions(self, answers: Answers) -> Iterator[Wording]:
        """What was taken for granted, each once: columns that no export has."""
        assumed: dict[tuple[str, str], tuple[Field, Schema]] = {}
        for indicator in self.indicators:
            if not self.lacking(indicator):
                for aggregate in indicator.aggregates:
                    schema = aggregate.population.schema
                    for field in _fields_asked(indicator, aggregate, self.conditions):
                        if field.name not in self.fields_of(schema):
                            assumed[schema.source, field.name] = (field, schema)
        for field, schema in assumed.values():
            value = Wording("空", "blank") if field.default is None else Wording("否", "no")
            yield Wording(
                f"{schema.title.zh}的导出没有「{field.title.zh}」列，全部按{value.zh}计算",
                f"no export of {schema.title.en} has “{field.title.en}”: taken as {value.en}",
            )


_UNATTRIBUTED = Wording(
    "{total} 行中有 {n} 行（{share}）没有可归的坐席：{names}",
    "{n} of {total} rows ({share}) are no agent's: {names}",
)
_SHARED = Wording(
    "各坐席相加是 {parts} 行，总数是 {total} 行，因为一行计给每个回复过的坐席：{names}",
    "the agents' rows sum to {parts} and the total is {total}, since a row counts for every agent"
    " who replied: {names}",
)


def _unripe_demands(indicator: UnderstoodIndicator) -> Iterator[Demand]:
    return (Demand(aggregate, indicator.definition.time) for aggregate in indicator.unripe)


def _presence_of(indicator: UnderstoodIndicator) -> Iterator[Demand]:
    """All rows of each source of an indicator, by which a group is known to the data."""
    for schema in dict.fromkeys(each.population.schema for each in indicator.aggregates):
        every = Population(schema.source, schema, credit=indicator.definition.attribution)
        yield Demand(Aggregate(Summary.COUNT, every, Type.NUMBER), indicator.definition.time)


def lacking_data(
    indicator: UnderstoodIndicator,
    present: Mapping[str, frozenset[str]],
    conditions: Mapping[str, RowTerm] = MappingProxyType({}),
) -> tuple[Wording, ...]:
    """Which sources and fields an indicator needs that are not there.

    `present` are the fields that the exports of each source carry.
    """
    found: dict[Wording, None] = {}
    for aggregate in indicator.aggregates:
        schema = aggregate.population.schema
        if schema.source not in present:
            found[Wording(f"数据源 {schema.title.zh}", f"the source {schema.title.en}")] = None
            continue
        for field in _fields_asked(indicator, aggregate, conditions):
            if field.name not in present[schema.source] and not field.column.assumed:
                found[_name_field(schema, field.name)] = None
    return tuple(found)


def _fields_asked(
    indicator: UnderstoodIndicator, aggregate: Aggregate, conditions: Mapping[str, RowTerm]
) -> Iterator[Field]:
    schema = aggregate.population.schema
    time = aggregate.population.time or indicator.definition.time
    names = {field.name for field in fields_of(aggregate)} | ({time} if time else set())
    condition = conditions.get(schema.source)
    names |= {field.name for field in fields_in(condition)} if condition else set()
    return (field for field in schema.fields if field.name in names)


def _name_field(schema: Schema, name: str) -> Wording:
    field = schema.field(name)
    title = field.title if field else verbatim(name)
    return _LACKING_FIELD.fill(title=title, source=schema.title)


_LACKING_FIELD = Wording("字段 {title}（{source}）", "the field {title} ({source})")
