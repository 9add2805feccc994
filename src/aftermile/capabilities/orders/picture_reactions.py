"""What orders do about their lines' pictures: they have the catalog copy them."""

from __future__ import annotations

from collections.abc import Sequence

from aftermile.capabilities.catalog.public import want_pictures
from aftermile.capabilities.orders.events import OrderChanged, OrderPlaced
from aftermile.capabilities.orders.models import OrderLine
from aftermile.kernel.events import Published, reacts_to
from aftermile.kernel.rowsets import id_array, ids_in, run, select


@reacts_to(OrderPlaced, OrderChanged, name="capabilities.orders.copy_pictures_of_lines", gathers=True)
def copy_pictures_of_lines(batch: Sequence[Published]) -> None:
    """Want the pictures of all orders of a batch at once."""
    named = {
        published.event.order_id
        for published in batch
        if isinstance(published.event, OrderPlaced) or "lines" in published.event.changed
    }
    if not named:
        return
    (found,) = run(
        select(OrderLine, ("image_url",), f"{ids_in('order_id')} AND image_url <> ''", [id_array(named)])
    )
    want_pictures(urls=[row["image_url"] for row in found], at=batch[-1].occurred_at)
