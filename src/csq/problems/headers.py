"""What is wrong with headers, and with where the table is."""

from __future__ import annotations

from csq.errors import ProblemKind, Severity
from csq.wording import Wording as W

UNRECOGNISED = ProblemKind(
    "unrecognised-export",
    W(
        "认不出这是哪一类数据（表头：{value}）",
        "it is no kind of export csq knows (header: {value})",
    ),
    W(
        "在 metrics.yaml 的 sources: 里用 files: 和 columns: 说明它；csq init 会写出初稿",
        "say what it is with files: and columns: under sources: in metrics.yaml; csq init drafts that",
    ),
    W("认不出的文件没有被计算。", "A file that is not recognised is not counted."),
)
MISSING_HEADER = ProblemKind(
    "missing-header",
    W(
        "没有认出表头：第一行可能就是数据（{width} 列）",
        "no header was found: the first row may be data (columns: {width})",
    ),
    W(
        "在第一行写上各列的名称；表头在更下面时，在 sources: 里写 header_row:",
        "put the names of the columns into the first row; where they stand further down,"
        " write header_row: under sources:",
    ),
    W("没有表头就不知道哪一列是什么。", "Without a header nobody knows what a column is."),
)
ROW_NAMES = ProblemKind(
    "row-names",
    W(
        "每一行都比表头（{width} 列）多一格：不知道「{value}」是第 1 列还是第 2 列的表头",
        "every row has one cell more than the header (columns: {width}): “{value}” may be the header"
        " of the first column or of the second",
    ),
    W(
        "第 1 列是行号（例如 R 的 write.table）的，在表头最前面补一个名称和分隔符；"
        "行尾只是多了分隔符的，在表头末尾也补一个",
        "where the first column holds the names of the rows, as R’s write.table puts them there, put"
        " a name and a separator in front of the header; where rows only end in a separator, put one"
        " behind the header too",
    ),
    W(
        "表头错开一列，每一列都会被当成旁边那一列。",
        "Under a header that is one cell off every column is taken for its neighbour.",
    ),
)
AMBIGUOUS_SOURCE = ProblemKind(
    "ambiguous-source",
    W("可能是{kinds}，无法确定", "it may be {kinds}"),
    W("在 metrics.yaml 的 sources: 里用 files: 指定", "settle it with files: under sources:"),
    W("把一类数据当成另一类会算错。", "One kind of data taken for another is a wrong number."),
)
MISSING_COLUMN = ProblemKind(
    "missing-column",
    W(
        "缺少必需的列「{field}」（现有：{known}）",
        "the column “{field}” is missing (present: {known})",
    ),
    W(
        "在 metrics.yaml 的 sources: 的 columns: 里写出它的表头；csq init 会写出初稿",
        "name its header with columns: under sources: in metrics.yaml; csq init drafts that",
    ),
    W("没有这一列就无法计数或归入时段。", "Without it rows cannot be counted or dated."),
)
MISSING_ID = ProblemKind(
    "missing-id",
    W(
        "缺少编号列「{field}」（现有：{known}）",
        "the column of ids “{field}” is missing (present: {known})",
    ),
    W(
        "在 sources: 的 columns: 里写出它的表头，csq init 会写出初稿；没有编号的，用几列合成，"
        "例如 columns: {{ {name}: {{ join: [日期, 工号] }} }}",
        "name its header with columns: under sources:, csq init drafts that; where there is none,"
        " join columns that make one, such as columns: {{ {name}: {{ join: [Date, Agent] }} }}",
    ),
    W(
        "没有编号，同一条记录在两个文件里就会算两次。",
        "Without ids a record that stands in two files counts twice.",
    ),
)
SPLIT_TIME = ProblemKind(
    "split-time",
    W(
        "「{field}」像是分在两列，一列是日期，一列是时刻",
        "“{field}” seems to stand in two columns, the day in one and the time of day in the other",
    ),
    W(
        "在 metrics.yaml 里写 sources: {{ {source}: {{ columns: {{ {name}: {{ join:"
        ' ["{day}", "{time}"] }} }} }} }}',
        "write into metrics.yaml: sources: {{ {source}: {{ columns: {{ {name}: {{ join:"
        ' ["{day}", "{time}"] }} }} }} }}',
    ),
    W(
        "只读日期会丢掉时刻，只读时刻不知是哪一天。",
        "A day alone loses the hour, and an hour alone is of no day.",
    ),
)
DOUBLE_COLUMN = ProblemKind(
    "double-column",
    W("「{field}」有多列：{known}", "“{field}” stands in several columns: {known}"),
    W(
        "删去多余的列，或用 columns: 指定其中一列，csq init 会写出初稿",
        "delete all but one, or choose with columns: as csq init drafts it",
    ),
    W("两列不一致时无法知道该信哪一列。", "Where they differ nobody knows which one is right."),
)
UNCLEAR_COLUMN = ProblemKind(
    "unclear-column",
    W(
        "「{field}」可能是这些列中的任何一列：{known}，所以一列也没有读",
        "“{field}” may be any of the columns {known}, so none of them is read",
    ),
    W(
        "要用到它，就在 metrics.yaml 里写 sources: {{ {source}: {{ columns: {{ {name}:"
        ' "{first}" }} }} }}，或写其中另一列',
        "where it is needed, write into metrics.yaml: sources: {{ {source}: {{ columns: {{ {name}:"
        ' "{first}" }} }} }}, or another one of them',
    ),
    W(
        "受理的人和处理的人不一定是同一个人，猜错了，每个人的数字就都错了。",
        "Who took a case and who handled it need not be the same person: after a wrong guess the"
        " figures of both are wrong.",
    ),
    Severity.NOTICE,
)
REPEATED_COLUMN = ProblemKind(
    "repeated-column",
    W(
        "「{value}」有两列，每一行都相同，只读第一列",
        "“{value}” stands twice and is the same in every row: the first column is read",
    ),
    W("无需处理", "nothing to do"),
    W(
        "内容相同的列读哪一列都一样；有一行不同，就拒收整个文件。",
        "Columns with the same content are one; where a row differs the file is refused.",
    ),
    Severity.NOTICE,
)
SECOND_HEADER = ProblemKind(
    "second-header",
    W(
        "这一行是另一份表头，列和第一份不同：{value}",
        "this row is a second header, with other columns than the first: {value}",
    ),
    W("把两份导出拆成两个文件", "put the two exports into files of their own"),
    W(
        "它下面的行会被读到错误的列里。",
        "The rows below it would be read into the wrong columns.",
    ),
)
DRIFTING_HEADER = ProblemKind(
    "drifting-header",
    W("没有{fields}列，同类的其他文件有", "it lacks {fields}, which other files of its kind have"),
    W(
        "确认这次导出是否漏选了列；改了表头的，在 columns: 里补上新表头",
        "see whether the export left it out; name a new header with columns: under sources:",
    ),
    W("缺列的文件里这一项全部为空。", "In a file without the column every row is blank there."),
    Severity.WARNING,
)
UNKNOWN_UNIT = ProblemKind(
    "unknown-unit",
    W(
        "列「{value}」的单位「{unit}」不能换算成秒",
        "“{value}” is in {unit}, which is no length of time",
    ),
    W("换算成秒、分钟、小时或天后再导出", "export it in seconds, minutes, hours or days"),
    W("单位猜错，每个时长都会错。", "With a guessed unit every duration is wrong."),
)
UNITS_ROW = ProblemKind(
    "units-row",
    W(
        "表头下面的这一行是单位，已并入表头",
        "the row under the header holds units: it is a part of it",
    ),
    W("不需要处理", "nothing to do"),
    W("当作数据会被拒收；不看它，分钟会被当成秒。", "Without it minutes would be read as seconds."),
    Severity.NOTICE,
)
MERGED_CELLS = ProblemKind(
    "merged-cells",
    W(
        "列「{field}」有 {cells} 个单元格跨多行合并，只有第一行有值，其余 {count} 行为空",
        "“{field}” has cells merged over several rows ({cells}): only the first row of each has the"
        " value, {count} rows are blank there",
    ),
    W(
        "在 Excel 里取消合并，用“定位条件-空值”向下填充，再导出",
        "unmerge them in Excel, fill the blanks down, and save it",
    ),
    W(
        "按这一列分组或筛选时，合并格里只有第一行被算进去；合并的数也可能是几行的合计。",
        "Grouped or filtered by it only the first row of each counts; a merged number may be of all.",
    ),
    Severity.WARNING,
)
UNKNOWN_SHEET = ProblemKind(
    "unknown-sheet",
    W("没有工作表「{value}」（现有：{known}）", "there is no sheet “{value}” (present: {known})"),
    W("改正 sheet:", "mend sheet:"),
    W("指定的工作表必须存在。", "The sheet that was asked for must be there."),
)
HEADLESS_SHEET = ProblemKind(
    "headless-sheet",
    W(
        "这张工作表没有表头，但列数和工作表「{known}」一样，像是它的续表",
        "the sheet has no header, but the columns of the sheet “{known}”, which it seems to go on",
    ),
    W(
        "在第一行补上表头；若不是数据，在 sources: 里用 sheet: 写明要读的工作表",
        "put the header into its first row; if it is no data, name the others with sheet:"
        " under sources:",
    ),
    W("漏读续表会少算很多行。", "A sheet that goes on holds rows that would not be counted."),
)
OTHER_SHEET = ProblemKind(
    "other-sheet",
    W("未读取其他工作表：{value}", "other sheets were not read: {value}"),
    W(
        "若其中有数据，在 sources: 里用 sheet: 写明",
        "if one holds data, name it with sheet: under sources:",
    ),
    W("没读的工作表里可能有数据。", "A sheet that was not read may hold rows."),
    Severity.NOTICE,
)
