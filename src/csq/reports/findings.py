"""Problems summed up: one finding for everything of one kind about one field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from csq.errors import Problem, Severity
from csq.wording import Language, Wording

_FIRST_PLACES = 3
_TIMES = Wording("（共 {n:,} 处，{files} 个文件）", " ({n:,} in all, files: {files})")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: the first time it was met, how often, in which files, and where first."""

    first: Problem
    count: int = 0
    files: frozenset[str | None] = frozenset()
    places: tuple[str, ...] = ()
    more_places: bool = False

    def with_another(self, problem: Problem) -> Finding:
        where = str(problem.place)
        full = len(self.places) == _FIRST_PLACES
        return Finding(
            first=self.first,
            count=self.count + problem.count,
            files=self.files | {problem.place.file},
            places=self.places if full or not where else (*self.places, where),
            more_places=self.more_places or (full and bool(where)),
        )

    def times(self, language: Language) -> str:
        """How often, in words; empty for once."""
        if self.count == 1:
            return ""
        return _TIMES.fill(n=self.count, files=len(self.files)).say(language)

    def line(self, language: Language) -> str:
        """The first of it on one line, and how often there is the same."""
        return self.first.line(language) + self.times(language)


def sum_up(problems: Iterable[Problem]) -> list[Finding]:
    """Problems that say the same of the same field, whatever the value, as one finding.

    The grave ones come first, and among them the frequent ones.
    """
    alike: dict[tuple[str, str], Finding] = {}
    for problem in problems:
        said = problem.message.en.replace(problem.value or "\0", "")
        key = (problem.code, re.sub(r"\d+", "", said))
        alike[key] = alike.get(key, Finding(problem)).with_another(problem)
    order = list(Severity)
    return sorted(alike.values(), key=lambda each: (order.index(each.first.severity), -each.count))


_MOST_OF_ROWS = 5
_REST = Wording(
    "另有 {n} 项：csq score --format json 全部列出，逐行的见 csq validate",
    "{n} more: csq score --format json lists all, csq validate those of rows one by one",
)


def finding_lines(problems: Iterable[Problem], language: Language) -> tuple[str, ...]:
    """One line a finding: what concerns a whole source, then the gravest that concern rows.

    The other ones and the notices are only counted, and where they all stand is said.
    """
    found = sum_up(problems)
    grave = [each for each in found if each.first.severity is not Severity.NOTICE]
    of_sources = [each for each in grave if each.first.place.row is None]
    of_rows = [each for each in grave if each.first.place.row is not None]
    told = [*of_sources, *of_rows[:_MOST_OF_ROWS]]
    rest = len(found) - len(told)
    more = [_REST.fill(n=rest).say(language)] if rest else []
    return (*(each.line(language) for each in told), *more)
