"""The calendars by which a run counts working time, over all days that it may ask about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from sqlglot import exp

from csq.engines.base import Engine
from csq.errors import DefinitionError, Problem
from csq.formula.compile import compile_row
from csq.formula.tree import Constant, RowOperation, RowTerm, Type, fields_in
from csq.formula.understand import Understood
from csq.formula.working_time import create_calendar
from csq.intake.intake import Intake
from csq.intake.staging.stage import StagedSource
from csq.intake.staging.tables import table_of
from csq.period import Period, stray_days
from csq.plan import rows_of
from csq.problems.formulas import CALENDAR_RANGE
from csq.problems.run import UNKNOWN_MAKEUP_DAYS
from csq.records.reading import FieldType
from csq.wording import Wording


def create_calendars(
    engine: Engine,
    intake: Intake,
    understood: Understood,
    terms: Sequence[RowOperation],
    data_end: datetime | None,
    periods: Sequence[Period] = (),
) -> None:
    """Put every calendar that is asked for into the engine, over all days that may be asked of it.

    Those are the days of the data, the ends of the periods, and moments that a formula names or
    comes to by adding a time to one of the row.
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
        moved = [each for each in _moved_in(terms) if _is_of(source, each)]
        for period in dict.fromkeys((*periods[:1], *periods[-1:])) if moved else ():
            rows = rows_of(source.schema, None, (period,), moved, data_end=data_end).source
            reached = [_within_dates(compile_row(each)) for each in moved]
            ends = [kind(this=each.copy()) for each in reached for kind in (exp.Min, exp.Max)]
            (row,) = engine.fetch(exp.select(*ends).from_(rows))
            days += [moment.date() for moment in row if moment is not None]
    beyond = [day for day in days if not FIRST_YEAR <= day.year <= LAST_YEAR]
    if beyond:
        year = _BEFORE if beyond[0].year < FIRST_YEAR else _AFTER
        value = ", ".join(sorted(names))
        raise DefinitionError(
            CALENDAR_RANGE.at(value=value, year=year, first=FIRST_YEAR, last=LAST_YEAR)
        )
    for name in sorted(names):
        known = understood.calendars[name]
        create_calendar(engine, name, known.work_days(min(days), max(days)) if days else ())


FIRST_YEAR, LAST_YEAR = 1900, 2199
"""How far calendars reach; the exports themselves tell of 1970 to 2099."""

_BEFORE = Wording("{n} 年以前", "a time before {n}").fill(n=FIRST_YEAR)
_AFTER = Wording("{n} 年以后", "a time after {n}").fill(n=LAST_YEAR)


def _within_dates(moment: exp.Expr) -> exp.Expr:
    """A moment, or the end of the years that dates have a name for."""
    first, last = (
        exp.cast(exp.Literal.string(day), "TIMESTAMP") for day in ("0001-01-01", "9999-12-31")
    )
    return exp.Greatest(this=exp.Least(this=moment, expressions=[last]), expressions=[first])


def _calendars_in(terms: Iterable[RowOperation]) -> set[str]:
    """The calendars by which any of the terms counts working time."""
    return {
        calendar.text
        for term in terms
        if term.name == "worked" and isinstance(calendar := term.operands[2], Constant)
    }


def _moved_in(terms: Iterable[RowOperation]) -> tuple[RowTerm, ...]:
    """The moments of working time that are a time of the row, later or earlier by a duration."""
    moments = (each for term in terms if term.name == "worked" for each in term.operands[:2])
    return tuple(dict.fromkeys(filter(_is_moved, moments)))


def _is_moved(term: RowTerm) -> bool:
    if not isinstance(term, RowOperation):
        return False
    is_sum = term.name in {"+", "-"} and term.type is Type.MOMENT
    return is_sum or any(map(_is_moved, term.operands))


def _is_of(source: StagedSource, term: RowTerm) -> bool:
    """Whether a source has every field of a term."""
    schema, stored = source.schema, source.stored
    return all(
        field.name in stored and schema.field(field.name) == field for field in fields_in(term)
    )


def _days_in(term: RowTerm) -> Iterator[date]:
    """The days of the moments that a term names."""
    if isinstance(term, Constant) and isinstance(term.value, datetime):
        yield term.value.date()
    elif isinstance(term, RowOperation):
        for operand in term.operands:
            yield from _days_in(operand)


def unknown_makeup_days(
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
