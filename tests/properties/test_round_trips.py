"""A table written in any supported shape and spelling is read back with the same values.

The writer knows what it wrote and csq is told nothing that the file itself does not say, but for
what its shape leaves open: the decimal mark, and the order of dates that allow both.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sqlglot import exp
from tests.conftest import load_text

from csq.api import open_engine
from csq.intake.discover import find_exports
from csq.intake.intake import take_in
from csq.intake.staging.tables import table_of

FIELDS = ("survey_id", "responded_at", "csat", "resolved_self_report", "fill_seconds", "comment")
HEADER = ("评价编号", "评价时间", "满意度", "客户自述已解决", "填写时长", "评价内容")


@dataclass(frozen=True, slots=True)
class Answer:
    """One survey as it is meant; `csat` has at most one decimal, a comment no blanks at its ends."""

    survey_id: str
    responded_at: datetime
    csat: Decimal | None
    resolved: bool | None
    fill: timedelta | None
    comment: str | None


_TEXT = st.text(
    st.characters(
        codec="gb18030", exclude_categories=["Cc", "Cs", "Cn", "Co", "Zs", "Zl", "Zp", "Cf"]
    ),
    min_size=1,
)
_COMMENT = st.one_of(
    st.none(),
    _TEXT,
    st.tuples(_TEXT, st.sampled_from((" ", ",", ";", "\t", "|", "\n", '"', '""', "'")), _TEXT).map(
        "".join
    ),
    st.sampled_from(("NA", "No", "null", "0045", "无", "5星", "1.5", "=1+1", "２")),
)
_LAST = Answer("Z", datetime(2025, 8, 31, 9, 15), Decimal("4.5"), True, timedelta(minutes=3), "好")
"""Its day is over twelve, and its rating has a decimal: so no column leaves its spelling open."""

_ANSWERS = st.lists(
    st.builds(
        Answer,
        survey_id=st.from_regex(r"(0000[0-9]{3}|S-[0-9]{4}|[0-9]{16,20})", fullmatch=True),
        responded_at=st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)).map(
            lambda moment: moment.replace(microsecond=0)
        ),
        csat=st.none() | st.integers(10, 50).map(lambda tenths: Decimal(tenths) / 10),
        resolved=st.none() | st.booleans(),
        fill=st.none() | st.integers(0, 200_000).map(lambda seconds: timedelta(seconds=seconds)),
        comment=_COMMENT,
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda answer: answer.survey_id,
).map(lambda answers: (*answers, _LAST))


# How values are spelt --------------------------------------------------------------------------

_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
Spell = Callable[[Any], str]


def _clock(fill: timedelta) -> str:
    minutes, seconds = divmod(int(fill.total_seconds()), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"


def _words(fill: timedelta) -> str:
    minutes, seconds = divmod(int(fill.total_seconds()), 60)
    return f"{minutes // 60}小时{minutes % 60}分{seconds}秒"


TIMES: tuple[Spell, ...] = (
    str, lambda t: t.isoformat(), lambda t: f"{t:%Y/%m/%d %H:%M:%S}", lambda t: f"{t:%Y年%m月%d日 %H:%M:%S}",
    lambda t: f"{t:%d/%m/%Y %H:%M:%S}", lambda t: f"{t:%m/%d/%Y %I:%M:%S %p}", lambda t: f"{t:%d.%m.%Y %H:%M:%S}",
    lambda t: str(t).translate(_WIDE), lambda t: f"{t.isoformat()}+08:00", lambda t: f"{t:%Y%m%d%H%M%S}",
)  # fmt: skip
RATINGS: tuple[Spell, ...] = (
    str, lambda n: f"{n}星", lambda n: f"{n}/5", lambda n: f"{n} - 评", lambda n: f"评价（{n}分）",
    lambda n: str(n).translate(_WIDE), lambda n: f"{n:.3f}", lambda n: str(n).replace(".", ","),
)  # fmt: skip
FLAGS = (
    ("是", "否"),
    ("Y", "N"),
    ("TRUE", "false"),
    ("1", "0"),
    ("√", "×"),
    ("已解决", "未解决"),
    ("Oui", "Non"),
)
FILLS: tuple[Spell, ...] = (
    lambda d: str(int(d.total_seconds())), lambda d: f"{int(d.total_seconds()):,}", _clock, _words,
    lambda d: f"PT{int(d.total_seconds())}S", lambda d: _clock(d).translate(_WIDE), lambda d: f"{int(d.total_seconds())} s",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spelling:
    """How the columns of one file are spelt."""

    time: Spell
    rating: Spell
    flag: tuple[str, str]
    fill: Spell

    def row(self, answer: Answer) -> tuple[str, ...]:
        return (
            answer.survey_id,
            self.time(answer.responded_at),
            "" if answer.csat is None else self.rating(answer.csat),
            "" if answer.resolved is None else self.flag[not answer.resolved],
            "" if answer.fill is None else self.fill(answer.fill),
            answer.comment or "",
        )


SPELLINGS = st.builds(
    Spelling,
    time=st.sampled_from(TIMES),
    rating=st.sampled_from(RATINGS),
    flag=st.sampled_from(FLAGS),
    fill=st.sampled_from(FILLS),
)


# How files are written -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shape:
    """A delimited file: its encoding, delimiter, line ends, and what stands around the table."""

    encoding: str
    delimiter: str
    line_end: str
    banner: bool
    blank_column: bool
    footer: bool

    def write(self, rows: Iterable[Sequence[str]]) -> bytes:
        lines = [list(map(self._quoted, row)) for row in rows]
        if self.blank_column:
            lines = [["", *line] for line in lines]
        width = len(lines[0])
        above = [["客服评价明细", *[""] * (width - 1)], [""] * width] if self.banner else []
        below = [[""] * width] * 3 if self.footer else []
        text = "".join(
            self.delimiter.join(line) + self.line_end for line in (*above, *lines, *below)
        )
        return text.encode(self.encoding)

    def _quoted(self, cell: str) -> str:
        is_plain = not any(char in cell for char in f'{self.delimiter}"\r\n')
        doubled = cell.replace('"', '""')
        return cell if is_plain else f'"{doubled}"'


SHAPES = st.builds(
    Shape,
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "gb18030", "utf-16")),
    delimiter=st.sampled_from((",", ";", "\t", "|")),
    line_end=st.sampled_from(("\n", "\r\n")),
    banner=st.booleans(),
    blank_column=st.booleans(),
    footer=st.booleans(),
)


def mark_of(spelling: Spelling) -> str:
    """What is declared of the decimal mark; a file has one mark for all of its columns."""
    is_comma = spelling.rating(Decimal("1.5")) == "1,5"
    assume(not (is_comma and spelling.fill(timedelta(seconds=1_200)) == "1,200"))
    return f'decimal: "{"," if is_comma else "."}"'


def read_back(name: str, content: bytes, source: str = "") -> list[Answer]:
    """The answers of one file, in its order, none of its rows refused."""
    definition = load_text(f"version: 1\nsources: {{ surveys: {{ {source} }} }}\n").definition
    with tempfile.TemporaryDirectory() as folder, open_engine("500MB") as engine:
        path = Path(folder) / name
        path.write_bytes(content)
        intake = take_in(
            find_exports([path]), definition, engine, {"surveys": frozenset(FIELDS)}, lambda _: None
        )
        schema = intake.sources["surveys"].schema
        columns = [exp.column(name, quoted=True) for name in FIELDS]
        found = engine.fetch(exp.select(*columns).from_(table_of(schema)))
        assert [(p.code, p.message.en) for p in intake.row_problems] == []
    return [
        Answer(name, time, csat, flag, None if us is None else timedelta(microseconds=us), text)
        for name, time, csat, flag, us, text in found
    ]


@settings(max_examples=20)
@given(answers=_ANSWERS, spelling=SPELLINGS, shape=SHAPES)
def test_delimited_text_comes_back_as_it_was_meant(
    answers: tuple[Answer, ...], spelling: Spelling, shape: Shape
) -> None:
    content = shape.write([HEADER, *map(spelling.row, answers)])
    assert read_back("answers.csv", content, mark_of(spelling)) == list(answers)


@settings(max_examples=6)
@given(answers=_ANSWERS, spelling=SPELLINGS, typed=st.booleans())
def test_a_workbook_comes_back_as_it_was_meant(
    answers: tuple[Answer, ...], spelling: Spelling, typed: bool
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    for number, answer in enumerate(answers, 2):
        spelt: tuple[Any, ...] = spelling.row(answer)
        if typed:
            values = (answer.responded_at, answer.csat, answer.resolved, answer.fill)
            spelt = (answer.survey_id, *values, answer.comment)
        for column, value in enumerate(spelt, 1):
            cell = sheet.cell(number, column, None if value == "" else value)
            if isinstance(value, str) and value:
                cell.data_type = "s"
            if isinstance(value, timedelta):
                cell.number_format = "[h]:mm:ss"
    content = io.BytesIO()
    book.save(content)
    assert read_back(
        "answers.xlsx", content.getvalue(), "" if typed else mark_of(spelling)
    ) == list(answers)


@settings(max_examples=6)
@given(answers=_ANSWERS, spelling=SPELLINGS, typed=st.booleans())
def test_a_parquet_file_comes_back_as_it_was_meant(
    answers: tuple[Answer, ...], spelling: Spelling, typed: bool
) -> None:
    rows: list[tuple[Any, ...]] = [spelling.row(answer) for answer in answers]
    if typed:
        rows = [
            (a.survey_id, a.responded_at, a.csat, a.resolved, a.fill, a.comment) for a in answers
        ]
    columns = {
        name: list(cells) for name, cells in zip(HEADER, zip(*rows, strict=True), strict=True)
    }
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content)
    assert read_back(
        "answers.parquet", content.getvalue(), "" if typed else mark_of(spelling)
    ) == list(answers)


@pytest.mark.parametrize("name", ["0000045", "12345678901234567890", "007"])
def test_an_id_stays_the_text_it_is(name: str) -> None:
    answer = Answer(name, _LAST.responded_at, None, None, None, None)
    spelling = Spelling(str, str, ("是", "否"), _clock)
    shape = Shape("utf-8", ",", "\n", banner=False, blank_column=False, footer=False)
    assert read_back("a.csv", shape.write([HEADER, spelling.row(answer)])) == [answer]
