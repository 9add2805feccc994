"""What a page reads of the brand."""

from __future__ import annotations

from aftermile.capabilities.brands.models import Brand
from aftermile.capabilities.brands.queries import BrandView, brand_view
from aftermile.kernel.reads import Read, Watched, as_rows, rows_where, watched
from aftermile.kernel.tenancy import current_merchant_id


def watching_brand() -> Watched:
    """Watch the open merchant's brand."""
    return watched(Brand, "id = %s", [current_merchant_id()])


def reading_brand() -> Read[BrandView]:
    """Read the open merchant's brand: the defaults where it has chosen nothing."""
    (found,) = yield [rows_where(Brand, "id = %s", [current_merchant_id()])]
    rows = as_rows(Brand, found)
    return brand_view(rows[0]) if rows else BrandView()
