"""Text tables: nothing stands at the end of a line that nobody sees, however long it is."""

from __future__ import annotations

from time import monotonic

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from csq.reports.layout import TextColumn, draw_text, print_table, shorten


@pytest.mark.parametrize(("line", "expected"), [
    ("a  b   ", "a  b"), ("", ""), ("   ", ""), ("farm", "farm"), ("a \x1b[2m  \x1b[0m ", "a\x1b[0m"),
    ("\x1b[1ma\x1b[0m", "\x1b[1ma\x1b[0m"), ("a\x1bm  ", "a\x1bm"), ("a [0m ", "a [0m"),
])  # fmt: skip
def test_blanks_and_styles_at_the_end_of_a_line(line: str, expected: str) -> None:
    drawn = draw_text(lambda console: console.out(f"{line}\nb ", end="", highlight=False))
    assert drawn == f"{expected}\nb"


def test_a_name_of_a_hundred_thousand_letters_does_not_hold_up_the_others() -> None:
    # Each line is as wide as the longest name, so the others hold as many blanks.
    names = [[Text(name), Text("1")] for name in ("x" * 100_000, *"abcdefgh")]
    columns = [TextColumn("name"), TextColumn("n", is_numeric=True)]

    def draw(console: Console) -> None:
        print_table(console, columns, names)

    begun = monotonic()
    lines = draw_text(draw).splitlines()
    assert monotonic() - begun < 5
    assert [len(line) for line in lines] == [100_003] * 10


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("打印机", 6, "打印机"),
        ("华东大区第一客服中心一组", 12, "华东大…一组"),
        ("华东大区第一客服中心一组", 11, "华东大区…组"),
        ("abcdefghijkl", 6, "abc…kl"),
        ("a b c d e f", 6, "a b…f"),
        ("", 3, ""),
    ],
)
def test_a_long_name_is_shortened_in_its_middle(text: str, width: int, expected: str) -> None:
    shown = shorten(Text(text, style="bold"), width)
    assert (shown.plain, shown.style) == (expected, "bold")
    assert cell_len(shown.plain) <= width


def test_a_cell_that_is_not_wrapped_is_shortened_to_its_column() -> None:
    terminal = Console(width=30, force_terminal=True, color_system=None)
    columns = [TextColumn("name", wraps=True), TextColumn("n", is_numeric=True)]
    rows = [[Text("打印机与扫描仪的耗材和配件以及其他", no_wrap=True), Text("1,234,567")]]
    drawn = draw_text(lambda console: print_table(console, columns, rows), terminal)
    assert drawn.splitlines()[1] == "打印机与扫描…及其他  1,234,567"
