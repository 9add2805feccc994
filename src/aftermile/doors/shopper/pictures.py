"""Product pictures from our own address: a shopper's browser asks nobody else.

The catalog keeps a small copy of each picture an order or product names (`catalog.want_pictures`); until it is
there, and where it cannot be had, a page shows a drawing of its own in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from aftermile.capabilities.catalog.public import (
    PictureNotFound,
    PictureView,
    picture_content,
    pictures,
    product_images,
)
from aftermile.capabilities.orders.public import OrderLineView
from aftermile.doors.shopper.brand_files import FILE_HEADERS, no_such_file
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id
from aftermile.kernel.tenancy import current_merchant_id, merchant_scope

_ENDINGS = {"image/webp": "webp", "image/svg+xml": "svg"}


def picture_addresses(image_urls: Collection[str]) -> dict[str, str]:
    """Return where our copies of pictures are served, by the shop's own addresses of them.

    For presenters, inside the merchant's scope: one query for many. Only pictures that are there; the addresses
    may be kept for good, and each is at most 160 by 160 pixels and 12 kB.
    """
    merchant = public_id("mer", current_merchant_id())
    return {url: _address(merchant, found) for url, found in pictures(image_urls).items()}


def pictures_of_lines(source: str, lines: Sequence[OrderLineView]) -> Callable[[OrderLineView], str]:
    """Return a function that tells the address of an order line's picture, "" where there is none.

    Many shops tell pictures with their products alone: a line without one has its product's. Inside the merchant's
    scope; at most two queries for an order, however many lines.
    """
    bare = {line.product_external_id for line in lines if not line.image_url and line.product_external_id}
    of_products = product_images(source, bare)
    url_of = {line.id: line.image_url or of_products.get(line.product_external_id, "") for line in lines}
    addresses = picture_addresses({url for url in url_of.values() if url})
    return lambda line: addresses.get(url_of.get(line.id, ""), "")


@require_safe
def picture(request: HttpRequest, merchant: str, name: str) -> HttpResponse:  # noqa: ARG001
    """Send a picture; a browser that has it never asks again."""
    digest, _, ending = name.partition(".")
    try:
        content, content_type = _content(read_public_id("mer", merchant), digest)
    except (BadPublicId, PictureNotFound):
        return no_such_file()
    if _ENDINGS[content_type] != ending:
        return no_such_file()
    return HttpResponse(content, content_type=content_type, headers=FILE_HEADERS)


def _address(merchant: str, found: PictureView) -> str:
    return reverse("product-picture", args=[merchant, f"{found.digest}.{_ENDINGS[found.content_type]}"])


# Content never changes under its digest, so it may be remembered: 1,000 of at most 12 kB.
@lru_cache(maxsize=1000)
def _content(merchant_id: UUID, digest: str) -> tuple[bytes, str]:
    with merchant_scope(merchant_id):
        return picture_content(digest)
