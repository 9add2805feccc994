"""Make room for shipments only referred to so far: a storefront's scan before its fulfilment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from aftermile.capabilities.orders.public import reserve_orders
from aftermile.capabilities.shipments.operations.parcels import WantedParcel, stub_key, take_parcels
from aftermile.kernel.ids import uuid7
from aftermile.kernel.tenancy import current_merchant_id


def reserve_shipments(
    wanted: Mapping[str, str], *, source: str, by: str, at: datetime
) -> dict[str, UUID]:
    """Return the shipments with these external ids, making empty ones for those never heard of.

    :param wanted: order external ids ("" when not told) by fulfilment external id.
    """
    orders = reserve_orders(
        source=source, external_ids=sorted({order for order in wanted.values() if order}), by=by, at=at
    )
    external_ids = sorted(wanted)
    merchant_id = current_merchant_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO shipments_shipment (merchant_id, source, id, external_id, order_id, direction, carrier, carrier_name,"
            " service, source_status, cancelled, lines, origin, destination, attributes, digest, created_at, updated_at)"
            " SELECT %s, %s, w.id, w.external_id, w.order_id, 'outbound', '', '', '', '', false, '[]', '{}', '{}', '{}', '', %s, %s"
            " FROM unnest(%s::uuid[], %s::text[], %s::uuid[]) AS w(id, external_id, order_id)"
            " ON CONFLICT (merchant_id, source, external_id) DO NOTHING",
            [
                merchant_id, source, at, at, [uuid7() for _ in external_ids], external_ids,
                [orders.get(wanted[external_id]) for external_id in external_ids],
            ],
        )
        cursor.execute(
            "SELECT external_id, id FROM shipments_shipment WHERE merchant_id = %s AND source = %s AND external_id = ANY(%s)"
            " ORDER BY external_id FOR UPDATE",
            [merchant_id, source, external_ids],
        )
        return dict(cursor.fetchall())


def link_parcels(links: Sequence[tuple[UUID, UUID, int]]) -> None:
    """Note which parcels shipments went in, as (shipment, parcel, position)."""
    if not links:
        return
    rows = sorted(set(links))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO shipments_shipment_parcel AS link (merchant_id, id, shipment_id, parcel_id, position, listed)"
            " SELECT %s, w.*, true FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::int[]) AS w"
            " ON CONFLICT (merchant_id, shipment_id, parcel_id) DO UPDATE SET position = excluded.position, listed = true"
            " WHERE link.position <> excluded.position OR NOT link.listed",
            [
                current_merchant_id(), [uuid7() for _ in rows],
                [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows],
            ],
        )


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
    named = {shipment_id: keys.get(shipment_id) or stub_key(shipment_id) for shipment_id in shipments.values()}
    parcels = take_parcels([WantedParcel(tracking_number="", key=key) for key in named.values()], by=by, at=at)
    link_parcels([
        (shipment_id, parcels[key], 0) for shipment_id, key in named.items() if key == stub_key(shipment_id)
    ])
    return {external_id: parcels[named[shipment_id]] for external_id, shipment_id in shipments.items()}
