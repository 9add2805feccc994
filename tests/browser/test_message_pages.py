"""Unsubscribing, choosing and asking why, in real Chromium, with scripts and without. How these pages look is tested
with all others (`test_staff_pages`)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import too_wide, violations
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration
from tests.browser.message_links import message_pages

pytestmark = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])


def test_unsubscribed_and_back_again(demo: Demonstration, opens: Opens, script: bool) -> None:
    page = opens(message_pages(demo)["Unsubscribe"] + "?lang=en", script=script, width=360)
    expect(page.locator("h1")).to_have_text("No more messages about what you bought?")
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_role("status")).to_contain_text("sends you no more messages about what you bought")
    # The address opened anew knows it, too.
    page.goto(message_pages(demo)["Unsubscribe"] + "?lang=en")
    expect(page.locator("h1")).to_have_text("You are unsubscribed")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("h1")).to_have_text("All is as before")
    page.get_by_role("link", name="Choose what you hear").click()
    expect(page.get_by_role("group", name="About what you bought").get_by_role("checkbox")).to_be_checked()
    expect(page.get_by_role("group", name="Offers and news").get_by_role("checkbox")).not_to_be_checked()
    assert page.context.cookies() == []


@pytest.mark.parametrize("view", [(360, "dark", "ar"), (1280, "light", "en")], ids=str)
def test_choices_are_kept_and_undone(
    demo: Demonstration, opens: Opens, script: bool, view: tuple[int, str, str]
) -> None:
    width, scheme, language = view
    address = f"{message_pages(demo, 'On time')['Choices']}?lang={language}"
    page = opens(address, script=script, width=width, scheme=scheme)
    offers = page.locator("input[type=checkbox][name=email-marketing]")
    quiet = page.locator("input[type=time][name=quiet_from]")
    was_on = offers.is_checked()
    offers.set_checked(not was_on)
    page.locator("input[type=radio][name=quiet][value=own]").check()
    quiet.fill("20:15")
    page.locator("button[value=keep]").click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(offers).to_be_checked(checked=not was_on)
    expect(quiet).to_have_value("20:15")
    if script:  # axe is one
        assert (violations(page), too_wide(page)) == ([], 0)
    page.get_by_role("status").get_by_role("button").click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(offers).to_be_checked(checked=was_on)
    expect(page.locator("input[type=radio][name=quiet][value=shop]")).to_be_checked()


def test_times_that_are_none_are_told_beside_the_field(
    demo: Demonstration, opens: Opens, script: bool
) -> None:
    page = opens(message_pages(demo)["Choices"] + "?lang=en", script=script, width=360)
    page.locator("input[type=radio][name=quiet][value=own]").check()
    page.get_by_label("From").fill("")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was kept yet")
    expect(page.get_by_label("From")).to_have_attribute("aria-describedby", "times-error")
    if script:
        assert (violations(page), too_wide(page)) == ([], 0)


def test_why_leads_on(demo: Demonstration, opens: Opens, script: bool) -> None:
    page = opens(message_pages(demo)["Why"] + "?lang=en", script=script)
    expect(page.locator("main")).to_contain_text("You get this because you bought from Fjell & Field")
    page.get_by_role("link", name="Unsubscribe").click()
    expect(page.locator("h1")).to_have_text("No more messages about what you bought?")
