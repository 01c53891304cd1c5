"""A kind of record as the rest of csq sees it: `Schema` and its `Field`s, and the catalogue.

A further kind of export is one new file in this folder with a `Record` in it; it is found here.
"""

from __future__ import annotations

import importlib
import pkgutil
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any

from pydantic import create_model

import csq.records
from csq.records.base import Record, Rule
from csq.records.column import Column, column_of
from csq.records.reading import FieldType, field_type_of, python_type
from csq.wording import Wording


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field of a kind of record."""

    name: str
    type: FieldType
    column: Column
    required: bool = False
    default: bool | None = None
    """What a blank cell holds; only flags have one."""
    from_events: bool = False
    """Whether the rows of a case tell it together, whatever a column says."""

    @property
    def title(self) -> Wording:
        return self.column.title

    @property
    def is_id(self) -> bool:
        """Whether it holds the ids of rows, people or things."""
        named = self.name.endswith("_id") or self.column.refers_to is not None
        return self.type is FieldType.TEXT and named

    @property
    def own_headers(self) -> tuple[str, ...]:
        """Every spelling of a header that means this very field."""
        return (self.name, *self.column.names)

    @property
    def headers(self) -> tuple[str, ...]:
        """Every spelling of a header that is taken for this field without being declared."""
        return (*self.own_headers, *self.column.stand_ins)


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """A kind of record: its fields, its key, the fields that say when it happened, its rules.

    Two schemas are the same only if they are one object: a run makes each once.
    """

    source: str
    title: Wording
    fields: tuple[Field, ...]
    key: str | None
    time: tuple[str, ...]
    rules: tuple[Rule, ...]
    model: type[Record]
    case_rules: tuple[Rule, ...] = ()
    """The rules that no row can break by itself, because events tell what they are about."""

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    def find(self, spelling: str) -> Field | None:
        """The field a person means by its name or its title in either language."""
        wanted = spelling.casefold()
        for field in self.fields:
            if wanted in {field.name.casefold(), field.column.zh, field.column.en.casefold()}:
                return field
        return None

    def extended(self, columns: Iterable[tuple[str, FieldType, Column]]) -> Schema:
        """This schema with the user's own fields, checked like the others."""
        own = [each for each in columns if not self.field(each[0]) and not is_reserved(each[0])]
        if not own:
            return self
        definitions: dict[str, Any] = {
            name: (Annotated[python_type(type_) | None, column], None)
            for name, type_, column in own
        }
        fields = tuple(Field(name, type_, column) for name, type_, column in own)
        base: type[Record] = self.model
        with warnings.catch_warnings():
            # A field may be called `title`, as the model calls something of its own.
            warnings.filterwarnings("ignore", "Field name .* shadows", UserWarning)
            model: type[Record] = create_model(base.__name__, __base__=base, **definitions)
        return replace(self, fields=self.fields + fields, model=model)

    def folded(self, required: Iterable[str], from_events: Iterable[str]) -> Schema:
        """This schema for rows of which several make a case.

        Each must fill the `required` fields. What is taken `from_events` is in no row, so no row
        is checked for it.
        """
        needed, taken = frozenset(required), frozenset(from_events)
        fields = tuple(
            replace(
                field,
                required=(field.required or field.name in needed) and field.name not in taken,
                from_events=field.name in taken,
            )
            for field in self.fields
        )
        definitions: dict[str, Any] = {
            field.name: (Annotated[python_type(field.type), field.column], ...)
            if field.required
            else (Annotated[python_type(field.type) | None, field.column], None)
            for field in fields
            if field.name in needed | taken
        }
        rules = tuple(rule for rule in self.rules if not taken & set(rule.fields))
        base: type[Record] = self.model
        model: type[Record] = create_model(base.__name__, __base__=base, **definitions)
        model.rules = rules
        broken_by_cases = tuple(rule for rule in self.rules if rule not in rules)
        return replace(self, fields=fields, rules=rules, model=model, case_rules=broken_by_cases)


def is_reserved(name: str) -> bool:
    """Whether no field can have this name: the tables of the engine or the models have it."""
    return name.startswith("_") or (name.startswith("model_") and hasattr(Record, name))


def schema_of(model: type[Record]) -> Schema:
    fields = tuple(
        Field(
            name=name,
            type=field_type_of(info.annotation),
            column=column_of(info.metadata),
            required=info.is_required(),
            default=None if info.is_required() else info.get_default(),
        )
        for name, info in model.model_fields.items()
    )
    return Schema(model.source, model.title, fields, model.key, model.time, model.rules, model)


@cache
def known_schemas() -> dict[str, Schema]:
    """Every kind of record csq ships, by source name, in the order of the files' names."""
    found = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(csq.records.__path__)):
        members = vars(importlib.import_module(f"csq.records.{module}")).values()
        for member in members:
            is_record = isinstance(member, type) and issubclass(member, Record)
            if is_record and member.__module__ == f"csq.records.{module}" and member is not Record:
                found[member.source] = schema_of(member)
    return found
