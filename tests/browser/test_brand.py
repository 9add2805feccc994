"""The brand in a real browser: its settings with their preview, and the look-up on a page that is not ours."""

from __future__ import annotations

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration
from tests.browser.faults import faults_in_every_view


def settings(demo: Demonstration) -> str:
    return f"{demo.console}settings/brand/"


def preview(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[name=brand-preview]")


def accent_of(page: Page) -> str:
    """The accent the previewed page has."""
    root = preview(page).locator("html")
    return str(root.evaluate("element => getComputedStyle(element).getPropertyValue('--accent')")).strip()


def test_the_settings_are_fit_for_everybody(demo: Demonstration, opens: Opens) -> None:
    page = opens(settings(demo), signed_in_as="Owner")
    expect(preview(page).locator("h1")).to_be_visible()
    assert faults_in_every_view(page) == []


def test_the_preview_follows_what_is_typed_and_nothing_is_saved(demo: Demonstration, opens: Opens) -> None:
    page = opens(settings(demo), signed_in_as="Owner")
    saved = page.locator("#id_accent").input_value()
    page.locator("#id_accent").fill("#ffe600")
    expect(page.locator("#contrast")).to_contain_text("A darker shade: your own has 1.2 to 1 there")
    expect(preview(page).locator("html")).to_have_css("--accent", "#ffe600")
    page.get_by_label("Language of the preview").select_option("ar")
    expect(preview(page).locator("html")).to_have_attribute("dir", "rtl")
    page.locator("input[value=dark]").check(force=True)
    expect(preview(page).locator("body")).to_have_css("color-scheme", "dark")
    page.reload()
    expect(page.locator("#id_accent")).to_have_value(saved)


def test_without_script_a_button_shows_the_preview(demo: Demonstration, opens: Opens) -> None:
    page = opens(settings(demo), signed_in_as="Owner", script=False)
    page.locator("#id_accent").fill("#7a00ff")
    page.get_by_role("button", name="Show in the preview").click()
    expect(preview(page).locator("h1")).to_be_visible()
    page.wait_for_timeout(500)
    assert "--accent:#7a00ff;" in preview(page).locator("style").nth(1).inner_text()


def test_a_change_is_saved_and_taken_back(demo: Demonstration, opens: Opens) -> None:
    page = opens(settings(demo), signed_in_as="Owner")
    saved = page.locator("#id_accent").input_value()
    page.locator("#id_accent").fill("#336699")
    page.get_by_role("button", name="Save the brand").click()
    expect(page.locator(".toast")).to_contain_text("The brand is saved")
    expect(page.locator("#id_accent")).to_have_value("#336699")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#id_accent")).to_have_value(saved)


@pytest.mark.parametrize("language", ["ar", "ja", "en"])
def test_the_look_up_is_fit_for_everybody(demo: Demonstration, opens: Opens, language: str) -> None:
    page = opens(f"/w/{demo.merchant}/demo/?lang={language}")
    expect(page.locator("aftermile-look-up form")).to_be_visible()
    assert faults_in_every_view(page) == []


def test_what_is_typed_there_is_looked_up_in_a_new_tab(demo: Demonstration, opens: Opens) -> None:
    tale = next(tale for tale in demo.told["tales"] if tale.get("name") and tale.get("email"))
    page = opens(f"/w/{demo.merchant}/demo/?lang=de")
    page.get_by_label("Bestellnummer").fill(tale["name"])
    page.get_by_label("E-Mail, Telefonnummer oder Postleitzahl").fill(tale["email"])
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Bestellung zeigen").click()
    opened.value.wait_for_url("**/t/t_*")
    assert opened.value.locator("html").get_attribute("lang") == "de"
    assert page.context.cookies() == []


def test_without_script_there_is_a_link(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"/w/{demo.merchant}/demo/", script=False)
    page.locator("aftermile-look-up a").click()
    page.wait_for_url(f"**/find/{demo.merchant}/")
