"""Fulfilment events: a parcel's scans as Shopify passes them on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aftermile.connectors.contracts.facts import (
    DeliveryEstimate,
    Place,
    ScanTime,
    TrackingEventFact,
    TrackingReport,
    Translation,
    UnknownWord,
)
from aftermile.connectors.contracts.reading import MomentUnreadable, day, moment, scan_time, text
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable
from aftermile.connectors.storefronts.fields import country_code
from aftermile.connectors.storefronts.shopify.statuses import sub_status
from aftermile.connectors.storefronts.shopify.values import plain_id


def read_fulfilment_event(payload: Mapping[str, Any], _: RawRecord) -> Translation:
    """Read one scan as `fulfillment_events/create` sends it."""
    fulfilment_id = plain_id(payload.get("fulfillment_id"))
    if not fulfilment_id:
        raise Unreadable("a fulfilment event without a fulfillment_id")
    unknown: list[UnknownWord] = []
    where = _place(payload)
    time = _time(payload, where, unknown)
    code = text(payload.get("status"))
    event = time and TrackingEventFact(
        time=time,
        code=code,
        description=text(payload.get("message")),
        sub_status=sub_status(code, unknown),
        place=where,
        external_id=plain_id(payload.get("id")),
    )
    report = TrackingReport(
        fulfilment_external_id=fulfilment_id,
        order_external_id=plain_id(payload.get("order_id")),
        events=(event,) if event else (),
        estimate=_estimate(text(payload.get("estimated_delivery_at"))),
    )
    return Translation(facts=(report,), unknown=tuple(unknown))


def read_fulfilment_event_deletion(_: Mapping[str, Any], __: RawRecord) -> Translation:
    """Say nothing: a scan the shop took back was still reported, and what was reported is kept."""
    return Translation()


def _time(payload: Mapping[str, Any], where: Place, unknown: list[UnknownWord]) -> ScanTime | None:
    for name in ("happened_at", "created_at"):
        try:
            return scan_time(payload.get(name), place=where)
        except MomentUnreadable:
            if written := text(payload.get(name)):
                unknown.append(UnknownWord(what="moment", word=written))
    return None


def _place(payload: Mapping[str, Any]) -> Place:
    country = country_code(payload.get("country"))
    return Place(
        city=text(payload.get("city")),
        state=text(payload.get("province")),
        postal_code=text(payload.get("zip")),
        country=country,
        name="" if country else text(payload.get("country")),  # some apps write the country's name
        latitude=_degrees(payload.get("latitude"), 90),
        longitude=_degrees(payload.get("longitude"), 180),
    )


def _degrees(value: object, most: int) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if -most <= value <= most else None


def _estimate(written: str) -> DeliveryEstimate | None:
    """Read the estimate. Midnight sharp names a day, and stays that day in every time zone."""
    found = moment(written)
    if found is None:
        return None
    by = day(written) if len(written) == 10 or "T00:00:00" in written else found
    return DeliveryEstimate(earliest=by, latest=by)
