"""`csq lint` and `csq schema`: the definition itself, without data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from csq.cli.options import (
    EngineOption,
    Language,
    Memory,
    Metrics,
    Output,
    TextFormat,
    TextFormatOption,
)
from csq.cli.streams import show_progress, speak, spoken_language, write_stdout
from csq.engines.choice import EngineName


def lint_command(
    file: Annotated[
        Path | None,
        typer.Argument(
            readable=False,
            metavar="FILE",
            help="指标定义（默认 ./metrics.yaml，否则用自带的） / the definition (default: ./metrics.yaml, else the shipped one)",
            show_default=False,
        ),
    ] = None,
    metrics: Metrics = None,
    data: Annotated[
        list[Path] | None,
        typer.Option(
            readable=False,
            metavar="PATH",
            help="也对照这些导出，可重复：没有人填的字段、数据里没有的值、从不成立的条件 / also hold it against these exports, repeatable: fields nobody fills, values that do not occur, conditions that never hold",
            show_default=False,
        ),
    ] = None,
    engine: EngineOption = EngineName.DUCKDB,
    memory: Memory = "4GB",
    lang: Language = None,
    format: TextFormatOption = None,
    output: Output = None,
) -> None:
    """检查指标定义，一次列出所有错误 / Check the definition and list every fault at once."""
    from csq.api import Run, lint
    from csq.cli.deliver import choose_format, deliver, deliver_each, tell_outcome
    from csq.errors import DefinitionError, UsageError
    from csq.problems.command_line import TWO_DEFINITIONS
    from csq.reports.json import problems_json
    from csq.wording import Wording

    if file is not None and metrics is not None and file != metrics:
        raise UsageError(TWO_DEFINITIONS.at(value=str(file), other=str(metrics)))
    chosen = choose_format(format, output, TextFormat)
    with show_progress() as progress:
        run = Run(
            metrics=file or metrics,
            engine=engine,
            memory=memory,
            outputs=(output,) if output is not None else (),
            progress=progress,
            speak=speak,
        )
        try:
            understood, problems = lint(run, data or ())
        except DefinitionError as error:
            if chosen is TextFormat.JSON:
                spoken = lang.value if lang else spoken_language()
                listed = problems_json(error.problems, spoken).encode()
                undelivered = deliver_each([lambda: deliver(lambda: listed, output)])
                tell_outcome(undelivered, (), spoken)
            raise
    targets = sum(len(each.definition.all_targets) for each in understood.indicators)
    found = Wording(
        "定义没有错误：{n} 个指标，{targets} 个目标",
        "the definition is right: {n} indicators, {targets} targets",
    ).fill(n=len(understood.indicators), targets=targets)
    language = lang.value if lang else understood.definition.language
    lines = [problem.line(language) for problem in problems]
    content = "\n".join([*lines, found.say(language)]) + "\n"
    if chosen is TextFormat.JSON:
        content = problems_json(problems, language)
    deliver(content.encode, output)


def schema_command(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="SOURCE",
            help="数据源，如 tickets；不写则是 metrics.yaml / a source such as tickets; metrics.yaml without one",
            show_default=False,
        ),
    ] = None,
) -> None:
    """输出 JSON Schema：metrics.yaml 的，或一种数据源的 / Print a JSON Schema: of metrics.yaml, or of a source."""
    from csq.definition.jsonschema import definition_schema, record_schema
    from csq.reports.json import dump

    write_stdout(dump(record_schema(source) if source else definition_schema()))
