"""The figures by a hand-written pandas script: `python with_pandas.py FILE [pyarrow]`."""

from __future__ import annotations

import sys
from typing import Literal

import pandas as pd
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
NAMES = {**TEXTS, **TIMES, **FLAGS, **NUMBERS}


def read(path: str, engine: Literal["c", "pyarrow"]) -> tuple[pd.DataFrame, pd.Series[bool]]:
    """Every row, typed, and whether it is to be kept."""
    kinds = {"渠道": "category", "问题类型": "category"} | dict.fromkeys(FLAGS, "category")
    rows = pd.read_csv(
        path,
        engine=engine,
        usecols=list(NAMES),
        dtype={header: kinds.get(header, "str") for header in NAMES},
        keep_default_na=False,
        na_values=[""],
    ).rename(columns=NAMES)
    valid = rows["id"].notna() & rows["created"].notna()
    for name in TIMES.values():
        values = pd.to_datetime(rows[name], format="%Y-%m-%d %H:%M:%S", errors="coerce")
        valid &= values.notna() | rows[name].isna()
        rows[name] = values
    for name in FLAGS.values():
        flags = rows[name].map({"是": True, "否": False}).astype("boolean")
        valid &= flags.notna() | rows[name].isna()
        rows[name] = flags
    for name in NUMBERS.values():
        numbers = pd.to_numeric(rows[name], errors="coerce")
        valid &= numbers.notna() | rows[name].isna()
        rows[name] = numbers
    rows["response"] = (rows.pop("first_response") - rows["created"]).dt.total_seconds()
    rows["resolution"] = (rows.pop("solved") - rows["created"]).dt.total_seconds()
    return rows, valid & ~(rows["response"] < 0) & ~(rows["resolution"] < 0)


def columns_to_sum(tickets: pd.DataFrame) -> pd.DataFrame:
    """A column for each sum, by the month and the groups of its rows."""
    response, resolution = tickets["response"], tickets["resolution"]
    channel, is_tech = tickets["channel"], tickets["problem_type"] == "技术支持"
    answered, solved = response.notna(), resolution.notna()
    slow = ~(response <= 30)
    not_first = ~tickets["first_contact"].fillna(False)
    reopened, is_complex = tickets["reopens"] >= 1, tickets["is_complex"].fillna(False)
    repeat = tickets["repeat_of"].notna()
    return pd.DataFrame(
        {
            "month": tickets["created"].dt.month,
            "channel": channel,
            "problem_type": tickets["problem_type"],
            "tickets": 1,
            "answered": answered,
            "response_seconds": response,
            "phone_or_chat": channel.isin(["电话", "在线"]),
            "in_time": ((channel == "电话") & (response <= 15))
            | ((channel == "在线") & (response <= 30)),
            "slow": slow,
            "slow_tech": slow & is_tech,
            "within_24h": response <= 86_400,
            "resolved": solved,
            "resolution_seconds": resolution,
            "resolved_late": resolution > 86_400,
            "tech": is_tech,
            "tech_repeats": is_tech & repeat,
            "tech_resolved": is_tech & solved,
            "tech_seconds": resolution.where(is_tech),
            "tech_long": is_tech & (resolution > 1_800),
            "first_contact": tickets["first_contact"].fillna(False),
            "not_first": not_first,
            "not_first_departments": not_first & (tickets["departments"] > 1),
            "repeats": repeat,
            "complex": is_complex,
            "complex_outsourced": is_complex & tickets["outsourced"].fillna(False),
            "ever_resolved": solved | reopened,
            "reopened": reopened,
        }
    )


def main() -> None:
    rows, keep = read(sys.argv[1], "pyarrow" if sys.argv[2:] == ["pyarrow"] else "c")
    valid = rows[keep]
    tickets = valid.drop_duplicates("id", keep="last")
    answer = Answer(len(rows), len(rows) - len(valid), len(valid) - len(tickets))
    del rows, valid

    tickets = tickets[(tickets["created"] >= "2025-02-01") & (tickets["created"] < "2025-09-01")]
    wide = columns_to_sum(tickets)
    sums = wide.groupby(["month", *BREAKDOWNS], dropna=False, observed=True).sum()
    wide = wide[["month", *BREAKDOWNS]].assign(response=tickets["response"])
    for field in (None, *BREAKDOWNS):
        by = ["month", field] if field else ["month"]
        table = sums.groupby(by, dropna=False, observed=True).sum()
        response = wide.groupby(by, dropna=False, observed=True)["response"]
        table["response_p50"], table["response_p90"] = (
            response.quantile(0.5),
            response.quantile(0.9),
        )
        for key, row in zip(table.index, table.to_dict("records"), strict=True):
            month, value = key if field else (key, None)
            group = (field, None if pd.isna(value) else value)
            found = {str(name): None if pd.isna(x) else x for name, x in row.items()}
            answer.add(group, f"2025-{month:02d}", found)
    answer.print()


if __name__ == "__main__":
    main()
