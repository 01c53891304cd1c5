"""What is wrong in how csq was called."""

from __future__ import annotations

from csq.errors import ProblemKind, Severity
from csq.wording import Wording as W

UNKNOWN_PERIOD = ProblemKind(
    "unknown-period",
    W("看不懂的时段「{value}」", "“{value}” is not a period"),
    W(
        "写成 2025-08、2025Q3、2025H1、2025-W31 或 2025-07..2025-08",
        "write 2025-08, 2025Q3, 2025H1, 2025-W31 or 2025-07..2025-08",
    ),
    W(
        "时段决定哪些行被计算，猜错时段等于算错数。",
        "The period decides which rows count; a guessed one is a wrong number.",
    ),
)
UNKNOWN_INDICATOR = ProblemKind(
    "unknown-indicator",
    W(
        "没有编号或名称是「{value}」的指标",
        "there is no indicator with the id or name “{value}”",
    ),
    W("最接近的是：{nearest}", "the nearest are: {nearest}"),
    W(
        "只算想要的指标时，编号或名称必须写对。",
        "To compute only some indicators, name them rightly.",
    ),
)
UNKNOWN_GROUP = ProblemKind(
    "unknown-group",
    W("没有任何数据带有分组字段「{value}」", "no data has the field “{value}” to group by"),
    W("可用于分组的字段：{known}", "fields to group by: {known}"),
    W("按不存在的字段分组不会得到任何结果。", "Grouping by a missing field would show nothing."),
)
TWO_DEFINITIONS = ProblemKind(
    "two-definitions",
    W("给了两个指标定义：{value} 和 {other}", "two definitions are given: {value} and {other}"),
    W("一次只检查一个", "check one at a time"),
    W(
        "只会检查其中一个，另一个的错误就没有人看到。",
        "Only one of them would be checked, and nobody would see the faults of the other.",
    ),
)
NO_VARIANTS = ProblemKind(
    "no-variants",
    W("指标「{value}」没有登记其他口径", "“{value}” has no other published meaning"),
    W("可以比较的有：{known}", "there are some for: {known}"),
    W("没有别的口径就没有可比的。", "Without another meaning there is nothing to compare."),
)
UNKNOWN_GROUP_VALUE = ProblemKind(
    "unknown-group-value",
    W("这个时段里没有「{value}」这一组", "the period has no group “{value}”"),
    W("有的组是：{known}", "its groups are: {known}"),
    W("解释一个不存在的组只会得到零行。", "A group that is not there has nothing to explain."),
)
SMALL_GROUP = ProblemKind(
    "small-group",
    W(
        "「{value}」这一组人的样本少于 {k} 行，或可由其他组推出，不显示",
        "“{value}” is a group of people with fewer than {k} rows, or could be worked out: not shown",
    ),
    W(
        "解释更大的组，或在 metrics.yaml 里改 privacy 的 k",
        "explain a larger group, or change `k` of `privacy` in metrics.yaml",
    ),
    W(
        "少数几行的结果会暴露一个人的个别工单。",
        "A value of a few rows tells of single cases of one person.",
    ),
)
SMALL_GROUPS = ProblemKind(
    "small-groups",
    W(
        "{n} 个人员分组有样本少于 {k} 行的指标，没有显示",
        "{n} groups of people have indicators on fewer than {k} rows, which are not shown",
    ),
    W(
        "要看它们，在 metrics.yaml 里改 privacy 的 k",
        "to see them change `k` of `privacy` in metrics.yaml",
    ),
    W(
        "少数几行的结果会暴露一个人的个别工单；只剩一组未显示时，样本次少的一组也不显示。",
        "A value of a few rows tells of single cases of one person; where one group alone would"
        " be left out, the next larger goes with it.",
    ),
    Severity.NOTICE,
)
MASKED_PEOPLE = ProblemKind(
    "masked-people",
    W(
        "{n} 个人以掩码显示，如「{value}」：换个时段，同样的写法可能是另一个人",
        "{n} people are shown masked, such as “{value}”: in another period the same text may be"
        " another person",
    ),
    W(
        "要按人对接数据，用工号列，或在 metrics.yaml 里写 privacy: hash",
        "to join on people use a column of ids, or write `privacy: hash` in metrics.yaml",
    ),
    W(
        "程序按文字对接数据，掩码相同的两个人会被当成一个人。",
        "Programs join on texts: two people with one mask would be taken for one.",
    ),
    Severity.NOTICE,
)
WRONG_GROUP = ProblemKind(
    "wrong-group",
    W("看不懂的组「{value}」", "“{value}” is no group"),
    W("写成 字段=值，例如 channel=电话", "write FIELD=VALUE, for example channel=Phone"),
    W("组决定解释哪些行。", "The group decides which rows are explained."),
)
WRONG_CONDITION = ProblemKind(
    "wrong-condition",
    W("--where 的条件「{value}」不能用：{reason}", "--where “{value}” cannot be used: {reason}"),
    W(
        '{advice}；整个条件例如 channel = "电话"',
        '{advice}; a whole condition is for example channel = "Phone"',
    ),
    W(
        "条件决定哪些行被计算。",
        "The condition decides which rows count, so it has to be fully understood.",
    ),
)
