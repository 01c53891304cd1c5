"""Rows whose quotes do not pair, found and set apart before a CSV reader meets them.

A reader that meets an open quote takes the rows behind it for one cell, and joins the text behind
a closed one to it, without a word. Here such rows are cut out, each as many lines as it swallowed,
and the rows behind them are read as if nothing had been.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

_LONGEST_ROW = 1 << 22


class EndlessRow(ValueError):
    """A quote is open over more text than a row can hold."""


@dataclass(frozen=True, slots=True)
class CutOut:
    """The lines of a row whose quotes do not pair."""

    text: str
    lines: int


@dataclass(slots=True)
class QuoteCheck:
    """Passes on the text of a table with every unpaired row replaced by `placeholder`.

    The text comes and goes as UTF-8. `cut_out` grows as it passes, in the order of the
    placeholders.
    """

    delimiter: str
    placeholder: str
    cut_out: list[CutOut] = field(default_factory=list)

    def passed(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """The text, in pieces that end with a row; raises `EndlessRow`."""
        patterns = _Patterns.of(self.delimiter)
        rest = b""
        for block in blocks:
            data = rest + block if rest else block
            whole = self._pass_rows(data, patterns, final=False)
            passed, rest = b"".join(whole[0]), whole[1]
            if len(rest) > len(block) + _LONGEST_ROW:
                raise EndlessRow
            if passed:
                yield passed
        if rest:
            yield b"".join(self._pass_rows(rest, patterns, final=True)[0])

    def _pass_rows(
        self, data: bytes, patterns: _Patterns, *, final: bool
    ) -> tuple[list[bytes], bytes]:
        """The rows that are whole, and what is left for the next piece."""
        if not final:
            # The last line may go on, and a `\r` at the end may be the first half of a line break.
            end = max(data.rfind(b"\n"), data.rfind(b"\r", 0, -1)) + 1
            if not end:
                return [], data
            if data[end - 1 : end + 1] == b"\r\n":
                end += 1
        else:
            end = len(data)
        if _pairs_plainly(data[:end], self.delimiter.encode()):
            return [data[:end]], data[end:]
        passed: list[bytes] = []
        position = 0
        while position < end:
            stop = patterns.well_quoted.match(data, position, end).end()  # type: ignore[union-attr]
            if stop == end:
                passed.append(data[position:end])
                return passed, data[end:]
            # A quote that does not pair: it belongs to the row that holds it.
            row = _row_that_holds(stop, data, position, patterns)
            passed.append(data[position:row])
            closed = patterns.quoted.match(data, stop, end)
            if closed is None and not final:
                return passed, data[row:]
            fault = closed.end() if closed else end
            line_end = patterns.line_end.search(data, fault, end)
            behind = line_end.end() if line_end else end
            text = data[row:behind]
            lines = len(patterns.line_end.findall(text.rstrip(b"\r\n"))) + 1
            self.cut_out.append(CutOut(text.decode("utf-8", "replace"), lines))
            passed.append(self.placeholder.encode() + b"\n")
            position = behind
        return passed, data[end:]


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
