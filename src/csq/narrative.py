"""优势 / 不足 / 改进方向, by rules over the scorecard; every sentence carries its evidence.

A sentence is a wording with gaps. A number can only stand in a gap, as a `Figure`, and
`refuse_unheld` lets no figure pass that the review does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from csq.definition.models import Comparison, Direction, Indicator, Unit
from csq.formula.tree import Constant, FieldTerm, RowOperation, RowTerm
from csq.review.facts import Contribution, HourCell, Review, Shares, find_contributions
from csq.scorecard import BLANK, Score, Verdict
from csq.wording import Wording, verbatim

FOCUS_FIELDS = ("problem_type", "channel", "team")
"""The breakdowns in which a cause is looked for, the most telling first."""

_MOST = {"strengths": 5, "weaknesses": 8, "directions": 7}
_HEAVY_SHARE = Fraction(1, 4)
_HEAVY_EXCESS = Fraction(13, 10)
_OTHER = "其他"


class Kind(StrEnum):
    """How a figure is said."""

    VALUE = "value"
    DIFFERENCE = "difference"
    SHARE = "share"
    COUNT = "count"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a sentence: what it is and how it is said; exact."""

    kind: Kind
    value: Fraction
    unit: Unit
    indicator: Indicator | None = None
    target: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement: its words with gaps, the figures and names that fill them."""

    about: str
    """The indicator's id, or what else it speaks of."""
    words: Wording
    figures: Mapping[str, Figure] = field(default_factory=dict)
    names: Mapping[str, Wording | Comparison | date] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    """The units of the targets among the names."""


@dataclass(frozen=True, slots=True)
class Story:
    """What is good, what is not, what to do, and all of it in one line."""

    pattern: Sentence | None
    strengths: tuple[Sentence, ...]
    weaknesses: tuple[Sentence, ...]
    directions: tuple[Sentence, ...]

    def sentences(self) -> tuple[Sentence, ...]:
        first = (self.pattern,) if self.pattern else ()
        return (*first, *self.strengths, *self.weaknesses, *self.directions)


class UnheldFigure(AssertionError):
    """A sentence says a number that the review does not hold: a bug in a rule."""


def tell(review: Review) -> Story:
    """The story of a review; raises `UnheldFigure` rather than say a number that is not its own."""
    rules = _Rules(review)
    story = Story(
        rules.pattern(),
        tuple(rules.strengths())[: _MOST["strengths"]],
        tuple(rules.weaknesses())[: _MOST["weaknesses"]],
        tuple(rules.directions())[: _MOST["directions"]],
    )
    refuse_unheld(story.sentences(), review)
    return story


def refuse_unheld(sentences: Iterable[Sentence], review: Review) -> None:
    """Raise `UnheldFigure` for a digit outside of the gaps, or a figure the review lacks."""
    held = frozenset(_held(review))
    for sentence in sentences:
        for text in (sentence.words.zh, sentence.words.en):
            if re.search(r"\d", re.sub(r"\{\w+\}", "", text)):
                raise UnheldFigure(f"{sentence.about}: a number written out in {text!r}")
        for name, figure in sentence.figures.items():
            of = figure.indicator.id if figure.indicator else None
            if (figure.kind, figure.value, of) not in held:
                raise UnheldFigure(f"{sentence.about}: {name} is {figure.value}")


