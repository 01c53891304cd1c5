"""Working time between two moments, against a counter of minutes that knows no shortcut."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from sqlglot import exp

from csq.calendar import WEEKDAYS, Calendar, Spans, parse_spans, parse_weekdays
from csq.definition.load import load_definition
from csq.engines.base import Engine
from csq.engines.duckdb import DuckDBEngine
from csq.errors import DefinitionError
from csq.formula.tree import Constant, FieldTerm, RowOperation, Type
from csq.formula.understand import understand
from csq.formula.working_time import create_calendar, join_calendars
from csq.records.schema import known_schemas

OFF = (
    (date(2025, 1, 1), date(2025, 1, 1)),
    (date(2025, 1, 28), date(2025, 2, 4)),
    (date(2025, 4, 4), date(2025, 4, 6)),
    (date(2025, 5, 1), date(2025, 5, 5)),
    (date(2025, 5, 31), date(2025, 6, 2)),
    (date(2025, 10, 1), date(2025, 10, 8)),
    (date(2026, 1, 1), date(2026, 1, 3)),
    (date(2026, 2, 15), date(2026, 2, 23)),
    (date(2026, 4, 4), date(2026, 4, 6)),
    (date(2026, 5, 1), date(2026, 5, 5)),
    (date(2026, 6, 19), date(2026, 6, 21)),
    (date(2026, 9, 25), date(2026, 9, 27)),
    (date(2026, 10, 1), date(2026, 10, 7)),
)
"""The days off that China's State Council announced, the first and the last of each run."""

WORKED = {
    date(2025, 1, 26), date(2025, 2, 8), date(2025, 4, 27), date(2025, 9, 28), date(2025, 10, 11),
    date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20),
    date(2026, 10, 10),
}  # fmt: skip
"""The weekend days that are worked instead."""


def is_working(calendar: Calendar, moment: datetime) -> bool:
    """Whether the minute that begins then is worked, by the announcements above."""
    day = moment.date()
    if day in calendar.days:
        spans = calendar.days[day]
    elif calendar.country and day in WORKED:
        spans = calendar.makeup
    elif calendar.country and any(first <= day <= last for first, last in OFF):
        spans = ()
    else:
        spans = calendar.hours.get(day.weekday(), ())
    minute = moment.hour * 60 + moment.minute
    return any(begin <= minute < end for begin, end in spans)


def count_minutes(calendar: Calendar, begin: datetime, end: datetime) -> int:
    moment, minutes = begin, 0
    while moment < end:
        minutes += is_working(calendar, moment)
        moment += timedelta(minutes=1)
    return minutes


def some_spans(rng: random.Random) -> Spans:
    ends = sorted(rng.sample(range(0, 24 * 60 + 1, 5), 2 * rng.randint(0, 4)))
    return tuple(zip(ends[::2], ends[1::2], strict=True))


def some_calendar(rng: random.Random) -> Calendar:
    """With holidays the weekend is free, for only then is every announced day a day less."""
    country = rng.choice((None, "CN"))
    days = range(5 if country else 7)
    own = {date(2025, 1, 1) + timedelta(days=rng.randrange(700)): some_spans(rng) for _ in range(5)}
    hours = {day: some_spans(rng) for day in days if rng.random() < 0.9}
    return Calendar(hours, some_spans(rng), country, None, own)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = DuckDBEngine(tmp_path_factory.mktemp("spill"), "1GB")
    yield engine
    engine.close()


def work(
    engine: Engine,
    name: str,
    calendar: Calendar,
    pairs: list[tuple[datetime, datetime]],
    policy: str = "zero",
) -> list[int | None]:
    """The working microseconds of each pair of moments, as a query finds them."""
    tickets = known_schemas()["tickets"]
    fields = [tickets.field(name) for name in ("created_at", "resolved_at")]
    begin, end = (FieldTerm(field, Type.MOMENT) for field in fields if field is not None)
    off_hours = Constant(policy, Type.TEXT, policy)
    term = RowOperation(
        "worked", (begin, end, Constant(name, Type.TEXT, name), off_hours), Type.DURATION
    )
    create_calendar(engine, name, calendar.work_days(date(2025, 1, 1), date(2026, 12, 31)))
    columns = [pa.array([pair[side] for pair in pairs], pa.timestamp("us")) for side in (0, 1)]
    order = pa.array(range(len(pairs)), pa.int64())
    names = ["at", "created_at", "resolved_at"]
    engine.put("pairs", pa.Table.from_arrays([order, *columns], names=names))
    rows = join_calendars(exp.to_table("pairs"), [term], "rows")
    found = engine.fetch(exp.select(exp.Star()).from_(rows).order_by("at"))
    return [row[-1] for row in found]


@pytest.mark.parametrize("seed", range(12))
def test_the_engine_counts_as_the_minutes_do(engine: Engine, seed: int) -> None:
    rng = random.Random(seed)
    calendar = some_calendar(rng)
    starts = [datetime(2025, 1, 1) + timedelta(minutes=rng.randrange(650 * 1440)) for _ in range(6)]
    starts += [
        datetime.combine(day - timedelta(days=1), datetime.min.time())
        for day in rng.sample(sorted(WORKED), 3)
    ]
    pairs = [(start, start + timedelta(minutes=rng.randrange(9 * 1440))) for start in starts]
    expected = [count_minutes(calendar, *pair) * 60_000_000 for pair in pairs]
    assert work(engine, f"calendar {seed}", calendar, pairs) == expected


