"""The figures by a hand-written polars script: `python with_polars.py FILE`."""

from __future__ import annotations

import sys
from datetime import datetime

import polars as pl
from figures import BREAKDOWNS, Answer

TEXTS = {
    "工单编号": "id",
    "渠道": "channel",
    "问题类型": "problem_type",
    "前次工单编号": "repeat_of",
}
TIMES = {"创建时间": "created", "首次响应时间": "first_response", "解决时间": "solved"}
FLAGS = {"首次解决": "first_contact", "复杂问题": "is_complex", "外派": "outsourced"}
NUMBERS = {"重开次数": "reopens", "涉及部门数": "departments"}

MINUTE = 60_000_000
HOUR = 60 * MINUTE

created, response, resolution = pl.col("created"), pl.col("response"), pl.col("resolution")
channel, is_tech = pl.col("channel"), pl.col("problem_type") == "技术支持"
is_slow = response.is_null() | (response > MINUTE // 2)
not_first = ~pl.col("first_contact").fill_null(value=False)
departments, reopened = pl.col("departments") > 1, pl.col("reopens") >= 1
SUMS = {
    "tickets": pl.len(),
    "answered": response.count(),
    "response_seconds": response.sum() / 1e6,
    "phone_or_chat": channel.is_in(["电话", "在线"]).sum(),
    "in_time": (
        ((channel == "电话") & (response <= MINUTE // 4))
        | ((channel == "在线") & (response <= MINUTE // 2))
    ).sum(),
    "slow": is_slow.sum(),
    "slow_tech": (is_slow & is_tech).sum(),
    "within_24h": (response <= 24 * HOUR).sum(),
    "resolved": resolution.count(),
    "resolution_seconds": resolution.sum() / 1e6,
    "resolved_late": (resolution > 24 * HOUR).sum(),
    "tech": is_tech.sum(),
    "tech_repeats": (is_tech & pl.col("repeat_of").is_not_null()).sum(),
    "tech_resolved": (is_tech & resolution.is_not_null()).sum(),
    "tech_seconds": resolution.filter(is_tech).sum() / 1e6,
    "tech_long": (is_tech & (resolution > 30 * MINUTE)).sum(),
    "first_contact": pl.col("first_contact").sum(),
    "not_first": not_first.sum(),
    "not_first_departments": (not_first & departments).sum(),
    "repeats": pl.col("repeat_of").count(),
    "complex": pl.col("is_complex").sum(),
    "complex_outsourced": (pl.col("is_complex") & pl.col("outsourced")).sum(),
    "ever_resolved": (resolution.is_not_null() | reopened).sum(),
    "reopened": reopened.sum(),
}
PERCENTILES = {
    "response_p50": response.quantile(0.5, "linear") / 1e6,
    "response_p90": response.quantile(0.9, "linear") / 1e6,
}


def read(path: str) -> pl.LazyFrame:
    """Every row, typed, and whether it is to be kept."""
    names = {**TEXTS, **TIMES, **FLAGS, **NUMBERS}
    rows = pl.scan_csv(path, infer_schema=False, null_values=[""]).select(
        pl.col(header).alias(name) for header, name in names.items()
    )
    values = {
        **{name: _moment(pl.col(name)) for name in TIMES.values()},
        **{name: _flag(pl.col(name)) for name in FLAGS.values()},
        **{name: pl.col(name).cast(pl.Int32, strict=False) for name in NUMBERS.values()},
    }
    response, resolution = (
        values[name].to_physical() - values["created"].to_physical()
        for name in ("first_response", "solved")
    )
    valid = pl.all_horizontal(
        pl.col("id").is_not_null(),
        values["created"].is_not_null(),
        *(value.is_not_null() | pl.col(name).is_null() for name, value in values.items()),
        (response >= 0).fill_null(value=True),
        (resolution >= 0).fill_null(value=True),
    )
    return rows.select(
        *TEXTS.values(),
        *(value.alias(name) for name, value in values.items()),
        response.alias("response"),
        resolution.alias("resolution"),
        valid.alias("valid"),
    ).drop("first_response", "solved")


def _moment(text: pl.Expr) -> pl.Expr:
    return text.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us")


def _flag(text: pl.Expr) -> pl.Expr:
    return pl.when(text == "是").then(True).when(text == "否").then(False)


def main() -> None:
    rows = read(sys.argv[1]).collect(engine="streaming")
    valid = rows.filter("valid")
    tickets = valid.unique("id", keep="last")
    answer = Answer(rows.height, rows.height - valid.height, valid.height - tickets.height)
    del rows, valid

    monthly = (
        tickets.lazy()
        .filter((created >= datetime(2025, 2, 1)) & (created < datetime(2025, 9, 1)))
        .with_columns(created.dt.strftime("%Y-%m").alias("month"))
    )
    sums = monthly.group_by("month", "channel", "problem_type").agg(**SUMS).collect()
    for field in (None, *BREAKDOWNS):
        by = ["month", field] if field else ["month"]
        for table in (
            monthly.group_by(by).agg(**PERCENTILES).collect(),
            sums.group_by(by).agg(pl.col(*SUMS).sum()),
        ):
            for row in table.iter_rows(named=True):
                group = (field, row.pop(field) if field else None)
                month = row.pop("month")
                answer.add(group, month, row)
    answer.print()


if __name__ == "__main__":
    main()
