"""Working time between two moments, as query trees over a table of days.

A calendar's table has a row a day: `day`, the working microseconds `before` it, and the day's
spans `from0`, `to0`, … in microseconds from midnight (0 and 0 where there is none). The working
time up to a moment is what lies before its day and what the spans of the day hold up to then:
two joins on the day, and no loop over rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date

import pyarrow as pa
from sqlglot import exp

from csq.calendar import MOST_SPANS, WorkDay
from csq.engines.base import Engine
from csq.formula.compile import MICROSECONDS, compile_row, derived_name, select_rows
from csq.formula.tree import Constant, RowOperation


def calendar_table(name: str) -> str:
    """The table that holds a calendar of the definition; its name is never part of a query."""
    return f"calendar_{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def create_calendar(engine: Engine, name: str, days: Iterable[WorkDay]) -> None:
    """Put a calendar's days into the engine, for every `worked` term; a later call replaces it."""
    found = list(days)
    columns: dict[str, list[int] | list[date]] = {
        "day": [each.day for each in found],
        "before": [each.before * _MINUTE for each in found],
    }
    for span in range(MOST_SPANS):
        pairs = [each.spans[span] if span < len(each.spans) else (0, 0) for each in found]
        columns[f"from{span}"] = [begin * _MINUTE for begin, _ in pairs]
        columns[f"to{span}"] = [end * _MINUTE for _, end in pairs]
    kinds = {"day": pa.date32()}
    table = pa.Table.from_arrays(
        [pa.array(values, kinds.get(name, pa.int64())) for name, values in columns.items()],
        names=list(columns),
    )
    engine.put(calendar_table(name), table)


_MINUTE = 60 * MICROSECONDS


def join_calendars(source: exp.Expr, terms: Iterable[RowOperation], name: str) -> exp.Expr:
    """Rows with a column for each `worked` term, under the name of their source."""
    select = select_rows(source)
    for position, term in enumerate(terms):
        begin, end, calendar, off_hours = term.operands
        assert isinstance(calendar, Constant)
        assert isinstance(off_hours, Constant)
        moments = [compile_row(begin), compile_row(end)]
        worked = []
        for side, moment in zip(("from", "to"), moments, strict=True):
            alias = f"_{side}{position}"
            table = exp.to_table(calendar_table(calendar.text)).as_(alias)
            on = exp.EQ(this=exp.column("day", alias), expression=exp.cast(moment.copy(), "DATE"))
            select = select.join(table, on=on, join_type="left")
            worked.append(_worked_until(moment, alias))
        between = exp.Sub(this=worked[1], expression=worked[0])
        elapsed = exp.Sub(
            this=exp.UnixMicros(this=moments[1].copy()),
            expression=exp.UnixMicros(this=moments[0].copy()),
        )
        value: exp.Expr = between
        if off_hours.text != "zero":
            # What ends as it begins took no time, whether or not anybody worked.
            closed = exp.and_(
                exp.EQ(this=exp.paren(between.copy()), expression=exp.Literal.number(0)),
                exp.NEQ(this=exp.paren(elapsed.copy()), expression=exp.Literal.number(0)),
            )
            instead = elapsed if off_hours.text == "calendar" else exp.null()
            value = exp.Case(ifs=[exp.If(this=closed, true=instead)], default=between)
        select = select.select(exp.alias_(value, derived_name(term), quoted=True))
    return select.subquery(name)


def _worked_until(moment: exp.Expr, day: str) -> exp.Expr:
    """The working microseconds from the calendar's first day up to a moment.

    Blank where `before` is: for a blank moment, and for a day that the calendar lacks. Nothing
    else need keep a blank, which takes saying each part once more, and the parts lie in another.
    """
    midnight = exp.cast(exp.cast(moment.copy(), "DATE"), "TIMESTAMP")
    clock = exp.paren(
        exp.Sub(this=exp.UnixMicros(this=moment.copy()), expression=exp.UnixMicros(this=midnight))
    )
    total: exp.Expr = exp.column("before", day)
    for span in range(MOST_SPANS):
        opens, closes = exp.column(f"from{span}", day), exp.column(f"to{span}", day)
        inside = exp.Least(this=clock.copy(), expressions=[closes], ignore_nulls=True)
        passed = exp.Sub(this=inside, expression=opens)
        nothing = [exp.Literal.number(0)]
        held = exp.Greatest(this=passed, expressions=nothing, ignore_nulls=True)
        total = exp.Add(this=total, expression=held)
    return exp.paren(total)
