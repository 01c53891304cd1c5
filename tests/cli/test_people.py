"""No output shows a person: not a name, a phone number or a mail address, not a group of a few."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from .driver import Csq

METRICS = """\
version: 1
indicators:
  - id: fcr
    name: { zh: 一次性解决率, en: First contact resolution }
    dimension: 质量
    formula: COUNTIF(tickets, first_contact_resolved) / COUNT(tickets)
    unit: percent
    direction: up
    targets: [{ value: ">= 99%" }, { value: ">= 1%", where: { agent_id: 王小芳 } }]
"""
HEADER = "工单编号,创建时间,客户编号,渠道,坐席工号,首次解决\n"
PEOPLE = {"王小芳": 3, "王小明": 9, "Mary Ann Lee": 8, "赵六": 4, "A017": 7}
"""Who dealt with how many tickets."""
PHONE, MAIL, PLATE = "13812345678", "zhang.san@example.com", "粤B12345"
PERSONAL = (*(name for name in PEOPLE if name != "A017"), PHONE, MAIL, PLATE)


def _tickets() -> str:
    names = [name for name, count in PEOPLE.items() for _ in range(count)]
    rows = [
        f"{PHONE if number == 0 else f'T{number}'},2025-08-{number % 28 + 1:02} 09:00,{PHONE},"
        f"{MAIL if number % 2 else '电话'},{name},{'是' if number % 3 else '否'}\n"
        for number, name in enumerate(names)
    ]
    wrong = f"T90,{PLATE},{MAIL},电话,王小芳,是\nT91,2025-08-01,,电话,王小芳,请打{PHONE}\n"
    return HEADER + "".join(rows) + wrong


@pytest.fixture
def people(csq: Csq) -> Csq:
    csq.put("tickets.csv", _tickets())
    csq.put("metrics.yaml", METRICS + "tolerance: 50%\n")
    (csq.folder / "out").mkdir()
    return csq


def _privacy(csq: Csq, text: str) -> None:
    csq.put("metrics.yaml", f"{METRICS}tolerance: 50%\nprivacy: {text}\n")


WAYS = (
    *(f"score --by agent_id --by channel --format {each}" for each in ("table", "json", "csv", "markdown", "html")),
    "score --by agent_id --by channel -o out/score.xlsx",
    "check --by agent_id --by channel --fail-on stretch --junit out/check.xml --json out/check.json",
    *(f"explain fcr --format {each}" for each in ("table", "json")),
    "explain fcr --sql --group channel=zhang.san@example.com",
    "explain fcr --group agent_id=王小明 --rows out/rows.csv",
    "explain fcr --group agent_id=王小明 --rows out/rows.xlsx --format json",
    "explain fcr --group agent_id=nobody",
    *(f"validate --format {each}" for each in ("table", "json", "csv")),
    "review --by agent_id --by channel -o out",
)  # fmt: skip


def _everything(csq: Csq, typed: str) -> str:
    """All that a run says and writes."""
    answer = csq.run(*typed.split())
    assert answer.code in {0, 1, 2}, answer.err
    texts = [answer.out, answer.err]
    for path in sorted((csq.folder / "out").rglob("*")):
        texts.append(_text_of(path))
    return "\n".join(texts)


def _text_of(path: Path) -> str:
    if path.suffix != ".xlsx":
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as parts:
        return "".join(parts.read(name).decode("utf-8", "ignore") for name in parts.namelist())


@pytest.mark.parametrize("typed", WAYS)
def test_nobody_is_shown_by_default(people: Csq, typed: str) -> None:
    shown = _everything(people, typed)
    typed_by_the_reader = {each for each in PERSONAL if each in typed}
    assert {each for each in PERSONAL if each in shown} <= typed_by_the_reader


@pytest.mark.parametrize("typed", [WAYS[1], WAYS[6], WAYS[10], WAYS[11], WAYS[-1]])
def test_a_code_stands_for_a_person_where_codes_are_wanted(people: Csq, typed: str) -> None:
    _privacy(people, "hash")
    shown = _everything(people, typed)
    assert "王*" not in shown
    typed_by_the_reader = {each for each in PERSONAL if each in typed}
    assert {each for each in (*PERSONAL, "A017") if each in shown} <= typed_by_the_reader


def test_people_who_look_alike_when_masked_are_told_apart(people: Csq) -> None:
    _privacy(people, "{ mode: mask, k: 1 }")
    shown = people.run("score", "--by", "agent_id", "--format", "csv").out
    groups = [row["分组"] for row in csv.DictReader(io.StringIO(shown.lstrip("\ufeff")))]
    assert groups == ["", "A017", "M*** A*** L***", "王**", "王** (2)", "赵*"]


JSON = (
    "score --by agent_id --by channel --format json",
    "check --by agent_id --by channel --fail-on stretch -o out/check.txt --json out/check.json",
)


def test_programs_are_told_that_a_masked_name_is_no_key(people: Csq) -> None:
    _privacy(people, "{ mode: mask, k: 1 }")
    found = json.loads(people.run(*JSON[0].split()).out)
    groups = {row["group"]["agent_id"] for row in found["indicators"] if "agent_id" in row["group"]}
    assert groups == {"A017", "M*** A*** L***", "王**", "王** (2)", "赵*"}
    (notice,) = (each for each in found["problems"] if each["code"] == "masked-people")
    assert notice["message"] == (
        "4 个人以掩码显示，如「M*** A*** L***」：换个时段，同样的写法可能是另一个人"
    )
    assert notice["hint"] == "要按人对接数据，用工号列，或在 metrics.yaml 里写 privacy: hash"


def test_the_notice_counts_the_people_who_are_shown(people: Csq) -> None:
    """赵六 stands in no row, since his group is too small; A017 goes with him."""
    _privacy(people, "{ mode: mask, k: 5 }")
    found = json.loads(people.run(*JSON[0].split()).out)
    groups = {row["group"]["agent_id"] for row in found["indicators"] if "agent_id" in row["group"]}
    (notice,) = (each for each in found["problems"] if each["code"] == "masked-people")
    assert groups == {"M*** A*** L***", "王**", "王** (2)"}
    assert notice["message"] == (
        "3 个人以掩码显示，如「M*** A*** L***」：换个时段，同样的写法可能是另一个人"
    )


@pytest.mark.parametrize("typed", JSON)
@pytest.mark.parametrize("mode", ["hash", "none"])
def test_programs_can_join_on_codes_and_on_plain_names(people: Csq, typed: str, mode: str) -> None:
    _privacy(people, mode)
    shown = _everything(people, typed)
    names = {"王小芳", "王小明", "Mary Ann Lee"}
    assert {each for each in names if each in shown} == (set() if mode == "hash" else names)
    assert "masked-people" not in shown


def test_groups_of_a_few_are_left_out_and_told(people: Csq) -> None:
    """赵六 has 4 rows: alone left out he could be worked out, so the next larger goes with him.

    王小芳 has 3, but a target names her: the definition itself asks for that score.
    """
    answer = people.run("score", "--by", "agent_id", "--format", "json")
    found = json.loads(answer.out)
    groups = [row["group"].get("agent_id") for row in found["indicators"]]
    assert groups == [None, "M*** A*** L***", "王**", "王** (2)"]
    (notice,) = (each for each in found["problems"] if each["code"] == "small-groups")
    assert notice["message"] == "2 个人员分组有样本少于 5 行的指标，没有显示"
    assert notice["hint"] == "要看它们，在 metrics.yaml 里改 privacy 的 k"


@pytest.mark.parametrize("name", ["赵六", "A017"])
def test_a_group_of_a_few_is_not_explained(people: Csq, name: str) -> None:
    answer = people.run("explain", "fcr", "--group", f"agent_id={name}")
    assert answer.code == 2
    assert answer.err == (
        f"small-group: 「agent_id={name}」这一组人的样本少于 5 行，或可由其他组推出，不显示"
        " → 解释更大的组，或在 metrics.yaml 里改 privacy 的 k\n"
    )


def test_who_wants_it_sees_everything(people: Csq) -> None:
    _privacy(people, "{ mode: none, k: 1 }")
    shown = people.run("score", "--by", "agent_id", "--by", "channel").out
    assert {each for each in (*PEOPLE, MAIL) if each not in shown} == set()
    people.run("explain", "fcr", "--rows", "out/rows.csv")
    assert PHONE in _text_of(people.folder / "out" / "rows.csv")


def test_refused_rows_stay_as_they_are_since_they_are_to_be_mended(people: Csq) -> None:
    people.run("validate", "--rejects", "refused.csv")
    text = (people.folder / "refused.csv").read_text("utf-8-sig")
    assert PLATE in text
    assert MAIL in text
