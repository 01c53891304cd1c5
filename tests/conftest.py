"""What the tests of numbers share: a desk to put small exports on, and how much chance is tried."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

from csq.api import Run, score
from csq.definition.load import LoadedDefinition, load_definition
from csq.request import Request
from csq.scorecard import Score, Scorecard

set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "csq-hypothesis")
# Every run tries the same cases; `pytest --hypothesis-profile=wide` looks farther than that.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.register_profile("wide", max_examples=1_000, deadline=None, database=None)
settings.load_profile("repeatable")


def needs(program: str) -> str:
    """The path of a program; skips where it is absent, fails where it must be there."""
    found = shutil.which(program)
    if found is None:
        reason = f"needs {program}"
        if os.environ.get("CSQ_SKIPS_NOTHING"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def import_needed(module: str) -> Any:
    """A module that only these tests need; where nothing may be skipped, it must be there."""
    if os.environ.get("CSQ_SKIPS_NOTHING"):
        return import_module(module)
    return pytest.importorskip(module)


def pytest_collection_finish() -> None:
    """Thousands of tests are no garbage, and garbage is looked for at the pace csq sets itself."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def pytest_unconfigure() -> None:
    """At the end libraries look whether all their objects are gone."""
    gc.unfreeze()


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows as a spreadsheet saves them, quoted where they must be."""

    def cell(text: str) -> str:
        quoted = text.replace('"', '""')
        return f'"{quoted}"' if any(char in text for char in ',;|"\t\r\n') else text

    return "".join(",".join(map(cell, row)) + "\n" for row in (header, *rows))


def load_text(text: str) -> LoadedDefinition:
    """A definition loaded as csq loads one, from a metrics.yaml that holds the text."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "metrics.yaml"
        file.write_bytes(text.encode())
        return load_definition(file)


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder for exports and a definition, and csq run over them in this process."""

    folder: Path

    @property
    def exports(self) -> Path:
        return self.folder / "exports"

    @property
    def metrics(self) -> Path:
        return self.folder / "metrics.yaml"

    def put(self, name: str, content: str | bytes) -> Path:
        """A file in the folder of exports, as it is."""
        path = self.exports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def put_rows(self, name: str, header: str, rows: Iterable[Sequence[str]]) -> Path:
        """A CSV file; the header is given as one line."""
        return self.put(name, csv_text(header.split(","), rows))

    def define(self, text: str) -> Path:
        """A whole metrics.yaml, its version line aside."""
        self.metrics.write_text(f"version: 1\n{text}", encoding="utf-8")
        return self.metrics

    def indicator(self, formula: str, unit: str = "percent", **more: str) -> Path:
        """A definition of one indicator, `it`; `more` are further keys of it as YAML."""
        if "target" in more:
            more["targets"] = f"[{{value: {more.pop('target')}}}]"
        keys = {
            "id": "it",
            "name": "它",
            "formula": f"'{formula}'",
            "unit": unit,
            "direction": "up",
        } | more
        written = "\n".join(f"    {key}: {value}" for key, value in keys.items())
        return self.define("indicators:\n  -" + written[3:] + "\n")

    def score(
        self, period: str | None = None, by: tuple[tuple[str, ...], ...] = (), **more: object
    ) -> Scorecard:
        request = Request(period=period, by=by, **more)  # type: ignore[arg-type]
        return score(Run((self.exports,), self.metrics, request))

    def total(self, period: str | None = None, indicator: str = "it") -> Score:
        """The judged total of one indicator."""
        return find_total(self.score(period), indicator)

    def value(self, period: str | None = None) -> Fraction | None:
        return self.total(period).value


def find_total(scorecard: Scorecard, indicator: str = "it") -> Score:
    return next(each for each in scorecard.totals if each.indicator.id == indicator)


def books(scorecard: Scorecard) -> dict[str, tuple[int, int, int, int, int]]:
    """By file: read, kept, rejected, duplicates, outside the period."""
    return {
        str(each.place.file): (
            each.read,
            each.kept,
            each.rejected,
            each.duplicates,
            each.outside_period,
        )
        for each in scorecard.receipts
    }


def codes(scorecard: Scorecard) -> Mapping[str, int]:
    """How many times each kind of problem was met."""
    found: dict[str, int] = {}
    for problem in scorecard.problems:
        found[problem.code] = found.get(problem.code, 0) + problem.count
    return found


@pytest.fixture
def compare(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the one in `golden` beside the test; what differs is in tests/actual."""
    here = request.path.parent
    actual_folder = Path(__file__).parent / "actual" / here.name

    def check(name: str, actual: str) -> None:
        golden = here / "golden" / name
        expected = golden.read_text(encoding="utf-8") if golden.exists() else ""
        if actual != expected:
            actual_folder.mkdir(parents=True, exist_ok=True)
            (actual_folder / name).write_text(actual, encoding="utf-8")
        assert actual == expected

    return check


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
