"""A definition and a few rows, small enough to work every formula out by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
from tests.conftest import load_text

from csq.definition.calendars import make_calendar
from csq.definition.check import schemas_of
from csq.engines.base import Engine
from csq.formula.resolve import Scope
from csq.formula.working_time import create_calendar
from csq.intake.staging.incoming import ARROW_TYPES
from csq.records.schema import Schema

DATA_END = datetime(2025, 8, 12, 9, 30)
PERIOD_END = datetime(2025, 9, 1)

_OFFICE = dict.fromkeys(range(5), ((9, 0), (12, 0), (13, 30), (18, 0))) | {5: ((10, 0), (12, 0))}
_WEEKDAYS = dict.fromkeys(range(5), ((9, 0), (18, 0)))


def is_working_time(calendar: str, moment: datetime) -> bool:
    """Whether work is done in the minute that begins then, by the calendars of the definition."""
    hours = (_OFFICE if calendar == "工作时间" else _WEEKDAYS).get(moment.weekday(), ())
    clock = (moment.hour, moment.minute)
    pairs = zip(hours[::2], hours[1::2], strict=True)
    return any(begin <= clock < end for begin, end in pairs)


Row = Mapping[str, Any]
"""One record by the names of its fields: plain Python values, `None` for a blank."""

DEFINITION = """
version: 1
sources:
  tickets:
    values: { channel: { 电话: [总机] }, ways: { 电话: [热线] } }
    fields:
      amount: { type: number, columns: [金额], title: { zh: 金额, en: Amount } }
      line: { type: text, columns: [产品线] }
      ways: { type: text, separator: [";"], title: { zh: 联系方式, en: Ways } }
calendars:
  工作时间:
    hours: { mon-fri: ["09:00-12:00", "13:30-18:00"], sat: "10:00-12:00" }
    off_hours_reply: zero
  全算:
    hours: { mon-fri: "09:00-18:00" }
    off_hours_reply: calendar
  不算:
    hours: { mon-fri: "09:00-18:00" }
    off_hours_reply: exclude
rows:
  有效工单: { from: tickets, where: 'NOT spam AND ISBLANK(merged_into)' }
  电话工单: { from: 有效工单, where: 'channel = "电话"' }
  全部评价: { from: surveys }
  坏口径: { from: tickets, where: 'chanel = "电话"' }
  已解决: { from: 有效工单, where: 'NOT ISBLANK(resolved_at)', time: resolved_at }
  存量: { from: 有效工单, where: 'ISBLANK(resolved_at) OR resolved_at >= PERIOD_END()', stock: true }
  再来: { from: tickets, where: 'AGAIN_WITHIN(customer_id, 7d)' }
  甲: { from: 乙 }
  乙: { from: 甲 }
measures:
  总工单量: COUNT(有效工单)
  首次解决工单量: COUNTIF(有效工单, first_contact_resolved)
  总等待: SUM(calls, wait_s)
  坏汇总: COUNT(nowhere)
  转: 圈 + 1
  圈: 转 + 1
indicators:
  - { id: it, name: 它, formula: 总工单量, unit: count, direction: up }
  - { id: solved, name: 解决, formula: 首次解决工单量, unit: count, direction: up }
  - { id: share, name: 占比, formula: 首次解决工单量 / 总工单量, unit: percent, direction: up }
  - { id: head, name: 头, formula: "@tail + 1", unit: count, direction: up }
  - { id: tail, name: 尾, formula: "@head + 1", unit: count, direction: up }
  - { id: broken, name: 坏, formula: COUNT(nowhere), unit: count, direction: up }
