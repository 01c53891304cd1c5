"""`csq validate`: what is wrong with the exports, without computing anything."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from csq.cli.options import Language, ListFormat, Memory, Metrics, Output, Paths
from csq.cli.streams import make_console, show_progress, speak, write_stdout


def validate_command(
    paths: Paths = None,
    metrics: Metrics = None,
    rejects: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="把被拒收的行写入 csv 或 xlsx / write the refused rows to csv or xlsx",
            show_default=False,
        ),
    ] = None,
    memory: Memory = "4GB",
    lang: Language = None,
    format: Annotated[ListFormat, typer.Option(help="输出格式 / the format")] = ListFormat.TABLE,
    output: Output = None,
) -> None:
    """检查导出数据的每一行 / Check every row of the exports."""
    from csq.api import Run, validated
    from csq.errors import ExitCode
    from csq.files import refuse_clashing_outputs, write_file
    from csq.intake.intake import judge_refusals
    from csq.reports.rejects import draw_rejects
    from csq.reports.validation import draw_validation, print_validation

    outputs = tuple(each for each in (output, rejects) if each is not None)
    refuse_clashing_outputs(outputs)
    with (
        show_progress() as progress,
        validated(
            Run(
                tuple(paths or [Path()]),
                metrics,
                memory=memory,
                outputs=outputs,
                progress=progress,
                speak=speak,
            )
        ) as (
            understood,
            engine,
            intake,
        ),
    ):
        language = lang.value if lang else understood.definition.language
        too_many = judge_refusals(intake, understood.definition.tolerance)
        if rejects is not None:
            write_file(rejects, draw_rejects(engine, intake, rejects.suffix, language))
        if format is ListFormat.TABLE and output is None:
            console = make_console()
            with console.capture() as captured:
                print_validation(intake, too_many, language, console)
            write_stdout(captured.get())
        else:
            content = draw_validation(intake, too_many, language, format.value)
            if output is not None:
                write_file(output, content)
            else:
                write_stdout(content.decode("utf-8"))
    raise typer.Exit(ExitCode.INVALID_DATA if too_many else ExitCode.DONE)
