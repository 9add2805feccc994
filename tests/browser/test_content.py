"""Somebody who helps shoppers writes an article, and a shopper reads it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.chromium import too_wide, violations
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration


def begin(page: Page, demo: Demonstration, title: str) -> None:
    page.goto(f"{demo.console}content/")
    page.get_by_role("link", name="New article").click()
    page.get_by_label("Care tips").check()
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_an_article_is_written_seen_at_once_attached_published_and_read(
    demo: Demonstration, opens: Opens
) -> None:
    page = opens("/", signed_in_as="Care")
    begin(page, demo, "Look after a compass")
    page.get_by_label("Text", exact=True).fill("# Away from magnets\n\n[no](javascript:x) **Phones** count.")
    seen = page.locator("#seen")
    expect(seen.locator("strong")).to_have_text("Phones")
    expect(seen).to_contain_text("A link leads to “javascript:x”")
    page.get_by_label("Product", exact=True).press_sequentially("compass")
    page.get_by_role("button", name="Attach to Compass").click()
    expect(page.get_by_role("button", name="No longer for Compass")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("alert").first).to_contain_text("not published yet")
    assert violations(page) == []

    page.get_by_label("Text", exact=True).fill("# Away from magnets\n\n**Phones** count.")
    page.get_by_label("What changed").fill("First words")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".toast")).to_contain_text("version 1 is on the pages")

    shopper = opens(f"/help/{demo.merchant}/?q=magnets&lang=en", width=360)
    shopper.get_by_role("link", name="Look after a compass").click()
    expect(shopper.get_by_role("heading", level=2).first).to_have_text("Away from magnets")
    assert violations(shopper) == []

    page.get_by_label("Text", exact=True).fill("# Away from magnets\n\n**Knives** count.")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("link", name="Versions").click()
    expect(page.locator("del")).to_have_text("Phones")
    expect(page.locator("ins")).to_have_text("Knives")
    assert violations(page) == []
    page.get_by_role("link", name="Version 1").click()
    page.get_by_role("button", name="Take version 1 up again").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value(re.compile("Phones"))

    page.get_by_role("button", name="Archive").click()
    shopper.reload()
    expect(shopper.get_by_role("heading", level=1)).to_have_text("There is no page at this address")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("is back")
    shopper.reload()
    expect(shopper.get_by_role("heading", level=1)).to_have_text("Look after a compass")


def test_it_is_written_without_a_script_too(demo: Demonstration, opens: Opens) -> None:
    page = opens("/", signed_in_as="Marketing", script=False)
    begin(page, demo, "Look after a map case")
    page.get_by_label("Text", exact=True).fill("Rinse out the **salt**.")
    page.get_by_role("button", name="Show it").click()
    expect(page.locator("#seen strong")).to_have_text("salt")
    page.get_by_label("Product", exact=True).fill("map case")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name="Attach to Map case").click()
    expect(page.get_by_role("button", name="No longer for Map case")).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Rinse out the **salt**.")
    page.get_by_label("Title").press("Enter")
    expect(page.locator(".toast")).to_be_visible()
    assert too_wide(page) == 0


def test_a_shopper_reads_on_from_an_order_and_finds_by_words(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{demo.stories['Delivered to a neighbor']}?lang=de", width=360, script=False)
    known = page.locator("section", has=page.get_by_role("heading", name="Gut zu wissen"))
    assert known.get_by_role("link").count() >= 3
    known.get_by_role("link", name="Können Sie es reparieren?").click()
    expect(page.locator("article")).to_have_attribute("lang", "de")
    page.get_by_role("link", name="Alle Hilfeseiten").click()
    page.get_by_label("Hilfeseiten durchsuchen").fill("Gestänge Heringe")
    page.get_by_role("button", name="Suchen").click()
    expect(page.get_by_role("link", name="Das Larch in zehn Minuten aufbauen")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("1 Seite gefunden")
    page.get_by_label("Hilfeseiten durchsuchen").fill("qqqqqq")
    page.get_by_role("button", name="Suchen").click()
    expect(page.locator("main")).to_contain_text("wurde nichts gefunden")
