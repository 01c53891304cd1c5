"""What a review is made of before it is drawn: chapters of lines, tables and charts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from csq.wording import Language


class Tone(StrEnum):
    """What a cell's look repeats of its words; never the only bearer of a meaning."""

    PLAIN = "plain"
    SOFT = "soft"
    """Of less weight: no data, or a note."""
    TOTAL = "total"
    """A row that sums up the others of its table."""
    MET = "met"
    MISSED = "missed"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value two ways: what a person reads, and what a workbook computes with.

    `value` is in the unit that `number_format` shows. `heat` is 0 to 9: how much of the largest.
    """

    text: str
    value: Fraction | int | datetime | None = None
    number_format: str = "General"
    tone: Tone = Tone.PLAIN
    link: str = ""
    """The anchor of the rows behind the number."""
    hint: str = ""
    """What a name means, for whoever points at it."""
    note: str = ""
    heat: int | None = None
    formula: str = ""
    """A live formula that recomputes the value; without its equals sign."""
    is_array: bool = False
    unchecked: str = ""
    """Why there is no such formula."""


EMPTY = Cell("")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, and how wide it is in characters of a Latin letter's width."""

    title: str
    width: int = 12
    is_number: bool = False
    is_checked: bool = False
    """Whether a workbook sets a live recomputation and its difference beside each value."""
    compares: bool = False
    """Whether it is about the period before, and so left out where there is none."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; `anchor` is what links lead to, `details` what unfolds below it."""

    cells: tuple[Cell, ...]
    anchor: str = ""
    tone: Tone = Tone.PLAIN
    key: str = ""
    details: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a title."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    lines: tuple[str, ...] = ()
    """What must be said of the table, below it."""
    head: int = 0
    """The column that names the rows."""
    choices: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """By column: what a person may choose from when filling in the workbook."""

    @property
    def idle(self) -> frozenset[int]:
        """The columns about the period before, where no row has anything to say of it."""
        return frozenset(
            at
            for at, column in enumerate(self.columns)
            if column.compares and all(row.cells[at] == EMPTY for row in self.rows)
        )


class ChartKind(StrEnum):
    """The kinds of charts; each has a file of that name under templates/charts."""

    TREND = "trend"
    SPARK = "spark"
    HEAT = "heat"
    PARETO = "pareto"


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of numbers: its points, and its meaning in a sentence.

    `points` are plain values by name; `number_format` and `unit` belong to the vertical axis.
    """

    kind: ChartKind
    key: str
    title: str
    alt: str
    points: tuple[Mapping[str, str | float | int | None], ...]
    names: Mapping[str, str] = field(default_factory=dict)
    """What the series are called."""
    number_format: str = "General"
    axis_format: str = ""
    tone: Tone = Tone.PLAIN
    note: str = ""
    """What must be said beside it."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One sheet of the workbook and one part of the page."""

    key: str
    title: str
    lines: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()

    @property
    def legend(self) -> Mapping[str, str]:
        """What the series of its charts are called."""
        return {name: said for chart in self.charts for name, said in chart.names.items()}


@dataclass(frozen=True, slots=True)
class Tile:
    """A headline number with its target, verdict and the way it went."""

    title: str
    value: str
    target: str
    verdict: str
    change: str
    compared: str
    """The change with what it is a change to."""
    tone: Tone
    spark: Chart | None
    definition: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading and its sentences."""

    key: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A review, worded and ordered, in one language."""

    language: Language
    title: str
    subtitle: str
    tiles: tuple[Tile, ...]
    counts: tuple[tuple[Tone, str, str], ...]
    """How many indicators got which verdict: tone, number, words."""
    story: tuple[Block, ...]
    chapters: tuple[Chapter, ...]
    sheets: tuple[DataSheet, ...]

    def chapter(self, key: str) -> Chapter:
        return next(chapter for chapter in self.chapters if chapter.key == key)


@dataclass(frozen=True, slots=True)
class DataColumn:
    """A column of a sheet of rows; formulas know it by `name`."""

    title: str
    name: str
    number_format: str
    width: int


@dataclass(frozen=True, slots=True)
class DataSheet:
    """The rows that the numbers stand on; only counted where they are too many for a workbook."""

    title: str
    file_name: str
    columns: tuple[DataColumn, ...]
    rows: Iterable[tuple[object, ...]]
    count: int
    fits: bool
    lines: tuple[str, ...]
