"""What a formula works out for each row, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from csq.formula.phrases import AND, ARITHMETIC, LEAF, NOT, OR, PHRASE, SIGNED, SUM, Form, Said
from csq.formula.tree import Constant, FieldTerm, RowOperation, RowTerm, Type
from csq.quantity import SECONDS, split_unit
from csq.records.column import Term as Word
from csq.wording import Wording, join, verbatim


def _comparison(zh: str, en: str) -> Form:
    return Form(zh, en, PHRASE, (SUM, SUM))


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
    "isblank": Form("{a}为空", "{a} is blank", PHRASE, (SIGNED,)),
    "if": Form("若{a}则取{b}，否则取{c}", "{b} if {a}, else {c}", PHRASE, (AND, SUM, SUM)),
    "hour": Form("{a}的钟点", "the hour of {a}", LEAF, (LEAF,)),
    "weekday": Form("{a}的星期", "the weekday of {a}", LEAF, (LEAF,)),
    "contains": Form("{a}含有{b}", "{a} holds {b}", PHRASE, (SUM, SUM)),
    "includes": Form("{a}里有{b}", "{a} include {b}", PHRASE, (SUM, SUM)),
    "between": Form("{a}在{b}到{c}之间", "{a} is from {b} to {c}", PHRASE, (SUM,) * 3),
}
_CONDITION_IF = Form("若{a}则{b}，否则{c}", "{b} if {a}, else {c}", OR, (AND, AND, AND))
_HOLDS = Form("{a}为是", "{a} is yes", PHRASE, (SIGNED,))
_HOLDS_NOT = Form("{a}为否", "{a} is no", PHRASE, (SIGNED,))
FILLED = Form("{a}不为空", "{a} is filled", PHRASE, (SIGNED,))
_NOT_SO = Form("并非{a}", "not {a}", NOT, (SIGNED,))
_OPPOSITES = {
    "=": _COMPARISONS["<>"],
    "<>": _COMPARISONS["="],
    "contains": Form("{a}不含{b}", "{a} does not hold {b}", PHRASE, (SUM, SUM)),
    "includes": Form("{a}里没有{b}", "{a} do not include {b}", PHRASE, (SUM, SUM)),
    "between": Form("{a}不在{b}到{c}之间", "{a} is not from {b} to {c}", PHRASE, (SUM,) * 3),
}
"""What is said of a row that does not fulfil a condition; a blank is neither."""

_MOMENTS = {
    "data_end": Wording("数据截止时刻", "the end of the data"),
    "period_end": Wording("时段结束时刻", "the end of the period"),
}


def say_row(term: RowTerm) -> Wording:
    """What is worked out for each row: a value, or whether a condition is fulfilled."""
    said = say_condition(term) if term.type is Type.FLAG else say_value(term)
    return said.words


def say_condition(term: RowTerm) -> Said:
    """A part that is yes or no, as something that holds of a row or does not."""
    match term:
        case RowOperation("and" | "or" as name, operands):
            return connect(name, [say_condition(operand) for operand in operands])
        case RowOperation("not", (operand,)):
            return _say_not(operand)
        case RowOperation("if", operands):
            return _CONDITION_IF.say([say_condition(operand) for operand in operands])
        case FieldTerm() | RowOperation("coalesce"):
            return _HOLDS.say([say_value(term)])
    return say_value(term)


def connect(name: str, parts: Sequence[Said]) -> Said:
    """Conditions of which all (`and`) or any (`or`) hold."""
    if len(parts) == 1:
        return parts[0]
    rank = OR if name == "or" else AND
    held = [part.within(NOT) for part in parts]
    return Said(join(held, "，或" if name == "or" else "，且", f" {name} "), rank)


def _say_not(operand: RowTerm) -> Said:
    match operand:
        case RowOperation("isblank", (value,)):
            return FILLED.say([say_value(value)])
        case FieldTerm() | RowOperation("coalesce"):
            return _HOLDS_NOT.say([say_value(operand)])
        case RowOperation(name, operands) if name in _OPPOSITES:
            return _OPPOSITES[name].say(_say_operands(operands))
        case RowOperation("in", operands):
            return _say_member(_IS_NONE_OF, _say_operands(operands))
        case RowOperation(name, operands) if name in _NO_RETURNS:
            return _say_return(_NO_RETURNS[name], _say_operands(operands))
        case RowOperation("replied", (_,)):
            return Said(_NOBODY_REPLIED, PHRASE)
    return _NOT_SO.say([say_condition(operand)])


def say_value(term: RowTerm, words: Sequence[Word] = ()) -> Said:
    """A part that is a value; a text is said in `words` where it is one of them."""
    match term:
        case Constant():
            return Said(say_constant(term, words))
        case FieldTerm(field):
            return Said(Wording("「{zh}」", "{en}").fill(zh=field.column.zh, en=field.column.en))
        case RowOperation("and" | "or" | "not"):
            return say_condition(term)
        case RowOperation(name, operands):
            return _say_operation(name, operands)


def _say_operation(name: str, operands: Sequence[RowTerm]) -> Said:
    """An operator or function."""
    said = _say_operands(operands)
    if name in ARITHMETIC:
        return ARITHMETIC[name].say(said)
    if name in _COMPARISONS:
        of_times = operands[0].type is Type.MOMENT
        forms = _COMPARISONS | (_COMPARISONS_OF_TIMES if of_times else {})
        return forms[name].say(said)
    if name in _MOMENTS:
        return Said(_MOMENTS[name])
    if name == "worked":
        return _say_worked(operands, said)
    if name in _RETURNS:
        return _say_return(_RETURNS[name], said)
    if name == "credited":
        return Said(_LAST_REPLIER)
    if name == "replied":
        return Said(_say_replied(said), PHRASE)
    if name == "in":
        return _say_member(_IS_ONE_OF, said)
    if name == "coalesce":
        return _say_first_filled(said)
    if name == "if":
        said[0] = say_condition(operands[0])
    return _FUNCTIONS[name].say(said)


def _say_operands(operands: Sequence[RowTerm]) -> list[Said]:
    """Parts of one operation; texts beside a field are in the words of its vocabulary."""
    words = next((o.field.column.terms for o in operands if isinstance(o, FieldTerm)), ())
    return [say_value(operand, words) for operand in operands]


_IS_ONE_OF = Form("{a}为{b}之一", "{a} is one of {b}", PHRASE, (SUM, LEAF))
_IS_NONE_OF = Form("{a}不为{b}之一", "{a} is none of {b}", PHRASE, (SUM, LEAF))


def _say_member(form: Form, said: Sequence[Said]) -> Said:
    listed = join([each.within(SUM) for each in said[1:]], "、", ", ")
    return form.say([said[0], Said(listed)])


def _say_worked(operands: Sequence[RowTerm], said: Sequence[Said]) -> Said:
    """Time by a calendar, which is called by its name."""
    calendar = operands[2]
    assert isinstance(calendar, Constant)
    form = Wording("{a}到{b}的{c}时长", "the time from {a} to {b} by {c}")
    a, b = (each.within(LEAF) for each in said[:2])
    return Said(form.fill(a=a, b=b, c=verbatim(calendar.text)))


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


def _say_return(form: Wording, said: Sequence[Said]) -> Said:
    keys = join([each.within(LEAF) for each in said[3:]], "和", " and ")
    return Said(form.fill(span=said[1].words, keys=keys), PHRASE)


_NOBODY_REPLIED = Wording("没有坐席回复过", "no agent has replied")
_LAST_REPLIER = Wording("最后回复的坐席", "the agent of the last reply")


def _say_replied(said: Sequence[Said]) -> Wording:
    """Whether an agent, or anybody, has replied to the ticket of a row."""
    who = said[1].words if len(said) > 1 else Wording("有坐席", "an agent")
    return Wording("{who}回复过", "{who} has replied").fill(who=who)


def _say_first_filled(said: Sequence[Said]) -> Said:
    others = join([each.within(SUM) for each in said[1:]], "，再为空取", ", or then ")
    form = Form("{a}（为空取{b}）", "{a} (or {b} where blank)", LEAF, (LEAF, LEAF))
    return form.say([said[0], Said(others)])


def say_constant(constant: Constant, words: Sequence[Word] = ()) -> Wording:
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
