"""Which rows are refused, as query trees: the rules of the record models, for whole columns.

The models are the authority: what they refuse is refused here, which a property test holds.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from csq.intake.typing.times import is_plausible_year
from csq.intake.typing.words import has_cell_error, is_blank_word
from csq.records.base import AnyOf, NotBefore, NotLonger, Rule, no_ids
from csq.records.reading import FieldType
from csq.records.schema import Field, Schema


def is_refused(
    schema: Schema, cells: Mapping[str, exp.Expr], values: Mapping[str, exp.Expr]
) -> exp.Expr:
    """Whether a row breaks a rule of its record; never NULL.

    `values` are what the fields of the file were read as, `cells` the trimmed texts of those that
    were not known before: what is known is refused for no cell.
    """
    faults = [
        fault
        for field in schema.fields
        for fault in _field_faults(field, cells.get(field.name), values.get(field.name))
    ]
    texts = [
        cells[field.name]
        for field in schema.fields
        if field.name in cells and _may_hold_error(field)
    ]
    if texts:
        faults.append(has_cell_error(texts))
    key = schema.field(schema.key) if schema.key else None
    if key and key.name in values:
        no_id = "|".join(no_ids(key.name, key.column).values())
        faults.append(
            exp.Anonymous(
                this="REGEXP_FULL_MATCH",
                expressions=[values[key.name].copy(), exp.Literal.string(no_id)],
            )
        )
    faults += [fault for rule in schema.rules if (fault := _rule_fault(rule, values))]
    return exp.Coalesce(this=exp.or_(*faults, copy=False), expressions=[exp.false()])


def is_cell_refused(field: Field, cell: exp.Expr, value: exp.Expr) -> exp.Expr:
    """Whether a row is refused for this cell alone, whatever else it holds; never NULL."""
    faults = _field_faults(field, cell, value)
    if _may_hold_error(field):
        faults.append(has_cell_error([cell]))
    return exp.Coalesce(this=exp.or_(exp.false(), *faults, copy=False), expressions=[exp.false()])


def _may_hold_error(field: Field) -> bool:
    return field.type is FieldType.TEXT and not field.column.prose


def _field_faults(field: Field, cell: exp.Expr | None, value: exp.Expr | None) -> list[exp.Expr]:
    if value is None:
        return []
    if cell is None:
        return [_is_null(value)] if field.required else []
    faults: list[exp.Expr] = []
    if field.type is not FieldType.TEXT:
        # A CASE, since an AND would look every cell up among the words for nothing.
        is_unread = exp.and_(_is_null(value), _is_filled(cell), copy=False)
        is_word = exp.not_(is_blank_word(cell.copy()), copy=False)
        faults.append(exp.Case(ifs=[exp.If(this=is_unread, true=is_word)]))
    if field.type is FieldType.TIMESTAMP:
        faults.append(exp.not_(is_plausible_year(value), copy=False))
    if field.required:
        faults.append(_is_null(value))
    if field.column.counts:
        faults.append(exp.LT(this=value.copy(), expression=exp.Literal.number(0)))
    if field.column.scale:
        lowest, highest = field.column.scale
        between = exp.Between(
            this=value.copy(), low=exp.Literal.number(lowest), high=exp.Literal.number(highest)
        )
        faults.append(exp.not_(between, copy=False))
    return faults


def _rule_fault(rule: Rule, values: Mapping[str, exp.Expr]) -> exp.Expr | None:
    """When a rule is broken; `None` where the file lacks what it is about."""
    match rule:
        case NotBefore(later, earlier):
            if later not in values or earlier not in values:
                return None
            return exp.LT(this=values[later].copy(), expression=values[earlier].copy())
        case AnyOf(fields):
            known = [_is_null(values[field]) for field in fields if field in values]
            return exp.and_(*known, copy=False) if known else exp.true()
        case NotLonger(part, earlier, later):
            if not {part, earlier, later} <= values.keys():
                return None
            unit = exp.Literal.string("microsecond")
            whole = exp.Anonymous(
                this="DATE_DIFF", expressions=[unit, values[earlier].copy(), values[later].copy()]
            )
            return exp.GT(this=values[part].copy(), expression=whole)
    raise TypeError(f"a rule without a query tree: {rule!r}")


def _is_filled(cell: exp.Expr) -> exp.Expr:
    return exp.not_(_is_null(cell), copy=False)


def _is_null(value: exp.Expr) -> exp.Expr:
    return exp.Is(this=value.copy(), expression=exp.null())
