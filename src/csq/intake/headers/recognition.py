"""Which kind of record an export holds, and which of its columns is which field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property, lru_cache

from csq.definition.sources import Columns, SourceSettings
from csq.errors import IntakeError, Place, Problem
from csq.intake.headers.columns import (
    MatchedColumn,
    find_columns,
    find_told,
    named_unit,
    positions_of,
)
from csq.intake.headers.keys import (
    Keys,
    documented_key,
    header_key,
    header_keys,
    keys_of,
    keys_without_unit,
    keys_without_zone,
    measured_keys_of,
    simplified,
)
from csq.intake.headers.plain_names import name_plainly
from csq.intake.headers.split_times import find_pairs, tell_split_time
from csq.intake.headers.units import is_unknown_unit
from csq.problems.headers import (
    AMBIGUOUS_SOURCE,
    DOUBLE_COLUMN,
    MISSING_COLUMN,
    MISSING_HEADER,
    MISSING_ID,
    UNKNOWN_UNIT,
    UNRECOGNISED,
)
from csq.records.reading import FieldType
from csq.records.schema import Field, Schema
from csq.records.systems.catalogue import (
    ExportLayout,
    known_layouts,
)
from csq.wording import join


@dataclass(frozen=True, slots=True)
class Matching:
    """An export recognised: its schema, and where each field stands in it."""

    schema: Schema
    columns: tuple[MatchedColumn, ...]
    layout: ExportLayout | None = None
    """The system whose documented headers these are, where that was needed to know them."""
    unclear: tuple[MatchedColumn, ...] = ()
    """What is not read, as several columns stand in for a field and none is its own."""

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(column.field.name for column in self.columns)


@dataclass(frozen=True)
class Recognition:
    """What csq knows of headers in one run: every schema, and what the definition settles."""

    schemas: Mapping[str, Schema]
    settings: Mapping[str, SourceSettings]

    def known_headers(self, row: Sequence[str]) -> int:
        """How many cells of a row are headers of the one kind of record that fits it best.

        Those that a common system documents count where there are enough to know it by.
        """
        keys = frozenset[str]().union(*map(self._known_keys, self.name_plainly(row)))
        if not keys:
            return 0
        known = self._fields_by_key
        found = {field for key in keys for field in known.get(key, ())}
        most = max(Counter(source for source, _ in found).values(), default=0)
        layouts = _layouts_by_key()
        in_layouts = Counter(number for key in keys for number in layouts.get(key, ()))
        documented = max(in_layouts.values(), default=0)
        return max(most, documented) if documented >= _ENOUGH_TO_NAME else most

    def name_plainly(self, header: Sequence[str]) -> tuple[str, ...]:
        """A header without the name of its table, and in one language where it is in two."""
        return name_plainly(header, self._meanings)

    def _meanings(self, name: str) -> set[tuple[str, str]]:
        known = self._fields_by_key
        return {each for key in self._known_keys(name) for each in known.get(key, ())}

    @cached_property
    def _known_keys(self) -> Callable[[str], Keys]:
        """Those of a header's keys by which it may be known: of nearly all other cells none."""
        known = self._fields_by_key.keys() | _layouts_by_key().keys()
        return lru_cache(maxsize=8192)(lambda cell: _any_keys_of(cell) & known)

    def settings_of(self, source: str) -> SourceSettings:
        return self.settings.get(source, _NOTHING_SETTLED)

    def declared_source(self, file_name: str) -> str | None:
        """The source whose `files:` name this file; the pattern meets its name or its path."""
        for source, settings in self.settings.items():
            if _means(settings.files, file_name):
                return source
        return None

    def named_sheets(self, file_name: str) -> dict[str, tuple[str, ...]]:
        """The sheets that each source names with `sheet:`, of a file that may be one of its own."""
        return {
            source: settings.sheet
            for source, settings in self.settings.items()
            if settings.sheet and (not settings.files or _means(settings.files, file_name))
        }

    def match(self, header: Sequence[str], place: Place, named: str | None = None) -> Matching:
        """The kind of record whose headers these are, `named` where it is known.

        Raises `IntakeError`.
        """
        declared = named or self.declared_source(place.file or "")
        sources = [declared] if declared else list(self.schemas)
        found = {source: self.find_columns(source, header) for source in sources}
        layout = self._recognise_system(header, found)
        if layout:
            documented = self.find_columns(layout.kind, header, layout)
            if documented == found[layout.kind]:
                layout = None  # what it documents is what the headers say without it
            else:
                found[layout.kind] = documented
        if declared:
            return self._check(self.schemas[declared], header, found[declared], layout, place)
        ranks = {source: self._rank(source, c) for source, c in self._likely(found).items()}
        best = [source for source, rank in ranks.items() if rank == max(ranks.values())]
        if layout and layout.kind in best:
            best = [layout.kind]
        if not best and any(map(LIKE_DATA.search, header)):
            raise IntakeError(MISSING_HEADER.at(place, width=len(header)))
        if not best:
            shown = ", ".join(cell for cell in header if cell.strip())
            raise IntakeError(UNRECOGNISED.at(place, value=shown))
        if len(best) > 1:
            kinds = join([self.schemas[source].title for source in best], " / ", " / ")
            raise IntakeError(AMBIGUOUS_SOURCE.at(place, kinds=kinds))
        return self._check(self.schemas[best[0]], header, found[best[0]], layout, place)

    def _rank(self, source: str, columns: Mapping[str, object]) -> tuple[int, int]:
        """How well a kind fits: its columns that are there, then those of them it requires."""
        required = sum(1 for f in self.schemas[source].fields if f.required and f.name in columns)
        return len(columns), required

    def _likely(
        self, found: Mapping[str, Mapping[str, MatchedColumn]]
    ) -> Mapping[str, Mapping[str, MatchedColumn]]:
        """The kinds that have all their columns, else those that have enough to name what lacks.

        A kind without a time requires nothing but an id that other exports name too: it yields to
        one of which more columns are there, or as many and its own key.
        """
        complete = {s: c for s, c in found.items() if _is_complete(self.schemas[s], c)}
        timed = {source: c for source, c in complete.items() if self.schemas[source].time}
        lacking = {
            source: columns
            for source, columns in found.items()
            if source not in complete and len(columns) >= _ENOUGH_TO_NAME
        }
        most = max((len(columns) for columns in complete.values()), default=0)
        own = {
            source: columns
            for source, columns in lacking.items()
            if len(columns) > most or (self.schemas[source].key in columns and len(columns) == most)
        }
        return timed or own or complete or lacking

    def _check(
        self,
        schema: Schema,
        header: Sequence[str],
        columns: Mapping[str, MatchedColumn],
        layout: ExportLayout | None,
        place: Place,
    ) -> Matching:
        problems: list[Problem] = []
        pairs = find_pairs([header_key(cell) for cell in header])
        lacking = [f.name for f in schema.fields if f.required and f.name not in columns]
        # Columns to make an id of are only worth naming where nothing else is missing.
        kind = MISSING_ID if lacking == [schema.key] else MISSING_COLUMN
        for field in schema.fields:
            column = columns.get(field.name)
            is_time = field.required and field.type is FieldType.TIMESTAMP
            is_joined = self._declared(schema, field).join
            if is_time and not is_joined and (pair := _split_pair(column, pairs)):
                problems.append(tell_split_time(place, header, schema, field, pair))
                continue
            if column is None and field.required:
                known = ", ".join(cell for cell in header if cell.strip())
                problems.append(kind.at(place, field=field.title, known=known, name=field.name))
            joined = len(self._declared(schema, field).join)
            if column and len(column.positions) > max(1, joined) and not is_unclear(column):
                known = ", ".join(header[position] for position in column.positions)
                problems.append(DOUBLE_COLUMN.at(place, field=field.title, known=known))
            spelt = header[column.positions[0]] if column and not joined else ""
            if field.type is FieldType.DURATION and is_unknown_unit(unit := named_unit(spelt)):
                problems.append(UNKNOWN_UNIT.at(place, value=spelt, unit=unit))
        if problems:
            raise IntakeError(*problems)
        unclear = tuple(filter(is_unclear, columns.values()))
        columns = {name: each for name, each in columns.items() if each not in unclear}
        told = find_told(schema, columns)
        matched = (columns.get(field.name) or told.get(field.name) for field in schema.fields)
        return Matching(
            schema,
            tuple(filter(None, matched)),
            layout if layout and layout.kind == schema.source else None,
            unclear,
        )

    def _recognise_system(
        self, header: Sequence[str], found: Mapping[str, Mapping[str, MatchedColumn]]
    ) -> ExportLayout | None:
        """The system that documents these headers, where csq does not know all of them itself.

        The one with the most of its headers here, of several the one with the fewest others;
        it must make up for all that its kind of record requires. Any export has an agent, a type
        and a status: a few headers name a system only where they are most of those that are here.
        """
        filled = {position for position, cell in enumerate(header) if cell.strip()}
        if any(filled <= positions_of(columns) for columns in found.values()):
            return None
        keys = frozenset[str]().union(*(simplified(keys_of(cell)) for cell in header))
        present = [
            (sum(documented_key(each.header) in keys for each in layout.headers), layout)
            for layout in known_layouts()
            if layout.kind in found
        ]
        fitting = [
            (count, -len(layout.headers), layout)
            for count, layout in present
            if count >= _ENOUGH_TO_NAME
            and (count >= _MANY or 2 * count >= len(filled))
            and _is_complete(
                self.schemas[layout.kind],
                self.find_columns(layout.kind, header, layout),
            )
        ]
        return max(fitting, key=lambda each: each[:2])[2] if fitting else None

    def find_columns(
        self, source: str, header: Sequence[str], layout: ExportLayout | None = None
    ) -> dict[str, MatchedColumn]:
        """Where each field of a kind of record stands in a header."""
        return dict(self._find_columns(source, tuple(header), layout))

    @cached_property
    def _find_columns(
        self,
    ) -> Callable[[str, tuple[str, ...], ExportLayout | None], Mapping[str, MatchedColumn]]:
        """The same, asked once for each header: the exports of many months have one."""

        @cache
        def find(
            source: str, header: tuple[str, ...], layout: ExportLayout | None
        ) -> Mapping[str, MatchedColumn]:
            settled = self.settings_of(source).columns
            return find_columns(self.schemas[source], header, settled, layout)

        return find

    def _declared(self, schema: Schema, field: Field) -> Columns:
        return self.settings_of(schema.source).columns.get(field.name, _NO_COLUMNS)

    @cached_property
    def _fields_by_key(self) -> Mapping[str, frozenset[_Of]]:
        """The fields, each with its source, that a header of this key may mean."""
        found = dict(_fields_by_known_key(tuple(self.schemas.items())))
        for source in self.settings.keys() & self.schemas.keys():
            settled = self.settings[source].columns
            for name in settled.keys() & {field.name for field in self.schemas[source].fields}:
                columns = settled[name]
                for key in map(header_key, (*columns.headers, *columns.join)):
                    found[key] = found.get(key, frozenset()) | {(source, name)}
        return found


