"""Headers that say more than a column's name: its table's too, or the name in both languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from itertools import takewhile

Meanings = Callable[[str], AbstractSet[object]]
"""The fields that a name may mean, none where csq does not know it."""

_OF_TABLE = re.compile(
    r"\s*'?(?P<table>[^\W\d][\w ]*?)'?(?:\.(?P<dotted>\S.*)|\[(?P<named>[^\[\]]+)\])\s*"
)
_BETWEEN = re.compile(r"[\s/|\\()\[\]·:-]+")
_LONGEST = 80
"""A longer header is no name in two languages."""


def name_plainly(header: Sequence[str], meanings: Meanings) -> tuple[str, ...]:
    """A header without the name of the one table whose columns all are, in one language.

    `t1.ticket_id` and `Tickets[Ticket ID]` are what Hive and Power BI write. `工单编号 Ticket ID`
    is one name where both halves mean the same field; a name that csq knows stays as it is.
    """
    bare = _without_table(header, meanings)
    return tuple(_in_one_language(cell, meanings) for cell in bare)


def _without_table(header: Sequence[str], meanings: Meanings) -> Sequence[str]:
    filled = [cell for cell in header if cell.strip()]
    found = list(takewhile(bool, map(_OF_TABLE.fullmatch, filled)))
    tables = {each["table"] for each in found if each}
    if len(filled) < 2 or len(found) < len(filled) or len(tables) > 1:
        return header
    return [
        each["dotted"] or each["named"]
        if (each := _OF_TABLE.fullmatch(cell)) and not meanings(cell)
        else cell
        for cell in header
    ]


def _in_one_language(cell: str, meanings: Meanings) -> str:
    name = unicodedata.normalize("NFKC", cell).strip()
    if name.isascii() or len(name) > _LONGEST or meanings(cell):
        return cell
    for between in _BETWEEN.finditer(name):
        halves = name[: between.start()], name[between.end() :]
        both = [half.strip("()[] ") for half in halves]
        is_double = sum(half.isascii() for half in both) == 1 and all(both)
        if is_double and meanings(both[0]) & meanings(both[1]):
            return both[0] if both[1].isascii() else both[1]
    return cell
