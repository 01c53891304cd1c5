"""One score explained."""

from __future__ import annotations

from dataclasses import replace

from csq.coverage import find_data_end
from csq.engines.base import Engine
from csq.explanation.amounts import decisive, find_amounts, find_values
from csq.explanation.behind import find_behind
from csq.explanation.facts import Explanation
from csq.explanation.parts import find_named_parts, say_formula
from csq.explanation.telling import find_telling, is_too_low
from csq.explanation.trail import Trail, find_narrowings
from csq.formula.understand import Understood
from csq.intake.intake import Intake
from csq.protection import protect, protect_for_programs
from csq.request import asks_for_data_end, resolve_where
from csq.scorecard import Score, Scorecard


def explain_score(
    engine: Engine,
    intake: Intake,
    understood: Understood,
    scorecard: Scorecard,
    score: Score,
    *,
    with_rows: bool,
) -> Explanation:
    """Everything behind one score; the rows themselves only where they are asked for."""
    indicator = score.measurement.indicator
    alone = replace(scorecard, scores=(score,))
    shown = protect(alone)
    trail = Trail(
        engine,
        intake,
        understood,
        indicator,
        scorecard.period,
        find_data_end(engine, intake) if _asks_for_data_end(understood, scorecard, score) else None,
        tuple(find_narrowings(understood, scorecard, score)),
        scorecard.shield,
    )
    measurable = not score.lacking
    value_of = find_values(trail) if measurable else lambda _: None
    return Explanation(
        scorecard=shown,
        for_programs=protect_for_programs(alone),
        score=shown.scores[0],
        words=say_formula(indicator),
        parts=tuple(find_named_parts(understood, indicator.definition)),
        amounts=find_amounts(trail, value_of) if measurable else (),
        origins=tuple(trail.origins()) if measurable else (),
        traces=tuple(trail.traces()) if measurable else (),
        telling=find_telling(
            trail, decisive(indicator.term, value_of), value_of, too_low=is_too_low(score)
        )
        if measurable
        else None,
        statements=tuple(trail.statements()) if measurable else (),
        behind=tuple(find_behind(trail)) if measurable and with_rows else (),
    )


def _asks_for_data_end(understood: Understood, scorecard: Scorecard, score: Score) -> bool:
    narrowed = resolve_where(understood, scorecard.condition)
    return asks_for_data_end([score.measurement.indicator], narrowed)
