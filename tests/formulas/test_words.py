"""Formulas in plain words; what each operator and function is called is in the case files."""

from __future__ import annotations

import pytest

from csq.definition.load import load_definition
from csq.formula.functions import AGGREGATES, CHOICES, ROW_FUNCTIONS
from csq.formula.resolve import Scope, resolve_condition, resolve_formula
from csq.formula.row_words import say_row
from csq.formula.syntax import Span
from csq.formula.understand import Understood, understand
from csq.formula.words import say_term
from csq.wording import Wording

from .tables import make_scope


@pytest.fixture(scope="module")
def shipped() -> Understood:
    return understand(load_definition(None))


@pytest.fixture(scope="module")
def scope() -> Scope:
    return make_scope()


def _is_plain(said: Wording) -> bool:
    """Whether nothing of the formula's own spelling is left: no field name, no operator."""
    return not any(sign in text for text in (said.zh, said.en) for sign in "_{}=<>*/")


def test_every_shipped_indicator_can_be_said(shipped: Understood) -> None:
    said = {each.id: say_term(each.term) for each in shipped.indicators}
    assert [name for name, words in said.items() if not _is_plain(words)] == []
    assert said["fcr"] == Wording(
        "有效工单中「首次解决」为是的行数 ÷ 有效工单的行数 × 100%",
        "rows of valid tickets in which Resolved at first contact is yes"
        " ÷ rows of valid tickets × 100%",
    )
    assert said["asa"] == Wording(
        "接通通话的「等待时长」平均值",
        "mean of Wait in answered calls",
    )


def test_every_shipped_row_set_can_be_said(shipped: Understood) -> None:
    for name in shipped.definition.rows:
        population = shipped.scope.population(name, Span(0, 0))
        assert all(_is_plain(say_row(condition)) for condition in population.conditions), name


@pytest.mark.parametrize("name", [*AGGREGATES, *CHOICES])
def test_the_example_of_every_summary_can_be_said(name: str, scope: Scope) -> None:
    example = {**AGGREGATES, **CHOICES}[name].example
    assert _is_plain(say_term(resolve_formula(example, scope)))


@pytest.mark.parametrize("name", sorted(ROW_FUNCTIONS))
def test_the_example_of_every_row_function_can_be_said(name: str, scope: Scope) -> None:
    example = ROW_FUNCTIONS[name].example
    source = {"IF": "calls", "CONTAINS": "surveys"}.get(name, "tickets")
    condition = f"ISBLANK({example}) OR NOT ISBLANK({example})"
    assert _is_plain(
        say_row(resolve_condition(condition, scope.population(source, Span(0, 0)), scope))
    )


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        ("first_contact_resolved", "「首次解决」为是", "Resolved at first contact is yes"),
        ("NOT spam", "「垃圾工单」为否", "Spam is no"),
        ("NOT ISBLANK(repeat_of)", "「前次工单编号」不为空", "Repeat of is filled"),
        ('channel = "phone"', "「渠道」为“电话”", "Channel is “Phone”"),
        ("paused_s <= 30s", "「暂停时长」不超过30秒", "Paused is at most 30 s"),
        (
            "spam OR complex AND NOT spam",
            "「垃圾工单」为是，或（「复杂问题」为是，且「垃圾工单」为否）",
            "Spam is yes or (Complex is yes and Spam is no)",
        ),
    ],
)
def test_a_condition_on_rows_is_said(condition: str, zh: str, en: str, scope: Scope) -> None:
    term = resolve_condition(condition, scope.population("tickets", Span(0, 0)), scope)
    assert say_row(term) == Wording(zh, en)
