"""The steps of a run: what the commands do, and what `import csq.api` offers to Python."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from csq.definition.indicators import Indicator
from csq.definition.load import LoadedDefinition, load_definition
from csq.definition.models import Definition
from csq.engines.base import Engine, StagingEngine
from csq.engines.choice import EngineName
from csq.errors import CsqError, DefinitionError, IntakeError, Problem, UsageError, list_names
from csq.files import local_salt, refuse_input_as_output, spill_folder
from csq.fitness import Fitness, judge_fitness
from csq.formula.understand import Understood, understand, understand_variants
from csq.intake.discover import find_exports, guess_size, possible_exports
from csq.intake.intake import Intake, Progress, take_in
from csq.intake.staging.handing_over import hand_over
from csq.privacy import Mode, Shield
from csq.problems.command_line import NO_VARIANTS
from csq.protection import protect_for_programs
from csq.request import (
    Request,
    choose_indicators,
    fields_to_check,
    levels_of,
    needed_fields,
)
from csq.scorecard import Scorecard
from csq.scoring import score_intake
from csq.wording import Language

if TYPE_CHECKING:
    import pandas as pd

    from csq.explanation.choice import Choice
    from csq.explanation.facts import Explanation
    from csq.review.facts import Review

DEFAULT_MEMORY = "4GB"
REVIEW_FORMATS = ("html", "xlsx")


@dataclass(frozen=True, slots=True)
class Run:
    """What is asked of one run: the exports, the definition, and the question."""

    paths: tuple[Path, ...] = (Path(),)
    metrics: Path | None = None
    request: Request = field(default_factory=Request)
    engine: EngineName = EngineName.DUCKDB
    memory: str = DEFAULT_MEMORY
    outputs: tuple[Path, ...] = ()
    """Files that will be written: none may be one that is read."""
    progress: Progress = lambda step: None
    speak: Callable[[Language], None] = lambda language: None
    """Told the definition's language as soon as it is known: errors are said in it."""


@contextmanager
def _in_language_of_definition() -> Iterator[Callable[[Language], None]]:
    """Takes the definition's language; who reads the traceback of an error reads it in that."""
    spoken: list[Language] = []
    try:
        yield spoken.append
    except CsqError as error:
        error.language = spoken[-1] if spoken else error.language
        raise


def load(run: Run) -> Understood:
    """The definition of a run, understood."""
    _, understood = _load(run)
    return understood


def _load(run: Run) -> tuple[LoadedDefinition, Understood]:
    loaded = find_definition(run.metrics, outputs=run.outputs)
    run.speak(loaded.definition.language)
    for output in run.outputs:
        refuse_input_as_output(output, loaded.files)
    return loaded, understand(loaded)


def find_definition(
    metrics: Path | None, *, keep_omitted: bool = False, outputs: Iterable[Path] = ()
) -> LoadedDefinition:
    """The definition asked for, else the one in the current folder, else the shipped one.

    See `load_definition` for `keep_omitted` and `outputs`.
    """
    here = Path("metrics.yaml")
    file = metrics or (here if os.path.isfile(here) else None)
    return load_definition(file, keep_omitted=keep_omitted, outputs=outputs)


@contextmanager
def open_engine(memory: str, size: int | None = None) -> Iterator[StagingEngine]:
    """The engine in which exports become tables; what it spills is gone afterwards.

    `size` is about how many bytes of text these hold, where that is known.
    """
    from csq.engines.duckdb import DuckDBEngine

    with spill_folder() as folder, closing(DuckDBEngine(folder, memory, size)) as engine:
        yield engine


@contextmanager
def exports_of(
    run: Run, definition: Definition, needed: Mapping[str, frozenset[str]]
) -> Iterator[tuple[Engine, Intake]]:
    """The exports of a run in the engine that it asks for, ready for questions."""
    found = find_exports(run.paths)
    with open_engine(run.memory, guess_size(found[0])) as staging:
        intake = take_in(found, definition, staging, needed, run.progress, run.outputs)
        with _engine_asked(run, staging, intake) as engine:
            yield engine, intake


@contextmanager
def _engine_asked(run: Run, staging: StagingEngine, intake: Intake) -> Iterator[Engine]:
    """The engine that a run asks for, with the exports in it."""
    if run.engine is EngineName.DUCKDB:
        yield staging
        return
    from csq.engines.spark import SparkEngine

    run.progress("Spark")
    with spill_folder() as folder, closing(SparkEngine(folder, run.memory)) as engine:
        hand_over(staging, intake.sources.values(), engine)
        yield engine


def score(run: Run) -> Scorecard:
    """Exports to a scorecard; raises `CsqError` with everything a user has to mend.

    The scorecard carries a problem for every source that lost more rows than is tolerated:
    its numbers are computed all the same. It names people; `csq.protection.protect` does not.
    """
    understood = load(run)
    needed = needed_fields(understood, run.request)
    with exports_of(run, understood.definition, needed) as (engine, intake):
        found = score_intake(engine, intake, understood, run.request)
        return replace(found, shield=shield_of(understood))


def shield_of(understood: Understood) -> Shield:
    """How the definition wants people to be shown, with this folder's salt for codes."""
    privacy = understood.definition.privacy
    salt = local_salt(Path(privacy.salt)) if privacy.mode is Mode.HASH else b""
    return Shield(privacy.mode, privacy.k, salt)


