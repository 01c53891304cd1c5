"""A definition without the keys and values that are wrong, so that the rest can be understood.

All faults are told at once, those of a formula beside those of a key; so what is wrong is left
out, key by key, and where a key that must be there is left, the part that it belongs to.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from csq.definition.models import Definition
from csq.definition.yaml import Document, Path

Where = TypeVar("Where")

_MOST_FAULTS = 1_000
"""How many faults are told at once: a file with more of them is no definition."""


def leave_out_faults(
    document: Document,
) -> tuple[Definition, Document, tuple[ErrorDetails, ...], frozenset[str]]:
    """What is left of a file of keys and values, where it stands, its faults, what was left out.

    The last are names, or `ANY_NAME` where it is not known which ones are gone.
    """
    content, places = copy.deepcopy(document.content), dict(document.places)
    written = {path: path for path in places}
    first: tuple[ErrorDetails, ...] = ()
    left_out: set[Path] = set()
    while True:
        try:
            definition = Definition.model_validate(content)
        except ValidationError as error:
            found = error.errors()[:_MOST_FAULTS]
            first = first or tuple(sorted(found, key=lambda e: document.place(e["loc"]).row or 0))
        else:
            return (
                definition,
                replace(document, content=content, places=places),
                first,
                frozenset(_name_of(path, document.content) for path in left_out) - {""},
            )
        for path in _outermost(_existing(each["loc"], content) for each in found):
            if not path:
                # Only the version can be missing from the file as a whole.
                assert "version" not in content
                content["version"] = 1
                continue
            left_out.add(written.get(path, path))
            _remove(content, path)
            places, written = _without(places, path), _without(written, path)


ANY_NAME = "*"
_WITHOUT_NAMES = frozenset({"version", "language", "timezone", "tolerance", "profile", "privacy"})


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
    return str(item.get("id", "")) if isinstance(item, dict) and not inside[1:] else ""


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
    return sorted(alone, key=lambda p: [(isinstance(k, str), k) for k in p], reverse=True)


def _remove(content: Any, path: Path) -> None:
    for key in path[:-1]:
        content = content[key]
    del content[path[-1]]


def _without(places: dict[Path, Where], gone: Path) -> dict[Path, Where]:
    """Places by path once a part is gone: the items behind it in a list move up."""
    *around, last = gone
    depth = len(around)
    found: dict[Path, Where] = {}
    for path, place in places.items():
        if path[: depth + 1] == gone:
            continue
        is_beside = len(path) > depth and list(path[:depth]) == around
        key = path[depth] if is_beside else None
        moves = isinstance(last, int) and isinstance(key, int) and key > last
        found[(*path[:depth], key - 1, *path[depth + 1 :]) if moves else path] = place  # type: ignore[operator]
    return found
