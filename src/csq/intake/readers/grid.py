"""Cells of a sheet by the thousand: where each stands and what it says, as columns of Arrow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csq.intake.readers.base import (
    Batch,
    Positions,
    TornRow,
    column_names,
    number_array,
    numbers_in,
    text_array,
)
from csq.intake.readers.sheets import SheetRow

_CELLS_AT_ONCE = 1 << 22
"""Cells of a batch: a row of one cell is as wide in it as the header."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of a sheet that follow one another, and the cells that are filled in them.

    `numbers` are the rows' numbers in Excel; `row` is of each cell the position of its row among
    them, in ascending order, `column` its column from 0 and `texts` its text.
    """

    numbers: Positions
    row: Positions
    column: Positions
    texts: pa.Array

    def rows(self) -> Iterator[SheetRow]:
        """Each row, as wide as it is."""
        texts = self.texts.to_pylist()
        ends = np.searchsorted(self.row, np.arange(len(self.numbers) + 1)).tolist()
        columns = self.column.tolist()
        for number, first, end in zip(self.numbers.tolist(), ends, ends[1:], strict=False):
            cells = [""] * (max(columns[first:end], default=-1) + 1)
            for column, text in zip(columns[first:end], texts[first:end], strict=True):
                cells[column] = text
            yield SheetRow(number, cells, [])

    def batches(self, width: int) -> Iterator[Batch]:
        """The rows with their first `width` cells; torn are those with a filled cell behind."""
        at_once = max(1, _CELLS_AT_ONCE // (width + 1))
        for first in range(0, len(self.numbers), at_once):
            yield self._part(first, min(first + at_once, len(self.numbers)))._batch(width)

    def _part(self, first: int, end: int) -> Grid:
        """The rows at the positions from `first` up to, not including, `end`."""
        start, stop = np.searchsorted(self.row, (first, end)).tolist()
        cells = slice(start, stop)
        texts = self.texts.slice(start, stop - start)
        return Grid(self.numbers[first:end], self.row[cells] - first, self.column[cells], texts)

    def _batch(self, width: int) -> Batch:
        inside = np.flatnonzero(self.column < width)
        torn = self._torn(width)
        kept = np.ones(len(self.numbers), bool)
        kept[torn] = False
        # The position of each cell's text; behind the last of them stands that of a blank.
        texts = pa.concat_arrays([self.texts, text_array([""])])
        chosen = np.full((width, len(self.numbers)), len(self.texts))
        chosen[self.column[inside], self.row[inside]] = inside
        columns = [texts.take(number_array(column[kept])) for column in chosen]
        cells = pa.RecordBatch.from_arrays(columns, names=column_names(width))
        rows = number_array(self.numbers[kept])
        return Batch(cells, rows, self._tell_torn(torn, width) if len(torn) else ())

    def _torn(self, width: int) -> Positions:
        """The positions of the rows with a filled cell behind the first `width`."""
        beyond = np.flatnonzero(self.column >= width)
        if not len(beyond):
            return beyond
        lengths = pc.binary_length(self.texts.take(number_array(beyond)))
        return np.unique(self.row[beyond[numbers_in(lengths) > 0]])

    def _tell_torn(self, torn: Positions, width: int) -> tuple[TornRow, ...]:
        cells = np.flatnonzero(np.isin(self.row, torn))
        texts = self.texts.take(number_array(cells))
        row = np.searchsorted(torn, self.row[cells])
        only = Grid(self.numbers[torn], row, self.column[cells], texts)
        return tuple(_tell(each, width) for each in only.rows())


def _tell(row: SheetRow, width: int) -> TornRow:
    inside = row.cells[:width] + [""] * (width - len(row.cells))
    beyond = [text for text in row.cells[width:] if text]
    return TornRow(row.number, " | ".join(inside + beyond), width + len(beyond))
