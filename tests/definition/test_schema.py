"""The published JSON Schema: it accepts what csq accepts, and knows every key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from csq.definition.base import Model
from csq.definition.indicators import Indicator, RowSet
from csq.definition.jsonschema import definition_schema, record_schema
from csq.definition.models import CalendarSettings, Definition
from csq.definition.sources import OwnField, SourceSettings
from csq.definition.targets import ComparisonText, Target
from csq.definition.yaml import read_yaml
from csq.errors import UsageError
from csq.files import shipped_definition
from csq.records.schema import known_schemas

Schema = dict[str, Any]

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_KNOWN = {
    "$defs", "$ref", "$schema", "additionalProperties", "anyOf", "const", "default",
    "dependentRequired", "description", "enum", "examples", "items", "maxItems", "maxLength", "maximum", "minItems",
    "minLength", "minimum",
    "oneOf", "pattern", "prefixItems", "properties", "propertyNames", "required", "title", "type",
}  # fmt: skip
"""The words of JSON Schema that are understood here; another one must be added, not ignored."""


def faults(value: Any, schema: Schema, root: Schema, path: str = "") -> Iterator[str]:
    """Where a value does not fit a schema: the part of JSON Schema that pydantic writes."""
    assert set(schema) <= _KNOWN | {key for key in schema if key.startswith("x-")}, schema
    if reference := schema.get("$ref"):
        yield from faults(value, root["$defs"][reference.rpartition("/")[2]], root, path)
    for choice in ("anyOf", "oneOf"):
        options = schema.get(choice, ())
        if options and all([*faults(value, option, root, path)] for option in options):
            yield f"{path}: fits none of {choice}"
    if "const" in schema and value != schema["const"]:
        yield f"{path}: is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: is none of {schema['enum']}"
    if "type" in schema and not _is_of(value, schema["type"]):
        yield f"{path}: is no {schema['type']}"
    elif isinstance(value, dict):
        yield from _faults_of_object(value, schema, root, path)
    elif isinstance(value, list):
        yield from _faults_of_array(value, schema, root, path)
    elif isinstance(value, str):
        if not re.search(schema.get("pattern", ""), value):
            yield f"{path}: does not match {schema['pattern']}"
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            yield f"{path}: is too short or too long"
    elif isinstance(value, int) and not (
        schema.get("minimum", value) <= value <= schema.get("maximum", value)
    ):
        yield f"{path}: is out of bounds"


def _is_of(value: Any, wanted: str | list[str]) -> bool:
    names = [wanted] if isinstance(wanted, str) else wanted
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, _TYPES[name]) for name in names)


def _faults_of_object(value: Schema, schema: Schema, root: Schema, path: str) -> Iterator[str]:
    known = schema.get("properties", {})
    more = schema.get("additionalProperties", True)
    depending = schema.get("dependentRequired", {})
    needed = [schema.get("required", ()), *(depending[name] for name in value if name in depending)]
    for name in dict.fromkeys(name for names in needed for name in names):
        if name not in value:
            yield f"{path}: lacks {name}"
    for name, part in value.items():
        if name in known:
            yield from faults(part, known[name], root, f"{path}/{name}")
        elif more is False:
            yield f"{path}: {name} is not known"
        elif isinstance(more, dict):
            yield from faults(part, more, root, f"{path}/{name}")
        yield from faults(name, schema.get("propertyNames", {}), root, f"{path}/{name}")


def _faults_of_array(value: list[Any], schema: Schema, root: Schema, path: str) -> Iterator[str]:
    first = schema.get("prefixItems", ())
    for position, part in enumerate(value):
        of_part = first[position] if position < len(first) else schema.get("items", {})
        yield from faults(part, of_part, root, f"{path}/{position}")
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield f"{path}: has {len(value)} items"


def faults_of(text: str) -> list[str]:
    document, problems = read_yaml(text, "metrics.yaml")
    assert problems == ()
    schema = definition_schema()
    return list(faults(document.content, schema, schema))


def test_the_shipped_definition_fits() -> None:
    assert faults_of(shipped_definition().decode()) == []


def test_every_example_in_the_documents_fits() -> None:
    root = Path(__file__).parents[2]
    for document in [root / "README.md", *sorted((root / "docs").glob("*.md"))]:
        text = document.read_text(encoding="utf-8")
        for block in re.findall(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            if block.startswith("version:"):
                assert faults_of(block) == [], document.name


WHOLE = """
version: 1
language: en
timezone: Europe/London
tolerance: "2%"
profile: guide
privacy: { mode: hash, k: 10, salt: here.salt }
sources:
  tickets:
    files: "tickets*"
    columns:
      created_at: { join: [日期, 时间] }
      channel: 渠道
      resolved_at: [解决, 完成]
    values: { channel: { 电话: [phone, 热线], 在线: chat } }
    fields:
      ways: { type: text, separator: ["┋", ";"] }
      line: { type: text, columns: 产品线, title: { zh: 产品线, en: Product line } }
      rating: { type: number, scale: [1, 10] }
      wait: { type: duration, unit: min }
      moved_at: { type: timestamp }
    duplicates: first
    grain: { key: ticket_id, keep: first, time: moved_at, activity: status }
    events:
      resolved_at: { last: [solved], after: open }
      wait: { spent: open }
    nulls: ["-", 无]
    date_order: dmy
    decimal: ","
    clock: mm:ss
    sheet: 明细
    encoding: gb18030
    delimiter: ";"
    header_row: 3
    skip_rows: 1
  surveys:
    nulls: { csat: ["?", /], "*": (跳过) }
    values: { csat: { 5: 非常满意, 1: [差评, "1 星"] }, resolved_self_report: { 是: 已解决 } }
