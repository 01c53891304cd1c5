"""The question put to the engine: everything that is asked of it for a scorecard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import MappingProxyType

from csq.coverage import whole_time
from csq.definition.indicators import Attribution
from csq.engines.base import Engine
from csq.formula.credit import AGENT, fields_for
from csq.formula.narrowing import fixed_by, rules_out
from csq.formula.targets import GroupValue
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
from csq.intake.intake import Intake
from csq.measure import Answers, Group, count_sizes, demands_of, run_plan
from csq.period import Period
from csq.plan import TOTAL, Demand, Level, fields_grouped_by, make_plan
from csq.records.schema import Field, Schema
from csq.wording import Wording, verbatim


@dataclass(frozen=True)
class Question:
    """What is asked of the engine, and what the exports lack for it."""

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
        """The period asked about, which is the last of the series."""
        return self.series[-1]

    @cached_property
    def whole_time(self) -> Period:
        """All days of the exports, over which a group is known that is quiet now."""
        return whole_time(self.intake)

    @cached_property
    def measurable(self) -> tuple[UnderstoodIndicator, ...]:
        """The indicators for which the exports have everything."""
        return tuple(i for i in self.indicators if not self.lacking(i))

    def ask(self, engine: Engine) -> Answers:
        """The engine's answers to all of it: counts and sums a period, a level and a group."""
        measurable = self.measurable
        demands = [demand for indicator in measurable for demand in demands_of(indicator)]
        blanks = [demand for i in measurable for demand in self.blank_demands(i)]
        unripe = [demand for i in measurable for demand in _unripe_demands(i)]
        answers = Answers()

        def run(demands: Iterable[Demand], periods: Sequence[Period], level: Level) -> None:
            plan = make_plan({level: demands}, periods, self.conditions, self.data_end)
            run_plan(engine, plan, answers)

        asked = {
            level: [demand for demand in wanted if self.carries(demand, level)]
            for level, wanted in self._grouped_demands(measurable).items()
        }
        asked[TOTAL] = [*demands, *blanks, *unripe]
        sizes = count_sizes(engine, fields_grouped_by(asked))
        plan = make_plan(asked, self.series, self.conditions, self.data_end, sizes)
        run_plan(engine, plan, answers)
        for indicator in measurable:
            present = list(presence_of(indicator))
            for level in self.own_levels(indicator):
                run((d for d in present if self.carries(d, level)), [self.whole_time], level)
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
        for baseline in (each for each in found if each is not None):
            for level in {TOTAL, *self.levels, *self.own_levels(indicator)}:
                carried = [d for d in demands_of(indicator) if self.carries(d, level)]
                run(carried, [baseline], level)

    def _grouped_demands(
        self, indicators: Iterable[UnderstoodIndicator]
    ) -> dict[Level, list[Demand]]:
        """What to ask at each level: everything at those asked for, the rest for its targets."""
        found: dict[Level, list[Demand]] = {level: [] for level in self.levels}
        for indicator in indicators:
            demands = list(demands_of(indicator))
            own = self.own_levels(indicator)
            for level in {*self.levels, *own}:
                found.setdefault(level, []).extend(demands)
                if level in own:
                    found[level] += presence_of(indicator)
        return found

    def own_groups(self, indicator: UnderstoodIndicator) -> tuple[Group, ...]:
        """The groups that the indicator's targets are for and that no `--where` rules out.

        A target for exactly what `--where` leaves over is a target for the total.
        """
        spelt = {frozenset(level): level for level in self.levels}
        conditions = [
            self.conditions[source]
            for source in {each.population.schema.source for each in indicator.aggregates}
            if source in self.conditions
        ]
        fixed = self.fixed(indicator).items()
        groups: dict[Group, None] = {}
        for target in indicator.targets:
            ruled_out = any(rules_out(condition, target.scope) for condition in conditions)
            if not ruled_out and not target.scope.items() <= fixed:
                level = spelt.setdefault(frozenset(target.scope), tuple(sorted(target.scope)))
                groups[tuple((name, target.scope[name]) for name in level)] = None
        return tuple(groups)

    def own_levels(self, indicator: UnderstoodIndicator) -> Set[Level]:
        """The fields of the groups that its targets are for."""
        return {tuple(name for name, _ in group) for group in self.own_groups(indicator)}

    def fixed(self, indicator: UnderstoodIndicator) -> dict[str, GroupValue]:
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

    def lacking_fields(
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

    def fields_of(self, schema: Schema) -> frozenset[str]:
        """The fields that the exports of a source have, whatever the period."""
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


def _unripe_demands(indicator: UnderstoodIndicator) -> Iterator[Demand]:
    for rows in indicator.unripe:
        for aggregate in rows.aggregates:
            yield Demand(aggregate, indicator.definition.time)


def presence_of(indicator: UnderstoodIndicator) -> Iterator[Demand]:
    """All rows of each source of an indicator, by which a group is known to the data.

    They are dated as the indicator's own rows are.
    """
    used = [each.population for each in indicator.aggregates]
    for schema, time in dict.fromkeys((each.schema, each.time) for each in used):
        credit = indicator.definition.attribution
        every = Population(schema.source, schema, time=time, credit=credit)
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
        for field in fields_asked(indicator, aggregate, conditions):
            if field.name not in present[schema.source] and not field.column.assumed:
                found[_name_field(schema, field.name)] = None
    return tuple(found)


def fields_asked(
    indicator: UnderstoodIndicator, aggregate: Aggregate, conditions: Mapping[str, RowTerm]
) -> Iterator[Field]:
    """The fields of its source that an aggregate of an indicator needs, with the condition's."""
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
