"""A review as one page: for a browser, a phone, a printer; complete without a script.

The page and its parts stand in templates/, its charts in templates/charts as Vega-Lite files; a
folder of the user's own goes before both. Charts become pictures here: Vega itself would need
`eval`, which the page's policy forbids, so a small script of csq's own makes the page interactive.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from csq.errors import Place, Problem, UsageError
from csq.files import resource_path
from csq.limits import LEAST_TO_DRAW_CHARTS, require_address_space
from csq.problems.run import BROKEN_CHART, BROKEN_TEMPLATE
from csq.reports.csv import printable
from csq.reports.review.blocks import Chart, Document, Table
from csq.wording import Wording

_LANGUAGE_TAGS = {"zh": "zh-Hans", "en": "en"}
_NAMES = {
    "skip": Wording("跳到正文", "Skip to the content"),
    "theme": Wording("明 / 暗", "Light / dark"),
    "contents": Wording("目录", "Contents"),
    "summary": Wording("摘要", "Summary"),
    "headline": Wording("重点指标", "Headline indicators"),
    "definition": Wording("口径", "Definition"),
    "filter": Wording("筛选指标、部门……", "Filter by indicator, owner …"),
    "all": Wording("全部", "All"),
    "made": Wording("由 csq 从导出数据计算；本页不连接网络。", "Made by csq from exports; this page reaches no network."),
}  # fmt: skip
_FOLDED = frozenset({"details", "definitions", "groups", "comments", "problems", "trends"}) | {
    f"heat-{key}" for key in ("volume", "response", "complaints")
}
_OPENED = frozenset({"group-channel", "group-problem_type", "trends"})
_SORTABLE = frozenset({"indicators", "tracking", "receipts", "problems", "comments", "definitions"})
_NAMED = re.compile(r"\((.+)\)|(?:\"|: )([\w:/.]+)\"?$")
"""What a message of Vega's names: `… (datum.label ++)`, `… function: nofunc`, `… name: "x"`."""

_LOOSE = re.compile(r"(?<=\d) (?=%|pp\b|[秒分小天件行]|(?:s|min|h|d)\b)|(?<=[≥≤<>]) (?=\d)")
"""The spaces inside a quantity: `18.7 %`, `≥ 85 %`, `24 小时`."""

_SVG = "http://www.w3.org/2000/svg"
_CONFIG = {
    "background": None,
    "font": "inherit",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--soft)", "gridColor": "var(--line)", "domainColor": "var(--line)",
        "tickColor": "var(--line)", "labelFontSize": 11, "labelFont": "inherit",
    },
}  # fmt: skip


