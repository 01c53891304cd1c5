"""The refused rows as their files spelt them, each with the reason and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from csq.engines.base import StagingEngine
from csq.errors import UsageError
from csq.imprint import REFUSED_ROWS
from csq.intake.explain import explain_row
from csq.intake.export import Export, RefusedRow
from csq.intake.intake import Intake
from csq.intake.staging.stage import fetch_refused
from csq.problems.run import UNKNOWN_SUFFIX
from csq.reports.csv import write_csv
from csq.wording import Language, Wording

_WIDTHS = (24, 14, 8, 18, 44, 44)
_NOTHING = Wording("没有拒收的行", "No refused rows")

_Column = tuple[str, int]
"""A header, and how many columns of the same header stand before it."""


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A refused row and the export it stands in."""

    title: Wording
    export: Export
    row: RefusedRow

    @property
    def cells(self) -> tuple[str, ...]:
        """The row's text by column; a torn row is one text, since its cells fit no columns."""
        return (self.row.torn.text,) if self.row.torn else self.row.cells

    def explained(self, language: Language) -> list[str | int]:
        """Where the row is, what is wrong with it and what to do."""
        problems = explain_row(self.export, self.row)
        fields = dict.fromkeys(problem.place.column or "" for problem in problems)
        comma = "；" if language == "zh" else "; "
        return [
            self.export.place.file or "",
            self.export.place.sheet or "",
            self.row.row,
            comma.join(filter(None, fields)),
            comma.join(problem.message.say(language) for problem in problems),
            comma.join(dict.fromkeys(problem.hint.say(language) for problem in problems)),
        ]


def draw_rejects(engine: StagingEngine, intake: Intake, suffix: str, language: Language) -> bytes:
    """Every refused row, in the format that the suffix names; raises `UsageError`."""
    return choose_writer(suffix)(_refusals(engine, intake), language)


def choose_writer(suffix: str) -> Callable[[Iterable[_Refusal], Language], bytes]:
    """How to write refused rows into a file with that suffix; raises `UsageError`."""
    writer = _WRITERS.get(suffix.lower())
    if writer is None:
        raise UsageError(UNKNOWN_SUFFIX.at(value=suffix, known=" / ".join(_WRITERS)))
    return writer


def _refusals(engine: StagingEngine, intake: Intake) -> Iterator[_Refusal]:
    for source in intake.sources.values():
        for row in fetch_refused(engine, source, None):
            yield _Refusal(source.schema.title, source.exports[row.export], row)


def _write_csv(refusals: Iterable[_Refusal], language: Language) -> bytes:
    """One table; where headers differ it has the columns of all of them."""
    found = list(refusals)
    columns: dict[_Column, int] = {}
    for header in dict.fromkeys(refusal.export.table.header for refusal in found):
        for column in _columns(header):
            columns.setdefault(column, len(columns))

    def line(refusal: _Refusal) -> list[str | int]:
        cells = [""] * len(columns)
        for column, cell in zip(_columns(refusal.export.table.header), refusal.cells, strict=False):
            cells[columns[column]] = cell
        return [*refusal.explained(language), *cells]

    titles = [*_own_header(language), *(name for name, _ in columns)]
    return write_csv(titles, map(line, found))


def _columns(header: Iterable[str]) -> list[_Column]:
    seen: dict[str, int] = {}
    columns = []
    for name in header:
        columns.append((name, seen.get(name, 0)))
        seen[name] = seen.get(name, 0) + 1
    return columns


def _write_workbook(refusals: Iterable[_Refusal], language: Language) -> bytes:
    """One sheet for each kind of export and each header."""
    from csq.reports.excel import Listing, draw_listings

    sheets: dict[tuple[Wording, tuple[str, ...]], list[_Refusal]] = {}
    for refusal in refusals:
        sheets.setdefault((refusal.title, refusal.export.table.header), []).append(refusal)
    own = _own_header(language)
    listings = [
        Listing(
            title=title.say(language),
            header=[*own, *header],
            rows=([*refusal.explained(language), *refusal.cells] for refusal in alike),
            widths=_WIDTHS,
        )
        for (title, header), alike in sheets.items()
    ]
    return draw_listings(listings or [Listing(_NOTHING.say(language), own, (), _WIDTHS)])


def _own_header(language: Language) -> list[str]:
    return [wording.say(language) for wording in REFUSED_ROWS]


_WRITERS = {".csv": _write_csv, ".xlsx": _write_workbook}
