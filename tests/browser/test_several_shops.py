"""An installation with another shop in it: who runs it switches between them, and neither's pages show the other's."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from aftermile.kernel.ids import read_public_id
from tests.browser.chromium import View, look, violations
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration

OTHER = "Lindgren Books"
PASSWORD = "seven quiet lanterns"


@pytest.fixture(scope="module")
def other(demo: Demonstration) -> str:
    """Another shop, with a domain of its own; its id as it stands in addresses."""
    said = demo.installation.command("merchant", "create", OTHER)
    found = re.search(r"mer_\w+", said)
    assert found
    demo.installation.sql(
        "INSERT INTO brands_domain (id, merchant_id, host, state, reason, claimed_at, verified_at)"
        " VALUES (gen_random_uuid(), %s, 'books.localhost', 'verified', '', now(), now())",
        read_public_id("mer", found[0]),
    )
    return found[0]


def test_an_operator_switches_between_shops(demo: Demonstration, opens: Opens, other: str) -> None:
    said = demo.installation.command(
        "staff", "create", "op@example.com", "--role", "owner", "--merchant", demo.merchant
    )
    link = re.search(r"/console/invitation/\S+", said)
    assert link
    page = opens(link[0])
    page.get_by_label("Your name").fill("Op Rator")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account and join").click()
    page.wait_for_url(f"**{demo.console}")
    assert page.get_by_role("link", name=re.compile("Switch to another shop")).count() == 0

    demo.installation.sql("UPDATE team_user SET is_operator = true WHERE email = 'op@example.com'")
    page.reload()
    page.get_by_role("link", name=re.compile("Switch to another shop")).click()
    expect(page.get_by_role("heading", name="Which shop?")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name=re.compile(OTHER)).click()
    page.wait_for_url(f"**/console/{other}/")
    expect(page.locator("h1")).to_have_text("Nothing needs you")
    page.goto(f"/console/{other}/orders/")
    expect(page.locator("main")).to_contain_text("Nothing here yet")
    assert violations(page) == []

    page.get_by_role("link", name=re.compile("Switch to another shop")).click()
    page.get_by_label("Find a shop by name").fill("fjel")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("main")).not_to_contain_text(OTHER)
    page.get_by_role("link", name=re.compile("Fjell & Field")).click()
    page.wait_for_url(f"**{demo.console}")
    expect(page.locator(".todo").first).to_be_visible()


def test_staff_of_one_shop_find_nothing_at_the_others_address(
    demo: Demonstration, opens: Opens, other: str
) -> None:
    page = opens(demo.console, signed_in_as="Owner")
    for place in ("", "orders/", "settings/keys/"):
        answer = page.goto(f"/console/{other}/{place}")
        assert answer
        assert answer.status == 404
        expect(page.locator("h1")).to_have_text("There is no page here")
        expect(page.locator("main")).to_contain_text("Nothing was lost.")
    assert violations(page) == []


def test_on_a_shops_own_domain_there_is_no_other_shop(
    demo: Demonstration, browser: Browser, other: str
) -> None:
    context = look(browser, View(width=360), base_url=demo.url.replace("127.0.0.1", "books.localhost"))
    page = context.new_page()
    for path in (demo.stories["Late"], f"/find/{demo.merchant}/", "/console/", "/api/v1/orders"):
        answer = page.goto(path)
        assert answer
        assert answer.status == 404, path
        expect(page.locator("h1")).to_have_text("There is no page at this address")
        assert "Fjell" not in page.content()
    assert violations(page) == []
    page.goto(f"/find/{other}/")
    expect(page.locator("main")).to_contain_text(f"only you and {OTHER} know")
    context.close()
