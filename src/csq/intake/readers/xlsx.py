"""The parts of an xlsx file, read as they are written: no cell is laid out that is not there.

calamine lays out the whole grid up to a sheet's farthest cell, which ends the process where memory
ends, and shows a cell in error or a formula without a value as a blank. Here a row is what the
file holds of it, and such a cell is spelt as what it is; how its XML becomes cells, a few megabytes
at a time, is in `xlsx_cells.py`.
"""

from __future__ import annotations

import math
import posixpath
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from csq.intake.readers.archive import part_name, part_sizes, read_part
from csq.intake.readers.base import (
    Batch,
    by_distinct,
    flags_in,
    gather,
    number_array,
    numbers_in,
    text_array,
)
from csq.intake.readers.formats import Format, Speller, shown_as
from csq.intake.readers.grid import Grid
from csq.intake.readers.markup import (
    as_texts,
    decode,
    find_tags,
    plain_column,
    spans_from,
    texts_in,
    without_asides,
)
from csq.intake.readers.sheets import (
    BrokenWorkbook,
    MergedRows,
    OversizedRow,
    Sheet,
    SheetRow,
    column_number,
)
from csq.intake.readers.xlsx_cells import Kind, Type, read_cells
from csq.records.moments import FIRST_DAY, FIRST_DAY_OF_MACS

_FEW_ROWS, _AT_ONCE = 1 << 16, 1 << 22
"""Bytes of a sheet that are taken apart at a time: for its first rows, and for all."""
_LAID_OUT_BY_HAND = 1 << 24
"""Bytes of a sheet up to which it is looked through for merged cells."""
_LARGEST_TREE = 1 << 25
"""Bytes of a part that is held as a tree, many times as large: styles, and the list of sheets."""


@dataclass(frozen=True, slots=True)
class _Relation:
    """A part that the workbook refers to: by which id, as what, and where it is."""

    id: str
    kind: str
    member: str


@dataclass(frozen=True, slots=True)
class _SheetPart:
    name: str
    member: str
    hidden: bool


def open_xlsx(path: Path) -> tuple[Sheet, ...]:
    """The sheets that hold cells, in the order of their tabs; raises `BrokenWorkbook`."""
    workbook = _XlsxWorkbook(path)
    return tuple(
        Sheet(
            part.name,
            part.hidden,
            partial(workbook.rows, part),
            partial(workbook.batches, part),
            first_day=workbook.first_day,
            merged=partial(workbook.merged_rows, part),
        )
        for part in workbook.sheets
    )