def _held(review: Review) -> Iterator[tuple[Kind, Fraction, str | None]]:
    """Every number that a sentence may say, and the indicator it is of, if it is of one."""
    for score in review.scorecard.scores:
        of = score.indicator.id
        if score.value is not None:
            yield Kind.VALUE, score.value, of
        if score.reference and score.reference.value is not None:
            yield Kind.VALUE, score.reference.value, of
            if score.value is not None:
                yield Kind.DIFFERENCE, score.value - score.reference.value, of
        for difference in (score.gap, score.change):
            if difference is not None:
                yield Kind.DIFFERENCE, difference, of
        if score.shortfall and score.shortfall.rows is not None:
            yield Kind.COUNT, Fraction(score.shortfall.rows), None
        yield Kind.COUNT, Fraction(score.measurement.n), None
    for score in review.scorecard.totals:
        for name in FOCUS_FIELDS:
            for each in _contributions(review, score, name):
                yield Kind.SHARE, each.bad_share, None
                yield Kind.SHARE, each.row_share, None
    for shares in review.shares:
        for _, count in shares.counts:
            yield Kind.COUNT, Fraction(count), None
            yield Kind.SHARE, Fraction(count, shares.total), None
    if review.hours:
        for cell in (*review.hours.cells, *review.hours.by_hour()):
            yield Kind.CLOCK, Fraction(cell.hour), None
            yield Kind.CLOCK, Fraction(cell.hour + 1), None
            yield Kind.COUNT, Fraction(cell.volume), None
            if cell.response is not None:
                yield Kind.VALUE, cell.response, None
        for each_incident in review.hours.incidents:
            yield Kind.CLOCK, Fraction(each_incident.start.hour), None
            yield Kind.CLOCK, Fraction(each_incident.end.hour or 24), None
            yield Kind.COUNT, Fraction(each_incident.complaints), None
            yield Kind.SHARE, Fraction(each_incident.complaints, each_incident.of_month), None
            if each_incident.response is not None:
                yield Kind.VALUE, each_incident.response, None


def _contributions(review: Review, score: Score, name: str) -> tuple[Contribution, ...]:
    rises = score.indicator.direction is Direction.UP
    return tuple(find_contributions(review.groups_of(score.indicator.id, name), rises=rises))


@dataclass(frozen=True, slots=True)
class _Focus:
    """The group that carries most of a miss."""

    score: Score
    field: str
    contribution: Contribution

    @property
    def label(self) -> str:
        return str(self.contribution.score.group[0][1])


