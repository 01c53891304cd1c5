"""`csq explain`: where a number comes from, down to the rows."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csq.cli.options import (
    EngineOption,
    Language,
    Memory,
    Metrics,
    Output,
    Paths,
    PeriodText,
    TextFormat,
    TextFormatOption,
    Where,
)
from csq.cli.streams import show_progress, speak, terminal
from csq.engines.choice import EngineName

if TYPE_CHECKING:
    from csq.explanation.choice import Choice


def explain_command(
    indicator: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="指标的编号或名称 / the indicator's id or name", show_default=False
        ),
    ],
    paths: Paths = None,
    group: Annotated[
        list[str] | None,
        typer.Option(
            metavar="F=V",
            help="只解释这一组，如 channel=电话，可重复 / explain this group only, such as channel=Phone; repeatable",
            show_default=False,
        ),
    ] = None,
    period: PeriodText = None,
    where: Where = None,
    metrics: Metrics = None,
    rows: Annotated[
        Path | None,
        typer.Option(
            readable=False,
            metavar="FILE",
            help="把分子分母背后的每一行写入 csv 或 xlsx / write every row behind part and whole to csv or xlsx",
            show_default=False,
        ),
    ] = None,
    sql: Annotated[
        bool, typer.Option("--sql", help="也显示引擎的 SQL / show the engine's SQL too")
    ] = False,
    engine: EngineOption = EngineName.DUCKDB,
    memory: Memory = "4GB",
    lang: Language = None,
    format: TextFormatOption = None,
    output: Output = None,
) -> None:
    """解释一个数从哪里来，直到每一行 / Explain where a number comes from, down to its rows."""
    from importlib.metadata import version

    from csq.api import Run, explain
    from csq.cli.deliver import choose_format, deliver, deliver_each, leave, tell_outcome
    from csq.files import refuse_clashing_outputs
    from csq.gate import exit_codes_of_data
    from csq.reports.explain import explanation_json, print_explanation
    from csq.reports.explain_rows import choose_writer
    from csq.reports.layout import draw_text
    from csq.request import Request

    chosen = choose_format(format, output, TextFormat)
    outputs = tuple(each for each in (output, rows) if each is not None)
    refuse_clashing_outputs(outputs)
    writer = choose_writer(rows.suffix) if rows is not None else None
    with show_progress() as progress:
        explanation = explain(
            Run(
                paths=tuple(paths or [Path()]),
                metrics=metrics,
                request=Request(period, (), where, (indicator,), date.today()),
                engine=engine,
                memory=memory,
                outputs=outputs,
                progress=progress,
                speak=speak,
            ),
            _choice(group),
            with_rows=rows is not None,
        )
    language = lang.value if lang else explanation.scorecard.language

    is_read_here = chosen is TextFormat.TABLE and output is None

    def content() -> bytes:
        if chosen is TextFormat.JSON:
            return explanation_json(explanation, language, version("csq")).encode()
        shown_in = terminal() if is_read_here else None
        draw = partial(print_explanation, explanation, language, sql=sql)
        return draw_text(draw, shown_in).encode()

    deliveries = [lambda: deliver(content, output)]
    if rows is not None and writer is not None:
        drawn = partial(writer, explanation.behind, language)
        deliveries.append(lambda: deliver(drawn, rows))
    undelivered = deliver_each(deliveries)
    found = () if is_read_here else explanation.scorecard.problems
    tell_outcome(undelivered, found, language)
    leave(exit_codes_of_data(explanation.scorecard), undelivered)


def _choice(group: list[str] | None) -> Choice:
    """What `--group` says, repeated or with commas; raises `UsageError`."""
    from csq.errors import UsageError
    from csq.problems.command_line import WRONG_GROUP

    found = []
    for each in group or ():
        field, sign, value = each.partition("=")
        if not sign or not field.strip():
            raise UsageError(WRONG_GROUP.at(value=each))
        found.append((field.strip(), value.strip()))
    return tuple(found)
