"""The documented headers of common systems: recognised as a set, read in their units, shadowing none."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.conftest import Desk, books, codes, find_total

from csq.errors import IntakeError, Place
from csq.intake.headers.keys import header_key
from csq.intake.headers.recognition import Matching, Recognition
from csq.records.reading import FieldType, Reading
from csq.records.schema import Schema, known_schemas
from csq.records.script import simplify
from csq.records.systems import catalogue
from csq.records.systems.catalogue import ExportLayout, known_layouts

RECOGNITION = Recognition(known_schemas(), {})
LAYOUTS = [pytest.param(each, id=f"{each.system}: {each.title}") for each in known_layouts()]

NOT_FULL = {
    ("Jira Service Management", "data pipeline, issues_job_….csv"): "Created date",
}
"""Exports whose documentation was seen in part: with this built-in header they are complete."""


def schema_of(layout: ExportLayout) -> Schema:
    return known_schemas()[layout.kind]


def spell(layout: ExportLayout) -> list[str]:
    more = NOT_FULL.get((layout.system, layout.title))
    return [*(each.header for each in layout.headers), *([more] if more else [])]


def match(header: list[str]) -> Matching:
    return RECOGNITION.match(header, Place("t.csv"))


def fields(matching: Matching, header: list[str]) -> dict[str, str]:
    return {each.field.name: header[each.positions[0]] for each in matching.columns}


def meant(layout: ExportLayout) -> dict[str, str]:
    """For each field its first documented header."""
    found: dict[str, str] = {}
    for each in layout.headers:
        if each.field:
            found.setdefault(each.field, each.header)
    return found


# The tables --------------------------------------------------------------------------------------


def test_there_is_a_table_for_these_systems() -> None:
    folder = Path(catalogue.__file__).parent
    assert {path.stem for path in folder.glob("*.toml")} == {
        "zendesk", "freshdesk", "intercom", "servicenow", "jira_service_management",
        "genesys_cloud", "amazon_connect", "udesk", "sobot", "meiqia", "easemob", "moor7", "wjx",
        "tencent_qidian", "tencent_survey", "surveymonkey", "qualtrics", "talkdesk",
    }  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_entry_names_a_field_and_its_source(layout: ExportLayout) -> None:
    schema = schema_of(layout)
    for each in layout.headers:
        assert each.source.strip(), each.header
        field = schema.field(each.field) if each.field else None
        assert bool(field) is bool(each.field), each.header
        if each.unit:
            assert field, each.header
            assert field.type is FieldType.DURATION or each.since, each.header
        if each.since:
            start = schema.field(each.since)
            assert start, each.header
            assert start.required, "a time cannot be counted from a blank"
            assert field, each.header
            assert field.type is start.type is FieldType.TIMESTAMP
            assert each.unit, "a duration without a unit"


def test_where_a_system_means_something_else_by_a_built_in_header() -> None:
    """Few headers do, and each is listed here; in any other file they mean what they always do."""
    otherwise = set()
    for layout in known_layouts():
        built_in = {
            header_key(spelling): field.name
            for field in schema_of(layout).fields
            for spelling in field.headers
        }
        for each in layout.headers:
            known = built_in.get(header_key(each.header))
            if known and known != each.field:
                otherwise.add((layout.system, each.header, known, each.field))
    assert otherwise == {
        ("容联七陌", "CallNo", "call_id", "customer_id"),
        ("容联七陌", "AgentName", "agent_id", None),
        ("美洽", "agent_name", "agent_id", None),
        ("腾讯问卷", "用户类型", "customer_type", None),
        ("Genesys Cloud", "Wrap-up", "acw_s", None),
        ("Talkdesk", "call_type", "direction", None),
        ("Talkdesk", "agent_name", "agent_id", None),
        ("Talkdesk", "callsid", "call_id", None),
        ("Talkdesk", "user_id", "customer_id", "agent_id"),
    }


# Recognition ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_documented_header_row_is_recognised(layout: ExportLayout) -> None:
    header = spell(layout)
    matching = match(header)
    assert matching.schema.source == layout.kind
    found = fields(matching, header)
    assert meant(layout).items() <= found.items()
    if matching.layout:
        assert (matching.layout.system, matching.layout.title) == (layout.system, layout.title)
    else:
        assert set(found.values()) == set(header), "all known without the table"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_columns_of_the_users_own_do_not_disturb(layout: ExportLayout) -> None:
    header = ["自定义一", *reversed(spell(layout)), "Custom 2"]
    assert meant(layout).items() <= fields(match(header), header).items()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_units_are_the_documented_ones(layout: ExportLayout) -> None:
    seconds = {"ms": Decimal("0.001"), "s": Decimal(1), "min": Decimal(60), "h": Decimal(3600)}
    header = spell(layout)
    read = {header[each.positions[0]]: each for each in match(header).columns}
    for each in layout.headers:
        if each.unit and each.header in read:
            assert read[each.header].unit == seconds[each.unit]
            assert read[each.header].since == each.since


def test_a_few_documented_headers_do_not_make_a_system() -> None:
    with pytest.raises(IntakeError) as error:
        match(["Id", "Requester", "x", "y"])
    assert [problem.code for problem in error.value.problems] == ["unrecognised-export"]


@pytest.mark.parametrize("header", [
    # An agent, a type and a status are in the exports of systems nobody has documented here too.
    "id,type,source,from,to,recordurl,duration,connect,created_at,ticket_id,user_id,agent_id",
    "CALL ID,START TIME,CAMPAIGN,AGENT,AGENT NAME,DISPOSITION,ANI,TALK TIME,HOLDS,ABANDONED,QUEUE",
    # Here they are most of the headers, and say what they say without a system.
    "ticket_id,created_at,category,priority,status,agent,resolution_hours",
])  # fmt: skip
def test_words_that_any_export_has_name_no_system(header: str) -> None:
    assert match(header.split(",")).layout is None


def test_a_system_is_known_by_some_of_its_headers_among_many_others() -> None:
    documented = ["Id", "Requester", "Assignee", "Group", "Via", "Created at", "Status"]
    matching = match([*documented, *(f"Custom {n}" for n in range(30))])
    assert matching.layout
    assert (matching.layout.system, matching.layout.title) == ("Zendesk", "tickets as CSV")


def test_a_header_csq_knows_stands_whatever_a_system_calls_it() -> None:
    # Udesk documents `id` as the ticket's number; a file with its own ticket_id has another one.
    header = ["id", "subject", "content", "status", "priority", "created_at", "ticket_id"]
    assert fields(match(header), header)["ticket_id"] == "ticket_id"


def test_a_file_that_needs_no_table_reads_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> tuple[ExportLayout, ...]:
        raise AssertionError("the tables were read")

    monkeypatch.setattr("csq.intake.headers.recognition.known_layouts", fail)
    assert match(["工单编号", "创建时间", "渠道", ""]).layout is None


def test_the_better_of_two_documented_headers_is_taken() -> None:
    header = ["CallID", "CallNo", "Ring", "CalledNo", "CallSheetID", "Agent"]
    found = fields(match(header), header)
    assert (found["call_id"], found["customer_id"]) == ("CallSheetID", "CallNo")
    header.remove("CallSheetID")
    assert fields(match(header), header)["call_id"] == "CallID"


# Traditional and simplified ------------------------------------------------------------------------


@pytest.mark.parametrize(("header", "field"), [
    ("首次響應時間", "first_response_at"), ("首次响應时間", "first_response_at"), ("工單来源", "channel"),
    ("服務渠道", "channel"), ("客戶類別", "customer_type"), ("轉派次数", "transfers"), ("優先等級", "priority"),
    ("是否垃圾工單", "spam"), ("處理人", "agent_id"), ("暫停总時長(分鐘)", "paused_s"),
])  # fmt: skip
def test_traditional_and_mixed_headers(header: str, field: str) -> None:
    cells = ["工單编號", "創建时間", header]
    assert fields(match(cells), cells) == {
        "ticket_id": cells[0],
        "created_at": cells[1],
        field: header,
    }


def test_documented_headers_in_traditional_characters() -> None:
    header = ["序號", "提交答卷時間", "所用時間", "來源", "來源詳情", "來自IP"]
    assert fields(match(header), header) == {
        "survey_id": "序號",
        "responded_at": "提交答卷時間",
        "fill_seconds": "所用時間",
    }


def test_latin_headers_need_no_table_of_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> dict[int, str]:
        raise AssertionError("the table was read")

    monkeypatch.setattr("csq.records.script._characters", fail)
    match(["Ticket ID", "Created at", "Custom 1"])


def test_simplifying_twice_changes_nothing() -> None:
    for layout in known_layouts():
        for each in layout.headers:
            assert simplify(simplify(each.header)) == simplify(each.header)


# From file to number -------------------------------------------------------------------------------


def test_minutes_of_zendesk_become_times(desk: Desk) -> None:
    desk.put_rows("t.csv", "Id,Created at,Solved at,First reply time in minutes,On hold time in minutes,Via", [
        ["1", "2025-08-01 09:00", "2025-08-01 10:00", "5", "2", "Mail"],
        ["2", "2025-08-31 23:30", "2025-09-01 10:00", "90", "", "Mail"],
        ["3", "2025-08-31 09:00", "", "", "", "Chat"],
        ["4", "2025-08-31 09:00", "", "soon", "", "Chat"],
        ["5", "2025-08-31 09:00", "", "99999999", "", "Chat"],
    ])  # fmt: skip
    desk.indicator("AVERAGE(tickets, first_response_at - created_at)", "duration")
    scorecard = desk.score("2025-08")
    assert desk.value("2025-08") == (5 + 90) * 60 / 2
    assert {"recognised-system": 1, "counted-time": 1}.items() <= codes(scorecard).items()
    refused = [p for p in scorecard.problems if p.code.startswith("unreadable")]
    assert [(p.code, p.place.row, p.value) for p in refused] == [
        ("unreadable-duration", 5, "soon"),
        ("unreadable-timestamp", 6, "99999999"),
    ]
    desk.indicator("SUM(tickets, paused_s)", "duration")
    assert desk.value("2025-08") == 120


def test_a_field_of_ones_own_may_be_headed_by_yes_and_no(desk: Desk) -> None:
    # How many of the yeses: shipped fields but flags and texts are no such column.
    rows = [["1", "2025-08-01 09:00", "3"], ["2", "2025-08-02 09:00", "4"]]
    desk.put_rows("t.csv", "工单编号,创建时间,回访 Y/N", rows)
    desk.define(
        "sources: { tickets: { fields: { revisits: { type: number, columns: 回访 Y/N } } } }\n"
        "indicators: [{ id: it, name: 它, unit: count, direction: up,"
        " formula: 'SUM(tickets, revisits)' }]\n"
    )
    assert find_total(desk.score("2025-08")).value == 7


def test_what_a_system_leaves_without_a_field_may_be_the_users_own(desk: Desk) -> None:
    desk.put_rows("t.csv", "Id,Created at,Solved at,First reply time in minutes,Satisfaction Score,Subject", [
        ["1", "2025-08-01 09:00", "2025-08-01 10:00", "5", "Good", "Bill"],
        ["2", "2025-08-02 09:00", "2025-08-02 10:00", "5", "Bad", "Bill"],
        ["3", "2025-08-03 09:00", "2025-08-03 10:00", "5", "Good", "Login"],
    ])  # fmt: skip
    desk.define(
        "sources: { tickets: { fields: { mood: { type: text, columns: Satisfaction Score },"
        " about: { type: text, columns: [Subject] } } } }\n"
        "indicators: [{ id: it, name: 它, unit: count, direction: up,"
        ' formula: \'COUNTIF(tickets, mood = "Good" AND about = "Bill")\' }]\n'
    )
    scorecard = desk.score("2025-08")
    assert codes(scorecard)["recognised-system"] == 1
    assert find_total(scorecard).value == 1


def test_milliseconds_of_genesys(desk: Desk) -> None:
    desk.put_rows("c.csv", "Conversation ID,Date,Direction,Queue,Total Queue,Total Talk,Total ACW", [
        ["a", "2025-08-01 09:00:00", "Inbound", "q", "1500", "61000.5", "15000"],
        ["b", "2025-08-31 09:00:00", "Inbound", "q", "00:00:02.250", "0.0004", ""],
    ])  # fmt: skip
    for field, value in (("wait_s", "3.75"), ("talk_s", "61.0005"), ("acw_s", "15")):
        desk.indicator(f"SUM(calls, {field})", "duration")
        assert desk.value("2025-08") == Decimal(value), field


def test_who_interacted_tells_what_genesys_answered(desk: Desk) -> None:
    header = "Conversation ID,Date,Direction,Total Queue,Users - Interacted,Abandoned,Flow-Out Type"
    desk.put_rows("c.csv", header, [
        ["a", "2025-08-01 09:00:00", "Inbound", "1500", "Wang; Li", "NO", ""],
        ["b", "2025-08-02 09:00:00", "Inbound", "2500", "", "YES", ""],
        ["c", "2025-08-03 09:00:00", "Inbound", "3500", "", "NO", "voicemail"],
        ["d", "2025-08-31 09:00:00", "Inbound", "3500", "#N/A", "NO", ""],
    ])  # fmt: skip
    desk.indicator("AVERAGEIF(calls, answered, wait_s)", "duration")
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == Decimal("1.5")
    assert books(scorecard)["c.csv"] == (4, 3, 1, 0, 0)
    assert codes(scorecard)["cell-error"] == 1
    notice = next(each for each in scorecard.problems if each.code == "filled-flag")
    assert notice.line("zh") == (
        "c.csv:Users - Interacted: filled-flag: 「Users - Interacted」有内容的行都算「接通」"
        " → 若不对，在 sources: 的 columns: 里写明「接通」是哪一列"
    )
    assert notice.line("en") == (
        "c.csv:Users - Interacted: filled-flag: “Answered” is taken as yes wherever"
        " “Users - Interacted” is filled"
        " → if that is wrong, name the column of “Answered” with columns: under sources:"
    )
    for flag in ("flow_out", "abandoned"):
        desk.indicator(f"COUNTIF(calls, {flag})", "count")
        assert desk.value("2025-08") == 1, flag


def test_a_value_a_system_documents_is_folded_in_data_and_formula_alike(desk: Desk) -> None:
    desk.put_rows("i.csv", "number,state,priority,opened_at,caller_id,sys_id,assignment_group", [
        ["INC1", "6", "1 - Critical", "2025-08-01 09:00:00", "c", "x", "g"],
        ["INC2", "Resolved", "5 - Planning", "2025-08-31 09:00:00", "c", "y", "g"],
    ])  # fmt: skip
    for condition, count in {
        'status = "已解决"': 1,
        'status = "6"': 1,
        'priority IN {"紧急","低"}': 2,
        'priority = "1 - Critical"': 1,
    }.items():
        desk.indicator(f"COUNTIF(tickets, {condition})", "count")
        assert desk.value("2025-08") == count, condition


def test_a_counted_time_in_python_is_the_engines() -> None:
    """The model that explains refusals counts the same time."""
    model = known_schemas()["tickets"].model
    readings = {"first_response_at": Reading(since="created_at", unit=Decimal(60))}
    cells = {"ticket_id": "1", "created_at": "2025-08-31 23:30", "first_response_at": "90"}
    record = model.model_validate(cells, context=readings)
    assert record.model_dump()["first_response_at"] == datetime(2025, 8, 31, 23, 30) + timedelta(
        minutes=90
    )


def test_a_log_of_calls_of_tinet_is_one(desk: Desk) -> None:
    # 天润: the beginning of the call stands for its entering the queue, where nothing else does.
    header = "通话唯一标识,客户号码,热线号码,开始时间,呼叫类型,接听时间,座席工号,结束时间,接听状态"
    day = "2025-08-01 09:00:"
    rows = [
        (
            "m-1",
            "13800000001",
            "4008",
            f"{day}00",
            "普通来电",
            f"{day}12",
            "7",
            f"{day}40",
            "已接听",
        ),
        ("m-2", "13800000002", "4008", f"{day}05", "普通来电", "", "", f"{day}45", "未接听"),
        ("m-3", "13800000003", "4008", f"{day}05", "外呼", f"{day}06", "7", f"{day}45", "已接听"),
    ]
    desk.put_rows("t.csv", header, rows)
    desk.indicator(
        'AVERAGEIF(calls, direction = "呼入", answered_at - enqueued_at)',
        "duration",
        direction="down",
    )
    scorecard = desk.score("2025-08")
    assert find_total(scorecard).value == 12
    assert books(scorecard) == {"t.csv": (3, 3, 0, 0, 0)}
