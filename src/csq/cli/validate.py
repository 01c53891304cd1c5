"""`csq validate`: what is wrong with the exports, without computing anything."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from csq.cli.options import Language, ListFormat, ListFormatOption, Memory, Metrics, Output, Paths
from csq.cli.streams import show_progress, speak, spoken_language, terminal


def validate_command(
    paths: Paths = None,
    metrics: Metrics = None,
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
    from csq.api import Run, validated
    from csq.cli.deliver import choose_format, deliver, deliver_each, leave, tell_outcome
    from csq.errors import ExitCode, IntakeError
    from csq.files import refuse_clashing_outputs
    from csq.intake.intake import judge_refusals
    from csq.problems.run import NO_ROWS
    from csq.reports.layout import draw_text
    from csq.reports.rejects import choose_writer, draw_rejects
    from csq.reports.validation import draw_refusal, draw_validation, print_validation

    chosen = choose_format(format, output, ListFormat)
    outputs = tuple(each for each in (output, rejects) if each is not None)
    refuse_clashing_outputs(outputs)
    if rejects is not None:
        choose_writer(rejects.suffix)
    run = Run(tuple(paths or [Path()]), metrics, memory=memory, outputs=outputs, speak=speak)
    with ExitStack() as stack:
        # The spinner is gone before anything is printed where it turned.
        with show_progress() as progress:
            try:
                found = stack.enter_context(validated(replace(run, progress=progress)))
            except IntakeError as error:
                if chosen is not ListFormat.TABLE:
                    spoken = lang.value if lang else spoken_language()
                    listed: Literal["json", "csv"] = "csv"
                    if chosen is ListFormat.JSON:
                        listed = "json"
                    deliver(partial(draw_refusal, error.problems, spoken, listed), output)
                raise
        understood, engine, intake = found
        language = lang.value if lang else understood.definition.language
        too_many = judge_refusals(intake, understood.definition.tolerance)
        no_rows = () if any(each.read for each in intake.receipts(None)) else (NO_ROWS.at(),)
        unfit = (*too_many, *no_rows)

        def content() -> bytes:
            console = terminal()
            if chosen is ListFormat.TABLE and output is None and console:
                draw = partial(print_validation, intake, unfit, language)
                return draw_text(draw, console).encode()
            return draw_validation(intake, unfit, language, chosen.value)

        deliveries = [lambda: deliver(content, output)]
        if rejects is not None:
            drawn = partial(draw_rejects, engine, intake, rejects.suffix, language)
            deliveries.append(lambda: deliver(drawn, rejects))
        undelivered = deliver_each(deliveries)
    tell_outcome(undelivered, (), language)
    invalid = [ExitCode.INVALID_DATA] if too_many else []
    leave([*invalid, *([ExitCode.NO_VERDICT] if no_rows else [])], undelivered)