def test_seconds_count_too(engine: Engine) -> None:
    calendar = Calendar(dict.fromkeys(range(5), ((540, 720),)))
    begin = datetime(2025, 3, 3, 11, 59, 30)
    pairs = [
        (begin, begin + timedelta(seconds=20)),
        (begin, datetime(2025, 3, 4, 9, 0, 0, 250_000)),
    ]
    assert work(engine, "seconds", calendar, pairs) == [20_000_000, 30_250_000]


@pytest.mark.parametrize(
    ("policy", "night", "weekend"),
    [("zero", 0, 0), ("calendar", 7200, 90_000), ("exclude", None, None)],
)
def test_what_is_written_and_answered_off_hours(
    engine: Engine, policy: str, night: int | None, weekend: int | None
) -> None:
    calendar = Calendar(dict.fromkeys(range(5), ((540, 720), (780, 1080))))
    friday = datetime(2025, 3, 7)
    pairs = [
        (friday.replace(hour=20), friday.replace(hour=22)),
        (friday + timedelta(days=1), friday + timedelta(days=2, hours=1)),
        (friday.replace(hour=10), friday.replace(hour=10)),  # at once, while somebody works
        (friday.replace(hour=11, minute=59), friday.replace(hour=12, minute=30)),  # begun in time
        (friday.replace(hour=18), friday + timedelta(days=3, hours=9, seconds=5)),  # over a weekend
    ]
    expected = [night, weekend, 0, 60, 5]
    found = work(engine, f"off hours {policy}", calendar, pairs, policy)
    assert found == [None if each is None else each * 1_000_000 for each in expected]


def test_years_of_which_nobody_has_said_what_is_worked() -> None:
    office = Calendar(dict.fromkeys(range(5), ((540, 1080),)), (), "CN")
    last = office.last_year_of_makeup_days()
    assert last is not None
    assert last >= 2025
    assert office.years_without_makeup_days([last - 1, last, last + 1]) == {last + 1}
    own = replace(office, days={date(last + 1, 2, 6): ((540, 1080),)})
    assert own.years_without_makeup_days([last + 1, last + 2]) == {last + 2}
    assert replace(office, country="FR").years_without_makeup_days([2100]) == set()
    assert replace(office, country=None).years_without_makeup_days([2100]) == set()


def test_a_weekend_inside_of_holidays_is_free() -> None:
    saturdays = Calendar({5: ((600, 960),)}, (), "CN")
    days = saturdays.work_days(date(2025, 9, 27), date(2025, 10, 18))
    assert [each.day for each in days if each.spans] == [date(2025, 9, 27), date(2025, 10, 18)]


@pytest.mark.parametrize("text", ["mon", "mon-fri", "周一", "周一-周五", "周一至周五"])
def test_weekdays_as_people_write_them(text: str) -> None:
    days = parse_weekdays(text)
    assert days == ((0,) if "-" not in text and "至" not in text else (0, 1, 2, 3, 4))


@pytest.mark.parametrize("text", ["", "fri-mon", "mon-", "someday", "mon-tue-wed"])
def test_weekdays_that_are_none(text: str) -> None:
    assert parse_weekdays(text) is None


@pytest.mark.parametrize(
    "texts",
    [
        ("9-18",),
        ("09:60-10:00",),
        ("18:00-09:00",),
        ("09:00-24:01",),
        ("09:00-12:00", "11:59-13:00"),
    ],
)
def test_spans_that_are_none(texts: tuple[str, ...]) -> None:
    assert parse_spans(texts) is None


METRICS = """
version: 1
calendars:
  office:
    hours: { mon-fri: "09:00-18:00" }
    holidays: CN
    days: days.csv
    off_hours_reply: zero
indicators:
  - { id: a, name: 甲, formula: 'AVERAGE(tickets, DURATION(created_at, resolved_at, "office"))', unit: duration, direction: down }
"""


def test_a_file_of_days_stands_over_everything(tmp_path: Path) -> None:
    (tmp_path / "metrics.yaml").write_text(METRICS, encoding="utf-8")
    days = "日期,时间\n2025-10-01,work\n2025-03-03,off\n2025-03-04,10:00-12:00 13:00-15:00\n"
    (tmp_path / "days.csv").write_text(days, encoding="utf-8")
    loaded = load_definition(tmp_path / "metrics.yaml")
    assert loaded.calendars["office"].days == {
        date(2025, 10, 1): ((540, 1080),),
        date(2025, 3, 3): (),
        date(2025, 3, 4): ((600, 720), (780, 900)),
    }
    assert [file.name for file in loaded.files] == ["metrics.yaml", "days.csv"]


def test_a_day_that_is_none_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "metrics.yaml").write_text(METRICS, encoding="utf-8")
    days = "2025-10-01,work\n2025-10-01,off\n10月2日,off\n2025-10-03,9-18\n2025-10-04\n"
    (tmp_path / "days.csv").write_text(days, encoding="utf-8")
    with pytest.raises(DefinitionError) as raised:
        understand(load_definition(tmp_path / "metrics.yaml"))
    hint = "write a day and its hours: 2025-10-11,09:00-18:00; off or work for a usual one"
    assert [problem.line("en") for problem in raised.value.problems] == [
        f"days.csv:2: wrong-day: “2025-10-01 off” is no day of a calendar → {hint}",
        f"days.csv:3: wrong-day: “10月2日” is no day of a calendar → {hint}",
        f"days.csv:4: wrong-day: “2025-10-03 9-18” is no day of a calendar → {hint}",
        f"days.csv:5: wrong-day: “2025-10-04” is no day of a calendar → {hint}",
    ]


def test_every_weekday_has_a_number() -> None:
    assert [parse_weekdays(name) for name in WEEKDAYS] == [(day,) for day in range(7)]
