"""What the oracle's tests share: the examples, read once by the oracle itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from .exports import read_all
from .judging import Rules, read_rules
from .window import Ledger, open_ledger

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def examples() -> Path:
    return ROOT / "examples"


@pytest.fixture(scope="session")
def ledger(examples: Path) -> Ledger:
    return open_ledger(read_all(examples))


@pytest.fixture(scope="session")
def rules() -> dict[str, Rules]:
    """Those of the default set."""
    return read_rules(ROOT / "metrics.yaml")


@pytest.fixture(scope="session")
def all_rules() -> dict[str, Rules]:
    """Those of the whole catalogue."""
    return read_rules(ROOT / "metrics.yaml", ROOT / "src/csq/resources/standard.yaml")
