"""`csq validate`: what is wrong with the exports, without computing anything."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from csq.cli.options import (
    EngineOption,
    Language,
    ListFormat,
    ListFormatOption,
    Memory,
    Metrics,
    Output,
    Paths,
)
from csq.cli.streams import show_progress, speak, spoken_language, terminal
from csq.engines.choice import EngineName


def validate_command(
    paths: Paths = None,
    metrics: Metrics = None,
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            metavar="P",
            help="之后要计算的时段，之外的行另计（默认不分时段） / the period of a score to come: rows outside of it are counted apart (default: none)",
            show_default=False,
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD",
            help="之后要用的分组字段：导出里有没有，可重复 / a field that a score will group by: whether the exports carry it; repeatable",
            show_default=False,
        ),
    ] = None,
    where: Annotated[
        str | None,
        typer.Option(
            metavar="COND",
            help="之后要用的条件：看得懂吗，其中的值有没有 / the condition of a score to come: whether it can be understood and its texts occur",
            show_default=False,
        ),
    ] = None,
    engine: EngineOption = EngineName.DUCKDB,
    rejects: Annotated[
        Path | None,
        typer.Option(
            readable=False,
            metavar="FILE",
            help="把被拒收的行写入 csv 或 xlsx / write the refused rows to csv or xlsx",
            show_default=False,
        ),
    ] = None,
    memory: Memory = "4GB",
    lang: Language = None,
    format: ListFormatOption = None,
    output: Output = None,
) -> None:
    """检查导出数据的每一行 / Check every row of the exports."""
    from csq.api import Run, judge_exports, validated
    from csq.cli.deliver import choose_format, deliver, deliver_each, leave, tell_outcome
    from csq.errors import ExitCode, IntakeError
    from csq.files import refuse_clashing_outputs
    from csq.reports.layout import draw_text
    from csq.reports.rejects import choose_writer, draw_rejects
    from csq.reports.validation import draw_refusal, draw_validation, print_validation
    from csq.request import Request, levels_of

    chosen = choose_format(format, output, ListFormat)
    outputs = tuple(each for each in (output, rejects) if each is not None)
    refuse_clashing_outputs(outputs)
    if rejects is not None:
        choose_writer(rejects.suffix)
    run = Run(
        paths=tuple(paths or [Path()]),
        metrics=metrics,
        request=Request(period, levels_of(by or ()), where, (), date.today()),
        engine=engine,
        memory=memory,
        outputs=outputs,
        speak=speak,
    )
    with ExitStack() as stack:
        # The spinner is gone before anything is printed where it turned.
        with show_progress() as progress:
            watched = replace(run, progress=progress)
            try:
                understood, staging, intake = stack.enter_context(validated(watched))
            except IntakeError as error:
                if chosen is not ListFormat.TABLE:
                    spoken = lang.value if lang else spoken_language()
                    listed: Literal["json", "csv"] = "csv"
                    if chosen is ListFormat.JSON:
                        listed = "json"
                    drawn = partial(draw_refusal, error.problems, spoken, listed)
                    undelivered = deliver_each([lambda: deliver(drawn, output)])
                    tell_outcome(undelivered, (), spoken)
                raise
            fitness = judge_exports(watched, understood, staging, intake)
        language = lang.value if lang else understood.definition.language

        def content() -> bytes:
            console = terminal()
            if chosen is ListFormat.TABLE and output is None and console:
                draw = partial(print_validation, intake, fitness, language)
                return draw_text(draw, console).encode()
            return draw_validation(intake, fitness, language, chosen.value)

        deliveries = [lambda: deliver(content, output)]
        if rejects is not None:
            drawn = partial(draw_rejects, staging, intake, rejects.suffix, language)
            deliveries.append(lambda: deliver(drawn, rejects))
        undelivered = deliver_each(deliveries)
    tell_outcome(undelivered, (), language)
    invalid = [ExitCode.INVALID_DATA] if fitness.refusals else []
    leave([*invalid, *([ExitCode.NO_VERDICT] if fitness.lacking else [])], undelivered)
