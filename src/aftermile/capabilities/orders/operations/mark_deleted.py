"""Mark orders that their source deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.orders.operations.record_orders import record_orders
from aftermile.connectors.contracts.facts import OrderFact, OrderState


def mark_deleted(
    *, external_ids: Sequence[str], source: str, by: str, at: datetime, deleted_at: datetime | None = None
) -> dict[str, UUID]:
    """Mark orders as deleted by their source; nothing is removed. Returns them by external id.

    An order never heard of is kept as deleted, so that a late fact about it does not bring it back. A fact
    newer than the deletion does: the source restored the order.

    :param deleted_at: when, as the source tells it; else it counts as the newest word.
    :raises FactOutOfBounds: an id that no column can hold; `details.index` says which.
    """
    facts = [
        OrderFact(
            external_id=external_id, state=OrderState.DELETED, updated_at=deleted_at, lines_complete=False
        )
        for external_id in external_ids
    ]
    recorded = record_orders(facts=facts, source=source, by=by, at=at)
    return {external_id: each.order_id for external_id, each in zip(external_ids, recorded, strict=True)}
