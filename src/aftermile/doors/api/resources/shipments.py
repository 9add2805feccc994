"""Shipments: hand-overs to a carrier, by the shop's own id."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from ninja import Router

from aftermile.capabilities.promises.public import EstimateView, estimates
from aftermile.capabilities.shipments.public import (
    ShipmentView,
    list_shipments,
    record_fulfilments,
    shipment,
)
from aftermile.connectors.contracts.facts import Direction, FulfilmentFact, FulfilmentLineFact
from aftermile.doors.api.carriers import named_carrier
from aftermile.doors.api.endpoint import endpoint
from aftermile.doors.api.fields import ExternalId, Limit, OrderId, ShipmentId
from aftermile.doors.api.paging import DEFAULT_LIMIT, Page, cut
from aftermile.doors.api.reports import SOURCE
from aftermile.doors.api.shapes.parcels import (
    ShipmentGiven,
    ShipmentRecorded,
    ShipmentSummary,
    ShipmentTaken,
    shipment_given,
    shipment_summary,
)
from aftermile.kernel.access import Caller
from aftermile.kernel.clock import now
from aftermile.kernel.errors import NotFound

router = Router(tags=["Shipments"])


class ShipmentNotFound(NotFound):
    """No shipment of this merchant has the id."""

    code = "shipment_not_found"
    message = "There is no such shipment here; check the id."


@endpoint(
    router,
    "PUT",
    "/shipments/by-external-id/{any:external_id}",
    scope="shipments:write",
    returns=ShipmentRecorded,
)
def put_shipment(caller: Caller, external_id: ExternalId, shipment: ShipmentTaken) -> ShipmentRecorded:
    """Record a shipment by your own id for it.

    Made or brought up to date, with one parcel for each tracking number; the same again changes nothing.
    A parcel once named is never replaced by another. The order may come later. Read it by its `id`.
    """
    (recorded,) = record_fulfilments(
        facts=[_fact(external_id, shipment)], source=SOURCE, by=caller.name, at=now()
    )
    return ShipmentRecorded(
        id=recorded.shipment_id,
        order_id=recorded.order_id,
        created=recorded.created,
        changed=recorded.changed,
    )


@endpoint(
    router,
    "GET",
    "/shipments/{shipment_id}",
    scope="shipments:read",
    returns=ShipmentGiven,
    refusals=[ShipmentNotFound],
)
def read_shipment(shipment_id: ShipmentId) -> ShipmentGiven:
    """Read a shipment with its parcels and their tracking events."""
    return _shipment(shipment_id)


@endpoint(router, "GET", "/shipments", scope="shipments:read", returns=Page[ShipmentSummary])
def list_all_shipments(
    order_id: OrderId | None = None,
    external_id: ExternalId | None = None,
    cursor: ShipmentId | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[ShipmentSummary]:
    """List shipments with their parcels, newest first."""
    found = list_shipments(after=cursor, limit=limit + 1, order_id=order_id, external_id=external_id)
    page, next_cursor = cut(found, limit, "shm")
    expected = _expected(page)
    return Page[ShipmentSummary](
        data=[shipment_summary(view, expected) for view in page], next_cursor=next_cursor
    )


def _shipment(shipment_id: ShipmentId) -> ShipmentGiven:
    found = shipment(shipment_id)
    if found is None:
        raise ShipmentNotFound
    return shipment_given(found, _expected([found]))


def _expected(shipments: Iterable[ShipmentView]) -> dict[UUID, EstimateView]:
    return estimates([parcel.id for shipment in shipments for parcel in shipment.parcels])


def _fact(external_id: str, taken: ShipmentTaken) -> FulfilmentFact:
    slug, name = named_carrier(taken.carrier)
    return FulfilmentFact(
        external_id=external_id,
        order_external_id=taken.order_external_id,
        carrier=slug,
        carrier_name=name,
        service=taken.service,
        tracking_numbers=tuple(taken.tracking_numbers),
        tracking_urls=tuple(taken.tracking_urls),
        lines=tuple(
            FulfilmentLineFact(line_external_id=line.line_external_id, quantity=line.quantity)
            for line in taken.lines
        ),
        direction=Direction(taken.direction),
        source_status=taken.status,
        cancelled=taken.cancelled,
        shipped_at=taken.shipped_at,
        updated_at=taken.updated_at,
        origin=taken.origin.fact if taken.origin else None,
        destination=taken.destination.fact if taken.destination else None,
        attributes=taken.attributes,
    )
