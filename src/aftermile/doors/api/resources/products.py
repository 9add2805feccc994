"""Products and their variants, by the shop's own id."""

from __future__ import annotations

from ninja import Router

from aftermile.capabilities.catalog.public import ProductNotFound, list_products, product, record_products
from aftermile.doors.api.batches import batch_result, record_each
from aftermile.doors.api.endpoint import endpoint
from aftermile.doors.api.fields import ExternalId, Limit, ProductId
from aftermile.doors.api.paging import DEFAULT_LIMIT, Page, cut
from aftermile.doors.api.reports import SOURCE
from aftermile.doors.api.shapes.products import (
    ProductGiven,
    ProductRecorded,
    ProductResult,
    ProductResults,
    ProductsTaken,
    ProductTaken,
    product_fact,
    product_given,
)
from aftermile.kernel.access import Caller
from aftermile.kernel.bounds import FactOutOfBounds
from aftermile.kernel.clock import now

router = Router(tags=["Products"])


@endpoint(
    router,
    "PUT",
    "/products/by-external-id/{any:external_id}",
    scope="products:write",
    returns=ProductRecorded,
    refusals=[FactOutOfBounds],
)
def put_product(caller: Caller, external_id: ExternalId, product: ProductTaken) -> ProductRecorded:
    """Record a product by your own id.

    Made or brought up to date; the same again changes nothing. A variant that is not named stays. Read it by its `id`.
    """
    (product_id,) = record_products(
        facts=[product_fact(product, external_id)], source=SOURCE, by=caller.name, at=now()
    )
    return ProductRecorded(id=product_id)


@endpoint(router, "POST", "/products/batch", scope="products:write", returns=ProductResults)
def record_product_batch(caller: Caller, products: ProductsTaken) -> ProductResults:
    """Record many products.

    One result for each, in order; an odd one is refused and costs only itself.
    """
    at = now()
    results = record_each(
        products.products,
        fact_of=lambda item: product_fact(item, item.external_id),
        act=lambda facts: record_products(facts=facts, source=SOURCE, by=caller.name, at=at),
    )
    return ProductResults(data=[ProductResult(**batch_result(each)) for each in results])


@endpoint(
    router,
    "GET",
    "/products/{product_id}",
    scope="products:read",
    returns=ProductGiven,
    refusals=[ProductNotFound],
)
def read_product(product_id: ProductId) -> ProductGiven:
    """Read a product with its variants."""
    return _product(product_id)


@endpoint(router, "GET", "/products", scope="products:read", returns=Page[ProductGiven])
def list_all_products(
    external_id: ExternalId | None = None, cursor: ProductId | None = None, limit: Limit = DEFAULT_LIMIT
) -> Page[ProductGiven]:
    """List products, newest first."""
    found = list_products(after=cursor, limit=limit + 1, external_id=external_id)
    page, next_cursor = cut(found, limit, "prd")
    return Page[ProductGiven](data=[product_given(view) for view in page], next_cursor=next_cursor)


def _product(product_id: ProductId) -> ProductGiven:
    return product_given(product(product_id))
