"""One cell's text as a value, in plain Python.

The query trees of `intake.typing` read whole columns; this reads one cell, the slow and obvious
way, for the pydantic models that say why a row was refused.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import partial
from typing import Any, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from csq.records import notation
from csq.records.column import Column
from csq.records.moments import spell_out, spell_serial
from csq.records.notation import Clock, DateOrder, fold, narrow, swap_marks


class FieldType(StrEnum):
    """What a field holds; also the words `fields:` in metrics.yaml uses."""

    TEXT = "text"
    TIMESTAMP = "timestamp"
    DURATION = "duration"
    FLAG = "flag"
    INTEGER = "integer"
    NUMBER = "number"


_PYTHON_TYPES = {
    str: FieldType.TEXT,
    datetime: FieldType.TIMESTAMP,
    timedelta: FieldType.DURATION,
    bool: FieldType.FLAG,
    int: FieldType.INTEGER,
    Decimal: FieldType.NUMBER,
}


def python_type(field_type: FieldType) -> type:
    return next(python for python, known in _PYTHON_TYPES.items() if known is field_type)


def field_type_of(annotation: Any) -> FieldType:
    """The field type of a model's annotation, with or without `| None`."""
    if get_origin(annotation) in {Union, types.UnionType}:
        annotation = next(arg for arg in get_args(annotation) if arg is not type(None))
    return _PYTHON_TYPES[annotation]


@dataclass(frozen=True, slots=True)
class Reading:
    """How one column of one file spells its values, as far as that was decided or declared."""

    order: DateOrder | None = None
    zone: str = "Asia/Shanghai"
    ahead: timedelta | None = None
    """How far times without an offset are ahead of UTC, where the header says so."""
    first_day: date | None = None
    """Day number 0, where the numbers of a column of times count days as a spreadsheet does."""
    nulls: frozenset[str] = frozenset()
    unit: Decimal | None = None
    """Seconds in one plain number of a duration, where the header says so."""
    since: str | None = None
    """The field from which a time is counted that the column gives as a duration."""
    is_filled: bool = False
    """Whether a flag holds where the cell is filled, whatever is in it."""
    has_decimal_comma: bool = False
    clock: Clock | None = None
    has_parts: bool = False
    """Whether a duration is several numbers, as the header says: one alone is none but for 0."""
    spellings: tuple[tuple[str, str], ...] = ()
    """Declared spellings, folded, and the value each stands for, as a cell would spell it."""


DECIMAL_TYPES = frozenset({FieldType.NUMBER, FieldType.INTEGER, FieldType.DURATION})
"""What a decimal mark stands in."""