def review(run: Run) -> Review:
    """Exports to everything a review shows; raises `CsqError` as `score` does."""
    from csq.review.ask import review_fields, review_intake

    understood = load(run)
    needed = review_fields(understood, run.request)
    with exports_of(run, understood.definition, needed) as (engine, intake):
        return review_intake(engine, intake, understood, run.request, shield_of(understood))


def draw_review(
    found: Review,
    language: Language,
    templates: Path | None = None,
    formats: Collection[str] = REVIEW_FORMATS,
) -> dict[str, bytes]:
    """The files of a review by name: a workbook, a page, and rows too many for the workbook.

    Raises `UsageError` where a template of the user's is broken.
    """
    from csq.reports.review.files import draw_files

    return draw_files(found, language, templates, formats)


def lint(run: Run, data: Sequence[Path] = ()) -> tuple[Understood, tuple[Problem, ...]]:
    """A definition without a fault, and what in it is hardly meant or, with exports, not in them.

    Raises `DefinitionError` with every fault, and `IntakeError` for exports that cannot be read.
    """
    from csq.linting.lint import fields_to_lint, lint_data, lint_definition

    with _unread_exports_kept(data, run.outputs):
        loaded, understood = _load(run)
    found = lint_definition(loaded, understood)
    if not data:
        return understood, found
    needed = fields_to_lint(loaded, understood)
    with exports_of(replace(run, paths=tuple(data)), understood.definition, needed) as read:
        engine, intake = read
        whole = find_definition(run.metrics, keep_omitted=True) if loaded.omitted else loaded
        return understood, (*found, *lint_data(engine, intake, loaded, understood, whole))


@contextmanager
def validated(run: Run) -> Iterator[tuple[Understood, StagingEngine, Intake]]:
    """The exports read and checked, nothing computed; refused rows can be fetched meanwhile."""
    understood = load(run)
    needed = fields_to_check(understood, run.request)
    with _unread_exports_kept(run.paths, run.outputs):
        found = find_exports(run.paths)
    with open_engine(run.memory, guess_size(found[0])) as engine:
        with _unread_exports_kept(run.paths, run.outputs):
            intake = take_in(
                found, understood.definition, engine, needed, run.progress, run.outputs
            )
        yield understood, engine, intake


@contextmanager
def _unread_exports_kept(paths: Iterable[Path], outputs: Iterable[Path]) -> Iterator[None]:
    """Raises `UsageError` where reading fails and that would be told in place of an export."""
    try:
        yield
    except (DefinitionError, IntakeError):
        exports = tuple(possible_exports(paths))
        for output in outputs:
            refuse_input_as_output(output, exports)
        raise


def judge_exports(
    run: Run, understood: Understood, staging: StagingEngine, intake: Intake
) -> Fitness:
    """Whether the exports that were read are fit for the run's question, on its own engine."""
    with _engine_asked(run, staging, intake) as engine:
        return judge_fitness(engine, intake, understood, run.request)


def explain(run: Run, group: Choice = (), *, with_rows: bool = False) -> Explanation:
    """The one indicator that the run asks for, explained down to its rows.

    `group` names one group by fields and values; without it the total is explained.
    """
    from csq.explanation.choice import choose_score, find_group, group_request
    from csq.explanation.explain import explain_score

    understood = load(run)
    request = group_request(run.request, group)
    wanted = find_group(understood, group)
    needed = needed_fields(understood, request)
    with exports_of(run, understood.definition, needed) as (engine, intake):
        scorecard = score_intake(engine, intake, understood, request)
        scorecard = replace(scorecard, shield=shield_of(understood))
        score = choose_score(scorecard, wanted)
        return explain_score(engine, intake, understood, scorecard, score, with_rows=with_rows)


def compare_definitions(run: Run, indicator: str) -> tuple[Indicator, Scorecard]:
    """An indicator, and every published meaning of its name on the same rows, its own first.

    Raises `UsageError` for an indicator that is not there or has no other meaning.
    """
    understood = load(run)
    (own,) = choose_indicators(understood, (indicator,))
    if not own.definition.variants:
        known = [each.id for each in understood.indicators if each.definition.variants]
        raise UsageError(NO_VARIANTS.at(value=own.id, known=list_names(known)))
    several = replace(understood, indicators=understand_variants(understood, own.id))
    needed = needed_fields(several, run.request)
    with exports_of(run, several.definition, needed) as (engine, intake):
        return own.definition, score_intake(engine, intake, several, run.request)


def score_frame(
    *paths: str | Path,
    metrics: str | Path | None = None,
    period: str | None = None,
    by: str | Sequence[str] = (),
    where: str | None = None,
    indicators: str | Sequence[str] = (),
) -> pd.DataFrame:
    """The scorecard as a pandas frame: one row an indicator and group, numbers as floats.

    Takes what `csq score` takes, and raises `CsqError` as `score` does, said in the definition's
    language. Durations are seconds and
    percentages fractions; `group.channel` is empty in the row of the total. People are shown as
    `privacy:` says.
    """
    import pandas as pd

    from csq.reports.json import score_rows

    levels = levels_of([by] if isinstance(by, str) else by)
    wanted = (indicators,) if isinstance(indicators, str) else tuple(indicators)
    with _in_language_of_definition() as speak:
        run = Run(
            paths=tuple(map(Path, paths or ("",))),
            metrics=None if metrics is None else Path(metrics),
            request=Request(period, levels, where, wanted, date.today()),
            speak=speak,
        )
        scorecard = score(run)
    rows = score_rows(protect_for_programs(scorecard), scorecard.language)
    # A row without a target has none of the target's columns, and not one more that says so.
    return pd.json_normalize([row | {"target": row["target"] or {}} for row in rows])
