"""Parquet files: typed values spelt so that they are read back as what they are."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.conftest import Desk, books, find_total

from csq.errors import IntakeError
from csq.intake.readers.base import ExportFile, RawTable
from csq.intake.readers.parquet import read_parquet


def opened(folder: Path, **columns: Any) -> RawTable:
    path = folder / "t.parquet"
    pq.write_table(pa.table(columns), path)
    return read_parquet(ExportFile(path, "t.parquet"))


def cells_of(table: RawTable) -> list[list[str]]:
    return [column.to_pylist() for batch in table.batches() for column in batch.cells.columns]


def test_values_are_spelt_as_the_text_readers_know_them(tmp_path: Path) -> None:
    moment = datetime.datetime(2025, 8, 31, 9, 5, 7)
    table = opened(
        tmp_path,
        text=["007", None],
        whole=pa.array([7, None], pa.int64()),
        number=[2.5, 3.0],
        exact=pa.array([Decimal("1.50"), None], pa.decimal128(9, 2)),
        flag=[True, None],
        moment=pa.array([moment, None], pa.timestamp("ns")),
        day=[datetime.date(2025, 8, 31), None],
        wait=pa.array([datetime.timedelta(hours=30), None], pa.duration("ms")),
    )
    assert table.header == ("text", "whole", "number", "exact", "flag", "moment", "day", "wait")
    assert cells_of(table) == [
        ["007", ""], ["7", ""], ["2.5", "3"], ["1.50", ""], ["true", ""], ["2025-08-31 09:05:07.000000", ""],
        ["2025-08-31", ""], ["30:00:00", ""],
    ]  # fmt: skip


def test_rows_are_counted_and_numbered(tmp_path: Path) -> None:
    table = opened(tmp_path, a=[str(i) for i in range(70_000)])
    numbers = [row for batch in table.batches() for row in batch.rows.to_pylist()]
    assert numbers == list(range(2, 70_002))


def test_what_is_no_parquet_file_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"PAR1", b"a,b\n1,2\n", b"PAR1" + b"x" * 50 + b"PAR1"):
        path = tmp_path / "t.parquet"
        path.write_bytes(content)
        with pytest.raises(IntakeError) as refused:
            read_parquet(ExportFile(path, "t.parquet"))
        assert [problem.code for problem in refused.value.problems] in (
            ["not-a-table"],
            ["empty-file"],
        )


def test_a_cut_parquet_file_is_refused(tmp_path: Path) -> None:
    opened(tmp_path, a=[str(i) for i in range(1_000)])
    path = tmp_path / "t.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(IntakeError):
        read_parquet(ExportFile(path, "t.parquet"))


def test_a_parquet_file_damaged_inside_is_refused_and_no_bug(desk: Desk) -> None:
    # Header and footer are whole, a page between them is not.
    opened_at = desk.put("t.parquet", b"")
    names = [f"T{i}" for i in range(5_000)]
    pq.write_table(
        pa.table({"工单编号": names, "创建时间": ["2025-08-31"] * 5_000}),
        opened_at,
        compression="none",
    )
    content = bytearray(opened_at.read_bytes())
    content[20:2_000] = b"\xff" * 1_980
    opened_at.write_bytes(content)
    desk.indicator("COUNT(tickets)", "count")
    with pytest.raises(IntakeError):
        desk.score("2025-08")


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_moments_with_a_zone_are_moved_to_the_zone_of_the_business(desk: Desk, unit: str) -> None:
    # 16:30 UTC on 31 July is half past midnight on 1 August in Shanghai.
    moments = pa.array([datetime.datetime(2025, 7, 31, 16, 30)], pa.timestamp(unit, "UTC"))
    path = desk.put("t.parquet", b"")
    pq.write_table(pa.table({"工单编号": ["1"], "创建时间": moments}), path)
    desk.indicator("COUNTIF(tickets, created_at = 2025-08-01 00:30)", "count")
    assert desk.value("2025-08") == 1


def test_moments_with_another_zone_are_moved_too(desk: Desk) -> None:
    moments = pa.array(
        [datetime.datetime(2025, 7, 31, 16, 30)], pa.timestamp("us", "America/New_York")
    )
    path = desk.put("t.parquet", b"")
    pq.write_table(pa.table({"工单编号": ["1"], "创建时间": moments}), path)
    desk.indicator("COUNTIF(tickets, created_at = 2025-08-01 00:30)", "count")
    assert desk.value("2025-08") == 1


def test_what_is_not_a_number_is_refused_or_blank_and_never_a_number(desk: Desk) -> None:
    path = desk.put("c.parquet", b"")
    pq.write_table(
        pa.table({
            "通话编号": ["1", "2", "3"],
            "进入队列时间": ["2025-08-31"] * 3,
            "等待时长": [30.0, float("nan"), float("inf")],
        }),
        path,
    )  # fmt: skip
    desk.indicator("AVERAGE(calls, wait_s)", "duration", direction="down")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 30
    assert books(scorecard) == {"c.parquet": (3, 2, 1, 0, 0)}


def test_small_numbers_of_a_parquet_file_are_what_they_are(desk: Desk) -> None:
    # repr(0.00001) is 1e-05, and no reader of text takes that.
    path = desk.put("c.parquet", b"")
    pq.write_table(
        pa.table(
            {"通话编号": ["1", "2"], "进入队列时间": ["2025-08-31"] * 2, "等待时长": [0.00001, 1.0]}
        ),
        path,
    )
    desk.indicator("SUM(calls, wait_s)", "duration", direction="down")
    value = desk.value("2025-08")
    assert value is not None
    assert float(value) == pytest.approx(1.00001)


def test_blank_rows_are_no_rows_in_any_format(desk: Desk) -> None:
    path = desk.put("t.parquet", b"")
    pq.write_table(pa.table({"工单编号": ["1", None], "创建时间": ["2025-08-31", None]}), path)
    desk.indicator("COUNT(tickets)", "count")
    assert books(desk.score("2025-08")) == {"t.parquet": (1, 1, 0, 0, 0)}


def test_a_category_is_text(desk: Desk) -> None:
    channels = pa.array(["phone", "邮件", "phone"]).dictionary_encode()
    path = desk.put("t.parquet", b"")
    pq.write_table(
        pa.table({"工单编号": ["1", "2", "3"], "创建时间": ["2025-08-31"] * 3, "渠道": channels}),
        path,
    )
    desk.indicator('COUNTIF(tickets, channel = "电话")', "count")
    assert desk.value("2025-08") == 2


@pytest.mark.parametrize("kind", [
    pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary_view(),
    pa.dictionary(pa.int8(), pa.string()), pa.dictionary(pa.int8(), pa.binary()),
])  # fmt: skip
def test_text_is_text_however_it_is_stored(tmp_path: Path, kind: pa.DataType) -> None:
    texts = ["工单-1", None, "电话"]
    plain = pa.array([text and text.encode() for text in texts], pa.binary())
    if pa.types.is_dictionary(kind):
        column = plain.cast(kind.value_type).dictionary_encode()
    else:
        column = plain.cast(kind)
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"编号": column, "渠道": ["a", "b", "c"]}), path)
    [batch] = read_parquet(ExportFile(path, "t.parquet")).batches()
    assert batch.cells.column(0).to_pylist() == ["工单-1", "", "电话"]


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"编号": pa.array(["电话".encode("gbk")], pa.binary())}), path)
    with pytest.raises(IntakeError) as refused:
        list(read_parquet(ExportFile(path, "t.parquet")).batches())
    assert [problem.code for problem in refused.value.problems] == ["broken-parquet"]


def test_bytes_that_are_called_text_and_are_none_are_refused(desk: Desk) -> None:
    # Nothing looks at them on the way: the engine stopped with a fatal error, and csq with a bug.
    gbk = pa.array(["电话".encode("gbk")], pa.binary())
    text = pa.Array.from_buffers(pa.string(), 1, gbk.buffers())
    path = desk.put("t.parquet", b"")
    pq.write_table(pa.table({"工单编号": ["1"], "创建时间": ["2025-08-31"], "渠道": text}), path)
    desk.indicator("COUNT(tickets)", "count")
    with pytest.raises(IntakeError) as refused:
        desk.score("2025-08")
    assert [problem.code for problem in refused.value.problems] == ["broken-parquet"]


def test_billionths_of_a_second_are_left_out(desk: Desk) -> None:
    nanoseconds = [1_756_684_799_999_999_999, 1_756_684_800_000_000_000]
    path = desk.put("t.parquet", b"")
    moments = pa.array(nanoseconds, pa.timestamp("ns"))
    pq.write_table(pa.table({"工单编号": ["1", "2"], "创建时间": moments}), path)
    desk.indicator("COUNT(tickets)", "count")
    assert books(desk.score("2025-08")) == {"t.parquet": (2, 1, 0, 0, 1)}
