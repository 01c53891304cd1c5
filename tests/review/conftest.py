"""A service centre's two quarters with secrets in the comments, and a review of a few tickets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from csq.api import Run, review
from csq.protection import ShownScorecard
from csq.reports.review.blocks import Document
from csq.reports.review.page import draw_review_page
from csq.reports.review.view import make_document
from csq.reports.review.workbook import draw_review_workbook
from csq.request import Request
from csq.review.facts import Review

SECRETS = (
    "13812345678",
    "110101199003070021",
    "6222021234567890123",
    "zhang.san@example.com",
    "粤B12345",
)
HOSTILE = ("=1+1", "+SUM(A1)", "@x", "<script>alert(1)</script>", "{{ 7*7 }}", '"><img src=x>')
QUARTER = "2025Q3"

METRICS = """\
version: 1
extends: csq
calendars:
  工作时间:
    hours: { mon-fri: ["09:00-12:00", "13:30-18:00"] }
    off_hours_reply: zero
rows:
  期末未解决: { from: 有效工单, where: 'ISBLANK(resolved_at) OR resolved_at >= PERIOD_END()', stock: true }
indicators:
  - id: backlog
    name: { zh: 期末未解决量, en: Backlog }
    dimension: 负荷
    formula: COUNT(期末未解决)
    unit: count
    direction: down
  - id: worked
    name: { zh: 工作时间内解决时长, en: Working time to resolve }
    dimension: 效率
    formula: AVERAGE(有效工单, DURATION(created_at, resolved_at, "工作时间"))
    unit: duration
    direction: down
  - id: rightly_sent
    name: { zh: 分派正确率, en: Rightly assigned }
    dimension: 质量
    formula: COUNTIF(有效工单, IF(channel = "电话", first_contact_resolved, resolved_in_session)) / COUNT(有效工单)
    unit: percent
    direction: up
  - id: teams
    name: { zh: 团队数, en: Teams }
    dimension: 负荷
    formula: DISTINCT(有效工单, team)
    unit: count
    direction: up
"""
"""What csq ships, a stock, business hours, a choice, and the one thing that has no live formula."""


def _tickets() -> Iterator[str]:
    yield "工单编号,创建时间,客户编号,首次响应时间,解决时间,渠道,问题类型,产品,团队,坐席工号,首次解决,即时解决,暂停时长,垃圾工单"
    start = datetime(2025, 4, 1, 9)
    types = ("技术支持", "产品咨询", "售后服务")
    for number in range(366):
        created = start + timedelta(hours=12 * number, minutes=number % 50)
        slow = number % 3 == 0
        # In the first month three times as long: beyond the limits of what comes after.
        first = created + timedelta(
            seconds=(90 if slow else 10 + number % 7) * (3 if number < 60 else 1)
        )
        solved = created + timedelta(minutes=60 if slow else 20, seconds=number % 60)
        product = HOSTILE[number % 6] if number % 40 < 6 else "打印机"
        yield (
            f"T{number:04d},{created},C{number * number % 31},{first},{solved if number % 25 else ''},"
            f'{"电话" if number % 2 else "在线"},{types[number % 3]},"{product.replace(chr(34), chr(34) * 2)}",'
            f"{'一组' if number % 4 else '二组'},A{number % 9 if number % 50 else 77:03d},"
            f"{'否' if slow and number % 2 else '是'},{'' if number % 11 == 0 else '是'},"
            f"{number % 5 * 30 if number % 7 else ''},{'是' if number % 61 == 0 else '否'}"
        )


def _surveys() -> Iterator[str]:
    yield "评价编号,工单编号,坐席工号,渠道,问题类型,服务结束时间,发送时间,评价时间,满意度,推荐意愿,服务态度,响应速度,评价内容"
    start = datetime(2025, 4, 1, 12)
    for number in range(180):
        ended = start + timedelta(days=number, minutes=7)
        rating = 1 if number % 9 == 0 else 4 + number % 2
        text = f"联系我 {SECRETS[number // 9 % 5]} 谢谢" if rating == 1 else ""
        answered = ended + timedelta(hours=30) if number % 4 else ""
        yield (
            f"S{number:04d},T{number * 2:04d},A{number % 9:03d},{'电话' if number % 2 else '在线'},"
            f"产品咨询,{ended},{ended + timedelta(hours=25)},{answered},"
            f"{rating if answered else ''},{number % 11 if answered else ''},{rating},4,{text}"
        )


def _complaints() -> Iterator[str]:
    yield "投诉编号,投诉时间,投诉响应时间,解决时间,办结时间,渠道,投诉原因,沟通次数,坐席工号"
    times = [datetime(2025, 4, 2, 10) + timedelta(days=3 * n) for n in range(60)]
    times += [datetime(2025, 8, 12, 20, n) for n in range(40)]
    for number, time in enumerate(times):
        cause = ("其他", "响应缓慢", "其他", "服务态度")[number % 4]
        yield (
            f"P{number:03d},{time},{time + timedelta(hours=2)},{time + timedelta(hours=20 + number % 9)},"
            f"{time + timedelta(hours=22 + number % 9)},电话,{cause},{2 + number % 3},A{number % 9:03d}"
        )


IMPROVEMENTS = """\
改进项编号,优化项,具体措施,责任部门,责任人,计划完成时间,实际完成时间,完成情况,延期原因,验收标准,对应指标
G1,旧事,早已完成,客服部,王小芳,2025-06-01,2025-06-20,是,,,
G2,一次性解决率,补充知识库,客服部,王小芳,2025-08-15,2025-08-20,,,一次性解决率 ≥ 85 %,fcr
G3,响应时长,=1+1,客服部,Mary Lee,2025-09-10,,,等 13812345678 上线,,平均首次响应时长
G4,接通率,加班次,运营部,,2025-12-01,,,,,没有的指标
"""


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("review")
    (folder / "改进项.csv").write_text(IMPROVEMENTS, encoding="utf-8")
    (folder / "metrics.yaml").write_text(METRICS, encoding="utf-8")
    for name, rows in (("工单", _tickets()), ("评价", _surveys()), ("投诉", _complaints())):
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def found(exports: Path) -> Review:
    return review(Run((exports,), exports / "metrics.yaml", Request(period=QUARTER)))


@pytest.fixture(scope="session")
def document(found: Review) -> Document:
    return make_document(found, "zh")


@pytest.fixture(scope="session")
def english(found: Review) -> Document:
    return make_document(found, "en")


@pytest.fixture(scope="session")
def workbook(document: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("workbook") / "review.xlsx"
    path.write_bytes(draw_review_workbook(document))
    return path


@pytest.fixture(scope="session")
def english_workbook(english: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("workbook") / "english.xlsx"
    path.write_bytes(draw_review_workbook(english))
    return path


@pytest.fixture(scope="session")
def page(document: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "review.html"
    path.write_text(draw_review_page(document), encoding="utf-8")
    return path


# A review small enough to be read ----------------------------------------------------------

SMALL_METRICS = """\
version: 1
rows:
  有效: { from: tickets, where: 'NOT spam' }
