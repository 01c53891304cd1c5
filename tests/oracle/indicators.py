"""Every shipped indicator once more: one small function each, in loops anyone can check.

A function has the indicator's id as its name and takes the rows of one period (`Window`). It
says what is divided by what and on how many rows that stands, and nothing else: no rounding, no
target. What the documents leave open is settled here as metrics.yaml describes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction

from .exports import Row
from .window import Window


@dataclass(frozen=True)
class Answer:
    """The value of an indicator, exactly; `None` is no data. `n` is how many rows it stands on."""

    value: Fraction | None
    n: int
    part: Fraction | None = None
    whole: Fraction | None = None
    is_share: bool = False
    """Whether part and whole are rows, so that rows are what is missing to a target."""
    is_time: bool = False
    """Whether it is a mean of durations, so that seconds are what is too much."""


Indicator = Callable[[Window], Answer]


@dataclass(frozen=True)
class Known:
    """An indicator and the sources its rows come from."""

    work_out: Indicator
    sources: tuple[str, ...]
    needs: tuple[str, ...] = ()
    """Fields of tickets that not every export has, and without which there is no data."""


INDICATORS: dict[str, Known] = {}


def of(*sources: str, needs: tuple[str, ...] = ()) -> Callable[[Indicator], Indicator]:
    """Enter a function under its own name."""

    def enter(function: Indicator) -> Indicator:
        INDICATORS[function.__name__] = Known(function, sources, needs)
        return function

    return enter


# The four ways to come to a value ------------------------------------------------------------


def share(part: int, whole: int) -> Answer:
    """So many of so many."""
    value = Fraction(part, whole) if whole else None
    return Answer(value, whole, Fraction(part), Fraction(whole), is_share=True)


def seconds(time: timedelta) -> Fraction:
    return Fraction(time // timedelta(microseconds=1), 1_000_000)


def quotient(total: Fraction, count: int) -> Answer:
    """A total over a count, both kept; no row has no total."""
    if count == 0:
        return Answer(None, 0, None, Fraction(0))
    return Answer(total / count, count, total, Fraction(count))


def mean(times: Iterable[timedelta]) -> Answer:
    """The mean of durations, in seconds."""
    found = list(times)
    answer = quotient(seconds(sum(found, timedelta(0))), len(found))
    return replace(answer, is_time=True)


def time_share(rows: list[Row], part: str, *whole: str) -> Answer:
    """Time in one field over the time in all of the others, over rows that fill the latter."""
    filled = [row for row in rows if all(row[name] is not None for name in whole)]
    known = [row[part] for row in rows if row[part] is not None]
    total = seconds(sum((row[name] for row in filled for name in whole), timedelta(0)))
    inside = seconds(sum(known, timedelta(0))) if known else None
    value = inside / total if inside is not None and total else None
    return Answer(value, len(filled), inside, total if filled else None)


def percentile(times: Iterable[timedelta], share_below: Fraction) -> Answer:
    """PERCENTILE.INC: on the straight line between the two neighbours."""
    found = sorted(times)
    if not found:
        return Answer(None, 0)
    place = share_below * (len(found) - 1)
    below = place.numerator // place.denominator
    lower, upper = seconds(found[below]), seconds(found[min(below + 1, len(found) - 1)])
    return Answer(lower + (place - below) * (upper - lower), len(found))


# Rows that have a name -----------------------------------------------------------------------


def awaiting_a_person(w: Window) -> list[Row]:
    """Tickets a person answered or must answer; where it is not said who did, a person did."""
    return [t for t in w.tickets if t["first_response_by"] in {None, "人工"}]


def resolved(w: Window) -> list[Row]:
    return [t for t in w.tickets if t["resolved_at"] is not None]


def tech(w: Window) -> list[Row]:
    return [t for t in w.tickets if t["problem_type"] == "技术支持"]


def tech_resolved(w: Window) -> list[Row]:
    return [t for t in tech(w) if t["resolved_at"] is not None]


def answered_by_a_person(ticket: Row) -> bool:
    return ticket["first_response_at"] is not None and ticket["first_response_by"] in {None, "人工"}


def due(rows: list[Row], w: Window, limit: timedelta, done: Callable[[Row], bool]) -> list[Row]:
    """Rows for which something was done, or for which its time had passed as the data ended."""
    return [row for row in rows if done(row) or w.ledger.data_end - row["created_at"] > limit]


def slow(w: Window) -> list[Row]:
    """Not answered by a person within 30 seconds, or not at all."""
    limit = timedelta(seconds=30)
    return [
        t
        for t in due(w.tickets, w, limit, answered_by_a_person)
        if not answered_by_a_person(t) or response_time(t) > limit
    ]


def answered_calls(w: Window) -> list[Row]:
    return [c for c in inbound(w) if c["answered_at"] is not None]


def inbound(w: Window) -> list[Row]:
    """A call of which it is not said which way it went came in."""
    return [c for c in w.calls if c["direction"] in {None, "呼入"}]


def rated(w: Window) -> list[Row]:
    return [s for s in w.surveys if s["csat"] is not None]


def rated_about(w: Window, problem_type: str) -> list[Row]:
    return [s for s in rated(w) if s["problem_type"] == problem_type]


def asked_to_recommend(w: Window) -> list[Row]:
    return [s for s in w.surveys if s["nps"] is not None]


def settled_complaints(w: Window) -> list[Row]:
    return [
        c
        for c in w.complaints
        if c["resolved_at"] is not None and c["contacts_to_resolve"] is not None
    ]


def active_agents(w: Window) -> list[Row]:
    return [a for a in w.agents if a["status"] != "离职"]


# What a row says -----------------------------------------------------------------------------


def response_time(ticket: Row) -> timedelta:
    time: timedelta = ticket["first_response_at"] - ticket["created_at"]
    return time


def resolution_time(ticket: Row) -> timedelta:
    """From creation to resolution, pauses taken off."""
    pause: timedelta = ticket["paused_s"] or timedelta(0)
    time: timedelta = ticket["resolved_at"] - ticket["created_at"] - pause
    return time


def within(row: Row, field: str, limit: timedelta) -> bool:
    """Whether something happened, and no later than `limit` after the row was created."""
    return row[field] is not None and row[field] - row["created_at"] <= limit


def handle_time(call: Row) -> timedelta | None:
    """Talk, hold and after-call work; unknown where the talk is."""
    if call["talk_s"] is None:
        return None
    none = timedelta(0)
    time: timedelta = call["talk_s"] + (call["hold_s"] or none) + (call["acw_s"] or none)
    return time


def is_repeat(row: Row) -> bool:
    return row["repeat_of"] is not None


# Efficiency: answers -------------------------------------------------------------------------


def response_times(w: Window) -> list[timedelta]:
    return [response_time(t) for t in awaiting_a_person(w) if t["first_response_at"] is not None]


@of("tickets")
def frt_avg(w: Window) -> Answer:
    return mean(response_times(w))


@of("tickets")
def frt_p50(w: Window) -> Answer:
    return percentile(response_times(w), Fraction(1, 2))


@of("tickets")
def frt_p90(w: Window) -> Answer:
    return percentile(response_times(w), Fraction(9, 10))


@of("tickets")
def frt_in_time(w: Window) -> Answer:
    limits = {"电话": timedelta(seconds=15), "在线": timedelta(seconds=30)}
    asked = due(w.tickets, w, timedelta(seconds=30), answered_by_a_person)
    asked = [t for t in asked if t["channel"] in limits]
    in_time = [
        t for t in asked if answered_by_a_person(t) and response_time(t) <= limits[t["channel"]]
    ]
    return share(len(in_time), len(asked))


@of("tickets")
def frt_over_30s(w: Window) -> Answer:
    return share(len(slow(w)), len(due(w.tickets, w, timedelta(seconds=30), answered_by_a_person)))


@of("tickets")
def frt_over_30s_tech_share(w: Window) -> Answer:
    return share(sum(t["problem_type"] == "技术支持" for t in slow(w)), len(slow(w)))


@of("tickets")
def answer_24h(w: Window) -> Answer:
    day = timedelta(hours=24)
    asked = due(w.tickets, w, day, answered_by_a_person)
    in_time = [t for t in asked if answered_by_a_person(t) and response_time(t) <= day]
    return share(len(in_time), len(asked))


@of("tickets")
def dispatch_time(w: Window) -> Answer:
    times = [t["assigned_at"] - t["created_at"] for t in w.tickets if t["assigned_at"] is not None]
    return mean(times)


# Efficiency: resolution ----------------------------------------------------------------------


@of("tickets")
def resolve_avg(w: Window) -> Answer:
    return mean(resolution_time(t) for t in resolved(w))


@of("tickets")
def resolve_over_24h(w: Window) -> Answer:
    day = timedelta(hours=24)
    late = [t for t in resolved(w) if resolution_time(t) > day]
    open_and_late = [
        t
        for t in w.tickets
        if t["resolved_at"] is None
        and w.ledger.data_end - t["created_at"] - (t["paused_s"] or timedelta(0)) > day
    ]
    return share(len(late) + len(open_and_late), len(resolved(w)) + len(open_and_late))


@of("tickets")
def xdept_2h(w: Window) -> Answer:
    passed_on = [t for t in w.tickets if t["transferred_to_tech"]]
    planned = [t for t in passed_on if within(t, "first_plan_at", timedelta(hours=2))]
    return share(len(planned), len(passed_on))


@of("tickets")
def progress_24h(w: Window) -> Answer:
    day = timedelta(hours=24)
    open_a_day = [
        t for t in w.tickets if (t["resolved_at"] or w.ledger.data_end) - t["created_at"] > day
    ]
    told = [t for t in open_a_day if within(t, "progress_note_at", day)]
    return share(len(told), len(open_a_day))


@of("tickets")
def tech_resolve_avg(w: Window) -> Answer:
    return mean(resolution_time(t) for t in tech_resolved(w))


@of("tickets")
def tech_over_30min(w: Window) -> Answer:
    long = [t for t in tech_resolved(w) if resolution_time(t) > timedelta(minutes=30)]
    return share(len(long), len(tech_resolved(w)))


# Efficiency: calls ---------------------------------------------------------------------------


@of("calls")
def sl_20(w: Window) -> Answer:
    quickly = [
        c
        for c in answered_calls(w)
        if c["wait_s"] is not None and c["wait_s"] <= timedelta(seconds=20)
    ]
    return share(len(quickly), len(inbound(w)))


@of("calls")
def asa(w: Window) -> Answer:
    return mean(c["wait_s"] for c in answered_calls(w) if c["wait_s"] is not None)


@of("calls")
def connect_rate(w: Window) -> Answer:
    return share(len(answered_calls(w)), len(inbound(w)))


@of("calls")
def abandon_rate(w: Window) -> Answer:
    gone = [c for c in inbound(w) if c["abandoned"] and not c["callback_requested"]]
    return share(len(gone), len(inbound(w)))


@of("calls")
def long_wait(w: Window) -> Answer:
    long = [c for c in inbound(w) if c["wait_s"] is not None and c["wait_s"] > timedelta(minutes=5)]
    return share(len(long), len(inbound(w)))


@of("calls")
def aht(w: Window) -> Answer:
    times = [handle_time(c) for c in answered_calls(w)]
    return mean(time for time in times if time is not None)


@of("calls")
def transfer_rate(w: Window) -> Answer:
    calls = answered_calls(w)
    return share(sum(c["transferred"] is True for c in calls), len(calls))


# Quality -------------------------------------------------------------------------------------


@of("tickets")
def fcr(w: Window) -> Answer:
    return share(sum(t["first_contact_resolved"] is True for t in w.tickets), len(w.tickets))


@of("tickets")
def instant_resolve(w: Window) -> Answer:
    return share(sum(t["resolved_in_session"] is True for t in w.tickets), len(w.tickets))


@of("tickets")
def resolve_rate(w: Window) -> Answer:
    in_the_period = [t for t in resolved(w) if t["resolved_at"] < w.ends_at]
    return share(len(in_the_period), len(w.tickets))


@of("tickets")
def repeat_contact(w: Window) -> Answer:
    week = timedelta(days=7)
    ripe = [t for t in resolved(w) if w.ledger.data_end - t["created_at"] >= week]
    return share(sum(comes_again(t, w, week) for t in ripe), len(ripe))


def comes_again(ticket: Row, w: Window, span: timedelta) -> bool:
    """Whether the customer has another ticket of the same type soon after this one.

    Of two tickets of one moment that with the greater id comes after the other.
    """
    matter = (ticket["customer_id"], ticket["problem_type"])
    this = (ticket["created_at"], ticket["ticket_id"])
    others = w.ledger.tickets_by_matter.get(matter, [])
    return any(other > this and other[0] <= this[0] + span for other in others)


@of("tickets")
def outsourced_rate(w: Window) -> Answer:
    hard = [t for t in w.tickets if t["complex"]]
    return share(sum(t["outsourced"] is True for t in hard), len(hard))


@of("tickets")
def multi_dept_share(w: Window) -> Answer:
    unsolved = [t for t in w.tickets if not t["first_contact_resolved"]]
    return share(sum((t["departments"] or 0) > 1 for t in unsolved), len(unsolved))


@of("tickets")
def reopen_rate(w: Window) -> Answer:
    def reopened(ticket: Row) -> bool:
        return (ticket["reopen_count"] or 0) >= 1

    once_resolved = [t for t in w.tickets if t["resolved_at"] is not None or reopened(t)]
    return share(sum(reopened(t) for t in once_resolved), len(once_resolved))


@of("tickets")
def tech_repeat_contact(w: Window) -> Answer:
    return share(sum(is_repeat(t) for t in tech(w)), len(tech(w)))


@of("kb_checks")
def kb_accuracy(w: Window) -> Answer:
    judged = [check for check in w.kb_checks if check["correct"] is not None]
    return share(sum(check["correct"] for check in judged), len(judged))


# Experience: ratings -------------------------------------------------------------------------


def satisfied(ratings: list[Row]) -> Answer:
    return share(sum(s["csat"] >= 4 for s in ratings), len(ratings))


@of("surveys")
def csat(w: Window) -> Answer:
    return satisfied(rated(w))


@of("surveys")
def csat_consult(w: Window) -> Answer:
    return satisfied(rated_about(w, "产品咨询"))


@of("surveys")
def csat_aftersales(w: Window) -> Answer:
    return satisfied(rated_about(w, "售后服务"))


@of("surveys")
def csat_complaint(w: Window) -> Answer:
    return satisfied(rated_about(w, "投诉处理"))


@of("surveys")
def csat_mean(w: Window) -> Answer:
    ratings = rated(w)
    return quotient(Fraction(sum(s["csat"] for s in ratings)), len(ratings))


@of("surveys")
def good_rate(w: Window) -> Answer:
    return share(sum(s["csat"] == 5 for s in rated(w)), len(rated(w)))


@of("surveys")
def nps(w: Window) -> Answer:
    scores = [s["nps"] for s in asked_to_recommend(w)]
    promoters = sum(score in {9, 10} for score in scores)
    detractors = sum(score in {0, 1, 2, 3, 4, 5, 6} for score in scores)
    return quotient(Fraction((promoters - detractors) * 100), len(scores))


@of("surveys")
def survey_rate(w: Window) -> Answer:
    answered = [s for s in w.surveys_sent if s["responded_at"] is not None]
    return share(len(answered), len(w.surveys_sent))


@of("surveys")
def survey_timely(w: Window) -> Answer:
    earliest, latest = timedelta(hours=24), timedelta(hours=48)
    known = [s for s in w.surveys_sent if s["service_end_at"] is not None]
    timely = [s for s in known if earliest <= s["sent_at"] - s["service_end_at"] <= latest]
    return share(len(timely), len(known))


# Experience: complaints ----------------------------------------------------------------------


@of("complaints", "tickets")
def complaint_rate(w: Window) -> Answer:
    return share(len(w.complaints), len(w.tickets))


@of("complaints")
def complaint_timely(w: Window) -> Answer:
    return done_within_a_day("responded_at", w)


@of("complaints")
def complaint_close(w: Window) -> Answer:
    return done_within_a_day("closed_at", w)


def done_within_a_day(field: str, w: Window) -> Answer:
    day = timedelta(hours=24)
    asked = due(w.complaints, w, day, lambda row: row[field] is not None)
    return share(sum(within(c, field, day) for c in asked), len(asked))


@of("complaints")
def repeat_complaint(w: Window) -> Answer:
    return share(sum(is_repeat(c) for c in w.complaints), len(w.complaints))


@of("complaints")
def contacts_per_case(w: Window) -> Answer:
    cases = settled_complaints(w)
    return quotient(Fraction(sum(c["contacts_to_resolve"] for c in cases)), len(cases))


@of("complaints")
def uninformed_share(w: Window) -> Answer:
    return share(sum(c["cause"] == "未明确告知" for c in w.complaints), len(w.complaints))


# Workload ------------------------------------------------------------------------------------


@of("tickets")
def volume(w: Window) -> Answer:
    return Answer(Fraction(len(w.tickets)), len(w.tickets))


@of("tickets")
def tech_share(w: Window) -> Answer:
    return share(len(tech(w)), len(w.tickets))


@of("agents")
def skill_basic_share(w: Window) -> Answer:
    agents = active_agents(w)
    return share(sum(a["skill_level"] == "基础" for a in agents), len(agents))


# What further exports and fields tell, and csq:standard --------------------------------------


@of("replies")
def reply_avg(w: Window) -> Answer:
    return mean(r["reply_at"] - r["customer_msg_at"] for r in w.replies)


@of("tickets")
def speed_ratio(w: Window) -> Answer:
    none = timedelta(0)
    waits = [response_time(t) for t in resolved(w) if t["first_response_at"] is not None]
    cycles = [t["resolved_at"] - t["created_at"] for t in resolved(w)]
    waited, whole = seconds(sum(waits, none)), seconds(sum(cycles, none))
    return Answer(waited / whole if whole else None, len(cycles), waited, whole)


@of("tickets")
def resolve_p90(w: Window) -> Answer:
    return percentile((resolution_time(t) for t in resolved(w)), Fraction(9, 10))


@of("tickets", needs=("sla_resolve_due",))
def sla_resolve(w: Window) -> Answer:
    passed = [t for t in w.tickets_due if t["sla_resolve_due"] <= w.ledger.data_end]
    kept = [
        t
        for t in passed
        if t["resolved_at"] is not None and t["resolved_at"] <= t["sla_resolve_due"]
    ]
    return share(len(kept), len(passed))


@of("tickets")
def backlog_open(w: Window) -> Answer:
    return Answer(Fraction(len(w.tickets_open)), len(w.tickets_open))


@of("tickets")
def backlog_flow(w: Window) -> Answer:
    came, went = len(w.tickets), len(w.tickets_resolved)
    return Answer(Fraction(came - went), came + went)


@of("tickets")
def backlog_age_p90(w: Window) -> Answer:
    return percentile((w.ends_at - t["created_at"] for t in w.tickets_open), Fraction(9, 10))


@of("tickets")
def peak_gap(w: Window) -> Answer:
    answered = [t for t in awaiting_a_person(w) if t["first_response_at"] is not None]
    evening = mean(response_time(t) for t in answered if t["created_at"].hour in {20, 21})
    others = mean(response_time(t) for t in answered if t["created_at"].hour not in {20, 21})
    known = evening.value is not None and others.value is not None
    return Answer(evening.value - others.value if known else None, len(answered))  # type: ignore[operator]


@of("tickets")
def one_touch(w: Window) -> Answer:
    once = [t for t in resolved(w) if t["agent_replies"] is not None and t["agent_replies"] <= 1]
    return share(len(once), len(resolved(w)))


@of("tickets", needs=("transfer_info_complete",))
def recontact_after_transfer(w: Window) -> Answer:
    passed_on = [t for t in w.tickets if (t["transfers"] or 0) > 0]
    return share_of_judged(passed_on, "transfer_info_complete", False)


@of("tickets", needs=("first_agent_id",))
def first_owner(w: Window) -> Answer:
    kept = [t for t in resolved(w) if t["agent_id"] and t["agent_id"] == t["first_agent_id"]]
    return share(len(kept), len(resolved(w)))


@of("tickets", needs=("escalated",))
def escalation_rate(w: Window) -> Answer:
    return share(sum(t["escalated"] is True for t in w.tickets), len(w.tickets))


@of("tickets", needs=("need_type",))
def routing_hit(w: Window) -> Answer:
    routed = [t for t in w.tickets if t["team"] and t["need_type"] in {"投诉", "咨询", "售后"}]
    words = ("投诉", "客诉", "Complaint", "complaint")
    right = [t for t in routed if any(w in t["team"] for w in words) == (t["need_type"] == "投诉")]
    return share(len(right), len(routed))


def scored(w: Window) -> list[Row]:
    return [check for check in w.qa if check["score"] is not None]


@of("qa")
def qa_score(w: Window) -> Answer:
    points = [0 if check["auto_fail"] else check["score"] for check in scored(w)]
    return quotient(Fraction(sum(points)), len(points))


def share_of_judged(rows: list[Row], field: str, wanted: bool) -> Answer:
    judged = [row for row in rows if row[field] is not None]
    return share(sum(row[field] is wanted for row in judged), len(judged))


@of("qa")
def qa_fatal(w: Window) -> Answer:
    return share_of_judged(w.qa, "auto_fail", True)


@of("qa")
def script_compliance(w: Window) -> Answer:
    return share_of_judged(w.qa, "banned_word", False)


@of("qa")
def qa_coverage(w: Window) -> Answer:
    planned = [check for check in w.qa if check["plan_id"] is not None]
    return share(sum(check["score"] is not None for check in planned), len(planned))


DIMENSIONS = ("d_attitude", "d_response", "d_expertise", "d_process", "d_outcome")


def mean_score(w: Window, field: str) -> Answer:
    scores = [s[field] for s in w.surveys if s[field] is not None]
    return quotient(Fraction(sum(scores)), len(scores))


@of("surveys")
def csat_weighted(w: Window) -> Answer:
    means = [mean_score(w, name) for name in DIMENSIONS]
    known = [each.value for each in means if each.value is not None]
    value = sum(known, Fraction(0)) / 5 if len(known) == 5 else None
    return Answer(value, min(each.n for each in means))


@of("surveys")
def dim_low(w: Window) -> Answer:
    means = [mean_score(w, name) for name in DIMENSIONS]
    known = [each.value for each in means if each.value is not None]
    return Answer(min(known, default=None), min(each.n for each in means))


@of("surveys")
def ces(w: Window) -> Answer:
    return mean_score(w, "ces")


@of("complaints")
def top_issue_share(w: Window) -> Answer:
    causes = [c["cause"] for c in w.complaints if c["cause"] not in {None, "其他"}]
    largest = max((causes.count(cause) for cause in set(causes)), default=None)
    whole = len(w.complaints)
    value = Fraction(largest, whole) if largest and whole else None
    return Answer(value, whole, None if largest is None else Fraction(largest), Fraction(whole))


@of("tickets", "agent_time")
def tickets_per_day(w: Window) -> Answer:
    worked = [day for day in w.agent_time if day["login_s"]]
    return share(len(w.tickets_resolved), len(worked))


@of("tickets", "agent_time")
def efficiency_gain(w: Window) -> Answer:
    return tickets_per_day(w)


@of("agent_time")
def talk_util(w: Window) -> Answer:
    return time_share(w.agent_time, "effective_talk_s", "session_s")


@of("agent_time")
def occupancy(w: Window) -> Answer:
    return time_share(w.agent_time, "handle_s", "handle_s", "idle_s")


@of("agent_time")
def adherence(w: Window) -> Answer:
    return time_share(w.agent_time, "adherent_s", "scheduled_s")


@of("training")
def training_pass(w: Window) -> Answer:
    return share_of_judged(w.training, "passed", True)


@of("cases", "agents")
def case_share(w: Window) -> Answer:
    return share(sum(c["accepted"] is True for c in w.cases), len(active_agents(w)))


@of("tickets")
def bot_resolve(w: Window) -> Answer:
    day = timedelta(hours=24)
    by_bot = [
        t
        for t in w.tickets
        if t["first_response_by"] == "机器人" and w.ledger.data_end - t["created_at"] >= day
    ]
    alone = [
        t
        for t in by_bot
        if t["agent_id"] is None and t["customer_id"] is not None and not is_back_within(t, w, day)
    ]
    return share(len(alone), len(by_bot))


def is_back_within(ticket: Row, w: Window, span: timedelta) -> bool:
    """Whether the customer has another valid ticket soon after this one, about whatever."""
    this = (ticket["created_at"], ticket["ticket_id"])
    others = w.ledger.tickets_by_customer.get(ticket["customer_id"], [])
    return any(other > this and other[0] <= this[0] + span for other in others)


@of("improvements")
def improve_done(w: Window) -> Answer:
    passed = [item for item in w.improvements if item["planned_at"] <= w.ledger.data_end]
    done = [
        item
        for item in passed
        if item["done_at"] is not None
        and item["done_at"] <= item["planned_at"]
        and item["accepted"]
    ]
    return share(len(done), len(passed))
