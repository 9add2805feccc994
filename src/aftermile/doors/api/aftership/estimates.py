"""Estimated delivery dates before there is a parcel: our quote, as AfterShip's API predicts.

Source: AfterShip Tracking API 2026-07, "Predict the estimated delivery date".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Annotated, Any, Literal

from pydantic import Field

from aftermile.capabilities.promises.public import (
    Confidence,
    Goods,
    Place,
    Quote,
    estimate_settings,
    live_model_or_none,
    quote_by,
    shipping_place,
)
from aftermile.capabilities.shipping.public import Cart, Method, Rate, ShippingPlan, calendar_at, shipping
from aftermile.connectors.contracts.countries import alpha_3
from aftermile.connectors.contracts.reading import MomentUnreadable, scan_time
from aftermile.doors.api.aftership.answers import value_invalid, value_required
from aftermile.doors.api.aftership.call import operation
from aftermile.doors.api.aftership.requests import Country, Part, Tag, Text, read
from aftermile.doors.api.carriers import carrier_at_aftership
from aftermile.kernel.access import Caller
from aftermile.kernel.clock import EARLIEST_YEAR, now
from aftermile.kernel.ids import uuid7
from aftermile.kernel.working_calendar import MOST_PROCESSING_DAYS, WorkingCalendar

MOST_AT_ONCE = 5
_GRAMS = {"kg": 1000.0, "g": 1.0, "gram": 1.0, "lb": 453.59237, "oz": 28.349523125}
_TOO_LITTLE_DATA, _ADDRESS_IMPRECISE = 30002, 30004
#: 10001 is high; 20001 is high for the range, and medium for its single day.
_CODES = {Confidence.HIGH: 10001, Confidence.MEDIUM: 20001, Confidence.LOW: _TOO_LITTLE_DATA}
_METHOD = "predict"


class Address(Part):
    country_region: Country | None = None
    state: Text | None = None
    city: Text | None = None
    postal_code: Annotated[str, Field(max_length=20)] | None = None
    raw_location: Text | None = None


class Weight(Part):
    unit: Literal["kg", "lb", "oz", "g", "gram"]
    value: Annotated[float, Field(ge=0, le=10**6)]


class ProcessingTime(Part):
    unit: Literal["day"] = "day"
    value: Annotated[float, Field(ge=0, le=MOST_PROCESSING_DAYS, multiple_of=1)]


class EstimatedPickup(Part):
    order_time: Text | None = None
    order_cutoff_time: Text | None = None
    business_days: (
        Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(min_length=1, max_length=7)] | None
    ) = None
    order_processing_time: ProcessingTime | None = None


class Prediction(Part):
    """What a date is asked by. AfterShip wants one of `pickup_time` and `estimated_pickup`."""

    slug: Tag | None = None
    service_type_name: Text | None = None
    origin_address: Address | None = None
    destination_address: Address | None = None
    weight: Weight | None = None
    package_count: Annotated[int, Field(ge=1, le=1000)] | None = None
    pickup_time: Text | None = None
    estimated_pickup: EstimatedPickup | None = None


class Predictions(Part):
    estimated_delivery_dates: Annotated[list[Prediction], Field(min_length=1, max_length=MOST_AT_ONCE)]


@dataclass(frozen=True, slots=True)
class _Shop:
    plan: ShippingPlan
    calendar: WorkingCalendar
    currency: str


@operation("POST", "promises:read")
def predict(caller: Caller, query: Mapping[str, str], body: object = None) -> tuple[Any, int]:  # noqa: ARG001
    """Predict one date."""
    return _answered([read(Prediction, body)], "")[0], 200


@operation("POST", "promises:read")
def predict_batch(caller: Caller, query: Mapping[str, str], body: object = None) -> tuple[Any, int]:  # noqa: ARG001
    """Predict up to five dates."""
    asked = read(Predictions, body)
    return {
        "estimated_delivery_dates": _answered(asked.estimated_delivery_dates, "estimated_delivery_dates")
    }, 200


def _answered(asked: list[Prediction], where: str) -> list[dict[str, Any]]:
    found = shipping()
    shop = _Shop(found.plan, found.calendar, found.merchant.currency)
    order = estimate_settings().order
    live = live_model_or_none()
    answers = []
    for place, each in enumerate(asked):
        field = f"{where}.{place}." if where else ""
        if not each.slug:
            raise value_required(f"{field}slug")
        destination = _place(each.destination_address)
        if destination is None:
            raise value_required(f"{field}destination_address.country_region")
        origin = _place(each.origin_address)
        calendar = shop.calendar
        if origin is not None:
            calendar = calendar_at(shop.plan, calendar, shipping_place(origin))
        calendar, at = _departure(each, calendar, field)
        quote = quote_by(
            _plan(shop.plan, each.slug, each.service_type_name or ""),
            calendar,
            cart=Cart(),
            goods=_goods(each),
            origin=origin or Place(country=calendar.country, region=calendar.subdivision),
            destination=destination,
            currency=shop.currency,
            at=at,
            forecasts=live.model.forecast if live else None,
            trust=order,
        )
        answers.append(_written(each, quote))
    return answers


def _departure(each: Prediction, calendar: WorkingCalendar, field: str) -> tuple[WorkingCalendar, datetime]:
    """Tell by which calendar and from which moment the way begins."""
    if each.pickup_time:
        # Picked up at that time: nothing is to be packed, and no cut-off is waited for.
        at = _moment(each.pickup_time, f"{field}pickup_time")
        return replace(calendar, cut_offs=(time.max,) * 7, processing_days=0), at
    pickup = each.estimated_pickup
    if pickup is None:
        raise value_required(f"{field}pickup_time")
    if not pickup.order_time:
        raise value_required(f"{field}estimated_pickup.order_time")
    at = _moment(pickup.order_time, f"{field}estimated_pickup.order_time")
    changes: dict[str, Any] = {}
    if pickup.order_cutoff_time:
        try:
            changes["cut_offs"] = (time.fromisoformat(pickup.order_cutoff_time).replace(tzinfo=None),) * 7
        except ValueError:
            raise value_invalid(f"{field}estimated_pickup.order_cutoff_time") from None
    if pickup.business_days:
        changes["weekmask"] = "".join("1" if day in pickup.business_days else "0" for day in range(1, 8))
    if pickup.order_processing_time:
        changes["processing_days"] = int(pickup.order_processing_time.value)
    return replace(calendar, **changes), at


def _moment(written: str, field: str) -> datetime:
    try:
        moment = scan_time(written).occurred_at
    except (MomentUnreadable, OverflowError):
        raise value_invalid(field) from None
    if not EARLIEST_YEAR + 10 <= moment.year <= now().year + 2:
        raise value_invalid(field)
    return moment


def _plan(plan: ShippingPlan, slug: str, service: str) -> ShippingPlan:
    """Take the shop's transit times and calendars, and the carrier that is asked for as its one method."""
    carrier, _ = carrier_at_aftership(slug)
    method = Method(key=_METHOD, name=slug, carrier=carrier, service=service)
    return replace(plan, methods=(method,), rates=(Rate(price_minor=0),))


