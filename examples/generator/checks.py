"""Knowledge-base checks: a monthly sample of entries, looked at by the product department."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from generator import story
from generator.draw import lots
from generator.story import Month

ENTRIES = 640
CHECKERS = ("产品部 甲", "产品部 乙", "客服部 丙")
KINDS = (story.PRODUCT, story.TECH, story.AFTER_SALES, story.DELIVERY, story.ACCOUNT)


@dataclass(frozen=True, slots=True)
class Check:
    """One entry looked at."""

    check_id: str
    item_id: str
    checked_on: date
    correct: bool
    checker: str
    problem_type: str


def make_checks(month: Month) -> list[Check]:
    """The month's sample, taken on its last three days."""
    rng = lots("checks", month.label)
    results = [True] * month.right + [False] * (month.checks - month.right)
    rng.shuffle(results)
    entries = list(range(1, ENTRIES + 1))
    rng.shuffle(entries)
    return [
        Check(
            check_id=f"Z{month.start:%Y%m}-{number:03d}",
            item_id=f"KB-{entry:04d}",
            checked_on=month.end - timedelta(days=3 - number * 3 // (month.checks + 1)),
            correct=correct,
            checker=CHECKERS[entry % 3],
            problem_type=KINDS[entry % len(KINDS)],
        )
        for number, (entry, correct) in enumerate(zip(entries, results, strict=False), start=1)
    ]
