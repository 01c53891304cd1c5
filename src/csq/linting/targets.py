"""Targets that are never in force, that every value meets, or that none can meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from csq.definition.load import LoadedDefinition
from csq.definition.targets import Comparison, Target
from csq.errors import Problem
from csq.formula.ratio import as_ratio
from csq.formula.targets import UnderstoodTarget
from csq.formula.tree import Aggregate, FieldTerm, Summary, Term
from csq.formula.understand import UnderstoodIndicator
from csq.problems.definition import ALWAYS_MET, NEVER_MET, UNREACHABLE_TARGET
from csq.wording import Wording


def lint_targets(
    indicator: UnderstoodIndicator, loaded: LoadedDefinition, position: int
) -> Iterator[Problem]:
    """Targets never in force, and those that every value or none of the indicator meets."""
    lowest, highest = _bounds_of(indicator.term)
    profiles = {target.profile for target in indicator.definition.all_targets}
    is_unchosen = loaded.definition.profile is None and None not in profiles
    for number, target in enumerate(indicator.definition.all_targets):
        place = loaded.place_of_target(position, number)
        if is_unchosen:
            yield UNREACHABLE_TARGET.at(place, value=str(target.value), reason=_NO_PROFILE)
        elif _is_shadowed(target, indicator.targets):
            yield UNREACHABLE_TARGET.at(place, value=str(target.value), reason=_SHADOWED)
        bounds = {"lowest": _shown(lowest, target), "highest": _shown(highest, target)}
        if not target.value.is_change:
            ends = [end for end in (lowest, highest) if end is not None]
            met = [target.value.holds(end) for end in ends]
            if len(ends) == 2 and all(met) and target.value.operator != "..":
                yield ALWAYS_MET.at(place, value=str(target.value), **bounds)
            elif _is_beyond(target.value, lowest, highest):
                yield NEVER_MET.at(place, value=str(target.value), **bounds)


def _is_beyond(asked: Comparison, lowest: Fraction | None, highest: Fraction | None) -> bool:
    """Whether nothing from the lowest to the highest value is what is asked."""
    first = asked.quantity.value
    last = asked.upper.value if asked.upper else first
    is_above = highest is not None and (
        first > highest or (first, asked.operator) == (highest, ">")
    )
    is_below = lowest is not None and (last < lowest or (last, asked.operator) == (lowest, "<"))
    return {
        ">=": is_above,
        ">": is_above,
        "<=": is_below,
        "<": is_below,
    }.get(asked.operator, is_above or is_below)


_NO_PROFILE = Wording(
    "定义没有用 profile: 选它，又没有别的目标",
    "the definition chooses no profile:, and there is no other target",
)
_SHADOWED = Wording(
    "同一范围内更具体的目标已占满它的全部时间",
    "more specific ones of the same scope take all of its time",
)


def _shown(bound: Fraction | None, target: Target) -> str:
    if bound is None:
        return "–"
    return f"{float(bound * 100):g}%" if target.value.quantity.text.endswith("%") else f"{bound}"


def _is_shadowed(target: Target, others: Sequence[UnderstoodTarget]) -> bool:
    """Whether at every time a more specific target of the same groups and profile is in force."""
    own = next((each for each in others if each.definition is target), None)
    if own is None:
        return False
    above = [
        _time_of(each.definition)
        for each in others
        if each.level is own.level
        and each.scope == own.scope
        and each.definition.profile == target.profile
        and each.specificity > own.specificity
    ]
    begin, end = _time_of(target)
    for first, last in sorted(above):
        if first > begin:
            return False
        begin = max(begin, last)
    return begin >= end


def _time_of(target: Target) -> tuple[date, date]:
    """When a target is in force: from the first day up to, not including, the other."""
    begin = target.from_.start if target.from_ else date.min
    return begin, target.to.end if target.to else date.max


def _bounds_of(term: Term) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest value that a term can have, where that is known."""
    ratio = as_ratio(term)
    if ratio and isinstance(ratio.part, Aggregate) and isinstance(ratio.whole, Aggregate):
        part, whole = ratio.part, ratio.whole
        if part.summary is Summary.COUNT and whole.summary is Summary.COUNT:
            return Fraction(0), Fraction(1) if _is_part_of(part, whole) else None
        if part.summary is Summary.SUM and part.counting() == whole:
            return _scale_of(part)
    if isinstance(term, Aggregate):
        if term.summary.is_count:
            return Fraction(0), None
        if term.summary is not Summary.SUM:
            return _scale_of(term)
    return None, None


def _is_part_of(part: Aggregate, whole: Aggregate) -> bool:
    """Whether every row that one counts is counted by the other too."""
    fitting = whole.operand is None or whole.operand == part.operand
    return (
        fitting
        and part.population.schema is whole.population.schema
        and part.population.time == whole.population.time
        and set(whole.conditions) <= set(part.conditions)
    )


def _scale_of(aggregate: Aggregate) -> tuple[Fraction | None, Fraction | None]:
    operand = aggregate.operand
    if isinstance(operand, FieldTerm) and operand.field.column.scale:
        lowest, highest = operand.field.column.scale
        return Fraction(lowest), Fraction(highest)
    return None, None
