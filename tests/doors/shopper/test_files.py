"""Logos and product pictures as they are served: for good, from here, and as nothing but pictures."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from aftermile.capabilities.brands.public import BrandView, set_logo
from aftermile.capabilities.catalog.operations.want_pictures import keep_pictures, take_wanted
from aftermile.capabilities.catalog.pictures import Fetched
from aftermile.capabilities.catalog.public import record_products, want_pictures
from aftermile.capabilities.orders.public import order_by_page_token
from aftermile.connectors.contracts.facts import OrderFact, OrderLineFact, ProductFact
from aftermile.doors.shopper.brand_files import logo_address, logo_size
from aftermile.doors.shopper.pictures import picture_addresses, pictures_of_lines
from aftermile.kernel.ids import public_id
from tests.capabilities.shop import BY, counted, scope, tell_orders
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

URL = "https://cdn.lindgren.example/bird.jpg"
OF_PRODUCT = "https://cdn.lindgren.example/fox.jpg"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 90"><path d="M0 0h9v9z"/></svg>'
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


def kept(merchant: Any, *urls: str) -> None:
    with scope(merchant):
        want_pictures(urls=urls, at=NOON)
        keep_pictures(
            fetched=[
                Fetched(
                    picture=picture,
                    content=picture.url.encode(),
                    content_type="image/webp",
                    width=9,
                    height=9,
                )
                for picture in take_wanted(at=NOON)
            ],
            at=NOON,
        )


def test_a_logo_is_served_for_good(merchant: Any) -> None:
    with scope(merchant):
        brand = set_logo(content=DRAWING, by=BY, at=NOON)
    address = logo_address(brand, merchant.id)
    response = Client().get(address)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/svg+xml")
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert b"<path" in response.content
    assert logo_size(brand) == (147, 44)
    assert response.cookies == {}


def test_without_one_there_is_no_address(merchant: Any) -> None:
    assert (logo_address(BrandView(), merchant.id), logo_size(BrandView())) == ("", (0, 0))


def test_a_picture_is_served_for_good(merchant: Any) -> None:
    kept(merchant, URL)
    with scope(merchant):
        [(url, address)] = picture_addresses([URL, "https://cdn.example/none.jpg"]).items()
    assert url == URL
    response = Client().get(address)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/webp")
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert response.content == URL.encode()


def test_another_shops_files_are_not_there(merchant: Any, other_merchant: Any) -> None:
    kept(merchant, URL)
    with scope(merchant):
        brand = set_logo(content=DRAWING, by=BY, at=NOON)
        [picture] = picture_addresses([URL]).values()
    mine, theirs = public_id("mer", merchant.id), public_id("mer", other_merchant.id)
    for address in (picture, logo_address(brand, merchant.id)):
        assert Client().get(address).status_code == 200
        assert Client().get(address.replace(mine, theirs)).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/p/mer_x/0.webp",
        "/p/{shop}/0.webp",
        "/p/{shop}/none",
        "/b/{shop}/0.svg",
        "/b/x/y",
        "/p/{shop}/0.html",
    ],
)
def test_what_is_no_file_is_not_there(merchant: Any, address: str) -> None:
    response = Client().get(address.format(shop=public_id("mer", merchant.id)))
    assert (response.status_code, response.headers["Content-Type"]) == (404, "text/plain")


def test_a_file_has_the_ending_it_has(merchant: Any) -> None:
    kept(merchant, URL)
    with scope(merchant):
        [address] = picture_addresses([URL]).values()
    assert Client().get(address.replace(".webp", ".svg")).status_code == 404


def test_a_line_has_its_own_picture_or_its_products_or_none(merchant: Any) -> None:
    kept(merchant, URL, OF_PRODUCT)
    lines = (
        OrderLineFact(title="A bird", external_id="1", quantity=1, image_url=URL, product_external_id="fox"),
        OrderLineFact(title="A bird", external_id="2", quantity=1, product_external_id="fox"),
        OrderLineFact(title="A bird", external_id="3", quantity=1, product_external_id="owl"),
        OrderLineFact(
            title="A bird", external_id="4", quantity=1, image_url="https://cdn.example/not-yet.jpg"
        ),
    )
    [recorded] = tell_orders(merchant, OrderFact(external_id="1", lines=lines))
    with scope(merchant):
        record_products(
            facts=[ProductFact(external_id="fox", image_url=OF_PRODUCT), ProductFact(external_id="owl")],
            source="shop",
            by=BY,
            at=NOON,
        )
        order = order_by_page_token(recorded.page_token)
        with counted() as queries:
            address_of = pictures_of_lines(order.source, order.lines)
        assert len(queries) == 2
        found = [Client().get(address).content for line in order.lines if (address := address_of(line))]
        assert [bool(address_of(line)) for line in order.lines] == [True, True, False, False]
    assert found == [URL.encode(), OF_PRODUCT.encode()]
