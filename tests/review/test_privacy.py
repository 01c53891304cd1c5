"""What may be shown of people: a test set of numbers, and groups too small to show."""

from __future__ import annotations

import pytest

from csq.privacy import Mode, Shield, mask_name, scrub

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
