"""Headers: which kind of record a file holds and which of its columns is which field."""

from __future__ import annotations

import re
import time
from decimal import Decimal

import pytest
from tests.conftest import Desk, find_total

from csq.definition.check import extend_schema
from csq.definition.sources import Columns, OwnField, SourceSettings
from csq.errors import IntakeError, Place, Problem
from csq.intake.headers.columns import find_columns
from csq.intake.headers.keys import header_key
from csq.intake.headers.recognition import Matching, Recognition
from csq.intake.headers.units import is_row_of_units, split_unit
from csq.intake.readers.base import find_header
from csq.records.reading import FieldType
from csq.records.schema import Schema, known_schemas
from csq.records.systems.catalogue import ExportLayout, known_layouts


def recognition(**settings: SourceSettings) -> Recognition:
    schemas = {
        source: extend_schema(schema, settings.get(source, SourceSettings()))
        for source, schema in known_schemas().items()
    }
    return Recognition(schemas, settings)


def match(header: str, file: str = "t.csv", **settings: SourceSettings) -> Matching:
    return recognition(**settings).match(header.split(","), Place(file))


def positions(matching: Matching) -> dict[str, tuple[int, ...]]:
    return {column.field.name: column.positions for column in matching.columns}


def refused(header: str, file: str = "t.csv", **settings: SourceSettings) -> tuple[Problem, ...]:
    with pytest.raises(IntakeError) as error:
        match(header, file, **settings)
    return error.value.problems


# Spellings -------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", [
    "创建时间", "Created at", "created_at", "CREATED-AT", " Created  At ", "Ｃｒｅａｔｅｄ　ａｔ", "created\u200bat", "\ufeff创建时间",
    "创建时间(北京)", "创建时间（UTC+8）", "创建日期", "Created at?", "创建时间？", "创建时间 UTC", "created_at_utc", "Created at (in GMT+08:00)", "*创建时间", "创建时间＊", "▲ Created at", "创建时间 ↓", "提单时间", "createdAt", "创建\n时间", "Created.At", "創建時間",
])  # fmt: skip
def test_one_header_in_many_spellings(spelling: str) -> None:
    assert positions(match(f"工单编号,{spelling}"))["created_at"] == (1,)


@pytest.mark.parametrize(
    "spelling", ["创建时间2", "Created at by", "创建人", "创建", "x创建时间", "时间", ""]
)
def test_what_only_resembles_a_header_is_none(spelling: str) -> None:
    [problem] = refused(f"工单编号,{spelling},渠道,首次解决,重开次数,需求类型")
    assert problem.code == "missing-column"
    assert problem.message.en.startswith("the column “Created at” is missing")


def test_every_alias_of_every_field_is_recognised() -> None:
    for source, schema in known_schemas().items():
        declared = {source: SourceSettings(files=("*",))}
        required = [field.column.zh for field in schema.fields if field.required]
        for field in schema.fields:
            for header in field.headers:
                others = [name for name in required if name != field.column.zh]
                found = positions(match(",".join([*others, header]), "t.csv", **declared))
                assert found[field.name] == (len(others),), (source, field.name, header)


def test_no_alias_of_a_kind_of_record_stands_for_two_of_its_fields() -> None:
    # One column would be counted in two indicators under two names.
    for source, schema in known_schemas().items():
        seen: dict[str, str] = {}
        for field in schema.fields:
            for key in {header_key(header) for header in field.headers}:
                assert seen.setdefault(key, field.name) == field.name, (source, key)


def test_columns_are_found_by_name_in_any_order() -> None:
    assert positions(match("渠道,x,创建时间,工单编号")) == {
        "ticket_id": (3,),
        "created_at": (2,),
        "channel": (0,),
    }


@pytest.mark.parametrize("counted", ["HOLDS", "Holds", "talks", "Waits", "holds (s)"])
def test_how_many_there_were_is_not_how_long_they_took(counted: str) -> None:
    # The field is called hold_s, and two holds were counted as two seconds of it.
    assert positions(match(f"Call ID,Start time,{counted}")) == {
        "call_id": (0,),
        "enqueued_at": (1,),
    }


