"""The scorecard as Markdown, for wikis, issues and chat: user text never becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from csq.reports.csv import VERDICT, printable
from csq.reports.view import ColumnKey, Row, Section, View
from csq.wording import Wording

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&$]|:(?=//|[\w+-]+:)|(?<=\bwww)\.")
_STARTS_LIST = re.compile(r"(?=[-+=])|\d+(?=[.)])")


def draw_markdown(view: View) -> str:
    """A table a section, and below them everything else a reader must know."""
    lines = [f"# {_escape(view.title)}", "", _paragraph(view.subtitle), ""]
    if view.summary:
        lines += [_paragraph(view.summary), ""]
    for section in view.sections:
        lines += [*_table(section, view), ""]
    for heading, notes in note_blocks(view):
        lines += [f"## {heading}", "", *(f"- {_paragraph(note)}" for note in notes), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


_HEADINGS = {
    "lacking": Wording("没有数据的指标", "Without data"),
    "receipts": Wording("数据的去向", "Where the rows went"),
    "assumptions": Wording("本报告采用的假设", "What this report assumes"),
    "problems": Wording("数据中发现的问题", "What was found in the data"),
}


def note_blocks(view: View) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What stands below the table: a heading and its lines, where there are any."""
    blocks = {
        "lacking": tuple(filter(None, [view.lacking])),
        "receipts": view.receipts,
        "assumptions": view.assumptions,
        "problems": view.problems,
    }
    return tuple(
        (_HEADINGS[name].say(view.language), lines) for name, lines in blocks.items() if lines
    )


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
