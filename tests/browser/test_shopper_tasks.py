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

#: Part of the next step, by the title of the story.
BAD_NEWS = {
    "Late": "You do not need to do anything",
    "Lost": "ask for a replacement or your money back",
    "Refused": "write to Fjell & Field today",
    "Returned to sender": "to have it sent again or to get your money back",
    "Damaged on the way": "ask for a replacement or your money back",
    "Held at customs": "answer soon",
    "Held up by a storm": "You do not need to do anything",
    "Cancelled": "If you did not ask for that",
}

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


@pytest.mark.parametrize("known", ["e-mail", "phone", "postcode"])
def test_an_order_is_looked_up(demo: Demonstration, opens: Opens, script: bool, known: str) -> None:
    order = demo.order("Lost")
    shopper = order.shopper
    typed = {"e-mail": shopper.email.upper(), "phone": shopper.phone, "postcode": shopper.home.postal_code}
    page = opens(f"/find/{demo.merchant}/?lang=en", script=script)
    page.get_by_label("Order number").fill(order.name)
    page.get_by_label("E-mail, phone number or postcode").fill(typed[known])
    page.get_by_role("button", name="Show my order").click()
    page.wait_for_url("**/t/t_*")
    expect(page.locator("main")).to_contain_text(f"Order {order.name}")


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


@pytest.mark.parametrize("story", BAD_NEWS)
def test_bad_news_comes_first_with_the_next_step(
    demo: Demonstration, opens: Opens, script: bool, story: str
) -> None:
    page = opens(demo.stories[story] + "?lang=en", script=script, width=360)
    notice = page.locator(".answer > h1 + .notice")
    expect(notice).to_be_in_viewport()
    expect(notice).to_contain_text(BAD_NEWS[story])
    write = page.get_by_role("link", name="Write to Fjell & Field")
    expect(write).to_have_attribute("href", re.compile("^mailto:help@"))


def test_where_it_waits_and_what_to_bring(demo: Demonstration, opens: Opens, script: bool) -> None:
    page = opens(demo.stories["Waiting at a pick-up point"] + "?lang=en", script=script, width=360)
    expect(page.locator("h1")).to_have_text("Ready for you to collect")
    expect(page.locator(".notice")).to_contain_text("It waits at Parcel shop Kiosk am Eck, Leipzig.")
    expect(page.locator(".notice")).to_contain_text("Take a photo ID and the tracking number with you.")


def test_a_split_order_is_one_order_of_two_parcels(demo: Demonstration, opens: Opens, script: bool) -> None:
    page = opens(demo.stories["Split into two parcels"] + "?lang=en", script=script)
    expect(page.locator("h1")).to_contain_text("1 of 2 parcels is here.")
    first, second = page.locator(".card:has(> .way)").all()
    expect(first.locator(".state")).to_contain_text("Delivered")
    expect(second.locator(".state")).to_contain_text("Arriving")
    journey = page.locator("details.card").nth(1)
    expect(journey.locator("li").first).to_be_hidden()
    journey.locator("summary").click()
    expect(journey.locator("li").first).to_be_visible()


def test_the_window_goes_into_the_calendar(demo: Demonstration, opens: Opens, script: bool) -> None:
    page = opens(demo.stories["Late"] + "?lang=de", script=script)
    with page.expect_download() as begun:
        page.get_by_role("link", name="In den Kalender").click()
    lines = begun.value.path().read_text().splitlines()
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert lines.count("BEGIN:VEVENT") == 1


def test_the_address_is_masked(demo: Demonstration, opens: Opens, script: bool) -> None:
    shopper = demo.order("Late").shopper
    initials = f"{shopper.first_name[0]}. {shopper.last_name[0]}."
    page = opens(demo.stories["Late"] + "?lang=en", script=script)
    expect(page.locator("main")).to_contain_text(f"Goes to {initials}, {shopper.home.city}")
    written = page.content()
    secrets = (shopper.last_name, shopper.email, shopper.phone, shopper.home.postal_code)
    assert [each for each in secrets if each in written] == []


def test_arabic_runs_from_right_to_left(demo: Demonstration, opens: Opens, script: bool) -> None:
    page = opens(demo.stories["Late"] + "?lang=ar", script=script)
    expect(page.locator("h1")).to_have_text("طردك متأخر")
    steps = [step.bounding_box() for step in page.locator(".way li").all()]
    assert [step["x"] for step in steps if step] == sorted(
        (step["x"] for step in steps if step), reverse=True
    )
    edge = page.locator(".notice").evaluate("each => getComputedStyle(each).borderRightWidth")
    assert edge == "5px"


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
