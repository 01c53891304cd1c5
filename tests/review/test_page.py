"""The page in a real browser: quiet, accessible, usable with and without a script."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import import_needed, needs

from csq.reports.numbers import show_difference
from csq.reports.review.blocks import Document
from csq.reports.review.page import draw_review_page
from csq.review.facts import Review

from .conftest import HOSTILE, SECRETS

sync_api = import_needed("playwright.sync_api")

FEWER = """() => {
  const drop = (them, first) => [...them].slice(first).forEach((it) => it.remove());
  for (const body of document.querySelectorAll("tbody")) drop(body.rows, 6);
  for (const kind of ["trend", "heat", "pareto"]) drop(document.querySelectorAll("figure." + kind), 1);
  drop(document.querySelectorAll(".tile"), 6);
}"""
"""Of every table the first rows, of every kind of chart one."""


QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = needs("chromium")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield opened
        opened.close()


@contextmanager
def open_page(browser: Any, page: Path) -> Iterator[Any]:
    """The page, opened; whatever it asks for or complains of is kept."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.asked, opened.complaints = [], []
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.on("console", lambda message: opened.complaints.append(message.text))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.goto(page.as_uri())
    yield opened
    context.close()


@pytest.fixture(scope="module")
def used(browser: Any, page: Path) -> Iterator[Any]:
    """The page, opened for all that do something with it."""
    with open_page(browser, page) as opened:
        yield opened


@pytest.fixture
def tab(used: Any, page: Path) -> Any:
    """The page, as it is when just opened: loaded anew, which costs a third of another tab."""
    used.mouse.move(0, 0)
    used.goto(page.as_uri())
    return used


@pytest.fixture(scope="module")
def still(browser: Any, page: Path) -> Iterator[Any]:
    """The page, opened once for all that only look at it."""
    with open_page(browser, page) as opened:
        yield opened


@pytest.fixture(scope="module")
def fewer(browser: Any, page: Path) -> Iterator[Any]:
    """The page with everything unfolded, and what is alike only a few times: axe takes long for
    each element."""
    with open_page(browser, page) as opened:
        opened.evaluate("document.querySelectorAll('details').forEach((it) => (it.open = true))")
        opened.evaluate(FEWER)
        yield opened


def test_it_asks_for_nothing_and_complains_of_nothing(still: Any, page: Path) -> None:
    assert still.asked == [page.as_uri()]
    assert still.complaints == []


def test_it_is_small_and_the_same_every_time(document: Document, page: Path) -> None:
    assert page.stat().st_size < 3_000_000
    assert draw_review_page(document) == page.read_text("utf-8")


def test_no_text_of_an_export_is_markup_and_nothing_personal_is_shown(page: Path) -> None:
    text = page.read_text("utf-8")
    assert [each for each in HOSTILE[3:] if each in text] == []
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert [secret for secret in SECRETS if secret in text] == []
    assert "<img" not in text
    assert "138****5678" in text


@pytest.mark.parametrize(("scheme", "rules"), [("light", None), ("dark", ["color-contrast"])])
def test_axe_finds_no_violation(fewer: Any, scheme: str, rules: list[str] | None) -> None:
    """At night only the colours are others."""
    axe = import_needed("axe_playwright_python.sync_playwright")
    fewer.emulate_media(color_scheme=scheme)
    options = {"runOnly": rules} if rules else {}
    found = axe.Axe().run(fewer, options=options).response["violations"]
    assert {each["id"]: each["nodes"][0]["html"][:200] for each in found} == {}


def test_the_table_sorts_by_number_both_ways(tab: Any) -> None:
    button = tab.locator("table.indicators thead th").nth(10).locator("button")

    def shown() -> list[float]:
        cells = tab.locator("table.indicators tbody tr td:nth-child(11)").all_text_contents()
        return [float(cell.replace(",", "")) for cell in cells if cell.strip()]

    before = shown()
    button.click()
    assert shown() == sorted(before)
    button.click()
    assert shown() == sorted(before, reverse=True)


def test_the_buttons_are_verdicts_where_nothing_is_compared(
    browser: Any, first: Document, tmp_path: Path
) -> None:
    """They were counted off by columns, two of which are not there: they read as sources."""
    page = tmp_path / "first.html"
    page.write_text(draw_review_page(first), encoding="utf-8")
    with open_page(browser, page) as opened:
        buttons = opened.locator(".filter button").all_text_contents()
        assert sorted(buttons) == sorted(text for _, _, text in first.counts)


def test_the_table_filters_by_text_and_by_verdict(tab: Any) -> None:
    rows = tab.locator("table.indicators tbody tr:visible")
    total = rows.count()
    tab.locator(".filter input").fill("投诉")
    assert 0 < rows.count() < total
    tab.locator(".filter input").fill("")
    tab.locator(".filter button", has_text="未达标").click()
    assert set(rows.evaluate_all("(them) => them.map((it) => it.className)")) == {"missed"}