def draw_review_page(document: Document, templates: Path | None = None) -> str:
    """A page that reaches nothing outside itself, and in which no text is markup.

    Raises `UsageError` with file and line where a template is broken.
    """
    folders = [*([templates] if templates else []), resource_path("templates")]
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_without_controls,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["tied"] = _tied
    charts = _Charts(folders)
    style, script = (_read(folders, name) for name in ("review.css", "review.js"))
    language = document.language
    try:
        return environment.get_template("review.html.j2").render(
            document=document,
            lang=_LANGUAGE_TAGS[language],
            policy=_policy(style, script),
            style=Markup(style),  # noqa: S704 - a file of csq's or the user's, named by its hash
            script=Markup(script),  # noqa: S704
            draw=charts.draw,
            names={name: wording.say(language) for name, wording in _NAMES.items()},
            folded=_FOLDED,
            opened=_OPENED,
            sortable=_SORTABLE,
            filtered=frozenset({"indicators"}),
            anchors=frozenset(_anchors(document)),
        )
    except TemplateSyntaxError as error:
        place = Place(_short(error.filename or error.name or "", folders), row=error.lineno)
        raise UsageError(BROKEN_TEMPLATE.at(place, reason=error.message or "")) from None
    except (TemplateError, TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        found = _place_in_templates(error, folders)
        if found is None:
            raise
        raise UsageError(BROKEN_TEMPLATE.at(found, reason=str(error))) from None


def _place_in_templates(error: Exception, folders: list[Path]) -> Place | None:
    """The line of a template in which rendering failed: the innermost one."""
    place, trace = None, error.__traceback__
    while trace:
        name = trace.tb_frame.f_code.co_filename
        if any(Path(name).is_relative_to(folder) for folder in folders):
            place = Place(_short(name, folders), row=trace.tb_lineno)
        trace = trace.tb_next
    return place


def _short(name: str, folders: list[Path]) -> str:
    for folder in folders:
        if Path(name).is_relative_to(folder):
            return Path(name).relative_to(folder).as_posix()
    return name


def _read(folders: list[Path], name: str) -> str:
    path = next(folder / name for folder in folders if os.path.isfile(folder / name))
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(BROKEN_TEMPLATE.at(Place(name), reason=str(error))) from None


def _without_controls(value: object) -> object:
    """A text as it may stand on a page: of what is not printed only the ends of lines."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return "\n".join(map(printable, value.split("\n")))


def _tied(text: str) -> str:
    """A text in which no line ends between a number and its unit, or a sign and its number."""
    return _LOOSE.sub("\N{NO-BREAK SPACE}", text)


def _policy(style: str, script: str) -> str:
    """What the browser may do with the page: this style, this script, and nothing else."""
    rules = [
        "default-src 'none'",
        f"style-src '{_digest(style)}'",
        f"script-src '{_digest(script)}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    return "; ".join(rules)


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _anchors(document: Document) -> set[str]:
    """Everything on the page that a link can lead to."""

    def of(table: Table) -> set[str]:
        return {table.key, *(row.anchor for row in table.rows if row.anchor)}

    return {
        anchor for chapter in document.chapters for table in chapter.tables for anchor in of(table)
    }


# Charts ---------------------------------------------------------------------------------------


class _Charts:
    """Draws charts from their files; each file is read once."""

    def __init__(self, folders: list[Path]) -> None:
        self.folders = folders
        self.known: dict[str, dict[str, Any]] = {}
        self.convert: Callable[..., str] | None = None

    def draw(self, chart: Chart) -> Markup:
        """The chart as an SVG in which each mark says what it stands for."""
        require_address_space(LEAST_TO_DRAW_CHARTS)
        import vl_convert

        name = f"charts/{chart.kind.value}.vl.json"
        if name not in self.known:
            self.known[name] = self._load(name)
        spec = dict(self.known[name])
        spec["datasets"] = {"points": list(chart.points)}
        spec["config"] = {**_CONFIG, **spec.get("config", {})}
        if chart.axis_format:
            others = [each for each in spec.get("params", []) if each.get("name") != "axisFormat"]
            spec["params"] = [*others, {"name": "axisFormat", "value": chart.axis_format}]
        try:
            svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
        except ValueError as error:
            raise UsageError(self._fault(name, str(error))) from None
        return Markup(_speaking(svg, chart.alt))  # noqa: S704 - made here from an XML tree

    def _fault(self, name: str, told: str) -> Problem:
        """What Vega says of a file, at the line that it names or else the first of the user's own.

        Vega tells no lines, but often what it stumbled over.
        """
        # The first line only says that it failed; the stack below the second is Vega's own.
        reason = (told.strip().splitlines() + [""])[1] or told
        own = _read(self.folders, name).splitlines()
        shipped = _read(self.folders[-1:], name).splitlines()
        named = [each for pair in _NAMED.findall(reason) for each in pair if each]
        rows = [row for each in named for row, line in enumerate(own, 1) if each in line]
        rows += [row for row, line in enumerate(own, 1) if line not in shipped]
        return BROKEN_CHART.at(Place(name, row=rows[0] if rows else 1), reason=reason)

    def _load(self, name: str) -> dict[str, Any]:
        text = _read(self.folders, name)
        try:
            spec = json.loads(text)
        except json.JSONDecodeError as error:
            place = Place(name, row=error.lineno)
            raise UsageError(BROKEN_TEMPLATE.at(place, reason=error.msg)) from None
        if not isinstance(spec, dict):
            raise UsageError(BROKEN_TEMPLATE.at(Place(name, row=1), reason="{…}"))
        return spec


def _speaking(svg: str, alt: str) -> str:
    """The picture with one text for readers of screens, and a title on every mark.

    Attributes that a page's policy would refuse, and roles that mean nothing inside a picture, go.
    """
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(svg)  # noqa: S314 - see above
    for element in root.iter():
        role = element.attrib.pop("role", "")
        label = element.attrib.pop("aria-label", None)
        for name in ("aria-roledescription", "aria-hidden", "style", "class"):
            element.attrib.pop(name, None)
        if role == "graphics-symbol" and label and element.tag != f"{{{_SVG}}}g":
            title = ElementTree.Element(f"{{{_SVG}}}title")
            title.text = label
            element.insert(0, title)
    root.set("role", "img")
    root.set("aria-label", alt)
    return ElementTree.tostring(root, encoding="unicode")