@pytest.mark.parametrize("source", ["calls", "tickets", "agent_time"])
def test_a_duration_goes_by_its_name_in_csq_however_its_words_are_parted(source: str) -> None:
    schema = known_schemas()[source]
    required = [field.column.zh for field in schema.fields if field.required]
    named = [field.name for field in schema.fields if field.name.endswith("_s")]
    declared = {source: SourceSettings(files=("*",))}
    for name in named:
        for header in (name, name.upper(), name.replace("_", " "), name.replace("_", "-")):
            found = match(",".join([*required, header]), "t.csv", **declared).columns
            assert [each.unit for each in found if each.field.name == name] == [Decimal(1)]


# Units -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("header", "seconds"), [
    ("等待时长", None), ("等待时长(秒)", 1), ("等待时长（s）", 1), ("Wait time (sec)", 1), ("Wait (Seconds)", 1), ("等待时长(分)", 60),
    ("等待时长（分钟）", 60), ("Wait (min)", 60), ("Wait (mins.)", 60), ("Wait time (Minutes)", 60), ("等待时长(小时)", 3_600),
    ("Wait ( h )", 3_600), ("Queue wait (hours)", 3_600), ("wait_s", 1), ("等待时长(毫秒)", 0.001), ("Wait time [ms]", 0.001),
    ("等待时长【天】", 86_400), ("Wait (days)", 86_400), ("等待时长(平均)", None), ("等待时长（单位：分钟）", 60), ("Wait (in minutes)", 60),
    ("等待时长（以分钟计）", 60), ("Speed of answer in seconds", 1), ("Wait time - minutes", 60), ("等待时长/秒", 1), ("等待时长_分", 60),
    ("wait_time_seconds", 1), ("Queue.wait.ms", 0.001), ("等待时长秒", 1), ("等待时长小时数", 3_600), ("等待时长，单位：秒", 1),
    ("Wait time | hrs", 3_600), ("waitTimeMs", 0.001), ("WaitTimeSeconds", 1), ("waitTime", None), ("等候時長/分鐘", 60),
])  # fmt: skip
def test_the_unit_that_a_header_names(header: str, seconds: float | None) -> None:
    matching = match(f"通话编号,进入队列时间,{header}")
    [unit] = [column.unit for column in matching.columns if column.field.name == "wait_s"]
    assert unit == (None if seconds is None else Decimal(str(seconds)))


@pytest.mark.parametrize(
    "unit",
    [
        "周",
        "工作日",
        "months",
        "微秒",
        "Business days",
        "100ms",
        "1/1000 s",
        "十秒",
        "人天",
        "mm.ss",
        "min.sec",
        "MMSS",
    ],
)
def test_a_unit_that_is_no_length_of_time_is_refused(unit: str) -> None:
    [problem] = refused(f"通话编号,进入队列时间,等待时长（{unit}）")
    assert problem.code == "unknown-unit"
    assert problem.value == f"等待时长（{unit}）"


def test_a_time_behind_which_a_unit_stands_is_a_length_of_time() -> None:
    matching = match("工单编号,创建时间,首次响应时长_秒,Resolution time in hours")
    found = {column.field.name: (column.unit, column.since) for column in matching.columns}
    assert found["first_response_at"] == (Decimal(1), "created_at")
    assert found["resolved_at"] == (Decimal(3_600), "created_at")


@pytest.mark.parametrize("header", ["等待时长,等待时长_秒", "Wait seconds,等待时长"])
def test_a_header_that_is_known_whole_goes_before_one_with_a_unit(header: str) -> None:
    matching = match(f"通话编号,进入队列时间,{header}")
    [column] = [column for column in matching.columns if column.field.name == "wait_s"]
    assert [header.split(",")[n - 2] for n in column.positions] == ["等待时长"]


@pytest.mark.parametrize(
    "header", ["渠道/分", "状态 日", "首次解决_秒", "创建时间 分", "Wait week"]
)
def test_a_unit_behind_what_is_no_length_of_time_is_a_part_of_the_name(header: str) -> None:
    matching = match(f"工单编号,创建时间,{header}")
    assert {column.field.name for column in matching.columns} == {"ticket_id", "created_at"}


