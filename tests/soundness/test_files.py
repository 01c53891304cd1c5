"""Files: what is read of them, in which encoding, and what is never taken for data."""

from __future__ import annotations

import datetime
import errno
import io
import os
import threading
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.cli.driver import Csq
from tests.conftest import Desk, books, codes, find_total

from csq.api import Run, score
from csq.errors import CsqError, DefinitionError, IntakeError
from csq.intake.readers import encodings
from csq.request import Request

TICKETS = "工单编号,创建时间,渠道"
DAY = "2025-08-31 10:00:00"
PLAIN = "ticket_id,created_at,channel"


def by_channel(desk: Desk) -> dict[object, Fraction | None]:
    desk.indicator("COUNT(tickets)", "count")
    return {
        each.group[0][1]: each.value
        for each in desk.score("2025-08", by=(("channel",),)).scores
        if each.group
    }


@pytest.fixture
def csq(desk: Desk) -> Csq:
    """csq beside the desk: `desk.metrics` and `desk.exports` are in its folder."""
    return Csq(desk.folder, desk.folder)


# Encodings -------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_every_encoding_of_chinese_exports_is_read(desk: Desk, encoding: str) -> None:
    text = f"{TICKETS}\nT1,{DAY},电话\nT2,{DAY},门户\n"
    desk.put("t.csv", text.encode(encoding))
    assert by_channel(desk) == {"电话": 1, "门户": 1}


def test_characters_of_four_bytes_in_gb18030_are_read(desk: Desk) -> None:
    # 㐀 and 𠮷 are in names of people; GBK cannot spell them, GB18030 can.
    desk.put("t.csv", f"{TICKETS}\nT1,{DAY},㐀𠮷\n".encode("gb18030"))
    assert by_channel(desk) == {"㐀𠮷": 1}


def test_one_chinese_row_behind_two_megabytes_of_ascii_decides_the_encoding(desk: Desk) -> None:
    # A detector that looks at the first 64 KB says ASCII, or worse: cp1250.
    lines = [PLAIN, *(f"T{i:06d},{DAY},channel-{i % 7}-{'x' * 30}" for i in range(36_000))]
    content = ("\n".join(lines) + f"\nZ,{DAY},电话\n").encode("gb18030")
    assert len(content) > 2_000_000
    desk.put("t.csv", content)
    found = by_channel(desk)
    assert found["电话"] == 1
    assert sum(count or 0 for count in found.values()) == 36_001


BROKEN = {
    "cut in the middle of a character": "电话".encode()[:-1],
    "a stray byte": b"\xff",
    "a surrogate alone": b"\xed\xa0\x80",
    "overlong": b"\xc0\xaf",
    "one GBK word in UTF-8": "电话".encode("gbk"),
    "half a character and a comma": "电".encode()[:2],
    "two bytes of three, twice": "电话".encode()[:2] + "话".encode()[:2],
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("header", [TICKETS, PLAIN])
def test_a_utf8_file_with_a_broken_byte_is_refused_and_not_half_read(
    desk: Desk, broken: bytes, header: str
) -> None:
    # Read as GB18030 instead, 电话 becomes 鐢佃瘽: no error, and no call by phone any more.
    rows = "".join(f"T{i},{DAY},电话\n" for i in range(9))
    desk.put("t.csv", f"{header}\n{rows}".encode() + b"B," + DAY.encode() + b"," + broken + b"\n")
    try:
        found = by_channel(desk)
    except IntakeError as error:
        assert error.problems
    else:
        assert found.get("电话") == 9, f"read as {list(found)}"


def test_utf8_is_not_taken_for_gb18030_where_it_is_valid_as_both(desk: Desk) -> None:
    # Every even number of UTF-8 characters of three bytes is valid GB18030 as well.
    desk.put("t.csv", f"{PLAIN}\nT1,{DAY},电话\n".encode())
    assert by_channel(desk) == {"电话": 1}


def test_a_utf16_file_without_a_mark_is_read_or_refused(desk: Desk) -> None:
    desk.put("t.csv", f"{TICKETS}\nT1,{DAY},电话\n".encode("utf-16-le"))
    try:
        assert by_channel(desk) == {"电话": 1}
    except IntakeError as error:
        assert error.problems


def test_zero_bytes_are_kept_or_refused(desk: Desk) -> None:
    # What a power cut leaves: a block of zeros. 3 rows were written.
    desk.put(
        "t.csv",
        f"{TICKETS}\nT1,{DAY},电话\n".encode() + b"\0" * 4096 + f"\nT2,{DAY},邮件\n".encode(),
    )
    try:
        found = by_channel(desk)
    except IntakeError as error:
        assert error.problems
    else:
        assert found == {"电话": 1, "邮件": 1}
        [(read, kept, rejected, _, _)] = books(desk.score("2025-08")).values()
        assert (read, kept, rejected) == (3, 2, 1)


# Names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [
    "tickets[1].csv", "tickets*.csv", "tickets?.csv", "t{a,b}.csv", "-t.csv", "t 'quoted'.csv", 't"; DROP.csv',
    "t\n2.csv", "[b]t[/b].csv", "t;1.CSV", "工单（8月）.csv", "%s.csv", "t.csv.csv",
])  # fmt: skip
def test_a_file_name_is_a_name_and_no_pattern(desk: Desk, name: str) -> None:
    # DuckDB reads `tickets1.csv` where it is asked for `tickets[1].csv`, and both for a star.
    desk.put_rows(name, TICKETS, [("T1", DAY, "电话")])
    desk.put_rows("other/tickets1.csv", TICKETS, [("T2", DAY, "电话"), ("T3", DAY, "电话")])
    desk.indicator("COUNT(tickets)", "count")
    run = Run((desk.exports / name,), desk.metrics, Request("2025-08"))
    assert find_total(score(run)).value == 1


