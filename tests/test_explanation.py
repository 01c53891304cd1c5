"""Every number explained: the steps from the exports to the rows add up, and name the rows."""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from rich.console import Console
from tests.conftest import Desk

from csq.api import Run, explain, load, open_engine
from csq.engines.base import Engine
from csq.explanation.explain import explain_score
from csq.explanation.facts import Explanation, Role, StepKind
from csq.formula.tree import Aggregate, Summary
from csq.formula.understand import Understood
from csq.intake.discover import find_exports
from csq.intake.intake import Intake, take_in
from csq.measure import Group
from csq.reports.explain import explanation_json, print_explanation
from csq.reports.explain_rows import draw_rows
from csq.request import Request, needed_fields
from csq.scorecard import Score, Scorecard
from csq.scoring import score_intake
from csq.wording import Language, Wording

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Explained:
    """The examples, scored once, and each of their scores explained once."""

    engine: Engine
    intake: Intake
    understood: Understood
    scorecard: Scorecard
    _known: dict[tuple[str, Group], Explanation] = field(default_factory=dict)

    def explain(self, score: Score) -> Explanation:
        key = (score.indicator.id, score.group)
        if key not in self._known:
            self._known[key] = self._explain(score, with_rows=False)
        return self._known[key]

    def explain_with_rows(self, score: Score) -> Explanation:
        return self._explain(score, with_rows=True)

    def _explain(self, score: Score, *, with_rows: bool) -> Explanation:
        return explain_score(
            self.engine, self.intake, self.understood, self.scorecard, score, with_rows=with_rows
        )


@pytest.fixture(scope="module")
def examples() -> Iterator[Explained]:
    request = Request("2025-07..2025-08", by=(("mode",),))
    run = Run((ROOT / "examples",), ROOT / "metrics.yaml", request)
    understood = load(run)
    with open_engine("2GB") as engine:
        needed = needed_fields(understood, request)
        intake = take_in(
            find_exports(run.paths), understood.definition, engine, needed, run.progress
        )
        yield Explained(
            engine, intake, understood, score_intake(engine, intake, understood, request)
        )


def test_the_steps_of_every_score_add_up(examples: Explained) -> None:
    wrong = []
    for score in examples.scorecard.scores:
        explanation = examples.explain(score)
        assert bool(explanation.traces) is not bool(score.lacking), score.indicator.id
        for trace in explanation.traces:
            receipts = [
                receipt
                for receipt in examples.scorecard.receipts
                if receipt.source == trace.aggregate.population.schema.source
            ]
            assert trace.read == sum(receipt.read for receipt in receipts)
            before = trace.read - trace.rejected - trace.duplicates
            for step in trace.steps:
                if before != step.kept + step.refused + step.blank:
                    wrong.append((score.indicator.id, score.group, step))
                before = step.kept
            assert trace.counted == before
    assert wrong == []


def test_the_last_step_is_what_the_indicator_stands_on(examples: Explained) -> None:
    for score in (each for each in examples.scorecard.scores if not each.lacking):
        explanation = examples.explain(score)
        counted = {trace.aggregate: trace.counted for trace in explanation.traces}
        filled: dict[object, list[int]] = {}
        for each in score.measurement.indicator.counted:
            rows = (each.population, each.condition)
            filled.setdefault(rows, []).append(counted[each.counting()])
        assert sum(map(min, filled.values())) == score.measurement.n
        ratio = score.measurement.indicator.ratio
        for term, value in (
            (ratio and ratio.part, score.measurement.part),
            (ratio and ratio.whole, score.measurement.whole),
        ):
            if isinstance(term, Aggregate) and term.summary is Summary.COUNT:
                assert Fraction(counted[term]) == value, score.indicator.id


def test_the_rows_behind_are_those_that_were_counted(examples: Explained) -> None:
    for score in examples.scorecard.totals[::4]:
        explanation = examples.explain_with_rows(score)
        for role in Role:
            traced = {
                trace.counted
                for trace in explanation.traces
                if role in trace.roles and len(explanation.behind) == 1
            }
            if len(traced) == 1:
                behind = sum(role in row.counts for rows in explanation.behind for row in rows.rows)
                assert {behind} == traced, score.indicator.id


def test_a_row_behind_is_where_it_is_said_to_be(examples: Explained) -> None:
    (score,) = [each for each in examples.scorecard.totals if each.indicator.id == "kb_accuracy"]
    (rows,) = examples.explain_with_rows(score).behind
    key = [field.name for field in rows.fields].index("check_id")
    for export in examples.intake.sources["kb_checks"].exports:
        cells = {}
        for batch in export.table.batches():
            for number, *row in zip(
                batch.rows.to_pylist(), *map(list, batch.cells.columns), strict=True
            ):
                cells[number] = {str(cell) for cell in row}
        for behind in rows.rows:
            if behind.place.file == export.place.file and behind.place.row is not None:
                assert str(behind.cells[key]) in cells[behind.place.row]


