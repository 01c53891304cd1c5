"""Exit codes and their order, problems and their wording, and what may be printed of the data."""

from __future__ import annotations

import ast
import importlib
import itertools
import pkgutil
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csq import problems
from csq.errors import (
    BudgetError,
    CsqError,
    DefinitionError,
    DeliveryError,
    ExitCode,
    IntakeError,
    NoDataError,
    Place,
    ProblemKind,
    Severity,
    UsageError,
    choose_exit_code,
    clean,
)
from csq.wording import Wording, join, verbatim

KINDS = {
    name: kind
    for module in pkgutil.iter_modules(problems.__path__, problems.__name__ + ".")
    for name, kind in vars(importlib.import_module(module.name)).items()
    if isinstance(kind, ProblemKind)
}
ORDER = (70, 4, 3, 7, 6, 5, 1, 2, 0)


def test_every_exit_code_has_its_number_and_its_meaning_in_both_languages() -> None:
    assert sorted(ExitCode) == [0, 1, 2, 3, 4, 5, 6, 7, 70]
    for code in ExitCode:
        assert code.meaning.zh
        assert code.meaning.en


@pytest.mark.parametrize("codes", tuple(itertools.combinations(ORDER, 2)))
def test_of_two_codes_the_graver_counts(codes: tuple[int, int]) -> None:
    one, other = (ExitCode(code) for code in codes)
    assert choose_exit_code([one, other]) is one
    assert choose_exit_code([other, one]) is one


def test_no_code_is_done() -> None:
    assert choose_exit_code([]) is ExitCode.DONE


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError, 2),
        (IntakeError, 3),
        (DefinitionError, 4),
        (NoDataError, 5),
        (DeliveryError, 6),
        (BudgetError, 7),
    ],
)
def test_every_error_has_its_exit_code(error: type[CsqError], code: int) -> None:
    assert error.exit_code == code
    assert set(CsqError.__subclasses__()) == {
        UsageError,
        IntakeError,
        DefinitionError,
        NoDataError,
        DeliveryError,
        BudgetError,
    }


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (Place(), ""),
        (Place("a.csv"), "a.csv"),
        (Place("a.xlsx", "明细", 7, "创建时间"), "a.xlsx:明细:7:创建时间"),
        (Place("m.yaml", row=3, column="5"), "m.yaml:3:5"),
        (Place(row=0), "0"),
        (Place("a\n[/b]\x1b.csv"), "a [/b].csv"),
        (
            Place("13812345678/" + "長い" * 60 + ".csv", row=2),
            "13812345678/" + "長い" * 60 + ".csv:2",
        ),
        (Place("\udcff\udcfe.csv"), r"\xff\xfe.csv"),
    ],
)
def test_a_place_is_shown_on_one_line(place: Place, shown: str) -> None:
    assert str(place) == shown


def test_a_problem_is_said_on_one_line_in_either_language() -> None:
    kind = ProblemKind("a-code", Wording("「{value}」错", "“{value}” is wrong"),
                       Wording("改{count}处", "mend {count}"), Wording("因", "why"))  # fmt: skip
    problem = kind.at(Place("a.csv", row=2), value="x\ny", count=3)
    assert problem.line("zh") == "a.csv:2: a-code: 「x y」错 → 改3处"
    assert problem.line("en") == "a.csv:2: a-code: “x y” is wrong → mend 3"
    assert (problem.value, problem.count) == ("x y", 3)


def test_every_problem_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in KINDS.values()]
    assert len(codes) == len(set(codes))
    for name, kind in KINDS.items():
        assert set(kind.code) <= set(string.ascii_lowercase + "-")
        assert kind.code == kind.code.strip("-")
        assert name.isupper()


def test_every_problem_can_happen() -> None:
    """A problem that nothing in csq tells is none."""
    listed = Path(*problems.__path__)
    told: set[str] = set()
    for path in listed.parent.rglob("*.py"):
        if path.parent != listed:
            tree = ast.parse(path.read_text("utf-8"))
            told |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            told |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert set(KINDS) - told == set()


@pytest.mark.parametrize("kind", tuple(KINDS.values()), ids=tuple(KINDS))
def test_every_problem_is_worded_in_both_languages_with_the_same_slots(kind: ProblemKind) -> None:
    for wording in (kind.message, kind.hint, kind.meaning):
        assert wording.zh
        assert wording.en
        assert _slots(wording.zh) == _slots(wording.en), wording
    assert _slots(kind.meaning.zh) == set()
    assert kind.meaning.en.endswith(".")
    assert kind.meaning.zh.endswith("。")
    assert not kind.message.en.endswith(".")
    assert kind.severity in Severity


def _slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("kind", tuple(KINDS.values()), ids=tuple(KINDS))
def test_every_problem_can_be_told_with_hostile_values(kind: ProblemKind) -> None:
    slots = _slots(kind.message.zh) | _slots(kind.hint.zh)
    hostile = "{0}{value}{x.__class__}\x1b[31m\n13812345678" + "长" * 500
    filled: dict[str, str | int] = {name: 3 if name == "count" else hostile for name in slots}
    problem = kind.at(Place("长" * 500 + "\x1b\n.csv", column=hostile), **filled)
    place = "长" * 500 + " .csv:"
    for language in ("zh", "en"):
        line = problem.line(language)
        assert line.isprintable()
        assert line.startswith(place), "a path is shown whole"
        assert "13812345678" not in line
        assert len(line) < 700 + len(place)


@given(st.text(max_size=400))
def test_what_is_cleaned_is_short_and_printable_on_one_line(text: str) -> None:
    shown = clean(text)
    assert len(shown) <= 80
    assert not any(char in shown for char in "\n\r\t\0\x1b\u202e")
    assert shown.encode(errors="strict") is not None
    assert clean(shown) == shown


@given(st.text(alphabet=string.ascii_letters + "中文 ,.，。", max_size=79))
def test_plain_text_is_not_changed(text: str) -> None:
    assert clean(text) == text


def test_wordings_are_filled_in_their_own_language() -> None:
    inner = Wording("电话", "phone")
    filled = Wording("渠道：{it}", "channel: {it}").fill(it=inner)
    assert (filled.say("zh"), filled.say("en")) == ("渠道：电话", "channel: phone")
    assert verbatim("{it}").fill(it="x") == Wording("x", "x")
    assert join([inner, verbatim("b")]) == Wording("电话、b", "phone, b")
    assert join([]) == Wording("", "")
