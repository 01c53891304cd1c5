"""Files of definitions: encodings, hostile YAML, one on top of another, and the shipped one."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from tests.conftest import load_text

from csq.definition.indicators import Indicator
from csq.definition.load import LoadedDefinition, load_definition
from csq.definition.targets import Direction, Level
from csq.errors import DefinitionError, Problem
from csq.formula.understand import understand
from csq.formula.words import say_term
from csq.wording import Wording

IT = "{ id: a, name: 甲, formula: COUNT(tickets), unit: count, direction: up }"
GOOD = f"version: 1\nindicators:\n  - {IT}\n"


def faults_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(DefinitionError) as raised:
        understand(load_text(text))
    return raised.value.problems


def faults_in(file: Path) -> list[str]:
    with pytest.raises(DefinitionError) as raised:
        understand(load_definition(file))
    return [problem.line("en") for problem in raised.value.problems]


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# Encodings and hostile files ------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(GOOD.encode(), id="UTF-8"),
        pytest.param(GOOD.encode("utf-8-sig"), id="UTF-8 with its mark"),
        pytest.param(GOOD.replace("\n", "\r\n").encode(), id="lines that end as in Windows"),
        pytest.param(GOOD.rstrip().encode(), id="no end of the last line"),
    ],
)
def test_utf8_is_read(tmp_path: Path, content: bytes) -> None:
    loaded = load_definition(write(tmp_path, "m.yaml", content))
    assert loaded.definition.indicators[0].name.zh == "甲"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(GOOD.encode("gbk"), id="GBK"),
        pytest.param(GOOD.encode("utf-16"), id="UTF-16"),
        pytest.param(GOOD.encode() + b"\xff", id="broken UTF-8"),
    ],
)
def test_another_encoding_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    assert faults_in(write(tmp_path, "m.yaml", content)) == [
        "m.yaml: unreadable-definition: the definition cannot be read: it is not UTF-8"
        " → check path and encoding (UTF-8), or name another with --metrics; csq init drafts one"
    ]


@pytest.mark.parametrize("content", ["", "\n\n", "# nothing\n", "---\n", "~\n", "\ufeff"])
def test_an_empty_file_is_told_with_its_name(tmp_path: Path, content: str) -> None:
    (fault,) = faults_in(write(tmp_path, "m.yaml", content))
    assert fault.startswith("m.yaml")


@pytest.mark.parametrize("content", ["- version: 1\n", "csq\n", "[]\n", "'version: 1'\n"])
def test_a_file_of_another_shape_is_told_in_words(tmp_path: Path, content: str) -> None:
    (fault,) = faults_in(write(tmp_path, "m.yaml", content))
    assert fault.startswith("m.yaml:1:1: ")
    assert "[{" not in fault
    assert "“”" not in fault


_LETTERS = "abcdefghijklmnopqrstuvw"
BOMBS = {
    "nested 20,000 deep": "version: " + "[" * 20_000 + "]" * 20_000,
    "nested 20,000 deep and open": "version: " + "{a: " * 20_000,
    "nested by indentation": "".join(f"{' ' * n}a:\n" for n in range(1_500)),
    "a bomb of merge keys": "a: &a {x: 1}\n"
    + "".join(f"{new}: &{new} {{<<: [*{old}, *{old}]}}\n" for old, new in pairwise(_LETTERS)),
    "a bomb of aliases": "a: &a [x, x, x]\n"
    + "".join(f"{new}: &{new} [*{old}, *{old}]\n" for old, new in pairwise(_LETTERS)),
    "an alias of itself": "a: &a [*a]\n",
    "a number of 10,000 figures": f"version: {'1' * 10_000}\n",
    "a day that does not exist": "version: 2024-02-30\n",
    "NUL": "version: 1\0\n",
    "an escape": "version: \x1b[31m\n",
    "three megabytes": "# " + "x" * 3_000_000,
    "twenty thousand keys": "".join(f"k{n}: 1\n" for n in range(20_000)),
    "one key of a megabyte": "x" * 1_000_000 + ": 1\n",
    "quotes that never end": '"' * 9_999,
    "a directive": "%YAML 9.9\n---\nversion: 1\n",
    "a complex key": "? [a, b]\n: 1\n",
    "a key that is a mapping": "{a: 1}: 2\n",
    "a null key": "~: 1\n",
}  # fmt: skip


@pytest.mark.parametrize("text", tuple(BOMBS.values()), ids=tuple(BOMBS))
def test_a_hostile_file_is_a_fault(text: str) -> None:
    """The bombs would not end in hours where they are not defused."""
    problems = faults_of(text)
    assert 0 < len(problems) <= 1_000
    for problem in problems[:20]:
        line = problem.line("zh")
        assert line.isprintable()
        assert len(line) < 600


def test_nothing_of_a_tag_is_run(tmp_path: Path) -> None:
    target = tmp_path / "run"
    text = f"version: !!python/object/apply:os.system ['touch {target}']\n"
    assert [problem.code for problem in faults_of(text)] == ["yaml-feature"]
    assert not target.exists()


def test_two_thousand_indicators_are_read() -> None:
    more = "".join(f"  - {IT.replace('id: a', f'id: a{n}')}\n" for n in range(2_000))
    assert len(understand(load_text(GOOD + more)).indicators) == 2_001


# Faults whose wording is not settled by a case file -------------------------------------------


@pytest.mark.parametrize(
    "formula",
    [
        "COUNTIF(tickets, spam) / COUNT(tickets) * 100",
        "COUNTIF(tickets, spam) / COUNT(tickets) × 100",
        "100 * COUNTIF(tickets, spam) / COUNT(tickets)",
        "COUNTIF(tickets, spam) * 100 / COUNT(tickets)",
        "(COUNTIF(tickets, spam) / COUNT(tickets)) * 100 - 0%",
        "share * 100 - 1%",
        "hundredfold",
    ],
)
def test_a_percent_is_never_a_hundredfold(formula: str) -> None:
    text = (
        "version: 1\nmeasures:\n  share: COUNTIF(tickets, spam) / COUNT(tickets)\n"
        "  hundredfold: COUNTIF(tickets, spam) / COUNT(tickets) * 100\n"
        f"indicators:\n  - id: a\n    name: A\n    formula: '{formula}'\n"
        "    unit: percent\n    direction: up\n"
    )
    assert [problem.code for problem in faults_of(text)] == ["formula-type"]


TARGETS = """version: 1
indicators:
  - id: a
    name: A
    formula: SHARE(tickets, spam)
    unit: percent
    direction: up
    targets:
      - {{ value: ">= 85%"{first} }}
      - {{ value: ">= 80%"{second} }}
