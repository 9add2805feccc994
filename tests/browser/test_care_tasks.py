"""What care does with what needs a person, in real Chromium: tell, put off, pass on, give up; and each taken back."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

from playwright.sync_api import expect

from tests.browser.chromium import violations
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration
from tests.browser.todos import opened, undone


def test_a_shopper_is_written_to_and_marked_as_told(demo: Demonstration, opens: Opens) -> None:
    page = opens(demo.console, signed_in_as="Care")
    order, panel = opened(page, "Late")
    letter = urlsplit(panel.get_by_role("link", name="Open in mail").get_attribute("href") or "")
    assert (letter.scheme, unquote(letter.path).endswith("@shopper.example")) == ("mailto", True)
    written = parse_qs(letter.query)
    assert order in written["subject"][0]
    assert f"{demo.url}/t/t_" in written["body"][0]
    panel.get_by_role("button", name="Mark as told").click()
    expect(page.locator(".group").first).not_to_contain_text(order)
    undone(page, "told")
    expect(page.locator(".group").first).to_contain_text(order)


def test_it_is_put_off_with_what_is_waited_for(demo: Demonstration, opens: Opens) -> None:
    page = opens(demo.console, signed_in_as="Care")
    order, panel = opened(page, "Stuck")
    panel.get_by_text("Put it off", exact=True).click()
    panel.get_by_label("What is waited for").fill("The depot looks on the shelf")
    panel.get_by_role("button", name="Put off", exact=True).click()
    expect(page.locator(".toast", has_text="Put off until")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Put off until later")).click()
    row = page.locator(".todo", has_text=order)
    row.locator("a.btn").click()
    expect(row.locator(".panel")).to_contain_text("The depot looks on the shelf")
    row.locator(".panel").get_by_role("button", name="Take up again now").click()
    expect(page.locator(".todo", has_text=order)).to_have_count(0)
    page.get_by_role("link", name=re.compile("^Everything")).click()
    expect(page.locator(".todo", has_text=order).first).to_be_visible()


def test_it_is_given_to_somebody(demo: Demonstration, opens: Opens) -> None:
    page = opens(demo.console, signed_in_as="Care")
    order, panel = opened(page, "Held at customs")
    panel.get_by_text(re.compile("^Give it to somebody")).click()
    panel.get_by_label("To").select_option("Oskar Berg")
    panel.get_by_role("button", name="Give", exact=True).click()
    expect(page.locator(".todo", has_text=order).first).to_contain_text("Oskar Berg")

    colleague = opens(demo.console, signed_in_as="Warehouse")
    colleague.get_by_role("link", name=re.compile("^Mine")).click()
    expect(colleague.locator(".todo", has_text=order)).to_be_visible()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".todo", has_text=order).first).not_to_contain_text("Oskar Berg")


def test_a_parcel_is_given_up_and_its_shopper_reads_so(demo: Demonstration, opens: Opens) -> None:
    page = opens(demo.console, signed_in_as="Care")
    order, panel = opened(page, "Stuck")
    tracking = page.locator(".todo", has_text=order).locator(".who a").get_attribute("href")
    panel.get_by_text("Mark as lost").first.click()
    panel.get_by_role("button", name="Mark as lost").click()
    expect(page.locator(".toast", has_text="lost")).to_be_visible()

    told = opens(tracking or "", signed_in_as="Care")
    with told.expect_popup() as shown:
        told.get_by_role("link", name=re.compile("^See as")).click()
    shown.value.goto(shown.value.url + "?lang=en")
    expect(shown.value.locator("h1")).to_have_text("Your parcel is lost")
    expect(told.locator("#story")).to_contain_text("marked as lost")

    undone(page, "lost")
    shown.value.reload()
    expect(shown.value.locator("h1")).not_to_have_text("Your parcel is lost")


def test_an_order_is_found_by_its_tracking_number(demo: Demonstration, opens: Opens) -> None:
    order = demo.order("Held at customs")
    page = opens(demo.console, signed_in_as="Care")
    page.keyboard.press("/")
    page.keyboard.type(order.parcels[0].tracking_number)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(f"Order {order.name}")
    expect(page.locator(".side")).to_contain_text(order.shopper.email)
    assert violations(page) == []
