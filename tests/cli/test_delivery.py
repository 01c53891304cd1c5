"""A file appears whole or not at all, and never in the place of something that was read."""

from __future__ import annotations

import errno
import gc
import os
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from csq.errors import DeliveryError, UsageError, reason_of
from csq.files import local_salt, write_file, write_new_file

from .driver import METRICS, TICKETS, Csq

OLD = "what was there before"


@pytest.mark.parametrize(
    "paths",
    [("tickets.csv",), (".",), (), ("../work",), ("./tickets.csv",)],
    ids=["the file itself", "its folder", "no path", "its folder by another name", "another name"],
)
def test_an_export_is_never_overwritten(csq: Csq, paths: tuple[str, ...]) -> None:
    answer = csq.run("score", *paths, "-o", "tickets.csv")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "tickets.csv: output-is-input: 输出文件就是输入文件 → 换一个输出文件名\n"
    assert (csq.folder / "tickets.csv").read_text(encoding="utf-8") == TICKETS


@pytest.mark.parametrize(
    "typed",
    ["check .", "explain fcr .", "compare . --definitions fcr", "validate .", "lint --data ."],
)
@pytest.mark.parametrize("name", ["tickets.csv", "metrics.yaml"])
def test_no_command_overwrites_what_it_reads(csq: Csq, typed: str, name: str) -> None:
    csq.put("metrics.yaml", METRICS.replace("    owner: [客服部]\n", MEANING))
    before = (csq.folder / name).read_bytes()
    answer = csq.run(*typed.split(), "--format", "json", "-o", name)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == f"{name}: output-is-input: 输出文件就是输入文件 → 换一个输出文件名\n"
    assert (csq.folder / name).read_bytes() == before


MEANING = "    variants: { all: { name: 全部, formula: 'SHARE(tickets, first_contact_resolved)', source: 某处 } }\n"


@pytest.mark.parametrize("link", [os.symlink, os.link], ids=["a link", "a second name"])
def test_an_export_is_never_overwritten_through(
    csq: Csq, link: Callable[[Path, Path], None]
) -> None:
    link(csq.folder / "tickets.csv", csq.folder / "out.csv")
    answer = csq.run("score", "tickets.csv", "-o", "out.csv")
    assert (answer.code, answer.out) == (2, "")
    assert (csq.folder / "tickets.csv").read_text(encoding="utf-8") == TICKETS


@pytest.mark.parametrize("asked", [(), ("--metrics", "metrics.yaml")], ids=["found", "asked for"])
def test_the_definition_is_never_overwritten(csq: Csq, asked: tuple[str, ...]) -> None:
    answer = csq.run("score", "tickets.csv", *asked, "-o", "metrics.yaml")
    assert (answer.code, answer.out) == (2, "")
    assert (csq.folder / "metrics.yaml").read_text(encoding="utf-8") == METRICS


def test_a_definition_it_builds_on_is_never_overwritten(csq: Csq) -> None:
    csq.put("child.yaml", "version: 1\nextends: metrics.yaml\n")
    answer = csq.run("score", "tickets.csv", "--metrics", "child.yaml", "-o", "metrics.yaml")
    assert (answer.code, answer.out) == (2, "")
    assert (csq.folder / "metrics.yaml").read_text(encoding="utf-8") == METRICS


FAULTY: dict[str, str | bytes] = {
    "broken.yaml": "version: 1\nindicators: [\n",
    "child.yaml": "extends: broken.yaml\nversion: 1\n",
    "words.yaml": b"version: 1 # \xff",
    "calendar.yaml": METRICS
    + "calendars: { a: { hours: { mon: '09:00-18:00' }, off_hours_reply: zero, days: days.csv } }\n",
    "days.csv": b"2025-08-01,off \xff",
    "faulty.yaml": METRICS.replace("COUNT(", "COUNTT("),
    "exports/good.csv": TICKETS,
    "exports/torn.xlsx": b"PK\x03\x04torn",
}


