"""Case files: a formula, then what is known of it, section by section.

    == a title
    COUNT(tickets)
    -- en
    rows of Tickets

A line that begins with `#` says something to the reader. A section's text is compared whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

Describe = Callable[[str], Mapping[str, str]]
"""What is true of a formula, by section."""


@dataclass(frozen=True, slots=True)
class Case:
    """One formula with the sections that a person wrote down for it."""

    title: str
    formula: str
    sections: Mapping[str, str]

    def text(self, describe: Describe) -> str:
        """The case as the file would spell it if what is described were right."""
        found = describe(self.formula)
        lines = [f"== {self.title}", self.formula]
        for name in self.sections:
            lines += [f"-- {name}", found.get(name, "(nothing)")]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of one subject and the lines of comment above them."""

    path: Path
    preface: str
    cases: tuple[Case, ...]

    def text(self, describe: Describe) -> str:
        parts = [self.preface, *(case.text(describe) for case in self.cases)]
        return "\n\n".join(part for part in parts if part) + "\n"


def read_case_file(path: Path) -> CaseFile:
    lines = path.read_text(encoding="utf-8").splitlines()
    preface = [line for line in lines if line.startswith("#")]
    return CaseFile(path, "\n".join(preface), tuple(_read_cases(lines)))


def _read_cases(lines: Iterable[str]) -> Iterable[Case]:
    title, section, parts = "", "", dict[str, list[str]]()
    for line in [*lines, "== "]:
        if line.startswith("== "):
            if title:
                texts = {name: "\n".join(part).strip() for name, part in parts.items()}
                yield Case(title, texts.pop(""), texts)
            title, section, parts = line[3:].strip(), "", {"": []}
        elif line.startswith("-- "):
            section = line[3:].strip()
            parts[section] = []
        elif title and not line.startswith("#"):
            parts[section].append(line)
