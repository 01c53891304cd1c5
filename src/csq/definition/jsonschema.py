"""JSON Schemas for editors and for whoever writes exports."""

from __future__ import annotations

from typing import Any

from csq.definition.load import nearest
from csq.definition.models import Definition
from csq.errors import UsageError
from csq.problems import UNKNOWN_SOURCE
from csq.records.schema import known_schemas

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def definition_schema() -> dict[str, Any]:
    """The schema of metrics.yaml: with it an editor completes and checks every key."""
    schema = Definition.model_json_schema(by_alias=True)
    return {"$schema": _DIALECT, **schema, "title": "metrics.yaml"}


def record_schema(source: str) -> dict[str, Any]:
    """The schema of one kind of record, with the headers it is recognised by; or `UsageError`."""
    schemas = known_schemas()
    if source not in schemas:
        raise UsageError(UNKNOWN_SOURCE.at(value=source, known=nearest(source, schemas)))
    return {"$schema": _DIALECT, **schemas[source].model.model_json_schema()}
