"""A small scorecard that has everything a report must show."""

from __future__ import annotations

from pathlib import Path

import pytest

from csq.api import Run, score
from csq.protection import ShownScorecard, protect
from csq.request import Request

METRICS = """\
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
    owner: [客服部, 技术部]
    targets:
      - { value: ">= 85%", provenance: guide }
      - { value: ">= 60%", level: floor }
  - id: resolve_avg
    name: { zh: 平均解决时长, en: Average resolution time }
    dimension: 效率
    formula: AVERAGE(有效, resolved_at - created_at)
    unit: duration
    direction: down
    owner: [技术部]
    targets:
      - { value: "<= 2h" }
      - { value: "<= 45min", where: { channel: 电话 } }
  - id: transfer_avg
    name: { zh: 人均转接, en: Transfers }
    dimension: 效率
    formula: AVERAGE(有效, transfers)
    unit: score
    direction: down
    targets: [{ value: "<= 1" }]
    min_n: 20
  - id: volume
    name: { zh: 工单量, en: Tickets }
    dimension: 负荷
    formula: COUNT(有效)
    unit: count
    direction: up
  - id: csat
    name: { zh: 满意度, en: CSAT }
    dimension: 体验
    formula: COUNTIF(surveys, csat >= 4) / COUNT(surveys, csat)
    unit: percent
    direction: up
    targets: [{ value: ">= 90%" }]
  - id: nps
    name: { zh: 推荐意愿, en: Willingness to recommend }
    dimension: 体验
    formula: AVERAGE(surveys, nps)
    unit: score
    direction: up
"""

TICKETS = """\
工单编号,创建时间,解决时间,渠道,首次解决,转接次数
T9,2025-06-20 09:00:00,2025-06-20 10:00:00,电话,是,1
T0,2025-07-10 09:00:00,2025-07-10 10:00:00,电话,是,0
T1,2025-08-01 09:00:00,2025-08-01 09:30:15,电话,是,0
T2,2025-08-02 09:00:00,2025-08-02 11:00:00,在线,否,2
T3,2025-08-03 09:00:00,2025-08-03 10:00:00,在线,是,1
T4,2025-08-04 09:00:00,2025-08-04 09:59:00,电话,否,0
T5,2025-08-31 09:00:00,,=1+1,是,0
"""


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    (folder / "工单.csv").write_text(TICKETS, encoding="utf-8")
    (folder / "metrics.yaml").write_text(METRICS, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def scorecard(exports: Path) -> ShownScorecard:
    request = Request(period="2025-08", by=(("channel",),))
    return protect(score(Run((exports / "工单.csv",), exports / "metrics.yaml", request)))
