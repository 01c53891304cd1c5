"""Times spelt as `2025-08-01 09:15:00`, read for a whole column by the bytes of its cells.

Nothing else is read here, and nothing that is no moment of its calendar.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from csq.intake.readers.base import bytes_of, mask_array
from csq.records.notation import EARLIEST_YEAR, LATEST_YEAR

_PATTERN = b"0000-00-00 00:00:00"
_LENGTH = len(_PATTERN)
_LOWEST = np.frombuffer(_PATTERN, np.uint8)[:, None]
_ABOVE = np.array([9 if sign == ord("0") else 0 for sign in _PATTERN], np.uint8)[:, None]
"""The lowest sign at each place, and how far one may lie above it."""
_MONTHS = np.arange(f"{EARLIEST_YEAR}-01", f"{LATEST_YEAR + 1}-01", dtype="datetime64[M]")
_FIRST_DAYS = _MONTHS.astype("datetime64[D]").astype(np.int64)
"""The day on which each month begins, counted from 1970."""
_DAYS_IN = np.diff(_FIRST_DAYS)


def read_plain_times(cells: pa.Array) -> tuple[pa.Array, pa.Array | None]:
    """The moment of each plain time, NULL for all others; which are neither plain nor blank."""
    text, starts, lengths = bytes_of(cells)
    is_long = lengths == _LENGTH
    count = np.count_nonzero(is_long)
    if int(lengths.sum()) > count * _LENGTH:
        text, starts, _ = bytes_of(cells.filter(mask_array(is_long)))
    # Nothing stands between them now.
    first = int(starts[0]) if count else 0
    signs = text[first : first + count * _LENGTH].reshape(-1, _LENGTH)
    micros, is_time = _read(np.ascontiguousarray(signs.T))
    values = np.zeros(len(cells), np.int64)
    values[is_long] = micros
    known = np.zeros(len(cells), np.bool_)
    known[is_long] = is_time
    valid = np.packbits(known, bitorder="little")
    buffers = [pa.py_buffer(valid), pa.py_buffer(values)]
    moments = pa.Array.from_buffers(pa.timestamp("us"), len(cells), buffers)
    unknown = ~known & (lengths > 0)
    return moments, mask_array(unknown) if unknown.any() else None


def _read(
    signs: npt.NDArray[np.uint8],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Microseconds since 1970 by the 19 signs of each cell, and where these are a time."""
    is_time = (signs - _LOWEST <= _ABOVE).all(axis=0)
    digits = signs - np.uint8(ord("0"))

    def number(place: int) -> npt.NDArray[np.int32]:
        """Two digits; what they are where there is no time does not matter."""
        both: npt.NDArray[np.uint8] = digits[place] * np.uint8(10) + digits[place + 1]
        return both.astype(np.int32)

    year, month, day = number(0) * 100 + number(2), number(5), number(8)
    hour, minute, second = number(11), number(14), number(17)
    is_time &= (year >= EARLIEST_YEAR) & (year < LATEST_YEAR) & (month >= 1) & (month <= 12)
    position = np.where(is_time, (year - EARLIEST_YEAR) * 12 + month - 1, 0)
    is_time &= (day >= 1) & (day <= _DAYS_IN[position])
    is_time &= (hour < 24) & (minute < 60) & (second < 60)
    seconds = (_FIRST_DAYS[position] + day - 1) * 86_400 + ((hour * 60 + minute) * 60 + second)
    return seconds * 1_000_000, is_time
