"""What conditions look for in texts, by which a value or a match that no row has is noticed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from csq.formula.tree import Constant, FieldTerm, RowOperation, RowTerm, Type, values_in
from csq.records.schema import Field


@dataclass(frozen=True, slots=True)
class Mention:
    """A text that a condition looks for in a field, as the data would hold it.

    The fields are several where a value is taken from one or another. `test` is how it is looked
    for: `=`, `<>`, `in` or `contains`. The texts of one list have the same `together`, and so have
    those of which a text need only hold one.
    """

    fields: tuple[Field, ...]
    constant: Constant
    test: str
    together: tuple[str, ...]

    @property
    def field(self) -> Field:
        return self.fields[0]

    def is_carried(self, names: Collection[str]) -> bool:
        """Whether all its fields are among those that exports have."""
        return all(field.name in names for field in self.fields)

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
        tests = tuple(
            RowOperation(test, (FieldTerm(field, Type.TEXT), self.constant), Type.FLAG)
            for field in self.fields
        )
        return RowOperation("or", tests, Type.FLAG) if tests[1:] else tests[0]


def mentions_in(term: RowTerm) -> Iterator[Mention]:
    """Every text that a term looks for in a field, from left to right."""
    if not isinstance(term, RowOperation):
        return
    if term.name == "or":
        yield from _any_of(term)
        return
    if term.name in {"=", "<>", "in", "contains"}:
        fields = dict.fromkeys(
            field
            for operand in term.operands
            for field in values_in(operand)
            if operand.type is Type.TEXT
        )
        texts = [
            operand
            for operand in term.operands
            if isinstance(operand, Constant) and operand.type is Type.TEXT
        ]
        together = tuple(str(text.value) for text in texts)
        for text in texts if fields else ():
            yield Mention(tuple(fields), text, term.name, together)
    for operand in term.operands:
        yield from mentions_in(operand)


def compared_fields(term: RowTerm) -> Iterator[tuple[Field, Field]]:
    """Every two fields of texts that a term compares with one another."""
    if not isinstance(term, RowOperation):
        return
    match term.operands:
        case (FieldTerm(one, Type.TEXT), FieldTerm(other, Type.TEXT)) if one is not other:
            if term.name in {"=", "<>"}:
                yield one, other
    for operand in term.operands:
        yield from compared_fields(operand)


def _any_of(either: RowOperation) -> Iterator[Mention]:
    """The texts of alternatives; those looked for inside the same field are one list."""
    alternatives = list(_alternatives(either))
    direct = [m for each in alternatives if _is_free(each) for m in mentions_in(each)]
    for each in alternatives:
        for mention in mentions_in(each):
            others = (m.together for m in direct if _is_free(each) and m.fields == mention.fields)
            together = tuple(text for texts in others for text in texts)
            yield replace(mention, together=together or mention.together)


def _is_free(term: RowTerm) -> bool:
    return isinstance(term, RowOperation) and term.name == "contains"


def _alternatives(term: RowTerm) -> Iterator[RowTerm]:
    if isinstance(term, RowOperation) and term.name == "or":
        for operand in term.operands:
            yield from _alternatives(operand)
    else:
        yield term
