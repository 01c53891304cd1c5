"""What is wrong with files and folders."""

from __future__ import annotations

from csq.errors import ProblemKind, Severity
from csq.wording import Wording as W

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
        "写上导出所在的文件夹，例如 csq score exports；或放入 csv、tsv、xlsx、xls、ods、parquet 文件",
        "name the folder of the exports, as in csq score exports; or put csv, tsv, xlsx, xls, ods or parquet files here",
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
CUT_OFF = ProblemKind(
    "cut-off",
    W(
        "文件在一个字的中间就结束了：没有保存或下载完",
        "it ends in the middle of a character: it was not saved or downloaded to its end",
    ),
    W("重新导出或下载", "export or download it again"),
    W("后面缺了多少行没有人知道。", "Nobody knows how many rows are missing."),
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
