"""JSON Schemas for editors and for whoever writes exports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from csq.calendar import WEEKDAYS
from csq.definition.keys import EXAMPLES, KEYS
from csq.definition.load import nearest
from csq.definition.models import Definition
from csq.errors import UsageError
from csq.problems.definition import UNKNOWN_SOURCE
from csq.problems.rows import OF_ROWS
from csq.records.schema import Schema, known_schemas

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def definition_schema() -> dict[str, Any]:
    """The schema of metrics.yaml: with it an editor completes and checks every key."""
    schema = Definition.model_json_schema(by_alias=True)
    parts = {"Definition": schema, **schema["$defs"]}
    for model, keys in KEYS.items():
        properties = parts[model.__name__]["properties"]
        for key, about in keys.items():
            properties[key]["description"] = f"{about.zh} / {about.en}"
        for key, examples in EXAMPLES.get(model, {}).items():
            properties[key]["examples"] = list(examples)
    # Without a formula an indicator changes the inherited one, and says only what is different.
    indicator = parts["Indicator"]
    indicator["dependentRequired"] = {"formula": indicator["required"]}
    indicator["required"] = ["id"]
    sources = schema["properties"]["sources"]
    sources["properties"] = {each.source: _settings_of(each) for each in known_schemas().values()}
    sources["additionalProperties"] = False
    rules = parts["Tolerance"]["properties"]["rules"]
    rules["propertyNames"] = {"enum": sorted(kind.code for kind in OF_ROWS)}
    hours = parts["CalendarSettings"]["properties"]["hours"]
    days = ("mon-fri", *WEEKDAYS, "makeup")
    hours["properties"] = dict.fromkeys(days, hours["additionalProperties"])
    return {"$schema": _DIALECT, **schema, "title": "metrics.yaml"}


def _settings_of(source: Schema) -> dict[str, Any]:
    """What can be settled of one source, with the names of its fields; its own may be added."""

    def named(names: Iterable[tuple[str, str]]) -> dict[str, Any]:
        return {"properties": {name: {"description": title} for name, title in names}}

    fields = [(f.name, f"{f.column.zh} / {f.column.en}") for f in source.fields]
    return {
        "$ref": "#/$defs/SourceSettings",
        "description": f"{source.title.zh} / {source.title.en}",
        "properties": {key: named(fields) for key in ("columns", "values", "events")},
    }


def record_schema(source: str) -> dict[str, Any]:
    """The schema of one kind of record, with the headers it is recognised by; or `UsageError`."""
    schemas = known_schemas()
    if source not in schemas:
        raise UsageError(UNKNOWN_SOURCE.at(value=source, known=nearest(source, schemas)))
    return {"$schema": _DIALECT, **schemas[source].model.model_json_schema()}