@dataclass(frozen=True, slots=True)
class _Rules:
    review: Review

    # Strengths --------------------------------------------------------------------------------

    def strengths(self) -> Iterator[Sentence]:
        """Targets that are met: first what got better, the farthest beyond its target first."""
        for score in self._met():
            yield self._strength(score)
        for score in self._improved():
            yield Sentence(
                score.indicator.id,
                Wording("{name}改善到 {value}，较上期 {change}。",
                        "{name} improved to {value}, {change} on the period before."),
                {"value": _value(score), "change": _difference(score, score.change)},
                {"name": score.indicator.name},
            )  # fmt: skip

    def _met(self) -> list[Score]:
        """What got better first, then what stands farthest beyond its target."""

        def order(score: Score) -> tuple[bool, bool, Fraction, str]:
            better = _goodness(score, score.change) > 0
            step = score.change if better else score.gap
            # A comparison with a named base is what the definition itself holds up as progress.
            return not better, score.reference is None, -_relative(score, step), score.indicator.id

        met = [s for s in self.review.scorecard.totals if s.verdict is Verdict.MET]
        return sorted(met, key=order)

    def _improved(self) -> list[Score]:
        found = [
            s
            for s in self.review.scorecard.totals
            if s.verdict is Verdict.NO_TARGET
            and s.indicator.unit is not Unit.COUNT
            and _goodness(s, s.change) > 0
            and _relative(s, s.change) >= Fraction(1, 10)
        ]
        return sorted(found, key=lambda s: -_relative(s, s.change))[:2]

    def _strength(self, score: Score) -> Sentence:
        figures = {"value": _value(score)}
        names: dict[str, Wording | Comparison | date] = {"name": score.indicator.name}
        assert score.target is not None
        names["target"] = score.target.value
        units = {"target": score.indicator.unit}
        base = score.reference
        zh, en = (
            "{name} {value}，达到目标（{target}）",
            "{name} is {value} and meets its target ({target})",
        )
        if base and base.value is not None and score.value is not None:
            figures |= {
                "base": Figure(Kind.VALUE, base.value, score.indicator.unit, score.indicator),
                "since": _difference(score, score.value - base.value),
            }
            names["period"] = verbatim(base.period.label)
            zh += "，较 {period} 的 {base} 变化 {since}"
            en += ": {since} on {base} in {period}"
        if score.change is not None:
            figures["change"] = _difference(score, score.change)
            zh += "，较上期 {change}"
            en += ", {change} on the period before"
        words = Wording(zh + "。", en + ".")
        return Sentence(score.indicator.id, words, figures, names, units)

    # Weaknesses -------------------------------------------------------------------------------

    def weaknesses(self) -> Iterator[Sentence]:
        """Missed targets by the rows they lack, what the focus group adds, repeats, incidents."""
        missed = self._missed()
        for score in missed[:4]:
            yield self._weakness(score)
        focus = self.focus()
        if focus:
            yield from self._focus_sentences(focus)
        yield from self._repeats()
        yield from self._incidents()
        yield from self._peaks()
        for score in missed[4:]:
            yield self._weakness(score)

    def _missed(self) -> list[Score]:
        missed = [s for s in self.review.scorecard.totals if s.verdict is Verdict.MISSED]

        def weight(score: Score) -> tuple[int, Fraction]:
            rows = score.shortfall.rows if score.shortfall and score.shortfall.rows else 0
            return -rows, -_relative(score, score.gap)

        return sorted(missed, key=weight)

    def _weakness(self, score: Score) -> Sentence:
        assert score.target is not None
        figures = {"value": _value(score), "gap": _difference(score, score.gap)}
        names: dict[str, Wording | Comparison | date] = {
            "name": score.indicator.name,
            "target": score.target.value,
        }
        zh = "{name} {value}，未达目标（{target}），差 {gap}"
        en = "{name} is {value} and misses its target ({target}) by {gap}"
        if score.shortfall and score.shortfall.rows is not None:
            figures["rows"] = Figure(Kind.COUNT, Fraction(score.shortfall.rows), Unit.COUNT)
            zh += "，相当于 {rows} 件"
            en += ", that is {rows} cases"
        focus = self._focus_of(score)
        if focus:
            figures |= {
                "bad": _share(focus.contribution.bad_share),
                "all": _share(focus.contribution.row_share),
            }
            names["group"] = self._label(focus.field, focus.label)
            zh += "；其中 {bad} 出在「{group}」，而它只占总量的 {all}"
            en += "; {bad} of it lies with {group}, which has {all} of the volume"
        return Sentence(
            score.indicator.id,
            Wording(zh + "。", en + "."),
            figures,
            names,
            {"target": score.indicator.unit},
        )

    def _focus_of(self, score: Score) -> _Focus | None:
        """The group with the largest excess, among those that carry a fair part of the miss."""
        for name in FOCUS_FIELDS:
            found = [
                each
                for each in _contributions(self.review, score, name)
                if each.score.group[0][1] is not None
                and each.bad_share >= _HEAVY_SHARE
                and each.excess >= _HEAVY_EXCESS
                and each.row_share < 1
            ]
            if found:
                return _Focus(score, name, max(found, key=lambda each: each.bad_share))
        return None

    def focus(self) -> _Focus | None:
        """The group that the heaviest explained miss points at."""
        return next((f for score in self._missed() if (f := self._focus_of(score))), None)

    def _focus_sentences(self, focus: _Focus) -> Iterator[Sentence]:
        """What the definition measures of that very group and sets no target for."""
        own = [
            score
            for score in self.review.scorecard.totals
            if score.value is not None
            and score.verdict is Verdict.NO_TARGET
            and score.indicator.direction is Direction.DOWN
            and _speaks_of(score, focus.field, focus.label)
        ]
        if not own:
            return
        zh, en = [], []
        figures: dict[str, Figure] = {}
        names: dict[str, Wording | Comparison | date] = {
            "group": self._label(focus.field, focus.label)
        }
        for position, score in enumerate(own[:4]):
            mark = "abcd"[position]
            figures[f"{mark}_value"], names[f"{mark}_name"] = _value(score), score.indicator.name
            zh.append(f"{{{mark}_name}} {{{mark}_value}}")
            en.append(f"{{{mark}_name}} {{{mark}_value}}")
        yield Sentence(
            own[0].indicator.id,
            Wording("「{group}」是短板：" + "，".join(zh) + "。",
                    "{group} is the weak spot: " + ", ".join(en) + "."),
            figures, names,
        )  # fmt: skip

    def _repeats(self) -> Iterator[Sentence]:
        for score in self.review.scorecard.totals:
            if (
                score.verdict is Verdict.NO_TARGET
                and score.indicator.unit in {Unit.SCORE, Unit.RATIO}
                and score.indicator.direction is Direction.DOWN
                and score.value is not None
                and score.value >= 2
            ):
                yield Sentence(
                    score.indicator.id,
                    Wording("重复沟通：{name}平均 {value} 次，基于 {n} 件。",
                            "Repeated contacts: {name} averages {value} over {n} cases."),
                    {"value": _value(score), "n": _count(score.measurement.n)},
                    {"name": score.indicator.name},
                )  # fmt: skip

    def _incidents(self) -> Iterator[Sentence]:
        hours = self.review.hours
        for incident in (hours.incidents if hours else ())[:3]:
            figures = {
                "from": _clock(incident.start.hour),
                "to": _clock(incident.end.hour or 24),
                "complaints": _count(incident.complaints),
                "share": _share(Fraction(incident.complaints, incident.of_month)),
            }
            zh = "{day} {from} 至 {to} 异常：投诉 {complaints} 件，占当月投诉 {share}"
            en = "On {day} from {from} to {to}: {complaints} complaints, {share} of that month's"
            if incident.response is not None:
                figures["response"] = Figure(Kind.VALUE, incident.response, Unit.DURATION)
                zh += "，平均首次响应 {response}"
                en += ", first response {response} on average"
            yield Sentence(
                "hours", Wording(zh + "。", en + "."), figures, {"day": incident.start.date()}
            )

    def _peaks(self) -> Iterator[Sentence]:
        """The hours of the day with the slowest answers."""
        hours = self.review.hours
        slow = _slowest(hours.by_hour()) if hours else None
        if slow:
            first, last = slow
            worst = max((first, last), key=lambda cell: cell.response or 0)
            assert worst.response is not None
            yield Sentence(
                "hours",
                Wording("{from} 至 {to} 首次响应最慢，最高的一个小时平均 {response}。",
                        "First response is slowest from {from} to {to}:"
                        " {response} in its slowest hour."),
                {
                    "from": _clock(first.hour),
                    "to": _clock(last.hour + 1),
                    "response": Figure(Kind.VALUE, worst.response, Unit.DURATION),
                },
            )  # fmt: skip

    # Directions -------------------------------------------------------------------------------

    def directions(self) -> Iterator[Sentence]:
        focus = self.focus()
        if focus:
            yield self._train(focus)
        yield from self._staff()
        yield from self._causes()
        for score in self._missed():
            playbook = score.indicator.playbook
            if playbook:
                assert score.target is not None
                yield Sentence(
                    score.indicator.id,
                    Wording("{playbook}（{name} {value}，目标 {target}）。",
                            "{name} ({value}, target {target}): {playbook}."),
                    {"value": _value(score)},
                    {
                        "playbook": Wording(playbook.zh.rstrip("。."), playbook.en.rstrip("。.")),
                        "name": score.indicator.name,
                        "target": score.target.value,
                    },
                    {"target": score.indicator.unit},
                )  # fmt: skip

    def _train(self, focus: _Focus) -> Sentence:
        own = focus.contribution.score
        return Sentence(
            focus.score.indicator.id,
            Wording(
                "把「{group}」列为培训和复盘重点：其{name}只有 {value}，未达部分的 {bad} 由它产生。",
                "Train and review {group} first: its {name} is {value},"
                " and it makes up {bad} of what is missing.",
            ),
            {"value": _value(own), "bad": _share(focus.contribution.bad_share)},
            {
                "group": self._label(focus.field, focus.label),
                "name": focus.score.indicator.name,
            },
        )

    def _staff(self) -> Iterator[Sentence]:
        hours = self.review.hours
        peaks = hours.peaks() if hours else ()
        if not peaks:
            return
        top = sorted(peaks, key=lambda cell: (-cell.volume, cell.hour))[0]
        run = [cell for cell in peaks if _joins(cell, top, peaks)]
        figures = {
            "from": _clock(run[0].hour),
            "to": _clock(run[-1].hour + 1),
            "volume": _count(top.volume),
            "peak": _clock(top.hour),
        }
        zh = "按高峰排班：{from} 至 {to} 量最大，{peak} 起的一小时本期共 {volume} 件"
        en = "Staff the peak: {from} to {to} is busiest, {volume} contacts in the hour from {peak}"
        slow = _slowest(hours.by_hour()) if hours else None
        if slow and slow[0].hour != run[0].hour:
            figures |= {"slow": _clock(slow[0].hour), "until": _clock(slow[1].hour + 1)}
            zh += "；{slow} 至 {until} 响应最慢，也要补人"
            en += "; {slow} to {until} answers slowest and needs people too"
        yield Sentence("hours", Wording(zh + "。", en + "."), figures)

    def _causes(self) -> Iterator[Sentence]:
        """The named causes of complaints, so that each gets a common answer."""
        for shares in self.review.shares:
            if shares.schema.source != "complaints":
                continue
            named = [(v, c) for v, c in shares.counts if v not in {None, _OTHER}][:2]
            if len(named) == 2:
                (first, a), (second, b) = named
                yield Sentence(
                    "complaints",
                    Wording("为主要投诉原因准备统一处理模板：{first} {a}、{second} {b}。",
                            "Prepare common answers to the main causes of complaints:"
                            " {first} {a}, {second} {b}."),
                    {"a": _share(Fraction(a, shares.total)), "b": _share(Fraction(b, shares.total))},
                    {"first": say_value(shares, first), "second": say_value(shares, second)},
                )  # fmt: skip
            other = next((c for v, c in shares.counts[:1] if v == _OTHER), None)
            if other is not None:
                yield Sentence(
                    "complaints",
                    Wording("细化分类：「{other}」占 {share}，是最大的一类，看不出原因。",
                            "Refine the classes: {other} is the largest with {share}"
                            " and says nothing."),
                    {"share": _share(Fraction(other, shares.total))},
                    {"other": say_value(shares, _OTHER)},
                )  # fmt: skip

    # One line ---------------------------------------------------------------------------------

    def pattern(self) -> Sentence | None:
        """Up to two highs of different dimensions against up to two lows."""
        highs: list[Score] = []
        for score in self._met():
            if score.indicator.dimension not in {s.indicator.dimension for s in highs}:
                highs.append(score)
        lows: list[tuple[Wording, Score]] = []
        missed = self._missed()
        focus = self.focus()
        if missed:
            lows.append((missed[0].indicator.name, missed[0]))
        if focus:
            label = self._label(focus.field, focus.label)
            name = Wording("{group}的{name}", "{name} of {group}").fill(
                group=label, name=focus.score.indicator.name
            )
            lows.append((name, focus.contribution.score))
        elif len(missed) > 1:
            lows.append((missed[1].indicator.name, missed[1]))
        title = _PATTERNS.get((min(len(highs), 2), min(len(lows), 2)))
        if title is None:
            return None
        named = [(s.indicator.name, s) for s in highs[:2]]
        figures: dict[str, Figure] = {}
        names: dict[str, Wording | Comparison | date] = {"title": title}
        said = {"high": [], "low": []}  # type: dict[str, list[str]]
        for side, scores in (("high", named), ("low", lows)):
            for position, (name, score) in enumerate(scores):
                mark = f"{side}_{'ab'[position]}"
                names[f"{mark}_name"], figures[f"{mark}_value"] = name, _value(score)
                said[side].append(f"{{{mark}_name}} {{{mark}_value}}")
        zh = "；".join(
            part for part in ("强在" + "、".join(said["high"]) if said["high"] else "",
                              "弱在" + "、".join(said["low"]) if said["low"] else "") if part
        )  # fmt: skip
        en = "; ".join(
            part for part in ("strong in " + " and ".join(said["high"]) if said["high"] else "",
                              "weak in " + " and ".join(said["low"]) if said["low"] else "") if part
        )  # fmt: skip
        return Sentence(
            "pattern", Wording("{title}：" + zh + "。", "{title}: " + en + "."), figures, names
        )

    def _label(self, name: str, value: str) -> Wording:
        for schema in self.review.understood.schemas.values():
            known = schema.field(name)
            for term in known.column.terms if known else ():
                if term.zh == value:
                    return Wording(term.zh, term.en)
        return verbatim(value)


