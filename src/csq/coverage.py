"""What time the exports cover: where the data end, which period is whole, which dates are odd."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlglot import exp

from csq.engines.base import Engine
from csq.errors import NoDataError, Problem
from csq.intake.intake import Intake
from csq.intake.staging.incoming import FILE, ROW
from csq.intake.staging.stage import StagedSource
from csq.intake.staging.tables import table_of
from csq.period import (
    WIDEST_GAP,
    Period,
    clock_changes,
    firm_until,
    latest_whole_month,
    reaches_end,
    slipped_days,
    stray_days,
    thin_days,
)
from csq.problems.run import (
    CLOCK_CHANGE,
    EMPTY_PERIOD,
    NO_ROWS,
    NO_TIMES,
    SHORT_SOURCE,
    STRAY_DATES,
    THIN_DATA_END,
)
from csq.records.schema import Field, Schema, known_schemas
from csq.request import Request, asked_period, events_of
from csq.wording import Wording, join


def choose_period(intake: Intake, request: Request) -> Period:
    """The period asked for, else the latest whole month; raises where it holds no row."""
    days = [day for source in intake.sources.values() for day in source.days_with_rows]
    if not days:
        kinds = [source.schema for source in intake.sources.values()]
        has_rows = any(receipt.read for receipt in intake.receipts(None))
        if has_rows and not any(kind.time for kind in kinds):
            raise NoDataError(NO_TIMES.at(kinds=join([kind.title for kind in kinds])))
        raise NoDataError(NO_ROWS.at())
    period = asked_period(request) or latest_whole_month(days)
    if period is None or not any(period.start <= day < period.end for day in days):
        raise NoDataError(
            EMPTY_PERIOD.at(value=period.label if period else "", first=min(days), last=max(days))
        )
    return period


def series_of(period: Period, intake: Intake, length: int) -> tuple[Period, ...]:
    """The period and those before it that the data holds from their first days on."""
    days = [day for source in intake.sources.values() for day in _days_of(source)]
    first = min(days, default=period.start) - timedelta(days=3)
    return tuple(each for each in period.series(length) if each is period or each.start >= first)


def whole_time(intake: Intake) -> Period:
    """From the first to the last day of all exports."""
    days = [day for source in intake.sources.values() for day in source.days_with_rows]
    first, last = (min(days), max(days)) if days else (date.min, date.min)
    return Period("", first, last + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class LatestEvent:
    """The latest moment that a field tells of, and the days after it of mistyped dates."""

    schema: Schema
    field: Field
    moment: datetime | None
    stray: Mapping[date, int]
    """How many rows have each such day."""


def find_data_end(engine: Engine, intake: Intake) -> datetime | None:
    """The latest moment at which anything in the exports happened, but for mistyped dates."""
    moments = [each.moment for each in latest_events(engine, intake) if each.moment is not None]
    return max(moments, default=None)


def latest_events(engine: Engine, intake: Intake) -> tuple[LatestEvent, ...]:
    """The latest moment of every field that says when something happened, but for mistyped dates.

    One row dated 2035, or in the month after all others, must not make all others look old.
    """
    return tuple(_without_slips(engine, intake, list(_without_strays(engine, intake))))


def _without_strays(engine: Engine, intake: Intake) -> Iterator[LatestEvent]:
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
                yield LatestEvent(source.schema, field, moment, {})
                continue
            found = _by_day(engine, source.schema, column)
            stray = {day for day in stray_days(known | found.keys()) if day > max(known)}
            usual = [last for day, (_, last) in found.items() if day not in stray]
            counts = {day: count for day, (count, _) in found.items() if day in stray}
            yield LatestEvent(source.schema, field, max(usual, default=None), counts)


def _without_slips(
    engine: Engine, intake: Intake, events: Sequence[LatestEvent]
) -> Iterator[LatestEvent]:
    """The latest moments, but for the few dates behind a gap that is none of the data's own."""
    usual = {name: _rows_by_day(source) for name, source in intake.sources.items()}
    firm = firm_until(sum(map(Counter, usual.values()), Counter[date]()))
    ends = {n: e.moment for n, e in enumerate(events) if e.moment is not None}
    if firm is None or max(ends.values(), default=datetime.min).date() <= firm:
        yield from events
        return
    found = _after(engine, events, firm)
    late: dict[str, dict[date, int]] = {}
    for number, by_day in found.items():
        rows = late.setdefault(events[number].schema.source, {})
        for day, (count, _) in by_day.items():
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


