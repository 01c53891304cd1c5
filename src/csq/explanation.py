"""Why an indicator has the value it has: every step from the exports down to the rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from sqlglot import ErrorLevel, exp

from csq.coverage import find_data_end
from csq.definition.models import Attribution, Definition, Direction, Indicator
from csq.engines.base import Engine
from csq.errors import Place, UsageError, cut
from csq.formula.compile import compile_row
from csq.formula.credit import AGENT, is_credited_to
from csq.formula.parse import parse_formula
from csq.formula.resolve import Scope
from csq.formula.syntax import CallNode, NameNode, Node, OperatorNode, Span
from csq.formula.targets import GroupValue
from csq.formula.tree import (
    Aggregate,
    Constant,
    FieldTerm,
    RowOperation,
    RowTerm,
    Type,
    aggregates_in,
    fields_in,
    fields_of,
    terms_of,
    type_of,
)
from csq.formula.understand import Understood, UnderstoodIndicator
from csq.formula.words import say_row, say_term
from csq.intake.incoming import FILE, ROW
from csq.intake.intake import Intake
from csq.intake.stage import StagedSource
from csq.intake.tables import moment_of
from csq.measure import demands_of
from csq.period import Period
from csq.plan import TOTAL, DatedRows, Demand, make_plan, rows_of, within_period
from csq.privacy import Shield
from csq.problems import SMALL_GROUP, UNKNOWN_GROUP_VALUE
from csq.protection import (
    ProgramScorecard,
    ShownScorecard,
    keep_shown,
    protect,
    protect_for_programs,
)
from csq.records.schema import Field, Schema
from csq.request import Request, asks_for_data_end, resolve_levels, resolve_where
from csq.scorecard import Score, Scorecard
from csq.wording import Wording, verbatim

TELLING = 10
"""How many rows are shown as those that say most."""


class Role(StrEnum):
    """What the rows of an aggregate are to the indicator."""

    PART = "part"
    WHOLE = "whole"
    VALUE = "value"


class StepKind(StrEnum):
    """What a row has to pass, in the order in which it is looked at."""

    ROW_SET = "row_set"
    PERIOD = "period"
    NARROWED = "narrowed"
    CONDITION = "condition"
    FILLED = "filled"


@dataclass(frozen=True, slots=True)
class Step:
    """One demand on the rows: how many fulfil it, and why the others do not.

    What came in is `kept + refused + blank`; a blank is neither yes nor no, and so not a yes.
    """

    kind: StepKind
    demand: Wording
    kept: int
    refused: int
    blank: int
    row_set: str = ""
    """The row set of the definition whose demand this is."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The way of one source's rows into one aggregate: the last step's rows are what counts.

    `read = rejected + duplicates + kept`, and `kept` goes into the first step.
    """

    roles: tuple[Role, ...]
    aggregate: Aggregate
    read: int
    rejected: int
    duplicates: int
    steps: tuple[Step, ...]

    @property
    def kept(self) -> int:
        return self.read - self.rejected - self.duplicates

    @property
    def counted(self) -> int:
        return self.steps[-1].kept if self.steps else self.kept


@dataclass(frozen=True, slots=True)
class NamedPart:
    """A measure or row set that a formula uses, as the definition writes it and in words."""

    name: str
    written: str
    words: Wording


@dataclass(frozen=True, slots=True)
class FieldOrigin:
    """A field that counts, and the headers it stood under: how many files of each."""

    source: Wording
    field: Wording
    headers: tuple[tuple[str, int], ...]
    from_events: bool = False
    """Whether it is in no column, but told by the rows of a case together."""


@dataclass(frozen=True, slots=True)
class TellingRow:
    """One row that shows where the value comes from."""

    place: Place
    key: str | None
    moment: datetime | None
    value: object


@dataclass(frozen=True, slots=True)
class Telling:
    """The rows that say most: why these, and what is shown of each."""

    reason: Wording
    key: Wording | None
    value: Wording | None
    type: Type | None
    rows: tuple[TellingRow, ...]


@dataclass(frozen=True, slots=True)
class RowBehind:
    """One row behind a value: where it stands, what it counts as, and its cells."""

    place: Place
    counts: frozenset[Role]
    cells: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class RowsBehind:
    """Every row of one source behind a value; `fields` are what the cells are."""

    title: Wording
    fields: tuple[Field, ...]
    roles: tuple[Role, ...]
    rows: tuple[RowBehind, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One score explained; people are shown as `privacy:` says."""

    scorecard: ShownScorecard
    """With this score alone."""
    for_programs: ProgramScorecard
    """The same, as JSON has it."""
    score: Score
    words: Wording
    parts: tuple[NamedPart, ...]
    origins: tuple[FieldOrigin, ...]
    traces: tuple[Trace, ...]
    telling: Telling | None
    statements: tuple[str, ...]
    """The queries in the engine's own SQL."""
    behind: tuple[RowsBehind, ...] = ()


