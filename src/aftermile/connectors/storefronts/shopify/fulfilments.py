"""Fulfilments: what was handed to which carrier, and how Shopify says it is going."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aftermile.connectors.contracts.facts import (
    FulfilmentFact,
    FulfilmentLineFact,
    TrackingReport,
    Translation,
    UnknownWord,
)
from aftermile.connectors.contracts.reading import items, moment, text
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable
from aftermile.connectors.storefronts.fields import carrier_slug, count, distinct
from aftermile.connectors.storefronts.shopify.statuses import sub_status
from aftermile.connectors.storefronts.shopify.values import place, plain_id

# Source: the REST Fulfillment resource, `status`.
_STATUSES = {"", "pending", "open", "success", "cancelled", "error", "failure"}
_NOT_SHIPPED = _STATUSES - {"", "success"}


def read_fulfilment(payload: Mapping[str, Any], _: RawRecord) -> Translation:
    """Read a fulfilment as `fulfillments/create` and `fulfillments/update` send it."""
    if not plain_id(payload.get("id")):
        raise Unreadable("a fulfilment without an id")
    unknown: list[UnknownWord] = []
    found = fulfilment(payload, unknown)
    report = reported_status(payload, found, unknown)
    return Translation(facts=(found, report) if report else (found,), unknown=tuple(unknown))


def fulfilment(
    payload: Mapping[str, Any], unknown: list[UnknownWord], *, order_id: str = ""
) -> FulfilmentFact:
    """Read a fulfilment object. The direction is outbound: Shopify's returns are another object."""
    status = text(payload.get("status")).lower()
    if status not in _STATUSES:
        unknown.append(UnknownWord(what="fulfilment status", word=status))
    carrier_name = text(payload.get("tracking_company"))
    attributes = {
        "name": text(payload.get("name")),
        "location_id": plain_id(payload.get("location_id")),
        "fulfilment_service": text(payload.get("service")),
        "shipment_status": text(payload.get("shipment_status")),
    }
    return FulfilmentFact(
        external_id=plain_id(payload.get("id")),
        order_external_id=plain_id(payload.get("order_id")) or order_id,
        carrier=carrier_slug(carrier_name, unknown),
        carrier_name=carrier_name,
        tracking_numbers=_one_and_many(payload, "tracking_number", "tracking_numbers"),
        tracking_urls=_one_and_many(payload, "tracking_url", "tracking_urls"),
        lines=tuple(_lines(payload)),
        source_status=status,
        cancelled=status == "cancelled",
        shipped_at=None if status in _NOT_SHIPPED else moment(payload.get("created_at")),
        updated_at=moment(payload.get("updated_at")),
        origin=place(payload.get("origin_address")),
        destination=place(payload.get("destination")),
        attributes={name: value for name, value in attributes.items() if value},
    )


def reported_status(
    payload: Mapping[str, Any], found: FulfilmentFact, unknown: list[UnknownWord]
) -> TrackingReport | None:
    """Read `shipment_status`: the only word on the parcel that history fetched afterwards still has."""
    word = text(payload.get("shipment_status")).lower()
    if not word:
        return None
    summary = sub_status(word, unknown)
    numbers = found.tracking_numbers
    return TrackingReport(
        tracking_number=numbers[0] if len(numbers) == 1 else "",
        carrier=found.carrier,
        carrier_name=found.carrier_name,
        fulfilment_external_id=found.external_id,
        order_external_id=found.order_external_id,
        summary=summary,
        summary_code=word,
        summary_at=found.updated_at,
    )


def _one_and_many(payload: Mapping[str, Any], one: str, many: str) -> tuple[str, ...]:
    listed = payload.get(many)
    return distinct([*(listed if isinstance(listed, list) else []), payload.get(one)])


def _lines(payload: Mapping[str, Any]) -> Iterator[FulfilmentLineFact]:
    for entry in items(payload.get("line_items")):
        line_id, quantity = plain_id(entry.get("id")), count(entry.get("quantity"))
        if line_id and quantity is not None:
            yield FulfilmentLineFact(line_external_id=line_id, quantity=quantity)
