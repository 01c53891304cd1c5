"""Rows no one can use, of the kinds that real exports are full of.

Each fault damages a copy of a good row under an id of its own, in one way and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from generator.spelling import Row, Value

BLANK_CELL = "blank-cell"
ALL_BLANK = "all-blank"
RAGGED_ROW = "ragged-row"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to spoil a row; `code` says why it must be refused."""

    code: str
    damage: Callable[[Row], Mapping[str, Value]] = lambda row: {}
    cut: int = 0
    """Cells that are missing at the end of the line."""
    extra: tuple[str, ...] = ()
    """Cells that follow behind the last column."""
    of: str | None = None
    """A field the good row must have filled to be spoilt like this."""

    def fits(self, row: Row) -> bool:
        """Whether this row can be spoilt in this way."""
        return self.of is None or row[self.of] is not None


def _text(field: str, spelt: str, code: str) -> Fault:
    return Fault(code, lambda row: {field: spelt}, of=field)


def _before(later: str, earlier: str) -> Fault:
    """`later` comes an hour and a half too early."""

    def damage(row: Row) -> Mapping[str, Value]:
        moment = row[earlier]
        assert isinstance(moment, datetime)
        return {later: moment - timedelta(minutes=90)}

    return Fault("time-order", damage, of=later)


RESOLVED_TOO_EARLY = _before("resolved_at", "created_at")
ANSWERED_TOO_EARLY = _before("answered_at", "enqueued_at")
RATED_TOO_EARLY = _before("responded_at", "sent_at")
NO_SUCH_DAY = _text("created_at", "2025-02-30 10:15:00", "unreadable-timestamp")
NO_SUCH_DAY_OF_CALL = _text("enqueued_at", "2025-02-30 10:15:00", "unreadable-timestamp")
CREATION_TO_BE_SETTLED = _text("created_at", "待定", "unreadable-timestamp")
RESOLUTION_TO_BE_SETTLED = _text("resolved_at", "待定", "unreadable-timestamp")
RATED_SOME_DAY = _text("responded_at", "上周五", "unreadable-timestamp")
MAYBE_FIRST_TIME = _text("first_contact_resolved", "大概", "unreadable-flag")
UNKNOWN_FIRST_TIME = _text("first_contact_resolved", "不详", "unreadable-flag")
MAYBE_ABANDONED = _text("abandoned", "?", "unreadable-flag")
TWO_DEPARTMENTS = _text("departments", "两个", "unreadable-integer")
LONG_WAIT = _text("wait_s", "很久", "unreadable-duration")
NO_WAIT = _text("wait_s", "--:--", "unreadable-duration")
SCORE_SIX = Fault("out-of-scale", lambda row: {"csat": 6}, of="csat")
SCORE_ZERO = Fault("out-of-scale", lambda row: {"csat": 0}, of="csat")
NO_TICKET_ID = Fault(BLANK_CELL, lambda row: {"ticket_id": None})
NO_CALL_ID = Fault(BLANK_CELL, lambda row: {"call_id": None})
NO_ITEM_ID = Fault(BLANK_CELL, lambda row: {"item_id": None})
LINE_TOO_SHORT = Fault(RAGGED_ROW, cut=3)
LINE_TOO_LONG = Fault(RAGGED_ROW, extra=("已核对",))