def _after(
    engine: Engine, events: Sequence[LatestEvent], firm: date
) -> dict[int, dict[date, tuple[int, datetime]]]:
    """The rows by day of each event that goes on after a day, by its number."""
    found: dict[int, dict[date, tuple[int, datetime]]] = {}
    for number, event in enumerate(events):
        if event.moment is not None and event.moment.date() > firm:
            column = exp.column(event.field.name, quoted=True)
            later = exp.GTE(this=column.copy(), expression=_midnight_after(firm))
            by_day = _by_day(engine, event.schema, column, later)
            found[number] = {day: n for day, n in by_day.items() if day not in event.stray}
    return found


def thin_end(engine: Engine, intake: Intake, events: Sequence[LatestEvent]) -> Iterator[Problem]:
    """Whether a few rows after a gap are all that the end of the data rests on, and which it is."""
    usual = {name: _rows_by_day(source) for name, source in intake.sources.items()}
    end = max((e.moment for e in events if e.moment is not None), default=None)
    last = next((event for event in events if end is not None and event.moment == end), None)
    firm = firm_until(sum(map(Counter, usual.values()), Counter[date]()))
    if last is None or last.moment is None or firm is None or last.moment.date() <= firm:
        return
    late: Counter[date] = Counter()
    for by_day in _after(engine, events, firm).values():
        for day, (count, _) in by_day.items():
            late[day] = max(late[day], count)
    before = {d: n for d, n in usual[last.schema.source].items() if d <= firm}
    reached, *days = thin_days(before, late, firm) or (firm,)
    if not days:
        return
    column = exp.column(last.field.name, quoted=True)
    query = exp.select(FILE, ROW).from_(table_of(last.schema))
    query = query.where(column.eq(_timestamp(last.moment)))
    ((number, row),) = engine.fetch(query.order_by(FILE, ROW).limit(1))
    place = replace(intake.sources[last.schema.source].exports[number].place, row=row)
    yield THIN_DATA_END.at(
        place,
        value=f"{last.moment:%Y-%m-%d %H:%M}",
        source=_FIELD_OF.fill(source=last.schema.title, field=last.field.title),
        rows=sum(late[day] for day in days),
        gap=(days[0] - reached).days - 1,
    )


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


def _days_of(source: StagedSource) -> frozenset[date]:
    """The days with rows, but for mistyped dates."""
    days = source.days_with_rows
    return days - stray_days(days)


def _midnight_of(day: date) -> exp.Expr:
    return exp.cast(exp.Literal.string(day.isoformat()), "TIMESTAMP")


def _midnight_after(day: date) -> exp.Expr:
    return _midnight_of(day + timedelta(days=1))


def stray_dates(
    engine: Engine,
    intake: Intake,
    events: Iterable[LatestEvent],
    asked: Mapping[str, Collection[str]],
) -> Iterator[Problem]:
    """Sources in which some rows have a date far from all others.

    `asked` are the times that formulas read, by source: 2099-12-31 for “not yet” in one of them
    makes means of decades.
    """
    told: dict[str, frozenset[date]] = {}
    for name, source in intake.sources.items():
        told[name] = stray_days(source.days_with_rows)
        count = sum(rows for (_, day), rows in source.days.items() if day in told[name])
        if count:
            yield _tell_stray(source.schema.title, told[name], count)
    odd = {(e.schema.source, e.field.name): (e.schema, e.field, e.stray) for e in events}
    for name, source in intake.sources.items():
        for field, far in _far_dates(engine, intake, source, asked.get(name, ())):
            _, _, late = odd.get((name, field.name), (source.schema, field, {}))
            odd[name, field.name] = (source.schema, field, {**far, **late})
    for schema, field, days in odd.values():
        known = told.get(schema.source, days)
        is_told = field.name in schema.time
        stray = {d: n for d, n in days.items() if not is_told or d not in known}
        if stray:
            title = _FIELD_OF.fill(source=schema.title, field=field.title)
            yield _tell_stray(title, stray, sum(stray.values()))


