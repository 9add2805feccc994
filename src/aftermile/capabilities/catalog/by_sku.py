"""What the catalog knows of article numbers: weight, size, price and tags, in one statement."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from aftermile.kernel.reads import Read, answered
from aftermile.kernel.rowsets import Statement, text_array, texts_in
from aftermile.kernel.tenancy import current_merchant_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A variant as whoever ships it sees it. What the catalog does not know is None."""

    sku: str
    title: str
    tags: tuple[str, ...]
    price_minor: int | None
    currency: str
    weight_grams: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None


def reading_articles(skus: Collection[str]) -> Read[dict[str, Article]]:
    """Read articles by their numbers, exactly as written; unknown ones are left out.

    Of several variants with one number the one heard of last counts; one whose product its source no longer has
    counts only where no other is there.
    """
    if not skus:
        return {}
    (found,) = yield [
        Statement(
            "SELECT DISTINCT ON (v.sku) v.sku, concat_ws(', ', p.title, nullif(v.title, '')), p.tags, v.price_minor,"
            " v.currency, v.weight_grams, v.length_mm, v.width_mm, v.height_mm FROM catalog_variant v"
            " JOIN catalog_product p ON p.merchant_id = v.merchant_id AND p.id = v.product_id"
            f" WHERE v.merchant_id = %s AND {texts_in('v.sku')} ORDER BY v.sku, p.removed, v.id DESC",
            (current_merchant_id(), text_array(skus)),
            list,
        )
    ]
    return {row[0]: _article(row) for row in found}


def articles(skus: Collection[str]) -> dict[str, Article]:
    """Return articles by their numbers (`reading_articles`); one statement."""
    return answered(reading_articles(skus))


_NAMES = (
    *("sku", "title", "tags", "price_minor", "currency"),
    *("weight_grams", "length_mm", "width_mm", "height_mm"),
)


def _article(row: tuple[Any, ...]) -> Article:
    values = dict(zip(_NAMES, row, strict=True))
    tags = json.loads(row[2]) if isinstance(row[2], str) else row[2]
    return Article(**values | {"tags": tuple(map(str, tags))})
