"""What operations do, in real Chromium: sources, what could not be read, and the days on which parcels leave."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.calendars import Calendar
from tests.browser.chromium import violations
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration

_WORKDAYS = Calendar(country="DE", subdivision="SH", weekmask="1111100")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_source_is_connected_until_its_first_event_is_here(
    demo: Demonstration, opens: Opens, script: bool
) -> None:
    page = opens(f"{demo.console}connections/", signed_in_as="Operations", script=script)

    def fit_for_everybody() -> None:
        assert not script or violations(page) == []  # axe is a script itself

    page.get_by_role("link", name="Connect something").click()
    page.get_by_role("link", name=re.compile("^AfterShip")).click()
    page.get_by_label("Name").fill(f"Returns {'with' if script else 'without'} script")
    page.get_by_label("Webhook secret").fill("what AfterShip shows")
    page.get_by_role("button", name="Connect AfterShip").click()
    expect(page.locator("#arrival")).to_contain_text("Waiting.")
    fit_for_everybody()
    address = urlsplit(page.locator("#address").inner_text()).path

    def arrival(said: str) -> None:
        if not script:
            demo.installation.wait_until_drained()
            page.get_by_role("link", name="look again").click()
        expect(page.locator("#arrival")).to_contain_text(said, timeout=15_000)

    number = f"00340434{int(script):012d}"
    assert demo.scan(number, SubStatus.ARRIVED_AT_FACILITY, to=address, key="another") == 401
    arrival("Something came, and was turned away.")
    assert demo.scan(number, SubStatus.ARRIVED_AT_FACILITY, to=address, key="what AfterShip shows") == 200
    arrival("We have received your first event.")
    fit_for_everybody()
    page.get_by_role("link", name="See it as it came").click()
    expect(page.locator("pre").first).to_contain_text(number)


def test_what_could_not_be_read_says_why_and_is_read_again(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{demo.console}records/?status=quarantined", signed_in_as="Operations")
    expect(page.locator("tbody")).to_contain_text("It is not JSON, or cut off")
    page.locator("tbody tr", has_text="It is not JSON, or cut off").first.get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text("not JSON: ")
    # The first of them is the error page or the half order: which one, the moment of their arrival decides.
    expect(page.get_by_role("region", name="The body as it came")).to_contain_text(
        re.compile("502 Bad Gateway|orders/|gid://")
    )
    page.get_by_role("button", name="Read again").click()
    expect(page.locator("main")).to_contain_text("1 went back to quarantine", timeout=15_000)
    assert violations(page) == []
    page.goto(f"{demo.console}records/?status=quarantined")
    expect(page.locator("tbody")).to_contain_text("It is not JSON, or cut off")


def test_many_records_are_read_again_at_once(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{demo.console}records/?kind=orders/paid", signed_in_as="Operations")
    page.locator("[data-choose-all]").check()
    count = page.locator("input[name=chosen]:checked").count()
    assert count > 1
    page.locator(".bulk").get_by_role("button").first.click()
    expect(page.locator("main")).to_contain_text(f"{count} of {count} read and taken in.", timeout=15_000)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_cut_off_and_a_closed_day_are_tried_saved_and_taken_back(
    demo: Demonstration, opens: Opens, script: bool
) -> None:
    page = opens(f"{demo.console}settings/calendars/", signed_in_as="Operations", script=script)
    saved = page.get_by_label("Cut-off on Monday").input_value()
    closed = f"{_WORKDAYS.add_business_days(demo.now.date(), 10)} Stocktaking"
    page.get_by_label("Cut-off on Monday").fill("11:30")
    page.get_by_label("Closed days of your own").fill(closed)
    page.get_by_role("button", name="See what it means").click()
    expect(page.locator("#effect")).to_contain_text("Stocktaking")
    page.get_by_role("button", name="Save").click()
    toast = page.locator(".toast")
    expect(toast).to_be_visible()
    expect(page.get_by_label("Cut-off on Monday")).to_have_value("11:30")
    expect(page.get_by_label("Closed days of your own")).to_have_value(re.compile("Stocktaking"))
    toast.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Cut-off on Monday")).to_have_value(saved)
    expect(page.get_by_label("Closed days of your own")).to_have_value("")


def test_what_a_threshold_would_mean_today(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{demo.console}settings/thresholds/", signed_in_as="Operations")
    page.get_by_label("Silent, within the country").fill("1")
    page.get_by_role("button", name="Try today").click()
    row = page.locator("#effect tbody tr", has_text="Silent")
    expect(row).to_be_visible()
    now, then = (int(cell) for cell in row.locator("td").all_inner_texts())
    assert then > now
    page.goto(f"{demo.console}settings/thresholds/")
    expect(page.get_by_label("Silent, within the country")).not_to_have_value("1")


def test_a_source_is_switched_off_and_on(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{demo.console}connections/", signed_in_as="Operations")
    page.get_by_role("link", name="Connect something").click()
    page.get_by_role("link", name=re.compile("^Shippo")).click()
    page.get_by_label("Name").fill("A trial")
    page.get_by_role("button", name="Connect Shippo").click()
    page.goto(f"{demo.console}connections/")
    page.get_by_role("link", name="A trial", exact=True).click()
    page.get_by_role("button", name="Switch off").click()
    expect(page.locator(".title .state")).to_contain_text("Off")
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator(".title .state")).not_to_contain_text("Off")
