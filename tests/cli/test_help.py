"""`--help` of every command: it fits 80 columns, in both languages, and nothing is cut off."""

from __future__ import annotations

import re
import unicodedata

import pytest

from .driver import Csq

COMMANDS = (
    "init", "score", "check", "explain", "compare", "review", "validate", "lint", "schema",
)  # fmt: skip


def width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_it_fits_a_terminal(bare: Csq, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    answer = bare.run(*command.split(), "--help")
    assert (answer.code, answer.err) == (0, "")
    assert [line for line in answer.out.splitlines() if width(line) > 80] == []
    assert [sign for sign in answer.out if not sign.isprintable() and sign != "\n"] == []


def test_the_list_of_commands_is_whole(bare: Csq, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    listed = bare.run("--help").out
    assert "..." not in listed.partition("Commands:")[2]
    assert re.findall(r"^  ([a-z]+) ", listed.partition("Commands:")[2], re.M) == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_everything_is_said_in_both_languages(bare: Csq, command: str) -> None:
    out = bare.run(command, "--help").out
    entries = re.findall(
        r"(?m)^  (?:-|[A-Z[]+\b).*(?:\n {4,}\S.*)*",
        re.split("(?m)^(?:Arguments|Options):$", out, maxsplit=1)[1],
    )
    told = [" ".join(entry.split()) for entry in entries if "--help" not in entry]
    assert told
    for entry in told:
        chinese, mark, english = entry.partition(" / ")
        assert re.search("[\u4e00-\u9fff]", chinese), entry
        assert mark, entry
        assert re.search("[a-z]{3}", english), entry
