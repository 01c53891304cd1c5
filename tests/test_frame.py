"""`score_frame`, what a notebook asks: the same as `csq score`, as a pandas frame."""

from __future__ import annotations

import json
from copy import copy
from pathlib import Path

import pytest

from csq.api import score_frame
from csq.errors import DefinitionError, UsageError

from .cli.driver import METRICS, TICKETS, Csq


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Csq:
    monkeypatch.chdir(tmp_path)
    csq = Csq(tmp_path, tmp_path)
    csq.put("metrics.yaml", METRICS)
    csq.put("tickets.csv", TICKETS)
    return csq


def test_a_frame_says_what_the_json_says(here: Csq) -> None:
    frame = score_frame("tickets.csv", by=["channel"])
    asked = here.run("score", "tickets.csv", "--by", "channel", "--format", "json")
    rows = json.loads(asked.out)["indicators"]
    assert len(frame) == len(rows) == 6
    for (_, found), row in zip(frame.iterrows(), rows, strict=True):
        assert (found["id"], found["value"], found["n"], found["verdict"]) == (
            row["id"],
            row["value"],
            row["n"],
            row["verdict"],
        )
        assert row["group"].get("channel", "") == (
            "" if found.isna()["group.channel"] else found["group.channel"]
        )
        assert found["target.value"] == row["target"]["value"]


def test_paths_fields_and_indicators_may_be_single_texts(here: Csq) -> None:
    wanted = score_frame(here.folder, by=["channel"], indicators=["fcr"], period="2025-08")
    assert list(wanted["id"]) == ["fcr"] * 3
    same = score_frame(by="channel", indicators="一次性解决率", metrics="metrics.yaml")
    assert same.equals(wanted)
    narrowed = score_frame(where='channel = "电话"', indicators="fcr")
    assert list(narrowed["value"]) == [1.0]


def test_without_a_target_there_is_no_column_of_it(here: Csq) -> None:
    here.put("metrics.yaml", METRICS.replace('    targets: [{ value: "<= 30s" }]\n', ""))
    assert "target" not in score_frame()
    assert list(score_frame(indicators="frt").filter(like="target")) == []


def test_names_are_said_in_the_language_of_the_definition(here: Csq) -> None:
    here.put("metrics.yaml", METRICS + "language: en\n")
    assert list(score_frame(indicators="fcr")["name"]) == ["First contact resolution"]


def test_a_mistake_is_an_error_of_csq(here: Csq) -> None:
    with pytest.raises(UsageError) as raised:
        score_frame(indicators="fcrr")
    (problem,) = raised.value.problems
    assert problem.code == "unknown-indicator"
    assert str(raised.value) == (
        "unknown-indicator: 没有编号或名称是「fcrr」的指标 → 最接近的是：fcr, frt"
    )


def test_a_traceback_says_what_is_wrong_in_the_language_of_the_definition(here: Csq) -> None:
    here.put("metrics.yaml", METRICS + "language: en\n")
    with pytest.raises(UsageError) as raised:
        score_frame(indicators=["fcrr", "frtt"])
    assert str(raised.value) == (
        "unknown-indicator: there is no indicator with the id or name “fcrr”"
        " → the nearest are: fcr, frt\n"
        "unknown-indicator: there is no indicator with the id or name “frtt”"
        " → the nearest are: frt, fcr"
    )
    wrong = METRICS.replace("unit: percent", "unit: percents") + "language: en\n"
    here.put("metrics.yaml", wrong)
    with pytest.raises(DefinitionError) as told:
        score_frame()
    place = wrong[: wrong.index("unit: percents")].count("\n") + 1
    assert str(told.value).startswith(f"metrics.yaml:{place}:")
    assert "“percents” is no value for “unit”" in str(told.value)
    # An error keeps its problems on the way through another process.
    assert copy(raised.value).problems == raised.value.problems
