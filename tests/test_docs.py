"""The documents say what csq does: their commands are run, their tables made from the program.

A table stands between two marks, `<!-- name -->` and `<!-- /name -->`. A block that begins with
`$ csq` is run in a copy of the examples; what stands below a command is what it prints, `…` on a
line of its own stands for any lines. `<!-- file: NAME -->` above a block puts its text into that
folder first. A block of Python is a doctest.
"""

from __future__ import annotations

import doctest
import pkgutil
import re
import shlex
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from csq import problems
from csq.errors import ExitCode, ProblemKind, Severity
from csq.formula.functions import AGGREGATES, CHOICES, ROW_FUNCTIONS
from csq.problems import (
    columns,
    command_line,
    definition,
    files,
    formulas,
    headers,
    rows,
    run,
)
from csq.records.schema import known_schemas
from csq.wording import Wording

from .cli.driver import Csq
from .formula_examples import (
    FUNCTIONS,
    OPERATORS,
    render_faults,
    render_functions,
    render_operators,
    render_values,
)
from .rendered import render_catalogue

ROOT = Path(__file__).parents[1]
DOCUMENTS = {
    path.name: path for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}

_BLOCK = re.compile(
    r"(?:^<!-- file: (?P<file>\S+) -->\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.S | re.M
)
_UNSAFE = ("--install-completion", "--show-completion")
"""Options that change the shell of whoever runs the tests."""


# Tables ---------------------------------------------------------------------------------------


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

    return "\n".join([line(header), line(["---"] * len(header)), *map(line, rows)])


def render_exit_codes() -> str:
    rows = [(str(int(code)), code.meaning.en, code.meaning.zh) for code in ExitCode]
    return table(("code", "meaning", "含义"), rows)


def render_sources() -> str:
    rows = [
        (
            f"`{schema.source}`",
            schema.title.zh,
            f"`{schema.key}`",
            ", ".join(f"`{name}`" for name in schema.time) or "–",
        )
        for schema in known_schemas().values()
    ]
    return table(("source", "数据源", "key", "time"), rows)