_Of = tuple[str, str]
"""A source and a field of it."""


@lru_cache(maxsize=8)
def _fields_by_known_key(schemas: tuple[tuple[str, Schema], ...]) -> Mapping[str, frozenset[_Of]]:
    """The fields of these sources that a header of this key may mean without any settings."""
    found: dict[str, frozenset[_Of]] = {}
    for source, schema in schemas:
        for field in schema.fields:
            elapsed = map(header_key, field.column.elapsed)
            for key in (*header_keys(field), *measured_keys_of(field), *elapsed):
                found[key] = found.get(key, frozenset()) | {(source, field.name)}
    return found


_NOTHING_SETTLED = SourceSettings()
_NO_COLUMNS = Columns()


def _means(patterns: Sequence[str], file_name: str) -> bool:
    """Whether a pattern meets a file's name or its path."""
    base = file_name.rsplit("/", 1)[-1]
    return any(fnmatchcase(name, p) for p in patterns for name in (base, file_name))


LIKE_DATA = re.compile(r"\d{7}|\d:\d\d|@|^\s*\d+(?:\.\d+)?\s*$")
"""What stands in rows and in no header: long numbers, times, e-mail addresses, plain numbers."""

_ENOUGH_TO_NAME = 3
"""Known headers that make a file worth saying what it lacks, rather than that it is unknown."""
_MANY = 6
"""Headers that a system documents which no other export has by chance, however many are beside."""


