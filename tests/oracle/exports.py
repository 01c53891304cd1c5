"""Exports read a second time: plain loops over rows, and nothing of csq.

Headers, spellings and the rules by which a row is refused are written out here once more, for the
spellings that occur in examples/ and hardly any others. A header that is not in these tables is an
error, so that nothing is read by accident.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl

Row = dict[str, Any]
"""One record: fields by name, a blank is `None`."""

# What stands in which column -----------------------------------------------------------------

HEADERS = {
    "tickets": {
        "工单编号": "ticket_id", "工单号": "ticket_id",
        "创建时间": "created_at", "提单时间": "created_at",
        "渠道": "channel", "来源渠道": "channel",
        "客户编号": "customer_id", "客户ID": "customer_id",
        "客户类型": "customer_type",
        "问题类型": "problem_type", "问题分类": "problem_type",
        "产品": "product",
        "分派时间": "assigned_at",
        "首次响应时间": "first_response_at", "首响时间": "first_response_at",
        "首次响应方": "first_response_by",
        "解决时间": "resolved_at", "完成时间": "resolved_at",
        "状态": "status", "工单状态": "status",
        "团队": "team", "班组": "team",
        "坐席工号": "agent_id", "客服工号": "agent_id",
        "转派次数": "transfers", "转接次数": "transfers",
        "转接信息完整": "transfer_info_complete",
        "转技术": "transferred_to_tech",
        "技术初步方案时间": "first_plan_at",
        "涉及部门数": "departments", "部门数": "departments",
        "复杂问题": "complex",
        "外派": "outsourced",
        "首次解决": "first_contact_resolved", "是否首次解决": "first_contact_resolved",
        "即时解决": "resolved_in_session",
        "重开次数": "reopen_count",
        "前次工单编号": "repeat_of",
        "进度反馈时间": "progress_note_at",
        "暂停时长": "paused_s",
        "沟通次数": "contacts_to_resolve",
        "垃圾工单": "spam",
        "合并至工单": "merged_into",
        "需求类型": "need_type",
        "首问坐席工号": "first_agent_id",
        "客服回复次数": "agent_replies",
        "升级": "escalated",
        "解决截止时间": "sla_resolve_due",
        "关闭时间": "closed_at",
        "客户回复次数": "customer_replies",
    },
    "calls": {
        "通话编号": "call_id", "进线时间": "enqueued_at", "技能组": "queue",
        "呼叫方向": "direction",
        "客户编号": "customer_id", "接听时间": "answered_at", "是否放弃": "abandoned",
        "预约回拨": "callback_requested", "等待时长": "wait_s", "通话时长": "talk_s",
        "保持时长": "hold_s", "话后时长": "acw_s", "是否转接": "transferred",
        "坐席工号": "agent_id",
    },
    "surveys": {
        "评价编号": "survey_id", "工单编号": "ticket_id", "坐席工号": "agent_id",
        "渠道": "channel", "问题类型": "problem_type", "产品": "product", "调研方式": "mode",
        "服务结束时间": "service_end_at", "发送时间": "sent_at", "评价时间": "responded_at",
        "满意度": "csat", "推荐意愿": "nps", "费力度": "ces", "服务态度": "d_attitude",
        "响应速度": "d_response", "专业能力": "d_expertise", "流程便捷": "d_process",
        "解决效果": "d_outcome", "客户自述已解决": "resolved_self_report",
        "填写时长": "fill_seconds", "评价内容": "comment",
    },
    "complaints": {
        "投诉编号": "complaint_id", "投诉时间": "created_at", "工单编号": "ticket_id",
        "客户编号": "customer_id", "客户类型": "customer_type", "渠道": "channel",
        "产品": "product", "投诉原因": "cause", "投诉内容": "content",
        "投诉响应时间": "responded_at", "解决时间": "resolved_at", "办结时间": "closed_at",
        "沟通次数": "contacts_to_resolve", "前次投诉编号": "repeat_of", "团队": "team",
        "坐席工号": "agent_id", "状态": "status",
    },
    "kb_checks": {
        "抽检编号": "check_id", "条目编号": "item_id", "问题类型": "problem_type",
        "抽检日期": "checked_at", "是否正确": "correct", "抽检人": "checker",
    },
    "agents": {
        "坐席工号": "agent_id", "姓名": "name", "团队": "team", "组长工号": "leader_id",
        "职级": "level", "技能等级": "skill_level", "入职日期": "hired_on", "状态": "status",
    },
    "replies": {
        "回复编号": "reply_id", "工单编号": "ticket_id", "坐席工号": "agent_id",
        "客户消息时间": "customer_msg_at", "坐席回复时间": "reply_at",
    },
    "qa": {
        "质检编号": "qa_id", "坐席工号": "agent_id", "质检时间": "checked_at", "质检得分": "score",
        "使用禁语": "banned_word", "致命差错": "auto_fail", "质检计划编号": "plan_id",
    },
    "agent_time": {
        "工时记录编号": "record_id", "坐席工号": "agent_id", "工作日期": "date",
        "在线时长": "login_s", "空闲时长": "idle_s", "处理时长": "handle_s",
        "有效沟通时长": "effective_talk_s", "会话时长": "session_s", "排班时长": "scheduled_s",
        "遵从时长": "adherent_s",
    },
    "training": {
        "考核编号": "exam_id", "坐席工号": "agent_id", "课程": "course", "考核时间": "sat_at",
        "考核通过": "passed",
    },
    "cases": {
        "案例编号": "case_id", "坐席工号": "agent_id", "案例提交时间": "submitted_at",
        "案例采纳": "accepted",
    },
    "improvements": {
        "改进项编号": "item_id", "计划完成时间": "planned_at", "实际完成时间": "done_at",
        "验收通过": "accepted",
    },
}  # fmt: skip

SOURCES = {
    "工单": "tickets",
    "通话": "calls",
    "满意度评价": "surveys",
    "投诉": "complaints",
    "知识库抽检": "kb_checks",
    "坐席名册": "agents",
    "回复": "replies",
    "质检": "qa",
    "坐席工时": "agent_time",
    "培训": "training",
    "案例": "cases",
    "改进项": "improvements",
}
"""What a file holds, by what its name begins with."""

KEYS = {
    "tickets": "ticket_id",
    "calls": "call_id",
    "surveys": "survey_id",
    "complaints": "complaint_id",
    "kb_checks": "check_id",
    "agents": "agent_id",
    "replies": "reply_id",
    "qa": "qa_id",
    "agent_time": "record_id",
    "training": "exam_id",
    "cases": "case_id",
    "improvements": "item_id",
}

# What a field holds --------------------------------------------------------------------------

TIMES = {
    "created_at", "assigned_at", "first_response_at", "resolved_at", "closed_at", "first_plan_at",
    "progress_note_at", "enqueued_at", "answered_at", "service_end_at", "sent_at", "responded_at",
    "checked_at", "hired_on", "customer_msg_at", "reply_at", "date", "sat_at", "submitted_at",
    "done_at",
}  # fmt: skip
DUE_TIMES = {"sla_resolve_due", "planned_at"}
"""Times at which something should happen; the others say that it did."""
ALL_TIMES = TIMES | DUE_TIMES
DURATIONS = {
    "paused_s", "wait_s", "talk_s", "hold_s", "acw_s", "fill_seconds", "login_s", "idle_s",
    "handle_s", "effective_talk_s", "session_s", "scheduled_s", "adherent_s",
}  # fmt: skip
FLAGS = {
    "transfer_info_complete", "transferred_to_tech", "complex", "outsourced",
    "first_contact_resolved", "resolved_in_session", "spam", "abandoned", "callback_requested",
    "transferred", "resolved_self_report", "correct", "escalated", "banned_word", "auto_fail",
    "passed", "accepted",
}  # fmt: skip
WHOLE_NUMBERS = {
    "transfers",
    "departments",
    "reopen_count",
    "contacts_to_resolve",
    "agent_replies",
    "customer_replies",
}
SCALES = {
    "csat": (1, 5), "nps": (0, 10), "ces": (1, 7), "d_attitude": (1, 5), "d_response": (1, 5),
    "d_expertise": (1, 5), "d_process": (1, 5), "d_outcome": (1, 5), "score": (0, 100),
}  # fmt: skip

NO_IS_MEANT = ("spam", "callback_requested")
"""Flags of which a blank says no."""

WORDS = {"channel": {"热线": "电话", "IM": "在线", "公众号": "微信"}}

# When a row cannot be used -------------------------------------------------------------------

REQUIRED = {
    "tickets": ("ticket_id", "created_at"),
    "calls": ("call_id", "enqueued_at"),
    "surveys": ("survey_id",),
    "complaints": ("complaint_id", "created_at"),
    "kb_checks": ("check_id", "item_id", "checked_at"),
    "agents": ("agent_id",),
    "replies": ("reply_id", "customer_msg_at", "reply_at"),
    "qa": ("qa_id", "checked_at"),
    "agent_time": ("record_id", "agent_id", "date"),
    "training": ("exam_id", "agent_id", "course", "sat_at"),
    "cases": ("case_id", "submitted_at"),
    "improvements": ("item_id", "planned_at"),
}
IN_ORDER = {
    "tickets": [
        ("created_at", "assigned_at"),
        ("created_at", "first_response_at"),
        ("created_at", "resolved_at"),
        ("created_at", "progress_note_at"),
        ("created_at", "first_plan_at"),
        ("created_at", "closed_at"),
    ],
    "calls": [("enqueued_at", "answered_at")],
    "surveys": [("sent_at", "responded_at")],
    "complaints": [
        ("created_at", "responded_at"),
        ("created_at", "resolved_at"),
        ("created_at", "closed_at"),
    ],
    "kb_checks": [],
    "agents": [],
    "replies": [("customer_msg_at", "reply_at")],
    "qa": [],
    "agent_time": [],
    "training": [],
    "cases": [],
    "improvements": [],
}
"""Pairs of times of which the second is never before the first."""


class Refused(Exception):
    """A row that cannot be used; its argument is the code that says why."""


# One cell ------------------------------------------------------------------------------------


def read_time(cell: str) -> datetime:
    """2025-08-01, 2025/8/1 9:05, 2025年8月1日 09:05:00; a day is its midnight."""
    numbers = re.fullmatch(
        r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?", cell
    )
    if numbers is None:
        raise Refused("unreadable-timestamp")
    try:
        return datetime(*(int(number or 0) for number in numbers.groups()))  # type: ignore[arg-type]
    except ValueError:
        raise Refused("unreadable-timestamp") from None


def read_duration(cell: str) -> timedelta:
    """205, 00:03:25, 3分25秒."""
    if re.fullmatch(r"\d+", cell):
        return timedelta(seconds=int(cell))
    parts = re.fullmatch(r"(\d+):(\d\d):(\d\d)", cell) or re.fullmatch(
        r"(?=.)(?:(\d+)小时)?(?:(\d+)分)?(?:(\d+)秒)?", cell
    )
    if parts is None:
        raise Refused("unreadable-duration")
    hours, minutes, seconds = (int(part or 0) for part in parts.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def read_flag(cell: str) -> bool:
    if cell in {"是", "Y", "1"}:
        return True
    if cell in {"否", "N", "0"}:
        return False
    raise Refused("unreadable-flag")


def read_whole_number(cell: str) -> int:
    if not re.fullmatch(r"\d+", cell):
        raise Refused("unreadable-integer")
    return int(cell)


def read_score(cell: str, lowest: int, highest: int) -> int:
    number = read_whole_number(cell)
    if not lowest <= number <= highest:
        raise Refused("out-of-scale")
    return number


def read_cell(name: str, cell: object) -> object:
    """What a cell of a field says; `None` where it is blank."""
    text = "" if cell is None else str(cell).strip()
    if text == "":
        return False if name in NO_IS_MEANT else None
    if isinstance(cell, datetime):
        return cell
    if name in ALL_TIMES:
        return read_time(text)
    if name in DURATIONS:
        return read_duration(text)
    if name in FLAGS:
        return read_flag(text)
    if name in WHOLE_NUMBERS:
        return read_whole_number(text)
    if name in SCALES:
        return read_score(text, *SCALES[name])
    return WORDS.get(name, {}).get(text, text)


# One row -------------------------------------------------------------------------------------


def read_row(source: str, header: list[str], cells: list[object]) -> Row:
    """A row that can be used; raises `Refused`."""
    if len(cells) != len(header):
        raise Refused("ragged-row")
    named = {HEADERS[source][title]: cell for title, cell in zip(header, cells, strict=True)}
    row: Row = {name: read_cell(name, cell) for name, cell in named.items()}
    if "合计" in row.values():
        raise Refused("totals-row")
    if any(row[name] is None for name in REQUIRED[source]):
        raise Refused("blank-cell")
    if source == "surveys" and not (row["responded_at"] or row["sent_at"] or row["service_end_at"]):
        raise Refused("all-blank")
    for earlier, later in IN_ORDER[source]:
        first, second = row.get(earlier), row.get(later)
        if first is not None and second is not None and second < first:
            raise Refused("time-order")
    return row


# One file ------------------------------------------------------------------------------------


def decode(content: bytes) -> tuple[str, str]:
    """The text, and what it was written in."""
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("gb18030"), "gb18030"


def lines_of(path: Path) -> tuple[list[list[object]], str | None]:
    """Every line of a file and its encoding; a cell of a workbook keeps its type."""
    if path.suffix == ".csv":
        text, encoding = decode(path.read_bytes())
        return [list(line) for line in csv.reader(io.StringIO(text, newline=""))], encoding
    page = openpyxl.load_workbook(path).active
    assert page is not None
    return [list(line) for line in page.iter_rows(values_only=True)], None


@dataclass
class Account:
    """What was found in one file. `rows` holds those that stay, after duplicates have gone."""

    file: str
    source: str
    encoding: str | None
    read: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    """The row's number, the file's first line being 1, and why."""
    duplicates: int = 0
    rows: list[Row] = field(default_factory=list)
    fields: frozenset[str] = frozenset()


def read_file(path: Path) -> Account:
    """One file, duplicates still in it."""
    source = SOURCES[path.stem.split("_")[0]]
    lines, encoding = lines_of(path)
    account = Account(path.name, source, encoding)
    top = next(place for place, line in enumerate(lines) if line and line[0] in HEADERS[source])
    header = [str(title) for title in lines[top]]
    account.fields = frozenset(HEADERS[source][title] for title in header)
    for number, cells in enumerate(lines[top + 1 :], start=top + 2):
        if all(cell is None or str(cell).strip() == "" for cell in cells):
            continue
        account.read += 1
        try:
            account.rows.append(read_row(source, header, cells))
        except Refused as refused:
            account.refused.append((number, str(refused)))
    return account


def drop_duplicates(accounts: list[Account]) -> None:
    """Of the rows with one key only the last stays: the last row of the last file."""
    seen: dict[str, set[str]] = {source: set() for source in KEYS}
    for account in reversed(accounts):
        staying = []
        for row in reversed(account.rows):
            key = row[KEYS[account.source]]
            if key in seen[account.source]:
                account.duplicates += 1
            else:
                seen[account.source].add(key)
                staying.append(row)
        account.rows = staying[::-1]


def read_all(folder: Path) -> list[Account]:
    """Every export of a folder, in the order of their names."""
    paths = [path for path in folder.iterdir() if path.suffix in {".csv", ".xlsx"}]
    accounts = [read_file(path) for path in sorted(paths, key=lambda path: path.name)]
    drop_duplicates(accounts)
    return accounts


def rows_of(accounts: list[Account], source: str) -> Iterator[Row]:
    """All rows of a source; a field that a file does not have is blank."""
    blank: Row = dict.fromkeys(HEADERS[source].values())
    blank |= {name: False for name in NO_IS_MEANT if name in blank}
    for account in accounts:
        if account.source == source:
            for row in account.rows:
                yield blank | row
