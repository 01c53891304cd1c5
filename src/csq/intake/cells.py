"""The text of a column's cells as every later step sees it."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from csq.intake.readers.base import text_array
from csq.records.notation import BLANKS, WIDE, narrow
from csq.records.reading import FieldType


def clean_cells(parts: Sequence[pa.Array], kind: FieldType) -> pa.Array:
    """The trimmed text of a field's cells; several columns become one with a blank between.

    What is no prose has its digits and signs as `narrow` spells them.
    """
    joined, *others = (pc.utf8_trim(part, characters=BLANKS) for part in parts)
    for other in others:
        blank = pc.or_(pc.equal(joined, ""), pc.equal(other, ""))
        joined = pc.binary_join_element_wise(joined, other, pc.if_else(blank, "", " "))
    return joined if kind is FieldType.TEXT else _narrowed(joined)


def _narrowed(cells: pa.Array) -> pa.Array:
    is_plain = pc.all(pc.string_is_ascii(cells), min_count=0).as_py()
    if is_plain or not pc.any(pc.match_substring_regex(cells, WIDE)).as_py():
        return cells
    return text_array([narrow(cell) for cell in cells.to_pylist()])
