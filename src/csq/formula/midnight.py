"""Comparisons of times with a day: in a formula a day is the midnight at which it begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from csq.formula.tree import Constant, FieldTerm, RowOperation, RowTerm
from csq.records.schema import Field


@dataclass(frozen=True, slots=True)
class DayBound:
    """A comparison that leaves most of a day on the other side; `sign` is how it is written."""

    sign: str
    day: date
    field: Field | None
    """The field that is compared with the day, where it is one."""

    @property
    def value(self) -> str:
        return f"{self.sign} {self.day}"

    @property
    def next_day(self) -> date:
        return self.day + timedelta(days=1)


_TURNED = {"<": ">", ">=": "<=", "=": "=", "<>": "<>"}
"""What a comparison is called from its other side, where that splits a day at its midnight."""


def day_bounds_in(term: RowTerm) -> Iterator[tuple[RowOperation, DayBound]]:
    """Every comparison in a term that parts rows of a day at its midnight."""
    if not isinstance(term, RowOperation):
        return
    match term:
        case RowOperation("<=" | ">" | "=" | "<>" as sign, (compared, Constant(datetime() as it))):
            yield from _bound(term, sign, compared, it)
        case RowOperation(sign, (Constant(datetime() as it), compared)) if sign in _TURNED:
            yield from _bound(term, _TURNED[sign], compared, it)
        case RowOperation("between", (compared, _, Constant(datetime() as it))):
            yield from _bound(term, "<=", compared, it)
    for operand in term.operands:
        yield from day_bounds_in(operand)


def _bound(
    term: RowOperation, sign: str, compared: RowTerm, moment: datetime
) -> Iterator[tuple[RowOperation, DayBound]]:
    if moment.time() == time.min:
        field = compared.field if isinstance(compared, FieldTerm) else None
        yield term, DayBound(sign, moment.date(), field)
