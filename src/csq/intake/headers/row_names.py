"""Files in which the names of the rows stand in front of a header that has no column for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csq.errors import IntakeError
from csq.intake.headers.columns import MatchedColumn
from csq.intake.headers.keys import header_key
from csq.intake.headers.split_times import first_rows
from csq.intake.readers.base import RawTable, numbers_in
from csq.problems.headers import ROW_NAMES
from csq.records.column import Column
from csq.records.notation import BLANKS, DateOrder
from csq.records.reading import FieldType, Reading, UnreadableCell, read_cell

_COUNTING = frozenset(
    {"序号", "序號", "行号", "行號", "no", "#", "index", "sn", "row", "rownumber"}
)
"""What a column is called that only counts the rows."""
_READ_AS = {
    FieldType.TIMESTAMP: datetime,
    FieldType.INTEGER: Decimal,
    FieldType.NUMBER: Decimal,
}
_ORDERS = (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)
_NUMBER = "^[0-9]{1,18}$"
_PLAIN = Column("", "")


def refuse_row_names(table: RawTable, columns: Iterable[MatchedColumn] = ()) -> None:
    """Raise `IntakeError` where the header may belong one cell further to the right.

    Rows with one blank cell more than the header end in a delimiter, or they begin with a name, as
    R writes them, and their last column is empty. The cells under the times and numbers of
    `columns` decide; where they leave it open, a first column that counts is taken for names.
    """
    if table.added_cells != 1:
        return
    rows = first_rows(table)
    judged = [
        (each.positions[0], _READ_AS[each.field.type])
        for each in columns
        if each.field.type in _READ_AS and len(each.positions) == 1 and not each.since
    ]
    here, shifted = (
        sum(_is_misfit([row[position + shift] for row in rows], kind) for position, kind in judged)
        for shift in (0, 1)
    )
    first = table.header[0].strip(BLANKS)
    is_open = shifted == here and header_key(first) not in _COUNTING
    if shifted < here or (is_open and _are_counted(table)):
        raise IntakeError(ROW_NAMES.at(table.place, value=first, width=len(table.header) - 1))


def _is_misfit(cells: Sequence[str], kind: type) -> bool:
    """Whether most of the filled cells of a column cannot be read as what it should hold."""
    filled = [cell for each in cells if (cell := each.strip(BLANKS))]
    return sum(_reads(cell, kind) for cell in filled) * 2 < len(filled)


def _reads(cell: str, kind: type) -> bool:
    for order in _ORDERS:
        try:
            read_cell(cell, kind, _PLAIN, Reading(order=order))
        except UnreadableCell:
            continue
        return True
    return False


def _are_counted(table: RawTable) -> bool:
    """Whether the cells of the first column are the numbers of rows: growing, or 1 to n mixed."""
    parts = []
    for batch in table.batches():
        names = pc.utf8_trim(batch.cells.column(0), characters=BLANKS)
        if not pc.all(pc.match_substring_regex(names, _NUMBER), min_count=0).as_py():
            return False
        parts.append(numbers_in(names.cast(pa.int64())))
    numbers = np.concatenate(parts) if parts else np.zeros(0, np.int64)
    grows = bool((np.diff(numbers) > 0).all())
    counts = np.array_equal(np.sort(numbers), np.arange(1, len(numbers) + 1))
    return len(numbers) > 0 and (grows or counts)
