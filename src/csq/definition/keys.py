"""What every key of metrics.yaml is for, in both languages: what an editor shows beside it."""

from __future__ import annotations

from collections.abc import Mapping

from csq.definition.base import Model
from csq.definition.indicators import Indicator, NamedRowSet, RowSet, Variant
from csq.definition.models import CalendarSettings, Definition, Privacy, Tolerance
from csq.definition.sources import Columns, Event, Grain, OwnField, SourceSettings
from csq.definition.targets import Target
from csq.wording import Wording as W

_ROW_SET = {
    "from": W("来自哪个数据源或口径", "the source or row set it is taken from"),
    "where": W("这些行要符合的条件", "the condition its rows fulfil"),
    "time": W("按哪个时间归入时段", "the time that puts its rows into a period"),
    "stock": W(
        "存量：时段结束之前的所有行，不论多早",
        "a stock: every row from before the end of the period, however old",
    ),
}

KEYS: Mapping[type[Model], Mapping[str, W]] = {
    Definition: {
        "version": W("格式的版本，总是 1", "the version of the format, always 1"),
        "extends": W(
            "在哪个定义之上：csq（默认的一套）、csq:standard（再加八项），或旁边的一个文件",
            "the definition to build on: csq (the default set), csq:standard (eight more), or a file beside",
        ),
        "omit": W(
            "不要的指标：所继承的定义里这些编号的指标",
            "ids of inherited indicators that are left out",
        ),
        "language": W("报表的语言；--lang 可改", "the reports' language; --lang overrides it"),
        "timezone": W(
            "带时差的时间换算到这个时区", "the zone that times with an offset are moved to"
        ),
        "tolerance": W(
            "拒收的行超过这个比例，整次运行算校验未通过（退出码 3）",
            "more refused rows than this share make the run invalid (exit code 3)",
        ),
        "profile": W(
            "按谁的目标判定：写了同名 profile 的目标，加上没写 profile 的",
            "whose targets count, beside those without a profile",
        ),
        "privacy": W("汇报里怎样显示人", "how people are shown in a review"),
        "sources": W(
            "各类导出里，表头自己说不清的事",
            "what the headers of each kind of export do not settle",
        ),
        "calendars": W("工作时间，供 DURATION 使用", "when work is done, for DURATION"),
        "rows": W("口径：有名字的一批行", "row sets: named populations of rows"),
        "measures": W("汇总项：公式里分子分母的名字", "names for sums, to be used in formulas"),
        "indicators": W("指标，一项一个", "the indicators, one an item"),
    },
    Tolerance: {
        "refused": W("允许拒收的行的比例", "the share of rows that may be refused"),
        "rules": W(
            "按问题代码分别允许的比例，如 time-order: 0.5%",
            "shares for single problems by their code, such as time-order: 0.5%",
        ),
    },
    Privacy: {
        "mode": W(
            "mask 打码，hash 换成代号，none 原样",
            "mask them, hash them to codes, or none: as they are",
        ),
        "k": W("少于这么多行的人不单独显示", "people with fewer rows are not shown"),
        "salt": W(
            "hash 用的盐文件，没有就新建", "the file of the salt for hash; made where missing"
        ),
    },
    SourceSettings: {
        "files": W("哪些文件是这一类，可用 *", "which files are of this kind; * is allowed"),
        "columns": W(
            "字段在哪个表头下：字段名: 表头", "the header a field stands under: field: header"
        ),
        "values": W(
            "字段的值还有哪些写法：字段名: { 值: [写法] }",
            "more spellings of a field's values: field: { value: [spellings] }",
        ),
        "fields": W("自己加的字段", "fields of your own"),
        "duplicates": W(
            "编号重复时：error 报错，first 或 last 保留哪一行",
            "of repeated keys: error, or keep the first or the last row",
        ),
        "grain": W("一个案有多行时，怎样合成一行", "how several rows of a case become one"),
        "events": W("由一个案的多行得出的字段", "fields taken from all rows of a case"),
        "nulls": W(
            "代表空白的写法，整类导出的或按字段分的",
            "what stands for nothing, in every column or by field",
        ),
        "decimal": W("小数点用 . 还是 ,", "the decimal mark: . or ,"),
        "clock": W(
            "时长 03:25 是分和秒（mm:ss）还是时和分（hh:mm）",
            "whether a duration of 03:25 is minutes and seconds, mm:ss, or hours and minutes, hh:mm",
        ),
        "date_order": W(
            "日期 01/02/2025：dmy 日在前，mdy 月在前；25-02-01：ymd 年在前",
            "of dates like 01/02/2025: dmy day first, mdy month first; like 25-02-01: ymd",
        ),
        "sheet": W("读哪个或哪些工作表", "the sheet to read, or several"),
        "encoding": W("文件的编码，如 gb18030", "the encoding of the files, such as gb18030"),
        "delimiter": W("分隔符，一个字符", "the delimiter, one character"),
        "header_row": W("表头在第几行，从 1 数起", "the row of the header, counted from 1"),
        "skip_rows": W(
            "表头下面有几行不是数据", "how many rows directly under the header are no data"
        ),
    },
    Columns: {
        "headers": W("表头的各种写法", "the spellings of the header"),
        "join": W("几列合成一个值，如日期和时刻", "columns that make one value, as date and time"),
    },
    OwnField: {
        "type": W(
            "text 文字，timestamp 时间，duration 时长，flag 是否，integer 整数，number 数",
            "what it holds: a text, timestamp, duration, flag, integer or number",
        ),
        "columns": W("它的表头", "its headers"),
        "title": W("报表里怎样称呼它", "what reports call it"),
        "scale": W("最小和最大的数，如 [1, 5]", "its smallest and largest number, as [1, 5]"),
        "unit": W("时长写成单个数时的单位", "the unit of a duration that is one plain number"),
        "separator": W(
            "一格里有几个值时，隔开它们的符号，如 ┋",
            "what stands between the values of a cell that holds several, such as ;",
        ),
    },
    Grain: {
        "key": W("案的编号是哪个字段", "the field that says which case a row is of"),
        "keep": W(
            "案的其他字段取第一行还是最后一行",
            "whether a case says what its first or last row does",
        ),
        "time": W("行的先后按哪个时间", "the time by which rows are in order"),
        "activity": W("说明发生了什么的字段", "the field that says what happened"),
    },
    Event: {
        "first": W("这些活动第一次发生的时间", "the time of the first of these activities"),
        "last": W("这些活动最后一次发生的时间", "the time of the last of these activities"),
        "count": W("这些活动发生的次数", "how many of these activities there are"),
        "spent": W("停留在这些活动里的总时长", "the time spent in these activities"),
        "after": W(
            "只算紧跟在这些活动之后的行", "only rows directly after one of these activities count"
        ),
    },
    CalendarSettings: {
        "hours": W(
            "按星期写工作时间，可分几段；makeup 是调休上班日",
            "working hours by weekday, several spans a day; makeup: a weekend day worked instead",
        ),
        "holidays": W(
            "哪个国家或地区的节假日，如 CN、DE-BY",
            "the country, or part of one, whose holidays are free: CN, DE-BY",
        ),
        "days": W(
            "旁边的 CSV 文件，逐日写明上班或休息",
            "a CSV file beside with single days and their hours",
        ),
        "off_hours_reply": W(
            "来回都在非工作时间的时长：zero 算 0，calendar 按自然时间，exclude 不计这一行；必须选一个",
            "a time that begins and ends off hours: zero, calendar (all of it), or exclude the row;"
            " one must be chosen",
        ),
    },
    RowSet: _ROW_SET,
    NamedRowSet: _ROW_SET
    | {
        "name": W(
            "报告里怎么称呼它；可以只写 en，中文就用它的键",
            "what reports call it; with en alone its key is the Chinese",
        ),
    },
    Indicator: {
        "id": W("编号，小写字母、数字、下划线", "lower-case letters, digits and underscores"),
        "name": W("名称：{ zh: …, en: … }", "its name: { zh: …, en: … }"),
        "dimension": W("维度，如 效率、质量、体验、负荷、成长", "its section in reports"),
        "formula": W(
            "公式，写法同 Excel，见 docs/formulas.md；没有公式就是逐项改所继承的同编号指标",
            "as in Excel, see docs/formulas.md; an inherited indicator of this id is changed key by key without one",
        ),
        "unit": W("percent、duration、count、score、points、ratio", "the unit of its value"),
        "direction": W(
            "up 越高越好，down 越低越好，band 在区间内", "which way is better, or a band"
        ),
        "owner": W("责任部门", "who is responsible"),
        "data_source": W("数据从哪里来", "where its data comes from"),
        "target": W('一个目标的简写，如 ">= 85%"', 'the short form of one target: ">= 85%"'),
        "targets": W(
            "目标，可分范围、级别、时间、标准", "targets by scope, level, time and profile"
        ),
        "time": W("按哪个时间归入时段", "the time that puts a row into a period"),
        "population": W(
            "只在这个口径的行里算：口径的名字，或 { from: …, where: … }",
            "the rows it counts among: a row set's name, or { from: …, where: … }",
        ),
        "calendar": W(
            "公式里两个时刻之间的时长按哪个日历算；不写则按自然时间",
            "the calendar by which times between two moments are counted; without it, around the clock",
        ),
        "mature_after": W(
            "行要满多久才算数，如 7d", "how old a row must be before it counts, such as 7d"
        ),
        "unripe": W(
            "还不满的行：exclude 不计，include 照计，provisional 照计但结论是暂定的",
            "younger rows: exclude them, include them, or count them for a provisional verdict",
        ),
        "attribution": W(
            "按坐席看时算谁的：owner 负责的，first 首问的，last 最后回复的，all 每个回复过的",
            "whose a row is by agent: the owner's, the first agent's, the last replier's, or all repliers'",
        ),
        "optional": W(
            "一份这类导出都没有时，csq check 不要求结论",
            "where no export of its kind is there, csq check asks for no verdict",
        ),
        "min_n": W("少于这么多行就不下结论", "fewer rows than this give no verdict"),
        "decimals": W("显示几位小数", "how many decimals are shown"),
        "reference": W("同时显示上半年的值", "also shows the value of the last half year"),
        "reach": W(
            "还差多少才达标怎么说，{n} 是数量",
            "how to say what is missing to the target; {n} is how many",
        ),
        "description": W("说明和容易误读之处", "what it is, and how it may mislead"),
        "playbook": W("未达标时怎么办", "what to do where it is missed"),
        "variants": W("同名指标的其他公开口径", "other published meanings of the same name"),
    },
    Target: {
        "value": W(
            '">= 85%"、"<= 3min"、"240s .. 420s"；相对基期写 "-20%"、"+5pp"',
            '">= 85%", "<= 3min", "240s .. 420s"; "-20%" or "+5pp" from a baseline',
        ),
        "level": W("floor 底线，target 目标，stretch 挑战", "the floor, the target, or a stretch"),
        "where": W("只用于这些组：字段: 值", "the groups it is for: field: value"),
        "from": W("从哪个时段起有效", "the period from which on it is in force"),
        "to": W("到哪个时段为止有效", "the last period in which it is in force"),
        "baseline": W("变化是相对哪个时段", "the period a change is counted from"),
        "profile": W(
            "只在定义选用这套标准时有效，如 scheme",
            "it counts only where the definition chooses this profile, such as scheme",
        ),
        "provenance": W("出处", "where it comes from"),
    },
    Variant: {
        "formula": W("这种口径的公式", "its formula"),
        "name": W("这种口径的名称", "what it is called"),
        "source": W("谁这样算", "who works it out like this"),
    },
}

