"""The look-up on a shop's own site: its script, its snippets, its demonstration."""

from __future__ import annotations

import gzip
import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from aftermile.capabilities.brands.operations.domains import record_check
from aftermile.capabilities.brands.public import BrandView, brand, change_brand, claim_domain
from aftermile.doors.widgets.snippets import snippets
from aftermile.kernel.ids import public_id
from tests.capabilities.shop import BY, counted, later, scope
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def address(merchant: Any) -> str:
    return f"/w/{public_id('mer', merchant.id)}/look-up.js"


def settings_of(script: str) -> dict[str, Any]:
    [text] = re.findall(r"const told = (\{.*\});\n", script)
    found: dict[str, Any] = json.loads(text)
    return found


def test_it_brings_the_shops_colors_languages_and_address(merchant: Any) -> None:
    with scope(merchant):
        change_brand(accent="#993366", radius_px=3, languages=["de", "ar", "en"], by=BY, at=NOON)
    response = Client().get(address(merchant))
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    told = settings_of(response.content.decode())
    assert told["path"] == f"/find/{public_id('mer', merchant.id)}/"
    assert "--accent:#993366;" in told["sheet"]
    assert "--radius:3px;" in told["sheet"]
    assert list(told["words"]) == ["en", "de", "ar"]
    assert (told["words"]["ar"]["dir"], told["words"]["en"]["number"]) == ("rtl", "Order number")


def test_it_may_be_loaded_by_any_site_and_asks_for_nothing_itself(merchant: Any) -> None:
    response = Client().get(address(merchant))
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.cookies == {}
    script = response.content.decode()
    assert [
        word
        for word in ("fetch(", "XMLHttpRequest", "cookie", "localStorage", "eval(", "innerHTML", ".style.")
        if word in script
    ] == []


def test_it_is_small(merchant: Any) -> None:
    response = Client().get(address(merchant), headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == Client().get(address(merchant)).content
    assert len(response.content) < 4_000


def test_who_has_it_is_told_so_until_the_brand_changes(merchant: Any) -> None:
    tag = Client().get(address(merchant)).headers["ETag"]
    for written in (tag, f"W/{tag}"):
        response = Client().get(address(merchant), headers={"If-None-Match": written})
        assert (response.status_code, response.content) == (304, b"")
    with scope(merchant):
        change_brand(accent="#993366", by=BY, at=later(hours=1))
    response = Client().get(address(merchant), headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert response.headers["ETag"] != tag


def test_it_costs_two_reads(merchant: Any) -> None:
    client = Client()
    client.get(address(merchant))
    with counted() as queries:
        client.get(address(merchant))
    assert sum("SELECT" in query["sql"] for query in queries.captured_queries) == 2


@pytest.mark.parametrize("shop", ["mer_x", "mer_00000000000000000000000000"])
def test_of_no_shop_there_is_none(db: None, shop: str) -> None:
    assert Client().get(f"/w/{shop}/look-up.js").status_code == 404
    assert Client().get(f"/w/{shop}/demo/").status_code == 404


def test_what_is_copied_names_the_installation(merchant: Any, settings: Any) -> None:
    settings.CONFIG = SimpleNamespace(public_url="https://post.agency.example")
    key = public_id("mer", merchant.id)
    found = snippets(BrandView(), merchant.id, "de")
    assert found.look_up == f"https://post.agency.example/find/{key}/"
    assert found.element == (
        f'<aftermile-look-up><a href="{found.look_up}">Wo ist meine Bestellung?</a></aftermile-look-up>\n'
        f'<script async src="https://post.agency.example/w/{key}/look-up.js"></script>'
    )
    assert f'action="{found.look_up}"' in found.form
    assert 'name="number"' in found.form
    assert 'name="contact"' in found.form


def test_with_a_domain_of_its_own_it_names_that(merchant: Any, settings: Any) -> None:
    with scope(merchant):
        claim_domain(host="track.lindgren.example", by=BY, at=NOON)
        record_check(host="track.lindgren.example", problem="", tries=0, at=NOON)
        look = brand()
    settings.CONFIG = SimpleNamespace(public_url="https://post.agency.example:8443")
    found = snippets(look, merchant.id, "en")
    assert found.link == '<a href="https://track.lindgren.example:8443/">Where is my order?</a>'
    assert found.script.startswith("https://track.lindgren.example:8443/w/mer_")


@pytest.mark.parametrize(
    ("query", "language", "direction"),
    [("", "en", "ltr"), ("?lang=ar", "ar", "rtl"), ("?lang=x", "en", "ltr")],
)
def test_the_demonstration_is_as_strict_as_a_page_can_be(
    merchant: Any, query: str, language: str, direction: str
) -> None:
    response = Client().get(f"/w/{public_id('mer', merchant.id)}/demo/{query}")
    assert response.status_code == 200
    assert f'<html lang="{language}" dir="{direction}">' in response.content.decode()
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert response.content.count(b"<script") == 1
    assert b"style=" not in response.content
    # What is to be copied is shown as text.
    assert response.content.count(b"<form") == 0
    assert response.content.count(b"&lt;form") == 1


def test_a_name_full_of_signs_stays_a_name(db: None) -> None:
    from aftermile.kernel.merchants import create_merchant

    shop = create_merchant(
        name="<script>alert(1)</script>",
        time_zone="UTC",
        currency="EUR",
        country="DE",
        language="en",
        at=NOON,
    )
    response = Client().get(f"/w/{public_id('mer', shop.id)}/demo/")
    assert b"<script>alert" not in response.content
