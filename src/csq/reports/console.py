"""The scorecard in a terminal: aligned also where characters are two columns wide."""

from __future__ import annotations

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

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
_GAP = 2


def draw_console(view: View, console: Console) -> None:
    """Print the view; a terminal too narrow for all columns moves notes below their rows."""
    console.print(Text(f"{view.title} · {view.subtitle}", style="bold"))
    console.print()
    shown = _fitting_columns(view, console.width if console.is_terminal else None)
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="dim")
    for key, title in view.columns:
        if key in shown:
            table.add_column(
                Text(title),
                justify="right" if key.is_numeric else "left",
                no_wrap=key is not ColumnKey.NAME,
            )
    for section in view.sections:
        if section.title:
            table.add_row(*_spread(Text(section.title, style="bold"), shown))
        for row in section.rows:
            table.add_row(*(_cell(row, key) for key in shown))
            note = row.cells[ColumnKey.NOTE].text
            if note and ColumnKey.NOTE not in shown:
                table.add_row(*_spread(Text(f"  → {note}", style="dim"), shown))
    console.print(table, soft_wrap=not console.is_terminal)
    console.print()
    for line in view.labelled_notes():
        console.print(Text(line, style="dim"), soft_wrap=not console.is_terminal)


def _cell(row: Row, key: ColumnKey) -> Text:
    text = row.cells[key].text
    if key is ColumnKey.NAME and row.is_group:
        text = f"  └ {text}"
    styled = key in {ColumnKey.SIGN, ColumnKey.VALUE}
    return Text(text, style=_STYLES[row.verdict] if styled else "")


def _spread(text: Text, shown: list[ColumnKey]) -> list[Text]:
    """A line of its own in the column of names."""
    return [text if key is ColumnKey.NAME else Text("") for key in shown]


def _fitting_columns(view: View, width: int | None) -> list[ColumnKey]:
    """The columns that fit into `width` without cutting a number; all without a width."""
    shown = [key for key, _ in view.columns]
    if width is None:
        return shown
    for dropped in _DROPPED_FIRST:
        if sum(_column_width(view, key) + _GAP for key in shown) <= width:
            break
        shown.remove(dropped)
    return shown


def _column_width(view: View, key: ColumnKey) -> int:
    rows = (row for section in view.sections for row in section.rows)
    title = dict(view.columns)[key]
    extra = 4 if key is ColumnKey.NAME else 0
    return max([cell_len(title), *(cell_len(row.cells[key].text) + extra for row in rows)])
