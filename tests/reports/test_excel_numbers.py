"""The numbers of a workbook can be computed with, and read the same as everywhere else."""

from __future__ import annotations

import io
from fractions import Fraction

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from csq.definition.targets import Comparison, Target, Unit
from csq.reports.excel import draw_workbook
from csq.reports.numbers import draw_trend, excel_format, show_difference, show_target, show_value
from csq.reports.view import Cell, ColumnKey, Row, Section, View
from csq.scorecard import Verdict

HOUR = 3_600


def comparison(text: str) -> Comparison:
    return Target.model_validate({"value": text}).value


def row(value: Fraction, target: str, unit: Unit, *, is_group: bool = False) -> Row:
    """A row as the view makes it, of a value and its target."""
    wanted = comparison(target)
    gap = value - wanted.quantity.value
    format_ = excel_format(unit)
    texts = dict.fromkeys(ColumnKey, Cell(""))
    return Row(
        verdict=Verdict.MET if wanted.holds(value) else Verdict.MISSED,
        verdict_text="",
        is_group=is_group,
        cells=texts
        | {
            ColumnKey.VALUE: Cell(show_value(value, unit, "zh", target=wanted), value, format_),
            ColumnKey.TARGET: Cell(show_target(wanted, unit, "zh")),
            ColumnKey.GAP: Cell(show_difference(gap, unit, "zh"), gap, format_),
        },
    )


def drawn(*rows: Row) -> Worksheet:
    columns = tuple((key, key.wording.zh) for key in ColumnKey)
    sections = (Section("", rows),)
    view = View("zh", "标题", "", columns, sections, "", "", (), (), ())
    return load_workbook(io.BytesIO(draw_workbook(view))).worksheets[0]


@pytest.mark.parametrize(
    ("value", "target", "number_format"),
    [
        pytest.param("0.786", ">= 80%", "0.0%", id="an ordinary value has its usual decimals"),
        pytest.param("0.7996", ">= 80%", "0.00%", id="79.96 is not shown as 80.0, missed"),
        pytest.param("0.79996", ">= 80%", "0.000%", id="nor is 79.996 as 80.00"),
        pytest.param("0.79978", ">= 79.98%", "0.000%", id="a target with decimals counts as well"),
        pytest.param("0.8", ">= 80%", "0.0%", id="a value on its target may read like it"),
        pytest.param("0.80004", ">= 80%", "0.0%", id="so may one that meets it by a little"),
        pytest.param("0.80004", "<= 80%", "0.000%", id="but not one that misses it by a little"),
        pytest.param("0.9999", "= 100%", "0.00%", id="100 % is all of them"),
        pytest.param("0.0001", "<= 1%", "0.00%", id="0 % is none of them"),
        pytest.param("0", "<= 1%", "0.0%", id="none is none"),
    ],
)
def test_a_number_never_contradicts_its_verdict(
    value: str, target: str, number_format: str
) -> None:
    sheet = drawn(row(Fraction(value), target, Unit.PERCENT))
    assert sheet["E6"].value == pytest.approx(float(value), abs=1e-12)
    assert sheet["E6"].number_format == number_format


def test_an_indicator_and_its_groups_have_one_unit_of_time() -> None:
    sheet = drawn(
        row(Fraction(2 * HOUR), "<= 24h", Unit.DURATION),
        row(Fraction(HOUR, 2), "<= 24h", Unit.DURATION, is_group=True),
        row(Fraction(150), "<= 4min", Unit.DURATION),
    )
    assert [sheet.cell(at, 5).value for at in (6, 7, 8)] == [2, 0.5, 2.5]
    assert [sheet.cell(at, 7).value for at in (6, 7, 8)] == [-22, -23.5, -1.5]
    formats = [sheet.cell(at, 5).number_format for at in (6, 7, 8)]
    assert formats == ['#,##0.0" 小时"', '#,##0.0" 小时"', '#,##0.0" 分钟"']


def test_two_days_and_a_moment_are_not_shown_as_two_days() -> None:
    """A millionth of a day is almost a tenth of a second; a mean comes nearer than that."""
    value = 2 * 24 * HOUR + Fraction(1, 100)
    sheet = drawn(row(value, "<= 48h", Unit.DURATION))
    assert f"{sheet['E6'].value:.7f}" == "2.0000001"
    assert sheet["E6"].number_format == '#,##0.0000000" 天"'


def test_a_small_gap_is_not_shown_as_none() -> None:
    sheet = drawn(row(Fraction(2 * HOUR + 9), "<= 2h", Unit.DURATION))
    assert sheet["G6"].value == 0.0025
    assert sheet["G6"].number_format.startswith('+#,##0.000" 小时"')


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ((None, None, 1, 8, None, 4), "··▁█·▄"),
        ((1, 2, None), "▁█·"),
        ((2, 2), "▅▅"),
        ((None, 2), ""),
        ((), ""),
    ],
)
def test_a_missing_period_keeps_its_place_in_a_trend(
    values: tuple[int | None, ...], drawn: str
) -> None:
    assert draw_trend(tuple(None if v is None else Fraction(v) for v in values)) == drawn


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (Fraction(18, 10_000), Unit.RATIO, "0.002"),
        (Fraction(4, 10_000), Unit.PERCENT, "0.04 %"),
        (Fraction(6, 10_000), Unit.PERCENT, "0.1 %"),
        (Fraction(0), Unit.RATIO, "0.00"),
        (Fraction(1, 50), Unit.DURATION, "0.02 秒"),
        (Fraction(-1, 500), Unit.SCORE, "−0.002"),
        (Fraction(1, 10**15), Unit.RATIO, "0.000000001"),
    ],
)
def test_a_small_value_is_not_shown_as_several_times_its_size(
    value: Fraction, unit: Unit, shown: str
) -> None:
    assert show_value(value, unit, "zh") == shown