def _far_dates(
    engine: Engine, intake: Intake, source: StagedSource, names: Collection[str]
) -> Iterator[tuple[Field, Mapping[date, int]]]:
    """Of some times of a source the days that are far from all days with rows, and their rows.

    Of what csq knows as an event only: a field of the user's own may be a birthday.
    """
    schema = source.schema
    own = known_schemas()[schema.source]
    known = frozenset[date]().union(*map(_days_of, intake.sources.values()))
    fields = [
        field
        for field in events_of(schema)
        if field.name in names and field.name in source.stored and own.field(field.name)
    ]
    if not (schema.time and known and fields):
        return
    columns = [exp.column(field.name, quoted=True) for field in fields]
    ends = [
        end for column in columns for end in (exp.Min(this=column), exp.Max(this=column.copy()))
    ]
    (row,) = engine.fetch(exp.select(*ends).from_(table_of(schema)))
    for field, column, first, last in zip(fields, columns, row[::2], row[1::2], strict=True):
        if first is None or (
            min(known) - first.date() <= WIDEST_GAP and last.date() - max(known) <= WIDEST_GAP
        ):
            continue
        by_day = _by_day(engine, schema, column.copy())
        stray = stray_days(known | by_day.keys()) - known
        yield field, {day: count for day, (count, _) in by_day.items() if day in stray}


def clock_change_rows(
    engine: Engine,
    intake: Intake,
    period: Period,
    zone: str,
    asked: Mapping[str, Collection[str]],
) -> Iterator[Problem]:
    """Sources with rows in the period whose times lie on both sides of a change of the clocks.

    `asked` are the times that formulas read, by source; between two of them an hour of the clock is
    no hour that passed.
    """
    changes = clock_changes(zone, period.start - WIDEST_GAP, period.end + WIDEST_GAP)
    for name, source in intake.sources.items() if changes else ():
        times = [
            exp.column(field.name, quoted=True)
            for field in events_of(source.schema)
            if field.name in asked.get(name, ()) and field.name in source.stored
        ]
        if len(times) < 2:
            continue
        first = exp.Least(this=times[0], expressions=times[1:])
        last = exp.Greatest(this=times[0].copy(), expressions=[each.copy() for each in times[1:]])
        in_period = exp.and_(
            exp.LT(this=first.copy(), expression=_midnight_of(period.end)),
            exp.GTE(this=last.copy(), expression=_midnight_of(period.start)),
            first.neq(last),
        )
        rows = exp.select(exp.Count(this=exp.Star())).from_(table_of(source.schema))
        for start, end in changes:
            over = exp.and_(
                exp.LT(this=first.copy(), expression=_timestamp(end)),
                exp.GTE(this=last.copy(), expression=_timestamp(start)),
            )
            ((count,),) = engine.fetch(rows.where(in_period.copy(), over))
            if count:
                yield CLOCK_CHANGE.at(
                    source=source.schema.title, count=count, value=f"{start:%Y-%m-%d}", zone=zone
                )


def _timestamp(moment: datetime) -> exp.Expr:
    return exp.cast(exp.Literal.string(moment.isoformat(" ")), "TIMESTAMP")


def _tell_stray(title: Wording, days: Iterable[date], count: int) -> Problem:
    value = ", ".join(day.isoformat() for day in sorted(days)[:_STRAY_SHOWN])
    return STRAY_DATES.at(source=title, count=count, value=value)


_FIELD_OF = Wording("{source}的「{field}」", "“{field}” of {source}")


_STRAY_SHOWN = 3


def reaches_over(intake: Intake, sources: Collection[str], period: Period) -> bool:
    """Whether the rows of some sources begin and end about where a period does.

    What a period lacks at both its ends is up to a week, and up to a third of it.
    """
    days = [day for name in sources for day in _days_of(intake.sources[name])]
    if not days:
        return not any(intake.sources[name].schema.time for name in sources)
    least = min(timedelta(days=7), (period.end - period.start) / 3)
    return min(days) - period.start <= least and period.last_day - max(days) <= least


def short_sources(asked: Intake, intake: Intake, period: Period) -> Iterator[Problem]:
    """Sources whose rows end well before the period does, while another source's do not."""
    latest = max((day for each in intake.sources.values() for day in _days_of(each)), default=None)
    for source in asked.sources.values():
        days = _days_of(source)
        if not days or latest is None or reaches_end(period, days):
            continue
        if latest - max(days) > timedelta(days=7):
            yield SHORT_SOURCE.at(source=source.schema.title, value=max(days).isoformat())