@pytest.mark.parametrize(
    "typed",
    [
        "lint broken.yaml -o broken.yaml",
        "lint child.yaml -o broken.yaml",
        "lint words.yaml -o words.yaml",
        "lint calendar.yaml -o days.csv",
        "lint faulty.yaml --data exports/good.csv -o exports/good.csv",
        "lint faulty.yaml --data exports -o exports/good.csv",
        "validate exports/torn.xlsx -o exports/torn.xlsx",
        "validate exports -o exports/torn.xlsx",
        "validate exports -o exports/good.csv",
        "validate exports/good.csv missing.csv -o exports/good.csv",
    ],
)
def test_what_could_not_be_read_is_not_overwritten_by_the_list_of_why(csq: Csq, typed: str) -> None:
    """The list was put in the place of the definition, or of the export, that it is about."""
    (csq.folder / "exports").mkdir()
    for name, content in FAULTY.items():
        csq.put(name, content)
    before = {name: (csq.folder / name).read_bytes() for name in FAULTY}
    answer = csq.run(*typed.split(), "--format", "json", "--lang", "en")
    assert (answer.code, answer.out, answer.err) == (
        2,
        "",
        f"{Path(typed.split()[-1]).name}: output-is-input: the output is one of the inputs"
        " → choose another name for the output\n",
    )
    assert {name: (csq.folder / name).read_bytes() for name in FAULTY} == before


@pytest.mark.parametrize("name", ["report.csv", "report.xlsx", "report.md", "report.json"])
def test_the_report_of_the_last_time_is_neither_read_nor_remarked(csq: Csq, name: str) -> None:
    """A job that writes its report beside the exports says the same every night."""
    first = csq.run("score", "-o", name)
    written = (csq.folder / name).read_bytes()
    assert csq.run("score", "-o", name) == first
    assert (first.code, first.out, first.err) == (0, "", "")
    assert (csq.folder / name).read_bytes() == written


@pytest.mark.parametrize("name", ["missing/out.json", "tickets.csv/out.json"])
def test_a_folder_that_is_not_there(csq: Csq, name: str) -> None:
    answer = csq.run("score", "-o", name)
    assert (answer.code, answer.out) == (6, "")
    assert answer.err.startswith(f"{name}: cannot-write: 文件写不出：")
    assert answer.err.endswith(" → 换一个文件名，或检查文件夹是否存在、可写、未满\n")


def test_a_folder_in_the_place_of_the_file(csq: Csq) -> None:
    (csq.folder / "out.json").mkdir()
    answer = csq.run("score", "-o", "out.json")
    assert (answer.code, answer.out) == (6, "")
    assert sorted(os.listdir(csq.folder)) == ["metrics.yaml", "out.json", "tickets.csv"]


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(csq: Csq) -> None:
    folder = csq.folder / "locked"
    folder.mkdir(mode=0o555)
    answer = csq.run("score", "-o", "locked/out.json")
    assert (answer.code, answer.out) == (6, "")
    assert answer.err.startswith("locked/out.json: cannot-write: ")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("score nothing.csv -o out.json", 3),
        ("score --metrics wrong.yaml -o out.json", 4),
        ("score --period 2024-01 -o out.json", 5),
        ("score --period 2025-99 -o out.json", 2),
        ("score --memory 1KB -o out.json", 7),
        ("check nothing.csv -o out.json --junit out.xml", 3),
    ],
)
def test_what_was_there_stays_when_nothing_comes_of_it(csq: Csq, typed: str, code: int) -> None:
    csq.put("wrong.yaml", METRICS.replace("unit:", "unti:"))
    csq.put("out.json", OLD)
    before = sorted(os.listdir(csq.folder))
    answer = csq.run(*typed.split())
    assert answer.code == code
    assert (csq.folder / "out.json").read_text(encoding="utf-8") == OLD
    assert sorted(os.listdir(csq.folder)) == before


