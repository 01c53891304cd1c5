"""What exports say of each other, and columns of one export of each other, that cannot be.

Surveys that name tickets nobody exported, calls of agents who are not on the roster, parts that are
more than their whole. It is counted and told; no row is refused for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

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
    """A field whose values another source, that was exported too, should know."""

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
    for claim in claims:
        staged = sources[claim.source]
        if isinstance(claim, Span):
            yield from _weigh_span(engine, claim, staged)
            continue
        broken = _breaks(engine, claim, sources)
        if broken is None:
            continue
        column = exp.column(claim.field.name, quoted=True)
        filled = exp.and_(
            *(exp.column(f, quoted=True).is_(exp.null()).not_() for f in claim.fields)
        )
        rows = exp.Count(this=exp.Star())
        counted = (
            exp.select(FILE, exp.Filter(this=rows, expression=exp.Where(this=filled)))
            .select(exp.Filter(this=rows.copy(), expression=exp.Where(this=broken)))
            .from_(table_of(staged.schema))
            .group_by(FILE)
            .order_by(FILE)
        )
        for file, whole, count in engine.fetch(counted):
            if not count:
                continue
            here = exp.and_(exp.column(FILE).eq(file), broken.copy())
            first = exp.select(ROW, column.copy()).from_(table_of(staged.schema)).where(here)
            [(row, value)] = engine.fetch(first.order_by(ROW).limit(1))
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


_ENOUGH = 10
_FAR = 20
"""From how many rows on, and from which factor, a sum is in another unit: the nearest is 60."""


def _weigh_span(engine: StagingEngine, claim: Span, staged: StagedSource) -> Iterator[Problem]:
    """A warning for each export whose durations are not of the order of the time that passed."""
    part, start, end = (exp.column(name, quoted=True) for name in claim.fields)
    unit = exp.Literal.string("microsecond")
    passed = exp.Anonymous(this="DATE_DIFF", expressions=[unit, start, end])
    both = exp.and_(
        exp.GT(this=part, expression=exp.Literal.number(0)),
        exp.GT(this=passed, expression=exp.Literal.number(0)),
    )
    summed = (
        exp.select(FILE, exp.Count(this=exp.Star()))
        .select(exp.Sum(this=part.copy()), exp.Sum(this=passed.copy()))
        .from_(table_of(staged.schema))
        .where(both)
        .group_by(FILE)
        .order_by(FILE)
    )
    for file, rows, said, meant in engine.fetch(summed):
        share = Fraction(int(said), int(meant))
        if rows < _ENOUGH or 1 < share * _FAR < _FAR**2:
            continue
        yield DOUBTFUL_UNIT.at(
            staged.exports[file].place,
            field=claim.field.title,
            earlier=claim.start.title,
            later=claim.end.title,
            share=f"{float(share):,.0f}" if share > 1 else f"{float(share):.2g}",
            whole=rows,
        )


def _breaks(
    engine: StagingEngine, claim: Reference | Part, sources: Mapping[str, StagedSource]
) -> exp.Expr | None:
    """When a row does not fulfil a claim; `None` where the other side has nothing to say."""
    column = exp.column(claim.field.name, quoted=True)
    if isinstance(claim, Part):
        return exp.GT(this=column, expression=exp.column(claim.whole.name, quoted=True))
    key = exp.column(claim.key, quoted=True)
    target = table_of(sources[claim.target].schema)
    known = exp.select(key).from_(target).where(key.is_(exp.null()).not_())
    if not engine.fetch(known.limit(1)):
        return None
    return exp.not_(exp.In(this=column, query=known.subquery()))