Choice = tuple[tuple[str, str], ...]
"""The group a person asks for: fields and their values as they spell them."""


def group_request(request: Request, choice: Choice) -> Request:
    """The request with the breakdown in which the group stands."""
    return replace(request, by=(tuple(name for name, _ in choice),)) if choice else request


def find_group(understood: Understood, choice: Choice) -> tuple[tuple[str, str], ...]:
    """The chosen group by canonical fields and the spellings the data holds."""
    if not choice:
        return ()
    found = []
    for spelling, text in choice:
        ((name,),) = resolve_levels(understood, ((spelling,),))
        schema = next(s for s in understood.schemas.values() if s.field(name))
        found.append((name, understood.scope.folded(schema, name, text)))
    return tuple(found)


def _asks_for_data_end(understood: Understood, scorecard: Scorecard, score: Score) -> bool:
    narrowed = resolve_where(understood, scorecard.condition)
    return asks_for_data_end([score.measurement.indicator], narrowed)


def choose_score(scorecard: Scorecard, group: tuple[tuple[str, str], ...]) -> Score:
    """The score of the group; raises `UsageError` with the groups there are, or where it is a
    group of people too small to be shown."""
    if not group:
        return scorecard.totals[0]
    asked = dict(group)
    for score in scorecard.scores:
        values = dict(score.group)
        if values.keys() == asked.keys() and all(
            _is_value(values[name], text) for name, text in group
        ):
            if score not in keep_shown(scorecard):
                k = scorecard.shield.smallest
                raise UsageError(SMALL_GROUP.at(value=_spelt(group), k=k))
            return score
    known = [
        " × ".join("" if value is None else str(value) for _, value in score.group)
        for score in protect(scorecard).scores
        if dict(score.group).keys() == asked.keys()
    ]
    raise UsageError(UNKNOWN_GROUP_VALUE.at(value=_spelt(group), known=", ".join(known[:12])))


