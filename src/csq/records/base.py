"""The base of every record schema, and the rules between the fields of one record."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any, ClassVar, Protocol

from pydantic import (
    BaseModel,
    ConfigDict,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from csq.records import notation
from csq.records.column import Column, column_of
from csq.records.reading import (
    Reading,
    UnreadableCell,
    count_from,
    field_type_of,
    python_type,
    read_cell,
)
from csq.wording import Wording


class Rule(Protocol):
    """Something that must hold between the fields of one record."""

    @property
    def code(self) -> str: ...
    @property
    def fields(self) -> tuple[str, ...]: ...
    def holds(self, values: Mapping[str, Any]) -> bool: ...


@dataclass(frozen=True, slots=True)
class NotBefore:
    """`later` is not before `earlier` where both are known."""

    later: str
    earlier: str
    code: str = "time-order"

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.later, self.earlier)

    def holds(self, values: Mapping[str, Any]) -> bool:
        later, earlier = values.get(self.later), values.get(self.earlier)
        return later is None or earlier is None or bool(later >= earlier)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the fields is filled."""

    fields: tuple[str, ...]
    code: str = "all-blank"

    def holds(self, values: Mapping[str, Any]) -> bool:
        return any(values.get(field) is not None for field in self.fields)


@dataclass(frozen=True, slots=True)
class NotLonger:
    """`part` is not longer than the time from `earlier` to `later`, where all are known."""

    part: str
    earlier: str
    later: str
    code: str = "longer-than-whole"

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.part, self.earlier, self.later)

    def holds(self, values: Mapping[str, Any]) -> bool:
        part, earlier, later = (values.get(field) for field in self.fields)
        if part is None or earlier is None or later is None:
            return True
        return bool(part <= later - earlier)


def no_ids(name: str, column: Column) -> Mapping[str, str]:
    """What no id of this column is, as patterns, each by the code of the problem that it is."""
    headers = (name, *column.names)
    return {
        "flattened-id": notation.FLATTENED_ID,
        "totals-row": notation.TOTALS_ROW,
        "footnote-row": notation.FOOTNOTE_ROW,
        "repeated-header": f"(?i:{'|'.join(map(re.escape, headers))})",
        "placeholder-id": notation.PLACEHOLDER_ID,
        "invisible-id": notation.INVISIBLE_ID,
    }


@dataclass(frozen=True, slots=True)
class _ReadCell:
    """What a cell says, `None` for nothing, or the code of the problem that it is."""

    value: Any = None
    code: str | None = None


@lru_cache(maxsize=1024)
def _reader_of(
    model: type[Record], name: str, reading: Reading
) -> Callable[[str | None], _ReadCell]:
    """How the cells of one column are read; what many rows share is read once."""
    field = model.model_fields[name]
    column = column_of(field.metadata)
    annotation = timedelta if reading.since else python_type(field_type_of(field.annotation))
    forbidden = no_ids(name, column) if name == model.key else {}

    @lru_cache(maxsize=4096)
    def read(cell: str | None) -> _ReadCell:
        try:
            value = read_cell(cell, annotation, column, reading)
        except UnreadableCell as unreadable:
            return _ReadCell(code=unreadable.code)
        if isinstance(value, str):
            for code, pattern in forbidden.items():
                if re.fullmatch(pattern, value, re.ASCII):
                    return _ReadCell(code=code)
        return _ReadCell(value)

    return read


_PLAIN = Reading()


class Record(BaseModel):
    """One row of an export, checked.

    Validates from the cells' text: `model_validate(cells, context=readings)`, where `readings`
    maps a field to the `Reading` that says how its file spells times and numbers.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True
    )

    source: ClassVar[str]
    """What the definition calls this kind of record: `tickets`."""
    title: ClassVar[Wording]
    key: ClassVar[str | None] = None
    """The field that names a record: two rows with the same key are the same thing twice."""
    time: ClassVar[tuple[str, ...]] = ()
    """The fields that say when a record happened: the first that is filled counts."""
    rules: ClassVar[tuple[Rule, ...]] = ()

    @field_validator("*", mode="before")
    @classmethod
    def _read_cell(cls, cell: object, info: ValidationInfo) -> object:
        assert info.field_name is not None
        if not (cell is None or isinstance(cell, str)):
            return cell
        readings: Mapping[str, Reading] = info.context or {}
        reading = readings.get(info.field_name, _PLAIN)
        found = _reader_of(cls, info.field_name, reading)(cell)
        if found.code:
            raise PydanticCustomError(found.code, "{code}", {"code": found.code})
        value = found.value
        if reading.since:
            try:
                value = count_from(info.data.get(reading.since), value)
            except UnreadableCell as beyond:
                raise PydanticCustomError(beyond.code, "{code}", {"code": beyond.code}) from None
        if value is not None:
            return value
        field = cls.model_fields[info.field_name]
        if field.is_required():
            raise PydanticCustomError("blank-cell", "blank")
        return field.get_default()

    @model_validator(mode="after")
    def _hold_rules(self) -> Record:
        # Of the class: a field of the user's own may have that name.
        for rule in type(self).rules:
            if not rule.holds(vars(self)):
                raise PydanticCustomError(rule.code, "{fields}", {"fields": list(rule.fields)})
        return self
