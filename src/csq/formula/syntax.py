"""A formula as it is written: the tree the grammar yields, with the position of every part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from csq.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Span:
    """Where a part stands in its formula, from `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class QuantityNode:
    quantity: Quantity
    span: Span


@dataclass(frozen=True, slots=True)
class TextNode:
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class MomentNode:
    moment: datetime
    span: Span


@dataclass(frozen=True, slots=True)
class NameNode:
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class IndicatorNode:
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class CallNode:
    """A function's call; `name` is in capitals, however it was written."""

    name: str
    arguments: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class OperatorNode:
    """An operator and what it works on.

    `operator` is one of `+ - * /`, `= <> < <= > >=`, `and or not`, `between`, `in`, `minus`.
    """

    operator: str
    operands: tuple[Node, ...]
    span: Span


Node = QuantityNode | TextNode | MomentNode | NameNode | IndicatorNode | CallNode | OperatorNode


def renamed(node: Node, name_of: Callable[[str], str]) -> Node:
    """The same with other names in the place of those that are written."""
    match node:
        case NameNode(name):
            return replace(node, name=name_of(name))
        case CallNode(_, arguments):
            return replace(node, arguments=tuple(renamed(each, name_of) for each in arguments))
        case OperatorNode(_, operands):
            return replace(node, operands=tuple(renamed(each, name_of) for each in operands))
    return node
