"""Read a stored record back: which topic is read by what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aftermile.connectors.contracts.facts import Translation, UnknownWord
from aftermile.connectors.contracts.reading import read_json_object
from aftermile.connectors.contracts.sockets import RawRecord
from aftermile.connectors.storefronts.woocommerce.customers import read_customer, read_customer_deletion
from aftermile.connectors.storefronts.woocommerce.orders import read_order, read_order_deletion
from aftermile.connectors.storefronts.woocommerce.products import read_product, read_product_deletion

Reader = Callable[[Mapping[str, Any], RawRecord], Translation]

#: Topics a shop is asked to send. A refund comes as `order.updated`.
SUBSCRIBED: Mapping[str, Reader] = {
    "order.created": read_order,
    "order.updated": read_order,
    "order.restored": read_order,
    "order.deleted": read_order_deletion,
    "customer.created": read_customer,
    "customer.updated": read_customer,
    "customer.deleted": read_customer_deletion,
    "product.created": read_product,
    "product.updated": read_product,
    "product.restored": read_product,
    "product.deleted": read_product_deletion,
}


def translate(record: RawRecord) -> Translation:
    """Read one record; a topic we do not know is kept and counted.

    :raises Unreadable: not a JSON object, or one without the id that makes it a thing.
    """
    payload = read_json_object(record.body)
    reader = SUBSCRIBED.get(record.kind)
    if reader is None:
        return Translation(unknown=(UnknownWord(what="topic", word=record.kind),))
    return reader(payload, record)
