"""csq in a shell, in cron and in a pipe: streams, environments, signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

import pytest
from sqlglot import exp

from csq.engines.duckdb import DuckDBEngine
from csq.files import spill_folder

from .contract import read_scorecard
from .driver import COMMAND, TICKETS, Answer, Csq

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a shell")

SCORE = "csq score tickets.csv --format json"


def test_a_reader_that_leaves_early_is_no_traceback(csq: Csq) -> None:
    answer = csq.shell(f"{SCORE} | head -1")
    assert answer.code in {0, 6}
    assert answer.out == "{\n"
    assert "Traceback" not in answer.err


def test_a_reader_that_is_gone_is_not_delivered(csq: Csq) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [COMMAND, *SCORE.split()[1:]],
            cwd=csq.folder,
            env=csq.environment({}),
            stdout=writer,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr.decode()) == (
        6,
        "stdout: cannot-write: 文件写不出：读取的一方已经关闭 → 换一个文件名，或检查文件夹是否存在、可写、未满\n",
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_stdout_is_not_delivered(csq: Csq) -> None:
    answer = csq.shell(f"{SCORE} > /dev/full")
    assert answer.code == 6
    assert answer.err.startswith("stdout: cannot-write: ")
    assert len(answer.err.splitlines()) == 1


@pytest.mark.parametrize("command", [SCORE, "csq lint"])
def test_a_closed_stdout_is_not_delivered(csq: Csq, command: str) -> None:
    answer = csq.shell(f"{command} >&-")
    assert answer.code == 6
    assert "Traceback" not in answer.err


def test_a_closed_stderr_leaves_stdout_alone(csq: Csq) -> None:
    csq.put("tickets.csv", TICKETS + "T9,待定,,电话,是\n")
    answer = csq.shell(f"{SCORE} 2>&-")
    assert answer.code == 3
    read_scorecard(answer.out)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_stderr_keeps_the_exit_code(csq: Csq) -> None:
    assert csq.shell("csq score nothing.csv 2> /dev/full").code == 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("csq --help > /dev/full", 6, "stdout: cannot-write: 文件写不出：磁盘已满"),
        ("csq score --help > /dev/full", 6, "stdout: cannot-write: 文件写不出：磁盘已满"),
        ("csq --version > /dev/full", 6, "stdout: cannot-write: 文件写不出：磁盘已满"),
        ("csq score --perod x 2> /dev/full", 2, ""),
        ("csq score --perod x 2>&1 > /dev/null | true; exit ${PIPESTATUS[0]}", 2, ""),
        ("csq 2> /dev/full", 2, ""),
    ],
)
def test_what_typer_says_by_itself_ends_with_its_own_code(
    csq: Csq, line: str, code: int, said: str
) -> None:
    """Never with 1, which says that a target was missed."""
    answer = csq.shell(line)
    assert (answer.code, answer.err.partition(" →")[0]) == (code, said)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_bug_is_no_missed_target_where_nothing_can_be_said(csq: Csq) -> None:
    planted = "import csq.api\ndel csq.api.score\n"
    csq.put("site/sitecustomize.py", planted)
    answer = csq.shell("csq score tickets.csv 2> /dev/full", PYTHONPATH=str(csq.folder / "site"))
    assert answer.code == 70


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param(
            "LC_ALL=POSIX PYTHONCOERCECLOCALE=0 PYTHONUTF8=0 TZ=America/New_York"
            " PYTHONHASHSEED=1 HOME=/nonexistent COLUMNS=20 LINES=1 OMP_NUM_THREADS=1",
            id="C",
        ),
        pytest.param(
            "PYTHONIOENCODING=gbk COLUMNS=banana TZ=Nowhere/Land TERM=xterm-256color"
            " PYTHONHASHSEED=2 PYTHONWARNINGS=error CLICOLOR_FORCE=1",
            id="nonsense",
        ),
        pytest.param("PYTHONIOENCODING=ascii -i PATH=$PATH", id="cron"),
    ],
)
def test_the_environment_changes_no_byte(csq: Csq, environment: str) -> None:
    """Of the JSON and of the table; no colour gets into a pipe, and stdin is not read."""
    json, table = csq.run("score", "--format", "json").out, csq.run("score").out
    first, _, rest = environment.rpartition(" -i ")
    bare = f"-i {rest} {first}" if first else environment
    answer = csq.shell(f"env {bare} csq check --fail-on never --json out.json <&-")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == table + "✔ 检查通过（--fail-on never）\n"
    assert (csq.folder / "out.json").read_bytes() == json.encode()


def test_colours_asked_for_stay_out_of_files_and_of_json(
    csq: Csq, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CI systems set FORCE_COLOR for everything that runs in them."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert csq.run("check", "-o", "out.txt", "--json", "out.json").code == 1
    for name in ("out.txt", "out.json"):
        assert b"\x1b" not in (csq.folder / name).read_bytes()


def test_a_message_in_chinese_survives_an_ascii_terminal(csq: Csq) -> None:
    answer = csq.shell("PYTHONIOENCODING=ascii LC_ALL=C csq score nothing.csv")
    assert (answer.code, answer.out) == (3, "")
    assert answer.err == "nothing.csv: missing-path: 没有这个文件或文件夹 → 检查路径的拼写\n"


def test_modules_planted_in_the_folder_are_not_run(csq: Csq) -> None:
    """Nor does it matter that nothing can be written there."""
    planted = ("json", "typing", "yaml", "pyarrow", "csq", "pytz", "sitecustomize")
    for name in planted:
        csq.put(f"{name}.py", f"open('/{csq.folder}/run', 'w').close()\nraise SystemExit(99)\n")
    csq.folder.chmod(0o555)
    try:
        answer = csq.apart("score", "tickets.csv", "--format", "json")
    finally:
        csq.folder.chmod(0o755)
    assert (answer.code, answer.err) == (0, "")
    assert not (csq.folder / "run").exists()


def test_a_folder_that_is_gone_is_told(csq: Csq) -> None:
    answer = csq.shell("mkdir gone && cd gone && rmdir ../gone && csq score")
    assert answer.code in {2, 3}
    assert "Traceback" not in answer.err


def test_a_file_whose_name_is_no_text_is_shown_escaped(csq: Csq) -> None:
    name = os.fsencode(csq.folder) + b"/\xff\xfe.csv"
    try:
        with open(name, "wb") as file:
            file.write(TICKETS.encode())
    except OSError:
        pytest.skip("this disk takes only names that are text")
    (csq.folder / "tickets.csv").unlink()
    for typed in ("score --format json", "score", "score -o out.json", "score --format markdown"):
        answer = csq.run(*typed.split())
        assert answer.code == 0, answer.err
    shown = read_scorecard(csq.run("score", "--format", "json").out)["receipts"][0]["file"]
    assert shown == r"\xff\xfe.csv"


@pytest.mark.parametrize(
    "name",
    [
        "a\nb.csv",
        "a\x1b[31mb.csv",
        "'; DROP TABLE tickets; --.csv",
        "[/b].csv",
        "tickets[1].csv",
        "*.csv",
        "-o.csv",
        "\u202eb.csv",
    ],
)
def test_a_file_of_any_name_is_read_and_shown_on_one_line(csq: Csq, name: str) -> None:
    (csq.folder / "tickets.csv").unlink()
    csq.put(name, TICKETS + "T9,待定,,电话,是\n")
    answer = csq.run("score", ".", "--format", "json")
    assert answer.code == 3
    assert len(answer.err.splitlines()) == 2
    assert all(line.isprintable() for line in answer.err.splitlines())
    assert read_scorecard(answer.out)["receipts"][0]["read"] == 6


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_ends_csq_with_nothing_left_behind(csq: Csq, number: signal.Signals) -> None:
    csq.put("tickets.csv", _many_tickets(200_000))
    csq.put("out.json", "old")
    process = subprocess.Popen(
        [COMMAND, "score", "tickets.csv", "-o", "out.json"],
        cwd=csq.folder,
        env=csq.environment({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A suite that runs in the background hands an ignored SIGINT and SIGQUIT down.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    )
    _wait_for_spill(csq, process)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (128 + number, b"", b"")
    assert csq.left_behind() == []
    assert (csq.folder / "out.json").read_text(encoding="utf-8") == "old"
    assert sorted(os.listdir(csq.folder)) == ["metrics.yaml", "out.json", "tickets.csv"]


def test_a_signal_in_the_middle_of_a_statement_is_no_bug(
    csq: Csq, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB says in words of its own that it was interrupted: that was a traceback and a 70."""

    def interrupted(engine: DuckDBEngine, query: exp.Query) -> NoReturn:
        try:
            signal.raise_signal(signal.SIGTERM)
        except SystemExit:
            raise RuntimeError("Query interrupted") from None
        raise AssertionError

    monkeypatch.setattr(DuckDBEngine, "fetch", interrupted)
    assert csq.run("score") == Answer(128 + signal.SIGTERM, "", "")


