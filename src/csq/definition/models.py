"""metrics.yaml as typed, frozen models: what a person wrote, checked but not yet compiled."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from csq.calendar import WEEKDAYS, Spans, parse_spans, parse_weekdays
from csq.errors import UsageError
from csq.period import Period, parse_period
from csq.privacy import Mode
from csq.quantity import Quantity, QuantityKind, parse_quantity, quantity_of
from csq.records.notation import Clock, DateOrder, fold
from csq.records.reading import FieldType
from csq.wording import Language, Wording


class Model(BaseModel):
    """A part of metrics.yaml: frozen, and every key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Unit(StrEnum):
    PERCENT = "percent"
    DURATION = "duration"
    COUNT = "count"
    SCORE = "score"
    POINTS = "points"
    RATIO = "ratio"

    @property
    def quantity(self) -> QuantityKind:
        """What a target for this unit is written in."""
        known = {Unit.PERCENT: QuantityKind.PERCENT, Unit.DURATION: QuantityKind.DURATION}
        return known.get(self, QuantityKind.NUMBER)


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"
    BAND = "band"


class Level(StrEnum):
    """How much a target asks for: the least that is bearable, the goal, more than the goal."""

    FLOOR = "floor"
    TARGET = "target"
    STRETCH = "stretch"


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


class Duplicates(StrEnum):
    ERROR = "error"
    FIRST = "first"
    LAST = "last"


def _read_name(value: object) -> object:
    if isinstance(value, str) and value.strip():
        return Wording(value, value)
    if isinstance(value, dict) and value and set(value) <= {"zh", "en"}:
        zh, en = value.get("zh"), value.get("en")
        if all(isinstance(text, str) and text.strip() for text in value.values()):
            return Wording(str(zh or en), str(en or zh))
    raise PydanticCustomError("expected", "{expected}", {"expected": "{zh: …, en: …}"})


BilingualText = Annotated[
    Wording,
    BeforeValidator(_read_name, json_schema_input_type=str | dict[Literal["zh", "en"], str]),
]


def _read_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


TextList = Annotated[
    tuple[str, ...], BeforeValidator(_read_list, json_schema_input_type=str | list[str])
]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError(
            "expected", "{expected}", {"expected": "Asia/Shanghai, Europe/London, …"}
        ) from None
    return name


def _known_encoding(name: str) -> str:
    """The encoding by the name Python knows it by, of text and not of bytes."""
    try:
        "".encode(name)
        return codecs.lookup(name).name
    except (LookupError, UnicodeError, ValueError):
        raise PydanticCustomError(
            "expected", "{expected}", {"expected": "utf-8, gb18030, big5, cp1252, …"}
        ) from None


COMPARISONS = {">=": ">=", "≥": ">=", "<=": "<=", "≤": "<=", ">": ">", "<": "<", "=": "="}


class Comparison(Model):
    """What is asked of a value: `>= 85%`, the band `240s .. 420s`, or a change such as `-20%`.

    A band reaches from `quantity` to `upper`, both counted in. A change (operator `+`) is judged
    once its baseline is known; `by_points` adds it, otherwise it is a share of the baseline.
    """

    operator: Literal[">=", "<=", ">", "<", "=", "..", "+"]
    quantity: Quantity
    upper: Quantity | None = None
    by_points: bool = False

    @property
    def is_change(self) -> bool:
        return self.operator == "+"

    def holds(self, value: Fraction) -> bool:
        """Compared exactly, never in floats."""
        assert not self.is_change, self
        wanted = self.quantity.value
        return {
            ">=": value >= wanted,
            "<=": value <= wanted,
            ">": value > wanted,
            "<": value < wanted,
            "=": value == wanted,
            "..": self.upper is not None and wanted <= value <= self.upper.value,
        }[self.operator]

    def distance(self, value: Fraction) -> Fraction:
        """The value less what is asked; less the nearest end of a band, 0 inside of it."""
        if self.upper is None:
            return value - self.quantity.value
        return value - min(max(value, self.quantity.value), self.upper.value)

    def after(self, baseline: Fraction, direction: Direction) -> Comparison:
        """What a change asks, given the value it is a change from."""
        changed = self.quantity.value
        wanted = baseline + changed if self.by_points else baseline * (1 + changed)
        kind = self.quantity.kind
        operator: Literal[">=", "<="] = "<=" if direction is Direction.DOWN else ">="
        return Comparison(operator=operator, quantity=quantity_of(wanted, kind))

    def __str__(self) -> str:
        if self.upper is not None:
            return f"{self.quantity.text} .. {self.upper.text}"
        return self.quantity.text if self.is_change else f"{self.operator} {self.quantity.text}"


