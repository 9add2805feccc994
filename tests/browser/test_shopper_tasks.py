"""What a shopper comes for, in real Chromium, with scripts and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Response, expect

from tests.browser.chromium import View, look
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration

#: At most so much may come over the wire for a tracking page with its sheet.
MOST_BYTES = 30_000

pytestmark = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])


def order_of(demo: Demonstration, story: str, opens: Opens) -> tuple[str, str]:
    """Return number and tracking number of a story's order, as its page names them."""
    text = opens(demo.stories[story] + "?lang=en").locator("body").inner_text()
    number = re.search(r"Order (#\d+)", text)
    tracking = re.search(r"\b([A-Z0-9]{12,})\b", text)
    assert number
    assert tracking
    return number.group(1), tracking.group(1)


def test_where_is_my_parcel(demo: Demonstration, opens: Opens, script: bool) -> None:
    page = opens(demo.stories["Lost"] + "?lang=en", script=script, width=360)
    expect(page.locator("h1")).to_have_text("Your parcel is lost")
    expect(page.get_by_role("link", name=re.compile("^Write to"))).to_be_visible()
    assert page.context.cookies() == []


def test_an_order_is_looked_up(demo: Demonstration, opens: Opens, script: bool) -> None:
    number, email = demo.look_up
    page = opens(f"/find/{demo.merchant}/?lang=en", script=script)
    page.get_by_label("Order number").fill(number)
    page.get_by_label("E-mail, phone number or postcode").fill(email)
    page.get_by_role("button", name="Show my order").click()
    page.wait_for_url("**/t/t_*")
    expect(page.locator("body")).to_contain_text(number)


def test_a_wrong_guess_says_nothing(demo: Demonstration, opens: Opens, script: bool) -> None:
    number, _ = demo.look_up
    said = []
    for guessed in (number, "#999999"):
        page = opens(f"/find/{demo.merchant}/?lang=en", script=script)
        page.get_by_label("Order number").fill(guessed)
        page.get_by_label("E-mail, phone number or postcode").fill("nobody@example.com")
        page.get_by_role("button", name="Show my order").click()
        expect(page.get_by_role("alert")).to_contain_text("These two do not fit together.")
        expect(page.get_by_label("Order number")).to_have_value(guessed)
        said.append(page.locator("main").inner_text())
    assert said[0] == said[1]


def test_a_tracking_number_alone_shows_no_order(demo: Demonstration, opens: Opens, script: bool) -> None:
    number, tracking = order_of(demo, "Late", opens)
    page = opens(f"/find/{demo.merchant}/?lang=en", script=script)
    page.get_by_label("Only a tracking number?").fill(tracking)
    page.get_by_role("button", name="Show the parcel").click()
    expect(page.locator("body")).to_contain_text(tracking)
    assert number not in page.locator("body").inner_text()


def test_another_language(demo: Demonstration, opens: Opens, script: bool) -> None:
    page = opens(demo.stories["Lost"] + "?lang=en", script=script)
    page.locator(".languages summary").click()
    page.get_by_role("link", name="Polski").click()
    expect(page.locator("h1")).to_have_text("Paczka zaginęła")
    expect(page.locator("html")).to_have_attribute("lang", "pl")


def test_it_is_light(demo: Demonstration, browser: Browser, script: bool) -> None:
    for title, path in demo.stories.items():
        context = look(browser, View(script=script), base_url=demo.url)
        page = context.new_page()
        answers: list[Response] = []
        page.on("response", lambda answer, told=answers: told.append(answer))
        page.goto(path, wait_until="networkidle")
        # Pictures of the items and the shop's logo come after, and once.
        needed = [each for each in answers if each.request.resource_type != "image" and each.status == 200]
        total = sum(int(each.headers["content-length"]) + len(str(each.headers)) for each in needed)
        assert 0 < total <= MOST_BYTES, title
        context.close()