calendars:
  office:
    hours: { mon-fri: ["09:00-12:00", "13:30-18:00"], sat: "10:00-12:00", makeup: "09:00-18:00" }
    holidays: CN
    off_hours_reply: zero
rows:
  valid: { from: tickets, where: NOT spam }
  solved: { from: valid, time: resolved_at, stock: true }
measures:
  all: COUNT(valid)
indicators:
  - id: a
    name: { zh: 甲, en: A }
    dimension: 质量
    formula: SHARE(valid, first_contact_resolved)
    unit: percent
    direction: up
    owner: [客服部]
    data_source: 系统
    targets:
      - { value: ">= 85%", level: target, where: { channel: 电话 }, provenance: guide }
      - { value: "≥ 80%", level: floor }
      - { value: "+5pp", from: 2026-01, to: 2026-12, baseline: 2025H1, profile: guide }
    time: created_at
    population: { from: 有效工单, where: escalated }
    calendar: 工作时间
    mature_after: 7d
    unripe: provisional
    attribution: all
    variants:
      all: { formula: COUNT(tickets), name: { zh: 全部, en: All }, source: 手册 }
    optional: true
    min_n: 30
    decimals: 2
    reference: last-half-year
    reach: { zh: "再有 {n} 单", en: "{n} more" }
    description: 说明
    playbook: { zh: 复盘, en: Review }
  - { id: b, name: B, formula: all, unit: count, direction: up, target: ">= 3", owner: 客服部,
      population: 有效工单 }
