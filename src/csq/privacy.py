"""What may be shown of people: texts scrubbed, names masked, ids hashed, small groups hidden.

Masked the way GB/T 35273 asks of displays: `138****8000`, `110***********0021`, `z***@…`, `张*`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TypeVar

Item = TypeVar("Item")


class Mode(StrEnum):
    """How people are shown: masked, as a code that is the same for the same person, or plainly."""

    MASK = "mask"
    HASH = "hash"
    NONE = "none"


NAMES = frozenset({"name", "checker", "person"})
"""Fields that hold people's names."""

IDENTIFIERS = frozenset({"customer_id", "agent_id", "first_agent_id", "leader_id"})
"""Fields that hold one person's number; some systems write the name there."""

PEOPLE = NAMES | IDENTIFIERS
"""Fields whose groups are single people."""

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


def _mask_digits(first: int, last: int) -> Callable[[re.Match[str]], str]:
    """Keep so many characters at both ends; separators inside go."""

    def mask(match: re.Match[str]) -> str:
        digits = re.sub(r"[ \-]", "", match[0])
        return digits[:first] + "*" * (len(digits) - first - last) + digits[-last:]

    return mask


_EDGE = r"(?<![0-9A-Za-z])"
_END = r"(?![0-9A-Za-z])"


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]:
    """What is masked, and how; made for the first text, since many a run scrubs none."""
    return (
        (  # e-mail; no longer name than there may be, else a long text is looked through for each letter
            re.compile(r"([\w.+\-]{1,64})[@＠]([\w\-]+(?:\.[\w\-]+)+)"),
            lambda m: f"{m[1][0]}***@{m[2]}",
        ),
        (  # ID card of 18 or 15 characters: area, birthday, number
            re.compile(
                rf"{_EDGE}[1-9]\d{{5}} ?(?:18|19|20)\d\d ?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
                rf" ?\d{{3}}[\dXx]{_END}",
                re.ASCII,
            ),
            _mask_digits(3, 4),
        ),
        (
            re.compile(
                rf"{_EDGE}[1-9]\d{{7}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}{_END}", re.ASCII
            ),
            _mask_digits(3, 3),
        ),
        (  # bank card: 16 to 19 digits, often in fours
            re.compile(rf"{_EDGE}[3-6]\d{{3}}(?:[ \-]?\d{{4}}){{3}}(?:[ \-]?\d{{1,3}})?{_END}", re.ASCII),
            _mask_digits(4, 4),
        ),
        (  # mobile number, with or without the country's code
            re.compile(
                r"(?<!\d)(?:(?:\+|00)?86[ \-]?)?1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}(?!\d)", re.ASCII
            ),
            lambda m: (d := re.sub(r"\D", "", m[0])[-11:])[:3] + "****" + d[-4:],
        ),
        (  # landline: area code and number
            re.compile(r"(?<!\d)(0\d{2,3})[ \-]\d{3,4}[ \-]?\d{4}(?!\d)", re.ASCII),
            lambda m: f"{m[1]}-****{m[0][-2:]}",
        ),
        (  # passport and travel permits; what begins with a date of these years numbers a record
            re.compile(
                rf"{_EDGE}[EGDSPHMegdsphm](?!(?:20)?[2-3]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"
                rf"(?:\d{{8,9}}|[A-Za-z]\d{{7}}){_END}",
                re.ASCII,
            ),
            _mask_digits(1, 2),
        ),
        (  # number plate, new energy included
            re.compile(rf"([{_PROVINCES}][A-HJ-NP-Z])[ ·•\-]?[A-HJ-NP-Z0-9]{{3,5}}([A-HJ-NP-Z0-9挂学警港澳])"),
            lambda m: f"{m[1]}****{m[2]}",
        ),
    )  # fmt: skip


def scrub(text: str) -> str:
    """The text with every number and address of a person masked; all else stays.

    >>> scrub("请回电 138 1234 5678，车牌粤B12345，邮箱 zhang.san@example.com")
    '请回电 138****5678，车牌粤B****5，邮箱 z***@example.com'
    """
    narrow = text.translate(_WIDE_DIGITS)
    for pattern, mask in _patterns():
        narrow = pattern.sub(mask, narrow)
    return narrow


_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程"
    "苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛"
    "郝龚邵万钱严覃武戴莫孔向汤欧司上诸"
)
_NAME_BESIDE = re.compile(rf"(?<![一-鿿])[{_SURNAMES}][一-鿿]{{1,3}}(?![一-鿿])")
"""A name in Chinese beside a number, as in `8001-张三`; `坐席 12` begins with no surname."""

_WIDE_DIGITS = {0xFF10 + digit: 0x30 + digit for digit in range(10)}


def mask_name(name: str) -> str:
    """The first character of a name, the first letter of each part of a Western one.

    >>> mask_name("张三丰"), mask_name("Mary Ann Lee")
    ('张**', 'M*** A*** L***')
    """
    if name.isascii():
        return " ".join(f"{part[0]}***" for part in name.split())
    return name[:1] + "*" * (len(name) - 1 if len(name) > 1 else 1)


@dataclass(frozen=True, slots=True)
class Shield:
    """How this run shows people; `salt` makes the codes of `hash` this place's own."""

    mode: Mode = Mode.MASK
    smallest: int = 5
    """A group of people with fewer rows than this is not shown."""
    salt: bytes = b""

    def show(self, field: str, value: str) -> str:
        """A value of a field, as it may be shown."""
        if self.mode is Mode.NONE:
            return value
        if self.mode is Mode.HASH and field in PEOPLE:
            return hmac.new(self.salt, value.encode(), hashlib.sha256).hexdigest()[:10]
        if field in NAMES or (field in IDENTIFIERS and not re.search(r"\d", value)):
            return mask_name(value)
        scrubbed = scrub(value)
        if field not in IDENTIFIERS:
            return scrubbed
        return _NAME_BESIDE.sub(lambda name: mask_name(name[0]), scrubbed)

    def text(self, text: str) -> str:
        """What somebody wrote, as it may be shown."""
        return text if self.mode is Mode.NONE else scrub(text)

    def hidden(self, sizes: Mapping[Item, int]) -> frozenset[Item]:
        """The groups too small to be shown.

        Never one alone: it could be worked out from the total, so the next larger goes with it.
        """
        order: Sequence[Item] = sorted(sizes, key=lambda item: sizes[item])
        small = [item for item in order if sizes[item] < self.smallest]
        if len(small) == 1 and len(order) > 1:
            small = list(order[:2])
        return frozenset(small)


MASKED = Shield()
"""How people are shown unless a definition says otherwise."""
