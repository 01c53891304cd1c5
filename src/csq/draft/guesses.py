"""What the columns of an export might be where their headers do not say it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from csq.draft.cells import SampledColumn, find_earliest
from csq.draft.likeness import (
    FAINT,
    LIKELY,
    SUGGESTED,
    measure_likeness,
    measure_question,
    split_words,
)
from csq.intake.headers.columns import MatchedColumn
from csq.intake.headers.keys import header_key
from csq.records import notation
from csq.records.moments import is_time_of_day
from csq.records.reading import FieldType
from csq.records.schema import Field, Schema
from csq.records.script import simplify

_GUESSES = 3
_CERTAIN = 0.8
"""How alike a name must be to be a beginning although another time comes before it."""
_DATE_ONLY = re.compile(r"[^:]*")
_NUMBERS_RECORDS = frozenset(
    {"unique", "id", "key", "no", "number", "record", "row", "serial", "index", "case", "sr"}
    | {"编号", "唯一编号", "唯一标识", "流水号", "单号", "序号", "记录编号", "记录id"}
)
"""Words of a header that numbers records of whatever kind."""


_OF_OTHER_THINGS = re.compile(
    "(?i)birth|purchas|order|hire|join|warranty|生日|出生|购买|下单|订单|入职|质保|到期|预约"
)
"""What a time is called that is of the customer, the agent or the goods and not of the contact."""
_OF_THE_RECORD = re.compile("(?i)updated|modified|更新|修改")
"""What a time is called at which somebody touched the record, whatever for."""
_ENDS_AN_ID = re.compile(r"(?i)(?:编号|单号|流水号|号|\bno\.?|number|id|key)$")


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A column that is no field, what its cells look like, and the fields it might be."""

    header: str
    shape: FieldType
    guesses: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """Where a field might stand: under one header, or in several joined; and how alike they are."""

    headers: tuple[str, ...]
    likeness: float


def name_likeliest(column: SampledColumn, fields: Iterable[Field]) -> Unplaced:
    """A column with the fields most like it by name, of those its cells fit."""
    alike = (
        (measure_question(column.header, each), each) for each in fields if column.may_be(each)
    )
    best = sorted((pair for pair in alike if pair[0] >= FAINT), key=lambda pair: -pair[0])
    return Unplaced(column.header, column.shape, tuple(each for _, each in best[:_GUESSES]))


def suggest_columns(columns: Sequence[SampledColumn], fields: Iterable[Field]) -> dict[str, str]:
    """A header for each field that a column is like enough: the likest pairs go first."""
    pairs = [
        (measure_question(column.header, field), -position, field.name, column.header)
        for position, column in enumerate(columns)
        for field in fields
        if column.filled and column.may_be(field) and not _OF_THE_RECORD.search(column.header)
    ]
    found: dict[str, str] = {}
    for likeness, _, name, header in sorted(pairs, reverse=True):
        if likeness >= SUGGESTED and name not in found and header not in found.values():
            found[name] = header
    return found


def guess_required(
    columns: Sequence[SampledColumn], schema: Schema, placed: Mapping[str, MatchedColumn]
) -> dict[str, Guess] | None:
    """Where each required field might stand that has no column, and a time if none is placed.

    `None` where one cannot be guessed: the name must be alike and the cells must fit. No name is
    needed for the only column of times, for the earliest of several, and for one that numbers the
    rows; that some column has a telling name is needed all the same.
    """
    taken = {position for column in placed.values() for position in column.positions}
    free = [each for position, each in enumerate(columns) if position not in taken]
    found: dict[str, Guess] = {}
    is_named = bool(placed)
    for fields in required_fields(schema, placed):
        fitting = [
            (_weigh(column, field, schema, columns), -position, field, column)
            for field in fields
            for position, column in enumerate(free)
            if _may_be_required(column, field, schema)
        ]
        if not fitting:
            return None
        likeness, _, field, column = max(fitting, key=lambda each: each[:2])
        is_time = field.type is FieldType.TIMESTAMP
        begin = _find_begin(columns) if is_time and len(fields) == 1 else None
        if likeness < LIKELY:
            alone = begin
            if alone is None and is_time and len({each[1] for each in fitting}) == 1:
                alone = column
            if alone is None or alone not in free or _is_of_another(alone, field, schema):
                return None
            column, likeness = alone, measure_likeness(alone.header, field)
        elif likeness < _CERTAIN and begin in free and _may_begin(begin, field, schema):
            # What is somewhat alike may be an end, such as “end_time” beside “started”.
            column, likeness = begin, max(LIKELY, measure_likeness(begin.header, field))
        free.remove(column)
        headers: tuple[str, ...] = (column.header,)
        if is_time and _is_day_only(column):
            of_day = [each for each in free if _is_time_of_day(each)]
            headers += (of_day[0].header,) if len(of_day) == 1 else ()
            free = [each for each in free if each.header not in headers]
        found[field.name] = Guess(headers, likeness)
        is_named |= measure_likeness(column.header, field) >= LIKELY
    return found if is_named else None