@pytest.mark.parametrize(("cells", "is_units"), [
    (("", "", "(秒)", "%"), True), (("-", "/", "（分钟）", "次"), True), (("", "[min]", "hh:mm"), True), (("(单位：秒)",), True), (("单位：分钟", "%"), True),
    (("", "", ""), False), (("T001", "秒"), False), (("次", "人"), False), (("合计", "%"), False), (("1", "%"), False),
])  # fmt: skip
def test_a_row_of_units(cells: tuple[str, ...], is_units: bool) -> None:
    assert is_row_of_units(cells) is is_units


# The same words otherwise ----------------------------------------------------------------------


def respell(header: str) -> tuple[str, ...]:
    """A header as databases, programs and keyboards for Chinese write the same words."""
    words = re.findall(r"[^\s_\-]+", header)
    capital = [word[:1].upper() + word[1:].lower() for word in words]
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in header)
    return (
        "_".join(words).lower(), "_".join(words).upper(), "-".join(words), ".".join(words),
        "  ".join(words), f" {header}\u3000", wide.replace(" ", "\u3000"),
        "".join([words[0].lower(), *capital[1:]]), "".join(capital),
    )  # fmt: skip


@pytest.mark.parametrize("unit", ["", " in seconds", " minutes", " ms", " (min)", "（秒）"])
@pytest.mark.parametrize("source", list(known_schemas()))
def test_the_same_words_are_the_same_header(source: str, unit: str) -> None:
    schema = known_schemas()[source]
    for field in schema.fields:
        for header in (field.column.en, *field.headers, *field.column.elapsed):
            # In camelCase nobody tells the s of a field's own name, wait_s, from a plural.
            if header == field.name or not header.isascii():
                continue
            expected = found_in(schema, header + unit)
            for spelt in respell(header + unit):
                assert found_in(schema, spelt) == expected, (header + unit, spelt)


def found_in(schema: Schema, header: str) -> dict[str, tuple[object, ...]]:
    found = find_columns(schema, [header], {})
    return {name: (each.unit, each.clock, each.zone) for name, each in found.items()}


@pytest.mark.parametrize(
    "header",
    [
        "Answered (Y/N)",
        "answered_y_n",
        "answered_yn",
        "Answered Yes/No",
        "ANSWERED-YN",
        "是否接通（是/否）",
    ],
)
def test_a_flag_may_say_that_it_is_yes_or_no(header: str) -> None:
    assert "answered" in match(f"通话编号,进入队列时间,{header}").fields


@pytest.mark.parametrize(
    "header", ["resolved_at_y_n", "Resolved at (Y/N)", "transfers_yn", "CSAT（是/否）"]
)
def test_what_is_yes_or_no_is_no_time_and_no_number(header: str) -> None:
    assert match(f"工单编号,创建时间,{header}").fields == {"ticket_id", "created_at"}


# What is wrong with headers --------------------------------------------------------------------


def test_a_required_column_that_is_missing_is_named() -> None:
    [problem] = refused("工单编号,渠道,首次解决,重开次数", "八月.csv")
    assert problem.line("zh") == (
        "八月.csv: missing-column: 缺少必需的列「创建时间」（现有：工单编号, 渠道, 首次解决, 重开次数）"
        " → 在 metrics.yaml 的 sources: 的 columns: 里写出它的表头；csq init 会写出初稿"
    )
    assert problem.line("en") == (
        "八月.csv: missing-column: the column “Created at” is missing (present: 工单编号, 渠道, 首次解决, 重开次数)"
        " → name its header with columns: under sources: in metrics.yaml; csq init drafts that"
    )


def test_a_column_twice_or_in_both_languages_is_named() -> None:
    [problem] = refused("工单编号,创建时间,渠道,Channel")
    assert problem.line("zh") == (
        "t.csv: double-column: 「渠道」有多列：渠道, Channel → 删去多余的列，或用 columns: 指定其中一列，csq init 会写出初稿"
    )
    assert problem.line("en") == (
        "t.csv: double-column: “Channel” stands in several columns: 渠道, Channel"
        " → delete all but one, or choose with columns: as csq init drafts it"
    )


