"""Measurements judged against targets. Pure: numbers in, verdicts out, exactly."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from csq.definition.indicators import Indicator
from csq.definition.targets import Level, Target
from csq.errors import Problem
from csq.formula import tree
from csq.formula.targets import GroupValue
from csq.formula.tree import Aggregate, Constant, Maturity, Operation, Summary
from csq.formula.understand import UnderstoodIndicator
from csq.intake.receipt import Receipt
from csq.measure import Group, Measurement
from csq.period import Period
from csq.privacy import MASKED, Shield
from csq.records.column import Term
from csq.wording import Language, Wording, join, verbatim


class Verdict(StrEnum):
    """What a measurement says of its target; the words of the JSON contract."""

    MET = "met"
    MISSED = "missed"
    NO_TARGET = "no_target"
    NO_DATA = "no_data"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"

    @property
    def wording(self) -> Wording:
        return _TITLES[self]

    @property
    def sign(self) -> str:
        return _SIGNS[self]


_TITLES = {
    Verdict.MET: Wording("达标", "met"),
    Verdict.MISSED: Wording("未达标", "missed"),
    Verdict.NO_TARGET: Wording("无目标", "no target"),
    Verdict.NO_DATA: Wording("无数据", "no data"),
    Verdict.NOT_ENOUGH_EVIDENCE: Wording("证据不足", "not enough evidence"),
}
_SIGNS = {
    Verdict.MET: "✔",
    Verdict.MISSED: "✘",
    Verdict.NO_TARGET: "·",
    Verdict.NO_DATA: "–",
    Verdict.NOT_ENOUGH_EVIDENCE: "?",
}


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What is missing to reach a missed target, all else staying as it is.

    `rows` is how many rows would have to change sides; for a mean of durations `seconds` is what
    would have to go from the total, or come to it.
    """

    rows: int | None = None
    seconds: Fraction | None = None
    is_more: bool = False
    """Whether more of them would reach the target, and not fewer."""


@dataclass(frozen=True, slots=True)
class TooYoung:
    """How many rows are younger at the end of the data than is asked, and what became of them."""

    maturity: Maturity
    rows: int


@dataclass(frozen=True, slots=True)
class MissedTarget:
    """A target that a value did not reach, and the value less that target, exactly."""

    target: Target
    gap: Fraction


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same indicator in another period."""

    period: Period
    value: Fraction | None


@dataclass(frozen=True, slots=True)
class Score:
    """One measurement judged: a row of the scorecard."""

    measurement: Measurement
    verdict: Verdict
    target: Target | None
    gap: Fraction | None
    """The value less its target, exactly."""
    missed: Mapping[Level, MissedTarget]
    """The targets that were missed, the least asked for first."""
    previous: Fraction | None
    trend: tuple[Fraction | None, ...]
    """The values of the periods up to this one, the oldest first; a thin one is none of them."""
    shortfall: Shortfall | None
    reference: Comparison | None = None
    lacking: tuple[Wording, ...] = ()
    """Why there can be no data: the sources and fields that the exports do not have."""
    unjudged: Mapping[Level, Wording] = field(default_factory=dict)
    """Why there is no judging by a target in force: its baseline has no data, or too few."""
    unequal: frozenset[Level] = frozenset()
    """Those of them whose baseline is not as long as the period: no data would mend that."""
    blanks: int = 0
    """Rows whose condition met a blank and so counted as not fulfilled."""
    young: tuple[TooYoung, ...] = ()
    thin: Mapping[int, Fraction] = field(default_factory=dict)
    """What the trend leaves out since too few rows carry it, by its place there."""
    is_asked_for: bool = True
    """Whether the definition itself asks for this score: the total, or a target's own group."""

    @property
    def indicator(self) -> Indicator:
        return self.measurement.indicator.definition

    @property
    def unripe(self) -> int:
        """Rows younger at the end of the data than is asked of them."""
        return sum(each.rows for each in self.young)

    @property
    def sources(self) -> frozenset[str]:
        """The kinds of records it is worked out from."""
        found = self.measurement.indicator.aggregates
        return frozenset(each.population.schema.source for each in found)

    @property
    def group(self) -> Group:
        return self.measurement.group

    @property
    def missed_levels(self) -> frozenset[Level]:
        return frozenset(self.missed)

    @property
    def group_name(self) -> Wording:
        """The values of the group in words; empty for the total."""
        schemas = [each.population.schema for each in self.measurement.indicator.aggregates]
        parts = []
        for name, value in self.group:
            field = next((found for schema in schemas if (found := schema.field(name))), None)
            parts.append(_name_value(value, field.column.terms if field else ()))
        return join(parts, " / ", " / ")

    def canonical(self, name: str) -> str:
        """The name of a field that a person may have written by its title."""
        schemas = {each.population.schema for each in self.measurement.indicator.aggregates}
        return next((field.name for each in schemas if (field := each.find(name))), name)

    @property
    def has_target_of_its_own(self) -> bool:
        """Whether the target is for this very group, and not for a wider one."""
        scope = self.target.where if self.target else {}
        return {self.canonical(name) for name in scope} == {name for name, _ in self.group}

    @property
    def target_scope(self) -> Wording:
        """Whom the target is for, by the titles of the fields; empty where it is for all rows."""
        schemas = {each.population.schema for each in self.measurement.indicator.aggregates}
        parts = []
        for name, text in (self.target.where if self.target else {}).items():
            field = next((found for each in schemas if (found := each.find(name))), None)
            value = _name_value(text, field.column.terms if field else ())
            title = field.title if field else verbatim(name)
            parts.append(Wording("{field} = {it}", "{field} = {it}").fill(field=title, it=value))
        return join(parts)

    @property
    def value(self) -> Fraction | None:
        return self.measurement.value

    @property
    def is_thin(self) -> bool:
        """Whether its value stands on fewer rows than its indicator asks for."""
        return len(self.trend) - 1 in self.thin

    @property
    def is_thin_before(self) -> bool:
        """Whether the period before has a value, but on too few rows to compare with."""
        return len(self.trend) - 2 in self.thin

    @property
    def change(self) -> Fraction | None:
        """The value less that of the previous period."""
        if self.value is None or self.previous is None:
            return None
        return self.value - self.previous


