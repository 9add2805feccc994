"""What groups products: their type and tags. And products found by what staff call them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q

from aftermile.capabilities.catalog.models import Product
from aftermile.capabilities.catalog.queries import ProductView, products
from aftermile.kernel.reads import Read, Watched, watched
from aftermile.kernel.rowsets import Statement, run, select, text_array, texts_in
from aftermile.kernel.tenancy import current_merchant_id

_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Traits:
    """`category`: the type, as the source calls it."""

    category: str
    tags: tuple[str, ...]


def watching_traits(source: str, external_ids: Collection[str]) -> Watched:
    """Watch products by their source's ids."""
    return watched(
        Product, f"source = %s AND {texts_in('external_id')}", [source, text_array(sorted(external_ids))]
    )


def reading_traits(wanted: Mapping[str, Collection[str]]) -> Read[dict[tuple[str, str], Traits]]:
    """Read the types and tags of products by source and id there; unknown ones are left out. One statement.

    :param wanted: by source, the ids of products there.
    """
    ids = {external_id for of_source in wanted.values() for external_id in of_source}
    (found,) = yield [
        select(
            Product,
            ("source", "external_id", "category", "tags"),
            f"{texts_in('source')} AND {texts_in('external_id')}",
            [text_array(sorted(wanted)), text_array(sorted(ids))],
        )
    ]
    return {
        (row["source"], row["external_id"]): Traits(row["category"], tuple(map(str, row["tags"])))
        for row in found
    }


def find_products(words: str, *, limit: int = 20) -> list[ProductView]:
    """Find products by words of their title, or by an article number: those the source still has. Three statements."""
    wanted = words.split()[:_MOST_WORDS]
    if not wanted:
        return []
    in_title = Q()
    for word in wanted:
        in_title &= Q(title__icontains=word)
    by_sku = Q(variant__sku__iexact=words.strip())
    rows = Product.rows().filter(in_title | by_sku, removed=False).order_by("title", "id").distinct()
    ids = list(rows.values_list("id", flat=True)[:limit])
    found = products(ids)
    return [found[each] for each in ids]


def known_types_and_tags(*, limit: int = 200) -> tuple[list[str], list[str]]:
    """List types and tags of the products the sources still have, in their order: two statements."""
    those = "FROM catalog_product WHERE merchant_id = %s AND NOT removed"
    types, tags = run(
        *(
            Statement(
                f"SELECT DISTINCT {what} AS name {those} ORDER BY name LIMIT %s",
                (current_merchant_id(), limit),
                lambda rows: [name for (name,) in rows if name],
            )
            for what in ("category", "jsonb_array_elements_text(tags)")
        )
    )
    return types, tags
