"""What the oracle's tests share: exports, read once by csq and once by the oracle itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from csq.api import Run, exports_of, load, shield_of
from csq.request import needed_fields
from csq.scorecard import Scorecard
from csq.scoring import score_intake

from .corners import write_corners
from .exports import read_all
from .judging import Rules, read_rules
from .questions import REPORT, AskCsq, Question
from .window import Ledger, open_ledger

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def examples() -> Path:
    return ROOT / "examples"


@pytest.fixture(scope="session")
def ledger(examples: Path) -> Ledger:
    return open_ledger(read_all(examples))


@pytest.fixture(scope="session")
def ask_csq(examples: Path) -> Iterator[AskCsq]:
    """The scorecard of csq: it reads the examples once, and each question is put once."""
    run = Run((examples,), ROOT / "metrics.yaml")
    understood = load(run)
    needed = needed_fields(understood, REPORT.request)
    with exports_of(run, understood.definition, needed) as (engine, intake):

        @cache
        def ask(question: Question) -> Scorecard:
            assert needed_fields(understood, question.request) == needed
            found = score_intake(engine, intake, understood, question.request)
            return replace(found, shield=shield_of(understood))

        yield ask


@pytest.fixture(scope="session")
def corners(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with exports made of corner cases."""
    folder = tmp_path_factory.mktemp("corners")
    write_corners(folder)
    return folder


@pytest.fixture(scope="session")
def corners_ledger(corners: Path) -> Ledger:
    return open_ledger(read_all(corners))


@pytest.fixture(scope="session")
def rules() -> dict[str, Rules]:
    """Those of the default set."""
    return read_rules(ROOT / "metrics.yaml")


@pytest.fixture(scope="session")
def all_rules() -> dict[str, Rules]:
    """Those of the whole catalogue."""
    return read_rules(ROOT / "metrics.yaml", ROOT / "src/csq/resources/standard.yaml")
