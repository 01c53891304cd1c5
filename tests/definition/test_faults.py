"""Every fault a metrics.yaml can have: the whole message with its line and column.

The cases are in the files beside this one; a case that fails leaves its whole file as csq has it
now in tests/actual/definition/.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import load_text

from csq.errors import DefinitionError, Problem
from csq.formula.understand import understand

from ..formulas.cases import Case, CaseFile, read_case_file

FOLDER = Path(__file__).parent
FILES = [read_case_file(path) for path in sorted(FOLDER.glob("*.txt"))]
ACTUAL = FOLDER.parent / "actual" / "definition"


def faults_of(text: str) -> tuple[Problem, ...]:
    """Everything wrong with a definition, up to its formulas."""
    try:
        understand(load_text(text))
    except DefinitionError as error:
        return error.problems
    return ()


def describe(text: str) -> dict[str, str]:
    problems = faults_of(text)
    return {
        "zh": "\n".join(problem.line("zh") for problem in problems) or "none",
        "en": "\n".join(problem.line("en") for problem in problems) or "none",
    }


@pytest.mark.parametrize(
    ("file", "case"),
    [
        pytest.param(file, case, id=f"{file.path.stem}: {case.title}")
        for file in FILES
        for case in file.cases
    ],
)
def test_faults(file: CaseFile, case: Case) -> None:
    found = describe(case.formula)
    if any(found.get(name) != text for name, text in case.sections.items()):
        ACTUAL.mkdir(parents=True, exist_ok=True)
        (ACTUAL / file.path.name).write_text(file.text(describe), encoding="utf-8")
    assert {name: found.get(name) for name in case.sections} == case.sections
