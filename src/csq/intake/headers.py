"""Which kind of record an export holds, and which of its columns is which field."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache, cached_property, lru_cache

from csq.definition.sources import Columns, SourceSettings
from csq.errors import IntakeError, Place, Problem
from csq.intake.units import (
    CLOCKS,
    FOREIGN_UNITS,
    SECONDS,
    split_unit,
    strip_brackets,
    unit_in_brackets,
)
from csq.problems import (
    AMBIGUOUS_SOURCE,
    DOUBLE_COLUMN,
    MISSING_COLUMN,
    MISSING_HEADER,
    MISSING_ID,
    UNKNOWN_UNIT,
    UNRECOGNISED,
)
from csq.records.notation import Clock
from csq.records.reading import FieldType
from csq.records.schema import Field, Schema
from csq.records.script import simplify
from csq.records.systems.catalogue import (
    UNIT_SECONDS,
    DocumentedHeader,
    ExportLayout,
    known_layouts,
)
from csq.wording import join


@dataclass(frozen=True, slots=True)
class MatchedColumn:
    """The columns of a file that spell one field: several only where the definition joins them."""

    field: Field
    positions: tuple[int, ...]
    unit: Decimal | None = None
    """Seconds in one plain number, where the header or the system's documentation says so."""
    since: str | None = None
    """The field from which a time is counted that is exported as a duration."""
    clock: Clock | None = None
    """What a duration such as `03:25` is, where the header says so."""
    told_by: Field | None = None
    """The field whose column this is, where that tells a flag which has none."""


