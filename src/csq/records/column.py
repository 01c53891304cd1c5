"""What a field of a record is: its names, its unit, its vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema

from csq.records.notation import fold
from csq.wording import Wording


@dataclass(frozen=True, slots=True)
class Term:
    """One value of a column with a fixed vocabulary, and how exports spell it.

    `zh` is the value the data holds after intake; unknown spellings stay as they are.
    """

    zh: str
    en: str
    spellings: tuple[str, ...] = ()

    @property
    def all_spellings(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(fold(s) for s in (self.zh, self.en, *self.spellings)))


@dataclass(frozen=True)
class Column:
    """What a person calls a field, how exports head it, and what it holds.

    `assumed`: where the export has no such column, every row is taken to hold the default, and
    the report says so. `scale`: the smallest and the largest number it may hold.
    `unit`: seconds in one plain number of a duration column. `planned`: a time at which something
    is due, which may lie ahead of everything that has happened. `refers_to`: the source and the
    field that know every value, where that source is among the exports: `tickets.ticket_id`.
    `since`: the field from which this time is counted where an export gives a length of time
    instead; `elapsed`: how such a column is headed.
    `part_of`: the field of the same record that it is a part of, and so never more than.
    `between`: the two times of the same record between which this duration passes, more or less.
    A flag without a column of its own may be told by another field: `filled_by` one that is filled
    where it holds, or `opposite_of` a flag with a column, `unless` a column of one of those fields
    says that some rows are neither. `counts`: a number of things or times, never below 0.
    `separators`: what stands between the values of a text that holds several. `stand_ins`: headers
    of what tells the field where it has no column of its own, such as the caller's number for the
    customer's.
    `prose`: a remark that people read and nothing is counted by: where a spreadsheet shows that it
    has no value, it is blank.
    """

    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    example: str = ""
    about: Wording | None = None
    assumed: bool = False
    scale: tuple[int, int] | None = None
    unit: int = 1
    terms: tuple[Term, ...] = ()
    planned: bool = False
    refers_to: str | None = None
    since: str | None = None
    elapsed: tuple[str, ...] = ()
    part_of: str | None = None
    between: tuple[str, str] | None = None
    filled_by: str | None = None
    opposite_of: str | None = None
    unless: tuple[str, ...] = ()
    counts: bool = False
    separators: tuple[str, ...] = ()
    stand_ins: tuple[str, ...] = ()
    prose: bool = False

    def also(
        self,
        *aliases: str,
        stand_ins: tuple[str, ...] = (),
        example: str = "",
        refers_to: str | None = None,
    ) -> Column:
        """This column as one kind of record has it: with headers that only its exports have."""
        return replace(
            self,
            aliases=(*self.aliases, *aliases),
            stand_ins=stand_ins,
            example=example or self.example,
            refers_to=refers_to,
        )

    @property
    def title(self) -> Wording:
        return Wording(self.zh, self.en)

    @property
    def names(self) -> tuple[str, ...]:
        """What exports call it that have a column of its own."""
        return (self.zh, self.en, *self.aliases)

    @cached_property
    def values(self) -> Mapping[str, str]:
        """What each known spelling of a value, folded, stands for."""
        found: dict[str, str] = {}
        for term in self.terms:
            for spelling in term.all_spellings:
                found.setdefault(spelling, term.zh)
        return found

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        described = handler(core_schema)
        described["title"] = f"{self.zh} / {self.en}"
        if self.about:
            described["description"] = f"{self.about.zh} / {self.about.en}"
        if self.example:
            described["examples"] = [self.example]
        if self.scale:
            described["minimum"], described["maximum"] = self.scale
        if self.counts:
            described["minimum"] = 0
        if self.terms:
            described["x-terms"] = {term.zh: list(term.all_spellings) for term in self.terms}
        described["x-headers"] = [self.zh, self.en, *self.aliases]
        if self.stand_ins:
            described["x-stand-in-headers"] = list(self.stand_ins)
        if self.elapsed:
            described["x-elapsed-headers"] = list(self.elapsed)
        return described


def column_of(metadata: list[Any]) -> Column:
    """The `Column` a model's field is annotated with."""
    return next(item for item in metadata if isinstance(item, Column))
