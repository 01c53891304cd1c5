"""Exports into typed, checked tables of the engine, with every row accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import pyarrow as pa
from sqlglot import exp

from csq.definition.folding import find_folding
from csq.definition.sources import SourceSettings
from csq.engines.base import StagingEngine
from csq.errors import Problem, Severity
from csq.intake.export import Export, RefusedRow, decide_again, undecided_times
from csq.intake.staging.duplicates import drop_duplicates
from csq.intake.staging.folding import fold_cases
from csq.intake.staging.incoming import FILE, INCOMING, RAW, ROW, Counts, Incoming, group_alike
from csq.intake.staging.learn import learn_cells, look_ahead
from csq.intake.staging.second_headers import refuse_second_headers
from csq.intake.staging.spelt_ids import find_odd_ids
from csq.intake.staging.tables import create_table, insert_rows, moment_of, named_table, table_of
from csq.intake.typing.trees import cast
from csq.period import Period
from csq.problems.headers import DRIFTING_HEADER
from csq.problems.rows import BLANK_ROWS, LOST_REMARK
from csq.records import notation
from csq.records.schema import Field, Schema
from csq.wording import join


@dataclass(frozen=True)
class StagedSource:
    """One source in the engine: its rows are typed, checked and counted once.

    `read`, `refused` and `duplicates` are rows by the position of their export in `exports`; the
    rows that were folded into a case count as duplicates, but for the one that the case keeps;
    `days` counts the kept rows of each export by the day on which they happened (`None`: a
    source whose rows belong to no time).
    """

    schema: Schema
    exports: tuple[Export, ...]
    fields: frozenset[str]
    """The fields that at least one export carries."""
    stored: frozenset[str]
    """The fields that the table has: those that were needed, the key, the times and ratings."""
    read: Mapping[int, int]
    refused: Mapping[int, int]
    duplicates: Mapping[int, int]
    days: Mapping[tuple[int, date | None], int]
    torn: tuple[RefusedRow, ...]
    problems: tuple[Problem, ...] = ()

    def fields_in(self, period: Period) -> frozenset[str]:
        """The fields of the exports that have rows in a period; of all, where none has."""
        inside = {n for n, day in self.days if day and period.start <= day < period.end}
        exports = [self.exports[number] for number in inside] or self.exports
        return _fields_of(self.schema, exports)

    @cached_property
    def days_with_rows(self) -> frozenset[date]:
        return frozenset(day for _, day in self.days if day)


def stage_source(
    engine: StagingEngine,
    exports: Sequence[Export],
    needed: frozenset[str],
    settings: SourceSettings,
) -> StagedSource:
    """Put the exports of one source into the engine and keep the books.

    Only the fields in `needed` are kept, and ratings, by which their scale is known; all are
    checked. Raises `IntakeError` for duplicates that the definition forbids, and for a second
    header with other columns.
    """
    schema = exports[0].matching.schema
    folding = find_folding(schema, settings)
    wanted = needed | set(schema.time) | ({schema.key} if schema.key else set())
    wanted |= {field.name for field in schema.fields if field.column.scale}
    if folding:
        wanted |= folding.fields | {name for rule in schema.case_rules for name in rule.fields}
    kept = tuple(field for field in schema.fields if field.name in wanted)
    fields = _fields_of(schema, exports)
    carried = tuple(field for field in kept if field.name in fields)
    engine.execute(create_table(schema, carried, (f for f in kept if f.name not in fields)))
    counts = _insert(engine, schema, exports, carried)
    refused = _count_refused(engine, schema)
    late = _find_late(engine, schema, exports) if refused else []
    decided = [decide_again(e) if n in late else e for n, e in enumerate(exports)]
    told = [p for n in late for p in decided[n].problems[len(exports[n].problems) :]]
    if decided != list(exports):
        exports = decided
        engine.execute(exp.Delete(this=table_of(schema)))
        counts = _insert(engine, schema, exports, carried)
        refused = _count_refused(engine, schema)
    if refused or counts.torn:
        engine.execute(_keep_refused_apart(schema))
    if refused:
        refuse_second_headers(engine, schema, exports, refused_table(schema))
        engine.execute(_drop_refused(schema))
    for row in counts.torn:
        refused[row.export] = refused.get(row.export, 0) + (row.torn.rows if row.torn else 1)
    folded, fold_problems = fold_cases(engine, schema, folding, carried, exports)
    duplicates, problems = drop_duplicates(engine, schema, settings.duplicates, exports)
    return StagedSource(
        schema=schema,
        exports=tuple(exports),
        fields=fields,
        stored=frozenset(field.name for field in kept),
        read=counts.read,
        refused=refused,
        duplicates=Counter(folded) + Counter(duplicates),
        days=_count_days(engine, schema),
        torn=tuple(counts.torn),
        problems=(
            *told,
            *fold_problems,
            *problems,
            *find_odd_ids(engine, schema, exports, carried),
            *_drifting(exports, needed),
            *_tell_lost(exports, counts, needed),
            *(
                BLANK_ROWS.at(exports[number].place, count=blank)
                for number, blank in sorted(counts.blank.items())
                if blank
            ),
        ),
    )


def _insert(
    engine: StagingEngine, schema: Schema, exports: Sequence[Export], carried: Sequence[Field]
) -> Counts:
    """Put every row of the exports into the table, refused ones with their text."""
    counts = Counts()
    for alike in group_alike(exports):
        spelt_alike = Incoming(schema, {number: exports[number] for number in alike})
        incoming, batches = look_ahead(learn_cells(engine, spelt_alike), counts)
        with engine.attached(INCOMING, incoming.arrow_schema, batches):
            engine.execute(insert_rows(incoming, carried))
    # What the batches took is free, but Arrow would keep it while the engine needs room.
    pa.default_memory_pool().release_unused()
    return counts


_LATE = rf"^[{notation.BLANKS}]*{notation.ORDERED_DATE}"


def _count_refused(engine: StagingEngine, schema: Schema) -> dict[int, int]:
    """The rows that were refused so far, by export; none for one that has none."""
    rows = exp.Select(expressions=[exp.column(FILE), exp.Count(this=exp.Star())])
    rows.from_(table_of(schema), copy=False).where(_is_refused(), copy=False)
    return dict(engine.fetch(rows.group_by(exp.column(FILE), copy=False)))


def _find_late(engine: StagingEngine, schema: Schema, exports: Sequence[Export]) -> list[int]:
    """The exports that hold, in a refused row, a date whose order nobody asked for at the top."""
    late = [_has_late_date(positions, of) for positions, of in _undecided(exports).items()]
    if not late:
        return []
    rows = exp.Select(expressions=[exp.column(FILE)]).distinct(copy=False)
    rows.from_(table_of(schema), copy=False)
    rows.where(_is_refused(), exp.or_(*late, copy=False), copy=False)
    return sorted(number for (number,) in engine.fetch(rows))


def _undecided(exports: Sequence[Export]) -> dict[tuple[int, ...], list[int]]:
    """The exports by the columns of times in which the order of day and month is not known."""
    found: dict[tuple[int, ...], list[int]] = {}
    for number, export in enumerate(exports):
        if positions := undecided_times(export):
            found.setdefault(positions, []).append(number)
    return found


def _has_late_date(positions: Iterable[int], exports: Iterable[int]) -> exp.Expr:
    """Whether a row of one of these exports has a date in one of these columns."""
    cells = (
        exp.Anonymous(
            this="LIST_EXTRACT", expressions=[exp.column(RAW), exp.Literal.number(position + 1)]
        )
        for position in positions
    )
    dates = (
        exp.Anonymous(this="REGEXP_MATCHES", expressions=[cell, exp.Literal.string(_LATE)])
        for cell in cells
    )
    numbers = [exp.Literal.number(number) for number in exports]
    is_theirs = exp.In(this=exp.column(FILE), expressions=numbers)
    return exp.and_(is_theirs, exp.or_(*dates, copy=False), copy=False)


def _drifting(exports: Sequence[Export], needed: frozenset[str]) -> Iterator[Problem]:
    """The exports that lack a column which others of their kind have, and which is asked for."""
    fields = exports[0].matching.schema.fields
    carried = frozenset().union(*(export.matching.fields for export in exports))
    for export in exports:
        lacking = (carried & needed) - export.matching.fields
        titles = [f.title for f in fields if f.name in lacking and not f.column.assumed]
        if titles:
            yield DRIFTING_HEADER.at(export.place, fields=join(titles))


def _tell_lost(
    exports: Sequence[Export], counts: Counts, needed: frozenset[str]
) -> Iterator[Problem]:
    """The remarks that are blank because they have no value: a warning where one is asked for."""
    for (number, name), lost in sorted(counts.lost.items()):
        export = exports[number]
        column = next(c for c in export.matching.columns if c.field.name == name)
        header = " + ".join(export.table.header[position] for position in column.positions)
        told = LOST_REMARK.at(
            replace(export.place, row=lost.row, column=header),
            value=lost.value,
            count=lost.count,
            field=column.field.title,
        )
        yield replace(told, severity=Severity.WARNING) if name in needed else told


def _fields_of(schema: Schema, exports: Iterable[Export]) -> frozenset[str]:
    """What the columns of exports hold, and what their rows tell together."""
    told = frozenset(field.name for field in schema.fields if field.from_events)
    return told.union(*(export.matching.fields for export in exports))


def fetch_refused(
    engine: StagingEngine, source: StagedSource, limit: int | None
) -> list[RefusedRow]:
    """The refused rows in the order of the files, torn ones included; at most `limit`."""
    query = _select(FILE, ROW, RAW).from_(refused_table(source.schema), copy=False)
    query.order_by(exp.column(FILE), exp.column(ROW), copy=False)
    rows = (
        engine.fetch(query.limit(limit) if limit is not None else query) if source.refused else []
    )
    found = [
        RefusedRow(number, row, tuple(cells[: len(source.exports[number].table.header)]))
        for number, row, cells in rows
    ]
    merged = sorted([*found, *source.torn], key=lambda refused: (refused.export, refused.row))
    return merged if limit is None else merged[:limit]


def refused_table(schema: Schema) -> exp.Table:
    """The engine's table of the refused rows of a source, which is there where it has some."""
    return named_table(f"{schema.source}_refused")


def _select(*columns: str) -> exp.Select:
    return exp.Select(expressions=[exp.column(name) for name in columns])


def _is_refused() -> exp.Expr:
    return exp.not_(exp.Is(this=exp.column(RAW), expression=exp.null()), copy=False)


def _keep_refused_apart(schema: Schema) -> exp.Create:
    rows = _select(FILE, ROW, RAW).from_(table_of(schema), copy=False)
    rows.where(_is_refused(), copy=False)
    return exp.Create(this=refused_table(schema), kind="TABLE", expression=rows)


def _drop_refused(schema: Schema) -> exp.Delete:
    return exp.Delete(this=table_of(schema), where=exp.Where(this=_is_refused()))


def _count_days(engine: StagingEngine, schema: Schema) -> dict[tuple[int, date | None], int]:
    moment = moment_of(schema)
    day = cast(moment, "DATE") if moment else exp.null()
    counted = [exp.column(FILE), exp.alias_(day, "_day", copy=False), exp.Count(this=exp.Star())]
    query = exp.Select(expressions=counted).from_(table_of(schema), copy=False)
    query.group_by(exp.column(FILE), exp.column("_day"), copy=False)
    return {(number, day): count for number, day, count in engine.fetch(query)}
