"""Where each field stands in a header: as declared, as csq knows it, as a system documents it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from csq.definition.sources import Columns
from csq.intake.headers.keys import (
    Keys,
    documented_key,
    every_key_of,
    header_key,
    header_keys,
    keys_of,
    keys_without_unit,
    keys_without_zone,
    measured_keys_of,
    own_keys_of,
    simplified,
)
from csq.intake.headers.units import (
    CLOCKS,
    SECONDS,
    has_parts,
    says_yes_no,
    split_unit,
    unit_in_brackets,
)
from csq.intake.headers.zones import split_zone
from csq.records.notation import Clock
from csq.records.reading import FieldType
from csq.records.schema import Field, Schema, known_schemas
from csq.records.systems.catalogue import (
    UNIT_SECONDS,
    DocumentedHeader,
    ExportLayout,
    known_layouts,
)

Found = dict[str, "MatchedColumn"]
"""The columns that are known so far, by field."""


_YES_OR_NO = frozenset({FieldType.FLAG, FieldType.TEXT})
"""Types of fields that can hold yes and no."""


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
    has_parts: bool = False
    """Whether the header says that a duration is several numbers, such as minutes and seconds."""
    zone: str = ""
    """The zone that the header names, as `zones` spells it."""
    is_filled: bool = False
    """Whether a flag holds wherever the column is filled, as the system documents it."""
    stands_in: bool = False
    """Whether its header only stands in for the field."""
    told_by: Field | None = None
    """The field whose column this is, where that tells a flag which has none."""

    @property
    def spelt_type(self) -> FieldType:
        """What the cells of a column hold, whatever its field becomes."""
        return FieldType.DURATION if self.since else self.field.type


def find_columns(
    schema: Schema,
    header: Sequence[str],
    declared: Mapping[str, Columns],
    layout: ExportLayout | None = None,
) -> dict[str, MatchedColumn]:
    """Where each field stands; a column that the definition gives away is not guessed at.

    A header means what csq takes it for by itself, unless the recognised system documents
    this very header as something else. One that only stands in for a field is asked last.
    `declared` are the columns that the definition names, by field.
    """
    names = _Header.of(header, schema, layout)
    fields = [field for field in schema.fields if not field.from_events]
    present = frozenset[str]().union(*names.either, *map(simplified, names.either))
    likely = [field for field in fields if not present.isdisjoint(every_key_of(field))]
    found = _find_declared(fields, names, declared)
    _add_known(found, likely, names)
    _add_elapsed(found, likely, names)
    _add_documented(found, schema, names)
    return found


@dataclass(frozen=True, slots=True)
class _Header:
    """The cells of a header, and the keys of each: whole, without a unit, without a zone behind it.

    `elsewhere` says which fields a column is not, by what the recognised system documents of it
    or because it holds yes and no.
    """

    cells: Sequence[str]
    whole: Sequence[Keys]
    bare: Sequence[Keys]
    unzoned: Sequence[Keys]
    either: Sequence[Keys]
    layout: ExportLayout | None
    elsewhere: Mapping[int, Keys]

    @classmethod
    def of(cls, cells: Sequence[str], schema: Schema, layout: ExportLayout | None) -> _Header:
        whole = [keys_of(cell) for cell in cells]
        bare = [keys_without_unit(cell) for cell in cells]
        unzoned = [keys_without_zone(cell) for cell in cells]
        either = [w | b | z for w, b, z in zip(whole, bare, unzoned, strict=True)]
        elsewhere = _meant_otherwise(schema, layout, whole)
        measured = frozenset(f.name for f in _shipped(schema) if f.type not in _YES_OR_NO)
        for column in (i for i, cell in enumerate(cells) if says_yes_no(cell)):
            elsewhere[column] = elsewhere.get(column, frozenset()) | measured
        return cls(cells, whole, bare, unzoned, either, layout, elsewhere)

    def column(
        self, field: Field, positions: tuple[int, ...], since: str | None = None
    ) -> MatchedColumn:
        return _column(field, positions, self.cells, self.layout, since)

    def allowed(self, keys: Iterable[Keys], field: Field) -> list[Keys]:
        """The columns' keys, none where the column is something else."""
        return [
            frozenset() if field.name in self.elsewhere.get(i, ()) else each
            for i, each in enumerate(keys)
        ]


