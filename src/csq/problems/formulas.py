"""What is wrong with formulas."""

from __future__ import annotations

from csq.errors import ProblemKind
from csq.wording import Wording as W

FORMULA_SYNTAX = ProblemKind(
    "formula-syntax",
    W("公式在此处看不懂：{excerpt}", "the formula cannot be read here: {excerpt}"),
    W("{advice}", "{advice}"),
    W("看不懂的公式不会被部分执行。", "A formula is understood whole or not at all."),
)
FORMULA_NAME = ProblemKind(
    "formula-name",
    W(
        "公式里的「{value}」没有定义：{excerpt}",
        "“{value}” in the formula is not defined: {excerpt}",
    ),
    W("{advice}", "{advice}"),
    W("公式里的每个名字都必须有来处。", "Every name in a formula must stand for something."),
)
FORMULA_TYPE = ProblemKind(
    "formula-type",
    W(
        "公式里的类型不合：{reason}：{excerpt}",
        "the types in the formula do not fit: {reason}: {excerpt}",
    ),
    W("{advice}", "{advice}"),
    W("时长与数字、文字与数字不能直接比较。", "A duration is no number, and a text is neither."),
)
CALENDAR_CLASH = ProblemKind(
    "calendar-clash",
    W(
        "公式不能按日历「{value}」计时：{reason}",
        "the formula's times cannot be counted by the calendar “{value}”: {reason}",
    ),
    W("{advice}", "{advice}"),
    W(
        "两种时钟混在一起，得出的时长什么也不是；分子分母的行不同，比值也什么都不是。",
        "A time by two clocks at once is the time of neither, and a part of other rows than its"
        " whole is no share of it.",
    ),
)
CREDIT_CLASH = ProblemKind(
    "credit-clash",
    W(
        "公式所引用的指标把行归给坐席的办法不同：{value}",
        "the indicators that the formula names credit rows to agents in different ways: {value}",
    ),
    W(
        "在这个指标里写上 attribution，整个公式按它归",
        "write attribution: in this indicator, and its whole formula goes by it",
    ),
    W(
        "按坐席分组时，一部分行归给一人，另一部分归给另一人，值就不是任何人的。",
        "Broken down by agent, one part would be one person's and the other another's.",
    ),
)
IDLE_KEY = ProblemKind(
    "idle-key",
    W("「{key}」在这里不起作用：{reason}", "“{key}” does nothing here: {reason}"),
    W("删去它，或改公式", "leave it out, or change the formula"),
    W(
        "写了却没有用上，就会以为数字已经按它算了。",
        "Whoever wrote it believes that the number obeys it.",
    ),
)
NUMBER_RANGE = ProblemKind(
    "number-range",
    W(
        "公式在数据上算出的数超出了可计算的范围",
        "a formula yields numbers beyond what can be computed",
    ),
    W("检查乘数和除数", "look at its factors and divisors"),
    W("溢出的数不会被截断后当真。", "A number that overflows is never cut and believed."),
)
CALENDAR_RANGE = ProblemKind(
    "calendar-range",
    W(
        "日历「{value}」被要求算到 {year}，而它只到 {first} 至 {last} 年",
        "the calendar “{value}” is asked for {year} and reaches from {first} to {last}",
    ),
    W(
        "检查公式里写定的时间，以及加减的时长（包括数据里的）",
        "look at the times that the formula names and at the durations that it adds, those of the"
        " data too",
    ),
    W(
        "超出日历的工作时间不会当作没有数据。",
        "Working time beyond a calendar is never taken for no data.",
    ),
)
NAME_CIRCLE = ProblemKind(
    "name-circle",
    W("定义绕成了圈：{value}", "the definitions go in a circle: {value}"),
    W("去掉其中一环", "break the circle"),
    W("互相引用的定义没有值。", "Definitions that use each other have no value."),
)