def _read_comparison(value: object) -> object:
    if isinstance(value, Comparison):
        return value
    if isinstance(value, str):
        match = re.fullmatch(r"\s*(>=|<=|≥|≤|>|<|=)\s*(.+?)\s*", value)
        quantity = parse_quantity(match[2]) if match else None
        if match and quantity:
            return {"operator": COMPARISONS[match[1]], "quantity": quantity}
        low, dots, high = value.partition("..")
        ends = parse_quantity(low), parse_quantity(high)
        if dots and ends[0] and ends[1] and ends[0].kind is ends[1].kind:
            if ends[0].value < ends[1].value:
                return {"operator": "..", "quantity": ends[0], "upper": ends[1]}
        elif re.fullmatch(r"\s*[+-].*", value):
            points = value.strip().removesuffix("pp")
            by_points = points != value.strip()
            changed = parse_quantity(f"{points}%" if by_points else points)
            if changed:
                changed = replace(changed, text=value.strip())
                absolute = by_points or changed.kind is not QuantityKind.PERCENT
                return {"operator": "+", "quantity": changed, "by_points": absolute}
    raise PydanticCustomError(
        "expected", "{expected}", {"expected": '">= 85%", "<= 3min", "240s .. 420s", "-20%"'}
    )


ComparisonText = Annotated[
    Comparison, BeforeValidator(_read_comparison, json_schema_input_type=str)
]


def _read_scope(value: object) -> object:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, str | int) and text.strip():
        return text
    raise PydanticCustomError("string_type", "a text")


ScopeText = Annotated[str, BeforeValidator(_read_scope, json_schema_input_type=str | int | bool)]


def _read_period(value: object) -> object:
    if isinstance(value, Period):
        return value
    try:
        return parse_period(str(value))
    except UsageError:
        raise PydanticCustomError(
            "expected", "{expected}", {"expected": "2025-08, 2025Q3, 2025H1, 2025"}
        ) from None


PeriodText = Annotated[Period, BeforeValidator(_read_period, json_schema_input_type=str | int)]


def _read_duration(value: object) -> object:
    quantity = parse_quantity(value) if isinstance(value, str) else value
    if isinstance(quantity, Quantity) and quantity.kind is QuantityKind.DURATION:
        return quantity
    raise PydanticCustomError("expected", "{expected}", {"expected": "24h, 7d"})


DurationText = Annotated[Quantity, BeforeValidator(_read_duration, json_schema_input_type=str)]


class Target(Model):
    """One row of an indicator's targets: what is asked, of which groups, and who says so.

    It counts for periods that end within `from` and `to`. A change is one from `baseline`. With a
    `profile` it counts only where the definition chooses that profile.
    """

    value: ComparisonText
    level: Level = Level.TARGET
    where: dict[str, ScopeText] = Field(default_factory=dict)
    """The group it is for: what each of these fields holds, in any known spelling."""
    from_: PeriodText | None = Field(default=None, alias="from")
    to: PeriodText | None = None
    baseline: PeriodText | None = None
    profile: str | None = None
    provenance: str | None = None

    @model_validator(mode="after")
    def _with_its_baseline(self) -> Self:
        if self.value.is_change != (self.baseline is not None):
            raise PydanticCustomError("baseline", "baseline")
        return self

    @property
    def is_dated(self) -> bool:
        return self.from_ is not None or self.to is not None

    def is_in_force(self, day: date) -> bool:
        """Whether it counts for a period that ends with that day."""
        begun = self.from_ is None or self.from_.start <= day
        return begun and (self.to is None or day < self.to.end)


