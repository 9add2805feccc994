"""What an owner alone does, in real Chromium: the team, API keys, and what shoppers may ask for; and webhooks."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.chromium import violations
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration
from tests.browser.receiver import receiver
from tests.scenarios.installation import eventually

#: The place in the demonstration's history of an order that no other test looks at.
ERASED = 100


def test_somebody_is_invited_changes_roles_and_leaves(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{demo.console}settings/team/", signed_in_as="Owner")
    page.get_by_label("E-mail address").fill("ines@example.com")
    page.get_by_label("Role", exact=True).select_option("Care")
    page.get_by_role("button", name="Make the invitation").click()
    assert violations(page) == []
    link = page.locator("#link").inner_text()

    guest = opens(link)
    guest.get_by_label("Your name").fill("Inès Faure")
    guest.get_by_label("Password").fill("seven quiet lanterns")
    guest.get_by_role("button", name="Make the account and join").click()
    guest.wait_for_url("**/console/mer_*/")
    expect(guest.locator(".nav")).not_to_contain_text("Connections")

    page.goto(f"{demo.console}settings/team/")
    page.get_by_label("Role of Inès Faure").select_option("Analyst")
    page.get_by_role("button", name="Change the role of Inès Faure").click()
    expect(page.locator(".toast")).to_contain_text("Inès Faure")
    guest.reload()
    expect(guest.locator(".nav")).to_contain_text("Connections")

    page.get_by_role("button", name="Remove Inès Faure").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator("tbody")).not_to_contain_text("Inès Faure")
    guest.goto(demo.console)
    expect(guest.locator("h1")).to_have_text("There is no page here")

    page.goto(f"{demo.console}settings/audit/")
    for said in ("Inès", "analyst"):
        expect(page.locator("#log")).to_contain_text(said)


def test_a_key_is_made_used_and_revoked(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{demo.console}settings/keys/", signed_in_as="Owner")
    page.get_by_label("Name").fill("Warehouse scanner")
    page.get_by_role("checkbox", name="Read orders and their refunds").check()
    page.get_by_role("button", name="Make the key").click()
    assert violations(page) == []
    key = page.locator("#key").inner_text()

    def answered(path: str) -> int:
        asked = page.request.get(path, headers={"Authorization": f"Bearer {key}"})
        return asked.status

    assert answered("/api/v1/orders?limit=1") == 200
    assert answered("/api/v1/shoppers?limit=1") == 403

    page.get_by_role("link", name="I have kept it").click()
    expect(page.locator("tbody tr", has_text="Warehouse scanner")).not_to_contain_text(key)
    page.get_by_role("button", name="Revoke Warehouse scanner").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke", exact=True).click()
    expect(page.locator("tbody tr", has_text="Warehouse scanner")).to_contain_text("Revoked")
    # Every process hears of it within five seconds, as the page says; the machine may be slow.
    eventually(lambda: answered("/api/v1/orders?limit=1") == 401, seconds=10)


def test_a_webhook_fails_is_looked_into_and_sent_again(demo: Demonstration, opens: Opens) -> None:
    with receiver() as system:
        system.status = 500
        page = opens(f"{demo.console}settings/webhooks/", signed_in_as="Owner")
        page.get_by_role("link", name="New endpoint").click()
        page.get_by_role("textbox", name="Address").fill(system.url)
        page.get_by_label("What it is for").fill("The warehouse")
        page.get_by_role("checkbox", name="order.refunded").check()
        page.get_by_role("button", name="Make the endpoint").click()
        expect(page.locator("#secret")).to_contain_text("whsec_")
        assert violations(page) == []

        page.get_by_role("button", name="Send a test message").click()
        expect(page.locator("main")).to_contain_text("HTTP 500", timeout=15_000)
        assert violations(page) == []
        page.get_by_role("link", name="The warehouse").click()
        expect(page.locator("tbody tr", has_text="webhook_endpoint.test")).to_contain_text("HTTP 500")
        assert violations(page) == []
        page.get_by_role("link", name="webhook_endpoint.test").click()

        system.status = 200
        page.get_by_role("button", name="Send again").click()
        expect(page.locator("main")).to_contain_text("Arrived", timeout=15_000)
        assert len(system.heard) >= 2
        assert len(set(system.heard)) == 1


def test_a_shopper_gets_a_copy_and_is_erased(demo: Demonstration, opens: Opens) -> None:
    order = demo.order(ERASED)
    page = opens(f"{demo.console}orders/?words={order.name.removeprefix('#')}", signed_in_as="Owner")
    page.get_by_role("link", name=order.name, exact=True).click()
    tracking = page.get_by_role("link", name=re.compile("^See as")).get_attribute("href")
    assert tracking
    page.goto(f"{demo.console}settings/privacy/")
    page.get_by_label("E-mail address, phone number or order number").fill(order.name)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name=order.shopper.email).click()
    expect(page.locator("main")).to_contain_text(order.shopper.email)
    assert violations(page) == []

    page.get_by_role("button", name="Make a copy").click()
    with page.expect_download() as begun:
        page.get_by_role("link", name="JSON").click(timeout=15_000)
    assert order.shopper.email in begun.value.path().read_text()

    page.get_by_role("button", name="Erase this shopper").click()
    expect(page.locator("main")).to_contain_text(order.shopper.email)  # nothing was typed, so nothing happens
    page.locator("#id_typed").fill(order.shopper.email)
    page.get_by_role("button", name="Erase this shopper").click()
    expect(page.locator("main")).to_contain_text("Everything personal was erased")
    assert order.shopper.email not in page.content()

    # An old link is answered kindly, in a browser that was never here.
    demo.installation.wait_until_drained()
    shopper = opens(tracking + "?lang=en")
    expect(shopper.locator("h1")).to_have_text("This order was erased")
    expect(shopper.locator("main")).to_contain_text("Nothing else is lost.")
    assert violations(shopper) == []
