"""The kinds of record: what one cell is worth, and what each kind says about itself."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from csq.definition.jsonschema import record_schema
from csq.errors import UsageError
from csq.records.column import Column, Term
from csq.records.notation import Clock, DateOrder
from csq.records.reading import (
    FieldType,
    Reading,
    UnreadableCell,
    field_type_of,
    python_type,
    read_cell,
)
from csq.records.schema import Schema, known_schemas

PLAIN = Column("列", "Column")
RATING = Column("列", "Column", scale=(1, 5))
DMY, MDY = Reading(order=DateOrder.DAY_FIRST), Reading(order=DateOrder.MONTH_FIRST)
MORNING = datetime(2025, 8, 1, 9, 15)


def read(text: str, annotation: Any, column: Column = PLAIN, reading: Reading = Reading()) -> Any:
    return read_cell(text, annotation, column, reading)


def code_of(
    text: str, annotation: Any, column: Column = PLAIN, reading: Reading = Reading()
) -> str:
    with pytest.raises(UnreadableCell) as unreadable:
        read(text, annotation, column, reading)
    return unreadable.value.code


# One cell --------------------------------------------------------------------------------------


@pytest.mark.parametrize("annotation", [str, datetime, timedelta, bool, int, Decimal])
@pytest.mark.parametrize("text", ["", " ", "\u3000", "\t\r\n", "\u00a0\ufeff\u200b"])
def test_blanks_of_every_width_are_blank(annotation: type, text: str) -> None:
    assert read(text, annotation) is None


@pytest.mark.parametrize("text", [
    "２０２５－０８－０１　０９：１５", "２０２５／８／１ 9:15", "２０２５年８月１日　９：１５", "2025–08–01\u00a009:15", "２０２５０８０１０９１５００",
])  # fmt: skip
def test_full_width_signs_in_a_moment(text: str) -> None:
    assert read(text, datetime) == MORNING


@pytest.mark.parametrize("word", ["null", "NULL", "None", "NaN", "n/a", "\\N", "nil", "NaT"])
def test_words_for_nothing_are_blank_but_not_in_text(word: str) -> None:
    assert [read(word, kind) for kind in (datetime, timedelta, bool, int, Decimal)] == [None] * 5
    assert read(word, str) == word


def test_declared_words_for_nothing_are_blank_everywhere() -> None:
    reading = Reading(nulls=frozenset({"?", "-"}))
    assert [read(f" {word} ", str, reading=reading) for word in "?-"] == [None, None]
    assert read("?", int, reading=reading) is None
    assert read("??", str, reading=reading) == "??"


@pytest.mark.parametrize("text", [
    "2025-08-01 09:15:00", "2025-08-01 09:15", "2025/8/1 9:15", "2025.08.01 09:15", "2025年8月1日 9:15", "2025-08-01T09:15:00",
    "2025-08-01T09:15:00.000", "2025-08-01 09:15:00 AM", "2025-08-01 9:15am", "20250801091500", "2025-08-01T01:15:00Z",
    "2025-08-01 01:15:00 z", "2025-08-01T09:15:00+08:00", "2025-08-01T03:15:00+0200", "2025-07-31T21:15:00-04:00",
    "\u30002025-08-01 09:15 ",
])  # fmt: skip
def test_one_moment_in_many_spellings(text: str) -> None:
    assert read(text, datetime) == MORNING


@pytest.mark.parametrize(("text", "reading", "day"), [
    ("03/08/2025", DMY, (8, 3)), ("03/08/2025", MDY, (3, 8)), ("3.8.2025", DMY, (8, 3)), ("03-08-2025 00:00", MDY, (3, 8)),
    ("2025-03-08", DMY, (3, 8)), ("2025-03-08", MDY, (3, 8)),
])  # fmt: skip
def test_days_and_months_in_the_declared_order(
    text: str, reading: Reading, day: tuple[int, int]
) -> None:
    assert read(text, datetime, reading=reading) == datetime(2025, *day)


@pytest.mark.parametrize("text", [
    "2025-02-29", "2025-13-01", "2025-08-01 24:00", "2025-08-01 09:15:60", "2025-08", "09:15",
    "45870", "17540109", "1969-12-31", "2100-01-01", "yesterday", "2025-08-01 13:00 PM", "2025-08-01 0:15 AM",
    "2025-08-01 09:15 CST", "٢٠٢٥-08-01", "2025-08-01 - 2025-08-02",
])  # fmt: skip
def test_what_is_no_moment(text: str) -> None:
    assert code_of(text, datetime) == "unreadable-timestamp"


@pytest.mark.parametrize("text", ["03/08/2025", "25-08-01", "08/01/25"])
def test_a_moment_whose_parts_may_be_read_in_two_orders_is_asked_about(text: str) -> None:
    assert code_of(text, datetime) == "undecided-date"


def test_summer_time_is_followed() -> None:
    london = Reading(zone="Europe/London")
    assert read("2025-07-01T12:00:00Z", datetime, reading=london) == datetime(2025, 7, 1, 13)
    assert read("2025-12-01T12:00:00Z", datetime, reading=london) == datetime(2025, 12, 1, 12)


@pytest.mark.parametrize(("text", "seconds"), [
    ("0", 0), ("90", 90), ("90.5", 90.5), ("00:01:30", 90), ("0:1:30", 90), ("00:01:30.25", 90.25), ("30:00:00", 108_000),
    ("1分30秒", 90), ("1 分 30 秒", 90), ("90秒", 90), ("1.5分钟", 90), ("2小时", 7_200), ("1小时5分", 3_900), ("1天", 86_400),
    ("1d 2h 3m 4s", 93_784), ("1min30s", 90), ("1,200", 1_200), ("1 205.5 s", 1_205.5), ("３分２５秒", 205), ("００：０３：２５", 205), ("2 HOURS", 7_200), ("0.000001", 1e-06),
    ("3.4166666666666665 min", 205), ("0.30000000000000004", 0.3), ("00:03:25.1234567", 205.123457), ("1.02:03:04.0000000", 93_784),
    ("1 day, 2:03:04", 93_784), ("2 days 03:04:05", 183_845), ("0 days 00:01:30", 90), ("0 days 00:01:30.500000", 90.5),
    ("0 days 00:01:30.000000000", 90), ("1 days 00:00:00.0000005", 86_400.000001), ("2 days, 0:00:00", 172_800), ("1天 02:03:04", 93_784), ("1天2:03:04", 93_784),
])  # fmt: skip
def test_durations_in_many_spellings(text: str, seconds: float) -> None:
    assert read(text, timedelta) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    [
        "-1",
        "1e3",
        "1,20",
        "0,611",
        "1,200,30",
        "00:61:00",
        "5分3",
        "分",
        "inf",
        "3秒5分",
        "1 day ago",
        "-1 day, 23:59:30",
        "-1 days +23:59:30",
        "1 day, 24:00:00",
        "1 day, 2:3:4",
        "1 day 02:03",
        "1.5 days 02:03:04",
        "9点05分",
    ],
)
def test_what_is_no_duration(text: str) -> None:
    assert code_of(text, timedelta) == "unreadable-duration"


@pytest.mark.parametrize(
    ("clock", "seconds"), [(Clock.MINUTES, 205.5), (Clock.HOURS, 3 * 3_600 + 25.5 * 60)]
)
def test_a_duration_of_two_numbers_is_what_its_column_says(clock: Clock, seconds: float) -> None:
    assert read("03:25.5", timedelta, PLAIN, Reading(clock=clock)) == timedelta(seconds=seconds)
    assert code_of("03:25.5", timedelta) == "ambiguous-duration"
    assert code_of("03:60", timedelta, PLAIN, Reading(clock=clock)) == "unreadable-duration"


def test_a_decimal_comma_where_the_column_has_them() -> None:
    comma = Reading(has_decimal_comma=True)
    assert read("3,4 min", timedelta, PLAIN, comma) == timedelta(seconds=204)
    assert read("1.205,5", timedelta, PLAIN, comma) == timedelta(seconds=1_205.5)
    assert read("00:03:25,5", timedelta, PLAIN, comma) == timedelta(seconds=205.5)
    assert read("1 day, 0:03:25,5", timedelta, PLAIN, comma) == timedelta(seconds=86_605.5)
    assert read("1.234,5 %", Decimal, PLAIN, comma) == Decimal("12.345")
    assert read("1.234", int, PLAIN, comma) == 1234
    assert code_of("3.4", Decimal, PLAIN, comma) == "unreadable-number"
    assert code_of("3.4 min", timedelta, PLAIN, comma) == "unreadable-duration"


def test_a_plain_number_is_worth_what_the_header_or_the_field_says() -> None:
    minutes = Column("列", "Column", unit=60)
    assert read("2", timedelta, minutes) == timedelta(minutes=2)
    assert read("2", timedelta, minutes, Reading(unit=Decimal(3_600))) == timedelta(hours=2)
    assert read("2秒", timedelta, minutes, Reading(unit=Decimal(3_600))) == timedelta(seconds=2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[("是", True), ("TRUE", True), ("√", True), ("0", False), ("否", False), ("No", False)],
        *[("Oui", True), ("nein", False), ("ｙｅｓ", True), ("没有", False), ("1.0", True)],
    ],
)
def test_flags(text: str, value: bool) -> None:
    assert read(text, bool) is value


def test_a_flag_in_the_words_of_its_column() -> None:
    resolved = Column("列", "Column", terms=(Term("是", "Yes", ("已解决",)),))
    assert read("已解决", bool, resolved) is True
    assert read("未解决", bool, resolved, Reading(spellings=(("未解决", "否"),))) is False


def test_what_is_no_flag() -> None:
    assert {code_of(text, bool) for text in ("部分", "2", "1.5", "ok", "-")} == {"unreadable-flag"}


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3), ("+3", 3), ("-3", -3), ("007", 7), ("1,234", 1234), ("3.0", 3)]
    + [("１２", 12), ("－３", -3), ("1 234 567", 1_234_567), ("1'234", 1_234)],
)
def test_whole_numbers(text: str, value: int) -> None:
    assert read(text, int) == value


def test_what_is_no_whole_number() -> None:
    texts = (
        "3.5",
        "1,23",
        "1e3",
        "三",
        "3次",
        "1 23",
        "1,234 567",
        "1_000",
        "0x10",
        "--3",
        "1234567890123456",
    )
    assert {code_of(text, int) for text in texts} == {"unreadable-integer"}


@pytest.mark.parametrize(("text", "value"), [
    ("3.5", "3.5"), ("-0.5", "-0.5"), ("1,234.5", "1234.5"), ("95%", "0.95"), ("95 ％", "0.95"), ("0.0000005", "0.000001"),
    ("0.00000049", "0"), ("100.5%", "1.005"), ("９８％", "0.98"), ("−４．５", "-4.5"), ("1 234", "1234"), ("27\u00a0275,25".replace(",", "."), "27275.25"),
])  # fmt: skip
def test_numbers(text: str, value: str) -> None:
    assert read(text, Decimal) == Decimal(value)


def test_what_is_no_number() -> None:
    texts = (
        "3,5",
        "1e3",
        "inf",
        "Infinity",
        "1.2.3",
        "5分",
        "%",
        "%5",
        "1 23",
        ".5",
        "1234567890123",
    )
    assert {code_of(text, Decimal) for text in texts} == {"unreadable-number"}


@pytest.mark.parametrize(
    ("text", "inside"),
    [("1", True), ("5", True), ("5.0", True), ("0.999999", False), ("5.000001", False)],
)
def test_a_scale_holds_its_ends(text: str, inside: bool) -> None:
    rating = Column("列", "Column", scale=(1, 5))
    if inside:
        assert read(text, Decimal, rating) == Decimal(text)
    else:
        assert code_of(text, Decimal, rating) == "out-of-scale"


@pytest.mark.parametrize(("text", "value"), [
    ("5星", "5"), ("4 分", "4"), ("3.5 Stars", "3.5"), ("4/5", "4"), ("4 out of 5", "4"), ("★★★★☆", "4"), ("★★★", "3"),
    ("⭐️⭐️", "2"), ("4 - Satisfied", "4"), ("5（非常满意）", "5"), ("5：非常满意", "5"), ("2. 不满意", "2"), ("满意（4分）", "4"),
    ("5分 很好", "5"), ("3 - 一般", "3"), ("3 - 满意", "3"), ("5-好", "5"),
])  # fmt: skip
def test_ratings_in_many_spellings(text: str, value: str) -> None:
    assert read(text, Decimal, RATING) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["满意", "4/10", "☆☆☆☆☆", "★★☆", "★★★★★★", "4-5", "4 - ", "4 b", "3.O", "5分钟", "5 好"]
)
def test_what_is_no_rating(text: str) -> None:
    assert code_of(text, Decimal, RATING) == "unreadable-rating"


@pytest.mark.parametrize("text", ["1 - 非常满意", "5 (Dissatisfied)", "非常不满意（4分）"])
def test_a_number_and_a_word_that_contradict_each_other_are_no_rating(text: str) -> None:
    assert code_of(text, Decimal, RATING) == "contradictory-rating"


def test_a_word_is_worth_what_is_declared() -> None:
    declared = Reading(spellings=(("满意", "5星"), ("1 - 非常满意", "5")))
    assert read("满意", Decimal, RATING, declared) == 5
    assert read("1 - 非常满意", Decimal, RATING, declared) == 5


def test_other_scales_know_their_own_end_and_no_words() -> None:
    ten = Column("列", "Column", scale=(0, 10))
    assert read("9/10", Decimal, ten) == 9
    assert read("10 - Extremely likely", Decimal, ten) == 10
    assert code_of("4/5", Decimal, ten) == "unreadable-rating"
    assert code_of("6 - 不满意", Decimal, ten) == "contradictory-rating"


def test_a_vocabulary_is_one_value_however_it_is_spelt() -> None:
    channel = Column("渠道", "Channel", terms=(Term("电话", "Phone", ("热线", "call")),))
    assert {read(text, str, channel) for text in ("电话", "PHONE", " call ", "热线")} == {"电话"}
    assert read("传真", str, channel) == "传真"
    declared = Reading(spellings=(("call", "外呼"), ("拨出", "外呼")))
    assert [read(text, str, channel, declared) for text in ("Call", "拨出", "phone")] == [
        "外呼",
        "外呼",
        "电话",
    ]


def test_text_keeps_its_inner_blanks_and_its_case() -> None:
    assert read("  Li  Wei\t", str) == "Li  Wei"


def test_types_and_annotations_are_the_same_thing() -> None:
    for field_type in FieldType:
        assert field_type_of(python_type(field_type)) is field_type
        assert field_type_of(python_type(field_type) | None) is field_type


# The models ------------------------------------------------------------------------------------

SCHEMAS = list(known_schemas().values())


def by_source(schema: Schema) -> str:
    return schema.source


def example_of(schema: Schema) -> dict[str, str]:
    return {field.name: field.column.example for field in schema.fields}


@pytest.mark.parametrize("schema", SCHEMAS, ids=by_source)
def test_the_example_of_every_field_is_read(schema: Schema) -> None:
    for field in schema.fields:
        annotation = schema.model.model_fields[field.name].annotation
        assert field.column.example, field.name
        assert read(field.column.example, annotation, field.column) is not None, field.name


@pytest.mark.parametrize("schema", SCHEMAS, ids=by_source)
def test_the_examples_of_a_kind_make_one_record(schema: Schema) -> None:
    # csq schema prints them: a person who copies them must get a row that is kept.
    record = schema.model.model_validate(example_of(schema))
    assert all(getattr(record, field.name) is not None for field in schema.fields)


@pytest.mark.parametrize("schema", SCHEMAS, ids=by_source)
def test_examples_of_a_vocabulary_are_in_it(schema: Schema) -> None:
    for field in schema.fields:
        if field.column.terms:
            assert field.column.example in {term.zh for term in field.column.terms}, field.name


@pytest.mark.parametrize("schema", SCHEMAS, ids=by_source)
def test_no_spelling_of_a_vocabulary_stands_for_two_values(schema: Schema) -> None:
    for field in schema.fields:
        seen: dict[str, str] = {}
        for term in field.column.terms:
            for spelling in term.all_spellings:
                assert seen.setdefault(spelling, term.zh) == term.zh, (field.name, spelling)


@pytest.mark.parametrize("schema", SCHEMAS, ids=by_source)
def test_a_kind_of_record_is_whole(schema: Schema) -> None:
    key = schema.field(schema.key or "")
    assert key is not None
    assert (key.type, key.required) == (FieldType.TEXT, True)
    for name in schema.time:
        time = schema.field(name)
        assert time is not None
        assert time.type is FieldType.TIMESTAMP
    assert all(schema.field(name) for rule in schema.rules for name in rule.fields)
    # Every row has a time: one that is required, or a rule that asks for any of several.
    asked = {
        fields for rule in schema.rules if rule.code == "all-blank" for fields in [rule.fields]
    }
    required = {field.name for field in schema.fields if field.required}
    assert not schema.time or required & set(schema.time) or set(schema.time) in map(set, asked)


@pytest.mark.parametrize("schema", SCHEMAS, ids=by_source)
def test_a_field_is_found_by_its_name_and_by_either_title(schema: Schema) -> None:
    for field in schema.fields:
        for spelling in (field.name, field.name.upper(), field.column.zh, field.column.en.lower()):
            assert schema.find(spelling) is field
    assert schema.find("nothing") is None


def test_a_record_names_every_fault_and_hides_the_cells() -> None:
    tickets = known_schemas()["tickets"]
    with pytest.raises(ValidationError) as refused:
        tickets.model.model_validate({"ticket_id": " ", "created_at": "13800138000", "spam": "x"})
    faults = {error["loc"]: error["type"] for error in refused.value.errors()}
    assert faults == {
        ("ticket_id",): "blank-cell", ("created_at",): "unreadable-timestamp", ("spam",): "unreadable-flag",
    }  # fmt: skip
    assert "13800138000" not in str(refused.value)


def test_a_blank_flag_holds_its_default() -> None:
    tickets = known_schemas()["tickets"]
    record = tickets.model.model_validate(
        {"ticket_id": "1", "created_at": "2025-08-01", "spam": ""}
    )
    assert getattr(record, "spam") is False  # noqa: B009 - the model is not known here
    assert getattr(record, "escalated") is None  # noqa: B009


def test_a_record_cannot_be_changed_and_takes_no_unknown_field() -> None:
    tickets = known_schemas()["tickets"]
    with pytest.raises(ValidationError):
        tickets.model.model_validate(
            {"ticket_id": "1", "created_at": "2025-08-01", "colour": "red"}
        )
    record = tickets.model.model_validate({"ticket_id": "1", "created_at": "2025-08-01"})
    with pytest.raises(ValidationError):
        setattr(record, "ticket_id", "2")  # noqa: B010


def test_own_fields_are_checked_like_the_others() -> None:
    tickets = known_schemas()["tickets"]
    own = tickets.extended([("stars", FieldType.NUMBER, Column("星", "Stars", scale=(1, 3)))])
    good = {"ticket_id": "1", "created_at": "2025-08-01"}
    assert getattr(own.model.model_validate({**good, "stars": "2"}), "stars") == 2  # noqa: B009
    with pytest.raises(ValidationError):
        own.model.model_validate({**good, "stars": "4"})
    assert tickets.field("stars") is None


# JSON Schema -----------------------------------------------------------------------------------


@pytest.mark.parametrize("schema", SCHEMAS, ids=by_source)
def test_the_json_schema_says_title_headers_and_example_of_every_field(schema: Schema) -> None:
    described = record_schema(schema.source)
    assert json.loads(json.dumps(described)) == described
    assert described["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(described["properties"]) == {field.name for field in schema.fields}
    assert set(described["required"]) == {field.name for field in schema.fields if field.required}
    for field in schema.fields:
        found = described["properties"][field.name]
        assert found["title"] == f"{field.column.zh} / {field.column.en}"
        assert found["x-headers"] == [field.column.zh, field.column.en, *field.column.aliases]
        assert found["examples"] == [field.column.example]
        if field.column.scale:
            assert (found["minimum"], found["maximum"]) == field.column.scale
        if field.column.about:
            assert found["description"] == f"{field.column.about.zh} / {field.column.about.en}"


def test_the_schema_of_an_unknown_kind_is_wrong_usage() -> None:
    with pytest.raises(UsageError) as refused:
        record_schema("ticket")
    [problem] = refused.value.problems
    assert problem.line("zh") == ("unknown-source: 没有名为「ticket」的数据源 → 可用的有：tickets")
