"""What is asked of many files or many cells at once: it is as if each had been asked by itself."""

from __future__ import annotations

import csv
import io
import random
import re
import threading
import unicodedata
from collections.abc import Generator, Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import Desk

from csq.errors import IntakeError, Place
from csq.intake import intake
from csq.intake.headers.keys import header_key
from csq.intake.readers import encodings
from csq.intake.readers.base import Batch, ExportFile, RawTable, batch_of, keep_first
from csq.intake.readers.delimited import read_delimited
from csq.intake.readers.encodings import is_western
from csq.intake.spelling.cells import are_year_first, clean_cells, may_hold
from csq.intake.spelling.plain_times import read_plain_times
from csq.intake.staging.incoming import read_ahead
from csq.intake.staging.known import KnownCells
from csq.problems.files import CUT_OFF
from csq.records.notation import narrow
from csq.records.reading import FieldType

# Pieces of a text table -------------------------------------------------------------------------

CELLS = st.sampled_from(
    ["", "1", "a,b", 'say "hi"', "x\ny", "\r\n", '"', ",", "电话", " ", "2025-08-01", "\ufeff1"]
)
HEADER = ("编号", "时间", "渠道")
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=12)


def recognise(row: Sequence[str]) -> int:
    return len(set(HEADER) & set(row))


@given(ROWS, st.integers(32, 70), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_a_table_is_the_same_in_pieces_of_any_size(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, ...]],
    size: int,
    line_end: str,
    ends: bool,
) -> None:
    content = io.StringIO(newline="")
    # `csv` quotes no line break but its own.
    quoting: Literal[0, 1] = csv.QUOTE_ALL if line_end == "\r" else csv.QUOTE_MINIMAL
    writer = csv.writer(content, lineterminator=line_end, quoting=quoting)
    writer.writerows([HEADER, *rows])
    text = content.getvalue() if ends else content.getvalue().removesuffix(line_end)
    path = tmp_path_factory.mktemp("pieces") / "t.csv"
    path.write_bytes(text.encode())
    table = read_delimited(ExportFile(path, "t.csv"), recognise)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(encodings, "BLOCK", size)
        found = {
            row: cells
            for batch in table.batches()
            for row, *cells in zip(
                batch.rows.to_pylist(),
                *(column.to_pylist() for column in batch.cells.columns),
                strict=True,
            )
        }
    expected = {
        row: list(cells)
        for row, cells in enumerate(csv.reader(io.StringIO(text, newline="")), 1)
        if any(cell.strip() for cell in cells)
    }
    assert {1: list(HEADER), **found} == expected


@pytest.mark.parametrize("end", ["", "\n", "\r", "\r\n"])
def test_a_small_table_is_one_batch(tmp_path: Path, end: str) -> None:
    # Its first rows decide, and the last is one of them, however it ends.
    path = tmp_path / "t.csv"
    path.write_bytes(f"编号,时间\n1,a\n2,b{end}".encode())
    [batch] = read_delimited(ExportFile(path, "t.csv"), recognise).batches()
    assert batch.rows.to_pylist() == [2, 3]


def test_runs_beyond_ascii_are_counted_as_by_a_pattern(tmp_path: Path) -> None:
    rng = random.Random(5)
    path = tmp_path / "t.csv"
    answers = set()
    for _ in range(300):
        path.write_bytes(bytes(rng.choices(b"ab,\n\x80\xe9\xff", k=rng.randrange(1, 12))))
        runs = re.findall(rb"[\x80-\xff]+", path.read_bytes())
        answers.add(is_western(path))
        assert is_western(path) is (2 * sum(len(run) == 1 for run in runs) > len(runs))
    assert answers == {True, False}


# Tables in memory -------------------------------------------------------------------------------


def table_of(*batches: Batch) -> tuple[RawTable, list[int]]:
    """A table of these batches, and of each time that it was read how many were taken."""
    reads: list[int] = []

    def read() -> Iterator[Batch]:
        reads.append(0)
        for batch in batches:
            reads[-1] += 1
            yield batch

    return RawTable(Place("t.csv"), None, ("a",), read), reads


def rows_in(table: RawTable) -> list[int]:
    return [row for batch in table.batches() for row in batch.rows.to_pylist()]


def batch(*rows: int) -> Batch:
    return batch_of([[f"x{row}"] for row in rows], 1, rows, ())


def test_a_table_of_one_batch_is_held_and_read_once() -> None:
    table, reads = table_of(batch(2, 3))
    held = keep_first(table)
    assert held.held == batch(2, 3).cells.nbytes
    assert (rows_in(held), rows_in(held), reads) == ([2, 3], [2, 3], [1])


def test_of_a_longer_table_the_first_batch_is_held() -> None:
    table, reads = table_of(batch(2), batch(3), batch(4))
    kept = keep_first(table)
    assert (kept.held, reads) == (None, [2])
    first = next(kept.batches())
    assert (first.rows.to_pylist(), reads) == ([2], [2])
    assert (rows_in(kept), reads) == ([2, 3, 4], [2, 3])


def test_a_table_without_rows_is_held() -> None:
    held = keep_first(table_of()[0])
    assert (held.held, rows_in(held)) == (0, [])


@pytest.mark.parametrize("room", [0, 400, 1 << 26])
def test_what_is_held_changes_nothing(
    desk: Desk, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "_HELD", room)
    for month in (7, 8):
        rows = [
            [f"T{month}{n}", f"2025-0{month}-0{1 + n % 9} 09:00:00", str(n % 3)] for n in range(40)
        ]
        desk.put_rows(f"{month}.csv", "工单编号,创建时间,重开次数", rows)
    desk.indicator("SUM(tickets, reopen_count)", "count")
    assert [desk.value("2025-07"), desk.value("2025-08")] == [Fraction(39), Fraction(39)]


