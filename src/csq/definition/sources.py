"""What `sources:` settles about exports."""

from __future__ import annotations

import codecs
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from csq.definition.base import BilingualText, Model, TextList, read_list
from csq.records.notation import Clock, DateOrder, fold
from csq.records.reading import FieldType
from csq.records.schema import Field as SchemaField


class Duplicates(StrEnum):
    ERROR = "error"
    FIRST = "first"
    LAST = "last"


def _known_encoding(name: str) -> str:
    """The encoding by the name Python knows it by, of text and not of bytes."""
    try:
        "".encode(name)
        return codecs.lookup(name).name
    except (LookupError, UnicodeError, ValueError):
        raise PydanticCustomError(
            "expected", "{expected}", {"expected": "utf-8, gb18030, big5, cp1252, …"}
        ) from None


SeparatorText = Annotated[
    tuple[Annotated[str, StringConstraints(min_length=1)], ...],
    BeforeValidator(read_list, json_schema_input_type=str | list[str]),
]


class OwnField(Model):
    """A field the user adds to a source."""

    type: FieldType
    columns: TextList = ()
    title: BilingualText | None = None
    scale: tuple[int, int] | None = None
    unit: Literal["s", "min", "h"] = "s"
    separator: SeparatorText = ()
    """What stands between the values of a text that holds several: any one of these."""

    @model_validator(mode="after")
    def _several_of_text(self) -> Self:
        if self.separator and self.type is not FieldType.TEXT:
            raise PydanticCustomError("expected", "{expected}", {"expected": "type: text"})
        return self


def _read_columns(value: object) -> object:
    return {"headers": read_list(value)} if isinstance(value, str | list) else value


class Columns(Model):
    """Where a field stands in a file: under one of `headers`, or in several columns joined.

    `join` is for values that are spelt in parts, such as a date and a time of day.
    """

    headers: tuple[str, ...] = ()
    join: tuple[str, ...] = ()


ColumnsText = Annotated[
    Columns,
    BeforeValidator(_read_columns, json_schema_input_type=str | list[str] | Columns),
]


class Grain(Model):
    """Several rows a case become one: the cases are those of `key`.

    A case is what its first or last row says, by `time`, without it by the order of the files and
    their rows. `activity` is the field that says what happened, or what state began.
    """

    key: str
    keep: Literal["first", "last"] = "last"
    time: str | None = None
    activity: str | None = None


EVERY_ACTIVITY = "*"


class Event(Model):
    """What a field takes from the rows of a case: exactly one of the four is given.

    `first` and `last`: the time of the first and the last row with one of these activities, where
    `*` is every activity; `count`: how many such rows; `spent`: the time from each of them to the
    next row of the case. With `after` only rows directly after one with such an activity count.
    """

    first: TextList | None = None
    last: TextList | None = None
    count: TextList | None = None
    spent: TextList | None = None
    after: TextList = ()

    @model_validator(mode="after")
    def _takes_one_thing(self) -> Self:
        if sum(bool(each) for each in (self.first, self.last, self.count, self.spent)) != 1:
            raise PydanticCustomError(
                "expected", "{expected}", {"expected": "{ first: … } | last | count | spent"}
            )
        return self

    @property
    def takes(self) -> FieldType:
        """What kind of value it gives."""
        if self.count:
            return FieldType.INTEGER
        return FieldType.DURATION if self.spent else FieldType.TIMESTAMP

    @property
    def activities(self) -> tuple[str, ...]:
        return self.first or self.last or self.count or self.spent or ()

    @property
    def is_in_every_case(self) -> bool:
        """Whether no case is without it."""
        is_time = self.takes is FieldType.TIMESTAMP
        return is_time and EVERY_ACTIVITY in self.activities and not self.after


EVERY_COLUMN = "*"


def _read_nulls(value: object) -> object:
    return {EVERY_COLUMN: value} if isinstance(value, str | list) else value


NullsText = Annotated[
    dict[str, TextList],
    BeforeValidator(
        _read_nulls, json_schema_input_type=str | list[str] | dict[str, str | list[str]]
    ),
]


def _read_orders(value: object) -> object:
    if value is None or isinstance(value, dict):
        return value or {}
    return {EVERY_COLUMN: value}


OrdersText = Annotated[
    dict[str, DateOrder],
    BeforeValidator(_read_orders, json_schema_input_type=DateOrder | dict[str, DateOrder]),
]


class SourceSettings(Model):
    """What the headers of a source's exports do not settle by themselves."""

    files: TextList = ()
    columns: dict[str, ColumnsText] = Field(default_factory=dict)
    values: dict[str, dict[str, TextList]] = Field(default_factory=dict)
    fields: dict[str, OwnField] = Field(default_factory=dict)
    duplicates: Duplicates = Duplicates.LAST
    grain: Grain | None = None
    events: dict[str, Event] = Field(default_factory=dict)
    nulls: NullsText = Field(default_factory=dict)
    """What stands for nothing, by field; `*`: in every column."""
    date_order: OrdersText = Field(default_factory=dict)
    """The order of day and month, by field; `*`: in every column."""
    decimal: Literal[".", ","] | None = None
    """The decimal mark of numbers and durations; without it, it is found out."""
    clock: Clock | None = None
    """What a duration such as `03:25` is."""
    sheet: TextList = ()
    """The sheets of a workbook to read; without it all that are recognised as this source."""
    encoding: Annotated[str, AfterValidator(_known_encoding)] | None = None
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] | None = None
    header_row: Annotated[int, Field(ge=1, le=1000)] | None = None
    """The row of the header, counted from 1; without it the header is found."""
    skip_rows: Annotated[int, Field(ge=0, le=1000)] = 0
    """Rows directly under the header that are no data: units, a second header."""

    def nulls_of(self, field: str) -> tuple[str, ...]:
        return (*self.nulls.get(EVERY_COLUMN, ()), *self.nulls.get(field, ()))

    def order_of(self, field: str) -> DateOrder | None:
        return self.date_order.get(field) or self.date_order.get(EVERY_COLUMN)

    def spellings(self, field: SchemaField) -> tuple[tuple[str, str], ...]:
        """Declared spellings of a field's values, folded, and the value each stands for.

        A value that csq knows may be called by its name in either language. Its name stands for
        it unless it is declared for another one: of ten points a 5 may be worth 3.
        """
        english = {fold(term.en): term.zh for term in field.column.terms}
        values = self.values.get(field.name, {})
        meant = {value: english.get(fold(value), value) for value in values}
        declared = [(fold(s), meant[value]) for value, several in values.items() for s in several]
        known = {spelling for spelling, _ in declared}
        own = [(fold(value), meant[value]) for value in values if fold(value) not in known]
        return (*own, *declared)
