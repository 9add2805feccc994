"""What the catalog does about its own products: it has their pictures copied."""

from __future__ import annotations

from collections.abc import Sequence

from aftermile.capabilities.catalog.events import ProductChanged
from aftermile.capabilities.catalog.operations.want_pictures import want_pictures
from aftermile.capabilities.catalog.queries import products
from aftermile.kernel.events import Published, reacts_to


@reacts_to(ProductChanged, gathers=True)
def copy_pictures_of_products(batch: Sequence[Published]) -> None:
    named = {
        published.event.product_id
        for published in batch
        if published.event.created or "image_url" in published.event.changed
    }
    urls = [product.image_url for product in products(named).values()]
    want_pictures(urls=urls, at=batch[-1].occurred_at)
