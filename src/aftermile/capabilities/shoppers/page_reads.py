"""What a page reads of a shopper."""

from __future__ import annotations

from uuid import UUID

from aftermile.capabilities.shoppers.models import Shopper
from aftermile.capabilities.shoppers.queries import ShopperSummary, summary_view
from aftermile.kernel.reads import Read, Watched, as_rows, rows_where, watched
from aftermile.kernel.tenancy import current_merchant_id


def watching_summary(shopper_id: UUID | None) -> Watched:
    """Watch who a shopper is, also one they were merged into."""
    known_as = "SELECT merged_into_id FROM shoppers_shopper WHERE merchant_id = %s AND id = %s"
    return watched(
        Shopper, f"(id = %s OR id = ({known_as}))", [shopper_id, current_merchant_id(), shopper_id]
    )


def reading_summary(shopper_id: UUID | None) -> Read[ShopperSummary | None]:
    """Read who a shopper is now, None for nobody. A second step only where they were merged into another."""
    if shopper_id is None:
        return None
    (found,) = yield [rows_where(Shopper, "id = %s", [shopper_id])]
    rows = as_rows(Shopper, found)
    if rows and rows[0].merged_into_id:
        (found,) = yield [rows_where(Shopper, "id = %s", [rows[0].merged_into_id])]
        rows = as_rows(Shopper, found)
    return summary_view(rows[0]) if rows else None
