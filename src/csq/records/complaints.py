"""Complaints: one row a complaint, as complaint systems export them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from csq.records import vocabulary
from csq.records.base import NotBefore, Record, Rule
from csq.records.column import Column
from csq.wording import Wording


class Complaint(Record):
    """One complaint, from being lodged to being closed."""

    source: ClassVar[str] = "complaints"
    title: ClassVar[Wording] = Wording("投诉", "Complaints")
    key: ClassVar[str | None] = "complaint_id"
    time: ClassVar[tuple[str, ...]] = ("created_at",)
    rules: ClassVar[tuple[Rule, ...]] = (
        NotBefore("responded_at", "created_at"),
        NotBefore("resolved_at", "created_at"),
        NotBefore("closed_at", "created_at"),
    )

    complaint_id: Annotated[
        str,
        Column(
            "投诉编号",
            "Complaint ID",
            aliases=("投诉单号", "投诉号", "投诉ID", "投诉工单编号", "投诉工单号", "投訴編號")
            + ("Complaint number", "Complaint no", "Complaint ref", "Complaint reference"),
            example="P20250801-001",
        ),
    ]
    created_at: Annotated[
        datetime,
        Column(
            "投诉时间",
            "Complained at",
            aliases=("投诉受理时间", "投诉登记时间", "投诉提交时间", "投诉创建时间", "投訴時間")
            + ("Complaint date", "Complaint time", "Lodged at", "Received at", "Date received"),
            stand_ins=("创建时间", "受理时间", "登记时间", "提交时间", "Created", "Created time")
            + ("Created date", "Created on"),
            example="2025-08-01 20:30:00",
        ),
    ]
    responded_at: Annotated[
        datetime | None,
        Column(
            "投诉响应时间",
            "Responded at",
            aliases=("投诉首次响应时间", "投诉回复时间", "投诉答复时间", "首次响应时间")
            + ("首次回复时间", "首响时间", "响应时间", "答复时间", "First response at")
            + ("First reply at", "Response date")
            + ("Complaint responded at", "Acknowledged at"),
            example="2025-08-01 21:10:00",
            about=Wording(
                "第一次答复投诉人的时刻，不是办结的时刻",
                "when the complainant was first answered, not when it was settled",
            ),
        ),
    ] = None
    resolved_at: Annotated[
        datetime | None,
        Column(
            "解决时间",
            "Resolved at",
            aliases=("投诉解决时间", "处理完成时间", "完成时间", "解決時間", "Resolved on")
            + ("Resolved time", "Resolved date", "Resolution date", "Settled at"),
            example="2025-08-02 11:00:00",
        ),
    ] = None
    closed_at: Annotated[
        datetime | None,
        Column(
            "办结时间",
            "Closed at",
            aliases=("关闭时间", "结案时间", "投诉办结时间", "投诉关闭时间", "结单时间")
            + ("Closed on", "Closed time", "Closed date", "Close date", "Date closed"),
            example="2025-08-02 12:00:00",
        ),
    ] = None
    ticket_id: Annotated[
        str | None,
        Column(
            "工单编号",
            "Ticket ID",
            aliases=("工单号", "工单ID", "关联工单", "关联工单编号", "关联工单号", "来源工单")
            + ("工單編號", "Ticket number", "Related ticket", "Source ticket"),
            refers_to="tickets.ticket_id",
            example="T20250801-0001",
        ),
    ] = None
    customer_id: Annotated[
        str | None,
        vocabulary.CUSTOMER_ID.also(
            "投诉人编号", "投诉人ID", "Complainant ID", stand_ins=("Complainant",)
        ),
    ] = None
    customer_type: Annotated[str | None, vocabulary.CUSTOMER_TYPE] = None
    channel: Annotated[
        str | None,
        vocabulary.CHANNEL.also(
            "投诉渠道",
            "受理渠道",
            "Complaint channel",
            stand_ins=("投诉来源", "Received via", "Channel name"),
        ),
    ] = None
    product: Annotated[str | None, vocabulary.PRODUCT.also("投诉产品")] = None
    cause: Annotated[
        str | None,
        Column(
            "投诉原因",
            "Cause",
            aliases=("投诉类型", "投诉类别", "投诉分类", "原因分类", "投诉原因分类")
            + ("Complaint cause", "Complaint reason", "Complaint type")
            + ("Complaint category", "Root cause"),
            terms=vocabulary.COMPLAINT_CAUSES,
            example="响应缓慢",
        ),
    ] = None
    agent_id: Annotated[
        str | None,
        vocabulary.AGENT_ID.also(
            stand_ins=(
                "处理人",
                "投诉专员",
                "被投诉坐席",
                "Assignee",
                "Assigned to",
                "Handled by",
                *vocabulary.AGENTS_BY_NAME,
            ),
            refers_to="agents.agent_id",
        ),
    ] = None
    team: Annotated[
        str | None,
        vocabulary.TEAM.also(
            "处理组",
            "Assigned group",
            "Responsible team",
            stand_ins=("责任部门", "处理部门"),
            example="投诉组",
        ),
    ] = None
    status: Annotated[
        str | None,
        Column(
            "状态",
            "Status",
            aliases=("投诉状态", "处理状态", "狀態", "Complaint status", "Case status"),
            terms=vocabulary.TICKET_STATUSES,
            example="已关闭",
        ),
    ] = None
    contacts_to_resolve: Annotated[
        int | None,
        Column(
            "沟通次数",
            "Contacts to resolve",
            aliases=("联系次数", "往来次数", "解决所需沟通次数", "处理沟通次数")
            + ("Contact count", "Number of contacts"),
            example="3",
            counts=True,
        ),
    ] = None
    repeat_of: Annotated[
        str | None,
        Column(
            "前次投诉编号",
            "Repeat of",
            aliases=("前次投诉单号", "上次投诉编号", "原投诉编号", "原投诉单号", "首次投诉编号")
            + ("重复来源投诉", "Repeat of complaint")
            + ("Original complaint ID", "Previous complaint ID"),
            example="P20250720-009",
            about=Wording(
                "同一客户为同一问题再次投诉时，前一件投诉的编号；为空表示不是重复投诉",
                "the earlier complaint about the same matter; blank if it is the first",
            ),
        ),
    ] = None