_PATTERNS = {
    (2, 2): Wording("双高双低", "Two highs, two lows"),
    (2, 1): Wording("双高一低", "Two highs, one low"),
    (1, 2): Wording("一高双低", "One high, two lows"),
    (1, 1): Wording("一高一低", "One high, one low"),
    (2, 0): Wording("整体达标", "On target throughout"),
    (1, 0): Wording("整体达标", "On target throughout"),
    (0, 2): Wording("普遍未达", "Below target throughout"),
    (0, 1): Wording("有短板", "One low"),
}


def say_value(shares: Shares, value: str | None) -> Wording:
    """A value of a field in both languages."""
    if value is None:
        return BLANK
    terms = shares.field.column.terms
    term = next((term for term in terms if term.zh == value), None)
    return Wording(term.zh, term.en) if term else verbatim(value)


def _value(score: Score) -> Figure:
    assert score.value is not None
    target = score.target.value if score.target else None
    return Figure(Kind.VALUE, score.value, score.indicator.unit, score.indicator, target)


def _difference(score: Score, difference: Fraction | None) -> Figure:
    assert difference is not None
    return Figure(Kind.DIFFERENCE, difference, score.indicator.unit, score.indicator)


def _share(value: Fraction) -> Figure:
    return Figure(Kind.SHARE, value, Unit.PERCENT)


