"""What AfterShip's API takes. Unknown fields are passed over, as AfterShip does."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from aftermile.connectors.contracts.countries import country_code
from aftermile.connectors.contracts.facts import Place
from aftermile.connectors.contracts.reading import MomentUnreadable, scan_time
from aftermile.doors.api.aftership.answers import tracking_required, value_invalid
from aftermile.doors.api.aftership.tracking_object import KEPT_FIELDS
from aftermile.doors.api.fields import Attributes

Text = Annotated[str, StringConstraints(max_length=2_000)]
Tag = Annotated[str, StringConstraints(max_length=100)]


def _country(code: str) -> str:
    found = country_code(code)
    if code and not found:
        raise ValueError("no ISO 3166 country code")
    return found


Country = Annotated[str, StringConstraints(max_length=3), AfterValidator(_country)]


def _moment(written: str) -> datetime:
    try:
        return scan_time(written).occurred_at
    except (MomentUnreadable, OverflowError):
        raise ValueError("no moment") from None


class Part(BaseModel):
    """A part of a request."""

    model_config = ConfigDict(extra="ignore")


class Customer(Part):
    role: Text | None = None
    name: Text | None = None
    phone_number: Text | None = None
    email: Text | None = None
    language: Text | None = None
    id: Text | None = None


class Promised(Part):
    promised_delivery_date: Text | None = None
    promised_delivery_date_min: Text | None = None
    promised_delivery_date_max: Text | None = None


class LastMile(Part):
    tracking_number: Text | None = None
    slug: Text | None = None


class TrackingFields(Part):
    """Everything a tracking can be told at any time."""

    slug: Annotated[str, StringConstraints(max_length=100)] | None = None
    title: Annotated[str, StringConstraints(max_length=500)] | None = None
    note: Annotated[str, StringConstraints(max_length=10_000)] | None = None
    order_id: Text | None = None
    order_id_path: Text | None = None
    order_number: Text | None = None
    order_date: Text | None = None
    custom_fields: Attributes | None = None
    language: Text | None = None
    order_promised_delivery_date: Promised | None = None
    delivery_type: Literal["pickup_at_store", "door_to_door", "pickup_at_courier"] | None = None
    pickup_location: Text | None = None
    pickup_note: Text | None = None
    tracking_account_number: Text | None = None
    tracking_key: Text | None = None
    tracking_ship_date: Text | None = None
    shipment_type: Text | None = None
    shipment_tags: Annotated[list[Tag], Field(max_length=100)] | None = None
    courier_connection_id: Text | None = None
    location_id: Text | None = None
    shipping_method: Text | None = None
    last_mile: LastMile | None = None
    customers: Annotated[list[Customer], Field(max_length=20)] | None = None
    shipment_direction: Literal["forward", "return"] | None = None
    origin_country_region: Country | None = None
    origin_state: Text | None = None
    origin_city: Text | None = None
    origin_postal_code: Text | None = None
    origin_raw_location: Text | None = None
    destination_country_region: Country | None = None
    destination_state: Text | None = None
    destination_city: Text | None = None
    destination_postal_code: Text | None = None
    destination_raw_location: Text | None = None

    @property
    def kept(self) -> dict[str, Any]:
        """What is kept to be given back as it is: the fields that were sent."""
        sent = self.model_fields_set.intersection(KEPT_FIELDS)
        return self.model_dump(mode="json", include=sent, exclude_none=True)

    @property
    def origin(self) -> Place | None:
        return self._place("origin")

    @property
    def destination(self) -> Place | None:
        return self._place("destination")

    def _place(self, which: str) -> Place | None:
        place = Place(
            city=getattr(self, f"{which}_city") or "",
            state=getattr(self, f"{which}_state") or "",
            postal_code=getattr(self, f"{which}_postal_code") or "",
            country=getattr(self, f"{which}_country_region") or "",
            name=getattr(self, f"{which}_raw_location") or "",
        )
        return None if place == Place() else place


class CreateTracking(TrackingFields):
    tracking_number: Text | None = None


class MarkAsCompleted(Part):
    reason: Literal["DELIVERED", "LOST", "RETURNED_TO_SENDER"] | None = None
    event_datetime: Annotated[str, StringConstraints(max_length=40)] | None = None

    @property
    def occurred_at(self) -> datetime | None:
        """The moment that was sent; one without an offset reads as UTC.

        :raises ValueError: it is none.
        """
        return _moment(self.event_datetime) if self.event_datetime else None


class DetectCourier(Part):
    tracking_number: Text | None = None
    slug: Annotated[list[Tag], Field(max_length=200)] | None = None
    destination_country_region: Country | None = None


R = TypeVar("R", bound=Part)


def read(kind: type[R], body: object) -> R:
    """Read a request.

    :raises Refused: it is no object, or a field has a value it cannot have.
    """
    if not isinstance(body, dict):
        raise tracking_required()
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        raise value_invalid(".".join(str(step) for step in error.errors()[0]["loc"])) from None
