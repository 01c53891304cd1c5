"""Every formula in the case files beside this one: in words, as SQL, its value, its faults.

A case that fails leaves its whole file as csq has it now in tests/actual/formulas/.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import pytest

from csq.engines.base import Engine
from csq.engines.duckdb import DuckDBEngine
from csq.errors import Place
from csq.formula.compile import compile_aggregate
from csq.formula.faults import FormulaFault
from csq.formula.ratio import as_ratio
from csq.formula.resolve import Scope, resolve_formula
from csq.formula.tree import Aggregate, Term, aggregates_in
from csq.formula.words import say_term
from csq.measure import Answers, demands_for, evaluate, run_plan
from csq.period import parse_period
from csq.plan import TOTAL, Demand, make_plan

from .cases import Case, CaseFile, read_case_file
from .interpreter import work_out
from .tables import DATA_END, ROWS, make_scope, put_tables

FOLDER = Path(__file__).parent
FILES = [read_case_file(path) for path in sorted(FOLDER.glob("*.txt"))]
ACTUAL = FOLDER.parent / "actual" / "formulas"
PERIOD = parse_period("2025-08")


@pytest.fixture(scope="module")
def scope() -> Scope:
    return make_scope()


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, scope: Scope) -> Iterator[Engine]:
    with closing(DuckDBEngine(tmp_path_factory.mktemp("spill"), "1GB")) as engine:
        put_tables(engine, scope)
        yield engine


@pytest.mark.parametrize(
    ("file", "case"),
    [
        pytest.param(file, case, id=f"{file.path.stem}: {case.title}")
        for file in FILES
        for case in file.cases
    ],
)
def test_formula(file: CaseFile, case: Case, scope: Scope, engine: Engine) -> None:
    def describe_it(formula: str) -> dict[str, str]:
        return describe(formula, scope, engine)

    found = describe_it(case.formula)
    if any(found.get(name) != text for name, text in case.sections.items()):
        ACTUAL.mkdir(parents=True, exist_ok=True)
        (ACTUAL / file.path.name).write_text(file.text(describe_it), encoding="utf-8")
    assert {name: found.get(name) for name in case.sections} == case.sections


@pytest.mark.parametrize(
    "formula",
    [
        pytest.param(case.formula, id=f"{file.path.stem}: {case.title}")
        for file in FILES
        for case in file.cases
        if "value" in case.sections
    ],
)
def test_plain_python_finds_the_same_value(formula: str, scope: Scope, engine: Engine) -> None:
    term = resolve_formula(formula, scope)
    assert value_of(term, engine) == work_out(term, ROWS)


def test_a_title_is_used_once_in_a_file() -> None:
    for file in FILES:
        titles = [case.title for case in file.cases]
        assert len(titles) == len(set(titles)), file.path.name


def describe(formula: str, scope: Scope, engine: Engine) -> dict[str, str]:
    """Everything a case may ask of a formula."""
    try:
        term = resolve_formula(formula, scope)
    except FormulaFault as fault:
        problem = fault.at(Place(), formula)
        return {"fault zh": problem.line("zh"), "fault en": problem.line("en")}
    said = say_term(term)
    found = {"type": term.type.value, "zh": said.zh, "en": said.en}
    statements = [compile_aggregate(aggregate) for aggregate in aggregates_in(term)]
    found["sql"] = "\n".join(dict.fromkeys(engine.spell(statement) for statement in statements))
    found["value"] = _shown(value_of(term, engine))
    ratio = as_ratio(term)
    found["part"] = _shown_part(ratio.part if ratio else None, engine)
    found["whole"] = _shown_part(ratio.whole if ratio else None, engine)
    return found


def _shown_part(part: Term | None, engine: Engine) -> str:
    return f"{say_term(part).en} = {_shown(value_of(part, engine))}" if part else "none"


def value_of(term: Term, engine: Engine) -> Fraction | None:
    """The value of a formula by the way csq goes: plan, engine, exact arithmetic."""
    demands = [each for aggregate in aggregates_in(term) for each in demands_for(aggregate)]
    answers = Answers()
    run_plan(engine, make_plan({TOTAL: demands}, [PERIOD], {}, DATA_END), answers)

    def answer(aggregate: Aggregate) -> Fraction | None:
        return answers.value(Demand(aggregate), PERIOD, (), covered=True)

    return evaluate(term, answer)


def _shown(value: Fraction | None) -> str:
    return "no data" if value is None else str(value)
