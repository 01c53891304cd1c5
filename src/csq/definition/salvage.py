"""A definition without the keys and values that are wrong, so that the rest can be understood.

All faults are told at once, those of a formula beside those of a key; so what is wrong is left
out, key by key, and where a key that must be there is left, the part that it belongs to. Only for
the name, unit and direction of an indicator something stands in, since its formula can be
understood without them.
"""

from __future__ import annotations

import copy
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from csq.definition.base import SEVERAL
from csq.definition.models import Definition
from csq.definition.yaml import Document, Path

Where = TypeVar("Where")

_MOST_FAULTS = 1_000
"""How many faults are told at once: a file with more of them is no definition."""


@dataclass(frozen=True, slots=True)
class Salvage:
    """What is left of a file of keys and values, where it stands, its faults, what was left out."""

    definition: Definition
    document: Document
    faults: tuple[ErrorDetails, ...]
    left_out: frozenset[str]
    """Names, or `ANY_NAME` where it is not known which ones are gone."""
    stood_in: frozenset[Path]
    """The values of indicators that nobody wrote."""


def leave_out_faults(document: Document) -> Salvage:
    """A definition without what is wrong in it."""
    content, places = document.content, dict(document.places)
    written = {path: path for path in places}
    told: list[ErrorDetails] = []
    left_out: set[Path] = set()
    stood_in: dict[Path, Path] = {}
    while True:
        try:
            definition = Definition.model_validate(content)
        except ValidationError as error:
            found = [each for details in error.errors() for each in _faults_in(details)]
            if not told:
                content = copy.deepcopy(content)
            told += found if not told else _further(found, written)
        else:
            told = sorted(told[:_MOST_FAULTS], key=lambda e: document.place(e["loc"]).row or 0)
            return Salvage(
                definition,
                replace(document, content=content, places=places),
                tuple(told),
                frozenset(_name_of(path, document.content) for path in left_out) - {""},
                frozenset(stood_in),
            )
        for path in (each["loc"] for each in found if each["type"] == "missing"):
            if path[:1] == ("indicators",) and path[2:] and path[2] in _STAND_INS:
                content["indicators"][path[1]][path[2]] = _STAND_INS[path[2]].format(len(stood_in))
                stood_in[path] = path
        gone = _outermost(_existing(e["loc"], content) for e in found if e["loc"] not in stood_in)
        if () in gone:
            # Only the version can be missing from the file as a whole.
            assert "version" not in content
            content["version"] = 1
            gone.remove(())
        left_out.update(written.get(path, path) for path in gone)
        for path in gone:
            _remove(content, path)
        places, written = _without(places, gone), _without(written, gone)
        stood_in = _without(stood_in, gone)


_STAND_INS: Mapping[str | int, str] = {
    "id": "stand_in_{}",
    "name": "–",
    "unit": "count",
    "direction": "up",
}
_OF_THE_WHOLE = {"both-target-forms", "baseline", "reversed"}
"""Faults that are only found in what is well formed otherwise."""


def _faults_in(details: ErrorDetails) -> Iterator[ErrorDetails]:
    """Each of the faults that one error stands for."""
    if details["type"] != SEVERAL:
        yield details
        return
    for fault in details["ctx"]["faults"]:
        yield {**details, "type": fault.type, "ctx": fault.context or {}}


def _further(found: Iterable[ErrorDetails], written: Mapping[Path, Path]) -> list[ErrorDetails]:
    """Faults that show once others are gone, where they are written."""
    whole = (each for each in found if each["type"] in _OF_THE_WHOLE)
    return [{**each, "loc": written.get(each["loc"], each["loc"])} for each in whole]


ANY_NAME = "*"
_WITHOUT_NAMES = frozenset(
    {"version", "language", "timezone", "tolerance", "profile", "privacy", "omit"}
)


def _name_of(path: Path, content: Any) -> str:
    """What formulas call the part that a path leads to, or lies in."""
    section, *inside = path
    if section in _WITHOUT_NAMES:
        return ""
    if not inside or section == "sources":
        return ANY_NAME
    if section != "indicators":
        return str(inside[0])
    item = content[section][inside[0]]
    is_named_here = not inside[1:] or inside[1:] == ["id"]
    return str(item.get("id", "")) if isinstance(item, dict) and is_named_here else ""


def _existing(path: Path, content: Any) -> Path:
    """The part of a path that the content has: without what is missing, and a model's own names."""
    for depth, key in enumerate(path):
        known = (isinstance(content, dict) and key in content) or (
            isinstance(content, list) and isinstance(key, int) and key < len(content)
        )
        if not known:
            return path[:depth]
        content = content[key]
    return path


def _outermost(paths: Iterable[Path]) -> list[Path]:
    """Each path that lies in no other one, the last items of lists first."""
    every = set(paths)
    alone = [p for p in every if not any(p[:n] in every for n in range(1, len(p)))]
    return sorted(alone, key=_by_position, reverse=True)


def _by_position(path: Path) -> list[tuple[bool, str | int]]:
    return [(isinstance(key, str), key) for key in path]


def _remove(content: Any, path: Path) -> None:
    for key in path[:-1]:
        content = content[key]
    del content[path[-1]]


def _without(places: dict[Path, Where], gone: Iterable[Path]) -> dict[Path, Where]:
    """Places by path once parts are gone: the items behind them in a list move up."""
    parts = set(gone)
    items: defaultdict[Path, list[int]] = defaultdict(list)
    for *around, last in sorted(parts, key=_by_position):
        if isinstance(last, int):
            items[tuple(around)].append(last)
    found: dict[Path, Where] = {}
    for path, place in places.items():
        if not any(path[: n + 1] in parts for n in range(len(path))):
            found[tuple(_moved_up(key, items.get(path[:n])) for n, key in enumerate(path))] = place
    return found


def _moved_up(key: str | int, gone: list[int] | None) -> str | int:
    """A key, or the position of an item once others of its list are gone."""
    return key - bisect_left(gone, key) if gone and isinstance(key, int) else key
