"""Every kind of problem csq can report: its stable code, its wording, and why it matters.

A kind is used as `UNKNOWN_KEY.at(place, value=…)`; the table in docs/problems.md is made from here.
"""

from __future__ import annotations

from csq.errors import ProblemKind, Severity
from csq.wording import Wording as W

# The command line ---------------------------------------------------------------------------

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
    W("没有编号为「{value}」的指标", "there is no indicator with the id “{value}”"),
    W("最接近的是：{nearest}", "the nearest are: {nearest}"),
    W("只算想要的指标时，编号必须写对。", "To compute only some indicators, name them rightly."),
)
UNKNOWN_GROUP = ProblemKind(
    "unknown-group",
    W("没有任何数据带有分组字段「{value}」", "no data has the field “{value}” to group by"),
    W("可用于分组的字段：{known}", "fields to group by: {known}"),
    W("按不存在的字段分组不会得到任何结果。", "Grouping by a missing field would show nothing."),
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
WRONG_GROUP = ProblemKind(
    "wrong-group",
    W("看不懂的组「{value}」", "“{value}” is no group"),
    W("写成 字段=值，例如 channel=电话", "write FIELD=VALUE, for example channel=Phone"),
    W("组决定解释哪些行。", "The group decides which rows are explained."),
)
WRONG_CONDITION = ProblemKind(
    "wrong-condition",
    W("--where 的条件「{value}」不能用：{reason}", "--where “{value}” cannot be used: {reason}"),
    W('写成例如 channel = "电话"', 'write for example channel = "电话"'),
    W(
        "条件决定哪些行被计算。",
        "The condition decides which rows count, so it has to be fully understood.",
    ),
)

# Files --------------------------------------------------------------------------------------

MISSING_PATH = ProblemKind(
    "missing-path",
    W("没有这个文件或文件夹", "there is no such file or folder"),
    W("检查路径的拼写", "check the spelling of the path"),
    W("被点名的文件没有读到，结果就不完整。", "A file asked for by name must be read."),
)
NO_EXPORTS = ProblemKind(
    "no-exports",
    W("这里没有可读的导出文件", "no export that can be read is here"),
    W(
        "放入 csv、tsv、xlsx、xls、ods 或 parquet 文件",
        "put csv, tsv, xlsx, xls, ods or parquet files here",
    ),
    W("没有数据就没有任何指标。", "Without data there is no indicator."),
)
UNREADABLE_FILE = ProblemKind(
    "unreadable-file",
    W("文件打不开：{reason}", "the file cannot be opened: {reason}"),
    W("检查文件权限，或重新导出", "check its permissions, or export it again"),
    W("打不开的文件里的行没有被计算。", "Rows in a file that does not open are not counted."),
)
LEFT_OUT_FILE = ProblemKind(
    "left-out-file",
    W("未读取这种格式的文件：{value}", "files of a kind that csq does not read: {value}"),
    W(
        "若其中有数据，另存为 xlsx 或 csv（压缩包先解开）",
        "if one holds data, save it as xlsx or csv (unpack an archive first)",
    ),
    W(
        "压缩包和改过扩展名的副本里可能有数据，但没有被计算。",
        "An archive or a renamed copy may hold rows that were not counted.",
    ),
    Severity.NOTICE,
)
EMPTY_FILE = ProblemKind(
    "empty-file",
    W("文件是空的", "the file is empty"),
    W("重新导出，或把它移走", "export it again, or move it away"),
    W("空文件往往意味着一次失败的导出。", "An empty file usually is an export that failed."),
)
NOT_A_TABLE = ProblemKind(
    "not-a-table",
    W("内容不是{kind}", "its content is not {kind}"),
    W("从系统里重新导出为 csv 或 xlsx", "export it again as csv or xlsx"),
    W(
        "扩展名与内容不符的文件无法可靠地读取。",
        "A file whose content is not what its name says cannot be read reliably.",
    ),
)
PAGE_WITHOUT_TABLE = ProblemKind(
    "page-without-table",
    W("它是没有表格的网页，不是工作簿", "it is a web page without a table, no workbook"),
    W(
        "多半是登录页或出错页：登录后重新导出",
        "most likely it asks to log in or tells of a fault: log in and export it again",
    ),
    W("没有表格的网页里没有数据。", "A page without a table holds no data."),
)
UNKNOWN_ENCODING = ProblemKind(
    "unknown-encoding",
    W("既不是 UTF-8 也不是 GB18030 编码", "it is neither UTF-8 nor GB18030"),
    W(
        "在 Excel 里另存为“CSV UTF-8”，或在 sources: 里写 encoding:",
        "save it as “CSV UTF-8” in Excel, or write encoding: under sources:",
    ),
    W("猜错编码会把文字读成乱码。", "A guessed encoding turns text into nonsense."),
)
WRONG_ENCODING = ProblemKind(
    "wrong-encoding",
    W(
        "不能按 sources: 里写的 encoding: {value} 读取",
        "it cannot be read in the encoding: {value} written under sources:",
    ),
    W("改成它真正的编码，或删去 encoding:", "write the one it is in, or leave encoding: out"),
    W("按错误的编码会读出乱码。", "In a wrong encoding text is read as nonsense."),
)
BROKEN_ENCODING = ProblemKind(
    "broken-encoding",
    W(
        "大部分是 UTF-8，但有损坏或混入其他编码的行",
        "it is UTF-8 with damaged lines, or lines of another encoding",
    ),
    W("重新导出，或分开不同编码的部分", "export it again, or keep the encodings apart"),
    W("按别的编码硬读会得到通顺的乱码。", "Read as another encoding it would be fluent nonsense."),
)
GUESSED_ENCODING = ProblemKind(
    "guessed-encoding",
    W(
        "不是 UTF-8，也没有编码标记，按 {value} 读取",
        "no UTF-8, and no mark that says what else: read as {value}",
    ),
    W(
        "若文字有乱码，在 sources: 里写 encoding:",
        "if text is garbled, write encoding: under sources:",
    ),
    W("没有标记的编码只能推断。", "An encoding without a mark can only be inferred."),
    Severity.NOTICE,
)
BLANK_HEADER_ROW = ProblemKind(
    "blank-header-row",
    W(
        "sources: 里写的 header_row: {value} 是空行，或文件没有这么多行",
        "row {value}, written as header_row: under sources:, is blank or not there",
    ),
    W("改成表头所在的行，或删去 header_row:", "write the header's row, or leave header_row: out"),
    W("没有表头就不知道每列是什么。", "Without a header nobody knows what a column is."),
)
ENCRYPTED_WORKBOOK = ProblemKind(
    "encrypted-workbook",
    W("工作簿有密码", "the workbook has a password"),
    W("去掉密码后另存", "remove the password and save it"),
    W("加密的内容无法读取。", "Encrypted content cannot be read."),
)
BINARY_WORKBOOK = ProblemKind(
    "binary-workbook",
    W("不读取 xlsb 格式的工作簿", "workbooks in the xlsb format are not read"),
    W("用 Excel 打开，另存为 xlsx", "open it in Excel and save it as xlsx"),
    W("没有读取的工作簿里的行没有被计算。", "Rows in a workbook that is not read are not counted."),
)
BROKEN_WORKBOOK = ProblemKind(
    "broken-workbook",
    W("工作簿已损坏，读不出表格", "the workbook is damaged: no sheet can be read"),
    W("用 Excel 打开并另存，或重新导出", "open and save it in Excel, or export it again"),
    W("损坏的工作簿可能缺行。", "A damaged workbook may lack rows."),
)
BROKEN_PARQUET = ProblemKind(
    "broken-parquet",
    W("Parquet 文件已损坏", "the Parquet file is damaged"),
    W("重新导出", "export it again"),
    W("损坏的文件可能缺行，或值已改变。", "A damaged file may lack rows or hold other values."),
)
OVERSIZED_WORKBOOK = ProblemKind(
    "oversized-workbook",
    W("工作簿展开后过大（{value}）", "the workbook unpacks to too much ({value})"),
    W("删去多余的空白行列后另存，或导出为 csv", "delete stray blank cells, or export csv"),
    W("为保护机器，过大的工作簿不会被展开。", "Such a workbook would exhaust the machine."),
)
CHANGED_FILE = ProblemKind(
    "changed-file",
    W("读取期间文件被改动", "the file changed while it was read"),
    W("等导出完成后再运行", "run again when the export is finished"),
    W("半新半旧的数据会得出错误的数。", "Half old, half new rows make a wrong number."),
)
OVERSIZED_FIELD = ProblemKind(
    "oversized-field",
    W("有一个单元格或一行超过 {value}", "a cell or a line is longer than {value}"),
    W("多半是引号没有配对：检查该文件", "most likely a quote is not closed: look at the file"),
    W("引号不配对会吞掉后面的行。", "An open quote swallows the rows behind it."),
)

TOO_WIDE = ProblemKind(
    "too-wide",
    W("表头超过 {value} 列", "its header has more than {value} columns"),
    W(
        "只导出需要的列；若列数不对，检查分隔符和引号",
        "export only the columns that are needed; if it has fewer, look at delimiters and quotes",
    ),
    W(
        "电子表格也放不下这么多列，多半不是一份导出。",
        "No spreadsheet holds as many; it hardly is an export.",
    ),
)

# Headers ------------------------------------------------------------------------------------

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
        "在 sources: 的 columns: 里写出它的表头；没有编号的，用几列合成，"
        "例如 columns: {{ {name}: {{ join: [日期, 工号] }} }}",
        "name its header with columns: under sources:; where there is none, join columns that make"
        " one, such as columns: {{ {name}: {{ join: [Date, Agent] }} }}",
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
    W("删去多余的列，或用 columns: 指定其中一列", "delete all but one, or choose with columns:"),
    W("两列不一致时无法知道该信哪一列。", "Where they differ nobody knows which one is right."),
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

# Rows ---------------------------------------------------------------------------------------

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
        "在 sources: 里写 date_order: dmy（日/月/年）或 mdy（月/日/年）",
        "write date_order: dmy (day/month/year) or mdy (month/day/year) under sources:",
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
TOO_MANY_REFUSED = ProblemKind(
    "too-many-refused",
    W(
        "{source}有 {rejected} / {read} 行被拒收，超过容许的 {tolerance}",
        "{rejected} of {read} rows of {source} were refused, more than the {tolerance} allowed",
    ),
    W("用 csq validate --rejects 查看并修正", "see them with csq validate --rejects and mend them"),
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

# The definition -----------------------------------------------------------------------------

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
    W("补上它", "add it"),
    W("没有它就不知道该怎么算。", "Without it there is nothing to compute."),
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
    W("改目标的比较号，或改 direction", "change its comparison, or the direction"),
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
    W("「{value}」只到那天零点", "“{value}” means the midnight at which the day begins"),
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
    W("改权重，使它们的和为 100%", "change them so that they sum to 100%"),
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
    W("改它的 from、to 或 where，或删去", "change its from, to or where, or delete it"),
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

# Formulas -----------------------------------------------------------------------------------

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
    W(
        "最接近的是：{nearest}；若是文字，要加双引号",
        "the nearest are: {nearest}; a text goes in quotes",
    ),
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
NAME_CIRCLE = ProblemKind(
    "name-circle",
    W("定义绕成了圈：{value}", "the definitions go in a circle: {value}"),
    W("去掉其中一环", "break the circle"),
    W("互相引用的定义没有值。", "Definitions that use each other have no value."),
)

# The run ------------------------------------------------------------------------------------

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
STRAY_DATES = ProblemKind(
    "stray-dates",
    W(
        "{source}里有日期远离其他数据：{value}",
        "{source}: dates far from all others: {value}",
    ),
    W("多半是笔误：改正后重新导出", "most likely a slip: mend them and export again"),
    W(
        "日期写错的行不在它们该在的时段里；数据截止的时刻不看这些日期。",
        "A row with a mistyped date is missing in its true period; the end of the data passes it over.",
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
        "补上数据，或用 --indicator 只检查需要的指标",
        "add the data, or check only some with --indicator",
    ),
    W("没有数据的指标既不算达标，也不能放过。", "No data is not a pass."),
)
OUT_OF_MEMORY = ProblemKind(
    "out-of-memory",
    W("内存用到了上限 {value}", "the memory limit of {value} was reached"),
    W("用 --memory 提高上限，或分月计算", "raise it with --memory, or compute month by month"),
    W("为保护机器，超过上限就停止。", "csq stops rather than exhaust the machine."),
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

OF_ROWS = (
    BLANK_CELL,
    FLATTENED_ID,
    INVISIBLE_ID,
    UNREADABLE_TIMESTAMP,
    UNDECIDED_DATE,
    UNREADABLE_DURATION,
    UNREADABLE_FLAG,
    UNREADABLE_INTEGER,
    UNREADABLE_NUMBER,
    AMBIGUOUS_DURATION,
    UNREADABLE_RATING,
    CONTRADICTORY_RATING,
    OUT_OF_SCALE,
    CELL_ERROR,
    TIME_ORDER,
    LONGER_THAN_WHOLE,
    ALL_BLANK,
    RAGGED_ROW,
    DUPLICATE_KEY,
    UNKNOWN_REFERENCE,
    PART_OVER_WHOLE,
)
"""What is said of single rows: a definition may tolerate a share of each."""