@pytest.mark.parametrize(("header", "field", "position"), [
    ("通话编号,进入队列时间,来电号码,客户编号", "customer_id", 3),
    ("工单编号,创建时间,处理人,客服工号", "agent_id", 3),
    ("Ticket ID,Created at,Assignee,Employee ID", "agent_id", 3),
    ("工单编号,创建时间,坐席姓名,坐席工号", "agent_id", 3),
    ("工单编号,创建时间,坐席", "agent_id", 2),
    ("流水号,进线时间,排队时长", "call_id", 0),
    ("流水号,创建时间,解决时间", "ticket_id", 0),
    ("通话编号,进入队列时间,客服", "agent_id", 2),
    ("Ticket ID,Created at,Agent name", "agent_id", 2),
    ("工单编号,受理时间,创建时间,技能组,班组", "team", 4),
    ("工单编号,受理时间,创建时间,技能组,班组", "created_at", 2),
    ("投诉编号,创建时间,投诉时间,投诉原因", "created_at", 2),
    ("工单编号,创建时间,工单来源,接入渠道", "channel", 3),
    ("通话编号,进入队列时间,来电号码", "customer_id", 2),
    ("投诉编号,受理時間,投诉原因", "created_at", 1),
    ("Call ID,Start time,Call type,Call direction", "direction", 3),
    ("通话编号,开始时间,呼叫类型,呼叫方向", "direction", 3),
    ("Call ID,Start time,Call type", "direction", 2),
    ("工单编号,创建日期,创建时间", "created_at", 2),
    ("工单编号,创建时间,解决日期,解决时间", "resolved_at", 3),
    ("工单编号,创建时间,解决日期", "resolved_at", 2),
    ("工单编号,创建时间,关闭日期,关闭时间", "closed_at", 3),
    ("Ticket ID,Created at,Closed at,Ticket closed at", "closed_at", 2),
    ("Ticket ID,Created at,Channel name,Channel", "channel", 3),
    ("Ticket ID,Created at,Channel name", "channel", 2),
    ("Conversation number,Conversation ID,Created at", "ticket_id", 1),
    ("Conversation number,Created at", "ticket_id", 0),
    ("Call ID,Enqueued at,Speed of answer,Queue wait time", "wait_s", 2),
    ("Call ID,Enqueued at,Queue wait time", "wait_s", 2),
])  # fmt: skip
def test_what_only_stands_in_for_a_field_yields_to_a_column_of_its_own(
    header: str, field: str, position: int
) -> None:
    assert positions(match(header))[field] == (position,)


def test_a_length_of_time_says_more_than_what_stands_in_for_its_end() -> None:
    """A date would end every case at midnight, before it began."""
    matching = match("工单编号,创建时间,解决日期,解决时长")
    assert positions(matching)["resolved_at"] == (3,)
    assert matching.columns[2].since == "created_at"


def test_of_two_that_stand_in_for_a_field_neither_is_chosen() -> None:
    matching = match("工单编号,创建时间,处理人,受理人")
    assert positions(matching) == {"ticket_id": (0,), "created_at": (1,)}
    assert [(each.field.name, each.positions) for each in matching.unclear] == [
        ("agent_id", (2, 3))
    ]


def test_where_records_need_the_field_neither_is_a_fault() -> None:
    [problem] = refused("工单编号,受理时间,登记时间")
    assert problem.line("zh") == (
        "t.csv: double-column: 「创建时间」有多列：受理时间, 登记时间"
        " → 删去多余的列，或用 columns: 指定其中一列，csq init 会写出初稿"
    )


def test_one_of_two_that_stand_in_can_be_declared() -> None:
    settings = SourceSettings(columns={"agent_id": Columns(headers=("受理人",))})
    matching = match("工单编号,创建时间,处理人,受理人", tickets=settings)
    assert positions(matching)["agent_id"] == (3,)
    assert matching.unclear == ()


def test_nor_is_either_left_out_where_something_would_be_assumed() -> None:
    """Without a direction every call counts as inbound."""
    [problem] = refused("通话编号,进入队列时间,呼叫类型,通话类型")
    assert problem.line("zh") == (
        "t.csv: double-column: 「呼叫方向」有多列：呼叫类型, 通话类型"
        " → 删去多余的列，或用 columns: 指定其中一列，csq init 会写出初稿"
    )


