"""The columns of an export by the cells of its first rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from csq.intake.readers.base import RawTable
from csq.records import notation
from csq.records.column import Column
from csq.records.notation import DateOrder
from csq.records.reading import FieldType, Reading, UnreadableCell, python_type, read_cell
from csq.records.schema import Field

SAMPLE = 200
"""Rows of each export whose cells are looked at; all are counted."""

MOSTLY = 0.9
"""The share of a column's filled cells that must be readable as a field's type."""

_NULL_TOKENS = frozenset(
    {"?", "??", "-", "--", "---", "—", "——", "/", "\\", ".", "*", "#", "无", "暂无"}
    | {"(跳过)", "（跳过）", "(空)"}
)
_PLAINEST = (
    FieldType.FLAG,
    FieldType.INTEGER,
    FieldType.NUMBER,
    FieldType.TIMESTAMP,
    FieldType.DURATION,
)
"""What cells are said to look like: a plain number is a number rather than a duration."""


@dataclass(frozen=True)
class SampledColumn:
    """A column: its header, and its cells in the first rows."""

    header: str
    cells: tuple[str, ...]

    @cached_property
    def filled(self) -> tuple[str, ...]:
        return tuple(cell for cell in self.cells if cell)

    @cached_property
    def kinds(self) -> frozenset[FieldType]:
        """What its cells can be read as."""
        return frozenset(kind for kind in FieldType if _fits(self.filled, kind))

    @property
    def shape(self) -> FieldType:
        return next((kind for kind in _PLAINEST if kind in self.kinds), FieldType.TEXT)

    @property
    def numbers_rows(self) -> bool:
        """Whether hardly a cell comes twice, as in a column of ids."""
        return len(set(self.filled)) > MOSTLY * len(self.filled)

    @cached_property
    def moments(self) -> tuple[datetime | None, ...]:
        """Its cells as times, in the order of day and month in which most of them are some."""
        read = [tuple(_moment(cell, order) for cell in self.cells) for order in _ORDERS]
        return max(read, key=lambda moments: sum(each is not None for each in moments))

    def may_be(self, field: Field) -> bool:
        """Whether a field could hold these cells; a time or a yes is never just a text."""
        if field.type is FieldType.TEXT:
            return self.shape in {FieldType.TEXT, FieldType.INTEGER, FieldType.NUMBER}
        return not self.filled or field.type in self.kinds


def look_at(table: RawTable) -> tuple[tuple[SampledColumn, ...], int]:
    """The columns by the first rows, and how many rows there are."""
    sample: list[tuple[str, ...]] = [() for _ in table.header]
    rows = 0
    for batch in table.batches():
        if rows == 0:
            for position, column in enumerate(batch.cells.columns[: len(sample)]):
                texts = (str(cell).strip(notation.BLANKS) for cell in column[:SAMPLE].to_pylist())
                sample[position] = tuple(texts)
        rows += len(batch.rows) + sum(torn.rows for torn in batch.torn)
    pairs = zip(table.header, sample, strict=True)
    return tuple(SampledColumn(header, cells) for header, cells in pairs), rows


def find_null_tokens(column: SampledColumn, kind: FieldType) -> Iterator[str]:
    """What stands for nothing in a column that is otherwise readable as this type."""
    if kind in column.kinds:
        for token in sorted(set(column.filled) & _NULL_TOKENS):
            if not _reads(token, kind, Reading()):
                yield token


def find_earliest(columns: Sequence[SampledColumn]) -> SampledColumn | None:
    """The column of times that in most rows is filled and comes after none of the others."""
    for column in columns:
        others = [each.moments for each in columns if each is not column]
        early = [
            moment is not None and all(other is None or moment <= other for other in rest)
            for moment, *rest in zip(column.moments, *others, strict=True)
        ]
        if others and sum(early) > MOSTLY * len(early):
            return column
    return None


_PLAIN = Column("", "")
_ORDERS = (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)


def _fits(cells: Sequence[str], kind: FieldType) -> bool:
    """Whether most of the cells can be read as a type, in one order of day and month."""
    if kind is FieldType.TEXT:
        return True
    orders = _ORDERS if kind is FieldType.TIMESTAMP else (None,)
    known = [cell for cell in cells if cell not in _NULL_TOKENS]
    counts = (sum(_reads(cell, kind, Reading(order=order)) for cell in known) for order in orders)
    return bool(known) and max(counts) >= MOSTLY * len(known)


def _moment(cell: str, order: DateOrder) -> datetime | None:
    try:
        moment = read_cell(cell, datetime, _PLAIN, Reading(order=order))
    except UnreadableCell:
        return None
    return moment if isinstance(moment, datetime) else None


def _reads(cell: str, kind: FieldType, reading: Reading) -> bool:
    try:
        read_cell(cell, python_type(kind), _PLAIN, reading)
    except UnreadableCell:
        return False
    return True
