"""What may be shown of people: a test set of numbers, and groups too small to show."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from csq.privacy import PEOPLE, Mode, Shield, mask_name, scrub
from csq.records.reading import FieldType
from csq.records.schema import Field, known_schemas

from ..cli.driver import Csq

MASKED = {
    "手机 13812345678": "手机 138****5678",
    "+86 138-1234-5678": "138****5678",
    "008613912345678": "139****5678",
    "电话１３８１２３４５６７８": "电话138****5678",
    "11010119900307002X": "110***********002X",
    "身份证110101199003070021号": "身份证110***********0021号",
    "110101900307002": "110*********002",
    "6222021234567890123": "6222***********0123",
    "卡 6222 0212 3456 7890": "卡 6222********7890",
    "4111-1111-1111-1111": "4111********1111",
    "zhang.san@example.com": "z***@example.com",
    "邮箱abc@公司.cn": "邮***@公司.cn",
    "粤B12345": "粤B****5",
    "京A·D12345": "京A****5",
    "沪AD12345": "沪A****5",
    "010-62345678": "010-****78",
    "E12345678": "E******78",
}
KEPT = (
    "订单 20250801",
    "T250701-00001",
    "2025-08-12 20:00",
    "等了 30 分钟",
    "1,234,567",
    "打印机 HP1020",
    "版本 10.15.7",
    "",
)


@pytest.mark.parametrize("text", MASKED)
def test_a_number_of_a_person_is_masked(text: str) -> None:
    assert scrub(text) == MASKED[text]


@pytest.mark.parametrize("text", KEPT)
def test_everything_else_stays(text: str) -> None:
    assert scrub(text) == text


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三", "张*"), ("欧阳修文", "欧***"), ("Mary Lee", "M*** L***"), ("李", "李*"), ("", "")],
)
def test_a_name_keeps_its_first_character(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_a_code_is_the_same_for_the_same_person_and_salt_only() -> None:
    ours, theirs = (Shield(Mode.HASH, salt=salt) for salt in (b"a", b"b"))
    assert ours.show("agent_id", "A031") == ours.show("agent_id", "A031") != "A031"
    assert ours.show("agent_id", "A031") != theirs.show("agent_id", "A031")
    assert ours.show("channel", "电话") == "电话"


def test_small_groups_are_hidden_and_never_one_alone() -> None:
    shield = Shield(smallest=5)
    assert shield.hidden({"a": 50, "b": 7, "c": 3}) == {"b", "c"}
    assert shield.hidden({"a": 50, "b": 2, "c": 3}) == {"b", "c"}
    assert shield.hidden({"a": 50, "b": 7}) == frozenset()


@pytest.mark.parametrize(
    ("value", "shown"),
    [("8001-张三", "8001-张*"), ("欧阳修文(A01)", "欧***(A01)"), ("坐席12", "坐席12"), ("A031", "A031"),
     ("客服 3 号", "客服 3 号")],
)  # fmt: skip
def test_a_name_beside_the_number_of_an_agent_is_masked(value: str, shown: str) -> None:
    assert Shield().show("agent_id", value) == shown


SECRETS = ("13812345678", "110101199003071234", "6222020012345678901", "zhang.san@example.com",
           "粤B12345", "张三丰")  # fmt: skip
SENTENCE = "请联系 " + "、".join(SECRETS[:-1])


def _cell(field: Field, key: str | None, number: int) -> str:
    """A value that intake keeps, with everything personal where a text may stand."""
    match field.type:
        case _ if field.name in PEOPLE:
            return ("张三丰", "张三丰-8001", "13812345678")[number % 3]
        case FieldType.TEXT if field.name == key:
            return f"{number} {SENTENCE}"
        case FieldType.TEXT if field.name == "merged_into" or field.column.refers_to:
            return ""
        case FieldType.TEXT if field.column.terms and number % 3:
            return field.column.terms[number % len(field.column.terms)].zh
        case FieldType.TEXT:
            return f"{SENTENCE} {number % 4}"
        case FieldType.TIMESTAMP:
            return f"2025-08-{1 + number % 28:02d} 10:00:00"
        case FieldType.FLAG:
            return "否"
        case FieldType.DURATION:
            return "0"
    return str((field.column.scale or (1, 5))[number % 2])


@pytest.fixture(scope="module")
def full_of_secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secrets")
    for source in ("tickets", "surveys", "complaints", "improvements", "qa"):
        schema = known_schemas()[source]
        lines = [",".join(field.column.zh for field in schema.fields)]
        lines += [
            ",".join(_cell(field, schema.key, number) for field in schema.fields)
            for number in range(60)
        ]
        (folder / f"{source}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def test_nothing_personal_is_in_what_a_command_writes(
    full_of_secrets: Path, tmp_path: Path
) -> None:
    csq = Csq(tmp_path / "work", tmp_path / "tmp")
    (csq.folder / "out").mkdir(parents=True)
    csq.temporary.mkdir()
    exports = [str(full_of_secrets), "--period", "2025-08", "--lang", "en"]
    said = [
        csq.run("review", *exports, "-o", "out"),
        csq.run("score", *exports, "--by", "agent_id", "--by", "problem_type"),
        csq.run("score", *exports, "--by", "channel", "-o", "out/score.xlsx"),
        csq.run("score", *exports, "--by", "channel", "-o", "out/score.html"),
        csq.run("explain", "csat", *exports, "--rows", "out/rows.xlsx"),
        csq.run("explain", "complaint_timely", *exports, "--rows", "out/rows.csv"),
    ]
    assert [each.code for each in said] == [0] * 6, said
    texts = {f"command {at}": each.out + each.err for at, each in enumerate(said)}
    for path in (csq.folder / "out").iterdir():
        if path.suffix == ".xlsx":
            with ZipFile(path) as book:
                texts |= {f"{path.name} {n}": book.read(n).decode() for n in book.namelist()}
        else:
            texts[path.name] = path.read_text("utf-8")
    assert len(texts) > 20
    assert [(n, s) for n, text in texts.items() for s in SECRETS if s in text] == []
