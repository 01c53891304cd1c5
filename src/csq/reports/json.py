"""The JSON that scripts outside depend on: numbers as numbers, no data as null."""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from csq.definition.targets import Target
from csq.errors import Problem, clean, mask
from csq.intake.receipt import Receipt
from csq.period import Period
from csq.protection import ProgramScorecard
from csq.scorecard import Score, Scorecard
from csq.wording import Language, Wording


def draw_json(scorecard: ProgramScorecard, language: Language, version: str) -> str:
    """The scorecard by contract; the same input gives the same text, byte for byte."""
    return dump(
        {
            "csq": version,
            "period": _period(scorecard.period, scorecard.complete),
            "definition": scorecard.digest,
            "receipts": [receipt_row(receipt) for receipt in scorecard.receipts],
            "indicators": score_rows(scorecard, language),
            "assumptions": [each.say(language) for each in _assumptions(scorecard)],
            "problems": [problem_row(problem, language) for problem in scorecard.problems],
        }
    )


_NARROWED = Wording("只算符合条件的行：{condition}", "only rows that fulfil: {condition}")


def _assumptions(scorecard: Scorecard) -> tuple[Wording, ...]:
    """What the numbers rest on: what `--where` left of the rows comes first."""
    if scorecard.condition is None:
        return scorecard.assumptions
    return (_NARROWED.fill(condition=mask(scorecard.condition)), *scorecard.assumptions)


def dump(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def score_rows(scorecard: ProgramScorecard, language: Language) -> list[dict[str, Any]]:
    return [_score_row(score, language) for score in scorecard.scores]


def _score_row(score: Score, language: Language) -> dict[str, Any]:
    measurement, indicator = score.measurement, score.indicator
    target = score.target
    row: dict[str, Any] = {
        "id": indicator.id,
        "name": indicator.name.say(language),
        "dimension": indicator.dimension,
        "group": dict(score.group),
        "period": measurement.period.label,
        "value": number(measurement.value),
        "part": number(measurement.part),
        "whole": number(measurement.whole),
        "n": measurement.n,
        "unit": indicator.unit.value,
        "target": target and _target_row(target),
        "verdict": score.verdict.value,
        "gap": number(score.gap),
        "previous": number(score.previous),
        "change": number(score.change),
        "owner": [each.zh for each in indicator.owner],
    }
    if score.lacking:
        row["lacking"] = [reason.say(language) for reason in score.lacking]
    if score.unjudged:
        row["unjudged"] = {n.value: why.say(language) for n, why in score.unjudged.items()}
    if score.shortfall and score.shortfall.rows is not None:
        row["missing_to_target"] = score.shortfall.rows
    if score.missed_levels:
        row["missed_levels"] = sorted(level.value for level in score.missed_levels)
    if score.blanks:
        row["blanks"] = score.blanks
    if score.unripe:
        row["unripe"] = score.unripe
    if score.reference:
        row["reference"] = {
            "period": score.reference.period.label,
            "value": number(score.reference.value),
        }
    return row


def _target_row(target: Target) -> dict[str, Any]:
    row: dict[str, Any] = {
        "value": str(target.value),
        "level": target.level.value,
        "provenance": target.provenance and target.provenance.zh,
    }
    return row | ({"where": target.where} if target.where else {})


def receipt_row(receipt: Receipt) -> dict[str, Any]:
    return {
        "source": receipt.source,
        "file": receipt.place.file,
        "sheet": receipt.place.sheet,
        "encoding": receipt.encoding,
        "read": receipt.read,
        "kept": receipt.kept,
        "rejected": receipt.rejected,
        "duplicates": receipt.duplicates,
        "outside_period": receipt.outside_period,
    }


def problems_json(problems: Iterable[Problem], language: Language) -> str:
    """A list of problems for scripts, alone."""
    return dump({"problems": [problem_row(each, language) for each in problems]})


def problem_row(problem: Problem, language: Language) -> dict[str, Any]:
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "file": problem.place.file,
        "sheet": problem.place.sheet,
        "row": problem.place.row,
        "column": problem.place.column and clean(problem.place.column),
        "value": problem.value,
        "message": problem.message.say(language),
        "hint": problem.hint.say(language),
        "count": problem.count,
    }


def _period(period: Period, complete: bool) -> dict[str, Any]:
    return {
        "label": period.label,
        "start": period.start.isoformat(),
        "end": period.last_day.isoformat(),
        "complete": complete,
    }


def number(value: Fraction | None) -> int | float | None:
    """An exact value as JSON can say it: twelve significant digits where it is no whole number."""
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(f"{float(value):.12g}")
