"""The door of this room."""

from __future__ import annotations

from aftermile.capabilities.orders.events import (
    OrderCancelled,
    OrderChanged,
    OrderDeleted,
    OrderPlaced,
    OrderRefunded,
)
from aftermile.capabilities.orders.labels import (
    LONGEST_LABEL,
    MOST_LABELS,
    LabelUnusable,
    LabelView,
    labels_in_use,
    labels_of_orders,
)
from aftermile.capabilities.orders.look_up import find_order_page
from aftermile.capabilities.orders.operations.label_orders import (
    Relabeled,
    TooManyLabels,
    label_orders,
    set_labels,
)
from aftermile.capabilities.orders.operations.mark_deleted import mark_deleted
from aftermile.capabilities.orders.operations.record_orders import RecordedOrder, record_orders
from aftermile.capabilities.orders.operations.record_refunds import record_refunds
from aftermile.capabilities.orders.operations.reserve_orders import reserve_orders
from aftermile.capabilities.orders.page_reads import (
    OrderOfPage,
    reading_order,
    reading_order_of_page,
    watching_order_of_page,
    watching_parts,
)
from aftermile.capabilities.orders.promises import (
    OrderPromise,
    WaitingOrder,
    promises,
    reading_promises,
    reading_waiting_orders,
    waiting_orders,
)
from aftermile.capabilities.orders.purchases import Purchase, purchases
from aftermile.capabilities.orders.queries import (
    OrderLineView,
    OrderNotFound,
    OrderView,
    RefundLineView,
    RefundView,
    list_order_ids,
    list_orders,
    order,
    order_by_page_token,
    order_ids_of_shoppers,
    orders,
    orders_by_external,
    owners_of_orders,
    shoppers_of_orders,
)
from aftermile.capabilities.orders.states import State

__all__ = [
    "LONGEST_LABEL",
    "MOST_LABELS",
    "LabelUnusable",
    "LabelView",
    "OrderCancelled",
    "OrderChanged",
    "OrderDeleted",
    "OrderLineView",
    "OrderNotFound",
    "OrderOfPage",
    "OrderPlaced",
    "OrderPromise",
    "OrderRefunded",
    "OrderView",
    "Purchase",
    "RecordedOrder",
    "RefundLineView",
    "RefundView",
    "Relabeled",
    "State",
    "TooManyLabels",
    "WaitingOrder",
    "find_order_page",
    "label_orders",
    "labels_in_use",
    "labels_of_orders",
    "list_order_ids",
    "list_orders",
    "mark_deleted",
    "order",
    "order_by_page_token",
    "order_ids_of_shoppers",
    "orders",
    "orders_by_external",
    "owners_of_orders",
    "promises",
    "purchases",
    "reading_order",
    "reading_order_of_page",
    "reading_promises",
    "reading_waiting_orders",
    "record_orders",
    "record_refunds",
    "reserve_orders",
    "set_labels",
    "shoppers_of_orders",
    "waiting_orders",
    "watching_order_of_page",
    "watching_parts",
]
