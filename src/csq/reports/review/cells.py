"""Numbers and texts of a review as cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from csq.definition.indicators import Indicator
from csq.definition.targets import Comparison, Unit
from csq.narrative.figures import Figure, Kind, Sentence
from csq.records.schema import Schema
from csq.reports.amounts import Scale, scale_of
from csq.reports.numbers import show_difference, show_target, show_value
from csq.reports.review import wordings as words
from csq.reports.review.blocks import EMPTY, Cell, Tone
from csq.reports.view import NO_DATA
from csq.review.facts import Breach, Drift
from csq.scorecard import BLANK, Score, Verdict
from csq.wording import Language, Wording

TONES = {
    Verdict.MET: Tone.MET,
    Verdict.MISSED: Tone.MISSED,
    Verdict.NOT_ENOUGH_EVIDENCE: Tone.UNSURE,
    Verdict.NO_TARGET: Tone.PLAIN,
    Verdict.NO_DATA: Tone.SOFT,
}


def text_cell(text: str, tone: Tone = Tone.PLAIN) -> Cell:
    return Cell(text, tone=tone)


def count_cell(number: int) -> Cell:
    return Cell(f"{number:,}", number, "#,##0")


def share_cell(share: Fraction | None, language: Language) -> Cell:
    if share is None:
        return EMPTY
    text = show_value(share, Unit.PERCENT, language)
    scale = Scale(Unit.PERCENT)
    return Cell(text, share, scale.number_format(scale.decimals(share, text, (Fraction(1),))))


def duration_cell(seconds: Fraction | None, language: Language) -> Cell:
    """A duration that no indicator gives a scale."""
    if seconds is None:
        return EMPTY
    text = show_value(seconds, Unit.DURATION, language)
    scale = scale_of(Unit.DURATION, text, language)
    return Cell(text, seconds * scale.factor, scale.number_format(1))


def score_cell(value: Fraction | None, unit: Unit, language: Language) -> Cell:
    if value is None:
        return EMPTY
    text = show_value(value, unit, language)
    return Cell(text, value, Scale(unit).number_format(2))


def indicator_scale(score: Score, language: Language) -> Scale:
    """The scale of an indicator: that in which its total reads."""
    unit, decimals = score.indicator.unit, score.indicator.decimals
    if score.value is None:
        return Scale(unit)
    return scale_of(unit, show_value(score.value, unit, language, decimals=decimals), language)


def value_cell(
    value: Fraction | None,
    indicator: Indicator,
    scale: Scale,
    language: Language,
    target: Comparison | None = None,
) -> Cell:
    """A value of an indicator, never on the other side of its target."""
    if value is None:
        return Cell(NO_DATA.say(language), tone=Tone.SOFT)
    text = show_value(value, indicator.unit, language, decimals=indicator.decimals, target=target)
    marks = [target.quantity.value] if target else []
    marks += [Fraction(1)] if indicator.unit is Unit.PERCENT else []
    decimals = scale.decimals(value, text, marks)
    return Cell(text, value * scale.factor, scale.number_format(decimals))


def unsure_cell(cell: Cell, language: Language) -> Cell:
    """A value that too few rows carry, said so in words; a workbook has the sign beside it."""
    verdict = Verdict.NOT_ENOUGH_EVIDENCE
    return replace(
        cell,
        tone=TONES[verdict],
        note=verdict.wording.say(language),
        number_format=f'{cell.number_format}" {verdict.sign}"',
    )


def difference_cell(
    difference: Fraction | None, indicator: Indicator, scale: Scale, language: Language
) -> Cell:
    if difference is None:
        return EMPTY
    if indicator.unit is Unit.PERCENT:
        return points_cell(difference, language, indicator.decimals)
    text = show_difference(difference, indicator.unit, language, indicator.decimals)
    shown = show_value(abs(difference), indicator.unit, language, decimals=indicator.decimals)
    decimals = scale.decimals(difference, shown, ())
    number_format = scale.number_format(decimals, signed=True)
    return Cell(text, difference * scale.factor, number_format)


def points_cell(difference: Fraction, language: Language, decimals: int | None = None) -> Cell:
    """How many percentage points one share differs from another."""
    text = show_difference(difference, Unit.PERCENT, language, decimals)
    shown = show_value(abs(difference), Unit.PERCENT, language, decimals=decimals)
    points = Scale(Unit.POINTS, name="pp")
    as_shown = points.decimals(difference * 100, shown, ())
    return Cell(text, difference * 100, points.number_format(as_shown, signed=True))


def target_text(score: Score, language: Language) -> str:
    return show_target(score.target.value, score.indicator.unit, language) if score.target else ""


def say_breach(breach: Breach, indicator: Indicator, language: Language) -> str:
    """A value beyond its natural limits: which, and by how much."""
    said = words.BELOW if breach.excess < 0 else words.ABOVE
    value, limit = _show_apart(breach.value, breach.limit, indicator, language)
    by = show_difference(breach.excess, indicator.unit, language, indicator.decimals)
    return said.fill(period=breach.period.label, value=value, limit=limit, by=by).say(language)


def say_drift(drift: Drift, indicator: Indicator, language: Language) -> str:
    """A series that does not stay on one level: from where to where."""
    (first, begun), (last, ended) = drift.begun, drift.ended
    a, b = _show_apart(begun, ended, indicator, language)
    return words.DRIFTING.fill(first=first.label, a=a, last=last.label, b=b).say(language)


def _show_apart(
    first: Fraction, second: Fraction, indicator: Indicator, language: Language
) -> tuple[str, str]:
    """Two numbers that differ, with as many decimals as that takes."""
    for decimals in (indicator.decimals, 2, 3, 4, 5, 6):
        one, other = (
            show_value(each, indicator.unit, language, decimals=decimals)
            for each in (first, second)
        )
        if one != other:
            break
    return one, other


def label(schemas: Mapping[str, Schema], name: str, value: object, language: Language) -> str:
    """A value of a field in the words of the language."""
    if value is None:
        return BLANK.say(language)
    if isinstance(value, bool):
        return (Wording("是", "yes") if value else Wording("否", "no")).say(language)
    for schema in schemas.values():
        known = schema.field(name)
        for term in known.column.terms if known else ():
            if term.zh == value:
                return Wording(term.zh, term.en).say(language)
    return str(value)


def field_title(schemas: Mapping[str, Schema], name: str, language: Language) -> str:
    """What a field is called, wherever it is; its own name where no source has it."""
    known = (schema.field(name) for schema in schemas.values())
    return next((field.title.say(language) for field in known if field), name)


def say_sentence(sentence: Sentence, language: Language) -> str:
    """A sentence of the story with its figures as people read them."""
    slots: dict[str, str] = {}
    for name, each in sentence.names.items():
        if isinstance(each, Comparison):
            slots[name] = show_target(each, sentence.units[name], language)
        elif isinstance(each, date):
            slots[name] = each.isoformat()
        else:
            slots[name] = each.say(language)
    slots |= {name: say_figure(figure, language) for name, figure in sentence.figures.items()}
    return sentence.words.say(language).format_map(slots)


def say_figure(figure: Figure, language: Language) -> str:
    """A figure as people read it, on the right side of its target."""
    decimals = figure.indicator.decimals if figure.indicator else None
    match figure.kind:
        case Kind.CLOCK:
            return f"{int(figure.value)}:00"
        case Kind.COUNT:
            return f"{int(figure.value):,}"
        case Kind.GAP:
            said = show_difference(figure.value, figure.unit, language, decimals)
            return said.removeprefix("+")
        case Kind.DIFFERENCE:
            return show_difference(figure.value, figure.unit, language, decimals)
        case _:
            return show_value(
                figure.value, figure.unit, language, decimals=decimals, target=figure.target
            )
