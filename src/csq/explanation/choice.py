"""Which score is to be explained."""

from __future__ import annotations

from dataclasses import replace

from csq.errors import UsageError, list_names
from csq.formula.targets import GroupValue
from csq.formula.understand import Understood
from csq.problems.command_line import SMALL_GROUP, UNKNOWN_GROUP_VALUE
from csq.protection import keep_shown, protect
from csq.request import Request, resolve_levels
from csq.scorecard import Score, Scorecard

Choice = tuple[tuple[str, str], ...]
"""The group a person asks for: fields and their values as they spell them."""


def group_request(request: Request, choice: Choice) -> Request:
    """The request with the breakdown in which the group stands."""
    return replace(request, by=(tuple(name for name, _ in choice),)) if choice else request


def find_group(understood: Understood, choice: Choice) -> tuple[tuple[str, str], ...]:
    """The chosen group by canonical fields and the spellings the data holds."""
    if not choice:
        return ()
    found = []
    for spelling, text in choice:
        ((name,),) = resolve_levels(understood, ((spelling,),))
        schema = next(s for s in understood.schemas.values() if s.field(name))
        found.append((name, understood.scope.folded(schema, name, text)))
    return tuple(found)


def choose_score(scorecard: Scorecard, group: tuple[tuple[str, str], ...]) -> Score:
    """The score of the group; raises `UsageError` with the groups there are, or where it is a
    group of people too small to be shown."""
    if not group:
        return scorecard.totals[0]
    asked = dict(group)
    for score in scorecard.scores:
        values = dict(score.group)
        if values.keys() == asked.keys() and all(
            _is_value(values[name], text) for name, text in group
        ):
            if score not in keep_shown(scorecard):
                k = scorecard.shield.smallest
                raise UsageError(SMALL_GROUP.at(value=_spelt(group), k=k))
            return score
    known = [
        " × ".join("" if value is None else str(value) for _, value in score.group)
        for score in protect(scorecard).scores
        if dict(score.group).keys() == asked.keys()
    ]
    raise UsageError(UNKNOWN_GROUP_VALUE.at(value=_spelt(group), known=list_names(known[:12])))


def _spelt(group: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{name}={text}" for name, text in group)


_YES_NO = {True: {"true", "yes", "是"}, False: {"false", "no", "否"}}


def _is_value(value: GroupValue, text: str) -> bool:
    if value is None or isinstance(value, bool):
        return text == "" if value is None else text.casefold() in _YES_NO[value]
    return str(value) == text
