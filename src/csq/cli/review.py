"""`csq review`: the workbook and the page for the meeting."""

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
    Paths,
    PeriodText,
    ReviewFormat,
    Where,
)
from csq.cli.streams import show_progress, speak, tell_lines
from csq.engines.choice import EngineName


def review_command(
    paths: Paths = None,
    metrics: Metrics = None,
    period: PeriodText = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD",
            help="分组字段，可重复（默认渠道、问题类型、客户类型、团队、坐席中导出里有的） / group by a field, repeatable (default: of channel, problem type, customer type, team and agent what the exports carry)",
            show_default=False,
        ),
    ] = None,
    where: Where = None,
    engine: EngineOption = EngineName.DUCKDB,
    memory: Memory = "4GB",
    lang: Language = None,
    format: Annotated[
        list[ReviewFormat] | None,
        typer.Option(
            "--format",
            help="只写这一种，可重复（默认两种） / write only this one, repeatable (default: both)",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            readable=False,
            metavar="FOLDER",
            help="写入这个文件夹（默认当前文件夹） / write into this folder (default: this one)",
            show_default=False,
        ),
    ] = Path(),
    templates: Annotated[
        Path | None,
        typer.Option(
            readable=False,
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="自己的页面模板和图表，缺的用自带的 / your own page parts and charts; what is not there is taken from the shipped ones",
            show_default=False,
        ),
    ] = None,
) -> None:
    """生成评估会用的工作簿和网页 / Write the workbook and the page for a review meeting."""
    from csq.api import Run, draw_review, review
    from csq.cli.deliver import deliver_each, leave, tell_outcome
    from csq.files import refuse_idle_templates, write_into
    from csq.gate import exit_codes_of_data
    from csq.request import Request, levels_of

    if templates is not None:
        refuse_idle_templates(templates)
    request = Request(period, levels_of(by or ()), where, (), date.today())
    with show_progress() as progress:
        run = Run(
            paths=tuple(paths or [Path()]),
            metrics=metrics,
            request=request,
            engine=engine,
            memory=memory,
            progress=progress,
            speak=speak,
        )
        found = review(run)
        language = lang.value if lang else found.scorecard.language
        wanted = [each.value for each in format or ReviewFormat]
        files = draw_review(found, language, templates, wanted)
    undelivered = deliver_each([lambda: write_into(output, files)])
    if not undelivered:
        tell_lines([str(output / name) for name in files], language)
    tell_outcome(undelivered, found.scorecard.problems, language)
    leave(exit_codes_of_data(found.scorecard), undelivered)
