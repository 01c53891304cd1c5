"""The first half of every run: from paths to typed tables, receipts and problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from csq.definition.check import schemas_of
from csq.definition.models import Definition, Tolerance
from csq.engines.base import StagingEngine
from csq.errors import IntakeError, Place, Problem, Severity
from csq.files import refuse_input_as_output
from csq.intake.discover import Found, file_state
from csq.intake.explain import explain_refused, summarise
from csq.intake.export import Export, read_export
from csq.intake.headers.recognition import Recognition
from csq.intake.parts import open_parts
from csq.intake.readers.base import ExportFile
from csq.intake.receipt import Receipt, make_receipts
from csq.intake.spelling.ratings import spell_ratings
from csq.intake.staging.grouped import find_grouped
from csq.intake.staging.mixed_ids import find_mixed_ids
from csq.intake.staging.reconcile import find_claims, reconcile
from csq.intake.staging.scales import find_foreign_scales, find_low_ratings
from csq.intake.staging.stage import StagedSource, fetch_refused, stage_source
from csq.period import Period
from csq.problems.files import CHANGED_FILE, UNREADABLE_FILE
from csq.problems.headers import MISSING_HEADER, UNRECOGNISED
from csq.problems.rows import (
    FOREIGN_SCALE,
    NO_VALID_ROW,
    OF_NO_RECORD,
    TOO_MANY_OF_RULE,
    TOO_MANY_REFUSED,
    UNEXPLAINED_ROWS,
)

EXPLAINED = 10_000
"""How many refused rows of one source are explained one by one; all are counted."""

_HELD = 1 << 26
"""Bytes of small exports that are held in memory from the first question to the last, in all."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Intake:
    """Every source that was found, in the engine, and everything noticed on the way."""

    sources: Mapping[str, StagedSource]
    files: tuple[ExportFile, ...]
    problems: tuple[Problem, ...]
    row_problems: tuple[Problem, ...]
    """The faults of the refused rows, one by one, up to `EXPLAINED` rows of each source."""
    foreign_scales: tuple[Problem, ...] = ()
    """The columns of ratings that have another scale than csq knows."""

    @property
    def exports(self) -> Iterator[Export]:
        """Every export, source by source."""
        return (export for source in self.sources.values() for export in source.exports)

    def receipts(self, period: Period | None) -> tuple[Receipt, ...]:
        return tuple(
            receipt for source in self.sources.values() for receipt in make_receipts(source, period)
        )

    def all_problems(self) -> tuple[Problem, ...]:
        """Everything noticed, the faults of rows summed up by kind, file and column."""
        return (*self.problems, *summarise(self.row_problems))


def take_in(
    found: Found,
    definition: Definition,
    engine: StagingEngine,
    needed: Mapping[str, frozenset[str]],
    progress: Progress,
    outputs: Iterable[Path] = (),
) -> Intake:
    """Read, recognise, type and check the exports that were found.

    Raises `IntakeError` with every file that could not be used, and `UsageError` where one of
    the `outputs` is one of them.
    """
    files, notices = found
    recognition = Recognition(schemas_of(definition), definition.sources)
    with _unchanged(files):
        exports, noticed = _recognise_all(files, recognition, definition, progress)
        recognised = [file.path for file in files if file.name in read_names(exports)]
        for output in outputs:
            refuse_input_as_output(output, recognised)
        claims = find_claims(exports)
        claimed = {(each.source, name) for each in claims for name in each.fields}
        sources = {}
        for source, parts in exports.items():
            progress(source)
            settings = recognition.settings_of(source)
            kept = needed.get(source, frozenset())
            kept |= {name for where, name in claimed if where == source}
            sources[source] = stage_source(engine, parts, kept, settings)
        unmatched = reconcile(engine, sources, claims)
    # A tolerance of one rule needs every row that breaks it, however many there are.
    limit = None if definition.tolerance.rules else EXPLAINED
    refused = {name: fetch_refused(engine, staged, limit) for name, staged in sources.items()}
    row_problems = tuple(
        problem
        for name, rows in refused.items()
        for problem in explain_refused(sources[name], rows)
    )
    grouped = [
        p for name, rows in refused.items() for p in find_grouped(engine, sources[name], rows)
    ]
    foreign = tuple(
        problem for staged in sources.values() for problem in find_foreign_scales(engine, staged)
    )
    staged_problems = [p for staged in sources.values() for p in staged.problems]
    cut = [
        UNEXPLAINED_ROWS.at(source=each.schema.title, rejected=rejected, limit=limit)
        for each in sources.values()
        if limit is not None and (rejected := sum(each.refused.values())) > limit
    ]
    low = [p for each in sources.values() for p in find_low_ratings(engine, each)]
    mixed = [p for each in sources.values() for p in find_mixed_ids(engine, each)]
    told = (*notices, *noticed, *staged_problems, *unmatched, *mixed, *low, *grouped, *cut)
    return Intake(sources, files, told, row_problems, foreign)