"""


def targets(first: str, second: str) -> str:
    return TARGETS.format(first=first, second=second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (", where: { channel: 电话 }", ", where: { channel: phone }"),
        (", where: { channel: Phone }", ", where: { channel: 热线 }"),
    ],
)
def test_two_spellings_of_one_scope_tie(first: str, second: str) -> None:
    assert [problem.code for problem in faults_of(targets(first, second))] == ["target-tie"]


def test_a_stretch_that_asks_less_is_told_as_that() -> None:
    (problem,) = faults_of(targets("", ", level: stretch"))
    assert problem.code == "level-order"
    assert "asks more" not in problem.message.en
    assert "更严" not in problem.message.zh
    assert ">= 80%" in problem.message.en


def test_a_floor_over_a_stretch_names_both_levels() -> None:
    (problem,) = faults_of(targets(", level: floor", ", level: stretch"))
    assert problem.code == "level-order"
    assert "floor" in problem.message.en
    assert "stretch" in problem.message.en
    assert "target" not in problem.message.en


@pytest.mark.parametrize(
    "settings", ["columns: { creatd_at: 提单 }", "values: { creatd_at: { a: [b] } }"]
)
def test_a_field_that_is_not_there_is_told_with_the_nearest(settings: str) -> None:
    text = GOOD.replace("indicators:", f"sources:\n  tickets: {{ {settings} }}\nindicators:")
    (problem,) = faults_of(text)
    assert problem.code == "unknown-field"
    assert problem.hint.en.startswith("the nearest are: created_at")


@pytest.mark.parametrize("name", ['""', '"  "', "{ zh: '' }", "{}"])
def test_an_indicator_has_a_name(name: str) -> None:
    (problem,) = faults_of(GOOD.replace("name: 甲", f"name: {name}"))
    assert (problem.code, problem.place.row) == ("wrong-value", 3)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("version: 1\nindicators: [fcr, csat]\n", "indicators"),
        ("version: 1\nindicators:\n  -\n", "indicators"),
        (GOOD.replace("direction: up", "direction: up, owner: [7]"), "owner"),
        (GOOD.replace("direction: up", 'direction: up, targets: [">= 3"]'), "targets"),
    ],
)
def test_an_item_of_a_list_is_called_by_its_list(text: str, key: str) -> None:
    for problem in faults_of(text):
        assert problem.code == "wrong-value"
        assert f"for “{key}”" in problem.message.en


def test_true_is_shown_as_it_is_written() -> None:
    (problem,) = faults_of(GOOD.replace("direction: up", "direction: up, target: true"))
    assert "“true”" in problem.message.en


def test_a_time_that_is_no_time_is_not_called_missing() -> None:
    (problem,) = faults_of(GOOD.replace("direction: up", "direction: up, time: channel"))
    assert "have no field" not in problem.message.en


@pytest.mark.parametrize("where", ["{ spam: 是 }", '{ spam: "yes" }', '{ spam: "true" }'])
def test_a_scope_of_yes_or_no_is_understood_or_refused(where: str) -> None:
    """A scope that no group can fall under would silently drop its target."""
    from csq.scorecard import choose_targets

    text = targets(f", where: {where}", "")
    try:
        understood = understand(load_text(text))
    except DefinitionError:
        return
    chosen = choose_targets(understood.indicators[0], {"spam": True}, date(2025, 8, 31))
    assert str(chosen[Level.TARGET].value) == ">= 85%"


# One file on top of another -------------------------------------------------------------------


def loaded_from(folder: Path, text: str) -> LoadedDefinition:
    return load_definition(write(folder, "child.yaml", text))


def test_a_file_on_top_of_the_shipped_one_replaces_one_indicator(tmp_path: Path) -> None:
    text = (
        "version: 1\nextends: csq\nindicators:\n  - id: fcr\n    name: 首解\n"
        "    formula: SHARE(有效工单, first_contact_resolved)\n    unit: percent\n"
        "    direction: up\n    targets: [{ value: '>= 80%' }]\n"
    )
    shipped = load_definition(None).definition
    definition = loaded_from(tmp_path, text).definition
    assert [each.id for each in definition.indicators] == [each.id for each in shipped.indicators]
    (fcr,) = [each for each in definition.indicators if each.id == "fcr"]
    assert (fcr.name.zh, fcr.owner, fcr.reach) == ("首解", (), None)
    assert [str(target.value) for target in fcr.all_targets] == [">= 80%"]


def indicator_of(folder: Path, text: str, name: str) -> Indicator:
    (found,) = [each for each in loaded_from(folder, text).definition.indicators if each.id == name]
    return found


def test_without_a_formula_an_inherited_indicator_is_changed_key_by_key(tmp_path: Path) -> None:
    shipped = load_definition(None).definition
    (fcr,) = [each for each in shipped.indicators if each.id == "fcr"]
    text = "version: 1\nextends: csq\nindicators:\n  - { id: fcr, target: '>= 80%', owner: 一线 }\n"
    changed = indicator_of(tmp_path, text, "fcr")
    said = {"target", "targets", "owner"}
    assert changed.model_dump(exclude=said) == fcr.model_dump(exclude=said)
    assert [str(target.value) for target in changed.all_targets] == [">= 80%"]
    assert [owner.zh for owner in changed.owner] == ["一线"]
    ids = [each.id for each in loaded_from(tmp_path, text).definition.indicators]
    assert ids == [each.id for each in shipped.indicators]


@pytest.mark.parametrize("none", ["targets: []", "target: ~"])
def test_a_change_may_take_the_target_away(tmp_path: Path, none: str) -> None:
    text = f"version: 1\nextends: csq\nindicators:\n  - {{ id: fcr, {none} }}\n"
    assert indicator_of(tmp_path, text, "fcr").all_targets == ()


def test_a_change_of_a_change(tmp_path: Path) -> None:
    write(tmp_path, "one.yaml", "extends: csq\nindicators:\n  - { id: fcr, owner: 一线 }\n")
    text = "version: 1\nextends: one.yaml\nindicators:\n  - { id: fcr, target: '>= 80%' }\n"
    fcr = indicator_of(tmp_path, text, "fcr")
    assert [owner.zh for owner in fcr.owner] == ["一线"]
    assert [str(target.value) for target in fcr.all_targets] == [">= 80%"]


def test_the_faults_of_a_change_stand_where_they_are_written(tmp_path: Path) -> None:
    text = (
        "version: 1\nextends: csq\nindicators:\n  - id: fcr\n    target: '>= 30s'\n"
        "  - id: frt_p5\n    ownr: 一线\n  - { id: asa, target: '<= 10s' }\n"
    )
    assert faults_in(write(tmp_path, "child.yaml", text)) == [
        "child.yaml:5:5: wrong-target-unit: the target “>= 30s” is not in the"
        " indicator's percent → write for example >= 85%",
        "child.yaml:6:5: unknown-change: “frt_p5” has no formula:, and what is inherited has no"
        " indicator of this id to change → to change one, the nearest are: frt_p50, frt_p90,"
        " frt_avg; a new one needs name, formula, unit and direction",
        "child.yaml:7:5: unknown-key: the key “ownr” is unknown → the nearest are: owner",
    ]


def test_without_anything_to_inherit_an_indicator_is_whole(tmp_path: Path) -> None:
    faults = faults_in(write(tmp_path, "child.yaml", "version: 1\nindicators:\n  - { id: fcr }\n"))
    assert [fault.split(" ")[1] for fault in faults] == ["missing-key:"] * 4


def test_indicators_are_left_out(tmp_path: Path) -> None:
    shipped = load_definition(None)
    text = "version: 1\nextends: csq\nomit: [frt_p50, case_share]\n"
    loaded = loaded_from(tmp_path, text)
    kept = [each for each in shipped.definition.indicators if each.id not in text]
    assert loaded.definition.indicators == tuple(kept)
    position = [each.id for each in kept].index("fcr")
    before = [each.id for each in shipped.definition.indicators].index("fcr")
    place = shipped.place("indicators", before, "formula")
    assert loaded.place("indicators", position, "formula") == place


def test_what_is_left_out_may_be_written_anew(tmp_path: Path) -> None:
    write(tmp_path, "one.yaml", GOOD)
    text = f"version: 1\nextends: one.yaml\nomit: a\nindicators:\n  - {IT}\n"
    definition = loaded_from(tmp_path, text).definition
    assert [each.id for each in definition.indicators] == ["a"]


def test_what_is_left_out_is_there(tmp_path: Path) -> None:
    child = write(tmp_path, "child.yaml", "version: 1\nextends: csq\nomit: [frc, fcr]\n")
    assert faults_in(child) == [
        "child.yaml:3:8: unknown-omitted: “frc” under omit: is no indicator that is inherited"
        " → the nearest are: fcr; one that stands in this file is simply deleted"
    ]
    child = write(tmp_path, "child.yaml", f"{GOOD}omit: a\n")
    assert faults_in(child) == [
        "child.yaml:4:1: unknown-omitted: “a” under omit: is no indicator that is inherited"
        " → the nearest are: –; one that stands in this file is simply deleted"
    ]
    child = write(tmp_path, "child.yaml", "version: 1\nextends: csq\nomit: { fcr: ~ }\n")
    assert faults_in(child) == [
        "child.yaml:3:1: wrong-value: “{…}” is no value for “omit” → it should be: a list"
    ]


def test_a_spelling_stands_for_one_value(tmp_path: Path) -> None:
    # By either name of a value, in any case: the later of the two was silently in force.
    text = (
        "version: 1\nextends: csq\nsources:\n  tickets:\n    values:\n"
        "      channel: { phone: [Call], 电话: [Hotline, call], 邮件: [hotline] }\n"
        "      spam: { 是: [Y], 否: [N] }\n"
    )
    assert faults_in(write(tmp_path, "child.yaml", text)) == [
        "child.yaml:6:7: double-spelling: “hotline” stands under two values of channel: 电话 and"
        " 邮件 → keep one of the two"
    ]


def test_what_is_changed_twice_is_told_as_that(tmp_path: Path) -> None:
    text = (
        "version: 1\nextends: csq\nindicators:\n"
        "  - { id: fcr, target: '>= 90%' }\n  - { id: fcr, owner: 一线 }\n"
    )
    assert faults_in(write(tmp_path, "child.yaml", text)) == [
        "child.yaml:4:5: double-id: the id “fcr” stands twice (also in line 5) → change one of the two"
    ]


def test_nothing_is_changed_where_nothing_is_inherited(tmp_path: Path) -> None:
    text = "version: 1\nomit: csat\nindicators:\n  - { id: fcr, target: '>= 90%' }\n"
    assert faults_in(write(tmp_path, "own.yaml", text)) == [
        "own.yaml:2:1: unknown-omitted: “csat” under omit: is no indicator that is inherited"
        " → the nearest are: –; one that stands in this file is simply deleted",
        "own.yaml:4:5: unknown-change: “fcr” has no formula:, and what is inherited has no"
        " indicator of this id to change → to change one, the nearest are: –; a new one needs name,"
        " formula, unit and direction",
    ]


def test_what_is_left_out_is_not_changed(tmp_path: Path) -> None:
    text = "version: 1\nextends: csq\nomit: fcr\nindicators:\n  - { id: fcr, owner: 一线 }\n"
    assert faults_in(write(tmp_path, "child.yaml", text)) == [
        "child.yaml:5:5: omitted-change: “fcr” stands under omit:, so there is nothing to change"
        " → take it out of omit:, or delete this change"
    ]


def test_what_others_need_is_not_left_out_unseen(tmp_path: Path) -> None:
    also = IT.replace("id: a", "id: b").replace("COUNT(tickets)", '"@a"')
    write(tmp_path, "one.yaml", f"{GOOD}  - {also}\n")
    told = (
        "child.yaml:2:1: omitted-use: “a” stands under omit:, and @a is in the formula of b"
        " → take it out of omit:, or do without b as well"
    )
    faults = faults_in(write(tmp_path, "child.yaml", "extends: one.yaml\nomit: a\n"))
    assert faults == [told]
    # Beside another fault, and of several users: each is named once, in the line of omit:.
    third = also.replace("id: b", "id: c").replace('"@a"', '"@a + COUNT(tickets)"')
    child = f"extends: one.yaml\nomit: a\nowner: 一线\nindicators:\n  - {third}\n"
    assert faults_in(write(tmp_path, "child.yaml", child)) == [
        told.replace("of b", "of b, c").replace("without b", "without b, c"),
        "child.yaml:3:1: unknown-key: the key “owner” is unknown → the nearest are:"
        " version, extends, omit, language, timezone, tolerance, profile, privacy, …",
    ]


def test_an_id_that_stands_twice_in_what_is_extended_is_told_there(tmp_path: Path) -> None:
    again = IT.replace("name: 甲", "name: 乙")
    write(tmp_path, "one.yaml", f"{GOOD}  - {again}\n")
    child = "extends: one.yaml\nindicators:\n  - { id: a, owner: 一线 }\n"
    assert faults_in(write(tmp_path, "child.yaml", child)) == [
        "one.yaml:4:7: double-id: the id “a” stands twice (also in line 3) → change one of the two"
    ]


def test_a_new_indicator_comes_last(tmp_path: Path) -> None:
    definition = loaded_from(tmp_path, GOOD + "extends: csq\n").definition
    assert definition.indicators[-1].id == "a"
    assert len(definition.indicators) == len(load_definition(None).definition.indicators) + 1


def test_rows_and_measures_are_replaced_by_name(tmp_path: Path) -> None:
    text = "extends: csq\nrows:\n  有效工单: { from: tickets }\nmeasures:\n  新: COUNT(有效工单)\n"
    definition = loaded_from(tmp_path, text).definition
    assert definition.rows["有效工单"].where is None
    assert "已解决工单" in definition.rows
    assert {"新", "总工单量"} <= set(definition.measures)


def test_single_keys_are_the_child_s(tmp_path: Path) -> None:
    text = 'extends: csq\nlanguage: en\ntolerance: "1%"\n'
    definition = loaded_from(tmp_path, text).definition
    assert (definition.language, definition.tolerance.refused.text) == ("en", "1%")
    assert definition.timezone == "Asia/Shanghai"


def test_a_fault_names_the_file_it_stands_in(tmp_path: Path) -> None:
    write(
        tmp_path,
        "parent.yaml",
        "version: 1\nmeasures:\n  甲: COUNT(nowhere)\nindicators:\n  - " + IT,
    )
    text = (
        "extends: parent.yaml\nindicators:\n"
        "  - { id: a, name: 甲, formula: COUNT(elsewhere), unit: count, direction: up }\n"
        "  - { id: b, name: 乙, formula: COUNT(tickets), unit: duration, direction: up }\n"
    )
    assert [fault.split(" ")[0] for fault in faults_in(write(tmp_path, "child.yaml", text))] == [
        "parent.yaml:3:3:",
        "child.yaml:3:23:",
        "child.yaml:4:23:",
    ]


def test_a_chain_of_three(tmp_path: Path) -> None:
    write(tmp_path, "one.yaml", GOOD)
    write(tmp_path, "two.yaml", "extends: one.yaml\nlanguage: en\n")
    definition = loaded_from(tmp_path, 'extends: two.yaml\ntolerance: "2%"\n').definition
    assert (
        definition.indicators[0].id,
        definition.language,
        definition.tolerance.refused.text,
    ) == (
        "a",
        "en",
        "2%",
    )


def test_a_circle(tmp_path: Path) -> None:
    write(tmp_path, "one.yaml", "extends: child.yaml\n")
    assert faults_in(write(tmp_path, "child.yaml", "extends: one.yaml\n")) == [
        "child.yaml: extends-circle: extends goes in a circle:"
        " child.yaml → one.yaml → child.yaml → remove one of them"
    ]


def test_a_circle_of_one(tmp_path: Path) -> None:
    (fault,) = faults_in(write(tmp_path, "child.yaml", "extends: child.yaml\n"))
    assert fault.startswith("child.yaml: extends-circle: ")


@pytest.mark.parametrize("name", ["nowhere.yaml", ".", "nowhere/x.yaml", ""])
def test_a_file_to_build_on_that_is_not_there(tmp_path: Path, name: str) -> None:
    (fault,) = faults_in(write(tmp_path, "child.yaml", f'version: 1\nextends: "{name}"\n'))
    assert "unreadable-definition" in fault


@pytest.mark.parametrize("extends", ["[csq]", "{ a: b }", "7", "true"])
def test_extends_is_a_text(tmp_path: Path, extends: str) -> None:
    (fault,) = faults_in(write(tmp_path, "child.yaml", f"{GOOD}extends: {extends}\n"))
    assert fault.startswith("child.yaml:4:1: wrong-value: ")


@pytest.mark.parametrize("item", ["{ id: [a] }", "{ id: { b: c } }", "[]", "7", "~"])
def test_a_wrong_item_on_top_of_another_file_is_a_fault(tmp_path: Path, item: str) -> None:
    faults = faults_in(write(tmp_path, "child.yaml", f"extends: csq\nindicators:\n  - {item}\n"))
    assert all(fault.startswith("child.yaml:3:") for fault in faults)


def test_an_id_twice_on_top_of_another_file(tmp_path: Path) -> None:
    write(tmp_path, "one.yaml", GOOD)
    text = f"extends: one.yaml\nindicators:\n  - {IT}\n  - {IT}\n"
    (fault,) = faults_in(write(tmp_path, "child.yaml", text))
    assert "double-id: the id “a” stands twice" in fault


def test_the_digest_speaks_for_every_file(tmp_path: Path) -> None:
    child = write(tmp_path, "child.yaml", "extends: one.yaml\n")
    digests = set()
    for text in (GOOD, GOOD + "language: en\n"):
        write(tmp_path, "one.yaml", text)
        digests.add(load_definition(child).digest)
    assert len(digests) == 2
    assert load_definition(child).digest == load_definition(child).digest


# The shipped definition -----------------------------------------------------------------------


def test_the_shipped_definition_is_clean_and_bilingual() -> None:
    loaded = load_definition(None)
    understood = understand(loaded)
    assert len(understood.indicators) == 70
    for indicator in loaded.definition.indicators:
        assert indicator.name.zh != indicator.name.en, indicator.id
        assert indicator.description is not None, indicator.id
        assert indicator.dimension in {"效率", "质量", "体验", "负荷", "成长"}
        assert indicator.owner
        assert all(target.provenance for target in indicator.all_targets), indicator.id


def test_every_place_of_the_shipped_definition_is_known() -> None:
    loaded = load_definition(None)
    for position, indicator in enumerate(loaded.definition.indicators):
        place = loaded.place("indicators", position, "formula")
        assert place.file == "csq"
        assert place.row
        assert loaded.place("indicators", position, "id").row != 1
        for number, _ in enumerate(indicator.targets):
            assert loaded.place("indicators", position, "targets", number).row != 1


def test_a_short_target_is_a_target() -> None:
    loaded = load_text(GOOD.replace("direction: up", 'direction: up, target: ">= 3"'))
    (indicator,) = loaded.definition.indicators
    assert [str(target.value) for target in indicator.all_targets] == [">= 3"]
    assert [target.level for target in indicator.all_targets] == [Level.TARGET]
    assert indicator.direction is Direction.UP


BILINGUAL = """\
version: 1
rows:
  有效工单: { from: tickets, where: 'NOT spam', name: { en: valid tickets } }
  电话工单: { from: 有效工单, where: 'channel = "电话"' }
