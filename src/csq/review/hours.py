"""When the work comes: by hour and weekday, and the hours that stand out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction

from sqlglot import exp

from csq.formula.compile import compile_aggregate
from csq.formula.tree import Aggregate
from csq.formula.understand import UnderstoodIndicator
from csq.intake.staging.tables import moment_of
from csq.measure import exact_value
from csq.period import month_of
from csq.review.desk import Desk, hour_of, literal
from csq.review.facts import HourCell, Hours, Incident


def ask_hours(desk: Desk) -> Hours | None:
    """The hours of the week with their work; `None` where nothing counts tickets."""
    counted = desk.counted("tickets")
    if counted is None:
        return None
    volume, time = counted
    schema = volume.population.schema
    moment = moment_of(schema, time)
    assert moment is not None
    response = desk.response()
    asked = [volume, *(response.aggregates if response else ())]
    weekday, hour = exp.DayOfWeekIso(this=moment), hour_of(moment)
    rows = desk.engine.fetch(
        desk.select(schema, [weekday, hour, *map(compile_aggregate, asked)], time=time)
        .group_by(weekday.copy(), hour.copy())
    )  # fmt: skip
    found = {
        (day, clock): [exact_value(a, v) or Fraction(0) for a, v in zip(asked, values, strict=True)]
        for day, clock, *values in rows
    }
    complaints = _by_hour(desk, "complaints")
    none = [Fraction(0)] * len(asked)
    cells = []
    # An hour may have complaints and no ticket.
    for day, clock in {**found, **complaints}:
        count, *responses = found.get((day, clock), none)
        waited, answered = responses or (Fraction(0), Fraction(0))
        cells.append(
            HourCell(
                weekday=day,
                hour=clock,
                volume=int(count),
                waited=waited,
                answered=int(answered),
                complaints=complaints.get((day, clock), 0),
            )
        )
    day_of = exp.cast(moment, "DATE")
    dates = desk.engine.fetch(desk.select(schema, [day_of], time=time).distinct())
    days: dict[int, int] = {}
    for (each,) in dates:
        days[each.isoweekday()] = days.get(each.isoweekday(), 0) + 1
    cells = [cell for cell in cells if cell.volume or cell.complaints]
    return Hours(
        tuple(sorted(cells, key=lambda c: (c.weekday, c.hour))),
        dict(sorted(days.items())),
        tuple(_incidents(desk, volume, time, response)),
    )


def _by_hour(desk: Desk, source: str) -> dict[tuple[int, int], int]:
    counted = desk.counted(source)
    if counted is None:
        return {}
    aggregate, time = counted
    moment = moment_of(aggregate.population.schema, time)
    assert moment is not None
    weekday, hour = exp.DayOfWeekIso(this=moment), hour_of(moment)
    query = desk.select(
        aggregate.population.schema, [weekday, hour, compile_aggregate(aggregate)], time=time
    ).group_by(weekday.copy(), hour.copy())
    return {(day, clock): count for day, clock, count in desk.engine.fetch(query)}


def _incidents(
    desk: Desk, volume: Aggregate, time: str | None, response: UnderstoodIndicator | None
) -> Iterator[Incident]:
    """Days on which adjacent hours brought far more complaints than an hour with any does."""
    counted = desk.counted("complaints")
    if counted is None:
        return
    aggregate, own_time = counted
    schema = aggregate.population.schema
    moment = moment_of(schema, own_time)
    assert moment is not None
    day, hour = exp.cast(moment, "DATE"), hour_of(moment)
    query = desk.select(schema, [day, hour, compile_aggregate(aggregate)], time=own_time)
    counts = {
        (each, clock): count
        for each, clock, count in desk.engine.fetch(query.group_by(day.copy(), hour.copy()))
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
        of_month = desk.engine.fetch(
            desk.select(schema, [compile_aggregate(aggregate)], month, own_time)
        )[0][0]
        rows, mean = _response_between(desk, volume, time, response, start, end)
        yield Incident(start, end, total, of_month, mean, rows)


def _response_between(
    desk: Desk,
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
        desk.source(schema, time, desk.period)
    ).where(
        exp.and_(
            exp.GTE(this=moment, expression=literal(start)),
            exp.LT(this=moment.copy(), expression=literal(end)),
        )
    )  # fmt: skip
    exact = [exact_value(a, v) for a, v in zip(asked, desk.engine.fetch(query)[0], strict=True)]
    part, whole = (exact[1], exact[2]) if response else (None, None)
    mean = part / whole if part is not None and whole else None
    return int(exact[0] or 0), mean


def _runs(hours: set[tuple[date, int]]) -> Iterator[tuple[datetime, datetime]]:
    """Adjacent hours as spans."""
    starts = sorted(datetime(day.year, day.month, day.day, hour) for day, hour in hours)
    hour = timedelta(hours=1)
    while starts:
        first = last = starts.pop(0)
        while starts and starts[0] == last + hour:
            last = starts.pop(0)
        yield first, last + hour