class UnreadableCell(ValueError):
    """A cell that cannot be what its column holds; `code` is the problem's code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_cell(cell: str | None, annotation: Any, column: Column, reading: Reading) -> Any:
    """The value of a cell, `None` for a blank; raises `UnreadableCell`."""
    field_type = field_type_of(annotation)
    text = notation.unwrap((cell or "").strip(notation.BLANKS))
    if field_type is not FieldType.TEXT:
        text = narrow(text)
    is_blank = text == "" or text in reading.nulls
    if reading.is_filled and (is_blank or not re.fullmatch(notation.NO_VALUE, text)):
        return not is_blank and fold(text) not in notation.BLANK_WORDS
    if is_blank:
        return None
    if re.fullmatch(notation.NO_VALUE, text):
        if column.prose:
            return None
        is_hidden = re.fullmatch(notation.HIDDEN_CELL, text)
        raise UnreadableCell("hidden-cell" if is_hidden else "cell-error")
    if field_type is FieldType.TEXT and column.separators:
        return _read_several(text, column, reading)
    if field_type is FieldType.TEXT:
        return _spell_out(text, column, reading)
    text = _spell_out(text, column, reading)
    if fold(text) in notation.BLANK_WORDS:
        return None
    if reading.has_decimal_comma and field_type in DECIMAL_TYPES:
        text = swap_marks(text)
    if field_type is FieldType.TIMESTAMP:
        if reading.first_day:
            text = spell_serial(text, reading.first_day)
        return _read_timestamp(spell_out(text), reading)
    if field_type is FieldType.DURATION:
        return _read_duration(fold(text), column, reading)
    if field_type is FieldType.FLAG:
        return _read_flag(fold(text))
    read_number = (
        _read_integer
        if field_type is FieldType.INTEGER
        else partial(_read_number, scale=column.scale)
    )
    if column.scale is None:
        number = read_number(text)
        if column.counts and number < 0:
            raise UnreadableCell("negative-count")
        return number
    value = _read_rating(fold(text), column.scale, read_number)
    if not column.scale[0] <= value <= column.scale[1]:
        raise UnreadableCell("out-of-scale")
    return value


def _read_rating(
    text: str, scale: tuple[int, int], read_number: Callable[[str], int | Decimal]
) -> int | Decimal:
    """A number of a scale, alone or with its unit, its scale's end or its meaning, or as stars."""
    for spelling in (text, _bare_rating(text, scale)):
        try:
            return read_number(spelling)
        except UnreadableCell:
            continue
    raise UnreadableCell("unreadable-rating")


def _bare_rating(text: str, scale: tuple[int, int]) -> str:
    """The number in a rating that says more; the text itself where it is none."""
    top = scale[1]
    for pattern in (notation.rating_of(top), notation.RATING_WITH_UNIT):
        if found := re.fullmatch(pattern, text, re.ASCII):
            return found[1]
    if top <= notation.MOST_STARS and (stars := _count_stars(text, top)):
        return str(stars)
    found = re.fullmatch(notation.LABELLED_RATING, text, re.ASCII)
    number, label = found.groups() if found else (text, "")
    if found := re.fullmatch(notation.RATED_LABEL, text, re.ASCII):
        label, number = found.groups()
    leaning = notation.LEANINGS.get(label, 0)
    if leaning and leaning * (2 * Decimal(_ungrouped(number)) - sum(scale)) < 0:
        raise UnreadableCell("contradictory-rating")
    return number


def _count_stars(text: str, top: int) -> int:
    """How many stars are drawn, the missing ones hollow or left out; 0 where that is not all."""
    stars = text.rstrip(notation.HOLLOW_STAR)
    is_whole = len(text) == top or (stars == text and len(text) < top)
    return len(stars) if is_whole and not stars.strip(notation.STAR) else 0


def _spell_out(text: str, column: Column, reading: Reading) -> str:
    """What a known spelling stands for; every other text as it is."""
    spelt = fold(text)
    declared = dict(reading.spellings)
    if spelt in declared:
        return declared[spelt]
    return column.values.get(spelt, text)


def _read_several(text: str, column: Column, reading: Reading) -> str | None:
    """The values of a text that holds several, each spelt out; `None` where there is none."""
    parts = re.split("|".join(map(re.escape, column.separators)), text)
    values = (part.strip(notation.BLANKS) for part in parts)
    found = (_spell_out(value, column, reading) for value in values if value)
    return notation.BETWEEN_VALUES.join(found) or None


def _read_flag(text: str) -> bool:
    if text in notation.YES_WORDS:
        return True
    if text in notation.NO_WORDS:
        return False
    raise UnreadableCell("unreadable-flag")


def _read_integer(text: str) -> int:
    if not re.fullmatch(notation.INTEGER, text, re.ASCII):
        raise UnreadableCell("unreadable-integer")
    return int(_ungrouped(text).split(".")[0])


def _ungrouped(number: str) -> str:
    return re.sub(f"[{notation.THOUSANDS}]", "", number)