indicators:
  - id: fcr
    name: { zh: 首解, en: First contact resolution }
    formula: COUNTIF(有效工单, first_contact_resolved) / COUNT(有效工单)
    unit: percent
    direction: up
    owner: [{ zh: 客服部, en: Customer service }, 质检组]
    data_source: { zh: 工单系统, en: Ticket system }
    targets: [{ value: ">= 85%", provenance: { zh: 年度目标, en: This year's target } }]
  - { id: phone, name: 电话量, formula: COUNT(电话工单), unit: count, direction: up, owner: 客服部 }
"""


def test_who_and_what_an_indicator_names_may_stand_in_both_languages(tmp_path: Path) -> None:
    file = tmp_path / "metrics.yaml"
    file.write_text(BILINGUAL, "utf-8")
    loaded = load_definition(file)
    fcr, phone = loaded.definition.indicators
    assert fcr.owner == (Wording("客服部", "Customer service"), Wording("质检组", "质检组"))
    assert phone.owner == (Wording("客服部", "客服部"),)
    assert fcr.data_source == Wording("工单系统", "Ticket system")
    assert fcr.targets[0].provenance == Wording("年度目标", "This year's target")
    said = [say_term(each.term) for each in understand(loaded).indicators]
    assert said[0] == Wording(
        "有效工单中「首次解决」为是的行数 ÷ 有效工单的行数",
        "rows of valid tickets in which Resolved at first contact is yes ÷ rows of valid tickets",
    )
    assert said[1] == Wording("电话工单的行数", "rows of 电话工单")


def test_the_shipped_definitions_read_in_english_throughout() -> None:
    definition = load_text("version: 1\nextends: csq:standard\n").definition
    for row_set in definition.rows.values():
        assert row_set.name, row_set
    for indicator in definition.indicators:
        told = [indicator.name, *indicator.owner]
        told += [each for each in (indicator.data_source, indicator.description) if each]
        told += [target.provenance for target in indicator.all_targets if target.provenance]
        assert [t.en for t in told if re.search("[一-鿿]", t.en)] == [], indicator.id