def _place(address: Address | None) -> Place | None:
    if address is None or not address.country_region:
        return None
    return Place(
        country=address.country_region,
        region=(address.state or "") if len(address.state or "") <= 3 else "",
        postal_code=address.postal_code or "",
    )


def _goods(each: Prediction) -> Goods:
    grams = int(each.weight.value * _GRAMS[each.weight.unit]) if each.weight else None
    return Goods(item_count=each.package_count or 1, weight_grams=grams)


def _written(each: Prediction, quote: Quote) -> dict[str, Any]:
    method = quote.methods[0]
    window = method.window
    code = _CODES[method.confidence] if method.confidence else _TOO_LITTLE_DATA
    if code != _TOO_LITTLE_DATA and not quote.destination.postal_code:
        code = _ADDRESS_IMPRECISE
    asked = each.model_dump(mode="json", exclude_unset=True)
    for name in ("origin_address", "destination_address"):
        if asked.get(name, {}).get("country_region"):
            asked[name]["country_region"] = alpha_3(asked[name]["country_region"])
    return asked | {
        "id": uuid7().hex,
        "estimated_delivery_date": window.likely.isoformat() if window else None,
        "estimated_delivery_date_min": window.earliest.isoformat() if window else None,
        "estimated_delivery_date_max": window.latest.isoformat() if window else None,
        "confidence_code": code,
    }