BLANK = Wording("（空白）", "(blank)")
_YES, _NO = Wording("是", "yes"), Wording("否", "no")


def _name_value(value: GroupValue, terms: Iterable[Term]) -> Wording:
    if value is None:
        return BLANK
    if isinstance(value, bool):
        return _YES if value else _NO
    known = next((term for term in terms if term.zh == value), None)
    return Wording(known.zh, known.en) if known else verbatim(str(value))


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All judged measurements of a run, and all that a report may say about them."""

    period: Period
    complete: bool
    digest: str
    language: Language
    """The definition's own language."""
    receipts: tuple[Receipt, ...]
    scores: tuple[Score, ...]
    assumptions: tuple[Wording, ...] = ()
    problems: tuple[Problem, ...] = ()
    condition: str | None = None
    """The `--where` the run was narrowed by."""
    shield: Shield = MASKED
    """How the definition wants people to be shown."""
    withheld: frozenset[tuple[str, Group]] = frozenset()
    """Which scores are not here since they stand on few rows of one person: indicator, group."""

    @property
    def totals(self) -> tuple[Score, ...]:
        return tuple(score for score in self.scores if not score.group)

    @property
    def asked_for(self) -> tuple[Score, ...]:
        """The totals and the groups that targets are for: each must get its verdict."""
        return tuple(score for score in self.scores if score.is_asked_for)

    def lacking_data(self) -> tuple[Score, ...]:
        """What the exports cannot carry, since a source or a field is not there.

        Where an indicator as a whole cannot be carried its groups are not named again.
        """
        lacking = [score for score in self.scores if score.lacking]
        whole = {score.indicator.id for score in lacking if not score.group}
        return tuple(s for s in lacking if not s.group or s.indicator.id not in whole)


NOTHING_UNJUDGED: Mapping[Level, Wording] = MappingProxyType({})


def judge(
    measurement: Measurement,
    targets: Mapping[Level, Target],
    earlier: Iterable[Measurement] = (),
    *,
    lacking: tuple[Wording, ...] = (),
    unjudged: Mapping[Level, Wording] = NOTHING_UNJUDGED,
    unequal: frozenset[Level] = frozenset(),
    reference: Comparison | None = None,
    blanks: int = 0,
    young: tuple[TooYoung, ...] = (),
) -> Score:
    """A measurement against the targets that apply to its group.

    `earlier` are the same indicator's measurements of the periods before, the latest last; those
    of fewer rows than the indicator asks for are no value to compare with. `unjudged` are targets
    of which nobody knows what they come to: who reaches the floor beside such a target has not
    met anything, who misses it has.
    """
    known = [*earlier, measurement]
    trend = tuple(None if is_thin(each) else each.value for each in known)
    group = dict(measurement.group)
    target = targets.get(Level.TARGET) or targets.get(Level.FLOOR)
    verdict = _verdict(measurement, target)
    if Level.TARGET in unjudged and verdict is Verdict.MET:
        target, verdict = None, Verdict.NO_TARGET
    value = None if verdict is Verdict.NOT_ENOUGH_EVIDENCE else measurement.value
    missed = {
        level: MissedTarget(targets[level], targets[level].value.distance(value))
        for level in Level
        if level in targets and value is not None and not targets[level].value.holds(value)
    }
    return Score(
        measurement=measurement,
        verdict=verdict,
        target=target,
        gap=_gap(measurement, target),
        missed=missed,
        previous=trend[-2] if len(trend) > 1 else None,
        trend=trend,
        shortfall=find_shortfall(measurement, target) if verdict is Verdict.MISSED else None,
        reference=reference,
        lacking=lacking,
        unjudged=unjudged,
        unequal=unequal,
        blanks=blanks,
        young=young,
        thin={
            at: each.value
            for at, each in enumerate(known)
            if each.value is not None and is_thin(each)
        },
        is_asked_for=not group
        or any(each.scope == group for each in measurement.indicator.targets),
    )


