"""A formula that has been understood: every name resolved, every part typed.

Two levels: a `RowTerm` is worked out for each row, a `Term` once for all rows of a group.
Both are trees of operations; their leaves are fields and constants, and aggregates and constants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from csq.definition.indicators import Attribution, Unripe
from csq.quantity import Quantity
from csq.records.reading import FieldType
from csq.records.schema import Field, Schema
from csq.wording import Wording


class Type(StrEnum):
    """What a part of a formula is."""

    NUMBER = "number"
    PERCENT = "percent"
    DURATION = "duration"
    MOMENT = "moment"
    TEXT = "text"
    TEXTS = "texts"
    FLAG = "flag"

    @property
    def is_numeric(self) -> bool:
        return self in {Type.NUMBER, Type.PERCENT}


_FIELD_TYPES = {
    FieldType.TEXT: Type.TEXT,
    FieldType.TIMESTAMP: Type.MOMENT,
    FieldType.DURATION: Type.DURATION,
    FieldType.FLAG: Type.FLAG,
    FieldType.INTEGER: Type.NUMBER,
    FieldType.NUMBER: Type.NUMBER,
}


def type_of(field: Field) -> Type:
    """What a field is in a formula."""
    return Type.TEXTS if field.column.separators else _FIELD_TYPES[field.type]


@dataclass(frozen=True, slots=True)
class Constant:
    """A value written in the formula; numbers, percents and durations (seconds) are exact."""

    value: Fraction | str | datetime
    type: Type
    text: str


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """A field of the row."""

    field: Field
    type: Type


@dataclass(frozen=True, slots=True)
class RowOperation:
    """An operator or function over parts of one row.

    `name` is an operator of `syntax.OperatorNode` or a function in lower case. Those of `DERIVED`
    cannot be worked out from the row alone.
    """

    name: str
    operands: tuple[RowTerm, ...]
    type: Type

    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parts = (self.name, self.operands, self.type)
        object.__setattr__(self, "_hash", hash(parts))

    def __hash__(self) -> int:
        """Worked out once: answers are looked up by trees, thousands of times a run."""
        return self._hash


RowTerm = Constant | FieldTerm | RowOperation

DERIVED = ("data_end", "period_end", "worked", "again", "before", "credited", "replied")
"""Operations that need more than their row, in the order in which they may build on each other.

