"""A definition may tolerate a share of each fault: beyond it the exports are not valid."""

from __future__ import annotations

import pytest
from tests.conftest import Desk

from csq.errors import DefinitionError, ExitCode
from csq.gate import exit_codes_of_data

HEADER = "工单编号,创建时间,解决时间,首次响应时间"
GOOD = ("2025-08-02", "2025-08-03", "2025-08-03")
EARLY = ("2025-08-02", "2025-08-01", "2025-08-01")
COUNT = (
    "indicators:\n  - { id: it, name: it, formula: COUNT(tickets), unit: count, direction: up }\n"
)


def put_rows(desk: Desk, early: int) -> None:
    """A hundred rows, of which some break the order of times twice."""
    rows = [(f"T{n}", *(EARLY if n < early else GOOD)) for n in range(100)]
    desk.put_rows("t.csv", HEADER, rows)


@pytest.mark.parametrize(("early", "tolerated", "fits"), [
    (2, "2%", True), (2, "1.9%", False), (0, "0%", True), (1, "0%", False),
])  # fmt: skip
def test_a_rule_is_judged_by_its_own_share(
    desk: Desk, early: int, tolerated: str, fits: bool
) -> None:
    put_rows(desk, early)
    desk.define(f"tolerance: {{ refused: 50%, rules: {{ time-order: {tolerated} }} }}\n{COUNT}")
    card = desk.score("2025-08")
    lines = [p.line("en") for p in card.problems if p.code == "too-many-of-rule"]
    assert lines == ([] if fits else [
        f"too-many-of-rule: of Tickets {early} of 100 rows break time-order, more than {tolerated}"
        " → mend what csq validate tells, or allow more of it under tolerance:"
    ])  # fmt: skip
    assert exit_codes_of_data(card) == (() if fits else (ExitCode.INVALID_DATA,))


def test_another_rule_is_not_concerned(desk: Desk) -> None:
    put_rows(desk, 5)
    desk.define(f"tolerance: {{ rules: {{ unreadable-timestamp: 0% }} }}\n{COUNT}")
    assert exit_codes_of_data(desk.score("2025-08")) == ()


def test_notices_of_rows_can_be_forbidden(desk: Desk) -> None:
    desk.put_rows("t.csv", HEADER, [("T1", *GOOD), ("T1", *GOOD)])
    desk.define(f"tolerance: {{ rules: {{ duplicate-key: 0% }} }}\n{COUNT}")
    assert exit_codes_of_data(desk.score("2025-08")) == (ExitCode.INVALID_DATA,)


def test_an_unknown_rule_is_a_fault_of_the_definition(desk: Desk) -> None:
    put_rows(desk, 0)
    desk.define(f"tolerance:\n  rules:\n    time-ordr: 1%\n{COUNT}")
    with pytest.raises(DefinitionError) as caught:
        desk.score("2025-08")
    assert [problem.line("en") for problem in caught.value.problems] == [
        "metrics.yaml:4:5: untolerable: no tolerance can be given for “time-ordr” → there are:"
        " time-order"
    ]
