"""Make room for shipments only referred to so far: a storefront's scan before its fulfilment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from aftermile.capabilities.orders.public import reserve_orders
from aftermile.capabilities.shipments.models import Shipment, ShipmentParcel
from aftermile.capabilities.shipments.operations.parcels import WantedParcel, stub_key, take_parcels
from aftermile.connectors.contracts.facts import Direction
from aftermile.kernel.ids import uuid7
from aftermile.kernel.rowsets import insert, run, select, text_array, texts_in
from aftermile.kernel.tenancy import current_merchant_id


def reserve_shipments(wanted: Mapping[str, str], *, source: str, by: str, at: datetime) -> dict[str, UUID]:
    """Return the shipments with these external ids, making empty ones for those never heard of.

    :param wanted: order external ids ("" when not told) by fulfilment external id.
    """
    orders = reserve_orders(
        source=source, external_ids=sorted({order for order in wanted.values() if order}), by=by, at=at
    )
    external_ids = sorted(wanted)
    run(insert(
        Shipment,
        _COLUMNS,
        [
            {
                **_BLANK, "id": uuid7(), "source": source, "external_id": external_id,
                "order_id": orders.get(wanted[external_id]), "created_at": at, "updated_at": at,
            }
            for external_id in external_ids
        ],
        on_conflict="ON CONFLICT (merchant_id, source, external_id) DO UPDATE SET order_id = excluded.order_id"
        " WHERE stored.order_id IS NULL AND excluded.order_id IS NOT NULL",
    ))[0]  # fmt: skip
    rows = run(
        select(
            Shipment,
            ("external_id", "id"),
            f"source = %s AND {texts_in('external_id')}",
            [source, text_array(external_ids)],
            then="ORDER BY external_id FOR UPDATE",
        )
    )[0]
    return {row["external_id"]: row["id"] for row in rows}


_BLANK: dict[str, object] = {
    "carrier": "",
    "carrier_name": "",
    "service": "",
    "source_status": "",
    "digest": "",
    "direction": Direction.OUTBOUND,
    "cancelled": False,
    "lines": [],
    "origin": {},
    "destination": {},
    "attributes": {},
}
_COLUMNS = ("id", "source", "external_id", "order_id", *_BLANK, "created_at", "updated_at")


def link_parcels(links: Sequence[tuple[UUID, UUID, int]], *, listed: bool = True) -> None:
    """Note which parcels shipments went in, as (shipment, parcel, position).

    :param listed: whether the source's newest word names them; False never takes that back.
    """
    if not links:
        return
    rows = sorted(set(links))
    run(
        insert(
            ShipmentParcel,
            ("id", "shipment_id", "parcel_id", "position", "listed"),
            [
                {
                    "id": uuid7(),
                    "shipment_id": shipment,
                    "parcel_id": parcel,
                    "position": position,
                    "listed": listed,
                }
                for shipment, parcel, position in rows
            ],
            on_conflict="ON CONFLICT (merchant_id, shipment_id, parcel_id) "
            + ("DO UPDATE SET position = excluded.position, listed = true" if listed else "DO NOTHING"),
        )
    )[0]


def first_parcels(wanted: Mapping[str, str], *, source: str, by: str, at: datetime) -> dict[str, UUID]:
    """Return the first parcel of each fulfilment, locked; one without a number where none is told yet."""
    if not wanted:
        return {}
    shipments = reserve_shipments(wanted, source=source, by=by, at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (shipment_id) shipment_id, p.number_key FROM shipments_shipment_parcel l"
            " JOIN shipments_parcel p ON p.merchant_id = l.merchant_id AND p.id = l.parcel_id"
            " WHERE l.merchant_id = %s AND shipment_id = ANY(%s) AND listed ORDER BY shipment_id, position, p.id",
            [current_merchant_id(), list(shipments.values())],
        )
        keys = dict(cursor.fetchall())
    named = {
        shipment_id: keys.get(shipment_id) or stub_key(shipment_id) for shipment_id in shipments.values()
    }
    parcels = take_parcels(
        [WantedParcel(tracking_number="", key=key) for key in named.values()], by=by, at=at
    )
    link_parcels(
        [(shipment_id, parcels[key], 0) for shipment_id, key in named.items() if key == stub_key(shipment_id)]
    )
    return {external_id: parcels[named[shipment_id]] for external_id, shipment_id in shipments.items()}