class RowSet(Model):
    """A named population: the rows of another one, or of a source, that fulfil a condition.

    `time` is the field that puts its rows into a period, where that is not the source's own. A
    `stock` holds every row from before the end of the period, however old.
    """

    from_: str = Field(alias="from")
    where: str | None = None
    time: str | None = None
    stock: bool = False


def _read_population(value: object) -> object:
    return {"from": value} if isinstance(value, str) else value


PopulationText = Annotated[
    RowSet, BeforeValidator(_read_population, json_schema_input_type=str | RowSet)
]


def _read_hours(value: object) -> object:
    """Weekdays, singly or as `mon-fri`, and `makeup`, each with its spans."""
    if not isinstance(value, dict):
        return value
    found: dict[str, Spans] = {}
    for key, written in value.items():
        texts = _read_list(written)
        is_list = isinstance(texts, list | tuple) and all(isinstance(t, str) for t in texts)
        spans = parse_spans(tuple(texts)) if is_list else None  # type: ignore[arg-type]
        names = [key] if key == "makeup" else [WEEKDAYS[n] for n in parse_weekdays(key) or ()]
        if spans is None or not names or found.keys() & set(names):
            raise PydanticCustomError(
                "expected", "{expected}", {"expected": 'mon-fri: ["09:00-12:00", "13:30-18:00"]'}
            )
        found |= dict.fromkeys(names, spans)
    return found


Hours = Annotated[
    dict[str, Spans],
    BeforeValidator(_read_hours, json_schema_input_type=dict[str, str | list[str]]),
]


class OffHoursReply(StrEnum):
    """What a time counts that begins and ends while nobody works: nothing, all of it, or no row."""

    ZERO = "zero"
    CALENDAR = "calendar"
    EXCLUDE = "exclude"


class CalendarSettings(Model):
    """When work is done.

    `hours` by weekday; `makeup` in them is for weekend days that are worked instead (调休), which
    otherwise have Monday's hours. `holidays` is a country, or a country and its part: CN, DE-BY.
    `days` is a CSV file of single days and their hours.
    """

    hours: Hours
    holidays: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] | None = (
        None
    )
    days: str | None = None
    off_hours_reply: OffHoursReply


SeparatorText = Annotated[
    tuple[Annotated[str, StringConstraints(min_length=1)], ...],
    BeforeValidator(_read_list, json_schema_input_type=str | list[str]),
]


class OwnField(Model):
    """A field the user adds to a source."""

    type: FieldType
    columns: TextList = ()
    title: BilingualText | None = None
    scale: tuple[int, int] | None = None
    unit: Literal["s", "min", "h"] = "s"
    separator: SeparatorText = ()
    """What stands between the values of a text that holds several: any one of these."""

    @model_validator(mode="after")
    def _several_of_text(self) -> Self:
        if self.separator and self.type is not FieldType.TEXT:
            raise PydanticCustomError("expected", "{expected}", {"expected": "type: text"})
        return self


def _read_columns(value: object) -> object:
    return {"headers": _read_list(value)} if isinstance(value, str | list) else value


class Columns(Model):
    """Where a field stands in a file: under one of `headers`, or in several columns joined.

    `join` is for values that are spelt in parts, such as a date and a time of day.
    """

    headers: tuple[str, ...] = ()
    join: tuple[str, ...] = ()


ColumnsText = Annotated[
    Columns,
    BeforeValidator(_read_columns, json_schema_input_type=str | list[str] | Columns),
]


