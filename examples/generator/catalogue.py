"""Which files there are, and the habits and faults of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from generator import faults, rows, story
from generator.exports import GB18030, UTF8, UTF8_BOM, XLSX, Container, Export
from generator.faults import Fault
from generator.spelling import Durations, Spelling, Times
from generator.story import AUGUST, JULY, MONTHS, Month
from generator.truth import Truth

YES_OR_NO = ("Y", "N")
ONE_OR_ZERO = ("1", "0")

TICKET_HEADERS = {
    "ticket_id": "工单编号",
    "created_at": "创建时间",
    "channel": "渠道",
    "customer_id": "客户编号",
    "customer_type": "客户类型",
    "problem_type": "问题类型",
    "product": "产品",
    "assigned_at": "分派时间",
    "first_response_at": "首次响应时间",
    "resolved_at": "解决时间",
    "status": "状态",
    "team": "团队",
    "agent_id": "坐席工号",
    "transfers": "转派次数",
    "transfer_info_complete": "转接信息完整",
    "transferred_to_tech": "转技术",
    "first_plan_at": "技术初步方案时间",
    "departments": "涉及部门数",
    "complex": "复杂问题",
    "outsourced": "外派",
    "first_contact_resolved": "首次解决",
    "resolved_in_session": "即时解决",
    "reopen_count": "重开次数",
    "repeat_of": "前次工单编号",
    "progress_note_at": "进度反馈时间",
    "paused_s": "暂停时长",
    "contacts_to_resolve": "沟通次数",
    "spam": "垃圾工单",
    "merged_into": "合并至工单",
}
NOT_BEFORE_JULY = ("customer_type", "transfer_info_complete", "contacts_to_resolve")
"""Columns the ticket system has exported only since July."""
OLD_TICKET_HEADERS = {
    field: header for field, header in TICKET_HEADERS.items() if field not in NOT_BEFORE_JULY
}
OTHER_TICKET_NAMES = {
    "ticket_id": "工单号",
    "created_at": "提单时间",
    "channel": "来源渠道",
    "customer_id": "客户ID",
    "problem_type": "问题分类",
    "first_response_at": "首响时间",
    "resolved_at": "完成时间",
    "status": "工单状态",
    "team": "班组",
    "agent_id": "客服工号",
    "transfers": "转接次数",
    "departments": "部门数",
    "first_contact_resolved": "是否首次解决",
}
"""What a newer release of the ticket system calls its columns."""

CALL_HEADERS = {
    "call_id": "通话编号",
    "enqueued_at": "进线时间",
    "queue": "技能组",
    "customer_id": "客户编号",
    "answered_at": "接听时间",
    "abandoned": "是否放弃",
    "callback_requested": "预约回拨",
    "wait_s": "等待时长",
    "talk_s": "通话时长",
    "hold_s": "保持时长",
    "acw_s": "话后时长",
    "transferred": "是否转接",
    "agent_id": "坐席工号",
}
SURVEY_HEADERS = {
    "survey_id": "评价编号",
    "ticket_id": "工单编号",
    "agent_id": "坐席工号",
    "channel": "渠道",
    "problem_type": "问题类型",
    "product": "产品",
    "mode": "调研方式",
    "service_end_at": "服务结束时间",
    "sent_at": "发送时间",
    "responded_at": "评价时间",
    "csat": "满意度",
    "nps": "推荐意愿",
    "ces": "费力度",
    "d_attitude": "服务态度",
    "d_response": "响应速度",
    "d_expertise": "专业能力",
    "d_process": "流程便捷",
    "d_outcome": "解决效果",
    "resolved_self_report": "客户自述已解决",
    "fill_seconds": "填写时长",
    "comment": "评价内容",
}
COMPLAINT_HEADERS = {
    "complaint_id": "投诉编号",
    "created_at": "投诉时间",
    "ticket_id": "工单编号",
    "customer_id": "客户编号",
    "customer_type": "客户类型",
    "channel": "渠道",
    "product": "产品",
    "cause": "投诉原因",
    "content": "投诉内容",
    "responded_at": "投诉响应时间",
    "resolved_at": "解决时间",
    "closed_at": "办结时间",
    "contacts_to_resolve": "沟通次数",
    "repeat_of": "前次投诉编号",
    "team": "团队",
    "agent_id": "坐席工号",
    "status": "状态",
}
CHECK_HEADERS = {
    "check_id": "抽检编号",
    "item_id": "条目编号",
    "problem_type": "问题类型",
    "checked_at": "抽检日期",
    "correct": "是否正确",
    "checker": "抽检人",
}
AGENT_HEADERS = {
    "agent_id": "坐席工号",
    "name": "姓名",
    "team": "团队",
    "leader_id": "组长工号",
    "level": "职级",
    "skill_level": "技能等级",
    "hired_on": "入职日期",
    "status": "状态",
}

TICKET_FILES: dict[str, tuple[Container, Spelling, tuple[Fault, ...]]] = {
    "2025-01": (GB18030, Spelling(), ()),
    "2025-02": (GB18030, Spelling(yes_no=YES_OR_NO), ()),
    "2025-03": (UTF8, Spelling(Times.SLASHES), (faults.RESOLVED_TOO_EARLY,)),
    "2025-04": (Container(banner="客服中心 2025 年 4 月工单导出"), Spelling(Times.NATIVE), ()),
    "2025-05": (GB18030, Spelling(Times.CHINESE), (faults.NO_TICKET_ID,)),
    "2025-06": (UTF8, Spelling(yes_no=ONE_OR_ZERO), ()),
    "2025-07": (
        GB18030,
        Spelling(),
        (faults.RESOLVED_TOO_EARLY,) * 3
        + (faults.NO_SUCH_DAY, faults.RESOLUTION_TO_BE_SETTLED, faults.RESOLUTION_TO_BE_SETTLED)
        + (faults.NO_TICKET_ID, faults.NO_TICKET_ID, faults.LINE_TOO_SHORT, faults.LINE_TOO_LONG)
        + (faults.MAYBE_FIRST_TIME,),
    ),
    "2025-08": (
        UTF8_BOM,
        Spelling(
            Times.SLASHES,
            Durations.CLOCK,
            YES_OR_NO,
            {"电话": "热线", "在线": "IM", "微信": "公众号"},
        ),
        (faults.RESOLVED_TOO_EARLY,) * 3
        + (faults.CREATION_TO_BE_SETTLED, faults.NO_SUCH_DAY, faults.NO_TICKET_ID)
        + (faults.LINE_TOO_SHORT, faults.LINE_TOO_LONG, faults.UNKNOWN_FIRST_TIME)
        + (faults.TWO_DEPARTMENTS,),
    ),
}
CALL_FILES: dict[str, tuple[Container, Spelling, tuple[Fault, ...]]] = {
    "2025-01": (UTF8, Spelling(), ()),
    "2025-02": (GB18030, Spelling(durations=Durations.CLOCK), (faults.ANSWERED_TOO_EARLY,)),
    "2025-03": (GB18030, Spelling(durations=Durations.CLOCK), ()),
    "2025-04": (UTF8_BOM, Spelling(durations=Durations.WORDS), ()),
    "2025-05": (GB18030, Spelling(Times.SLASHES_TO_THE_MINUTE), ()),
    "2025-06": (XLSX, Spelling(Times.NATIVE, yes_no=ONE_OR_ZERO), ()),
    "2025-07": (
        UTF8,
        Spelling(),
        (faults.ANSWERED_TOO_EARLY, faults.LONG_WAIT, faults.NO_CALL_ID, faults.LINE_TOO_SHORT),
    ),
    "2025-08": (
        GB18030,
        Spelling(Times.ISO, Durations.WORDS, YES_OR_NO),
        (faults.NO_SUCH_DAY_OF_CALL, faults.NO_WAIT, faults.LINE_TOO_LONG, faults.MAYBE_ABANDONED),
    ),
}
WITH_TOTALS = ("2025-01", "2025-07", "2025-08")
"""Months whose ticket and call files end in a line of totals."""
REPEATED_TICKET, REPEATED_CALL = "2025-08", "2025-07"
"""Months whose file holds one row twice."""


def all_exports(truth: Truth) -> Iterator[Export]:
    """Every file of the examples."""
    for month, before in zip(MONTHS, (None, *MONTHS), strict=False):
        yield _tickets(truth, month, before)
        yield _calls(truth, month)
    yield from _surveys(truth)
    yield from _complaints(truth)
    checks = [rows.check_row(check) for month in truth.checks.values() for check in month]
    yield Export(
        "知识库抽检_2025-01至08",
        "kb_checks",
        CHECK_HEADERS,
        checks,
        XLSX,
        faults=(faults.NO_ITEM_ID,),
    )
    agents = [rows.agent_row(agent) for agent in truth.agents]
    yield Export("坐席名册_2025-08", "agents", AGENT_HEADERS, agents, XLSX, Spelling(Times.NATIVE))


def _tickets(truth: Truth, month: Month, before: Month | None) -> Export:
    """The month's tickets, behind those of the month before that were still open."""
    container, spelling, spoilt = TICKET_FILES[month.label]
    carried = [
        ticket
        for ticket in (truth.tickets[before.label] if before else [])
        if before and ticket.counts and (ticket.resolved_at or datetime.max) >= before.exported_at
    ]
    headers: Mapping[str, str] = OLD_TICKET_HEADERS if month.label < JULY.label else TICKET_HEADERS
    if month is AUGUST:
        headers = {field: OTHER_TICKET_NAMES.get(field, name) for field, name in headers.items()}
    tickets = carried + truth.tickets[month.label]
    return Export(
        f"工单_{month.label}",
        "tickets",
        headers,
        [rows.ticket_row(ticket, month.exported_at) for ticket in tickets],
        container,
        spelling,
        spoilt,
        repeated=int(month.label == REPEATED_TICKET),
        totals="transfers" if month.label in WITH_TOTALS else None,
        empty_end=2 if month is MONTHS[0] else 0,
    )


