"""A few mutated exports on every run; `make fuzz` tries many more."""

from __future__ import annotations

from tests.fuzz.mutants import fuzz


def test_mutated_exports_are_read_or_refused_in_words() -> None:
    found = fuzz(0, 80)
    assert found["read"] > 56
    assert len(found) > 3
