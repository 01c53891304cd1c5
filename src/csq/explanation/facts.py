"""What an explanation consists of: steps, origins, rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from csq.errors import Place
from csq.formula.tree import Aggregate, Term, Type
from csq.protection import ProgramScorecard, ShownScorecard
from csq.records.schema import Field
from csq.scorecard import Score
from csq.wording import Wording, verbatim


class Role(StrEnum):
    """What the rows of an aggregate are to the indicator: counted in, or taken off again."""

    PART = "part"
    OFF_PART = "off_part"
    WHOLE = "whole"
    OFF_WHOLE = "off_whole"
    VALUE = "value"
    OFF_VALUE = "off_value"

    @property
    def taken_off(self) -> Role:
        """What rows are that are taken off where these count."""
        return _TAKEN_OFF[self]


_TAKEN_OFF = {
    Role.PART: Role.OFF_PART,
    Role.OFF_PART: Role.PART,
    Role.WHOLE: Role.OFF_WHOLE,
    Role.OFF_WHOLE: Role.WHOLE,
    Role.VALUE: Role.OFF_VALUE,
    Role.OFF_VALUE: Role.VALUE,
}


NAMELESS = verbatim("")


class StepKind(StrEnum):
    """What a row has to pass, in the order in which it is looked at."""

    ROW_SET = "row_set"
    PERIOD = "period"
    NARROWED = "narrowed"
    CONDITION = "condition"
    FILLED = "filled"
    LARGEST = "largest"


@dataclass(frozen=True, slots=True)
class Step:
    """One demand on the rows: how many fulfil it, and why the others do not.

    What came in is `kept + refused + blank`; a blank is neither yes nor no, and so not a yes.
    """

    kind: StepKind
    demand: Wording
    kept: int
    refused: int
    blank: int
    row_set: str = ""
    """The row set of the definition whose demand this is."""
    row_set_title: Wording = NAMELESS
    """What reports call that row set."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The way of one source's rows into one aggregate: the last step's rows are what counts.

    `read = rejected + duplicates + kept`, and `kept` goes into the first step.
    """

    roles: tuple[Role, ...]
    aggregate: Aggregate
    read: int
    rejected: int
    duplicates: int
    steps: tuple[Step, ...]

    @property
    def kept(self) -> int:
        return self.read - self.rejected - self.duplicates

    @property
    def counted(self) -> int:
        return self.steps[-1].kept if self.steps else self.kept


@dataclass(frozen=True, slots=True)
class Amount:
    """One of several values that a formula puts together, and what it comes to."""

    term: Term
    value: Fraction | None


@dataclass(frozen=True, slots=True)
class NamedPart:
    """An indicator, measure or row set in a formula, as the definition writes it and in words."""

    name: str
    written: str
    words: Wording


@dataclass(frozen=True, slots=True)
class FieldOrigin:
    """A field that counts, and the headers it stood under: how many files of each."""

    source: Wording
    field: Wording
    headers: tuple[tuple[str, int], ...]
    from_events: bool = False
    """Whether it is in no column, but told by the rows of a case together."""


@dataclass(frozen=True, slots=True)
class TellingRow:
    """One row that shows where the value comes from."""

    place: Place
    key: str | None
    moment: datetime | None
    value: object


@dataclass(frozen=True, slots=True)
class Telling:
    """The rows that say most: why these, and what is shown of each."""

    reason: Wording
    key: Wording | None
    value: Wording | None
    type: Type | None
    rows: tuple[TellingRow, ...]


@dataclass(frozen=True, slots=True)
class RowBehind:
    """One row behind a value: where it stands, what it counts as, and its cells."""

    place: Place
    counts: frozenset[Role]
    cells: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class RowsBehind:
    """Every row of one source behind a value; `fields` are what the cells are."""

    title: Wording
    fields: tuple[Field, ...]
    roles: tuple[Role, ...]
    rows: tuple[RowBehind, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One score explained; people are shown as `privacy:` says."""

    scorecard: ShownScorecard
    """With this score alone."""
    for_programs: ProgramScorecard
    """The same, as JSON has it."""
    score: Score
    words: Wording
    parts: tuple[NamedPart, ...]
    amounts: tuple[Amount, ...]
    """What the formula puts together, where the value does not show it."""
    origins: tuple[FieldOrigin, ...]
    traces: tuple[Trace, ...]
    telling: Telling | None
    statements: tuple[str, ...]
    """The queries in the engine's own SQL."""
    behind: tuple[RowsBehind, ...] = ()
