"""Tickets: one row a ticket, as helpdesk systems export them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from csq.records.base import NotBefore, Record, Rule
from csq.records.column import Column
from csq.records.vocabulary import CHANNELS
from csq.wording import Wording


class Ticket(Record):
    """One service request, from its creation to its closing."""

    source: ClassVar[str] = "tickets"
    title: ClassVar[Wording] = Wording("工单", "Tickets")
    key: ClassVar[str | None] = "ticket_id"
    time: ClassVar[tuple[str, ...]] = ("created_at",)
    rules: ClassVar[tuple[Rule, ...]] = (
        NotBefore("first_response_at", "created_at"),
        NotBefore("resolved_at", "created_at"),
    )

    ticket_id: Annotated[
        str,
        Column("工单编号", "Ticket ID", aliases=("工单号", "工单ID"), example="T20250801-0001"),
    ]
    created_at: Annotated[
        datetime,
        Column("创建时间", "Created at", aliases=("提单时间", "建单时间"), example="2025-08-01 09:15:00"),
    ]
    channel: Annotated[str | None, Column("渠道", "Channel", terms=CHANNELS, example="电话")] = None
    first_response_at: Annotated[
        datetime | None,
        Column("首次响应时间", "First response at", example="2025-08-01 09:15:12"),
    ] = None
    resolved_at: Annotated[
        datetime | None, Column("解决时间", "Resolved at", example="2025-08-01 09:40:00")
    ] = None
    paused_s: Annotated[timedelta | None, Column("暂停时长", "Paused", example="120")] = None
    spam: Annotated[bool, Column("垃圾工单", "Spam", assumed=True, example="否")] = False