@contextmanager
def _unchanged(files: Iterable[ExportFile]) -> Iterator[None]:
    """Raises `IntakeError` where a file is not, at the end, what it was at the beginning.

    So it does as soon as one cannot be read, which may be since it is gone.
    """
    states = {file: file_state(file) for file in files}

    def refuse_changed() -> None:
        changed = [file for file, state in states.items() if file_state(file) != state]
        if changed:
            raise IntakeError(*(CHANGED_FILE.at(Place(file.name)) for file in changed))

    try:
        yield
    except IntakeError as error:
        if any(problem.code == UNREADABLE_FILE.code for problem in error.problems):
            refuse_changed()
        raise
    refuse_changed()


_OF_STRAYS = {UNRECOGNISED.code, MISSING_HEADER.code}
"""What is told of a file in a folder that is no export at all."""


def _recognise_all(
    files: Iterable[ExportFile],
    recognition: Recognition,
    definition: Definition,
    progress: Progress,
) -> tuple[dict[str, list[Export]], list[Problem]]:
    exports: dict[str, list[Export]] = {}
    failures: list[Problem] = []
    unrecognised: list[Problem] = []
    room = _HELD
    for file in files:
        progress(file.name)
        try:
            for part in open_parts(file, recognition):
                source = part.matching.schema.source
                settings = recognition.settings_of(source)
                export = read_export(part.table, part.matching, settings, definition.timezone)
                if export.table.held is not None and export.table.held <= room:
                    room -= export.table.held
                else:
                    export = replace(export, table=part.table)
                exports.setdefault(source, []).append(export)
        except IntakeError as error:
            for problem in error.problems:
                stray = problem.code in _OF_STRAYS and not file.asked_for
                (unrecognised if stray else failures).append(problem)
    if failures or not exports:
        raise IntakeError(*failures, *unrecognised)
    exports = {
        source: spell_ratings(parts, recognition.settings_of(source))
        for source, parts in exports.items()
    }
    noticed = [problem for parts in exports.values() for e in parts for problem in e.problems]
    strays = [replace(problem, severity=Severity.WARNING) for problem in unrecognised]
    return dict(sorted(exports.items(), key=_place_in(recognition))), [*strays, *noticed]


def read_names(exports: Mapping[str, list[Export]]) -> frozenset[str | None]:
    """The names of the files that are exports."""
    return frozenset(export.place.file for parts in exports.values() for export in parts)


def _place_in(recognition: Recognition) -> Callable[[tuple[str, list[Export]]], int]:
    order = list(recognition.schemas)
    return lambda item: order.index(item[0])


UNUSABLE = frozenset({NO_VALID_ROW.code, FOREIGN_SCALE.code})
"""What leaves no number of a source that could be true."""


def judge_refusals(intake: Intake, tolerance: Tolerance) -> tuple[Problem, ...]:
    """Which sources lost more rows, or have more rows that break one rule, than is tolerated."""
    found = []
    for source in intake.sources.values():
        read, refused = sum(source.read.values()), sum(source.refused.values())
        title = source.schema.title
        missed = refused - sum(_count_breaking(intake, source, k.code) for k in OF_NO_RECORD)
        if read and read == refused:
            found.append(NO_VALID_ROW.at(source=title, read=read))
        elif read and Fraction(missed, read) > tolerance.refused.value:
            found.append(
                TOO_MANY_REFUSED.at(
                    source=title, rejected=missed, read=read, tolerance=tolerance.refused.text
                )
            )
        found += [problem for problem in intake.foreign_scales if _is_of(source, problem)]
        for code, share in tolerance.rules.items():
            broken = _count_breaking(intake, source, code)
            if read and Fraction(broken, read) > share.value:
                found.append(
                    TOO_MANY_OF_RULE.at(
                        source=title, value=code, count=broken, whole=read, tolerance=share.text
                    )
                )
    return tuple(found)


def _is_of(source: StagedSource, problem: Problem) -> bool:
    place = problem.place
    return any((place.file, place.sheet) == (e.place.file, e.place.sheet) for e in source.exports)


def _count_breaking(intake: Intake, source: StagedSource, code: str) -> int:
    """The rows of a source with a problem of this code; a row counts once."""
    places = {(export.place.file, export.place.sheet) for export in source.exports}
    rows = {
        (problem.place.file, problem.place.sheet, problem.place.row)
        for problem in intake.row_problems
        if problem.code == code and (problem.place.file, problem.place.sheet) in places
    }
    told = sum(
        problem.count
        for problem in intake.problems
        if problem.code == code and (problem.place.file, problem.place.sheet) in places
    )
    return len(rows) + told
