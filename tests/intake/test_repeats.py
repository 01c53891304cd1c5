"""A column that stands twice: one where both are the same in every row, else nobody's guess."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.conftest import Desk
from tests.intake.test_workbook import save

from csq.draft.draft import draft_definition
from csq.errors import IntakeError, Severity

HEADER = ["工单编号", "创建时间", "渠道", "首次解决", "渠道 "]
ROWS = [
    [f"T{n}", "2025-08-01 09:00:00", "电话", "是" if n % 4 else "否", "电话 " if n % 3 else "电话"]
    for n in range(40)
]


def put(desk: Desk, kind: str, rows: list[list[str]]) -> None:
    desk.exports.mkdir(parents=True, exist_ok=True)
    if kind == "xlsx":
        save(desk.exports, 八月=[HEADER, *rows])
    elif kind == "parquet":
        columns = [pa.array(list(column)) for column in zip(*rows, strict=True)]
        pq.write_table(pa.Table.from_arrays(columns, names=HEADER), desk.exports / "t.parquet")
    else:
        mark = "\t" if kind == "tsv" else ","
        desk.put(f"t.{kind}", "\n".join(mark.join(row) for row in [HEADER, *rows]))


@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx", "parquet"])
def test_the_same_twice_is_one_column(desk: Desk, kind: str) -> None:
    put(desk, kind, ROWS)
    desk.indicator("COUNTIF(tickets, first_contact_resolved) / COUNT(tickets)")
    scorecard = desk.score("2025-08", by=(("channel",),))
    assert [(r.read, r.kept) for r in scorecard.receipts] == [(40, 40)]
    [told] = [p for p in scorecard.problems if p.code == "repeated-column"]
    assert told.severity is Severity.NOTICE
    assert told.message.zh == "「渠道」有两列，每一行都相同，只读第一列"
    assert (
        told.message.en
        == "“渠道” stands twice and is the same in every row: the first column is read"
    )
    assert desk.value("2025-08") == 30 / 40


@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx", "parquet"])
@pytest.mark.parametrize("row", [0, 39])
def test_one_row_that_differs_refuses_the_file(desk: Desk, kind: str, row: int) -> None:
    rows = [[*each] for each in ROWS]
    rows[row][4] = "" if row else "在线"
    put(desk, kind, rows)
    desk.indicator("COUNT(tickets)", "count")
    with pytest.raises(IntakeError) as error:
        desk.score("2025-08")
    assert [problem.code for problem in error.value.problems] == ["double-column"]


def test_a_draft_reads_it_once_too(desk: Desk) -> None:
    put(desk, "csv", ROWS)
    [source] = draft_definition([desk.exports], lambda _: None).sources
    assert source.files[0].placed["channel"] == ("渠道",)
