"""What the shop ships by, as staff type it in; and what shoppers are told of it on the shop's own site."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.chromium import too_wide, violations
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration

TABLES = ("methods", "zones", "rates", "transit", "carriers", "peaks", "returns")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_rate_is_tried_saved_and_taken_back(demo: Demonstration, opens: Opens, script: bool) -> None:
    page = opens(f"{demo.console}settings/shipping/?table=rates", signed_in_as="Operations", script=script)
    price = page.get_by_label("Price, row 3")
    saved = price.input_value()
    price.fill("7,77")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#preview")).to_contain_text("€7.77")
    expect(page.locator("main")).to_contain_text("Not saved yet.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Price, row 3")).to_have_value("7.77")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Price, row 3")).to_have_value(saved)


def test_every_table_can_be_read_and_used_by_all(demo: Demonstration, opens: Opens) -> None:
    for scheme, width in (("light", 1280), ("dark", 360)):
        page = opens(
            f"{demo.console}settings/shipping/", signed_in_as="Operations", width=width, scheme=scheme
        )
        for table in TABLES:
            page.goto(f"{demo.console}settings/shipping/?table={table}")
            assert (table, violations(page), too_wide(page)) == (table, [], 0)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_shop_shows_when_it_arrives(demo: Demonstration, opens: Opens, language: str) -> None:
    page = opens(f"/w/{demo.merchant}/promise/demo/?items=FF-102-1&lang={language}", width=360)
    # On a Friday evening there is no hurry, and nothing is said of the cut-off.
    page.route("**/promise.json*", _closing_soon)
    page.reload()
    product, cart, checkout = page.locator("aftermile-promise").all()
    expect(product.locator(".main")).to_be_visible()
    expect(product.locator(".until")).to_have_text(
        re.compile({"en": "Order within .*", "ar": "اطلب خلال .*"}[language])
    )
    expect(cart.locator(".soft").nth(2)).to_have_text(re.compile("46"))  # 46 euros to free shipping
    expect(checkout.get_by_role("radio")).to_have_count(2)
    assert (violations(page), too_wide(page)) == ([], 0)


def _closing_soon(route: Route) -> None:
    answer = route.fetch()
    quote = answer.json()
    for offer in quote["offers"]:
        assert offer["seconds_left"] >= 0
        offer["seconds_left"] = 3600
    route.fulfill(response=answer, json=quote)


def test_a_shopper_chooses_where_it_goes_and_how(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"/w/{demo.merchant}/promise/demo/?items=FF-102-1")
    checkout = page.locator("aftermile-promise[shape=checkout]")
    page.evaluate(
        "document.addEventListener('aftermile-choice', (event) => { document.title = event.detail.id; })"
    )
    checkout.get_by_role("radio", name=re.compile("Express")).check()
    expect(page).to_have_title("express")
    checkout.get_by_text("Delivery to Germany").click()
    checkout.get_by_label("Postcode").fill("10115")
    checkout.get_by_role("button").click()
    expect(checkout.get_by_role("radio")).to_have_count(3)
    expect(checkout).to_contain_text("Pick-up in Berlin")
    expect(checkout).to_contain_text("Ready to collect from")


def test_without_script_the_link_leads_to_the_same_dates(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"/w/{demo.merchant}/promise/demo/?items=FF-102-1", script=False)
    page.get_by_role("link", name="Delivery dates and prices").first.click()
    expect(page.get_by_role("heading", name="Express")).to_be_visible()
    page.get_by_label("Country").select_option("FR")
    page.get_by_role("button", name="Show delivery dates").click()
    expect(page.locator("main")).to_contain_text("Delivery to France")
