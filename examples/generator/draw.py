"""Drawing lots so that counts and sums come out exactly."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from generator.story import SEED

T = TypeVar("T")

NEVER = 0.0
CERTAIN = 1e6
"""Weights of `pick`: what is never drawn, and what is drawn before everything else."""


def lots(*purpose: str) -> random.Random:
    """The random numbers for one purpose, so that a change in one place stays there."""
    return random.Random("/".join((SEED, *purpose)))


def pick(
    rng: random.Random, items: Sequence[T], count: int, weight: Callable[[T], float]
) -> list[T]:
    """`count` different items, each as likely as its weight says."""
    drawn: list[tuple[bool, float, int]] = []
    for place, item in enumerate(items):
        heft = weight(item)
        if heft > NEVER:
            drawn.append((heft >= CERTAIN, rng.random() ** (1 / heft), place))
    if len(drawn) < count:
        raise ValueError(f"{count} wanted, {len(drawn)} to choose from")
    drawn.sort(reverse=True)
    return [items[place] for _, _, place in drawn[:count]]


def settle(
    rng: random.Random, amounts: Sequence[int], bounds: Sequence[tuple[int, int]], total: int
) -> list[int]:
    """The amounts, moved at random within their bounds until they add up to `total`."""
    settled = [min(high, max(low, n)) for n, (low, high) in zip(amounts, bounds, strict=True)]
    if not sum(low for low, _ in bounds) <= total <= sum(high for _, high in bounds):
        raise ValueError(f"{total} is out of reach")
    gap = total - sum(settled)
    while gap:
        place = rng.randrange(len(settled))
        low, high = bounds[place]
        step = gap // len(settled) or 1 if gap > 0 else -(-gap // len(settled) or 1)
        moved = min(high, max(low, settled[place] + step))
        gap -= moved - settled[place]
        settled[place] = moved
    return settled


def between(rng: random.Random, low: float, high: float, likeliest: float) -> int:
    """A whole number of seconds, minutes or points with one likeliest value."""
    return round(rng.triangular(low, high, likeliest))


def long_tail(rng: random.Random, low: float, mean_above: float, high: float) -> int:
    """Mostly a little above `low`, seldom far above it, never above `high`."""
    return round(min(high, low + rng.expovariate(1 / mean_above)))
