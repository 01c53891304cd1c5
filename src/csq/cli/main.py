"""The entry point: the one place that catches errors and chooses the exit code.

It stands around the imports too, so that a crash in one of them is never taken for exit code 1.
"""

from __future__ import annotations

import contextlib
import gc
import signal
import sys
import traceback
from types import FrameType
from typing import NoReturn


def main() -> NoReturn:
    """Run csq and exit with the code that says how it went."""
    from csq.errors import CsqError, ExitCode, IntakeError

    stopped = _stop_on_signals()
    # What fails while Python clears up (a library closing its file on a full disk) has been told
    # already, or changes nothing: a traceback of it would only hide what csq says.
    sys.unraisablehook = lambda unraisable: None
    # Modules and query trees are many objects and no garbage: looked through at the usual pace,
    # they cost a tenth of a short run.
    gc.set_threshold(100_000, 20, 20)
    try:
        from csq.cli.streams import prepare_streams
        from csq.limits import LEAST_TO_RUN, require_address_space

        prepare_streams()
        require_address_space(LEAST_TO_RUN)
        from csq.cli.app import command_line

        command_line()
    except CsqError as error:
        from csq.cli.streams import spoken_language, tell_problems

        _end_if(stopped)
        of_exports = isinstance(error, IntakeError)
        tell_problems(error.problems, spoken_language(), of_exports=of_exports)
        sys.exit(error.exit_code)
    except MemoryError:
        from csq.cli.streams import spoken_language, tell_problems
        from csq.problems.run import OUT_OF_MEMORY

        tell_problems([OUT_OF_MEMORY.at(value="RAM")], spoken_language())
        sys.exit(ExitCode.OVER_BUDGET)
    except SystemExit as ending:
        # typer ends by itself, and with the code of a missed target, where a reader has gone.
        if ending.code == ExitCode.MISSED and isinstance(ending.__context__, OSError):
            _leave_untold(ending.__context__)
        raise
    except Exception as error:
        _end_if(stopped)
        if isinstance(error, OSError) and _is_of_typer(error):
            _leave_untold(error)
        with contextlib.suppress(OSError):
            traceback.print_exc()
        sys.exit(ExitCode.BUG)
    sys.exit(ExitCode.DONE)


def _is_of_typer(error: OSError) -> bool:
    """Whether typer failed to write a text of its own: help, or what is wrong with a command."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return str(frame.f_globals.get("__name__")).startswith("typer.")


def _leave_untold(error: OSError) -> NoReturn:
    """End where a text of typer's could not be written: wrong usage stays wrong usage."""
    from csq.cli.streams import silence, spoken_language, tell_problems
    from csq.errors import ExitCode, Place, reason_of
    from csq.problems.run import CANNOT_WRITE

    code = getattr(error.__context__, "exit_code", None)
    silence(sys.stdout if code is None else sys.stderr)
    if code is None:
        problem = CANNOT_WRITE.at(Place("stdout"), reason=reason_of(error))
        tell_problems([problem], spoken_language())
    sys.exit(ExitCode.NOT_DELIVERED if code is None else code)


def _stop_on_signals() -> list[int]:
    """End by a signal as any other ending, so that every temporary folder is removed.

    The signals that have come are kept: a library in the middle of its work says something of its
    own instead.
    """
    came: list[int] = []

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        came.append(number)
        sys.exit(128 + number)

    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"):
        number = getattr(signal, name, None)
        # What nohup or a shell has set to be ignored stays ignored.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)
    return came


def _end_if(stopped: list[int]) -> None:
    """End with the code of the signal that came, if one did: what failed after it failed of it."""
    if stopped:
        sys.exit(128 + stopped[0])
