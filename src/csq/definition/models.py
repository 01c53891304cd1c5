"""metrics.yaml as typed, frozen models: what a person wrote, checked but not yet compiled."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from csq.calendar import WEEKDAYS, Spans, parse_spans, parse_weekdays
from csq.definition.base import Model, TextList, read_list, written_like
from csq.definition.indicators import Indicator, NamedRowSet
from csq.definition.sources import SourceSettings
from csq.privacy import Mode
from csq.quantity import Quantity, QuantityKind, parse_quantity
from csq.wording import Language, Wording


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError(
            "expected", "{expected}", {"expected": "Asia/Shanghai, Europe/London, …"}
        ) from None
    return name


def _read_hours(value: object) -> object:
    """Weekdays, singly or as `mon-fri`, and `makeup`, each with its spans."""
    if not isinstance(value, dict):
        return value
    found: dict[str, Spans] = {}
    for key, written in value.items():
        texts = read_list(written)
        is_list = isinstance(texts, list | tuple) and all(isinstance(t, str) for t in texts)
        spans = parse_spans(tuple(texts)) if is_list else None  # type: ignore[arg-type]
        names = [key] if key == "makeup" else [WEEKDAYS[n] for n in parse_weekdays(key) or ()]
        if spans is None or not names or found.keys() & set(names):
            listed = list(map(str, texts)) if isinstance(texts, list | tuple) else []
            shown = ", ".join(listed if is_list and spans is None else [key])
            is_twice = spans is not None and bool(names)
            expected = _ONCE if is_twice else _suggest_hours(key, listed)
            told: dict[str, Any] = {"value": shown, "expected": expected}
            raise PydanticCustomError("expected", "{expected}", told)
        found |= dict.fromkeys(names, spans)
    return found


_ONCE = Wording("每个星期几只写一次", "each weekday once")
_NIGHT = re.compile(r"(\d+:\d\d)\s*[-~至到]\s*(\d+:\d\d)")


def _suggest_hours(key: str, texts: Iterable[str]) -> str:
    """How hours are written: those that are meant where that is plain, else an example."""
    days = key if parse_weekdays(key) else "mon-fri"
    spans = [part.strip() for each in texts for part in re.split("[,，、;；]", each)]
    if len(spans) == 1 and (ends := _NIGHT.fullmatch(spans[0])):
        spans = [f"00:00-{ends[2]}", f"{ends[1]}-24:00"]
    if len(spans) < 2 or not parse_spans(tuple(spans)):
        spans = ["09:00-12:00", "13:30-18:00"]
    return f"{days}: [" + ", ".join(f'"{each}"' for each in spans) + "]"


_Span = Annotated[str, written_like(r"^\s*\d{1,2}[:：]\d{2}\s*[-~至到]\s*\d{1,2}[:：]\d{2}\s*$")]
Hours = Annotated[
    dict[str, Spans],
    BeforeValidator(_read_hours, json_schema_input_type=dict[str, _Span | list[_Span]]),
]


class OffHoursReply(StrEnum):
    """What a time counts that begins and ends while nobody works: nothing, all of it, or no row."""

    ZERO = "zero"
    CALENDAR = "calendar"
    EXCLUDE = "exclude"


_COUNTRY = r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"


def _written_as_country(text: str) -> str:
    if re.search(_COUNTRY, text):
        return text
    raise PydanticCustomError("expected", "{expected}", {"expected": "CN, HK, DE-BY"})


class CalendarSettings(Model):
    """When work is done.

    `hours` by weekday; `makeup` in them is for weekend days that are worked instead (调休), which
    otherwise have Monday's hours. `holidays` is a country, or a country and its part: CN, DE-BY.
    `days` is a CSV file of single days and their hours.
    """

    hours: Hours
    holidays: (
        Annotated[
            str,
            AfterValidator(_written_as_country),
            Field(json_schema_extra={"pattern": _COUNTRY}),
        ]
        | None
    ) = None
    days: str | None = None
    off_hours_reply: OffHoursReply


def _read_share(value: Any) -> Any:
    quantity = parse_quantity(value) if isinstance(value, str) else value
    is_share = isinstance(quantity, Quantity) and quantity.kind is QuantityKind.PERCENT
    if quantity is not None and is_share and 0 <= quantity.value <= 1:
        return quantity
    raise PydanticCustomError("expected", "{expected}", {"expected": '"5%"'})


def _read_tolerance(value: object) -> object:
    return value if isinstance(value, dict | Tolerance) else {"refused": _read_share(value)}


_SHARE = r"^\s*\+?\d+(\.\d+)?\s*[%％]\s*$"
ShareText = Annotated[
    Quantity,
    BeforeValidator(_read_share, json_schema_input_type=Annotated[str, written_like(_SHARE)]),
]


class Tolerance(Model):
    """The shares of a source's rows that may go wrong before the whole run counts as invalid.

    `refused` is of all refused rows; each of `rules` is of those with this problem.
    """

    refused: ShareText = Quantity(Fraction(1, 20), QuantityKind.PERCENT, "5%")
    rules: dict[str, ShareText] = Field(default_factory=dict)


ToleranceText = Annotated[
    Tolerance,
    BeforeValidator(
        _read_tolerance, json_schema_input_type=Annotated[str, written_like(_SHARE)] | Tolerance
    ),
]


def _read_privacy(value: object) -> object:
    return {"mode": value} if isinstance(value, str) else value


class Privacy(Model):
    """How reports with rows show people: `mask`, `hash` with a local salt, or `none`."""

    mode: Mode = Mode.MASK
    k: Annotated[int, Field(ge=1)] = 5
    """Groups of people with fewer rows are not shown."""
    salt: str = ".csq-salt"
    """The file of the salt for `hash`; it is made where there is none, and stays here."""


PrivacyText = Annotated[
    Privacy, BeforeValidator(_read_privacy, json_schema_input_type=Mode | Privacy)
]


def _read_rows(value: object) -> object:
    """Row sets by their keys, which are their names in Chinese where only an English one stands."""
    if not isinstance(value, dict):
        return value
    return {key: _named_row_set(key, row_set) for key, row_set in value.items()}


def _named_row_set(key: object, row_set: object) -> object:
    name = row_set.get("name") if isinstance(row_set, dict) else None
    if isinstance(row_set, dict) and isinstance(name, dict) and set(name) == {"en"}:
        return row_set | {"name": {"zh": key} | name}
    return row_set


RowSets = Annotated[
    dict[str, NamedRowSet],
    BeforeValidator(_read_rows, json_schema_input_type=dict[str, NamedRowSet]),
]


class Definition(Model):
    """A whole metrics.yaml."""

    version: Literal[1]
    extends: str | None = None
    omit: TextList = ()
    """Ids of inherited indicators that are none of this definition's."""
    language: Language = "zh"
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    tolerance: ToleranceText = Tolerance()
    profile: str | None = None
    """Whose targets count beside those without a profile."""
    privacy: PrivacyText = Privacy()
    sources: dict[str, SourceSettings] = Field(default_factory=dict)
    calendars: dict[str, CalendarSettings] = Field(default_factory=dict)
    rows: RowSets = Field(default_factory=dict)
    measures: dict[str, str] = Field(default_factory=dict)
    indicators: tuple[Indicator, ...] = ()
