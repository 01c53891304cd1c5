"""The scorecard as Markdown, for wikis, issues and chat: user text never becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from csq.reports.csv import VERDICT, printable
from csq.reports.view import ColumnKey, Row, Section, View

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&$]|:(?=//|[\w+-]+:)|(?<=\bwww)\.")
_STARTS_LIST = re.compile(r"(?=[-+=])|\d+(?=[.)])")


def draw_markdown(view: View) -> str:
    """A table a section, and below them everything else a reader must know."""
    lines = [f"# {_escape(view.title)}", "", _paragraph(view.subtitle), ""]
    if view.summary:
        lines += [_paragraph(view.summary), ""]
    for section in view.sections:
        lines += [*_table(section, view), ""]
    notes = [view.lacking, *view.receipts, *view.assumptions, *view.problems]
    lines += [f"- {_paragraph(note)}" for note in notes if note]
    return "\n".join(lines).rstrip("\n") + "\n"


def _table(section: Section, view: View) -> Iterator[str]:
    if section.title:
        yield f"## {_escape(section.title)}"
        yield ""
    keys = [key for key, _ in view.columns]
    titles = dict(view.columns) | {ColumnKey.SIGN: VERDICT.say(view.language)}
    yield _line(_escape(titles[key]) for key in keys)
    yield _line("---:" if key.is_numeric else ":---" for key in keys)
    for row in section.rows:
        yield _line(_cell(row, key) for key in keys)


def _line(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(row: Row, key: ColumnKey) -> str:
    text = _escape(row.cells[key].text)
    if key is ColumnKey.SIGN:
        return f"{text} {_escape(row.verdict_text)}".strip()
    return f"└ {text}" if key is ColumnKey.NAME and row.is_group else text


def _paragraph(text: str) -> str:
    """A line of text that does not begin a list or underline a heading."""
    plain = _escape(text)
    start = _STARTS_LIST.match(plain)
    return f"{plain[: start.end()]}\\{plain[start.end() :]}" if start else plain


def _escape(text: str) -> str:
    r"""Text on one line in which no character is markup, a link or the short name of an emoji.

    >>> _escape("[a](http://b) | <c> :smile: 12:30 d_e")
    '\\[a\\](http\\://b) \\| \\<c\\> \\:smile: 12:30 d\\_e'
    """
    return _MARKUP.sub(r"\\\g<0>", printable(text))