def test_telling_rows_are_the_extreme_ones(examples: Explained) -> None:
    (score,) = [each for each in examples.scorecard.totals if each.indicator.id == "frt_avg"]
    explanation = examples.explain_with_rows(score)
    assert explanation.telling is not None
    (rows,) = explanation.behind
    names = [field.name for field in rows.fields]
    created, answered = names.index("created_at"), names.index("first_response_at")
    waits: list[timedelta] = sorted(
        (row.cells[answered] - row.cells[created] for row in rows.rows),  # type: ignore[operator]
        reverse=True,
    )
    told = [row.value for row in explanation.telling.rows]
    assert told == [int(wait.total_seconds() * 1_000_000) for wait in waits[:10]]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_explanation_can_be_written(examples: Explained, language: str) -> None:
    for score in examples.scorecard.totals:
        explanation = examples.explain(score)
        said = "zh" if language == "zh" else "en"
        assert explanation_json(explanation, said, "0").startswith('{\n  "csq": "0"')  # type: ignore[arg-type]


def test_a_rate_of_two_sources_has_the_rows_of_both(examples: Explained) -> None:
    (score,) = [each for each in examples.scorecard.totals if each.indicator.id == "complaint_rate"]
    explanation = examples.explain_with_rows(score)
    assert [rows.title.en for rows in explanation.behind] == ["Complaints", "Tickets"]
    table = draw_rows(explanation.behind, ".csv", "en").decode("utf-8-sig").splitlines()
    assert len(table) == 1 + sum(len(rows.rows) for rows in explanation.behind)
    assert Summary.COUNT in {trace.aggregate.summary for trace in explanation.traces}


@pytest.mark.parametrize("width", [60, 80])
def test_a_narrow_terminal_cuts_no_number(examples: Explained, width: int) -> None:
    """What is too wide are words, and they are folded."""
    score = next(s for s in examples.scorecard.totals if s.indicator.id == "fcr")
    explanation = examples.explain(score)
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    with console.capture() as captured:
        print_explanation(explanation, "en", console, sql=False)
    drawn = captured.get()
    assert width < 80 or "…" not in drawn
    for trace in explanation.traces:
        assert all(f"{step.kept:,}" in drawn for step in trace.steps)


def total_of(examples: Explained, name: str) -> Score:
    return next(each for each in examples.scorecard.totals if each.indicator.id == name)


def explained(examples: Explained, name: str) -> Explanation:
    return examples.explain(total_of(examples, name))


def drawn(explanation: Explanation, language: Language) -> list[str]:
    console = Console(file=io.StringIO(), width=400)
    with console.capture() as captured:
        print_explanation(explanation, language, console, sql=False)
    return [line.rstrip() for line in captured.get().splitlines()]


def test_the_part_of_the_largest_class_has_the_rows_of_that_class_alone(
    examples: Explained,
) -> None:
    score = total_of(examples, "top_issue_share")
    explanation = examples.explain_with_rows(score)
    (rows,) = explanation.behind
    cause = [field.name for field in rows.fields].index("cause")
    classes = Counter(row.cells[cause] for row in rows.rows)
    del classes["其他"]
    ((largest, size),) = classes.most_common(1)
    part = [row.cells[cause] for row in rows.rows if Role.PART in row.counts]
    assert part == [largest] * size
    assert score.measurement.part == size
    told = [trace.steps[-1] for trace in explanation.traces if Role.PART in trace.roles]
    assert [(step.kind, step.kept) for step in told] == [(StepKind.LARGEST, size)]
    assert f"  最多的一类：「投诉原因」为“{largest}”" in "\n".join(drawn(explanation, "zh"))


def test_the_values_that_a_formula_puts_together_are_told(examples: Explained) -> None:
    score = total_of(examples, "dim_low")
    explanation = examples.explain_with_rows(score)
    (rows,) = explanation.behind
    names = [field.name for field in rows.fields]
    dimensions = ("d_attitude", "d_response", "d_expertise", "d_process", "d_outcome")
    means = []
    for name in dimensions:
        cells = [row.cells[names.index(name)] for row in rows.rows]
        given = [Fraction(str(cell)) for cell in cells if cell is not None]
        means.append(sum(given) / len(given))
    assert [amount.value for amount in explanation.amounts] == means
    assert score.value == min(means)
    weakest = dimensions[means.index(min(means))]
    assert explanation.telling is not None
    field = next(field for field in rows.fields if field.name == weakest)
    assert explanation.telling.value == Wording(f"「{field.title.zh}」", field.title.en)
    assert f"{float(means[0]):.6g}    调研的「服务态度」平均值" in "\n".join(
        drawn(explanation, "zh")
    )


