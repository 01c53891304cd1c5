"""The texts that conditions look for in fields, by which a value that no row has is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from csq.formula.tree import Constant, FieldTerm, RowOperation, RowTerm, Type, fields_in
from csq.records.schema import Field


@dataclass(frozen=True, slots=True)
class Mention:
    """A text that a condition looks for in a field, as the data would hold it.

    `test` is how: `=`, `<>`, `in` or `contains`. The texts of one list have the same `together`.
    """

    field: Field
    constant: Constant
    test: str
    together: tuple[str, ...]

    @property
    def value(self) -> str:
        return str(self.constant.value)

    @property
    def is_free(self) -> bool:
        """Whether it is looked for inside what people write, not as a value of a list."""
        return self.test == "contains"

    def as_condition(self) -> RowTerm:
        """Whether a row has the text, however the condition uses it."""
        test = "contains" if self.test == "contains" else "="
        return RowOperation(test, (FieldTerm(self.field, Type.TEXT), self.constant), Type.FLAG)


def mentions_in(term: RowTerm) -> Iterator[Mention]:
    """Every text that a term looks for in a field, from left to right."""
    if not isinstance(term, RowOperation):
        return
    if term.name in {"=", "<>", "in", "contains"}:
        fields = [
            field
            for operand in term.operands
            for field in fields_in(operand)
            if operand.type is Type.TEXT
        ]
        texts = [
            operand
            for operand in term.operands
            if isinstance(operand, Constant) and operand.type is Type.TEXT
        ]
        together = tuple(str(text.value) for text in texts)
        for text in texts if fields else ():
            yield Mention(fields[0], text, term.name, together)
    for operand in term.operands:
        yield from mentions_in(operand)
