"""Everything a review shows, asked of the engine in one go."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from datetime import date

from csq.coverage import find_data_end
from csq.engines.base import Engine
from csq.errors import NoDataError
from csq.formula.understand import Understood
from csq.intake.intake import Intake
from csq.period import Period, month_of
from csq.privacy import Shield
from csq.protection import protect
from csq.request import Request, asks_for_data_end, needed_fields, resolve_where
from csq.review.desk import Desk
from csq.review.facts import LABELS, Review, Trend
from csq.review.hours import ask_hours
from csq.review.improvements import ask_improvements
from csq.review.misses import ask_misses
from csq.review.rows import ask_rows
from csq.review.shares import SHARED, ask_shares
from csq.review.stages import STAGES, ask_stages
from csq.review.voices import ask_comments, ask_ratings
from csq.scorecard import Verdict
from csq.scoring import score_intake

LEVELS = ("channel", "problem_type", "customer_type", "team", "agent_id")
"""What a review breaks down by, as far as the exports carry it."""

_TREND_LENGTH = 13


def review_fields(understood: Understood, request: Request) -> dict[str, frozenset[str]]:
    """The fields each source must keep for a review."""
    needed = {source: set(names) for source, names in needed_fields(understood, request).items()}
    for source, schema in understood.schemas.items():
        wanted = {*LEVELS, *LABELS, "comment", "csat", *STAGES}
        wanted |= {field for name, field in SHARED if name == source}
        wanted |= {field.name for field in schema.fields if source == "improvements"}
        wanted |= {field.name for field in schema.fields if field.name.startswith("d_")}
        needed[source] |= {field.name for field in schema.fields if field.name in wanted}
    return {source: frozenset(names) for source, names in needed.items()}


def review_intake(
    engine: Engine, intake: Intake, understood: Understood, request: Request, shield: Shield
) -> Review:
    """Everything a review shows, from the typed tables."""
    levels = request.by or tuple((name,) for name in LEVELS if _carried(intake, name))
    found = score_intake(engine, intake, understood, replace(request, by=levels))
    scorecard = protect(replace(found, shield=shield))
    days = {day for staged in intake.sources.values() for day in staged.days_with_rows}
    conditions = resolve_where(understood, request.where)
    # Only where it is asked for are all the times kept by which it is known.
    has_end = asks_for_data_end(understood.indicators, conditions)
    desk = Desk(
        engine,
        intake,
        understood,
        scorecard.period,
        conditions,
        find_data_end(engine, intake) if has_end else None,
    )
    trend = _ask_trend(engine, intake, understood, request, scorecard.period, days)
    return Review(
        understood=understood,
        scorecard=scorecard,
        trend=trend,
        hours=ask_hours(desk),
        shares=tuple(ask_shares(desk)),
        stages=tuple(ask_stages(desk)),
        ratings=tuple(ask_ratings(desk)),
        comments=tuple(ask_comments(desk)),
        improvements=tuple(ask_improvements(desk, trend)),
        misses={
            score.indicator.id: rows
            for score in scorecard.totals
            if score.verdict is Verdict.MISSED and (rows := ask_misses(desk, score)) is not None
        },
        data=tuple(ask_rows(desk)),
        shield=shield,
        days=frozenset(days),
        data_end=desk.data_end,
    )


def _carried(intake: Intake, name: str) -> bool:
    return any(name in source.fields for source in intake.sources.values())


def _ask_trend(
    engine: Engine,
    intake: Intake,
    understood: Understood,
    request: Request,
    period: Period,
    days: Set[date],
) -> Trend:
    """Month by month where the period is made of months, else period by period."""
    last = period
    if period.months:
        last_day = min(max(days), period.last_day)
        last = month_of(max(last_day, period.start))
    asked = replace(request, period=last.label, by=(), trend_length=_TREND_LENGTH)
    try:
        scorecard = score_intake(engine, intake, understood, asked)
    except NoDataError:
        return Trend((), {})
    scores = {score.indicator.id: score for score in scorecard.totals if not score.lacking}
    length = max((len(score.trend) for score in scores.values()), default=0)
    return Trend(last.series(length) if length else (), scores, scorecard.complete)
