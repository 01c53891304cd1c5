"""The parts of the documentation that are made from the program, and how they are put in place."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from csq.definition.load import load_definition
from csq.definition.targets import Level
from csq.errors import ExitCode
from csq.formula.functions import AGGREGATES, CHOICES, ROW_FUNCTIONS
from csq.formula.understand import understand
from csq.formula.words import say_term
from csq.records.schema import known_schemas

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.formula_examples import (  # noqa: E402 - also where this file is run by itself
    render_faults,
    render_functions,
    render_operators,
    render_values,
)


def render_exit_codes() -> str:
    lines = ["| code | meaning | 含义 |", "| --- | --- | --- |"]
    lines += [f"| {code.value} | {code.meaning.en} | {code.meaning.zh} |" for code in ExitCode]
    return "\n".join(lines)


def render_sources() -> str:
    lines = ["| source | 数据源 | key | time |", "| --- | --- | --- | --- |"]
    lines += [
        f"| `{s.source}` | {s.title.zh} | `{s.key}` | {', '.join(f'`{t}`' for t in s.time) or '–'} |"
        for s in known_schemas().values()
    ]
    return "\n".join(lines)


def render_catalogue() -> str:
    """Every indicator of csq:standard: what it is, how it is worked out, what to beware of."""
    understood = understand(load_definition(ROOT / "src/csq/resources/standard.yaml"))
    default = {each.id for each in understand(load_definition(None)).indicators}
    lines = []
    for each in understood.indicators:
        indicator = each.definition
        said = say_term(each.term)
        place = "default set" if indicator.id in default else "csq:standard"
        lines += [f"### {indicator.name.zh} · {indicator.name.en}", ""]
        lines += [
            f"`{indicator.id}` · {indicator.unit.value} · {indicator.direction.value} · {place}"
        ]
        lines += ["", f"    {' '.join(indicator.formula.split())}", ""]
        lines += [f"- {said.zh}", f"- {said.en}"]
        if indicator.description:
            lines += [f"- {indicator.description.zh}", f"- {indicator.description.en}"]
        for target in indicator.all_targets:
            scope = "".join(f", {name} = {value}" for name, value in target.where.items())
            scope += f", profile {target.profile}" if target.profile else ""
            level = "" if target.level is Level.TARGET else f" ({target.level.value})"
            source = target.provenance.en if target.provenance else "–"
            lines.append(f"- target `{target.value}`{level}{scope}: {source}")
        if indicator.mature_after:
            lines.append(
                f"- rows younger than {indicator.mature_after.text}: {indicator.unripe.value}"
            )
        for name, variant in indicator.variants.items():
            lines.append(
                f"- variant `{name}`, {variant.name.zh} · {variant.name.en}: {variant.source.en}"
            )
        lines.append("")
    return "\n".join(lines).rstrip()


PARTS = {
    "docs/indicators.md": {"catalogue": render_catalogue},
    "README.md": {"exit-codes": render_exit_codes},
    "docs/definition.md": {"sources": render_sources},
    "docs/formulas.md": {
        "values": render_values,
        "operators": render_operators,
        "aggregates": lambda: render_functions(AGGREGATES),
        "choices": lambda: render_functions(CHOICES),
        "row-functions": lambda: render_functions(ROW_FUNCTIONS),
        "faults": render_faults,
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
