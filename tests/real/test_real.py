"""Exports that nobody here wrote, defined as a user would define them, against published truths.

The files are not part of the repository. Where they lie beside it, every number of their
TRUTH.json that a formula can say has to come out; `NOT_SAID` lists the others and why.
"""

from __future__ import annotations

import csv
import itertools
import json
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlglot import exp
from tests.conftest import Desk, books, codes, find_total

from csq.api import Run, score, validated
from csq.definition.targets import Unit
from csq.errors import CsqError, IntakeError
from csq.intake.staging.tables import table_of
from csq.request import Request
from csq.scorecard import Score, Scorecard

DEFINITIONS = Path(__file__).parent
DATA = Path(__file__).parents[2].parent / "shared" / "real"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real exports do not lie beside the repository"
)

NOT_SAID: Mapping[str, str] = {
    "asa_mean_if_blank_is_zero_WRONG": "a wrong answer that must not come out",
    "excel_events": "rows are counted after the last one of each incident was kept: receipt.read",
    "slash_dates_same_as_xlsx": "compares two files row by row: test_both_spellings_…",
    "slash_dates_unreadable_as_month_first": "counts refused rows: test_the_wrong_order_…",
    "dmy_rows_differing": "compares two files row by row: test_both_spellings_…",
    "dmy_ambiguous_rows": "counts spellings of dates, which formulas do not see",
    "bad_row_line": "a place of a problem: test_the_broken_row_…",
    "bad_rows": "a count of refused rows: test_the_broken_row_…",
    "bad_file_good_rows": "a count of kept rows: test_the_broken_row_…",
}


@dataclass(frozen=True, slots=True)
class Truth:
    """One published number, and what csq is asked for it."""

    id: str
    value: float
    folder: str
    file: str
    definition: str
    segment: Mapping[str, str]


def truths() -> list[Truth]:
    found = []
    for path in sorted(DATA.glob("*/TRUTH.json")):
        for entry in json.loads(path.read_text(encoding="utf-8")):
            folder = path.parent.name
            found.append(
                Truth(
                    entry["id"],
                    entry["value"],
                    folder,
                    entry["file"],
                    folder,
                    entry.get("segment", {}),
                )
            )
    return found


WHOLE = {"pwc_callcentre": "2021Q1", "servicenow": "2016Q1", "boston311": "2022-01"}
LEVELS = {
    "pwc_callcentre": (("agent_id",), ("topic",)),
    "servicenow": (("priority",), ("channel",)),
    "boston311": (("team",), ("channel",)),
}


@cache
def scored(folder: str, file: str, period: str) -> Scorecard:
    """A file scored: a whole period with its groups, a part of it without."""
    request = Request(period=period, by=LEVELS[folder] if period == WHOLE[folder] else ())
    return score(Run((DATA / folder / file,), DEFINITIONS / f"{folder}.yaml", request))


GROUPS = {
    "agent": "agent_id", "topic": "topic", "priority": "priority", "contact_type": "channel",
    "source": "channel", "department": "team",
}  # fmt: skip
SPELT = {
    "Phone": "电话", "1 - Critical": "紧急", "2 - High": "高", "3 - Moderate": "中", "4 - Low": "低",
}  # fmt: skip
"""How csq spells a value of a fixed vocabulary that the truth spells as the export does."""
IDS = {
    "agent_calls": "calls_total", "agent_answer_rate": "answer_rate", "agent_csat_mean": "csat_mean",
    "agent_asa_mean": "asa_mean", "topic_resolution_rate": "resolution_rate_all", "calls_by_month": "calls_total",
    "slash_calls_by_month": "calls_total", "incidents_by_month": "incidents", "incidents_by_contact": "incidents",
    "incidents_priority": "incidents", "sla_met_priority": "sla_met_pct", "cases_by_source": "cases",
    "ontime_pct": "sla_ontime_pct", "cases_by_day_of_month_first10": "cases", "dmy_resolution_mean_h": "resolution_mean_h",
    "notime_resolution_mean_d": "resolution_mean_h",
}  # fmt: skip


def ask(truth: Truth) -> Score:
    """The score that answers a truth."""
    stem = truth.id.partition("[")[0].removeprefix("excel_")
    indicator = IDS.get(stem, stem)
    period = WHOLE[truth.folder]
    segment = dict(truth.segment)
    for name in ("month", "day"):
        period = segment.pop(name, period)
    if "hour" in segment:
        indicator = f"{stem}_{segment.pop('hour')}"
    if not segment:
        return find_total(scored(truth.folder, truth.file, period), indicator)
    [(name, value)] = segment.items()
    field = GROUPS[name]
    card = scored(truth.folder, truth.file, period)
    wanted = ((field, SPELT.get(value, value)),)
    return next(s for s in card.scores if s.indicator.id == indicator and s.group == wanted)


