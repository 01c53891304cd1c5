"""How many rows of an export hold what a definition asks of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from csq.coverage import find_data_end, whole_time
from csq.engines.base import Engine
from csq.formula.compile import compile_row
from csq.formula.mentions import Mention, mentions_in
from csq.formula.tree import fields_in
from csq.intake.intake import Intake
from csq.intake.staging.stage import StagedSource
from csq.linting.parts import Part
from csq.occurrence import counted_where
from csq.plan import rows_of
from csq.records.schema import Field


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of a source fill each field, have each text, and fulfil each condition."""

    rows: int
    filled: Mapping[Field, int]
    having: Mapping[Mention, int]
    before: Mapping[Part, int]
    held: Mapping[Part, int]

    def is_unfilled(self, field: Field) -> bool:
        """Whether no row has a value in the field."""
        return not self.filled.get(field)


def count_parts(
    engine: Engine, source: StagedSource, parts: Sequence[Part], intake: Intake
) -> Counts:
    """One query for everything that is asked of a source."""
    fields = [
        field
        for field in dict.fromkeys(f for part in parts for t in part.terms for f in fields_in(t))
        if field.name in source.fields
    ]
    mentions = list(dict.fromkeys(m for part in parts for t in part.terms for m in mentions_in(t)))
    mentions = [each for each in mentions if each.is_carried(source.fields)]
    tested = [part for part in parts if part.condition is not None]
    asked: list[exp.Expr] = [exp.Count(this=exp.Star())]
    asked += [exp.Count(this=exp.column(field.name, quoted=True)) for field in fields]
    asked += [counted_where(compile_row(each.as_condition())) for each in mentions]
    for part in tested:
        assert part.condition is not None
        for conditions in (part.base, (*part.base, part.condition)):
            compiled = [compile_row(each) for each in conditions]
            asked.append(counted_where(exp.and_(*compiled, copy=False) if compiled else exp.true()))
    terms = [term for part in tested for term in (*part.base, *part.terms)]
    schema, data_end = source.schema, find_data_end(engine, intake)
    rows = rows_of(schema, None, [whole_time(intake)], terms, data_end=data_end)
    select = exp.select(*(exp.alias_(each, f"a{n}") for n, each in enumerate(asked)))
    (answers,) = engine.fetch(select.from_(rows.source))
    every, *rest = answers
    of_fields, rest = rest[: len(fields)], rest[len(fields) :]
    of_mentions, of_parts = rest[: len(mentions)], rest[len(mentions) :]
    return Counts(
        every,
        dict(zip(fields, of_fields, strict=True)),
        dict(zip(mentions, of_mentions, strict=True)),
        dict(zip(tested, of_parts[::2], strict=True)),
        dict(zip(tested, of_parts[1::2], strict=True)),
    )
