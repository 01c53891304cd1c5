"""Every published meaning of a name, by csq and by the oracle, and where each comes from."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from csq.api import open_engine
from csq.definition.load import load_definition
from csq.formula.understand import Understood, understand, understand_variants
from csq.intake.discover import find_exports
from csq.intake.intake import take_in
from csq.request import Request, needed_fields
from csq.scorecard import Score
from csq.scoring import score_intake

from .indicators import INDICATORS
from .variants import VARIANTS
from .window import Ledger, months

ROOT = Path(__file__).parents[2]
MUST_HAVE = {"frt_avg", "fcr", "csat", "sl_20", "abandon_rate", "reopen_rate", "backlog_open"}


@pytest.fixture(scope="module")
def understood() -> Understood:
    return understand(load_definition(ROOT / "src/csq/resources/standard.yaml"))


def score_variants(understood: Understood, exports: Path, period: str) -> dict[str, Score]:
    """The total of every indicator that has variants, and of each of them."""
    several = [i.id for i in understood.indicators if i.definition.variants]
    every = [each for name in several for each in understand_variants(understood, name)]
    asked = replace(understood, indicators=tuple(every))
    request = Request(period)
    with open_engine("1GB") as engine:
        needed = needed_fields(asked, request)
        intake = take_in(
            find_exports((exports,)), asked.definition, engine, needed, lambda step: None
        )
        return {s.indicator.id: s for s in score_intake(engine, intake, asked, request).totals}


def test_the_oracle_knows_every_variant_and_no_other(understood: Understood) -> None:
    shipped = {(i.id, key) for i in understood.indicators for key in i.definition.variants}
    assert set(VARIANTS) == shipped
    assert {identifier for identifier, _ in shipped} >= MUST_HAVE


def test_every_variant_says_who_works_it_out_like_this(understood: Understood) -> None:
    for indicator in understood.indicators:
        for key, variant in indicator.definition.variants.items():
            assert variant.source.en.strip(), (indicator.id, key)
            assert variant.name.zh != variant.name.en, (indicator.id, key)
            assert variant.formula != indicator.definition.formula, (indicator.id, key)


def test_csq_and_oracle_agree_on_every_variant(
    understood: Understood, corners: Path, corners_ledger: Ledger
) -> None:
    window = corners_ledger.window(months(8, 8))
    found = {name: s.value for name, s in score_variants(understood, corners, "2025-08").items()}
    told = {f"{name}_{key}": work_out(window).value for (name, key), work_out in VARIANTS.items()}
    told |= {
        each.id: INDICATORS[each.id].work_out(window).value
        for each in understood.indicators
        if each.definition.variants
    }
    assert {name: near(value) for name, value in found.items()} == {
        name: near(value) for name, value in told.items()
    }
    assert None not in told.values()


def near(value: Fraction | None) -> Fraction | None:
    """To a millionth: percentiles come from the engine as floats."""
    return None if value is None else round(value, 6)


def test_csq_and_oracle_agree_on_the_variants_that_the_examples_can_carry(
    understood: Understood, examples: Path, ledger: Ledger
) -> None:
    window = ledger.window(months(2, 2))
    found = score_variants(understood, examples, "2025-02")
    carried = {name: near(s.value) for name, s in found.items() if not s.lacking}
    told = {f"{name}_{key}": work_out for (name, key), work_out in VARIANTS.items()}
    assert carried == {
        name: near((told.get(name) or INDICATORS[name].work_out)(window).value) for name in carried
    }
    assert {name for name, s in found.items() if s.lacking} == {
        "fcr_one_touch", "fcr_no_customer_reply", "fcr_exactly_one_reply", "fcr_within_15min",
    }  # fmt: skip
