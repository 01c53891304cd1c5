"""What a review says where there are too few rows to judge, or nothing to compare with."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.conftest import Desk

from csq.api import Run, review
from csq.protection import ShownScorecard
from csq.reports.review.blocks import Document, Row, Tone
from csq.reports.review.page import draw_review_page
from csq.reports.review.trends import trend_chapter
from csq.reports.review.view import make_document
from csq.reports.review.workbook import draw_review_workbook
from csq.request import Request
from csq.review.facts import Review
from csq.wording import Language


def row_of(document_rows: tuple[Row, ...], name: str) -> Row:
    return next(row for row in document_rows if row.cells[0].text == name)


@pytest.mark.parametrize(
    ("language", "name", "said"),
    [
        ("zh", "一次性解决率", "证据不足"),
        ("en", "First contact resolution", "not enough evidence"),
    ],
)
def test_a_month_of_too_few_rows_is_neither_no_data_nor_missed(
    small: Review, language: Language, name: str, said: str
) -> None:
    """It stood there as no data, and as missed where it was the last."""
    last = small.trend.scores["fcr"]
    values = (Fraction(9, 10), None, None, None)
    thin = replace(last, trend=values, thin={1: Fraction(1, 2), 3: Fraction(4, 5)})
    trend = replace(small.trend, periods=small.trend.periods[-1].series(4), scores={"fcr": thin})
    (table,) = trend_chapter(replace(small, trend=trend), language).tables
    cells = row_of(table.rows, name).cells[2:]
    none = "无数据" if language == "zh" else "no data"
    assert [(c.text, c.note, c.tone) for c in cells] == [
        ("90.0 %", "", Tone.MET),
        ("50.0 %", said, Tone.UNSURE),
        (none, "", Tone.SOFT),
        ("80.0 %", said, Tone.UNSURE),
    ]
    assert [c.number_format for c in cells] == ["0.0%", '0.0%" ?"', "General", '0.0%" ?"']


def test_a_number_of_too_few_rows_is_marked_where_nothing_judges_it(small: Review) -> None:
    """Two transfers of two read as 100 % without a word."""
    score = next(s for s in small.scorecard.totals if s.indicator.id == "fcr")
    few = replace(
        score,
        measurement=replace(
            score.measurement,
            indicator=replace(
                score.measurement.indicator,
                definition=score.indicator.model_copy(update={"min_n": 500}),
            ),
        ),
        thin={len(score.trend) - 1: Fraction(1)},
        blanks=0,
    )
    scores = tuple(few if each is score else each for each in small.scorecard.scores)
    card = ShownScorecard(replace(small.scorecard, scores=scores))
    (table,) = make_document(replace(small, scorecard=card), "en").chapter("indicators").tables
    cell = next(row.cells[4] for row in table.rows if row.key == "fcr")
    assert (cell.text[-1], cell.note) == ("※", "fewer than 500 rows")
    assert "※ First contact resolution: fewer than 500 rows." in table.lines


def test_nothing_is_compared_with_a_period_that_is_not_there(first: Document) -> None:
    page = draw_review_page(first)
    titles = {
        re.sub(r"<[^>]+>", "", each) for each in re.findall(r"<th scope=\"col\".*?</th>", page)
    }
    assert not titles & {"Previous", "Change"}
    assert {"Value", "Gap", "Trend", "Verdict"} <= titles
    said = "No indicator has a value of the period before, so nothing is compared with it."
    assert page.count(said) == 1
    book = load_workbook(BytesIO(draw_review_workbook(first)))
    for sheet in book.worksheets:
        assert not {c.value for row in sheet.iter_rows() for c in row} & {"Previous", "Change"}
    table: Any = book["Indicators"]
    wide = [c.value for c in table[2] if c.value]
    assert (wide[4:9], table.auto_filter.ref[:4]) == (
        ["Value", "Recomputed", "Difference", "Gap", "Trend"], "A2:M",
    )  # fmt: skip


def test_a_period_with_one_before_it_is_compared(small: Review, first: Document) -> None:
    (table,) = make_document(small, "en").chapter("indicators").tables
    (bare,) = first.chapter("indicators").tables
    assert (table.idle, bare.idle) == (frozenset(), frozenset({6, 7}))


def test_no_axis_of_shares_goes_beyond_all_of_them(document: Document) -> None:
    """Excel draws an axis to 120 % above a target of 100 %."""
    book = load_workbook(BytesIO(draw_review_workbook(document)))
    sheet: Any = book["趋势"]
    tops = {chart.y_axis.scaling.max for chart in sheet._charts}
    assert tops == {None, 1.0}


@pytest.mark.parametrize(
    ("language", "asked", "why"),
    [
        (
            "zh",
            ["目标 较 2024H1 +5pp (手册)", "底线 较 2025-07 -10%"],
            "目标 +5pp 无法判定：缺少基期 2024H1 的数据",
        ),
        (
            "en",
            ["target +5pp from 2024H1 (手册)", "floor -10% from 2025-07"],
            "target +5pp cannot be judged: no data of the baseline 2024H1",
        ),
    ],
)
def test_a_target_that_is_a_change_is_told_as_one(
    desk: Desk, language: Language, asked: list[str], why: str
) -> None:
    """A review of a definition with such a target ended in a traceback."""
    rows = [("J", "2025-07-31 10:00", "是"), ("A", "2025-08-31 10:00", "否")]
    desk.put_rows("t.csv", "工单编号,创建时间,首次解决", rows)
    desk.indicator(
        "SHARE(tickets, first_contact_resolved)",
        targets='[{value: "+5pp", baseline: 2024H1, provenance: 手册},'
        ' {value: "-10%", baseline: 2025-07, level: floor}]',
    )
    found = review(Run((desk.exports,), desk.metrics, Request("2025-08")))
    document = make_document(found, language)
    page = draw_review_page(document)
    for each in (*asked, why):
        assert html.escape(each) in page
    book = load_workbook(BytesIO(draw_review_workbook(document)))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    for each in (*asked, why):
        assert any(each in cell for cell in cells), each