@dataclass(frozen=True, slots=True)
class Matching:
    """An export recognised: its schema, and where each field stands in it."""

    schema: Schema
    columns: tuple[MatchedColumn, ...]
    layout: ExportLayout | None = None
    """The system whose documented headers these are, where that was needed to know them."""

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
        known = self._fields_by_key
        keys = {key for cell in row for key in _keys(cell) | _keys_without_unit(cell)}
        found = {field for key in keys for field in known.get(key, ())}
        most = max(Counter(source for source, _ in found).values(), default=0)
        layouts = _layouts_by_key()
        in_layouts = Counter(number for key in keys for number in layouts.get(key, ()))
        documented = max(in_layouts.values(), default=0)
        return max(most, documented) if documented >= _ENOUGH_TO_NAME else most

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
        found = {source: self.find_columns(self.schemas[source], header) for source in sources}
        layout = self._recognise_system(header, found)
        if layout:
            found[layout.kind] = self.find_columns(self.schemas[layout.kind], header, layout)
        if declared:
            return self._check(self.schemas[declared], header, found[declared], layout, place)
        ranks = {source: self._rank(source, c) for source, c in self._likely(found).items()}
        best = [source for source, rank in ranks.items() if rank == max(ranks.values())]
        if layout and layout.kind in best:
            best = [layout.kind]
        if not best and any(map(_LIKE_DATA.search, header)):
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
        lacking = [f.name for f in schema.fields if f.required and f.name not in columns]
        # Columns to make an id of are only worth naming where nothing else is missing.
        kind = MISSING_ID if lacking == [schema.key] else MISSING_COLUMN
        for field in schema.fields:
            column = columns.get(field.name)
            if column is None and field.required:
                known = ", ".join(cell for cell in header if cell.strip())
                problems.append(kind.at(place, field=field.title, known=known, name=field.name))
            joined = len(self._declared(schema, field).join)
            if column and len(column.positions) > max(1, joined):
                known = ", ".join(header[position] for position in column.positions)
                problems.append(DOUBLE_COLUMN.at(place, field=field.title, known=known))
            spelt = header[column.positions[0]] if column and not joined else ""
            if field.type is FieldType.DURATION and (unit := _unit_in(spelt)) in FOREIGN_UNITS:
                problems.append(UNKNOWN_UNIT.at(place, value=spelt, unit=unit))
        if problems:
            raise IntakeError(*problems)
        told = find_told(schema, columns)
        matched = (columns.get(field.name) or told.get(field.name) for field in schema.fields)
        return Matching(
            schema,
            tuple(filter(None, matched)),
            layout if layout and layout.kind == schema.source else None,
        )

    def _recognise_system(
        self, header: Sequence[str], found: Mapping[str, Mapping[str, MatchedColumn]]
    ) -> ExportLayout | None:
        """The system that documents these headers, where csq does not know all of them itself.

        The one with the most of its headers here, of several the one with the fewest others;
        it must make up for all that its kind of record requires.
        """
        filled = {position for position, cell in enumerate(header) if cell.strip()}
        if any(filled <= _positions_of(columns) for columns in found.values()):
            return None
        keys = frozenset[str]().union(*(_simplified(_keys(cell)) for cell in header))
        present = [
            (sum(_documented_key(each.header) in keys for each in layout.headers), layout)
            for layout in known_layouts()
            if layout.kind in found
        ]
        fitting = [
            (count, -len(layout.headers), layout)
            for count, layout in present
            if count >= _ENOUGH_TO_NAME
            and _is_complete(
                self.schemas[layout.kind],
                self.find_columns(self.schemas[layout.kind], header, layout),
            )
        ]
        return max(fitting, key=lambda each: each[:2])[2] if fitting else None

    def find_columns(
        self, schema: Schema, header: Sequence[str], layout: ExportLayout | None = None
    ) -> dict[str, MatchedColumn]:
        """Where each field stands; a column that the definition gives away is not guessed at.

        A header means what csq takes it for by itself, unless the recognised system documents
        this very header as something else. One that only stands in for a field is asked last.
        """
        keys = [_keys(cell) for cell in header]
        found: dict[str, MatchedColumn] = {}
        fields = [field for field in schema.fields if not field.from_events]
        bare = [_keys_without_unit(cell) for cell in header]
        either = [whole | name for whole, name in zip(keys, bare, strict=True)]
        present = frozenset[str]().union(*either, *map(_simplified, either))
        likely = [field for field in fields if not present.isdisjoint(_every_key_of(field))]
        for field in fields:
            columns = self._declared(schema, field)
            if columns.join:
                parts = [_find(keys, [name]) for name in columns.join]
                if all(parts):
                    positions = tuple(position for part in parts for position in part)
                    found[field.name] = MatchedColumn(field, positions)
            elif columns.headers and (positions := _find(keys, columns.headers)):
                found[field.name] = _column(field, positions, header)
        elsewhere = _meant_otherwise(schema, layout, keys)
        spellings = ((keys, _as_spelt), (keys, _simplified), (bare, _simplified))
        steps = [(wanted_of, *each) for wanted_of in (_own_keys_of, _keys_of) for each in spellings]
        for wanted_of, names, spell in steps:
            free = _without(names, found)
            if spell is _simplified and names is keys and _is_ascii(free):
                continue
            spelt = [spell(each) for each in free]
            for field in likely:
                if field.name in found or (names is bare and not _may_be_timed(field)):
                    continue
                own = [
                    frozenset[str]() if field.name in elsewhere.get(i, ()) else each
                    for i, each in enumerate(spelt)
                ]
                wanted = spell(wanted_of(field))
                if positions := tuple(i for i, each in enumerate(own) if each & wanted):
                    found[field.name] = _column(field, positions, header, layout)
        for field in likely:
            own = [
                frozenset[str]() if field.name in elsewhere.get(i, ()) else each
                for i, each in enumerate(_without(either, found))
            ]
            elapsed = tuple(i for i in _find(own, field.column.elapsed) if _is_elapsed(header[i]))
            if elapsed and field.name not in found and field.column.since in found:
                since = field.column.since
                found[field.name] = _column(field, elapsed, header, layout, since)
        for entry in layout.headers if layout else ():
            known = schema.field(entry.field) if entry.field else None
            counted = entry.since is None or entry.since in found
            is_open = known in fields and known.name not in found and counted
            positions = _find_documented(_without(keys, found), entry) if is_open else ()
            if known and positions:
                found[known.name] = _column(known, positions, header, layout)
        return found

    def _declared(self, schema: Schema, field: Field) -> Columns:
        return self.settings_of(schema.source).columns.get(field.name, _NO_COLUMNS)

    @cached_property
    def _fields_by_key(self) -> dict[str, set[tuple[str, str]]]:
        """The fields, each with its source, that a header of this key may mean."""
        found: dict[str, set[tuple[str, str]]] = {}
        for source, schema in self.schemas.items():
            for field in schema.fields:
                columns = self._declared(schema, field)
                declared = map(header_key, (*columns.headers, *columns.join))
                for key in (*declared, *_keys_of(field), *map(header_key, field.column.elapsed)):
                    found.setdefault(key, set()).add((source, field.name))
        return found


