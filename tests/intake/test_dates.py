"""The order of day and month: decided on the whole file, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pytest

from csq.errors import IntakeError, Place
from csq.intake.dates import decide_order, weigh_dates
from csq.intake.readers.base import Batch, RawTable, column_names, row_numbers
from csq.records.notation import DateOrder

DMY, MDY = DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST


def table(*batches: Sequence[Sequence[str]]) -> RawTable:
    def read() -> Iterator[Batch]:
        for rows in batches:
            columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
            cells = pa.RecordBatch.from_arrays(columns, names=column_names(len(columns)))
            yield Batch(cells, row_numbers(2, 2 + len(rows)))

    header = ("创建时间", "解决时间")[: len(batches[0][0])]
    return RawTable(Place("t.csv"), "utf-8", header, read)


@pytest.mark.parametrize(("cells", "found"), [
    (["2025-08-01", "2025/08/13", "20250813", "", "x"], (0, 0, 0)), (["01/08/2025", "12.12.2025", "1-2-2025"], (3, 0, 0)),
    (["13/08/2025", " 31/12/2025 10:00"], (2, 2, 0)), (["08/13/2025", "8/31/2025 1:00 PM"], (2, 0, 2)),
    (["13/08/2025", "08/13/2025", "01/02/2025"], (3, 1, 1)), (["13/08/25"], (0, 0, 0)), (["2025-13-08"], (0, 0, 0)),
    (["\u300013/08/2025"], (1, 1, 0)), (["113/08/2025"], (0, 0, 0)),
])  # fmt: skip
def test_what_a_column_says(cells: list[str], found: tuple[int, int, int]) -> None:
    evidence = weigh_dates(pa.array(cells))
    assert (evidence.dates, evidence.only_day_first, evidence.only_month_first) == found


def test_dates_that_begin_with_the_year_need_no_order() -> None:
    assert decide_order(table([["2025-08-01"]]), (0,), None) == (None, ())


def test_a_declared_order_needs_no_evidence() -> None:
    assert decide_order(table([["01/02/2025"]]), (0,), MDY) == (MDY, ())


@pytest.mark.parametrize(("proof", "order"), [("13/02/2025", DMY), ("02/13/2025", MDY)])
def test_one_cell_in_the_last_batch_decides(proof: str, order: DateOrder) -> None:
    batches = [[["01/02/2025"]] * 5, [["03/04/2025"]] * 5, [[proof]]]
    decided, [notice] = decide_order(table(*batches), (0,), None)
    assert decided is order
    said = {
        DMY: ("“日/月/年”", "day/month/year"), MDY: ("“月/日/年”", "month/day/year"),
    }[order]  # fmt: skip
    assert notice.line("zh") == (
        f"t.csv: decided-dates: 列「创建时间」按{said[0]}读取：11 行中有 1 行只能这样读"
        " → 若不对，在 sources: 里写 date_order:"
    )
    assert notice.line("en") == (
        f"t.csv: decided-dates: the dates of “创建时间” are read {said[1]}: 1 of 11 rows allow nothing else"
        " → if that is wrong, write date_order: under sources:"
    )


@pytest.mark.parametrize("cells", [["01/02/2025"], ["13/02/2025", "02/13/2025"], ["31/31/2025"]])
def test_no_evidence_and_evidence_for_both_are_refused(cells: list[str]) -> None:
    with pytest.raises(IntakeError) as refused:
        decide_order(table([[cell] for cell in cells]), (0,), None)
    [problem] = refused.value.problems
    assert problem.line("zh") == (
        "t.csv: ambiguous-dates: 列「创建时间」的日期无法判断日在前还是月在前"
        " → 在 sources: 里写 date_order: dmy（日/月/年）或 mdy（月/日/年）"
    )
    assert problem.line("en") == (
        "t.csv: ambiguous-dates: the dates of “创建时间” may be day first or month first"
        " → write date_order: dmy (day/month/year) or mdy (month/day/year) under sources:"
    )


def test_all_columns_of_a_file_speak_together() -> None:
    decided, [notice] = decide_order(table([["01/02/2025", "13/02/2025"]]), (0, 1), None)
    assert decided is DMY
    assert "创建时间, 解决时间" in notice.message.zh


def test_a_file_whose_first_rows_begin_with_the_year_is_not_read_twice() -> None:
    # Later rows in another spelling are then refused one by one, and never guessed.
    batches = [[["2025-08-01"]] * 3, [["13/08/2025"]] * 3]
    assert decide_order(table(*batches), (0,), None) == (None, ())
