"""What may leave csq of a scorecard: people as `privacy:` shows them, small groups of them not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NewType

from csq.errors import Problem
from csq.measure import Group
from csq.privacy import PEOPLE, Mode, Shield
from csq.problems.command_line import MASKED_PEOPLE, SMALL_GROUPS
from csq.scorecard import Score, Scorecard, with_shown_limits

ShownScorecard = NewType("ShownScorecard", Scorecard)
"""A scorecard that `protect` has gone over: no report takes another."""

ProgramScorecard = NewType("ProgramScorecard", Scorecard)
"""A scorecard that `protect_for_programs` has gone over."""

_OPEN = Shield(Mode.NONE, smallest=0)


def protect(scorecard: Scorecard) -> ShownScorecard:
    """The scorecard as any report may show it; what is protected already stays as it is.

    Scores of a breakdown by people that stand on few rows are gone, and a notice tells how many
    groups lost one. Groups that a target is for are no breakdown and stay. A target that was
    worked out is rounded to what is shown.
    """
    shown = _protect(scorecard, _names(scorecard.scores, scorecard.shield))
    return ShownScorecard(replace(shown, scores=tuple(map(with_shown_limits, shown.scores))))


def protect_for_programs(scorecard: Scorecard) -> ProgramScorecard:
    """As `protect`, with every limit as it was worked out, and a notice where names are masked.

    Programs join on texts, and who is `D***` of this month need not be so next month.
    """
    names = _names(scorecard.scores, scorecard.shield)
    found = _protect(scorecard, names)
    told = _masked_people(scorecard, names)
    return ProgramScorecard(replace(found, problems=(*found.problems, *told)))


def _masked_people(scorecard: Scorecard, names: _Names) -> tuple[Problem, ...]:
    if scorecard.shield.mode is not Mode.MASK:
        return ()
    groups = {part for score in keep_shown(scorecard) for part in score.group}
    masked = sorted(
        shown
        for (field, text), shown in names.items()
        if field in PEOPLE and shown != text and (field, text) in groups
    )
    if not masked:
        return ()
    return (MASKED_PEOPLE.at(n=len(masked), value=masked[0]),)


def _protect(scorecard: Scorecard, names: _Names) -> Scorecard:
    shield = scorecard.shield
    hidden = _small(scorecard.scores, shield)
    groups = {group for _, group in hidden}
    notice = [SMALL_GROUPS.at(n=len(groups), k=shield.smallest)] if groups else []
    return replace(
        scorecard,
        scores=tuple(_renamed(score, names, shield) for score in keep_shown(scorecard)),
        problems=(*scorecard.problems, *notice),
        shield=_OPEN,
        withheld=scorecard.withheld | {(id_, _rename(group, names)) for id_, group in hidden},
    )


def keep_shown(scorecard: Scorecard) -> tuple[Score, ...]:
    """The scores that may be shown, as they were computed."""
    hidden = _small(scorecard.scores, scorecard.shield)
    return tuple(score for score in scorecard.scores if _identity(score) not in hidden)


def _identity(score: Score) -> tuple[str, Group]:
    return score.indicator.id, score.group


def _small(scores: Iterable[Score], shield: Shield) -> frozenset[tuple[str, Group]]:
    """The scores that must not be shown, indicator by indicator and breakdown by breakdown."""
    sizes: dict[tuple[str, tuple[str, ...]], dict[tuple[str, Group], int]] = {}
    for score in scores:
        fields = tuple(name for name, _ in score.group)
        if PEOPLE.intersection(fields) and score.measurement.n and not score.is_asked_for:
            level = sizes.setdefault((score.indicator.id, fields), {})
            level[_identity(score)] = score.measurement.n
    return frozenset().union(*map(shield.hidden, sizes.values()))


_Names = dict[tuple[str, str], str]


def _names(scores: Iterable[Score], shield: Shield) -> _Names:
    """What each value of a group is shown as; two people who look alike get a number."""
    values = {(field, value) for score in scores for field, value in score.group}
    texts = sorted((field, value) for field, value in values if isinstance(value, str))
    names: _Names = {}
    seen: dict[tuple[str, str], int] = {}
    for field, value in texts:
        shown = shield.show(field, value)
        number = seen[field, shown] = seen.get((field, shown), 0) + 1
        names[field, value] = shown if number == 1 else f"{shown} ({number})"
    return names


def _renamed(score: Score, names: _Names, shield: Shield) -> Score:
    target, group = score.target, _rename(score.group, names)
    if target and target.where:
        fields = {name: score.canonical(name) for name in target.where}
        where = {
            name: names.get((fields[name], text)) or shield.show(fields[name], text)
            for name, text in target.where.items()
        }
        target = target.model_copy(update={"where": where})
    measurement = replace(score.measurement, group=group)
    return replace(score, measurement=measurement, target=target)


def _rename(group: Group, names: _Names) -> Group:
    return tuple(
        (field, names.get((field, value), value) if isinstance(value, str) else value)
        for field, value in group
    )