def _calls(truth: Truth, month: Month) -> Export:
    container, spelling, spoilt = CALL_FILES[month.label]
    return Export(
        f"通话_{month.label}",
        "calls",
        CALL_HEADERS,
        [rows.call_row(call) for call in truth.calls[month.label]],
        container,
        spelling,
        spoilt,
        repeated=int(month.label == REPEATED_CALL),
        totals="talk_s" if month.label in WITH_TOTALS else None,
    )


def _surveys(truth: Truth) -> Iterator[Export]:
    """Invitations by the month they were sent; late answers stand in the next file."""
    spelling = Spelling(durations=Durations.SECONDS)
    files = (
        ("2025-01至06", "2025-01", MONTHS[5], GB18030, spelling, (faults.SCORE_SIX,)),
        (
            "2025-07",
            "2025-07",
            JULY,
            GB18030,
            Spelling(durations=Durations.WORDS),
            (faults.SCORE_SIX, faults.SCORE_ZERO, faults.RATED_TOO_EARLY),
        ),
        (
            "2025-08",
            "2025-08",
            AUGUST,
            UTF8_BOM,
            Spelling(yes_no=YES_OR_NO),
            (faults.SCORE_SIX, faults.RATED_SOME_DAY),
        ),
    )
    previous = datetime.min
    for name, first, last, container, spelt, spoilt in files:
        start, at = datetime.fromisoformat(f"{first}-01"), last.exported_at
        end = at.replace(hour=0)
        told = [
            rows.survey_row(survey, at)
            for survey in truth.surveys
            if start <= survey.sent_at < end
            or (survey.sent_at < start and previous <= (survey.responded_at or datetime.min) < at)
        ]
        previous = at
        yield Export(
            f"满意度评价_{name}", "surveys", SURVEY_HEADERS, told, container, spelt, spoilt
        )


def _complaints(truth: Truth) -> Iterator[Export]:
    """The half year, and the two months with what was still open before them."""
    june = MONTHS[5]
    early = [one for month in MONTHS[:6] for one in truth.complaints[month.label]]
    late = [one for label in story.REPORT_MONTHS for one in truth.complaints[label]]
    still_open = [c for c in early if (c.closed_at or datetime.max) >= june.exported_at]
    yield Export(
        "投诉_2025-01至06",
        "complaints",
        COMPLAINT_HEADERS,
        [rows.complaint_row(complaint, june.exported_at) for complaint in early],
        XLSX,
        totals="contacts_to_resolve",
    )
    yield Export(
        "投诉_2025-07至08",
        "complaints",
        COMPLAINT_HEADERS,
        [rows.complaint_row(c, AUGUST.exported_at) for c in still_open + late],
        UTF8_BOM,
        Spelling(Times.CHINESE_TO_THE_MINUTE),
    )
