"""Rows no one can use, of the kinds that real exports are full of.

Each fault damages a copy of a good row under an id of its own, in one way and no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from generator.spelling import Row, Value

BLANK_CELL = "blank-cell"
TOTALS_ROW = "totals-row"
RAGGED_ROW = "ragged-row"

TOO_EARLY_BY = timedelta(minutes=90)


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to spoil a row; `code` says why it must be refused."""

    code: str
    field: str | None = None
    """The field it spoils; only rows that have it filled are spoilt like this."""
    spelt: Value = None
    """What stands there instead."""
    earlier_than: str | None = None
    """Another field, a time, that the spoilt one is put before."""
    cut: int = 0
    """Cells that are missing at the end of the line."""
    extra: tuple[str, ...] = ()
    """Cells that follow behind the last column."""

    def fits(self, row: Row) -> bool:
        """Whether this row can be spoilt in this way."""
        return self.field is None or row[self.field] is not None

    def spoil(self, row: Row) -> Row:
        """The row with its field spoilt; cutting and adding cells is left to the writer."""
        if self.field is None:
            return row
        if self.earlier_than is None:
            return row | {self.field: self.spelt}
        moment = row[self.earlier_than]
        assert isinstance(moment, datetime)
        return row | {self.field: moment - TOO_EARLY_BY}


RESOLVED_TOO_EARLY = Fault("time-order", "resolved_at", earlier_than="created_at")
ANSWERED_TOO_EARLY = Fault("time-order", "answered_at", earlier_than="enqueued_at")
RATED_TOO_EARLY = Fault("time-order", "responded_at", earlier_than="sent_at")
NO_SUCH_DAY = Fault("unreadable-timestamp", "created_at", "2025-02-30 10:15:00")
NO_SUCH_DAY_OF_CALL = Fault("unreadable-timestamp", "enqueued_at", "2025-02-30 10:15:00")
CREATION_TO_BE_SETTLED = Fault("unreadable-timestamp", "created_at", "待定")
RESOLUTION_TO_BE_SETTLED = Fault("unreadable-timestamp", "resolved_at", "待定")
RATED_SOME_DAY = Fault("unreadable-timestamp", "responded_at", "上周五")
MAYBE_FIRST_TIME = Fault("unreadable-flag", "first_contact_resolved", "大概")
UNKNOWN_FIRST_TIME = Fault("unreadable-flag", "first_contact_resolved", "不详")
MAYBE_ABANDONED = Fault("unreadable-flag", "abandoned", "?")
TWO_DEPARTMENTS = Fault("unreadable-integer", "departments", "两个")
LONG_WAIT = Fault("unreadable-duration", "wait_s", "很久")
NO_WAIT = Fault("unreadable-duration", "wait_s", "--:--")
SCORE_SIX = Fault("out-of-scale", "csat", 6)
SCORE_ZERO = Fault("out-of-scale", "csat", 0)
NO_TICKET_ID = Fault(BLANK_CELL, "ticket_id")
NO_CALL_ID = Fault(BLANK_CELL, "call_id")
NO_ITEM_ID = Fault(BLANK_CELL, "item_id")
LINE_TOO_SHORT = Fault(RAGGED_ROW, cut=3)
LINE_TOO_LONG = Fault(RAGGED_ROW, extra=("已核对",))