def test_a_folder_called_like_a_partition_adds_no_column(desk: Desk) -> None:
    # In a Hive layout month=05/ is a column; here it is a folder.
    desk.put_rows("channel=邮件/agent_id=A9/t.csv", "工单编号,创建时间", [("T1", DAY)])
    desk.indicator("COUNT(tickets, channel)", "count")
    score_ = desk.total("2025-08")
    assert score_.value is None
    assert [reason.en for reason in score_.lacking] == ["the field Channel (Tickets)"]


# What is no data -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("报告.csv", ()),
        ("report.xlsx", ()),
        ("tickets-report.csv", ()),
        ("score.tsv", ("--format", "csv")),
    ],
)
def test_a_report_saved_between_the_exports_is_not_counted(
    desk: Desk, csq: Csq, name: str, more: tuple[str, ...]
) -> None:
    # Next month it would be read back, and the indicators of July counted as tickets of August.
    desk.put_rows("t.csv", TICKETS, [(f"T{i}", DAY, "电话") for i in range(5)])
    desk.indicator("COUNT(tickets)", "count")
    arguments = ("score", "exports", "--period", "2025-08", "--by", "channel", *more)
    saved = csq.run(*arguments, "-o", desk.exports / name)
    assert (saved.code, saved.err) == (0, "")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 5
    assert set(books(scorecard)) == {"t.csv"}


@pytest.mark.parametrize("name", ["rejects.csv", "拒收.xlsx"])
def test_refused_rows_saved_between_the_exports_are_not_counted(
    desk: Desk, csq: Csq, name: str
) -> None:
    # The file of refused rows has the headers of an export; mended in place, it must not count twice.
    rows = [(f"T{i}", DAY, "电话") for i in range(50)]
    desk.put_rows("t.csv", TICKETS, [*rows, ("X1", "never", "电话"), ("X2", "2025-13-01", "邮件")])
    desk.indicator("COUNT(tickets)", "count")
    saved = csq.run("validate", "exports", "--rejects", desk.exports / name)
    assert saved.code == 0, saved.err
    scorecard = desk.score("2025-08")
    assert books(scorecard) == {"t.csv": (52, 50, 2, 0, 0)}


@pytest.mark.parametrize(
    "name",
    ["~$t.xlsx", ".t.csv", "._t.csv", "t.csv.part", "t.csv.bak", "t.csv~", ".DS_Store", "_t.csv"],
)
def test_what_programs_leave_behind_is_not_read(desk: Desk, name: str) -> None:
    desk.put_rows("t.csv", TICKETS, [("T1", DAY, "电话")])
    desk.put_rows(name, TICKETS, [("T2", DAY, "电话")])
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 1
    assert set(books(scorecard)) == {"t.csv"}


