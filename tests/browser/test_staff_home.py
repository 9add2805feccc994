"""The console's home in a browser: work is done with the mouse, by keys, and without a script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import too_wide, violations
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration


def waiting(page: Page) -> int:
    """How many things the headline says there are."""
    told = re.match(r"[\d,]+", page.locator("h1").inner_text())
    return int(told.group().replace(",", "")) if told else 0


def test_a_row_opens_below_itself_and_is_undone_in_place(demo: Demonstration, opens: Opens) -> None:
    page = opens("/", signed_in_as="Care")
    page.goto(demo.console)
    before = waiting(page)
    assert before > 1
    row = page.locator(".todo").first
    order = row.locator(".who b").inner_text()
    row.locator("a.btn").click()
    panel = row.locator(".panel")
    expect(panel).to_be_visible()
    assert violations(page) == []
    panel.get_by_text("It needs nobody").click()
    panel.get_by_label("Why, for the team").fill("A test")
    panel.get_by_role("button", name="Settle").click()
    expect(page.locator(".toast")).to_contain_text("Settled.")
    assert waiting(page) == before - 1
    expect(page.locator("#n-home")).to_have_text(str(before - 1))
    expect(page.locator(".group").first).not_to_contain_text(order)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Undone.")
    assert waiting(page) == before


def test_by_keys(demo: Demonstration, opens: Opens) -> None:
    page = opens("/", signed_in_as="Care")
    page.goto(demo.console)
    for key in ("j", "j", "x", "k", "x"):
        page.keyboard.press(key)
    expect(page.locator("[data-count-chosen]")).to_have_text("2 chosen")
    expect(page.locator("#bulk")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".todo").first.locator(".panel")).to_be_visible()


def test_many_at_once(demo: Demonstration, opens: Opens) -> None:
    page = opens("/", signed_in_as="Operations")
    page.goto(demo.console)
    before = waiting(page)
    group = page.locator(".group").first
    group.locator("[data-choose-all]").check()
    count = group.locator(".tick input:checked").count()
    page.locator("#bulk").get_by_role("button", name="Put off").click()
    expect(page.locator(".toast")).to_contain_text("Put off until")
    assert waiting(page) == before - count
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Undone")
    assert waiting(page) == before


@pytest.mark.parametrize("width", [360, 1280])
def test_without_a_script_the_same_stands_on_a_page(demo: Demonstration, opens: Opens, width: int) -> None:
    page = opens("/", signed_in_as="Care", script=False, width=width)
    page.goto(demo.console)
    before = waiting(page)
    page.locator(".todo a.btn").first.click()
    page.wait_for_url(re.compile("/exceptions/exc_"))
    assert too_wide(page) == 0
    page.get_by_text("It needs nobody").click()
    page.get_by_label("Why, for the team").fill("A test")
    page.get_by_role("button", name="Settle").click()
    page.wait_for_url(f"**{demo.console}")
    assert waiting(page) == before - 1
    page.get_by_role("button", name="Undo").click()
    assert waiting(page) == before


def test_those_who_only_look_open_and_change_nothing(demo: Demonstration, opens: Opens) -> None:
    page = opens("/", signed_in_as="Read-only")
    page.goto(demo.console)
    assert page.locator("#bulk, .tick").count() == 0
    page.locator(".todo a.btn").first.click()
    page.wait_for_url(re.compile("/exceptions/exc_"))
    assert page.locator("main form").count() == 0