def test_no_record_is_dated_by_a_field_that_may_be_unclear() -> None:
    for schema in known_schemas().values():
        unclear = {f.name for f in schema.fields if f.column.stand_ins and not f.required}
        assert not unclear & set(schema.time), schema.source


def test_all_faults_of_a_header_are_told_at_once() -> None:
    found = refused("工单编号,Ticket ID,渠道,渠道,首次解决,重开次数")
    assert [problem.code for problem in found] == [
        "double-column",
        "missing-column",
        "double-column",
    ]


def test_columns_nobody_knows_may_stand_twice() -> None:
    assert positions(match("工单编号,创建时间,x,x,,")) == {"ticket_id": (0,), "created_at": (1,)}


def test_what_is_no_export_is_called_unrecognised() -> None:
    [problem] = refused("姓,名,,电话号码")
    assert problem.line("zh") == (
        "t.csv: unrecognised-export: 认不出这是哪一类数据（表头：姓, 名, 电话号码）"
        " → 在 metrics.yaml 的 sources: 里用 files: 和 columns: 说明它；csq init 会写出初稿"
    )
    assert problem.line("en") == (
        "t.csv: unrecognised-export: it is no kind of export csq knows (header: 姓, 名, 电话号码)"
        " → say what it is with files: and columns: under sources: in metrics.yaml; csq init drafts that"
    )


def test_what_may_be_two_kinds_is_not_guessed() -> None:
    [problem] = refused("x,甲", tickets=SourceSettings(
        columns={"ticket_id": Columns(headers=("x",)), "created_at": Columns(headers=("甲",))}
    ), calls=SourceSettings(
        columns={"call_id": Columns(headers=("x",)), "enqueued_at": Columns(headers=("甲",))}
    ))  # fmt: skip
    assert problem.line("zh") == (
        "t.csv: ambiguous-source: 可能是通话 / 工单，无法确定 → 在 metrics.yaml 的 sources: 里用 files: 指定"
    )
    assert problem.line("en") == (
        "t.csv: ambiguous-source: it may be Calls / Tickets → settle it with files: under sources:"
    )


# What the definition settles -------------------------------------------------------------------


def test_files_declares_what_a_file_holds() -> None:
    header = "工单编号,创建时间,渠道,首次解决,重开次数"
    settings = SourceSettings(
        files=("投诉*", "archive/*.csv"), columns={"complaint_id": Columns(headers=("工单编号",))}
    )
    for file in ("投诉2025.csv", "archive/x.csv", "deep/投诉.csv"):
        assert match(header, file, complaints=settings).schema.source == "complaints"
    assert match(header, "x.csv", complaints=settings).schema.source == "tickets"


def test_a_declared_header_beats_what_csq_would_guess() -> None:
    settings = SourceSettings(columns={"created_at": Columns(headers=("提单时间",))})
    # Without the declaration two columns would spell the creation.
    assert positions(match("工单编号,创建时间,提单时间", tickets=settings))["created_at"] == (2,)


def test_a_column_given_to_one_field_is_not_taken_for_another() -> None:
    settings = SourceSettings(columns={"product": Columns(headers=("渠道",))})
    found = positions(match("工单编号,创建时间,渠道", tickets=settings))
    assert (found.get("product"), found.get("channel")) == ((2,), None)


def test_an_own_field_takes_its_columns() -> None:
    settings = SourceSettings(
        fields={"line": OwnField(type=FieldType.TEXT, columns=("产品线", "Line"))}
    )
    for header in ("产品线", "line", "LINE"):
        assert positions(match(f"工单编号,创建时间,{header}", tickets=settings))["line"] == (2,)


def test_parts_are_joined_in_the_order_they_are_declared() -> None:
    settings = SourceSettings(columns={"enqueued_at": Columns(join=("日期", "时刻"))})
    assert positions(match("时刻,通话编号,日期", calls=settings))["enqueued_at"] == (2, 0)


def test_a_part_that_is_missing_is_not_left_out_of_the_join() -> None:
    settings = SourceSettings(columns={"enqueued_at": Columns(join=("日期", "时刻"))})
    [problem] = refused("通话编号,日期,等待时长,放弃", calls=settings)
    assert problem.code == "missing-column"


