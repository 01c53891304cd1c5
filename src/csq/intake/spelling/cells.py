"""The text of a column's cells as every later step sees it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from csq.intake.readers.base import bytes_of, mask_array, text_array
from csq.records.moments import IN_WORDS, SERIAL, spell_out, spell_serial
from csq.records.notation import (
    BLANKS,
    NARROW,
    NO_VALUE,
    UNCALCULATED,
    WIDE,
    narrow,
    unwrap,
)
from csq.records.reading import FieldType


def clean_cells(
    parts: Sequence[pa.Array],
    kind: FieldType,
    nulls: Collection[str] = (),
    first_day: date | None = None,
) -> pa.Array:
    """The trimmed text of a field's cells; several columns become one with a blank between.

    Numbers of days become times where these are counted from `first_day`.
    What is no prose has its digits and signs as `narrow` spells them. However a spreadsheet
    shows that it has no value, that is spelt in one way, unless it is among the declared `nulls`.
    """
    joined, *others = (pc.utf8_trim(part, characters=BLANKS) for part in parts)
    for other in others:
        blank = pc.or_(pc.equal(joined, ""), pc.equal(other, ""))
        joined = pc.binary_join_element_wise(joined, other, pc.if_else(blank, "", " "))
    if _may_be_wrapped(joined):
        joined = text_array([unwrap(cell) for cell in joined.to_pylist()])
    if _may_be_no_value(joined):
        is_none = pc.match_substring_regex(joined, _NO_VALUE)
        if nulls:
            is_none = pc.and_not(is_none, pc.is_in(joined, text_array(list(nulls))))
        joined = pc.if_else(is_none, UNCALCULATED, joined)
    if kind is FieldType.TEXT:
        return joined
    narrowed = _narrowed(joined)
    if kind is not FieldType.TIMESTAMP:
        return narrowed
    times = _spelt_out(_dated(narrowed, first_day) if first_day else narrowed)
    # A declared word for nothing stays as it is declared, such as 9999年12月31日.
    return (
        pc.if_else(pc.is_in(narrowed, text_array(list(nulls))), narrowed, times) if nulls else times
    )


_NO_VALUE = f"^{NO_VALUE}$"


def _narrowed(cells: pa.Array) -> pa.Array:
    is_wide = pc.invert(pc.string_is_ascii(cells))
    wide = cells.filter(is_wide)
    if not len(wide) or not pc.any(pc.match_substring_regex(wide, WIDE)).as_py():
        return cells
    spelt = text_array([narrow(cell) for cell in wide.to_pylist()])
    return pc.replace_with_mask(cells, is_wide, spelt)


def _dated(cells: pa.Array, first_day: date) -> pa.Array:
    """Numbers of days as times."""
    is_number = pc.match_substring_regex(cells, rf"^(?:{SERIAL})$")
    numbers = cells.filter(is_number)
    spelt = text_array([spell_serial(number, first_day) for number in numbers.to_pylist()])
    return pc.replace_with_mask(cells, is_number, spelt)


def _is_one_of(signs: bytes) -> npt.NDArray[np.bool_]:
    """Of each byte, whether it is one of these."""
    found = np.zeros(256, np.bool_)
    found[list(signs)] = True
    return found


_BETWEEN = {4: b"-/.", 7: b"-/.", 10: b" T", 13: b":", 16: b":"}
"""What stands at which place of a time such as `2025-08-01 09:15:00`."""
_IS_BETWEEN = {place: _is_one_of(signs) for place, signs in _BETWEEN.items()}
_IS_BEHIND_YEAR = _is_one_of(b"-/." + "年".encode()[:1])
_LENGTHS = (len("2025-08-01"), len("2025-08-01 09:15"), len("2025-08-01 09:15:00"))


def _spelt_out(cells: pa.Array) -> pa.Array:
    """Times in words as plain ones; most cells hold none, and show it by a few of their bytes."""
    is_odd = ~_are_plain(cells)
    if not is_odd.any():
        return cells
    mask = mask_array(is_odd)
    odd = cells.filter(mask)
    if not pc.any(pc.match_substring_regex(odd, IN_WORDS)).as_py():
        return cells
    return pc.replace_with_mask(cells, mask, text_array([spell_out(t) for t in odd.to_pylist()]))


def are_year_first(cells: pa.Array) -> bool:
    """Whether all cells are blank or begin with four digits and a sign that parts dates, or 年.

    It is asked of raw cells, and is a quick no for all that needs a closer look.
    """
    text, starts, lengths = bytes_of(cells)
    is_filled = lengths > 0
    if (is_filled & (lengths < len("2025-8"))).any():
        return False
    begins = starts[is_filled]
    year = (text[begins + place] for place in range(4))
    are_digits = all(bool((sign - np.uint8(ord("0")) < 10).all()) for sign in year)
    return are_digits and bool(_IS_BEHIND_YEAR[text[begins + 4]].all())


def may_hold(cells: pa.Array, signs: str) -> bool:
    """Whether a column of no prose may hold one of these signs, of any width; it is asked raw."""
    return _holds(cells, *(spelt for sign in signs for spelt in _spellings(sign)))


@cache
def _spellings(sign: str) -> tuple[bytes, ...]:
    """A sign, and what `narrow` takes for it."""
    wide = (chr(code) for code, plain in NARROW.items() if plain == ord(sign))
    return tuple(each.encode() for each in (sign, *wide))


def _are_plain(cells: pa.Array) -> npt.NDArray[np.bool_]:
    """Which cells are blank, or have the signs of a plain time where these stand in it."""
    text, starts, lengths = bytes_of(cells)
    plain: npt.NDArray[np.bool_] = lengths == 0
    for length in _LENGTHS:
        plain |= lengths == length
    for place, is_sign in _IS_BETWEEN.items():
        long = np.flatnonzero(plain & (lengths > place))
        plain[long] = is_sign[text[starts[long] + place]]
    return plain


def _may_be_wrapped(cells: pa.Array) -> bool:
    """Whether a cell begins with what keeps Excel from taking it for a number."""
    if not _holds(cells, b"=", b"'"):
        return False
    text, starts, lengths = bytes_of(cells)
    first = text[starts[lengths > 0]]
    return bool(((first == ord("=")) | (first == ord("'"))).any())


def _may_be_no_value(cells: pa.Array) -> bool:
    """Whether a cell begins like what a spreadsheet shows where it has no value."""
    if not _holds(cells, b"Er", b"#", b"="):
        return False
    text, starts, lengths = bytes_of(cells)
    starts = starts[lengths > 1]
    first, second = text[starts], text[starts + 1]
    is_code = (first == ord("E")) & (second == ord("r"))
    return bool((is_code | (first == ord("#")) | (first == ord("="))).any())


def _holds(cells: pa.Array, *signs: bytes) -> bool:
    """Whether one of these stands anywhere: hardly ever, and quickly said."""
    text, starts, lengths = bytes_of(cells)
    content = text[starts[0] : starts[-1] + lengths[-1]].tobytes() if len(cells) else b""
    return any(sign in content for sign in signs)
