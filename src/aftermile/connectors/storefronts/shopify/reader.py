"""Read a stored record back: which topic is read by what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aftermile.connectors.contracts.facts import Translation, UnknownWord
from aftermile.connectors.contracts.reading import read_json_object
from aftermile.connectors.contracts.sockets import RawRecord
from aftermile.connectors.storefronts.shopify.customers import (
    read_consent,
    read_customer,
    read_customer_deletion,
)
from aftermile.connectors.storefronts.shopify.fulfilment_events import (
    read_fulfilment_event,
    read_fulfilment_event_deletion,
)
from aftermile.connectors.storefronts.shopify.fulfilments import read_fulfilment
from aftermile.connectors.storefronts.shopify.orders import (
    read_order,
    read_order_deletion,
    read_order_edit,
)
from aftermile.connectors.storefronts.shopify.privacy import (
    read_customer_redaction,
    read_data_request,
    read_shop_redaction,
)
from aftermile.connectors.storefronts.shopify.products import read_product, read_product_deletion
from aftermile.connectors.storefronts.shopify.refunds import read_refund

Reader = Callable[[Mapping[str, Any], RawRecord], Translation]

#: Topics a shop is asked to send; the privacy ones can only be set in the app's own configuration.
SUBSCRIBED: Mapping[str, Reader] = {
    "orders/create": read_order,
    "orders/updated": read_order,
    "orders/paid": read_order,
    "orders/cancelled": read_order,
    "orders/fulfilled": read_order,
    "orders/partially_fulfilled": read_order,
    "orders/edited": read_order_edit,
    "orders/delete": read_order_deletion,
    "fulfillments/create": read_fulfilment,
    "fulfillments/update": read_fulfilment,
    "fulfillment_events/create": read_fulfilment_event,
    "fulfillment_events/delete": read_fulfilment_event_deletion,
    "refunds/create": read_refund,
    "products/create": read_product,
    "products/update": read_product,
    "products/delete": read_product_deletion,
    "customers/create": read_customer,
    "customers/update": read_customer,
    "customers/delete": read_customer_deletion,
    "customers_marketing_consent/update": read_consent,
    "customers_email_marketing_consent/update": read_consent,
}
PRIVACY: Mapping[str, Reader] = {
    "customers/data_request": read_data_request,
    "customers/redact": read_customer_redaction,
    "shop/redact": read_shop_redaction,
}
_READERS = {**SUBSCRIBED, **PRIVACY}


def translate(record: RawRecord) -> Translation:
    """Read one record; a topic we do not know is kept and counted.

    :raises Unreadable: not a JSON object, or one without the id that makes it a thing.
    """
    payload = read_json_object(record.body)
    reader = _READERS.get(record.kind)
    if reader is None:
        return Translation(unknown=(UnknownWord(what="topic", word=record.kind),))
    return reader(payload, record)