def test_a_signal_that_nohup_has_set_to_be_ignored_stays_ignored(
    csq: Csq, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []

    def look(*_: object) -> None:
        found.append(signal.getsignal(signal.SIGHUP))
        raise MemoryError

    monkeypatch.setattr("csq.api.score_intake", look)
    kept = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        csq.run("score", "tickets.csv")
    finally:
        signal.signal(signal.SIGHUP, kept)
    assert found == [signal.SIG_IGN]


def test_what_a_killed_run_spilt_is_cleared_by_the_next(csq: Csq) -> None:
    csq.put("many.csv", _many_tickets(200_000))
    process = subprocess.Popen(
        [COMMAND, "score", "many.csv"], cwd=csq.folder, env=csq.environment({})
    )
    _wait_for_spill(csq, process)
    process.kill()
    process.wait(timeout=30)
    assert csq.left_behind() != []
    assert csq.run("score", "tickets.csv").code == 0
    assert csq.left_behind() == []


def _wait_for_spill(csq: Csq, process: subprocess.Popen[bytes]) -> None:
    """Until the run has made its folder; before it, Python tries out where it can write at all."""
    while not any(csq.temporary.glob("csq-spill-*/*")) and process.poll() is None:
        time.sleep(0.01)


def _many_tickets(rows: int) -> str:
    header, first, *_ = TICKETS.splitlines()
    return "\n".join([header, *(first.replace("T1,", f"T{n},", 1) for n in range(rows)), ""])


class StillWaiting(BaseException):
    """What waits for ever was stopped; nothing may take it for an error of its own."""


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise StillWaiting(f"after {seconds} s")

    handler = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)


