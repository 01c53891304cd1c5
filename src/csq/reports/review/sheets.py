"""The sheets of rows: what their columns are called, for people and for formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from csq.formula.compile import derived_name
from csq.formula.excel import NO, YES, NoExcelForm, Sheet, spell, spellings
from csq.formula.row_words import say_row
from csq.formula.tree import Population, Type
from csq.imprint import BOOKS
from csq.intake.staging.tables import moment_of
from csq.records.reading import FieldType
from csq.records.schema import Field, Schema
from csq.reports.json import number
from csq.reports.review.blocks import DataColumn, DataSheet
from csq.review.facts import Data, Review, Value
from csq.wording import Language, Wording

ROWS_LIMIT = 60_000
"""The most rows of one source that a workbook takes; more go into a file beside it."""

_MOMENT = "_moment"
_SECONDS = Wording("（秒）", " (s)")
_NOT_HERE = Wording("这些行不在工作簿里", "its rows are not in the workbook")
_NOT_EXPORTED = Wording("导出里没有这一列", "no export has the column")
_DATE_FORMAT = "yyyy-mm-dd hh:mm:ss"
_FORMATS = {
    FieldType.TIMESTAMP: _DATE_FORMAT,
    FieldType.DURATION: "#,##0.###",
    FieldType.INTEGER: "0",
    FieldType.NUMBER: "General",
}
_WIDTHS = {FieldType.TIMESTAMP: 19, FieldType.FLAG: 9, FieldType.TEXT: 15}


@dataclass(frozen=True, slots=True)
class Sheets:
    """Which sources have their rows in the workbook, and how formulas speak of them."""

    review: Review
    language: Language

    def fits(self, data: Data) -> bool:
        return 0 < data.count <= ROWS_LIMIT

    @property
    def naming(self) -> Sheet:
        """For formulas: a name for each column; raises where the rows are not in the workbook."""
        by_source = {data.schema.source: data for data in self.review.data if self.fits(data)}

        def data_of(schema: Schema) -> Data:
            data = by_source.get(schema.source)
            if data is None:
                raise NoExcelForm(_NOT_HERE)
            return data

        def name_of(schema: Schema, column: str) -> str:
            if column not in _column_names(data_of(schema)):
                raise NoExcelForm(_NOT_EXPORTED)
            return range_name(schema, column)

        def within(population: Population, time: str | None) -> tuple[str, ...]:
            schema = population.schema
            if not data_of(schema).dated_otherwise or moment_of(schema) is None:
                return ()
            name = range_name(schema, time or _MOMENT)
            period = self.review.scorecard.period
            begun = () if population.stock else (f"({name}>={_day(period.start)})",)
            return (f'({name}<>"")', *begun, f"({name}<{_day(period.end)})")

        end = self.review.scorecard.period.end
        moments = {"period_end": datetime(end.year, end.month, end.day)}
        if self.review.data_end:
            moments["data_end"] = self.review.data_end
        return Sheet(name_of, within, moments, self.language)

    def make(self) -> tuple[DataSheet, ...]:
        return tuple(map(self._make, (data for data in self.review.data if data.count)))

    def _make(self, data: Data) -> DataSheet:
        language = self.language
        title = Wording("数据·{it}", "Data · {it}").fill(it=data.schema.title).say(language)
        columns = [
            *(
                DataColumn(title.say(language), "", "General", width)
                for title, width in zip(BOOKS, (14, 26), strict=True)
            ),
            DataColumn(Wording("行", "Row").say(language), "", "0", 8),
            DataColumn(
                Wording("计入时间", "Counted at").say(language),
                range_name(data.schema, _MOMENT), _DATE_FORMAT, 19,
            ),
            *(
                DataColumn(
                    _title(field, language),
                    range_name(data.schema, field.name),
                    _FORMATS.get(field.type, "General"),
                    _wide_enough(_title(field, language), _WIDTHS.get(field.type, 11)),
                )
                for field in data.fields
            ),
            *(
                DataColumn(
                    say_row(term).say(language) + (_SECONDS.say(language) if term.type is Type.DURATION else ""),
                    range_name(data.schema, derived_name(term)),
                    "#,##0.###" if term.type is Type.DURATION else "General",
                    24,
                )
                for term in data.derived
            ),
        ]  # fmt: skip
        fits = self.fits(data)
        lines = []
        if not fits:
            lines.append(
                Wording(
                    "共 {n:,} 行，超过工作簿的上限 {limit:,} 行：见同一文件夹的 {file}；这些指标没有公式复算。",
                    "{n:,} rows are more than the {limit:,} a workbook takes: see {file} beside it;"
                    " their indicators are not recomputed by formulas.",
                ).fill(n=data.count, limit=ROWS_LIMIT, file=file_name(self.review, f"-{data.schema.source}.csv")).say(language)
            )  # fmt: skip
        return DataSheet(
            title=title,
            file_name=file_name(self.review, f"-{data.schema.source}.csv"),
            columns=tuple(columns),
            rows=_Rows(data, self.review, language),
            count=data.count,
            fits=fits,
            lines=tuple(lines),
        )


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows as a workbook takes them, one after the other; people are shown by the shield."""

    data: Data
    review: Review
    language: Language

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        source = self.data.schema.title.say(self.language)
        spelt = [spellings(field, self.language) for field in self.data.fields]
        spelt += [{}] * len(self.data.derived)
        tellers = list(map(self._teller, _column_names(self.data), spelt))
        for file, row, moment, *values in self.data.rows:
            told = [tell(value) for tell, value in zip(tellers, values, strict=True)]
            yield (source, file, row, moment, *told)

    def _teller(self, name: str, spelt: Mapping[str, str]) -> Callable[[Value], object]:
        """How the cells of a column are told; a text that was is not looked through again."""
        shield, known = self.review.shield, dict[str, str]()
        yes, no = YES.say(self.language), NO.say(self.language)

        def tell(value: Value) -> object:
            # By its very type: to ask of each whether it is an instance takes as long as all else.
            if type(value) is str:
                if value not in known:
                    if len(known) >= _KNOWN_TEXTS:
                        known.clear()
                    known[value] = shield.show(name, spell(value, spelt) if spelt else value)
                return known[value]
            if type(value) is bool:
                return yes if value else no
            return number(value) if type(value) is Fraction else value

        return tell


_KNOWN_TEXTS = 10_000


def _column_names(data: Data) -> tuple[str, ...]:
    """What the columns behind the moment are called: the fields, then what is derived."""
    return (*(field.name for field in data.fields), *map(derived_name, data.derived))


def file_name(review: Review, ending: str) -> str:
    """What a file of this review is called: the period is in its name."""
    return "csq-review-" + re.sub(r"[^\w.-]", "_", review.scorecard.period.label) + ending


def _title(field: Field, language: Language) -> str:
    title = field.title.say(language)
    if field.type is FieldType.DURATION:
        return title + _SECONDS.say(language)
    return title


def _wide_enough(title: str, usual: int) -> int:
    """How wide a column is in which no word of its title is broken, beside a button to filter."""
    return max([usual, *(len(word) + 4 for word in re.findall(r"[!-~]+", title))])


def range_name(schema: Schema, field: str) -> str:
    """A name that Excel takes for the column of a field, for instance `tickets_channel`."""
    plain = re.sub(r"[^\w.]", "_", field)
    return f"{schema.source}_{plain}"


def _day(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"
