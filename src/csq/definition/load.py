"""From a metrics.yaml to a `Definition`, with every fault found in one pass."""

from __future__ import annotations

import difflib
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any, get_args

from pydantic_core import ErrorDetails

from csq.calendar import Calendar
from csq.definition.base import Model
from csq.definition.calendars import read_calendars
from csq.definition.extending import (
    changes_in,
    doubled_in,
    extend,
    ids_in,
    omitted_in,
)
from csq.definition.models import Definition
from csq.definition.salvage import leave_out_faults
from csq.definition.sources import EVERY_COLUMN
from csq.definition.yaml import Document, Path, read_yaml
from csq.errors import DefinitionError, Place, Problem, list_names, reason_of
from csq.files import refuse_input_as_output, shipped_definition
from csq.problems.definition import (
    BOTH_TARGET_FORMS,
    DOUBLE_ID,
    EXTENDS_CIRCLE,
    MISSING_KEY,
    OMITTED_CHANGE,
    REVERSED_TARGET,
    UNKNOWN_CHANGE,
    UNKNOWN_KEY,
    UNKNOWN_OMITTED,
    UNREADABLE_DEFINITION,
    WRONG_BASELINE,
    WRONG_SHAPE,
    WRONG_VALUE,
)
from csq.wording import Wording

SHIPPED = {"csq": "metrics.yaml", "csq:standard": "standard.yaml"}
"""What `extends:` calls the definitions csq ships: the default set, and that with eight more."""

_DEFAULT = "csq"


