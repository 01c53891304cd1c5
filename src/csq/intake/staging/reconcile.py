"""What exports say of each other, and columns of one export of each other, that cannot be.

Surveys that name tickets nobody exported, calls of agents who are not on the roster, parts that are
more than their whole. It is counted and told; no row is refused for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlglot import exp

from csq.engines.base import StagingEngine
from csq.errors import Problem
from csq.intake.export import Export
from csq.intake.staging.incoming import FILE, ROW
from csq.intake.staging.stage import StagedSource
from csq.intake.staging.tables import table_of
from csq.problems.rows import DOUBTFUL_UNIT, PART_OVER_WHOLE, UNKNOWN_REFERENCE
from csq.records.schema import Field


@dataclass(frozen=True, slots=True)
class Reference:
    """A field whose values the key of another source, that was exported too, should know."""

    source: str
    field: Field
    target: str
    key: str

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of its source that it is about."""
        return (self.field.name,)


@dataclass(frozen=True, slots=True)
class Part:
    """A field that is a part of another one of the same rows."""

    source: str
    field: Field
    whole: Field

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field.name, self.whole.name)


@dataclass(frozen=True, slots=True)
class Span:
    """A duration that passes between two times of the same rows."""

    source: str
    field: Field
    start: Field
    end: Field

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field.name, self.start.name, self.end.name)


Claim = Reference | Part | Span
"""What must hold of a source besides the rules of its rows."""


def find_claims(exports: Mapping[str, Sequence[Export]]) -> tuple[Claim, ...]:
    """The references and parts of which both sides are among the exports."""
    carried = {
        source: frozenset().union(*(export.matching.fields for export in parts))
        for source, parts in exports.items()
    }
    found: list[Claim] = []
    for source, exported in exports.items():
        schema = exported[0].matching.schema
        for field in schema.fields:
            target, _, key = (field.column.refers_to or "").partition(".")
            whole = schema.field(field.column.part_of or "")
            if field.name not in carried[source]:
                continue
            if key in carried.get(target, frozenset()):
                found.append(Reference(source, field, target, key))
            if whole and whole.name in carried[source]:
                found.append(Part(source, field, whole))
            times = [schema.field(name) for name in field.column.between or ()]
            known = [time for time in times if time and time.name in carried[source]]
            if len(known) == 2:
                found.append(Span(source, field, *known))
    return tuple(found)


def reconcile(
    engine: StagingEngine, sources: Mapping[str, StagedSource], claims: Iterable[Claim]
) -> Iterator[Problem]:
    """For each claim and export, how many rows do not fulfil it.

    The place and the value are those of the first such row. No row is refused for it.
    """
    asked = [claim for claim in claims if _says_something(claim, sources)]
    found: dict[Claim, dict[int, tuple[Any, ...]]] = {}
    for source in dict.fromkeys(claim.source for claim in asked):
        found |= _weigh(engine, sources, [claim for claim in asked if claim.source == source])
    for claim in asked:
        staged = sources[claim.source]
        for file, answer in sorted(found[claim].items()):
            if isinstance(claim, Span):
                yield from _tell_span(claim, staged.exports[file], *answer)
                continue
            whole, count, row, value = answer
            if not count:
                continue
            place = replace(staged.exports[file].place, row=row)
            match claim:
                case Reference(field=field, target=target):
                    yield UNKNOWN_REFERENCE.at(
                        place,
                        count=count,
                        whole=whole,
                        value=value,
                        field=field.title,
                        target=sources[target].schema.title,
                    )
                case Part(field=field, whole=other):
                    yield PART_OVER_WHOLE.at(
                        place, count=count, whole=whole, field=field.title, other=other.title
                    )


def _says_something(claim: Claim, sources: Mapping[str, StagedSource]) -> bool:
    """Whether the other side of a claim has rows: each has the key that a reference is to."""
    return not isinstance(claim, Reference) or bool(sources[claim.target].days)


