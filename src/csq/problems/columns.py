"""What is decided over a whole column, or cannot be."""

from __future__ import annotations

from csq.errors import ProblemKind, Severity
from csq.wording import Wording as W

AMBIGUOUS_DATES = ProblemKind(
    "ambiguous-dates",
    W(
        "列「{field}」的日期无法判断日在前还是月在前：{count} 个里只能日在前的 {day_first} 个，"
        "只能月在前的 {month_first} 个",
        "the dates of “{field}” may be day first or month first: of {count}"
        " {day_first} can only be day first, {month_first} only month first",
    ),
    W(
        "在 sources: 里写 date_order: dmy（日/月/年）或 mdy（月/日/年）",
        "write date_order: dmy (day/month/year) or mdy (month/day/year) under sources:",
    ),
    W("猜错顺序会把数据算到别的月份。", "The wrong order moves rows into other months."),
)
DECIDED_DECIMALS = ProblemKind(
    "decided-decimals",
    W(
        "列「{field}」的逗号按小数点读取：{count} 个带逗号的数中有 {proof} 个只能这样读",
        "commas in “{field}” are read as decimal marks:"
        " {proof} of {count} numbers with one allow nothing else",
    ),
    W(
        "若不对，在导出前去掉千分位分隔符",
        "if that is wrong, export it without separators of thousands",
    ),
    W("小数点是按整列判断的。", "The decimal mark was decided on the whole column."),
    Severity.NOTICE,
)
BORROWED_DECIMALS = ProblemKind(
    "borrowed-decimals",
    W(
        "列「{field}」的 {count} 个数里逗号可作小数点也可作千分位，和同一文件的「{known}」一样按小数点读取",
        "{count} numbers of “{field}” allow a decimal comma and thousands: read with a decimal"
        " comma like “{known}” in the same file",
    ),
    W("若不对，在 sources: 里写 decimal:", "if that is wrong, write decimal: under sources:"),
    W("一个文件里的小数点通常只有一种写法。", "The numbers of one file are usually written alike."),
    Severity.NOTICE,
)
AMBIGUOUS_DECIMALS = ProblemKind(
    "ambiguous-decimals",
    W(
        "列「{field}」的小数点无法判断：{count} 个数可作小数也可作千分位，只能是小数逗号的 {proof} 个",
        "the decimal mark of “{field}” is not plain: {count} numbers may have decimals or"
        " thousands, {proof} can only have a decimal comma",
    ),
    W(
        '在 sources: 里写 decimal: ","（逗号是小数点）或 decimal: "."（点是小数点）',
        'write decimal: "," or decimal: "." under sources:',
    ),
    W("猜错会差一千倍。", "The wrong one is a thousand times too much or too little."),
)
POINT_OR_THOUSANDS = ProblemKind(
    "point-or-thousands",
    W(
        "列「{field}」带点的数都恰好有三位（{count} 个，例如「{value}」），按小数读取，也可能是千分位",
        "all numbers of “{field}” with a point have three digits behind it ({count}, such as"
        " “{value}”): they are read as decimals, and may be thousands",
    ),
    W(
        '是千分位的，在 sources: 里写 decimal: ","；是小数的，写 decimal: "."',
        'write decimal: "," under sources: if they are thousands, decimal: "." if not',
    ),
    W("读反了会差一千倍。", "The wrong one is a thousand times too little."),
    Severity.WARNING,
)
THOUSANDS_OR_DECIMALS = ProblemKind(
    "thousands-or-decimals",
    W(
        "文件用分号分隔，列「{field}」的数却都带逗号且恰好有三位（{count} 个，例如「{value}」），按千分位读取，也可能是小数",
        "semicolons part the cells, and all numbers of “{field}” have a comma with three digits"
        " behind it ({count}, such as “{value}”): they are read as thousands, and may be decimals",
    ),
    W(
        '是小数的，在 sources: 里写 decimal: ","；是千分位的，写 decimal: "."',
        'write decimal: "," under sources: if they are decimals, decimal: "." if not',
    ),
    W("读反了会差一千倍。", "The wrong one is a thousand times too much."),
    Severity.WARNING,
)
DECIDED_RATINGS = ProblemKind(
    "decided-ratings",
    W(
        "「{field}」的文字按五级量表换算成分数：{value}",
        "the words of “{field}” are read on a scale of five: {value}",
    ),
    W(
        "若不对，在 sources: 的 values: 里写明每个词是几分",
        "if that is wrong, write what each word is worth under values: in sources:",
    ),
    W(
        "五级量表由数据证明（五个词都出现，或有写明分数的格子），或由 scale: 声明。",
        "The data prove the scale, by all five words or a word with its number, or scale: says so.",
    ),
    Severity.NOTICE,
)
SHARES_OF_TIME = ProblemKind(
    "shares-of-time",
    W(
        "列「{field}」的 {whole} 个数都小于 1，例如 {value}：不是秒，是一天或一小时的几分之几",
        "all {whole} numbers of “{field}” are below 1, such as {value}: no seconds, but shares of"
        " a day or an hour",
    ),
    W(
        "在 Excel 里把这一列设为 [h]:mm:ss 再保存，或在表头写明单位：Excel 的时间写（天），小时写（小时）",
        "format the column as [h]:mm:ss in Excel and save it, or name the unit in its header:"
        " (days) for times of Excel, (hours) for hours",
    ),
    W(
        "Excel 把 3 分 25 秒存成 0.00237；当作秒，会小八万倍。",
        "Excel holds 3 minutes 25 seconds as 0.00237; taken for seconds that is 86,400 times too little.",
    ),
)
DECIDED_CLOCK = ProblemKind(
    "decided-clock",
    W(
        "列「{field}」里 {count} 个 03:25 这样的时长按“分:秒”读取：更长的写成了“时:分:秒”（{proof} 个）",
        "{count} durations of “{field}” such as 03:25 are read as minutes:seconds:"
        " longer ones have their hours in front ({proof})",
    ),
    W(
        "若不对，在 sources: 里写 clock: hh:mm",
        "if that is wrong, write clock: hh:mm under sources:",
    ),
    W("时长的写法是按整列判断的。", "How durations are written was decided on the whole column."),
    Severity.NOTICE,
)
DECIDED_DATES = ProblemKind(
    "decided-dates",
    W(
        "列「{field}」按{order}读取：{count} 行中有 {proof} 行只能这样读",
        "the dates of “{field}” are read {order}: {proof} of {count} rows allow nothing else",
    ),
    W("若不对，在 sources: 里写 date_order:", "if that is wrong, write date_order: under sources:"),
    W("日期顺序是按整列判断的。", "The order was decided on the whole column."),
    Severity.NOTICE,
)
BORROWED_ORDER = ProblemKind(
    "borrowed-order",
    W(
        "列「{field}」的 {count} 个日期两种读法都可能，和同一文件的「{known}」一样按{order}读取",
        "the {count} dates of “{field}” allow both orders and are read {order}"
        " like “{known}” in the same file",
    ),
    W("若不对，在 sources: 里写 date_order:", "if that is wrong, write date_order: under sources:"),
    W("一个文件里的日期通常只有一种写法。", "The dates of one file are usually written alike."),
    Severity.NOTICE,
)
SERIAL_DATES = ProblemKind(
    "serial-dates",
    W(
        "列「{field}」的数字是表格软件的日期序号：{value} 读作 {moment}",
        "the numbers of “{field}” are days as a spreadsheet counts them:"
        " {value} is read as {moment}",
    ),
    W(
        "若不对，先在表格软件里把这一列设成日期格式，再导出",
        "if that is wrong, format the column as dates in the spreadsheet and export it again",
    ),
    W(
        "表格软件把日期存成从 1900 年（旧 Mac 为 1904 年）起的天数；CSV 文件不写从哪一年起。",
        "A spreadsheet holds dates as days since 1900 (1904 on old Macs); a CSV file does not say"
        " since when.",
    ),
    Severity.NOTICE,
)
MIXED_DATES = ProblemKind(
    "mixed-dates",
    W(
        "列「{field}」混有两种日期：{count} 个是{order}，{rest} 个以年开头",
        "“{field}” mixes dates: {count} are {order}, {rest} begin with the year",
    ),
    W(
        "核对以年开头的：Excel 可能把其中一部分的日和月对调了；不经 Excel 重新导出最稳妥",
        "check those that begin with the year: Excel may have swapped day and month in some;"
        " an export that was not saved by Excel is safest",
    ),
    W(
        "Excel 打开文字日期时，能换成日期的按本机的顺序换掉，其余留作文字。",
        "Excel turns those texts into dates that fit its own order, and leaves the others.",
    ),
    Severity.WARNING,
)
TEXT_DATES = ProblemKind(
    "text-dates",
    W(
        "列「{field}」里 {rest} 个单元格是日期，{count} 个是文字，例如「{value}」",
        "of “{field}” {rest} cells are dates and {count} are text, such as “{value}”",
    ),
    W(
        "核对两种：文字按写法读取，日期按 Excel 存的读取；最好重新导出成一种",
        "check both: text is read as it is spelt, dates as Excel holds them;"
        " an export with one of them is safest",
    ),
    W(
        "混用说明这一列被手工改过，或被 Excel 换掉了一部分。",
        "A mixture means that somebody typed into the column, or that Excel turned a part of it.",
    ),
    Severity.WARNING,
)
SWAPPED_DATES = ProblemKind(
    "swapped-dates",
    W(
        "列「{field}」的日和月可能被对调：{count} 个文字（例如「{value}」）都大于 12 日，"
        "{rest} 个日期都不晚于 12 日",
        "day and month of “{field}” are probably swapped in {rest} dates: all are of days up to 12,"
        " and the {count} left as text, such as “{value}”, are all of days over 12",
    ),
    W(
        "不经 Excel 重新导出，或导入时把这一列设为文本；csq 不会替你换回来",
        "export it again without opening it in Excel, or import the column as text;"
        " csq never turns them back",
    ),
    W(
        "Excel 把能按本机顺序换成日期的文字都换了，日月颠倒的行会落到别的月份。",
        "Excel turns into dates what fits its own order, so that those rows are in other months.",
    ),
    Severity.WARNING,
)
RECOGNISED_SYSTEM = ProblemKind(
    "recognised-system",
    W("表头按「{value}」的文档识别", "the headers are read as {value} documents them"),
    W(
        "若不是这个系统，在 sources: 的 columns: 里写明各列",
        "if it is another system, name the columns with columns: under sources:",
    ),
    W(
        "有些表头只有知道是哪个系统才有确定的含义和单位。",
        "Some headers have a meaning and a unit only once the system is known.",
    ),
    Severity.NOTICE,
)
COUNTED_TIME = ProblemKind(
    "counted-time",
    W(
        "「{field}」由「{value}」推算：{start}加上这个时长",
        "“{field}” is counted from “{value}”: {start} plus that duration",
    ),
    W(
        "精确到这个时长的单位；有时刻列就改用时刻列",
        "it is as exact as the unit of that duration; export the time itself for more",
    ),
    W(
        "导出只有时长没有时刻；以分钟计的时长判断不了“30 秒内”。",
        "The export gives a duration and no time; whole minutes cannot tell 30 seconds.",
    ),
    Severity.NOTICE,
)
TOLD_FLAG = ProblemKind(
    "told-flag",
    W(
        "没有「{field}」列：「{value}」为否的都算「{field}」",
        "there is no “{field}”: taken as yes wherever “{value}” is no",
    ),
    W(
        "两者之外还有别的情况（如转出、语音导航里挂断）时，导出「{field}」列",
        "export “{field}” itself where there are other cases, such as calls that flowed out",
    ),
    W(
        "一列是/否只能分出两种结果。",
        "A column of yes and no tells two outcomes apart and no more.",
    ),
    Severity.NOTICE,
)
FILLED_FLAG = ProblemKind(
    "filled-flag",
    W(
        "「{value}」有内容的行都算「{field}」",
        "“{field}” is taken as yes wherever “{value}” is filled",
    ),
    W(
        "若不对，在 sources: 的 columns: 里写明「{field}」是哪一列",
        "if that is wrong, name the column of “{field}” with columns: under sources:",
    ),
    W(
        "有的系统不写是/否，只写是谁、是哪一种。",
        "Some systems do not write yes or no, but who it was, or which kind.",
    ),
    Severity.NOTICE,
)
MOVED_TIMES = ProblemKind(
    "moved-times",
    W(
        "表头「{value}」写明了时区：没有时差的时间都换算到 {zone}",
        "“{value}” names the zone of its times: those without an offset are moved to {zone}",
    ),
    W(
        "若这些时间已是本地时间，从表头里删去时区",
        "if they are local times already, take the zone out of the header",
    ),
    W(
        "把 UTC 当成本地时间，月初月末的行会算到别的月份。",
        "UTC taken for local time moves rows at either end into other months.",
    ),
    Severity.NOTICE,
)
ZONE_ABOVE = ProblemKind(
    "zone-above",
    W(
        "表头上面写着「{value}」：没有时差的时间都换算到 {zone}",
        "“{value}” stands above the header: times without an offset are moved to {zone}",
    ),
    W(
        "若这些时间已是本地时间，删去那一行",
        "if they are local times already, delete that line",
    ),
    W(
        "把 UTC 当成本地时间，月初月末的行会算到别的月份。",
        "UTC taken for local time moves rows at either end into other months.",
    ),
    Severity.NOTICE,
)
DOUBTFUL_ZONE_ABOVE = ProblemKind(
    "doubtful-zone-above",
    W(
        "表头上面写着「{value}」，而没有时差的时间按 {zone} 的本地时间读取",
        "“{value}” stands above the header, while times without an offset are read as those of"
        " {zone}",
    ),
    W(
        "若是另一个时区的时间，按 UTC 导出并把列名写成“创建时间 (UTC)”，或改 metrics.yaml 的 timezone:",
        "if they are of another zone, export them in UTC under a header such as “Created at (UTC)”,"
        " or change timezone: in metrics.yaml",
    ),
    W(
        "时区不对，月初月末的行会算到别的月份。",
        "In a wrong zone rows at either end are in other months.",
    ),
    Severity.WARNING,
)
UNKNOWN_ZONE = ProblemKind(
    "unknown-zone",
    W(
        "表头「{value}」写的时区没有固定的时差，无法换算到 {zone}",
        "the zone that “{value}” names has no one offset by which to move its times to {zone}",
    ),
    W(
        "按 UTC 或带时差导出；或在 metrics.yaml 里把 timezone: 写成这个时区；已是本地时间的，从表头里删去时区",
        "export it in UTC or with offsets; or make timezone: in metrics.yaml that zone;"
        " if they are local times, take the zone out of the header",
    ),
    W(
        "时区猜错，行会落到别的日子。",
        "With a guessed zone rows are in other days.",
    ),
)
