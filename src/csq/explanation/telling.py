"""The rows that say most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from sqlglot import exp

from csq.definition.targets import Direction, Unit
from csq.explanation.facts import Role, Telling, TellingRow
from csq.explanation.influence import Slopes, influence_of, slopes_of
from csq.explanation.trail import Trail, tracing
from csq.formula.compile import compile_row
from csq.formula.row_words import say_row
from csq.formula.tree import (
    Aggregate,
    Constant,
    FieldTerm,
    RowOperation,
    RowTerm,
    Term,
    Type,
    aggregates_in,
    conjuncts,
)
from csq.intake.staging.incoming import FILE, ROW
from csq.intake.staging.tables import moment_of
from csq.measure import Value
from csq.records.schema import Schema
from csq.scorecard import Score
from csq.wording import Wording

TELLING = 10
"""How many rows are shown as those that say most."""

_VALUED = Wording("计入的行", "rows that count")
_COUNTED = Wording("计入分子的行", "rows that count in the part")
_NOT_COUNTED = Wording(
    "在分母里而没有计入分子的行", "rows of the whole that do not count in the part"
)
_TAKEN_OFF = Wording("从分子里减去的行", "rows that are taken off the part")
_LARGEST_FIRST = Wording("{rows}，数值最大的在前", "{rows}, the largest values first")
_SMALLEST_FIRST = Wording("{rows}，数值最小的在前", "{rows}, the smallest values first")
_LOWERING = Wording("把数值拉低最多的在前", "those that lower the value most first")
_RAISING = Wording("把数值拉高最多的在前", "those that raise the value most first")
_MOVED = Wording("对数值的影响（约）", "what it does to the value (about)")
_MOVED_BY = {
    Unit.PERCENT: Wording("对数值的影响（约，百分点）", "what it does to the value (pp, about)"),
    Unit.DURATION: Wording("对数值的影响（约，秒）", "what it does to the value (s, about)"),
}
_LATEST_FIRST = Wording("{rows}，最近的在前", "{rows}, the latest first")


def is_too_low(score: Score) -> bool:
    """Whether the bad side of a value is the lower one; between two ends it is the nearer one."""
    direction, target = score.indicator.direction, score.target
    if direction is not Direction.BAND or target is None or score.value is None:
        return direction is Direction.UP
    asked = target.value
    if asked.upper is not None:
        return 2 * score.value < asked.quantity.value + asked.upper.value
    return asked.operator in {">", ">="} or score.value < asked.quantity.value


def find_telling(trail: Trail, term: Term, value_of: Value, *, too_low: bool) -> Telling | None:
    """Rows with the most extreme values, or those that count against the target.

    `term` is what decides the value: the formula, without what a smallest of several leaves aside.
    """
    slopes = slopes_of(term, value_of) if trail.indicator.ratio is None else None
    moving = _find_moving(trail, slopes, too_low=too_low) if slopes else None
    return moving or _find_extreme(trail, term, too_low=too_low)


def _find_moving(trail: Trail, slopes: Slopes, *, too_low: bool) -> Telling | None:
    """The rows that move the value most to its bad side, of the source whose rows move it most."""
    unit = trail.indicator.definition.unit
    by_source: dict[Schema, dict[Aggregate, Fraction]] = {}
    for aggregate, slope in slopes.items():
        by_source.setdefault(aggregate.population.schema, {})[aggregate] = slope
    found = []
    for schema, own in by_source.items():
        moved = influence_of(trail, own)
        is_bad = (exp.LT if too_low else exp.GT)(this=moved, expression=exp.Literal.number(0))
        rows = _fetch_rows(trail, list(own), [is_bad], moved, descending=not too_low)
        found.append((schema, [(row, float(str(row.value))) for row in rows]))
    schema, moving = max(found, key=lambda each: abs(sum(amount for _, amount in each[1])))
    if not moving:
        return None
    reason = _LOWERING if too_low else _RAISING
    scale = 100 if unit is Unit.PERCENT else 1
    shown = (replace(row, value=_shortened(amount * scale)) for row, amount in moving)
    said = _MOVED_BY.get(unit, _MOVED)
    return Telling(reason, _key_title(schema), said, Type.NUMBER, tuple(shown))


def _shortened(amount: float) -> Decimal:
    """To three digits: what a row does to a value is known no better."""
    return Decimal(f"{amount:.3g}")


def _find_extreme(trail: Trail, term: Term, *, too_low: bool) -> Telling | None:
    """Rows with the most extreme values of what decides, or those on one side of a quotient."""
    valued = next((a for a in aggregates_in(term) if _is_valued(a)), None)
    down = not too_low
    roles = trail.roles()
    if valued is not None:
        assert valued.operand is not None
        large = down is not _lowers(roles.get(tracing(valued), ()))
        return _fetch_telling(
            trail, [valued], [trail.predicate(valued)], valued.operand, _VALUED, descending=large
        )
    part = next((a for a, named in roles.items() if Role.PART in named), None)
    whole = next((a for a, named in roles.items() if Role.WHOLE in named), None)
    if part is None or whole is None:
        anything = next(iter(roles), None)
        if anything is None:
            return None
        return _fetch_telling(trail, [anything], [trail.predicate(anything)], None, _VALUED)
    off = next((a for a, named in roles.items() if Role.OFF_PART in named), None)
    if off is not None and not down:
        value, large_fulfils = _compared(off, whole)
        return _fetch_telling(
            trail, [off], [trail.predicate(off)], value, _TAKEN_OFF, descending=large_fulfils
        )
    value, large_fulfils = _compared(part, whole)
    if down or part.population.schema is not whole.population.schema:
        return _fetch_telling(
            trail, [part], [trail.predicate(part)], value, _COUNTED, descending=large_fulfils
        )
    out = [part, *(a for a, named in roles.items() if Role.OFF_WHOLE in named)]
    out = [each for each in out if each.population.schema is whole.population.schema]
    wanted = [trail.predicate(whole), *(exp.not_(trail.predicate(each)) for each in out)]
    return _fetch_telling(
        trail, [whole, *out], wanted, value, _NOT_COUNTED, descending=not large_fulfils
    )


def _compared(part: Aggregate, whole: Aggregate) -> tuple[RowTerm | None, bool]:
    """What decides which rows of the whole are of the part, and whether large values are."""
    of_whole = {each for condition in whole.conditions for each in conjuncts(condition)}
    conditions = [
        each
        for condition in part.conditions
        for each in conjuncts(condition)
        if each not in of_whole
    ]
    return next(filter(None, map(_threshold, conditions)), (None, True))


def _fetch_telling(
    trail: Trail,
    chosen: Sequence[Aggregate],
    wanted: Sequence[exp.Expr],
    value: RowTerm | None,
    reason: Wording,
    *,
    descending: bool = True,
) -> Telling:
    """Rows of the first of the aggregates that fulfil what is wanted of all, and why these."""
    shown = compile_row(value) if value is not None else exp.null()
    field = value.field.name if isinstance(value, FieldTerm) else ""
    rows = _fetch_rows(trail, chosen, wanted, shown, field, descending=descending)
    key = _key_title(chosen[0].population.schema)
    if value is not None:
        reason = (_LARGEST_FIRST if descending else _SMALLEST_FIRST).fill(rows=reason)
        return Telling(reason, key, say_row(value), value.type, rows)
    if any(row.moment is not None for row in rows):
        reason = _LATEST_FIRST.fill(rows=reason)
    return Telling(reason, key, None, None, rows)


def _key_title(schema: Schema) -> Wording | None:
    key = schema.field(schema.key) if schema.key else None
    return key.title if key else None


def _fetch_rows(
    trail: Trail,
    chosen: Sequence[Aggregate],
    wanted: Sequence[exp.Expr],
    shown: exp.Expr,
    field: str = "",
    *,
    descending: bool,
) -> tuple[TellingRow, ...]:
    """The first rows by what is shown of each, of a field or worked out, and then the latest."""
    schema = chosen[0].population.schema
    moment = moment_of(schema, trail.dated(chosen[0])) or exp.null()
    name = exp.column(schema.key, quoted=True) if schema.key else exp.null()
    order = [exp.Ordered(this=exp.column("_shown"), desc=descending, nulls_first=False)]
    order += [exp.Ordered(this=exp.column("_moment"), desc=True, nulls_first=False)]
    query = (
        exp.select(FILE, ROW)
        .select(exp.alias_(name, "_key"), exp.alias_(moment.copy(), "_moment"))
        .select(exp.alias_(shown, "_shown"))
        .from_(trail.rows(*chosen).source)
        .where(*wanted)
        .order_by(*order, FILE, ROW)
        .limit(TELLING)
    )
    exports = trail.staged(schema).exports
    return tuple(
        TellingRow(
            replace(exports[number].place, row=row),
            None if name is None else str(trail.shown(schema.key or "", name)),
            when,
            trail.shown(field, said),
        )
        for number, row, name, when, said in trail.engine.fetch(query)
    )


def _lowers(roles: Sequence[Role]) -> bool:
    """Whether large values of such rows make the indicator smaller."""
    return bool(roles) and set(roles) <= {Role.OFF_PART, Role.OFF_VALUE, Role.WHOLE}


def _is_valued(aggregate: Aggregate) -> bool:
    return aggregate.operand is not None and not aggregate.summary.is_count


def _threshold(condition: RowTerm) -> tuple[RowTerm, bool] | None:
    """A value that is compared with a limit, and whether large values fulfil the condition."""
    match condition:
        case RowOperation("<" | "<=" | ">" | ">=" as sign, (value, limit)) if _is_limit(limit):
            return value, sign in {">", ">="}
        case RowOperation("=", (value, Constant())) | RowOperation("between", (value, *_)):
            return (value, True) if value.type in _MEASURED else None
        case RowOperation("or", either):
            return next(filter(None, map(_threshold, either)), None)
    return None


_MEASURED = {Type.NUMBER, Type.PERCENT, Type.DURATION}
"""What is large or small."""


def _is_limit(term: RowTerm) -> bool:
    """Whether something is the same for many rows: it has no value of a row's own."""
    match term:
        case Constant():
            return True
        case RowOperation("if", (_, *values)):
            return all(map(_is_limit, values))
        case RowOperation("data_end" | "period_end"):
            return True
    return False
