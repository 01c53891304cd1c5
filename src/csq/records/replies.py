"""Replies: one row an answer of an agent to a customer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from csq.records import vocabulary
from csq.records.base import NotBefore, Record, Rule
from csq.records.column import Column
from csq.wording import Wording


class Reply(Record):
    """One answer, and the customer's message it is to: the first of several in a row."""

    source: ClassVar[str] = "replies"
    title: ClassVar[Wording] = Wording("回复", "Replies")
    key: ClassVar[str | None] = "reply_id"
    time: ClassVar[tuple[str, ...]] = ("reply_at",)
    rules: ClassVar[tuple[Rule, ...]] = (NotBefore("reply_at", "customer_msg_at"),)

    reply_id: Annotated[
        str,
        Column(
            "回复编号",
            "Reply ID",
            aliases=("回复ID", "回复记录编号", "Reply number"),
            example="R0001",
        ),
    ]
    ticket_id: Annotated[
        str | None,
        Column(
            "工单编号",
            "Ticket ID",
            aliases=("工单号", "会话编号", "Conversation ID"),
            example="T20250801-0001",
        ),
    ] = None
    agent_id: Annotated[
        str | None, vocabulary.AGENT_ID.also(stand_ins=vocabulary.AGENTS_BY_NAME)
    ] = None
    customer_msg_at: Annotated[
        datetime,
        Column(
            "客户消息时间",
            "Customer message at",
            aliases=("客户发言时间", "客户留言时间", "Customer wrote at"),
            example="2025-08-01 09:15:00",
        ),
    ]
    reply_at: Annotated[
        datetime,
        Column(
            "坐席回复时间",
            "Reply at",
            aliases=("客服回复时间", "Replied at"),
            example="2025-08-01 09:15:40",
        ),
    ]
