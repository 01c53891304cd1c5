"""From typed tables and an understood definition to a scorecard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

from csq.coverage import (
    choose_period,
    clock_change_rows,
    create_calendars,
    latest_events,
    series_of,
    short_sources,
    stray_dates,
    thin_end,
    unknown_makeup_days,
)
from csq.definition.indicators import Attribution
from csq.definition.targets import Level as TargetLevel
from csq.definition.targets import Target
from csq.engines.base import Engine
from csq.errors import IntakeError, UsageError
from csq.formula.credit import AGENT, fields_for
from csq.formula.narrowing import fixed_by, rules_out
from csq.formula.targets import GROUPABLE, GroupValue
from csq.formula.tree import (
    Aggregate,
    Population,
    RowOperation,
    RowTerm,
    Summary,
    Type,
    fields_in,
    fields_required,
)
from csq.formula.understand import Understood, UnderstoodIndicator
from csq.intake.intake import UNUSABLE, Intake, judge_refusals
from csq.measure import Answers, Group, Measurement, count_rows, demands_of, measure, run_plan
from csq.occurrence import name_some, unknown_texts
from csq.period import Period, is_complete
from csq.plan import TOTAL, Demand, Level, make_plan
from csq.problems.command_line import UNKNOWN_GROUP
from csq.quantity import quantity_of
from csq.records.schema import Field, Schema
from csq.request import (
    Request,
    asks_for_data_end,
    choose_indicators,
    derived_terms,
    fields_by_the_clock,
    resolve_levels,
    resolve_where,
    times_asked_for,
)
from csq.scorecard import Comparison, Score, Scorecard, TooYoung, choose_targets, judge
from csq.wording import Wording, join, verbatim


def score_intake(
    engine: Engine, intake: Intake, understood: Understood, request: Request
) -> Scorecard:
    """Measure and judge every indicator asked for, in total and at every level of grouping."""
    indicators = choose_indicators(understood, request.indicators)
    asked = _asked_about(intake, indicators) if request.indicators else intake
    refusals = judge_refusals(asked, understood.definition.tolerance)
    if any(problem.code in UNUSABLE for problem in refusals):
        raise IntakeError(*refusals, *asked.all_problems())
    period = choose_period(intake, request)
    conditions = resolve_where(understood, request.where)
    has_end = asks_for_data_end(indicators, conditions)
    events = latest_events(engine, intake) if has_end else ()
    data_end = max((each.moment for each in events if each.moment is not None), default=None)
    terms = tuple(derived_terms(indicators, conditions))
    times = times_asked_for(indicators, conditions)
    clocked = times_asked_for(indicators, conditions, fields_by_the_clock)
    series = series_of(period, intake, request.trend_length)
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
            *short_sources(asked, intake, period),
            *stray_dates(engine, asked, events, times),
            *clock_change_rows(engine, asked, period, understood.definition.timezone, clocked),
            *thin_end(engine, intake, events),
            *unknown_makeup_days(understood, terms, question.series[0], days),
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


@dataclass(frozen=True)
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

    @cached_property
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
        found = dict.fromkeys(lacking_data(indicator, self._present, self.conditions))
        for aggregate in indicator.aggregates:
            schema = aggregate.population.schema
            is_present = schema.source in self._present
            if self.narrowed and is_present and schema.source not in self.conditions:
                found |= dict.fromkeys(self._not_of_condition(schema))
        return tuple(found)

    @cached_property
    def _present(self) -> dict[str, frozenset[str]]:
        """The fields that the exports of the period have, of each source."""
        sources = self.intake.sources.items()
        return {name: staged.fields_in(self.period) for name, staged in sources}

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
        occurs = not group or self._occurs(indicator, group, answers)

        def value_of(aggregate: Aggregate) -> Fraction | None:
            demand = Demand(aggregate, indicator.definition.time)
            covered = occurs and self.covers(demand.schema, period)
            return answers.value(demand, period, group, covered=covered)

        return measure(indicator, period, group, value_of)

    def _occurs(self, indicator: UnderstoodIndicator, group: Group, answers: Answers) -> bool:
        """Whether a group is known to the data at all: a misspelt one has not a count of 0."""
        level = tuple(name for name, _ in group)
        demands = [*_presence_of(indicator), *demands_of(indicator)]
        return any(
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
            young=() if group else tuple(self._young(indicator, answers)),
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
            wanted = target.value.after(
                before, indicator.definition.direction, indicator.definition.unit
            )
            change = f"{label}: {quantity_of(before, wanted.quantity.kind).text} · {target.value}"
            said = [target.provenance] if target.provenance else []
            provenance = join([*said, verbatim(change)], " · ", " · ")
            known[level] = target.model_copy(
                update={"value": wanted, "baseline": None, "provenance": provenance}
            )
        return known, tuple(lacking)

    def _young(self, indicator: UnderstoodIndicator, answers: Answers) -> Iterator[TooYoung]:
        """How many rows are too young by each maturity, where any are."""

        def value_of(aggregate: Aggregate) -> Fraction | None:
            demand = Demand(aggregate, indicator.definition.time)
            return answers.value(demand, self.period, (), covered=True)

        for rows in indicator.unripe:
            if count := count_rows(rows.aggregates, value_of):
                yield TooYoung(rows.maturity, count)

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
    for rows in indicator.unripe:
        for aggregate in rows.aggregates:
            yield Demand(aggregate, indicator.definition.time)


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
    names = {field.name for field in fields_required(aggregate)} | ({time} if time else set())
    condition = conditions.get(schema.source)
    names |= {field.name for field in fields_in(condition)} if condition else set()
    return (field for field in schema.fields if field.name in names)


def _name_field(schema: Schema, name: str) -> Wording:
    field = schema.field(name)
    title = field.title if field else verbatim(name)
    return _LACKING_FIELD.fill(title=title, source=schema.title)


_LACKING_FIELD = Wording("字段 {title}（{source}）", "the field {title} ({source})")