"""
"""Every key that metrics.yaml has, in every form that it may have."""


MODELS = (
    Definition,
    SourceSettings,
    OwnField,
    CalendarSettings,
    RowSet,
    Indicator,
    Target,
)


def test_every_form_of_every_key_fits() -> None:
    assert faults_of(WHOLE) == []


def test_every_key_stands_in_the_example() -> None:
    for model in MODELS:
        for name, field in model.model_fields.items():
            key = field.alias or name
            assert re.search(rf"\b{key}:\s", WHOLE) or key in {"extends", "omit", "days"}, key


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version: 1", "version: 9"),
        ("language: en", "language: fr"),
        ("duplicates: first", "duplicates: keep"),
        ("unit: percent", "unit: percents"),
        ("direction: up", "direction: higher"),
        ("    min_n: 30", "    min_n: 0"),
        ("    decimals: 2", "    decimals: 9"),
        ("id: a\n", "id: FCR\n"),
        ("    owner: [客服部]", "    ownr: [客服部]"),
        ("level: floor", "level: gold"),
        ("scale: [1, 10]", "scale: [1]"),
        ("    name: { zh: 甲, en: A }\n", ""),
        ("{ from: tickets, where: NOT spam }", "{ where: NOT spam }"),
        ("name: { zh: 甲, en: A }", "name: { zh: 甲, fr: A }"),
        ("name: { zh: 甲, en: A }", 'name: ""'),
        ('value: ">= 85%"', 'value: "85%"'),
        ('value: ">= 85%"', "value: 不低于85%"),
        ('value: "+5pp"', 'value: "5pp"'),
        ('target: ">= 3"', 'target: "3 - 5"'),
        ('target: ">= 3"', "target: 3"),
        ("mature_after: 7d", "mature_after: '7'"),
        ('sat: "10:00-12:00"', 'sat: "10:00-12:00, 13:00-14:00"'),
    ],
)
def test_what_csq_refuses_does_not_fit(old: str, new: str) -> None:
    assert old in WHOLE
    assert faults_of(WHOLE.replace(old, new, 1)) != []


@pytest.mark.parametrize(
    "text",
    [
        *(">= 85%", "≥85％", "＞＝８５％", " < 3 min ", "= 0", "<= -5", "240s .. 420s", "-5%..5%"),
        *("4min..7min", "-20%", "＋20％", "+5pp", "-5", "+1.5h", "<= 3分钟", "> 2天"),
    ],
)
def test_every_target_that_csq_reads_fits(text: str) -> None:
    assert TypeAdapter(ComparisonText).validate_python(text)
    whole = WHOLE.replace('value: "+5pp"', f'value: "{text}"')
    assert faults_of(whole) == []


def models(of: type[Model]) -> Iterator[type[Model]]:
    for each in of.__subclasses__():
        yield each
        yield from models(each)


def test_every_key_is_in_the_schema() -> None:
    schema = definition_schema()
    described = {"Definition": schema, **schema["$defs"]}
    for model in models(Model):
        keys = {field.alias or name for name, field in model.model_fields.items()}
        if model.__name__ in described:
            assert set(described[model.__name__]["properties"]) == keys, model
            assert described[model.__name__]["additionalProperties"] is False, model
    assert {"Indicator", "Target", "RowSet", "OwnField", "SourceSettings"} <= set(described)


@pytest.mark.parametrize("source", sorted(known_schemas()))
def test_a_record_is_described_with_its_headers(source: str) -> None:
    schema = known_schemas()[source]
    properties = record_schema(source)["properties"]
    assert set(properties) == {field.name for field in schema.fields}
    for field in schema.fields:
        described = properties[field.name]
        assert described["title"] == f"{field.column.zh} / {field.column.en}"
        assert {field.column.zh, field.column.en} <= set(described["x-headers"])


def test_a_record_of_no_kind_is_wrong_usage() -> None:
    with pytest.raises(UsageError):
        record_schema("ticket")


def test_every_key_stands_in_the_documents() -> None:
    """What no document names, nobody finds."""
    text = (Path(__file__).parents[2] / "docs" / "definition.md").read_text(encoding="utf-8")
    for model in MODELS:
        for name, field in model.model_fields.items():
            assert re.search(rf"\b{field.alias or name}:", text), (model.__name__, name)


def test_every_key_is_described_in_both_languages() -> None:
    schema = definition_schema()
    parts = {"Definition": schema, **schema["$defs"]}
    known = {model.__name__: model for model in models(Model)}
    described = {name: part for name, part in parts.items() if "properties" in part}
    assert set(described) <= set(known)
    for name, part in described.items():
        for key, each in part["properties"].items():
            zh, slash, en = each.get("description", "").partition(" / ")
            assert slash, f"{name}.{key}"
            assert re.search(r"[\u4e00-\u9fff]|…|[a-z]", zh), f"{name}.{key}"
            assert re.search(r"[a-z]", en), f"{name}.{key}"
            assert not re.search(r"[\u4e00-\u9fff]", en), f"{name}.{key}"


def test_every_key_that_takes_one_of_several_words_lists_them() -> None:
    schema = definition_schema()
    lists = {
        "Definition": {"language"},
        "Target": {"level"},
        "Indicator": {"unit", "direction", "unripe", "reference", "attribution"},
        "SourceSettings": {"duplicates", "date_order"},
        "OwnField": {"type", "unit"},
        "CalendarSettings": {"off_hours_reply"},
        "Grain": {"keep"},
        "Privacy": {"mode"},
    }
    parts = {"Definition": schema, **schema["$defs"]}
    for name, keys in lists.items():
        for key in keys:
            text = str(parts[name]["properties"][key])
            for reference in re.findall(r"#/\$defs/(\w+)", text):
                text += str(parts[reference])
            assert "'enum'" in text or "'const'" in text, f"{name}.{key}"


def test_sources_and_their_fields_are_completed() -> None:
    sources = definition_schema()["properties"]["sources"]
    assert set(sources["properties"]) == set(known_schemas())
    for source, schema in known_schemas().items():
        for key in ("columns", "values", "events"):
            named = sources["properties"][source]["properties"][key]["properties"]
            assert set(named) == {field.name for field in schema.fields}


@pytest.mark.parametrize(
    ("old", "new"),
    [("  tickets:\n", "  ticket:\n"), ('tolerance: "2%"', "tolerance: { rules: { no-such: 1% } }")],
)
def test_names_that_nobody_knows_do_not_fit(old: str, new: str) -> None:
    assert old in WHOLE
    assert faults_of(WHOLE.replace(old, new, 1)) != []
