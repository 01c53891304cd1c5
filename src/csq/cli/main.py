"""The entry point: the one place that catches errors and chooses the exit code.

It stands around the imports too, so that a crash in one of them is never taken for exit code 1.
"""

from __future__ import annotations

import signal
import sys
import traceback
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from csq.wording import Language


def main() -> NoReturn:
    """Run csq and exit with the code that says how it went."""
    from csq.errors import CsqError, ExitCode

    _stop_on_signals()
    try:
        from csq.cli.streams import prepare_streams

        prepare_streams()
        from csq.cli.app import app

        app()
    except CsqError as error:
        from csq.cli.streams import tell_problems

        tell_problems(error.problems, _language())
        sys.exit(error.exit_code)
    except MemoryError:
        from csq.cli.streams import tell_problems
        from csq.problems import OUT_OF_MEMORY

        tell_problems([OUT_OF_MEMORY.at(value="RAM")], _language())
        sys.exit(ExitCode.OVER_BUDGET)
    except Exception:
        traceback.print_exc()
        sys.exit(ExitCode.BUG)
    sys.exit(ExitCode.DONE)


def _stop_on_signals() -> None:
    """End by a signal as any other ending, so that every temporary folder is removed."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        sys.exit(128 + number)

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)


def _language() -> Language:
    """The language of a message where a run ended before its definition was read."""
    words = sys.argv[1:]
    asked = [words[i + 1] for i, word in enumerate(words[:-1]) if word == "--lang"]
    asked += [word.partition("=")[2] for word in words if word.startswith("--lang=")]
    return "en" if asked[-1:] == ["en"] else "zh"
