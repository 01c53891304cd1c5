"""`csq score` and `csq check`: the scorecard, and the gate over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csq.cli.options import (
    By,
    EngineName,
    EngineOption,
    FailOn,
    Format,
    FormatOption,
    Indicators,
    Lang,
    Language,
    Memory,
    Metrics,
    Output,
    Paths,
    PeriodText,
    Where,
)
from csq.cli.streams import show_progress, speak, tell_problems

if TYPE_CHECKING:
    from csq.scorecard import Scorecard
    from csq.wording import Language as LanguageCode


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
    from csq.cli.deliver import choose_format, deliver, deliver_each
    from csq.errors import choose_exit_code
    from csq.gate import exit_codes_of_data

    chosen = choose_format(format, output)
    asked = _Asked(paths, metrics, period, by, where, indicator, memory, lang)
    scorecard, language = asked.score([output])
    undelivered = deliver_each([lambda: deliver(scorecard, language, chosen, output)], language)
    raise typer.Exit(choose_exit_code([*exit_codes_of_data(scorecard), *undelivered]))


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
    from csq.cli.deliver import choose_format, deliver, deliver_each, draw
    from csq.errors import choose_exit_code
    from csq.files import write_file
    from csq.gate import judge_gate
    from csq.reports.junit import draw_junit

    chosen = choose_format(format, output)
    asked = _Asked(paths, metrics, period, by, where, indicator, memory, lang)
    scorecard, language = asked.score([output, junit, json])
    gate = judge_gate(scorecard, fail_on.value)
    deliveries = [lambda: deliver(scorecard, language, chosen, output)]
    if json is not None:
        content = draw(scorecard, language, Format.JSON)
        deliveries.append(lambda: write_file(json, content))
    if junit is not None:
        deliveries.append(lambda: write_file(junit, draw_junit(scorecard, gate, language)))
    undelivered = deliver_each(deliveries, language)
    tell_problems(gate.problems, language)
    raise typer.Exit(choose_exit_code([*gate.codes, *undelivered]))


@dataclass(frozen=True, slots=True)
class _Asked:
    """The options that `score` and `check` share, as they were typed."""

    paths: list[Path] | None
    metrics: Path | None
    period: str | None
    by: list[str] | None
    where: str | None
    indicators: list[str] | None
    memory: str
    lang: Lang | None

    def score(self, outputs: list[Path | None]) -> tuple[Scorecard, LanguageCode]:
        """The scorecard, and the language to say it in."""
        from csq.api import Run, score
        from csq.files import refuse_clashing_outputs
        from csq.scoring import Request

        wanted = tuple(output for output in outputs if output is not None)
        refuse_clashing_outputs(wanted)
        request = Request(
            self.period,
            _levels(self.by),
            self.where,
            tuple(self.indicators or ()),
            date.today(),
        )
        with show_progress() as progress:
            scorecard = score(
                Run(
                    paths=tuple(self.paths or [Path()]),
                    metrics=self.metrics,
                    request=request,
                    memory=self.memory,
                    outputs=wanted,
                    progress=progress,
                    speak=speak,
                )
            )
        return scorecard, self.lang.value if self.lang else scorecard.language


def _levels(by: list[str] | None) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(name.strip() for name in each.replace("，", ",").split(",") if name.strip())
        for each in by or ()
    )
