"""The options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from csq.engines.choice import EngineName


class Lang(StrEnum):
    ZH = "zh"
    EN = "en"


class Format(StrEnum):
    """How a scorecard can be drawn."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    XLSX = "xlsx"
    HTML = "html"


class ListFormat(StrEnum):
    """How a list of findings can be drawn."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class TextFormat(StrEnum):
    """How something that is no table can be drawn."""

    TABLE = "table"
    JSON = "json"


class ReviewFormat(StrEnum):
    """What a review consists of."""

    XLSX = "xlsx"
    HTML = "html"


class FailOn(StrEnum):
    """Which missed level makes `check` fail."""

    STRETCH = "stretch"
    TARGET = "target"
    FLOOR = "floor"
    NEVER = "never"


# What cannot be read is told with the code of what it is, an export or a definition: wherever a
# path is typed, `readable=False` keeps typer from looking first and calling it wrong usage.
Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        readable=False,
        metavar="PATH",
        help="导出文件或文件夹（默认当前文件夹） / export files or folders (default: this folder)",
        show_default=False,
    ),
]
Metrics = Annotated[
    Path | None,
    typer.Option(
        readable=False,
        metavar="FILE",
        help="指标定义（默认 ./metrics.yaml，否则用自带的） / the definition (default: ./metrics.yaml, else the shipped one)",
        show_default=False,
    ),
]
PeriodText = Annotated[
    str | None,
    typer.Option(
        "--period",
        metavar="P",
        help="时段，如 2025-08、 2025Q3、 2025-07..2025-08、 last-month（默认数据中最近的整月） / the period (default: the latest whole month in the data)",
        show_default=False,
    ),
]
By = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FIELD",
        help="分组字段，如 team，可重复；逗号连接表示交叉 / group by a field such as team, repeatable; a,b for both together",
        show_default=False,
    ),
]
Where = Annotated[
    str | None,
    typer.Option(
        metavar="COND",
        help="只算符合条件的行，如 'channel = \"电话\"' / only rows that fulfil a condition such as 'priority = \"P1\"'",
        show_default=False,
    ),
]
Indicators = Annotated[
    list[str] | None,
    typer.Option(
        "--indicator",
        metavar="ID",
        help="只算这些指标（编号或名称），可重复 / only these indicators, by id or name, repeatable",
        show_default=False,
    ),
]
Language = Annotated[
    Lang | None,
    typer.Option(
        "--lang",
        help="语言（默认按定义） / language (default: the definition's)",
        show_default=False,
    ),
]
EngineOption = Annotated[
    EngineName, typer.Option("--engine", help="计算引擎 / the engine that computes")
]
Memory = Annotated[
    str,
    typer.Option(metavar="SIZE", help="内存上限，如 4GB / the memory limit, for example 4GB"),
]
_FORMAT_HELP = "输出格式（默认看 --output 的扩展名，否则 table） / the format (default: as --output's suffix says, else table)"
FormatOption = Annotated[
    Format | None, typer.Option("--format", help=_FORMAT_HELP, show_default=False)
]
ListFormatOption = Annotated[
    ListFormat | None, typer.Option("--format", help=_FORMAT_HELP, show_default=False)
]
TextFormatOption = Annotated[
    TextFormat | None, typer.Option("--format", help=_FORMAT_HELP, show_default=False)
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        readable=False,
        metavar="FILE",
        help="写入文件，而不是终端 / write to a file, not the terminal",
        show_default=False,
    ),
]
