"""YAML with the place of every key, and without the parts of YAML that mislead.

Scalars are read as text, whole numbers and true/false only; everything else that YAML 1.1 would
silently turn into something else is refused with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml

from csq.errors import Place, Problem
from csq.problems.definition import DOUBLE_KEY, YAML_FEATURE, YAML_SYNTAX, YAML_TRAP
from csq.wording import Wording, verbatim

Path = tuple[str | int, ...]

_LARGEST = 2_000_000
_DEEPEST = 40
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TRAP = re.compile(
    r"(?i)(?:yes|no|on|off)"
    r"|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?"
    r"|[-+]?0[\d_]+|0[xob][\da-f_]+|[-+]?\d+_[\d_]*|[-+]?\.(?:inf|nan)|\.nan"
)


@dataclass(frozen=True, slots=True)
class Document:
    """The content of a YAML file and where each part of it stands."""

    content: Any
    places: Mapping[Path, Place]

    def place(self, path: Path) -> Place:
        """The place of a part, or of the nearest part around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place())


@dataclass(slots=True)
class _Reading:
    file: str
    places: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, mark: yaml.Mark) -> Place:
        return Place(self.file, row=mark.line + 1, column=str(mark.column + 1))


@lru_cache(maxsize=8)
def read_yaml(text: str, file: str) -> tuple[Document, tuple[Problem, ...]]:
    """The document a text holds, and everything that is wrong with its YAML.

    The same text is read once: what a definition extends, above all. Nobody changes the answer.
    """
    reading = _Reading(file)
    if len(text) > _LARGEST:
        reason = Wording("文件过大", "the file is too large")
        return Document(None, {}), (YAML_SYNTAX.at(Place(file), reason=reason),)
    try:
        _vet_events(text, reading)
        node = None if reading.problems else yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        reading.problems.append(_syntax_problem(error, text, reading))
        node = None
    reading.places[()] = Place(file)
    content = None if node is None else _build(node, (), reading)
    return Document(content, reading.places), tuple(reading.problems)


def _vet_events(text: str, reading: _Reading) -> None:
    """Refuse aliases, tags, several documents and endless nesting before anything is built."""
    depth = documents = 0
    for event in _events(text):
        feature = None
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                feature = Wording("过深的嵌套", "deeply nested parts")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                feature = Wording("多文档", "several documents")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            feature = Wording("锚点与别名", "anchors and aliases")
        if getattr(event, "tag", None) not in {None, "!"}:
            feature = Wording("标签", "tags")
        if feature:
            reading.problems.append(
                YAML_FEATURE.at(reading.place(event.start_mark), feature=feature)
            )
            return


def _events(text: str) -> Iterator[Any]:
    yield from yaml.parse(text, Loader=_LOADER)


def _syntax_problem(error: yaml.YAMLError, text: str, reading: _Reading) -> Problem:
    mark = getattr(error, "problem_mark", None)
    place = reading.place(mark) if mark else Place(reading.file)
    told = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "syntax")
    if mark and _is_tab_at(text, mark):
        told = "tab character"
    known = (reason for part, reason in _REASONS.items() if part in told)
    return YAML_SYNTAX.at(place, reason=next(known, verbatim(told)))


def _is_tab_at(text: str, mark: yaml.Mark) -> bool:
    lines = text.split("\n")
    return mark.line < len(lines) and lines[mark.line][mark.column :].startswith("\t")


_REASONS = {
    "tab character": Wording(
        "缩进里有制表符（Tab），只能用空格", "there is a tab in the indentation; use blanks"
    ),
    "mapping values are not allowed": Wording(
        "这里不该有冒号：缩进不对，或含冒号的文字没加引号",
        "no colon fits here: the indentation is off, or a text with a colon has no quotes",
    ),
    "could not find expected ':'": Wording(
        "上面缺少冒号（半角冒号加一个空格）", "above, a colon and a blank are missing"
    ),
    "expected comment or line break": Wording(
        '以 > 或 | 开头的文字没加引号，应写成例如 ">= 85%"',
        'a text that begins with > or | has no quotes; write for example ">= 85%"',
    ),
    "unexpected end of stream": Wording("引号没有配对", "a quote is not closed"),
    "cannot start any token": Wording(
        "文字不能以这个字符开头，除非加引号", "no text begins with this character without quotes"
    ),
    "did not find expected key": Wording(
        "缩进与上面的行没有对齐", "it is not indented like the lines above"
    ),
    "expected '-' indicator": Wording(
        "缩进与上面的 - 没有对齐", "it is not indented like the - above"
    ),
    "expected ',' or": Wording(
        "括号没有配对，或各项之间缺少逗号",
        "a bracket is not closed, or a comma between items is missing",
    ),
}
"""The parser's words and ours, which name what people mistake most."""


def _build(node: yaml.Node, path: Path, reading: _Reading) -> Any:
    if path not in reading.places or not path:
        reading.places[path] = reading.place(node.start_mark)
    if isinstance(node, yaml.MappingNode):
        return _build_mapping(node, path, reading)
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*path, i), reading) for i, item in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)
    return _build_scalar(node, reading)


def _build_mapping(node: yaml.MappingNode, path: Path, reading: _Reading) -> dict[str, Any]:
    built: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
        place = reading.place(key_node.start_mark)
        if _is_trap(key_node):
            reading.problems.append(YAML_TRAP.at(place, value=key))
        if key == "<<":
            merge = Wording("合并键", "merge keys")
            reading.problems.append(YAML_FEATURE.at(place, feature=merge))
        elif key in built:
            first = reading.places[(*path, key)].row
            reading.problems.append(DOUBLE_KEY.at(place, value=key, first=first))
        else:
            reading.places[(*path, key)] = place
            built[key] = _build(value_node, (*path, key), reading)
    return built


def _is_plain(node: yaml.ScalarNode) -> bool:
    """Whether a scalar stands without quotes: the two loaders spell that differently."""
    return not node.style


def _is_trap(node: yaml.Node) -> bool:
    return (
        isinstance(node, yaml.ScalarNode) and _is_plain(node) and bool(_TRAP.fullmatch(node.value))
    )


def _build_scalar(node: yaml.ScalarNode, reading: _Reading) -> str | int | bool | None:
    text: str = node.value
    if not _is_plain(node):
        return text
    if _is_trap(node):
        reading.problems.append(YAML_TRAP.at(reading.place(node.start_mark), value=text))
        return text
    if text in {"", "~", "null"}:
        return None
    if text in {"true", "false"}:
        return text == "true"
    return int(text) if re.fullmatch(r"-?[1-9]\d{0,8}|0", text, re.ASCII) else text
