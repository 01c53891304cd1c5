"""A formula in plain words, for whoever doubts a number.

The words of the functions are those of `csq.formula.functions`. A field is called by its title, a
row set by the name the definition gives it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from csq.formula.tree import (
    Aggregate,
    Constant,
    FieldTerm,
    Operation,
    Population,
    RowOperation,
    RowTerm,
    Summary,
    Term,
    Type,
)
from csq.quantity import SECONDS, split_unit
from csq.records.column import Term as Word
from csq.wording import Wording, join, verbatim

_OR, _AND, _NOT, _PHRASE, _SUM, _PRODUCT, _SIGNED, _LEAF = range(8)
"""How tightly words hold together; a part that holds less tightly than it must gets brackets."""


@dataclass(frozen=True, slots=True)
class _Said:
    """Words, and how tightly they hold together."""

    words: Wording
    rank: int = _LEAF

    def within(self, rank: int) -> Wording:
        if self.rank >= rank:
            return self.words
        return Wording("（{it}）", "({it})").fill(it=self.words)


@dataclass(frozen=True, slots=True)
class _Form:
    """How an operator or function with parts a, b, c is said, and how tightly each is held."""

    zh: str
    en: str
    rank: int
    parts: tuple[int, ...]

    def say(self, said: Sequence[_Said]) -> _Said:
        held = [part.within(rank) for part, rank in zip(said, self.parts, strict=True)]
        slots = dict(zip("abc", held, strict=False))
        return _Said(Wording(self.zh, self.en).fill(**slots), self.rank)


_ARITHMETIC = {
    "+": _Form("{a} + {b}", "{a} + {b}", _SUM, (_SUM, _SUM)),
    "-": _Form("{a} − {b}", "{a} − {b}", _SUM, (_SUM, _PRODUCT)),
    "*": _Form("{a} × {b}", "{a} × {b}", _PRODUCT, (_PRODUCT, _PRODUCT)),
    "/": _Form("{a} ÷ {b}", "{a} ÷ {b}", _PRODUCT, (_PRODUCT, _SIGNED)),
    "minus": _Form("−{a}", "−{a}", _SIGNED, (_LEAF,)),
}


def _comparison(zh: str, en: str) -> _Form:
    return _Form(zh, en, _PHRASE, (_SUM, _SUM))


_COMPARISONS = {
    "=": _comparison("{a}为{b}", "{a} is {b}"),
    "<>": _comparison("{a}不为{b}", "{a} is not {b}"),
    "<": _comparison("{a}小于{b}", "{a} is less than {b}"),
    "<=": _comparison("{a}不超过{b}", "{a} is at most {b}"),
    ">": _comparison("{a}大于{b}", "{a} is more than {b}"),
    ">=": _comparison("{a}不小于{b}", "{a} is at least {b}"),
}
_COMPARISONS_OF_TIMES = {
    "<": _comparison("{a}早于{b}", "{a} is before {b}"),
    "<=": _comparison("{a}不晚于{b}", "{a} is not after {b}"),
    ">": _comparison("{a}晚于{b}", "{a} is after {b}"),
    ">=": _comparison("{a}不早于{b}", "{a} is not before {b}"),
}
_FUNCTIONS = {
    "isblank": _Form("{a}为空", "{a} is blank", _PHRASE, (_SIGNED,)),
    "if": _Form("若{a}则取{b}，否则取{c}", "{b} if {a}, else {c}", _PHRASE, (_AND, _SUM, _SUM)),
    "hour": _Form("{a}的钟点", "the hour of {a}", _LEAF, (_LEAF,)),
    "weekday": _Form("{a}的星期", "the weekday of {a}", _LEAF, (_LEAF,)),
    "contains": _Form("{a}含有{b}", "{a} holds {b}", _PHRASE, (_SUM, _SUM)),
    "includes": _Form("{a}里有{b}", "{a} include {b}", _PHRASE, (_SUM, _SUM)),
    "between": _Form("{a}在{b}到{c}之间", "{a} is from {b} to {c}", _PHRASE, (_SUM,) * 3),
}
_CONDITION_IF = _Form("若{a}则{b}，否则{c}", "{b} if {a}, else {c}", _OR, (_AND, _AND, _AND))
_HOLDS = _Form("{a}为是", "{a} is yes", _PHRASE, (_SIGNED,))
_HOLDS_NOT = _Form("{a}为否", "{a} is no", _PHRASE, (_SIGNED,))
_FILLED = _Form("{a}不为空", "{a} is filled", _PHRASE, (_SIGNED,))
_NOT_SO = _Form("并非{a}", "not {a}", _NOT, (_SIGNED,))
_OPPOSITES = {
    "=": _COMPARISONS["<>"],
    "<>": _COMPARISONS["="],
    "contains": _Form("{a}不含{b}", "{a} does not hold {b}", _PHRASE, (_SUM, _SUM)),
    "includes": _Form("{a}里没有{b}", "{a} do not include {b}", _PHRASE, (_SUM, _SUM)),
    "between": _Form("{a}不在{b}到{c}之间", "{a} is not from {b} to {c}", _PHRASE, (_SUM,) * 3),
}
"""What is said of a row that does not fulfil a condition; a blank is neither."""

_CHOICES = {
    "least": Wording("{listed}中最小的", "the smallest of {listed}"),
    "greatest": Wording("{listed}中最大的", "the largest of {listed}"),
}
_MOMENTS = {
    "data_end": Wording("数据截止时刻", "the end of the data"),
    "period_end": Wording("时段结束时刻", "the end of the period"),
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


def say_row(term: RowTerm) -> Wording:
    """What is worked out for each row: a value, or whether a condition is fulfilled."""
    said = _say_condition(term) if term.type is Type.FLAG else _say_value(term)
    return said.words


def _say_term(term: Term) -> _Said:
    match term:
        case Constant():
            return _Said(_say_constant(term))
        case Aggregate():
            return _Said(_say_aggregate(term))
        case Operation("/", (Aggregate(Summary.SUM) as total, count)) if count == total.counting():
            return _Said(_sum_up(_MEAN, total))
        case Operation("least" | "greatest" as name, operands):
            listed = join([_say_term(operand).within(_SUM) for operand in operands], "、", ", ")
            return _Said(_CHOICES[name].fill(listed=listed))
        case Operation(name, operands):
            return _ARITHMETIC[name].say([_say_term(operand) for operand in operands])


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
    demanded = [_say_condition(each) for each in conditions]
    if aggregate.operand is not None:
        demanded.append(_FILLED.say([_say_value(aggregate.operand)]))
    return _say_population(base), _connect("and", demanded).words if demanded else None


def _sum_up(form: Wording, aggregate: Aggregate) -> Wording:
    """A value of each row, summed up over the rows whose condition holds."""
    assert aggregate.operand is not None
    rows = _say_population(aggregate.population)
    if aggregate.condition is not None:
        narrowed = Wording("{rows}中{demand}的行", "the rows of {rows} in which {demand}")
        rows = narrowed.fill(rows=rows, demand=_say_condition(aggregate.condition).words)
    share = f"{float((aggregate.quantile or 0) * 100):.12g}"
    what = _say_value(aggregate.operand).within(_LEAF)
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
        demand = _say_condition(narrowing).words
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


def _say_condition(term: RowTerm) -> _Said:
    """A part that is yes or no, as something that holds of a row or does not."""
    match term:
        case RowOperation("and" | "or" as name, operands):
            return _connect(name, [_say_condition(operand) for operand in operands])
        case RowOperation("not", (operand,)):
            return _say_not(operand)
        case RowOperation("if", operands):
            return _CONDITION_IF.say([_say_condition(operand) for operand in operands])
        case FieldTerm() | RowOperation("coalesce"):
            return _HOLDS.say([_say_value(term)])
    return _say_value(term)


def _connect(name: str, parts: Sequence[_Said]) -> _Said:
    if len(parts) == 1:
        return parts[0]
    rank = _OR if name == "or" else _AND
    held = [part.within(_NOT) for part in parts]
    return _Said(join(held, "，或" if name == "or" else "，且", f" {name} "), rank)


def _say_not(operand: RowTerm) -> _Said:
    match operand:
        case RowOperation("isblank", (value,)):
            return _FILLED.say([_say_value(value)])
        case FieldTerm() | RowOperation("coalesce"):
            return _HOLDS_NOT.say([_say_value(operand)])
        case RowOperation(name, operands) if name in _OPPOSITES:
            return _OPPOSITES[name].say(_say_operands(operands))
        case RowOperation("in", operands):
            return _say_member(_IS_NONE_OF, _say_operands(operands))
        case RowOperation(name, operands) if name in _NO_RETURNS:
            return _say_return(_NO_RETURNS[name], _say_operands(operands))
        case RowOperation("replied", (_,)):
            return _Said(_NOBODY_REPLIED, _PHRASE)
    return _NOT_SO.say([_say_condition(operand)])


def _say_value(term: RowTerm, words: Sequence[Word] = ()) -> _Said:
    """A part that is a value; a text is said in `words` where it is one of them."""
    match term:
        case Constant():
            return _Said(_say_constant(term, words))
        case FieldTerm(field):
            return _Said(Wording("「{zh}」", "{en}").fill(zh=field.column.zh, en=field.column.en))
        case RowOperation("and" | "or" | "not"):
            return _say_condition(term)
        case RowOperation(name, operands):
            return _say_operation(name, operands)


def _say_operation(name: str, operands: Sequence[RowTerm]) -> _Said:
    """An operator or function."""
    said = _say_operands(operands)
    if name in _ARITHMETIC:
        return _ARITHMETIC[name].say(said)
    if name in _COMPARISONS:
        of_times = operands[0].type is Type.MOMENT
        forms = _COMPARISONS | (_COMPARISONS_OF_TIMES if of_times else {})
        return forms[name].say(said)
    if name in _MOMENTS:
        return _Said(_MOMENTS[name])
    if name == "worked":
        return _say_worked(operands, said)
    if name in _RETURNS:
        return _say_return(_RETURNS[name], said)
    if name == "credited":
        return _Said(_LAST_REPLIER)
    if name == "replied":
        return _Said(_say_replied(said), _PHRASE)
    if name == "in":
        return _say_member(_IS_ONE_OF, said)
    if name == "coalesce":
        return _say_first_filled(said)
    if name == "if":
        said[0] = _say_condition(operands[0])
    return _FUNCTIONS[name].say(said)


def _say_operands(operands: Sequence[RowTerm]) -> list[_Said]:
    """Parts of one operation; texts beside a field are in the words of its vocabulary."""
    words = next((o.field.column.terms for o in operands if isinstance(o, FieldTerm)), ())
    return [_say_value(operand, words) for operand in operands]


_IS_ONE_OF = _Form("{a}为{b}之一", "{a} is one of {b}", _PHRASE, (_SUM, _LEAF))
_IS_NONE_OF = _Form("{a}不为{b}之一", "{a} is none of {b}", _PHRASE, (_SUM, _LEAF))


def _say_member(form: _Form, said: Sequence[_Said]) -> _Said:
    listed = join([each.within(_SUM) for each in said[1:]], "、", ", ")
    return form.say([said[0], _Said(listed)])


def _say_worked(operands: Sequence[RowTerm], said: Sequence[_Said]) -> _Said:
    """Time by a calendar, which is called by its name."""
    calendar = operands[2]
    assert isinstance(calendar, Constant)
    form = Wording("{a}到{b}的{c}时长", "the time from {a} to {b} by {c}")
    a, b = (each.within(_LEAF) for each in said[:2])
    return _Said(form.fill(a=a, b=b, c=verbatim(calendar.text)))


_RETURNS = {
    "again": Wording(
        "同一{keys}在{span}内再次出现", "another row with the same {keys} follows within {span}"
    ),
    "before": Wording(
        "同一{keys}在此前{span}内出现过",
        "another row with the same {keys} came within {span} before",
    ),
}
_NO_RETURNS = {
    "again": Wording(
        "同一{keys}在{span}内没有再次出现",
        "no other row with the same {keys} follows within {span}",
    ),
    "before": Wording(
        "同一{keys}在此前{span}内没有出现过",
        "no other row with the same {keys} came within {span} before",
    ),
}


def _say_return(form: Wording, said: Sequence[_Said]) -> _Said:
    keys = join([each.within(_LEAF) for each in said[3:]], "和", " and ")
    return _Said(form.fill(span=said[1].words, keys=keys), _PHRASE)


_NOBODY_REPLIED = Wording("没有坐席回复过", "no agent has replied")
_LAST_REPLIER = Wording("最后回复的坐席", "the agent of the last reply")


def _say_replied(said: Sequence[_Said]) -> Wording:
    """Whether an agent, or anybody, has replied to the ticket of a row."""
    who = said[1].words if len(said) > 1 else Wording("有坐席", "an agent")
    return Wording("{who}回复过", "{who} has replied").fill(who=who)


def _say_first_filled(said: Sequence[_Said]) -> _Said:
    others = join([each.within(_SUM) for each in said[1:]], "，再为空取", ", or then ")
    form = _Form("{a}（为空取{b}）", "{a} (or {b} where blank)", _LEAF, (_LEAF, _LEAF))
    return form.say([said[0], _Said(others)])


def _say_constant(constant: Constant, words: Sequence[Word] = ()) -> Wording:
    """A value as it was written, its unit and a text of a fixed vocabulary in words."""
    if constant.type is Type.DURATION:
        return _say_duration(constant.text)
    if constant.type is not Type.TEXT:
        return verbatim(constant.text)
    known = next((word for word in words if word.zh == constant.value), None)
    text = Wording(known.zh, known.en) if known else verbatim(constant.text)
    return Wording("“{text}”", "“{text}”").fill(text=text)


_DAY = Fraction(86400)
_UNITS = {
    Fraction(1, 1000): Wording("{n}毫秒", "{n} ms"),
    Fraction(1): Wording("{n}秒", "{n} s"),
    Fraction(60): Wording("{n}分钟", "{n} min"),
    Fraction(3600): Wording("{n}小时", "{n} h"),
    _DAY: Wording("{n}天", "{n} days"),
}
_ONE_DAY = Wording("1天", "1 day")


def _say_duration(text: str) -> Wording:
    """A length of time in the unit that was written: `7d` is 7 days."""
    amount, unit = split_unit(text)
    form = _ONE_DAY if amount == "1" and SECONDS[unit] == _DAY else _UNITS[SECONDS[unit]]
    return form.fill(n=amount)
