"""A scorecard drawn in the format asked for, to where it was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from csq.cli.options import Format
from csq.cli.streams import make_console, tell_problems, write_stdout
from csq.errors import DeliveryError, ExitCode, UsageError
from csq.files import write_file
from csq.problems import NEEDS_OUTPUT
from csq.wording import Language

if TYPE_CHECKING:
    from csq.scorecard import Scorecard

_BY_SUFFIX = {
    ".json": Format.JSON,
    ".csv": Format.CSV,
    ".md": Format.MARKDOWN,
    ".xlsx": Format.XLSX,
    ".html": Format.HTML,
    ".htm": Format.HTML,
}


def choose_format(asked: Format | None, output: Path | None) -> Format:
    """The format asked for, else the one the output's suffix says; raises `UsageError`."""
    by_suffix = _BY_SUFFIX.get(output.suffix.lower()) if output else None
    chosen = asked or by_suffix or Format.TABLE
    if chosen is Format.XLSX and output is None:
        raise UsageError(NEEDS_OUTPUT.at(value="xlsx"))
    return chosen


def deliver_each(
    deliveries: Iterable[Callable[[], None]], language: Language
) -> tuple[ExitCode, ...]:
    """Hand over each; one that fails is told and does not keep the others back."""
    failed: list[ExitCode] = []
    for hand_over in deliveries:
        try:
            hand_over()
        except DeliveryError as error:
            tell_problems(error.problems, language)
            failed.append(error.exit_code)
    return tuple(failed)


def deliver(scorecard: Scorecard, language: Language, chosen: Format, output: Path | None) -> None:
    """Draw and hand over; with a format for machines, people's text goes to stderr."""
    if chosen is Format.TABLE and output is None:
        draw_to_terminal(scorecard, language)
        return
    content = draw(scorecard, language, chosen)
    if output is not None:
        write_file(output, content)
    else:
        write_stdout(content.decode("utf-8"))
    tell_problems(scorecard.problems, language)


def draw_to_terminal(scorecard: Scorecard, language: Language) -> None:
    write_stdout(_draw_text(scorecard, language))


def _draw_text(scorecard: Scorecard, language: Language) -> str:
    from csq.reports.console import draw_console
    from csq.reports.view import make_view

    console = make_console()
    with console.capture() as captured:
        draw_console(make_view(scorecard, language), console)
    return captured.get()


def draw(scorecard: Scorecard, language: Language, chosen: Format) -> bytes:
    """The scorecard as a file's content."""
    from csq.reports.view import make_view

    match chosen:
        case Format.TABLE:
            return _draw_text(scorecard, language).encode()
        case Format.JSON:
            from csq.reports.json import draw_json

            return draw_json(scorecard, language, version("csq")).encode()
        case Format.CSV:
            from csq.reports.csv import draw_csv

            return draw_csv(make_view(scorecard, language))
        case Format.MARKDOWN:
            from csq.reports.markdown import draw_markdown

            return draw_markdown(make_view(scorecard, language)).encode()
        case Format.XLSX:
            from csq.reports.excel import draw_workbook

            return draw_workbook(make_view(scorecard, language))
        case Format.HTML:
            from csq.reports.html import draw_page

            return draw_page(make_view(scorecard, language)).encode()