class Grain(Model):
    """Several rows a case become one: the cases are those of `key`.

    A case is what its first or last row says, by `time`, without it by the order of the files and
    their rows. `activity` is the field that says what happened, or what state began.
    """

    key: str
    keep: Literal["first", "last"] = "last"
    time: str | None = None
    activity: str | None = None


EVERY_ACTIVITY = "*"


class Event(Model):
    """What a field takes from the rows of a case: exactly one of the four is given.

    `first` and `last`: the time of the first and the last row with one of these activities, where
    `*` is every activity; `count`: how many such rows; `spent`: the time from each of them to the
    next row of the case. With `after` only rows directly after one with such an activity count.
    """

    first: TextList | None = None
    last: TextList | None = None
    count: TextList | None = None
    spent: TextList | None = None
    after: TextList = ()

    @model_validator(mode="after")
    def _takes_one_thing(self) -> Self:
        if sum(bool(each) for each in (self.first, self.last, self.count, self.spent)) != 1:
            raise PydanticCustomError(
                "expected", "{expected}", {"expected": "{ first: … } | last | count | spent"}
            )
        return self

    @property
    def takes(self) -> FieldType:
        """What kind of value it gives."""
        if self.count:
            return FieldType.INTEGER
        return FieldType.DURATION if self.spent else FieldType.TIMESTAMP

    @property
    def activities(self) -> tuple[str, ...]:
        return self.first or self.last or self.count or self.spent or ()

    @property
    def is_in_every_case(self) -> bool:
        """Whether no case is without it."""
        is_time = self.takes is FieldType.TIMESTAMP
        return is_time and EVERY_ACTIVITY in self.activities and not self.after


EVERY_COLUMN = "*"


def _read_nulls(value: object) -> object:
    return {EVERY_COLUMN: value} if isinstance(value, str | list) else value


NullsText = Annotated[
    dict[str, TextList],
    BeforeValidator(
        _read_nulls, json_schema_input_type=str | list[str] | dict[str, str | list[str]]
    ),
]


def _read_orders(value: object) -> object:
    if value is None or isinstance(value, dict):
        return value or {}
    return {EVERY_COLUMN: value}


OrdersText = Annotated[
    dict[str, DateOrder],
    BeforeValidator(_read_orders, json_schema_input_type=DateOrder | dict[str, DateOrder]),
]


class SourceSettings(Model):
    """What the headers of a source's exports do not settle by themselves."""

    files: TextList = ()
    columns: dict[str, ColumnsText] = Field(default_factory=dict)
    values: dict[str, dict[str, TextList]] = Field(default_factory=dict)
    fields: dict[str, OwnField] = Field(default_factory=dict)
    duplicates: Duplicates = Duplicates.LAST
    grain: Grain | None = None
    events: dict[str, Event] = Field(default_factory=dict)
    nulls: NullsText = Field(default_factory=dict)
    """What stands for nothing, by field; `*`: in every column."""
    date_order: OrdersText = Field(default_factory=dict)
    """The order of day and month, by field; `*`: in every column."""
    decimal: Literal[".", ","] | None = None
    """The decimal mark of numbers and durations; without it, it is found out."""
    clock: Clock | None = None
    """What a duration such as `03:25` is."""
    sheet: TextList = ()
    """The sheets of a workbook to read; without it all that are recognised as this source."""
    encoding: Annotated[str, AfterValidator(_known_encoding)] | None = None
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] | None = None
    header_row: Annotated[int, Field(ge=1, le=1000)] | None = None
    """The row of the header, counted from 1; without it the header is found."""
    skip_rows: Annotated[int, Field(ge=0, le=1000)] = 0
    """Rows directly under the header that are no data: units, a second header."""

    def nulls_of(self, field: str) -> tuple[str, ...]:
        return (*self.nulls.get(EVERY_COLUMN, ()), *self.nulls.get(field, ()))

    def order_of(self, field: str) -> DateOrder | None:
        return self.date_order.get(field) or self.date_order.get(EVERY_COLUMN)

    def spellings(self, field: str) -> tuple[tuple[str, str], ...]:
        """Declared spellings of a field's values, folded, and the value each stands for."""
        return tuple(
            (fold(spelling), value)
            for value, spellings in self.values.get(field, {}).items()
            for spelling in (value, *spellings)
        )


