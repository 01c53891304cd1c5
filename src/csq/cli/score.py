"""`csq score` and `csq check`: the scorecard, and the gate over it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from csq.cli.options import (
    By,
    EngineName,
    EngineOption,
    FailOn,
    Format,
    FormatOption,
    Indicators,
    Language,
    Memory,
    Metrics,
    Output,
    Paths,
    PeriodText,
    Where,
)
from csq.cli.streams import show_progress, tell_problems


def score_command(
    paths: Paths = None,
    metrics: Metrics = None,
    period: PeriodText = None,
    by: By = None,
    where: Where = None,
    indicator: Indicators = None,
    engine: EngineOption = EngineName.DUCKDB,
    memory: Memory = "4GB",
    lang: Language = None,
    format: FormatOption = None,
    output: Output = None,
) -> None:
    """计算指标并与目标比较 / Compute the indicators and compare them with their targets."""
    from csq.api import Run, score
    from csq.cli.deliver import choose_format, deliver
    from csq.errors import choose_exit_code
    from csq.files import refuse_input_as_output
    from csq.gate import exit_codes_of_data
    from csq.scoring import Request

    chosen = choose_format(format, output)
    request = Request(period, _levels(by), where, tuple(indicator or ()), date.today())
    inputs = tuple(paths or [Path()])
    if output is not None:
        refuse_input_as_output(output, [*inputs, *([metrics] if metrics else [])])
    with show_progress() as progress:
        scorecard = score(Run(inputs, metrics, request, memory, progress))
    deliver(scorecard, lang.value if lang else scorecard.language, chosen, output)
    raise typer.Exit(choose_exit_code(exit_codes_of_data(scorecard)))


def check_command(
    paths: Paths = None,
    metrics: Metrics = None,
    period: PeriodText = None,
    by: By = None,
    where: Where = None,
    indicator: Indicators = None,
    engine: EngineOption = EngineName.DUCKDB,
    memory: Memory = "4GB",
    lang: Language = None,
    format: FormatOption = None,
    output: Output = None,
    fail_on: Annotated[
        FailOn, typer.Option(help="哪一级未达标算失败 / which missed level fails")
    ] = FailOn.TARGET,
    junit: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="另写 JUnit XML / also write JUnit XML", show_default=False
        ),
    ] = None,
    json: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="另写 JSON / also write JSON", show_default=False),
    ] = None,
) -> None:
    """检查目标，用退出码回答 / Check the targets and answer with the exit code."""
    from csq.api import Run, score
    from csq.cli.deliver import choose_format, deliver, draw
    from csq.errors import choose_exit_code
    from csq.files import refuse_input_as_output, write_file
    from csq.gate import judge_gate
    from csq.reports.junit import draw_junit
    from csq.scoring import Request

    chosen = choose_format(format, output)
    request = Request(period, _levels(by), where, tuple(indicator or ()), date.today())
    inputs = tuple(paths or [Path()])
    for each in (output, junit, json):
        if each is not None:
            refuse_input_as_output(each, [*inputs, *([metrics] if metrics else [])])
    with show_progress() as progress:
        scorecard = score(Run(inputs, metrics, request, memory, progress))
    language = lang.value if lang else scorecard.language
    gate = judge_gate(scorecard, fail_on.value)
    if json is not None:
        write_file(json, draw(scorecard, language, Format.JSON))
    if junit is not None:
        write_file(junit, draw_junit(scorecard, gate, language))
    deliver(scorecard, language, chosen, output)
    tell_problems(gate.problems, language)
    raise typer.Exit(choose_exit_code(gate.codes))


def _levels(by: list[str] | None) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(name.strip() for name in each.replace("，", ",").split(",") if name.strip())
        for each in by or ()
    )
