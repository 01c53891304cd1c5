"""From typed tables and an understood definition to a scorecard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import chain, islice

from csq.coverage import (
    choose_period,
    clock_change_rows,
    latest_events,
    reaches_over,
    series_of,
    short_sources,
    stray_dates,
    thin_end,
)
from csq.definition.indicators import Attribution
from csq.definition.targets import Level as TargetLevel
from csq.definition.targets import Target
from csq.engines.base import Engine
from csq.errors import IntakeError, Problem, UsageError, list_names
from csq.formula.credit import AGENT
from csq.formula.targets import GROUPABLE
from csq.formula.tree import Aggregate, grows_with_time, row_sets
from csq.formula.understand import Understood, UnderstoodIndicator
from csq.intake.export import tell_unclear
from csq.intake.intake import UNUSABLE, Intake, judge_refusals
from csq.measure import Answers, Group, Measurement, count_rows, demands_of, measure
from csq.occurrence import cut_days, name_some, terms_asked, unknown_texts, unlike_fields
from csq.period import Period, is_complete
from csq.plan import Demand, Level
from csq.problems.command_line import UNKNOWN_GROUP
from csq.problems.run import SHORT_BASELINE
from csq.quantity import quantity_of
from csq.question import Question, fields_asked, presence_of
from csq.records.schema import Field, Schema
from csq.request import (
    Request,
    asks_for_data_end,
    choose_indicators,
    derived_terms,
    fields_by_the_clock,
    is_stand_in,
    resolve_levels,
    resolve_where,
    times_asked_for,
)
from csq.scorecard import Comparison, Score, Scorecard, TooYoung, choose_targets, is_thin, judge
from csq.wording import Wording, join, verbatim
from csq.workdays import create_calendars, unknown_makeup_days


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
    question = Question(
        understood=understood,
        intake=intake,
        indicators=indicators,
        levels=present_levels(intake, understood, request.by),
        series=series,
        conditions=conditions,
        narrowed=request.where is not None,
        data_end=data_end,
    )
    looked_for = tuple(terms_asked(question.measurable, conditions))
    answered = _Answered(question, question.ask(engine))
    days = frozenset().union(*(s.days_with_rows for s in intake.sources.values()))
    return Scorecard(
        period=period,
        complete=is_complete(period, days),
        digest=understood.digest,
        language=understood.definition.language,
        receipts=asked.receipts(period),
        scores=tuple(answered.scores()),
        assumptions=(*answered.assumptions(), *answered.credits()),
        problems=(
            *refusals,
            *short_sources(asked, intake, period),
            *stray_dates(engine, asked, events, times),
            *clock_change_rows(engine, asked, period, understood.definition.timezone, clocked),
            *thin_end(engine, intake, events),
            *answered.short_baselines(),
            *unknown_makeup_days(understood, terms, question.series[0], days),
            *unknown_texts(engine, intake.sources, looked_for),
            *unlike_fields(engine, intake.sources, looked_for),
            *cut_days(engine, intake.sources, looked_for),
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


def present_levels(
    intake: Intake, understood: Understood, by: tuple[Level, ...]
) -> tuple[Level, ...]:
    """The levels, once it is sure that some export carries all fields of each."""
    for name in chain.from_iterable(by):
        if is_stand_in(understood, name) and not _is_read(intake, name):
            ((field,),) = resolve_levels(understood, ((name,),))
            raise _unknown_group(intake, name, {field})
    levels = resolve_levels(understood, by)
    for level in levels:
        if not any(set(level) <= source.fields for source in intake.sources.values()):
            raise _unknown_group(intake, ", ".join(level), set(level))
    return levels


def _is_read(intake: Intake, header: str) -> bool:
    """Whether some export is read by a column with this header."""
    return any(
        header.casefold() == export.table.header[position].strip().casefold()
        for export in intake.exports
        for column in export.matching.columns
        for position in column.positions
    )


def _unknown_group(intake: Intake, called: str, fields: Set[str]) -> UsageError:
    """No data has these fields: which it has, and which of them is unclear in an export."""
    known = {
        field.name
        for source in intake.sources.values()
        for field in source.schema.fields
        if field.name in source.fields and field.type in GROUPABLE
    }
    unclear = (
        problem
        for export in intake.exports
        if not fields.isdisjoint(column.field.name for column in export.matching.unclear)
        for problem in tell_unclear(export.table, export.matching)
    )
    absent = UNKNOWN_GROUP.at(value=called, known=list_names(sorted(known)))
    return UsageError(absent, *islice(unclear, 1))


@dataclass(frozen=True)
class _Answered:
    """A question with its answers, and how they become scores."""

    question: Question
    answers: Answers

    def scores(self) -> Iterator[Score]:
        """Every indicator asked for, in total and then of each group."""
        for indicator in self.question.indicators:
            lacking = self.question.lacking(indicator)
            yield self._score(indicator, (), lacking)
            found = () if lacking else self._found_groups(indicator)
            for group in dict.fromkeys((*found, *self.question.own_groups(indicator))):
                missing = lacking or self.question.lacking_fields(indicator, dict(group))
                yield self._score(indicator, group, missing)

    def _score(
        self,
        indicator: UnderstoodIndicator,
        group: Group,
        lacking: tuple[Wording, ...],
    ) -> Score:
        scope = self.question.fixed(indicator) | dict(group)
        targets = choose_targets(indicator, scope, self.question.period.last_day)
        if lacking:
            nothing = Measurement(indicator, self.question.period, group, None, 0)
            return judge(nothing, targets, lacking=lacking)
        targets, unjudged, unequal = self._with_baselines(indicator, targets, group)
        earlier = [self._measured(indicator, p, group) for p in self.question.series[:-1]]
        reference = None
        if indicator.definition.reference and not group:
            base = self.question.period.last_half_year()
            before = self._measured(indicator, base, ())
            reference = Comparison(base, None if is_thin(before) else before.value)
        return judge(
            self._measured(indicator, self.question.period, group),
            targets,
            earlier,
            unjudged=unjudged,
            unequal=unequal,
            reference=reference,
            blanks=0 if group else self._blanks(indicator),
            young=() if group else tuple(self._young(indicator)),
        )

    def _with_baselines(
        self,
        indicator: UnderstoodIndicator,
        targets: Mapping[TargetLevel, Target],
        group: Group,
    ) -> tuple[dict[TargetLevel, Target], dict[TargetLevel, Wording], frozenset[TargetLevel]]:
        """The targets with every change worked out, and why some could not be.

        Last come those of which the length of the baseline is why.
        """
        known: dict[TargetLevel, Target] = {}
        unjudged: dict[TargetLevel, Wording] = {}
        unequal: set[TargetLevel] = set()
        for level, target in targets.items():
            if target.baseline is None:
                known[level] = target
                continue
            measured = self._measured(indicator, target.baseline, group)
            before, label = measured.value, target.baseline.label
            why = self._why_unlike(measured)
            if before is None or why is not None:
                asked = {"level": level.wording, "change": str(target.value)}
                unjudged[level] = _UNJUDGED.fill(why=why or "", **asked)
                if before is not None and not is_thin(measured):
                    unequal.add(level)
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
        return known, unjudged, frozenset(unequal)

    def _why_unlike(self, before: Measurement) -> Wording | None:
        """Why a change from the value of a baseline cannot be judged; `None` where it can.

        A total is only like one of as many days; of a share or a mean the days do not decide.
        """
        label, least = before.period.label, before.indicator.definition.min_n or 0
        if before.value is None:
            return _NO_BASELINE.fill(label=label)
        if is_thin(before):
            return _THIN_BASELINE.fill(label=label, n=least)
        if not grows_with_time(before.indicator.term):
            return None
        period = self.question.period
        shorter, longer = sorted(each.end - each.start for each in (period, before.period))
        if longer > shorter * _ALIKE:
            return _UNEQUAL.fill(label=label, period=period.label)
        return None

    def short_baselines(self) -> Iterator[Problem]:
        """Baselines of which the exports hold only a part, though targets are worked out of it."""
        told: dict[Period, dict[Wording, None]] = {}
        for indicator in self.question.measurable:
            sources = {each.population.schema.source for each in indicator.aggregates}
            for target in indicator.targets:
                baseline = target.definition.baseline
                in_force = target.definition.is_in_force(self.question.period.last_day)
                if baseline is None or not in_force:
                    continue
                is_judged = self._why_unlike(self._measured(indicator, baseline, ())) is None
                if is_judged and not reaches_over(self.question.intake, sources, baseline):
                    told.setdefault(baseline, {})[indicator.definition.name] = None
        for baseline, names in told.items():
            yield SHORT_BASELINE.at(value=baseline.label, names=name_some(list(names)))

    def _measured(
        self, indicator: UnderstoodIndicator, period: Period, group: Group
    ) -> Measurement:
        occurs = not group or self._occurs(indicator, group)

        def value_of(aggregate: Aggregate) -> Fraction | None:
            demand = Demand(aggregate, indicator.definition.time)
            covered = occurs and self._covers(demand.schema, period)
            return self.answers.value(demand, period, group, covered=covered)

        return measure(indicator, period, group, value_of)

    def _occurs(self, indicator: UnderstoodIndicator, group: Group) -> bool:
        """Whether a group is known to the data at all: a misspelt one has not a count of 0."""
        return group in self._known_groups.get((indicator, tuple(name for name, _ in group)), ())

    @cached_property
    def _known_groups(self) -> Mapping[tuple[UnderstoodIndicator, Level], Set[Group]]:
        """The groups of which an indicator's sources have some row."""
        by_demand: dict[Demand, dict[Level, set[Group]]] = {}
        for (demand, period, level), groups in self.answers.groups.items():
            if period in {*self.question.series, self.question.whole_time}:
                by_demand.setdefault(demand, {}).setdefault(level, set()).update(groups)
        known: dict[tuple[UnderstoodIndicator, Level], set[Group]] = {}
        for indicator in self.question.indicators:
            for demand in {*presence_of(indicator), *demands_of(indicator)}:
                for level, found in by_demand.get(demand, {}).items():
                    known.setdefault((indicator, level), set()).update(found)
        return known

    def _covers(self, schema: Schema, period: Period) -> bool:
        """Whether no row in a period means that nothing happened, not that nothing was exported."""
        days = self.question.intake.sources[schema.source].days_with_rows
        if not schema.time:
            return period == self.question.period
        within = any(period.start <= day < period.end for day in days)
        return within or (bool(days) and min(days) < period.start and max(days) >= period.end)

    def _found_groups(self, indicator: UnderstoodIndicator) -> Iterator[Group]:
        """The groups of every level asked for in which some row counts for the indicator."""
        time = indicator.definition.time
        counted = [aggregate.counting() for aggregate in indicator.counted]
        demands = [Demand(each, time) for each in (*indicator.aggregates, *counted)]
        for level in self.question.levels:
            if not self.question.lacking_fields(indicator, level):
                yield from self.answers.groups_of(demands, self.question.period, level)

    def _blanks(self, indicator: UnderstoodIndicator) -> int:
        return self._total(self.question.blank_demands(indicator))

    def _total(self, demands: Iterable[Demand]) -> int:
        counts = [
            self.answers.value(each, self.question.period, (), covered=True) for each in demands
        ]
        return int(sum((count for count in counts if count), Fraction(0)))

    def _young(self, indicator: UnderstoodIndicator) -> Iterator[TooYoung]:
        """How many rows are too young by each maturity, where any are."""

        def value_of(aggregate: Aggregate) -> Fraction | None:
            demand = Demand(aggregate, indicator.definition.time)
            return self.answers.value(demand, self.question.period, (), covered=True)

        for rows in indicator.unripe:
            if count := count_rows(row_sets(rows.aggregates), value_of):
                yield TooYoung(rows.maturity, count)

    def credits(self) -> Iterator[Wording]:
        """How the rows of breakdowns by agent add up to the total: who has none, who shares one."""
        level = (AGENT,)
        told: dict[tuple[int, int, int, bool], list[Wording]] = {}
        for indicator in self.question.measurable if level in self.question.levels else ():
            if not self.question.lacking_fields(indicator, level):
                total = self._measured(indicator, self.question.period, ()).n
                groups = {
                    group: self._measured(indicator, self.question.period, group).n
                    for group in self._found_groups(indicator)
                    if tuple(name for name, _ in group) == level
                }
                nobody = groups.get(((AGENT, None),), 0)
                shared = indicator.definition.attribution is Attribution.ALL
                counts = (total, sum(groups.values()), nobody, shared)
                told.setdefault(counts, []).append(indicator.definition.name)
        for (total, parts, nobody, shared), names in told.items():
            slots = {"names": name_some(names), "total": total, "parts": parts, "n": nobody}
            if 0 < nobody <= total:
                yield _UNATTRIBUTED.fill(share=f"{nobody / total:.1%}", **slots)
            if shared and parts > total:
                yield _SHARED.fill(**slots)

    def assumptions(self) -> Iterator[Wording]:
        """What was taken for granted, each once: columns that no export has, or some have not."""
        asked: dict[tuple[str, str], tuple[Field, Schema]] = {}
        for indicator in self.question.indicators:
            if not self.question.lacking(indicator):
                for aggregate in indicator.aggregates:
                    schema = aggregate.population.schema
                    for field in fields_asked(indicator, aggregate, self.question.conditions):
                        asked[schema.source, field.name] = (field, schema)
        for field, schema in asked.values():
            for other in self._told_by(schema, field):
                yield _TOLD.fill(source=schema.title, field=field.title, other=other)
            if field.name in self.question.fields_of(schema):
                continue
            value = Wording("空", "blank") if field.default is None else Wording("否", "no")
            yield Wording(
                f"{schema.title.zh}的导出没有「{field.title.zh}」列，全部按{value.zh}计算",
                f"no export of {schema.title.en} has “{field.title.en}”: taken as {value.en}",
            )

    def _told_by(self, schema: Schema, field: Field) -> Iterable[Wording]:
        """The fields whose “no” is the “yes” of this one, in exports that have no column of it."""
        source = self.question.intake.sources.get(schema.source)
        return dict.fromkeys(
            column.told_by.title
            for export in (source.exports if source else ())
            for column in export.matching.columns
            if column.field.name == field.name and column.told_by and not column.is_filled
        )


_TOLD = Wording(
    "{source}没有「{field}」列的导出，凡「{other}」为否的都算「{field}」",
    "exports of {source} without “{field}”: taken as yes wherever “{other}” is no",
)
_ALIKE = 1.12
"""How much longer than a month another month may be: 31 days are 1.11 × 28."""
_UNEQUAL = Wording(
    "合计值，基期 {label} 与本期 {period} 长短不同",
    "it is a total, and the baseline {label} is not as long as {period}",
)
_UNJUDGED = Wording("{level} {change} 无法判定：{why}", "{level} {change} cannot be judged: {why}")
_NO_BASELINE = Wording("缺少基期 {label} 的数据", "no data of the baseline {label}")
_THIN_BASELINE = Wording(
    "基期 {label} 的样本少于 {n} 行", "fewer than {n} rows in the baseline {label}"
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
