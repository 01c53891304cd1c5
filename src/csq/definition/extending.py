"""A definition on top of the one it extends: what it says goes first, the rest is inherited.

An indicator with a formula replaces the inherited one of its id as a whole, so that nothing of
another formula stays behind unseen. One without changes it key by key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from csq.definition.yaml import Document, Path
from csq.errors import Place

_BY_NAME = ("sources", "calendars", "rows", "measures")
_TARGETS = frozenset({"target", "targets"})
"""Two ways of writing one thing: where either is written, neither is inherited."""


def extend(parent: Document, child: Document, omitted: Container[str]) -> Document:
    """The child's keys over the parent's; named parts and indicators go one by one.

    Both hold keys and values. Inherited indicators that are omitted are gone.
    """
    content = dict(parent.content) | child.content
    places = dict(parent.places) | dict(child.places)
    for key in _BY_NAME:
        old, new = parent.content.get(key), child.content.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            content[key] = old | new
    inherited, written = _items(parent), _items(child)
    if inherited is None or written is None:
        return Document(content, places)
    merged = tuple(_merge(inherited, written, omitted))
    content["indicators"] = [each.content for each in merged]
    places = {path: place for path, place in places.items() if path[:1] != ("indicators",)}
    for position, each in enumerate(merged):
        for path, place in each.places.items():
            places["indicators", position, *path] = place
    return Document(content, places)


def ids_in(document: Document) -> tuple[str, ...]:
    """What the indicators of a definition are called."""
    return tuple(each.id for each in _items(document) or () if each.id is not None)


def omitted_in(document: Document) -> dict[str, Place]:
    """The ids of the indicators that a definition does not inherit, and where each is written."""
    omit = document.content.get("omit")
    if isinstance(omit, str):
        return {omit: document.place(("omit",))}
    listed = enumerate(omit) if isinstance(omit, list) else ()
    return {each: document.place(("omit", n)) for n, each in listed if isinstance(each, str)}


def doubled_in(document: Document) -> list[tuple[str, Place, Place]]:
    """The ids that a definition gives to a second indicator: id, where it stands, the first."""
    first: dict[str, Place] = {}
    found = []
    for each in _items(document) or ():
        if each.id is not None:
            place = each.places.get(("id",), each.places[()])
            if each.id in first:
                found.append((each.id, place, first[each.id]))
            first.setdefault(each.id, place)
    return found


def changes_in(document: Document) -> list[tuple[str, Place]]:
    """The ids of the indicators that a definition changes, and where each is written."""
    items = _items(document) or ()
    return [(each.id, each.places[()]) for each in items if each.id is not None and each.is_change]


@dataclass(frozen=True, slots=True)
class _Item:
    """One indicator as it is written, and where its parts stand, by their path below it."""

    content: Any
    places: Mapping[Path, Place]

    @property
    def id(self) -> str | None:
        """What it is called; `None` for an item that is no indicator."""
        name = self.content.get("id") if isinstance(self.content, dict) else None
        return name if isinstance(name, str) else None

    @property
    def is_change(self) -> bool:
        return self.id is not None and "formula" not in self.content


def _items(document: Document) -> list[_Item] | None:
    """The indicators of a definition; `None` where something else stands in their place."""
    listed = document.content.get("indicators")
    if not (listed is None or isinstance(listed, list)):
        return None
    below: defaultdict[str | int, dict[Path, Place]] = defaultdict(dict)
    for path, place in document.places.items():
        if path[:1] == ("indicators",) and path[1:]:
            below[path[1]][path[2:]] = place
    return [_Item(content, below[position]) for position, content in enumerate(listed or ())]


def _merge(
    inherited: Iterable[_Item], written: Iterable[_Item], omitted: Container[str]
) -> Iterator[_Item]:
    """The inherited indicators in their order, each as it was changed; then the new ones.

    Of two inherited ones with one id the first.
    """
    latest = {each.id: each for each in written if each.id is not None}
    used = set()
    for item in _once(inherited):
        if item.id in omitted:
            continue
        own = latest.get(item.id) if item.id is not None else None
        used.add(id(own))
        yield item if own is None else _change(item, own)
    yield from (each for each in written if id(each) not in used)


def _once(items: Iterable[_Item]) -> Iterable[_Item]:
    found: dict[str | int, _Item] = {}
    for each in items:
        found.setdefault(id(each) if each.id is None else each.id, each)
    return found.values()


def _change(item: _Item, own: _Item) -> _Item:
    if not own.is_change:
        return own
    said = own.content.keys() | (_TARGETS if own.content.keys() & _TARGETS else set())
    kept = {key: value for key, value in item.content.items() if key not in said}
    places = {path: place for path, place in item.places.items() if path and path[0] in kept}
    return _Item(kept | own.content, places | dict(own.places))
