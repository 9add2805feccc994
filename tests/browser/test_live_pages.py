"""Pages that move: while somebody looks at them, and when the demonstration's time is played."""

from __future__ import annotations

from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from aftermile.connectors.contracts.words import SubStatus
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration

A_MINUTE = 61_000


def shown_time(page: Page) -> datetime:
    return datetime.fromisoformat(page.locator(".clock time").get_attribute("datetime") or "")


def test_what_the_carrier_reports_comes_to_the_page_by_itself(demo: Demonstration, opens: Opens) -> None:
    parcel = demo.order("On time").parcels[0]
    slug = parcel.lane.carrier.aftership_slug
    page = opens("/")
    page.clock.install()
    page.goto(demo.stories["On time"] + "?lang=en")
    expect(page.locator("h1")).not_to_contain_text("Arriving today")

    assert demo.scan(parcel.tracking_number, SubStatus.OUT_FOR_DELIVERY, slug=slug) == 200
    demo.installation.wait_until_drained()
    page.clock.run_for(A_MINUTE)
    expect(page.locator("h1")).to_contain_text("Arriving today")
    expect(page.get_by_role("status")).to_have_text("Arriving today")

    assert demo.scan(parcel.tracking_number, SubStatus.SIGNED, slug=slug, signed_by="Fleur van Dijk") == 200
    demo.installation.wait_until_drained()
    page.clock.run_for(A_MINUTE)
    expect(page.locator("h1")).to_contain_text("Delivered today")
    expect(page.locator("main")).to_contain_text("It was handed over in person.")
    # Whoever has the link sees that somebody signed, and not who.
    expect(page.locator("main")).to_contain_text("Signed by F. V. D.")
    assert "van Dijk" not in page.content()


def test_an_hour_is_played(demo: Demonstration, opens: Opens) -> None:
    page = opens("/", script=False)
    before = shown_time(page)
    page.get_by_role("button", name="Next hour").click()
    assert timedelta(hours=1) <= shown_time(page) - before < timedelta(hours=1, minutes=2)
    # It was on the van, and arrives within minutes of the start.
    story = page.locator(".stories li", has_text="Out for delivery")
    expect(story.locator(".state")).to_contain_text("Delivered")
