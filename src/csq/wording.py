"""Text for people, in both languages at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Wording:
    """One sentence or label in Chinese and in English; nothing a person reads exists in only one.

    >>> Wording("第 {row} 行", "row {row}").fill(row=3).say("en")
    'row 3'
    """

    zh: str
    en: str

    def say(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def fill(self, **slots: object) -> Wording:
        """The same wording with its `{slots}` filled; a slot may itself be a `Wording`."""
        return Wording(self._filled("zh", slots), self._filled("en", slots))

    def _filled(self, language: Language, slots: dict[str, object]) -> str:
        spoken = {
            name: value.say(language) if isinstance(value, Wording) else value
            for name, value in slots.items()
        }
        return self.say(language).format_map(spoken)


def verbatim(text: str) -> Wording:
    """A name that is spelt the same in every language, such as a header or an id."""
    return Wording(text, text)


def join(parts: list[Wording] | tuple[Wording, ...], zh: str = "、", en: str = ", ") -> Wording:
    return Wording(zh.join(part.zh for part in parts), en.join(part.en for part in parts))
