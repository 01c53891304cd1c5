"""The functions of the formula language: what each takes, and an example of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from csq.formula.tree import Type
from csq.wording import Wording

_ANY = frozenset(Type)
_AMOUNTS = frozenset({Type.NUMBER, Type.PERCENT, Type.DURATION})
_SHARES = frozenset({Type.NUMBER, Type.PERCENT})
_CONDITION = frozenset({Type.FLAG})
_TIMES = frozenset({Type.MOMENT})
_TEXTS = frozenset({Type.TEXT})


@dataclass(frozen=True, slots=True)
class Signature:
    """What a function takes: the role of each argument and the types a role allows.

    The last role may repeat where `most` exceeds the number of roles. `result` is `None` where
    it is the type of an argument.
    """

    roles: tuple[str, ...]
    types: Mapping[str, frozenset[Type]]
    fewest: int
    most: int
    example: str
    about: Wording
    result: Type | None = None


_ROWS_VALUE = {"value": _AMOUNTS}

AGGREGATES: Mapping[str, Signature] = {
    "COUNT": Signature(
        ("rows", "value"), {"value": _ANY}, 1, 2, "COUNT(tickets, resolved_at)",
        Wording("行数；给出字段时只数非空的行", "the rows, or those in which a field is filled"),
    ),
    "COUNTIF": Signature(
        ("rows", "condition"), {"condition": _CONDITION}, 2, 2, 'COUNTIF(tickets, channel = "电话")',
        Wording("符合条件的行数", "the rows that fulfil a condition"),
    ),
    "DISTINCT": Signature(
        ("rows", "value"), {"value": _ANY}, 2, 2, "DISTINCT(tickets, customer_id)",
        Wording("不同取值的个数", "how many different values there are"),
    ),
    "SUM": Signature(
        ("rows", "value"), _ROWS_VALUE, 2, 2, "SUM(calls, talk_s)",
        Wording("合计，空白不计", "the total; blanks are left out"),
    ),
    "SUMIF": Signature(
        ("rows", "condition", "value"), {"condition": _CONDITION, "value": _AMOUNTS}, 3, 3,
        "SUMIF(calls, NOT abandoned, wait_s)",
        Wording("符合条件的行的合计", "the total over the rows that fulfil a condition"),
    ),
    "AVERAGE": Signature(
        ("rows", "value"), _ROWS_VALUE, 2, 2, "AVERAGE(tickets, first_response_at - created_at)",
        Wording("平均值，空白不计", "the mean; blanks are left out"),
    ),
    "AVERAGEIF": Signature(
        ("rows", "condition", "value"), {"condition": _CONDITION, "value": _AMOUNTS}, 3, 3,
        'AVERAGEIF(surveys, channel = "电话", csat)',
        Wording("符合条件的行的平均值", "the mean over the rows that fulfil a condition"),
    ),
    "MEDIAN": Signature(
        ("rows", "value"), _ROWS_VALUE, 2, 2, "MEDIAN(tickets, resolved_at - created_at)",
        Wording("中位数", "the median"),
    ),
    "PERCENTILE": Signature(
        ("rows", "value", "quantile"), {"value": _AMOUNTS, "quantile": _SHARES}, 3, 3,
        "PERCENTILE(tickets, resolved_at - created_at, 90%)",
        Wording("分位数（线性插值，同 Excel 的 PERCENTILE.INC）", "the percentile, interpolated as Excel's PERCENTILE.INC"),
    ),
    "MIN": Signature(
        ("rows", "value"), _ROWS_VALUE, 2, 2, "MIN(calls, wait_s)", Wording("最小值", "the smallest value"),
    ),
    "MAX": Signature(
        ("rows", "value"), _ROWS_VALUE, 2, 2, "MAX(calls, wait_s)", Wording("最大值", "the largest value"),
    ),
    "SHARE": Signature(
        ("rows", "condition"), {"condition": _CONDITION}, 2, 2, "SHARE(surveys, csat >= 4)",
        Wording("符合条件的行占全部行的比例", "the share of the rows that fulfil a condition"),
    ),
    "TOPSHARE": Signature(
        ("rows", "value"), {"value": _TEXTS}, 2, 2, "TOPSHARE(complaints, cause)",
        Wording("行数最多的一类占全部行的比例；空白和“其他”留在分母里，但不当最大的一类", "the share of the largest class; blanks and “Other” stay in the whole and are never the largest"),
    ),
}  # fmt: skip
"""Functions that sum up the rows of a source or row set."""

CHOICES: Mapping[str, Signature] = {
    "LEAST": Signature(
        ("value",), {"value": _AMOUNTS}, 2, 9, "LEAST(AVERAGE(surveys, d_attitude), AVERAGE(surveys, d_process))",
        Wording("几个汇总值里最小的，没有数据的不比", "the smallest of several summed-up values; those without data are left out"),
    ),
    "GREATEST": Signature(
        ("value",), {"value": _AMOUNTS}, 2, 9, "GREATEST(SHARE(tickets, escalated), SHARE(tickets, outsourced))",
        Wording("几个汇总值里最大的，没有数据的不比", "the largest of several summed-up values; those without data are left out"),
    ),
}  # fmt: skip
"""Functions between summed-up values."""

ROW_FUNCTIONS: Mapping[str, Signature] = {
    "ISBLANK": Signature(
        ("value",), {"value": _ANY}, 1, 1, "ISBLANK(resolved_at)",
        Wording("是否为空", "whether it is blank"), Type.FLAG,
    ),
    "IF": Signature(
        ("condition", "value"), {"condition": _CONDITION, "value": _ANY}, 3, 3,
        "IF(abandoned, 0s, wait_s)",
        Wording("条件成立取前者，否则取后者", "the first value if the condition holds, else the second"),
    ),
    "COALESCE": Signature(
        ("value",), {"value": _ANY}, 2, 9, "COALESCE(paused_s, 0s)",
        Wording("第一个非空的值", "the first value that is not blank"),
    ),
    "HOUR": Signature(
        ("moment",), {"moment": _TIMES}, 1, 1, "HOUR(created_at)",
        Wording("几点（0 到 23）", "the hour of the day, 0 to 23"), Type.NUMBER,
    ),
    "WEEKDAY": Signature(
        ("moment",), {"moment": _TIMES}, 1, 1, "WEEKDAY(created_at)",
        Wording("星期几（1 周一 到 7 周日）", "the day of the week, 1 Monday to 7 Sunday"), Type.NUMBER,
    ),
    "CONTAINS": Signature(
        ("within", "text"), {"within": _TEXTS | {Type.TEXTS}, "text": _TEXTS}, 2, 2, 'CONTAINS(comment, "慢")',
        Wording("文字中是否含有另一段文字；多选的字段则看是否选了这一项", "whether a text holds another; of a field of several values, whether it is one of them"), Type.FLAG,
    ),
    "DURATION": Signature(
        ("moment", "moment", "calendar"), {"moment": _TIMES, "calendar": _TEXTS}, 2, 3, "DURATION(created_at, resolved_at)",
        Wording("两个时刻之间的时长；写上日历名则只算工作时间", "the time between two moments; with the name of a calendar, working time alone"), Type.DURATION,
    ),
    "AGAIN_WITHIN": Signature(
        ("key",), {"key": _ANY}, 2, 5, "AGAIN_WITHIN(customer_id, problem_type, 7d)",
        Wording("同一口径里，相同的键是否在这段时间内又有一行", "whether a row with the same keys follows within a time in the same row set"), Type.FLAG,
    ),
    "BEFORE_WITHIN": Signature(
        ("key",), {"key": _ANY}, 2, 5, "BEFORE_WITHIN(customer_id, 7d)",
        Wording("同一口径里，这段时间内之前是否已有相同键的行；数据往前不够长、说不准的为空", "whether a row with the same keys came before within a time in the same row set; blank where the data reach back too short a time to tell"), Type.FLAG,
    ),
    "PERIOD_END": Signature(
        (), {}, 0, 0, "PERIOD_END()",
        Wording("时段结束的时刻", "the moment at which the period ends"), Type.MOMENT,
    ),
    "DATA_END": Signature(
        (), {}, 0, 0, "DATA_END()",
        Wording("数据截止的时刻：所有导出里最晚发生的事，远离其他数据的日期不算", "the moment up to which the exports tell: the latest that happened in any row, but for dates far from all others"), Type.MOMENT,
    ),
}  # fmt: skip
"""Functions that work on one row, inside an aggregate."""

_SEVERAL = Wording(
    "几个条件用 AND 连起来：COUNTIF(口径, 条件 AND 条件)",
    "join the conditions by AND: COUNTIF(rows, condition AND condition)",
)
_UNGUARDED = Wording(
    "删去它：除以 0 没有值，不会出错", "leave it out: dividing by 0 has no value and is no error"
)
_UNROUNDED = Wording(
    "删去它：结论按准确值判定，显示几位由 decimals: 决定",
    "leave it out: verdicts are of exact values, and decimals: says how many are shown",
)
_AS_IT_IS = Wording(
    "是/否字段直接写字段名，否写 NOT 字段名",
    "write the field itself for yes, NOT and the field for no",
)
_NO_TODAY = Wording(
    "结果不随运行的日子变：数据截止时刻写 DATA_END()，时段结束写 PERIOD_END()",
    "no result depends on the day of the run: write DATA_END() or PERIOD_END()",
)
_NO_LOOKUP = Wording(
    "公式不查别的表：把要用的列并进这份导出",
    "a formula looks nothing up: put the column into the export itself",
)
_LESS = Wording(
    "两个时间直接相减：resolved_at - created_at",
    "take one time off the other: resolved_at - created_at",
)

_BETWEEN_CONDITIONS = Wording(
    "写在两个条件之间：条件 AND 条件，条件 OR 条件",
    "write it between the conditions: condition AND condition, condition OR condition",
)
_NO_PARTS = Wording('用 CONTAINS(字段, "文字")', 'use CONTAINS(field, "text")')
_NO_DATES = Wording(
    "时段由 --period 决定；某一天写成 2025-08-01",
    "--period says which time counts; a day is written 2025-08-01",
)
_BY_CALENDAR = Wording(
    '用 DURATION(甲, 乙, "日历名")，日历写在 calendars: 下',
    'use DURATION(one, other, "calendar"), with the calendar under calendars:',
)

EXCEL_NAMES: Mapping[str, Wording] = {
    **dict.fromkeys(("COUNTIFS", "SUMIFS", "AVERAGEIFS", "MAXIFS", "MINIFS"), _SEVERAL),
    **dict.fromkeys(("IFERROR", "IFNA", "ISERROR"), _UNGUARDED),
    **dict.fromkeys(("ROUND", "ROUNDUP", "ROUNDDOWN", "INT", "TEXT"), _UNROUNDED),
    **dict.fromkeys(("TODAY", "NOW"), _NO_TODAY),
    **dict.fromkeys(("VLOOKUP", "XLOOKUP", "HLOOKUP", "INDEX", "MATCH"), _NO_LOOKUP),
    **dict.fromkeys(("DATEDIF", "DATEDIFF", "DAYS"), _LESS),
    **dict.fromkeys(("AND", "OR"), _BETWEEN_CONDITIONS),
    **dict.fromkeys(("LEFT", "RIGHT", "MID", "FIND", "SEARCH", "LEN"), _NO_PARTS),
    **dict.fromkeys(("YEAR", "MONTH", "DAY", "DATE", "WEEKNUM"), _NO_DATES),
    **dict.fromkeys(("NETWORKDAYS", "WORKDAY"), _BY_CALENDAR),
    "COUNTA": Wording("写成 COUNT(口径, 字段)", "write COUNT(rows, field)"),
    "COUNTBLANK": Wording("写成 COUNTIF(口径, ISBLANK(字段))", "write COUNTIF(rows, ISBLANK(field))"),
    "SUMPRODUCT": Wording("写成 SUM(口径, 甲 × 乙)", "write SUM(rows, one × other)"),
    "UNIQUE": Wording("写成 DISTINCT(口径, 字段)", "write DISTINCT(rows, field)"),
}  # fmt: skip
"""What stands here for functions that people know from Excel."""

EXCEL_VALUES: Mapping[str, Wording] = dict.fromkeys(("TRUE", "FALSE", "是", "否"), _AS_IT_IS)
"""What stands here for values that people write without quotes."""
