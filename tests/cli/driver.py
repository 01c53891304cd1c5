"""csq as a user has it: arguments in, exit code, stdout and stderr out."""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from csq.cli.main import main

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext

COMMAND = Path(sysconfig.get_path("scripts")) / "csq"
"""The console script, as it is installed beside the Python that runs the tests."""

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")

METRICS = """\
version: 1
rows:
  有效工单: { from: tickets, where: 'NOT spam' }
indicators:
  - id: fcr
    name: { zh: 一次性解决率, en: First contact resolution }
    dimension: 质量
    formula: COUNTIF(有效工单, first_contact_resolved) / COUNT(有效工单) × 100%
    unit: percent
    direction: up
    owner: [客服部]
    targets:
      - { value: ">= 85%", provenance: guide }
  - id: frt
    name: { zh: 平均首次响应时长, en: Average first response time }
    dimension: 效率
    formula: AVERAGE(有效工单, first_response_at - created_at)
    unit: duration
    direction: down
    targets: [{ value: "<= 30s" }]
"""

TICKETS = """\
工单编号,创建时间,首次响应时间,渠道,首次解决
T1,2025-07-01 09:00:00,2025-07-01 09:00:20,电话,是
T2,2025-08-01 09:00:00,2025-08-01 09:00:10,电话,是
T3,2025-08-15 09:00:00,2025-08-15 09:00:40,在线,否
T4,2025-08-30 09:00:00,,电话,是
T5,2025-08-31 09:00:00,2025-08-31 09:00:10,在线,是
"""
"""August: first contact resolution 3/4, first response 20 s."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a run ended and what it said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Csq:
    """A folder to work in, and csq run there: in this process, `forked`, or `apart`."""

    folder: Path
    temporary: Path

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run(self, *arguments: str | Path) -> Answer:
        """Run in this process, with streams of its own and every handler put back."""
        handlers = {name: signal.getsignal(getattr(signal, name)) for name in _SIGNALS}
        streams = [io.TextIOWrapper(io.BytesIO(), encoding="ascii") for _ in range(2)]
        code: str | int | None = None
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            patch.setattr(tempfile, "tempdir", str(self.temporary))
            patch.setattr(sys, "unraisablehook", sys.unraisablehook)
            patch.setattr(sys, "argv", ["csq", *map(str, arguments)])
            patch.setattr(sys, "stdout", streams[0])
            patch.setattr(sys, "stderr", streams[1])
            try:
                main()
            except SystemExit as ending:
                code = ending.code
            finally:
                for name, handler in handlers.items():
                    signal.signal(getattr(signal, name), handler)
        for stream in streams:
            stream.flush()
        out, err = (stream.detach().getvalue().decode() for stream in streams)
        assert isinstance(code, int)
        return Answer(code, out, err)

    def forked(self, *arguments: str | Path, after: str = "") -> Answer:
        """Run in a process of its own that has csq loaded already, `after` some more Python.

        For what may wait for ever or take the process with it. What Python makes of a shell, an
        environment or a limit while it starts and loads csq, only `apart` and `shell` can show.
        """
        with tempfile.TemporaryDirectory() as written:
            out, err = Path(written) / "out", Path(written) / "err"
            given = {
                "arguments": [str(each) for each in arguments],
                "folder": str(self.folder),
                "environment": self.environment({}),
                "streams": {1: str(out), 2: str(err)},
            }
            process = _loaded().Process(target=exec, args=(_FORKED.format(after=after), given))
            process.start()
            process.join(timeout=60)
            if process.exitcode is None:
                process.kill()
                process.join()
                pytest.fail(f"csq {arguments} did not end")
            code = process.exitcode
            process.close()
            return Answer(code, out.read_text("utf-8"), err.read_text("utf-8"))

    def apart(self, *arguments: str | Path, **environment: str) -> Answer:
        """Run the console script in its own process."""
        done = subprocess.run(
            [COMMAND, *map(str, arguments)],
            cwd=self.folder,
            env=self.environment(environment),
            capture_output=True,
            timeout=60,
            check=False,
        )
        return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())

    def shell(self, line: str, **environment: str) -> Answer:
        """Run a line of a shell in which `csq` is the console script."""
        path = f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            cwd=self.folder,
            env=self.environment({"PATH": path, **environment}),
            capture_output=True,
            timeout=60,
            check=False,
        )
        return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        return {**os.environ, "TMPDIR": str(self.temporary), **more}

    def left_behind(self) -> list[str]:
        """What is still in the folder for temporary files, besides empty folders."""
        return [path.name for path in self.temporary.rglob("*") if not path.is_dir()] + [
            path.name for path in self.temporary.glob("*/*")
        ]


@cache
def _loaded() -> ForkServerContext:
    """A process that has loaded csq, never ran it, and forks for every run."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["csq.cli.app", "csq.cli.score", "csq.engines.duckdb"])
    return context


_FORKED = """
import os, sys, tempfile
tempfile.tempdir = None
for number, path in streams.items():
    os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
os.chdir(folder)
os.environ.clear()
os.environ.update(environment)
sys.argv = ["csq", *arguments]
{after}
from csq.cli.main import main
main()
"""
