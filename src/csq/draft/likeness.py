"""How alike a header and the headers that csq knows are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from csq.records.schema import Field
from csq.records.script import simplify

LIKELY = 0.55
"""How alike a header and a known spelling must be for a guess that is put into effect."""

SUGGESTED = 0.62
"""How alike they must be for a suggestion that waits in a comment."""

FAINT = 0.45
"""How alike they must be to be worth a mention."""

_SAYS_NOTHING = frozenset(
    {"name", "id", "no", "number", "code", "key", "type", "value", "field", "ref", "reference"}
)
"""Words behind a name that leave it what it is: “agent name”."""

_NOTHING_IN_CHINESE = re.compile(r"(?:名称|编号|编码|单号|类型|号)$")

_ASKED = 4
"""How many signs a name has at least that is found in the midst of a question."""

_HELD = 0.6
"""What a header is worth at least that ends with a known one."""


def measure_likeness(header: str, field: Field) -> float:
    """How alike a header and the known spelling nearest to it are, from 0 to 1.

    “Ticket channel” ends with a known name and is about that; “customer age” and “customer type”
    share a word that says nothing of either, and are compared by the others.
    """
    words = split_words(header)
    return max(_compare(words, split_words(known)) for known in field.headers)


def measure_question(header: str, field: Field) -> float:
    """As `measure_likeness`; a question that asks for a known name in its midst is about that.

    Good for what a person decides: “客服人员的服务态度满意吗” is about 服务态度, but “创建时间差”
    is no time.
    """
    asked = simplify("".join(split_words(header)))
    names = (known for known in field.headers if not known.isascii())
    held = any(len(known) >= _ASKED and known in asked for known in names)
    return max(measure_likeness(header, field), SUGGESTED if held else 0.0)


@lru_cache(maxsize=1 << 14)
def split_words(header: str) -> tuple[str, ...]:
    """The words of a header in small letters; Chinese has none between its signs.

    >>> split_words("Issue_reported at"), split_words("closedDate"), split_words("渠道 Name")
    (('issue', 'reported', 'at'), ('closed', 'date'), ('渠道', 'name'))
    """
    plain = unicodedata.normalize("NFKC", header)
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[\u4e00-\u9fff])(?=[A-Za-z])", " ", plain)
    return tuple(re.findall(r"[^\W_]+", simplify(apart.casefold())))


@lru_cache(maxsize=1 << 17)
def _compare(words: Sequence[str], known: Sequence[str]) -> float:
    one, other = "".join(words), "".join(known)
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    held = _HELD + (1 - _HELD) * len(other) / len(one) if _ends_with(words, known) else 0.0
    shared = set(words) & set(known)
    if shared:
        rest, known_rest = ("".join(w for w in each if w not in shared) for each in (words, known))
        if rest and known_rest:
            return max(held, 0.2 + 0.8 * _ratio(rest, known_rest))
    return max(held, _ratio(one, other))


def _ends_with(words: Sequence[str], known: Sequence[str]) -> bool:
    """Whether a header ends with a known one, but for words that say nothing."""
    last = len(words)
    while last > 1 and words[last - 1] in _SAYS_NOTHING:
        last -= 1
    if any(tuple(words[:end])[-len(known) :] == tuple(known) for end in (len(words), last)):
        return True
    name, spelt = "".join(words[:last]), "".join(known)
    bare = _NOTHING_IN_CHINESE.sub("", name)
    return not spelt.isascii() and len(spelt) > 1 and (name.endswith(spelt) or bare.endswith(spelt))


@lru_cache(maxsize=1 << 17)
def _ratio(one: str, other: str) -> float:
    """The likeness of two spellings, 0 where it cannot reach what a mention needs."""
    matcher = SequenceMatcher(None, one, other)
    hopeless = min(matcher.real_quick_ratio(), matcher.quick_ratio()) < FAINT
    return 0.0 if hopeless else matcher.ratio()
