"""Cells whose values are known before the engine meets them: rows take their values from there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from csq.intake.readers.base import mask_array, number_array, numbers_in
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

    positions: Mapping[str, int]
    values: pa.Array
    """The value at each position, and behind them a NULL."""

    @property
    def type(self) -> pa.DataType:
        return self.values.type

    def look_up(self, cells: pa.Array) -> tuple[pa.Array, pa.Array | None]:
        encoded = cells.dictionary_encode()
        unknown = len(self.positions)
        found: npt.NDArray[np.int32] = np.fromiter(
            (self.positions.get(text, unknown) for text in encoded.dictionary.to_pylist()),
            np.int32,
            len(encoded.dictionary),
        )
        chosen = found[numbers_in(encoded.indices)]
        values = self.values.take(number_array(chosen))
        if unknown not in found:
            return values, None
        return values, mask_array(chosen == unknown)


@dataclass(frozen=True, slots=True)
class PlainTimes(Known):
    """Times as nearly every system writes them: `2025-08-01 09:15:00` can be read in one way."""

    @property
    def type(self) -> pa.DataType:
        return pa.timestamp("us")

    def look_up(self, cells: pa.Array) -> tuple[pa.Array, pa.Array | None]:
        return read_plain_times(cells)