indicators:
  - id: fcr
    name: { zh: 一次性解决率, en: First contact resolution }
    dimension: 质量
    formula: COUNTIF(有效, first_contact_resolved) / COUNT(有效)
    unit: percent
    direction: up
    owner: [客服部]
    target: ">= 85%"
    playbook: { zh: 复盘前三类原因, en: Review the three main causes }
  - id: frt
    name: { zh: 首次响应时长, en: First response time }
    dimension: 效率
    formula: AVERAGE(有效, first_response_at - created_at)
    unit: duration
    direction: down
    target: "<= 1min"
  - id: transfers
    name: { zh: 平均转接次数, en: Transfers }
    dimension: 质量
    formula: AVERAGE(有效, transfers)
    unit: score
    direction: down
"""
SMALL_HEADER = "工单编号,创建时间,首次响应时间,渠道,坐席工号,首次解决,垃圾工单,转接次数\n"


def _few_tickets() -> str:
    rows = []
    for number in range(24):
        month, day = 7 + number % 2, 1 + number
        channel = "=1+1" if number == 5 else "电话" if number % 3 else "在线"
        agent = ("赵六", "王小芳", "A002", "A002")[number // 2 % 4]
        rows.append(
            f"T{number:02},2025-{month:02}-{day:02} {9 + number % 3}:00:00,2025-{month:02}-{day:02}"
            f" {9 + number % 3}:00:{10 + number % 40},{channel},{agent},"
            f"{'否' if number % 3 == 1 else '是'},否,\n"
        )
    return SMALL_HEADER + "".join(rows)


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("golden")
    (folder / "工单.csv").write_text(_few_tickets(), encoding="utf-8")
    (folder / "metrics.yaml").write_text(SMALL_METRICS, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def small(few: Path) -> Review:
    asked = Run((few / "工单.csv",), few / "metrics.yaml", Request(period="2025-08"))
    return review(asked)


@pytest.fixture(scope="session")
def small_document(small: Review) -> Document:
    return make_document(small, "zh")


@pytest.fixture(scope="session")
def first(small: Review) -> Document:
    """A review of the first period of all."""
    scores = tuple(replace(each, previous=None, thin={}) for each in small.scorecard.scores)
    card = ShownScorecard(replace(small.scorecard, scores=scores))
    shares = tuple(replace(each, previous={}) for each in small.shares)
    ratings = tuple(replace(each, previous=None) for each in small.ratings)
    return make_document(replace(small, scorecard=card, shares=shares, ratings=ratings), "en")
