"""What a review knows: the scorecard and everything counted beside it. Pure; exact numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from csq.definition.models import Privacy
from csq.definition.targets import Unit
from csq.formula.tree import RowOperation, Summary
from csq.formula.understand import Understood
from csq.period import Period
from csq.privacy import Shield
from csq.protection import ShownScorecard
from csq.records.schema import Field, Schema
from csq.scorecard import Score

Value = str | int | bool | Fraction | datetime | None
"""A cell of a row as csq keeps it: durations are seconds."""

LABELS = ("channel", "problem_type", "product", "team", "agent_id")
"""What a row behind a miss is described by."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The natural process limits of a series: where points fall while nothing changes."""

    mean: Fraction
    lower: Fraction
    upper: Fraction


@dataclass(frozen=True, slots=True)
class Breach:
    """A value outside the natural limits of its series."""

    period: Period
    value: Fraction
    limit: Fraction
    """The limit it lies beyond."""

    @property
    def excess(self) -> Fraction:
        """How far it lies beyond: negative below the lower limit."""
        return self.value - self.limit


@dataclass(frozen=True, slots=True)
class Drift:
    """A series that does not stay on one level: its first and its last value."""

    begun: tuple[Period, Fraction]
    ended: tuple[Period, Fraction]


@dataclass(frozen=True, slots=True)
class Trend:
    """The values of every indicator over consecutive periods, oldest first.

    Each value is recomputed from the rows of its period.
    """

    periods: tuple[Period, ...]
    scores: Mapping[str, Score]
    """The last period's score of each indicator; its trend is the series."""
    complete: bool = True
    """Whether the last period is over."""

    def series(self, indicator: str) -> tuple[Fraction | None, ...]:
        score = self.scores.get(indicator)
        return score.trend if score else ()

    def thin(self, indicator: str) -> Mapping[int, Fraction]:
        """What a series leaves out since too few rows carry it, by its place there."""
        score = self.scores.get(indicator)
        return score.thin if score else {}

    def limits(self, indicator: str) -> Limits | None:
        """The natural limits of the periods that are over; none where the series drifts."""
        values = [value for _, value in self._over(indicator)]
        return None if is_drifting(values) else find_limits(values)

    def drift(self, indicator: str) -> Drift | None:
        """Where a series began that keeps changing, and how far it came."""
        series = self._over(indicator)
        if not is_drifting([value for _, value in series]):
            return None
        known = [(period, value) for period, value in series if value is not None]
        return Drift(known[0], known[-1])

    def breaches(self, indicator: str) -> tuple[Breach, ...]:
        """The values outside their limits; none where there are no limits.

        A period that is not over is not judged: half a month has half of everything.
        """
        limits = self.limits(indicator)
        if limits is None:
            return ()
        return tuple(
            Breach(period, value, limits.lower if value < limits.lower else limits.upper)
            for period, value in self._over(indicator)
            if value is not None and not limits.lower <= value <= limits.upper
        )

    def _over(self, indicator: str) -> list[tuple[Period, Fraction | None]]:
        series = self.series(indicator)
        pairs = list(zip(self.periods, series, strict=True)) if series else []
        return pairs if self.complete else pairs[:-1]


