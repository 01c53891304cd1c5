"""Exports made of corner cases: every limit met exactly and missed by a second, every blank.

The examples tell a plausible story, in which hardly a ticket takes exactly 24 hours and no bot
ever answers. Here such rows are the rule.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

FIRST_DAY = datetime(2025, 5, 1)
ROWS, FEW = 2_000, 400
LARGE = {"工单", "通话", "满意度评价", "投诉"}

YES_NO = ("是", "是", "否", "")
NUMBERS = ("", "0", "1", "2")
RATINGS = ("", "1", "2", "3", "4", "5")
SECONDS = ("", "0", "1", "599", "3600")
CHANNELS = ("电话", "电话", "在线", "在线", "邮件", "")
PROBLEM_TYPES = ("技术支持", "技术支持", "产品咨询", "售后服务", "投诉处理", "")
CUSTOMERS = ("", *(f"C{customer}" for customer in range(300)))
DAY = 86_400

Cells = dict[str, str]


def write_corners(folder: Path) -> None:
    """One file of every source."""
    rng = random.Random("corners")
    for name, row in FILES.items():
        rows = [row(rng, number) for number in range(ROWS if name in LARGE else FEW)]
        write(folder / f"{name}_2025.csv", rows)


def write(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def at(moment: datetime) -> str:
    return moment.isoformat(" ", "seconds")


def some_moment(rng: random.Random, number: int) -> datetime:
    """A minute of May to August; the first row is of the first day."""
    minutes = rng.randrange(120 * 24 * 60) if number else 0
    return FIRST_DAY + timedelta(minutes=minutes)


def around(*limits: int) -> tuple[int, ...]:
    """Each limit, and a second to either side."""
    return tuple(second for limit in limits for second in (limit - 1, limit, limit + 1))


def later(rng: random.Random, start: datetime, *limits: int) -> str:
    """A time around one of the limits after the start, or blank."""
    seconds = rng.choice((*around(*limits), None))
    return "" if seconds is None else at(start + timedelta(seconds=seconds))


def ticket(rng: random.Random, number: int) -> Cells:
    created = some_moment(rng, number)
    return {
        "工单编号": f"T{number:05d}",
        "创建时间": at(created),
        "客户编号": rng.choice(CUSTOMERS),
        "渠道": rng.choice(CHANNELS),
        "问题类型": rng.choice(PROBLEM_TYPES),
        "分派时间": later(rng, created, 5, 60),
        "首次响应时间": later(rng, created, 1, 15, 30, DAY),
        "首次响应方": rng.choice(("", "人工", "人工", "机器人", "自动回复")),
        "解决时间": later(rng, created, 1_800, 1_860, DAY, DAY + 60),
        "转技术": rng.choice(YES_NO),
        "技术初步方案时间": later(rng, created, 7_200),
        "涉及部门数": rng.choice(NUMBERS),
        "复杂问题": rng.choice(YES_NO),
        "外派": rng.choice(YES_NO),
        "首次解决": rng.choice(YES_NO),
        "即时解决": rng.choice(YES_NO),
        "重开次数": rng.choice(NUMBERS),
        "前次工单编号": rng.choice(("", "", "T00000")),
        "进度反馈时间": later(rng, created, DAY),
        "暂停时长": rng.choice(("", "0", "1", "60", "00:01:01")),
        "垃圾工单": rng.choice(("否", "", "否", "是")),
        "合并至工单": rng.choice(("", "", "", "T00001")),
        "需求类型": rng.choice(("", "投诉", "投诉", "咨询", "售后", "回访")),
        "团队": rng.choice(("", "投诉一组", "在线组", "电话组")),
        "坐席工号": rng.choice(("", "", "A1", "A2")),
        "首问坐席工号": rng.choice(("", "A1", "A2")),
        "客服回复次数": rng.choice(NUMBERS),
        "转派次数": rng.choice(NUMBERS),
        "转接信息完整": rng.choice(YES_NO),
        "升级": rng.choice(YES_NO),
        "解决截止时间": later(rng, created, 1_800, DAY),
        "关闭时间": later(rng, created, 900, DAY),
        "客户回复次数": rng.choice(NUMBERS),
    }


def call(rng: random.Random, number: int) -> Cells:
    enqueued = some_moment(rng, number)
    return {
        "通话编号": f"H{number:05d}",
        "进线时间": at(enqueued),
        "呼叫方向": rng.choice(("", "呼入", "呼入", "呼出", "内部")),
        "接听时间": later(rng, enqueued, 20, 300),
        "是否放弃": rng.choice(YES_NO),
        "预约回拨": rng.choice(("", "否", "是")),
        "等待时长": rng.choice(("", *map(str, around(5, 15, 20, 300)))),
        "通话时长": rng.choice(("", "0", "59", "3分25秒")),
        "保持时长": rng.choice(("", "0", "7")),
        "话后时长": rng.choice(("", "0", "11")),
        "是否转接": rng.choice(YES_NO),
        "客户编号": rng.choice(CUSTOMERS),
    }


def survey(rng: random.Random, number: int) -> Cells:
    ended = some_moment(rng, number)
    sent = later(rng, ended, DAY, 2 * DAY)
    responded = later(rng, ended, 3 * DAY, 20 * DAY)
    ended_known = not (sent or responded) or rng.random() < 0.9
    return {
        "评价编号": f"S{number:05d}",
        "渠道": rng.choice(CHANNELS),
        "问题类型": rng.choice(PROBLEM_TYPES),
        "服务结束时间": at(ended) if ended_known else "",
        "发送时间": sent,
        "评价时间": responded,
        "满意度": rng.choice(("", "1", "2", "3", "4", "4", "5", "5", "5")),
        "推荐意愿": rng.choice(("", *map(str, range(11)))),
        "费力度": rng.choice(("", *map(str, range(1, 8)))),
        "服务态度": rng.choice(RATINGS),
        "响应速度": rng.choice(RATINGS),
        "专业能力": rng.choice(RATINGS),
        "流程便捷": rng.choice(RATINGS),
        "解决效果": rng.choice(("", *RATINGS)),
        "客户自述已解决": rng.choice(YES_NO),
    }


def complaint(rng: random.Random, number: int) -> Cells:
    created = some_moment(rng, number)
    return {
        "投诉编号": f"P{number:05d}",
        "投诉时间": at(created),
        "渠道": rng.choice(CHANNELS),
        "投诉原因": rng.choice(("未明确告知", "响应缓慢", "其他", "")),
        "投诉响应时间": later(rng, created, 60, DAY),
        "解决时间": later(rng, created, DAY),
        "办结时间": later(rng, created, DAY),
        "沟通次数": rng.choice(("", "0", "1", "3", "8")),
        "前次投诉编号": rng.choice(("", "P00000")),
    }


def check(rng: random.Random, number: int) -> Cells:
    return {
        "抽检编号": f"Z{number:05d}",
        "条目编号": f"KB-{number % 50}",
        "问题类型": rng.choice(PROBLEM_TYPES),
        "抽检日期": f"{some_moment(rng, number):%Y-%m-%d}",
        "是否正确": rng.choice(YES_NO),
    }


def agent(rng: random.Random, number: int) -> Cells:
    return {
        "坐席工号": f"A{number:05d}",
        "技能等级": rng.choice(("基础", "中级", "高级", "")),
        "状态": rng.choice(("在职", "试用", "休假", "离职", "")),
    }


def reply(rng: random.Random, number: int) -> Cells:
    written = some_moment(rng, number)
    answered = written + timedelta(seconds=rng.choice((0, *around(30, 120))))
    return {
        "回复编号": f"R{number:05d}",
        "客户消息时间": at(written),
        "坐席回复时间": at(answered),
    }


def quality_check(rng: random.Random, number: int) -> Cells:
    return {
        "质检编号": f"Q{number:05d}",
        "质检时间": f"{some_moment(rng, number):%Y-%m-%d}",
        "质检得分": rng.choice(("", "0", "60", "89", "90", "91", "100")),
        "使用禁语": rng.choice(YES_NO),
        "致命差错": rng.choice(("", "否", "否", "是")),
        "质检计划编号": rng.choice(("", "P1")),
    }


def agent_day(rng: random.Random, number: int) -> Cells:
    columns = (
        "在线时长",
        "空闲时长",
        "处理时长",
        "有效沟通时长",
        "会话时长",
        "排班时长",
        "遵从时长",
    )
    return {
        "工时记录编号": f"W{number:05d}",
        "坐席工号": f"A{number % 40}",
        "工作日期": f"{some_moment(rng, number):%Y-%m-%d}",
        **{column: rng.choice(SECONDS) for column in columns},
    }


def examination(rng: random.Random, number: int) -> Cells:
    return {
        "考核编号": f"K{number:05d}",
        "坐席工号": f"A{number % 40}",
        "课程": "新品",
        "考核时间": at(some_moment(rng, number)),
        "考核通过": rng.choice(YES_NO),
    }


def shared_case(rng: random.Random, number: int) -> Cells:
    return {
        "案例编号": f"L{number:05d}",
        "案例提交时间": at(some_moment(rng, number)),
        "案例采纳": rng.choice(YES_NO),
    }


def improvement(rng: random.Random, number: int) -> Cells:
    planned = some_moment(rng, number)
    return {
        "改进项编号": f"G{number:05d}",
        "计划完成时间": at(planned),
        "实际完成时间": rng.choice(("", *(at(planned + timedelta(days=d)) for d in (-1, 0, 1)))),
        "验收通过": rng.choice(YES_NO),
    }


FILES: dict[str, Callable[[random.Random, int], Cells]] = {
    "工单": ticket,
    "通话": call,
    "满意度评价": survey,
    "投诉": complaint,
    "知识库抽检": check,
    "坐席名册": agent,
    "回复": reply,
    "质检": quality_check,
    "坐席工时": agent_day,
    "培训": examination,
    "案例": shared_case,
    "改进项": improvement,
}
