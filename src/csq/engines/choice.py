"""Which engine answers the questions of a run."""

from __future__ import annotations

from enum import StrEnum


class EngineName(StrEnum):
    """The engines by the names they are asked for."""

    DUCKDB = "duckdb"
    SPARK = "spark"