def test_what_the_steps_count_is_not_told_twice(examples: Explained) -> None:
    for name in ("fcr", "nps", "resolve_avg", "complaint_rate", "frt_avg"):
        assert explained(examples, name).amounts == ()


def test_row_sets_are_called_by_their_names_in_english(examples: Explained) -> None:
    shown = drawn(explained(examples, "resolve_avg"), "en")
    for line in (
        "  有效工单      tickets: NOT spam AND ISBLANK(merged_into)",
        "                valid tickets: the rows of Tickets in which Spam is no"
        " and Merged into is blank",
        "                resolved tickets: the rows of valid tickets in which Resolved at is filled",
        "rows of the whole: resolved tickets",
    ):
        assert line in shown
    assert any(line.startswith("  valid tickets: Spam is no  ") for line in shown)


def test_what_puts_rows_into_the_period_is_told(examples: Explained) -> None:
    steps = {
        name: next(
            step.demand
            for step in explained(examples, name).traces[0].steps
            if step.kind is StepKind.PERIOD
        )
        for name in ("fcr", "survey_rate", "backlog_open")
    }
    assert steps == {
        "fcr": Wording("「创建时间」在 2025-07..2025-08", "Created at in 2025-07..2025-08"),
        "survey_rate": Wording("「发送时间」在 2025-07..2025-08", "Sent at in 2025-07..2025-08"),
        "backlog_open": Wording(
            "「创建时间」在 2025-07..2025-08 结束之前",
            "Created at before the end of 2025-07..2025-08",
        ),
    }


@pytest.mark.parametrize(
    ("name", "reason", "value"),
    [
        ("nps", "从分子里减去的行，数值最小的在前", "「推荐意愿」"),
        ("good_rate", "在分母里而没有计入分子的行，数值最小的在前", "「满意度」"),
        (
            "frt_over_30s",
            "计入分子的行，数值最大的在前",
            "「首次响应时间」 − 「创建时间」",
        ),
        (
            "frt_in_time",
            "在分母里而没有计入分子的行，数值最大的在前",
            "「首次响应时间」 − 「创建时间」",
        ),
        ("complaint_rate", "计入分子的行，最近的在前", None),
        ("skill_basic_share", "计入分子的行", None),
        ("csat_mean", "计入的行，数值最小的在前", "「满意度」"),
        ("csat_weighted", "把数值拉低最多的在前", "对数值的影响（约）"),
        ("peak_gap", "把数值拉高最多的在前", "对数值的影响（约，秒）"),
        ("dim_low", "计入的行，数值最小的在前", "「响应速度」"),
    ],
)
def test_the_telling_rows_say_what_they_are_ordered_by(
    examples: Explained, name: str, reason: str, value: str | None
) -> None:
    telling = explained(examples, name).telling
    assert telling is not None
    assert telling.reason.zh == reason
    assert (telling.value and telling.value.zh) == value


