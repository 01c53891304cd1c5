"""Cells whose values are known before the engine meets them: rows take their values from there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from csq.intake.spelling.plain_times import read_plain_times


class Known(ABC):
    """What is known of the cells of a column."""

    @property
    @abstractmethod
    def type(self) -> pa.DataType:
        """What the values are to Arrow."""

    @abstractmethod
    def look_up(self, cells: pa.Array) -> tuple[pa.Array, pa.Array | None]:
        """The value of each cell, NULL where it is unknown; and which are, if any."""


@dataclass(frozen=True, slots=True)
class KnownCells(Known):
    """Cells of a column as files spell them, and what the engine has read each of them as."""

    texts: pa.Array
    values: pa.Array

    @property
    def type(self) -> pa.DataType:
        # The engine takes each value where it stands once; a column of copies costs it more.
        return pa.dictionary(pa.int32(), self.values.type)

    def look_up(self, cells: pa.Array) -> tuple[pa.Array, pa.Array | None]:
        positions = pc.index_in(cells, value_set=self.texts)
        unknown = positions.is_null() if positions.null_count else None
        return pa.DictionaryArray.from_arrays(positions, self.values), unknown


@dataclass(frozen=True, slots=True)
class PlainTimes(Known):
    """Times as nearly every system writes them: `2025-08-01 09:15:00` can be read in one way."""

    @property
    def type(self) -> pa.DataType:
        return pa.timestamp("us")

    def look_up(self, cells: pa.Array) -> tuple[pa.Array, pa.Array | None]:
        return read_plain_times(cells)
