"""Tickets to measure with: `python write_tickets.py ROWS FILE`, the same rows each time.

Seven months in the order of their creation, as a ticket system exports them. One row in a
thousand cannot be read, one in a thousand is a later state of a ticket that came before.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

FIRST_DAY = np.datetime64("2025-02-01T00:00:00", "s")
DAYS = 212
"""From February to August 2025: the month that is scored, and the six of its trend."""

HEADER = (
    "工单编号", "渠道", "问题类型", "创建时间", "首次响应时间", "解决时间", "坐席工号", "首次解决",
    "重开次数", "涉及部门数", "复杂问题", "外派", "前次工单编号",
)  # fmt: skip

_CHANNELS = ("电话", "在线", "邮件", "微信", "自助")
_CHANNEL_SHARES = (0.38, 0.34, 0.10, 0.13, 0.05)
_TYPICAL_RESPONSE = (9.0, 18.0, 5_400.0, 60.0, 1_800.0)
"""Seconds until the first reply in the middle case, by channel."""
_PROBLEMS = ("技术支持", "产品咨询", "售后服务", "投诉处理", "账户问题", "物流配送", "其他", "")
_PROBLEM_SHARES = (0.27, 0.25, 0.17, 0.06, 0.08, 0.09, 0.06, 0.02)

_AT_ONCE = 500_000
_DIRTY = _REPEATED = 1_000
"""One row in so many."""

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.object_]


def generate(rows: int, path: Path) -> None:
    names = list(HEADER)
    schema = pa.schema([(name, pa.string()) for name in names])
    options = pacsv.WriteOptions(quoting_style="none")
    draw = np.random.default_rng(20251101)
    with pacsv.CSVWriter(path, schema, write_options=options) as writer:
        for start in range(0, rows, _AT_ONCE):
            columns = _columns(draw, start, min(_AT_ONCE, rows - start), rows)
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))


def _columns(draw: np.random.Generator, start: int, count: int, rows: int) -> list[pa.Array]:
    number = np.arange(start, start + count)
    created = (number / rows * DAYS * 86_400).astype(np.int64)
    _repeat_some(draw, number, created)
    channel = draw.choice(len(_CHANNELS), count, p=_CHANNEL_SHARES)
    problem = draw.choice(len(_PROBLEMS), count, p=_PROBLEM_SHARES)
    reply = np.take(_TYPICAL_RESPONSE, channel) * draw.lognormal(0, 0.9, count)
    responded = created + reply.astype(np.int64)
    resolved = responded + (7_000 * draw.lognormal(0, 1.4, count)).astype(np.int64)
    unanswered = draw.random(count) < 0.02
    unresolved = unanswered | (draw.random(count) < 0.04)
    complex_ = draw.random(count) < 0.15
    times = [
        _spell_times(created),
        _blank(_spell_times(responded), unanswered),
        _blank(_spell_times(resolved), unresolved),
    ]
    first_contact = _yes_or_no(draw.random(count) < 0.79)
    first_contact[draw.random(count) < 0.03] = ""
    _spoil_some(draw, times, first_contact, created)
    departments = np.take(np.array(["1", "2", "3", "4", ""], object), _departments(draw, count))
    return [
        _numbered("T2025-", number),
        _text(np.take(np.array(_CHANNELS, object), channel)),
        _text(np.take(np.array(_PROBLEMS, object), problem)),
        *map(_text, times),
        _numbered("A", draw.integers(0, 200, count), digits=3),
        _text(first_contact),
        _text(draw.choice(np.array(["0", "1", "2"], object), count, p=(0.94, 0.05, 0.01))),
        _text(departments),
        _text(_yes_or_no(complex_)),
        _text(_yes_or_no(complex_ & (draw.random(count) < 0.2))),
        _text(_earlier(draw, number)),
    ]


def _repeat_some(draw: np.random.Generator, number: Integers, created: Integers) -> None:
    """Make some rows a later state of a ticket a few thousand rows before."""
    later = draw.choice(np.arange(1, len(number)), len(number) // _REPEATED, replace=False)
    earlier = np.maximum(later - draw.integers(1, 5_000, len(later)), 0)
    number[later], created[later] = number[earlier], created[earlier]


def _spoil_some(
    draw: np.random.Generator, times: list[Texts], flags: Texts, created: Integers
) -> None:
    """A creation that is no time, a word that is neither yes nor no, a resolution too early."""
    spoilt = draw.choice(len(flags), len(flags) // _DIRTY, replace=False)
    unreadable, unclear, too_early = np.array_split(spoilt, 3)
    times[0][unreadable] = draw.choice(
        np.array(["2025-02-30 10:15:00", "昨天下午", "08:15"], object), len(unreadable)
    )
    flags[unclear] = "待定"
    times[2][too_early] = _spell_times(created[too_early] - 3_600)


def _spell_times(seconds: Integers) -> Texts:
    moments = pa.array(FIRST_DAY + seconds.astype("timedelta64[s]"))
    return np.asarray(pc.strftime(moments, format="%Y-%m-%d %H:%M:%S"), object)


def _blank(texts: Texts, where: Flags) -> Texts:
    texts[where] = ""
    return texts


def _yes_or_no(flags: Flags) -> Texts:
    return np.where(flags, "是", "否").astype(object)


def _departments(draw: np.random.Generator, count: int) -> Integers:
    return draw.choice(5, count, p=(0.72, 0.19, 0.06, 0.02, 0.01))


def _earlier(draw: np.random.Generator, number: Integers) -> Texts:
    """The ticket that one in twenty comes back to."""
    before = np.maximum(number - draw.integers(1, 20_000, len(number)), 0)
    names = np.asarray(_numbered("T2025-", before), object)
    return _blank(names, draw.random(len(number)) >= 0.05)


def _numbered(prefix: str, numbers: Integers, digits: int = 8) -> pa.Array:
    padded = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width=digits, padding="0")
    return pc.binary_join_element_wise(prefix, padded, "")


def _text(texts: Texts) -> pa.Array:
    return pa.array(texts, pa.string())


if __name__ == "__main__":
    generate(int(sys.argv[1]), Path(sys.argv[2]))
