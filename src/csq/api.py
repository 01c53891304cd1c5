"""The steps of a run: what the commands do, and what `import csq.api` offers to Python."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from csq.definition.load import LoadedDefinition, load_definition
from csq.engines.base import Engine
from csq.files import spill_folder
from csq.formula.understand import Understood, understand
from csq.intake.intake import Intake, Progress, take_in
from csq.scorecard import Scorecard
from csq.scoring import Request, needed_fields, score_intake

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_MEMORY = "4GB"


@dataclass(frozen=True, slots=True)
class Run:
    """What is asked of one run: the exports, the definition, and the question."""

    paths: tuple[Path, ...] = (Path(),)
    metrics: Path | None = None
    request: Request = field(default_factory=Request)
    memory: str = DEFAULT_MEMORY
    progress: Progress = lambda step: None


def find_definition(metrics: Path | None) -> LoadedDefinition:
    """The definition asked for, else the one in the current folder, else the shipped one."""
    here = Path("metrics.yaml")
    return load_definition(metrics or (here if here.is_file() else None))


@contextmanager
def open_engine(memory: str) -> Iterator[Engine]:
    """An engine with bounded memory; what it spills is gone afterwards."""
    from csq.engines.duckdb import DuckDBEngine

    with spill_folder() as folder:
        engine = DuckDBEngine(folder, memory)
        try:
            yield engine
        finally:
            engine.close()


def score(run: Run) -> Scorecard:
    """Exports to a scorecard; raises `CsqError` with everything a user has to mend.

    The scorecard carries a problem for every source that lost more rows than is tolerated:
    its numbers are computed all the same.
    """
    understood = understand(find_definition(run.metrics))
    with open_engine(run.memory) as engine:
        intake = take_in(
            run.paths,
            understood.definition,
            engine,
            needed_fields(understood, run.request),
            run.progress,
        )
        return score_intake(engine, intake, understood, run.request)


@contextmanager
def validated(run: Run) -> Iterator[tuple[Understood, Engine, Intake]]:
    """The exports read and checked, nothing computed; refused rows can be fetched meanwhile."""
    understood = understand(find_definition(run.metrics))
    with open_engine(run.memory) as engine:
        yield (
            understood,
            engine,
            take_in(run.paths, understood.definition, engine, {}, run.progress),
        )


def score_frame(run: Run) -> pd.DataFrame:
    """The scorecard as a pandas frame: one row an indicator and group, numbers as floats."""
    import pandas as pd

    from csq.reports.json import score_rows

    return pd.json_normalize(score_rows(score(run), "zh"))