def test_a_number_opens_the_rows_behind_it(tab: Any) -> None:
    tab.locator("#indicator-fcr td a").click()
    tab.wait_for_function("document.getElementById('miss-fcr').open")
    assert tab.locator("#miss-fcr tbody tr").first.is_visible()


def test_a_group_unfolds_into_all_its_indicators(tab: Any) -> None:
    more = tab.locator("#group-channel tr.more details").first
    assert not more.locator("table").is_visible()
    more.locator("summary").click()
    assert more.locator("tbody tr").count() > 10


def test_a_definition_is_shown_to_a_pointer_a_keyboard_and_a_click(tab: Any) -> None:
    tile = tab.locator(".tile").first
    summary, words = tile.locator("summary"), tile.locator(".definition")
    assert not words.is_visible()
    summary.hover()
    assert words.is_visible()
    words.hover()
    assert words.is_visible()
    tab.keyboard.press("Escape")
    assert not words.is_visible()
    tab.mouse.move(0, 0)
    tile.locator("h3 a").focus()
    tab.keyboard.press("Tab")
    assert summary.evaluate("(it) => it === document.activeElement")
    assert words.is_visible()
    tab.keyboard.press("Tab")
    assert not words.is_visible()
    summary.click()
    tab.mouse.move(0, 0)
    assert words.is_visible()
    assert words.text_content() == tile.locator("h3 a").get_attribute("data-hint")
    assert summary.get_attribute("aria-describedby") == words.get_attribute("id")


@pytest.mark.parametrize("name", ["#indicator-fcr th a", ".tile h3 a"])
def test_a_name_says_its_definition_to_a_pointer_and_a_keyboard(tab: Any, name: str) -> None:
    link, tip = tab.locator(name).first, tab.locator("#tip")
    words = link.get_attribute("data-hint")
    assert words
    link.scroll_into_view_if_needed()
    link.hover()
    assert tip.is_visible()
    assert tip.text_content() == words
    tip.hover()
    tab.wait_for_timeout(400)
    assert tip.is_visible()
    tab.keyboard.press("Escape")
    assert not tip.is_visible()
    tab.mouse.move(0, 0)
    tab.keyboard.press("Tab")
    link.focus()
    assert tip.is_visible()
    assert tip.text_content() == words
    assert link.get_attribute("aria-describedby") == "tip"
    tab.keyboard.press("Escape")
    assert not tip.is_visible()
    assert link.get_attribute("aria-describedby") is None


def test_a_finger_opens_a_definition_and_closes_it_again(browser: Any, page: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True,
                                  is_mobile=True)  # fmt: skip
    opened = context.new_page()
    opened.goto(page.as_uri())
    tile = opened.locator(".tile").first
    tile.locator("summary").tap()
    assert tile.locator(".definition").is_visible()
    tile.locator("summary").tap()
    assert not tile.locator(".definition").is_visible()
    link = opened.locator("#indicator-fcr th a")
    link.tap()
    opened.wait_for_function("document.getElementById('definitions').open")
    assert not opened.locator("#tip").is_visible()
    context.close()


def test_day_and_night_can_be_chosen(tab: Any) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    before = tab.evaluate(ground)
    tab.locator("#theme").click()
    assert tab.evaluate(ground) != before


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_the_page_is_never_wider_than_the_screen(still: Any, width: int) -> None:
    still.set_viewport_size({"width": width, "height": 800})
    assert still.evaluate("document.documentElement.scrollWidth") <= width


def test_each_target_of_a_definition_has_a_line(tab: Any, document: Document) -> None:
    """They ran into one another."""
    row = next(
        row for row in document.chapter("definitions").tables[0].rows if "\n" in row.cells[3].text
    )
    tab.locator("#definitions").evaluate("(it) => (it.open = true)")
    shown = tab.locator(f"#{row.anchor} td.c4").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    assert shown.split("\n") == row.cells[3].text.split("\n")


WORDS_ON_TWO_LINES = """(table) => [...table.querySelectorAll("td, th")].flatMap((cell) => {
  const found = [], texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) for (const word of texts.currentNode.data.matchAll(/[A-Za-z]{3,}/g)) {
    const range = document.createRange();
    range.setStart(texts.currentNode, word.index);
    range.setEnd(texts.currentNode, word.index + word[0].length);
    if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) found.push(word[0]);
  }
  return found;
})"""


