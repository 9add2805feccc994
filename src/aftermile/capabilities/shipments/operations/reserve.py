"""Lock shipments, and make room for those only referred to so far: a storefront's scan before its fulfilment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from aftermile.capabilities.orders.public import reserve_orders
from aftermile.capabilities.shipments.models import Shipment, ShipmentParcel
from aftermile.capabilities.shipments.operations.parcels import WantedParcel, stub_key, take_parcels
from aftermile.connectors.contracts.facts import Direction
from aftermile.kernel.ids import uuid7_many
from aftermile.kernel.rowsets import Row, insert_rows, run, select, text_array, texts_in, update_rows
from aftermile.kernel.tenancy import current_merchant_id


def lock_shipments(
    wanted: Mapping[str, str], *, source: str, by: str, at: datetime
) -> tuple[dict[str, Row], dict[str, Row]]:
    """Lock the shipments with these external ids; return those that are there, and blank rows for the others.

    Orders never heard of are announced, and a shipment whose order was not told before gets it.

    :param wanted: order external ids ("" when not told) by fulfilment external id.
    """
    orders = reserve_orders(
        source=source, external_ids=sorted({order for order in wanted.values() if order}), by=by, at=at
    )
    held = relock_shipments(wanted, source=source)
    found = [row for external_id, row in held.items() if row["order_id"] is None and wanted[external_id]]
    for row in found:
        row["order_id"] = orders[wanted[row["external_id"]]]
    update_rows(Shipment, ("order_id",), found)
    missing = sorted(wanted.keys() - held.keys())
    new = {
        external_id: {
            **_BLANK,
            "id": shipment_id,
            "source": source,
            "external_id": external_id,
            "order_id": orders.get(wanted[external_id]),
            "created_at": at,
            "updated_at": at,
        }
        for external_id, shipment_id in zip(missing, uuid7_many(len(missing)), strict=True)
    }
    return held, new


def relock_shipments(external_ids: Collection[str], *, source: str) -> dict[str, Row]:
    """Lock the shipments with these external ids that are there, in one order everywhere."""
    if not external_ids:
        return {}
    rows = run(
        select(
            Shipment,
            ("external_id", "id", "order_id", "digest", "version_at"),
            f"source = %s AND {texts_in('external_id')}",
            [source, text_array(external_ids)],
            then="ORDER BY external_id FOR UPDATE",
        )
    )[0]
    return {row["external_id"]: row for row in rows}


def insert_shipments(rows: Iterable[Row]) -> set[str]:
    """Write new shipments; return the external ids that others were faster with, of which nothing is written."""
    by_external_id = {str(row["external_id"]): row for row in rows}
    written = insert_rows(
        Shipment,
        _COLUMNS,
        [by_external_id[external_id] for external_id in sorted(by_external_id)],
        on_conflict="ON CONFLICT (merchant_id, source, external_id) DO NOTHING",
        returning=("external_id",),
    )
    return by_external_id.keys() - {external_id for (external_id,) in written}


_BLANK: Row = {
    "carrier": "",
    "carrier_name": "",
    "service": "",
    "source_status": "",
    "digest": b"",
    "direction": Direction.OUTBOUND,
    "cancelled": False,
    "shipped_at": None,
    "version_at": None,
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
    rows = sorted(set(links))
    insert_rows(
        ShipmentParcel,
        ("id", "shipment_id", "parcel_id", "position", "listed"),
        [
            {
                "id": link_id,
                "shipment_id": shipment,
                "parcel_id": parcel,
                "position": position,
                "listed": listed,
            }
            for link_id, (shipment, parcel, position) in zip(uuid7_many(len(rows)), rows, strict=True)
        ],
        on_conflict="ON CONFLICT (merchant_id, shipment_id, parcel_id) "
        + ("DO UPDATE SET position = excluded.position, listed = true" if listed else "DO NOTHING"),
    )


def first_parcels(wanted: Mapping[str, str], *, source: str, by: str, at: datetime) -> dict[str, UUID]:
    """Return the first parcel of each fulfilment, locked; one without a number where none is told yet."""
    if not wanted:
        return {}
    held, new = lock_shipments(wanted, source=source, by=by, at=at)
    lost = insert_shipments(new.values())
    shipments = {external_id: row["id"] for external_id, row in (held | new).items()}
    shipments |= {
        external_id: row["id"] for external_id, row in relock_shipments(lost, source=source).items()
    }
    keys = _first_keys(shipments.values())
    stubs = {
        shipment_id: stub_key(shipment_id) for shipment_id in shipments.values() if shipment_id not in keys
    }
    parcels = take_parcels(
        [WantedParcel(tracking_number="", key=key) for key in (*keys.values(), *stubs.values())], by=by, at=at
    )
    link_parcels([(shipment_id, parcels[key], 0) for shipment_id, key in stubs.items()])
    named = keys | stubs
    return {external_id: parcels[named[shipment_id]] for external_id, shipment_id in shipments.items()}


def _first_keys(shipments: Collection[UUID]) -> dict[UUID, str]:
    """Return the number keys of the first parcels of those shipments that have one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (shipment_id) shipment_id, p.number_key FROM shipments_shipment_parcel l"
            " JOIN shipments_parcel p ON p.merchant_id = l.merchant_id AND p.id = l.parcel_id"
            " WHERE l.merchant_id = %s AND shipment_id = ANY(%s) AND listed ORDER BY shipment_id, position, p.id",
            [current_merchant_id(), list(shipments)],
        )
        return dict(cursor.fetchall())
