"""What is known of rows before they come changes no value: exports in memory read as others do.

Of these the engine is given no tree for what no cell needs; of all others it has the whole one.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlglot import exp
from tests.properties.test_twins import MadeUp, make_up, open_made_up

from csq.api import open_engine
from csq.errors import IntakeError
from csq.intake.export import Export
from csq.intake.staging.incoming import FILE, ROW
from csq.intake.staging.stage import fetch_refused, stage_source
from csq.intake.staging.tables import table_of
from csq.records.schema import known_schemas


def make_uniform(source: str, seed: int, rows: int) -> MadeUp:
    """A made-up export of few rows, of whose columns many are blank or of one spelling."""
    rng = random.Random(seed)
    made = make_up(known_schemas()[source], seed)
    columns = list(zip(*made.rows[:rows], strict=True))
    for number, column in enumerate(columns):
        chance = rng.random()
        if chance < 0.2:
            columns[number] = tuple("" for _ in column)
        elif chance < 0.4 and made.header[number] != made.schema.key:
            plain = (f"2025-08-{1 + n % 28:02} 09:15:0{rng.randrange(10)}" for n in range(rows))
            columns[number] = tuple(rng.choice((time, "")) for time in plain)
        elif chance < 0.7 and made.header[number] != made.schema.key:
            columns[number] = (rng.choice(column),) * rows
    return replace(made, rows=tuple(zip(*columns, strict=True)))


def read(exports: list[Export], made: MadeUp) -> object:
    """Everything that is staged of exports, and everything that is told of them."""
    everything = frozenset(field.name for field in made.schema.fields)
    with open_engine("1GB") as engine:
        try:
            staged = stage_source(engine, exports, everything, made.settings)
        except IntakeError as error:
            return error.problems
        names = [FILE, ROW, *sorted(staged.fields & staged.stored)]
        columns = [exp.column(name, quoted=True) for name in names]
        rows = engine.fetch(exp.select(*columns).from_(table_of(made.schema)))
        told = (staged.read, staged.refused, staged.duplicates, staged.days, staged.torn)
        refused = fetch_refused(engine, staged, None)
        return Counter(rows), refused, told, Counter(map(repr, staged.problems))


@pytest.mark.parametrize("source", list(known_schemas()))
@settings(max_examples=2, phases=[Phase.generate])  # a seed does not shrink
@given(seed=st.integers(0, 2**32), rows=st.sampled_from((1, 2, 3, 30)))
def test_an_export_in_memory_reads_as_one_that_is_not(
    source: str, seed: int, rows: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = make_uniform(source, seed, rows)
    try:
        held = open_made_up(made, tmp_path_factory.mktemp("held"))
    except IntakeError as error:
        assert [problem.code for problem in error.problems] == ["ambiguous-dates"]
        return
    assert held.table.held is not None
    passing = replace(held, table=replace(held.table, held=None))
    expected = read([passing], made)
    assert read([held], made) == expected
    # Rows of another file that are not in memory are never read by what these hold.
    assert read([held, passing], made) == read([passing, passing], made)
