"""A folder with a definition of two indicators and five tickets in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .driver import METRICS, TICKETS, Csq


@pytest.fixture
def bare(tmp_path: Path) -> Csq:
    """csq in an empty folder."""
    folder, temporary = tmp_path / "work", tmp_path / "tmp"
    folder.mkdir()
    temporary.mkdir()
    return Csq(folder, temporary)


@pytest.fixture
def csq(bare: Csq) -> Csq:
    """csq in a folder with metrics.yaml and tickets.csv."""
    bare.put("metrics.yaml", METRICS)
    bare.put("tickets.csv", TICKETS)
    return bare
