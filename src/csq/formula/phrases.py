"""How parts of a formula are put into one sentence: which of them need brackets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from csq.wording import Wording

OR, AND, NOT, PHRASE, SUM, PRODUCT, SIGNED, LEAF = range(8)
"""How tightly words hold together; a part that holds less tightly than it must gets brackets."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words, and how tightly they hold together."""

    words: Wording
    rank: int = LEAF

    def within(self, rank: int) -> Wording:
        """The words as part of others that hold together so tightly, in brackets if need be."""
        if self.rank >= rank:
            return self.words
        return Wording("（{it}）", "({it})").fill(it=self.words)


@dataclass(frozen=True, slots=True)
class Form:
    """How an operator or function with parts a, b, c is said, and how tightly each is held."""

    zh: str
    en: str
    rank: int
    parts: tuple[int, ...]

    def say(self, said: Sequence[Said]) -> Said:
        """The form with its parts put in."""
        held = [part.within(rank) for part, rank in zip(said, self.parts, strict=True)]
        slots = dict(zip("abc", held, strict=False))
        return Said(Wording(self.zh, self.en).fill(**slots), self.rank)


ARITHMETIC = {
    "+": Form("{a} + {b}", "{a} + {b}", SUM, (SUM, SUM)),
    "-": Form("{a} − {b}", "{a} − {b}", SUM, (SUM, PRODUCT)),
    "*": Form("{a} × {b}", "{a} × {b}", PRODUCT, (PRODUCT, PRODUCT)),
    "/": Form("{a} ÷ {b}", "{a} ÷ {b}", PRODUCT, (PRODUCT, SIGNED)),
    "minus": Form("−{a}", "−{a}", SIGNED, (LEAF,)),
}