def _find_declared(
    fields: Iterable[Field], names: _Header, declared: Mapping[str, Columns]
) -> Found:
    found: Found = {}
    for field in fields:
        columns = declared.get(field.name)
        if columns and columns.join:
            parts = [_find(names.whole, [name]) for name in columns.join]
            if all(parts):
                positions = tuple(position for part in parts for position in part)
                found[field.name] = MatchedColumn(
                    field, positions, zone=_named_zone(field, names.cells, positions)
                )
        elif columns and (positions := _find(names.whole, columns.headers)):
            is_elapsed = all(_heads_elapsed(field, names, each) for each in positions)
            since = field.column.since if is_elapsed else None
            found[field.name] = _column(field, positions, names.cells, since=since)
    return found


def _heads_elapsed(field: Field, names: _Header, position: int) -> bool:
    """Whether a header is one that csq knows to head the length of time until the field."""
    keys = simplified(names.either[position])
    known = simplified(frozenset(map(header_key, field.column.elapsed)))
    return not keys.isdisjoint(known) and _is_elapsed(names.cells[position])


def _add_known(
    found: Found,
    fields: Iterable[Field],
    names: _Header,
) -> None:
    """The columns whose header means a field, then those that stand in for one.

    Each is looked for as it is spelt, then in simplified characters, then without its unit or zone.
    None stands in for a time that has its length of time: a mere date may, and would say less.
    """
    spellings: tuple[tuple[Sequence[Keys], Callable[[Keys], Keys], Callable[[Field], bool]], ...]
    spellings = (
        (names.whole, _as_spelt, _is_any),
        (names.whole, simplified, _is_any),
        (names.bare, simplified, _may_be_timed),
        (names.unzoned, simplified, _is_moment),
    )
    steps = [(wanted, *each) for wanted in (own_keys_of, header_keys) for each in spellings]
    for wanted_of, keys, spell, may_be in steps:
        free = _without(keys, found)
        if spell is simplified and keys is names.whole and _is_ascii(free):
            continue
        spelt = [spell(each) for each in free]
        for field in fields:
            if field.name in found or not may_be(field):
                continue
            if wanted_of is header_keys and _find_elapsed(field, names, found):
                continue
            measured = measured_keys_of(field) if keys is names.bare else frozenset[str]()
            wanted = spell(wanted_of(field) | measured)
            own = names.allowed(spelt, field)
            if positions := tuple(i for i, each in enumerate(own) if each & wanted):
                column = names.column(field, positions)
                found[field.name] = replace(column, stands_in=wanted_of is header_keys)


def _add_elapsed(
    found: Found,
    fields: Iterable[Field],
    names: _Header,
) -> None:
    """The times that are exported as the length of time since another."""
    for field in fields:
        since = field.column.since
        if field.name in found or since not in found:
            continue
        if elapsed := _find_elapsed(field, names, found):
            found[field.name] = names.column(field, elapsed, since)


def _find_elapsed(field: Field, names: _Header, found: Found) -> tuple[int, ...]:
    """The columns that head the length of time until a field, and nothing else."""
    if not field.column.elapsed:
        return ()
    own = names.allowed(_without(names.either, found), field)
    return tuple(i for i in _find(own, field.column.elapsed) if _is_elapsed(names.cells[i]))


def _add_documented(found: Found, schema: Schema, names: _Header) -> None:
    for entry in names.layout.headers if names.layout else ():
        field = schema.field(entry.field) if entry.field else None
        counted = entry.since is None or entry.since in found
        if field is None or field.from_events or field.name in found or not counted:
            continue
        if positions := _find_documented(_without(names.whole, found), entry):
            found[field.name] = names.column(field, positions)


def find_told(schema: Schema, columns: Mapping[str, MatchedColumn]) -> dict[str, MatchedColumn]:
    """The flags without a column that another column tells.

    One is no opposite where a column says that some rows are neither.
    """
    found = {}
    for field in schema.fields:
        filled_by, opposite = field.column.filled_by, field.column.opposite_of
        if not columns.keys().isdisjoint(field.column.unless):
            opposite = None
        telling = columns.get(filled_by or "") or columns.get(opposite or "")
        if telling and field.name not in columns and not telling.is_filled:
            found[field.name] = MatchedColumn(
                field,
                telling.positions,
                is_filled=telling.field.name == filled_by,
                told_by=telling.field,
            )
    return found


def find_open_times(
    schema: Schema, header: Sequence[str], columns: Sequence[MatchedColumn]
) -> list[MatchedColumn]:
    """The columns whose header may mean a time as well as the length of time until it.

    “Response time” is such a header; which of both it means only its cells say.
    """
    found = {column.field.name: column for column in columns}
    fields = [f for f in schema.fields if f.column.since in found and f.name not in found]
    free = _without([keys_of(cell) for cell in header], found)
    every = [
        (field, _find(free, field.column.elapsed)) for field in fields if not field.from_events
    ]
    return [
        MatchedColumn(field, positions)
        for field, positions in every
        if len(positions) == 1 and _is_open(header[positions[0]])
    ]


