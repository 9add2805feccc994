"""Mark products that their source no longer has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.catalog.operations.record_products import record_products
from aftermile.connectors.contracts.facts import ProductFact


def remove_products(
    *, external_ids: Sequence[str], source: str, by: str, at: datetime, removed_at: datetime | None = None
) -> list[UUID]:
    """Mark products as removed; nothing is deleted, because old orders still name them.

    One never heard of is marked as well, so that a late fact about it does not bring it back; a fact newer
    than the removal does.

    :param removed_at: when, as the source tells it; else it counts as the newest word.
    :raises FactOutOfBounds: an id that no column can hold; `details.index` says which.
    """
    facts = [
        ProductFact(external_id=external_id, deleted=True, updated_at=removed_at)
        for external_id in external_ids
    ]
    return record_products(facts=facts, source=source, by=by, at=at)
