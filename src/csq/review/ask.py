"""The questions a review puts to the engine, beyond those of the scorecard.

Whatever is counted is counted over the row sets of the definition's own indicators, so that a
heat map or a share table never disagrees with the scorecard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from sqlglot import exp

from csq.definition.models import Direction
from csq.engines.base import Engine
from csq.errors import NoDataError
from csq.formula.compile import MICROSECONDS, compile_aggregate, compile_row
from csq.formula.excel import COLUMNS
from csq.formula.tree import (
    Aggregate,
    FieldTerm,
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
from csq.intake.incoming import FILE, ROW
from csq.intake.intake import Intake
from csq.intake.tables import moment_of, table_of
from csq.measure import exact_value
from csq.period import Period, month_of
from csq.plan import Demand, rows_of
from csq.privacy import Shield
from csq.protection import protect
from csq.records.reading import FieldType
from csq.records.schema import Schema
from csq.review.facts import (
    Comment,
    Data,
    HourCell,
    Hours,
    Improvement,
    Incident,
    MissedRow,
    Misses,
    Rating,
    Review,
    Shares,
    Stage,
    Trend,
    Value,
    find_effect,
)
from csq.scorecard import Score, Verdict
from csq.scoring import (
    Request,
    asks_for_data_end,
    find_data_end,
    needed_fields,
    resolve_where,
    score_intake,
)

LEVELS = ("channel", "problem_type", "customer_type", "team", "agent_id")
"""What a review breaks down by, as far as the exports carry it."""

LABELS = ("channel", "problem_type", "product", "team", "agent_id")
"""What a row behind a miss is described by."""

_SHARED = (("tickets", "problem_type"), ("complaints", "cause"))
_STAGES = ("created_at", "assigned_at", "first_response_at", "resolved_at", "closed_at")
_LOW_RATING = 2
_MOST_COMMENTS = 60
_MOST_MISSED = 100
_TREND_LENGTH = 13


def review_fields(understood: Understood, request: Request) -> dict[str, frozenset[str]]:
    """The fields each source must keep for a review."""
    needed = {source: set(names) for source, names in needed_fields(understood, request).items()}
    for source, schema in understood.schemas.items():
        wanted = {*LEVELS, *LABELS, "comment", "csat", *_STAGES}
        wanted |= {field for name, field in _SHARED if name == source}
        wanted |= {field.name for field in schema.fields if source == "improvements"}
        wanted |= {field.name for field in schema.fields if field.name.startswith("d_")}
        needed[source] |= {field.name for field in schema.fields if field.name in wanted}
    return {source: frozenset(names) for source, names in needed.items()}


def review_intake(
    engine: Engine, intake: Intake, understood: Understood, request: Request, shield: Shield
) -> Review:
    """Everything a review shows, from the typed tables."""
    levels = request.by or tuple((name,) for name in LEVELS if _carried(intake, name))
    found = score_intake(engine, intake, understood, replace(request, by=levels))
    scorecard = protect(replace(found, shield=shield))
    days = {day for staged in intake.sources.values() for day in staged.days_with_rows}
    conditions = resolve_where(understood, request.where)
    # Only where it is asked for are all the times kept by which it is known.
    has_end = asks_for_data_end(understood.indicators, conditions)
    desk = _Desk(
        engine,
        intake,
        understood,
        scorecard.period,
        conditions,
        find_data_end(engine, intake) if has_end else None,
    )
    trend = _ask_trend(engine, intake, understood, request, scorecard.period, days)
    return Review(
        understood=understood,
        scorecard=scorecard,
        trend=trend,
        hours=desk.hours(),
        shares=tuple(desk.shares()),
        stages=tuple(desk.stages()),
        ratings=tuple(desk.ratings()),
        comments=tuple(desk.comments()),
        improvements=tuple(desk.improvements(trend)),
        misses={
            score.indicator.id: rows
            for score in scorecard.totals
            if score.verdict is Verdict.MISSED and (rows := desk.misses(score)) is not None
        },
        data=tuple(desk.data()),
        shield=shield,
        days=frozenset(days),
        data_end=desk.data_end,
    )


def _carried(intake: Intake, name: str) -> bool:
    return any(name in source.fields for source in intake.sources.values())


def _ask_trend(
    engine: Engine,
    intake: Intake,
    understood: Understood,
    request: Request,
    period: Period,
    days: Set[date],
) -> Trend:
    """Month by month where the period is made of months, else period by period."""
    last = period
    if period.months:
        last_day = min(max(days), period.last_day)
        last = month_of(max(last_day, period.start))
    asked = replace(request, period=last.label, by=(), trend_length=_TREND_LENGTH)
    try:
        scorecard = score_intake(engine, intake, understood, asked)
    except NoDataError:
        return Trend((), {})
    scores = {score.indicator.id: score for score in scorecard.totals if not score.lacking}
    length = max((len(score.trend) for score in scores.values()), default=0)
    return Trend(last.series(length) if length else (), scores, scorecard.complete)


@dataclass(frozen=True, slots=True)
class _Desk:
    """One period's questions to the engine."""

    engine: Engine
    intake: Intake
    understood: Understood
    period: Period
    conditions: Mapping[str, RowTerm]
    data_end: datetime | None

    # What stands in the exports ---------------------------------------------------------------

    def schema(self, source: str) -> Schema | None:
        staged = self.intake.sources.get(source)
        return staged.schema if staged else None

    def carries(self, schema: Schema, *names: str) -> bool:
        staged = self.intake.sources.get(schema.source)
        return staged is not None and set(names) <= staged.fields

    def measurable(self) -> Iterator[UnderstoodIndicator]:
        """The indicators whose sources and fields the exports have, those assumed included."""
        for indicator in self.understood.indicators:
            if all(
                a.population.schema.source in self.intake.sources
                and all(
                    field.column.assumed or self.carries(a.population.schema, field.name)
                    for field in fields_of(a)
                )
                for a in indicator.aggregates
            ):
                yield indicator

    def counted(self, source: str) -> tuple[Aggregate, str | None] | None:
        """How the definition counts the rows of a source: by its widest row set."""
        found = [
            (aggregate, Demand(aggregate, indicator.definition.time).dated)
            for indicator in self.measurable()
            for aggregate in indicator.aggregates
            if aggregate.summary is Summary.COUNT
            and aggregate.operand is None
            and aggregate.condition is None
            and not aggregate.population.stock
            and aggregate.population.schema.source == source
        ]
        return min(found, key=lambda each: len(each[0].population.conditions), default=None)

    def response(self) -> UnderstoodIndicator | None:
        """The indicator that is the mean time to the first response."""
        for indicator in self.measurable():
            ratio = indicator.ratio
            part = ratio.part if ratio else None
            if (
                isinstance(part, Aggregate)
                and part.summary is Summary.SUM
                and part.type is Type.DURATION
                and part.condition is None
                and part.operand is not None
                and {field.name for field in fields_in(part.operand)}
                == {"first_response_at", "created_at"}
            ):
                return indicator
        return None

    # How a question is put --------------------------------------------------------------------

    def select(
        self,
        schema: Schema,
        columns: Sequence[exp.Expr],
        period: Period | None = None,
        time: str | None = None,
    ) -> exp.Select:
        """Columns of the rows that a period (the review's own) holds and `--where` lets through."""
        within = period or self.period
        select = exp.select(*columns).from_(self.source(schema, time, within))
        moment = moment_of(schema, time)
        if moment is not None:
            select = select.where(_in_period(moment, within))
        condition = self.conditions.get(schema.source)
        return select.where(compile_row(condition)) if condition is not None else select

    def source(self, schema: Schema, time: str | None, period: Period) -> exp.Expr:
        """A source with everything that the indicators derive of its rows."""
        terms = [
            term
            for indicator in self.measurable()
            for aggregate in indicator.aggregates
            if aggregate.population.schema is schema
            for term in terms_of(aggregate)
        ]
        condition = self.conditions.get(schema.source)
        terms += [condition] if condition is not None else []
        return rows_of(schema, time, (period,), terms, data_end=self.data_end).source

    # When the work comes ----------------------------------------------------------------------

    def hours(self) -> Hours | None:
        counted = self.counted("tickets")
        if counted is None:
            return None
        volume, time = counted
        schema = volume.population.schema
        moment = moment_of(schema, time)
        assert moment is not None
        response = self.response()
        asked = [volume, *(response.aggregates if response else ())]
        weekday, hour = exp.DayOfWeekIso(this=moment), _hour(moment)
        rows = self.engine.fetch(
            self.select(schema, [weekday, hour, *map(compile_aggregate, asked)], time=time)
            .group_by(weekday.copy(), hour.copy())
        )  # fmt: skip
        complaints = self._by_hour("complaints")
        cells = []
        for day, clock, *values in rows:
            exact = [exact_value(a, v) for a, v in zip(asked, values, strict=True)]
            part, whole = (exact[1], exact[2]) if response else (None, None)
            cells.append(
                HourCell(
                    weekday=day,
                    hour=clock,
                    volume=int(exact[0] or 0),
                    response=part / whole if part is not None and whole else None,
                    complaints=complaints.get((day, clock), 0),
                )
            )
        day_of = exp.cast(moment, "DATE")
        dates = self.engine.fetch(self.select(schema, [day_of], time=time).distinct())
        days: dict[int, int] = {}
        for (each,) in dates:
            days[each.isoweekday()] = days.get(each.isoweekday(), 0) + 1
        cells = [cell for cell in cells if cell.volume or cell.complaints]
        return Hours(
            tuple(sorted(cells, key=lambda c: (c.weekday, c.hour))),
            dict(sorted(days.items())),
            tuple(self._incidents(volume, time, response)),
        )

    def _by_hour(self, source: str) -> dict[tuple[int, int], int]:
        counted = self.counted(source)
        if counted is None:
            return {}
        aggregate, time = counted
        moment = moment_of(aggregate.population.schema, time)
        assert moment is not None
        weekday, hour = exp.DayOfWeekIso(this=moment), _hour(moment)
        query = self.select(
            aggregate.population.schema, [weekday, hour, compile_aggregate(aggregate)], time=time
        ).group_by(weekday.copy(), hour.copy())
        return {(day, clock): count for day, clock, count in self.engine.fetch(query)}

    def _incidents(
        self, volume: Aggregate, time: str | None, response: UnderstoodIndicator | None
    ) -> Iterator[Incident]:
        """Days on which adjacent hours brought far more complaints than an hour with any does."""
        counted = self.counted("complaints")
        if counted is None:
            return
        aggregate, own_time = counted
        schema = aggregate.population.schema
        moment = moment_of(schema, own_time)
        assert moment is not None
        day, hour = exp.cast(moment, "DATE"), _hour(moment)
        query = self.select(schema, [day, hour, compile_aggregate(aggregate)], time=own_time)
        counts = {
            (each, clock): count
            for each, clock, count in self.engine.fetch(query.group_by(day.copy(), hour.copy()))
            if count
        }
        if not counts:
            return
        usual = Fraction(sum(counts.values()), len(counts))
        # Complaints by the hour are roughly Poisson; four deviations above what an hour with
        # complaints has, and never fewer than five, is no chance.
        loud = {
            at for at, count in counts.items() if count >= 5 and (count - usual) ** 2 > 16 * usual
            and count > usual
        }  # fmt: skip
        for start, end in _runs(loud):
            total = sum(
                count for (each, clock), count in counts.items()
                if start <= datetime(each.year, each.month, each.day, clock) < end
            )  # fmt: skip
            month = month_of(start.date())
            of_month = self.engine.fetch(
                self.select(schema, [compile_aggregate(aggregate)], month, own_time)
            )[0][0]
            rows, mean = self._response_between(volume, time, response, start, end)
            yield Incident(start, end, total, of_month, mean, rows)

    def _response_between(
        self,
        volume: Aggregate,
        time: str | None,
        response: UnderstoodIndicator | None,
        start: datetime,
        end: datetime,
    ) -> tuple[int, Fraction | None]:
        schema = volume.population.schema
        moment = moment_of(schema, time)
        assert moment is not None
        asked = [volume, *(response.aggregates if response else ())]
        query = exp.select(*map(compile_aggregate, asked)).from_(
            self.source(schema, time, self.period)
        ).where(
            exp.and_(
                exp.GTE(this=moment, expression=_literal(start)),
                exp.LT(this=moment.copy(), expression=_literal(end)),
            )
        )  # fmt: skip
        exact = [exact_value(a, v) for a, v in zip(asked, self.engine.fetch(query)[0], strict=True)]
        part, whole = (exact[1], exact[2]) if response else (None, None)
        mean = part / whole if part is not None and whole else None
        return int(exact[0] or 0), mean

    # How rows spread --------------------------------------------------------------------------

    def shares(self) -> Iterator[Shares]:
        for source, name in _SHARED:
            counted = self.counted(source)
            schema = self.schema(source)
            if counted is None or schema is None or not self.carries(schema, name):
                continue
            field = schema.field(name)
            assert field is not None
            counts = self._spread(*counted, name, self.period)
            before = dict(self._spread(*counted, name, self.period.previous()))
            if counts:
                yield Shares(schema, field, counts, before)

    def _spread(
        self, aggregate: Aggregate, time: str | None, name: str, period: Period
    ) -> tuple[tuple[str | None, int], ...]:
        column = exp.column(name, quoted=True)
        query = self.select(
            aggregate.population.schema, [column, compile_aggregate(aggregate)], period, time
        ).group_by(column.copy())
        rows = [(value, count) for value, count in self.engine.fetch(query) if count]
        return tuple(sorted(rows, key=lambda row: (-row[1], row[0] is None, row[0] or "")))

    # The stages of a ticket -------------------------------------------------------------------

    def stages(self) -> Iterator[Stage]:
        """The time from each moment that the exports carry to the next one."""
        counted, schema = self.counted("tickets"), self.schema("tickets")
        if counted is None or schema is None:
            return
        names = [name for name in _STAGES if self.carries(schema, name)]
        moments = [field for name in names if (field := schema.field(name))]
        pairs = list(pairwise(moments))
        if len(moments) > 2:
            pairs.append((moments[0], moments[-1]))
        for start, end in pairs:
            span = RowOperation(
                "-", (FieldTerm(end, Type.MOMENT), FieldTerm(start, Type.MOMENT)), Type.DURATION
            )
            own = replace(counted[0], type=Type.DURATION, operand=span)
            asked = [
                own.counting(),
                replace(own, summary=Summary.SUM),
                replace(own, summary=Summary.PERCENTILE, quantile=Fraction(1, 2)),
                replace(own, summary=Summary.PERCENTILE, quantile=Fraction(9, 10)),
            ]
            query = self.select(schema, [*map(compile_aggregate, asked)], time=counted[1])
            n, total, median, p90 = (
                exact_value(a, v) for a, v in zip(asked, self.engine.fetch(query)[0], strict=True)
            )
            mean = total / n if total is not None and n else None
            if n:
                yield Stage(start, end, int(n), mean, median, p90)

    # What customers say -----------------------------------------------------------------------

    def ratings(self) -> Iterator[Rating]:
        schema = self.schema("surveys")
        if schema is None:
            return
        fields = [
            f for f in schema.fields if f.name.startswith("d_") and self.carries(schema, f.name)
        ]
        for field in fields:
            column = exp.column(field.name, quoted=True)
            asked = [exp.Count(this=column), exp.Sum(this=column.copy())]
            n, total = self.engine.fetch(self.select(schema, asked))[0]
            (before_n, before) = self.engine.fetch(
                self.select(schema, [each.copy() for each in asked], self.period.previous())
            )[0]
            yield Rating(
                field,
                n,
                Fraction(total) / n if n else None,
                Fraction(before) / before_n if before_n else None,
            )

    def comments(self) -> Iterator[Comment]:
        """The lowest ratings with a comment, the worst first, then the latest."""
        schema = self.schema("surveys")
        if schema is None or schema.key is None or not self.carries(schema, "csat", "comment"):
            return
        csat, comment = exp.column("csat", quoted=True), exp.column("comment", quoted=True)
        labels = [
            exp.column(name, quoted=True) if self.carries(schema, name) else exp.null()
            for name in ("channel", "problem_type")
        ]
        key = exp.column(schema.key, quoted=True)
        moment = moment_of(schema)
        query = (
            self.select(schema, [key, *labels, csat, comment])
            .where(exp.LTE(this=csat.copy(), expression=exp.Literal.number(_LOW_RATING)))
            .where(exp.NEQ(this=comment.copy(), expression=exp.Literal.string("")))
            .order_by(csat.copy(), exp.Ordered(this=moment, desc=True), exp.column(ROW))
            .limit(_MOST_COMMENTS)
        )
        for name, channel, problem_type, rating, text in self.engine.fetch(query):
            yield Comment(str(name), channel, problem_type, Fraction(rating), text)

    # What was done about it -------------------------------------------------------------------

    def improvements(self, trend: Trend) -> Iterator[Improvement]:
        """The items of the plan that were not done before the period, in the order of the plan."""
        schema = self.schema("improvements")
        if schema is None:
            return
        texts = [f.name for f in schema.fields if f.type is FieldType.TEXT and f.name != schema.key]
        done = exp.column("done_at", quoted=True)
        started = exp.GTE(this=done.copy(), expression=_literal(self.period.start))
        query = (
            exp.select(*(exp.column(n, quoted=True) for n in ("item_id", "planned_at")), done)
            .select(*(exp.column(name, quoted=True) for name in texts))
            .from_(table_of(schema))
            .where(exp.or_(exp.Is(this=done.copy(), expression=exp.null()), started))
            .order_by(exp.column("planned_at", quoted=True), exp.column(FILE), exp.column(ROW))
        )
        for key, planned_at, done_at, *values in self.engine.fetch(query):
            told = dict(zip(texts, values, strict=True))
            effect = find_effect(told["indicator"], done_at, trend)
            yield Improvement(key, planned_at, done_at, told, effect)

    # The rows behind a miss -------------------------------------------------------------------

    def misses(self, score: Score) -> Misses | None:
        """The rows that keep an indicator from its target; `None` where no rows do."""
        indicator = score.measurement.indicator
        ratio = indicator.ratio
        if ratio is None:
            return None
        part, whole = ratio.part, ratio.whole
        if not isinstance(part, Aggregate) or not isinstance(whole, Aggregate):
            return None
        if part.population.schema is not whole.population.schema or whole.population.stock:
            return None
        schema = whole.population.schema
        time = Demand(whole, indicator.definition.time).dated
        fulfilled = _holds(part)
        if part.summary is Summary.COUNT:
            rises = indicator.definition.direction is Direction.UP
            against = [_holds(whole), exp.not_(exp.paren(fulfilled))] if rises else [fulfilled]
            order: list[exp.Expr] = []
        elif part.summary is Summary.SUM and part.operand is not None:
            against, rises = [fulfilled], indicator.definition.direction is Direction.UP
            amount = compile_row(part.operand)
            order = [exp.Ordered(this=amount, desc=not rises, nulls_first=False)]
        else:
            return None
        condition = exp.and_(*against)
        count = self.engine.fetch(
            self.select(schema, [exp.Count(this=exp.Star())], time=time).where(condition)
        )[0][0]
        staged = self.intake.sources[schema.source]
        fields = [
            field
            for field in schema.fields
            if field in fields_of(part) | fields_of(whole)
            and field.name in staged.fields
            and field.name not in {*LABELS, schema.key}
        ]
        labels = [
            exp.column(name, quoted=True) if self.carries(schema, name) else exp.null()
            for name in LABELS
        ]
        columns = [
            exp.column(FILE),
            exp.column(ROW),
            exp.column(schema.key, quoted=True) if schema.key else exp.null(),
            moment_of(schema, time) or exp.null(),
            compile_row(part.operand) if part.operand else exp.null(),
            *labels,
            *(exp.column(field.name, quoted=True) for field in fields),
        ]
        query = self.select(schema, columns, time=time).where(condition.copy())
        query = query.order_by(*order, exp.column(FILE), exp.column(ROW)).limit(_MOST_MISSED)
        rows = []
        for file, row, key, moment, amount_value, *rest in self.engine.fetch(query):
            rows.append(
                MissedRow(
                    key="" if key is None else str(key),
                    moment=moment,
                    labels=tuple(rest[: len(LABELS)]),
                    amount=exact_value(part, amount_value) if part.operand else None,
                    evidence=tuple(
                        (field, _value(field.type is FieldType.DURATION, value))
                        for field, value in zip(fields, rest[len(LABELS) :], strict=True)
                    ),
                    file=staged.exports[file].place.file or "",
                    row=row,
                )
            )
        return Misses(count, tuple(rows))

    # The rows that the numbers stand on -------------------------------------------------------

    def data(self) -> Iterator[Data]:
        """The rows of every source, with the fields that the indicators read."""
        for staged in self.intake.sources.values():
            schema = staged.schema
            used = [i for i in self.measurable() if self._reads(i, schema)]
            if not used:
                continue
            names = {f.name for i in used for a in i.aggregates for f in fields_of(a)
                     if a.population.schema is schema}  # fmt: skip
            times = {time for i in used for a in i.aggregates if a.population.schema is schema
                     if (time := Demand(a, i.definition.time).dated)}  # fmt: skip
            names |= times | {n for n in LABELS if self.carries(schema, n)}
            names |= {schema.key} if schema.key else set()
            fields = tuple(field for field in schema.fields if field.name in names)
            asked = [a for i in used for a in i.aggregates if a.population.schema is schema]
            derived = tuple(
                dict.fromkeys(
                    each
                    for aggregate in asked
                    for term in terms_of(aggregate)
                    for each in derived_in(term)
                    if each.name in COLUMNS
                )
            )
            stocks = dict.fromkeys(a.population for a in asked if a.population.stock)
            select = self._dated(schema, times, stocks)
            count = self.engine.fetch(select([exp.Count(this=exp.Star())]))[0][0]
            rows: list[tuple[Value, ...]] = []
            if count:
                own = moment_of(schema)
                columns = [
                    exp.column(FILE),
                    exp.column(ROW),
                    own if own is not None else exp.null(),
                    *(exp.column(field.name, quoted=True) for field in fields),
                    *map(compile_row, derived),
                ]
                query = select(columns).order_by(exp.column(FILE), exp.column(ROW))
                timed = [field.type is FieldType.DURATION for field in fields]
                timed += [term.type is Type.DURATION for term in derived]
                for file, row, moment, *values in self.engine.fetch(query):
                    cells = map(_value, timed, values)
                    rows.append((staged.exports[file].place.file or "", row, moment, *cells))
            yield Data(schema, fields, derived, count, bool(times or stocks), rows)

    def _reads(self, indicator: UnderstoodIndicator, schema: Schema) -> bool:
        return any(a.population.schema is schema for a in indicator.aggregates)

    def _dated(
        self, schema: Schema, times: Iterable[str], stocks: Iterable[Population]
    ) -> Callable[[Sequence[exp.Expr]], exp.Select]:
        """Selects the rows that any of the times puts into the period, or a stock still holds."""
        moments = [m for t in (None, *sorted(times)) if (m := moment_of(schema, t)) is not None]
        held = [_in_period(moment, self.period) for moment in moments]
        for stock in stocks:
            moment = moment_of(schema, stock.time)
            if moment is not None:
                ended = exp.LT(this=moment, expression=_literal(self.period.end))
                held.append(exp.and_(ended, *map(compile_row, stock.conditions)))
        condition = self.conditions.get(schema.source)
        source = self.source(schema, None, self.period)

        def select(columns: Sequence[exp.Expr]) -> exp.Select:
            query = exp.select(*columns).from_(source.copy())
            if held:
                query = query.where(exp.or_(*(each.copy() for each in held)))
            return query.where(compile_row(condition)) if condition is not None else query

        return select