def _gap(measurement: Measurement, target: Target | None) -> Fraction | None:
    if target is None or measurement.value is None:
        return None
    return target.value.distance(measurement.value)


def with_shown_limits(score: Score) -> Score:
    """A score in which limits that were worked out are as people read them.

    The shown number never contradicts the verdict, which was found exactly.
    """
    definition = score.indicator

    def shown(asked: Target) -> Target:
        limit = asked.value.rounded(score.value, definition.unit, definition.decimals)
        return asked.model_copy(update={"value": limit})

    missed = {n: replace(each, target=shown(each.target)) for n, each in score.missed.items()}
    return replace(score, target=score.target and shown(score.target), missed=missed)


def _verdict(measurement: Measurement, target: Target | None) -> Verdict:
    if measurement.value is None:
        return Verdict.NO_DATA
    if target is None:
        return Verdict.NO_TARGET
    if is_thin(measurement):
        return Verdict.NOT_ENOUGH_EVIDENCE
    return Verdict.MET if target.value.holds(measurement.value) else Verdict.MISSED


def is_thin(measurement: Measurement) -> bool:
    """Whether a value stands on fewer rows than its indicator asks for."""
    return measurement.n < (measurement.indicator.definition.min_n or 0)


def choose_targets(
    indicator: UnderstoodIndicator, group: Mapping[str, GroupValue], day: date
) -> dict[Level, Target]:
    """The most specific target of each level for a group, in a period that ends with `day`.

    Two equally specific ones cannot meet here; the definition is checked for that.
    """
    chosen = {}
    for level in Level:
        fitting = [
            target
            for target in indicator.targets
            if target.level is level
            and target.applies_to(group)
            and target.definition.is_in_force(day)
        ]
        if fitting:
            chosen[level] = max(fitting, key=lambda target: target.specificity).definition
    return chosen


def find_shortfall(measurement: Measurement, target: Target | None) -> Shortfall | None:
    """What is missing to a missed target; `None` where that is no matter of rows or of time.

    With part a, whole n and target T it is ceil(T n - a) rows more, or ceil(a - T n) fewer; T is
    the nearer end of a band. Of a count the gap itself says it, and how many rows a percentile is
    away its parts do not tell.
    """
    part, whole = measurement.part, measurement.whole
    ratio = measurement.indicator.ratio
    if target is None or not whole or part is None or ratio is None:
        return None
    asked = target.value
    gap = asked.distance(part / whole)
    is_more = gap < 0 or (gap == 0 and asked.operator == ">")
    distance = abs(gap) * whole
    summaries = {each.summary for each in measurement.indicator.aggregates}
    if summaries == {Summary.COUNT}:
        step = _step_of(ratio.part, ratio.whole)
        if not step:
            return None
        steps = distance / step
        rows = math.floor(steps) + 1 if asked.operator in {">", "<"} else math.ceil(steps)
        changed = part + rows * step if is_more else part - rows * step
        return Shortfall(rows=rows, is_more=is_more) if asked.holds(changed / whole) else None
    if measurement.indicator.definition.unit.value == "duration":
        is_asked = asked.upper is not None or not is_more
        return Shortfall(seconds=distance, is_more=is_more) if is_asked else None
    return None


def _step_of(part: tree.Term, whole: tree.Term) -> Fraction | None:
    """By how much one row more or less changes a part made of counts, the whole staying.

    `None` where that depends on which of its counts the row is in.
    """
    if part == whole or isinstance(part, Constant):
        return Fraction(0)
    match part:
        case Aggregate():
            return Fraction(1)
        case Operation("minus", (inner,)):
            return _step_of(inner, whole)
        case Operation("*" | "/" as name, (left, right)):
            if name == "*" and isinstance(left, Constant):
                left, right = right, left
            step = _step_of(left, whole)
            if step is None or not isinstance(right, Constant):
                return None
            assert isinstance(right.value, Fraction)
            factor = abs(right.value)
            return step * factor if name == "*" else step / factor if factor else None
        case Operation("+" | "-", operands):
            steps = {_step_of(each, whole) for each in operands} - {Fraction(0)}
            return steps.pop() if len(steps) == 1 else Fraction(0) if not steps else None
    return None
