"""What every part of metrics.yaml shares: frozen models, texts in two languages, lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema
from pydantic_core import PydanticCustomError

from csq.wording import Wording


class Model(BaseModel):
    """A part of metrics.yaml: frozen, and every key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


SEVERAL = "several"
"""The type of an error that stands for all that are in its context, under `faults`."""


def refuse(faults: Iterable[PydanticCustomError]) -> None:
    """Raise what is wrong with a part as a whole: pydantic takes one error of a validator."""
    found = tuple(faults)
    if len(found) == 1:
        raise found[0]
    if found:
        raise PydanticCustomError(SEVERAL, SEVERAL, {"faults": found})


def _read_name(value: object) -> object:
    if isinstance(value, str) and value.strip():
        return Wording(value, value)
    if isinstance(value, dict) and value and set(value) <= {"zh", "en"}:
        zh, en = value.get("zh"), value.get("en")
        if all(isinstance(text, str) and text.strip() for text in value.values()):
            return Wording(str(zh or en), str(en or zh))
    raise PydanticCustomError("expected", "{expected}", {"expected": "{zh: …, en: …}"})


def written_like(pattern: str) -> WithJsonSchema:
    """What an editor is told of how a text looks; csq itself reads it more closely."""
    return WithJsonSchema({"type": "string", "pattern": pattern})


Filled = Annotated[str, written_like(r"\S")]
BilingualText = Annotated[
    Wording,
    BeforeValidator(_read_name, json_schema_input_type=Filled | dict[Literal["zh", "en"], Filled]),
]


def _read_note(value: object) -> object:
    return Wording(value, value) if isinstance(value, str) else _read_name(value)


BilingualNote = Annotated[
    Wording,
    BeforeValidator(_read_note, json_schema_input_type=str | dict[Literal["zh", "en"], str]),
]
"""As `BilingualText`, and may be left empty."""


def read_list(value: object) -> object:
    """What may be written as one text or as a list of texts, as a list."""
    return [value] if isinstance(value, str) else value


def _read_notes(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


BilingualList = Annotated[
    tuple[BilingualNote, ...],
    BeforeValidator(
        _read_notes,
        json_schema_input_type=str
        | dict[Literal["zh", "en"], str]
        | list[str | dict[Literal["zh", "en"], str]],
    ),
]


TextList = Annotated[
    tuple[str, ...], BeforeValidator(read_list, json_schema_input_type=str | list[str])
]
