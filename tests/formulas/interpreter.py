"""Understood formulas worked out the slow and obvious way, row by row and exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from csq.formula.tree import (
    Aggregate,
    Constant,
    FieldTerm,
    Operation,
    RowOperation,
    RowTerm,
    Summary,
    Term,
    Type,
)

from .tables import DATA_END, PERIOD_END, Row, is_working_time


def work_out(term: Term, tables: Mapping[str, Sequence[Row]]) -> Fraction | None:
    """The value of a formula; durations are seconds, `None` is no data."""
    match term:
        case Constant(value):
            assert isinstance(value, Fraction)
            return value
        case Aggregate():
            return _sum_up(term, tables[term.population.schema.source])
        case Operation("least" | "greatest" as name, operands):
            values = [work_out(operand, tables) for operand in operands]
            known = [value for value in values if value is not None]
            return (min if name == "least" else max)(known, default=None)
        case Operation(name, operands):
            found: Fraction | None = _calculate(name, [work_out(o, tables) for o in operands])
            return found
    raise AssertionError(term)


def _sum_up(aggregate: Aggregate, rows: Sequence[Row]) -> Fraction | None:
    conditions = aggregate.conditions
    chosen = [row for row in rows if all(of_row(c, row, rows) is True for c in conditions)]
    if aggregate.operand is None:
        return Fraction(len(chosen))
    values = [of_row(aggregate.operand, row, rows) for row in chosen]
    filled = [value for value in values if value is not None]
    if aggregate.summary is Summary.COUNT:
        return Fraction(len(filled))
    if not chosen and aggregate.summary in {Summary.SUM, Summary.DISTINCT}:
        return Fraction(0)
    if not filled:
        return None
    match aggregate.summary:
        case Summary.DISTINCT:
            return Fraction(len(set(filled)))
        case Summary.TOP:
            return Fraction(max(filled.count(value) for value in filled))
        case Summary.SUM:
            return sum(filled, Fraction(0))
        case Summary.MIN:
            return Fraction(min(filled))
        case Summary.MAX:
            return Fraction(max(filled))
    assert aggregate.quantile is not None
    return _percentile(sorted(filled), aggregate.quantile)


def _percentile(values: Sequence[Fraction], share: Fraction) -> Fraction:
    """Between the two nearest values, in proportion: Excel's PERCENTILE.INC."""
    position = share * (len(values) - 1)
    below = int(position)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (position - below)


def of_row(term: RowTerm, row: Row, rows: Sequence[Row]) -> Any:
    """A row's value among all rows of its source; `None` where a blank leaves it open."""
    match term:
        case RowOperation("data_end"):
            return DATA_END
        case RowOperation("period_end"):
            return PERIOD_END
        case RowOperation("worked", (begin, end, Constant(calendar), Constant(off_hours))):
            first, last = (of_row(each, row, rows) for each in (begin, end))
            if first is None or last is None:
                return None
            return _work(first, last, str(calendar), str(off_hours))
        case RowOperation("again" | "before"):
            return _returns(term, row, rows)
        case Constant(value):
            return value
        case FieldTerm(field):
            value = row.get(field.name, field.default)
            if isinstance(value, timedelta):
                return Fraction(value // timedelta(microseconds=1), 1_000_000)
            plain = isinstance(value, bool | str | datetime) or value is None
            return value if plain else Fraction(value)
        case RowOperation("and" | "or" as name, operands):
            return _connect([of_row(operand, row, rows) for operand in operands], name)
        case RowOperation(name, operands, kind):
            values = [of_row(operand, row, rows) for operand in operands]
            found = _calculate(name, values)
            if kind is Type.DURATION and name in {"*", "/"} and found is not None:
                return Fraction(round(found * 1_000_000), 1_000_000)
            return found if name != "/" or found is None else Fraction(round(found, 6))


def _returns(term: RowOperation, row: Row, rows: Sequence[Row]) -> bool | None:
    """Whether any later row with the same keys, of those that count, comes within the time.

    Of two rows of one moment that with the greater id comes after the other. For `before` it is
    any earlier row; none says nothing where the rows do not begin so long before this one.
    """

    def facts(each: Row) -> tuple[tuple[datetime, str], bool, list[Any]]:
        moment, _, counts, *keys = (of_row(operand, each, rows) for operand in term.operands)
        name = next(str(each[key]) for key in ("ticket_id", "call_id", "survey_id") if key in each)
        return (moment, name), counts is True, keys

    span = of_row(term.operands[1], row, rows)
    this, counts, keys = facts(row)
    if None in keys:
        return None
    time = timedelta(seconds=float(span))
    alike = [
        other
        for each in rows
        for other, other_counts, other_keys in [facts(each)]
        if (other_counts, other_keys) == (counts, keys)
    ]
    if term.name == "again":
        return any(other > this and other[0] <= this[0] + time for other in alike)
    if any(other < this and other[0] >= this[0] - time for other in alike):
        return True
    return None if this[0] - min(facts(each)[0][0] for each in rows) < time else False


def _work(begin: datetime, end: datetime, calendar: str, off_hours: str) -> Fraction | None:
    """Minute by minute, and so only for moments on full minutes."""
    minutes, moment = 0, min(begin, end)
    while moment < max(begin, end):
        minutes += is_working_time(calendar, moment)
        moment += timedelta(minutes=1)
    if minutes == 0 and off_hours == "exclude" and begin != end:
        return None
    if minutes == 0 and off_hours == "calendar":
        minutes = (max(begin, end) - min(begin, end)) // timedelta(minutes=1)
    return Fraction(60 * minutes * (1 if end >= begin else -1))


def _connect(values: Sequence[bool | None], name: str) -> bool | None:
    """A blank leaves AND and OR open, unless the other parts settle it."""
    settling = name == "or"
    if settling in values:
        return settling
    return None if None in values else not settling


def _calculate(name: str, values: Sequence[Any]) -> Any:
    match name:
        case "isblank":
            return values[0] is None
        case "if":
            return values[1] if values[0] is True else values[2]
        case "coalesce":
            return next((value for value in values if value is not None), None)
        case "in":
            return None if values[0] is None else values[0] in values[1:]
    if None in values:
        return None
    match name, values:
        case "not", [value]:
            return not value
        case "minus", [value]:
            return -value
        case "hour", [moment]:
            return Fraction(moment.hour)
        case "weekday", [moment]:
            return Fraction(moment.isoweekday())
        case "contains", [text, part]:
            return part in text
        case "includes", [texts, one]:
            return one in texts.split("┋")
        case "between", [value, low, high]:
            return low <= value <= high
        case _, [left, right]:
            return _combine(name, left, right)
    raise AssertionError(name)


def _combine(name: str, left: Any, right: Any) -> Any:
    match name:
        case "+":
            return left + (timedelta(seconds=float(right)) if _is_moment(left) else right)
        case "-" if _is_moment(left) and _is_moment(right):
            return Fraction((left - right) // timedelta(microseconds=1), 1_000_000)
        case "-":
            return left - (timedelta(seconds=float(right)) if _is_moment(left) else right)
        case "*":
            return left * right
        case "/":
            return None if right == 0 else left / right
        case "=":
            return left == right
        case "<>":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
    raise AssertionError(name)


def _is_moment(value: Any) -> bool:
    return isinstance(value, datetime)
