"""From the text of a formula to its syntax tree."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from lark import (
    Lark,
    Token,
    Transformer,
    UnexpectedCharacters,
    UnexpectedEOF,
    UnexpectedInput,
    v_args,
)
from lark.exceptions import VisitError
from lark.tree import Meta

from csq.formula.faults import FormulaFault
from csq.formula.syntax import (
    CallNode,
    IndicatorNode,
    MomentNode,
    NameNode,
    Node,
    OperatorNode,
    QuantityNode,
    Span,
    TextNode,
)
from csq.problems.formulas import FORMULA_SYNTAX
from csq.quantity import FULL_WIDTH, parse_quantity
from csq.wording import Wording

_LONGEST = 4_000
_DEEPEST = 60
_MOST_SIGNS = 200
_LARGEST = 10**12
_MOST_DECIMALS = 9

_SIGNS = {"−": "-", "×": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "<>", "!=": "<>"}


# A definition says the same part in many places, and is understood more than once in a run.
@lru_cache(maxsize=1_000)
def parse_formula(text: str) -> Node:
    """The syntax tree of a formula; raises `FormulaFault` at the first part it cannot read."""
    plain = _to_half_width(text)
    if len(plain) > _LONGEST or _depth(plain) > _DEEPEST or _count_signs(plain) > _MOST_SIGNS:
        raise _fault(Span(0, min(len(plain), 40)), _TOO_LONG)
    try:
        tree = _parser().parse(plain)
    except UnexpectedEOF:
        raise _fault(Span(len(plain), len(plain)), _UNFINISHED) from None
    except UnexpectedInput as unexpected:
        start = unexpected.pos_in_stream or 0
        if isinstance(unexpected, UnexpectedCharacters):
            span = _stray_part(plain, start)
            usual = _STRAY if span.end == start + 1 else _BROKEN
            is_inside = plain[:start].count("(") > plain[:start].count(")")
            if not plain[start].isprintable():
                raise _fault(span, _UNSEEN.fill(code=f"U+{ord(plain[start]):04X}")) from None
            raise _fault(span, _MEANT.get(text[start], usual) if is_inside else usual) from None
        token = getattr(unexpected, "token", None)
        ended = token is not None and token.type == "$END"
        if ended:
            raise _fault(Span(len(plain), len(plain)), _UNFINISHED) from None
        advice = _advise(plain[:start].rstrip(), plain[start:])
        raise _fault(Span(start, start + len(token or " ")), advice) from None
    try:
        node: Node = _Builder().transform(tree)
    except VisitError as error:
        raise error.orig_exc from None
    return node


_TOO_LONG = Wording("把公式拆成几个 measures", "split it into several measures")
_UNFINISHED = Wording(
    "公式没有写完：检查括号是否成对", "it is not finished: look for an open bracket"
)
_TOO_LARGE = Wording("数字太大或太长", "the number is too large or too long")
_BROKEN = Wording(
    "读不懂这部分：检查单位、引号和括号", "this cannot be read: look at its unit, quote or bracket"
)
_STRAY = Wording(
    "这个字符不能用在公式里",
    "this character has no place in a formula",
)
_UNSEEN = Wording(
    "这里有一个看不见的字符（{code}）：删去重打",
    "there is a character here that cannot be seen ({code}): delete it and type anew",
)
_QUOTES = Wording('文字用双引号：channel = "电话"', 'put texts in double quotes: channel = "Phone"')
_MEANT = {
    "‘": _QUOTES,
    "’": _QUOTES,
    "'": _QUOTES,
    "「": _QUOTES,
    "`": _QUOTES,
    ";": Wording("各项之间用逗号", "put commas between the arguments"),
    "%": Wording("百分号跟在数字后面，例如 85%", "a percent sign follows a number, as in 85%"),
    "&": Wording("两个条件都要成立写 AND", "write AND where both conditions must hold"),
    "|": Wording("两个条件成立一个即可写 OR", "write OR where one of two conditions must hold"),
    ":": Wording(
        "时长写成 30s、90min，时刻写成 2025-08-01 09:30；单元格区域换成口径和字段",
        "write a duration as 30s, 90min, a time as 2025-08-01 09:30; rows and a field instead of"
        " a range of cells",
    ),
    "!": Wording("不等于写 <>，否定写 NOT", "write <> for unequal, and NOT for the opposite"),
}
"""What people who write such a sign inside of brackets mean."""

_NO_EQUALS = Wording("公式前面不写等号", "no equals sign stands before a formula")
_MISPLACED = Wording(
    "此处少了运算符，或多了内容", "an operator is missing here, or this is too much"
)


_ONE_EQUALS = Wording("等于只写一个等号", "write one equals sign")
_LIST = Wording('几个值写成 {"电话", "在线"}', 'write several values as {"Phone", "Chat"}')


_IN_SQL = {
    "is": Wording("为空写 ISBLANK(字段)", "write ISBLANK(field) for what is blank"),
    "like": Wording('用 CONTAINS(字段, "文字")', 'use CONTAINS(field, "text")'),
    "not in": Wording(
        'NOT 写在前面：NOT 渠道 IN {"电话"}', 'put NOT first: NOT channel IN {"Phone"}'
    ),
}
_ONE_COMPARISON = Wording(
    "一次只比较两项：写成 x BETWEEN 5s AND 10s，或 5s < x AND x < 10s",
    "compare two things at a time: x BETWEEN 5s AND 10s, or 5s < x AND x < 10s",
)
_TO_THE_END = Wording("写成 x BETWEEN 5s AND 10s", "write x BETWEEN 5s AND 10s")


def _advise(before: str, rest: str) -> Wording:
    """What to do about what cannot stand behind what is before it."""
    sign = rest[0]
    if sign == "=" and not before:
        return _NO_EQUALS
    if sign == "=" and before.endswith("="):
        return _ONE_EQUALS
    if sign == "(" and re.search(r"(?i)(?<!\w)in$", before):
        return _LIST
    word = re.match(r"(?i)(is|like|not\s+in)(?!\w)", rest)
    if word:
        return _IN_SQL[" ".join(word[1].lower().split())]
    if sign in "<>=≤≥" and re.search(r"[<>=≤≥]\s*[^<>=≤≥(),]+$", before):
        return _ONE_COMPARISON
    if re.search(r"(?i)(?<!\w)between\s[^(),]*$", before):
        return _TO_THE_END
    return _MISPLACED


def _fault(span: Span, advice: Wording) -> FormulaFault:
    return FormulaFault(FORMULA_SYNTAX, span, advice=advice)


def _stray_part(text: str, start: int) -> Span:
    """What cannot be read from `start` on: a word, a sign, or all behind an open quote."""
    if text[start] in "\"“'[":
        return Span(start, len(text))
    word = re.compile(r"\w+").match(text, start)
    return Span(start, word.end() if word else start + 1)


def _to_half_width(text: str) -> str:
    """Full-width signs as their plain twins, but not inside quotes; positions stay the same."""
    plain, quote = [], ""
    for char in text:
        if quote:
            quote = "" if char == quote else quote
            plain.append(char)
        else:
            quote = {'"': '"', "“": "”", "'": "'"}.get(char, "")
            plain.append(char.translate(FULL_WIDTH))
    return "".join(plain)


def _depth(text: str) -> int:
    """How deep brackets nest, or how long signs and NOTs pile up: what recursion follows."""
    depth = deepest = 0
    for char in text:
        depth += {"(": 1, ")": -1}.get(char, 0)
        deepest = max(deepest, depth)
    chained = len(re.findall(r"(?i)(?<!\w)(?:not|非)(?!\w)", text))
    return max(deepest, chained)


def _count_signs(text: str) -> int:
    """How many signs of arithmetic there are: a long sum is a deep tree."""
    return sum(text.count(sign) for sign in "+-−*×/÷")


@cache
def _parser() -> Lark:
    grammar = (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", propagate_positions=True, maybe_placeholders=False)


def _span(meta: Meta) -> Span:
    return Span(meta.start_pos, meta.end_pos)


@v_args(meta=True)
class _Builder(Transformer[Token, Any]):
    """Lark's tree, which is untyped, as nodes."""

    def start(self, _: Meta, parts: list[Node]) -> Node:
        return parts[0]

    def any_of(self, meta: Meta, parts: list[Node]) -> Node:
        return OperatorNode("or", tuple(parts), _span(meta))

    def all_of(self, meta: Meta, parts: list[Node]) -> Node:
        return OperatorNode("and", tuple(parts), _span(meta))

    def negated(self, meta: Meta, parts: list[Node]) -> Node:
        return OperatorNode("not", tuple(parts), _span(meta))

    def compared(self, meta: Meta, parts: list[Any]) -> Node:
        left, sign, right = parts
        return OperatorNode(_SIGNS.get(sign, str(sign)), (left, right), _span(meta))

    calculated = compared

    def between(self, meta: Meta, parts: list[Node]) -> Node:
        return OperatorNode("between", tuple(parts), _span(meta))

    def member(self, meta: Meta, parts: list[Node]) -> Node:
        return OperatorNode("in", tuple(parts), _span(meta))

    def minus(self, meta: Meta, parts: list[Any]) -> Node:
        return OperatorNode("minus", (parts[1],), _span(meta))

    def quantity(self, meta: Meta, parts: list[Token]) -> Node:
        quantity = parse_quantity(parts[0])
        assert quantity is not None, parts[0]
        if quantity.value >= _LARGEST or len(parts[0].partition(".")[2]) > _MOST_DECIMALS:
            raise _fault(_span(meta), _TOO_LARGE)
        return QuantityNode(quantity, _span(meta))

    def text(self, meta: Meta, parts: list[Token]) -> Node:
        return TextNode(parts[0][1:-1], _span(meta))

    def moment(self, meta: Meta, parts: list[Token]) -> Node:
        try:
            day, _, clock = parts[0].partition(" ")
            year, month, date = map(int, day.split("-"))
            hours, minutes, seconds = (*map(int, filter(None, clock.split(":"))), 0, 0, 0)[:3]
            moment = datetime(year, month, date, hours, minutes, seconds)
            return MomentNode(moment, _span(meta))
        except ValueError:
            advice = Wording("没有这一天或这一刻", "there is no such day or time")
            raise _fault(_span(meta), advice) from None

    def indicator(self, meta: Meta, parts: list[Token]) -> Node:
        return IndicatorNode(str(parts[0]), _span(meta))

    def name(self, meta: Meta, parts: list[Token]) -> Node:
        token = parts[0]
        bracketed = token.type == "BRACKETED"
        return NameNode(token[1:-1].strip() if bracketed else str(token), _span(meta))

    def call(self, meta: Meta, parts: list[Any]) -> Node:
        name, *arguments = parts
        return CallNode(name.upper(), tuple(arguments), _span(meta))
