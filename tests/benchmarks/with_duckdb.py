"""The figures by hand-written SQL: `python with_duckdb.py FILE`."""

from __future__ import annotations

import sys

import duckdb
from figures import BREAKDOWNS, Answer

TYPES = {
    "工单编号": "VARCHAR", "渠道": "VARCHAR", "问题类型": "VARCHAR", "创建时间": "TIMESTAMP",
    "首次响应时间": "TIMESTAMP", "解决时间": "TIMESTAMP", "坐席工号": "VARCHAR",
    "首次解决": "VARCHAR", "重开次数": "INTEGER", "涉及部门数": "INTEGER", "复杂问题": "VARCHAR",
    "外派": "VARCHAR", "前次工单编号": "VARCHAR",
}  # fmt: skip

# A row with a time or number that cannot be read goes to reject_errors; the rest is checked here.
READ = """
    CREATE TABLE tickets AS
    SELECT 工单编号 AS id, 渠道 AS channel, 问题类型 AS problem_type, 创建时间 AS created,
        epoch_us(首次响应时间) - epoch_us(创建时间) AS response,
        epoch_us(解决时间) - epoch_us(创建时间) AS resolution,
        首次解决 = '是' AS first_contact, 重开次数 AS reopens, 涉及部门数 AS departments,
        复杂问题 = '是' AS is_complex, 外派 = '是' AS outsourced, 前次工单编号 AS repeat_of,
        id IS NOT NULL AND created IS NOT NULL
            AND coalesce(response >= 0, true) AND coalesce(resolution >= 0, true)
            AND coalesce(首次解决, '是') IN ('是', '否')
            AND coalesce(复杂问题, '是') IN ('是', '否')
            AND coalesce(外派, '是') IN ('是', '否') AS valid
    FROM read_csv(?, header = true, auto_detect = false, delim = ',', quote = '"',
        columns = {types}, store_rejects = true)
"""
COUNT_UNREADABLE = "SELECT count(DISTINCT line) FROM reject_errors"
DROP_INVALID = "DELETE FROM tickets WHERE NOT valid"
DROP_DUPLICATES = """
    DELETE FROM tickets WHERE rowid IN (
        SELECT rowid FROM (
            SELECT rowid, row_number() OVER (PARTITION BY id ORDER BY rowid DESC) AS nth
            FROM tickets
            WHERE id IN (SELECT id FROM tickets GROUP BY id HAVING count(*) > 1))
        WHERE nth > 1)
"""

# One pass over the tickets, as finely grouped as needed; groups and total are sums of these.
SUM_UP = """
    CREATE TABLE sums AS
    SELECT strftime(created, '%Y-%m') AS month, channel, problem_type,
        count(*) AS tickets,
        count(response) AS answered,
        sum(response) / 1e6 AS response_seconds,
        count(*) FILTER (channel IN ('电话', '在线')) AS phone_or_chat,
        count(*) FILTER (channel = '电话' AND response <= 15_000_000
            OR channel = '在线' AND response <= 30_000_000) AS in_time,
        count(*) FILTER (response IS NULL OR response > 30_000_000) AS slow,
        count(*) FILTER (problem_type = '技术支持'
            AND (response IS NULL OR response > 30_000_000)) AS slow_tech,
        count(*) FILTER (response <= 86_400_000_000) AS within_24h,
        count(resolution) AS resolved,
        sum(resolution) / 1e6 AS resolution_seconds,
        count(*) FILTER (resolution > 86_400_000_000) AS resolved_late,
        count(*) FILTER (problem_type = '技术支持') AS tech,
        count(repeat_of) FILTER (problem_type = '技术支持') AS tech_repeats,
        count(resolution) FILTER (problem_type = '技术支持') AS tech_resolved,
        sum(resolution) FILTER (problem_type = '技术支持') / 1e6 AS tech_seconds,
        count(*) FILTER (problem_type = '技术支持' AND resolution > 1_800_000_000) AS tech_long,
        count(*) FILTER (first_contact) AS first_contact,
        count(*) FILTER (first_contact IS NOT TRUE) AS not_first,
        count(*) FILTER (first_contact IS NOT TRUE AND departments > 1) AS not_first_departments,
        count(repeat_of) AS repeats,
        count(*) FILTER (is_complex) AS complex,
        count(*) FILTER (is_complex AND outsourced) AS complex_outsourced,
        count(*) FILTER (resolution IS NOT NULL OR reopens >= 1) AS ever_resolved,
        count(*) FILTER (reopens >= 1) AS reopened
    FROM tickets
    WHERE created >= '2025-02-01' AND created < '2025-09-01'
    GROUP BY ALL
"""
ROLL_UP = """
    SELECT month, {field} AS value, sum(COLUMNS(* EXCLUDE (month, channel, problem_type))) FROM sums
    GROUP BY ALL
"""
PERCENTILES = """
    SELECT strftime(created, '%Y-%m') AS month, {field} AS value,
        quantile_cont(response, 0.5) / 1e6, quantile_cont(response, 0.9) / 1e6
    FROM tickets
    WHERE created >= '2025-02-01' AND created < '2025-09-01'
    GROUP BY ALL
"""


def main() -> None:
    connection = duckdb.connect()
    connection.execute("SET threads = 2")

    def count(statement: str) -> int:
        return int(connection.execute(statement).fetchall()[0][0])

    readable = connection.execute(READ.format(types=TYPES), [sys.argv[1]]).fetchall()[0][0]
    unreadable = count(COUNT_UNREADABLE)
    invalid = count(DROP_INVALID)
    duplicates = count(DROP_DUPLICATES)
    connection.execute(SUM_UP)
    names = [column[0] for column in connection.execute("FROM sums").description][3:]

    answer = Answer(readable + unreadable, unreadable + invalid, duplicates)
    for field in (None, *BREAKDOWNS):
        spelt = field or "NULL::VARCHAR"
        for month, group, p50, p90 in connection.execute(
            PERCENTILES.format(field=spelt)
        ).fetchall():
            answer.add((field, group), month, {"response_p50": p50, "response_p90": p90})
        for month, group, *sums in connection.execute(ROLL_UP.format(field=spelt)).fetchall():
            answer.add((field, group), month, dict(zip(names, sums, strict=True)))
    answer.print()


if __name__ == "__main__":
    main()
