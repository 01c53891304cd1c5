"""The hours of the day that answer slowest."""

from __future__ import annotations

from fractions import Fraction

from csq.review.facts import HourCell


def find_slowest(cells: tuple[HourCell, ...]) -> tuple[HourCell, HourCell, HourCell] | None:
    """The first, the slowest and the last of the hours that answer a fifth slower than all."""
    known = [cell for cell in cells if cell.response is not None]
    if not known:
        return None
    waited = sum((cell.waited for cell in known), Fraction(0))
    limit = waited / sum(cell.answered for cell in known) * Fraction(6, 5)
    slow = tuple(cell for cell in known if (cell.response or 0) >= limit)
    if not slow:
        return None
    worst = max(slow, key=lambda cell: cell.response or 0)
    run = [cell for cell in slow if joins(cell, worst, slow)]
    return run[0], worst, run[-1]


def joins(cell: HourCell, other: HourCell, among: tuple[HourCell, ...]) -> bool:
    """Whether every hour between two of them is among them too."""
    hours = {each.hour for each in among}
    first, last = sorted((cell.hour, other.hour))
    return all(hour in hours for hour in range(first, last + 1))