`data_end` and `period_end` are moments of the run. `worked` is the time between two moments by a
calendar, its third operand. `again`: whether the next row with the same keys comes within a time;
its operands are the moment, the time, whether a row counts at all, and the keys. `before` is the
same of the row before. `credited` and `replied` are described in `formula/credit.py`.
"""

RETURNS = frozenset({"again", "before"})
"""Those that look for another row with the same keys."""


def derived_in(term: RowTerm) -> Iterator[RowOperation]:
    """Every operation of `DERIVED` inside a term, inner ones first."""
    if isinstance(term, RowOperation):
        for operand in term.operands:
            yield from derived_in(operand)
        if term.name in DERIVED:
            yield term


@dataclass(frozen=True, slots=True)
class Population:
    """A row set understood: a source and all conditions on the way to it.

    `name` is what the definition calls it; `names` are the row sets that its conditions are of,
    empty for one that is of none. `time` is the field that puts a row into a period, where the
    row set names one of its own. A `stock` holds, at the end of a period, every row
    from before that end, however old.
    """

    name: str
    schema: Schema
    conditions: tuple[RowTerm, ...] = ()
    time: str | None = None
    stock: bool = False
    credit: Attribution = Attribution.OWNER
    """Whose its rows are, where they are broken down by agent."""
    names: tuple[str, ...] = ()
    within: Population | None = None
    """The rows of its source that an indicator counts among, where it names them."""
    title: Wording | None = field(default=None, compare=False)
    """What reports call it, where that is not `name`."""

    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parts = (self.name, self.schema, self.conditions, self.within)
        object.__setattr__(self, "_hash", hash(parts))

    def __hash__(self) -> int:
        """Worked out once: answers are looked up by trees, thousands of times a run."""
        return self._hash

    def where(self, condition: RowTerm, name: str = "") -> Population:
        """Those of its rows that fulfil a condition; one that all fulfil changes nothing."""
        if condition in self.conditions:
            return self
        return replace(self, conditions=(*self.conditions, condition), names=(*self.names, name))


class Summary(StrEnum):
    """How the rows of a population become one value. Only the first four add up over groups."""

    COUNT = "count"
    SUM = "sum"
    MIN = "min"
    MAX = "max"
    DISTINCT = "distinct"
    TOP = "top"
    PERCENTILE = "percentile"

    @property
    def is_additive(self) -> bool:
        return self not in {Summary.DISTINCT, Summary.TOP, Summary.PERCENTILE}

    @property
    def is_count(self) -> bool:
        """Whether the value is a number of rows or of different values, whatever they hold."""
        return self in {Summary.COUNT, Summary.DISTINCT, Summary.TOP}

    @property
    def is_zero_of_nothing(self) -> bool:
        """Whether no row at all is summed up to 0, where a mean or a median has no value."""
        return self in {Summary.COUNT, Summary.SUM, Summary.DISTINCT}


@dataclass(frozen=True, slots=True)
class Maturity:
    """How old a row must be at the end of the data, and what becomes of younger ones."""

    age: Quantity
    unripe: Unripe


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One value of a population: what is worked out per row, and how it is summed up.

    `operand` is `None` where rows themselves are counted; rows whose operand is blank are left
    out. `condition` narrows the population; a blank condition is not fulfilled. `maturities` are
    what `formula/ripeness.py` has not yet made conditions of.
    """

    summary: Summary
    population: Population
    type: Type
    operand: RowTerm | None = None
    condition: RowTerm | None = None
    quantile: Fraction | None = None
    maturities: tuple[Maturity, ...] = ()

    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parts = (self.summary, self.population, self.operand, self.condition, self.quantile)
        object.__setattr__(self, "_hash", hash(parts))

    def __hash__(self) -> int:
        """Worked out once: answers are looked up by trees, thousands of times a run."""
        return self._hash

    @property
    def conditions(self) -> tuple[RowTerm, ...]:
        own = () if self.condition is None else (self.condition,)
        return (*self.population.conditions, *own)

    def counting(self) -> Aggregate:
        """The number of rows this value is worked out from."""
        return replace(self, summary=Summary.COUNT, type=Type.NUMBER, quantile=None)

    def selecting(self) -> Aggregate:
        """The number of rows that fulfil the conditions, whether or not their operand is blank."""
        return replace(self.counting(), operand=None)


@dataclass(frozen=True, slots=True)
class Operation:
    """Arithmetic between aggregates: `+ - * /` or `minus`, or the `least` or `greatest` of them."""

    name: str
    operands: tuple[Term, ...]
    type: Type


Term = Constant | Aggregate | Operation


def grows_with_time(term: Term) -> bool:
    """Whether a value adds up over days, so that a longer period has more of it."""
    match term:
        case Aggregate(summary, population):
            is_dated = bool(population.time or population.schema.time) and not population.stock
            return is_dated and summary in {Summary.COUNT, Summary.SUM, Summary.DISTINCT}
        case Operation("/", (part, whole)):
            return grows_with_time(part) and not grows_with_time(whole)
        case Operation(_, operands):
            return any(map(grows_with_time, operands))
    return False


def aggregates_in(term: Term) -> Iterator[Aggregate]:
    """Every aggregate of a term, from left to right."""
    if isinstance(term, Aggregate):
        yield term
    elif isinstance(term, Operation):
        for operand in term.operands:
            yield from aggregates_in(operand)


def fields_in(term: RowTerm) -> Iterator[Field]:
    """Every field a row's term reads, from left to right."""
    if isinstance(term, FieldTerm):
        yield term.field
    elif isinstance(term, RowOperation):
        for operand in term.operands:
            yield from fields_in(operand)


