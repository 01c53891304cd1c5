"""What csq writes into every table of its own, and by which it knows it again.

A report that was saved between the exports has their headers, or nearly: read back, its rows
would count a second time.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from csq.wording import Wording

CREATOR = "csq"
"""The creator that a workbook of csq names; Excel keeps it when it saves the workbook again."""

SCORES = (
    Wording("维度", "Dimension"),
    Wording("结论", "Verdict"),
    Wording("指标", "Indicator"),
    Wording("分组", "Group"),
)
REFUSED_ROWS = (
    Wording("文件", "File"),
    Wording("表", "Sheet"),
    Wording("行", "Row"),
    Wording("字段", "Field"),
    Wording("原因", "Reason"),
    Wording("建议", "Hint"),
)
FINDINGS = (Wording("严重程度", "Severity"), Wording("代码", "Code"))
TITLE = Wording("客户服务质量", "Customer service quality")
BOOKS = (Wording("数据源", "Source"), Wording("文件", "File"))
"""With what the tables of scores, of refused rows and of findings begin; and the printed ones."""

_VERDICTS = ("✔ ", "✘ ", "· ", "– ", "? ")
"""With what the second line of an explanation begins, below the indicator and its period."""

_TEXTS = (".csv", ".tsv", ".txt")
_WORKBOOKS = (".xlsx", ".xlsm")
_HEAD = 512
_CREATOR = re.compile(rb"<dc:creator>([^<]*)</dc:creator>")
_LARGEST_PROPERTIES = 100_000
_SEPARATOR = re.compile(r"[,;\t]| {2,}| · ")


def is_own(path: Path) -> bool:
    """Whether csq wrote a file, or somebody mended and saved what csq wrote."""
    suffix = path.suffix.lower()
    try:
        if suffix in _WORKBOOKS:
            return _creator(path) == CREATOR
        return suffix in _TEXTS and _begins_as_own(path)
    except (OSError, zipfile.BadZipFile, KeyError):
        # Not to be read: the reader of exports says why.
        return False


def _creator(path: Path) -> str:
    with zipfile.ZipFile(path) as book, book.open("docProps/core.xml") as properties:
        found = _CREATOR.search(properties.read(_LARGEST_PROPERTIES))
    return found[1].decode(errors="replace") if found else ""


def _begins_as_own(path: Path) -> bool:
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        lines = io.StringIO(head.decode(encoding, errors="ignore"))
        first, second = next(lines, ""), next(lines, "")
        cells = [cell.strip(' "') for cell in _SEPARATOR.split(first.strip())]
        if any(_begins_with(cells, titles) for titles in (SCORES, REFUSED_ROWS, FINDINGS, BOOKS)):
            return True
        if len(cells) > 1 and cells[0] in (TITLE.zh, TITLE.en):
            return True
        if " · " in first and second.startswith(_VERDICTS):
            return True
    return False


def _begins_with(cells: list[str], titles: tuple[Wording, ...]) -> bool:
    begin = cells[: len(titles)]
    return begin in ([title.zh for title in titles], [title.en for title in titles])
