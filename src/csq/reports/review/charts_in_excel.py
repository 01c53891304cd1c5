"""The charts of a review as charts of a workbook, drawn from a sheet of their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.text import (
    CharacterProperties,
    Paragraph,
    ParagraphProperties,
    RichTextProperties,
)
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.utils import quote_sheetname

from csq.reports.review.blocks import Chart, ChartKind
from csq.wording import Language

_INK, _TARGET, _LIMIT, _BAR = "1F5FA8", "B3261E", "8A94A0", "5B8DC9"
_MARK, _GRID = "1B2430", "D9DEE5"
HEIGHT = 7.0
"""How high a chart is, in centimetres."""

_PIXELS_IN_CM, _PIXELS_IN_CHARACTER, _USUAL_WIDTH = 96 / 2.54, 7, 64 / 7
_TITLE_FONT = CharacterProperties(sz=1100, b=True)
_SERIES = {
    ChartKind.TREND: ("value", "target", "lower", "upper", "breach"),
    ChartKind.PARETO: ("count", "cumulative"),
}
_LABELS = {ChartKind.TREND: "period", ChartKind.PARETO: "value"}


@dataclass(frozen=True, slots=True)
class ChartData:
    """A chart and the rows of a sheet that hold its numbers: labels down, series across."""

    chart: Chart
    sheet: str
    row: int
    language: Language

    @property
    def series(self) -> tuple[str, ...]:
        """The series that have a number."""
        names = _SERIES[self.chart.kind]
        return tuple(n for n in names if any(p[n] is not None for p in self.chart.points))

    @property
    def height(self) -> int:
        return len(self.chart.points) + 1

    def rows(self) -> Iterator[list[tuple[int, object]]]:
        yield list(enumerate([self.chart.title, *(self.chart.names[n] for n in self.series)]))
        for point in self.chart.points:
            label = point[_LABELS[self.chart.kind]]
            yield list(enumerate([label, *(point[name] for name in self.series)]))

    def number_format(self, column: int) -> str:
        if column and self.series[column - 1] == "cumulative":
            return "0.0%"
        return self.chart.number_format if self.chart.kind is ChartKind.TREND else "#,##0"

    def reference(self, first: int, last: int, *, titled: bool) -> Reference:
        top = self.row if titled else self.row + 1
        named: Any = _Named(self.sheet)
        return Reference(
            named, min_col=first, max_col=last,
            min_row=top, max_row=self.row + len(self.chart.points),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Named:
    """What a reference needs to know of a sheet."""

    title: str

    @property
    def quoted(self) -> str:
        return quote_sheetname(self.title)


def native_chart(data: ChartData, width: float) -> Any:
    """The chart as Excel draws it."""
    chart: Any = _trend(data) if data.chart.kind is ChartKind.TREND else _pareto(data)
    chart.title = data.chart.title
    chart.title.overlay = False
    for paragraph in chart.title.tx.rich.p:
        paragraph.pPr = ParagraphProperties(defRPr=_TITLE_FONT)
        for run in paragraph.r:
            run.rPr = _TITLE_FONT
    chart.width, chart.height = width, HEIGHT
    chart.legend.position = "b"
    chart.legend.txPr = _small_text()
    return chart


def anchor_at(left: float, row: int, widths: Mapping[int, float], width: float) -> OneCellAnchor:
    """The place of a chart that begins so many centimetres from the left edge of its sheet.

    `widths` are those of the columns that are not as wide as usual.
    """
    rest, column = left * _PIXELS_IN_CM, 1
    while (across := widths.get(column, _USUAL_WIDTH) * _PIXELS_IN_CHARACTER) <= rest:
        rest, column = rest - across, column + 1
    # A little below the row's edge, or the frame's line would be on the page before.
    marker = AnchorMarker(column - 1, _emu(rest / _PIXELS_IN_CM), row - 1, _emu(0.1))
    return OneCellAnchor(marker, XDRPositiveSize2D(_emu(width), _emu(HEIGHT)))


def _emu(centimetres: float) -> int:
    """Centimetres in the unit of drawings."""
    return round(centimetres * 360_000)


def _trend(data: ChartData) -> LineChart:
    chart = LineChart()
    chart.add_data(data.reference(2, 1 + len(data.series), titled=True), titles_from_data=True)
    chart.set_categories(data.reference(1, 1, titled=False))
    for name, series in zip(data.series, chart.series, strict=True):
        series.smooth = False
        if name == "breach":
            _mark_only(series)
            continue
        line = GraphicalProperties()
        line.line.solidFill = {"value": _INK, "target": _TARGET}.get(name, _LIMIT)
        line.line.width = 25_000 if name == "value" else 12_000
        if name != "value":
            line.line.dashStyle = "dash" if name == "target" else "sysDot"
        series.graphicalProperties = line
        series.marker.symbol = "circle" if name == "value" else "none"
        if name == "value":
            series.marker.size = 6
            series.marker.graphicalProperties = GraphicalProperties(solidFill=_INK)
    _show_axes(chart, _axis_format(data.chart))
    _fit_axis(chart, data)
    return chart


def _mark_only(series: Any) -> None:
    """A hollow diamond around each value, and no line between them."""
    series.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    series.marker.symbol, series.marker.size = "diamond", 13
    edge = LineProperties(solidFill=_MARK, w=19_000)
    series.marker.graphicalProperties = GraphicalProperties(noFill=True, ln=edge)


def _fit_axis(chart: LineChart, data: ChartData) -> None:
    """An axis that begins near the lowest point, since Excel would begin at zero."""
    known = [
        float(point[name])  # type: ignore[arg-type]
        for point in data.chart.points for name in data.series if point[name] is not None
    ]  # fmt: skip
    low, high = min(known), max(known)
    if high > low > 0 and low > high / 2:
        step = 10.0 ** len(str(int(1 / (high - low)))) if high - low < 1 else 1.0
        chart.y_axis.scaling.min = max(0.0, int((low - (high - low) / 5) * step) / step)
    if high <= 1 and data.chart.axis_format.endswith("%") and high + (high - low) / 5 > 1:
        chart.y_axis.scaling.max = 1.0  # Excel would go on to 120 %.


def _pareto(data: ChartData) -> BarChart:
    chart = BarChart()
    chart.type, chart.gapWidth = "col", 40
    chart.add_data(data.reference(2, 2, titled=True), titles_from_data=True)
    chart.set_categories(data.reference(1, 1, titled=False))
    chart.series[0].graphicalProperties = GraphicalProperties(solidFill=_BAR)
    _show_axes(chart, "#,##0")
    line = LineChart()
    line.add_data(data.reference(3, 3, titled=True), titles_from_data=True)
    line.series[0].graphicalProperties.line.solidFill = _TARGET
    line.series[0].smooth = False
    line.series[0].marker.symbol = "circle"
    line.y_axis.axId = 200
    line.y_axis.number_format, line.y_axis.crosses = "0%", "max"
    line.y_axis.scaling.min, line.y_axis.scaling.max = 0, 1
    line.y_axis.delete = False
    line.y_axis.txPr = _small_text()
    line.y_axis.majorGridlines = None
    chart += line
    return chart


def _show_axes(chart: LineChart | BarChart, number_format: str) -> None:
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.number_format = "@"
    chart.y_axis.number_format = number_format
    chart.x_axis.txPr, chart.y_axis.txPr = _small_text(), _small_text()
    grid = GraphicalProperties(ln=LineProperties(solidFill=_GRID, w=6_000))
    chart.y_axis.majorGridlines = ChartLines(spPr=grid)


def _small_text() -> RichText:
    font = ParagraphProperties(defRPr=CharacterProperties(sz=800))
    return RichText(bodyPr=RichTextProperties(), p=[Paragraph(pPr=font, endParaRPr=None)])


def _axis_format(chart: Chart) -> str:
    """The title says the unit; percents need a decimal only where the axis is short."""
    return {".0%": "0%", ".1%": "0.0%"}.get(chart.axis_format, "#,##0.##")