@dataclass(frozen=True, slots=True)
class LoadedDefinition:
    """A well-formed definition, where its parts stand, and the sha-256 of its files.

    Whether its parts fit together is found out with its formulas, so that all is told at once:
    keys and values that are wrong are its `faults`, and were left out of it.
    """

    definition: Definition
    places: Mapping[Path, Place]
    digest: str
    files: tuple[FilePath, ...] = ()
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    faults: tuple[Problem, ...] = ()
    left_out: frozenset[str] = frozenset()
    """The names of what was left out, `salvage.ANY_NAME` where they are not known."""
    stood_in: frozenset[Path] = frozenset()
    """Values of indicators that nobody wrote rightly, and that stand in for what is wrong."""
    omitted: Mapping[str, Place] = field(default_factory=dict)
    """The inherited indicators under `omit:`, each with where it is written there."""

    def place(self, *path: str | int) -> Place:
        return Document(None, self.places).place(path)

    def says(self, indicator: int, key: str) -> bool:
        """Whether an indicator's key is as somebody wrote it."""
        return ("indicators", indicator, key) not in self.stood_in

    def place_of_target(self, indicator: int, target: int) -> Place:
        """Where an indicator's target stands, in whichever form it is written."""
        if self.definition.indicators[indicator].target:
            return self.place("indicators", indicator, "target")
        return self.place("indicators", indicator, "targets", target)


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read on the way to a definition: the file itself first, then what it extends."""

    keeps_omitted: bool
    contents: list[bytes] = field(default_factory=list)
    files: list[FilePath] = field(default_factory=list)
    omitted: dict[str, Place] = field(default_factory=dict)


def load_definition(
    file: FilePath | None, *, keep_omitted: bool = False, outputs: Iterable[FilePath] = ()
) -> LoadedDefinition:
    """The definition in a file, or the shipped one, with its faults.

    With `keep_omitted` it has what stands under `omit:` as well. Raises `DefinitionError` where
    it cannot be read at all, or `UsageError` where that would be told in one of the `outputs` and
    this is one of its files.
    """
    read = _Read(keep_omitted)
    try:
        loaded = _load(file or _DEFAULT, read)
    except DefinitionError:
        for output in outputs:
            refuse_input_as_output(output, read.files)
        raise
    return replace(loaded, files=(*read.files, *loaded.files), omitted=read.omitted)


def _load(file: FilePath | str, read: _Read) -> LoadedDefinition:
    document, problems = _read_with_parents(file, (), read)
    if document.content is None and problems:
        raise DefinitionError(*problems)
    folder = read.files[0].parent if read.files else FilePath()
    digest = hashlib.sha256(b"\0".join(read.contents)).hexdigest()
    return _checked(document, digest, folder, problems)


def _checked(
    document: Document, digest: str, folder: FilePath, unread: tuple[Problem, ...]
) -> LoadedDefinition:
    content = document.content if document.content is not None else {}
    if not isinstance(content, dict):
        raise DefinitionError(*unread, WRONG_SHAPE.at(document.place(()), found=_shape(content)))
    salvage = leave_out_faults(replace(document, content=content))
    calendars, unusable, contents = read_calendars(salvage.definition, salvage.document, folder)
    for days in contents.values():
        digest = hashlib.sha256(digest.encode() + days).hexdigest()
    places = MappingProxyType(dict(salvage.document.places))
    misread = {(each.place.row, each.value) for each in unread}
    codes = {UNKNOWN_CHANGE.code, OMITTED_CHANGE.code, DOUBLE_ID.code}
    unchanged = {each.place for each in unread if each.code in codes}
    told = [
        each
        for each in (_explain(details, document) for details in salvage.faults)
        if (each.place.row, each.value) not in misread
        and not (each.code == MISSING_KEY.code and each.place in unchanged)
        and not _is_called_otherwise(each, document)
    ]
    faults = (*unread, *told, *unusable)
    return LoadedDefinition(
        salvage.definition,
        places,
        digest,
        tuple(contents),
        calendars,
        faults,
        salvage.left_out,
        salvage.stood_in,
    )


def _is_called_otherwise(problem: Problem, document: Document) -> bool:
    """Whether a key is only missing since it is written in Chinese, which is told by itself."""
    if problem.code != MISSING_KEY.code:
        return False
    path = next((path for path, place in document.places.items() if place == problem.place), ())
    beside = (at[-1] for at in document.places if at and at[:-1] == path)
    return any(_KEYS.get(str(each)) == problem.value for each in beside)


def _read_with_parents(
    file: FilePath | str, children: tuple[str, ...], read: _Read
) -> tuple[Document, tuple[Problem, ...]]:
    """A file, or one of those that csq ships by its name, on top of all it builds on."""
    name = file if isinstance(file, str) else file.name
    identity = file if isinstance(file, str) else os.path.realpath(file)
    if identity in children:
        circle = " → ".join(FilePath(child).name for child in (*children, identity))
        return Document(None, {}), (EXTENDS_CIRCLE.at(Place(name), value=circle),)
    if isinstance(file, FilePath) and os.path.exists(file) and not file.is_file():
        reason = Wording("不是普通文件", "it is no regular file")
        return Document(None, {}), (UNREADABLE_DEFINITION.at(Place(name), reason=reason),)
    read.files.extend([file] if isinstance(file, FilePath) else [])
    try:
        shipped = isinstance(file, str)
        content = shipped_definition(SHIPPED[name]) if shipped else FilePath(file).read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        reason = reason_of(error)
        return Document(None, {}), (UNREADABLE_DEFINITION.at(Place(name), reason=reason),)
    except UnicodeDecodeError:
        reason = Wording("不是 UTF-8 编码", "it is not UTF-8")
        return Document(None, {}), (UNREADABLE_DEFINITION.at(Place(name), reason=reason),)
    read.contents.append(content)
    document, problems = read_yaml(text, name)
    if not isinstance(document.content, dict):
        return document, problems
    extends = document.content.get("extends")
    if extends is None and "omit" in document.content:
        return document, (*problems, *_tell_unknown(Document({}, {}), document))
    if not isinstance(extends, str) or any(each.value == extends for each in problems):
        return document, problems
    folder = file.parent if isinstance(file, FilePath) else FilePath()
    beside = extends if extends in SHIPPED else folder / extends
    parent, parent_problems = _read_with_parents(beside, (*children, identity), read)
    if parent_problems or not isinstance(parent.content, dict):
        return parent, (*problems, *parent_problems)
    told = (*_tell_unknown(parent, document), *_tell_doubled(parent))
    omitted = omitted_in(document)
    read.omitted.update(omitted)
    left_out = frozenset() if read.keeps_omitted else omitted.keys()
    return extend(parent, document, left_out), (*problems, *told)


def _tell_doubled(parent: Document) -> Iterator[Problem]:
    """Indicators of the inherited definition itself that have one id."""
    for name, place, first in doubled_in(parent):
        yield DOUBLE_ID.at(place, value=name, first=first.row)


def _tell_unknown(parent: Document, child: Document) -> Iterator[Problem]:
    """What a definition leaves out or changes of another one that has no such indicator."""
    known = ids_in(parent)
    omitted = omitted_in(child)
    for name, place in omitted.items():
        if name not in known:
            yield UNKNOWN_OMITTED.at(place, value=name, nearest=nearest(name, known) or "–")
    changes = changes_in(child)
    latest = dict(changes)
    for name, place in changes:
        if name not in known:
            yield UNKNOWN_CHANGE.at(place, value=name, nearest=nearest(name, known) or "–")
        elif name in omitted:
            yield OMITTED_CHANGE.at(place, value=name)
        elif place != latest[name]:
            yield DOUBLE_ID.at(place, value=name, first=latest[name].row)


_EXPECTED = {
    "string_type": Wording("一段文字（必要时加引号）", "a text (in quotes where needed)"),
    "string_pattern_mismatch": Wording(
        "小写字母开头，只含小写字母、数字、下划线",
        "lower-case letters, digits and underscores, a letter first",
    ),
    "tuple_type": Wording("一个列表", "a list"),
    "list_type": Wording("一个列表", "a list"),
    "dict_type": Wording("键: 值", "key: value"),
    "model_type": Wording("键: 值", "key: value"),
    "model_attributes_type": Wording("键: 值", "key: value"),
    "bool_type": Wording("true 或 false", "true or false"),
    "bool_parsing": Wording("true 或 false", "true or false"),
    "int_type": Wording("一个整数", "a whole number"),
    "int_parsing": Wording("一个整数", "a whole number"),
    "greater_than_equal": Wording("更大的数", "a larger number"),
    "less_than_equal": Wording("更小的数", "a smaller number"),
    "too_short": Wording("更多的项", "more items"),
    "too_long": Wording("更少的项", "fewer items"),
}


def _explain(details: ErrorDetails, document: Document) -> Problem:
    """A pydantic fault as a problem with its line."""
    path = details["loc"]
    place = document.place(path)
    # `*` stands in the models for every field; nobody writes it.
    keys = (part for part in reversed(path) if isinstance(part, str) and part != EVERY_COLUMN)
    key = next(keys, "")
    kind, context = details["type"], details.get("ctx", {})
    if kind == "extra_forbidden":
        model = _model_at(path[:-1])
        known = [field.alias or name for name, field in model.model_fields.items()]
        meant = [each for each in known if each == _KEYS.get(key)]
        return UNKNOWN_KEY.at(place, value=key, nearest=nearest(key, meant or known))
    if kind == "missing":
        return MISSING_KEY.at(place, value=key, example=_MISSING.get(key, key + ": …"))
    value = str(context.get("value") or _shown(details["input"]))
    if kind == "baseline":
        return WRONG_BASELINE.at(place)
    if kind == "reversed":
        return REVERSED_TARGET.at(place, **context)
    if kind == "both-target-forms":
        return BOTH_TARGET_FORMS.at(place)
    if kind in {"literal_error", "enum"}:
        expected: Wording | str = _name_choices(str(context["expected"]).replace("'", ""))
    elif example := _example_at(path, kind):
        expected = example
    else:
        expected = context.get("expected") or _EXPECTED.get(kind) or kind
    if value[:1] in _CURLY:
        expected = _STRAIGHT.fill(expected=expected)
    return WRONG_VALUE.at(place, key=key, value=value, expected=expected)


_MISSING = {
    "version": "version: 1",
    "unit": "unit: percent",
    "direction": "direction: up",
    "id": "id: fcr",
    "name": "name: { zh: 一次性解决率, en: First contact resolution }",
    "formula": "formula: COUNT(tickets)",
    "from": "from: tickets",
    "type": "type: text",
    "value": 'value: ">= 85%"',
    "hours": 'hours: { mon-fri: "09:00-18:00" }',
    "off_hours_reply": "off_hours_reply: zero | calendar | exclude",
}
_KEYS = {
    "指标": "indicators",
    "口径": "rows",
    "汇总项": "measures",
    "数据源": "sources",
    "工作时间": "calendars",
    "编号": "id",
    "名称": "name",
    "指标名称": "name",
    "公式": "formula",
    "计算公式": "formula",
    "单位": "unit",
    "方向": "direction",
    "目标": "target",
    "目标值": "target",
    "维度": "dimension",
    "指标编号": "id",
    "责任": "owner",
    "责任人": "owner",
    "责任部门": "owner",
    "负责人": "owner",
    "说明": "description",
    "小数位数": "decimals",
    "来自": "from",
    "条件": "where",
}
"""The keys that people mean who write them in Chinese."""


def _name_choices(named: str) -> Wording:
    """The words of which a value is one, `up, down or band`; in Chinese with what they mean."""
    words = named.replace(" or ", ", ").split(", ")
    meant = (f"{word}（{_MEANINGS[word]}）" if word in _MEANINGS else word for word in words)
    return Wording("、".join(meant), named)


_MEANINGS = {
    "percent": "百分数",
    "duration": "时长",
    "count": "数量",
    "score": "评分",
    "points": "分值",
    "ratio": "比值",
    "up": "越高越好",
    "down": "越低越好",
    "band": "在两端之间",
    "floor": "底线",
    "target": "目标",
    "stretch": "挑战值",
    "exclude": "不计",
    "include": "照计",
    "provisional": "照计，结论暂定",
    "zero": "算 0",
    "calendar": "按自然时间",
    "text": "文字",
    "timestamp": "时间",
    "flag": "是/否",
    "integer": "整数",
    "number": "数字",
}
_CURLY = frozenset("“”‘’「『")
_STRAIGHT = Wording('{expected}（引号要用半角的 "）', '{expected} (in straight quotes, ")')
_NOT_A_MAPPING = {"dict_type", "model_type", "model_attributes_type"}
_NOT_A_LIST = {"tuple_type", "list_type"}
_EXAMPLES: tuple[tuple[Path, str | Wording], ...] = (
    (("indicators", 0, "targets", 0), '{ value: ">= 85%" }'),
    (("indicators", 0), "id: fcr, name: …, formula: …"),
    (("rows", ""), "{ from: tickets, where: 'NOT spam' }"),
    (("calendars", "", "hours"), '{ mon-fri: "09:00-18:00" }'),
    (("sources", "", "values", ""), "{ 电话: [phone, 热线] }"),
    (("sources", "", "fields", ""), "{ type: text, columns: 产品线 }"),
)
"""What stands at a path of keys and positions; any name and any number fit "" and 0."""


_LISTS: tuple[tuple[Path, str | Wording], ...] = (
    (
        ("indicators",),
        Wording("一个列表，每个指标以 - id: 开头", "a list, each indicator beginning with - id:"),
    ),
    (
        ("indicators", 0, "targets"),
        Wording(
            '一个列表，例如 [{ value: ">= 85%" }]；只有一个目标就写 target: ">= 85%"',
            'a list such as [{ value: ">= 85%" }]; a single target is target: ">= 85%"',
        ),
    ),
)


def _example_at(path: Path, kind: str) -> str | Wording | None:
    """What somebody may write at a path where a list, or keys and values, are missing."""
    examples = {**dict.fromkeys(_NOT_A_MAPPING, _EXAMPLES), **dict.fromkeys(_NOT_A_LIST, _LISTS)}

    def fits(known: Path) -> bool:
        return len(known) == len(path) and all(
            isinstance(part, type(wanted)) and wanted in {"", 0, part}
            for wanted, part in zip(known, path, strict=True)
        )

    return next((example for known, example in examples.get(kind, ()) if fits(known)), None)


def _shape(content: object) -> Wording:
    """What a file is that should be keys and values; never what stands in it.

    It may be an export that was named by mistake.
    """
    if isinstance(content, list):
        return Wording("一个列表", "a list")
    return Wording("一段文字", "a text")


def _shown(value: object) -> str:
    """A value as YAML spells it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int) or value is None:
        return "" if value is None else str(value)
    return "{…}" if isinstance(value, dict) else "[…]"


def _model_at(path: Iterable[str | int]) -> type[Model]:
    """The model that describes a part of the file."""
    annotation: Any = Definition
    for part in path:
        if isinstance(annotation, type) and issubclass(annotation, Model):
            fields = annotation.model_fields
            named = {field.alias or name: field for name, field in fields.items()}
            annotation = named[str(part)].annotation
        else:
            annotation = next(
                inner
                for inner in reversed(get_args(annotation))
                if inner not in {Ellipsis, type(None)}
            )
    return _first_model(annotation)


def _first_model(annotation: Any) -> type[Model]:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return annotation
    return next(_first_model(inner) for inner in get_args(annotation) if inner is not type(None))


def nearest(wanted: str, known: Iterable[str], count: int = 3) -> str:
    """The known names most like the wanted one, or all of them when none is."""
    names = list(dict.fromkeys(known))
    return list_names(close_names(wanted, names, count) or names[:12])


def close_names(wanted: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known names that are much like the wanted one, the most alike first."""
    return difflib.get_close_matches(wanted, list(dict.fromkeys(known)), n=count, cutoff=0.5)