def _count(number: int) -> Figure:
    return Figure(Kind.COUNT, Fraction(number), Unit.COUNT)


def _clock(hour: int) -> Figure:
    return Figure(Kind.CLOCK, Fraction(hour), Unit.COUNT)


def _goodness(score: Score, difference: Fraction | None) -> Fraction:
    """A difference, positive where it is for the better; a band knows no better."""
    if difference is None or score.indicator.direction is Direction.BAND:
        return Fraction(0)
    return difference if score.indicator.direction is Direction.UP else -difference


def _relative(score: Score, difference: Fraction | None) -> Fraction:
    """The size of a difference, in parts of the value before it."""
    base = score.value - difference if score.value is not None and difference is not None else None
    return abs(difference / base) if difference is not None and base else Fraction(0)


def _slowest(cells: tuple[HourCell, ...]) -> tuple[HourCell, HourCell] | None:
    """The first and last of the hours that answer a fifth slower than all, around the slowest."""
    known = [cell for cell in cells if cell.response is not None and cell.volume]
    volume = sum(cell.volume for cell in known)
    if not volume:
        return None
    total = sum(((cell.response or 0) * cell.volume for cell in known), Fraction(0))
    limit = total / volume * Fraction(6, 5)
    slow = tuple(cell for cell in known if (cell.response or 0) >= limit)
    if not slow:
        return None
    worst = max(slow, key=lambda cell: cell.response or 0)
    run = [cell for cell in slow if _joins(cell, worst, slow)]
    return run[0], run[-1]


def _joins(cell: HourCell, other: HourCell, among: tuple[HourCell, ...]) -> bool:
    """Whether every hour between two of them is among them too."""
    hours = {each.hour for each in among}
    first, last = sorted((cell.hour, other.hour))
    return all(hour in hours for hour in range(first, last + 1))


def _speaks_of(score: Score, name: str, value: str) -> bool:
    """Whether an indicator's formula itself singles out one value of a field."""
    return any(
        _names(condition, name, value)
        for aggregate in score.measurement.indicator.aggregates
        for condition in aggregate.conditions
    )


def _names(term: RowTerm, name: str, value: str) -> bool:
    match term:
        case RowOperation("=", (FieldTerm(known), Constant(constant))):
            return known.name == name and constant == value
        case RowOperation("and" | "or", operands):
            return any(_names(operand, name, value) for operand in operands)
    return False