def test_a_file_named_by_itself_and_in_its_folder_is_read_once(desk: Desk) -> None:
    path = desk.put_rows("t.csv", TICKETS, [("T1", DAY, "电话")])
    desk.indicator("COUNT(tickets)", "count")
    run = Run((path, desk.exports, desk.exports), desk.metrics, Request("2025-08"))
    assert books(score(run)) == {"t.csv": (1, 1, 0, 0, 0)}


def test_an_export_that_grows_while_it_is_read_is_refused(desk: Desk) -> None:
    # Half an export is a wrong number with balanced books.
    path = desk.put_rows("t.csv", TICKETS, [(f"T{i}", DAY, "电话") for i in range(5)])
    desk.indicator("COUNT(tickets)", "count")

    def grow(step: str) -> None:
        if step == "tickets":
            with path.open("a", encoding="utf-8") as file:
                file.write(f"T9,{DAY},电话\n")

    with pytest.raises(IntakeError) as refused:
        score(Run((desk.exports,), desk.metrics, Request("2025-08"), progress=grow))
    assert [problem.code for problem in refused.value.problems] == ["changed-file"]


def test_an_export_that_is_replaced_while_it_is_read_is_refused(desk: Desk) -> None:
    # A copy keeps the time of its file, and these two are of the same size.
    path = desk.put_rows("t.csv", TICKETS, [("T1", DAY, "电话")])
    other = desk.put_rows("other.part", TICKETS, [("T2", DAY, "在线")])
    status = path.stat()
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert other.stat().st_size == status.st_size
    desk.indicator("COUNT(tickets)", "count")

    def replace(step: str) -> None:
        if step == "tickets":
            os.replace(other, path)

    with pytest.raises(IntakeError) as refused:
        score(Run((desk.exports,), desk.metrics, Request("2025-08"), progress=replace))
    assert [problem.code for problem in refused.value.problems] == ["changed-file"]


