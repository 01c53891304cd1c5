"""Formulas nobody should write: each is a value or a fault told in words, and soon.

Nothing else may come of one: no other exception, no message that points at the wrong part.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import closing

import pytest

from csq.engines.base import Engine
from csq.engines.duckdb import DuckDBEngine
from csq.errors import CsqError, Place
from csq.formula.faults import FormulaFault, mark
from csq.formula.parse import parse_formula
from csq.formula.resolve import Scope, resolve_formula
from csq.formula.words import say_term

from .tables import make_scope, put_tables
from .test_formulas import value_of


@pytest.fixture(scope="module")
def scope() -> Scope:
    return make_scope()


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, scope: Scope) -> Iterator[Engine]:
    with closing(DuckDBEngine(tmp_path_factory.mktemp("spill"), "1GB")) as engine:
        put_tables(engine, scope)
        yield engine


DEEP_OR_LONG = {
    "a sum of 1,900 numbers": "COUNT(tickets)" + "+1" * 1_900,
    "a sum of 400 numbers": "COUNT(tickets)" + " + 1" * 400,
    "a sum of 1,900 numbers in a row": "SUM(surveys, nps" + "+1" * 1_900 + ")",
    "1,900 minuses apart": "COUNT(tickets) + " + "- " * 1_900 + "1",
    "1,900 minuses together": "1" + "-" * 1_900 + "1",
    "900 NOTs with tabs": "COUNTIF(tickets, " + "not\t" * 900 + "spam)",
    "58 NOTs in brackets": "COUNTIF(tickets, " + "not(" * 58 + "spam" + ")" * 58 + ")",
    "450 ORs": "COUNTIF(tickets, spam" + " or spam" * 450 + ")",
    "400 ANDs": "COUNTIF(tickets, spam" + " and spam" * 400 + ")",
    "a list of 1,900": "COUNTIF(surveys, nps IN {1" + ",1" * 1_900 + "})",
    "50 IFs in each other": "SUM(surveys, " + "IF(csat>1, 1, " * 50 + "0" + ")" * 51,
    "61 brackets": "(" * 61 + "1" + ")" * 61,
    "60 brackets": "(" * 60 + "1" + ")" * 60,
    "4,001 characters": "1" + " " * 4_000,
}
NUMBERS = {
    "a number of 300 digits": "COUNT(tickets) + 1" + "0" * 300,
    "a number of 300 digits in a row": "COUNTIF(surveys, csat < 1" + "0" * 300 + ")",
    "a number of 40 digits in a row": "COUNTIF(surveys, csat < 1" + "0" * 39 + ")",
    "a decimal number of 14 digits in a row": "COUNTIF(surveys, csat < 1000000000000.5)",
    "a product of five": "SUM(surveys, csat * csat * csat * csat * csat)",
    "a duration times a large number": "SUM(calls, wait_s * 99999999999999)",
    "a duration times a large decimal number": "SUM(calls, talk_s * 99999999999.5)",
    "a quotient over a million millions": "SUM(surveys, 1000000 / (csat / 1000000))",
    "a time and 300 million years": "COUNTIF(tickets, created_at + 99999999999d > created_at)",
    "a duration of 300 million years": "COUNTIF(calls, wait_s < 99999999999d)",
    "a time after the last year": "COUNTIF(tickets, created_at + 9999999d > 9999-12-31)",
    "full-width figures": "COUNT(tickets) * ２",
    "full-width figures with a unit": "COUNTIF(calls, wait_s > ２０s)",
    "figures of another script": "COUNT(tickets) * ٣",
    "a date in figures of another script": "COUNTIF(tickets, created_at > ٢٠٢٥-08-01)",
}
CHARACTERS = {
    "nothing": "",
    "only blanks": " \n ",
    "NUL": "COUNT(tickets)\0",
    "an escape sequence": "COUNT(tickets) \x1b[31m",
    "half of a surrogate pair": "COUNT(\ud800)",
    "a picture": "COUNT(😀)",
    "an empty name": "COUNTIF(tickets, [])",
    "an open name": "COUNTIF(tickets, [spam)",
    "an open quote": 'COUNTIF(tickets, channel = "电话)',
    "braces as in a template": 'COUNTIF(tickets, channel = "{value} {0}")',
    "braces as a name": "COUNTIF(tickets, [{value}] = 1)",
}


@pytest.mark.parametrize(
    "formula",
    [pytest.param(text, id=name) for name, text in (DEEP_OR_LONG | NUMBERS | CHARACTERS).items()],
)
def test_a_formula_is_a_value_or_a_fault(formula: str, scope: Scope, engine: Engine) -> None:
    try:
        term = resolve_formula(formula, scope)
    except FormulaFault as fault:
        problem = fault.at(Place("metrics.yaml", row=1), formula)
        assert len(problem.line("zh")) < 500
        assert problem.line("zh").isprintable()
    else:
        assert say_term(term).zh
        with contextlib.suppress(CsqError):
            value_of(term, engine)


@pytest.mark.parametrize(
    ("formula", "marked"),
    [
        pytest.param("COUNTIF(calls, wait_s > 30m)", "⟦30m⟧", id="a unit that does not exist"),
        pytest.param("COUNTIF(calls, wait_s > 30S)", "⟦30S⟧", id="a unit in capitals"),
        pytest.param('COUNTIF(calls, queue = "热线)', '⟦"热线)⟧', id="an open quote"),
        pytest.param("COUNTIF(calls, [queue = 1)", "⟦[queue = 1)⟧", id="an open name"),
    ],
)
def test_the_whole_part_that_is_wrong_is_marked(formula: str, marked: str) -> None:
    with pytest.raises(FormulaFault) as raised:
        parse_formula(formula)
    assert marked in mark(formula, raised.value.span)


@pytest.mark.parametrize(
    ("formula", "plain"),
    [
        pytest.param("COUNT(tickets)\u3000/\u30002", "COUNT(tickets) / 2", id="a wide blank"),
        pytest.param("COUNT(tickets)\u00a0/ 2", "COUNT(tickets) / 2", id="a no-break blank"),
        pytest.param("COUNT(tickets) * ２", "COUNT(tickets) * 2", id="a wide figure"),
        pytest.param("COUNT(tickets) × 85 %", "COUNT(tickets) × 85%", id="a blank before %"),
    ],
)
def test_what_a_chinese_keyboard_types_is_read(formula: str, plain: str, scope: Scope) -> None:
    assert say_term(resolve_formula(formula, scope)) == say_term(resolve_formula(plain, scope))


@pytest.mark.parametrize(
    "formula",
    [
        'COUNTIF(tickets, COALESCE(channel, "phone") = "phone")',
        'COUNTIF(tickets, IF(spam, "phone", channel) = "phone")',
    ],
)
def test_a_spelling_is_folded_inside_functions_too(
    formula: str, scope: Scope, engine: Engine
) -> None:
    """A text that stands for a value of the vocabulary must not silently match nothing."""
    folded = formula.replace('"phone"', '"电话"')
    expected = value_of(resolve_formula(folded, scope), engine)
    assert value_of(resolve_formula(formula, scope), engine) == expected
