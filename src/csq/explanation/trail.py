"""The way of the rows into a value: every demand on them, and how many fulfil it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import chain

from sqlglot import exp

from csq.definition.indicators import Attribution
from csq.engines.base import Engine
from csq.errors import cut
from csq.explanation.facts import NAMELESS, FieldOrigin, Role, Step, StepKind, Trace
from csq.explanation.rest import rest_of
from csq.formula.compile import compile_row
from csq.formula.credit import AGENT, is_credited_to
from csq.formula.row_words import say_row
from csq.formula.targets import GroupValue
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
    conjuncts,
    fields_in,
    fields_of,
    moment_of_row,
    terms_of,
    type_of,
)
from csq.formula.understand import Understood, UnderstoodIndicator
from csq.intake.intake import Intake
from csq.intake.staging.stage import StagedSource
from csq.measure import demands_of
from csq.period import Period
from csq.plan import TOTAL, DatedRows, Demand, Plan, make_plan, rows_of, within_period
from csq.privacy import Shield
from csq.records.schema import Field, Schema
from csq.request import resolve_where
from csq.scorecard import Score, Scorecard
from csq.wording import Wording, verbatim


@dataclass(frozen=True, slots=True)
class RowDemand:
    """What a row has to fulfil at one step."""

    kind: StepKind
    words: Wording
    predicate: exp.Expr
    row_set: str = ""
    row_set_title: Wording = NAMELESS


def find_narrowings(
    understood: Understood, scorecard: Scorecard, score: Score
) -> Iterator[tuple[str, RowTerm, Wording]]:
    """What `--where` and the group ask of the rows of each source."""
    for source, condition in resolve_where(understood, scorecard.condition).items():
        yield source, condition, say_row(condition)
    aggregates = score.measurement.indicator.aggregates
    used = {each.population.schema.source: each.population.schema for each in aggregates}
    for name, value in score.group:
        for source, schema in used.items():
            field = schema.field(name)
            if field is not None:
                shown = scorecard.shield.show(name, value) if isinstance(value, str) else value
                credit = score.indicator.attribution
                asked, told = (_is_group(schema, field, it, credit) for it in (value, shown))
                yield source, asked, say_row(told)


def _is_group(schema: Schema, field: Field, value: GroupValue, credit: Attribution) -> RowTerm:
    if field.name == AGENT and (value is None or isinstance(value, str)):
        return is_credited_to(schema, credit, value)
    term = FieldTerm(field, type_of(field))
    if value is None:
        return RowOperation("isblank", (term,), Type.FLAG)
    if isinstance(value, bool):
        return term if value else RowOperation("not", (term,), Type.FLAG)
    if isinstance(value, str):
        return _is_text(term, value)
    constant = Constant(Fraction(value), Type.NUMBER, str(value))
    return RowOperation("=", (term, constant), Type.FLAG)


def _is_text(term: RowTerm, text: str) -> RowTerm:
    return RowOperation("=", (term, Constant(text, Type.TEXT, text)), Type.FLAG)


@dataclass(frozen=True, slots=True)
class Trail:
    """The way of the rows into one indicator, as the engine tells it."""

    engine: Engine
    intake: Intake
    understood: Understood
    indicator: UnderstoodIndicator
    period: Period
    data_end: datetime | None
    narrowings: tuple[tuple[str, RowTerm, Wording], ...]
    shield: Shield

    def shown(self, field: str, value: object) -> object:
        """A cell as it may be shown."""
        return self.shield.show(field, value) if isinstance(value, str) else value

    def roles(self) -> dict[Aggregate, tuple[Role, ...]]:
        """The aggregates whose rows differ, and what each is to the value."""
        ratio = self.indicator.ratio
        if ratio is None:
            named = [_roles_in(self.indicator.term, Role.VALUE)]
        else:
            part = rest_of(ratio) or ratio.part
            named = [_roles_in(part, Role.PART), _roles_in(ratio.whole, Role.WHOLE)]
        found: dict[Aggregate, dict[Role, None]] = {}
        for aggregate, role in chain.from_iterable(named):
            found.setdefault(tracing(aggregate), {})[role] = None
        return {aggregate: tuple(roles) for aggregate, roles in found.items()}

    def staged(self, schema: Schema) -> StagedSource:
        return self.intake.sources[schema.source]

    def _own_demands(self, aggregate: Aggregate) -> Iterator[RowDemand]:
        """What the definition, the period and the narrowing ask of a row, in order."""
        population = aggregate.population
        schema = population.schema
        for name, condition in zip(population.names, population.conditions, strict=True):
            kind = StepKind.ROW_SET if name else StepKind.CONDITION
            title = title_of(self.understood, name)
            for each in conjuncts(condition):
                yield RowDemand(kind, say_row(each), compile_row(each), name, title)
        time = self.dated(aggregate)
        within = within_period(schema, time, (self.period,), population.stock)
        if within is not None:
            form = _BEFORE_END if population.stock else _WITHIN
            words = form.fill(moment=say_moment(schema, time), it=self.period.label)
            yield RowDemand(StepKind.PERIOD, words, within)
        for source, condition, words in self.narrowings:
            if source == schema.source:
                shown = Wording(*(cut(self.shield.text(it)) for it in (words.zh, words.en)))
                yield RowDemand(StepKind.NARROWED, shown, compile_row(condition))
        for each in conjuncts(aggregate.condition) if aggregate.condition else ():
            yield RowDemand(StepKind.CONDITION, say_row(each), compile_row(each))
        if aggregate.operand is not None:
            blank = exp.Is(this=compile_row(aggregate.operand), expression=exp.null())
            filled = exp.Case(ifs=[exp.If(this=exp.not_(blank), true=exp.true())])
            words = Wording("{what}不为空", "{what} is filled").fill(
                what=say_row(aggregate.operand)
            )
            yield RowDemand(StepKind.FILLED, words, filled)

    def demands(self, aggregate: Aggregate) -> Iterator[RowDemand]:
        """Everything a row has to fulfil to count, in order."""
        asked = list(self._own_demands(aggregate))
        yield from asked
        if aggregate.summary is Summary.TOP:
            yield from self._is_of_the_largest(aggregate, asked)

    def _is_of_the_largest(
        self, aggregate: Aggregate, asked: Sequence[RowDemand]
    ) -> Iterator[RowDemand]:
        """That a row is of the class with the most rows; of several as large, of the first."""
        operand = aggregate.operand
        assert operand is not None
        value = compile_row(operand)
        query = (
            exp.select(exp.alias_(value, "_class"), exp.alias_(exp.Count(this=exp.Star()), "_rows"))
            .from_(self.rows(aggregate).source)
            .where(*(each.predicate.copy() for each in asked))
            .group_by(exp.column("_class"))
            .order_by(exp.Ordered(this=exp.column("_rows"), desc=True), exp.column("_class"))
            .limit(1)
        )
        for largest, _ in self.engine.fetch(query):
            named = operand.field.name if isinstance(operand, FieldTerm) else ""
            shown = self.shield.show(named, largest)
            is_largest, told = (_is_text(operand, text) for text in (largest, shown))
            yield RowDemand(StepKind.LARGEST, say_row(told), compile_row(is_largest))

    def rows(self, *aggregates: Aggregate) -> DatedRows:
        """The rows of the source of some aggregates, with what they derive."""
        schema = aggregates[0].population.schema
        terms = [term for each in aggregates for term in terms_of(each)]
        terms += [term for source, term, _ in self.narrowings if source == schema.source]
        time = self.dated(aggregates[0])
        return rows_of(schema, time, (self.period,), terms, data_end=self.data_end)

    def dated(self, aggregate: Aggregate) -> str | None:
        return Demand(aggregate, self.indicator.definition.time).dated

    def traces(self) -> Iterator[Trace]:
        for aggregate, roles in self.roles().items():
            demands = list(self.demands(aggregate))
            staged = self.staged(aggregate.population.schema)
            yield Trace(
                roles=roles,
                aggregate=aggregate,
                read=sum(staged.read.values()),
                rejected=sum(staged.refused.values()),
                duplicates=sum(staged.duplicates.values()),
                steps=tuple(self._steps(aggregate, demands)),
            )

    def _steps(self, aggregate: Aggregate, demands: Sequence[RowDemand]) -> Iterator[Step]:
        if not demands:
            return
        counts: list[exp.Expr] = []
        passed: list[exp.Expr] = []
        for demand in demands:
            predicate = exp.paren(demand.predicate)
            fates = (predicate, exp.not_(predicate), exp.Is(this=predicate, expression=exp.null()))
            counts += [_count_if([*passed, fate]) for fate in fates]
            passed.append(predicate)
        (row,) = self.engine.fetch(exp.select(*counts).from_(self.rows(aggregate).source))
        for position, demand in enumerate(demands):
            kept, refused, blank = row[3 * position : 3 * position + 3]
            yield Step(
                demand.kind,
                demand.words,
                kept,
                refused,
                blank,
                demand.row_set,
                demand.row_set_title,
            )

    def predicate(self, aggregate: Aggregate) -> exp.Expr:
        """Whether a row counts: never NULL."""
        demands = [exp.paren(demand.predicate) for demand in self.demands(aggregate)]
        return _certain(exp.and_(*demands)) if demands else exp.true()

    def origins(self) -> Iterator[FieldOrigin]:
        asked: dict[tuple[str, str], tuple[Schema, Field]] = {}
        for aggregate in self.indicator.aggregates:
            schema = aggregate.population.schema
            wanted = {field.name for field in fields_of(aggregate)} | set(schema.time)
            wanted |= {self.dated(aggregate) or ""}
            for source, condition, _ in self.narrowings:
                if source == schema.source:
                    wanted |= {field.name for field in fields_in(condition)}
            for field in schema.fields:
                if field.name in wanted:
                    asked[schema.source, field.name] = (schema, field)
        for schema, field in asked.values():
            headers: dict[str, set[str | None]] = {}
            for export in self.staged(schema).exports:
                for column in export.matching.columns:
                    if column.field.name == field.name:
                        header = " + ".join(export.table.header[p] for p in column.positions)
                        headers.setdefault(header, set()).add(export.place.file)
            counted = tuple((header, len(files)) for header, files in headers.items())
            yield FieldOrigin(schema.title, field.title, counted, field.from_events)

    def plan(self) -> Plan:
        """The queries that tell the value."""
        conditions = dict[str, RowTerm]()
        for source, condition, _ in self.narrowings:
            known = conditions.get(source)
            conditions[source] = (
                condition if known is None else RowOperation("and", (known, condition), Type.FLAG)
            )
        demands = demands_of(self.indicator)
        return make_plan({TOTAL: demands}, [self.period], conditions, self.data_end)

    def statements(self) -> Iterator[str]:
        for query in self.plan().queries:
            yield self.shield.text(self.engine.spell(query.select, pretty=True))


def _roles_in(term: Term, role: Role) -> Iterator[tuple[Aggregate, Role]]:
    """Every aggregate of a term that has a role, and whether it counts there or is taken off."""
    match term:
        case Aggregate():
            yield term, role
        case Operation("-", (kept, taken)):
            yield from _roles_in(kept, role)
            yield from _roles_in(taken, role.taken_off)
        case Operation("minus", (taken,)):
            yield from _roles_in(taken, role.taken_off)
        case Operation("*" | "/", operands):
            is_negative = sum(map(_is_negative, operands)) % 2
            for operand in operands:
                yield from _roles_in(operand, role.taken_off if is_negative else role)
        case Operation(_, operands):
            for operand in operands:
                yield from _roles_in(operand, role)


def _is_negative(term: Term) -> bool:
    match term:
        case Constant(value=Fraction() as value):
            return value < 0
        case Operation("minus", (Constant(),)):
            return True
    return False


def tracing(aggregate: Aggregate) -> Aggregate:
    """What counts the rows of an aggregate: those of the largest class alone are a count of it."""
    return aggregate if aggregate.summary is Summary.TOP else aggregate.counting()


def title_of(understood: Understood, row_set: str) -> Wording:
    """What reports call a row set of the definition."""
    named = understood.definition.rows.get(row_set)
    return (named and named.name) or verbatim(row_set)


def say_moment(schema: Schema, time: str | None) -> Wording:
    """What puts the rows of a source into a period."""
    named = schema.field(time) if time else None
    moment = FieldTerm(named, Type.MOMENT) if named else moment_of_row(schema)
    assert moment is not None
    return say_row(moment)


_WITHIN = Wording("{moment}在 {it}", "{moment} in {it}")
_BEFORE_END = Wording("{moment}在 {it} 结束之前", "{moment} before the end of {it}")


def _count_if(conditions: Sequence[exp.Expr]) -> exp.Expr:
    return exp.CountIf(this=_certain(exp.and_(*conditions)))


def _certain(condition: exp.Expr) -> exp.Expr:
    return exp.Coalesce(this=exp.paren(condition), expressions=[exp.false()])
