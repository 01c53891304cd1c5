"""Every published meaning of a name that csq ships, once more in loops.

A function's name is the indicator's id, two underscores and the variant's key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from fractions import Fraction

from .exports import Row
from .indicators import (
    Answer,
    answered_calls,
    awaiting_a_person,
    inbound,
    mean,
    percentile,
    quotient,
    rated,
    resolution_time,
    resolved,
    response_time,
    response_times,
    share,
)
from .window import Window

Variant = Callable[[Window], Answer]
VARIANTS: dict[tuple[str, str], Variant] = {}

SHORT, QUICK = timedelta(seconds=5), timedelta(seconds=20)


def enter(function: Variant) -> Variant:
    indicator, key = function.__name__.split("__")
    VARIANTS[indicator, key] = function
    return function


# First response ------------------------------------------------------------------------------


@enter
def frt_avg__all_inquiries(w: Window) -> Answer:
    answered = mean(response_times(w))
    assert answered.part is not None
    return quotient(answered.part, len(w.tickets))


@enter
def frt_avg__median(w: Window) -> Answer:
    return percentile(response_times(w), Fraction(1, 2))


@enter
def frt_avg__p90(w: Window) -> Answer:
    return percentile(response_times(w), Fraction(9, 10))


@enter
def frt_avg__from_assignment(w: Window) -> Answer:
    known = [t for t in awaiting_a_person(w) if t["first_response_at"] and t["assigned_at"]]
    return mean(t["first_response_at"] - t["assigned_at"] for t in known)


@enter
def frt_avg__with_bots(w: Window) -> Answer:
    return mean(response_time(t) for t in w.tickets if t["first_response_at"] is not None)


# First contact resolution --------------------------------------------------------------------


def share_of_resolved(w: Window, is_one: Callable[[Row], bool]) -> Answer:
    return share(sum(map(is_one, resolved(w))), len(resolved(w)))


@enter
def fcr__one_touch(w: Window) -> Answer:
    return share_of_resolved(w, lambda t: t["agent_replies"] in {0, 1})


@enter
def fcr__no_customer_reply(w: Window) -> Answer:
    return share_of_resolved(w, lambda t: t["customer_replies"] == 0)


@enter
def fcr__exactly_one_reply(w: Window) -> Answer:
    return share_of_resolved(w, lambda t: t["agent_replies"] == 1)


@enter
def fcr__one_teammate(w: Window) -> Answer:
    return share_of_resolved(w, lambda t: not t["reopen_count"] and t["transfers"] == 0)


@enter
def fcr__within_15min(w: Window) -> Answer:
    closed = [t for t in w.tickets if t["closed_at"] is not None]
    quarter = timedelta(minutes=15)
    return share(sum(t["closed_at"] - t["created_at"] < quarter for t in closed), len(closed))


def share_without_return(
    rows: Iterable[Row], every: Iterable[Row], w: Window, time: str, key: str, span: timedelta
) -> Answer:
    """Of the rows whose customer is known and that are old enough, those that stay the last."""
    when: dict[str, list[tuple[object, str]]] = {}
    for row in every:
        when.setdefault(row["customer_id"], []).append((row[time], row[key]))
    ripe = [r for r in rows if r["customer_id"] is not None and w.ledger.data_end - r[time] >= span]

    def returns(row: Row) -> bool:
        this = (row[time], row[key])
        return any(
            other > this and other[0] <= row[time] + span for other in when[row["customer_id"]]
        )

    return share(sum(not returns(row) for row in ripe), len(ripe))


@enter
def fcr__no_return_7d(w: Window) -> Answer:
    every = w.ledger.valid_tickets
    week = timedelta(days=7)
    return share_without_return(resolved(w), every, w, "created_at", "ticket_id", week)


@enter
def fcr__no_call_48h(w: Window) -> Answer:
    every = [c for c in w.ledger.rows["calls"] if c["direction"] in {None, "呼入"}]
    two_days = timedelta(hours=48)
    return share_without_return(answered_calls(w), every, w, "enqueued_at", "call_id", two_days)


@enter
def fcr__first_call(w: Window) -> Answer:
    """Pair by pair: nobody else's shortcut."""
    week, calls = timedelta(days=7), w.ledger.rows["calls"]
    begun = min(call["enqueued_at"] for call in calls)
    known: dict[str, list[Row]] = {}
    for call in calls:
        if call["direction"] in {None, "呼入"} and call["customer_id"] is not None:
            known.setdefault(call["customer_id"], []).append(call)

    def others(call: Row) -> Iterator[tuple[bool, timedelta]]:
        """Whether each other call of the customer is later, and how far away it is."""
        this = (call["enqueued_at"], call["call_id"])
        for other in known[call["customer_id"]]:
            if other is not call:
                later = (other["enqueued_at"], other["call_id"]) > this
                yield later, abs(other["enqueued_at"] - call["enqueued_at"])

    first = [
        call
        for call in answered_calls(w)
        if call["customer_id"] is not None
        and w.ledger.data_end - call["enqueued_at"] >= week
        and call["enqueued_at"] - begun >= week
        and not any(distance <= week for later, distance in others(call) if not later)
    ]
    solved = [c for c in first if not any(far <= week for later, far in others(c) if later)]
    return share(len(solved), len(first))


