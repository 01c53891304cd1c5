"""Twenty nasty files of other projects' tests, each read as its line of manifest.tsv asks for.

Every file is read as a user would who has declared which of its columns holds what.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlglot import exp
from tests.conftest import Desk

from csq.api import open_engine
from csq.definition.load import load_definition
from csq.errors import IntakeError, Problem
from csq.intake.discover import find_exports
from csq.intake.intake import take_in
from csq.intake.staging.tables import table_of

FOLDER = Path(__file__).parents[2].parent / "shared" / "real" / "messy"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the real exports do not lie beside the repository"
)

NAMES = {
    "spaces": "encoding_utf8_bom_spaces_amounts.csv", "utf16": "encoding_utf16le_bom.csv",
    "latin": "encoding_latin1_semicolon_decimal_comma.csv", "ampm": "date_311_ampm.csv",
    "two_orders": "date_two_orders_one_row.csv", "late": "date_late_garbage.csv",
    "banner": "header_banner_blank_line.csv", "doubles": "header_duplicates.csv", "dash": "null_dash.csv",
    "zeros": "number_leading_zeros.csv", "newlines": "quotes_newlines.csv",
    "unterminated": "quotes_unterminated.csv", "ragged": "rows_ragged.csv", "tail": "rows_blank_tail.csv",
    "footer": "xlsx_banner_and_footer.xlsx", "errors": "xlsx_errors.xlsx",
    "merged": "xlsx_merged_header.xlsx", "password": "xlsx_password.xlsx", "mac": "xlsx_1904_plain.xlsx",
    "empty": "empty_zero_bytes.csv",
}  # fmt: skip
"""Every file of the manifest, and what this module calls it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: the rows kept, by field, and its books."""

    rows: list[dict[str, Any]]
    read: int
    refused: int
    problems: tuple[Problem, ...]
    row_problems: tuple[Problem, ...]

    @property
    def faults(self) -> list[tuple[int | None, str]]:
        return [(problem.place.row, problem.code) for problem in self.row_problems]

    def of(self, field: str) -> list[Any]:
        return [row[field] for row in self.rows]


def take(desk: Desk, name: str, fields: str, **more: str) -> Taken:
    """A file taken in as a roster, a kind without a time, with these fields of its own.

    `fields` are `name type header` separated by `;`, the header may hold blanks.
    """
    written = {"files": "['*']", "duplicates": "error"} | more
    lines = [f"    {key}: {value}" for key, value in written.items()]
    specs = [spec.strip().split(" ", 2) for spec in fields.split(";") if spec.strip()]
    lines += ["    fields:"] if specs else []
    lines += [f"      {n}: {{type: {kind}, columns: ['{head}']}}" for n, kind, head in specs]
    desk.define("sources:\n  agents:\n" + "\n".join(lines) + "\n")
    definition = load_definition(desk.metrics).definition
    asked = [n for n, _, _ in specs]
    path = FOLDER / NAMES[name] if name in NAMES else desk.exports / name
    with open_engine("500MB") as engine:
        needed = {"agents": frozenset(asked)}
        intake = take_in(find_exports([path]), definition, engine, needed, lambda _: None)
        source = intake.sources["agents"]
        columns = [exp.column(n, quoted=True) for n in ("agent_id", *asked)]
        found = engine.fetch(exp.select(*columns).from_(table_of(source.schema)))
        rows = [dict(zip(("agent_id", *asked), row, strict=True)) for row in found]
        receipts = intake.receipts(None)
    [receipt] = receipts
    assert receipt.kept == len(rows)
    return Taken(rows, receipt.read, receipt.rejected, intake.problems, intake.row_problems)


def codes_of(desk: Desk, name: str, fields: str = "", **more: str) -> list[tuple[str, str]]:
    """The code and the words of each problem that a file is refused with."""
    with pytest.raises(IntakeError) as refused:
        take(desk, name, fields, **more)
    return [(problem.code, problem.message.en) for problem in refused.value.problems]


def test_every_file_of_the_manifest_has_its_test() -> None:
    with (FOLDER / "manifest.tsv").open(encoding="utf-8", newline="") as stream:
        listed = {row["file"] for row in csv.DictReader(stream, delimiter="\t")}
    assert listed == set(NAMES.values())


def test_amounts_with_blanks_and_thousands_behind_a_mark(desk: Desk) -> None:
    taken = take(
        desk, "spaces", "amount number Amount in Sterling; paid timestamp Date of Payment",
        columns="{agent_id: {join: [Transaction No, Supplier, Expense Type]}}", duplicates="last",
    )  # fmt: skip
    assert (taken.read, taken.refused) == (189, 0)
    assert (taken.rows[0]["amount"], taken.rows[0]["paid"]) == (
        Decimal("27275.25"),
        datetime(2011, 9, 23),
    )


def test_utf16_with_its_mark(desk: Desk) -> None:
    taken = take(
        desk, "utf16", "patients integer Part_II_patients",
        columns="{agent_id: {join: [Organisation_code, Reporting_period]}}",
        duplicates="last",
    )  # fmt: skip
    assert (taken.read, taken.refused) == (327, 0)
    assert taken.rows[0]["patients"] == 2


def test_western_letters_semicolons_and_decimal_commas(desk: Desk) -> None:
    taken = take(
        desk, "latin", "rate number Occupancy rate; price number Average Price; day timestamp Date",
        columns="{agent_id: {join: [Classement, Quartier, RevPAR]}}",
        date_order="dmy", duplicates="last",
    )  # fmt: skip
    assert (taken.read, taken.refused) == (638, 0)
    first = taken.rows[0]
    assert (first["rate"], first["price"], first["day"]) == (
        Decimal("0.611553"),
        Decimal("81.204161"),
        datetime(2013, 1, 1),
    )
    told = {problem.code for problem in taken.problems}
    assert {"guessed-encoding", "decided-decimals"} <= told


def test_times_of_twelve_hours_month_first(desk: Desk) -> None:
    taken = take(
        desk, "ampm", "made timestamp Created Date; location text Location",
        columns="{agent_id: Unique Key}",
    )  # fmt: skip
    assert (taken.read, taken.refused) == (5, 0)
    assert taken.rows[0]["made"] == datetime(2016, 10, 31, 23, 7, 15)
    assert taken.rows[2]["made"] == datetime(2011, 5, 27)
    assert taken.rows[0]["location"].startswith("(40.")


def test_a_date_that_may_be_either_is_asked_about(desk: Desk) -> None:
    found = codes_of(desk, "two_orders", "one timestamp ts; two timestamp t2_2",
                     columns="{agent_id: eventID}")  # fmt: skip
    assert found == [
        (
            "ambiguous-dates",
            "the dates of “t2_2” may be day first or month first:"
            " of 1 0 can only be day first, 0 only month first",
        )
    ]


def test_two_bad_dates_behind_two_thousand_good_ones(desk: Desk) -> None:
    # The file has one column; a record needs an id, so each of its rows is given its number.
    lines = (FOLDER / NAMES["late"]).read_text("utf-8").splitlines()
    rows = [f"{number},{line}" for number, line in enumerate(lines[1:], 2)]
    desk.put("numbered.csv", "\n".join(["id,a", *rows]))
    taken = take(
        desk, "numbered.csv", "day timestamp a", columns="{agent_id: id}", date_order="dmy"
    )  # fmt: skip
    assert (taken.read, taken.refused) == (2069, 2)
    assert taken.faults == [(2069, "unreadable-timestamp"), (2070, "unreadable-timestamp")]


def test_a_banner_a_unit_line_and_footnotes(desk: Desk) -> None:
    taken = take(
        desk, "banner", "one integer 2000", columns="{agent_id: Year}", header_row="4",
        duplicates="last",
    )  # fmt: skip
    assert taken.rows[0] == {"agent_id": "Timber", "one": 2666}
    # The footnotes stand where a name stands.
    assert (taken.read, taken.refused) == (16, 3)
    assert [code for _, code in taken.faults] == ["totals-row", "footnote-row", "footnote-row"]


def test_headers_that_are_there_three_times(desk: Desk) -> None:
    found = codes_of(desk, "doubles", "age integer age", columns="{agent_id: id}")
    assert [code for code, _ in found] == ["double-column"]
    assert take(desk, "doubles", "age integer age", columns="{agent_id: name}").of("age") == [
        30,
        26,
    ]


def test_a_dash_is_nothing_only_where_it_is_declared(desk: Desk) -> None:
    columns = "{agent_id: {join: [name, age]}}"
    undeclared = take(desk, "dash", "number integer id", columns=columns, duplicates="last")
    assert undeclared.faults == [(row, "unreadable-integer") for row in (3, 5, 7)]
    declared = take(
        desk, "dash", "number integer id", columns=columns, nulls="['-']", duplicates="last"
    )
    assert declared.refused == 0
    assert [n for n in declared.of("number") if n is not None] == [1, 2, 3, 4]


def test_ids_keep_their_zeros(desk: Desk) -> None:
    taken = take(desk, "zeros", "", columns="{agent_id: value}")
    assert taken.of("agent_id") == ["01", "002", "00003"]


def test_quotes_and_line_breaks_within_a_cell(desk: Desk) -> None:
    taken = take(desk, "newlines", "note text b", columns="{agent_id: a}")
    assert taken.of("note") == ['ha \n"ha" \nha', "4"]


def test_a_quote_that_never_closes_swallows_nothing(desk: Desk) -> None:
    taken = take(
        desk, "unterminated", "", columns="{agent_id: pedro}", delimiter="';'", header_row="1"
    )
    assert (taken.rows, taken.read) == ([], taken.refused)
    assert {row for row, _ in taken.faults} == {2, 3}


def test_short_and_long_rows_are_told_with_their_widths(desk: Desk) -> None:
    taken = take(desk, "ragged", "age integer age", columns="{agent_id: id}")
    assert (taken.read, taken.refused) == (2, 2)
    assert [problem.line("en").split(" → ")[0] for problem in taken.row_problems] == [
        f"{NAMES['ragged']}:2: ragged-row: 2 cells where the header has 3",
        f"{NAMES['ragged']}:3: ragged-row: 4 cells where the header has 3",
    ]


def test_rows_of_bare_commas_are_no_rows(desk: Desk) -> None:
    taken = take(desk, "tail", "age integer age", columns="{agent_id: id}")
    assert (taken.read, taken.refused, taken.of("age")) == (2, 0, [30, 26])


@pytest.mark.parametrize("declared", [{}, {"header_row": "5"}])
def test_junk_above_the_header_below_the_table_and_beside_it(
    desk: Desk, declared: dict[str, str]
) -> None:
    taken = take(
        desk, "footer", "age integer Age; born text Date of birth", columns="{agent_id: Name}",
        sheet="arts", duplicates="last", **declared,
    )  # fmt: skip
    # A note in the column of names looks like a person of whom nothing else is known.
    assert len([row for row in taken.rows if row["age"]]) == 10
    assert len(taken.rows) == 11
    assert taken.rows[0] == {"agent_id": "David Bowie", "age": 69, "born": "1947-01-08"}
    assert taken.refused == taken.read - 11 > 0
    assert Counter(row for row, _ in taken.faults).keys() >= {17, 18, 19}


def test_cells_in_error_are_no_blanks(desk: Desk) -> None:
    taken = take(desk, "errors", "", columns="{agent_id: '#DIV/0!'}", header_row="1")
    assert (taken.rows, taken.refused) == ([], 6)
    assert {code for _, code in taken.faults} == {"cell-error"}


def test_a_header_over_several_rows_is_refused_or_declared(desk: Desk) -> None:
    assert [code for code, _ in codes_of(desk, "merged")] == ["missing-header"]


def test_a_password_and_an_empty_file(desk: Desk) -> None:
    assert [code for code, _ in codes_of(desk, "password")] == ["encrypted-workbook"]
    assert [code for code, _ in codes_of(desk, "empty")] == ["empty-file"]


def test_the_epoch_of_the_mac(desk: Desk) -> None:
    taken = take(desk, "mac", "day timestamp date", columns="{agent_id: item}")
    assert taken.of("day") == [datetime(2024, 1, 15), datetime(2020, 7, 4)]
