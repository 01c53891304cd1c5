"""Cells that were read once and stand in many rows: rows take their values from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from csq.intake.readers.base import mask_array, number_array, numbers_in


@dataclass(frozen=True, slots=True)
class KnownCells:
    """Cells of a column as files spell them, and what the engine has read each of them as."""

    positions: Mapping[str, int]
    values: pa.Array
    """The value at each position, and behind them a NULL."""

    def look_up(self, cells: pa.Array) -> tuple[pa.Array, pa.Array | None]:
        """The value of each cell, NULL where it is unknown; and which are, if any."""
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