def _read_number(text: str, scale: tuple[int, int] | None) -> Decimal:
    """A number, or a percentage: on a scale that begins at 0, of its largest number."""
    percent = not (scale and scale[0]) and re.fullmatch(notation.PERCENT, text, re.ASCII)
    if not percent and not re.fullmatch(notation.NUMBER, text, re.ASCII):
        raise UnreadableCell("unreadable-number")
    value = _six_decimals(Decimal(_ungrouped(text.rstrip("% "))))
    if abs(value) >= notation.LARGEST_NUMBER:
        raise UnreadableCell("unreadable-number")
    return _six_decimals(value * (scale[1] if scale else 1) / 100) if percent else value


def _six_decimals(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.000001"), ROUND_HALF_UP)


_FROM_DAYS = (
    notation.DAY_CLOCK_DURATION,
    notation.DAYS_AND_CLOCK_DURATION,
    notation.WORDED_DURATION,
    rf"(?={notation.ISO_DURATION_END}$){notation.ISO_DURATION}",
)


def _read_duration(text: str, column: Column, reading: Reading) -> timedelta:
    clock = reading.clock
    if re.fullmatch(notation.PLAIN_AMOUNT, text, re.ASCII):
        amount = Decimal(_ungrouped(text))
        if reading.has_parts and _seconds(amount):
            raise UnreadableCell("one-number")
        return _seconds(amount * (reading.unit or Decimal(column.unit)))
    whole = re.fullmatch(notation.CLOCK_DURATION, text, re.ASCII)
    if whole:
        hours, minutes, seconds = whole.groups()
        return _seconds(Decimal(hours) * 3600 + Decimal(minutes) * 60 + Decimal(seconds))
    for pattern in _FROM_DAYS:
        found = re.fullmatch(pattern, text, re.ASCII)
        if found:
            amounts = zip(found.groups(), notation.WORDED_SECONDS, strict=True)
            return _seconds(sum((Decimal(_ungrouped(n)) * s for n, s in amounts if n), Decimal(0)))
    short = re.fullmatch(notation.SHORT_CLOCK_DURATION, text, re.ASCII)
    if short and clock is None:
        raise UnreadableCell("ambiguous-duration")
    if short and clock:
        pair = zip(short.groups(), clock.seconds, strict=True)
        return _seconds(sum((Decimal(n) * s for n, s in pair), Decimal(0)))
    raise UnreadableCell("unreadable-duration")


def _seconds(seconds: Decimal) -> timedelta:
    return timedelta(microseconds=int((seconds * 1_000_000).quantize(Decimal(1), ROUND_HALF_UP)))


def count_from(start: datetime | None, passed: timedelta | None) -> datetime | None:
    """The time that lies a duration after another; raises `UnreadableCell` where there is none."""
    if start is None or passed is None:
        return None
    try:
        moment = start + passed
    except OverflowError:
        raise UnreadableCell("unreadable-timestamp") from None
    if moment.year >= notation.LATEST_YEAR:
        raise UnreadableCell("unreadable-timestamp")
    return moment


_SPACE = r"[ \t\n\v\f\r]"
_TIME = (
    rf"(?:(?P<gap>{_SPACE}+|T)(?P<hour>\d{{1,2}}):(?P<minute>\d{{1,2}})"
    rf"(?::(?P<second>\d{{1,2}})(?P<fraction>\.\d{{1,6}})?)?(?:{_SPACE}*(?P<half>[AaPp][Mm]))?)?"
)
_BEFORE_OFFSET = r"(?P<year>\d{1,4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
_YEAR_FIRST = (
    r"(?P<year>\d{1,4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
    r"(?P<year>\d{1,4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日",
)
_LONG_OR_SHORT = r"(?:(?P<short>\d{2})|(?P<year>\d{1,4}))"
_NAMED = r"(?P<day>\d{1,2})(?P<mark>[- ])(?P<name>[A-Za-z]{3})(?P=mark)" + _LONG_OR_SHORT
_DATES = {
    None: (*_YEAR_FIRST, _NAMED),
    DateOrder.DAY_FIRST: (
        r"(?P<day>\d{1,2})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)" + _LONG_OR_SHORT,
        *_YEAR_FIRST,
        _NAMED,
    ),
    DateOrder.MONTH_FIRST: (
        r"(?P<month>\d{1,2})(?P<mark>[-/.])(?P<day>\d{1,2})(?P=mark)" + _LONG_OR_SHORT,
        *_YEAR_FIRST,
        _NAMED,
    ),
    DateOrder.YEAR_FIRST: (
        r"(?P<short>\d{2})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
        *_YEAR_FIRST,
        _NAMED,
    ),
}
_UNDECIDED = (
    rf"{notation.ORDERED_DATE}(?:[ T].*)?|{notation.SHORT_DATE}|{notation.SHORT_YEAR_FIRST}"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _read_timestamp(text: str, reading: Reading) -> datetime:
    offset = re.fullmatch(notation.OFFSET_TIME, text, re.ASCII)
    moment = _match_offset(offset, reading) if offset else _match_local(text, reading)
    if moment and not offset and reading.ahead is not None:
        moment = _in_zone(moment, reading.ahead, reading.zone)
    if moment and notation.EARLIEST_YEAR <= moment.year < notation.LATEST_YEAR:
        return moment
    is_undecided = reading.order is None and re.fullmatch(_UNDECIDED, text, re.ASCII)
    raise UnreadableCell("undecided-date" if is_undecided else "unreadable-timestamp")


def _match_local(text: str, reading: Reading) -> datetime | None:
    return _match_timestamp(text, reading.order) or _match_compact(text)


def _match_offset(offset: re.Match[str], reading: Reading) -> datetime | None:
    """A time with its offset from UTC, moved to the business's zone."""
    local, zulu, sign, hours, minutes = offset.groups()
    match = re.fullmatch(_BEFORE_OFFSET + _TIME, local, re.ASCII)
    moment = _moment(match.groupdict()) if match and not match["half"] else None
    if moment is None:
        return None
    shift = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    ahead = timedelta() if zulu else shift if sign == "+" else -shift
    return _in_zone(moment, ahead, reading.zone)


def _in_zone(moment: datetime, ahead: timedelta, zone: str) -> datetime | None:
    """A time of a place that is so far ahead of UTC, as a zone has it."""
    try:
        utc = (moment - ahead).replace(tzinfo=ZoneInfo("UTC"))
        return utc.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except OverflowError:
        return None


def _match_timestamp(text: str, order: DateOrder | None) -> datetime | None:
    for day in _DATES[order]:
        match = re.fullmatch(day + _TIME, text, re.ASCII)
        moment = _moment(match.groupdict()) if match else None
        if moment:
            return moment
    return None


def _moment(part: dict[str, str | None]) -> datetime | None:
    hour = int(part["hour"] or 0)
    if part["half"]:
        if part["gap"] == "T" or part["fraction"] or not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if part["half"].lower() == "pm" else 0)
    year, month = int(part.get("year") or 0), part.get("month")
    if short := part.get("short"):
        year = int(short) + (2000 if int(short) <= 68 else 1900)
    if name := part.get("name"):
        month = str(_MONTHS.index(name.lower()) + 1) if name.lower() in _MONTHS else "0"
    try:
        return datetime(
            year,
            int(month or 0),
            int(part["day"] or 0),
            hour,
            int(part["minute"] or 0),
            int(part["second"] or 0),
            int((part["fraction"] or ".0")[1:].ljust(6, "0")),
        )
    except ValueError:
        return None


def _match_compact(text: str) -> datetime | None:
    if not re.fullmatch(notation.COMPACT_TIME, text, re.ASCII):
        return None
    try:
        return datetime.strptime(text, notation.COMPACT_FORMATS[len(text)])
    except ValueError:
        return None
    return None
