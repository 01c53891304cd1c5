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
    tickets_resolved: list[Row]
    """Valid tickets by the time they were resolved, whenever they were created."""
    tickets_due: list[Row]
    """Valid tickets by the time they were due to be resolved."""
    tickets_open: list[Row]
    """Valid tickets of any age that are not resolved as the period ends."""
    calls: list[Row]
    surveys: list[Row]
    """By the time of the answer; those never answered by the time they were sent."""
    surveys_sent: list[Row]
    """By the time they were sent, answered or not."""
    complaints: list[Row]
    kb_checks: list[Row]
    agents: list[Row]
    replies: list[Row]
    qa: list[Row]
    agent_time: list[Row]
    training: list[Row]
    cases: list[Row]
    improvements: list[Row]
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
    def valid_tickets(self) -> list[Row]:
        return [t for t in self.rows["tickets"] if not t["spam"] and t["merged_into"] is None]

    @cached_property
    def tickets_by_customer(self) -> dict[str, list[tuple[datetime, str]]]:
        """When valid tickets of each customer were created, and their ids."""
        found: dict[str, list[tuple[datetime, str]]] = {}
        for row in self.valid_tickets:
            if row["customer_id"] is not None:
                found.setdefault(row["customer_id"], []).append(
                    (row["created_at"], row["ticket_id"])
                )
        return found

    @cached_property
    def tickets_by_matter(self) -> dict[tuple[str, str], list[tuple[datetime, str]]]:
        """When valid tickets of each customer and problem type were created, and their ids."""
        found: dict[tuple[str, str], list[tuple[datetime, str]]] = {}
        for row in self.valid_tickets:
            matter = (row["customer_id"], row["problem_type"])
            if None not in matter:
                found.setdefault(matter, []).append((row["created_at"], row["ticket_id"]))
        return found

    def dated(self, time: str, when: Span) -> list[Row]:
        """The valid tickets of which something happened, or is due, in a period."""
        return [row for row in self.valid_tickets if when.holds(row[time])]

    def ticket_fields(self, when: Span) -> frozenset[str]:
        """The fields of the exports that have tickets of a period."""
        within = [
            account.fields
            for account in self.accounts
            if account.source == "tickets"
            and any(when.holds(row["created_at"]) for row in account.rows)
        ]
        return frozenset[str]().union(*within)

    def window(self, when: Span) -> Window:
        return Window(
            tickets=self.dated("created_at", when),
            tickets_resolved=self.dated("resolved_at", when),
            tickets_due=self.dated("sla_resolve_due", when),
            tickets_open=[
                row
                for row in self.valid_tickets
                if row["created_at"] < when.end
                and (row["resolved_at"] is None or row["resolved_at"] >= when.end)
            ],
            calls=[row for row in self.rows["calls"] if when.holds(row["enqueued_at"])],
            surveys=[row for row in self.rows["surveys"] if when.holds(survey_time(row))],
            surveys_sent=[row for row in self.rows["surveys"] if when.holds(row["sent_at"])],
            complaints=[row for row in self.rows["complaints"] if when.holds(row["created_at"])],
            kb_checks=[row for row in self.rows["kb_checks"] if when.holds(row["checked_at"])],
            agents=self.rows["agents"],
            replies=[row for row in self.rows["replies"] if when.holds(row["reply_at"])],
            qa=[row for row in self.rows["qa"] if when.holds(row["checked_at"])],
            agent_time=[row for row in self.rows["agent_time"] if when.holds(row["date"])],
            training=[row for row in self.rows["training"] if when.holds(row["sat_at"])],
            cases=[row for row in self.rows["cases"] if when.holds(row["submitted_at"])],
            improvements=[r for r in self.rows["improvements"] if when.holds(r["planned_at"])],
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
