"""Remove what messages say of shoppers who were erased."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import connection

from aftermile.capabilities.orders.public import order_ids_of_shoppers
from aftermile.capabilities.shipments.public import shipments_of_orders
from aftermile.capabilities.shoppers.public import erased_among
from aftermile.kernel.ids import public_id
from aftermile.kernel.tenancy import current_merchant_id

ERASE = "webhooks.erase"
#: Messages that were being written while a shopper was erased may be kept a moment later; by then they are.
LOOK_AGAIN_AFTER = timedelta(minutes=10)
#: Shorter numbers would be found in messages that have nothing to do with the person.
SHORTEST_NUMBER = 6


def erase_messages(*, shopper_ids: Collection[UUID]) -> int:
    """Blank every kept message that names an erased shopper, their orders or parcels; return how many there were.

    Ids of shoppers who were not erased are passed over. What still waited is not sent any more. That there was
    a message, and its attempts, stay; what receivers answered goes, for some send back what they got. Looks
    through all kept messages: a rare act, bounded by retention. Again: only what came since.
    """
    erased = erased_among(shopper_ids)
    if not erased:
        return 0
    order_ids = order_ids_of_shoppers(erased)
    parcels = [
        parcel
        for shipments in shipments_of_orders(order_ids, with_events=False).values()
        for shipment in shipments
        for parcel in shipment.parcels
    ]
    words = {
        *(public_id("shp", shopper_id) for shopper_id in erased),
        *(public_id("ord", order_id) for order_id in order_ids),
        *(public_id("par", parcel.id) for parcel in parcels),
        *(parcel.tracking_number for parcel in parcels if len(parcel.tracking_number) >= SHORTEST_NUMBER),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH blanked AS (UPDATE webhooks_message m SET body = '',"
            " status = CASE m.status WHEN 'pending' THEN 'failed' ELSE m.status END"
            " WHERE m.merchant_id = %s AND m.body <> ''"
            " AND EXISTS (SELECT 1 FROM unnest(%s::text[]) AS w(word) WHERE position(w.word IN m.body) > 0)"
            " RETURNING m.id), quiet AS (UPDATE webhooks_attempt a SET response_excerpt = '' FROM blanked"
            " WHERE a.merchant_id = %s AND a.message_id = blanked.id) SELECT count(*) FROM blanked",
            [current_merchant_id(), sorted(words), current_merchant_id()],
        )
        return int(cursor.fetchone()[0])
