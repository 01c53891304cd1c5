"""The JSON that scripts outside depend on, as a shape that a document fits or does not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

NUMBER = (int, float, type(None))
TEXT = (str,)
MAYBE_TEXT = (str, type(None))

RECEIPT = {
    "source": TEXT,
    "file": TEXT,
    "sheet": MAYBE_TEXT,
    "encoding": MAYBE_TEXT,
    "read": (int,),
    "kept": (int,),
    "rejected": (int,),
    "duplicates": (int,),
    "outside_period": (int,),
}
INDICATOR = {
    "id": TEXT,
    "name": TEXT,
    "dimension": TEXT,
    "group": (dict,),
    "period": TEXT,
    "value": NUMBER,
    "part": NUMBER,
    "whole": NUMBER,
    "n": (int,),
    "unit": TEXT,
    "target": (dict, type(None)),
    "verdict": TEXT,
    "gap": NUMBER,
    "previous": NUMBER,
    "change": NUMBER,
    "owner": (list,),
}
MORE_OF_INDICATOR = {
    "lacking": (list,),
    "unjudged": (dict,),
    "missing_to_target": (int,),
    "missed_levels": (list,),
    "blanks": (int,),
    "reference": (dict,),
}
"""What stands there only where there is something to say."""

TARGET = {"value": TEXT, "level": TEXT, "provenance": MAYBE_TEXT}
MORE_OF_TARGET = {"where": (dict,)}
"""The group that the target is for, where it is not for all."""
PERIOD = {"label": TEXT, "start": TEXT, "end": TEXT, "complete": (bool,)}
PROBLEM = {
    "code": TEXT,
    "severity": TEXT,
    "file": MAYBE_TEXT,
    "sheet": MAYBE_TEXT,
    "row": (int, type(None)),
    "column": MAYBE_TEXT,
    "value": MAYBE_TEXT,
    "message": TEXT,
    "hint": TEXT,
    "count": (int,),
}
VERDICTS = {"met", "missed", "no_target", "no_data", "not_enough_evidence"}
UNITS = {"percent", "duration", "count", "score", "points", "ratio"}


def read_scorecard(text: str) -> dict[str, Any]:
    """The document of `score` and `check`, once it is sure that it keeps the contract."""
    content: dict[str, Any] = json.loads(text, parse_constant=_refuse)
    assert list(content) == [
        "csq", "period", "definition", "receipts", "indicators", "assumptions", "problems"
    ]  # fmt: skip
    assert len(content["definition"]) == 64
    _fits(content["period"], PERIOD)
    for receipt in content["receipts"]:
        _check_receipt(receipt)
    for indicator in content["indicators"]:
        _check_indicator(indicator)
    for problem in content["problems"]:
        _fits(problem, PROBLEM)
    assert all(isinstance(line, str) for line in content["assumptions"])
    return content


def read_validation(text: str) -> dict[str, Any]:
    """The document of `validate`, once it is sure that it keeps the contract."""
    content: dict[str, Any] = json.loads(text, parse_constant=_refuse)
    assert list(content) == ["receipts", "problems"]
    for receipt in content["receipts"]:
        _check_receipt(receipt)
    for problem in content["problems"]:
        _fits(problem, PROBLEM)
    return content


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


def _fits(
    part: dict[str, Any],
    shape: Mapping[str, tuple[type, ...]],
    more: Mapping[str, tuple[type, ...]] | None = None,
) -> None:
    allowed = {**shape, **(more or {})}
    assert set(shape) <= set(part) <= set(allowed), part
    for key, value in part.items():
        assert isinstance(value, allowed[key]), (key, value)
        assert not isinstance(value, bool) or bool in allowed[key], (key, value)


def _check_receipt(receipt: dict[str, Any]) -> None:
    _fits(receipt, RECEIPT)
    parts = ("kept", "rejected", "duplicates", "outside_period")
    assert receipt["read"] == sum(receipt[part] for part in parts)


def _check_indicator(indicator: dict[str, Any]) -> None:
    _fits(indicator, INDICATOR, MORE_OF_INDICATOR)
    assert indicator["verdict"] in VERDICTS
    assert indicator["unit"] in UNITS
    if indicator["target"] is not None:
        _fits(indicator["target"], TARGET, MORE_OF_TARGET)
    if indicator["value"] is None:
        assert indicator["verdict"] == "no_data"
        assert indicator["gap"] is None
        assert indicator["change"] is None