_NOTHING_SETTLED = SourceSettings()
_NO_COLUMNS = Columns()


def _means(patterns: Sequence[str], file_name: str) -> bool:
    """Whether a pattern meets a file's name or its path."""
    base = file_name.rsplit("/", 1)[-1]
    return any(fnmatchcase(name, p) for p in patterns for name in (base, file_name))


_LIKE_DATA = re.compile(r"\d{7}|\d:\d\d|@|^\s*\d+(?:\.\d+)?\s*$")
"""What stands in rows and in no header: long numbers, times, e-mail addresses, plain numbers."""

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
def _own_keys_of(field: Field) -> frozenset[str]:
    """The keys of every header that means a field."""
    return frozenset(map(header_key, field.own_headers))


@lru_cache(maxsize=8192)
def _keys_of(field: Field) -> frozenset[str]:
    """The keys of every header that is taken for a field where none means it."""
    return frozenset(map(header_key, field.headers))


@lru_cache(maxsize=8192)
def _every_key_of(field: Field) -> frozenset[str]:
    """The keys of every header that may mean a field, as they are and simplified."""
    keys = _keys_of(field) | frozenset(map(header_key, field.column.elapsed))
    return keys | _simplified(keys)


@lru_cache(maxsize=8192)
def _keys(header: str) -> frozenset[str]:
    """A header's key, and the key of what stands before a bracket at its end."""
    whole = header_key(header)
    return frozenset({whole, strip_brackets(whole)}) - {""}


@lru_cache(maxsize=8192)
def _keys_without_unit(header: str) -> frozenset[str]:
    """The key of a header without the unit of time behind it, none where it names none."""
    name, unit = split_unit(header)
    return frozenset({header_key(name)}) - {""} if unit in SECONDS else frozenset()


def _find(keys: Sequence[frozenset[str]], spellings: Sequence[str]) -> tuple[int, ...]:
    wanted = {header_key(spelling) for spelling in spellings}
    return tuple(i for i, key in enumerate(keys) if not key.isdisjoint(wanted))


def _as_spelt(keys: frozenset[str]) -> frozenset[str]:
    return keys


@lru_cache(maxsize=8192)
def _simplified(keys: frozenset[str]) -> frozenset[str]:
    return frozenset(simplify(key) for key in keys)


def _without(
    keys: Sequence[frozenset[str]], found: Mapping[str, MatchedColumn]
) -> list[frozenset[str]]:
    """The headers' keys, none where a field already has the column."""
    taken = _positions_of(found)
    return [frozenset() if i in taken else each for i, each in enumerate(keys)]


def _may_be_timed(field: Field) -> bool:
    """Whether a unit behind its name is one of what the field holds."""
    if field.type is FieldType.TIMESTAMP:
        return field.column.since is not None
    return field.type not in {FieldType.TEXT, FieldType.FLAG}


def _is_ascii(keys: Sequence[frozenset[str]]) -> bool:
    return all(key.isascii() for each in keys for key in each)