def in_the_truths_unit(truth: Truth, found: Score) -> float | None:
    if found.value is None:
        return None
    per_hour = truth.id.partition("[")[0].endswith("_h")
    per_day = truth.id.endswith("_d")
    scale = {Unit.PERCENT: Fraction(100)}.get(found.indicator.unit, Fraction(1))
    if per_hour or per_day:
        scale = Fraction(1, 86_400 if per_day else 3_600)
    return float(found.value * scale)


@pytest.mark.parametrize("truth", [t for t in truths() if t.id not in NOT_SAID], ids=lambda t: t.id)
def test_a_published_number_comes_out(truth: Truth) -> None:
    found = in_the_truths_unit(truth, ask(truth))
    assert found == pytest.approx(truth.value, abs=5e-7)


def test_the_list_of_what_is_not_said_is_up_to_date() -> None:
    assert NOT_SAID.keys() <= {truth.id for truth in truths()}


def truth_of(truth_id: str) -> float:
    return next(truth.value for truth in truths() if truth.id == truth_id)


def test_blank_is_not_zero() -> None:
    wrong = truth_of("asa_mean_if_blank_is_zero_WRONG")
    value = find_total(scored("pwc_callcentre", "calls.xlsx", "2021Q1"), "asa_mean").value
    assert value is not None
    assert abs(float(value) - wrong) > 10


def test_every_event_is_accounted_for() -> None:
    # 5,998 events are 890 incidents and 5,108 earlier rows of them.
    [(read, kept, rejected, duplicates, outside)] = books(
        scored("servicenow", "incident_event_log_excel.csv", "2016Q1")
    ).values()
    assert (read, kept, rejected, duplicates, outside) == (5998, 890, 0, 5108, 0)
    assert (read, kept) == (truth_of("excel_events"), truth_of("excel_incidents"))


def keys_and_times(folder: str, file: str) -> list[tuple[Any, ...]]:
    """Every row of a file by its key and its time, as the engine holds them."""
    run = Run((DATA / folder / file,), DEFINITIONS / f"{folder}.yaml")
    with validated(run) as (_, engine, intake):
        [source] = intake.sources.values()
        assert source.schema.key
        names = (source.schema.key, *source.schema.time)
        columns = [exp.column(name, quoted=True) for name in names]
        return sorted(engine.fetch(exp.select(*columns).from_(table_of(source.schema))))


@pytest.mark.parametrize(("folder", "one", "other"), [
    ("pwc_callcentre", "calls.xlsx", "calls_slash_dates.csv"), ("boston311", "cases_iso.csv", "cases_dmy.csv"),
])  # fmt: skip
def test_both_spellings_of_one_export_hold_the_same_rows(folder: str, one: str, other: str) -> None:
    assert keys_and_times(folder, one) == keys_and_times(folder, other)
    cards = [scored(folder, file, WHOLE[folder]) for file in (one, other)]
    first, second = ([(s.indicator.id, s.group, s.value) for s in card.scores] for card in cards)
    assert first == second


def test_the_wrong_order_of_day_and_month_loses_rows_loudly(desk: Desk) -> None:
    written = (DEFINITIONS / "pwc_callcentre.yaml").read_text(encoding="utf-8")
    desk.metrics.write_text(
        written.replace("    duplicates: error\n", "    date_order: mdy\n"), encoding="utf-8"
    )
    run = Run((DATA / "pwc_callcentre" / "calls_slash_dates.csv",), desk.metrics, Request("2021"))
    scorecard = score(run)
    [(read, _, rejected, _, _)] = books(scorecard).values()
    assert (read, rejected) == (5000, truth_of("slash_dates_unreadable_as_month_first"))
    assert codes(scorecard)["too-many-refused"] == 1


def test_the_order_of_day_and_month_is_decided_by_the_days_over_twelve() -> None:
    scorecard = scored("pwc_callcentre", "calls_slash_dates.csv", "2021Q1")
    [notice] = [p for p in scorecard.problems if p.code == "decided-dates"]
    assert notice.message.en == (
        "the dates of “date” are read day/month/year: 2890 of 5000 rows allow nothing else"
    )


def test_the_broken_row_is_refused_where_it_stands() -> None:
    scorecard = scored("boston311", "cases_bad_row.tsv", "2022-01")
    [problem] = [p for p in scorecard.problems if p.code == "ragged-row"]
    assert problem.place.row == truth_of("bad_row_line")
    [(read, kept, rejected, _, _)] = books(scorecard).values()
    assert (kept, rejected) == (truth_of("bad_file_good_rows"), truth_of("bad_rows"))
    assert read == kept + rejected


# Twenty nasty files ----------------------------------------------------------------------------


