"""Keep how large things are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from aftermile.capabilities.packing.measures import SizeGiven, read_size
from aftermile.capabilities.packing.models import ItemSize
from aftermile.capabilities.packing.queries import SizeView, size_view
from aftermile.kernel.errors import NotFound
from aftermile.kernel.ids import uuid7_many
from aftermile.kernel.tenancy import current_merchant_id

_WHAT = ("length_mm", "width_mm", "height_mm", "weight_grams", "this_way_up", "fragile")


class SizeNotFound(NotFound):
    """The size of nothing with this SKU is kept here."""

    code = "item_size_not_found"
    message = "No size is kept for this SKU."


def keep_sizes(*, given: Sequence[SizeGiven], by: str, at: datetime) -> int:
    """Keep sizes, the last of each SKU; return how many are new or others than before. Two statements.

    :raises SizeUnusable: one of them cannot be; none is kept then.
    """
    wanted = {size.sku: size for size in map(read_size, given)}
    known = {row.sku: row for row in ItemSize.rows().filter(sku__in=list(wanted))}
    changed = [
        size
        for sku, size in wanted.items()
        if sku not in known or any(getattr(known[sku], name) != getattr(size, name) for name in _WHAT)
    ]
    merchant_id = current_merchant_id()
    ItemSize.objects.bulk_create(
        [
            ItemSize(id=key, merchant_id=merchant_id, changed_by=by, changed_at=at, **asdict(size))
            for key, size in zip(uuid7_many(len(changed)), changed, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["merchant_id", "sku"],
        update_fields=[*_WHAT, "changed_by", "changed_at"],
    )
    return len(changed)


def remove_size(*, sku: str) -> SizeView:
    """Forget how large something is; return what was known, so that it can be kept again.

    :raises SizeNotFound: nothing was.
    """
    row = ItemSize.rows().select_for_update().filter(sku=sku).first()
    if row is None:
        raise SizeNotFound
    view = size_view(row)
    row.delete()
    return view