def test_no_english_word_is_broken_and_no_column_cut_off(
    browser: Any, english: Document, tmp_path: Path
) -> None:
    """On a usual screen the departments read “Custome r service” and lay half outside."""
    path = tmp_path / "english.html"
    path.write_text(draw_review_page(english), encoding="utf-8")
    with open_page(browser, path) as opened:
        table = opened.locator("table.indicators")
        assert table.evaluate(WORDS_ON_TWO_LINES) == []
        assert table.evaluate("(it) => it.offsetWidth <= it.parentElement.clientWidth")
        opened.emulate_media(media="print")
        assert opened.locator("table.definitions").evaluate(WORDS_ON_TWO_LINES) == []
        assert not opened.locator("footer").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_number_of_a_heat_map_can_be_read(still: Any, scheme: str) -> None:
    """axe does not look into pictures: the numbers on the middle reds could hardly be read."""
    still.emulate_media(color_scheme=scheme)
    weakest = still.evaluate(WEAKEST_CONTRAST)
    still.emulate_media(color_scheme="light")
    assert weakest >= 4.5


WEAKEST_CONTRAST = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = (colour) => colour.map((part) => part / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = numbers(getComputedStyle(document.body).backgroundColor);
  const ratios = [...document.querySelectorAll("figure.heat svg")].flatMap((svg) => {
    const cells = [...svg.querySelectorAll("path[fill-opacity]")];
    return [...svg.querySelectorAll("text[font-size='9px'], .mark-text text")].map((text) => {
      const middle = text.getBoundingClientRect();
      const cell = cells.find((it) => {
        const box = it.getBoundingClientRect(), x = middle.left + middle.width / 2, y = middle.top + middle.height / 2;
        return box.left <= x && x <= box.right && box.top <= y && y <= box.bottom;
      });
      if (!cell) return null;
      const look = getComputedStyle(cell), over = Number(look.fillOpacity);
      const under = numbers(look.fill).map((part, at) => part * over + ground[at] * (1 - over));
      const two = [light(under), light(numbers(getComputedStyle(text).fill))].sort((a, b) => b - a);
      return (two[0] + 0.05) / (two[1] + 0.05);
    });
  }).filter((ratio) => ratio !== null);
  return ratios.length < 20 ? 0 : Math.min(...ratios);
}"""


def test_it_prints_on_paper_across(still: Any) -> None:
    paper = still.pdf(prefer_css_page_size=True, print_background=True)
    assert paper.startswith(b"%PDF")
    still.emulate_media(media="print")
    assert not still.locator("nav").is_visible()
    assert not still.locator(".filter").is_visible()
    assert not still.locator(".define").first.is_visible()
    # Chromium repeats no header that holds a box of its own.
    boxes = still.locator("thead .sort").evaluate_all(
        "(them) => them.map((it) => getComputedStyle(it).display)"
    )
    assert set(boxes) == {"contents"}
    still.emulate_media(media="screen")


def test_it_is_complete_without_a_script(browser: Any, page: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(page.as_uri())
    assert opened.locator("table.indicators tbody tr").count() > 20
    assert opened.locator("figure svg").count() >= 10
    words = opened.locator(".definition").first
    assert not words.is_visible()
    opened.locator(".tile summary").first.hover()
    assert words.is_visible()
    assert not opened.locator("#theme").is_visible()
    context.close()


def test_a_value_beyond_its_limits_is_marked_and_said(still: Any, found: Review) -> None:
    trend = found.trend
    charts = still.locator("figure.trend")
    notes = {
        charts.nth(at).locator("figcaption").text_content(): charts.nth(at)
        for at in range(charts.count())
    }
    judged = [s for s in trend.scores.values() if s.target and trend.breaches(s.indicator.id)]
    assert judged
    for score in judged:
        breaches = trend.breaches(score.indicator.id)
        (chart,) = (c for title, c in notes.items() if title.startswith(score.indicator.name.zh))
        titles = [t for t in chart.locator("svg title").all_text_contents() if "限 " in t]
        assert len(titles) == len(breaches)
        note = chart.locator(".note").text_content().replace("\N{NO-BREAK SPACE}", " ")
        for breach, title in zip(breaches, titles, strict=True):
            side = "高于上限" if breach.excess > 0 else "低于下限"
            by = show_difference(breach.excess, score.indicator.unit, "zh")
            assert title.startswith(f"{breach.period.label} ")
            assert f"，{side} " in title
            assert title.endswith(f"（{by}）")
            assert title in note
    assert charts.locator(".note").count() == len(judged)
    assert still.locator(".trends .legend li").all_text_contents()[-1] == "超限值"


def test_every_picture_says_what_it_shows(still: Any) -> None:
    labels = still.locator("svg").evaluate_all(
        "(them) => them.map((it) => it.getAttribute('aria-label'))"
    )
    assert labels
    assert json.dumps(labels).count("null") == 0
