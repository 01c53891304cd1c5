"""A formula as a live Excel formula over a sheet of rows, so that a number can be recomputed.

A condition has two masks of ones and zeros, one where it is true and one where it is false; where
it meets a blank it is neither, as in the engine. Times are Excel's days: their differences are
rounded to a thousandth of a second, since days are floats.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from csq.formula.compile import derived_name
from csq.formula.tree import (
    RETURNS,
    Aggregate,
    Constant,
    FieldTerm,
    Operation,
    Population,
    RowOperation,
    RowTerm,
    Summary,
    Term,
    Type,
    derived_in,
    terms_of,
)
from csq.records.notation import BETWEEN_VALUES
from csq.records.schema import Field, Schema
from csq.wording import Language, Wording

COLUMNS = frozenset({"worked"}) | RETURNS
"""What no row tells alone, and so has a column of its own on a sheet of rows."""

YES, NO = Wording("是", "yes"), Wording("否", "no")
"""How a sheet of rows spells a flag."""

LONGEST_FORMULA = 8_000
"""Excel takes 8,192 characters."""


class NoExcelForm(Exception):
    """The formula has a part that a plain Excel formula cannot say; `reason` says which."""

    def __init__(self, reason: Wording) -> None:
        super().__init__(reason.en)
        self.reason = reason


_DISTINCT = Wording("不同值的个数", "counts different values")
_ROW_PART = Wording("有公式写不出的部分", "a part has no plain formula")
_TOO_LONG = Wording("公式太长", "the formula is too long")
_ROLLING = Wording("存量里的再次来访", "returns within a stock")
_INSIDE_WORDS = Wording("用到译出的文字", "words are translated")
_FRACTIONS = Wording("时刻不是整秒", "a moment of no whole second")


@dataclass(frozen=True, slots=True)
class Sheet:
    """How the columns of the rows of a source are called in the workbook."""

    name_of: Callable[[Schema, str], str]
    """The name of a column: of a field, or of a value that no row tells alone."""
    within: Callable[[Population, str | None], tuple[str, ...]]
    """The masks that leave only rows dated into the period, or before its end for a stock."""
    moments: Mapping[str, datetime]
    """What the moments of the run are: `data_end` and `period_end`."""
    language: Language = "zh"
    """In which flags, and the words of a vocabulary, stand on the sheet."""


def spellings(field: Field, language: Language) -> Mapping[str, str]:
    """The words of a field's vocabulary that a sheet of rows spells otherwise than the data."""
    return {} if language == "zh" else {word.zh: word.en for word in field.column.terms}


def spell(value: str, spelt: Mapping[str, str]) -> str:
    """A text, or several in one cell, as a sheet of rows spells it."""
    return BETWEEN_VALUES.join(spelt.get(each, each) for each in value.split(BETWEEN_VALUES))


@dataclass(frozen=True, slots=True)
class ExcelFormula:
    """A formula without its equals sign; `is_array` where Excel must be told so."""

    text: str
    is_array: bool


def excel_formula(term: Term, time: str | None, sheet: Sheet) -> ExcelFormula:
    """The formula that recomputes a term; raises `NoExcelForm`."""
    writer = _Writer(sheet, time)
    text = writer.term(term)
    if len(text) > LONGEST_FORMULA:
        raise NoExcelForm(_TOO_LONG)
    return ExcelFormula(text, any(name in text for name in ("PERCENTILE(", "MIN(", "MAX(")))


_COMPARISONS = {"=", "<>", "<", "<=", ">", ">="}
_OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass(frozen=True, slots=True)
class _Writer:
    sheet: Sheet
    time: str | None

    def term(self, term: Term) -> str:
        match term:
            case Constant(value):
                assert isinstance(value, Fraction)
                return _number(value)
            case Aggregate():
                return self.aggregate(term)
            case Operation("minus", (operand,), _):
                return f"-({self.term(operand)})"
            case Operation("least" | "greatest" as name, operands, _):
                function = "MIN" if name == "least" else "MAX"
                return f"{function}({','.join(map(self.term, operands))})"
            case Operation(name, (left, right), _):
                return f"({self.term(left)}{name}{self.term(right)})"
        raise NoExcelForm(_ROW_PART)

    def aggregate(self, aggregate: Aggregate) -> str:
        population = aggregate.population
        derived = {each.name for term in terms_of(aggregate) for each in derived_in(term)}
        if population.stock and derived & RETURNS:
            # There it is asked anew of the rows before each end; the sheet has one column for all.
            raise NoExcelForm(_ROLLING)
        schema = population.schema
        row = _Row(self.sheet, schema)
        masks = [*self.sheet.within(population, population.time or self.time)]
        masks += [row.true(condition) for condition in aggregate.conditions]
        operand = aggregate.operand
        if operand is not None:
            masks += row.present(operand)
        mask = "*".join(dict.fromkeys(masks)) or row.every()
        match aggregate.summary:
            case Summary.COUNT:
                return f"SUMPRODUCT({mask}*1)"
            case Summary.SUM:
                assert operand is not None
                return f"SUMPRODUCT({mask}*{row.value(operand)})"
            case Summary.PERCENTILE:
                assert operand is not None
                assert aggregate.quantile is not None
                quantile = _number(aggregate.quantile)
                return f"PERCENTILE(IF({mask},{row.value(operand)}),{quantile})"
            case Summary.MIN | Summary.MAX:
                assert operand is not None
                return f"{aggregate.summary.value.upper()}(IF({mask},{row.value(operand)}))"
        raise NoExcelForm(_DISTINCT)


