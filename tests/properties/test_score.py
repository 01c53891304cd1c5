"""What must not change a number, and what is shown of it: random exports, random values."""

from __future__ import annotations

import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import Desk, csv_text

from csq.definition.targets import Comparison, Direction, Target, Unit
from csq.intake.readers import encodings
from csq.protection import protect
from csq.reports.json import number
from csq.reports.numbers import show_target, show_value
from csq.reports.view import ColumnKey, make_view
from csq.scorecard import Scorecard, Verdict
from csq.wording import Language

# Random exports --------------------------------------------------------------------------------

HEADER = ("工单编号", "创建时间", "渠道", "首次响应时间", "首次解决", "重开次数", "暂停时长")
Row = tuple[str, ...]

DEFINITION = """
tolerance: 100%
indicators:
  - id: fcr
    name: 一次性解决率
    formula: COUNTIF(tickets, first_contact_resolved) / COUNT(tickets)
    unit: percent
    direction: up
    targets: [{value: ">= 50%"}, {value: ">= 10%", level: floor}]
  - id: frt
    name: 平均首次响应时长
    formula: AVERAGE(tickets, first_response_at - created_at)
    unit: duration
    direction: down
    targets: [{value: "<= 3min"}]
  - id: frt_p90
    name: 首次响应时长 P90
    formula: PERCENTILE(tickets, first_response_at - created_at, 90%)
    unit: duration
    direction: down
  - { id: n, name: 工单量, formula: COUNT(tickets), unit: count, direction: up }
  - { id: channels, name: 渠道数, formula: "DISTINCT(tickets, channel)", unit: count, direction: up }
  - id: reopened
    name: 重开
    formula: SUM(tickets, reopen_count) / COUNT(tickets, reopen_count)
    unit: ratio
    direction: down
  - { id: paused, name: 暂停, formula: "SUM(tickets, paused_s)", unit: duration, direction: down }
  - { id: most, name: 最多重开, formula: "MAX(tickets, reopen_count)", unit: count, direction: down }
"""


def make_rows(rng: random.Random, count: int) -> list[Row]:
    """Rows of June to September, most of August; some refused, some twice."""
    rows: list[Row] = []
    for index in range(count):
        month = rng.choice((6, 7, 8, 8, 8, 8, 9))
        start = f"2025-{month:02d}-{rng.randrange(1, 31):02d} {rng.randrange(24):02d}:{rng.randrange(60):02d}"
        reply = rng.choice(
            ("", start + ":30", start.replace("2025", "2024"), start[:11] + "23:59:59.5")
        )
        rows.append((
            rng.choice((f"T{index}", f"T{index}", f"T{rng.randrange(count)}", "")) if rng.random() < 0.2 else f"T{index}",
            start if rng.random() < 0.97 else "never",
            rng.choice(("电话", "phone", "邮件", "在线", "", "直播")),
            reply,
            rng.choice(("是", "否", "", "Y", "maybe") if rng.random() < 0.1 else ("是", "否")),
            rng.choice(("0", "1", "2", "")),
            rng.choice(("", "30", "2.5", "00:01:00", "1分")),
        ))  # fmt: skip
    return rows


@contextmanager
def desk_with(*files: Sequence[Row]) -> Iterator[Desk]:
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        for position, rows in enumerate(files):
            desk.put(f"{position:03d}.csv", csv_text(HEADER, rows))
        desk.define(DEFINITION)
        yield desk


def score_files(*files: Sequence[Row]) -> Scorecard:
    with desk_with(*files) as desk:
        return desk.score("2025-08", by=(("channel",),))


def numbers_of(scorecard: Scorecard) -> list[object]:
    return [
        (s.indicator.id, s.group, s.value, s.measurement.part, s.measurement.whole, s.measurement.n, s.verdict)
        for s in scorecard.scores
    ]  # fmt: skip