@pytest.mark.parametrize("block", [encodings.BLOCK, 200], ids=["held", "read again"])
def test_an_export_that_is_gone_while_it_is_read_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    path = desk.put_rows("t.csv", TICKETS, [(f"T{i}", DAY, "电话") for i in range(50)])
    desk.indicator("COUNT(tickets)", "count")
    monkeypatch.setattr(encodings, "BLOCK", block)

    def remove(step: str) -> None:
        if step == "tickets":
            path.unlink()

    with pytest.raises(IntakeError) as refused:
        score(Run((desk.exports,), desk.metrics, Request("2025-08"), progress=remove))
    [problem] = refused.value.problems
    assert (problem.code, str(problem.place)) == ("changed-file", "t.csv")


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx", "t.xls"])
def test_a_disk_that_fails_late_is_told_and_no_bug(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Whichever time a file is opened again: the first questions to it were answered."""
    path = desk.put_rows("t.csv", TICKETS, [(f"T{i}", DAY, "电话") for i in range(50)])
    if name == "t.xlsx":
        workbook(desk, name, TICKETS.split(","), *((f"T{i}", DAY, "电话") for i in range(50)))
        path.unlink()
    elif name == "t.xls":
        # What some systems call “.xls” is a web page.
        cells = path.read_text("utf-8").replace(",", "</td><td>").splitlines()
        rows = "".join(f"<tr><td>{line}</td></tr>" for line in cells)
        path.unlink()
        desk.exports.joinpath(name).write_text(f"<html><table>{rows}</table></html>", "utf-8")
    desk.indicator("COUNT(tickets)", "count")
    monkeypatch.setattr(encodings, "BLOCK", 200)
    opened, failing = 0, 0
    open_file = io.open

    def open_or_fail(file: Any, *arguments: Any, **more: Any) -> Any:
        nonlocal opened
        if str(file).endswith(name):
            opened += 1
            if opened == failing:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
        return open_file(file, *arguments, **more)

    monkeypatch.setattr(io, "open", open_or_fail)
    score(Run((desk.exports,), desk.metrics, Request("2025-08")))
    times = opened
    assert times > 2
    for nth in range(2, times + 1):
        opened, failing = 0, nth
        with pytest.raises(IntakeError) as refused:
            score(Run((desk.exports,), desk.metrics, Request("2025-08")))
        [problem] = refused.value.problems
        assert problem.line("zh") == (
            f"{name}: unreadable-file: 文件打不开：读写设备出错 → 检查文件权限，或重新导出"
        )
        assert problem.line("en") == (
            f"{name}: unreadable-file: the file cannot be opened: the device failed"
            " → check its permissions, or export it again"
        )


# Workbooks -------------------------------------------------------------------------------------


def workbook(desk: Desk, name: str, *rows: Sequence[object]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    path = desk.exports / name
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


CALLS = ["通话编号", "进入队列时间", "等待时长"]


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?"])
def test_a_cell_in_error_is_no_blank(desk: Desk, error: str) -> None:
    # A VLOOKUP that failed is not “not answered”: the row is refused and counted.
    workbook(desk, "c.xlsx", CALLS, ["1", DAY, 30], ["2", DAY, error])
    desk.indicator("AVERAGE(calls, wait_s)", "duration", direction="down")
    scorecard = desk.score("2025-08")
    assert books(scorecard) == {"c.xlsx": (2, 1, 1, 0, 0)}


def test_a_formula_that_was_never_calculated_is_no_blank(desk: Desk) -> None:
    # A workbook written by a program holds formulas without values until Excel has opened it.
    workbook(desk, "c.xlsx", CALLS, ["1", DAY, 30], ["2", DAY, "=10+20"])
    desk.indicator("AVERAGE(calls, wait_s)", "duration", direction="down")
    try:
        scorecard = desk.score("2025-08")
    except IntakeError as refused:
        assert refused.problems
    else:
        assert books(scorecard) == {"c.xlsx": (2, 1, 1, 0, 0)}


def test_ids_of_a_workbook_and_of_a_csv_file_are_the_same(desk: Desk) -> None:
    # 123 as a number in Excel and as text in the other system is one ticket; 007 is another than 7.
    workbook(desk, "a.xlsx", ["工单编号", "创建时间"], [123, DAY], [7, DAY], ["007", DAY])
    desk.put_rows("b.csv", "工单编号,创建时间", [("123", DAY), ("7", DAY), ("007", DAY)])
    desk.indicator("COUNT(tickets)", "count")
    assert desk.value("2025-08") == 3


def test_long_ids_that_excel_holds_as_numbers_are_not_thrown_away(desk: Desk) -> None:
    # Excel keeps 15 digits: 1234567890123456781 and …782 are one number to it, and two tickets.
    # (Without the third row no row at all would be left, which is refused as a whole.)
    ids = (1234567890123456781, 1234567890123456782, "T3")
    workbook(desk, "t.xlsx", ["工单编号", "创建时间"], *([each, DAY] for each in ids))
    desk.indicator("COUNT(tickets)", "count")
    scorecard = desk.score("2025-08")
    assert books(scorecard) == {"t.xlsx": (3, 1, 2, 0, 0)}
    assert codes(scorecard)["flattened-id"] == 2


def test_dates_and_durations_of_a_workbook_are_what_excel_shows(desk: Desk) -> None:
    # Serial numbers, time-of-day cells and durations over a day, all typed.
    moment = datetime.datetime(2025, 8, 31, 10, 0, 0)
    rows: list[list[object]] = [
        ["1", moment, datetime.time(0, 1, 30)],
        ["2", datetime.datetime(2025, 8, 31), datetime.timedelta(hours=30)],
        ["3", moment, 90],
        ["4", moment, None],
    ]
    workbook(desk, "c.xlsx", CALLS, *rows)
    desk.indicator("SUM(calls, wait_s)", "duration", direction="down")
    assert desk.value("2025-08") == 90 + 108_000 + 90


def test_a_date_serial_without_a_date_format_is_refused_and_not_guessed(desk: Desk) -> None:
    # 45900 may be a day or a number; a column that lost its format says so only to a person.
    workbook(desk, "c.xlsx", CALLS, ["1", DAY, 30], ["2", 45900.5, 30])
    desk.indicator("COUNT(calls)", "count")
    assert books(desk.score("2025-08")) == {"c.xlsx": (2, 1, 1, 0, 0)}


@pytest.mark.parametrize("state", ["visible", "hidden"])
def test_rows_of_a_second_sheet_are_counted_and_of_a_hidden_one_told(
    desk: Desk, state: str
) -> None:
    path = workbook(desk, "c.xlsx", CALLS, ["1", DAY, 30])
    book = openpyxl.load_workbook(path)
    second = book.create_sheet("更多")
    second.sheet_state = state
    second.append(CALLS)
    second.append(["2", DAY, 30])
    book.save(path)
    desk.indicator("COUNT(calls)", "count")
    scorecard = desk.score("2025-08")
    assert sum(receipt.read for receipt in scorecard.receipts) == find_total(scorecard).value
    assert find_total(scorecard).value == (1 if state == "hidden" else 2)
    assert codes(scorecard).get("other-sheet", 0) == (1 if state == "hidden" else 0)


def test_cells_beyond_the_header_are_not_dropped_in_silence(desk: Desk) -> None:
    # A row shifted to the right by one: its last value stands under no header.
    workbook(desk, "c.xlsx", CALLS, ["1", DAY, 30], ["2", DAY, None, 30])
    desk.indicator("AVERAGE(calls, wait_s)", "duration", direction="down")
    scorecard = desk.score("2025-08")
    assert codes(scorecard), "a filled cell under no header, and nobody says so"


def test_a_total_line_below_a_sheet_is_refused_and_counted(desk: Desk) -> None:
    workbook(desk, "c.xlsx", ["客服中心"], [], CALLS, ["1", DAY, 30], ["合计", None, 30])
    desk.indicator("COUNT(calls)", "count")
    assert books(desk.score("2025-08")) == {"c.xlsx": (2, 1, 1, 0, 0)}


# The definition and the machine ----------------------------------------------------------------


@pytest.mark.parametrize("key", ["targt", "Target", "min-n", "formular", "目标"])
def test_a_misspelt_key_stops_the_run(desk: Desk, csq: Csq, key: str) -> None:
    # Ignored, it drops the target, and the run is green.
    desk.put_rows("t.csv", TICKETS, [("T1", DAY, "电话")])
    desk.indicator("COUNT(tickets)", "count", **{key: '">= 5"'})
    ran = csq.run("check", "exports")
    assert (ran.code, ran.out) == (4, "")
    assert key in ran.err


def test_the_short_form_of_a_target_is_a_target(desk: Desk) -> None:
    # `target:` on an indicator is how the README writes it.
    desk.put_rows("t.csv", TICKETS, [("T1", DAY, "电话")])
    desk.define("""
indicators:
  - {id: it, name: it, formula: COUNT(tickets), unit: count, direction: up, target: ">= 5"}
""")
    assert desk.total("2025-08").verdict.value == "missed"


def test_a_key_that_stands_twice_stops_the_run(desk: Desk) -> None:
    desk.define("""
indicators:
  - id: it
    name: it
    formula: COUNT(tickets)
    unit: count
    direction: up
    targets: [{value: ">= 5"}]
    targets: [{value: ">= 1"}]
""")
    with pytest.raises(DefinitionError) as refused:
        desk.score()
    assert [problem.code for problem in refused.value.problems] == ["double-key"]


def test_threads_change_no_number(desk: Desk) -> None:
    # Sums of floats depend on their order, and so on the number of threads.
    import random

    rng = random.Random(7)
    rows = [(f"K{i}", DAY, f"{rng.random() * 1000:.6f}") for i in range(60_000)]
    desk.put_rows("c.csv", "通话编号,进入队列时间,等待时长", rows)
    exact = sum(round(float(text) * 1_000_000) for *_, text in rows)
    desk.indicator("SUM(calls, wait_s)", "duration", direction="down")
    found = {desk.value("2025-08") for _ in range(3)}
    assert [value and value * 1_000_000 for value in found] == [exact]


def test_two_runs_at_once_do_not_disturb_each_other(desk: Desk) -> None:
    desk.put_rows("t.csv", TICKETS, [(f"T{i}", DAY, "电话") for i in range(2_000)])
    desk.indicator("COUNT(tickets)", "count")
    found: list[object] = []

    def run() -> None:
        try:
            found.append(desk.value("2025-08"))
        except CsqError as error:
            found.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2_000] * 3


def test_the_same_input_gives_the_same_bytes(desk: Desk, csq: Csq) -> None:
    # A number that differs run by run cannot be audited.
    desk.put_rows("b.csv", TICKETS, [(f"T{i}", DAY, "电话") for i in range(50)])
    desk.put_rows("a.csv", TICKETS, [(f"T{i}", DAY, "邮件") for i in range(40, 90)])
    desk.indicator("COUNT(tickets)", "count")
    arguments = ("score", "exports", "--by", "channel", "--format", "json")
    seeds = ("0", "1", "99")
    printed = {csq.apart(*arguments, PYTHONHASHSEED=seed, COLUMNS="40").out for seed in seeds}
    assert len(printed) == 1
    assert printed.pop().startswith("{")