def test_a_part_that_stands_twice_is_refused() -> None:
    # Which of the two days belongs to the time of day, nobody knows.
    settings = SourceSettings(columns={"enqueued_at": Columns(join=("日期", "时刻"))})
    [problem] = refused("通话编号,日期,时刻,日期,等待时长,放弃", calls=settings)
    assert problem.code == "double-column"


def test_the_fullest_kind_wins_where_all_its_required_columns_are_there() -> None:
    assert match("投诉编号,工单编号,创建时间,投诉原因,沟通次数").schema.source == "complaints"


def test_a_tie_goes_to_the_kind_whose_required_columns_are_there() -> None:
    # Only tickets need 工单编号: what is wrong with this file is that it lacks the creation.
    [problem] = refused("工单编号,渠道,状态,团队")
    assert problem.code == "missing-column"


@pytest.mark.parametrize("header", [
    "工单编号,发生于,坐席工号,渠道,首次解决", "通话编号,日期,等待时长,坐席工号", "投诉编号,日期,坐席工号,团队,状态", "评价编号,满意度,Agent ID",
])  # fmt: skip
def test_an_export_that_names_agents_is_no_roster(header: str) -> None:
    # A roster requires nothing but the agent's id, which every other kind of export carries too:
    # 5,000 tickets without a readable time column would become a roster of 40 people.
    try:
        found = match(header).schema.source
    except IntakeError as error:
        assert {problem.code for problem in error.problems} <= {
            "missing-column",
            "ambiguous-source",
        }
    else:
        assert found != "agents"


def test_how_many_cells_of_a_row_are_headers() -> None:
    known = recognition()
    assert known.known_headers(["工单编号", "创建时间", "x"]) == 2
    assert known.known_headers(["客服中心 8 月", "", ""]) == 0
    assert known.known_headers(["工单编号", "Ticket ID"]) == 1


@pytest.mark.parametrize("header", ["首次响应时长", "首響時長", "First_Response_Duration"])
def test_a_length_of_time_is_one_where_its_column_is_declared_too(header: str) -> None:
    declared = SourceSettings(columns={"first_response_at": Columns(headers=(header,))})
    found = match(f"工单编号,创建时间,{header}", tickets=declared).columns
    assert [each.since for each in found] == [None, None, "created_at"]


def test_a_declared_column_that_may_be_a_moment_is_one() -> None:
    declared = SourceSettings(
        columns={"first_response_at": Columns(headers=("First response time",))}
    )
    found = match("工单编号,创建时间,First response time", tickets=declared).columns
    assert [each.since for each in found] == [None, None, None]


# Times that are exported as a length of time ------------------------------------------------------

ELAPSED = {
    "首次响应时长": "1", "首响时长(分钟)": "60", "首次响应时间(秒)": "1", "首次響應時長": "1",
    "First response time (min)": "60", "First response duration [h]": "3600",
    "first_response_minutes": "60", "firstResponseSec": "1", "First response hours": "3600",
}  # fmt: skip


@pytest.mark.parametrize(("spelling", "seconds"), ELAPSED.items())
def test_a_length_of_time_is_counted_from_the_creation(spelling: str, seconds: str) -> None:
    [column] = [
        each
        for each in match(f"工单编号,创建时间,{spelling}").columns
        if each.field.name == "first_response_at"
    ]
    assert (column.since, str(column.unit or 1)) == ("created_at", seconds)


@pytest.mark.parametrize("spelling", [
    "First response time", "Resolution time", "First response time (in bhrs)",
    "首次响应时长(工作小时)", "Resolution time (in hrs)",
])  # fmt: skip
def test_a_time_that_may_be_a_moment_or_of_an_unknown_unit_is_not_guessed(spelling: str) -> None:
    assert set(positions(match(f"工单编号,创建时间,{spelling}"))) == {"ticket_id", "created_at"}


def test_the_moment_is_preferred_to_its_length() -> None:
    found = match("工单编号,创建时间,首次响应时长,首次响应时间,解决时长,解决时间")
    assert [each.since for each in found.columns] == [None] * 4


@pytest.mark.parametrize("layout", known_layouts(), ids=lambda each: f"{each.system}: {each.title}")
def test_documented_headers_are_found_below_lines_that_know_some_words(
    layout: ExportLayout,
) -> None:
    rows = [["报表", "2025-08"], ["渠道", "全部", "状态", "全部"], [each.header for each in layout.headers]]  # fmt: skip
    assert find_header(rows, recognition().known_headers) == 2


