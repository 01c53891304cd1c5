"""Columns that line up where characters are two cells wide, whatever the terminal's width."""

from __future__ import annotations

import io
import os
import pty
import re
import select
import subprocess
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from csq.api import Run, score
from csq.protection import protect
from csq.reports.console import draw_console
from csq.reports.layout import draw_text
from csq.reports.view import make_view
from csq.request import Request
from csq.scorecard import Scorecard
from csq.wording import Language

from .driver import COMMAND, METRICS, TICKETS, Csq

NUMBERS = re.compile(r"[−+]?[\d,]+(?:\.\d+)?(?: (?:%|pp|秒|s))?")


@pytest.fixture(scope="module")
def scorecard(tmp_path_factory: pytest.TempPathFactory) -> Scorecard:
    folder = tmp_path_factory.mktemp("layout")
    (folder / "metrics.yaml").write_text(METRICS, encoding="utf-8")
    (folder / "tickets.csv").write_text(TICKETS.replace("在线", "网页[b]会话"), encoding="utf-8")
    request = Request(by=(("channel",),))
    return score(Run((folder / "tickets.csv",), folder / "metrics.yaml", request))


def _draw(scorecard: Scorecard, language: Language, width: int) -> str:
    console = Console(
        file=io.StringIO(), width=width, force_terminal=True, color_system=None, legacy_windows=False,
        highlight=False, markup=False, emoji=False,
    )  # fmt: skip
    view = make_view(protect(scorecard), language)
    return draw_text(lambda terminal: draw_console(view, terminal), console)


def _table_lines(drawn: str) -> list[str]:
    """The lines from the header of the table to its last row, as they are printed."""
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in drawn.split("\n")]
    begin = next(i for i, line in enumerate(lines) if "指标" in line or "Indicator" in line)
    end = next(i for i, line in enumerate(lines) if i > begin and not line.strip())
    return lines[begin:end]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [60, 80, 100, 160, 300])
def test_no_line_of_the_table_is_too_wide(
    scorecard: Scorecard, language: Language, width: int
) -> None:
    for line in _table_lines(_draw(scorecard, language, width)):
        assert cell_len(line) <= width
        assert line == line.rstrip()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [80, 160])
def test_the_right_edges_of_numbers_line_up(
    scorecard: Scorecard, language: Language, width: int
) -> None:
    lines = _table_lines(_draw(scorecard, language, width))
    title = "目标" if language == "zh" else "Target"
    edge = cell_len(lines[0][: lines[0].index(title) + len(title)])
    targets = ("≥ 85 %", "≤ 30 秒", "≤ 30 s")
    found = [
        cell_len(line[: line.index(target) + len(target)])
        for line in lines
        for target in targets
        if target in line
    ]
    assert len(found) >= 6
    assert set(found) == {edge}


@pytest.mark.parametrize("width", [60, 80, 100, 160])
def test_no_number_is_cut_or_wrapped(scorecard: Scorecard, width: int) -> None:
    """A terminal too narrow drops columns, from the least needed on, and no figure."""
    drawn = _draw(scorecard, "zh", width)
    for shown in ("75.0 %", "20.0 秒", "≥ 85 %", "≤ 30 秒", "−10.0 pp", "−10.0 秒"):
        assert shown in drawn
    assert "…" not in drawn


@pytest.mark.parametrize("width", [60, 80])
def test_a_note_that_has_no_column_stands_below_its_row(scorecard: Scorecard, width: int) -> None:
    assert "→ 再有 1 件即可达标" in " ".join(_draw(scorecard, "zh", width).split("\n"))


def test_markup_in_the_data_is_text(scorecard: Scorecard) -> None:
    assert "网页[b]会话" in _draw(scorecard, "zh", 160)


def test_the_examples_fit_into_a_usual_terminal() -> None:
    """Every number of the shipped indicators, at 80 columns."""
    root = Path(__file__).parents[2]
    july = sorted((root / "examples").glob("*2025-07*"))
    scorecard = score(Run(tuple(july), root / "metrics.yaml", Request("2025-07")))
    for language in ("zh", "en"):
        lines = _table_lines(_draw(scorecard, language, 80))
        widths = {cell_len(line) for line in lines if "→" not in line}
        assert max(widths) <= 80
        assert not any("…" in line for line in lines)


@pytest.mark.skipif(os.name != "posix", reason="needs a terminal of its own")
def test_in_a_terminal_the_table_fits_and_a_file_stays_plain(csq: Csq) -> None:
    """What is written with -o does not depend on the terminal it was typed in."""
    plain = csq.run("score", "tickets.csv").out
    typed = f"stty cols 80; {COMMAND} score tickets.csv; {COMMAND} score tickets.csv -o out.txt"
    shown = _in_terminal(csq, typed)
    assert "\x1b[" in shown
    assert all(cell_len(line) <= 80 for line in _table_lines(shown.replace("\r\n", "\n")))
    assert (csq.folder / "out.txt").read_text(encoding="utf-8") == plain


def _in_terminal(csq: Csq, line: str) -> str:
    """What a line of a shell prints into a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        ["bash", "-c", line],
        cwd=csq.folder,
        env=csq.environment({"TERM": "xterm-256color"}),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while select.select([ours], [], [], 30)[0]:
        try:
            part = os.read(ours, 65_536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(ours)
    assert process.wait(timeout=30) == 0
    return shown.decode()
