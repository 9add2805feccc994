"""Kinds of values the API takes and gives: ids, moments, days, money, texts of a length."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    WrapValidator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from aftermile.kernel.bounds import LONGEST_ID
from aftermile.kernel.clock import EARLIEST_YEAR, LATEST_YEAR, parse_moment
from aftermile.kernel.errors import Refusal
from aftermile.kernel.ids import PREFIXES, public_id, read_public_id
from aftermile.kernel.money import LARGEST_AMOUNT_MINOR, Money

_EXAMPLE_ID = UUID("019a8f3e-0d55-7c21-9d3b-5b8d4a8c1f20")
DEEPEST_ATTRIBUTES = 16


class Taken(BaseModel):
    """A body or a part of one: an unknown field is refused by its name, since a typo would lose data."""

    model_config = ConfigDict(extra="forbid", strict=True)


def example(**fields: Any) -> ConfigDict:
    """Give a body an example for the document."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


class Given(BaseModel):
    """An answer or a part of one."""

    model_config = ConfigDict(frozen=True)


@dataclass(frozen=True, slots=True)
class PublicId:
    """Reads and writes a UUID as the public id of one kind of thing."""

    prefix: str

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                self._write, return_schema=core_schema.str_schema()
            ),
        )

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": "string",
            "pattern": f"^{self.prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$",
            "description": f"The id of one {PREFIXES[self.prefix]}.",
            "examples": [public_id(self.prefix, _EXAMPLE_ID)],
        }

    def _read(self, value: object) -> UUID:
        if isinstance(value, UUID):
            return value
        if not isinstance(value, str):
            raise ValueError("a public id is a text")
        return _or_value_error(lambda: read_public_id(self.prefix, value))

    def _write(self, value: UUID) -> str:
        return public_id(self.prefix, value)


OrderId = Annotated[UUID, PublicId("ord")]
OrderLineId = Annotated[UUID, PublicId("oli")]
RefundId = Annotated[UUID, PublicId("ref")]
ShopperId = Annotated[UUID, PublicId("shp")]
ProductId = Annotated[UUID, PublicId("prd")]
VariantId = Annotated[UUID, PublicId("var")]
ShipmentId = Annotated[UUID, PublicId("shm")]
ParcelId = Annotated[UUID, PublicId("par")]
TrackingEventId = Annotated[UUID, PublicId("tev")]
ConnectionId = Annotated[UUID, PublicId("con")]
RecordId = Annotated[UUID, PublicId("rec")]
EventId = Annotated[UUID, PublicId("evt")]
KeyId = Annotated[UUID, PublicId("key")]
ArticleId = Annotated[UUID, PublicId("art")]
SegmentId = Annotated[UUID, PublicId("seg")]
JourneyId = Annotated[UUID, PublicId("jny")]
JourneyRunId = Annotated[UUID, PublicId("jrn")]
TaskId = Annotated[UUID, PublicId("tsk")]
PackingBoxId = Annotated[UUID, PublicId("box")]


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise ValueError("a moment is a text such as 2026-03-29T09:30:00+02:00")
    return _or_value_error(lambda: parse_moment(value))


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        day = None
    if day is None or not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise ValueError(f"a day is a text such as 2026-03-29, from {EARLIEST_YEAR} to {LATEST_YEAR}")
    return day


def _shallow(value: dict[str, Any]) -> dict[str, Any]:
    if _depth_beyond(value, DEEPEST_ATTRIBUTES):
        raise ValueError(f"nested deeper than {DEEPEST_ATTRIBUTES} levels")
    return value


def _depth_beyond(value: object, left: int) -> bool:
    if isinstance(value, dict):
        return left == 0 or any(_depth_beyond(held, left - 1) for held in value.values())
    if isinstance(value, list):
        return left == 0 or any(_depth_beyond(held, left - 1) for held in value)
    return False


Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "description": f"ISO 8601 with an offset, from {EARLIEST_YEAR} to {LATEST_YEAR}.",
            "examples": ["2026-03-29T09:30:00+02:00"],
        }
    ),
]
Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-03-29"]}),
]
ExternalId = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_ID),
    Field(description="The id in the shop's own system."),
]
Word = Annotated[str, StringConstraints(max_length=100)]
Line = Annotated[str, StringConstraints(max_length=500)]
Paragraph = Annotated[str, StringConstraints(max_length=10_000)]
Address = Annotated[str, StringConstraints(max_length=2_000)]


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


#: JSON knows no integers: 5.0 is 5. Stands behind the bounds, which the document would lose otherwise.
WHOLE = BeforeValidator(_whole)
Quantity = Annotated[int, Field(ge=0, le=1_000_000), WHOLE]
CountryCode = Annotated[
    str,
    StringConstraints(pattern=r"^([A-Z]{2})?$"),
    Field(description="ISO 3166-1 alpha-2, or empty.", examples=["DE"]),
]
Attributes = Annotated[
    dict[Annotated[str, StringConstraints(max_length=100)], Any],
    Field(max_length=100, description="Anything of your own, kept and given back as it is."),
    AfterValidator(_shallow),
]
Limit = Annotated[int, Field(ge=1, le=200, description="How many at most.")]


class MoneyTaken(Taken):
    """An amount in the minor unit of its currency: 1990 EUR are 19.90 euros, 1990 JPY are 1,990 yen."""

    amount_minor: Annotated[
        int, Field(ge=-LARGEST_AMOUNT_MINOR, le=LARGEST_AMOUNT_MINOR, examples=[1990]), WHOLE
    ]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = Field(examples=["EUR"])

    @property
    def money(self) -> Money:
        return Money(self.amount_minor, self.currency)


class MoneyGiven(Given):
    """An amount in the minor unit of its currency."""

    amount_minor: int
    currency: str


def money(value: MoneyTaken | None) -> Money | None:
    """Return taken money as the kernel's."""
    return None if value is None else value.money


@dataclass(frozen=True, slots=True)
class Odd:
    """An item of a batch that cannot be taken, with what is wrong with it."""

    problems: list[dict[str, str]]


def _or_odd(value: Any, handler: Callable[[Any], Any]) -> Any:
    try:
        return handler(value)
    except ValidationError as error:
        return Odd(explain(error))


#: Stands behind the items of a batch, so that an odd one costs only itself.
OrOdd = WrapValidator(_or_odd)
MOST_PROBLEMS = 20


def explain(error: ValidationError) -> list[dict[str, str]]:
    """Say field by field what is wrong; at most `MOST_PROBLEMS`, without the values themselves."""
    return [
        {"field": ".".join(str(step) for step in each["loc"]), "problem": plain_words(each["msg"])}
        for each in error.errors(include_url=False, include_context=False, include_input=False)[
            :MOST_PROBLEMS
        ]
    ]


def plain_words(message: str) -> str:
    """Return pydantic's message without its prefix for our own words."""
    return message.removeprefix("Value error, ")


T = TypeVar("T")


def _or_value_error(read: Callable[[], T]) -> T:
    try:
        return read()
    except Refusal as refusal:
        raise ValueError(refusal.message) from None
