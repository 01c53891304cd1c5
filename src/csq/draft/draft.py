"""From exports nobody has described to a first definition of them.

Reads the headers, a sample of the cells and the number of rows of every export. A guess is only
put into effect where an export could not be used at all without it; it is marked as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from csq.definition.sources import Columns, SourceSettings
from csq.draft.cells import SampledColumn, find_null_tokens, look_at
from csq.draft.guesses import (
    EventLog,
    Guess,
    Unplaced,
    find_event_log,
    guess_required,
    name_likeliest,
    suggest_columns,
)
from csq.draft.ratings import RatingColumn, find_rating
from csq.draft.strangers import Nearest, find_nearest, holds_sums
from csq.errors import IntakeError, Place, Problem
from csq.formula.understand import Understood, understand_shipped
from csq.intake.discover import find_exports
from csq.intake.export import read_export
from csq.intake.headers.columns import MatchedColumn, find_columns, find_told
from csq.intake.headers.headless import has_header
from csq.intake.headers.keys import header_key, keys_of
from csq.intake.headers.recognition import Recognition, is_unclear
from csq.intake.headers.row_names import refuse_row_names
from csq.intake.intake import Progress
from csq.intake.parts import Part, likeliest, open_tables, other_sheets, recognise_alike
from csq.intake.readers.base import Layout, RawTable
from csq.problems.columns import AMBIGUOUS_DATES
from csq.problems.headers import ROW_NAMES
from csq.question import lacking_data
from csq.records.reading import FieldType
from csq.records.schema import Schema
from csq.wording import Wording


@dataclass(frozen=True, slots=True)
class DraftFile:
    """One export: where it is, how many rows it has, and what csq makes of its columns."""

    place: Place
    rows: int
    placed: Mapping[str, tuple[str, ...]]
    """By field the headers it stands under."""
    unplaced: tuple[Unplaced, ...]
    suggested: Mapping[str, str] = field(default_factory=dict)
    """By field a header that is like it; not in effect."""
    guessed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Fields that nothing but a guess can place; several headers make one value."""
    system: str | None = None
    told: frozenset[str] = frozenset()
    """Fields without a column that another column tells."""
    nulls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By field what seems to stand for nothing."""
    undecided: bool = False
    """Whether its dates can be read in two orders."""
    events: EventLog | None = None
    rating: RatingColumn | None = None
    nearest: Nearest | None = None
    """Of an export of no known kind the one it has the most columns of."""
    holds_sums: bool = False
    """Whether an export of no known kind has a row for many cases."""


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
    def suggested(self) -> dict[str, str]:
        """For each field that no column is the likeliest header, if one is like it."""
        logs = [each.events for each in self.files if each.events]
        folded = {header for log in logs for header in (log.time, log.activity)}
        found: dict[str, str] = {}
        for each in self.files:
            for name, header in each.suggested.items():
                if name not in self.fields and header not in folded:
                    found.setdefault(name, header)
        return found

    @property
    def rating(self) -> RatingColumn | None:
        """Ratings in records that have none of their own."""
        return next((each.rating for each in self.files if each.rating), None)

    @property
    def closing(self) -> str | None:
        """The header of the closing time, where a resolution has a field but no column."""
        if not self.schema.field("resolved_at") or "resolved_at" in {*self.fields, *self.suggested}:
            return None
        placed = (each.placed.get("closed_at", ()) for each in self.files)
        single = (headers[0] for headers in placed if len(headers) == 1)
        return next(single, self.suggested.get("closed_at"))

    @property
    def is_resolved_by_events(self) -> bool:
        """Whether an event may say when a case was resolved, where no column does."""
        named = any(each.events and each.events.activity for each in self.files)
        return named and bool(self.schema.field("resolved_at")) and "resolved_at" not in self.fields

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
    within_reach: tuple[str, ...]
    """Those of the others that it can carry once every suggestion is taken."""
    lacking: tuple[tuple[str, Wording, tuple[Wording, ...]], ...]
    """The others: id, name, and what is missing."""
    example: tuple[str, str]
    """An indicator and its only target: one that this data can carry, where there is any."""
    problems: tuple[Problem, ...]
    """Files that could not be read, and what else was noticed."""


def draft_definition(paths: Iterable[Path], progress: Progress) -> Draft:
    """What csq knows of the exports under the paths; raises `IntakeError` if none can be read."""
    shipped = understand_shipped()
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
    taken = {
        each.schema.source: each.fields
        | each.suggested.keys()
        | ({"resolved_at"} if each.closing or each.is_resolved_by_events else set())
        for each in sources
    }
    return Draft(
        sources=sources,
        strangers=tuple(strangers),
        carried=tuple(key for key, reasons in lacking.items() if not reasons),
        within_reach=tuple(
            each.id
            for each in shipped.indicators
            if lacking[each.id] and not lacking_data(each, taken)
        ),
        lacking=tuple(
            (each.id, each.definition.name, lacking[each.id])
            for each in shipped.indicators
            if lacking[each.id]
        ),
        example=_example(shipped, lacking),
        problems=tuple(problems),
    )


def _example(shipped: Understood, lacking: Mapping[str, tuple[Wording, ...]]) -> tuple[str, str]:
    targets = {
        each.id: str(each.definition.all_targets[0].value)
        for each in shipped.indicators
        if len(each.definition.all_targets) == 1
    }
    carried = (each for each in targets.items() if not lacking[each[0]])
    return next(carried, next(iter(targets.items())))


def _draft_tables(
    tables: Sequence[RawTable], recognition: Recognition, shipped: Understood
) -> Iterator[tuple[str | None, DraftFile]]:
    """The kind of record, if any, of each table of a file that is read, and what is known of it."""
    try:
        parts = recognise_alike(tables, recognition)
    except IntakeError as error:
        table = likeliest(tables, recognition)
        shifts = any(problem.code == ROW_NAMES.code for problem in error.problems)
        if shifts or not has_header(table, recognition):
            raise
        refuse_row_names(table)
        yield _guess_source(table, *look_at(table), recognition)
        return
    for part in parts:
        yield part.matching.schema.source, _draft_part(part, shipped)


def _draft_part(part: Part, shipped: Understood) -> DraftFile:
    table, matching = part.table, part.matching
    undecided = False
    try:
        export = read_export(table, matching, SourceSettings(), shipped.definition.timezone)
        matching = export.matching
    except IntakeError as error:
        undecided = any(problem.code == AMBIGUOUS_DATES.code for problem in error.problems)
    columns, rows = look_at(table)
    placed = {column.field.name: column for column in matching.columns if not column.told_by}
    drafted = _describe(table, columns, rows, matching.schema, placed)
    system = matching.layout.system if matching.layout else None
    told = matching.fields - placed.keys()
    return replace(drafted, system=system, told=told, undecided=undecided)


def _describe(
    table: RawTable,
    columns: Sequence[SampledColumn],
    rows: int,
    schema: Schema,
    placed: Mapping[str, MatchedColumn],
    guessed: Mapping[str, Guess] | None = None,
) -> DraftFile:
    guessed = guessed or {}
    taken = {position for column in placed.values() for position in column.positions}
    used = {header for guess in guessed.values() for header in guess.headers}
    unplaced = [
        column
        for position, column in enumerate(columns)
        if column.header.strip() and position not in taken and column.header not in used
    ]
    free = [each for each in schema.fields if each.name not in {*placed, *guessed}]
    headers = {
        name: tuple(table.header[position] for position in column.positions)
        for name, column in placed.items()
    } | {name: guess.headers for name, guess in guessed.items()}
    nulls = {
        name: tokens
        for name, column in placed.items()
        if column.field.type is not FieldType.TEXT
        and (tokens := tuple(find_null_tokens(columns[column.positions[0]], column.spelt_type)))
    }
    (key,) = headers.get(schema.key or "", ("",))[:1]
    return DraftFile(
        table.place,
        rows,
        placed={name: headers[name] for name in placed},
        unplaced=tuple(name_likeliest(column, free) for column in unplaced),
        suggested=suggest_columns(unplaced, free),
        guessed={name: headers[name] for name in guessed},
        nulls=nulls,
        events=find_event_log(columns, key),
        rating=find_rating(schema, unplaced),
    )


def _guess_source(
    table: RawTable,
    columns: Sequence[SampledColumn],
    rows: int,
    recognition: Recognition,
) -> tuple[str | None, DraftFile]:
    """The one kind of record whose required fields can all be guessed, if there is one."""
    candidates: list[tuple[float, str]] = []
    by_source: dict[str, dict[str, MatchedColumn]] = {}
    found: dict[str, tuple[dict[str, MatchedColumn], dict[str, Guess]]] = {}
    for source, schema in recognition.schemas.items():
        by_source[source] = placed = _placed(
            columns, recognition.find_columns(source, table.header)
        )
        guessed = guess_required(columns, schema, placed)
        if guessed is not None:
            # What numbers the rows says more of what they are than a column that many exports have;
            # where the key of another kind must serve, they are rather of that.
            has_key = (schema.key in placed) - _is_key_of_another(schema, guessed, recognition)
            weight = has_key + len(placed) + sum(each.likeness for each in guessed.values()) / 2
            candidates.append((weight, source))
            found[source] = placed, guessed
    candidates.sort(reverse=True)
    if candidates and _is_rather_another(candidates[0][1], found, columns, table, recognition):
        candidates = []
    if candidates and (len(candidates) == 1 or candidates[0][0] > candidates[1][0]):
        source = candidates[0][1]
        schema = recognition.schemas[source]
        _, guessed = found[source]
        guessed |= _settle_doubles(columns, recognition.find_columns(source, table.header))
        # With a guess in effect a column may be found that counts from it.
        placed = _placed(columns, find_columns(schema, table.header, _declare(guessed)))
        placed = {name: each for name, each in placed.items() if name not in guessed}
        drafted = _describe(table, columns, rows, schema, placed, guessed)
        return source, replace(drafted, told=frozenset(find_told(schema, placed)))
    every = list({f.name: f for s in recognition.schemas.values() for f in s.fields}.values())
    unplaced = tuple(name_likeliest(each, every) for each in columns if each.header.strip())
    schemas = recognition.schemas.values()
    keys = {
        table.header[by_source[each.source][each.key].positions[0]]
        for each in schemas
        if each.time and each.key in by_source[each.source]
    }
    return None, DraftFile(
        table.place,
        rows,
        {},
        unplaced,
        nearest=find_nearest(schemas, by_source),
        holds_sums=holds_sums(columns, keys),
    )


def _is_rather_another(
    source: str,
    found: Mapping[str, tuple[Mapping[str, MatchedColumn], object]],
    columns: Sequence[SampledColumn],
    table: RawTable,
    recognition: Recognition,
) -> bool:
    """Whether a kind without a time, which needs only ids, has fewer columns here than another."""
    if recognition.schemas[source].time:
        return False
    others = (
        _placed(columns, recognition.find_columns(each, table.header))
        for each in recognition.schemas.keys() - found.keys()
    )
    return any(len(other) > len(found[source][0]) for other in others)


def _placed(
    columns: Sequence[SampledColumn], found: Mapping[str, MatchedColumn]
) -> dict[str, MatchedColumn]:
    """The columns whose cells are what their header says."""
    return {
        name: each
        for name, each in found.items()
        if len(each.positions) == 1 and _holds(columns[each.positions[0]], each)
    }


def _settle_doubles(
    columns: Sequence[SampledColumn], found: Mapping[str, MatchedColumn]
) -> dict[str, Guess]:
    """The first column that fits, of several for a field that its records need not have.

    Else the file would be refused with the draft as well. Of two that have one header none can
    be named.
    """
    doubles = {
        name: [columns[position] for position in each.positions]
        for name, each in found.items()
        if len(each.positions) > 1 and not (each.field.required or is_unclear(each))
    }
    return {
        name: Guess((fitting[0].header,), likeness=1)
        for name, several in doubles.items()
        if (fitting := [each for each in several if _holds(each, found[name])])
        and len({each.header for each in several}) == len(several)
    }


def _holds(column: SampledColumn, matched: MatchedColumn) -> bool:
    if matched.since:
        return not column.filled or FieldType.DURATION in column.kinds
    return column.may_be(matched.field)


def _declare(guessed: Mapping[str, Guess]) -> dict[str, Columns]:
    """Guesses as the definition will say them."""
    return {
        name: Columns(headers=guess.headers)
        if len(guess.headers) == 1
        else Columns(join=guess.headers)
        for name, guess in guessed.items()
    }


def _is_key_of_another(
    schema: Schema, guessed: Mapping[str, Guess], recognition: Recognition
) -> bool:
    """Whether the key was guessed to stand where another kind of record has its own."""
    guess = guessed.get(schema.key or "")
    others = (each for each in recognition.schemas.values() if each is not schema and each.key)
    return guess is not None and any(
        not keys_of(guess.headers[0]).isdisjoint(map(header_key, field.own_headers))
        for each in others
        if (field := each.field(each.key or ""))
    )
