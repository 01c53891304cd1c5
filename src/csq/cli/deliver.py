"""A scorecard drawn in the format asked for, to where it was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

import typer

from csq.cli.options import Format
from csq.cli.streams import tell_lines, write_stdout
from csq.errors import DeliveryError, ExitCode, Place, Problem, UsageError, choose_exit_code
from csq.files import write_file
from csq.problems.run import NEEDS_OUTPUT, UNKNOWN_SUFFIX
from csq.wording import Language

if TYPE_CHECKING:
    from rich.console import Console

    from csq.protection import ShownScorecard
    from csq.scorecard import Scorecard

Chosen = TypeVar("Chosen", bound=StrEnum)

_BY_SUFFIX = {
    ".txt": "table",
    ".json": "json",
    ".csv": "csv",
    ".md": "markdown",
    ".xlsx": "xlsx",
    ".html": "html",
    ".htm": "html",
}
"""The names of formats by what a file's name ends in."""


def choose_format(asked: Chosen | None, output: Path | None, formats: type[Chosen]) -> Chosen:
    """The format asked for, else the one the output's suffix says, else the table.

    Raises `UsageError` for a suffix of something else, and for a workbook without a file.
    """
    known = {suffix: name for suffix, name in _BY_SUFFIX.items() if name in list(formats)}
    if asked is None and output is not None and output.suffix.lower() not in {"", *known}:
        suffixes = " / ".join(known)
        raise UsageError(UNKNOWN_SUFFIX.at(Place(str(output)), value=output.suffix, known=suffixes))
    suffix = output.suffix.lower() if output else ""
    chosen = asked or formats(known.get(suffix, "table"))
    if chosen == "xlsx" and output is None:
        raise UsageError(NEEDS_OUTPUT.at(value=chosen.value))
    return chosen


def deliver_each(deliveries: Iterable[Callable[[], None]]) -> tuple[Problem, ...]:
    """Hand over each; the problem of one that fails does not keep the others back."""
    failed: list[Problem] = []
    for hand_over in deliveries:
        try:
            hand_over()
        except DeliveryError as error:
            failed.extend(error.problems)
    return tuple(failed)


def deliver(content: Callable[[], bytes], output: Path | None) -> None:
    """Hand over what was drawn: to a file, else to stdout; raises `DeliveryError`."""
    if output is not None:
        write_file(output, content())
    else:
        write_stdout(content().decode("utf-8"))


def tell_outcome(problems: Sequence[Problem], found: Sequence[Problem], language: Language) -> None:
    """What went wrong, then what was found in the data and is not read on stdout."""
    from csq.reports.findings import finding_lines

    told = [problem.line(language) for problem in problems]
    tell_lines([*told, *finding_lines(found, language)], language)


def leave(codes: Iterable[ExitCode], undelivered: Sequence[Problem]) -> NoReturn:
    """End with the one exit code that stands for all."""
    delivery = [ExitCode.NOT_DELIVERED] if undelivered else []
    raise typer.Exit(choose_exit_code([*codes, *delivery]))


def draw_table(
    scorecard: ShownScorecard, language: Language, terminal: Console | None = None
) -> bytes:
    """The scorecard as people read it: for a terminal, or plain and of full width."""
    from csq.reports.console import draw_console
    from csq.reports.layout import draw_text
    from csq.reports.view import make_view

    view = make_view(scorecard, language)
    return draw_text(lambda console: draw_console(view, console), terminal).encode()


def draw(scorecard: Scorecard, language: Language, chosen: Format) -> bytes:
    """The scorecard as a file's content, people shown as that format may."""
    from csq.protection import protect, protect_for_programs
    from csq.reports.view import make_view

    shown = protect(scorecard)
    match chosen:
        case Format.TABLE:
            return draw_table(shown, language)
        case Format.JSON:
            from csq.reports.json import draw_json

            return draw_json(protect_for_programs(scorecard), language, version("csq")).encode()
        case Format.CSV:
            from csq.reports.csv import draw_csv

            return draw_csv(make_view(shown, language))
        case Format.MARKDOWN:
            from csq.reports.markdown import draw_markdown

            return draw_markdown(make_view(shown, language)).encode()
        case Format.XLSX:
            from csq.reports.excel import draw_workbook

            return draw_workbook(make_view(shown, language))
        case Format.HTML:
            from csq.reports.html import draw_page

            return draw_page(make_view(shown, language)).encode()
