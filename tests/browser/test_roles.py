"""What tells the roles apart: marketing's brand, the warehouse's parcels, the analyst's files, and who only looks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import violations
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration
from tests.browser.places import staff_places
from tests.browser.todos import opened, undone


def test_marketing_changes_the_look_and_sees_it_on_a_shoppers_page(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{demo.console}settings/brand/", signed_in_as="Marketing")
    page.locator("#id_accent").fill("#7a1f5c")
    page.get_by_role("button", name="Save the brand").click()
    expect(page.locator(".toast")).to_contain_text("The brand is saved")
    shopper = opens(demo.stories["Late"])
    expect(shopper.locator("html")).to_have_css("--accent", "#7a1f5c")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#id_accent")).not_to_have_value("#7a1f5c")
    shopper.reload()
    expect(shopper.locator("html")).not_to_have_css("--accent", "#7a1f5c")


def test_the_warehouse_asks_a_carrier_and_reads_no_shoppers_address(
    demo: Demonstration, opens: Opens
) -> None:
    page = opens(demo.console, signed_in_as="Warehouse")
    late = page.locator(".todo").first
    late.locator("a.btn").click()
    expect(late.locator(".panel")).to_contain_text("Your role does not see how to reach shoppers.")
    assert "@shopper.example" not in page.content()

    order, panel = opened(page, "Stuck")
    panel.get_by_role("button", name=re.compile("^Asked; remind me")).click()
    expect(page.locator(".toast", has_text="Put off")).to_be_visible()
    expect(page.locator(".todo", has_text=order)).to_have_count(0)
    undone(page, "Put off")
    expect(page.locator(".todo", has_text=order).first).to_be_visible()


def test_an_analyst_reads_sources_and_who_did_what(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{demo.console}connections/", signed_in_as="Analyst")
    page.get_by_role("link", name="Simulated carriers").click()
    page.get_by_text("The numbers").click()
    expect(page.get_by_role("table", name="Records per day")).to_be_visible()
    assert page.get_by_role("button", name="Switch off").count() == 0
    page.goto(f"{demo.console}settings/audit/")
    with page.expect_download() as begun:
        page.get_by_role("link", name="CSV").click()
    assert begun.value.path().read_text("utf-8-sig").startswith("at,")


@pytest.mark.parametrize(
    ("role", "place", "who"),
    [
        ("Care", "settings/brand/", "owner, operations or marketing"),
        ("Marketing", "connections/", "owner, operations or analyst"),
        ("Warehouse", "shoppers/", "owner, operations, care, marketing or read-only"),
        ("Analyst", "settings/keys/", "owner"),
        ("Operations", "settings/team/", "owner"),
        ("Read-only", "exports/", "owner, operations, marketing or analyst"),
    ],
)
def test_a_place_beyond_a_role_says_whose_it_is(
    demo: Demonstration, opens: Opens, role: str, place: str, who: str
) -> None:
    page = opens(demo.console, signed_in_as=role)
    answer = page.goto(f"{demo.console}{place}")
    assert answer
    assert answer.status == 403
    expect(page.locator("h1")).to_have_text("Not for your role")
    expect(page.locator("main")).to_contain_text(f"This is for {who}.")
    expect(page.locator("main")).to_contain_text("Ragnhild Moe")
    assert violations(page) == []


def test_who_only_looks_finds_nothing_to_press_that_changes_anything(
    demo: Demonstration, opens: Opens
) -> None:
    page = opens("/", signed_in_as="Read-only")
    found = {}
    for kind, path in staff_places(page, demo.console).items():
        page.goto(path)
        acts = page.eval_on_selector_all(
            "main form[method=post] button:not([type=button])", "all => all.map(each => each.form.action)"
        )
        # A view is kept for oneself alone.
        found[kind] = [each for each in acts if not each.endswith("/views/")]
    assert len(found) >= 8
    assert {kind: acts for kind, acts in found.items() if acts} == {}
