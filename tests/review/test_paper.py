"""No page of paper cuts a table or a chart in two."""

from __future__ import annotations

from csq.reports.review.paper import PAPER_HEIGHT, PAPER_WIDTH, end_pages

ROW = PAPER_HEIGHT / 10
"""Ten rows make a page."""


def test_what_does_not_fit_begins_a_page() -> None:
    assert end_pages([ROW] * 12, {1: 6, 8: 12}, wide=0, empty={7}) == [7]
    assert end_pages([ROW] * 10, {1: 6, 7: 10}, wide=0) == []


def test_a_sheet_wider_than_the_paper_has_room_for_more_rows() -> None:
    assert end_pages([ROW] * 20, {1: 6, 7: 20}, wide=PAPER_WIDTH * 2) == []


def test_a_page_that_ends_anyhow_counts_anew() -> None:
    assert end_pages([ROW] * 17, {1: 6, 8: 17}, wide=0, ended=[7]) == [7]


def test_what_is_longer_than_a_page_begins_where_some_of_it_fits() -> None:
    assert end_pages([ROW] * 30, {2: 30}, wide=0) == []
    assert end_pages([ROW] * 30, {4: 30}, wide=0) == [3]


def test_behind_a_page_that_ended_by_itself_a_new_one_begins() -> None:
    assert end_pages([ROW] * 20, {1: 14, 16: 20}, wide=0, empty={15}) == [15]


def test_the_repeated_header_takes_its_room() -> None:
    heights, charts = [ROW] * 23, {4: 8, 9: 13, 14: 18, 19: 23}
    assert end_pages(heights, charts, wide=0) == [8, 18]
    assert end_pages(heights, charts, wide=0, repeated=ROW) == [8, 13, 18]


def test_before_its_row_a_header_takes_no_room() -> None:
    heights, charts = [ROW] * 23, {4: 8, 9: 13, 14: 18, 19: 23}
    assert end_pages(heights, charts, wide=0, repeated=ROW, header=23) == [8, 18]


def test_no_page_is_left_nearly_empty_where_a_header_is_repeated() -> None:
    """The first table begins below the title and goes on over the page's end."""
    assert end_pages([ROW] * 12, {3: 12}, wide=0, repeated=ROW, header=1) == []
    assert end_pages([ROW] * 12, {3: 12}, wide=0) == [2]
