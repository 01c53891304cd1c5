"""What is wrong with rows, alone or beside each other."""

from __future__ import annotations

from csq.errors import ProblemKind, Severity
from csq.wording import Wording as W

BLANK_CELL = ProblemKind(
    "blank-cell",
    W("必填的「{field}」为空", "the required “{field}” is blank"),
    W("补上，或删去这一行（合计行可忽略）", "fill it in, or delete the row (a totals row is fine)"),
    W("没有编号或时间的行不能计算。", "A row without its id or time cannot be counted."),
)
FLATTENED_ID = ProblemKind(
    "flattened-id",
    W("「{field}」被 Excel 压成了科学计数：{value}", "Excel has flattened “{field}” to {value}"),
    W("重新导出，把这一列设为文本", "export it again with this column as text"),
    W(
        "压扁的编号会互相重复，行会被当成重复丢掉。",
        "Flattened ids look alike and would be dropped as duplicates.",
    ),
)
PLACEHOLDER_ID = ProblemKind(
    "placeholder-id",
    W("「{field}」是「{value}」，不是编号", "“{field}” is {value}, which is no id"),
    W(
        "补上编号；没有编号的导出，在 sources: 的 columns: 里用 join: 合成一个",
        "fill in the id; in an export without ids make one with join: under columns: in sources:",
    ),
    W(
        "几行都写「-」不是同一张工单，按编号去重会把它们丢掉。",
        "Several rows with “-” are no copies of one, and would be dropped as duplicates.",
    ),
)
TOTALS_ROW = ProblemKind(
    "totals-row",
    W("这是合计行：{value}", "this row is a total: {value}"),
    W("不需要处理", "nothing to do"),
    W("合计行算进去会重复计数。", "Counted as a row of its own it would count everything twice."),
    Severity.NOTICE,
)
FOOTNOTE_ROW = ProblemKind(
    "footnote-row",
    W("这是表格下面的说明，不是数据：{value}", "this row is a note below the table: {value}"),
    W("不需要处理", "nothing to do"),
    W("制表人、审核人、打印时间不是一条记录。", "Who made a table and when is no record in it."),
    Severity.NOTICE,
)
REPEATED_HEADER = ProblemKind(
    "repeated-header",
    W("这一行又是表头：{value}…", "this row is the header once more: {value} …"),
    W("不需要处理", "nothing to do"),
    W("合并几个文件时，每个文件的表头都会留下。", "Files that were joined keep every header."),
    Severity.NOTICE,
)
OF_NO_RECORD = (TOTALS_ROW, FOOTNOTE_ROW, REPEATED_HEADER)
"""Of rows that are refused and that nobody misses."""
INVISIBLE_ID = ProblemKind(
    "invisible-id",
    W(
        "「{field}」里有看不见的字符（{signs}）：{value}",
        "“{field}” holds what nobody sees ({signs}): {value}",
    ),
    W("删去这些字符，或从系统重新导出", "delete those characters, or export it again"),
    W(
        "看起来相同的两个编号会被当成两条记录，或与别的文件对不上。",
        "Two ids that look the same would count as two, and match nothing in other files.",
    ),
)
CELL_ERROR = ProblemKind(
    "cell-error",
    W("「{field}」是出错的公式：{value}", "“{field}” is a formula that failed: {value}"),
    W("在 Excel 里改正公式并保存，再导出", "mend the formula in Excel and save it"),
    W("出错的单元格不是空白，更不是 0。", "A cell in error is no blank, and no zero."),
)
HIDDEN_CELL = ProblemKind(
    "hidden-cell",
    W(
        "「{field}」只剩 {value}：列宽不够，保存的不是值",
        "“{field}” is only {value}: its column was too narrow to show the value",
    ),
    W("在 Excel 里加宽这一列，再另存为 csv", "widen the column in Excel and save it as csv again"),
    W("井号不是值，也不是空白。", "Hash signs are no value, and no blank."),
)
LOST_REMARK = ProblemKind(
    "lost-remark",
    W(
        "「{field}」没有值（例如 {value}），按空白读入，不因此拒收这一行",
        "“{field}” has no value, such as {value}: it is blank, and no row is refused for it",
    ),
    W(
        "要看这些文字，在 Excel 里改正公式、加宽这一列，再导出；否则不需要处理",
        "to see those texts mend the formula or widen the column in Excel; else nothing to do",
    ),
    W(
        "指标不按备注计算，不值得为它丢掉一行。",
        "No number rests on a remark, so that a row is not lost for one.",
    ),
    Severity.NOTICE,
)
UNREADABLE_TIMESTAMP = ProblemKind(
    "unreadable-timestamp",
    W("「{field}」不是时间：{value}", "“{field}” is not a time: {value}"),
    W("写成 2025-08-01 09:15:00", "write 2025-08-01 09:15:00"),
    W("读不出的时间不能猜。", "A time that cannot be read must not be guessed."),
)
UNDECIDED_DATE = ProblemKind(
    "undecided-date",
    W(
        "「{field}」可能是日在前，也可能是月在前：{value}",
        "“{field}” may be day first or month first: {value}",
    ),
    W(
        "在 sources: 里写 date_order: dmy（日/月/年）、mdy（月/日/年）或 ymd（两位年/月/日）",
        "write date_order: dmy (day/month/year), mdy (month/day/year) or ymd (year of two"
        " digits/month/day) under sources:",
    ),
    W("猜错顺序会把数据算到别的月份。", "The wrong order moves rows into other months."),
)
UNREADABLE_DURATION = ProblemKind(
    "unreadable-duration",
    W("「{field}」不是时长：{value}", "“{field}” is not a duration: {value}"),
    W("写成秒数、00:03:25 或 3分25秒", "write seconds, 00:03:25 or 3min 25s"),
    W("读不出的时长不能当作 0。", "A duration that cannot be read is not zero."),
)
AMBIGUOUS_DURATION = ProblemKind(
    "ambiguous-duration",
    W(
        "「{field}」可能是“分:秒”，也可能是“时:分”：{value}",
        "“{field}” may be minutes:seconds or hours:minutes: {value}",
    ),
    W(
        "在 sources: 里写 clock: mm:ss（分:秒）或 clock: hh:mm（时:分）",
        "write clock: mm:ss or clock: hh:mm under sources:",
    ),
    W("猜错会差 60 倍。", "The wrong one is sixty times too much or too little."),
)
ONE_NUMBER = ProblemKind(
    "one-number",
    W(
        "「{field}」的表头写明由几个单位组成，这里只有一个数：{value}",
        "the header of “{field}” names several units, and this is one number: {value}",
    ),
    W(
        "写成 00:03:25 或 3分25秒；本来就是一个数的，在表头写明它的单位，例如（秒）",
        "write 00:03:25 or 3min 25s; where one number is meant, name its unit in the header: (s)",
    ),
    W(
        "3.25 可能是 3 分 25 秒，也可能是 3.25 秒或一天的几分之几。",
        "3.25 may be 3 minutes 25 seconds, 3.25 seconds, or a part of a day.",
    ),
)
UNREADABLE_FLAG = ProblemKind(
    "unreadable-flag",
    W("「{field}」不是是/否：{value}", "“{field}” is not yes or no: {value}"),
    W("写成 是/否、Y/N、true/false 或 1/0", "write yes/no, Y/N, true/false or 1/0"),
    W("不认识的词不能当作“否”。", "An unknown word is not a no."),
)
UNREADABLE_INTEGER = ProblemKind(
    "unreadable-integer",
    W("「{field}」不是整数：{value}", "“{field}” is not a whole number: {value}"),
    W("写成例如 3", "write for example 3"),
    W("读不出的数不能当作 0。", "A number that cannot be read is not zero."),
)
NEGATIVE_COUNT = ProblemKind(
    "negative-count",
    W(
        "「{field}」是次数或个数，不会小于 0：{value}",
        "“{field}” is a count and never below 0: {value}",
    ),
    W(
        "改成 0 或更大的整数；-1 表示“没有”时写进 nulls:",
        "write 0 or more; where -1 means none, name it under nulls:",
    ),
    W("负数会抵掉别的行的次数。", "A negative number takes away what other rows count."),
)
UNREADABLE_NUMBER = ProblemKind(
    "unreadable-number",
    W("「{field}」不是数：{value}", "“{field}” is not a number: {value}"),
    W("写成例如 3.5、1,234 或 95%", "write for example 3.5, 1,234 or 95%"),
    W("读不出的数不能当作 0。", "A number that cannot be read is not zero."),
)
UNREADABLE_RATING = ProblemKind(
    "unreadable-rating",
    W(
        "「{field}」不是 {lowest} 到 {highest} 的分数：{value}",
        "“{field}” is not a rating from {lowest} to {highest}: {value}",
    ),
    W(
        "写成数字；用文字评分的，在 sources: 的 values: 里写明每个词是几分",
        "write a number; what a word is worth goes under values: in sources:",
    ),
    W(
        "不知道是几级量表，文字就不能换算成分数。",
        "Without its scale a word is worth nothing certain.",
    ),
)
CONTRADICTORY_RATING = ProblemKind(
    "contradictory-rating",
    W(
        "「{field}」的数字和文字相反（{lowest} 到 {highest}，越大越好）：{value}",
        "the number and the word of “{field}” contradict each other"
        " ({lowest} to {highest}, more is better): {value}",
    ),
    W(
        "分数是反的，就在 sources: 的 values: 里写明每个值是几分",
        "where less is better, write what each value is worth under values: in sources:",
    ),
    W("把反的分数当真，最差会变成最好。", "Taken at face value the worst would be the best."),
)
OUT_OF_SCALE = ProblemKind(
    "out-of-scale",
    W("「{field}」超出范围：{value}", "“{field}” is out of its scale: {value}"),
    W("应在 {lowest} 到 {highest} 之间", "it goes from {lowest} to {highest}"),
    W("量表外的评分会拉偏结果。", "A rating off its scale distorts the result."),
)
STANDS_FOR_NOTHING = W(
    "表示没有的，在 sources: 里写 nulls: ['{value}']",
    "where it stands for nothing, write nulls: ['{value}'] under sources:",
)
"""What to do about a cell that cannot be used and may be a sign for nothing."""
FOREIGN_SCALE = ProblemKind(
    "foreign-scale",
    W(
        "「{field}」有 {share} 的数超出 {lowest} 到 {highest}：这一列用的是另一种量表",
        "{share} of “{field}” lie beyond {lowest} to {highest}: the column has another scale",
    ),
    W(
        "在 sources: 的 values: 里写明怎样换算，例如 values: {{ {name}: {{ 5: ['9', '10'], 3: ['5', '6'] }} }}",
        "say with values: under sources: what they are worth, for example"
        " values: {{ {name}: {{ 5: ['9', '10'], 3: ['5', '6'] }} }}",
    ),
    W(
        "只剩下小的数被当作本量表的分数，结果必然偏低。",
        "Only its low numbers would count, as if they were of the known scale.",
    ),
)
LOW_RATINGS = ProblemKind(
    "low-ratings",
    W(
        "「{field}」的 {whole} 个分数都不超过 {lowest}，而量表到 {highest} 为止：可能是另一种量表",
        "none of {whole} values of “{field}” is above {lowest}, though its scale ends at {highest}:"
        " it may be another scale",
    ),
    W(
        "如果是，在 sources: 的 values: 里写明每个值是几分",
        "if it is, write what each value is worth under values: in sources:",
    ),
    W(
        "三级量表的满分 3 会被当成五级量表的一般，0.95 会被当成百分制的 1 分。",
        "The best of three would pass for the middle of five, and 0.95 for one point of a hundred.",
    ),
    Severity.WARNING,
)
DOUBTFUL_UNIT = ProblemKind(
    "doubtful-unit",
    W(
        "「{field}」合计是「{earlier}」到「{later}」的 {share} 倍（{whole} 行）：单位可能不是秒",
        "“{field}” adds up to {share} times what lies between “{earlier}” and “{later}”"
        " ({whole} rows): it may be in another unit",
    ),
    W(
        "在表头写明单位，例如（分钟）、（毫秒）",
        "name the unit in the header, such as (min) or (ms)",
    ),
    W(
        "没有写明单位的数按秒读取，分钟会小 60 倍，毫秒会大 1000 倍。",
        "Numbers without a unit are seconds: minutes are 60 times too little, milliseconds 1,000"
        " times too much.",
    ),
    Severity.WARNING,
)
TIME_ORDER = ProblemKind(
    "time-order",
    W("「{later}」早于「{earlier}」", "“{later}” is before “{earlier}”"),
    W("改正其中一个时间", "mend one of the two"),
    W("负的时长会拉低平均值。", "A negative duration pulls every average down."),
)
LONGER_THAN_WHOLE = ProblemKind(
    "longer-than-whole",
    W(
        "「{part}」（{value}）比从「{earlier}」到「{later}」的时间还长",
        "“{part}” ({value}) is longer than from “{earlier}” to “{later}”",
    ),
    W("改正它，或检查它的单位", "mend it, or look at its unit"),
    W("扣除后时长会变成负数。", "Taken off, it leaves a duration below zero."),
)
ALL_BLANK = ProblemKind(
    "all-blank",
    W("{fields}全部为空", "{fields} are all blank"),
    W("至少填一个", "fill in at least one"),
    W("没有时间的行不能归入时段。", "A row without any time belongs to no period."),
)
BLANK_ROWS = ProblemKind(
    "blank-rows",
    W("只有空白或分隔符的行，没有读入", "rows of blanks and separators alone are not read"),
    W("不需要处理", "nothing to do"),
    W(
        "空白行不是数据；说明文件为什么比读入的行多。",
        "A blank row is no data; it is why a file has more rows than were read.",
    ),
    Severity.NOTICE,
)
RAGGED_ROW = ProblemKind(
    "ragged-row",
    W(
        "有 {actual} 个单元格，表头有 {expected} 个",
        "{actual} cells where the header has {expected}",
    ),
    W("检查多余或缺少的分隔符和引号", "look for a missing or extra separator or quote"),
    W("错位的单元格会把数算到别的列里。", "Shifted cells end up in the wrong column."),
)
BROKEN_QUOTES = ProblemKind(
    "broken-quotes",
    W(
        "引号没有配对，{count} 行无法分开",
        "a quote is not paired: {count} rows cannot be told apart",
    ),
    W("补上或去掉这个引号", "close the quote, or remove it"),
    W("没有配对的引号会吞掉后面的行。", "An open quote swallows the rows behind it."),
)
DUPLICATE_KEY = ProblemKind(
    "duplicate-key",
    W(
        "「{field}」重复，保留{kept}一行",
        "repeated “{field}”: the {kept} row is kept",
    ),
    W(
        "正常情况（月度导出重叠）无需处理；否则在 sources: 里改 duplicates:",
        "nothing to do where monthly exports overlap; else change duplicates: under sources:",
    ),
    W("同一条记录只能计一次。", "One thing is counted once."),
    Severity.NOTICE,
)
ROWS_OF_CASES = ProblemKind(
    "rows-of-cases",
    W(
        "{share} 的行在本文件里重复了「{field}」，每个只算{kept}一行",
        "{share} of the rows repeat a “{field}” of their own file: only the {kept} row of each counts",
    ),
    W(
        "每行若是一个事件，在 sources: 里用 grain: 把它们合并（csq init 会写初稿）；同一行导出了两次则无需处理",
        "if each row is an event, fold them with grain: under sources: (csq init drafts it);"
        " nothing to do where rows were exported twice",
    ),
    W(
        "事件日志里只剩最后一个事件，它的时间和状态就成了整个个案的。",
        "Of a log of events only one would be left, and its time and state would be the case's.",
    ),
    Severity.WARNING,
)
SHARED_ID = ProblemKind(
    "shared-id",
    W(
        "{count} 行的「{field}」重复，「{other}」却不同：可能是两条记录用了同一个编号，只算了{kept}一行",
        "{count} rows repeat a “{field}” with another “{other}”: two records may share an id, of"
        " which only the {kept} row counts",
    ),
    W(
        "不是同一条记录的，在 sources: 的 columns: 里用 join: 合成不重复的编号，例如 {name}: {{ join: [系统, 编号] }}",
        "where they are not the same, make ids that differ with join: under columns: in sources:,"
        " such as {name}: {{ join: [System, ID] }}",
    ),
    W(
        "两个平台各自从 1 编号，合在一起会被当成重复，少算一半。",
        "Two platforms that both count from 1 would lose half of their rows as duplicates.",
    ),
    Severity.WARNING,
)
ALIKE_KEYS = ProblemKind(
    "alike-ids",
    W(
        "{source}有 {count} 个「{field}」只差前面的 0、末尾的 .0 或全角数字，按不同的编号计：{value}",
        "{source}: {count} of “{field}” differ only in zeros in front, a .0 behind or full-width"
        " digits, and count as different: {value}",
    ),
    W("让各份导出的编号写法一致", "export the ids alike everywhere, as text"),
    W(
        "同一条记录的编号在两份导出里写法不同，会被计两次。",
        "One thing whose id is spelt in two ways is counted twice.",
    ),
    Severity.WARNING,
)
SEVERAL_SPELLINGS = ProblemKind(
    "several-spellings",
    W(
        "{source}有 {count} 个「{field}」疑似有多种写法（大小写、空格、连字符、+86），按不同的计：{value}",
        "{source}: {count} of “{field}” seem to be spelt in several ways (capitals, blanks,"
        " hyphens, +86), each counted as another: {value}",
    ),
    W(
        "让导出统一写法；只有几个的，在 sources: 里用 values: 归为一个，例如 {name}: {{ A017: [A-017] }}",
        "export them alike; a few can be made one with values: under sources:, such as"
        " {name}: {{ A017: [A-017] }}",
    ),
    W(
        "同一个人写法不同会被算作几个人：再次来电少算，人数多算，每人的指标拆成几份。",
        "One person counts as several: fewer seem to come again, and an agent's figures are split.",
    ),
    Severity.WARNING,
)
NOBODYS_ROWS = ProblemKind(
    "nobodys-rows",
    W(
        "{source}有 {count} 行的「{field}」是表示没有的词（例如 {value}），被当作同一个",
        "{source}: the “{field}” of {count} rows is a word for nobody, such as {value}, and counts"
        " as one",
    ),
    W(
        "在 sources: 里写 nulls: {{ {name}: ['{value}'] }}",
        "write nulls: {{ {name}: ['{value}'] }} under sources:",
    ),
    W(
        "不同的匿名来电会被当成一个客户反复来电，没有坐席的工单会算到一个叫「-」的人名下。",
        "Unknown callers would be one who calls again and again, and tickets of nobody those of"
        " an agent called “-”.",
    ),
    Severity.WARNING,
)
FLATTENED_REFERENCE = ProblemKind(
    "flattened-reference",
    W(
        "{source}有 {count} 行的「{field}」被 Excel 压成了科学计数，例如 {value}",
        "Excel has flattened the “{field}” of {count} rows of {source}, such as {value}",
    ),
    W("重新导出，把这一列设为文本", "export it again with this column as text"),
    W(
        "压扁后不同的人看起来是同一个，再次来电、人均这类指标会算错。",
        "Different people look like one: counts of people and of those who came again are wrong.",
    ),
    Severity.WARNING,
)
GROUPED_ROWS = ProblemKind(
    "grouped-rows",
    W(
        "「{field}」只在每组的第一行填写：有 {count} 行为空",
        "“{field}” is only filled in the first row of each group: {count} rows are blank there",
    ),
    W(
        "导出不分组的明细，或在 Excel 里把空白处向下填满",
        "export the details without groups, or fill the blanks down in Excel",
    ),
    W(
        "分组的报表只写一次组名，其余各行就不属于任何一组。",
        "A report in groups names each once, and all other rows would belong to none.",
    ),
    Severity.WARNING,
)
MIXED_IDS = ProblemKind(
    "mixed-ids",
    W(
        "{source}的「{field}」在有的文件里读自「{own}」，在有的文件里读自「{other}」，两者没有一个相同的值",
        "{source}: “{field}” is read from “{own}” in some files and from “{other}” in others, which"
        " have no value in common",
    ),
    W(
        "若一列是工号、一列是姓名，导出同一种，或在 sources: 的 columns: 里指定同一种的列；本来就是不同的人就不用改",
        "where one holds numbers and the other names, export the same of both, or choose such"
        " columns with columns: under sources:; where they are different people all is well",
    ),
    W(
        "同一个人按工号和姓名各算一次，人数和每个人的数字就都错了。",
        "Who is there by number and by name counts as two, and the figures of both are wrong.",
    ),
    Severity.WARNING,
)
ROUNDED_IDS = ProblemKind(
    "rounded-ids",
    W(
        "{source}的「{field}」超过 15 位的（{count} 个）第 15 位之后全是 0，疑似被 Excel 截断：{value}",
        "{source}: all “{field}” of over 15 digits ({count}) end in zeros behind the 15th, as Excel"
        " leaves them: {value}",
    ),
    W(
        "重新导出，把这一列设为文本；系统本来就这样编号的，不需要处理",
        "export it again with this column as text; nothing to do where the system numbers so",
    ),
    W(
        "Excel 的数字只有 15 位：不同的编号会变成同一个，被当成重复丢掉或算成同一个人。",
        "A number of Excel has 15 digits: ids become one, and are dropped as duplicates or count as"
        " one person.",
    ),
    Severity.WARNING,
)
FORBIDDEN_DUPLICATE = ProblemKind(
    "forbidden-duplicate",
    W("「{field}」重复", "repeated “{field}”"),
    W(
        "去掉重复，或写 duplicates: last 保留最后一行",
        "remove them, or write duplicates: last to keep the last row of each",
    ),
    W("定义要求没有重复（duplicates: error）。", "The definition says duplicates: error."),
)
FOLDED_ROWS = ProblemKind(
    "folded-rows",
    W(
        "同一「{field}」有多行，按 grain 合成一行，其余计为重复",
        "several rows of one “{field}” are folded into one; the others count as duplicates",
    ),
    W("不需要处理", "nothing to do"),
    W(
        "事件日志里一个案有多行，只能计一次。",
        "A case of an event log has many rows and is counted once.",
    ),
    Severity.NOTICE,
)
UNKNOWN_REFERENCE = ProblemKind(
    "unknown-reference",
    W(
        "{whole} 行中有 {count} 行的「{field}」在{target}里找不到",
        "the “{field}” of {count} of {whole} rows is not among the {target}",
    ),
    W(
        "检查{target}的导出是否缺月份、缺人，或编号写法不同",
        "see whether the export of {target} lacks months or people, or spells them otherwise",
    ),
    W(
        "对不上的行照常计入，但两份数据合起来看并不完整。",
        "Such rows count all the same, but what is said of the two together is not whole.",
    ),
    Severity.NOTICE,
)
PART_OVER_WHOLE = ProblemKind(
    "part-over-whole",
    W(
        "{whole} 行中有 {count} 行的「{field}」超过「{other}」，而它是其中的一部分",
        "the “{field}” of {count} of {whole} rows is more than the “{other}” it is a part of",
    ),
    W(
        "检查两列的单位和统计口径",
        "look at the units of both columns, and at what each of them counts",
    ),
    W(
        "这些行照常计入，但由它们算出的占比会超过 100%。",
        "Such rows count all the same, but shares worked out from them exceed 100%.",
    ),
    Severity.NOTICE,
)
EVENT_ORDER = ProblemKind(
    "event-order",
    W(
        "由事件得出：「{later}」早于「{earlier}」，留空",
        "by the events “{later}” is before “{earlier}”: it is left blank",
    ),
    W("检查 events: 里写的活动", "look at the activities under events:"),
    W("负的时长会拉低平均值。", "A negative duration pulls every average down."),
    Severity.WARNING,
)
UNKNOWN_ACTIVITY = ProblemKind(
    "unknown-activity",
    W(
        "没有任何一行的「{field}」是「{value}」",
        "no row has “{value}” as its “{field}”",
    ),
    W("数据里有：{nearest}", "the data has: {nearest}"),
    W(
        "写错的活动会得出空白和 0，而不是错误。",
        "A misspelt activity gives blanks and zeros instead of an error.",
    ),
    Severity.WARNING,
)
UNEXPLAINED_ROWS = ProblemKind(
    "unexplained-rows",
    W(
        "{source}拒收了 {rejected} 行，只逐行解释了前 {limit} 行，各种原因的条数只含这些",
        "of {rejected} refused rows of {source} the first {limit} are explained: what is counted"
        " by its cause holds these alone",
    ),
    W(
        "先改正这些；全部被拒收的行用 csq validate --rejects 拒收.xlsx 写出",
        "mend these first; csq validate --rejects refused.xlsx writes all that were refused",
    ),
    W(
        "逐行解释很慢，而前一万行已经说明问题。",
        "Explaining row by row is slow, and the first ones show what is wrong.",
    ),
    Severity.WARNING,
)
TOO_MANY_REFUSED = ProblemKind(
    "too-many-refused",
    W(
        "{source}有 {rejected} / {read} 行被拒收，超过容许的 {tolerance}",
        "{rejected} of {read} rows of {source} were refused, more than the {tolerance} allowed",
    ),
    W(
        "用 csq validate --rejects 拒收.xlsx 写出并修正",
        "write them by csq validate --rejects refused.xlsx and mend them",
    ),
    W("剩下的行可能不能代表全部。", "The rows that are left may not stand for all."),
)
TOO_MANY_OF_RULE = ProblemKind(
    "too-many-of-rule",
    W(
        "{source}有 {count} / {whole} 行违反 {value}，超过容许的 {tolerance}",
        "of {source} {count} of {whole} rows break {value}, more than {tolerance}",
    ),
    W(
        "按 csq validate 的提示改正，或放宽 tolerance: 里这一条",
        "mend what csq validate tells, or allow more of it under tolerance:",
    ),
    W(
        "有些错误再少也不能放过，由定义说明。",
        "Some faults are grave however rare; the definition says which.",
    ),
)
NO_VALID_ROW = ProblemKind(
    "no-valid-row",
    W(
        "{source}没有一行可用（读入 {read} 行）",
        "no row of {source} can be used ({read} were read)",
    ),
    W("用 csq validate 查看原因", "see why with csq validate"),
    W("没有可用的行就没有结果。", "Without rows there is no result."),
)

OF_ROWS = (
    BLANK_CELL,
    FLATTENED_ID,
    INVISIBLE_ID,
    UNREADABLE_TIMESTAMP,
    UNDECIDED_DATE,
    UNREADABLE_DURATION,
    ONE_NUMBER,
    UNREADABLE_FLAG,
    UNREADABLE_INTEGER,
    NEGATIVE_COUNT,
    UNREADABLE_NUMBER,
    AMBIGUOUS_DURATION,
    UNREADABLE_RATING,
    CONTRADICTORY_RATING,
    OUT_OF_SCALE,
    CELL_ERROR,
    HIDDEN_CELL,
    TIME_ORDER,
    LONGER_THAN_WHOLE,
    ALL_BLANK,
    RAGGED_ROW,
    DUPLICATE_KEY,
    UNKNOWN_REFERENCE,
    PART_OVER_WHOLE,
)
"""What is said of single rows: a definition may tolerate a share of each."""
