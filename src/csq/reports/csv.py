"""The scorecard as one flat CSV table, and the rules for text that a spreadsheet will open."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from csq.imprint import SCORES
from csq.reports.json import number
from csq.reports.view import ColumnKey, Row, View
from csq.wording import Wording

DIMENSION, VERDICT, _INDICATOR, GROUP = SCORES
_RAW = Wording("{title}（数值）", "{title} (number)")
_RAW_COLUMNS = (ColumnKey.VALUE, ColumnKey.GAP, ColumnKey.CHANGE, ColumnKey.N)
_STARTS_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_AMOUNT = re.compile(r"[+\-−]?\d[\d,]*(\.\d+)?( ?%| [^\W\d_]+( \d+ [^\W\d_]+)?)?")


def draw_csv(view: View) -> bytes:
    """One row a score: as text what people read, then the same as numbers.

    Percentages are fractions and durations are seconds in the columns of numbers.
    """
    language = view.language
    shown = [key for key, _ in view.columns if key not in {ColumnKey.SIGN, ColumnKey.NAME}]
    titles = dict(view.columns)
    header = [*(title.say(language) for title in SCORES), *(titles[key] for key in shown)]
    header += [_RAW.fill(title=titles[key]).say(language) for key in _RAW_COLUMNS]
    return write_csv(header, _lines(view, shown))


def _lines(view: View, shown: Sequence[ColumnKey]) -> Iterator[list[object]]:
    for dimension, name, row in named_rows(view):
        group = row.cells[ColumnKey.NAME].text if row.is_group else ""
        texts = [dimension, row.verdict_text, name, group, *(row.cells[key].text for key in shown)]
        yield [*map(printable, texts), *(_raw_number(row, key) for key in _RAW_COLUMNS)]


def named_rows(view: View) -> Iterator[tuple[str, str, Row]]:
    """Every row with its dimension and its indicator's name, which a group's row leaves out."""
    for section in view.sections:
        name = ""
        for row in section.rows:
            if not row.is_group:
                name = row.cells[ColumnKey.NAME].text
            yield section.title, name, row


def _raw_number(row: Row, key: ColumnKey) -> int | float | None:
    value = row.cells[key].value
    return number(Fraction(value)) if isinstance(value, Fraction | int) else None


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table that Excel opens as UTF-8, in which no text runs as a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([_inert(cell) for cell in header])
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig", errors="replace")


def _inert(cell: object) -> object:
    return inert(cell) if isinstance(cell, str) else cell


def inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula; plain amounts stay as they are.

    >>> inert("=1+1"), inert("-6.4"), inert("−2 分 44 秒"), inert("-1+cmd|' /C calc'!A0")
    ("'=1+1", '-6.4', '−2 分 44 秒', "'-1+cmd|' /C calc'!A0")
    """
    return f"'{text}" if text.startswith(_STARTS_FORMULA) and not _AMOUNT.fullmatch(text) else text


def printable(text: str) -> str:
    """Text on one line, without anything that could act on a page, a parser or a terminal.

    >>> printable("a\\x1b[31mb\\tc\\u202e")
    'a[31mb c'
    """
    spaced = re.sub(r"[\t\r\n\x0b\x0c\x85\u2028\u2029]+", " ", text)
    return "".join(char for char in spaced if not _acts(char))


def _acts(char: str) -> bool:
    """Whether a character is a control, a direction mark, half a surrogate or no character."""
    return (
        unicodedata.category(char) in {"Cc", "Cs"}
        or unicodedata.bidirectional(char) in {"LRE", "RLE", "LRO", "RLO", "PDF"}
        or unicodedata.bidirectional(char) in {"LRI", "RLI", "FSI", "PDI"}
        or ord(char) & 0xFFFE == 0xFFFE
    )