@dataclass(frozen=True, slots=True)
class HourCell:
    """One hour of one weekday (1 is Monday) over the whole period."""

    weekday: int
    hour: int
    volume: int
    waited: Fraction
    """The first responses of its rows together, in seconds."""
    answered: int
    """How many of its rows have one: their mean is over these."""
    complaints: int

    @property
    def response(self) -> Fraction | None:
        """The mean first response of its rows, in seconds."""
        return self.waited / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class Incident:
    """Hours of one day with far more complaints than such hours have."""

    start: datetime
    end: datetime
    complaints: int
    of_month: int
    """The complaints of that calendar month."""
    response: Fraction | None
    volume: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When the work comes: by hour and weekday, and the hours that stand out."""

    cells: tuple[HourCell, ...]
    days: Mapping[int, int]
    """How many days with rows each weekday has in the period."""
    incidents: tuple[Incident, ...]

    def by_hour(self) -> tuple[HourCell, ...]:
        """Each hour of the day over all weekdays; `weekday` is 0."""
        found = []
        for hour in sorted({cell.hour for cell in self.cells}):
            own = [cell for cell in self.cells if cell.hour == hour]
            found.append(_joined(own, hour))
        return tuple(found)

    def peaks(self) -> tuple[HourCell, ...]:
        """The hours of the day whose volume is more than a quarter above that of the mean hour."""
        hours = [cell for cell in self.by_hour() if cell.volume]
        total = sum(cell.volume for cell in hours)
        return tuple(c for c in hours if total and c.volume * len(hours) * 4 > total * 5)


def _joined(cells: Sequence[HourCell], hour: int) -> HourCell:
    return HourCell(
        weekday=0,
        hour=hour,
        volume=sum(cell.volume for cell in cells),
        waited=sum((cell.waited for cell in cells), Fraction(0)),
        answered=sum(cell.answered for cell in cells),
        complaints=sum(cell.complaints for cell in cells),
    )


@dataclass(frozen=True, slots=True)
class Shares:
    """How the rows of a population spread over the values of one field, the largest first."""

    schema: Schema
    field: Field
    counts: tuple[tuple[str | None, int], ...]
    previous: Mapping[str | None, int]

    @property
    def total(self) -> int:
        return sum(count for _, count in self.counts)


@dataclass(frozen=True, slots=True)
class Stage:
    """The time between two moments of a ticket."""

    start: Field
    end: Field
    n: int
    mean: Fraction | None
    median: Fraction | None
    p90: Fraction | None


@dataclass(frozen=True, slots=True)
class Rating:
    """The mean of one question of the survey."""

    field: Field
    n: int
    mean: Fraction | None
    previous: Fraction | None


@dataclass(frozen=True, slots=True)
class Comment:
    """A low rating with what the customer wrote."""

    key: str
    channel: str | None
    problem_type: str | None
    rating: Fraction
    text: str


@dataclass(frozen=True, slots=True)
class Effect:
    """An indicator in the last period before something was done, and in the latest."""

    score: Score
    before: tuple[Period, Fraction] | None
    """`None` where nothing is done yet, or the exports do not reach so far back."""
    now: tuple[Period, Fraction]


@dataclass(frozen=True, slots=True)
class Improvement:
    """A row of the improvement plan: what was planned, what became of it, and its effect."""

    key: str
    planned_at: datetime
    done_at: datetime | None
    texts: Mapping[str, str | None]
    """The other fields, by name."""
    effect: Effect | None


@dataclass(frozen=True, slots=True)
class MissedRow:
    """One row behind a miss: what and where it is, and the fields that decided."""

    key: str
    moment: datetime | None
    labels: tuple[str | None, ...]
    amount: Fraction | None
    evidence: tuple[tuple[Field, Value], ...]
    file: str
    row: int


@dataclass(frozen=True, slots=True)
class Misses:
    """The rows that keep an indicator from its target; `rows` are the first of `count`."""

    count: int
    rows: tuple[MissedRow, ...]


@dataclass(frozen=True, slots=True)
class Data:
    """The rows of one source that the numbers stand on, as the engine holds them."""

    schema: Schema
    fields: tuple[Field, ...]
    derived: tuple[RowOperation, ...]
    """What no row tells alone and indicators ask for: working time, a return within some days."""
    count: int
    dated_otherwise: bool
    """Whether rows of other periods are among them: dated by another time, or still in stock."""
    rows: Sequence[tuple[Value, ...]]
    """File, row, moment, then the value of each field, then of each derived."""


@dataclass(frozen=True)
class Review:
    """Everything the workbook and the page are made from."""

    understood: Understood
    scorecard: ShownScorecard
    trend: Trend
    hours: Hours | None
    shares: tuple[Shares, ...]
    stages: tuple[Stage, ...]
    ratings: tuple[Rating, ...]
    comments: tuple[Comment, ...]
    improvements: tuple[Improvement, ...]
    misses: Mapping[str, Misses]
    data: tuple[Data, ...]
    shield: Shield
    """How rows are shown; the scorecard is protected already."""
    days: frozenset[date]
    data_end: datetime | None
    """The latest moment in the data: what `DATA_END()` says."""

    @property
    def privacy(self) -> Privacy:
        return self.understood.definition.privacy

    def groups_of(self, indicator: str, field: str) -> tuple[Score, ...]:
        """The scores of an indicator by one field."""
        return tuple(self._groups.get((indicator, field), ()))

    @cached_property
    def _groups(self) -> Mapping[tuple[str, str], Sequence[Score]]:
        """The scores by one field: the story asks for them some hundred times."""
        found: dict[tuple[str, str], list[Score]] = {}
        for score in self.scorecard.scores:
            if len(score.group) == 1:
                found.setdefault((score.indicator.id, score.group[0][0]), []).append(score)
        return found


def find_effect(indicator: str | None, done_at: datetime | None, trend: Trend) -> Effect | None:
    """An indicator, meant by its id or its name, before something was done and in the end.

    A comparison in time only: nothing says that the one made the other.
    """
    wanted = (indicator or "").strip().casefold()
    score = next((s for s in trend.scores.values() if wanted and wanted in _names(s)), None)
    if score is None:
        return None
    known = [
        (period, value)
        for period, value in zip(trend.periods, score.trend, strict=True)
        if value is not None
    ]
    if not known:
        return None
    earlier = [each for each in known if done_at and each[0].end <= done_at.date()]
    return Effect(score, earlier[-1] if earlier else None, known[-1])


def _names(score: Score) -> set[str]:
    name = score.indicator.name
    return {each.casefold() for each in (score.indicator.id, name.zh, name.en)}


def find_limits(values: Sequence[Fraction | None]) -> Limits | None:
    """The limits of an XmR chart: mean ± 2.66 × the mean moving range (Shewhart, Wheeler).

    `None` below five points, which say nothing.
    """
    known = [value for value in values if value is not None]
    if len(known) < 5:
        return None
    mean = sum(known, Fraction(0)) / len(known)
    ranges = [abs(after - before) for before, after in pairwise(known)]
    reach = Fraction(266, 100) * sum(ranges, Fraction(0)) / len(ranges)
    return Limits(mean, mean - reach, mean + reach)


_STEADY = 6
"""So many values in a row that all rise, or all fall, are a trend (Nelson's third test)."""


def is_drifting(values: Sequence[Fraction | None]) -> bool:
    """Whether a series keeps changing, so that limits of one level do not describe it.

    It does where values lie beyond both of its limits: they are made of values of more than one
    level (Wheeler, Understanding Variation: limits describe one process). And where six values in
    a row steadily rise or fall (Nelson, The Shewhart Control Chart: Tests for Special Causes,
    Journal of Quality Technology 16, 1984, test 3). The change itself is then what there is to
    say, once, and not each value.
    """
    limits, known = find_limits(values), [value for value in values if value is not None]
    if limits is None:
        return False
    if min(known) < limits.lower and max(known) > limits.upper:
        return True
    signs = [(after > before) - (after < before) for before, after in pairwise(known)]
    runs = (signs[at : at + _STEADY - 1] for at in range(len(known) - _STEADY + 1))
    return any(run in ([1] * (_STEADY - 1), [-1] * (_STEADY - 1)) for run in runs)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one group has in the rows that speak against an indicator."""

    score: Score
    bad_share: Fraction
    """Its share of the rows (or of the time) that speak against the indicator."""
    row_share: Fraction
    """Its share of all rows."""
    bad_total: Fraction
    """How much speaks against the indicator in all: rows, or time."""

    @property
    def excess(self) -> Fraction:
        """How many times as many as its size would make it: above 1 it carries more."""
        return self.bad_share / self.row_share if self.row_share else Fraction(0)

    @property
    def is_of_rows(self) -> bool:
        """Whether rows are counted here, and nothing is summed up."""
        used = self.score.measurement.indicator.aggregates
        return all(each.summary is Summary.COUNT for each in used)

    @property
    def may_be_chance(self) -> bool:
        """Whether nobody is to be blamed for it.

        A share of sums is no count of rows, however many minutes it is of: what its rows would do
        by chance nobody knows, so it may be. Of a total the shares alone decide.
        """
        if self.is_of_rows:
            return self.is_by_chance
        return self.score.indicator.unit is Unit.PERCENT

    @property
    def is_by_chance(self) -> bool:
        """Whether rows that fell where they may would often enough lie as unevenly.

        Up to three standard deviations of a binomial count above what its size would make it.
        """
        more = (self.bad_share - self.row_share) * self.bad_total
        return more <= 0 or more**2 < 9 * self.bad_total * self.row_share * (1 - self.row_share)


def find_contributions(scores: Sequence[Score], *, rises: bool) -> Iterator[Contribution]:
    """What each group contributes to what is wrong, where the indicator is a quotient.

    With an indicator that is to rise the rows outside the part speak against it, else those of
    the part.
    """
    parts = []
    for score in scores:
        part, whole = score.measurement.part, score.measurement.whole
        if part is None or whole is None:
            return
        parts.append((score, whole - part if rises else part, whole))
    bad_total = sum((bad for _, bad, _ in parts), Fraction(0))
    row_total = sum((whole for _, _, whole in parts), Fraction(0))
    if bad_total <= 0 or row_total <= 0:
        return
    for score, bad, whole in parts:
        yield Contribution(score, bad / bad_total, whole / row_total, bad_total)