EXAMPLES: Mapping[type[Model], Mapping[str, tuple[str | int, ...]]] = {
    Definition: {
        "extends": ("csq", "csq:standard"),
        "omit": ("case_share",),
        "timezone": ("Asia/Shanghai", "Europe/London", "UTC"),
        "tolerance": ("5%",),
        "profile": ("guide", "scheme", "premium"),
    },
    Indicator: {
        "formula": ('COUNTIF(tickets, channel = "电话") / COUNT(tickets) × 100%',),
        "target": (">= 85%", "<= 3min", "240s .. 420s"),
        "mature_after": ("24h", "7d"),
        "time": ("created_at", "resolved_at"),
        "dimension": ("效率", "质量", "体验", "负荷", "成长"),
    },
    Target: {
        "value": (">= 85%", "<= 3min", "240s .. 420s", "-20%", "+5pp"),
        "from": ("2025-08", "2025Q3", "2025"),
        "to": ("2025-08", "2025Q3", "2025"),
        "baseline": ("2025H1",),
        "profile": ("guide", "scheme", "premium"),
    },
    CalendarSettings: {"holidays": ("CN", "JP", "DE-BY"), "days": ("公司日历.csv",)},
    RowSet: {"where": ("NOT spam", 'channel = "电话"'), "time": ("resolved_at",)},
    SourceSettings: {
        "files": ("工单*.xlsx",),
        "encoding": ("utf-8", "gb18030", "big5"),
        "delimiter": (",", ";", "|"),
    },
}