def _hour(moment: exp.Expr) -> exp.Expr:
    return exp.Extract(this=exp.var("HOUR"), expression=moment.copy())


def _literal(moment: date | datetime) -> exp.Expr:
    return exp.cast(exp.Literal.string(moment.isoformat()), "TIMESTAMP")


def _in_period(moment: exp.Expr, period: Period) -> exp.Expr:
    return exp.and_(
        exp.GTE(this=moment.copy(), expression=_literal(period.start)),
        exp.LT(this=moment.copy(), expression=_literal(period.end)),
    )


def _holds(aggregate: Aggregate) -> exp.Expr:
    """Whether a row is among those an aggregate counts; never blank."""
    conditions: list[exp.Expr] = [compile_row(each) for each in aggregate.conditions]
    if aggregate.operand is not None:
        conditions.append(compile_row(aggregate.operand).is_(exp.null()).not_())
    if not conditions:
        return exp.true()
    return exp.Coalesce(this=exp.and_(*conditions), expressions=[exp.false()])


def _runs(hours: set[tuple[date, int]]) -> Iterator[tuple[datetime, datetime]]:
    """Adjacent hours as spans."""
    starts = sorted(datetime(day.year, day.month, day.day, hour) for day, hour in hours)
    hour = timedelta(hours=1)
    while starts:
        first = last = starts.pop(0)
        while starts and starts[0] == last + hour:
            last = starts.pop(0)
        yield first, last + hour


def _value(is_duration: bool, value: object) -> Value:
    """What the engine holds as csq means it: a duration in seconds."""
    if isinstance(value, int) and not isinstance(value, bool):
        if not is_duration:
            return value
        seconds, rest = divmod(value, MICROSECONDS)
        return Fraction(value, MICROSECONDS) if rest else seconds
    if value is None or isinstance(value, bool | str | datetime):
        return value
    assert isinstance(value, Decimal), value
    return Fraction(value)
