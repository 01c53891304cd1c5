"""What a condition says of the rows that fulfil it: which groups they can belong to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from csq.formula.targets import GROUPABLE, GroupValue
from csq.formula.tree import Constant, FieldTerm, RowOperation, RowTerm
from csq.records.reading import FieldType


def fixed_by(condition: RowTerm) -> dict[str, GroupValue]:
    """The fields that hold one and the same value in every row that fulfils a condition."""
    match condition:
        case RowOperation("and", parts):
            return {name: value for part in parts for name, value in fixed_by(part).items()}
        case FieldTerm(field):
            return {field.name: True}
        case RowOperation("not", (FieldTerm(field),)):
            return {field.name: False}
        case RowOperation("=" | "in", (FieldTerm(field), Constant() as constant)) | RowOperation(
            "=", (Constant() as constant, FieldTerm(field))
        ) if field.type in GROUPABLE:
            return {field.name: _group_value(constant)}
    return {}


def rules_out(condition: RowTerm, group: Mapping[str, GroupValue]) -> bool:
    """Whether no row of a group can fulfil a condition."""
    return _holds(condition, group) is False


def _holds(term: RowTerm, group: Mapping[str, GroupValue]) -> bool | None:
    """Whether a condition holds of every row of a group, or of none; `None` where it depends."""
    match term:
        case FieldTerm(field) if field.type is FieldType.FLAG:
            return bool(group[field.name]) if field.name in group else None
        case RowOperation("not", (part,)):
            inner = _holds(part, group)
            return None if inner is None else not inner
        case RowOperation("and", parts):
            held = [_holds(part, group) for part in parts]
            return False if False in held else None if None in held else True
        case RowOperation("or", parts):
            held = [_holds(part, group) for part in parts]
            return True if True in held else None if None in held else False
        case RowOperation("=" | "in", (FieldTerm(field), *others)) if field.name in group:
            return _is_among(group[field.name], others)
        case RowOperation("<>", (FieldTerm(field), other)) if field.name in group:
            same = _is_among(group[field.name], [other])
            return None if same is None else not same
    return None


def _is_among(value: GroupValue, terms: list[RowTerm]) -> bool | None:
    constants = [_group_value(term) for term in terms if isinstance(term, Constant)]
    return value in constants if len(constants) == len(terms) else None


def _group_value(constant: Constant) -> GroupValue:
    value = constant.value
    assert not isinstance(value, datetime)
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else str(value)