def test_a_table_of_hours_without_ids_is_no_roster() -> None:
    # As a roster it would keep one row an agent, and nobody would hear of it.
    problem = refused("日期,坐席工号,登录时长,处理时长")[0]
    assert problem.line("zh") == (
        "t.csv: missing-id: 缺少编号列「工时记录编号」（现有：日期, 坐席工号, 登录时长, 处理时长）"
        " → 在 sources: 的 columns: 里写出它的表头，csq init 会写出初稿；没有编号的，用几列合成，例如 columns: { record_id: { join: [日期, 工号] } }"
    )
    assert problem.line("en") == (
        "t.csv: missing-id: the column of ids “Time record ID” is missing (present: 日期, 坐席工号, 登录时长, 处理时长)"
        " → name its header with columns: under sources:, csq init drafts that; where there is none, join columns that make one,"
        " such as columns: { record_id: { join: [Date, Agent] } }"
    )


def test_a_whole_line_taken_for_a_header_is_looked_through_at_once() -> None:
    begun = time.process_time()
    assert split_unit("x -" * 20_000) == ("", "")
    assert split_unit("问" * 400 + " 秒") == ("问" * 400, "秒")
    assert time.process_time() - begun < 0.5


@pytest.mark.parametrize("header", [
    "t1.ticket_id,t1.created_at,t1.resolved_at", "tickets.工单编号,tickets.创建时间,tickets.解决时间",
    "工单.工单编号,工单.创建时间,工单.解决时间", "Tickets[Ticket ID],Tickets[Created at],Tickets[Resolved at]",
    "工单编号 Ticket ID,创建时间/Created at,Resolved at 解决时间", "工单ID Ticket ID,创建时间(Created at),解决时间 | Resolved at",
    "工单编号：,创建时间:,解决时间 :",
])  # fmt: skip
def test_a_name_is_known_beside_its_table_or_its_other_language(desk: Desk, header: str) -> None:
    desk.put("t.csv", f"{header}\nT1,2025-08-01,2025-08-02\nT2,2025-08-31,\n")
    desk.indicator("COUNT(tickets, resolved_at)", "count")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 1
    assert not scorecard.problems


@pytest.mark.parametrize("header", [
    # Not all of one table; a field of something else; two names of two things; two of one language.
    "工单编号,创建时间,customer.resolved_at", "工单编号,创建时间,解决时间 Created at",
    "工单编号,创建时间,解决 解决时间", "工单编号,创建时间,解决时间 SLA",
])  # fmt: skip
def test_a_name_within_another_is_not_taken_for_it(desk: Desk, header: str) -> None:
    desk.put("t.csv", f"{header}\nT1,2025-08-01,2025-08-02\nT2,2025-08-31,\n")
    desk.indicator("COUNT(tickets, resolved_at)", "count")
    assert desk.value("2025-08") is None


def test_a_declared_header_stays_as_it_is_declared(desk: Desk) -> None:
    header = "t1.ticket_id,t1.created_at,t1.解决时间"
    desk.put("t.csv", f"{header}\nT1,2025-08-01,2025-08-02\nT2,2025-08-31,\n")
    desk.define("""
sources:
  tickets:
    columns: { ticket_id: t1.ticket_id, created_at: t1.created_at, closed_at: t1.解决时间 }
indicators:
  - { id: it, name: it, formula: "COUNT(tickets, closed_at)", unit: count, direction: up }
""")
    assert desk.value("2025-08") == 1


def test_beside_a_declared_header_the_others_are_known_without_their_table(desk: Desk) -> None:
    # One column that csq did not know was declared, and then it knew none of the others.
    desk.put(
        "t.csv", "t1.ticket_id,t1.created_at,t1.fixed\nT1,2025-08-01,2025-08-02\nT2,2025-08-31,\n"
    )
    desk.define("""
sources:
  tickets:
    columns: { resolved_at: t1.fixed }
indicators:
  - { id: it, name: it, formula: "COUNT(tickets, resolved_at)", unit: count, direction: up }
""")
    assert desk.value("2025-08") == 1
