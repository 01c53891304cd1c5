"""What goes wrong in a run, whoever wrote the data and the definition."""

from __future__ import annotations

from csq.errors import ProblemKind, Severity
from csq.wording import Wording as W

EMPTY_PERIOD = ProblemKind(
    "empty-period",
    W(
        "{value} 内没有任何数据（数据从 {first} 到 {last}）",
        "there is no data in {value} (the data goes from {first} to {last})",
    ),
    W("用 --period 指定数据所在的时段", "choose a period that holds data with --period"),
    W("空的时段不能算达标，也不能算未达标。", "An empty period neither meets nor misses a target."),
)
NO_ROWS = ProblemKind(
    "no-rows",
    W("导出里没有一行数据", "the exports hold no row"),
    W("检查导出时选的时段和条件", "check the dates and filters the export was made with"),
    W("没有行就没有结果，也不能算达标。", "No row is no result, and never a target met."),
)
NO_TIMES = ProblemKind(
    "no-times",
    W(
        "认出的导出只有{kinds}，它们的行都没有时间，没有可以统计的时段",
        "the only exports that were recognised are {kinds}, whose rows have no time,"
        " so there is no period to score",
    ),
    W(
        "放进工单、通话或评价的导出；认错了类别的，在 sources: 里用 files: 说明",
        "add the export of tickets, calls or surveys; where a file was taken for the wrong kind,"
        " say what it is with files: under sources:",
    ),
    W(
        "名册一类的数据本身没有时段。",
        "A roster and its likes belong to no period by themselves.",
    ),
)
SHORT_SOURCE = ProblemKind(
    "short-source",
    W(
        "{source}的数据只到 {value}，没有覆盖整个时段",
        "the data of {source} ends on {value}, before the period does",
    ),
    W("补上缺少的导出", "add the export that is missing"),
    W("与完整时段比较不公平。", "A partial period compares badly with a whole one."),
    Severity.WARNING,
)
CUT_DAY = ProblemKind(
    "cut-day",
    W(
        "「{field} {value}」里的日期是当天零点，当天零点之后还有 {rows} 行（用于{users}）",
        "“{field} {value}” means the midnight at which the day begins, and rows lie after it on that"
        " day: {rows} (asked for by {users})",
    ),
    W(
        "含当天就写 < {next}，从次日起就写 >= 这个日期",
        "write < {next} to include the day, >= that date to begin after it",
    ),
    W(
        "公式里只写日期是当天零点，最后一天的记录会被悄悄漏掉。",
        "A day alone is its midnight in a formula, and the rows of the last day would be left out"
        " unseen.",
    ),
    Severity.WARNING,
)
SHORT_BASELINE = ProblemKind(
    "short-baseline",
    W(
        "导出只有基期 {value} 的一部分，目标就由这部分得出：{names}",
        "the exports hold only a part of the baseline {value}, and targets come from it: {names}",
    ),
    W(
        "补上基期其余的导出，或把 baseline 改成数据完整的时段",
        "add the other exports of it, or name a baseline of which there are all",
    ),
    W(
        "半个月的合计不是一个月的合计。",
        "The total of half a month is not the total of a month.",
    ),
    Severity.WARNING,
)
UNKNOWN_MAKEUP_DAYS = ProblemKind(
    "unknown-makeup-days",
    W(
        "日历「{value}」要用到 {years} 年，而已知的调休只到 {last} 年",
        "the calendar “{value}” is needed for {years}, but days worked instead are known up to {last}",
    ),
    W(
        "把公布的放假和调休写进它的 days: 文件，例如 2027-02-06,work",
        "write the official days off and worked instead into its days: file, for example 2027-02-06,work",
    ),
    W(
        "不知道调休，补班的周末会被当作休息，工作时长就会偏短。",
        "Without them a weekend day that is worked counts as a day off, and working time is too short.",
    ),
    Severity.WARNING,
)
UNKNOWN_TEXT = ProblemKind(
    "unknown-text",
    W(
        "{source}没有一行的「{field}」是「{value}」（用于{users}）",
        "no row of {source} has “{value}” as its “{field}” (asked for by {users})",
    ),
    W(
        "数据里有：{nearest}；改指标定义里的文字，或在 sources: 的 values: 里写明对应",
        "the data has: {nearest}; change the text in the definition, or map it with values: under sources:",
    ),
    W(
        "没有一行符合的条件会算出 0，而不是错误。",
        "A condition that no row fulfils gives 0 instead of an error.",
    ),
    Severity.WARNING,
)
UNLIKE_FIELDS = ProblemKind(
    "unlike-fields",
    W(
        "{source}的「{field}」和「{other}」没有一个相同的值（{rows} 行两列都有），比较总是不等（用于{users}）",
        "{source}: “{field}” and “{other}” have no value in common (rows with both: {rows}), and"
        " never equal (compared by {users})",
    ),
    W(
        "若一列是工号、一列是姓名，在 sources: 的 columns: 里指定同一种的列",
        "if one holds numbers and one names, name alike columns with columns: under sources:",
    ),
    W(
        "总是不等的比较会算出 0 或 100%，而不是错误。",
        "What is never the same gives 0 or 100 % instead of an error.",
    ),
    Severity.WARNING,
)
STRAY_DATES = ProblemKind(
    "stray-dates",
    W(
        "{source}里有日期远离其他数据：{value}",
        "{source}: dates far from all others: {value}",
    ),
    W(
        "多半是笔误：改正后重新导出；若用来表示“尚未”，写进 sources: 的 nulls:",
        "most likely a slip: mend them and export again; a date that stands for “not yet” goes"
        " under nulls: in sources:",
    ),
    W(
        "日期写错的行不在它们该在的时段里；数据截止的时刻不看这些日期。",
        "A row with a mistyped date is missing in its true period; the end of the data passes it over.",
    ),
    Severity.WARNING,
)
CLOCK_CHANGE = ProblemKind(
    "clock-change",
    W(
        "{source}有 {count} 行的时间跨过 {value} 的夏令时切换（{zone}），其间的时长按钟面计",
        "{count} rows of {source} have times on both sides of the change of the clocks on {value}"
        " ({zone}): durations between them are those of the clock",
    ),
    W(
        "这些行的时长与真实经过的时间相差一小时；需要准确时导出时长本身",
        "they are an hour off what passed; export the duration itself where that matters",
    ),
    W(
        "时间按当地钟面存放，切换那一夜少一小时或多一小时。",
        "Times are kept as the local clock shows them, and that night has an hour less or more.",
    ),
    Severity.WARNING,
)
THIN_DATA_END = ProblemKind(
    "thin-data-end",
    W(
        "数据截止时刻是 {value}，只凭{source}空了 {gap} 天之后的少数行（{rows}）",
        "the end of the data is {value}, by a few rows ({rows}) after a gap ({gap} days) in"
        " {source}",
    ),
    W(
        "若是笔误，改正后重新导出：截止越晚，越多的行显得已经够久",
        "if it is a slip, mend it and export again: the later the end, the older the rows look",
    ),
    W(
        "数据截止的时刻决定哪些行还太新、哪些已经超时；几行写错的日期就能把它推后。",
        "The end of the data decides which rows are too young and which are overdue; the mistyped"
        " dates of a few rows move it.",
    ),
    Severity.NOTICE,
)
NO_VERDICT = ProblemKind(
    "no-verdict",
    W(
        "{count} 项有目标的指标没有结论：{names}",
        "indicators with a target but without a verdict ({count}): {names}",
    ),
    W(
        "{advice}，或用 --indicator 只检查需要的指标",
        "{advice}, or check only some with --indicator",
    ),
    W("没有数据的指标既不算达标，也不能放过。", "No data is not a pass."),
)
OUT_OF_MEMORY = ProblemKind(
    "out-of-memory",
    W("内存用到了上限 {value}", "the memory limit of {value} was reached"),
    W("用 --memory 提高上限，或分月计算", "raise it with --memory, or compute month by month"),
    W("为保护机器，超过上限就停止。", "csq stops rather than exhaust the machine."),
)
NO_SPARK = ProblemKind(
    "no-spark",
    W("Spark 启动不了：{reason}", "Spark does not start: {reason}"),
    W(
        "装好 csq[spark] 和 Java 17 以上，或不写 --engine spark",
        "install csq[spark] and Java 17 or later, or leave out --engine spark",
    ),
    W(
        "没有算出任何结果；默认引擎不需要 Spark，结果相同。",
        "Nothing was computed; the default engine needs no Spark and gives the same numbers.",
    ),
)
ENGINE_LOST = ProblemKind(
    "engine-lost",
    W("Spark 中途停了：{reason}", "Spark gave up on the way: {reason}"),
    W(
        "看集群的日志后重试，或不写 --engine spark",
        "look into the cluster's log and try again, or leave out --engine spark",
    ),
    W(
        "只算了一部分的数字不会报告。",
        "A number of which only a part was computed is not reported.",
    ),
)
NARROW_ADDRESS_SPACE = ProblemKind(
    "narrow-address-space",
    W(
        "地址空间被 ulimit -v 限制为 {value}，至少要 {least}",
        "ulimit -v leaves {value} of address space, and {least} is needed",
    ),
    W(
        "用 ulimit -v unlimited；要限制内存，用 --memory 或容器",
        "use ulimit -v unlimited; to limit memory use --memory or a container",
    ),
    W(
        "地址空间不等于内存：引擎和图表要先预留很多，但不会用满。",
        "Address space is not memory: the engine and the charts set much aside and never fill it.",
    ),
)
CANNOT_SPILL = ProblemKind(
    "cannot-spill",
    W("临时文件写不出：{reason}", "a temporary file cannot be written: {reason}"),
    W(
        "腾出空间，或用环境变量 TMPDIR 指定另一个文件夹",
        "make room, or name another folder with the environment variable TMPDIR",
    ),
    W(
        "内存放不下的数据要先写到临时文件夹。",
        "Data too large for memory has to be put somewhere.",
    ),
)
CANNOT_WRITE = ProblemKind(
    "cannot-write",
    W("文件写不出：{reason}", "the file cannot be written: {reason}"),
    W(
        "换一个文件名，或检查文件夹是否存在、可写、未满",
        "choose another name, or check that the folder exists, can be written and has room",
    ),
    W(
        "结果没有送达。原有的文件没有被改动。",
        "The result was not delivered; an older file is untouched.",
    ),
)
IDLE_TEMPLATES = ProblemKind(
    "idle-templates",
    W(
        "这个文件夹里没有一个文件能代替自带的模板",
        "no file in this folder takes the place of a shipped template",
    ),
    W(
        "用自带的名字：review.html.j2、review.css、review.js、review/*.html.j2、charts/*.vl.json",
        "use the shipped names: review.html.j2, review.css, review.js, review/*.html.j2, charts/*.vl.json",
    ),
    W(
        "名字不对的模板不起作用，页面看上去却没有错。",
        "A template of another name changes nothing, and the page looks as if that were right.",
    ),
)
BROKEN_TEMPLATE = ProblemKind(
    "broken-template",
    W("模板有错：{reason}", "the template is broken: {reason}"),
    W("改正这一行，或删去自己的模板", "mend this line, or remove your own template"),
    W(
        "画不出的页面不会只画一半。",
        "A page that cannot be drawn is not drawn by half.",
    ),
)
BROKEN_CHART = ProblemKind(
    "broken-chart",
    W("图表画不出来：{reason}", "the chart cannot be drawn: {reason}"),
    W(
        "这一行最可能有错：对照自带的同名文件改正，或删去自己的文件",
        "this line is the likeliest cause: mend it by the shipped file of that name, or remove your own",
    ),
    W(
        "画不出的页面不会只画一半。",
        "A page that cannot be drawn is not drawn by half.",
    ),
)
OUTPUT_IS_INPUT = ProblemKind(
    "output-is-input",
    W("输出文件就是输入文件", "the output is one of the inputs"),
    W("换一个输出文件名", "choose another name for the output"),
    W("结果不会盖掉原始数据。", "A result never overwrites the data it came from."),
)
ALREADY_THERE = ProblemKind(
    "already-there",
    W("文件已存在，没有改动", "the file is already there and was left untouched"),
    W("用 -o 另写一个文件名，或先把它改名", "name another file with -o, or rename this one first"),
    W("初稿绝不盖掉已经写好的定义。", "A draft never overwrites a definition somebody wrote."),
)
OUTPUTS_CLASH = ProblemKind(
    "outputs-clash",
    W("两个输出是同一个文件", "two outputs are one file"),
    W("给它们不同的文件名", "give them different names"),
    W("后写的会盖掉先写的。", "The second would overwrite the first."),
)
WRONG_MEMORY = ProblemKind(
    "wrong-memory",
    W("看不懂的内存上限「{value}」", "“{value}” is no amount of memory"),
    W("写成例如 4GB 或 800MB", "write for example 4GB or 800MB"),
    W("内存上限保护机器。", "The limit protects the machine."),
)
NEEDS_OUTPUT = ProblemKind(
    "needs-output",
    W("{value} 格式不能显示在终端上", "{value} cannot be shown in a terminal"),
    W("用 --output FILE 指定文件", "name a file with --output FILE"),
    W("工作簿是二进制文件。", "A workbook is a binary file."),
)
UNKNOWN_SUFFIX = ProblemKind(
    "unknown-suffix",
    W("写不出扩展名为「{value}」的文件", "a file that ends in “{value}” cannot be written"),
    W("让文件名以 {known} 结尾", "end its name in {known}"),
    W("格式由扩展名决定。", "The suffix decides the format."),
)