TABLES = {
    "catalogue": render_catalogue,
    "exit-codes": render_exit_codes,
    "aggregates": lambda: render_functions(AGGREGATES),
    "choices": lambda: render_functions(CHOICES),
    "row-functions": lambda: render_functions(ROW_FUNCTIONS),
    "sources": render_sources,
    "values": render_values,
    "operators": render_operators,
    "faults": render_faults,
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_made_from_the_program(name: str) -> None:
    found = [
        part.strip()
        for path in DOCUMENTS.values()
        for part in re.findall(
            rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", path.read_text(encoding="utf-8"), re.S
        )
    ]
    assert found == [TABLES[name]()]


def test_every_function_and_operator_has_an_example() -> None:
    for functions in (AGGREGATES, CHOICES, ROW_FUNCTIONS):
        for name in functions:
            assert all(f"{name}(" in formula for formula in FUNCTIONS[name]), name
    assert set(FUNCTIONS) == {*AGGREGATES, *CHOICES, *ROW_FUNCTIONS}
    known = (
        [
            "*",
            "/",
            "×",
            "÷",
            "+",
            "−",
            "=",
            "<>",
            "≠",
            "!=",
            "<",
            "<=",
            "≤",
            ">",
            ">=",
            "≥",
            "AND",
            "且",
            "OR",
            "或",
            "NOT",
            "非",
        ],
        "IN",
        "BETWEEN",
    )
    for sign in (*known[0], *known[1:]):
        assert any(re.search(rf"`{re.escape(sign)}[` ]", title) for title in OPERATORS), sign


# The list of problems -------------------------------------------------------------------------

PROBLEMS_HEAD = """\
# Problems

Everything csq refuses or remarks has a code that stays the same, so that a script can look for it. On stderr a problem is one line, `file:sheet:row:column: code: what → what to do`; with `--format json` it is an object with these parts. A problem without a word about its severity is an error; warnings and notices never change the exit code.
"""

PROBLEM_SECTIONS = {
    "The command line": command_line,
    "Files": files,
    "Headers": headers,
    "Rows": rows,
    "Columns": columns,
    "The definition": definition,
    "Formulas": formulas,
    "The run": run,
}


def render_problem_table() -> str:
    """docs/problems.md: every kind of problem, in the sections of csq.problems."""
    parts = [PROBLEMS_HEAD]
    header = ("code", "what is wrong", "why it matters", "what to do")
    for title, kinds in _problems_by_section():
        rows = [
            (
                f"`{kind.code}`" + _severity(kind.severity),
                _in_both_languages(kind.message),
                _in_both_languages(kind.meaning),
                _in_both_languages(kind.hint),
            )
            for kind in kinds
        ]
        parts.append(f"## {title}\n\n{table(header, rows)}\n")
    return "\n".join(parts)


def _severity(severity: Severity) -> str:
    return "" if severity is Severity.ERROR else f" ({severity.value})"


def _in_both_languages(wording: Wording) -> str:
    """What is filled in each time is left open, as an ellipsis."""
    return "<br>".join(
        text.format_map(defaultdict(lambda: "…")) for text in (wording.en, wording.zh)
    )


def _problems_by_section() -> Iterator[tuple[str, list[ProblemKind]]]:
    """The kinds of each module of csq.problems, in the order of the file."""
    for title, module in PROBLEM_SECTIONS.items():
        yield title, [kind for kind in vars(module).values() if isinstance(kind, ProblemKind)]


def test_every_module_of_problems_is_listed() -> None:
    listed = {module.__name__.rpartition(".")[2] for module in PROBLEM_SECTIONS.values()}
    assert listed == {module.name for module in pkgutil.iter_modules(problems.__path__)}


def test_the_list_of_problems_is_made_from_the_program() -> None:
    actual = ROOT / "tests" / "actual" / "problems.md"
    written = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    if written != render_problem_table():
        actual.parent.mkdir(exist_ok=True)
        actual.write_text(render_problem_table(), encoding="utf-8")
    assert written == render_problem_table()


# Commands -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Typed:
    """A command of a document and the lines it shows as the answer."""

    document: str
    command: str
    shown: tuple[str, ...]
    files: Mapping[str, str]
    """What the document has put into the folder up to here."""


def typed_in(name: str) -> Iterator[Typed]:
    files: dict[str, str] = {}
    for block in _BLOCK.finditer(DOCUMENTS[name].read_text(encoding="utf-8")):
        if block["file"]:
            files[block["file"]] = block["text"]
        if block["text"].startswith("$ csq"):
            for part in re.split(r"^\$ ", block["text"], flags=re.M)[1:]:
                command, *shown = part.rstrip("\n").split("\n")
                yield Typed(name, command, tuple(shown), dict(files))


TYPED = [typed for name in DOCUMENTS for typed in typed_in(name)]


@pytest.mark.parametrize(
    "typed", [pytest.param(each, id=f"{each.document}: {each.command[:60]}") for each in TYPED]
)
def test_a_command_does_what_the_document_shows(typed: Typed, tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("generator", "*.py")
    )
    for name, text in typed.files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    words = shlex.split(typed.command, comments=True)
    assert words[0] == "csq"
    if set(words) & set(_UNSAFE):
        pytest.skip("changes the shell it is typed in")
    answer = Csq(tmp_path, tmp_path).run(*words[1:])
    assert answer.code in {0, 1}, answer.err
    assert "Traceback" not in answer.err
    if typed.shown:
        printed = [line.rstrip() for line in (answer.err + answer.out).split("\n")]
        assert _is_shown(typed.shown, printed), "\n".join(printed)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_python_does_what_the_document_shows(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    text = DOCUMENTS[name].read_text(encoding="utf-8")
    for block in _BLOCK.finditer(text):
        if block["file"]:
            (tmp_path / block["file"]).write_text(block["text"], encoding="utf-8")
        if block["kind"] == "python":
            test = doctest.DocTestParser().get_doctest(block["text"], {}, name, name, 0)
            told: list[str] = []
            doctest.DocTestRunner(verbose=False).run(test, out=told.append)
            assert test.examples
            assert told == []


def _is_shown(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether lines are what was printed, `…` standing for any number of them."""
    escaped = [
        r"(?:[^\n]*\n)*?" if line.strip() == "…" else re.escape(line.rstrip()) + "\n"
        for line in shown
    ]
    return re.fullmatch("".join(escaped) + r"\n*", "\n".join(printed) + "\n") is not None


def test_every_option_a_document_names_exists(tmp_path: Path) -> None:
    """`csq score --by channel` in a sentence is not run, but its words must be csq's."""
    helps: dict[str, str] = {}
    for name, path in DOCUMENTS.items():
        text = path.read_text(encoding="utf-8")
        for line in re.findall(r"`csq ([a-z]+)([^`\n]*)`", text):
            command, rest = line
            if command not in helps:
                answer = Csq(tmp_path, tmp_path).run(command, "--help")
                assert answer.code == 0, f"{name}: csq {command}"
                helps[command] = answer.out
            for option in re.findall(r"(?<!\S)(--?[a-z-]+)", rest):
                assert option in helps[command], f"{name}: csq {command} {option}"


def test_every_link_between_the_documents_leads_somewhere() -> None:
    for name, path in DOCUMENTS.items():
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{name}: {target}"


def test_the_readme_counts_the_shipped_indicators() -> None:
    from csq.definition.load import load_definition

    shipped = len(load_definition(None).definition.indicators)
    assert f"with {shipped} indicators" in DOCUMENTS["README.md"].read_text(encoding="utf-8")
