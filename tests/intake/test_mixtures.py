"""Dates that a spreadsheet has made of texts, beside the texts that it has left."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from tests.conftest import Desk, codes

from csq.errors import Problem
from csq.intake.readers.base import DAY_MARK, ExportFile
from csq.intake.readers.workbook import read_workbook
from csq.intake.spelling.mixtures import Mixture, weigh_mixture

HEADER = ("工单编号", "创建时间")


def day(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def save(path: Path, times: Sequence[object]) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(HEADER)
    for number, moment in enumerate(times, 1):
        book.active.append([f"T{number}", moment])
    path.parent.mkdir(exist_ok=True)
    book.save(path)


def warned(desk: Desk, times: Sequence[object], sources: str = "") -> list[Problem]:
    save(desk.exports / "t.xlsx", times)
    desk.indicator("COUNT(tickets)", "count")
    if sources:
        desk.metrics.write_text(desk.metrics.read_text() + sources)
    found = desk.score("2025").problems
    return [p for p in found if p.code in {"mixed-dates", "text-dates", "swapped-dates"}]


SWAPPED = (
    day("2025-05-08"), "25/08/2025 10:00", day("2025-12-08 09:30"), "13/08/2025 11:00", "31/8/2025"
)  # fmt: skip


@pytest.mark.parametrize("sources", ["", "sources: { tickets: { date_order: dmy } }\n"])
def test_what_excel_has_swapped_is_told_with_counts_and_never_turned_back(
    desk: Desk, sources: str
) -> None:
    [warning] = warned(desk, SWAPPED, sources)
    assert warning.line("zh") == (
        "t.xlsx:Sheet:3:创建时间: swapped-dates: 列「创建时间」的日和月可能被对调："
        "3 个文字（例如「25/08/2025 10:00」）都大于 12 日，2 个日期都不晚于 12 日"
        " → 不经 Excel 重新导出，或导入时把这一列设为文本；csq 不会替你换回来"
    )
    assert warning.line("en") == (
        "t.xlsx:Sheet:3:创建时间: swapped-dates: day and month of “创建时间” are probably swapped in 2 dates:"
        " all are of days up to 12, and the 3 left as text, such as “25/08/2025 10:00”, are all of days over 12"
        " → export it again without opening it in Excel, or import the column as text; csq never turns them back"
    )
    assert desk.value("2025-08") == 3
    assert desk.value("2025-05") == 1


@pytest.mark.parametrize("times", [
    [day("2025-05-18"), "25/08/2025"], [day("2025-05-08"), "25/08/2025", "11/08/2025"],
    [day("2025-05-08"), "2025/8/25"], [day("2025-05-08"), "2025-08-25 10:00"],
])  # fmt: skip
def test_dates_and_texts_in_one_column_are_told_by_count(desk: Desk, times: list[object]) -> None:
    [warning] = warned(desk, times)
    assert warning.line("zh") == (
        f"t.xlsx:Sheet:3:创建时间: text-dates: 列「创建时间」里 1 个单元格是日期，{len(times) - 1} 个是文字，例如「{times[1]}」"
        " → 核对两种：文字按写法读取，日期按 Excel 存的读取；最好重新导出成一种"
    )
    assert warning.line("en") == (
        f"t.xlsx:Sheet:3:创建时间: text-dates: of “创建时间” 1 cells are dates and {len(times) - 1} are text, such as “{times[1]}”"
        " → check both: text is read as it is spelt, dates as Excel holds them; an export with one of them is safest"
    )


@pytest.mark.parametrize("times", [
    [day("2025-05-08"), day("2025-05-09 10:00")], ["2025-08-25", "2025-08-26 10:00:00"],
    ["2025/8/25", "2025-08-26 10:00:00"], ["25/08/2025", "01/08/2025"], [day("2025-05-08"), None],
])  # fmt: skip
def test_a_column_of_one_kind_is_not_warned_about(desk: Desk, times: list[object]) -> None:
    assert warned(desk, times) == []


def test_a_csv_that_excel_saved_shows_the_same_swap(desk: Desk) -> None:
    times = ["2025/5/8 0:00", "25/08/2025 10:00", "2025/12/8 9:30"]
    desk.put_rows("t.csv", ",".join(HEADER), ((f"T{n}", time) for n, time in enumerate(times)))
    desk.indicator("COUNT(tickets)", "count")
    assert codes(desk.score("2025"))["swapped-dates"] == 1


@pytest.mark.parametrize(("cells", "found"), [
    (["2025-05-08\x1f", "25/08/2025", "", "x"], Mixture(1, 1, 1, 1, 1, 0, "25/08/2025", 3)),
    (["2025-05-18 10:00:00\x1f", "8/25/25 1:00 PM"], Mixture(1, 0, 1, 1, 0, 1, "8/25/25 1:00 PM", 3)),
    (["2025年8月1日", "2025-08-02\x1f"], Mixture(1, 1, 1, 0, 0, 0, "2025年8月1日", 2)),
    (["1.2.3.4", "31/31/2025"], Mixture(0, 0, 1, 1, 0, 0, "31/31/2025", 3)),
])  # fmt: skip
def test_what_a_column_holds(cells: list[str], found: Mixture) -> None:
    rows = pa.array(range(2, 2 + len(cells)), pa.int64())
    assert weigh_mixture(pa.array(cells), rows, is_marked=True) == found


@pytest.mark.parametrize("name", ["desk.ods", "desk.xls", "mac.ods", "mac.xls"])
def test_every_kind_of_workbook_tells_dates_from_texts(name: str) -> None:
    path = Path(__file__).parent / "workbooks" / name
    found = []
    for table in read_workbook(ExportFile(path, name), len):
        assert table.marked
        plain = [text for b in table.batches() for c in b.cells.columns for text in c.to_pylist()]
        marked = [text for b in table.marked() for c in b.cells.columns for text in c.to_pylist()]
        assert [text.removesuffix(DAY_MARK) for text in marked] == plain
        found += [text.removesuffix(DAY_MARK) for text in marked if text.endswith(DAY_MARK)]
    assert found
    assert all(map(day, found))