def _any_keys_of(cell: str) -> Keys:
    """The keys of a header, as it is and without a unit or a zone behind it."""
    return keys_of(cell) | keys_without_unit(cell) | keys_without_zone(cell)


def _is_complete(schema: Schema, columns: Mapping[str, MatchedColumn]) -> bool:
    return all(field.name in columns for field in schema.fields if field.required)


def is_unclear(column: MatchedColumn) -> bool:
    """Whether several columns stand in for a field that its records need not have.

    Of one that is assumed where there is no column, a number would rest on the assumption.
    """
    field = column.field
    is_needed = field.required or field.column.assumed or field.default is not None
    return column.stands_in and len(column.positions) > 1 and not is_needed


def _split_pair(column: MatchedColumn | None, pairs: Mapping[int, int]) -> tuple[int, int] | None:
    """Where the day and the time of day stand of a field that no column holds, or both do."""
    for time, day in pairs.items():
        if (column is None and len(pairs) == 1) or (
            column and set(column.positions) == {day, time}
        ):
            return day, time
    return None


@cache
def _layouts_by_key() -> Mapping[str, frozenset[int]]:
    """Which exports of common systems, by number, are documented to have a header of this key."""
    found: dict[str, frozenset[int]] = {}
    for number, layout in enumerate(known_layouts()):
        for each in layout.headers:
            key = header_key(each.header)
            found[key] = found.get(key, frozenset()) | {number}
    return found