@dataclass(frozen=True, slots=True)
class _Row:
    """What is worked out for every row, as arrays."""

    sheet: Sheet
    schema: Schema

    def name(self, column: str) -> str:
        return self.sheet.name_of(self.schema, column)

    def every(self) -> str:
        """A mask of all rows."""
        key = self.schema.field(self.schema.key) if self.schema.key else self.schema.fields[0]
        assert key is not None
        return f"(ROW({self.name(key.name)})^0)"

    def column(self, term: RowTerm) -> str | None:
        """The name of the column that holds a term's value, where one does."""
        match term:
            case FieldTerm(field):
                return self.name(field.name)
            case RowOperation(name) if name in COLUMNS:
                return self.name(derived_name(term))
        return None

    def present(self, term: RowTerm) -> list[str]:
        """Masks of the rows in which a value is not blank."""
        column = self.column(term)
        if column:
            return [f'({column}<>"")']
        match term:
            case Constant() | FieldTerm():
                return []
            case RowOperation("coalesce", operands):
                sides = [self.present(operand) for operand in operands]
                if not all(sides):
                    return []
                return [_any(["*".join(side) for side in sides])]
            case RowOperation("isblank"):
                return []
            case RowOperation("if", (condition, then, otherwise)):
                chosen, (first, second) = self.true(condition), map(self.present, (then, otherwise))
                if not first and not second:
                    return []
                return [_either(chosen, "*".join(first) or "1", "*".join(second) or "1")]
            case RowOperation("/"):
                raise NoExcelForm(_ROW_PART)
            case RowOperation(_, operands):
                return [mask for operand in operands for mask in self.present(operand)]

    def true(self, term: RowTerm) -> str:
        """A mask of the rows in which a condition holds."""
        column = self.column(term)
        if column:
            return f'({column}="{YES.say(self.sheet.language)}")'
        match term:
            case RowOperation("and", operands):
                return "*".join(self.true(operand) for operand in operands)
            case RowOperation("or", operands):
                return _any([self.true(operand) for operand in operands])
            case RowOperation("not", (operand,)):
                return self.false(operand)
            case RowOperation("isblank", (operand,)):
                return self._blank(operand)
            case RowOperation("if", (condition, then, otherwise)):
                return _either(self.true(condition), self.true(then), self.true(otherwise))
            case RowOperation(name, operands):
                return self._guarded(operands, self._holds(name, operands))
        raise NoExcelForm(_ROW_PART)

    def false(self, term: RowTerm) -> str:
        """A mask of the rows in which a condition certainly does not hold."""
        column = self.column(term)
        if column:
            return f'({column}="{NO.say(self.sheet.language)}")'
        match term:
            case RowOperation("and", operands):
                return _any([self.false(operand) for operand in operands])
            case RowOperation("or", operands):
                return "*".join(self.false(operand) for operand in operands)
            case RowOperation("not", (operand,)):
                return self.true(operand)
            case RowOperation("isblank", (operand,)):
                return "*".join(self.present(operand)) or "0"
            case RowOperation("if", (condition, then, otherwise)):
                return _either(self.true(condition), self.false(then), self.false(otherwise))
            case RowOperation(name, (left, right)) if name in _COMPARISONS:
                return self._guarded((left, right), self._holds(_OPPOSITE[name], (left, right)))
            case RowOperation(name, operands):
                return self._guarded(operands, f"(1-{self._holds(name, operands)})")
        raise NoExcelForm(_ROW_PART)

    def _blank(self, operand: RowTerm) -> str:
        column = self.column(operand)
        if column:
            return f'({column}="")'
        return f"(1-{'*'.join(self.present(operand)) or '1'})"

    def _guarded(self, operands: tuple[RowTerm, ...], holds: str) -> str:
        masks = [mask for operand in operands for mask in self.present(operand)]
        return "*".join([*dict.fromkeys(masks), holds])

    def _holds(self, name: str, operands: tuple[RowTerm, ...]) -> str:
        texts = operands[0].type in {Type.TEXT, Type.FLAG}
        spelt = self._spellings(operands)
        if spelt and name == "contains":
            raise NoExcelForm(_INSIDE_WORDS)
        values = [self.value(_respelt(operand, spelt)) for operand in operands]
        match name:
            case "=" if texts:
                return f"EXACT({values[0]},{values[1]})"
            case "<>" if texts:
                return f"(1-EXACT({values[0]},{values[1]}))"
            case "in" if texts:
                return _any([f"EXACT({values[0]},{each})" for each in values[1:]])
            case "in":
                return _any([f"({values[0]}={each})" for each in values[1:]])
            case "between":
                first, last = operands[:2], (operands[0], operands[2])
                return f"{self._compared('>=', first)}*{self._compared('<=', last)}"
            case "contains":
                return f"ISNUMBER(FIND({values[1]},{values[0]}))"
            case "includes" if BETWEEN_VALUES not in values[1]:
                within, one = (f'"{BETWEEN_VALUES}"&{each}&"{BETWEEN_VALUES}"' for each in values)
                return f"ISNUMBER(FIND({one},{within}))"
            case name if name in _COMPARISONS and not texts:
                return self._compared(name, operands)
        raise NoExcelForm(_ROW_PART)

    def _spellings(self, operands: tuple[RowTerm, ...]) -> Mapping[str, str]:
        """How the sheet spells the values of the fields; raises where it spells theirs apart."""
        fields = [each.field for each in operands if isinstance(each, FieldTerm)]
        found = [spellings(field, self.sheet.language) for field in fields]
        if any(each != found[0] for each in found):
            raise NoExcelForm(_INSIDE_WORDS)
        return found[0] if found else {}

    def _compared(self, sign: str, operands: tuple[RowTerm, ...]) -> str:
        """One value beside another; a moment that was moved is a float beside its own spelling."""
        left, right = map(self.value, operands)
        is_moved = any(e.type is Type.MOMENT and isinstance(e, RowOperation) for e in operands)
        return f"(ROUND(({left}-{right})*86400,3){sign}0)" if is_moved else f"({left}{sign}{right})"

    def value(self, term: RowTerm) -> str:
        """The value of a term in every row; anything where it is blank."""
        column = self.column(term)
        if column:
            return column
        match term:
            case Constant(value, kind):
                return _constant(value, kind)
            case RowOperation("data_end" | "period_end" as name):
                moment = self.sheet.moments.get(name)
                if moment is None or moment.microsecond:
                    raise NoExcelForm(_FRACTIONS)
                return _constant(moment, Type.MOMENT)
            case RowOperation("minus", (operand,)):
                return f"(-{self.value(operand)})"
            case RowOperation("-", (left, right), Type.DURATION) if left.type is Type.MOMENT:
                return f"ROUND(({self.value(left)}-{self.value(right)})*86400,3)"
            case RowOperation("+" | "-" as name, (left, right), Type.MOMENT):
                return f"({self.value(left)}{name}{self.value(right)}/86400)"
            case RowOperation("+" | "-" | "*" as name, (left, right)):
                return f"({self.value(left)}{name}{self.value(right)})"
            case RowOperation("coalesce", (first, *others), kind) if kind is not Type.TEXT:
                return self._coalesce(first, others)
            case RowOperation("if", (condition, then, otherwise), kind) if kind is not Type.TEXT:
                return _either(self.true(condition), self.value(then), self.value(otherwise))
            case RowOperation("hour", (operand,)):
                return f"HOUR({self.value(operand)})"
            case RowOperation("weekday", (operand,)):
                return f"WEEKDAY({self.value(operand)},2)"
        raise NoExcelForm(_ROW_PART)

    def _coalesce(self, first: RowTerm, others: list[RowTerm]) -> str:
        filled = "*".join(self.present(first)) or "1"
        if not others:
            return self.value(first)
        rest = self._coalesce(others[0], others[1:])
        return _either(filled, self.value(first), rest)


def _respelt(term: RowTerm, spelt: Mapping[str, str]) -> RowTerm:
    """A text that a formula names, as the sheet spells it."""
    if isinstance(term, Constant) and isinstance(term.value, str):
        return replace(term, value=spell(term.value, spelt))
    return term


def _either(mask: str, then: str, otherwise: str) -> str:
    """A number where the mask is one, and another where it is zero."""
    return f"({mask}*{then}+(1-{mask})*{otherwise})"


def _any(masks: list[str]) -> str:
    """One where any of the masks is."""
    return f"(({'+'.join(masks)})>0)" if len(masks) > 1 else masks[0]


def _constant(value: Fraction | str | datetime, kind: Type) -> str:
    if isinstance(value, str):
        doubled = value.replace('"', '""')
        return f'"{doubled}"'
    if isinstance(value, datetime):
        day = f"DATE({value.year},{value.month},{value.day})"
        return f"({day}+TIME({value.hour},{value.minute},{value.second}))"
    return _number(value)


def _number(value: Fraction) -> str:
    text = str(value.numerator)
    return text if value.denominator == 1 else f"({text}/{value.denominator})"
