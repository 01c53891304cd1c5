"""Files in which the names of the rows stand in front of a header that has no column for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csq.definition.sources import SourceSettings
from csq.errors import IntakeError
from csq.intake.headers.columns import MatchedColumn
from csq.intake.headers.keys import header_key
from csq.intake.headers.split_times import first_rows
from csq.intake.readers.base import RawTable, numbers_in
from csq.problems.headers import ROW_NAMES
from csq.records.notation import BLANKS, Clock, DateOrder, fold, narrow
from csq.records.reading import FieldType, Reading, UnreadableCell, python_type, read_cell
from csq.records.schema import Field

_COUNTING = frozenset(
    {"序号", "序號", "行号", "行號", "no", "#", "index", "sn", "row", "rownumber"}
)
"""What a column is called that only counts the rows."""
_ORDERS = (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)
_NUMBER = "^[0-9]{1,18}$"
_UNDECLARED = SourceSettings()


def refuse_row_names(
    table: RawTable,
    columns: Iterable[MatchedColumn] = (),
    settings: SourceSettings = _UNDECLARED,
) -> None:
    """Raise `IntakeError` where the header may belong one cell further to the right.

    Rows with one blank cell more than the header end in a delimiter, or they begin with a name, as
    R writes them, and their last column is empty. The cells decide under those of `columns` that
    hold no free text; where they leave it open, a first column that counts is taken for names.
    """
    if table.added_cells != 1:
        return
    rows = first_rows(table)
    judged = [
        (each.positions[0], each.field)
        for each in columns
        if _is_limited(each.field) and len(each.positions) == 1 and not (each.since or each.told_by)
    ]
    here, shifted = (
        sum(
            _is_misfit([row[position + shift] for row in rows], field, settings)
            for position, field in judged
        )
        for shift in (0, 1)
    )
    first = table.header[0].strip(BLANKS)
    is_open = shifted == here and header_key(first) not in _COUNTING
    if shifted < here or (is_open and _are_counted(table)):
        raise IntakeError(ROW_NAMES.at(table.place, value=first, width=len(table.header) - 1))


def _is_limited(field: Field) -> bool:
    """Whether not every text can be one of its values."""
    return field.type is not FieldType.TEXT or bool(field.column.terms)


def _is_misfit(cells: Sequence[str], field: Field, settings: SourceSettings) -> bool:
    """Whether most of the filled cells of a column cannot be what it should hold."""
    spellings = settings.spellings(field)
    filled = [cell for each in cells if (cell := each.strip(BLANKS))]
    return sum(_fits(cell, field, spellings) for cell in filled) * 2 < len(filled)


def _fits(cell: str, field: Field, spellings: tuple[tuple[str, str], ...]) -> bool:
    if field.type is FieldType.TEXT:
        return fold(cell) in field.column.values or fold(cell) in dict(spellings)
    narrowed = tuple((narrow(spelling), value) for spelling, value in spellings)
    for order in _ORDERS:
        reading = Reading(order=order, clock=Clock.MINUTES, spellings=narrowed)
        try:
            read_cell(cell, python_type(field.type), field.column, reading)
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
