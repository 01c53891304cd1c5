"""Which tables of a file are exports, and of what: a workbook may hold one a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from csq.errors import IntakeError, Place, Problem
from csq.intake.discover import open_export
from csq.intake.headers.headless import match_table
from csq.intake.headers.recognition import Matching, Recognition
from csq.intake.headers.repeats import read_once
from csq.intake.readers.base import ExportFile, Layout, RawTable
from csq.problems.headers import HEADLESS_SHEET, MISSING_HEADER, OTHER_SHEET


@dataclass(frozen=True, slots=True)
class Part:
    """A table of a file, and what it was recognised as."""

    table: RawTable
    matching: Matching


def open_parts(file: ExportFile, recognition: Recognition) -> tuple[Part, ...]:
    """The tables of a file that are exports, each laid out as the definition says of its source.

    They are those that a source names with `sheet:`; where none does, the one with the most known
    headers and those recognised as the same source. Raises `IntakeError` where there are none.
    """
    declared = recognition.declared_source(file.name)
    layout = replace(_layout_of(recognition, declared), sheets=()) if declared else Layout()
    tables = open_tables(file, recognition, layout)
    present = {table.place.sheet for table in tables}
    naming = {
        source: present.intersection(sheets)
        for source, sheets in recognition.named_sheets(file.name).items()
        if present.intersection(sheets)
    }
    taken = frozenset().union(*naming.values())

    def laid_out(source: str) -> tuple[RawTable, ...]:
        wanted = _layout_of(recognition, source)
        return tables if wanted == layout else open_tables(file, recognition, wanted)

    def parts_of(source: str) -> tuple[Part, ...]:
        own = laid_out(source)
        if source in naming:
            return tuple(Part(t, match_table(t, recognition, source)) for t in own)
        free = [table for table in own if table.place.sheet not in taken]
        return recognise_alike(free or own, recognition)

    if naming:
        sources = dict.fromkeys((*([declared] if declared else []), *naming))
        return tuple(part for source in sources for part in parts_of(source))
    if declared:
        parts = recognise_alike(laid_out(declared), recognition)
    else:
        parts = recognise_alike(tables, recognition)
        own = laid_out(parts[0].matching.schema.source)
        parts = parts if own is tables else recognise_alike(own, recognition)
    told = other_sheets((part.table.place.sheet for part in parts), tables)
    first = parts[0].table
    return (replace(parts[0], table=replace(first, problems=(*first.problems, *told))), *parts[1:])


def open_tables(file: ExportFile, recognition: Recognition, layout: Layout) -> tuple[RawTable, ...]:
    """The tables of a file, each known column once and by its name alone; raises `IntakeError`."""
    tables = open_export(file, recognition.known_headers, layout)
    named = (replace(each, header=recognition.name_plainly(each.header)) for each in tables)
    return tuple(read_once(table, recognition) for table in named)


def recognise_alike(tables: Sequence[RawTable], recognition: Recognition) -> tuple[Part, ...]:
    """The table with the most known headers, and the others of a file that hold the same.

    A sheet that is hidden is only taken where no other one has as many known headers. Raises
    `IntakeError` where the first cannot be used, or another that belongs to it.
    """
    main = likeliest(tables, recognition)
    matching = match_table(main, recognition)
    found = []
    for table in tables:
        if table is main:
            found.append(Part(main, matching))
        elif not table.is_hidden:
            try:
                other = recognition.match(table.header, table.place)
            except IntakeError as error:
                _refuse_lost_part(table, main, matching, error, recognition)
                continue
            if other.schema is matching.schema:
                found.append(Part(table, other))
    return tuple(found)


def _refuse_lost_part(
    table: RawTable,
    main: RawTable,
    matching: Matching,
    error: IntakeError,
    recognition: Recognition,
) -> None:
    """Raise `IntakeError` where a sheet that cannot be used goes on with the main one.

    It has rows as wide as the main one's and no header, or half of its headers and one of those
    that a row cannot be without. A sheet of notes or sums has neither.
    """
    if error.problems[0].code == MISSING_HEADER.code:
        if len(table.header) == len(main.header):
            known = main.place.sheet or ""
            raise IntakeError(HEADLESS_SHEET.at(table.place, known=known))
        return
    shared = {cell for cell in main.header if cell.strip()} & set(table.header)
    required = {
        main.header[position]
        for column in matching.columns
        if column.field.required
        for position in column.positions
    }
    if required & shared and len(shared) * 2 >= len(matching.columns):
        recognition.match(table.header, table.place, matching.schema.source)
        raise error


def likeliest(tables: Sequence[RawTable], recognition: Recognition) -> RawTable:
    """The table with the most known headers; of two sheets the one that is shown."""
    return max(tables, key=lambda t: (recognition.known_headers(t.header), not t.is_hidden))


def other_sheets(read: Iterable[str | None], tables: Sequence[RawTable]) -> tuple[Problem, ...]:
    """A notice that names the tables of a file that are not read, if there are any."""
    names = set(read)
    others = [table.place.sheet or "" for table in tables if table.place.sheet not in names]
    if not others:
        return ()
    return (OTHER_SHEET.at(Place(tables[0].place.file), value=", ".join(others)),)


def _layout_of(recognition: Recognition, source: str) -> Layout:
    settings = recognition.settings_of(source)
    return Layout(
        settings.sheet,
        settings.encoding,
        settings.delimiter,
        settings.header_row,
        settings.skip_rows,
    )
