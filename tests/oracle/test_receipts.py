"""Every row of the examples is accounted for alike by csq, by the oracle and by expected.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from csq.api import Run, validated

from .exports import Account
from .figures import FIGURES, MONTHLY
from .questions import REPORT, AskCsq
from .window import Ledger, Span, moment_of, months

ROOT = Path(__file__).parents[2]
PERIODS = {
    "2025-07..2025-08": months(7, 8),
    "2025H1": months(1, 6),
    "2025-07": months(7, 7),
    "2025-08": months(8, 8),
}


@pytest.fixture(scope="session")
def told(examples: Path) -> dict[str, Any]:
    """The answers that the generator wrote beside the examples."""
    content: dict[str, Any] = json.loads((examples / "expected.json").read_text("utf-8"))
    return content


def test_oracle_reads_the_files_as_expected(ledger: Ledger, told: dict[str, Any]) -> None:
    assert {account.file: books(account) for account in ledger.accounts} == {
        file: (
            each["source"],
            plain_encoding(each["encoding"]),
            each["read"],
            each["duplicates"],
            each["kept"],
            [(row["row"], row["code"]) for row in each["refused_rows"]],
        )
        for file, each in told["files"].items()
    }


def books(account: Account) -> tuple[object, ...]:
    return (
        account.source,
        account.encoding,
        account.read,
        account.duplicates,
        len(account.rows),
        account.refused,
    )


def plain_encoding(written: str) -> str | None:
    return {"xlsx": None, "utf-8-sig": "utf-8"}.get(written, written)


def test_csq_reads_the_files_as_the_oracle(ledger: Ledger) -> None:
    run = Run((ROOT / "examples",), ROOT / "metrics.yaml")
    with validated(run) as (_, _, intake):
        receipts = intake.receipts(None)
        refused = {
            (str(problem.place.file), problem.place.row, problem.code)
            for problem in intake.row_problems
        }
    assert {
        receipt.place.file: (
            receipt.source,
            receipt.encoding,
            receipt.read,
            receipt.duplicates,
            receipt.kept,
            receipt.rejected,
        )
        for receipt in receipts
    } == {account.file: (*books(account)[:5], len(account.refused)) for account in ledger.accounts}
    assert refused == {
        (account.file, row, code) for account in ledger.accounts for row, code in account.refused
    }


def test_csq_counts_the_same_rows_outside_the_period(ledger: Ledger, ask_csq: AskCsq) -> None:
    assert {
        receipt.place.file: (receipt.kept, receipt.outside_period)
        for receipt in ask_csq(REPORT).receipts
    } == {account.file: split(account, REPORT.span) for account in ledger.accounts}


def split(account: Account, span: Span) -> tuple[int, int]:
    """Rows inside and outside a period; a source that knows no time is inside."""
    moments = [moment_of(account.source, row) for row in account.rows]
    inside = sum(moment is None or span.holds(moment) for moment in moments)
    return inside, len(moments) - inside


def test_rows_in_the_period_are_as_expected(ledger: Ledger, told: dict[str, Any]) -> None:
    found: dict[str, int] = {}
    for account in ledger.accounts:
        inside, _ = split(account, REPORT.span)
        found[account.source] = found.get(account.source, 0) + inside
    del found["agents"]
    assert found == told["in_period"]


def test_every_figure_of_the_report_is_found(ledger: Ledger, told: dict[str, Any]) -> None:
    windows = {label: ledger.window(span) for label, span in PERIODS.items()}
    for figure in told["figures"]:
        part, whole = FIGURES[figure["id"]](windows[figure["period"]])
        assert (figure["id"], part, whole) == (figure["id"], figure["part"], figure["whole"])
    assert {figure["id"] for figure in told["figures"]} == set(FIGURES)


def test_every_month_is_found(ledger: Ledger, told: dict[str, Any]) -> None:
    for label, expected in told["months"].items():
        month = int(label.removeprefix("2025-"))
        window = ledger.window(months(month, month))
        for name, figure in expected.items():
            part, whole = MONTHLY[name](window)
            assert (label, name, part if whole is None else [part, whole]) == (label, name, figure)