"""


def make_scope() -> Scope:
    definition = load_text(DEFINITION).definition
    return Scope(definition, schemas_of(definition))


def _ticket(name: str, created: str, **more: Any) -> Row:
    """A ticket; what is said in seconds counts from its creation."""
    begun = datetime.fromisoformat(created)
    row: dict[str, Any] = {"ticket_id": name, "created_at": begun, "spam": False}
    for field, value in more.items():
        is_moment = field.endswith("_at")
        row[field] = begun + timedelta(seconds=value) if is_moment else value
    return row


_HOUR = 3600
TICKETS: tuple[Row, ...] = (
    _ticket(
        "T1", "2025-08-01 09:00:00", first_response_at=10, resolved_at=_HOUR,
        paused_s=timedelta(minutes=10), first_contact_resolved=True, channel="电话",
        problem_type="技术支持", reopen_count=0, customer_id="C1", amount=Decimal(10),
    ),
    _ticket(
        "T2", "2025-08-02 10:30:00", first_response_at=50, resolved_at=26 * _HOUR,
        first_contact_resolved=False, channel="在线", problem_type="产品咨询", reopen_count=1,
        customer_id="C2", repeat_of="T1", amount=Decimal("2.5"), line="A",
    ),
    _ticket("T3", "2025-08-03 23:59:59", channel="邮件", customer_id="C1", ways="电话┋在线"),
    _ticket(
        "T4", "2025-08-04 08:00:00", first_response_at=0, resolved_at=_HOUR // 2, spam=True,
        first_contact_resolved=True, channel="电话", customer_id="C3", amount=Decimal(4),
    ),
    _ticket(
        "T5", "2025-08-09 12:00:00", first_response_at=30, resolved_at=2 * _HOUR,
        paused_s=timedelta(0), first_contact_resolved=True, reopen_count=2, customer_id="C4",
        amount=Decimal(0), line="a", ways="电话回访",
    ),
    _ticket(
        "T6", "2025-08-10 18:15:00", first_contact_resolved=False, channel="电话",
        merged_into="T1", customer_id="C1", ways="在线┋电话",
    ),
    _ticket(
        "T7", "2025-08-11 09:00:00", first_response_at=15, resolved_at=_HOUR // 2,
        paused_s=timedelta(minutes=1), first_contact_resolved=False, channel="电话",
        problem_type="技术支持", customer_id="C2", amount=Decimal("-7.5"),
    ),
)  # fmt: skip


def _call(name: str, wait: float | None, **more: Any) -> Row:
    begun = datetime(2025, 8, 5, 9, 0, 0) + timedelta(hours=len(name))
    seconds = {
        field: timedelta(seconds=value) if field.endswith("_s") and value is not None else value
        for field, value in {"wait_s": wait, **more}.items()
    }
    return {"call_id": name, "enqueued_at": begun, "callback_requested": False, **seconds}


CALLS: tuple[Row, ...] = (
    _call("K1", 12, talk_s=205, hold_s=15, acw_s=30, abandoned=False, transferred=False),
    _call("K2", 20, talk_s=60, hold_s=None, acw_s=10, abandoned=False, transferred=True),
    _call("K3", 20.5, abandoned=True, callback_requested=True),
    _call("K4", 301, abandoned=True, transferred=False),
    _call("K5", None, talk_s=90, abandoned=None, transferred=True),
)


def _survey(name: str, csat: str | None, nps: int | None, **more: Any) -> Row:
    score = None if csat is None else Decimal(csat)
    asked = datetime(2025, 8, 6, 12, 0, 0)
    return {"survey_id": name, "responded_at": asked, "csat": score, "nps": nps, **more}


SURVEYS: tuple[Row, ...] = (
    _survey("S1", "5", 10, comment="回复很快"),
    _survey("S2", "4", 9, comment="等了很久，太慢"),
    _survey("S3", "3", None, channel="电话"),
    _survey("S4", None, 6, channel="在线"),
    _survey("S5", "1", 7, comment="慢", channel="电话"),
    _survey("S6", "4.5", 0, channel="短信"),
)

ROWS: Mapping[str, tuple[Row, ...]] = {"tickets": TICKETS, "calls": CALLS, "surveys": SURVEYS}


def put_tables(engine: Engine, scope: Scope) -> None:
    """Put the rows into an engine as intake would have put them there."""
    for source, rows in ROWS.items():
        engine.put(source, _as_table(scope.schemas[source], rows))
    for name, settings in scope.definition.calendars.items():
        days = make_calendar(settings, None, None, {})
        create_calendar(engine, name, days.work_days(date(2025, 7, 1), date(2025, 9, 30)))


def _as_table(schema: Schema, rows: Iterable[Row]) -> pa.Table:
    columns = [pa.field(field.name, ARROW_TYPES[field.type]) for field in schema.fields]
    cells = [
        pa.array([_stored(row.get(column.name)) for row in rows], column.type) for column in columns
    ]
    return pa.Table.from_arrays(cells, schema=pa.schema(columns))


def _stored(value: Any) -> Any:
    return value // timedelta(microseconds=1) if isinstance(value, timedelta) else value
