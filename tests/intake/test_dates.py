"""The order of day and month: decided on the whole file, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pytest
from tests.conftest import Desk, books, codes, find_total, load_text

from csq.errors import DefinitionError, IntakeError, Place
from csq.formula.understand import understand
from csq.intake.readers.base import Batch, RawTable, column_names, row_numbers
from csq.intake.spelling.dates import decide_late, decide_orders, weigh_dates
from csq.intake.spelling.mixtures import find_mixtures
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
    (["2025-08-01", "2025/08/13", "20250813", "", "x"], (0, 0, 0, 2)), (["01/08/2025", "12.12.2025", "1-2-2025"], (3, 0, 0, 0)),
    (["13/08/2025", " 31/12/2025 10:00"], (2, 2, 0, 0)), (["08/13/2025", "8/31/2025 1:00 PM"], (2, 0, 2, 0)),
    (["13/08/2025", "08/13/2025", "01/02/2025"], (3, 1, 1, 0)), (["13/08/25"], (0, 0, 0, 0)), (["2025-13-08"], (0, 0, 0, 1)),
    (["\u300013/08/2025"], (1, 1, 0, 0)), (["113/08/2025"], (0, 0, 0, 0)), (["１３／０８／２０２５", "２０２５年８月１日"], (1, 1, 0, 1)),
])  # fmt: skip
def test_what_a_column_says(cells: list[str], found: tuple[int, int, int, int]) -> None:
    evidence = weigh_dates(pa.array(cells))
    assert found == (
        evidence.dates,
        evidence.only_day_first,
        evidence.only_month_first,
        evidence.year_first,
    )


def test_dates_that_begin_with_the_year_need_no_order() -> None:
    decision = decide_orders(table([["2025-08-01"]]), (0,))
    assert (decision.orders, decision.notices) == ({}, ())


@pytest.mark.parametrize(("proof", "order"), [("13/02/2025", DMY), ("02/13/2025", MDY)])
def test_one_cell_in_the_last_batch_decides(proof: str, order: DateOrder) -> None:
    batches = [[["01/02/2025"]] * 5, [["03/04/2025"]] * 5, [[proof]]]
    decision = decide_orders(table(*batches), (0,))
    assert decision.orders == {0: order}
    [notice] = decision.notices
    said = {
        DMY: ("“日/月/年”", "day/month/year"), MDY: ("“月/日/年”", "month/day/year"),
    }[order]  # fmt: skip
    assert notice.line("zh") == (
        f"t.csv:创建时间: decided-dates: 列「创建时间」按{said[0]}读取：11 行中有 1 行只能这样读"
        " → 若不对，在 sources: 里写 date_order:"
    )
    assert notice.line("en") == (
        f"t.csv:创建时间: decided-dates: the dates of “创建时间” are read {said[1]}: 1 of 11 rows allow nothing else"
        " → if that is wrong, write date_order: under sources:"
    )


@pytest.mark.parametrize(
    ("cells", "counts"),
    [
        (["01/02/2025"], (1, 0, 0)),
        (["13/02/2025", "02/13/2025"], (2, 1, 1)),
        (["31/31/2025"], (1, 1, 1)),
    ],
)
def test_no_evidence_and_evidence_for_both_are_refused(
    cells: list[str], counts: tuple[int, int, int]
) -> None:
    whole, day, month = counts
    with pytest.raises(IntakeError) as refused:
        decide_orders(table([[cell] for cell in cells]), (0,))
    [problem] = refused.value.problems
    assert problem.line("zh") == (
        f"t.csv:创建时间: ambiguous-dates: 列「创建时间」的日期无法判断日在前还是月在前：{whole} 个里"
        f"只能日在前的 {day} 个，只能月在前的 {month} 个"
        " → 在 sources: 里写 date_order: dmy（日/月/年）或 mdy（月/日/年）"
    )
    assert problem.line("en") == (
        f"t.csv:创建时间: ambiguous-dates: the dates of “创建时间” may be day first or month first: of {whole}"
        f" {day} can only be day first, {month} only month first"
        " → write date_order: dmy (day/month/year) or mdy (month/day/year) under sources:"
    )


def test_each_column_has_its_own_order() -> None:
    decision = decide_orders(table([["13/08/2025", "08/14/2025"]]), (0, 1))
    assert decision.orders == {0: DMY, 1: MDY}
    assert [notice.code for notice in decision.notices] == ["decided-dates"] * 2


def test_a_column_without_evidence_is_read_like_the_others_and_told() -> None:
    decision = decide_orders(table([["01/02/2025", "13/02/2025"]]), (0, 1))
    assert decision.orders == {0: DMY, 1: DMY}
    assert decision.notices[0].line("zh") == (
        "t.csv:创建时间: borrowed-order: 列「创建时间」的 1 个日期两种读法都可能，"
        "和同一文件的「解决时间」一样按“日/月/年”读取 → 若不对，在 sources: 里写 date_order:"
    )
    assert decision.notices[0].line("en") == (
        "t.csv:创建时间: borrowed-order: the 1 dates of “创建时间” allow both orders and are read"
        " day/month/year like “解决时间” in the same file"
        " → if that is wrong, write date_order: under sources:"
    )


def test_a_column_that_contradicts_itself_never_borrows() -> None:
    with pytest.raises(IntakeError):
        decide_orders(table([["13/08/2025", "13/02/2025"], ["08/14/2025", "14/02/2025"]]), (0, 1))


def test_two_spellings_in_one_column_are_warned_about_by_count() -> None:
    rows = table([["13/08/2025"], ["2025-03-08"], ["2025-04-18"]])
    [warning] = find_mixtures(rows, (0,), decide_orders(rows, (0,)).orders)
    assert warning.line("zh") == (
        "t.csv:创建时间: mixed-dates: 列「创建时间」混有两种日期：1 个是“日/月/年”，2 个以年开头"
        " → 核对以年开头的：Excel 可能把其中一部分的日和月对调了；不经 Excel 重新导出最稳妥"
    )
    assert warning.line("en") == (
        "t.csv:创建时间: mixed-dates: “创建时间” mixes dates: 1 are day/month/year, 2 begin with the year"
        " → check those that begin with the year: Excel may have swapped day and month in some;"
        " an export that was not saved by Excel is safest"
    )


def test_a_few_undecided_dates_among_others_do_not_refuse_the_file() -> None:
    decision = decide_orders(table([["01/02/2025"], ["2025-03-08"]]), (0,))
    assert (decision.orders, decision.notices) == ({}, ())


def test_what_comes_late_is_weighed_on_the_whole_file() -> None:
    batches = [[["2025-08-01"]] * 3, [["13/08/2025"]] * 3]
    assert decide_orders(table(*batches), (0,)).orders == {}
    assert decide_late(table(*batches), (0,)).orders == {0: DMY}


HEADER = "工单编号,创建时间,解决时间"
EARLY = [[f"T{n}", "2025-08-01 09:00", ""] for n in range(120_000)]


@pytest.mark.parametrize(("late", "kept", "codes_told"), [
    (["8/13/2025 10:00", "8/2/2025"], 2, {"decided-dates", "mixed-dates"}), (["2025/8/2", "2025年8月3日"], 2, set()),
    (["01/02/2025", "2025/8/2"], 1, {"undecided-date"}), (["13/08/2025", "08/14/2025"], 0, {"undecided-date"}),
])  # fmt: skip
def test_a_spelling_that_changes_far_down(
    desk: Desk, late: list[str], kept: int, codes_told: set[str]
) -> None:
    rows = [*EARLY, *([f"L{n}", text, ""] for n, text in enumerate(late))]
    desk.put_rows("八月.csv", HEADER, rows)
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    [(read, found, rejected, _, outside)] = books(scorecard).values()
    assert (read, found, rejected, outside) == (len(rows), len(EARLY) + kept, len(late) - kept, 0)
    assert (
        codes(scorecard).keys() & {"decided-dates", "mixed-dates", "undecided-date"} == codes_told
    )


def test_a_date_of_a_column_without_an_order_is_refused_with_what_to_declare(desk: Desk) -> None:
    rows = [
        ["T1", "2025-08-01", ""],
        ["T2", "2025-08-02", ""],
        ["T3", "01/08/2025 10:00", ""],
        ["T4", "1/8/25", ""],
    ]
    desk.put_rows("八月.csv", HEADER, rows)
    desk.indicator("COUNT(tickets)", "count")
    found = [p for p in desk.score("2025-08").problems if p.code == "undecided-date"]
    assert sum(problem.count for problem in found) == 2
    assert found[0].line("zh") == (
        "八月.csv:4:创建时间: undecided-date: 「创建时间」可能是日在前，也可能是月在前：01/08/2025 10:00"
        " → 在 sources: 里写 date_order: dmy（日/月/年）、mdy（月/日/年）或 ymd（两位年/月/日）"
    )
    assert found[0].line("en") == (
        "八月.csv:4:创建时间: undecided-date: “Created at” may be day first or month first: 01/08/2025 10:00"
        " → write date_order: dmy (day/month/year), mdy (month/day/year) or ymd (year of two"
        " digits/month/day) under sources:"
    )


@pytest.mark.parametrize(("declared", "days"), [
    ("{ created_at: dmy, resolved_at: mdy }", 1), ("{ created_at: mdy, resolved_at: dmy }", 31),
    ('{ "*": dmy, resolved_at: mdy }', 1), ("mdy", 206),
])  # fmt: skip
def test_an_order_may_be_declared_for_one_field(desk: Desk, declared: str, days: int) -> None:
    desk.put_rows("t.csv", HEADER, [["T1", "01/08/2025", "08/02/2025"]])
    desk.indicator("AVERAGE(tickets, resolved_at - created_at)", "duration")
    written = desk.metrics.read_text(encoding="utf-8")
    desk.metrics.write_text(f"{written}sources: {{ tickets: {{ date_order: {declared} }} }}\n")
    assert desk.value("2025") == days * 86_400


@pytest.mark.parametrize(("created", "resolved", "kept"), [
    (("07/18/25 18:06:51", "8/1/25 9:05"), ("8/2/25", "08/03/25"), 2), (("7/18/25 6:06 PM", "08/01/25"), ("", ""), 2),
    (("07/18/25", "18/07/25"), ("", ""), 0), (("25/07/18", "25/08/01"), ("", ""), 0), (("07/08/25", "08/01/25"), ("", ""), 0),
    (("07/18/25", "8/1/25"), ("19/07/25", ""), 1), (("07/18/25", "8/1/25"), ("13/08/2025", ""), 2), (("2025-07-18", "7/18/25"), ("", ""), 1),
])  # fmt: skip
def test_a_month_first_is_seen_where_the_year_has_two_digits(
    desk: Desk, created: tuple[str, str], resolved: tuple[str, str], kept: int
) -> None:
    # Neither a day nor a year first leaves room for a second number over 12; nothing else is so.
    desk.put_rows(
        "t.csv",
        HEADER,
        [(f"T{n}", *each) for n, each in enumerate(zip(created, resolved, strict=True))],
    )
    desk.indicator("COUNT(tickets)", "count")
    desk.put_rows("b.csv", HEADER, [("B", "2025-08-01", "")])
    scorecard = desk.score("2025")
    assert books(scorecard)["t.csv"] == (2, kept, 2 - kept, 0, 0)
    assert codes(scorecard).get("undecided-date", 0) == 2 - kept


def test_years_of_two_digits_are_told(desk: Desk) -> None:
    desk.put_rows("t.csv", HEADER, [("T1", "07/18/25 18:00", "8/1/25"), ("T2", "8/1/25 9:00", "")])
    desk.indicator("AVERAGE(tickets, resolved_at - created_at)", "duration")
    scorecard = desk.score("2025")
    assert find_total(scorecard).value == 13 * 86_400 + 6 * 3_600
    assert [each.line("en").split(" → ")[0] for each in scorecard.problems][:2] == [
        "t.csv:创建时间: decided-dates: the dates of “创建时间” are read month/day/year: 1 of 2 rows"
        " allow nothing else",
        "t.csv:解决时间: borrowed-order: the 1 dates of “解决时间” allow both orders and are read"
        " month/day/year like “创建时间” in the same file",
    ]


def test_an_order_for_a_field_that_is_not_there_is_an_error() -> None:
    with pytest.raises(DefinitionError) as refused:
        understand(
            load_text("""
version: 1
sources: { tickets: { date_order: { createdat: dmy } } }
indicators: [{ id: a, name: a, formula: COUNT(tickets), unit: count, direction: up }]
""")
        )
    assert [problem.code for problem in refused.value.problems] == ["unknown-field"]
