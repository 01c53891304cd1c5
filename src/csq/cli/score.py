"""`csq score` and `csq check`: the scorecard, and the gate over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csq.cli.options import (
    By,
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
from csq.cli.streams import show_progress, speak, terminal
from csq.engines.choice import EngineName

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
    from csq.cli.deliver import (
        choose_format,
        deliver,
        deliver_each,
        draw,
        draw_table,
        leave,
        tell_outcome,
    )
    from csq.gate import exit_codes_of_data
    from csq.protection import protect

    chosen = choose_format(format, output, Format)
    asked = _Asked(paths, metrics, period, by, where, indicator, engine, memory, lang)
    scorecard, language = asked.score([output])
    shown = protect(scorecard)
    is_read_here = chosen is Format.TABLE and output is None

    def content() -> bytes:
        if is_read_here:
            return draw_table(shown, language, terminal())
        return draw(scorecard, language, chosen)

    undelivered = deliver_each([lambda: deliver(content, output)])
    tell_outcome(undelivered, () if is_read_here else shown.problems, language)
    leave(exit_codes_of_data(shown), undelivered)


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
            readable=False,
            metavar="FILE",
            help="另写 JUnit XML / also write JUnit XML",
            show_default=False,
        ),
    ] = None,
    json: Annotated[
        Path | None,
        typer.Option(
            readable=False, metavar="FILE", help="另写 JSON / also write JSON", show_default=False
        ),
    ] = None,
) -> None:
    """检查目标，用退出码回答 / Check the targets and answer with the exit code.

    0 全部达标，1 有未达标，3 数据校验未通过，5 有目标却没有结论；全部退出码见 README / 0 all met, 1 one missed, 3 the exports are not valid, 5 a target without a verdict; the README lists every code.
    """
    from csq.cli.deliver import (
        choose_format,
        deliver,
        deliver_each,
        draw,
        draw_table,
        leave,
        tell_outcome,
    )
    from csq.gate import judge_gate, say_gate
    from csq.protection import protect
    from csq.reports.junit import draw_junit

    chosen = choose_format(format, output, Format)
    asked = _Asked(paths, metrics, period, by, where, indicator, engine, memory, lang)
    scorecard, language = asked.score([output, junit, json])
    shown = protect(scorecard)
    gate = judge_gate(shown, fail_on.value)
    is_read_here = chosen is Format.TABLE and output is None

    def content() -> bytes:
        if is_read_here:
            closing = say_gate(gate).say(language)
            return draw_table(shown, language, terminal()) + f"{closing}\n".encode()
        return draw(scorecard, language, chosen)

    deliveries = [lambda: deliver(content, output)]
    if json is not None:
        deliveries.append(lambda: deliver(lambda: draw(scorecard, language, Format.JSON), json))
    if junit is not None:
        deliveries.append(lambda: deliver(lambda: draw_junit(shown, gate, language), junit))
    undelivered = deliver_each(deliveries)
    found = () if is_read_here else shown.problems
    tell_outcome((*undelivered, *gate.problems), found, language)
    leave(gate.codes, undelivered)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The options that `score` and `check` share, as they were typed."""

    paths: list[Path] | None
    metrics: Path | None
    period: str | None
    by: list[str] | None
    where: str | None
    indicators: list[str] | None
    engine: EngineName
    memory: str
    lang: Lang | None

    def score(self, outputs: list[Path | None]) -> tuple[Scorecard, LanguageCode]:
        """The scorecard as it was computed, and the language to say it in."""
        from csq.api import Run, score
        from csq.files import refuse_clashing_outputs
        from csq.request import Request, levels_of

        wanted = tuple(output for output in outputs if output is not None)
        refuse_clashing_outputs(wanted)
        request = Request(
            self.period,
            levels_of(self.by or ()),
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
                    engine=self.engine,
                    memory=self.memory,
                    outputs=wanted,
                    progress=progress,
                    speak=speak,
                )
            )
        return scorecard, self.lang.value if self.lang else scorecard.language
