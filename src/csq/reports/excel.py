"""The scorecard as a workbook, drawn into templates/scorecard.xlsx, which can be edited in Excel.

The template says where things go by words in braces. The row that holds `{name}` is one row of
the table: its cells say which columns there are, in which order and look; the row above it is the
header, the row below is how a group looks. `{met}`, `{missed}`, … are the looks of verdicts.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter
from rich.cells import cell_len

from csq.files import resource_path
from csq.reports import view as v
from csq.reports.csv import DIMENSION, GROUP, VERDICT, inert, named_rows, printable
from csq.reports.json import number
from csq.reports.markdown import note_blocks
from csq.reports.numbers import DAY, HOUR, MINUTE, SECOND, format_decimal
from csq.reports.view import ColumnKey, Row, View
from csq.wording import Language, Wording

ROWS_OF_A_SHEET = 1_048_576
_LONGEST_CELL = 32_767
_EPOCH = datetime(2000, 1, 1)
_MARK = re.compile(r"\{(\w+)\}")
_POINTS = Wording(
    "百分比指标的差距和变化以百分点计。",
    "The gap and the change of a percentage are percentage points.",
)
_TITLES = {"dimension": DIMENSION, "group": GROUP, "verdict": VERDICT}
