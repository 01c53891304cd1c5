"""The keys of a header: what two spellings of one name have in common."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from csq.intake.headers.units import SECONDS, split_unit, strip_brackets, strip_yes_no
from csq.intake.headers.zones import split_zone
from csq.records.reading import FieldType
from csq.records.schema import Field
from csq.records.script import simplify

Keys = frozenset[str]
"""What a header may be called, as `header_key` spells it."""

_NO_PART = frozenset("_-.·*※▲▼△▽↑↓⇅⇵")
"""Signs that are no part of a name: between its words, for “required”, for the order of rows."""


class _Parts(dict[int, int | None]):
    """Of each character itself where it is part of a name, and else nothing; found out once."""

    def __missing__(self, code: int) -> int | None:
        char = chr(code)
        is_none = char.isspace() or char in _NO_PART or unicodedata.category(char) == "Cf"
        self[code] = None if is_none else code
        return self[code]


_PARTS = _Parts()


@lru_cache(maxsize=8192)
def header_key(header: str) -> str:
    """What two spellings of one header have in common.

    >>> header_key(" First_Response-At ") == header_key("ＦＩＲＳＴ response at")
    True
    """
    return unicodedata.normalize("NFKC", header).casefold().translate(_PARTS)


_IN_SECONDS = "_s"
"""What the names of durations end with. In a key it would be the end of a plural: `HOLDS`."""


@lru_cache(maxsize=8192)
def own_keys_of(field: Field) -> Keys:
    """The keys of every header that means a field; for `talk_s` see `measured_keys_of`."""
    return frozenset(map(header_key, field.own_headers)) - _counted_keys_of(field)


@lru_cache(maxsize=8192)
def header_keys(field: Field) -> Keys:
    """The keys of every header that is taken for a field where none means it."""
    return frozenset(map(header_key, field.headers)) - _counted_keys_of(field)


@lru_cache(maxsize=8192)
def measured_keys_of(field: Field) -> Keys:
    """The key of a duration's name without its unit, which means it where a unit is behind."""
    if not _counted_keys_of(field):
        return frozenset()
    return frozenset({header_key(field.name.removesuffix(_IN_SECONDS))})


def _counted_keys_of(field: Field) -> Keys:
    """The key of a duration's name, which is also that of how many there were."""
    is_measured = field.type is FieldType.DURATION and field.name.endswith(_IN_SECONDS)
    return frozenset({header_key(field.name)}) if is_measured else frozenset()


@lru_cache(maxsize=8192)
def every_key_of(field: Field) -> Keys:
    """The keys of every header that may mean a field, as they are and simplified."""
    elapsed = frozenset(map(header_key, field.column.elapsed))
    keys = header_keys(field) | measured_keys_of(field) | elapsed
    return keys | simplified(keys)


@lru_cache(maxsize=8192)
def keys_of(header: str) -> Keys:
    """A header's key without a colon or a question mark behind it, and that of what stands before
    a bracket or a “yes/no” behind it."""
    whole = header_key(header).rstrip(":?")
    return frozenset({whole, strip_brackets(whole), header_key(strip_yes_no(header))}) - {""}


@lru_cache(maxsize=8192)
def keys_without_unit(header: str) -> Keys:
    """The key of a header without the unit of time behind it, none where it names none."""
    name, unit = split_unit(header)
    return frozenset({header_key(name)}) - {""} if unit in SECONDS else frozenset()


@lru_cache(maxsize=8192)
def keys_without_zone(header: str) -> Keys:
    """The key of a header without the zone behind it, none where it names none."""
    return frozenset({header_key(split_zone(header)[0])}) - {""}


@lru_cache(maxsize=8192)
def simplified(keys: Keys) -> Keys:
    """The keys in simplified characters."""
    return frozenset(simplify(key) for key in keys)


@lru_cache(maxsize=2048)
def documented_key(header: str) -> str:
    """A header’s key in simplified characters, as those that systems document are compared."""
    return simplify(header_key(header))
