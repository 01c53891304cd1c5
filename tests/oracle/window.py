"""The rows an indicator is worked out from: those of one period, perhaps of one group."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from .exports import HEADERS, TIMES, Account, Row, rows_of


@dataclass(frozen=True)
class Span:
    """From `start` up to, not including, `end`."""

    start: datetime
    end: datetime

    def holds(self, moment: datetime | None) -> bool:
        return moment is not None and self.start <= moment < self.end


def months(first: int, last: int) -> Span:
    """Whole months of 2025, both counted in; the last is no later than November."""
    return Span(datetime(2025, first, 1), datetime(2025, last + 1, 1))


@dataclass(frozen=True)
class Window:
    """What happened in a period. The roster of agents knows no period and is whole in each."""

    tickets: list[Row]
    """Without spam and without those merged into another: no indicator counts them."""
    calls: list[Row]
    surveys: list[Row]
    """By the time of the answer; those never answered by the time they were sent."""
    surveys_sent: list[Row]
    """By the time they were sent, answered or not."""
    complaints: list[Row]
    kb_checks: list[Row]
    agents: list[Row]
    ledger: Ledger
    """All rows of all exports, whatever their time."""
    ends_at: datetime

    def of(self, source: str) -> list[Row]:
        rows: list[Row] = getattr(self, source)
        return rows

    def only(self, keep: Callable[[Row], bool]) -> Window:
        """The rows of this window for which `keep` says yes."""
        kept = {name: [row for row in rows if keep(row)] for name, rows in self.items()}
        return replace(self, **kept)  # type: ignore[arg-type]

    def items(self) -> Iterator[tuple[str, list[Row]]]:
        for name in Window.__dataclass_fields__:
            if name not in {"ledger", "ends_at"}:
                yield name, getattr(self, name)

    def groups(self, name: str) -> list[str | None]:
        """Every value that a field has in any of the rows."""
        return sorted(
            {row[name] for _, rows in self.items() for row in rows if name in row},
            key=lambda value: (value is None, value or ""),
        )


@dataclass(frozen=True)
class Ledger:
    """All rows of all exports."""

    accounts: list[Account]
    rows: dict[str, list[Row]]

    @cached_property
    def data_end(self) -> datetime:
        """The latest moment at which anything happened; when something is due does not count."""
        moments = (
            row[name]
            for rows in self.rows.values()
            for row in rows
            for name in row
            if name in TIMES and row[name] is not None
        )
        latest: datetime = max(moments)
        return latest

    @cached_property
    def tickets_by_matter(self) -> dict[tuple[str, str], list[tuple[datetime, str]]]:
        """When valid tickets of each customer and problem type were created, and their ids."""
        found: dict[tuple[str, str], list[tuple[datetime, str]]] = {}
        for row in self.rows["tickets"]:
            matter = (row["customer_id"], row["problem_type"])
            if None not in matter and not row["spam"] and row["merged_into"] is None:
                found.setdefault(matter, []).append((row["created_at"], row["ticket_id"]))
        return found

    def window(self, when: Span) -> Window:
        return Window(
            tickets=[
                row
                for row in self.rows["tickets"]
                if when.holds(row["created_at"]) and not row["spam"] and row["merged_into"] is None
            ],
            calls=[row for row in self.rows["calls"] if when.holds(row["enqueued_at"])],
            surveys=[row for row in self.rows["surveys"] if when.holds(survey_time(row))],
            surveys_sent=[row for row in self.rows["surveys"] if when.holds(row["sent_at"])],
            complaints=[row for row in self.rows["complaints"] if when.holds(row["created_at"])],
            kb_checks=[row for row in self.rows["kb_checks"] if when.holds(row["checked_at"])],
            agents=self.rows["agents"],
            ledger=self,
            ends_at=when.end,
        )


def survey_time(row: Row) -> datetime | None:
    """When a survey happened: answered, else sent, else asked about."""
    for name in ("responded_at", "sent_at", "service_end_at"):
        moment: datetime | None = row[name]
        if moment is not None:
            return moment
    return None


def moment_of(source: str, row: Row) -> datetime | None:
    """What puts a row of a source into a period; `None` for a source that knows none."""
    if source == "surveys":
        return survey_time(row)
    names = {"calls": "enqueued_at", "kb_checks": "checked_at", "agents": ""}
    name = names.get(source, "created_at")
    moment: datetime | None = row[name] if name else None
    return moment


def open_ledger(accounts: list[Account]) -> Ledger:
    return Ledger(accounts, {source: list(rows_of(accounts, source)) for source in HEADERS})
