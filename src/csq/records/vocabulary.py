"""Values that several kinds of export share, and how systems spell them."""

from __future__ import annotations

from csq.records.column import Term

CHANNELS = (
    Term("电话", "Phone", ("call", "voice", "热线", "呼入", "telephone")),
    Term("在线", "Chat", ("在线客服", "在线聊天", "im", "live chat", "web chat", "messaging")),
    Term("邮件", "E-mail", ("email", "mail", "邮箱", "电子邮件")),
)