@enter
def fcr__net(w: Window) -> Answer:
    solved = [t for t in w.tickets if t["first_contact_resolved"]]
    beyond = [
        t
        for t in w.tickets
        if not t["first_contact_resolved"]
        and (t["transferred_to_tech"] or t["outsourced"] or (t["departments"] or 0) > 1)
    ]
    return share(len(solved), len(w.tickets) - len(beyond))


@enter
def fcr__self_report(w: Window) -> Answer:
    asked = [s for s in w.surveys if s["resolved_self_report"] is not None]
    return share(sum(s["resolved_self_report"] for s in asked), len(asked))


# Resolution time -----------------------------------------------------------------------------


@enter
def resolve_avg__pauses_included(w: Window) -> Answer:
    return mean(t["resolved_at"] - t["created_at"] for t in resolved(w))


@enter
def resolve_avg__resolved_in_period(w: Window) -> Answer:
    return mean(resolution_time(t) for t in w.tickets_resolved)


# Satisfaction --------------------------------------------------------------------------------


@enter
def csat__good_over_good_and_bad(w: Window) -> Answer:
    told = [s for s in rated(w) if s["csat"] != 3]
    return share(sum(s["csat"] > 3 for s in told), len(told))


@enter
def csat__good_less_bad(w: Window) -> Answer:
    balance = sum((s["csat"] > 3) - (s["csat"] < 3) for s in rated(w))
    return quotient(Fraction(balance), len(rated(w)))


@enter
def csat__top_box(w: Window) -> Answer:
    return share(sum(s["csat"] == 5 for s in rated(w)), len(rated(w)))


@enter
def csat__mean_of_stars(w: Window) -> Answer:
    return quotient(Fraction(sum(s["csat"] for s in rated(w)), 5), len(rated(w)))


# Calls ---------------------------------------------------------------------------------------


def waited(calls: Iterable[Row], at_most: timedelta) -> list[Row]:
    return [c for c in calls if c["wait_s"] is not None and c["wait_s"] <= at_most]


def gone(w: Window) -> list[Row]:
    return [c for c in inbound(w) if c["abandoned"]]


@enter
def sl_20__of_answered(w: Window) -> Answer:
    return share(len(waited(answered_calls(w), QUICK)), len(answered_calls(w)))


@enter
def sl_20__abandons_positive(w: Window) -> Answer:
    reached = len(waited(answered_calls(w), QUICK)) + len(waited(gone(w), QUICK))
    return share(reached, len(inbound(w)))


@enter
def sl_20__abandons_ignored(w: Window) -> Answer:
    offered = len(inbound(w)) - len(waited(gone(w), QUICK))
    return share(len(waited(answered_calls(w), QUICK)), offered)


@enter
def sl_20__short_ignored(w: Window) -> Answer:
    offered = len(inbound(w)) - len(waited(gone(w), SHORT))
    return share(len(waited(answered_calls(w), QUICK)), offered)


@enter
def abandon_rate__with_callbacks(w: Window) -> Answer:
    return share(len(gone(w)), len(inbound(w)))


@enter
def abandon_rate__short_ignored(w: Window) -> Answer:
    late = [
        c
        for c in gone(w)
        if not c["callback_requested"] and c["wait_s"] is not None and c["wait_s"] > SHORT
    ]
    return share(len(late), len(inbound(w)) - len(waited(gone(w), SHORT)))


# Reopening and backlog -----------------------------------------------------------------------


@enter
def reopen_rate__events(w: Window) -> Answer:
    once = [t for t in w.tickets if t["resolved_at"] is not None or (t["reopen_count"] or 0) >= 1]
    return quotient(Fraction(sum(t["reopen_count"] or 0 for t in once)), len(once))


@enter
def backlog_open__flow(w: Window) -> Answer:
    return Answer(Fraction(len(w.tickets) - len(w.tickets_resolved)), 0)


@enter
def backlog_open__still_open_of_period(w: Window) -> Answer:
    still = [t for t in w.tickets if t["resolved_at"] is None or t["resolved_at"] >= w.ends_at]
    return Answer(Fraction(len(still)), len(still))