def _spelt(group: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{name}={text}" for name, text in group)


_YES_NO = {True: {"true", "yes", "是"}, False: {"false", "no", "否"}}


def _is_value(value: GroupValue, text: str) -> bool:
    if value is None or isinstance(value, bool):
        return text == "" if value is None else text.casefold() in _YES_NO[value]
    return str(value) == text


def explain_score(
    engine: Engine,
    intake: Intake,
    understood: Understood,
    scorecard: Scorecard,
    score: Score,
    *,
    with_rows: bool,
) -> Explanation:
    """Everything behind one score; the rows themselves only where they are asked for."""
    indicator = score.measurement.indicator
    alone = replace(scorecard, scores=(score,))
    shown = protect(alone)
    reader = _Reader(
        engine,
        intake,
        understood,
        indicator,
        scorecard.period,
        find_data_end(engine, intake) if _asks_for_data_end(understood, scorecard, score) else None,
        tuple(_narrowings(understood, scorecard, score)),
        scorecard.shield,
    )
    measurable = not score.lacking
    return Explanation(
        scorecard=shown,
        for_programs=protect_for_programs(alone),
        score=shown.scores[0],
        words=_say_formula(indicator),
        parts=tuple(_named_parts(understood, indicator.definition)),
        origins=tuple(reader.origins()) if measurable else (),
        traces=tuple(reader.traces()) if measurable else (),
        telling=reader.telling() if measurable else None,
        statements=tuple(reader.statements()) if measurable else (),
        behind=tuple(reader.behind()) if measurable and with_rows else (),
    )


# What the value is made of ------------------------------------------------------------------


def _say_formula(indicator: UnderstoodIndicator) -> Wording:
    """What the formula works out; its calendar also counts the times of its row sets."""
    words, calendar = say_term(indicator.term), indicator.definition.calendar
    if calendar is None:
        return words
    return _BY_CALENDAR.fill(words=words, calendar=calendar)


_BY_CALENDAR = Wording(
    "{words}（所有时长按「{calendar}」计，包括口径里的）",
    "{words} (all times are counted by “{calendar}”, those in its row sets too)",
)


def _named_parts(understood: Understood, indicator: Indicator) -> Iterator[NamedPart]:
    """Measures and row sets on the way from an indicator to its fields, each once."""
    definition, scope = understood.definition, understood.scope
    waiting, seen = list(_names_in(parse_formula(indicator.formula))), set[str]()
    if indicator.population is not None:
        waiting.append(NameNode(indicator.population.from_, Span(0, 0)))
    while waiting:
        node = waiting.pop(0)
        name = node.name
        if name in seen:
            continue
        seen.add(name)
        if name in definition.measures:
            written = definition.measures[name]
            waiting += _names_in(parse_formula(written))
            yield NamedPart(name, written, say_term(scope.measure(name, node.span)))
        elif name in definition.rows:
            rows = definition.rows[name]
            waiting.append(NameNode(rows.from_, node.span))
            written = rows.from_ if rows.where is None else f"{rows.from_}: {rows.where}"
            yield NamedPart(name, written, _say_row_set(definition, scope, node))


def _names_in(node: Node) -> Iterator[NameNode]:
    match node:
        case NameNode():
            yield node
        case CallNode(_, arguments):
            for argument in arguments:
                yield from _names_in(argument)
        case OperatorNode(_, operands):
            for operand in operands:
                yield from _names_in(operand)


def _say_row_set(definition: Definition, scope: Scope, node: NameNode) -> Wording:
    population = scope.population(node.name, node.span)
    rows = definition.rows[node.name]
    base = scope.population(rows.from_, node.span)
    title = base.schema.title if rows.from_ not in definition.rows else verbatim(rows.from_)
    if rows.where is None:
        return title
    return Wording("{base}中{demand}的行", "the rows of {base} in which {demand}").fill(
        base=title, demand=say_row(population.conditions[-1])
    )


@dataclass(frozen=True, slots=True)
class _Demand:
    """What a row has to fulfil at one step."""

    kind: StepKind
    words: Wording
    predicate: exp.Expr
    row_set: str = ""


def _narrowings(
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
    constant = (
        Constant(value, Type.TEXT, value)
        if isinstance(value, str)
        else Constant(Fraction(value), Type.NUMBER, str(value))
    )
    return RowOperation("=", (term, constant), Type.FLAG)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Asks the engine about the rows behind one indicator."""

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
            named = [(Role.VALUE, self.indicator.aggregates)]
        else:
            named = [
                (Role.PART, tuple(aggregates_in(ratio.part))),
                (Role.WHOLE, tuple(aggregates_in(ratio.whole))),
            ]
        found: dict[Aggregate, dict[Role, None]] = {}
        for role, aggregates in named:
            for aggregate in aggregates:
                found.setdefault(aggregate.counting(), {})[role] = None
        return {aggregate: tuple(roles) for aggregate, roles in found.items()}

    def staged(self, schema: Schema) -> StagedSource:
        return self.intake.sources[schema.source]

    def demands(self, aggregate: Aggregate) -> Iterator[_Demand]:
        """Everything a row has to fulfil to count, in order."""
        population = aggregate.population
        schema = population.schema
        for name, condition in zip(population.names, population.conditions, strict=True):
            kind = StepKind.ROW_SET if name else StepKind.CONDITION
            for each in _conjuncts(condition):
                yield _Demand(kind, say_row(each), compile_row(each), name)
        within = within_period(schema, self.dated(aggregate), (self.period,), population.stock)
        if within is not None:
            label = self.period.label
            words = _UNTIL.fill(it=label) if population.stock else verbatim(label)
            yield _Demand(StepKind.PERIOD, words, within)
        for source, condition, words in self.narrowings:
            if source == schema.source:
                shown = Wording(*(cut(self.shield.text(it)) for it in (words.zh, words.en)))
                yield _Demand(StepKind.NARROWED, shown, compile_row(condition))
        for each in _conjuncts(aggregate.condition) if aggregate.condition else ():
            yield _Demand(StepKind.CONDITION, say_row(each), compile_row(each))
        if aggregate.operand is not None:
            blank = exp.Is(this=compile_row(aggregate.operand), expression=exp.null())
            filled = exp.Case(ifs=[exp.If(this=exp.not_(blank), true=exp.true())])
            words = Wording("{what}不为空", "{what} is filled").fill(
                what=say_row(aggregate.operand)
            )
            yield _Demand(StepKind.FILLED, words, filled)

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

    def _steps(self, aggregate: Aggregate, demands: Sequence[_Demand]) -> Iterator[Step]:
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
            yield Step(demand.kind, demand.words, kept, refused, blank, demand.row_set)

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

    def statements(self) -> Iterator[str]:
        conditions = dict[str, RowTerm]()
        for source, condition, _ in self.narrowings:
            known = conditions.get(source)
            conditions[source] = (
                condition if known is None else RowOperation("and", (known, condition), Type.FLAG)
            )
        demands = demands_of(self.indicator)
        plan = make_plan(demands, [self.period], (TOTAL,), conditions, self.data_end)
        for query in plan.queries:
            yield self.shield.text(
                query.select.sql(
                    dialect=self.engine.dialect, pretty=True, unsupported_level=ErrorLevel.RAISE
                )
            )

    def behind(self) -> Iterator[RowsBehind]:
        """Every row that counts, by source, in the order of the files."""
        by_source: dict[Schema, list[tuple[Aggregate, tuple[Role, ...]]]] = {}
        for aggregate, roles in self.roles().items():
            by_source.setdefault(aggregate.population.schema, []).append((aggregate, roles))
        for schema, aggregates in by_source.items():
            fields = self._shown_fields(schema, [aggregate for aggregate, _ in aggregates])
            flags = [self.predicate(aggregate) for aggregate, _ in aggregates]
            source = self.rows(*(aggregate for aggregate, _ in aggregates)).source
            query = (
                exp.select(FILE, ROW)
                .select(*flags, *(exp.column(field.name, quoted=True) for field in fields))
                .from_(source)
                .where(exp.or_(*flags))
                .order_by(FILE, ROW)
            )
            rows = []
            for number, row, *rest in self.engine.fetch(query):
                counts = frozenset(
                    role
                    for flag, (_, roles) in zip(rest[: len(flags)], aggregates, strict=True)
                    if flag
                    for role in roles
                )
                place = replace(self.staged(schema).exports[number].place, row=row)
                cells = zip(fields, rest[len(flags) :], strict=True)
                shown = tuple(self.shown(field.name, value) for field, value in cells)
                rows.append(RowBehind(place, counts, shown))
            all_roles = {role for _, roles in aggregates for role in roles}
            ordered = tuple(role for role in Role if role in all_roles)
            yield RowsBehind(schema.title, fields, ordered, tuple(rows))

    def _shown_fields(self, schema: Schema, aggregates: Iterable[Aggregate]) -> tuple[Field, ...]:
        """The key, the time and whatever the formula and the narrowing look at."""
        wanted = {schema.key, *schema.time}
        for aggregate in aggregates:
            wanted |= {field.name for field in fields_of(aggregate)} | {self.dated(aggregate)}
        for source, condition, _ in self.narrowings:
            if source == schema.source:
                wanted |= {field.name for field in fields_in(condition)}
        return tuple(field for field in schema.fields if field.name in wanted)

    # The rows that say most -----------------------------------------------------------------

    def telling(self) -> Telling | None:
        """Rows with the most extreme values, or those that count against the target."""
        valued = next((a for a in self.indicator.aggregates if _is_valued(a)), None)
        down = self.indicator.definition.direction is not Direction.UP
        if valued is not None:
            assert valued.operand is not None
            reason = _LARGEST if down else _SMALLEST
            return self._fetch_telling(
                [valued], [self.predicate(valued)], valued.operand, reason, descending=down
            )
        roles = self.roles()
        part = next((a for a, named in roles.items() if Role.PART in named), None)
        whole = next((a for a, named in roles.items() if Role.WHOLE in named), None)
        if part is None or whole is None:
            anything = next(iter(roles), None)
            if anything is None:
                return None
            return self._fetch_telling([anything], [self.predicate(anything)], None, _LATEST)
        conditions = [
            each
            for condition in part.conditions
            if condition not in whole.conditions
            for each in _conjuncts(condition)
        ]
        comparison = next(filter(None, map(_threshold, conditions)), None)
        value, large_fulfils = comparison or (None, True)
        if down or part.population.schema is not whole.population.schema:
            return self._fetch_telling(
                [part], [self.predicate(part)], value, _COUNTED, descending=large_fulfils
            )
        wanted = [self.predicate(whole), exp.not_(self.predicate(part))]
        return self._fetch_telling(
            [whole, part], wanted, value, _NOT_COUNTED, descending=not large_fulfils
        )

    def _fetch_telling(
        self,
        chosen: Sequence[Aggregate],
        wanted: Sequence[exp.Expr],
        value: RowTerm | None,
        reason: Wording,
        *,
        descending: bool = True,
    ) -> Telling:
        """Rows of the first of the aggregates that fulfil what is wanted of all."""
        schema = chosen[0].population.schema
        moment = moment_of(schema, self.dated(chosen[0])) or exp.null()
        key = schema.field(schema.key) if schema.key else None
        shown = compile_row(value) if value is not None else exp.null()
        valued = value.field.name if isinstance(value, FieldTerm) else ""
        name = exp.column(key.name, quoted=True) if key else exp.null()
        order = [exp.Ordered(this=exp.column("_shown"), desc=descending, nulls_first=False)]
        order += [exp.Ordered(this=exp.column("_moment"), desc=True, nulls_first=False)]
        query = (
            exp.select(FILE, ROW)
            .select(exp.alias_(name, "_key"), exp.alias_(moment.copy(), "_moment"))
            .select(exp.alias_(shown, "_shown"))
            .from_(self.rows(*chosen).source)
            .where(*wanted)
            .order_by(*order, FILE, ROW)
            .limit(TELLING)
        )
        exports = self.staged(schema).exports
        rows = tuple(
            TellingRow(
                replace(exports[number].place, row=row),
                None if name is None else str(self.shown(schema.key or "", name)),
                when,
                self.shown(valued, said),
            )
            for number, row, name, when, said in self.engine.fetch(query)
        )
        said = say_row(value) if value is not None else None
        return Telling(
            reason,
            key.title if key else None,
            said,
            None if value is None else value.type,
            rows,
        )


_UNTIL = Wording("{it} 结束之前", "before the end of {it}")
_LARGEST = Wording("数值最大的行", "the rows with the largest values")
_SMALLEST = Wording("数值最小的行", "the rows with the smallest values")
_LATEST = Wording("最近的行", "the latest rows")
_COUNTED = Wording("计入分子的行", "rows that count in the part")
_NOT_COUNTED = Wording(
    "在分母里而没有计入分子的行", "rows of the whole that do not count in the part"
)


def _is_valued(aggregate: Aggregate) -> bool:
    return aggregate.operand is not None and not aggregate.summary.is_count


def _threshold(condition: RowTerm) -> tuple[RowTerm, bool] | None:
    """A value compared with a constant, and whether large values fulfil the condition."""
    match condition:
        case RowOperation("<" | "<=" | ">" | ">=" as sign, (value, Constant())):
            return value, sign in {">", ">="}
    return None


def _conjuncts(condition: RowTerm) -> Iterator[RowTerm]:
    """The parts of a condition that must all hold."""
    match condition:
        case RowOperation("and", operands):
            for operand in operands:
                yield from _conjuncts(operand)
        case _:
            yield condition


def _count_if(conditions: Sequence[exp.Expr]) -> exp.Expr:
    return exp.CountIf(this=exp.and_(*conditions))


def _certain(condition: exp.Expr) -> exp.Expr:
    return exp.Coalesce(this=exp.paren(condition), expressions=[exp.false()])