@dataclass(frozen=True)
class _XlsxWorkbook:
    """An xlsx file; every method raises `BrokenWorkbook`."""

    path: Path

    @cached_property
    def sheets(self) -> tuple[_SheetPart, ...]:
        """The sheets that hold cells, in the order of their tabs."""
        targets = {each.id: each.member for each in self._related if each.kind == "worksheet"}
        found = []
        for element in self._workbook.iter():
            if _local(element.tag) == "sheet":
                part = targets.get(_attribute(element, "id"))
                if part:
                    hidden = element.get("state", "visible") != "visible"
                    found.append(_SheetPart(element.get("name", ""), part, hidden))
        if not found:
            raise BrokenWorkbook
        return tuple(found)

    @cached_property
    def _main(self) -> str:
        """The part that names the sheets."""
        for relation in self._parse("_rels/.rels"):
            if relation.get("Type", "").endswith("/officeDocument"):
                return relation.get("Target", "").replace("\\", "/")
        raise BrokenWorkbook

    @cached_property
    def _related(self) -> tuple[_Relation, ...]:
        folder, name = posixpath.split(self._main)
        return tuple(
            _Relation(
                relation.get("Id", ""),
                relation.get("Type", "").rpartition("/")[2],
                posixpath.join("/", folder, relation.get("Target", "").replace("\\", "/")),
            )
            for relation in self._parse(f"{folder}/_rels/{name}.rels")
        )

    def _member(self, kind: str) -> str | None:
        """Where the part of a kind is of which a workbook has one or none.

        Some programs name it nowhere, and give it the name that Excel does.
        """
        usual = posixpath.join(posixpath.dirname(self._main), f"{kind}.xml")
        named = (each.member for each in self._related if each.kind == kind)
        return next(named, usual if part_name(usual) in part_sizes(self.path) else None)

    @cached_property
    def _workbook(self) -> ET.Element:
        return self._parse(self._main)

    @cached_property
    def first_day(self) -> date:
        """The day that is number 0."""
        for element in self._workbook.iter():
            if _local(element.tag) == "workbookPr" and element.get("date1904") in {"1", "true"}:
                return FIRST_DAY_OF_MACS
        return FIRST_DAY

    @cached_property
    def _strings(self) -> pa.Array:
        """The texts that cells refer to by number."""
        member = self._member("sharedStrings")
        if member is None:
            raise BrokenWorkbook
        xml = without_asides(self._read(member))
        opened = re.search(rb"<(\w+:)?sst\b", xml)
        if not opened or not re.search(
            rb"</(?:\w+:)?sst\s*>\s*$|<(?:\w+:)?sst[^>]*/>", xml[-4096:]
        ):
            raise BrokenWorkbook
        p = decode(opened[1] or b"")
        texts = texts_in(p)
        usual = rf'^>(?:<{p}t(?: xml:space="preserve")?>(?P<text>[^<]*)</{p}t></{p}si>)'
        any_string = re.compile(rf"[^>]*?(?:/>|>(.*?)</{p}si\s*>)", re.DOTALL)

        def look_at(span: bytes) -> str:
            found = any_string.match(decode(span))
            if not found:
                raise BrokenWorkbook
            return texts(found[1] or "")

        data = np.frombuffer(xml, np.uint8)
        name = f"{p}si".encode()
        begins = find_tags(data, np.flatnonzero(data == ord("<")), name)
        spans = spans_from(xml, begins + 1 + len(name))
        taken = pc.extract_regex(spans, usual)
        is_odd = taken.is_null()
        looked_at = map(look_at, spans.filter(is_odd).to_pylist())
        simple = plain_column(as_texts(taken.field(0)))
        return pc.replace_with_mask(simple, is_odd, text_array(list(looked_at)))

    def _strings_at(self, numbers: pa.Array) -> pa.Array:
        try:
            positions = numbers_in(pc.ascii_trim_whitespace(numbers).cast(pa.int64()))
        except pa.ArrowInvalid:
            raise BrokenWorkbook from None
        if positions.min() < 0 or positions.max() >= len(self._strings):
            raise BrokenWorkbook
        return self._strings.take(number_array(positions))

    @cached_property
    def _formats(self) -> list[Format]:
        """What each style of a cell makes of a number."""
        codes: dict[str, str] = {}
        styles: list[Format] = []
        member = self._member("styles")
        for element in self._parse(member).iter() if member else ():
            if _local(element.tag) == "numFmt":
                codes[element.get("numFmtId", "")] = element.get("formatCode", "")
            elif _local(element.tag) == "cellXfs":
                numbers = [style.get("numFmtId", "0") for style in element]
                styles = [shown_as(number, codes.get(number)) for number in numbers]
        return styles

    def _read(self, member: str) -> bytes:
        return b"".join(read_part(self.path, member))

    def _parse(self, member: str) -> ET.Element:
        content = bytearray()
        for block in read_part(self.path, member):
            content += block
            if len(content) > _LARGEST_TREE:
                raise OversizedRow
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise BrokenWorkbook
        try:
            return ET.fromstring(content)  # noqa: S314 - without a DTD nothing expands
        except (ET.ParseError, ValueError, LookupError):
            raise BrokenWorkbook from None

    def rows(self, sheet: _SheetPart) -> Iterator[SheetRow]:
        """The rows of a sheet that are there, each as wide as it is."""
        for grid in self._grids(sheet, _FEW_ROWS):
            yield from grid.rows()

    def batches(self, sheet: _SheetPart, width: int, day_mark: str = "") -> Iterator[Batch]:
        """The rows of a sheet that are there, each with its first `width` cells.

        `day_mark` stands behind each date.
        """
        for grid in self._grids(sheet, _AT_ONCE, day_mark):
            yield from grid.batches(width)

    def _grids(self, sheet: _SheetPart, size: int, day_mark: str = "") -> Iterator[Grid]:
        """A sheet, so many bytes of its XML at a time."""
        speller = Speller(self.first_day, day_mark)
        blocks = read_part(self.path, sheet.member, size)
        return read_cells(blocks, self._formats, partial(self._spell, speller))

    def _spell(self, speller: Speller, kind: Kind, values: pa.Array) -> pa.Array:
        """What values of this kind say, from their spellings in XML."""
        if isinstance(kind, Type):
            return self._spell_type(kind, values)
        return by_distinct(values, partial(_spell_numbers, speller, kind))

    def _spell_type(self, kind: Type, values: pa.Array) -> pa.Array:
        if kind is Type.SPELT:
            return values
        if kind is Type.SHARED:
            return self._strings_at(values)
        if kind is Type.FLAG:
            return by_distinct(values, _spell_flags)
        return plain_column(values)

    def merged_rows(self, sheet: _SheetPart) -> tuple[MergedRows, ...]:
        """The cells that are merged over several rows; they are named behind all cells.

        Only of sheets that a person may have laid out: those of systems are larger, and plain.
        """
        if part_sizes(self.path).get(part_name(sheet.member), 0) > _LAID_OUT_BY_HAND:
            return ()
        merged = re.findall(
            rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})["']""",
            self._read(sheet.member).rpartition(b"sheetData>")[2],
        )
        return tuple(
            MergedRows(int(first), int(last), column_number(letters.decode()))
            for letters, first, last in merged
            if first != last
        )


def _spell_flags(values: pa.Array) -> pa.Array:
    return text_array(["true" if v.strip() == "1" else "false" for v in values.to_pylist()])


def _spell_numbers(speller: Speller, shown: Format, values: pa.Array) -> pa.Array:
    """Numbers of one format as texts; what is no number is the text that it is."""
    numbers = _numbers(values)
    stays = np.isnan(numbers)
    if shown is None:
        stays |= flags_in(pc.match_substring_regex(values, r"^\d{1,14}$"))
    as_they_are, spoken = np.flatnonzero(stays), np.flatnonzero(~stays)
    return gather([
        (as_they_are, plain_column(values.take(number_array(as_they_are)))),
        (spoken, speller.spell_column(numbers[spoken], shown)),
    ])  # fmt: skip


def _numbers(values: pa.Array) -> npt.NDArray[np.float64]:
    """What these spellings say; of one that says no number, none."""
    try:
        return numbers_in(values.cast(pa.float64()))
    except pa.ArrowInvalid:
        return np.array([_number(value) for value in values.to_pylist()], np.float64)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _attribute(element: ET.Element, name: str) -> str:
    """An attribute by its name, whatever its namespace; the namespaced one first."""
    spelt = [value for key, value in element.items() if key.endswith("}" + name)]
    return spelt[0] if spelt else element.get(name, "")
