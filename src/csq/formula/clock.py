"""The times of a formula counted by a calendar, as if the formula itself named it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from csq.formula.faults import FormulaFault
from csq.formula.syntax import Span
from csq.formula.tree import (
    DERIVED,
    Aggregate,
    Constant,
    Operation,
    Population,
    RowOperation,
    RowTerm,
    Term,
    Type,
    aggregates_in,
    derived_in,
    fields_in,
    terms_of,
    type_of,
)
from csq.problems.formulas import CALENDAR_CLASH
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
    if any(map(_is_within_another, _rows_of(found))):
        raise FormulaFault(
            CALENDAR_CLASH, Span(0, 0), value=calendar, reason=_INSIDE, advice=_INSIDE_ADVICE
        )
    for field in mixed_fields(found):
        reason = _MIXED.fill(field=field.title)
        raise FormulaFault(
            CALENDAR_CLASH, Span(0, 0), value=calendar, reason=reason, advice=_MIXED_ADVICE
        )
    return found


_TWO = Wording("公式自己写了日历", "the formula names a calendar itself")
_TWO_ADVICE = Wording(
    "只在一处写：删去 calendar，或公式里的日历",
    "name it in one place: leave out calendar:, or the one in the formula",
)
_INSIDE = Wording(
    "一段时长的起止时刻又由另一段时长、AGAIN_WITHIN 或 BEFORE_WITHIN 算出",
    "the moments of a time depend on another time between two moments, AGAIN_WITHIN or"
    " BEFORE_WITHIN",
)
_INSIDE_ADVICE = Wording(
    "时刻直接写字段，例如 resolved_at - created_at",
    "write fields as moments, for example resolved_at - created_at",
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


def _is_worked(term: RowTerm) -> bool:
    return any(each.name == "worked" for each in derived_in(term))


def _is_within_another(term: RowTerm) -> bool:
    """Whether any time by a calendar begins or ends at a moment that cannot be told before it."""
    return any(
        DERIVED.index(inner.name) >= DERIVED.index("worked")
        for outer in derived_in(term)
        if outer.name == "worked"
        for moment in outer.operands[:2]
        for inner in derived_in(moment)
    )


def _mixed_in(term: RowTerm) -> Iterator[Field]:
    """Durations of the row that are added to a time by a calendar, or taken off one."""
    if isinstance(term, RowOperation):
        if term.name in {"+", "-"} and term.type is Type.DURATION:
            for one, other in (term.operands, term.operands[::-1]):
                if _is_worked(one):
                    yield from (f for f in fields_in(other) if type_of(f) is Type.DURATION)
        for operand in term.operands:
            yield from _mixed_in(operand)
