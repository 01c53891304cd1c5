"""The targets of metrics.yaml once more: read as plain YAML, compared in fractions."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from .indicators import Answer

Group = Mapping[str, str | None]

COMPARE = {">=": operator.ge, "<=": operator.le}
UNITS = {
    "": Fraction(1),
    "%": Fraction(1, 100),
    "s": Fraction(1),
    "min": Fraction(60),
    "h": Fraction(3600),
}


@dataclass(frozen=True)
class Target:
    """One line of an indicator's targets."""

    text: str
    level: str
    where: Group

    @property
    def sign(self) -> str:
        return self.text.split()[0]

    @property
    def limit(self) -> Fraction:
        number = re.fullmatch(r"(\d+)([a-z%]*)", self.text.split()[1])
        assert number is not None, self.text
        return Fraction(number[1]) * UNITS[number[2]]

    def holds(self, value: Fraction) -> bool:
        return bool(COMPARE[self.sign](value, self.limit))


@dataclass(frozen=True)
class Rules:
    """What an indicator is judged by."""

    targets: tuple[Target, ...]
    min_n: int

    def target(self, level: str, group: Group) -> Target | None:
        """The target of a level whose scope fits a group and says most about it."""
        fitting = [
            target
            for target in self.targets
            if target.level == level and target.where.items() <= group.items()
        ]
        return max(fitting, key=lambda target: len(target.where), default=None)

    def judging(self, group: Group) -> Target | None:
        return self.target("target", group) or self.target("floor", group)

    def verdict(self, answer: Answer, group: Group) -> str:
        target = self.judging(group)
        if answer.value is None:
            return "no_data"
        if target is None:
            return "no_target"
        if answer.n < self.min_n:
            return "not_enough_evidence"
        return "met" if target.holds(answer.value) else "missed"

    def comparable(self, answer: Answer) -> Fraction | None:
        """What a later period is compared with: no value of a few rows."""
        return answer.value if answer.n >= self.min_n else None

    def missed_levels(self, answer: Answer, group: Group) -> set[str]:
        if answer.value is None or answer.n < self.min_n:
            return set()
        found = {level: self.target(level, group) for level in ("floor", "target", "stretch")}
        return {
            level for level, target in found.items() if target and not target.holds(answer.value)
        }

    def rows_missing(self, answer: Answer, group: Group) -> int | None:
        """How many rows must change sides: one more is tried until the target holds."""
        target = self.judging(group)
        if self.verdict(answer, group) != "missed" or not answer.is_share:
            return None
        assert target is not None
        assert answer.part is not None
        assert answer.whole is not None
        step = 1 if target.sign == ">=" else -1
        rows = 0
        while not target.holds((answer.part + step * rows) / answer.whole):
            rows += 1
        return rows

    def seconds_too_many(self, answer: Answer, group: Group) -> Fraction | None:
        """What a missed mean of times must lose in all."""
        target = self.judging(group)
        if self.verdict(answer, group) != "missed" or not answer.is_time:
            return None
        assert target is not None
        assert answer.part is not None
        assert answer.whole is not None
        return answer.part - target.limit * answer.whole


def read_rules(*definitions: Path) -> dict[str, Rules]:
    """The rules of every indicator of some definitions by its id."""
    contents: list[dict[str, Any]] = [
        yaml.safe_load(path.read_text(encoding="utf-8")) for path in definitions
    ]
    return {
        indicator["id"]: Rules(
            targets=tuple(
                Target(target["value"], target.get("level", "target"), target.get("where", {}))
                for target in indicator.get("targets", [])
                if "profile" not in target  # none is chosen
            ),
            min_n=indicator.get("min_n", 0),
        )
        for content in contents
        for indicator in content["indicators"]
    }