def _may_begin(column: SampledColumn, field: Field, schema: Schema) -> bool:
    return not (_is_time_of_day(column) or _is_of_another(column, field, schema))


def _is_of_another(column: SampledColumn, field: Field, schema: Schema) -> bool:
    """Whether a time is about something else than the field, or named like another field."""
    others = (each for each in schema.fields if each is not field and each.type is field.type)
    return bool(_OF_OTHER_THINGS.search(column.header)) or any(
        measure_likeness(column.header, each) >= SUGGESTED for each in others
    )


def _find_begin(columns: Iterable[SampledColumn]) -> SampledColumn | None:
    """Of several columns of times the one that comes before the others: there a record began.

    A day of birth or of an order lies before them all, and is about something else.
    """
    times = [
        each
        for each in columns
        if FieldType.TIMESTAMP in each.kinds and not _OF_OTHER_THINGS.search(each.header)
    ]
    return find_earliest(times)


def required_fields(
    schema: Schema, placed: Mapping[str, MatchedColumn]
) -> Iterator[tuple[Field, ...]]:
    """The fields that must be found, of each group one."""
    for field in schema.fields:
        if field.required and field.name not in placed:
            yield (field,)
    times = tuple(field for field in schema.fields if field.name in schema.time)
    if times and not any(field.required or field.name in placed for field in times):
        yield times


def _weigh(
    column: SampledColumn, field: Field, schema: Schema, columns: Iterable[SampledColumn]
) -> float:
    """How alike they are; a column that only says that it numbers something may be the key.

    So may one that numbers something else, where no other column numbers the rows.
    """
    likeness = measure_likeness(column.header, field)
    if field.name == schema.key:
        numbering = [e for e in columns if e.numbers_rows and _ENDS_AN_ID.search(e.header.strip())]
        says_nothing = _NUMBERS_RECORDS.issuperset(split_words(column.header))
        return max(likeness, LIKELY) if says_nothing or numbering == [column] else likeness
    return likeness


def _may_be_required(column: SampledColumn, field: Field, schema: Schema) -> bool:
    if not column.filled or not column.may_be(field) or field.type not in column.kinds:
        return False
    return field.name != schema.key or (
        column.numbers_rows and column.shape is not FieldType.NUMBER  # shares number no rows
    )


def _is_time_of_day(column: SampledColumn) -> bool:
    named = header_key(simplify(column.header)).endswith(("time", "时间", "时刻"))
    cells = map(notation.narrow, column.filled)
    return named and bool(column.filled) and all(map(is_time_of_day, cells))


def _is_day_only(column: SampledColumn) -> bool:
    return all(_DATE_ONLY.fullmatch(cell) for cell in column.filled)


# Event logs -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EventLog:
    """That several rows make a case: under which headers its key, time and activity stand."""

    key: str
    time: str
    activity: str | None


_OF_ACTIVITIES = frozenset(
    {"activity", "event", "action", "step", "stage", "state", "status", "operation"}
    | {"活动", "事件", "动作", "操作", "步骤", "环节", "节点", "状态"}
)
_REPEATED = 0.7
"""The share of different keys among the first rows below which several rows make a case."""
_FEWEST = 10
_MOST_ACTIVITIES = 30


def find_event_log(columns: Sequence[SampledColumn], key: str) -> EventLog | None:
    """Whether the rows are events, several of a case, whose id stands under `key`."""
    ids = next((each.cells for each in columns if each.header == key), ())
    filled = [cell for cell in ids if cell]
    if len(filled) < _FEWEST or len(set(filled)) > _REPEATED * len(filled):
        return None
    changing = [each for each in columns if each.header != key and _changes(ids, each.cells)]
    times = [each for each in changing if each.shape is FieldType.TIMESTAMP]
    if not times:
        return None
    time = max(times, key=lambda each: len(set(each.filled)))
    named = [
        each
        for each in changing
        if each.shape is FieldType.TEXT
        and 1 < len(set(each.filled)) <= _MOST_ACTIVITIES
        and _names_activities(each.header)
    ]
    return EventLog(key, time.header, named[0].header if named else None)


def _names_activities(header: str) -> bool:
    words = split_words(header)
    return bool(_OF_ACTIVITIES.intersection(words)) or any(
        not word.isascii() and word in "".join(words) for word in _OF_ACTIVITIES
    )


def _changes(ids: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a column says different things of most of the cases that have several rows."""
    said: dict[str, list[str]] = {}
    for case, cell in zip(ids, cells, strict=True):
        if case:
            said.setdefault(case, []).append(cell)
    several = [each for each in said.values() if len(each) > 1]
    return sum(len(set(each)) > 1 for each in several) * 2 > len(several)
