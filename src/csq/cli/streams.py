"""What goes to stdout, what to stderr, and how."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from csq.errors import DeliveryError, Place, Problem
from csq.problems import CANNOT_WRITE
from csq.wording import Language, Wording

if TYPE_CHECKING:
    from rich.console import Console

    from csq.intake.intake import Progress

_MOST_PROBLEMS = 12
_UNLIMITED = 2_000
"""Columns where no terminal sets a limit: nothing is wrapped or cut."""


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
    """UTF-8 wherever a file or a program reads, and no crash on a terminal that lacks Chinese."""
    _spoken.clear()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", newline="\n")


def write_stdout(text: str) -> None:
    """Machine output, whole; raises `DeliveryError` where the reader is gone or the disk full."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        silence_stdout()
        reason = error.strerror or type(error).__name__
        raise DeliveryError(CANNOT_WRITE.at(Place("stdout"), reason=reason)) from None


def silence_stdout() -> None:
    """Keep Python's own last flush from failing once more."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())


def make_console() -> Console:
    """The terminal for people; plain text of full width where stdout is none."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else _UNLIMITED
    terminal = sys.stdout.isatty()
    return Console(highlight=False, markup=False, emoji=False, width=width, force_terminal=terminal)


def tell_problems(problems: Iterable[Problem], language: Language) -> None:
    """Problems on stderr, one a line, at most a dozen."""
    shown = list(problems)
    for problem in shown[:_MOST_PROBLEMS]:
        times = f" (×{problem.count:,})" if problem.count > 1 else ""
        tell(problem.line(language) + times)
    if len(shown) > _MOST_PROBLEMS:
        more = Wording("……还有 {n} 项", "… and {n} more").fill(n=len(shown) - _MOST_PROBLEMS)
        tell(more.say(language))


def tell(line: str) -> None:
    try:
        print(line, file=sys.stderr)
    except OSError:
        # stderr is gone too: the exit code is all that is left to say.
        return


@contextmanager
def show_progress() -> Iterator[Progress]:
    """Steps on stderr, where a person watches and the run takes over a second."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True, highlight=False, emoji=False)
    if not console.is_terminal:
        yield lambda step: None
        return
    status = console.status("")
    timer = threading.Timer(1.0, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda step: status.update(escape(step))
    finally:
        timer.cancel()
        status.stop()
