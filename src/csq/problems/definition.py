"""What is wrong with a definition."""

from __future__ import annotations

from csq.errors import ProblemKind, Severity
from csq.wording import Wording as W

UNREADABLE_DEFINITION = ProblemKind(
    "unreadable-definition",
    W("指标定义读不出来：{reason}", "the definition cannot be read: {reason}"),
    W(
        "检查路径和编码（UTF-8），或用 --metrics 指定另一个文件；csq init 能写出初稿",
        "check path and encoding (UTF-8), or name another with --metrics; csq init drafts one",
    ),
    W("没有定义就没有指标。", "Without a definition there are no indicators."),
)
YAML_SYNTAX = ProblemKind(
    "yaml-syntax",
    W("YAML 写法有错：{reason}", "this is not valid YAML: {reason}"),
    W("检查缩进、冒号和引号", "look at the indentation, the colons and the quotes"),
    W("从出错处起的内容都无法读取。", "Nothing behind the fault can be read."),
)
YAML_FEATURE = ProblemKind(
    "yaml-feature",
    W("不支持 YAML 的{feature}", "{feature} of YAML are not supported"),
    W("把内容直接写出来", "write the content out"),
    W(
        "它们会让文件的含义难以看清，也可能被滥用。",
        "They hide what a file means, and can be abused.",
    ),
)
YAML_TRAP = ProblemKind(
    "yaml-trap",
    W(
        "没加引号的 {value} 会被 YAML 读成别的东西",
        "unquoted, YAML reads {value} as something else",
    ),
    W('加上引号："{value}"', 'put quotes around it: "{value}"'),
    W("12:30 会变成 750，no 会变成“假”。", "12:30 becomes 750 and no becomes false."),
)
DOUBLE_KEY = ProblemKind(
    "double-key",
    W(
        "键「{value}」写了两次（上一次在第 {first} 行）",
        "the key “{value}” stands twice (first in line {first})",
    ),
    W("删去其中一个", "delete one of the two"),
    W("后一个会悄悄盖掉前一个。", "The second would silently replace the first."),
)
UNKNOWN_KEY = ProblemKind(
    "unknown-key",
    W("未知的键「{value}」", "the key “{value}” is unknown"),
    W("最接近的是：{nearest}", "the nearest are: {nearest}"),
    W("拼错的键若被忽略，目标值就会悄悄消失。", "A misspelt key that is ignored drops a target."),
)
MISSING_KEY = ProblemKind(
    "missing-key",
    W("缺少键「{value}」", "the key “{value}” is missing"),
    W("补上它，例如 {example}", "add it, for example {example}"),
    W("没有它就不知道该怎么算。", "Without it there is nothing to compute."),
)
UNKNOWN_CHANGE = ProblemKind(
    "unknown-change",
    W(
        "「{value}」没有 formula:，所继承的定义里也没有这个编号的指标可改",
        "“{value}” has no formula:, and what is inherited has no indicator of this id to change",
    ),
    W(
        "要改已有的指标，最接近的是：{nearest}；新的指标要写 name、formula、unit、direction",
        "to change one, the nearest are: {nearest}; a new one needs name, formula, unit and direction",
    ),
    W(
        "写错的编号若被忽略，改过的目标就不会生效。",
        "Were a misspelt id ignored, the changed target would never be in force.",
    ),
)
OMITTED_CHANGE = ProblemKind(
    "omitted-change",
    W(
        "「{value}」写在 omit: 里，没有可改的",
        "“{value}” stands under omit:, so there is nothing to change",
    ),
    W(
        "从 omit: 里删去它，或删去这处改动",
        "take it out of omit:, or delete this change",
    ),
    W(
        "不能猜这个指标要还是不要。",
        "Whether the indicator is wanted is not guessed.",
    ),
)
OMITTED_USE = ProblemKind(
    "omitted-use",
    W(
        "「{value}」写在 omit: 里，而 {users} 的公式要用 @{value}",
        "“{value}” stands under omit:, and @{value} is in the formula of {users}",
    ),
    W(
        "从 omit: 里删去它，或连 {users} 也不要",
        "take it out of omit:, or do without {users} as well",
    ),
    W(
        "没有它，用到它的指标就算不出来。",
        "Without it what is worked out from it cannot be.",
    ),
)
OMITTED_CARRIED = ProblemKind(
    "omitted-carried",
    W(
        "「{value}」（{name}）写在 omit: 里，而这些导出已能算出它",
        "“{value}” ({name}) stands under omit:, and these exports can carry it",
    ),
    W(
        "要看它，就从 omit: 里删去；不要它，就不必改",
        "to see it, take it out of omit:; leave it there if it is not wanted",
    ),
    W(
        "后来才有的导出，不会自己让省去的指标回来。",
        "An export that comes later does not bring back what was left out for lack of it.",
    ),
    Severity.NOTICE,
)
UNKNOWN_OMITTED = ProblemKind(
    "unknown-omitted",
    W(
        "omit: 里的「{value}」不是所继承的指标",
        "“{value}” under omit: is no indicator that is inherited",
    ),
    W(
        "最接近的是：{nearest}；自己写的指标直接删去即可",
        "the nearest are: {nearest}; one that stands in this file is simply deleted",
    ),
    W(
        "写错的编号去不掉任何指标。",
        "A misspelt id leaves nothing out.",
    ),
)
WRONG_VALUE = ProblemKind(
    "wrong-value",
    W("「{key}」的值「{value}」不对", "“{value}” is no value for “{key}”"),
    W("应为：{expected}", "it should be: {expected}"),
    W(
        "读不懂的值不会被当成默认值。",
        "A value that is not understood is never replaced by a default.",
    ),
)
WRONG_SHAPE = ProblemKind(
    "wrong-shape",
    W("整个文件是{found}，不是“键: 值”", "the whole file is {found}, not “key: value”"),
    W(
        "以 version: 1 和 indicators: 开头，参见 csq schema",
        "begin with version: 1 and indicators:, as csq schema describes",
    ),
    W("只有写成键和值，才知道每个值是什么。", "Only a key says what a value is for."),
)
DOUBLE_ID = ProblemKind(
    "double-id",
    W(
        "指标编号「{value}」用了两次（另一个在第 {first} 行）",
        "the id “{value}” stands twice (also in line {first})",
    ),
    W("改掉其中一个", "change one of the two"),
    W("同名的两个指标无法区分。", "Two indicators of one name cannot be told apart."),
)
BOTH_TARGET_FORMS = ProblemKind(
    "both-target-forms",
    W("同时写了 target 和 targets", "both target and targets are given"),
    W("只留一个", "keep one of them"),
    W("两处目标可能矛盾。", "The two may contradict each other."),
)
WRONG_BASELINE = ProblemKind(
    "wrong-baseline",
    W(
        "变化的目标要有 baseline，其他目标不能有",
        "a change needs a baseline, and no other target has one",
    ),
    W(
        '写成例如 value: "-20%", baseline: 2025H1',
        'write for example value: "-20%", baseline: 2025H1',
    ),
    W("没有基期就不知道相对谁变化。", "Without a baseline nobody knows what it changes from."),
)
REVERSED_TARGET = ProblemKind(
    "reversed-target",
    W(
        "目标的 to（{to}）早于 from（{start}）",
        "the target's to ({to}) is before its from ({start})",
    ),
    W("两个时段对调，或删去一个", "swap the two periods, or delete one"),
    W(
        "从不生效的目标不判任何值，检查就会放过。",
        "A target that is never in force judges nothing, and a check would pass.",
    ),
)
UNKNOWN_PROFILE = ProblemKind(
    "unknown-profile",
    W("没有任何目标属于「{value}」", "no target belongs to “{value}”"),
    W("目标里用到的有：{known}", "the targets use: {known}"),
    W("选错了就会用错一套目标。", "The wrong one would judge by another set of targets."),
)
WRONG_TARGET_UNIT = ProblemKind(
    "wrong-target-unit",
    W(
        "目标「{value}」的单位与指标的 {unit} 不符",
        "the target “{value}” is not in the indicator's {unit}",
    ),
    W("写成例如 {example}", "write for example {example}"),
    W("85 与 85% 相差一百倍。", "85 and 85% are a hundred times apart."),
)
WRONG_TARGET_DIRECTION = ProblemKind(
    "wrong-target-direction",
    W(
        "目标「{value}」与方向 {direction} 相反",
        "the target “{value}” is against the direction {direction}",
    ),
    W(
        "改目标的比较号，或改 direction（相对基期的变化要 up 或 down）",
        "change its comparison, or the direction (a change from a baseline needs up or down)",
    ),
    W("方向反了，达标与未达标就会颠倒。", "The wrong way round, met and missed change places."),
)
TARGET_TIE = ProblemKind(
    "target-tie",
    W(
        "目标「{value}」与第 {first} 行的目标同样具体，无法决定用哪个",
        "the target “{value}” ties with the one in line {first}",
    ),
    W("把其中一个写得更具体，或删去", "make one more specific, or delete it"),
    W("同一组数据不能有两个目标。", "One group cannot have two targets."),
)
LEVEL_ORDER = ProblemKind(
    "level-order",
    W(
        "{level}「{value}」比{other}「{other_value}」{compared}",
        "the {level} “{value}” asks {compared} than the {other} “{other_value}”",
    ),
    W("底线应比目标宽松，挑战值应比目标更严", "a floor asks less than the target, a stretch more"),
    W("级别颠倒会使结论自相矛盾。", "Levels in the wrong order contradict each other."),
)
UNTOLERABLE = ProblemKind(
    "untolerable",
    W("不能为「{value}」设容许比例", "no tolerance can be given for “{value}”"),
    W("可以设的有：{known}", "there are: {known}"),
    W("容许比例按行计，只适用于逐行的问题。", "A tolerance is a share of rows: of what rows do."),
)
UNKNOWN_SOURCE = ProblemKind(
    "unknown-source",
    W("没有名为「{value}」的数据源", "there is no source “{value}”"),
    W("可用的有：{known}", "there are: {known}"),
    W("说明写给不存在的数据源等于没写。", "Settings for no source settle nothing."),
)
UNKNOWN_FIELD = ProblemKind(
    "unknown-field",
    W("{source}没有字段「{value}」", "{source} have no field “{value}”"),
    W(
        "最接近的是：{nearest}；自己的列可在 sources: 的 fields: 里声明",
        "the nearest are: {nearest}; declare your own under fields: in sources:",
    ),
    W("拼错的字段若被忽略，条件就会失效。", "A misspelt field that is ignored drops a condition."),
)
BUILT_IN_FIELD = ProblemKind(
    "built-in-field",
    W(
        "fields: 里的「{value}」是{source}自带的字段（{title}）",
        "“{value}” under fields: is a field that {source} have already ({title})",
    ),
    W(
        "换一个名字；若就是它，在 columns: 里写它的表头，在 values: 里写它的取值",
        "choose another name; if it is the same, put its header under columns: and its values"
        " under values:",
    ),
    W(
        "两个字段同名时，后一个的类型和表头都不会生效。",
        "Of two fields of one name the second would be ignored, with its type and its header.",
    ),
)
RESERVED_FIELD = ProblemKind(
    "reserved-field",
    W("「{value}」不能用作自己字段的名字", "no field of one's own can be called “{value}”"),
    W(
        "换一个名字，不以 _ 开头，也不是 model_config 之类",
        "choose another name, without _ in front and other than model_config and its likes",
    ),
    W(
        "csq 自己用这些名字记账，同名的列会顶替它们。",
        "csq keeps its books under such names, and a column of one would take its place.",
    ),
)
EVENTS_WITHOUT_GRAIN = ProblemKind(
    "events-without-grain",
    W(
        "events: 要有 grain:，并写明 time 和 activity",
        "events: needs grain: with its time and its activity",
    ),
    W(
        "写成 grain: {{ key: 工单编号, time: 更新时间, activity: 状态 }}",
        "write grain: {{ key: ticket_id, time: updated_at, activity: status }}",
    ),
    W(
        "不知道谁是一个案、何时发生什么，就推不出任何时间。",
        "Without what a case is and what happened when, no time can be taken.",
    ),
)
WRONG_GRAIN_FIELD = ProblemKind(
    "wrong-grain-field",
    W("grain 的 {key}「{value}」不是{expected}", "{key} “{value}” of grain is not {expected}"),
    W("换一个字段，或在 fields: 里声明它", "choose another field, or declare it under fields:"),
    W("按错的字段排序或分类会推出错的时间。", "A wrong order or activity makes wrong times."),
)
WRONG_EVENT_FIELD = ProblemKind(
    "wrong-event-field",
    W("「{value}」不能由事件得出：{reason}", "“{value}” cannot come from events: {reason}"),
    W("在 fields: 里声明一个合适的字段", "declare a fitting field under fields:"),
    W("时间、次数和时长是不同的东西。", "Times, counts and durations are different things."),
)
DOUBLE_SPELLING = ProblemKind(
    "double-spelling",
    W(
        "「{value}」写在 {field} 的两个值下：{first}、{second}",
        "“{value}” stands under two values of {field}: {first} and {second}",
    ),
    W("只留一处", "keep one of the two"),
    W(
        "一种写法只能是一个值；两处都写，后一处会悄悄生效。",
        "One spelling is one value; of two the later would silently be in force.",
    ),
)
DOUBLE_NAME = ProblemKind(
    "double-name",
    W("与指标 {other} 同名：「{value}」", "the indicator {other} has the same name, “{value}”"),
    W("改其中一个名字，写明差别", "rename one of the two so that the difference shows"),
    W(
        "报表里两个同名的数，没有人分得清。",
        "Nobody can tell two numbers of one name apart in a report.",
    ),
    Severity.WARNING,
)
UNUSED_NAME = ProblemKind(
    "unused-name",
    W("没有公式用到「{value}」", "no formula uses “{value}”"),
    W("删去它，或检查该用它的公式", "delete it, or look at the formula that should use it"),
    W("多半是公式里写了另一个名字。", "Most likely a formula names something else by mistake."),
    Severity.NOTICE,
)
MIDNIGHT_BOUND = ProblemKind(
    "midnight-bound",
    W("「{value}」里的日期是当天零点", "“{value}” means the midnight at which the day begins"),
    W(
        "含当天就写 < {next}，从次日起就写 >= {next}；字段只有日期、没有时刻就不用管",
        "write < {next} to include the day, >= {next} to begin after it; never mind where the field "
        "holds days without a time",
    ),
    W(
        "公式里只写日期是当天零点，当天后来的记录都在它之后。",
        "A day alone is its midnight in a formula, and the rest of the day lies after it.",
    ),
    Severity.NOTICE,
)
WRONG_WEIGHTS = ProblemKind(
    "wrong-weights",
    W("各项权重之和是 {value}，不是 100%", "the weights sum to {value}, not to 100%"),
    W(
        "改权重，使它们的和为 100%；60% 也可以写 0.6，不能写 60",
        "change them so that they sum to 100%; 60% may be written 0.6, and not 60",
    ),
    W(
        "权重之和不是 100%，加权平均就不在原来的量表上。",
        "With other weights a weighted mean leaves the scale of what it is a mean of.",
    ),
    Severity.WARNING,
)
MIXED_CLOCKS = ProblemKind(
    "mixed-clocks",
    W(
        "工作时间加减了「{field}」，它通常是按自然时间量的",
        "“{field}”, which is usually measured around the clock, is added to or taken off working time",
    ),
    W(
        "不加减它，或都按自然时间算；它确实只含工作时间就不用管",
        "leave it out, or count all around the clock; never mind if it holds working time alone",
    ),
    W(
        "夜里暂停的几小时会从工作时间里扣掉，时长偏短，甚至是负的。",
        "Hours paused at night come off working time, and what is left is too short or even negative.",
    ),
    Severity.WARNING,
)
UNREACHABLE_TARGET = ProblemKind(
    "unreachable-target",
    W("目标「{value}」永远用不到：{reason}", "the target “{value}” is never used: {reason}"),
    W(
        "改它的 from、to、where 或 profile，或删去",
        "change its from, to, where or profile, or delete it",
    ),
    W("以为生效的目标其实从不参与判定。", "A target believed to be in force judges nothing."),
    Severity.WARNING,
)
NEVER_MET = ProblemKind(
    "never-met",
    W(
        "目标「{value}」不可能达到：值只在 {lowest} 到 {highest} 之间",
        "the target “{value}” cannot be met: values go from {lowest} to {highest}",
    ),
    W("检查小数点、百分号和单位", "look at the decimal point, the percent sign and the unit"),
    W("多半是写错了数。", "Most likely a slip of the pen."),
    Severity.WARNING,
)
ALWAYS_MET = ProblemKind(
    "always-met",
    W(
        "目标「{value}」总是达到：值只在 {lowest} 到 {highest} 之间",
        "the target “{value}” is always met: values go from {lowest} to {highest}",
    ),
    W("检查小数点、百分号和单位", "look at the decimal point, the percent sign and the unit"),
    W("总能达到的目标什么也没有要求。", "A target that is always met asks for nothing."),
    Severity.WARNING,
)
UNFILLED_FIELD = ProblemKind(
    "unfilled-field",
    W(
        "{source}没有一行填了「{field}」（{value}，用于{users}）",
        "no row of {source} fills “{field}” ({value}, asked for by {users})",
    ),
    W(
        "导出里另有这一列的，在 sources: 的 columns: 里写出它的表头",
        "if the export has it under another header, name that with columns: under sources:",
    ),
    W(
        "没有人填的字段只会得出无数据，或被当作“否”。",
        "A field nobody fills gives no data, or is taken as a no.",
    ),
    Severity.WARNING,
)
NEVER_TRUE = ProblemKind(
    "never-true",
    W(
        "「{name}」的条件没有一行符合（{source} {rows} 行）：{condition}",
        "no row fulfils the condition of “{name}” ({source}: {rows} rows): {condition}",
    ),
    W("检查条件里的数和单位", "look at the numbers and units in the condition"),
    W("从不成立的条件会算出 0，而不是错误。", "It gives 0 instead of an error."),
    Severity.WARNING,
)
NO_TIME_FIELD = ProblemKind(
    "no-time-field",
    W("{source}的字段「{value}」不是时间", "the field “{value}” of {source} holds no time"),
    W("时间字段有：{nearest}", "fields that hold a time: {nearest}"),
    W("按不是时间的字段无法归入时段。", "Only a time puts a row into a period."),
)
UNGROUPABLE_FIELD = ProblemKind(
    "ungroupable-field",
    W("不能按{source}的字段「{value}」分组", "{source} cannot be grouped by “{value}”"),
    W("用文字、是/否或整数字段", "use a field of texts, yes or no, or whole numbers"),
    W(
        "目标只能写给能单独计算的一组数据。",
        "A target can be set only for a group that is measured by itself.",
    ),
)
UNKNOWN_HOLIDAYS = ProblemKind(
    "unknown-holidays",
    W("没有「{value}」的节假日资料", "the holidays of “{value}” are not known"),
    W("写国家代码，例如 CN、JP、DE-BY", "write a country's code, such as CN, JP or DE-BY"),
    W("缺了节假日，工作时长就会算错。", "Without its holidays, working time would be wrong."),
)
DAYS_UNREADABLE = ProblemKind(
    "days-unreadable",
    W(
        "日历的天数文件「{value}」读不出：{reason}",
        "the days in “{value}” cannot be read: {reason}",
    ),
    W("把它放在指标定义旁边，存成 UTF-8 的 CSV", "put it beside the definition, as CSV in UTF-8"),
    W("漏掉的日子会按平日计算。", "A day that is missed counts as an ordinary one."),
)
WRONG_DAY = ProblemKind(
    "wrong-day",
    W("看不懂的一天「{value}」", "“{value}” is no day of a calendar"),
    W(
        "每行写一天和它的时间：2025-10-11,09:00-18:00；休息写 off，照常上班写 work",
        "write a day and its hours: 2025-10-11,09:00-18:00; off or work for a usual one",
    ),
    W("同一天不能写两次，也不能猜。", "A day stands once and is never guessed."),
)
EXTENDS_CIRCLE = ProblemKind(
    "extends-circle",
    W("extends 绕成了圈：{value}", "extends goes in a circle: {value}"),
    W("去掉其中一个 extends", "remove one of them"),
    W("互相依赖的文件没有起点。", "Files that build on each other have no beginning."),
)
NO_INDICATORS = ProblemKind(
    "no-indicators",
    W("定义里没有任何指标", "the definition has no indicator"),
    W(
        "在 indicators: 下至少写一个，或写 extends: csq",
        "write one under indicators:, or extends: csq",
    ),
    W("没有指标就没有结果。", "Without one there is no result."),
)