def test_totals_of_time_are_exact_and_read_as_time(examples: Explained) -> None:
    score = total_of(examples, "speed_ratio")
    explanation = examples.explain(score)
    part, whole = score.measurement.part, score.measurement.whole
    assert part is not None
    assert whole is not None
    days = int(whole // 86_400)
    assert f"  {float(part):,.12g} s (" in drawn(explanation, "en")[1]
    assert f" ÷ {float(whole):,.12g} s ({days:,} d " in drawn(explanation, "en")[1]


COMPOSITES = {
    "mix": ("@fcr × 40% + @csat × 60%", "percent", "up"),
    "worst": ("LEAST(@fcr, @csat)", "percent", "up"),
    "gap": ("AVERAGE(calls, talk_s) - AVERAGE(calls, wait_s)", "duration", "down"),
    "share": (
        "(COUNTIF(tickets, first_contact_resolved) / COUNT(tickets))"
        " / (COUNTIF(tickets, escalated) / COUNT(tickets))",
        "score",
        "down",
    ),
}


@pytest.mark.parametrize(
    ("band", "key", "first"),
    [
        # 0, 60, …, 540 s, in the mean 270 s: below a band it is the small ones that lower it.
        ("300s .. 400s", "low", "K0"),
        ("260s .. 600s", "low", "K0"),
        ("100s .. 200s", "high", "K9"),
        ("0s .. 280s", "high", "K9"),
    ],
)
def test_the_telling_rows_of_a_band_lie_on_the_side_on_which_the_value_is_off(
    desk: Desk, band: str, key: str, first: str
) -> None:
    rows = [(f"K{n}", "2025-08-31 10:00", str(60 * n)) for n in range(10)]
    desk.put_rows("c.csv", "通话编号,进线时间,等待时长", rows)
    for formula, reason in (
        ("AVERAGE(calls, wait_s)", {"low": "数值最小的在前", "high": "数值最大的在前"}),
        (
            "2 × AVERAGE(calls, wait_s) - SUM(calls, wait_s) / COUNT(calls)",
            {"low": "把数值拉低最多的在前", "high": "把数值拉高最多的在前"},
        ),
    ):
        desk.indicator(formula, "duration", direction="band", target=f"'{band}'")
        request = Request("2025-08", indicators=("it",))
        telling = explain(Run((desk.exports,), desk.metrics, request)).telling
        assert telling is not None
        assert telling.reason.zh.endswith(reason[key])
        assert telling.rows[0].key == first


@pytest.mark.parametrize("name", COMPOSITES)
def test_the_telling_rows_of_what_is_put_together_move_it_most(desk: Desk, name: str) -> None:
    """Each row taken away by itself moves the value less, or as much as, one that is shown."""
    formula, unit, direction = COMPOSITES[name]
    rng = random.Random(name)
    tickets = [
        (f"T{n}", f"2025-08-{n % 31 + 1:02d} 10:00", rng.choice("是否否"), rng.choice("是否"))
        for n in range(60)
    ]
    surveys = [(f"S{n}", f"2025-08-{n % 31 + 1:02d}", rng.choice("12345")) for n in range(50)]
    calls = [
        (
            f"C{n}",
            f"2025-08-{n % 31 + 1:02d} 09:00",
            f"{rng.randrange(90)}",
            f"{rng.randrange(900)}",
        )
        for n in range(40)
    ]
    tables: dict[str, tuple[str, Sequence[tuple[str, ...]]]] = {
        "t.csv": ("工单编号,创建时间,首次解决,升级", tickets),
        "s.csv": ("评价编号,评价时间,满意度", surveys),
        "c.csv": ("通话编号,进线时间,等待时长,通话时长", calls),
    }
    desk.define(
        "indicators:\n"
        "  - {id: fcr, name: 甲, formula: 'SHARE(tickets, first_contact_resolved)', unit: percent,"
        " direction: up}\n"
        "  - {id: csat, name: 乙, formula: 'SHARE(surveys, csat >= 4)', unit: percent,"
        " direction: up}\n"
        f"  - {{id: it, name: 它, formula: '{formula}', unit: {unit}, direction: {direction}}}\n"
    )

    def values_without(*left_out: str) -> dict[str, float]:
        """The value without each of these rows by itself: all others are those of an agent."""
        for file, (header, rows) in tables.items():
            left = ((case, row) for case in left_out for row in rows if row[0] != case)
            put = [(f"{row[0]} of {case}", *row[1:], case) for case, row in left]
            desk.put_rows(file, f"{header},坐席工号", put)
        scores = desk.score("2025-08", by=(("agent_id",),)).scores
        found = {
            dict(each.group).get("agent_id"): each for each in scores if each.indicator.id == "it"
        }
        values = {case: found[case].value for case in left_out}
        return {case: float(value) for case, value in values.items() if value is not None}

    for file, (header, rows) in tables.items():
        desk.put_rows(file, header, rows)
    whole = desk.value("2025-08")
    assert whole is not None
    run = Run((desk.exports,), desk.metrics, Request("2025-08", indicators=("it",)))
    telling = explain(run).telling
    assert telling is not None
    sign = -1 if direction == "up" else 1
    assert telling.reason.zh == (
        "把数值拉低最多的在前" if direction == "up" else "把数值拉高最多的在前"
    )
    shown = [str(row.key) for row in telling.rows]
    own = next(rows for _, rows in tables.values() if shown[0] in {row[0] for row in rows})
    left = values_without("nothing", *(row[0] for row in own))
    assert left.pop("nothing") == float(whole)
    assert len(left) == len(own)
    moved = {key: sign * (float(whole) - value) for key, value in left.items()}
    least = min(moved[key] for key in shown)
    assert least > 0
    assert all(amount <= least + 1e-9 for key, amount in moved.items() if key not in shown)
    scale = 100 if unit == "percent" else 1
    for row in telling.rows:
        assert float(str(row.value)) * sign == pytest.approx(moved[str(row.key)] * scale, rel=0.1)