def books_of(scorecard: Scorecard) -> tuple[int, ...]:
    each = [
        (r.read, r.kept, r.rejected, r.duplicates, r.outside_period) for r in scorecard.receipts
    ]
    return tuple(map(sum, zip(*each, strict=True)))


def faults_of(scorecard: Scorecard) -> Counter[str]:
    found: Counter[str] = Counter()
    for problem in scorecard.problems:
        found[problem.code] += problem.count
    return found


SEEDS = st.integers(0, 2**32)


@settings(max_examples=8)
@given(seed=SEEDS)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    rng = random.Random(seed)
    rows = list(
        {row[0]: row for row in make_rows(rng, 120)}.values()
    )  # which of two equal ids counts does
    shuffled = rng.sample(rows, len(rows))
    one, other = score_files(rows), score_files(shuffled)
    assert numbers_of(one) == numbers_of(other)
    assert (books_of(one), faults_of(one)) == (books_of(other), faults_of(other))


@settings(max_examples=8)
@given(seed=SEEDS)
def test_splitting_an_export_changes_nothing(seed: int) -> None:
    rng = random.Random(seed)
    rows = make_rows(rng, 120)
    cuts = sorted(rng.randrange(1, len(rows)) for _ in range(rng.choice((1, 1, 2, 5))))
    parts = [rows[a:b] for a, b in zip((0, *cuts), (*cuts, len(rows)), strict=True)]
    whole, split = score_files(rows), score_files(*(part for part in parts if part))
    assert numbers_of(whole) == numbers_of(split)
    assert (books_of(whole), faults_of(whole)) == (books_of(split), faults_of(split))


@settings(max_examples=8)
@given(seed=SEEDS, month=st.sampled_from(["2025-01", "2025-10", "2026-08"]))
def test_rows_outside_of_the_period_change_only_the_books(seed: int, month: str) -> None:
    rng = random.Random(seed)
    rows = make_rows(rng, 100)
    more = [
        (f"X{i}", f"{month}-15 10:00:00", "电话", "", "是", "5", "99")
        for i in range(rng.randrange(1, 40))
    ]
    one, other = score_files(rows), score_files([*rows, *more])
    assert numbers_of(one) == numbers_of(other)
    read, kept, rejected, duplicates, outside = books_of(one)
    count = len(more)
    assert books_of(other) == (read + count, kept, rejected, duplicates, outside + count)


@settings(max_examples=8)
@given(seed=SEEDS)
def test_the_parts_of_groups_add_up_to_the_total(seed: int) -> None:
    scorecard = score_files(make_rows(random.Random(seed), 150))
    for total in scorecard.totals:
        indicator = total.indicator.id
        groups = [s for s in scorecard.scores if s.group and s.indicator.id == indicator]
        assert (
            sum(s.measurement.n for s in groups) == total.measurement.n or indicator == "channels"
        )
        if indicator in {"n", "paused"}:
            assert sum(s.value or 0 for s in groups) == (total.value or 0)
        elif indicator == "most":
            assert (
                max((s.value for s in groups if s.value is not None), default=None) == total.value
            )
        elif total.measurement.whole is not None:
            assert sum(s.measurement.whole or 0 for s in groups) == total.measurement.whole
            assert sum(s.measurement.part or 0 for s in groups) == (total.measurement.part or 0)


