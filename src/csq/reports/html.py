"""The scorecard as one page: for a browser, a phone, a printer; without a script.

The page is templates/scorecard.html.j2 with templates/scorecard.css inside.
"""

from __future__ import annotations

import base64
import hashlib

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from csq.files import resource_path
from csq.reports.csv import VERDICT, printable
from csq.reports.markdown import note_blocks
from csq.reports.view import ColumnKey, View
from csq.scorecard import Verdict
from csq.wording import Wording

_LANGUAGE_TAGS = {"zh": "zh-Hans", "en": "en"}
_NAMES = {
    "caption": Wording("各项指标与目标的比较", "the indicators and their targets"),
    "other": Wording("指标", "Indicators"),
}
_ORDER = (ColumnKey.NAME, ColumnKey.SIGN)


def draw_page(view: View) -> str:
    """A page that reaches nothing outside itself, and in which no text is markup."""
    folder = resource_path("templates")
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_without_controls,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style = (folder / "scorecard.css").read_text(encoding="utf-8")
    return environment.get_template("scorecard.html.j2").render(
        view=view,
        lang=_LANGUAGE_TAGS[view.language],
        policy=_policy(style),
        style=Markup(style),  # noqa: S704 - csq's own file, and the policy names its hash
        columns=_columns(view),
        counts=_counts(view),
        notes=note_blocks(view),
        names={name: wording.say(view.language) for name, wording in _NAMES.items()},
    )


def _without_controls(value: object) -> object:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _policy(style: str) -> str:
    """What the browser may do with the page: apply this one style, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    rules = ("default-src 'none'", f"style-src 'sha256-{digest}'", "base-uri 'none'")
    return "; ".join((*rules, "form-action 'none'"))


def _columns(view: View) -> list[dict[str, object]]:
    """The columns in which anything stands, what a row is called first."""
    titles = dict(view.columns) | {ColumnKey.SIGN: VERDICT.say(view.language)}
    rows = [row for section in view.sections for row in section.rows]
    keys = [*_ORDER, *(key for key in titles if key not in _ORDER)]
    return [
        {"key": key.value, "title": titles[key], "is_numeric": key.is_numeric}
        for key in keys
        if any(row.cells[key].text for row in rows)
    ]


def _counts(view: View) -> list[dict[str, object]]:
    """How many indicators got which verdict."""
    totals = [row for section in view.sections for row in section.rows if not row.is_group]
    counts: list[dict[str, object]] = []
    for verdict in Verdict:
        alike = [row for row in totals if row.verdict is verdict]
        if alike:
            text = f"{verdict.sign} {alike[0].verdict_text}"
            counts.append({"verdict": verdict.value, "text": text, "number": len(alike)})
    return counts