def _weigh(
    engine: StagingEngine, sources: Mapping[str, StagedSource], claims: Sequence[Claim]
) -> dict[Claim, dict[int, tuple[Any, ...]]]:
    """The answers to each claim about one source, by export; one pass over its rows."""
    derived = [
        exp.alias_(_derive(claim, sources), f"_d{number}", copy=False)
        for number, claim in enumerate(claims)
    ]
    table = table_of(sources[claims[0].source].schema)
    rows = exp.Select(expressions=[exp.Star(), *derived]).from_(table, copy=False)
    asked = [_ask(claim, exp.column(f"_d{number}")) for number, claim in enumerate(claims)]
    query = exp.Select(expressions=[exp.column(FILE), *(each for some in asked for each in some)])
    query.from_(rows.subquery("derived", copy=False), copy=False)
    found: dict[Claim, dict[int, tuple[Any, ...]]] = {claim: {} for claim in claims}
    for file, *answers in engine.fetch(query.group_by(exp.column(FILE), copy=False)):
        for claim, some in zip(claims, asked, strict=True):
            found[claim][file] = tuple(answers[: len(some)])
            answers = answers[len(some) :]
    return found


def _derive(claim: Claim, sources: Mapping[str, StagedSource]) -> exp.Expr:
    """Whether a row breaks a claim; of a span, how long it took."""
    column, *others = (exp.column(name, quoted=True) for name in claim.fields)
    match claim:
        case Span():
            unit = exp.Literal.string("microsecond")
            return exp.Anonymous(this="DATE_DIFF", expressions=[unit, *others])
        case Part():
            return exp.GT(this=column, expression=others[0])
        case Reference(target=target, key=key):
            known = exp.Select(expressions=[exp.column(key, quoted=True)])
            known.from_(table_of(sources[target].schema), copy=False)
            return exp.not_(exp.In(this=column, query=known.subquery(copy=False)), copy=False)


def _ask(claim: Claim, derived: exp.Expr) -> list[exp.Expr]:
    """How many rows a claim is about and how many break it, the first of these and its value.

    Of a span, how many rows have both, and the sums of what they say and of what passed.
    """
    columns = [exp.column(name, quoted=True) for name in claim.fields]
    rows, row = exp.Count(this=exp.Star()), exp.column(ROW)
    if isinstance(claim, Span):
        nothing = exp.Literal.number(0)
        both = exp.and_(*(exp.GT(this=e, expression=nothing) for e in (columns[0], derived)))
        sums = (exp.Sum(this=each.copy()) for each in (columns[0], derived))
        return [_among(both, each) for each in (rows, *sums)]
    filled = exp.and_(*(exp.not_(exp.Is(this=each, expression=exp.null())) for each in columns))
    first = (exp.Min(this=row), exp.ArgMin(this=columns[0].copy(), expression=row.copy()))
    return [_among(filled, rows), *(_among(derived, each) for each in (rows, *first))]


def _among(condition: exp.Expr, value: exp.Expr) -> exp.Expr:
    return exp.Filter(this=value.copy(), expression=exp.Where(this=condition.copy()))


_ENOUGH = 10
_FAR = 20
"""From how many rows on, and from which factor, a sum is in another unit: the nearest is 60."""


def _tell_span(
    claim: Span, export: Export, rows: int, said: Decimal | None, meant: Decimal | None
) -> Iterator[Problem]:
    """A warning where durations are not of the order of the time that passed."""
    if rows < _ENOUGH or said is None or meant is None:
        return
    share = Fraction(int(said), int(meant))
    if not 1 < share * _FAR < _FAR**2:
        yield DOUBTFUL_UNIT.at(
            export.place,
            field=claim.field.title,
            earlier=claim.start.title,
            later=claim.end.title,
            share=f"{float(share):,.0f}" if share > 1 else f"{float(share):.2g}",
            whole=rows,
        )