def test_batches_are_read_ahead_in_another_thread() -> None:
    threads = []

    def read() -> Iterator[tuple[int, Batch]]:
        for n in range(5):
            threads.append(threading.current_thread())
            yield n, batch(n)

    assert [(n, each.rows.to_pylist()) for n, each in read_ahead(read())] == [
        (n, [n]) for n in range(5)
    ]
    assert len(set(threads)) == 1
    assert threading.current_thread() not in threads


def test_a_fault_on_the_way_is_told_where_the_batches_are_taken() -> None:
    def read() -> Iterator[tuple[int, Batch]]:
        yield 0, batch(2)
        raise IntakeError(CUT_OFF.at(Place("t.csv")))

    taken = read_ahead(read())
    assert next(taken)[0] == 0
    with pytest.raises(IntakeError) as refused:
        next(taken)
    assert [problem.line("en") for problem in refused.value.problems] == [
        "t.csv: cut-off: it ends in the middle of a character: it was not saved or downloaded to"
        " its end → export or download it again"
    ]


def test_whoever_stops_early_leaves_no_thread() -> None:
    before = threading.active_count()
    taken = read_ahead((n, batch(n)) for n in range(100))
    next(taken)
    assert isinstance(taken, Generator)
    taken.close()
    assert threading.active_count() == before


# Cells of a column ------------------------------------------------------------------------------


def is_plain(text: str) -> bool:
    try:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return False
    return len(text) == 19 and text.isascii() and 1970 <= moment.year < 2100


TIME_CELLS = st.one_of(
    st.sampled_from(["", "2025-02-29 00:00:00", "2024-02-29 23:59:59", "2025-08-01", "x" * 19]),
    st.datetimes(datetime(1960, 1, 1), datetime(2110, 1, 1)).map(
        lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S")
    ),
    st.text("0123456789-: 时", min_size=17, max_size=20),
)


@given(st.lists(TIME_CELLS, max_size=30), st.integers(0, 5))
def test_plain_times_are_read_among_any_others(texts: list[str], start: int) -> None:
    cells = pa.array(texts, pa.string()).slice(start)
    moments, unknown = read_plain_times(cells)
    moments.validate(full=True)
    expected = [
        datetime.strptime(text, "%Y-%m-%d %H:%M:%S") if is_plain(text) else None
        for text in texts[start:]
    ]
    assert moments.to_pylist() == expected
    others = [bool(t) and e is None for t, e in zip(texts[start:], expected, strict=True)]
    assert (unknown.to_pylist() if unknown is not None else []) == (others if any(others) else [])


@given(st.lists(st.sampled_from(["是", "否", "", "?", "是 "]), max_size=20), st.integers(0, 3))
def test_known_cells_are_looked_up_one_by_one(texts: list[str], start: int) -> None:
    meant = {"否": False, "": None, "是": True}
    known = KnownCells(pa.array(list(meant)), pa.array(list(meant.values()), pa.bool_()))
    values, unknown = known.look_up(pa.array(texts, pa.string()).slice(start))
    assert values.to_pylist() == [meant.get(text) for text in texts[start:]]
    strange = [text not in meant for text in texts[start:]]
    assert (unknown.to_pylist() if unknown is not None else []) == (strange if any(strange) else [])


DATES = st.sampled_from([
    "", "2025-08-01", "2025/8/1 9:05", "2025年8月1日 下午3:05", "2025.8.1", "2025-08-01T09:00:00Z", "2025-8", "45870", "45870.5",
    "1754006400", "20250801 09:00", "01/08/2025", "1/8/25 9:05", "８/1/2025", "２０２５-08-01", " 2025-08-01", "'2025-08-01", "待定",
    "2025小", "2025-x", "12.5", "2025",
])  # fmt: skip


@given(st.lists(DATES, max_size=6), st.integers(0, 2))
def test_where_all_begin_with_their_year_nothing_else_does(texts: list[str], start: int) -> None:
    cells = pa.array(texts, pa.string()).slice(start)
    years_first = [bool(re.match(r"[0-9]{4}(?:[-/.]|年|小)", t)) or not t for t in texts[start:]]
    assert are_year_first(cells) is all(years_first)
    for cleaned in (
        clean_cells([cells], FieldType.TIMESTAMP).to_pylist() if all(years_first) else ()
    ):
        assert not re.match(r"[0-9]{5}|[0-9]{1,2}[-/.]", cleaned)


@given(st.lists(st.text("1.,:．，：秒 ", max_size=3), max_size=5), st.integers(0, 2))
def test_signs_are_found_in_any_width(texts: list[str], start: int) -> None:
    cells = pa.array(texts, pa.string()).slice(start)
    whole = "".join(map(narrow, texts[start:]))
    for signs in (".", ",", ":", ".,"):
        assert may_hold(cells, signs) is any(sign in whole for sign in signs)


# Headers ----------------------------------------------------------------------------------------


@given(st.text(max_size=12))
def test_the_key_of_a_header_is_what_is_left_of_it_sign_by_sign(header: str) -> None:
    plain = unicodedata.normalize("NFKC", header).casefold()
    assert header_key(header) == "".join(
        sign
        for sign in plain
        if not sign.isspace()
        and sign not in "_-.·*※▲▼△▽↑↓⇅⇵"
        and unicodedata.category(sign) != "Cf"
    )
