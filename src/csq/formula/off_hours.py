"""Rows off hours, which a calendar with `off_hours_reply: exclude` leaves out: of all or of none.

Such a row has no working time. A sum leaves it out, and so must the count it is divided by, or
the quotient is of other rows than it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from csq.definition.models import OffHoursReply
from csq.formula.tree import (
    Aggregate,
    Constant,
    Operation,
    RowOperation,
    RowTerm,
    Term,
    aggregates_in,
    derived_in,
    terms_of,
)


def thinned_in_part(term: Term) -> str | None:
    """The calendar that leaves rows out of one part of a formula and not of another, if any."""
    return next((calendar for sums in _sums_in(term) for calendar in _disagreements(sums)), None)


def _sums_in(term: Term) -> Iterator[list[Aggregate]]:
    """The aggregates that are worked out together, so that they must be of the same rows.

    A quotient is a value of its own, and so is each of those that `LEAST` chooses from.
    """
    together: list[Aggregate] = []
    is_choice = isinstance(term, Operation) and _is_choice(term)
    waiting: list[Term] = [*term.operands] if isinstance(term, Operation) else [term]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, Operation) and (is_choice or _is_choice(part) or _is_quotient(part)):
            yield from _sums_in(part)
        elif isinstance(part, Operation):
            waiting += part.operands
        elif isinstance(part, Aggregate) and not is_choice:
            together.append(part)
    yield together


def _is_choice(operation: Operation) -> bool:
    return operation.name in {"least", "greatest"}


def _is_quotient(operation: Operation) -> bool:
    return operation.name == "/" and any(aggregates_in(operation.operands[1]))


def _disagreements(aggregates: Iterable[Aggregate]) -> Iterator[str]:
    """The calendars by which some of the aggregates of a source leave rows out, others not."""
    known = list(aggregates)
    for worked in dict.fromkeys(w for each in known for w in _excluding_in(each)):
        for one in known:
            if worked in _excluding_in(one):
                schema = one.population.schema
                alike = {
                    _leaves_out(each, worked) for each in known if each.population.schema is schema
                }
                if len(alike) > 1:
                    calendar = worked.operands[2]
                    assert isinstance(calendar, Constant)
                    yield calendar.text


def _excluding_in(aggregate: Aggregate) -> list[RowOperation]:
    """The times of an aggregate that rows off hours do not have."""
    return [
        each
        for term in terms_of(aggregate)
        for each in derived_in(term)
        if each.name == "worked"
        and isinstance(policy := each.operands[3], Constant)
        and policy.text == OffHoursReply.EXCLUDE.value
    ]


def _leaves_out(aggregate: Aggregate, worked: RowOperation) -> bool:
    """Whether a row counts nowhere in an aggregate where it has no such time."""
    conditions = (_outcomes(each, worked) for each in aggregate.conditions)
    if any(True not in outcomes for outcomes in conditions):
        return True
    return aggregate.operand is not None and _outcomes(aggregate.operand, worked) == {None}


_ANYTHING = frozenset({True, False, None})


def _outcomes(term: RowTerm, blank: RowOperation) -> frozenset[bool | None]:
    """What a term may be where one part of it is blank: yes, no or blank.

    A value that is no flag is yes where there is any.
    """
    if term == blank:
        return frozenset({None})
    if isinstance(term, Constant):
        return frozenset({True})
    if not isinstance(term, RowOperation):
        return _ANYTHING
    parts = [_outcomes(operand, blank) for operand in term.operands]
    match term.name:
        case "and":
            return frozenset(_all(each) for each in product(*parts))
        case "or":
            return frozenset(_any(each) for each in product(*parts))
        case "not":
            return frozenset(None if each is None else not each for each in parts[0])
        case "isblank":
            return frozenset(each is None for each in parts[0])
        case "coalesce":
            return _first_filled(parts)
        case "if":
            chosen = parts[1] if True in parts[0] else frozenset()
            return chosen | (parts[2] if parts[0] - {True} else frozenset())
    return frozenset({None}) if frozenset({None}) in parts else _ANYTHING


def _all(values: Iterable[bool | None]) -> bool | None:
    known = list(values)
    return False if False in known else None if None in known else True


def _any(values: Iterable[bool | None]) -> bool | None:
    known = list(values)
    return True if True in known else None if None in known else False


def _first_filled(parts: Iterable[frozenset[bool | None]]) -> frozenset[bool | None]:
    found: frozenset[bool | None] = frozenset()
    for part in parts:
        found |= part - {None}
        if None not in part:
            return found
    return found | {None}
