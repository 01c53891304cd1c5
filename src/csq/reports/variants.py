"""The published meanings of one name side by side, on the same rows."""

from __future__ import annotations

from typing import Any

from rich.cells import cell_len

from csq.definition.indicators import Indicator
from csq.formula.words import say_term
from csq.reports.json import dump, number
from csq.reports.numbers import show_value
from csq.reports.parts import show_parts
from csq.reports.view import NO_DATA, show_period
from csq.scorecard import Score, Scorecard
from csq.wording import Language, Wording

_VALUE_WIDTH = 10
_OWN = Wording("本定义", "this definition")
_LACKING = Wording("缺 {it}", "lacking {it}")


def draw_variants(indicator: Indicator, scorecard: Scorecard, language: Language) -> str:
    """For people: each meaning with its value, its parts, its source and its words."""
    title = f"{indicator.name.say(language)} · {indicator.id} · "
    lines = [title + show_period(scorecard.period).say(language), ""]
    for score in scorecard.totals:
        measured = score.measurement
        value = NO_DATA.say(language)
        if score.value is not None:
            decimals = score.indicator.decimals
            value = show_value(score.value, score.indicator.unit, language, decimals=decimals)
        amounts = show_parts(measured, language)
        parts = f"  = {amounts[0]} ÷ {amounts[1]}" if amounts else ""
        name = score.indicator.name.say(language)
        room = " " * (_VALUE_WIDTH - cell_len(value))
        lines.append(f"{room}{value}  {name} · {_source(indicator, score, language)}{parts}")
        lines.append(f"{'':12}{say_term(measured.indicator.term).say(language)}")
        lines += [f"{'':12}{_LACKING.fill(it=reason).say(language)}" for reason in score.lacking]
    return "\n".join(lines) + "\n"


def _source(indicator: Indicator, score: Score, language: Language) -> str:
    variant = indicator.variants.get(_variant(indicator, score))
    return (variant.source if variant else _OWN).say(language)


def _variant(indicator: Indicator, score: Score) -> str:
    """The key of the variant that a score is of; empty for the indicator itself."""
    return score.indicator.id.removeprefix(indicator.id).removeprefix("_")


def variants_json(indicator: Indicator, scorecard: Scorecard, language: Language) -> str:
    def row(score: Score) -> dict[str, Any]:
        measured = score.measurement
        return {
            "variant": _variant(indicator, score) or None,
            "name": score.indicator.name.say(language),
            "source": _source(indicator, score, language),
            "formula": score.indicator.formula,
            "value": number(score.value),
            "part": number(measured.part),
            "whole": number(measured.whole),
            "n": measured.n,
            "lacking": [reason.say(language) for reason in score.lacking],
        }

    return dump(
        {
            "id": indicator.id,
            "period": scorecard.period.label,
            "definition": scorecard.digest,
            "unit": indicator.unit.value,
            "variants": [row(score) for score in scorecard.totals],
        }
    )