def test_a_pipe_is_written_to_and_not_replaced(csq: Csq) -> None:
    pipe = csq.folder / "out.json"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE)
    try:
        answer = csq.run("score", "tickets.csv", "-o", "out.json")
        read, _ = reader.communicate(timeout=60)
    finally:
        reader.kill()
    assert answer.code == 0
    assert read.decode() == csq.run("score", "tickets.csv", "--format", "json").out
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make a device")
def test_a_device_is_not_replaced_by_a_file(csq: Csq) -> None:
    try:
        os.mknod(csq.folder / "null.json", stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("no device can be made here")
    csq.run("score", "tickets.csv", "-o", "null.json")
    assert stat.S_ISCHR((csq.folder / "null.json").stat().st_mode)


def test_a_link_stays_a_link(csq: Csq) -> None:
    csq.put("elsewhere/real.json", OLD)
    (csq.folder / "out.json").symlink_to("elsewhere/real.json")
    assert csq.run("score", "tickets.csv", "-o", "out.json").code == 0
    assert (csq.folder / "out.json").is_symlink()
    assert (csq.folder / "elsewhere" / "real.json").read_text(encoding="utf-8").startswith("{")


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_a_new_file_follows_the_umask(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        write_file(tmp_path / "out", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == mode


def test_a_file_that_is_replaced_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text(OLD)
    path.chmod(0o640)
    write_file(path, b"x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


OPERATIONS = ("os.open", "os.fstat", "os.fsync", "os.chmod", "os.replace")
CAUSES = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.EDQUOT, errno.EMFILE)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("cause", CAUSES, ids=[errno.errorcode[cause] for cause in CAUSES])
def test_a_disk_that_fails_leaves_the_old_file(
    tmp_path: Path, operation: str, cause: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("out.json")
    path.write_text(OLD)

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(cause, os.strerror(cause))

    with monkeypatch.context() as patch:
        patch.setattr(f"csq.files.{operation}", fail)
        with pytest.raises(DeliveryError) as raised:
            write_file(path, b"new")
    (problem,) = raised.value.problems
    told = os.strerror(cause)
    assert problem.line("en") == (
        f"out.json: cannot-write: the file cannot be written: {reason_of(OSError(cause, told)).en}"
        " → choose another name, or check that the folder exists, can be written and has room"
    )
    assert path.read_text() == OLD
    assert os.listdir(tmp_path) == ["out.json"]


@pytest.mark.parametrize("cause", [errno.EINVAL, errno.EOPNOTSUPP, errno.EACCES])
def test_a_disk_that_syncs_no_folders_has_the_file_all_the_same(
    tmp_path: Path, cause: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Network drives do not; a folder to put things into may be written and not read."""
    sync = os.fsync

    def sync_files_only(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(cause, os.strerror(cause))
        sync(descriptor)

    monkeypatch.setattr("csq.files.os.fsync", sync_files_only)
    write_file(tmp_path / "out.json", b"new")
    assert (tmp_path / "out.json").read_bytes() == b"new"


def test_a_folder_whose_disk_fails_is_not_delivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in place may be gone after a power cut."""
    sync = os.fsync

    def sync_files_only(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        sync(descriptor)

    monkeypatch.setattr("csq.files.os.fsync", sync_files_only)
    with pytest.raises(DeliveryError):
        write_file(tmp_path / "out.json", b"new")


def test_a_full_disk_in_the_middle_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource
    import signal

    path = tmp_path / "out.json"
    path.write_text(OLD)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(DeliveryError):
            write_file(path, b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_text() == OLD
    assert os.listdir(tmp_path) == ["out.json"]


def test_what_a_killed_run_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    """A run that was killed between making its temporary file and renaming it."""
    (tmp_path / ".csq-writing-abandoned").write_text("half a report")
    write_file(tmp_path / "out.json", b"new")
    assert os.listdir(tmp_path) == ["out.json"]


def test_a_file_that_another_run_is_writing_is_left_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = os.replace

    def replace_beside_another_run(source: Path, target: Path) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", replace)
            write_file(tmp_path / "other.json", b"other")
        replace(source, target)

    monkeypatch.setattr("csq.files.os.replace", replace_beside_another_run)
    write_file(tmp_path / "out.json", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "out.json": b"new",
        "other.json": b"other",
    }


def test_a_file_taken_for_abandoned_before_it_was_locked_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between making a file and locking it another run may look around."""
    fcntl = pytest.importorskip("fcntl")
    lock, looks = fcntl.flock, [1]

    def lock_after_another_run(descriptor: int, how: int) -> None:
        if looks:
            looks.clear()
            for path in tmp_path.glob(".csq-*"):
                path.unlink()
        lock(descriptor, how)

    monkeypatch.setattr("fcntl.flock", lock_after_another_run)
    write_file(tmp_path / "out.json", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"out.json": b"new"}


@pytest.mark.parametrize(("age", "left"), [(0, True), (4_000, False)])
def test_without_locks_only_age_tells_what_is_abandoned(
    tmp_path: Path, age: int, left: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("fcntl")
    stale = tmp_path / ".csq-writing-abandoned"
    stale.write_text("half a report")
    os.utime(stale, (time.time() - age,) * 2)

    def refuse(*_: Any) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", refuse)
    write_file(tmp_path / "out.json", b"new")
    assert (tmp_path / "out.json").read_bytes() == b"new"
    assert stale.exists() is left


@pytest.mark.parametrize("operation", ["os.fsync", "os.chmod", "os.replace"])
@pytest.mark.parametrize("write", [write_file, write_new_file])
def test_a_signal_while_a_file_is_written_leaves_nothing_half(
    tmp_path: Path,
    operation: str,
    write: Callable[[Path, bytes], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A signal ends csq by SystemExit wherever it is."""
    if write is write_new_file:
        operation = operation.replace("replace", "link")

    def end(*_: Any, **__: Any) -> None:
        raise SystemExit(143)

    with monkeypatch.context() as patch:
        patch.setattr(f"csq.files.{operation}", end)
        with pytest.raises(SystemExit):
            write(tmp_path / "out.json", b"new")
    assert os.listdir(tmp_path) == []


def test_a_disk_without_links_takes_a_new_file_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A memory stick has none; neither there is a file ever overwritten."""

    def refuse(*_: Any) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr("csq.files.os.link", refuse)
    path = tmp_path / "out.yaml"
    write_new_file(path, b"new")
    with pytest.raises(UsageError):
        write_new_file(path, b"newer")
    assert (os.listdir(tmp_path), path.read_bytes()) == (["out.yaml"], b"new")


def test_the_salt_of_whoever_was_first_is_the_one_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs at once find no salt; with one each, a person would have two codes."""
    path, link = tmp_path / ".csq-salt", os.link

    def be_second(source: Path, target: Path) -> None:
        path.write_text("first")
        link(source, target)

    monkeypatch.setattr("csq.files.os.link", be_second)
    assert local_salt(path) == b"first"
    monkeypatch.undo()
    path.unlink()
    assert local_salt(path) == path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="needs ulimit")
@pytest.mark.parametrize(
    "typed",
    [
        "score tickets.csv -o out.xlsx",
        "validate tickets.csv --rejects out.xlsx",
        "explain fcr tickets.csv --rows out.xlsx",
        "review tickets.csv -o .",
    ],
)
def test_a_full_disk_while_a_workbook_is_drawn_is_told(csq: Csq, typed: str) -> None:
    """A workbook's sheets are temporary files first."""
    there = sorted(os.listdir(csq.folder))
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))"
    answer = csq.forked(*typed.split(), after=limit)
    assert (answer.code, answer.err) == (
        6,
        "cannot-spill: 临时文件写不出：文件太大 → 腾出空间，或用环境变量 TMPDIR 指定另一个文件夹\n",
    )
    assert sorted(os.listdir(csq.folder)) == there
    assert csq.left_behind() == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_is_drawn_leaves_no_rows_in_temporary_files(
    csq: Csq, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run killed meanwhile leaves them where the next one clears them away."""
    found: list[Path] = []

    def look(*_: Any) -> None:
        found.extend(path for path in csq.temporary.rglob("*") if path.is_file())
        raise MemoryError

    monkeypatch.setattr("csq.reports.excel.ZipFile", look)
    assert csq.run("validate", "--rejects", "out.xlsx").code == 7
    # What openpyxl had begun complains when it is cleared away: here, and not in another test.
    gc.collect()
    assert found
    assert all(
        path.parent.parent.name == f"csq-spill-{os.getuid()}"
        for path in found
        if path.suffix != ".lock"
    )
    assert csq.left_behind() == []


def test_links_in_a_circle_are_told(csq: Csq) -> None:
    (csq.folder / "out.json").symlink_to("other.json")
    (csq.folder / "other.json").symlink_to("out.json")
    answer = csq.run("score", "tickets.csv", "-o", "out.json")
    assert (answer.code, answer.err) == (
        6,
        "out.json: cannot-write: 文件写不出：链接绕成了圈"
        " → 换一个文件名，或检查文件夹是否存在、可写、未满\n",
    )
    assert (csq.folder / "out.json").is_symlink()


@pytest.mark.skipif(os.name != "posix", reason="needs a folder that can go")
@pytest.mark.parametrize(
    "typed", ["validate {} --rejects out.csv", "check {} --json out.csv", "score {} -o out.csv"]
)
def test_a_working_folder_that_is_gone_has_no_room_for_a_file(csq: Csq, typed: str) -> None:
    named = f"{csq.folder}/tickets.csv --metrics {csq.folder}/metrics.yaml"
    gone = "os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')"
    answer = csq.forked(*typed.format(named).split(), after=gone)
    assert (answer.code, answer.err.splitlines()[0]) == (
        6,
        "out.csv: cannot-write: 文件写不出：没有这个文件或文件夹"
        " → 换一个文件名，或检查文件夹是否存在、可写、未满",
    )
