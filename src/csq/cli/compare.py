"""`csq compare`: one name, several meanings, the same rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

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
from csq.cli.streams import show_progress, speak
from csq.engines.choice import EngineName


def compare_command(
    paths: Paths = None,
    *,
    definitions: Annotated[
        str,
        typer.Option(
            metavar="ID",
            help="并列这个指标的各种公开口径，如 fcr / set the published meanings of an indicator side by side, such as fcr",
            show_default=False,
        ),
    ],
    period: PeriodText = None,
    where: Where = None,
    metrics: Metrics = None,
    engine: EngineOption = EngineName.DUCKDB,
    memory: Memory = "4GB",
    lang: Language = None,
    format: TextFormatOption = None,
    output: Output = None,
) -> None:
    """同一批数据，同一个名称的各种口径 / The published meanings of one name on the same rows."""
    from csq.api import Run, compare_definitions
    from csq.cli.deliver import choose_format, deliver, deliver_each, leave, tell_outcome
    from csq.gate import exit_codes_of_data
    from csq.reports.variants import draw_variants, variants_json
    from csq.request import Request

    chosen = choose_format(format, output, TextFormat)
    with show_progress() as progress:
        own, scorecard = compare_definitions(
            Run(
                paths=tuple(paths or [Path()]),
                metrics=metrics,
                request=Request(period, (), where, (), date.today()),
                engine=engine,
                memory=memory,
                outputs=(output,) if output is not None else (),
                progress=progress,
                speak=speak,
            ),
            definitions,
        )
    language = lang.value if lang else scorecard.language
    draw = variants_json if chosen is TextFormat.JSON else draw_variants
    content = draw(own, scorecard, language).encode()
    undelivered = deliver_each([lambda: deliver(lambda: content, output)])
    tell_outcome(undelivered, scorecard.problems, language)
    leave(exit_codes_of_data(scorecard), undelivered)
