"""Which kind of record an export holds, and which of its columns is which field."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache

from csq.definition.models import Columns, SourceSettings
from csq.errors import IntakeError, Place, Problem
from csq.problems import (
    AMBIGUOUS_SOURCE,
    DOUBLE_COLUMN,
    MISSING_COLUMN,
    UNRECOGNISED,
)
from csq.records.schema import Field, Schema
from csq.wording import join

_UNIT_SECONDS = {
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "秒": 1,
    "min": 60, "mins": 60, "minute": 60, "minutes": 60, "分": 60, "分钟": 60,
    "h": 3600, "hour": 3600, "hours": 3600, "小时": 3600,
}  # fmt: skip
_BRACKETS = re.compile(r"\(([^()]*)\)$")


@dataclass(frozen=True, slots=True)
class MatchedColumn:
    """The columns of a file that spell one field: several only where the definition joins them."""

    field: Field
    positions: tuple[int, ...]
    unit: int | None = None
    """Seconds in one plain number, where the header says so."""


@dataclass(frozen=True, slots=True)
class Matching:
    """An export recognised: its schema, and where each field stands in it."""

    schema: Schema
    columns: tuple[MatchedColumn, ...]

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(column.field.name for column in self.columns)


@dataclass(frozen=True)
class Recognition:
    """What csq knows of headers in one run: every schema, and what the definition settles."""

    schemas: Mapping[str, Schema]
    settings: Mapping[str, SourceSettings]

    def known_headers(self, row: Sequence[str]) -> int:
        """How many cells of a row are headers of the one kind of record that fits it best."""
        known = self._fields_by_key
        found = {field for cell in row for key in _keys(cell) for field in known.get(key, ())}
        return max(Counter(source for source, _ in found).values(), default=0)

    def settings_of(self, source: str) -> SourceSettings:
        return self.settings.get(source, SourceSettings())

    def declared_source(self, file_name: str) -> str | None:
        """The source whose `files:` name this file; the pattern meets its name or its path."""
        base = file_name.rsplit("/", 1)[-1]
        for source, settings in self.settings.items():
            if any(fnmatchcase(name, p) for p in settings.files for name in (base, file_name)):
                return source
        return None

    def match(self, header: Sequence[str], place: Place) -> Matching:
        """The kind of record whose headers these are; raises `IntakeError`."""
        declared = self.declared_source(place.file or "")
        if declared:
            return self._match_as(self.schemas[declared], header, place)
        found = {source: self._positions(schema, header) for source, schema in self.schemas.items()}
        complete = {
            source: positions
            for source, positions in found.items()
            if all(f.name in positions for f in self.schemas[source].fields if f.required)
        }
        candidates = complete or {s: p for s, p in found.items() if len(p) >= _ENOUGH_TO_NAME}
        most = max((len(positions) for positions in candidates.values()), default=0)
        best = [source for source, positions in candidates.items() if len(positions) == most]
        if not best:
            shown = ", ".join(cell for cell in header if cell.strip())
            raise IntakeError(UNRECOGNISED.at(place, value=shown))
        if len(best) > 1:
            kinds = join([self.schemas[source].title for source in best], " / ", " / ")
            raise IntakeError(AMBIGUOUS_SOURCE.at(place, kinds=kinds))
        return self._match_as(self.schemas[best[0]], header, place)

    def _match_as(self, schema: Schema, header: Sequence[str], place: Place) -> Matching:
        positions = self._positions(schema, header)
        problems: list[Problem] = []
        columns = []
        for field in schema.fields:
            found = positions.get(field.name, ())
            if not found and field.required:
                known = ", ".join(cell for cell in header if cell.strip())
                problems.append(MISSING_COLUMN.at(place, field=field.title, known=known))
            joins = self._declared(schema, field).join
            if len(found) > 1 and not joins:
                known = ", ".join(header[position] for position in found)
                problems.append(DOUBLE_COLUMN.at(place, field=field.title, known=known))
            if found:
                unit = None if joins else _header_unit(header[found[0]])
                columns.append(MatchedColumn(field, found, unit))
        if problems:
            raise IntakeError(*problems)
        return Matching(schema, tuple(columns))

    def _positions(self, schema: Schema, header: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """Where each field stands; a column that the definition gives away is not guessed at."""
        keys = [_keys(cell) for cell in header]
        found: dict[str, tuple[int, ...]] = {}
        for field in schema.fields:
            columns = self._declared(schema, field)
            if columns.join:
                parts = [_find(keys, [name]) for name in columns.join]
                if all(parts):
                    found[field.name] = tuple(part[0] for part in parts)
            elif columns.headers and (positions := _find(keys, columns.headers)):
                found[field.name] = positions
        taken = {position for positions in found.values() for position in positions}
        free = [key if i not in taken else frozenset[str]() for i, key in enumerate(keys)]
        for field in schema.fields:
            if field.name not in found and (positions := _find(free, field.headers)):
                found[field.name] = positions
        return found

    def _declared(self, schema: Schema, field: Field) -> Columns:
        return self.settings_of(schema.source).columns.get(field.name, Columns())

    @cached_property
    def _fields_by_key(self) -> dict[str, set[tuple[str, str]]]:
        """The fields, each with its source, that a header of this key may mean."""
        found: dict[str, set[tuple[str, str]]] = {}
        for source, schema in self.schemas.items():
            for field in schema.fields:
                columns = self._declared(schema, field)
                for header in (*columns.headers, *columns.join, *field.headers):
                    found.setdefault(header_key(header), set()).add((source, field.name))
        return found


_ENOUGH_TO_NAME = 3
"""Known headers that make a file worth saying what it lacks, rather than that it is unknown."""


@lru_cache(maxsize=8192)
def header_key(header: str) -> str:
    """What two spellings of one header have in common.

    >>> header_key(" First_Response-At ") == header_key("ＦＩＲＳＴ response at")
    True
    """
    plain = unicodedata.normalize("NFKC", header).casefold()
    return "".join(
        char
        for char in plain
        if not char.isspace() and char not in "_-.·" and unicodedata.category(char) != "Cf"
    )


@lru_cache(maxsize=8192)
def _keys(header: str) -> frozenset[str]:
    """A header's key, and the key of what stands before a bracket at its end."""
    whole = header_key(header)
    return frozenset({whole, _BRACKETS.sub("", whole)}) - {""}


def _find(keys: Sequence[frozenset[str]], spellings: Sequence[str]) -> tuple[int, ...]:
    wanted = {header_key(spelling) for spelling in spellings}
    return tuple(i for i, key in enumerate(keys) if not key.isdisjoint(wanted))


def _header_unit(header: str) -> int | None:
    bracket = _BRACKETS.search(header_key(header))
    return _UNIT_SECONDS.get(bracket[1]) if bracket else None