def _is_open(header: str) -> bool:
    is_documented = documented_key(header) in _documented_otherwise()
    return not (is_documented or named_unit(header) or _is_elapsed(header))


def _find(keys: Sequence[frozenset[str]], spellings: Sequence[str]) -> tuple[int, ...]:
    wanted = {header_key(spelling) for spelling in spellings}
    return tuple(i for i, key in enumerate(keys) if not key.isdisjoint(wanted))


def _as_spelt(keys: frozenset[str]) -> frozenset[str]:
    return keys


def _without(
    keys: Sequence[frozenset[str]], found: Mapping[str, MatchedColumn]
) -> list[frozenset[str]]:
    """The headers' keys, none where a field already has the column."""
    taken = positions_of(found)
    return [frozenset() if i in taken else each for i, each in enumerate(keys)]


def _is_any(_: Field) -> bool:
    return True


def _is_moment(field: Field) -> bool:
    return field.type is FieldType.TIMESTAMP


def _may_be_timed(field: Field) -> bool:
    """Whether a unit behind its name is one of what the field holds."""
    if field.type is FieldType.TIMESTAMP:
        return field.column.since is not None
    return field.type not in {FieldType.TEXT, FieldType.FLAG}


def _is_ascii(keys: Sequence[frozenset[str]]) -> bool:
    return all(key.isascii() for each in keys for key in each)


def positions_of(columns: Mapping[str, MatchedColumn]) -> frozenset[int]:
    return frozenset(position for column in columns.values() for position in column.positions)


def _shipped(schema: Schema) -> tuple[Field, ...]:
    """The fields without those of the user's own: what such a one holds is the user's to say."""
    return known_schemas().get(schema.source, schema).fields


def _meant_otherwise(
    schema: Schema, layout: ExportLayout | None, keys: Sequence[frozenset[str]]
) -> dict[int, frozenset[str]]:
    """The fields that a column is not, because the recognised system documents it otherwise.

    Of several headers documented for one field the first that is here is meant.
    """
    every = frozenset(field.name for field in _shipped(schema))
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
    named = named_unit(header[positions[0]])
    unit = UNIT_SECONDS[entry.unit] if entry and entry.unit else SECONDS.get(named)
    if entry:
        since = entry.since
    elif named in SECONDS and field.type is FieldType.TIMESTAMP:
        since = field.column.since
    zone = "" if since else _named_zone(field, header, positions[:1])
    return MatchedColumn(
        field,
        positions,
        unit,
        since,
        CLOCKS.get(named),
        has_parts(named),
        zone,
        is_filled=bool(entry and entry.filled),
    )


def _named_zone(field: Field, header: Sequence[str], positions: Iterable[int]) -> str:
    """The zone of times that one of these headers names."""
    if not _is_moment(field):
        return ""
    return next((zone for each in positions if (zone := split_zone(header[each])[1])), "")


def _entry(layout: ExportLayout | None, field: Field, header: str) -> DocumentedHeader | None:
    """What the system documents of a header that was taken for this field."""
    fitting = (
        entry
        for entry in (layout.headers if layout else ())
        if entry.field == field.name and _find_documented([keys_of(header)], entry)
    )
    return next(fitting, None)


@cache
def _documented_otherwise() -> frozenset[str]:
    """The headers that systems document and that are no field of csq."""
    return frozenset(
        documented_key(each.header)
        for layout in known_layouts()
        for each in layout.headers
        if not each.field
    )


def _find_documented(keys: Sequence[frozenset[str]], entry: DocumentedHeader) -> tuple[int, ...]:
    wanted = documented_key(entry.header)
    return tuple(i for i, each in enumerate(keys) if wanted in simplified(each))


def named_unit(header: str) -> str:
    """The unit that a header names in brackets, or behind its name."""
    return unit_in_brackets(header_key(header)) or split_unit(header)[1]


def _is_elapsed(header: str) -> bool:
    """Whether a header means a length of time for certain: a “response time” may be a moment.

    One that a system documents as something csq has no field for, such as working hours, does not.
    """
    if documented_key(header) in _documented_otherwise():
        return False
    if unit := named_unit(header):
        return unit in SECONDS or has_parts(unit)
    return not header_key(header).endswith(("time", "时间", "時間"))
