"""A number beside the mark that it lies beyond never reads the same as the mark."""

from __future__ import annotations

from fractions import Fraction

import pytest

from csq.period import parse_period
from csq.reports.review.blocks import Document
from csq.reports.review.cells import say_breach
from csq.reports.view import blank_note
from csq.review.facts import Breach, Review
from csq.wording import Language


@pytest.mark.parametrize(
    ("value", "limit", "language", "said"),
    [
        ("0.9", "0.85", "zh", "2025-08 90.0 %，高于上限 85.0 %（+5.0 pp）"),
        ("0.8", "0.85", "zh", "2025-08 80.0 %，低于下限 85.0 %（−5.0 pp）"),
        ("0.8", "0.85", "en", "80.0 % in 2025-08, below the lower limit 85.0 % (−5.0 pp)"),
        ("0.93661", "0.93653", "zh", "2025-08 93.66 %，高于上限 93.65 %（+0.01 pp）"),
        ("0.9366120", "0.9366124", "zh", "2025-08 93.66120 %，低于下限 93.66124 %（−0.00004 pp）"),
    ],
)
def test_a_breach_is_said_with_as_many_decimals_as_it_takes(
    small: Review, value: str, limit: str, language: Language, said: str
) -> None:
    period = parse_period("2025-08")
    breach = Breach(period, Fraction(value), Fraction(limit))
    indicator = small.trend.scores["fcr"].indicator
    assert say_breach(breach, indicator, language) == said


def test_a_number_that_hangs_on_blanks_is_marked_in_the_review(
    found: Review, document: Document
) -> None:
    """The workbook's number format carries the mark, so that the number stays one."""
    noted = {s.indicator.id for s in found.scorecard.totals if blank_note(s)}
    (table,) = document.chapter("indicators").tables
    marked = {row.key for row in table.rows if "※" in row.cells[4].text}
    assert marked == noted
    assert marked == {row.key for row in table.rows if '"※"' in row.cells[4].number_format}
    assert len(marked) == sum(line.startswith("※") for line in table.lines)
    assert marked
