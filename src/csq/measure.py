"""Running a plan, and what comes out: measurements, exact and with their parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from csq.engines.base import Engine
from csq.errors import DefinitionError, Place
from csq.formula.compile import MICROSECONDS
from csq.formula.targets import GroupValue
from csq.formula.tree import Aggregate, Constant, Operation, Summary, Term, Type
from csq.formula.understand import UnderstoodIndicator
from csq.period import Period
from csq.plan import Demand, Level, Plan
from csq.problems.formulas import NUMBER_RANGE
from csq.records.schema import Schema
from csq.rollup import Sizes, count_values

Group = tuple[tuple[str, GroupValue], ...]
"""The value of each field of a breakdown; `()` is the total, a blank is `None`."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One indicator, period and group, measured.

    `value` is exact; `None` is no data, never zero. `part / whole` is the value where the
    indicator is a quotient. `n` is how many rows the value stands on.
    """

    indicator: UnderstoodIndicator
    period: Period
    group: Group
    value: Fraction | None
    n: int
    part: Fraction | None = None
    whole: Fraction | None = None


@dataclass(slots=True)
class Answers:
    """The values of all aggregates a plan asked for, by period and group."""

    values: dict[tuple[Demand, Period, Group], Fraction | None] = field(default_factory=dict)
    groups: dict[tuple[Demand, Period, Level], dict[Group, None]] = field(default_factory=dict)

    def value(
        self, demand: Demand, period: Period, group: Group, *, covered: bool
    ) -> Fraction | None:
        """An aggregate's value.

        Where the data covers the period, no row at all is a count or a sum of 0; rows that are
        all blank are no data, and neither have a sum nor different values.
        """
        found = self.values.get((demand, period, group))
        aggregate = demand.aggregate
        if found or not aggregate.summary.is_zero_of_nothing:
            return found
        if aggregate.summary is not Summary.COUNT:
            selected = Demand(aggregate.selecting(), demand.time)
            if self.values.get((selected, period, group)):
                return found if aggregate.summary is Summary.SUM else None
        return Fraction(0) if covered else found

    def groups_of(
        self, demands: Iterable[Demand], period: Period, level: Level
    ) -> tuple[Group, ...]:
        """Every group in which one of the demands is more than zero, in a stable order."""
        found = {
            group: None
            for demand in demands
            for group in self.groups.get((demand, period, level), {})
        }
        return tuple(sorted(found, key=_group_order))


def _group_order(group: Group) -> tuple[tuple[bool, str], ...]:
    return tuple((value is None, str(value)) for _, value in group)


def count_sizes(engine: Engine, fields: Mapping[Schema, Sequence[str]]) -> Sizes:
    """About how many different values fields have."""
    return {
        (schema.source, name): size
        for schema, names in fields.items()
        for name, size in zip(names, *engine.fetch(count_values(schema, names)), strict=True)
    }


def run_plan(engine: Engine, plan: Plan, answers: Answers) -> None:
    """Run every query of a plan and keep what it answers."""
    for query in plan.queries:
        for row in engine.fetch(query.select):
            for period, cut, named, values in query.read(row):
                group = tuple(zip(cut.level, named, strict=True))
                for demand in cut.demands:
                    exact = exact_value(demand.aggregate, values[demand])
                    answers.values[demand, period, group] = exact
                    if exact:
                        answers.groups.setdefault((demand, period, cut.level), {})[group] = None


def exact_value(aggregate: Aggregate, value: object) -> Fraction | None:
    """What an engine answers as an exact fraction; a duration in seconds.

    Percentiles are interpolated in floats by the engine, and rounded to a millionth here.
    """
    if value is None:
        return None
    assert isinstance(value, int | float | Decimal), value
    if isinstance(value, float):
        value = round(value, 0 if aggregate.type is Type.DURATION else 6)
    exact = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    in_micros = aggregate.type is Type.DURATION and not aggregate.summary.is_count
    return exact / MICROSECONDS if in_micros else exact


Value = Callable[[Aggregate], Fraction | None]


def evaluate(term: Term, value_of: Value) -> Fraction | None:
    """A term's value, exactly; `None` where a part has no data or a division has no whole."""
    match term:
        case Constant(value):
            assert isinstance(value, Fraction)
            return value
        case Aggregate():
            return value_of(term)
        case Operation("minus", (operand,), _):
            inner = evaluate(operand, value_of)
            return None if inner is None else -inner
        case Operation("least" | "greatest" as name, operands, _):
            values = [evaluate(operand, value_of) for operand in operands]
            known = [value for value in values if value is not None]
            choose = min if name == "least" else max
            return choose(known, default=None)
        case Operation(name, (left_term, right_term), _):
            left, right = evaluate(left_term, value_of), evaluate(right_term, value_of)
            if left is None or right is None or (name == "/" and right == 0):
                return None
            return {
                "+": lambda: left + right,
                "-": lambda: left - right,
                "*": lambda: left * right,
                "/": lambda: left / right,
            }[name]()
    raise AssertionError(term)


_BEYOND = 10**18
"""What no count, sum or time of any service comes near, and every format can still hold."""


def measure(
    indicator: UnderstoodIndicator, period: Period, group: Group, value_of: Value
) -> Measurement:
    """An indicator measured, given the values of its aggregates.

    Raises `DefinitionError` for a number that not every report could show.
    """
    n = count_rows(indicator.row_sets, value_of)
    ratio = indicator.ratio
    part = whole = None
    if ratio is None:
        value = evaluate(indicator.term, value_of)
    else:
        part, whole = evaluate(ratio.part, value_of), evaluate(ratio.whole, value_of)
        value = part / whole if part is not None and whole else None
        if whole is not None and _counts_rows(ratio.whole):
            n = max(0, int(whole))
    if any(each is not None and abs(each) >= _BEYOND for each in (value, part, whole)):
        raise DefinitionError(NUMBER_RANGE.at(Place(column=indicator.definition.id)))
    return Measurement(indicator, period, group, value, n, part, whole)


def _counts_rows(term: Term) -> bool:
    """Whether a term is itself a number of rows: counts of rows, with others taken off."""
    match term:
        case Aggregate():
            return term.summary is Summary.COUNT
        case Operation("+" | "-", operands):
            return all(map(_counts_rows, operands))
    return False


def count_rows(row_sets: Iterable[Iterable[Aggregate]], value_of: Value) -> int:
    """How many rows `tree.row_sets` are together."""
    counts = ([value_of(each) or Fraction(0) for each in counting] for counting in row_sets)
    return int(sum(map(min, counts), Fraction(0)))


def demands_for(aggregate: Aggregate, time: str | None = None) -> Iterator[Demand]:
    """What must be asked to know an aggregate's value."""
    yield Demand(aggregate, time)
    if aggregate.summary in {Summary.SUM, Summary.DISTINCT}:
        yield Demand(aggregate.selecting(), time)


def demands_of(indicator: UnderstoodIndicator) -> Iterator[Demand]:
    """What must be asked to measure an indicator, its n included."""
    time = indicator.definition.time
    for aggregate in indicator.aggregates:
        yield from demands_for(aggregate, time)
    for aggregate in indicator.counted:
        yield Demand(aggregate.counting(), time)
