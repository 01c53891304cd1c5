"""A first definition for exports nobody has described: what was recognised, what is only guessed.

Reads the headers, a sample of the cells and the number of rows of every export. A guess is only
put into effect where an export could not be used at all without it; it is marked as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path

from csq.definition.load import load_definition
from csq.definition.sources import SourceSettings
from csq.errors import IntakeError, Place, Problem
from csq.formula.understand import Understood, understand
from csq.intake.columns import MatchedColumn, find_told, header_key
from csq.intake.discover import find_exports
from csq.intake.export import read_export
from csq.intake.headers import Recognition
from csq.intake.headless import has_header
from csq.intake.intake import Progress
from csq.intake.parts import Part, likeliest, open_tables, other_sheets, recognise_alike
from csq.intake.readers.base import Layout, RawTable
from csq.problems.columns import AMBIGUOUS_DATES
from csq.records import notation
from csq.records.column import Column
from csq.records.moments import is_time_of_day
from csq.records.notation import DateOrder
from csq.records.reading import FieldType, Reading, UnreadableCell, python_type, read_cell
from csq.records.schema import Field, Schema
from csq.records.script import simplify
from csq.scoring import lacking_data
from csq.wording import Wording

SAMPLE = 200
"""Rows of each export whose cells are looked at; all are counted."""

_GUESSES = 3
_ALIKE = 0.55
"""How alike a header and a known spelling must be for a guess that is put into effect."""
_FAINTLY_ALIKE = 0.45
_MOSTLY = 0.9
"""The share of a column's filled cells that must be readable as a field's type."""
_NULL_TOKENS = frozenset(
    {"?", "??", "-", "--", "---", "—", "——", "/", "\\", ".", "*", "#", "无", "暂无"}
    | {"(跳过)", "（跳过）", "(空)"}
)
_DATE_ONLY = re.compile(r"[^:]*")


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A column that is no field, what its cells look like, and the fields it might be."""

    header: str
    shape: FieldType
    guesses: tuple[Field, ...]
    likely: bool = False
    """Whether the first guess is good enough to be suggested."""


@dataclass(frozen=True, slots=True)
class _Cells:
    """A column: its header, the filled cells of the first rows, and what they can be read as."""

    header: str
    sample: tuple[str, ...]
    kinds: frozenset[FieldType]

    @property
    def shape(self) -> FieldType:
        return next((kind for kind in _PLAINEST if kind in self.kinds), FieldType.TEXT)

    def may_be(self, each: Field) -> bool:
        """Whether a field could hold these cells; a time or a yes is never just a text."""
        if each.type is FieldType.TEXT:
            return self.shape in {FieldType.TEXT, FieldType.INTEGER, FieldType.NUMBER}
        return not self.sample or each.type in self.kinds


_PLAINEST = (
    FieldType.FLAG,
    FieldType.INTEGER,
    FieldType.NUMBER,
    FieldType.TIMESTAMP,
    FieldType.DURATION,
)
"""What cells are said to look like: a plain number is a number rather than a duration."""


@dataclass(frozen=True, slots=True)
class DraftFile:
    """One export: where it is, how many rows it has, and what csq makes of its columns."""

    place: Place
    rows: int
    placed: Mapping[str, tuple[str, ...]]
    """By field the headers it stands under."""
    unplaced: tuple[Unplaced, ...]
    guessed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Fields that nothing but a guess can place; several headers make one value."""
    system: str | None = None
    told: frozenset[str] = frozenset()
    """Fields without a column that another column tells."""
    nulls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By field what seems to stand for nothing."""
    undecided: bool = False
    """Whether its dates can be read in two orders."""


