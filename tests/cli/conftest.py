"""A folder with a definition of two indicators and five tickets in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .driver import METRICS, TICKETS, Csq


@pytest.fixture(scope="session")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for temporary files at one place, as every computer has it."""
    return tmp_path_factory.mktemp("tmp")


@pytest.fixture
def bare(tmp_path: Path, temporary: Path) -> Csq:
    """csq in an empty folder, with no temporary files."""
    folder = tmp_path / "work"
    folder.mkdir()
    shutil.rmtree(temporary)
    temporary.mkdir()
    return Csq(folder, temporary)


@pytest.fixture
def csq(bare: Csq) -> Csq:
    """csq in a folder with metrics.yaml and tickets.csv."""
    bare.put("metrics.yaml", METRICS)
    bare.put("tickets.csv", TICKETS)
    return bare
