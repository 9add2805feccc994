"""What each role of a shop's staff does all day, in real Chromium."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration


def test_care_works_through_what_needs_a_person(demo: Demonstration, opens: Opens) -> None:
    page = opens(demo.console, signed_in_as="Care")
    expect(page.locator("h1")).to_contain_text("need")
    row = page.locator(".todo").first
    called = row.locator(".who b a").inner_text()
    row.locator("a[data-open]").last.click()
    work = page.locator(".panel").first
    expect(work).to_be_visible()
    work.get_by_text("It needs nobody").click()
    work.get_by_label("Why, for the team").fill("Told by phone, all is well")
    work.get_by_role("button", name="Settle").click()
    toast = page.locator(".toast").first
    expect(toast).to_be_visible()
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator(".todo", has_text=called).first).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_care_finds_an_order_by_a_misspelled_name(demo: Demonstration, opens: Opens, script: bool) -> None:
    page = opens(f"{demo.console}orders/", signed_in_as="Care", script=script)
    names = page.locator("tbody .who").all_inner_texts()
    name = max((each.splitlines()[0].split()[-1] for each in names), key=len)
    page.locator("#words").fill(name[:3] + name[4:])
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("tbody")).to_contain_text(name)
    expect(page.get_by_text("These are spelled alike.")).to_be_visible()


def test_an_order_tells_its_whole_story(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{demo.console}orders/?standing=exception", signed_in_as="Care")
    page.locator("a[data-open]").first.click()
    expect(page.locator("h1")).to_contain_text("Order #")
    for said in ("Order placed", "Promised:"):
        expect(page.locator("#story")).to_contain_text(said)
    with page.expect_popup() as opened:
        page.get_by_role("link", name=re.compile("^See as")).click()
    expect(opened.value.locator("h1")).to_be_visible()


def test_the_keyboard_is_enough(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{demo.console}orders/", signed_in_as="Read-only")
    second = page.locator("tbody tr").nth(1).locator("a[data-open]")
    address = second.get_attribute("href")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(second).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_warehouse_stops_tracking_and_takes_it_back(
    demo: Demonstration, opens: Opens, script: bool
) -> None:
    page = opens(f"{demo.console}shipments/?standing=delivered", signed_in_as="Warehouse", script=script)
    page.locator("input[name=chosen]").first.check()
    page.get_by_role("button", name="Stop tracking").click()
    expect(page.locator(".toast")).to_contain_text("1 parcel no longer tracked.")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("1 parcel tracked again.")


def test_an_analyst_takes_a_file(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{demo.console}orders/?country=FR", signed_in_as="Analyst")
    page.get_by_role("button", name="Export as CSV").click()
    page.wait_for_url("**/exports/")
    # Without leaving the page: it looks by itself how far the file is.
    expect(page.get_by_role("link", name="Download")).to_be_visible(timeout=30_000)
    with page.expect_download() as begun:
        page.get_by_role("link", name="Download").click()
    rows = begun.value.path().read_text("utf-8-sig").splitlines()
    assert rows[0].startswith("number,placed_at")
    assert all(",FR," in row for row in rows[1:])


def test_operations_keep_a_view(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{demo.console}orders/?standing=returned", signed_in_as="Operations")
    page.get_by_role("button", name="Keep this view").click()
    page.get_by_label("Name").fill("Came back")
    page.get_by_role("button", name="Keep it").click()
    page.goto(f"{demo.console}orders/")
    page.get_by_role("link", name="Came back").click()
    page.wait_for_url("**/orders/?standing=returned")


def test_who_only_looks_is_offered_no_act(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{demo.console}shipments/", signed_in_as="Read-only")
    assert page.locator("input[name=chosen]").count() == 0
    page.goto(demo.console)
    assert page.locator("input[name=chosen]").count() == 0
    assert page.get_by_role("button", name="Export as CSV").count() == 0


def test_nobody_gets_in_without_signing_in(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{demo.console}orders/")
    expect(page.get_by_label(re.compile("Password"))).to_be_visible()