def _positions_of(columns: Mapping[str, MatchedColumn]) -> frozenset[int]:
    return frozenset(position for column in columns.values() for position in column.positions)


def _is_complete(schema: Schema, columns: Mapping[str, MatchedColumn]) -> bool:
    return all(field.name in columns for field in schema.fields if field.required)


def find_told(schema: Schema, columns: Mapping[str, MatchedColumn]) -> dict[str, MatchedColumn]:
    """The flags without a column that another column tells."""
    found = {}
    for field in schema.fields:
        telling = columns.get(field.column.filled_by or field.column.opposite_of or "")
        if telling and field.name not in columns:
            found[field.name] = MatchedColumn(field, telling.positions, told_by=telling.field)
    return found


def _meant_otherwise(
    schema: Schema, layout: ExportLayout | None, keys: Sequence[frozenset[str]]
) -> dict[int, frozenset[str]]:
    """The fields that a column is not, because the recognised system documents it otherwise.

    Of several headers documented for one field the first that is here is meant.
    """
    every = frozenset(field.name for field in schema.fields)
    found: dict[int, frozenset[str]] = {}
    given: set[str] = set()
    for entry in layout.headers if layout else ():
        positions = _find_documented(keys, entry)
        means = {entry.field} - given if entry.field else set()
        given |= means if positions else set()
        found |= dict.fromkeys(positions, every - means)
    return found


def _column(
    field: Field,
    positions: tuple[int, ...],
    header: Sequence[str],
    layout: ExportLayout | None = None,
    since: str | None = None,
) -> MatchedColumn:
    """The column as it is read; a time whose header names a unit of time is a length of time."""
    entry = _entry(layout, field, header[positions[0]])
    named = _unit_in(header[positions[0]])
    unit = UNIT_SECONDS[entry.unit] if entry and entry.unit else SECONDS.get(named)
    if entry:
        since = entry.since
    elif named in SECONDS and field.type is FieldType.TIMESTAMP:
        since = field.column.since
    return MatchedColumn(field, positions, unit, since, CLOCKS.get(named))


def _entry(layout: ExportLayout | None, field: Field, header: str) -> DocumentedHeader | None:
    """What the system documents of a header that was taken for this field."""
    fitting = (
        entry
        for entry in (layout.headers if layout else ())
        if entry.field == field.name and _find_documented([_keys(header)], entry)
    )
    return next(fitting, None)


@cache
def _layouts_by_key() -> Mapping[str, frozenset[int]]:
    """Which exports of common systems, by number, are documented to have a header of this key."""
    found: dict[str, frozenset[int]] = {}
    for number, layout in enumerate(known_layouts()):
        for each in layout.headers:
            key = header_key(each.header)
            found[key] = found.get(key, frozenset()) | {number}
    return found


@cache
def _documented_otherwise() -> frozenset[str]:
    """The headers that systems document and that are no field of csq."""
    return frozenset(
        _documented_key(each.header)
        for layout in known_layouts()
        for each in layout.headers
        if not each.field
    )


@lru_cache(maxsize=2048)
def _documented_key(header: str) -> str:
    return simplify(header_key(header))


def _find_documented(keys: Sequence[frozenset[str]], entry: DocumentedHeader) -> tuple[int, ...]:
    wanted = _documented_key(entry.header)
    return tuple(i for i, each in enumerate(keys) if wanted in _simplified(each))


def _unit_in(header: str) -> str:
    """The unit that a header names in brackets, or behind its name."""
    return unit_in_brackets(header_key(header)) or split_unit(header)[1]


def _is_elapsed(header: str) -> bool:
    """Whether a header means a length of time for certain: a “response time” may be a moment.

    One that a system documents as something csq has no field for, such as working hours, does not.
    """
    if _documented_key(header) in _documented_otherwise():
        return False
    if unit := _unit_in(header):
        return unit in SECONDS
    return not header_key(header).endswith(("time", "时间", "時間"))
