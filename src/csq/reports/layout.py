"""Columns of text, in a terminal or a file, that line up where characters are two cells wide."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

_GAP = 2
_NARROWEST = 12
_UNLIMITED = 2_000
"""Cells of a line where no terminal sets a limit: nothing is wrapped or cut."""
_STYLE = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column: its title, on which side it is flush, and whether its cells may be wrapped."""

    title: str
    is_numeric: bool = False
    wraps: bool = False


TableLine = Sequence[Text] | Text
"""A row of cells, or one text that takes the whole width."""


def draw_text(draw: Callable[[Console], None], terminal: Console | None = None) -> str:
    """What `draw` prints, without blanks at the ends of lines; plain unless for a terminal."""
    console = terminal or Console(
        file=io.StringIO(),
        width=_UNLIMITED,
        color_system=None,
        force_terminal=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    with console.capture() as captured:
        draw(console)
    return "\n".join(map(_without_end_blanks, captured.get().split("\n")))


def _without_end_blanks(line: str) -> str:
    """A line without the blanks and styles at its end; where styles were, they end there.

    From behind: a pattern would begin anew at each of the many blanks before a long name.
    """
    bare = line.rstrip(" ")
    while bare.endswith("m") and (style := _STYLE.fullmatch(bare, bare.rfind("\x1b"))):
        bare = bare[: style.start()].rstrip(" ")
    return f"{bare}\x1b[0m" if "\x1b" in line[len(bare) :] else bare


def width_of(console: Console) -> int | None:
    """How many cells a line has; `None` where there is no limit."""
    return console.width if console.is_terminal else None


def natural_width(columns: Sequence[TextColumn], lines: Sequence[TableLine]) -> int:
    """The width of the table with nothing wrapped."""
    return sum(_widths(columns, lines)) + _GAP * (len(columns) - 1)


def print_table(
    console: Console, columns: Sequence[TextColumn], lines: Sequence[TableLine]
) -> None:
    """Print a table no wider than the terminal, as far as its wrapping columns allow."""
    limit = width_of(console)
    widths = _fit(columns, _widths(columns, lines), limit)
    header = [Text(column.title, style="dim") for column in columns]
    for line in (header, *lines):
        if isinstance(line, Text):
            print_line(console, line)
            continue
        folded = [
            _fold(console, cell, width if column.wraps and limit else None)
            for cell, column, width in zip(line, columns, widths, strict=True)
        ]
        for number in range(max(map(len, folded))):
            cells = [parts[number] if number < len(parts) else Text() for parts in folded]
            console.print(_joined(cells, columns, widths), soft_wrap=True)


def print_line(console: Console, line: Text) -> None:
    """Print a line of text, wrapped to the terminal; what goes on stands below its beginning."""
    limit = width_of(console)
    indent = len(line.plain) - len(line.plain.lstrip(" →·✘!-"))
    if limit is None or cell_len(line.plain) <= limit or limit - indent < _NARROWEST:
        console.print(line, soft_wrap=limit is None)
        return
    start, rest = line.divide([indent])
    pieces = rest.wrap(console, limit - cell_len(start.plain))
    for number, piece in enumerate(pieces):
        piece.rstrip()
        lead = start if number == 0 else Text(" " * cell_len(start.plain))
        console.print(Text.assemble(lead, piece), soft_wrap=True)


def _widths(columns: Sequence[TextColumn], lines: Sequence[TableLine]) -> list[int]:
    rows = [line for line in lines if not isinstance(line, Text)]
    return [
        max([cell_len(column.title), *(cell_len(row[i].plain) for row in rows)])
        for i, column in enumerate(columns)
    ]


def _fit(columns: Sequence[TextColumn], widths: list[int], limit: int | None) -> list[int]:
    """The widths once the widest wrapping columns have given what is too much."""
    fitted = list(widths)
    while limit and sum(fitted) + _GAP * (len(fitted) - 1) > limit:
        giving = [i for i, column in enumerate(columns) if column.wraps and fitted[i] > _NARROWEST]
        if not giving:
            break
        fitted[max(giving, key=lambda i: fitted[i])] -= 1
    return fitted


def shorten(text: Text, width: int) -> Text:
    """A text of at most so many cells: an ellipsis for its middle, since names often differ at
    the end.

    >>> shorten(Text("华东大区第一客服中心一组"), 12).plain
    '华东大…一组'
    """
    plain = text.plain
    if cell_len(plain) <= width:
        return text
    tail = _within(plain[::-1], width // 3)[::-1]
    head = _within(plain, width - 1 - cell_len(tail))
    return Text(f"{head.rstrip()}…{tail.lstrip()}", style=text.style, no_wrap=text.no_wrap)


def _within(text: str, width: int) -> str:
    """The beginning of a text that takes at most so many cells."""
    taken = accumulate(map(cell_len, text))
    return text[: sum(1 for _ in takewhile(lambda cells: cells <= width, taken))]


def _fold(console: Console, cell: Text, width: int | None) -> list[Text]:
    """The lines of a cell; one that is not to be wrapped is shortened."""
    if width is None or cell_len(cell.plain) <= width:
        return [cell]
    if cell.no_wrap:
        return [shorten(cell, width)]
    return list(cell.wrap(console, width))


def _joined(cells: Sequence[Text], columns: Sequence[TextColumn], widths: Sequence[int]) -> Text:
    line = Text()
    for cell, column, width in zip(cells, columns, widths, strict=True):
        blank = " " * (width - cell_len(cell.plain))
        gap = " " * _GAP if line.plain else ""
        line.append(gap + (blank if column.is_numeric else ""))
        line.append_text(cell)
        line.append("" if column.is_numeric else blank)
    return line
