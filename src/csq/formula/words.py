"""A formula in plain words, for whoever doubts a number.

The words of the functions are those of `csq.formula.functions`. A field is called by its title, a
row set by the name the definition gives it.
"""

from __future__ import annotations

from dataclasses import replace

from csq.formula.phrases import ARITHMETIC, LEAF, SUM, Said
from csq.formula.row_words import FILLED, connect, say_condition, say_constant, say_value
from csq.formula.tree import Aggregate, Constant, Operation, Population, RowTerm, Summary, Term
from csq.wording import Wording, join, verbatim

_CHOICES = {
    "least": Wording("{listed}中最小的", "the smallest of {listed}"),
    "greatest": Wording("{listed}中最大的", "the largest of {listed}"),
}
_MEAN = Wording("{rows}的{what}平均值", "mean of {what} in {rows}")
_MEDIAN = Wording("{rows}的{what}中位数", "median of {what} in {rows}")
_SUMMARIES = {
    Summary.TOP: Wording("{rows}中{what}最多的一类的行数", "rows of the largest {what} in {rows}"),
    Summary.DISTINCT: Wording("{rows}的{what}取值个数", "different values of {what} in {rows}"),
    Summary.SUM: Wording("{rows}的{what}合计", "total of {what} in {rows}"),
    Summary.MIN: Wording("{rows}的{what}最小值", "smallest {what} in {rows}"),
    Summary.MAX: Wording("{rows}的{what}最大值", "largest {what} in {rows}"),
    Summary.PERCENTILE: Wording(
        "{rows}的{what}{share}%分位数", "{nth} percentile of {what} in {rows}"
    ),
}


def say_term(term: Term) -> Wording:
    """What a formula works out: `rows of Tickets in which Spam is yes ÷ rows of Tickets`."""
    return _say_term(term).words


def say_rows(aggregate: Aggregate) -> Wording:
    """The rows an aggregate is worked out from: `Tickets in which Spam is yes`."""
    if aggregate.summary is Summary.TOP:
        return _sum_up(_LARGEST_CLASS, aggregate)
    rows, demand = _say_counted(aggregate)
    return rows if demand is None else _ROWS_IN_WHICH.fill(rows=rows, demand=demand)


_ROWS_IN_WHICH = Wording("{rows}中{demand}的行", "{rows} in which {demand}")
_LARGEST_CLASS = Wording("{rows}中{what}最多的一类", "the largest {what} in {rows}")


def _say_term(term: Term) -> Said:
    match term:
        case Constant():
            return Said(say_constant(term))
        case Aggregate():
            return Said(_say_aggregate(term))
        case Operation("/", (Aggregate(Summary.SUM) as total, count)) if count == total.counting():
            return Said(_sum_up(_MEAN, total))
        case Operation("least" | "greatest" as name, operands):
            listed = join([_say_term(operand).within(SUM) for operand in operands], "、", ", ")
            return Said(_CHOICES[name].fill(listed=listed))
        case Operation(name, operands):
            return ARITHMETIC[name].say([_say_term(operand) for operand in operands])


def _say_aggregate(aggregate: Aggregate) -> Wording:
    if aggregate.summary is Summary.COUNT:
        return _say_count(aggregate)
    quantile = aggregate.quantile
    if quantile is not None and quantile * 2 == 1:
        return _sum_up(_MEDIAN, aggregate)
    return _sum_up(_SUMMARIES[aggregate.summary], aggregate)


def _say_count(aggregate: Aggregate) -> Wording:
    """Rows count where the condition holds and the operand, if there is one, is filled."""
    rows, demand = _say_counted(aggregate)
    if demand is None:
        return Wording("{rows}的行数", "rows of {rows}").fill(rows=rows)
    return Wording("{rows}中{demand}的行数", "rows of {rows} in which {demand}").fill(
        rows=rows, demand=demand
    )


def _say_counted(aggregate: Aggregate) -> tuple[Wording, Wording | None]:
    """A row set, and what is asked of its rows before they count, where anything is."""
    base, narrowing = _without_nameless(_said_once(aggregate.population))
    conditions = [each for each in (narrowing, aggregate.condition) if each is not None]
    demanded = [say_condition(each) for each in conditions]
    if aggregate.operand is not None:
        demanded.append(FILLED.say([say_value(aggregate.operand)]))
    return _say_population(base), connect("and", demanded).words if demanded else None


def _sum_up(form: Wording, aggregate: Aggregate) -> Wording:
    """A value of each row, summed up over the rows whose condition holds."""
    assert aggregate.operand is not None
    rows = _say_population(aggregate.population)
    if aggregate.condition is not None:
        narrowed = Wording("{rows}中{demand}的行", "the rows of {rows} in which {demand}")
        rows = narrowed.fill(rows=rows, demand=say_condition(aggregate.condition).words)
    share = f"{float((aggregate.quantile or 0) * 100):.12g}"
    what = say_value(aggregate.operand).within(LEAF)
    return form.fill(rows=rows, what=what, share=share, nth=_ordinal(share))


def _ordinal(number: str) -> str:
    """`90` as 90th, `1` as 1st."""
    last = number[-1] if number[-2:-1] != "1" and "." not in number else ""
    return number + {"1": "st", "2": "nd", "3": "rd"}.get(last, "th")


def _say_population(population: Population) -> Wording:
    """A row set by its name, and the rows it counts among where an indicator names them."""
    population = _said_once(population)
    within = population.within
    base, narrowing = _without_nameless(population)
    if narrowing is not None:
        demand = say_condition(narrowing).words
        return _AMONG_WHERE.fill(rows=_say_population(base), demand=demand)
    named = _name_population(population)
    return _AMONG.fill(rows=named, among=_say_population(within)) if within else named


def _said_once(population: Population) -> Population:
    """A row set that counts among its own rows, as those rows."""
    within = population.within
    if within and replace(population, name=within.name, within=within.within) == within:
        return _said_once(within)
    return population


def _without_nameless(population: Population) -> tuple[Population, RowTerm | None]:
    """A row set without its last condition, where that is of no row set with a name."""
    if not population.names or population.names[-1]:
        return population, None
    *others, last = population.conditions
    return replace(population, conditions=tuple(others), names=population.names[:-1]), last


_AMONG = Wording("{among}里的{rows}", "{rows} among {among}")
_AMONG_WHERE = Wording("{rows}中{demand}的行", "the rows of {rows} in which {demand}")


def _name_population(population: Population) -> Wording:
    """A row set by its name; a source by its title, however the formula spells it."""
    schema = population.schema
    spellings = {schema.source, schema.title.zh, schema.title.en.casefold()}
    if not population.conditions and population.name.casefold() in spellings:
        return schema.title
    return population.title or verbatim(population.name)
