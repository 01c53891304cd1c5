"""The scorecard in a terminal: aligned also where characters are two columns wide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from csq.reports.layout import (
    TableLine,
    TextColumn,
    natural_width,
    print_line,
    print_table,
    shorten,
    width_of,
)
from csq.reports.view import ColumnKey, Row, View
from csq.scorecard import Verdict

_STYLES = {
    Verdict.MET: "green",
    Verdict.MISSED: "bold red",
    Verdict.NO_TARGET: "",
    Verdict.NO_DATA: "dim",
    Verdict.NOT_ENOUGH_EVIDENCE: "yellow",
}
_DROPPED_FIRST = (ColumnKey.NOTE, ColumnKey.OWNER, ColumnKey.TREND, ColumnKey.CHANGE)

_COMPARISONS = (ColumnKey.CHANGE, ColumnKey.TREND)
"""Left out where there is no earlier period to compare with."""

_LONGEST_GROUP = 36
"""Cells of a group's name: one long value would take the other columns' room. CSV and JSON have
it whole."""


def draw_console(view: View, console: Console) -> None:
    """Print the view; a terminal too narrow for all columns moves notes below their rows."""
    print_line(console, Text(f"{view.title} · {view.subtitle}", style="bold"))
    console.print()
    shown = _fitting_columns(view, width_of(console))
    print_table(console, _columns(view, shown), list(_lines(view, shown)))
    console.print()
    for line in view.labelled_notes():
        print_line(console, Text(line, style="dim"))


def _columns(view: View, shown: Sequence[ColumnKey]) -> list[TextColumn]:
    titles = dict(view.columns)
    return [TextColumn(titles[key], key.is_numeric, key is ColumnKey.NAME) for key in shown]


def _lines(view: View, shown: Sequence[ColumnKey]) -> Iterator[TableLine]:
    indent = " " * 3
    for section in view.sections:
        if section.title:
            yield Text(f"{indent}{section.title}", style="bold")
        for row in section.rows:
            yield [_cell(row, key) for key in shown]
            note = row.cells[ColumnKey.NOTE].text
            if note and ColumnKey.NOTE not in shown:
                yield Text(f"{indent}  → {note}", style="dim")


def _cell(row: Row, key: ColumnKey) -> Text:
    text = row.cells[key].text
    if key is ColumnKey.NAME and row.is_group:
        return shorten(Text(f"  └ {text}", no_wrap=True), _LONGEST_GROUP)
    styled = key in {ColumnKey.SIGN, ColumnKey.VALUE}
    return Text(text, style=_STYLES[row.verdict] if styled else "")


def _fitting_columns(view: View, width: int | None) -> list[ColumnKey]:
    """The columns that fit into `width` without cutting a number; all without a width."""
    rows = [row for section in view.sections for row in section.rows]
    compared = [key for key in _COMPARISONS if any(row.cells[key].text for row in rows)]
    shown = [key for key, _ in view.columns if key in compared or key not in _COMPARISONS]
    for dropped in (key for key in _DROPPED_FIRST if key in shown):
        natural = natural_width(_columns(view, shown), list(_lines(view, shown)))
        if width is None or natural <= width:
            break
        shown.remove(dropped)
    return shown
