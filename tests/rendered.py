"""The parts of the documentation that are made from the program, and how they are put in place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from csq.errors import ExitCode
from csq.formula.functions import AGGREGATES, CHOICES, ROW_FUNCTIONS, Signature
from csq.records.schema import known_schemas

ROOT = Path(__file__).parents[1]


def render_exit_codes() -> str:
    lines = ["| code | meaning | 含义 |", "| --- | --- | --- |"]
    lines += [f"| {code.value} | {code.meaning.en} | {code.meaning.zh} |" for code in ExitCode]
    return "\n".join(lines)


def render_functions(functions: Mapping[str, Signature]) -> str:
    lines = ["| function | what it gives | 含义 | example |", "| --- | --- | --- | --- |"]
    lines += [
        f"| `{name}` | {each.about.en} | {each.about.zh} | `{each.example}` |"
        for name, each in functions.items()
    ]
    return "\n".join(lines)


def render_sources() -> str:
    lines = ["| source | 数据源 | key | time |", "| --- | --- | --- | --- |"]
    lines += [
        f"| `{s.source}` | {s.title.zh} | `{s.key}` | {', '.join(f'`{t}`' for t in s.time) or '–'} |"
        for s in known_schemas().values()
    ]
    return "\n".join(lines)


PARTS = {
    "README.md": {"exit-codes": render_exit_codes},
    "docs/definition.md": {
        "sources": render_sources,
        "aggregates": lambda: render_functions(AGGREGATES),
        "choices": lambda: render_functions(CHOICES),
        "row-functions": lambda: render_functions(ROW_FUNCTIONS),
    },
}
"""For each document its marked parts and what stands in them."""


def put_in_place(document: str, text: str) -> str:
    """The document with every marked part as the program says it now."""
    for name, render in PARTS[document].items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text = pattern.sub(lambda m, r=render: f"{m[1]}{r()}\n{m[2]}", text)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    for document in PARTS:
        path = ROOT / document
        path.write_text(put_in_place(document, path.read_text("utf-8")), "utf-8")
