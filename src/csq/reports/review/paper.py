"""Where the pages of a printed sheet end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

PAPER_WIDTH, PAPER_HEIGHT = 780.0, 500.0
"""A4 across between its margins, in points."""

_LEAST = 0.25
"""Of a page: what must stand on it before a table begins the next one."""
_FIRST_ROWS = 8
"""What is longer than a page begins where so many of its rows still fit."""


def end_pages(
    heights: Sequence[float],
    together: Mapping[int, int],
    *,
    wide: float,
    empty: Set[int] = frozenset(),
    ended: Iterable[int] = (),
    repeated: float = 0.0,
    header: int = 0,
) -> list[int]:
    """The rows with which a page ends, so that none cuts a table or a chart in two.

    `together` has the first and the last row of each, `ended` the rows that end a page anyhow; a
    sheet wider than the paper is made smaller, and each further page that begins behind the row
    `header` begins with what is repeated. Where it is, a table rather goes on over a page's end than
    leaves most of a page empty.
    """
    room = PAPER_HEIGHT * max(1.0, wide / PAPER_WIDTH)
    breaks, used, is_known = set(ended), 0.0, True
    for row, height in enumerate(heights, 1):
        if row in together:
            needed = sum(heights[row - 1 : together[row]])
            needed = needed if needed <= room else sum(heights[row - 1 : row - 1 + _FIRST_ROWS])
            begun = repeated if row > header else 0.0
            least = max(begun, room * _LEAST if repeated and row > header else 0.0)
            # Where a program has ended a page by itself is not known exactly.
            if used > least and (used + needed > room or not is_known):
                breaks.add(row - 1)
        if row - 1 in breaks:
            used, is_known = repeated if row > header else 0.0, True
        elif used + height > room and row not in empty:
            used, is_known = repeated if row > header else 0.0, False
        used += height
    return sorted(breaks)