class Variant(Model):
    """Another published meaning of an indicator's name: how it is worked out, and who says so."""

    formula: str
    name: BilingualText
    source: str


class Indicator(Model):
    """One row of the indicator table: what to compute, in what unit, against what, for whom."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
    name: BilingualText
    dimension: str = ""
    formula: str
    unit: Unit
    direction: Direction
    owner: TextList = ()
    data_source: str | None = None
    target: ComparisonText | None = None
    targets: tuple[Target, ...] = ()
    time: str | None = None
    population: PopulationText | None = None
    """The rows it counts among: of their source the formula's row sets are taken from these."""
    calendar: str | None = None
    """By which calendar every time between two moments is counted; without it, around the clock."""
    mature_after: DurationText | None = None
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
        if self.target and self.targets:
            raise PydanticCustomError("both-target-forms", "both")
        if self.target and self.target.is_change:
            raise PydanticCustomError("baseline", "baseline")
        return self

    @property
    def all_targets(self) -> tuple[Target, ...]:
        """Both forms of writing targets as one."""
        return (Target(value=self.target),) if self.target else self.targets


def _read_share(value: Any) -> Any:
    quantity = parse_quantity(value) if isinstance(value, str) else value
    is_share = isinstance(quantity, Quantity) and quantity.kind is QuantityKind.PERCENT
    if quantity is not None and is_share and 0 <= quantity.value <= 1:
        return quantity
    raise PydanticCustomError("expected", "{expected}", {"expected": '"5%"'})


def _read_tolerance(value: object) -> object:
    return value if isinstance(value, dict | Tolerance) else {"refused": _read_share(value)}


ShareText = Annotated[Quantity, BeforeValidator(_read_share, json_schema_input_type=str)]


class Tolerance(Model):
    """The shares of a source's rows that may go wrong before the whole run counts as invalid.

    `refused` is of all refused rows; each of `rules` is of those with this problem.
    """

    refused: ShareText = Quantity(Fraction(1, 20), QuantityKind.PERCENT, "5%")
    rules: dict[str, ShareText] = Field(default_factory=dict)


ToleranceText = Annotated[
    Tolerance, BeforeValidator(_read_tolerance, json_schema_input_type=str | Tolerance)
]


def _read_privacy(value: object) -> object:
    return {"mode": value} if isinstance(value, str) else value


class Privacy(Model):
    """How reports with rows show people: `mask`, `hash` with a local salt, or `none`."""

    mode: Mode = Mode.MASK
    k: Annotated[int, Field(ge=1)] = 5
    """Groups of people with fewer rows are not shown."""
    salt: str = ".csq-salt"
    """The file of the salt for `hash`; it is made where there is none, and stays here."""


PrivacyText = Annotated[
    Privacy, BeforeValidator(_read_privacy, json_schema_input_type=Mode | Privacy)
]


class Definition(Model):
    """A whole metrics.yaml."""

    version: Literal[1]
    extends: str | None = None
    language: Language = "zh"
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    tolerance: ToleranceText = Tolerance()
    profile: str | None = None
    """Whose targets count beside those without a profile."""
    privacy: PrivacyText = Privacy()
    sources: dict[str, SourceSettings] = Field(default_factory=dict)
    calendars: dict[str, CalendarSettings] = Field(default_factory=dict)
    rows: dict[str, RowSet] = Field(default_factory=dict)
    measures: dict[str, str] = Field(default_factory=dict)
    indicators: tuple[Indicator, ...] = ()