def conjuncts(condition: RowTerm) -> Iterator[RowTerm]:
    """The parts of a condition that must all hold."""
    match condition:
        case RowOperation("and", operands):
            for operand in operands:
                yield from conjuncts(operand)
        case _:
            yield condition


def values_in(term: RowTerm) -> Iterator[Field]:
    """The fields whose own values a term may have: not those that a condition looks at."""
    match term:
        case FieldTerm(field):
            yield field
        case RowOperation("if" | "coalesce" as name, operands):
            for operand in operands[1:] if name == "if" else operands:
                yield from values_in(operand)


def row_sets(aggregates: Iterable[Aggregate]) -> tuple[tuple[Aggregate, ...], ...]:
    """The rows that aggregates stand on, each once, however many of their fields are read.

    Each set of rows is given by its counts, of which the least is its size: of several fields of
    the same rows the one that fewest of them fill decides. Rows that are some of those of another
    aggregate are not counted again.
    """
    counts: dict[tuple[Population, RowTerm | None], list[Aggregate]] = {}
    known = list(aggregates)
    for aggregate in known:
        if not any(_is_some_of(aggregate, other) for other in known):
            rows = (aggregate.population, aggregate.condition)
            counts.setdefault(rows, []).append(aggregate.counting())
    return tuple(map(tuple, counts.values()))


def _is_some_of(one: Aggregate, other: Aggregate) -> bool:
    """Whether the rows of one are those of another that fulfil further conditions."""
    plain = [replace(a.population, name="", conditions=(), names=()) for a in (one, other)]
    few, all_ = ({part for each in a.conditions for part in conjuncts(each)} for a in (one, other))
    return other.operand is None and plain[0] == plain[1] and all_ < few


def terms_of(aggregate: Aggregate) -> tuple[RowTerm, ...]:
    """Everything an aggregate works out for each row."""
    return (*aggregate.conditions, *([aggregate.operand] if aggregate.operand else []))


def moment_of_row(schema: Schema) -> RowTerm | None:
    """When a row of a source happened: the first of its times that is filled."""
    fields = [field for name in schema.time if (field := schema.field(name))]
    moments = tuple(FieldTerm(field, Type.MOMENT) for field in fields)
    if len(moments) > 1:
        return RowOperation("coalesce", moments, Type.MOMENT)
    return moments[0] if moments else None


def fields_required(aggregate: Aggregate) -> frozenset[Field]:
    """The fields without which a value cannot be told: of several times of a row one will do."""
    moment = moment_of_row(aggregate.population.schema)

    def required(term: RowTerm) -> Iterator[Field]:
        if isinstance(term, FieldTerm):
            yield term.field
        elif isinstance(term, RowOperation) and term != moment:
            for operand in term.operands:
                yield from required(operand)

    return frozenset(field for term in terms_of(aggregate) for field in required(term))


def fields_of(aggregate: Aggregate) -> frozenset[Field]:
    return frozenset(field for term in terms_of(aggregate) for field in fields_in(term))


def with_aggregates(term: Term, change: Callable[[Aggregate], Aggregate]) -> Term:
    """A term of the same shape with every aggregate changed."""
    match term:
        case Aggregate():
            return change(term)
        case Operation():
            operands = tuple(with_aggregates(each, change) for each in term.operands)
            return replace(term, operands=operands)
    return term


def retimed(term: Term, time: str) -> Term:
    """A term whose rows are put into periods by `time`, where they say nothing else."""

    def retime(aggregate: Aggregate) -> Aggregate:
        population = aggregate.population
        return replace(aggregate, population=replace(population, time=population.time or time))

    return with_aggregates(term, retime)


def credited(term: Term, credit: Attribution) -> Term:
    """A term whose rows are credited to agents in this way."""
    return with_aggregates(
        term, lambda each: replace(each, population=replace(each.population, credit=credit))
    )
