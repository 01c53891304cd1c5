"""Records as rows: what an export made at a given moment could know of each."""

from __future__ import annotations

from datetime import datetime

from generator.calls import Call
from generator.checks import Check
from generator.complaints import Complaint
from generator.people import Agent
from generator.spelling import Row
from generator.surveys import DIMENSIONS, Survey
from generator.tickets import Ticket


def _known(moment: datetime | None, at: datetime) -> datetime | None:
    return moment if moment is not None and moment < at else None


def _status(ticket: Ticket, at: datetime) -> str:
    resolved_at = _known(ticket.resolved_at, at)
    if resolved_at is not None:
        return "已关闭" if (at - resolved_at).days >= 2 else "已解决"
    if ticket.spam or ticket.merged_into:
        return "已关闭"
    if ticket.first_response_at is None:
        return "新建"
    return "待客户回复" if ticket.departments == 1 else "处理中"


def ticket_row(ticket: Ticket, at: datetime) -> Row:
    """A ticket as the ticket system knew it at that moment."""
    is_resolved = _known(ticket.resolved_at, at) is not None
    return {
        "ticket_id": ticket.ticket_id,
        "created_at": ticket.created_at,
        "channel": ticket.channel,
        "customer_id": ticket.customer_id,
        "customer_type": ticket.customer_type,
        "problem_type": ticket.problem_type,
        "product": ticket.product,
        "assigned_at": ticket.assigned_at,
        "first_response_at": ticket.first_response_at,
        "resolved_at": _known(ticket.resolved_at, at),
        "status": _status(ticket, at),
        "team": ticket.team,
        "agent_id": ticket.agent_id,
        "transfers": ticket.transfers,
        "transfer_info_complete": ticket.transfer_info_complete,
        "transferred_to_tech": ticket.transferred_to_tech,
        "first_plan_at": _known(ticket.first_plan_at, at),
        "departments": ticket.departments,
        "complex": ticket.complex,
        "outsourced": ticket.outsourced,
        "first_contact_resolved": ticket.first_contact_resolved and is_resolved,
        "resolved_in_session": ticket.resolved_in_session and is_resolved,
        "reopen_count": ticket.reopen_count if is_resolved else 0,
        "repeat_of": ticket.repeat_of,
        "progress_note_at": _known(ticket.progress_note_at, at),
        "paused_s": ticket.paused if is_resolved else None,
        "contacts_to_resolve": ticket.contacts if is_resolved else None,
        "spam": ticket.spam,
        "merged_into": ticket.merged_into,
    }


def call_row(call: Call) -> Row:
    """A call as the call platform logged it."""
    return {
        "call_id": call.call_id,
        "enqueued_at": call.enqueued_at,
        "queue": call.queue,
        "customer_id": call.customer_id,
        "answered_at": call.answered_at,
        "abandoned": call.abandoned,
        "callback_requested": call.callback_requested,
        "wait_s": call.wait,
        "talk_s": call.talk,
        "hold_s": call.hold,
        "acw_s": call.acw,
        "transferred": call.transferred,
        "agent_id": call.agent_id,
    }


def survey_row(survey: Survey, at: datetime) -> Row:
    """An invitation, with its answer if it had come in by that moment."""
    answered = _known(survey.responded_at, at) is not None
    row: Row = {
        "survey_id": survey.survey_id,
        "ticket_id": survey.ticket.ticket_id,
        "agent_id": survey.ticket.agent_id,
        "channel": survey.ticket.channel,
        "problem_type": survey.ticket.problem_type,
        "product": survey.ticket.product,
        "mode": survey.mode,
        "service_end_at": survey.ticket.resolved_at,
        "sent_at": survey.sent_at,
    }
    answer: Row = {
        "responded_at": survey.responded_at,
        "csat": survey.csat,
        "nps": survey.nps,
        "ces": survey.ces,
        **dict(zip(DIMENSIONS, survey.dimensions, strict=True)),
        "resolved_self_report": survey.resolved_self_report,
        "fill_seconds": survey.fill_time,
        "comment": survey.comment,
    }
    return row | (answer if answered else dict.fromkeys(answer))


def complaint_row(complaint: Complaint, at: datetime) -> Row:
    """A complaint as the complaint system knew it at that moment."""
    ticket = complaint.ticket
    is_resolved = _known(ticket.resolved_at, at) is not None
    return {
        "complaint_id": complaint.complaint_id,
        "created_at": ticket.created_at,
        "ticket_id": ticket.ticket_id,
        "customer_id": ticket.customer_id,
        "customer_type": ticket.customer_type,
        "channel": ticket.channel,
        "product": ticket.product,
        "cause": complaint.cause,
        "content": complaint.content,
        "responded_at": _known(ticket.complaint_response_at, at),
        "resolved_at": _known(ticket.resolved_at, at),
        "closed_at": _known(complaint.closed_at, at),
        "contacts_to_resolve": ticket.contacts if is_resolved else None,
        "repeat_of": complaint.repeat_of,
        "team": ticket.team,
        "agent_id": ticket.agent_id,
        "status": _status(ticket, at),
    }


def check_row(check: Check) -> Row:
    """An inspected entry of the knowledge base."""
    return {
        "check_id": check.check_id,
        "item_id": check.item_id,
        "problem_type": check.problem_type,
        "checked_at": check.checked_on,
        "correct": check.correct,
        "checker": check.checker,
    }


def agent_row(agent: Agent) -> Row:
    """A line of the roster."""
    return {
        "agent_id": agent.agent_id,
        "name": agent.name,
        "team": agent.team,
        "leader_id": agent.leader_id,
        "level": agent.level,
        "skill_level": agent.skill_level,
        "hired_on": agent.hired_on,
        "status": agent.status,
    }
