"""What goes to stdout, what to stderr, and how."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from csq.errors import DeliveryError, Place, Problem, Severity, reason_of
from csq.problems.run import CANNOT_WRITE
from csq.wording import Language, Wording

if TYPE_CHECKING:
    from rich.console import Console

    from csq.intake.intake import Progress

_MOST_LINES = 12
_MOST_BYTES = 2_048
"""What csq says on stderr in one run, in all."""

_spoken: list[Language] = []


def speak(language: Language) -> None:
    """Remember the definition's language for whatever goes wrong from here on."""
    _spoken[:] = [language]


def spoken_language() -> Language:
    """The language of an error: `--lang`, else the definition's once it is known, else Chinese."""
    words = sys.argv[1:]
    asked = [words[i + 1] for i, word in enumerate(words[:-1]) if word == "--lang"]
    asked += [word.partition("=")[2] for word in words if word.startswith("--lang=")]
    if asked:
        return "en" if asked[-1] == "en" else "zh"
    return _spoken[-1] if _spoken else "zh"


def prepare_streams() -> None:
    """UTF-8 wherever a file or a program reads, and no crash on a terminal that lacks Chinese.

    A stream that was closed from outside is never taken by a file that csq opens.
    """
    _spoken.clear()
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stderr is None:
        # Otherwise `print` would turn to stdout.
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - as long as csq runs
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", newline="\n", errors="replace")


def write_stdout(text: str) -> None:
    """Machine output, whole; raises `DeliveryError` where the reader is gone or the disk full."""
    try:
        if sys.stdout is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        silence(sys.stdout)
        raise DeliveryError(CANNOT_WRITE.at(Place("stdout"), reason=reason_of(error))) from None


def silence(stream: TextIO | None) -> None:
    """Keep Python's own last flush of a stream from failing once more."""
    if stream is not None:
        with contextlib.suppress(OSError):
            devnull = os.open(os.devnull, os.O_WRONLY)
            os.dup2(devnull, stream.fileno())


def terminal() -> Console | None:
    """The terminal a person sits at; `None` where stdout goes elsewhere."""
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, force_terminal=True)


def tell_problems(
    problems: Iterable[Problem], language: Language, *, of_exports: bool = False
) -> None:
    """Problems on stderr, one a line, the gravest first.

    Where there are more than fit, those `of_exports` are said to stand in `csq validate`.
    """
    gravest_first = sorted(problems, key=lambda problem: list(Severity).index(problem.severity))
    tell_lines(
        [
            problem.line(language) + (f" (×{problem.count:,})" if problem.count > 1 else "")
            for problem in gravest_first
        ],
        language,
        _LISTED if of_exports else _AND_MORE,
    )


def tell_lines(lines: Sequence[str], language: Language, more: Wording | None = None) -> None:
    """Lines on stderr, as many of the first as fit into a dozen lines and two kilobytes."""
    ending = more or _AND_MORE
    room = _MOST_BYTES - len(ending.fill(n=len(lines)).say(language).encode()) - 1
    shown: list[str] = []
    for line in lines[:_MOST_LINES]:
        if shown and len(line.encode()) + 1 > room:
            break
        # One line alone may be longer than all the room: a path of thousands of bytes.
        shown.append(line.encode()[: room - 1].decode(errors="ignore"))
        room -= len(line.encode()) + 1
    rest = len(lines) - len(shown)
    if rest:
        shown.append(ending.fill(n=rest).say(language))
    try:
        for line in shown:
            print(line, file=sys.stderr)
    except OSError:
        # stderr is gone too: the exit code is all that is left to say.
        return


_AND_MORE = Wording("……还有 {n} 项", "… and {n} more")
_LISTED = Wording(
    "……还有 {n} 项：csq validate --format json 全部列出",
    "… and {n} more: csq validate --format json lists all",
)


@contextmanager
def show_progress() -> Iterator[Progress]:
    """Steps on stderr, where a person watches and the run takes over a second."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True, highlight=False, emoji=False)
    status = console.status("")
    timer = threading.Timer(1.0, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda step: status.update(escape(step))
    finally:
        timer.cancel()
        status.stop()
