"""Remove what shipments and parcels say of people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection

from aftermile.kernel.rowsets import id_array, ids_in
from aftermile.kernel.tenancy import current_merchant_id

#: What sources write beside the facts may hold names and addresses; these keys of ours do not.
_HARMLESS = ("piece_numbers", "tracking_urls")


def erase_people(*, order_ids: Collection[UUID], at: datetime) -> None:
    """Blank destinations, signatures, proofs and the sources' own words of these orders' shipments.

    Numbers, milestones and scans stay: they tell of parcels, not of people. Repeating it changes nothing.
    """
    if not order_ids:
        return
    merchant_id, harmless = current_merchant_id(), list(_HARMLESS)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE shipments_shipment SET destination = '{}', updated_at = %s, attributes = (SELECT coalesce("
            " jsonb_object_agg(key, value), '{}') FROM jsonb_each(attributes) WHERE key = ANY(%s))"
            f" WHERE merchant_id = %s AND {ids_in('order_id')} RETURNING id",
            [at, harmless, merchant_id, id_array(order_ids)],
        )
        shipment_ids = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "UPDATE shipments_parcel p SET destination = '{}', signed_by = '', proofs = '[]', title = '', note = '',"
            " updated_at = %s, attributes = (SELECT coalesce(jsonb_object_agg(key, value), '{}')"
            " FROM jsonb_each(p.attributes) WHERE key = ANY(%s)) WHERE p.merchant_id = %s AND p.id IN"
            f" (SELECT parcel_id FROM shipments_shipment_parcel WHERE merchant_id = %s AND {ids_in('shipment_id')})"
            " RETURNING p.id",
            [at, harmless, merchant_id, merchant_id, id_array(shipment_ids)],
        )
        parcel_ids = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "UPDATE shipments_tracking_event SET signed_by = ''"
            f" WHERE merchant_id = %s AND {ids_in('parcel_id')} AND signed_by <> ''",
            [merchant_id, id_array(parcel_ids)],
        )
