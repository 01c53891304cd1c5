"""Row sets and indicators as a person wrote them."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from csq.definition.base import (
    BilingualList,
    BilingualNote,
    BilingualText,
    Model,
    refuse,
    written_like,
)
from csq.definition.targets import ComparisonText, Direction, Target, Unit
from csq.quantity import SECONDS, Quantity, QuantityKind, parse_quantity


class Unripe(StrEnum):
    """What becomes of rows that are not yet as old as `mature_after` asks.

    They are left out, counted like any other, or counted with a verdict that is provisional.
    """

    EXCLUDE = "exclude"
    INCLUDE = "include"
    PROVISIONAL = "provisional"


class Attribution(StrEnum):
    """Whose a row is, where it is broken down by agent.

    Its own agent's; the first agent's; that of the agent of its ticket's last reply; or that of
    each agent who replied, so that groups add up to more than the total.
    """

    OWNER = "owner"
    FIRST = "first"
    LAST = "last"
    ALL = "all"


def _read_age(value: object) -> object:
    quantity = parse_quantity(value) if isinstance(value, str) else value
    match quantity:
        case Quantity(value=amount, kind=QuantityKind.DURATION) if amount > 0:
            return quantity
    raise PydanticCustomError("expected", "{expected}", {"expected": "24h, 7d"})


_AGE = rf"^\s*\+?\d+(\.\d+)?\s*({'|'.join(SECONDS)})\s*$"
AgeText = Annotated[
    Quantity, BeforeValidator(_read_age, json_schema_input_type=Annotated[str, written_like(_AGE)])
]


class RowSet(Model):
    """A named population: the rows of another one, or of a source, that fulfil a condition.

    `time` is the field that puts its rows into a period, where that is not the source's own. A
    `stock` holds every row from before the end of the period, however old.
    """

    from_: str = Field(alias="from")
    where: str | None = None
    time: str | None = None
    stock: bool = False


class NamedRowSet(RowSet):
    """One of `rows:`. Formulas know it by its key; `name` is what reports call it."""

    name: BilingualText | None = None


def _read_population(value: object) -> object:
    return {"from": value} if isinstance(value, str) else value


PopulationText = Annotated[
    RowSet, BeforeValidator(_read_population, json_schema_input_type=str | RowSet)
]


class Variant(Model):
    """Another published meaning of an indicator's name: how it is worked out, and who says so."""

    formula: str
    name: BilingualText
    source: BilingualNote


class Indicator(Model):
    """One row of the indicator table: what to compute, in what unit, against what, for whom."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
    name: BilingualText
    dimension: str = ""
    formula: str
    unit: Unit
    direction: Direction
    owner: BilingualList = ()
    data_source: BilingualNote | None = None
    target: ComparisonText | None = None
    targets: tuple[Target, ...] = ()
    time: str | None = None
    population: PopulationText | None = None
    """The rows it counts among: of their source the formula's row sets are taken from these."""
    calendar: str | None = None
    """By which calendar every time between two moments is counted; without it, around the clock."""
    mature_after: AgeText | None = None
    """How old a row must be at the end of the data before what it says is final."""
    unripe: Unripe = Unripe.EXCLUDE
    attribution: Attribution = Attribution.OWNER
    optional: bool = False
    """Whether `csq check` asks for no verdict where no export of one of its sources is there."""
    min_n: Annotated[int, Field(ge=1)] | None = None
    """How many rows a verdict needs. Without it a count of 0 is one: nothing happened."""
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    reference: Literal["last-half-year"] | None = None
    reach: BilingualText | None = None
    """What is missing to the target, in words of its own; `{n}` is how many."""
    description: BilingualText | None = None
    playbook: BilingualText | None = None
    """What to do where the target is missed."""
    variants: dict[str, Variant] = Field(default_factory=dict)
    """Other published meanings of the same name, set side by side by `csq compare`."""

    @model_validator(mode="after")
    def _one_form_of_target(self) -> Self:
        refuse(self._faults())
        return self

    def _faults(self) -> Iterator[PydanticCustomError]:
        if self.target and self.targets:
            yield PydanticCustomError("both-target-forms", "both")
        if self.target and self.target.is_change:
            yield PydanticCustomError("baseline", "baseline")

    def says(self, key: str) -> bool:
        """Whether a key is written, and not only taken as it is by default."""
        return key in self.model_fields_set

    @property
    def all_targets(self) -> tuple[Target, ...]:
        """Both forms of writing targets as one."""
        return (Target(value=self.target),) if self.target else self.targets
