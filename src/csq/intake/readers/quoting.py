"""Rows whose quotes do not pair, found and set apart before a CSV reader meets them.

A reader that meets an open quote takes the rows behind it for one cell, and joins the text behind
a closed one to it, without a word. Here such rows are cut out, each as many lines as it swallowed,
and the rows behind them are read as if nothing had been.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np

_LONGEST_ROW = 1 << 22


class EndlessRow(ValueError):
    """A quote is open over more text than a row can hold."""


@dataclass(frozen=True, slots=True)
class CutOut:
    """The lines of a row whose quotes do not pair."""

    text: str
    lines: int


@dataclass(frozen=True, slots=True)
class WholeRows:
    """Text that ends with a row, and what was cut out of it, for each a placeholder, in order."""

    text: bytes
    cut_out: tuple[CutOut, ...] = ()


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """Passes on the text of a table with every unpaired row replaced by `placeholder`.

    The text comes and goes as UTF-8.
    """

    delimiter: str
    placeholder: str

    def passed(self, blocks: Iterator[bytes]) -> Iterator[WholeRows]:
        """The text, in pieces that end with a row; raises `EndlessRow`."""
        patterns = _Patterns.of(self.delimiter)
        rest = b""
        for block, following in pairwise(chain(filter(None, blocks), (b"",))):
            end = _last_line_end(block) if following else len(block)
            if not end:
                rest += block
                longest = _LONGEST_ROW
            else:
                lines = b"".join((rest, memoryview(block)[:end]))
                rows, unfinished = self._pass_rows(lines, patterns, final=not following)
                rest = unfinished + block[end:]
                # All of a block may stand behind a quote that is only closed in the next one.
                longest = _LONGEST_ROW + len(block)
                if rows.text:
                    yield rows
            if len(rest) > longest:
                raise EndlessRow

    def _pass_rows(
        self, data: bytes, patterns: _Patterns, *, final: bool
    ) -> tuple[WholeRows, bytes]:
        """The rows that are whole in some lines, and what is left for the next piece."""
        if _pairs_plainly(data, self.delimiter.encode()):
            return WholeRows(data), b""
        passed: list[bytes] = []
        cut_out: list[CutOut] = []
        position = 0
        while position < len(data):
            stop = patterns.well_quoted.match(data, position).end()  # type: ignore[union-attr]
            if stop == len(data):
                passed.append(data[position:])
                break
            # A quote that does not pair: it belongs to the row that holds it.
            row = _row_that_holds(stop, data, position, patterns)
            passed.append(data[position:row])
            closed = patterns.quoted.match(data, stop)
            if closed is None and not final:
                return WholeRows(b"".join(passed), tuple(cut_out)), data[row:]
            line_end = patterns.line_end.search(data, closed.end()) if closed else None
            position = line_end.end() if line_end else len(data)
            text = data[row:position]
            lines = len(patterns.line_end.findall(text.rstrip(b"\r\n"))) + 1
            cut_out.append(CutOut(text.decode("utf-8", "replace"), lines))
            passed.append(self.placeholder.encode() + b"\n")
        return WholeRows(b"".join(passed), tuple(cut_out)), b""


def _last_line_end(text: bytes) -> int:
    """Where the last whole line ends; a `\r` at the end may be the first half of its end."""
    return max(text.rfind(b"\n"), text.rfind(b"\r", 0, -1)) + 1


def _pairs_plainly(data: bytes, delimiter: bytes) -> bool:
    """Whether every quote opens where a cell begins or closes where one ends, or is doubled.

    So it is in almost every table; only the others are looked through quote by quote.
    """
    if b'"' not in data:
        return True
    text = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(text == ord('"'))
    if len(quotes) % 2 or len(delimiter) > 1:
        return False
    opening, closing = quotes[::2], quotes[1::2]
    edge = np.zeros(256, bool)
    edge[[*b'\r\n"', *delimiter]] = True
    first = 1 if opening[0] == 0 else 0
    last = len(closing) - (1 if closing[-1] == len(data) - 1 else 0)
    return bool(edge[text[opening[first:] - 1]].all() and edge[text[closing[:last] + 1]].all())


def _row_that_holds(stop: int, data: bytes, position: int, patterns: _Patterns) -> int:
    """Where the row begins that goes on at `stop`; up to there all quotes pair.

    `position` is the beginning of a row. Looked for from behind, since a line break between two
    quoted cells ends a row wherever the rows before it began.
    """
    quoted = [found.span() for found in patterns.quoted_cell.finditer(data, position, stop)]
    until = stop
    for start, end in reversed([(position, position), *quoted]):
        line_end = max(data.rfind(b"\n", end, until), data.rfind(b"\r", end, until))
        if line_end >= 0:
            return line_end + 1
        until = start
    return position


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Parts of a table with one delimiter.

    A quote opens a cell only where the cell begins; anywhere else it is text.
    """

    well_quoted: re.Pattern[bytes]
    quoted: re.Pattern[bytes]
    quoted_cell: re.Pattern[bytes]
    line_end: re.Pattern[bytes]

    @staticmethod
    def of(delimiter: str) -> _Patterns:
        d = re.escape(delimiter.encode())
        inside = rb'"(?:[^"]++|"")*+"'
        begins = rb"(?:(?<=[" + d + rb"\r\n])|(?<![\s\S]))"
        ends = rb"(?=[" + d + rb"\r\n]|\Z)"
        literal = rb"(?<![" + d + rb'\r\n])(?<=[\s\S])"[^' + d + rb"\r\n]*+"
        return _Patterns(
            well_quoted=re.compile(
                rb'[^"]*+(?:(?:' + begins + inside + ends + rb"|" + literal + rb')[^"]*+)*+'
            ),
            quoted=re.compile(inside),
            quoted_cell=re.compile(begins + inside + ends),
            line_end=re.compile(rb"\r\n?|\n"),
        )