@dataclass(frozen=True, slots=True)
class DraftSource:
    """The exports of one kind of record."""

    schema: Schema
    files: tuple[DraftFile, ...]

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(
            name for each in self.files for name in (*each.placed, *each.guessed, *each.told)
        )

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.files)


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything a first metrics.yaml says."""

    sources: tuple[DraftSource, ...]
    strangers: tuple[DraftFile, ...]
    """Exports of no known kind."""
    carried: tuple[str, ...]
    """Ids of the shipped indicators that this data can carry."""
    lacking: tuple[tuple[str, Wording, tuple[Wording, ...]], ...]
    """The others: id, name, and what is missing."""
    problems: tuple[Problem, ...]
    """Files that could not be read, and what else was noticed."""


def draft_definition(paths: Iterable[Path], progress: Progress) -> Draft:
    """What csq knows of the exports under the paths; raises `IntakeError` if none can be read."""
    shipped = understand(load_definition(None))
    recognition = Recognition(shipped.schemas, {})
    files, notices = find_exports(paths)
    problems = list(notices)
    by_source: dict[str, list[DraftFile]] = {}
    strangers = []
    for file in files:
        progress(file.name)
        try:
            tables = open_tables(file, recognition, Layout())
            drafts = list(_draft_tables(tables, recognition, shipped))
        except IntakeError as error:
            problems += error.problems
            continue
        problems += other_sheets((each.place.sheet for _, each in drafts), tables)
        for source, drafted in drafts:
            if source is None:
                strangers.append(drafted)
            else:
                by_source.setdefault(source, []).append(drafted)
    if not (by_source or strangers):
        raise IntakeError(*problems)
    sources = tuple(
        DraftSource(schema, tuple(by_source[source]))
        for source, schema in shipped.schemas.items()
        if source in by_source
    )
    present = {each.schema.source: each.fields for each in sources}
    lacking = {each.id: lacking_data(each, present) for each in shipped.indicators}
    return Draft(
        sources=sources,
        strangers=tuple(strangers),
        carried=tuple(key for key, reasons in lacking.items() if not reasons),
        lacking=tuple(
            (each.id, each.definition.name, lacking[each.id])
            for each in shipped.indicators
            if lacking[each.id]
        ),
        problems=tuple(problems),
    )


def _draft_tables(
    tables: Sequence[RawTable], recognition: Recognition, shipped: Understood
) -> Iterator[tuple[str | None, DraftFile]]:
    """The kind of record, if any, of each table of a file that is read, and what is known of it."""
    try:
        parts = recognise_alike(tables, recognition)
    except IntakeError:
        table = likeliest(tables, recognition)
        if not has_header(table, recognition):
            raise
        yield _guess_source(table, *_look(table), recognition)
        return
    for part in parts:
        yield part.matching.schema.source, _draft_part(part, shipped)


def _draft_part(part: Part, shipped: Understood) -> DraftFile:
    table, matching = part.table, part.matching
    cells, rows = _look(table)
    columns = {column.field.name: column for column in matching.columns if not column.told_by}
    drafted = _describe(table, cells, rows, matching.schema, columns)
    system = matching.layout.system if matching.layout else None
    drafted = replace(drafted, system=system, told=matching.fields - columns.keys())
    try:
        read_export(table, matching, SourceSettings(), shipped.definition.timezone)
    except IntakeError as error:
        undecided = any(problem.code == AMBIGUOUS_DATES.code for problem in error.problems)
        drafted = replace(drafted, undecided=undecided)
    return drafted


def _look(table: RawTable) -> tuple[tuple[_Cells, ...], int]:
    """The columns by the first rows, and how many rows there are."""
    sample: list[tuple[str, ...]] = [() for _ in table.header]
    rows = 0
    for batch in table.batches():
        if rows == 0:
            for position, column in enumerate(batch.cells.columns[: len(sample)]):
                texts = (str(cell).strip(notation.BLANKS) for cell in column[:SAMPLE].to_pylist())
                sample[position] = tuple(text for text in texts if text)
        rows += len(batch.rows) + sum(torn.rows for torn in batch.torn)
    columns = (
        _Cells(header, cells, frozenset(kind for kind in FieldType if _fits(cells, kind)))
        for header, cells in zip(table.header, sample, strict=True)
    )
    return tuple(columns), rows


def _describe(
    table: RawTable,
    cells: Sequence[_Cells],
    rows: int,
    schema: Schema,
    columns: Mapping[str, MatchedColumn],
) -> DraftFile:
    taken = {position for column in columns.values() for position in column.positions}
    free = [each for each in schema.fields if each.name not in columns]
    unplaced = tuple(
        _unplaced(column, free)
        for position, column in enumerate(cells)
        if column.header.strip() and position not in taken
    )
    placed = {
        name: tuple(table.header[position] for position in column.positions)
        for name, column in columns.items()
    }
    nulls = {
        name: tokens
        for name, column in columns.items()
        if column.field.type is not FieldType.TEXT
        and (tokens := tuple(_null_tokens(cells[column.positions[0]], column.field)))
    }
    return DraftFile(table.place, rows, placed, unplaced, nulls=nulls)


def _unplaced(column: _Cells, fields: Iterable[Field]) -> Unplaced:
    """A column with the fields most like it by name, of those its cells fit."""
    alike = [(_likeness(column.header, each), each) for each in fields if column.may_be(each)]
    best = sorted((pair for pair in alike if pair[0] >= _FAINTLY_ALIKE), key=lambda pair: -pair[0])[
        :_GUESSES
    ]
    likely = bool(best) and best[0][0] >= _ALIKE
    return Unplaced(column.header, column.shape, tuple(each for _, each in best), likely)


# Guesses ---------------------------------------------------------------------------------------


def _guess_source(
    table: RawTable, cells: Sequence[_Cells], rows: int, recognition: Recognition
) -> tuple[str | None, DraftFile]:
    """The one kind of record whose required fields can all be guessed, if there is one."""
    candidates: list[tuple[float, str]] = []
    found: dict[str, tuple[dict[str, MatchedColumn], dict[str, tuple[str, ...]]]] = {}
    for source, schema in recognition.schemas.items():
        columns = recognition.find_columns(schema.source, table.header)
        single = {
            name: each
            for name, each in columns.items()
            if len(each.positions) == 1 and cells[each.positions[0]].may_be(each.field)
        }
        guessed = _guess_required(cells, schema, single)
        if guessed is not None:
            # What numbers the rows says more of what they are than a column that many exports have.
            has_key = schema.key in single
            weight = has_key + len(single) + sum(alike for _, alike in guessed.values()) / 2
            candidates.append((weight, source))
            found[source] = (single, {name: headers for name, (headers, _) in guessed.items()})
    candidates.sort(reverse=True)
    if candidates and (len(candidates) == 1 or candidates[0][0] > candidates[1][0]):
        source = candidates[0][1]
        single, headers = found[source]
        schema = recognition.schemas[source]
        drafted = _describe(table, cells, rows, schema, single)
        used = {header for each in headers.values() for header in each}
        rest = tuple(each for each in drafted.unplaced if each.header not in used)
        told = frozenset(find_told(schema, single))
        return source, replace(drafted, guessed=headers, unplaced=rest, told=told)
    every = list({f.name: f for s in recognition.schemas.values() for f in s.fields}.values())
    unplaced = tuple(_unplaced(each, every) for each in cells if each.header.strip())
    return None, DraftFile(table.place, rows, {}, unplaced)


def _guess_required(
    cells: Sequence[_Cells], schema: Schema, columns: Mapping[str, MatchedColumn]
) -> dict[str, tuple[tuple[str, ...], float]] | None:
    """For each required field that has no column its headers and how alike they are.

    `None` where one cannot be guessed: the name must be alike and the cells must fit, only the
    one column of times there is needs no name.
    """
    taken = {position for column in columns.values() for position in column.positions}
    free = [each for position, each in enumerate(cells) if position not in taken]
    found: dict[str, tuple[tuple[str, ...], float]] = {}
    for field_ in schema.fields:
        if not field_.required or field_.name in columns:
            continue
        fitting = [each for each in free if _fits_required(field_, schema, each)]
        if not fitting:
            return None
        likely = max(fitting, key=lambda each: _likeness(each.header, field_))
        likeness = _likeness(likely.header, field_)
        alone = field_.type is FieldType.TIMESTAMP and len(fitting) == 1
        if likeness < _ALIKE and not alone:
            return None
        free.remove(likely)
        headers: tuple[str, ...] = (likely.header,)
        if field_.type is FieldType.TIMESTAMP and _all_match(likely, _DATE_ONLY):
            of_day = [each for each in free if _is_time_of_day(each)]
            headers += (of_day[0].header,) if len(of_day) == 1 else ()
            free = [each for each in free if each.header not in headers]
        found[field_.name] = (headers, likeness)
    return found


def _fits_required(each: Field, schema: Schema, column: _Cells) -> bool:
    if not column.sample or each.type not in column.kinds:
        return False
    return each.name != schema.key or len(set(column.sample)) > _MOSTLY * len(column.sample)


def _is_time_of_day(column: _Cells) -> bool:
    named = header_key(simplify(column.header)).endswith(("time", "时间", "时刻"))
    cells = map(notation.narrow, column.sample)
    return named and bool(column.sample) and all(map(is_time_of_day, cells))


def _all_match(column: _Cells, pattern: re.Pattern[str]) -> bool:
    return bool(column.sample) and all(pattern.fullmatch(cell) for cell in column.sample)


def _likeness(header: str, each: Field) -> float:
    """How alike a header and the known spelling nearest to it are, from 0 to 1."""
    spelt = simplify(header_key(header))
    return max(_ratio(spelt, simplify(header_key(known))) for known in each.headers)


@lru_cache(maxsize=1 << 17)
def _ratio(one: str, other: str) -> float:
    """The likeness of two spellings, 0 where it cannot reach what a guess needs."""
    matcher = SequenceMatcher(None, one, other)
    hopeless = min(matcher.real_quick_ratio(), matcher.quick_ratio()) < _FAINTLY_ALIKE
    return 0.0 if hopeless else matcher.ratio()


# Cells -------------------------------------------------------------------------------------------

_PLAIN = Column("", "")
_ORDERS = (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)


def _reads(cell: str, kind: FieldType, reading: Reading) -> bool:
    try:
        read_cell(cell, python_type(kind), _PLAIN, reading)
    except UnreadableCell:
        return False
    return True


def _fits(cells: Sequence[str], kind: FieldType) -> bool:
    """Whether most of the cells can be read as a type, in one order of day and month."""
    if kind is FieldType.TEXT:
        return True
    orders = _ORDERS if kind is FieldType.TIMESTAMP else (None,)
    known = [cell for cell in cells if cell not in _NULL_TOKENS]
    counts = (sum(_reads(cell, kind, Reading(order=order)) for cell in known) for order in orders)
    return bool(known) and max(counts) >= _MOSTLY * len(known)


def _null_tokens(column: _Cells, each: Field) -> Iterator[str]:
    """What stands for nothing in a column that is otherwise readable."""
    if each.type in column.kinds:
        for token in sorted(set(column.sample) & _NULL_TOKENS):
            if not _reads(token, each.type, Reading()):
                yield token
