"""The rows behind a value, each with the file, the sheet and the row it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from csq.errors import UsageError
from csq.explanation.facts import RowBehind, RowsBehind
from csq.formula.compile import MICROSECONDS
from csq.imprint import BOOKS
from csq.problems.run import UNKNOWN_SUFFIX
from csq.records.reading import FieldType
from csq.records.schema import Field
from csq.reports.csv import write_csv
from csq.reports.explain import show_role
from csq.wording import Language, Wording

_OWN_COLUMNS = (*BOOKS, Wording("表", "Sheet"), Wording("行", "Row"))
_COUNTS = Wording("计入{role}", "Counts in the {role}")
_WIDTHS = (12, 24, 14, 8)
_NOTHING = Wording("没有数据行", "No rows")
_YES, _NO = Wording("是", "yes"), Wording("否", "no")


def draw_rows(behind: Iterable[RowsBehind], suffix: str, language: Language) -> bytes:
    """Every row, in the format that the suffix names; raises `UsageError`."""
    return choose_writer(suffix)(tuple(behind), language)


def choose_writer(suffix: str) -> Callable[[tuple[RowsBehind, ...], Language], bytes]:
    """How to write the rows into a file with that suffix; raises `UsageError`."""
    writer = _WRITERS.get(suffix.lower())
    if writer is None:
        raise UsageError(UNKNOWN_SUFFIX.at(value=suffix, known=" / ".join(_WRITERS)))
    return writer


def _header(rows: RowsBehind, language: Language) -> list[str]:
    roles = [_COUNTS.fill(role=show_role([role])) for role in rows.roles]
    titles = (*_OWN_COLUMNS, *roles, *(field.title for field in rows.fields))
    return [title.say(language) for title in titles]


def _own_header(language: Language) -> list[str]:
    return [title.say(language) for title in _OWN_COLUMNS]


def _lines(rows: RowsBehind, language: Language) -> Iterator[list[str]]:
    return (_line(rows, row, language) for row in rows.rows)


def _line(rows: RowsBehind, row: RowBehind, language: Language) -> list[str]:
    place = row.place
    counts = [(_YES if role in row.counts else _NO).say(language) for role in rows.roles]
    cells = [
        spell(value, field, language) for value, field in zip(row.cells, rows.fields, strict=True)
    ]
    own = [rows.title.say(language), place.file or "", place.sheet or "", str(place.row)]
    return [*own, *counts, *cells]


def spell(value: object, field: Field, language: Language) -> str:
    """A cell as text: a duration in seconds, a blank as nothing."""
    match value:
        case None:
            return ""
        case bool():
            return (_YES if value else _NO).say(language)
        case datetime():
            return value.isoformat(" ")
        case int() if field.type is FieldType.DURATION:
            seconds = Fraction(value, MICROSECONDS)
            return str(int(seconds)) if seconds.denominator == 1 else f"{float(seconds):.6f}"
        case Decimal():
            return f"{value.normalize():f}"
        case _:
            return str(value)


def _write_csv(behind: tuple[RowsBehind, ...], language: Language) -> bytes:
    """One table; sources that differ share the columns of the same name."""
    columns = dict.fromkeys(_own_header(language))
    columns |= {title: None for rows in behind for title in _header(rows, language)}

    def lines() -> Iterator[list[str]]:
        for rows in behind:
            header = _header(rows, language)
            for line in _lines(rows, language):
                cells = dict(zip(header, line, strict=True))
                yield [cells.get(title, "") for title in columns]

    return write_csv(list(columns), lines())


def _write_workbook(behind: tuple[RowsBehind, ...], language: Language) -> bytes:
    """One sheet a source."""
    from csq.reports.excel import Listing, draw_listings

    listings = [
        Listing(rows.title.say(language), _header(rows, language), _lines(rows, language), _WIDTHS)
        for rows in behind
    ]
    # A value without data has no rows behind it, and a workbook needs a sheet.
    nothing = Listing(_NOTHING.say(language), _own_header(language), (), _WIDTHS)
    return draw_listings(listings or [nothing])


_WRITERS = {".csv": _write_csv, ".xlsx": _write_workbook}
