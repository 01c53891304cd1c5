"""A user's own templates: used where they are, and told with file and line where broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from csq.errors import UsageError
from csq.files import refuse_idle_templates
from csq.reports.review.blocks import Document
from csq.reports.review.page import draw_review_page

BROKEN = {
    "review/story.html.j2": ("<p>\n{% for x in %}\n", "review/story.html.j2:2"),
    "review/tiles.html.j2": ("<ul>\n\n{{ nobody.name }}\n", "review/tiles.html.j2:3"),
    "charts/spark.vl.json": ('{\n  "mark": "line",\n}\n', "charts/spark.vl.json:3"),
}
CHART = (Path(__file__).parents[2] / "templates/charts/trend.vl.json").read_text("utf-8")
BROKEN_CHARTS = {
    ('"color": "var(--band-fill)", "interpolate"', '"color": "x",\n "interpolate": 5, "old"'): (
        "TypeError: _ is not a function"
    ),
    ('"type": "area"', '"type": "no such mark"'): (
        "TypeError: Cannot read properties of undefined (reading 'filled')"
    ),
    ("format(datum.value, axisFormat)", "nofunc(datum.value)"): (
        "Error: Unrecognized function: nofunc"
    ),
    ("format(datum.value, axisFormat)", "datum.value ++"): (
        "Error: Expression parse error: (datum.value ++)"
    ),
    ("isValid(datum.value)", "datum.value =="): "Error: Unexpected end of input",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_template_is_told_with_its_file_and_line(
    small_document: Document, tmp_path: Path, name: str
) -> None:
    text, place = BROKEN[name]
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        draw_review_page(small_document, tmp_path)
    (problem,) = caught.value.problems
    assert problem.code == "broken-template"
    assert str(problem.place) == place


@pytest.mark.parametrize("change", BROKEN_CHARTS)
def test_a_chart_that_cannot_be_drawn_is_told_with_the_line_to_mend(
    small_document: Document, tmp_path: Path, change: tuple[str, str]
) -> None:
    wrong = CHART.replace(*change)
    (tmp_path / "charts").mkdir()
    (tmp_path / "charts/trend.vl.json").write_text(wrong, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        draw_review_page(small_document, tmp_path)
    (problem,) = caught.value.problems
    row = wrong[: wrong.index(change[1])].count("\n") + 1
    assert problem.line("en") == (
        f"charts/trend.vl.json:{row}: broken-chart: the chart cannot be drawn:"
        f" {BROKEN_CHARTS[change]} → this line is the likeliest cause: mend it by the shipped file"
        " of that name, or remove your own"
    )


def test_a_template_of_the_users_goes_before_the_shipped_one(
    small_document: Document, tmp_path: Path
) -> None:
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "story.html.j2").write_text("<h2>OUR STORY</h2>", encoding="utf-8")
    (tmp_path / "review.css").write_text("body { color: red; }", encoding="utf-8")
    drawn = draw_review_page(small_document, tmp_path)
    assert "OUR STORY" in drawn
    assert "body { color: red; }" in drawn


@pytest.mark.parametrize("attack", ["{{ ''.__class__.__mro__ }}", "{{ draw.__globals__ }}"])
def test_a_template_cannot_reach_into_the_program(
    small_document: Document, tmp_path: Path, attack: str
) -> None:
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "story.html.j2").write_text(attack, encoding="utf-8")
    with pytest.raises(UsageError):
        draw_review_page(small_document, tmp_path)


def test_a_folder_without_a_template_is_told(tmp_path: Path) -> None:
    (tmp_path / "reveiw.html.j2").write_text("<p>", encoding="utf-8")
    (tmp_path / "scorecard.css").write_text("p {}", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        refuse_idle_templates(tmp_path)
    (problem,) = caught.value.problems
    assert problem.line("en") == (
        f"{tmp_path}: idle-templates: no file in this folder takes the place of a shipped template"
        " → use the shipped names: review.html.j2, review.css, review.js, review/*.html.j2,"
        " charts/*.vl.json"
    )
    (tmp_path / "review.css").write_text("p {}", encoding="utf-8")
    refuse_idle_templates(tmp_path)
