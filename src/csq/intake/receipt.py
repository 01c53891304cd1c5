"""The books: what was read, kept and left out of each export."""

from __future__ import annotations

from dataclasses import dataclass

from csq.errors import Place
from csq.intake.staging.stage import StagedSource
from csq.period import Period
from csq.wording import Wording


@dataclass(frozen=True, slots=True)
class Receipt:
    """One export's rows: read = kept + rejected + duplicates + outside the period, always."""

    source: str
    title: Wording
    place: Place
    encoding: str | None
    read: int
    kept: int
    rejected: int
    duplicates: int
    outside_period: int

    def __post_init__(self) -> None:
        parts = self.kept + self.rejected + self.duplicates + self.outside_period
        if self.read != parts:
            raise AssertionError(f"{self.place}: {self.read} rows read, {parts} accounted for")


def make_receipts(source: StagedSource, period: Period | None) -> tuple[Receipt, ...]:
    """The receipts of a source; without a period no row is outside of it."""
    receipts = []
    for number, export in enumerate(source.exports):
        inside = outside = 0
        for (file, day), count in source.days.items():
            if file != number:
                continue
            if period is None or day is None or period.start <= day < period.end:
                inside += count
            else:
                outside += count
        receipts.append(
            Receipt(
                source=source.schema.source,
                title=source.schema.title,
                place=export.place,
                encoding=export.table.encoding,
                read=source.read[number],
                kept=inside,
                rejected=source.refused.get(number, 0),
                duplicates=source.duplicates.get(number, 0),
                outside_period=outside,
            )
        )
    return tuple(receipts)