def _opened(name: str, settings: str, period: str | None = None) -> Scorecard | CsqError:
    """One nasty file scored as tickets; what it was refused with where it cannot be."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        metrics = Path(folder) / "metrics.yaml"
        metrics.write_text(
            f"version: 1\ntolerance: 100%\nsources:\n  tickets:\n    files: ['*']\n{settings}"
            f"indicators:\n  - {{id: it, name: it, formula: COUNT(tickets), unit: count, direction: up}}\n",
            encoding="utf-8",
        )
        try:
            return score(Run((DATA / "messy" / name,), metrics, Request(period)))
        except CsqError as error:
            return error


@pytest.mark.parametrize("name", sorted(p.name for p in (DATA / "messy").glob("*.[cx]*[vx]")))
def test_a_nasty_file_is_read_or_refused_in_words(name: str) -> None:
    # Nothing is declared of it: csq must say what it cannot use, and not fail otherwise.
    found = _opened(name, "")
    if isinstance(found, CsqError):
        assert found.problems
        assert all(problem.message.zh and problem.message.en for problem in found.problems)


@pytest.mark.parametrize(("name", "code"), [
    ("xlsx_password.xlsx", "encrypted-workbook"), ("empty_zero_bytes.csv", "empty-file"),
    ("date_two_orders_one_row.csv", "missing-column"),
])  # fmt: skip
def test_a_nasty_file_is_refused_for_the_right_reason(name: str, code: str) -> None:
    found = _opened(name, "")
    assert isinstance(found, IntakeError)
    assert {problem.code for problem in found.problems} == {code}


def test_american_times_of_twelve_hours_are_read() -> None:
    settings = (
        "    columns: {ticket_id: Unique Key, created_at: Created Date, closed_at: Closed Date}\n"
    )
    found = _opened("date_311_ampm.csv", settings, "2016-10")
    assert isinstance(found, Scorecard)
    assert [receipt.kept + receipt.outside_period for receipt in found.receipts] == [5]


def test_utf16_with_its_mark_is_read() -> None:
    found = _opened("encoding_utf16le_bom.csv", "")
    assert isinstance(found, IntakeError)
    assert "\ufeff" not in found.problems[0].message.en
    assert "\0" not in found.problems[0].message.en


# An event log -----------------------------------------------------------------------------------


def _log() -> dict[str, list[dict[str, str]]]:
    """The rows of each incident in the order of their times."""
    with (DATA / "servicenow" / "incident_event_log_excel.csv").open(encoding="utf-8") as file:
        incidents: dict[str, list[dict[str, str]]] = {}
        for row in csv.DictReader(file):
            incidents.setdefault(row["number"], []).append(row)
    for rows in incidents.values():
        rows.sort(key=lambda row: _moment(row["sys_updated_at"]))
    return incidents


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%d-%m-%Y %H:%M")


def _times(rows: list[dict[str, str]], state: str) -> list[datetime]:
    return [_moment(row["sys_updated_at"]) for row in rows if row["incident_state"] == state]


def test_a_log_is_folded_to_what_its_rows_say_together() -> None:
    path = DATA / "servicenow" / "incident_event_log_excel.csv"
    definition = DEFINITIONS / "servicenow_events.yaml"
    found = score(Run((path,), definition, Request(period="2016Q1")))
    assert books(found) == {path.name: (5998, 890, 0, 5108, 0)}
    values = {each.indicator.id: each.value for each in found.totals}
    incidents = _log()
    assert values["n"] == len(incidents)
    responses, solutions, waited, as_said, reopened, early = [], [], timedelta(), 0, 0, 0
    for rows in incidents.values():
        opened, states = _moment(rows[0]["opened_at"]), [row["incident_state"] for row in rows]
        replies, done = _times(rows, "Active"), _times(rows, "Resolved")
        # Two incidents were worked on before they were opened: no time at all, and a warning.
        early += bool(replies) and replies[0] < opened
        answered = replies and replies[0] >= opened
        responses += [(replies[0] - opened).total_seconds()] if answered else []
        solutions += [(done[-1] - opened).total_seconds()] if done else []
        said = rows[-1]["resolved_at"]
        as_said += bool(done) and said != "?" and done[-1] == _moment(said)
        reopened += any(
            before == "Resolved" and after not in {"Resolved", "Closed"}
            for before, after in itertools.pairwise(states)
        )
        for row, after in itertools.pairwise(rows):
            if row["incident_state"] == "Awaiting User Info":
                waited += _moment(after["sys_updated_at"]) - _moment(row["sys_updated_at"])
    assert codes(found)["event-order"] == early == 2
    assert values["resolved"] == len(solutions)
    assert values["as_the_column_says"] == as_said == 861
    assert values["reopened"] == Fraction(reopened, len(incidents))
    assert values["waited"] == Fraction(waited // timedelta(seconds=1))
    medians = [float(values[name] or 0) for name in ("response_median", "resolution_mean")]
    assert medians == pytest.approx([statistics.median(responses), statistics.mean(solutions)])
