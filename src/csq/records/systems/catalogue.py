"""The tables of this folder as typed data: `ExportLayout`, one for each export of a system."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

UNIT_SECONDS = {"ms": Decimal("0.001"), "s": Decimal(1), "min": Decimal(60), "h": Decimal(3600)}


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DocumentedHeader(_Table):
    """One column as the system's documentation names it; without a field csq has no use for it."""

    header: str
    field: str | None = None
    unit: Literal["ms", "s", "min", "h"] | None = None
    """What one plain number of a duration is."""
    since: str | None = None
    """For a time that is exported as a duration: the field it counts from."""
    filled: bool = False
    """Whether a flag holds wherever the column is filled, such as one of those who answered."""
    source: str
    """Where it is documented."""


class ExportLayout(_Table):
    """One kind of export of one system, by its headers.

    The words it fills its columns with are in `records.vocabulary`, where formulas know them too.
    """

    system: str
    kind: str
    """The source it holds, `tickets`."""
    title: str
    headers: tuple[DocumentedHeader, ...]


@cache
def known_layouts() -> tuple[ExportLayout, ...]:
    """Every export of every system in this folder, in the order of the files' names."""
    import tomllib

    found = []
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for export in table["exports"]:
            source = export.pop("source")
            export["headers"] = [{"source": source} | header for header in export["headers"]]
            found.append(ExportLayout.model_validate({"system": table["name"], **export}))
    return tuple(found)