def kept_rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows of August that count, read the slow way: no engine, no model."""
    by_key: dict[str, dict[str, Any]] = {}
    for key, start, channel, reply, solved, reopened, paused in rows:
        created = parse(start)
        replied = parse(reply) if reply else None
        if not key or created is None or (replied and replied < created) or solved == "maybe":
            continue
        by_key.pop(key, None)
        by_key[key] = {
            "created": created,
            "channel": {"phone": "电话", "": None}.get(channel, channel),
            "wait": (replied - created).total_seconds() if replied else None,
            "solved": {"是": True, "Y": True, "否": False, "": None}[solved],
            "reopened": int(reopened) if reopened else None,
            "paused": {"": None, "30": 30, "2.5": 2.5, "00:01:00": 60, "1分": 60}[paused],
        }
    return [
        row for row in by_key.values() if (row["created"].year, row["created"].month) == (2025, 8)
    ]


def parse(text: str) -> datetime | None:
    for form in ("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"):
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None


def percentile(values: list[float], share: float) -> float | None:
    """As PERCENTILE.INC of Excel."""
    if not values:
        return None
    values = sorted(values)
    position = share * (len(values) - 1)
    low = int(position)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (position - low)


def expected_of(rows: list[dict[str, Any]]) -> dict[str, float | None]:
    """Every indicator of the definition in plain Python."""

    def filled(name: str) -> list[Any]:
        return [row[name] for row in rows if row[name] is not None]

    waits, reopened, paused = filled("wait"), filled("reopened"), filled("paused")
    return {
        "fcr": sum(1 for row in rows if row["solved"]) / len(rows) if rows else None,
        "frt": sum(waits) / len(waits) if waits else None,
        "frt_p90": percentile(waits, 0.9),
        "n": len(rows),
        "channels": len(set(filled("channel"))) or None,
        "reopened": sum(reopened) / len(reopened) if reopened else None,
        "paused": sum(paused) if paused else None,
        "most": max(reopened, default=None),
    }


@settings(max_examples=20)
@given(seed=SEEDS)
def test_every_number_is_what_plain_python_finds(seed: int) -> None:
    rng = random.Random(seed)
    rows = make_rows(rng, rng.choice((5, 40, 200)))
    if not (august := kept_rows(rows)):
        return
    scorecard = score_files(rows)
    for score in scorecard.scores:
        own = [row for row in august if not score.group or row["channel"] == score.group[0][1]]
        expected = expected_of(own)[score.indicator.id]
        where = (score.indicator.id, score.group)
        if expected is None:
            assert score.value is None, where
        else:
            assert score.value is not None, where
            assert float(score.value) == pytest.approx(expected, abs=1e-6), where
    shown = {s.group[0][1] for s in scorecard.scores if s.group and s.indicator.id == "n"}
    assert shown == {row["channel"] for row in august}


@settings(max_examples=8)
@given(seed=SEEDS)
def test_every_row_has_exactly_one_fate(seed: int) -> None:
    rows = make_rows(random.Random(seed), 150)
    read, kept, rejected, duplicates, outside = books_of(score_files(rows))
    assert read == len(rows) == kept + rejected + duplicates + outside


@pytest.mark.parametrize("block", [1 << 10, 1 << 12, 1 << 14])
def test_reading_is_independent_of_the_size_of_batches(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = make_rows(random.Random(4), 900)
    ragged = csv_text(HEADER, rows).splitlines(keepends=True)
    for at in (3, 77, 300, 301, 302, 640):
        ragged[at] = ragged[at].rstrip("\n") + ",one,more\n"
    ragged[500] = "\n"
    with desk_with() as desk:
        desk.put("t.csv", "".join(ragged))
        before = desk.score("2025-08", by=(("channel",),))
        monkeypatch.setattr(encodings, "BLOCK", block)
        after = desk.score("2025-08", by=(("channel",),))
    assert numbers_of(before) == numbers_of(after)
    assert before.receipts == after.receipts
    assert before.problems == after.problems


# What is shown ---------------------------------------------------------------------------------

AMOUNTS = {
    Unit.PERCENT: ("{}%", Fraction(1, 100)), Unit.COUNT: ("{}", Fraction(1)), Unit.SCORE: ("{}", Fraction(1)),
    Unit.POINTS: ("{}", Fraction(1)), Unit.RATIO: ("{}", Fraction(1)),
}  # fmt: skip
TIMES = {
    "s": 1,
    "秒": 1,
    "min": 60,
    "分钟": 60,
    "h": 3_600,
    "小时": 3_600,
    "d": 86_400,
    "天": 86_400,
    "ms": Fraction(1, 1000),
}


UNITS = st.sampled_from(list(Unit))
PLACES = st.integers(0, 3)
WRITTEN_AMOUNTS = [st.decimals(0, 400, places=places) for places in range(4)]
GAPS = st.sampled_from(["", " "])
WRITTEN_TIMES = st.sampled_from(list(TIMES))
OPERATORS = st.sampled_from([">=", "<=", ">", "<", "=", "≥", "≤"])
DECIMALS = st.sampled_from([None, None, 0, 1, 2, 3])
DIRECTIONS = st.sampled_from([Direction.UP, Direction.DOWN])
LANGUAGES: st.SearchStrategy[Language] = st.sampled_from(["zh", "en"])


@st.composite
def targets(draw: st.DrawFn) -> tuple[Unit, str, Comparison]:
    """A target as a person writes it, with its unit."""
    unit = draw(UNITS)
    amount = draw(WRITTEN_AMOUNTS[draw(PLACES)])
    if unit is Unit.DURATION:
        written = f"{amount}{draw(GAPS)}{draw(WRITTEN_TIMES)}"
    else:
        written = AMOUNTS[unit][0].format(amount)
    operator = draw(OPERATORS)
    text = f"{operator}{draw(GAPS)}{written}"
    return unit, text, Target.model_validate({"value": text}).value


TARGETS = targets()
KINDS = st.integers(0, 4)
TINY = st.integers(-999, 999)
TINY_PLACES = st.integers(2, 9)
ENDS = st.sampled_from([Fraction(0), Fraction(1)])
WHOLES = st.integers(1, 10**6)
PARTS = st.integers(0, 10**9)
PART_PLACES = st.integers(0, 6)


@st.composite
def values_near(draw: st.DrawFn, target: Fraction) -> Fraction:
    """A value on its target, next to it, near 0 or 1, or anywhere."""
    kind = draw(KINDS)
    tiny = Fraction(draw(TINY), 10 ** draw(TINY_PLACES))
    if kind == 0:
        return target
    if kind == 1:
        return abs(target + tiny)
    if kind == 2:
        return abs(draw(ENDS) + tiny)
    if kind == 3:
        whole = draw(WHOLES)
        return Fraction(draw(st.integers(0, whole)), whole)
    return Fraction(draw(PARTS), 10 ** draw(PART_PLACES))


_SHOWN_SCALES = {
    " %": Fraction(1, 100), "": Fraction(1), " s": Fraction(1), " min": Fraction(60), " h": Fraction(3_600),
    " d": Fraction(86_400), " 秒": Fraction(1), " 分钟": Fraction(60), " 小时": Fraction(3_600), " 天": Fraction(86_400),
}  # fmt: skip


def read_shown(text: str) -> Fraction:
    """The value a reader takes from what is shown."""
    match = re.fullmatch(r"(−?)([\d,]+(?:\.\d+)?)( ?\D*)", text)
    assert match, text
    sign, digits, suffix = match.groups()
    value = Fraction(digits.replace(",", "")) * _SHOWN_SCALES[suffix]
    return -value if sign else value


@settings(max_examples=500)
@given(data=st.data())
def test_what_is_shown_never_contradicts_the_verdict(data: st.DataObject) -> None:
    unit, _, target = data.draw(TARGETS)
    value = data.draw(values_near(target.quantity.value))
    language = data.draw(LANGUAGES)
    decimals = data.draw(DECIMALS)
    shown = read_shown(show_value(value, unit, language, decimals=decimals, target=target))
    if abs(value - target.quantity.value) > Fraction(1, 10**7) or value == target.quantity.value:
        assert target.holds(shown) == target.holds(value)
    if value and abs(value) > Fraction(1, 10**7):
        assert shown != 0
    assert value != 0 or shown == 0
    if unit is Unit.PERCENT and value != 1 and abs(value - 1) > Fraction(1, 10**7):
        assert shown != 1
    assert value != 1 or shown == 1


@settings(max_examples=500)
@given(data=st.data())
def test_what_is_shown_is_near_the_value(data: st.DataObject) -> None:
    unit, _, target = data.draw(TARGETS)
    value = data.draw(values_near(target.quantity.value))
    text = show_value(value, unit, "en", target=target)
    one = _SHOWN_SCALES[text[len(re.match(r"−?[\d,.]+", text)[0]) :]]  # type: ignore[index]
    assert abs(read_shown(text) - value) < one


@settings(max_examples=500)
@given(data=st.data())
def test_a_target_reads_the_same_written_shown_and_written_again(data: st.DataObject) -> None:
    unit, _, target = data.draw(TARGETS)
    shown = show_target(target, unit, data.draw(LANGUAGES))
    again = Target.model_validate({"value": shown.replace(",", "")}).value
    value = data.draw(values_near(target.quantity.value))
    assert again.operator == target.operator
    assert again.quantity.value == target.quantity.value
    assert again.holds(value) == target.holds(value)


@settings(max_examples=1000)
@given(data=st.data())
def test_a_limit_that_was_worked_out_and_the_value_are_shown_as_they_were_judged(
    data: st.DataObject,
) -> None:
    unit, _, written = data.draw(TARGETS)
    limit = abs(data.draw(values_near(written.quantity.value)))
    direction = data.draw(DIRECTIONS)
    change = Target.model_validate({"value": "+0%", "baseline": "2025-07"}).value
    exact = change.after(limit, direction, unit)
    value = data.draw(values_near(limit))
    decimals = data.draw(DECIMALS)
    shown = exact.rounded(value, unit, decimals)
    text = show_target(shown, unit, "en")
    assert read_shown(text[2:]) == shown.quantity.value
    if abs(value - limit) > Fraction(1, 10**7) or value == limit:
        seen = read_shown(show_value(value, unit, "en", decimals=decimals, target=shown))
        assert shown.holds(seen) == exact.holds(value)
    if abs(value - limit) > 2 * unit.step(limit, decimals):
        assert abs(shown.quantity.value - limit) < unit.step(limit, decimals) or limit in {0, 1}


@settings(max_examples=200)
@given(data=st.data())
def test_a_number_in_json_is_the_value(data: st.DataObject) -> None:
    _, _, target = data.draw(TARGETS)
    value = data.draw(values_near(target.quantity.value))
    found = number(value)
    assert found is not None
    assert abs(Fraction(found) - value) <= abs(value) / 10**11


@settings(max_examples=10)
@given(seed=SEEDS)
def test_verdict_sign_and_text_are_one_story(seed: int) -> None:
    rng = random.Random(seed)
    rows = [
        (f"T{i}", "2025-08-31 10:00", rng.choice(("电话", "邮件")), "", "是" if rng.random() < 0.5 else "否", "", "")
        for i in range(rng.randrange(2, 40))
    ]  # fmt: skip
    scorecard = score_files(rows)
    view = make_view(protect(scorecard), "en")
    shown = {
        (row.cells[ColumnKey.NAME].text.strip(), row.is_group): row
        for section in view.sections
        for row in section.rows
        if not row.is_group
    }
    for score in scorecard.totals:
        row = shown[score.indicator.name.en, False]
        assert row.verdict is score.verdict
        assert row.cells[ColumnKey.SIGN].text == score.verdict.sign
        if score.verdict in {Verdict.MET, Verdict.MISSED}:
            assert score.target is not None
            assert score.value is not None
            met = score.verdict is Verdict.MET
            assert score.target.value.holds(score.value) is met
            assert score.target.value.holds(read_shown(row.cells[ColumnKey.VALUE].text)) is met
        elif score.verdict is Verdict.NO_DATA:
            assert score.value is None
            assert not re.search(r"\d", row.cells[ColumnKey.VALUE].text)
