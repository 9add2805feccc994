"""Pictures: one for each product, whole in itself, and harmless."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from aftermile.kernel.images import read_picture
from aftermile.project.demo.goods import PRODUCTS, SHOP
from aftermile.project.demo.pictures import PICTURES, picture
from aftermile.project.demo.pictures.logo import LOGO

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {f"{SVG}{name}" for name in ("svg", "title", "g", "path", "rect", "circle", "ellipse")}


def test_twenty_five_products_each_with_a_drawing_of_its_own() -> None:
    assert len(PRODUCTS) == 25
    assert set(PICTURES) == {product.slug for product in PRODUCTS}
    assert len({picture(slug) for slug in PICTURES}) == 25


@pytest.mark.parametrize("slug", PICTURES)
def test_a_picture_is_plain_shapes_and_says_what_it_shows(slug: str) -> None:
    drawn = ET.fromstring(picture(slug))
    assert {each.tag for each in drawn.iter()} <= SHAPES
    assert drawn.findtext(f"{SVG}title") == PICTURES[slug].title
    assert not any("href" in name or name.startswith("on") for each in drawn.iter() for name in each.attrib)
    assert len(picture(slug)) < 2000


@pytest.mark.parametrize("slug", PICTURES)
def test_a_picture_is_kept_as_any_shops_picture_is(slug: str) -> None:
    kept = read_picture(picture(slug).encode(), width=160, height=160, most_bytes=12_000)
    assert kept.content_type == "image/svg+xml"


def test_the_logo_names_the_shop() -> None:
    assert ET.fromstring(LOGO).findtext(f"{SVG}title") == SHOP
