"""The times of a formula counted by a calendar, as if the formula itself named it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from csq.definition.models import OffHoursReply
from csq.formula.faults import FormulaFault
from csq.formula.syntax import Span
from csq.formula.tree import (
    Aggregate,
    Constant,
    Operation,
    Population,
    RowOperation,
    RowTerm,
    Summary,
    Term,
    Type,
    aggregates_in,
    derived_in,
    fields_in,
    terms_of,
    type_of,
)
from csq.problems import CALENDAR_CLASH
from csq.records.schema import Field
from csq.wording import Wording


def worked_between(begin: RowTerm, end: RowTerm, calendar: str, off_hours: str) -> RowOperation:
    """The time between two moments by a calendar; `off_hours` is its policy for replies then."""
    names = (Constant(name, Type.TEXT, name) for name in (calendar, off_hours))
    return RowOperation("worked", (begin, end, *names), Type.DURATION)


def names_a_calendar(term: Term) -> bool:
    """Whether any time of a formula is counted by a calendar."""
    return any(map(_is_worked, _rows_of(term)))


def mixed_fields(term: Term) -> tuple[Field, ...]:
    """Lengths of time of the row, such as pauses, in one sum with working time."""
    return tuple(dict.fromkeys(field for row in _rows_of(term) for field in _mixed_in(row)))


def by_calendar(term: Term, calendar: str, off_hours: str) -> Term:
    """A term in which every time between two moments is counted by a calendar.

    Those of its row sets too, so that what is due and what is late go by one clock. Raises where
    the formula names a calendar itself, or adds up a time that was measured around the clock.
    """
    if names_a_calendar(term):
        raise FormulaFault(
            CALENDAR_CLASH, Span(0, 0), value=calendar, reason=_TWO, advice=_TWO_ADVICE
        )
    found = _by_calendar(term, calendar, off_hours)
    for field in mixed_fields(found):
        reason = _MIXED.fill(field=field.title)
        raise FormulaFault(
            CALENDAR_CLASH, Span(0, 0), value=calendar, reason=reason, advice=_MIXED_ADVICE
        )
    if off_hours == OffHoursReply.EXCLUDE.value and not _leaves_rows_out(found):
        raise FormulaFault(
            CALENDAR_CLASH, Span(0, 0), value=calendar, reason=_HALF, advice=_HALF_ADVICE
        )
    return found


_TWO = Wording("公式自己写了日历", "the formula names a calendar itself")
_TWO_ADVICE = Wording(
    "只在一处写：删去 calendar，或公式里的日历",
    "name it in one place: leave out calendar:, or the one in the formula",
)
_HALF = Wording(
    "日历不计非工作时间的行（exclude），公式却只从一部分里去掉它们",
    "the calendar leaves out rows off hours (exclude), and the formula does so in one part alone",
)
_HALF_ADVICE = Wording(
    "写成 AVERAGE、MEDIAN 或 PERCENTILE，或把 off_hours_reply 改成 zero 或 calendar",
    "write AVERAGE, MEDIAN or PERCENTILE, or off_hours_reply: zero or calendar",
)
_MIXED = Wording(
    "「{field}」是按自然时间量的，不能和工作时间相加减",
    "“{field}” is measured around the clock and cannot be added to or taken off working time",
)
_MIXED_ADVICE = Wording(
    "另写一个不加减它的公式，例如 AVERAGE(tickets, resolved_at - created_at)",
    "write a formula without it, such as AVERAGE(tickets, resolved_at - created_at)",
)


def _rows_of(term: Term) -> Iterator[RowTerm]:
    for aggregate in aggregates_in(term):
        yield from terms_of(aggregate)


def _by_calendar(term: Term, calendar: str, off_hours: str) -> Term:
    def recount(row: RowTerm) -> RowTerm:
        if not isinstance(row, RowOperation):
            return row
        operands = tuple(map(recount, row.operands))
        if row.name == "-" and all(each.type is Type.MOMENT for each in operands):
            end, begin = operands
            return worked_between(begin, end, calendar, off_hours)
        return replace(row, operands=operands)

    def of_rows(population: Population) -> Population:
        within = population.within and of_rows(population.within)
        conditions = tuple(map(recount, population.conditions))
        return replace(population, conditions=conditions, within=within)

    match term:
        case Aggregate():
            return replace(
                term,
                population=of_rows(term.population),
                operand=term.operand and recount(term.operand),
                condition=term.condition and recount(term.condition),
            )
        case Operation():
            operands = tuple(_by_calendar(each, calendar, off_hours) for each in term.operands)
            return replace(term, operands=operands)
    return term


def _leaves_rows_out(term: Term) -> bool:
    """Whether a row without working time counts nowhere in a term."""
    match term:
        case Aggregate():
            return not any(map(_is_worked, term.conditions))
        case Operation("/", (Aggregate(Summary.SUM) as total, Aggregate() as count)):
            timed = total.operand is not None and _is_worked(total.operand)
            return _leaves_rows_out(total) and (not timed or count == total.counting())
        case Operation():
            sums = [each for each in term.operands if isinstance(each, Aggregate)]
            timed = any(each.operand is not None and _is_worked(each.operand) for each in sums)
            return not timed and all(map(_leaves_rows_out, term.operands))
    return True


def _is_worked(term: RowTerm) -> bool:
    return any(each.name == "worked" for each in derived_in(term))


def _mixed_in(term: RowTerm) -> Iterator[Field]:
    """Durations of the row that are added to a time by a calendar, or taken off one."""
    if isinstance(term, RowOperation):
        if term.name in {"+", "-"} and term.type is Type.DURATION:
            for one, other in (term.operands, term.operands[::-1]):
                if _is_worked(one):
                    yield from (f for f in fields_in(other) if type_of(f) is Type.DURATION)
        for operand in term.operands:
            yield from _mixed_in(operand)
