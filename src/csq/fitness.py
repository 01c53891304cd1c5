"""Whether the exports are fit for a question, before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass

from csq.coverage import choose_period, short_sources, whole_time
from csq.engines.base import Engine
from csq.errors import NoDataError, Problem
from csq.formula.understand import Understood
from csq.intake.intake import UNUSABLE, Intake, judge_refusals
from csq.occurrence import cut_days, terms_narrowed, unknown_texts, unlike_fields
from csq.period import Period
from csq.question import Question
from csq.request import (
    Request,
    asked_period,
    choose_indicators,
    resolve_where,
)
from csq.scoring import present_levels


@dataclass(frozen=True, slots=True)
class Fitness:
    """What keeps the exports from answering a question, and what is odd about them for it."""

    period: Period | None = None
    """The one asked about; without it no row lies outside."""
    refusals: tuple[Problem, ...] = ()
    """The sources that lost more rows than is tolerated."""
    lacking: tuple[Problem, ...] = ()
    """That there is no row at all, none with a time, or none in the period."""
    noticed: tuple[Problem, ...] = ()

    @property
    def unfit(self) -> tuple[Problem, ...]:
        return (*self.refusals, *self.lacking)


def judge_fitness(
    engine: Engine, intake: Intake, understood: Understood, request: Request
) -> Fitness:
    """What a score of the same request would tell of the exports themselves.

    Raises `UsageError` for a breakdown by a field that no export carries, as scoring does.
    """
    refusals = judge_refusals(intake, understood.definition.tolerance)
    period = asked_period(request)
    if any(problem.code in UNUSABLE for problem in refusals):
        return Fitness(period, refusals)
    if lacking := _lacking_rows(intake, request):
        return Fitness(period, refusals, lacking)
    question = Question(
        understood=understood,
        intake=intake,
        indicators=choose_indicators(understood, request.indicators),
        levels=present_levels(intake, understood, request.by),
        series=(period or whole_time(intake),),
        conditions=resolve_where(understood, request.where),
        narrowed=request.where is not None,
        data_end=None,
    )
    narrowing = tuple(terms_narrowed(question.measurable, question.conditions))
    noticed = (
        *(short_sources(intake, intake, period) if period else ()),
        *unknown_texts(engine, intake.sources, narrowing),
        *unlike_fields(engine, intake.sources, narrowing),
        *cut_days(engine, intake.sources, narrowing),
    )
    return Fitness(period, refusals, (), noticed)


def _lacking_rows(intake: Intake, request: Request) -> tuple[Problem, ...]:
    try:
        choose_period(intake, request)
    except NoDataError as failure:
        return failure.problems
    return ()
