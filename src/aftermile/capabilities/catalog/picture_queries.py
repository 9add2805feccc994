"""Reads of the copied pictures."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from aftermile.capabilities.catalog.models import Picture, Product
from aftermile.capabilities.catalog.pictures import digest_of, whole_url
from aftermile.capabilities.catalog.states import PictureState
from aftermile.kernel.errors import NotFound
from aftermile.kernel.rowsets import run, select, text_array, texts_in


class PictureNotFound(NotFound):
    """There is no such picture here."""

    code = "picture_not_found"
    message = "There is no such picture here; it may have been replaced."


@dataclass(frozen=True, slots=True)
class PictureView:
    """A copied picture without its bytes; sizes in pixels."""

    digest: str
    content_type: str
    width: int
    height: int


def pictures(urls: Collection[str]) -> dict[str, PictureView]:
    """Return our copies by the addresses given; those we have none of are left out. One statement however many."""
    digests = {url: digest_of(whole) for url in urls if (whole := whole_url(url))}
    if not digests:
        return {}
    (found,) = run(
        select(
            Picture,
            ("url_digest", "digest", "content_type", "width", "height"),
            f"{texts_in('url_digest')} AND state = %s",
            [text_array(set(digests.values())), PictureState.KEPT],
        )
    )
    kept = {
        row["url_digest"]: PictureView(row["digest"], row["content_type"], row["width"], row["height"])
        for row in found
    }
    return {url: kept[digest] for url, digest in digests.items() if digest in kept}


def picture_content(digest: str) -> tuple[bytes, str]:
    """Read a picture of the open merchant: its bytes and their content type.

    :raises PictureNotFound: none has this digest.
    """
    rows = Picture.rows().filter(digest=digest, state=PictureState.KEPT)
    found = rows.values_list("content", "content_type").first()
    if found is None or found[0] is None:
        raise PictureNotFound
    return bytes(found[0]), found[1]


def product_images(source: str, external_ids: Collection[str]) -> dict[str, str]:
    """Return the image address of products by their source's ids, as far as they have one. One statement."""
    if not external_ids:
        return {}
    (found,) = run(
        select(
            Product,
            ("external_id", "image_url"),
            f"source = %s AND {texts_in('external_id')} AND image_url <> ''",
            [source, text_array(set(external_ids))],
        )
    )
    return {row["external_id"]: row["image_url"] for row in found}


def picture_counts() -> dict[PictureState, int]:
    """Count the open merchant's pictures by what became of them."""
    rows = Picture.rows().values_list("state").annotate(Count("id"))
    return {PictureState(state): count for state, count in rows}


def has_due_pictures(*, at: datetime) -> bool:
    """Tell whether any picture of the open merchant is to be fetched now."""
    return Picture.rows().filter(state=PictureState.WAITING, next_try_at__lte=at).exists()