def test_a_pipe_in_the_folder_of_the_exports_is_not_waited_for(csq: Csq) -> None:
    os.mkfifo(csq.folder / "pipe.csv")
    with _at_most(5):
        answer = csq.run("score", ".", "--format", "json")
    assert answer.code == 0


@pytest.mark.parametrize(("typed", "code"), [("score pipe", 3), ("lint pipe", 4)])
def test_a_pipe_that_is_named_is_not_waited_for(csq: Csq, typed: str, code: int) -> None:
    """No FIFO is an export or a definition."""
    os.mkfifo(csq.folder / "pipe")
    os.mkfifo(csq.folder / "pipe.csv")
    with _at_most(5):
        answer = csq.run(*typed.replace("score pipe", "score pipe.csv").split())
    assert answer.code == code
    assert "Traceback" not in answer.err


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs /dev/zero")
@pytest.mark.parametrize("typed", ["score endless.csv", "lint endless.yaml"])
def test_a_link_to_an_endless_file_is_refused(csq: Csq, typed: str) -> None:
    (csq.folder / typed.split()[1]).symlink_to("/dev/zero")
    answer = csq.shell(f"ulimit -v 3000000; timeout 60 csq {typed}")
    assert answer.code in {3, 4}
    assert "Traceback" not in answer.err


def test_a_link_planted_where_csq_spills_is_not_followed(csq: Csq) -> None:
    """Its name can be guessed, so anybody may put a link there in a shared folder."""
    precious = csq.folder.parent / "precious"
    (precious / "photos").mkdir(parents=True)
    (precious / "photos" / "one.jpg").write_text("x")
    (csq.temporary / f"csq-spill-{os.getuid()}").symlink_to(precious)
    answer = csq.run("score", "tickets.csv")
    assert "Traceback" not in answer.err
    assert (precious / "photos" / "one.jpg").exists()
    assert os.listdir(precious) == ["photos"]


@pytest.mark.parametrize("content", ["a file", None])
def test_a_folder_for_temporary_files_that_cannot_be_used_is_told(
    csq: Csq, content: str | None
) -> None:
    root = csq.temporary / f"csq-spill-{os.getuid()}"
    if content is None:
        root.symlink_to("nowhere")
    else:
        root.write_text(content)
    answer = csq.run("score", "tickets.csv")
    assert answer.code in {0, 6, 7}
    assert "Traceback" not in answer.err


def test_runs_beside_each_other_do_not_disturb_each_other(csq: Csq) -> None:
    line = " & ".join(f"csq score tickets.csv -o {n}.json" for n in range(2))
    answer = csq.shell(f"{line} & wait")
    assert (answer.code, answer.err) == (0, "")
    written = {(csq.folder / f"{n}.json").read_bytes() for n in range(2)}
    assert len(written) == 1
    assert csq.left_behind() == []


def test_the_folder_a_run_has_made_is_not_taken_for_abandoned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run may look around just after the folder was made."""
    make_folder = Path.mkdir
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def make_and_be_looked_at(folder: Path, mode: int = 0o777, **how: bool) -> None:
        make_folder(folder, mode, **how)
        if folder.parent != tmp_path:
            (folder / "spilt").write_text("x")
            with monkeypatch.context() as patch:
                patch.setattr(Path, "mkdir", make_folder)
                with spill_folder():
                    pass

    monkeypatch.setattr(Path, "mkdir", make_and_be_looked_at)
    with spill_folder() as folder:
        assert (folder / "spilt").exists()


def test_no_network_is_touched(csq: Csq) -> None:
    """Neither by csq nor by what it loads: sockets are refused, and it runs all the same."""
    csq.put("sitecustomize.py", "import socket\n"
            "class Refused(socket.socket):\n"
            "    def __init__(self, *a, **k):\n"
            "        open('network', 'w').close()\n"
            "        raise OSError('no network')\n"
            "socket.socket = Refused\n")  # fmt: skip
    answer = csq.apart("score", "tickets.csv", PYTHONPATH=str(csq.folder))
    assert (answer.code, answer.err) == (0, "")
    assert not (csq.folder / "network").exists()


def test_the_tests_run_the_csq_of_this_environment() -> None:
    assert Path(sys.prefix) in COMMAND.parents
